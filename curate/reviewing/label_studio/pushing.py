"""Sending tasks until all are there, once each: nothing is sent without a look at what is there, and what came twice
is taken away again.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from curate.reviewing.label_studio.projects import OurProject, Projects, Subject
from curate.reviewing.label_studio.rounds import go_round
from curate.reviewing.label_studio.served import Patience, ServerTask
from schemas.digest import canonical

if TYPE_CHECKING:
    from curate.reviewing.label_studio.server import Server

Content = dict[str, Any]
MOST_TASKS, MOST_BYTES = 500, 900_000
"""Of one import: a proxy in front of a server may take no more than a megabyte."""


@dataclass
class _Work:
    """What is left to do."""

    main: OurProject | None
    """Where new tasks go, where there is such a project yet."""
    renew: list[OurProject] = field(default_factory=list)
    """Projects that are to be brought up to date."""
    send: list[Content] = field(default_factory=list)
    delete: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    """Numbers of tasks that nobody has answered, by their projects."""
    close: list[ServerTask] = field(default_factory=list)
    reopen: list[ServerTask] = field(default_factory=list)
    spare: list[int] = field(default_factory=list)
    """Numbers of empty projects that came twice, as a call did that got no answer."""

    def __len__(self) -> int:
        kinds: list[Sized] = [self.renew, self.send, self.close, self.reopen, self.spare, *self.delete.values()]
        return self.lacks_project + sum(map(len, kinds))

    @property
    def lacks_project(self) -> bool:
        return self.main is None and bool(self.send)


class Pushing:
    """The tasks of one subject, by their keys. After `run`, `there` are the keys that were there before it, `closed`
    the numbers of tasks that were closed, and `ours` where it all lies.
    """

    def __init__(self, server: "Server", projects: Projects, subject: Subject, contents: Mapping[str, Content]) -> None:
        self._server = server
        self._projects = projects
        self._subject = subject
        self._contents = contents
        self._records = {content["record"] for content in contents.values()}
        self._main: OurProject | None = None
        self._is_renewed = False
        self._count = 0
        self._expected: int | None = None
        self.ours: list[OurProject] = []
        self.there: set[str] | None = None
        self.missing: set[str] = set(contents)
        self.closed: set[int] = set()

    def run(self, overlap: int, closing: list[dict[str, str]], patience: Patience) -> None:
        """Go round until nothing is left to do. Raises UnansweredError where it does not go on."""
        go_round(lambda: self._look(overlap), lambda work: self._do(work, overlap, closing), patience)

    def _look(self, overlap: int) -> _Work:
        if self._is_as_expected():
            return _Work(self._main)
        if self._main is None:
            self.ours = [one for one in self._projects.find() if one.subject.asked == self._subject.asked]
            self._main = next((one for one in self.ours if one.subject == self._subject), None)
        spare = []
        groups: dict[str, list[tuple[int, ServerTask]]] = defaultdict(list)
        for one in self.ours:
            tasks = list(self._server.tasks(one.project.id))
            if not tasks and self._came_twice(one):
                spare.append(one.project.id)
            for task in tasks:
                groups[task.key].append((one.project.id, task))
        self._count = sum(map(len, groups.values()))
        if self.there is None:
            self.there = groups.keys() & self._contents.keys()
        self.missing = self._contents.keys() - groups.keys()

        missing = [content for key, content in self._contents.items() if key in self.missing]
        old = [one for one in self.ours if not self._is_renewed and self._projects.is_old(one, overlap)]
        work = _Work(self._main, send=missing, spare=spare, renew=old)
        for key, group in groups.items():
            if key in self._contents:
                self._keep_one(group, work)
            else:
                self._close_changed(group, work)
        return work

    def _is_as_expected(self) -> bool:
        """Tell whether all was done without trouble, and as many tasks are there as ought to be."""
        expected, self._expected = self._expected, None
        if expected is None or self._server.count_tasks([one.project.id for one in self.ours]) != expected:
            return False
        self.missing = set()
        return True

    def _came_twice(self, one: OurProject) -> bool:
        is_other = self._main is not None and one.project.id != self._main.project.id
        return is_other and one.subject == self._subject and self._projects.is_as_made(one)

    def _keep_one(self, group: Sequence[tuple[int, ServerTask]], work: _Work) -> None:
        """Of tasks that came twice keep the first that anybody has answered, or the first."""
        kept = min(group, key=lambda one: (one[1].decisions == 0, one[1].id))
        for project, task in group:
            if task.decisions == 0 and task.id != kept[1].id:
                work.delete[project].append(task.id)
            elif task.is_closed:
                work.reopen.append(task)

    def _close_changed(self, group: Iterable[tuple[int, ServerTask]], work: _Work) -> None:
        """Close tasks of the same records with another text: without a trace where nobody has answered."""
        for project, task in group:
            if task.record not in self._records or task.is_closed:
                continue
            self.closed.add(task.id)
            if task.decisions:
                work.close.append(task)
            else:
                work.delete[project].append(task.id)

    def _do(self, work: _Work, overlap: int, closing: list[dict[str, str]]) -> None:
        if work.lacks_project:
            self._projects.create(self._subject, overlap)
            return
        for one in work.renew:
            self._projects.renew(one, overlap)
        self._is_renewed = True
        for project in work.spare:
            self._server.delete_project(project)
            self.ours = [one for one in self.ours if one.project.id != project]
        for project, tasks in work.delete.items():
            self._server.delete_tasks(project, tasks)
        for task in work.close:
            content = {**task.content, "closed": closing}
            self._server.change_task(task.id, content, overlap=task.decisions, is_done=True)
        for task in work.reopen:
            content = {**task.content, "closed": []}
            self._server.change_task(task.id, content, overlap, is_done=task.decisions >= overlap)
        if work.main:
            for contents in _portions(work.send):
                self._server.send(work.main.project.id, contents)
        self._expected = self._count + len(work.send) - sum(map(len, work.delete.values()))


def _portions(contents: Iterable[Content]) -> Iterator[list[Content]]:
    """Cut what is to be sent into imports that a server takes."""
    portion: list[Content] = []
    size = 0
    for content in contents:
        more = len(canonical(content).encode())
        if portion and (len(portion) == MOST_TASKS or size + more > MOST_BYTES):
            yield portion
            portion, size = [], 0
        portion.append(content)
        size += more
    if portion:
        yield portion
