"""Music: artists, albums, tracks, and what each source says of them."""

from catalog.models.audio import Audience, AudioFile
from catalog.models.changes import Change
from catalog.models.exploration import Exploration
from catalog.models.features import FeatureSet
from catalog.models.hints import MatchHint
from catalog.models.imports import RowFate, TrackImport, TrackImportRow
from catalog.models.music import Album, Artist, ArtistCredit, Track, Work
from catalog.models.provenance import ExternalId, Rule, Source
from catalog.models.records import TrackRecord
from catalog.models.search import Findable, SearchEntry, SearchWord
from catalog.models.tags import Genre, Tag, TrackGenre, TrackTag

__all__ = [
    "Album",
    "Artist",
    "ArtistCredit",
    "Audience",
    "AudioFile",
    "Change",
    "Exploration",
    "ExternalId",
    "FeatureSet",
    "Findable",
    "Genre",
    "MatchHint",
    "RowFate",
    "Rule",
    "SearchEntry",
    "SearchWord",
    "Source",
    "Tag",
    "Track",
    "TrackGenre",
    "TrackImport",
    "TrackImportRow",
    "TrackRecord",
    "TrackTag",
    "Work",
]
