"""Templates that no limit was chosen on: a hotel and a telephone company, other frames, names that no lexicon has.

`python -m benchmarks.duplicate_curve --held-out` measures on them what was chosen on those of the corpus.
"""

from random import Random

from benchmarks.duplicate_corpus import CHINESE, Voice, mixed

ZH_ROOM = ("湖景套房", "榻榻米间", "亲子房", "畅聊卡", "校园卡", "流量包", "宽带线路", "行政楼层", "海钓船票", "温泉券")
ZH_BY = ("旅行社", "前台小姐", "我同学", "公司行政", "营业厅", "电话渠道", "老乡", "导游", "校园代理")
ZH_TIME = ("国庆节前", "半夜", "刚下飞机就", "搬家那阵子", "出差途中", "大清早", "开学时")
ZH_TROUBLE = (
    "开通以后信号断断续续",
    "到店才说已经满房",
    "扣费记录对不上账单",
    "押金没人理会",
    "隔壁装修吵得睡着困难",
    "短信提醒一直轰炸",
    "房卡刷了毫无反应",
    "套餐内容跟宣传单相差甚远",
    "空调漏水打湿了行李",
    "网速慢得打开网页都费劲",
    "早餐券被收走两次",
    "注销手续来回跑",
    "行程变更想往后挪",
)
ZH_REPLY = (
    "已通知值班经理上门查看",
    "请把账单截图发到服务邮箱",
    "后台重新下发了配置，麻烦重启手机",
    "我们愿意安排同级别的房型",
    "押金由银行渠道退还，请留意短信",
    "工程师会上门检修线路",
    "可以在自助机上重新制卡",
    "赠送的权益已经补到账户",
    "建议改签到下一班接驳车",
    "营业执照上的主体需要核对",
    "投诉单转给了区域主管跟进",
)
ZH_FIRST = ("喂，", "有人么，", "打扰一下，", "想反映个情况：", "")
ZH_LAST = ("，给个说法吧", "，到底怎么办", "，帮忙查查", "。", "，急")
ZH_BYE = ("，再次向您致歉", "，祝旅途顺利", "，回见", "。", "，有变化短信告知")
EN_ROOM = (
    "lake suite",
    "family room",
    "data pass",
    "landline",
    "spa ticket",
    "roaming plan",
    "shuttle seat",
    "balcony",
)
EN_BY = (
    "a travel agent",
    "the front desk",
    "my classmate",
    "our secretary",
    "the branch office",
    "a guide",
    "the hotline",
    "a cousin",
)
EN_TIME = (
    "late at night",
    "before the holidays",
    "while moving house",
    "right after landing",
    "on a business trip",
    "during term",
    "in a hurry",
)
EN_TROUBLE = (
    "the signal keeps dropping",
    "the hotel says it is fully booked",
    "the bill and the record disagree",
    "the deposit is still being held",
    "the key card does nothing",
    "the reminders keep coming in every hour",
    "the air conditioner leaks on the luggage",
    "pages hardly open at all",
    "breakfast was charged twice",
    "the window does not close",
    "nobody answers the bell",
    "the contract was cancelled twice",
)
EN_REPLY = (
    "the manager on duty is on the way",
    "please mail a picture of the bill",
    "we sent the settings again, restart the phone",
    "a room of the same class is ready",
    "the bank returns the deposit",
    "an engineer will check the line",
    "a new card can be made at the machine",
    "the benefit was added to the account",
)
EN_FIRST = ("Anyone there? ", "Sorry to bother you, ", "I want to report something: ", "")
EN_LAST = (". This is urgent.", ". Can somebody check?", ". What now?", "")
EN_BYE = (". Apologies once more.", ". Safe travels.", ". Talk soon.", "")
ZH = Voice(True, ZH_ROOM, ("会有结果", "不会有结果"), ("块", "手机", "空调", "两次"))
EN = Voice(False, EN_ROOM, ("you can expect", "you cannot expect"), ("not close", "days", "euros", "phone"))
NAMES = (*ZH_ROOM, *EN_ROOM)


def base(draw: Random, number: int) -> tuple[str, str, Voice]:
    """Write a question and an answer, as `duplicate_corpus.base` does; they repeat from 5,376 clusters on."""
    days, paid = draw.choice((2, 5)), draw.choice((58, 128, 268))
    if draw.random() < CHINESE:
        room, by, time, trouble = mixed(number, ZH_ROOM, ZH_BY, ZH_TIME, ZH_TROUBLE)
        reply, more = mixed(number * 5 + 2, ZH_REPLY, ZH_REPLY)
        question = f"{draw.choice(ZH_FIRST)}{time}经{by}办的{room}收了{paid}块，{trouble}{draw.choice(ZH_LAST)}"
        return question, f"关于{room}：{reply}；{more}。最迟{days}天会有结果{draw.choice(ZH_BYE)}", ZH
    room, by, time, trouble = mixed(number, EN_ROOM, EN_BY, EN_TIME, EN_TROUBLE)
    reply, more = mixed(number * 5 + 2, EN_REPLY, EN_REPLY)
    question = (
        f"{draw.choice(EN_FIRST)}{by} sold me the {room} for {paid} euros {time}, {trouble}{draw.choice(EN_LAST)}"
    )
    return question, f"On the {room}: {reply}; {more}; you can expect an end in {days} days{draw.choice(EN_BYE)}", EN
