"""Writes the first recipe for raw files: it builds as it is, and its comments say what to change."""

import json
import math
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from curate.inspect.dataset_name import dataset_name
from curate.inspect.inspect import Findings, OnStep, input_block, inspect_files
from curate.store.quarantine import DEFAULT_MAX_BAD
from schemas.bilingual import Bilingual
from schemas.errors import InputError

HEAD = Bilingual(
    "# Written by hornbook init; docs/recipe.md explains every part. It builds as it is:\n#   hornbook build {to}\n",
    "# 由 hornbook init 写成；各部分的说明见 docs/recipe.md。可以直接构建：\n#   hornbook build {to}\n",
)
BAD = Bilingual(
    "  # rows that cannot be read and stay out; more of them stop the build",
    "  # 读不出、不进教材的行数；超过就停止构建",
)
STAGES = Bilingual(
    "# What is done, in this order. On every stage in + added = kept + dropped + review.\n",
    "# 依次做什么。每一步都满足：进入 + 新增 = 保留 + 丢弃 + 送审。\n",
)
STEPS = (
    ("clean", Bilingual("broken characters, spaces, boilerplate, platform masks", "乱码、空白、套话、平台掩码")),
    ("mask", Bilingual("personal data becomes [PHONE1], [NAME2], …", "个人信息替换成 [手机号1]、[姓名2] ……")),
    ("quality", Bilingual("rules of quality; hornbook rules lists them", "质量规则；用 hornbook rules 查看")),
    ("dedup", Bilingual("exact and near repeats", "完全重复和近似重复")),
)
IF_SO = Bilingual("; if so, take the # before kind away", "；如果是，请删去 kind 前面的 #")
BOILERPLATE = Bilingual(
    'To remove lines that open or close many conversations, put this in place of "- clean", with those that should go:',
    "许多对话的开头或结尾是同一句话。要删除的话，用下面几行代替“- clean”，只留下要删的句子：",
)
TRAINING = Bilingual(
    """\
# To train as well: name the assistant, add general data, and take the list of stages out (then all of them run).
# identity:
#   zh: {name: 小喵, author: 技术吧}
#   en: {name: Miao, author: Jishuba}
# inputs:
#   - {path: general.jsonl, kind: general}
""",
    """\
# 如果还要训练：给助手取名，加上通用数据，并删去 stages（这样会运行全部阶段）。
# identity:
#   zh: {name: 小喵, author: 技术吧}
#   en: {name: Miao, author: Jishuba}
# inputs:
#   - {path: general.jsonl, kind: general}
""",
)


def write_recipe(files: Sequence[Path], to: Path, progress: OnStep = lambda _: None) -> list[Findings]:
    """Write a recipe that reads the files, and give what was found in them. Raises InputError rather than overwrite,
    and the problem of the first file that gives no conversation: a recipe that cannot run helps nobody. What lies
    beside logs in a folder and seems to be none is left out.
    """
    if to.exists():
        raise InputError(f"{to} is there already; name another with --to", f"{to} 已存在；请用 --to 换一个名字")
    if not to.parent.is_dir():
        raise InputError(f"there is no folder {to.parent} to write into", f"没有可写入的文件夹 {to.parent}")
    if not files:
        raise InputError("name the raw files: hornbook init --from FILE", "请给出原始文件：hornbook init --from 文件")

    found = inspect_files(files, progress)
    read = [findings for findings in found if not findings.is_beside] or found
    check_builds(read)
    to.write_text(recipe_text(read, to), encoding="utf-8")
    return found


def check_builds(read: Sequence[Findings]) -> None:
    """Raise InputError for the first file that gives no conversation."""
    for findings in read:
        if findings.problem is not None:
            raise _beside_others(findings.problem, read)
        if not findings.contents or not findings.contents.conversations:
            raise _without_conversation(findings)


