"""What the city says in an emergency and when it is over, out of the checked facts, in Korean and English.

The officer may change every word; these are the sentences that stand there at once. The all-clear names nobody.
"""

from __future__ import annotations

import re

from django.utils import translation
from django.utils.translation import gettext as _

from complaints.models import Emergency

Kind = Emergency.Kind
_NUMBER = re.compile(r"\d+")
_HOUR = re.compile(r"(오전|오후|저녁|밤|낮)?\s*(\d{1,2})(?:시(?:\s*(?:(\d{1,2})분|(반)))?|:(\d{2}))")


def title_of(emergency: Emergency) -> str:
    """What stands on every page of the desk while it is under way: what and where, nobody's name."""
    words = str(Kind(emergency.kind).label)
    return f"{words} · {emergency.place}"[:60] if emergency.place else words


def alarm(emergency: Emergency, language: str) -> str:
    """The call to everybody."""
    with translation.override(language):
        lines = [_heading(emergency), *_facts(emergency, english=language == "en"), _request(emergency)]
        return "\n".join(line for line in lines if line)


def _heading(emergency: Emergency) -> str:
    return {
        Kind.LOST_CHILD: _("[URGENT] A child is missing in Busan"),
        Kind.LOST_PERSON: _("[URGENT] A person is missing in Busan"),
    }.get(Kind(emergency.kind), _("[URGENT] City of Busan"))


def _facts(emergency: Emergency, *, english: bool) -> list[str]:
    """Who, how dressed, where and when; what nobody knows is left out."""
    looks = emergency.appearance_en if english else emergency.appearance
    place = (emergency.place_en or emergency.place) if english else emergency.place
    age, seen = (
        (_english_age(emergency.age), english_hour(emergency.seen)) if english else (emergency.age, emergency.seen)
    )
    who, where = emergency.name, ""
    if age:
        aged = _("aged %(age)s") % {"age": age}
        who = f"{who}, {aged}" if who else aged
    if place and seen:
        where = _("Last seen: %(place)s, %(when)s") % {"place": place, "when": seen}
    elif place:
        where = _("Last seen: %(place)s") % {"place": place}
    return [who, looks, where]


def _english_age(age: str) -> str:
    """“7세” is 7, “18개월” 18 months; anything else as it was typed."""
    number = _NUMBER.search(age)
    if number is None:
        return age
    return f"{number[0]} months" if "개월" in age else number[0]


def english_hour(seen: str) -> str:
    """“오늘 오후 5시 10분쯤” is 17:10; what is no hour and not English is left out."""
    found = _HOUR.search(seen)
    if found is None:
        return seen if seen.isascii() else ""
    half, hour, minutes = found[1], int(found[2]), int(found[3] or found[5] or (30 if found[4] else 0))
    if half == "오전":
        hour %= 12
    elif half and hour < 12:
        hour += 12
    return f"{hour:02}:{minutes:02}"


def _request(emergency: Emergency) -> str:
    return _("If you have seen anything, call %(number)s or write below. Please share.") % {"number": emergency.contact}


def all_clear(emergency: Emergency, language: str) -> str:
    """The good end, or the end."""
    with translation.override(language):
        return {
            Kind.LOST_CHILD: _(
                "[FOUND] The child we asked you about is safe. Thank you to everybody who looked and shared! "
                "We are taking the earlier posts down; please delete what you shared."
            ),
            Kind.LOST_PERSON: _(
                "[FOUND] The person we asked you about is safe. Thank you to everybody who looked and shared! "
                "We are taking the earlier posts down; please delete what you shared."
            ),
        }.get(Kind(emergency.kind), _("[OVER] The emergency we told you about is over. Thank you for your help."))


def words_for_photo(emergency: Emergency) -> str:
    """For those who cannot see it."""
    with translation.override("ko"):
        words = _("Photo of the person we are looking for")
    return f"{words}: {emergency.appearance}" if emergency.appearance else words
