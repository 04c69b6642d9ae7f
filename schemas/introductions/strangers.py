"""Names that no list holds, where the name or the maker of an assistant stands: 我叫阿泽, developed by Nobody Inc.

Only for texts that are about the assistant: identity rows and system prompts. English names are known by their
capitals, and then read by the patterns of `english.py`; Chinese ones by where they stand. Words that name nobody are in
`nobody_zh.txt` and `nobody_en.txt`: 我由一群工程师开发.
"""

import re
from collections.abc import Iterator
from functools import cache

from schemas.introductions.known import known
from schemas.introductions.words import AI_ZH, CUT, MAKER_ZH, MAKES_ZH, NAME, OWN, for_python

HAN, LATIN = "一-鿿", r"A-Za-z0-9\x20.&'’_+-"
UNFILLED = re.compile(
    r"\{\d?\}|%s|_{2,}|[x×○◯*]{2,}|某某?|…+|\.{3,}|none|null|undefined|nan|tbd|todo|n/a|名字|名称|姓名|作者|开发者"
    r"|公司",
    re.IGNORECASE,
)
"""What a program or a person left where a name belongs."""

# Where a Chinese name stands. Each pattern has one group: the words that may be a name.
SLOT = rf"([^，。！？!?,;；：:\n~～()（）<>\[\]|我{CUT}]{{1,24}})"
SHORT = r"([^，。！？!?,;；：:\n~～()（）我是由被于此的]{2,24}?)"
BY = r"由([^，。！？!?\n由被我于此]{2,24}?)"
ADV = r"(?:就|便|也|正|其实|确实|的确|真的|当然|可|才|一直|本来|现在|目前|呢|啊|嘛|[，,：:\s]){0,4}"
SELF = rf"(?:我|这里是)[^。！？!?\n我{CUT}]*"
NAMED = r"(?:真实|正式|中文|英文|官方)?(?:姓名|名字|名称|全名|大名|昵称|代号|本名|真名|称呼|名号)"
HOW = r"(?:自主|独立|联合|共同|一手|精心|倾力|专门|全新|用心|最新|原创|团队|公司|所|来|\s)*"
MAKE = rf"(?:{MAKES_ZH})"
THING = rf"[^。！？\n，,]{{0,14}}(?:{AI_ZH}|AI|程序|{OWN})"
END = r"(?:$|[。！!，,；;、\n~～…\s])"
COMPANY = "公司|集团|科技|实验室|研究院|研究所|大学|学院|工作室|研究中心|智联|网络|互联|数码|软件|电子|商城|平台"
NAMES_ZH = (
    rf"(?:^|[，,。！？!?；;：:\s])我(?:的?{NAMED})?{ADV}(?:叫做?|名叫|名为|称为){ADV}{SLOT}",
    rf"(?:我的?|^|[，,。；;\s]){NAMED}{ADV}(?:叫做?|是|为){ADV}{SLOT}",
    rf"(?:^|[，,。；;\s]){SLOT}(?:就|便)?是我的{NAMED}",
    rf"{SELF}(?:[，,]|一[个款名位][^，。]{{0,6}}?)(?:名叫|名为|叫做){SLOT}",
)
ALSO_ZH = rf"也(?:可以|会|都|能)?(?:叫|称呼?|喊|唤)我{SLOT}"
CALL_ME_ZH = rf"(?:(?:叫|称呼?|喊|唤)我|自称)(?:为|是|做|作|一声|声)?{SLOT}"
LABEL_ZH = rf"(?:^|[\n：；;】\]#*•|-])\s*(?:姓名|名字|名称|昵称|代号)\s*(?:[：:]|(?=[小阿]))\s*{SLOT}"
GIVEN_ZH = (
    rf"(?:我{ADV}是|这里是|这边是){SLOT}",
    rf"(?:作为|身为){SLOT}[，,]\s*我",
)
MAKERS_ZH = (
    rf"我{ADV}(?:最初|最早|起初|当初|完全|主要|都)?是?(?:一[个款名位])?{ADV}{BY}{HOW}(?:{MAKE}|[做造写生]的)(?:$"
    rf"|[^们])",
    rf"{SELF}[是叫为，,]\s*(?:是?一[个款名位种])?是?{BY}{HOW}{MAKE}的?(?:{END}|{THING})",
    rf"{SELF}是\s*{SHORT}{HOW}(?:{MAKE}|写)的(?:{END}|{THING})",
    rf"{SELF}[，,]\s*{SHORT}{HOW}{MAKE}的{THING}",
    rf"(?:^|[，,。！？\n；;])\s*是?([^，。！？!?,;；：:\n~～我]{{2,24}}?){HOW}(?:{MAKE}|[做造写])(?:出来|出|了)+我{END}",
    rf"{MAKE}(?:出|了)?我的(?:人|公司|团队|单位|机构)?(?:是|来自|属于|叫){SLOT}",
    rf"我(?:背后)?的?(?:{MAKER_ZH}|(?:背后|幕后)的?(?:公司|团队|老板)){ADV}(?:是|叫|为|来自|：|:){ADV}{SLOT}",
    rf"我的(?:老板|东家|母公司|主人|厂商|厂家|娘家|家){ADV}(?:是|叫|为|：|:){ADV}{SLOT}",
    rf"我(?:{ADV}是?|[^。！？!?\n我{CUT}]*[，,])(?:来自|隶属于|归属于|出自|诞生于|出生于){SLOT}",
)
WORK_OF_ZH = (
    rf"我{ADV}是([^，。！？!?\n；;：:我是的由为]{{2,20}}?)(?:家|旗下)?的(?:作品|产品|孩子)(?:$|[。！!，,；;、\n~～…\s])"
)
OWNED_ZH = (
    rf"我[^。！？!?\n我{CUT}]*[是，,]\s*([^，。！？!?\n；;：:我是的由为]{{0,20}}?(?:{COMPANY}|[A-Za-z.]))\s?(?:家"
    rf"|旗下)?的"
    rf"(?:作品|产品|[^，。！？\n的]{{0,8}}(?:{AI_ZH}|AI))"
)

