"""The search box of the complaint list: receipt number, words of the text, the author's handle, the department."""

from __future__ import annotations

import re

from django.db.models import Q

from channels_sns.models import Author
from departments.models import Department

TERMS_MAX = 5
_NUMBER = re.compile(r"^b?\d{2}-?\d{0,12}(-\d+)?$", re.IGNORECASE)


def condition(typed: str, *, names_too: bool) -> Q:
    """Every word typed must be found somewhere. `names_too`: may this person find a citizen by name?"""
    found = Q()
    for term in typed.split()[:TERMS_MAX]:
        found &= _one(term, names_too=names_too)
    return found


def _one(term: str, *, names_too: bool) -> Q:
    found = _in_text(term) | Q(department__in=Department.objects.filter(name__contains=term))
    if _NUMBER.match(term):
        found |= Q(number__startswith=term.upper())
    if names_too:
        bare = term.lstrip("@")
        if bare:
            found |= Q(author__in=Author.objects.filter(Q(handle__icontains=bare) | Q(name__contains=bare)))
    return found


def _in_text(term: str) -> Q:
    """Hangul has no capitals: only Latin words pay for a search without case."""
    return Q(text__icontains=term) if term.isascii() else Q(text__contains=term)
