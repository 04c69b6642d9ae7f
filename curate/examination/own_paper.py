"""Reads a paper of the user's own: questions in a table or in JSON Lines, with what marks their answers."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple, NoReturn

import polars as pl

from curate.examination.names import Lang
from curate.reading.decoding.undecided import UndecidedEncodingError
from curate.reading.detect_format import shown_columns
from curate.reading.raw_rows import raw_rows
from curate.reading.readers import is_empty
from schemas.digest import digest, digest_file
from schemas.errors import InputError
from schemas.exam import ExamQuestion
from schemas.folding import folded
from schemas.formats import UnreadableError
from schemas.formats.chat_text import ChatText
from schemas.input import Input
from schemas.language import language
from schemas.record import Message
from schemas.roles import role_of

Column = Literal["question", "facts", "accept", "steps", "should_say_unknown", "language", "group", "context"]
COLUMNS: Mapping[Column, tuple[str, ...]] = {
    "question": ("question", "问题", "提问"),
    "facts": ("facts", "要点", "期望"),
    "accept": ("accept", "可接受", "可接受的答案"),
    "steps": ("steps", "步骤"),
    "should_say_unknown": ("should_say_unknown", "应答不知道"),
    "language": ("language", "语言", "lang"),
    "group": ("group", "分组"),
    "context": ("context", "上文"),
}
"""What a column may be called, first in English and in Chinese; width, case and spaces are the same."""
YES = frozenset(("yes", "y", "true", "1", "是", "对"))
NO = frozenset(("no", "n", "false", "0", "否", "不"))
LANGUAGES: Mapping[str, Lang] = {
    "zh": "zh", "cn": "zh", "zh-cn": "zh", "chinese": "zh", "中文": "zh", "汉语": "zh",
    "en": "en", "en-us": "en", "english": "en", "英文": "en", "英语": "en",
}  # fmt: skip
SEPARATORS = re.compile(r"[;；\n]")
BARS = re.compile(r"[|｜]")
MOST = 5_000
"""Questions of one file; more is a log."""
LONGEST = 4_000
"""Characters of a question."""
CHAT = ChatText()


class OwnPaper(NamedTuple):
    """A file of questions. `empty` and `twice` are the numbers of rows that ask nothing, or nothing new; `unmarked`
    counts questions with nothing that marks an answer; `unused` are columns that mean nothing here.
    """

    name: str
    digest: str
    questions: tuple[ExamQuestion, ...]
    empty: tuple[int, ...]
    twice: tuple[int, ...]
    unmarked: int
    unused: tuple[str, ...]


class _Row(NamedTuple):
    """One row: where it stands, and what its columns hold."""

    file: str
    number: int
    headers: Mapping[Column, str]
    cells: Mapping[str, Any]

    def text(self, column: Column) -> str:
        """Read a cell as text; empty where there is no such column."""
        value = self.cells.get(self.headers.get(column, ""))
        if value is not None and not isinstance(value, str):
            self.wrong(column, "is no text", "不是文本")
        return (value or "").strip()

    def items(self, column: Column) -> tuple[str, ...]:
        """Read a cell that lists several things, with semicolons or line feeds between them, or as a list of JSON.

        Alternatives in one of them stand apart by |.
        """
        value = self.cells.get(self.headers.get(column, ""))
        if isinstance(value, list) and not all(isinstance(item, str) for item in value):
            self.wrong(column, "is no list of texts", "不是文本列表")
        listed = value if isinstance(value, list) else SEPARATORS.split(self.text(column))
        alternatives = (filter(None, map(str.strip, BARS.split(item))) for item in listed)
        return tuple(filter(None, map("|".join, alternatives)))

    def any_of(self, column: Column) -> tuple[str, ...]:
        """Read a cell that lists alternatives, whatever stands between them."""
        return tuple(text for item in self.items(column) for text in item.split("|"))

    def wrong(self, column: Column, en: str, zh: str) -> NoReturn:
        """Raise InputError: where it is, and what is wrong with it; never what stands there."""
        header = self.headers.get(column, column)
        raise InputError(
            f"{self.file}, row {self.number}, column {header} {en}", f"{self.file} 第 {self.number} 行“{header}”列{zh}"
        )


def read_paper(path: Path) -> OwnPaper:
    """Read the questions of a file, in its order.

    A row without a question is left out, and so is one that asks again what an earlier one did; both are counted.
    Raises InputError, one sentence with file, row and column, for whatever cannot be read or understood.
    """
    if not path.is_file():
        raise InputError(f"{path} is no file", f"{path} 不是文件")
    rows, unused = _table(path)
    asked: dict[str, tuple[_Row, tuple[Message, ...]]] = {}
    empty, twice = [], []
    for row in rows:
        if not row.text("question"):
            empty.append(row.number)
            continue
        messages = _messages(row)
        id = f"own-{digest([(message.role, folded(message.content)) for message in messages])[:16]}"
        if id in asked:
            twice.append(row.number)
        else:
            asked[id] = (row, messages)
    if not asked or len(asked) > MOST:
        raise _wrong_number(path.name, len(asked))

    langs = language(pl.Series([messages[-1].content for _, messages in asked.values()], dtype=pl.String))
    questions = tuple(
        _question(id, row, messages, lang) for (id, (row, messages)), lang in zip(asked.items(), langs, strict=True)
    )
    unmarked = sum(not (q.facts or q.accept or q.steps or q.should_say_unknown is not None) for q in questions)
    return OwnPaper(path.name, digest_file(path), questions, tuple(empty), tuple(twice), unmarked, unused)


def _table(path: Path) -> tuple[list[_Row], tuple[str, ...]]:
    """Read the rows of a file in which anything is written, and the names of the columns that mean nothing here."""
    name = path.name
    try:
        raw = list(raw_rows(Input(path=str(path)), path).rows)
    except UndecidedEncodingError as error:  # it advises what to write into a recipe
        raise UndecidedEncodingError(
            f"{name}: the encoding cannot be decided; save it as UTF-8",
            f"{name}：无法判断编码；请另存为 UTF-8",
            error.previews,
        ) from None
    except InputError as error:
        raise InputError(f"{name}: {error.sentence.en}", f"{name}：{error.sentence.zh}", error.previews) from None
    cells: list[tuple[int, Mapping[str, Any]]] = []
    for row in raw:
        if row.fields is None:
            raise InputError(
                f"{name}, row {row.number} cannot be read: {row.fault}",
                f"{name} 第 {row.number} 行无法读取：{row.fault}",
            )
        if not is_empty(row.fields):
            cells.append((row.number, row.fields))

    every = dict.fromkeys(header for _, fields in cells for header in fields)
    headers = _headers(name, every)
    unused = {header: None for header in every if header not in headers.values()}
    return [_Row(name, number, headers, fields) for number, fields in cells], tuple(unused)


def _headers(name: str, every: Mapping[str, Any]) -> Mapping[Column, str]:
    """Find the header of each column that means something. Raises InputError where none asks, or two are alike."""
    found: dict[Column, str] = {}
    for header in every:
        plain = re.sub(r"[\s-]+", "_", folded(header).strip())
        for column, names in COLUMNS.items():
            if plain in names and found.setdefault(column, header) != header:
                raise InputError(
                    f"{name}: the columns {found[column]} and {header} mean the same; keep one",
                    f"{name}：“{found[column]}”和“{header}”两列含义相同；请只留一列",
                )
    if "question" not in found:
        seen = shown_columns(every)
        raise InputError(
            f"{name} has no column called question or 问题; it has: {seen}; others that count: {', '.join(COLUMNS)}",
            f"{name} 没有名为“问题”或 question 的列；现有：{seen}；"
            f"还可以有：{'、'.join(names[1] for names in COLUMNS.values())}",
        )
    return found


def _messages(row: _Row) -> tuple[Message, ...]:
    """Build the conversation that ends with the question."""
    question = row.text("question")
    if len(question) > LONGEST:
        row.wrong("question", f"has more than {LONGEST} characters", f"超过 {LONGEST} 字")
    before = _before(row)
    roles = [role for role, _ in before]
    if roles != ["user", "assistant"] * (len(roles) // 2) or not all(text for _, text in before):
        row.wrong(
            "context",
            "must go from the user to the assistant in turns, and end with the assistant",
            "必须从用户开始、一问一答，以客服结束",
        )
    return tuple(
        Message.model_validate({"role": role, "content": text}) for role, text in (*before, ("user", question))
    )


def _before(row: _Row) -> list[tuple[str | None, str]]:
    """Read what was said before the question: a chat in one text, or a list of messages in JSON."""
    value = row.cells.get(row.headers.get("context", ""))
    if isinstance(value, list):
        if not all(isinstance(m, dict) and isinstance(m.get("content"), str) for m in value):
            row.wrong("context", "is no list of messages with role and content", "不是含 role 和 content 的消息列表")
        return [(role_of(str(m.get("role", "")), {}), m["content"].strip()) for m in value]
    text = row.text("context")
    if not text:
        return []
    try:
        return [(turn.role, turn.text) for turn in CHAT.read({"text": text}).turns]
    except UnreadableError:
        row.wrong(
            "context",
            "says not who speaks: 用户：… 客服：…, or user: … assistant: …",
            "没有写明谁在说话：用户：… 客服：…",
        )


def _question(id: str, row: _Row, messages: tuple[Message, ...], guessed: str) -> ExamQuestion:
    """Build the question with what marks its answers."""
    return ExamQuestion(
        id=id, probe="own", lang=_lang(row, guessed), messages=messages, group=row.text("group") or id,
        paper=row.file, accept=row.any_of("accept"), facts=row.items("facts"), steps=row.items("steps"),
        should_say_unknown=_is_unknown(row),
    )  # fmt: skip


def _lang(row: _Row, guessed: str) -> Lang:
    if named := row.text("language"):
        found = LANGUAGES.get(folded(named))
        return found or row.wrong("language", "must be zh or en", "只能是 zh 或 en")
    if guessed not in ("zh", "en"):
        row.wrong(
            "question",
            "is neither Chinese nor English; name one in a column language: zh or en",
            "既非中文也非英文；请在“语言”列写明 zh 或 en",
        )
    return "zh" if guessed == "zh" else "en"


def _is_unknown(row: _Row) -> bool | None:
    value = row.cells.get(row.headers.get("should_say_unknown", ""))
    text = str(value) if isinstance(value, bool) else row.text("should_say_unknown")
    if not text:
        return None
    if folded(text) in YES:
        return True
    if folded(text) in NO:
        return False
    return row.wrong("should_say_unknown", "must be yes or no", "只能是“是”或“否”")


def _wrong_number(name: str, asked: int) -> InputError:
    if not asked:
        return InputError(f"{name} asks no question", f"{name} 里没有问题")
    return InputError(
        f"{name} asks {asked} questions, more than the {MOST} of one paper; is it a log?",
        f"{name} 有 {asked} 个问题，超过一份试卷的 {MOST} 个；这是日志吗？",
    )
