"""Routes over the transitions of a whole labour market, as arrays.

The arrays are those of a :class:`Network` (see :mod:`rolegraph.networkdata`). The searches give
what those of :mod:`rolegraph.routing` give, route for route and tie for tie; only the transitions
on the routes found become Python objects. Where numba is installed they are compiled
(:mod:`rolegraph.csrkernels`); else they go by scipy and numpy.

How it is exact
---------------
Routes are ordered by cost, career steps, legs (mappings crossed count as legs), labels, IRIs. The
first three are whole numbers below ``n * largest cost``, ``n`` and ``n``, ``n`` being the count of
roles, so each leg gets the one weight ``(cost * n + step) * n + 1`` and sums of weights sort as the
triples do; being below 2**53 they are exact in floating point. No weight is 0, which sparse graphs
would take for a missing edge. Labels and IRIs are compared by rank. Costs that are functions, and
graphs too large for the weights, go through :mod:`rolegraph.routing` with every transition as an
object.

References
----------
Dijkstra, E. W. (1959). A note on two problems in connexion with graphs. Numerische Mathematik 1,
269-271.

Hart, P. E., Nilsson, N. J., Raphael, B. (1968). A formal basis for the heuristic determination of
minimum cost paths. IEEE Transactions on Systems Science and Cybernetics 4, 100-107.

Lawler, E. L. (1972). A procedure for computing the k best solutions to discrete optimization
problems and its application to the shortest path problem. Management Science 18, 401-405.
"""

from __future__ import annotations

import math
import sys
from bisect import insort
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from heapq import heappop, heappush
from itertools import count, pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

from rolegraph import csrkernels, routing
from rolegraph.errors import CostError, NoRouteError
from rolegraph.jit import compiles
from rolegraph.networkdata import (
    _MAPPING,
    FORMAT,
    KINDS,
    TYPES,
    Network,
    Strings,
    _needs,
    _numpy,
    compile,
    open,
    pack,
    save,
)
from rolegraph.routes import MAPPING, Leg, Reached
from rolegraph.routing import EVIDENCE_KINDS, Cost
from rolegraph.values import Role

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints: TypeAlias = NDArray[np.integer[Any]]
    Floats: TypeAlias = NDArray[np.floating[Any]]

__all__ = [
    "FORMAT",
    "KINDS",
    "TYPES",
    "Legs",
    "Network",
    "Strings",
    "compile",
    "k_best",
    "open",
    "pack",
    "reach",
    "save",
    "shortest",
    "ways",
]

Legs: TypeAlias = Callable[[Sequence[int]], Sequence[Leg]]
"""Reads the transitions of some edges, given by number, in full and in the same order."""

_EXACT = 2.0**53  # whole numbers up to here are exact as doubles
_VIEWS = 8
_EARLY, _SEARCHES = 3, count()  # how many searches go without machine code, and how many went
_BUDGET = 10_000  # edges to look at so that the search for several ways is well steered


_Wanted: TypeAlias = tuple[tuple[bool, ...], tuple[bool, ...], float | None]
"""Kinds and types that may be used, and the least value of what a measure suggests."""


