"""Model folders that others made: poisoned ones, each of which must be refused, and odd ones that must load.

Each entry changes the tiny model in its folder. Whatever runs code out of a folder leaves a file named MARKER in it.
"""

import json
import os
import pickle
import shutil
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from tests.train.tiny import TEMPLATE

MARKER = "this-ran"
Change = Callable[[Path], object]


class Pickled:
    """Leaves the marker when it is unpickled."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Any, ...]:
        return open, (str(self.marker), "w")


def edit(name: str, **values: Any) -> Change:
    """Set keys of a JSON file; None takes one away."""

    def change(folder: Path) -> None:
        path = folder / name
        content = {**json.loads(path.read_text(encoding="utf-8")), **values}
        kept = {key: value for key, value in content.items() if value is not None}
        path.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")

    return change


def write(name: str, text: str) -> Change:
    return lambda folder: (folder / name).write_text(text, encoding="utf-8")


def remove(*names: str) -> Change:
    return lambda folder: [(folder / name).unlink() for name in names]


def all_of(*changes: Change) -> Change:
    return lambda folder: [change(folder) for change in changes]


def template(text: str) -> Change:
    return write("chat_template.jinja", text)


def code(folder: Path) -> None:
    """Python files as repositories bring them, for whatever `auto_map` names."""
    text = f"open({str(folder / MARKER)!r}, 'w').close()\nclass Model: pass\nclass Config: pass\nclass Words: pass\n"
    for name in ("evil", "configuration_evil", "modeling_evil", "tokenization_evil"):
        (folder / f"{name}.py").write_text(text, encoding="utf-8")


def pickled(folder: Path) -> None:
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps(Pickled(folder / MARKER)))


def tensors(change: Callable[[dict[str, torch.Tensor]], object]) -> Change:
    """Change the weights themselves."""

    def apply(folder: Path) -> None:
        weights = dict(load_file(folder / "model.safetensors"))
        change(weights)
        save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})

    return apply


def bytes_of_weights(change: Callable[[bytes], bytes]) -> Change:
    def apply(folder: Path) -> None:
        path = folder / "model.safetensors"
        path.write_bytes(change(path.read_bytes()))

    return apply


def shortened(weights: dict[str, torch.Tensor]) -> None:
    weights["model.embed_tokens.weight"] = weights["model.embed_tokens.weight"][:200].clone()


def linked(name: str, target: str) -> Change:
    """Put a symbolic link in the place of a file, which moves to the target where that is none of the system's."""

    def apply(folder: Path) -> None:
        path, to = folder / name, Path(os.path.normpath(folder / target))
        if to.exists():
            path.unlink()
        else:
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(path, to)
        path.symlink_to(target)

    return apply


def looped(name: str) -> Change:
    return all_of(remove(name), lambda folder: (folder / name).symlink_to(name))


def broken(name: str) -> Change:
    return all_of(remove(name), lambda folder: (folder / name).symlink_to("nothing"))


def searching(folder: Path) -> None:
    """A tokenizer whose pattern takes twice as long for every letter."""
    path = folder / "tokenizer.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    pattern = {
        "type": "Split",
        "pattern": {"Regex": r"(?:(\w|\w\w)+)+(?=\d\d)"},
        "behavior": "Isolated",
        "invert": False,
    }
    content["pre_tokenizer"] = {"type": "Sequence", "pretokenizers": [pattern, content["pre_tokenizer"]]}
    path.write_text(json.dumps(content), encoding="utf-8")


def fifo(name: str) -> Change:
    def apply(folder: Path) -> None:
        (folder / name).unlink(missing_ok=True)
        os.mkfifo(folder / name)

    return apply


def sparse(name: str) -> Change:
    """A file of 100 GB that takes no room."""
    return lambda folder: os.truncate(folder / name, 100 << 30)


def sharded(folder: Path, names: tuple[str, str] = ("a.safetensors", "b.safetensors")) -> None:
    """Cut the weights into two files, with the index that names them."""
    weights = sorted(load_file(folder / "model.safetensors").items())
    (folder / "model.safetensors").unlink()
    halves = {names[0]: dict(weights[:5]), names[1]: dict(weights[5:])}
    for name, part in halves.items():
        save_file(part, folder / name, metadata={"format": "pt"})
    index = {"metadata": {"total_size": 1}, "weight_map": {t: name for name, part in halves.items() for t in part}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index), encoding="utf-8")


