"""Text without the difference of width and case: as names, questions and answers are compared."""

import unicodedata


def folded(text: str) -> str:
    """Fold width and case: NFKC, then full case folding (Unicode, chapter 3.13). `ＡＢＣ` and `abc` become one text."""
    return unicodedata.normalize("NFKC", text).casefold()
