"""The verdict on an answer about the assistant itself: which slot it fills, in which language, and with whose name."""

from schemas.exam import Question
from schemas.identity import Identity
from train.metrics._answer_checks import speaks
from train.metrics._own_names import is_named, simplified
from train.metrics._reading import is_absent
from train.metrics._roles import denies, fills, is_foreign_tongue, own_forms, swaps
from train.metrics._stances import accepts_another, blanks, says_it_is_another


def identity_verdict(question: Question, answer: str, identity: Identity) -> str:
    """Say `right`, or what is wrong first; it ends with `unnamed` where neither name nor author occurs."""
    answer = simplified(answer)
    asked = question.messages[-1].content
    unnamed = "" if is_named(answer, own_forms(identity)) else "_unnamed"
    if is_absent(asked, answer):
        return "empty_unnamed"
    if says_it_is_another(answer, identity) or accepts_another(asked, answer, identity):
        return f"rival_claimed{unnamed}"
    if swaps(question, answer, identity):
        return "swapped"
    if denies(question, answer, identity):
        return "denied"
    if blanks(answer):
        return f"placeholder{unnamed}"
    if not unnamed and (is_foreign_tongue(answer) or not speaks(answer, question.lang, identity)):
        return "wrong_language"
    for slot in question.expects:
        if not fills(question, slot, answer, identity):
            return f"no_{slot}{unnamed}"
    return "right"
