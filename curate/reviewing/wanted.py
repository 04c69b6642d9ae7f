"""What `--what` asks for: which records people should look at, and how many."""

import re
from collections.abc import Mapping

from schemas.bilingual import Bilingual
from schemas.errors import InputError
from schemas.suggestions import suggestion

REASONS: dict[str, tuple[int | None, Bilingual]] = {
    "conflicts": (None, Bilingual("answers that contradict each other", "互相矛盾的回答")),
    "flagged": (None, Bilingual("sent to review by a rule", "被规则送审")),
    "near": (50, Bilingual("kept, near the limit of a rule", "保留但接近规则限值")),
    "generated": (100, Bilingual("written by the kit or a model, at random", "由题库或模型写的，随机抽取")),
    "exam": (None, Bilingual("questions of the exam with their reference answers", "考题和参考答案")),
    "dropped": (20, Bilingual("dropped by a rule, at random, so many of each", "被规则丢弃，每条规则随机抽取若干条")),
    "sample": (200, Bilingual("trained on, at random", "训练集里随机抽取")),
}
"""Each with how many are meant where no number is said, all for None, and what it is."""
ASKED = re.compile(r"\s*([a-z]+)\s*(?::\s*([0-9]{1,7})\s*)?")


def parse_wanted(text: str) -> dict[str, int | None]:
    """Read `conflicts,flagged,dropped:100,sample:200`. Raises InputError for a reason that there is not."""
    wanted: dict[str, int | None] = {}
    for part in text.replace("，", ",").split(","):
        match = ASKED.fullmatch(part)
        if match is None or match[1] not in REASONS:
            near = suggestion(match[1] if match else part.strip(), tuple(REASONS))
            raise InputError(
                f"--what: '{part.strip()}' is nothing that can be looked at; {near.en}",
                f"--what：“{part.strip()}”不是可选的内容；{near.zh}",
            )
        if match[1] in wanted:
            raise InputError(f"--what names '{match[1]}' twice", f"--what 里“{match[1]}”写了两次")
        wanted[match[1]] = int(match[2]) if match[2] else REASONS[match[1]][0]
    return wanted


def most(wanted: Mapping[str, int | None], reason: str) -> int | None:
    """Say how many are wanted for a reason: 0 where it is not asked for, None for all."""
    return wanted.get(reason, 0)
