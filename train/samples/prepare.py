"""All samples of a version, and what cannot be trained on."""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.record import Record
from train.models.chat_template import ChatFormat
from train.models.thinking import split_thought
from train.samples.label_mask import Skipped, TokenizedRecord, tokenized


@dataclass(frozen=True)
class PreparedSamples:
    """What became of the records: the samples that are trained on, in order, and what is left out."""

    records: int
    samples: tuple[TokenizedRecord, ...]
    skipped: tuple[Skipped, ...]
    with_thoughts: tuple[str, ...]
    """Ids of the records whose answers hold a block of thinking."""

    @property
    def rows(self) -> int:
        """Count the records that are trained on, wholly or in a part of their answers."""
        return len({sample.id for sample in self.samples})

    @property
    def truncated(self) -> tuple[str, ...]:
        """List the records that lose their oldest exchanges in any of their samples."""
        return tuple(dict.fromkeys(sample.id for sample in self.samples if sample.messages_cut))


def prepare_samples(records: Sequence[Record], chat: ChatFormat, max_tokens: int, end: int | None) -> PreparedSamples:
    """Tokenize every record; `end` ends an answer where the template writes no token for that."""
    outcomes = [outcome for record in records for outcome in tokenized(record, chat, max_tokens, end)]
    return PreparedSamples(
        records=len(records),
        samples=tuple(outcome for outcome in outcomes if isinstance(outcome, TokenizedRecord)),
        skipped=tuple(outcome for outcome in outcomes if isinstance(outcome, Skipped)),
        with_thoughts=tuple(record.id for record in records if _has_thought(record)),
    )


def _has_thought(record: Record) -> bool:
    return any(m.role == "assistant" and split_thought(m.content).answer != m.content for m in record.messages)
