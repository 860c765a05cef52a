"""The calendar of the broadcasts, and what is said again and again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from channels_sns import brand, broadcasts, repeats
from channels_sns.models import Account, Repeat
from channels_sns.models.broadcast import Kind
from channels_sns.models.repeat import Days
from complaints.broadcasting import calendar
from complaints.broadcasting.doors import for_officers, go_to, shown
from complaints.broadcasting.forms import KINDS, TEXT_MAX
from complaints.pages.hands import version_of
from complaints.pages.names import channel_name
from departments import working_time

FASTER = gettext_lazy("Somebody changed it meanwhile. Please look at it as it is now.")


@for_officers
@require_safe
def overview(request: HttpRequest, _user: User) -> HttpResponse:
    """A month or a week, one day after the other."""
    now, kind, week = timezone.now(), request.GET.get("kind", ""), request.GET.get("view") == "week"
    if kind and kind not in Kind.values:
        raise Http404
    span = calendar.span_of(request.GET.get("on", ""), week=week, now=now)
    days = calendar.days_of(span, kind=kind, now=now)
    return shown(
        request,
        "calendar",
        _("Calendar"),
        span=span,
        days=days,
        weekdays=[day.date for day in days[:7]],
        kind=kind,
        kinds=Kind.choices,
        view="week" if week else "month",
        before=span.beside(-1),
        after=span.beside(1),
        timeless=calendar.without_time(kind=kind),
        repeats=Repeat.objects.filter(stopped_at=None),
        empty=not any(day.entries for day in days),
    )


class RepeatForm(forms.Form):
    """A rhythm, the text to begin with, and where."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=KINDS)
    title = forms.CharField(label=gettext_lazy("Title, for colleagues"), max_length=80)
    days = forms.ChoiceField(label=gettext_lazy("Days"), choices=Days.choices)
    at = forms.TimeField(
        label=gettext_lazy("Time of day"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    ahead_days = forms.IntegerField(
        label=gettext_lazy("Drafts lie ready so many days ahead"),
        min_value=1,
        max_value=repeats.AHEAD_MAX,
        initial=7,
    )
    text = forms.CharField(
        label=gettext_lazy("Text to begin with"),
        max_length=TEXT_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    text_en = forms.CharField(
        label=gettext_lazy("Text to begin with, in English"),
        max_length=TEXT_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "en"}),
    )
    accounts = forms.MultipleChoiceField(
        label=gettext_lazy("Accounts"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one account.")},
    )

    def __init__(self, *args: Any, speaking: list[Account], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._speaking = {str(account.pk): account for account in speaking}
        choices = [(pk, channel_name(account)) for pk, account in self._speaking.items()]
        self.fields["accounts"].choices = choices  # type: ignore[attr-defined]

    def said(self) -> dict[str, Any]:
        """For channels_sns.repeats."""
        chosen = [self._speaking[pk] for pk in self.cleaned_data["accounts"]]
        return {**self.cleaned_data, "accounts": chosen}


@for_officers
@require_http_methods(["GET", "HEAD", "POST"])
def repeat_list(request: HttpRequest, user: User) -> HttpResponse:
    """What is said again and again; a new one."""
    speaking = brand.speaking()
    initial = {"kind": Kind.MORNING, "at": "08:30", "accounts": [str(one.pk) for one in speaking]}
    form = RepeatForm(request.POST or None, speaking=speaking, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            repeats.begin(by=user, now=timezone.now(), **form.said())
        except broadcasts.NotPossible as error:
            form.add_error(None, str(error))
        else:
            return _made(request)
    rows = Repeat.objects.order_by("stopped_at", "at", "id").prefetch_related("accounts")
    return shown(request, "repeats", _("Repetitions"), status=400 if form.errors else 200, form=form, repeats=rows)


@for_officers
@require_http_methods(["GET", "HEAD", "POST"])
def repeat_page(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """One of them, changed for the days that come."""
    repeat = _find(pk)
    initial: dict[str, Any] = {name: getattr(repeat, name) for name in repeats.WRITABLE}
    initial["accounts"] = [str(account.pk) for account in repeat.accounts.all()]
    form = RepeatForm(request.POST or None, speaking=brand.speaking(), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            version, now = version_of(request.POST), timezone.now()
            repeats.change(repeat, by=user, version=version, now=now, **form.said())
        except broadcasts.NotPossible as error:
            form.add_error(None, str(error))
        except broadcasts.Conflict:
            form.add_error(None, FASTER)
        else:
            return _made(request)
    code = 400 if form.errors else 200
    return shown(request, "repeat", repeat.title, status=code, form=form, repeat=repeat, version=repeat.version)


@for_officers
@require_POST
def repeat_stop(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """No more of it."""
    try:
        repeats.stop(_find(pk), version=version_of(request.POST), by=user, now=timezone.now())
        messages.success(request, _("It is stopped. Drafts that somebody has touched stay."))
    except broadcasts.NotPossible as error:
        messages.error(request, str(error))
    except broadcasts.Conflict:
        messages.error(request, FASTER)
    return go_to("repeats")


def _made(request: HttpRequest) -> HttpResponse:
    """The drafts of the coming days lie ready at once."""
    number = repeats.make_ahead(now=timezone.now(), is_holiday=working_time.calendar_for().is_holiday)
    messages.success(request, _("Saved. Drafts made: %(number)d. Each is written and approved.") % {"number": number})
    return go_to("repeats")


def _find(pk: int) -> Repeat:
    found = Repeat.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
