"""Addresses of the API, under /api/v1/. What stands there keeps its meaning; what breaks it becomes /api/v2/."""

from __future__ import annotations

from typing import Any

from django.urls import path, re_path, reverse
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.api import city_doors, complaint_doors, report_doors, subject_doors
from complaints.api.description import describe
from complaints.api.door import Door, Nothing


class Description(Door):
    """OpenAPI 3.1."""

    summary = _("This description")

    def get(self, request: Request) -> Response:
        self.asked(request)
        base = reverse("api:description").removesuffix("/openapi.json")
        return Response(describe(ROUTES, base=base, title=str(_("TokTok Busan complaint desk"))))


ROUTES = [
    path("reports/overview", report_doors.Overview.as_view(), name="overview"),
    path("reports/figures", report_doors.Figures.as_view(), name="figures"),
    path("reports/slice", report_doors.Groups.as_view(), name="slice"),
    path("reports/list", report_doors.Lines.as_view(), name="list"),
    path("reports/department", subject_doors.ReportOfDepartment.as_view(), name="department"),
    path("reports/channel", subject_doors.ReportOfChannel.as_view(), name="channel"),
    path("reports/due-times", subject_doors.DueTimes.as_view(), name="due_times"),
    path("reports/hand-overs", subject_doors.HandOvers.as_view(), name="hand_overs"),
    path("reports/districts", subject_doors.Districts.as_view(), name="districts"),
    path("reports/promises", subject_doors.PromisesKept.as_view(), name="promises"),
    path("reports/satisfaction", subject_doors.Satisfied.as_view(), name="satisfaction"),
    path("reports/monthly", subject_doors.Monthly.as_view(), name="monthly"),
    path("reports/definitions", report_doors.Definitions.as_view(), name="definitions"),
    path("complaints", complaint_doors.Complaints.as_view(), name="complaints"),
    path("complaints/<slug:number>", complaint_doors.OneComplaint.as_view(), name="complaint"),
    path("departments", city_doors.Departments.as_view(), name="departments"),
    path("accounts", city_doors.Accounts.as_view(), name="accounts"),
]

app_name = "api"
urlpatterns: list[Any] = [
    *ROUTES,
    path("openapi.json", Description.as_view(), name="description"),
    re_path(r"^.*$", Nothing.as_view(), name="nothing"),
]
