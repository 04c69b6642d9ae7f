"""One call to one endpoint. The only file that imports openai.

The SDK's own retries, redirects and logs are off: a retry must know the budget, a redirect would carry headers with
keys to another host, and logs hold what was sent. No sentence here quotes what a server wrote: it may quote a row, or
the key.
"""

import logging
import os
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, ValidationError

from curate.llm.reply import RawReply, Usage
from curate.llm.request import estimated_tokens
from schemas.bilingual import Bilingual
from schemas.errors import InputError, ServiceError
from schemas.llm import REFERENCE, LlmSettings

try:
    import httpx2
    import openai
except ImportError:  # the extra `llm` is not installed
    openai = None

LARGEST = 8 << 20
"""Bytes of an answer that is still taken for one."""
PASSING = {408, 409, 425, 429}
OUT_OF_MONEY = ("insufficient_quota", "billing", "insufficient_balance", "insufficient balance")
QUIET = ("openai", "httpx2", "httpcore2")


class PassingError(Exception):
    """What may be gone at the next try. `after` are the seconds that the server asks to wait; `may_be_paid` says that
    the server may have done the work.
    """

    def __init__(self, what: Bilingual, after: float | None = None, *, may_be_paid: bool = False) -> None:
        super().__init__(what.en)
        self.what = what
        self.after = after
        self.may_be_paid = may_be_paid


