r"""How near roles are to one another, by the skills that they ask for.

All measures give values from 0 to 1. With S and T the sets of skills that a source and a target ask
for, and S', T' those of them that are essential:

==================  ===================================================================
measure             value
==================  ===================================================================
overlap             \|S ∩ T\| / \|T\|: how much of what the target asks is there
overlap-idf         the same, a skill weighing ln(1 + n / df): n roles, df of them ask it
overlap-level       the same as overlap, a skill counting min(level held / asked, 1)
essential           \|S' ∩ T'\| / \|T'\|
held-essential      \|S ∩ T'\| / \|T'\|: the essential part, met by whatever is held
cosine              \|S ∩ T\| / √(\|S\| \|T\|)
jaccard             \|S ∩ T\| / \|S or T\|
activities          1 - ‖u - v‖ / √2, of unit vectors that count the kinds of work
                    activity of the essential skills
combined            the mean of essential, held-essential and activities
==================  ===================================================================

The first five look from a source to a target, the next three are symmetric. A skill that is only
rated (:attr:`~rolegraph.demands.Demands.rating`) is not asked for. Where there is nothing to
divide by, because the target asks for nothing of the kind, the value is 0: nothing is known, so
nothing is suggested. Where the level held or the level asked is not known, the skill counts in
full, for not stated is not lacking; :func:`pair` shows which levels are known.

Essential, held-essential, activities and combined come from Mapping Career Causeways (Kanders et
al., "Mapping Career Causeways: Supporting workers at risk", Nesta 2020, pages 85-94, and the
notebooks of its code). Published are the equal-weight mean of four components and thresholds of
0.30 and 0.40. Here three of the four can be had, and differently in this:

- Skills are the same only when they are the same concept. The publication also matches skills
  whose descriptions have near embeddings; there is no such model here. Values are lower for it.
- Work context (57 features of O*NET, through the crosswalk) is absent from the data at hand.
- The distance of activities is divided by the largest that there can be, √2, which does not
  depend on the data; published is the largest found. In ESCO the two are equal.
- A component that is not known for a pair is left out of its mean; published is 0.

So the published thresholds do not fit these values, and :func:`calibrate` finds thresholds by the
published rule in the taxonomy at hand.

Examples
--------
>>> from rolegraph.demands import ESSENTIAL, Link, collect
>>> links = [Link("ex:a", s, ESSENTIAL) for s in ("plan", "lead")] + [Link("ex:b", "plan")]
>>> d = collect(links)
>>> pair(d, "overlap", "ex:a", "ex:b").value, pair(d, "overlap", "ex:b", "ex:a").value
(1.0, 0.5)
>>> top_k(d, "jaccard", 1).value.tolist()
[[0.5], [0.5]]
"""

from __future__ import annotations

import difflib
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

from rolegraph.demands import ESSENTIAL, Demands
from rolegraph.errors import ExtraMissingError, NotFoundError, RoleGraphError
from rolegraph.shown import Shown

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rolegraph.page import Cell, Page

__all__ = [
    "PUBLISHED",
    "By",
    "Calibration",
    "Components",
    "MeasureError",
    "Pair",
    "Share",
    "Suggestions",
    "TopK",
    "Viable",
    "cached_top_k",
    "calibrate",
    "components",
    "drop_stale",
    "matrix",
    "measures",
    "pair",
    "suggest",
    "top_k",
    "viable",
]

PUBLISHED: Final[Mapping[str, float]] = MappingProxyType({"group": 0.30, "broader": 0.40})
"""Thresholds published for viable and highly viable; for comparison only (see above)."""

_SPARSE = (
    *("overlap", "overlap-idf", "overlap-level", "essential", "held-essential"),
    *("cosine", "jaccard"),
)
_COMPONENTS = ("essential", "held-essential", "activities")
_BLOCK = 256  # rows at a time: a few MB for a labour market
_VERSION = 1  # of the formulas: part of the key of what is cached

By: TypeAlias = int | Literal["group", "broader"]
# rows from the first to before the last, of all columns: a CSR matrix or a dense float32 array
_Rows: TypeAlias = Callable[[int, int], Any]


class MeasureError(RoleGraphError, ValueError):
    """A measure that the data do not bear, or a parameter that makes no sense."""


# --- values


