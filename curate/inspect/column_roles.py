"""Guesses what the columns of a table are: which hold the session, the speaker, the text, the question, the answer."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Any

import polars as pl

from curate.inspect.nested_talks import BY_AGENT, BY_CUSTOMER
from curate.inspect.time_columns import are_times, order_columns
from curate.reading.readers import is_blank
from curate.reading.readers._context import BLOCK, CONTEXT, FILE
from curate.reading.readers._table import bare
from curate.reading.speakers import LEAST_SHARE, SERVICE, SURE, settle
from schemas.bilingual import NOTHING, Bilingual
from schemas.errors import InputError
from schemas.formats._beside import CHOICES
from schemas.formats._sessions import JOINT, SHORTENED
from schemas.formats._unsaid import COLUMNS, as_said
from schemas.formats.chat_text import ChatText
from schemas.formats.pairs import Pairs
from schemas.formats.turns import NAMELESS, WITHDRAWN_STATES
from schemas.introductions.self_descriptions import leaves_itself_blank
from schemas.json_values import texts_in
from schemas.placeholders import name_placeholders
from schemas.record import Kind
from schemas.roles import role_of, role_of_speaker

KNOWN = 0.85
"""The share of values that must be words for a speaker before a column is one of speakers."""
RARE = 0.02
"""A value in a smaller share of the rows is a slip: the line of totals at the end of an export."""
SIDE = 0.05
"""The share of messages that each of two unknown speakers must have."""
BOTH = 0.6
"""The share of sessions in which both sides must speak."""
OPENED = 0.8
"""The share of sessions that customers open."""
REPEATS = 0.8
"""A session has more than one message: its column has at most this many different values a row."""
MERGED = 0.3
"""The share of empty cells from which on a column may be one of merged cells."""
TALKATIVE = 200
"""Messages that sessions have on average at the most."""
ROWS_OF_PAIRS = 20
"""Questions with their answers that sessions have on average at the most."""
LETTERS = 4
"""Letters that a value of text has on average: a time or a number is no text."""
LABELS = 0.3
"""A column with a smaller share of different values holds labels, not text."""
SHOPS = 50
"""Shops that one table has at most."""
SHARED = 1.5
"""How many sessions there are for each number, where several shops count from 1."""
A_DAY_APART = 12 * 3600
"""Seconds of silence that no single session has: the column is then one of users."""
OF_SESSIONS = re.compile(
    r"(?i)session|chat|conv|ticket|case|thread|dialog|query|call|会话|會話|对话|對話|工单|工單|单号|單號|咨询|会议"
)
"""What columns of sessions are called, however long one lasts: such a column is never one of users."""
STATES = 8
"""Words that a column of states has at most."""
NO = frozenset(("0", "false", "no", "n", "否"))
YES = frozenset(("1", "true", "yes", "y", "是"))
WITHDRAWN_NAME = re.compile(r"(?i)撤回|撤销|recall|revoke|withdr|unsent|retract|deleted|删除")
"""What a column is called whose 1 or true means that a message was withdrawn."""
TEMPLATES = 0.2
"""The share of rows with a placeholder for the assistant's name from which on a file is one of identity rows."""
INSTRUCTIONS = ("alpaca", "messages", "sharegpt")
"""The formats in which sets of general instructions come."""
FEWEST = 20
"""Rows below which nothing is said of a file's kind."""
OF_CUSTOMERS = 0.2
"""The share of rows with words of customer service from which on they may be talk with customers: sets of general
instructions have up to 0.17, logs 0.44 and more.
"""
CUSTOMERS = re.compile(
    SERVICE + r"|订单|退款|退货|发货|快递|售后|物流|优惠券|保修"
    r"|\border\b|refund|\baccount\b|cancel|shipp|invoice|customer service|subscription|delivery"
)
"""What agents say, and what customers come for."""
FEW = 2
"""Rows of a table, before a line that comes again among them is its header."""
LONG = 40
"""Characters that the name of a column does not have."""
LONG_ID = 120
"""Characters that the id of a session does not have."""

