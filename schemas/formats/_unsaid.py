"""What in a table of turns nobody said, or said in words: internal notes, images, and texts wrapped in JSON."""

import re
from collections.abc import Mapping
from typing import Any

from schemas.formats import Turn
from schemas.formats._beside import parsed

INTERNAL = frozenset(
    ("private", "internal", "is_private", "is_internal", "is_note", "Private", "Internal", "Is Private", "Is Internal",
     "IsPrivate", "IsInternal", "isPrivate", "isInternal", "internal_note", "Internal note", "Private note", "内部",
     "是否内部", "是否内部备注", "内部备注", "内部消息", "是否内部消息", "仅内部可见")
)  # fmt: skip
"""Columns of a truth that says that a message went to colleagues only."""
PUBLIC = frozenset(
    ("public", "is_public", "Public", "Is Public", "IsPublic", "isPublic", "公开", "是否公开", "对客户可见", "客户可见")
)
"""Columns of a truth that says the opposite."""
KINDS = (
    "msgtype", "msg_type", "message_type", "messagetype", "content_type", "contenttype", "消息类型", "内容类型",
    "msgType", "messageType", "contentType", "MsgType", "part_type", "ContentType", "event", "event_type", "eventType",
    "Event", "Event Type", "Message Type", "subtype", "事件", "事件类型",
)  # fmt: skip
"""Columns that say of what kind a message is."""
VAGUE = ("type", "Type", "类型")
"""Columns that may say it, or of what kind a ticket is: they are asked for images, files and steps alone."""
COLUMNS = INTERNAL | PUBLIC | {*KINDS, *VAGUE}
NOTES = frozenset(("note", "internal_note", "private_note", "whisper", "内部备注", "备注"))
MEDIA = frozenset(
    ("image", "img", "picture", "pic", "photo", "voice", "audio", "video", "file", "attachment", "sticker", "emotion",
     "location", "gif", "media", "图片", "图像", "语音", "视频", "文件", "附件", "表情", "表情包", "位置", "圖片",
     "語音", "視頻", "影片", "檔案", "貼圖", "截图", "照片", "interactive", "share_chat", "share_user", "merge_forward")
)  # fmt: skip
NOTICES = frozenset(
    ("system", "notice", "event", "revoke", "recall", "withdraw", "close", "tip", "tips", "系统", "系统消息",
     "系统提示", "通知", "撤回", "提示", "事件", "rating", "rate", "csat", "survey", "join", "joined", "leave", "left",
     "typing", "transfer", "transferred", "queue", "queued", "assign", "assigned", "unassigned", "closed", "opened",
     "started", "ended", "seen", "delivered", "read_receipt", "participant_joined", "participant_left", "chat_started",
     "chat_ended",
     "评价", "满意度", "满意度评价", "转接", "排队", "进线", "加入", "离开", "会话开始", "会话结束", "分配")
)  # fmt: skip
BEHIND = frozenset(
    ("verbose", "follow_up", "function_call", "tool_call", "tool_output", "tool_response", "tool_result", "knowledge",
     "reasoning", "thought")
)  # fmt: skip
"""Steps of a bot and questions that it proposes, in the place of messages: nobody said them."""
LINK = re.compile(
    r"https?://\S+\.(?:jpe?g|png|gif|webp|bmp|heic|amr|mp3|wav|m4a|aac|silk|ogg|mp4|mov|avi|pdf)(?:[?#]\S*)?", re.I
)
"""A message that is the address of a file and nothing else."""
WORDS = ("content", "text", "msg", "message", "body", "value", "title")
"""Keys under which a program wraps what was said, in this order."""
DATA = ("data", "payload", "msg", "message", "content", "text")
"""Keys of an object in which they may stand."""
DEEPEST = 4
OF_FILES = ("url", "src", "path", "duration", "size", "filesize", "filename", "file_name", "md5", "media_id")
"""Keys of an object that describes a file."""


def as_said(role: str, text: str, fields: Mapping[str, Any]) -> Turn:
    """Give the turn as it was said: `internal`, `media` or `note` in the place of its role where nobody said it in
    words to the other side, and without the JSON that a program wrapped it in.
    """
    stripped = text.strip()
    if COLUMNS.isdisjoint(fields) and stripped[:1] != "{" and stripped[:4].lower() != "http":
        return Turn(role, text)
    if _is_internal(fields):
        return Turn("internal", text)
    kind = _kind(fields)
    if stripped[:1] == "{" and stripped[-1:] == "}":
        value = parsed(stripped)
        if isinstance(value, Mapping):
            kind = kind if kind in MEDIA | NOTICES else str(value.get("type", kind)).casefold()
            words = _words(value)
            text = text if words is None else words
            kind = "media" if words is None and kind not in NOTICES and _is_of_a_file(value) else kind
    if kind in MEDIA or LINK.fullmatch(stripped):
        return Turn("media", text)
    if kind in NOTES | BEHIND:
        return Turn("internal", text)
    return Turn("note" if kind in NOTICES else role, text)


def why_unsaid(fields: Mapping[str, Any]) -> str:
    """Say why a row of some kind has no text."""
    return "media" if _kind(fields) in MEDIA else "notice"


def _kind(fields: Mapping[str, Any]) -> str:
    """Read of what kind a message is; nothing where no column says it."""
    vague = [str(fields[key]).strip().casefold() for key in VAGUE if isinstance(fields.get(key), str)]
    if behind := next((kind for kind in vague if kind in BEHIND | NOTES), ""):
        return behind
    for key in KINDS:
        if isinstance(fields.get(key), str):
            kind = str(fields[key]).strip().casefold()
            return "event" if ".event." in kind else kind
    return next((kind for kind in vague if kind in MEDIA), "")


def _is_internal(fields: Mapping[str, Any]) -> bool:
    """Tell whether a column says that a message was not for the other side."""
    if not INTERNAL.isdisjoint(fields) and any(_truth(fields.get(key)) == "true" for key in INTERNAL):
        return True
    return not PUBLIC.isdisjoint(fields) and any(_truth(fields.get(key)) == "false" for key in PUBLIC)


def _truth(value: Any) -> str:
    word = str(value).strip().casefold()
    return {"1": "true", "是": "true", "yes": "true", "0": "false", "否": "false", "no": "false"}.get(word, word)


def _words(value: Any, depth: int = 0) -> str | None:
    """Find what was said in an object that wraps it; None where there is no text."""
    if not isinstance(value, Mapping) or depth > DEEPEST:
        return None
    if (paragraphs := _paragraphs(value)) is not None:
        return paragraphs
    for key in WORDS:
        if isinstance(value.get(key), str):
            return str(value[key])
    for key in DATA:
        if (found := _words(parsed(value.get(key)), depth + 1)) is not None:
            return found
    return None


def _paragraphs(value: Mapping[str, Any]) -> str | None:
    """Read a message of a title and lists of pieces, as Feishu writes it; None where it has another layout, or images
    or files among its pieces.
    """
    lines = value.get("content")
    if not isinstance(lines, list) or not lines or not all(isinstance(line, list) for line in lines):
        return None
    pieces = [piece for line in lines for piece in line]
    if not all(isinstance(piece, Mapping) and isinstance(piece.get("text"), str) for piece in pieces):
        return None
    written = ["".join(piece["text"] for piece in line) for line in lines]
    return "\n".join(line for line in (str(value.get("title") or ""), *written) if line)


def _is_of_a_file(value: Mapping[str, Any]) -> bool:
    """Tell whether an object describes a file: it has an address, a length or a size."""
    keys = {str(key).casefold() for key in value}
    return not keys.isdisjoint(OF_FILES)
