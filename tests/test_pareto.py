"""The exact search against the slow way: every route walked, and told in plain sets.

The slow way knows no bits. What a person holds is a level for each skill and a set of
certifications; what it finds is compared with what the search makes of the same world as bits.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from random import Random

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rolegraph import pareto
from rolegraph.jit import compiles
from rolegraph.pareto import Aim, Answer, Graph, Question, Way, search

Levels = dict[int, int]
Learned = frozenset[tuple[int, int]]


@dataclass(frozen=True)
class Move:
    """A step as the slow way sees it: what it asks is a level (from 1) by skill, and badges."""

    source: int
    target: int
    levels: Levels
    badges: frozenset[int]
    crossing: bool
    passes: frozenset[int]


@dataclass(frozen=True)
class World:
    """A ladder told twice: as moves and as bits."""

    roles: int
    rungs: tuple[int, ...]
    badges: int
    moves: tuple[Move, ...]
    graph: Graph

    @property
    def places(self) -> dict[tuple[int, int], int]:
        """The bit of each (skill, level)."""
        every = [(s, level) for s, top in enumerate(self.rungs) for level in range(1, top + 1)]
        return {pair: bit for bit, pair in enumerate(every)}

    def bits(self, levels: Levels, badges: Iterable[int]) -> int:
        places = self.places
        found = sum(1 << places[s, x] for s, top in levels.items() for x in range(1, top + 1))
        return found | sum(1 << len(places) + b for b in badges)


def some_levels(dice: Random, rungs: Sequence[int], chance: float) -> Levels:
    return {s: dice.randint(1, top) for s, top in enumerate(rungs) if dice.random() < chance}


def higher(a: Levels, b: Levels) -> Levels:
    return a | {s: x for s, x in b.items() if x > a.get(s, 0)}


def a_world(dice: Random, *, crossings: bool = True, wide: bool = False) -> World:
    """Scatter roles, skills with levels and parallel edges."""
    roles = dice.randint(2, 7)
    count = dice.choice([40, 70]) if wide else dice.randint(1, 6)
    rungs = tuple(dice.choice([1, 1, 2, 3]) for _ in range(count))
    badges = dice.randint(0, 2)
    chance = dice.choice([0.15, 0.4, 0.7])
    asks = [some_levels(dice, rungs, chance) for _ in range(roles)]
    named = [frozenset(b for b in range(badges) if dice.random() < 0.4) for _ in range(roles)]
    density = dice.choice([0.25, 0.45, 0.7])
    crosses = dice.choice([0.0, 0.2]) if crossings else 0.0
    moves = []
    for u in range(roles):
        for w in range(roles):
            for _ in range(dice.choice([1, 1, 1, 2, 3])):
                if u == w or dice.random() > density:
                    continue
                crossing = dice.random() < crosses
                own = some_levels(dice, rungs, 0.3) if dice.random() < 0.25 else {}
                levels = asks[w] if crossing else higher(asks[w], own)
                marks = frozenset(t for t in range(2) if w == t or dice.random() < 0.05)
                badge = frozenset() if crossing else named[w]
                moves.append(Move(u, w, levels, badge, crossing, marks))
    return told(roles, rungs, badges, moves)


def told(roles: int, rungs: tuple[int, ...], badges: int, moves: Sequence[Move]) -> World:
    """Tell moves, which are sorted by source, as bits too."""
    empty = World(roles, rungs, badges, tuple(moves), Graph([0], [], [], [], [], []))
    places = empty.places
    indptr = [sum(m.source < u for m in moves) for u in range(roles + 1)]
    graph = Graph(
        indptr,
        [m.target for m in moves],
        [empty.bits(m.levels, m.badges) for m in moves],
        [sum(1 << places[pair] for pair in m.levels.items()) for m in moves],
        [m.crossing for m in moves],
        [sum(1 << t for t in m.passes) for m in moves],
    )
    return replace(empty, graph=graph)


@dataclass(frozen=True)
class Ask:
    """A question told twice."""

    question: Question
    levels: Levels
    badges: frozenset[int]
    passes: frozenset[int]


def an_ask(dice: Random, world: World, *, k: bool | None = None) -> Ask:
    bits = len(world.places) + world.badges
    edges = len(world.moves)

    def an_aim() -> Aim:
        of = dice.randrange(6)
        if of == 0:
            return Aim("steps")
        if of == 1:
            return Aim("hardest")
        if of == 2:
            return Aim("learn", None, dice.getrandbits(bits) if dice.random() < 0.5 else -1)
        if of == 3:
            mask = dice.getrandbits(bits) if dice.random() < 0.3 else -1
            return Aim("learn", [dice.choice([0, 1, 2, 5]) for _ in range(bits)], mask)
        most = dice.choice([1, 6, 10**9])
        return Aim("sum", [0 if m.crossing else dice.randint(0, most) for m in world.moves])

    wants_k = dice.random() < 0.4 if k is None else k
    aims = [an_aim() for _ in range(1 if wants_k else dice.randint(1, 4))]
    source = dice.randrange(world.roles)
    others = [v for v in range(world.roles) if v != source or dice.random() < 0.04]
    targets = frozenset(dice.sample(others, min(len(others), dice.choice([1, 1, 1, 2, 3]))))
    levels = some_levels(dice, world.rungs, 0.3)
    badges = frozenset(b for b in range(world.badges) if dice.random() < 0.3)
    passes = frozenset(t for t in range(2) if dice.random() < 0.15)
    roles, numbers = range(world.roles), range(edges)
    question = Question(
        source, targets, aims, world.bits(levels, badges), sum(1 << t for t in passes),
        frozenset(v for v in roles if dice.random() < 0.06),
        frozenset(e for e in numbers if dice.random() < 0.05),
        dice.choice([None, None, None, 1, 2, 3]), dice.choice([None, None, None, 0, 1, 2, 3]),
        not wants_k and dice.random() < 0.3,
        dice.choice([1, 2, 3, 5, 50]) if wants_k else None,
    )  # fmt: skip
    return Ask(question, levels, badges, passes)


# --- the slow way


def worth(places: dict[tuple[int, int], int], aim: Aim, steps: int, hardest: int,
          learned: Learned, badges: frozenset[int], edges: Sequence[int]) -> int:  # fmt: skip
    """Work one aim out of what was learned, told as (skill, level) and badges."""
    if aim.kind == "steps":
        return steps
    if aim.kind == "hardest":
        return hardest
    if aim.kind == "sum":
        assert aim.weights is not None
        return sum(aim.weights[e] for e in edges)
    found = [places[pair] for pair in learned] + [len(places) + b for b in badges]
    counted = [b for b in found if aim.mask >> b & 1]
    return len(counted) if aim.weights is None else sum(aim.weights[b] for b in counted)


def every_way(world: World, ask: Ask) -> list[tuple[Way, tuple[int, ...]]]:
    """Walk all routes that visit no role twice and end where they first may; with their loads."""
    q = ask.question
    out: list[tuple[Way, tuple[int, ...]]] = []
    places = world.places
    leaving: list[list[tuple[int, Move]]] = [[] for _ in range(world.roles)]
    for e, move in enumerate(world.moves):
        leaving[move.source].append((e, move))

    def walk(
        at: int, edges: tuple[int, ...], seen: frozenset[int], levels: Levels,
        badges: frozenset[int], learned: Learned, got: frozenset[int], wants: frozenset[int],
        loads: tuple[int, ...],
    ) -> None:  # fmt: skip
        if at in q.targets and not wants:
            steps, hardest = len(loads), max(loads, default=0)
            values = tuple(worth(places, a, steps, hardest, learned, got, edges) for a in q.aims)
            out.append((Way(values, steps, edges), loads))
            return
        for e, m in leaving[at]:
            if m.target in seen or m.target in q.blocked or e in q.shut:
                continue
            more, fresh, load = learned, got, loads
            if not m.crossing:
                asked = {s: x for s, x in m.levels.items() if x > levels.get(s, 0)}
                if q.max_load is not None and len(asked) > q.max_load:
                    continue
                if q.max_steps is not None and len(loads) == q.max_steps:
                    continue
                load = (*loads, len(asked))
                more |= {
                    (s, i) for s, x in asked.items() for i in range(levels.get(s, 0) + 1, x + 1)
                }
                fresh |= m.badges - badges
            walk(m.target, (*edges, e), seen | {m.target}, higher(levels, m.levels),
                 badges | m.badges, more, fresh, wants - m.passes, load)  # fmt: skip

    none: frozenset[int] = frozenset()
    walk(q.source, (), frozenset({q.source}), ask.levels, ask.badges, frozenset(), none,
         ask.passes, ())  # fmt: skip
    return out


def dominates(a: Sequence[int], b: Sequence[int]) -> bool:
    return tuple(a) != tuple(b) and all(x <= y for x, y in zip(a, b, strict=True))


def chosen(q: Question, ways: Iterable[Way]) -> list[Way]:
    """Choose of all routes those that a question is about."""
    ranked = sorted(ways)
    if q.k is not None:
        return ranked[: q.k]
    values = {w.values for w in ranked}
    good = {v for v in values if not any(dominates(u, v) for u in values)}
    best = [w for w in ranked if w.values in good]
    if q.ties:
        return best
    return list({w.values: w for w in reversed(best)}.values())[::-1]


# --- running many


def run(cases: int, check: Callable[[Random], None]) -> None:
    """Let hypothesis choose the worlds, and see that there were as many as promised."""
    seen = 0

    @settings(max_examples=cases, deadline=None, derandomize=True, database=None)
    @given(st.integers(0, 2**48))
    def case(seed: int) -> None:
        nonlocal seen
        seen += 1
        check(Random(seed))

    case()
    print(f"\n{check.__name__}: {seen} random graphs against brute force")
    assert seen >= cases


def exact(world: World, ask: Ask, compiled: bool | None) -> None:
    every = [way for way, _ in every_way(world, ask)]
    answer = search(world.graph, ask.question, compiled=compiled)
    assert list(answer.ways) == chosen(ask.question, every)
    assert answer.complete
    assert answer.proven >= world.roles - 1 or answer.proven == ask.question.max_steps
    if answer.bound:
        for way in every:
            assert all(b <= v for b, v in zip(answer.bound, way.values, strict=True))


def test_it_finds_what_walking_all_routes_finds() -> None:
    def plain(dice: Random) -> None:
        world = a_world(dice)
        exact(world, an_ask(dice, world), compiled=False)

    run(4000, plain)


def test_it_finds_the_k_best() -> None:
    def k_best(dice: Random) -> None:
        world = a_world(dice)
        exact(world, an_ask(dice, world, k=True), compiled=False)

    run(1600, k_best)


def test_more_bits_than_fit_a_word() -> None:
    def wide(dice: Random) -> None:
        world = a_world(dice, crossings=False, wide=True)
        assert len(world.places) > 64 or len(world.rungs) == 40
        ask = an_ask(dice, world)
        exact(world, ask, compiled=False)
        if compiles():
            exact(world, ask, compiled=True)

    run(100, wide)


def test_what_it_tells_by_itself_if_nothing_is_said() -> None:
    def unsaid(dice: Random) -> None:
        world = a_world(dice)
        exact(world, an_ask(dice, world), compiled=None)

    run(200, unsaid)


def test_compiled_loops_do_the_same_branch_for_branch() -> None:
    pytest.importorskip("numba")

    def same(dice: Random) -> None:
        world = a_world(dice, crossings=dice.random() < 0.1)
        ask = an_ask(dice, world)
        budget = dice.choice([1, 3, 8, 20, 60, 200_000, 200_000])
        one = search(world.graph, ask.question, budget=budget, compiled=True)
        other = search(world.graph, ask.question, budget=budget, compiled=False)
        assert one == other
        if budget == 200_000:
            assert list(one.ways) == chosen(ask.question, [w for w, _ in every_way(world, ask)])

    run(1200, same)


def test_the_loops_that_are_compiled_run_as_they_are_written() -> None:
    """Without numba, whoever asks for them gets the same answer, only slowly."""
    pytest.importorskip("numpy")
    env = {**os.environ, "ROLEGRAPH_JIT": "0"}
    code = """
