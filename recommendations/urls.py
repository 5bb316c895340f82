from __future__ import annotations

from django.urls import path

from recommendations import map_views, mix_views, start_views, taste_views, views

urlpatterns = [
    path("start/", start_views.start, name="start"),
    path("mixes/", mix_views.mixes, name="mixes"),
    path("mixes/wish/", mix_views.change_wish, name="change_mix_wish"),
    path("mixes/<int:pk>/", mix_views.mix, name="mix"),
    path("mixes/<str:key>.atom", mix_views.MixFeed(), name="mix_feed"),
    path("mixes/stop/<str:key>/", mix_views.stop_mail, name="stop_mix_mail"),
    path("map/", map_views.show_map, name="map"),
    path("quality/", views.quality, name="quality"),
    path("tracks/<int:pk>/<str:slug>/", views.track, name="track"),
    path("feedback/", views.give_feedback, name="give_feedback"),
    path("feedback/undo/", views.undo_feedback, name="undo_feedback"),
    path("taste/", taste_views.taste, name="taste"),
    path("taste/mute/", taste_views.mute, name="mute"),
    path("taste/mute/<int:pk>/lift/", taste_views.lift_mute, name="lift_mute"),
    path("taste/mute/<int:pk>/again/", taste_views.mute_again, name="mute_again"),
]
