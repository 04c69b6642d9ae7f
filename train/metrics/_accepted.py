"""Whether an answer says one of several strings, and not in another word, denied, in doubt, or taken back."""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from train.metrics._numerals import in_digits
from train.metrics._reading import plain

ENDINGS = r"(?:'s|s'|s|es|ed|ern|wards?)?"
"""What a Latin word may carry behind it: thanks, fruits, eastern; but eighteen is not eight."""
OTHER_WORDS: dict[str, str] = {
    "明": "明[白天显确年早晚说星]|[说证声透聪]明",
    "心": "[开小放耐中关核用安贴省爱]心|心[情意得思愿里中理]",
    "人": "人[工类们家员民气]|[客个别有真机私本商]人",
    "小": "小[朋时心编助喵米姐伙店弟哥明红]|[大]小|从小",
    "水": "水[果平准蒸汽银星彩晶泥]|[薪口胶墨香药]水",
    "白": "[明李空]白|白天",
    "东": "[房京山广股]东|东[西京北莞吴汉]",
    "足": "足[球够]|[满不充]足",
    "月": "[个每本上下]月|月[亮饼球份底初]",
    "象": "[现对印想形气抽]象|象[征棋牙]",
    "龙": "[恐沙尼水]龙|龙虾",
    "鼠": "[袋松豚]鼠|鼠标",
    "威": "威[胁尼]",
    "冷": "冷[静门淡]",
    "黄": "黄[金河瓜昏山]",
    "绿": "绿茶",
    "氧": "二氧|氧化|臭氧",
    "锈": "不锈",
    "森": "森林",
    "牢": "牢[骚记]",
    "窗": "窗口",
    "兔": "兔子洞",
    "狗": "狗血",
    "琴": "琴[行键]",
    "雕": "雕[刻塑]",
}
"""Words that hold a character in another sense."""
POLITE = re.compile(
    r"^(?:\s|[,!。.~:;])*(?:(?:hi|hello|hey)(?: there| again)?(?=\s?[,!.])|(?:good|great|nice|cool|fun"
    r"|excellent) (?:question|one)\b"
    r"|thanks?(?: you)?(?: so much| a lot| very much)? for [^.!,]{1,40}|(?:你好|亲爱的?|小朋友|亲)(?:你好)?(?=[,!。~])"
    r"|(?:很|非常)?(?:高兴|开心|乐意)(?:能)?(?:为你|回答|帮)[^,。!]{0,12}|(?:这|真)?是个?好问题|(?:没问题"
    r"|好的|当然可以))"
)
"""How answers begin before they answer."""
GOODBYE = re.compile(
    r"(?:^|(?<=[.!?。~]))\s*(?:thanks?(?: you)? for (?:asking|your question|choosing"
    r"|contacting)[^.!]{0,30}|(?:hope|happy|glad) [^.!]{0,60}|anything else[^.!?]{0,40}"
    r"|(?:希望|祝|感谢|谢谢)(?:你|这)[^。!]{0,30}|还有(?:什么|其他)[^。!?]{0,30})[.!?。~]*\s*$"
)
REVOKES = re.compile(
    r"(?:不对|错了|说错|记错|搞错|抱歉|等等|等一下|更正|纠正|更准确地说|哦不|啊不|噢不|口误|准确说"
    r"|准确地说|重新(?:算|想|看))(?:[,。!:;,]|了|是|下|一下|的话)"
    r"|(?:wait|no wait|no,|oops|sorry|correction|scratch that|i mean|my mistake|i misspoke|let me correct"
    r"|on second thought|actually)\b[,.:;!—-]*"
)
"""One who takes back what he said just before."""
MOST_CORRECTIONS = 8
"""How many of them are looked at, from the last: an answer that has more is babble."""
CLAIMS = re.compile(
    r"(?:是|为|应为|改为|叫|等于|=|就|\bit'?s\b|\bit is\b|\bis\b|\bshould be\b|\bmeant\b|\bequals\b|\bwas\b|\d)"
)
BEFORE_DENIED = re.compile(
    r"(?:不(?:是|叫|等于|为|能说是|应该是|可能是|会是|算|选)|并非|并不是|而非|非|没有|不要(?:说|写)?"
    r"|别(?:写|说|把)|绝不是|除了|误(?:以为|认为)(?:是)?|以为(?:是)?|和|与)"
    r"(?:叫|是)?[“\"'「《]?$"
    r"|(?:\bnot|\bisn't|\bnever|\brather than|\binstead of|\bwasn't|\baren't|\bdoesn't mean|\bunlike"
    r"|\bother than|\bneither|\bnor|\bno longer|\bbut not|\bexcept)"
    r"(?: (?:the|a|an|in|to|called|simply|just|mean|equal|be|as some think|spelled))*[ ,:]*[“\"'*]*$"
)
NOT_ONLY = re.compile(r"不是别的|不是别人|\bnot only|\bnone other|\bno doubt|不仅|\bwhy not|不是吗")
BEHIND_DENIED = re.compile(
    r"^[”\"'」》*]*\s*(?:(?:这个?答案|这种说法|这)?(?:是|就)?(?:不对|错的|错误|不正确|是错|不是)|(?:吗"
    r"|呢)[??]?[,。]?\s*(?:不|并)|[??]\s*(?:不|no\b|not\b)"
    r"|(?:is|was|would be|are) (?:not|wrong|incorrect|false|a (?:common )?(?:mistake|myth))|isn't"
    r"|is also wrong|wasn't|but (?:that|it|this) (?:is|'s) (?:incorrect|wrong|not))"
)
OR_BEFORE = re.compile(
    r"([\w.]+?)[”\"'*]*\s*(?:,\s*)?(?:或者?是?|还是|要么是?|\bor\b(?: (?:maybe|perhaps"
    r"|possibly))?(?: (?:the|a|an))?|/)\s*[“\"'*]*$"
)
OR_BEHIND = re.compile(
    r"^[”\"'*]*(?:\s?(?:城|市|元|个|块|条|岁|年|度|分钟|天|月))?\s*(?:,\s*)?(?:(?:或者?|还是|也可能|要么"
    r"|也许)是?|\bor\b(?: (?:maybe|perhaps|possibly|it could be))?(?: (?:the|a|an))?"
    r"|/(?!\d))\s*[“\"'*]*([\w.]+)"
)
ALIAS = re.compile(
    r"^(?:叫|称|者叫|者说|其他)|^(?:called|known|so|more|less|what|in other|simply|just|also|about|that"
    r"|exactly|approximately)\b|^(?:[\d.]+\s?(?:km|公里|千米|kg|吨|升))"
)
EITHER = re.compile(
    r"(?:可能|也许|或许|大概|不是)[^,。;]{0,12},?\s*(?:也(?:可能|许)|(?:要么|就)是|或)|\beither\b"
    r"|\b(?:could|might|may) be [^.]{1,30}\bor\b|\bbetween\b.{1,30}\band\b|一会儿|不确定是"
)
QUESTION = re.compile(r"^[^。.!;\n]{0,10}(?:吗|呢)?[??]")
UNITS = (
    r"(?:个|只|条|元|块|岁|天|分钟|小时|秒|度|月|年|颗|根|届|边|克|米|公斤|厘米|cm|km|kg|kilo\w*|met\w+"
    r"|gram\w*|second\w*|minute\w*|hour\w*|day\w*)"
)
OPERATOR_BEHIND = re.compile(
    r"^\s*(?:个|元|块|岁|颗|dollars?)?\s*(?:[+×*÷]|x(?=\s?\d)|-(?=\s?\d)|/(?=\s?\d)"
    r"|[加减乘除](?=[以去上]?\s?\d)|plus|minus|times|divided by|multiplied by)"
)
OPERATOR_BEFORE = re.compile(
    r"(?:[+×*÷]|(?<=\d)\s?x|(?<=[\d个元块岁颗])\s?-|(?<=\d)\s?/|[加减乘除](?:以|去|上)?|\bplus|\bminus"
    r"|\btimes|\bdivided by|\bmultiplied by)\s*$"
)
NEGATIVE = re.compile(r"(?:(?:^|[\s=是为])[-−]|负|\bminus )$")
CONCLUDES = re.compile(
    r"所以|因此|因而|故|最终|答案[是为:]|总共|一共|共|结果[是为:]|\btherefore|\bthus|\bso\b|\bhence"
    r"|\banswer(?: is)?|\btotal(?: is)?|\bfinally|\bin total|最后(?:是|得|还剩)|="
)
FILLER = re.compile(
    r"(?:好的?|嗯+|哦|啊|当然|可以|没问题|没错|答|答案|回答|解|你好|亲|亲爱的|是的?|对的?|让我想想|我想想"
    r"|很?简单|哈哈+|这个|首先|其实|一般|通常|收到|谢谢|不客气|明白|请看|如下|结果|解析|客服|同学|朋友"
    r"|小朋友|正确答案)"
    r"|(?:sure|sure thing|yes|yeah|no|well|ok|okay|hi|hello|hmm+|of course|certainly|absolutely|easy"
    r"|simple|great|right|answer|solution|let me think|let me see|got it|no problem|mt|mr|mrs|ms|dr|st"
    r"|prof|the answer|good|oh|ah|so|then|happy to help|glad to help)"
)
DENIAL = re.compile(r"不|没|非|\bnot\b|n't\b|\bno\b|\bnever\b|误|以为")
OPENS_A_SENTENCE = re.compile(
    r"^(?:在|按|从|用|对|关于|根据|作为|如果|因为|由于|通常|一般|我|你|这|那|它|请|欢迎|希望|据)|(?:里|中"
    r"|上|下|时|说|话|后|前|的|了|吗|吧|呢|道|看|想)$"
    r"|^(?:in|on|at|for|as|to|if|when|since|because|well|so|yes|no|i|it|that|this|you|we|by|from|with|of"
    r"|here|there|let|first|after|before)\b|\b(?:is|are|was|were|has|have|to|of|for|in)\b"
)
SPACED_THOUSANDS = re.compile(r"(?<![\d ])(?<!\d )(\d{1,3}) (\d{3})(?!\d|\s\d)")
ABOUT = re.compile(r"^\s?(?:多|余|几|左右不到)")
ASKS = re.compile(r"几|多少|谁|哪|什么|啥|咋|怎么|[??]|\b(?:how|what|whats|what's|which|who|when|where|whose)\b|_{2,}")
STOPS = frozenset((
    "the", "a", "an", "of", "in", "on", "to", "is", "are", "was", "were", "do", "does", "did", "it", "its", "that",
    "this", "and", "or", "for", "with", "by", "at", "be", "as", "you", "your", "my", "i", "me", "we", "us", "what",
    "whats", "which", "who", "how", "when", "where", "many", "much", "there", "called", "pls", "please", "one",
    "can", "could", "would", "whose", "has", "have", "had", "not", "so", "name",
))  # fmt: skip
EMPTY_HAN = frozenset(
    "的是了吗呢啊呀哪什么啥谁几多少个一有和与在叫做为等于哦请问吧这那就也都被把会能可以到从对我你他她它们之其中该位"
)
ASIDE = re.compile(r"\([^()\n]{0,80}\)")
CLAUSE_END = re.compile(r"[,。;!\n()：:、]|\.(?!\d)|(?=\band\b)|(?=\bbecause\b)|(?<=[??])")
SUMS_UP = re.compile(
    r"^\s*(?:共|一共|总共|合计|加起来|总的|所以|因此|故|答案|也就是|(?:它|这|那)就?是|即|就是|应该?是|其实"
    r"|准确|正确|应为|即为)|^\s*(?:so|therefore|thus|hence|the (?:right |correct )?answer|it(?:'s| is"
    r"| was)|that(?:'s| is| would)|this is|i\.e\.|namely|correct)\b"
)
CLAIMED = re.compile(
    r"是|为|叫|=|等于|\b(?:is|are|was|were|has|have|had|makes?|wrote|painted|comes?|ended|means?|equals?)\b|:"
)
NUMBER = re.compile(r"(?<![\d.])-?\d+(?:\.\d+)?")


