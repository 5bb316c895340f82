from __future__ import annotations

from django.urls import path

from listening import views

urlpatterns = [
    path("taste/favourites/", views.favourites, name="favourites"),
    path("taste/favourites/add/", views.add_favourite, name="add_favourite"),
    path("taste/favourites/remove/", views.remove_favourite, name="remove_favourite"),
]
