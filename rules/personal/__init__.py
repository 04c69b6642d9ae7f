"""Personal data: one kind a file, found by its file name, and the search that asks them all.

Kinds do not import each other. Start with `PersonalData` and `find` below, then `licence_plate.py`, a kind with a
shape, and `qq.py`, a kind with a word before it. The stage `mask` and the release gate of curate are its first readers.

Kinds read *folded* text: NFKC, digits of every script as 0-9, every dash as `-`, without invisible characters; what was
masked before is blanked out. A map leads from the folded text back to the original, so that exactly what stood there is
replaced. Patterns bound numbers with `(?<!\\d)…(?!\\d)`: `\\b` fails next to Han characters.

Imports: rules.lexicons.
"""

import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import ClassVar, NamedTuple

import polars as pl
from pydantic import ConfigDict

from schemas.catalog import Catalog
from schemas.record import Frozen

Span = tuple[int, int]


@dataclass(frozen=True)
class PersonalExamples:
    """What a kind finds in a text, and look-alikes that it spares: its test and its documentation.

    `finds` are pairs of a text and the part of it that is personal.
    """

    finds: tuple[tuple[str, str], ...]
    spares: tuple[str, ...]


DENSE = r"[0-9](?:(?:[A-Za-z_-]*|[ ./()+:：（）—–-]{1,4})[0-9]){4}"
"""Five digits with letters or a few signs between them: what every long number holds, as it stands in the text."""