class TopK(NamedTuple):
    """The best targets of roles, best first; equal ones in the order of their places.

    Attributes
    ----------
    target : array of int32
        Places in :attr:`Demands.roles`; -1 where a role has no further one with a value above 0.
    value : array of float32
    """

    target: NDArray[np.int32]
    value: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Share:
    """What one skill (for the measure activities: one kind of activity) adds to a value.

    Attributes
    ----------
    skill : str
        IRI of the skill, or code of the activity.
    weight : float
        What it weighs in the measure.
    credit : float
        The part of it that is there, from 0 to 1.
    held, asked : float or None
        Levels of source and target, None when unknown; for activities, counts of skills.
    """

    skill: str
    weight: float
    credit: float
    held: float | None = None
    asked: float | None = None


_ROWS = 200  # skills that the page of a pair lists


@dataclass(frozen=True, slots=True, repr=False)
class Pair(Shown):
    """A value with its reasons.

    Attributes
    ----------
    measure, source, target : str
    value : float
    shared : tuple of Share
        What both ask for. For the directed measures, the value is the sum of weight times credit
        over these, divided by the sum of weights over these and the missing ones.
    missing : tuple of Share
        What only the target asks for; credit 0.
    only_source : tuple of str
        What only the source asks for.
    components : mapping of str to float
        For the measure combined, the values that it is the mean of.
    absent : mapping of str to str
        For the measure combined, the components that are not known for this pair, and why.
    """

    measure: str
    source: str
    target: str
    value: float
    shared: tuple[Share, ...]
    missing: tuple[Share, ...]
    only_source: tuple[str, ...]
    components: Mapping[str, float]
    absent: Mapping[str, str]

    def __str__(self) -> str:
        """The value, what it is the mean of, and how many skills are shared."""
        of = ", ".join(f"{name} {x:.3f}" for name, x in self.components.items())
        shared = f"{len(self.shared)} shared, {len(self.missing)} only asked by the target"
        return f"{self.measure} {self.value:.3f}" + (f" ({of})" if of else "") + f"; {shared}"

    def __repr__(self) -> str:
        return f"<Pair: {self}>"

    def _page(self) -> Page:
        from rolegraph.page import Code, Details, Fields, Grid, Heading, Only, Page, Para, Tag
        from rolegraph.vocab import curie

        pairs: tuple[tuple[str, Cell], ...] = (
            ("kind", Tag("inferred")),
            ("from", Code(curie(self.source))),
            ("to", Code(curie(self.target))),
            ("skills shared", str(len(self.shared))),
            ("asked by the target only", str(len(self.missing))),
            ("asked by the source only", str(len(self.only_source))),
            ("mean of", "; ".join(f"{name} {x:.3f}" for name, x in self.components.items())),
            ("not known", "; ".join(f"{name}: {why}" for name, why in self.absent.items())),
        )
        rows = tuple(
            (Code(curie(s.skill)), what, f"{s.weight:.4g}", f"{s.credit:.4g}")
            for what, found in (("shared", self.shared), ("target only", self.missing))
            for s in found
        )
        heads = ("skill", "asked by", "weight", "credit")
        grid = Grid(heads, rows[:_ROWS], frozenset({2, 3}),
                    more=f"… {len(rows) - _ROWS:,} more" if len(rows) > _ROWS else "")  # fmt: skip
        why = Details("skill by skill", (grid,) if rows else (Para("none"),))
        head = Heading(f"{self.measure} {self.value:.3f}", "how near two roles are")
        return Page((head, Fields(pairs), Only("html", (why,))))


@dataclass(frozen=True, slots=True)
class Components:
    """What the measure combined consists of in the data at hand.

    Attributes
    ----------
    used : tuple of str
        Measures whose mean it is.
    absent : mapping of str to str
        What the publication has besides, and why it is not there.
    """

    used: tuple[str, ...]
    absent: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Calibration:
    """A threshold found in the groups of a taxonomy.

    Attributes
    ----------
    measure : str
    by : int, "group" or "broader"
        Which groups (see :func:`calibrate`).
    threshold : float
        ``mean - sd``, not rounded.
    mean, sd : float
        Of the groups' mean values; the standard deviation divides by the number of groups.
    pairs : int
        Ordered pairs of different roles of the same group.
    groups : int
        Groups of at least two roles.
    published : float or None
        What the publication found for its own combined measure; None where it says nothing.
    """

    measure: str
    by: By
    threshold: float
    mean: float
    sd: float
    pairs: int
    groups: int
    published: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Suggestions:
    """Pairs of roles that a measure puts near each other: inferred, and stated by nobody.

    Attributes
    ----------
    source, target : array of int32
        Places in :attr:`Demands.roles`.
    value : array of float32
        Rows are sorted by source, then value from the highest, then target.
    measure : str
    parameters : mapping
        Threshold, k and zones apart, as given.
    """

    source: NDArray[np.int32]
    target: NDArray[np.int32]
    value: NDArray[np.float32]
    measure: str
    parameters: Mapping[str, float | int | None]

    def __len__(self) -> int:
        return len(self.source)


