"""A cache that may be away: then it is a miss, never an error. What it keeps is JSON."""

from __future__ import annotations

import json
import logging
from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


BYTES = "base64"  # the one key of what stands for bytes


class NotPlain(TypeError):
    """No JSON says what this is."""


class PlainSerializer:
    """Values as JSON, with bytes in it as base64: reading one runs nothing, unlike Django's own."""

    def dumps(self, value: Any) -> int | str:
        if type(value) is int:  # as it is: Redis counts with it
            return value
        return json.dumps(value, default=_written, separators=(",", ":"))

    def loads(self, data: bytes) -> Any:
        return json.loads(data, object_hook=_read)


def _written(value: Any) -> dict[str, str]:
    if isinstance(value, bytes):
        return {BYTES: b64encode(value).decode("ascii")}
    raise NotPlain(f"A {type(value).__name__} cannot be cached.")


def _read(found: dict[str, Any]) -> Any:
    return b64decode(found[BYTES]) if found.keys() == {BYTES} else found


class OneClient(RedisCacheClient):
    """Django makes a client for each command; one does, since its pool gives out connections."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._kept: dict[bool, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        if write not in self._kept:
            self._kept[write] = super().get_client(key, write=write)
        return self._kept[write]


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache; while Redis is away nothing is found and nothing is kept.

    Nor are objects, which the search of the admin would like to keep.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._class = OneClient

    def add(self, *args: Any, **options: Any) -> bool:
        return self._try(super().add, False, *args, **options)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._try(super().get, default, key, default, version)

    def set(self, *args: Any, **options: Any) -> None:
        self._try(super().set, None, *args, **options)

    def touch(self, *args: Any, **options: Any) -> bool:
        return self._try(super().touch, False, *args, **options)

    def delete(self, *args: Any, **options: Any) -> bool:
        return self._try(super().delete, False, *args, **options)

    def get_many(self, *args: Any, **options: Any) -> dict[Any, Any]:
        return self._try(super().get_many, {}, *args, **options)

    def set_many(self, *args: Any, **options: Any) -> list[Any]:
        return self._try(super().set_many, [], *args, **options)

    def delete_many(self, *args: Any, **options: Any) -> None:
        self._try(super().delete_many, None, *args, **options)

    def has_key(self, *args: Any, **options: Any) -> bool:
        return self._try(super().has_key, False, *args, **options)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        return self._try(super().incr, delta, key, delta, version)

    def _try(self, command: Callable[..., Any], fallback: Any, *args: Any, **options: Any) -> Any:
        try:
            return command(*args, **options)
        except RedisError as error:
            log.warning("cache is away: %s", error)
            return fallback
        except NotPlain as error:
            log.debug("not cached: %s", error)
            return fallback
