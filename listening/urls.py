from __future__ import annotations

from django.urls import path

from listening.views import favourites

urlpatterns = [
    path("taste/favourites/", favourites.favourites, name="favourites"),
    path("taste/favourites/add/", favourites.add_favourite, name="add_favourite"),
    path("taste/favourites/remove/", favourites.remove_favourite, name="remove_favourite"),
]
