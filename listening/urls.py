from __future__ import annotations

from django.urls import path

from listening.views import favourites, pictures, players

urlpatterns = [
    path("taste/favourites/", favourites.favourites, name="favourites"),
    path("taste/favourites/add/", favourites.add_favourite, name="add_favourite"),
    path("listening/players/", players.players, name="players"),
    path("listening/players/lately/", players.lately, name="lately"),
    path("api/auth/", players.approve_app, name="approve_app"),  # where Last.fm's apps send people
    path("listening/", pictures.listening, name="listening"),
    path("listening/most/", pictures.tops, name="listening_tops"),
    path("listening/review/", pictures.review, name="listening_review"),
    path("listening/review/<slug:slug>.svg", pictures.card, name="listening_card"),
    path("taste/favourites/remove/", favourites.remove_favourite, name="remove_favourite"),
]
