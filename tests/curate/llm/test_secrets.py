"""A key is in the call that needs it and nowhere else: no log, error, cache; a text is in no log and no error."""

import logging
from pathlib import Path

import pytest

pytest.importorskip("openai", reason="the extra 'llm' is not installed: pip install 'hornbook[llm]'")

from schemas.errors import HornbookError, InputError
from tests.curate.llm.asking import asked, client, echo, questions
from tests.curate.llm.faulty_server import Call, FaultyServer, Reaction, Script, error

KEY, TOKEN = "sk-planted-0123456789abcdef", "t0ken-planted"
ENVIRONMENT = {"SHOP_KEY": f"{KEY}\n", "SHOP_TOKEN": TOKEN, "OPENAI_LOG": "debug"}
SETTINGS = {"key_env": "SHOP_KEY", "headers": {"X-Shop": "${SHOP_TOKEN}"}, "retries": 1}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


def tells_all(call: Call) -> Reaction:
    """A server whose error holds the key and the text, as one does that helps to find mistakes."""
    return error(401, f"Incorrect key {call.headers['authorization']} {call.headers['x-shop']} for {call.raw}")


SCRIPTS: dict[str, Script] = {
    "answers": echo,
    "tells all": tells_all,
    "400": lambda call: error(400, f"{call.headers['authorization']} {call.raw}"),
    "500": lambda call: error(500, f"{call.headers['authorization']} {call.raw}", headers={"retry-after-ms": "5"}),
    "page": lambda call: Reaction(raw=f"<html>{call.headers['authorization']} {call.raw}</html>".encode()),
    "redirect": lambda call: Reaction(status=302, raw=b"", headers={"Location": f"/{call.headers['authorization']}"}),
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_no_key_and_no_text_is_in_a_log_an_error_or_the_cache(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, environment: None, name: str
) -> None:
    caplog.set_level(logging.DEBUG)
    outputs = []
    with FaultyServer(SCRIPTS[name]) as server:
        asking = client(server, tmp_path, **SETTINGS)
        try:
            asked(asking, questions(2))
        except HornbookError as raised:
            outputs += [repr(raised), raised.sentence.en, raised.sentence.zh, str(raised.args)]
        assert server.calls[0].headers["authorization"] == f"Bearer {KEY}"
        assert server.calls[0].headers["x-shop"] == TOKEN
    outputs += [caplog.text, repr(asking), repr(asking.settings), asking.settings.model_dump_json()]
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    outputs += [path.name + path.read_text(encoding="utf-8") for path in files]
    assert name != "answers" or len(files) == 3
    assert not [text for text in outputs if KEY in text or TOKEN in text]
    assert not [text for text in outputs[: -len(files) or None] if "个问题" in text]


def test_a_log_with_the_key_would_be_seen(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpcore").debug("header %s", KEY)
    assert KEY in caplog.text


def test_the_cache_is_for_its_owner_alone(tmp_path: Path) -> None:
    with FaultyServer(echo) as server:
        asked(client(server, tmp_path / "replies"), questions(1))
    folders = [tmp_path / "replies", *(path for path in (tmp_path / "replies").iterdir() if path.is_dir())]
    assert [folder.stat().st_mode & 0o077 for folder in folders] == [0, 0]


def test_no_key_is_sent_where_none_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "SHOP_KEY"):
        monkeypatch.delenv(name, raising=False)
    with FaultyServer(echo) as server:
        asked(client(server, tmp_path / "a"), questions(1))
        asked(client(server, tmp_path / "b", key_env="SHOP_KEY"), questions(1))
        assert not [call for call in server.calls if "authorization" in call.headers]


def test_a_header_of_ones_own_stands_for_the_key(tmp_path: Path, environment: None) -> None:
    with FaultyServer(echo) as server:
        own = {"key_env": "SHOP_KEY", "headers": {"authorization": "Token ${SHOP_TOKEN}"}}
        asked(client(server, tmp_path, **own), questions(1))
        assert server.calls[0].headers["authorization"] == f"Token {TOKEN}"


@pytest.mark.parametrize("value", ["", " ", "a\nb", "密钥"])
def test_a_variable_that_holds_no_key_is_a_sentence_without_its_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("SHOP_TOKEN", value)
    with FaultyServer(echo) as server:
        with pytest.raises(InputError, match="environment variable SHOP_TOKEN") as raised:
            asked(client(server, tmp_path, headers={"X-Shop": "${SHOP_TOKEN}"}), questions(1))
        assert "密钥" not in raised.value.sentence.en and "a\nb" not in repr(raised.value)
        assert server.calls == []


def test_a_proxy_is_not_asked_for_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with FaultyServer() as proxy, FaultyServer(echo) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url.removesuffix("/v1"))
        assert asked(client(server, tmp_path), questions(1))[0].value
        assert proxy.calls == []
