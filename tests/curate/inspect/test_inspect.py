"""What a file holds is found out without a recipe, and what is shown of it is masked."""

import json
import re
from pathlib import Path

import pytest
from rich.console import Console

from curate.build.build import build
from curate.inspect.first_recipe import write_recipe
from curate.inspect.inspect import DEEP, finding_document, inspect_file
from curate.recipe.load import load_recipe
from curate.report.reasons import REASONS
from curate.store.read_version import read_manifest
from curate.store.store import Store
from curate.system.namespace import HOME
from curate.terminal.findings import print_findings
from schemas.bilingual import speaking
from schemas.errors import GateError, InputError

TURNS = "编号,时间,谁,说了什么\n" + "".join(
    f"s{n},2026-11-{n + 1:02},客户,我的手机号1391234{n:04}，第{n}个订单到哪了\n"
    f"s{n},2026-11-{n + 1:02},客服,您好，明天送达，请留意\n"
    for n in range(20)
)
PAIRS = "id,类别,提问内容,官方答复\n" + "".join(
    f"{n},售后,第{n}种商品能退吗,第{n}种商品七天内可以退货\n" for n in range(20)
)
LABELS = "text,category\n" + "".join(f"my card number {n} does not work,card\n" for n in range(20))
CASES = [
    ("a.csv", TURNS.encode("gb18030"), ("turns", {"session": "编号", "role": "谁", "text": "说了什么"}), 20),
    ("b.csv", PAIRS.encode(), ("pairs", {"question": "提问内容", "answer": "官方答复"}), 20),
    ("c.jsonl", b'{"instruction": "hi there", "output": "hello"}\n' * 3, ("alpaca", {}), 3),
    ("d.txt", "客户：能退吗？客服：可以\n客户：在吗？客服：在的\n".encode(), ("chat_text", {}), 2),
]


@pytest.mark.parametrize(("name", "content", "layout", "conversations"), CASES)
def test_format_and_columns_are_guessed(
    tmp_path: Path, name: str, content: bytes, layout: tuple[str, dict[str, str]], conversations: int
) -> None:
    (tmp_path / name).write_bytes(content)
    found = inspect_file(tmp_path / name)
    assert found.spec.format is not None
    assert (found.spec.format.name, found.spec.format.options) == layout
    assert found.problem is None
    assert found.contents is not None
    assert found.contents.conversations == conversations


