"""Lines of the file: what a model wrote, masked where it made up personal data, beside what the file holds already."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from curate.conversations.rewordings import read_rewordings
from curate.privacy.release_gate import Gate, private_texts
from curate.rewording.parents import Parent
from curate.stages import Tools
from curate.stages.mask import Mask
from curate.store.keyed_lines import check_may_be_written
from curate.system.disk import replace_durably
from schemas.bilingual import Bilingual
from schemas.digest import canonical, digest
from schemas.frame import frame_of
from schemas.rewordings import Part, Rewording

REWORDINGS = Bilingual("rewordings", "改写")


class Asked(NamedTuple):
    """What is asked of a model: so many rewordings of a part of a record."""

    parent: Parent
    part: Part
    number: int

    @property
    def key(self) -> tuple[str, Part]:
        return self.parent.id, self.part


class Masking(NamedTuple):
    """How personal data is found in what came back: the stage of the recipe, and the gate behind it."""

    mask: Mask
    gate: Gate
    tools: Tools


class _Written(NamedTuple):
    """A text that came, and its number among those of its part."""

    asked: Asked
    number: int
    text: str

    @property
    def turn(self) -> int:
        return 0 if self.asked.part == "question" else 1

    def record(self) -> dict[str, Any]:
        """Put the text into its exchange: what the rest of that gives away is masked in the text, too."""
        contents = list(self.asked.parent.exchange)
        contents[self.turn] = self.text
        roles = ("user", "assistant")
        return {
            "id": digest(*self.asked.key, self.text),
            "messages": [{"role": role, "content": text} for role, text in zip(roles, contents, strict=True)],
            "kind": self.asked.parent.kind,
            "lang": self.asked.parent.lang,
            "source": {"file": "", "digest": "", "rows": []},
            "parent": self.asked.parent.id,
            "group": "",
            "tags": [],
        }


def lines_of(answered: Mapping[Asked, Sequence[str]], model: str, masking: Masking) -> list[Rewording]:
    """Make lines of what a model answered, at most as many as were asked for; empty texts are none."""
    written = [
        _Written(asked, number, text)
        for asked, variants in answered.items()
        for number, text in enumerate((text for text in map(str.strip, variants) if text), start=1)
        if number <= asked.number
    ]
    return [
        Rewording(
            parent=one.asked.parent.id,
            part=one.asked.part,
            number=one.number,
            text=safe,
            model=model,
            masked=safe != one.text,
        )
        for one, safe in zip(written, _masked(written, masking), strict=True)
    ]


def _masked(written: Sequence[_Written], masking: Masking) -> list[str]:
    """Mask the texts as the recipe masks, with labels alone; a text that still holds something is left out whole."""
    mask = masking.mask.model_copy(update={"replace": {}})
    talks = mask.run(frame_of([one.record() for one in written]), masking.tools).kept["messages"].to_list()
    texts = [talk[one.turn]["content"] for one, talk in zip(written, talks, strict=True)]
    private = private_texts(texts, masking.gate)
    return ["" if n in private else text for n, text in enumerate(texts)]


def held_by(target: Path) -> list[Rewording]:
    """Read what a file of rewordings holds; nothing where there is none yet.

    Raises InputError for a file that must not be written over, since it holds something else, or lies in no folder.
    """
    check_may_be_written(target, REWORDINGS)
    return list(read_rewordings(target).values()) if target.exists() else []


def merged(
    held: Iterable[Rewording], replaced: Collection[tuple[str, Part]], new: Iterable[Rewording]
) -> list[Rewording]:
    """Put new lines in the place of those that say the same part of the same record, in the order of the file."""
    kept = [line for line in held if (line.parent, line.part) not in replaced]
    return sorted([*kept, *new], key=lambda line: line.key)


def write(target: Path, rewordings: Iterable[Rewording]) -> None:
    """Write the file, so that it holds the old lines or the new ones, never half of them."""
    content = "".join(f"{canonical(line.model_dump(mode='json'))}\n" for line in rewordings)
    replace_durably(target, content.encode())
