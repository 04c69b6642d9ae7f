r"""What a text is made into before claims are looked for in it: quotations and denials cut, words replaced by signs.

Every pattern here and in `chinese.py` and `english.py` is one that Python and polars both read: no look-around, `\b`
for the boundary of an ASCII word, a space for any gap between words, no case. See `for_python` and `for_polars`.
"""

import re
from functools import cache

OWN, NAME, MAKER = "\U0010f000", "\U0010f001", "\U0010f002"
"""What stands in a text for our own names, for another assistant, and for another maker."""
BLANK, FORM = "\U0010f003", "\U0010f004"
"""What stands for a placeholder of a template; and for one that may be a mask, or a form to fill in: `[Name]`."""
CUT, BAR, TIE = "\U0010f005", "\U0010f006", "\U0010f007"
"""What stands for a piece that says nothing of the speaker; for the space before an English preposition; and for one
behind which no clause begins."""
OPEN, CLOSE = "\U0010f008", "\U0010f009"
"""What stands for the marks around a quotation."""
AM, INTRO, AS = "\U0010f00a", "\U0010f00b", "\U0010f00c"
"""What stands for `I am`, for `my name is`, and for `as`."""
AI, MADE, ROLE = "\U0010f00d", "\U0010f00e", "\U0010f00f"
"""What stands for what assistants are, for what their makers do, and for what makers are."""
WHOLE = "\U0010f010"
"""What stands behind a name with which a phrase ends: `I am Kimi.`, and not 我是Kimi的用户."""

