"""The forms of an emergency: what is known, where it goes, who is told, who vouches for what; and its contacts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy

from channels_sns import brand
from channels_sns.adapters import ADAPTERS
from channels_sns.models import Account
from complaints import emergency_words
from complaints.broadcasting.forms import TEXT_MAX
from complaints.emergency_plans import Facts, Plan
from complaints.models import AlertContact, Emergency, EmergencyCheck
from complaints.pages.names import channel_name
from departments.models import Agency

Item = EmergencyCheck.Item
#: The fields of Facts, as the form shows them; the rest stands folded.
FACTS = ("kind", "name", "age", "appearance", "place", "seen", "contact", "appearance_en", "place_en")


class EmergencyForm(forms.Form):
    """One form from the facts to the decision: it is sent once, with everything in it."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Emergency.Kind.choices)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60, required=False)
    age = forms.CharField(label=gettext_lazy("Age"), max_length=20, required=False)
    appearance = forms.CharField(label=gettext_lazy("Clothes and looks"), max_length=300, required=False)
    appearance_en = forms.CharField(label=gettext_lazy("Clothes and looks in English"), max_length=300, required=False)
    place = forms.CharField(label=gettext_lazy("Last seen at"), max_length=200, required=False)
    place_en = forms.CharField(label=gettext_lazy("Last seen at, in English"), max_length=200, required=False)
    seen = forms.CharField(label=gettext_lazy("When"), max_length=60, required=False)
    contact = forms.CharField(label=gettext_lazy("Number to call"), max_length=60, initial="112")
    text = forms.CharField(
        label=gettext_lazy("Text in your own words"),
        max_length=TEXT_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    text_en = forms.CharField(
        label=gettext_lazy("Text in English in your own words"),
        max_length=TEXT_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "lang": "en"}),
    )
    accounts = forms.MultipleChoiceField(
        label=gettext_lazy("Accounts"), required=False, widget=forms.CheckboxSelectMultiple
    )
    contacts = forms.MultipleChoiceField(
        label=gettext_lazy("Who is told"), required=False, widget=forms.CheckboxSelectMultiple
    )
    consent = forms.BooleanField(label=Item.CONSENT.label, required=False)
    consent_note = forms.CharField(label=gettext_lazy("Who consented, and how"), max_length=200, required=False)
    facts = forms.BooleanField(label=Item.FACTS.label, required=False)
    photo_right = forms.BooleanField(label=Item.PHOTO.label, required=False)

    def __init__(self, *args: Any, emergency: Emergency | None = None, **kwargs: Any) -> None:
        self.speaking: Sequence[Account] = brand.speaking()
        self.known: Sequence[AlertContact] = list(AlertContact.objects.filter(active=True))
        held = _held(emergency) if emergency else self._all()
        super().__init__(*args, **{**kwargs, "initial": {**held, **kwargs.get("initial", {})}})
        self._choices("accounts", [(str(one.pk), channel_name(one)) for one in self.speaking])
        self._choices("contacts", [(str(one.pk), f"{one.name} · {one.get_way_display()}") for one in self.known])

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        cast("forms.MultipleChoiceField", self.fields[name]).choices = choices

    def _all(self) -> dict[str, Any]:
        """A new one goes everywhere and to everybody."""
        return {"accounts": [str(one.pk) for one in self.speaking], "contacts": [str(one.pk) for one in self.known]}

    def told(self) -> Facts:
        return Facts(**{name: self.cleaned_data[name] for name in FACTS})

    def plan(self) -> Plan:
        accounts, contacts = set(self.cleaned_data["accounts"]), set(self.cleaned_data["contacts"])
        return Plan(
            tuple(one for one in self.speaking if str(one.pk) in accounts),
            tuple(one for one in self.known if str(one.pk) in contacts),
            self.cleaned_data["text"],
            self.cleaned_data["text_en"],
        )

    def points(self) -> dict[str, str]:
        """What is vouched for: item → note."""
        said = self.cleaned_data
        ticked = {Item.CONSENT: said["consent"], Item.FACTS: said["facts"], Item.PHOTO: said["photo_right"]}
        return {str(item): said["consent_note"] if item == Item.CONSENT else "" for item, on in ticked.items() if on}

    def plain(self) -> list[forms.BoundField]:
        """The facts that everybody looks at."""
        return [self[name] for name in FACTS[:7]]

    def more(self) -> list[forms.BoundField]:
        """What mostly stands right already."""
        return [self[name] for name in (*FACTS[7:], "text", "text_en")]


def _held(emergency: Emergency) -> dict[str, Any]:
    """What is kept of it. A text that is still the template's stays empty: it follows the facts."""
    alarm, checks = emergency.alarm, {row.item: row for row in emergency.checks.all()}
    own = {"text": (alarm.text, "ko"), "text_en": (alarm.text_en, "en")}
    consent = checks.get(Item.CONSENT)
    return {
        **{name: getattr(emergency, name) for name in FACTS},
        **{
            name: "" if text == emergency_words.alarm(emergency, language).strip() else text
            for name, (text, language) in own.items()
        },
        "accounts": [str(pk) for pk in alarm.variants.values_list("account_id", flat=True)],
        "contacts": [str(pk) for pk in emergency.contacts.values_list("pk", flat=True)],
        "consent": consent is not None,
        "consent_note": consent.note if consent else "",
        "facts": Item.FACTS in checks,
        "photo_right": Item.PHOTO in checks,
    }


class PhotoForm(forms.Form):
    """A photo of the file, or the one that the citizen sent; and the words for it."""

    taken = forms.BooleanField(label=gettext_lazy("Use the photo of the citizen's post"), required=False)
    photo = forms.FileField(label=gettext_lazy("Add a photo"), required=False)
    alt = forms.CharField(
        label=gettext_lazy("What the photo shows"),
        help_text=gettext_lazy("Empty: made of clothes and looks."),
        max_length=1000,
        required=False,
    )


class ContactForm(forms.Form):
    """Somebody who is told, by one way."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    agency = forms.ModelChoiceField(Agency.objects.all(), label=gettext_lazy("Agency"), required=False)
    way = forms.ChoiceField(label=gettext_lazy("Way"), choices=AlertContact.Way.choices)
    network = forms.ChoiceField(
        label=gettext_lazy("Network"),
        required=False,
        help_text=gettext_lazy("For a mention only."),
        choices=[("", "–"), *((kind, kind) for kind in sorted(ADAPTERS))],
    )
    address = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=300,
        help_text=gettext_lazy("Handle, mail address, https address or telephone number."),
    )
    secret = forms.CharField(
        label=gettext_lazy("Key that signs what is sent"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("For a webhook. Empty: what is stored stays."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    active = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)
