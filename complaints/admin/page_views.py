"""The doors of the complaint page: look, take a step, write the reply, measure it, leave a note, put news aside.

A door parses, makes one call downstairs, shows the result. Looking never writes but to the access record; every step
carries the version the person saw, so that a double click or a slower colleague changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeAlias, cast

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from complaints import access_log, permissions, privacy, promises, replies, same_answer, workflow
from complaints.models import Complaint
from complaints.pages import (
    clock_hands,
    consult_hands,
    drafts,
    good_news_desk,
    hands,
    moves,
    past,
    presence,
    promise_desk,
    repeat_desk,
    reply_cost,
    reply_desk,
    reply_preview,
    together,
    verdict_desk,
)
from complaints.pages.found import complaint_for
from complaints.pages.page import RELATED, page_of

TEMPLATE = "admin/complaints/complaint/page.html"
CONFLICT = 409
#: What a room does with a posted form; the words of what was done. Raises hands.Refused.
Act: TypeAlias = Callable[..., str]


def written(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A door that writes, by POST only. A log-in that was due meanwhile leads here by GET: the complaint is shown."""

    @wraps(view)
    def door(request: HttpRequest, pk: int, **rest: Any) -> HttpResponse:
        if request.method in ("GET", "HEAD"):
            return HttpResponseRedirect(reverse("admin:complaints_complaint_change", args=[pk]))
        return require_POST(view)(request, pk, **rest)

    return door


@require_safe
def look(request: HttpRequest, pk: int, desk: AdminSite) -> HttpResponse:
    """The complaint page; recorded."""
    complaint, user = find(request, pk), cast("User", request.user)
    _record(request, "view", complaint.number)
    if permissions.officer_or_holder(user, complaint):
        presence.opened(complaint, user, now=timezone.now())
    return _shown(request, complaint, desk)


@require_safe
def answers(request: HttpRequest, pk: int, desk: AdminSite) -> HttpResponse:
    """What was answered before to complaints like this one."""
    complaint, user = find(request, pk), cast("User", request.user)
    context = {
        "title": _("Past answers"),
        "complaint": complaint,
        "past": past.lines(complaint, user, now=timezone.now()),
        "may_write": permissions.may_draft(user, complaint),
        "item_address": reverse("admin:complaints_complaint_change", args=[pk]),
    }
    template = "admin/complaints/complaint/answers.html"
    return TemplateResponse(request, template, {**desk.each_context(request), **context})


@written
def step(request: HttpRequest, pk: int, name: str, desk: AdminSite) -> HttpResponse:
    """One move of the state machine."""
    complaint, user = find(request, pk), cast("User", request.user)
    try:
        label = hands.step(complaint, name, request.POST, by=user, now=timezone.now())
    except hands.Refused as refusal:
        return refused(request, find(request, pk), desk, name=name, refusal=refusal)
    messages.success(request, _("Done: %(what)s.") % {"what": label})
    return after(request, pk)


@written
def reply(request: HttpRequest, pk: int, desk: AdminSite) -> HttpResponse:
    """Save the draft, or approve it and hand it to the outbox; or show it changed as asked, and save nothing."""
    complaint, user = find(request, pk), cast("User", request.user)
    now, changed, said = timezone.now(), None, ""
    try:
        changed = hands.rewritten(complaint, request.POST, request.FILES, by=user, now=now)
        if changed is None:
            said = hands.reply(complaint, request.POST, request.FILES, by=user, now=now)
    except hands.Refused as refusal:
        return refused(request, find(request, pk), desk, name="reply", refusal=refusal)
    if changed is not None:
        if changed.said:
            messages.success(request, changed.said)
        return _shown(request, complaint, desk, typed=changed.typed)
    drafts.forget(complaint, user, field="reply")
    messages.success(request, said)
    return after(request, pk)


def _acts(act: Act) -> Callable[..., HttpResponse]:
    """The door of a room that acts by name out of a form: done and said, or the page again with why not."""

    @written
    def door(request: HttpRequest, pk: int, name: str, desk: AdminSite) -> HttpResponse:
        complaint, user = find(request, pk), cast("User", request.user)
        try:
            said = act(complaint, name, request.POST, by=user, now=timezone.now())
        except hands.Refused as refusal:
            return refused(request, find(request, pk), desk, name=name, refusal=refusal)
        messages.success(request, said)
        return after(request, pk)

    return door


#: What moves the clocks; 협조; 반복민원 and 다수인관련민원.
clock, consult, repeat = (_acts(room.act) for room in (clock_hands, consult_hands, repeat_desk))


