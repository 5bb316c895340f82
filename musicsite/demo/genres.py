"""The 24 genres of the demo world, their eight parents, and what each of them sounds like."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Genre:
    """The middle of a genre; unit features lie between 0 and 1, shares are probabilities."""

    name: str
    parent: str
    share: float  # of all artists, up to a factor
    tempo: float  # bpm
    tempo_spread: float  # of log tempo
    energy: float
    valence: float
    danceability: float
    acousticness: float
    instrumentalness: float
    loudness: float  # dB
    minor: float  # share of tracks in a minor key
    triple: float  # share of tracks in three
    minutes: float
    age: float  # years since a typical release
    languages: dict[str, float]
    tags: str
    style: str = "songs"  # how its artists are named
    speechiness: float = 0.05
    liveness: float = 0.14
    explicit: float = 0.01

    @property
    def tag_list(self) -> list[str]:
        return self.tags.split("; ")


_FOLK = {"en": 6, "fr": 1, "de": 1, "sv": 1, "he": 1, "uk": 0.7, "pl": 0.5}
_HIP_HOP = {"en": 4, "fr": 2, "es": 1, "ko": 1, "de": 0.8, "tr": 0.8, "ar": 0.8}
_CHAMBER = {"en": 4, "ko": 2.2, "fr": 1, "de": 0.6, "zh": 1, "sv": 0.7}
_TRAMS = {"en": 3, "ru": 2.4, "pl": 1.4, "de": 1, "uk": 0.7, "tr": 0.7, "he": 0.5}
_DREAMS = {"en": 4, "ru": 1.6, "ko": 1, "ja": 1, "fr": 1, "he": 0.7}

# name, parent, share, tempo and its spread; energy, valence, danceability, acousticness,
# instrumentalness; loudness, minor, triple, minutes, age; languages, tags
GENRES = (
    Genre(
        "indie folk", "folk", 1.5, 102, 0.16, 0.38, 0.46, 0.52, 0.72, 0.06,
        -10.5, 0.32, 0.20, 3.8, 8, _FOLK,
        "fingerpicked; harmonies; kitchen table; storytelling; banjo; autumn; acoustic guitar",
    ),
    Genre(
        "chamber folk", "folk", 1.0, 88, 0.15, 0.30, 0.36, 0.42, 0.80, 0.16,
        -12.5, 0.42, 0.28, 4.1, 7, _CHAMBER,
        "strings; cello; close microphone; hushed; winter; waltz; woodwinds",
    ),
    Genre(
        "children's songs", "folk", 0.7, 116, 0.16, 0.45, 0.82, 0.72, 0.62, 0.02,
        -9.0, 0.08, 0.18, 2.3, 9, {"en": 5, "es": 1, "ja": 1, "sv": 1, "pt": 1, "zh": 0.7},
        "singalong; animals; lullaby; ukulele; counting; bath time; hand claps", speechiness=0.09,
    ),
    Genre(
        "dream pop", "pop", 1.2, 108, 0.14, 0.52, 0.36, 0.48, 0.22, 0.24,
        -8.8, 0.42, 0.12, 4.3, 7, _DREAMS,
        "reverb; hazy; shimmering guitars; bedroom; slow dance; synth pads; twilight",
    ),
    Genre(
        "city pop", "pop", 1.2, 114, 0.10, 0.68, 0.76, 0.74, 0.16, 0.05,
        -7.4, 0.30, 0.02, 4.2, 22, {"ja": 6, "ko": 1.6, "zh": 1.4, "en": 1},
        "slap bass; brass; neon; night drive; summer; electric piano; chorus guitar",
    ),
    Genre(
        "post-punk", "rock", 1.2, 138, 0.13, 0.76, 0.36, 0.55, 0.04, 0.14,
        -6.8, 0.62, 0.02, 3.6, 10, _TRAMS,
        "bass line; drum machine; deadpan; concrete; angular; after dark; cold", explicit=0.06,
    ),
    Genre(
        "metal", "rock", 1.0, 164, 0.18, 0.94, 0.24, 0.34, 0.01, 0.30,
        -4.6, 0.80, 0.08, 5.4, 11, {"en": 5, "sv": 1.6, "pl": 1, "de": 1, "tr": 0.7, "ru": 0.5},
        "blast beats; riffs; heavy; growled; doom; double bass; epic", "heavy", 0.09, explicit=0.12,
    ),
    Genre(
        "soul", "groove", 1.1, 98, 0.15, 0.54, 0.66, 0.68, 0.34, 0.03,
        -8.2, 0.38, 0.08, 3.9, 18, {"en": 7, "fr": 1, "pt": 0.8, "ko": 0.7},
        "horns; organ; falsetto; groove; warm; backing singers; sunday", explicit=0.02,
    ),
    Genre(
        "hip hop", "groove", 1.2, 91, 0.13, 0.66, 0.52, 0.80, 0.18, 0.05,
        -6.6, 0.60, 0.01, 3.3, 7, _HIP_HOP,
        "boom bap; samples; wordplay; lo-fi; late night; turntables; storytelling",
        "rhymes", 0.27, explicit=0.38,
    ),
    Genre(
        "dub", "groove", 0.8, 74, 0.08, 0.50, 0.60, 0.78, 0.14, 0.55,
        -8.6, 0.55, 0.01, 4.9, 20, {"en": 6, "fr": 1, "de": 0.7},
        "echo; bass; melodica; offbeat; sound system; spring reverb; slow", "projects", 0.08,
    ),
    Genre(
        "jazz trio", "jazz", 1.0, 120, 0.26, 0.38, 0.52, 0.54, 0.82, 0.80,
        -13.0, 0.42, 0.22, 5.6, 15, {"en": 5, "sv": 1.4, "de": 1, "fr": 1, "ja": 1, "pl": 0.8},
        "piano; double bass; brushes; improvised; swing; ballads; small club",
        "trio", liveness=0.24,
    ),
    Genre(
        "bossa nova", "jazz", 0.8, 126, 0.12, 0.34, 0.64, 0.66, 0.78, 0.10,
        -12.2, 0.36, 0.02, 3.1, 24, {"pt": 7, "fr": 0.7, "en": 0.8, "ja": 0.6},
        "nylon guitar; whispered; beach; summer; brushes; warm; veranda", "person",
    ),
    Genre(
        "house", "electronic", 1.1, 123, 0.03, 0.80, 0.62, 0.82, 0.03, 0.58,
        -7.2, 0.55, 0.00, 5.9, 8, {"en": 6, "fr": 1.4, "de": 0.8, "es": 0.7},
        "four to the floor; piano stabs; dance floor; warm; deep; vocal chops; late night",
        "projects",
    ),
    Genre(
        "techno", "electronic", 1.0, 131, 0.03, 0.87, 0.24, 0.72, 0.02, 0.86,
        -7.6, 0.72, 0.00, 6.8, 7, {"en": 5, "de": 3, "pl": 0.6, "ja": 0.5},
        "warehouse; hypnotic; modular; kick drum; acid; minimal; after dark", "projects",
    ),
    Genre(
        "ambient", "electronic", 1.0, 72, 0.14, 0.14, 0.26, 0.24, 0.76, 0.90,
        -20.5, 0.45, 0.10, 6.2, 10, {"en": 5, "ja": 3, "de": 1, "sv": 0.8},
        "field recordings; still; tape loops; sleep; rain; pads; spacious", "projects",
    ),
    Genre(
        "drone", "electronic", 0.6, 55, 0.10, 0.08, 0.12, 0.13, 0.58, 0.95,
        -26.0, 0.66, 0.04, 10.5, 9, {"en": 5, "de": 1.4, "sv": 1, "ja": 0.7},
        "sustained; organ; harmonium; one note; slow; sleep; feedback", "projects",
    ),
    Genre(
        "string quartet", "classical", 0.8, 84, 0.28, 0.22, 0.30, 0.27, 0.95, 0.93,
        -18.0, 0.50, 0.30, 6.4, 14, {"en": 4, "de": 2, "fr": 1, "pl": 1, "sv": 0.8},
        "strings; cello; adagio; concert hall; counterpoint; pizzicato; late style", "quartet",
    ),
    Genre(
        "solo piano", "classical", 0.9, 78, 0.22, 0.18, 0.34, 0.34, 0.96, 0.92,
        -19.0, 0.48, 0.30, 3.6, 9, {"en": 4, "fr": 2, "ja": 1, "de": 1, "ko": 1, "zh": 0.8},
        "piano; felt; nocturne; reading; still; study; minimal", "person",
    ),
    Genre(
        "fado", "roots", 0.9, 88, 0.15, 0.31, 0.32, 0.42, 0.86, 0.03,
        -11.5, 0.78, 0.14, 3.7, 14, {"pt": 1},
        "harbour songs; portuguese guitar; saudade; night; voice in front; minor; taverna",
        "person",
    ),
    Genre(
        "laïko", "roots", 0.8, 98, 0.16, 0.56, 0.50, 0.58, 0.50, 0.03,
        -8.6, 0.70, 0.10, 3.8, 18, {"el": 1},
        "harbour songs; bouzouki; heartbreak; taverna; nine-eight; night; island", "person",
    ),
    Genre(
        "shaabi", "roots", 0.9, 106, 0.14, 0.70, 0.66, 0.72, 0.30, 0.05,
        -7.6, 0.72, 0.01, 4.4, 12, {"ar": 1},
        "harbour songs; darbuka; oud; street wedding; call and response; accordion; night",
        "person",
    ),
    Genre(
        "ghazal", "roots", 0.8, 80, 0.14, 0.28, 0.36, 0.44, 0.82, 0.04,
        -12.0, 0.60, 0.16, 5.6, 17, {"hi": 1},
        "poetry; harmonium; tabla; longing; monsoon; voice in front; late evening", "person",
    ),
    Genre(
        "cumbia", "roots", 1.0, 94, 0.09, 0.72, 0.86, 0.82, 0.34, 0.14,
        -7.4, 0.48, 0.01, 3.6, 12, {"es": 1},
        "accordion; güira; dance floor; brass; street party; congas; summer",
    ),
    Genre(
        "kora", "roots", 0.6, 104, 0.15, 0.36, 0.66, 0.60, 0.88, 0.42,
        -12.6, 0.30, 0.12, 5.2, 11, {"mande": 1},
        "strings by hand; griot; river; praise song; calabash; dawn; interlocking", "person",
    ),
)  # fmt: skip

PARENTS = tuple(dict.fromkeys(genre.parent for genre in GENRES))
BY_NAME = {genre.name: number for number, genre in enumerate(GENRES)}
