from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One thing to see: what it is called, the sentence that says it, the table, the drawing.

    `says` is safe HTML. `drawing` is what the template of its picture needs.
    """

    slug: str
    title: str
    says: str
    columns: Sequence[str] = ()
    rows: Sequence[Any] = ()
    drawing: dict[str, Any] = field(default_factory=dict)