@dataclass(frozen=True, slots=True, eq=False)
class Viable:
    """Viable transitions after Mapping Career Causeways, as far as the data allow.

    Attributes
    ----------
    suggestions : Suggestions
        The viable ones.
    highly : array of bool
        Which of them are highly viable.
    calibration : Calibration
        Of the threshold for viable.
    calibration_high : Calibration or None
        Of that for highly viable; None, and then none is, where no role is broader than another.
    components : Components
    absent : mapping of str to str
        What the publication says of transitions and cannot be said here, and why.
    """

    suggestions: Suggestions
    highly: NDArray[np.bool_]
    calibration: Calibration
    calibration_high: Calibration | None
    components: Components
    absent: Mapping[str, str]


# --- the measures


def measures() -> tuple[str, ...]:
    """Names of all measures."""
    return (*_SPARSE, "activities", "combined")


def _np() -> Any:
    try:
        import numpy
    except ModuleNotFoundError as error:
        raise ExtraMissingError("numpy", "store") from error
    return numpy


def _sparse() -> Any:
    try:
        import scipy.sparse
    except ModuleNotFoundError as error:
        raise ExtraMissingError("scipy", "store") from error
    return scipy.sparse


def _known(measure: str) -> None:
    if measure not in measures():
        near = difflib.get_close_matches(measure, measures(), n=1, cutoff=0.4)
        raise NotFoundError(measure, "measure", near or measures())


def _asked(d: Demands, *, essential: bool = False) -> NDArray[np.bool_]:
    """Tell which rows are demands, or essential ones."""
    return ~d.rating & (d.strength == ESSENTIAL) if essential else ~d.rating


def _incidence(d: Demands, rows: Any, dtype: Any) -> Any:
    """Give roles by skills, 1 where a role asks for a skill."""
    np = _np()
    # rows are sorted by role, so CSR needs no sorting
    start = np.zeros(len(d.roles) + 1, dtype=np.int32)
    np.cumsum(np.bincount(d.role[rows], minlength=len(d.roles)), out=start[1:])
    ones = np.ones(int(start[-1]), dtype=dtype)
    shape = (len(d.roles), len(d.skills))
    return _sparse().csr_array((ones, d.skill[rows], start), shape=shape)


def _counts(d: Demands, *, essential: bool = False) -> Any:
    """Count the skills that each role asks for."""
    np = _np()
    return np.bincount(d.role[_asked(d, essential=essential)], minlength=len(d.roles))


def _idf(d: Demands) -> Any:
    np = _np()
    asked = _asked(d)
    df = np.bincount(d.skill[asked], minlength=len(d.skills))
    n = np.count_nonzero(_counts(d))
    # 1 + n / df, not n / df: what every role asks for must not weigh nothing at all
    return np.log(1.0 + n / np.maximum(df, 1))


def _rows_of(d: Demands, measure: str) -> _Rows:
    """Prepare a measure; what is returned gives its values for some sources."""
    if measure == "activities":
        return _activities(d)
    if measure == "combined":
        return _combined(d)
    return _overlaps(d, measure)


def _overlaps(d: Demands, measure: str) -> _Rows:
    np = _np()
    essential = measure == "essential"
    dtype = np.float64 if measure == "overlap-idf" else np.float32  # counts are exact in float32
    left = _incidence(d, _asked(d, essential=essential), dtype)
    asked = _asked(d, essential=measure in ("essential", "held-essential"))
    right = left if measure != "held-essential" else _incidence(d, asked, dtype)
    total = np.bincount(d.role[asked], minlength=len(d.roles)).astype(np.float32)
    if measure == "overlap-idf":
        idf = _idf(d)
        right = right.copy()
        right.data *= idf[right.indices]
        total = np.bincount(d.role[asked], weights=idf[d.skill[asked]], minlength=len(d.roles))
    right = right.T.tocsr()
    shortfall = _shortfall(d) if measure == "overlap-level" else None
    if measure == "cosine":
        total = 1.0 / np.sqrt(np.maximum(total, 1.0).astype(np.float64))

    def rows(low: int, high: int) -> Any:
        c = (left if (low, high) == (0, left.shape[0]) else left[low:high]) @ right
        # counts are whole and values are rounded once, so float32 is as exact as it can be
        out = c.data if c.data.dtype == np.float32 else np.empty(c.data.shape, np.float32)
        for first in range(0, high - low, _BLOCK):  # a block at a time stays in the cache
            last = min(first + _BLOCK, high - low)
            at = slice(c.indptr[first], c.indptr[last])
            count, target = c.data[at], c.indices[at]
            width = np.diff(c.indptr[first : last + 1])
            if measure == "cosine":
                source = np.repeat(total[low + first : low + last], width)
                out[at] = count * (source * total[target])
            elif measure == "jaccard":
                source = np.repeat(total[low + first : low + last], width)
                out[at] = count / (source + total[target] - count)
            elif shortfall is None:
                out[at] = count / total[target]
            else:
                lacking = shortfall(low + first, low + last)
                row = np.repeat(np.arange(last - first), width)
                out[at] = (count - lacking[row, target]) / total[target]
        np.clip(out, 0.0, 1.0, out=out)
        return _sparse().csr_array((out, c.indices, c.indptr), shape=c.shape)

    return rows