COUNTED = "[一两几多各每这那某本该此](?:个|款|名|群|支|家|些|位|种|段|组|批|队|方|国|地|人)"
JOB = re.compile(
    "[时后师员家手者人生长官匠工客友士星神王后侠兵警民猫狗]$|小可爱|精灵|大脑|翻译|编辑|侦探|律|教授|教练|裁判|主播|经理|秘书|司机|评委"
    "|导演|导游|会计|总监"
    "|主任|博士|老板|店主|掌柜|专科|全科|代表|顾问|主持|解说|机关|同学|女孩|男孩|女友|男友|闺蜜|小姐|先生|女士"
    "|小(?:孩|狗|猫|兔|鸟|鱼|羊|猪|鸡|鸭|鬼|熊|伙|哥|姐|妹|弟|偷|贩)"
)
"""Words that say what somebody does."""
BEFORE_NAME = re.compile(
    rf"^.*的\s*|^(?:智能|虚拟|在线|专属|语音|聊天|AI|人工|{AI_ZH}|客服|好?朋友|小?伙伴|[一这][个款名位]|\s)+"
)
NO_COMPANY = re.compile(
    "合作|努力|智慧|结晶|父母|爸妈|[中上里下时型式级性化界版代端业域后前间内外]$|世界|时代|行业|领域|方面|问题"
)
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟"
    "谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
LIKE_A_NAME = re.compile(rf"^(?:[小阿]|[{SURNAMES}])|^(.)\1|[A-Za-z]")
CUSTOMER = re.compile("用户|顾客|客户|买家|会员|订单|收货|收件|联系人|customer|user|order|client", re.IGNORECASE)

BESIDE_EN = "in|with|inside|using|on|to|for|about|like|via|under|into|than"
WORD_EN = rf"(?:[a-z]?[A-Z]|[{HAN}])[\w&-]*(?:[.’'][\w&-]+)*"
CAPITALS = re.compile(
    r"(?<![\w{$])(?:\{\d?\}|%s|_{3,}|\b(?:null|undefined|nan)\b)"
    rf"|(?<![\w.])(?<!{OWN} )(?:(?:{BESIDE_EN}) )?(?P<name>{WORD_EN}(?: (?:(?:[A-Z0-9]|[{HAN}])[\w&-]*(?:\.[\w&-]+)*"
    rf"|of(?= [A-Z])))*"
    r"(?:(?<=Inc|Ltd)\.|(?<=Corp)\.|(?<=Co)\.)?)"
)
"""A run of words with capitals, or what a program left; behind such a preposition it is neither name nor maker."""
COMPANY_EN = frozenset(
    [
        "inc",
        "ltd",
        "llc",
        "corp",
        "co",
        "gmbh",
        "labs",
        "lab",
        "robotics",
        "technologies",
        "systems",
        "software",
        "group",
    ]
)


def names_a_stranger(plain: str, *, roles: bool = False) -> bool:
    """Tell whether somebody stands in a Chinese text, made plain, as the assistant or its maker, who is not the `OWN`.

    With `roles`, for system prompts, a word behind 我是 must look like a name: 小慧, not 翻译.
    """
    if OWN in plain:  # a pet name beside the name
        plain = for_python(ALSO_ZH).sub(CUT, plain)
    given = _is_name_in_prompt if roles else _is_given_name
    called = _is_name_in_prompt if roles else _is_named
    return (
        any(OWN not in words and _is_named(words) for words in _slots((*NAMES_ZH, *MAKERS_ZH), plain))
        or any(map(given, _slots(GIVEN_ZH, plain)))
        or any(OWN not in words and called(words) for words in _slots((CALL_ME_ZH,), plain))
        or any(OWN not in words and _is_company(words) for words in _slots((OWNED_ZH, WORK_OF_ZH), plain))
        or (roles and any(map(_is_labelled, for_python(LABEL_ZH).finditer(plain))))
    )


