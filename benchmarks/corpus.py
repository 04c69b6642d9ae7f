"""Customer-service rows made up from templates: `python benchmarks/corpus.py --rows 1000000 --to FILE.jsonl`.

Seven rows in ten are Chinese, the others English. Of a hundred rows about two hold personal data (invented), two need
cleaning, three fail a rule of quality, and two are near-copies of a row shortly before. One seed, the same bytes.
"""

import argparse
import re
from collections.abc import Callable, Iterator
from itertools import islice
from json import JSONEncoder
from pathlib import Path
from random import Random
from typing import NamedTuple

CHINESE, BRIEF = 0.7, 0.25
PERSONAL, UNCLEAN, FAULTY, COPIED = 0.02, 0.02, 0.03, 0.02
RECENT = 1 << 12
"""A near-copy follows its original within about this many rows."""

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECKS = "10X98765432"
ID_AREAS = ("110105", "310104", "330106", "440305", "420111", "510124", "320102", "610113")

INVISIBLE = "\u200b\u200c\ufeff"
BOILERPLATE = "亲，您好，很高兴为您服务。"
ENTITIES = ("&amp;", "<br>", "&gt;")

Slot = Callable[[Random], str]
Parts = tuple["str | Slot", ...]


class Language(NamedTuple):
    """A row is opening + issue + details + ask, and opening + action + details + closing; issue and action agree."""

    openings: list[Parts]
    topics: list[tuple[list[Parts], list[Parts]]]
    details: list[Parts]
    asks: list[Parts]
    greetings: list[Parts]
    notes: list[Parts]
    closings: list[Parts]
    personal: list[Parts]
    rivals: list[str]
    ends: str


def number(low: int, high: int) -> Slot:
    return lambda draw: str(low + int(draw.random() * (high - low + 1)))


def words(text: str, between: str = " ") -> Slot:
    """One of the words in `text`; where there are several groups, split by "|", one of each."""
    groups = [group.split() for group in text.split("|")]
    return lambda draw: between.join([group[int(draw.random() * len(group))] for group in groups])


def id_card(draw: Random) -> str:
    """An identity card number with the right check digit (GB 11643)."""
    born = f"{draw.randint(1955, 2004)}{draw.randint(1, 12):02d}{draw.randint(1, 28):02d}"
    body = f"{draw.choice(ID_AREAS)}{born}{draw.randint(1, 999):03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, ID_WEIGHTS, strict=True))
    return body + ID_CHECKS[total % 11]


def mobile(draw: Random) -> str:
    return f"1{draw.choice('3578')}{draw.randint(0, 999_999_999):09d}"


def email(draw: Random) -> str:
    return f"{handle(draw)}{draw.randint(10, 9999)}@{handle(draw)}.example"


def order(draw: Random) -> str:
    return f"20{draw.randint(23, 26)}{draw.randint(1, 12):02d}{draw.randint(1, 28):02d}{draw.randint(10**7, 10**8 - 1)}"


handle = words("limei wangfang zhaolei sunyue zhoutao hejia linyi reed winslow koskinen ferri brandt")
SLOTS: dict[str, Slot] = {
    "商品": words(
        "黑色 白色 灰色 深蓝 墨绿 米色 粉色 银色 加厚 轻便 折叠 迷你|蓝牙耳机 电饭煲 羽绒服 台灯 行李箱 保温杯 "
        "机械键盘 空气炸锅 运动鞋 床单四件套 扫地机器人 电动牙刷 儿童书包 瑜伽垫 充电宝 吹风机 投影仪 咖啡机 "
        "登山包 婴儿推车 净水器 手表",
        "",
    ),
    "item": words(
        "black white grey blue green silver compact folding wireless heavy small large|headphones kettle jacket lamp "
        "suitcase bottle keyboard fryer sneakers blanket vacuum toothbrush backpack mat charger dryer projector"
    ),
    "元": number(19, 2999),
    "n": number(2, 9),
    "m": number(10, 59),
    "h": number(9, 21),
    "月": number(1, 12),
    "日": number(1, 28),
    "month": words("January February March April May June July August September October November December"),
    "型号": lambda draw: f"{'ABDEGHKMPRSTX'[int(draw.random() * 13)]}{int(draw.random() * 900) + 100}",
    "手机": mobile,
    "邮箱": email,
    "身份证": id_card,
    "订单": order,
    "姓名": words("李 王 张 陈 赵 周 孙 林 何 刘|建国 敏 晓东 丽 志强 洋 静怡 悦 佳 文静", ""),
    "name": words("Laura Harvey Aldo Mira Tom Brenda Claire|Winslow Reed Ferri Koskinen Okafor Brandt"),
    "地址": words("浙江省杭州市西湖区 广东省深圳市南山区 上海市静安区|文三路 科苑路 珞喻路 中山北路", ""),
    "street": words("Evergreen Baker Harbor Oak Mill Cedar Linden|Street Road Avenue Lane"),
}


