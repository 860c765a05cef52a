"""The mailroom in the admin: connections for administrators, outgoing posts and dead letters for officers.

The mailroom does not know the directory: the admin site says which roles a person holds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_sns import accounts, connections, health_words, outbox
from channels_sns.adapters.contract import ChannelError
from channels_sns.models import Account, DeadLetter, OutboundPost
from channels_sns.secrets import SecretsUnreadable


class _RoleSite(Protocol):
    def roles(self, user: Any) -> frozenset[str]: ...


class MailroomAdmin(admin.ModelAdmin):
    """Seen by one role; nothing is added or deleted here. `pages` are the addresses beside the list."""

    role = ""
    list_max_show_all = 0
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None

    def get_urls(self) -> list[URLPattern]:
        return [self._page("", self.changelist_view, "changelist"), *self.pages()]

    def pages(self) -> list[URLPattern]:
        return []

    def _page(self, route: str, view: Callable[..., Any], name: str) -> URLPattern:
        full = f"{self.opts.app_label}_{self.opts.model_name}_{name}"
        return path(route, self.admin_site.admin_view(view), name=full)

    def allowed(self, request: HttpRequest) -> bool:
        roles = cast("_RoleSite", self.admin_site).roles(request.user)
        return self.role in roles or request.user.is_superuser

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.allowed(request)

    def has_view_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        return self.allowed(request)

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def row_or_404(self, request: HttpRequest, pk: Any) -> Any:
        """The row, for who may see it; for everybody else there is none."""
        row = self.get_queryset(request).filter(pk=pk).first() if self.allowed(request) else None
        if row is None:
            raise Http404
        return row

    def show(self, request: HttpRequest, template: str, title: str, status: int = 200, **context: Any) -> HttpResponse:
        full = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, **context}
        return TemplateResponse(request, template, full, status=status)


class AccountForm(forms.Form):
    """Name, language, in use; and each secret of the network as an empty field: written, never shown again."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100, required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the replies"), choices=[("ko", "한국어"), ("en", "English")]
    )
    enabled = forms.BooleanField(label=gettext_lazy("In use"), required=False)

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        kept = {"name": account.name, "language": account.language, "enabled": account.enabled}
        super().__init__(*args, **{**kwargs, "initial": kept})
        self.account = account
        self.names = health_words.secret_names(account)
        for name in self.names:
            self.fields[f"secret_{name}"] = forms.CharField(
                label=name,
                required=False,
                max_length=4000,
                widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"}),
            )

    def given(self) -> dict[str, str]:
        """The secrets that were typed."""
        typed = {name: self.cleaned_data[f"secret_{name}"] for name in self.names}
        return {name: value for name, value in typed.items() if value}


@admin.register(Account)
class AccountAdmin(MailroomAdmin):
    """The city's connections and whether they work; administrators only."""

    role = "administrator"
    list_display = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Account]:
        return super().get_queryset(request).order_by("kind", "handle")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.allowed(request):
            raise Http404
        now = timezone.now()
        shown = [health_words.of(account, now=now) for account in self.get_queryset(request)]
        return self.show(request, "admin/channels_sns/account/change_list.html", _("Connections"), shown=shown)

    def pages(self) -> list[URLPattern]:
        return [
            self._page("<int:pk>/change/", self.page, "change"),
            self._page("<int:pk>/check/", self.check_now, "check"),
        ]

    def page(self, request: HttpRequest, pk: int) -> HttpResponse:
        account: Account = self.row_or_404(request, pk)
        form = AccountForm(request.POST or None, account=account)
        if request.method == "POST" and form.is_valid():
            error = self._save(account, form)
            if not error:
                messages.success(request, _("Saved."))
                return HttpResponseRedirect(reverse("admin:channels_sns_account_change", args=[pk]))
            form.add_error(None, error)
        health = health_words.of(account, now=timezone.now())
        return self.show(
            request, "admin/channels_sns/account/page.html", str(account), account=account, form=form, health=health
        )

    def _save(self, account: Account, form: AccountForm) -> str:
        """Keep what was typed; the words of the problem, or ""."""
        try:
            connections.describe(
                account,
                name=form.cleaned_data["name"],
                language=form.cleaned_data["language"],
                enabled=form.cleaned_data["enabled"],
            )
            if form.given():
                connections.reconnect(account, secrets=form.given(), now=timezone.now())
        except (ChannelError, SecretsUnreadable, accounts.MissingSecrets, accounts.UnknownNetwork) as error:
            return health_words.problem(error)
        return ""

    def check_now(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask the network once with the stored secrets; a stopped account that answers works again."""
        account: Account = self.row_or_404(request, pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            connections.reconnect(account, secrets={}, now=timezone.now())
            messages.success(request, _("The network answers: %(name)s works.") % {"name": account})
        except (ChannelError, SecretsUnreadable, accounts.MissingSecrets, accounts.UnknownNetwork) as error:
            messages.error(request, health_words.problem(error))
        return HttpResponseRedirect(reverse("admin:channels_sns_account_changelist"))


class DecideFilter(admin.SimpleListFilter):
    title = gettext_lazy("to decide")
    parameter_name = "decide"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", gettext_lazy("an officer must decide")), ("failed", gettext_lazy("not posted"))]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[OutboundPost]) -> QuerySet[OutboundPost]:
        if self.value() == "yes":
            return queryset.filter(needs_officer_at__isnull=False)
        return queryset.filter(state__in=["FAILED", "BLOCKED"]) if self.value() == "failed" else queryset


@admin.register(OutboundPost)
class OutboundPostAdmin(MailroomAdmin):
    """What the city says, and the few posts of which nobody knows whether they stand: an officer looks and decides."""

    role = "officer"
    list_display = ("created_at", "account", "words", "state_word", "attempts", "needs_officer_at")
    list_display_links = ("words",)
    list_filter = (DecideFilter, "state")
    list_select_related = ("account",)
    search_fields = ("tag", "text")
    ordering = ("-created_at",)
    sortable_by = ()

    @admin.display(description=gettext_lazy("Text"))
    def words(self, row: OutboundPost) -> str:
        return row.text[:80]

    @admin.display(description=gettext_lazy("State"))
    def state_word(self, row: OutboundPost) -> str:
        return str(OutboundPost.State(row.state).label)

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
            history=row.history.all(),
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

    def pages(self) -> list[URLPattern]:
        return [self._page("<int:pk>/change/", self.page, "change")]

    def page(self, request: HttpRequest, pk: int) -> HttpResponse:
        row: DeadLetter = self.row_or_404(request, pk)
        raw = bytes(row.raw)[:20_000].decode(errors="backslashreplace").replace("\x00", "\\x00")
        return self.show(request, "admin/channels_sns/deadletter/page.html", _("Unreadable item"), row=row, raw=raw)
