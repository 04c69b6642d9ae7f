"""After Ctrl-C a command says what is so, in one line, and it is: the disk, the locks and the processes bear it out."""

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from curate.build.build import build
from curate.recipe.load import load_recipe
from curate.store.store import Store
from curate.store.tombstones import tombstones
from curate.store.verify import verify
from curate.system.disk import lock_folder
from curate.workflow import job_for
from schemas.run_files import RunFiles
from tests.curate.commands.test_command_line import hornbook
from tests.curate.system.test_parallel import alive
from tests.train.tiny import tiny_model

ROOT = Path(__file__).parents[3]
LINES = "".join(
    f'{{"question": "第{n}件商品多久发货", "answer": "您好，第{n}件四十八小时内发出。"}}\n' for n in range(40)
)
RECIPE = "version: 1\nname: shop\ninputs:\n  - path: log.jsonl\nstages: [clean, mask, judge]\n"
HORNBOOK = "from curate.cli import main; main()"
TRAINER = """
import sys
program = next((word for word in sys.orig_argv if word.startswith("train.")), "")
if program:
    import json, os, signal
    from pathlib import Path
    def say(**event):
        print(json.dumps(event), flush=True)
    run = Path(sys.orig_argv[-1]).parent
    exec(os.environ["TRAINER"])
    signal.pause()
"""
"""Begins a module that Python imports before all others: what follows happens in the place of the trainer."""
LOADS = 'say(event="phase", name="load")'
STEPS = 'say(event="step", step=12, of=110, loss=1.0)'
SAVED = '(run / "train.json").write_text("{}"); say(event="phase", name="save")'
ANSWERS = 'say(event="answer", done=3, of=9, model="base", seconds_left=9)'
CHECKS = """
if program == "train.check":
    say(event="preflight", document='{"checked": [], "findings": []}')
    os._exit(0)
"""
NOTHING_OF_IT = "nothing of this training is kept"
AT_A_STEP = f"interrupted while training, after step 12 of 110; {NOTHING_OF_IT}"
AT_A_STEP_ZH = "训练在第 12 步（共 110 步）之后被中断；本次训练没有留下任何结果"


def write_inputs(folder: Path) -> Path:
    (folder / "log.jsonl").write_text(LINES, encoding="utf-8")
    (folder / "recipe.yaml").write_text(RECIPE, encoding="utf-8")
    return folder / "recipe.yaml"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a recipe and its version."""
    folder = tmp_path_factory.mktemp("built")
    build(load_recipe(write_inputs(folder)), Store(folder))
    (folder / "sitecustomize.py").write_text(TRAINER, encoding="utf-8")
    return folder


@pytest.fixture
def shop(built: Path, tmp_path: Path) -> Path:
    """The same, to work in."""
    return Path(shutil.copytree(built, tmp_path / "shop"))


def run_of(shop: Path) -> Path:
    return Path(job_for(shop / "recipe.yaml", Store(shop), None)[1].run)


def interrupted(  # noqa: PLR0913 - where, what, when and how
    shop: Path, arguments: str, trainer: str, at: str, *, number: int = signal.SIGINT, group: bool = True
) -> tuple[int, list[str]]:
    """Start a command, interrupt it when a line with these words comes, and give its code and all that it says then.

    A terminal sends Ctrl-C to the whole group.
    """
    path = os.pathsep.join([str(shop), str(ROOT)])
    with subprocess.Popen(
        [sys.executable, "-P", "-c", HORNBOOK, *arguments.split()],
        cwd=shop,
        env={**os.environ, "PYTHONPATH": path, "HORNBOOK_LANG": "en", "TRAINER": trainer},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as running:
        assert running.stdout and running.stderr
        before: list[str] = []
        while not (before and at in before[-1]):
            before.append(running.stderr.readline())
            assert before[-1], before
        (os.killpg if group else os.kill)(running.pid, number)
        after = running.stderr.read().splitlines()
        assert not running.stdout.read()
    assert not alive(running.pid)
    return running.returncode, after


@pytest.mark.parametrize(
    ("trainer", "at", "says"),
    [
        (LOADS, "load", f"interrupted before the first step of training; {NOTHING_OF_IT}"),
        (STEPS, "12/110", AT_A_STEP),
        (SAVED, "save", "interrupted; finished before, and kept: the training"),
    ],
)
def test_an_interrupted_training_says_how_far_it_was_and_what_is_kept(
    shop: Path, trainer: str, at: str, says: str
) -> None:
    assert interrupted(shop, "train recipe.yaml", trainer, at) == (130, [says])
    assert RunFiles(run_of(shop)).training.is_file() is (trainer == SAVED)
    lock = lock_folder(run_of(shop))
    assert lock is not None
    os.close(lock)


def test_a_training_that_is_terminated_alone_takes_its_trainer_with_it(shop: Path) -> None:
    ended = interrupted(shop, "train recipe.yaml --json --lang zh", STEPS, "12/110", number=signal.SIGTERM, group=False)
    assert ended == (143, [AT_A_STEP_ZH])


def test_an_interrupted_exam_keeps_the_training(shop: Path) -> None:
    RunFiles(run_of(shop)).folder.mkdir(parents=True)
    RunFiles(run_of(shop)).training.write_text("{}")
    ended = interrupted(shop, "exam recipe.yaml", ANSWERS, "3/9")
    assert ended == (130, ["interrupted during the exam; the answers so far are kept, and the next exam goes on there"])
    assert RunFiles(run_of(shop)).training.is_file()


def test_an_interrupted_run_keeps_the_version(shop: Path) -> None:
    ended = interrupted(shop, "run recipe.yaml --lang zh", CHECKS + STEPS, "12/110")
    [id] = Store(shop).versions("shop")
    assert ended == (130, [f"{AT_A_STEP_ZH}；此前已完成并保留：版本 shop/{id[:12]}"])
    assert verify(Store(shop).version("shop", id)).id == id


def test_an_interrupted_look_at_the_model_says_that_nothing_was_begun(shop: Path) -> None:
    shutil.rmtree(shop / "datasets")
    ended = interrupted(shop, "run recipe.yaml", LOADS, "load")
    assert ended == (130, ["interrupted while checking the model; nothing was built or trained"])
    assert not (shop / "datasets").exists() and not (shop / "runs").exists()


def test_a_real_training_is_interrupted_like_one_of_the_tests(shop: Path) -> None:
    """Poisoned: torch, that hears Ctrl-C while it works or loads, complains of it at length."""
    tiny = tiny_model(shop / "tiny")
    (shop / "sitecustomize.py").unlink()
    recipe = shop / "recipe.yaml"
    recipe.write_text(f"{recipe.read_text()}train: {{model: {tiny}, max_tokens: 512}}\n", encoding="utf-8")
    code, says = interrupted(shop, "train recipe.yaml", "", "tune  loss")
    assert code == 130
    [sentence] = says
    assert sentence.startswith("interrupted while training, after step ") and sentence.endswith(NOTHING_OF_IT)
    assert not RunFiles(run_of(shop)).training.exists()


PROGRESS = re.compile(r".*  \d+/\d+")
PRESSING = f"""
import os, signal, sys
call, part = sys.argv.pop(1), sys.argv.pop(1)
def press(event, arguments):
    global part
    if event == call and part and any(part in str(argument) for argument in arguments[:2]):
        part = ""
        os.kill(os.getpid(), signal.SIGINT)
