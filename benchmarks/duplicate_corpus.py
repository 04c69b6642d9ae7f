"""Customer-service rows with known clusters: `python -m benchmarks.duplicate_corpus --rows 20000 --to FILE.jsonl`.

Each row is {question, answer, cluster, edits}; rows of one cluster say the same, with one to five letters in a hundred
edited: inserted, left out, swapped, written as another of the same sound, or a pause more or less. All rows share
templates and boilerplate, so that rows of other clusters stand at Jaccard 0.5 to 0.8, and beside every tenth row stands
one that differs in a single fact. No edit touches a number, its unit, a date, a negation, a name or a word with an
opposite. One seed, the same bytes.
"""

import argparse
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

REPEATED, HARD, CHINESE = 0.3, 0.1, 0.7
RATES = (0.01, 0.05)

ZH_OPEN = ("您好，", "你好，", "亲，", "请问一下，", "客服在吗，", "想咨询一下，", "麻烦问下，", "")
ZH_ASK = ("，这个怎么处理？", "，需要我做什么？", "，麻烦帮我看一下", "，大概要等多久？", "？", "，谢谢")
ZH_GREET = ("您好，很高兴为您服务，", "亲，让您久等了，", "非常抱歉给您带来不便，", "感谢您的耐心等待，", "")
ZH_CLOSE = (
    "，如果还有其他问题请随时联系我们",
    "，请您保持电话畅通",
    "，感谢您的理解与支持",
    "，祝您购物愉快",
    "，请您放心",
)
ZH_WHO = ("我妈妈", "我朋友", "公司同事", "我室友", "我邻居", "我爱人", "我自己", "家里老人", "我们部门", "楼下的亲戚")
ZH_THING = (
    "手机",
    "耳机",
    "键盘",
    "电饭煲",
    "羽绒服",
    "台灯",
    "行李箱",
    "保温杯",
    "运动鞋",
    "咖啡机",
    "投影仪",
    "瑜伽垫",
)
ZH_WHEN = (
    "上周在直播间",
    "刚才在小程序里",
    "双十一大促期间",
    "在线下门店",
    "通过家人的账号",
    "用积分换购时",
    "从首页活动入口",
)
ZH_PROBLEM = (
    "收到以后发现外壳裂开了",
    "物流信息一直停留在转运中心",
    "退款迟迟到不了账户",
    "发票抬头写成了别家公司",
    "优惠券结算时用上失败",
    "用了几次就开始冒烟",
    "包装里少了说明书和螺丝",
    "颜色跟页面图片相差很大",
    "申请换货被系统直接驳回",
    "登录时验证码收到得太晚",
    "地址填错想改成老家",
    "支付成功却显示待付款",
    "配送员放到驿站就走了",
    "保修卡上忘记盖章",
    "会员积分突然清空了",
)
ZH_FIX = (
    "已经为您登记补发，仓库会优先打包",
    "这边联系快递网点核实之后回复您",
    "财务审核通过以后会原路退回",
    "请在订单页面重新提交正确的抬头",
    "优惠券仅限自营商品，请更换后再试",
    "请立即断电并拍照上传，我们安排上门取件",
    "缺少的配件会由厂家单独寄出",
    "实物受光线影响略有色差，支持换货",
    "驳回原因是照片模糊，请重新拍摄上传",
    "请检查短信拦截设置，然后重新获取",
    "地址可以在发货之前修改，请点击编辑",
    "系统同步稍有延迟，请刷新页面查看",
    "我们会投诉该配送员并要求重新派送",
    "凭电子订单即可享受保修，无需盖章",
    "积分到期会自动清零，可以申请人工恢复",
)
EN_OPEN = ("Hello, ", "Hi there, ", "Good morning, ", "Excuse me, ", "")
EN_ASK = (". What should I do?", ". Please have a look.", ". How long will it take?", ". Thanks a lot.", ".")
EN_GREET = ("Thank you for contacting us. ", "We are sorry about the trouble. ", "Thanks for waiting. ", "")
EN_CLOSE = (". Let us know if you need anything else.", ". Thank you for your patience.", ". Have a nice day.", ".")
EN_WHO = ("my mother", "a friend of mine", "my colleague", "our office", "my neighbour", "my brother", "I myself")
EN_THING = ("headphones", "kettle", "jacket", "suitcase", "backpack", "keyboard", "blanket", "projector", "lamp")
EN_WHEN = ("during the live show", "in the app", "at the summer sale", "in the store downtown", "with reward points")
EN_PROBLEM = (
    "the cover was cracked on arrival",
    "the parcel is stuck in the sorting centre",
    "the refund never reached the account",
    "the invoice names another company",
    "the voucher failed at the checkout",
    "it started to smoke after a while",
    "the manual and the screws are missing",
    "the colour is far from the picture",
    "the exchange was rejected by the system",
    "the code arrives far too late",
    "the address is wrong and should change",
    "the payment still shows as pending",
)
EN_FIX = (
    "we have registered a replacement and the warehouse packs it first", "we will ask the carrier and reply afterwards",
    "the refund goes back the same way once it is approved", "please submit the right name on the order page",
    "the voucher is only for our own goods, please choose another", "please unplug it at once and upload a photo",
    "the missing parts are sent separately by the maker", "light can change how it looks, an exchange is possible",
    "the photo was blurred, please take another one", "please check the message filter and ask for a new code",
    "the address can be edited until it is shipped", "the system is a little late, please refresh the page",
)  # fmt: skip

