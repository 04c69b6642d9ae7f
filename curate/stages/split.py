"""Sets the exam aside, by whole groups, so that no exam question or rewording of one stands in training."""

from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Annotated, Any, ClassVar

import polars as pl
from pydantic import Field

from curate.conversations.exam_questions import asked_of
from curate.duplicates.contamination import asked, near_held, questions_held
from curate.duplicates.groups import joined
from curate.duplicates.normalize import plain_view
from curate.duplicates.similarity.candidates import Search, together
from curate.stages import Outcome, Stage, Tools
from schemas.digest import digest
from schemas.errors import GateError
from schemas.exam import Probe
from schemas.ledger import EVENTS, events_of

REWORDED = Search(2, 0.7)
"""Questions of this similarity (character 2-grams) count as rewordings of each other."""
SHORT = 200
"""Characters of the longest exam question: it is asked of a small model, and answered in a few words."""
READABLE = (40, 1500)
"""Characters of the answers that perplexity is measured on."""


@dataclass(frozen=True)
class _Candidate:
    id: str
    group: str
    lang: str


USUAL: dict[Probe, int] = {
    "identity": 48, "trap": 12, "unrelated": 36, "refusal": 24, "in_scope": 24, "perplexity": 40,
}  # fmt: skip
"""Exam questions where the recipe does not say: enough for intervals of about 15 points either way."""
Number = Annotated[int | None, Field(ge=0)]


class Split(Stage):
    """The fields are the numbers of exam questions by probe; languages share them as evenly as they can.

    A number that is named is met or is an error. Without one it is the usual one (48 identity, 12 trap, 36 unrelated,
    24 refusal, 24 in_scope, 40 perplexity), or half of the groups where there are fewer: the report says how many.
    """

    title_zh: ClassVar[str] = "按组切分：考题及其改写不进训练集"

    identity: Number = None
    trap: Number = None
    unrelated: Number = None
    refusal: Number = None
    in_scope: Number = None
    perplexity: Number = None

    def run(self, frame: pl.DataFrame, tools: Tools) -> Outcome:
        grouped = _with_rewordings(frame)
        rows = [_faced(row) for row in grouped.iter_rows(named=True)]
        exam: dict[str, Probe] = {}
        taken: set[str] = set()
        for probe in ("trap", "identity", "refusal", "in_scope", "unrelated", "perplexity"):
            chosen = _choose(rows, probe, getattr(self, probe), taken, tools.seed)
            exam |= {candidate.id: probe for candidate in chosen}
            taken |= {candidate.group for candidate in chosen}
        return _outcome(grouped, exam, taken)


