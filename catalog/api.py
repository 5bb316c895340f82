from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.exploring.pairs import points_of
from catalog.figures.reading import read_findings
from catalog.models import Exploration, Genre
from catalog.search.finding import find, load
from catalog.search.lines import lines_of
from catalog.serializers import (
    ExplorationSerializer,
    ExploreQuery,
    FoundSerializer,
    PairQuery,
    PairSerializer,
    SearchQuery,
)


class SearchView(APIView):
    """Find artists, tracks, albums, genres and tags.

    Spelling, accents, the order of words and whole words are forgiven. With a filter, or without
    any word, only tracks are found.
    """

    scope = "public"
    partial = "catalog/_found.html"

    @extend_schema(parameters=[SearchQuery], responses=FoundSerializer, operation_id="search")
    def get(self, request: Request) -> Response:
        query = SearchQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        found = load(find(query.wanted))
        shown = {"is_guess": found.is_guess, "groups": lines_of(found)}
        response = Response(FoundSerializer(shown).data)
        response.context = {**shown, "words": query.wanted.query}  # type: ignore[attr-defined]
        return response


class ExploreView(APIView):
    """How the catalogue, or a genre of it, sounds: counted, over the years, genre by genre.

    Shares and correlations are numbers, loudness is in dB below full scale, tempo in beats per
    minute, duration in minutes.
    """

    scope = "public"

    @extend_schema(
        parameters=[ExploreQuery], responses=ExplorationSerializer, operation_id="explore"
    )
    def get(self, request: Request) -> Response:
        query = ExploreQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        exploration = _exploration_of(query.validated_data.get("genre"))
        shown = {
            "genre": exploration.genre,
            "computed_at": exploration.computed_at,
            "findings": read_findings(exploration),
        }
        return Response(ExplorationSerializer(shown).data)


class ExplorePairView(APIView):
    """Two measures track by track."""

    scope = "public"

    @extend_schema(parameters=[PairQuery], responses=PairSerializer, operation_id="explore_pair")
    def get(self, request: Request) -> Response:
        query = PairQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        drawn = _exploration_of(query.validated_data.get("genre")).points
        points = points_of(drawn, query.validated_data["x"], query.validated_data["y"])
        return Response(PairSerializer({"of": drawn["of"], "points": points}).data)


def _exploration_of(genre: Genre | None) -> Exploration:
    found = Exploration.objects.of(genre.pk if genre else None).select_related("genre").first()
    if found is None:
        raise NotFound("Nothing has been explored here yet.")
    return found
