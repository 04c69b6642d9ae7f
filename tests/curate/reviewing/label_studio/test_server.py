"""What is said of a server that fails, and what is not: no token, no cookie, no text of a row. None here is real."""

import json
import logging
import shutil
import ssl
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

pytest.importorskip("label_studio_sdk", reason="the extra 'review' is not installed: pip install 'hornbook[review]'")

from curate.reviewing.label_studio.served import Patience
from schemas.errors import HornbookError, InputError, ServiceError
from tests.curate.reviewing.label_studio.proxy import PASSES, Fate, Proxy, Request
from tests.curate.reviewing.label_studio.tasks import by_key, review_task, token_of_nobody, way_to

ROOT = Path(__file__).parents[4]
TOKEN, ACCESS = token_of_nobody(jti="planted-refresh"), token_of_nobody(jti="planted-access", token_type="access")
COOKIE, ROW = "planted-cookie", "种下的原文"
SECRETS = (TOKEN, ACCESS, COOKIE, ROW)
GIVEN = Fate(200, json.dumps({"access": ACCESS}), {"content-type": "application/json"})
QUICK = Patience(timeout=0.3, pauses=(0.0, 0.0))


def echo(request: Request) -> str:
    """An answer that holds all there is to keep quiet about, as one does that helps to find mistakes."""
    return json.dumps({"detail": f"{request.headers} {request.body} {ROW}", "validation_errors": [ROW]})


def answers(status: int, **headers: str) -> Fate:
    return Fate(status, echo(Request(0, 0, "", "", {"authorization": TOKEN}, ROW)), {"set-cookie": COOKIE, **headers})


def failed(tmp_path: Path, fate: Fate, first: Fate = GIVEN, patience: Patience = QUICK) -> tuple[HornbookError, Proxy]:
    """The error of a push to a server that gives an access token and then fails so."""
    with Proxy(lambda request: first if "token" in request.path else fate) as proxy:
        way = way_to(proxy.url, TOKEN, tmp_path, patience=patience)
        with pytest.raises(HornbookError) as raised:
            way.push([review_task(1, ROW, ROW)], 1)
    return raised.value, proxy


PAGE = Fate(200, f"<html>{ROW}</html>", {"content-type": "text/html", "set-cookie": COOKIE})
FATES = {
    "400": (answers(400), "refuses what it was sent (HTTP status 400)"),
    "401": (answers(401), "refuses the token (HTTP status 401)"),
    "403": (answers(403), "refuses the token (HTTP status 403)"),
    "404": (answers(404), "is LABEL_STUDIO_URL right?"),
    "413": (answers(413), "refuses what it was sent (HTTP status 413)"),
    "301": (answers(301, location="https://evil.example/"), "sends us to another address (HTTP status 301)"),
    "307": (answers(307, location="/api/elsewhere"), "sends us to another address (HTTP status 307)"),
    "429": (answers(429), "answers with HTTP status 429"),
    "500": (answers(500), "answers with HTTP status 500"),
    "503": (answers(503), "answers with HTTP status 503"),
    "page": (PAGE, "is LABEL_STUDIO_URL right?"),
    "list": (Fate(200, "[1, 2]"), "is LABEL_STUDIO_URL right?"),
    "null": (Fate(200, "null"), "is LABEL_STUDIO_URL right?"),
    "other": (Fate(200, '{"count": "many", "results": {"a": 1}}'), "is LABEL_STUDIO_URL right?"),
    "cut": (Fate(cut=True), "the connection was cut"),
    "hang": (Fate(hang=True), "no answer within 0.3 seconds"),
    "drip": (Fate(200, json.dumps({"count": 0, "results": []}), seconds=0.1), "no answer within 0.3 seconds"),
}


@pytest.mark.parametrize("name", FATES)
@pytest.mark.parametrize("where", ["before the token", "after it"])
def test_a_failure_is_one_sentence_without_secrets(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str, where: str
) -> None:
    caplog.set_level(logging.DEBUG)
    fate, sentence = FATES[name]
    error, proxy = failed(tmp_path, fate, fate if where == "before the token" else GIVEN)
    assert sentence in error.sentence.en
    assert proxy.url in error.sentence.en and proxy.url in error.sentence.zh
    assert "\n" not in error.sentence.en + error.sentence.zh
    outputs = [repr(error), str(error.args), error.sentence.en, error.sentence.zh, caplog.text]
    outputs += [repr(error.__cause__), str(error.__suppress_context__ and "")]
    outputs += [path.read_text(encoding="utf-8") for path in tmp_path.rglob("*") if path.is_file()]
    assert not [secret for secret in SECRETS if secret in "".join(outputs)]
    assert not [request for request in proxy.requests if "elsewhere" in request.path or "cookie" in request.headers]


@pytest.mark.parametrize(("name", "kind"), [("401", InputError), ("404", InputError), ("500", ServiceError)])
def test_a_wrong_setting_is_told_from_a_server_that_fails(tmp_path: Path, name: str, kind: type[HornbookError]) -> None:
    assert type(failed(tmp_path, answers(401), FATES[name][0])[0]) is kind


