"""`llm:` in a recipe: which model is asked, and no secret in it."""

from pathlib import Path

import pytest
import yaml

from curate.recipe.load import load_recipe
from schemas.errors import RecipeError
from schemas.llm import LlmSettings, looks_like_a_key
from tests.curate.recipe.test_load import GOOD, write

SECRET = "sk-proj-Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4z"
URL = "http://localhost:8000/v1"


def llm(more: str = "", url: str = URL) -> str:
    return f"{GOOD}llm: {{base_url: '{url}', model: qwen{more}}}\n"


@pytest.mark.parametrize(
    "more",
    [
        "",
        ", key_env: DASHSCOPE_API_KEY",
        ", headers: {api-key: '${AZURE_KEY}', X-Title: Hornbook}",
        ", headers: {Authorization: 'Bearer ${MY_TOKEN}'}",
        ", headers: {OpenAI-Organization: org-Ab3dEf6hIj9kLm2n, X-Run: 123e4567-e89b-12d3-a456-426614174000}",
        ", headers: {HTTP-Referer: 'https://shop.example/about/our-assistant'}",
        ", price: {input: 0.5, output: 2, currency: CNY}, budget: {calls: 9, tokens: 1000, money: 0.5}",
        ", structured: text, concurrency: 1, retries: 0, timeout: 0.5",
    ],
)
def test_a_recipe_may_name_a_model(tmp_path: Path, more: str) -> None:
    assert load_recipe(write(tmp_path, llm(more))).recipe.llm is not None


@pytest.mark.parametrize("url", ["http://127.0.0.1:18080/v1/", "https://api.example.com/v1", "http://[::1]:8000/v1"])
def test_an_address_is_kept_without_its_last_slash(url: str) -> None:
    assert LlmSettings(base_url=url, model="m").base_url == url.rstrip("/")


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (f", key_env: {SECRET}", "'key_env' is the name of an environment variable that holds the key, never the key"),
        (", key_env: MY KEY", "'key_env' is the name"),
        (f", headers: {{X-Api-Key: {SECRET}}}", "the header 'X-Api-Key' looks like a key"),
        (", headers: {Authorization: 'Bearer abc'}", "the header 'Authorization' looks like a key"),
        (f", headers: {{X-Title: {SECRET}}}", "the header 'X-Title' looks like a key"),
        (", headers: {X-Auth-Token: abc}", "the header 'X-Auth-Token' looks like a key"),
        (", headers: {X-Route: 0123456789abcdef0123456789abcdef}", "the header 'X-Route' looks like a key"),
        (", headers: {X-Title: 小喵}", "'headers' are names and values of printable ASCII characters"),
        (', headers: {X-Title: "a\\nb"}', "'headers' are names and values of printable ASCII characters"),
        (", budget: {money: 1}", "'budget.money' needs 'price: {input, output}'"),
        (", budget: {calls: 0}", "'calls' must be greater than 0"),
        (", structured: xml", "'structured' must be 'auto', 'json_schema', 'json_object' or 'text'"),
        (", modle: x", "unknown key 'modle'; did you mean 'model'?"),
    ],
)
def test_a_wrong_setting_is_one_sentence_that_holds_no_secret(tmp_path: Path, more: str, sentence: str) -> None:
    with pytest.raises(RecipeError) as raised:
        load_recipe(write(tmp_path, llm(more)))
    error = raised.value
    assert error.sentence.en.startswith(f"{tmp_path}/recipe.yaml:9:")
    assert sentence in error.sentence.en
    assert SECRET not in error.sentence.en + error.sentence.zh + repr(error)
    assert len(error.sentence.en.splitlines()) == 1
    assert any("一" <= char <= "鿿" for char in error.sentence.zh)


@pytest.mark.parametrize(
    "url",
    [
        "localhost:8000/v1",
        "ftp://host/v1",
        "http://",
        "http://[::1/v1",
        f"https://user:{SECRET}@host/v1",
        f"https://host/v1?key={SECRET}",
        f"https://host/v1#{SECRET}",
    ],
)
def test_an_address_with_a_secret_or_none_at_all_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(RecipeError, match="'base_url' must") as raised:
        load_recipe(write(tmp_path, llm(url=url)))
    assert SECRET not in str(raised.value)


def test_which_model_is_asked_decides_no_version(tmp_path: Path) -> None:
    without = load_recipe(write(tmp_path, GOOD)).recipe
    named = load_recipe(write(tmp_path, llm(", temperature: 1"))).recipe
    assert "llm" not in named.canonical()
    assert named.canonical_digest() == without.canonical_digest()


@pytest.mark.parametrize(
    "text", [SECRET, "Bearer abc", "gsk_abc", "eyJhbGciOi", "AIzaSyA", "d41d8cd98f00b204e9800998ecf8427e"]
)
def test_a_key_looks_like_one(text: str) -> None:
    assert looks_like_a_key(text)


@pytest.mark.parametrize(
    "text",
    [
        "OPENAI_API_KEY",
        "Hornbook",
        "risk-averse",
        "task-12",
        "2026-11-30",
        "https://shop.example/help/2026/returns-and-refunds-of-a-shop",
    ],
)
def test_a_name_does_not_look_like_a_key(text: str) -> None:
    assert not looks_like_a_key(text)


@pytest.mark.parametrize("page", ["recipe.md", "recipe.zh-CN.md"])
def test_the_docs_show_every_setting_as_it_may_stand(page: str) -> None:
    text = (Path(__file__).parents[3] / "docs" / page).read_text(encoding="utf-8")
    shown = yaml.safe_load(text[text.index("```yaml\nllm:") :].split("```")[1].removeprefix("yaml"))["llm"]
    assert list(LlmSettings.model_validate(shown).model_dump()) == list(shown)
