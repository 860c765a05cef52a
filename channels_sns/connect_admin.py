"""The pages of connecting (연결): choose a network, type keys or leave for the network's page, come back.

A form never leads to another server (the browser's policy forbids it): the person follows a link. What comes back is
taken out of the session first, and looked at then: a second time there is nothing to take.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from channels_sns import accounts, connect, health_words, scope_words
from channels_sns.accounts import MissingSecrets, UnknownNetwork, adapter_class
from channels_sns.adapters import ADAPTERS
from channels_sns.adapters.contract import ChannelError
from channels_sns.adapters.oauth import ways_of
from channels_sns.adapters.oauth_steps import Denied
from channels_sns.connect import Attempt, NotThisAttempt, Wish
from channels_sns.connect_forms import KeysForm, WayForm
from channels_sns.mailroom_admin import MailroomAdmin
from channels_sns.models import Account

KEPT, LINK = "connect_attempt", "connect_link"
FOLDER = "admin/channels_sns/account"
PROBLEMS = (ChannelError, MissingSecrets, UnknownNetwork, NotThisAttempt, Denied)


def callback_url() -> str:
    """Where networks send the person back to; it is entered in the application's settings there."""
    return str(settings.PUBLIC_URL).rstrip("/") + reverse("admin:channels_sns_account_connect_callback")


