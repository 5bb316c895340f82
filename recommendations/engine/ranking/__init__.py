"""Ranking, once for all models: from scores to a list a person wants to see.

`top_n` takes the best of each row of scores, for evaluation and for plain lists. `recommend` makes
one listener's list from a serving model: terms make the score, rules choose among the scored.
"""

from recommendations.engine.ranking.live import Ranking, Taste, recommend
from recommendations.engine.ranking.rules import Rules
from recommendations.engine.ranking.steering import Steering
from recommendations.engine.ranking.top import top_n

__all__ = ["Ranking", "Rules", "Steering", "Taste", "recommend", "top_n"]
