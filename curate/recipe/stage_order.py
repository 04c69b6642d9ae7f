"""Stages that stand in the wrong order for what they do, each with its line and column."""

from collections.abc import Iterator, Mapping
from typing import Any

import yaml
from pydantic import ValidationError

from curate.recipe.mistakes import Mistake, mistake_at
from schemas.bilingual import Bilingual
from schemas.input import Choice
from schemas.rewordings import REWORD


def order_mistakes(values: Mapping[str, Any], tree: yaml.Node) -> Iterator[Mistake]:
    """Find a stage `reword` that would send what is not masked, part rewordings from their parents, or stand twice."""
    stages = values.get("stages")
    names = [_name(item) for item in stages] if isinstance(stages, list) else []
    for position, name in enumerate(names):
        if name != REWORD:
            continue
        for is_wrong, sentence in (
            ("mask" not in names[:position], UNMASKED),
            ("split" in names[:position], BEHIND_SPLIT),
            (REWORD in names[:position], TWICE),
        ):
            if is_wrong:
                yield mistake_at(tree, ("stages", position, REWORD), sentence)


def _name(item: Any) -> str:
    """Read the name of a stage; empty for what is not shaped like one, which is found elsewhere."""
    try:
        return Choice.model_validate(item).name
    except ValidationError:
        return ""


UNMASKED = Bilingual(
    "'reword' must stand behind 'mask': a model outside is shown masked text only",
    "“reword”必须放在“mask”之后：发给外部模型的只能是脱敏后的文本",
)
BEHIND_SPLIT = Bilingual(
    "'reword' must stand before 'split': a rewording goes where its record goes",
    "“reword”必须放在“split”之前：改写要和原记录分到同一边",
)
TWICE = Bilingual(
    "'reword' stands twice; one file holds all rewordings",
    "“reword”出现了两次；所有改写放在一个文件里",
)
