"""Finds instructions to a model that were slipped into what a customer wrote."""

import re

INSTRUCTION = re.compile(
    r"(?:忽略|无视|忘记|忘掉|不要理会|别管|抛开|跳过|覆盖)[^。！!？?\n]{0,12}(?:指令|指示|要求|规则|设定"
    r"|提示|命令|内容|限制|上文|对话|规定|话)|系统(?:提示词?|指令|消息|设定|prompt)|提示词|越狱|开发者模式"
    r"|管理员模式|无限制模式|最高权限|root权限|从现在(?:开始|起)[，,]?[你您]"
    r"|[你您](?:现在|必须|只能)(?:是|扮演|变成|回复|输出|回答|说|叫)|(?:请|只|直接|必须|都)(?:输出"
    r"|打印|复述|重复)|(?:回复|输出|打印|写上?|写出|说出|喊|加上|附上|末尾"
    r"|结尾)[:：]?\s*[“\"「『'](?=[^”\"」』']{2,})|改写时|改写(?:的时候|后|为|成)|扮演|已被?(?:破解|攻破"
    r"|入侵|越狱)|(?:指令|密码|口令|密钥|暗号)(?:是|为|：)|(?:给|致)(?:AI|ai|模型|机器人"
    r"|改写)[^。，]{0,6}[:：的]|[Aa][Ii](?:请|助手请)|请把(?:下面|以下)"
    r"|\b(?:ignore|disregard|forget|override|bypass|skip)\b[^.!?\n]{0,30}\b(?:instruction|prompt|rule"
    r"|above|previous|prior|guideline|everything|direction|polic|order|said)\w*|\bsystem[ _-]?prompt\b"
    r"|\b(?:developer|dan|god|admin|debug|jailbreak\w*|unrestricted) mode\b|\byou are now\b"
    r"|\bfrom now on\b|\bact as\b|\bpretend (?:to|you)\b|\brole-?play\b|\bnew instructions?\b|\bhacked\b"
    r"|\bpwned\b|\bjailbr\w+|\brepeat after me\b|\b(?:print|output|reveal|reply with|respond with|append"
    r"|answer with|end with)\b[:\s]+(?:the|your|this|only|exactly|a|an)\b|\b(?:say|write|type"
    r"|include)\b[:\s]+(?-i:[\"“']?[A-Z]{3,}|[\"“'])|\bwrite: |\[/?system\]|-{3,}\w*-*|新任务|new task"
    r"|\b(?:to|for|note to|dear|ps to|hey|attention)\s+(?:the\s+)?(?:ai|model|assistant|bot|rewriter|llm"
    r"|language model)\b|\bassistant must\b|\bwhen (?:you )?(?:rewrit|reword|rephras"
    r"|paraphras)\w*|<!--|-->|\bsudo\b|\binstructions?:|\bsystem:|\bbase64\b",
    re.IGNORECASE,
)
SENTENCES = re.compile(
    r"(?<=[。！!？?\n])|(?<=\.)\s|(?=<!--)|(?<=-->)|(?=###)|(?<=###)|(?=\bPS\b)|(?=[(（\[【])|(?<=[)）\]】])"
)


def divided(parent: str) -> tuple[str, str]:
    """Divide a text into the instruction that was slipped in, if any, and what the customer says."""
    sentences = [sentence for sentence in SENTENCES.split(parent) if sentence and sentence.strip()]
    asked = [sentence for sentence in sentences if INSTRUCTION.search(sentence)]
    return "".join(asked), " ".join(sentence for sentence in sentences if sentence not in asked)


def spoken(parent: str) -> str:
    """Take what the customer says without what was slipped in; all of it where nothing else is left."""
    rest = divided(parent)[1]
    return rest if rest.strip() else parent
