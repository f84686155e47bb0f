"""The exact Pareto set of routes for a person who learns on the way.

What a person holds, what a step asks for and what has been learned are sets of *bits*; a bit is a
skill, a level of a skill (a skill at level 3 is its bits 1, 2 and 3), or a certification. A bit
learned once is held from then on, so what a step costs depends on all the steps before it. That
makes the problem NP-hard: the route that asks for the fewest new skills is a path of fewest
colours (Broersma and others 2005). It is solved exactly all the same, in passes: pass K looks for
the routes of exactly K steps that no route found so far dominates, depth first, in the order of
labels, and leaves a branch as soon as a lower bound of every route that continues it is dominated.

Bounds
------
With r steps to go from a role, and S the bits that every target asks for and that are not held:

- all of S will have to be learned; so will, on top, what the costliest role asks outside S on the
  way on which that is least (a bottleneck over walks of exactly r steps);
- the hardest step is not below the ones taken; the rest of S divided by r; the rest of S less what
  walks of r - 1 steps can pick up before the last one; nor the bits that only one role of the
  corridor asks for (the bottleneck again);
- sums of numbers on the steps are not below the least sum over walks of r steps.

Dominance
---------
Where neither the hardest step nor what one step may ask counts, a branch is left as well if an
earlier one at the same role, with no more steps, would come to no more in any objective even if it
had to learn later all that this one holds and it does not. (If what follows comes back to a role
that the earlier one has passed, then cutting out the circle gives a route that is shorter still.)

The corridor of pass K are the roles v with ``dist(source, v) + dist(v, target) <= K``. A search
that has looked at every branch, and cut none off for its length alone, has proved that no longer
route belongs to the set.

References
----------
Martins, E. Q. V. (1984). On a multicriteria shortest path problem. European Journal of Operational
Research 16, 236-245.

Broersma, H., Li, X., Woeginger, G., Zhang, S. (2005). Paths and cycles in colored graphs.
Australasian Journal of Combinatorics 31, 299-311.
"""

from __future__ import annotations

import sys
from bisect import insort
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from rolegraph import paretokernel

__all__ = [
    "LARGEST",
    "Aim",
    "Answer",
    "Graph",
    "Question",
    "Way",
    "bits_of",
    "distances",
    "search",
    "values_of",
    "weight_of",
]

_Kept: TypeAlias = tuple[int, int, tuple[int, ...]]
AimKind: TypeAlias = Literal["steps", "learn", "hardest", "sum"]
BUDGET: Final = 200_000
"""Branches that a search looks at before it stops, unless told otherwise."""
LARGEST: Final = 1 << 59
"""What the numbers of all edges together have to be below, so that sums fit into 64 bits."""
KEPT: Final = 8
"""Branches of a pass that are kept for each role, for others to be compared with."""
_FAR: Final = 1 << 60
_PLAIN: Final = 10_000  # branches of a pass from which on compiled loops pay
_BRIEF: Final = 1_000  # the same where these are loaded already
_LARGE: Final = 20_000  # the same as edges times steps; edges from which on compiled distances pay


