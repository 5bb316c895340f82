"""All languages by their tags, and the words of genres that name things in their own way."""

from __future__ import annotations

from musicsite.demo.names import latin, world
from musicsite.demo.names.words import split

WORDS = {
    "en": latin.ENGLISH,
    "pt": latin.PORTUGUESE,
    "es": latin.SPANISH,
    "fr": latin.FRENCH,
    "de": latin.GERMAN,
    "sv": latin.SWEDISH,
    "pl": latin.POLISH,
    "tr": latin.TURKISH,
    "mande": latin.MANDE,
    "ru": world.RUSSIAN,
    "uk": world.UKRAINIAN,
    "el": world.GREEK,
    "ja": world.JAPANESE,
    "ko": world.KOREAN,
    "zh": world.CHINESE,
    "ar": world.ARABIC,
    "he": world.HEBREW,
    "hi": world.HINDI,
}
TAGS = {"mande": "en"}  # the titles are in English

# Bands of a style: one word of each list, whatever the language of the singer.
STYLES = {
    "projects": (
        split(
            "Ghost; Signal; Null; Static; Carbon; Phase; Neon; Axis; Subtle; Polar; Concrete; Fathom; "
            "Tessel; Ferrite; Halogen; Low; Outer; Pewter"
        ),
        split(
            "Arpeggio; Relay; Cabinet; Tundra; Lattice; Cascade; Index; Bureau; Meridiem; Annex; Orchards; "
            "Ferryworks; Plateau; Attic; Register; Harbourmaster"
        ),
        " ",
    ),
    "heavy": (
        split(
            "Ashen; Grim; Wyrm; Thorn; Obsidian; Cinder; Hoar; Mourn; Gallow; Rust; Murk; Barrow"
        ),
        split("vault; spire; maw; forge; tide; cairn; reign; moor; wrath; furrow; lantern"),
        "",
    ),
    "rhymes": (
        split("Kid; Deacon; Lady; Professor; Captain; Uncle; Sister; Northside; Mister; Small"),
        split(
            "Parallax; Footnote; Marble; Ellipsis; Fable; Citrus; Tangent; Overcoat; Paragraph; Kerosene; "
            "Halfpenny; Pavement"
        ),
        " ",
    ),
}

# Titles of genres that seldom sing, beside those of the language.
HEADS = {
    "drone": split(
        "Held Breath; Long Tone; Organ at Rest; Sleeping Turbine; Grey Noon; Fog Register; Tectonic; "
        "Slow Iron; Sediment; One Hundred Bells, None Struck; Ice Core; Empty Silo; Harmonium for No One"
    ),
    "ambient": split(
        "Still Water; Rain Library; Soft Machine Room; Cloud Index; Night Greenhouse; Distant Tannoy; "
        "Moss; Snow on the Antenna; Tape of an Afternoon; Lake, No Wind; Breath Chart; Slow Satellites"
    ),
    "techno": split(
        "Signal Box; Axis; Pressure Door; Kilowatt; Hall; Circuit Breaker; Sub-Basement; Rotor; Gantry; "
        "Conveyor; Relay; Night Shift; Coolant; Oscillator; Turnstile"
    ),
    "house": split(
        "Four in the Morning; Cloakroom Ticket; Second Room; Warm Concrete; Strobe Garden; Mirrorball "
        "Weather; Last Orders; Marble Steps; Hands Up, Eyes Shut; Sunrise Queue; Borrowed Sunglasses"
    ),
    "string quartet": split(
        "String Quartet; Quartet in One Movement; Elegy; Three Landscapes; Winter Canon; Letters; "
        "Small Hours; Pavane; Variations on a Ferry Bell; Night Pieces; Dances for Standing Still"
    ),
    "solo piano": split(
        "Nocturne; Prelude; Felt Study; Room; Waltz; Interlude; Left Hand Alone; Windowsill; Snow Piece; "
        "Small Invention; Pages; Berceuse"
    ),
    "jazz trio": split(
        "Blues for the Night Porter; Ferry Song; Nine Steps Down; Minor Detour; Waltz for Orla; Half Past; "
        "Brush Fire; Tomorrow, Maybe; The Tuner's Daughter; Corner Table; Backstairs; Quiet, Please"
    ),
    "metal": split(
        "Furnace of Crows; The Drowned Cathedral; Ashes over the Moor; Throne of Rust; Wolfless Winter; "
        "Black Tide Rising; The Last Forge; Bone Orchard; Hymn to a Collapsing Star; Serpent and Anvil; "
        "Oath of Salt; Graves beneath the Ice; Thunder Has No Master; Iron Liturgy"
    ),
    "hip hop": split(
        "Corner Store Philosophy; Receipts; Night Bus Notebook; Two Pens; Interlude; Pocket Change; "
        "Landlord; Paragraphs; Elevator Cypher; Cold Noodles; Grandma's Radio; Block Almanac; Overtime; "
        "Paper Route; No Refunds"
    ),
    "dub": split(
        "Echo Chamber Lullaby; Slow Ferry; Harbour Dub; Version Excursion; Bassline Almanac; Lion of the "
        "Laundry; Spring Tank; Melodica Sunrise; Half-Speed Skank; Kingfisher Dub; Foghorn Version"
    ),
    "children's songs": split(
        "Ten Small Boats; The Sleepy Otter; Boots and Puddles; Count the Ducks; Good Night, Bicycle; "
        "My Hat Has Three Pockets; The Hungry Train; Wash Your Paws; Moon on a String; Where Did the "
        "Biscuit Go; Hop Like a Frog; The Bear Who Knitted; Brush, Brush, Brush; Snail on Holiday"
    ),
}
NUMBERED = frozenset(("drone", "ambient", "techno", "string quartet", "solo piano"))

LONG = split(
    "I Left the Kitchen Light On So You Would Know Which of the Houses Was Ours; "
    "A Short History of Every Umbrella I Have Ever Left on the Last Train Home from the Coast; "
    "Instructions for Repairing a Lighthouse When Nobody Has Told You Where the Sea Is; "
    "The Man Who Sold Us the Piano Said It Had Only Ever Been Played by Someone Who Was Very Sorry; "
    "Before the Snow Came We Counted All the Windows and There Were More of Them than People; "
    "Suite for Two Radiators, One Kettle and a Neighbour Who Practises the Same Eight Bars until Eleven; "
    "If You Are Hearing This You Have Walked Too Far and Should Turn Round at the Orchard; "
    "Things My Grandmother Said about the Weather, in No Particular Order, Part One"
)
EMOJI = ("🌙", "🌊", "☕", "🔥", "🦋", "🚲", "🍋", "🌧️", "✨")
VENUES = split(
    "the Salt House; Marrow Bay; the Old Customs Hall; Studio Nine; the Lantern Rooms; Pier Four; "
    "the Reading Room; Radio Halcyon"
)
