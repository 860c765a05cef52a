"""Every address of the desk."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from django.views.i18n import set_language

from busan_sns import views
from complaints.media_view import photo
from complaints.webhook_view import webhook

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
    path("language", set_language, name="set_language"),
    path("webhooks/<int:account_id>/<uuid:key>/", webhook, name="webhook"),
    path("media/photo/<uuid:media_id>/<str:size>/", photo, name="photo"),
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
    path("api/v1/", include("complaints.api.urls")),
    path("admin/reports/", include("complaints.reports.urls")),
    path("admin/broadcasts/", include("complaints.broadcasting.urls")),
    path("admin/emergencies/", include("complaints.broadcasting.emergency_urls")),
    path("admin/", admin.site.urls),
]