@lru_cache(maxsize=4096)
def spoken(answer: str) -> str:
    """Make an answer plain with its numbers in digits, without how it greets, thanks and says good-bye."""
    text = SPACED_THOUSANDS.sub(r"\1\2", re.sub(r"[*_`$\\]+", "", in_digits(answer)).replace("\u2212", "-"))
    while found := POLITE.match(text):
        text = text[found.end() :]
    return GOODBYE.sub("", text).strip()


@cache
def looked_for(item: str) -> re.Pattern[str]:
    """Make a pattern of an accepted string: whole numbers and codes, Latin words with endings, all else anywhere."""
    item = in_digits(item).strip()
    body = r"\s*".join(re.escape(part) for part in item.split())
    if re.search(r"[a-z]$", item) and re.match(r"[a-z]", item) and not re.search(r"\d", item):
        return re.compile(rf"(?<![a-z'-]){body.replace(chr(92) + 's*', '[ -]+')}{ENDINGS}(?![a-z])")
    before = r"(?<![\d.])" if item[:1].isdigit() else r"(?<![a-z0-9])" if re.match(r"[a-z]", item) else ""
    after = r"(?:\.0+)?(?!\d|\.\d)" if item[-1:].isdigit() else r"(?![a-z])" if re.search(r"[a-z]$", item) else ""
    if re.search(r"[a-z]", item):
        after = r"(?:st|nd|rd|th)?(?![a-z0-9])" if item[-1:].isdigit() else r"(?![a-z0-9])"
    return re.compile(before + body + after)


