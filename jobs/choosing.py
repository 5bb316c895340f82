"""Menus of the admin that are searched instead of listed, for the admins of all apps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.http import HttpRequest

if TYPE_CHECKING:
    from django.contrib.admin.options import BaseModelAdmin

    _Admin = BaseModelAdmin[Any]
else:
    _Admin = object


class SearchedMenu(AutocompleteSelect):
    """Django's asks the database for whatever was sent; here what can be no key is no choice."""

    def optgroups(self, name: str, value: Sequence[Any], attr: Any = None) -> Any:
        return super().optgroups(name, [each for each in value if self._can_be_key(each)], attr)

    def _can_be_key(self, sent: Any) -> bool:
        try:
            self.field.remote_field.model._meta.pk.clean(sent, None)
        except ValidationError:
            return False
        return True


class SearchesMenus(_Admin):
    """An admin whose `autocomplete_fields` refuse what was made up in words."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            options.setdefault("widget", SearchedMenu(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **options)