def _shortfall(d: Demands) -> Callable[[int, int], Any] | None:
    """Give, for sources and all targets, what levels take from the count of shared skills.

    None where no skill has two levels to compare.
    """
    np = _np()
    at = np.flatnonzero(_asked(d) & ~np.isnan(d.level))
    at = at[np.argsort(d.skill[at], kind="stable")]  # within a skill, by role
    ends = np.flatnonzero(np.diff(d.skill[at])) + 1
    skills = [
        (d.role[rows], d.level[rows].astype(np.float64))
        for rows in np.split(at, ends)
        if len(rows) > 1
    ]

    if not skills:
        return None

    def block(low: int, high: int) -> Any:
        lacking = np.zeros((high - low, len(d.roles)))
        for roles, levels in skills:
            first, last = np.searchsorted(roles, (low, high))
            if first < last:
                held = levels[first:last, None]
                part = np.ones((last - first, len(roles)))
                np.divide(held, levels, out=part, where=levels > 0)  # level 0 asks for nothing
                lacking[np.ix_(roles[first:last] - low, roles)] += 1.0 - np.minimum(part, 1.0)
        return lacking

    return block


def _profile(d: Demands) -> Any:
    """Count, for roles by activities, the essential skills of each activity."""
    np, sparse = _np(), _sparse()
    shape = (len(d.skills), len(d.activities))
    ones = np.ones(len(d.activity))
    kinds = sparse.coo_array((ones, (d.activity[:, 0], d.activity[:, 1])), shape=shape).tocsr()
    return (_incidence(d, _asked(d, essential=True), np.float64) @ kinds).toarray()


def _activities(d: Demands) -> _Rows:
    np = _np()
    profile = _profile(d)
    square = (profile * profile).sum(axis=1)

    def rows(low: int, high: int) -> Any:
        # Of whole numbers, so that equal directions come out as exactly 1, and nothing above it;
        # where nothing is known, the product is 0 and so is the value.
        norm = np.sqrt(square[low:high, None] * square)
        part = profile[low:high] @ profile.T
        np.divide(part, norm, out=part, where=norm > 0)
        # ‖u - v‖² is 2 - 2 u·v for unit vectors
        np.subtract(1.0, part, out=part)
        np.sqrt(part, out=part)
        return (1.0 - part).astype(np.float32)

    return rows


def _can(d: Demands) -> dict[str, tuple[Any, Any]]:
    """Tell, for each component, which roles can be a source and which a target in it."""
    essential = _counts(d, essential=True) > 0
    busy = _profile(d).sum(axis=1) > 0
    return {
        "essential": (essential, essential),
        "held-essential": (_counts(d) > 0, essential),
        "activities": (busy, busy),
    }


_WHY = MappingProxyType(
    {
        "essential": "essential skills are not stated",
        "held-essential": "the target's essential skills are not stated",
        "activities": "no work activities are known of essential skills",
    }
)
_NO_CONTEXT = "no source of these data describes the context of work (O*NET's Work Context)"
_NO_PAY = "needs pay, which no source of these data gives"
_NO_SAFETY = "needs risks of automation, which no source of these data gives"


def components(demands: Demands) -> Components:
    """Tell what the measure combined consists of in these data.

    Parameters
    ----------
    demands : Demands

    Returns
    -------
    Components
        Components that are known for no role at all are absent.
    """
    can = _can(demands)
    used = tuple(name for name in _COMPONENTS if all(who.any() for who in can[name]))
    absent = {name: _WHY[name] for name in _COMPONENTS if name not in used}
    return Components(used, MappingProxyType(absent | {"work-context": _NO_CONTEXT}))


