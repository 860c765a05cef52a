"""The brand and how each account speaks for it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from channels_sns import brand as brands
from channels_sns.models import Account, Brand
from channels_sns.models.brand import Language, Tone
from complaints.broadcasting.doors import for_officers, go_to, shown
from complaints.pages.names import channel_name

#: What each tone means for the one who writes.
TONES = {
    Tone.FORMAL: gettext_lazy("complete sentences, official names, no emoji"),
    Tone.FRIENDLY: gettext_lazy("as one speaks at a counter, an emoji is welcome"),
    Tone.BRIEF: gettext_lazy("one sentence, what and where"),
}


class BrandForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    signature = forms.CharField(label=gettext_lazy("Signature"), max_length=100, required=False)
    signature_en = forms.CharField(label=gettext_lazy("Signature in English"), max_length=100, required=False)
    hashtags = forms.CharField(label=gettext_lazy("Hashtags"), max_length=200, required=False)
    hashtags_en = forms.CharField(label=gettext_lazy("Hashtags in English"), max_length=200, required=False)


class VoiceForm(forms.Form):
    brand = forms.ModelChoiceField(Brand.objects.all(), label=gettext_lazy("Brand"), empty_label=None)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=Language.choices)
    tone = forms.ChoiceField(
        label=gettext_lazy("Tone"), choices=[(tone.value, f"{tone.label}: {words}") for tone, words in TONES.items()]
    )
    signature = forms.CharField(label=gettext_lazy("Own signature"), max_length=100, required=False)
    hashtags = forms.CharField(label=gettext_lazy("Own hashtags"), max_length=200, required=False)
    signs = forms.BooleanField(label=gettext_lazy("Put the signature at the end"), required=False)
    tags = forms.BooleanField(label=gettext_lazy("Put the hashtags at the end"), required=False)
    links = forms.BooleanField(label=gettext_lazy("Put links in the text"), required=False)


@for_officers
@require_http_methods(["GET", "HEAD", "POST"])
def brand_list(request: HttpRequest, _user: User) -> HttpResponse:
    """Every brand with its accounts; a new one."""
    form = BrandForm(request.POST or None)
    if request.method == "POST" and _saved(request, Brand(), form):
        return go_to("brands")
    speaking = brands.speaking()
    rows = [(one, _line(account)) for account in speaking for one in [brands.voice_of(account)]]
    return shown(
        request,
        "brands",
        _("Brand and voices"),
        status=400 if form.errors else 200,
        form=form,
        brands=[
            (one, [line for voice, line in rows if voice.is_given and voice.brand_id == one.pk])
            for one in Brand.objects.all()
        ],
        voiceless=[line for voice, line in rows if not voice.is_given],
    )


@for_officers
@require_http_methods(["GET", "HEAD", "POST"])
def brand_change(request: HttpRequest, _user: User, pk: int) -> HttpResponse:
    """Name, signature and hashtags of one brand."""
    brand = Brand.objects.filter(pk=pk).first()
    if brand is None:
        raise Http404
    form = BrandForm(request.POST or None, initial={name: getattr(brand, name) for name in BrandForm.base_fields})
    if request.method == "POST" and _saved(request, brand, form):
        return go_to("brands")
    return shown(request, "brand_form", brand.name, status=400 if form.errors else 200, form=form)


def _saved(request: HttpRequest, brand: Brand, form: BrandForm) -> bool:
    """Is it kept? What is wrong stands in the form."""
    if not form.is_valid():
        return False
    try:
        brands.save(brand, **form.cleaned_data)
    except brands.NotPossible as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("Saved."))
    return True


@for_officers
@require_http_methods(["GET", "HEAD", "POST"])
def voice_change(request: HttpRequest, _user: User, account_id: int) -> HttpResponse:
    """How one account speaks."""
    account = next((one for one in brands.speaking() if one.pk == account_id), None)
    if account is None:
        raise Http404
    voice = brands.voice_of(account)
    initial: dict[str, Any] = {name: getattr(voice, name) for name in VoiceForm.base_fields if name != "brand"}
    initial |= {"brand": voice.brand_id} if voice.is_given else {"signs": True, "tags": True}
    form = VoiceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            brands.give_voice(account, **form.cleaned_data)
        except brands.NotPossible as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return go_to("brands")
    code = 400 if form.errors else 200
    none_yet = not Brand.objects.exists()
    return shown(request, "voice_form", channel_name(account), status=code, form=form, none_yet=none_yet)


def _line(account: Account) -> dict[str, Any]:
    """An account in the list: how it speaks, and what stands below its posts."""
    voice = brands.voice_of(account)
    return {
        "account": account,
        "name": channel_name(account),
        "language": Language(voice.language).label,
        "tone": Tone(voice.tone).label if voice.is_given else "",
        "links": voice.links,
        "ending": brands.ending_of(voice, "en" if voice.language == Language.ENGLISH else "ko"),
    }
