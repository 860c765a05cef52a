"""Is the citizen satisfied? By what he writes after an answer, in two languages; an officer may correct it.

A mark given in words says most; then what speaks against the answer; then praise. Thanks beside a request or a
question only close the letter ("확인 부탁드립니다. 감사합니다."). Lists see no irony, so what could be meant the other
way is left undecided, for an officer to read: praise beside complaint ("감사합니다만 아직 그대로예요"), turns of
mockery ("참 빨리도 하셨네요"), grudging thanks ("석 달 만에 해결됐네요").
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SATISFIED, NEITHER, NOT_SATISFIED, MIXED = "SATISFIED", "NEITHER", "NOT", "MIXED"
#: From this mark on satisfied; up to that one not.
GOOD, BAD = 4, 2
#: As much of the words as is kept.
WORDS_MAX = 60


@dataclass(frozen=True, slots=True)
class Reading:
    """`verdict`: one of the four. `mark`: 1 to 5, None where he gave none. `words`: what says so."""

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
    (?<![가-힣])안\s?(?:됐|되었|됬|되네|돼요|고쳐|고쳤|바뀌|바꼈|치워|치웠|고마|고맙|감사|친절|깨끗)|
    (?:감사하|고맙|친절하|훌륭하|깨끗하|편하|안전하|빠르|좋)지(?:는|도|가|만은)?\s?(?:않|못)|커녕|
    (?:칭찬|만족)(?:할|은|이|을)?\s?(?:수|것)?(?:은|는|이|가|도)?\s?(?:없|못)|감동(?:이|은|도)?\s?없|
    (?:됐|되었|졌|했)다고\s?(?:볼|할|말할)\s?수(?:는|가)?\s?없|
    (?:다시|(?<![가-힣])또)\s?(?:고장|꺼졌|막혔|생겼|그래요|그러네)|
    빵점|영점|(?<!\d)0점|
    (?:\bnot|\bnever|\bhardly|\bnothing|\bnobody|\bno\sone|n['’]t)\s
        (?:(?:has|have|was|were|is|are|been|be|get|got|yet|really|very|even|so|exactly|all\sthat)\s){0,3}
        (?:help|fix|fixed|solve|solved|resolve|resolved|repair|repaired|replaced|changed|done|satisfied|happy|helpful|
        good|great|perfect|grateful|thankful|impressed|appreciate|thank(?!\s(?:you|them)\s(?:all\s)?enough)|acceptable|quick|fast)\b|
    \bnot\syet\b|\bno\sthanks?\b|\bno\sgood\b|
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
#: Not done, or only asked about: "will be fixed", "get it fixed", "is it fixed?".
_PENDING = _any(
    r"""
    \b(?:will|would|should|must|to|needs?|can|could|may)\s(?:\w+\s)?(?:be|get)\s(?:solved|fixed|resolved|repaired)\b|
    \bget\s(?:it|this|that|them)\s(?:solved|fixed|resolved|repaired)\b|
    \b(?:is|are|was|were|has|have|did)\s(?:it|this|that|they|the\s\w+)\s(?:been\s)?(?:solved|fixed|resolved|repaired)
        (?=[^.!]*\?)
    """
)
#: Words that praise only beside others; enough to make a complaint an undecided one ("great, still broken").
_WARM = _any(
    r"""
    잘\s?(?:하셨|하시|하네|했|해\s?주)|대단하|훌륭|친절|신속|빠르(?!지)|빠른|멋지|좋은\s?(?:답변|대응|서비스|일)|
    좋(?:네요|습니다|아요|군요)|
    \b(?:great|good|nice|wonderful|lovely|brilliant|awesome|amazing|fantastic|excellent|perfect|helpful|quick|fast)\b
    """
)
#: Turns of mockery: what they say is seldom what is meant.
_MOCKERY = _any(
    r"""
    (?<![가-힣])참\s?(?:빨리|빠르|일찍|잘도|잘\s?하|잘\s?했|대단|훌륭|신속|열심히|성실|잘났|볼\s?만)|
    (?<![가-힣])(?:빨리|일찍|잘|열심히)도(?=\s|하|고치|처리|했|해)(?!\s?와)|(?:빠르|신속하|친절하|고맙|감사하)기도\s?(?:하|해)|
    퍽이나|어련하|얼씨구|잘\s?(?:하는|한)\s?짓|대단(?:들)?\s?하(?:시|십|네|군)|눈물\s?나게\s?(?:고맙|감사)|
    (?:이게|이걸)\s?(?:다(?:예요|인가|입니까)|최선|답변|처리|해결|조치)|(?:답변|처리|해결|조치|일)(?:이라고|라고)\s?(?:하|한|해)|
    \bfor\snothing\b|\byeah,?\sright\b|\boh,?\s(?:great|wow|wonderful|brilliant|lovely|perfect|nice)\b|
    \bjust\s(?:great|perfect|wonderful|brilliant|lovely)\b|\bhow\s(?:wonderful|lovely|generous)\b|\bwhat\sa\sjoke\b|
    \bslow\sclap|\bbravo\b|\bso\smuch\sfor\b|\bnice\stry\b|\bway\sto\sgo\b|\bcongratulations\b|
    \btook\s(?:you|them)\slong\senough\b|\babout\stime\b
    """
)
#: They make praise doubtful: late, half, hearsay, a "but", a face.
_GRUDGING = _any(
    r"""
    이제야|이제서야|인제야|겨우|기껏|마지못|뒤늦게|늦게나마|늦었지만|아쉽|아쉬|글쎄|하지만|그런데|그러나|(?<![가-힣])근데|(?<![가-힣])다만|
    (?:\d|한|두|세|네|석|넉|몇|여섯|반)\s?(?:달|개월|년|해)\s?(?:이나\s?|여\s?)?(?:만에|걸려|걸렸|지나|기다)|한참\s?만에|
    (?:감사|고맙|고마|좋|만족|친절)[가-힣]{0,5}(?:지만|다만|는데|운데|한데|으나)(?![가-힣])|
    (?:됐|되었|졌|했|셨)(?:습니다만|지만|다고|다더니|다면서|다는데)|
    덕분에(?=.{0,20}(?:넘어|다쳤|다칠|못|망쳤|사고|늦었|헛걸음|피해|고생했|고생\s?중))|
    ['"‘“](?=[가-힣]{1,6}['"’”]\s?(?:처리|답변|해결|조치|대응|행정|감사))|\([?!]\)|[🙄😒😑🤡👎😤😡🤬😠🙃]|ㅡㅡ|-_-|ㅉㅉ|
    \b(?:but|however|although|though|finally|supposedly|supposed|apparently|partly|half|i\sguess)\b|\bat\slast\b|\bonly\stook\b|
    \b(?:said|says|claims?|claimed|told)\b|\bafter\s(?:\d+|two|three|four|five|six|many|several)\s(?:weeks|months|years)\b
    """
)
#: Thanks that stand alone at the end of a complaint only close the letter.
_CLOSING = _any(
    r"""[.!?~…ㅠㅜ]\s*(?:감사(?:합니다|드립니다|해요)|고맙습니다|수고하세요|thanks?|thank\syou)[\s.!~^ㅠㅜ]*$"""
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
    """What he says of the answer; None: nothing. Undecided rather than satisfied where the two do not agree."""
    plain = " ".join(_NO_WORDS.sub(" ", text).split())
    marked, doubt = _marked(plain), _doubt(plain)
    if marked is not None and marked.verdict != SATISFIED:
        return marked
    if marked is not None and not doubt and (against := _NOT.search(plain)):
        doubt = against[0]
    if doubt:
        return Reading(MIXED, doubt[:WORDS_MAX], marked.mark if marked else None)
    return marked or _in_words(plain)


def _doubt(text: str) -> str:
    """The words for which nothing should be concluded; "" where there are none."""
    if mockery := _MOCKERY.search(text):
        return mockery[0]
    against, rest = _NOT.search(text), _PENDING.sub(" ", _NOT.sub(" ", text))
    doubt = against or _GRUDGING.search(rest)
    if doubt is None:
        return ""
    warm = _PRAISE.search(rest) or _thanks(_CLOSING.sub(" ", rest) if against else rest)
    warm = warm or (_WARM.search(rest) if against else None)
    return f"{warm[0]} … {doubt[0]}" if warm else ""


def _thanks(text: str) -> re.Match[str] | None:
    """Beside a request they are manners."""
    return None if _ASKS.search(text) else _THANKS.search(text)


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
    found = _PRAISE.search(_PENDING.sub(" ", text)) or _thanks(text)
    return Reading(SATISFIED, found[0][:WORDS_MAX]) if found else None
