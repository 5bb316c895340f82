from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import CharField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin

from catalog.models import AudioFile
from catalog.services import audio
from jobs.models import LIVE, Job

NEIGHBOURS = 8


@admin.register(AudioFile)
class AudioFileAdmin(ModelAdmin):
    """What can be heard: how far each file is measured, why it could not be, and who may listen."""

    list_display = ["name", "track", "audience", "progress", "duration", "size", "added_at"]
    list_filter = ["state", "audience", "mime_type"]
    list_select_related = ["track"]
    list_editable = ["audience"]
    search_fields = ["track__title", "track__artist__name", "path", "upload"]
    ordering = ["-pk"]
    actions = ["measure_again"]
    fields = [
        "track", "where", "mime_type", "size", "duration", "checksum", "audience", "may_train",
        "progress", "sounds", "alike", "added_at", "measured_at",
    ]  # fmt: skip
    show_full_result_count = False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [name for name in self.fields if name != "audience"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[AudioFile]:
        subject = Concat(Value("audio-file-"), Cast(OuterRef("pk"), CharField()))
        jobs = Job.objects.filter(subject=subject, state__in=LIVE).order_by("-created")
        return (
            super()
            .get_queryset(request)
            .annotate(
                job_share=Subquery(jobs.values("progress")[:1]),
                job_words=Subquery(jobs.values("words")[:1]),
            )
        )

    @admin.display(description="measured")
    def progress(self, file: AudioFile) -> str:
        if file.state == AudioFile.State.REFUSED:
            return file.refusal
        share = getattr(file, "job_share", None)
        if share is None:
            return file.get_state_display()
        return f"{share:.0%} {getattr(file, 'job_words', '')}".strip()

    @admin.display(description="length", ordering="duration_ms")
    def duration(self, file: AudioFile) -> str:
        seconds = round((file.duration_ms or 0) / 1000)
        return f"{seconds // 60}:{seconds % 60:02}" if seconds else "-"

    @admin.display(description="lies")
    def where(self, file: AudioFile) -> str:
        return f"AUDIO_DIR/{file.path}" if file.path else f"in the storage: {file.upload}"

    @admin.display(description="how it sounds")
    def sounds(self, file: AudioFile) -> str:
        extra = {"brightness": file.brightness, "onsets per second": file.onset_rate}
        known = {name: value for name, value in extra.items() if value is not None}
        return ", ".join(f"{name} {value:g}" for name, value in (file.features | known).items())

    @admin.display(description="sounds like", empty_value="-")
    def alike(self, file: AudioFile) -> SafeString:
        return format_html_join(
            "",
            "<div>{} – {} ({})</div>",
            (
                (one.file.track.byline, one.file.track.title, f"{one.distance:.1f}")
                for one in audio.nearest_files(file, n=NEIGHBOURS)
            ),
        )

    @admin.action(description="Measure again")
    def measure_again(self, request: HttpRequest, queryset: QuerySet[AudioFile]) -> None:
        for file in queryset:
            audio.measure_again(file)
        self.message_user(request, "They will be measured again.")

    measure_again.allowed_permissions = ("change",)  # type: ignore[attr-defined]
