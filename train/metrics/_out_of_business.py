"""What shops are asked that is none of their business, and what a short no to it looks like, in any words.

Patterns for texts that `_reading.plain` made plain. They say nothing of questions about goods and orders, in whose
answers a no is an answer.
"""

import re

OUT_OF_BUSINESS = re.compile(
    r"(?<![a-z])rap(?![a-z])|(?<![a-z])(?:python|java)(?![a-z])|爬虫|后台|出轨|老公|老婆|感情|几度|恐怖|p图|修图"
    r"|股市|投资|理财|[日英法德韩俄]语|英文|财运|好看的剧|邻居|诗|写词|写歌|首歌|唱歌|小说"
    r"|作文|论文|作业|习题|方程|导数|积分题|代码"
    r"|编程|程序|脚本|翻译|笑话|段子|故事|谜语|电影|电视剧|追剧|菜谱|做菜|股票|荐股|基金|比特币|炒股|彩票|双色球"
    r"|下注|赌|球赛|世界杯|天气|下雨|气温|选举|总统|政治|政党|哪个党|台海|战争|打仗|新闻|宗教|星座|塔罗|算命|运势"
    r"|风水|算卦|梦见|什么病|啥病|治病|看病|吃药|用药|什么药|降压药|布洛芬"
    r"|疼|痛|发烧|痣|怀孕|诊断|减肥|自杀|安眠药|划手腕|割腕|活着|律师|官司|打赢|离婚|判给|遗产|法律|逃税|偷税|假流水"
    r"|破解|黑客|外挂|炸弹|毒品|下毒|毒气|枪支|作弊|小抄|四级|提示词"
    r"|系统指令|后台规则|老板|身份证号|住哪|家庭住址|工资|进货价|成本价|利润|隔壁|竞品|别家|骂|歧视|女朋友|男朋友"
    r"|检讨|辞职信|请假条|简历|演讲稿|发言稿|周报|总结报告|开房|别人的|前任|前女友|前男友|(?:查"
    r"|打听)[^,]{0,6}(?:别人|买家|客户)"
    r"|牙疼|头疼|胃|感冒|头孢|阿莫西林|冠军|足球|篮球|谁会赢|谁能赢|会涨|会跌|涨到|涨吗|涨不涨|房价|楼市|虚拟币|稳赚"
    r"|制毒|翻墙|抢票"
    r"|结婚|婚姻|追女|追男|女神|男神|起诉|告他|坐牢|裁员|裁我|仲裁|正当防卫|酒驾|伪造|假条|假章|假发票|造假|洗钱|薪水"
    r"|方程|数学题|选择题|考试|日文|法文|唱|跳舞|举报|炸开|消失|指令|面相|看相|体检报告|(?:私人|他的|她的)手机号|命理"
    r"|表白|情书|分手|谈恋爱|扮演|假装|假好评|刷单|刷好评|高仿|海报|画一?[张幅个]"
    r"|\b(?:poems?|raps?|song|lyrics|essays?|homework|calculus|equation|integrate|coding|script|(?:write|debug|fix"
    r"|python|java|html) (?:\w+ )?code|translat\w+|jokes?|story|riddle"
    r"|movies?|films|recipe|stocks|stock (?:tips?|market|picks?)|which stock|invest\w*|savings|bitcoin|crypto"
    r"|lottery|python|scraper|husband|wife|temperature tomorrow|lose weight|ghost|photoshop|bet|betting|weather"
    r"|forecast|election|vote|president|politic\w*"
    r"|religio\w+|horoscope|tarot|fortune|rash|mole|sleeping pills|blood pressure|medicine|ibuprofen|headache|fever"
    r"|diagnos\w+|diet|symptoms?|pregnan\w+|cancer|suicid\w+|sue|lawyer"
    r"|landlord|divorce|taxes|payslips?|hack\w*|crack|bomb|weapons?|poison|drugs|steal|cheat|exam|fake|ceo|boss"
    r"|supplier|markup|(?:your|system|hidden) (?:prompt|instructions)|ssn"
    r"|home address|salary|competitors?|other shop|roast|insult|immigrants|girlfriend|boyfriend|love letter|dating"
    r"|pretend|role-?play|tweet|logo|teach me|pick a lock|resignation|love letter|breakup|revenge|wedding|tooth|teeth"
    r"|infected|evade|evading|launder|meth|lethal|dose|overdose|xanax|tramadol|aspirin|paracetamol|pills|chest pains?"
    r"|in court|my case|legal|contract|quiz|hamlet|haiku|abortion|murder|forge|forged|spy|stalk|my ex|my neighbou?r"
    r"|(?:which|who is the|who's the) customer|instructions|better than you(?:rs)?|song|sing|predict|shares|counterfeit"
    r"|backdate|lie detector|password of|who should i|who (?:will|would) win|who wins)\b"
)
"""What shops are asked that is none of their business."""
A_NO = re.compile(
    r"(?:我|咱|客服|小店|本店|这边|这里|机器人|助手)[^,]{0,12}(?:[不没]|无[法权力]|难以|勿|拒)|[不没][^,]{0,4}(?:我"
    r"|客服)"
    r"|(?<!为什么)(?:不(?:能|可|便|方便|谈|聊|讲|提供|做|接|支持|懂|敢|想|愿|予|评|涉及|写|给|教|骂|算|猜|说|碰|参与"
    r"|奉陪|提倡|外)|没法|无法|没学|免谈|请?勿|拒绝|严禁)"
    r"|[做写讲给算答聊接整看查帮办搞]不(?:了|来|到|上|动)|不行|非本人|没有?(?:开通|开放)|请(?:使用|用|看|查看"
    r"|关注)[^,]{0,6}(?:软件|app|预报|网站)|违反|违法|犯法|犯罪|(?:属于|涉及"
    r"|是)[^,]{0,6}(?:隐私|秘密"
    r"|机密)|放过我|饶了我|另请高明"
    r"|\b(?:i|i'm|i've|i'd|my|me|we|our|us|here|this chat|this bot|customers)\b.*(?:n't\b|\b(?:not|no|never|nor|none"
    r"|outside|beyond|only|just|nope|above|private|all business|stick to)\b)"
    r"|(?:n't\b|\b(?:not|no|never|none|outside|beyond|above|different|elsewhere)\b).*\b(?:i|i'm|my|me|we|our|us|here"
    r"|this chat|this bot|that one|customers)\b"
    r"|(?:n't|not|im)\s?possible\b|\bnot available\b|\b(?:check|use|try) (?:a|an|your|the) [a-z ]{0,12}(?:app"
    r"|service|site|website|forecast)"
    r"|\bbetween you and|\bi(?:'m)? (?:stick to|stay|keep|only)\b|\bstays? private\b|^(?:no|nope|sorry|never)$"
)
"""Whatever denies: a no to a request that is none of the shop's business, if nothing else is said."""
OF_ITSELF = re.compile(
    r"(?<!给)(?<!跟)(?:我(?!们)|咱(?!们)|小店|本店|本平台|客服|小喵|系统)|(?:得|要|还是|靠)你?自己|你自己|别(?:动|打"
    r"|问|打听|再|做|想)|拒[答绝]"
    r"|再问|(?:犯|有)忌讳|永远不会有"
    r"|\b(?:i|i'm|i'd|i'll|i've|me|my|you'd like to know|yourself|don't ask|trade secrets?"
    r"|domain|authori[sz]ed)\b"
)
"""A clause about the speaker, or about who asks: in a short answer to such a request it is beside the matter."""
CREATIVE = re.compile(
    r"笑话|段子|故事|诗|歌|谜语|小说|作文|情书|文案|写[一个首段篇封]|\b(?:poems?|jokes?|story|songs?|haiku|riddles?"
    r"|lyrics|raps?"
    r"|letter|tweet|limerick|tale)\b"
)
"""Asks for a text in which somebody may speak of himself."""
IN_BUSINESS = re.compile(
    r"订单|快递|发货|退|换|尺码|坏了|寄|收到|没到|发票|客服|有货|怎么用|包裹"
    r"|\b(?:late|parcels?|orders?|deliver\w*|refund\w*|returns?|returned|ship\w*|broken|arrived?|fit|size|use|work"
    r"|works)\b"
)
"""Words of trade: beside them a speaker who speaks of himself is at work."""
GIVES_ANYWAY = re.compile(
    r"(?<![不没法])(?:给|帮|为|替)你(?:发|寄|换|退|补|查|催|办|安排|留|改|登记|申请|处理|送|打|写|找)|明天|今天|马上"
    r"|稍后|正在|这就|"
    r"\bi(?:'ve| have) (?:just |already |now )?(?!been|never|not)[a-z]+ed\b|\bi can (?!only)|\bi'd (?:order|buy|take"
    r"|size|wait"
    r"|avoid|check)\b|"
    r"我(?:个人|自己|也|倒|就|再|这就|马上|先|来|现在|这边)*(?:觉得|认为|看|猜(?!不)|感觉|推荐|建议|给你|帮你|来|会"
    r"|教你|可以|能|喜欢"
    r"|查|催|核|登记|申请|安排|记下|问一下|联系|写|念|讲|押|选|投|支持|已)(?!不|了不)|告诉我|发我|给我"
    r"|\b(?:i|we)(?:'d|'ll| would| will|'ve| have)? (?:just |also |personally |always |usually )*(?:think|guess|say"
    r"|go (?:for|with)|try|start|recommend|suggest|bet|pick|use|sent|added|got|hope|like|love|choose|reckon|believe|put"
    r"|send|check|look|book|fix|take care)\b|\blet me\b|\bhere(?:'s| you go| is)\b|\btell me\b"
)
"""What gives an answer, or begins one, and speaks of the speaker all the same."""
SPEAKS = re.compile(
    OUT_OF_BUSINESS.pattern
    + r"|[你我咱亲]|客服|本店|小店|机器人|助手|服务|提供|回答|问题|内容|话题|信息|内部|设定|展示|抱歉|对不起"
    r"|不(?:给|行|可以|外)|保密|[a-z]"
)
"""What stands in an answer that speaks to somebody: no line of a poem has it as a rule."""
NO_REFUSAL = re.compile(
    r"带来[^,]{0,6}不便|有什么(?:需要|可以)|never say no|不客气|没问题|不用谢|没关系|^(?:问|答)[:：]|为什么|什么东西"
    r"|\bno (?:problem|worries)\b|^(?:why"
    r"|what|how|who|when)\b"
)
"""A no of manners, and what riddles and jokes ask."""
OF_TEXTS = re.compile(
    r"改写|改成|改为|改正|更正|修改|转换|转化|翻译|重写|造句|同义|反义|否定|缩写|扩写|续写|润色|这句话|句子"
    r"|以下(?:文|句|短语)|纠正"
    r"|\b(?:rewrite|rephrase|paraphrase|translate|convert|correct|edit|negate|negative form|sentence|synonyms?"
    r"|reword)\b"
)
"""Asks for a text in which somebody may say no."""
