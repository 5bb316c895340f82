"""Word lists of the languages written in Latin letters."""

from __future__ import annotations

from musicsite.demo.names.words import split, words

_KINDS = split(
    "Borrowed; Quiet; Copper; Velvet; Paper; Northern; Second; Empty; Folded; Hollow; Amber; Distant; "
    "Glass; Patient; Wooden; Crooked; Silver; Tidal; Faded; Gentle; Restless; Marble; Electric; Painted; "
    "Sleepless; Half-Lit; Lemon"
)
_THINGS = split(
    "Ferry; Ledger; Harbour; Orchard; Timetable; Window; Signal; Kitchen; Staircase; Garden; Postcard; "
    "Engine; Meadow; Umbrella; River; Calendar; Parade; Balcony; Weather; Mountain; Archive; Shoreline; "
    "Telephone; Holiday; Cinema; Avenue; Mirror; Platform; Almanac; Suitcase; Corridor; Radio"
)

ENGLISH = words(
    given="Ada; Tomas; Petra; Wren; Marlow; Edie; Silas; Nora; Jude; Rowan; Hollis; Mabel; Otis; "
    "Della; Ferris; Imogen; Lorne; Thea; Ambrose; Cleo; Bryn; Dorian; Maren; Elspeth; Gideon; Isolde",
    family="Wrenley; Kestrelle; Quillon; Thistlewaite; Merrowby; Ashgrave; Pellingmoor; Larkmoor; "
    "Vandermeer-Holt; Brindlecott; Fennimoor; Hallowick; Tamsford; Greycombe; Sedgewyn; Marchbanke; "
    "Dunmorrow; Elverstone; Cobblewright; Yarrowdale; Oakhampton-Reed; Tidewell",
    bands=(
        "The Meridian; The Paper; The Tin; The Harbour; The Velvet Hour; The Copper; The Lowland; "
        "The Marigold; The Saltmarsh; The Thimble; The Orchard; The Tidewater; The Candlewick; "
        "The Second Post; The Winter; The Kerosene; Little Thunder; Saint Orrery; "
        "Old Almanac; Lower Vesper; East Lantern",
        "Parade; Assembly; Almanacs; Telegraph; Committee; Foundry; Cartographers; Weathermen; "
        "Daughters; Motel; Ferrymen; Switchboard; Allotment; Librarians; Laundry; Wanderings",
    ),
    heads="Salt Road; Slow Ferry; Glass Tide; Copper Wire; Low Sun; Velvet Timetable; First Bus; "
    "Orchard Street; Blue Hour Ledger; Borrowed Umbrella; Paper Lantern; Quiet Engine; Kitchen Light; "
    "Second Window; Northern Platform; Hollow Staircase; Amber Signal; Distant Arcade; Early Weather; "
    "Winter Calendar; Patient River; Unsent Letter; Wooden Satellite; Crooked Mile; Silver Carousel; "
    "Tidal Clock; Wandering House; Faded Postcard; Gentle Machine; Unfinished Bridge; Late Avenue; "
    "Restless Garden; Tender Compass; Feral Choir; Marble Pigeon; Drowsy Cinema; Electric Meadow; "
    "Hidden Balcony; Painted Mountain; Sleepless Island; Half a Teacup; Two Suitcases; Small Thunder; "
    "Every Lighthouse; Somebody's Coat; Other People's Gardens; Nobody's Birthday; The Last Telephone; "
    "The Long Corridor; The Sparrow Year; A Map of the Ceiling; A Field of Radios; A Spare Key; "
    "Lemon Season; Cold Coffee; Harvest Static; Sunday Furniture; Moth Weather; Ladder Song; "
    "Candle Arithmetic; Ribbon; Undertow; Threadbare; Evergreen; Homesick; Switchback; Halfway; "
    "Daybreak; Driftwood; Overcast; Anchor; Tangerine; Footbridge; Rooftop; Semaphore; Parallel; "
    "Good Neighbours; Wet Paint; Lost Property; Night Bakery; Cardboard Crown; Spare Room; "
    "Slow Dancing Alone; Learning to Float; Counting Trains; Calling It Home; Leaving the Party; "
    "Holding the Ladder; Waiting for the Kettle; Burning the Timetable; Walking Backwards; "
    "Say It Plainly; Stay a While; Come Back Slowly; Bring the Weather; Keep the Change; Write It Down; "
    + "; ".join(f"{kind} {thing}" for kind in _KINDS for thing in _THINGS),
    turns="in the Rain; after Midnight; for Two; by the Window; on the Last Bus; without You; "
    "at the End of the Street; before the Snow; from Another Room; in Reverse; until Morning; "
    "over the Water; for the Road; in October; under Glass; with the Lights Off; before Breakfast; "
    "between Stations; to the Sea; at Low Tide; on a Tuesday; for My Sister; behind the Cinema; "
    "in Slow Motion; with No Names; again, Again; Part Two; and the Long Way Round",
)

