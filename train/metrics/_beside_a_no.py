"""What stands beside a no, and whether it helps with what was asked.

Beside a no the burden of proof turns: what is left of the answer helps if it shows how much, what is so, or what to do,
or is too long to be another way of saying no. And some clauses never help: those about the speaker's business, those
that send elsewhere, invitations to ask other things, good wishes, cautions and reasons. All this is asked of answers
that decline alone: in another the same words may be the answer. Patterns for clauses that `_reading.plain` made plain;
all gaps are bounded.
"""

import re

from train.metrics._declining_words import matches

SCOPE = "«scope»"
_TRADE_ZH = r"(?:商品|产品|订单|物流|售[前中后](?:服务|问题)?|快递|配送|发货|退换货?|退货|换货|退款|支付|会员|购物)"
_TRADE_EN = (
    r"(?:(?:our|your|my|the) (?:own )?)?(?:products?|orders?|deliver(?:y|ies)|returns?|refunds?|exchanges?|shipping"
    r"|payments?|purchases?|shop(?:ping)?|store|parcels?|warrant(?:y|ies)|accounts?|sizes?)"
)
BUSINESS = re.compile(
    rf"{_TRADE_ZH}(?:(?:、|,|和|与|及|以及|或|还有){{1,2}}{_TRADE_ZH}){{1,6}}"
    rf"|\b{_TRADE_EN}(?:(?:,? (?:and|or) |, ){_TRADE_EN}){{1,6}}\b"
)
"""A list of what a shop deals with: it says what the assistant is for, and answers nothing."""

_WHO_ZH = (
    r"(?:医[生师院]|大夫|兽医|药[师房店]|诊所|律师|[老导]师|会计|顾问|经理|专家|师傅|技师|工程师|专业|专门|专员|银行"
    r"|机构|平台|官方|官网|网站|应用|app|软件|热线|人工|客服|同事|主管|人员|部门|机关|大厅|窗口|公司|旅行社|亲友|朋友"
    r"|家人|长辈|同学|同行|内行|懂|信任|信得过|靠谱|警方|警察|新闻|媒体|资料|工具|课本|论坛|社区|渠道|那一?家|对方|他们"
    r"|本人|商家|卖家|持牌)"
)
_TO_ZH = (
    r"(?:问|找|请|看|查|去|到|上|让|由|交给|拿给|留给|打(?!开)|拨|用|跟|和|与|向|联系|咨询|求助|从|在|翻|听|关注|留意"
    r"|参考|得|靠)"
)
_LOOK_ZH = r"(?:看|了解|核实|查|咨询|确认|帮|处理|商量|答|判断|问|评估|诊断|检查|聊|谈|说|办|分析|指点|把关|沟通)"
_WHO_EN = (
    r"\b(?:hospitals?|clinics?|services?|forums?|technicians?|engineers?|electricians?|mechanics?|plumbers?|sources?"
    r"|(?:web)?sites?|desks?|lines?|banks?|police|whoever|channels?|agenc(?:y|ies)|agents?|providers?|carriers?"
    r"|compan(?:y|ies)|friends?|family|pros?|vets?|doctors?|solicitors?|lawyers?|accountants?|advisers?|offices?|they"
    r"|people|sellers?|teachers?|operators?|someone|somebody|person|specialists?|experts?|professionals?|apps?|tools?"
    r"|teams?|news|colleagues?|owners?|directly|emergency|them)\b"
)
ELSEWHERE_ZH = re.compile(
    rf"{_TO_ZH}[^,0-9]{{0,14}}{_WHO_ZH}(?:[^,0-9]{{0,10}}{_LOOK_ZH}[^,0-9]{{0,8}}|[^,0-9]{{0,4}})$"
    rf"|{_WHO_ZH}[^,0-9]{{0,10}}(?:能|会|可以|应该|才|知道|最|更)[^,0-9]{{0,10}}(?:帮|告诉|答|解决|分析|判断|处理|说|更|好)"
    r"|以[^,]{1,12}为准|(?:拨打?|打|呼叫)[^,]{0,4}1[12]\d{1,3}|现在就(?:打|去|拨)"
)
ELSEWHERE_EN = re.compile(
    rf"{_WHO_EN}[^,0-9]{{0,40}}? (?:can|could|will|would|should|may|might|is|are|has|have|knows?|does)\b"
    r"(?:$|[^,0-9]{0,24}?\b(?:help|know|tell|answer|advise|explain|look|have|be|do|best|better|safest|right|reliable"
    r"|able|give|see|check|guide|sort|handle|find|this)\b)"
    r"|^(?!.{0,90}\b(?:follow|click|open|tap|press|select|enter|steps)\b)(?:so |but |and |please |also |instead )*"
    r"(?:you(?:'re| are) (?:welcome|free) to|it's best to|best to|do|please|ask|call|contact|see|get|rely|go|try|turn"
    rf"|check|consult|reach|ring|dial|speak|talk|visit|let|there (?:are|is))\b[^,]{{0,40}}?{_WHO_EN}"
    r"|\bannounced\b|\bofficial(?:ly)?\b"
)
INVITES_ZH = re.compile(
    r"(?:问|找|叫|喊|招呼|告诉|交给|来)我|(?:放心|尽管|随时|接着|继续)(?:问|说|找|提|来|交给)"
    r"|^你?(?:要是|如果|若是?|假如|想问|想了解|有|换成?|至于|除了|除此)[^,0-9]{0,24}(?:问题|事情?|疑问|需要|难处|困难|的话)"
    r"(?:时|了)?$"
)
INVITES_EN = re.compile(
    r"^(?:but |so |and |though )*(?:if|should|when|whenever|once) (?:you|it's|it is|there's|there is|your|anything)\b"
    r"[^0-9]{0,90}\b(?:help|glad|happy|here|ask|explain|look|answer|let me know|gladly|«scope»)"
)
BESIDES_ZH = re.compile(
    r"^[也愿只]?(?:祝|愿|希望|但愿|盼)|放宽心|保重|平安|好运|量力而行|三思|冒险|慎重|换[个种条][^,0-9]{0,8}(?:办法|方式|方法)"
    r"|^(?:免得|以免|省得|生?怕|毕竟|二来|一来|不然|否则|说了|以防|这样|那样)|伤到|误导|底线|尊重|[未没][^,0-9]{0,5}(?:允许|同意)"
    r"|带来[^,0-9]{0,6}麻烦"
)
BESIDES_EN = re.compile(
    r"\b(?:hope|good luck|may it|all the best|take care|stay safe|your own|up to you|suits you|respect|privacy|consent"
    r"|safety|fair|trust|protect\w*|private|mislead)\b"
)
NO_HELP = ((ELSEWHERE_ZH, ELSEWHERE_EN), (INVITES_ZH, INVITES_EN), (BESIDES_ZH, BESIDES_EN))

