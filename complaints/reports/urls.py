"""Addresses of the reports, under /admin/reports/."""

from django.contrib import admin
from django.urls import path

from complaints.reports import pages, schedules_views, tally_views, views

app_name = "reports"
inside = admin.site.admin_view
urlpatterns = [
    path("", inside(views.overview), name="overview"),
    path("slice/", inside(views.slice_), name="slice"),
    path("department/", inside(pages.department), name="department"),
    path("channel/", inside(pages.channel), name="channel"),
    path("due-times/", inside(pages.due_times), name="due_times"),
    path("hand-overs/", inside(pages.passed_on), name="hand_overs"),
    path("promises/", inside(tally_views.promises), name="promises"),
    path("satisfaction/", inside(tally_views.satisfied), name="satisfaction"),
    path("monthly/", inside(pages.monthly), name="monthly"),
    path("districts/", inside(pages.districts), name="districts"),
    path("list/", inside(views.list_), name="list"),
    path("export/<slug:ending>/", inside(views.export), name="export"),
    path("export/<slug:name>/<slug:ending>/", inside(tally_views.export), name="tally_export"),
    path("definitions/", inside(views.definitions), name="definitions"),
    *(path(route, inside(view), name=name) for route, view, name in schedules_views.ROUTES),
]
