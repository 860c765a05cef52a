"""Is the citizen satisfied? By what he writes after an answer, in two languages; an officer may correct it.

A mark given in words says most; then what speaks against it ("감사합니다만 아직 그대로예요" is no praise); then praise.
Thanks beside a request or a question only close the letter ("확인 부탁드립니다. 감사합니다."). Lists see no irony.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SATISFIED, NEITHER, NOT_SATISFIED = "SATISFIED", "NEITHER", "NOT"
#: From this mark on satisfied; up to that one not.
GOOD, BAD = 4, 2
#: As much of the words as is kept.
WORDS_MAX = 60


@dataclass(frozen=True, slots=True)
class Reading:
    """`verdict`: one of the three. `mark`: 1 to 5, None where he gave none. `words`: what says so."""

    verdict: str
    words: str
    mark: int | None = None


def _any(words: str) -> re.Pattern[str]:
    return re.compile(words, re.IGNORECASE | re.VERBOSE)


_NOT = _any(
    r"""
    아직(?!도?\s?감동)|여전히|여태|그대로(?!\s?(?:두|진행|좋|유지해|복구|복원|돌려|되돌))|
    불만(?!\s?(?:은|이|도)?\s?(?:전혀\s?)?없)|불만족|만족(?:하지|스럽지|을|이)?\s?(?:않|못)|
    형식적|성의\s?(?:가\s?)?없|무성의|불성실|(?<![가-힣])건성|뻔한\s?답|똑같은\s?(?:답|말|소리)|복사(?:해서|하여)?\s?붙|복붙|매크로|
    실망(?!하지\s?않)|엉터리|(?:답답|짜증)(?![가-힣]{0,2}(?:는데|지만|던))|한심|어이\s?없|황당|
    최악|괘씸|뻔뻔|말뿐|말로만|변명|핑계|떠넘|미루기|탁상행정|
    소용(?:이|도)?\s?없|도움(?:이|은|도)?\s?(?:안|되지|못|하나도)|납득(?:이|은|할\s?수)?\s?(?:안|되지|가지|없|못)|
    (?:해결|조치|처리|개선|수리|변화|나아)(?:이|가|은|는|도|된\s?게|된\s?것이|진\s?게|되지|지)?\s?
        (?:하나도\s?|전혀\s?|아예\s?)?(?:안(?=\s?[되돼됐됬된될됨됩하해했함한할])|(?<=\s)안(?=\s)|않|못|없)|
    (?:달라진|변한|바뀐)\s?(?:게|것이|점이)\s?(?:하나도\s?|전혀\s?)?없|
    (?<![가-힣])안\s?(?:됐|되었|됬|되네|돼요|고쳐|고쳤|바뀌|바꼈|치워|치웠)|
    (?:다시|(?<![가-힣])또)\s?(?:고장|꺼졌|막혔|생겼|그래요|그러네)|
    빵점|영점|(?<!\d)0점|
    \bnot\s(?:yet|fixed|done|resolved|repaired|replaced|changed|happy|satisfied|helpful|good|acceptable)\b|
    n['’]t\s(?:been\s)?(?:help|fix|fixed|resolve|resolved|repaired|replaced|changed|done|satisfied|happy|acceptable)\b|
    \bstill\b|\bdisappoint|\b(?:un|dis)satisf|\bunacceptable\b|\buseless\b|\bno\shelp\b|\bunhelpful\b|\bterrible\b|
    \bawful\b|\bpoor\s(?:answer|reply|service|response)|\bnothing\s(?:has\s)?(?:chang|happen|been\sdone)|
    \bcopy(?:\sand\s|[\s-]?)paste|\bcanned\b|\bempty\swords\b|\bexcuses?\b
    """
)
#: 감사원, 감사실, "감사 청구": an audit and no thanks; "수고하십니다", "수고하세요": how a letter begins and ends.
_THANKS = _any(
    r"""
    감사(?!원|실|관실|관님?께|팀|과에|\s?(?:청구|요청|신청|대상|기관|제보)|를\s?(?:청구|요청|신청))|고맙|고마[워웠운]|땡큐|
    수고\s?(?:하셨|많으셨|해\s?주[셔신])|고생\s?(?:하|많)|\bthank|\bthx\b|\bappreciate\b
    """
)
_PRAISE = _any(
    r"""
    (?:해결|조치|처리|수리|개선|정비|청소|교체|설치|보수)\s?(?:이|가|도)?\s?(?:다\s?|잘\s?|벌써\s?|깔끔하게\s?)?
        (?:됐|되었|됬|됐|해\s?주셨|해주셔|하셨)(?!나요|나\?|는지|는가|습니까|다고|다더니|다면서|다는)|
    (?:고쳐|치워|바뀌어|밝아|깨끗해|좋아|나아|편해|안전해|조용해)졌(?!나요|나\?|는지|습니까|다고|으면)|
    고쳐\s?주셨|치워\s?주셨|바꿔\s?주셨|잘\s?(?:됐|되었|됬|고쳐|고쳤|나오|켜지|들어와)(?!나요|는지)|
    (?<!불)만족(?!도|\s?못|하지|스럽지)|속이?\s?(?:다\s?)?시원|덕분|최고(?!\s?기온|\s?온도)|훌륭|칭찬|감동|
    (?:빠른|신속한|친절한|발\s?빠른)\s?(?:처리|답변|조치|대응|응답|안내|설명)|친절하(?:시|게)|
    \b(?:solved|fixed|resolved|repaired)\b|\b(?:great|good|excellent|nice|awesome)\s(?:job|work|service|response|answer)|
    \bwell\sdone\b|\bhappy\swith\b|(?<!un)(?<!dis)\bsatisfied\b|\bperfect\b|\bvery\shelpful\b|\bso\s(?:quick|fast)\b
    """
)
#: He asks for something: what thanks he adds are manners.
_ASKS = _any(
    r"""
    \?|부탁|바랍니다|바래요|바라요|주세요|주십시오|주시기|주실\s?수|주시면|주시겠|해\s?줘|요청|요망|민원\s?(?:드|넣)|
    인가요|나요|까요|습니까|\bplease\b|\bcould\syou\b|\bcan\syou\b|\bwould\syou\b
    """
)
_DIGITS = {
    "한": 1, "하나": 1, "두": 2, "둘": 2, "세": 3, "셋": 3, "네": 4, "넷": 4, "다섯": 5,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5,
}  # fmt: skip
_NUMBER = r"[1-5](?![\d.])"
#: What stands behind a number that is no mark.
_COUNTS = r"(?:점\s?만점|[위번일월시년개건차분명천만백회층호등대%]|가지|단계|퍼센트)"
_MARKS = tuple(
    _any(pattern)
    for pattern in (
        rf"5\s?점\s?만점\s?(?:에|중|기준)?\s?(?P<mark>{_NUMBER})\s?점",
        rf"(?:만족도|별점|평점|점수)[^\d\n★☆]{{0,6}}(?P<mark>{_NUMBER})(?!\s?{_COUNTS})",
        rf"(?<!\d)(?P<mark>{_NUMBER})\s?점\s?(?:드|줍|줄|주고|주겠)",
        rf"(?<![가-힣])별점?\s?(?P<mark>하나|둘|셋|넷|다섯|한|두|세|네|{_NUMBER})\s?(?:개|점)",
        rf"(?<!\d)(?P<mark>{_NUMBER})\s?(?:out\sof|/)\s?5\s?(?:점|stars?)",
        rf"(?<!\d)(?P<mark>{_NUMBER})\sout\sof\s(?:5|five)\b",
        rf"\b(?P<mark>one|two|three|four|five|(?<!\d){_NUMBER})[\s-]stars?\b",
    )
)
#: What stands between the word and its mark may be anybody's name.
_BETWEEN = re.compile(rf"^(만족도|별점|평점|점수).*({_NUMBER})$")
_STARS = re.compile(r"[★⭐]\ufe0f?(?:[★⭐☆]\ufe0f?){0,9}")
_NO_WORDS = re.compile(r"https?://\S+|[@#]\w+")


def read(text: str) -> Reading | None:
    """What he says of the answer; None: nothing."""
    plain = " ".join(_NO_WORDS.sub(" ", text).split())
    return _marked(plain) or _in_words(plain)


def _marked(text: str) -> Reading | None:
    for pattern in _MARKS:
        if found := pattern.search(text):
            typed = found["mark"].casefold()
            return _of_mark(int(typed) if typed.isdecimal() else _DIGITS[typed], _BETWEEN.sub(r"\1 \2", found[0]))
    rows = _STARS.findall(text.replace("\ufe0f", ""))
    if len(rows) != 1 or not 2 <= len(rows[0]) <= 5:
        return None  # an ornament around a heading
    return _of_mark(len(rows[0].rstrip("☆")), rows[0])


def _of_mark(mark: int, words: str) -> Reading:
    verdict = SATISFIED if mark >= GOOD else NOT_SATISFIED if mark <= BAD else NEITHER
    return Reading(verdict, words[:WORDS_MAX], mark)


def _in_words(text: str) -> Reading | None:
    if found := _NOT.search(text):
        return Reading(NOT_SATISFIED, found[0][:WORDS_MAX])
    found = _PRAISE.search(text) or (None if _ASKS.search(text) else _THANKS.search(text))
    return Reading(SATISFIED, found[0][:WORDS_MAX]) if found else None