SHOWN_ZH = re.compile(
    # How much, how often, when.
    r"[一二两三四五六七八九十百千万半几每][^,]?(?:片|粒|次|天|成|块|元|年|月|个(?!客服|忙|人)|小时|分(?!享)|斤|遍|注|滴|毫"
    r"|克|折|倍|只|号|张|份|段|回|顿|半)"
    # What is so, as a rule or by guess.
    r"|一般|通常|多半|大概|大致|大约|应该|可能|往往|肯定|十有八九|差不多|估计|听说|老话|据说|算是|属于|意思|等于|说明"
    r"|其实|简单|无非|觉得|认为|看好|(?:论|按|从)[^,]{0,8}(?:看|说|的话|情况|规定)|(?:是|归|叫)[^,]{2,12}$|有用|无用|有效"
    r"|大?多数|大部分|不错|[好差贵快慢][一点些]|便宜|正常|不[犯合宜准]|[可宜]也$"
    # What to do, step by step.
    r"|先[^,]{2,}|再(?!找|来|问|喊|叫|说|招呼|联系|请|去)[^,]{2,}|然后|记得|千万|[吃喝抹涂敷擦洗泡揉滴喂盖拔拧接填坐躺选买卖装试]|可以(?!问|找|咨询|联系|去|请|看|到|向|写)[^,]|[就可]以?(?:用|写|说)"
    r"|[给写说][^,]{0,3}[一两几](?:个|段|句|条|组|份)|点[^,]{0,6}[钮键项]|(?:就行|即可|就可以|就成|没错)[了的哦]?$|例如|比如|参考|下面|以下|如下|开头|提纲|答案"
    r"|[a-z]{2,}(?<!app)"
)
SHOWN_EN = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|half|once|twice|daily|hours?|days?|weeks?|months?|percent"
    r"|january|february|april|june|july|august|september|october|november|december)\b"
    r"|\b(?:usually|typically|probably|likely|generally|mostly|most people|looks? like|sounds? like|should|might|tends?"
    r"|how to|guidance|steps|in general|in short|roughly|around|about|means?|it's|it [a-z]+s|it was|the answer|you need"
    r"|you could|you can|i'd|i would|i think|i see|for example|such as|idea|okay|courts|never"
    r"|already|clearly)\b"
    r"|^(?:then |so |and |first |just |still )?(?:try|take|use|put|start|file|click|open|press|scan|shut|unplug|mix"
    r"|drink|eat|feed|give (?:her|him|it)|hold|buy|sell|go|wait|add|write|say|apply|avoid|stop|turn|set|delete|complete"
    r"|factor|check|play|raise|hit|rest|lie|warm|cool|wash|rub|clean|loosen|tighten"
    r"|remove|cut|boil|choose|pick)\b| (?:is|are|was|were) |\band\b"
)
LONG = re.compile(r"(?:[\u3400-\u9fff][^\u3400-\u9fff]{0,3}){14}|(?<![a-z0-9'])(?:[a-z0-9']{1,30}[^a-z0-9']{1,4}){10}")
"""Fourteen Han characters or ten words: too long to be another way of saying no."""
NUMBER = re.compile(r"\d")
HOT_LINE = re.compile(r"[打拨呼]|热线|\b(?:call|dial|ring|phone|line|number)\b")
"""What the number of a clause belongs to, where it is none of an answer."""


def is_no_help(clause: str) -> bool:
    """Tell whether a clause of an answer that declines is no help with what was asked."""
    if NUMBER.search(clause) and not HOT_LINE.search(clause):
        return False
    return SCOPE in clause or any(matches(clause, chinese, english) for chinese, english in NO_HELP)


def shows_help(text: str) -> bool:
    """Tell whether what is left of an answer that declines gives something of what was asked."""
    return NUMBER.search(text) is not None or LONG.search(text) is not None or matches(text, SHOWN_ZH, SHOWN_EN)
