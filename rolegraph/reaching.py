"""Everything within reach of a person who learns on the way, and what would widen it.

Searches over the same graphs as :mod:`rolegraph.pareto`, but to every role at once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from heapq import heappop, heappush
from typing import TypeAlias

from rolegraph.pareto import Aim, Graph, Question, bits_of, weight_of

__all__ = [
    "by_steps", "by_sum", "dependency", "frontier", "halves", "things", "values", "within",
]  # fmt: skip

_COMPARED = 16  # comparisons that count as a branch
_Branch: TypeAlias = tuple[tuple[int, int, int, int], tuple[int, ...]]
_Sum: TypeAlias = tuple[int, int, int, tuple[int, ...]]
Ways: TypeAlias = dict[int, tuple[int, ...]]
"""For each role the edges of the best way there; the source has none and is left out."""


def by_steps(graph: Graph, question: Question) -> Ways:
    """Find for every role the way of fewest steps, the first in the order of edges."""
    if any(graph.crossing):
        return by_sum(graph, question, Aim("sum", [0 if c else 1 for c in graph.crossing]))
    most = graph.size if question.max_steps is None else question.max_steps
    ways: Ways = {question.source: ()}
    queue = deque([question.source])
    shut, blocked, heads, indptr = question.shut, question.blocked, graph.heads, graph.indptr
    while queue:
        u = queue.popleft()
        way = ways[u]
        if len(way) == most:
            break
        # roles are met in the order of their ways, so the first way to a role is its first
        for e in range(indptr[u], indptr[u + 1]):
            w = heads[e]
            if w not in ways and w not in blocked and e not in shut:
                ways[w] = (*way, e)
                queue.append(w)
    del ways[question.source]
    return ways


def by_sum(graph: Graph, question: Question, aim: Aim) -> Ways:
    """Find for every role the way of least sum, then of fewest steps, then first by edges."""
    assert aim.weights is not None
    most = graph.size if question.max_steps is None else question.max_steps
    heap: list[tuple[int, int, tuple[int, ...], int]] = [(0, 0, (), question.source)]
    ways: Ways = {}
    done: dict[int, int] = {}
    while heap:
        cost, steps, way, u = heappop(heap)
        # a dearer way is still of use if it takes fewer steps, where these are limited
        if u in done and (question.max_steps is None or done[u] <= steps):
            continue
        done[u] = steps
        ways.setdefault(u, way)
        for e in range(graph.indptr[u], graph.indptr[u + 1]):
            w = graph.heads[e]
            after = steps + (0 if graph.crossing[e] else 1)
            if w in question.blocked or e in question.shut or after > most or w == question.source:
                continue
            if w in done and (question.max_steps is None or done[w] <= after):
                continue
            heappush(heap, (cost + aim.weights[e], after, (*way, e), w))
    ways.pop(question.source, None)
    return ways


def within(graph: Graph, question: Question, budget: int) -> tuple[Ways, bool]:
    """Find for every role the way of fewest steps under a limit of what one step may ask.

    Returns
    -------
    dict of int to tuple of int
        Ways visit no role twice.
    bool
        False where the budget ended it.
    """
    ways, _, _, complete = frontier(graph, question, budget)
    return ways, complete


def frontier(
    graph: Graph, question: Question, budget: int
) -> tuple[Ways, dict[int, set[int]], int, bool]:
    """Find what is within reach, and what is missing at the steps that are too steep.

    A branch (role, bits held, roles visited, tokens to pass) is left out if another one at the same
    role has taken no more steps, holds no less, has visited no other roles and has no more to pass:
    whatever the first one can do, the second one can.

    Returns
    -------
    dict of int to tuple of int
        Ways by role.
    dict of int to set of int
        For steps that ask one skill too many, the bits of each that is missing; for those that ask
        two too many, the bits of each pair. By the count.
    int
        Branches looked at.
    bool
        False where the budget ended it.
    """
    q = question
    most = graph.size if q.max_steps is None else q.max_steps
    limit = q.max_load
    start = (q.source, q.held, 1 << q.source, q.tokens)
    layer: list[_Branch] = [(start, ())]
    kept: dict[int, list[tuple[int, int, int]]] = {q.source: [start[1:]]}
    ways: Ways = {}
    gaps: dict[int, set[int]] = {1: set(), 2: set()}
    used, steps = 0, 0
    while layer:
        following: list[_Branch] = []
        # crossings first: what they lead to is no step further than the layer itself
        for crossing in (True, False):
            queue = deque(layer)
            layer_after = list(layer)
            while queue:
                (u, have, seen, missing), way = queue.popleft()
                for e in range(graph.indptr[u], graph.indptr[u + 1]):
                    w = graph.heads[e]
                    if graph.crossing[e] != crossing or e in q.shut:
                        continue
                    if seen >> w & 1 or w in q.blocked or (not crossing and steps == most):
                        continue
                    used += 1
                    if used > budget:
                        return ways, gaps, used, False
                    lacks = 0 if crossing else graph.top[e] & ~have
                    if limit is not None and lacks.bit_count() > limit:
                        over = lacks.bit_count() - limit
                        if over <= 2:
                            _missing(gaps, over, lacks, graph.need[e] & ~have)
                        continue
                    state = (have | graph.need[e], seen | 1 << w, missing & ~graph.tokens[e])
                    others = kept.setdefault(w, [])
                    used += len(others) // _COMPARED  # comparing takes time too
                    if any(
                        not state[0] & ~h and not v & ~state[1] and not t & ~state[2]
                        for h, v, t in others
                    ):
                        continue
                    others.append(state)
                    branch = (w, *state), (*way, e)
                    if not state[2]:
                        ways.setdefault(w, branch[1])
                    if crossing:
                        queue.append(branch)
                        layer_after.append(branch)
                    else:
                        following.append(branch)
            layer = layer_after
        layer = following
        steps += 1
    return ways, gaps, used, True


def _missing(gaps: dict[int, set[int]], over: int, tops: int, need: int) -> None:
    """Note the skills, or pairs of them, with which a step would not be too steep."""
    each = []
    for top in bits_of(tops):
        bits, at = 1 << top, top - 1
        while at >= 0 and need >> at & 1 and not tops >> at & 1:
            bits |= 1 << at
            at -= 1
        each.append(bits)
    if over == 1:
        gaps[1].update(each)
        return
    gaps[2].update(a | b for i, a in enumerate(each) for b in each[i + 1 :])


def halves(skills: Mapping[str, tuple[int, tuple[float, ...]]], bits: int) -> tuple[int, int]:
    """Part the bits of two skills."""
    first = (bits & -bits).bit_length() - 1
    start, levels = next((s, x) for s, x in skills.values() if s <= first < s + max(1, len(x)))
    one = bits & (((1 << max(1, len(levels))) - 1) << start)
    return one, bits & ~one


def things(
    skills: Mapping[str, tuple[int, tuple[float, ...]]],
    certifications: Mapping[str, int],
    bits: int,
) -> list[int]:
    """Part bits by skill, each up to the highest that is among them, and by certification."""
    found = []
    for first, levels in skills.values():
        some = bits >> first & ((1 << max(1, len(levels))) - 1)
        if some:
            found.append(((1 << some.bit_length()) - 1) << first)
    return found + [1 << b for b in certifications.values() if bits >> b & 1]


def values(
    graph: Graph, question: Question, ways: Mapping[int, Sequence[int]]
) -> Mapping[int, tuple[int, ...]]:
    """Work out the values of many ways, sharing what they have in common.

    Returns
    -------
    dict of int to tuple of int
        By role, in the order of the aims.
    """
    known: dict[tuple[int, ...], _Sum] = {(): (question.held, 0, 0, (0,) * len(question.aims))}
    kinds = [aim.kind for aim in question.aims]

    def state(edges: tuple[int, ...]) -> _Sum:
        found = known.get(edges)
        if found is not None:
            return found
        have, steps, hardest, costs = state(edges[:-1])
        e = edges[-1]
        need = graph.need[e]
        if not graph.crossing[e]:
            lacks = ~have
            new = need & lacks
            steps += 1
            hardest = max(hardest, (graph.top[e] & lacks).bit_count())
            sums = []
            for i, kind in enumerate(kinds):
                if kind == "learn":
                    sums.append(costs[i] + weight_of(question.aims[i], new))
                elif kind == "sum":
                    sums.append(costs[i] + (question.aims[i].weights or ())[e])
                else:
                    sums.append(steps if kind == "steps" else hardest)
            costs = tuple(sums)
        known[edges] = found = have | need, steps, hardest, costs
        return found

    return {role: state(tuple(edges))[3] for role, edges in ways.items()}


def dependency(graph: Graph, question: Question) -> tuple[dict[int, float], float]:
    """Count for each role the shortest routes from the source that pass through it.

    Returns
    -------
    dict of int to float
        The sum over targets of the part of the shortest routes there that pass the role (its
        betweenness from this source). Parallel edges count once.
    float
        How many roles can be reached.

    References
    ----------
    Brandes, U. (2001). A faster algorithm for betweenness centrality. Journal of Mathematical
    Sociology 25, 163-177.
    """
    if any(graph.crossing):
        raise ValueError("bridges without a target do not cross mappings")
    most = graph.size if question.max_steps is None else question.max_steps
    far = {question.source: 0}
    paths = {question.source: 1}
    before: dict[int, list[int]] = {}
    order = [question.source]
    for u in order:
        if far[u] == most:
            continue
        seen = set()
        for e in range(graph.indptr[u], graph.indptr[u + 1]):
            w = graph.heads[e]
            if w in question.blocked or e in question.shut or w in seen:
                continue
            seen.add(w)
            if w not in far:
                far[w] = far[u] + 1
                order.append(w)
            if far[w] == far[u] + 1:
                paths[w] = paths.get(w, 0) + paths[u]
                before.setdefault(w, []).append(u)
    share = dict.fromkeys(order, 0.0)
    for w in reversed(order):
        for u in before.get(w, ()):
            share[u] += paths[u] / paths[w] * (1 + share[w])
    del share[question.source]
    return share, float(len(order) - 1)
