"""How files sound: asked for here, done by a job for each in a process of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from catalog.features import FEATURES
from catalog.models import AudioFile, FeatureSet, Source
from catalog.services import showing
from catalog.services.exploring import ask_for_exploration
from jobs import services as jobs
from jobs.models import Job

if TYPE_CHECKING:
    from catalog.audio.measuring import Measures

JOB = "catalog.measure_audio"
Tell = Callable[[float, str], None]


class NotMeasured(Exception):
    """Its message, which the file keeps, says why."""


def measure_later(file: AudioFile) -> Job:
    return jobs.enqueue(JOB, file.pk, unique=file.subject, subject=file.subject)


@transaction.atomic
def measure_again(file: AudioFile) -> Job:
    AudioFile.objects.filter(pk=file.pk).update(state=AudioFile.State.WAITING, refusal="")
    return measure_later(file)


def measure_file(pk: int, *, at: datetime, tell: Tell) -> AudioFile:
    """Listen to a file and store how it sounds; only in a process of its own (librosa is large).

    :raises NotMeasured: if it cannot be; the file keeps the reason
    """
    from catalog.audio.measuring import measure
    from catalog.audio.reading import Unmeasurable

    file = AudioFile.objects.get(pk=pk)
    try:
        with file.on_disk() as place:
            measures = measure(place, tell)
    except (Unmeasurable, OSError) as error:
        words = str(error) if isinstance(error, Unmeasurable) else "The file is not there any more."
        give_up(pk, words)
        raise NotMeasured(words) from error
    _store(file, measures, at=at)
    return file


def give_up(pk: int, words: str) -> None:
    """Remember why a file could not be measured; the first reason stays."""
    waiting = AudioFile.objects.filter(pk=pk, state=AudioFile.State.WAITING)
    waiting.update(state=AudioFile.State.REFUSED, refusal=words[:1000])


@transaction.atomic
def _store(file: AudioFile, measures: Measures, *, at: datetime) -> None:
    AudioFile.objects.filter(pk=file.pk).update(
        state=AudioFile.State.MEASURED,
        refusal="",
        duration_ms=round(measures.seconds * 1000),
        features=measures.features,
        brightness=measures.brightness,
        onset_rate=measures.onset_rate,
        timbre=measures.timbre,
        measured_at=at,
    )
    say_how_it_sounds(file.track_id)
    ask_for_exploration(at=at)


def say_how_it_sounds(track: int) -> None:
    """Let the oldest measured file of a track say how the track sounds."""
    file = AudioFile.objects.measured().filter(track=track).order_by("pk").first()
    if file is None:
        return
    sound = dict.fromkeys(FEATURES) | file.features
    FeatureSet.objects.update_or_create(
        track_id=track,
        source=Source.AUDIO,
        defaults=sound
        | {
            "timbre": file.timbre,
            "may_train": file.may_train,
            "measured_at": file.measured_at,
        },
    )
    showing.refresh_shown([track])