@require_POST
def measure(request: HttpRequest, pk: int, desk: AdminSite) -> JsonResponse:
    """How long a text would be on the complaint's network, and what it would cost; writes nothing."""
    complaint, text = find(request, pk), moves.typed_text(request.POST, "text", most=hands.REPLY_MAX)
    private = reply_desk.private_of(request.POST)
    cost = reply_cost.cost_of(complaint, text, private=private)
    try:
        measured = reply_desk.measure(complaint, text, private=private)
    except replies.NotPossible as error:
        measured = reply_desk.Measured(str(error), True, reply_preview.preview_of(complaint, text, None))
    said: dict[str, Any] = {
        "text": measured.words,
        "over": measured.over,
        "cost": cost.words,
        "by_links": cost.by_links,
    }
    said["preview"] = render_to_string("desk/parts/reply_preview.html", {"preview": measured.preview})
    found = promises.suggestion(text, now=timezone.now())
    said["promise"], said["promises"] = promise_desk.says(found), bool(found.words)
    said["personal"] = privacy.in_words(privacy.personal_data(text))
    return JsonResponse(said)


@written
def note(request: HttpRequest, pk: int, desk: AdminSite) -> HttpResponse:
    """A word for colleagues, whatever else happened meanwhile."""
    complaint, user = find(request, pk), cast("User", request.user)
    if not permissions.may_note(user, complaint):
        raise PermissionDenied
    try:
        hands.note(complaint, request.POST, by=user, now=timezone.now())
    except hands.Refused as refusal:
        return refused(request, complaint, desk, name="note", refusal=refusal)
    drafts.forget(complaint, user, field="note")
    messages.success(request, _("The note is kept. The citizen does not see it."))
    return after(request, pk)


@written
def same(request: HttpRequest, pk: int, desk: AdminSite) -> HttpResponse:
    """The leading complaint's answer as a draft for this citizen too."""
    complaint, user = find(request, pk), cast("User", request.user)
    try:
        same_answer.give(complaint, by=user, version=hands.version_of(request.POST), now=timezone.now())
    except same_answer.NotPossible as error:
        refusal = hands.Refused(str(error))
        return refused(request, find(request, pk), desk, name="same", refusal=refusal)
    except (workflow.MoveNotAllowed, workflow.Conflict):
        return refused(request, find(request, pk), desk, name="same", refusal=hands.Refused())
    messages.success(request, _("The answer is drafted. Fit it to this citizen, then approve it."))
    return after(request, pk)


@written
def seen(request: HttpRequest, pk: int, desk: AdminSite) -> HttpResponse:
    """The news were read; what arrived after the page was shown stays news."""
    complaint = find(request, pk)
    if not permissions.officer_or_holder(cast("User", request.user), complaint):
        raise PermissionDenied
    if hands.version_of(request.POST) != complaint.version:
        return refused(request, complaint, desk, name="seen", refusal=hands.Refused())
    workflow.seen(complaint)
    return after(request, pk)


ROUTES: tuple[tuple[str, Callable[..., HttpResponse], str], ...] = (
    ("change/", look, "change"),
    ("answers/", answers, "answers"),
    ("move/<slug:name>/", step, "move"),
    ("clock/<slug:name>/", clock, "clock"),
    ("consult/<slug:name>/", consult, "consult"),
    ("repeat/<slug:name>/", repeat, "repeat"),
    ("reply/", reply, "reply"),
    ("measure/", measure, "measure"),
    ("note/", note, "note"),
    ("same/", same, "same"),
    ("seen/", seen, "seen"),
)


def find(request: HttpRequest, pk: int) -> Complaint:
    """The complaint, if this person may see it. 404 otherwise; reaching for a foreign one is recorded."""
    return complaint_for(request, pk, related=RELATED)


def _record(request: HttpRequest, action: str, subject: str) -> None:
    access_log.record(
        user=cast("User", request.user), action=action, subject=subject, request=request, now=timezone.now()
    )


def after(request: HttpRequest, pk: int) -> HttpResponse:
    """The page again; the list, where the complaint left this person's sight."""
    user = cast("User", request.user)
    if Complaint.objects.visible_to(user).filter(pk=pk).exists():
        return HttpResponseRedirect(reverse("admin:complaints_complaint_change", args=[pk]))
    return HttpResponseRedirect(reverse("admin:complaints_complaint_changelist"))


def refused(
    request: HttpRequest, complaint: Complaint, desk: AdminSite, *, name: str, refusal: hands.Refused
) -> HttpResponse:
    """The page as it is now, the reason on top, what was typed still in its fields."""
    typed = hands.typed_back(request.POST, name)
    reason = refusal.said or together.what_happened_since(complaint, now=timezone.now())
    return _shown(request, complaint, desk, typed=typed, refused=reason, status=refusal.status)


def _shown(
    request: HttpRequest,
    complaint: Complaint,
    desk: AdminSite,
    *,
    typed: dict[str, str] | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    user, now = cast("User", request.user), timezone.now()
    page = page_of(complaint, user, now=now, typed=typed, refused=refused)
    past.put_into(page, user, request.GET.get("answer", ""), now=now)
    page.good_news = good_news_desk.desk_of(complaint, user, typed=typed or {})
    page.verdicts = verdict_desk.desk_of(complaint, user)
    page.collision = together.collision_of(complaint, typed or {}, now=now) if status == CONFLICT else None
    context: dict[str, Any] = {**desk.each_context(request), "title": complaint.number, "page": page}
    return TemplateResponse(request, TEMPLATE, context, status=status)
