"""A table as a download, row by row: all of it need not fit into memory."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse

from catalog.admin.cells import guarded


def as_csv(
    name: str, columns: Sequence[str], rows: Iterable[Sequence[str]]
) -> StreamingHttpResponse:
    """The cells are guarded, so that no spreadsheet runs one as a formula."""
    response = StreamingHttpResponse(_lines(columns, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


class _Line:
    """What a csv writer writes to, to get each line back."""

    def write(self, line: str) -> str:
        return line


def _lines(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield writer.writerow(columns)
    for row in rows:
        yield writer.writerow([guarded(cell) for cell in row])
