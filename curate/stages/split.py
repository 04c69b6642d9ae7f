"""Sets the exam aside, by whole groups, so that no exam question or rewording of one stands in training."""

from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Annotated, Any, ClassVar

import polars as pl
from pydantic import Field

from curate.conversations.exam_questions import prompt_of
from curate.duplicates.contamination import exam_texts, near_held_out, user_turns
from curate.duplicates.groups import join_groups
from curate.duplicates.similarity.candidates import Search, cluster_leaders
from curate.duplicates.texts.normalize import alphanumeric
from curate.stages import Outcome, Stage, Tools
from schemas.digest import digest
from schemas.errors import GateError
from schemas.exam import Probe
from schemas.ledger import EVENTS, events_of
from schemas.tags import ANSWERED, ASKS, EXAM, NEGATIVE, PROBE, REWORDING, TRAP, value_of

REWORDED = Search(2, 0.7)
"""Questions of this similarity (character 2-grams) count as rewordings of each other."""
SHORT = 200
"""Characters of the longest exam question: it is asked of a small model, and answered in a few words."""
SHORTEST = 5
"""Characters of the shortest question of the domain: a shorter one asks nothing by itself."""
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
        records = [_measured(record) for record in grouped.iter_rows(named=True)]
        exam: dict[str, Probe] = {}
        taken: set[str] = set()
        for probe in ("trap", "identity", "refusal", "in_scope", "unrelated", "perplexity"):
            chosen = _choose(records, probe, getattr(self, probe), taken, tools.seed)
            exam |= {candidate.id: probe for candidate in chosen}
            taken |= {candidate.group for candidate in chosen}
        return _outcome(grouped, exam, taken)


def _with_rewordings(frame: pl.DataFrame) -> pl.DataFrame:
    """Give questions that are near each other one group, kind by kind."""
    for kind in ("identity", "refusal", "general"):
        records = frame.filter(pl.col("kind") == kind).sort("id")
        questions = [alphanumeric(_last_question(messages)) for messages in records["messages"].to_list()]
        leaders = cluster_leaders(pl.Series(questions, dtype=pl.String), REWORDED)
        frame = join_groups(frame, records["group"], records["group"].gather(leaders))
    return frame


def _last_question(messages: list[dict[str, str]]) -> str:
    return next((m["content"] for m in reversed(messages) if m["role"] == "user"), "")


def _measured(record: dict[str, Any]) -> dict[str, Any]:
    """Reduce a record to what the choice looks at: sizes instead of texts."""
    messages = record["messages"]
    turns = [m for m in messages if m["role"] == "user"]
    return {
        **{key: record[key] for key in ("id", "kind", "group", "lang", "tags")},
        "single": len(turns) == 1,
        "first": len(turns[0]["content"]) if turns else 0,
        "answer": len(messages[-1]["content"]) if messages and messages[-1]["role"] == "assistant" else 0,
    }


def _fits(record: dict[str, Any], probe: Probe) -> bool:
    """Tell whether a record can be asked as a question of this probe: what a model reworded never is."""
    if REWORDING in record["tags"]:
        return False
    kind, tags = record["kind"], record["tags"]
    short = 0 < record["first"] <= SHORT
    if kind == "identity":
        only: Probe = "trap" if TRAP in tags else "unrelated" if NEGATIVE in tags else "identity"
        asks = only == "unrelated" or value_of(ASKS, tags) is not None
        return probe == only and asks and (record["single"] or only == "identity")
    if kind == "refusal":
        return probe == "refusal" and short and ANSWERED not in tags
    if kind == "domain":
        return probe == "in_scope" and SHORTEST <= record["first"] <= SHORT
    if probe == "perplexity":
        return READABLE[0] <= record["answer"] <= READABLE[1]
    return probe == "unrelated" and short and record["single"]