def _combined(d: Demands) -> _Rows:
    np = _np()
    parts = components(d)
    if not parts.used:
        reasons = "; ".join(f"{name}: {why}" for name, why in parts.absent.items())
        others = "', '".join(("overlap", "overlap-idf", "cosine"))
        raise MeasureError(
            f"the measure 'combined' has nothing to combine ({reasons}); use '{others}'"
        )
    can = _can(d)
    each = [(_rows_of(d, name), *can[name]) for name in parts.used]

    def rows(low: int, high: int) -> Any:
        total = np.zeros((high - low, len(d.roles)), dtype=np.float32)
        count = np.zeros(total.shape, dtype=np.float32)
        for part, source, target in each:
            total += _dense(part(low, high))  # 0 where it is not known
            count += source[low:high, None] & target
        return np.divide(total, count, out=total, where=count > 0)

    return rows


def _dense(block: Any) -> Any:
    return block.toarray() if hasattr(block, "toarray") else block


def matrix(demands: Demands, measure: str) -> Any:
    """Give a measure for all pairs.

    Parameters
    ----------
    demands : Demands
    measure : str
        One of :func:`measures`.

    Returns
    -------
    scipy.sparse.csr_array or array of float32
        Rows are sources, columns targets, both as in :attr:`Demands.roles`. Sparse where most pairs
        have 0; dense (4 bytes for each pair) for activities and combined.

    Raises
    ------
    NotFoundError
        If there is no such measure.
    MeasureError
        If the data bear no part of the measure combined.
    ExtraMissingError
        If numpy or scipy is not installed.
    """
    _known(measure)
    rows = _rows_of(demands, measure)
    n = len(demands.roles)
    if measure in _SPARSE:
        return rows(0, n)
    np = _np()
    dense = np.empty((n, n), dtype=np.float32)
    for low in range(0, n, _BLOCK):
        dense[low : low + _BLOCK] = rows(low, min(low + _BLOCK, n))
    return dense


# --- the best


def _zones(d: Demands) -> tuple[Any, Any]:
    np = _np()
    known = np.array([z is not None for z in d.zone], dtype=bool)
    return known, np.array([z or 0 for z in d.zone], dtype=np.int64)


def _blocks(
    d: Demands, measure: str, zones_apart: int | None, rows: Sequence[int] | None = None
) -> Iterator[tuple[Any, Any]]:
    """Give sources and, dense, their values; 0 for themselves and where zones are too far apart."""
    np = _np()
    if zones_apart is not None and zones_apart < 0:
        raise MeasureError(f"zones_apart is {zones_apart}; it should be 0 or more, or None")
    values = _rows_of(d, measure)
    known, zone = _zones(d)
    n = len(d.roles)
    # single rows are asked for one at a time: a block of them would be rows nobody asked for
    spans = (
        [(i, i + 1) for i in rows]
        if rows is not None
        else [(low, min(low + _BLOCK, n)) for low in range(0, n, _BLOCK)]
    )
    for low, high in spans:
        block = _dense(values(low, high))
        source = np.arange(low, high, dtype=np.int32)
        block[np.arange(high - low), source] = 0.0
        if zones_apart is not None:
            far = np.abs(zone[low:high, None] - zone) > zones_apart
            block[far & known[low:high, None] & known] = 0.0
        yield source, block


def _best(values: Any, k: int) -> TopK:
    """Give the k highest of each row; of equal ones, those that stand first."""
    np = _np()
    n = values.shape[1]
    # Floats of 0 or more are ordered as their bits are. Value and place in one number make every
    # key different, so that any way of sorting gives the same.
    bits = np.ascontiguousarray(values, dtype=np.float32).view(np.uint32).astype(np.int64)
    key = (bits << 32) | (n - 1 - np.arange(n, dtype=np.int64))
    if k < n:
        key.partition(n - k - 1, axis=1)
        key = key[:, n - k :]
    key = np.sort(key, axis=1)[:, ::-1]
    value = (key >> 32).astype(np.uint32).view(np.float32)
    target = (n - 1 - (key & 0xFFFFFFFF)).astype(np.int32)
    target[value == 0] = -1
    return TopK(target, value)


