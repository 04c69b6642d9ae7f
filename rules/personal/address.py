"""Street addresses, Chinese and English."""

import re
from collections.abc import Iterator

from rules.lexicons import lexicon
from rules.personal import PersonalData, PersonalExamples, Span, matches

PLACE = r"(?:(?![我你您他她它的了吗呢吧啊是在到寄住给从往去这那哪请与及至址于把被让就有也还没不看说问])[\u4e00-\u9fff])"
"""A character of a place's name: no function word."""
NUMERAL = r"(?:\d{1,5}(?:[-之]\d{1,5})?[A-Za-z]?|[A-Z]\d{0,3}|[一二三四五六七八九十百零〇]{1,5}|[甲乙丙丁])"
REGION = (
    rf"(?:{PLACE}{{2,8}}(?:省|自治区))?(?:{PLACE}{{2,9}}(?:市|自治州|地区|盟))?(?:{PLACE}{{1,9}}(?:区|县|旗|市))?"
    rf"(?:{PLACE}{{1,8}}(?:街道|镇|乡|苏木))?"
)
ROAD = (
    rf"(?:{PLACE}|\d){{1,9}}?(?:(?<![公铁道线电网思套链门半水管通回上在一走绕带领养顺迷支])路|大街|(?<!逛)街|巷|大道|(?<=[东西南北中])道|胡同|横[街路])"
    r"(?:[东西南北中]?[一二三四五六七八九十\d]{1,2}?(?:段|巷|弄|里|条))?"
)
NOT_A_HOUSE = (
    r"(?!\s?(?:线|发|到|送|寄|之?前|之?后|早|晚|上午|下午|中午|才|就|开始|左右|的?时候|球|电池|技师|那天|当天|能|会|可以|出口|公交|地铁"
    r"|登机|检票|窗|口|站台|车|文|令|机|色|选手|演员|机型))"
)
NO_DAY = r"(?:(?<=[4-9]\d号)|(?<=3[2-9]号)|(?<=\d{3}号)(?!\s?(?:线|技师|选手|演员|公交|球|文|机型)))"
"""After such a number nothing of NOT_A_HOUSE is feared: no month has that day."""
INSIDE = (
    rf"(?:\s?[-,]?\s?{PLACE}{{0,12}}?\s?{NUMERAL}"
    r"(?:号楼|号院|号|栋|幢|座|单元|室|楼|层|户|区|期|弄|组|门|房|铺)(?:[东西南北]户)?)"
)
ROOM = rf"(?:\s?-?\s?(?:{NUMERAL}(?:室|房|号)?|[东西]户)(?![\d元块%个件天年月.:]))"
HOUSE = rf"\s?(?:附)?{NUMERAL}(?:弄\s?{NUMERAL})?号(?:楼|院)?(?:之[一二三四五六七八九十\d])?"
ESTATE = (
    rf"{PLACE}{{2,14}}(?:小区|花园|公寓|大厦|家园|新村|新城|苑|府|广场|社区|庭|城|中心|国际|宿舍|大学|学院|湾|园|居|村|里"
    r"|科技园|产业园|工业园)"
)
SURE_ESTATE = rf"{PLACE}{{2,14}}(?:小区|花园|公寓|大厦|家园|新村|新城|苑|家属院|宿舍)"
STREET = re.compile(rf"{REGION}{ROAD}{HOUSE}(?:{NO_DAY}|{NOT_A_HOUSE}|(?=\d)){INSIDE}{{0,5}}{ROOM}?")
BUILDING = re.compile(
    rf"{REGION}(?:{ROAD})?(?:{HOUSE})?(?:{ESTATE})?[东西南北]?[一二三四五六七八九十\d]?[区期]?"
    rf"\s?{NUMERAL}(?:号楼|栋|幢|座|号院)\s?-?\s?{NUMERAL}(?:单元|门)\s?-?\s?(?:{NUMERAL}(?:室|房|号|楼|层|户)?)?{INSIDE}{{0,3}}"
    rf"|{REGION}{ESTATE}\s?{NUMERAL}(?:号楼|栋|幢|座)\s?-?\s?(?:{NUMERAL}(?:室|房|号|层|楼)|\d{{2,4}}(?![\d元块%个件天年月.:米])){INSIDE}{{0,2}}"
    rf"|{REGION}{SURE_ESTATE}[东西南北]?[一二三四五六七八九十\d]?[区期]?\s?{NUMERAL}(?:号楼|栋|幢)"
)
VILLAGE = re.compile(
    rf"{PLACE}{{1,9}}(?:县|区|市)(?:{PLACE}{{1,8}}(?:街道|镇|乡))?{PLACE}{{1,8}}(?:村|屯|庄|寨)(?:委会)?{NUMERAL}(?:组|号|队|社|户)(?:\s?{NUMERAL}号)?"
)
ANCHOR = re.compile(
    rf"(?:[路街巷道弄段里条]|胡同)\s?附?{NUMERAL}(?:弄\s?{NUMERAL})?号|{NUMERAL}(?:号楼|号院|栋|幢|座)|[村屯庄寨](?:委会)?{NUMERAL}[组号队社户]"
)
"""What every one of these holds."""
RUN = re.compile(rf"(?:{PLACE}|[0-9A-Za-z]|[ -](?=\S))*")
"""What may stand before it, read backwards."""
REACH = 60
CONTEXT_WORDS = "地址|住址|住处|住在|家住|家在|寄[到往给至]|送[到至]|发[到往]|邮寄|改[到成为]|换成"
CONTEXT = re.compile(rf"(?:{CONTEXT_WORDS})(?:就?是|在|为|改[成为]|换成|写成|填)?[\s:]{{0,3}}")
VALUE = re.compile(
    rf"(?=(?P<region>(?:{PLACE}{{2,8}}(?:省|自治区))?(?:{PLACE}{{1,8}}(?:市|自治州|盟))?(?:{PLACE}{{1,8}}(?:区|县|旗|市))?(?:{PLACE}{{1,8}}(?:街道|镇|乡))?))"
    rf"(?P=region)(?:{PLACE}|[A-Za-z0-9#()-]|(?<=[省市区县镇乡道路街号]) ){{2,40}}"
)
DETAIL = re.compile(
    rf"{PLACE}{{2}}(?:(?<![公铁道线电网思套链门半水管通回上在一走])路|街(?!道)|巷|大道|村|屯|小区|花园|大厦|公寓|家园|苑|广场|大学|学院|中学|小学|医院|宿舍|新城|工业园|科技园|产业园|新村|社区)"
    rf"|{NUMERAL}(?:号(?!线)|栋|幢|单元|室|楼|组|弄)"
)
GREAT_PLACES = re.compile("|".join(lexicon("places_zh")))
"""Provinces and great cities."""
LEAD = re.compile(
    r"(?:.{0,6}?(?:地址|住址|收货|收件|送货|发货|寄送|配送|邮寄|改成|改为|换成|更改|修改|变更|上门取件|取件|上门|我家|本人|帮忙|麻烦|位置|就在)|[送发改换寄搬])(?:为|成|往)?(?=.{4})"
)

