"""Django's admin, whose pages are loaded with the addresses and not by every command.

They bring the whole site with them: 130 MB and a second for a command that needs none of it.
"""

from __future__ import annotations

from typing import Any

from django.contrib.admin import autodiscover
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.core import checks


class AdminLater(SimpleAdminConfig):
    def ready(self) -> None:
        checks.register(check_dependencies, checks.Tags.admin)
        checks.register(check_pages, checks.Tags.admin)


def check_pages(app_configs: Any, **options: Any) -> list[checks.CheckMessage]:
    """Checks come in any order, so this one does not rely on the addresses being loaded."""
    autodiscover()
    return list(check_admin_app(app_configs, **options))
