"""Measures judged on cases, and the choice among them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.fidelity.measures import Measure
from rolegraph.evaluation import METRICS, Cases, Score, judge, popularity

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.fidelity.measures import Values

POPULARITY, COSINE, RANDOM = "popularity", "cosine", "random"
BASELINES = (POPULARITY, COSINE, RANDOM)
CRITERION = "recall@10"  # of the training part: what the choice goes by


def value(score: Score, metric: str = CRITERION) -> float:
    return float(score.means[METRICS.index(metric)])


@dataclass(slots=True)
class Board:
    """Scores by the name of the cases, then by measure.

    Attributes
    ----------
    cases : mapping of str to Cases
    group : sequence of int, optional
        By place of a role: what intervals draw instead of single roles.
    scores : dict
    families : dict of str to str
    what : dict of str to str
    """

    cases: Mapping[str, Cases]
    group: Sequence[int] | None = None
    scores: dict[str, dict[str, Score]] = field(default_factory=dict)
    families: dict[str, str] = field(default_factory=dict)
    what: dict[str, str] = field(default_factory=dict)

    def add(
        self,
        measures: Iterable[Measure],
        change: Callable[[Values], Values] = lambda values: values,
    ) -> None:
        """Judge measures on all cases. ``change`` is done to the values first."""
        for measure in measures:
            values = change(measure.values())
            self.families[measure.name], self.what[measure.name] = measure.family, measure.what
            for name, cases in self.cases.items():
                self.scores.setdefault(name, {})[measure.name] = self.judged(values, cases)

    def judged(self, values: Values, cases: Cases) -> Score:
        score = judge(values, cases)
        return score if self.group is None else score.grouped(self.group)

    def baselines(
        self,
        trained: Mapping[str, Cases],
        roles: int,
        change: Callable[[Values], Values] = lambda values: values,
    ) -> None:
        """Popularity in the training part that belongs to each of the cases, and chance."""
        for name, cases in self.cases.items():
            found = self.scores.setdefault(name, {})
            popular = np.array(popularity(trained[name], roles=roles))
            found[POPULARITY] = self.judged(change(popular), cases)
            found[RANDOM] = self.judged(change(np.zeros((roles, roles))), cases)
        for name, what in (
            (POPULARITY, "how often on lists of the training part"),
            (RANDOM, "what chance gives"),
        ):
            self.families[name], self.what[name] = "baseline", what

    def order(self, cases: str, families: Sequence[str] = ()) -> list[str]:
        """Names of measures, the best by the criterion first."""
        found = self.scores[cases]
        kept = [m for m in found if not families or self.families[m] in families]
        return sorted(kept, key=lambda m: (-round(value(found[m]), 9), m))
