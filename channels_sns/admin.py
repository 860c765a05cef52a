"""The mailroom in the admin: outgoing posts and dead letters for officers; connections are in account_admin."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_sns import health_words, outbox
from channels_sns.account_admin import AccountAdmin
from channels_sns.mailroom_admin import MailroomAdmin
from channels_sns.models import Attempt, DeadLetter, OutboundPost

__all__ = ["AccountAdmin", "DeadLetterAdmin", "OutboundPostAdmin"]


class DecideFilter(admin.SimpleListFilter):
    title = gettext_lazy("to decide")
    parameter_name = "decide"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", gettext_lazy("an officer must decide")), ("failed", gettext_lazy("not posted"))]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[OutboundPost]) -> QuerySet[OutboundPost]:
        if self.value() == "yes":
            return queryset.filter(needs_officer_at__isnull=False)
        return queryset.filter(state__in=["FAILED", "BLOCKED"]) if self.value() == "failed" else queryset


class StateFilter(admin.ChoicesFieldListFilter):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = gettext_lazy("state")


@admin.register(OutboundPost)
class OutboundPostAdmin(MailroomAdmin):
    """What the city says, and the few posts of which nobody knows whether they stand: an officer looks and decides."""

    role = "officer"
    list_display = ("created", "account_name", "words", "state_word", "tries", "needs_officer_at")
    list_display_links = ("words",)
    list_filter = (DecideFilter, ("state", StateFilter))
    list_select_related = ("account",)
    search_fields = ("tag", "text")
    ordering = ("-created_at",)
    sortable_by = ()

    @admin.display(description=gettext_lazy("Created"))
    def created(self, row: OutboundPost) -> datetime:
        return row.created_at

    @admin.display(description=gettext_lazy("Account"))
    def account_name(self, row: OutboundPost) -> str:
        return f"{health_words.network_name(row.account)} · {row.account}"

    @admin.display(description=gettext_lazy("Tries"))
    def tries(self, row: OutboundPost) -> int:
        return row.attempts

    @admin.display(description=gettext_lazy("Text"))
    def words(self, row: OutboundPost) -> str:
        return row.text[:80]

    @admin.display(description=gettext_lazy("State"))
    def state_word(self, row: OutboundPost) -> str:
        return str(OutboundPost.State(row.state).label)

    def subject_of(self, row: OutboundPost) -> str:
        return f"outgoing post {row.tag or row.pk}"

    def pages(self) -> list[URLPattern]:
        return [
            self._page("<uuid:pk>/change/", self.page, "change"),
            self._page("<uuid:pk>/decide/<slug:decision>/", self.decide, "decide"),
        ]

    def page(self, request: HttpRequest, pk: Any) -> HttpResponse:
        row: OutboundPost = self.row_or_404(request, pk)
        return self.show(
            request,
            "admin/channels_sns/outboundpost/page.html",
            _("Outgoing post"),
            row=row,
            url=health_words.followable(row.url),
            history=[_in_words(attempt) for attempt in row.history.all()],
            decisions=health_words.decisions(row),
        )

    def decide(self, request: HttpRequest, pk: Any, decision: str) -> HttpResponse:
        row: OutboundPost = self.row_or_404(request, pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        by, now = request.user.get_username(), timezone.now()
        try:
            if decision == "sent":
                outbox.declare_sent(row, url=health_words.followable(request.POST.get("url", "")), by=by, now=now)
            elif decision == "retry":
                outbox.retry(row, by=by, now=now)
            elif decision == "cancel":
                outbox.cancel(row, by=by, now=now)
            else:
                raise Http404
            messages.success(request, _("Done: %(state)s.") % {"state": OutboundPost.State(row.state).label})
        except outbox.NotPossible:
            messages.error(request, _("Somebody or the desk was faster. Please look at the state again."))
        return HttpResponseRedirect(reverse("admin:channels_sns_outboundpost_change", args=[pk]))


def _in_words(attempt: Attempt) -> Attempt:
    """A step of the history, its states as people read them (not to be saved)."""
    names = dict(OutboundPost.State.choices)
    attempt.from_state = str(names.get(attempt.from_state, attempt.from_state))
    attempt.to_state = str(names.get(attempt.to_state, attempt.to_state))
    return attempt


@admin.register(DeadLetter)
class DeadLetterAdmin(MailroomAdmin):
    """What a network served and nobody could read: kept whole."""

    role = "officer"
    list_display = ("last_seen_at", "account", "error", "tries", "settled_at")
    list_display_links = ("error",)
    list_filter = (("settled_at", admin.EmptyFieldListFilter),)
    list_select_related = ("account",)
    ordering = ("-last_seen_at",)
    sortable_by = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[DeadLetter]:
        return super().get_queryset(request).defer("raw")

    def subject_of(self, row: DeadLetter) -> str:
        return f"unreadable item {row.pk}"

    def pages(self) -> list[URLPattern]:
        return [self._page("<int:pk>/change/", self.page, "change")]

    def page(self, request: HttpRequest, pk: int) -> HttpResponse:
        row: DeadLetter = self.row_or_404(request, pk)
        raw = bytes(row.raw)[:20_000].decode(errors="backslashreplace").replace("\x00", "\\x00")
        return self.show(request, "admin/channels_sns/deadletter/page.html", _("Unreadable item"), row=row, raw=raw)
