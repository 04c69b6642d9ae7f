"""One Label Studio server, call by call. The only file that imports label_studio_sdk, and httpx, which it sends with.

The SDK's own retries, redirects, proxies and cookies are off. Reads are tried again here; a call that writes is made
once, and who made it looks at what is there before it sends more. No sentence here quotes what a server wrote: it may
quote a row, and errors of the SDK print headers with cookies.

Of the SDK it is the generated client that is used: what stands around that loads pandas.
"""

import logging
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, TypeVar

from curate.reviewing.label_studio.access import TOKEN, URL, Access
from curate.reviewing.label_studio.served import Patience, RefusedError, ServerProject, ServerTask, UnansweredError
from schemas.bilingual import Bilingual
from schemas.errors import HornbookError, InputError, ServiceError

try:
    import httpx
    from label_studio_sdk.base_client import LabelStudioBase
    from label_studio_sdk.core.api_error import ApiError
    from label_studio_sdk.core.parse_error import ParsingError
except ImportError:  # the extra `review` is not installed
    httpx = None
    _Transport = _Stream = object
else:
    _Transport, _Stream = httpx.HTTPTransport, httpx.SyncByteStream

Answer = TypeVar("Answer")
A_PAGE = 500
"""Tasks, or projects, of a page."""
LARGEST = 1 << 28
"""Bytes of an answer that is still taken for one."""
PASSING = {408, 409, 425, 429}
QUIET = ("httpx", "httpcore", "label_studio_sdk")


