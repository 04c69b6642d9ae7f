"""Reads a folder of pairs with LLaMA-Factory's loader, by its dataset_info.json, and prints the sides that it sees."""

import json
import sys

from llamafactory.data import get_dataset, get_template_and_fix_tokenizer
from llamafactory.data.loader import _get_merged_dataset
from llamafactory.hparams import get_train_args
from transformers import AutoTokenizer

folder, model, work = sys.argv[1:4]
with open(f"{folder}/dataset_info.json", encoding="utf-8") as file:  # noqa: PTH123 - nothing else is imported for it
    names = list(json.load(file))
model_args, data_args, training_args, _, _ = get_train_args(
    {
        "model_name_or_path": model, "stage": "dpo", "do_train": True, "finetuning_type": "lora",
        "dataset": ",".join(names), "dataset_dir": folder, "template": "qwen", "cutoff_len": 1024, "output_dir": work,
        "report_to": "none",
        "use_cpu": True, "overwrite_cache": True, "preprocessing_num_workers": 1, "bf16": False, "fp16": False,
    }
)  # fmt: skip
tokenizer = AutoTokenizer.from_pretrained(model)
aligned = _get_merged_dataset(data_args.dataset, model_args, data_args, training_args, "rm")
template = get_template_and_fix_tokenizer(tokenizer, data_args)
prepared = get_dataset(template, model_args, data_args, training_args, stage="rm", tokenizer=tokenizer)["train_dataset"]


def learnt(row, side):
    return tokenizer.decode([label for label in row[f"{side}_labels"] if label != -100], skip_special_tokens=True)


print(
    json.dumps(
        {
            "aligned": [{key: row[key] for key in ("_prompt", "_response", "_system")} for row in aligned],
            "learnt": [{side: learnt(row, side) for side in ("chosen", "rejected")} for row in prepared],
        },
        ensure_ascii=False,
    )
)