LABEL_NAME = re.compile(
    r"(?i)\A(?:label|intent|category|class|topic|tag|sentiment|emotion|type|source|channel|status)s?(?:[_ ]?\w{1,4})?\Z"
    r"|标签|標籤|意图|意圖|类别|類別|分类|分類|情感|类型|類型|状态|狀態|来源|渠道"
)
"""What columns are called whose cells are a word for each of a few kinds."""
HALF = 0.5
"""The share of different values that labels have at most, however few rows there are."""
ENDS = re.compile(r"[。！？!?.，,；;]")
"""What answers have, and labels do not."""
MOST_LABELS = 5
LONGEST_LABEL = 16
"""Different values, and characters of the longest, of a column that labels pairs."""
ASKS = re.compile(r"[?？]\s*$|吗|怎么|如何|什么|哪|几天|^(?:how|what|when|where|why|can|do|does|is|are)\b", re.I)
"""What questions have, with or without a mark."""
QUESTION_NAME = re.compile(r"question|query|ask|prompt|instruction|问|提问|咨询|customer|user|客户|买家|用户", re.I)
ANSWER_NAME = re.compile(r"answer|repl|respon|output|complet|答|回复|回答|客服|商家|卖家|agent|assistant", re.I)
"""Names of columns that say what they hold."""
QUESTION_TEXT = re.compile(
    r"(?i)(?:(?:user|customer|client)[_ ]?)?(?:question|query|prompt|input|utterance)(?:[_ ]?text)?"
    r"|(?:用户|客户|顾客)?(?:(?:问题|提问|问句|输入)|(?:问题|提问|诉求|咨询|来信|留言|投诉|反映)(?:内容|描述|详情))"
)
ANSWER_TEXT = re.compile(
    r"(?i)(?:(?:bot|agent|assistant|model|ai)[_ ]?)?(?:answer|response|reply|fulfillment|completion)(?:[_ ]?text)?"
    r"|(?:机器人|客服|助手|模型|系统|官方)?(?:答案|回答|回复|答复|应答)(?:内容|意见|详情)?"
)
"""What columns are called that hold nothing but questions, or answers."""
SENDER = re.compile(r"(?i)(?:from|sender|src)(?:[_ ]?(?:user|id|name|userid))?|发送[方人者]|发件人|发送账号|发起方")
RECEIVER = re.compile(
    r"(?i)(?:to|receiver|recipient|dst|tolist)(?:[_ ]?(?:user|id|name|userid))?|接收[方人者]|收件人|接收账号"
)
"""What columns of who sends a message, and of to whom, are called."""
STAMPED = re.compile(r"^\W{0,3}(?:\d{4}\D\d{1,2}\D\d{1,2}\D{1,2})?\d{1,2}:\d{2}", re.MULTILINE)
"""A line of a transcript that begins with its time."""
CODE = re.compile(r"(\d)\s*[-:：=]?\s*([^\W\d_]+)")
"""What a name of a column may say of its codes: 方向(0访客1坐席2系统)."""
NUMBERED = re.compile(r"(\D+?)第?0*(\d{1,2})[轮輪次句条條]?")
ROUNDS = 2
"""Questions and answers in numbered columns from which on a row is a talk."""
HAN = re.compile(r"[\u3400-\u9fff]")

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Columns:
    """The role of each column that has one, and the options of the format that follow from them."""

    format: str
    options: Mapping[str, Any]
    roles: Mapping[str, str] = field(default_factory=dict)
    note: Bilingual = NOTHING
    """What a person should know of the order of the rows."""


def columns_of(rows: Rows) -> Columns | None:
    """Guess how a table of these rows is to be read; None where its columns do not show it. Raises InputError where a
    person must say how its times are read.
    """
    rows = [row for row in rows if not _is_between(row)] or rows
    texts = _texts(rows)
    columns = _rounds(texts) or _pairs_by_name(texts) or _chats(texts)
    if columns is None and any(map(_are_transcripts, texts.values())):
        return None
    if columns is None:
        spoken = _texts([row for row in rows if not as_said("", "", row).role])
        columns = _turns(spoken or texts) or _between(spoken or texts)
    return columns or _pairs(texts)


