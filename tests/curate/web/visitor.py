"""Who looks at the pages as a browser would, without one: the whole application, its guard too, over a real store."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import httpx
from starlette.testclient import TestClient

from curate.store.store import Store
from curate.web.app import web_app
from curate.web.ground.bench import Bench
from curate.web.ground.jobs import Jobs
from curate.web.ground.keys import Keys
from schemas.bilingual import Language

ORIGIN = "http://127.0.0.1:7860"


class Visitor:
    """Has opened the address with the launch token. Every request comes from our own pages, unless headers say else."""

    def __init__(self, root: Path, lang: Language = "en", *, shows_raw: bool = False) -> None:
        self.keys = Keys.drawn(7860)
        self.bench = Bench(Store(root), self.keys, Jobs(root), lang, shows_raw)
        self.client = TestClient(web_app(self.bench, ["127.0.0.1:7860"]), base_url=ORIGIN, follow_redirects=False)
        self.client.cookies.set(self.keys.cookie, self.keys.session, domain="127.0.0.1")

    def get(self, address: str, **headers: str) -> httpx.Response:
        return self.client.get(address, headers=headers)

    def page(self, address: str) -> str:
        """The page at an address, which must be there."""
        answer = self.get(address)
        assert answer.status_code == 200, (answer.status_code, words(answer.text))
        return answer.text

    def part(self, address: str) -> str:
        answer = self.get(address, **{"HX-Request": "true"})
        assert answer.status_code == 200, (answer.status_code, words(answer.text))
        return answer.text

    def send(self, address: str, values: dict[str, Any] | None = None, **more: Any) -> httpx.Response:
        """Send a form as one of our pages does."""
        mark = "&" if "?" in address else "?"
        headers = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
        return self.client.post(f"{address}{mark}csrf={self.keys.csrf}", data=values or {}, headers=headers, **more)


def words(page: str) -> str:
    """What a person reads of a page: its text on one line, without tags, scripts and heads."""
    body = page.partition("<body")[2] or page
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())
