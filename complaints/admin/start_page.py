"""The start page: what waits for this person, and one click to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from channels_sns import account_details, budget_words, tokens
from channels_sns.models import Account, OutboundPost
from complaints import opinion_briefs
from complaints.admin import suggestion_figures
from complaints.models import Complaint
from complaints.pages import rows
from complaints.pages.tabs import OPEN_UNANSWERED, WORST_FIRST, counts_for
from departments import directory
from departments.models import Role

NEXT = 8


@dataclass(frozen=True, slots=True)
class Card:
    """A number that waits. `tone`: hot, plain."""

    label: str
    count_text: str
    url: str
    hint: str
    tone: str = "plain"


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str
    hint: str


@dataclass(slots=True)
class StartPage:
    roles: str
    sees_complaints: bool = False
    cards: list[Card] = field(default_factory=list)
    next: list[rows.Row] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)


def start_page_of(user: Any, *, now: datetime) -> StartPage:
    """Cards with cheap counts, the next complaints, and the links of the person's roles."""
    roles = directory.roles_of(user)
    page = StartPage(roles=", ".join(str(role.label) for role in sorted(roles)))
    if user.is_superuser or roles - {Role.ADMINISTRATOR}:
        page.sees_complaints = True
        page.cards = _complaint_cards(user)
        page.next = _next(user, now=now)
    if roles & {Role.STAFF, Role.HEAD}:
        page.cards += _opinion_cards(user)
    if Role.OFFICER in roles:
        page.cards += [*_outbox_cards(), *_budget_cards(now), *_silent_cards(now)]
    if Role.ADMINISTRATOR in roles:
        page.cards += [*_account_cards(), *_ending_cards(now)]
        page.links += _administrator_links()
    if roles & {Role.OFFICER, Role.ADMINISTRATOR}:
        templates = reverse("admin:complaints_replytemplate_changelist")
        page.links.append(Link(_("Reply templates"), templates, _("texts that answers begin with")))
    if suggestion_figures.may_look(user):
        figures = reverse("admin:complaints_complaint_suggestions")
        page.links.append(Link(_("How good the suggestions are"), figures, _("what was learned, what officers took")))
    if roles & {Role.AUDITOR, Role.ADMINISTRATOR}:
        page.links.append(
            Link(
                _("Access records"),
                reverse("admin:complaints_accesslog_changelist"),
                _("who looked at which citizen's data"),
            )
        )
    return page


def _complaint_cards(user: Any) -> list[Card]:
    counts = counts_for(user)
    listing = reverse("admin:complaints_complaint_changelist")
    texts = {
        "late": (_("Overdue"), _("first answer is late")),
        "new": (_("New"), _("nobody has looked yet")),
        "mine": (_("Mine"), _("with me or my department")),
        "news": (_("New posts"), _("the citizen wrote again")),
    }
    where = {"late": "?tab=all&due=over"}
    if directory.roles_of(user) <= {Role.STAFF, Role.HEAD, Role.ARBITER}:
        del texts["new"]
    return [
        Card(label, counts[name], listing + where.get(name, f"?tab={name}"), hint, "hot" if name == "late" else "plain")
        for name, (label, hint) in texts.items()
    ]


def _opinion_cards(user: Any) -> list[Card]:
    """Only while citizens wait for an answer to what they said under a talk."""
    number = opinion_briefs.waiting_for(user).count()
    return [Card(_("Opinions"), str(number), reverse("admin:tray"), _("of citizens, to answer"))] if number else []


def _silent_cards(now: datetime) -> list[Card]:
    """Only while a department is late with its answer to opinions; it leads to the longest owed."""
    late = opinion_briefs.silent(now=now)
    if not late:
        return []
    url = reverse("broadcasts:opinions", args=[late[0].broadcast_id])
    return [Card(_("Opinions"), str(len(late)), url, _("a department has not answered in time"), "hot")]


def _next(user: Any, *, now: datetime) -> list[rows.Row]:
    waiting = Complaint.objects.visible_to(user).filter(OPEN_UNANSWERED).order_by(*WORST_FIRST)
    return rows.rows_of(rows.for_list(waiting)[:NEXT], user, now=now)


def _outbox_cards() -> list[Card]:
    number = OutboundPost.objects.filter(needs_officer_at__isnull=False).count()
    url = reverse("admin:channels_sns_outboundpost_changelist") + "?decide=yes"
    return [Card(_("To decide"), str(number), url, _("it is not known whether the reply was posted"), "hot")]


def _account_cards() -> list[Card]:
    number = Account.objects.filter(state=Account.State.SUSPENDED).count()
    url = reverse("admin:channels_sns_account_changelist")
    return [Card(_("Stopped connections"), str(number), url, _("nothing is read or posted there"), "hot")]


def _budget_cards(now: datetime) -> list[Card]:
    """Only when a limit stops something: then everybody who sends must know."""
    stopped = budget_words.stopped_now(now=now)
    if not stopped:
        return []
    hint = " · ".join(f"{account}: {' '.join(sentences)}" for account, sentences in stopped)
    url = reverse("admin:channels_sns_outboundpost_changelist")
    return [Card(_("Channels without budget"), str(len(stopped)), url, hint, "hot")]


def _ending_cards(now: datetime) -> list[Card]:
    ending = tokens.endings(now=now)
    if not ending:
        return []
    url = reverse("admin:channels_sns_account_changelist") + "#ending"
    hint = f"{ending[0].account}: {account_details.ending_sentence(ending[0])}"
    return [Card(_("Access that ends soon"), str(len(ending)), url, hint, "hot")]


def _administrator_links() -> list[Link]:
    return [
        Link(
            _("Connections"), reverse("admin:channels_sns_account_changelist"), _("accounts of the city, their health")
        ),
        Link(_("People"), reverse("admin:auth_user_changelist"), _("accounts of the desk's people")),
        Link(_("Roles"), reverse("admin:departments_membership_changelist"), _("who may do what, since when")),
        Link(_("Departments"), reverse("admin:departments_department_changelist"), _("names, duties, words")),
        Link(_("Holidays"), reverse("admin:departments_holiday_changelist"), _("days that do not count for due times")),
    ]
