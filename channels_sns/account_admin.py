"""The city's connections in the admin: how each is, its settings and keys, and connecting. Administrators only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from channels_sns import account_details, accounts, backfill, connections, health_words, webhooks
from channels_sns.adapters import ADAPTERS
from channels_sns.adapters.contract import ChannelError
from channels_sns.connect_admin import ConnectPages
from channels_sns.connect_forms import LANGUAGES, secret_field
from channels_sns.models import Account
from channels_sns.secrets import SecretsUnreadable


class AccountForm(forms.Form):
    """Name, language, in use; and each secret of the network as an empty field: written, never shown again."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100, required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language of the replies"), choices=LANGUAGES)
    enabled = forms.BooleanField(label=gettext_lazy("In use"), required=False)

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        kept = {"name": account.name, "language": account.language, "enabled": account.enabled}
        super().__init__(*args, **{**kwargs, "initial": kept})
        self.account = account
        self.names = health_words.secret_names(account)
        for name in self.names:
            self.fields[f"secret_{name}"] = secret_field(name, required=False)

    def given(self) -> dict[str, str]:
        """The secrets that were typed."""
        typed = {name: self.cleaned_data[f"secret_{name}"] for name in self.names}
        return {name: value for name, value in typed.items() if value}


@admin.register(Account)
class AccountAdmin(ConnectPages):
    """The city's connections and whether they work; administrators only."""

    role = "administrator"
    list_display = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Account]:
        return super().get_queryset(request).order_by("kind", "handle")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.allowed(request):
            raise Http404
        now = timezone.now()
        shown = [
            {"health": health_words.of(account, now=now), "details": account_details.of(account, now=now)}
            for account in self.get_queryset(request)
        ]
        return self.show(request, "admin/channels_sns/account/change_list.html", _("Connections"), shown=shown)

    def pages(self) -> list[URLPattern]:
        return [
            *self.connect_pages(),
            self._page("<int:pk>/change/", self.page, "change"),
            self._page("<int:pk>/check/", self.check_now, "check"),
            self._page("<int:pk>/reread/", self.read_again, "reread"),
            self._page("<int:pk>/unread/", self.read_unread, "unread"),
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
        now = timezone.now()
        return self.show(
            request,
            "admin/channels_sns/account/page.html",
            str(account),
            account=account,
            form=form,
            health=health_words.of(account, now=now),
            details=account_details.of(account, now=now),
            again=account.kind in ADAPTERS,
            reads_again=backfill.can(account),
            unread=webhooks.unread(account),
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

    def read_again(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let the next poll begin some days earlier: what a gap left out comes in, what is known stays one row."""
        account: Account = self.row_or_404(request, pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if backfill.read_again(account, now=timezone.now()):
            messages.success(request, _("The next reading goes over the last seven days again."))
        else:
            messages.error(request, _("This network cannot be read again from an earlier day."))
        return HttpResponseRedirect(reverse("admin:channels_sns_account_change", args=[pk]))

    def read_unread(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Try once more to read what the network pushed and the desk had given up."""
        account: Account = self.row_or_404(request, pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        count = webhooks.read_again(account)
        said = ngettext("%(count)s delivery is read again.", "%(count)s deliveries are read again.", count)
        messages.success(request, said % {"count": count})
        return HttpResponseRedirect(reverse("admin:channels_sns_account_change", args=[pk]))