from random import Random
from tests.test_pareto import a_world, an_ask, exact
for seed in range(60):
    dice = Random(seed)
    world = a_world(dice, crossings=False, wide=seed % 10 == 0)
    exact(world, an_ask(dice, world), True)
print("done")
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], env=env, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.stdout == "done\n", done.stderr[-2000:]


def test_a_budget_too_small_is_owned_up_to() -> None:
    stopped = 0

    def small(dice: Random) -> None:
        nonlocal stopped
        world = a_world(dice)
        ask = an_ask(dice, world)
        q = ask.question
        budget = dice.choice([0, 1, 2, 4, 8, 15, 30])
        answer = search(world.graph, q, budget=budget, compiled=False)
        every = [way for way, _ in every_way(world, ask)]
        assert len(set(answer.ways)) == len(answer.ways)
        assert set(answer.ways) <= set(every)
        assert list(answer.ways) == sorted(answer.ways)
        assert answer.examined <= budget + 1
        for way in every:
            if answer.bound:
                assert all(b <= v for b, v in zip(answer.bound, way.values, strict=True))
        if answer.complete:
            assert list(answer.ways) == chosen(q, every)
            return
        stopped += 1
        # what was found beyond may push out what is shorter, and nothing else may
        short = [w for w in every if w.steps <= answer.proven]
        long = [w for w in answer.ways if w.steps > answer.proven]
        assert list(answer.ways) == chosen(q, short + long)

    run(1600, small)
    assert stopped > 150


