"""What a file is that is called a workbook and is none."""

from schemas.bilingual import Bilingual
from schemas.errors import InputError

KINDS: tuple[tuple[tuple[bytes, ...], Bilingual], ...] = (
    ((b"%PDF",), Bilingual("a PDF document", "PDF 文档")),
    ((b"{\\rtf",), Bilingual("a rich text document", "RTF 文档")),
    ((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*"), Bilingual("a picture", "图片")),
    ((b"Rar!", b"7z\xbc\xaf"), Bilingual("a packed archive", "压缩包")),
    ((b"SQLite format 3",), Bilingual("a database", "数据库文件")),
)
"""What files of a kind begin with."""
MARKS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
"""Byte order marks: what begins with one is text."""
CONTROL = bytes(range(9)) + bytes(range(14, 32))
NO_TEXT = 0.02
"""The share of control characters that no text has."""
WORKBOOKS = (b"[Content_Types].xml", b"xl/", b"application/vnd.oasis.opendocument.spreadsheet")
"""What stands in the first entries of the zip that a workbook is."""
BETWEEN_CELLS = (b"\t", b",", b";", b"|")
SPREADSHEET = b"urn:schemas-microsoft-com:office:spreadsheet"


def begins_with_markup(start: bytes) -> bool:
    """Tell whether the first bytes of a file open an element of HTML or XML."""
    return start.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<")


def is_workbook(start: bytes) -> bool:
    """Tell whether the first bytes of a file are those of a workbook, of Excel or OpenDocument."""
    return start.startswith(b"\xd0\xcf\x11\xe0") or (
        start.startswith(b"PK\x03\x04") and any(mark in start for mark in WORKBOOKS)
    )


def is_parquet(start: bytes) -> bool:
    """Tell whether the first bytes of a file are those of Parquet: the name of the format, and no text behind it."""
    return start.startswith(b"PAR1\x15")


def is_spreadsheet_xml(start: bytes) -> bool:
    """Tell whether the first bytes of a file open a workbook that is XML, as Excel 2003 wrote it."""
    return begins_with_markup(start) and SPREADSHEET in start.replace(b"\0", b"")


def check_no_disguise(start: bytes) -> None:
    """Raise InputError for a file with the name of a workbook that is neither one nor a table or a page as text.

    `start` are its first bytes. Many systems export tables of text under the name of a workbook: those are read.
    """
    kind = _kind(start)
    if kind is not None:
        raise InputError(
            f"called an Excel workbook, but it is {kind.en}; export it again, or give it its right ending",
            f"名字是 Excel 工作簿，内容却是{kind.zh}；请重新导出，或改回正确的后缀",
        )


def _kind(start: bytes) -> Bilingual | None:
    """Find what the file is; None for a page or a table of text."""
    kind = next((kind for beginnings, kind in KINDS if start.startswith(beginnings)), None)
    if kind is not None:
        return kind
    if not start.startswith(MARKS) and len(start.translate(None, CONTROL)) < (1 - NO_TEXT) * len(start):
        return Bilingual("bytes of no kind that is known, perhaps a damaged file", "无法识别的内容，可能已损坏")
    first_line = start.strip().partition(b"\n")[0]
    if begins_with_markup(start) or any(mark in first_line for mark in BETWEEN_CELLS):
        return None
    return Bilingual("plain text without columns", "没有分列的纯文本")
