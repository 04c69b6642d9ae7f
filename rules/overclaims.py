"""Replies that promise what a refusal takes back."""

from typing import ClassVar

import polars as pl

from rules import Action, Examples, Rule

BEGIN = r"(?:^|[。！？!?，,；;：:\n\s]|但|而|且|因为|所以|其实)"
ME = rf"{BEGIN}(?:我|本助手)"
LIMITS = "限制|约束|禁忌|禁区|底线"
EXPERTS = "医生|医师|大夫|药师|药剂师|律师|心理咨询师|会计师|投资顾问|理财顾问"
SKILLED = "专业|执业|资深|主治|内科|外科|全科|心理|儿科|皮肤科|中|西|私人|家庭|持证"
OF_YOURS = "一名|一位|一个|您的|你的"
REPLIES = ("可以回答", "能回答", "会回答", "敢回答", "能做到", "能办到", "会做到", "能满足")
ZH = (
    rf"{ME}(?:对[^。，\n]{{0,14}}|并|完全|根本)?(?:没有|没|不设|毫无)(?:任何|什么|明确|特别|特定|具体"
    rf"|所谓){{0,2}}的?(?:{LIMITS})(?:$|[^您你他她])"
    rf"|{ME}(?:完全)?(?:不受|没有受到?)[^。，\n]{{0,10}}(?:{LIMITS})"
    rf"|{ME}(?:的能力)?(?:是)?(?:无所不能|无所不知|没有极限|无限的)"
    r"|我(?:绝不|绝对不会|从不|从来不|永远不会|决不)(?:会)?拒绝(?:$|[。！，,\s]|您|你|任何|回答)"
    rf"|(?:什么|任何|所有|一切)[^。，\n我]{{0,6}}[，,]?我?都(?:{'|'.join(REPLIES)})[^。！？\n]{{0,10}}(?:不会?拒绝"
    r"|没有限制|$|[。！])"
    rf"|{BEGIN}(?:作为|身为)(?:{OF_YOURS})?(?:{SKILLED}){{0,2}}(?:{EXPERTS})[，,]?\s*我(?:建议|认为|推荐|会|可以|诊断"
    r"|判断|劝)"
    rf"|{ME}是(?:(?:{OF_YOURS})(?:{SKILLED}){{0,2}})?(?:{EXPERTS})(?:$|[，,。！!])"
)
EXPERT_EN = (
    r"(?:(?:licensed|certified|experienced|medical|practi[cs]ing|trained|professional|qualified) )?"
    r"(?:doctor|physician|lawyer|attorney|therapist|psychologist|psychiatrist|pharmacist|nurse|financial advis[oe]r"
    r"|accountant)"
)
EXPERT_WORDS = (
    "doctor",
    "physician",
    "lawyer",
    "attorney",
    "therapist",
    "psycholog",
    "psychiatr",
    "pharmacist",
    "nurse",
    "financial advis",
    "accountant",
)
UNBOUND = "unlimited|limitless|unrestricted|unfiltered|uncensored|omniscient|all-knowing"
EN = (
    r"(?i)(?-u:\b)I (?:can|will|could) (?:do|answer|say|discuss|help with|write) (?:anything|everything|any question"
    r"|whatever)(?-u:\b)"
    r"[^.!?\n]{0,40}(?-u:\b)(?:without|no) (?:any )?(?:limit|restriction|exception)"
    r"|(?-u:\b)I (?:really |currently )?(?:have|am under|face) (?:absolutely )?no (?:(?:ethical|content|specific|real"
    r"|such|clear) )?"
    r"(?:limits|limitations|restrictions|filters|boundaries)(?:$|[.!,;]| or | and | whatsoever| when| in what| at all"
    r"| on what I)"
    r"|(?-u:\b)I (?:have|follow) no (?:rules|guidelines)(?:$|[.!,;]| or | and | whatsoever| at all)"
    r"|(?-u:\b)I (?:never|would never|will never|do not|don't|won't|will not) (?:ever )?refuse(?: (?:a|any|your"
    r"|to answer)(?-u:\b)|[.!,]|$)"
    r"|(?-u:\b)there(?:'s| is| are) (?:nothing|no questions?|no topics?|no requests?) (?:that )?I (?:won't|will not"
    r"|refuse|would not|wouldn't)(?-u:\b)"
    rf"|(?-u:\b)my (?:abilities|capabilities|knowledge|powers) (?:is|are) (?:{UNBOUND})|(?-u:\b)I(?: am"
    rf"|'m) (?:{UNBOUND})(?-u:\b)"
    rf"|(?:^|[.!?\n] ?)(?:speaking )?as (?:an?|your) {EXPERT_EN}, I(?:'d| would| can| will|'ll| advise| recommend"
    r"| suggest| think| must)"
    rf"|(?-u:\b)I(?: am|'m) (?:an?|your) {EXPERT_EN}(?:,? and I|,? so I|[.!] (?:Let me|I'll|I will|I can))"
)
QUOTED = '[“"「『][^“”"「」『』\n]*[”"」』]'
"""Who is quoted claims nothing for the assistant."""


