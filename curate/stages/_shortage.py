"""The error that a kind has too few records for its share, with the numbers of each language."""

from collections.abc import Sequence
from typing import NamedTuple

from schemas.bilingual import NOTHING, Bilingual
from schemas.errors import GateError
from schemas.record import Kind

UNITS = {"rows": Bilingual("records", "条"), "label_tokens": Bilingual("label tokens", "个标签词元")}
LANGUAGES = {
    "zh": Bilingual("zh", "中文"),
    "en": Bilingual("en", "英文"),
    "other": Bilingual("other languages", "其他语言"),
}


class Need(NamedTuple):
    """What a share takes in a language, and what is there. The language is empty for all together."""

    language: str
    share: float
    wanted: int
    available: int

    @property
    def missing(self) -> int:
        return max(0, self.wanted - self.available)


def refuse_shortage(kind: Kind, needs: Sequence[Need], by: str, spare: int, parts: Sequence[Need] = ()) -> None:
    """Raise GateError where more than `spare` is missing; `parts` say in which languages, where needs name none."""
    short = [need for need in needs if need.missing > spare]
    if not short:
        return
    unit = UNITS[by]
    en = "; ".join(_lack(need, kind, unit).en for need in short)
    zh = "；".join(_lack(need, kind, unit).zh for need in short)
    lacking = [part for part in parts if part.missing]
    if lacking:
        en += f" ({', '.join(f'{LANGUAGES[p.language].en}: {p.wanted} wanted, {p.available} there' for p in lacking)})"
        zh += f"（{'，'.join(f'{LANGUAGES[p.language].zh}要 {p.wanted}，有 {p.available}' for p in lacking)}）"
    raise GateError(
        f"mix: {en}; add data, or ask for a smaller share",
        f"mix：{zh}；请补充数据或降低比例",
    )


def _lack(need: Need, kind: Kind, unit: Bilingual) -> Bilingual:
    """Say what a share takes and what is there, with the language, if it is one."""
    name = LANGUAGES.get(need.language, NOTHING)
    where = f" in {name.en}" if name.en else ""
    return Bilingual(
        f"a share of {need.share:.1%} {kind}{where} needs {need.wanted} {unit.en}, there are {need.available}: "
        f"{need.missing} are missing",
        f"{name.zh}{kind} 占 {need.share:.1%} 需要 {need.wanted} {unit.zh}，只有 {need.available} {unit.zh}，"
        f"还差 {need.missing} {unit.zh}",
    )