SUFFIX = (
    r"(?:Street|St|Str|Avenue|Ave|Av|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Way|Court|Ct|Place|Pl|Terrace|Ter|Circle|Cir"
    r"|Highway|Hwy|Parkway|Pkwy|Square|Sq|Crescent|Cres|Close|Trail|Trl|Alley|Walk|Gardens|Row|Hill|Mews|Turnpike)"
)
WORD = r"[A-ZÀ-ÖØ-Þ0-9][A-Za-zß-öø-ÿ0-9'’.-]{0,20}"
UNIT = (
    r"(?:(?:,|[\s>?]){1,8}(?:(?i:apt|apartment|suite|ste|unit|flat|room|rm|floor|fl|bldg)(?:\.\s?#?\s?|\s?#\s?|\s)|#\s?)"
    r"(?:[0-9]{1,5}[A-Za-z]?|[A-Z]\d{0,4})(?![A-Za-z0-9]))"
)
CAPITAL = r"[A-ZÀ-ÖØ-Þ\u0370-\u04ff][\w'’.-]{1,25}"
ZIP = r"(?:\d{4,5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z0-9]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d)(?![\d-])"
GAP = r"[ \t]{0,2},?[ \t]{0,2}\n?[ \t>?]{0,5}"
CITY = (
    rf"(?:{GAP}(?:(?:{CAPITAL}|de|del|di|la|of|and)[ \t]?){{1,5}}(?:{GAP},? ?[A-Z]{{2,3}}(?![A-Za-z]))?"
    rf"(?:{GAP}(?:(?:{CAPITAL}|of|and)[ \t]){{0,4}}{GAP}{ZIP})"
    rf"|,?[ \t]{{0,3}}\n?[ \t>?]{{0,4}}(?:{CAPITAL}[ \t]?){{1,4}}(?:\n?,?[ \t]{{0,3}}[A-Z]{{2,3}}(?![A-Za-z]))?"
    rf"\s{{0,3}},?\n?[ \t>?]{{0,4}}(?:{CAPITAL}[ \t]){{0,3}}{ZIP}"
    r"|, ?[A-Z][a-z]{2,20}(?: [A-Z][a-z]{2,20}){0,2}, ?"
    r"(?:[A-Z]{2}|[A-Z][a-z]{2,20}(?: [A-Z][a-z]{2,20}){0,2})(?![A-Za-z]))"
)
TAIL = rf"{UNIT}?{CITY}?"
STREET_TYPES = "street|avenue|ave|boulevard|blvd|road|rd|lane|ln"
"""Those that count in lowercase letters, too."""
HOUSE_NUMBER = r"(?=\d)(?<![\d./$#£€-])(?<!\d[,:])(?<![A-Za-z])\d{1,5}[A-Za-z]?(?:[-/]\d{1,4}[A-Za-z]?)?,?"
LINK = r"(?:ul\.|of|the|[a-z]{2,3}(?![a-z]))"
MONTH = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun"
COMMON = (
    "the|of|way|one|hours?|hrs?|days?|mins?|minutes?|miles?|blocks?|and|or|in|on|to|for|from|at|my|your|this|that|an?|is|was"
    "|are|high|lanes?|people|cars|km|years?|main roads|per|different|more|other|new|busy|times|stars"
    "|down|off|across|with|along|side"
)
NUMBERED = re.compile(
    r"\d[A-Za-z]?(?:[-/]\d{1,4}[A-Za-z]?)?,?\s(?:[A-Za-zÀ-ÿ\u0370-\u04ff]|\d)|[Bb][Oo][Xx]\s\d|[ADF]PO\s"
)
"""What every English address holds."""
ENGLISH = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{HOUSE_NUMBER} (?:{WORD} ){{1,5}}?{SUFFIX}(?![A-Za-z'])\.?(?: (?:[NSEW]|[NS][EW])(?![A-Za-z]))?{TAIL}",
        rf"{HOUSE_NUMBER} {WORD}(?: (?:{WORD}|de|del|della|di|da|la|van|der|den|von)){{0,5}}{UNIT}{CITY}?",
        rf"{HOUSE_NUMBER} (?:(?!(?i:{COMMON})(?![A-Za-z]))[a-zß-öø-ÿ][a-zß-öø-ÿ.-]{{1,25}} ){{1,4}}(?:\d{{1,5}} ?)?"
        r"\n?[ \t>?]{0,4}(?:apt\.|suite) ?\d{1,5}(?:\s{1,5}[a-zß-öø-ÿ]{3,20}){1,4} \d{5}(?!\d)",
        rf"(?i:{HOUSE_NUMBER} (?:(?!(?:{COMMON})(?![a-z]))[a-z][a-z'.-]{{2,20}} ){{1,3}}"
        rf"(?:{STREET_TYPES})(?![a-z])\.?){TAIL}",
        rf"{HOUSE_NUMBER} (?!(?:{MONTH}))(?:{LINK} )?{CAPITAL}"
        rf"(?: (?:{CAPITAL}|[a-zß-öø-ÿ]{{2,20}})){{0,3}} \d{{1,3}}{UNIT}?{CITY}",
        r"(?<![A-Za-z])(?i:P\.? ?O\.? Box) \d{1,6}(?!\d)" + TAIL,
        r"(?:PSC|CMR|Unit|USS|USNS|USCGC) [A-Za-z0-9]{1,20}(?:,? Box \d{1,5})?,?\s{1,3}[ADF]PO A[AEP] \d{5}(?!\d)",
    )
)
LEADS = (
    r"(?i:(?=[adlmnrst])(?:address(?:es)?(?: of \S{1,20})?(?: (?:to|is|as|with|on file is|would be|should be))?"
    r"|addresses, here they are|to the same|lives? (?:at|on)|living at|located at|reside[sd]? at|sent to"
    r"|send (?:it|them) to|ship(?:ped)? (?:it )?to"
    r"|deliver(?:ed)? (?:it )?to|taxi to|new one to|moved to)[ :]{1,9}\n{0,2})"
)
NAMED = re.compile(
    rf"{LEADS}(?P<it>\d{{1,5}}[A-Za-z]?,?(?: \d{{1,5}}(?= [A-ZÀ-Þ]))? (?:{LINK} )?{CAPITAL}(?:"
    rf"(?: [a-zß-öø-ÿ]{{2,20}}){{1,3}}(?: {CAPITAL}){{0,2}} \d{{1,5}}(?![\d:%/]|\.\d)"
    rf"|(?: (?:{CAPITAL}|{LINK})){{0,5}}(?: \d{{1,5}}(?![\d:%/]|\.\d))?){TAIL})"
)
LISTING = re.compile(
    r"(?i: (?:hours?|hrs?|days?|minutes?|mins?|years?|months?|weeks?|times?|items?|stars?"
    r"|percent|dollars?|usd|people|am|pm)(?![a-z]))"
)


