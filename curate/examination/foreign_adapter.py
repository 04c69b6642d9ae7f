"""Makes the exam of an adapter that was trained elsewhere out of the one that a recipe wants."""

import json
from pathlib import Path

from schemas.digest import digest, digest_file
from schemas.errors import InputError
from schemas.job import Job
from schemas.run_files import ADAPTER_FILES


def exam_of_adapter(job: Job, adapter: Path, model: str | None) -> Job:
    """Let a job examine the adapter in a folder, on the model named; in a folder of its own, beside the runs.

    Without a name it is the model that the adapter itself says it belongs to, where that is a folder here; else that of
    the recipe. Raises InputError where there is no adapter.
    """
    files = [adapter / name for name in ADAPTER_FILES]
    if missing := [file.name for file in files if not file.is_file()]:
        raise InputError(
            f"{adapter} is no adapter: {missing[0]} is missing", f"{adapter} 不是适配器：缺少 {missing[0]}"
        )
    base = model or _own_base(files[0]) or job.train.model
    name = digest("adapter", *(digest_file(file) for file in files), base)[:12]
    train = job.train.model_copy(update={"model": base})
    run = Path(job.run).parent / f"adapter-{name}"
    return job.model_copy(update={"adapter": str(adapter.resolve()), "train": train, "run": str(run)})


def _own_base(config: Path) -> str | None:
    """Find the folder of the model in the settings of an adapter; None where it names none that is here.

    Raises InputError for settings that are none.
    """
    try:
        named = json.loads(config.read_bytes()).get("base_model_name_or_path")
    except (ValueError, AttributeError):
        raise InputError(f"{config} is damaged", f"{config} 已损坏") from None
    return named if isinstance(named, str) and named and Path(named).is_dir() else None
