from __future__ import annotations

from django.urls import path

from listening.views import favourites, imports, music, pictures, players, plays

urlpatterns = [
    path("artists/<int:pk>/<str:slug>/", music.artist, name="artist"),
    path("albums/<int:pk>/<str:slug>/", music.album, name="album"),
    path("genres/<str:slug>/", music.genre, name="genre"),
    path("taste/opinions/", music.give_opinion, name="give_opinion"),
    path("taste/favourites/", favourites.favourites, name="favourites"),
    path("taste/favourites/add/", favourites.add_favourite, name="add_favourite"),
    path("listening/players/", players.players, name="players"),
    path("listening/players/lately/", players.lately, name="lately"),
    path("api/auth/", players.approve_app, name="approve_app"),  # where Last.fm's apps send people
    path("listening/imports/", imports.imports, name="imports"),
    path("listening/imports/<int:pk>/", imports.one_import, name="import"),
    path("listening/imports/<int:pk>/rejected.csv", imports.rejected_rows, name="rejected_rows"),
    path("listening/imports/<int:pk>/profile/", imports.choose_profile, name="choose_profile"),
    path("listening/imports/<int:pk>/cancel/", imports.cancel_import, name="cancel_import"),
    path("listening/imports/<int:pk>/resume/", imports.resume_import, name="resume_import"),
    path("listening/imports/<int:pk>/undo/", imports.undo_import, name="undo_import"),
    path("listening/", pictures.listening, name="listening"),
    path("listening/most/", pictures.tops, name="listening_tops"),
    path("listening/review/", pictures.review, name="listening_review"),
    path("listening/review/<slug:slug>.svg", pictures.card, name="listening_card"),
    path("taste/favourites/remove/", favourites.remove_favourite, name="remove_favourite"),
    path("listening/plays/", plays.plays, name="plays"),
    path("listening/plays/<int:pk>/", plays.play, name="play"),
    path("listening/plays/<int:pk>/correct/", plays.correct_play, name="correct_play"),
    path("listening/plays/<int:pk>/restore/", plays.restore_play, name="restore_play"),
    path("listening/plays/move/", plays.move_plays, name="move_plays"),
    path("listening/plays/delete/", plays.delete_plays, name="delete_plays"),
    path("listening/plays/changes/", plays.play_changes, name="play_changes"),
    path(
        "listening/plays/changes/corrections/<int:pk>/undo/",
        plays.undo_correction,
        name="undo_correction",
    ),
    path("listening/plays/changes/moves/<int:pk>/undo/", plays.undo_move, name="undo_move"),
    path("listening/private/", plays.private_session, name="private_session"),
]