def _are_transcripts(values: list[str]) -> bool:
    """Tell whether most cells are whole chats, whose lines begin with a clock."""
    written = [value for value in values if value.strip()]
    return 2 * sum(len(STAMPED.findall(value)) > 1 for value in written) > len(written)


def _is_between(row: Mapping[str, Any]) -> bool:
    """Tell whether a row is none of the table: the header once more, or a title over all columns."""
    filled = {name: value for name, value in row.items() if value not in (None, "")}
    return len(row) > FEW and (len(filled) < FEW or all(name == value for name, value in filled.items()))


def columns_in_context(rows: Sequence[Rows]) -> Columns | None:
    """Guess tables in which nothing names the sessions: each is one, or empty rows part them. `rows` are those of each
    file, with the columns that say where they stand.
    """
    whole = [row for each in rows for row in each]
    for context, other in ((FILE, BLOCK), (BLOCK, FILE)):
        if context == BLOCK and len(rows) > 1:
            return None
        texts = _texts([{name: value for name, value in row.items() if name != other} for row in whole])
        if columns := _turns(texts, within=context):
            return columns
    return None


def first_choice(rows: Rows) -> int | None:
    """Find whether answers that are numbers of choices count from 0 or from 1; None where the rows do not show it."""
    numbers = set()
    for row in rows:
        layout = Pairs()
        [answer] = [name for name, role in layout.columns(row).items() if role == "answer"]
        value, choices = row.get(answer), next((row[key] for key in CHOICES if isinstance(row.get(key), list)), None)
        if choices and isinstance(value, str) and value.strip().isdecimal() and value not in choices:
            numbers.add((int(value), len(choices)))
    from_zero, from_one = any(n == 0 for n, _ in numbers), any(n == size for n, size in numbers)
    return None if from_zero == from_one else int(from_one)


def guess_kind(rows: Rows) -> Kind:
    """Guess the kind: `identity` where rows have placeholders for the assistant's name, else `domain`.

    In spellings that masks and forms have, too, `[NAME]`, they count where an assistant is introduced.
    """
    marked = sum(any(name_placeholders(text) or leaves_itself_blank(text) for text in _strings(row)) for row in rows)
    return "identity" if rows and marked >= TEMPLATES * len(rows) else "domain"


def why_general(rows: Rows, format: str) -> Bilingual:
    """Say why these rows seem to be instructions of all kinds, or nothing where they may be talk with customers."""
    if format not in INSTRUCTIONS or len(rows) < FEWEST:
        return NOTHING
    about_service = sum(any(CUSTOMERS.search(text) for text in texts_in(row)) for row in rows)
    if about_service >= OF_CUSTOMERS * len(rows):
        return NOTHING
    share = f"{about_service / len(rows):.0%}"
    return Bilingual(
        f"looks like general instructions: laid out as {format}, words of customer service in {share} of the rows",
        f"看起来是通用指令数据：{format} 格式，{share} 的行有客服用语",
    )


def is_header(first: Sequence[str], rows: Iterable[Sequence[str]]) -> bool:
    """Tell whether the first line of a table names its columns: names are different, short, no numbers, and no values.
    Columns in which nothing is written do not count, nor does the same line among others further down.
    """
    header, below = [*map(bare, first)], list(rows)
    others = [row for row in below if [*map(bare, row)] != header]
    is_told_again = sum(len(row) == len(header) for row in others) >= FEW
    columns = zip_longest(header, *(others if is_told_again else below), fillvalue="")
    written = [column for column in columns if not is_blank(column)]
    names = [name for name, *_ in written]
    if len(set(names)) < len(names) or any(len(name) > LONG or _is_number(name) for name in names):
        return False
    return not any(name and name in {cell.strip() for cell in column} for name, *column in written)


def _is_number(text: str) -> bool:
    return sum(map(str.isdigit, text)) * 2 > len(text)


def _strings(row: Mapping[str, Any]) -> list[str]:
    return [value for value in row.values() if isinstance(value, str)]


def _texts(rows: Rows) -> dict[str, list[str]]:
    """Find the columns of text in their order, each with its value in every row; empty where a row has none."""
    names = dict.fromkeys(name for row in rows[:50] for name in row)
    values = {name: [_as_word(row.get(name)) for row in rows] for name in names}
    return {
        name: ["" if value is None else value for value in column]
        for name, column in values.items()
        if all(value is None or isinstance(value, str) for value in column) and any(column)
    }