PORTUGUESE = words(
    given="Inês; Tiago; Beatriz; Duarte; Leonor; Rui; Marta; Afonso; Catarina; Simão; Lídia; Vasco; "
    "Helena; Nuno; Graça; Martim",
    family="Alvorada; Marévia; Candeeira; Salgueirinho; Ventoleste; Areal; Brisanova; Montegado; "
    "Ribeirosa; Luzente; Cantarinha; Pedralva; Solvado; Bruméu; Valfrio; Cais do Vale",
    bands=(
        "Trio; Banda; Clube; Grupo; Orquestra",
        "Maré Alta; Lampião; Cais Pequeno; Papagaio Azul; Sereno; Vila Morna; Pandeiro Torto; Beira-Rio",
    ),
    heads="Maré Vazia; Rua Antiga; Noite Mansa; Cais Deserto; Carta Perdida; Janela Aberta; "
    "Barco Lento; Saudade Nova; Vento Leste; Varanda Azul; Madrugada; Promessa Antiga; Xaile Negro; "
    "Amor Tardio; Sombra Leve; Guitarra Cansada; Voz Escondida; Chuva Miúda; Silêncio Branco; "
    "Estrela Baixa; Candeeiro; Última Valsa; Domingo Lento; Areia Fina; Mar de Dentro; Sol de Inverno; "
    "Jardim Fechado; Cidade Adormecida; Navio Ausente; Pedra e Sal; O Cais e a Lua; Rede Branca; "
    "Caminho de Casa; Flor de Laranjeira; Rosa dos Ventos; Meia Luz; Água Parada; Primeiro Barco",
    turns="do Norte; da Ribeira; sem Ti; de Manhã; ao Cair da Tarde; em Março; à Beira do Rio; "
    "da Minha Rua; de Quem Espera; para Dois; do Outro Lado; antes do Inverno; sem Regresso; "
    "na Volta do Mar; em Voz Baixa; da Ilha Pequena; depois da Chuva; ao Luar; da Madrinha; "
    "de Outro Verão",
)

SPANISH = words(
    given="Lucía; Mateo; Ximena; Rosaura; Julián; Nélida; Emiliano; Candela; Ramiro; Paloma; Elías; "
    "Maite; Tobías; Azucena",
    family="Arenales; Montecino; Ríofrío; Palmasola; Vientosur; Tamborero; Valdeluna; Sombrerón; "
    "Cañaveral; Lagunilla; Trasmonte; Candelero",
    bands=(
        "Los Hermanos; La Sonora; Grupo; Conjunto; Los Alegres de; La Banda de; Orquesta; Los Nietos de",
        "Palmasola; Agua Mansa; Medialuna; Tierra Tibia; San Jacinto Chico; Río Naranja; La Vereda; "
        "Puerto Canela; Tambor Azul; Villa Candela",
    ),
    heads="Luna Prestada; Río Abajo; Fiesta Chica; Camino Viejo; Corazón de Barro; Última Parada; "
    "Sombrero Azul; Noche Larga; Palmera Sola; El Tren de las Seis; Agua Dulce; Carnaval Pequeño; "
    "Mercado Nuevo; Tambor Dormido; Flor de Sal; Calle Ancha; Viento Sur; La Vecina; Gallo Temprano; "
    "Cumbia Lenta; Cumbia Descalza; Barrio Alto; Ventana Roja; Café Frío; Bicicleta Verde; "
    "Domingo Entero; Piel de Verano; Lluvia Fina; Sol de Nadie; Baile Secreto; Mango Verde; "
    "Pañuelo Blanco; Burrito Gris; Marea Alta; Rosa de Papel; La Última Vuelta",
    turns="del Puerto; de mi Pueblo; sin Ti; al Amanecer; en Abril; de la Montaña; para Bailar; "
    "a Medianoche; bajo la Lluvia; con Arena; del Otro Lado; de la Abuela; hasta Mañana; en Voz Baja; "
    "junto al Mar; de Ida y Vuelta; de los Domingos; para Mi Compadre",
)

