"""Addresses of the reports, under /admin/reports/."""

from django.contrib import admin
from django.urls import path

from complaints.reports import schedules_views, views

app_name = "reports"
inside = admin.site.admin_view
urlpatterns = [
    path("", inside(views.overview), name="overview"),
    path("slice/", inside(views.slice_), name="slice"),
    path("list/", inside(views.list_), name="list"),
    path("export/<slug:ending>/", inside(views.export), name="export"),
    path("definitions/", inside(views.definitions), name="definitions"),
    *(path(route, inside(view), name=name) for route, view, name in schedules_views.ROUTES),
]
