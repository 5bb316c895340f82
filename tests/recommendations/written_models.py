"""Models written by hand, and live as a trained one is: what leads to what is known.

go_live([one, two, three], {(one, two): 0.9, (one, three): 0.5})
"""

from pathlib import Path

import numpy as np
from django.core.files.storage import default_storage
from scipy.sparse import csr_array

from recommendations.engine.interactions import Catalogue
from recommendations.engine.model import ServingModel, Term
from recommendations.models import ModelVersion
from recommendations.serving import live
from tests.factories import NOON


def go_live(tracks, leads=None, *, popularity=None, vectors=None, energy=None, at=NOON):
    """Make a model of these tracks the live one; `leads` are its weights from track to track."""
    tracks = sorted(tracks, key=lambda track: track.pk)
    place = {track.pk: column for column, track in enumerate(tracks)}
    weights = np.zeros((len(tracks), len(tracks)), np.float32)
    for (one, other), weight in (leads or {}).items():
        weights[place[one.pk], place[other.pk]] = weight
    model = ServingModel.build(
        np.array([track.pk for track in tracks]),
        [
            Term.of("history", csr_array(weights * np.float32(0.5))),
            Term.of("sound", csr_array(weights * np.float32(0.3))),
            Term.of("tags", csr_array(weights * np.float32(0.2))),
        ],
        popularity=by_track(tracks, popularity, 1.0),
        catalogue=catalogue_of(tracks, by_track(tracks, energy, np.nan)),
        vectors=np.zeros((len(tracks), 2)) if vectors is None else pointed(tracks, vectors),
    )
    ModelVersion.objects.live().update(state=ModelVersion.State.RETIRED)
    row = ModelVersion.objects.create(algorithm="written", state="live", started_at=at)
    row.artifact = f"models/{row.pk}"
    folder = Path(default_storage.path(row.artifact))
    row.checksum = model.save(folder, counts={"listeners": 10}).checksum
    row.save()
    live._process.looked_at = -live.LOOK_AGAIN
    return row


def by_track(tracks, values, otherwise):
    return np.array([(values or {}).get(track, otherwise) for track in tracks])


def pointed(tracks, vectors):
    return np.array([vectors.get(track, (0.0, 0.0)) for track in tracks])


def catalogue_of(tracks, energy):
    return Catalogue(
        features=energy.astype(np.float32)[:, None],
        feature_names=["energy"],
        tags=csr_array(np.zeros((len(tracks), 1), np.float32)),
        tag_names=["any"],
        artist=np.array([track.artist.canonical_id or track.artist_id for track in tracks]),
        year=np.array([track.year or np.nan for track in tracks], np.float32),
        work=np.array([track.work_id or -1 for track in tracks]),
    )
