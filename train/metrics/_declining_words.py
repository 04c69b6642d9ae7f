"""The speech act of declining, by kind: unwilling, unable, not one's place, cut off, mocked, left to others, of old.

`NO_*` are noes that may be about the goods, too, and count only where no word of trade stands by; `IDIOMS_*` are said
of requests alone. Patterns for clauses that `_reading.plain` made plain and `in_full` wrote out; all gaps are bounded.
"""

import re

LATIN = re.compile(r"[a-z]")
CLIPPED = {
    "cant": "can't", "wont": "won't", "dont": "don't", "doesnt": "doesn't", "didnt": "didn't", "isnt": "isn't",
    "arent": "aren't", "wouldnt": "wouldn't", "couldnt": "couldn't", "shouldnt": "shouldn't", "im": "i'm",
    "ive": "i've", "ain't": "isn't", "aint": "isn't", "gonna": "going to", "wanna": "want to", "gotta": "have to",
    "dunno": "i don't know", "idk": "i don't know", "ur": "your", "u": "you", "w": "with", "abt": "about",
    "sry": "sorry", "srry": "sorry", "soz": "sorry", "sori": "sorry", "plz": "please", "pls": "please",
    "nah": "no", "naw": "no", "nuh": "no", "lol": "", "lmao": "", "haha": "", "hahaha": "", "bro": "", "m8": "",
    "mate": "", "dude": "", "buddy": "", "tbh": "", "alas": "sorry", "regrettably": "sorry", "sadly": "sorry",
    "shan't": "won't", "outwith": "outside",
}  # fmt: skip
"""How people write in haste, and out of fashion, in the words of the patterns."""
CLIPPED_WORD = re.compile(rf"(?<![\w'])(?:{'|'.join(map(re.escape, CLIPPED))})(?![\w'])")
NOBODY_SAYS = re.compile(
    r"^(?:(?:sorry|no|nope|yeah|well|ok|okay|so|and|but|just)\b[ ,]*){0,3}"
    r"(?=(?:can't|cannot|won't|wouldn't|couldn't|am not|not (?:really |even )?(?:doing|touching|saying|telling|getting"
    r"|answering|discussing|helping|playing|sharing|writing|a (?:doc|doctor|lawyer)|an? \w+ist)|don't (?:do|know"
    r"|have) (?!(?:it|that|this|so)\b)\w)\b)"
)
"""A clause without the "I" that it means: can't do that."""

_TELL = (
    r"(?:say(?! (?:no|it|it's|that|this|i|we)\b)|comment|discuss|talk|speak|speculate|advise|answer|disclose|divulge"
    r"|reveal|share (?!the box)|opine|diagnose"
    r"|recommend|condone|assist|engage|weigh in|get into|go into|gossip|help|give (?:out |you )?(?:\w+ )?(?:advice"
    r"|opinions?|views|tips|names|details)|venture|hazard|guess|judge|take sides|tell|touch|do (?:such|that|this kind))"
)
_TELLING = (
    r"(?:saying|commenting|discussing|talking|speaking|speculating|advising|answering|disclosing|divulging|revealing"
    r"|sharing|diagnosing|recommending|assisting|engaging|helping|giving (?:you|out|opinions?|advice|legal|medical"
    r"|financial|that|any)|venturing|guessing|judging|taking sides|telling|touching|doing (?:that|this|it|your)|writing"
    r"|translating|getting (?:into|involved)|going (?:there|near|into|down that)|spilling|playing|handing (?:that|out)"
    r"|falling for)"
)
_ASKED = r"(?:requests?|quer(?:y|ies)|questions?|topics?|subjects?|inquir(?:y|ies)|enquir(?:y|ies)|prompts?|matters?)"
_OTHERS = (
    r"(?:\w*ologists?|doctors?|medics?|clinicians?|gps?|physicians?|pharmacists?|nurses?|lawyers?|solicitors?|judges?"
    r"|attorneys?|courts?|professionals?|experts?|pros|specialists?|writers?|translators?|teachers?|tutors?"
    r"|advis[eo]rs?"
    r"|accountants?|others|somebody else|someone else|police|therapists?|you)"
)

