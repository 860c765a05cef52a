"""The complaint that an address names, for whoever asks: found through visible_to, or 404."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest
from django.utils import timezone

from complaints import access_log
from complaints.models import Complaint


def complaint_for(request: HttpRequest, pk: int, *, related: Sequence[str]) -> Complaint:
    """The complaint, if this person may see it. Raises Http404; reaching for a foreign one is recorded."""
    user = cast("User", request.user)
    complaint = Complaint.objects.visible_to(user).select_related(*related).filter(pk=pk).first()
    if complaint is None:
        foreign = Complaint.objects.filter(pk=pk).only("number").first()
        if foreign is not None:
            now = timezone.now()
            access_log.record(user=user, action="view refused", subject=foreign.number, request=request, now=now)
        raise Http404
    return complaint
