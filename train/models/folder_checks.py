"""What a model folder must be before any library opens it: plain files of its own, and weights that fit its sizes.

A folder comes from anywhere. A fifo or a device would hang whoever reads it, a link may lead out of the folder, a
pickle runs code when it is opened, and a configuration may ask for a thousand million layers.
"""

import json
import math
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from schemas.errors import InputError

CONFIG, WEIGHTS, INDEX, ADAPTER = (
    "config.json", "model.safetensors", "model.safetensors.index.json", "adapter_config.json",
)  # fmt: skip
LARGEST_JSON = 1 << 28
"""Bytes of a JSON file or a template; the largest tokenizers take a tenth of that."""
LARGEST_HEADER = 100_000_000
"""Bytes of the header of a safetensors file, as that library has it."""


def unusable(folder: Path, en: str, zh: str) -> InputError:
    """Say why the model in a folder cannot be used."""
    return InputError(f"the model in {folder} cannot be used: {en}", f"{folder} 中的模型无法使用：{zh}")


def check_folder(folder: Path) -> dict[str, Any]:
    """Return what `config.json` holds. Raises InputError for what must not be opened, is missing, or does not fit."""
    _check_files(folder)
    if (folder / ADAPTER).exists() and not (folder / CONFIG).exists():
        raise unusable(
            folder,
            f"it holds an adapter ({ADAPTER}), not a model; merge the adapter into its model and name that folder",
            f"里面是适配器（{ADAPTER}），不是模型；请先把适配器合并进模型，再填写合并后的目录",
        )
    if (folder / ADAPTER).exists():  # the libraries would load the folder that it names
        raise unusable(folder, f"{ADAPTER} stands beside {CONFIG}", f"{ADAPTER} 与 {CONFIG} 放在了一起")

    config = read_json(folder, CONFIG)
    if not isinstance(config.get("model_type"), str):
        raise unusable(folder, f"{CONFIG} names no model_type", f"{CONFIG} 没有写明 model_type")
    if "transformers_weights" in config:
        raise unusable(
            folder,
            f"{CONFIG} names its own file of weights (transformers_weights); call that file {WEIGHTS}",
            f"{CONFIG} 用 transformers_weights 另指了权重文件；请把该文件命名为 {WEIGHTS}",
        )

    tensors = [shape for name in _weight_files(folder) for shape in _shapes(folder, name)]
    _check_sizes(folder, config, tensors)
    return config


def largest_tensor(folder: Path) -> int:
    """Count the numbers in the largest tensor of a folder that was checked."""
    return max(math.prod(shape) for name in _weight_files(folder) for shape in _shapes(folder, name))


def read_json(folder: Path, name: str) -> dict[str, Any]:
    """Read a JSON object. Raises InputError where there is none."""
    path = folder / name
    if not path.is_file():
        raise unusable(folder, f"there is no {name}", f"缺少 {name}")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise unusable(
            folder, f"{name} is empty, cut short or no JSON object", f"{name} 为空、不完整，或不是 JSON 对象"
        )
    return content


def _check_files(folder: Path) -> None:
    """Raise InputError for anything but plain files and folders that lie within."""
    home = folder.resolve()
    if home.parent.name == "snapshots":  # the local cache keeps the files of all snapshots beside them
        home = home.parent.parent
    for path in _entries(folder):
        name = path.relative_to(folder)
        if not path.resolve().is_relative_to(home):
            raise unusable(
                folder,
                f"{name} is a link out of the folder; put the file itself there",
                f"{name} 是指向目录之外的链接；请放入文件本身",
            )
        if path.is_dir():
            continue
        if not path.is_file():
            raise unusable(folder, f"{name} is no plain file", f"{name} 不是普通文件")
        if path.suffix in (".json", ".jinja") and path.stat().st_size > LARGEST_JSON:
            raise unusable(folder, f"{name} is too large for what it is", f"{name} 大得不合常理")


def _entries(folder: Path) -> Iterator[Path]:
    """List what the libraries look at: the folder, and the one of further templates."""
    yield from sorted(folder.iterdir())
    templates = folder / "additional_chat_templates"
    if templates.is_dir():
        yield from sorted(templates.iterdir())


