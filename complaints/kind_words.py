"""Which legal kind a text speaks for, by its words. An officer names the kind (complaints.clocks); nothing is set here.

민원 처리에 관한 법률 제2조제1호 tells the kinds apart by what is asked for: a permit or certificate (법정), what a
statute means or how a procedure works (질의), another way of doing things (건의), a wrong done by an office (고충),
and everything else: advice, everyday trouble (기타). A rule asks for a word of the matter and one of the wish.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from complaints.models.kinds import LegalKind


@dataclass(frozen=True, slots=True)
class KindProposal:
    """A kind, and the words that speak for it in the order of the text."""

    kind: LegalKind
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Rule:
    """All patterns must be found, and none of `unless`."""

    kind: LegalKind
    patterns: tuple[re.Pattern[str], ...]
    unless: re.Pattern[str] | None = None


def _any(stems: str) -> re.Pattern[str]:
    return re.compile(stems, re.IGNORECASE | re.VERBOSE)


_ASKS = _any(
    r"""
    어떻게|어디|언제|얼마|무엇|뭔가요|몇\s?시|(?:인|한|된|되|하|있|없|맞|는|건)(?:가|나)요|는지|한지|인지(?!하|해)|
    [습합됩입]니까|[할될]까요|궁금|문의|알려\s?주|알고\s?싶|질의|how\s(?:do|can|to|much)|where\s(?:do|can|is)|
    what\s(?:is|are|time)|can\s(?:i|we)\b
    """
)
_FAULT = _any(
    r"""
    고장|파손|꺼[졌져]|깨[졌져]|부서[졌져]|부러[졌져]|막[혔혀]|넘[쳐쳤]|끊[겼겨]|떨어[졌져질지]|흔들|쓰러[졌져]|무단\s?투기|
    불법\s?주|쓰레기|소음|시끄|악취|냄새|포트홀|누수|새고\s있|침수|잡초|잘못\s?(?:되|표기|적)|틀[렸린려]|반대로|
    거꾸로|고쳐|수리|치워|위험해|위험합|불편해|불편합|broken|\bwrong|out\sof\sorder|\bnois[ey]|garbage|trash
    """
)
_PAPERS = _any("등본|초본|증명서|여권|허가|면허|등록증|신고증")
_APPLIES = _any(r"발급\s?(?:해|부탁|신청|바랍)|신청(?:합니다|할게|하려|드립니다)|떼어?\s?주|갱신해|허가해|받고\s?싶")
_OFFICE = _any(r"공무원|구청|시청|군청|주민\s?센터|담당자|담당\s?부서|행정|처분|과태료|민원|공단|시에서|구에서")
_WRONG = _any(
    r"""
    위법|부당|억울|불공정|묵살|갑질|불친절|떠넘기|책임(?:을)?\s?회피|무시|반말|막말|방치|
    (?:처분|과태료|고지).{0,12}(?:취소|철회)
    """
)
_WRONG_OF_OFFICES = _any(r"직무\s?유기|소극\s?행정|늑장\s?행정|권리.{0,6}침해|고충\s?민원")
_STATUTES = _any(r"법령|법률|조례|시행령|시행규칙|[가-힣]{2,}법(?:상|\s제|에|의|을|이)|제\s?\d+\s?조|유권\s?해석")
_MEANING = _any(r"해석|질의|해당(?:하|되)|적용(?:되|받)|가능한지|(?:위반|위법).{0,6}(?:인가|인지|되나|입니까)|근거")
_BETTER = _any(
    r"""
    건의|제안|개선해|개선이\s?필요|개선\s?(?:바|부탁|요청)|도입|신설|증설|증편|확대해|확대\s?(?:바|부탁|요청|운영)|
    늘려|연장해|개정해|폐지해|(?:하|되|있|없|했|됐|었|았|려|러|가|지)(?:으)?면\s?좋겠|만들어\s?주|
    설치해\s?(?:주|달)|바꿔\s?주|바꾸면|suggest|it\swould\sbe\s(?:nice|great|better)
    """
)
_PROCEDURE = _any(
    r"""
    신청|접수|절차|방법|자격(?!증)|대상|(?<!무)조건|기준|서류|요금|수수료|입장료|비용|예약|예매|
    (?:운영|이용)\s?시간|개장|휴관|일정|기간|지원금|보조금|감면|연락처|전화번호|담당\s?부서|발급|행사|축제|
    apply|application|\bfees?\b|opening\shours|\bopen\b|reserv|documents?\b
    """
)
_RULES = (
    _Rule(LegalKind.STATUTORY, (_PAPERS, _APPLIES), unless=_ASKS),
    _Rule(LegalKind.GRIEVANCE, (_WRONG_OF_OFFICES,)),
    _Rule(LegalKind.GRIEVANCE, (_OFFICE, _WRONG)),
    _Rule(LegalKind.INQUIRY_LAW, (_STATUTES, _MEANING)),
    _Rule(LegalKind.PROPOSAL, (_BETTER,)),
    _Rule(LegalKind.INQUIRY_SYSTEM, (_PROCEDURE, _ASKS), unless=_FAULT),
    _Rule(LegalKind.OTHER, (_FAULT,)),
)


def propose(text: str) -> KindProposal | None:
    """The kind that the words speak for, or None: then it stays a post like any other (소통민원).

    The rules stand in the order of how much depends on them; what is broken is no inquiry, whatever is asked about it.
    """
    for rule in _RULES:
        found = [match for pattern in rule.patterns if (match := pattern.search(text))]
        if len(found) == len(rule.patterns) and not (rule.unless and rule.unless.search(text)):
            found.sort(key=lambda match: match.start())
            return KindProposal(rule.kind, tuple(dict.fromkeys(match.group() for match in found)))
    return None
