"""The addresses of our own API for listening."""

from __future__ import annotations

from django.urls import path

from listening.api import imports

urlpatterns = [
    path("imports/", imports.ImportsView.as_view(), name="api_imports"),
    path("imports/<int:pk>/", imports.ImportView.as_view(), name="api_import"),
    path(
        "imports/<int:pk>/rejected/",
        imports.RejectedRowsView.as_view(),
        name="api_import_rejected",
    ),
    path("imports/<int:pk>/cancel/", imports.CancelImportView.as_view(), name="api_import_cancel"),
    path("imports/<int:pk>/resume/", imports.ResumeImportView.as_view(), name="api_import_resume"),
    path("imports/<int:pk>/undo/", imports.UndoImportView.as_view(), name="api_import_undo"),
]
