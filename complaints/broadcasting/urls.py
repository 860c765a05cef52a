"""Addresses under /admin/broadcasts/."""

from django.contrib import admin
from django.urls import path

from complaints.broadcasting import brand_views, calendar_views, follower_views, opinion_views, views

app_name = "broadcasts"
inside = admin.site.admin_view
urlpatterns = [
    path("", inside(views.broadcast_list), name="list"),
    path("new/", inside(views.broadcast_new), name="new"),
    path("<int:pk>/", inside(views.broadcast_page), name="page"),
    path("<int:pk>/decide/<slug:name>/", inside(views.broadcast_decide), name="decide"),
    path("<int:pk>/opinions/", inside(opinion_views.opinion_list), name="opinions"),
    path("<int:pk>/opinions/confirm/", inside(opinion_views.opinion_confirm), name="opinion_confirm"),
    path("<int:pk>/opinions/result/", inside(opinion_views.opinion_result), name="opinion_result"),
    path("<int:pk>/opinions/brief/", inside(opinion_views.opinion_brief), name="opinion_brief"),
    path(
        "<int:pk>/opinions/brief/<int:brief_id>/withdraw/",
        inside(opinion_views.opinion_withdraw),
        name="opinion_withdraw",
    ),
    path(
        "<int:pk>/opinions/<int:opinion_id>/complaint/",
        inside(opinion_views.opinion_complaint),
        name="opinion_complaint",
    ),
    path("<int:pk>/take-down/", inside(views.broadcast_take_down), name="take_down"),
    path("<int:pk>/posts/<uuid:post_id>/correct/", inside(views.broadcast_correct), name="correct"),
    path("<int:pk>/photos/<uuid:picture_id>/drop/", inside(views.picture_drop), name="picture_drop"),
    path("photos/<uuid:picture_id>/<slug:size>/", inside(views.picture_file), name="picture"),
    path("calendar/", inside(calendar_views.overview), name="calendar"),
    path("repeats/", inside(calendar_views.repeat_list), name="repeats"),
    path("repeats/<int:pk>/", inside(calendar_views.repeat_page), name="repeat"),
    path("repeats/<int:pk>/stop/", inside(calendar_views.repeat_stop), name="repeat_stop"),
    path("followers/", inside(follower_views.overview), name="followers"),
    path("brands/", inside(brand_views.brand_list), name="brands"),
    path("brands/<int:pk>/", inside(brand_views.brand_change), name="brand"),
    path("voices/<int:account_id>/", inside(brand_views.voice_change), name="voice"),
]
