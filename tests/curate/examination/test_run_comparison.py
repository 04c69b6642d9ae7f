"""Two runs are compared on what both were asked in the same words, or one sentence says why they are not."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from curate.examination.run_comparison import RunComparison, compare_runs, earlier_run
from curate.recipe.load import load_recipe
from curate.store.read_version import read_manifest
from curate.store.store import Store
from curate.trainer import exam_digest, run_name
from curate.workflow import job_for
from schemas.errors import InputError, StoreError
from schemas.exam import Answer, Comparison, ExamPaper, ExamQuestion, ExamResult, Measure, Sheet
from schemas.run_files import RunFiles
from tests.curate.build.test_build import write_inputs
from tests.program import hornbook

Ids = Sequence[int]


def measure(name: str, hits: Ids, asked: Ids, *, good: bool = True) -> Measure:
    return Measure(
        name=name, value=len(hits) / len(asked), low=0, high=1, n=len(asked), definition_en="", definition_zh="",
        more_is_better=good, hits=tuple(f"q{n}" for n in hits), asked=tuple(f"q{n}" for n in asked),
    )  # fmt: skip


def sheet(model: str, *measures: Measure, asked: Ids) -> Sheet:
    answers = (Answer(question=f"q{n}", probe="identity", text="", verdict="") for n in asked)
    return Sheet(model=model, measures=measures, answers=tuple(answers))


def question(id: int, text: str = "你是谁") -> ExamQuestion:
    return ExamQuestion.model_validate(
        {"id": f"q{id}", "probe": "identity", "lang": "zh", "messages": [{"role": "user", "content": text}],
         "group": f"g{id}"}
    )  # fmt: skip


def examined(run: Path, right: Ids, leaked: Ids, asked: Ids, **changes: str) -> Path:
    """A run whose tuned model answered these questions right, and named itself in those."""
    worse, papers = changes.get("worse"), changes.get("papers", "p")
    run.mkdir(parents=True, exist_ok=True)
    tuned = (measure("identity_strict_zh", right, asked), measure("leak_near_zh", leaked, asked, good=False))
    comparisons = (Comparison(measure=worse, n=40, gained=0, lost=9, p=0.01, verdict="worse"),) if worse else ()
    result = ExamResult(
        version=run.parent.name, base=sheet("base", *tuned, asked=asked), tuned=sheet("tuned", *tuned, asked=asked),
        comparisons=comparisons, papers=papers, settings=changes.get("settings", "s"),
    )  # fmt: skip
    RunFiles(run).exam.write_text(result.model_dump_json(), encoding="utf-8")
    paper = ExamPaper(digest=papers, questions=tuple(question(n) for n in asked))
    RunFiles(run).exam_paper.write_text(paper.model_dump_json(), encoding="utf-8")
    return run


ALL = range(40)


def verdicts(found: RunComparison) -> dict[str, str]:
    return {one.measure: one.verdict for one in found.comparisons}


@pytest.mark.parametrize(
    ("right", "leaked", "identity", "leaks"),
    [
        (range(30), range(0), "better", "cannot_tell"),
        (range(0), range(0), "worse", "cannot_tell"),
        (range(12), range(12), "cannot_tell", "worse"),
        (range(10), range(0), "cannot_tell", "cannot_tell"),
    ],
)
def test_a_run_is_better_or_worse_than_an_earlier_one(
    tmp_path: Path, right: Ids, leaked: Ids, identity: str, leaks: str
) -> None:
    now = examined(tmp_path / "now", right, leaked, ALL)
    found = compare_runs(now, examined(tmp_path / "v" / "then", range(10), range(0), ALL), 0.1)
    assert verdicts(found) == {"identity_strict_zh": identity, "leak_near_zh": leaks}
    assert found.worse == [name for name, verdict in verdicts(found).items() if verdict == "worse"]
    assert (found.version, found.shared, found.same_papers, found.same_settings) == ("v", 40, True, True)
    assert found.values["identity_strict_zh"] == (0.25, len(right) / 40)


def test_only_questions_of_the_same_words_are_shared(tmp_path: Path) -> None:
    now = examined(tmp_path / "now", range(40), range(0), range(40))
    then = examined(tmp_path / "then", range(0), range(0), range(20, 60), papers="other", settings="other")
    paper = ExamPaper(
        digest="other", questions=tuple(question(n, "你是谁" if n > 24 else "Who?") for n in range(20, 60))
    )
    RunFiles(then).exam_paper.write_text(paper.model_dump_json(), encoding="utf-8")
    found = compare_runs(now, then, 0.1)
    assert found.shared == 15 == found.comparisons[0].n
    assert found.values["identity_strict_zh"] == (0.0, 1.0)
    assert (found.same_papers, found.same_settings) == (False, False)


@pytest.mark.parametrize(("asked", "shown"), [(ALL, (2.0, 2.0)), (range(5, 45), None)])
def test_a_median_is_not_told_of_a_part(tmp_path: Path, asked: Ids, shown: tuple[float, float] | None) -> None:
    """What each question scores is how near its length is; the value is how long the answers are."""
    runs = [examined(tmp_path / name, of, range(0), of) for name, of in (("then", ALL), ("now", asked))]
    for run, of in zip(runs, (ALL, asked), strict=True):
        path = RunFiles(run).exam
        result = ExamResult.model_validate_json(path.read_bytes())
        length = Measure(
            name="style_length_zh", value=2.0, low=1, high=3, n=40, definition_en="", definition_zh="",
            asked=tuple(f"q{n}" for n in of), scores={f"q{n}": 0.5 for n in of},
        )  # fmt: skip
        tuned = result.tuned.model_copy(update={"measures": (*result.tuned.measures, length)})
        path.write_text(result.model_copy(update={"tuned": tuned}).model_dump_json(), encoding="utf-8")
    found = compare_runs(runs[1], runs[0], 0.1)
    assert found.values.get("style_length_zh") == shown
    assert {one.measure for one in found.comparisons} == found.values.keys()


def test_an_exam_that_does_not_say_how_it_was_marked_is_not_taken_for_the_same(tmp_path: Path) -> None:
    runs = [examined(tmp_path / name, range(9), range(0), ALL, settings="") for name in ("now", "then")]
    assert compare_runs(*runs, 0.1).same_settings is False


@pytest.mark.parametrize("shared", [0, 9])
def test_fewer_than_ten_questions_are_refused(tmp_path: Path, shared: int) -> None:
    now = examined(tmp_path / "now", range(40), range(0), range(40))
    then = examined(tmp_path / "then", range(40, 41), range(0), range(40 - shared, 80 - shared))
    with pytest.raises(InputError, match=f"share {shared} questions, fewer than 10"):
        compare_runs(now, then, 0.1)


def without_asked(run: Path) -> None:
    document = json.loads(RunFiles(run).exam.read_text(encoding="utf-8"))
    for one in (*document["tuned"]["measures"], *document["base"]["measures"]):
        del one["asked"], one["families"], one["family_of"]
    RunFiles(run).exam.write_text(json.dumps(document), encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "kind", "says"),
    [
        (lambda run: RunFiles(run).exam.write_text("{", encoding="utf-8"), StoreError, r"exam\.json is damaged"),
        (
            lambda run: RunFiles(run).exam_paper.write_text("[]", encoding="utf-8"),
            StoreError,
            r"paper\.json is damaged",
        ),
        (lambda run: RunFiles(run).exam_paper.unlink(), InputError, "does not say what was asked"),
        (without_asked, InputError, "does not say which questions"),
    ],
)
def test_an_exam_that_cannot_be_read_is_one_sentence(
    tmp_path: Path, damage: Callable[[Path], Any], kind: type[Exception], says: str
) -> None:
    now, then = (examined(tmp_path / name, range(9), range(0), ALL) for name in ("now", "then"))
    damage(then)
    with pytest.raises(kind, match=says):
        compare_runs(now, then, 0.1)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    write_inputs(folder)
    done = hornbook("build", "recipe.yaml", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert hornbook("tag", "shop", "good", cwd=folder).returncode == 0
    return folder


@pytest.fixture
def shop(built: Path, tmp_path: Path) -> Path:
    """A folder with a recipe, a version with the tag `good`, and no run yet."""
    for path in built.iterdir():
        (tmp_path / path.name).symlink_to(path)
    return tmp_path


def own_run(shop: Path) -> Path:
    """The folder of the run that the recipe stands for, trained; its exam is given, so that nothing is asked."""
    id = read_manifest(Store(shop).find("shop")).id
    run = Store(shop).run("shop", id, run_name(load_recipe(shop / "recipe.yaml"), id))
    run.mkdir(parents=True)
    RunFiles(run).training.write_text("{}", encoding="utf-8")
    RunFiles(run).steps.write_text("", encoding="utf-8")
    return run


def own_digest(shop: Path) -> str:
    """What an exam of that run writes down, so that it is not done again."""
    return exam_digest(job_for(shop / "recipe.yaml", Store(shop), None)[1])


def test_an_earlier_run_is_found_by_folder_version_id_and_tag(shop: Path) -> None:
    store, run = Store(shop), own_run(shop)
    manifest = read_manifest(store.find("shop"))
    for wanted in ("shop", "good", str(run.parent / "first")):
        with pytest.raises(InputError):
            earlier_run(wanted, manifest, store, run)
    first = examined(run.parent / "first", range(9), range(0), ALL)
    examined(run, range(9), range(0), ALL)
    for wanted in ("shop", "shop/good", "good", manifest.id, manifest.id[:8], str(first)):
        assert earlier_run(wanted, manifest, store, run).resolve() == first.resolve()
    with pytest.raises(InputError, match="this very run"):
        earlier_run(str(run), manifest, store, run)
    RunFiles(first).training.write_text("{}", encoding="utf-8")
    examined(run.parent / "second", range(9), range(0), ALL)
    with pytest.raises(InputError, match=r"2 runs on the version shop/.* name the folder of one: .*first, .*second"):
        earlier_run("good", manifest, store, run)


def test_a_run_without_an_exam_is_none(shop: Path) -> None:
    store, run = Store(shop), own_run(shop)
    (run.parent / "first").mkdir()
    RunFiles(run.parent / "first").job.write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="no exam yet"):
        earlier_run(str(run.parent / "first"), read_manifest(store.find("shop")), store, run)
    with pytest.raises(InputError, match="no other run on the version shop/"):
        earlier_run("good", read_manifest(store.find("shop")), store, run)
    with pytest.raises(InputError, match="--against names no run"):
        earlier_run("", read_manifest(store.find("shop")), store, run)


@pytest.mark.parametrize(
    ("now", "worse", "arguments", "end"),
    [
        (range(40), "", ("--against", "good", "--gate"), (0, "")),
        (range(9), "", ("--against", "good"), (0, "")),
        (range(9), "", ("--gate",), (0, "")),
        (range(9), "", ("--against", "good", "--gate"), (1, "worse than that run: identity, Chinese")),
        (
            range(40),
            "identity_strict_zh",
            ("--against", "good", "--gate"),
            (1, "worse than the base: identity, Chinese"),
        ),
        (range(40), "", ("--against", "nothing"), (2, "no versions are called 'shop/nothing'")),
    ],
)
def test_the_gate_closes_on_what_is_worse_than_the_base_or_that_run(
    shop: Path, now: Ids, worse: str, arguments: tuple[str, ...], end: tuple[int, str]
) -> None:
    code, sentence = end
    run = examined(own_run(shop), now, range(0), ALL, worse=worse, settings=own_digest(shop))
    examined(run.parent / "first", range(30), range(0), ALL)
    done = hornbook("exam", "recipe.yaml", *arguments, cwd=shop)
    assert done.returncode == code, done.stderr
    assert sentence in done.stderr
    assert ("since the run on version" in done.stdout) == ("--against" in arguments and code != 2)


def test_the_comparison_is_printed_and_one_document(shop: Path) -> None:
    run = examined(own_run(shop), range(40), range(0), ALL, settings=own_digest(shop))
    first = examined(run.parent / "first", range(9), range(0), ALL, papers="older", settings=own_digest(shop))
    shown = hornbook("exam", "recipe.yaml", "--against", "good", cwd=shop).stdout
    assert "40 questions of both exams" in shown and f"{first.parent.name}/first" in shown
    assert "the papers are not the same ones" in shown and "not marked alike" not in shown
    assert "none in 40: at most 7 %: name leaks near it, Chinese" in shown
    chinese = hornbook("exam", "recipe.yaml", "--against", "good", cwd=shop, lang="zh").stdout
    assert "相同的 40 道题" in chinese and "两次考试的题库不同" in chinese and "40 题中一次也没有：至多 7 %" in chinese
    found = json.loads(hornbook("exam", "recipe.yaml", "--against", "good", "--json", cwd=shop).stdout)
    assert {one["measure"]: one["verdict"] for one in found["against"]["comparisons"]} == {
        "identity_strict_zh": "better", "leak_near_zh": "cannot_tell",
    }  # fmt: skip
    assert found["against"]["shared"] == 40 and found["against"]["same_papers"] is False
    alone = json.loads(hornbook("exam", "recipe.yaml", "--json", cwd=shop).stdout)
    assert "against" not in alone and alone["exam"] == found["exam"]
