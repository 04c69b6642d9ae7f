"""What a file is that is called a workbook and is none."""

from schemas.bilingual import Words
from schemas.errors import InputError

KINDS: tuple[tuple[tuple[bytes, ...], Words], ...] = (
    ((b"%PDF",), Words("a PDF document", "PDF 文档")),
    ((b"{\\rtf",), Words("a rich text document", "RTF 文档")),
    ((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*"), Words("a picture", "图片")),
    ((b"Rar!", b"7z\xbc\xaf"), Words("a packed archive", "压缩包")),
    ((b"SQLite format 3",), Words("a database", "数据库文件")),
)
"""What files of a kind begin with."""
MARKS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
CONTROL = bytes(range(9)) + bytes(range(14, 32))
NO_TEXT = 0.02
"""The share of control characters that no text has."""
BETWEEN_CELLS = (b"\t", b",", b";", b"|")


def check_no_disguise(start: bytes) -> None:
    """Raises InputError for a file with the name of a workbook that is neither one nor a table or a page as text.

    `start` are its first bytes. Many systems export tables of text under the name of a workbook: those are read.
    """
    kind = next((words for begins, words in KINDS if start.startswith(begins)), None)
    if (
        kind is None
        and not start.startswith(MARKS)
        and len(start.translate(None, CONTROL)) < (1 - NO_TEXT) * len(start)
    ):
        kind = Words("bytes of no kind that is known, perhaps a damaged file", "无法识别的内容，可能已损坏")
    if kind is None and not start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        first = start.strip().partition(b"\n")[0]
        if not any(mark in first for mark in BETWEEN_CELLS):
            kind = Words("plain text without columns", "没有分列的纯文本")
    if kind is not None:
        raise InputError(
            f"called an Excel workbook, but it is {kind.en}; export it again, or give it its right ending",
            f"名字是 Excel 工作簿，内容却是{kind.zh}；请重新导出，或改回正确的后缀",
        )
