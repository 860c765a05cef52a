"""Does the city promise something in a text, and how long does such a thing take? By its words, sentence by sentence.

Made for recall: a promise that nobody noticed is worse than one that the writer strikes out ("no promise"). Closing
formulas ("노력하겠습니다", "감사하겠습니다") promise nothing as long as nothing to be done stands beside them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

#: As much of the sentences as is kept.
WORDS_MAX = 300
#: Working days for what the table does not know.
OTHERWISE = 7


@dataclass(frozen=True, slots=True)
class Said:
    """The sentences that promise, and the working days that the longest of what they promise usually takes."""

    words: str
    days: int


def _any(stems: str) -> re.Pattern[str]:
    return re.compile(stems, re.IGNORECASE | re.VERBOSE)


#: What is to be done, and how many working days it is given: the city's own suggestion and no law; the writer changes
#: it. What takes longest counts; 검토 as long as a 건의민원 has (영 제15조).
TASKS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (
        14,
        _any(
            r"""
            검토|반영|개선|논의|협의|예산|추진|마련|수립|증설|증차|신설|확대|착공|
            review|consider|improv|budget|discuss|widen|extend
            """
        ),
    ),
    (
        7,
        _any(
            r"""
            조치|처리|보수|수리|수선|정비|교체|설치|철거|제거|복구|해결|보완|시정|시행|실시|착수|완료|도색|포장|확보|배치|
            고치|고쳐|고칠|바꾸|바꿔|바꿀|
            \bfix|repair|replac|remov|install|restor|resolv|solv|correct|maint|paint|complet|take\s(?:care|action|steps)
            """
        ),
    ),
    (5, _any(r"협조|요청|전달|통보|건의|이관|이첩|문의|독려|forward|pass\b|request|\bask|refer|notif|relay|contact")),
    (
        3,
        _any(
            r"""
            확인|점검|조사|현장|방문|순찰|단속|계도|살펴|살피|알아보|청소|수거|치우|치워|치울|알려|알릴|답변|회신|연락|안내|
            공지|말씀|
            check|inspect|visit|look\sinto|investigat|patrol|enforc|clean|collect|inform|answer|reply|updat|\btell|
            announc|let\syou\sknow|get\sback|call\syou
            """
        ),
    ),
)
#: The speaker binds himself; no stem is longer, and a search for one would take a long time in a text without spaces.
_BINDS = _any(r"(?P<stem>[가-힣]{1,20}(?:\s[가-힣])?)겠(?:습니다|읍니다|어요|음|슴다)")
#: These tell the news as well, so something to be done must stand beside them.
_AHEAD = _any(
    r"""
    예정|계획|방침|약속(?:드|합)|하기로\s?(?:했|하였|결정)|
    (?:려고|고자)\s?합니다|[가-힣](?:중|중에\s?있)(?:입니다|습니다)|\s중(?:입니다|에\s?있습니다)
    """
)
#: 할게요, 할 것입니다: the syllable before it ends in ㄹ (그렇게요, 좋은 것입니다 do not).
_INFORMAL = re.compile(r"([가-힣])(?:게요|께요)")
_GOING_TO = re.compile(r"([가-힣])\s?(?:것|겁|거)(?:입니다|니다|예요|에요)")
#: What stands before 겠 in words that only mean well, or say no.
_FORMULA = _any(
    r"""
    (?:감사하|감사드리|고맙|좋|알|모르|부탁드리|부탁\s드리|바라|노력하|노력해\s?나가|다하|힘쓰|애쓰|거듭나|앞장서|함께하|
    응원하|기원하|기울이|경청하|유의하|어렵|않|되|있|없|시)$
    """
)
#: With these a formula is meant for something: 조치되도록 노력하겠습니다.
_SO_THAT = _any(r"도록|수\s?있게|게끔|기\s?위해")
#: Only leads over to what follows.
_INTRODUCES = _any(r"(?:다음|아래)(?:와|과)?\s?같이")
_WE_WILL = _any(
    r"""
    \b(?:we|i)(?:['’]ll|\s(?:will|shall))\b|\bwe(?:['’]re|\sare)\sgoing\sto\b|\bwe\s(?:plan|intend|promise)\sto\b|
    \b(?:is|are)\s(?:scheduled|planned|going|due|expected)\s(?:to|for)\b|
    \b(?:department|city|team|office|staff|division)\swill\b|\bwill\sbe\b
    """
)
_ENGLISH_FORMULA = _any(
    r"\b(?:we|i)(?:['’]ll|\swill)\s(?:not|never|appreciate|be\s(?:glad|happy|grateful|pleased)|strive|continue)\b"
)
_SENTENCES = re.compile(r"[^.!?。…\n]+")
_NO_WORDS = re.compile(r"https?://\S+|[@#]\w+")
_FINAL_L = 8


def promised(text: str) -> Said | None:
    """What of `text` promises; None: nothing does."""
    sentences = (" ".join(found.split()) for found in _SENTENCES.findall(_NO_WORDS.sub(" ", text)))
    found = [sentence for sentence in sentences if _binds(sentence)]
    return Said(". ".join(found)[:WORDS_MAX], max(map(_days, found))) if found else None


def _binds(sentence: str) -> bool:
    if _INTRODUCES.search(sentence):
        return False
    task = any(pattern.search(sentence) for _days, pattern in TASKS)
    return _in_korean(sentence, task=task) or _in_english(sentence, task=task)


def _in_korean(sentence: str, *, task: bool) -> bool:
    if any(not _FORMULA.search(match["stem"]) for match in _BINDS.finditer(sentence)) or _after_l(_INFORMAL, sentence):
        return True
    if not task:
        return False
    return _after_l(_GOING_TO, sentence) or bool(
        _AHEAD.search(sentence) or (_BINDS.search(sentence) and _SO_THAT.search(sentence))
    )


def _after_l(ending: re.Pattern[str], sentence: str) -> bool:
    """Does the ending follow a syllable that ends in ㄹ?"""
    return any((ord(match[1]) - ord("가")) % 28 == _FINAL_L for match in ending.finditer(sentence))


def _in_english(sentence: str, *, task: bool) -> bool:
    return task and bool(_WE_WILL.search(sentence)) and not _ENGLISH_FORMULA.search(sentence)


def _days(sentence: str) -> int:
    return next((days for days, pattern in TASKS if pattern.search(sentence)), OTHERWISE)
