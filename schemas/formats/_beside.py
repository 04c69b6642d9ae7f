"""What stands beside the messages of a row and changes what is learnt of it: earlier exchanges, a system message, marks
of bad answers, the choices of a question. For all formats.
"""

import ast
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from schemas.formats import NothingToLearnError, Turn, UnreadableError
from schemas.roles import role_of

HISTORY = ("history",)
SYSTEM = ("system", "system_prompt")
GOOD = (
    "is_good", "good", "is_valid", "valid", "approved", "is_approved", "accepted", "is_accepted", "is_correct",
    "usable", "is_usable", "desirable", "kto_tag", "合格", "是否合格", "可用", "是否可用", "是否通过", "审核通过",
    "是否有效", "有效", "是否采用", "是否正确", "正确",
)  # fmt: skip
"""Keys of a truth that says that the answer is one to learn from."""
BAD = ("is_bad", "bad", "is_rejected", "is_wrong", "undesirable", "是否错误", "是否不合格")
"""Keys of a truth that says the opposite."""
LEARNT = ("loss", "train", "trainable", "learn", "is_train")
"""Keys of a truth that says whether an answer or a row is learnt; `weight: 0` says that it is not."""
VERDICTS = ("quality", "verdict", "feedback", "review", "审核", "审核结果", "质检", "质检结果", "质量")
"""Keys of a word for what a person thought of the answer."""
YES = frozenset(("true", "1", "yes", "y", "是", "t"))
NO = frozenset(("false", "0", "no", "n", "否", "f", "不是", "不"))
REJECTED = frozenset(
    ("bad", "rejected", "reject", "thumbs_down", "fail", "failed", "不合格", "不通过", "未通过", "驳回", "已驳回",
     "差", "bad answer")
)  # fmt: skip
MARKS = frozenset((*GOOD, *BAD, *LEARNT, *VERDICTS, "label", "weight"))
"""Keys that may mark a row, or a message, as not to be learnt."""
CHOICES = ("options", "choices", "选项")
LETTERS = ("A", "B", "C", "D", "E", "F", "G", "H")
BESIDE = frozenset((*HISTORY, *SYSTEM, *MARKS, *CHOICES, "A", "a", "选项A"))
"""Keys for which a row has to be looked at whole: it says more than a question and an answer."""
ANSWERS = (("user", "assistant"), ("question", "answer"), ("q", "a"), ("query", "response"), ("human", "gpt"))
"""How an exchange of a history may call its two sides."""
SPOKEN = (("role", "content"), ("from", "value"), ("speaker", "text"))
LONGEST = 1 << 20
"""Characters of a cell that is tried as JSON."""
CHOSEN = re.compile(r"[(（]?[A-H][)）.、:：]")
"""A text of a choice that begins with its letter."""
SEVERAL = re.compile(r"[(（]?[A-Ha-h](?:[,，、;；\s]*[A-Ha-h]){0,7}[)）.、:：]?")
"""An answer that is one letter or several."""


