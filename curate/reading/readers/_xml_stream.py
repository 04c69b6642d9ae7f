"""Reads XML as a stream. What is no XML, and entities that a file declares itself, are one sentence each."""

from collections.abc import Iterator
from typing import Any, NoReturn, Protocol
from xml.parsers import expat

from schemas.errors import InputError


class XmlHandler(Protocol):
    """Hears what an XML file holds, in its order."""

    def start(self, name: str, about: dict[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def text(self, text: str) -> None: ...


def stream_xml(content: Iterator[str], handler: XmlHandler) -> Iterator[None]:
    """Tell the handler what the file holds; yields after every block, and once more behind the last.

    Raises InputError where it is no XML, or declares entities of its own.
    """
    parser = expat.ParserCreate(namespace_separator=None)
    parser.buffer_text = True
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.text
    parser.EntityDeclHandler = _refuse_entity
    try:
        for block in content:
            parser.Parse(block, False)
            yield
        parser.Parse("", True)
    except expat.ExpatError as error:
        raise InputError(
            f"not valid XML: line {error.lineno}, column {error.offset + 1}",
            f"不是有效的 XML：第 {error.lineno} 行第 {error.offset + 1} 列",
        ) from None
    yield


def _refuse_entity(*_: Any) -> NoReturn:
    raise InputError(
        "the XML declares entities of its own, which exports do not do; it was not read",
        "XML 中自定义了实体，正常导出不会这样；未读取",
    )
