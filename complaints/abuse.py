"""Words that hurt the person who must read them: a hint to hide the text until it is asked for, and nothing else.

No score, no refusal: whatever words it uses, a complaint is received and decided by a person (민원 처리에 관한 법률
제9조). The rules prefer to miss what a complaint may well say: 가로등이 꺼져 있어요, 새끼 고양이, 시발점, 청년들,
3개년, 다시 발생. Figures: docs/replies.md.
"""

from __future__ import annotations

import re
import unicodedata

#: What people put between two syllables to slip through: 시.발, 시1발.
_GAP = r"[^\w\s]{0,2}[0-9]?[^\w\s]{0,2}"
#: Text behind these many signs is not looked at.
LOOKED_AT = 20_000


def _any_of(*words: str) -> str:
    return "(?:" + "|".join(_GAP.join(word) for word in words) + ")"


_RULES = (
    # 욕설: the roots, with what makes them harmless before or behind.
    _any_of("씨발", "씨팔", "씨빨", "시펄", "시벌", "씨벌", "쓰벌", "쉬발", "슈발"),
    _any_of("씹새", "씹년", "씹할", "쌍년", "쌍놈"),
    rf"(?<![다역])시{_GAP}(?:발(?![점역생급송전행견령표굴주포지하택자]|시|한\s)|팔(?=[\s!.~ㅋ]|$))",
    rf"병{_GAP}신(?!년|일주)|[븅빙]신(?=[\s!.~들아이]|$)|(?<![0-9칠팔])등신(?![청고불대분호])|지{_GAP}랄(?!탄)|[염옘]병(?:하|할|떨)",
    r"ㅅ{1,2}\W?ㅂ(?![ㄱ-ㅊㅌㅍ])|ㅆ\W?ㅂ|ㅂㅅ(?![ㄱ-ㅊㅌㅍ])|ㅈㄹ(?![ㄱ-ㅊㅌㅍ])|ㅈㄴ(?![ㄱ-ㅊㅌㅍ])|ㅄ|ㅗ{2,}|ㅁㅊ[년놈]|ㄱㅅㄲ",
    r"좆|좃(?:같|까|도|나|되|된|때|됨)|존나|졸라(?![매맨])|ㅈ같|젖같|조까(?!지)|엿\s?(?:먹어|같은)|니미럴|엠창|느금|[니느]개비",
    r"미친\s?(?:놈|년|새|소리|짓|ㄴ|자식)|또라이|정신병자|찐따|머저리|얼간이|꼴통|무뇌|아가리|대가리|낯짝|상판때기|면상",
    # 새끼, 놈, 년: only where no animal, no year and no youth is meant.
    rf"(?<![0-9])(?:개|씹|호로|쌍|좆){_GAP}(?:새끼|쉐끼|새퀴|색기|색끼|섀끼|자식|놈들?|년(?![도생전후간0-9]))",
    r"(?<![가-힣])(?:이|그|저|니|네|야|그런|저런|이런|더러운|못된|나쁜)\s?새(?:끼|퀴)(?!\s?(?:고양이|강아지|개|곰|새|오리|손가락|발가락|를\s?낳))",
    r"새끼(?:야|들아|들이|들은)|(?<!강아지)(?<!고양이)(?<!어미)(?<=[가-힣])새끼(?=[.!?~]|$)|새퀴",
    r"놈(?:들|아)|(?<![0-9청학소중장노])년(?:들|아(?!\w))",
    r"개(?:소리|지랄|같은|돼지|쓰레기|수작|망나니|쌍)|(?:인간\s?쓰레기|쓰레기\s?(?:년|놈|새끼)|버러지|기레기)",
    # 시키는 말, 위협
    r"꺼져라|(?<![이가]\s)닥쳐(?=[\s!.]|$)|뒈[져질]|(?<![가-힣])(?:쳐|처)\s?(?:먹|맞|자빠|웃|박|돌)",
    r"죽여\s?(?:버|줄|라)|죽어라|죽일\s?(?:놈|년)|쳐\s?죽|때려\s?죽|찢어\s?죽|목\s?따|나가\s?(?:뒤|죽)",
    # 멸시하는 말
    r"걸레\s?년|창녀|창년|갈보|보지년|맘충|한남충|일베충|틀딱|급식충(?=[\s들이]|$)|김치녀|된장녀|보슬아치|[니느][애에]미|애[미비](?:뒤|없|터)",
    r"짱깨|쪽바리|쪽발이|깜둥|똥꼬충|홍어\s?(?=[년놈])|전라디언|빨갱|수꼴|좌빨|토착왜|개독|조센징",
    r"fuck|shit(?!ak)|bitch|asshole|bastard|nigg|cunt|\bstfu\b|\bi(?:'ll| will) kill",
)
_ABUSE = re.compile("|".join(f"(?:{rule})" for rule in _RULES), re.IGNORECASE)
_HIDDEN = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")


def abusive_words(text: str) -> list[str]:
    """The words of abuse in `text`, each once, in their order; empty for nearly everything that citizens write."""
    folded = unicodedata.normalize("NFC", _HIDDEN.sub("", text[:LOOKED_AT]))
    return list(dict.fromkeys(match.group().strip() for match in _ABUSE.finditer(folded)))
