"""Addresses under /admin/emergencies/."""

from django.contrib import admin
from django.urls import path

from complaints.broadcasting import contact_views, emergency_doors, emergency_views

app_name = "emergencies"
inside = admin.site.admin_view
urlpatterns = [
    path("", inside(emergency_views.emergency_list), name="list"),
    path("new/", inside(emergency_views.emergency_new), name="new"),
    path("contacts/", inside(contact_views.contact_list), name="contacts"),
    path("contacts/<int:pk>/", inside(contact_views.contact_change), name="contact"),
    path("<int:pk>/", inside(emergency_views.emergency_page), name="page"),
    path("<int:pk>/live/", inside(emergency_views.emergency_live), name="live"),
    path("<int:pk>/act/<slug:name>/", inside(emergency_doors.emergency_act), name="act"),
    path("<int:pk>/photos/<uuid:picture_id>/drop/", inside(emergency_doors.emergency_photo_drop), name="photo_drop"),
    path("<int:pk>/alerts/<int:alert_id>/called/", inside(emergency_doors.alert_called), name="called"),
    path("<int:pk>/sightings/<int:sighting_id>/", inside(emergency_doors.sighting_weigh), name="weigh"),
    path("<int:pk>/report/", inside(emergency_doors.emergency_report), name="report"),
    path("<int:pk>/report.csv", inside(emergency_doors.emergency_export), name="export"),
]
