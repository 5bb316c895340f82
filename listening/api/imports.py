"""Imports for programs, and for the page that watches one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.generics import ListAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Listener
from listening.api.pages import ByNumber
from listening.models import Import, ImportRow
from listening.serializers import (
    ImportSerializer,
    NewImportSerializer,
    NotNowSerializer,
    RejectedRowSerializer,
)
from listening.services import importing

SCOPE = "listens"
ACTED = {200: ImportSerializer, 409: NotNowSerializer}


class ImportsView(ListAPIView[Import]):
    """The imports of a listener, newest first; and a new one.

    An upload is stored first and read by a job: watch its `state`.
    """

    scope = SCOPE
    serializer_class = ImportSerializer
    parser_classes = [MultiPartParser]

    def get_queryset(self) -> QuerySet[Import]:
        return _mine(self.request)

    @extend_schema(
        request=NewImportSerializer,
        responses={201: ImportSerializer},
        operation_id="import_create",
    )
    def post(self, request: Request) -> Response:
        upload = NewImportSerializer(data=request.data)
        upload.is_valid(raise_exception=True)
        import_ = importing.start_import(
            listener=_listener(request),
            file=upload.validated_data["file"],
            format_=upload.validated_data["format"],
            profile=upload.validated_data["profile"],
            at=now(),
        )
        return Response(ImportSerializer(import_).data, status=201)


class ImportView(APIView):
    """One import: how far it is, and what became of its rows."""

    scope = SCOPE
    partial = "listening/_import.html"

    @extend_schema(responses=ImportSerializer, operation_id="import_retrieve")
    def get(self, request: Request, pk: int) -> Response:
        import_ = _found(request, pk)
        response = Response(ImportSerializer(import_).data)
        response.context = importing.standing_of(import_)  # type: ignore[attr-defined]
        return response


class Rows(ByNumber):
    page_size = 200
    page_size_query_param = "limit"
    max_page_size = 2000
    ordering = "number"


class RejectedRowsView(ListAPIView[ImportRow]):
    """The rows of an import that could not be read, and why."""

    scope = SCOPE
    serializer_class = RejectedRowSerializer
    pagination_class = Rows
    queryset = ImportRow.objects.none()  # for the schema

    def get_queryset(self) -> QuerySet[ImportRow]:
        return _found(self.request, self.kwargs["pk"]).rows.rejected()


class _ActView(APIView):
    """Something done to one import; the answer is the import as it is then."""

    scope = SCOPE

    def act(self, request: Request, pk: int, act: Callable[..., Any]) -> Response:
        import_ = _found(request, pk)
        act(import_=import_, at=now())
        return Response(ImportSerializer(import_).data)


class CancelImportView(_ActView):
    """Read no further. What is in stays until the import is undone."""

    @extend_schema(request=None, responses=ACTED, operation_id="import_cancel")
    def post(self, request: Request, pk: int) -> Response:
        return self.act(request, pk, importing.cancel)


class ResumeImportView(_ActView):
    """Go on where reading broke off."""

    @extend_schema(request=None, responses=ACTED, operation_id="import_resume")
    def post(self, request: Request, pk: int) -> Response:
        return self.act(request, pk, importing.resume)


class UndoImportView(_ActView):
    """Take back all that the import brought. A job does it: watch the `state`."""

    @extend_schema(request=None, responses=ACTED, operation_id="import_undo")
    def post(self, request: Request, pk: int) -> Response:
        return self.act(request, pk, importing.ask_to_undo)


def _listener(request: Request) -> Listener:
    """:raises PermissionDenied: if the key is of a partner, who speaks for no one listener"""
    listener: Listener | None = getattr(request._request, "listener", None)
    if listener is None:
        raise PermissionDenied("This key speaks for no listener.")
    return listener


def _mine(request: Request) -> QuerySet[Import]:
    return Import.objects.filter(listener=_listener(request))


def _found(request: Request, pk: int) -> Import:
    return get_object_or_404(_mine(request), pk=pk)
