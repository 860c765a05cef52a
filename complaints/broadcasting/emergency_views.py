"""The pages of an emergency: list, preparation with previews, the page while it is under way and after."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from complaints import access_log, emergency_hints, emergency_plans, emergency_words
from complaints.broadcasting import cards, emergency_desk, emergency_lines
from complaints.broadcasting.doors import SeeOther, for_officers, shown
from complaints.broadcasting.editor import Refused
from complaints.broadcasting.emergency_forms import EmergencyForm, PhotoForm
from complaints.broadcasting.emergency_timeline import timeline
from complaints.models import Complaint, Emergency, Sighting
from complaints.pages.hands import version_of
from complaints.pages.moves import is_id

State = Emergency.State
PAGE = 30


@for_officers
@require_safe
def emergency_list(request: HttpRequest, _user: User) -> HttpResponse:
    """What is under way first, then the newest."""
    rows = Emergency.objects.select_related("prepared_by", "approved_by", "complaint").order_by("-id")
    page = Paginator(rows, PAGE).get_page(request.GET.get("p"))
    return shown(request, "emergency_list", _("Emergency broadcast"), page=page)


@for_officers
@require_http_methods(["GET", "HEAD", "POST"])
def emergency_new(request: HttpRequest, user: User) -> HttpResponse:
    """Out of a complaint, its facts filled in, or out of nothing; one that is open for that complaint already."""
    now, complaint = timezone.now(), _complaint(request, user)
    held = complaint.emergencies.filter(state__in=(State.PREPARED, State.RUNNING)).first() if complaint else None
    if held is not None:
        return to_page(held)
    initial = {**emergency_hints.facts_in(complaint)} if complaint else {"kind": Emergency.Kind.LOST_CHILD}
    form, photo = EmergencyForm(request.POST or None, initial=initial), _photo(request, complaint)
    if request.method == "POST" and form.is_valid() and photo.is_valid():
        try:
            with transaction.atomic():
                made = emergency_desk.prepare(form, photo, complaint=complaint, by=user, now=now)
            return to_page(made, "#previews")
        except IntegrityError:
            return SeeOther(request.get_full_path())  # a colleague was faster: his is shown
        except Refused as refused:
            form.add_error(None, str(refused))
    return _form(request, form, photo, complaint=complaint, status=400 if form.errors or photo.errors else 200)


def _complaint(request: HttpRequest, user: User) -> Complaint | None:
    """The complaint that the address names. Raises Http404 for one that is none."""
    typed = request.GET.get("complaint", "")
    if not typed:
        return None
    return get_object_or_404(Complaint.objects.visible_to(user), pk=typed if is_id(typed) else 0)


def _photo(request: HttpRequest, complaint: Complaint | None) -> PhotoForm:
    there = complaint is not None and any(emergency_hints.photos_of(complaint))
    return PhotoForm(request.POST or None, request.FILES or None, initial={"taken": there})


def _form(
    request: HttpRequest,
    form: EmergencyForm,
    photo: PhotoForm,
    *,
    complaint: Complaint | None,
    emergency: Emergency | None = None,
    status: int = 200,
) -> HttpResponse:
    """The form, beside it the citizen's post and the previews."""
    context: dict[str, Any] = {"form": form, "photo": photo, "complaint": complaint, "emergency": emergency}
    context["photos"] = list(emergency_hints.photos_of(complaint)) if complaint else []
    if emergency is not None:
        alarm = emergency.alarm
        context |= {"cards": cards.previews(alarm), "pictures": alarm.pictures.all(), "version": emergency.version}
        context |= {"missing": emergency_plans.missing_checks(emergency), "alarm": alarm}
    title = emergency.title if emergency else _("Emergency broadcast")
    return shown(request, "emergency_form", title, status=status, **context)


@for_officers
@require_http_methods(["GET", "HEAD", "POST"])
def emergency_page(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """While it is prepared the form; then what stands where, who is told, what was seen."""
    emergency = find(pk)
    if request.method == "POST":
        return _save(request, user, emergency)
    access_log.record(user=user, action="view", subject=f"emergency {pk}", request=request, now=timezone.now())
    if emergency.state == State.PREPARED:
        form, photo = EmergencyForm(emergency=emergency), _photo(request, _untaken(emergency))
        return _form(request, form, photo, complaint=emergency.complaint, emergency=emergency)
    return shown(request, "emergency_page", emergency.title, **context_of(emergency))


def _untaken(emergency: Emergency) -> Complaint | None:
    """Its complaint, as long as no photo stands in the draft."""
    return None if emergency.alarm.pictures.exists() else emergency.complaint


def _save(request: HttpRequest, user: User, emergency: Emergency) -> HttpResponse:
    """Keep it; approve it if that was pressed and the previews show what will go out."""
    form, photo = EmergencyForm(request.POST, emergency=emergency), PhotoForm(request.POST, request.FILES)
    code, now = 400, timezone.now()
    if form.is_valid() and photo.is_valid():
        try:
            same = emergency_desk.save(emergency, form, photo, by=user, version=version_of(request.POST), now=now)
            if request.POST.get("action") == "approve" and same:
                emergency_desk.start(emergency, by=user, now=now)
                messages.success(request, _("It goes to every account now."))
            elif request.POST.get("action") == "approve":
                messages.warning(request, _("Something changed. Look at the previews, then approve."))
            return to_page(emergency, "" if emergency.state == State.RUNNING else "#previews")
        except Refused as refused:
            form.add_error(None, str(refused))
            code = refused.code
    emergency = find(emergency.pk)
    if emergency.state != State.PREPARED:
        messages.warning(request, _("A colleague was faster: it is no longer being prepared."))
        return to_page(emergency)
    return _form(request, form, photo, complaint=emergency.complaint, emergency=emergency, status=code)


@for_officers
@require_safe
def emergency_live(request: HttpRequest, _user: User, pk: int) -> HttpResponse:
    """The part of the page that moves by itself: the open page asks for it every few seconds."""
    emergency = find(pk)
    if emergency.state == State.PREPARED:
        raise Http404
    return shown(request, "emergency_live", emergency.title, **context_of(emergency))


def context_of(emergency: Emergency) -> dict[str, Any]:
    """Everything that its page shows."""
    now = timezone.now()
    standing = emergency_lines.standing(emergency)
    return {
        "emergency": emergency,
        "version": emergency.version,
        "passed": emergency_lines.passed(emergency, now=now),
        "since": emergency.since,
        "sent": emergency_lines.sent(emergency.alarm, now=now),
        "cleared": emergency_lines.sent(emergency.all_clear, now=now),
        "alerts": emergency_lines.alert_lines(emergency),
        "sightings": emergency_lines.sighting_lines(emergency),
        "new_sightings": emergency.sightings.filter(state=Sighting.State.NEW).count(),
        "held_up": emergency_lines.held_up(emergency),
        "standing": standing,
        "stuck": [one for one in standing if one.state == "FAILED"],
        "gone": sum(one.state == "VERIFIED" for one in standing),
        "timeline": timeline(emergency),
        "all_clear_ko": emergency_words.all_clear(emergency, "ko"),
        "all_clear_en": emergency_words.all_clear(emergency, "en"),
    }


def find(pk: int) -> Emergency:
    rows = Emergency.objects.select_related("alarm", "all_clear", "complaint", "approved_by", "prepared_by")
    return get_object_or_404(rows, pk=pk)


def to_page(emergency: Emergency, part: str = "") -> HttpResponse:
    return SeeOther(reverse("emergencies:page", args=[emergency.pk]) + part)
