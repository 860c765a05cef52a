"""미담 on the complaint page: what was asked, what the citizen said, what an officer can do now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from complaints import consent_words, good_news, permissions, replies, workflow
from complaints.models import Complaint, GoodNews
from complaints.pages import hands, moves, words

State = GoodNews.State


@dataclass(frozen=True, slots=True)
class GoodNewsDesk:
    """`question`: what he would be asked. `word`: what he wrote last; `answer`: what that seems to mean.

    `regrets`: he agreed, and his newest words look like a no.
    """

    asked: GoodNews | None
    question: str = ""
    since: str = ""
    until: str = ""
    word: good_news.Heard | None = None
    answer: str = ""
    regrets: bool = False


def desk_of(complaint: Complaint, user: User, *, typed: Mapping[str, str]) -> GoodNewsDesk | None:
    """For officers, where it was asked or can be; None for all others."""
    if not permissions.officer(user, complaint):
        return None
    if good_news.may_offer(user, complaint):
        kept = typed.get("text", "") if typed.get("move") == "good-news" else ""
        return GoodNewsDesk(None, question=kept or good_news.question_for(complaint))
    asked = good_news.of(complaint)
    if asked is None:
        return None
    word = good_news.heard(asked)
    meant = {consent_words.YES: _("looks like a yes"), consent_words.NO: _("looks like a no")}
    later = word is not None and asked.answer_id is not None and word.post.pk != asked.answer_id
    return GoodNewsDesk(
        asked,
        since=words.stamp(asked.asked_at),
        until=words.stamp(asked.asked_at + good_news.WAITS),
        word=word,
        answer=meant.get(word.answer, _("is neither a clear yes nor a clear no")) if word else "",
        regrets=asked.state == State.AGREED and later and word is not None and word.answer == consent_words.NO,
    )


def act(complaint: Complaint, name: str, posted: Any, *, by: User, now: datetime) -> str:
    """Ask, agree, decline or withdraw; what was done, in words. Raises hands.Refused."""
    try:
        if name == "ask":
            text = moves.typed_text(posted, "text", most=hands.REPLY_MAX)
            good_news.ask(complaint, by=by, version=hands.version_of(posted), now=now, text=text)
            return _("The citizen is asked under the own post.")
        return _decided(complaint, name, posted, by, now)
    except replies.NotPossible as error:
        raise hands.Refused(str(error)) from error
    except (workflow.MoveNotAllowed, workflow.Conflict) as error:
        raise hands.Refused from error


def _decided(complaint: Complaint, name: str, posted: Any, by: User, now: datetime) -> str:
    asked = good_news.of(complaint)
    if asked is None:
        raise hands.Refused
    if name == "agree":
        good_news.agree(asked, post_id=hands.number_of(posted, "post"), by=by, now=now)
        return _("The draft lies ready. Look at it before you approve it.")
    if name == "decline":
        good_news.decline(asked, by=by, now=now)
        return _("It is not told. Nothing is posted.")
    if name == "withdraw":
        good_news.withdraw(asked, by=by, now=now)
        return _("Nothing of it goes out any more; what stands is taken down and looked at until it is gone.")
    raise hands.Refused
