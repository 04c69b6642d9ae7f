"""Logs of two assistants as people export them: what a file holds, and what it says of each arm.

Written from exports of help desks, bot platforms and spreadsheets, before anything read them.
"""

from dataclasses import dataclass, field
from pathlib import Path

from tests.curate.reading.readers.test_readers import workbook


@dataclass(frozen=True)
class Log:
    """A file, and by arm the conversations, and of each measure how many are known and their sum."""

    name: str
    text: str
    arms: dict[str, dict[str, tuple[int, float]]]
    arm: str = "arm"
    encoding: str = "utf-8"
    suffix: str = ".csv"
    options: dict[str, str] = field(default_factory=dict)
    counted: dict[str, int] = field(default_factory=dict)
    """What is left out or noted, and how often."""

    def write(self, folder: Path) -> Path:
        path = folder / f"log{self.suffix}"
        if self.suffix == ".xlsx":
            path.write_bytes(workbook([line.split(",") for line in self.text.splitlines()]))
        else:
            path.write_bytes(self.text.encode(self.encoding))
        return path


def arm(n: int, **measures: tuple[int, float]) -> dict[str, tuple[int, float]]:
    return {"conversations": (n, n), **measures}


LOGS = (
    Log(  # a ticket system, one row a conversation, English, yes and no
        "tickets",
        "ticket_id,variant,resolved,csat,escalated\n1,control,yes,5,no\n2,control,no,3,yes\n3,bot,yes,4,no\n"
        "4,bot,yes,,no\n5,bot,no,2,yes\n",
        {
            "bot": arm(3, resolved=(3, 2), score=(2, 6), handed_over=(3, 1)),
            "control": arm(2, resolved=(2, 1), score=(2, 8), handed_over=(2, 1)),
        },
        arm="variant",
    ),
    Log(  # a Chinese help desk, GB18030, the words of its form
        "会话报表",
        "会话ID,分组,是否解决,满意度,是否转人工\nS001,对照组,已解决,5分,未转人工\nS002,对照组,未解决,2分,转人工\n"
        "S003,实验组,已解决,4分,否\nS004,实验组,已解决,未评价,否\n",
        {
            "对照组": arm(2, resolved=(2, 1), score=(2, 7), handed_over=(2, 1)),
            "实验组": arm(2, resolved=(2, 2), score=(1, 4), handed_over=(2, 0)),
        },
        arm="分组",
        encoding="gb18030",
    ),
    Log(  # one row a message; the arm and the result stand on the rows of the assistant alone
        "逐条消息",
        "会话编号,发送方,内容,模型,是否解决\n1,客户,在吗,,\n1,客户,我的货呢,,\n1,客服,已发出,v1,是\n1,客户,谢谢,,\n"
        "2,客户,退款,,\n2,客服,好的,v2,否\n",
        {"v1": arm(1, resolved=(1, 1), turns=(1, 2)), "v2": arm(1, resolved=(1, 0), turns=(1, 1))},
        arm="模型",
    ),
    Log(  # messages of conversations that ran at the same time stand between each other, with lines of the system
        "interleaved",
        "conversation_id,sender,message,arm\na,user,hi,A\nb,user,hello,B\na,agent,yes?,A\nb,system,queue 3,B\n"
        "a,user,help,A\nb,user,anyone,B\nb,agent,here,B\na,agent,done,A\n",
        {"A": arm(1, turns=(1, 2)), "B": arm(1, turns=(1, 1))},
    ),
    Log(  # Excel: numbers for truths, ids as numbers, a title row that is empty
        "工作簿",
        "会话id,arm,是否解决,评分\n10001,A,1,5\n10002,A,0,4\n10003,B,1,3\n10004,B,1,1\n",
        {"A": arm(2, resolved=(2, 1), score=(2, 9)), "B": arm(2, resolved=(2, 2), score=(2, 4))},
        suffix=".xlsx",
    ),
    Log(  # JSON Lines of a bot platform: truths are truths, numbers are numbers, nothing is null
        "platform",
        '{"session_id": "x1", "arm": "old", "resolved": true, "rating": 4.5, "transferred": false}\n'
        '{"session_id": "x2", "arm": "old", "resolved": null, "rating": null, "transferred": true}\n'
        '{"session_id": "x3", "arm": "new", "resolved": false, "rating": 3, "transferred": false}\n',
        {
            "old": arm(2, resolved=(1, 1), score=(1, 4.5), handed_over=(2, 1)),
            "new": arm(1, resolved=(1, 0), score=(1, 3), handed_over=(1, 0)),
        },
        suffix=".jsonl",
    ),
    Log(  # the arm is typed by hand: blanks, width and case differ
        "by hand",
        "id,arm,resolved\n1,A,Y\n2, a ,N\n3,Ａ,Y\n4,b,TRUE\n5,B ,False\n",
        {"A": arm(3, resolved=(3, 2)), "B": arm(2, resolved=(2, 1))},
        counted={"respelled": 2},
    ),
    Log(  # somebody was moved from one assistant to the other in the middle
        "contaminated",
        "session,role,text,arm\n1,user,q,A\n1,bot,a,A\n2,user,q,A\n2,bot,a,B\n3,user,q,B\n3,bot,a,B\n",
        {"A": arm(1, turns=(1, 1)), "B": arm(1, turns=(1, 1))},
        counted={"in_both": 1},
    ),
    Log(  # no arm, no id: what is left out is told
        "gaps",
        "session_id,arm,solved\n1,A,yes\n2,,yes\n,B,no\n3,B,no\n4,B,\n合计,,\n",
        {"A": arm(1, resolved=(1, 1)), "B": arm(2, resolved=(1, 0))},
        counted={"without_arm": 1, "without_id": 1},
    ),
    Log(  # a European export: semicolons and decimal commas
        "semicolons",
        "Case ID;Group;Resolved;Score\n1;A;yes;4,5\n2;A;no;3,0\n3;B;yes;5,0\n4;B;yes;1\n",
        {"A": arm(2, resolved=(2, 1), score=(2, 7.5)), "B": arm(2, resolved=(2, 2), score=(2, 6))},
        arm="Group",
    ),
    Log(  # the result changes from row to row; where rows disagree nobody knows
        "disagreeing",
        "session,role,text,arm,resolved,handed over\n1,user,q,A,no,no\n1,agent,a,A,yes,no\n2,user,q,A,yes,no\n"
        "2,agent,a,A,yes,yes\n3,user,q,B,no,no\n3,agent,a,B,,no\n",
        {
            "A": arm(2, resolved=(1, 1), turns=(2, 2), handed_over=(2, 1)),
            "B": arm(1, resolved=(1, 0), turns=(1, 1), handed_over=(1, 0)),
        },
        counted={"disagreeing": 1},
    ),
    Log(  # columns of names that nobody guesses
        "own names",
        "kundennr,topf,fertig,note,wer\n1,A,ja-1,5,\n2,B,ja-0,1,\n",
        {"A": arm(1, score=(1, 5)), "B": arm(1, score=(1, 1))},
        arm="topf",
        options={"session": "kundennr", "score": "note"},
    ),
    Log(  # no id at all: each row is a conversation; turns are counted already
        "summary",
        "版本,轮次,是否解决,转人工\n甲,3,√,×\n甲,5,×,√\n乙,2,√,×\n",
        {
            "甲": arm(2, resolved=(2, 1), turns=(2, 8), handed_over=(2, 1)),
            "乙": arm(1, resolved=(1, 1), turns=(1, 2), handed_over=(1, 0)),
        },
        arm="版本",
    ),
    Log(  # stars, points and full-width digits; n/a in every spelling
        "scores",
        "会话号,arm,服务评分\n1,A,５\n2,A,4星\n3,A,N/A\n4,B,3 分\n5,B,-\n6,B,null\n7,B,80%\n",
        {"A": arm(3, score=(2, 9)), "B": arm(4, score=(2, 3.8))},
    ),
    Log(  # agents have names, customers a word
        "named agents",
        "dialog_id\tspeaker\tutterance\tarm\n1\t顾客\t在\tA\n1\t小王\t您好\tA\n1\t顾客\t问\tA\n2\t顾客\t在\tB\n2\t小李\t好\tB\n",
        {"A": arm(1, turns=(1, 2)), "B": arm(1, turns=(1, 1))},
        suffix=".tsv",
    ),
    Log(  # customers have names, agents a word
        "named customers",
        "会话ID,昵称,消息,arm\n1,张三,在,A\n1,客服,您好,A\n1,张三,问,A\n2,李四,在,B\n2,客服,好,B\n",
        {"A": arm(1, turns=(1, 2)), "B": arm(1, turns=(1, 1))},
        options={"role": "昵称"},
    ),
    Log(  # the same conversation exported twice, in a table of one row a conversation
        "twice",
        "id,arm,resolved\n1,A,yes\n1,A,yes\n2,A,no\n3,B,yes\n4,B,no\n5,B,no\n",
        {"A": arm(2, resolved=(2, 1)), "B": arm(3, resolved=(3, 1))},
        counted={"repeated": 1},
    ),
    Log(  # conversations in JSON, their messages as a list
        "nested",
        '{"id": "1", "arm": "A", "messages": [{"role": "user", "content": "a"}, {"role": "bot", "content": "b"}]}\n'
        '{"id": "2", "arm": "B", "messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"},'
        ' {"role": "user", "content": "c"}, {"role": "user", "content": "d"}]}\n',
        {"A": arm(1, turns=(1, 1)), "B": arm(1, turns=(1, 2))},
        suffix=".jsonl",
    ),
    Log(  # traditional characters, Big5 in the file
        "繁體",
        "會話編號,組別,是否解決,滿意度,是否轉人工\n甲一,實驗組,已解決,5,轉人工\n甲二,對照組,未解決,4,否\n"
        "甲三,對照組,已解決,未評價,否\n",
        {
            "實驗組": arm(1, resolved=(1, 1), score=(1, 5), handed_over=(1, 1)),
            "對照組": arm(2, resolved=(2, 1), score=(1, 4), handed_over=(2, 0)),
        },
        arm="組別",
        encoding="big5",
    ),
    Log(  # a last line of totals says nothing, and stops nothing
        "totals",
        "id,arm,resolved,csat\n1,A,yes,5\n2,B,no,4\n合计,,50%,平均 4.5\n",
        {"A": arm(1, resolved=(1, 1), score=(1, 5)), "B": arm(1, resolved=(1, 0), score=(1, 4))},
        counted={"without_arm": 1},
    ),
    Log(  # a broken row costs itself
        "broken row",
        "id,arm,resolved\n1,A,yes\n2,A,no,extra,cells\n3,B,no\n",
        {"A": arm(1, resolved=(1, 1)), "B": arm(1, resolved=(1, 0))},
        counted={"unreadable": 1},
    ),
)