@dataclass(frozen=True, slots=True)
class Aim:
    """What to keep small, in whole numbers.

    Attributes
    ----------
    kind : {"steps", "learn", "hardest", "sum"}
        Count of steps; weight of all bits learned; most skills to learn in one step; a sum of
        numbers of the steps.
    weights : sequence of int or None
        For ``"learn"``, the weight of each bit, at least 0; None when each bit of ``mask`` weighs
        1. For ``"sum"``, the number of each edge, at least 0; all of them together have to be
        below :data:`LARGEST`.
    mask : int
        For ``"learn"``: the bits that count.
    """

    kind: AimKind
    weights: Sequence[int] | None = None
    mask: int = -1


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """Steps between roles, with what each asks for.

    Roles are numbers. The edges from role ``i`` are ``indptr[i]`` up to ``indptr[i + 1]``; their
    order settles ties.

    Attributes
    ----------
    indptr, heads : sequence of int
        Compressed rows and targets.
    need : sequence of int
        For each edge, the bits that whoever takes it has to hold in the end.
    top : sequence of int
        Those of them that count for the hardest step: one for each skill, at the level asked.
    crossing : sequence of bool
        Edges that are no step: what they ask is held afterwards and costs nothing.
    tokens : sequence of int
        For each edge, bits of things to pass that it passes.
    """

    indptr: Sequence[int]
    heads: Sequence[int]
    need: Sequence[int]
    top: Sequence[int]
    crossing: Sequence[bool]
    tokens: Sequence[int]
    _into: list[list[list[tuple[int, int]]]] = field(default_factory=list, repr=False)
    _arrays: list[Any] = field(default_factory=list, repr=False)

    @property
    def size(self) -> int:
        """Count of roles."""
        return len(self.indptr) - 1

    def into(self) -> list[list[tuple[int, int]]]:
        """Give for each role the edges that end there, with the roles where they start."""
        if not self._into:
            found: list[list[tuple[int, int]]] = [[] for _ in range(self.size)]
            for u in range(self.size):
                for e in range(self.indptr[u], self.indptr[u + 1]):
                    found[self.heads[e]].append((e, u))
            self._into.append(found)
        return self._into[0]


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A search to be made.

    Attributes
    ----------
    source : int
    targets : frozenset of int
        A route ends in the first of them that it comes to with all tokens.
    aims : sequence of Aim
        One to four.
    held : int
        Bits held at the start.
    tokens : int
        All of these have to be passed.
    blocked : frozenset of int
        Roles that may not be entered.
    shut : frozenset of int
        Edges that may not be taken.
    max_steps, max_load : int or None
        Most steps; most skills to learn in one step.
    ties : bool
        Keep every route of equal values, not only the first by steps and order of edges.
    k : int or None
        With a single aim: so many best routes instead of the Pareto set.
    """

    source: int
    targets: frozenset[int]
    aims: Sequence[Aim]
    held: int = 0
    tokens: int = 0
    blocked: frozenset[int] = frozenset()
    shut: frozenset[int] = frozenset()
    max_steps: int | None = None
    max_load: int | None = None
    ties: bool = False
    k: int | None = None


@dataclass(frozen=True, slots=True, order=True)
class Way:
    """A route found.

    Attributes
    ----------
    values : tuple of int
        In the order of the aims.
    steps : int
    edges : tuple of int
        Numbers of the edges, in order; crossings are among them.
    """

    values: tuple[int, ...]
    steps: int
    edges: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search found, and how far it is proved.

    Attributes
    ----------
    ways : tuple of Way
        By values, steps and order of edges.
    complete : bool
        Whether no other route belongs here, of whatever length the question allows.
    proven : int
        No other route of up to so many steps belongs here; -1 where not even that is known.
    examined : int
        Branches looked at.
    bound : tuple of int
        For each aim, a value that no route at all can be below.
    """

    ways: tuple[Way, ...]
    complete: bool
    proven: int
    examined: int
    bound: tuple[int, ...]


def bits_of(number: int) -> Iterable[int]:
    """Give the places of the bits that are set, from the lowest."""
    while number:
        low = number & -number
        yield low.bit_length() - 1
        number ^= low


def weight_of(aim: Aim, bits: int) -> int:
    """Give what an aim of the kind ``"learn"`` counts some bits for."""
    if aim.weights is None:
        return (bits & aim.mask).bit_count()
    weights = aim.weights
    return sum(weights[i] for i in bits_of(bits & aim.mask))


def values_of(graph: Graph, question: Question, edges: Sequence[int]) -> tuple[int, ...]:
    """Work out the values of a route by the definitions, edge by edge.

    Parameters
    ----------
    graph : Graph
    question : Question
    edges : sequence of int

    Returns
    -------
    tuple of int
        In the order of the aims.
    """
    have, learned, steps, hardest = question.held, 0, 0, 0
    for e in edges:
        if not graph.crossing[e]:
            steps += 1
            hardest = max(hardest, (graph.top[e] & ~have).bit_count())
            learned |= graph.need[e] & ~have
        have |= graph.need[e]
    found = []
    for aim in question.aims:
        match aim.kind:
            case "steps":
                found.append(steps)
            case "hardest":
                found.append(hardest)
            case "learn":
                found.append(weight_of(aim, learned))
            case _:
                assert aim.weights is not None
                found.append(sum(aim.weights[e] for e in edges))
    return tuple(found)


