"""Names of people, by the words around them."""

import re

from rules.lexicons import lexicon
from rules.personal import PersonalData, PersonalExamples, Span

USUAL = "".join(lexicon("surnames"))
SURNAME = f"[{USUAL}{''.join(lexicon('surnames_rare'))}]"
DOUBLE = "|".join(lexicon("surnames_double"))
GIVEN = "".join(lexicon("given_characters"))
NO_SURNAME = "|".join(lexicon("no_surnames"))
FIRST = "|".join(lexicon("first_names"))
NOT_NAMES = "|".join(lexicon("no_names"))
NO_GIVEN = (
    "的了吗呢吧啊呀哦嘛是不我你您他她它们这那哪什么么在有个要想就都也还没和与及或把被给让到从对会能可先请说看去来号电地话姓址"
    "某师总哥姐老经官员家店款件级机码单客服"
)
"""What no given name after a name's label holds."""
END = (
    r"(?![\u4e00-\u9fff*·•・])|(?=的|呢|啊|吧|呀|哦|我|您|在|是|想|要|电话|手机|地址|住|身份证|生日|卡号|联系|麻烦|帮|请|为您|竭诚"
    r"|很高兴|今天|现在|不[是要想对行]|已经|来[取拿]|收[到货]|签收|本人|\d)"
)
NAME = rf"(?!{NO_SURNAME})(?:(?:{DOUBLE})|{SURNAME})"
ANY = rf"{NAME}[^\W\da-zA-Z_{NO_GIVEN}]"
SURE = (
    rf"(?!{NO_SURNAME})(?:(?:(?:{DOUBLE})[{GIVEN}]{{1,2}}|[{USUAL}][{GIVEN}]{{1,2}})(?:{END})"
    r"|张三(?!丰)|李四|王五|赵六)"
)
BOUND = r"(?<![\u4e00-\u9fff])"
FOREIGN = r"[\u4e00-\u9fff]{1,6}(?:[·•・][\u4e00-\u9fff]{1,8}){1,3}"
CALLED = re.compile(
    rf"(?:我(?:的名字)?(?:就)?叫做?|我的?名字(?:是|叫)|我姓名(?:是|叫)?)\s?(?P<it>{FOREIGN}|{ANY}{{1,2}}(?:{END}))"
    rf"|(?:我(?:本人)?(?:就)?是|本人(?:是|叫)?)\s?(?P<am>{SURE})"
)
LABEL = (
    r"(?:(?:收件人|收货人|寄件人|联系人|持卡人|开户人|开户名|户名|申请人|投保人|被保险人|入住人|预订人|预约人|取件人|提货人|签收人)(?:的?(?:姓名|名字))?"
    r"|(?<![用件录栏域])姓名)"
)
WRITTEN = re.compile(
    rf"{LABEL}(?:\s?(?:是|为|叫)?\s?[:=]|[ ])\s{{0,2}}"
    rf"(?P<it>{FOREIGN}|{ANY}{{1,2}}(?:{END})|[A-Z][a-z]{{1,14}}(?: [A-Z][a-z]{{1,14}}){{0,2}}(?![\w*]))"
    rf"|{LABEL}(?:是|为|叫|改成|改为|换成|写|填)?(?P<bare>{SURE})"
)
STAFF = "客服|专员|顾问|管家|代表|助理|经理"
TITLED = re.compile(
    r"(?:先生|女士|小姐)(?!们|款|式|装|专|用|手|鞋|包|表|衬|香|内|裤|裙|外|短|长|平|高跟|棉|礼|剃|皮|毛)"
)
SERVICE = re.compile(
    rf"(?:{STAFF})(?:人员|代表|专员)?(?:是|叫|[: ])?(?P<it>{SURE})"
    rf"|{BOUND}(?P<at>(?!{NO_SURNAME})[{USUAL}][{GIVEN}]{{1,2}})(?=(?:竭诚|很高兴|继续)?为您(?:服务|解答))"
)
TITLE_WORD = re.compile(rf"(?:{'|'.join(lexicon('before_titles'))})$")
LEAD = re.compile(rf"(?:{BOUND}|[请问您好帮给对和是叫的与跟找向位了有到让把替由为联系谢尊敬亲爱于过告诉])$")
SHAPES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:(?:{DOUBLE})|[{USUAL}])[{GIVEN}]{{2}}$",
        rf"(?:(?:{DOUBLE})[{GIVEN}]?|[{USUAL}][{GIVEN}])$",
        rf"(?:{DOUBLE}|[{USUAL}金贝华游卓关岳庞宁祝翁舒屈项纪辛阮褚费冷靳符毕申邬冼卞连饶滕单梅娄桂桑])$",
    )
)
"""A surname with two, one or no characters of a given name, at the end of what precedes 先生."""