# Words.
AI_ZH = "智能客服|助手|助理|模型|机器人|人工智能|智能体|数字人|数字员工|聊天程序|计算机程序|对话系统|对话程序|管家"
AI_EN = (
    r"a\.i\.|artificial intelligence|assistants?|chat ?bots?|bot|language model|llm|models?|virtual agent|robot"
    r"|computer program|companion|ai"
)
MAKES_ZH = (
    "开发|研发|训练|创造|创建|创制|推出|打造|研制|制造|制作|设计|构建|搭建|编写|创立|发布|发明|生产|孵化|出品|开源"
    "|调教|自研|缔造|编程|编码"
    "|塑造|造就|培育"
)
MADE_EN = (
    r"(?:pre-?|fine-?)?trained|(?:fine-?)?tuned|developed|created|made|built|designed|engineered|programmed|produced"
    r"|launched|released|invented|crafted|coded|written|constructed|assembled|conceived|authored|birthed|born|hatched"
    r"|dream(?:ed|t) up|cooked up|put together|brought to (?:you|life|market)|brought into (?:being|existence"
    r"|the world)"
    r"|manufactured|wrote"
)
KEPT_EN = (
    "owned|operated|maintained|provided|offered|published|deployed|hosted|introduced|founded|raised|taught|powered"
    "|backed"
)
"""What is done for people as well as for assistants."""
MAKER_ZH = (
    "开发者|开发商|开发方|开发团队|开发公司|研发团队|研发公司|研发方|研发者|研发机构|作者|创造者|创建者|创作者"
    "|制造商|制造者|制作者|设计者|设计师"
    "|训练者|训练方|缔造者|发明者|发明人|提供商|出品方|出品公司|母公司|构建者|编写者|生产商|幕后团队|技术团队|技术支持"
)
MAKER_EN = (
    r"(?:creator|maker|developer|trainer|author|designer|inventor|manufacturer|programmer|builder)s?|parent company"
)
HOME_ZH = (
    "主人|老板|东家|公司|团队|厂商|厂家|爸爸|爸|父亲|妈妈|妈|母亲|父母|爹|娘|娘家|家|亲爹|老家|创始人|所有者|拥有者"
    "|工程师|程序员|来源|出身|归属"
    "|背景|靠山|上司|出处|诞生地|出生地|服务商|运营商"
)
OTHERS_SAY_ZH = (
    "如果|假如|假设|倘若|要是|即使|就算|哪怕|以为|误认|错认|误会|当成|当作|认成|看成|听成|谁说|据说|听说|有人(?:说"
    "|问|觉得|认为)|别人|很多人|有些人"
    "|你说我|他说|她说|它说|说成|传言|冒充|假装|假扮|伪装|模仿|是不是|是否|难道|类似|好比|不像|不同于|区别于|有别于"
    "|比起|相比|想问|问我|问到"
)
OTHERS_SAY_EN = (
    r"i wish|(?:could|might) (?:say|claim)|jok(?:e|es|ed|ing)|rumou?rs?|whoever|(?:told|tell|tells) (?:you|us|me"
    r"|people)"
    r"|if|whether|suppose|imagine|pretend(?:ing)?|unlike|like|similar to|compared (?:to|with)|different from"
    r"|other than"
    r"|mistaken for|confused with|instead of|rather than|(?:people|users|some|many|you|they|everyone|others|customers"
    r"|someone)(?: \w+){0,2} (?:heard|thinks?|thought|believes?|says?|said|assumes?|mistake|confuse)"
)
"""What is only supposed, compared or said by others."""
SAYING_EN = (
    "if|whether|that|wish|heard|says?|said|saying|thinks?|thought|claims?|claimed|believes?|assumes?|told|you|them|people"
    "|pretend|suppose|wonder|asks?|asked|means?|guess|when|why|how"
)
NO_ZH = (
    "不清楚|不了解|不认识|不记得|不确定|不明白|不懂|不是|不叫|并非|而非|绝非|非|不由|不属于|不归|不来自|不出自|不能|不会|不可|不要|不应|不得|不许|不再|不算|不等于"
    "|不代表|没有|没被|没由|从未"
    "|未曾|未|没|无关|毫无|禁止|请勿|切勿|勿|别|拒绝|避免|否认"
)
NO_EN = "not|never|neither|nor|nothing to do|without|avoid|refuse|deny|no"
YES_ZH = (
    "没错|不错|不仅|不只|不光|不但|不单|不止|不好意思|不瞒你说|不客气|没关系|没问题|别担心|别客气|别急|非常"
    "|非要说的话|非要说|除非|无论|不用谢|不管"
    "|不论|差不多|不过|不妨|不知道|特别|区别|级别|类别|分别|个别|别的|没准|未来|不断|别名|告别|识别|性别|辨别|鉴别"
    "|别墅|别致|非洲|非遗"
)
"""Words with a no in them that deny nothing."""
I_OR_MY = r"我|\bi\b|\bmy\b|\bme\b"
TALKING = r"(?:talking|chatting|speaking|interacting|conversing|communicating|dealing)"
ASSISTANT_EN = r"(?:(?:ai|virtual|chat) )?(?:assistant|model|bot|chatbot|ai|program|system|robot|llm)"
NEW_CLAUSE_EN = (
    "but|because|since|although|though|however|as an?|i am|i was|i come|my name"
    "|and (?:the|your|you|this|these|it|they|we|our|an?)"
)
DOING_ZH = (
    "用|使用|拿|通过|借助|在|从|和|与|跟|同|向|对|把|按|根据|说|想|指|问|看|觉得|认为|建议|推荐|知道|喜欢|希望|怕"
    "|担心|听|查|买|卖|学|写|教|要|去"
    "|比|像|因为|负责|为了"
)
FEELING_EN = (
    "sorry|afraid|sure|glad|happy|aware|familiar|interested|impressed|certain|curious|excited|unable|able|allowed"
    "|[a-z]{2,}ing"
)
PEOPLE_EN = (
    "fans?|users?|customers?|employees?|engineer|student|teacher|subscriber|member|owner|reseller|seller|expert"
    "|lover|writer"
    "|journalist|manager|partner|competitor|alternative"
)