NO_EN = re.compile(
    # Unwilling.
    rf"\b(?:i|we|i'd|we'd|i'll|we'll|i'm|we're|i've|we've)\b[^,]{{0,24}}? (?:not to|never|don't|do not|won't"
    rf"|will not|can't"
    rf"|cannot|wouldn't|would not|couldn't|not|hesitate to|rather not|prefer not to|no position to) (?:ever "
    rf"|dare (?:to )?"
    rf"|really |possibly |publicly |presume to )?{_TELL}\b"
    rf"|\b(?:i|we|i'm|we're|i've|we've|policy|rule)\b[^,]{{0,30}}? (?:not|against|without|refrain(?:ing)? from"
    rf"|avoid(?:ing)?"
    rf"|decline|to refrain from|from) {_TELLING}\b"
    r"|\b(?:i|we|i'll|we'll)\b[^,]{0,16} (?:abstain|refrain|demur|bow out|sit (?:this|that) one out|say(?:ing)? nothing"
    r"|take a pass|plead the fifth|hang(?:ing)? up on)\b"
    r"|\b(?:remain|stay|staying|remaining|keep|keeping|be) (?:silent|mum|schtum|shtum|quiet|tight-lipped|neutral)\b"
    r"|\b(?:no|zero|little) (?:intention|interest|desire|wish|appetite|plans?) (?:of|in|to)\b"
    r"|\b(?:i'm|i am|we're|we are) not (?:really )?(?:interested|comfortable|keen|inclined|prepared|willing|about to"
    r"|at liberty|in a position|the right (?:one|person|place)|the one|in the business of)\b"
    r"|\bcan't be (?:bothered|arsed)\b|\b(?:i|we) want (?:no part|nothing to do|none of)\b|\bno part (?:in|of) (?:it"
    r"|that"
    r"|this)\b|\bparty to (?:it|that|this|such)\b|\bhave no truck with"
    # Not one's place, or not what one can.
    r"|\bfar be it from me\b|\bnot my place\b|\bimproper (?:of|for) me\b|\b(?:it|that) would be (?:idle |pure |mere )"
    r"?(?:speculation|guesswork|presumptuous)|\b(?:outside|beyond|past|above|outside of) (?:what (?:i|we|this)|my\b"
    r"|me\b"
    r"|this (?:chat|service|bot|assistant)|(?:our|the) (?:scope|remit|purview|ambit|expertise|competence|pay grade)|"
    r"the (?:scope|remit|purview|bounds) of)|\bout of my (?:hands|depth|league|remit|area|lane)\b"
    r"|\b(?:is|are|it's|that's) (?:all )?(?:lost on me|greek to me|another matter entirely|not for me|not my)\b"
    rf"|\b{_OTHERS}'s? (?:domain|territory|turf|call|job|business|department)\b|\bwouldn't you like to know\b"
    rf"|\bmiles off\b"
    r"|\bi(?:'m| am) not (?:your|an?) (?:accountant|lawyer|doctor|tutor|dentist|therapist|secretary|\w+ologist)\b"
    rf"|\bnot (?:a service|something|a thing|one of the things|anything) (?:that )?(?:i|we)(?:'d| would|'ll|'re"
    rf"| are)?\b"
    # Nobody answers such a thing here.
    rf"|\b{_ASKED}\b[^,]{{0,16}} (?:declined|denied|refused|blocked|rejected|(?:not|n't|cannot) be (?:entertained"
    r"|fulfilled|answered|processed|honou?red|addressed|handled|accommodated|discussed))\b"
    r"|\bno (?:answer|comment|advice|recommendations?|opinions?|verdict|diagnos[ie]s) (?:is |are )?(?:available|can be"
    r"|will be|from|here|on offer|to give|to offer)\b|\bno [a-z]+(?: [a-z]+)? from me\b|\bwon't be (?:coming |had "
    r"|getting )?(?:from|here)\b|\byou (?:won't|will not) (?:find|get|hear) [^,]{0,24}(?:here|from (?:me|us)|out of"
    r"|through)\b|\b(?:aren't|isn't|not|can't be) (?:available|offered|on offer|used|provided|answered|dealt with)"
    r"(?: for that| for this)? ?(?:here|in this chat|from me|through (?:me|this)|by (?:me|this)|for that$|for this$)"
    r"|\b(?:i|we) (?:only|just) (?:do|handle|speak|know|deal)\b|\b(?:i|we) (?:just|only) [a-z]+ (?:returns?|orders?"
    r"|parcels|shipping)\b"
    r"|\bnot (?:on|up for) (?:the |my |our |any )?(?:curriculum|agenda|syllabus|list|menu|cards|table|discussion"
    r"|debate|grabs"
    r"|offer)\b|\bkeep to (?:myself|ourselves)\b|\b(?:tie|ties|tied) (?:my|our) hands\b|\bmy hands are tied\b"
    r"|\btrade secrets?\b"
    r"|\brestricted to (?:authori[sz]ed|staff|personnel|internal)\b|\bassociated with (?:that|this|it|such)\b"
    r"|\bstop you there\b"
    r"|\bdon't ask (?:me |us )?(?:again|that)?$|\b(?:i'll|i will|let me) spare you\b|\boff my patch\b"
    r"|\babove my station\b"
    r"|\b(?:we|i) must not\b|\bdon't do (?:comparisons?|predictions?|politics|opinions?)\b|\byou'll get (?:no"
    r"|nothing)\b"
    r"|\b(?:can't|cannot|won't|wouldn't) (?:even )?(?:do|touch|write|help|say|tell|answer|give|diagnose|advise|discuss"
    r"|translate|share|be)\b[^,]{0,14} (?:that|this|it|one|you|your|that one|med(?:ical)? advice|advice|legal advice"
    r"|over chat|anything|here)$"
    # Others' business.
    r"|\b(?:nobody|no one|none of (?:my|our|your))(?:'s)? business\b|\b(?:stays?|remains?|kept) (?:between|in the vault"
    r"|under lock|with us|locked)\b|\b(?:are|is|stay|stays) sealed\b|\b(?:other people's|others'"
    r"|somebody else's) (?:secrets"
    r"|business|data|details)\b"
)
IDIOMS_EN = re.compile(
    # What is to come.
    r"\b(?:can't|cannot|couldn't|unable to|not able to|nobody can|no one can)\b[^,]{0,24} (?:the future|what's to come"
    r"|what lies ahead|what comes next|what happens (?:next|later))\b|"
    # Mocked.
    r"\b(?:pretend|act(?:ing)? like|act as if|make believe|forget)\b[^,]{0,12} (?:didn't|never|not|did not)\b"
    r"|\bpretend (?:this|that) (?:conversation|message|question)\b|\bi (?:didn't|never) (?:read|see|hear) that\b"
    r"|\bdo i look like\b|\bwhat do you take me for\b|\b(?:must be|got to be|have to be|surely you're"
    r"|are you) (?:joking"
    r"|kidding)\b|\bif i (?:knew|could|had)\b[^.]{0,30}(?:i'd|i would|wouldn't)\b|\bif i knew that\b"
    r"|\bi'd be on a yacht"
    r"|\bcrystal ball\b|\byour guess is as good\b|\bmagician never\b|\bi'm switzerland\b|\bmy lips are\b"
    # Cut off.
    r"|\b(?:let's|we'll) (?:not|stop|leave (?:it|that)|end|move on|drop)\b(?! worry)|^(?:let's )?stop right there"
    r"|\bdone with this\b|\bend of (?:story|discussion|conversation)\b|^moving on$|\bthis conversation is over\b"
    r"|\bnot (?:going )?down that road\b|\bnot touching (?:that|this|it)\b|\btouch (?:that|this|it) with\b"
    r"|\bten[- ]foot"
    r"|\bbarge ?pole\b|\bover my dead\b|\bnot (?:on|in) (?:your|my|a million) (?:life|years?)\b|\bnot in a million"
    r"|\b(?:isn't|is not|not) going to happen\b|\bno (?:dice|can do|chance|deal)\b|\bnice try\b"
    # Others may do it.
    rf"|\bi(?:'d| would|'ll)? (?:leave|defer|let)\b[^,]{{0,32}} (?:to|for|with|have) (?:the |a |an |your |real |actual "
    rf"|qualified )?{_OTHERS}\b|\b(?:leave|defer) (?:it|that|this|those|them) (?:to|for) |\b(?:i'd"
    rf"|i would)[^,]{{0,8}} let"
    r" you be the judge"
    r"|\b(?:figure|work|sort) (?:it|that|this) out yourself\b|\blook (?:it|that) up yourself\b|\bgoogle it\b"
    r"|\byou're on your own\b|\bask (?:somebody|someone|anybody) else\b|\b(?:the )?wrong (?:shop|bot|place|person"
    r"|number"
    r"|address) for\b|\bdo (?:your|it) (?:own|yourself)\b|\bkeep my (?:nose|beak|mouth)\b|\b(?:i'd"
    r"|i would) sooner not\b"
    # Were it something else.
    r"|^were i (?:able|to|a)\b|\bwrong counter\b|\bnot (?:from |for |by )?(?:a|your) (?:shop |chat|web)?(?:bot"
    r"|assistant|window)\b"
    r"|\ba (?:bridge|step) too far\b|\bthat's a no\b"
    r"|^(?:were it|were this|had you asked|had it been|if (?:it|this|that) (?:were|was)|if only|if you'd asked"
    r"|if you had"
    r" asked)\b[^.]{0,60}\b(?:i'd|i would|i could|i might)\b(?! (?:refund|replace|exchange|ship))"
    r"|^i (?:really |probably )?shouldn't(?: (?:really |even )?(?:say|tell|be)\b|$)|^no (?:cheating|peeking|spoilers"
    r"|way)$"
)