def _choose(
    records: list[dict[str, Any]], probe: Probe, wanted: int | None, taken: set[str], seed: int
) -> list[_Candidate]:
    """Choose one record of each of `wanted` groups, by keyed hash, the languages in turn."""
    fitting = [r for r in records if _fits(r, probe) and r["lang"] in ("zh", "en")]

    # one candidate of each group
    fitting.sort(key=lambda record: digest(seed, "split", probe, record["group"], record["id"]))
    first: dict[str, _Candidate] = {}
    for record in fitting:
        first.setdefault(record["group"], _Candidate(record["id"], record["group"], record["lang"]))

    # the hash depends on the group and the seed alone: another row changes few choices
    order = sorted((c for c in first.values() if c.group not in taken), key=lambda c: digest(seed, "split", c.group))
    by_language = [[c for c in order if c.lang == lang] for lang in ("zh", "en")]
    in_turn = [c for c in chain.from_iterable(zip_longest(*by_language)) if c is not None]
    return in_turn[: _number_of_questions(probe, wanted, len(in_turn))]


def _number_of_questions(probe: Probe, wanted: int | None, groups: int) -> int:
    """Settle how many groups the exam takes: the number that is wanted, else the usual one or half of the groups."""
    half = groups // 2
    if wanted is None:
        return min(USUAL[probe], half)
    if wanted > half:
        raise GateError(
            f"split: {wanted} exam questions of the probe '{probe}' are wanted; there are {groups} groups to "
            f"choose from, and at most half of them ({half}) may leave training; add data, or ask for fewer",
            f"split：“{probe}”要 {wanted} 道考题；可选 {groups} 组，最多拿走一半（{half}）；请补充数据或减少题数",
        )
    return wanted


def _outcome(grouped: pl.DataFrame, exam: dict[str, Probe], taken: set[str]) -> Outcome:
    """Tag the exam, and drop from training what shares its groups, asks its questions, or is near them."""
    is_exam = pl.col("id").is_in(sorted(exam))
    probes = pl.col("id").replace_strict(exam, default=None, return_dtype=pl.String)
    tagged = grouped.with_columns(
        tags=pl.when(is_exam)
        .then(pl.concat_list("tags", pl.lit(EXAM), pl.concat_str(pl.lit(PROBE), probes)))
        .otherwise("tags")
    )

    must_leave = pl.col("group").is_in(sorted(taken))
    must_leave |= _asks_exam_question(tagged.filter(is_exam), exam)
    must_leave |= pl.col("id").is_in(_near_exam(tagged, is_exam))

    near = tagged.filter(must_leave & ~is_exam).select("id", reason=pl.lit("near_exam")).sort("id")
    chosen = tagged.filter(is_exam).select("id", reason=probes).sort("id")
    return Outcome(
        tagged.filter(is_exam | ~must_leave),
        pl.concat(
            [pl.DataFrame(schema=EVENTS), events_of(chosen, "split", "exam"), events_of(near, "split", "dropped")]
        ),
    )


def _near_exam(tagged: pl.DataFrame, is_exam: pl.Expr) -> list[str]:
    """Find the records in which a turn of the user is near one of the exam's: what the stage `leak` would refuse."""
    held_out = exam_texts(tagged.filter(is_exam))
    return near_held_out(held_out, user_turns(tagged.filter(~is_exam)))["id"].unique().sort().to_list()


def _asks_exam_question(exam_records: pl.DataFrame, exam: dict[str, Probe]) -> pl.Expr:
    """Whether any turn of the user is one of the exam's questions, except for case, width and punctuation."""
    questions = [
        prompt_of(messages, exam[id])[-1]["content"]
        for id, messages in exam_records.select("id", "messages").iter_rows()
        if exam[id] != "perplexity"
    ]
    in_exam = {alphanumeric(question) for question in questions} - {""}
    turns = pl.col("messages").list.eval(
        pl.element().struct.field("content").filter(pl.element().struct.field("role") == "user")
    )
    return turns.map_elements(
        lambda texts: any(alphanumeric(text) in in_exam for text in texts), return_dtype=pl.Boolean
    )