def distances(
    graph: Graph, question: Question, starts: Iterable[int], *, back: bool = False
) -> list[int]:
    """Give the least count of steps from some roles, or to them, ignoring what steps ask.

    Returns
    -------
    list of int
        By role; very large where there is no way.
    """
    heads, indptr, crossing, shut = graph.heads, graph.indptr, graph.crossing, question.shut
    if len(heads) > _LARGE and not shut and _loaded() and not any(crossing):
        from rolegraph import paretokernel

        return paretokernel.distances(graph, question, starts, back)
    closed = question.blocked - {question.source} if back else question.blocked
    far = [_FAR] * graph.size
    for w in closed:
        far[w] = -1  # nearer than anything, so never entered
    queue: deque[int] = deque()
    for s in starts:
        if not (back and s in question.blocked):
            far[s] = 0
            queue.append(s)
    if any(crossing):
        _spread_by_crossings(graph, question, far, queue, back)
    elif back:
        into = graph.into()
        while queue:
            u = queue.popleft()
            d = far[u] + 1
            for e, w in into[u]:
                if far[w] > d and e not in shut:
                    far[w] = d
                    queue.append(w)
    else:
        while queue:
            u = queue.popleft()
            d = far[u] + 1
            for e in range(indptr[u], indptr[u + 1]):
                w = heads[e]
                if far[w] > d and e not in shut:
                    far[w] = d
                    queue.append(w)
    for w in closed:
        if far[w] < 0:
            far[w] = _FAR
    return far


def _spread_by_crossings(
    graph: Graph, question: Question, far: list[int], queue: deque[int], back: bool
) -> None:
    """Go on where some edges cost nothing: what they lead to comes first."""
    while queue:
        u = queue.popleft()
        if back:
            after = graph.into()[u]
        else:
            after = [(e, graph.heads[e]) for e in range(graph.indptr[u], graph.indptr[u + 1])]
        for e, w in after:
            d = far[u] + (0 if graph.crossing[e] else 1)
            if d >= far[w] or e in question.shut:
                continue
            far[w] = d
            if graph.crossing[e]:
                queue.appendleft(w)
            else:
                queue.append(w)


def search(
    graph: Graph, question: Question, *, budget: int = BUDGET, compiled: bool | None = None
) -> Answer:
    """Find the Pareto set, or the k best routes by one aim.

    Parameters
    ----------
    graph : Graph
    question : Question
    budget : int
        Branches to look at in all; the same on every machine.
    compiled : bool, optional
        Use compiled loops (extra ``fast``) for large passes; when they are installed if None. The
        answer is the same.

    Returns
    -------
    Answer
        Routes visit no role twice. Where routes have the same values, the one of fewest steps is
        given, then the first in the order of edges.

    Raises
    ------
    ValueError
        If the weights of an aim come to :data:`LARGEST` or more.
    """
    for aim in question.aims:
        if aim.weights is not None and sum(aim.weights) >= LARGEST:
            raise ValueError("the weights of an aim are too large to add up: see LARGEST")
    return _Search(graph, question, budget, compiled).run()


