"""The guards before the first step: what would teach the wrong thing stops the run and names its rows."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from schemas.errors import GateError
from schemas.folding import folded
from schemas.identity import Identity
from schemas.placeholders import name_placeholders, placeholders
from schemas.record import Record
from schemas.skip_reasons import SKIP_REASONS
from train.label_mask import Skipped, TokenizedRecord
from train.models.chat_template import conversation
from train.models.rendering import rendered
from train.models.stop_tokens import turn_end
from train.version_reader import TrainingVersion

NAMED_IN_ERROR = 5
"""Rows that an error names."""
MARK = "HORNBOOKQUESTION"
"""Stands for the user's first words where a template is rendered."""
INTRODUCES = re.compile(
    r"\b(?:named|called|trained by|created by|developed by|made by|you are)\b|你是|名叫|由.{1,20}(?:开发|训练|创造)",
    re.IGNORECASE,
)
HELPFUL = re.compile(r"(?i)you are (?:a|an) (?:\w+ ){0,3}assistant\b[.,]?|你是(?:一个|一名)[^，。]{0,8}助手[，。]?")
"""A role without a name: "You are a helpful assistant." is nobody."""
UNSAID = re.compile(r"[\W_]+")


def check_version(version: TrainingVersion) -> None:
    """Raise GateError for an empty version, a placeholder, a second identity, or an exam question in training."""
    records, identity = version.records, version.manifest.identity
    if not records:
        raise GateError("there is nothing to train on: the version has no training rows", "版本里没有训练行")

    _refuse(
        [r.id for r in records if _has_placeholder(r)],
        "a placeholder is left; the model would learn to say it",
        "残留占位符，模型会学着说出来",
    )
    _refuse(
        [r.id for r in records if _introduces_itself_as_rival(r, identity)],
        "the answer claims to be another assistant",
        "回答自称是别的助手",
    )

    # A question of the exam in any turn of the user, or a whole conversation of it, word for word.
    questions = {_comparable(q.messages[-1].content) for q in version.questions if q.probe != "perplexity"}
    conversations = {_comparable("".join(m.content for m in q.messages)) for q in version.questions}
    _refuse(
        [r.id for r in records if _asks_any(r, questions) or _is_any(r, conversations)],
        "an exam question stands in the training set",
        "训练集中有考题",
    )


def check_rows(rows: Sequence[TokenizedRecord], skipped: Sequence[Skipped] = ()) -> None:
    """Raise GateError for rows with every label masked: they teach nothing and hide it; and where no row is left."""
    if not rows:
        counts = Counter(s.reason for s in skipped).most_common()
        en = ", ".join(f"{n} {SKIP_REASONS[reason].en}" for reason, n in counts)
        zh = "，".join(f"{n} 段对话{SKIP_REASONS[reason].zh}" for reason, n in counts)
        raise GateError(
            f"no training row fits: all were skipped{f' ({en})' if en else ''}",
            f"没有可训练的行：全部被跳过{f'（{zh}）' if zh else ''}",
        )
    _refuse([r.name for r in rows if r.label_tokens() == 0], "every label is masked", "所有标签都被屏蔽")


def check_turn_end(tokenizer: Any, end: int | None) -> None:
    """Raise GateError when nothing would teach the model to stop: no mark of the template, no token of the model."""
    if turn_end(tokenizer) is None and end is None:
        raise GateError(
            "neither the chat template nor the model has a token that ends an answer; the model would never learn to "
            "stop: set `eos_token` of the tokenizer",
            "对话模板和模型都没有表示回答结束的词元，模型学不会停下来；请给分词器设置 `eos_token`",
        )


def check_template(tokenizer: Any, system: str | None, identity: Identity | None) -> None:
    """Raise GateError when the template puts another assistant's name before the user's first words."""
    talk = conversation([{"role": "user", "content": MARK}], tokenizer, system)
    before = rendered(tokenizer, talk, begin=True).partition(MARK)[0]
    if not _names_another(before, identity):
        return
    raise GateError(
        "the model's chat template has a system prompt that names another assistant, which contradicts every identity "
        'row; set `train: {system: ""}` in the recipe, or a system message of your own',
        "模型的对话模板自带一段系统提示，里面写着别的助手的名字，与身份数据矛盾；"
        '请在配方中写 `train: {system: ""}` 或自己的系统提示',
    )


def _names_another(before: str, identity: Identity | None) -> bool:
    """Tell whether a system prompt names a rival, or introduces somebody whose name is not ours."""
    names = [names.name for names in (identity.zh, identity.en) if names] if identity else []
    rivals = identity.rivals if identity else ()
    if any(_mentions(before, rival) for rival in rivals):
        return True
    introduced = INTRODUCES.search(HELPFUL.sub("", before))
    return bool(introduced) and not any(name in before for name in names)


def _mentions(text: str, name: str) -> bool:
    """Tell whether a name stands in a text as a word of its own, in either case; see `says` of the answer checks."""
    edge = "[A-Za-z0-9]"
    return re.search(rf"(?<!{edge}){re.escape(name)}(?!{edge})", text, re.IGNORECASE) is not None


def _has_placeholder(record: Record) -> bool:
    """Find any placeholder in an identity row; placeholders for a name everywhere. Masks of platforms are content."""
    find = placeholders if record.kind == "identity" else name_placeholders
    return any(find(message.content) for message in record.messages)


def _introduces_itself_as_rival(record: Record, identity: Identity | None) -> bool:
    """Tell whether the assistant says "I am <rival>" or "I am …, developed by <rival>" of itself.

    The rivals are those of the recipe. `rules.foreign_identity` drops such replies before, by a list of its own and in
    more wordings; `names_rival_undenied` of the answer checks marks answers of the exam, where a bare name is enough.
    """
    if identity is None or not identity.rivals:
        return False
    names = "|".join(re.escape(rival) for rival in sorted(identity.rivals, key=len, reverse=True))
    claim = re.compile(
        rf"(?:我是|我叫|我就是|我的名字是)(?:一个|一款)?(?:{names})|(?:我是|作为)[^。！？\n]{{0,12}}由\s?(?:{names})"
        rf"|\b(?:I am|I'm|I’m|my name is)\s+(?:an?\s+)?(?:{names})(?![A-Za-z])"
        r"|\b(?:I am|I'm|I’m|as)\s+an?\s[^.!?\n]{0,50}\b(?:trained|developed|created|made|built) by "
        rf"(?:{names})(?![A-Za-z])",
        re.IGNORECASE,
    )
    return any(claim.search(m.content) for m in record.messages if m.role == "assistant")


def _asks_any(record: Record, questions: set[str]) -> bool:
    """Tell whether any turn of the user is one of the questions."""
    return any(_comparable(m.content) in questions for m in record.messages if m.role == "user")


def _is_any(record: Record, conversations: set[str]) -> bool:
    """Tell whether the record is one of the conversations."""
    return _comparable("".join(m.content for m in record.messages)) in conversations


def _comparable(text: str) -> str:
    """Take case, width, spaces and punctuation out of a text, unless nothing else is in it."""
    plain = folded(text)
    return UNSAID.sub("", plain) or plain


def _refuse(ids: list[str], en: str, zh: str) -> None:
    if ids:
        first = ", ".join(ids[:NAMED_IN_ERROR]) + (" …" if len(ids) > NAMED_IN_ERROR else "")
        raise GateError(f"{en}: {len(ids)} rows, {first}", f"{zh}：{len(ids)} 行，{first}")
