"""Answers made plain and cut into sentences and clauses, and those that say nothing."""

import re

from schemas.folding import folded

TRADITIONAL = (
    "們來個這麼為開發訓練創製設計團隊騰訊華軟雲節躍動譜義問稱號屬於與並無沒誰嗎讓給業務廠員經機語學習實驗識裡裏過還對說話聽認體產聯絡應該當從請據幫後現際線專妳"
    "項辦遺憾範圍買賣質運費單據題點錢東實樂寫詩詞譯輸護變換訂轉檢測評價論議談鏈網頁規則險關係預測權處頭電視頻歡謝諒觸隱違決確責況邊內廣導師醫藥"
    "術語標會員積貨貸賬帳號復複難報銷獎勵親愛興嘗試"
    "乾亂佔併俬倉傢傳傷僅儘償優兌兩別勝勞協參啟嗚嘍噹嚐嚮圖執奧將尋帶幹幾庫強彆彔態慼憑懞摺摻撥擇擾數斷昇時暫曏書朮條榦構樣檯"
    "歸氣洩減準溫滿濛煩畢畫疇疊盡眾瞞矇碼禮種窩竅箇糰約級紛紜終絕統綱編緻繫繼續纔罵聞職脩脫臨臺舖葯蒐蔘薦衕衚補裝見覺討記許訴"
    "診註証詢誌誠誤諮謂講謠證負財資賠購贈較載辭迴進達遞遠選郵鄉鄰釋針釦鋪錄錯錶鍼長門間閤閱陞隨隻雙雜離響領額願類顧風颱饋馬馭"
    "駕騙髮鬍麵齣"
    "佈倫備儲兒劃劇勢區喫喲嚴場塊壓夠夢幣張彈徑慮懷戀戰戶掛撐擔擬擴曉棄槍殺沖湊潤熱燒爭獨獲獻盃祕稅穫競糾細紹綜綵縮總"
    "羅腳舉虛蟲衝觀訪詳誒謎讚貓貼賭賽贊贏軌輕輪逕適醜鑑鑒闆雖靈韓饒鬧黨"
)
SIMPLIFIED = (
    "们来个这么为开发训练创制设计团队腾讯华软云节跃动谱义问称号属于与并无没谁吗让给业务厂员经机语学习实验识里里过还对说话听认体产联络应该当从请据帮后现际线专你"
    "项办遗憾范围买卖质运费单据题点钱东实乐写诗词译输护变换订转检测评价论议谈链网页规则险关系预测权处头电视频欢谢谅触隐违决确责况边内广导师医药"
    "术语标会员积货贷账账号复复难报销奖励亲爱兴尝试"
    "干乱占并私仓家传伤仅尽偿优兑两别胜劳协参启呜喽当尝向图执奥将寻带干几库强别录态戚凭蒙折掺拨择扰数断升时暂向书术条干构样台"
    "归气泄减准温满蒙烦毕画畴叠尽众瞒蒙码礼种窝窍个团约级纷纭终绝统纲编致系继续才骂闻职修脱临台铺药搜参荐同胡补装见觉讨记许诉"
    "诊注证询志诚误咨谓讲谣证负财资赔购赠较载辞回进达递远选邮乡邻释针扣铺录错表针长门间合阅升随只双杂离响领额愿类顾风台馈马驭"
    "驾骗发胡面出"
    "布伦备储儿划剧势区吃哟严场块压够梦币张弹径虑怀恋战户挂撑担拟扩晓弃枪杀冲凑润热烧争独获献杯秘税获竞纠细绍综彩缩总"
    "罗脚举虚虫冲观访详诶谜赞猫贴赌赛赞赢轨轻轮径适丑鉴鉴板虽灵韩饶闹党"
)
SIMPLE = str.maketrans(dict(zip(TRADITIONAL, SIMPLIFIED, strict=True)) | {"您": "你", "’": "'", "‘": "'"})
"""The traditional characters that such answers are written with; and one form of address."""

