"""Why a row is in no conversation, as people say it, in both languages."""

from schemas.bilingual import Words

REASONS: dict[str, Words] = {
    "wrong_cell_count": Words("more or fewer cells than columns", "单元格数与列数不符"),
    "broken_quoting": Words("quotation marks that do not pair", "引号不成对"),
    "invalid_json": Words("no valid JSON", "不是有效的 JSON"),
    "not_an_object": Words("no JSON object", "不是 JSON 对象"),
    "undecodable": Words("bytes of no known encoding", "编码无法识别"),
    "unreadable": Words("unreadable", "无法读取"),
    "column_missing": Words("a column is missing", "缺少列"),
    "column_is_not_text": Words("a column holds no text", "列的内容不是文本"),
    "content_is_not_text": Words("a message holds no text", "消息不是文本"),
    "value_is_not_text": Words("a message holds no text", "消息不是文本"),
    "turn_is_not_an_object": Words("a message has another layout", "消息结构不对"),
    "broken_history": Words("a history of another layout", "历史消息结构不对"),
    "no_messages": Words("no messages", "没有消息"),
    "no_conversations": Words("no conversations", "没有对话"),
    "no_instances": Words("no answers", "没有回答"),
    "no_speakers": Words("nobody is named as speaking", "看不出谁在说话"),
    "no_session": Words("no session is named", "没有会话编号"),
    "no_user": Words("no customer is named", "没有客户编号"),
    "no_time": Words("no time that can be read", "时间无法识别"),
    "unknown_role": Words("it is not known who speaks", "不知道是谁在说"),
    "empty_row": Words("empty", "空行"),
    "tool_turns": Words("talk with a program", "与程序的对话"),
    "notice": Words("notices of the platform", "平台通知"),
    "empty": Words("empty messages", "空消息"),
    "no_question": Words("sessions without a customer", "会话里没有客户"),
    "no_answer": Words("sessions without an answer", "会话里没有回答"),
    "before_question": Words("said before the first question", "首个问题之前的话"),
    "unanswered": Words("last words without an answer", "末尾没有得到回答的话"),
}


def reason(name: str) -> str:
    """The reason in the language of the session; what a dropped-in file brought, by its name."""
    return str(REASONS[name]) if name in REASONS else name.replace("_", " ")


def explained(name: str) -> str:
    """The reason under its name, which `hornbook dropped --rule` takes, and as people say it where that is known."""
    return f"{name} ({REASONS[name]})" if name in REASONS else name
