"""Every error that a user may meet, and the exit code it ends the program with.

HornbookError
├── RecipeError    2  the recipe is wrong; nothing was touched
├── InputError     2  a file, an option or the installation is wrong; nothing was touched
├── GateError      1  the dataset or the run failed a check
├── LockedError    3  somebody else is writing
├── ServiceError   4  an outside service failed; progress is kept
└── StoreError     5  what is on disk is not what was written

Each is one sentence in both languages. None quotes the content of a row; what a person needs to see to decide is kept
beside it in `previews`.
"""

from collections.abc import Sequence

from schemas.bilingual import Bilingual


class HornbookError(Exception):
    """One sentence for the user. `exit_code` is what the program ends with.

    `previews` are pairs of a name and a line of content, to choose between: shown on a terminal and written nowhere.
    """

    exit_code = 1

    def __init__(self, en: str, zh: str, previews: Sequence[tuple[str, str]] = ()) -> None:
        self.sentence = Bilingual(en, zh)
        self.previews = tuple(previews)
        super().__init__(en)

    def __reduce__(self) -> tuple[type["HornbookError"], tuple[str, str]]:
        """Say how it comes back from another process."""
        return type(self), (self.sentence.en, self.sentence.zh)

    def __str__(self) -> str:
        return str(self.sentence)


class RecipeError(HornbookError):
    exit_code = 2


class InputError(HornbookError):
    exit_code = 2


class GateError(HornbookError):
    exit_code = 1


class LockedError(HornbookError):
    exit_code = 3


class ServiceError(HornbookError):
    exit_code = 4


class StoreError(HornbookError):
    exit_code = 5
