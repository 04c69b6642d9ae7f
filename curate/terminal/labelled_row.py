"""What `hornbook labels` prints of a row: its tokens, those that are learnt marked, and what was cut or left out."""

from collections.abc import Sequence
from itertools import groupby

from rich.console import Console
from rich.text import Text

from curate.report.row_notes import left_out_notes, sample_notes, settings_note, which_row
from curate.report.visible_text import LINE_FEED, escaped, runs, visible
from schemas.bilingual import Bilingual
from schemas.labelled_row import LabelledRow, Piece

LEARNT, CONTROL, EVERY_SECOND, STAND_IN = "black on green", "cyan", "underline", "bold"
"""Styles. Every second token is underlined: so each can be seen in any colours."""
OPENS, CLOSES = "⟦", "⟧"
"""What stands around learnt text where there are no colours."""
STAND_INS = Bilingual(f"; {LINE_FEED} line feed; \\x1b unprintable", f"；{LINE_FEED} 换行；\\x1b 不可显示")


def print_row(console: Console, row: LabelledRow, origin: Bilingual) -> None:
    """Print the row as every sample that is made of it; `origin` says where the settings come from."""
    has_colour = console.color_system is not None and not console.no_color
    _print(console, Text(str(which_row(row))))
    _print(console, Text(str(settings_note(row, origin))))
    if row.samples:
        _print(console, _coloured_legend() if has_colour else _plain_legend())

    for sample in row.samples:
        console.print()
        for note in sample_notes(sample, row.max_tokens):
            _print(console, Text(str(note)))
        _print(console, (_coloured if has_colour else _marked)(sample.pieces))

    if left_out := list(left_out_notes(row)):
        console.print()
    for note in left_out:
        _print(console, Text(str(note)))


def _print(console: Console, text: Text) -> None:
    """Print a text, folded to the width of the terminal."""
    console.print(text, overflow="fold", highlight=False)


def _coloured_legend() -> Text:
    return Text.assemble(
        (str(Bilingual("learnt", "学习")), LEARNT),
        str(Bilingual("; every second token ", "；每隔一个词元")),
        (str(Bilingual("underlined", "加下划线")), EVERY_SECOND),
        str(STAND_INS),
    )


def _plain_legend() -> Text:
    learnt = Bilingual(f"{OPENS}learnt{CLOSES}, all else not", f"{OPENS}学习{CLOSES}，其余不学习")
    return Text(f"{learnt}{STAND_INS}")


def _coloured(pieces: Sequence[Piece]) -> Text:
    """Write the pieces in colours, every second one underlined."""
    text = Text()
    for number, piece in enumerate(pieces):
        colour = LEARNT if piece.learnt else CONTROL if piece.control else ""
        for shown, stands_in in runs(piece.text):
            styles = (colour, EVERY_SECOND if number % 2 else "", STAND_IN if stands_in else "")
            text.append(shown, " ".join(filter(None, styles)))
    return _without_last_line_feed(text)


def _marked(pieces: Sequence[Piece]) -> Text:
    """Write the pieces as one text, with marks around what is learnt."""
    text = Text()
    for learnt, group in groupby(pieces, lambda piece: piece.learnt):
        shown = visible("".join(piece.text for piece in group))
        for mark in (OPENS, CLOSES):  # of the row itself: they must not look like ours
            shown = shown.replace(mark, escaped(mark))
        text.append(f"{OPENS}{shown}{CLOSES}" if learnt else shown)
    return _without_last_line_feed(text)


def _without_last_line_feed(text: Text) -> Text:
    """Take away the line feed at the end: printing adds one."""
    if text.plain.endswith("\n"):
        text.right_crop(1)
    return text
