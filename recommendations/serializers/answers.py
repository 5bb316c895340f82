"""What the API says of lists: the shapes, and the functions that fill them.

The shapes are for the documentation. A list of a hundred tracks is filled by plain functions, since
it is asked for a hundred times a second.
"""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from catalog.models import Track
from listening.models import FeedbackKind
from recommendations.models import Slate
from recommendations.services.answering import Answer, Opinion
from recommendations.serving import Listed, Recommended, Surface
from recommendations.serving.moves import Move
from recommendations.serving.reasons import Because, Term

Shape = serializers.Serializer[Any]
WAYS = ["personal", "similar", "content", "cluster", "popular"]


class RefusalShape(Shape):
    code = serializers.CharField()
    detail = serializers.CharField()
    attr = serializers.CharField(allow_null=True)


class RefusedShape(Shape):
    """Understood, and refused."""

    type = serializers.CharField()
    errors = RefusalShape(many=True)  # type: ignore[assignment]  # a field, not the complaints


NOT_YET = {503: RefusedShape}  # no model yet
REFUSED = {409: RefusedShape, 422: RefusedShape, **NOT_YET}


class NamedShape(Shape):
    id = serializers.IntegerField()
    name = serializers.CharField()


class FittingGenreShape(Shape):
    slug = serializers.CharField(source="group.slug", help_text="As `genre` of a list takes it.")
    name = serializers.CharField(source="group.name")
    share = serializers.FloatField(help_text="How well it fits: in percent of the best one.")


class TrackNameShape(Shape):
    id = serializers.IntegerField()
    title = serializers.CharField()


class TrackShape(TrackNameShape):
    byline = serializers.CharField(help_text="All who are credited, in words.")
    artist = NamedShape()
    album = serializers.CharField(allow_null=True)
    genre = serializers.CharField(allow_null=True)
    year = serializers.IntegerField(allow_null=True)
    duration_ms = serializers.IntegerField(allow_null=True)
    explicit = serializers.BooleanField(allow_null=True)
    url = serializers.CharField(help_text="Of its page, from the root of the site.")


class TermShape(Shape):
    share = serializers.IntegerField(help_text="Of all that speaks for the track, in percent.")
    words = serializers.CharField()
    kind = serializers.CharField(help_text="play, like, chosen, near, the name of a slider, …")
    track = TrackNameShape(allow_null=True)


class SharesShape(Shape):
    history = serializers.IntegerField()
    sound = serializers.IntegerField()
    tags = serializers.IntegerField()


class ReasonShape(Shape):
    """The shares of `terms` add up to 100; `against` is in the same measure."""

    words = serializers.CharField(help_text="The strongest term.")
    terms = TermShape(many=True)
    against = TermShape(many=True)
    shares = SharesShape(allow_null=True, help_text="By source; null where no source speaks.")
    way = serializers.ChoiceField(WAYS, help_text="How the track was found.")
    by_lot = serializers.BooleanField(help_text="A lot put it here, from further down.")


class RowShape(Shape):
    rank = serializers.IntegerField()
    track = TrackShape()
    score = serializers.FloatField()
    opinion = serializers.CharField(allow_blank=True, help_text="What you think of it already.")
    reason = ReasonShape()


class ListShape(Shape):
    slate = serializers.IntegerField(allow_null=True, help_text="Name it in feedback on the list.")
    surface = serializers.ChoiceField(Surface.choices)
    rows = RowShape(many=True)


class MoveShape(Shape):
    track = TrackNameShape()
    was = serializers.IntegerField(allow_null=True, help_text="Its rank before.")
    now = serializers.IntegerField(allow_null=True, help_text="Its rank now.")
    why = serializers.CharField()


class MovesShape(Shape):
    came = MoveShape(many=True)
    left = MoveShape(many=True)
    up = MoveShape(many=True)
    down = MoveShape(many=True)


class UndoShape(Shape):
    """Send this to `feedback/undo/`. It has the list that was on the screen, if one was named."""

    kind = serializers.ChoiceField(FeedbackKind.choices)
    slate = serializers.IntegerField(required=False)
    track = serializers.IntegerField(required=False)
    artist = serializers.IntegerField(required=False)
    album = serializers.IntegerField(required=False)
    genre = serializers.IntegerField(required=False)