class PersonalData(Frozen):
    """One kind of personal data. `title_zh` says in Chinese what the first line of the docstring says in English.

    Two patterns without look-around run over whole columns, in Rust, and tell the few texts that are worth reading.
    Every text with a find of this kind matches `gate` as it stands, unless it holds one of the rare characters that
    folding changes; the gates of all kinds are one pattern. Folded, it matches `screen`, which may cost more. Where
    two kinds claim the same characters the smaller `priority` wins, then the longer find.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, ignored_types=(PersonalExamples, re.Pattern))

    label_zh: ClassVar[str]
    label_en: ClassVar[str]
    title_zh: ClassVar[str]
    priority: ClassVar[int] = 50
    gate: ClassVar[str | tuple[str, ...]] = DENSE
    screen: ClassVar[str]
    examples: ClassVar[PersonalExamples]
    in_addresses: ClassVar[bool] = False
    """Whether the kind also reads the paths of web addresses and digests, where a number is a product or chance."""
    is_rare: ClassVar[bool] = False
    """Whether many thousand texts may hold none of this kind: such kinds are looked for together first."""
    asks: ClassVar[str] = ""
    """A question for this kind in the message before, likewise without look-around …"""
    answer: ClassVar[re.Pattern[str]] = re.compile(r"(?!)")
    """… and what then counts as its answer though no word names it; the group `it`, if any, is the find."""

    def spans(self, text: str) -> list[Span]:
        """Find where the folded text holds this kind."""
        raise NotImplementedError

    def canonical(self, value: str) -> str:
        """Reduce a value to what all its spellings share: two finds that share it are one pseudonym."""
        return without_separators(value)


class PersonalSpan(NamedTuple):
    """One find, in offsets of the original text."""

    start: int
    end: int
    kind: str


NamedKinds = tuple[tuple[str, PersonalData], ...]
"""Kinds with their names."""
KINDS: Catalog[PersonalData] = Catalog(sys.modules[__name__], PersonalData)


@cache
def _loaded(names: tuple[str, ...]) -> NamedKinds:
    return tuple((name, KINDS.load(name)()) for name in names)


def _kinds(names: Sequence[str] | None) -> NamedKinds:
    return _loaded(KINDS.names() if names is None else tuple(names))


@cache
def kind_of(name: str) -> PersonalData:
    """Load the kind of that name. KeyError for an unknown one."""
    return _loaded((name,))[0][1]


def gated(texts: pl.Series, kinds: Sequence[str] | None = None) -> pl.Series:
    """Tell which texts are worth a closer look: one cheap pass that misses nothing that `find` finds."""
    gates = dict.fromkeys(
        gate for _, kind in _kinds(kinds) for gate in ([kind.gate] if isinstance(kind.gate, str) else kind.gate)
    )
    if not gates or not texts.count():
        return pl.repeat(False, len(texts), dtype=pl.Boolean, eager=True)
    return texts.str.contains("|".join(f"(?:{pattern})" for pattern in (*gates, _UNGATED))).fill_null(False)


def suspected(
    texts: pl.Series, kinds: Sequence[str] | None = None, previous: pl.Series | None = None
) -> list[tuple[str, ...]]:
    """Name for each text the kinds that it may hold; `previous` is the message before each.

    Meant for texts past the gate.
    """
    loaded = _kinds(kinds)
    suspects = _suspected(_folded(texts), None if previous is None else _questions(previous, loaded), loaded)
    return [tuple(name for name, _ in suspect) for suspect in suspects]


def _questions(previous: pl.Series, kinds: NamedKinds) -> pl.Series | None:
    """Keep the messages that may ask for a kind, with nothing in place of the others; None where no message does.

    Only Python takes an i with a Turkish dot, or without one, for an i.
    """
    patterns = [f"(?:{kind.asks})" for _, kind in kinds if kind.asks]
    if not patterns or not len(previous):
        return None
    asks = _folded(previous).str.contains("|".join([*patterns, "[ıİ]"])).fill_null(False)
    return previous.zip_with(asks, pl.Series([""])) if asks.any() else None


def _suspected(
    folded: pl.Series, questions: pl.Series | None, kinds: NamedKinds
) -> list[list[tuple[str, PersonalData]]]:
    """List for each folded text the kinds whose screen lets it pass, or that the message before asks for."""
    folded_questions = None if questions is None else _folded(questions)
    suspects: list[list[tuple[str, PersonalData]]] = [[] for _ in range(len(folded))]

    # All rare kinds in one pass first: most texts hold none of them.
    any_rare = "|".join(f"(?:{kind.screen})" for _, kind in kinds if kind.is_rare)
    rare_rows = _rows_matching(folded, any_rare) if any_rare else pl.Series([], dtype=pl.UInt32)
    with_rare = folded.gather(rare_rows)

    for name, kind in kinds:
        if kind.is_rare:
            rows = rare_rows.filter(with_rare.str.contains(kind.screen))
        else:
            rows = _rows_matching(folded, kind.screen)
        if folded_questions is not None and kind.asks:
            rows = pl.concat([rows, _rows_matching(folded_questions, kind.asks)]).unique().sort()
        for row in rows.to_list():
            suspects[row].append((name, kind))
    return suspects


def _rows_matching(texts: pl.Series, pattern: str) -> pl.Series:
    return texts.str.contains(pattern).fill_null(False).arg_true()


def screen(texts: pl.Series, kinds: Sequence[str] | None = None, previous: pl.Series | None = None) -> pl.Series:
    """Tell which texts may hold personal data: misses nothing that `find` finds, and leaves most texts out."""
    rows = gated(texts, kinds).arg_true()
    suspects = suspected(texts.gather(rows), kinds, None if previous is None else previous.gather(rows))
    flags = pl.repeat(False, len(texts), dtype=pl.Boolean, eager=True)
    return flags.scatter(rows, pl.Series([bool(names) for names in suspects], dtype=pl.Boolean))


def _folded(texts: pl.Series) -> pl.Series:
    """Fold the texts, masks and addresses not yet blanked: in Rust, but those with rare characters in Python."""
    if not texts.count():
        return texts
    folded = texts.str.replace_many(list(_USUAL), list(_USUAL.values()))
    rare = _rows_matching(texts, _RARE)
    if not len(rare):
        return folded
    return folded.scatter(rare, pl.Series([text.translate(_FOLD) for text in texts.gather(rare)], dtype=pl.String))


def find(text: str, kinds: Sequence[str] | None = None, previous: str = "") -> list[PersonalSpan]:
    """Find all personal data in the text, in order, without overlaps.

    `previous` is the message before, of the other side: a number that it asks for is personal without a word.
    """
    return _finds(FoldedText(text), _kinds(kinds), previous)


def find_all(
    texts: pl.Series, kinds: Sequence[str] | None = None, previous: pl.Series | None = None
) -> list[list[PersonalSpan]]:
    """Find in each text what `find` finds, by those kinds alone that it may hold. Meant for texts past the gate."""
    loaded, folded = _kinds(kinds), _folded(texts)
    questions = None if previous is None else _questions(previous, loaded)
    suspects = _suspected(folded, questions, loaded)

    rows = [row for row, suspect in enumerate(suspects) if suspect]
    originals = texts.gather(rows)
    asked = [""] * len(rows) if questions is None else questions.gather(rows).to_list()
    has_rare = originals.str.contains(_RARE).to_list()

    finds: list[list[PersonalSpan]] = [[] for _ in suspects]
    for row, text, folded_text, is_rare, question in zip(
        rows, originals.to_list(), folded.gather(rows).to_list(), has_rare, asked, strict=True
    ):
        finds[row] = _finds(FoldedText(text, None if is_rare else folded_text), suspects[row], question)
    return finds


def _finds(text: "FoldedText", kinds: Iterable[tuple[str, PersonalData]], previous: str) -> list[PersonalSpan]:
    question = FoldedText(previous).text if previous else ""
    claims: list[tuple[int, int, Span, str]] = []
    for name, kind in kinds:
        readable = text.text if kind.in_addresses else text.prose
        spans = kind.spans(readable)
        if question and kind.asks and re.search(kind.asks, question):
            spans = [*spans, *matches(kind.answer, readable)]
        for start, end in spans:
            claims.append((kind.priority, start - end, text.original(start, end), name))

    # The better claim first: smaller priority, then longer, then further in front.
    claims.sort()
    finds: list[PersonalSpan] = []
    for _, _, (start, end), name in claims:
        if all(end <= taken.start or taken.end <= start for taken in finds):
            finds.append(PersonalSpan(start, end, name))
    finds.sort()
    return finds


class _Fold(dict[int, str]):
    """The table of `str.translate` that folds, filled as characters turn up; `resized` fold to none or to several."""

    def __init__(self) -> None:
        super().__init__()
        self.resized: set[str] = set()

    def __missing__(self, code: int) -> str:
        character = chr(code)
        self[code] = folded = self._fold(character, unicodedata.category(character))
        if len(folded) != 1:
            self.resized.add(character)
        return folded

    @staticmethod
    def _fold(character: str, category: str) -> str:
        if category == "Nd":
            return str(unicodedata.decimal(character))
        if category == "Pd" or character == "−":
            return "-"
        if category == "Cf" or character == "\ufe0f":
            return ""
        # ① and ² stand beside numbers, they are no part of them; the frame of a key-cap digit sets digits apart.
        if category in ("No", "So"):
            return character
        return " " if character == "\u20e3" else unicodedata.normalize("NFKC", character)


_FOLD = _Fold()
_USUAL = {
    chr(code): _FOLD[code] for code in (*range(0xFF01, 0xFF5F), 0x3000, 0xA0, 0x2013, 0x2014, 0x2026, 0xFE0F, 0x200B)
}
"""What is folded often: full-width letters, digits and signs, spaces, dashes, dots, and what cannot be seen."""
_RARE = "[^{}\x00-\x7fÀ-ÖØ-öø-ÿ、-】‘’“”ぁ-ゖァ-ヺ一-\u9fff\U0001f300-\U0001faff]".format(
    "".join(map(re.escape, _USUAL))
)
"""Whatever else folding may change; the characters named here are the usual ones or stay as they are."""
_PLAIN = "，：；！？（）…～\u3000\u2013\u2014"
"""Signs of ordinary Chinese text: they are folded, and the gates name them as they stand."""
_UNGATED = _RARE.replace("".join(map(re.escape, _USUAL)), _PLAIN)
"""What the gates do not read: full-width letters and digits, invisible and rare characters."""

BLANK = "\ufffc"
"""What no kind reads: it stands where a mask stood."""
_MASKED = re.compile(
    r"\[[A-Za-z_ \u4e00-\u9fff]{1,16}\d{0,4}\]"  # [手机号1], [数字x], [PHONE2]
    r"|\[[A-Za-z_\u4e00-\u9fff]{1,16}:[b-df-hj-np-t]{16}\]"  # [手机号:bkdtqpmnrslgfhjc], a keyed hash
    r"|<(?:#|[A-Z_]{2,20}\d{0,3})>"  # <#>, <EMAIL>
    r"|__[A-Za-z_]{2,30}__"
    r"|\{\{[^{}\n\d@]{1,40}\d{0,3}\}\}"  # {{Order Number}}
)
_MAY_BE_MASKED = re.compile(r"[\[<_{]")
_ADDRESS = re.compile(
    r"(?:https?://|(?<![A-Za-z0-9.@])(?:www|item|detail|m)\.)(?!wa\.me)[A-Za-z0-9.-]+(?::\d{2,5})?(/[!-><@-~]*)", re.I
)
_MAY_BE_DIGEST = re.compile("[0-9A-Fa-f]{32}")
_DIGEST = re.compile(r"(?<![0-9A-Za-z])(?=[0-9]*[A-Fa-f])(?:[0-9a-f]{32,128}|[0-9A-F]{32,128})(?![0-9A-Za-z])")


class FoldedText:
    """What kinds read: `text`, and `prose`, in which also digests and the paths of web addresses are blank.

    `folded` is the text with its usual characters folded, of a text that has no rare ones.
    """

    def __init__(self, text: str, folded: str | None = None) -> None:
        self._source = text
        self._is_even = text.isascii() or (folded is not None and len(text) == len(folded) and "…" not in text)
        if folded is None:
            folded = text.translate(_FOLD)
        self.text = _MASKED.sub(_blanked, folded) if _MAY_BE_MASKED.search(folded) else folded
        prose = _ADDRESS.sub(_blanked, self.text) if "/" in self.text else self.text
        self.prose = _DIGEST.sub(_blanked, prose) if _MAY_BE_DIGEST.search(prose) else prose

    @cached_property
    def _offsets(self) -> list[int]:
        """For each character of the folded text its offset in the original; empty where they are the same."""
        if _FOLD.resized.isdisjoint(self._source):
            return []
        return [offset for offset, character in enumerate(self._source) for _ in _FOLD[ord(character)]]

    def original(self, start: int, end: int) -> Span:
        """Turn a span of the folded text into one of the original; a character that became several is taken whole."""
        if self._is_even or not self._offsets:
            return (start, end)
        return (self._offsets[start], self._offsets[end - 1] + 1)


def _blanked(match: re.Match[str]) -> str:
    """Blank the last group of a match, or all of it; as many characters, so that offsets stay."""
    start, end = match.span(match.lastindex or 0)
    return match[0][: start - match.start()] + BLANK * (end - start) + match[0][end - match.start() :]


_SEPARATORS = re.compile(r"[\s\-().·_]")


def without_separators(value: str) -> str:
    """Take separators, width and case out of a value: `138-1234 5678` and `１３８１２３４５６７８` are one number."""
    return _SEPARATORS.sub("", value if value.isascii() else value.translate(_FOLD)).casefold()


def matches(pattern: re.Pattern[str], text: str) -> list[Span]:
    """Find where the pattern matches: its group `it` where it has one and that took part, else the whole."""
    if "it" not in pattern.groupindex:
        return [match.span() for match in pattern.finditer(text)]
    return [match.span("it" if match["it"] is not None else 0) for match in pattern.finditer(text)]


_JOINT = re.compile(r"\s{0,2}(?:[、,/;&]|和|及|and)\s{0,2}")
_MOBILE = re.compile(r"1[3-9]\d{9}(?!\d)")


def after(context: re.Pattern[str], token: re.Pattern[str], text: str) -> list[Span]:
    """Find tokens right after a word that names them, and those listed behind the first: `订单号 A、B 和 C`."""
    return [span for lead in context.finditer(text) for span in _listed(token, text, lead.end())]


def _listed(token: re.Pattern[str], text: str, offset: int) -> Iterator[Span]:
    while match := token.match(text, offset):
        yield match.span()
        joint = _JOINT.match(text, match.end())
        if joint is None or _MOBILE.match(text, joint.end()):
            return
        offset = joint.end()


_DATE = re.compile(r"(?:19|20)\d\d[-/.]?(?:0?[1-9]|1[0-2])[-/.]?(?:0?[1-9]|[12]\d|3[01])")


def is_date(value: str) -> bool:
    """Tell whether a number is a date and nothing more: 20231124, 2023-11-24."""
    return _DATE.fullmatch(value) is not None


_GOODS = re.compile(
    r"(?:商品|货号|款号|型号|条形?码|产品|sku|skuid|ean|isbn|upc|asin|item|model|part|barcode)"
    r"(?:编号|编码|号码|号|id|[ .]?no\.?| ?number| ?code)?[\s:#=是为]{0,4}$",
    re.IGNORECASE,
)


def names_goods(text: str, start: int) -> bool:
    """Tell whether the words before `start` say that a product's number follows."""
    return _GOODS.search(text[max(0, start - 24) : start]) is not None
