from __future__ import annotations

from django.urls import path

from recommendations import views

urlpatterns = [
    path("quality/", views.quality, name="quality"),
    path("tracks/<int:pk>/<str:slug>/", views.track, name="track"),
    path("feedback/", views.give_feedback, name="give_feedback"),
    path("feedback/undo/", views.undo_feedback, name="undo_feedback"),
]
