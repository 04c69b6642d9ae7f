"""What the log says of a version: when it was written, what it came from, how it is called."""

import json
from typing import Any

from curate.store.read_version import read_manifest
from curate.store.store import Store
from schemas.version_files import VersionFiles


def version_line(store: Store, name: str, id: str) -> dict[str, Any]:
    """Describe one version as `hornbook log --json` prints it. `written` is empty where the time was not kept."""
    folder = store.version(name, id)
    run = VersionFiles(folder).run
    written = json.loads(run.read_bytes())["written"] if run.is_file() else ""
    manifest = read_manifest(folder)
    return {
        "name": name,
        "id": id,
        "written": written,
        "train_rows": manifest.train_rows,
        "parents": list(manifest.parents),
        "head": store.head(name) == id,
        "tags": [tag for tag, tagged in store.tags(name).items() if tagged == id],
    }
