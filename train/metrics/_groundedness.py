"""What an answer states that it cannot have from anywhere: no passage and no turn of the conversation holds it.

Specifics are numbers, dates, times, codes, telephone numbers, links, couriers and proper names. Words alone are none,
but for a list of things and a quotation in answer to what nobody can know.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from schemas.identity import Identity
from schemas.introductions.claims import own_names
from train.metrics._facts import proper_names
from train.metrics._known_terms import COURIERS
from train.metrics._numerals import in_digits
from train.metrics._reading import is_absent, plain
from train.metrics._values import StatedValue, grounds, values

Ground = Literal["empty", "invented", "unknown_said", "grounded"]
ASCII = re.ASCII
INFORMATION = (
    r"(?:信息|资料|数据|记录|内容|消息|权限|渠道|途径|规定|说明|通知|公告|产品|商品|型号|款|这本书|印象"
    r"|统计|定位|位置)"
)
UNKNOWN_ZH = re.compile(
    r"(?<!你)(?<!是否)不(?:太|大|是很|怎么|便)?(?:知道|知晓|清楚|了解|确定|掌握|晓得|认识|熟悉"
    r"|明确)(?!了吗|的话|怎么选)"
    r"|(?:无法|没法|没办法|没有办法|不能|不便|不方便|无从|难以|不好)(?:直接|准确|具体|实时|帮你|为你|给你"
    r"|向你|替你|再|提前|随便|随意|确切|立即|马上|就此|核实后)*"
    r"(?:得知|获知|知道|知晓|确认|确定|查询|查到|查看|查|获取|获得|提供|告知|告诉|核实|预测|预知|预判|判断"
    r"|回答|透露|看到|看|给出|说|猜|透漏|答复|保证|了解|公开|统计|估计)"
    rf"|(?:没有|没|暂无|尚无|并无|无|未有|缺少|未收录|未提供)(?:任何|相关|这方面|这个|该|这类|此类|此"
    rf"|你说的|具体|确切|准确|更多|对应|这款|这本|有关|关于|名为|叫|公开|的|查到|查询到|查看|实时"
    rf"|[^,。!?;\n]){{0,14}}?{INFORMATION}"
    r"|查(?:询)?不(?:到|了)|看不(?:到|了)|没(?:有)?(?:查|找|看|收|听|见)(?:询|说|收)?(?:到|说|过)"
    r"|未(?:能)?(?:查|找|收|检索|公布|公开|公告|发布|确定|定)|没(?:有)?(?:公布|公开|定|确定|这款|这个|这种"
    r"|这场|这项|这本|你说)"
    r"|(?:涉及|属于|保护)[^,。]{0,10}(?:隐私|机密|保密|内部)|(?:隐私|保密|机密)(?:信息|原因|规定)?"
    r"|不(?:对外|予)(?:公开|公布|透露)|不公开"
    r"|说不(?:准|好|清|上来)|不好说|猜不(?:到|出|着|准)|记不(?:得|住|清)|答不(?:上|出|了)|不存在|并不存在"
    r"|不在我(?:的|们的)?(?:知识|了解|数据)|没有人知道|只有你(?:自己)?(?:才)?知道|难说|暂时?未(?:知|定)"
    r"|未知"
    r"|(?:帮|为|给|替|向)你?(?:查|核实|确认|问|核对|查询|咨询|了解)(?:一?下)?|我(?:去|先|这就|马上)?(?:查"
    r"|核实|确认|问)(?:一?下|一查|问)|核实(?:一?下|后)(?:再)?(?:回复|答复|告诉)"
)
UNKNOWN_EN = re.compile(
    r"\b(?:don't|do not|didn't|doesn't|wouldn't|cannot|can't|can not|couldn't|unable to|not able to|won't"
    r"|never|haven't|hasn't|isn't|aren't|not)"
    r"(?: (?:actually|currently|really|even|yet|possibly|be able to|able to|been|have|get|any|the|a|an|to"
    r"|that|this|anything|of|provide|give|you|share)){0,5} "
    r"(?:know|see|tell|find|access|confirm|say|share|disclose|give|look|verify|predict|provide|check"
    r"|determine|guess|recall|remember|aware|sure|certain|familiar|heard|hear|"
    r"information|info|details?|data|records?|record|figures?|number|numbers|available|public|announced"
    r"|published|released|exist|visibility|track|view|reveal|quote|locate|speculate|confident)\b"
    r"|\bno (?:idea|clue|information|info|data|records?|record|access|way (?:to|of)|details?|knowledge"
    r"|such|visibility|mention|figures?|news|announcement)\b"
    r"|\b(?:i'm|i am|we're|we are|it's|it is) (?:not sure|unsure|unaware|unknown|unclear|not clear)\b"
    r"|\bunknown\b|\bunfamiliar\b|\bbeyond (?:my|what i)|\b(?:private|confidential|privacy)\b"
    r"|\b(?:doesn't|does not|don't) (?:seem to )?(?:exist|appear|match|recognise|recognize|sell|carry"
    r"|stock)\b|\bthere(?:'s| is) no (?:such|info|information|record|data|way|product|announcement|mention"
    r"|official|public|published)\b|\bthere (?:isn't|is not) (?:any |a |an )?(?:such|info|information"
    r"|record|data|way|product)\b|\bonly you\b|^\W*no,? i (?:don't|do not)\W*$"
    r"|\b(?:let me|i'll|i will|we'll|i can|i need to|i'd have to|we will) (?:have to )?(?:check|look into"
    r"|look that up|ask|find out|verify|confirm|get back|see what)\b"
    r"|\bneither\b.{1,30}\b(?:knows?|information)\b|\bcan't make (?:one|it|that) up\b"
    r"|\bimpossible to (?:say|know|tell)\b|\bhard to say\b|\byet to be\b|\bbeats me\b|\byour guess\b"
    r"|\bwish i knew\b",
    ASCII,
)
REFERS = re.compile(
    r"(?:请|可以|可|建议|麻烦|需要|烦请|您?可)你?(?:先|直接|到|在|去|登录|通过|随时|自行|前往|以|参考|咨询"
    r"|联系|查看|查询|关注|查|核对|提供|拨打|告知|告诉|看|留意|问|确认|发)|以[^,。]{1,12}为准|(?:详情|物流"
    r"|页面|官网|标签|包装|说明书|订单页)[^,。]{0,8}(?:查看|为准|可查|显示|有)"
    r"|(?:留意|关注)|转(?:接|人工|给)|[??]\s*$"
    r"|\b(?:please|you can|you could|you may|could you|can you|would you|try|best to|i'd suggest"
    r"|i recommend|we recommend) (?:\w+ )?(?:check|contact|see|ask|provide|share|send|tell|look|visit|call"
    r"|refer|reach|confirm|clarify|consult|track|give|find|follow|keep)"
    r"|\b(?:see|check) (?:the|your|our|with)\b|\b(?:is|are|shown|listed|printed|found|available) (?:on|in"
    r"|at|under) (?:the|your|our)\b|\b(?:page|app|website|link|label|tracking) (?:shows|will show|lists"
    r"|can)\b|\bcontact (?:us|our|the|support)|\b(?:may i|can i) have\b",
    ASCII,
)
GUESSES = re.compile(
    r"(?:应该|估计|大概|多半|我猜|可能|或许|一般)(?:就|都)?(?:是|在|有|为|用)(?!你|因为|由于|系统|名称"
    r"|名字|别|其他|误|记错|没|未|不|还没)"
    r"|\b(?:it's|it is|they're|that's) (?:probably|likely|most likely)\b|\b(?:probably|likely) (?:in|on|at"
    r"|a|an|the|made)\b|\b(?:my|i'd|i would|best) guess (?:is|it|would)|\bi think it(?:'s| is)\b"
    r"|\bit must be\b",
    ASCII,
)
PERSON = re.compile(
    r"(?:[赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严金魏陶姜谢邹苏潘葛范彭郎鲁韦马方俞任袁柳史唐费薛雷贺倪汤罗郝毕安常于傅齐康余顾孟黄萧尹姚邵汪毛戴宋庞熊纪舒项董梁杜阮季贾江童郭梅林钟徐邱骆高夏蔡田樊胡霍万柯卢莫房陆荣翁刘叶黎])(?:[\u3400-\u9fff]{1,2})?(?:师傅"
    r"|先生|女士|小姐|经理|老师|主管|工|总)(?![\u3400-\u9fff]{0,2}[店长])"
)
SIGNED = re.compile(
    r"(?:由|是|叫(?:做)?|名叫|姓名[是为::]?)([\u3400-\u9fff]{2,4})(?:本人)?(?:代为|代)?(?:签收|送|负责|设计|写)"
)
CALLED = re.compile(
    r"(?:猫|狗|店长|经理|骑手|小哥|设计师|作者|它|名字)(?:的名字)?(?:叫|名叫"
    r"|是)[“\"]?([\u3400-\u9fff]{2,4})(?=[”\"。,!~\s]|$)"
)
PLACE = re.compile(
    r"(?:在|到|位于|住|经过|是)(?:了)?([\u3400-\u9fff]{2,8}?(?:路|大街|大道|街道|省|市|区|县|镇|村|小区"
    r"|中转站|网点|分拣中心))(?!上有|况|线|由)"
)
COMMON_PLACE = re.compile(
    r"哪|什么|线路|公路|马路|道路|半路|路上|超市|城市|地区|社区|本|各|当地|这|那|你|我|所在|附近|收货|该"
    r"|目的地|客服|网点$|小区$"
)
PLACE_ENDS = re.compile(r"(?:站|网点|中心|省|市|区|县|镇|村)$")
QUOTED = re.compile(r"[“「『\"]([^“”「」『』\"\n]{6,200})[”」』\"]")
ITEMS = re.compile(r"[、,]|\band\b|和(?=[\u3400-\u9fff]{2})|以及|及(?=[\u3400-\u9fff]{2})|等", ASCII)
LISTED = re.compile(
    r"(?:[^、,。;!?\n::是为了支持]{2,14}、){2,}[^、,。;!?\n]{2,14}|(?:[a-z' -]{3,30}, ){2,}(?:and )?[a-z' -]{3,30}"
)
ON_SCREEN = frozenset(
    [
        "my",
        "order",
        "orders",
        "account",
        "contact",
        "us",
        "return",
        "returns",
        "setting",
        "settings",
        "help",
        "center",
        "centre",
        "customer",
        "service",
        "support",
        "live",
        "chat",
        "email",
        "team",
        "faq",
        "request",
        "refund",
        "refunds",
        "track",
        "tracking",
        "details",
        "page",
        "profile",
        "checkout",
        "cart",
        "store",
        "play",
        "google",
        "apple",
        "whatsapp",
        "wechat",
        "visa",
        "mastercard",
        "paypal",
        "cancel",
        "shipping",
        "delivery",
        "policy",
        "terms",
        "payment",
        "home",
        "menu",
        "click",
        "go",
        "select",
        "submit",
        "apply",
        "coupon",
        "coupons",
        "history",
        "purchases",
        "information",
    ]
)


def reading(sources: Iterable[str], answer: str, identity: Identity | None, *, unknowable: bool) -> Ground:
    """Say of an answer whether it says nothing, states what no source holds, says that it does not know, or neither.

    `sources` are passages and turns. `unknowable`: nobody can know, so that lists of things and quotations count too.
    """
    if is_absent("", answer):
        return "empty"
    held = tuple(sources)
    if invents(held, answer, identity):
        return "invented"
    if says_it_does_not_know(answer):
        return "unknown_said"
    return "invented" if unknowable and _spins(held, answer) else "grounded"


def unknown_verdict(sources: Iterable[str], answer: str, identity: Identity | None) -> str:
    """Mark an answer to what nobody can know: `right` where it says so, declines, asks back or says where to look.

    Else `empty`, `invented`, or `asserted` where it answers in words alone.
    """
    found = reading(sources, answer, identity, unknowable=True)
    if found in ("empty", "invented"):
        return found
    knows_not = (found == "unknown_said" or _refers(answer)) and not _guesses(answer)
    return "right" if knows_not else "asserted"


def says_it_does_not_know(answer: str) -> bool:
    """Tell whether an answer says that it does not know, has no such thing, may not say, or will have to look."""
    text = plain(answer)
    return UNKNOWN_ZH.search(text) is not None or UNKNOWN_EN.search(text) is not None


def _refers(answer: str) -> bool:
    """Tell whether an answer sends the customer where it can be seen, or asks back, and guesses nothing."""
    return REFERS.search(plain(answer)) is not None


def _guesses(answer: str) -> bool:
    """Tell whether an answer that does not know guesses all the same."""
    return GUESSES.search(plain(answer)) is not None


def invents(sources: tuple[str, ...], answer: str, identity: Identity | None) -> bool:
    """Tell whether an answer states a specific that no source holds."""
    known = [value for source in sources for value in values(source)]
    if any(not _is_trifle(value) and not grounds(value, known) for value in values(answer)):
        return True
    text, all_sources = in_digits(answer), "\n".join(form for source in sources for form in _forms(source))
    if any(c.says.search(text) and not c.says.search(all_sources) for c in COURIERS):
        return True
    ours = [plain(name) for name in own_names(identity)] if identity else []
    return any(not _is_known(name, all_sources, ours) for name in (*proper_names(answer), *_chinese_names(answer)))


@lru_cache(maxsize=8192)
def _forms(source: str) -> tuple[str, str]:
    """Give a source with its numbers in digits, and as it stands: a name may hold one."""
    return in_digits(source), plain(source)


def _is_trifle(value: StatedValue) -> bool:
    """Tell whether a number says nothing: one of a thing, once."""
    return value.kind in ("count", "occasion", "people", "rank") and value.low == value.high == 1


def _is_known(name: str, sources: str, ours: list[str]) -> bool:
    """Tell whether a source holds a name, or it is ours, or stands on every screen."""
    text = plain(name)
    if text in sources or any(text in own or own in text for own in ours) or any(c.says.search(text) for c in COURIERS):
        return True
    if PLACE_ENDS.search(text) and text[:2] in sources:
        return True
    words = text.split()
    return all(word in ON_SCREEN or word in sources for word in words)


def _chinese_names(answer: str) -> list[str]:
    """List people and locations with Chinese names, as far as a title, a road or a verb shows them."""
    text = plain(answer)
    people = [found[0] for found in PERSON.finditer(text)]
    named = [found[1] for pattern in (SIGNED, CALLED) for found in pattern.finditer(text)]
    locations = [found[1] for found in PLACE.finditer(text) if not COMMON_PLACE.search(found[1])]
    return [
        *people,
        *(name for name in named if not re.search(r"你|我|本人|什么|谁|客服|家人|他|她|不|没", name)),
        *locations,
    ]


def _spins(sources: tuple[str, ...], answer: str) -> bool:
    """Tell whether an answer lists three things or more, or quotes a sentence, of which no source holds any."""
    text, held = plain(answer), plain("\n".join(sources))
    if any(found[1] not in held for found in QUOTED.finditer(text)):
        return True
    for found in LISTED.finditer(text):
        items = [item.strip() for item in ITEMS.split(found[0]) if item and len(item.strip()) > 1]
        if len(items) >= 3 and not any(item in held for item in items):
            return True
    return False