class _Search:
    """Everything that the passes of one search share."""

    def __init__(
        self, graph: Graph, question: Question, budget: int, compiled: bool | None
    ) -> None:
        self.graph, self.question, self.budget = graph, question, budget
        self.compiled = compiled
        self.found: list[Way] = []
        self.examined = 0
        self.open = False
        self.heavy = False
        # with these, knowing more or having been elsewhere can be of use: then less is no better
        hardest = question.max_load is not None or any(a.kind == "hardest" for a in question.aims)
        self.dominance = not (
            hardest or question.tokens or question.ties or any(graph.crossing)
            or (question.k or 1) > 1
        )  # fmt: skip
        self.ahead = distances(graph, question, [question.source])
        self.back = distances(graph, question, question.targets, back=True)
        self.sure = self._sure()
        self.sure_top = self._sure_top()
        self.rest = [weight_of(a, self.sure) if a.kind == "learn" else 0 for a in question.aims]
        self.least = [self._least_sum(aim) for aim in question.aims]

    def _sure(self) -> int:
        """Give the bits that every target asks for and nobody gets for nothing."""
        g, q = self.graph, self.question
        every, free = -1, 0
        into: dict[int, int] = {}
        if any(g.crossing):
            for e, crossing in enumerate(g.crossing):
                if crossing:
                    free |= g.need[e]
        for w in q.targets:
            for e, u in g.into()[w]:
                if self.ahead[u] < _FAR:
                    into[w] = into.get(w, -1) & g.need[e]
        for bits in into.values():
            every &= bits
        return every & ~free & ~q.held if into else 0

    def _sure_top(self) -> int:
        """Give those of the sure bits that count for the hardest step."""
        found = 0
        for w in self.question.targets:
            for e, _ in self.graph.into()[w]:
                found |= self.graph.top[e]
        return found & self.sure

    def _least_sum(self, aim: Aim) -> list[int] | None:
        """Give the least sum from each role to a target, whatever the length."""
        if aim.kind != "sum":
            return None
        assert aim.weights is not None
        g, q = self.graph, self.question
        into, weights = g.into(), aim.weights
        least = [_FAR] * g.size
        heap = [(0, t) for t in sorted(q.targets) if t not in q.blocked]
        for _, t in heap:
            least[t] = 0
        while heap:
            d, v = heappop(heap)
            if d > least[v]:
                continue
            for e, u in into[v]:
                after = d + weights[e]
                if after < least[u] and e not in q.shut and (
                    u not in q.blocked or u == q.source
                ):  # fmt: skip
                    least[u] = after
                    heappush(heap, (after, u))
        return least

    @property
    def bound(self) -> tuple[int, ...]:
        q, s = self.question, self.question.source
        found = []
        for aim, least in zip(q.aims, self.least, strict=True):
            if aim.kind == "steps":
                found.append(self.back[s])
            elif aim.kind == "learn":
                found.append(weight_of(aim, self.sure))
            elif aim.kind == "hardest":
                found.append(min(1, self.sure_top.bit_count()))
            else:
                assert least is not None
                found.append(least[s])
        return tuple(found)

    def run(self) -> Answer:
        q = self.question
        if q.source in q.targets and not q.tokens:
            here = Way(values_of(self.graph, q, ()), 0, ())
            return Answer((here,), True, self.graph.size, 0, here.values)
        shortest = self.back[q.source]
        if shortest == 0 and not any(self.graph.crossing):
            shortest = 1  # at a target, but with something still to pass
        if shortest >= _FAR:
            return Answer((), True, self.graph.size, 0, ())
        # no role twice, so no more steps than there are roles on ways to a target
        last = sum(a + b < _FAR for a, b in zip(self.ahead, self.back, strict=True)) - 1
        if q.max_steps is not None:
            last = min(last, q.max_steps)
        proven, complete = min(shortest - 1, last), True
        for steps in range(shortest, last + 1):
            self.open = False
            one = _Pass(self, steps)
            done = one.run()
            if not done:
                complete = False
                break
            proven = steps
            if not self.open:
                proven = self.graph.size
                break
        if complete:
            proven = self.graph.size
        return Answer(tuple(sorted(self.found)), complete, proven, self.examined, self.bound)

    def worse(self, values: Sequence[int]) -> bool:
        """Tell whether no route of these values, or above them, is wanted."""
        q = self.question
        if q.k is not None:
            return len(self.found) >= q.k and values[0] >= self.found[-1].values[0]
        if q.ties:
            for way in self.found:
                less = False
                for a, b in zip(way.values, values, strict=True):
                    if a > b:
                        break
                    less = less or a < b
                else:
                    if less:
                        return True
            return False
        for way in self.found:
            for a, b in zip(way.values, values, strict=True):
                if a > b:
                    break
            else:
                return True
        return False

    def keep(self, way: Way) -> None:
        q = self.question
        if q.k is not None:
            insort(self.found, way, key=lambda w: (w.values, w.steps))
            del self.found[q.k :]
            return
        self.found = [
            old
            for old in self.found
            if (q.ties and old.values == way.values)
            or any(a < b for a, b in zip(old.values, way.values, strict=True))
        ]
        self.found.append(way)


