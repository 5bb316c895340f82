"""Pages of what an endpoint lists."""

from __future__ import annotations

from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request

MOST_DIGITS = 18  # what every database can compare


class ByNumber(CursorPagination):
    """Pages by cursor, in the order of a column of whole numbers."""

    def decode_cursor(self, request: Request) -> Cursor | None:
        """:raises NotFound: if the cursor is none that we gave out"""
        cursor = super().decode_cursor(request)
        if cursor and cursor.position is not None and not _is_number(str(cursor.position)):
            raise NotFound(self.invalid_cursor_message)
        return cursor


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS
