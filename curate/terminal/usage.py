"""What is said of the command line itself: help pages and wrong options, in the language of the session.

Typer speaks English only. The classes below are those of its commands, with the titles of their panels, the usage line
and the help option in our words; a mistake becomes one sentence.
"""

import re
from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup
from typer.models import CommandFunctionType

from schemas.bilingual import Words

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
"""What Typer says of a mistake, and the same in Chinese."""


def usage_line(english: str) -> str:
    """The usage line in the language of the session; its words in brackets stay those of every command line."""
    return str(Words(USAGE, "用法：")) + english.removeprefix(USAGE)


def _named(params: list[Any], helping: Any) -> list[Any]:
    """The parameters, in panels with a title in the language of the session."""
    arguments, options = Words("Arguments", "参数"), Words("Options", "选项")
    for param in params:
        param.rich_help_panel = str(arguments if isinstance(param, TyperArgument) else options)
    if helping is not None:
        helping.help = str(Words("Show this message and exit.", "显示这份说明"))
    return params


class SpokenCommand(TyperCommand):
    """One command."""

    def get_usage(self, ctx: Any) -> str:
        return usage_line(super().get_usage(ctx))

    def get_params(self, ctx: Any) -> list[Any]:
        return _named(super().get_params(ctx), self.get_help_option(ctx))


class SpokenGroup(TyperGroup):
    """The program with its commands."""

    def get_usage(self, ctx: Any) -> str:
        return usage_line(super().get_usage(ctx))

    def get_params(self, ctx: Any) -> list[Any]:
        return _named(super().get_params(ctx), self.get_help_option(ctx))


class Program(typer.Typer):
    """A program whose commands speak the language of the session."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(cls=SpokenGroup, **settings)

    def command(self, name: str | None = None, **settings: Any) -> Callable[[CommandFunctionType], CommandFunctionType]:
        panel = str(Words("Commands", "命令"))
        return super().command(name, **{"cls": SpokenCommand, "rich_help_panel": panel, **settings})


def mistake(error: typer.TyperException) -> str:
    """What is wrong with a command line: one sentence, how the command is used, and where more stands.

    A command line without a command is answered with the help page.
    """
    said = error.format_message()
    told = str(Words(said, in_chinese(said)))
    context = getattr(error, "ctx", None)
    if context is None or "\n" in said:
        return told
    more = Words(f"more: {context.command_path} --help", f"详细说明：{context.command_path} --help")
    return f"{told}\n{context.get_usage()}\n{more}"


def in_chinese(said: str) -> str:
    """The Chinese sentence of the first pattern that fits; what was said where none does."""
    for pattern, chinese in SENTENCES:
        if found := pattern.fullmatch(said):
            return chinese.format(*(part.replace("'", "") for part in found.groups()))
    return said
