"""Looking at what is left to do, doing it, and looking again, until nothing is left.

A call to a server that failed, or that got no answer, may have been obeyed, now or a little later: it is never made
again without a look.
"""

import time
from collections.abc import Callable, Sized
from typing import TypeVar

from curate.reviewing.label_studio.served import Patience, UnansweredError
from schemas.bilingual import Bilingual

Work = TypeVar("Work", bound=Sized)
IN_VAIN = Bilingual("it does not show what was done", "它不显示已完成的操作")


def go_round(look: Callable[[], Work], do: Callable[[Work], None], patience: Patience) -> None:
    """Go round as long as there is less left each time, and as often as there are pauses without that. Raises
    UnansweredError after the last one.
    """
    pauses, least, trouble = iter(patience.pauses), float("inf"), UnansweredError(IN_VAIN)
    while work := look():
        if len(work) < least:
            pauses, least, trouble = iter(patience.pauses), len(work), UnansweredError(IN_VAIN)
        pause = next(pauses, None)
        if pause is None:
            raise trouble
        try:
            do(work)
        except UnansweredError as error:
            trouble = error
            time.sleep(max(pause, error.after))
