"""Licences as recipes name them: what each allows, and the gate that keeps the wrong ones out of a dataset for sale."""

import re
from dataclasses import dataclass

from schemas.bilingual import Bilingual
from schemas.errors import GateError
from schemas.recipe import Recipe

NOT_FOR_SALE = re.compile(
    r"(?<![a-z])nc(?![a-z])|non[-_ ]?commercial|(?:research|academic)[-_ ](?:use[-_ ])?only"
    r"|非商[业用]|(?:不得|禁止|不可|不能|严禁)(?:用于)?商[业用]|[仅只]供?(?:限)?(?:学术|科研|研究)",
    re.IGNORECASE,
)
NO_CHANGES = re.compile(r"(?<![a-z])nd(?![a-z])|no[-_ ]?deriv", re.IGNORECASE)
SHARE_ALIKE = re.compile(r"(?<![a-z])sa(?![a-z])|share[-_ ]?alike|cdla-sharing|odbl|gpl", re.IGNORECASE)
UNSTATED = ("", "other", "unknown", "invented", "proprietary")
"""What a recipe may write where no public licence applies."""


@dataclass(frozen=True)
class LicenceTerms:
    """A public licence: its SPDX name, what it is called, and where its text stands."""

    spdx: str
    title: str
    url: str


def _creative_commons() -> list[LicenceTerms]:
    titles = {
        "by": "Attribution",
        "by-sa": "Attribution-ShareAlike",
        "by-nc": "Attribution-NonCommercial",
        "by-nd": "Attribution-NoDerivatives",
        "by-nc-sa": "Attribution-NonCommercial-ShareAlike",
        "by-nc-nd": "Attribution-NonCommercial-NoDerivatives",
    }
    return [
        LicenceTerms(
            f"CC-{code.upper()}-{version}",
            f"Creative Commons {title} {version}",
            f"https://creativecommons.org/licenses/{code}/{version}/legalcode",
        )
        for code, title in titles.items()
        for version in ("2.0", "2.5", "3.0", "4.0")
    ]


KNOWN: dict[str, LicenceTerms] = {
    terms.spdx.casefold(): terms
    for terms in (
        *_creative_commons(),
        LicenceTerms(
            "CC0-1.0", "Creative Commons Zero 1.0", "https://creativecommons.org/publicdomain/zero/1.0/legalcode"
        ),
        LicenceTerms("Apache-2.0", "Apache License 2.0", "https://www.apache.org/licenses/LICENSE-2.0"),
        LicenceTerms("MIT", "MIT License", "https://opensource.org/license/mit"),
        LicenceTerms("BSD-2-Clause", "BSD 2-Clause License", "https://opensource.org/license/bsd-2-clause"),
        LicenceTerms("BSD-3-Clause", "BSD 3-Clause License", "https://opensource.org/license/bsd-3-clause"),
        LicenceTerms(
            "NCSA", "University of Illinois/NCSA Open Source License", "https://opensource.org/license/uoi-ncsa-php"
        ),
        LicenceTerms(
            "CDLA-Sharing-1.0", "Community Data License Agreement Sharing 1.0", "https://cdla.dev/sharing-1-0/"
        ),
        LicenceTerms(
            "CDLA-Permissive-1.0", "Community Data License Agreement Permissive 1.0", "https://cdla.dev/permissive-1-0/"
        ),
        LicenceTerms(
            "CDLA-Permissive-2.0", "Community Data License Agreement Permissive 2.0", "https://cdla.dev/permissive-2-0/"
        ),
        LicenceTerms("ODC-By-1.0", "Open Data Commons Attribution 1.0", "https://opendatacommons.org/licenses/by/1-0/"),
        LicenceTerms("ODbL-1.0", "Open Database License 1.0", "https://opendatacommons.org/licenses/odbl/1-0/"),
        LicenceTerms(
            "PDDL-1.0", "Open Data Commons Public Domain 1.0", "https://opendatacommons.org/licenses/pddl/1-0/"
        ),
    )
}


def terms_of(licence: str) -> LicenceTerms | None:
    """Find the licence of that name; spaces and case do not matter. None for what the table does not know."""
    return KNOWN.get(re.sub(r"[\s_]+", "-", licence.strip()).casefold())


DUTIES = (
    (NOT_FOR_SALE, Bilingual("no commercial use", "不得商用")),
    (NO_CHANGES, Bilingual("no changed copies may be passed on", "不得传播修改后的版本")),
    (SHARE_ALIKE, Bilingual("pass it on under the same licence", "再传播时须用同一许可")),
)


def duties_in_words(licence: str) -> list[Bilingual]:
    """List what whoever passes the data on has to mind."""
    return [sentence for pattern, sentence in DUTIES if pattern.search(licence)]


def duties(licence: str) -> list[str]:
    """List the same in English, as the files of a data set are."""
    return [sentence.en for sentence in duties_in_words(licence)]