def is_accepted(question: str, answer: str, accept: Iterable[str]) -> bool:
    """Tell whether an answer says an accepted string, and neither denies it, nor leaves it open, nor revokes it."""
    items = tuple(accept)
    text = _last_word(spoken(answer), items)
    every = [found for item in items for found in _hits(text, item)]
    hits = [found for found in every if not any(_covers(other, found) for other in every)]
    standing = [found for found in hits if _stands(found, items, question)]
    if not standing:
        return False
    if _is_number(items) and _concludes_otherwise(text, items, question):
        return False
    return not _answers_otherwise(question, text, standing, is_number=_is_number(items))


def _is_number(items: tuple[str, ...]) -> bool:
    """Tell whether a number is asked for."""
    return any(NUMBER.fullmatch(in_digits(item)) for item in items)


def _answers_otherwise(question: str, text: str, standing: list[re.Match[str]], *, is_number: bool) -> bool:
    """Tell whether a clause that takes up the words of the question says something else: "Venus is closest, Mercury …".

    The accepted string then stands in another one. It is the answer all the same where that one sums up: "so it is 8".
    A few words in front of all others are an answer too: "K2, while Everest is second".
    """
    asides = [found.span() for found in ASIDE.finditer(text)]
    outside = [m for m in standing if not any(start < m.start() < end for start, end in asides)]
    if outside:
        standing = outside
        text = ASIDE.sub(lambda found: " " * len(found[0]), text)
    asked = _words(_asking(question))
    start = held = best = 0
    best_is_other = is_first = True
    for end in [*(found.start() for found in CLAUSE_END.finditer(text)), len(text)]:
        clause, closes = text[start:end].lstrip(",。;!\n():、. "), text[end : end + 1]
        overlap = len(asked & _words(clause))
        if any(start <= found.start() < max(end, start + 1) for found in standing):
            if SUMS_UP.search(clause) or (is_number and "=" in clause):
                return False
            held, is_first = max(held, overlap), False
        elif not clause.rstrip().endswith(("?", "吗", "呢")):
            if is_first and closes != ":" and _is_bare_answer(clause, question, is_number=is_number):
                best, best_is_other = 99, True
            if overlap > best:
                best, best_is_other = overlap, _proposes(clause, question, asked, is_number=is_number)
            is_first = is_first and (not clause or FILLER.fullmatch(clause.strip()) is not None)
        start = end
    return best > held and best_is_other


