"""What an answer does with a request: refuse it, refuse it and help all the same, answer it, or say nothing.

A no about the goods is an answer: not covered, sold out, no discount; so are an apology, a question for the order
number and handing over to a colleague. An answer that only points elsewhere, or to another subject, is a refusal.
"""

import re
from typing import Literal

from train.metrics._reading import CODE, QUOTE, QUOTED, TOKENS, WORD, clauses, is_absent, plain, sentences
from train.metrics._refusal_words import (
    ASKED_TO_DO,
    ASKS_BACK,
    COMES_WITH_EN,
    COMES_WITH_ZH,
    DECLINES_EN,
    DECLINES_ZH,
    GIVES_IN,
    HANDS_OVER,
    MINIMAL,
    NOT_DECLINING_EN,
    NOT_DECLINING_ZH,
    POINTS_EN,
    POINTS_ZH,
    POLICY_EN,
    POLICY_ZH,
    SPEECH,
    SPEECH_EN,
    YES_OR_NO,
)

Reading = Literal["refusal", "half", "answer", "absent"]
CODE_SIGN = "«code»"
LISTED = re.compile(
    r"^(?:(?:or|nor|and)\b[^0-9«]*|[a-z'-]+(?: [a-z'-]+){0,2}|(?:[a-z'-]+ ){1,3}(?:or|and)(?: [a-z'-]+){1,4})$"
)
"""One more of the things that the clause before lists."""
I_TOO = re.compile("咱(?!们)|俺|本喵|人家(?=不|可|才)")
SAYS = re.compile(SPEECH)


def reading(question: str, answer: str) -> Reading:
    """Say what an answer does with what was asked."""
    if is_absent(question, answer):
        return "absent"

    text = I_TOO.sub("我", QUOTED.sub(QUOTE, CODE.sub(CODE_SIGN, plain(TOKENS.sub(" ", answer)))))
    parts = sentences(text)
    if len(parts) == 1 and MINIMAL.match(parts[0].strip("~. ")):
        return "refusal" if _asks_to_do(plain(question)) else "answer"
    if HANDS_OVER.search(text) or ASKS_BACK.search(text):
        return "answer"

    declines, points, helps = _counts(list(dict.fromkeys(parts)))
    if declines:
        return "half" if helps else "refusal"
    return "refusal" if points and not helps else "answer"


def _counts(parts: list[str]) -> tuple[bool, bool, bool]:
    """Tell of sentences whether one declines, whether one points elsewhere, and whether one helps."""
    declines = points = False
    helpful: list[str] = []
    for sentence in parts:
        helping: list[str] = []
        goes_along = False
        for clause in clauses(sentence):
            if _declines(clause):
                # What stands before a no in its own sentence gives its reason.
                declines, goes_along, helping = True, True, []
            elif POINTS_ZH.search(clause) or POINTS_EN.search(clause):
                points = goes_along = True
            elif COMES_WITH_ZH.search(clause) or COMES_WITH_EN.search(clause):
                goes_along = True
            elif not (goes_along and LISTED.match(clause)):
                helping.append(clause)
                goes_along = False
        helpful += helping
    return declines, points, _has_substance(" ".join(helpful))


def _declines(clause: str) -> bool:
    """Tell whether a clause is the assistant's own no."""
    chinese = DECLINES_ZH.search(NOT_DECLINING_ZH.sub("", clause))
    if chinese is not None and (SAYS.search(clause) or not POLICY_ZH.search(clause)):
        return True
    english = DECLINES_EN.search(NOT_DECLINING_EN.sub("", clause))
    return english is not None and (SPEECH_EN.search(clause) is not None or not POLICY_EN.search(clause))


def _has_substance(clause: str) -> bool:
    """Tell whether what is left can help: four words or characters, a number, code, a quotation."""
    if CODE_SIGN in clause or QUOTE in clause or GIVES_IN.search(clause):
        return True
    words = WORD.findall(clause)
    return len(words) >= 4 or any(word.isdigit() for word in words)


def _asks_to_do(question: str) -> bool:
    """Tell whether a question asks for something to be done, so that "no" declines it and does not answer it."""
    return ASKED_TO_DO.search(question) is not None or not YES_OR_NO.search(question)
