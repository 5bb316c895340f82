from __future__ import annotations

from typing import Any

from rest_framework import serializers

from catalog.exploring.measures import MEASURES
from catalog.models import Findable, Genre
from catalog.portrait import MOODS
from catalog.search.finding import Wanted
from catalog.search.forms import EXPLICIT, LONGEST, wanted_of

MOST = 100
YEARS: dict[str, Any] = {"min_value": 1000, "max_value": 2200, "required": False}
TEMPI: dict[str, Any] = {"min_value": 20, "max_value": 400, "required": False}


class SearchQuery(serializers.Serializer):
    q = serializers.CharField(
        max_length=LONGEST,
        required=False,
        allow_blank=True,
        default="",
        help_text="A name or a part of it, as somebody types it.",
    )
    kind = serializers.ChoiceField(Findable.choices, required=False)
    genre = serializers.SlugRelatedField(
        slug_field="slug",
        queryset=Genre.objects.all(),
        required=False,
        help_text="The slug of a genre; what grows from it counts, too.",
    )
    year_from = serializers.IntegerField(**YEARS)
    year_to = serializers.IntegerField(**YEARS)
    tempo_from = serializers.FloatField(help_text="Beats per minute.", **TEMPI)
    tempo_to = serializers.FloatField(help_text="Beats per minute.", **TEMPI)
    mood = serializers.ChoiceField(list(MOODS.items()), required=False)
    explicit = serializers.ChoiceField(EXPLICIT, required=False)
    limit = serializers.IntegerField(
        min_value=1, max_value=MOST, default=5, help_text="Of each kind."
    )

    @property
    def wanted(self) -> Wanted:
        return wanted_of(self.validated_data, n=self.validated_data["limit"])


class LineSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    detail = serializers.CharField(help_text="By whom, or of what.")
    url = serializers.CharField(help_text="Of its page, from the root of the site.")


class LinesSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(Findable.choices)
    here = serializers.IntegerField(
        help_text="How many were found; of very common words, how many were looked at."
    )
    results = LineSerializer(many=True, source="lines")


class FoundSerializer(serializers.Serializer):
    """What was found, the best kind first and in each kind the best first."""

    is_guess = serializers.BooleanField(
        help_text="Nothing is spelt as was asked; these are spelt nearly so."
    )
    groups = LinesSerializer(many=True)


class ExploreQuery(serializers.Serializer):
    genre = serializers.SlugRelatedField(
        slug_field="slug",
        queryset=Genre.objects.all(),
        required=False,
        help_text="The slug of a genre; what grows from it counts, too. Without: everything.",
    )


class PairQuery(ExploreQuery):
    x = serializers.ChoiceField(list(MEASURES))
    y = serializers.ChoiceField(list(MEASURES))


class CountsSerializer(serializers.Serializer):
    tracks = serializers.IntegerField()
    artists = serializers.IntegerField()
    genres = serializers.IntegerField()
    measured = serializers.IntegerField(help_text="Tracks of which any sound is known.")
    first_year = serializers.IntegerField(allow_null=True)
    last_year = serializers.IntegerField(allow_null=True)


class DistributionSerializer(serializers.Serializer):
    known = serializers.IntegerField(help_text="Tracks of which it is known.")
    edges = serializers.ListField(
        child=serializers.FloatField(),
        help_text="Of the steps, one more than counts; the outermost steps hold what is outside.",
    )
    counts = serializers.ListField(child=serializers.IntegerField())
    quantiles = serializers.ListField(
        child=serializers.FloatField(allow_null=True),
        help_text="The lowest, the lower quartile, the median, the upper quartile, the highest.",
    )


class CategorySerializer(serializers.Serializer):
    known = serializers.IntegerField()
    values = serializers.ListField(child=serializers.IntegerField())
    counts = serializers.ListField(child=serializers.IntegerField())


class OverYearsSerializer(serializers.Serializer):
    step = serializers.IntegerField(help_text="Years taken together.")
    tracks = serializers.ListField(child=serializers.IntegerField())
    measures = serializers.DictField(
        child=serializers.ListField(
            child=serializers.ListField(child=serializers.FloatField(allow_null=True))
        ),
        help_text="Of each measure the lower quartiles, the medians, the upper quartiles.",
    )

    def get_fields(self) -> dict[str, Any]:
        """`from`, the first year of each time, is no name that a class body can give."""
        return {"from": serializers.ListField(child=serializers.IntegerField())} | (
            super().get_fields()
        )


class CorrelationsSerializer(serializers.Serializer):
    names = serializers.ListField(child=serializers.CharField())
    tracks = serializers.IntegerField(help_text="Asked; of a large catalogue, drawn by lot.")
    matrix = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField(allow_null=True)),
        help_text="Spearman’s rank correlation; null where too few tracks know both.",
    )


class BesideAllSerializer(serializers.Serializer):
    tracks = serializers.IntegerField()
    medians = serializers.DictField(child=serializers.FloatField(allow_null=True))
    above = serializers.DictField(
        child=serializers.FloatField(allow_null=True),
        help_text="The share of all tracks of the catalogue that lies below the median.",
    )


class GenreBesideAllSerializer(BesideAllSerializer):
    slug = serializers.CharField()
    name = serializers.CharField()


class TypicalSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    distance = serializers.FloatField(help_text="From the middle, in spreads.")


class UnusualSerializer(TypicalSerializer):
    by = serializers.CharField(help_text="The measure that sets it apart the most.")
    value = serializers.FloatField()
    above = serializers.FloatField(help_text="The share of the others with a lower value.")
    below = serializers.FloatField(help_text="The share of the others with a higher value.")


class FindingsSerializer(serializers.Serializer):
    counts = CountsSerializer()
    missing = serializers.DictField(child=serializers.IntegerField())
    distributions = serializers.DictField(child=DistributionSerializer())
    categories = serializers.DictField(child=CategorySerializer())
    years = OverYearsSerializer()
    correlations = CorrelationsSerializer()
    beside_all = BesideAllSerializer()
    genres = GenreBesideAllSerializer(many=True)
    typical = TypicalSerializer(many=True)
    unusual = UnusualSerializer(many=True)


class ExplorationSerializer(serializers.Serializer):
    """What the pages of Explore show, for the whole catalogue or one genre."""

    genre = serializers.CharField(source="genre.slug", default=None, allow_null=True)
    computed_at = serializers.DateTimeField()
    findings = FindingsSerializer()


class PairSerializer(serializers.Serializer):
    of = serializers.IntegerField(help_text="Tracks there are; of many, some are drawn by lot.")
    points = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField()), help_text="x and y."
    )
