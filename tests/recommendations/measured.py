"""A version as a training leaves it, with figures that a test can look for."""

from datetime import timedelta

from tests.factories import NOON, make_model_version


def interval(mean, half=0.007, n_users=1515):
    low, high = (mean - half, mean + half) if half else (None, None)
    return {"mean": mean, "low": low, "high": high, "n_users": n_users}


def band(low, high, share, ndcg):
    return {
        "low": low,
        "high": high,
        "share": share,
        "figures": {"ndcg": interval(ndcg), "recall": interval(ndcg)},
    }


def evaluation(ndcg, model="This version"):
    names = ("precision", "recall", "f1", "map", "mrr", "hit_rate")
    return {
        "model": model,
        "data": "This site's own listeners",
        "split": "split by time: learned from what was before 20 October 2026, asked for what came "
        "after, the last 20% of the plays",
        "n": 20,
        "n_users": 1515,
        "n_items": 5012,
        "n_interactions": 90_000,
        "accuracy": {"ndcg": interval(ndcg), **{name: interval(ndcg / 2) for name in names}},
        "beyond": {
            "coverage": 0.31,
            "gini": 0.8,
            "novelty": 7.2,
            "diversity": 0.9,
            "popularity_lift": None,
        },
        "activity": [band(0, 1, 0.1, 0.05), band(1, 5, 0.2, 0.118), band(100, None, 0.7, 0.431)],
        "popularity": [band(1, 10, 0.6, 0.143), band(200, None, 0.4, 0.447)],
        "cold_items": {"n": 50, "n_items": 300, "recall": interval(0.2)},
    }


def make_measured(**fields):
    """Twice as good as kNN, and far ahead of the most popular."""
    metrics = {
        "asked": 1515,
        "compared_with": None,
        "evaluations": {
            "candidate": evaluation(0.379),
            "knn": evaluation(0.2, "Item-kNN, cosine, 200 neighbours"),
            "popularity": evaluation(0.011, "Most popular"),
        },
        "versus": {"knn": interval(0.179), "popularity": interval(0.368, 0.008)},
    }
    data = {
        "listeners": 1515,
        "plays": 251_880,
        "opinions": 18_204,
        "tracks": 5012,
        "tracks_with_sound": 4000,
        "plays_left_out": 730,
        "listeners_left_out": 12,
        "pairs": 90_000,
    }
    fields = {
        "state": "ready",
        "algorithm": "hybrid",
        "metrics": metrics,
        "data": data,
        "finished_at": NOON + timedelta(seconds=18),
    } | fields
    return make_model_version(**fields)
