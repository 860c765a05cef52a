"""Saved views: one's own and the desk's, with no way to a citizen's name for those who see none."""

from __future__ import annotations

import pytest

from complaints import saved_views
from complaints.models import SavedView
from departments.models import Role
from tests.make import NOON, make_person

pytestmark = pytest.mark.django_db

NAMES = ("tab", "q", "status", "department")


def test_a_query_keeps_what_the_list_understands() -> None:
    typed = "?x=1&status=ASSIGNED&q=%EB%88%84%EC%88%98+%00&q=b&tab=all&author__handle=z&department="[1:]
    assert saved_views.cleaned(typed, names=NAMES) == "tab=all&q=b&status=ASSIGNED"
    assert saved_views.cleaned("q=%EB%88%84%EC%88%98%00", names=NAMES) == "q=%EB%88%84%EC%88%98"
    assert saved_views.cleaned("https://evil.example/", names=NAMES) == ""
    assert len(saved_views.cleaned("q=" + "a" * 9000, names=NAMES)) <= 2 + saved_views.WORD_MAX


def test_own_ones_and_those_of_the_desk_are_seen() -> None:
    officer, manager, staff = make_person(Role.OFFICER), make_person(Role.MANAGER), make_person(Role.STAFF)
    mine = saved_views.save(owner=staff, name="내 것", query="tab=mine", shared=False, now=NOON)
    ours = saved_views.save(owner=manager, name="우리 것", query="tab=due", shared=True, now=NOON)
    saved_views.save(owner=officer, name="혼자", query="tab=new", shared=False, now=NOON)
    assert set(saved_views.seen_by(staff)) == {mine, ours}
    assert saved_views.may_change(officer, ours)
    assert not saved_views.may_change(staff, ours)
    assert not saved_views.may_change(officer, mine)


def test_a_shared_search_is_not_shown_to_those_who_see_no_names() -> None:
    officer, auditor = make_person(Role.OFFICER), make_person(Role.AUDITOR)
    saved_views.save(owner=officer, name="김시민 글", query="tab=all&q=%40kim", shared=True, now=NOON)
    plain = saved_views.save(owner=officer, name="급한 것", query="priority=URGENT", shared=True, now=NOON)
    assert list(saved_views.seen_by(auditor)) == [plain]


@pytest.mark.parametrize("role", [Role.STAFF, Role.HEAD, Role.AUDITOR])
def test_only_officers_and_managers_share(role: Role) -> None:
    person = make_person(role)
    with pytest.raises(saved_views.NotPossible):
        saved_views.save(owner=person, name="보기", query="tab=all", shared=True, now=NOON)
    view = saved_views.save(owner=person, name="보기", query="tab=all", shared=False, now=NOON)
    with pytest.raises(saved_views.NotPossible):
        saved_views.change(view, by=person, name="보기", shared=True)


def test_what_cannot_be_saved_says_why() -> None:
    officer = make_person(Role.OFFICER)
    for at in range(saved_views.MOST - 1):
        saved_views.save(owner=officer, name=f"보기 {at}", query="tab=all", shared=False, now=NOON)
    for name, query in (
        ("", "tab=all"),
        ("x" * 41, "tab=all"),
        ("보기", ""),
        ("보기 1", "tab=due"),
        ("가", "q=" + "a" * 1001),
    ):
        with pytest.raises(saved_views.NotPossible):
            saved_views.save(owner=officer, name=name, query=query, shared=False, now=NOON)
    view = saved_views.save(owner=officer, name="마지막", query="tab=all", shared=False, now=NOON)
    with pytest.raises(saved_views.NotPossible):
        saved_views.save(owner=officer, name="하나 더", query="tab=all", shared=False, now=NOON)
    with pytest.raises(saved_views.NotPossible):
        saved_views.change(view, by=officer, name="보기 1", shared=False)
    saved_views.delete(view)
    assert SavedView.objects.filter(owner=officer).count() == saved_views.MOST - 1
