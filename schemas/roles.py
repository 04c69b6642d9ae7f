"""The words by which logs call the two sides of a conversation."""

from collections.abc import Mapping

WORDS: dict[str, tuple[str, ...]] = {
    "user": (
        "user", "usr", "customer", "client", "human", "visitor", "buyer", "caller", "q", "question", "prompter",
        "用户", "客户", "顾客", "买家", "访客", "会员", "问", "提问", "咨询者", "患者", "我",
    ),
    "assistant": (
        "assistant", "agent", "sys", "bot", "gpt", "chatgpt", "support", "staff", "operator", "seller", "a", "answer",
        "model", "representative",
        "客服", "坐席", "座席", "商家", "卖家", "店家", "答", "回答", "机器人", "智能客服", "人工客服",
        "在线客服", "医生", "助手",
    ),
    "system": ("system_prompt", "system", "系统提示词"),
    "note": ("系统", "系统消息", "系统提示", "notice", "event", "system message", "撤回"),
}  # fmt: skip
"""`note` is a line that nobody said: a hand-over, a withdrawal, a queue number."""

_ROLES = {word: role for role, words in WORDS.items() for word in words}


def role_of(word: str, named: Mapping[str, str]) -> str | None:
    """user, assistant, system or note for a speaker's name; `named` is the recipe's own table and goes first."""
    word = word.strip()
    return named.get(word) or _ROLES.get(word.casefold())
