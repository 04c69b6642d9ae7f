"""What a platform put in place of personal data: `[订单x]`, `<EMAIL>`, `{{Order Number}}`, `@115850`, `__email__`."""

from typing import ClassVar

from curate.cleaning import CleaningStep
from curate.cleaning._platform_masks import SHAPES, unify_masks
from curate.cleaning._protected import outside


class PlatformMasks(CleaningStep):
    """Becomes the label that `mask` writes, without a number, in the language of the conversation: `[订单号]`,
    `[ORDER]`. Placeholders of the assistant's own name, program text and unknown names stay.
    """

    title_zh: ClassVar[str] = "平台掩码统一"
    order: ClassVar[int] = 42

    def screen(self) -> str | None:
        return SHAPES

    def fix(self, text: str, lang: str = "zh") -> str:
        return outside(text, lambda segment: unify_masks(segment, lang))
