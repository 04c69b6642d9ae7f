"""Files as an operations manager has them: a workbook with a title row, merged ids, nicknames and a second sheet; its
sister of the next month in GB18030; and general questions.
"""

import json
from pathlib import Path

import xlsxwriter

HEADER = ("会话ID", "时间", "昵称", "角色", "消息内容")
ASKED = (
    ("这款路由器支持5G频段吗", "支持的亲，双频都有，设置里可以切换。"),
    ("我的快递到哪里了", "您好，查到包裹已到杭州中转站，预计明天送达。"),
    ("能开专票吗", "可以开具，请在订单页面填写税号和开户行。"),
    ("退货运费谁承担", "质量问题由我们承担，其他情况需要您自付运费。"),
    ("键盘少发了一颗键帽", "非常抱歉，我们今天补发一颗给您，请留意短信。"),
    ("保修几年", "整机保修两年，电池保修一年，凭订单号即可。"),
    ("可以改地址吗", "还没出库可以改，请把新地址发给我。"),
    ("蓝牙连不上手机", "请先长按三秒重置，再在手机里重新搜索设备。"),
)
MODELS = ("白色款", "黑色款", "青春版", "Pro 版", "旗舰款", "入门款", "二代", "三代")
GENERAL = (
    ("水的沸点是多少", "在标准大气压下是一百摄氏度。"),
    ("写一句关于春天的话", "春风拂过，柳枝轻轻摇。"),
    ("北京是哪国的首都", "北京是中国的首都。"),
    ("一年有几个月", "一年有十二个月。"),
    ("光速大约是多少", "大约每秒三十万千米。"),
    ("谁写了红楼梦", "一般认为是曹雪芹。"),
    ("三角形内角和", "一百八十度。"),
    ("世界上最高的山", "珠穆朗玛峰。"),
)
WAYS = ("一句话", "简短的话", "口语", "书面语", "两句话", "儿童能懂的话", "正式的话", "幽默的话")
Rows = list[tuple[str, ...]]


def write_files(folder: Path) -> list[Path]:
    """Write the three files and give their paths."""
    paths = [folder / name for name in ("七月客服记录.xlsx", "八月客服记录.csv", "通用问答.jsonl")]
    _write_july(paths[0])
    paths[1].write_bytes("\r\n".join(_august()).encode("gb18030"))
    paths[2].write_text("".join(_general()), encoding="utf-8")
    return paths


def _july_talk(n: int) -> Rows:
    question, answer = ASKED[n % 8]
    day, model, customer = f"2026-07-{1 + n % 28:02} 10:{n % 60:02}", MODELS[n // 8], f"买家{n:03}"
    rows = [
        (f"{day}:00", customer, "客户", f"{model}{question}，订单{1000 + n}"),
        (f"{day}:40", "小美", "客服", f"{answer}（{model}）"),
    ]
    if n % 5 == 0:
        rows += [
            (f"{day}:55", customer, "客户", "我电话13812345678，有问题联系我"),
            (f"{day}:59", "小美", "客服", "好的，已经记下了，会尽快联系您。"),
        ]
    return rows


def _write_july(path: Path) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("客服记录")
        middle = book.add_format({"valign": "vcenter"})
        sheet.merge_range(0, 0, 0, 4, "技术吧旗舰店 2026年7月 客服聊天记录（内部）", middle)
        sheet.write_row(1, 0, HEADER)
        row = 2
        for n in range(60):
            rows = _july_talk(n)
            sheet.merge_range(row, 0, row + len(rows) - 1, 0, f"S{n:04}", middle)
            for cells in rows:
                sheet.write_row(row, 1, cells)
                row += 1
        notes = book.add_worksheet("说明")
        notes.write_column(0, 0, ["本表由客服系统导出，请勿外传", "导出人：值班主管"])


def _august() -> list[str]:
    lines = [",".join(HEADER)]
    for n in range(20):
        question, answer = ASKED[(n + 3) % 8]
        day = f"2026-08-{1 + n:02} 09:00"
        lines.append(f"A{n:04},{day}:00,买家{n},客户,八月咨询：{question}（第{n}单）")
        lines.append(f"A{n:04},{day}:30,小丽,客服,{answer}请放心，第{n}单已备注。")
    return lines


def _general() -> list[str]:
    lines = []
    for n in range(60):
        question, answer = GENERAL[n % 8]
        more = f"这是第{n}种说法，供参考。" if n >= 8 else ""
        row = {"question": f"{question}？请用{WAYS[n // 8]}回答", "answer": f"{answer}{more}"}
        lines.append(json.dumps(row, ensure_ascii=False) + "\n")
    return lines
