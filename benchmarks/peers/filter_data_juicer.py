"""Reading, cleaning and filtering with data-juicer: the operators nearest to ours that need no download, one process.

Left out for that reason: flagged_words_filter, language_id_score_filter and all that count tokens.
"""

from pathlib import Path

from data_juicer.core.data import NestedDataset
from data_juicer.ops import load_ops
from datasets import load_dataset
from measured import measure

SETTINGS = {
    "fix_unicode_mapper": {},
    "clean_email_mapper": {},
    "clean_ip_mapper": {},
    "clean_links_mapper": {},
    "punctuation_normalization_mapper": {},
    "whitespace_normalization_mapper": {},
    "text_length_filter": {"min_len": 6, "max_len": 8000},
    "character_repetition_filter": {"rep_len": 5, "max_ratio": 0.5},
    "word_repetition_filter": {"rep_len": 5, "max_ratio": 0.5},
    "special_characters_filter": {"max_ratio": 0.7},
    "alphanumeric_filter": {"min_ratio": 0.25},
}


def kept(path: Path, scratch: Path) -> int:
    operators = load_ops([{name: settings | {"num_proc": 1}} for name, settings in SETTINGS.items()])
    given = load_dataset("json", data_files=str(path), split="train", cache_dir=str(scratch / "cache"))
    done = NestedDataset(given).process(operators, open_monitor=False)
    done.to_json(str(scratch / "kept.jsonl"), force_ascii=False)
    return len(done)


if __name__ == "__main__":
    measure("py-data-juicer", "filter", kept)
