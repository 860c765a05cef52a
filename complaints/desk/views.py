"""The doors of the triage desk, for SNS officers: a page for a browser, its parts for htmx, all of it without scripts.

After a step the next complaint of the queue opens; every step carries the version that the person saw.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
    JsonResponse,
)
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from complaints import access_log, locating, workflow
from complaints.desk import incident_doors, keys, pulse
from complaints.desk import list as queues
from complaints.desk.doors import for_officers, go_home, go_to, part_asked_for, written
from complaints.desk.item import Item, find, item_of, last_step_of
from complaints.desk.likely import likely
from complaints.models import Complaint
from complaints.pages import clock_hands, drafts, hands, moves, past, presence, tag_desk, together
from complaints.permissions import SLIPS

FOLDER = "desk/triage"
#: After these the next complaint opens.
DONE_WITH = frozenset({*SLIPS, "transfer"})
#: Which part htmx asks for, by the id of the element that it fills.
PARTS = {"item": f"{FOLDER}/swap.html", "list": f"{FOLDER}/list.html"}


# --- looking --------------------------------------------------------------------------------------------------------


@require_safe
@for_officers
def home(request: HttpRequest, user: User, choice: queues.Choice) -> HttpResponse:
    """The queue, nothing open."""
    return _shown(request, user, choice, None)


@require_safe
@for_officers
def item(request: HttpRequest, user: User, choice: queues.Choice, complaint: Complaint) -> HttpResponse:
    """The queue with one complaint open: its reader is recorded and, until he leaves, shown to the others."""
    now = timezone.now()
    access_log.record(user=user, action="view", subject=complaint.number, request=request, now=now)
    presence.opened(complaint, user, now=now)
    found = item_of(complaint, user, now=now)
    past.put_into(found.page, user, request.GET.get("answer", ""), now=now)
    return _shown(request, user, choice, found)


@require_safe
@for_officers
def beat(request: HttpRequest, user: User, choice: queues.Choice) -> HttpResponse:
    """What is new since the page was shown; 304 where nothing is."""
    known, event = (_number(request.GET.get(name, "")) for name in ("known", "event"))
    ref = request.GET.get("open", "")
    answer = pulse.pulse(choice, user, known=known, ref=ref, event=event, now=timezone.now())
    etag = pulse.etag_of(answer)
    same = request.headers.get("If-None-Match") == etag
    response: HttpResponse = HttpResponseNotModified() if same else JsonResponse(answer)
    response.headers["ETag"] = etag
    return response


# --- writing --------------------------------------------------------------------------------------------------------


@written
@for_officers
def step(request: HttpRequest, user: User, choice: queues.Choice, complaint: Complaint, name: str) -> HttpResponse:
    """One move; then the next of the queue, after an undo the complaint itself."""
    seen = Complaint.objects.get(pk=complaint.pk)
    try:
        label = hands.step(complaint, name, request.POST, by=user, now=timezone.now())
    except hands.Refused as refusal:
        return _refused(request, user, choice, complaint, name=name, refusal=refusal)
    last = last_step_of(user) if name in SLIPS else None
    said = last.words if last else _("Done: %(what)s.") % {"what": label}
    messages.success(request, said, extra_tags="beside-undo" if last else "")
    if name not in DONE_WITH:
        return go_to(choice, complaint)
    following = queues.next_after(seen, choice, user, now=timezone.now())
    return go_to(choice, following) if following else go_home(choice)


@written
@for_officers
def urgent(request: HttpRequest, user: User, choice: queues.Choice, complaint: Complaint) -> HttpResponse:
    """Urgent, or not any more; the complaint stays open."""
    wanted, version = request.POST.get("urgent") == "yes", hands.version_of(request.POST)
    try:
        workflow.prioritise(complaint, by=user, version=version, now=timezone.now(), urgent=wanted)
    except (workflow.MoveNotAllowed, workflow.Conflict):
        return _refused(request, user, choice, complaint, name="urgent", refusal=hands.Refused())
    messages.success(request, _("Marked as urgent.") if wanted else _("Not urgent any more."))
    return go_to(choice, complaint)


@written
@for_officers
def clock(request: HttpRequest, user: User, choice: queues.Choice, complaint: Complaint, name: str) -> HttpResponse:
    """What moves its clocks; the complaint stays open."""
    try:
        said = clock_hands.act(complaint, name, request.POST, by=user, now=timezone.now())
    except hands.Refused as refusal:
        return _refused(request, user, choice, complaint, name=name, refusal=refusal)
    messages.success(request, said)
    return go_to(choice, complaint)


@written
@for_officers
def place(request: HttpRequest, user: User, choice: queues.Choice, complaint: Complaint) -> HttpResponse:
    """Where it happened; the complaint stays open."""
    version = hands.version_of(request.POST)
    typed = request.POST.get("district") or request.POST.get("chosen_district")
    try:
        district = moves.inputs_from(("district",), request.POST)["district"] if typed else None
        locating.locate(complaint, by=user, version=version, now=timezone.now(), district=district)
    except moves.Incomplete as missing:
        return _refused(request, user, choice, complaint, name="place", refusal=hands.Refused(str(missing)))
    except (workflow.MoveNotAllowed, workflow.Conflict):
        return _refused(request, user, choice, complaint, name="place", refusal=hands.Refused())
    messages.success(request, _("Place: %(where)s.") % {"where": district or _("not known")})
    return go_to(choice, complaint)


@written
@for_officers
def reply(request: HttpRequest, user: User, choice: queues.Choice, complaint: Complaint) -> HttpResponse:
    """Save the draft, or approve it; what was kept of the typing has done its duty. Or show it changed as asked."""
    now = timezone.now()
    changed, said = None, ""
    try:
        changed = hands.rewritten(complaint, request.POST, request.FILES, by=user, now=now)
        if changed is None:
            said = hands.reply(complaint, request.POST, request.FILES, by=user, now=now)
    except hands.Refused as refusal:
        return _refused(request, user, choice, complaint, name="reply", refusal=refusal)
    if changed is not None:
        if changed.said:
            messages.success(request, changed.said)
        return _shown(request, user, choice, item_of(complaint, user, now=now, typed=changed.typed))
    drafts.forget(complaint, user, field="reply")
    messages.success(request, said)
    return go_to(choice, complaint)


@written
@for_officers
def note(request: HttpRequest, user: User, choice: queues.Choice, complaint: Complaint) -> HttpResponse:
    """A word for colleagues."""
    try:
        hands.note(complaint, request.POST, by=user, now=timezone.now())
    except hands.Refused as refusal:
        return _refused(request, user, choice, complaint, name="note", refusal=refusal)
    drafts.forget(complaint, user, field="note")
    messages.success(request, _("The note is kept. The citizen does not see it."))
    return go_to(choice, complaint)


@written
@for_officers
def tag(request: HttpRequest, user: User, choice: queues.Choice, complaint: Complaint) -> HttpResponse:
    """A tag put on or taken off; the complaint stays open."""
    try:
        messages.success(request, tag_desk.act(complaint, request.POST, by=user, now=timezone.now()))
    except hands.Refused as refusal:
        return _refused(request, user, choice, complaint, name="tag", refusal=refusal)
    return go_to(choice, complaint)


@written
@for_officers
def keep(request: HttpRequest, user: User, _choice: queues.Choice, complaint: Complaint) -> HttpResponse:
    """What is being typed; no step, no event."""
    field, text = request.POST.get("field", ""), request.POST.get("text", "")
    if not drafts.keep(complaint, user, field=field, text=text, now=timezone.now()):
        return HttpResponse(status=400)
    return HttpResponse(status=204)


@written
@for_officers
def here(request: HttpRequest, user: User, _choice: queues.Choice, complaint: Complaint) -> HttpResponse:
    """A sign of life from the open page, or its last."""
    if request.POST.get("left"):
        presence.left(complaint, user)
    else:
        presence.alive(complaint, user, now=timezone.now())
    return HttpResponse(status=204)


@written
@for_officers
def choose_keys(request: HttpRequest, user: User, choice: queues.Choice) -> HttpResponse:
    """Single keys on or off, remembered for this person."""
    keys.choose(user, single_keys=request.POST.get("single_keys") == "on")
    messages.success(request, _("Remembered."))
    ref = request.POST.get("open", "")
    complaint = find(ref, user) if ref else None
    return go_to(choice, complaint) if complaint else go_home(choice)


#: (address, door, name): the roof hangs them under /admin/desk/.
ROUTES: tuple[tuple[str, Callable[..., HttpResponse], str], ...] = (
    ("", home, "home"),
    ("pulse/", beat, "pulse"),
    ("keys/", choose_keys, "keys"),
    ("<slug:ref>/", item, "item"),
    ("<slug:ref>/similar/", likely, "similar"),
    ("<slug:ref>/move/<slug:name>/", step, "move"),
    ("<slug:ref>/urgent/", urgent, "urgent"),
    ("<slug:ref>/clock/<slug:name>/", clock, "clock"),
    ("<slug:ref>/place/", place, "place"),
    ("<slug:ref>/reply/", reply, "reply"),
    ("<slug:ref>/note/", note, "note"),
    ("<slug:ref>/tag/", tag, "tag"),
    ("<slug:ref>/keep/", keep, "keep"),
    ("<slug:ref>/here/", here, "here"),
    *incident_doors.ROUTES,
)


# --- answers --------------------------------------------------------------------------------------------------------


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def _refused(
    request: HttpRequest,
    user: User,
    choice: queues.Choice,
    complaint: Complaint,
    *,
    name: str,
    refusal: hands.Refused,
) -> HttpResponse:
    """The complaint as it is now, the reason on top, what was typed still in its fields."""
    now = timezone.now()
    fresh = find(str(complaint.pk), user)
    if fresh is None:
        raise Http404
    reason = refusal.said or together.what_happened_since(fresh, now=now)
    typed = hands.typed_back(request.POST, name)
    if name in drafts.FIELDS:
        drafts.keep(fresh, user, field=name, text=typed["text"] or typed["note"], now=now)
    found = item_of(fresh, user, now=now, typed=typed, refused=reason)
    found.page.collision = None if refusal.said else together.collision_of(fresh, typed, now=now)
    return _shown(request, user, choice, found, status=refusal.status)


def _shown(
    request: HttpRequest, user: User, choice: queues.Choice, opened: Item | None, *, status: int = 200
) -> HttpResponse:
    """The whole page, or the part that htmx asks for; either way the address says what is open."""
    part = PARTS.get(part_asked_for(request))
    address = reverse("admin:desk_item", args=[opened.page.complaint.number]) if opened else reverse("admin:desk_home")
    context: dict[str, Any] = {"item": opened, "choice": choice, "last": last_step_of(user), "address": address}
    if part != PARTS["item"]:
        context["list"] = queues.shown(choice, user, now=timezone.now())
    if part is None:
        title = opened.page.complaint.number if opened else _("Triage desk")
        context |= {**admin.site.each_context(request), "title": title, "keys": keys.KEYS}
        context["single_keys"] = keys.single_keys_of(user)
    response = TemplateResponse(request, part or f"{FOLDER}/page.html", context, status=status)
    patch_vary_headers(response, ("HX-Request", "HX-Target"))
    if part == PARTS["item"]:
        response.headers["HX-Push-Url"] = address + choice.query
    return response
