"""Where the public data lies that the project is tested on and does not ship: HORNBOOK_DATA, or beside the checkout."""

import os
from pathlib import Path

import pytest

DATA = Path(os.environ.get("HORNBOOK_DATA") or Path(__file__).resolve().parent.parent.parent / "shared" / "data")

needs_public_data = pytest.mark.skipif(not DATA.is_dir(), reason="the public data is not on this machine")