def allowed_together(recipe: Recipe) -> list[Bilingual]:
    """Say what the licences of all inputs allow together: what one part asks for holds for the whole."""
    en, zh = (separator.join for separator in (", ", "、"))
    sentences = []
    if closed := _paths(recipe, NOT_FOR_SALE):
        sentences.append(Bilingual(f"not for commercial use, for {en(closed)}", f"不得商用，因为有 {zh(closed)}"))
    if fixed := _paths(recipe, NO_CHANGES):
        sentences.append(
            Bilingual(
                f"train on it, but pass no copy on: it is changed, and {en(fixed)} must not be passed on changed",
                f"可以用来训练，但不要把数据传给别人：数据已改动，而 {zh(fixed)} 不得改动后传播",
            )
        )
    alike = sorted({spec.licence for spec in recipe.inputs if SHARE_ALIKE.search(spec.licence)}, key=str.casefold)
    if len(alike) == 1:
        sentences.append(Bilingual(f"passed on only under {alike[0]}", f"再传播时须用 {alike[0]}"))
    elif alike:
        sentences.append(
            Bilingual(
                f"{en(alike)} each ask for themselves when the data is passed on: ask somebody who knows before you do",
                f"{zh(alike)} 都要求再传播时用它自己：传播之前请找懂的人确认",
            )
        )
    if unstated := [spec.path for spec in recipe.inputs if spec.licence in UNSTATED]:
        sentences.append(
            Bilingual(
                f"no public licence is stated for {en(unstated)}: who may use them is for you to know",
                f"{zh(unstated)} 没有写明公开许可：谁能用，要由您确认",
            )
        )
    free = Bilingual(
        "may be used commercially and passed on; name the authors, as NOTICE of an export does",
        "可以商用，也可以传播；请像导出文件中的 NOTICE 那样注明作者",
    )
    return sentences or [free]


def _paths(recipe: Recipe, pattern: re.Pattern[str]) -> list[str]:
    return [spec.path for spec in recipe.inputs if pattern.search(spec.licence)]


def is_for_sale(recipe: Recipe) -> bool:
    """Tell whether the recipe marks its dataset as commercial: by `use`, or by a licence that allows it."""
    if recipe.use:
        return recipe.use == "commercial"
    return terms_of(recipe.licence) is not None and not NOT_FOR_SALE.search(recipe.licence)


def check_use(recipe: Recipe) -> None:
    """Raise GateError naming the inputs that may not be used commercially, in a dataset that is marked commercial."""
    wrong = [f"{spec.path} ({spec.licence})" for spec in recipe.inputs if NOT_FOR_SALE.search(spec.licence)]
    if wrong and is_for_sale(recipe):
        mark = "use: commercial" if recipe.use else f"licence: {recipe.licence}"
        raise GateError(
            f"the book is marked commercial ({mark}), but these inputs may not be used commercially: "
            f"{', '.join(wrong)}; leave them out, or write `use: noncommercial`",
            f"教材标为商用（{mark}），但这些输入不得商用：{'、'.join(wrong)}；请去掉它们，或写明 `use: noncommercial`",
        )


def licence_text(recipe: Recipe) -> str:
    """Write the file LICENSE of an export: the licence of the whole, and that of every input."""
    whole = _full_name(recipe.licence) if recipe.licence else "not stated by its maker"
    names = sorted({spec.licence for spec in recipe.inputs if spec.licence not in UNSTATED}, key=str.casefold)
    lines = [f"- {_full_name(name)}: {', '.join(s.path for s in recipe.inputs if s.licence == name)}" for name in names]
    unstated = [spec.path for spec in recipe.inputs if spec.licence in UNSTATED]
    if unstated:
        lines.append(f"- no public licence is declared: {', '.join(unstated)}")
    use = {"commercial": "Marked for commercial use.", "noncommercial": "Not for commercial use."}.get(recipe.use, "")
    head = f"{recipe.name}\n\nLicence of the collection: {whole}.\n" + (f"{use}\n" if use else "")
    return (
        f"{head}\nIt was made from these files, each under the licence that its recipe declares; what the parts ask "
        "for holds for the whole. See NOTICE.\n\n" + "\n".join(lines) + "\n"
    )


def _full_name(licence: str) -> str:
    terms = terms_of(licence)
    return f"{terms.spdx} ({terms.title}, {terms.url})" if terms else licence


def notice_text(recipe: Recipe) -> str:
    """Write the file NOTICE of an export: whom to name, what was changed, and what each input asks for."""
    lines = [
        f"{recipe.name}: conversations from the files below. They were changed: cleaned, masked, filtered, "
        "deduplicated and mixed (recipe.yaml says how).\n"
    ]
    for spec in recipe.inputs:
        lines.append(spec.path)
        lines.append(f"  licence: {spec.licence or 'not declared'}")
        if spec.attribution:
            lines.append(f"  by: {spec.attribution}")
        lines += [f"  mind: {duty}" for duty in duties(spec.licence)]
        lines.append("")
    return "\n".join(lines)
