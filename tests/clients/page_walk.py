"""Walks through the workbench page as an operations manager does, in headless Chromium; what to do is JSON on standard
input: `address`, `lang`, `files`, `axe` (the path of axe-core, or nothing), `pictures` (a folder, or nothing), `way`
(`mouse`, `keys`: the keyboard alone, `no-scripts`: up to the first version, without scripts), `export` (a folder).

Nothing but the page is reached. Prints what was seen at each station, how many clicks and entries it took, what axe
found, and what else was asked for or complained about.
"""

import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Route, sync_playwright

WAIT = 90_000
"""Milliseconds."""
WORDS = {
    "en": {
        "look": "Look at the files", "continue": "Continue to the recipe", "name": "name", "author": "maker",
        "build": "Save and build a version", "result": "See the result", "try": "Try the first",
        "put": "Put on the desk", "as": "Your name, as decisions will carry it", "begin": "Begin", "send": "Send",
        "write": "Write it into the recipe", "write_it": "Write it", "again": "Build a version now",
        "compare": "Compare the two", "export": "Export version",
    },
    "zh": {
        "look": "上传并查看", "continue": "继续：填写配方", "name": "名字", "author": "开发者",
        "build": "保存并构建版本", "result": "查看结果", "try": "先试前",
        "put": "放上审核台", "as": "你的名字（会记在结论里）", "begin": "开始审核", "send": "提交",
        "write": "写进配方", "write_it": "写入", "again": "现在构建新版本",
        "compare": "对比这两个版本", "export": "导出版本",
    },
}  # fmt: skip
THEMES = ("light", "dark")