TOKENS = re.compile(r"<\|[^|<>\n]{1,30}\|>|</?s>")
QUOTED = re.compile(r"[“「『][^“”「」『』\n]{0,400}[”」』]|\"[^\"\n]{0,400}\"|(?<![a-z])'[^'\n]{0,80}'(?![a-z])")
QUOTE = "«q»"
"""What stands for a quotation: its words are not the speaker's."""
CODE = re.compile(r"```.*?(?:```|$)", re.DOTALL)
SENTENCE = re.compile(r"[。!?;\n]+|,(?=至于|as for\b)|\.{2,}|\.(?=\s|$)")
CLAUSE = re.compile(r",(?!\d{3})|[:~]|--+|—+|(?=\b(?:but|however|so|though)\b)|(?=不过|但是|但(?!是)|只能)")
HAN = re.compile(r"[\u3400-\u9fff]")
WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?|[\u3400-\u9fff]")
FILLERS = frozenset((
    "a", "an", "the", "of", "to", "and", "or", "in", "on", "at", "is", "are", "am", "was", "be", "you", "i", "it",
    "that", "this", "for", "with", "as", "by", "ha", "ah", "oh", "um", "er",
))  # fmt: skip
PIECE = 5
MEANINGLESS = re.compile(r"^(?:[^aeiouy0-9]{3,}|([a-z])\1{2,}|(?:ha|he|la|blah?)+h?)$")


def plain(text: str) -> str:
    """Fold width and case, straighten apostrophes, write characters simplified and 您 as 你."""
    return folded(text).translate(SIMPLE)


def sentences(text: str) -> list[str]:
    """Cut a plain text into sentences; a semicolon ends one, and a line does."""
    return [part.strip() for part in SENTENCE.split(text) if part and part.strip()]


def clauses(sentence: str) -> list[str]:
    """Cut a plain sentence into clauses."""
    return [part.strip() for part in CLAUSE.split(sentence) if part and part.strip()]


def is_absent(question: str, answer: str) -> bool:
    """Tell whether an answer says nothing: no words, fillers again and again, or the question's echo."""
    text = plain(TOKENS.sub(" ", answer))
    words = WORD.findall(text)
    if not words:
        return True
    if len(set(words)) == 1 and len(words) >= 4 and (HAN.match(words[0]) or words[0] in FILLERS):
        return True

    latin = [word for word in words if word[0].isascii()]
    if len(latin) == len(words) and _is_babble(latin):
        return True

    asked, again = "".join(WORD.findall(plain(question))), "".join(words)
    return bool(asked) and len(again) > len(asked) // 2 and not again.replace(asked, "").strip()


def is_echo(question: str, answer: str) -> bool:
    """Tell whether an answer is the question's words again, whole or cut off: all but a few stand in long pieces of it.

    A piece is five words or characters long. A question of several lines holds a text to work on, which an answer may
    hold, too.
    """
    asked, words = WORD.findall(plain(question)), WORD.findall(plain(answer))
    whole, again = "".join(asked), "".join(words)
    if whole and len(again) > len(whole) // 2 and whole in again and whole.startswith(again.replace(whole, "").strip()):
        return True
    if "\n" in question.strip() or len(words) < PIECE or len(words) * 2 < len(asked):
        return False

    pieces = {tuple(asked[n : n + PIECE]) for n in range(len(asked) - PIECE + 1)}
    echoed = [False] * len(words)
    for n in range(len(words) - PIECE + 1):
        if tuple(words[n : n + PIECE]) in pieces:
            echoed[n : n + PIECE] = [True] * PIECE
    tail = next((n for n in range(PIECE, 0, -1) if words[-n:] == asked[:n]), 0)
    return echoed.count(False) - tail <= max(2, len(words) // 8)


def _is_babble(words: list[str]) -> bool:
    """Tell whether Latin words are fillers alone, or letters that make no words for the most part."""
    if len(words) >= 4 and all(word in FILLERS for word in words):
        return True
    letters = [word for word in words if word.isalpha()]
    strange = sum(MEANINGLESS.match(word) is not None for word in letters)
    return bool(letters) and any(len(word) > 3 for word in letters) and 2 * strange >= len(letters) + (len(letters) > 1)