class Server:
    """A server with the token, which nothing but the calls themselves ever see.

    Raises UnansweredError for what may be gone at the next try, InputError where the first call shows that address or
    token are wrong, and ServiceError for all else that stays as it is.
    """

    def __init__(self, access: Access, patience: Patience) -> None:
        if httpx is None:
            raise InputError(
                "Label Studio needs the extra 'review': pip install 'hornbook[review]'",
                "使用 Label Studio 需要安装附加组件 review：pip install 'hornbook[review]'",
            )
        for name in QUIET:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self.url = access.url
        self._patience = patience
        self._has_answered = False
        self._transport = _BoundedTransport(access.url, patience.timeout)
        self._http = httpx.Client(
            transport=self._transport,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            timeout=patience.timeout,
            follow_redirects=False,
            trust_env=False,
        )
        # the slash at the end: without it the SDK asks for its access token at the root of the host
        self._client = self._once(
            lambda: LabelStudioBase(
                base_url=f"{access.url}/", api_key=access.token, max_retries=0, httpx_client=self._http
            )
        )
        self._has_answered = False  # nobody was asked yet

    def close(self) -> None:
        self._http.close()

    def people(self) -> dict[int, str]:
        """Map the numbers of people to their e-mail addresses."""
        return self._read(lambda: {int(person.id): str(person.email or "") for person in self._client.users.list()})

    def projects(self) -> list[ServerProject]:
        """List all projects, the oldest first."""
        fields = "id,title,description,created_at,label_config,maximum_annotations"

        def page(number: int) -> tuple[list[ServerProject], int]:
            answer = self._client.projects.list(page=number, page_size=A_PAGE, include=fields)
            return [ServerProject.model_validate(project) for project in answer.items or ()], int(answer.response.count)

        return sorted(self._pages(page), key=lambda project: project.id)

    def create_project(self, title: str, description: str, config: str, overlap: int) -> None:
        self._once(
            lambda: self._client.projects.create(
                title=title,
                description=description,
                label_config=config,
                maximum_annotations=overlap,
                enable_empty_annotation=False,
                show_collab_predictions=False,
            )
        )

    def change_project(self, project: int, **changes: Any) -> None:
        self._once(lambda: self._client.projects.update(id=project, **changes))

    def count_tasks(self, projects: Sequence[int]) -> int:
        """Count the tasks of a few projects: sooner done than to list them."""
        numbers = ",".join(map(str, projects))

        def count() -> int:
            answer = self._client.projects.list(ids=numbers, page=1, page_size=A_PAGE, include="id,task_number")
            return sum(int(project.task_number or 0) for project in answer.items or ())

        return self._read(count)

    def delete_project(self, project: int) -> None:
        self._once(lambda: self._client.projects.delete(id=project))

    def tasks(self, project: int) -> Iterator[ServerTask]:
        """List the tasks, without what was said about them."""
        return self._tasks(project, fields="task_only", include="id,data,total_annotations,cancelled_annotations")

    def answered_tasks(self, project: int) -> Iterator[ServerTask]:
        """List the tasks about which anything was said, with their annotations."""
        # the names of what is inside annotations too: what is not named is left out of them
        inner = "annotations,result,completed_by,was_cancelled,lead_time,created_at,updated_at"
        return self._tasks(project, fields="all", include=f"id,data,{inner}", only_annotated=True)

    def send(self, project: int, contents: Sequence[dict[str, Any]]) -> None:
        """Make a task of each content, all or none of them."""
        self._once(
            lambda: self._client.projects.import_tasks(
                id=project, request=[{"data": content} for content in contents], return_task_ids=True
            )
        )

    def change_task(self, task: int, content: dict[str, Any], overlap: int, is_done: bool) -> None:
        """Rewrite what a task shows, and say whether anybody is still to be asked."""
        self._once(lambda: self._client.tasks.update(id=str(task), data=content, overlap=overlap, is_labeled=is_done))

    def delete_tasks(self, project: int, tasks: Sequence[int]) -> None:
        """Delete tasks, with all that was said about them. Those that are gone already are no mistake."""
        selected: Any = {"all": False, "included": list(tasks)}
        self._once(lambda: self._client.actions.create(id="delete_tasks", project=project, selected_items=selected))

    def _tasks(self, project: int, **selection: Any) -> Iterator[ServerTask]:
        def page(number: int) -> tuple[list[ServerTask], int]:
            answer = self._client.tasks.list(project=project, page=number, page_size=A_PAGE, **selection)
            return [ServerTask.model_validate(task) for task in answer.items or ()], int(answer.response.total)

        return self._pages(page)

    def _pages(self, page: Callable[[int], tuple[list[Answer], int]]) -> Iterator[Answer]:
        """Go through the pages, each with the number of all; the SDK's own way does not see the last one."""
        number, total = 0, 1
        while number * A_PAGE < total:
            number += 1
            found, total = self._read(partial(page, number))
            yield from found

    def _read(self, call: Callable[[], Answer]) -> Answer:
        for pause in self._patience.pauses:
            try:
                return self._once(call)
            except UnansweredError as error:
                time.sleep(max(pause, error.after))
        return self._once(call)

    def _once(self, call: Callable[[], Answer]) -> Answer:
        try:
            answer = call()
        except ApiError as error:
            raise self._status_trouble(error.status_code, error.headers or {}) from None
        except httpx.TimeoutException:
            seconds = self._patience.timeout
            raise UnansweredError(
                Bilingual(f"no answer within {seconds:g} seconds", f"{seconds:g} 秒内没有回复")
            ) from None
        except httpx.ConnectError as error:
            if _is_about_certificates(error):
                raise self._lasting("its certificate is not trusted", "其证书不可信") from None
            raise UnansweredError(Bilingual("it cannot be reached", "无法连接")) from None
        except httpx.HTTPError:
            raise UnansweredError(Bilingual("the connection was cut", "连接中断")) from None
        except (ParsingError, ValueError, TypeError, AttributeError, KeyError):  # whatever the SDK trips over
            raise self._status_trouble(self._transport.status, {}) from None
        self._has_answered = True
        return answer

    def _status_trouble(self, status: int | None, headers: dict[str, str]) -> Exception:
        if status is None or 200 <= status < 300:
            return self._unknown_answer()
        if status in PASSING or status >= 500 or (status == 404 and self._has_answered):  # what was there is gone
            what = Bilingual(f"it answers with HTTP status {status}", f"返回 HTTP 状态 {status}")
            return UnansweredError(what, _wanted_pause(headers))
        if status in (401, 403):
            return self._lasting(
                f"it refuses the token (HTTP status {status}); {TOKEN} holds a personal access token of an account "
                "there, which may have expired",
                f"令牌被拒绝（HTTP 状态 {status}）；{TOKEN} 应为该处账号的个人访问令牌（Personal Access Token），"
                "也可能已过期",
            )
        if 300 <= status < 400:
            return self._lasting(
                f"it sends us to another address (HTTP status {status}); write that one as {URL}",
                f"要求转到另一个地址（HTTP 状态 {status}）；请把新地址写入 {URL}",
            )
        if status == 404:
            return self._unknown_answer()
        en, zh = f"it refuses what it was sent (HTTP status {status})", f"拒绝接受发送的内容（HTTP 状态 {status}）"
        return self._lasting(en, zh, RefusedError if status == 400 else ServiceError)

    def _unknown_answer(self) -> HornbookError:
        return self._lasting(
            f"its answer is not one of Label Studio: is {URL} right?",
            f"返回的不是 Label Studio 的内容：{URL} 是否正确？",
        )

    def _lasting(self, en: str, zh: str, kind: type[ServiceError] = ServiceError) -> HornbookError:
        """Say what stays as it is. Before the first answer nothing was touched: the settings are wrong."""
        return (kind if self._has_answered else InputError)(
            f"Label Studio at {self.url}: {en}", f"Label Studio {self.url}：{zh}"
        )


class _BoundedTransport(_Transport):  # type: ignore[misc, valid-type]
    """Answers that come whole within a time, and hold no cookie. `status` is that of the last one."""

    status: int | None = None

    def __init__(self, url: str, timeout: float) -> None:
        super().__init__(verify=ssl.create_default_context() if url.startswith("https") else False, trust_env=False)
        self._timeout = timeout

    def handle_request(self, request: Any) -> Any:
        response = super().handle_request(request)
        self.status = response.status_code
        response.headers.pop("set-cookie", None)
        response.stream = _BoundedStream(response.stream, time.monotonic() + self._timeout)
        return response


class _BoundedStream(_Stream):  # type: ignore[misc, valid-type]
    """The bytes of an answer, as long as they come in time and are not endless."""

    def __init__(self, stream: Any, end: float) -> None:
        self._stream = stream
        self._end = end

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for chunk in self._stream:
            size += len(chunk)
            if time.monotonic() > self._end or size > LARGEST:
                raise httpx.ReadTimeout("too late or too long")
            yield chunk

    def close(self) -> None:
        self._stream.close()


def _is_about_certificates(error: BaseException | None) -> bool:
    while error:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _wanted_pause(headers: dict[str, str]) -> float:
    """Read how many seconds a server asks to wait."""
    try:
        return max(0.0, float(headers.get("retry-after", "")))
    except ValueError:
        return 0.0
