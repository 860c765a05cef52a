"""The form of a broadcast: what is said, when, and where; for each account what is said otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from channels_sns.models import Account, Broadcast, Variant
from channels_sns.models.brand import Language
from channels_sns.models.broadcast import Kind

#: What an officer writes here; an emergency has a page of its own.
KINDS = [(kind.value, kind.label) for kind in Kind if kind != Kind.EMERGENCY]
AS_USUAL = ("", gettext_lazy("as usual"))
LINKS = [AS_USUAL, ("yes", gettext_lazy("with links")), ("no", gettext_lazy("without links"))]
TEXT_MAX = 8000


class WhenField(forms.SplitDateTimeField):
    """A day and a time in Asia/Seoul; both or none."""

    widget = forms.SplitDateTimeWidget(
        date_attrs={"type": "date"}, time_attrs={"type": "time"}, date_format="%Y-%m-%d", time_format="%H:%M"
    )


class BroadcastForm(forms.Form):
    """`for_accounts` gives the fields of each account."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=KINDS)
    title = forms.CharField(label=gettext_lazy("Title, for colleagues"), max_length=100)
    text = forms.CharField(
        label=gettext_lazy("Text"), max_length=TEXT_MAX, required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    text_en = forms.CharField(
        label=gettext_lazy("Text in English"),
        max_length=TEXT_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "lang": "en"}),
    )
    link = forms.URLField(label=gettext_lazy("Link"), max_length=500, required=False, assume_scheme="https")
    publish_at = WhenField(
        label=gettext_lazy("Time"),
        required=False,
        help_text=gettext_lazy("Empty: as soon as it is approved."),
    )
    grace_minutes = forms.IntegerField(
        label=gettext_lazy("May be late by (minutes)"), min_value=0, max_value=600, initial=15
    )

    def __init__(self, *args: Any, accounts: Sequence[Account], broadcast: Broadcast | None = None, **kwargs: Any):
        self.accounts = accounts
        held = {one.account_id: one for one in broadcast.variants.all()} if broadcast else {}
        initial = {name: getattr(broadcast, name) for name in self.base_fields} if broadcast else {}
        super().__init__(*args, **{**kwargs, "initial": {**initial, **kwargs.get("initial", {})}})
        for account in accounts:
            self._add(account, held.get(account.pk), everywhere=broadcast is None)

    def _add(self, account: Account, variant: Variant | None, *, everywhere: bool) -> None:
        pk, said = account.pk, variant or Variant()
        links = {None: "", True: "yes", False: "no"}[said.links]
        area = forms.Textarea(attrs={"rows": 3})
        self.fields[f"to_{pk}"] = forms.BooleanField(required=False, initial=everywhere or variant is not None)
        self.fields[f"language_{pk}"] = forms.ChoiceField(
            label=gettext_lazy("Language"),
            required=False,
            choices=[AS_USUAL, *Language.choices],
            initial=said.language,
        )
        self.fields[f"links_{pk}"] = forms.ChoiceField(
            label=gettext_lazy("Links"), required=False, choices=LINKS, initial=links
        )
        for name, label, value in (
            ("text", gettext_lazy("Text on this account"), said.text),
            ("text_en", gettext_lazy("English text on this account"), said.text_en),
        ):
            self.fields[f"{name}_{pk}"] = forms.CharField(
                label=label, required=False, max_length=TEXT_MAX, widget=area, initial=value
            )

    def own_fields(self) -> Iterator[forms.BoundField]:
        """The fields of the broadcast itself."""
        return (self[name] for name in self.base_fields)

    def for_accounts(self) -> Iterator[tuple[Account, dict[str, forms.BoundField], bool]]:
        """Each account with its fields; is something said otherwise there?"""
        for account in self.accounts:
            names = ("to", "language", "links", "text", "text_en")
            fields = {name: self[f"{name}_{account.pk}"] for name in names}
            yield account, fields, any(fields[name].value() for name in names[1:])

    def said(self) -> dict[str, Any]:
        """What is said of the broadcast itself."""
        return {name: self.cleaned_data[name] for name in self.base_fields}

    def chosen(self) -> list[Account]:
        return [account for account in self.accounts if self.cleaned_data[f"to_{account.pk}"]]

    def otherwise(self, account: Account) -> dict[str, Any]:
        """What is said otherwise on `account`."""
        values = {name: self.cleaned_data[f"{name}_{account.pk}"] for name in ("language", "text", "text_en")}
        return {**values, "links": {"": None, "yes": True, "no": False}[self.cleaned_data[f"links_{account.pk}"]]}


class PictureForm(forms.Form):
    """One photo and the words for it; both or none."""

    photo = forms.FileField(label=gettext_lazy("Add a photo"), required=False)
    alt = forms.CharField(label=gettext_lazy("What the photo shows"), max_length=2000, required=False)
