"""Why a row is in no conversation, or a conversation not in the version, as people say it, in both languages.

The keys are reasons in the ledger: all that readers, formats and sessions write, those of the augmenters and of the
gate. Those of stages and rules are said by their names.
"""

from schemas.bilingual import Bilingual

REASONS: dict[str, Bilingual] = {
    "wrong_cell_count": Bilingual("more or fewer cells than columns", "单元格数与列数不符"),
    "broken_quoting": Bilingual("quotation marks that do not pair", "引号不成对"),
    "invalid_json": Bilingual("no valid JSON", "不是有效的 JSON"),
    "not_an_object": Bilingual("no JSON object", "不是 JSON 对象"),
    "undecodable": Bilingual("bytes of no known encoding", "编码无法识别"),
    "unreadable": Bilingual("unreadable", "无法读取"),
    "column_missing": Bilingual("a column is missing", "缺少列"),
    "column_is_not_text": Bilingual("a column holds no text", "列的内容不是文本"),
    "content_is_not_text": Bilingual("a message holds no text", "消息不是文本"),
    "value_is_not_text": Bilingual("a message holds no text", "消息不是文本"),
    "turn_is_not_an_object": Bilingual("a message has another layout", "消息结构不对"),
    "broken_history": Bilingual("a history of another layout", "历史消息结构不对"),
    "no_messages": Bilingual("no messages", "没有消息"),
    "no_conversations": Bilingual("no conversations", "没有对话"),
    "no_instances": Bilingual("no answers", "没有回答"),
    "no_speakers": Bilingual("nobody is named as speaking", "看不出谁在说话"),
    "no_session": Bilingual("no session is named", "没有会话编号"),
    "no_user": Bilingual("no customer is named", "没有客户编号"),
    "no_time": Bilingual("no time that can be read", "时间无法识别"),
    "unknown_role": Bilingual("it is not known who speaks", "不知道是谁在说"),
    "repeated_row": Bilingual("in an earlier file, too", "前面的文件里已有"),
    "shortened_id": Bilingual(
        "a session id that a program has rounded (2.02506E+17, 202506011234567000): it no longer tells sessions apart",
        "会话编号被软件当作数字舍入（2.02506E+17、202506011234567000），已无法区分会话",
    ),
    "header_again": Bilingual("the header once more", "又一次出现的表头"),
    "below_table": Bilingual("totals or remarks below the table", "表格下方的合计或说明"),
    "log_line": Bilingual("a line of a log without JSON", "日志中没有 JSON 的行"),
    "formula_without_value": Bilingual("a formula without a stored value", "公式没有保存结果"),
    "empty_row": Bilingual("empty", "空行"),
    "marked_bad": Bilingual("marked as bad", "标为不合格"),
    "not_to_learn": Bilingual("marked as not to be learnt", "标为不学习"),
    "media": Bilingual("images, voice and other files", "图片、语音等文件"),
    "internal": Bilingual("internal notes", "内部备注"),
    "system_is_not_text": Bilingual("a system message that is no text", "系统消息不是文本"),
    "choice_by_number": Bilingual(
        "the answer is the number of a choice: does it count from 0 or 1? say `first_choice` in the format",
        "答案是选项的序号：从 0 还是从 1 数起？请在格式里写明 first_choice",
    ),
    "no_such_choice": Bilingual("the answer is none of the choices", "答案不在选项里"),
    "tool_turns": Bilingual("talk with a program", "与程序的对话"),
    "notice": Bilingual("notices of the platform", "平台通知"),
    "withdrawn": Bilingual("withdrawn messages", "撤回的消息"),
    "empty": Bilingual("empty messages", "空消息"),
    "no_question": Bilingual("sessions without a customer", "会话里没有客户"),
    "no_answer": Bilingual("sessions without an answer", "会话里没有回答"),
    "before_question": Bilingual("said before the first question", "首个问题之前的话"),
    "unanswered": Bilingual("last words without an answer", "末尾没有得到回答的话"),
    "exam_paper": Bilingual("near a question of the exam's papers", "与考试题库里的题相同或近似"),
    "in_the_book": Bilingual("answered by the book", "书里已有答案"),
    "no_parent": Bilingual("a rewording of a record that is not here", "被改写的记录已不在"),
    "not_wanted": Bilingual("a rewording that the recipe does not ask for", "配方没有要的改写"),
    "enough": Bilingual("its record has as many rewordings as it may get", "该记录的改写已够数"),
    "control_marks": Bilingual("marks of a chat template in a rewording", "改写里有对话模板的控制符"),
    "wrong_script": Bilingual("a rewording in other characters", "改写的字形不符（繁简、拼音、混入别的文字）"),
    "wrong_language": Bilingual("a rewording in another language", "改写换了语言"),
    "placeholder_added": Bilingual("a rewording with a blank to fill in", "改写里有待填的空"),
    "markup_added": Bilingual("a rewording with markup, JSON or code", "改写里有标记、JSON 或代码"),
    "chatter": Bilingual("what a model says about its work", "模型的客套和说明"),
    "injected": Bilingual("an instruction repeated or obeyed", "复述或执行了注入的指令"),
    "refused_to_reword": Bilingual("a model that refused or asked back", "模型拒绝或反问"),
    "list_of_variants": Bilingual("several wordings at once", "一次给出几种说法"),
    "contact_added": Bilingual("a rewording with a link or a way to reach somebody", "改写里多出联系方式"),
    "personal_added": Bilingual("a rewording with somebody's personal data", "改写里多出个人信息"),
    "foreign_name": Bilingual("a rewording that names another assistant or maker", "改写里出现别的助手或开发者"),
    "repeated": Bilingual("a rewording that goes round in circles", "改写里反复出现同样的话"),
    "copied": Bilingual("a rewording that is nearly its original", "改写几乎是照抄"),
    "cut_off": Bilingual("a rewording that stops in the middle", "改写没写完"),
    "answered": Bilingual("a question that was answered instead", "没有改写问题而是回答了它"),
    "role_changed": Bilingual("a rewording in which the roles are exchanged", "改写弄反了角色"),
    "length_band": Bilingual("a rewording much longer or shorter", "改写过长或过短"),
    "name_lost": Bilingual("a rewording without a name of the original", "改写丢了原文里的名字"),
    "number_changed": Bilingual("a rewording with other numbers", "改写改了数字"),
    "negation_changed": Bilingual("a rewording that says yes for no", "改写弄反了否定"),
    "facts_changed": Bilingual("a rewording with other facts", "改写改了事实"),
    "near_exam": Bilingual("near a question of the exam", "与考题近似"),
    "near_accepted": Bilingual("near a rewording that was accepted before", "与前面已采用的改写近似"),
    "asked_elsewhere": Bilingual("the question of another record", "与另一条记录的问题相同"),
    "personal_data": Bilingual("personal data in it", "含有个人信息"),
    "accepted": Bilingual("a person accepted it", "审核通过"),
    "rejected": Bilingual("a person rejected it", "审核拒绝"),
    "edited": Bilingual("a person edited it", "审核时修改"),
    "disagreement": Bilingual("reviewers differ: a third must decide", "审核人意见不一，需要第三人"),
    "unsure": Bilingual("reviewers cannot tell", "审核人看不准"),
    "too_few": Bilingual("fewer reviewers than the recipe asks for", "审核人数不够"),
    "outdated": Bilingual("decided about a text that has changed since", "审核时的内容之后变了，结论没有执行"),
}


def reason_text(name: str) -> str:
    """Say a reason in the language of the session; its name with spaces where it has no sentence."""
    return str(REASONS[name]) if name in REASONS else name.replace("_", " ")


def reason_with_name(name: str) -> str:
    """Write the name of a reason, which `hornbook dropped --rule` takes, and what it means where that is known."""
    return f"{name} ({REASONS[name]})" if name in REASONS else name
