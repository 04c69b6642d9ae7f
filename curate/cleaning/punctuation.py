"""The width of punctuation, by the language of the words around it."""

import re
from typing import ClassVar

from curate.cleaning import CleaningStep
from curate.cleaning._protected import outside

HALF = ",!?;:()."
FULL = "，！？；：（）。"
TO_FULL = dict(zip(HALF, FULL, strict=True))
TO_HALF = dict(zip(FULL, HALF, strict=True))
HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
QUOTE = "”’》】」』）"


class PunctuationWidth(CleaningStep):
    """Off unless the recipe says `punctuation: full`, `half` or `both`; never inside numbers, code and emoticons."""

    title_zh: ClassVar[str] = "标点全角半角统一"
    order: ClassVar[int] = 45

    def screen(self) -> str | None:
        full, half = (
            f"[{HAN}{QUOTE}0-9)][,!?;:.(]|[(][{HAN}]|[{HAN}][)]",
            "[A-Za-z0-9][，！？；：。]|（[A-Za-z]|[A-Za-z]）",
        )
        return {"keep": None, "full": full, "half": half, "both": f"{full}|{half}"}[self.options.punctuation]

    def fix(self, text: str, lang: str = "zh") -> str:
        if self.options.punctuation in ("full", "both"):
            text = outside(text, _full)
        if self.options.punctuation in ("half", "both"):
            text = outside(text, _half)
        return text


def _full(segment: str) -> str:
    """Widen marks until none is left to widen: a mark that became full-width may stand before the next one."""
    while True:
        bracketed = _AROUND_HAN.sub(_wide_brackets, segment)
        widened = _BEHIND_HAN.sub(lambda m: "".join(TO_FULL[c] for c in m[0]), bracketed)
        if widened == segment:
            return segment
        segment = widened


def _half(segment: str) -> str:
    segment = _AROUND_LATIN.sub(r"(\1)", segment)
    return _BEHIND_LATIN.sub(lambda m: TO_HALF[m[1]] + (" " if m[2] else ""), segment)


def _wide_brackets(match: re.Match[str]) -> str:
    return f"（{match[1]}）"


_BEHIND_HAN = re.compile(
    rf"(?<=[{HAN}{QUOTE}])(?:[!?]+|,(?!,)|;(?![)(;D])|:(?![)(/:DPpOo3\\|\-])|\.(?![.\w/\\-]))"
    rf"|(?<=[{HAN}{QUOTE}][0-9])[,;](?=[{HAN}])|(?<=[{HAN}][0-9]{{2}})[,;](?=[{HAN}])"
)
"""A mark behind Han, or behind a short number between Han; not the eyes of `:)`, not dots in a row, not a file name."""
_AROUND_HAN = re.compile(
    rf"(?<![A-Za-z_:;\]=^])\((?=[^()\n]*[{HAN}])((?:[{HAN}][^()\n]{{0,60}}|[^()\n]{{0,60}}[{HAN}]))\)"
)
_AROUND_LATIN = re.compile(rf"(?<![{HAN}])（([A-Za-z][^（）()\n{HAN}]{{0,60}})）(?![{HAN}])")
_BEHIND_LATIN = re.compile(rf"(?<=[A-Za-z])([，！？；：。])(?=([A-Za-z])|[^{HAN}]|$)")
