"""The words by which logs call the two sides of a conversation."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

RoleName = Literal["user", "assistant", "system", "note"]

WORDS: dict[RoleName, tuple[str, ...]] = {
    "user": (
        "user", "usr", "customer", "client", "human", "visitor", "buyer", "caller", "q", "question", "prompter",
        "end_user", "end-user", "enduser", "requester", "contact", "guest", "consumer", "incoming", "inbound",
        "用户", "客户", "顾客", "买家", "访客", "会员", "问", "提问", "咨询者", "患者", "我", "消费者", "来访者",
        "买方",
        "用戶", "客戶", "顧客", "買家", "訪客", "會員", "問", "提問", "諮詢者", "患者", "消費者", "買方",
    ),
    "assistant": (
        "assistant", "agent", "sys", "bot", "gpt", "chatgpt", "support", "staff", "operator", "seller", "a", "answer",
        "model", "representative", "ai", "admin", "advisor", "consultant", "outgoing", "outbound", "rep",
        "客服", "坐席", "座席", "商家", "卖家", "店家", "答", "回答", "机器人", "智能客服", "人工客服",
        "在线客服", "医生", "助手", "店主", "店小二", "卖方", "专员", "顾问", "助理",
        "坐席員", "商家", "賣家", "店家", "賣方", "機器人", "智能客服", "線上客服", "在線客服", "專員", "醫生", "顧問",
    ),
    "system": ("system_prompt", "system", "developer", "系统提示词", "系統提示詞"),
    "note": (
        "系统", "系统消息", "系统提示", "系统通知", "系統", "系統訊息", "系統消息", "系統提示", "系統通知", "notice",
        "event", "notification", "system message", "system notification", "撤回",
        "internal", "action", "note", "private_note", "internal_note", "内部备注", "备注", "內部備註",
    ),
}  # fmt: skip
"""`note` is a line that nobody said: a hand-over, a withdrawal, a queue number."""

MORE_WORDS: dict[RoleName, tuple[str, ...]] = {
    "user": (
        "requester", "requestor", "consumer", "guest", "shopper", "patient", "patron", "subscriber", "passenger",
        "enquirer", "inquirer", "submitter", "complainant", "end user", "end-user", "enduser", "customers", "users",
        "clients", "客人", "买方", "游客", "顧客", "客戶", "用戶", "買家", "訪客", "會員", "消费者", "消費者",
        "学员", "家长", "住客", "业主", "乘客", "旅客", "车主", "提问者", "提问人", "咨询人", "来访者", "报修人",
        "投诉人", "客户方", "用户方",
        *("besucher", "besucherin", "kunde", "kundin", "nutzer", "benutzer", "gast", "visiteur", "visiteuse"),
        *("utilisateur", "usager", "cliente", "usuario", "visitante", "utente", "visitatore", "usuário", "bezoeker"),
        *("klant", "klient", "klientka", "клиент", "пользователь", "посетитель", "покупатель", "お客様", "お客さま"),
        *("ユーザー", "ユーザ", "in", "received", "고객", "사용자", "방문자", "손님"),
    ),
    "assistant": (
        "helpdesk", "help desk", "help-desk", "service desk", "servicedesk", "support agent", "support team",
        "advisor", "adviser", "consultant", "rep", "csr", "technician", "clerk", "attendant", "concierge",
        "customer service", "customer support", "customer care", "service", "merchant", "vendor", "shop", "store",
        "assignee", "responder", "chatbot", "virtual assistant", "ai", "ai assistant", "agents",
        "客服人员", "客服专员", "客服代表", "客服小二", "专员", "顾问", "商户", "卖方", "掌柜", "小二", "店小二",
        "店铺", "管家", "导购", "技术支持", "售后", "售前", "售后客服", "售前客服", "人工", "智能助手", "小助手",
        "ai助手", "ai客服", "座席员", "坐席员", "话务员", "接线员", "值班客服", "客服方", "商家客服", "賣家",
        "店員", "店员", "客服人員", "我们", "我方", "本店", "店方", "官方", "商家方", "account", "official account",
        *("mitarbeiter", "mitarbeiterin", "berater", "beraterin", "kundenservice", "kundendienst", "bearbeiter"),
        *("conseiller", "conseillère", "opérateur", "service client", "agente", "asesor", "asesora", "operador"),
        *("operatore", "operatrice", "assistenza", "atendente", "medewerker", "konsultant", "doradca"),
        *("оператор", "агент", "менеджер", "сотрудник", "поддержка", "オペレーター", "オペレータ", "担当者", "担当"),
        *("スタッフ", "サポート", "out", "sent", "상담원", "상담사", "담당자", "운영자"),
    ),
    "note": (
        "systemmeldung", "systemnachricht", "système", "sistema", "система", "システム", "시스템", "platform", "平台",
        "系統公告", "系统公告", "公告", "评价", "評價", "满意度", "会话小结", "小结", "rating", "survey",
    ),
}  # fmt: skip
"""Words that say it in a column of speakers, but may begin a line of a message, too: `售后：七天无理由`."""

TOOLS = frozenset(
    ("tool", "tools", "tool_call", "tool_response", "function", "function_call", "function_response", "observation")
)
"""Roles of turns between an assistant and a program: no text to learn from here."""

NUMBERED = re.compile(r"(.{2,}?)[ _#-]?(?:[0-9]{1,6}|[(（][^()（）]{1,16}[)）])")
"""A word with the number or the name of one of several: 坐席001, agent_12, 客服（小王）."""
NAMED = re.compile(r"(.{2,}?)[_:-]([^\W\d_]{2,16})")
"""A word with the name of one of several behind it: agent_lena."""
NO_NAMES = frozenset(
    ("note", "notes", "action", "event", "internal", "thought", "tool", "summary", "message", "prompt", "context")
)
"""What stands behind a word for a side and is no name."""
OF_A_SIDE = re.compile(r".{1,40}[(（]([^()（）]{2,16})[)）]")
"""A name with the word behind it: Dan (Support), 小王（客服）."""
PROMPT = re.compile(
    r"(?i)\s*(?:you(?:'re| are| will| must| should|r (?:role|task|job|name))\b|act as|as an? |imagine|pretend"
    r"|answer |respond|你(?:是|叫|将|现在是|的(?:角色|任务|身份))|您是|作为|请(?:你|您)?(?:以|扮演|作为|用|根据)"
    r"|假设|假如|扮演|角色)"
)
"""What a message begins with that tells the assistant what to be."""
LONG_PROMPT = 80
"""Characters from which on what a system says is no notice of a platform."""

PLATFORM = ("system",)
"""Words for a system prompt that in logs are the platform."""

_ROLES = {word: role for group in (MORE_WORDS, WORDS) for role, words in group.items() for word in words}


def _text_keys(value: Any) -> Any:
    """Turn the keys of the table into text: YAML reads `0: user` as a number and `true: user` as a truth."""
    if not isinstance(value, Mapping):
        return value
    return {str(key).lower() if isinstance(key, bool) else str(key): role for key, role in value.items()}


Roles = Annotated[dict[str, RoleName], BeforeValidator(_text_keys)]
"""The recipe's own table of words. Upper and lower case are the same."""


