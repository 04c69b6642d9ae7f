"""What somebody probably meant when a name is wrong."""

import difflib
from collections.abc import Sequence

from schemas.bilingual import Bilingual


def suggestion(word: str, known: Sequence[str]) -> Bilingual:
    """Suggest the nearest name, `did you mean 'threshold'?`, or list what is known when nothing is near."""
    near = difflib.get_close_matches(word, known, 1)
    if near:
        return Bilingual(f"did you mean '{near[0]}'?", f"是否想写“{near[0]}”？")
    return Bilingual(f"known: {', '.join(known)}", f"可用：{', '.join(known)}")
