"""Foreign scripts as they were published, nothing inline, no text past the escaping; and where it is served at all."""

import re
from hashlib import sha256
from pathlib import Path

import pytest

import curate.report
import curate.web
from tests.program import hornbook

WEB = Path(curate.web.__file__).parent
TEMPLATES = [*(WEB / "templates").glob("*.html"), *(Path(curate.report.__file__).parent / "templates").glob("_*.html")]
FOREIGN = re.compile(r"^\| `([\w.-]+)` \|.*`([0-9a-f]{64})` \|$", re.MULTILINE)
PAST_THE_ESCAPING = re.compile(r"\|\s*safe\b|autoescape\s+false")
INLINE = re.compile(r"<style|<script(?![^>]*\ssrc=)|\sstyle=|\son[a-z]+=|javascript:|https?://(?!192\.168)")
POISONED = ("{{ text|safe }}", "{{ text | safe }}", "{% autoescape false %}")
POISONED_INLINE = ("<p style='x'>", '<a onclick="x">', "<script>x", "<style>", "<img src=https://evil.example/x>")


def test_foreign_scripts_are_those_that_were_published() -> None:
    listed = dict(FOREIGN.findall((WEB / "static" / "SOURCES.md").read_text(encoding="utf-8")))
    assert set(listed) == {path.name for path in (WEB / "static").glob("*.min.*")}
    for name, digest in listed.items():
        assert sha256((WEB / "static" / name).read_bytes()).hexdigest() == digest


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_goes_past_the_escaping_or_the_policy(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not PAST_THE_ESCAPING.findall(text)
    assert not INLINE.findall(text)


def test_what_would_be_wrong_in_a_template_is_seen() -> None:
    assert all(PAST_THE_ESCAPING.search(text) for text in POISONED)
    assert all(INLINE.search(text) for text in POISONED_INLINE)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--host", "0.0.0.0"), "name the one address"),
        (("--host", "::"), "name the one address"),
        (("--host", "192.168.1.5"), "--token"),
        (("--host", "192.168.1.5", "--token", "short"), "at least 16 letters"),
        (("--host", "shop.example"), "--token"),
        (("--host", "192.0.2.1", "--token", "long enough to be one"), "cannot be had"),  # of no machine: RFC 5737
    ],
)
def test_the_page_is_not_served_where_others_reach_it_by_chance(
    tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    done = hornbook("ui", "--port", "0", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert words in done.stderr
    assert "?token=" not in done.stdout