FRENCH = words(
    given="Maëlle; Bastien; Solène; Corentin; Apolline; Théodore; Lison; Anselme; Margaux; Célestin; "
    "Noémie; Augustin",
    family="Valombre; Quaiderive; Montclair-Dufaux; Brisefeuille; Marivaux-Lenoir; Clairbois; "
    "Sauvelune; Courtepaille; Belhiver; Granvelle-Roux; Fontanoy; Rivemarne",
    bands=(
        "Club; Studio; Radio; Orchestre; Atelier; Compagnie",
        "Papier Plié; Marée Basse; Lampadaires; Ligne Neuf; Béton Tendre; Parapluies Noirs; "
        "Rez-de-Chaussée; Cartes Postales",
    ),
    heads="Quai Désert; Lettre Bleue; Rue Tranquille; Lampe Allumée; Encre Sèche; Pluie Fine; "
    "Fenêtre Ouverte; Matin Pâle; Béton Tendre; Ascenseur; Ligne Neuf; Marée Basse; Cour Intérieure; "
    "Papier Plié; Ciel de Craie; Vieux Manteau; Café Serré; Silence Radio; Neige Tardive; Balcon Nord; "
    "Valse Lente; Horizon Flou; Banlieue Douce; Soleil d'Appoint",
    turns="sans toi; à minuit; du dimanche; avant l'aube; en novembre; sous la pluie; pour deux; "
    "au bout du quai; de l'autre rive; à voix basse; jusqu'au matin; près du port; d'en face; "
    "entre deux gares; du troisième étage; après l'orage",
)

GERMAN = words(
    given="Liv; Anselm; Mareike; Jannis; Frieda; Konrad; Thekla; Bruno; Henrike; Lorenz; Ottilie; Veit",
    family="Sturmhagen; Lindenau-Roth; Nebelung; Kupferberg-Thal; Winterhuder; Wolkenstedt; "
    "Falkenrode; Morgenthal; Silberhain; Steinwarder; Rautenfels; Tannhuber",
    bands=(
        "Salon; Kollektiv; Kapelle; Sender; Werk; Haus",
        "Nebelhorn; Umspanner; Drittstock; Kupferdraht; Papierboot; Halbmond; Fernsprecher; Taktgeber",
    ),
    heads="Leiser Regen; Letzte Bahn; Blaues Zimmer; Kaltes Licht; Nachtschicht; Offenes Fenster; "
    "Stilles Wasser; Zwischendeck; Halber Mond; Fremde Straße; Papierboot; Langsamer Abschied; "
    "Wintergarten; Fernsprecher; Grauer Morgen; Schwarzer Schnee; Spiegelsaal; Taktgeber; Umspannwerk; "
    "Dritter Stock; Nebelhorn; Alter Hafen; Kupferdraht; Rote Ampel",
    turns="am Fluss; im November; ohne dich; um Mitternacht; vor dem Sturm; hinter Glas; "
    "bis zum Morgen; unter der Brücke; für zwei; aus der Ferne; im Treppenhaus; nach dem Regen; "
    "am Rand der Stadt; zwischen den Gleisen; im Halbdunkel; von gestern",
)

SWEDISH = words(
    given="Nils; Tuva; Sixten; Alma; Folke; Saga; Ebbe; Liv; Ragna; Vidar; Signe; Hjalmar",
    family="Orre; Lommark; Snödal; Fyrlund-Ask; Tjärnvik; Granhed; Isbäckström; Norrsjö; Vinterkvist; "
    "Björkdotter; Havsund; Rönnlid",
    bands=(
        "Norra; Gamla; Sista; Blå; Tysta; Vita",
        "Fyren; Tåget; Skogen; Ljuset; Timmen; Bron; Snön; Hamnen",
    ),
    heads="Sen sommar; Tyst vatten; Sista tåget; Blå timme; Frusen sjö; Gammal bro; Vit natt; "
    "Stilla hus; Nordlig vind; Öppet fönster; Halv måne; Ensam fyr; Långsam snö; Grått ljus; "
    "Tomma gator; Första frosten; Skogens rand; Järnhjärta; Djup skog; Svart is",
    turns="vid havet; i november; utan dig; före gryningen; under isen; på andra sidan; efter regnet; "
    "till morgonen; för två; i mörkret; bortom bron; mellan husen",
)