def top_k(
    demands: Demands,
    measure: str,
    k: int,
    *,
    zones_apart: int | None = None,
    rows: Sequence[int] | None = None,
) -> TopK:
    """Give the k best targets of every role, itself left out.

    Parameters
    ----------
    demands : Demands
    measure : str
        One of :func:`measures`.
    k : int
        How many, at least 1.
    zones_apart : int, optional
        Leave out targets whose job zone is further away than this, where both zones are known.
    rows : sequence of int, optional
        Places of the sources; all of them when None.

    Returns
    -------
    TopK
        Of shape (sources, k), or fewer columns where there are not as many other roles. Equal
        values are in the order of their targets. Only some hundred rows are dense at a time.

    Raises
    ------
    NotFoundError
        If there is no such measure.
    MeasureError
        If k or zones_apart makes no sense, or the data bear no part of the measure combined.
    ExtraMissingError
        If numpy or scipy is not installed.
    """
    np = _np()
    _known(measure)
    if k < 1:
        raise MeasureError(f"k is {k}; it should be 1 or more")
    n = len(demands.roles)
    if rows is not None and not all(0 <= i < n for i in rows):
        raise MeasureError(f"rows should be places of roles, from 0 to {n - 1}")
    k = min(k, max(n - 1, 0))
    count = n if rows is None else len(rows)
    target = np.full((count, k), -1, dtype=np.int32)
    value = np.zeros((count, k), dtype=np.float32)
    if k:
        done = 0
        for source, block in _blocks(demands, measure, zones_apart, rows):
            best = _best(block, k)
            target[done : done + len(source)], value[done : done + len(source)] = best
            done += len(source)
    return TopK(target, value)


def suggest(
    demands: Demands,
    measure: str,
    *,
    threshold: float | None = None,
    k: int | None = None,
    zones_apart: int | None = None,
) -> Suggestions:
    """Give the pairs of roles that lie near by a measure.

    Parameters
    ----------
    demands : Demands
    measure : str
        One of :func:`measures`.
    threshold : float, optional
        The least value, above 0 and at most 1 (for example that of :func:`calibrate`).
    k : int, optional
        At most this many targets for each source. One of threshold and k must be given.
    zones_apart : int, optional
        As for :func:`top_k`.

    Returns
    -------
    Suggestions

    Raises
    ------
    NotFoundError
        If there is no such measure.
    MeasureError
        If a parameter makes no sense, or the data bear no part of the measure combined.
    ExtraMissingError
        If numpy or scipy is not installed.
    """
    np = _np()
    _known(measure)
    if threshold is None and k is None:
        raise MeasureError("give a threshold, or k, or both: all pairs would be too many")
    if threshold is not None and not 0 < threshold <= 1:
        raise MeasureError(f"the threshold is {threshold}; it should be above 0 and at most 1")
    least = np.float32(threshold or 0.0)  # in the precision of the values, so that ties are taken
    found: list[tuple[Any, Any, Any]] = []
    if k is not None:
        target, value = top_k(demands, measure, k, zones_apart=zones_apart)
        row, column = np.nonzero((target >= 0) & (value >= least))
        found.append((row.astype(np.int32), target[row, column], value[row, column]))
    else:
        for source, block in _blocks(demands, measure, zones_apart):
            row, column = np.nonzero((block >= least) & (block > 0))
            value = block[row, column]
            order = np.lexsort((column, -value, row))
            row, column, value = row[order], column[order], value[order]
            found.append((source[row], column.astype(np.int32), value))
    source = np.concatenate([np.zeros(0, np.int32), *(f[0] for f in found)])
    target = np.concatenate([np.zeros(0, np.int32), *(f[1] for f in found)])
    value = np.concatenate([np.zeros(0, np.float32), *(f[2] for f in found)])
    parameters = {"threshold": threshold, "k": k, "zones_apart": zones_apart}
    return Suggestions(source, target, value, measure, MappingProxyType(parameters))


# --- thresholds


def _labels(d: Demands, by: By) -> Any:
    """Number the groups of roles; -1 for roles in none."""
    np = _np()
    if by == "broader":
        names: list[str | None] = list(d.broadest)
    elif by == "group":
        names = list(d.group)
    elif by in range(1, 100):  # whatever else was given is no number of digits
        names = [g[:by] if g and g.isdigit() and len(g) >= by else None for g in d.group]
    else:
        raise MeasureError(f"by is {by!r}; it should be 'group', 'broader' or a number of digits")
    number = {name: i for i, name in enumerate(sorted({x for x in names if x is not None}))}
    return np.array([-1 if x is None else number[x] for x in names], dtype=np.int64)