CAPITAL = rf"(?!(?:{NOT_NAMES})(?![a-z]))[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]*(?:['’-][A-Z])?[A-Za-zß-öø-ÿ]+"
FULL = rf"{CAPITAL}(?: (?:(?:van|von|de|der|da|la|bin) ){{0,2}}{CAPITAL}| [A-Z]\.(?= [A-Z])){{0,3}}(?![\w@])"
TWO = rf"{CAPITAL} (?:[A-Z]\.? )?{CAPITAL}(?![\w@])"
FIRST_AND_REST = rf"(?:{FIRST})(?![a-z'’])(?: {FULL})?(?![\w@])"
HI = r"[Hh]i|HI|[Hh]ello|[Hh]ey|[Dd]ear|[Tt]hanks,?|[Tt]hank you,?|[Mm]orning|[Aa]fternoon|[Ee]vening"
AM = r"I'm|I’m|I am|[Tt]his is|[Ii]t's"
WITH = r"[Tt]his is|[Yy]ou're (?:chatting|speaking) with|[Yy]ou are (?:chatting|speaking) with"
WHOSE = r"customer|client|full|account|cardholder|guest|passenger|contact|recipient|billing|shipping|holder|patient"
CLOSE = r"regards|sincerely|cheers|thanks|best wishes|best|yours(?: truly| faithfully)?|thank you"
DONE = r"(?=\s*$|[,.]|\s(?:https?:|\d/\d))"
Patterns = tuple[tuple[tuple[str, ...], re.Pattern[str]], ...]
"""Each with words of which one stands, in lowercase letters, in every text that it matches."""
ENGLISH: Patterns = tuple(
    (tuple(hints.split("|")), re.compile(pattern, re.MULTILINE))
    for hints, pattern in (
        (
            "name",
            r"(?<![A-Za-z])(?:[Mm]y|MY|[Hh]is|[Hh]er)(?: (?:full|first|last|maiden|real|legal))? (?:[Nn]ame|NAME)"
            rf"(?:'s|’s| is|:| IS)[: ]{{1,2}}(?P<it>{FULL})",
        ),
        (
            "i'm|i’m|i am|this is|it's|hi|hey|hello|dear|thank|ning|noon",
            rf"(?<![A-Za-z])(?:{AM}|{HI}),? (?P<it>(?:{FIRST}) (?:[A-Z]\.? )?{CAPITAL})(?![\w@])",
        ),
        (
            "hi|hey|hello|dear|thank|ning|noon",
            rf"(?<![A-Za-z])(?:{HI}),? (?P<it>{FIRST})(?=\s*[,.!?:;\n-]|\s*$)",
        ),
        (
            "speaking|calling",
            rf"(?<![A-Za-z])(?:[Tt]his is|[Ii] am|[Ii]'m|[Ii]t's) (?P<it>{FULL})(?= (?:speaking|calling))",
        ),
        (
            "this is|ing with",
            rf"(?<![A-Za-z])(?:{WITH}) (?P<it>{FIRST_AND_REST})(?= (?:from|with|at|in|here)(?![a-z])|[,.])",
        ),
        ("m", rf"(?<![A-Za-z])(?:Mr|Mrs|Ms|Miss|Mx|MR|MRS|MS)\.? {{1,2}}(?P<it>{FULL})"),
        (
            "dr|prof",
            rf"(?<![A-Za-z])(?:Dr|Prof)\. ?(?P<it>{FULL})|(?<![a-z0-9] )(?<![A-Za-z])Dr (?P<dr>{FULL})",
        ),
        (
            "name",
            rf"(?:^|[,;|>]\s?|(?<![A-Za-z])(?i:{WHOSE})(?:'s)? ?)"
            r"(?i:(?:first |last |full |customer )?name)(?: is)?\s?[:=]"
            rf"[ \t]{{0,8}}(?P<it>{FULL})(?=\s*(?:$|[,;.|]))",
        ),
        ("\n", rf"(?i:{CLOSE}),?[ \t]*\n\s*(?P<it>{FULL}){DONE}"),
        (
            "regards|sincerely|cheers|wishes|truly",
            rf"(?i:regards|sincerely|cheers|best wishes|yours truly),? (?P<it>{FULL}){DONE}",
        ),
    )
)


