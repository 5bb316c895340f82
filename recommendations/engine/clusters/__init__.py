"""Tracks that are alike and listeners who are alike, in groups with names."""

from recommendations.engine.clusters.groups import Groups, dbscan, k_means, silhouette
from recommendations.engine.clusters.naming import Profile, describe
from recommendations.engine.clusters.recommender import ClusterRecommender
from recommendations.engine.clusters.table import Table, of_items, of_users, tags_of_users

__all__ = [
    "ClusterRecommender",
    "Groups",
    "Profile",
    "Table",
    "dbscan",
    "describe",
    "k_means",
    "of_items",
    "of_users",
    "silhouette",
    "tags_of_users",
]
