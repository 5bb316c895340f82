from __future__ import annotations

from django.urls import path

from accounts import views

urlpatterns = [
    path("", views.account, name="account"),
    path("about-you/", views.about_you, name="about_you"),
    path("profiles/", views.profiles, name="profiles"),
    path("profiles/<slug:handle>/", views.profile, name="profile"),
    path("new-profile/", views.new_listener, name="new_listener"),
    path("keys/", views.keys, name="keys"),
    path("keys/new/", views.new_key, name="new_key"),
    path("keys/<int:pk>/", views.key, name="key"),
    path("keys/<int:pk>/revoke/", views.revoke_key, name="revoke_key"),
    path("switch-profile/", views.switch_listener, name="switch_listener"),
]