LATIN = re.compile("[A-ZÀ-ÖØ-Þ]")
"""What every English name holds."""
CHINESE: Patterns = (
    (("我", "本人"), CALLED),
    (("人", "姓名", "户名"), WRITTEN),
    ((*STAFF.split("|"), "为您"), SERVICE),
)
SURNAMED = rf"(?:{DOUBLE}|[{USUAL}])"
SCREEN = (
    rf"(?:我叫|名字[是叫]|就叫)[^!-~]|我(?:本人)?就?是\s?{SURNAMED}|本人[是叫]?\s?{SURNAMED}"
    r"|(?:姓名|户名|[件货系卡户请保险住订约收]人)[\s\x1c-\x1f:=]*[^\x00-@\[-\x7f]|[^\x00-\x7f]\n?(?:先生|女士|小姐)"
    rf"|(?:{STAFF})(?:人员|代表|专员)?[是叫:：]?\s?{SURNAMED}"
    rf"|{SURNAMED}[{GIVEN}][\u4e00-\u9fff]?(?:竭诚|很高兴|继续)?为您[服解]"
    r"|(?i-u:name)(?:'s|’s|\s(?i-u:is)|\s?[=:：])[\s\x1c-\x1f:=：]*[A-ZÀ-Þ]|(?:^|[^A-Za-z])(?:Mr|Mrs|Ms|Miss|Mx|MR|MRS|MS|Dr|Prof)\.?\s{0,2}[A-ZÀ-Þ]"
    r"|(?i-u:hi|hello|hey|dear|thanks|thank you|morning|afternoon|evening|this is|'m|’m|i am|'s|with)"
    rf"[,，]?\s(?:{FIRST})"
    r"|(?:[Tt]his\sis|[Ii]\sam|[Ii]'m|[Ii]t's)\s[A-ZÀ-Þ][^\n]*\s(?:speaking|calling)"
    r"|(?i-u:regards|sincerely|cheers|thanks|wishes|best|truly|faithfully|yours|thank you)[,，]?\s*\n\s*[A-ZÀ-Þ]"
    r"|(?i-u:regards|sincerely|cheers|wishes|truly)[,，]?\s?[A-ZÀ-Þ]"
)


GATES = (
    r"我叫|我姓名|名字[是叫]|就叫|姓名|户名|[件货系卡户请保险住订约收]人|先生|女士|小姐|为您[服解]"
    rf"|(?:我(?:本人)?就?是|本人[是叫]?|(?:{STAFF})(?:人员|代表|专员)?[是叫:：]?)"
    rf"\s?(?:[{USUAL}]|{DOUBLE}|张三|李四|王五|赵六)",
    r"(?i-u:name)(?:'s|’s|\s|[=:：])|(?:Mr|Mrs|Ms|Miss|Mx|MR|MRS|MS|Dr|Prof)\.?\s{0,2}[A-ZÀ-Þ]"
    r"|(?i-u:hi|hello|hey|dear|thanks|you|ning|noon|is|'m|’m|am|'s|with)[,，]?\s[A-ZÀ-Þ](?:[A-Za-zß-öø-ÿ]|['’-][A-Z])"
    r"|(?i-u:regards|sincerely|cheers|thanks|wishes|best|truly|faithfully|yours|you)[,，]?\s*[A-ZÀ-Þ]",
)
"""The same, a little wider and with fewer alternatives: that is quicker."""


