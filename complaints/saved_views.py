"""Views of the complaint list under a name: one's own, and those shared with the desk.

Only writer of SavedView. A view is an address, no permission: whoever opens it sees what `visible_to` lets him see.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from complaints import privacy
from complaints.models import SavedView
from departments import directory
from departments.models import Role

#: So many of one person's; the links must fit above the list.
MOST = 20
WORD_MAX = 200


class NotPossible(Exception):
    """Nothing was saved; the text says why, for people."""


def cleaned(query: str, *, names: Collection[str]) -> str:
    """Of a query string what the list understands, `names`, each once and in this order."""
    typed, kept = QueryDict(query[: 2 * SavedView.QUERY_MAX]), QueryDict(mutable=True)
    for name in names:
        if word := typed.get(name, "").replace("\x00", "").strip()[:WORD_MAX]:
            kept[name] = word
    return kept.urlencode()


def seen_by(user: User) -> QuerySet[SavedView]:
    """Own ones and the desk's. What somebody searched for may be a citizen's name: not for those who see none."""
    shared = Q(shared=True)
    if privacy.is_masked_for(user):
        shared &= ~Q(query__regex=r"(^|&)q=")
    return SavedView.objects.filter(Q(owner=user) | shared).select_related("owner")


def may_share(user: User) -> bool:
    return directory.has_role(user, Role.OFFICER, Role.MANAGER)


def may_change(user: User, view: SavedView) -> bool:
    """One's own; those of the desk also by whoever may share: the owner may have left."""
    return view.owner_id == user.pk or (view.shared and may_share(user))


def save(*, owner: User, name: str, query: str, shared: bool, now: datetime) -> SavedView:
    """A new view. Raises NotPossible."""
    _check(owner, name, shared=shared)
    if not query:
        raise NotPossible(_("Choose a filter or search for something first."))
    if len(query) > SavedView.QUERY_MAX:
        raise NotPossible(_("These filters are too long to be saved."))
    if SavedView.objects.filter(owner=owner).count() >= MOST:
        raise NotPossible(_("You have %(most)d views already: delete one first.") % {"most": MOST})
    return _stored(SavedView(owner=owner, name=name, query=query, shared=shared, created_at=now))


def change(view: SavedView, *, by: User, name: str, shared: bool) -> None:
    """Another name, shared or not any more. Raises NotPossible."""
    _check(by, name, shared=shared and not view.shared)
    view.name, view.shared = name, shared
    _stored(view)


def delete(view: SavedView) -> None:
    SavedView.objects.filter(pk=view.pk).delete()


def _check(user: User, name: str, *, shared: bool) -> None:
    if not name:
        raise NotPossible(_("Please give the view a name."))
    if len(name) > SavedView.NAME_MAX:
        raise NotPossible(_("The name is too long."))
    if shared and not may_share(user):
        raise NotPossible(_("Only officers and managers share a view with the desk."))


def _stored(view: SavedView) -> SavedView:
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as error:
        raise NotPossible(_("There is a view of this name already.")) from error
    return view
