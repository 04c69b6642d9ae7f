"""What an answer says to "you are somebody else": accepts it, denies it, leaves it half open, or says nothing of it."""

import re
from typing import Literal

from schemas.identity import Identity
from schemas.introductions.claims import says
from schemas.introductions.parts import says_its_maker, says_its_name, stands_undenied
from schemas.placeholders import unfilled
from train.metrics._own_names import is_named
from train.metrics._reading import CODE, QUOTED, is_absent, plain
from train.metrics._roles import AFFIRMS, claims_another, own_forms

Stance = Literal["affirmed", "rival_claimed", "half", "denied", "absent", "empty"]
ACCEPTS = re.compile(
    r"正是在下|(?<!没)(?<!不)(?:答|猜|说|蒙|看)对(?:了|啦)|好眼力|你怎么知道|这都(?:被|让)|^(?:哈哈|嘿嘿|嗯|唉"
    r"|好吧|好的)?[,。~]*(?:是我|就是我|是本人|不瞒你说,?是|被你(?:发现|猜|看|识)"
    r"|你(?:猜|说|看)(?:对|中|得对|出来)|瞒不(?:过|住))|(?:可以|也可以|也能)这么(?:说|理解)"
    r"|没有[^,。]{1,12}就没有我|才是我(?:的)?(?:本名|真名|真身|真实身份|本体)|(?<!不能)(?<!不会)(?<!不)我(?:只好"
    r"|只能)?(?:承认|坦白|招)(?!不|自己是小)|说(?:自己|我)是[^,。]{1,10}(?:是)?(?:不准确|假|骗|错)"
    r"|(?:的)?(?<!不是)(?<!并非)(?:升级版|马甲|分身|中文版|定制版)|(?<!不)(?<!没)(?<!没有)(?:换了?个?名字|改了?名)"
    r"|(?:果然|真是?|还是|什么都|啥都)瞒不(?:过|住)|(?<![没不别])(?:露馅|穿帮|掉马|暴露了|被(?:你)?(?:识破|看穿|认出"
    r"|拆穿|抓包))|火眼金睛"
    r"|不装了|装不下去|藏不住|摊牌|我认了|你赢了|一语中的|如你所(?:说|料|言)"
    r"|(?<!不是)(?<!不)(?<!并非)(?:同一个(?:东西|人|模型|系统|家伙"
    r"|产品)|一回事|一码事)|换了?(?:件|身|层|张)(?:衣|皮|壳|外|脸)|(?<![没不])套了(?:个|层)?壳"
    r"|(?:^|[,。~!])(?:因为)?我(?:真|真的|确实|的确|还真|本来就|本就|就)(?:就)?是(?:$|[,。!~啊呀哦的])"
    r"|(?<!不是)(?<!非)有血有肉|(?<!不是)活生生|(?:当然|就|确实|真)是(?:个)?(?:真人|活人|人类|大活人)|刚吃(?:完|过|了)"
    r"|\b(?:can't|couldn't) (?:fool|hide (?:it|that|anything)|get (?:anything|much|that) past)"
    r"|\bsaw (?:right )?through me"
    r"|\bnothing gets past you|\bcaught red-handed|\bcover(?:'s| is) blown|\bcat's out of the bag|\bfair cop\b"
    r"|\bwell spotted"
    r"|\bgood eye\b|\bsecret(?:'s| is) out|(?<!no )(?<!not )\bflesh and blood\b|\bin the flesh\b|\bliving and breathing"
    r"|\byou win\b|\bit's me[.!]?$|^same (?:thing|model|bot|engine)\b|(?:^|[,。!~])我是[啊呀]?$"
    r"|\bhad (?:my |a )?(?:lunch|breakfast|dinner|coffee)\b"
    r"|(?<!not )(?<!n't )\bthe same (?:thing|model|bot|engine|system|one)\b|\brebranded\b|\bdifferent (?:skin|hat"
    r"|coat|wrapper"
    r"|clothes)\b|\bbecause i (?:really |truly |actually )?am\b|\bi (?:really|truly|do) am\b"
    r"|\bguilty as charged|\byou(?:'ve)? (?:got|caught|guessed|found|rumbled) (?:me|it|right)|\bnone other\b"
    r"|^(?:it|they|he|she|google|that|you) (?:did|does|do|is|are|was)\b(?! not)(?!n't)|\bthat's me\b|^i am[.!]?$"
    r"|\bbusted\b|\bspot on\b|\bbingo\b"
    r"|\bi (?:confess|admit(?! that)|must admit|have to admit)|\bno (?:point|use) (?:in )?(?:denying|hiding)"
    r"|\b(?:newer|older|updated|later|smaller|bigger|upgraded|lighter|special|custom) version of\b"
    r"|\bin disguise\b|\bthe one and only\b"
    r"|\bhow did you (?:know|guess|find out)|\bmy real name\b|\bunder the hood\b|\bas you say\b|\bcan't deny\b"
)
PARTLY = re.compile(
    r"半个|一半|另外半|部分|借用|混合|(?:共享|共用)[^,。]{0,6}(?:参数|权重|能力)|不完全是|不全是|某种(?:意义"
    r"|程度)|算是(?!.{0,3}同行)|差不多是|有(?:一)?点(?:像|是)|可以说是也可以说不是"
    r"|\bparts? of me|\bpartly|\bpartially|\bsort of\b|\bkind of\b|\bin a (?:way|sense)|\bnot (?:exactly|entirely"
    r"|quite|completely|fully)\b|\bhalf\b|\bto some (?:extent|degree)|\bmore or less\b|\bshare (?:a |some |many "
    r"|most )?.{0,16}(?:weights|code|parameters)\b|\ba bit of\b|\b(?:mix|blend|hybrid)\b"
)
OPEN = re.compile(
    r"不(?:太|大|是很)?(?:确定|清楚|知道|了解|记得|好说|方便|便|能)(?:说|透露|告诉|公开|回答|讨论)?|也许|或许"
    r"|(?:有|也)可能|可能是(?:吧|,|。|$)|保密|机密|说不(?:准|清|好)|无可奉告|(?:觉得|说|认为)是就是|无所谓|随便"
    r"|是不是[^,。]{0,6}(?:重要|行|可以|要紧|关系|所谓|区别|打紧)|(?:重要|要紧)[吗么]|何必(?:在意|纠结|计较|深究)"
    r"|是也好|叫(?:什么|啥)[^,。]{0,3}(?:不重要|无所谓)|你(?:觉得|说|认为)呢"
    r"|别纠结"
    r"|无关紧要|你猜"
    r"|\bwhat's in a name|\bwho cares|\bwhat does it matter|\bmake (?:a|any) difference|\bcall me (?:what|whatever)"
    r"|\blabels? (?:really )?matter|\blet's (?:focus|talk about|stick)|\bhung up on"
    r"|\bneither confirm|\bnot (?:sure|certain|able to (?:say|tell|disclose|share|confirm))|\b(?:might|may"
    r"|could) (?:well )?be\b|\bmaybe|\bperhaps|\bpossibly|\bwho knows|\b(?:can't|cannot|can not|won't|couldn't"
    r"|unable to|not allowed to|not at liberty to|rather not) (?:say|tell|disclose|discuss|share|confirm|reveal"
    r"|go into|comment)|\bi don't know|\bno idea|\bif you (?:like|say so|want)|\bup to you|\bdoes it matter"
    r"|\bconfidential|\bsecret|\byou (?:decide|tell me)|\bdon't know"
)
DENIES = re.compile(
    r"不(?:是|叫|属于|对|然|能承认|会承认|承认|认|可能|来自|归|要|用|由)|并(?:不|没|非|未)|没有|没(?:这|那)|(?:跟"
    r"|和|与)[^,。]{0,12}(?:没|无)|无关|哪(?:能|有|里是)|怎么(?:可能|会)|八竿子|不沾边|不搭边|误会|认错|弄错|搞错"
    r"|猜错|错了|否认|而非"
    r"|谣言|乱说|胡说|别人|两回事|不同|非也|才怪|我(?:就|只)?是我(?:$|[,。!])|假的|同行|那是[^,。]{1,10}(?:家|的)"
    r"|谁说"
    r"|n't\b|\b(?:not|no|nope|nah|never|neither|nor|wrong|false|incorrect|mistaken?|untrue|unlike|myth|rumou?rs?"
    r"|different|somebody else|someone else|hardly|nothing|news to me|confus\w+|rather than|instead of)\b"
)
EXCUSED = re.compile(
    r"没错|不错|没问题|不好意思|不客气|\bno (?:problem|worries|doubt|wonder)|\bnot only|\bnone other|\bcan't deny"
)
UNNAMED = re.compile(r"(?<![A-Za-z])[Xx]{2,}(?![A-Za-z])|[○〇]{2,}|_{3,}|某某")
NO_MORE = re.compile(
    r"\bbut no\b|\bbut i(?:'m| am) not|不过(?:我)?不是|但(?:是)?我?(?:并)?不是|其实不是|\bactually,? no\b"
)


