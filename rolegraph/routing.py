"""Routes over transitions: shortest, several, and everything within reach.

The searching is networkx's. Ties are broken by the number of steps and then by the labels on the
way, so that the same graph gives the same route however it was read in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import total_ordering
from heapq import heappop, heappush
from itertools import pairwise
from numbers import Real
from typing import TYPE_CHECKING, Any, TypeAlias

from rolegraph.errors import CostError, NoRouteError
from rolegraph.values import (
    Evidence,
    Finding,
    Role,
    Skill,
    SkillRequirement,
    Transition,
    to_json,
)

if TYPE_CHECKING:
    import networkx as nx

__all__ = [
    "COSTS",
    "Cost",
    "Leg",
    "Reached",
    "Route",
    "Step",
    "k_best",
    "multigraph",
    "reach",
    "shortest",
]

COSTS = ("steps", "new-skills")
_LARGEST = 1e300
EVIDENCE_KINDS = ("stated", "curated", "imported", "observed", "inferred")
TRANSITION_TYPES = ("promotion", "lateral move", "transition")


@dataclass(frozen=True, slots=True)
class Leg:
    """A transition between two roles, with what a cost function may want to know of it.

    Attributes
    ----------
    transition : Transition
        Has both a source and a target.
    new_skills : frozenset of Skill
        Skills that the target role or the transition asks for and the source role is not stated
        to ask for.
    """

    transition: Transition
    new_skills: frozenset[Skill] = frozenset()

    @property
    def ends(self) -> tuple[str, str]:
        """IRIs of source and target."""
        source, target = self.transition.source, self.transition.target
        if source is None or target is None:
            raise ValueError(f"{self.transition.label} does not join two roles")
        return source.iri, target.iri


Cost: TypeAlias = str | Callable[[Leg], float]
"""``"steps"``, ``"new-skills"``, or a function from a :class:`Leg` to a number not below 0."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a route, explained.

    Attributes
    ----------
    transition : Transition
    cost : float
        What the step costs, in the unit of the route's cost.
    shared_responsibilities, new_responsibilities : tuple of Finding
        Of the target role: those that the source role is stated to have too, and the others.
    shared_skills, new_skills : tuple of SkillRequirement
        The same for skills; the transition's own demands count with the target role's.
    certifications, activities : tuple of Finding
        What supports or eases this very transition.
    advancement : tuple of Finding
        For a promotion: what is stated to help one advance from the source role.
    not_stated : tuple of str
        What no source says about the step; silence is not absence.
    """

    transition: Transition
    cost: float
    shared_responsibilities: tuple[Finding, ...] = ()
    new_responsibilities: tuple[Finding, ...] = ()
    shared_skills: tuple[SkillRequirement, ...] = ()
    new_skills: tuple[SkillRequirement, ...] = ()
    certifications: tuple[Finding, ...] = ()
    activities: tuple[Finding, ...] = ()
    advancement: tuple[Finding, ...] = ()
    not_stated: tuple[str, ...] = ()

    @property
    def source(self) -> Role:
        """Role the step starts in."""
        assert self.transition.source is not None
        return self.transition.source

    @property
    def target(self) -> Role:
        """Role the step ends in."""
        assert self.transition.target is not None
        return self.transition.target

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Evidence of the transition."""
        return self.transition.evidence

    def __str__(self) -> str:
        """The step and what it asks, in a few lines."""
        claim = self.transition.claim
        lines = [f"{self.source} → {self.target}   {self.transition.type} ({claim.modality})"]

        def row(head: str, items: Iterable[str]) -> None:
            if text := "; ".join(items):
                lines.append(f"   {head}: {text}")

        row("comes after", claim.preconditions)
        row(
            "carries over",
            [*map(str, self.shared_responsibilities), *map(_skill, self.shared_skills)],
        )
        row("new duties", map(str, self.new_responsibilities))
        row("new skills", map(_skill, self.new_skills))
        row("certifications", map(_hedged, self.certifications))
        row("activities", map(_hedged, self.activities))
        row("helps to advance", map(_hedged, self.advancement))
        row("not stated", self.not_stated)
        for e in self.evidence:
            lines.append(f"   says who: {e}")
        row("note", claim.notes)
        return "\n".join(lines)


def _skill(requirement: SkillRequirement) -> str:
    return f"{requirement.skill} (skill, {requirement.strength or 'strength not stated'})"


def _hedged(finding: Finding) -> str:
    words = sorted({c.modality for c in finding.claims})
    return f"{finding} ({' / '.join(words) or 'inferred'})"


