"""Where Label Studio is, and the token that it is asked with: from the environment, or a `.env` beside the recipe."""

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from schemas.errors import InputError

URL, TOKEN = "LABEL_STUDIO_URL", "LABEL_STUDIO_API_KEY"
FILE = ".env"
ADDRESS = re.compile(
    r"https?://(?:[a-z0-9._-]+|\[[0-9a-f:]+\])(?::[0-9]{1,5})?(?:/[a-z0-9._~/-]*)?", re.ASCII | re.IGNORECASE
)
LARGEST = 1 << 16
"""Bytes of a `.env` that is read."""


@dataclass(frozen=True)
class Access:
    """The address, without a slash at its end, and the token, which no text of this object shows."""

    url: str
    token: str = field(repr=False)


def find_access(folder: Path, environment: Mapping[str, str] = os.environ) -> Access:
    """Find address and token. The environment comes before the file `.env` of the folder.

    A token of the environment goes to an address of the environment alone: else whoever hands over a folder could
    have it sent to himself. Raises InputError for what is missing, and for a `.env` that others can read.
    """
    ours = {name: value for name in (URL, TOKEN) if (value := environment.get(name, "").strip())}
    written = {} if len(ours) == 2 else _written(folder / FILE)
    if TOKEN in ours and URL not in ours:
        raise InputError(
            f"the environment variable {TOKEN} is set and {URL} is not: set both, or write both into {folder / FILE}",
            f"设置了环境变量 {TOKEN}，却没有设置 {URL}：请两个都设置，或都写入 {folder / FILE}",
        )
    return Access(_address(_one_of(URL, ours, written, folder)), _token(_one_of(TOKEN, ours, written, folder)))


def _one_of(name: str, ours: Mapping[str, str], written: Mapping[str, str], folder: Path) -> str:
    value = ours.get(name) or written.get(name)
    if not value:
        raise InputError(
            f"Label Studio needs {name}, as an environment variable or in {folder / FILE}, a file that only you can "
            "read (chmod 600)",
            f"使用 Label Studio 需要 {name}：请设为环境变量，或写入只有您本人能读的 {folder / FILE}（chmod 600）",
        )
    return value


def _written(path: Path) -> dict[str, str]:
    """Read the two variables out of a file of lines NAME=VALUE."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if stat.S_ISREG(mode) and mode & 0o077:
                raise InputError(
                    f"others can read {path}, which holds a token: chmod 600 {path}",
                    f"{path} 存有令牌，却可被其他用户读取：请执行 chmod 600 {path}",
                )
            content = file.read(LARGEST).decode("utf-8-sig", "replace") if stat.S_ISREG(mode) else ""
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return {}
    except PermissionError:
        raise InputError(f"{path} cannot be read", f"无法读取 {path}") from None
    pairs = (line.removeprefix("export ").partition("=") for line in content.split("\n"))
    values = {name.strip(): value.strip().strip("\"'") for name, _, value in pairs}
    return {name: values[name] for name in (URL, TOKEN) if values.get(name)}


def _address(value: str) -> str:
    """Check the address. No sentence quotes one that is refused: it may hold a password."""
    if not ADDRESS.fullmatch(value):
        raise InputError(
            f"{URL} is no address of a Label Studio: it looks like https://labels.example.com, without a name, a "
            "password or a query",
            f"{URL} 不是 Label Studio 的地址：应形如 https://labels.example.com，不带用户名、密码和参数",
        )
    return value.rstrip("/")


def _token(value: str) -> str:
    if not (value.isascii() and value.isprintable() and " " not in value):  # the transport would quote it in its error
        raise InputError(f"{TOKEN} holds characters that no token has", f"{TOKEN} 中含有令牌里不会出现的字符")
    return value