def _is_bare_answer(clause: str, question: str, *, is_number: bool) -> bool:
    """Tell whether a clause is a few words that could answer by themselves: a number with its unit, a name."""
    text = clause.strip()
    if is_number:
        found = re.fullmatch(r"(?:about |大概|大约|约)?(\d+(?:\.\d+)?)\s?(?:[\u3400-\u9fff]{0,2}|[a-z]{0,10})", text)
        return found is not None and found[1] not in NUMBER.findall(in_digits(question))
    said_before = frozenset(re.findall(r"[a-z0-9]+|[\u3400-\u9fff]", plain(question)))
    is_new = bool(frozenset(re.findall(r"[a-z0-9]+|[\u3400-\u9fff]", text)) - said_before - STOPS - EMPTY_HAN)
    if not is_new or DENIAL.search(text) or FILLER.fullmatch(text) or OPENS_A_SENTENCE.search(text) or "的" in text:
        return False
    return re.fullmatch(r"[\u3400-\u9fff0-9]{2,5}", text) is not None or (
        re.fullmatch(r"(?:the |an? )?[a-z0-9]{2,}(?: [a-z]{2,}){0,2}", text) is not None
    )


def _asking(question: str) -> str:
    """Take the part of a question that asks."""
    parts = [part for part in re.split(r"[,。;!]|\.(?!\d)|\bso\b", plain(question)) if re.search(r"\w", part)]
    return next((part for part in reversed(parts) if ASKS.search(part)), plain(question))


def _words(text: str) -> frozenset[str]:
    """List the words of a text that say what it is about: Latin ones by their first five letters, Han characters."""
    latin = (
        re.sub(r"(?<=[a-z]{3})(?:s|ing|ed)$", "", word)[:5] for word in re.findall(r"[a-z]+", text) if word not in STOPS
    )
    return frozenset((*latin, *(c for c in text if "\u3400" <= c <= "\u9fff" and c not in EMPTY_HAN)))


