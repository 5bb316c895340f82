"""The algorithms of the recommender: numpy, scipy, numba, scikit-learn; nothing of the site.

A history is a sparse row, the model is a sparse item-to-item matrix, a recommendation is their
product. Inside this package a listener is a *user* and a track an *item*.
"""