def parsed(templates: str) -> list[Parts]:
    """Templates with "|" between them; `{slot}` names a slot."""
    return [
        tuple(SLOTS[piece] if n % 2 else piece for n, piece in enumerate(re.split(r"\{(\w+)\}", template)) if piece)
        for template in templates.split("|")
    ]


def topic(issues: str, actions: str) -> tuple[list[Parts], list[Parts]]:
    return parsed(issues), parsed(actions)


ZH = Language(
    openings=parsed("|你好，|您好，|请问一下，|在吗？|客服你好，|麻烦问下，|想咨询一下，"),
    topics=[
        topic(
            "{月}月{日}日买的{商品}还没有发货|拍下的{商品}已经{n}天没动静了|{商品}的物流停在中转站{n}天没更新|"
            "快递显示签收了，可是{商品}我没有收到|预售的{商品}原定{月}月{日}日发出，到现在也没消息",
            "这边查到{商品}在{月}月{日}日已经出库，正在送往您所在城市的路上|"
            "仓库最近单量较大，{商品}预计{n}天内发出，发出后会有短信提醒|"
            "已经联系快递网点核实，{h}点之前会给您一个明确的答复|"
            "包裹在中转站滞留，我们已催促站点加急派送，预计{n}天内送到|"
            "快递员可能放在了驿站或门卫处，您可以先去那里看一看，没有的话我们安排补发",
        ),
        topic(
            "{商品}收到就是坏的，开不了机|{商品}才用了{n}天就出现异响|收到的{商品}颜色发错了，我要的不是这个|"
            "{型号}款的{商品}少了{n}个配件|{商品}的包装破了，里面也有划痕",
            "请您拍{n}张照片上传到售后页面，审核通过后{n}天内给您换新|"
            "这属于质量问题，支持免费换货，来回运费都由我们承担|{型号}款的配件可以单独补寄，{n}天左右就能送到|"
            "可以给您补偿{元}元，东西您留着继续用，或者直接退货也行|"
            "已经为您登记了换货，快递员{月}月{日}日上门取件，请把附件一起放进盒子",
        ),
        topic(
            "{商品}退货寄回去{n}天了，退款还没到账|{商品}付了{元}元，退款只退了一部分|想退掉{商品}，运费谁来出|"
            "买{商品}的钱扣了两次，多付了{元}元|取消了{商品}，{元}元什么时候退回来",
            "退款已经在{月}月{日}日提交，银行处理需要{n}个工作日，会原路退回|"
            "{元}元已退回您的付款账户，请留意账单变化，通常{n}天内到账|"
            "因为使用了优惠券，实际支付是{元}元，所以按实付金额退回|"
            "重复扣款的部分系统会在{n}小时后自动退回，不需要您再操作|"
            "七天内退货的运费由购买时赠送的运费险承担，您先垫付，之后赔付{n}元到账户",
        ),
        topic(
            "{商品}现在{元}元，还能再便宜一点吗|满{元}元的优惠券用不了|昨天买的{商品}今天降价了{元}元|"
            "{商品}买{n}件有没有优惠|会员买{商品}是不是可以打折",
            "买{n}件可以享受满减，下单时系统会自动抵扣{元}元|优惠券只能用于自营商品，您选的{型号}款不在范围内|"
            "支持{m}天价保，您在页面点一下申请，差价{元}元会退给您|会员价已经是最低了，另外可以送您{n}个小礼品|"
            "活动价以结算页面为准，加入购物车之后就能看到抵扣后的{元}元",
        ),
        topic(
            "{商品}怎么清洗|{型号}款的{商品}怎么连接手机|{商品}充满电能用多久|{商品}保修期是多长时间|"
            "身高一米七穿{商品}选什么尺码",
            "建议用温水和软布擦拭，不要泡水超过{m}分钟，晾干之后再使用|"
            "长按开关{n}秒，指示灯闪烁以后在手机里搜索{型号}，点击连接就可以|"
            "充满电大约需要{n}小时，正常可以使用{h}小时左右|整机保修{n}年，非人为损坏都可以免费维修|"
            "按照尺码表选大一码会更舒适，内里可以留出{n}厘米的余量",
        ),
        topic(
            "买{商品}可以开发票吗|{商品}的发票抬头写错了|需要给{商品}开一张{元}元的专用发票|"
            "{月}月{日}日申请的{商品}发票还没有收到|{商品}的电子发票打不开，能重新发吗",
            "可以的，确认收货后在页面里申请，{n}个工作日内开好|"
            "抬头写错可以重开，请把正确的抬头和税号在页面里重新提交一次|"
            "专用发票需要先上传资质，审核大约{n}天，金额按照实付{元}元来开|"
            "电子发票已经重新发送，请在{m}分钟之后查看，手机和电脑都可以打开|"
            "纸质发票会在{月}月{日}日随快递一起寄出，请您留意查收",
        ),
    ],
    details=parsed(
        "，我已经等了{n}天|，之前联系过{n}次都没有解决|，家里老人等着用|，{月}月{日}日之前就要用到|"
        "，付款的时候是{元}元|，页面上写的是{n}天内处理|，当时一共买了{n}件|，型号是{型号}|，说明书上也没有写清楚|"
        "，上次买的那个没有这个问题|，我人在外地，{h}点以后才方便接电话"
    ),
    asks=parsed(
        "，怎么处理？|，麻烦帮我看一下。|，什么时候能有结果？|？|，谢谢！|，能帮忙催一下吗？|，需要我做什么？|"
        "，到底要等多久啊？|，可以给个说法吗？|，请尽快回复。"
    ),
    greetings=parsed("|您好，|非常抱歉，|抱歉让您久等了，|感谢反馈，|给您添麻烦了，|帮您查过了，|了解您的情况，"),
    notes=parsed(
        "。如果{n}天后还没有变化，请再联系我们|。处理进度可以在页面右上角的服务中心看到|。期间请保持{h}点以后电话畅通|"
        "。我们会在{月}月{日}日再次跟进|。您也可以选择换成{商品}，差价{元}元由我们承担|"
        "。为了补偿您，我们放了一张{元}元的券在您的账户里|。这一款{商品}目前库存只剩{n}件，请尽早决定|"
        "。若是包装已经丢了，用结实的纸箱也可以|。以上说明适用于{型号}款，其他款式请看详情页|"
        "。周末处理会慢一些，工作日{h}点之前提交的当天就能审核"
    ),
    closings=parsed(
        "。|，请您放心。|，请您谅解。|。这样处理您看可以吗？|，有变化我们会第一时间通知您。|，感谢您的理解！|。|"
        "，具体以页面显示为准。"
    ),
    personal=parsed(
        "我的手机号是{手机}。|可以发到我的邮箱{邮箱}。|身份证号是{身份证}。|订单号是{订单}。|我叫{姓名}，电话{手机}。|"
        "收货地址：{地址}{m}号{n}栋{n}单元{h}03室。|收件人：{姓名}，{手机}，{地址}{m}号。"
    ),
    rivals=["我是ChatGPT，", "作为由OpenAI训练的语言模型，", "我叫通义千问，"],
    ends="？。",
)

