"""Which language model is asked, how, and for how much: the key `llm:` of a recipe. It decides nothing that a version
holds: what a model wrote becomes an input of its own.
"""

import re
from typing import Any, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import Field, field_validator, model_validator

from schemas.bilingual import Bilingual
from schemas.record import Frozen

Structured = Literal["auto", "json_schema", "json_object", "text"]

VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
"""How the value of a header names an environment variable."""
KEY_PREFIX = re.compile(r"(?i)\b(sk-|gsk_|xai-|hf_|ghp_|nvapi-|pplx-|r8_|aiza|akia|ltai|eyj|bearer\s|basic\s)\S")
"""How keys of well-known services, and the headers that carry keys, begin."""
LONG_TOKEN = re.compile(r"(?=[A-Za-z]*[0-9])(?=[0-9]*[A-Za-z])[A-Za-z0-9]{32,}")
SECRET_NAME = re.compile(r"(?i)auth|cookie|key|passw|secret|signature|token|credential")
"""Headers whose very name says that they carry a secret."""


def looks_like_a_key(text: str) -> bool:
    """Tell whether a text is, or holds, what services hand out as keys."""
    return bool(KEY_PREFIX.search(text) or LONG_TOKEN.search(text))


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:
        return None


class Price(Frozen):
    """What a million tokens cost, as the price list of the service says it."""

    input: float = Field(ge=0)
    output: float = Field(ge=0)
    currency: str = Field("USD", min_length=1, max_length=8)


class Budget(Frozen):
    """The most that may be spent on one piece of work, over all runs that it takes. What is left out is not limited."""

    calls: int | None = Field(None, gt=0)
    tokens: int | None = Field(None, gt=0)
    """Of questions and answers together."""
    money: float | None = Field(None, gt=0)
    """In the currency of the price."""


class LlmSettings(Frozen):
    """An endpoint that speaks the language of OpenAI's chat completions, local or paid. Times in seconds."""

    base_url: str
    """Up to and with `/v1`: what stands before `/chat/completions`."""
    model: str = Field(min_length=1)
    key_env: str = "OPENAI_API_KEY"
    """The name of the environment variable that holds the key. Where it is not set, no key is sent."""
    headers: dict[str, str] = Field(default_factory=dict)
    """Sent with every call. `${NAME}` stands for an environment variable."""
    timeout: float = Field(60, gt=0)
    """For the whole of one call."""
    retries: int = Field(5, ge=0)
    """How often a call is tried again that was refused for the moment, cut off, or not answered."""
    concurrency: int = Field(4, gt=0, le=256)
    """Calls at one time."""
    temperature: float = Field(0.7, ge=0, le=2)
    max_tokens: int = Field(512, gt=0)
    """Of one answer."""
    structured: Structured = "auto"
    """How the shape of an answer is asked for. auto: by its schema, and with less where the server refuses that."""
    price: Price | None = None
    budget: Budget = Budget()

    @field_validator("base_url")
    @classmethod
    def _address_without_secrets(cls, url: str) -> str:
        parts = _split(url)
        if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(
                Bilingual(
                    "'base_url' must be an address like http://localhost:8000/v1",
                    "“base_url”必须是像 http://localhost:8000/v1 这样的地址",
                )
            )
        if parts.username or parts.password or parts.query or parts.fragment:
            raise ValueError(
                Bilingual(
                    "'base_url' must hold no user, password or query; name the variable with the key in 'key_env'",
                    "“base_url”不能带用户名、密码或查询参数；请在“key_env”中写存放密钥的环境变量名",
                )
            )
        return url.rstrip("/")

    @field_validator("key_env")
    @classmethod
    def _name_of_a_variable(cls, name: str) -> str:
        if not VARIABLE.fullmatch(name) or looks_like_a_key(name):
            raise ValueError(
                Bilingual(
                    "'key_env' is the name of an environment variable that holds the key, never the key itself",
                    "“key_env”是存放密钥的环境变量的名字，不是密钥本身",
                )
            )
        return name

    @field_validator("headers")
    @classmethod
    def _no_secret_written_out(cls, headers: dict[str, str]) -> dict[str, str]:
        for name, value in headers.items():
            literal = REFERENCE.sub("", value)
            is_secret = looks_like_a_key(literal) or (SECRET_NAME.search(name) and not REFERENCE.search(value))
            if is_secret:
                raise ValueError(
                    Bilingual(
                        f"the header '{name}' looks like a key; name a variable that holds it: ${{NAME}}",
                        f"请求头“{name}”看起来是密钥；请把它放进环境变量，这里写 ${{变量名}}",
                    )
                )
            if not name.strip() or not (name + value).isascii() or not (name + value).isprintable():
                raise ValueError(
                    Bilingual(
                        "'headers' are names and values of printable ASCII characters",
                        "“headers”的名字和值只能用可见的 ASCII 字符",
                    )
                )
        return headers

    @model_validator(mode="after")
    def _money_has_a_price(self) -> Any:
        if self.budget.money is not None and self.price is None:
            raise ValueError(
                Bilingual(
                    "'budget.money' needs 'price: {input, output}' for a million tokens",
                    "“budget.money”需要“price: {input, output}”（每百万 token 的价格）",
                )
            )
        return self