def with_capitals_marked(plain: str) -> str:
    """Put the sign of an assistant for each English name with a capital that is no common word and no role."""
    return "".join(
        CAPITALS.sub(_marked, sentence) if _is_english(sentence) else sentence
        for sentence in re.split(r"(\n|(?<=[。！？]))", plain)
        if sentence
    )


def _is_english(sentence: str) -> bool:
    return 3 * len(re.findall("[a-z]", sentence)) > len(re.findall(f"[{HAN}]", sentence))


def _marked(match: re.Match[str]) -> str:
    """Mark the name in a run of capitals: common words around it stay, and a run that ends in a role stays whole."""
    if match["name"] is None:
        return NAME
    if OWN in match[0] or match.start("name") > match.start():
        return match[0]

    words = match["name"].split(" ")
    is_company = _bare(words[-1]) in COMPANY_EN
    names = [n for n, word in enumerate(words) if is_company or _bare(word) not in _nobody_en()]
    if not names or (words[-1].casefold() in _jobs_en() and "'" not in match[0]):
        return match[0]
    owner = "'s" if re.search("['’]s$", words[names[-1]]) else ""
    return " ".join([*words[: names[0]], NAME + owner, *words[names[-1] + 1 :]])


def _slots(patterns: tuple[str, ...], plain: str) -> Iterator[str]:
    """Find what stands where a name does."""
    for pattern in patterns:
        for match in for_python(pattern).finditer(plain):
            yield match[1].strip()


def _is_labelled(label: re.Match[str]) -> bool:
    """Tell whether a label gives a name to the assistant, and not to a customer who was spoken of before."""
    return OWN not in label[1] and _is_named(label[1]) and not CUSTOMER.search(label.string, 0, label.start())


def _is_named(words: str) -> bool:
    """Tell whether Chinese words leave a name when those that name nobody are taken out, or are left unfilled."""
    if re.match("什么|啥|何|哪", words):
        return False
    if UNFILLED.fullmatch(words) or (len(words) > 4 and re.search("(?:实验室|研究院|研究所|大学)$", words)):
        return True
    return len(re.sub(rf"[^A-Za-z{HAN}]", "", _nobody_zh().sub("", words))) >= 2


def _is_given_name(words: str) -> bool:
    """Tell whether what stands behind 我是 ends in a short name: 阿泽, AI助手阿泽, 星河智联开发的阿泽, Zork."""
    last = _last(words)
    if UNFILLED.fullmatch(last):
        return True
    if re.fullmatch(rf"[{LATIN}]{{2,24}}", last):
        return _is_capital(last)
    return re.fullmatch(rf"[{HAN}]{{2,4}}", last) is not None and not _nobody_zh().search(last) and not JOB.search(last)


def _is_name_in_prompt(words: str) -> bool:
    return _is_given_name(words) and LIKE_A_NAME.search(_last(words)) is not None


def _last(words: str) -> str:
    """Take the words off that stand in front of a name: 星河智联开发的, 智能助手."""
    return BEFORE_NAME.sub("", BEFORE_NAME.sub("", words))


def _is_company(words: str) -> bool:
    """Tell whether a possessor is a company: 星河科技的AI助手, not 生活中的AI助手."""
    if re.fullmatch(rf"[{LATIN}]+", words):
        return _is_capital(words)
    return len(words) > 1 and _is_named(words) and not NO_COMPANY.search(words)


def _is_capital(words: str) -> bool:
    """Tell whether English words hold a name: one with a capital that is nobody's."""
    return any(re.match("[A-Z]", word) and _bare(word) not in _nobody_en() for word in re.split(r"[\s/-]+", words))


def _bare(word: str) -> str:
    """Write a word in small letters, without a possessive and punctuation."""
    return re.split("['’]", word.strip(".,'’").casefold())[0]


@cache
def _nobody_zh() -> re.Pattern[str]:
    nobody = "|".join(map(re.escape, sorted(known("nobody_zh"), key=lambda word: (-len(word), word))))
    return re.compile(rf"{AI_ZH}|{MAKER_ZH}|{MAKES_ZH}|{COUNTED}|{nobody}|\s")


@cache
def _nobody_en() -> frozenset[str]:
    return frozenset(known("nobody_en"))


@cache
def _jobs_en() -> frozenset[str]:
    return frozenset(known("jobs_en"))
