"""Tells what a text denies, and the pairs of words of which one turns the other round."""

import itertools
import re
from functools import cache, lru_cache

from curate.gate.meaning.plain_texts import jaccard, simplified
from rules.lexicons import lexicon

ASKED_BOTH_WAYS = re.compile(
    r"(.)(?:不|没)\1|[有是]没[有是]|是否|能否|可否|会否|与否|[一-鿿]不(?=[?？]|$)"
    r"|[了过]没有?(?=[?？啊呀呢，,。!！ ]|$)|没有?(?=[?？])"
    r"|(?:不|没有?)[?？]|(?:能|行|可以|好|要|有|收|退|是)不(?=[?？,，。 ]|$)|是不是|有没有|能不能|可不可以|会不会"
    r"|\bor not\b|\bwhether or not\b|\b(?:isn|aren|don|doesn|didn|won|can|couldn|wouldn|haven|hasn|shouldn)['’]?t"
    r" (?:it|you|they|we|there|that|this)\b(?=[^?]*(?:\?|$))|\bwith(?:out)? or with(?:out)?\b|\bdon['’]?t you\b"
)
"""Questions that name both answers: 能不能, "or not"."""
IDIOMS = (
    "怎么不|该不会|不一样|没两样|没什么两样|无聊|没错|别嘴硬|别忘|差别|鉴别|能不|不知道|不清楚|不晓得|不太清楚"
    "|不好意思|对不起|不过|不仅|不但|不管|不论|不妨|不断|不客气|差不多|不错|没关系|没事|没问题|特别|不少"
    "|不久|不得不|不小心"
    "|是非|非常|除非|无论|无线|无理由|无忧|无障碍|莫非|未来|否则|区别|分别|个别|级别|类别|别人|别的|性别"
    "|告别|识别|别墅|别名|不同|要不|要不然|不然|不止|不只|不光|说不定|好不容易"
    r"|不一定|来不及|不到(?=[半一二两三四五六七八九十\d])|不满(?=[半一二两三四五六七八九十\d])"
    r"|不足(?=[半一二两三四五六七八九十\d])|不超过|不大于|不小于|不低于|不高于|不少于|不多于|不等|不限"
    "|不锈钢|不粘锅|不干胶"
)
IDLE = re.compile(
    rf"{'|'.join(sorted({*IDIOMS.split('|'), *lexicon('not_negations')}, key=len, reverse=True))}"
    r"|\bno problem\b|\bnot only\b|\bno worries\b|\bno matter\b|\bcan't wait\b|\bnot sure\b"
    r"|\bdon['’]?t (?:know|understand|see (?:how|why|where))\b"
    r"|\bno\.\s*\d|\bno more than\b|\bnot? (?:least|less) than\b|\bno later than\b|\bnot to mention\b"
    r"|\bwhy (?:don|can|won)['’]?t (?:you|we)\b"
)
"""What holds a sign of negation and denies nothing."""
DENIAL_ZH = re.compile(
    r"不|没|未|无|别|勿|并非|而非|(?<![除是])非(?!常|法|遗|洲|自愿|得|要|凡|主流|机动|处方|工作)|莫"
    r"|免(?!费)|禁止|拒绝|谢绝|严禁|休想|甭"
)
WANTING_ZH = re.compile(
    r"失败|报错|错|歪|斜|绕|脏|臭|糊|肿|晕|提前|错误|异常|缺|少[了发给]|漏|断|坏|丢|失效|过期|超时|拒|停"
    r"|暂停|取消|关闭|空|迟迟|一直|还在|还是|除了|以外|之外|另外|只[有能要限是在]|仅|才|限|唯一|杜绝|避免"
    r"|以免|免得"
    r"|哪[有里能会]|怎么会|何必|难道|凭什么|谈不上|不然|超[出过]|满|难|消失|卡|黑屏|死机|假|冒充|外地|不够"
    r"|勉强|有限|吃力|弄错|搞错|误|瞎|压根|从来|否|停诊|休息|单独|分开|忘|压根|拖|干等|动静|原封"
)
DENIAL_EN = re.compile(
    r"\b(?:no|not|never|none|nobody|nothing|nowhere|neither|nor|without|cannot|unable|refus\w+|den(?:y|ied"
    r"|ies)|forbid\w*|forbidden"
    r"|prohibit\w*|cant|wont|dont|doesnt|didnt|isnt|arent|wasnt|hasnt|havent|couldnt|wouldnt|shouldnt|aint"
    r"|nope|nah)\b|n['’]t\b"
)
WANTING_EN = re.compile(
    r"\b(?:fail\w*|error\w*|lack\w*|miss(?:ing|ed)|lost|broke\w*|down|dead|gone|stuck|wrong|without"
    r"|except\w*|apart|only|just|still|yet"
    r"|unless|until|instead|rather|stop\w*|cancel\w*|crash\w*|out of|off|declin\w*|reject\w*|block\w*"
    r"|exclu\w*|free|separate\w*|unbroken"
    r"|un[a-z]{4,}|dis[a-z]{4,}|in(?:correct|valid|active|complete)\w*|im(?:possible)\w*|few|hardly|barely"
    r"|less|few(?:er)?|zero|nought|empty|late"
    r"|overdue|expired|forgot\w*|keep \w+ing out|too|any|at all|even|quit|avoid\w*|limits?|supposedly"
    r"|allegedly|despite|whereas|though|although|but|differ\w*|extra|on top|skip\w*|hate[sd]?|dislike\w*"
    r"|refus\w*|instead|excess|cracked|soaked|red|vanish\w*|drops? off)\b"
)
DENIED_ZH = re.compile(
    r"(?:不|没有?|未|别|勿|无法|无需|并?非)(?:[能会想要用得是再太给让被有须必需可以允许准支持]"
    r"|[替帮给为跟向][您你我他]|已经)*([\u3400-\u9fff]{2})"
)
"""What is denied, behind the words that only say how."""
SKIPPED_EN = frozenset(lexicon("beside_negations"))
TURNED = (
    ("之前|以前|前(?=[取退改续付提入寄申报])", "之后|以后|过后"),
    ("至少|最少|起码|不少于|不低于|以上", "至多|最多|顶多|不超过|以下|以内"),
    ("免费|不收费|不要钱|包邮|不用付|不另收", "收费|付费|自费|自付|要钱"),
    ("必须|一定要|务必|得先|强制", "不必|不用|无需|无须|不需要|可以不|自愿"),
    ("增加|上涨|涨|调高|提高|升级|变多|加到", "减少|下降|降|调低|降低|降级|变少"),
    ("开启|打开|开通|启用", "关闭|关掉|停用|取消"),
    ("多[付收扣]", "少[付收扣]"),
    ("太大|偏大|大了", "太小|偏小|小了"),
    ("太早|早了|提前", "太晚|晚了|推迟|延后"),
    (r"\bbefore\b|\bprior to\b|\bahead of\b", r"\bafter\b|\bonce\b|\bfollowing\b"),
    (
        r"\bmust\b|\bhave to\b|\bneed to\b|\brequired\b|\bmandatory\b|\bobligatory\b",
        r"\bneedn['’]t\b|\boptional\b|\bdon['’]t (?:need|have) to\b|\bnot required\b|\bno need\b",
    ),
    (r"\bless than\b|\bfewer than\b|\bunder \W?\d|\bbelow \W?\d", r"\bmore than\b|\bover \W?\d|\babove \W?\d"),
    (r"\binclud\w+", r"\bexclud\w+|\bnot includ\w+|\bwithout\b"),
    (r"\bfree\b|\bno charge\b|\bat no\b|\bon us\b", r"\bpaid\b|\bcosts? extra\b|\bsurcharge\b"),
    (r"\bincreas\w+|\brais\w+|\bup\b", r"\bdecreas\w+|\blower\w+|\breduc\w+"),
    (r"\ballow\w*|\bpermitted\b|\bwelcome\b", r"\bforbid\w*|\bforbidden\b|\bbanned\b|\bprohibit\w*|\bnot allowed\b"),
    (r"\btoo (?:big|large|long)\b", r"\btoo (?:small|short|tight)\b"),
    (r"\bearlier\b|\bearly\b", r"\blater\b|\blate\b"),
)
"""Two sides of which one turns the other round."""


