"""Routes over transitions: shortest, several, and everything within reach.

The searching is networkx's. Ties are broken by the number of steps, then by the number of
mappings crossed, then by the labels on the way, so that the same graph gives the same route
however it was read in. This is the plain form, for graphs held as objects;
:mod:`rolegraph.network` gives the same answers from arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import total_ordering
from heapq import heappop, heappush
from itertools import pairwise
from numbers import Real
from typing import TYPE_CHECKING, Any, TypeAlias

from rolegraph.errors import CostError, NoRouteError
from rolegraph.plandata import edge_data
from rolegraph.routes import MAPPING, Leg, Reached, Route, Step
from rolegraph.values import Role, Transition

if TYPE_CHECKING:
    import networkx as nx

__all__ = [
    "COSTS",
    "EVIDENCE_KINDS",
    "MAPPING",
    "TRANSITION_TYPES",
    "Cost",
    "Leg",
    "Reached",
    "Route",
    "Step",
    "check_cost",
    "check_count",
    "check_limit",
    "checked_names",
    "choose",
    "cost_of",
    "k_best",
    "multigraph",
    "no_route",
    "reach",
    "shortest",
    "wanted_types",
]

COSTS = ("steps", "new-skills")
_LARGEST = 1e300
EVIDENCE_KINDS = ("stated", "curated", "imported", "observed", "inferred")
TRANSITION_TYPES = ("promotion", "lateral move", "transition", "suggested")
"""Types of career steps that join two roles. Mappings are not career steps: see ``MAPPING``."""


Cost: TypeAlias = str | Callable[[Leg], float]
"""``"steps"``, ``"new-skills"``, or a function from a :class:`Leg` to a number not below 0.