@dataclass(frozen=True, slots=True, repr=False)
class Route:
    """A way from one role to another.

    Attributes
    ----------
    source, target : Role
    steps : tuple of Step
        Empty when source and target are the same.
    cost : float
        Sum over the steps, in the unit named by ``cost_name``.
    cost_name : str
    """

    source: Role
    target: Role
    steps: tuple[Step, ...]
    cost: float
    cost_name: str = "steps"

    @property
    def roles(self) -> tuple[Role, ...]:
        """Roles on the way, both ends included."""
        return (self.source, *(s.target for s in self.steps))

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of evidence that the route rests on, sorted."""
        return tuple(sorted({s.transition.kind for s in self.steps}))

    @property
    def new_skills(self) -> tuple[Skill, ...]:
        """Skills new on some step, each once, in the order of the way."""
        return tuple(dict.fromkeys(r.skill for s in self.steps for r in s.new_skills))

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Evidence of the transitions, each piece once."""
        return tuple(dict.fromkeys(e for s in self.steps for e in s.evidence))

    def __len__(self) -> int:
        """Count of steps."""
        return len(self.steps)

    def __str__(self) -> str:
        """The route, explained step by step."""
        if not self.steps:
            return f"{self.source}: already there"
        unit = "" if self.cost_name == "steps" else f", cost {self.cost:g} ({self.cost_name})"
        count = f"{len(self)} step" + ("s" if len(self) > 1 else "")
        head = (
            f"{' → '.join(map(str, self.roles))}   {count}{unit}; rests on: {', '.join(self.kinds)}"
        )
        return "\n".join([head, *(f"{i}. {step}" for i, step in enumerate(self.steps, 1))])

    __repr__ = __str__

    def to_dict(self) -> dict[str, Any]:
        """Give the route as plain data for JSON."""
        plain = {
            "source": self.source, "target": self.target, "roles": self.roles,
            "cost": self.cost, "cost_name": self.cost_name, "kinds": self.kinds,
            "new_skills": self.new_skills, "steps": self.steps,
        }  # fmt: skip
        return {name: to_json(value) for name, value in plain.items()}


@dataclass(frozen=True, slots=True)
class Reached:
    """A role that can be reached, with the way of least cost.

    Attributes
    ----------
    role : Role
    cost : float
    steps : int
    via : tuple of Role
        The roles on the way, both ends included.
    """

    role: Role
    cost: float
    steps: int
    via: tuple[Role, ...] = field(repr=False)


@total_ordering
@dataclass(frozen=True, slots=True, eq=True)
class _Weight:
    """A cost that adds up like a number and settles ties by steps, then by labels."""

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
    def key(self) -> tuple[float, int, tuple[str, ...], tuple[str, ...]]:
        return self.cost, self.steps, self.labels, self.iris


def _known(cost: Cost) -> None:
    if not callable(cost) and cost not in COSTS:
        raise CostError(f"no cost {cost!r}; known are {', '.join(COSTS)}, or give a function")


def _cost_of(leg: Leg, cost: Cost) -> float:
    label = leg.transition.label
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


def _checked(names: Sequence[str] | None, known: Sequence[str], what: str) -> frozenset[str]:
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
) -> list[Leg]:
    """Keep the legs of some kinds of evidence and some types of transition.

    Parameters
    ----------
    legs : iterable of Leg
    kinds : sequence of str, optional
        Kinds of evidence; all when None.
    types : sequence of str, optional
        ``"promotion"``, ``"lateral move"``, ``"transition"``; all when None.

    Returns
    -------
    list of Leg

    Raises
    ------
    ValueError
        If a name is not known.
    """
    k = _checked(kinds, EVIDENCE_KINDS, "kind of evidence")
    t = _checked(types, TRANSITION_TYPES, "type of transition")
    return [
        leg
        for leg in legs
        if (kinds is None or leg.transition.kind in k) and leg.transition.type in t
    ]


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
        its transition, with ``label``, ``type``, ``kind``, ``hedge`` and ``weight`` 1.
    """
    import networkx as nx

    graph: nx.MultiDiGraph = nx.MultiDiGraph()
    for role in sorted(roles, key=lambda r: (r.label, r.iri)):
        graph.add_node(role.iri, label=role.label, family=role.family, level=role.level)
    for t in sorted(transitions, key=lambda t: (t.label, t.iri)):
        if t.source is not None and t.target is not None:
            graph.add_edge(
                t.source.iri, t.target.iri, key=t.iri, label=t.label, type=t.type, kind=t.kind,
                hedge=t.claim.hedge, weight=1,
            )  # fmt: skip
    return graph


def _digraph(legs: Sequence[Leg], cost: Cost, labels: Mapping[str, str]) -> nx.DiGraph:
    """Make a simple graph in which each edge is the best of the legs it stands for."""
    import networkx as nx

    _known(cost)
    best: dict[tuple[str, str], tuple[_Weight, str, Leg]] = {}
    for leg in legs:
        a, b = leg.ends
        weight = _Weight(_cost_of(leg, cost), 1, (labels.get(b, b),), (b,))
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

    head = f"no route from {source.label!r} to {target.label!r}: "
    after = nx.descendants(graph, source.iri)
    before = nx.ancestors(graph, target.iri)
    if not after:
        return head + f"no transition that may be used starts at {source.label!r}"
    if not before:
        return head + f"no transition that may be used ends at {target.label!r}"

    def names(found: Iterable[str]) -> str:
        labels = sorted(roles[i].label for i in found)
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
        By cost, then steps, then labels. Routes through the same roles count once, with the
        cheapest transition on each step.

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

    if k < 1 or k != int(k):
        raise ValueError(f"k must be a whole number of at least 1, not {k!r}")
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
        Leave out roles that take more steps than this, whatever they cost.

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

    if max_steps is not None and max_steps < 0:
        raise ValueError(f"max_steps must not be negative, not {max_steps!r}")
    labels = {iri: r.label for iri, r in roles.items()}
    graph = _digraph(legs, cost, labels)
    if max_steps is not None:
        near = nx.single_source_shortest_path_length(graph, source.iri, cutoff=max_steps)
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
    inside = set(near)
    for i in range(min(depth, len(inside))):
        for a, b, data in graph.edges(data=True):
            if a in inside and b in inside and (a, i) in layers:
                layers.add_edge((a, i), (b, i + 1), weight=data["weight"])
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
