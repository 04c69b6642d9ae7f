"""Takes what came back: opinions of rows that are whole, and beside them what does not fit, counted and named."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from curate.forms.cells import typed
from curate.forms.labels import RowLabel, cell_digest, read_label
from curate.forms.returned_form import FormRow, ReturnedForm, returned_forms
from curate.forms.words import plain
from curate.reviewing.sheets.columns import COLUMNS, DIGESTED, NEEDED, SAYING
from curate.reviewing.sheets.decide import decide
from curate.reviewing.sheets.journal import SentRow
from curate.reviewing.sheets.verdict_cells import UNDECIDED, Misread
from schemas.bilingual import Bilingual
from schemas.errors import InputError
from schemas.review import Opinion, ReviewTask

LISTED = 5
"""Labels that a sentence lists."""
TWICE = Bilingual(
    "stands there twice with different decisions: delete one of the rows, or say who reviewed each",
    "出现两次而结论不同：请删去一行，或分别写明审核人",
)
NO_TEXTS = Bilingual(
    "the columns 'conversation' and 'last answer' are both gone, by which rows are known to be whole",
    "“对话”和“最后的回答”两列都没有了：没有它们就无法确认各行是否对得上",
)


@dataclass
class KeptApart:
    """What was not taken, by the labels of rows, and what was taken otherwise than it stood there."""

    altered: list[str] = field(default_factory=list)
    """Other texts than were sent: a column was sorted alone, or a text was changed."""
    in_place: list[str] = field(default_factory=list)
    """Somebody wrote over the last answer instead of beside it."""
    closed: list[str] = field(default_factory=list)
    """The record has changed since, or was taken away."""
    unknown: list[str] = field(default_factory=list)
    """Of a sheet of another dataset."""
    unlabelled: list[str] = field(default_factory=list)
    """Rows with a decision and without a number."""
    uncomputed: list[str] = field(default_factory=list)
    """Rows with a formula whose value was not stored."""
    unfinished: list[str] = field(default_factory=list)
    """Something was written, but no decision: `edit` without a new answer, a conflict without a letter."""
    assumed: list[str] = field(default_factory=list)
    """Taken as edits: a new answer without the verdict `edit`."""

    def sentences(self) -> list[Bilingual]:
        """Say what was kept apart, a sentence each."""
        return [
            Bilingual(words.en.format(_listed(labels)), words.zh.format(_listed(labels, "、")))
            for name, words in SENTENCES.items()
            if (labels := [*dict.fromkeys(getattr(self, name))])
        ]


SENTENCES = {
    "altered": Bilingual(
        "not taken, since their texts are not those that were sent (was a column sorted alone?): {}",
        "未采用：文字和发出时不同（是不是只给某一列排了序？）：{}",
    ),
    "in_place": Bilingual(
        "not taken, since the last answer itself was changed (write it into 'new answer'): {}",
        "未采用：直接改了“最后的回答”（请写到“新回答”里）：{}",
    ),
    "closed": Bilingual(
        "not taken, since the record has changed or was taken away meanwhile: {}",
        "未采用：这条记录后来有变化，或已撤下：{}",
    ),
    "unknown": Bilingual(
        "not taken, since no sheet of this dataset has these rows: {}", "未采用：不是这个数据集发出的行：{}"
    ),
    "unlabelled": Bilingual("not taken, since these rows have no number: {}", "未采用：这些行没有编号：{}"),
    "uncomputed": Bilingual(
        "not taken, since formulas in these rows have no stored value; save the sheet in Excel: {}",
        "未采用：这些行里的公式没有保存结果，请用 Excel 打开并保存：{}",
    ),
    "unfinished": Bilingual(
        "not decided yet (edit without a new answer, or no letter of the answer that holds): {}",
        "还没有决定（选了“修改”却没有新回答，或没有填哪个算数）：{}",
    ),
    "assumed": Bilingual("taken as edits, since they have a new answer: {}", "按“修改”处理，因为写了新回答：{}"),
}  # fmt: skip


class SheetReader:
    """Reads sheets that came back, of one dataset. Nothing is given out before all of it was read."""

    def __init__(self, sent: Mapping[RowLabel, SentRow], tasks: Mapping[str, ReviewTask], by: str) -> None:
        """`by` is who reviewed where the sheet does not say so."""
        self._sent = sent
        self._tasks = tasks
        self._by = by
        self._answers = {row.shown["answer"] for row in sent.values() if "answer" in row.shown}
        self._misread: dict[Misread, list[RowLabel]] = defaultdict(list)
        self._opinions: dict[tuple[RowLabel, str], Opinion] = {}
        self._twice: list[RowLabel] = []
        self.apart = KeptApart()

    def read(self, paths: Iterable[Path]) -> list[Opinion]:
        """Read files, in the order of sheets and rows as they were sent. Raises InputError, which names rows and
        columns and quotes no cell, for what cannot be read and for what only its writer can clear up.
        """
        for path in paths:
            forms = returned_forms(path, COLUMNS, NEEDED)
            if not any(set(form.columns) & {"conversation", "answer"} for form in forms):
                raise InputError(f"{path}: {NO_TEXTS.en}", f"{path}：{NO_TEXTS.zh}")
            only = _only_reviewer(forms)
            for form in forms:
                for row in form.rows:
                    self._take(row, self._by or only)
            self._refuse(path)
        order = {label: number for number, label in enumerate(self._sent)}
        ranked = sorted(self._opinions, key=lambda known: (order[known[0]], known[1]))
        return [self._opinions[known] for known in ranked]

    def _take(self, row: FormRow, by: str) -> None:
        """Take a row, or keep it apart."""
        label, is_filled = _label(row), _is_filled(row)
        sent = self._sent.get(label) if label else None
        if row.uncomputed and not is_filled:
            self.apart.uncomputed += [str(label)] if label else []
        elif not is_filled:
            return
        elif label is None:
            self.apart.unlabelled.append(str(row.number))
        elif sent is None:
            self.apart.unknown.append(str(label))
        elif sent.closed or sent.key not in self._tasks:
            self.apart.closed.append(str(label))
        elif differing := _differing(row.cells, sent, label):
            digest = cell_digest(row.cells.get("answer", ""))
            typed_over = differing == ["answer"] and digest not in self._answers
            (self.apart.in_place if typed_over else self.apart.altered).append(str(label))
        else:
            self._decide(row.cells, label, sent, by)

    def _decide(self, cells: Mapping[str, str], label: RowLabel, sent: SentRow, by: str) -> None:
        decided = decide(cells, sent, self._tasks[sent.key])
        if isinstance(decided, Misread):
            self._misread[decided].append(label)
        elif decided.opinion is None:
            self.apart.unfinished.append(str(label))
        else:
            origin = f"sheet:{label.sheet}:{label.number}"
            by = _reviewer(cells) or by
            self._keep(label, decided.opinion.model_copy(update={"by": by, "origin": origin}), decided.assumed)

    def _keep(self, label: RowLabel, opinion: Opinion, assumed: bool) -> None:
        """Keep an opinion; the same one twice is one."""
        if self._opinions.setdefault((label, opinion.by), opinion) != opinion:
            self._twice.append(label)
        elif assumed and str(label) not in self.apart.assumed:
            self.apart.assumed.append(str(label))

    def _refuse(self, path: Path) -> None:
        """Raise InputError for cells that only their writer can clear up, and for rows that contradict each other."""
        sentences = [
            Bilingual(
                f"{_listed(labels)}: the column '{COLUMNS[misread.column].en}' {misread.what.en}",
                f"{_listed(labels, '、')} 的“{COLUMNS[misread.column].zh}”{misread.what.zh}",
            )
            for misread, labels in self._misread.items()
        ]
        if self._twice:
            sentences.append(
                Bilingual(f"{_listed(self._twice)} {TWICE.en}", f"{_listed(self._twice, '、')} {TWICE.zh}")
            )
        if sentences:
            raise InputError(
                f"{path}: {'; '.join(sentence.en for sentence in sentences)}",
                f"{path}：{'；'.join(sentence.zh for sentence in sentences)}",
            )


def _listed(labels: Sequence[object], between: str = ", ") -> str:
    shown = between.join(map(str, labels[:LISTED]))
    return f"{shown} … ({len(labels)})" if len(labels) > LISTED else shown


def _reviewer(cells: Mapping[str, str]) -> str:
    """Read who reviewed: 12.0 is 12, as a spreadsheet wrote it."""
    name = " ".join(typed(cells.get("reviewer", "")).split())
    whole = name.removesuffix(".0")
    return whole if whole.isdecimal() else name


def _only_reviewer(forms: Iterable[ReturnedForm]) -> str:
    """Find the one name in a file: whoever writes it into one row means all; empty where there are several."""
    names = {name for form in forms for row in form.rows if (name := _reviewer(row.cells))}
    return names.pop() if len(names) == 1 else ""


def _differing(cells: Mapping[str, str], sent: SentRow, label: RowLabel) -> list[str]:
    """Find the columns that do not show what was sent under a label, among those that are still there; where none is,
    all of them.
    """
    again = typed(cells.get("check", ""))
    shown = [column for column in DIGESTED if column in cells and column in sent.shown]
    differing = [column for column in shown if cell_digest(cells[column]) != sent.shown[column]]
    return ["check"] * bool(again and read_label(again) != label) + (differing if shown else [*DIGESTED])


def _label(row: FormRow) -> RowLabel | None:
    """Read the label of a row, where it stands first or, where somebody numbered rows anew, where it stands again."""
    return read_label(row.cells["label"]) or read_label(row.cells.get("check", ""))


def _is_filled(row: FormRow) -> bool:
    return any(plain(row.cells.get(column, "")) not in UNDECIDED for column in SAYING)


def filled_labels(form: ReturnedForm) -> Iterator[RowLabel]:
    """Find the rows of a sheet in which something was decided."""
    return (label for row in form.rows if _is_filled(row) and (label := _label(row)))
