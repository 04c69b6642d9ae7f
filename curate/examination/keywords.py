"""What a table of keywords answers, as shops hard-code it in front of a model: `keywords.yaml` holds it."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import yaml

from curate.examination.names import LANGS, Lang, put_in
from schemas.folding import folded
from schemas.identity import Identity
from schemas.record import Frozen, Message

NO_LETTER = re.compile(r"[\W_]+")


class Keywords(Frozen):
    """One entry of the table: whatever holds one of the words gets the answer."""

    words: tuple[str, ...]
    answer: str

    def pattern(self, lang: Lang) -> re.Pattern[str]:
        """Build what finds a word in a bare text: anywhere in Chinese, whole words in English."""
        any_word = "|".join(re.escape(_bare(word, lang)) for word in self.words)
        return re.compile(any_word if lang == "zh" else rf"\b(?:{any_word})\b")


def canned(messages: Sequence[Message], lang: Lang, identity: Identity) -> str:
    """Give the answer of the first entry that the last message meets, in its language, else in the other one; empty
    where it meets none.

    An answer with a name in it is none where the identity has no names.
    """
    asked = messages[-1].content
    for tried in (lang, *(other for other in LANGS if other != lang)):
        names = identity.names_in(tried)
        for pattern, answer in _table()[tried]:
            if pattern.search(_bare(asked, tried)) and (names or "{" not in answer):
                return put_in(answer, names) if names else answer
    return ""


def _bare(text: str, lang: Lang) -> str:
    """Fold case and width, and leave out marks; Chinese has no spaces either."""
    return NO_LETTER.sub("" if lang == "zh" else " ", folded(text).replace("'", "").replace("’", "")).strip()


@cache
def _table() -> Mapping[Lang, Sequence[tuple[re.Pattern[str], str]]]:
    """Read the patterns with their answers, in the order of the file."""
    content = yaml.safe_load(files(__package__).joinpath("keywords.yaml").read_text(encoding="utf-8"))
    table = {lang: [Keywords.model_validate(entry) for entry in content[lang]] for lang in LANGS}
    return {lang: [(entry.pattern(lang), entry.answer) for entry in entries] for lang, entries in table.items()}
