"""What the API says of imports, and what it takes."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from listening.arrivals import Fate
from listening.imports.formats import AUTO, FORMATS
from listening.models import Import, ImportRow
from listening.services import importing


class FateCountsSerializer(serializers.Serializer[Any]):
    """How many rows met each fate; together they are `position`."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {fate.value: serializers.IntegerField(default=0) for fate in Fate}

    def to_representation(self, instance: Any) -> dict[str, int]:
        return {fate.value: instance.get(fate.value, 0) for fate in Fate}


class ImportSerializer(serializers.ModelSerializer[Import]):
    counts = FateCountsSerializer(read_only=True)
    unread = serializers.SerializerMethodField(help_text="Files that hold nothing of ours.")
    profile = serializers.CharField(
        source="profile_name", read_only=True, help_text="Which of several `profiles` is read."
    )
    profiles = serializers.SerializerMethodField(
        help_text="Those in an export of Segue, if there are several. One import reads one of them."
    )
    has_broken_off = serializers.SerializerMethodField(help_text="Then resume it, or cancel it.")

    class Meta:
        model = Import
        fields = [
            "id",
            "file_name",
            "format",
            "state",
            "position",
            "total",
            "counts",
            "message",
            "unread",
            "profile",
            "profiles",
            "has_broken_off",
            "created_at",
            "finished_at",
        ]
        read_only_fields = fields

    def get_unread(self, import_: Import) -> list[str]:
        unread: list[str] = import_.survey.get("unread", [])
        return unread

    def get_profiles(self, import_: Import) -> list[str]:
        return [profile["name"] for profile in import_.profiles]

    def get_has_broken_off(self, import_: Import) -> bool:
        return importing.has_broken_off(import_)


class NewImportSerializer(serializers.Serializer[Any]):
    """An upload: a zip as it came, or one of the files out of it."""

    file = serializers.FileField(max_length=255)
    format = serializers.ChoiceField(
        choices=[AUTO, *FORMATS],
        default=AUTO,
        help_text="With `auto`, Segue sees by itself what it is.",
    )
    profile = serializers.CharField(
        max_length=60,
        default="",
        allow_blank=True,
        help_text="Which profile of an export of Segue, by handle or name; without it, the first.",
    )

    def validate_file(self, file: Any) -> Any:
        try:
            importing.check_size(file)
        except importing.TooLarge as error:
            raise serializers.ValidationError(str(error)) from error
        return file


class RejectedRowSerializer(serializers.ModelSerializer[ImportRow]):
    class Meta:
        model = ImportRow
        fields = ["number", "place", "reason", "text"]
        read_only_fields = fields


class NotNowErrorSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    detail = serializers.CharField(help_text="May be shown to a person as it stands.")
    attr = serializers.CharField(allow_null=True)


class NotNowSerializer(serializers.Serializer[Any]):
    """It cannot be done as things stand; nothing has changed."""

    type = serializers.CharField()
    errors = NotNowErrorSerializer(many=True)  # type: ignore[assignment]  # as all errors have it
