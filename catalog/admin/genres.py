from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from catalog.admin.acts import action
from catalog.admin.base import CuratedAdmin
from catalog.admin.forms import GenreForm
from catalog.models import Genre
from catalog.tree import genre_tree


@admin.register(Genre)
class GenreAdmin(CuratedAdmin):
    form = GenreForm
    list_display = ["name", "parent_name"]
    list_select_related = ["parent"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    actions = [action("move")]
    list_before_template = "admin/catalog/_to_tree.html"

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        return (*super().get_custom_urls(), ("tree/", "catalog_genre_tree", tree))

    @admin.display(ordering="parent__name", description="under")
    def parent_name(self, genre: Genre) -> str:
        return genre.parent.name if genre.parent else "–"


def tree(request: HttpRequest, model_admin: GenreAdmin) -> HttpResponse:
    """The whole tree, each branch with a way to move it."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "The tree of genres",
        "opts": model_admin.opts,
        "branches": genre_tree(),
    }
    return TemplateResponse(request, "admin/catalog/tree.html", context)
