"""The tree of genres, and where in it a file's label stands. Pure: no database here.

A label that is in the tree stands there; another stands below the branch that its words name
("southern hip hop" below "hip hop"); one that says nothing to us becomes a branch of its own, for
a curator to move. The label itself is kept with the track, whatever it was mapped to.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from catalog.naming import clean

LONGEST = 80  # letters of a genre's name

# Branch, and what grows from it. The labels of the well-known files are all here.
TREE: dict[str, tuple[str, ...]] = {
    "blues": ("delta blues", "electric blues", "blues rock"),
    "classical": ("opera", "baroque", "romantic", "contemporary classical", "piano", "orchestral"),
    "country": ("bluegrass", "honky tonk", "americana", "alt country", "outlaw country"),
    "electronic": (
        "ambient",
        "breakbeat",
        "chicago house",
        "deep house",
        "detroit techno",
        "drum and bass",
        "dub",
        "dubstep",
        "edm",
        "electro",
        "garage",
        "hardstyle",
        "house",
        "idm",
        "j dance",
        "minimal techno",
        "progressive house",
        "techno",
        "trance",
        "trip hop",
        "big room",
        "electro house",
        "progressive electro house",
        "tropical house",
        "downtempo",
        "disco house",
    ),
    "folk": (
        "acoustic",
        "singer songwriter",
        "songwriter",
        "indie folk",
        "chamber folk",
        "new age",
    ),
    "funk": ("disco", "groove", "new jack swing"),
    "gospel": ("christian", "worship"),
    "hip hop": (
        "rap",
        "trap",
        "gangster rap",
        "southern hip hop",
        "latin hip hop",
        "boom bap",
        "drill",
        "crunk",
        "grime",
    ),
    "jazz": ("bebop", "swing", "cool jazz", "bossa nova", "smooth jazz", "vocal jazz", "fusion"),
    "latin": (
        "brazil",
        "forro",
        "latino",
        "mpb",
        "pagode",
        "reggaeton",
        "salsa",
        "samba",
        "sertanejo",
        "tango",
        "bachata",
        "cumbia",
        "merengue",
        "tropical",
        "latin pop",
    ),
    "metal": (
        "black metal",
        "death metal",
        "grindcore",
        "heavy metal",
        "metalcore",
        "doom metal",
        "thrash metal",
        "power metal",
    ),
    "occasions": (
        "children",
        "kids",
        "chill",
        "club",
        "comedy",
        "dance",
        "disney",
        "guitar",
        "happy",
        "party",
        "pop film",
        "romance",
        "sad",
        "show tunes",
        "sleep",
        "study",
        "soundtrack",
        "anime",
        "holiday",
    ),
    "pop": (
        "cantopop",
        "dance pop",
        "electropop",
        "hip pop",
        "indie pop",
        "indie poptimism",
        "j idol",
        "j pop",
        "k pop",
        "mandopop",
        "pop edm",
        "post teen pop",
        "power pop",
        "synth pop",
        "dream pop",
        "city pop",
        "teen pop",
    ),
    "punk": ("emo", "hardcore", "ska punk", "pop punk", "post punk"),
    "r&b": ("neo soul", "soul", "urban contemporary", "motown", "quiet storm"),
    "reggae": ("dancehall", "ska", "roots reggae", "rocksteady"),
    "rock": (
        "album rock",
        "alt rock",
        "alternative",
        "classic rock",
        "goth",
        "grunge",
        "hard rock",
        "indie",
        "industrial",
        "j rock",
        "permanent wave",
        "psych rock",
        "punk rock",
        "rock n roll",
        "rockabilly",
        "progressive rock",
        "soft rock",
        "shoegaze",
        "new wave",
    ),
    "world": (
        "afrobeat",
        "british",
        "french",
        "german",
        "indian",
        "iranian",
        "malay",
        "spanish",
        "swedish",
        "turkish",
        "world music",
        "celtic",
        "flamenco",
        "fado",
    ),
}
# The same said otherwise.
SAID_OTHERWISE = {
    "r n b": "r&b",
    "rnb": "r&b",
    "r and b": "r&b",
    "rhythm and blues": "r&b",
    "hiphop": "hip hop",
    "drum n bass": "drum and bass",
    "dnb": "drum and bass",
    "rock and roll": "rock n roll",
    "electronica": "electronic",
    "alternative rock": "alt rock",
    "hardcore techno": "techno",
    "classic": "classical",
    "synthpop": "synth pop",
    "singer-songwriter": "singer songwriter",
    "rhythm & blues": "r&b",
    "kpop": "k pop",
}
# Spellings that people expect on a page.
SHOWN = {
    "k pop": "k-pop",
    "j pop": "j-pop",
    "j rock": "j-rock",
    "j idol": "j-idol",
    "j dance": "j-dance",
    "edm": "EDM",
    "idm": "IDM",
    "mpb": "MPB",
    "rock n roll": "rock ’n’ roll",
    "singer songwriter": "singer-songwriter",
}
# A word that names a branch, where the whole label names nothing; the last in the label counts.
WORDS = {
    **{branch: branch for branch in TREE if " " not in branch and branch != "occasions"},
    "hop": "hip hop", "rap": "hip hop", "trap": "hip hop", "drill": "hip hop", "soul": "r&b",
    "house": "electronic", "techno": "electronic", "trance": "electronic", "edm": "electronic",
    "dubstep": "electronic", "ambient": "electronic", "electro": "electronic", "bass": "electronic",
    "wave": "electronic", "rave": "electronic", "metalcore": "metal", "deathcore": "metal",
    "grindcore": "metal", "disco": "funk", "bebop": "jazz", "swing": "jazz", "opera": "classical",
    "orchestra": "classical", "piano": "classical", "choir": "classical", "ska": "reggae",
    "dub": "reggae", "dancehall": "reggae", "hardcore": "punk", "emo": "punk", "indie": "rock",
    "grunge": "rock", "psych": "rock", "rockabilly": "rock", "salsa": "latin", "cumbia": "latin",
    "samba": "latin", "sertanejo": "latin", "reggaeton": "latin", "bluegrass": "country",
    "americana": "country", "songwriter": "folk", "worship": "gospel", "ccm": "gospel",
    "soundtrack": "occasions", "tunes": "occasions", "lullaby": "occasions", "idol": "pop",
    "cantopop": "pop", "mandopop": "pop", "electropop": "pop", "poptimism": "pop",
}  # fmt: skip
_PARENT = {name: branch for branch, names in TREE.items() for name in names}
_BETWEEN_WORDS = re.compile(r"[\s_/-]+")


class Place(NamedTuple):
    name: str
    parent: str | None  # None: a branch of the tree, or nobody knows


@lru_cache(maxsize=10_000)
def place(label: str) -> Place | None:
    """Return where a label stands in the tree; None if it says nothing."""
    name = _BETWEEN_WORDS.sub(" ", clean(label).casefold()).strip()[:LONGEST].strip()
    if not any(letter.isalnum() for letter in name):
        return None
    name = SAID_OTHERWISE.get(name, name)
    if name in TREE:
        return Place(name, None)
    return Place(SHOWN.get(name, name), _PARENT.get(name) or _branch_by_words(name))


def _branch_by_words(name: str) -> str | None:
    return next((WORDS[word] for word in reversed(name.split()) if word in WORDS), None)
