"""The pages of the broadcasts: list, editor with previews, what became of one. Each makes one call downstairs."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from channels_sns import amendments, brand, broadcasts, releases
from channels_sns.models import Broadcast, OutboundPost, Picture
from complaints.broadcasting import calendar, cards, editor
from complaints.broadcasting.doors import SeeOther, for_officers, go_to, shown
from complaints.broadcasting.editor import Refused
from complaints.broadcasting.forms import KINDS, BroadcastForm, PictureForm
from complaints.media_view import SIZES, served
from complaints.models import Emergency
from complaints.pages import moves
from complaints.pages.hands import version_of
from complaints.pages.names import channel_name
from complaints.pages.people import person_name

State = Broadcast.State
PAGE = 50
#: What is longer than a network takes is refused with words, not cut.
WHOLE = 100_000
#: The tabs of the list: name → word, states.
TABS = {
    "open": (gettext_lazy("Drafts and waiting"), (State.DRAFT, State.APPROVED)),
    "sent": (gettext_lazy("Sent out"), (State.RELEASED,)),
    "not": (gettext_lazy("Not sent"), (State.MISSED, State.CANCELLED)),
}
EVENTS = {
    "draft": gettext_lazy("Written"),
    "approve": gettext_lazy("Approved"),
    "release": gettext_lazy("Handed to the outbox"),
    "missed": gettext_lazy("Too late, not sent"),
    "take back": gettext_lazy("Taken back to be changed"),
    "cancel": gettext_lazy("Cancelled"),
    "take down": gettext_lazy("To be taken down"),
    "correct": gettext_lazy("To be changed"),
    "stop collecting": gettext_lazy("Comments are complaints again"),
}


@for_officers
@require_safe
def broadcast_list(request: HttpRequest, _user: User) -> HttpResponse:
    """What waits, what was sent, what was not."""
    tab = request.GET.get("tab", "open")
    if tab not in TABS:
        raise Http404
    rows = Broadcast.objects.filter(state__in=TABS[tab][1]).select_related("written_by")
    page = Paginator(_in_order(rows, tab).annotate(accounts=Count("variants")), PAGE).get_page(request.GET.get("p"))
    tabs = [(name, word, name == tab) for name, (word, _states) in TABS.items()]
    return shown(request, "list", _("Broadcasts"), tabs=tabs, tab=tab, page=page)


def _in_order(rows: QuerySet[Broadcast], tab: str) -> QuerySet[Broadcast]:
    """What comes next comes first; of what is over, the last."""
    return rows.order_by("publish_at", "id") if tab == "open" else rows.order_by("-publish_at", "-id")


@for_officers
@require_http_methods(["GET", "HEAD", "POST"])
def broadcast_new(request: HttpRequest, user: User) -> HttpResponse:
    """An empty form, or what was typed into it kept as a draft."""
    form = BroadcastForm(request.POST or None, accounts=brand.speaking(), initial=_wished(request))
    picture = PictureForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and picture.is_valid():
        try:
            made = editor.create(form, by=user, now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return _go_on(request, made, picture, user) if made.state == State.DRAFT else go_to("page", made.pk)
    code = 400 if form.errors else 200
    return shown(request, "page", _("New broadcast"), status=code, form=form, picture=picture, version=0)


def _wished(request: HttpRequest) -> dict[str, Any]:
    """What the address asks for: ?kind=TALK&day=2026-11-25, at the hour that is usual for it."""
    kind, found = request.GET.get("kind", ""), dict[str, Any]()
    if kind in dict(KINDS):
        found["kind"] = kind
    with suppress(ValueError):
        day = min(max(date.fromisoformat(request.GET.get("day", "")), calendar.FIRST), calendar.LAST)
        at = datetime.combine(day, calendar.usual_time(kind))
        found["publish_at"] = timezone.make_aware(at, timezone.get_default_timezone())
    return found


@for_officers
@require_http_methods(["GET", "HEAD", "POST"])
def broadcast_page(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """A draft in its form with previews; what is approved as it stands."""
    broadcast = _find(pk)
    if emergency := _emergency_of(broadcast):
        return SeeOther(reverse("emergencies:page", args=[emergency.pk]))
    if request.method != "POST":
        return _page(request, broadcast)
    form = BroadcastForm(request.POST, accounts=brand.speaking(), broadcast=broadcast)
    picture = PictureForm(request.POST, request.FILES)
    if not form.is_valid() or not picture.is_valid():
        return _page(request, broadcast, form=form, picture=picture, status=400)
    try:
        editor.save(broadcast, form, by=user, version=version_of(request.POST), now=timezone.now())
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, broadcast, form=form, picture=picture, status=refused.code)
    return _go_on(request, broadcast, picture, user)


def _go_on(request: HttpRequest, broadcast: Broadcast, picture: PictureForm, user: User) -> HttpResponse:
    """The text is saved: now the photo, and the approval if that was asked for."""
    try:
        editor.add_picture(broadcast, picture)
        if request.POST.get("action") == "approve":
            version, now = broadcast.version, timezone.now()
            editor.decide(broadcast, "approve", request.POST, by=user, version=version, now=now)
        messages.success(request, _("Saved.") if broadcast.state == State.DRAFT else _("Approved."))
        for near in calendar.crowd_of(broadcast):
            messages.warning(request, _("Two posts stand close together: %(near)s.") % {"near": near})
    except Refused as refused:
        messages.error(request, str(refused))
    return go_to("page", broadcast.pk)


@for_officers
@require_POST
def broadcast_decide(request: HttpRequest, user: User, pk: int, name: str) -> HttpResponse:
    """Take back or cancel."""
    broadcast = _find(pk)
    if name not in ("take-back", "cancel") or _emergency_of(broadcast):
        raise Http404
    try:
        version, now = version_of(request.POST), timezone.now()
        editor.decide(broadcast, name, request.POST, by=user, version=version, now=now)
        messages.success(request, _("Done: %(state)s.") % {"state": State(broadcast.state).label})
    except Refused as refused:
        messages.error(request, str(refused))
    return go_to("page", pk)


@for_officers
@require_POST
def broadcast_take_down(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Take it down on one account, or everywhere."""
    broadcast, account = _find(pk), request.POST.get("account", "")
    found = [post for post in releases.posts_of([broadcast]) if account in ("", str(post.account_id))]
    if not found:
        raise Http404
    amendments.take_down(found, by=user, now=timezone.now())
    releases.note(broadcast, "take down", by=user, now=timezone.now(), words=_on(found))
    messages.success(request, _("It is being taken down; the desk looks at the networks until it is gone."))
    return go_to("page", pk)


