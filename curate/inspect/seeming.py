"""Says what a table seems to hold that shows no conversation: reviews, addresses, prices, sentences with a label."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from curate.reading.readers import RawRow
from curate.stages import Tools
from curate.stages.mask import Mask
from schemas.bilingual import NOTHING, Bilingual
from schemas.frame import SCHEMA
from schemas.identity import Identity
from schemas.json_values import texts_in

Rows = Sequence[Mapping[str, Any]]

LOOK = 200
LONGEST = 100
"""Characters of a row that are shown."""
SENTENCE = 8
"""Characters from which on a cell may be a sentence."""
SHORT = 40
"""Characters of a value by which an export describes itself."""
MOST = 0.6
"""The share of cells that must be what a column seems to hold."""
RATING = re.compile(r"(?i)rating|stars?\b|score|评分|星级|打分|得分")
REVIEW = re.compile(r"(?i)review|comment|feedback|评价|评论|点评|反馈")
PRICE = re.compile(r"(?i)price|cost|\bmsrp\b|价格|单价|售价|金额|价钱")
ADDRESS = re.compile(r"(?i)address|street|postcode|zip ?code|\bcity\b|地址|省份|城市|区县|邮编|门店")
LABEL = re.compile(r"(?i)label|intent|category|class\b|sentiment|emotion|topic|标签|意图|类别|分类|情感|标注")
LOG_LINE = re.compile(r"\b(?:INFO|WARN(?:ING)?|ERROR|DEBUG|TRACE|FATAL)\b|\bHTTP/\d|\b(?:GET|POST) /")
HAN = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{2}")


def seems(rows: Rows) -> Bilingual:
    """Say what rows seem to hold in which nobody answers anybody; nothing where that is not plain.

    It is a hint in an error, and decides nothing.
    """
    columns = _columns(rows[:LOOK])
    names = list(columns)
    prose = [name for name, values in columns.items() if _share(values, _is_sentence) >= MOST]
    if any(_share(values, LOG_LINE.search) >= MOST for values in columns.values()):
        return Bilingual("it seems to be a log of a program", "看起来是程序日志")
    if len(prose) == 2 and _are_translations(*(columns[name] for name in prose)):
        return Bilingual("it seems to hold translations, not answers", "看起来是翻译对照，不是问答")
    if prose and any(LABEL.search(name) for name in names if name not in prose):
        return Bilingual("it seems to hold texts with a label, and no answers", "看起来是带标签的文本，没有回复")
    if any(RATING.search(name) or REVIEW.search(name) for name in names):
        return Bilingual("it seems to hold reviews without an answer", "看起来是评价，没有回复")
    if any(ADDRESS.search(name) for name in names):
        return Bilingual("it seems to be a list of addresses", "看起来是地址列表")
    if any(PRICE.search(name) for name in names):
        return Bilingual("it seems to be a list of products with prices", "看起来是商品价格表")
    if len(prose) == 1:
        return Bilingual("it has one column of texts, and nothing that says who speaks", "只有一列文本，看不出谁在说话")
    return NOTHING


def is_label(rows: Rows) -> bool:
    """Tell whether there is one row, and no value of it a list, an object or a sentence: `{"count": 15}`."""
    if len(rows) != 1:
        return False
    texts = [value for value in rows[0].values() if isinstance(value, str)]
    is_flat = not any(isinstance(value, (list, dict)) for value in rows[0].values())
    return is_flat and all(len(text) <= SHORT and not _is_sentence(text) for text in texts)


def shown_rows(rows: Sequence[RawRow]) -> list[tuple[str, str]]:
    """Show rows on a line each, masked and cut, behind their numbers: for a person at a terminal, and nobody else."""
    lines = [" | ".join(text for text in texts_in(row.fields) if text.strip()) for row in rows]
    names = [str(Bilingual(f"row {row.number}", f"第 {row.number} 行")) for row in rows]
    return [(name, text[:LONGEST]) for name, text in zip(names, masked(lines), strict=True)]


def masked(lines: Sequence[str]) -> list[str]:
    """Write lines as a person may be shown them: with labels for the personal data in each."""
    frame = pl.DataFrame(
        {
            "id": [str(number) for number in range(len(lines))],
            "lang": ["zh" if HAN.search(line) else "en" for line in lines],
            "messages": [[{"role": "user", "content": line}] for line in lines],
        },
        schema={"id": pl.String, "lang": pl.String, "messages": SCHEMA["messages"]},
    )
    kept = Mask().run(frame, Tools(seed=0, identity=Identity(), folder=Path())).kept
    texts: list[str] = kept["messages"].list.first().struct.field("content").to_list()
    return texts


def _columns(rows: Rows) -> dict[str, list[str]]:
    names = dict.fromkeys(name for row in rows for name in row)
    values = {name: [row.get(name) for row in rows] for name in names}
    texts = {
        name: [text for text in column if isinstance(text, str) and text.strip()] for name, column in values.items()
    }
    return {name: column for name, column in texts.items() if column}


def _share(values: Sequence[str], test: Any) -> float:
    return sum(bool(test(value)) for value in values) / len(values)


def _is_sentence(value: str) -> bool:
    letters = len(HAN.findall(value))
    return len(value) >= SENTENCE and (letters >= SENTENCE // 2 or value.count(" ") > 1)


def _are_translations(first: Sequence[str], second: Sequence[str]) -> bool:
    """Tell whether one column is written in Han characters and the other in Latin letters."""
    sides = [
        (_share(values, HAN.search), _share(values, lambda value: LATIN.search(value) and not HAN.search(value)))
        for values in (first, second)
    ]
    (first_han, first_latin), (second_han, second_latin) = sides
    return (first_han >= MOST and second_latin >= MOST) or (first_latin >= MOST and second_han >= MOST)