HAN_NUMERALS = "一二三四五六七八九十百零〇"
NUMBER = f"0-9A-Z{HAN_NUMERALS}甲乙丙丁"
FIRST = f"[{NUMBER}]"
"""How the number of a house or a room begins …"""
REST = f"[0-9A-Za-z{HAN_NUMERALS}之–—-]*"
"""… and goes on."""
SCREEN = (
    rf"(?:[路街巷道弄段里条]|胡同)\s?附?{FIRST}{REST}\s?[号弄]"
    rf"|[栋幢座楼院门元园厦寓村城苑舍区期东西南北一二三四五六七八九十]\s?[-–—]?\s?{FIRST}{REST}(?:号楼|栋|幢|座|号院|单元|门)"
    rf"|[村屯庄寨会]{FIRST}{REST}[组号队社户]"
    rf"|(?:{CONTEXT_WORDS})[^\n,，。!！?？;；]*(?:[路街巷村屯苑]|大道|小区|花园|大厦|公寓|家园|广场|大学|学院|中学|小学|医院|宿舍|新城|业园|技园"
    rf"|新村|社区|{FIRST}(?:号|栋|幢|单元|室|楼|组|弄))"
    r"|(?:^|[^0-9A-Za-z./$#£€-])[0-9]{1,5}[A-Za-z]?(?:[-/–—][0-9]{1,4}[A-Za-z]?)?[,，]?\s(?:(?:ul\.|of|the|[a-z]{2,3})\s)?"
    rf"[A-ZÀ-ÖØ-Þ0-9]|[0-9][A-Za-z]?[,，]?\s[^\n]*\s(?i-u:{STREET_TYPES})(?:[^A-Za-z]|$)"
    r"|[0-9]\s[^\n]*[\s>](?:apt\.|suite)\s?[0-9]"
    r"|[ADF]PO\sA[AEP]\s|(?i-u:p\.?\s?o\.?\sbox)\s[0-9]"
)