POLISH = words(
    given="Jagna; Miłosz; Kalina; Bogdan; Zofia; Leszek; Halina; Tymon; Wanda; Iwo; Róża; Ksawery",
    family="Mgłowiec; Brzezinek; Śnieżak; Topolan; Wierzbień; Jesionek; Cichoń; Latarnik; Mostowiak; "
    "Wietrzyk; Olszyniec; Morszczyn",
    bands=(
        "Stacja; Fabryka; Klub; Hotel; Kino; Teatr",
        "Mgła; Peron Trzeci; Brzoza; Listopad; Latarnia; Szron; Jutro; Marzec",
    ),
    heads="Pusty peron; Cichy deszcz; Ostatni tramwaj; Zimne światło; Biały szum; Stara fabryka; "
    "Otwarte okno; Nocna zmiana; Żółty płaszcz; Martwy sezon; Szara godzina; Druga strona; Krótki sen; "
    "Mokry asfalt; Blady świt; Obce miasto; Papierowy statek; Gorzka kawa; Czarny śnieg; Długi marzec",
    turns="nad rzeką; bez ciebie; w listopadzie; po północy; na końcu ulicy; za szybą; do rana; "
    "dla dwojga; pod mostem; przed burzą; z daleka; między stacjami",
)

TURKISH = words(
    given="Defne; Aras; Nehir; Kuzey; Yaprak; Ilgaz; Ceylin; Doruk; Mavi; Tuna",
    family="Limanoğlu; Gündoğarken; Yağmurcan; Köprülüce; Sisdağ; Akdalga; Karayelci; Ayışık; "
    "Tepebaşlı; Rüzgârgil",
    bands=(
        "Mavi; Son; Uzak; Yarım; Küçük; Eski",
        "Vapur; Tramvay; Fener; Rıhtım; Mahalle; İskele; Pusula; Takvim",
    ),
    heads="Uzak Liman; Sessiz Sokak; Gece Vapuru; Eski Mektup; Mavi Kapı; Yarım Ay; Kırık Saat; "
    "Son Tramvay; Boş Sahil; Yavaş Yağmur; Sabah Kahvesi; Kara Rüzgâr; İkinci Bahar; Açık Pencere; "
    "Dar Köprü; Kayıp Bavul; Demir Kuş; Soğuk Işık",
    turns="Sensiz; Kasımda; Sabaha Karşı; Köprünün Altında; Yağmurdan Sonra; Uzaktan Gelen; "
    "Şehrin Ucunda; Denize Bakan; Unutulmuş; Gece Yarısı",
    turn_first=True,
)

MANDE = words(
    given="Aminata; Fodé; Mariama; Sékou; Fatoumata; Lansana; Kadiatou; Bakary; Nyima; Moussa; Djeneba; "
    "Ousmane",
    family="Dembeya; Koutalé; Sanéba; Farankolo; Tamburayé; Wassouka; Kandialo; Nianfara; Soribadé; "
    "Jeligaye; Balafora; Kassumé",
    bands=(
        "Kora; Ensemble; Trio; Jeli",
        "Farankolo; Wassouka; Tamburayé; Jolimba; Kairaba-Ba; Badiya",
    ),
    heads="Kora for Two Rivers; Dust Road Blessing; Baobab Shade; The Boatman's Daughter; Calabash Moon; "
    "Four Hands, One River; Market Morning; Praise for a Ferryman; Mango Rain; Granary; Heron Song; "
    "Harmattan; Salt Caravan; Lullaby for Nyima; Twenty-One Strings; The Weaver; Bend in the River; "
    "Courtyard at Dusk; Fishing Lamps; Millet; Two Brothers; A Guest at the Gate",
    turns="at Dawn; for My Mother; in the Dry Season; beyond the Sandbank; for Three Voices; "
    "by Lamplight; after the Harvest; on the Far Bank; with Calabash; Old Style",
)