@lru_cache(1 << 14)
def _without_idle(text: str) -> str:
    return IDLE.sub(" ", ASKED_BOTH_WAYS.sub(" ", simplified(text).replace("’", "'")))


def denies(text: str) -> bool:
    """Tell whether anything is denied in a text; a question that names both answers denies nothing."""
    plain = _without_idle(text)
    return bool(DENIAL_ZH.search(plain) or DENIAL_EN.search(plain))


def wants(text: str) -> bool:
    """Tell whether a text says that something is wanting, which is a denial in other words: "missing", 只有, 失败."""
    plain = simplified(text)
    return bool(WANTING_ZH.search(plain) or WANTING_EN.search(plain))


def turned(parent: str, text: str, least: float) -> bool:
    """Tell whether a rewording denies what its parent says, says what it denies, or turns a word of it round.

    What is worded wholly otherwise may deny in words that no list has: below a similarity of `least` only words that
    are turned round count.
    """
    first, second = _without_idle(parent), _without_idle(text)
    if any(_swapped(first, second, *pair) for pair in TURNED):
        return True
    if jaccard(parent, text) < least:
        return False
    ours, theirs = denies(parent), denies(text)
    if (ours and not theirs and not wants(text)) or (theirs and not ours and not wants(parent)):
        return True
    return _denies_other_things(parent, text) or _denies_other_things(text, parent)


