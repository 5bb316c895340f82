from __future__ import annotations

from typing import Any

from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Listener, Scope
from recommendations.api.asking import IdempotencyKey, listener_of, once
from recommendations.serializers.answers import REFUSED, AnswerShape, answer_of
from recommendations.serializers.giving import (
    BulkSerializer,
    FeedbackSerializer,
    UndoSerializer,
)
from recommendations.services import answering
from recommendations.services.answering import Answer

DONE: dict[str, Any] = {"parameters": [IdempotencyKey], "responses": {201: AnswerShape, **REFUSED}}


class FeedbackView(APIView):
    """Say what you think: like, dislike, favourite, rating, hide, skip or report.

    The answer is the list as it is now, what moved in it, and why. The latest opinion wins.
    """

    scope = Scope.FEEDBACK
    partial = "recommendations/_list.html"

    @extend_schema(request=FeedbackSerializer, operation_id="feedback", **DONE)
    def post(self, request: Request) -> Response:
        return _given(request, FeedbackSerializer)


class BulkFeedbackView(APIView):
    """Say what you think of up to a hundred things; all of it is stored, or nothing."""

    scope = Scope.FEEDBACK
    partial = "recommendations/_list.html"

    @extend_schema(request=BulkSerializer, operation_id="feedback_bulk", **DONE)
    def post(self, request: Request) -> Response:
        return _given(request, BulkSerializer)


class UndoFeedbackView(APIView):
    """Take an opinion back: what it had replaced holds again, and so does the list."""

    scope = Scope.FEEDBACK
    partial = "recommendations/_list.html"

    @extend_schema(
        request=UndoSerializer,
        operation_id="feedback_undo",
        parameters=[IdempotencyKey],
        responses={200: AnswerShape, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        listener = listener_of(request)
        said = UndoSerializer(data=request.data, context={"listener": listener})
        said.is_valid(raise_exception=True)
        opinion, slate = said.opinion, said.slate_shown
        return once(
            request,
            lambda: _answered(
                answering.undo(listener=listener, opinion=opinion, at=now(), slate=slate),
                listener,
                status=200,
            ),
        )


def _given(request: Request, read: type[FeedbackSerializer | BulkSerializer]) -> Response:
    listener = listener_of(request)
    said = read(data=request.data, context={"listener": listener})
    said.is_valid(raise_exception=True)
    asked: dict[str, Any] = {"opinions": said.opinions, "slate": said.slate_shown}
    return once(
        request,
        lambda: _answered(answering.answer(listener=listener, at=now(), **asked), listener, 201),
    )


def _answered(answer: Answer, listener: Listener, status: int) -> Response:
    response = Response(answer_of(answer, listener.taste_version), status=status)
    response.context = {"listed": answer.listed, "answer": answer}  # type: ignore[attr-defined]
    return response
