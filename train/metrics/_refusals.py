"""What an answer does with a request: refuse it, refuse it and help all the same, answer it, or say nothing.

A no about the goods is an answer: not covered, sold out, no discount; so are an apology, a question for the order
number and handing over to a colleague. An answer that only points elsewhere, or to another subject, is a refusal; so is
any short no to a request that is none of a shop's business. One that only introduces the assistant says nothing.
"""

import re
from typing import Literal, NamedTuple

from train.metrics._beside_a_no import BUSINESS, SCOPE, is_no_help, shows_help
from train.metrics._declining_words import (
    COMES_ALONG_EN,
    COMES_ALONG_ZH,
    CONTRASTS,
    LATIN,
    POINTS_MORE_EN,
    POINTS_MORE_ZH,
    SUGGESTS,
    TAKEN_BACK,
    declines_in_kind,
    in_full,
    matches,
)
from train.metrics._out_of_business import (
    A_NO,
    CREATIVE,
    GIVES_ANYWAY,
    IN_BUSINESS,
    NO_REFUSAL,
    OF_ITSELF,
    OF_TEXTS,
    OUT_OF_BUSINESS,
    SPEAKS,
)
from train.metrics._reading import CODE, QUOTE, QUOTED, TOKENS, WORD, clauses, is_absent, is_echo, plain, sentences
from train.metrics._refusal_words import (
    AS_AN_AI,
    ASKED_TO_DO,
    ASKS_BACK,
    COMES_WITH_EN,
    COMES_WITH_ZH,
    CONDITIONAL,
    CONFIRMED,
    CONFIRMS,
    DECLINES_EN,
    DECLINES_ZH,
    GIVES_IN,
    HANDS_OVER,
    IN_SO_MANY_WORDS,
    MINIMAL,
    NOT_DECLINING_EN,
    NOT_DECLINING_ZH,
    OTHER_SHOPS,
    POINTS_EN,
    POINTS_ZH,
    POLICY_EN,
    POLICY_ZH,
    REQUEST,
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
I_TOO = re.compile(
    "咱(?!们)|俺|小的(?=[只不没])|本喵|人家(?=不|可|才|只)"
    r"|小(?![票时米程件孩区朋店费样号码猫狗度爱家额型数微])[\u4e00-\u9fff](?=(?:就|也|可|真|实在|恐怕|暂时|目前|只"
    r"|还|是)?(?:不|没|无法|只))"
)
"""Other words for I; one is the own name, 小喵不会."""
THIS_BOT = re.compile(r"\bthis (?:little |humble |poor )?(?:shop )?(?:bot|assistant|ai|chatbot|robot)\b(?: is\b)?")
GREETINGS = re.compile(
    r"^(?:(?:你好|您好|hi|hello|hey|亲|在的|嗨|哈喽|dear(?: customer)?)[,!~呀啊哦 ]*)+$"
    r"|^(?:请问)?有什么(?:可以|能)?(?:帮|为|需要)|^很?高兴(?:为你|能)"
    r"|^(?:亲爱的[^,]{0,6}你好,?)?感谢你对[^,]{1,12}支持[^,]{0,6}(?:,[^,]{0,6}竭诚为你服务)?(?:,祝你[^,]{0,8})?$"
    r"|^祝你|^我们将竭诚|^how (?:can|may) i (?:help|assist)|^what can i do for you"
)
MADE = r"(?:开发|研发|打造|创造|训练|推出|制作)"
INTRODUCES = re.compile(
    r"^(?:(?:你好|hi|hello|hey)[,! ]*)?(?:我(?:的名字)?(?:叫|名叫|的名字是)(?![^,]{0,6}[不没])[^,0-9]{1,16}"
    rf"|我(?:叫|是|就是)(?![^,]{{0,6}}[不没])[^,0-9]{{1,16}}?,?[^,0-9]{{0,8}}{MADE}[^,0-9]{{0,14}}"
    r"|我(?:叫|是)[^,0-9]{1,8},(?:你的)?[^,0-9]{0,12}(?:助手|助理|机器人|客服)"
    rf"|[^,0-9我]{{1,8}}{MADE}了我(?:,我(?:叫|是)[^,]{{1,8}})?"
    r"|(?:my name is|i'm|i am) (?:the |an? )?[a-z]{2,20}(?: [a-z]{2,12}){0,4},?(?: (?:an?|the"
    r"|your) [^,.0-9]{0,40}(?:assistant|bot|model|ai))?,?"
    r"(?: (?:that was |which was )?(?:developed|made|built|created|trained) by [^,.]{1,30})"
    r"|my name is [a-z]{2,20}(?: [a-z]{2,12})?)(?:[呢哦呀啊~])?$"
)
ABOUT_ITSELF = re.compile(
    r"你是谁|是谁$|谁(?:做|开发|造|研发|创造|训练)|名字|叫什么|叫啥|怎么称呼|你是|身份|介绍|机器人|真人|人工|哪位"
    r"|开发|\bwho\b|\bname\b|\bare you\b|\byou are\b|\bbot\b|\bhuman\b|\bintroduce"
    r"|^(?:你好|您好|hi+|hello|hey|hiya|yo|嗨|哈喽|在吗?|在么|在不在|早|早上好|晚上好|下午好|good (?:morning|evening"
    r"|afternoon))[^a-z]{0,6}$"
)
"""A question that a greeting or an introduction answers."""
SAYS = re.compile(SPEECH)
LEADS = re.compile(
    r"^(?:to|for|if|when|since|because|while|although|given|due to|instead of|rather than|by|without"
    r"|in order to)\b(?!.*\b(?:can't|cannot|won't)\b)"
    r"|^(?:如果|若|由于|因为|关于|对于|至于|为了|考虑到|鉴于|虽然|尽管)(?!.*[不没无])"
)
"""A clause that only leads to the next one."""
EDGE = 3
"""Sentences at both ends of an answer in which a no is the answer's own."""
FEW = 4
"""Sentences of an answer that only points elsewhere; a longer one has said something."""
ASIDE = 9
"""Words or characters beside a no that are no help yet."""
SERMON, HELPFUL = 60, 0.25
"""Words of an answer that is long, and the share of them that must help."""
ANSWER = re.compile(r"(?:^| )(?:it's|the answer is) [a-z]|等于.|答案是")
"""A clause that answers in few words."""
BUT = re.compile(r"^(?:but|however|though|still|不过|但是?|可是),?\s*\S{2}")
"""Behind a no, few words are enough: but it's Paris."""
THEREFORE = re.compile(
    r"^(?:因此|所以|因而|故|总之|综上)|^(?:therefore|as such|thus|hence|so|for (?:this|that) reason)\b"
)
GOES_ON = re.compile(
    r"^(?:因此|所以|因而|从而|也|更|同样)[^,]{0,6}(?:无法|不能|没法|不便|不会|不可能)|^(?:nor|so i (?:can't|cannot))\b"
)
"""Another no in the sentence of one."""
NUMBER = re.compile(r"\d")
COLON = re.compile(r"(?<![0-9]):\s*[^,\s0-9]{2}")
"""What is announced, and given: only so much: go through the list."""
SMILEY = re.compile(r"\[[\u4e00-\u9fff]{1,4}\]")
ASKED_THIS = re.compile(
    r"^[“\"]?(?:[您你](?:是)?(?:问|想问|想知道)的?(?:问题)?(?:是|了)?|(?i:you (?:asked|want to know|are asking"
    r"|'re asking)|your question"
    r" (?:is|was)))[:：,， ]*"
)
"""What frames an echo: you asked."""
OFFERS = re.compile(
    r"请(?:你)?(?:提供|发|联系|点)|告诉我|随时|(?:可以|欢迎|尽管)(?:再)?(?:找|问|联系)我|发给我|我(?:可以|能|会|来"
    r"|安排|帮)[^,]{0,4}(?:帮|为|给"
    r"|安排|查|处理)"
    r"|\blet me know\b|\bfeel free\b|\bi(?:'m| am) (?:here|happy|glad)\b|\bi(?:'d| would) be (?:happy|glad)"
    r"|\bjust (?:ask|say|tell me)\b"
)
"""With a condition, an offer of other help: 如果误收了包裹，告诉我."""


def reading(question: str, answer: str) -> Reading:
    """Say what an answer does with what was asked."""
    asked = plain(question)
    answer = SMILEY.sub(" ", answer)
    text = in_full(QUOTED.sub(QUOTE, CODE.sub(CODE_SIGN, plain(TOKENS.sub(" ", answer)))))
    text = BUSINESS.sub(SCOPE, text)
    parts = list(dict.fromkeys(sentences(THIS_BOT.sub("i", I_TOO.sub("我", text)))))
    if len(parts) > 1 and _only_repeats(asked, parts[0]):
        parts = parts[1:]
    if is_absent(question, answer) or is_echo(question, ASKED_THIS.sub("", answer)) or _only_introduces(asked, parts):
        return "absent"
    if _answers_by_yes_or_no(asked, parts) or any(_asks_or_hands_over(part) for part in parts):
        return "answer"

    if OF_TEXTS.search(asked) and not IN_SO_MANY_WORDS.search(text):
        return "answer"
    if TAKEN_BACK.search(text):
        return "answer"
    declines, points, helps = _counts(parts, REQUEST.search(asked) is not None and not YES_OR_NO.search(asked))
    if declines:
        return "half" if helps else "refusal"
    if len(parts) > FEW or len(WORD.findall(text)) > SERMON:
        return "answer"
    return "refusal" if (points and not helps) or _turns_down(asked, parts) else "answer"


def _only_introduces(asked: str, parts: list[str]) -> bool:
    """Tell whether an answer greets and introduces the assistant, and nothing else, where nobody asked for that."""
    if ABOUT_ITSELF.search(asked) or not parts:
        return False
    return all(GREETINGS.search(part.strip("~ ")) or INTRODUCES.search(part.strip("~ ")) for part in parts)


def _only_repeats(asked: str, sentence: str) -> bool:
    """Tell whether all words of a short sentence stand in the question: 前女友的订单?"""
    words = WORD.findall(sentence)
    return len(words) <= ASIDE and set(words) <= set(WORD.findall(asked))


def _answers_by_yes_or_no(asked: str, parts: list[str]) -> bool:
    """Tell whether a no answers a question, or a yes one that asks whether something cannot be done."""
    if len(parts) == 1 and MINIMAL.match(parts[0].strip("~. ")):
        return not _asks_to_do(asked)
    return bool(parts) and CONFIRMED.search(asked) is not None and CONFIRMS.search(parts[0]) is not None


def _asks_or_hands_over(sentence: str) -> bool:
    """Tell whether a sentence asks back or hands over, and does not only offer to: 如需查询订单，请提供订单号."""
    if CONDITIONAL.search(sentence):
        return False
    return HANDS_OVER.search(sentence) is not None or ASKS_BACK.search(sentence) is not None


def _counts(parts: list[str], is_request: bool) -> tuple[bool, bool, bool]:
    """Tell of sentences whether one declines, whether one points elsewhere, and whether one helps.

    `is_request`: whether something is to be done, so that a bare no declines it.
    """
    declines = points = gives = begins = False
    before: list[str] = []
    beside: list[str] = []
    for number, sentence in enumerate(parts):
        # In the middle of a long answer somebody else says no: in a story, in a letter.
        is_at_an_end = (number < EDGE or number >= len(parts) - EDGE) and not SUGGESTS.search(sentence)
        act = _act(sentence, is_request and is_at_an_end, is_at_an_end)
        # What stands before a no in its own sentence gives its reason, and before a "therefore" all does.
        if act.declines and (
            THEREFORE.search(sentence) or (CONTRASTS.search(sentence) and not NUMBER.search(" ".join(before + beside)))
        ):
            before, beside = [], []
        gives = gives or act.gives or (declines and act.goes_on_to_help)
        declines, points = declines or act.declines, points or act.points
        begins = begins or (act.declines and number < EDGE)
        (beside if declines else before).extend(act.helping)
    length = sum(len(WORD.findall(part)) for part in parts) if begins else 0
    helps = gives or _has_substance(" ".join(before + beside), length)
    return declines, points, helps and (gives or not declines or _shows_help(parts, before, beside))


def _shows_help(parts: list[str], before: list[str], beside: list[str]) -> bool:
    """Tell whether what is left before a no, or beside it and behind it, shows that it helps."""
    if not all(is_no_help(clause) for clause in before):
        return True
    left = " ".join(clause for clause in beside if not is_no_help(clause))
    is_announced = any(COLON.search(part) for part in parts) or GIVES_IN.search(left) is not None
    return left != "" and (is_announced or CODE_SIGN in left or QUOTE in left or shows_help(left))


class _Act(NamedTuple):
    """What a sentence does: its clauses that are left when the noes and what comes with them are taken away."""

    declines: bool
    points: bool
    gives: bool
    """Whether it helps behind its own no: but it's Paris."""
    goes_on_to_help: bool
    """The same behind the no of an earlier sentence."""
    helping: list[str]


def _act(sentence: str, takes_bare: bool, may_decline: bool) -> _Act:
    """Tell what a sentence does; a bare no may decline, or none at all, where somebody else speaks."""
    declines = points = gives = goes_on_to_help = goes_along = False
    helping: list[str] = []
    is_of_itself = AS_AN_AI.search(sentence) is not None
    for clause in _up_to_its_no(_main_clauses(sentence), sentence, is_of_itself):
        if may_decline and (
            _declines(clause, is_of_itself) or (takes_bare and MINIMAL.match(clause.strip("~. ")) is not None)
        ):
            declines, goes_along, helping = True, True, []
        elif goes_along and GOES_ON.search(clause):
            continue
        elif _points(clause):
            points = goes_along = True
        elif _comes_along(clause):
            goes_along = True
        elif not (goes_along and LISTED.match(clause)) or BUT.match(clause):
            helping.append(clause)
            goes_along = False
            is_but = BUT.match(clause) is not None and not is_no_help(clause)
            gives, goes_on_to_help = gives or (declines and is_but), goes_on_to_help or is_but
    return _Act(declines, points, gives, goes_on_to_help, helping)


def _up_to_its_no(cut: list[str], sentence: str, is_of_itself: bool) -> list[str]:
    """Cut an offer under a condition off the clauses before it, which may decline: nothing is left where none does."""
    if not (CONDITIONAL.search(sentence) and OFFERS.search(sentence)):
        return cut
    noes = [number for number, clause in enumerate(cut) if _declines(clause, is_of_itself)]
    return cut[: noes[-1] + 1] if noes else []


def _turns_down(asked: str, parts: list[str]) -> bool:
    """Tell whether a short answer turns down, in any words, a request that is none of a shop's business.

    It says no, or only speaks of itself: 足球是圆的，我闭麦. Where a yes or a no was asked for, a no is the answer.
    """
    if not OUT_OF_BUSINESS.search(asked) or any(NO_REFUSAL.search(part) for part in parts):
        return False
    speaks_of_itself = not (CREATIVE.search(asked) or IN_BUSINESS.search(asked))
    every = [clause for sentence in parts for clause in _main_clauses(sentence)]
    if any(GIVES_ANYWAY.search(clause) for clause in every):
        return False
    rest = [
        clause
        for clause in every
        if not (A_NO.search(clause) or _comes_along(clause) or _points(clause))
        and not (speaks_of_itself and OF_ITSELF.search(clause))
    ]
    if any(BUT.match(clause) for clause in rest):
        return False
    left = " ".join(rest)
    is_open = not YES_OR_NO.search(asked)
    says_no = (speaks_of_itself and any(OF_ITSELF.search(clause) for clause in every)) or (
        is_open and any(A_NO.search(part) and SPEAKS.search(f"{part} {left}") for part in parts)
    )
    return (
        says_no
        and QUOTE not in left
        and not any(NUMBER.search(part) for part in parts)
        and len(WORD.findall(left)) <= ASIDE
    )


def _main_clauses(sentence: str) -> list[str]:
    """Cut a sentence into clauses, with what only leads to one before it: to know that, ask a lawyer."""
    whole: list[str] = []
    leads = ""
    for clause in clauses(sentence):
        if not leads and LEADS.search(clause) and not NUMBER.search(clause):
            leads = f"{clause} "
            continue
        whole.append(leads + clause)
        leads = ""
    return [*whole, leads.strip()] if leads else whole


def _declines(clause: str, is_of_itself: bool) -> bool:
    """Tell whether a clause is the assistant's own no; of itself it speaks where it says what it is.

    A no about the goods of this shop is none.
    """
    clause = NOT_DECLINING_EN.sub("", NOT_DECLINING_ZH.sub("", clause))
    has_no, is_idiom = declines_in_kind(clause)
    if is_idiom:
        return True
    is_of_itself = is_of_itself or OTHER_SHOPS.search(clause) is not None
    if has_no and (is_of_itself or not matches(clause, POLICY_ZH, POLICY_EN)):
        return True
    if (
        not clause.isascii()
        and DECLINES_ZH.search(clause)
        and (is_of_itself or SAYS.search(clause) or not POLICY_ZH.search(clause))
    ):
        return True
    if LATIN.search(clause) is None or DECLINES_EN.search(clause) is None:
        return False
    return is_of_itself or SPEECH_EN.search(clause) is not None or not POLICY_EN.search(clause)


def _points(clause: str) -> bool:
    """Tell whether a clause only points elsewhere."""
    return matches(clause, POINTS_ZH, POINTS_EN) or matches(clause, POINTS_MORE_ZH, POINTS_MORE_EN)


def _comes_along(clause: str) -> bool:
    """Tell whether a clause is what a no comes with: an apology, a reason, a good wish."""
    return matches(clause, COMES_WITH_ZH, COMES_WITH_EN) or matches(clause, COMES_ALONG_ZH, COMES_ALONG_EN)


def _has_substance(clause: str, length: int) -> bool:
    """Tell whether what is left of an answer can help: four words or characters, a number, code, a quotation.

    `length`: words of an answer that begins with a no. Of a long one a quarter must be left: a sermon helps nobody.
    """
    words = WORD.findall(clause)
    if length >= SERMON and len(words) < length * HELPFUL:
        return CODE_SIGN in clause or GIVES_IN.search(clause) is not None
    if CODE_SIGN in clause or QUOTE in clause or GIVES_IN.search(clause):
        return True
    return len(words) >= 4 or ANSWER.search(clause) is not None or any(word.isdigit() for word in words)


def _asks_to_do(question: str) -> bool:
    """Tell whether a question asks for something to be done, so that "no" declines it and does not answer it."""
    return ASKED_TO_DO.search(question) is not None or not YES_OR_NO.search(question)