class AnswerShape(Shape):
    """`list` and `moved` are null only while there is no model."""

    taste_version = serializers.IntegerField()
    list = ListShape(allow_null=True)
    moved = MovesShape(allow_null=True)
    undo = UndoShape(allow_null=True, help_text="Null after several opinions, and after an undo.")


class AboutTrackShape(Shape):
    track = TrackShape()
    is_known = serializers.BooleanField(help_text="The model has learnt of it.")
    score = serializers.FloatField(allow_null=True)
    opinion = serializers.CharField(allow_blank=True)
    reason = ReasonShape(allow_null=True)
    expected_rating = serializers.FloatField(
        allow_null=True, help_text="1 to 5; null while nobody’s ratings are learnt from."
    )


class SlateShape(Shape):
    id = serializers.IntegerField()
    surface = serializers.CharField()
    shown_at = serializers.DateTimeField()
    model = serializers.IntegerField(source="model_id", allow_null=True)
    settings = serializers.DictField()
    tracks = serializers.ListField(child=serializers.IntegerField(), help_text="In their order.")
    outcomes = serializers.SerializerMethodField()

    def get_outcomes(self, slate: Any) -> list[dict[str, Any]]:
        """What became of it."""
        return [{"track": each.track_id, "kind": each.kind} for each in slate.outcomes.all()]


class WeightShape(Shape):
    track = TrackNameShape()
    weight = serializers.FloatField(help_text="Below 0 it speaks against its like.")
    plays = serializers.IntegerField()
    opinion = serializers.CharField(allow_blank=True)


class TasteShape(Shape):
    taste_version = serializers.IntegerField()
    tracks_in_all = serializers.IntegerField()
    tracks = WeightShape(many=True, help_text="The heaviest first.")
    genres = NamedShape(many=True, help_text="Favourites.")
    artists = NamedShape(many=True, help_text="Favourites.")


def list_of(listed: Listed) -> dict[str, Any]:
    return {
        "slate": listed.slate.pk if listed.slate else None,
        "surface": listed.ask.surface,
        "rows": [row_of(row) for row in listed],
    }


def row_of(row: Recommended) -> dict[str, Any]:
    return {
        "rank": row.rank,
        "track": track_of(row.track),
        "score": row.score,
        "opinion": row.opinion,
        "reason": reason_of(row.because),
    }


def track_of(track: Track) -> dict[str, Any]:
    return {
        "id": track.pk,
        "title": track.title,
        "byline": track.byline,
        "artist": {"id": track.artist_id, "name": track.artist.name},
        "album": track.album.title if track.album else None,
        "genre": track.genre.name if track.genre else None,
        "year": track.year,
        "duration_ms": track.duration_ms,
        "explicit": track.is_explicit,
        "url": track.get_absolute_url(),
    }


def reason_of(because: Because) -> dict[str, Any]:
    return {
        "words": because.in_short,
        "terms": [term_of(term) for term in because.terms],
        "against": [term_of(term) for term in because.against],
        "shares": because.shares._asdict() if because.shares else None,
        "way": because.way,
        "by_lot": because.by_lot,
    }


def term_of(term: Term) -> dict[str, Any]:
    track = {"id": term.track.pk, "title": term.track.title} if term.track else None
    return {"share": term.share, "words": str(term), "kind": term.kind, "track": track}


def answer_of(answer: Answer, taste_version: int) -> dict[str, Any]:
    listed, opinion = answer.listed, answer.opinion
    return {
        "taste_version": taste_version,
        "list": list_of(listed) if listed is not None else None,
        "moved": moved_of(answer) if listed is not None else None,
        "undo": undo_of(opinion, answer.before) if opinion and answer.is_single else None,
    }


def moved_of(answer: Answer) -> dict[str, Any]:
    return {
        name: [_move(move, answer) for move in getattr(answer.moves, name)]
        for name in ("came", "left", "up", "down")
    }


def undo_of(opinion: Opinion, before: Slate | None) -> dict[str, Any]:
    said = {"kind": str(opinion.kind), str(opinion.on._meta.model_name): opinion.on.pk}
    return said if before is None else said | {"slate": before.pk}


def _move(move: Move, answer: Answer) -> dict[str, Any]:
    track = answer.track(move)
    return {
        "track": {"id": move.track, "title": track.title if track else ""},
        "was": move.was,
        "now": move.now,
        "why": answer.why(move),
    }
