"""Photos, as the networks' own image hosts serve them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from channels_sns.sandbox.models import Upload


def photo(request: HttpRequest, world: str, network: str, name: str) -> HttpResponse:
    upload = get_object_or_404(Upload, world__name=world, network=network, name=name)
    return HttpResponse(
        bytes(upload.content), content_type=upload.mime_type, headers={"X-Content-Type-Options": "nosniff"}
    )
