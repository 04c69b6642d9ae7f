"""The assistants and makers that everybody knows, and every way in which people spell their names.

`rivals.txt` is what a recipe without rivals gets, `assistants.txt` and `makers.txt` are known besides; `nobody_zh.txt`,
`nobody_en.txt` and `jobs_en.txt` are words that name nobody. Start with `known`.

Imports: nothing.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from itertools import product

TRADITIONAL = (
    "們來個這麼為開發訓練創製設計團隊騰訊飛華軟雲節躍動譜義問稱號屬於與並無沒誰嗎讓給業務廠員經機語學習實驗識過還對說話聽認體驅產聯絡構態"
    "應該當從請據幫後現線際專妳愛達貓靈亞馬遜階湯盤藝蘋輝崑崙萬東臉腦曠視網書維"
)
SIMPLIFIED = (
    "们来个这么为开发训练创制设计团队腾讯飞华软云节跃动谱义问称号属于与并无没谁吗让给业务厂员经机语学习实验识过还对说话听认体驱产联络构态"
    "应该当从请据帮后现线际专你爱达猫灵亚马逊阶汤盘艺苹辉昆仑万东脸脑旷视网书维"
)
"""The characters, one for one, that names and introductions differ in."""
SIMPLE = dict(zip(TRADITIONAL, SIMPLIFIED, strict=True))
PLAIN_CHARACTERS: dict[str, str] = SIMPLE | {"\u017f": "s", "\u212a": "k"}
"""Also the long s and the Kelvin sign, which a pattern without case takes for `s` and `k`."""
VERSION = (
    r"(?:[\x20-]?(?:[a-z]?\d+(?:\.\d+)*[a-z]?|turbo|mini|nano|pro|max|plus|ultra|flash|lite|chat|instruct|base|preview"
    r"|sonnet|opus|haiku|instant|large|medium|ai))*"
)
"""What may stand behind the name of a model and is a part of it: `3.5`, `-7B-Instruct`."""
EVERYDAY = frozenset(("书生", "商量", "天工", "Gemma"))
"""Names that people and words have too; they are of assistants where they say what they are: 书生大模型, Gemma 2."""
SAYING_SO = r"\s?(?:浦语|大?语言模型|大?模型|AI|助手|\d|model)"
APART = re.compile(
    r"([ -])|(?<=[a-z]{2})(?=[A-Z]{2})|(?<=[a-z]{3})(?=[A-Z][a-z])|(?<=[a-z])(?=\d)|(?<=[一-鿿])(?=[A-Z])"
)
"""Where people write a space in a name or none, Open AI; where it has a space or a hyphen, one of these or none."""


@cache
def known(name: str) -> tuple[str, ...]:
    """Read the entries of one of the lists, in the order of the file, each once.

    Questions of the exam hang on `rivals`; the other lists may grow.
    """
    text = files(__package__).joinpath(f"{name}.txt").read_text(encoding="utf-8")
    entries = (line.partition("#")[0].strip() for line in text.split("\n"))
    return tuple(dict.fromkeys(entry for entry in entries if entry))


def any_name(names: Iterable[str]) -> str:
    r"""Make a pattern of names in every spelling, longer ones first, with the version behind them; never in a word.

    `\b` stands for the boundary of an ASCII word.
    """
    simple = {name.translate(str.maketrans(TRADITIONAL, SIMPLIFIED)) for name in names}
    spelled = {name: (r"\b" if name[0].isascii() else "") + spelled_freely(name) for name in simple}
    ordered = sorted(spelled, key=lambda name: (-len(name), name))
    latin = "|".join(spelled[name] for name in ordered if name[-1].isascii())
    han = "|".join(spelled[name] for name in ordered if not name[-1].isascii())
    return "|".join([*([rf"(?:{latin}){VERSION}\b"] if latin else []), *([f"(?:{han}){VERSION}"] if han else [])])


def spelled_freely(name: str) -> str:
    """Make a pattern of one name in every spelling; one of `EVERYDAY` with what says that it is a name."""
    pattern = "".join(re.escape(part) + ("[\\x20-]?" if len(signs) > 2 else "\\x20?") for part, signs in _parts(name))
    pattern = pattern.removesuffix("\\x20?")
    return pattern + SAYING_SO if name in EVERYDAY else pattern


def spellings(name: str) -> set[str]:
    """List the spellings of a name that `any_name` finds, but for case: one of them stands in every text it matches."""
    *first, (last, _) = _parts(name)
    forms = {
        "".join(form) for form in product(*(tuple(part + sign for sign in signs) for part, signs in first), (last,))
    }
    traditional = _traditional_forms()
    return {"".join(chars) for form in forms for chars in product(*((c, *traditional.get(c, ())) for c in form))}


@cache
def _traditional_forms() -> Mapping[str, tuple[str, ...]]:
    """List the traditional forms of each simple character that has any."""
    forms: dict[str, list[str]] = {}
    for old, new in SIMPLE.items():
        forms.setdefault(new, []).append(old)
    return {new: tuple(old) for new, old in forms.items()}


def _parts(name: str) -> list[tuple[str, tuple[str, ...]]]:
    """Take a name apart: each part, and what may stand behind it."""
    parts, begin = [], 0
    for match in APART.finditer(name):
        signs = ("", " ", "-") if match[1] or name[match.end()].isdigit() else ("", " ")
        parts.append((name[begin : match.start()], signs))
        begin = match.end()
    return [*parts, (name[begin:], ("", " "))]
