"""Help pages and mistakes of the command line, in the language of the session.

Typer speaks English only. The classes below are those of its commands, with the titles of their panels, the usage line
and the help option in both languages; a mistake becomes one sentence.
"""

import re
from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup
from typer.models import CommandFunctionType

from schemas.bilingual import Bilingual

USAGE = "Usage: "
SENTENCES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), chinese)
    for pattern, chinese in (
        (r"Missing argument '(.+?)'\..*", "缺少参数 {0}"),
        (r"Missing option '(.+?)'\..*", "缺少选项 {0}"),
        (r"Missing command\.", "缺少子命令"),
        (r"No such option: (\S+) \(Possible options: (.+)\)", "没有选项 {0}（相近的有：{1}）"),
        (r"No such option: (\S+)", "没有选项 {0}"),
        (r"No such command '(.+?)'\. Did you mean (.+)\?", "没有命令 {0}；是否想写 {1}？"),
        (r"No such command '(.+?)'\.", "没有命令 {0}"),
        (r"Got unexpected extra arguments?(?:\(s\))? \((.+)\)", "多出的参数：{0}"),
        (r"Option '(.+?)' requires an argument\.", "选项 {0} 后面要有值"),
        (r"Option '(.+?)' does not take a value\.", "选项 {0} 后面不要写值"),
        (r"Invalid value for '(.+?)': .*valid integer.*", "{0} 必须是整数"),
        (r"Invalid value for '(.+?)': .*valid number.*", "{0} 必须是数字"),
        (r"Invalid value for '(.+?)': .*greater than or equal to (\S+)", "{0} 不能小于 {1}"),
        (r"Invalid value for '(.+?)': .*less than or equal to (\S+)", "{0} 不能大于 {1}"),
        (r"Invalid value for '(.+?)': .* is not one of (.+?)\.?", "{0} 只能是 {1}"),
        (r"Invalid value for '(.+?)': (.+)", "{0} 的值不对：{1}"),
    )
)
"""What Typer says of a mistake (a pattern), and the same in Chinese."""


def usage_line(english: str) -> str:
    """Translate the first word of the usage line; the words in brackets stay those of every command line."""
    return str(Bilingual(USAGE, "用法：")) + english.removeprefix(USAGE)


def _in_panels(params: list[Any], help_option: Any) -> list[Any]:
    """Put the parameters into panels with titles in the language of the session."""
    arguments, options = Bilingual("Arguments", "参数"), Bilingual("Options", "选项")
    for param in params:
        param.rich_help_panel = str(arguments if isinstance(param, TyperArgument) else options)
    if help_option is not None:
        help_option.help = str(Bilingual("Show this message and exit.", "显示这份说明"))
    return params


class SpokenCommand(TyperCommand):
    """One command."""

    def get_usage(self, ctx: Any) -> str:
        return usage_line(super().get_usage(ctx))

    def get_params(self, ctx: Any) -> list[Any]:
        return _in_panels(super().get_params(ctx), self.get_help_option(ctx))


class SpokenGroup(TyperGroup):
    """The program with its commands."""

    def get_usage(self, ctx: Any) -> str:
        return usage_line(super().get_usage(ctx))

    def get_params(self, ctx: Any) -> list[Any]:
        return _in_panels(super().get_params(ctx), self.get_help_option(ctx))


class Program(typer.Typer):
    """A program whose commands speak the language of the session."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(cls=SpokenGroup, **settings)

    def command(self, name: str | None = None, **settings: Any) -> Callable[[CommandFunctionType], CommandFunctionType]:
        panel = str(Bilingual("Commands", "命令"))
        return super().command(name, **{"cls": SpokenCommand, "rich_help_panel": panel, **settings})


def explain_mistake(error: typer.TyperException) -> str:
    """Say what is wrong with a command line: one sentence, how the command is used, and where to read more.

    A command line without a command is answered with the help page.
    """
    english = error.format_message()
    message = str(Bilingual(english, in_chinese(english)))
    context = getattr(error, "ctx", None)
    if context is None or "\n" in english:
        return message
    more = Bilingual(f"more: {context.command_path} --help", f"详细说明：{context.command_path} --help")
    return f"{message}\n{context.get_usage()}\n{more}"


def in_chinese(english: str) -> str:
    """Translate by the first pattern that fits; the English sentence stays where none does."""
    for pattern, chinese in SENTENCES:
        if match := pattern.fullmatch(english):
            return chinese.format(*(group.replace("'", "") for group in match.groups()))
    return english
