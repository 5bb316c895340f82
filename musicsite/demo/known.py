"""The artists and listeners that every demo world has, so that pages and people can name them."""

from __future__ import annotations

from typing import NamedTuple


class KnownArtist(NamedTuple):
    name: str
    language: str
    genre: str
    titles: tuple[str, ...]


KNOWN_ARTISTS = (
    KnownArtist("The Lanternfish Parade", "en", "indie folk", ("Harbour Lights", "Tin Whistle")),
    KnownArtist("Inês Alvorada", "pt", "fado", ("Maré Vazia", "O Cais e a Lua")),
    KnownArtist("青木ミナト", "ja", "city pop", ("夜の水路", "真夜中のプール")),
    KnownArtist("Ольха и Соль", "ru", "dream pop", ("Забытая гавань", "Лунная соль")),
    KnownArtist("The Meridian Post", "en", "indie folk", ("Salt Road", "Second Window")),
    KnownArtist("Mount Halcyone", "en", "dub", ("Slow Ferry", "Harbour Dub")),
    KnownArtist("Nils Orre Trio", "sv", "jazz trio", ("Glass Tide", "Blå timme")),
    KnownArtist("ليلى المرجان", "ar", "shaabi", ("شارع البحر", "قمر الميناء")),
    KnownArtist("Coda & Daughters", "en", "soul", ("Velvet Timetable", "Orchard Street, Rewound")),
    KnownArtist("Petra Quillon", "en", "chamber folk", ("Low Sun, Long Shadow", "Winter Calendar")),
    KnownArtist("Tomas Wrenley", "en", "indie folk", ("Blue Hour Ledger", "Copper Wire")),
    KnownArtist("Ada Kestrelle", "en", "dream pop", ("First Bus, Empty", "Half a Teacup")),
    KnownArtist("Станция Ясень", "ru", "post-punk", ("Ночной трамвай", "Пустой вокзал")),
    KnownArtist("한여울", "ko", "chamber folk", ("새벽 기차", "느린 편지")),
    KnownArtist("藤野しずく", "ja", "ambient", ("雨の図書館", "銀色の港")),
    KnownArtist("Aminata Dembeya", "mande", "kora", ("Kora for Two Rivers", "Calabash Moon")),
    KnownArtist("Δήμητρα Κάβουρα", "el", "laïko", ("Ξενιτεμένο φως", "Άδειο λιμάνι")),
    KnownArtist("नैना वर्मन", "hi", "ghazal", ("धीमी बारिश", "सावन में नीली शाम")),
    KnownArtist("Ghost Arpeggio", "en", "techno", ("Signal Box 9", "Night Shift 4")),
    KnownArtist("Puddle Committee", "en", "children's songs", ("Ten Small Boats", "Hungry Train")),
    KnownArtist("Held Organ Bureau", "en", "drone", ("Sleeping Turbine", "Long Tone 11")),
)  # fmt: skip


class KnownListener(NamedTuple):
    email: str  # of the user who owns it
    user_name: str
    name: str
    handle: str
    time_zone: str
    habit: str
    early: dict[str, float]  # taste groups
    late: dict[str, float]
    days: int  # since the first play
    n_plays: int
    wants_explicit: bool = True
    fond: float = 0.0  # of the known artists


ROSALIND, CURATOR = "rosalind@example.org", "curator@example.org"
PASSWORD = "segue-demo"  # noqa: S105 -- of a fictional person, printed for all to see
LOGINS = f"""
A listener to log in as:  {ROSALIND}  {PASSWORD}
A curator to log in as:   {CURATOR}  {PASSWORD}
Every name and every play of the demo world is fictional; the password is known to all."""

KNOWN_LISTENERS = (
    KnownListener(
        ROSALIND, "Rosalind", "Main", "rosalind", "Europe/London", "commuter",
        {"kitchen tables": 6, "night trams": 3, "neon and rain": 2, "long rooms": 1},
        {"harbour songs": 10, "kitchen tables": 3, "neon and rain": 2, "night trams": 1},
        730, 3728, fond=1.0,
    ),
    KnownListener(
        ROSALIND, "Rosalind", "Sleep", "rosalind-sleep", "Europe/London", "sleeper",
        {"long rooms": 1}, {"long rooms": 3, "winter study": 1}, 400, 388,
    ),
    KnownListener(
        ROSALIND, "Rosalind", "Kids", "rosalind-kids", "Europe/London", "family",
        {"family car": 1}, {"family car": 1}, 610, 941, wants_explicit=False,
    ),
    KnownListener(
        CURATOR, "Curator", "Main", "curator", "Europe/London", "office",
        {"late sets": 2, "winter study": 1}, {"late sets": 2, "deep floor": 1}, 300, 214,
    ),
)  # fmt: skip
