"""The hybrid: what listening says of a track, and what its sound and tags say, by its support.

Listening is the ridge, in which tags are rows beside the listeners' where that is worth it, and
the factors; `mix.py` says how content joins it, `mix_search.py` which mix is best on the data.
"""

from __future__ import annotations

from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommendations.engine.content import Content
from recommendations.engine.interactions import Catalogue, Interactions
from recommendations.engine.mix import Mix, listeners, mixed, support
from recommendations.engine.mix_search import Validated, choose_mix
from recommendations.engine.model import LowRank
from recommendations.engine.parallel import Progress
from recommendations.engine.protocol import NotFittedError
from recommendations.engine.search import Choice, choose
from recommendations.engine.segue import Segue
from recommendations.engine.tag_rows import tag_rows


class Hybrid:
    """After `fit`, `sources_` has the weights by source, "history", "sound" and "tags", each
    scaled as it counts: their products with a history, and the low-rank part, sum to the score.

    `progress` is told the share done of each step; what it raises stops the fit.
    """

    sources_: dict[str, csr_array] | None = None  # each (n_items, n_items)
    low_rank_: LowRank | None = None
    support_: NDArray[np.float32] | None = None  # (n_items,) s of the formula
    choice_: Choice | None = None
    mix_: Mix | None = None
    validated_: Validated | None = None  # where the mix was not given
    listening_: Segue | None = None

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        choice: Choice | None = None,
        mix: Mix | None = None,
        row_limit: int | None = None,
        seed: int = 0,
        workers: int | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.catalogue = catalogue
        self.choice = choice
        self.mix = mix
        self.row_limit = row_limit
        self.seed = seed
        self.workers = workers
        self.progress = progress

    def fit(self, interactions: Interactions) -> Self:
        """:raises ValueError: if the catalogue has other columns than the interactions"""
        self.sources_ = self.low_rank_ = self.validated_ = None
        content = Content(self.catalogue, seed=self.seed, progress=self.progress)
        content.fit(interactions)
        self.choice_ = self.choice or self._choose(interactions)
        self.mix_ = self.mix or self._choose_mix(interactions, content)
        self._put_together(interactions, content, self.mix_)
        return self

    def score(self, histories: csr_array) -> csr_array:
        if self.listening_ is None or self.sources_ is None:
            raise NotFittedError("The hybrid has no weights yet: call fit first.")
        return self.listening_.score(histories)

    @cached_property
    def _tag_rows(self) -> csr_array:
        return tag_rows(self.catalogue.tags)

    def _choose(self, interactions: Interactions) -> Choice:
        """Never popularity alone: with content beside it, less listening is worth something."""
        return choose(
            interactions,
            or_popularity=False,
            seed=self.seed,
            workers=self.workers,
            progress=self.progress,
        )[0]

    def _choose_mix(self, interactions: Interactions, content: Content) -> Mix:
        self.validated_ = choose_mix(
            interactions,
            content,
            self._listening,
            has_tags=bool(self._tag_rows.nnz),
            seed=self.seed,
            progress=self.progress,
        )
        return self.validated_.mix if self.validated_ else Mix()

    def _listening(self, interactions: Interactions, tags: float) -> Segue:
        return Segue(
            choice=self.choice_,
            beside=csr_array(self._tag_rows * np.float32(tags)) if tags else None,
            row_limit=self.row_limit,
            seed=self.seed,
            workers=self.workers,
            progress=self.progress,
        ).fit(interactions)

    def _put_together(self, interactions: Interactions, content: Content, mix: Mix) -> None:
        listening = self._listening(interactions, mix.tags)
        counts = listeners(interactions)
        self.listening_, self.sources_ = mixed(listening, content, counts, mix, self.progress)
        self.low_rank_ = self.listening_.low_rank_
        self.support_ = support(counts, mix.kappa)
