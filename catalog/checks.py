from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from catalog.features import SOURCE_ORDER


@register
def check_belief(**_options: Any) -> list[CheckMessage]:
    unknown = [name for name in settings.BELIEVE_FIRST if name not in SOURCE_ORDER]
    return [
        Error(
            f"BELIEVE_FIRST names a source that is not known: {name}",
            hint=f"There are: {', '.join(SOURCE_ORDER)}.",
            id="catalog.E001",
        )
        for name in unknown
    ]
