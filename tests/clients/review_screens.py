"""Works on the screens of Label Studio as a reviewer does, in headless Chromium; what to do is JSON on standard input.

For each of `projects` its `steps` are done in the labelling stream, one a task. A step has `holds`, words of the task
that it is for (the first that fits is taken), `press`, keys, `write`, texts by the number of the text area, and
`picture`, a file. Nothing but the server is reached. Prints what stood on each screen, whether it fitted without
scrolling, and what else was asked for.
"""

import json
import shutil
import sys
from typing import Any

from playwright.sync_api import Page, Route, sync_playwright

WAIT = 60_000
"""Milliseconds."""
BETWEEN_KEYS = 150
FITS = "screen => screen.scrollHeight <= screen.clientHeight + 1"
SCREEN = ".hb"


def main() -> None:
    asked = json.load(sys.stdin)
    outside: list[str] = []

    def only_server(route: Route) -> None:
        if route.request.url.startswith((asked["url"], "data:", "blob:")):
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(WAIT)
        page.route("**/*", only_server)
        sign_in(page, asked)
        seen = []
        for project in asked["projects"]:
            page.goto(f"{asked['url']}/projects/{project['number']}/data?labeling=1")
            seen.append([work(page, project["steps"]) for _ in range(project["tasks"])])
        browser.close()
    json.dump({"seen": seen, "outside": outside}, sys.stdout)


def sign_in(page: Page, asked: dict[str, Any]) -> None:
    page.goto(f"{asked['url']}/user/login")
    page.fill("input[name=email]", asked["email"])
    page.fill("input[name=password]", asked["password"])
    page.click("button[type=submit]")
    page.wait_for_url(lambda url: "/user/login" not in url)


def work(page: Page, steps: list[dict[str, Any]]) -> dict[str, Any]:
    """Do one task of the stream, and wait until it is saved."""
    screen = page.locator(SCREEN).first
    screen.wait_for()
    page.wait_for_timeout(2 * BETWEEN_KEYS)
    text, fits = screen.inner_text(), screen.locator("xpath=..").evaluate(FITS)
    step = next(step for step in steps if step.get("holds", "") in text)
    for key in step["press"]:
        page.keyboard.press(key)
        page.wait_for_timeout(BETWEEN_KEYS)
    for number, words in step.get("write", {}).items():
        page.locator(f"{SCREEN} .hb-edit textarea").nth(int(number)).fill(words)
        page.locator(f"{SCREEN} h4").first.click()
        page.wait_for_timeout(BETWEEN_KEYS)
    if "picture" in step:
        page.screenshot(path=step["picture"])
    with page.expect_response(lambda answer: "/annotations" in answer.url and answer.request.method == "POST"):
        page.keyboard.press("Control+Enter")
    page.wait_for_timeout(2 * BETWEEN_KEYS)
    return {"text": text, "fits": fits}


main()