sys.addaudithook(press)
{HORNBOOK}
"""
"""Presses Ctrl-C just before the system is first asked to do something with a path that holds some words."""


def pressed(shop: Path, call: str, part: str, *arguments: str) -> tuple[int, list[str]]:
    """Run a command that is interrupted at that moment; give its code and what it says of it."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", PRESSING, call, part, *arguments],
        capture_output=True, text=True, cwd=shop, env={**os.environ, "HORNBOOK_LANG": "en"},
    )  # fmt: skip
    assert not done.stdout
    return done.returncode, [line for line in done.stderr.splitlines() if not PROGRESS.fullmatch(line)]


BUILDING = "interrupted while building; no new version was written"
STAGES_STAY = "what its stages have finished stays for the next build"


@pytest.mark.parametrize(
    ("call", "part", "says", "left"),
    [
        ("os.mkdir", ".spill", BUILDING, set()),
        ("open", "README.md", f"{BUILDING}; {STAGES_STAY}", {"cache"}),
    ],
)
def test_an_interrupted_build_leaves_no_version(
    tmp_path: Path, call: str, part: str, says: str, left: set[str]
) -> None:
    write_inputs(tmp_path)
    assert pressed(tmp_path, call, part, "build", "recipe.yaml") == (130, [says])
    assert {path.name for path in tmp_path.iterdir() if path.is_dir()} == left


def test_a_version_that_is_being_published_is_published(shop: Path) -> None:
    id = Store(shop).head("shop")
    assert id
    shutil.rmtree(shop / "datasets")
    says = f"interrupted; finished before, and kept: the version shop/{id[:12]}"
    assert pressed(shop, "os.link", "manifest.json", "build", "recipe.yaml") == (130, [says])
    assert Store(shop).head("shop") == id
    assert verify(Store(shop).version("shop", id)).id == id


def test_an_interrupted_export_leaves_nothing(shop: Path) -> None:
    says = "interrupted while exporting; nothing was written into out"
    before = sorted(shop.iterdir())
    assert pressed(shop, "os.rename", "-exporting-", "export", "shop", "--to", "out") == (130, [says])
    assert sorted(shop.iterdir()) == before


def test_an_interrupted_push_goes_on_where_it_stood(shop: Path) -> None:
    says = "interrupted while pushing; the copy at far counts as no version yet; a second push sends what is missing"
    assert pressed(shop, "os.rename", ".exam.jsonl-", "push", "shop", "--to", "far") == (130, [says])
    [copy] = (shop / "far" / "shop").iterdir()
    assert [path.name for path in copy.iterdir()] == ["train-00000.jsonl"]  # and no half of another
    assert hornbook("push", "shop", "--to", "far", cwd=shop).returncode == 0
    says = "interrupted while pulling; no version was brought into the store"
    pull = ("pull", "shop", "--from", "far", "--store", "new")
    assert pressed(shop, "open", "/exam.jsonl", *pull) == (130, [says])
    assert not Store(shop / "new").versions("shop") and not Store(shop / "new").stale("shop")
    assert hornbook(*pull, cwd=shop).returncode == 0


def test_an_interrupted_erasure_is_finished_by_the_same_command(shop: Path) -> None:
    command = ("forget", "--where", "source.row in log.jsonl:2-3")
    says = "interrupted while forgetting in shop; the same command, run again, finishes it"
    assert pressed(shop, "os.link", "manifest.json", *command) == (130, [says])
    assert [stone.state for _, stone in tombstones(Store(shop), "shop")] == ["begun"]
    assert hornbook(*command, cwd=shop).returncode == 0
    assert {stone.state for _, stone in tombstones(Store(shop), "shop")} == {"done"}


def test_a_command_that_only_looks_has_nothing_to_say(shop: Path) -> None:
    assert pressed(shop, "open", "log.jsonl", "inspect", "log.jsonl") == (130, ["interrupted"])
