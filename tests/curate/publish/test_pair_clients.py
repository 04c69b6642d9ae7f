"""The real programs read the pairs that people prefer, and one of them takes a step from an adapter of ours."""

import json
from pathlib import Path

import polars as pl
import pytest

from curate.examination.foreign_adapter import exam_of_adapter
from curate.publish.export import export_version
from schemas.preferences import AnswerPair, preferences_frame
from schemas.run_files import RunFiles
from tests.clients import asked, needs
from tests.curate.publish.test_export import ODD
from tests.train.tiny import tiny_model
from tests.train.versions import job, write_version
from train.tune import tune

TALKS: list[list[tuple[str, str]]] = [
    [("user", "能退货吗？")],
    [("user", "在吗"), ("assistant", "在的，请讲。"), ("user", "保修多久？")],
    [("system", "您是小喵"), ("user", "你是谁？")],
    [("system", "您是小喵"), ("user", "Hi"), ("assistant", "Hello!"), ("user", "Who are you?")],
    *([("user", f"问{text}")] for text in ODD[:6]),
]
Sides = tuple[list[dict[str, str]], str, str]
"""The prompt, the chosen answer and the rejected one."""


def pairs() -> pl.DataFrame:
    return preferences_frame(
        AnswerPair.model_validate(
            {
                "origin": ("edit", "conflict", "blind")[n % 3],
                "record": f"{n:032x}",
                "other": f"{n + 1:032x}" if n % 3 == 1 else "",
                "kind": "domain",
                "lang": "zh",
                "prompt": [{"role": role, "content": text} for role, text in talk],
                "chosen": f"可以的，第{n}个好回答。",
                "rejected": f"不知道{n}",
            }
        )
        for n, talk in enumerate(TALKS)
    )


def sides_of(frame: pl.DataFrame) -> list[Sides]:
    return sorted(frame.select("prompt", "chosen", "rejected").iter_rows(), key=str)


@pytest.fixture(scope="module")
def exported(shop_version: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pairs") / "out"
    export_version(shop_version, folder, "dpo", pairs=pairs())
    return folder


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_model(tmp_path_factory.mktemp("model"))


@needs("datasets")
def test_datasets_loads_pairs_with_their_types(exported: Path, tmp_path: Path) -> None:
    rows = asked("datasets-load", str(exported), "100000", cache=tmp_path)["rows"]
    assert [(row["id"], row["turn"]) for row in rows] == list(pairs().select("id", "turn").iter_rows())
    assert sorted(((r["prompt"], r["chosen"][0]["content"], r["rejected"][0]["content"]) for r in rows), key=str) == (
        sides_of(pairs())
    )


@needs("datasets")
def test_mlcroissant_finds_nothing_wrong_in_pairs(exported: Path, tmp_path: Path) -> None:
    found = asked("datasets-croissant", str(exported / "croissant.json"), cache=tmp_path)
    assert found["errors"] == []
    assert all(row["train-00000/id"] for row in found["rows"])


@needs("trl")
def test_trl_takes_a_step_from_our_adapter(exported: Path, model: Path, tmp_path: Path) -> None:
    """The adapter is made by our trainer; what TRL learns are the pairs, each after its own conversation."""
    work = job(write_version(tmp_path / "v"), tmp_path / "run", model, epochs=1)
    tune(work)
    adapter = RunFiles(tmp_path / "run").adapter
    found = asked("trl-dpo", str(exported), str(model), str(adapter), str(tmp_path / "work"), cache=tmp_path)

    assert found["loss"] > 0
    assert found["changed"] > 0 and found["weights"] >= found["changed"]
    assert exam_of_adapter(work, tmp_path / "work", None).adapter == str(tmp_path / "work")  # an exam takes it
    rendered = [
        {
            "prompt": "".join(f"<|im_start|>{m['role']}\n{m['content']}<|im_end|>\n" for m in prompt)
            + "<|im_start|>assistant\n",
            "chosen": f"{chosen}<|im_end|>\n",
            "rejected": f"{rejected}<|im_end|>\n",
        }
        for prompt, chosen, rejected in pairs().select("prompt", "chosen", "rejected").iter_rows()
    ]
    assert found["pairs"] == rendered


@pytest.mark.slow
@needs("llamafactory")
def test_llamafactory_learns_the_same_pairs(exported: Path, model: Path, tmp_path: Path) -> None:
    found = asked("llamafactory-dpo", str(exported), str(model), str(tmp_path / "work"), cache=tmp_path)
    systems = [[{"role": "system", "content": row["_system"]}] if row["_system"] else [] for row in found["aligned"]]
    aligned = [
        ([*system, *row["_prompt"]], *(answer["content"] for answer in row["_response"]))
        for system, row in zip(systems, found["aligned"], strict=True)
    ]
    assert sorted(aligned, key=str) == sides_of(pairs())
    learnt = {(row["chosen"].strip(), row["rejected"].strip()) for row in found["learnt"]}
    assert learnt == set(pairs().select("chosen", "rejected").iter_rows())


@needs("llamafactory")
@pytest.mark.slow
def test_llamafactory_would_learn_no_pair_from_lists_of_messages(exported: Path, model: Path, tmp_path: Path) -> None:
    """Why each answer stands there twice: given the columns that TRL reads, it leaves every pair out."""
    info = json.loads((exported / "dataset_info.json").read_text(encoding="utf-8"))
    (entry,) = info.values()
    entry["columns"] |= {"chosen": "chosen", "rejected": "rejected"}
    (tmp_path / "dataset_info.json").write_text(json.dumps(info), encoding="utf-8")
    (tmp_path / entry["file_name"]).write_bytes((exported / entry["file_name"]).read_bytes())
    with pytest.raises(AssertionError, match="Cannot find valid samples"):
        asked("llamafactory-dpo", str(tmp_path), str(model), str(tmp_path / "work"), cache=tmp_path)
