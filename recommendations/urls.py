from __future__ import annotations

from django.urls import path

from recommendations.views import feedback, lists, map, mixes, quality, start, taste, tracks

urlpatterns = [
    path("start/", start.start, name="start"),
    path("lists/", lists.lists, name="lists"),
    path("lists/genre/<str:slug>/", lists.genre_list, name="genre_list"),
    path("lists/mood/<slug:name>/", lists.mood_list, name="mood_list"),
    path("lists/activity/<slug:name>/", lists.activity_list, name="activity_list"),
    path("lists/artist/<int:pk>/", lists.artist_list, name="artist_list"),
    path("lists/<slug:surface>/", lists.plain_list, name="plain_list"),
    path("mixes/", mixes.mixes, name="mixes"),
    path("mixes/wish/", mixes.change_wish, name="change_mix_wish"),
    path("mixes/<int:pk>/", mixes.mix, name="mix"),
    path("mixes/<str:key>.atom", mixes.MixFeed(), name="mix_feed"),
    path("mixes/stop/<str:key>/", mixes.stop_mail, name="stop_mix_mail"),
    path("map/", map.show_map, name="map"),
    path("quality/", quality.quality, name="quality"),
    path("tracks/<int:pk>/<str:slug>/", tracks.track, name="track"),
    path("feedback/", feedback.give_feedback, name="give_feedback"),
    path("feedback/undo/", feedback.undo_feedback, name="undo_feedback"),
    path("feedback/report/<int:pk>/", feedback.report, name="report"),
    path("feedback/stars/<int:pk>/", feedback.rate, name="rate"),
    path("taste/", taste.taste, name="taste"),
    path("taste/mute/", taste.mute, name="mute"),
    path("taste/mute/<int:pk>/lift/", taste.lift_mute, name="lift_mute"),
    path("taste/mute/<int:pk>/again/", taste.mute_again, name="mute_again"),
]