def _denies_other_things(parent: str, text: str) -> bool:
    """Tell whether what the parent denies is said outright in the text: 没收到, and 已经收到了."""
    ours, theirs = _without_idle(parent), _without_idle(text)
    denied = _denied(theirs)
    return any(
        key not in denied and _says_outright(theirs, key) and not _says_outright(ours, key)
        for key in _denied(ours)
        if not (
            key.isascii()
            and re.search(r"\b(?:fail|miss|lack|refus|declin|reject|stop|off limits|without|unable)\w*", theirs)
        )
    )


def _denied(plain: str) -> frozenset[str]:
    """List what is denied: the two characters, or the word, behind each sign of negation."""
    chinese = {match[1] for match in DENIED_ZH.finditer(plain)}
    english = set()
    words = re.findall(r"[a-z']+|[.,;!?]", plain)
    for n, word in enumerate(words):
        if word in ("not", "cannot") or word.endswith("n't"):
            behind = itertools.takewhile(str.isalpha, (w.replace("'", "") for w in words[n + 1 : n + 6]))
            first = next((w for w in behind if w not in SKIPPED_EN), "")
            english |= {_stem(first)} if first else set()
    return frozenset(chinese | english)


def _says_outright(plain: str, key: str) -> bool:
    """Tell whether a text says this word with no negation before or behind it."""
    if not key.isascii():
        return any(
            not DENIAL_ZH.search(plain[max(match.start() - 5, 0) : match.start()].rpartition("，")[2])
            and not DENIAL_ZH.search(CLAUSE.match(plain, match.end(), match.end() + REACH)[0])  # type: ignore[index]
            for match in re.finditer(re.escape(key), plain)
        )
    words = re.findall(r"[a-z']+|[.,;!?]", plain)
    return any(
        _stem(word) == key
        and not any(DENIAL_EN.fullmatch(w) or w.endswith("n't") for w in words[max(n - 5, 0) : n + 4])
        for n, word in enumerate(words)
    )


CLAUSE = re.compile(r"[^，。；！？,;!?\n]*")
REACH = 6
"""Characters behind a word in which it is denied: 年龄我没有."""


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _stem(word: str) -> str:
    return re.sub(r"(?:ing|ed|es|s|e)$", "", word)


def _swapped(parent: str, text: str, one: str, other: str) -> bool:
    """Tell whether one side of a pair stands in the parent alone, and the other in the rewording alone."""
    holds = [[bool(_compiled(side).search(words)) for side in (one, other)] for words in (parent, text)]
    return holds[0] != holds[1] and sorted(holds) == [[False, True], [True, False]]
