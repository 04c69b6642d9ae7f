"""The sheet that reviewers fill in: written as CSV that any spreadsheet opens, and read back however it was saved."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from curate.experiments.blind_key import BlindKey, PairKey
from curate.experiments.blind_pairs import AnsweredExam, BlindPair
from curate.forms.labels import RowLabel, content_digest, read_label, sheet_name
from curate.forms.returned_form import returned_forms
from curate.forms.words import plain
from curate.publish.export_formats.csv import escaped, without_formula
from schemas.bilingual import Bilingual
from schemas.digest import digest
from schemas.errors import InputError

COLUMNS = {
    "number": Bilingual("number", "编号"),
    "question": Bilingual("question", "问题"),
    "a": Bilingual("answer A", "回答A"),
    "b": Bilingual("answer B", "回答B"),
    "choice": Bilingual("choice", "选择"),
    "note": Bilingual("note", "备注"),
}
NEEDED = ("number", "question", "a", "b", "choice")
Choice = Literal["A", "B", "="]
SAME = frozenset((
    "=", "==", "平", "平局", "平手", "打平", "一样", "一样好", "一样差", "相同", "相当", "差不多", "都好", "都行",
    "都可以", "都不好", "都差", "都不行", "没区别", "无区别", "没差别", "无差别", "分不出", "a=b", "b=a", "tie", "tied",
    "draw", "same", "equal", "both", "neither", "nodifference",
))  # fmt: skip
UNANSWERED = frozenset(("", "-", "—", "?", "/", "n/a", "na", "不确定", "不知道", "跳过", "skip", "unsure"))
PREFER = re.compile(
    r"(?:选择?|我选|choose|prefer)?(?:回答|答案|answer)?(a|b)(?:更好|较好|好|胜出|胜|赢|更优|优|wins?|isbetter|better)?"
)
OVER = re.compile(r"(a|b)([<>])(a|b)")
LISTED = 5
"""Numbers that an error lists."""


class FilledSheet(NamedTuple):
    """What one reviewer chose, by number of the pair; a pair without a choice is not there."""

    path: str
    choices: Mapping[int, Choice]


def write_sheet(pairs: Sequence[BlindPair], run: AnsweredExam, against: str, share: float) -> tuple[bytes, BlindKey]:
    """Write the sheet, as UTF-8 with a byte order mark, and its key. What a spreadsheet would run begins with `'`."""
    sheet = digest("sheet", [(pair.asked, pair.a, pair.b) for pair in pairs])
    name = sheet_name(sheet)
    table = io.StringIO()
    writer = csv.writer(table, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(map(str, COLUMNS.values()))
    for number, pair in enumerate(pairs, start=1):
        writer.writerow([RowLabel(name, number), *map(escaped, (pair.asked, pair.a, pair.b)), "", ""])
    keys = tuple(
        PairKey(
            number=number,
            question=pair.question.id,
            probe=pair.question.probe,
            lang=pair.question.lang,
            tuned=pair.tuned,
            content=content_digest(pair.asked, pair.a, pair.b),
        )
        for number, pair in enumerate(pairs, start=1)
    )
    version = run.result.version
    key = BlindKey(name=name, digest=sheet, version=version, against=against, share=share, pairs=keys)
    return table.getvalue().encode("utf-8-sig"), key


def read_sheets(paths: Sequence[Path], key: BlindKey) -> list[FilledSheet]:
    """Read the sheets of several reviewers. Raises InputError for one that is named twice, and as `read_sheet` does."""
    if len({path.resolve() for path in paths}) < len(paths):
        raise InputError("one sheet is named twice", "同一张表写了两次")
    return [read_sheet(path, key) for path in paths]


def read_sheet(path: Path, key: BlindKey) -> FilledSheet:
    """Read a sheet that came back, in any encoding and order. Raises InputError for one that is not that of the key,
    one whose rows were mixed up, and a choice that nobody can read; no error quotes a cell.
    """
    forms = returned_forms(path, COLUMNS, NEEDED)
    try:
        return FilledSheet(str(path), _choices([row.cells for form in forms for row in form.rows], key))
    except InputError as error:
        raise InputError(f"{path}: {error.sentence.en}", f"{path}：{error.sentence.zh}") from None


def _choices(rows: Sequence[Mapping[str, str]], key: BlindKey) -> dict[int, Choice]:
    """Read the choices by number. Raises InputError for what does not belong to the key."""
    by_number = {pair.number: pair for pair in key.pairs}
    choices: dict[int, Choice] = {}
    changed, twice, unknown = [], [], []
    for row in rows:
        if not row["question"].strip() and plain(row["choice"]) in UNANSWERED:
            continue  # a remark, or a total
        number = _number(row["number"], key)
        if not _is_whole(row, by_number[number]):
            changed.append(number)
            continue
        word = plain(row["choice"])
        if word in UNANSWERED:
            continue
        choice = _choice(word)
        if choice is None:
            unknown.append(number)
        elif choices.setdefault(number, choice) != choice:
            twice.append(number)
    _refuse(
        changed,
        "there are other texts than in the sheet that was made (was a column sorted alone?)",
        "的文字和原表不同：是不是只给某一列排了序？",
    )
    _refuse(unknown, "the choice is none of A, B and =", "的选择不是 A、B 或“=”")
    _refuse(twice, "there are two rows with different choices", "出现两次，选择还不一样")
    return choices


def _refuse(numbers: Sequence[int], en: str, zh: str) -> None:
    """Raise InputError that names pairs, where there are any."""
    if numbers:
        shown = [*map(str, sorted(numbers)[:LISTED]), *["…"] * (len(numbers) > LISTED)]
        raise InputError(f"{en}: pair{'s' * (len(numbers) > 1)} {', '.join(shown)}", f"第 {'、'.join(shown)} 对{zh}")


def _number(cell: str, key: BlindKey) -> int:
    label = read_label(cell)
    if label is None or label.sheet != key.name or not 1 <= label.number <= len(key.pairs):
        raise InputError(
            f"this sheet does not belong to the key: the numbers of its pairs begin with {key.name}-",
            f"这张表和密钥对不上：密钥对应的编号以 {key.name}- 开头",
        )
    return label.number


def _is_whole(row: Mapping[str, str], pair: PairKey) -> bool:
    return content_digest(*(without_formula(row[name]) for name in ("question", "a", "b"))) == pair.content


def _choice(word: str) -> Choice | None:
    """Read a choice: A, b, `A胜`, `B is better`, `A>B`, `=`, 平, 一样; None for what is no choice."""
    if word in SAME:
        return "="
    if (match := OVER.fullmatch(word)) and match[1] != match[3]:
        return _side(match[1] if match[2] == ">" else match[3])
    if match := PREFER.fullmatch(word):
        return _side(match[1])
    return None


def _side(letter: str) -> Choice:
    return "A" if letter == "a" else "B"