ADVERBS_ZH = (
    "就|便|也|都|全|正|其实|确实|的确|真的|当然|可|才|一直|本来|原本|只|现在|目前|如今|呢|啊|呀|嘛"
    "|最初|最早|起初|当初|完全|全部|主要"
)
ADVERBS_EN = (
    "actually|really|just|indeed|also|simply|proudly|still|now|currently|originally|first|basically|only|initially"
    "|recently|jointly|entirely|yes|hey|well|fully|lovingly|carefully|officially"
)
KINDS_ZH = (
    r"你们?的|(?:一|那|这)?个|(?:一|那|这)(?:款|名|位|种|只|套|家)|智能|虚拟|语音|聊天|在线|专属|专业|大?语言|大|客服|程序"
    r"|产品|大名鼎鼎的?|传说中的|著名的?|知名的?"
    r"|(?:你们?|大家|人们)?[所常都最经熟悉知道听提到问找认识喜欢想口中说]{1,6}的|北京|上海|杭州|深圳|广州|美国|中国"
    r"|法国|国内|全球|科技|互联网"
    r"|公司|巨头|企业|团队|机构|初创"
)
FIRM_ZH = "公司|集团|旗下|科技|有限公司|研究院|实验室|研究所|官方|自家|自己|这家|那边|那群|一手"
PEOPLE_ZH = "工程师|研发人员|研究人员|研究员|科学家|程序员|开发人员|专家|技术人员|同学|人|大神"
PRAISE_EN = (
    "good|great|brilliant|talented|smart|clever|kind|small|big|dedicated|friendly|chinese|american|french|tech"
    "|research"
    "|parent|non-?profit"
)
TEAM_EN = (
    "folks|people|teams?|guy|man|woman|person|student|engineers?|researchers?|scientists|experts|minds|company|labs?|group|startup|giant|guys"
    "|geniuses"
    "|wizards"
)
FIRM_EN = (
    "inc|ltd|llc|corp|corporation|company|group|labs?|research|team|cloud|technologies|engineers|researchers|folks"
    "|people"
    "|brain"
)
QUALITIES_ZH = "官方|中文|智能|在线|专属|语音|聊天|大|对话|虚拟|语言|小|系列|家族"
AFTER_ZH = "由|出自|来自|源自|为你|很高兴|竭诚|随时|专门|能为|能帮|可以为|可以帮|会为|在此|在线|一个|一款|一名|是由"
NO_TAIL_ZH = r"的用粉员会玩开工爱老付重客商代经专旗官店认更和与跟比吗么\s?？A-Za-z"
AFTER_EN = (
    "and|an?|the|your|here|large|powered|at|how|what|so|but|ready|nice|version|speaking|is|pleased|glad|who|that|to"
    "|i|sure"
    "|right|for short|today|in disguise|in person|at heart"
)

