"""What somebody probably meant when a name is wrong."""

import difflib
from collections.abc import Sequence

from schemas.bilingual import Words


def meant(word: str, known: Sequence[str]) -> Words:
    """`did you mean 'threshold'?`, or the list of what is known when nothing is near."""
    near = difflib.get_close_matches(word, known, 1)
    if near:
        return Words(f"did you mean '{near[0]}'?", f"是否想写“{near[0]}”？")
    return Words(f"known: {', '.join(known)}", f"可用：{', '.join(known)}")
