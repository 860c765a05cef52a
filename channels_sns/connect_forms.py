"""The forms of connecting: where the account lives, and either the application's keys or the account's own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_sns.accounts import adapter_class
from channels_sns.adapters.oauth import BESIDE, Way
from channels_sns.models import Account

LANGUAGES = [("ko", "한국어"), ("en", "English")]


def secret_field(name: str, *, required: bool) -> forms.CharField:
    """A key as it is typed: never shown again, not remembered by the browser."""
    widget = forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"})
    return forms.CharField(label=name, required=required, max_length=4000, widget=widget)


class PlaceForm(forms.Form):
    """The network's address and how the account is called here; `names` are the keys to type."""

    base_url = forms.URLField(label=gettext_lazy("Address of the network"), max_length=300, assume_scheme="https")
    name = forms.CharField(label=gettext_lazy("Name shown on the desk (optional)"), max_length=100, required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language of the replies"), choices=LANGUAGES)

    def __init__(
        self, *args: Any, kind: str, names: tuple[str, ...], required: bool, account: Account | None, **kwargs: Any
    ) -> None:
        self.home = adapter_class(kind).default_base_url
        kept = {"base_url": self.home, "language": "ko"}
        if account is not None:
            kept = {"base_url": account.base_url, "name": account.name, "language": account.language}
        super().__init__(*args, **{**kwargs, "initial": kept})
        self.names = names
        if account is not None:
            self.fields["base_url"].disabled = True
        for name in names:
            self.fields[name] = secret_field(name, required=required)

    def given(self) -> dict[str, str]:
        """The keys that were typed."""
        return {name: self.cleaned_data[name] for name in self.names if self.cleaned_data.get(name)}


class WayForm(PlaceForm):
    """For the network's own page: the application's keys."""

    def __init__(self, *args: Any, way: Way, account: Account | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{way.name}-%s")
        super().__init__(*args, kind=way.kind, names=way.entered, required=True, account=account, **kwargs)
        self.way = way
        self.title = TITLES[way.name]


class KeysForm(PlaceForm):
    """For keys that somebody already has: any one complete set of them."""

    def __init__(self, *args: Any, kind: str, account: Account | None = None, **kwargs: Any) -> None:
        sets = adapter_class(kind).capabilities.secret_sets
        names = tuple(dict.fromkeys(name for one in (*sets, BESIDE.get(kind, ())) for name in one))
        super().__init__(*args, kind=kind, names=names, required=len(sets) == 1, account=account, **kwargs)
        for name in BESIDE.get(kind, ()):
            self.fields[name].required = False
        handle = account.handle if account else ""
        self.fields["handle"] = forms.CharField(
            label=gettext_lazy("Handle, without @"), max_length=100, initial=handle, required=False
        )
        self.order_fields(["base_url", "handle"])
        self.sets = _(" or ").join(", ".join(one) for one in sets)


TITLES = {
    "x-oauth1": gettext_lazy("With API key and secret (they do not expire)"),
    "x-oauth2": gettext_lazy("With client id and secret (OAuth 2)"),
    "facebook": gettext_lazy("As a person who works for the page"),
    "youtube": gettext_lazy("With a Google client"),
    "mastodon": gettext_lazy("At the account's own server"),
}