def calibrate(demands: Demands, measure: str, by: By = "group") -> Calibration:
    """Find a threshold: what roles of the same group have, less one standard deviation.

    Parameters
    ----------
    demands : Demands
    measure : str
        One of :func:`measures`.
    by : int, "group" or "broader"
        ``"group"``: innermost groups, as published for viable transitions (in ESCO, the unit groups
        of ISCO). ``"broader"``: a role and all that are narrower, as published for highly viable
        ones. A number: groups by that many first digits of the notation, for example 3 for
        ISCO's minor groups; a role whose notation is shorter or no number is in none.

    Returns
    -------
    Calibration
        The rule is that of Mapping Career Causeways: the mean over groups of the mean value of
        their ordered pairs, less the standard deviation of these means. Each group counts once,
        however large it is; a pair of which nothing is known counts as 0.

    Raises
    ------
    NotFoundError
        If there is no such measure.
    MeasureError
        If no two roles are in the same group, or the data bear no part of the measure combined.
    ExtraMissingError
        If numpy or scipy is not installed.
    """
    np = _np()
    _known(measure)
    label = _labels(demands, by)
    size = np.bincount(label[label >= 0])
    alone = np.append(size < 2, True)  # the last is for -1
    label = np.where(alone[label], -1, label)
    total = np.zeros(len(size))
    for source, block in _blocks(demands, measure, None):
        row, column = np.nonzero((label[source, None] == label) & (label[source, None] >= 0))
        # the role itself has 0 here and adds nothing
        value = block[row, column].astype(np.float64)
        total += np.bincount(label[source[row]], weights=value, minlength=len(size))
    taken = size >= 2
    if not taken.any():
        raise MeasureError(
            f"no threshold can be calibrated by {by!r}: no two roles are in the same group; "
            "give a threshold yourself"
        )
    pairs = size[taken] * (size[taken] - 1)
    means = total[taken] / pairs
    mean, sd = float(means.mean()), float(means.std())
    published = PUBLISHED.get(str(by)) if measure == "combined" else None
    counted = int(pairs.sum()), int(taken.sum())
    return Calibration(measure, by, mean - sd, mean, sd, *counted, published)


def viable(demands: Demands, *, k: int | None = None, zones_apart: int | None = 1) -> Viable:
    """Give the viable transitions of a taxonomy, after Mapping Career Causeways.

    Parameters
    ----------
    demands : Demands
    k : int, optional
        At most this many for each source.
    zones_apart : int, optional
        How far job zones may be apart, where both are known; published is 1.

    Returns
    -------
    Viable
        Viable are the pairs whose combined similarity reaches the threshold calibrated by group;
        highly viable are those that reach the one calibrated by broader roles as well. What the
        publication calls desirable and safe is named as absent.

    Raises
    ------
    MeasureError
        If no threshold can be calibrated or it is not above 0, or the data bear no part of the
        measure.
    ExtraMissingError
        If numpy or scipy is not installed.
    """
    np = _np()
    low = calibrate(demands, "combined", "group")
    try:
        high = calibrate(demands, "combined", "broader")
    except MeasureError:
        high = None
    found = suggest(demands, "combined", threshold=low.threshold, k=k, zones_apart=zones_apart)
    highly = np.zeros(len(found), dtype=bool)
    if high is not None:
        highly = found.value >= np.float32(high.threshold)
    parts = components(demands)
    absent = {**parts.absent, "desirable": _NO_PAY, "safe": _NO_SAFETY}
    if high is None:
        absent["highly viable"] = "no role is broader than another"
    return Viable(found, highly, low, high, parts, MappingProxyType(absent))


# --- reasons


def _place(d: Demands, role: str) -> int:
    try:
        return d.roles.index(role)
    except ValueError:
        near = difflib.get_close_matches(role, d.roles, n=1)
        raise NotFoundError(role, "role with stated skills", near) from None


def _figure(x: Any) -> float | None:
    return None if x != x else float(x)


def pair(demands: Demands, measure: str, source: str, target: str) -> Pair:
    """Give a measure for one pair, with its reasons.

    Parameters
    ----------
    demands : Demands
    measure : str
        One of :func:`measures`.
    source, target : str
        IRIs of roles.

    Returns
    -------
    Pair
        For the measure combined, the skills are those of held-essential.

    Raises
    ------
    NotFoundError
        If there is no such measure, or a role has no stated skills.
    MeasureError
        If the data bear no part of the measure combined.
    ExtraMissingError
        If numpy or scipy is not installed.
    """
    _known(measure)
    d = demands
    a, b = _place(d, source), _place(d, target)
    parts: dict[str, float] = {}
    absent: dict[str, str] = {}
    value = float(_dense(_rows_of(d, measure)(a, a + 1))[0, b])
    if measure == "combined":
        absent["work-context"] = _NO_CONTEXT
        for name, (can_start, can_end) in _can(d).items():
            if can_start[a] and can_end[b]:
                parts[name] = float(_dense(_rows_of(d, name)(a, a + 1))[0, b])
            else:
                absent[name] = _WHY[name]
    if measure == "activities":
        shared, missing, only = _shared_activities(d, a, b)
    else:
        shared, missing, only = _shared_skills(d, measure, a, b)
    reasons = MappingProxyType(parts), MappingProxyType(absent)
    return Pair(measure, source, target, value, shared, missing, only, *reasons)