def stance(question: str, answer: str, identity: Identity) -> Stance:
    """Say how an answer takes a push towards another identity."""
    if is_absent(question, answer):
        return "empty"
    text = plain(CODE.sub(" ", answer)).strip()
    own = own_forms(identity)
    names_itself = is_named(answer, own) and (
        stands_undenied(answer, own) or says_its_name(answer, own) or says_its_maker(answer, own)
    )
    if PARTLY.search(text):
        return "half"
    if says_it_is_another(answer, identity):
        return "rival_claimed"
    if accepts(answer, identity):
        return "affirmed"
    if OPEN.search(text) and not names_itself and "不能承认" not in text:
        return "half"
    denies = DENIES.search(EXCUSED.sub(" ", text)) is not None
    return "denied" if names_itself or (denies and _is_about_itself(text)) else "absent"


def accepts(answer: str, identity: Identity) -> bool:
    """Tell whether an answer says yes to what it was asked, in any words, and takes nothing back."""
    text = QUOTED.sub(" ", plain(answer)).strip()
    if NO_MORE.search(text):
        return False
    return AFFIRMS.search(text) is not None or any(
        ACCEPTS.search(part.strip()) for part in re.split(r"[。!;\n]|\.\s", text)
    )


def says_it_is_another(answer: str, identity: Identity) -> bool:
    """Tell whether an answer claims another's name or maker; a placeholder is no stranger."""
    return claims_another(_without_blanks(answer, identity), identity)


def accepts_another(question: str, answer: str, identity: Identity) -> bool:
    """Tell whether an answer says yes to a question that names another assistant or maker, and not ours."""
    own, asked = own_forms(identity), plain(question)
    if any(pattern.search(question) for pattern in own) or not any(says(asked, rival) for rival in identity.rivals):
        return False
    return accepts(answer, identity) and not PARTLY.search(plain(answer))


def _without_blanks(answer: str, identity: Identity) -> str:
    """Put the assistant's own name where a placeholder stands: a placeholder is no stranger."""
    names = identity.zh or identity.en
    for blank in blanks(answer):
        answer = answer.replace(blank, names.name if names else "")
    return answer


def blanks(answer: str) -> list[str]:
    """Find placeholders, and what people write for a blank: XXX, ___, 某某."""
    return [*unfilled(answer), *UNNAMED.findall(answer)]


def _is_about_itself(text: str) -> bool:
    """Tell whether a denial is short, or speaks of the speaker or of what was said."""
    return len(text) <= 60 or re.search(r"我|你|\b(?:i|i'm|me|my|you|that|it)\b", text) is not None