def role_of(word: str, named: Mapping[str, RoleName]) -> RoleName | None:
    """Find who a word stands for: user, assistant, system or note. `named` is the recipe's own table and goes first."""
    folded = word.strip().casefold()
    own = next((role for name, role in named.items() if name.strip().casefold() == folded), None)
    if own or (role := _ROLES.get(folded)):
        return own or role
    numbered = NUMBERED.fullmatch(folded) if folded[-1:] in ")）" or folded[-1:].isdecimal() else None
    return _ROLES.get(numbered[1]) if numbered else None


def role_of_speaker(word: str, named: Mapping[str, RoleName]) -> RoleName | None:
    """Find who a word stands for in a column of speakers, where it may be a name with the word for its side."""
    if role := role_of(word, named):
        return role
    folded = word.strip().casefold()
    if folded[-1:] in ")）":
        of_a_side = OF_A_SIDE.fullmatch(folded)
        return _ROLES.get(of_a_side[1]) if of_a_side else None
    match = NAMED.fullmatch(folded)
    return _ROLES.get(match[1]) if match and match[2] not in _ROLES and match[2] not in NO_NAMES else None


def role_in_log(word: str, text: str, named: Mapping[str, RoleName]) -> RoleName | None:
    """Find who a word stands for in a log, where `system` is the platform, unless what it says is a prompt, or the
    recipe's own table says so.
    """
    role = role_of_speaker(word, named)
    if role != "system":
        return role
    if word.strip().casefold() not in PLATFORM or len(text) >= LONG_PROMPT or PROMPT.match(text):
        return role
    return role if any(name.strip().casefold() in PLATFORM for name in named) else "note"