GATES = (
    rf"(?:[路街巷道弄段里条]|胡同)\s?附?[{NUMBER}][{NUMBER}a-z之–—-]*\s?[号弄]|[{NUMBER}](?:号[楼院]|[栋幢座])|单元"
    rf"|[村屯庄寨会][{NUMBER}][{NUMBER}a-z之–—-]*[组号队社户]",
    rf"(?:{CONTEXT_WORDS})[^\n,，。!！?？;；]*(?:[路街巷村屯苑厦寓号栋幢室楼组弄]|大道|小区|[花家]园|广场|[大中小]学|学院|医院|宿舍"
    r"|新城|[业技]园|单元|社区)",
    r"[0-9][A-Za-z]?(?:[-/–—][0-9]{1,4}[A-Za-z]?)?[,，]?\s(?:(?:ul\.|of|the|[a-z]{2,3})\s)?[A-ZÀ-ÖØ-Þ0-9]"
    rf"|\s(?i-u:{STREET_TYPES})(?:[^A-Za-z]|$)|(?:apt\.|suite)\s?[0-9]|[ADF]PO\sA[AEP]\s"
    r"|(?i-u:p\.?\s?o\.?\sbox)\s[0-9]",
)
"""The same, a little wider and with fewer alternatives: that is quicker."""


