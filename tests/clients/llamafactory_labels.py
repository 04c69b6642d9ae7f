"""Prints the token ids and labels that LLaMA-Factory prepares; nothing is trained.

Arguments: a JSON file with a list of jobs, and a folder to work in. A job has a `tokenizer` folder, `rows` of messages,
and `options` of a training, its `template` among them. The answer to a job is a list of ids and labels; rows that
LLaMA-Factory drops are not in it.
"""

import contextlib
import json
import logging
import sys
from functools import cache
from pathlib import Path

from llamafactory.data import get_dataset, get_template_and_fix_tokenizer
from llamafactory.hparams import get_train_args
from transformers import AutoTokenizer

logging.disable(logging.WARNING)
work = Path(sys.argv[2])
INFO = {
    "file_name": "rows.json",
    "formatting": "sharegpt",
    "columns": {"messages": "messages"},
    "tags": {
        "role_tag": "role", "content_tag": "content", "user_tag": "user", "assistant_tag": "assistant",
        "system_tag": "system",
    },
}  # fmt: skip
(work / "dataset_info.json").write_text(json.dumps({"rows": INFO}), encoding="utf-8")


@cache
def tokenizer_of(folder):
    """As its load_tokenizer does; to import that, another trl would be needed."""
    return AutoTokenizer.from_pretrained(folder, split_special_tokens=False, padding_side="right")


def prepared(job):
    (work / "rows.json").write_text(json.dumps([{"messages": row} for row in job["rows"]]), encoding="utf-8")
    model_args, data_args, training_args, _, _ = get_train_args(
        {
            "model_name_or_path": job["tokenizer"], "stage": "sft", "do_train": True, "finetuning_type": "lora",
            "dataset": "rows", "dataset_dir": str(work), "cutoff_len": 1 << 16, "output_dir": str(work),
            "report_to": "none", "use_cpu": True, "bf16": False,
            # Rows at rest would have the tokenizer digested again and again, for seconds.
            "streaming": True, "buffer_size": 1, "dataloader_num_workers": 1, "max_steps": 1,
            **job["options"],
        }
    )  # fmt: skip
    tokenizer = tokenizer_of(job["tokenizer"])
    template = get_template_and_fix_tokenizer(tokenizer, data_args)
    try:
        found = get_dataset(template, model_args, data_args, training_args, stage="sft", tokenizer=tokenizer)
    except RuntimeError:  # where it drops all of them
        return []
    return [{"ids": row["input_ids"], "labels": row["labels"]} for row in found["train_dataset"]]


with contextlib.redirect_stdout(sys.stderr):  # it prints an example
    answers = [prepared(job) for job in json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))]
print(json.dumps(answers))