A mapping costs nothing whatever the cost; a function is not asked about it.
"""


@total_ordering
@dataclass(frozen=True, slots=True, eq=True)
class _Weight:
    """A cost that adds up like a number and settles ties by steps, then by labels.

    Labels of two ways to one role can only be compared if there are as many of them: of two ways
    with labels (a) and (a, b) the first is less, but with (c) added to both the second is. So the
    count of labels comes before the labels; without mappings it is that of the steps.
    """

    cost: float = 0
    steps: int = 0
    labels: tuple[str, ...] = ()
    iris: tuple[str, ...] = ()

    def __add__(self, other: _Weight | int) -> _Weight:
        if not isinstance(other, _Weight):
            return self  # networkx starts at the number 0
        return _Weight(
            self.cost + other.cost,
            self.steps + other.steps,
            self.labels + other.labels,
            self.iris + other.iris,
        )

    __radd__ = __add__

    def __lt__(self, other: _Weight | int) -> bool:
        if not isinstance(other, _Weight):
            return False
        return self.key < other.key

    @property
    def key(self) -> tuple[float, int, int, tuple[str, ...], tuple[str, ...]]:
        return self.cost, self.steps, len(self.labels), self.labels, self.iris


def check_cost(cost: Cost) -> None:
    """Refuse the name of a cost that nobody knows.

    Raises
    ------
    CostError
    """
    if not callable(cost) and cost not in COSTS:
        raise CostError(f"no cost {cost!r}; known are {', '.join(COSTS)}, or give a function")


def cost_of(leg: Leg, cost: Cost) -> float:
    """Give what a leg costs; a mapping costs nothing.

    Raises
    ------
    CostError
        If a function gives no number, or one that is negative, not finite or too large.
    """
    label = leg.transition.label
    if leg.crossing:
        return 0
    if not callable(cost):
        return 1 if cost == "steps" else len(leg.new_skills)
    value = cost(leg)
    if isinstance(value, bool) or not isinstance(value, Real):
        raise CostError(f"the cost of {label!r} is missing: got {value!r}, not a number")
    if not abs(value) <= _LARGEST:  # also true of what is not a number at all
        raise CostError(f"the cost of {label!r} is not finite, or too large to add up")
    if value < 0:
        raise CostError(f"the cost of {label!r} is negative: {value!r}")
    return value if isinstance(value, int | float) else float(value)


def check_count(k: int) -> None:
    """Refuse a count of routes that is none.

    Raises
    ------
    ValueError
    """
    if k < 1 or k != int(k):
        raise ValueError(f"k must be a whole number of at least 1, not {k!r}")


def check_limit(max_steps: int | None) -> None:
    """Refuse a limit of steps below 0.

    Raises
    ------
    ValueError
    """
    if max_steps is not None and max_steps < 0:
        raise ValueError(f"max_steps must not be negative, not {max_steps!r}")


def checked_names(names: Sequence[str] | None, known: Sequence[str], what: str) -> frozenset[str]:
    """Give names as a set, all known ones for None; a single name may be a plain string.

    Raises
    ------
    ValueError
        If a name is not known; ``what`` says what it was to name.
    """
    if names is None:
        return frozenset(known)
    if isinstance(names, str):
        names = (names,)
    if bad := sorted(set(names) - set(known)):
        raise ValueError(f"no {what} {', '.join(map(repr, bad))}; known are {', '.join(known)}")
    return frozenset(names)


def choose(
    legs: Iterable[Leg],
    kinds: Sequence[str] | None = None,
    types: Sequence[str] | None = None,
    mappings: bool = False,
    min_value: float | None = None,
) -> list[Leg]:
    """Keep the legs of some kinds of evidence and some types of transition.

    Parameters
    ----------
    legs : iterable of Leg
    kinds : sequence of str, optional
        Kinds of evidence; all when None.
    types : sequence of str, optional
        Types of career steps, ``"promotion"``, ``"lateral move"``, ``"transition"`` or
        ``"suggested"``; all when None. ``"mapping"`` among them is ``mappings=True``.
    mappings : bool
        Keep mappings too, if they are of the kinds asked for.
    min_value : float, optional
        Leave out suggested transitions whose measure gives less; what no measure suggests stays.

    Returns
    -------
    list of Leg

    Raises
    ------
    ValueError
        If a name is not known.
    """
    k = checked_names(kinds, EVIDENCE_KINDS, "kind of evidence")
    t = wanted_types(types, mappings)
    return [
        leg
        for leg in legs
        if (kinds is None or leg.transition.kind in k)
        and leg.transition.type in t
        and not _below(leg.transition.value, min_value)
    ]


def _below(value: float | None, least: float | None) -> bool:
    return value is not None and least is not None and value < least


def wanted_types(types: Sequence[str] | None, mappings: bool) -> frozenset[str]:
    """Give the types of transitions to use, ``"mapping"`` among them where it is asked for.

    Raises
    ------
    ValueError
        If a name is not known.
    """
    if types is None:
        found = frozenset(TRANSITION_TYPES)
    else:
        found = checked_names(types, (*TRANSITION_TYPES, MAPPING), "type of transition")
    return found | {MAPPING} if mappings else found


def multigraph(roles: Iterable[Role], transitions: Iterable[Transition]) -> nx.MultiDiGraph:
    """Make a networkx graph of roles and the transitions between them.

    Parameters
    ----------
    roles : iterable of Role
    transitions : iterable of Transition
        Those without two roles are left out.

    Returns
    -------
    networkx.MultiDiGraph
        Nodes are IRIs with ``label``, ``family`` and ``level``; the key of an edge is the IRI of
        its transition, with what :func:`rolegraph.plandata.edge_data` gives.
    """
    import networkx as nx

    graph: nx.MultiDiGraph = nx.MultiDiGraph()
    for role in sorted(roles, key=lambda r: (r.label, r.iri)):
        graph.add_node(role.iri, label=role.label, family=role.family, level=role.level)
    for t in sorted(transitions, key=lambda t: (t.label, t.iri)):
        if t.source is not None and t.target is not None:
            graph.add_edge(t.source.iri, t.target.iri, key=t.iri, **edge_data(t))
    return graph


def _digraph(legs: Sequence[Leg], cost: Cost, labels: Mapping[str, str]) -> nx.DiGraph:
    """Make a simple graph in which each edge is the best of the legs it stands for."""
    import networkx as nx

    check_cost(cost)
    best: dict[tuple[str, str], tuple[_Weight, str, Leg]] = {}
    for leg in legs:
        a, b = leg.ends
        steps = 0 if leg.crossing else 1
        weight = _Weight(cost_of(leg, cost), steps, (labels.get(b, b),), (b,))
        entry = (weight, leg.transition.iri, leg)
        if (a, b) not in best or entry[:2] < best[a, b][:2]:
            best[a, b] = entry
    graph: nx.DiGraph = nx.DiGraph()
    graph.add_nodes_from(sorted(labels, key=lambda n: (labels[n], n)))
    for (a, b), (weight, _, leg) in sorted(best.items(), key=lambda x: x[0]):
        graph.add_edge(a, b, weight=weight, leg=leg)
    return graph


def shortest(
    legs: Sequence[Leg],
    roles: Mapping[str, Role],
    source: Role,
    target: Role,
    cost: Cost,
) -> list[tuple[Leg, float]]:
    """Find the route of least cost.

    Parameters
    ----------
    legs : sequence of Leg
    roles : mapping of str to Role
        All roles by IRI.
    source, target : Role
    cost : str or callable
        See :data:`Cost`.

    Returns
    -------
    list of (Leg, float)
        The legs in order, with what each costs. Empty when source and target are the same.

    Raises
    ------
    NoRouteError
        If the legs do not lead there; the message says where they end.
    CostError
        If a cost is missing, negative or not finite, or no such cost is known.

    References
    ----------
    Dijkstra, E. W. (1959). A note on two problems in connexion with graphs. Numerische
    Mathematik 1, 269-271.
    """
    import networkx as nx

    labels = {iri: r.label for iri, r in roles.items()}
    graph = _digraph(legs, cost, labels)
    try:
        path = _path(graph, source.iri, target.iri)
    except nx.NetworkXNoPath:
        raise NoRouteError(_why_not(graph, roles, source, target)) from None
    return _legs(graph, path)


def _legs(graph: nx.DiGraph, path: Sequence[str]) -> list[tuple[Leg, float]]:
    edges = [graph.edges[a, b] for a, b in pairwise(path)]
    return [(e["leg"], e["weight"].cost) for e in edges]


def _why_not(graph: nx.DiGraph, roles: Mapping[str, Role], source: Role, target: Role) -> str:
    import networkx as nx

    after = nx.descendants(graph, source.iri)
    before = nx.ancestors(graph, target.iri)
    return no_route(
        source, target, [roles[i].label for i in after], [roles[i].label for i in before]
    )


def no_route(source: Role, target: Role, after: Sequence[str], before: Sequence[str]) -> str:
    """Say why there is no route.

    Parameters
    ----------
    source, target : Role
    after, before : sequence of str
        Labels of the roles that the source leads to, and of those that lead to the target.

    Returns
    -------
    str
        One line, with six labels of each at most.
    """
    head = f"no route from {source.label!r} to {target.label!r}: "
    if not after:
        return head + f"no transition that may be used starts at {source.label!r}"
    if not before:
        return head + f"no transition that may be used ends at {target.label!r}"

    def names(found: Sequence[str]) -> str:
        labels = sorted(found)
        return ", ".join(labels[:6]) + (f" and {len(labels) - 6} more" if len(labels) > 6 else "")

    return (
        head + f"{source.label!r} leads to {names(after)}; "
        f"{target.label!r} is reached only from {names(before)}"
    )


def k_best(
    legs: Sequence[Leg],
    roles: Mapping[str, Role],
    source: Role,
    target: Role,
    k: int,
    cost: Cost,
) -> list[list[tuple[Leg, float]]]:
    """Find the k routes of least cost that visit no role twice.

    Parameters
    ----------
    legs, roles, source, target, cost
        As for :func:`shortest`.
    k : int
        How many at most, at least 1.

    Returns
    -------
    list of list of (Leg, float)
        By cost, then steps, then mappings crossed, then labels. Routes through the same roles
        count once, with the cheapest transition on each step.

    Raises
    ------
    NoRouteError, CostError
        As for :func:`shortest`.
    ValueError
        If k is below 1.

    References
    ----------
    Yen, J. Y. (1971). Finding the k shortest loopless paths in a network. Management Science 17,
    712-716.
    """
    import networkx as nx

    check_count(k)
    labels = {iri: r.label for iri, r in roles.items()}
    graph = _digraph(legs, cost, labels)
    try:
        first = _path(graph, source.iri, target.iri)
    except nx.NetworkXNoPath:
        raise NoRouteError(_why_not(graph, roles, source, target)) from None
    found, waiting, seen = [first], list[tuple[Any, list[str]]](), {tuple(first)}
    while len(found) < k:
        for path in _deviations(graph, found):
            if tuple(path) not in seen:
                seen.add(tuple(path))
                heappush(waiting, (_weight(graph, path).key, path))
        if not waiting:
            break
        found.append(heappop(waiting)[1])
    return [_legs(graph, path) for path in found]


def _path(graph: nx.DiGraph, source: str, target: str) -> list[str]:
    import networkx as nx

    # not the two-sided search: weights that carry labels add up in one direction only, and for
    # that reason networkx's own shortest_simple_paths would not settle ties either
    return list(nx.single_source_dijkstra(graph, source, target)[1])


def _weight(graph: nx.DiGraph, path: Sequence[str]) -> _Weight:
    return sum((graph.edges[e]["weight"] for e in pairwise(path)), _Weight())


def _deviations(graph: nx.DiGraph, found: Sequence[list[str]]) -> Iterator[list[str]]:
    """Give the best ways that leave the last way found at each of its roles (Yen's spurs)."""
    import networkx as nx

    last = found[-1]
    for i in range(len(last) - 1):
        root = last[: i + 1]
        taken = {(p[i], p[i + 1]) for p in found if p[: i + 1] == root and len(p) > i + 1}
        rest = nx.restricted_view(graph, root[:-1], taken)
        try:
            yield root[:-1] + _path(rest, root[-1], last[-1])
        except nx.NetworkXNoPath:
            continue


def reach(
    legs: Sequence[Leg],
    roles: Mapping[str, Role],
    source: Role,
    cost: Cost,
    max_steps: int | None = None,
) -> tuple[Reached, ...]:
    """Find all roles that can be reached, each with its way of least cost.

    Parameters
    ----------
    legs, roles, source, cost
        As for :func:`shortest`.
    max_steps : int, optional
        Leave out roles that take more career steps than this, whatever they cost.

    Returns
    -------
    tuple of Reached
        By cost, steps and label, without the source itself.

    Raises
    ------
    CostError
    ValueError
        If ``max_steps`` is negative.
    """
    import networkx as nx

    check_limit(max_steps)
    labels = {iri: r.label for iri, r in roles.items()}
    graph = _digraph(legs, cost, labels)
    if max_steps is not None:
        near = nx.single_source_dijkstra_path_length(
            graph, source.iri, cutoff=max_steps, weight=lambda a, b, data: data["weight"].steps
        )
        graph = _layered(graph, source.iri, max_steps, near)
        return _from_layers(graph, roles, source)
    weights, paths = nx.single_source_dijkstra(graph, source.iri)
    return _sorted(
        Reached(roles[n], w.cost, w.steps, tuple(roles[i] for i in paths[n]))
        for n, w in weights.items()
        if n != source.iri
    )


def _sorted(found: Iterable[Reached]) -> tuple[Reached, ...]:
    return tuple(sorted(found, key=lambda r: (r.cost, r.steps, r.role.label, r.role.iri)))


def _layered(graph: nx.DiGraph, source: str, depth: int, near: Iterable[str]) -> nx.DiGraph:
    """Unroll a graph by steps, since the cheapest way may take more of them than allowed."""
    import networkx as nx

    layers: nx.DiGraph = nx.DiGraph()
    layers.add_node((source, 0))
    inside = graph.subgraph(near)
    waiting = [(source, 0)]
    seen = set(waiting)
    while waiting:
        a, i = waiting.pop()
        for b, data in inside[a].items():
            # a mapping is crossed within a layer; no role twice, so no more layers than roles
            after = b, i + data["weight"].steps
            if after[1] > min(depth, len(inside)):
                continue
            layers.add_edge((a, i), after, weight=data["weight"])
            if after not in seen:
                seen.add(after)
                waiting.append(after)
    return layers


def _from_layers(
    layers: nx.DiGraph, roles: Mapping[str, Role], source: Role
) -> tuple[Reached, ...]:
    import networkx as nx

    weights, paths = nx.single_source_dijkstra(layers, (source.iri, 0))
    best: dict[str, tuple[_Weight, Reached]] = {}
    for (iri, _), w in weights.items():
        if iri != source.iri and (iri not in best or w < best[iri][0]):
            via = tuple(roles[i] for i, _ in paths[iri, w.steps])
            best[iri] = (w, Reached(roles[iri], w.cost, w.steps, via))
    return _sorted(r for _, r in best.values())
