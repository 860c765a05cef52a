"""One voice for many accounts: the only writer of Brand and Voice.

An account without a voice of its own speaks its own language, without signature and hashtags.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from channels_sns.accounts import capabilities_of
from channels_sns.adapters.text import nfc
from channels_sns.models import Account, Brand, Voice
from channels_sns.models.brand import Language, Tone

#: A sign that the networks take for part of a hashtag: letters, digits and the underscore.
_HASHTAG = re.compile(r"#\w*[^\W\d_]\w*")


class NotPossible(Exception):
    """Nothing was kept; the text says why, for people."""


def speaking() -> list[Account]:
    """Accounts on networks where the city can speak to everybody, with their voices."""
    rows = Account.objects.filter(enabled=True).defer("secrets").select_related("voice__brand")
    return [row for row in rows if capabilities_of(row).publish]


def voice_of(account: Account) -> Voice:
    """How `account` speaks; a row that is not stored where nobody has said."""
    try:
        return account.voice
    except Voice.DoesNotExist:
        links = account.kind != "x"  # a link makes a post there thirteen times as dear
        return Voice(account=account, language=account.language, signs=False, tags=False, links=links)


def ending_of(voice: Voice, language: str) -> str:
    """What stands below a text: hashtags in one line, the signature in the next; "" where there is neither."""
    if not voice.is_given:
        return ""
    brand, english = voice.brand, language == "en"
    hashtags = voice.hashtags or (brand.hashtags_en if english else brand.hashtags)
    signature = voice.signature or (brand.signature_en if english else brand.signature)
    return "\n".join(line for line in (hashtags if voice.tags else "", signature if voice.signs else "") if line)


def save(brand: Brand, *, name: str, signature: str, signature_en: str, hashtags: str, hashtags_en: str) -> Brand:
    """Keep a brand, new or known. Raises NotPossible."""
    if not name.strip():
        raise NotPossible(_("Please give the brand a name."))
    brand.name = nfc(name.strip())
    brand.signature, brand.signature_en = nfc(signature.strip()), nfc(signature_en.strip())
    brand.hashtags, brand.hashtags_en = cleaned_hashtags(hashtags), cleaned_hashtags(hashtags_en)
    try:
        with transaction.atomic():
            brand.save()
    except IntegrityError as error:
        raise NotPossible(_("There is a brand of this name already.")) from error
    return brand


def give_voice(
    account: Account,
    *,
    brand: Brand,
    language: str,
    tone: str,
    signature: str,
    hashtags: str,
    signs: bool,
    tags: bool,
    links: bool,
) -> Voice:
    """Say how `account` speaks. Raises NotPossible."""
    values = {
        "brand": brand,
        "language": Language(language),
        "tone": Tone(tone),
        "signature": nfc(signature.strip()),
        "hashtags": cleaned_hashtags(hashtags),
        "signs": signs,
        "tags": tags,
        "links": links,
    }
    return Voice.objects.update_or_create(account=account, defaults=values)[0]


def cleaned_hashtags(typed: str) -> str:
    """The hashtags of a line, each once, the # added where it is missing. Raises NotPossible for what is none."""
    words = [word if word.startswith("#") else f"#{word}" for word in nfc(typed).replace(",", " ").split()]
    wrong = _first(word for word in words if not _HASHTAG.fullmatch(word))
    if wrong:
        raise NotPossible(_("“%(word)s” is no hashtag: letters, digits and _ only.") % {"word": wrong})
    return " ".join(dict.fromkeys(words))


def _first(words: Iterable[str]) -> str:
    return next(iter(words), "")