def test_the_order_of_the_aims_and_parallel_edges_change_no_values() -> None:
    def turned(dice: Random) -> None:
        world = a_world(dice)
        ask = an_ask(dice, world, k=False)
        aims = list(ask.question.aims)
        turn = list(range(len(aims)))
        dice.shuffle(turn)
        q = replace(ask.question, aims=[aims[i] for i in turn])
        one = {w.values for w in search(world.graph, ask.question, compiled=False).ways}
        other = {w.values for w in search(world.graph, q, compiled=False).ways}
        assert {tuple(v[i] for i in turn) for v in one} == other

    run(300, turned)


# --- networkx, where it is asked the same


def as_multigraph(world: World, q: Question) -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(world.roles))
    for e, m in enumerate(world.moves):
        if m.target not in q.blocked and e not in q.shut:
            graph.add_edge(m.source, m.target, key=e)
    return graph


def free(ask: Ask) -> Question:
    """Leave out what networkx cannot be asked."""
    return replace(ask.question, tokens=0, max_load=None, max_steps=None, ties=False)


def test_networkx_finds_the_shortest_as_long() -> None:
    def shortest(dice: Random) -> None:
        world = a_world(dice, crossings=False)
        q = replace(free(an_ask(dice, world)), aims=[Aim("steps")], k=1)
        lengths = nx.single_source_shortest_path_length(as_multigraph(world, q), q.source)
        far = min((lengths[t] for t in q.targets if t in lengths), default=None)
        answer = search(world.graph, q, compiled=False)
        assert [w.values[0] for w in answer.ways] == ([] if far is None else [far])
        ahead = pareto.distances(world.graph, q, [q.source])
        assert {v: d for v, d in enumerate(ahead) if d < 99} == dict(lengths)

    run(300, shortest)


