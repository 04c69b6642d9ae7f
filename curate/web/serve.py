"""Starts the server of the page: it listens, prints one address, and answers until it is ended."""

import socket
import webbrowser
from ipaddress import ip_address
from pathlib import Path

import uvicorn

from curate.store.store import Store
from curate.web.app import web_app
from curate.web.flags import UiFlags
from curate.web.ground.bench import Bench
from curate.web.ground.jobs import Jobs
from curate.web.ground.keys import Keys
from schemas.bilingual import Bilingual
from schemas.errors import InputError

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
LONG_ENOUGH = 16
"""Letters that a token of one's own must have."""


def serve(root: Path, flags: UiFlags) -> None:
    """Answer until the process is ended. InputError for a host or a port that cannot be had, or that is not safe."""
    _check_host(flags)
    listening = _listening(flags.host, flags.port)
    port = listening.getsockname()[1]
    keys = Keys.drawn(port, flags.token)
    bench = Bench(Store(root), keys, Jobs(root), flags.lang, flags.shows_raw)
    names = {*LOOPBACK, flags.host.lower()} if _is_loopback(flags.host) else {flags.host.lower()}
    app = web_app(bench, [f"{name}:{port}" for name in names])
    config = uvicorn.Config(app, log_level="error", access_log=False, server_header=False, lifespan="off", ws="none")
    server = uvicorn.Server(config)

    host = f"[{flags.host}]" if ":" in flags.host else flags.host
    address = f"http://{host}:{port}/?token={keys.launch}"
    print(Bilingual(f"open {address}", f"请打开 {address}"), flush=True)
    if flags.opens:
        webbrowser.open(address)
    server.run(sockets=[listening])


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _check_host(flags: UiFlags) -> None:
    """Raise InputError for a host that others reach, where no token was chosen, and for one that is no single host."""
    if _is_loopback(flags.host):
        return
    if flags.host in ("0.0.0.0", "::", ""):
        raise InputError(
            "name the one address that people type, not all of this machine: --host 192.168.1.5",
            "请写明别人要输入的那一个地址，而不是本机所有地址：--host 192.168.1.5",
        )
    if len(flags.token) < LONG_ENOUGH:
        raise InputError(
            f"{flags.host} can be reached by others, without encryption: if that is meant, choose a --token of at "
            f"least {LONG_ENOUGH} letters",
            f"{flags.host} 能被别人访问，而且没有加密：确实需要的话，"
            f"请用 --token 设一个至少 {LONG_ENOUGH} 个字符的口令",
        )


def _listening(host: str, port: int) -> socket.socket:
    """Open the socket, so that the address is there when it is printed."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, so that asyncio sends without waiting for more: else each answer on a kept connection takes 40 ms.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host.strip("[]"), port))
    except OSError as error:
        listening.close()
        raise InputError(
            f"{host}:{port} cannot be had ({error.strerror}); another one is chosen with --port",
            f"{host}:{port} 无法使用（{error.strerror}）；可用 --port 换一个端口",
        ) from None
    listening.listen(128)
    return listening