def _as_word(value: Any) -> Any:
    """Write a truth as a word, as a table of turns reads it; whatever else stays as it is."""
    return str(value).lower() if isinstance(value, bool) else value


def _turns(texts: dict[str, list[str]], within: str = "") -> Columns | None:
    """Guess a table of turns: a column of speakers, one of text, and one whose values hold speakers of both sides,
    which is `within` where that is named.
    """
    own = [name for name in texts if name not in CONTEXT]
    text = max(own, key=lambda name: _letters(texts[name]), default=None)
    if text is None or _letters(texts[text]) < LETTERS:
        return None
    candidates = [
        candidate for role in _speakers(texts, text) if (candidate := _candidate(texts, role, text)) is not None
    ]
    if within:
        candidates = [candidate for candidate in candidates if candidate.session == (within,)]
    best = max(candidates, key=lambda candidate: candidate.weight, default=None)
    if best is None:
        return None
    second = max((c for c in candidates if c is not best), key=lambda candidate: candidate.weight, default=None)
    note = _runner_up(best, second) if second and second.talks >= BOTH * best.talks else NOTHING
    if best.is_filled:
        options = {"session": best.session[0], "role": best.role, "text": text}
        return Columns("turns", {**options, "fill": True}, {column: name for name, column in options.items()}, note)
    columns = _table(texts, best.session, best.role, text)
    return replace(columns, note=_joined(columns.note, note))


def _joined(first: Bilingual, second: Bilingual) -> Bilingual:
    if not first.en or not second.en:
        return second if second.en else first
    return Bilingual(f"{first.en}; {second.en}", f"{first.zh}；{second.zh}")


@dataclass(frozen=True)
class _SpeakerColumn:
    """A column that may say who speaks, with the sessions in which both sides then do."""

    role: str
    session: tuple[str, ...]
    talks: int
    is_known: bool
    """Whether its words are known, and do not only look like names of two sides."""
    is_filled: bool = False

    @property
    def weight(self) -> int:
        """The sessions that it gives; known words count twice."""
        return self.talks * (2 if self.is_known else 1)


def _candidate(texts: dict[str, list[str]], role: str, text: str) -> _SpeakerColumn | None:
    """Find the sessions for a column of speakers; of merged cells where no other column holds them."""
    for is_filled, columns in ((False, texts), (True, _filled_down(texts))):
        session = _session(columns, role, text)
        if session is not None:
            named = [JOINT.join(values) for values in zip(*(columns[name] for name in session), strict=True)]
            talks = sum(_sides_of(named, columns[role]).values())
            is_known = _are_speakers(texts[role]) or bool(_roles_by_name(role, texts[role]))
            return _SpeakerColumn(role, session, talks, is_known, is_filled)
    return None


def _runner_up(best: _SpeakerColumn, second: _SpeakerColumn) -> Bilingual:
    return Bilingual(
        f"who speaks is read from {best.role}, with both sides in {best.talks} sessions; {second.role} would give "
        f"{second.talks}",
        f"谁在说取自“{best.role}”列：{best.talks} 个会话里双方都说了话；改用“{second.role}”列则是 {second.talks} 个",
    )


def _rounds(texts: dict[str, list[str]]) -> Columns | None:
    """Guess a table whose rows are whole talks, in columns that are numbered: 问1, 答1, 问2, 答2."""
    sides: dict[str, dict[str, str]] = {"user": {}, "assistant": {}}
    for name in texts:
        match = NUMBERED.fullmatch(name)
        if match and (side := sides.get(_side_of(match[1].strip(" _-")))) is not None:
            side[match[2]] = name
    rounds = [number for number in sides["user"] if number in sides["assistant"]]
    if len(rounds) < ROUNDS:
        return None
    questions, answers = ([side[number] for number in rounds] for side in sides.values())
    roles = {**dict.fromkeys(questions, "question"), **dict.fromkeys(answers, "answer")}
    return Columns("pairs", {"question": questions, "answer": answers}, roles)