class PersonName(PersonalData):
    """Names that the words around them give away: 我叫, 收件人, 先生, "my name is", Mr, a greeting, a signature."""

    label_zh = "姓名"
    label_en = "NAME"
    title_zh = "姓名：前后字样指明的人名；昵称、品牌、地名不算"
    priority = 60
    gate = GATES
    screen = SCREEN
    examples = PersonalExamples(
        finds=(
            ("您好，我叫李建国，想退货", "李建国"),
            ("我是王敏", "王敏"),
            ("收件人：陈晓东", "陈晓东"),
            ("收货人张丽 电话", "张丽"),
            ("姓名：欧阳文静", "欧阳文静"),
            ("联系人 赵志强", "赵志强"),
            ("客户姓名：刘洋，已核实", "刘洋"),
            ("持卡人周涛", "周涛"),
            ("请问高先生在吗", "高"),
            ("尊敬的林静怡女士", "林静怡"),
            ("麻烦转告司马小姐", "司马"),
            ("客服孙悦为您服务", "孙悦"),
            ("客服林小雨为您服务", "林小雨"),
            ("收货人是沈玉兰不是我", "沈玉兰"),
            ("本人韩冬梅要求退款", "韩冬梅"),
            ("开户名曹国庆", "曹国庆"),
            ("您的专属客服何佳", "何佳"),
            ("收件人：Tom Reed", "Tom Reed"),
            ("my name is Harvey Winslow", "Harvey Winslow"),
            ("Hi, I'm Laura Winslow from Leeds", "Laura Winslow"),
            ("ask Mr. Okafor about it", "Okafor"),
            ("Good day, this is Brenda speaking", "Brenda"),
            ("Name: Aldo Ferri", "Aldo Ferri"),
            ("Best regards,\nMira Koskinen", "Mira Koskinen"),
            ("Dear Thomas, we refunded you", "Thomas"),
            ("Thanks, Claire!", "Claire"),
        ),
        spares=(
            "我叫小喵，是您的智能助手",
            "我是小蜜",
            "本人高中学历",
            "本人亲自签收",
            "户名怎么改",
            "我叫什么",
            "我叫你退款",
            "我叫了外卖",
            "我是客服",
            "我是买家",
            "我是新用户",
            "我是江苏的",
            "我是安卓手机",
            "我是高级会员",
            "我是黄金会员",
            "王老吉两箱",
            "张飞牛肉",
            "李宁跑鞋",
            "这位先生",
            "那个女士",
            "老先生说的",
            "我和先生一起用",
            "纯白女士衬衫",
            "收件人：本人",
            "收货人信息",
            "联系人电话",
            "姓名：必填",
            "很高兴为您服务",
            "马上为您服务",
            "时间安全方便，于是向任何人说成功",
            "黄金白色王者荣耀",
            "I am Sorry",
            "I am Very Happy with it",
            "my name is wrong on the order",
            "Dear Customer",
            "Dear Sir",
            "Dr Pepper",
            "Thanks -Tom",
            "we will look into it ^JS",
            "username: Winslow",
            "Product name: Garden Hose",
            "Hi there",
        ),
    )

    def spans(self, text: str) -> list[Span]:
        patterns: Patterns = () if text.isascii() else CHINESE
        patterns += ENGLISH if LATIN.search(text) else ()
        lowercase = text.lower()
        by_pattern = [
            span
            for hints, pattern in patterns
            if any(hint in lowercase for hint in hints)
            for span in _groups(pattern, text)
        ]
        return by_pattern + [span for match in TITLED.finditer(text) for span in _titled(text, match.start())]


def _groups(pattern: re.Pattern[str], text: str) -> list[Span]:
    """Find the group of each match that took part: every branch has its own name for it."""
    return [match.span(match.lastgroup) for match in pattern.finditer(text) if match.lastgroup]


def _titled(text: str, end: int) -> list[Span]:
    """Find the name that ends where 先生 begins.

    It is the longest that begins where a name may begin, else the surname alone.
    """
    before = text[max(0, end - 8) : end]
    if TITLE_WORD.search(before):
        return []
    for shape in SHAPES:
        match = shape.search(before)
        if match and LEAD.search(before[: match.start()]) and not re.match(NO_SURNAME, match[0]):
            return [(end - len(match[0]), end)]
    return []
