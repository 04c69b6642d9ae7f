"""Short records for tests."""

from typing import Any


def record(id: str, question: str, reply: str | None, **more: Any) -> dict[str, Any]:
    """A record with one question and one reply (None for no reply); `more` overrides any field."""
    messages = [{"role": "user", "content": question}]
    if reply is not None:
        messages.append({"role": "assistant", "content": reply})
    return {
        "id": id, "messages": messages, "kind": "domain", "lang": "zh",
        "source": {"file": "log.csv", "digest": "d", "rows": [1]}, "parent": None, "group": id, "tags": [], **more,
    }  # fmt: skip
