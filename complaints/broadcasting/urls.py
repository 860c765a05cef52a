"""Addresses under /admin/broadcasts/."""

from django.contrib import admin
from django.urls import path

from complaints.broadcasting import brand_views

app_name = "broadcasts"
inside = admin.site.admin_view
urlpatterns = [
    path("brands/", inside(brand_views.brand_list), name="brands"),
    path("brands/<int:pk>/", inside(brand_views.brand_change), name="brand"),
    path("voices/<int:account_id>/", inside(brand_views.voice_change), name="voice"),
]