def test_networkx_finds_the_k_best_by_a_sum_as_dear() -> None:
    def sums(dice: Random) -> None:
        world = a_world(dice, crossings=False)
        source, target = dice.sample(range(world.roles), 2)
        weights = [dice.randint(0, 9) for _ in world.moves]
        cheapest: dict[tuple[int, int], int] = {}
        for e, m in enumerate(world.moves):
            ends = m.source, m.target
            if ends not in cheapest or weights[e] < weights[cheapest[ends]]:
                cheapest[ends] = e
        # networkx wants no parallel edges here
        shut = frozenset(range(len(weights))) - frozenset(cheapest.values())
        graph = nx.DiGraph()
        graph.add_nodes_from(range(world.roles))
        graph.add_weighted_edges_from((*ends, weights[e]) for ends, e in cheapest.items())
        k = dice.choice([1, 3, 10])
        q = Question(source, frozenset({target}), [Aim("sum", weights)], shut=shut, k=k)
        if nx.has_path(graph, source, target):
            paths = islice(nx.shortest_simple_paths(graph, source, target, weight="weight"), k)
            wanted = [nx.path_weight(graph, path, "weight") for path in paths]
        else:
            wanted = []
        assert [w.values[0] for w in search(world.graph, q, compiled=False).ways] == wanted

    run(400, sums)