@for_officers
@require_POST
def broadcast_correct(request: HttpRequest, user: User, pk: int, post_id: UUID) -> HttpResponse:
    """Write one post anew where it stands."""
    broadcast = _find(pk)
    post = next((post for post in releases.posts_of([broadcast]) if post.pk == post_id), None)
    if post is None:
        raise Http404
    try:
        text = moves.typed_text(request.POST, "text", most=WHOLE)
        amendments.correct(post, text=text, by=user, now=timezone.now())
        releases.note(broadcast, "correct", by=user, now=timezone.now(), words=_on([post]))
        messages.success(request, _("It is being changed; the desk looks at the network until it is."))
    except amendments.NotPossible as refused:
        messages.error(request, str(refused))
    return go_to("page", pk)


def _on(posts: Iterable[OutboundPost]) -> str:
    """The accounts of these posts, each once."""
    return ", ".join(dict.fromkeys(channel_name(post.account) for post in posts))


@for_officers
@require_POST
def picture_drop(request: HttpRequest, _user: User, pk: int, picture_id: UUID) -> HttpResponse:
    """Take a photo out of a draft."""
    broadcast = _find(pk)
    if _emergency_of(broadcast):
        raise Http404
    try:
        broadcasts.drop_picture(broadcast, picture_id, version=version_of(request.POST))
        messages.success(request, _("The photo is taken out."))
    except (broadcasts.NotPossible, broadcasts.Conflict):
        messages.error(request, _("Somebody or the desk was faster. Please look at the state again."))
    return go_to("page", pk)


@for_officers
@require_safe
def picture_file(request: HttpRequest, _user: User, picture_id: UUID, size: str) -> HttpResponseBase:
    """A photo of a broadcast, “small” or “large”."""
    found = Picture.objects.filter(pk=picture_id).first()
    if found is None or size not in SIZES:
        raise Http404
    return served(request, getattr(found, SIZES[size]))


def _emergency_of(broadcast: Broadcast) -> Emergency | None:
    """Whose alarm is being prepared: it is changed and approved there, with its checklist, and nowhere else."""
    return Emergency.objects.filter(alarm=broadcast, state=Emergency.State.PREPARED).first()


def _find(pk: int) -> Broadcast:
    found = Broadcast.objects.select_related("written_by", "approved_by", "follows").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, broadcast: Broadcast, *, status: int = 200, **typed: Any) -> HttpResponse:
    now, context = timezone.now(), {"broadcast": broadcast, "version": broadcast.version, **typed}
    context["crowded"] = calendar.crowd_of(broadcast)
    context["events"] = [
        (event, EVENTS.get(event.what, event.what), person_name(event.by))
        for event in broadcast.events.select_related("by")
    ]
    if broadcast.state == State.DRAFT:
        form = BroadcastForm(accounts=brand.speaking(), broadcast=broadcast)
        context = {"form": form, "picture": PictureForm(), **context, "cards": cards.previews(broadcast)}
        return shown(request, "page", broadcast.title, status=status, **context)
    lines = cards.sent(broadcast, now=now)
    context |= {"sent": lines, "stands": any(one.stands for one in lines), "pictures": broadcast.pictures.all()}
    context["waits"] = broadcast.state == State.APPROVED
    return shown(request, "sent", broadcast.title, status=status, **context)
