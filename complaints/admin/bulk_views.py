"""The pages of a step for many: what was picked in the list, item by item; the report; the one undo."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from complaints import bulk, replies, tags
from complaints.admin.saved_view_doors import address_of, written
from complaints.models import BulkRun, Complaint, Tag
from complaints.pages import bulk_preview, hands, moves, rows, words
from complaints.pages.names import departments
from departments import directory
from departments.models import Role

FOLDER = "admin/complaints/complaint"
_PICK = re.compile(r"(\d{1,18}):(\d{1,9})", re.ASCII)
#: What each step needs to be told.
NEEDS = {"assign": "department", "dismiss": "reason", "tag": "tag", "answer": "text"}


@dataclass(frozen=True, slots=True)
class Line:
    """One complaint of the preview; `problem` in words, "" where nothing is in the way; `answer`: what is posted."""

    row: rows.Row
    problem: str
    answer: bulk_preview.Preview | None = None


@written
def preview(request: HttpRequest, desk: AdminSite) -> HttpResponse:
    """What was picked, with what will be done and what cannot be; writes nothing."""
    _officer(request)
    if not _picks(request):
        messages.warning(request, _("Please pick complaints first."))
        return HttpResponseRedirect(address_of(request.POST.get("back", "")))
    if _action(request) == "answer" and "text" in request.POST:
        try:
            _order(request, "answer")
        except moves.Incomplete as missing:
            return _previewed(request, desk, refused=str(missing))
    return _previewed(request, desk)


@written
def run(request: HttpRequest, desk: AdminSite) -> HttpResponse:
    """The step for each; then its report. A second click leads to the same report."""
    user, action = _officer(request), _action(request)
    try:
        order = _order(request, action)
        _check_seen(order, request.POST.get("seen", ""))
    except moves.Incomplete as missing:
        return _previewed(request, desk, refused=str(missing))
    try:
        report = bulk.run(_key(request), _picks(request), order, by=user, now=timezone.now())
    except BulkRun.DoesNotExist as error:
        raise Http404 from error
    return HttpResponseRedirect(_report_address(report, request))


@require_safe
def report(request: HttpRequest, key: UUID, desk: AdminSite) -> HttpResponse:
    """What was done, what was not and why; one's own only."""
    done = get_object_or_404(BulkRun, pk=key, by=_officer(request))
    lines = [{**item, "why": bulk.PROBLEMS.get(item["problem"], "")} for item in done.items]
    context = {
        "title": _("Done together"),
        "run": done,
        "done": [line for line in lines if not line["problem"]],
        "failed": [line for line in lines if line["problem"]],
        "kept": [line for line in lines if line["kept"]],
        "answered": done.action == bulk.Action.ANSWER,
        "leaves": words.clock(done.at + settings.INCIDENT_GRACE),
        "back": request.GET.get("back", ""),
        "list": address_of(request.GET.get("back", "")),
    }
    return TemplateResponse(request, f"{FOLDER}/bulk_report.html", {**desk.each_context(request), **context})


@written
def undo(request: HttpRequest, key: UUID, desk: AdminSite) -> HttpResponse:
    """The whole step back, once."""
    user = _officer(request)
    done = get_object_or_404(BulkRun, pk=key, by=user)
    return HttpResponseRedirect(_report_address(bulk.undo(done, by=user, now=timezone.now()), request))


ROUTES: tuple[tuple[str, Callable[..., HttpResponse], str], ...] = (
    ("bulk/", preview, "bulk"),
    ("bulk/run/", run, "bulk_run"),
    ("bulk/<uuid:key>/", report, "bulk_report"),
    ("bulk/<uuid:key>/undo/", undo, "bulk_undo"),
)


def _officer(request: HttpRequest) -> User:
    """Only officers assign and dismiss; whether they may in each case, complaints.workflow says."""
    if not directory.has_role(request.user, Role.OFFICER):
        raise PermissionDenied
    return cast("User", request.user)


def _action(request: HttpRequest) -> str:
    action = request.POST.get("action", "")
    if action not in NEEDS:
        raise BadRequest("no such step")
    return action