SOUNDS = (
    "的得地",
    "在再",
    "做作",
    "账帐",
    "象像",
    "他她它",
    "即既",
    "已以",
    "后候",
    "情请清",
    "为位",
    "还环",
    "理里",
    "式试",
)
SOUND = {letter: group.replace(letter, "")[0] for group in SOUNDS for letter in group}
FILL = "的了就也都给把这那会先还"
UNTOUCHED = set("0123456789不没未别无非勿否能可年月日号天小时分钟元个件")
DECIDING = (
    "之前",
    "之后",
    "以前",
    "以后",
    "上周",
    "十一",
    "几次",
    "线下",
    "失败",
    "成功",
    "开始",
    "before",
    "after",
    "twice",
)
"""Words of the templates that decide what is said, as numbers do: no edit touches them either."""
LETTERS = "abcdefghijklmnopqrstuvwxyz"
PAUSES = "，。！？,.!?~"


class Voice(NamedTuple):
    """What an edit must know of a text: its script, its names, how its promise is denied, what else is not touched."""

    chinese: bool
    names: tuple[str, ...]
    denial: tuple[str, str]
    untouched: tuple[str, ...] = ()


ZH = Voice(True, ZH_THING, ("内完成", "内不能完成"))
EN = Voice(False, EN_THING, ("which takes", "which never takes"), ("never", "days", "dollars"))


class Row(NamedTuple):
    question: str
    answer: str
    cluster: str
    edits: int
    fact: str = ""
    """Which fact differs from the row before, for a row that must not be taken for its repeat."""


def base(draw: Random, number: int) -> tuple[str, str, Voice]:
    """Write a question and an answer from shared parts; `number` chooses among the combinations: none comes twice."""
    if draw.random() < CHINESE:
        who, thing, when, problem = mixed(number, ZH_WHO, ZH_THING, ZH_WHEN, ZH_PROBLEM)
        fix, second_fix = mixed(number * 7 + 3, ZH_FIX, ZH_FIX)
        days, yuan = draw.choice((3, 7)), draw.choice((99, 199, 299))
        question = f"{draw.choice(ZH_OPEN)}{who}{when}买的{thing}，付了{yuan}元，{problem}{draw.choice(ZH_ASK)}"
        answer = f"{draw.choice(ZH_GREET)}{fix}，{second_fix}，预计{days}天内完成{draw.choice(ZH_CLOSE)}"
        return question, answer, ZH

    who, thing, when, problem = mixed(number, EN_WHO, EN_THING, EN_WHEN, EN_PROBLEM)
    fix, second_fix = mixed(number * 7 + 3, EN_FIX, EN_FIX)
    days, dollars = draw.choice((3, 7)), draw.choice((99, 199, 299))
    complaint = f"the {thing} that {who} bought {when} cost {dollars} dollars and {problem}"
    question = f"{draw.choice(EN_OPEN)}{complaint}{draw.choice(EN_ASK)}"
    greet, close = draw.choice(EN_GREET), draw.choice(EN_CLOSE)
    answer = f"{greet}About this, {fix}, and {second_fix}, which takes {days} days{close}"
    return question, answer, EN


