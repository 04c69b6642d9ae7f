"""Personal data: one kind a file, found by its file name. Kinds do not import each other.

Kinds read a *view* of the text: NFKC, digits of every script as 0-9, every dash as `-`, without invisible characters;
what was masked before is blanked out. A map leads from the view back to the text, so that exactly what stood there is
replaced. Patterns bound numbers with `(?<!\\d)…(?!\\d)`: `\\b` fails next to Han characters.
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
class Spans:
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
    the view folds; the gates of all kinds are one pattern. And its view matches `screen`, which may cost more. Where
    two kinds claim the same characters the smaller `priority` wins, then the longer find.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, ignored_types=(Spans, re.Pattern))

    label_zh: ClassVar[str]
    label_en: ClassVar[str]
    title_zh: ClassVar[str]
    priority: ClassVar[int] = 50
    gate: ClassVar[str | tuple[str, ...]] = DENSE
    screen: ClassVar[str]
    examples: ClassVar[Spans]
    in_addresses: ClassVar[bool] = False
    """Whether the kind also reads the paths of web addresses and digests, where a number is a product or chance."""
    is_seldom: ClassVar[bool] = False
    """Whether many thousand texts may hold none of this kind: such kinds are looked for together first."""
    asks: ClassVar[str] = ""
    """A question for this kind in the message before, likewise without look-around …"""
    answer: ClassVar[re.Pattern[str]] = re.compile(r"(?!)")
    """… and what then counts as its answer though no word names it; the group `it`, if any, is the find."""

    def spans(self, view: str) -> list[Span]:
        """Where the view holds this kind."""
        raise NotImplementedError

    def same(self, value: str) -> str:
        """A value without the ways of writing it: two finds with the same answer are one pseudonym."""
        return plain(value)


class Found(NamedTuple):
    """One find, in offsets of the original text."""

    start: int
    end: int
    kind: str


Chosen = tuple[tuple[str, PersonalData], ...]
"""Kinds with their names."""
KINDS: Catalog[PersonalData] = Catalog(sys.modules[__name__], PersonalData)


@cache
def _chosen(names: tuple[str, ...]) -> Chosen:
    return tuple((name, KINDS.load(name)()) for name in names)


def _kinds(names: Sequence[str] | None) -> Chosen:
    return _chosen(KINDS.names() if names is None else tuple(names))


@cache
def kind_of(name: str) -> PersonalData:
    """The kind of that name. KeyError for an unknown one."""
    return _chosen((name,))[0][1]


def gated(texts: pl.Series, kinds: Sequence[str] | None = None) -> pl.Series:
    """Which texts are worth a closer look: one cheap pass that never misses what `find` finds and leaves most out."""
    gates = dict.fromkeys(
        gate for _, kind in _kinds(kinds) for gate in ([kind.gate] if isinstance(kind.gate, str) else kind.gate)
    )
    if not gates or not texts.count():
        return pl.repeat(False, len(texts), dtype=pl.Boolean, eager=True)
    return texts.str.contains("|".join(f"(?:{pattern})" for pattern in (*gates, _ODD))).fill_null(False)


def suspected(
    texts: pl.Series, kinds: Sequence[str] | None = None, asked: pl.Series | None = None
) -> list[tuple[str, ...]]:
    """For each text the kinds that it may hold; `asked` is the message before each. Meant for texts past the gate."""
    chosen = _kinds(kinds)
    suspects = _suspected(_views(texts), None if asked is None else _asking(asked, chosen), chosen)
    return [tuple(name for name, _ in some) for some in suspects]


def _asking(asked: pl.Series, kinds: Chosen) -> pl.Series | None:
    """The messages that may ask for a kind, and nothing in place of the others; None where none does.

    Only Python takes an i with a Turkish dot, or without one, for an i.
    """
    patterns = [f"(?:{kind.asks})" for _, kind in kinds if kind.asks]
    if not patterns or not len(asked):
        return None
    asks = _views(asked).str.contains("|".join([*patterns, "[ıİ]"])).fill_null(False)
    return asked.zip_with(asks, pl.Series([""])) if asks.any() else None


def _suspected(views: pl.Series, asked: pl.Series | None, kinds: Chosen) -> list[list[tuple[str, PersonalData]]]:
    questions = None if asked is None else _views(asked)
    suspects: list[list[tuple[str, PersonalData]]] = [[] for _ in range(len(views))]
    seldom = "|".join(f"(?:{kind.screen})" for _, kind in kinds if kind.is_seldom)
    some = views.str.contains(seldom).fill_null(False).arg_true() if seldom else pl.Series([], dtype=pl.UInt32)
    few = views.gather(some)
    for both in kinds:
        kind = both[1]
        places = some.filter(few.str.contains(kind.screen)) if kind.is_seldom else _places(views, kind.screen)
        if questions is not None and kind.asks:
            places = pl.concat([places, _places(questions, kind.asks)]).unique().sort()
        for place in places.to_list():
            suspects[place].append(both)
    return suspects


def _places(texts: pl.Series, pattern: str) -> pl.Series:
    return texts.str.contains(pattern).fill_null(False).arg_true()


def screen(texts: pl.Series, kinds: Sequence[str] | None = None, asked: pl.Series | None = None) -> pl.Series:
    """Which texts may hold personal data: never misses what `find` finds, and leaves most texts out."""
    places = gated(texts, kinds).arg_true()
    suspects = suspected(texts.gather(places), kinds, None if asked is None else asked.gather(places))
    flags = pl.repeat(False, len(texts), dtype=pl.Boolean, eager=True)
    return flags.scatter(places, pl.Series([bool(names) for names in suspects], dtype=pl.Boolean))


def _views(texts: pl.Series) -> pl.Series:
    """The texts as kinds read them, masks and addresses not yet blanked; Python folds those with rare characters."""
    if not texts.count():
        return texts
    views = texts.str.replace_many(list(_USUAL), list(_USUAL.values()))
    rare = texts.str.contains(_RARE).fill_null(False).arg_true()
    if not len(rare):
        return views
    return views.scatter(rare, pl.Series([text.translate(_FOLD) for text in texts.gather(rare)], dtype=pl.String))


def find(text: str, kinds: Sequence[str] | None = None, asked: str = "") -> list[Found]:
    """All personal data in the text, in order, without overlaps. `asked` is the message before, of the other side."""
    return _found(View(text), _kinds(kinds), asked)


def find_all(texts: pl.Series, kinds: Sequence[str] | None = None, asked: pl.Series | None = None) -> list[list[Found]]:
    """What `find` finds in each text, read by those kinds alone that it may hold. Meant for texts past the gate."""
    chosen, views = _kinds(kinds), _views(texts)
    asking = None if asked is None else _asking(asked, chosen)
    suspects = _suspected(views, asking, chosen)
    places = [place for place, some in enumerate(suspects) if some]
    few = texts.gather(places)
    said = [""] * len(places) if asking is None else asking.gather(places).to_list()
    rare = few.str.contains(_RARE).to_list()
    found: list[list[Found]] = [[] for _ in suspects]
    for place, text, folded, is_rare, question in zip(
        places, few.to_list(), views.gather(places).to_list(), rare, said, strict=True
    ):
        found[place] = _found(View(text, None if is_rare else folded), suspects[place], question)
    return found


def _found(view: "View", kinds: Iterable[tuple[str, PersonalData]], asked: str) -> list[Found]:
    question = View(asked).text if asked else ""
    claims: list[tuple[int, int, Span, str]] = []
    for name, kind in kinds:
        read = view.text if kind.in_addresses else view.prose
        spans = kind.spans(read)
        if question and kind.asks and re.search(kind.asks, question):
            spans = [*spans, *matches(kind.answer, read)]
        for start, end in spans:
            claims.append((kind.priority, start - end, view.original(start, end), name))
    claims.sort()
    taken: list[Found] = []
    for _, _, (start, end), name in claims:
        if all(end <= other.start or other.end <= start for other in taken):
            taken.append(Found(start, end, name))
    taken.sort()
    return taken


class _Fold(dict[int, str]):
    """The table of `str.translate` for the view, filled as they turn up; `resized` are no longer one character."""

    def __init__(self) -> None:
        super().__init__()
        self.resized: set[str] = set()

    def __missing__(self, code: int) -> str:
        character = chr(code)
        self[code] = folded = self._folded(character, unicodedata.category(character))
        if len(folded) != 1:
            self.resized.add(character)
        return folded

    @staticmethod
    def _folded(character: str, category: str) -> str:
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
"""Whatever else may change in the view; the characters named here are the usual ones or stay as they are."""
_PLAIN = "，：；！？（）…～\u3000\u2013\u2014"
"""Signs of ordinary Chinese text: the view folds them, and the gates name them as they stand."""
_ODD = _RARE.replace("".join(map(re.escape, _USUAL)), _PLAIN)
"""What the gates do not read: full-width letters and digits, invisible and rare characters."""

BLANK = "\ufffc"
"""What no kind reads: the place of a mask."""
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


class View:
    """What kinds read: `text`, and `prose`, in which also digests and the paths of web addresses are blank.

    `folded` is the text with its usual characters folded, of a text that has no rare ones.
    """

    def __init__(self, text: str, folded: str | None = None) -> None:
        view = text.translate(_FOLD) if folded is None else folded
        self._source = text
        self._is_even = text.isascii() or (folded is not None and len(text) == len(folded) and "…" not in text)
        self.text = _MASKED.sub(_blanked, view) if _MAY_BE_MASKED.search(view) else view
        prose = _ADDRESS.sub(_blanked, self.text) if "/" in self.text else self.text
        self.prose = _DIGEST.sub(_blanked, prose) if _MAY_BE_DIGEST.search(prose) else prose

    @cached_property
    def _offsets(self) -> list[int]:
        """For each place of the view the place in the text; empty where they are the same."""
        if _FOLD.resized.isdisjoint(self._source):
            return []
        return [place for place, character in enumerate(self._source) for _ in _FOLD[ord(character)]]

    def original(self, start: int, end: int) -> Span:
        """A span of the view in offsets of the text; a character that became several is taken whole."""
        if self._is_even or not self._offsets:
            return (start, end)
        return (self._offsets[start], self._offsets[end - 1] + 1)


def _blanked(match: re.Match[str]) -> str:
    start, end = match.span(match.lastindex or 0)
    return match[0][: start - match.start()] + BLANK * (end - start) + match[0][end - match.start() :]


_LOOSE = re.compile(r"[\s\-().·_]")


def plain(value: str) -> str:
    """A value without the ways of writing it: `138-1234 5678` and `１３８12345678` are one number."""
    return _LOOSE.sub("", value if value.isascii() else value.translate(_FOLD)).casefold()


def matches(pattern: re.Pattern[str], view: str) -> list[Span]:
    """Where the pattern matches: its group `it` where it has one and that took part, else the whole."""
    if "it" not in pattern.groupindex:
        return [match.span() for match in pattern.finditer(view)]
    return [match.span("it" if match["it"] is not None else 0) for match in pattern.finditer(view)]


_JOINT = re.compile(r"\s{0,2}(?:[、,/;&]|和|及|and)\s{0,2}")
_MOBILE = re.compile(r"1[3-9]\d{9}(?!\d)")


def after(context: re.Pattern[str], token: re.Pattern[str], view: str) -> list[Span]:
    """Tokens right after a word that names them, and those listed behind the first: `订单号 A、B 和 C`."""
    return [span for lead in context.finditer(view) for span in _listed(token, view, lead.end())]


def _listed(token: re.Pattern[str], view: str, place: int) -> Iterator[Span]:
    while match := token.match(view, place):
        yield match.span()
        joint = _JOINT.match(view, match.end())
        if joint is None or _MOBILE.match(view, joint.end()):
            return
        place = joint.end()


_DATE = re.compile(r"(?:19|20)\d\d[-/.]?(?:0?[1-9]|1[0-2])[-/.]?(?:0?[1-9]|[12]\d|3[01])")


def is_date(value: str) -> bool:
    """Whether a number is a date and nothing more: 20231124, 2023-11-24."""
    return _DATE.fullmatch(value) is not None


_GOODS = re.compile(
    r"(?:商品|货号|款号|型号|条形?码|产品|sku|skuid|ean|isbn|upc|asin|item|model|part|barcode)"
    r"(?:编号|编码|号码|号|id|[ .]?no\.?| ?number| ?code)?[\s:#=是为]{0,4}$",
    re.IGNORECASE,
)


def names_goods(view: str, start: int) -> bool:
    """Whether the words before `start` say that a product's number follows."""
    return _GOODS.search(view[max(0, start - 24) : start]) is not None
