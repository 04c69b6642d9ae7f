"""Twenty people read while a version is built: each sees the version before or the new one, whole."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

from curate.build.build import build
from curate.recipe.load import load_recipe
from curate.store.store import Store
from tests.curate.web.visitor import Visitor, words

READERS = 20
PAGES = ("", "/d/shop/version", "/d/shop/rows", "/d/shop/rules", "/d/shop/versions", "/d/shop/jobs")


def test_who_reads_while_a_build_writes_sees_no_error_and_no_half_version(copied_shop: Path) -> None:
    store, over = Store(copied_shop), Event()
    before = store.head("shop")
    recipe = copied_shop / "recipe.yaml"
    recipe.write_text(recipe.read_text(encoding="utf-8") + "\nmax_bad: 5%\nlicence: CC0-1.0\n", encoding="utf-8")

    visitor = Visitor(copied_shop)

    def read(number: int) -> list[tuple[int, str]]:
        found = []
        while not (over.is_set() and found):
            answer = visitor.get(PAGES[number % len(PAGES)] or "/")
            version = re.search(r"shop ([0-9a-f]{12})", words(answer.text))
            found.append((answer.status_code, version[1] if version else ""))
            number += 1
        return found

    with ThreadPoolExecutor(READERS) as pool:
        reading = [pool.submit(read, number) for number in range(READERS)]
        try:
            built = build(load_recipe(recipe), store)
        finally:
            over.set()
        seen = [one for each in reading for one in each.result(60)]
    assert {status for status, _ in seen} == {200}
    assert {version for _, version in seen} <= {"", str(before)[:12], built.name[:12]}
    assert built.name != before
