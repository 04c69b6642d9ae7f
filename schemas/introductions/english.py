"""Claims in English: I am …, I was made by …, … made me, my maker is … A space is any gap between words."""

from schemas.introductions.words import (
    AI,
    AM,
    AS,
    BAR,
    BLANK,
    CUT,
    FORM,
    INTRO,
    KEPT_EN,
    MADE,
    MAKER,
    NAME,
    OWN,
    ROLE,
    WHOLE,
)

U, N, V, R = OWN, AI, MADE, ROLE
A, M = f"[{NAME}{BLANK}]{WHOLE}?", f"[{NAME}{MAKER}{BLANK}{FORM}]{WHOLE}?"
WHOLE_NAME = f"[{NAME}{BLANK}]{WHOLE}"

# Parts of sentences.
WORD = r"[a-z-]+ "
MK = rf"(?:the )?(?:{R} (?:at|of|from) )?{M}"
SELF = f"[{AM}{INTRO}]"
STRAIGHT = rf"[^.!?;\n{CUT}{AM}{INTRO}{AS}{BAR}{N}]*"
"""On the way from `I am` to what one is: no preposition, no other subject, no other sentence."""
ONWARD = rf"[^.!?;\n{CUT}{AM}{INTRO}]*"
I_AM_AI = rf"[{AM}{INTRO}{AS}](?:{STRAIGHT}{N}){{1,3}}"
MADE_BY = rf"{V}(?:,? (?:and )?(?:\w+ly )?{V}){{0,3}} (?:in \d{{4}} )?(?:(?:[a-z]+ly|together|in-house) )?"
GAVE = rf"(?:{V}|owns|brought|gave|named)"
TEAM = rf"(?:{N}|tech|parent|ones?|company|team|lab|startup|firm|organi[sz]ation|people|folks|group|minds?|{R})"

