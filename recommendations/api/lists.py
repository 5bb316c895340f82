from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Scope
from catalog.models import Track
from recommendations import serving
from recommendations.api.asking import listener_of, visitor_or_listener
from recommendations.models import Slate
from recommendations.serializers.answers import (
    NOT_YET,
    AboutTrackShape,
    FittingGenreShape,
    ListShape,
    SlateShape,
    TasteShape,
    list_of,
    reason_of,
    track_of,
)
from recommendations.serializers.asking import ListQuery, SimilarQuery, options_of
from recommendations.serializers.taste import TasteQuery, taste_of
from recommendations.services import answering
from recommendations.services.finding import fitting_genres


class RecommendationsView(APIView):
    """A list for the listener: for you, more like this, from a genre, and more.

    Each call is remembered as a slate, so that feedback can name it. Within half an hour the same
    page comes again; after that a third of it makes room for others.
    """

    scope = Scope.READ
    partial = "recommendations/_list.html"

    @extend_schema(
        parameters=[ListQuery],
        responses={200: ListShape, **NOT_YET},
        operation_id="recommendations",
    )
    def get(self, request: Request) -> Response:
        listener = listener_of(request)
        options = options_of(request.query_params, listener=listener)
        listed = serving.recommend(listener=listener, at=now(), **options)
        response = Response(list_of(listed))
        response.context = {"listed": listed}  # type: ignore[attr-defined]
        return response


class FittingGenresView(APIView):
    """The genres that the listener's own list leads to, the best first."""

    scope = Scope.READ

    @extend_schema(
        responses={200: FittingGenreShape(many=True), **NOT_YET},
        operation_id="recommended_genres",
    )
    def get(self, request: Request) -> Response:
        found = fitting_genres(listener=listener_of(request), at=now())
        return Response(FittingGenreShape(found, many=True).data)


class SimilarView(APIView):
    """What is like one track, several, or an artist. Needs no key; nothing is remembered."""

    scope = "public"

    @extend_schema(
        parameters=[SimilarQuery], responses={200: ListShape, **NOT_YET}, operation_id="similar"
    )
    def get(self, request: Request) -> Response:
        query = SimilarQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        asked = {
            "about": query.about,
            "n": query.validated_data["n"],
            "steering": query.steering,
        }
        listener = visitor_or_listener(request)
        if listener is None:
            return Response(list_of(serving.similar(**asked)))
        surface = serving.Surface.SIMILAR
        listed = serving.recommend(
            listener=listener, at=now(), surface=surface, rest=0, keep=False, **asked
        )
        return Response(list_of(listed))


class TrackReasonsView(APIView):
    """What speaks for a track, for this listener, and what they would rate it."""

    scope = Scope.READ

    @extend_schema(responses={200: AboutTrackShape, **NOT_YET}, operation_id="track_reasons")
    def get(self, request: Request, pk: int) -> Response:
        track = get_object_or_404(Track.objects.playable().for_rows(), pk=pk)
        listener, at = listener_of(request), now()
        row = serving.explain_track(track, listener=listener, at=at)
        return Response(
            {
                "track": track_of(track),
                "is_known": row is not None,
                "score": row.score if row else None,
                "opinion": row.opinion if row else "",
                "reason": reason_of(row.because) if row else None,
                "expected_rating": serving.expected_rating(track, listener=listener),
            }
        )


class SlatesView(ListAPIView[Slate]):
    """The lists that were shown in the last 90 days, newest first, and what became of them."""

    scope = Scope.READ
    serializer_class = SlateShape

    @extend_schema(operation_id="slates")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Slate]:
        if getattr(self, "swagger_fake_view", False):
            return Slate.objects.none()
        mine = Slate.objects.filter(listener=listener_of(self.request))
        return mine.prefetch_related("outcomes")


class SlateView(APIView):
    """One list, shown again: the same tracks in the same order, with their reasons as of now."""

    scope = Scope.READ
    partial = "recommendations/_list.html"

    @extend_schema(responses={200: ListShape, **NOT_YET}, operation_id="slate")
    def get(self, request: Request, pk: int) -> Response:
        listener = listener_of(request)
        slate = get_object_or_404(Slate, pk=pk, listener=listener)
        listed = serving.replay(slate, listener=listener, at=now())
        response = Response(list_of(listed))
        changed = answering.changed_by(listed, listener=listener)
        response.context = {"listed": listed, "answer": changed}  # type: ignore[attr-defined]
        return response


class TasteView(APIView):
    """The listener's history as lists see it: how much each track weighs."""

    scope = Scope.READ

    @extend_schema(
        parameters=[TasteQuery], responses={200: TasteShape, **NOT_YET}, operation_id="taste"
    )
    def get(self, request: Request) -> Response:
        query = TasteQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        n = query.validated_data["n"]
        return Response(taste_of(listener_of(request), n=n, at=now()))