class ConnectPages(MailroomAdmin):
    """Mixed into the accounts' admin."""

    def connect_pages(self) -> list[URLPattern]:
        return [
            self._page("connect/", self.networks, "connect"),
            self._page("connect/leave/", self.leave, "connect_leave"),
            self._page("connect/choose/", self.choose, "connect_choose"),
            path("connect/callback/", self.callback, name="channels_sns_account_connect_callback"),
            self._page("connect/<slug:kind>/", self.network, "connect_network"),
        ]

    def networks(self, request: HttpRequest) -> HttpResponse:
        """Which network?"""
        self._only_allowed(request)
        shown = [
            {"label": cls.capabilities.label, "kind": kind, "browser": bool(ways_of(kind))}
            for kind, cls in ADAPTERS.items()
        ]
        return self.show(request, f"{FOLDER}/connect.html", _("Connect a channel"), networks=shown)

    def network(self, request: HttpRequest, kind: str) -> HttpResponse:
        """The ways of one network; ?account= connects that account again."""
        self._only_allowed(request)
        if kind not in ADAPTERS:
            raise Http404
        account = self._again(request, kind)
        way = connect.way_named(request.POST.get("way", ""))
        typed = request.POST if request.method == "POST" else None
        ways = [WayForm(typed if one == way else None, way=one, account=account) for one in ways_of(kind)]
        keys = KeysForm(typed if way is None else None, kind=kind, account=account)
        if typed is not None:
            form = next((one for one in ways if one.way == way), keys)
            answer = self._take(request, kind, form, account) if form.is_valid() else None
            if answer is not None:
                return answer
        return self.show(
            request,
            f"{FOLDER}/connect_network.html",
            _("Connect: %(network)s") % {"network": adapter_class(kind).capabilities.label},
            kind=kind,
            ways=ways,
            keys=keys,
            account=account,
            callback=callback_url() if any(one.way.entered for one in ways) else "",
            limits=scope_words.wanted(kind),
        )

    def _take(
        self, request: HttpRequest, kind: str, form: WayForm | KeysForm, account: Account | None
    ) -> HttpResponse | None:
        """What a filled form leads to; None: back to the form, with the problem in words."""
        try:
            if isinstance(form, KeysForm):
                return self._arrive(request, self._by_keys(kind, form), account.pk if account else 0)
            return self._depart(request, form, account)
        except PROBLEMS as error:
            form.add_error(None, words_of(error))
            return None

    def _by_keys(self, kind: str, form: KeysForm) -> Account:
        asked, now = form.cleaned_data, timezone.now()
        account = accounts.connect(
            kind=kind,
            handle=asked["handle"].lstrip("@"),
            base_url=asked["base_url"],
            secrets=form.given(),
            now=now,
            language=asked["language"],
            name=asked["name"],
        )
        connect.look(account, now=now)
        return account

    def _depart(self, request: HttpRequest, form: WayForm, account: Account | None) -> HttpResponse:
        asked = form.cleaned_data
        wish = Wish(
            form.way.name, asked["base_url"], asked["language"], asked["name"], account_id=account.pk if account else 0
        )
        attempt, url = connect.begin(wish, form.given(), redirect_uri=callback_url(), now=timezone.now())
        request.session[KEPT], request.session[LINK] = attempt.sealed(), url
        return HttpResponseRedirect(reverse("admin:channels_sns_account_connect_leave"))

    def leave(self, request: HttpRequest) -> HttpResponse:
        """The link to the network's page."""
        self._only_allowed(request)
        url = health_words.followable(request.session.get(LINK, ""))
        if not url:
            return HttpResponseRedirect(reverse("admin:channels_sns_account_connect"))
        return self.show(request, f"{FOLDER}/connect_leave.html", _("Continue at the network"), url=url)

    def callback(self, request: HttpRequest) -> HttpResponse:
        """The network sends the person back. Whoever is logged out by now logs in without the code in the address."""
        if not self.admin_site.has_permission(request):
            return HttpResponseRedirect(reverse("admin:login"))
        self._only_allowed(request)
        request.session.pop(LINK, None)
        kept, now = request.session.pop(KEPT, ""), timezone.now()
        request.session.save()
        try:
            attempt = Attempt.opened(kept, now=now)
            done = connect.finish(attempt, request.GET.dict(), now=now)
        except PROBLEMS as error:
            messages.error(request, words_of(error))
            return HttpResponseRedirect(reverse("admin:channels_sns_account_connect"))
        if isinstance(done, Account):
            return self._arrive(request, done, attempt.wish.account_id)
        request.session[KEPT] = done.sealed()
        return HttpResponseRedirect(reverse("admin:channels_sns_account_connect_choose"))

    def choose(self, request: HttpRequest) -> HttpResponse:
        """One person, several pages: which one is the city's?"""
        self._only_allowed(request)
        if request.method not in ("GET", "POST"):
            return HttpResponseNotAllowed(["GET", "POST"])
        now = timezone.now()
        try:
            attempt = Attempt.opened(request.session.get(KEPT, ""), now=now)
            if request.method == "GET":
                named = [{"id": one.external_id, "name": one.name} for one in attempt.choices]
                return self.show(request, f"{FOLDER}/connect_choose.html", _("Choose a page"), choices=named)
            account = connect.choose(attempt, request.POST.get("page", ""), now=now)
        except PROBLEMS as error:
            messages.error(request, words_of(error))
            return HttpResponseRedirect(reverse("admin:channels_sns_account_connect"))
        del request.session[KEPT]
        return self._arrive(request, account, attempt.wish.account_id)

    def _arrive(self, request: HttpRequest, account: Account, wanted_id: int) -> HttpResponse:
        """Say what was connected, and what it may not do."""
        messages.success(request, _("Connected: %(name)s.") % {"name": account})
        if wanted_id not in (0, account.pk):
            messages.warning(
                request, _("The network let in another account than the one you wanted to connect again: %(name)s.")
                % {"name": account}
            )  # fmt: skip
        for sentence in scope_words.lacking(account):
            messages.warning(request, sentence)
        return HttpResponseRedirect(reverse("admin:channels_sns_account_change", args=[account.pk]))

    def _again(self, request: HttpRequest, kind: str) -> Account | None:
        pk = request.GET.get("account", "")
        return (
            Account.objects.filter(kind=kind, pk=int(pk)).first()
            if pk.isascii() and pk.isdigit() and len(pk) < 19
            else None
        )

    def _only_allowed(self, request: HttpRequest) -> None:
        if not self.allowed(request):
            raise Http404


def words_of(error: Exception) -> str:
    """What went wrong while connecting, and what to do."""
    if isinstance(error, NotThisAttempt):
        return _("This answer belongs to nothing begun in this browser within ten minutes. Please begin again.")
    if isinstance(error, Denied):
        return _("The network did not let the desk in: it was refused there, or the person works for no page.")
    return health_words.problem(error)
