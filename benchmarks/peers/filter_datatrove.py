"""Reading, cleaning and filtering with datatrove: one local task from JSON Lines to JSON Lines.

The filters are meant for web pages; limits that no short reply can pass (fifty words, five sentences, English stop
words, a full stop in ASCII at the end of each line) are off. Words are those of the tokenizer it has for Chinese.
"""

from pathlib import Path

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.filters import C4QualityFilter, GopherQualityFilter, GopherRepetitionFilter
from datatrove.pipeline.formatters import FTFYFormatter, PIIFormatter
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers.jsonl import JsonlWriter
from datatrove.utils.typeshelper import Languages
from measured import measure

LANGUAGE = Languages.mandarin_chinese


def kept(path: Path, scratch: Path) -> int:
    out = scratch / "out"
    steps = [
        JsonlReader(str(path.parent)),
        FTFYFormatter(),
        PIIFormatter(),
        GopherRepetitionFilter(language=LANGUAGE),
        GopherQualityFilter(
            min_doc_words=3, min_avg_word_length=1, max_non_alpha_words_ratio=0.5, min_stop_words=0, language=LANGUAGE
        ),
        C4QualityFilter(filter_no_terminal_punct=False, min_num_sentences=-1, min_words_per_line=-1, language=LANGUAGE),
        JsonlWriter(str(out), compression=None),
    ]
    LocalPipelineExecutor(steps, tasks=1, logging_dir=str(scratch / "log")).run()
    return sum(sum(1 for _ in part.open("rb")) for part in out.glob("*.jsonl"))


if __name__ == "__main__":
    measure("datatrove", "filter", kept)
