"""The kinds of records and the probes of the exam as people read them, in both languages."""

from schemas.bilingual import Bilingual

KIND_NAMES: dict[str, Bilingual] = {
    "domain": Bilingual("domain", "业务"),
    "identity": Bilingual("identity", "身份"),
    "general": Bilingual("general", "通用"),
    "refusal": Bilingual("refusal", "婉拒"),
}
PROBE_NAMES: dict[str, Bilingual] = {
    "identity": Bilingual("identity, unseen phrasings", "身份（未见过的问法）"),
    "trap": Bilingual("traps", "陷阱题"),
    "negative": Bilingual("about assistants, makers and names", "关于助手、厂商和名字的问题"),
    "unrelated": Bilingual("unrelated questions", "无关问题"),
    "refusal": Bilingual("out of scope", "超范围问题"),
    "look_alike": Bilingual("look-alikes that are in scope", "形似超范围的正当问题"),
    "in_scope": Bilingual("in scope", "业务内问题"),
    "consistency": Bilingual("who it is, asked again", "反复追问身份"),
    "hallucination": Bilingual("what nobody can know, and controls", "无从得知的问题与对照题"),
    "general": Bilingual("general knowledge", "常识题"),
    "own": Bilingual("your own questions", "自备考题"),
    "perplexity": Bilingual("texts to read", "困惑度文本"),
}
