"""Photos of the complaints: only for who may see the complaint, only our own repainted files (R14, S4, S11)."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib.auth.models import User
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from channels_sns import media
from channels_sns.models import InboundMedia
from complaints import privacy
from complaints.models import Complaint, ReplyPhoto

#: The stored copies are JPEG whatever the citizen sent; the browser is not asked for its opinion.
CONTENT_TYPE = "image/jpeg"
SIZES = {"small": "thumbnail", "large": "file"}


@require_safe
def photo(request: HttpRequest, media_id: UUID, size: str) -> HttpResponseBase:
    """One stored photo, “small” or “large”. 404 for everything that is not there for this person."""
    from complaints import access_log

    if size not in SIZES or not request.user.is_authenticated:
        raise Http404
    found = InboundMedia.objects.select_related("post").filter(pk=media_id, state=InboundMedia.State.STORED).first()
    if found is None:
        return _of_reply(request, media_id, size)
    user = request.user
    complaint = _seen_with(found, user)
    action = "photo" if complaint else "photo refused"
    if size == "large" or complaint is None:
        subject = complaint.number if complaint else str(media_id)
        access_log.record(user=user, action=action, subject=subject, request=request, now=timezone.now())
    if complaint is None:
        raise Http404
    return served(request, getattr(found, SIZES[size]))


def _seen_with(found: InboundMedia, user: User) -> Complaint | None:
    """The complaint with which this person sees a citizen's photo: of a private conversation not who was only asked,
    but for the post that began it all."""
    threads = Complaint.objects.visible_to(user).filter(thread__post=found.post_id)
    complaint = threads.only("number", "department").first()
    if complaint is None or found.post.kind != "message" or not privacy.is_only_asked(complaint, user):
        return complaint
    return complaint if complaint.thread.filter(post=found.post_id, opened=True).exists() else None


def _of_reply(request: HttpRequest, photo_id: UUID, size: str) -> HttpResponseBase:
    """A photo of the city's answer: whoever sees the complaint; of a draft and of a private answer not who was only
    asked about it."""
    user = cast("User", request.user)
    found = ReplyPhoto.objects.select_related("complaint", "reply").filter(pk=photo_id).first()
    seen = found is not None and Complaint.objects.visible_to(user).filter(pk=found.complaint_id).exists()
    if found is None or not seen:
        raise Http404
    public = found.reply is not None and not found.reply.private
    if not public and privacy.is_only_asked(found.complaint, user):
        raise Http404
    return served(request, getattr(found, SIZES[size]))


def served(request: HttpRequest, name: str) -> HttpResponseBase:
    """The file, or 304. A browser may keep it but must ask every time: after the log-out it gets nothing."""
    path = media.path_of(name)
    try:
        state = path.stat()
        etag = quote_etag(f"{state.st_mtime_ns:x}-{state.st_size:x}")
        unchanged = get_conditional_response(request, etag=etag)
        response = unchanged or FileResponse(path.open("rb"), content_type=CONTENT_TYPE)
    except OSError as error:
        raise Http404 from error
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Disposition"] = "inline"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