def parsed(value: Any) -> Any:
    """Parse a cell that is a list or an object, as JSON or as Python prints it; give any other value as it is."""
    if not isinstance(value, str) or len(value) > LONGEST:
        return value
    text = value.strip()
    if (text[:1], text[-1:]) not in (("[", "]"), ("{", "}")):
        return value
    try:
        return json.loads(text, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return _printed(text, value)


def _printed(text: str, value: str) -> Any:
    """Read what Python prints of a list or an object: single quotation marks, True and None. Runs nothing."""
    try:
        found = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return value
    return found if isinstance(found, (list, dict)) else value


def history_of(value: Any) -> tuple[Turn, ...]:
    """Read the earlier exchanges: lists of two texts, objects of a question and an answer, messages with a role, texts
    in turn; also as JSON in a cell. Raises UnreadableError for what is none of these.
    """
    exchanges = parsed(value)
    if exchanges is None or exchanges == "" or exchanges == []:
        return ()
    if not isinstance(exchanges, list):
        raise UnreadableError("broken_history")
    if all(isinstance(text, str) for text in exchanges) and not len(exchanges) % 2:
        exchanges = [exchanges[n : n + 2] for n in range(0, len(exchanges), 2)]
    return tuple(turn for exchange in exchanges for turn in _exchange(exchange))


def _exchange(exchange: Any) -> Iterable[Turn]:
    """Read one entry of a history: an exchange, or a single message."""
    if isinstance(exchange, (list, tuple)) and len(exchange) == 2 and all(isinstance(t, str) for t in exchange):
        return Turn("user", exchange[0]), Turn("assistant", exchange[1])
    if isinstance(exchange, Mapping):
        for question, answer in ANSWERS:
            if isinstance(exchange.get(question), str) and isinstance(exchange.get(answer), str):
                return Turn("user", exchange[question]), Turn("assistant", exchange[answer])
        for speaker, text in SPOKEN:
            role = role_of(str(exchange.get(speaker, "")), {})
            if role and isinstance(exchange.get(text), str):
                return (Turn(role, exchange[text]),)
    raise UnreadableError("broken_history")


def system_of(fields: Mapping[str, Any]) -> tuple[Turn, ...]:
    """Read the system message that stands beside the conversation. Raises UnreadableError where it is no text."""
    for key in SYSTEM:
        value = fields.get(key)
        if value is None or value == "":
            continue
        if not isinstance(value, str):
            raise UnreadableError("system_is_not_text")
        return (Turn("system", value),) if value.strip() else ()
    return ()


def check_marks(fields: Mapping[str, Any]) -> None:
    """Raise NothingToLearnError for a row that somebody marked as bad, or as not to be learnt."""
    if MARKS.isdisjoint(fields):
        return
    if is_unlearnt(fields):
        raise NothingToLearnError("not_to_learn")
    is_bad = (
        any(_word(fields.get(key)) in NO for key in GOOD)
        or any(_word(fields.get(key)) in YES for key in BAD)
        or any(_word(fields.get(key)) in REJECTED for key in VERDICTS)
        or _word(fields.get("label")) == "false"
    )
    if is_bad:
        raise NothingToLearnError("marked_bad")


def is_unlearnt(fields: Mapping[str, Any]) -> bool:
    """Tell whether a row or a message says that it is not to be learnt: `loss: false`, `weight: 0`."""
    if any(_word(fields.get(key)) == "false" for key in LEARNT):
        return True
    weight = _word(fields.get("weight"))
    return bool(weight) and not weight.strip("0.") and "0" in weight


def marks_in(fields: Mapping[str, Any]) -> frozenset[str]:
    """Name the marks that a row has: keys that say by themselves that they are one, and others whose value does."""
    sure = MARKS.intersection(fields) - {"label", *VERDICTS}
    is_truth = _word(fields.get("label")) in ("true", "false")
    return sure | (frozenset(("label",)) if is_truth else frozenset())


def _word(value: Any) -> str:
    """Read a truth, a number or a word as a word in lower case; anything else as none."""
    return str(value).strip().casefold() if isinstance(value, (str, bool, int, float)) else ""


def choices_of(fields: Mapping[str, Any], used: Iterable[str]) -> tuple[dict[str, str], frozenset[str]]:
    """Find the choices of a question, each by its letter, and the keys in which they stand; nothing where there are
    none. They are a list, an object by letters, or columns A, B, C …, of which none is `used` for something else.
    """
    for key in CHOICES:
        choices = _lettered(parsed(fields.get(key)))
        if choices:
            return choices, frozenset((key,))
    for names in (LETTERS, tuple(f"选项{letter}" for letter in LETTERS), tuple(map(str.lower, LETTERS))):
        columns = [name for name in names if isinstance(fields.get(name), str)]
        if len(columns) > 1 and columns == list(names[: len(columns)]) and not set(columns) & set(used):
            texts = [fields[name] for name in columns]
            written = {letter: text for letter, text in zip(LETTERS, texts, strict=False) if text.strip()}
            return (written, frozenset(columns)) if len(written) > 1 else ({}, frozenset())
    return {}, frozenset()


def _lettered(choices: Any) -> dict[str, str]:
    if isinstance(choices, Mapping):
        choices = {str(key).strip().upper(): value for key, value in choices.items()}
        is_lettered = set(choices) <= set(LETTERS) and all(isinstance(text, str) for text in choices.values())
        return dict(sorted(choices.items())) if is_lettered and len(choices) > 1 else {}
    if isinstance(choices, list) and 1 < len(choices) <= len(LETTERS) and all(isinstance(c, str) for c in choices):
        return dict(zip(LETTERS, choices, strict=False))
    return {}


def with_choices(question: str, choices: Mapping[str, str]) -> str:
    """Write the choices below the question, each with its letter, which they may have already."""
    return "\n".join((question, *(_with_letter(letter, text) for letter, text in choices.items())))


def chosen(answer: Any, choices: Mapping[str, str], first: int | None) -> str:
    """Say which choice the answer is: its letter with the text. `first` is the number of the first choice where answers
    are numbers. Raises UnreadableError for a number without it, and for what is no choice.
    """
    text = str(answer).strip() if isinstance(answer, (str, int)) and not isinstance(answer, bool) else ""
    if text in choices.values():
        return text
    if text.isdecimal():
        if first is None:
            raise UnreadableError("choice_by_number")
        index = int(text) - first
        if not 0 <= index < len(choices):
            raise UnreadableError("no_such_choice")
        return list(choices.values())[index]
    letters = [letter.upper() for letter in re.findall("[A-Ha-h]", text)] if SEVERAL.fullmatch(text) else []
    if not letters or not set(letters) <= set(choices):
        raise UnreadableError("no_such_choice")
    return "\n".join(_with_letter(letter, choices[letter]) for letter in letters)


def _with_letter(letter: str, text: str) -> str:
    return text if CHOSEN.match(text[:3]) else f"{letter}. {text}"