def test_what_was_done_is_said(tmp_path: Path) -> None:
    error, _ = failed(tmp_path, answers(500))
    assert "0 of 1 tasks are out, and the same command sends the others" in error.sentence.en
    with Proxy(lambda request: answers(502)) as proxy:
        way = way_to(proxy.url, TOKEN, tmp_path, patience=QUICK)
        for call in (lambda: list(way.pull({})), lambda: way.status({}), lambda: way.close(by_key([review_task(1)]))):
            with pytest.raises(ServiceError, match="nothing is lost, and the same command may be run again"):
                call()


def test_reads_are_tried_again_and_the_server_says_how_long_to_wait(tmp_path: Path) -> None:
    fates = iter([answers(429, **{"retry-after": "0.05"}), Fate(cut=True), answers(500)])
    _, proxy = failed(tmp_path, Fate(400))
    assert len(proxy.requests) == 2  # the token, and what is refused for good
    with Proxy(lambda request: GIVEN if "token" in request.path else next(fates)) as proxy:
        way = way_to(proxy.url, TOKEN, tmp_path, patience=QUICK)
        with pytest.raises(ServiceError):
            way.push([review_task(1)], 1)
    assert len([request for request in proxy.requests if "projects" in request.path]) == 3


def test_all_pages_are_read(tmp_path: Path) -> None:
    tasks = [{"id": n, "data": {"key": f"{n:032x}"}, "total_annotations": n % 2} for n in range(1_001)]
    projects = [
        {"id": n, "title": "x", "description": "[hornbook shop record zh]" if n == 600 else ""} for n in range(601)
    ]

    def script(request: Request) -> Fate:
        query = dict(parse_qsl(urlsplit(request.path).query))
        if "token" in request.path:
            return GIVEN
        page = slice((int(query["page"]) - 1) * int(query["page_size"]), int(query["page"]) * int(query["page_size"]))
        if "projects" in request.path:
            return Fate(200, json.dumps({"count": len(projects), "results": projects[page]}))
        assert query["project"] == "600"
        return Fate(200, json.dumps({"total": len(tasks), "tasks": tasks[page]}))

    with Proxy(script) as proxy:
        out = {f"{n:032x}": review_task(1) for n in range(900, 1_100)}
        assert way_to(proxy.url, TOKEN, tmp_path).status(out)[:2] == (101, 50)
    assert len(proxy.requests) == 1 + 2 + 3


def test_without_the_sdk_it_is_said_how_to_install_it() -> None:
    program = """
import sys
sys.modules["label_studio_sdk"] = None
from pathlib import Path
from schemas.errors import InputError
from tests.curate.reviewing.label_studio.tasks import way_to
try:
    way_to("http://127.0.0.1:9", "x", Path()).status({})
except InputError as error:
    print(error.sentence.en, error.sentence.zh)
"""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT)})
    assert done.stdout.count("pip install 'hornbook[review]'") == 2


def test_nobody_is_asked_at_the_address_of_nobody(tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match="it cannot be reached"):
        way_to("http://127.0.0.1:9", TOKEN, tmp_path, patience=QUICK).push([review_task(1)], 1)


@pytest.mark.parametrize("claims", [{"exp": 1}, {"exp": None}])
def test_a_token_that_has_expired_is_refused_without_a_call(tmp_path: Path, claims: dict[str, int]) -> None:
    with Proxy(lambda request: PASSES) as proxy:
        way = way_to(proxy.url, token_of_nobody(**claims), tmp_path)
        with pytest.raises(InputError, match="refuses the token"):
            way.push([review_task(1)], 1)
    assert not proxy.requests


@pytest.mark.skipif(not shutil.which("openssl"), reason="there is no openssl to make a certificate")
@pytest.mark.parametrize("is_trusted", [False, True])
def test_a_certificate_that_nobody_vouches_for_ends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_trusted: bool
) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*command.split(), *names], check=True, capture_output=True)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))  # as a company does that has an authority of its own
    with Proxy(lambda request: answers(401), tls=tls) as proxy, pytest.raises(InputError) as raised:
        way_to(proxy.url, TOKEN, tmp_path, patience=QUICK).push([review_task(1)], 1)
    assert ("its certificate is not trusted" in raised.value.sentence.en) is not is_trusted
    assert len(proxy.requests) == is_trusted  # without trust not even the token is sent


def test_no_proxy_of_the_environment_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Proxy(lambda request: Fate(500)) as other, Proxy(lambda request: answers(401)) as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, other.url)
        with pytest.raises(InputError):
            way_to(proxy.url, TOKEN, tmp_path, patience=QUICK).push([review_task(1)], 1)
    assert proxy.requests and not other.requests


def test_the_token_is_exchanged_below_the_address_that_was_given(tmp_path: Path) -> None:
    with Proxy(lambda request: GIVEN if "token" in request.path else answers(401)) as proxy:
        with pytest.raises(InputError):
            way_to(f"{proxy.url}/team/labels", TOKEN, tmp_path, patience=QUICK).push([review_task(1)], 1)
        assert [request.path.partition("?")[0] for request in proxy.requests] == [
            "/team/labels/api/token/refresh/",
            "/team/labels/api/projects/",
        ]
