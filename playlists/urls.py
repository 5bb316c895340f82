from __future__ import annotations

from django.urls import path

from playlists.views import pages, tracks

urlpatterns = [
    path("playlists/", pages.playlists, name="playlists"),
    path("playlists/new/", pages.new_playlist, name="new_playlist"),
    path("playlists/add/<int:pk>/", tracks.add_to_playlist, name="add_to_playlist"),
    path("playlists/<int:pk>/", pages.playlist, name="playlist"),
    path("playlists/<int:pk>/change/", pages.change_playlist, name="change_playlist"),
    path("playlists/<int:pk>/show/", pages.show_playlist, name="show_playlist"),
    path("playlists/<int:pk>/delete/", pages.delete_playlist, name="delete_playlist"),
    path("playlists/<int:pk>/remove/", tracks.remove_from_playlist, name="remove_from_playlist"),
    path("playlists/<int:pk>/put-back/", tracks.put_back, name="put_back"),
]
