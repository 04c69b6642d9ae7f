"""Who may ask, and from where a change may come: held over every route that there is."""

import re
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from curate.web.ground.assets import router as assets
from curate.web.ground.guard import HEADERS, MOST_OF_A_FORM
from curate.web.routes import all_routers
from tests.curate.web.visitor import ORIGIN, Visitor

ROUTES = [
    (method, route.path)
    for router in (assets, *all_routers())
    for route in router.routes
    if isinstance(route, APIRoute)
    for method in sorted(route.methods)
]
CHANGES = [(method, path) for method, path in ROUTES if method not in ("GET", "HEAD")]
OURS = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}


def example(path: str) -> str:
    """An address of the shape of a route."""
    return re.sub(r"\{(\w+)[^}]*\}", lambda match: "shop" if match[1] == "name" else "0" * 32, path)


@pytest.fixture(scope="module")
def visitor(shop_folder: Path) -> Visitor:
    return Visitor(shop_folder)


def test_there_are_routes_to_be_held() -> None:
    assert len(ROUTES) > 3


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_another_host_is_answered_nothing(visitor: Visitor, method: str, path: str) -> None:
    for host in ("evil.example", "evil.example:7860", "127.0.0.1:80", "127.0.0.1", "localhost.evil.example:7860", ""):
        answer = visitor.client.request(method, example(path), headers={"Host": host})
        assert answer.status_code == 421, host


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_nobody_without_the_cookie_sees_anything(visitor: Visitor, method: str, path: str) -> None:
    cookies = {"cookie": "other=1"}, {"cookie": f"{visitor.keys.cookie}=wrong"}, {"cookie": ""}
    for cookie in cookies:
        answer = visitor.client.request(method, f"{example(path)}?csrf={visitor.keys.csrf}", headers={**OURS, **cookie})
        assert answer.status_code == 403
        assert "hornbook ui" in answer.text


@pytest.mark.parametrize(("method", "path"), CHANGES)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "null", "Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"},
        {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://127.0.0.1:7861"},
    ],
    ids=str,
)
def test_a_change_from_elsewhere_is_refused(visitor: Visitor, method: str, path: str, headers: dict[str, str]) -> None:
    answer = visitor.client.request(method, f"{example(path)}?csrf={visitor.keys.csrf}", headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize("headers", [OURS, {"Origin": "null", "Sec-Fetch-Site": "same-origin"}, {"Origin": ORIGIN}])
def test_a_form_of_our_own_pages_is_taken(visitor: Visitor, headers: dict[str, str]) -> None:
    """Chromium sends `Origin: null` from a page that says `no-referrer`."""
    assert visitor.client.post(f"/none?csrf={visitor.keys.csrf}", headers=headers).status_code == 404


@pytest.mark.parametrize(("method", "path"), CHANGES)
def test_a_change_without_its_token_is_refused(visitor: Visitor, method: str, path: str) -> None:
    for query in ("", "?csrf=", "?csrf=wrong", f"?csrf={visitor.keys.session}"):
        assert visitor.client.request(method, f"{example(path)}{query}", headers=OURS).status_code == 403


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_every_answer_binds_the_browser(visitor: Visitor, method: str, path: str) -> None:
    for headers in (OURS, {"Host": "evil.example"}, {"cookie": ""}):
        answer = visitor.client.request(method, example(path), headers=headers)
        for name in HEADERS:
            assert answer.headers[name], name
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]


def test_there_is_no_page_about_the_api(visitor: Visitor) -> None:
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert visitor.get(path).status_code == 404


def test_the_launch_token_is_traded_for_a_cookie(shop_folder: Path) -> None:
    visitor = Visitor(shop_folder)
    visitor.client.cookies.clear()
    first = visitor.client.get(f"/?token={visitor.keys.launch}")
    assert first.status_code == 303
    assert first.headers["location"] == "/"
    cookie = first.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert visitor.keys.launch not in cookie
    assert visitor.client.get("/").status_code != 403


def test_a_token_of_an_earlier_start_opens_nothing(shop_folder: Path) -> None:
    visitor = Visitor(shop_folder)
    visitor.client.cookies.clear()
    for token in ("", "wrong", visitor.keys.session, visitor.keys.csrf):
        answer = visitor.client.get(f"/?token={token}")
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers


def test_a_body_that_is_too_large_is_refused_before_it_is_read(visitor: Visitor) -> None:
    address = f"/none?csrf={visitor.keys.csrf}"
    answer = visitor.client.post(address, content=b"x" * (MOST_OF_A_FORM + 1), headers=OURS)
    assert answer.status_code == 413
