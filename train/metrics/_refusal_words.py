"""The words of a no, in both languages: what declines, what only points elsewhere, and what a no comes with.

Patterns for clauses that `_reading.plain` made plain. All gaps are bounded, so that a search takes linear time.
"""

import re

GAP = r"[^,。!?;\n]"
CAN_NOT = (
    r"(?:无法|不能|没法|没办法|没有办法|不便|不方便|无权|不会|不可以|不好|不愿意?|不(?:太)?想|不肯|不敢|不予|不做"
    r"|不作|恕不|难以|无力|拒绝)"
)
SPEECH = r"(?:回答|解答|回应|答复|作答|评价|评论|讨论|谈论|置评|奉告|透露|告知|告诉|多说|表态|泄露|公开)"
TASK = (
    r"(?:提供|协助|帮助|帮忙|帮你|给出|给你|判断|完成|满足|撰写|编写|写|创作|翻译|推荐|算命|算|预测|生成|执行"
    r"|参与|涉及|聊|谈|教|代写|代劳|分享"
    r"|处理|解释|建议|指导|配合|扮演|讲|做|画|唱|解题|解|碰|猜|荐|骂|编|替)"
)
SUBJECT = r"(?:我(?![们司店])|本(?:助手|客服|机器人|ai)|小店客服|作为|客服)"
MINE_ZH = r"(?:服务|业务|职责|能力|工作|回答|解答|知识|专业|我的?|本职|职能|权限|支持的?|受理|咨询)"

DECLINES_ZH = re.compile(
    rf"{CAN_NOT}{GAP}{{0,10}}?{SPEECH}"
    rf"|{SUBJECT}{GAP}{{0,12}}?{CAN_NOT}"
    rf"|^(?:(?:很|非常|十分|实在)?(?:抱歉|对不起|遗憾|不好意思))?(?:这个?|此类|该)?(?:问题|请求|要求|忙"
    rf"|内容)?(?:我)?(?:实在|恐怕|暂时|也|还|都)?"
    rf"{CAN_NOT}(?:直接|完整|再|继续)?(?:为|给|帮|向|跟|和|与|对|替)?(?:你|他人|任何人)?(?:们)?{TASK}"
    rf"|(?:超出|超过|超越|不在|不属于|不是|并非|没在|脱离){GAP}{{0,8}}?{MINE_ZH}{GAP}{{0,6}}?(?:范围|职责|能力"
    rf"|领域|内容|强项|专长|范畴|权限|业务|本职)"
    r"|帮不(?:上|了|到)|爱莫能助|无能为力|无可奉告|恕难从命|恕我|敬谢不敏|拒绝回答|保密|不对外|不可外传|不外传"
    r"|另请高明"
    r"|驾驭不了|胜任不了|应付不来|不在行|外行|(?:我|客服)[^,。]{0,6}(?:不擅长|不懂|一窍不通)|不擅长|班门弄斧"
    r"|这个?忙我?(?:可)?不(?:能)?帮|不归我|不是我的(?:事|活|工作|菜|强项|专长|专业|专攻|长项)"
    r"|换个(?:话题|问题)|换一个(?:话题|问题)|聊点别的|说点别的|聊别的|聊聊别的|不便透露|就此打住|到此为止"
    r"|(?:回答|处理|解答|解决|答复|满足|胜任|回复)不了|不(?:能|便)?代劳|(?:暂|还)?不支持(?:回答|解答|此类"
    r"|该(?:问题|请求)|这类)|我[^,。]{0,3}不是(?:专业|医生|医师|律师|老师|专家|顾问|程序员|诗人|翻译|大师|算命"
    r"|理财)"
    r"|(?:我|这边|这里)[^,。]{0,4}只(?:能|会|懂|负责|处理|回答|解答|受理|管|做|聊)[^,。!?;\n]{0,12}?(?:问题|咨询"
    r"|业务|订单|商品|售后|购物)"
    r"|(?:我|这边|客服)[^,。]{0,6}?(?:给|做|答|说|写|算|猜|教|办|评|讲|译|画|唱|帮|解|回答|预测|翻译|回复"
    r"|推荐)不(?:了|到|来|出|上)"
    r"|我[^,。]{0,4}?(?:不|从不|绝不|决不|不再)(?:可以)?(?:写|聊|教|谈|答|帮|评|回答|提供|讨论|评价|参与|透露|碰"
    r"|接|算|推荐|做评|作评|涉及|解答|站队|表态|干|奉陪|配合|扮演|掺和)"
    r"|^(?:这个?|该)?(?:话题|问题)(?:我)?(?:不聊|不谈|不回答|不答|跳过)|别想(?:让我)?|免谈|没门|想都别想|超纲"
    r"|我[^,。]{0,4}?不(?:负责|专业|精通|管这|管那)",
)
NOT_DECLINING_ZH = re.compile(
    r"不(?:是|会|存在)(?:说)?(?:不能|无法|不可以|没法|不会)|没有[^,。]{0,6}(?:不能|无法)|不会(?:让|推辞|忘|耽误"
    r"|打扰|骗|泄露你|透露你|拒绝|影响|收取|再|有|额外)"
    r"|不(?:得)?不|无法不|不能不|不想(?:让|错过|等)|不好意思|不好的|不方便的?话|不敢相信|拒绝后"
)
"""Noes that deny another no, or promise something."""
POLICY_ZH = re.compile(
    r"我们|本店|店铺|店里|商家|平台|系统|商品|仓库|快递|物流|优惠|打折|折扣|便宜|降价|改价|议价|退款|退货|换货"
    r"|退换|发货|配送|送达|送到|取消|修改|更改|查到|查不到"
    r"|查询到|免费|保修|质保|三包|补差|叠加|发票|开票|赠|包邮|寄|安装|延长|保证|确定|确认|支持|预约|使用|充电"
    r"|开机|启动|兑换|提现|补偿|赔|保价|登录|库存|价格|看到"
)