# Steps that make a text plain, in their order.
Step = tuple[str, str]
SPACES: tuple[Step, ...] = (
    (r"[\x20\t\r\x0b\x0c\x85\xa0\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+", " "),
    (r"(?:\x20?\n\x20?)+", "\n"),
)
"""One gap is as good as many, and many take long to search."""
QUOTES: tuple[Step, ...] = (
    (r"([A-Za-z])[’ʼ＇`]([A-Za-z])", r"\1'\2"),
    (r"(?s)```.*?(?:```|$)", CUT),
    (r'["＂]([^"＂\n]*)["＂]|`([^`\n]*)`|[“「『《‘]([^“”「」『』《》‘’\n]*)[”」』》’]', rf"{OPEN}\1\2\3{CLOSE}"),
    (r"(^|[\s(\[:：,，=])'((?:[^'\n]|[a-z]'[a-z])*)'($|[\s)\]:：,，.。;!？?])", rf"\1{OPEN}\2{CLOSE}\3"),
)
QUOTED = f"[^{OPEN}{CLOSE}]*"
SILENCED: tuple[Step, ...] = (
    (rf"{OPEN}(?:(?:as an?\b|作为|身为){QUOTED}|{QUOTED}?(?:{I_OR_MY}){QUOTED}){CLOSE}", CUT),
)
"""Quotations in which somebody says I are cut, others keep their words: 我的名字是“Kimi”."""
UNQUOTED: tuple[Step, ...] = ((rf"[{OPEN}{CLOSE}“”「」『』《》*]", ""),)
REPORTED: tuple[Step, ...] = (
    (
        r"(^|[。！？!?\n，,])[^我。！？!?\n，,：:]{0,12}(?:答|说|道|问|回复|表示)[：:][^。！？!?\n]*"
        r"|\b(?:says?|said|answer(?:s|ed)?|repl(?:y|ies|ied)|asks?|asked):[^.!?\n]*",
        rf"\1{CUT}",
    ),
)
"""What somebody is reported to say without quotation marks; an answer that introduces the assistant may do so."""
PERSON: tuple[Step, ...] = (
    (r"\b(?:i'm|im)\b", "i am"),
    (r"n't\b", " not"),
    (r"\bcannot\b", "can not"),
    (r"\b(name|it|that|here)'s\b", r"\1 is"),
    (r"\bi've\b", "i have"),
    (
        rf"\bthe {ASSISTANT_EN} (?:(?:that|who|which) )?you(?: are|'re| have been)? (?:now )?{TALKING}(?: to"
        rf"| with)?\b",
        "i",
    ),
    (rf"\byou(?: are|'re) (?:(?:now|currently) )?{TALKING} (?:to|with)\b", "this is"),
    (r"您|妳", "你"),
    (r"(?:我|咱|俺)(?:们|家|店|国|校|司|公司|方|朋友|同事|老公|老婆|孩子|儿子|女儿|先生|太太|手机|电脑)", CUT),
    (r"自我", "自己"),
    (r"俺|咱|鄙人|在下|本人", "我"),
    (r"(?:人家|小的)(就|可|才|真的?|其实)?(是|叫)", r"我\1\2"),
    (r"本(?:智能|AI)?(?:助手|助理|大?语言模型|大?模型|ai|人工智能|机器人|智能体|系统|程序|客服|机)", "我"),
)
"""The many words for I."""
DENIALS: tuple[Step, ...] = (
    (YES_ZH, ""),
    (r"\bnone other than\b|\bnot (?:only|just|merely|sure)\b|\bno (?:doubt|problem|worries|wonder)\b", "just"),
    # A new clause begins; not behind one who says, thinks or asks it.
    (rf"\b({SAYING_EN}) (i (?:am|was|come)|my name)\b", rf"\1{TIE}\2"),
    (rf" ({NEW_CLAUSE_EN})\b", r"; \1"),
    (
        r"([^说称为得诉示认明证疑帮给让替被请如若果使算,，。！？!?；;：:\s])(我(?:就|才|其实|真的)?(?:是|叫)|而是"
        r"|因为|由于)",
        r"\1；\2",
    ),
    # What others say, and what is denied.
    (rf"(?:{OTHERS_SAY_ZH}|{NO_ZH})[^，。！？；!?,;\n]*", CUT),
    (rf"\b(?:{OTHERS_SAY_EN}|{NO_EN})\b[^.,!?;:\n，。—–]*", CUT),
    (TIE, " "),
)
"""Clauses that say nothing of the speaker, or the contrary, are cut."""
OTHER = f"[{NAME}{MAKER}]"
ANY = f"[{NAME}{MAKER}{BLANK}{FORM}]"
ASIDES: tuple[Step, ...] = (
    # What the speaker does, feels or is beside an assistant.
    (
        rf"我[就也正还]?是(?:{DOING_ZH})|\bi am (?:(?:\w+ly|just|still|now|so|very|also) )*(?:{FEELING_EN})\b"
        rf"|\bi am (?:(?:an?|the|one of) )?(?:[a-z-]+ ){{0,3}}(?:{PEOPLE_EN})\b",
        CUT,
    ),
    (
        r"(?:AI|人工智能|模型|机器人)\s*(工程师|研究|专家|产品经理|部门|团队|从业|领域|行业|技术|公司|实验室|课"
        r"|训练师)",
        r"\1",
    ),
    # Another that is spoken of.
    (
        rf"(?:作为|身为)[^。！？!?\n，,]{{0,40}}[，,]\s*(?:{OTHER}|它|他|她|该|其|这)"
        rf"|\bas an? [^.!?\n,]{{0,60}}, ?(?:{OTHER}|(?:it|they|this|he|she)\b)",
        CUT,
    ),
    (
        rf"[由被]?\s*{MAKER}[^。！？!?\n，,；;我{NAME}{MAKER}]{{0,14}}?(?:{MAKES_ZH})(?:出来)?的"
        rf"[^。！？\n，,我{NAME}{MAKER}]{{0,10}}{NAME}",
        NAME,
    ),
    (rf"{NAME} (?:is|was) (?:(?:an?|the) )?[a-z\s-]{{0,40}}(?:of|from|by) {OTHER}", CUT),
    (rf"{OTHER}(?:公司|家|旗下|集团)?的{NAME}|{OTHER}'s (?:(?:own|new|latest) )?{NAME}", NAME),
    (
        rf"{NAME}(?:[（(][^（()）\n]{{0,40}}[）)])?[就也都]?(?:是|是?(?:一个"
        rf"|一款)?由)[^。！？\n，,我{MAKER}{NAME}]{{0,20}}"
        rf"{OTHER}[^。！？\n，,我]{{0,8}}(?:{MAKES_ZH})的?",
        CUT,
    ),
    (
        rf"[{NAME}{CUT}](?:,? (?:which|that|who))?,? (?:(?:is|was|were|are) )?(?:(?:an?|the) [a-z\s-]{{0,60}})?"
        rf"(?:{MADE_EN})(?: and (?:{MADE_EN}))? by {OTHER}",
        NAME + CUT,
    ),
)
END = r"(?:$|[。！!，,；;、\n~～…)）】.:：—]|\s*[\U0001F000-\U0001FAFF☀-➿])"
PARTICLE = r"[啦呀啊哦喔噢哈呢哟呐嘛耶吧诶喽哒哩滴捏嗷呗]"
WORDS: tuple[Step, ...] = (
    # Words that claims are made of become signs.
    (rf"\b(?:{MAKER_EN})\b|{MAKER_ZH}", ROLE),
    (rf"\b(?:{AI_EN})\b|{AI_ZH}", AI),
    (rf"\b(?:{MADE_EN})\b|{MAKES_ZH}", MADE),
    (r"\bi (?:am|was|is|have been|had been|got|were|be)\b", AM),
    (r"\b(?:this is|my name is|call me|i go by)\b", INTRO),
    (r"\bas\b", AS),
    (rf"我(?:[，,\s]?(?:{ADVERBS_ZH})){{1,5}}", "我"),
    (rf"([{AM}{INTRO}])(?: (?:{ADVERBS_EN}),?)+\b", r"\1"),
    # A name stands alone, without its kind, its company and its people.
    (
        rf"(?:(?:{KINDS_ZH}|{AI}|由?\s*{OWN}[^。，！？\n]{{0,5}}的)[\s的]?){{1,8}}(?:叫做?|名叫|名为"
        rf"|称为)?\s?({ANY})",
        r"\1",
    ),
    (rf"{OWN}[，,（(]?(?:也就是|就是|即|又名|又叫|其实是|其实就是|原名|本名)({ANY})", r"\1"),
    (rf"({ANY})(?:{FIRM_ZH}|的?(?:团队|{PEOPLE_ZH}|{ROLE})们?){{1,4}}", r"\1"),
    (
        rf"(\bby |\b(?:the|an?|some|all) )(?:(?:{PRAISE_EN}|{AI}|the|an?) ){{0,4}}(?:{TEAM_EN}|{ROLE})(?: over"
        rf"| here| there)?,?"
        rf" (?:(?:at|of|from|called|named) (?:the )?)?({ANY})",
        r"\1\2",
    ),
    (rf"({ANY})(?:'s)?(?: (?:{FIRM_EN}|{ROLE})\b\.?){{1,3}}", r"\1"),
    (r" (of|for|about|with|using|in|on|to|at|than|into|over|like|that|which|who|from)\b", rf"{BAR}\1"),
    # What follows a name where a phrase ends with it, or goes on about it; a fan, a subscriber and a question do not.
    (
        rf"([{NAME}{BLANK}])(\s*(?:{END}|{PARTICLE}+(?:$|[^?？]))|\s*的?\s*(?:{QUALITIES_ZH}){{0,4}}\s*(?:{AI}|版"
        rf"|本尊|客服)"
        rf"|{AFTER_ZH}|\s+[^{NO_TAIL_ZH}]|\s*(?:[^\sA-Za-z0-9一-鿿'’?？_{BAR}{MADE}-]|-\s| (?:{MADE}"
        rf"|(?:{AFTER_EN})\b)))",
        rf"\1{WHOLE}\2",
    ),
)