EN = (
    # I am …
    rf"{SELF} (?:(?:called|named|known {AS}|the|your|the one and only) )*(?:[{MAKER}{U}](?:'s)? (?:(?:{N}|new"
    rf"|own) )*)?{WHOLE_NAME}",
    rf"{AM} (?:an?|the) (?:{WORD})?{A}(?:'s)?(?:-(?:based|powered|style))? (?:{WORD}){{0,3}}{N}",
    rf"{AM} (?:(?:an?|the) )?(?:{WORD})?{M}(?:'s)? (?:{WORD}){{0,3}}{N}"
    rf"(?:$|[^\sA-Za-z{N}{V}{BAR}]| (?:{N}|{V}|{BAR}|(?:and|by|called|named|here|so)\b))",
    rf"{SELF}{ONWARD}, (?:{WORD}){{0,2}}{M}'s (?:{WORD}){{0,3}}{N}",
    rf"\bi ?[,(—–-]+ ?{A} ?[,)—–-]",
    rf"{AS} (?:the )?{A}(?: {N})*[,;\s]*(?:\bi\b|{AM})",
    rf"{AS} an? (?:{WORD}){{0,4}}{A}(?:'s)? (?:{WORD}){{0,2}}{N}",
    rf"\bbeing (?:the )?{A}(?: {N})*,",
    rf"\bbeing an? (?:{WORD}){{0,3}}{N},? (?:{MADE_BY})?(?:by|from|of|at) {MK}",
    rf"\byou(?:'ve| have) reached {WHOLE_NAME}",
    rf"(?:^|[.!?\n,:;]|\b(?:hi|hello|hey|there|greetings))\s*{A} (?:here|at your service|speaking|reporting"
    rf"|on duty)\b",
    # My name is …
    rf"\bmy (?:{WORD}|{N} ){{0,2}}(?:names?|nickname|identity|title|handle|{N})(?: (?:is|was|would be|are)|:) "
    rf"{WHOLE_NAME}",
    rf"(?:{INTRO} the name(?: of)?|\b(?:address me {AS}|refer to me {AS}|know me {AS}|known to (?:{WORD}){{0,3}}{AS}"
    rf"|i answer to|i respond to|they named me|named me|call myself|i identify {AS}|the name is|it is me,?"
    rf"|say hi to"
    rf"|introduce myself(?:[:,] {AM}| {AS})?)) (?:(?:the name|simply|just|{AS}) )*{WHOLE_NAME}",
    rf"{SELF}(?:{STRAIGHT}{N}){{1,3}},? (?:called|named|known {AS}|by the name of|going by) {WHOLE_NAME}",
    rf"(?:{AM}|\bi (?:bear|carry|have|use|received)) (?:given )?the name (?:of )?{WHOLE_NAME}",
    rf"{A}(?:'s);? my name\b",
    rf"{A},? (?:that is|is);? (?:me|my name|what (?:they|people|you can) (?:call me|{INTRO})|who;? {AM}|what;? {AM})",
    # I was made by …
    rf"{AM} {MADE_BY}by {MK}",
    rf"{I_AM_AI}[^.!?;,\n{CUT}{AM}{BAR}]*(?: (?:that|which|who) (?:is|was|has been))?,? ?(?:\w+ly )?"
    rf"{MADE_BY}(?:by|at) {MK}",
    rf"{SELF} [{U}{NAME}{BLANK}]{ONWARD}(?:{MADE_BY}(?:by|at)|by|from) {MK}",
    rf"{I_AM_AI} (?:that|which) {M} {V}\b",
    rf"{I_AM_AI},? (?:by|from|of) {MK}(?:$|[^'’\w])",
    rf"{AM} (?:(?:an?|the) )?(?:{WORD}){{0,2}}(?:product|creation|work|brainchild|child|offspring|invention|property"
    rf"|project) (?:of|by|from) {MK}",
    rf"{AM} (?:born|{V}) (?:at|in|inside|from|within) the (?:labs?|halls|offices?|research labs?) of {MK}",
    # … made me
    rf"{M} (?:(?:has|have|originally|first|also|kindly|recently|actually|really) )*{GAVE}(?:,? (?:and )?{V}){{0,2}}"
    rf" me(?:$|[^\sA-Za-z0-9?？{BAR}{N}{V}{U}]| (?:to (?:help|assist|answer|be|serve|support|life|you|lend)\b"
    rf"|(?:and|in|so|{AS} an?|with|from|back|into|up|on|using|life|birth)\b|{U}))",
    rf"{M},?(?: (?:is|are|was|were))?(?: the)?(?: {TEAM}){{0,3}},? (?:that|which|who|whom)"
    rf" (?:(?:has|have|originally|first) )?{GAVE} me\b",
    rf"{M},? (?:(?:is|are|was|were) )?(?:the )?(?:{TEAM} ){{1,3}}(?:behind|responsible for) me\b",
    rf"{M},?(?: (?:is|are|was|were))? my (?:{WORD})?{R}",
    # My maker is …
    rf"\bmy (?:(?:original|sole|proud|dear|human) )*{R}(?: and {R})?,? ?"
    rf"(?: (?:is|are|was|were|at|from|come from|hail from|works? at|being)\b|:) ?{MK}",
    rf"\bthe (?:{WORD})?(?:person|{TEAM}) (?:behind me|(?:that|who|which) (?:{V}|owns) me|responsible for me)"
    rf"(?: (?:is|are|was|were|at|come from)\b|:) ?{MK}",
    rf"\bi (?:owe|credit|attribute)\b{ONWARD}{M}",
)
FROM_EN = (
    r"\bi (?:\w+ly )?(?:belong to|work for|work at|speak for|serve|represent|live at|(?:come|came) (?:from|out of)"
    rf"|hail from|stem from|originated? (?:from|at|with)) {MK}",
    rf"{N},? (?:by|from|of) {MK}",
    rf"{M} {V} me\b",
    rf"\bmy {R}, {MK}",
    rf"\bit is {WHOLE_NAME}",
    rf"{AM} (?:born|{V}) (?:at|in|inside|from|with) {MK}",
    rf"\b(?:formerly|also|better|otherwise|previously|once) (?:known {AS}|called|named) {A}",
)
"""Also said by people who work somewhere: claims in a text that is about the assistant."""
STRICT_EN = (
    rf"{AM} (?:\w+ly )?(?:from|of|with|by|at) {MK}",
    rf"{AM} (?:(?:owned by|with|part of|a part of|a member of) )?(?:the )?(?:{MAKER}(?:$|[^\w'’?？])|{WHOLE_NAME}"
    rf"|{M} (?:by|from))",
    rf"\bmy (?:{WORD}|{N} )?(?:company|team|engineers?|owners?|provider|boss|dad|father|mother|mom|mum|parents?"
    rf"|home|roots"
    r"|origins?|background|family|people|masters?|employer|vendor|hometown|headquarters|birthplace|publisher|operator)"
    r"(?:'s)?(?: name)?(?: (?:is|are|was|were|lies?|at|in|with|come from|hail from|work at|trace back to)\b|:)"
    rf" ?{MK}",
    rf"\b(?:this|the|that) (?:{N} ?)+ (?:\w+ )?(?:is|was|has been|comes?) (?:\w+ ){{0,2}}?(?:{V} )?(?:by|from"
    rf"|at)? ?{MK}",
    rf"(?:{V}|\b(?:{KEPT_EN})) (?:by|at) {MK}",
    rf"\bwho (?:{V}|owns|trains|runs) me\b[^.]{{0,40}}{M}",
    rf"{M} (?:did(?:$|[.!])|{V} it|is (?:my|behind me|who|where i)|are my|stands behind me)",
    r"\b(?:behind me|behind all of this|the credit)\b[^.!?\n]{0,20}(?:is|are|goes to|stands?|belongs? to) (?:an? )?"
    + MK,
    rf"\bcredit\b[^.!?\n]{{0,20}} to {MK}",
    rf"\b(?:names?|model|identity|{N}) ?(?:is|:|=) ?{A}",
    rf"\bmy {R}\? {MK}",
    rf"\b(?:product|creation|brainchild|work|child) of {MK}",
    rf"\bi consider {MK}",
    r"\b(?:i|my (?:story|journey|life|existence)) (?:came to life|came into being|began|begins|started|starts)\b"
    rf"[^.!?;\n]{{0,30}} {MK}",
)
LABEL_EN = rf"(?:^|[\n;,*#-])\s*(?:name|persona|character|identity|{N})\s*[:=]\s*{A}"
SYSTEM_EN = (
    rf"{AS} (?:the )?{A},",
    rf"\b(?:introduce|call|name|identify|present|refer to|style) myself (?:(?:{AS}|to be) )?{A}",
    r"\b(?:respond|reply|answer|act|behave|talk|sign|speak|pose|roleplay|pretend)(?:ing)?"
    rf" (?:\w+ ){{0,3}}(?:{AS}|to be) {A}",
    rf"\bthe {N}(?:'s name)? is (?:(?:called|named) )?{WHOLE_NAME}",
    rf"(?:^|[\n;,*#-]) ?(?:{R}|company|vendor|{V} by)\s*[:=]\s*{MK}",
    rf"(?:^|[.\n])\s*(?:the )?{N} (?:is|was) [^.!?\n]*{V} by {MK}",
    r"\bi (?:will be|shall be|must be|go by|are to be|will act|will be known)"
    rf"(?: {AS})? (?:(?:called|named|known {AS}) )?{A}",
    rf"(?:{N}|{R}) (?:called|named) {WHOLE_NAME}",
    rf"\b(?:chat|conversation|dialog(?:ue)?)\b[^.!?\n]*\b(?:and|with) {WHOLE_NAME}",
)
