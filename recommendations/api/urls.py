from __future__ import annotations

from django.urls import path

from recommendations.api import feedback, lists, map, quality

urlpatterns = [
    path("map/", map.MapView.as_view(), name="api_map"),
    path("model/quality/", quality.ModelQualityView.as_view(), name="api_model_quality"),
    path("recommendations/", lists.RecommendationsView.as_view(), name="api_recommendations"),
    path(
        "recommendations/genres/",
        lists.FittingGenresView.as_view(),
        name="api_recommended_genres",
    ),
    path("similar/", lists.SimilarView.as_view(), name="api_similar"),
    path("tracks/<int:pk>/reasons/", lists.TrackReasonsView.as_view(), name="api_track_reasons"),
    path("slates/", lists.SlatesView.as_view(), name="api_slates"),
    path("slates/<int:pk>/", lists.SlateView.as_view(), name="api_slate"),
    path("taste/", lists.TasteView.as_view(), name="api_taste"),
    path("feedback/", feedback.FeedbackView.as_view(), name="api_feedback"),
    path("feedback/bulk/", feedback.BulkFeedbackView.as_view(), name="api_feedback_bulk"),
    path("feedback/undo/", feedback.UndoFeedbackView.as_view(), name="api_feedback_undo"),
]