VERB_EN = (
    r"(?!(?:find|locate|look up|see|track|promise|guarantee|refund|ship|deliver|cancel|change|lower|extend"
    r"|combine|confirm"
    r"|wait|agree|blame|have|need|think|know|want|mind|recall|be sure|say (?:it|that|i|this)|inspect|exchange"
    r"|replace|waive|stack|apply"
    r"|reach)\b)"
)
TELLS_EN = (
    r"(?:answer|discuss|do|write|give|comment|talk|get into|touch|provide|share|help|assist|take|handle|cover"
    r"|deal|speak"
    r"|tell|make|offer|teach|recommend|translate|engage|go|weigh|compose|solve|predict|play|pick|judge|gossip"
    r"|reveal|code|know (?:much|anything|a thing))"
)
DECLINES_EN = re.compile(
    r"\bi(?:'m| am|'ll)?(?: (?:really|simply|just|also|still|actually|regret|am|afraid|do|must|have to|sorry))*"
    r" (?:can't|cannot|can not|couldn't|won't|will not|unable to|not able to|not allowed to|not permitted to"
    r"|not supposed to|not (?:authori[sz]ed|qualified|equipped|trained|designed|built|made|programmed|here|going"
    r"|willing|in a position)"
    rf" to|shouldn't|should not|ought not to|refuse to|decline to|must decline|have to decline)(?: (?:really"
    rf"|possibly|be able to|even|directly|ever))* {VERB_EN}"
    rf"|\bi (?:don't|do not|never|prefer not to|try not to|choose not to) {TELLS_EN}"
    r"|\bi(?:'d| would) (?:rather|prefer|sooner) not|\brather not say|\b(?:i|i'll|i'd) (?:have to |must "
    r"|will )?(?:decline|pass|refuse)\b"
    r"|\b(?:can't|cannot|unable to|not able to) (?:help|assist|answer|comment|discuss|advise"
    r"|comply)(?: you)?(?: (?:with|on))?\b"
    r"|\b(?:outside|beyond|out of|out with|not within|not in|above|not part of|isn't part of|aren't part of"
    r"|falls? outside)"
    r"(?: of)? (?:my|what i|the scope|scope|the range of|our scope)\b"
    r"|\b(?:not|isn't|aren't|is not|are not|wasn't|never been|hardly|far from) (?:really |exactly "
    r"|quite )?my (?:department|field|area|problem|job|business|concern|thing"
    r"|forte|strong|strength|speciality|specialty|line|place|cup|expertise|domain|remit|role|wheelhouse|turf)"
    r"|\b(?:not|isn't|aren't) (?:something|a topic|a subject|a thing|anything|one) (?:that )?i\b"
    r"|\bsomething (?:that )?i (?:don't|won't|can't|never|stay|avoid|leave|steer|keep)"
    r"|\b(?:stay|steer|keep|shy|stays|keeps) (?:well )?(?:away|clear|out)\b|\bcount me out|\bno comment"
    r"|\bleave it (?:there|at that)|\bmy lips are sealed"
    r"|\bnever (?:to )?comment|\b(?:stays?|remains?|kept|keep it|is|are) (?:strictly )?(?:that way|confidential"
    r"|private|internal|secret|off[- ]limits)\b|\boff[- ]limits|\boff the table"
    r"|\bbeneath me|\bbeyond me\b|\b(?:too|over) [a-z]+ for (?:a|an|me|my)\b|\bover my head|\babove my pay"
    r"|\bchange the subject|\bstick to (?:your|the|our|orders|shop)"
    r"|\btalk about something else|\bnext question|\bsomething else, please|\bleave (?:it|that|this|those"
    r"|them) to|\bi'll leave to|\bbest left to"
    r"|\bnot (?:gonna|going to) happen|\bnice try|\bno can do|\bi don't have (?:\w+ )?(?:opinions?|views?"
    r"|preferences?|access to (?!your)|the ability|knowledge|information on)|\b(?:can't|cannot|can not|won't"
    r"|will not) be (?:shared|disclosed|discussed|revealed|answered|given)"
    r"|\bnot for me to\b|\bnot happening\b|\bi(?:'m| am) (?:no|not an?) (?:\w+ )?(?:doctor|lawyer|physician"
    r"|attorney|advis[eo]r|expert|programmer|poet|teacher|translator|coder|accountant|fortune)|\bi must refuse"
    r"|\bi draw the line|\bout of bounds|\bi have no (?:opinion|business|views?)|\bask (?:somebody|someone"
    r"|anybody|anyone) else"
)
NOT_DECLINING_EN = re.compile(
    r"\b(?:nothing|no \w+|isn't anything|not that) (?:that )?i (?:can't|won't|cannot)|\bcan't (?:wait|thank"
    r"|recommend .{0,20}enough|go wrong)\b"
    r"|\bi (?:won't|will not) (?:let|keep you|charge|forget)|\b(?:you|they|he|she|it) (?:can't|cannot|won't)"
)