def _with_rewordings(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with one group for questions that are near each other, kind by kind."""
    for kind in ("identity", "refusal", "general"):
        some = frame.filter(pl.col("kind") == kind).sort("id")
        questions = [plain_view(_last_question(messages)) for messages in some["messages"].to_list()]
        first = together(pl.Series(questions, dtype=pl.String), REWORDED)
        frame = joined(frame, some["group"], some["group"].gather(first))
    return frame


def _last_question(messages: list[dict[str, str]]) -> str:
    return next((m["content"] for m in reversed(messages) if m["role"] == "user"), "")


def _faced(row: dict[str, Any]) -> dict[str, Any]:
    """What the choice looks at: sizes instead of texts."""
    messages = row["messages"]
    turns = [m for m in messages if m["role"] == "user"]
    return {
        **{key: row[key] for key in ("id", "kind", "group", "lang", "tags")},
        "single": len(turns) == 1,
        "first": len(turns[0]["content"]) if turns else 0,
        "answer": len(messages[-1]["content"]) if messages and messages[-1]["role"] == "assistant" else 0,
    }


def _fits(row: dict[str, Any], probe: Probe) -> bool:
    """Whether a record can be asked as a question of this probe."""
    kind, tags = row["kind"], row["tags"]
    short = 0 < row["first"] <= SHORT
    if kind == "identity":
        asked: Probe = "trap" if "trap" in tags else "unrelated" if "negative" in tags else "identity"
        asks = asked == "unrelated" or any(tag.startswith("asks:") for tag in tags)
        return probe == asked and asks and (row["single"] or asked == "identity")
    if kind == "refusal":
        return probe == "refusal" and short
    if kind == "domain":
        return probe == "in_scope" and 5 <= row["first"] <= SHORT
    if probe == "perplexity":
        return READABLE[0] <= row["answer"] <= READABLE[1]
    return probe == "unrelated" and short and row["single"]


def _choose(rows: list[dict[str, Any]], probe: Probe, wanted: int, taken: set[str], seed: int) -> list[_Candidate]:
    """One record of each of `wanted` groups, by keyed hash, the languages in turn."""
    fitting = [r for r in rows if _fits(r, probe) and r["lang"] in ("zh", "en")]
    fitting.sort(key=lambda row: digest(seed, "split", probe, row["group"], row["id"]))
    first: dict[str, _Candidate] = {}
    for row in fitting:
        first.setdefault(row["group"], _Candidate(row["id"], row["group"], row["lang"]))
    order = sorted((c for c in first.values() if c.group not in taken), key=lambda c: digest(seed, "split", c.group))
    by_language = [[c for c in order if c.lang == lang] for lang in ("zh", "en")]
    turns = [c for c in chain.from_iterable(zip_longest(*by_language)) if c is not None]
    half = len(turns) // 2
    if wanted is None:
        wanted = min(USUAL[probe], half)
    if wanted > half:
        raise GateError(
            f"split: {wanted} exam questions of the probe '{probe}' are wanted; there are {len(turns)} groups to "
            f"choose from, and at most half of them ({half}) may leave training; add data, or ask for fewer",
            f"split：“{probe}”要 {wanted} 道考题；可选 {len(turns)} 组，最多拿走一半（{half}）；请补充数据或减少题数",
        )
    return turns[:wanted]


def _outcome(grouped: pl.DataFrame, exam: dict[str, Probe], taken: set[str]) -> Outcome:
    is_exam = pl.col("id").is_in(sorted(exam))
    in_exam_group = pl.col("group").is_in(sorted(taken))
    probes = pl.col("id").replace_strict(exam, default=None, return_dtype=pl.String)
    tagged = grouped.with_columns(
        tags=pl.when(is_exam)
        .then(pl.concat_list("tags", pl.lit("exam"), pl.format("exam:{}", probes)))
        .otherwise("tags")
    )
    in_exam_group |= _asks(tagged.filter(is_exam), exam) | pl.col("id").is_in(_near_asked(tagged, is_exam))
    near = tagged.filter(in_exam_group & ~is_exam).select("id", reason=pl.lit("near_exam")).sort("id")
    chosen = tagged.filter(is_exam).select("id", reason=probes).sort("id")
    return Outcome(
        tagged.filter(is_exam | ~in_exam_group),
        pl.concat(
            [pl.DataFrame(schema=EVENTS), events_of(chosen, "split", "exam"), events_of(near, "split", "dropped")]
        ),
    )


def _near_asked(tagged: pl.DataFrame, is_exam: pl.Expr) -> list[str]:
    """The ids of records in which a turn of the user is near one of the exam's: what the stage `leak` would refuse."""
    held = questions_held(tagged.filter(is_exam))
    return near_held(held, asked(tagged.filter(~is_exam)))["id"].unique().sort().to_list()


def _asks(held: pl.DataFrame, exam: dict[str, Probe]) -> pl.Expr:
    """Whether any turn of the user is one of the exam's questions, but for case, width and punctuation."""
    questions = [
        asked_of(messages, exam[id])[-1]["content"]
        for id, messages in held.select("id", "messages").iter_rows()
        if exam[id] != "perplexity"
    ]
    known = {plain_view(question) for question in questions} - {""}
    turns = pl.col("messages").list.eval(
        pl.element().struct.field("content").filter(pl.element().struct.field("role") == "user")
    )
    return turns.map_elements(lambda said: any(plain_view(text) in known for text in said), return_dtype=pl.Boolean)
