from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from recommendations.services.quality import quality


class BarSerializer(serializers.Serializer):
    model = serializers.CharField(source="label")
    figure = serializers.FloatField(help_text="NDCG@20.")
    low = serializers.FloatField(help_text="Where the 95 % interval begins.")
    high = serializers.FloatField()
    lead = serializers.CharField(help_text="Of the live version over it, with its interval.")
    is_ours = serializers.BooleanField()


class QualitySerializer(serializers.Serializer):
    version = serializers.IntegerField(source="version.pk")
    algorithm = serializers.CharField(source="version.algorithm")
    live_since = serializers.DateTimeField(source="version.promoted_at", allow_null=True)
    why_live = serializers.CharField(source="version.message")
    is_measured = serializers.BooleanField()
    learned_from = serializers.DictField(child=serializers.IntegerField(), source="version.data")
    compared = BarSerializer(many=True, source="bars")
    measured = serializers.JSONField(
        source="version.metrics", help_text="All figures, by model: accuracy, bands, intervals."
    )


class ModelQualityView(APIView):
    """How good the live model is: on which data, by which split, against which baselines."""

    scope = "public"
    partial = "recommendations/_compared.html"

    @extend_schema(responses=QualitySerializer, operation_id="model_quality")
    def get(self, request: Request) -> Response:
        found = quality()
        if found is None:
            raise NotFound("No model is live yet.")
        response = Response(QualitySerializer(found).data)
        response.context = {"quality": found}  # type: ignore[attr-defined]
        return response