def _weight_files(folder: Path) -> list[str]:
    """Name the files of weights. Raises InputError where there are none, or only pickles."""
    if (folder / WEIGHTS).is_file():
        return [WEIGHTS]
    if (folder / INDEX).is_file():
        return _shards(folder)

    pickles = sorted(path.name for path in folder.iterdir() if path.suffix in (".bin", ".pt", ".pth", ".ckpt"))
    if not pickles:
        raise unusable(
            folder, f"there are no weights: neither {WEIGHTS} nor {INDEX}", f"缺少权重：没有 {WEIGHTS}，也没有 {INDEX}"
        )
    raise unusable(
        folder,
        f"its weights are no safetensors, and {pickles[0]} could run code when it is opened; if you trust it, convert "
        "it once: AutoModelForCausalLM.from_pretrained(FOLDER).save_pretrained(NEW_FOLDER)",
        f"权重不是 safetensors 格式，而打开 {pickles[0]} 可能会执行其中的代码；如果信任它，请自行转换一次："
        "AutoModelForCausalLM.from_pretrained(目录).save_pretrained(新目录)",
    )


def _shards(folder: Path) -> list[str]:
    """Name the files that the index lists: safetensors in the folder itself."""
    weight_map = read_json(folder, INDEX).get("weight_map")
    files = set(weight_map.values()) if isinstance(weight_map, dict) and weight_map else {None}
    for name in files:
        if not isinstance(name, str) or Path(name).name != name or not name.endswith(".safetensors"):
            raise unusable(
                folder,
                f"{INDEX} does not list safetensors files of this folder",
                f"{INDEX} 列出的不是本目录中的 safetensors 文件",
            )
        if not (folder / name).is_file():
            raise unusable(folder, f"{name} is missing, which {INDEX} lists", f"缺少 {INDEX} 列出的 {name}")
    return sorted(str(name) for name in files)


def _shapes(folder: Path, name: str) -> list[tuple[int, ...]]:
    """Read the shapes of the tensors in a file from its header. Raises InputError unless the file is whole."""
    path = folder / name
    size = path.stat().st_size
    try:
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            if length > min(size - 8, LARGEST_HEADER):
                raise ValueError("longer than the file")
            header: Mapping[str, Any] = json.loads(file.read(length))
        tensors = [tensor for key, tensor in header.items() if key != "__metadata__"]
        end = max((int(tensor["data_offsets"][1]) for tensor in tensors), default=0)
        shapes = [tuple(int(n) for n in tensor["shape"]) for tensor in tensors]
    except (struct.error, ValueError, RecursionError, LookupError, TypeError, AttributeError):
        end, shapes = -1, []

    if not shapes or 8 + length + end != size:
        raise unusable(
            folder,
            f"{name} is empty, cut short or no safetensors file; fetch it again",
            f"{name} 为空、不完整，或不是 safetensors 文件；请重新下载",
        )
    return shapes


def _check_sizes(folder: Path, config: Mapping[str, Any], shapes: list[tuple[int, ...]]) -> None:
    """Raise InputError where the configuration asks for more layers or words than there are weights.

    What is smaller than that is compared by the library, tensor by tensor, once the layers are made.
    """
    text = config.get("text_config")
    inner = {**config, **text} if isinstance(text, dict) else config
    layers, words, width = (_size(inner, name) for name in ("num_hidden_layers", "vocab_size", "hidden_size"))
    largest = max(math.prod(shape) for shape in shapes)
    widest = max(max(shape, default=0) for shape in shapes)
    is_packed = "quantization_config" in config
    if (
        layers > len(shapes)
        or words > widest
        or words * width > largest
        or (_size(inner, "intermediate_size") > widest and not is_packed)
    ):
        raise unusable(folder, f"its weights do not fit the sizes in {CONFIG}", f"权重与 {CONFIG} 中的尺寸不符")


def _size(config: Mapping[str, Any], name: str) -> int:
    """Find a size; 0 where the configuration does not have it, or has something else there."""
    value = config.get(name)
    return value if isinstance(value, int) else 0