_SAY = (
    r"(?:说|讲|言|议|评|答|断|教|给|插嘴|多嘴|插手|过问|置喙|掺和|谈|聊|透露|告诉|帮|接|写|碰|编|猜|指挥|主意"
    r"|结论|乱|瞎|妄)"
)
_VERDICT = (
    r"(?:诊断|推荐|评价|评论|判断|置评|结论|建议|回应|回答|评判|解读|预测|点评|表态|答复|响应|作答|解答|受理|处理)"
)
_LET_ME = r"(?:$|[了的哈哦呢啊呀吧啦,谢])"
NO_ZH = re.compile(
    # Unwilling.
    r"(?:选择|决定|宁愿|宁可)(?:不|沉默|缄默|无视|跳过|闭嘴|静默)|(?:保持|维持)(?:沉默|缄默|中立)"
    r"|(?:不|没|没有|毫无|无|从没|也没)(?:打算|计划|意愿|兴趣|心思|心情|那?工夫|空(?!调)|意(?:参与|评|回|讨论))"
    r"(?!涨|停产|关|退|拆)|懒得|不感兴趣"
    rf"|(?:不|恕不|概不|暂不|一律不|从不|绝不|不再)(?:作|做|予|置|加以|下|发表|提供|给出?"
    rf"|对)[^,]{{0,9}}{_VERDICT}(?!服务)"
    rf"|(?:不敢|岂敢|哪敢|哪里敢|未敢|怎敢|可不敢|没胆)[^,]{{0,4}}{_SAY}"
    r"|不(?:干|碰|沾|接|掺和|奉陪|站队|荐|抢|插手|理会|搭理|伺候|惯着|瞎掺和|接招|上当|蹚|趟)"
    rf"{_LET_ME}"
    r"|(?:不接|不做|不干|不碰|不教|不帮)(?:这|此|那|该)(?:种|类|样|个|活|单|忙|事)"
    # Not one's place, or not what one can.
    rf"|(?:不该|不应该?|不宜|不配|未便|没资格|轮不到)(?:由)?(?:我|小店|我们|客服|小喵)?[^,]{{0,5}}{_SAY}"
    r"|不该由我|说了(?:也)?不(?:算|作数)|说多了不(?:合适|好)|[做教说讲帮写干查]不得|信不过自己|没什么(?:可|好)说的"
    r"|(?:我|小店|人家|咱)?[^,]{0,10}(?:教|帮|答|编|猜|译|诊|断|判|算|唱|画|整|hold|救|评|荐|写|下|给|查|看)不"
    r"(?:了|来|出|上|住|起)(?:你|$|[哦呢啊呀啦哈的吧,也])"
    r"|(?:教|帮|编|猜|译|诊|断|唱|画|评|荐|写|看|瞧|算|讲|替)不(?:了|来|出|起)[^,价券货款单址色码票到图视频]{0,2}$|蹚不"
    r"|不代(?:写|做|考|笔|劳|答)|(?:系统|助手|机器人)[^,]{0,4}(?:无法|不能)(?:回复|回答|处理)"
    rf"|(?:没法|无法|没办法|不能|不可以?|不便|难以)[^,]{{0,4}}(?:给你?|为你|替你|向你|跟你|和你)?[^,]{{0,4}}(?:下|作|做"
    rf"|得到|得出)?[^,]{{0,3}}{_VERDICT}|(?:这方面|这块|这类|这种话题?|这个)(?:也|真|可|实在)?不能(?:聊|谈|说|碰|讲)"
    r"|(?:不在|超出|超过|超越|不属于)[^,]{0,14}(?:能做|能帮|所能|所长|受理|服务|范围|之列|会的|范畴)"
    r"|(?:超出|超过|超越)了?[^,]{0,10}(?:能|范围|能力)"
    r"|(?:功能|技能|问题|内容|方面|话题)[^,]{0,4}(?:尚未|还没|没有?|未曾)[^,]{0,3}(?:学|掌握|收录|开放|训练)"
    r"|(?:本服务|本平台|本店|本系统|该服务)[^,]{0,6}(?:暂)?不(?:支持|受理|涉及|提供|讨论|荐)"
    r"|(?:请求|提问|问题|内容|指令|要求)[^,]{0,4}(?:被|已|予以)?[^,]{0,4}(?:拦截|屏蔽|驳回|拒绝)"
    r"|(?:功能|模块|技能|能力|资质)[^,]{0,3}(?:没装|没配|未装|未配)|未(?:配备|具备|开放|设)[^,]{0,8}(?:功能|能力"
    r"|服务)|拒答"
    r"|(?:外人|旁人|小店|我)?不好(?:置喙|插嘴|多嘴|插手|评|多说|说三道四)|手上没有|(?:一概|一律|统统"
    r"|都)[^,]{0,6}(?:不会说|不说|不答|不谈|不给|不聊)|谁(?:都|也)不(?:给|说|告诉|透露)"
    r"|(?:就|才|我|偏|^)不告诉你|(?:别人|他人|他|她)的[^,]{0,4}不给的?|(?:数字|数|秘密|答案)[^,]{0,3}我?不(?:会|能)"
    r"|不(?:会|可能)(?:告诉|帮你?|教|参与|协助|配合|回答|透露|泄露|说的|奉陪)|(?:违法|犯法|犯罪|缺德|亏心|造假|骗人"
    r"|害人)的"
    r"(?:事|活|勾当)[^,]{0,4}不"
)
IDIOMS_ZH = re.compile(
    # What is to come, and a promise as a thing.
    r"(?:未来|将来|今后|后续|以后)的(?:事情?|变化|情况|走势|行情|安排)[^,]{0,6}(?:无法|没法|不能|不敢|无从|难以|说不准|不好说|谁)"
    r"|(?:还没|没有?|尚未)(?:发生|影儿?|定论|定下来?|公布)的(?:事情?|东西|消息|内容)?[^,]{0,4}(?:无法|没法|不能|不敢|无从|难以|不清楚)"
    r"|(?:保证|承诺|担保|许诺)我[^,]{0,3}(?:不能|没法|无法|不敢|不便)[^,]{0,2}(?:做|给|写|开|立|应|答应|下)|"
    # Of old.
    r"恕(?!我?直言|罪|不(?:保|退|换|补|包|赠|接受|另|再|议|找|赊))|另(?:请|寻|找|谋)[^,]{0,4}(?:高|他|人|大师|别"
    r"|门路|渠道|师|途|路)|非(?:吾|我|余|在下|小店|本店|某"
    r"|鄙人|小的|人力|职责)(?:之|等)?(?:所|能|分内|长)|无从(?:作答|回答|奉告|判断|置评)|难以?(?:置喙|从命|奉告|作答"
    r"|定论)"
    r"|碍难|歉难|不足为外人|力有不逮|力所不及|敬谢|谢绝|婉拒|婉辞|告辞|失陪|天机|莫谈|不谈国事|休(?:提|想|要再)"
    r"|力不从心"
    r"|才疏学浅|(?:吾|余|在下|鄙人)[^,]{0,4}(?:不|弗|未)(?:知|能|敢|便|擅)|本人非[^,]{1,6}$"
    # In slang.
    r"|[达哒]咩|(?:拒|溜|告辞|润)了(?:拒|溜)?了?$|打住|停停|翻篇|门儿?都没|没门|休想|想得美|想(?:啥|什么)呢"
    r"|做梦(?!都想)"
    r"|死了?(?:这|那)条?心|打消[^,]{0,4}念头|饶了我|放过我|(?:别|莫)(?:再)?(?:为难|难为)(?:我|小)|难(?:倒|住)(?:我|小)"
    r"|(?:爱|该)(?:找|问)谁(?:就)?(?:找|问)谁|别(?:来)?(?:烦|问|找|指望)我|(?:免|算)了吧?$|站队免|^(?:跳过|略过|过)$"
    r"|下一(?:个|道|位)?(?:问题|题)|臣妾|我不配|冇得(?!换|退|修|减)|冇办法|唔(?:识|知|得|做|讲|帮|可以)|蹚(?:浑|这)"
    r"|饭碗"
    r"|(?:装|当)(?:作|做|成)?(?:我|什么)?(?:都)?没(?:看|听|问|收|发生)|没看到你这|(?:请求|提问|指令)[^,]{0,6}(?:不予"
    r"|拦截|驳回|拒绝|屏蔽)|找错(?:门|庙|柜台)|换一?个?题"
    r"|(?<!为什么)不(?:聊|谈|评|答|讲)(?:这|此|那)(?:个|事|些|种|类)|要是我(?:能|会|知道)|嘴笨|闭麦|抓瞎|白搭|(?:池"
    r"|趟|滩"
    r"|淌)水|动(?:这|那|歪)?[^,]{0,2}(?:心思|脑筋)|再问(?:就)?报警|忌讳|水太深|我就一(?:个)?卖"
    # Mocked.
    r"|我(?:要是|要|若是?|如果)[^,]{0,4}(?:知道|能|会|晓得|猜)[^,]{0,10}(?:还|早|就|干嘛)|谁还(?:用)?(?:打工|上班)"
    r"|看我(?:像|是)|我(?:看(?:着|起来)|长得)?像[^,]{1,10}[吗么]|我(?:[^,]{0,6})?哪(?:儿|里)?(?:知道|晓得|会|懂|敢"
    r"|有那)"
    r"|哪(?:会|懂)[^,]{0,4}[呀啊]$|(?:鬼|天)(?:才)?知道|只想(?:安安静静|好好|安心)|问(?:错|的不是)"
    r"|(?:作业|题|论文)(?:还)?(?:是|得|要)(?:你)?(?:靠)?自己|我也?不打算|不太?建议问"
)

