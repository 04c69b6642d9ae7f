"""Takes a folder through TRL's way of supervised tuning: load, template, tokenize, one step."""

import json
import sys

from datasets import load_dataset
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl import SFTConfig, SFTTrainer

folder, model, work = sys.argv[1:4]
tokenizer = AutoTokenizer.from_pretrained(model)
rows = load_dataset(folder, split="train")
trainer = SFTTrainer(
    model=AutoModelForCausalLM.from_pretrained(model),
    processing_class=tokenizer,
    train_dataset=rows,
    args=SFTConfig(
        output_dir=work, max_steps=1, per_device_train_batch_size=2, max_length=1024, report_to="none", use_cpu=True,
        save_strategy="no", bf16=False, fp16=False, packing=False, seed=7, gradient_checkpointing=False,
    ),
)  # fmt: skip
prepared = trainer.train_dataset
texts = [tokenizer.decode(prepared[n]["input_ids"]) for n in range(5)]
done = trainer.train()
print(json.dumps({"rows": len(prepared), "texts": texts, "loss": done.training_loss}, ensure_ascii=False))