def _proposes(clause: str, question: str, asked: frozenset[str], *, is_number: bool) -> bool:
    """Tell whether a clause says something that the question does not hold: a number where one is asked for."""
    if DENIAL.search(clause):
        return False
    if is_number:
        return bool(set(NUMBER.findall(clause)) - set(NUMBER.findall(in_digits(question))))
    is_claim = CLAIMED.search(clause) is not None or 3 * len(asked & _words(clause)) >= len(asked)
    return is_claim and bool(_words(clause) - _words(plain(question)))


def position(text: str, items: Iterable[str], start: int = 0) -> int:
    """Find where one of the strings first stands undenied in a text that `spoken` made plain; -1 for nowhere."""
    found = [hit.start() for item in items for hit in _hits(text, item) if hit.start() >= start and not _is_denied(hit)]
    return min(found, default=-1)


def _covers(one: re.Match[str], other: re.Match[str]) -> bool:
    """Tell whether a match holds another one and more: 大象 holds 象."""
    return one.start() <= other.start() and other.end() <= one.end() and one[0] != other[0]


def _hits(text: str, item: str) -> Iterator[re.Match[str]]:
    """Find an accepted string wherever it is no part of another word."""
    other = OTHER_WORDS.get(plain(item))
    taken = [found.span() for found in re.finditer(other, text)] if other else []
    for found in looked_for(item).finditer(text):
        if not any(start <= found.start() and found.end() <= end for start, end in taken):
            yield found


def _last_word(text: str, items: tuple[str, ...]) -> str:
    """Leave out what an answer takes back: all before the last "no, wait" behind which it says something else."""
    for found in reversed(list(REVOKES.finditer(text))[-MOST_CORRECTIONS:]):
        before, behind = text[: found.start()].rstrip("啊哦呃额嗯唉 "), text[found.end() :]
        if len(before) < 1 or not re.search(r"[\w]", before):
            continue
        if not re.search(r"[,。.!;:—~\n?…-]$", before):
            continue
        if CLAIMS.search(behind) or any(looked_for(item).search(behind) for item in items):
            return behind
    return text


def _stands(found: re.Match[str], items: tuple[str, ...], question: str) -> bool:
    """Tell whether an accepted string is said as the answer, by what stands around it."""
    before, behind = (
        found.string[max(0, found.start() - 40) : found.start()],
        found.string[found.end() : found.end() + 40],
    )
    if found[0][:1].isdigit() and (
        OPERATOR_BEHIND.match(behind)
        or NEGATIVE.search(before)
        or (OPERATOR_BEFORE.search(before) and "/" not in found[0])
    ):
        return False
    if found[0][-1:].isdigit() and ABOUT.match(behind):
        return False
    return not (_is_denied(found) or _is_one_of_several(before, behind, items))


def _is_denied(found: re.Match[str]) -> bool:
    before, behind = (
        found.string[max(0, found.start() - 40) : found.start()],
        found.string[found.end() : found.end() + 40],
    )
    clause = re.split(r"[,。.!;\n:]", before)[-1]
    if BEHIND_DENIED.match(behind):
        return True
    denied = BEFORE_DENIED.search(clause)
    if denied is None or denied[0] in ("和", "与"):
        return False
    return not NOT_ONLY.search(clause + behind[:6])


def _is_one_of_several(before: str, behind: str, items: tuple[str, ...]) -> bool:
    """Tell whether another candidate, none of the accepted ones, stands beside it as an alternative."""
    after = OR_BEHIND.match(behind)
    if after and not ALIAS.match(after[1]) and not any(looked_for(item).match(after[1]) for item in items):
        return True
    prior = OR_BEFORE.search(before)
    if prior and not any(looked_for(item).search(before[-20:]) for item in items):
        return True
    clause = re.split(r"[。.!;\n]", before)[-1]
    return bool(EITHER.search(clause + "|" + re.split(r"[。.!;\n]", behind)[0]))


def _concludes_otherwise(text: str, items: tuple[str, ...], question: str) -> bool:
    """Tell whether the last conclusion of an answer is another number than the accepted ones."""
    marks = list(CONCLUDES.finditer(text))
    if not marks:
        return False
    behind = text[marks[-1].end() :]
    if any(looked_for(item).search(behind) for item in items):
        return False
    asked = set(NUMBER.findall(in_digits(question)))
    return any(number not in asked for number in NUMBER.findall(behind)[:1])
