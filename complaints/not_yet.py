"""“아직이에요”: a citizen says that what was promised or called done is not done. By its words, in two languages."""

from __future__ import annotations

import re

_SAYS = re.compile(
    r"""
    아직|여전히|여태|감감|깜깜|함흥차사|그대로(?!\s?(?:두|진행|좋|유지해))|
    안\s?(?:됐|되었|됬|고쳐|고쳤|바뀌|바꼈|치워|치웠|왔|와요|해\s?[주줬])|
    (?:달라진|변한|나아진|바뀐)\s?(?:게|것이|점이)\s?(?:하나도\s?)?없|
    (?:언제|얼마나)\s?(?:되|돼|고치|고쳐|해\s?주|처리|까지\s?기다|더\s?기다|기다)|
    (?:어떻게|어찌)\s?(?:되|됐|된)|
    (?:답변|연락|소식|조치|처리|변화)(?:이|가|은|는|도|된\s?게|된\s?것이)?\s?(?:전혀\s?|하나도\s?|아예\s?)?없|
    (?:지켜|이행)(?:지지|되지)|약속(?:하신|하셨|했|은|을)|
    \bnot\s(?:yet|fixed|done|resolved|repaired|replaced|changed)\b|\bstill\b|
    \b(?:no|nothing)\s(?:has\s)?(?:chang|happen|progress|news|update)|
    (?:n['’]t|\bnot)\s(?:yet\s)?been\s(?:fixed|done|resolved|repaired|replaced|changed)|
    \bany\s(?:update|news|progress)\b|\bhow\smuch\slonger\b|\byou\spromised\b|\bwhen\swill\b
    """,
    re.IGNORECASE | re.VERBOSE,
)


def says_not_yet(text: str) -> bool:
    """Does it say that the thing is not done, or ask how far it is?"""
    return bool(_SAYS.search(text))
