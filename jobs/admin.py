from __future__ import annotations

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils import timezone
from unfold.admin import ModelAdmin

from jobs import services
from jobs.models import IdempotencyKey, Job, JobQuerySet


class ReadOnlyAdmin(ModelAdmin):
    """These rows are written by the machinery alone."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ("pk", "name", "subject", "queue", "state", "share", "tries", "due", "words")
    list_filter = ("state", "queue", "name")
    search_fields = ("name", "subject", "request_id", "unique_key")
    date_hierarchy = "created"
    ordering = ("-pk",)
    show_full_result_count = False
    actions = ("retry", "cancel")

    @admin.display(description="progress", ordering="progress")
    def share(self, job: Job) -> str:
        return f"{job.progress:.0%}"

    @admin.action(description="Start again, with all its tries", permissions=["operate"])
    def retry(self, request: HttpRequest, queryset: JobQuerySet) -> None:
        for job in queryset:
            try:
                services.retry(job, at=timezone.now())
            except services.NotRetried as refusal:
                self.message_user(request, str(refusal), messages.WARNING)
            else:
                self.message_user(request, f"{job} is started again.", messages.SUCCESS)

    @admin.action(description="Call off", permissions=["operate"])
    def cancel(self, request: HttpRequest, queryset: JobQuerySet) -> None:
        count = sum(services.cancel(job, at=timezone.now()) for job in queryset)
        self.message_user(request, f"Called off: {count}.", messages.SUCCESS)

    def has_operate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("jobs.change_job")


@admin.register(IdempotencyKey)
class IdempotencyKeyAdmin(ReadOnlyAdmin):
    list_display = ("scope", "key", "created", "status")
    search_fields = ("scope", "key")
    exclude = ("body", "headers")
