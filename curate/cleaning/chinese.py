"""Traditional to simplified Chinese, or the other way, when the recipe asks for it."""

from functools import cache, cached_property
from typing import ClassVar

import opencc

from curate.cleaning import CleaningStep
from curate.cleaning._protected import outside

TABLES = {"simplified": "t2s", "traditional": "s2t"}


@cache
def simplified_characters() -> dict[str, str]:
    """Map each traditional character to its simplified one where they differ: to compare by, not to read."""
    han = [chr(point) for point in range(0x3400, 0xA000)]
    converted = opencc.OpenCC(TABLES["simplified"]).convert("\n".join(han)).split("\n")
    return {old: new for old, new in zip(han, converted, strict=True) if old != new and len(new) == 1}


class Chinese(CleaningStep):
    """By phrases, as OpenCC does it; off unless the recipe says `chinese: simplified` or `traditional`."""

    title_zh: ClassVar[str] = "繁简转换"
    order: ClassVar[int] = 60

    def screen(self) -> str | None:
        return None if self.options.chinese == "keep" else r"\p{Han}"

    def fix(self, text: str, lang: str = "zh") -> str:
        return text if lang in ("ja", "ko") else outside(text, self._converted)

    def _converted(self, segment: str) -> str:
        return str(self._converter.convert(segment))

    @cached_property
    def _converter(self) -> opencc.OpenCC:
        return opencc.OpenCC(TABLES[self.options.chinese])
