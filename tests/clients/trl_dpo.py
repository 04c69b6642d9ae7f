"""Takes a folder of pairs through TRL's way of preference tuning: load, template, tokenize, one step of an adapter."""

import hashlib
import json
import sys

from datasets import load_dataset
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl import DPOConfig, DPOTrainer

folder, model, adapter, work = sys.argv[1:5]


def weights(of):
    """Digest the weights of the adapter by name, those of the copy that TRL compares with left out."""
    own = {name: value for name, value in of.named_parameters() if "lora_" in name and ".ref." not in name}
    return {name: hashlib.sha256(value.detach().numpy().tobytes()).hexdigest() for name, value in sorted(own.items())}


tokenizer = AutoTokenizer.from_pretrained(model)
tuned = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(model), adapter, is_trainable=True)
before = weights(tuned)
trainer = DPOTrainer(
    model=tuned,
    processing_class=tokenizer,
    train_dataset=load_dataset(folder, split="train"),
    args=DPOConfig(
        output_dir=work, max_steps=1, per_device_train_batch_size=4, max_length=1024, learning_rate=0.01,
        logging_steps=1, report_to="none", use_cpu=True, save_strategy="no", bf16=False, fp16=False, seed=7,
        gradient_checkpointing=False,
    ),
)  # fmt: skip
prepared = [trainer.train_dataset[n] for n in range(len(trainer.train_dataset))]
done = trainer.train()
trainer.save_model(work)
after = weights(trainer.model)
print(
    json.dumps(
        {
            "pairs": [
                {side: tokenizer.decode(row[f"{side}_ids"]) for side in ("prompt", "chosen", "rejected")}
                for row in prepared
            ],
            "loss": done.training_loss,
            "weights": len(before),
            "changed": sum(before[name] != after.get(name) for name in before),
        },
        ensure_ascii=False,
    )
)