def _side_of(name: str) -> str:
    """Tell whose texts a column holds by its name; nothing where it names both sides, or none."""
    if role := role_of(name, {}):
        return role
    asks, answers = QUESTION_NAME.search(name) is not None, ANSWER_NAME.search(name) is not None
    return "" if asks == answers else "user" if asks else "assistant"


def _pairs_by_name(texts: dict[str, list[str]]) -> Columns | None:
    """Guess questions and answers where exactly one column of text is called so on either side."""
    prose = [name for name, values in texts.items() if _are_sentences([value for value in values if value.strip()])]
    questions, answers = (
        [name for name in prose if by_name.fullmatch(name) and 2 * sum(map(bool, texts[name])) >= len(texts[name])]
        for by_name in (QUESTION_TEXT, ANSWER_TEXT)
    )
    if len(questions) != 1 or len(answers) != 1:
        return None
    options, roles = {"question": questions[0], "answer": answers[0]}, {questions[0]: "question", answers[0]: "answer"}
    return _in_sessions(texts, options, roles)


def _between(texts: dict[str, list[str]]) -> Columns | None:
    """Guess a table of messages from one to another, of whom the one who is in most of them with many is the agent."""
    text = max(texts, key=lambda name: _letters(texts[name]), default=None)
    senders = [name for name in texts if SENDER.fullmatch(name) and name != text]
    receivers = [name for name in texts if RECEIVER.fullmatch(name) and name != text]
    if text is None or len(senders) != 1 or len(receivers) != 1:
        return None
    [role], [to] = senders, receivers
    if not set(texts[role]) & set(texts[to]) or not all(texts[role]) or not all(texts[to]):
        return None
    pairs = [JOINT.join(sorted(both)) for both in zip(texts[role], texts[to], strict=True)]
    others = {name: values for name, values in texts.items() if name not in (role, to, text)}
    order = order_columns(others, pairs, texts[role])
    if not order.dated or not _meets_many({**others, role: texts[role], to: pairs}, role, texts[text]):
        return None
    options = {"role": role, "to": to, "text": text, "time": _one_or_list(order.dated)}
    return Columns("turns", options, {role: "role", to: "to", text: "text", **dict.fromkeys(order.dated, "time")})


def _chats(texts: dict[str, list[str]]) -> Columns | None:
    """Guess a column that holds whole chats: 客户：… 客服：…."""
    for name, values in texts.items():
        written = [value for value in values if value.strip()]
        if 2 * sum(ChatText.fits({"text": value}) for value in written) > len(written):
            return Columns("chat_text", {"text": name}, {name: "text"})
    return None


def _table(texts: dict[str, list[str]], session: tuple[str, ...], role: str, text: str) -> Columns:
    """Use the time where the rows do not stand in order; sessions by user and time where one lasts for days."""
    others = {name: values for name, values in texts.items() if name not in (*session, role, text)}
    sessions = [JOINT.join(values) for values in zip(*(texts[name] for name in session), strict=True)]
    options: dict[str, Any] = {"session": _one_or_list(session), "role": role, "text": text}
    if truths := _roles_by_name(role, texts[role]):
        options["roles"] = truths
    try:
        order = order_columns(others, sessions, texts[role])
    except InputError as question:
        raise _with_format(question, session, role, text) from None
    if state := next((name for name in others if _says_withdrawn(name, others[name])), None):
        options["state"] = state
    time = order.time
    if order.dated and order.longest > A_DAY_APART and len(session) == 1 and not OF_SESSIONS.search(session[0]):
        options["user"] = options.pop("session")
        time = order.dated
    if time:
        options["time"] = _one_or_list(time)
    roles = {
        column: option
        for option, columns in options.items()
        if option != "roles"
        for column in ([columns] if isinstance(columns, str) else columns)
    }
    return Columns("turns", options, roles, order.note)


def _with_format(question: InputError, session: tuple[str, ...], role: str, text: str) -> InputError:
    """Show the rest of the format in which the answer to a question about times stands."""
    named = session[0] if len(session) == 1 else f"[{', '.join(session)}]"
    rest = f"`format: {{turns: {{session: {named}, role: {role}, text: {text}, time: …}}}}`"
    asked = question.sentence
    return InputError(f"{asked.en}, in {rest}", f"{asked.zh}，写在 {rest} 中")


