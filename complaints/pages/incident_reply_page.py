"""The page of an incident's reply: the editor, what each citizen will find under his post, and then the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from channels_sns import budget_words
from complaints import delivery_ledger, incident_replies, languages, privacy, releasing
from complaints.delivery_ledger import Fate
from complaints.models import Complaint, IncidentDelivery, IncidentReply
from complaints.pages import incident_page, rows, words
from complaints.pages.names import channel_name
from complaints.pages.people import person_name
from complaints.wordings import Preview, Wordings

PAGE = 50
State = IncidentReply.State


@dataclass(frozen=True, slots=True)
class Group:
    """The citizens of one account and language; `fit`: how the text fits there. `problem`: it does not."""

    channel: str
    language: str
    count: int
    fit: str
    cost: str
    linkless: bool
    problem: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One citizen. `why`: why he gets none; `parts`: what he will find, nothing where it was released already."""

    row: rows.Row
    fate: str
    fate_label: str
    why: str
    parts: tuple[str, ...]
    fit: str
    address: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ReplyPage:
    """The template's view. `undo_until`: while nothing has left; `since`: tied after the release, without a line."""

    reply: IncidentReply
    title: str
    state_label: str
    may_write: bool
    may_release: bool
    masked: bool
    signed: str
    groups: list[Group]
    total: int
    counts: list[tuple[str, str, int]]
    lines: list[Line]
    fate: str
    before: int
    after: int
    undo_until: str
    since: int
    typed: dict[str, str] = field(default_factory=dict)
    refused: str = ""


def page_of(
    reply: IncidentReply,
    user: User,
    *,
    now: datetime,
    page: int = 1,
    fate: str = "",
    typed: dict[str, str] | None = None,
    refused: str = "",
) -> ReplyPage:
    """Everything the page shows, in a fixed number of queries whatever the number of citizens."""
    incident, masked = reply.incident, privacy.is_masked_for(user)
    ledger = delivery_ledger.lines_of(reply)
    fates = delivery_ledger.fates(ledger)
    members = incident_page.members_of(incident, user)
    draft = reply.state == State.DRAFT
    shown = _members_shown(members, page) if draft else _lines_shown(user, ledger, fates, fate, page)
    lines = _draft_lines(reply, shown, ledger, user, now) if draft else _ledger_lines(shown, ledger, fates, user, now)
    return ReplyPage(
        reply=reply,
        title=incident_page.shown_title(incident, masked=masked),
        state_label=reply.get_state_display(),
        may_write=incident_replies.may_write(user, incident),
        may_release=incident_replies.may_release(user, incident),
        masked=masked,
        signed=_signed(reply),
        groups=_groups(reply, members) if draft and reply.text else [],
        total=_total(reply, ledger),
        counts=[] if draft else [(one.value, str(one.label), n) for one, n in delivery_ledger.counts(fates.values())],
        lines=lines[:PAGE],
        fate=fate,
        before=page - 1,
        after=page + 1 if len(shown) > PAGE else 0,
        undo_until=_undo_until(reply, now),
        since=_since(reply, ledger),
        typed=typed or {},
        refused=refused,
    )


def _total(reply: IncidentReply, ledger: Sequence[IncidentDelivery]) -> int:
    """So many citizens will get it, or would."""
    left_out = {line.complaint_id for line in ledger if line.skipped}
    return sum(one.pk not in left_out for one in incident_replies.members_of(reply.incident))


def _signed(reply: IncidentReply) -> str:
    names = {"writer": person_name(reply.drafted_by), "approver": person_name(reply.approved_by)}
    if reply.approved_by is None:
        return _("written by %(writer)s") % names
    return _("written by %(writer)s, approved by %(approver)s") % names


def _undo_until(reply: IncidentReply, now: datetime) -> str:
    """“16:32:10”; "" where it is too late, or too early."""
    if reply.state != State.RELEASED or reply.release_at is None or reply.release_at <= now:
        return ""
    return timezone.localtime(reply.release_at).strftime("%H:%M:%S")


def _since(reply: IncidentReply, ledger: Sequence[IncidentDelivery]) -> int:
    if reply.state != State.RELEASED:
        return 0
    known = {line.complaint_id for line in ledger}
    return sum(1 for one in incident_replies.members_of(reply.incident) if one.pk not in known)


# --- before the release ---------------------------------------------------------------------------------------------