@cache
def for_python(pattern: str) -> re.Pattern[str]:
    """Compile a pattern of these files for Python."""
    return re.compile(_written_out(pattern).replace(r"\b", r"(?a:\b)"), re.IGNORECASE)


@cache
def for_polars(pattern: str) -> str:
    """Write a pattern of these files for polars."""
    return "(?i)" + _written_out(pattern).replace(r"\b", r"(?-u:\b)")


@cache
def replacement_for_polars(new: str) -> str:
    """Write what a step puts in for polars: `${1}` for the first group."""
    return re.sub(r"\\(\d)", r"${\1}", new)


CLASSES = {r"\s": r"\x20\n", r"\w": "a-z0-9_", r"\d": "0-9"}
"""ASCII alone: polars takes long to compile what Unicode has of these. After `SPACES` there are no other gaps."""


def _written_out(pattern: str) -> str:
    """Write the classes of a pattern out, and any gap between words for each space."""
    return re.sub(r"\\.|\[\^?|\]| ", _Writer(), pattern)


class _Writer:
    """Writes a pattern out from left to right; knows whether it is between brackets."""

    def __init__(self) -> None:
        self.is_between_brackets = False

    def __call__(self, token: re.Match[str]) -> str:
        if token[0] == " ":
            return rf"(?:[\x20\n{BAR}]+)"
        if token[0] in CLASSES:
            return CLASSES[token[0]] if self.is_between_brackets else f"[{CLASSES[token[0]]}]"
        if token[0][0] in "[]":
            self.is_between_brackets = token[0][0] == "["
        return token[0]
