"""The plan of a training, counted: what the samples hold, how many steps they take, and what speaks against it."""

from collections import Counter

from schemas.job import TrainSettings
from schemas.record import Record
from schemas.training_plan import CountedRow, OwnNames, TrainingPlan, counted_row, doses_of, training_plan
from train.samples.prepare import PreparedSamples
from train.version_reader import TrainingVersion


def counted_plan(version: TrainingVersion, prepared: PreparedSamples, settings: TrainSettings) -> TrainingPlan:
    """Plan the training on the samples that were made; records that are not trained on do not count."""
    learnt: Counter[str] = Counter()
    for sample in prepared.samples:
        learnt[sample.id] += sample.label_tokens()
    names = OwnNames(version.manifest.identity)
    rows = (_counted(record, learnt[record.id], names) for record in version.records if record.id in learnt)
    return training_plan(doses_of(rows), len(prepared.samples), settings, is_counted=True)


def _counted(record: Record, label_tokens: int, names: OwnNames) -> CountedRow:
    turns = [(message.role, message.content) for message in record.messages]
    return counted_row((record.kind, record.lang), turns, record.tags, label_tokens, names)
