"""The way to reviewers through Label Studio."""

import fcntl
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from curate.reviewing.label_studio.access import Access, find_access
from curate.reviewing.label_studio.answers import opinion
from curate.reviewing.label_studio.projects import OurProject, Projects, Subject
from curate.reviewing.label_studio.pushing import Content, Pushing
from curate.reviewing.label_studio.rounds import go_round
from curate.reviewing.label_studio.served import Patience, ServerTask, UnansweredError
from curate.reviewing.label_studio.task_text import TaskText
from curate.reviewing.queue_file import ReviewQueue
from curate.reviewing.way import Pushed, WayStatus
from schemas.bilingual import Bilingual, Language, speaking
from schemas.errors import ServiceError
from schemas.review import Asked, Opinion, ReviewTask

if TYPE_CHECKING:
    from curate.reviewing.label_studio.server import Server

LOCK = ".label-studio.lock"
MOST_DELETED = 500
"""Tasks that are deleted by one call."""
AGAIN = Bilingual("nothing is lost, and the same command may be run again", "没有丢失任何内容，可再次运行同一命令")


def open_way(queue: ReviewQueue, folder: Path) -> "LabelStudioWay":
    """Open the way with the address and token of the environment or the folder's `.env`, in the session's language."""
    return LabelStudioWay(queue, find_access(folder), speaking.get())


class LabelStudioWay:
    """Label Studio, for the tasks of one dataset. `lang` is the language of the screens.

    New tasks go to the project of that language. What lies in the other one's is out as well: it is not sent again, and
    what is said about it there comes back too. After `pull`, `unknown` counts the annotations of tasks that were not
    asked for, and `unreadable` those without a verdict.
    """

    name = "label-studio"

    def __init__(
        self,
        queue: ReviewQueue,
        access: Access,
        lang: Language,
        patience: Patience | None = None,
    ) -> None:
        self._folder = queue.folder
        self._access = access
        self._lang = lang
        self._text = TaskText(lang)
        self._patience = patience or Patience()
        self.unknown = self.unreadable = 0

    @property
    def notes(self) -> tuple[Bilingual, ...]:
        """Say what the last pull did not take."""
        notes = []
        if self.unknown:
            notes.append(
                Bilingual(
                    f"{self.unknown} decisions on the server are about tasks that are not out any more; not taken",
                    f"服务器上有 {self.unknown} 条结论属于已不在外的任务，未采用",
                )
            )
        if self.unreadable:
            notes.append(
                Bilingual(
                    f"{self.unreadable} annotations hold no verdict; not taken",
                    f"{self.unreadable} 条标注没有结论，未采用",
                )
            )
        return tuple(notes)

    def push(self, tasks: Sequence[ReviewTask], overlap: int) -> Pushed:
        """Send the tasks that are not out yet. A project is never asked for fewer reviewers a task than before.

        A task whose record has another text now is deleted if nobody has answered it; otherwise it stays, says so, and
        is shown to nobody else.
        """
        subjects: dict[Asked, dict[str, Content]] = defaultdict(dict)
        for task in tasks:
            subjects[task.asked][task.key] = self._text.content(task)
        there = new = closed = 0
        used: list[OurProject] = []
        with self._alone(), self._connected() as server:
            projects = self._projects(server)
            for asked, contents in subjects.items():
                pushing = Pushing(server, projects, Subject(asked, self._lang), contents)
                try:
                    pushing.run(overlap, self._text.closing(), self._patience)
                except (UnansweredError, ServiceError) as error:
                    out = there + new + len(contents) - len(pushing.missing)
                    raise self._trouble(error, _progress(out, len(tasks))) from None
                there += len(pushing.there or ())
                new += len(contents) - len(pushing.there or ())
                closed += len(pushing.closed)
                used += pushing.ours
        return Pushed(new, there, closed, self._where(used))

    def pull(self, tasks: Mapping[str, ReviewTask]) -> Iterator[Opinion]:
        """Bring back what was said about these tasks. Each annotation is one opinion, with all that was changed in it
        since; skipping a task says that one cannot tell.
        """
        self.unknown = self.unreadable = 0
        found: list[tuple[int, Opinion]] = []
        with self._connected() as server, self._explained():
            people = server.people()
            for one in self._projects(server).find():
                for answered in server.answered_tasks(one.project.id):
                    found += self._opinions(answered, tasks, one.project.id, people)
        yield from (one for _, one in sorted(found, key=lambda pair: (pair[1].at, pair[0])))

    def status(self, tasks: Mapping[str, ReviewTask]) -> WayStatus:
        """Count what is out of these tasks, and of how many of them anybody has said anything."""
        with self._connected() as server, self._explained():
            ours = self._projects(server).find()
            out = [task for one in ours for task in server.tasks(one.project.id) if task.key in tasks]
        decided = {task.key for task in out if task.decisions}
        return WayStatus(len({task.key for task in out}), len(decided), self._where(ours))

    def close(self, tasks: Mapping[str, ReviewTask]) -> int:
        """Delete these tasks, with all that was said about them, and count them."""
        deleted: set[str] = set()

        with self._alone(), self._connected() as server, self._explained():
            projects = self._projects(server)

            def look() -> list[tuple[int, ServerTask]]:
                ours = [one.project.id for one in projects.find()]
                return [(number, task) for number in ours for task in server.tasks(number) if task.key in tasks]

            def delete(found: list[tuple[int, ServerTask]]) -> None:
                deleted.update(task.key for _, task in found)
                for number in {number: None for number, _ in found}:
                    doomed = [task.id for project, task in found if project == number]
                    for start in range(0, len(doomed), MOST_DELETED):
                        server.delete_tasks(number, doomed[start : start + MOST_DELETED])

            go_round(look, delete, self._patience)
        return len(deleted)

    def _projects(self, server: "Server") -> Projects:
        return Projects(server, self._folder.name, self._folder)

    def _opinions(
        self, answered: ServerTask, tasks: Mapping[str, ReviewTask], project: int, people: Mapping[int, str]
    ) -> Iterator[tuple[int, Opinion]]:
        """Read the annotations of one task, with their numbers."""
        task = tasks.get(answered.key)
        for annotation in answered.annotations or ():
            read = opinion(task, annotation, project, people) if task else None
            if read:
                yield annotation.id, read
            elif task:
                self.unreadable += 1
            else:
                self.unknown += 1

    @contextmanager
    def _connected(self) -> Iterator["Server"]:
        # loads the SDK, and most commands of `review` ask no server
        from curate.reviewing.label_studio.server import Server

        server = Server(self._access, self._patience)
        try:
            yield server
        finally:
            server.close()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let nobody else change what is out: another process of this machine waits."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / LOCK).open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except UnansweredError as error:
            raise self._trouble(error, AGAIN) from None

    def _trouble(self, error: UnansweredError | ServiceError, then: Bilingual) -> ServiceError:
        if isinstance(error, ServiceError):
            return ServiceError(f"{error.sentence.en}; {then.en}", f"{error.sentence.zh}；{then.zh}")
        return ServiceError(
            f"Label Studio at {self._access.url}: {error.what.en}; {then.en}",
            f"Label Studio {self._access.url}：{error.what.zh}；{then.zh}",
        )

    def _where(self, ours: Sequence[OurProject]) -> str:
        return ", ".join(f"{self._access.url}/projects/{one.project.id}/data" for one in ours) or self._access.url


def _progress(out: int, of: int) -> Bilingual:
    return Bilingual(
        f"{out} of {of} tasks are out, and the same command sends the others",
        f"{of} 个任务中已送出 {out} 个，再次运行同一命令即可送出其余任务",
    )
