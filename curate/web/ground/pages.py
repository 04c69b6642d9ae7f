"""Writes pages: templates with what all of them need, in the language of the session."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any
from unicodedata import category
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from curate.report.labels import KINDS, PROBES, VERDICTS, label, stage_name
from curate.report.reasons import RULE_NAMES, reason_text
from curate.report.visible_text import escaped
from curate.web.ground.assets import asset_address
from curate.web.ground.bench import bench_of
from schemas.bilingual import Bilingual, speaking
from schemas.stage_names import typed_name

MOST_SHOWN = 20_000
"""Characters of a text that a page shows."""
HARMLESS = "\n\t\u00a0\u3000"
"""White space that is not printable as Python has it, and moves nothing."""
WITHOUT_HARMLESS = dict.fromkeys(map(ord, HARMLESS))
JOINER = "\u200d"
EMOJI = ("So", "Sk", "Mn")
"""The categories of emoji, of their colours of skin and of the sign that asks for a picture."""
TABS: tuple[tuple[str, Bilingual], ...] = (
    ("recipe", Bilingual("Recipe", "配方")),
    ("version", Bilingual("Version", "版本概览")),
    ("rows", Bilingual("Rows", "数据")),
    ("rules", Bilingual("Rules", "规则")),
    ("duplicates", Bilingual("Duplicates", "重复与矛盾")),
    ("review", Bilingual("Review", "审核")),
    ("identity", Bilingual("Identity and mix", "身份与配比")),
    ("versions", Bilingual("Versions", "历史版本")),
    ("jobs", Bilingual("Jobs", "任务")),
)
"""The pages of a dataset, in the order in which they are offered; the first word ends the address."""
LANGUAGES = {
    "zh": Bilingual("Chinese", "中文"),
    "en": Bilingual("English", "英文"),
    "mixed": Bilingual("mixed", "中英混合"),
    "ja": Bilingual("Japanese", "日文"),
    "ko": Bilingual("Korean", "韩文"),
    "other": Bilingual("other", "其他"),
    "none": Bilingual("no letters", "无文字"),
}


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Write a whole page. `values` has `dataset`, and `tab` with the word of TABS, on pages of a dataset."""
    bench = bench_of(request)
    common = {
        "datasets": bench.store.datasets(),
        "dataset": "",
        "tab": "",
        "tabs": TABS,
        "shows_raw": bench.shows_raw,
        "other_language": _with_query(request, lang="en" if speaking.get() == "zh" else "zh"),
        "here": request.url.path,
    }
    return HTMLResponse(_written(request, template, {**common, **values}), status)


def part(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Write a piece of a page, which a script puts where it belongs."""
    return HTMLResponse(_written(request, template, values), status)


def is_for_part(request: Request) -> bool:
    """Tell whether a script asks, and wants only the piece that changes."""
    return request.headers.get("hx-request") == "true"


def _written(request: Request, template: str, values: Mapping[str, Any]) -> str:
    csrf = bench_of(request).keys.csrf
    return (
        templates()
        .get_template(template)
        .render(
            say=lambda en, zh: str(Bilingual(en, zh)),
            language="zh-CN" if speaking.get() == "zh" else "en",
            csrf=csrf,
            send=lambda address: f"{address}{'&' if '?' in address else '?'}{urlencode({'csrf': csrf})}",
            query=lambda **changes: _with_query(request, **changes),
            **values,
        )
    )


def _with_query(request: Request, **changes: Any) -> str:
    """Give the address of this page with other values in its query; None or nothing takes a key away."""
    query = {**request.query_params, **changes}
    return f"?{urlencode({key: value for key, value in query.items() if value not in (None, '')})}"


@cache
def templates() -> Environment:
    """Build what writes templates, once. The partials of the report are ours, too."""
    found = Environment(
        loader=ChoiceLoader([PackageLoader("curate.web"), PackageLoader("curate.report")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals |= {
        "asset": asset_address,
        "kind": lambda key: label(KINDS, key),
        "verdict": lambda key: label(VERDICTS, key),
        "probe": lambda key: label(PROBES, key),
        "lang_name": lambda key: label(LANGUAGES, key),
        "stage": typed_name,
        "stage_label": stage_name,
        "reason": reason_text,
        "rule_name": lambda key: label(RULE_NAMES, key),
    }
    filters: dict[str, Callable[..., Any]] = {"number": number, "percent": percent, "shown": shown, "cut": cut}
    found.filters |= filters
    return found


def number(value: float) -> str:
    """Write a count with commas; a number that is not whole with at most four digits that tell something."""
    return f"{value:,}" if isinstance(value, int) else f"{value:.4g}"


def percent(share: float) -> str:
    """Write a share as a percentage with one decimal."""
    return f"{100 * share:.1f} %"


def shown(text: str, most: int = MOST_SHOWN) -> Markup:
    """Write the text of a row so that nothing in it moves, hides or turns what stands around it; line feeds stay."""
    head = text[:most]
    is_plain = head.translate(WITHOUT_HARMLESS).isprintable()  # as nearly every text is: it is written in one piece
    pieces = [escape(head)] if is_plain else []
    for index, character in enumerate("" if is_plain else head):
        if character.isprintable() or character in HARMLESS or _joins_emoji(text, index):
            pieces.append(escape(character))
        else:
            pieces.append(Markup('<span class="stand-in">{}</span>').format(escaped(character)))
    if len(text) > most:
        more = Bilingual(f" … {len(text) - most:,} more characters", f" …… 还有 {len(text) - most:,} 个字")
        pieces.append(Markup('<span class="more">{}</span>').format(str(more)))
    return Markup("").join(pieces)


def _joins_emoji(text: str, index: int) -> bool:
    """Tell whether a character holds two emoji together, as in a family."""
    around = text[max(0, index - 1) : index] + text[index + 1 : index + 2]
    return text[index] == JOINER and len(around) == 2 and all(category(one) in EMOJI for one in around)


def cut(text: str, most: int) -> Markup:
    """Write the beginning of a text on one line."""
    line = " ".join(text[: 4 * most].split("\n"))
    return Markup("{}{}").format(shown(line[:most]), "…" if len(text) > most else "")
