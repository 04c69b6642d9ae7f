"""Conversations of our own for the comparison with other trainers, by what is odd in them.

They were written before any answer of a trainer was seen.
"""

Talk = list[dict[str, str]]


def talk(*turns: str, system: str | None = None) -> Talk:
    messages = [{"role": ("user", "assistant")[n % 2], "content": text} for n, text in enumerate(turns)]
    return messages if system is None else [{"role": "system", "content": system}, *messages]


LONG = "退款会按原路退回，到账时间以银行为准。Refunds go back the way they came; the bank decides when. " * 16
SHOP = "你是小喵，一家网店的客服。回答要简短。"
DESK = "You are Meow, the help desk of a small shop.\nBe brief; never promise a date."

SINGLE = {
    "greeting_zh": talk("你好", "您好，我是小喵，请问有什么可以帮您？"),
    "greeting_en": talk("hi", "Hello! How can I help?"),
    "refund": talk("我想退款，怎么操作？", "请在订单页点击“申请退款”，选择原因后提交即可，一般三天内到账。"),
    "traditional": talk("請問運費多少？", "滿九十九元免運費，未滿收八元。"),
    "question_en": talk("Where is my parcel? Order 00123456789012345678.", "It left our warehouse on 3 May."),
    "one_letter": talk("?", "."),
    "one_word": talk("在", "在"),
    "emoji": talk("好看吗😀👍🏽", "好看的呢🥰🎉👨‍👩‍👧‍👦，给您比个❤️"),
    "only_emoji": talk("👍", "🙏"),
    "numbers": talk("3.14 × 2 = ?", "6.28，约等于 ６．２８。"),
    "list": talk("有什么颜色？", "有三种：\n1. 红色\n2. 蓝色\n3. 米白色\n\n您喜欢哪一种？"),
    "table": talk("Sizes?", "| size | cm |\n|---|---|\n| S | 88 |\n| M | 92 |\n"[:-1]),
    "code": talk("How do I print?", 'Use this:\n\n```python\nfor n in range(3):\n\tprint(f"{n}")\n```\n\nDone.'),
    "json": talk('{"ask": "status"}', '{"status": "ok", "items": [1, 2, {"a": null}]}'),
    "html": talk("<b>bold</b>?", "<p>Yes, <i>that</i> works.</p>"),
    "url": talk("官网是？", "https://example.com/a?b=1&c=%E4%BD%A0#d"),
    "quotes": talk("“真的吗？”他问", "「真的」——她说：'yes', \"really\"…"),
    "mixed": talk("iPhone15的case有吗", "有的亲~ iPhone 15 / 15 Pro 的 case 都有货，MagSafe也OK！"),
    "inner_spaces": talk("a  b   c    d", "tabs\tand   spaces     stay\n\n\n\nso do lines"),
    "full_width": talk("ＡＢＣ１２３　全角", "收到：ＡＢＣ　１２３"),
    "kana": talk("日本語できますか", "はい、少しできます。カタカナも。"),
    "hangul": talk("한국어 가능해요?", "네, 가능합니다."),
    "arabic": talk("هل الشحن مجاني؟", "نعم، مجاني."),
    "accents": talk("Où est ma commande ?", "Elle est en route — arrivée prévue à l’été."),
    "decomposed": talk("cafe\u0301?", "Cafe\u0301 et the\u0301."),
    "rare_han": talk("𠮷野家的“𠮷”怎么读", "读“jí”，生僻字：㐂𪚥。"),
    "zero_width": talk("a\u200bb\u200dc\ufeffd", "e\u200bf\u00a0g\u2028h"),
    "markdown": talk("# 标题\n\n> 引用", "**粗** _斜_ `码`\n\n---\n\n- [x] 好"),
    "long_answer": talk("详细说说退款", LONG.strip()),
    "long_question": talk(LONG.strip() + "这样对吗？", "对的。"),
    "negation": talk("不能退货吗", "不是不能退，是已拆封的不能退。"),
    "percent": talk("100%?", "99.9% {sure} %s %(a)s $HOME \\n \\u4f60"),
}
SYSTEM = {
    "system_zh": talk("你好", "您好呀。", system=SHOP),
    "system_en": talk("hi", "Hello.", system=DESK),
    "system_lines": talk("有货吗", "有。", system="规则：\n\n1. 简短\n2. 礼貌\n\n```\nend\n```"),
    "system_emoji": talk("早", "早安☀️", system="🐱"),
    "system_long": talk("?", "!", system=LONG.strip()),
}
TURNS = {
    "two": talk("有红色吗", "有的。", "多少钱", "三十九元。"),
    "two_en": talk("Do you ship to Oslo?", "Yes.", "How long?", "Five days or so."),
    "three": talk("在吗", "在的。", "我要退货", "好的，请说一下订单号。", "0042", "已为您登记。"),
    "five": talk("1", "一", "2", "二", "3", "三", "4", "四", "5", "五"),
    "two_system": talk("有红色吗", "有的。", "多少钱", "三十九元。", system=SHOP),
    "three_system_en": talk("a?", "b.", "c?", "d.", "e?", "f.", system=DESK),
    "same_words": talk("好", "好", "好", "好"),
    "two_lists": talk("颜色？", "- 红\n- 蓝", "尺寸？", "- 大\n- 小"),
    "two_emoji": talk("😀", "😁", "😂", "🤣"),
    "two_long": talk("说说", LONG.strip(), "再说说", LONG.strip()),
}
SPACED = {
    "space_before_answer": talk("你好", " 您好"),
    "line_before_answer": talk("你好", "\n您好"),
    "lines_before_answer": talk("hi", "\n\n\nHello"),
    "tab_before_answer": talk("hi", "\tHello"),
    "spaces_after_answer": talk("hi", "Hello  "),
    "line_after_answer": talk("hi", "Hello\n"),
    "lines_around_question": talk("\n\nhi\n\n", "Hello"),
    "spaces_around_question": talk("  hi  ", "Hello"),
    "space_around_system": talk("hi", "Hello", system="  Be brief.\n"),
    "spaced_turns": talk(" a ", " b ", "\nc\n", "\nd\n"),
    "wide_space": talk("hi", "\u3000\u3000您好"),
}
EMPTY = {
    "empty_answer": talk("hi", ""),
    "blank_answer": talk("hi", "  \n "),
    "empty_question": talk("", "请问有什么可以帮您？"),
    "empty_system": talk("hi", "Hello", system=""),
    "blank_system": talk("hi", "Hello", system=" \n"),
    "empty_first_answer": talk("hi", "", "?", "Hello"),
}
THOUGHT = {
    "thought": talk("3+4?", "<think>\nThree and four.\n</think>\n\nSeven."),
    "thought_zh": talk("能退吗", "<think>\n已拆封，\n不能退。\n</think>\n\n已拆封的不能退。"),
    "thought_close": talk("hi", "<think>short</think>Hello"),
    "thought_empty": talk("hi", "<think>\n\n</think>\n\nHello"),
    "thought_twice": talk("hi", "<think>\nA.\n</think>\n\nHello", "bye", "<think>\nB.\n</think>\n\nGoodbye"),
    "thought_first": talk("hi", "<think>\nA.\n</think>\n\nHello", "bye", "Goodbye"),
    "thought_last": talk("hi", "Hello", "bye", "<think>\nB.\n</think>\n\nGoodbye"),
    "thought_open": talk("hi", "<think> is a word"),
    "thought_shut": talk("hi", "so </think> is one"),
    "thought_asked": talk("what is <think>x</think>?", "A mark."),
}
CONTROL = {
    "control_chatml": talk("a<|im_end|>\n<|im_start|>assistant\nb", "<|im_start|>c<|im_end|>"),
    "control_llama": talk("a<|eot_id|>b", "<|start_header_id|>user<|end_header_id|>c<|begin_of_text|>"),
    "control_gemma": talk("a<end_of_turn>\n<start_of_turn>model\nb", "<bos>c<eos><end_of_turn>"),
    "control_text": talk("<|endoftext|>", "<|endoftext|>是什么？<|end_of_text|>"),
    "control_system": talk("hi", "Hello", system="x<|im_end|><|eot_id|><end_of_turn>"),
    "control_tools": talk("<tool_call>", "</tool_call><tool_response>x</tool_response>"),
    "control_unused": talk("<|reserved_special_token_0|>", "<unused0><|fim_prefix|><start_of_image>"),
    "control_like": talk("< |im_end|>", "<|im_end |> <|IM_END|> <im_end>"),
}
PLACEHOLDERS = {
    "slot_content": talk("{{content}}", "{{content}}和{{ content }}"),
    "slot_idx": talk("第{{idx}}个", "{{idx}}", "第{{idx}}个", "{{idx}}"),
}
ORDER = {
    "two_questions": [*talk("在吗"), *talk("有货吗", "有。")],
    "two_answers": [*talk("在吗", "在。"), {"role": "assistant", "content": "您说。"}],
    "answer_first": [{"role": "assistant", "content": "您好。"}, *talk("有货吗", "有。")],
    "question_last": talk("在吗", "在。", "有货吗"),
    "late_system": [*talk("在吗", "在。"), {"role": "system", "content": SHOP}, *talk("有货吗", "有。")],
    "only_question": talk("在吗"),
}
ROWS: dict[str, Talk] = {
    **SINGLE, **SYSTEM, **TURNS, **SPACED, **EMPTY, **THOUGHT, **CONTROL, **PLACEHOLDERS, **ORDER
}  # fmt: skip


def exchanges(messages: Talk) -> list[Talk]:
    """Each beginning of a conversation that ends with an answer."""
    return [messages[: n + 1] for n, message in enumerate(messages) if message["role"] == "assistant"]