OTHERS_ZH = (
    r"(?:别人|其他人|别家|旁人|专业|老师|医生|医师|律师|专家|顾问|心理|程序员|翻译|机构|大师|警方|公安|相关部门"
    r"|搜索引擎|百度|网上)"
)
OTHERS_EN = (
    r"(?:professionals?|doctors?|physicians?|lawyers?|attorneys?|solicitors?|advis[eo]rs?|experts?|specialists?"
    r"|teachers?|tutors?|programmers?|developers?"
    r"|translators?|accountants?|therapists?|counsell?ors?|textbooks?|librar(?:y|ian)|search engine|someone"
    r"|somebody|anyone|anybody|fortune|medical|legal|financial|pharmacists?|vets?|qualified|licensed)"
)
POLICY_EN = re.compile(
    r"\b(?:price[sd]?|pricing|discount(?:s|ed)?|cheaper|refund(?:s|ed)?|ship(?:s|ped|ping)?|deliver(?:s|y|ed)?"
    r"|cancel|exchange|coupons?|vouchers?|(?:in|out of) stock"
    r"|payments?|warrant(?:y|ies)|guarantee|promise|replace(?:ment)?|return(?:s|ed)?|repair|reserve|upgrade"
    r"|extend|dates?|addresses|invoices?)\b"
)
SPEECH_EN = re.compile(
    r"\b(?:help|assist|answer|comment|discuss|talk|chat|share|advise|advice|questions?|information|opinions?)\b"
)
"""What the business cannot do, or what nothing can: a no that answers; but not where it is about speaking."""
GIVES_IN = re.compile(
    r"非要(?:我|说)|硬要|好吧|试试看|可以试(?:试|着)|给你(?:写|编|画|算|来)|\bhere(?:'s| is| are)\b(?! to)"
    r"|\blet me try|\bi'll try|\bi can try"
)
"""One who has said no, and does it."""

