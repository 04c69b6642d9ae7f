"""Where address and token may stand, and who may read them."""

from pathlib import Path

import pytest

from curate.reviewing.label_studio.access import TOKEN, URL, find_access
from schemas.errors import InputError

SECRET = "planted.0123456789abcdef.secret"


def dotenv(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / ".env"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def test_both_come_from_the_environment(tmp_path: Path) -> None:
    access = find_access(tmp_path, {URL: " https://labels.example.com/team/ ", TOKEN: f"{SECRET}\n"})
    assert (access.url, access.token) == ("https://labels.example.com/team", SECRET)


@pytest.mark.parametrize(
    "text",
    [
        f"{URL}=http://127.0.0.1:8080\n{TOKEN}={SECRET}\n",
        f"# ours\r\nexport {URL} = 'http://127.0.0.1:8080/'\r\nOTHER=x\r\nexport {TOKEN}=\"{SECRET}\"\r\n",
        f"\ufeff{URL}=http://127.0.0.1:8080\nnot a pair\n{TOKEN}={SECRET}",
    ],
)
def test_both_come_from_a_file_that_only_its_owner_reads(tmp_path: Path, text: str) -> None:
    dotenv(tmp_path, text)
    access = find_access(tmp_path, {})
    assert (access.url, access.token) == ("http://127.0.0.1:8080", SECRET)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620, 0o610, 0o666])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = dotenv(tmp_path, f"{URL}=http://127.0.0.1:8080\n{TOKEN}={SECRET}\n", mode)
    with pytest.raises(InputError) as raised:
        find_access(tmp_path, {})
    assert f"chmod 600 {path}" in raised.value.sentence.en and f"chmod 600 {path}" in raised.value.sentence.zh
    assert SECRET not in raised.value.sentence.en + raised.value.sentence.zh
    assert find_access(tmp_path, {URL: "https://a.example", TOKEN: "b"}).token == "b"  # it is not looked at


def test_a_token_of_the_environment_goes_to_no_address_that_a_file_names(tmp_path: Path) -> None:
    dotenv(tmp_path, f"{URL}=https://evil.example\n{TOKEN}=x\n")
    with pytest.raises(InputError, match=f"{TOKEN} is set and {URL} is not"):
        find_access(tmp_path, {TOKEN: SECRET})
    assert find_access(tmp_path, {URL: "https://labels.example"}).url == "https://labels.example"


@pytest.mark.parametrize("name", [URL, TOKEN])
def test_what_is_missing_is_named(tmp_path: Path, name: str) -> None:
    lines = {URL: "http://127.0.0.1", TOKEN: SECRET}
    dotenv(tmp_path, "\n".join(f"{key}={value}" for key, value in lines.items() if key != name))
    with pytest.raises(InputError, match=f"needs {name}"):
        find_access(tmp_path, {})
    (tmp_path / ".env").unlink()
    (tmp_path / ".env").mkdir()
    with pytest.raises(InputError, match=f"needs {URL}"):
        find_access(tmp_path, {})


@pytest.mark.parametrize(
    "address",
    [
        "labels.example.com",
        "ftp://labels.example.com",
        "https://",
        f"https://me:{SECRET}@labels.example.com",
        f"https://labels.example.com?token={SECRET}",
        f"https://labels.example.com/#{SECRET}",
        "https://labels.example.com:99999999",
        "https://labels.example.com\\@evil.example",
        "https://labels.example.com /x",
        "https://例子.example",
    ],
)
def test_what_is_no_address_is_refused_and_not_quoted(tmp_path: Path, address: str) -> None:
    with pytest.raises(InputError) as raised:
        find_access(tmp_path, {URL: address, TOKEN: "x"})
    assert URL in raised.value.sentence.en
    assert SECRET not in raised.value.sentence.en + raised.value.sentence.zh


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8080", "https://a.example/x/y", "http://[::1]:80", "https://A-b_c.Example.COM"]
)
def test_what_is_an_address_stays_as_it_is(tmp_path: Path, address: str) -> None:
    assert find_access(tmp_path, {URL: address, TOKEN: "x"}).url == address


@pytest.mark.parametrize("token", ["密钥", "a b", "a\x00b", "a\nb"])
def test_what_is_no_token_is_refused_and_not_quoted(tmp_path: Path, token: str) -> None:
    with pytest.raises(InputError) as raised:
        find_access(tmp_path, {URL: "http://127.0.0.1", TOKEN: f"{SECRET}{token}"})
    assert SECRET not in raised.value.sentence.en + raised.value.sentence.zh


def test_no_text_of_the_access_shows_the_token() -> None:
    access = find_access(Path("/"), {URL: "http://127.0.0.1", TOKEN: SECRET})
    assert SECRET not in repr(access) + str(access)
