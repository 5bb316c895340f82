"""A storage without folders or paths, as S3 is, that a test can take away."""

import io
from datetime import UTC, datetime

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, default_storage


class Bucket(Storage):
    def __init__(self):
        self.kept: dict[str, bytes] = {}
        self.times: dict[str, datetime] = {}
        self.error: Exception | None = None  # what it raises, if it is away
        self.asked = 0

    def _ask(self):
        self.asked += 1
        if self.error:
            raise self.error

    def _open(self, name, mode="rb"):
        self._ask()
        if name not in self.kept:
            raise FileNotFoundError(name)
        return File(io.BytesIO(self.kept[name]), name)

    def _save(self, name, content):
        self._ask()
        self.kept[name] = content.read()
        self.times[name] = datetime.now(UTC)
        return name

    def delete(self, name):
        self._ask()
        self.kept.pop(name, None)

    def exists(self, name):
        self._ask()
        return name in self.kept

    def listdir(self, path):
        self._ask()
        inside = [
            name.removeprefix(f"{path}/") for name in self.kept if name.startswith(f"{path}/")
        ]
        folders = {name.partition("/")[0] for name in inside if "/" in name}
        return sorted(folders), [name for name in inside if "/" not in name]

    def get_modified_time(self, name):
        self._ask()
        return self.times[name]


def use_bucket(settings):
    """Keep what is stored from here on in a bucket; return it."""
    backend = {"BACKEND": f"{__name__}.Bucket"}
    settings.STORAGES = settings.STORAGES | {"default": backend}
    default_storage.save("there", ContentFile(b""))
    return default_storage._wrapped