def elsewhere(folder: Path) -> None:
    """An adapter, which names another folder as its base."""
    shutil.copytree(folder, folder.parent / "other")
    for path in folder.iterdir():
        path.unlink()
    names = {"base_model_name_or_path": str(folder.parent / "other"), "peft_type": "LORA", "task_type": "CAUSAL_LM"}
    (folder / "adapter_config.json").write_text(json.dumps(names), encoding="utf-8")


def emptied(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


AUTO_MAP = {
    "AutoConfig": "configuration_evil.Config",
    "AutoModelForCausalLM": "modeling_evil.Model",
    "AutoTokenizer": ["tokenization_evil.Words", None],
}
EVIL_MODEL = all_of(code, edit("config.json", model_type="evil", architectures=["EvilForCausalLM"], auto_map=AUTO_MAP))
WORDS_MAP = {"AutoTokenizer": AUTO_MAP["AutoTokenizer"]}
EVIL_WORDS = all_of(code, edit("tokenizer_config.json", tokenizer_class="EvilTokenizer", auto_map=WORDS_MAP))
LOOP = "{% for a in range(99999) %}{% for b in range(99999) %}{% for c in range(99999) %}{% endfor %}{% endfor %}"
RAISES_ON_SYSTEM = "{% if messages[0]['role'] == 'system' %}{{ raise_exception('no system here') }}{% endif %}"

POISONED: dict[str, tuple[Change, str]] = {
    # What would run, or be opened, out of the folder.
    "code for the model": (EVIL_MODEL, "code"),
    "code for the model, tokenizer known": (all_of(EVIL_MODEL, edit("tokenizer_config.json", auto_map=None)), "code"),
    "code for the tokenizer": (EVIL_WORDS, "code"),
    "code for the tokenizer alone": (all_of(EVIL_WORDS, remove("tokenizer.json")), "code"),
    "a pickle alone": (all_of(pickled, remove("model.safetensors")), "safetensors"),
    "a pickle named by the configuration": (
        all_of(pickled, edit("config.json", transformers_weights="pytorch_model.bin")), "transformers_weights"),
    "a pickle in an index": (
        all_of(pickled, remove("model.safetensors"),
               write("pytorch_model.bin.index.json", '{"weight_map": {"a": "pytorch_model.bin"}}')), "safetensors"),
    "an adapter of another folder": (elsewhere, "adapter"),
    "a symbolic link out of the folder": (linked("tokenizer.json", "../secret/tokenizer.json"), "tokenizer.json"),
    "a link to weights elsewhere": (linked("model.safetensors", "../secret/model.safetensors"), "model.safetensors"),
    "shards out of the folder": (
        lambda folder: sharded(folder, ("../a.safetensors", "b.safetensors")), "model.safetensors.index.json"),
    # What would hang.
    "a fifo as the configuration": (fifo("config.json"), "config.json"),
    "a fifo as the weights": (fifo("model.safetensors"), "model.safetensors"),
    "a fifo as settings of generation": (fifo("generation_config.json"), "generation_config.json"),
    "a device as the tokenizer": (linked("tokenizer.json", "/dev/zero"), "tokenizer.json"),
    "a configuration of 100 GB": (sparse("config.json"), "config.json"),
    "a thousand million layers": (edit("config.json", num_hidden_layers=10**9), "config.json"),
    # Missing, empty, cut, broken.
    "nothing at all": (emptied, "config.json"),
    "no configuration": (remove("config.json"), "config.json"),
    "an empty configuration": (write("config.json", ""), "config.json"),
    "a configuration cut short": (write("config.json", '{"model_type": "lla'), "config.json"),
    "a configuration that is a list": (write("config.json", "[]"), "config.json"),
    "a configuration too deep": (write("config.json", "[" * 100_000), "config.json"),
    "a configuration in another encoding": (lambda f: (f / "config.json").write_bytes(b"\xff\xfe{\x00"), "config.json"),
    "no type of model": (edit("config.json", model_type=None, architectures=None), "model_type"),
    "an unknown type of model": (edit("config.json", model_type="zork"), "zork"),
    "a type of model that is a number": (edit("config.json", model_type=7), "model_type"),
    "a model that answers nothing": (edit("config.json", model_type="vit"), "vit"),
    "no weights": (remove("model.safetensors"), "safetensors"),
    "empty weights": (bytes_of_weights(lambda b: b""), "model.safetensors"),
    "weights cut short": (bytes_of_weights(lambda b: b[: len(b) // 2]), "model.safetensors"),
    "weights with a header that lies": (
        bytes_of_weights(lambda b: struct.pack("<Q", 1 << 62) + b[8:]), "model.safetensors"),
    "weights with a header that is no JSON": (bytes_of_weights(lambda b: b[:8] + b"x" + b[9:]), "model.safetensors"),
    "a pointer in the place of the weights": (
        write("model.safetensors", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"),
        "model.safetensors"),
    "a missing shard": (all_of(sharded, remove("b.safetensors")), "b.safetensors"),
    "an index that is no JSON": (all_of(sharded, write("model.safetensors.index.json", "{")), "index"),
    "an index of numbers": (all_of(sharded, write("model.safetensors.index.json", '{"weight_map": [1]}')), "index"),
    # Sizes that do not fit.
    "another width": (edit("config.json", hidden_size=32, head_dim=None), "fit"),
    "another width within": (edit("config.json", intermediate_size=100), "fit"),
    "a layer too many": (edit("config.json", num_hidden_layers=3), "fit"),
    "a missing tensor": (tensors(lambda w: w.pop("model.layers.1.mlp.up_proj.weight")), "fit"),
    "a vocabulary of a thousand million": (edit("config.json", vocab_size=10**9), "fit"),
    "a width within of a thousand million": (edit("config.json", intermediate_size=10**10), "fit"),
    "no head at all": (edit("config.json", num_attention_heads=0), "config.json"),
    "sizes that are text": (edit("config.json", hidden_size="large"), "config.json"),
    "a vocabulary less than that of the tokenizer": (
        all_of(edit("config.json", vocab_size=200, pad_token_id=0, bos_token_id=0, eos_token_id=0), tensors(shortened)),
        "tokenizer"),
    "fewer layers than there are weights": (edit("config.json", num_hidden_layers=1), "fit"),
    "no layers": (edit("config.json", num_hidden_layers=0), "fit"),
    "less than no layers": (edit("config.json", num_hidden_layers=-1), "cannot be used"),
    "layers that are yes": (edit("config.json", num_hidden_layers=True), "cannot be used"),
    "heads of a thousand million": (edit("config.json", num_key_value_heads=10**9), "fit"),
    "a head of a thousand million": (edit("config.json", head_dim=10**9), "fit"),
    "an unknown activation": (edit("config.json", hidden_act="zork"), "zork"),
    "an unknown way to turn": (edit("config.json", rope_parameters={"rope_type": "zork"}), "zork"),
    "a packing that needs more": (edit("config.json", quantization_config={"quant_method": "gptq"}), "cannot be used"),
    "text that is no configuration": (edit("config.json", text_config="x"), "cannot be used"),
    # Links that lead nowhere.
    "a link to itself": (looped("config.json"), "config.json"),
    "a link to nothing": (broken("tokenizer.json"), "tokenizer.json"),
    # Tokenizer and template.
    "a tokenizer that searches for ever": (searching, "tokenizer"),
    "no tokenizer": (remove("tokenizer.json", "tokenizer_config.json"), "token"),
    "a tokenizer that is no JSON": (write("tokenizer.json", "{"), "tokenizer.json"),
    "a tokenizer of nothing": (write("tokenizer.json", "{}"), "token"),
    "a tokenizer_config that is no JSON": (write("tokenizer_config.json", "{"), "tokenizer_config.json"),
    "no end of text": (edit("tokenizer_config.json", eos_token=None, pad_token=None), "end"),
    "no chat template": (remove("chat_template.jinja"), "chat template"),
    "a template that does not compile": (template("{% for m in messages %}"), "chat template"),
    "a template of an unknown filter": (template("{{ messages | zork }}"), "chat template"),
    "a template that refuses everything": (template("{{ raise_exception('no') }}"), "chat template"),
    "a template that reaches out": (template("{{ ''.__class__.__mro__[1].__subclasses__() }}"), "chat template"),
    "a template that loops": (template(LOOP + "{% endfor %}" + TEMPLATE), "chat template"),
    "a template that counts for ever": (template("{{ 10 ** (10 ** 10) }}" + TEMPLATE), "chat template"),
    "a template that grows": (template("{{ 'x' * 10 ** 11 }}" + TEMPLATE), "chat template"),
    "a template that grows slowly": (template("{{ 'x' * 10 ** 7 }}" + TEMPLATE), "chat template"),
    "a template that says nothing": (template("{{ '<|im_start|>' }}"), "chat template"),
}  # fmt: skip
"""What is done to the folder, and a word that the sentence about it holds."""


def in_the_cache(folder: Path) -> None:
    """As the local model cache has it: a snapshot holds links to blobs beside it. The folder becomes a link, too."""
    home = folder.parent / "models--somebody--tiny"
    snapshot, blobs = home / "snapshots" / "0123abcd", home / "blobs"
    snapshot.parent.mkdir(parents=True)
    blobs.mkdir()
    shutil.move(folder, snapshot)
    for n, path in enumerate(sorted(snapshot.iterdir())):
        shutil.move(path, blobs / str(n))
        path.symlink_to(f"../../blobs/{n}")
    folder.symlink_to(snapshot)


def moved(folder: Path, name: str) -> None:
    """Give the folder another name; the old one is a link."""
    shutil.move(folder, folder.parent / name)
    folder.symlink_to(folder.parent / name)


def template_in_configuration(folder: Path) -> None:
    text = (folder / "chat_template.jinja").read_text(encoding="utf-8")
    remove("chat_template.jinja")(folder)
    edit("tokenizer_config.json", chat_template=text)(folder)


NAMED_TEMPLATES = [{"name": "default", "template": TEMPLATE}, {"name": "tool_use", "template": TEMPLATE}]
LONG_HEADER = "{% if messages[0]['role'] != 'system' %}{{ 'Rules. ' * 2000 }}{% endif %}" + TEMPLATE
STRICT_TURNS = (
    "{% for m in messages %}{% if (m['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('turns') }}"
    "{% endif %}{% endfor %}" + TEMPLATE
)

GOOD: dict[str, Change] = {
    "as it is": lambda folder: None,
    "with code that is not needed": all_of(code, edit("config.json", auto_map=AUTO_MAP)),
    "with code for a tokenizer that is known": all_of(code, edit("tokenizer_config.json", auto_map=WORDS_MAP)),
    "with a pickle beside the weights": pickled,
    "with files of all kinds": all_of(
        write("README.md", "x"), write("train.py", "x"), lambda folder: (folder / "images").mkdir()),
    "in two shards": sharded,
    "with a link within": linked("tokenizer.json", "files/tokenizer.json"),
    "as a link itself": lambda folder: moved(folder, "real"),
    "under a Chinese name with spaces": lambda folder: moved(folder, "模型 一号 (v1)"),
    "in the local cache": in_the_cache,
    "in bfloat16": tensors(lambda w: w.update({name: t.bfloat16() for name, t in w.items()})),
    "without settings of generation": remove("generation_config.json"),
    "with broken settings of generation": write("generation_config.json", "{"),
    "with keys that nobody knows": edit("config.json", zork={"a": [1]}, quantized_by="x"),
    "with its template in the configuration": template_in_configuration,
    "with several templates": all_of(
        remove("chat_template.jinja"), edit("tokenizer_config.json", chat_template=NAMED_TEMPLATES)),
    "with a template that refuses system messages": template(RAISES_ON_SYSTEM + TEMPLATE),
    "with a template that wants turns": template(STRICT_TURNS),
    "with a long system prompt": template(LONG_HEADER),
    "without a padding token": edit("tokenizer_config.json", pad_token=None),
    "without a name of its architecture": edit("config.json", architectures=None),
    "with a wrong name of its architecture": edit("config.json", architectures=["ZorkForCausalLM"]),
    "with a folder that is called like a file": lambda folder: (folder / "extra.json").mkdir(),
    "with a note on packing that nobody knows": edit("config.json", quantization_config={"quant_method": "zork"}),
    "with room for a long conversation": edit("config.json", max_position_embeddings=10**12),
    "for reading only": lambda folder: [path.chmod(0o444) for path in folder.iterdir()],
    "with more rows than the tokenizer has tokens": all_of(
        edit("config.json", vocab_size=320),
        tensors(lambda w: w.update({"model.embed_tokens.weight": torch.zeros(320, 64)}))),
}  # fmt: skip