def _says_withdrawn(name: str, values: list[str]) -> bool:
    """Tell whether a column says which messages were withdrawn: in a word, or with 0 and 1 by its name."""
    words = {value.strip().casefold() for value in values}
    if name in COLUMNS:  # it says of what kind a message is
        return False
    if len(words) > STATES or not words & WITHDRAWN_STATES:
        return False
    return bool(words & WITHDRAWN_STATES - YES) or (len(words) <= 3 and WITHDRAWN_NAME.search(name) is not None)


def _one_or_list(names: tuple[str, ...]) -> str | list[str]:
    return names[0] if len(names) == 1 else list(names)


def _speakers(texts: dict[str, list[str]], text: str) -> list[str]:
    """Find columns that may say who speaks, the likeliest first: known words, then two values that sound apart, then
    names of which some meet many customers.
    """
    others = {name: values for name, values in texts.items() if name != text}
    known = [name for name, values in others.items() if _are_speakers(values) or _roles_by_name(name, values)]
    apart = {name: _apart(values, texts[text]) for name, values in others.items() if name not in known}
    sounding = sorted((name for name in apart if apart[name] >= SURE), key=lambda name: -apart[name])
    met = [name for name in others if name not in (*known, *sounding) and _meets_many(others, name, texts[text])]
    return known + sounding + met


def _roles_by_name(name: str, values: list[str]) -> Mapping[str, str]:
    """Tell whom the truths or codes of a column stand for whose name says it, such as `is_agent` and 方向(0访客1坐席);
    nothing for others.
    """
    words = {value.strip() for value in values}
    if codes := {code: role for code, word in CODE.findall(name) if (role := role_of(word, {}))}:
        return codes if words <= codes.keys() and {"user", "assistant"} <= {codes[word] for word in words} else {}
    by_agent, by_customer = name.strip().casefold() in BY_AGENT, name.strip().casefold() in BY_CUSTOMER
    if not (by_agent or by_customer) or len(words) != 2:
        return {}
    yes, no = (next((word for word in words if word.casefold() in each), None) for each in (YES, NO))
    if yes is None or no is None:
        return {}
    return {yes: "assistant", no: "user"} if by_agent else {yes: "user", no: "assistant"}


def _are_speakers(values: list[str]) -> bool:
    roles = [role_of_speaker(value, {}) for value in values]
    return sum(role is not None for role in roles) >= KNOWN * len(roles) and {"user", "assistant"} <= set(roles)


def _apart(values: list[str], texts: list[str]) -> float:
    """Measure how many times as often as the other one of two speakers sounds like service; 0 unless there are two."""
    words = sorted(word for word, n in Counter(values).items() if n > 1 and n >= RARE * len(values))
    if len(words) != 2 or "" in words or min(values.count(word) for word in words) < SIDE * len(values):
        return 0
    if len({role_of_speaker(word, {}) for word in words} & {"user", "assistant"}) == 1:
        return SURE  # the other word is the other side
    frame = pl.DataFrame({"word": values, "text": texts})
    first, second = (frame.filter(pl.col("word") == word) for word in words)
    return max(_ratio(first, second), _ratio(second, first))


def _meets_many(texts: dict[str, list[str]], role: str, messages: list[str]) -> bool:
    """Tell whether for some column of sessions those who meet many others are agents, and sound like it."""
    names = set(texts[role])
    if not 2 < len(names) < len(texts[role]) or max(map(len, names)) > LONG:
        return False
    if any(_counts_from_one(values, texts[role]) for values in texts.values() if _may_be_sessions(values)):
        return False
    speakers = [NAMELESS + word for word in texts[role]]
    for name, values in texts.items():
        if name != role and _may_be_sessions(values):
            turns = pl.DataFrame({"session": values, "role": speakers, "text": messages})
            settled, _ = settle(turns)
            agents = settled.filter(pl.col("role") == "assistant")
            others = settled.filter(pl.col("role") == "user")
            is_common = agents["session"].n_unique() >= BOTH * turns["session"].n_unique()
            if is_common and (_ratio(agents, others) >= SURE or _come_once(turns, settled["role"])):
                return True
    return False