POINTS_ZH = re.compile(
    rf"(?:请|找|问|咨询|联系|交给|请教|求助|寻求|询问){GAP}{{0,6}}?{OTHERS_ZH}|(?:请教|另寻|另找)|我只(?:懂|会|能"
    rf"|负责|是|管|卖|知道|做|聊|答|关心)"
    r"|(?:只能|只负责|仅能|仅限|专门负责|只管|只)(?:回答|解答|处理|受理|提供|聊|协助)|这(?:里|边)(?:只"
    r"|仅)?是[^,]{0,10}(?:窗口|客服|咨询|服务台|店)"
    r"|我[^,]{0,4}(?:不(?:太)?(?:清楚|知道|了解|确定)|没有(?:这方面|相关))|术业有专攻|(?:猜|说|讲|预测)不(?:到|出"
    r"|着|准)|没有?人(?:能)?(?:知道|说得准)|你?自己(?:完成|写|做|来)|亲自|太(?:深奥"
    r"|难|复杂|敏感|专业|高深)了|有没有[^,]{0,10}(?:商品|订单|购物|售后)"
    r"|回到(?:正题|订单|商品|购物)|(?:还是|不如)(?:聊|说|看|谈)"
)
POINTS_EN = re.compile(
    rf"\bbetter (?:off )?(?:ask|served|suited|to ask|answered)|\b(?:see|consult|ask|contact|speak|talk|seek|try"
    rf"|turn|hire|find|need|want|for|to|with|check)\b(?: \w+){{0,4}}? {OTHERS_EN}\b|{OTHERS_EN} (?:would|could"
    rf"|can|will|should)\b"
    r"|\bi (?:only|just|merely) (?:know|handle|deal|answer|help|do|sell|cover|look after|talk|speak)"
    r"|\bi'm (?:only|just|merely) (?:here|a|an|the)\b"
    r"|\bi(?:'ve| have) no (?:idea|clue)|\bi (?:don't|do not|wouldn't) know\b|\bi(?:'m| am) not sure\b"
    r"|\bno idea\b|\b(?:have|need) to \w+ (?:it |that |this )?yourself\b|\blet's (?:talk|stick|focus|get back"
    r"|keep|stay|chat|change|move|return)"
)
"""What declines where an answer holds no more: another is asked, or what the assistant is there for is said."""

