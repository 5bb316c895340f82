from __future__ import annotations

from typing import Any

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny

from catalog.api import ExplorePairView, ExploreView, SearchView

OPEN: dict[str, Any] = {"permission_classes": [AllowAny], "authentication_classes": []}

V1: list[URLPattern | URLResolver] = [
    path("explore/", ExploreView.as_view(), name="api_explore"),
    path("explore/pair/", ExplorePairView.as_view(), name="api_explore_pair"),
    path("search/", SearchView.as_view(), name="api_search"),
    path("", include("listening.api.v1")),
    path("", include("recommendations.api.urls")),
]

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(**OPEN), name="api_schema"),
    path("", SpectacularSwaggerSplitView.as_view(url_name="api_schema", **OPEN), name="api"),
    path("v1/", include(V1)),
]