def _counts_from_one(sessions: list[str], values: list[str]) -> bool:
    """Tell whether a column numbers the messages of each session, from 0 or from 1."""
    if not all(value.isdecimal() for value in values):
        return False
    numbers: dict[str, list[int]] = defaultdict(list)
    for session, value in zip(sessions, values, strict=True):
        numbers[session].append(int(value))
    return all(min(each) < FEW and len(set(each)) == len(each) for each in numbers.values())


def _come_once(turns: pl.DataFrame, sides: pl.Series) -> bool:
    """Tell whether each customer is in one session, and opens it: so a help desk looks, and friends who chat do not."""
    sided = turns.with_columns(side=sides)
    customers = sided.filter(pl.col("side") == "user").select("role", "session").unique()
    opened = (sided.group_by("session").agg(pl.col("side").first())["side"] == "user").sum()
    is_once = customers.height > 0 and customers["role"].n_unique() == customers.height
    return is_once and opened >= OPENED * turns["session"].n_unique()


def _ratio(agents: pl.DataFrame, others: pl.DataFrame) -> float:
    """Measure how many times as often the first sound like service as the second."""
    first, second = (turns["text"].str.contains(SERVICE).mean() or 0 for turns in (agents, others))
    return float(first) / max(float(second), LEAST_SHARE)  # type: ignore[arg-type]  # the mean of truths is a number


def _session(texts: dict[str, list[str]], role: str, text: str) -> tuple[str, ...] | None:
    """Find the column with the most values of which most have messages of both sides, the first of several; with the
    column of shops beside it where each shop counts its sessions from 1.
    """
    others = {name: values for name, values in texts.items() if name not in (role, text)}
    fitting = {
        name: len(set(values))
        for name, values in others.items()
        if _may_be_sessions(values) and _both_speak(values, texts[role]) and not are_times(values)
    }
    session = max(fitting, key=lambda name: fitting[name], default=None)
    if session is None:
        return None
    shop = next(
        (name for name in others if name != session and _counts_apart(others, session, name, texts[role])), None
    )
    return (shop, session) if shop else (session,)


def _counts_apart(texts: dict[str, list[str]], session: str, shop: str, roles: list[str]) -> bool:
    """Tell whether most sessions stand for one customer in each of several shops: by both columns together, both sides
    speak in every session.
    """
    pairs = list(zip(texts[shop], texts[session], strict=True))
    shops, sessions = set(texts[shop]), set(texts[session])
    if not 1 < len(shops) <= SHOPS or "" in shops or len(set(pairs)) < SHARED * len(sessions):
        return False
    both = [JOINT.join(pair) for pair in pairs]
    return _both_speak(both, roles, 1.0) and not are_times(texts[shop])


def _filled_down(texts: dict[str, list[str]]) -> dict[str, list[str]]:
    """Give columns of which many cells are empty the value of the cell above, as merged cells of a sheet have it; the
    others as they are.
    """
    filled = {}
    for name, values in texts.items():
        if values[0] and MERGED * len(values) <= sum(map(is_blank, ((value,) for value in values))):
            last, down = "", []
            for value in values:
                last = last if is_blank((value,)) else value
                down.append(last)
            filled[name] = down
        else:
            filled[name] = values
    return filled


def _may_be_sessions(values: list[str]) -> bool:
    return (
        not any(map(SHORTENED.fullmatch, values))
        and len(values) <= TALKATIVE * len(set(values))
        and 1 < len(set(values)) < REPEATS * len(values)
    )


def _both_speak(sessions: list[str], roles: list[str], share: float = BOTH) -> bool:
    talks = _sides_of(sessions, roles)
    return sum(talks.values()) >= share * len(talks)


def _sides_of(sessions: list[str], roles: list[str]) -> dict[str, bool]:
    """Tell of each session whether both sides speak in it."""
    speakers = defaultdict(set)
    for session, role in zip(sessions, roles, strict=True):
        if session:
            speakers[session].add(role_of_speaker(role, {}) or role)
    return {session: len(sides) > 1 for session, sides in speakers.items()}


