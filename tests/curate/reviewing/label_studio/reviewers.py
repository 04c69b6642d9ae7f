"""People at work on a real server, through its own interface."""

import json
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from tests.curate.reviewing.label_studio.real_server import Person


class Reviewer:
    """One person. Tasks are found by the number of their record."""

    def __init__(self, url: str, person: Person) -> None:
        self.email = person.email
        self._host = urlsplit(url).netloc
        self._headers: dict[str, str] = {}
        access = self.call("POST", "/api/token/refresh/", {"refresh": person.token})["access"]
        self._headers = {"Authorization": f"Bearer {access}"}

    def call(self, method: str, path: str, body: Any = None) -> Any:
        status, answer = self.call_for_status(method, path, body)
        assert 200 <= status < 300, (status, method, path)
        return answer

    def call_for_status(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        connection = HTTPConnection(self._host, timeout=60)
        headers = {"Content-Type": "application/json", **self._headers}
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, json.loads(content) if content[:1] in (b"{", b"[") else None

    def projects(self, dataset: str) -> list[dict[str, Any]]:
        """Those that were made for a dataset, the oldest first."""
        found = self.call("GET", "/api/projects/?page_size=500")["results"]
        return sorted(
            (one for one in found if f"[hornbook {dataset} " in one["description"]), key=lambda one: one["id"]
        )

    def tasks(self, project: int) -> list[dict[str, Any]]:
        path = f"/api/tasks/?project={project}&page_size=500&fields=all"
        return self.call("GET", path)["tasks"]

    def tasks_by_record(self, project: int) -> dict[int, dict[str, Any]]:
        """The tasks by the numbers of their records, of which each has one."""
        tasks = self.tasks(project)
        found = {int(task["data"]["record"], 16): task for task in tasks}
        assert len(found) == len(tasks)
        return found

    def decide(self, task: int, *result: dict[str, Any], seconds: float = 3.5) -> int:
        """Submit an annotation, and give its number."""
        return self.call("POST", f"/api/tasks/{task}/annotations/", {"result": result, "lead_time": seconds})["id"]

    def skip(self, task: int) -> None:
        self.call("POST", f"/api/tasks/{task}/annotations/", {"result": [], "was_cancelled": True})

    def next_task(self, project: int) -> Any:
        """What this person is shown next; None where nothing is left."""
        status, task = self.call_for_status("GET", f"/api/projects/{project}/next")
        return task if status == 200 else None
