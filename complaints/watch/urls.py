"""(address, door, name): the roof hangs them under /admin/."""

from __future__ import annotations

from collections.abc import Callable

from django.http.response import HttpResponseBase

from complaints.watch import alert_views, owed_views, promise_views, shift_views

ROUTES: tuple[tuple[str, Callable[..., HttpResponseBase], str], ...] = (
    ("alerts/", alert_views.alerts_page, "alerts"),
    ("alerts/read/", alert_views.read, "alerts_read"),
    ("overdue/", owed_views.overdue, "overdue"),
    ("overdue/<int:pk>/", owed_views.letter, "overdue_letter"),
    ("overdue/<int:pk>/send/", owed_views.remind, "overdue_send"),
    ("interim/", owed_views.interim, "interim"),
    ("alerts/count/", alert_views.count, "alerts_count"),
    ("promises/", promise_views.promises_page, "promises"),
    ("promises/export/<slug:ending>/", promise_views.promises_export, "promises_export"),
    ("shift/", shift_views.shift_page, "shift"),
    ("shift/note/", shift_views.note, "shift_note"),
    ("shift/taken/", shift_views.taken, "shift_taken"),
)
