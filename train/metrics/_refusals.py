"""The marks of a polite no, in both languages. An apology alone is none: "sorry for the delay, it ships today"."""

import re

DECLINES = re.compile(
    r"(?:无法|不能|没法|不便|无权)(?:直接)?(?:为您|给您|帮您|帮你|向您)?(?:回答|解答|提供|协助|帮助|处理|给出|评价|讨论|判断|完成|满足)"
    r"|(?:超出|不在|不属于)[^。！？\n]{0,8}(?:范围|职责|能力)|帮不(?:上|了)|爱莫能助|(?:只能|只负责|仅能)[^。！？\n]{0,20}(?:问题|咨询|订单|商品)"
    r"|建议(?:您)?(?:咨询|联系|寻求)[^。！？\n]{0,6}专业"
    r"|(?:can't|cannot|can not|unable to|not able to|won't be able to|am not allowed to) "
    r"(?:help|assist|answer|provide|discuss|give|do|advise|offer|fulfil|comply|recommend|diagnose)"
    r"|(?:outside|beyond|out of|not within) (?:of )?(?:what i can|my scope|the scope|my area|scope|my abilities)"
    r"|i only (?:handle|answer|help|deal)|not something i can",
    re.IGNORECASE,
)


def declines(answer: str) -> bool:
    """Tell whether an answer holds a mark of a no, with straight or curly apostrophes."""
    return DECLINES.search(answer.replace("’", "'")) is not None
