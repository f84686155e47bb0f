"""Measures that rank destinations: from demands (who asks for what) to values for all pairs.

Nothing here sees a transition: :class:`rolegraph.demands.Demands` holds none. A value is the
higher, the better; NaN where the data do not bear one. Efforts are therefore negative.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import scipy.sparse as sp

from rolegraph import similarity
from rolegraph.demands import ESSENTIAL, Demands

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Values: TypeAlias = NDArray[np.float64]

KNOWLEDGE = "/onet/element/2.C."
ELEMENTS = "/onet/element/"
_DIGITS = 10  # values that differ by less are the same: what sums of floats leave over is no order


@dataclass(frozen=True, slots=True)
class Measure:
    """A way to rank, and where it comes from.

    Attributes
    ----------
    name : str
    family : str
        ``library`` (rolegraph.similarity), ``candidate`` (not in the library yet), ``planner``
        (what the planner minimises), ``profile`` (ratings of all elements as vectors), ``mixed``
        (two of these) or ``baseline``.
    what : str
        In a few words; empty where the name says it.
    values : callable
        Gives the values of all pairs, shape (roles, roles).
    """

    name: str
    family: str
    what: str
    values: Callable[[], Values]


def only(demands: Demands, keep: Callable[[str], bool]) -> Demands:
    """Demands for some skills only. All roles stay, even where they then ask for nothing."""
    kept = np.array([keep(s) for s in demands.skills], dtype=np.bool_)[demands.skill]
    arrays = ("role", "skill", "strength", "level", "importance", "rating")
    return replace(demands, **{name: getattr(demands, name)[kept] for name in arrays})


class Asked:
    """Demands as matrices of roles by skills."""

    def __init__(self, demands: Demands) -> None:
        self.demands = demands
        self.n = len(demands.roles)

    def _matrix(self, rows: Any, data: Any) -> Any:
        d = self.demands
        shape = (self.n, len(d.skills))
        return sp.csr_array((data[rows], (d.role[rows], d.skill[rows])), shape=shape)

    @cached_property
    def asks(self) -> Any:
        rows = ~self.demands.rating
        return self._matrix(rows, np.ones(len(rows)))

    @cached_property
    def size(self) -> Values:
        return np.asarray(self.asks.sum(axis=1), dtype=np.float64).ravel()

    @cached_property
    def idf(self) -> Values:
        """ln(1 + n / df), as in rolegraph.similarity."""
        df = np.asarray(self.asks.sum(axis=0)).ravel()
        found: Values = np.log1p(np.count_nonzero(self.size) / np.maximum(df, 1))
        return found

    @cached_property
    def levelled(self) -> list[int]:
        """Skills that a level is known of."""
        d = self.demands
        found: list[int] = np.unique(d.skill[~np.isnan(d.level)]).tolist()
        return found

    def column(self, skill: int, what: str) -> Values:
        """What all roles have for one skill; NaN where nothing is known."""
        d = self.demands
        at = np.flatnonzero(d.skill == skill)
        out = np.full(self.n, np.nan)
        out[d.role[at]] = getattr(d, what)[at]
        return out

    def demanded(self, skill: int) -> NDArray[np.bool_]:
        out = np.zeros(self.n, dtype=np.bool_)
        d = self.demands
        out[d.role[(d.skill == skill) & ~d.rating]] = True
        return out

    @cached_property
    def able(self) -> NDArray[np.bool_]:
        """Pairs of which both ask for something."""
        return (self.size > 0)[:, None] & (self.size > 0)

    def masked(self, values: Values) -> Values:
        """NaN where one of the two asks for nothing; noise of the last digits gone."""
        return np.where(self.able, np.round(values, _DIGITS), np.nan)

    def lengths(self) -> str:
        """How much roles ask for, in words."""
        low, first, third, high = np.percentile(self.size[self.size > 0], (0, 25, 75, 100))
        middle = f"the middle half for {first:.0f} to {third:.0f}"
        return f"ask for {low:.0f} to {high:.0f} things, {middle}"

    # --- what the planner minimises

    def new(self, weights: Values | None = None) -> Values:
        """Weight of what only the target asks for."""
        right = self.asks if weights is None else self.asks * weights
        right = sp.csr_array(right)
        total = np.asarray(right.sum(axis=1)).ravel()
        found: Values = total - (self.asks @ right.T).toarray()
        return found

    def raised(self) -> Values:
        """How many skills both ask for, the target on a higher level."""
        out = np.zeros((self.n, self.n))
        for skill in self.levelled:
            level = np.where(self.demanded(skill), self.column(skill, "level"), np.nan)
            at = np.flatnonzero(~np.isnan(level))
            out[np.ix_(at, at)] += level[at, None] < level[at]
        return out

    def gaps(self, *, weighted: bool, everything: bool) -> Values:
        """Levels to rise, over what the target asks for (or is rated on), by importance or not.

        A skill whose level is not known for the source counts from 0, one whose level is not known
        for the target counts nothing: the data do not say how much there would be to learn.
        """
        # from nothing, less what is held: only pairs of which both have a level need a closer look
        whole, held = np.zeros(self.n), np.zeros((self.n, self.n))
        for skill in self.levelled:
            level = self.column(skill, "level")
            known = ~np.isnan(level)
            weight = np.where(known if everything else self.demanded(skill) & known, 1.0, 0.0)
            if weighted:
                weight = weight * np.nan_to_num(self.column(skill, "importance"))
            level = np.nan_to_num(level)
            whole += level * weight
            at = np.flatnonzero(known)
            held[np.ix_(at, at)] += np.minimum(level[at, None], level[at]) * weight[at]
        return whole - held

    @cached_property
    def rated(self) -> NDArray[np.bool_]:
        d = self.demands
        out = np.zeros(self.n, dtype=np.bool_)
        out[d.role[~np.isnan(d.level)]] = True
        return out

    def both_rated(self, values: Values) -> Values:
        """NaN where a level is known of one of the two for no skill at all."""
        fits = self.rated[:, None] & self.rated
        return np.where(fits, np.round(values, _DIGITS), np.nan)

    def shares(self, cost: Values, total: Values) -> Values:
        """Costs as shares of what they could be at most."""
        return np.divide(cost, total, out=np.zeros_like(cost), where=total > 0)

    @cached_property
    def known_importance(self) -> Values:
        """Mean importance of each skill over the roles that ask for it; NaN where none is known."""
        d = self.demands
        rows = ~d.rating & ~np.isnan(d.importance)
        count = np.bincount(d.skill[rows], minlength=len(d.skills))
        total = np.bincount(d.skill[rows], weights=d.importance[rows], minlength=len(d.skills))
        return np.where(count > 0, total / np.maximum(count, 1), np.nan)

    def effort(self, weights: Values) -> Values:
        """The planner's effort of one step: weight by share of the highest level, over new skills
        and over the levels between. A demand without a level asks for the lowest one.
        """
        d = self.demands
        asked = ~d.rating
        levelled = np.unique(d.skill[asked & ~np.isnan(d.level)])
        flat = np.array(weights, dtype=np.float64)
        flat[levelled] = 0.0
        whole, held = np.zeros(self.n), np.zeros((self.n, self.n))
        for skill in levelled.tolist():
            level = np.where(self.demanded(skill), self.column(skill, "level"), np.nan)
            lowest, highest = np.nanmin(level), np.nanmax(level)
            at = np.flatnonzero(self.demanded(skill))
            level = np.where(np.isnan(level[at]), lowest, level[at])
            share = weights[skill] * (level / highest if highest > 0 else np.ones(len(at)))
            whole[at] += share
            held[np.ix_(at, at)] += np.minimum(share[:, None], share)
        return self.new(flat) + whole - held

    # --- ratings as vectors

    def vectors(self, what: str, keep: Callable[[str], bool]) -> Values:
        """Roles by elements with a level; a row of NaN where a role is not rated."""
        skills = [s for s in self.levelled if keep(self.demands.skills[s])]
        if not skills:
            return np.full((self.n, 1), np.nan)
        return np.stack([self.column(s, what) for s in skills], axis=1)

    def angle(self, vectors: Values, *, centred: bool = False) -> Values:
        """Cosine of vectors; centred: of their z-scores by element, so that only what sets a role
        apart from the others counts."""
        known = ~np.isnan(vectors).any(axis=1)
        x = vectors[known]
        if centred and len(x):
            spread = x.std(axis=0)
            x = (x - x.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
        norm = np.linalg.norm(x, axis=1)
        x = x / np.where(norm > 0, norm, 1.0)[:, None]
        out = np.full((self.n, self.n), np.nan)
        out[np.ix_(known, known)] = np.round(x @ x.T, _DIGITS)
        return out

    def distance(self, vectors: Values) -> Values:
        """Sum of absolute differences, over the elements."""
        out = np.zeros((self.n, self.n))
        for column in vectors.T:
            out += np.abs(column[:, None] - column)
        return np.round(out, _DIGITS)


def dense(values: Any) -> Values:
    """An array of float64 out of whatever rolegraph.similarity gives."""
    out = values.toarray() if sp.issparse(values) else np.asarray(values)
    return out.astype(np.float64)


_LIBRARY = {
    "overlap": "part of what the target asks that is there",
    "overlap-idf": "the same, rare skills weighing more",
    "overlap-level": "the same, a skill counting by level held / asked",
    "essential": "overlap of essential skills",
    "held-essential": "essential part that is there",
    "cosine": "shared / √(both sizes)",
    "jaccard": "shared / either",
    "activities": "kinds of work activity",
    "combined": "mean of essential, held-essential and activities",
}


def _of_library(asked: Asked, name: str) -> Values:
    return asked.masked(dense(similarity.matrix(asked.demands, name)))


def library(demands: Demands) -> tuple[list[Measure], dict[str, str]]:
    """All measures of rolegraph.similarity; those that the data do not bear, with the reason."""
    asked = Asked(demands)
    absent: dict[str, str] = {}
    parts = similarity.components(demands)
    strengths = bool((demands.strength[~demands.rating] == ESSENTIAL).any())
    found = []
    for name in similarity.measures():
        if name in ("essential", "held-essential") and not strengths:
            absent[name] = "the source does not say which skills are essential"
        elif name == "activities" and name in parts.absent:
            absent[name] = parts.absent[name]
        elif name == "combined" and not parts.used:
            absent[name] = "none of the measures that it is the mean of applies"
        else:
            found.append(
                Measure(
                    name,
                    "library",
                    _LIBRARY.get(name, ""),
                    partial(_of_library, asked, name),
                )
            )
    return found, absent


def weighted(demands: Demands) -> list[Measure]:
    """The two symmetric measures of the library with rare skills weighing more."""
    a = Asked(demands)

    def cosine() -> Values:
        w = sp.csr_array(a.asks * a.idf)
        norm = np.sqrt(np.asarray(w.multiply(w).sum(axis=1)).ravel())
        both = norm[:, None] * norm
        return a.masked(a.shares((w @ w.T).toarray(), both))

    def jaccard() -> Values:
        w = sp.csr_array(a.asks * a.idf)
        shared = (w @ a.asks.T).toarray()
        total = np.asarray(w.sum(axis=1)).ravel()
        return a.masked(a.shares(shared, total[:, None] + total - shared))

    return [
        Measure("cosine-idf", "candidate", "cosine, rare skills weighing more", cosine),
        Measure("jaccard-idf", "candidate", "jaccard, rare skills weighing more", jaccard),
    ]


def planner(demands: Demands) -> list[Measure]:
    """What the planner minimises, for one step, as rankings; and variants of it."""
    a = Asked(demands)

    def plain(name: str, what: str, cost: Callable[[], Values]) -> Measure:
        return Measure(name, "planner", what, lambda: a.masked(-cost()))

    def level(name: str, what: str, cost: Callable[[], Values]) -> Measure:
        return Measure(name, "planner", what, lambda: a.both_rated(-cost()))

    found = [
        plain("new-skills", "fewest new or to be raised", lambda: a.new() + a.raised()),
        plain(
            "effort",
            "new or to be raised, by idf and share of the highest level",
            lambda: a.effort(a.idf),
        ),
        plain("new and lost", "fewest new and no longer used", lambda: a.new() + a.new().T),
    ]
    if not a.levelled:
        return found
    found += [
        plain("new-skills, levels aside", "fewest new", a.new),
        plain("effort, levels aside", "new skills by idf", lambda: a.new(a.idf)),
    ]
    if not np.isnan(a.known_importance).all():
        found += [
            plain(
                "effort-importance",
                "by mean importance, where known, and share of the top level",
                lambda: a.effort(np.nan_to_num(a.known_importance)),
            )
        ]
    weighed = {"weighted": True, "everything": False}
    return [
        *found,
        level(
            "level gap",
            "levels to rise in what the target asks",
            lambda: a.gaps(weighted=False, everything=False),
        ),
        level(
            "level gap by importance",
            "the same, by importance in the target",
            lambda: a.gaps(**weighed),
        ),
        level(
            "level gap by importance, share",
            "the same as a share of starting from nothing",
            lambda: a.shares(a.gaps(**weighed), np.tile(_from_nothing(a), (a.n, 1))),
        ),
        level(
            "level gap, all elements",
            "levels to rise in all that is rated",
            lambda: a.gaps(weighted=False, everything=True),
        ),
    ]


def _from_nothing(a: Asked) -> Values:
    """Levels by importance that each target asks for."""
    out = np.zeros(a.n)
    for skill in a.levelled:
        level, importance = a.column(skill, "level"), a.column(skill, "importance")
        out += np.where(a.demanded(skill), np.nan_to_num(level) * np.nan_to_num(importance), 0.0)
    return out


def _angle(a: Asked, what: str, keep: Callable[[str], bool], centred: bool) -> Values:
    return a.angle(a.vectors(what, keep), centred=centred)


def profiles(demands: Demands) -> list[Measure]:
    """Vectors of ratings: of skills, of knowledge, and of both."""
    a = Asked(demands)
    parts: Mapping[str, Callable[[str], bool]] = {
        "skills": lambda s: ELEMENTS in s and KNOWLEDGE not in s,
        "knowledge": lambda s: KNOWLEDGE in s,
        "both": lambda s: ELEMENTS in s,
    }
    found = []
    for part, keep in parts.items():
        for what in ("level", "importance"):
            for centred in (False, True):
                name = f"{what}s of {part}" if what == "level" else f"{what} of {part}"
                found.append(
                    Measure(
                        f"{'z-' if centred else ''}cosine, {name}",
                        "profile",
                        "",
                        partial(_angle, a, what, keep, centred),
                    )
                )
    both = parts["both"]
    found.append(
        Measure(
            "cosine, levels by importance of both",
            "profile",
            "angle of levels weighed by importance",
            lambda: a.angle(a.vectors("level", both) * a.vectors("importance", both)),
        )
    )
    found.append(
        Measure(
            "distance, levels of both",
            "profile",
            "least sum of differences",
            lambda: -a.distance(a.vectors("level", both)),
        )
    )
    return found


def zones(demands: Demands, values: Values, apart: int = 1) -> Values:
    """Not ranked (NaN) where job zones are further apart, both being known."""
    zone = np.array([np.nan if z is None else z for z in demands.zone], dtype=np.float64)
    return np.where(np.abs(zone[:, None] - zone) > apart, np.nan, values)


def mixed(first: Values, second: Values, weight: float) -> Values:
    """Weighted mean of two rankings in z-scores of each source's row.

    Where only one of the two is known for a pair it counts alone; equal pairs stay equal.
    """
    a, b = _standard(first), _standard(second)
    both = weight * a + (1.0 - weight) * b
    known = np.where(np.isnan(a), b, np.where(np.isnan(b), a, both))
    return np.asarray(np.round(known, _DIGITS), dtype=np.float64)


def _standard(values: Values) -> Values:
    out = values.copy()
    np.fill_diagonal(out, np.nan)
    known = ~np.isnan(out)
    count = np.maximum(known.sum(axis=1, keepdims=True), 1)
    mean = np.where(known, out, 0.0).sum(axis=1, keepdims=True) / count
    spread = np.sqrt(np.where(known, (out - mean) ** 2, 0.0).sum(axis=1, keepdims=True) / count)
    return np.asarray((out - mean) / np.where(spread > 0, spread, 1.0), dtype=np.float64)