def test_networkx_walks_to_the_same_pareto_set() -> None:
    def walked(dice: Random) -> None:
        world = a_world(dice, crossings=False)
        ask = an_ask(dice, world, k=False)
        q = free(ask)
        if q.source in q.targets:
            return
        graph = as_multigraph(world, q)
        values = set()
        for target in q.targets:
            others = graph.subgraph(set(graph) - (q.targets - {target}))
            for path in nx.all_simple_edge_paths(others, q.source, target):
                values.add(pareto.values_of(world.graph, q, [e for _, _, e in path]))
        best = {v for v in values if not any(dominates(w, v) for w in values)}
        assert {w.values for w in search(world.graph, q, compiled=False).ways} == best

    run(400, walked)


# --- chosen worlds


def line(*needs: int, source: int = 0) -> Graph:
    """Make a chain of roles; each step asks for some bits."""
    n = len(needs)
    indptr = [min(i, n) for i in range(n + 2)]
    return Graph(indptr, list(range(1, n + 1)), list(needs), list(needs), [False] * n, [0] * n)


def test_a_skill_learned_once_counts_once() -> None:
    aims = [Aim("steps"), Aim("learn"), Aim("hardest")]
    answer = search(line(0b011, 0b110, 0b111), Question(0, frozenset({3}), aims))
    assert [w.values for w in answer.ways] == [(3, 3, 2)]
    assert answer.bound <= (3, 3, 1)
    assert search(line(0b011, 0b110), Question(0, frozenset({2}), aims, held=0b111)).ways == (
        Way((2, 0, 0), 2, (0, 1)),
    )


def test_the_shortest_is_not_the_easiest() -> None:
    # 0 → 2 asks for four at once; over 1 they come two by two
    graph = Graph([0, 2, 3, 3], [1, 2, 2], [3, 15, 15], [3, 15, 15], [False] * 3, [0] * 3)
    q = Question(0, frozenset({2}), [Aim("steps"), Aim("hardest")])
    assert [w.values for w in search(graph, q).ways] == [(1, 4), (2, 2)]
    assert [w.values for w in search(graph, replace(q, max_load=3)).ways] == [(2, 2)]
    assert search(graph, replace(q, max_load=1)).ways == ()


def test_who_is_there_already_stays() -> None:
    for k in (None, 1, 3):
        q = Question(0, frozenset({0, 1}), [Aim("steps")], k=k)
        assert search(line(1, 1), q).ways == (Way((0,), 0, ()),), k


def test_who_is_there_already_may_have_to_go_on() -> None:
    """What has to be passed is passed on the way to another target: home is not entered again."""
    graph = Graph([0, 1, 2, 2], [1, 2], [1, 2], [1, 2], [False] * 2, [1, 0])
    q = Question(0, frozenset({0, 2}), [Aim("steps")], tokens=1)
    for compiled in (False, *([True] if compiles() else [])):
        assert search(graph, q, compiled=compiled).ways == (Way((2,), 2, (0, 1)),)
        assert search(graph, replace(q, tokens=2), compiled=compiled).ways == ()


def test_a_target_is_passed_until_all_that_has_to_be_is() -> None:
    graph = Graph([0, 2, 3, 4], [1, 2, 2, 1], [0] * 4, [0] * 4, [False] * 4, [0, 1, 1, 0])
    q = Question(0, frozenset({1}), [Aim("steps")], tokens=1)
    assert search(graph, q).ways == (Way((2,), 2, (1, 3)),)


