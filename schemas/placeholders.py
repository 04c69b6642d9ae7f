"""Placeholders that a template left behind: a model that trains on one learns to say it."""

import re

PLACEHOLDER = re.compile(
    r"\{\{[^{}\n]{1,40}\}\}"  # {{name}}, {{ Order Number }}
    r"|｛｛[^｛｝\n]{1,40}｝｝"  # the same in full width
    r"|\$\{[A-Za-z_][\w.]{0,39}\}"  # ${name}
    r"|<(?:NAME|AUTHOR|ASSISTANT|COMPANY|name|author)>"
    r"|(?<!\{)\{(?:NAME|AUTHOR|name|author)\}(?!\})"
)
"""Matches one placeholder. Braces of code and JSON are left alone."""


def placeholders(text: str) -> list[str]:
    """Every placeholder in the text, in order."""
    return PLACEHOLDER.findall(text)
