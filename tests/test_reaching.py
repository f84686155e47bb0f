"""Everything within reach, against walking every route and against networkx."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations
from random import Random

import networkx as nx
import pytest

from rolegraph import pareto, reaching
from rolegraph.pareto import Aim, Graph, Question, Way
from tests.test_pareto import Ask, World, a_world, an_ask, as_multigraph, every_way, run

PLENTY = 1_000_000


def ways_to_all(world: World, ask: Ask, aim: Aim) -> dict[int, list[Way]]:
    """Walk all routes, to each role as the only target."""
    found = {}
    for role in range(world.roles):
        if role != ask.question.source:
            q = replace(ask.question, targets=frozenset({role}), aims=[aim], k=None)
            found[role] = sorted(way for way, _ in every_way(world, replace(ask, question=q)))
    return {role: ways for role, ways in found.items() if ways}


def plain_ask(dice: Random, world: World) -> Ask:
    """Ask without what only the searches for one target know."""
    ask = an_ask(dice, world)
    q = replace(
        ask.question, tokens=0, max_load=None, max_steps=dice.choice([None, None, 0, 1, 2, 3])
    )
    return replace(ask, question=q, passes=frozenset())


def test_fewest_steps_to_every_role() -> None:
    def steps(dice: Random) -> None:
        world = a_world(dice)
        ask = plain_ask(dice, world)
        wanted = ways_to_all(world, ask, Aim("steps"))
        found = reaching.by_steps(world.graph, ask.question)
        assert found == {role: ways[0].edges for role, ways in wanted.items()}

    run(500, steps)


def test_least_sum_to_every_role() -> None:
    def sums(dice: Random) -> None:
        world = a_world(dice)
        ask = plain_ask(dice, world)
        most = dice.choice([1, 3, 50])
        weights = [0 if m.crossing else dice.randint(0, most) for m in world.moves]
        aim = Aim("sum", weights)
        wanted = ways_to_all(world, ask, aim)
        found = reaching.by_sum(world.graph, ask.question, aim)
        assert found == {role: ways[0].edges for role, ways in wanted.items()}

    run(500, sums)


def test_networkx_comes_as_cheaply_to_every_role() -> None:
    def cheap(dice: Random) -> None:
        world = a_world(dice, crossings=False)
        q = replace(plain_ask(dice, world).question, max_steps=None)
        weights = [dice.randint(0, 9) for _ in world.moves]
        graph = as_multigraph(world, q)
        for _, _, e, data in graph.edges(keys=True, data=True):
            data["weight"] = weights[e]
        wanted = nx.single_source_dijkstra_path_length(graph, q.source)
        del wanted[q.source]
        found = reaching.by_sum(world.graph, q, Aim("sum", weights))
        assert {role: sum(weights[e] for e in way) for role, way in found.items()} == wanted

    run(300, cheap)


def test_within_reach_without_a_step_too_steep() -> None:
    def steep(dice: Random) -> None:
        world = a_world(dice)
        ask = an_ask(dice, world)
        wanted = ways_to_all(world, ask, Aim("steps"))
        found, complete = reaching.within(world.graph, ask.question, PLENTY)
        assert complete
        assert set(found) - {ask.question.source} == set(wanted)
        for role, ways in wanted.items():
            assert found[role] in {w.edges for w in ways}
            crossed = sum(world.moves[e].crossing for e in found[role])
            assert len(found[role]) - crossed == ways[0].steps

    run(900, steep)


def test_crossings_come_before_steps() -> None:
    # 0 ≈ 1 → 3, and 0 ≈ 2 ≈ 3: no step at all; then 3 → 4
    heads, crossing = [1, 2, 3, 3, 4], [True, True, False, True, False]
    graph = Graph([0, 2, 3, 4, 5, 5], heads, [0] * 5, [0] * 5, crossing, [0] * 5)
    for most in (None, 1):
        q = Question(0, frozenset(), [Aim("steps")], max_steps=most)
        wanted = {1: (0,), 2: (1,), 3: (1, 3), 4: (1, 3, 4)}
        assert reaching.within(graph, q, PLENTY) == (wanted, True)
        assert reaching.by_steps(graph, q) == wanted


def test_within_reach_and_a_budget() -> None:
    world = a_world(Random(5))
    q = Question(0, frozenset(), [Aim("steps")])
    _, _, used, complete = reaching.frontier(world.graph, q, PLENTY)
    assert complete
    assert used > 3
    assert reaching.within(world.graph, q, used)[1]
    assert not reaching.within(world.graph, q, used - 1)[1]


def reachable(world: World, ask: Ask, held: int) -> frozenset[int]:
    """Walk every route under a limit, from bits held; on bits, so that any of them can be given."""
    q, g = ask.question, world.graph
    found: set[int] = set()

    def walk(at: int, have: int, seen: frozenset[int], steps: int, wants: int) -> None:
        if not wants and at != q.source:
            found.add(at)
        for e in range(g.indptr[at], g.indptr[at + 1]):
            w = g.heads[e]
            step = 0 if g.crossing[e] else 1
            if w in seen or w in q.blocked or e in q.shut:
                continue
            if q.max_steps is not None and steps + step > q.max_steps:
                continue
            if q.max_load is not None and step and (g.top[e] & ~have).bit_count() > q.max_load:
                continue
            walk(w, have | g.need[e], seen | {w}, steps + step, wants & ~g.tokens[e])

    walk(q.source, held, frozenset({q.source}), 0, q.tokens)
    return frozenset(found)


def skills_of(world: World) -> dict[str, tuple[int, tuple[float, ...]]]:
    """Give the skills as :class:`rolegraph.learning.Landscape` has them."""
    found, first = {}, 0
    for s, top in enumerate(world.rungs):
        found[f"s{s}"] = first, tuple(map(float, range(1, top + 1))) if top > 1 else ()
        first += top
    return found


def rungs(world: World, held: int) -> list[tuple[int, int]]:
    """Every skill at every level that is not held: its number, and the bits that this adds."""
    out = []
    for s, (first, levels) in enumerate(skills_of(world).values()):
        for up in range(1, max(1, len(levels)) + 1):
            bits = (((1 << up) - 1) << first) & ~held
            if bits:
                out.append((s, bits))
    return out


def test_what_is_missing_at_steps_too_steep() -> None:
    """What one skill opens, or a pair, is among what the frontier says is missing."""
    opened = pairs = 0

    def gaps(dice: Random) -> None:
        nonlocal opened, pairs
        world = a_world(dice, crossings=dice.random() < 0.2)
        ask = an_ask(dice, world)
        ask = replace(ask, question=replace(ask.question, max_load=dice.choice([0, 1, 1, 2])))
        q = ask.question
        ways, missing, _, complete = reaching.frontier(world.graph, q, PLENTY)
        assert complete
        base = reachable(world, ask, q.held)
        assert set(ways) - {q.source} == base
        for bits in missing[1]:
            assert any(
                not bits & ~x and bits.bit_length() == x.bit_length()
                for _, x in rungs(world, q.held)
            )
        for s, bits in rungs(world, q.held):
            more = reachable(world, ask, q.held | bits)
            assert more >= base
            if more > base:
                opened += 1
                # the frontier names the level that is missing there; a higher one does as well
                assert any(not x & ~bits for x in missing[1]), (s, bits)
        for (s, a), (t, b) in combinations(rungs(world, q.held), 2):
            if s == t:
                continue
            more = reachable(world, ask, q.held | a | b)
            alone = reachable(world, ask, q.held | a) | reachable(world, ask, q.held | b)
            if more > alone and alone == base:
                pairs += 1
                small = {x for x in missing[1] | missing[2] if not x & ~(a | b)}
                assert small, (a, b)

    run(400, gaps)
    assert opened > 200
    assert pairs > 100


def test_bits_of_things() -> None:
    def parted(dice: Random) -> None:
        world = a_world(dice)
        skills = skills_of(world)
        width = len(world.places)
        badges = {f"c{b}": width + b for b in range(world.badges)}
        bits = dice.getrandbits(width + world.badges)
        parts = reaching.things(skills, badges, bits)
        wanted = []
        for first, levels in skills.values():
            among = [i for i in range(max(1, len(levels))) if bits >> first + i & 1]
            if among:
                wanted.append(sum(1 << first + i for i in range(max(among) + 1)))
        wanted += [1 << b for b in badges.values() if bits >> b & 1]
        assert parts == wanted
        places = rungs(world, 0)
        one, two = dice.choice(places), dice.choice(places)
        if one[0] != two[0]:
            assert sorted(reaching.halves(skills, one[1] | two[1])) == sorted((one[1], two[1]))

    run(500, parted)


def test_values_of_many_ways_are_those_of_each() -> None:
    def many(dice: Random) -> None:
        world = a_world(dice)
        ask = plain_ask(dice, world)
        found = reaching.by_steps(world.graph, ask.question)
        told = reaching.values(world.graph, ask.question, found)
        q = replace(ask.question, k=None)
        for role, edges in found.items():
            one = replace(q, targets=frozenset({role}))
            slow = {w.edges: w.values for w, _ in every_way(world, replace(ask, question=one))}
            assert told[role] == slow[edges] == pareto.values_of(world.graph, q, edges)

    run(300, many)


# --- bridges


def shares(graph: nx.DiGraph, source: int) -> tuple[Mapping[int, float], int]:
    """Count shortest paths one by one."""
    total: dict[int, float] = defaultdict(float)
    count = 0
    for target in sorted(set(nx.descendants(graph, source)) - {source}):
        count += 1
        paths = list(nx.all_shortest_paths(graph, source, target))
        for path in paths:
            for role in path[1:-1]:
                total[role] += 1 / len(paths)
    return total, count


def test_dependency_is_betweenness_from_one_source() -> None:
    def between(dice: Random) -> None:
        world = a_world(dice, crossings=False)
        q = replace(plain_ask(dice, world).question, max_steps=None)
        graph = nx.DiGraph(as_multigraph(world, q))
        found, count = reaching.dependency(world.graph, q)
        wanted, roles = shares(graph, q.source)
        assert count == roles
        assert {v: x for v, x in found.items() if x} == pytest.approx(dict(wanted))
        assert set(found) == set(nx.descendants(graph, q.source))
        theirs = nx.betweenness_centrality_subset(graph, [q.source], list(graph), normalized=False)
        assert found == pytest.approx({v: theirs[v] for v in found})

    run(300, between)


def test_dependency_ends_at_the_most_steps() -> None:
    def near(dice: Random) -> None:
        world = a_world(dice, crossings=False)
        q = replace(plain_ask(dice, world).question, max_steps=dice.choice([0, 1, 2, 3]))
        graph = nx.DiGraph(as_multigraph(world, q))
        assert q.max_steps is not None
        close = nx.single_source_shortest_path_length(graph, q.source, cutoff=q.max_steps)
        total: dict[int, float] = defaultdict(float)
        for target in close:
            if target != q.source:
                paths = list(nx.all_shortest_paths(graph, q.source, target))
                for path in paths:
                    for role in path[1:-1]:
                        total[role] += 1 / len(paths)
        found, count = reaching.dependency(world.graph, q)
        assert count == len(close) - 1
        assert {v: x for v, x in found.items() if x} == pytest.approx(dict(total))

    run(300, near)


def test_dependency_does_not_cross() -> None:
    graph = Graph([0, 1, 1], [1], [0], [0], [True], [0])
    with pytest.raises(ValueError, match="do not cross"):
        reaching.dependency(graph, Question(0, frozenset(), [Aim("steps")]))