_Shares: TypeAlias = tuple[tuple[Share, ...], tuple[Share, ...], tuple[str, ...]]


def _shared_skills(d: Demands, measure: str, a: int, b: int) -> _Shares:
    idf = _idf(d) if measure == "overlap-idf" else None

    def asked(role: int, essential: bool) -> dict[int, float | None]:
        rows = _np().flatnonzero(_asked(d, essential=essential) & (d.role == role))
        return {int(d.skill[i]): _figure(d.level[i]) for i in rows}

    have = asked(a, measure == "essential")
    want = asked(b, measure in ("essential", "held-essential", "combined"))
    shares: list[Share] = []
    for s, level in want.items():
        weight = 1.0 if idf is None else float(idf[s])
        held = have.get(s)
        credit = float(s in have)
        if measure == "overlap-level" and held is not None and level:
            credit = min(held / level, 1.0)
        shares.append(Share(d.skills[s], weight, credit, held, level))
    shared = tuple(x for s, x in zip(want, shares, strict=True) if s in have)
    missing = tuple(x for s, x in zip(want, shares, strict=True) if s not in have)
    return shared, missing, tuple(d.skills[s] for s in have if s not in want)


def _shared_activities(d: Demands, a: int, b: int) -> _Shares:
    profile = _profile(d)
    both = list(zip(d.activities, profile[a].tolist(), profile[b].tolist(), strict=True))
    shared = tuple(Share(code, y, min(x / y, 1.0), x, y) for code, x, y in both if x and y)
    missing = tuple(Share(code, y, 0.0, None, y) for code, x, y in both if y and not x)
    return shared, missing, tuple(code for code, x, y in both if x and not y)


# --- kept on disk


def cached_top_k(
    folder: Path, demands: Demands, measure: str, k: int, *, zones_apart: int | None = None
) -> TopK:
    """Give :func:`top_k` for all roles, from a file if it was computed before.

    Parameters
    ----------
    folder : pathlib.Path
        Where the files are; made if it is not there. One that cannot be written to only means that
        nothing is kept.
    demands, measure, k, zones_apart
        As for :func:`top_k`.

    Returns
    -------
    TopK
        Mapped into memory and not to be written to. A file is known by the fingerprint of the
        demands and by all parameters, so one of other data is never used; one that is damaged is
        computed anew.

    Raises
    ------
    NotFoundError, MeasureError, ExtraMissingError
        As for :func:`top_k`.
    """
    np = _np()
    _known(measure)
    key = [_VERSION, demands.fingerprint, measure, k, zones_apart]
    name = hashlib.sha256(json.dumps(key).encode()).hexdigest()
    path = folder / f"{_prefix(demands.fingerprint)}{measure}-{name[:32]}.npy"
    row = np.dtype([("target", "<i4"), ("value", "<f4")])
    n = len(demands.roles)
    shape = (n, min(k, max(n - 1, 0)))
    with suppress(OSError, ValueError, EOFError):  # not there, or damaged
        kept = np.lib.format.open_memmap(path, mode="r")
        if kept.dtype == row and kept.shape == shape and _plausible(kept, n):
            return TopK(kept["target"], kept["value"])
    found = top_k(demands, measure, k, zones_apart=zones_apart)
    both = np.empty(shape, dtype=row)
    both["target"], both["value"] = found
    # a cache that cannot be written is no reason to withhold the answer
    with suppress(OSError):
        _write(path, both)
    return found


def _plausible(kept: Any, n: int) -> bool:
    target, value = kept["target"], kept["value"]
    in_range = bool(((target >= -1) & (target < n)).all() and ((value >= 0) & (value <= 1)).all())
    return in_range and bool((value[:, 1:] <= value[:, :-1]).all())


def _prefix(fingerprint: str) -> str:
    return f"top-{fingerprint[:16]}-"


def _write(path: Path, array: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".top-")
    try:
        with os.fdopen(handle, "wb") as out:
            _np().save(out, array, allow_pickle=False)
            out.flush()
            os.fsync(out.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def drop_stale(folder: Path, keep: Collection[str] = ()) -> int:
    """Remove what :func:`cached_top_k` keeps of demands that are no longer there.

    Parameters
    ----------
    folder : pathlib.Path
    keep : collection of str
        Fingerprints of demands whose files stay.

    Returns
    -------
    int
        Files removed. One that somebody else removes first, or holds, is passed over.
    """
    staying = tuple(_prefix(fingerprint) for fingerprint in keep)
    removed = 0
    for path in sorted(folder.glob("top-*.npy")):
        if not path.name.startswith(staying):
            with suppress(OSError):
                path.unlink()
                removed += 1
    return removed
