"""Words that make a complaint urgent.

Tuned to miss nothing: a false alarm costs a glance, a missed one may cost a life. The words are shown to the officer,
who decides. Topics that the city file marks "critical" count too.
"""

from __future__ import annotations

import re

from departments.models import Topic, Urgency

#: Stems: what follows them in a sentence (조사, endings) does not matter.
STEMS = (
    "실종", "미아", "길을 잃", "길잃은", "아이를 찾", "아이를 잃", "아이가 없어", "유괴", "납치", "화재", "불이 났",
    "불났", "불이 나", "연기가", "폭발", "가스 냄새", "가스냄새", "가스가 새", "가스 누출", "감전", "누전",
    "싱크홀", "땅꺼짐", "땅이 꺼", "지반침하", "붕괴", "무너지", "무너졌", "무너질", "산사태", "침수", "물에 잠",
    "범람", "고립", "익수", "물에 빠", "빠졌어요", "쓰러져", "쓰러졌", "의식이 없", "숨을 안", "피를 흘", "심정지",
    "다쳤", "다칠 뻔", "사고가 났", "사고났", "자살", "죽고 싶", "죽고싶", "뛰어내", "살려", "구해주", "칼을",
    "흉기", "폭행", "성폭행", "불법촬영", "위협", "총소리", "떨어질 것 같", "떨어질것같", "떨어지려", "위험합니다",
    "위험해요", "위급", "응급", "긴급", "119 불러", "전선이", "누출", "유출", "식중독", "집단 구토", "멧돼지",
    "개에 물", "개한테 물", "굶",
)  # fmt: skip
#: Whole words.
ENGLISH = (
    "missing", "lost child", "fire", "smoke", "gas leak", "explosion", "flood", "flooding", "sinkhole", "collapse",
    "collapsed", "drowning", "unconscious", "bleeding", "injured", "emergency", "urgent", "dangerous",
    "suicide", "knife", "assault",
)  # fmt: skip
SHOWN_MAX = 5
#: “빠졌어요” of somebody in the water is urgent, of a name on a map or of a screw it is not; in doubt it is.
_FELL = "빠졌어요"
_LEFT_OUT = re.compile("지도|안내|표지|목록|명단|글자|이름|번호|나사|볼트|바람")
_SOMEBODY = re.compile(
    "물|바다|강|천에|수로|맨홀|구덩이|사람|아이|아기|애가|노인|어르신|할머니|할아버지|학생|누가|누군가"
)
_ENGLISH = re.compile(rf"\b(?:{'|'.join(ENGLISH)})\b", re.IGNORECASE)
#: A cry for help; “would help visitors”, “thanks for your help” are none.
_CRY = re.compile(
    r"(?<!your )\bhelp\b(?=\s*(?:[!,]|(?:me|us|him|her|them)\b|$))|(?<=please )help\b|(?<=need )help\b",
    re.IGNORECASE,
)


def critical_words() -> tuple[str, ...]:
    """The words of the topics that the city calls critical; none of one syllable, for 불 is in 불편. For many texts."""
    rows = Topic.objects.filter(urgency=Urgency.CRITICAL).values_list("words", flat=True)
    return tuple(word for words in rows for word in words if len(word) > 1)


def urgent_words(text: str, *, critical: tuple[str, ...] = ()) -> list[str]:
    """The words in `text` that make it urgent, at most five; empty: it is not."""
    found = [word for word in (*STEMS, *critical) if word in text and not (word == _FELL and _left_out(text))]
    found += [match.group().lower() for words in (_ENGLISH, _CRY) for match in words.finditer(text)]
    return list(dict.fromkeys(found))[:SHOWN_MAX]


def _left_out(text: str) -> bool:
    return _LEFT_OUT.search(text) is not None and _SOMEBODY.search(text) is None
