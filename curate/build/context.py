"""What every step of one build is given: the recipe, the plan, folders for outputs, and a way to say how far it is."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from curate.build.pipeline import BlockTask, SegmentTask
from curate.build.plan import Plan, Segment
from curate.erasure.forgotten import Forgotten
from curate.recipe.load import RecipeFile
from curate.stages import Tools
from curate.system import interrupts
from curate.system.progress import Progress
from schemas.errors import InputError


@dataclass(frozen=True)
class OutputFolders:
    """Where the outputs of stages go: what may stay into the cache, all else into the spill of this build."""

    cache: Path
    spill: Path

    def of(self, segment: Segment) -> Path:
        """Make the folder of a segment, if need be, and give it."""
        folder = (self.cache if segment.is_kept else self.spill) / segment.key
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder


@dataclass(frozen=True)
class Announcer:
    """Says which step of a build begins. `names` are those of all steps, in their order."""

    names: tuple[str, ...]
    progress: Progress

    def announce(self, name: str, detail: str = "") -> None:
        """Say that a step begins, or how far it is. Here a Ctrl-C counts that something dropped."""
        interrupts.check()
        self.progress(f"{name}{detail}", self.names.index(name), len(self.names))


@dataclass(frozen=True)
class BuildContext:
    """One build; nothing of it changes while the build runs."""

    file: RecipeFile
    plan: Plan
    forgotten: Forgotten
    tools: Tools
    folders: OutputFolders
    announcer: Announcer

    def task(self, segments: Sequence[Segment], block: int) -> BlockTask:
        """Set up what a block has to pass, with the folders of the outputs."""
        tasks = tuple(SegmentTask(self.folders.of(segment), segment.steps) for segment in segments)
        return BlockTask(tasks, block, self.tools)

    def changed(self, path: Path, segments: Sequence[Segment]) -> InputError:
        """Take away the outputs that were made of a file while it changed, and give the error that says so."""
        for segment in segments:
            shutil.rmtree(self.folders.of(segment))
        return InputError(f"{path} changed while it was read; build again", f"{path} 在读取期间被改动；请重新构建")
