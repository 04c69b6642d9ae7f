"""Finds the rows we write ourselves that would give away a question of the exam's papers."""

import polars as pl

from curate.duplicates.contamination import near_or_equal, user_turns
from schemas.identity import Identity
from schemas.papers import PAPERS, paper

REASON = "exam_paper"


def near_papers(rows: pl.DataFrame, identity: Identity) -> pl.DataFrame:
    """Find the rows in which a turn of the user is near a question of any paper, or equal to it.

    A line is a row: `id`, `reason`, the question as `twin`, and the `score`, their Jaccard similarity; of several
    questions the nearest. Which papers the recipe asks does not count: another exam of the same version may ask them.
    """
    pairs = near_or_equal(paper_questions(identity), user_turns(rows))
    pairs = pairs.sort("id", "jaccard", "question", descending=[False, True, False])
    nearest = pairs.unique("id", keep="first", maintain_order=True)
    return nearest.select("id", twin="question", score="jaccard", reason=pl.lit(REASON))


def paper_questions(identity: Identity) -> pl.DataFrame:
    """List what can be asked of an assistant with these names: `question`, its id, and the `text` of its last turn."""
    filled = (question.filled(identity) for name in PAPERS for question in paper(name))
    texts = [(question.id, question.messages[-1].content) for question in filled if question]
    return pl.DataFrame(texts, schema={"question": pl.String, "text": pl.String}, orient="row")
