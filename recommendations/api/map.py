from __future__ import annotations

from django.utils.cache import patch_cache_control
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from recommendations.serializers.answers import NOT_YET
from recommendations.serving.map import KEPT_FOR, points


class MapSerializer(serializers.Serializer):
    version = serializers.IntegerField(help_text="Of the model that drew it.")
    points = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField()),
        help_text="A row for each track: its id, x (0 to 1000), y (0 to 640), its cluster.",
    )
    names = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="Title and artist of each, in the same order.",
    )


class MapView(APIView):
    """The most heard tracks as points of a picture: what lies close together sounds alike."""

    scope = "public"

    @extend_schema(responses={200: MapSerializer, **NOT_YET}, operation_id="map")
    def get(self, request: Request) -> Response:
        response = Response(points())
        patch_cache_control(response, max_age=KEPT_FOR)
        return response