def mixed(number: int, *lists: tuple[str, ...]) -> list[str]:
    """Choose one of each list: another combination for each number, up to the product of their lengths."""
    chosen = []
    for choices in lists:
        number, index = divmod(number, len(choices))
        chosen.append(choices[index])
    return chosen


def edited(draw: Random, text: str, voice: Voice) -> tuple[str, int]:
    """Edit one to five letters in a hundred of a text, and count the edits."""
    count = max(1, round(len(text) * draw.uniform(*RATES)))
    for _ in range(count):
        text = _edit(draw, text, voice)
    return text, count


def _edit(draw: Random, text: str, voice: Voice) -> str:
    """Insert, leave out, swap or replace a letter, or insert a pause."""
    at, chinese = _free_offset(draw, text, voice), voice.chinese
    kind = draw.randrange(5)

    if kind == 0:
        return text[:at] + draw.choice(FILL if chinese else LETTERS) + text[at:]
    if kind == 1:
        return text[:at] + text[at + 1 :]
    if kind == 2:
        return text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :]
    if kind == 3 and chinese:
        homophones = [n for n in range(1, len(text) - 1) if text[n] in SOUND and _free(text, n, voice)]
        at = draw.choice(homophones) if homophones else at
        return text[:at] + SOUND.get(text[at], draw.choice(FILL)) + text[at + 1 :]
    if kind == 3:
        return text[:at] + draw.choice(LETTERS) + text[at + 1 :]
    return text[:at] + draw.choice(PAUSES) + text[at:]


def _free_offset(draw: Random, text: str, voice: Voice) -> int:
    """Draw an offset that an edit may touch; the end of the text where none is found."""
    tried = (draw.randrange(1, len(text) - 1) for _ in range(200))
    return next((at for at in tried if _free(text, at, voice)), len(text) - 1)


def _free(text: str, at: int, voice: Voice) -> bool:
    """Tell whether an edit here leaves every fact as it is: names, numbers and what is denied stay whole."""
    if UNTOUCHED & set(text[max(0, at - 2) : at + 2]):
        return False
    reach = 5 if voice.chinese else 11
    words = (*voice.names, *voice.untouched, *DECIDING)
    return not any(text.find(word, max(0, at - reach), at + reach + 1) >= 0 for word in words)


def hard(draw: Random, question: str, answer: str, voice: Voice) -> tuple[str, str, str]:
    """Change a single fact of the row, and say which: it says something else then."""
    kind = draw.choice(("number", "negation", "name", "unit"))
    digits = re.findall(r"\d+", answer)[0]
    if kind == "number":
        return question, answer.replace(digits, str(int(digits) + draw.randint(1, 9)), 1), kind
    if kind == "unit":
        hours = answer.replace(f"{digits}天", f"{digits}小时").replace(f"{digits} days", f"{digits} hours")
        return question, hours, kind
    if kind == "negation":
        return question, answer.replace(*voice.denial), kind
    old = next(name for name in voice.names if name in question)
    new = draw.choice([name for name in voice.names if name != old])
    return question.replace(old, new, 1), answer, kind


Base = Callable[[Random, int], tuple[str, str, Voice]]


def rows(count: int, seed: int, base: Base = base) -> Iterator[Row]:
    """Write `count` rows, cluster after cluster; the first of a longer run are the rows of a shorter one."""
    draw = Random(seed)
    written = number = 0
    while written < count:
        question, answer, voice = base(draw, number)
        group = [Row(question, answer, str(number), 0)]

        # rows that say the same, and one that does not
        if draw.random() < REPEATED:
            for _ in range(draw.choice((1, 1, 1, 2, 3))):
                (q, question_edits), (a, answer_edits) = edited(draw, question, voice), edited(draw, answer, voice)
                group.append(Row(q, a, str(number), question_edits + answer_edits))
        if draw.random() < HARD:
            q, a, fact = hard(draw, question, answer, voice)
            group.append(Row(q, a, f"{number}-{fact}", 0, fact))

        number += 1
        yield from group[: count - written]
        written += len(group)


def main() -> None:
    parser = argparse.ArgumentParser(description="Writes rows with known clusters as JSON Lines.")
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--to", type=Path, required=True)
    arguments = parser.parse_args()
    with arguments.to.open("w", encoding="utf-8", newline="\n") as out:
        for row in rows(arguments.rows, arguments.seed):
            out.write(json.dumps(row._asdict(), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
