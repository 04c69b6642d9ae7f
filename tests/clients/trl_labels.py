"""Prints the token ids and labels that TRL's SFTTrainer prepares; nothing is trained.

Arguments: a JSON file with a list of jobs, and a folder to work in. A job has a `tokenizer` folder, `rows` of messages,
a `way`, and perhaps a `template` of those that TRL brings and a `max_length`. The way "assistant" is
`assistant_only_loss`; "completion" gives the last message as the completion, with `options` for the chat template. The
answer to a job is a list of ids and labels, or the name of the error with which TRL refuses it.
"""

import json
import logging
import sys
from functools import cache
from pathlib import Path

from datasets import Dataset
from jinja2 import TemplateError
from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM
from trl import SFTConfig, SFTTrainer
from trl import __file__ as trl

logging.disable(logging.WARNING)


@cache
def model():
    """The trainer wants one; preparing rows does not use it."""
    return LlamaForCausalLM(
        LlamaConfig(vocab_size=8, hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=1)
    )


@cache
def tokenizer_of(folder):
    return AutoTokenizer.from_pretrained(folder)


def row_of(job, messages):
    if job["way"] == "assistant":
        return {"messages": messages}
    row = {"prompt": messages[:-1], "completion": messages[-1:]}
    return {**row, "chat_template_kwargs": job["options"]} if job.get("options") else row


def prepared(job):
    """Rows are streamed: TRL digests the tokenizer of a data set at rest again and again, for seconds."""
    tokenizer = tokenizer_of(job["tokenizer"])
    own = tokenizer.chat_template
    if job.get("template"):
        tokenizer.chat_template = Path(trl).with_name("chat_templates").joinpath(job["template"]).read_text("utf-8")
    try:
        trainer = SFTTrainer(
            model=model(),
            processing_class=tokenizer,
            train_dataset=Dataset.from_list([row_of(job, row) for row in job["rows"]]).to_iterable_dataset(),
            args=SFTConfig(
                output_dir=sys.argv[2], assistant_only_loss=job["way"] == "assistant", max_length=job.get("max_length"),
                max_steps=1, report_to="none", use_cpu=True, bf16=False, disable_tqdm=True,
            ),
        )  # fmt: skip
        return [{"ids": row["input_ids"], "labels": row["labels"]} for row in trainer.train_dataset]
    except (TemplateError, RuntimeError, ValueError) as error:
        return type(error).__name__
    finally:
        tokenizer.chat_template = own


print(json.dumps([prepared(job) for job in json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))]))