COMES_WITH_ZH = re.compile(
    r"抱歉|对不起|不好意思|遗憾|谅解|见谅|海涵|体谅|理解|感谢|谢谢|如果你|如果(?:需要|有)|如你|如有|若你|若有"
    r"|要是你|随时|欢迎|乐意|高兴|很愿意|吩咐|尽管(?:问|说|找)"
    r"|可以(?:为|帮|给|协助)你?|(?:能|来|继续)(?:为|帮)你|我(?:可以|能|会)[^,]{0,8}(?:订单|商品|售后|物流|退|购物"
    r"|产品)|有(?:什么|任何|其他|别的|没有)|(?:问题|需要|需求)[^,]{0,6}(?:找我|问我|喊我|叫我|告诉我|联系|咨询)"
    r"|再(?:喊|找|叫|问)我"
    r"|^(?:请|建议|最好)你?(?:及时|尽快|去|直接|先|多|您)?(?:请教|咨询|联系|寻求|找|问|向|就医|看看|查阅|参考"
    r"|看医生|就诊|询问|求助|前往|拨打|查看)|问(?:问)?(?:别人|其他人|专业|老师|医生|律师|专家)|请教|(?:就医|就诊)"
    r"|我(?:只|就|仅)|我(?:是|这个|这边|这里|主要|的(?:职责|工作|主要|能力|专长))|作为|身为|这(?:里|边)(?:只"
    r"|仅)?是|本(?:助手|客服)|我专"
    r"|违反|违法|犯法|违规|规则|规定|隐私|涉及|风险|危险|敏感|不道德|安全|不合(?:法|规)|合法|法律(?:问题|规定"
    r"|法规)|禁止|伤害|侵犯|诚信|犯罪|人身|内部|机密"
    r"|(?:查看|关注|搜索|查阅|参考|下载)[^,]{0,8}(?:预报|官网|新闻|软件|app|网站|资料|书籍)|话题|别的|因为|由于"
    r"|毕竟|早就|要是我|要是能|希望|祝|好问题|有意思|有趣|听起来|看得出|术业有专攻|太(?:深奥|难|复杂|敏感|专业)"
    r"|众说纷纭|见仁见智|专业(?:人士|人员|机构|的事)|猜不(?:到|出|着)|你好|亲爱的|不(?:是|会)?(?:针对|故意)"
    r"|^(?:亲|嗯|唉|哎呀|哈哈|其实)+$"
)
COMES_WITH_EN = re.compile(
    r"\b(?:sorry|apologi[sz]e|apolog(?:y|ies)|unfortunately|thanks?|thank you|understand|appreciate|afraid|regret"
    r"|forgive|pardon)\b"
    r"|\bi(?:'m| am)? (?:can|could|'d be|would be|will be|am|'m)?\s?(?:only |still |gladly |happily |always "
    r"|happy to |glad to )*(?:help|assist|answer|support)(?: you)? (?:with|about|on|by)?"
    r"|\b(?:here|happy|glad|ready|available|pleased|delighted) to\b|\blet me know|\bfeel free|\bif you (?:have"
    r"|need|'d like|want|would like)|\bif there's|\banything (?:else )?(?:i can|about|you)|\bis there\b"
    r"|\bask me\b|\b(?:can|may|could) i (?:help|assist)"
    r"|\b(?:see|consult|ask|contact|speak|talk|seek|check with|turn to|reach out|refer) (?:to |with "
    r"|out )?(?:with )?(?:a|an|your|another|someone|somebody|the (?:police|authorities)|professional|medical"
    r"|legal|financial|help|us|me|experts?|doctors?)\b"
    r"|\bbetter (?:off )?(?:ask|served)|\bserves? you better|\byou'll (?:need|want) (?:a|an)\b|\b(?:asking"
    r"|consulting|contacting|seeing|speaking|talking)\b"
    r"|\bi(?:'m| am) (?:a|an|just|only|here|your|the|merely|made|built|designed|limited|focused|set up|trained)\b"
    r"|\bi (?:only|just|merely|stick|was|focus)\b|\bas an?\b|\bmy (?:job|role|purpose|expertise|focus|knowledge"
    r"|remit|scope|limits?|work|training)\b|\bi know (?:only|about)"
    r"|\b(?:illegal|unlawful|crimes?|criminal|unsafe|dangerous|harmful|unethical|privacy|confidential|sensitive"
    r"|guidelines|policy|policies|fraud|dishonest|inappropriate)\b|\bagainst (?:the|our|my)? ?(?:law|rules?"
    r"|policy|policies|terms)|\b(?:break|violate|breach)|\bhurt|\bharm\b|\bprivate\b|\bpersonal\b|\binternal\b"
    r"|\b(?:check|use|try|visit|search|refer to|look at|look it up)\b.{0,30}\b(?:app|website|site|online|google"
    r"|news|internet|official)\b|\blet's\b|\binstead$|\bshall we|\bif i (?:could|knew|did)|\bi(?:'d"
    r"| would) be (?:rich|retired)|\bi (?:hope|wish)\b|\b(?:good|great|interesting|tough|tricky|fun) (?:question"
    r"|idea|one)|\bquestion\b$|\bothers? (?:may|might|can)|\bbest of luck|\bgood luck|\btake care"
    r"|\bhave a (?:nice|great|good)|^(?:hi|hello|hey|well|oh|ah|hmm|however|hold on|wait|but|so|though)\b.{0,12}$"
)
"""What a no comes with and is no help: apologies, reasons, offers of other help, who could help, good-byes."""