@dataclass(frozen=True, slots=True, eq=False)
class _View:
    """The edges that a search may use, the best one for each pair of roles, with weights.

    Positions count these edges, by source and weight. ``spaces`` are work spaces for the compiled
    searches, each used by one search at a time.
    """

    n: int
    indptr: Ints
    tails: Ints
    heads: Ints
    edges: Ints
    price: Ints
    step: Ints
    weight: Floats
    unit: float | None  # the weight, where all are equal
    lightest: float
    base: int  # weight // base is the cost
    back_indptr: Ints
    back_tails: Ints
    back_weight: Floats
    ranks: Ints
    names: Ints
    spaces: list[tuple[Floats, Ints]] = field(default_factory=list)

    def space(self) -> tuple[Floats, Ints]:
        """Take a work space, to be put back after use."""
        try:
            return self.spaces.pop()
        except IndexError:
            np = _numpy()
            space = np.empty((10, self.n), np.int32)
            space[:2] = -1
            return np.full((2, self.n), np.inf), space

    def steps(self, weights: Floats) -> Ints:
        """Career steps in sums of weights."""
        return (weights // (self.base // self.n) % self.n).astype("int64")


_ALL: _Wanted = (True,) * len(KINDS), (True,) * len(TYPES), None
_ALL_STEPS: _Wanted = _ALL[0], tuple(t != MAPPING for t in TYPES), None


def _wanted(
    kinds: Sequence[str] | None,
    types: Sequence[str] | None,
    mappings: bool,
    min_value: float | None,
) -> _Wanted:
    if kinds is None and types is None and min_value is None:
        return _ALL if mappings else _ALL_STEPS
    k = routing.checked_names(kinds, EVIDENCE_KINDS, "kind of evidence")
    t = routing.wanted_types(types, mappings)
    allowed = tuple(kinds is None or x in k for x in KINDS), tuple(x in t for x in TYPES)
    return *allowed, min_value


def _selected(network: Network, wanted: _Wanted) -> Ints:
    np = _numpy()
    kinds, types = map(np.array, wanted[:2])
    keep = kinds[network.kind] & types[network.type]
    if wanted[2] is not None:
        keep &= ~(network.value < wanted[2])  # what has no value was not computed, and stays
    return np.flatnonzero(keep)  # type: ignore[no-any-return]


def _view(network: Network, cost: str, wanted: _Wanted) -> _View | None:
    """Give the view of a network, kept for the next search; None if weights would not be exact."""
    key = cost, wanted
    if (view := network._views.get(key)) is None:
        view = _make_view(network, cost, _selected(network, wanted))
        if view is None:
            return None
        if not network._numbers:
            network._numbers.update((network.roles[i], i) for i in range(len(network.roles)))
        while len(network._views) >= _VIEWS:
            network._views.pop(next(iter(network._views)), None)
        network._views[key] = view
    return view


def _make_view(network: Network, cost: str, edges: Ints) -> _View | None:
    np = _numpy()
    n = len(network.roles)
    all_tails = np.repeat(np.arange(n, dtype=np.int32), np.diff(network.indptr))
    edges = edges[all_tails[edges] != network.indices[edges]]
    tails, heads = all_tails[edges], network.indices[edges]
    step = (network.type[edges] != _MAPPING).astype(np.int64)
    price = step if cost == "steps" else network.new_skills[edges] * step
    if len(edges):
        new = np.r_[True, (tails[1:] != tails[:-1]) | (heads[1:] != heads[:-1])]
        if not new.all():
            starts = np.flatnonzero(new)
            group = np.cumsum(new) - 1
            worth = price * 2 + step
            best = np.flatnonzero(worth == np.minimum.reduceat(worth, starts)[group])
            group = group[best]
            keep = best[np.r_[True, group[1:] != group[:-1]]]
            edges, tails, heads = edges[keep], tails[keep], heads[keep]
            step, price = step[keep], price[keep]
    crossings = bool((step == 0).any())
    base = n * n if crossings else n
    if (int(price.max(initial=0)) * base + base) * n >= _EXACT:
        return None
    # rows by weight, which takes sorting by weight first and by row second
    order = _order(price * 2 + step)
    back, order = order[_order(heads[order])], order[_order(tails[order])]
    weight = (price * base + (step * n if crossings else 0) + 1).astype(np.float64)
    lightest = float(weight.min(initial=math.inf))
    unit = lightest if len(weight) and float(weight.max()) == lightest else None
    return _View(
        n, _rows(tails, n), tails[order], heads[order], edges[order], price[order], step[order],
        weight[order], unit, lightest, base, _rows(heads, n), tails[back], weight[back],
        network.ranks.astype(np.int32), np.arange(n, dtype=np.int32),
    )  # fmt: skip


def _order(keys: Ints) -> Ints:
    """Sort numbers from 0 up, leaving equal ones as they are; by counting, where they are small."""
    small = keys.max(initial=0) < 2**16
    order: Ints = (keys.astype("uint16") if small else keys).argsort(kind="stable")
    return order


def _rows(ends: Ints, n: int) -> Ints:
    """Where the row of each node begins, when edges are sorted by one of their ends."""
    np = _numpy()
    indptr = np.zeros(n + 1, np.int32)
    np.cumsum(np.bincount(ends, minlength=n), out=indptr[1:])
    return indptr  # type: ignore[no-any-return]


def _spread(indptr: Ints, nodes: Ints) -> Ints:
    """Positions of all edges in the rows of some nodes."""
    np = _numpy()
    starts, counts = indptr[nodes], indptr[nodes + 1] - indptr[nodes]
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    return np.repeat(starts - (ends - counts), counts) + np.arange(total)  # type: ignore[no-any-return]


def _distances(view: _View, start: int, *, back: bool, stop: int | None = None) -> Floats:
    """Least sums of weights from a node to all, or from all to it.

    With ``stop``, and equal weights, it ends where that node is reached; what lies farther away
    is infinite then.
    """
    np = _numpy()
    indptr, ends, weight = view.indptr, view.heads, view.weight
    if back:
        indptr, ends, weight = view.back_indptr, view.back_tails, view.back_weight
    if view.unit is None:
        return _dijkstra(view.n, indptr, ends, weight, start)
    far = np.full(view.n, np.inf)
    far[start] = level = 0.0
    near = None
    if stop is not None:
        here = view.indptr if back else view.back_indptr
        near = (view.heads if back else view.back_tails)[here[stop] : here[stop + 1]]
    front = np.array([start])
    while len(front):
        # its own neighbours tell that it comes next, without the next layer being laid out
        if near is not None and (far[near] == level).any():
            far[stop] = level + view.unit
            break
        level += view.unit
        fresh = np.zeros(view.n, bool)
        fresh[ends[_spread(indptr, front)]] = True
        fresh &= np.isinf(far)
        front = np.flatnonzero(fresh)
        far[front] = level
    return far  # type: ignore[no-any-return]


def _dijkstra(n: int, indptr: Ints, ends: Ints, weight: Floats, start: int) -> Floats:
    try:
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import dijkstra
    except ImportError:
        raise _needs("scipy") from None
    graph = csr_array((weight, ends, indptr), shape=(n, n))
    return dijkstra(graph, directed=True, indices=start)  # type: ignore[no-any-return]


_Way: TypeAlias = tuple[int, ...]


def _search(
    view: _View,
    ranks: Ints,
    to: Floats,
    start: int,
    target: int,
    barred: frozenset[int] = frozenset(),
    banned: frozenset[int] = frozenset(),
) -> _Way | None:
    """Find the best way to a target: positions of edges.

    ``to`` is the least weight from each node to the target, which steers the search. ``barred``
    nodes are not to be entered, ``banned`` ones not right after the start. Rows are laid out only
    as far as the sum of weights asks for it.
    """
    np = _numpy()
    heap: list[tuple[float, _Way, _Way, int, float, float, _Way]] = []
    heappush(heap, (float(to[start]), (), (), start, 0.0, -1.0, ()))
    settled: set[int] = set()
    while heap:
        bound, labels, names, node, gone, done, way = heappop(heap)
        if done < 0:
            if node in settled:
                continue
            settled.add(node)
            if node == target:
                return way
        low, high = view.indptr[node], view.indptr[node + 1]
        total = gone + view.weight[low:high] + to[view.heads[low:high]]
        for i in np.flatnonzero((total <= bound) & (total > done)).tolist():
            head = int(view.heads[low + i])
            if head in barred or head in settled or (node == start and head in banned):
                continue
            heappush(
                heap,
                (bound, (*labels, int(ranks[head])), (*names, head), head,
                 gone + float(view.weight[low + i]), -1.0, (*way, int(low) + i)),
            )  # fmt: skip
        rest = total[(total > bound) & np.isfinite(total)]
        if len(rest):
            heappush(heap, (float(rest.min()), labels, names, node, gone, bound, way))
    return None


def _ways(
    view: _View, ranks: Ints, to: Floats, start: int, target: int, k: int, limit: float
) -> list[_Way]:
    """Find the k best ways that visit no node twice and weigh no more than a limit.

    The ways left to be found are parted by where they leave one that was found, and each part is
    searched only when its lower bound is the least of all.
    """
    first = _search(view, ranks, to, start, target)
    if first is None:
        return []

    def nodes(way: _Way) -> list[int]:
        return [start, *view.heads[list(way)].tolist()]

    def entry(way: _Way, fixed: int, banned: frozenset[int]) -> tuple[Any, ...]:
        # exact ones come after parts with as low a bound, which may hold something better
        stops = nodes(way)[1:]
        labels = tuple(ranks[stops].tolist())
        return float(view.weight[list(way)].sum()), 1, labels, tuple(stops), way, fixed, banned

    heap: list[tuple[Any, ...]] = [entry(first, 0, frozenset())]
    found: list[_Way] = []
    serial = 0
    while heap:
        item = heappop(heap)
        if item[0] > limit:
            break
        way, fixed, banned = item[4:]
        if item[1] == 0:
            stops = nodes(way)
            rest = _search(view, ranks, to, stops[-1], target, frozenset(stops[:-1]), banned)
            if rest is not None:
                heappush(heap, entry((*way, *rest), fixed, banned))
            continue
        found.append(way)
        if len(found) == k:
            break
        stops = nodes(way)
        for i in range(fixed, len(way)):
            bans = frozenset({*(banned if i == fixed else ()), stops[i + 1]})
            low, high = view.indptr[stops[i]], view.indptr[stops[i] + 1]
            heads = view.heads[low:high]
            total = view.weight[low:high] + to[heads]
            for other in (*bans, *stops[:i]):
                total[heads == other] = math.inf
            if (least := float(total.min(initial=math.inf))) < math.inf:
                serial += 1
                bound = float(view.weight[list(way[:i])].sum()) + least
                heappush(heap, (bound, 0, (), (serial,), way[:i], i, bans))
    return found


def _priced(
    view: _View, network: Network, ways: Sequence[_Way], legs: Legs | None
) -> list[list[tuple[Leg, float]]]:
    edges = [view.edges[list(way)].tolist() for way in ways]
    several = list(dict.fromkeys(e for way in edges for e in way))
    read = dict(zip(several, (legs or network.legs)(several), strict=True)) if several else {}
    return [
        [(read[e], int(view.price[p])) for e, p in zip(es, way, strict=True)]
        for es, way in zip(edges, ways, strict=True)
    ]


def _plainly(
    network: Network,
    cost: Cost,
    wanted: _Wanted,
    legs: Legs | None,
) -> tuple[Sequence[Leg], Cost]:
    """Everything as objects: for costs that are functions, and for weights that are too large."""
    edges = _selected(network, wanted).tolist()
    all_legs = (legs or network.legs)(edges)
    if callable(cost) or cost == "steps":
        return all_legs, cost
    new = {
        (leg.ends, leg.transition.iri): int(network.new_skills[e])
        for e, leg in zip(edges, all_legs, strict=True)
    }
    return all_legs, lambda leg: new[leg.ends, leg.transition.iri]


def _all_roles(network: Network) -> dict[str, Role]:
    return {r.iri: r for r in map(network.role, range(len(network.roles)))}


def _no_route(network: Network, view: _View, a: int, b: int) -> NoRouteError:
    np = _numpy()

    def labels(start: int, back: bool) -> list[str]:
        there = np.flatnonzero(np.isfinite(_distances(view, start, back=back)))
        return [network.labels[i] for i in there.tolist() if i != start]

    ends = network.role(a), network.role(b)
    return NoRouteError(routing.no_route(*ends, labels(a, False), labels(b, True)))


def shortest(
    network: Network,
    source: str,
    target: str,
    cost: Cost = "steps",
    *,
    kinds: Sequence[str] | None = None,
    types: Sequence[str] | None = None,
    mappings: bool = False,
    min_value: float | None = None,
    legs: Legs | None = None,
) -> list[tuple[Leg, float]]:
    """Find the route of least cost; the same as :func:`rolegraph.routing.shortest` finds.

    Parameters
    ----------
    network : Network
    source, target : str
        IRIs of roles.
    cost : str or callable
        See :data:`rolegraph.routing.Cost`. A function has to see every leg, so all of them are
        read first: that takes time and memory in proportion to the network.
    kinds, types, mappings, min_value
        As for :func:`rolegraph.routing.choose`.
    legs : callable, optional
        Reads the transitions of edges in full, from a store; called once, with the edges of the
        route (with all edges, if the cost is a function). Without it legs have no evidence and no
        skills.

    Returns
    -------
    list of (Leg, float)
        The legs in order, with what each costs. Empty when source and target are the same.

    Raises
    ------
    NotFoundError
        If a role is not in the network.
    NoRouteError, CostError, ValueError
        As for :func:`rolegraph.routing.shortest` and :func:`rolegraph.routing.choose`.
    """
    return _best(network, source, target, None, cost, (kinds, types, mappings, min_value), legs)[0]


def k_best(
    network: Network,
    source: str,
    target: str,
    k: int,
    cost: Cost = "steps",
    *,
    kinds: Sequence[str] | None = None,
    types: Sequence[str] | None = None,
    mappings: bool = False,
    min_value: float | None = None,
    legs: Legs | None = None,
) -> list[list[tuple[Leg, float]]]:
    """Find the k routes of least cost that visit no role twice.

    Parameters
    ----------
    network, source, target, cost, kinds, types, mappings, min_value, legs
        As for :func:`shortest`.
    k : int
        How many at most, at least 1.

    Returns
    -------
    list of list of (Leg, float)
        The same, in the same order, as :func:`rolegraph.routing.k_best` finds.

    Raises
    ------
    NotFoundError, NoRouteError, CostError
        As for :func:`shortest`.
    ValueError
        If k is below 1, or a kind or type is not known.
    """
    routing.check_count(k)
    return _best(network, source, target, int(k), cost, (kinds, types, mappings, min_value), legs)


_Filters: TypeAlias = tuple[Sequence[str] | None, Sequence[str] | None, bool, float | None]


def _best(
    network: Network,
    source: str,
    target: str,
    k: int | None,
    cost: Cost,
    filters: _Filters,
    legs: Legs | None,
) -> list[list[tuple[Leg, float]]]:
    routing.check_cost(cost)
    wanted = _wanted(*filters)
    a, b = network.number(source), network.number(target)
    view = None if callable(cost) else _view(network, cost, wanted)
    if view is None:
        every, price = _plainly(network, cost, wanted, legs)
        roles, ends = _all_roles(network), (network.role(a), network.role(b))
        if k is None:
            return [routing.shortest(every, roles, *ends, price)]
        return routing.k_best(every, roles, *ends, k, price)
    return _priced(view, network, _searched(network, view, a, b, k or 1), legs)


def ways(
    network: Network,
    source: str,
    target: str,
    k: int = 1,
    cost: str = "steps",
    *,
    kinds: Sequence[str] | None = None,
    types: Sequence[str] | None = None,
    mappings: bool = False,
    min_value: float | None = None,
) -> list[list[int]]:
    """Find the k routes of least cost as edges, without making objects of them.

    For those who search very often: what :func:`k_best` finds in a hundredth of a millisecond, it
    takes several times that to put into values.

    Parameters
    ----------
    network, source, target, k, cost, kinds, types, mappings, min_value
        As for :func:`k_best`; the cost must have a name.

    Returns
    -------
    list of list of int
        The numbers of the edges; :meth:`Network.ends` and :meth:`Network.legs` say what they are.

    Raises
    ------
    NotFoundError, NoRouteError, CostError, ValueError
        As for :func:`k_best`.
    """
    routing.check_count(k)
    if cost not in routing.COSTS:
        raise CostError(f"no cost {cost!r} for edges; known are {', '.join(routing.COSTS)}")
    filters = kinds, types, mappings, min_value
    a, b = network.number(source), network.number(target)
    view = _view(network, cost, _wanted(*filters))
    if view is None:
        edge = {(iri, *e): i for i, iri, e in _named_edges(network)}
        priced = _best(network, source, target, int(k), cost, filters, None)
        return [[edge[leg.transition.iri, *leg.ends] for leg, _ in way] for way in priced]
    found = _searched(network, view, a, b, int(k))
    return [view.edges[list(way)].tolist() for way in found]


def _named_edges(network: Network) -> Iterator[tuple[int, str, tuple[str, str]]]:
    for i in range(len(network)):
        a, b = network.ends(i)
        yield i, network.claims[i], (network.roles[a], network.roles[b])


def _searched(network: Network, view: _View, a: int, b: int, k: int) -> list[_Way]:
    if a == b:
        return [()]
    found = (_compiled_ways if _compiled() else _plain_ways)(network, view, a, b, k)
    if not found:
        raise _no_route(network, view, a, b)
    return found


def _compiled() -> bool:
    """Whether to search with machine code.

    Not for the first few searches, which are over before numba is loaded: half a second that one
    route on the command line should not take.
    """
    return ("numba" in sys.modules or next(_SEARCHES) >= _EARLY) and compiles()


def _plain_ways(network: Network, view: _View, a: int, b: int, k: int) -> list[_Way]:
    np = _numpy()
    to = _distances(view, b, back=True, stop=a)
    if not np.isfinite(to[a]):
        return []
    # cut short, the distances are good for ways as short as the best; often there are enough
    ways = _ways(view, network.ranks, to, a, b, k, math.inf if view.unit is None else to[a])
    if len(ways) < k and view.unit is not None:
        to = _distances(view, b, back=True)
        ways = _ways(view, network.ranks, to, a, b, k, math.inf)
    return ways


def _compiled_ways(network: Network, view: _View, a: int, b: int, k: int) -> list[_Way]:
    far, space = view.space()
    first = csrkernels.meet(
        view.indptr, view.heads, view.weight, view.back_indptr, view.back_tails, view.back_weight,
        view.ranks, view.names, a, b, view.unit is not None, far, space,
    )  # fmt: skip
    ways = [tuple(space[8, :first].tolist())] if first else []
    if ways and k > 1:
        ways = _deviations(view, ways[0], a, b, k, far, space)
    view.spaces.append((far, space))
    return ways


def _deviations(
    view: _View, first: _Way, a: int, b: int, k: int, far: Floats, space: Ints
) -> list[_Way]:
    """Find the k best ways that visit no node twice, the first being known.

    As :func:`_ways`, but what weighs more than k ways that are known is not looked for, and how far
    it is to the target is only found out for what is near to it.
    """
    np = _numpy()
    total, lightest = float(view.weight[list(first)].sum()), view.lightest
    to, parents = np.full(view.n, np.inf), np.full(view.n, -1, np.int32)
    near = csrkernels.tree(
        view.back_indptr, view.back_tails, view.back_weight, view.ranks, view.names,
        b, total + lightest, _BUDGET, False, to, parents, space,
    )  # fmt: skip
    space[:2] = -1
    # who has not been passed has one edge to go, at least, to someone of those that come next
    cap = min(near, total) + lightest
    steering = view.indptr, view.heads, view.weight, view.ranks, view.names, to, cap
    limit = math.inf

    def entry(nodes: list[int], way: _Way, fixed: int, banned: list[int]) -> tuple[Any, ...]:
        sums = view.weight[list(way)].cumsum().tolist()
        labels = view.ranks[nodes].tolist()
        return sums[-1], 1, labels, nodes, way, fixed, banned, sums

    heap = [entry(view.heads[list(first)].tolist(), first, 0, [])]
    known, found, serial = [total], list[_Way](), 0
    while heap:
        # exact ones come after parts with as low a bound, which may hold something better
        _, exact, _, nodes, way, fixed, banned, sums = heappop(heap)
        if not exact:
            gone = sums[fixed - 1] if fixed else 0.0
            here = nodes[fixed - 1] if fixed else a
            barred = np.array([a, *nodes[: fixed - 1]] if fixed else [], np.int32)
            legs = csrkernels.spur(
                *steering, here, b, barred, np.array(banned, np.int32), limit - gone, far, space
            )
            if legs:
                rest, on = space[8, :legs].tolist(), space[9, :legs].tolist()
                new = entry([*nodes[:fixed], *on], (*way[:fixed], *rest), fixed, banned)
                heappush(heap, new)
                insort(known, new[0])
                limit = known[k - 1] if len(known) >= k else math.inf
            continue
        found.append(way)
        if len(found) == k:
            break
        lower = np.empty(len(way))
        csrkernels.bounds(
            *steering[:3], *steering[5:], a, np.array(way, np.int32), fixed,
            np.array(banned, np.int32), space, lower,
        )  # fmt: skip
        for i, bound in enumerate(lower[fixed:].tolist(), fixed):
            if bound <= limit and bound < math.inf:
                serial += 1
                bans = [*banned, nodes[i]] if i == fixed else [nodes[i]]
                heappush(heap, (bound, 0, [serial], nodes, way, i, bans, sums))
    return found


def reach(
    network: Network,
    source: str,
    cost: Cost = "steps",
    max_steps: int | None = None,
    *,
    kinds: Sequence[str] | None = None,
    types: Sequence[str] | None = None,
    mappings: bool = False,
    min_value: float | None = None,
    legs: Legs | None = None,
    role: Callable[[str], Role] | None = None,
) -> tuple[Reached, ...]:
    """Find all roles that can be reached, each with its way of least cost.

    Parameters
    ----------
    network, source, cost, kinds, types, mappings, min_value, legs
        As for :func:`shortest`; ``legs`` is only used if the cost is a function.
    max_steps : int, optional
        Leave out roles that take more career steps than this, whatever they cost.
    role : callable, optional
        Gives a role in full for an IRI; without it roles have IRI and label only.

    Returns
    -------
    tuple of Reached
        The same as :func:`rolegraph.routing.reach` finds: by cost, steps and label, without the
        source itself.

    Raises
    ------
    NotFoundError
        If the role is not in the network.
    CostError
    ValueError
        If ``max_steps`` is negative, or a kind or type is not known.
    """
    np = _numpy()
    routing.check_cost(cost)
    routing.check_limit(max_steps)
    wanted = _wanted(kinds, types, mappings, min_value)
    a = network.number(source)
    view = None if callable(cost) else _view(network, cost, wanted)
    if view is None:
        return _reach_plainly(network, a, cost, max_steps, wanted, legs, role)
    far, parents = _ways_from(view, a)
    there = np.flatnonzero(np.isfinite(far))
    most = view.n if max_steps is None else max_steps
    steps = np.zeros(view.n, np.int64)
    steps[there] = view.steps(far[there])
    # by steps alone the least is the least there is; else a dearer way may take fewer steps
    if cost != "steps" and bool((steps[there] > most).any()):
        tree = _layers(network, view, a, most, far)
        if tree is None:
            return _reach_plainly(network, a, cost, max_steps, wanted, legs, role)
    else:
        ends = there[(there != a) & (steps[there] <= most)]
        tree = _Tree(ends, parents, view.names, _whole(far, view.base), steps)
    return _reached(network, a, tree, role)


def _ways_from(view: _View, start: int) -> tuple[Floats, Ints]:
    """Give the least weights from a node, and each node's parent on its best way, or -1."""
    if not _compiled():
        far = _distances(view, start, back=False)
        return far, _parents(
            far, view.tails, view.heads, view.weight, view.n, view.ranks, view.names
        )
    np = _numpy()
    far, parents = np.full(view.n, np.inf), np.full(view.n, -1, np.int32)
    space = np.full((2, view.n), -1, np.int32)
    csrkernels.tree(
        view.indptr, view.heads, view.weight, view.ranks, view.names, start, math.inf, 0, True,
        far, parents, space,
    )  # fmt: skip
    return far, parents


def _reach_plainly(
    network: Network,
    start: int,
    cost: Cost,
    max_steps: int | None,
    wanted: _Wanted,
    legs: Legs | None,
    role: Callable[[str], Role] | None,
) -> tuple[Reached, ...]:
    every, price = _plainly(network, cost, wanted, legs)
    found = routing.reach(every, _all_roles(network), network.role(start), price, max_steps)
    if role is None:
        return found
    full = lru_cache(maxsize=None)(role)
    return tuple(
        replace(r, role=full(r.role.iri), via=tuple(full(v.iri) for v in r.via)) for r in found
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Tree:
    """Best ways from one node: where they end, and the node before each.

    ``names`` says which role each node is, ``costs`` and ``steps`` what its way takes.
    """

    ends: Ints
    parents: Ints
    names: Ints
    costs: Floats
    steps: Ints


def _reached(
    network: Network, start: int, tree: _Tree, role: Callable[[str], Role] | None
) -> tuple[Reached, ...]:
    np = _numpy()
    ends = tree.ends
    names = tree.names[ends]
    order = np.lexsort((names, network.ranks[names], tree.steps[ends], tree.costs[ends]))
    ends = ends[order]
    rows = (x[ends].astype("int64").tolist() for x in (tree.names, tree.costs, tree.steps))
    parents, name_of = tree.parents.tolist(), tree.names.tolist()
    roles: dict[int, Role] = {}

    def role_of(name: int) -> Role:
        if name not in roles:
            roles[name] = role(network.roles[name]) if role else network.role(name)
        return roles[name]

    # nodes stand for one role or, in layers, one after so many steps
    via: dict[int, tuple[Role, ...]] = {}
    found = []
    for end, name, cost, steps in zip(ends.tolist(), *rows, strict=True):
        stack, node = [], end
        while node >= 0 and node not in via:
            stack.append(node)
            node = parents[node]
        way = via[node] if node >= 0 else ()
        for node in reversed(stack):
            way = via[node] = (*way, role_of(name_of[node]))
        found.append(Reached(role_of(name), cost, steps, way))
    return tuple(found)


def _parents(
    far: Floats, tails: Ints, heads: Ints, weight: Floats, base: int, ranks: Ints, names: Ints
) -> Ints:
    """Give each node's predecessor on its best way; -1 where there is none.

    Of the edges that lie on some way of least weight, leg by leg: ways of equal weight have
    equally many legs, so it is enough to compare the ranks of the ways so far, by labels first and
    by IRIs second, and to rank the ways that come of it.
    """
    np = _numpy()
    n = len(far)
    with np.errstate(invalid="ignore"):
        tight = np.flatnonzero(np.isfinite(far[tails]) & (far[tails] + weight == far[heads]))
    tails, heads = tails[tight], heads[tight]
    parents = np.full(n, -1, np.int64)
    by_labels, by_names = np.zeros(n, np.int64), np.zeros(n, np.int64)
    legs = (far[heads] % base).astype(np.int64)
    order = np.argsort(legs, kind="stable")
    most = int(legs.max(initial=0))
    bounds = np.searchsorted(legs[order], np.arange(1, most + 2))
    for low, high in pairwise(bounds.tolist()):
        some = order[low:high]
        if not len(some):
            continue
        t, h = tails[some], heads[some]
        by = np.lexsort((by_names[t], by_labels[t], h))
        t, h = t[by], h[by]
        first = np.r_[True, h[1:] != h[:-1]]
        t, h = t[first], h[first]
        parents[h] = t
        by_labels[h] = np.unique(by_labels[t] * n + ranks[h], return_inverse=True)[1]
        by_names[h] = np.unique(by_names[t] * n + names[h], return_inverse=True)[1]
    return parents  # type: ignore[no-any-return]


def _whole(weights: Floats, base: int) -> Floats:
    """Divide and round down; what is infinite stays so."""
    np = _numpy()
    ends = np.isfinite(weights)
    return np.where(ends, np.where(ends, weights, 0) // base, np.inf)  # type: ignore[no-any-return]


def _layers(network: Network, view: _View, start: int, most: int, far: Floats) -> _Tree | None:
    """Unroll the graph by career steps, since the cheapest way may take too many of them.

    Node ``i * n + v`` is role ``v`` after ``i`` steps; a mapping leads to a role of the same layer.
    """
    np = _numpy()
    n = view.n
    size = n * (most + 1)
    if (int(view.price.max(initial=0)) * most + 2) * size >= _EXACT or size >= 2**31:
        return None
    inside = np.flatnonzero(np.isfinite(far[view.tails]))
    nearest = _whole(_dijkstra(n, view.indptr, view.heads, view.step * float(n) + 1, start), n)
    tails, heads, weights = [], [], []
    for i in range(most + 1):
        use = inside[nearest[view.tails[inside]] <= i]
        if i == most:
            use = use[view.step[use] == 0]
        tails.append(view.tails[use].astype(np.int64) + i * n)
        heads.append(view.heads[use] + (i + view.step[use]) * n)
        weights.append(view.price[use] * float(size) + 1)
    t, h, w = np.concatenate(tails), np.concatenate(heads), np.concatenate(weights)
    order = np.argsort(t, kind="stable")
    t, h, w = t[order], h[order], w[order]
    indptr = np.zeros(size + 1, np.int32)
    np.cumsum(np.bincount(t, minlength=size), out=indptr[1:])
    reached = _dijkstra(size, indptr, h.astype(np.int32), w, start)
    names = np.tile(np.arange(n), most + 1)
    parents = _parents(reached, t, h, w, size, np.tile(network.ranks, most + 1), names)
    costs = _whole(reached, size)
    by_layer = costs.reshape(most + 1, n)
    layer = by_layer.argmin(axis=0)  # the first of equals: the fewest steps
    there = np.flatnonzero(np.isfinite(by_layer.min(axis=0)))
    there = there[there != start]
    return _Tree(layer[there] * n + there, parents, names, costs, np.repeat(np.arange(most + 1), n))
