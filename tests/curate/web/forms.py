"""The forms of a page as a browser would send them, so that a test changes only what a person would."""

from html.parser import HTMLParser


class Forms(HTMLParser):
    """Finds the forms of a page: their fields, with the values that they have, by their address without its token."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, dict[str, list[str]]] = {}
        self._fields: dict[str, list[str]] = {}
        self._select = ""
        self._first: str | None = None
        self._chosen: str | None = None
        self._option: dict[str, str | None] | None = None
        self._text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "form":
            self._fields = self.found.setdefault((values.get("action") or "").partition("?")[0], {})
        if tag == "input" and values.get("type") not in ("file", "submit"):
            is_mark = values.get("type") in ("checkbox", "radio")
            if not is_mark or "checked" in values:
                self._fields.setdefault(values.get("name") or "", []).append(values.get("value") or "")
        if tag == "select":
            self._select, self._first, self._chosen = values.get("name") or "", None, None
        if tag == "option":
            self._option, self._text = values, ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "option" and self._option is not None:
            value = self._option.get("value", self._text) or ""
            self._first = value if self._first is None else self._first
            self._chosen = value if "selected" in self._option else self._chosen
            self._option = None
        if tag == "select":
            self._fields.setdefault(self._select, []).append(self._chosen or self._first or "")


def form(page: str, end: str) -> tuple[str, dict[str, list[str]]]:
    """The first form whose address ends so: its address and its fields."""
    return next((address, dict(fields)) for address, fields in Forms(page).found.items() if address.endswith(end))