class Address(PersonalData):
    """A street with a house number, an estate with building and room, or what stands after a word for an address.

    A city or a district alone is no address.
    """

    label_zh = "地址"
    label_en = "ADDRESS"
    title_zh = "地址：路名加门牌号、小区加楼栋房号，或收货地址等字样之后的内容；只有省市区不算"
    priority = 55
    gate = GATES
    screen = SCREEN
    examples = PersonalExamples(
        finds=(
            ("浙江省杭州市西湖区文三路478号", "浙江省杭州市西湖区文三路478号"),
            ("收货地址：广东省深圳市南山区科苑路15号3栋2单元501室", "广东省深圳市南山区科苑路15号3栋2单元501室"),
            ("麻烦寄到上海市静安区南京西路1266弄8号602室，谢谢", "上海市静安区南京西路1266弄8号602室"),
            ("我住在阳光花园3栋2单元501", "阳光花园3栋2单元501"),
            ("地址是湖北省武汉市洪山区珞喻路", "湖北省武汉市洪山区珞喻路"),
            ("中山北路１８号", "中山北路１８号"),
            ("人民大道一百二十号", "人民大道一百二十号"),
            ("翠湖小区12号楼1203室", "翠湖小区12号楼1203室"),
            ("北京市东城区菊儿胡同24号", "北京市东城区菊儿胡同24号"),
            ("送到四川省成都市郫都区红光镇宋家村3组", "四川省成都市郫都区红光镇宋家村3组"),
            ("ship it to 742 Evergreen Terrace, Springfield, OR 97403", "742 Evergreen Terrace, Springfield, OR 97403"),
            ("I live at 18 Oak St. Apt 4B now", "18 Oak St. Apt 4B"),
            ("221B Baker Street, London", "221B Baker Street"),
            ("it went to 55 old mill road instead", "55 old mill road"),
            ("1600 N Harbor Blvd Suite 200", "1600 N Harbor Blvd Suite 200"),
            ("PO Box 1234", "PO Box 1234"),
            ("My address is 12 Lindenallee 7", "12 Lindenallee 7"),
        ),
        spares=(
            "上海市",
            "北京朝阳区",
            "收货地址：北京市朝阳区",
            "3号楼",
            "地铁3号线",
            "5号发货",
            "12号到",
            "6号电池",
            "路由器",
            "2路公交",
            "88号技师",
            "我知道5号能到",
            "不知道12号楼在哪",
            "电路2号板",
            "第3条道路5号出口",
            "频道5号",
            "地址填错了怎么改",
            "寄到哪里",
            "收货地址可以修改吗",
            "南京路步行街",
            "在路上5号到",
            "step 3 of the way",
            "24 hour drive",
            "2 way street",
            "iPhone 15 Pro",
            "100 People on the Road",
            "5 star service all the way",
            "send it to 3 friends",
            "12 St",
            "order 18 Large boxes",
        ),
    )

    def spans(self, text: str) -> list[Span]:
        chinese = [] if text.isascii() else [_without_lead(text, span) for span in _shaped(text)] + _named(text)
        if not NUMBERED.search(text):
            return chinese
        english = [span for pattern in (*ENGLISH, NAMED) for span in matches(pattern, text)]
        return chinese + [_stripped(text, span) for span in english if not LISTING.search(text[slice(*span)])]


def _shaped(text: str) -> Iterator[Span]:
    """Find streets, buildings and villages.

    The patterns are slow: only what stands around a house's number is searched, from the last character before it that
    no address holds.
    """
    done = 0
    for anchor in ANCHOR.finditer(text):
        if anchor.end() <= done:
            continue
        start = max(done, anchor.start() - REACH)
        run = RUN.match(text[start : anchor.start()][::-1])  # backwards: from the number to the front
        start, stop = anchor.start() - (run.end() if run else 0), anchor.end() + REACH
        searched = (pattern.search(text, start, stop) for pattern in (STREET, BUILDING, VILLAGE))
        match = next((match for match in searched if match and match.end() >= anchor.end()), None)
        if match:
            yield match.span()
            done = match.end()


def _named(text: str) -> list[Span]:
    """Find what stands after a word for an address and says more than a city or a district."""
    spans = []
    for lead in CONTEXT.finditer(text):
        value = VALUE.match(text, lead.end())
        details = [m.end() for m in DETAIL.finditer(text, value.end("region"), value.end())] if value else []
        if value and value["region"] and details:
            spans.append((value.start(), details[-1]))
    return spans


def _without_lead(text: str, span: Span) -> Span:
    """Begin the span at the first province or great city, else behind the words that led to it."""
    start, end = span
    great = GREAT_PLACES.search(text, start, end)
    if great and great.start() - start < 8:
        return great.start(), end
    lead = LEAD.match(text[start:end])
    return (start + lead.end(), end) if lead else span


def _stripped(text: str, span: Span) -> Span:
    """Leave out the white space and commas at the end of the span."""
    return span[0], span[0] + len(text[span[0] : span[1]].rstrip(" ,\n\t>?"))