MINIMAL = re.compile(
    r"^(?:不行|不可以|不能|不可|不要|不|拒绝|没门|免谈|想得美|绝对不行|那不行|no|nope|no way|never|absolutely not"
    r"|certainly not|not a chance|denied|i refuse|hell no)(?:哦|呢|啊|的|呀|啦)?$"
)
ASKED_TO_DO = re.compile(
    r"帮我|给我|替我|教我|告诉我|为我|请你|麻烦你|^(?:写|画|翻译|编|讲|说|算|推荐|唱|解|假装)|能不能(?:帮|给|写)"
    r"|(?:能|可以)(?:帮|给|替|教|写)|\b(?:can|could|will|would) you\b"
    r"|^(?:please )?(?:tell|give|write|show|make|teach|help|explain|solve|translate|pretend|post|insult|recommend"
    r"|draw|sing|do|create|build|find|compose|hack|let)\b|怎么"
)
YES_OR_NO = re.compile(
    r"吗|能不能|可不可以|是不是|有没有|是否|行不行|会不会|支持不|能[^,。?]{0,8}\?|^(?:is|are|can|do|does|did|will"
    r"|would|could|may|has|have|am|was|were|should|shall|any)\b"
)
HANDS_OVER = re.compile(
    r"(?:转接|转给|转交|转到|转人工|移交|上报|反馈给|升级)|已(?:经)?(?:为|帮|给)你(?:转|安排|登记|提交|反馈)"
    r"|同事(?:会|将|马上|稍后|来)|(?:专员|人工)(?:会|将|马上|稍后)"
    r"|\b(?:pass(?:ing|ed)?|transfer(?:ring|red)?|hand(?:ing|ed)?|forward(?:ing|ed)?|put(?:ting)?) (?:you|this|it"
    r"|your \w+) (?:over|on|through|to)\b|\bconnect(?:ing)? you\b|\bescalat|\bcolleague (?:will|who|can|takes)"
    r"|\bagent (?:will|is)"
)
ASKS_BACK = re.compile(
    r"(?:请|麻烦|烦请|劳烦|能否|可以|方便)[^。!?;]{0,12}(?:提供|发|告诉|告知|说|报|给)[^。!?;]{0,12}(?:订单|手机"
    r"|尾号|单号|型号|照片|截图|账号|邮箱|序列号|凭证|地址)|没有(?:订单|单号|运单|手机|型号|照片|截图|凭证)"
    r"|\bwithout (?:the|your|an?|more) |\b(?:could|can|would|will) you (?:please )?(?:send|give|share|tell"
    r"|provide|confirm)|\bplease (?:send|share|provide|give|tell|confirm)|\b(?:may|could|can) i have (?:the|your)"
)