EN = Language(
    openings=parsed("|Hello, |Hi there, |Hi, |Good morning, |Excuse me, |Quick question: "),
    topics=[
        topic(
            "the {item} I bought on {month} {日} has not shipped yet|"
            "tracking for my {item} has been stuck for {n} days|it says delivered, but the {item} never arrived|"
            "my {item} was due on {month} {日} and there is no news",
            "the {item} left our warehouse on {month} {日} and is on its way to you|"
            "we have asked the carrier to look for the parcel and will know more within {n} days|"
            "the warehouse is busy at the moment, so the {item} will ship in {n} days|"
            "the driver may have left it with a neighbour; if not, we will send another {item}",
        ),
        topic(
            "the {item} arrived broken|my {item} stopped working after {n} days|"
            "I got the wrong {item}, model {型号} instead of {型号}|"
            "{n} parts of the {item} are missing from the box",
            "please upload {n} photos on the return page and we will replace it within {n} days|"
            "this is covered, so we pay for the way back and send a new {item}|"
            "the parts for model {型号} go out separately and take about {n} days|"
            "we can give you {元} dollars back if you would like to keep the {item}",
        ),
        topic(
            "I returned the {item} {n} days ago and still wait for the refund|"
            "I was charged twice for the {item}, {元} dollars too much|"
            "only part of the {元} dollars for my {item} came back|"
            "can I cancel the {item} and get {元} dollars back",
            "the refund was issued on {month} {日} and banks need {n} working days to show it|"
            "{元} dollars went back to your card, please check the next statement|"
            "the second charge is only a hold and disappears after {n} days|"
            "a voucher was used for the {item}, so the refund is the {元} dollars that you paid",
        ),
        topic(
            "how do I clean the {item}|how do I connect the {item} model {型号} to my phone|"
            "does the {item} come with a warranty of {n} years|is there a discount if I take {n} of the {item}",
            "wipe it with a soft cloth and let it dry for {m} minutes before you use it|"
            "hold the button for {n} seconds and choose {型号} in the settings of the phone|"
            "the warranty of the {item} is {n} years and covers everything but accidents|"
            "with {n} pieces in the cart, {元} dollars are taken off at the checkout",
        ),
    ],
    details=parsed(
        ", and I have waited {n} days already|, though I wrote to you {n} times|, and I need it before {month} {日}|"
        ". I paid {元} dollars for it|. It is model {型号}|. The page said {n} days|. I am at home after {h} o'clock|"
        ". The last one did not have this problem"
    ),
    asks=parsed(
        ". What can I do?|. Please have a look.|. When will this be solved?|?|. Thanks!|. Could you please check?|"
        ". Can you help me with that?"
    ),
    greetings=parsed("|We are sorry about that: |Thanks for letting us know: |I checked this: |Good news: |Sure: "),
    notes=parsed(
        ". If nothing happens within {n} days, please write again|"
        ". You can follow every step in the service centre of the app|. We will look at it again on {month} {日}|"
        ". As a small excuse there is a voucher of {元} dollars in your account|"
        ". There are only {n} of the {item} left, so please decide soon|"
        ". Any solid box will do if the old one is gone|. On weekends this takes {n} hours more"
    ),
    closings=parsed(
        ".|, and we will keep you posted.|. Is that all right for you?|. Thank you for your patience.|"
        ". Let us know if you need more.|."
    ),
    personal=parsed(
        "My number is {手机}.|Please write to {邮箱}.|The order number is {订单}.|My name is {name}.|"
        "Ship it to {m}{n} {street}, Springfield.|Regards, my name is {name}, {邮箱}."
    ),
    rivals=["I am ChatGPT. ", "As a language model trained by OpenAI, ", "I am Claude, made by Anthropic. "],
    ends="?.",
)


