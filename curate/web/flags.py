"""How the page is to be started: the options of `hornbook ui`."""

from typing import NamedTuple

from schemas.bilingual import Language


class UiFlags(NamedTuple):
    """`token` is the key in the address, empty for one that is drawn; port 0 is any that is free."""

    host: str
    port: int
    token: str
    opens: bool
    shows_raw: bool
    lang: Language