POINTS_MORE_EN = re.compile(
    # Only another could tell.
    r"\b(?:only|nobody but|no one but|none but) (?:a |an |the |your )?[a-z]+(?: [a-z]+)? (?:can|could|would|may|will|is"
    rf" able to)\b|\b(?:is|are|'s|one's?) (?:strictly |really |purely |best |something )?(?:for|up to|down to"
    rf"|between) (?:a"
    rf" |an |the |your |you and )?{_OTHERS}\b|\byou (?:really |probably )?(?:need|want) (?:a |an ){_OTHERS}"
    rf"|\bbook (?:in |an appointment )?(?:with|to see)\b|\bget (?:it|that|this) (?:looked at|checked|seen to)\b"
    rf"|\b{_OTHERS}"
    r" (?:or [a-z]+ )?can$"
)
POINTS_MORE_ZH = re.compile(
    r"(?:还是|得|要)?(?:由)?你亲(?:口|笔|手)|(?:只有|唯有|除非)[^,]{1,8}(?:才)?(?:能|可以?|有资格)(?:给|说|告诉|判"
    r"|断|回答|确|诊|知|查|看)"
    r"|(?:是|属于)[^,]{0,4}(?:医生|大夫|律师|专家|老师|警察|法官|药师|师)(?:们)?的(?:活|事|本行|专长|范畴|饭碗)"
    r"|(?:得|要|应|请|遵)(?:听|询|遵|问)[^,]{0,3}(?:医|大夫|律师|老师|药师|专业|师)|(?:自己|自个儿?)(?:去)?(?:查|找"
    r"|搜|看"
    r"|想|翻|百度|写|做|来)(?:一下)?(?:呗|吧|去|啊|$)"
)
"""What only points elsewhere, in more words."""
COMES_ALONG_EN = re.compile(
    r"\b(?:wishing|sending|wish you|hugs|fingers crossed|good luck|best wishes|thinking of (?:me|us)|bless)\b"
    r"|\b(?:sounds?|must be|that's|how) (?:really |so |very |incredibly |like a )*(?:stressful|tough|hard|rough|awful"
    r"|frustrating|difficult|exciting|lovely|wonderful|horrible|painful|scary|upsetting)|\bstings?$|^oh (?:goodness"
    r"|dear|my)"
    r"|^(?:all the same|that said|bye)$|\bi'm busy$|\bnot a chat"
    r"|your choice$|ring your|but (?:theirs|his|hers|yours)$|rooting for you|every [a-z]+ has"
)
COMES_ALONG_ZH = re.compile(
    r"一窍不通|理性|谨慎|慎重|打消[^,]{0,4}念头|亲亲|^暂不处理$|去医院|^怕|打听|考试中|有也|^(?:此类|这类|那)[^,]{0,3}$|要我陪"
    r"|你这是要"
    r"|(?:祝|愿)你|心疼|众多|(?:海涵|见谅|祈谅|为盼)|不怪我|加油|抱抱|一个?卖[^,]{1,4}的$|风险自担|五花八门|^(?:数学"
    r"|写诗|政治|算命)嘛?$"
)
"""More of what a no comes with."""
CONTRASTS = re.compile(
    r"^(?:all the same|that said|still|however|but|yet|nonetheless|nevertheless|unfortunately|sorry)\b"
    r"|^(?:可(?!以)|但|只是|不过|然而|可惜|奈何|无奈)"
)
"""A sentence that begins so takes back the kind words before it."""