def _order(request: HttpRequest, action: str) -> bulk.Order:
    """What is to be done, out of the form. Raises moves.Incomplete."""
    name = NEEDS[action]
    if action in ("assign", "dismiss"):
        return bulk.Order(**moves.inputs_from((name,), request.POST))
    typed = moves.typed_text(request.POST, name, most=hands.REPLY_MAX)
    if action == "tag":
        typed = tags.cleaned(typed)
        if not 0 < len(typed) <= Tag.NAME_MAX:
            raise moves.Incomplete(_("Please write a tag of %(most)d characters at most.") % {"most": Tag.NAME_MAX})
        return bulk.Order(tag=typed)
    _check_text(typed)
    return bulk.Order(text=typed)


def _check_seen(order: bulk.Order, seen: str) -> None:
    """What was changed since it was looked at is looked at again. Raises moves.Incomplete."""
    if order.text and seen != _seen(order.text):
        raise moves.Incomplete(_("The text is another one now. Look at each answer again before you post."))


def _seen(text: str) -> str:
    """The name of a text that was looked at."""
    return sha256(text.encode()).hexdigest() if text else ""


def _check_text(text: str) -> None:
    """What stands in no channel is said before anything is done. Raises moves.Incomplete."""
    if not text:
        raise moves.Incomplete(_("Please write the answer."))
    try:
        replies.refuse_gaps(text)
        replies.refuse_personal_data(text)
    except replies.NotPossible as error:
        raise moves.Incomplete(str(error)) from error


def _key(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError as error:
        raise BadRequest("no key of a run") from error


def _picks(request: HttpRequest) -> list[bulk.Pick]:
    """Each complaint once, at most as many as a run takes."""
    found = filter(None, map(_PICK.fullmatch, request.POST.getlist("pick")))
    versions = {int(match[1]): int(match[2]) for match in found}
    return [bulk.Pick(pk, version) for pk, version in list(versions.items())[: bulk.MOST]]


def _previewed(request: HttpRequest, desk: AdminSite, *, refused: str = "") -> HttpResponse:
    action, back = _action(request), request.POST.get("back", "")
    text = moves.typed_text(request.POST, "text", most=hands.REPLY_MAX) if action == "answer" else ""
    lines = _lines(request, action, text)
    context: dict[str, Any] = {
        "title": bulk.Action(action).label,
        "action": action,
        "key": request.POST.get("key") or str(uuid4()),
        "lines": lines,
        "ready": sum(not line.problem for line in lines),
        "departments": departments() if action == "assign" else [],
        "chosen": request.POST.get("department", ""),
        "reason": request.POST.get("reason", ""),
        "tag": request.POST.get("tag", ""),
        "tags": tags.in_use() if action == "tag" else [],
        "text": text,
        "seen": _seen(text),
        "looked": any(line.answer for line in lines),
        "grace": int(settings.INCIDENT_GRACE.total_seconds()),
        "refused": refused,
        "back": back,
        "list": address_of(back),
    }
    context = {**desk.each_context(request), **context}
    return TemplateResponse(request, f"{FOLDER}/bulk.html", context, status=400 if refused else 200)


def _lines(request: HttpRequest, action: str, text: str) -> list[Line]:
    user, picks = cast("User", request.user), {pick.pk: pick.version for pick in _picks(request)}
    found = rows.for_list(Complaint.objects.visible_to(user)).in_bulk(list(picks))
    mine = [found[pk] for pk in picks if pk in found]
    shown = rows.rows_of(mine, user, now=timezone.now())
    problems = [bulk.obstacle(one, action, version=picks[one.pk], user=user) for one in mine]
    ready = [one for one, problem in zip(mine, problems, strict=True) if not problem] if text else []
    answers = bulk_preview.previews(ready, text)
    return [_line(row, problem, answers.get(one.pk)) for one, row, problem in zip(mine, shown, problems, strict=True)]


def _line(row: rows.Row, problem: str, answer: bulk_preview.Preview | None) -> Line:
    unfit = "unfit" if answer is not None and not answer.posts else problem
    return Line(row, str(bulk.PROBLEMS.get(unfit, "")), answer)


def _report_address(done: BulkRun, request: HttpRequest) -> str:
    address = reverse("admin:complaints_complaint_bulk_report", args=[done.pk])
    back = address_of(request.POST.get("back", "")).partition("?")[2]
    return f"{address}?{urlencode({'back': back})}" if back else address