class _Pass:
    """The search for routes of exactly so many steps."""

    def __init__(self, search: _Search, steps: int) -> None:
        self.search, self.steps = search, steps
        g, q = search.graph, search.question
        ahead, back = search.ahead, search.back
        inside = [v for v in range(g.size) if ahead[v] + back[v] <= steps or v == q.source]
        self.nodes = inside
        local = {v: i for i, v in enumerate(inside)}
        self.indptr, self.heads, self.edges = [0], [], []
        self.cut = False  # whether an edge leads out of the corridor to where a target can be met
        for v in inside:
            for e in range(g.indptr[v], g.indptr[v + 1]):
                w = g.heads[e]
                if e in q.shut or w in q.blocked or w == q.source:
                    continue
                if (i := local.get(w)) is not None:
                    self.heads.append(i)
                    self.edges.append(e)
                elif back[w] < _FAR:
                    self.cut = True
            self.indptr.append(len(self.heads))
        self.source = local[q.source]
        self.targets = frozenset(local[t] for t in q.targets if t in local)
        self.dist = [back[v] for v in inside]
        self.need = [g.need[e] for e in self.edges]
        self.top = [g.top[e] for e in self.edges]
        self.crossing = [g.crossing[e] for e in self.edges]
        self.plain = not any(self.crossing)
        self.sure_top = search.sure_top
        self.room_kept = KEPT if search.dominance else 0

    def run(self) -> bool:
        """Search; False where the budget ends it."""
        use = self.search.compiled
        if self.cut:
            self.search.open = self.search.open or self._open_at_all()
        saved = list(self.search.found), self.search.open, self.search.examined
        limit = self.search.budget
        if not self.plain or use is False:
            return self._plainly(limit)
        # the larger a pass, the more the compiled loops save; where they are loaded first, a small
        # one is over before they are there
        large = use or self.search.heavy or len(self.edges) * self.steps > _LARGE
        patience = self.search.examined + (0 if large else _BRIEF if _loaded() else _PLAIN)
        if patience < limit:
            if not large and self._plainly(patience):
                return True
            self.search.found, self.search.open, self.search.examined = saved
            if _compiled_there(use):
                from rolegraph import paretokernel

                self.search.heavy = True
                if (done := paretokernel.run(self, limit)) is not None:
                    return self._take(done)
        return self._plainly(limit)

    def _take(self, done: paretokernel.Done) -> bool:
        """Take over what the compiled loops found."""
        s = self.search
        old = s.found
        s.found = [
            old[ref] if ref >= 0 else Way(values, self.steps, tuple(self.edges[e] for e in way))
            for values, ref, way in done.found
        ]
        s.examined, s.open = done.examined, done.still_open
        return done.finished

    def _open_at_all(self) -> bool:
        """Tell whether a longer route could belong to the set, by what is known at the start."""
        s = self.search
        values = [self.steps + 1 if a.kind == "steps" else b
                  for a, b in zip(s.question.aims, s.bound, strict=True)]  # fmt: skip
        return not s.worse(values)

    def basis(self) -> _Basis:
        """Work out what each edge adds to the bounds."""
        s, q = self.search, self.search.question
        n, held, sure = len(self.nodes), q.held, s.sure
        once = twice = 0
        own = [0] * n
        for e, w in enumerate(self.heads):
            own[w] |= self.need[e]
        for bits in own:
            twice |= once & bits
            once |= bits
        only = once & ~twice & ~held
        alone = [(bits & only).bit_count() for bits in self.top]
        pick = [(bits & self.sure_top).bit_count() for bits in self.need]
        learn = [a for a in q.aims if a.kind == "learn"]
        outside = ~(held | sure)
        extra = []
        for aim in learn:
            least = [_FAR] * n
            seen: dict[int, int] = {}
            for e, w in enumerate(self.heads):
                bits = self.need[e] & outside
                if bits not in seen:
                    seen[bits] = weight_of(aim, bits)
                least[w] = min(least[w], seen[bits])
            extra.append([0 if x >= _FAR else x for x in least])
        sums = [[a.weights[e] for e in self.edges] for a in q.aims
                if a.kind == "sum" and a.weights is not None]  # fmt: skip
        return _Basis(alone, pick, extra, sums)

    def _plainly(self, limit: int) -> bool:
        s, q, g = self.search, self.search.question, self.search.graph
        aims, sure, steps = q.aims, s.sure, self.steps
        back = _Tables.of(self, self.basis()) if self.plain else None
        indptr, heads, need, top, dist = self.indptr, self.heads, self.need, self.top, self.dist
        max_load = q.max_load
        start = _State(self.source, q.held, 0, 0, q.tokens, [0] * len(aims), list(s.rest))
        stack = [start]
        pointers = [indptr[self.source]]
        way: list[int] = []
        on_way = {self.source}
        all_sure = list(start.rest)
        kept: dict[int, list[_Kept]] = {}
        while stack:
            at = stack[-1]
            e = pointers[-1]
            if e == indptr[at.node + 1]:
                stack.pop()
                pointers.pop()
                on_way.discard(at.node)
                if way:
                    way.pop()
                continue
            pointers[-1] = e + 1
            w = heads[e]
            if w in on_way:
                continue
            crossing = self.crossing[e]
            left = steps - at.steps - (0 if crossing else 1)
            missing = at.tokens & ~g.tokens[self.edges[e]]
            ends = w in self.targets and not missing
            if left < 0 or (ends and left > 0):
                # a route ends in the first target, so the longer one is none; but too short a pass
                # cuts off what is longer
                if left < 0 and not s.open:
                    self._maybe_open(at)
                continue
            if dist[w] > left or (not ends and left == 0 and self.plain):
                if not s.open:
                    self._maybe_open(at)
                continue
            s.examined += 1
            if s.examined > limit:
                return False
            have, asked = at.have, need[e]
            new = asked & ~have
            load = 0 if crossing else (top[e] & ~have).bit_count()
            if max_load is not None and load > max_load:
                continue
            hardest = max(at.hardest, load)
            costs, rest = list(at.costs), list(at.rest)
            lower: list[int] = []
            eventual: list[int] = []
            learns = sums = 0
            todo = (self.sure_top & ~(have | asked)).bit_count()
            for i, aim in enumerate(aims):
                kind = aim.kind
                if kind == "steps":
                    lower.append(steps)
                    eventual.append(steps + 1)
                elif kind == "learn":
                    if new and not crossing:
                        costs[i] += weight_of(aim, new)
                        rest[i] -= weight_of(aim, new & sure)
                    value = costs[i] + rest[i]
                    eventual.append(value)
                    if back is not None:
                        come = back.extra[learns][left][w]
                        if come >= _FAR:
                            value = _FAR
                        else:
                            value += max(0, come - (costs[i] - all_sure[i] + rest[i]))
                    lower.append(value)
                    learns += 1
                elif kind == "hardest":
                    eventual.append(max(hardest, min(todo, 1)))
                    value = hardest
                    if left:
                        value = max(value, -(-todo // left))
                        if back is not None:
                            value = max(value, todo - back.pick[left][w], back.alone[left][w])
                    lower.append(value)
                else:
                    assert aim.weights is not None
                    costs[i] += aim.weights[self.edges[e]]
                    least = s.least[i]
                    assert least is not None
                    eventual.append(costs[i] + least[self.nodes[w]])
                    lower.append(
                        costs[i]
                        + (back.sums[sums][left][w] if back is not None else least[self.nodes[w]])
                    )
                    sums += 1
            if back is not None and back.alone[left][w] >= _FAR:
                if not s.open and not s.worse(eventual):
                    s.open = True
                continue
            if s.worse(lower):
                if not s.open and not s.worse(eventual):
                    s.open = True
                continue
            if ends:
                edges = tuple(self.edges[x] for x in (*way, e))
                s.keep(Way(tuple(lower), steps, edges))
                continue
            if s.dominance and _outdone(kept, w, at.steps + 1, have | asked, costs, aims):
                continue
            stack.append(
                _State(w, have | asked, at.steps + (0 if crossing else 1), hardest, missing, costs,
                       rest)
            )  # fmt: skip
            pointers.append(indptr[w])
            way.append(e)
            on_way.add(w)
        return True

    def _maybe_open(self, at: _State) -> None:
        """See whether a route that goes on longer than the pass could belong to the set."""
        s, q = self.search, self.search.question
        values = []
        for i, aim in enumerate(q.aims):
            if aim.kind == "steps":
                values.append(self.steps + 1)
            elif aim.kind == "learn":
                values.append(at.costs[i] + at.rest[i])
            elif aim.kind == "hardest":
                values.append(at.hardest)
            else:
                least = s.least[i]
                assert least is not None
                values.append(at.costs[i] + least[self.nodes[at.node]])
        if not s.worse(values):
            s.open = True


def _outdone(
    kept: dict[int, list[_Kept]], role: int, steps: int, have: int, costs: list[int],
    aims: Sequence[Aim],
) -> bool:  # fmt: skip
    """Tell whether an earlier branch at the same role was no worse in anything; else note this one.

    The earlier one may have to learn later what this one has learned already: even so it must not
    come to more.
    """
    branches = kept.setdefault(role, [])
    for before, held, spent in branches:
        if before > steps:
            continue
        lacks = have & ~held
        for aim, least, cost in zip(aims, spent, costs, strict=True):
            if least + (weight_of(aim, lacks) if aim.kind == "learn" else 0) > cost:
                break
        else:
            return True
    branches.append((steps, have, tuple(costs)))
    if len(branches) > KEPT:
        del branches[0]
    return False


@dataclass(slots=True)
class _State:
    """Where a branch stands."""

    node: int
    have: int
    steps: int
    hardest: int
    tokens: int
    costs: list[int]
    rest: list[int]


@dataclass(frozen=True, slots=True)
class _Basis:
    """What bounds are made of.

    By edge, the bits that only its target asks for, and the sure ones that it picks up; for each
    aim of learning, the least that a role asks outside the sure; for each sum, the edges' numbers.
    """

    alone: list[int]
    pick: list[int]
    extra: list[list[int]]
    sums: list[list[int]]


@dataclass(frozen=True, slots=True)
class _Tables:
    """Bounds by steps to go and role: the first index is the count of steps."""

    alone: list[list[int]]
    pick: list[list[int]]
    extra: list[list[list[int]]]
    sums: list[list[list[int]]]

    @classmethod
    def of(
        cls,
        one: _Pass,
        basis: _Basis,
    ) -> _Tables:
        alone, pick, extra, sums = basis.alone, basis.pick, basis.extra, basis.sums
        n, indptr, heads, dist = len(one.nodes), one.indptr, one.heads, one.dist
        ends = [v in one.targets for v in range(n)]
        first = [0 if end else _FAR for end in ends]
        t_alone, t_pick = [first], [[0 if end else -_FAR for end in ends]]
        t_extra, t_sums = [[first] for _ in extra], [[first] for _ in sums]
        for r in range(1, one.steps):
            a, p = [_FAR] * n, [-_FAR] * n
            xs, ss = [[_FAR] * n for _ in extra], [[_FAR] * n for _ in sums]
            before_a, before_p = t_alone[-1], t_pick[-1]
            for v in range(n):
                if dist[v] > r:
                    continue
                for e in range(indptr[v], indptr[v + 1]):
                    w = heads[e]
                    if before_a[w] >= _FAR:
                        continue
                    a[v] = min(a[v], max(alone[e], before_a[w]))
                    p[v] = max(p[v], (pick[e] if r > 1 else 0) + before_p[w])
                    for x, was, least in zip(xs, t_extra, extra, strict=True):
                        x[v] = min(x[v], max(least[v], was[-1][w]))
                    for y, was, number in zip(ss, t_sums, sums, strict=True):
                        y[v] = min(y[v], number[e] + was[-1][w])
            t_alone.append(a)
            t_pick.append(p)
            for x, was in zip(xs, t_extra, strict=True):
                was.append(x)
            for y, was in zip(ss, t_sums, strict=True):
                was.append(y)
        return cls(t_alone, t_pick, t_extra, t_sums)


def _loaded() -> bool:
    """Tell whether the compiled loops have been used in this process."""
    from rolegraph.jit import compiles

    return "rolegraph.paretokernel" in sys.modules and compiles()


def _compiled_there(wanted: bool | None) -> bool:
    """Tell whether to use compiled loops; numba is looked for only when they are asked for."""
    from rolegraph.jit import compiles

    return compiles() if wanted is None else wanted