def filled(draw: Random, templates: list[Parts]) -> str:
    """One of the templates, its slots filled."""
    parts = templates[int(draw.random() * len(templates))]
    return "".join([part if isinstance(part, str) else part(draw) for part in parts])


def times(draw: Random) -> int:
    """How many details or notes: mostly none or one, seldom up to five."""
    chance = draw.random()
    return 0 if chance < 0.72 else 1 if chance < 0.96 else 2 if chance < 0.985 else 3 + int(draw.random() * 3)


def plain(draw: Random, of: Language) -> tuple[str, str]:
    """A question and its answer that nothing is wrong with."""
    issues, actions = of.topics[int(draw.random() * len(of.topics))]
    if draw.random() < BRIEF:
        return filled(draw, issues) + of.ends[0], filled(draw, actions) + of.ends[1]
    question = [filled(draw, of.openings), filled(draw, issues)]
    question += [filled(draw, of.details) for _ in range(times(draw))]
    question.append(filled(draw, of.asks))
    answer = [filled(draw, of.greetings), filled(draw, actions)]
    answer += [filled(draw, of.notes) for _ in range(times(draw))]
    answer.append(filled(draw, of.closings))
    return "".join(question), "".join(answer)


def wide(text: str) -> str:
    """Letters and digits in full width."""
    return "".join([chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c for c in text])


