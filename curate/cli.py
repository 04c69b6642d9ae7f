"""The program `hornbook`: finds the language, guards the layout, turns errors into a sentence and an exit code."""

import os
import sys

from curate.layout import check_layout
from schemas.errors import HornbookError
from schemas.words import Language, language_of_environment, speaking


def main() -> None:
    """Runs the command line and ends the process with the exit code that the error tree names."""
    arguments = sys.argv[1:]
    try:
        speaking.set(_language(arguments))
        check_layout(sys.path)
        # After the language is known: the help texts are made when this module is imported.
        from curate.command_line import app

        app(args=arguments, prog_name="hornbook")
    except HornbookError as error:
        print(error, file=sys.stderr)
        if "--json" not in arguments:
            _show_looks(error)
        raise SystemExit(error.exit_code) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None


def _show_looks(error: HornbookError) -> None:
    """What a file of unknown encoding would say in each: content, and so for a person at a terminal alone."""
    if error.looks and sys.stderr.isatty():
        for name, text in error.looks:
            shown = "".join(character if character.isprintable() else "·" for character in text)
            print(f"  {name:<10}  {shown}", file=sys.stderr)


def _language(arguments: list[str]) -> Language:
    """The language that `--lang` asks for anywhere on the line (it is taken out), else that of the environment."""
    for position, word in enumerate(arguments):
        if word == "--":
            break
        if word != "--lang" and not word.startswith("--lang="):
            continue
        wanted = word.partition("=")[2] or "".join(arguments[position + 1 : position + 2])
        if wanted not in ("en", "zh"):
            print("--lang: en | zh", file=sys.stderr)
            raise SystemExit(2)
        del arguments[position : position + (1 if "=" in word else 2)]
        os.environ["HORNBOOK_LANG"] = wanted  # the trainer and the examiner speak it too
        return "zh" if wanted == "zh" else "en"
    return language_of_environment()
