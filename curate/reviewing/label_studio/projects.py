"""The projects of one dataset on a server: one for each thing that is asked and each language.

A project is known by a mark in its description, whatever its title; and by its number and the moment it was made, which
are kept beside the queue, should the description be rewritten too.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, get_args

from pydantic import TypeAdapter, ValidationError

from curate.reviewing.label_studio.screen import is_untouched, screen
from curate.reviewing.label_studio.served import RefusedError, ServerProject
from curate.system.disk import replace_durably
from schemas.bilingual import Bilingual, Language
from schemas.digest import canonical
from schemas.errors import StoreError
from schemas.record import Frozen
from schemas.review import Asked

if TYPE_CHECKING:
    from curate.reviewing.label_studio.server import Server

MEMORY = "label-studio.json"
MARK = re.compile(r"\[hornbook (\S+) (\w+) (\w+)\]")
TITLES: dict[Asked, Bilingual] = {
    "record": Bilingual("records", "审核"),
    "conflict": Bilingual("conflicts", "矛盾"),
    "exam": Bilingual("exam", "考题"),
}
LONGEST_NAME = 36
"""Letters of a dataset's name in a title, which may have 50."""
DESCRIPTION = Bilingual("Made by Hornbook, which knows the project by this mark:", "由 Hornbook 建立，并凭此标记认出：")


class Subject(NamedTuple):
    """What a project is about."""

    asked: Asked
    lang: Language


class OurProject(NamedTuple):
    subject: Subject
    project: ServerProject


class _Remembered(Frozen):
    """A project that was seen. `made` tells it from another one that got its number later."""

    id: int
    made: str
    asked: Asked
    lang: Language


_MEMORIES = TypeAdapter(dict[str, list[_Remembered]])
"""What was seen, by the address of the server."""


class Projects:
    """Those of one dataset, looked for anew at each call."""

    def __init__(self, server: "Server", dataset: str, folder: Path) -> None:
        self._server = server
        self._dataset = dataset
        self._memory = folder / MEMORY

    def find(self) -> list[OurProject]:
        """Find them, the oldest first, and remember them."""
        memories = self._memories()
        known = {(one.id, one.made): Subject(one.asked, one.lang) for one in memories.get(self._server.url, ())}
        found = []
        for project in self._server.projects():
            subject = self._marked(project.description or "") or known.get((project.id, str(project.created_at)))
            if subject:
                found.append(OurProject(subject, project))
        self._remember(memories, found)
        return found

    def create(self, subject: Subject, overlap: int) -> None:
        """Make one. Whoever calls this finds it afterwards, also where no answer came."""
        title, description = self._names(subject)
        self._server.create_project(title, description, screen(*subject), overlap)

    def is_as_made(self, ours: OurProject) -> bool:
        """Tell whether nobody has changed a project since it was made."""
        project = ours.project
        is_named_so = (project.title, project.description) == self._names(ours.subject)
        return is_named_so and is_untouched(project.label_config or "")

    def is_old(self, ours: OurProject, overlap: int) -> bool:
        """Tell whether a project has the screen of another release, or fewer reviewers a task."""
        return _has_few(ours, overlap) or _has_old_screen(ours)

    def renew(self, ours: OurProject, overlap: int) -> None:
        """Give a project the screen of this release, unless people have changed it, and at least so many reviewers."""
        if _has_few(ours, overlap):
            self._server.change_project(ours.project.id, maximum_annotations=overlap)
        if _has_old_screen(ours):
            with suppress(RefusedError):  # decisions were made on the old one that the new one cannot show
                self._server.change_project(ours.project.id, label_config=screen(*ours.subject))

    def _names(self, subject: Subject) -> tuple[str, str]:
        """Give a title, and the description with the mark."""
        mark = f"[hornbook {self._dataset} {subject.asked} {subject.lang}]"
        title = f"{self._dataset[:LONGEST_NAME]} · {_in(subject.lang, TITLES[subject.asked])}"
        return title, f"{_in(subject.lang, DESCRIPTION)} {mark}"

    def _marked(self, description: str) -> Subject | None:
        for dataset, asked, lang in MARK.findall(description):
            if dataset == self._dataset and asked in get_args(Asked) and lang in get_args(Language):
                return Subject(asked, lang)
        return None

    def _memories(self) -> dict[str, list[_Remembered]]:
        try:
            return _MEMORIES.validate_json(self._memory.read_bytes())
        except FileNotFoundError:
            return {}
        except ValidationError:
            raise StoreError(
                f"{self._memory} is not what was written; without it projects are known by their marks",
                f"{self._memory} 已损坏；删去它之后，仍可凭标记认出各项目",
            ) from None

    def _remember(self, memories: dict[str, list[_Remembered]], found: Iterable[OurProject]) -> None:
        seen = [
            _Remembered(id=one.project.id, made=str(one.project.created_at), **one.subject._asdict()) for one in found
        ]
        if seen == memories.get(self._server.url, []):
            return
        content = canonical(_MEMORIES.dump_python({**memories, self._server.url: seen}, mode="json"))
        self._memory.parent.mkdir(parents=True, exist_ok=True)
        replace_durably(self._memory, f"{content}\n".encode())


def _has_few(ours: OurProject, overlap: int) -> bool:
    return (ours.project.maximum_annotations or 1) < overlap


def _has_old_screen(ours: OurProject) -> bool:
    config = ours.project.label_config or ""
    return config != screen(*ours.subject) and is_untouched(config)


def _in(lang: Language, word: Bilingual) -> str:
    return word.zh if lang == "zh" else word.en
