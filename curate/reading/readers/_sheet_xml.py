"""What the cells of a workbook show beyond their values: formats of numbers, and formulas that nobody computed."""

import io
import re
import zipfile
from collections.abc import Mapping
from html import unescape
from typing import NamedTuple

from curate.reading.readers._number_format import BUILT_IN, shown_number

TAG = r"<(?:\w+:)?"
FORMAT = re.compile(TAG + r"numFmt\s([^>]*)>")
FORMATS_OF_CELLS = re.compile(TAG + r"cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
FORMAT_OF_CELL = re.compile(TAG + r"xf\s([^>]*)>")
SHEET = re.compile(TAG + r"sheet\s([^>]*)>")
RELATION = re.compile(TAG + r"Relationship\s([^>]*)>")
ATTRIBUTE = re.compile(r"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
CELL = re.compile(TAG + r"c\s([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
VALUE = re.compile(TAG + r"v\b[^>]*>([^<]+)<")
FORMULA = re.compile(TAG + r"f[\s/>]")
ERROR = "e"
ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class Shown(NamedTuple):
    """What cells show, by row and column from 0: numbers as formatted, and formulas without a stored value."""

    numbers: Mapping[tuple[int, int], str]
    uncomputed: frozenset[tuple[int, int]]
    errors: frozenset[tuple[int, int]]


NOTHING_SHOWN = Shown({}, frozenset(), frozenset())


def shown_cells(content: bytes, sheet: str) -> Shown:
    """Read what the cells of a sheet show; nothing where the parts of the workbook do not lie where they should."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = {name.lower(): name for name in archive.namelist()}
        path = _path_of(archive, names, sheet)
        if path not in names:
            return NOTHING_SHOWN
        codes = (
            _codes(archive.read(names["xl/styles.xml"]).decode("utf-8", "replace")) if "xl/styles.xml" in names else {}
        )
        xml = archive.read(names[path])
    if not codes and b"<f" not in xml and b":f>" not in xml and b't="e"' not in xml:
        return NOTHING_SHOWN
    return _shown(xml.decode("utf-8", "replace"), codes)


def _path_of(archive: zipfile.ZipFile, names: Mapping[str, str], sheet: str) -> str:
    """Find the part that holds a sheet, in lowercase; empty where it is not named."""
    book, relations = names.get("xl/workbook.xml"), names.get("xl/_rels/workbook.xml.rels")
    if book is None or relations is None:
        return ""
    sheets = [_attributes(match[1]) for match in SHEET.finditer(archive.read(book).decode("utf-8", "replace"))]
    relation = next((value for found in sheets if found.get("name") == sheet for key, value in found.items()
                     if key.endswith(":id")), "")  # fmt: skip
    targets = [_attributes(match[1]) for match in RELATION.finditer(archive.read(relations).decode("utf-8", "replace"))]
    target = next((found.get("Target", "") for found in targets if found.get("Id") == relation), "").lower()
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _attributes(text: str) -> dict[str, str]:
    return {name: unescape(double or single) for name, double, single in ATTRIBUTE.findall(text)}


def _codes(styles: str) -> dict[str, str]:
    """Find the formats of numbers by the number of the style of a cell; those that change nothing are left out."""
    own = {found.get("numFmtId", ""): found.get("formatCode", "") for match in FORMAT.finditer(styles)
           if (found := _attributes(match[1]))}  # fmt: skip
    cells = FORMATS_OF_CELLS.search(styles)
    codes = {}
    for number, match in enumerate(FORMAT_OF_CELL.finditer(cells[0] if cells else "")):
        id = _attributes(match[1]).get("numFmtId", "0")
        code = own.get(id) or BUILT_IN.get(int(id) if id.isdigit() else 0, "")
        if code not in ("", "0", "General", "@") and shown_number("1", code) is not None:
            codes[str(number)] = code
    return codes


def _shown(xml: str, codes: Mapping[str, str]) -> Shown:
    numbers, uncomputed, errors = {}, set(), set()
    for match in CELL.finditer(xml):
        about = _attributes(match[1])
        address = ADDRESS.fullmatch(about.get("r", ""))
        if address is None:
            continue
        position = (int(address[2]) - 1, column_number(address[1]) - 1)
        inside = match[2] or ""
        value = VALUE.search(inside)
        if about.get("t") == ERROR:
            errors.add(position)
        elif value is None and FORMULA.search(inside):
            uncomputed.add(position)
        elif value is not None and about.get("t", "n") == "n":
            text = shown_number(value[1], codes.get(about.get("s", ""), ""))
            if text is not None:
                numbers[position] = text
    return Shown(numbers, frozenset(uncomputed), frozenset(errors))


def column_number(letters: str) -> int:
    """Count a column: A is 1, Z 26, AA 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