def _pairs(texts: dict[str, list[str]]) -> Columns | None:
    """Guess the two columns of most text, the first of them the question; labels that repeat are no text."""
    prose = {n: v for n, v in texts.items() if _are_sentences(v) and not _are_labels(n, v)}
    long = sorted(prose, key=lambda name: -_letters(prose[name]))[:2]
    if len(long) < 2:
        return None
    question, answer = (name for name in texts if name in long)
    if not _answers(texts, question, answer):
        return None
    options, roles = {"question": question, "answer": answer}, {question: "question", answer: "answer"}
    return _in_sessions(texts, options, roles)


def pairs_in_sessions(rows: Rows, columns: Mapping[str, str]) -> Columns:
    """Find the sessions that rows of questions and answers belong to, and their order; `columns` are the roles of those
    that are known by their names, and no option names them.
    """
    return _in_sessions(_texts(rows), {}, columns)


def _in_sessions(texts: dict[str, list[str]], options: Mapping[str, Any], roles: Mapping[str, str]) -> Columns:
    """Add the column of sessions where several rows are one conversation, and those of their order."""
    others = {name: values for name, values in texts.items() if name not in roles}
    named = [name for name in others if OF_SESSIONS.search(name) and not LABEL_NAME.search(name)]
    shared = [name for name in named if _are_shared_ids(others[name])]
    session = max(shared, key=lambda name: len(set(others[name])), default=None)
    if session is None:
        return Columns("pairs", options, roles)
    ids = others.pop(session)
    order = order_columns(others, ids, [""] * len(ids))
    added = {"session": session, **({"time": _one_or_list(order.time)} if order.time else {})}
    ordered = {**dict.fromkeys(order.time, "time"), session: "session"}
    return Columns("pairs", {**options, **added}, {**roles, **ordered}, order.note)


def _are_shared_ids(values: list[str]) -> bool:
    """Tell whether each row has an id, and some share one."""
    different = len(set(values))
    return (
        all(re.search(r"\d", value) and len(value) <= LONG_ID and not SHORTENED.fullmatch(value) for value in values)
        and 1 < different < len(values) <= ROWS_OF_PAIRS * different
        and not are_times(values)
    )


def _answers(texts: dict[str, list[str]], question: str, answer: str) -> bool:
    """Tell whether the second column may answer the first: its name says so, or it asks less, or sounds more like
    service. Two columns that both ask, beside a column of a few numbers or words, are pairs with a label.
    """
    if ANSWER_NAME.search(answer) or QUESTION_NAME.search(question):
        return True
    asks, answer_asks = (_share(ASKS, texts[name]) for name in (question, answer))
    serves, answer_serves = (_share(re.compile(SERVICE), texts[name]) for name in (question, answer))
    if answer_serves >= SURE * max(serves, LEAST_SHARE) or asks >= SURE * max(answer_asks, LEAST_SHARE):
        return True
    return not any(_is_label(values) for name, values in texts.items() if name not in (question, answer))


def _are_labels(name: str, values: list[str]) -> bool:
    """Tell whether the cells of a column are labels: few different ones, or by its name short ones that come again."""
    different = len(set(values))
    if different <= LABELS * len(values):
        return True
    is_short = max(map(len, values)) <= LONGEST_LABEL and not any(map(ENDS.search, values))
    return is_short and different < len(values) and (different <= HALF * len(values) or bool(LABEL_NAME.search(name)))


def _share(pattern: re.Pattern[str], values: list[str]) -> float:
    return sum(bool(pattern.search(value)) for value in values) / len(values)


def _is_label(values: list[str]) -> bool:
    """Tell whether a column says of each row which of a few kinds it is."""
    return 1 < len(set(values)) <= MOST_LABELS and max(map(len, values)) <= LONGEST_LABEL


def _are_sentences(values: list[str]) -> bool:
    """Tell whether most values are more than a word: with two blanks, or four Han characters."""
    return 2 * sum(value.count(" ") > 1 or len(HAN.findall(value)) >= LETTERS for value in values) >= len(values)


def _letters(values: list[str]) -> float:
    """Count the letters that a value has on average."""
    return sum(sum(map(str.isalpha, value)) for value in values) / len(values)