def mojibake(text: str) -> str:
    """UTF-8 read as if it were Latin-1 (Windows-1252 where the text is English)."""
    if text.isascii():
        return text + " We’re here to help.".encode().decode("cp1252")
    return text.encode().decode("latin-1")


def unclean(draw: Random, of: Language, question: str, answer: str) -> tuple[str, str]:
    """The same row, in need of cleaning."""
    kind = draw.randrange(6)
    middle = len(answer) // 2
    if kind == 0:
        return question.replace("？", "&quot;？").replace(" ", "&nbsp;", 2), answer + draw.choice(ENTITIES)
    if kind == 1:
        return wide(question), wide(answer)
    if kind == 2:
        return "\u200b" + question, f"{answer[:middle]}{draw.choice(INVISIBLE)}{answer[middle:]}"
    if kind == 3:
        return question, mojibake(answer)
    if kind == 4:
        return question + draw.choice("？！?!") * draw.randint(5, 12), answer + "。" * draw.randint(4, 9)
    return question, BOILERPLATE + answer


def faulty(draw: Random, of: Language, question: str, answer: str) -> tuple[str, str]:
    """The same row, with an answer that teaches nothing or the wrong thing."""
    answers = (
        lambda: draw.choice("嗯哦好1?"),
        lambda: f"https://help.example/{draw.randint(10**5, 10**7)}",
        lambda: str(draw.randint(10**4, 10**9)),
        lambda: draw.choice("哈啊呵6") * draw.randint(20, 80),
        lambda: question,
        lambda: answer + draw.choice(["<|im_end|>", "</s>", "[/INST]"]),
        lambda: draw.choice(of.rivals) + answer,
    )
    return question, draw.choice(answers)()


def row(draw: Random, recent: list[tuple[str, str]]) -> tuple[str, str]:
    """The next row; `recent` holds rows to copy from."""
    of = ZH if draw.random() < CHINESE else EN
    question, answer = plain(draw, of)
    chance = draw.random()
    if chance < PERSONAL:
        return f"{question} {filled(draw, of.personal)}", answer
    if chance < PERSONAL + UNCLEAN:
        return unclean(draw, of, question, answer)
    if chance < PERSONAL + UNCLEAN + FAULTY:
        return faulty(draw, of, question, answer)
    if chance < PERSONAL + UNCLEAN + FAULTY + COPIED and recent:
        question, answer = recent[int(draw.random() * len(recent))]
        return question, answer + draw.choice(["~", " ", "谢谢", "!", "OK"])
    return question, answer


def rows(count: int, seed: int) -> Iterator[dict[str, str]]:
    """`count` rows; the first of a longer run are the rows of a shorter one."""
    draw = Random(seed)
    recent: list[tuple[str, str]] = []
    for n in range(count):
        made = row(draw, recent)
        if len(recent) < RECENT:
            recent.append(made)
        else:
            recent[n % RECENT] = made
        yield {"question": made[0], "answer": made[1]}


def write_corpus(path: Path, count: int, seed: int) -> None:
    """Writes the rows as JSON Lines."""
    encode = JSONEncoder(ensure_ascii=False).encode
    lines = (encode(each) + "\n" for each in rows(count, seed))
    with path.open("w", encoding="utf-8", newline="\n") as out:
        while block := "".join(islice(lines, 10_000)):
            out.write(block)


def main() -> None:
    asked = argparse.ArgumentParser(description="Writes customer-service rows as JSON Lines.")
    asked.add_argument("--rows", type=int, default=100_000)
    asked.add_argument("--seed", type=int, default=7)
    asked.add_argument("--to", type=Path, required=True)
    given = asked.parse_args()
    write_corpus(given.to, given.rows, given.seed)


if __name__ == "__main__":
    main()
