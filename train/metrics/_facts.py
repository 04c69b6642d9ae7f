"""What became of facts in an answer: each is kept, contradicted by another of its kind, or missing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from schemas.folding import folded
from train.metrics._known_terms import CONTRADICTING, EXCLUSIVE, Term, terms_in
from train.metrics._points import is_denied_in, stands
from train.metrics._reading import plain
from train.metrics._values import UNITS, StatedValue, holds, laid_out, values

Fate = Literal["kept", "contradicted", "missing"]
PROPER = re.compile(
    r"(?<![A-Za-z\d])(?:(?:[A-Z]\.\s?)+(?=[A-Z][a-z]))?(?:[A-Z][a-z]+(?:[A-Z][a-z]+)*"
    r"|[A-Z]{2,})(?:[ '-](?:[A-Z][a-z]+|[A-Z]{2,}))*(?![A-Za-z]|-?\d)"
)
BEGINS = re.compile(r"(?:^|[.!?:;。!?:;\n“\"(（•-]|\d[.)])\s*$")
NO_NAMES = frozenset((
    "i", "i'm", "i'll", "i've", "i'd", "ok", "pdf", "id", "vat", "faq", "app", "sms", "hi", "hello", "dear",
    "sorry", "yes", "no", "please", "thanks", "thank", "monday", "tuesday", "wednesday", "thursday", "friday",
    "saturday", "sunday", "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december", "am", "pm", "et", "pt", "est", "utc", "gmt", "cod", "eta", "returns",
    "orders", "order", "account", "my", "ai", "url", "qr", "usb", "led", "xl", "xxl", "xs", "english", "chinese",
    "mr", "mrs", "ms", "dr",
))  # fmt: skip
AFFIRMS = re.compile(
    r"(?:^|[,。!~\s])(?:是|可以|有|对|能|支持|当然|没问题|没错|嗯)(?!不|没|什么)|\b(?:yes|yep|yeah|sure"
    r"|of course|it is|it does|we do|absolutely|certainly)\b"
)
NEGATION = re.compile(
    r"(?:不|没有?|无法|暂不|概不|恕不|非|not |no |cannot |can't |don't )(?:可以|支持|能|可|会|接受|提供)?"
)
HELPERS = re.compile(r"支持|可以|可|能|需要|需|会|请|你|我们|的")
NO_PRICE = re.compile(r"^[$€£¥]?\s?0(?:\.00?)?\s?(?:元|块|dollars|euros|pounds)?$")
"""A price of nothing: who says "free" says it."""
PRICES = frozenset(("yuan", "dollar", "euro", "pound"))
EXCLUSIVE_KINDS = frozenset(term.kind for term in EXCLUSIVE)
CLAUSE = re.compile(r"[,。;!?\n]|\.(?!\d)|\band\b|(?<=\D)、")
HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
SMALL_WORDS = frozenset((
    "the", "a", "an", "of", "in", "on", "to", "is", "are", "for", "or", "and", "with", "by", "at", "be", "as",
    "you", "your", "we", "our", "us", "it", "its", "this", "that", "will", "can", "from", "per", "up",
))  # fmt: skip
PLACE_SUFFIX = re.compile(r"[省市区县镇]")


@dataclass(frozen=True)
class LabelledValue:
    """A value of a reference, with the word beside it where the reference holds several of its kind: 95% cotton."""

    value: StatedValue
    label: str = ""


@dataclass(frozen=True)
class Stated:
    """What a reference states: values, known facts in words, and proper names."""

    values: tuple[LabelledValue, ...]
    terms: tuple[Term, ...]
    names: tuple[str, ...]
    asked_for: tuple[Term, ...] = ()
    """Terms that the question holds: "yes" says them too."""

    def __len__(self) -> int:
        return len(self.values) + len(self.terms) + len(self.names)


@lru_cache(maxsize=4096)
def stated(reference: str, question: str) -> Stated:
    """Read what a reference states that the question does not hold."""
    asked = values(question)
    found = [value for value in values(reference) if not holds(value, asked) and not _is_trifle(value)]
    unlike = [value for n, value in enumerate(found) if not holds(value, found[:n])]
    plain_question = laid_out(question)
    terms = tuple(term for term, _ in terms_in(laid_out(reference)))
    asked_for = tuple(term for term in terms if term.says.search(plain_question))
    terms = tuple(term for term in terms if term.kind not in EXCLUSIVE_KINDS or term not in asked_for)
    return Stated(tuple(_labelled(unlike, reference)), terms, tuple(_names(reference, question, terms)), asked_for)


def fates(reference: Stated, answer: str) -> list[Fate]:
    """Say of each fact of a reference what became of it in an answer."""
    found = values(answer)
    text = laid_out(answer)
    references = [labelled.value for labelled in reference.values]
    return [
        *(_fate_of_value(labelled, found, references, text) for labelled in reference.values),
        *(_affirmed(_fate_of_term(t, reference.terms, text), t, reference, text) for t in reference.terms),
        *(_fate_of_name(name, reference, answer) for name in reference.names),
    ]


def _affirmed(found: Fate, term: Term, reference: Stated, text: str) -> Fate:
    """Take a yes to a question that holds a term for the term."""
    return "kept" if found == "missing" and term in reference.asked_for and AFFIRMS.search(text) else found


def fate(fact: str, answer: str) -> Fate:
    """Say what became of one fact, written with its alternatives apart by |."""
    each = [_fate_of_wording(alternative.strip(), answer) for alternative in fact.split("|") if alternative.strip()]
    return "kept" if "kept" in each else "contradicted" if "contradicted" in each else "missing"


def _is_trifle(value: StatedValue) -> bool:
    """Tell whether a value says nothing: one item, once, and how many kinds are listed."""
    if value.kind == "count" and value.words in ("种", "款", "类", "colours", "colors", "sizes", "ways"):
        return True
    return value.kind in ("count", "occasion", "people") and value.low == value.high == 1


def _labelled(found: Sequence[StatedValue], reference: str) -> list[LabelledValue]:
    """Give a value the word behind or before it, where there are several of its kind."""
    text = laid_out(reference)
    several = {value.kind for n, value in enumerate(found) if any(value.kind == other.kind for other in found[:n])}
    return [LabelledValue(value, _label(value, text) if value.kind in several else "") for value in found]


def _label(value: StatedValue, text: str) -> str:
    behind = re.match(r"的?([\u3400-\u9fff]{1,4}|\s?[a-z]{3,})", text[value.end :])
    before = re.search(
        r"([\u3400-\u9fff]{2,4}|[a-z]{3,})[\s::]?(?:is |are |takes? |costs? |为|是|收|打|享)?$", text[: value.start]
    )
    word = (behind[1] if behind else "").strip() if value.kind == "percent" else (before[1] if before else "")
    return "" if word in SMALL_WORDS or word in UNITS or value.kind in ("code", "link", "number") else word


def _fate_of_value(
    labelled: LabelledValue, found: Sequence[StatedValue], references: Sequence[StatedValue], text: str
) -> Fate:
    value = labelled.value
    if holds(value, found):
        if labelled.label and _is_elsewhere(labelled, found, text):
            return "contradicted"
        return "kept"
    others = [other for other in found if value.rivals(other) and not holds(other, references)]
    return "contradicted" if others else "missing"


def _is_elsewhere(labelled: LabelledValue, found: Sequence[StatedValue], text: str) -> bool:
    """Tell whether the clause of an answer that holds the label of a value gives it another one of the kind."""
    for start, end in _clauses(text):
        if labelled.label in text[start:end]:
            inside = [v for v in found if start <= v.start < end and v.kind == labelled.value.kind]
            if inside and not holds(labelled.value, inside):
                return True
    return False


def _clauses(text: str) -> list[tuple[int, int]]:
    cuts = [0, *(m.start() for m in CLAUSE.finditer(text)), len(text)]
    return list(pairwise(cuts))


def _fate_of_term(term: Term, reference: Sequence[Term], text: str) -> Fate:
    # The contrary first: "not in stock" holds "in stock".
    if term.denies and term.denies.search(text):
        said_too = term.says.search(term.denies.sub(" ", text))
        return "kept" if said_too else "contradicted"
    if term.says.search(text):
        return "kept"
    if term.kind in CONTRADICTING:
        others = [t for t in EXCLUSIVE if t.kind == term.kind and t not in reference and t.says.search(text)]
        return "contradicted" if others else "missing"
    return "missing"


def _names(reference: str, question: str, terms: Sequence[Term]) -> list[str]:
    """List the Latin proper names of a reference that the question does not hold, and that are no known term."""
    asked = plain(question)
    found = [name for name in proper_names(reference) if plain(name) not in asked]
    return [name for name in dict.fromkeys(found) if not any(term.says.search(plain(name)) for term in terms)]


def proper_names(text: str) -> list[str]:
    """List Latin proper names: capitals inside a sentence, or two words with capitals; no months, days or greetings."""
    text = text.replace("’", "'")
    found = []
    for match in PROPER.finditer(text):
        words = re.split(r"[ -]", match[0])
        is_first = BEGINS.search(text[: match.start()]) is not None
        if is_first and not match[0].isupper():
            words = words[1:]
        words = [
            word for word in words if folded(word).removesuffix("s") not in NO_NAMES and folded(word) not in NO_NAMES
        ]
        if words:
            found.append(" ".join(words))
    return found


def _fate_of_name(name: str, reference: Stated, answer: str) -> Fate:
    if re.search(rf"(?<![a-z]){re.escape(plain(name))}(?![a-z])", plain(answer)):
        return "kept"
    others = [other for other in proper_names(answer) if other not in reference.names]
    return "contradicted" if others and not name.isupper() else "missing"


def _fate_of_wording(wording: str, answer: str) -> Fate:
    """Say what became of one wording of a fact: literally, by its values and the words around them, or by its sense."""
    if stands(wording, answer):
        return "kept"
    if is_denied_in(wording, answer):
        return "contradicted"
    if negated := NEGATION.match(laid_out(wording)):
        positive = laid_out(wording)[negated.end() :]
        if stands(positive, answer) or is_denied_in(positive, answer):
            return "contradicted" if stands(positive, answer) else "kept"
    text = laid_out(answer)
    if NO_PRICE.match(laid_out(wording)):
        wording = "free"
    wanted, found = values(wording), values(answer)
    rest = _rest(wording, wanted)
    if wanted:
        return _fate_of_values(wanted, rest, found, text)
    known = [term for term, _ in terms_in(laid_out(wording))]
    if known:
        each = [_fate_beside(term, wording, text) for term in known]
        if "contradicted" in each:
            return "contradicted"
        return "kept" if set(each) == {"kept"} else "missing"
    if rest and _is_covered(rest, text) and not _is_negated(rest, text):
        return "kept"
    is_name = wording in proper_names(f"the {wording}")
    return "contradicted" if is_name and proper_names(answer) else "missing"


def _fate_beside(term: Term, wording: str, text: str) -> Fate:
    """Say what became of a term in the clauses that hold the rest of its wording: 免费安装 is not 安装费100元."""
    rest = _rest(term.says.sub(" ", laid_out(wording)), ())
    rest = rest if len(HELPERS.sub("", rest)) > 1 else ""
    around = (
        [text[start:end] for start, end in _clauses(text) if _is_covered(rest, text[start:end])] if rest else [text]
    )
    each = [_fate_of_term(term, (), clause) for clause in around]
    if "contradicted" in each or "kept" in each:
        return "contradicted" if "contradicted" in each else "kept"
    is_priced = any(value.kind in PRICES for clause in around for value in values(clause))
    return "contradicted" if term.kind == "free" and rest and is_priced else "missing"


def _fate_of_values(wanted: Sequence[StatedValue], rest: str, found: Sequence[StatedValue], text: str) -> Fate:
    """Say whether an answer holds all the values of a wording, and the words that come with them."""
    kept = all(holds(value, found) for value in wanted)
    covered = _is_covered(rest, text)
    if kept and covered:
        elsewhere = bool(rest) and any(_is_elsewhere(LabelledValue(v, rest), found, text) for v in wanted)
        return "contradicted" if elsewhere else "kept"
    lost = [value for value in wanted if not holds(value, found)]
    others = [other for value in lost for other in found if value.rivals(other)]
    bare = [other for value in lost for other in found if value.kind == "number" == other.kind]
    return "contradicted" if others or (bare and covered and len(rest) > 3) else "missing"


def _rest(wording: str, wanted: Sequence[StatedValue]) -> str:
    """Cut the values out of a wording."""
    text = laid_out(wording)
    for value in reversed(wanted):
        text = text[: value.start] + " " + text[value.end :]
    return " ".join(re.sub(r"[^\w\u3400-\u9fff]+", " ", text).split())


def _is_covered(rest: str, text: str) -> bool:
    """Tell whether an answer holds most of some words: two thirds of the characters, or of the stems."""
    han = PLACE_SUFFIX.sub("", "".join(HAN_RUN.findall(HELPERS.sub("", rest))))
    stems = {word[:5] for word in re.findall(r"[a-z]+", rest) if word not in SMALL_WORDS}
    answered = {word[:5] for word in re.findall(r"[a-z]+", text)}
    held = sum(c in text for c in han) + sum(stem in answered for stem in stems)
    return held >= (len(han) + len(stems)) * 0.75


def _is_negated(rest: str, text: str) -> bool:
    return bool(re.search(rf"(?:不|没|无|not |no |n't ){re.escape(rest)}", text))