class Walker:
    """A person at the page. Counts what he clicks and enters."""

    def __init__(self, browser: Browser, asked: dict[str, Any]) -> None:
        self.asked = asked
        self.words = WORDS[asked["lang"]]
        self.base = asked["address"].partition("/?")[0]
        scripts = asked["way"] != "no-scripts"
        context = browser.new_context(
            viewport={"width": 1280, "height": 900}, accept_downloads=True, java_script_enabled=scripts
        )
        self.page = context.new_page()
        self.page.set_default_timeout(WAIT)
        self.actions = 0
        self.seen: dict[str, str] = {}
        self.barriers: list[str] = []
        self.outside: list[str] = []
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.route("**/*", self._only_the_page)

    def _only_the_page(self, route: Route) -> None:
        if route.request.url.startswith((self.base, "data:", "blob:")):
            route.continue_()
        else:
            self.outside.append(route.request.url)
            route.abort()

    def click(self, target: Locator) -> None:
        """Click, or go to it by the keyboard and press a key."""
        self.actions += 1
        target = target.first
        if self.asked["way"] != "keys":
            target.click()
            return
        self._reach(target)
        is_box = target.evaluate("one => one.matches('input[type=checkbox], input[type=radio], summary')")
        self.page.keyboard.press("Space" if is_box else "Enter")

    def enter(self, target: Locator, text: str) -> None:
        self.actions += 1
        target = target.first
        if self.asked["way"] != "keys":
            target.fill(text)
            return
        self._reach(target)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def choose(self, target: Locator, value: str) -> None:
        self.actions += 1
        if self.asked["way"] == "keys":
            self._reach(target.first)
        target.first.select_option(value)

    def _reach(self, target: Locator) -> None:
        """Press Tab until the element has the focus: whoever has no mouse must come there."""
        target.wait_for()
        for _ in range(600):
            if target.evaluate("one => one === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
            is_other_of_group = target.evaluate(
                "one => one.type === 'radio' && document.activeElement?.type === 'radio' "
                "&& one.name === document.activeElement.name && one !== document.activeElement"
            )
            if is_other_of_group:  # arrows go on within a group
                for _ in range(40):
                    if target.evaluate("one => one === document.activeElement"):
                        return
                    self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the keyboard does not come to {target}")

    def button(self, word: str) -> Locator:
        return self.page.get_by_role("button", name=re.compile(re.escape(self.words[word]))).first

    def tab(self, word: str) -> None:
        self.click(self.page.locator(f"nav.tabs a[href$='/{word}']"))
        self.page.wait_for_url(re.compile(f"/{word}($|[?#])"))

    def look(self, station: str) -> None:
        """Note what a station shows, whether it fits a phone, and what axe finds, in light and dark."""
        self.page.wait_for_load_state("networkidle")
        self.seen[station] = self.page.inner_text("main")
        if self.asked["pictures"]:
            path = Path(self.asked["pictures"]) / f"{station}-{self.asked['lang']}.png"
            self.page.screenshot(path=path, full_page=False)
        if not self.asked["axe"] or self.asked["way"] != "mouse":
            return
        self.page.set_viewport_size({"width": 360, "height": 800})
        if self.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            self.barriers.append(f"{station}: wider than a phone")
        self.page.set_viewport_size({"width": 1280, "height": 900})
        for theme in THEMES:
            self.page.emulate_media(color_scheme=theme)
            if not self.page.evaluate("typeof axe !== 'undefined'"):
                self.page.evaluate(Path(self.asked["axe"]).read_text(encoding="utf-8"))
            found = self.page.evaluate("axe.run().then(run => run.violations)")
            self.barriers += [f"{station} {theme}: {one['id']} {one['nodes'][0]['html'][:200]}" for one in found]
        self.page.emulate_media(color_scheme="light")

    def finish_job(self) -> None:
        """Wait for the end of the job that the page shows, and go where it leads."""
        result = self.page.get_by_role("link", name=self.words["result"])
        for _ in range(WAIT // 1000):
            if result.count() or self.page.locator(".problem").count():
                break
            self.page.wait_for_timeout(1000)
            if self.asked["way"] == "no-scripts":
                self.page.reload()
        self.look("job")
        self.click(result)
        self.page.wait_for_load_state()


def first_version(walker: Walker) -> None:
    """From the files to a version."""
    page, words = walker.page, walker.words
    page.goto(walker.asked["address"])
    walker.look("start")
    walker.actions += 1
    page.set_input_files("input[type=file]", walker.asked["files"])
    walker.enter(page.locator("input[name=name]"), walker.asked["name"])
    walker.click(walker.button("look"))
    page.wait_for_url(re.compile("/files"))
    for _ in range(60):
        if walker.button("continue").is_enabled():
            break
        page.wait_for_timeout(500)
        if walker.asked["way"] == "no-scripts":
            page.reload()
    walker.look("files")
    walker.click(walker.button("continue"))
    page.wait_for_url(re.compile("/recipe"))

    names = page.get_by_label(re.compile(words["name"]))
    makers = page.get_by_label(re.compile(words["author"]))
    for number, (name, maker) in enumerate((("小喵", "技术吧"), ("Miao", "Tech Bar"))):
        walker.enter(names.nth(number), name)
        walker.enter(makers.nth(number), maker)
    walker.choose(page.locator("tr", has_text=walker.asked["general"]).locator("select"), "general")
    walker.enter(page.locator("input[name='share.general'], input[name$='general']:not([type=hidden])"), "8")
    walker.click(walker.button("try"))
    page.locator("#trial table, #trial .stage").first.wait_for()
    walker.look("recipe")
    walker.click(walker.button("build"))
    page.wait_for_url(re.compile("/jobs/"))
    walker.finish_job()
    walker.look("version")


def look_around(walker: Walker) -> None:
    """The rows and the pages that only show."""
    walker.tab("rows")
    walker.look("rows")
    walker.click(walker.page.locator("table tbody a[href*='row=']"))
    walker.page.locator("#drawer .talk").first.wait_for()
    walker.look("row")
    for word in ("duplicates", "identity", "jobs"):
        walker.tab(word)
        walker.look(word)


def review_two(walker: Walker) -> None:
    """Put a sample on the desk and decide about two of it, by keys."""
    page = walker.page
    walker.tab("review")
    walker.click(page.locator("input[name=what][value=sample]"))
    walker.click(walker.button("put"))
    page.wait_for_load_state()
    walker.enter(page.get_by_label(walker.words["as"]), "小王")
    walker.click(walker.button("begin"))
    page.wait_for_url(re.compile("/desk"))
    walker.look("desk")
    for verdict in ("a", "r"):
        before = page.inner_text("h1")
        walker.actions += 2
        page.locator("#task").wait_for()
        page.keyboard.press(verdict)
        page.keyboard.press("Enter")
        page.wait_for_function("was => document.querySelector('h1')?.innerText !== was", arg=before)
    walker.tab("review")
    walker.look("review")


def move_a_limit(walker: Walker) -> None:
    page = walker.page
    walker.tab("rules")
    walker.look("rules")
    walker.click(page.locator("main a[href*='/rules/reply_length']"))
    page.wait_for_url(re.compile("reply_length"))
    walker.enter(page.locator("input[type=number]"), "12")
    link = page.get_by_role("link", name=re.compile(walker.words["write"]))
    link.wait_for()
    walker.look("rule")
    walker.click(link)
    page.wait_for_url(re.compile("/recipe"))
    walker.look("limit")
    walker.click(walker.button("write_it"))
    page.wait_for_load_state()
    walker.click(walker.button("again"))
    page.wait_for_url(re.compile("/jobs/"))
    walker.finish_job()


def compare_and_export(walker: Walker, *, compares: bool) -> str:
    page = walker.page
    walker.tab("versions")
    if compares:
        walker.click(walker.button("compare"))
        page.wait_for_url(re.compile("against="))
    walker.look("versions")
    walker.click(walker.button("export"))
    page.wait_for_url(re.compile("/jobs/"))
    walker.finish_job()
    with page.expect_download() as started:
        walker.click(page.locator("a[download]"))
    target = Path(walker.asked["export"]) / started.value.suggested_filename
    started.value.save_as(target)
    return target.name


def main() -> None:
    asked = json.load(sys.stdin)
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        walker = Walker(browser, asked)
        first_version(walker)
        exported = ""
        if asked["way"] == "short":
            exported = compare_and_export(walker, compares=False)
        elif asked["way"] != "no-scripts":
            look_around(walker)
            review_two(walker)
            move_a_limit(walker)
            exported = compare_and_export(walker, compares=True)
        browser.close()
    report = {
        **{name: getattr(walker, name) for name in ("seen", "actions", "barriers", "outside", "complaints")},
        "exported": exported,
    }
    json.dump(report, sys.stdout)


main()
