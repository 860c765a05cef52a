"""What a citizen fills in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from channels_sns.sandbox.dialects.base import Dialect
from channels_sns.sandbox.models import Post, World

PHOTO_BYTES = 10_000_000


class Writing(forms.Form):
    """A post, or an answer to `parent`."""

    name = forms.CharField(max_length=40, label=_("Your name"))
    text = forms.CharField(max_length=5000, required=False, label=_("Text"))
    photo = forms.FileField(required=False, label=_("Photo"))
    alt = forms.CharField(max_length=500, required=False, label=_("Description of the photo"))
    call_city = forms.BooleanField(required=False)
    place = forms.CharField(max_length=100, required=False)

    def __init__(self, *args: Any, dialect: Dialect, world: World, parent: Post | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.dialect, self.parent = dialect, parent
        self.places = {} if parent else dialect.places(world)

    @property
    def can_call_city(self) -> bool:
        """Does a mention mean anything on this network?"""
        return self.dialect.with_mention("…", self.parent) != "…"

    @property
    def calls_city(self) -> bool:
        return bool(self.data.get("call_city")) if self.is_bound else self.dialect.mentions_by_itself(self.parent)

    def clean_photo(self) -> UploadedFile | None:
        photo: UploadedFile | None = self.cleaned_data["photo"] if self.dialect.photos else None
        if photo and photo.size and photo.size > PHOTO_BYTES:
            raise forms.ValidationError(_("The photo is larger than 10 MB."))
        return photo

    def clean_place(self) -> str:
        """One of the places; nothing named is the usual one."""
        place: str = self.cleaned_data["place"]
        return place if place in self.places else next(iter(self.places), "")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        text = values.get("text", "").replace("\r\n", "\n")
        if not text and not values.get("photo"):
            words = _("Write something or attach a photo.") if self.dialect.photos else _("Write something.")
            raise forms.ValidationError(words)
        if values.get("call_city"):
            text = self.dialect.with_mention(text, self.parent).rstrip()
        if not self.dialect.fits(text):
            raise forms.ValidationError(_("The text is too long for this network."))
        return {**values, "text": text}