def test_no_pass_is_longer_than_a_route_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """Roles that are not on any way, and limits beyond all routes, cost no passes."""
    steps: list[int] = []
    run_it = pareto._Pass.run

    def counted(one: pareto._Pass) -> bool:
        assert one.steps < 7, "no route visits more than seven roles"
        steps.append(one.steps)
        return run_it(one)

    monkeypatch.setattr(pareto._Pass, "run", counted)

    def lonely(dice: Random) -> None:
        world = a_world(dice)
        ask = an_ask(dice, world)
        g = world.graph
        graph = replace(g, indptr=[*g.indptr, *[len(g.heads)] * 40], _into=[])
        q = replace(ask.question, max_steps=dice.choice([ask.question.max_steps, 10**9]))
        assert search(graph, q, compiled=False).ways == search(g, q, compiled=False).ways

    run(300, lonely)
    assert steps


def test_nothing_to_find() -> None:
    for q in (
        Question(1, frozenset({0}), [Aim("steps")]),
        Question(0, frozenset({2}), [Aim("steps")], blocked=frozenset({1})),
        Question(0, frozenset({2}), [Aim("steps")], blocked=frozenset({2})),
        Question(0, frozenset({2}), [Aim("steps")], shut=frozenset({1})),
        Question(0, frozenset({2}), [Aim("steps")], max_steps=1),
        Question(0, frozenset({2}), [Aim("steps")], max_steps=0),
        Question(0, frozenset({2}), [Aim("steps")], tokens=8),
        Question(0, frozenset(), [Aim("steps")]),
    ):
        answer = search(line(1, 1), q)
        assert (answer.ways, answer.complete) == ((), True), q


def test_large_numbers_are_added_up_exactly_or_not_at_all() -> None:
    """Months in millionths, and whatever else somebody counts."""
    graph = Graph([0, 2, 3, 3], [1, 2, 2], [0] * 3, [0] * 3, [False] * 3, [0] * 3)
    for unit in (1, 10**15, 10**17, pareto.LARGEST // 4 - 1):
        q = Question(0, frozenset({2}), [Aim("sum", [unit, 2 * unit + 1, unit])])
        for compiled in (False, *([True] if compiles() else [])):
            answer: Answer = search(graph, q, compiled=compiled)
            assert [w.values for w in answer.ways] == [(2 * unit,)], (unit, compiled)
    for unit in (pareto.LARGEST // 4, 3 * 10**18, 10**19, 10**30):
        for aim in (Aim("sum", [unit, 2 * unit + 1, unit]), Aim("learn", [unit] * 4)):
            with pytest.raises(ValueError, match="too large"):
                search(graph, Question(0, frozenset({2}), [aim]))


def test_a_front_too_large_for_the_arrays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forks, each a trade of one sum for the other: more routes than the loops have room for."""
    pytest.importorskip("numba")
    from rolegraph import paretokernel

    monkeypatch.setattr(paretokernel, "_ROOM", 16)
    forks = 6
    heads = [i + 1 for i in range(forks) for _ in range(2)]
    a = [2**i * first for i in range(forks) for first in (1, 0)]
    b = [2**i * first for i in range(forks) for first in (0, 1)]
    n = len(heads)
    indptr = [min(2 * i, n) for i in range(forks + 2)]
    graph = Graph(indptr, heads, [0] * n, [0] * n, [False] * n, [0] * n)
    q = Question(0, frozenset({forks}), [Aim("sum", a), Aim("sum", b)])
    for asked in (q, replace(q, aims=q.aims[:1], k=40)):
        one, other = (search(graph, asked, compiled=c) for c in (True, False))
        assert one == other
    values = [w.values for w in search(graph, q, compiled=True).ways]
    assert values == [(i, 2**forks - 1 - i) for i in range(2**forks)]


def test_the_same_question_has_the_same_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the threshold from which on compiled loops are used."""

    def again(dice: Random) -> None:
        world = a_world(dice)
        ask = an_ask(dice, world)
        assert search(world.graph, ask.question) == search(world.graph, ask.question)

    run(100, again)
    pytest.importorskip("numba")
    monkeypatch.setattr(pareto, "_PLAIN", 2)

    def patient(dice: Random) -> None:
        world = a_world(dice, crossings=False)
        ask = an_ask(dice, world)
        budget = dice.choice([3, 10, 30, 200_000])
        assert search(world.graph, ask.question, budget=budget) == search(
            world.graph, ask.question, budget=budget, compiled=False
        )

    run(300, patient)