class UnwelcomeError(Exception):
    """The server refuses how it was asked. `complaint` is what it wrote, to be read and never to be shown."""

    def __init__(self, complaint: str) -> None:
        super().__init__("the server refuses a parameter")
        self.complaint = complaint


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Alternative(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Bill(BaseModel):
    prompt_tokens: int = Field(ge=0)
    completion_tokens: int = Field(0, ge=0)


class _Completion(BaseModel):
    """Of an answer, what is read."""

    choices: list[_Alternative] = Field(min_length=1)
    usage: _Bill | None = None


class Endpoint:
    """An endpoint with its key, which nothing but the calls themselves ever see."""

    def __init__(self, settings: LlmSettings) -> None:
        if openai is None:
            raise InputError(
                "asking a language model needs the extra 'llm': pip install 'hornbook[llm]'",
                "调用语言模型需要安装附加组件 llm：pip install 'hornbook[llm]'",
            )
        for name in QUIET:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self.settings = settings
        self._headers: dict[str, Any] = {name.lower(): _filled(value) for name, value in settings.headers.items()}
        key = _variable(settings.key_env) if os.environ.get(settings.key_env, "").strip() else ""
        own = self._headers.pop("authorization", "")
        if own or not key:  # the SDK would send one of its own
            self._headers["Authorization"] = own or openai.Omit()
        is_here = _is_this_machine(settings.base_url)
        self._client = openai.OpenAI(
            api_key=key or "none",
            base_url=settings.base_url,
            max_retries=0,
            timeout=settings.timeout,
            http_client=openai.DefaultHttpxClient(
                follow_redirects=False,
                timeout=settings.timeout,
                trust_env=not is_here,  # a proxy would not find this machine
                verify=not is_here or settings.base_url.startswith("https"),  # without TLS, no certificates to load
            ),
        )

    def close(self) -> None:
        self._client.close()

    def call(self, body: dict[str, Any], idempotency_key: str, expected: Usage) -> RawReply:
        """Make one call. Raises PassingError, UnwelcomeError, and ServiceError for what stays as it is.

        A server that knows the idempotency key answers again what it answered before, and charges nothing.
        """
        headers = {**self._headers, "Idempotency-Key": idempotency_key}
        try:
            with self._client.chat.completions.with_streaming_response.create(**body, extra_headers=headers) as answer:
                content = b"".join(self._chunks(answer.iter_bytes()))
        except openai.APIStatusError as error:
            raise self._status_trouble(error) from None
        except (openai.APITimeoutError, httpx2.TimeoutException) as error:
            is_connecting = isinstance(error.__cause__, httpx2.ConnectTimeout)
            raise PassingError(_no_answer(self.settings.timeout), may_be_paid=not is_connecting) from None
        except (openai.APIConnectionError, httpx2.HTTPError) as error:
            if isinstance(error.__cause__, httpx2.ConnectError):
                raise PassingError(Bilingual("it cannot be reached", "无法连接")) from None
            raise PassingError(Bilingual("the connection was cut", "连接中断"), may_be_paid=True) from None
        return self._read(content, expected)

    def _chunks(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """Pass an answer on as long as it comes in time and is not endless."""
        end, size = time.monotonic() + self.settings.timeout, 0
        for chunk in chunks:
            size += len(chunk)
            if time.monotonic() > end:
                raise PassingError(_no_answer(self.settings.timeout), may_be_paid=True)
            if size > LARGEST:
                raise self._lasting("its answer does not end", "回复过长，没有结束")
            yield chunk

    def _read(self, content: bytes, expected: Usage) -> RawReply:
        if content.lstrip()[:1] == b"<":
            raise self._lasting(
                "it answers with a web page: is 'base_url' the address up to and with /v1?",
                "返回的是网页：“base_url”是否写到了 /v1？",
            )
        try:
            completion = _Completion.model_validate_json(content)
        except ValidationError:
            raise PassingError(Bilingual("its answer is no chat completion", "返回的不是对话补全结果")) from None
        choice, bill = completion.choices[0], completion.usage
        text = choice.message.content or ""
        if bill:
            usage = Usage(tokens_in=bill.prompt_tokens, tokens_out=bill.completion_tokens)
        else:
            usage = Usage(tokens_in=expected.tokens_in, tokens_out=estimated_tokens(text), is_counted=False)
        return RawReply(
            text=text, finish=choice.finish_reason or "", is_refusal=bool(choice.message.refusal), usage=usage
        )

    def _status_trouble(self, error: "openai.APIStatusError") -> Exception:
        status, complaint = error.status_code, f"{error.message} {error.body}".lower()
        if status == 402 or (status in (403, 429) and any(word in complaint for word in OUT_OF_MONEY)):
            return self._lasting("the account has no credit left", "账户余额不足")
        if status in PASSING or status >= 500:
            what = Bilingual(f"it answers with HTTP status {status}", f"返回 HTTP 状态 {status}")
            return PassingError(what, _wanted_pause(error.response.headers))
        if status in (400, 422):
            return UnwelcomeError(complaint)
        if status in (401, 403):
            variable = self.settings.key_env
            return self._lasting(
                f"it refuses the key (HTTP status {status}); the key stands in the environment variable {variable}",
                f"密钥被拒绝（HTTP 状态 {status}）；密钥取自环境变量 {variable}",
            )
        if 300 <= status < 400:
            return self._lasting(
                f"it sends us to another address (HTTP status {status}); write that one as 'base_url'",
                f"要求转到另一个地址（HTTP 状态 {status}）；请把新地址写入“base_url”",
            )
        return self._lasting(
            f"it answers with HTTP status {status}: are 'base_url' and 'model' right?",
            f"返回 HTTP 状态 {status}：“base_url”和“model”是否正确？",
        )

    def _lasting(self, en: str, zh: str) -> ServiceError:
        return service_error(self.settings, Bilingual(en, zh))


def service_error(settings: LlmSettings, what: Bilingual) -> ServiceError:
    """Say what is wrong with an endpoint."""
    return ServiceError(
        f"the language model at {settings.base_url}: {what.en}; the replies so far are kept, and the same command "
        "goes on from there",
        f"语言模型 {settings.base_url}：{what.zh}；已收到的回复均已保存，再次运行同一命令即可继续",
    )


def _no_answer(seconds: float) -> Bilingual:
    return Bilingual(f"no answer within {seconds:g} seconds", f"{seconds:g} 秒内没有回复")


def _filled(value: str) -> str:
    return REFERENCE.sub(lambda found: _variable(found[1]), value)


def _variable(name: str) -> str:
    value = os.environ.get(name, "").strip()
    if not value:
        raise InputError(f"the environment variable {name} is not set", f"环境变量 {name} 未设置")
    if not (value.isascii() and value.isprintable()):  # the transport would quote it in its error
        raise InputError(
            f"the environment variable {name} holds characters that no key has",
            f"环境变量 {name} 中含有密钥里不会出现的字符",
        )
    return value


def _is_this_machine(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _wanted_pause(headers: Any) -> float | None:
    """Read how many seconds a server asks to wait: as milliseconds, seconds, or a date."""
    for name, scale in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        value = headers.get(name, "")
        try:
            return max(0.0, float(value) / scale)
        except ValueError:
            continue
    try:
        return max(0.0, parsedate_to_datetime(headers.get("retry-after", "")).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None
