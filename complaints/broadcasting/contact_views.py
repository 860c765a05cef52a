"""Who is told of an emergency, and how: the list of contacts, and one of them."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from complaints import agency_alerts
from complaints.broadcasting.doors import SeeOther, for_officers, shown
from complaints.broadcasting.emergency_forms import ContactForm
from complaints.models import AlertContact

OPEN = ("name", "agency", "way", "network", "address", "active")


@for_officers
@require_http_methods(["GET", "HEAD", "POST"])
def contact_list(request: HttpRequest, _user: User) -> HttpResponse:
    """Every contact; a new one."""
    form = ContactForm(request.POST or None)
    if request.method == "POST" and _saved(request, AlertContact(), form):
        return SeeOther(reverse("emergencies:contacts"))
    contacts = AlertContact.objects.select_related("agency").order_by("-active", "name", "id")
    code = 400 if form.errors else 200
    return shown(request, "contacts", _("Contacts of agencies"), status=code, form=form, contacts=contacts)


@for_officers
@require_http_methods(["GET", "HEAD", "POST"])
def contact_change(request: HttpRequest, _user: User, pk: int) -> HttpResponse:
    """One contact; its key is never shown."""
    contact = get_object_or_404(AlertContact, pk=pk)
    form = ContactForm(request.POST or None, initial={name: getattr(contact, name) for name in OPEN})
    if request.method == "POST" and _saved(request, contact, form):
        return SeeOther(reverse("emergencies:contacts"))
    return shown(request, "contact_form", contact.name, status=400 if form.errors else 200, form=form)


def _saved(request: HttpRequest, contact: AlertContact, form: ContactForm) -> bool:
    """Is it kept? What is wrong stands in the form."""
    if not form.is_valid():
        return False
    try:
        agency_alerts.save_contact(contact, **form.cleaned_data)
    except agency_alerts.NotPossible as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("Saved."))
    return True
