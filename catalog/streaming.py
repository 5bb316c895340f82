"""Audio files over HTTP: whole or in parts, as players ask who jump about in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, cast
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from catalog.audio.ranges import OutOfRange, read_range
from catalog.models import AudioFile

BLOCK = 64 * 1024
DAY = 24 * 60 * 60


def stream(request: HttpRequest, audio: AudioFile) -> HttpResponseBase:
    """Answer with the file, or the part that is asked for.

    :raises Http404: if it is not where it should be
    """
    response = _conditional(request, audio) or _answer(request, audio)
    for name, value in _headers(audio).items():
        response.headers[name] = value
    return response


def _conditional(request: HttpRequest, audio: AudioFile) -> HttpResponseBase | None:
    """Say that the browser has it already, if it has."""
    changed = int(audio.modified_at.timestamp())
    return cast(
        "HttpResponseBase | None",
        get_conditional_response(request, etag=_etag(audio), last_modified=changed),
    )


def _answer(request: HttpRequest, audio: AudioFile) -> HttpResponseBase:
    try:
        part = read_range(_wanted(request, audio), audio.size)
    except OutOfRange:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{audio.size}"})
    if settings.AUDIO_ACCEL and audio.path:
        return _by_proxy(audio)
    return _send(_opened(audio), audio, part, with_body=request.method != "HEAD")


def _wanted(request: HttpRequest, audio: AudioFile) -> str:
    """The range asked for; none if the browser has begun with another version of the file."""
    begun = request.headers.get("If-Range", "")
    if begun and begun not in (_etag(audio), http_date(int(audio.modified_at.timestamp()))):
        return ""
    return request.headers.get("Range", "")


def _opened(audio: AudioFile) -> BinaryIO:
    try:
        return audio.open()
    except (OSError, SuspiciousFileOperation):
        raise Http404("The file is not there.") from None


def _send(
    file: BinaryIO, audio: AudioFile, part: range | None, *, with_body: bool
) -> HttpResponseBase:
    sent = range(audio.size) if part is None else part
    status = 200 if part is None else 206
    if with_body:
        response: HttpResponseBase = StreamingHttpResponse(Part(file, sent), status=status)
    else:
        file.close()
        response = HttpResponse(status=status)
    response.headers["Content-Length"] = str(len(sent))
    if part is not None:
        response.headers["Content-Range"] = f"bytes {part[0]}-{part[-1]}/{audio.size}"
    return response


class Part:
    """Some bytes of a file, which is closed also if nobody comes to fetch them."""

    def __init__(self, file: BinaryIO, sent: range) -> None:
        self.file, self.sent = file, sent

    def __iter__(self) -> Iterator[bytes]:
        self.file.seek(self.sent.start)
        left = len(self.sent)
        while left and (block := self.file.read(min(BLOCK, left))):
            left -= len(block)
            yield block

    def close(self) -> None:
        self.file.close()


def _by_proxy(audio: AudioFile) -> HttpResponse:
    """nginx sends it, with ranges of its own."""
    _opened(audio).close()
    where = settings.AUDIO_ACCEL.rstrip("/") + "/" + quote(audio.path)
    return HttpResponse(headers={"X-Accel-Redirect": where})


def _headers(audio: AudioFile) -> dict[str, str]:
    return {
        "Accept-Ranges": "bytes",
        "Cache-Control": f"private, max-age={DAY}",
        "Content-Disposition": "inline",
        "Content-Encoding": "identity",  # else it would be compressed, and ranges mean nothing
        "Content-Type": audio.mime_type,
        "ETag": _etag(audio),
        "Last-Modified": http_date(int(audio.modified_at.timestamp())),
        "X-Content-Type-Options": "nosniff",
    }


def _etag(audio: AudioFile) -> str:
    return f'"{audio.checksum}"'
