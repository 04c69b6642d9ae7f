"""Word lists as data: one list a file, one entry a line, `#` for comments."""

from functools import cache
from importlib.resources import files


@cache
def words(name: str) -> tuple[str, ...]:
    """The entries of `<name>.txt`, in the order of the file, each once."""
    text = files(__name__).joinpath(f"{name}.txt").read_text(encoding="utf-8")
    entries = (line.partition("#")[0].strip() for line in text.split("\n"))
    return tuple(dict.fromkeys(entry for entry in entries if entry))