TAKEN_BACK = re.compile(
    r"骗你的|逗你(?:玩|的)|跟你开玩笑|开个玩笑|\b(?:just|only) (?:kidding|joking|teasing)\b|\bgotcha\b"
)
"""A mock no: 我不会写诗……骗您的."""
SUGGESTS = re.compile(
    r"^(?:你)?(?:可以|就|直接|不妨|那就)?(?:直说|明说|就说|这么说|这样说|回(?:他|她|一句)|跟(?:他|她|对方)说)"
    r"|^(?:just |simply |you (?:can"
    r"|could) |try )?(?:say(?:ing)?|tell(?:ing)? (?:him|her|them|your)|reply(?:ing)? with) (?!me\b|us\b)"
)
"""The no that follows is one to be said to somebody else."""


def in_full(text: str) -> str:
    """Write the words of haste out: cant, gonna, sry."""
    if LATIN.search(text) is None:
        return text
    return CLIPPED_WORD.sub(lambda found: CLIPPED[found[0]], text)


def declines_in_kind(clause: str) -> tuple[bool, bool]:
    """Tell whether a clause declines: in words that could be about the goods, and in words that could not."""
    clause = NOBODY_SAYS.sub("i ", clause)
    return matches(clause, NO_ZH, NO_EN), matches(clause, IDIOMS_ZH, IDIOMS_EN)


def matches(clause: str, chinese: re.Pattern[str], english: re.Pattern[str]) -> bool:
    """Tell whether the pattern of a language that a clause holds letters of matches it."""
    if not clause.isascii() and chinese.search(clause):
        return True
    return LATIN.search(clause) is not None and english.search(clause) is not None