def test_a_table_of_labels_is_not_taken_for_answers(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text(LABELS, encoding="utf-8")
    found = inspect_file(tmp_path / "labels.csv")
    assert found.spec.format is None
    assert "which columns hold the conversation" in str(found.problem)


@pytest.mark.parametrize(
    ("table", "held"),
    [
        ("title,ask,answer\n开门,几点开门？,九点。\n", {"title": "", "ask": "question", "answer": "answer"}),
        ("id,text\n1,用户：在吗 客服：在的，请讲。\n", {"id": "", "text": "text"}),
        ("问题,回答\n几点开门？,九点。\n", {"问题": "question", "回答": "answer"}),
    ],
)
def test_the_columns_that_a_layout_reads_are_named(tmp_path: Path, table: str, held: dict[str, str]) -> None:
    (tmp_path / "a.csv").write_text(table, encoding="utf-8")
    assert {column.name: column.role for column in inspect_file(tmp_path / "a.csv").columns} == held


def test_rows_that_are_in_no_conversation_are_counted_as_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    alone = "s97,2026-11-30,客服,您好\ns97,2026-11-30,客服,在吗\ns98,2026-11-30,客户,几点开门\n"
    path.write_text(TURNS + alone, encoding="utf-8")
    with (tmp_path / "out").open("w", encoding="utf-8") as nowhere:
        console = Console(width=120, record=True, file=nowhere)
        print_findings(console, inspect_file(path))
    assert "20; rows in none: 3 (sessions without a customer 2, sessions without an answer 1)" in console.export_text()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_shown_is_masked_and_can_be_pasted(tmp_path: Path, language: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(TURNS.encode("gb18030"))
    speaking.set("zh" if language == "zh" else "en")
    try:
        with (tmp_path / "out").open("w", encoding="utf-8") as nowhere:
            console = Console(width=80, record=True, file=nowhere)
            print_findings(console, inspect_file(path))
    finally:
        speaking.set("en")
    text = console.export_text()
    assert "1391234" not in text
    assert "[手机号1]" in text
    assert "gb18030" in text
    assert "session: 编号" in text
    assert ("样例" in text) is (language == "zh")


def test_the_recipe_that_is_written_builds(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(TURNS.encode("gb18030"))
    (tmp_path / "b.csv").write_bytes(PAIRS.encode())
    write_recipe([tmp_path / "a.csv", tmp_path / "b.csv"], tmp_path / "recipe.yaml")
    manifest = read_manifest(build(load_recipe(tmp_path / "recipe.yaml"), Store(tmp_path)))
    assert [(i.path, i.rows, i.bad) for i in manifest.inputs] == [
        (str(tmp_path / "a.csv"), 40, 0),
        (str(tmp_path / "b.csv"), 20, 0),
    ]
    assert manifest.records == 40


def test_nothing_is_overwritten_and_no_recipe_is_written_that_cannot_run(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text(LABELS, encoding="utf-8")
    with pytest.raises(InputError, match="which columns"):
        write_recipe([tmp_path / "labels.csv"], tmp_path / "recipe.yaml")
    assert not (tmp_path / "recipe.yaml").exists()
    (tmp_path / "recipe.yaml").write_text(json.dumps({}), encoding="utf-8")
    with pytest.raises(InputError, match="there already"):
        write_recipe([tmp_path / "labels.csv"], tmp_path / "recipe.yaml")


def test_a_table_without_a_header_is_read_by_the_recipe_that_is_written(tmp_path: Path) -> None:
    (tmp_path / "chat.tsv").write_text(
        "".join(f"s{n}\t0\tnan\t我的订单到哪了{n}\ns{n}\t1\tnan\t您好，明天送达{n}\n" for n in range(20)),
        encoding="utf-8",
    )
    write_recipe([tmp_path / "chat.tsv"], tmp_path / "recipe.yaml")
    manifest = read_manifest(build(load_recipe(tmp_path / "recipe.yaml"), Store(tmp_path)))
    assert (manifest.inputs[0].rows, manifest.records) == (40, 20)  # the first row is a row, no header
    assert "speaker 1 is the agent" in manifest.inputs[0].speakers.en


def test_what_an_undecided_file_says_is_shown_to_the_person_and_nowhere_else(tmp_path: Path) -> None:
    path = tmp_path / "western.csv"
    path.write_bytes("id,question,réponse\n1,Où est ma commande déjà payée,Elle arrivera à Noël\n".encode("cp1252") * 9)
    found = inspect_file(path)
    assert found.problem is not None
    assert "réponse" in dict(found.problem.previews)["cp1252"]
    assert "ponse" not in str(found.problem)
    assert "ponse" not in json.dumps(finding_document(found), ensure_ascii=False)


def test_a_large_file_is_judged_by_its_first_rows_and_that_is_said(tmp_path: Path) -> None:
    path = tmp_path / "large.jsonl"
    path.write_text('{"question": "能退吗", "answer": "可以的"}\n' * (DEEP + 7), encoding="utf-8")
    contents = inspect_file(path).contents
    assert contents is not None
    assert (contents.rows, contents.whole) == (DEEP, False)


def test_a_missing_or_empty_file_is_a_problem_and_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_bytes(b"")
    assert "no such file" in str(inspect_file(tmp_path / "none.csv").problem)
    assert "empty" in str(inspect_file(tmp_path / "empty.csv").problem)


def test_every_reason_of_the_readers_and_formats_is_said_in_words() -> None:
    raised = re.compile(r'(?:UnreadableError|NothingToLearnError)\("([a-z_]+)"|Row\([^)\n]*, None, "([a-z_]+)"')
    named = re.compile(r'yield "([a-z_]+)"|lit\("(no_\w+|before_\w+|unanswered|notice|empty)"\)')
    found = set()
    for folder, pattern in (
        ("schemas/formats", raised),
        ("curate/reading/readers", raised),
        ("curate/reading/readers", named),
    ):
        for path in (HOME / folder).glob("*.py"):
            found |= {name for match in pattern.findall(path.read_text(encoding="utf-8")) for name in match if name}
    found |= {
        n
        for match in named.findall((HOME / "curate/conversations/sessions.py").read_text(encoding="utf-8"))
        for n in match
        if n
    }
    assert len(found) > 20
    assert found - set(REASONS) == set()


def test_frequent_lines_are_proposed_and_removed_only_by_the_recipe(tmp_path: Path) -> None:
    closing = "小店周年庆，收藏有礼"
    (tmp_path / "b.csv").write_text(
        "编号,谁,说了什么\n"
        + "".join(
            f'c{n},客户,{good}什么时候送到\nc{n},客服,"{good}已经送到驿站\n{closing}"\n'
            for n, good in enumerate("灯笔表帽鞋碗锅盆桶刀梳镜伞扇被枕毯席钟书")
        ),
        encoding="utf-8",
    )
    contents = inspect_file(tmp_path / "b.csv").contents
    assert contents is not None
    assert [(line.line, line.share) for line in contents.boilerplate] == [(closing, 1.0)]
    write_recipe([tmp_path / "b.csv"], tmp_path / "recipe.yaml")
    text = (tmp_path / "recipe.yaml").read_text(encoding="utf-8")
    assert f'# {" " * 6}- "{closing}"  # 100%' in text
    kept = build(load_recipe(tmp_path / "recipe.yaml"), Store(tmp_path))
    assert closing in (kept / "train-00000.jsonl").read_text(encoding="utf-8")
    taken = re.sub(r"^  - clean .*\n(  # [A-Z].*\n)?", "", text, flags=re.M)
    taken = re.sub(r"^  # (- clean:|    boilerplate:|      - .*)$", r"  \1", taken, flags=re.M)
    (tmp_path / "recipe.yaml").write_text(taken, encoding="utf-8")
    removed = build(load_recipe(tmp_path / "recipe.yaml"), Store(tmp_path))
    assert closing not in (removed / "train-00000.jsonl").read_text(encoding="utf-8")


@pytest.mark.parametrize("blank", ["", "\n"])
def test_a_chat_with_a_message_a_line_is_read_as_conversations(tmp_path: Path, blank: str) -> None:
    chat = f"客服：您好\n用户：订单什么时候到\n客服：明天送达\n{blank}用户：能退吗\n客服：七天内可以退货\n"
    (tmp_path / "chat.txt").write_text(chat, encoding="utf-8")
    found = inspect_file(tmp_path / "chat.txt")
    assert found.contents is not None
    assert found.contents.conversations == (2 if blank else 1)
    (tmp_path / "notes.txt").write_text("注意：周末不发货\n用户：这是一个例子\n明天开会\n", encoding="utf-8")
    assert inspect_file(tmp_path / "notes.txt").problem is not None


@pytest.mark.parametrize(
    ("name", "content"),
    [("head.csv", "question,answer\n"), ("unanswered.csv", "question,answer\n" + "能退吗,\n在吗,\n" * 9)],
)
def test_a_file_without_a_conversation_gives_no_recipe_and_no_version(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="not one conversation"):
        write_recipe([tmp_path / name], tmp_path / "recipe.yaml")
    (tmp_path / "recipe.yaml").write_text(
        f"version: 1\nname: shop\ninputs:\n  - path: {name}\nstages: [clean, mask, judge, dedup]\n", encoding="utf-8"
    )
    with pytest.raises(GateError, match="not one conversation came out of"):
        build(load_recipe(tmp_path / "recipe.yaml"), Store(tmp_path))


def test_a_folder_and_a_missing_folder_are_said_to_be_such(tmp_path: Path) -> None:
    assert "this is a folder" in str(inspect_file(tmp_path).problem)
    (tmp_path / "a.csv").write_text(PAIRS, encoding="utf-8")
    with pytest.raises(InputError, match="there is no folder"):
        write_recipe([tmp_path / "a.csv"], tmp_path / "nowhere" / "recipe.yaml")


def test_what_is_found_is_printed_in_whole_sentences(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "my phone is 13812345678,we will call you\n" * 3
    (tmp_path / "a.csv").write_text(f"question,answer\n{rows}", encoding="utf-8")
    print_findings(Console(width=120), inspect_file(tmp_path / "a.csv"))
    printed = " ".join(capsys.readouterr().out.split())
    assert "personal data, masked before anything is written" in printed
