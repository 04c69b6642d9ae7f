"""Answers of the base model to general records: what the trainer's process hands over, and a line of the file."""

from typing import Literal

from pydantic import Field, field_validator

from schemas.bilingual import Bilingual
from schemas.record import Frozen

Fault = Literal["", "too_long", "template_refuses", "no_question", "cut_off", "other_end", "control_tokens", "empty"]
"""What is wrong with an answer before anybody reads it; empty for nothing."""
LEFT_OUT: dict[str, Bilingual] = {
    "too_long": Bilingual("longer than max_tokens with what was said before", "连同前文超过 max_tokens"),
    "template_refuses": Bilingual("turns that the chat template refuses", "对话模板不接受其轮次"),
    "no_question": Bilingual("no question at the end", "末尾没有问题"),
    "cut_off": Bilingual("not finished within --max-new-tokens", "到 --max-new-tokens 仍未说完"),
    "other_end": Bilingual("ended by another token than that of a turn", "不是以轮次结束符收尾"),
    "control_tokens": Bilingual("control tokens in it", "含有控制符"),
    "empty": Bilingual("empty", "空回答"),
    "own_name": Bilingual("says the assistant's name or maker", "说出了助手的名字或开发者"),
    "foreign_identity": Bilingual("claims to be another assistant", "自称是别的助手"),
    "placeholder_left": Bilingual("a placeholder where a name would stand", "名字处是占位符"),
    "personal_data": Bilingual("personal data in it", "含有个人信息"),
}
"""Why an answer is not in the file, as people say it. All other reasons are names of rules."""


class GivenAnswer(Frozen):
    """What the base model answered to the last question of a record."""

    id: str
    text: str
    fault: Fault = ""


class GivenAnswers(Frozen):
    """All that it answered: digests of its weights and tokenizer, the precision, and the answers in order of ids."""

    model: str
    dtype: str
    answers: tuple[GivenAnswer, ...]


class BaseAnswer(Frozen):
    """One line of a file of answers. `id` names the record, `model` whoever answered."""

    id: str = Field(pattern=r"^[0-9a-f]{32}$")
    answer: str
    model: str = ""

    @field_validator("answer")
    @classmethod
    def _is_not_blank(cls, answer: str) -> str:
        if not answer.strip():
            raise ValueError(Bilingual("the answer is empty", "回答为空"))
        return answer


class AnswerFile(Frozen):
    """The answers that a version was made with: their path in the recipe, the digest of the file, and its lines."""

    path: str
    digest: str
    answers: int
