"""How well a ranking of destinations finds those that experts listed or people took.

A *case* is a question with known answers: one role, and the destinations that should come first
when all other roles are ranked for it. Lists made by experts give one case for each role; observed
moves give one case for each move, which weighs as much as the move was counted.

=========  ==================================================================================
metric     value of one case
=========  ==================================================================================
hit@k      1 if any of the answers is among the first k, else 0
recall@k   the part of the answers that is among the first k
mrr        1 / place of the first answer (the mean over cases: mean reciprocal rank)
=========  ==================================================================================

All roles but the source itself are candidates; none are sampled. Where values tie, each metric is
what it would be on average over all orders of the tied ones, worked out exactly: then nothing is
won or lost by the order in which roles happen to stand, and a ranking in which all are tied gives
what chance gives. A candidate whose value is not known (NaN) is not ranked: as an answer it counts
as not found. A source of which nothing can be ranked scores 0 and lowers the coverage.

Examples
--------
>>> import numpy as np
>>> near = np.array([[0.0, 0.9, 0.1], [0.9, 0.0, 0.2], [0.1, 0.2, 0.0]])
>>> score = judge(near, lists([(0, 1), (2, 0)], roles=3))
>>> dict(zip(METRICS, score.means.tolist(), strict=True))["hit@1"]
0.5
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rolegraph.archive import Archive
from rolegraph.errors import (
    AmbiguousLabelError,
    DataError,
    ExtraMissingError,
    NotFoundError,
    Problem,
    TableError,
)
from rolegraph.faces import counted
from rolegraph.values import Role

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    _Bools = NDArray[np.bool_]
    _Floats = NDArray[np.float64]

__all__ = [
    "METRICS",
    "Cases",
    "Interval",
    "Move",
    "Moves",
    "Score",
    "events",
    "interval",
    "judge",
    "lists",
    "popularity",
    "read_moves",
    "training",
]

METRICS: Final = ("hit@1", "hit@5", "hit@10", "recall@10", "recall@20", "mrr")
"""What :func:`judge` works out, in this order."""

_HITS, _RECALLS = (1, 5, 10), (10, 20)


def _np() -> Any:
    try:
        import numpy
    except ModuleNotFoundError as error:
        raise ExtraMissingError("numpy", "store") from error
    return numpy


# --- moves out of a table


@dataclass(frozen=True, slots=True, order=True)
class Move:
    """A move that was observed, or that somebody put on a list.

    Attributes
    ----------
    source, target : str
        IRIs of two different roles.
    count : float
        How often, above 0.
    """

    source: str
    target: str
    count: float


@dataclass(frozen=True, slots=True)
class Moves:
    """What a table of moves holds.

    Attributes
    ----------
    moves : tuple of Move
        Sorted; rows of the same two roles are one move, their counts added up.
    rows : int
        Rows read.
    stays : int
        Rows that lead from a role to itself: no move, so not in ``moves``.
    stay_count : float
        What those rows count together.
    """

    moves: tuple[Move, ...]
    rows: int
    stays: int
    stay_count: float

    def __len__(self) -> int:
        return len(self.moves)

    def __str__(self) -> str:
        """How many, how often, and what was left out."""
        sources = len({m.source for m in self.moves})
        text = (
            f"{counted({'moves': len(self.moves)})} from {counted({'roles': sources})}, counted "
            f"{sum(m.count for m in self.moves):,.10g} times ({counted({'rows': self.rows})})"
        )
        if self.stays:
            text += (
                f"; left out: {counted({'rows': self.stays})}, counted "
                f"{self.stay_count:,.10g} times, that stay in the same role"
            )
        return text


def read_moves(path: str | PathLike[str], role: Callable[[str], Role]) -> Moves:
    """Read a table of observed or curated moves.

    Parameters
    ----------
    path : str or path
        A CSV file or a spreadsheet with the columns ``from``, ``to`` and ``count``. Where there is
        no column ``count``, every row counts once. Other columns are not looked at.
    role : callable
        What finds a role by its name, such as :meth:`rolegraph.RoleGraph.role`.

    Returns
    -------
    Moves

    Raises
    ------
    DataError
        If the file cannot be read, or ``from`` or ``to`` is missing.
    TableError
        With all mistakes together: names that stand for no role or for several, and counts that
        are no number above 0. An unknown name is told once, where it stands first.
    """
    file = Path(path)
    problems: list[Problem] = []
    known: dict[str, str | None] = {}
    found: dict[tuple[str, str], float] = {}
    rows = stays = 0
    stay_count = 0.0

    def iri(name: str, row: int, column: str) -> str | None:
        name = " ".join(name.split())
        if not name:
            problems.append(Problem(file.name, "", row, column, "", "no role is named"))
            return None
        if name not in known:
            known[name] = None
            try:
                known[name] = role(name).iri
            except NotFoundError as error:
                near = error.suggestions[0] if error.suggestions else ""
                message = f"no role {name!r}"
                problems.append(Problem(file.name, "", row, column, name, message, near))
            except AmbiguousLabelError as error:
                problems.append(Problem(file.name, "", row, column, name, str(error)))
        return known[name]

    if not file.is_file():
        raise DataError(f"{file}: no such file; it should be a table with the columns from, to")
    with Archive.open(file) as archive:
        names = archive.names()
        if len(names) != 1:
            raise DataError(f"{file}: holds {len(names)} files; give the table itself")
        archive.require(names[0], ("from", "to"))
        for row, cells in archive.table(names[0]):
            rows += 1
            ends = iri(cells["from"], row, "from"), iri(cells["to"], row, "to")
            count = _count(cells.get("count"))
            if count is None:
                value = cells["count"]
                message = f"{value!r} should be a number above 0"
                problems.append(Problem(file.name, "", row, "count", value, message))
                continue
            a, b = ends
            if a is None or b is None:
                continue
            if a == b:
                stays, stay_count = stays + 1, stay_count + count
            else:
                found[a, b] = found.get((a, b), 0.0) + count
    if problems:
        raise TableError(problems)
    moves = tuple(Move(a, b, n) for (a, b), n in sorted(found.items()))
    return Moves(moves, rows, stays, stay_count)


def _count(text: str | None) -> float | None:
    """Read a count: 1 where there is no such column, None where it is no number above 0."""
    if text is None:
        return 1.0
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 < value < math.inf else None


# --- cases


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """Questions with known answers. Made by :func:`lists` or :func:`events`.

    Attributes
    ----------
    source : array of int32
        Place of the role that each case asks about.
    weight : array of float64
        What each case weighs.
    case, target : array of int32
        One entry for each answer: which case it belongs to, and the place of the role.
    """

    source: NDArray[np.int32]
    weight: NDArray[np.float64]
    case: NDArray[np.int32]
    target: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.source)

    def __repr__(self) -> str:
        return f"<Cases: {len(self.source)} cases, {len(self.target)} answers>"


def _checked(pairs: Iterable[tuple[int, int]], roles: int) -> list[tuple[int, int]]:
    out = [(int(a), int(b)) for a, b in pairs]
    for a, b in out:
        if not (0 <= a < roles and 0 <= b < roles):
            raise ValueError(f"({a}, {b}) should be places from 0 to {roles - 1}")
        if a == b:
            raise ValueError(f"the role at place {a} cannot be its own destination")
    return out


def _cases(source: Any, weight: Any, case: Any, target: Any) -> Cases:
    np = _np()
    return Cases(
        np.asarray(source, np.int32),
        np.asarray(weight, np.float64),
        np.asarray(case, np.int32),
        np.asarray(target, np.int32),
    )


def lists(pairs: Iterable[tuple[int, int]], *, roles: int) -> Cases:
    """Make one case of each source: all its destinations are its answers, and every case weighs 1.

    Parameters
    ----------
    pairs : iterable of (int, int)
        Places of source and destination; a pair that comes twice counts once.
    roles : int
        How many roles there are.

    Returns
    -------
    Cases

    Raises
    ------
    ValueError
        If a place is none, or a role is its own destination.
    """
    kept = sorted(set(_checked(pairs, roles)))
    sources = sorted({a for a, _ in kept})
    number = {a: i for i, a in enumerate(sources)}
    return _cases(sources, [1.0] * len(sources), [number[a] for a, _ in kept], [b for _, b in kept])


def events(moves: Iterable[tuple[int, int, float]], *, roles: int) -> Cases:
    """Make one case of each move: its one answer is where it went, and it weighs its count.

    With one answer, recall@k is the same as hit@k.

    Parameters
    ----------
    moves : iterable of (int, int, float)
        Places of source and destination, and count.
    roles : int
        How many roles there are.

    Returns
    -------
    Cases

    Raises
    ------
    ValueError
        If a place is none, a role is its own destination, or a count is not above 0.
    """
    kept = list(moves)
    ends = _checked(((a, b) for a, b, _ in kept), roles)
    for a, b, n in kept:
        if not 0 < n < math.inf:
            raise ValueError(f"the move ({a}, {b}) is counted {n} times; it should be above 0")
    return _cases(
        [a for a, _ in ends], [n for *_, n in kept], range(len(ends)), [b for _, b in ends]
    )


def training(keys: Sequence[str], part: float = 0.5) -> NDArray[np.bool_]:
    """Part things into training and test by a hash of their keys.

    Parameters
    ----------
    keys : sequence of str
        For example codes of occupations. The same key is always on the same side, whatever else
        there is, and in every version of rolegraph.
    part : float
        Roughly what part is for training, from 0 to 1.

    Returns
    -------
    array of bool
        True for training: the first eight bytes of the key's SHA-256, as a fraction, are less than
        ``part``.
    """
    np = _np()
    digests = (hashlib.sha256(key.encode()).digest()[:8] for key in keys)
    side: _Bools = np.array(
        [int.from_bytes(d, "big") / 2**64 < part for d in digests], dtype=np.bool_
    )
    return side


def popularity(cases: Cases, *, roles: int) -> NDArray[np.float64]:
    """Count how often each role is an answer, by weight: the ranking that looks at no source.

    Parameters
    ----------
    cases : Cases
        Those of the training part.
    roles : int
        How many roles there are.

    Returns
    -------
    array of float64, shape (roles, roles)
        The same row for every source; not to be written to.
    """
    np = _np()
    count = np.bincount(cases.target, weights=cases.weight[cases.case], minlength=roles)
    every: _Floats = np.broadcast_to(count.astype(np.float64), (roles, roles))
    return every


# --- judging


@dataclass(frozen=True, slots=True, eq=False)
class Score:
    """How a ranking does on cases. Cases of the same source are added up.

    Attributes
    ----------
    source : array of int32
        Places of the sources that cases ask about, sorted.
    weight : array of float64
        What the cases of each weigh together.
    total : array of float64, shape (sources, metrics)
        Sums over the cases of each source, weighted.
    ranked : array of bool
        Whether anything could be ranked for the source.
    """

    source: NDArray[np.int32]
    weight: NDArray[np.float64]
    total: NDArray[np.float64]
    ranked: NDArray[np.bool_]

    @property
    def means(self) -> NDArray[np.float64]:
        """Weighted means over all cases, in the order of :data:`METRICS`; NaN without cases."""
        np = _np()
        means: _Floats = np.full(len(METRICS), np.nan)
        if len(self.source):
            means = self.total.sum(axis=0) / self.weight.sum()
        return means

    @property
    def coverage(self) -> float:
        """Part of the sources, each counted once, for which anything could be ranked."""
        return float(self.ranked.mean()) if len(self.source) else math.nan

    def grouped(self, group: Sequence[int]) -> Score:
        """Add up sources that hang together, so that intervals draw the groups.

        Parameters
        ----------
        group : sequence of int
            The group of each role, by its place.

        Returns
        -------
        Score
            ``source`` are then groups; one is ranked where all of its sources are. Means are the
            same.
        """
        np = _np()
        groups, inverse = np.unique(np.asarray(group)[self.source], return_inverse=True)
        weight = np.bincount(inverse, weights=self.weight, minlength=len(groups))
        total = np.zeros((len(groups), len(METRICS)))
        np.add.at(total, inverse, self.total)
        ranked = np.bincount(inverse, weights=~self.ranked, minlength=len(groups)) == 0
        return Score(groups.astype(np.int32), weight, total, ranked)

    def __repr__(self) -> str:
        values = zip(METRICS, self.means.tolist(), strict=True)
        return f"<Score: {', '.join(f'{name} {x:.3f}' for name, x in values)}>"


def judge(values: ArrayLike, cases: Cases) -> Score:
    """Hold a ranking against known answers.

    Parameters
    ----------
    values : array of float, shape (roles, roles)
        One row for each source: the higher, the better the destination; NaN where it is not known.
        What a row has for its own source is not looked at.
    cases : Cases

    Returns
    -------
    Score

    Raises
    ------
    ValueError
        If the array is not square, or a place in the cases is outside it.

    Notes
    -----
    If p candidates have a higher value than the first answers, and r answers are among m tied at
    that value, then none of the r is among the first j of the m with probability
    C(m - r, j) / C(m, j), all orders of the m being alike; everything else follows from that.
    """
    np = _np()
    array: Any = np.asarray(values)
    n = len(array)
    if array.ndim != 2 or array.shape[1] != n:
        raise ValueError(f"values have the shape {array.shape}; one row and column for each role")
    if any(len(at) and not 0 <= at.min() <= at.max() < n for at in (cases.source, cases.target)):
        raise ValueError(f"cases name places outside of the {n} roles that have values")
    above, tied, able = _standing(array, cases)
    per_case = _metrics(above, tied, cases)
    sources, inverse = np.unique(cases.source, return_inverse=True)
    weight = np.bincount(inverse, weights=cases.weight, minlength=len(sources))
    total = np.zeros((len(sources), len(METRICS)))
    np.add.at(total, inverse, per_case * cases.weight[:, None])
    return Score(sources.astype(np.int32), weight, total, able)


def _standing(values: Any, cases: Cases) -> tuple[Any, Any, Any]:
    """Give, for each answer, how many candidates are better and how many (itself too) as good.

    Of an answer that is not ranked, infinitely many are better. Also: which sources are ranked.
    """
    np = _np()
    above = np.full(len(cases.target), np.inf)
    tied = np.ones(len(cases.target), dtype=np.int64)
    source = cases.source[cases.case]
    order = np.argsort(source, kind="stable")
    sources = np.unique(cases.source)
    first = np.searchsorted(source[order], sources, "left")
    last = np.searchsorted(source[order], sources, "right")
    able = np.zeros(len(sources), dtype=np.bool_)
    for i, place in enumerate(sources):
        at = order[first[i] : last[i]]
        row = values[place]
        kept = ~np.isnan(row)
        kept[place] = False
        ladder = np.sort(row[kept])
        able[i] = len(ladder) > 0
        mine = row[cases.target[at]]
        low, high = np.searchsorted(ladder, mine, "left"), np.searchsorted(ladder, mine, "right")
        known = ~np.isnan(mine)
        above[at[known]] = (len(ladder) - high)[known]
        tied[at[known]] = (high - low)[known]
    return above, tied, able


@lru_cache(maxsize=4096)
def _missed(tied: int, answers: int) -> Any:
    """Give the probability that none of the answers is among the first 0, 1, … of the tied."""
    np = _np()
    j = np.arange(tied - answers + 1, dtype=np.float64)
    return np.append(np.cumprod(np.append(1.0, 1.0 - answers / (tied - j[:-1]))), 0.0)


def _metrics(above: Any, tied: Any, cases: Cases) -> Any:
    np = _np()
    n = len(cases.source)
    out = np.zeros((n, len(METRICS)))
    answers = np.bincount(cases.case, minlength=n)
    best = np.full(n, np.inf)
    np.minimum.at(best, cases.case, above)
    found = np.isfinite(best)
    leading = (above == best[cases.case]) & np.isfinite(above)
    together = np.bincount(cases.case[leading], minlength=n)
    size = np.ones(n, dtype=np.int64)
    size[cases.case[leading]] = tied[leading]
    for i in np.flatnonzero(found):
        missed = _missed(int(size[i]), int(together[i]))
        for column, k in enumerate(_HITS):
            within = min(max(k - int(best[i]), 0), len(missed) - 1)
            out[i, column] = 1.0 - missed[within]
        places = best[i] + np.arange(1, len(missed))
        out[i, -1] = float(((missed[:-1] - missed[1:]) / places).sum())
    for column, k in enumerate(_RECALLS, len(_HITS)):
        part = np.clip((k - above) / tied, 0.0, 1.0)
        out[:, column] = np.bincount(cases.case, weights=part, minlength=n) / np.maximum(answers, 1)
    return out


class Interval(NamedTuple):
    """A mean with the interval around it.

    Attributes
    ----------
    mean, low, high : float
    """

    mean: float
    low: float
    high: float


def interval(
    score: Score, against: Score | None = None, *, draws: int = 2000, seed: int = 0
) -> tuple[Interval, ...]:
    """Give each metric with its 95 % bootstrap interval over sources.

    Parameters
    ----------
    score : Score
    against : Score, optional
        Another ranking of the same cases: then it is the difference, drawn in pairs, that is given.
    draws : int
        How often sources are drawn, with replacement, as many as there are.
    seed : int
        The same seed gives the same draws.

    Returns
    -------
    tuple of Interval
        One for each of :data:`METRICS`; the percentiles 2.5 and 97.5 of the draws, NaN where there
        are not even two sources. Sources are drawn, not moves, because the moves out of one role
        hang together.

    Raises
    ------
    ValueError
        If the two rankings were judged on other cases, or there are none.
    """
    np = _np()
    total = score.total
    if not len(score.source):
        raise ValueError("there are no cases")
    if against is not None:
        same = np.array_equal(score.source, against.source)
        if not same or not np.allclose(score.weight, against.weight):
            raise ValueError("the two rankings were judged on other cases")
        total = total - against.total
    means = total.sum(axis=0) / score.weight.sum()
    n = len(score.source)
    if n < 2:
        return tuple(Interval(float(x), math.nan, math.nan) for x in means)
    dice = np.random.default_rng(seed)
    taken = dice.multinomial(n, np.full(n, 1.0 / n), size=draws).astype(np.float64)
    drawn = (taken @ total) / (taken @ score.weight)[:, None]
    low, high = np.percentile(drawn, (2.5, 97.5), axis=0)
    return tuple(Interval(*map(float, x)) for x in zip(means, low, high, strict=True))
