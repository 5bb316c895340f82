"""Which bytes a browser asks for (RFC 9110, section 14)."""

from __future__ import annotations

import re

ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class OutOfRange(Exception):
    """None of the bytes asked for are there."""


def read_range(header: str, size: int) -> range | None:
    """Return the bytes asked for; None where all of them are to be sent.

    What is malformed, of another unit or asks for several parts is passed over, as one may.

    :raises OutOfRange: if the file ends before the first of them
    """
    found = ONE_RANGE.fullmatch(header.strip())
    if not found or found[1] == found[2] == "":
        return None
    if not found[1]:  # the last so many
        last = int(found[2])
        asked = range(max(size - last, 0), size) if last else range(0)
    else:
        if found[2] and int(found[2]) < int(found[1]):
            return None
        end = int(found[2]) + 1 if found[2] else size
        asked = range(int(found[1]), min(end, size))
    if not asked:
        raise OutOfRange
    return asked
