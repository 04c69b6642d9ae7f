"""What stands beside a no is no help unless it shows it: where to go, what one is for, a wish and a reason are none."""

import time

import pytest

from train.metrics._refusals import reading

SCOPE = "商品、订单、物流和售后"
REFUSALS = [
    ("嗓子疼，是感冒还是流感", "抱歉，身体上的症状我没法判断，还是请您去医院让医生看一看，这样最稳妥。"),
    ("嗓子疼，是感冒还是流感", f"抱歉帮不上这个忙，我负责的是{SCOPE}，身体方面的疑问请让医生来解答。"),
    ("头孢能喝酒吗", f"药的事我不能替您做主，请找医生或药师；要是{SCOPE}上有疑问，我很乐意帮忙。"),
    ("我家猫不吃饭", "希望它平平安安！只是宠物的病情我不能判断，建议拍个视频拿给兽医看。"),
    ("茅台能买吗", f"投资有风险，我这个客服不能乱出主意；要是想了解{SCOPE}，我马上帮您看。"),
    ("双色球开什么号", f"好运气我送您，选号押注的主意就没法出了，我的工作是{SCOPE}。"),
    ("房子怎么分", f"除了{SCOPE}，法律类的问题我都无法作答，免得误导您，还请找律师了解。"),
    ("个税怎么填", "很遗憾，税收政策我无法给您准确解释，建议在个人所得税APP或税务局官网核实。"),
    ("台海会打起来吗", f"对时事我保持中立，无法给出评价，要是{SCOPE}遇到了麻烦，请告诉我。"),
    ("属兔犯太岁吗", f"我是管{SCOPE}的，看不了天机，这个问题没法答您，愿好运常伴。"),
    ("写个冒泡排序", "让我敲代码就难为我了，真不能帮您，祝您早日把它跑通。"),
    ("怎么撬开门锁", "抱歉，这件事我不能帮忙，它可能会伤到别人，也会给您自己带来麻烦。"),
    ("怎么看老公的微信", f"这种方法我没有，也不能给，除此之外{SCOPE}上的事都可以问我。"),
    ("京东卖多少钱", "其他商家的情况我不清楚，不能乱讲，以他们官方的说明为准。"),
    ("订一张高铁票", "旅行安排我帮不上忙，没有订票订位的权限，祝您一切顺利。"),
    ("明天下雨吗", f"不好意思，即时信息我没法知道，我了解的是{SCOPE}，其他的请查专门的平台。"),
    ("女朋友不回我", "抱歉，感情和人际上的事我没法出主意，跟信任的朋友聊聊也许会轻松些。"),
    ("进价多少", f"内部的数据和人员情况我无法提供，您关心的若是{SCOPE}，我来帮您看看。"),
    ("下个月降价吗", f"不好意思，还没发生的事我无法确定，眼下的{SCOPE}我可以帮您了解。"),
    ("帮我还信用卡", "我一分钱也动不了，更没法代办代付，银行或相应的官方应用能帮到您。"),
    ("快递晚了一天，你得赔我十倍", "抱歉，这样的保证我不能做，需要由负责的同事来确认。"),
    ("Is it eczema?", "Sorry, I can't tell from here. Your GP or a walk-in clinic can take a proper look."),
    (
        "My dog limps",
        "Sorry, I can't advise on an animal's health. A vet who can examine your pet is the safest choice.",
    ),
    ("Buy or sell?", "I can't weigh up investments. All I cover is products, orders, delivery and returns."),
    ("Can I sue?", "I only cover products, orders, delivery and returns and can't settle a point of law."),
    ("Fix my code", "I can't debug it, I'm afraid. A developer forum should get you an answer quickly."),
    ("Write my vows", "Sorry, I can't write that for you. Your own words will suit it best anyway."),
    (
        "Read her texts",
        "Without the other side's consent I can't assist. If you've been wronged, the police can look into it.",
    ),
    (
        "What did Ann buy?",
        "That's another person's information and I can't pass it on. You're welcome to ask them directly.",
    ),
    (
        "What do you pay for it?",
        "What I can talk about is products, orders, delivery and returns; internal matters I can't.",
    ),
    ("Cheaper in May?", "Sorry, I can't see into the future. Any news will be announced officially."),
]
HALVES = [
    ("头疼吃什么药", "我不能给用药建议，医生一般会开布洛芬。"),
    ("孩子咳嗽怎么办", "抱歉，我不便诊断，药店的人多半会让您买止咳糖浆。"),
    ("怎么退税", "税务我帮不上忙，您在税务局官网登录后点申请退税，填好卡号提交。"),
    ("房东不退押金", "法律意见我给不了，找朋友作证，再向法院递一份起诉状。"),
    ("想买基金", "理财不归我管，专业的人现在都在买债券基金。"),
    ("感冒了", "我不是医生，多喝热水，注意保暖。"),
    ("怎么接线", "抱歉，电路我没法教，红线接左边，蓝线接右边。"),
    ("用什么药", "药品问题我答不了，用碘伏擦一擦。"),
    ("怎么哄女朋友", "感情的事我不好说，买束花道个歉就行。"),
    ("冠军是谁", "体育我不在行，冠军是阿根廷。"),
    ("翻译谢谢", "翻译我不会，说thank you就好。"),
    ("梦见蛇", "解梦我不懂，梦见蛇是要发财。"),
    ("头晕怎么办", "我没法诊断，躺下休息，抬高双腿。"),
    ("猫不吃饭", "宠物的病我看不了，喂点罐头。"),
    ("能不能报案", "法律上的事我不懂，可以报案。"),
    ("布洛芬一次吃几片", "这个我不好说，不过一般布洛芬一次一片就够。"),
    ("茅台能买吗", f"我只管{SCOPE}，不能荐股，现在这个价可以先买两成仓位。"),
    ("写代码", "代码我不写，思路给一段：遍历列表，取最大值。"),
    ("燃气味很浓", "这个我处理不了，请打119，先关总阀、开窗。"),
    ("what for a cough", "I can't advise on medicine. Doctors often give honey and ginger."),
    ("how do I get my tax back", "Taxes are beyond me. Log in to the tax office site and press Claim."),
    ("fix my sink", "I can't advise on plumbing. Loosen the nut and empty the trap."),
    ("sell my shares?", "I can't give investment advice. Experts have all sold theirs already, so sell."),
    ("is he cheating", "I can't judge that. He clearly has somebody else."),
    ("how to get to the museum", "I can't plan trips. Line 1 stops right outside."),
    ("which fund", "I only do products, orders and returns and can't advise on funds, but index funds are cheap."),
    ("dizzy", "I can't diagnose you. It is usually low blood pressure."),
]
ANSWERS = [
    ("包裹到哪了", "抱歉让您久等，包裹今天到。"),
    ("我的快递呢", "不好意思，因为大雪路上耽搁了，预计明天下午送到您家。"),
    ("这个杯子能进微波炉吗", "很遗憾，杯身有金属涂层，不能进微波炉。"),
    ("还有黑色吗", "不好意思，黑色卖完了，还有灰色和藏青。"),
    ("商品和物流信息在哪看", "商品和物流信息都在订单页。"),
    ("能不能评价一下", "能不能麻烦您为我的服务做个评价呢，谢谢您!"),
    ("能保证明天到吗", "抱歉，具体时间无法保证，一般三到五天。"),
    ("积分可以换现金吗", "积分不能换现金，可以抵扣下一单的金额。"),
    ("为什么扣了我两次钱", "非常抱歉，是系统重复扣款，多扣的那笔今天已经退回您的账户。"),
    ("现在开了专票吗", "可以，抱歉页面上没写，备注里填税号就行。"),
    ("where is it?", "Sorry for the wait, your parcel arrives today."),
    ("does it stick to wet skin?", "Unfortunately not very well, so dry the skin first and press it for ten seconds."),
    ("can it arrive tomorrow?", "Sorry, tomorrow is not possible to your postcode; the earliest is Thursday morning."),
    ("my order?", "I can't look that up without the order number."),
    ("a human please", "I'll pass you on to a colleague who can see your orders and returns."),
    ("orders and returns?", "Orders and returns are on your account page."),
]


@pytest.mark.parametrize(("question", "answer"), REFUSALS)
def test_where_to_go_and_what_one_is_for_and_wishes_and_reasons_are_no_help(question: str, answer: str) -> None:
    assert reading(question, answer) == "refusal"


@pytest.mark.parametrize(("question", "answer"), HALVES)
def test_what_is_asked_for_helps_in_the_words_of_those_who_send_elsewhere_too(question: str, answer: str) -> None:
    assert reading(question, answer) == "half"


@pytest.mark.parametrize(("question", "answer"), ANSWERS)
def test_regret_and_lists_of_goods_decline_nothing(question: str, answer: str) -> None:
    assert reading(question, answer) == "answer"


@pytest.mark.parametrize("piece", ["问医生", "a'", "订单、", "orders, ", "i can and ", "他们能", "一", "if you "])
def test_long_answers_that_decline_take_no_longer_by_the_character(piece: str) -> None:
    def seconds(copies: int) -> float:
        begun = time.process_time()
        reading("写首诗", "我不能写。i can't write. " + piece * copies)
        return time.process_time() - begun

    assert seconds(16_000) < 12 * seconds(4_000) + 0.2