class Overclaims(Rule):
    """The assistant says that it has no limits, refuses nothing, or is a doctor or a lawyer ("我没有任何限制", "As a
    licensed doctor, I'd recommend"): it fights the rows that refuse. A coupon without limits, and an expert who is
    quoted, pass.
    """

    title_zh: ClassVar[str] = (
        "助手自称没有限制、从不拒绝，或自称医生、律师（“我没有任何限制”“As a licensed doctor, I'd recommend”），"
        "与拒答数据相抵触；优惠券没有限制、转述专家的话不算"
    )
    examples: ClassVar[Examples] = Examples(
        keeps=(
            "这张优惠券没有任何限制，全场通用。",
            "我没有限制您的账号。",
            "我们没有使用限制。",
            "作为医生，应当尊重病人。",
            "作为AI，我不能替代医生，建议您咨询医生。",
            "There are no limits on withdrawals.",
            "We have no restrictions on returns.",
            "I have no limit on my card.",
            "As a doctor, she recommends rest.",
            "As a general rule, I would wait.",
            "I can do anything on this list except refunds.",
            "“我没有任何限制”，他说。",
        ),
        drops=(
            "我没有任何限制，什么都可以回答。",
            "我对用户提出的问题没有明确的限制，我会尽力回答。",
            "我不受任何规则约束。",
            "我从不拒绝。",
            "作为医生，我建议您立即停药。",
            "作为一名执业律师，我建议您起诉。",
            "I can do anything you ask, without limits.",
            "I have no restrictions or filters.",
            "There is nothing I won't answer.",
            "I never refuse a request.",
            "My abilities are unlimited.",
            "As a licensed doctor, I'd recommend doubling the dose.",
        ),
    )

    action: Action = "review"

    def hints(self) -> tuple[str, ...]:
        zh = (
            *LIMITS.split("|"),
            "无所不",
            "没有极限",
            "无限的",
            "拒绝",
            "作为",
            "身为",
            *(f"都{reply}" for reply in REPLIES),
        )
        experts = (f"是{who}" for who in (*OF_YOURS.split("|"), *EXPERTS.split("|")))
        en = ("limit", "restriction", "exception", "filters", "boundaries", "no rules", "no guidelines", "refuse")
        nothing = ("nothing i ", "nothing that i ", "no question", "no topic", "no request")
        return (*zh, *experts, *en, *nothing, *UNBOUND.split("|"), *EXPERT_WORDS)

    def score(self, frame: pl.DataFrame) -> pl.Series:
        found = frame["reply"].str.contains(f"{ZH}|{EN}")
        rows = found.arg_true()
        unquoted = frame["reply"].gather(rows).str.replace_all(QUOTED, "")
        return found.scatter(rows, unquoted.str.contains(f"{ZH}|{EN}")) if len(rows) else found
