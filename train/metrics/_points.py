"""Where an answer makes a point: in one of its wordings, undenied. "Don't touch the filter" makes none of "filter"."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from train.metrics._numerals import in_digits

NEGATES = re.compile(
    r"(?:(?<!能)不(?!仅|但|光|管|论|如)(?:要|用|能|可以|可|会|必|需要?|支持|得|予|给|是|肯|让|提供|发|走"
    r"|寄|收|卖|开)?|别(?!忘)|没(?:有)?(?:办?法|必要)?|无(?:法|需|须)?|未|非|勿|禁止|请勿|难以)"
    r"(?:再|直接|随意|自行|先|进行|给?(?:你|客户|买家)|为你|帮你|被|把|随便|急着|去|做|接受|办理|申请)?$"
    r"|(?:\bnot\b|\bnever\b|\bno\b|n't\b|\bcannot\b|\bwithout\b|\bavoid\b|\bunable\b|\binstead of\b|\brather than\b)"
    r"(?: (?:to|be|been|a|an|any|the|your|you|need|have|offer|give|do|touch|use|send|issue|accept|get"
    r"|provide|make|it|for|yet|currently|also|remove|open|ask|contact|call|just|simply)){0,4}\s*$"
)
NEGATED_BEHIND = re.compile(
    r"^[^,。;!.]{0,2}(?:是|都|就|也)?不(?:行|可以的|支持的|了的|需要的)|^ (?:is|are) (?:not"
    r"|never) (?:possible|needed|required|available|necessary)|^ (?:isn't|aren't) (?:possible|needed"
    r"|required|available|necessary)"
)
NOT_DENIED = re.compile(
    r"(?:如果|要是|若|假如|万一|是否|是不是|有没有|能不能|可不可以|没问题|不然|否则|\bif\b|\bwhether\b"
    r"|\bwhy not\b)[^,。;!?]{0,6}$"
)
ONE_UNIT = re.compile(r"^(?:an?|1)\\s\+(hour|day|week|month|year|minute)")
CLAUSE_START = re.compile(r"[,。;!?\n:()]|\.(?!\d)|\bbut\b|但是?|\bor\b(?! )")


def stands(wording: str, answer: str) -> bool:
    """Tell whether a wording stands in an answer, undenied."""
    return next(made_at((wording,), answer), None) is not None


def alternatives(point: str) -> tuple[str, ...]:
    """Cut a point into its wordings."""
    return tuple(part.strip() for part in point.split("|") if part.strip())


def made_at(wordings: Sequence[str], answer: str) -> Iterator[int]:
    """Find where an answer makes a point in one of its wordings, undenied, from the first to the last."""
    text = in_digits(answer)
    found = [m for wording in wordings for m in _pattern(wording).finditer(text)]
    yield from sorted(m.start() for m in found if not _is_denied(m))


def is_denied_in(wording: str, answer: str) -> bool:
    """Tell whether a wording stands in an answer, and every time denied."""
    found = list(_pattern(wording).finditer(in_digits(answer)))
    return bool(found) and all(_is_denied(m) for m in found)


@cache
def _pattern(wording: str) -> re.Pattern[str]:
    """Make a pattern of a wording: numbers whole, Latin words by their beginnings, Han characters anywhere."""
    text = in_digits(wording)
    body = ONE_UNIT.sub(r"(?:an?|1)\\s+\1", r"\s+".join(re.escape(part) for part in text.split()))
    before = r"(?<![\d.])" if text[:1].isdigit() else r"(?<![a-z0-9])" if re.match(r"[a-z]", text) else ""
    after = r"(?!\d|\.\d)" if text[-1:].isdigit() else ""
    short = r"(?:s|es)?(?![a-z])" if re.fullmatch(r"[a-z]{1,3}", text) else ""
    return re.compile(before + body + after + short)


def _is_denied(found: re.Match[str]) -> bool:
    """Tell whether a wording is denied by what stands in front of it in its clause, or right behind it."""
    text = found.string
    before = CLAUSE_START.split(text[max(0, found.start() - 40) : found.start()])[-1]
    if NEGATED_BEHIND.match(text[found.end() :]):
        return True
    negation = NEGATES.search(before.rstrip() if before.isascii() else before)
    return negation is not None and not NOT_DENIED.search(before[: negation.start()])
