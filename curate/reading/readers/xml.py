"""XML exports: one row an element."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from curate.reading.readers import OnNote, RawRow, Reader, unheard
from curate.reading.readers._xml_stream import stream_xml
from schemas.errors import InputError

LARGEST = 16 << 20
"""Characters that one record may hold."""
DEEPEST = 100


class Xml(Reader):
    """A row is an element below the root, or each element called `record`, wherever it stands.

    Columns are the element's attributes and what stands in it: `<user><name>` is `user.name`, its attribute
    `user.id`. Elements of one name that repeat become a list, in which the text of each is `text`. Rows are counted as
    elements: many exports are one line. Entities that a file declares itself are refused.
    """

    title_zh: ClassVar[str] = "根元素下的每个元素是一行；也可以指定元素名 record，不论在哪一层"
    suffixes: ClassVar[tuple[str, ...]] = (".xml",)

    record: str | None = None

    def rows(self, content: Any, note: OnNote = unheard) -> Iterator[RawRow]:
        records = _Records(self.record)
        for _ in stream_xml(content, records):
            yield from records.taken()


class _Element:
    def __init__(self, name: str, about: Mapping[str, str]) -> None:
        self.name = name
        self.about = about
        self.texts: list[str] = []
        self.children: list[_Element] = []

    def value(self) -> str | dict[str, Any]:
        """Give the text, or where there is more than a text its columns."""
        text = "".join(self.texts).strip()
        if not self.about and not self.children:
            return text
        return {**self.columns(), **({"text": text} if text else {})}

    def columns(self) -> dict[str, Any]:
        columns: dict[str, Any] = dict(self.about)
        by_name: dict[str, list[_Element]] = {}
        for child in self.children:
            by_name.setdefault(child.name, []).append(child)
        for name, children in by_name.items():
            if len(children) > 1:
                columns[name] = [child.value() for child in children]
                continue
            columns |= {f"{name}.{key}": value for key, value in children[0].columns().items()}
            first = children[0]
            if text := "".join(first.texts).strip() or ("" if not first.children and not first.about else None):
                columns[name] = text
            elif text == "":
                columns[name] = ""
        return columns


class _Records:
    """Builds one record after the other; the rest of the tree is never kept."""

    def __init__(self, record: str | None) -> None:
        self._record = record
        self._depth = 0
        self._open: list[_Element] = []
        self._number = 0
        self._size = 0
        self._ready: list[RawRow] = []

    def start(self, name: str, about: Mapping[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise InputError("the XML is nested too deeply", "XML 嵌套过深")
        element = _Element(name, about)
        if self._open:
            self._open[-1].children.append(element)
            self._open.append(element)
        elif name == self._record or (self._record is None and self._depth == 2):
            self._open.append(element)
            self._number, self._size = self._number + 1, 0

    def end(self, name: str) -> None:
        self._depth -= 1
        if not self._open:
            return
        element = self._open.pop()
        if not self._open:
            value = element.value()
            self._ready.append(RawRow(self._number, value if isinstance(value, dict) else {"text": value}))

    def text(self, text: str) -> None:
        if self._open:
            self._size += len(text)
            if self._size > LARGEST:
                raise InputError(
                    f"element {self._number} holds more than {LARGEST >> 20} MiB of text",
                    f"第 {self._number} 个元素超过 {LARGEST >> 20} MiB",
                )
            self._open[-1].texts.append(text)

    def taken(self) -> list[RawRow]:
        ready, self._ready = self._ready, []
        return ready
