"""What a citizen's post says already about who is missing: the form stands filled, the officer checks and adds.

Plain words, no guessing beyond them; what is not said stays empty. English for clothes comes from one small table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils import timezone

from channels_sns.models import InboundMedia
from complaints.models import Complaint, Emergency
from departments.gazetteer import find_places

_AGE = re.compile(r"(?<!\d)(\d{1,3})\s*(세|살|개월)")
_NAME = re.compile(r"이름은?\s*[:：]?\s*([가-힣]{2,4}?)(?=이고|이에요|예요|이며|입니다|이라|[\s,.(!]|$)")
_HOUR = re.compile(r"(?:오전|오후|저녁|밤|낮)?\s*\d{1,2}(?:시(?:\s*(?:\d{1,2}분|반))?|:\d{2})\s*(?:쯤|경)?")
_CHILD = re.compile(r"아이(?!디|폰|스)|아기|유아|어린이|딸|아들|조카|손자|손녀|초등학|유치원")
_LOOKED_FOR = re.compile(r"실종|잃어버|없어졌|사라졌|찾아\s*주|찾습니다|못\s*찾|길을\s*잃|미아")
_PERSON = re.compile(r"할머니|할아버지|어르신|어머니|아버지|치매|노인|사람")

COLOURS = {
    "빨간": "red", "빨강": "red", "붉은": "red", "노란": "yellow", "노랑": "yellow", "파란": "blue", "파랑": "blue",
    "하늘색": "sky-blue", "남색": "navy", "초록": "green", "녹색": "green", "검은": "black", "검정": "black",
    "까만": "black", "흰": "white", "하얀": "white", "흰색": "white", "회색": "grey", "분홍": "pink", "핑크": "pink",
    "보라": "purple", "주황": "orange", "갈색": "brown", "베이지": "beige", "줄무늬": "striped",
}  # fmt: skip
CLOTHES = {
    "모자": "cap", "점퍼": "jacket", "잠바": "jacket", "재킷": "jacket", "자켓": "jacket", "패딩": "padded jacket",
    "외투": "coat", "코트": "coat", "티셔츠": "T-shirt", "반팔": "short-sleeved shirt", "셔츠": "shirt",
    "원피스": "dress", "치마": "skirt", "청바지": "jeans", "반바지": "shorts", "바지": "trousers",
    "운동화": "trainers", "구두": "shoes", "슬리퍼": "slippers", "샌들": "sandals", "신발": "shoes",
    "책가방": "school bag", "가방": "bag", "배낭": "backpack", "안경": "glasses", "목도리": "scarf",
    "우산": "umbrella", "수영복": "swimsuit", "한복": "hanbok", "교복": "school uniform",
}  # fmt: skip


def _any_of(words: Iterable[str]) -> str:
    """The longest first: 청바지 before 바지."""
    return "|".join(sorted(words, key=len, reverse=True))


_THING = re.compile(rf"(?:({_any_of(COLOURS)})색?\s*)?({_any_of(CLOTHES)})")


def facts_in(complaint: Complaint) -> dict[str, str]:
    """The fields of the form that the post fills."""
    text = complaint.text
    places = [hit.name for hit in find_places(text) if hit.sure]
    age, name, hour = _AGE.search(text), _NAME.search(text), _HOUR.search(text)
    return {
        "kind": kind_of(text),
        "name": name[1] if name else "",
        "age": f"{age[1]}{age[2]}" if age else "",
        "appearance": ", ".join(found for found, _english in things_in(text)),
        "appearance_en": ", ".join(english for _found, english in things_in(text)),
        "place": places[-1] if places else "",
        "seen": " ".join(hour[0].split()) if hour else _posted(complaint),
    }


def kind_of(text: str) -> str:
    """What sort of emergency it sounds like."""
    if _LOOKED_FOR.search(text):
        if _CHILD.search(text):
            return Emergency.Kind.LOST_CHILD
        if _PERSON.search(text):
            return Emergency.Kind.LOST_PERSON
    return Emergency.Kind.OTHER


def things_in(text: str) -> list[tuple[str, str]]:
    """What somebody wears, each with its English, in the order of the text, each once."""
    found: dict[str, str] = {}
    for hit in _THING.finditer(text):
        colour, thing = hit[1], hit[2]
        english = " ".join(word for word in (COLOURS.get(colour or ""), CLOTHES[thing]) if word)
        found.setdefault(" ".join(hit[0].split()), english)
    return list(found.items())


def photos_of(complaint: Complaint) -> Iterable[InboundMedia]:
    """The photos that its thread brought, as they lie with us."""
    stored = InboundMedia.objects.filter(post__complaint_link__complaint=complaint, state=InboundMedia.State.STORED)
    return stored.order_by("post__posted_at", "position")


def _posted(complaint: Complaint) -> str:
    """When the first post was written: nobody was seen later than that."""
    first = complaint.thread.filter(opened=True).select_related("post").first()
    return f"{timezone.localtime(first.post.posted_at):%H:%M}" if first else ""
