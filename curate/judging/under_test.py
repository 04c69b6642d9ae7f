"""Refuses a judge that is one of the models whose answers it would judge: a model likes its own best."""

import re
from collections.abc import Collection, Iterator

from schemas.errors import InputError
from schemas.exam import Contestant
from schemas.llm import LlmSettings

ENDPOINT: Contestant = "endpoint"
DEFAULT, DEFAULT_NAMES = "smollm2", ("smollm2", "SmolLM2-135M-Instruct")
"""What the embedded model is called in a recipe, and what it is."""
WORDS = re.compile(r"[a-z]+|[0-9]+(?:\.[0-9]+)?")
PACKING = frozenset(("instruct", "chat", "it", "gguf", "ggml", "gptq", "awq", "latest"))
"""Words that say how a model is packed or tuned, and not which it is."""
PACKED = re.compile(
    r"[-_.:@](?:i?q[2-8](?:_[a-z0-9]+)*|(?:bf|fp|f|int|w)(?:4|8|16|32)(?:a16)?|exl2|20[0-9]{2}-?[0-9]{2}-?[0-9]{2})"
    r"(?=$|[-_.:@])"
)
"""The same with numbers, and the day of a release."""
CACHED = re.compile(r"models--([^/\\]+)")
"""How the local cache of models names the folder of one."""


def refuse_model_under_test(judge: LlmSettings, compared: Collection[str], trained: str, endpoint: str) -> None:
    """Raise InputError where the judge answered itself.

    `trained` is the model that was tuned, which stands behind every contestant but the endpoint; `endpoint` the model
    behind that. A name counts in any spelling, packing and folder.
    """
    for model in _under_test(compared, trained, endpoint):
        if is_same_model(judge.model, model):
            raise InputError(
                f"'{judge.model}' is itself under test and cannot judge; name another model in judge: {{model: …}}",
                f"“{judge.model}”本身就是被考的模型，不能当评委；请在 judge: {{model: …}} 中换一个模型",
            )


def _under_test(compared: Collection[str], trained: str, endpoint: str) -> Iterator[str]:
    if any(name != ENDPOINT for name in compared):
        yield from DEFAULT_NAMES if trained == DEFAULT else (trained,)
    if ENDPOINT in compared:
        yield endpoint


def is_same_model(one: str, other: str) -> bool:
    """Tell whether two names mean one model: `Qwen/Qwen3-8B`, `qwen3:8b` and `models/Qwen3-8B-Q4_K_M.gguf` do."""
    return bool(_bare(one)) and _bare(one) == _bare(other)


def _bare(name: str) -> tuple[str, ...]:
    """Leave of a name what says which model it is: letters and numbers of its last part."""
    cached = CACHED.search(name)
    path = cached[1].replace("--", "/") if cached else name.strip().rstrip("/\\")
    last = re.split(r"[/\\]", path)[-1].casefold()
    words = tuple(word for word in WORDS.findall(PACKED.sub("", last)) if word not in PACKING)
    return words or ((last,) if last else ())
