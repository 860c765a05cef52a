"""The views on the complaints that the list and the triage desk share, and how many open ones each holds."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from complaints.models import Arbitration, Complaint, Status
from complaints.pages.words import SOON
from departments import directory
from departments.models import Role

#: Tab counts look at this many open complaints; beyond it they say “5,000+”.
COUNTED = 5_000
TABS = {
    "new": pgettext_lazy("tab", "New"),
    "mine": pgettext_lazy("tab", "Mine"),
    "due": pgettext_lazy("tab", "Due soon"),
    "news": pgettext_lazy("tab", "New posts"),
    "all": pgettext_lazy("tab", "All"),
}
OPEN_UNANSWERED = Q(next_due_at__isnull=False)
#: What is urgent first, then what is due first by the worse of its clocks; what is not due any more last.
WORST_FIRST = ("-priority", "next_due_at", "id")


def in_tab(tab: str, user: AbstractBaseUser | AnonymousUser) -> Q:
    """The condition of a tab for this person, to be put on open complaints (except “all” and “news”).

    “wait”: what no department holds yet, new or sent back; the triage desk begins there.
    """
    if tab == "new":
        return Q(status=Status.RECEIVED)
    if tab == "wait":
        return Q(status__in=[Status.RECEIVED, Status.TRIAGED])
    if tab == "mine":
        return _mine(user)
    if tab == "due":
        return Q(next_due_at__lte=timezone.now() + SOON)
    return Q(news_at__isnull=False) if tab == "news" else Q()


def _mine(user: AbstractBaseUser | AnonymousUser) -> Q:
    """The department's own, not what it was only asked about (that stands in the tray); what came before an arbiter."""
    own = Q(department__in=directory.department_ids_of(user))
    if directory.has_role(user, Role.ARBITER):
        return own | ~Q(arbitration=Arbitration.NONE)
    return own if directory.has_role(user, Role.STAFF, Role.HEAD) else Q(assignee=user.pk)


def counts_for(user: Any) -> dict[str, str]:
    """How many open complaints each tab holds, in one query over at most COUNTED rows."""
    visible = Complaint.objects.visible_to(user).open()
    few = visible.values("pk", "status", "assignee", "department", "arbitration", "next_due_at", "news_at")[
        : COUNTED + 1
    ]
    numbers = few.aggregate(
        total=Count("*"),
        new=Count("pk", filter=in_tab("new", user)),
        wait=Count("pk", filter=in_tab("wait", user)),
        mine=Count("pk", filter=in_tab("mine", user) or Q(status__isnull=False)),
        due=Count("pk", filter=in_tab("due", user)),
        late=Count("pk", filter=Q(next_due_at__lt=timezone.now())),
        news=Count("pk", filter=Q(news_at__isnull=False)),
    )
    more = numbers.pop("total") > COUNTED
    return {name: f"{number:,}{'+' if more else ''}" for name, number in numbers.items()}


def ordering(order: tuple[str, ...]) -> list[Any]:
    """Columns for order_by; both databases put what is not due last."""
    return [F(name).asc(nulls_last=True) if name == "next_due_at" else name for name in order]