def _members_shown(members: Any, page: int) -> list[Complaint]:
    return list(rows.for_list(members).order_by("received_at", "pk")[(page - 1) * PAGE : page * PAGE + 1])


def _draft_lines(
    reply: IncidentReply, shown: list[Complaint], ledger: Sequence[IncidentDelivery], user: User, now: datetime
) -> list[Line]:
    left_out = {line.complaint_id: line.skipped for line in ledger if line.skipped}
    why = {**releasing.obstacles(reply, shown), **left_out}
    previews = Wordings(reply).previews(shown) if reply.text else {}
    masked = privacy.is_masked_for(user)
    found = []
    for complaint, row in zip(shown, rows.rows_of(shown, user, now=now), strict=True):
        preview = previews.get(complaint.pk)
        words_of = _why(why[complaint.pk], preview)
        parts = preview.parts if preview and not masked else ()
        fate = Fate.SKIPPED if words_of else ""
        label = str(Fate.SKIPPED.label) if words_of else ""
        found.append(Line(row, fate, label, words_of, parts, _fit(preview)))
    return found


def _why(obstacle: str, preview: Preview | None) -> str:
    if not obstacle and preview is not None and not preview.parts:
        obstacle = "long"
    return str(releasing.OBSTACLES[obstacle]) if obstacle else ""


def _fit(preview: Preview | None) -> str:
    """“132 / 280”, “in 2 posts”."""
    if preview is None or not preview.parts:
        return ""
    said = f"{preview.longest:,} / {preview.limit:,}"
    many = len(preview.parts)
    posts = ngettext("%(n)s post", "%(n)s posts", many) % {"n": many}
    return said if many == 1 else f"{said} · {posts}"


def _groups(reply: IncidentReply, members: Any) -> list[Group]:
    """How the text fits, account by account and language by language, each by one of its citizens."""
    counted = members.order_by().values_list("account_id", "language").annotate(many=Count("pk"), one=Min("pk"))
    many_of = {one: many for _account, _language, many, one in counted}
    samples = list(Complaint.objects.filter(pk__in=many_of).select_related("account").order_by("account__kind", "pk"))
    previews = Wordings(reply).previews(samples)
    return [_group(one, many_of[one.pk], previews[one.pk]) for one in samples]


def _group(sample: Complaint, many: int, preview: Preview) -> Group:
    price = preview.price
    return Group(
        channel=channel_name(sample.account),
        language=languages.name_of(preview.wording.language),
        count=many,
        fit=_fit(preview) or str(releasing.OBSTACLES["long"]),
        cost=budget_words.amount(price.amount * many, price.unit) if price else "",
        linkless=preview.wording.linkless,
        problem=not preview.parts,
    )


# --- after it -------------------------------------------------------------------------------------------------------


def _lines_shown(
    user: User, ledger: Sequence[IncidentDelivery], fates: dict[int, Fate], fate: str, page: int
) -> list[Complaint]:
    """Those of the ledger that this person may see; who was split off since is still there."""
    wanted = [line.complaint_id for line in ledger if not fate or fates[line.pk] == fate]
    seen = Complaint.objects.visible_to(user).filter(pk__in=wanted)
    return list(rows.for_list(seen).order_by("pk")[(page - 1) * PAGE : page * PAGE + 1])


def _ledger_lines(
    shown: list[Complaint], ledger: Sequence[IncidentDelivery], fates: dict[int, Fate], user: User, now: datetime
) -> list[Line]:
    line_of = {line.complaint_id: line for line in ledger}
    found = []
    for complaint, row in zip(shown, rows.rows_of(shown, user, now=now), strict=True):
        line = line_of[complaint.pk]
        fate, sent = fates[line.pk], line.reply
        why = str(releasing.OBSTACLES.get(line.skipped, "")) if line.skipped else ""
        address, problem = (sent.url, sent.problem) if sent else ("", "")
        found.append(Line(row, fate.value, str(fate.label), why, (), "", address, problem))
    return found


def replies_of(incident: Any, *, masked: bool) -> list[dict[str, Any]]:
    """The replies of an incident as its own page lists them."""
    found = incident.replies.select_related("drafted_by").order_by("-number")
    return [
        {
            "address": reverse("admin:complaints_incident_answer", args=[incident.pk, one.number]),
            "kind": one.get_kind_display(),
            "state": one.state,
            "state_label": one.get_state_display(),
            "text": privacy.mask_text(one.text) if masked else one.text,
            "when": words.stamp(one.approved_at or one.drafted_at),
        }
        for one in found
    ]
