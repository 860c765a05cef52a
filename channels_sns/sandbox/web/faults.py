"""The panel of fault switches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from channels_sns.sandbox import store
from channels_sns.sandbox.dialects import DIALECTS
from channels_sns.sandbox.dialects.base import Dialect
from channels_sns.sandbox.faults import CATALOGUE
from channels_sns.sandbox.models import Fault, World

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True, slots=True)
class Switch:
    """One line of the panel. `remaining` is None where it is on until switched off."""

    name: str
    label: StrPromise
    on: bool
    remaining: int | None


def panel(world: World, dialect: Dialect) -> list[Switch]:
    active: dict[str, int | None] = {}
    for fault in Fault.objects.filter(world=world, network=dialect.kind).exclude(remaining=0).order_by("pk"):
        active.setdefault(fault.name, fault.remaining)
    return [Switch(name, kind.label, name in active, active.get(name)) for name, kind in CATALOGUE.items()]


@require_POST
def switch(request: HttpRequest, world: str, network: str) -> HttpResponse:
    """`once` or `always` names the fault to switch on, `off` the one to switch off."""
    place, dialect = store.world_named(world), DIALECTS[network]
    once, always, off = (request.POST.get(name, "") for name in ("once", "always", "off"))
    if (name := once or always) in CATALOGUE:
        lasting = always or name == "readback_lag"
        store.switch_on(place, dialect.kind, name=name, params={}, times=None if lasting else 1)
    Fault.objects.filter(world=place, network=dialect.kind, name=off).delete()
    return redirect(back(request, f"/{world}/{network}/"))


def back(request: HttpRequest, otherwise: str) -> str:
    """Where the form came from, if that is here."""
    wanted = request.POST.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else otherwise
