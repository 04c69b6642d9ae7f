"""ui: the workbench page in a browser."""

import importlib.util
from pathlib import Path

from curate.web.flags import UiFlags
from schemas.errors import InputError

PACKAGES = ("fastapi", "uvicorn", "python_multipart")


def ui_command(root: Path, flags: UiFlags) -> None:
    """Serve the page until it is ended. InputError where the extra is not installed, and as `serve` does."""
    absent = [package for package in PACKAGES if importlib.util.find_spec(package) is None]
    if absent:
        raise InputError(
            "the page needs the extra 'ui': pip install 'hornbook[ui]'",
            "网页工作台需要安装附加组件 ui：pip install 'hornbook[ui]'",
        )
    from curate.web.serve import serve

    serve(root, flags)