def _beside_others(problem: InputError, read: Sequence[Findings]) -> InputError:
    """Say which other files give conversations: a table beside them may only tell more of who speaks."""
    good = [findings.path for findings in read if findings.contents and findings.contents.conversations]
    if not good:
        return problem
    sentence, named = problem.sentence, good[0]
    return InputError(
        f"{sentence.en}. {named} gives conversations by itself: `hornbook init --from {named}` leaves the others out; "
        "who speaks may stand in them, so look at the talks, and name the agents in `roles`",
        f"{sentence.zh}。{named} 自己就能得到对话：`hornbook init --from {named}` 只读它；谁在说话可能写在别的表里，"
        "请核对对话，并在 roles 中写明哪些是客服",
        problem.previews,
    )


def _without_conversation(findings: Findings) -> InputError:
    """Say that a file gives no conversation, and what was told of how it was read."""
    notes = findings.contents.notes if findings.contents else ()
    why, why_zh = "; ".join(note.en for note in notes), "；".join(note.zh for note in notes)
    return InputError(
        f"{findings.path}: not one conversation comes out of it{f' ({why})' if why else ''}; `hornbook inspect` shows "
        "how it is read",
        f"{findings.path}：没有得到一段对话{f'（{why_zh}）' if why else ''}；用 hornbook inspect 看看它是怎样读取的",
    )


def allowed_bad(found: Sequence[Findings]) -> str:
    """Give the `max_bad` with which the files build as they are; empty where the usual one is enough."""
    contents = [findings.contents for findings in found if findings.contents]
    bad, rows = sum(each.refused for each in contents), sum(each.rows for each in contents)
    if bad <= DEFAULT_MAX_BAD.share * rows:
        return ""
    return str(bad) if all(each.whole for each in contents) else f"{math.ceil(100 * bad / rows) + 1}%"


def recipe_text(found: Sequence[Findings], to: Path, name: str = "") -> str:
    """Write the recipe, with comments in the language of the session; its name is found where none is given."""
    name = name or dataset_name([findings.path for findings in found], to)
    return "".join(
        (
            str(HEAD).format(to=to),
            to_yaml({"version": 1, "name": name}),
            f"max_bad: {bad}{BAD}\n" if (bad := allowed_bad(found)) else "",
            "inputs:\n",
            *(_input(findings, to.parent) for findings in found),
            "\n",
            str(STAGES),
            "stages:\n",
            *(_step(name, purpose, found) for name, purpose in STEPS),
            "\n",
            str(TRAINING),
        )
    )


def _input(findings: Findings, folder: Path) -> str:
    """Write one input. A path stays absolute where it was typed so; a guess at its kind is a comment to look at."""
    path = findings.path if Path(findings.path).is_absolute() else os.path.relpath(findings.path, folder)
    block = to_yaml({"inputs": [input_block(findings, path)]}).removeprefix("inputs:\n")
    return f"{block}    # kind: general  # {findings.general}{IF_SO}\n" if findings.general.en else block


def _step(name: str, purpose: Bilingual, found: Sequence[Findings]) -> str:
    step = f"  - {name}{' ' * (8 - len(name))}# {purpose}\n"
    return step + _boilerplate(found) if name == "clean" else step


def _boilerplate(found: Sequence[Findings]) -> str:
    """Write the lines that open or close many conversations as a comment to be put in place of `- clean`."""
    lines = {line.line: line.share for findings in found if findings.contents for line in findings.contents.boilerplate}
    if not lines:
        return ""
    comments = [f"  # {BOILERPLATE}\n", "  # - clean:\n", "  #     boilerplate:\n"]
    for line, share in lines.items():
        quoted = json.dumps(line, ensure_ascii=False)
        comments.append(f"  #       - {quoted}  # {share:.0%}\n")
    return "".join(comments)


def to_yaml(value: Any) -> str:
    """Write YAML as people do: the options of a format on one line, the items of a list indented."""
    text = yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1_000)
    if "\n- " not in text:
        return text
    text = re.sub(r"^  (?=\S)", "    ", text, flags=re.M)  # what stands below an item goes in with it
    return re.sub(r"^- ", "  - ", text, flags=re.M)


class _Dumper(yaml.SafeDumper):
    def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> yaml.MappingNode:
        return super().represent_mapping(
            tag, mapping, flow_style="path" not in mapping and "inputs" not in mapping and "version" not in mapping
        )
