from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rolegraph as rg
from rolegraph.closure import materialise
from rolegraph.errors import CostError, NoRouteError
from rolegraph.resources import ontology_path
from rolegraph.routing import (
    EVIDENCE_KINDS,
    TRANSITION_TYPES,
    Cost,
    Leg,
    Reached,
    choose,
    k_best,
    multigraph,
    reach,
    shortest,
)
from rolegraph.store import OxigraphStore, Triple, graph_name
from rolegraph.terms import RawTerm
from rolegraph.values import Claim, Evidence, Finding, Role, Skill, SkillRequirement, Transition
from rolegraph.vocab import RDF, RG, SKOS
from tests.reading import (
    COO,
    CURATED_MOVES,
    DIRECTOR,
    DM,
    DM_ADVANCEMENT,
    DM_DUTIES,
    DM_SKILLS,
    HEAD,
    HEADINGS,
    JUNIOR,
    MOVE_ACTIVITIES,
    MOVE_SENTENCES,
    MOVE_SKILLS,
    PM,
    PM_ADVANCEMENT,
    PM_DIRECTOR,
    PORTFOLIO,
    PROGRAM,
    ROLES,
    SDM,
    SHARED_DUTIES,
    SHARED_SKILLS,
    SPM,
    STATED_MOVES,
    TO_DM_SKILLS,
)

ORACLE = settings(max_examples=500, deadline=None, derandomize=True, database=None)
FEWER = settings(ORACLE, max_examples=100)

# --- small graphs at random, and the slow way to search them

Path_ = tuple[Leg, ...]


@dataclass(frozen=True)
class World:
    """Roles, legs and a price for each leg."""

    roles: tuple[Role, ...]
    legs: tuple[Leg, ...]
    prices: Mapping[str, int]

    @property
    def by_iri(self) -> dict[str, Role]:
        return {r.iri: r for r in self.roles}

    def price(self, leg: Leg) -> float:
        return self.prices[leg.transition.iri]

    def cost(self, name: str) -> Cost:
        return self.price if name == "price" else name

    def worth(self, leg: Leg, name: str) -> int:
        if name == "steps":
            return 1
        return len(leg.new_skills) if name == "new-skills" else self.prices[leg.transition.iri]


def make_transition(
    iri: str, source: Role | None, target: Role | None, kind: str = "stated", of: str = "transition"
) -> Transition:
    label = f"{source} to {target}"
    claim = Claim(iri, str(source), "can move to", str(target), kind)
    return Transition(iri, label, of, source, target, claim)


def make_role(name: str, label: str | None = None) -> Role:
    return Role(f"urn:role:{name}", label or name)


def make_leg(source: Role, target: Role, number: int = 0, kind: str = "stated") -> Leg:
    iri = f"urn:move:{source.label}-{target.label}-{number}"
    return Leg(make_transition(iri, source, target, kind))


def build(
    names: Sequence[str],
    asked: Sequence[frozenset[Skill]],
    moves: Iterable[tuple[int, int, str, str, frozenset[Skill], int]],
) -> World:
    roles = tuple(make_role(str(i), name) for i, name in enumerate(names))
    legs, prices = [], {}
    for i, (a, b, kind, of, own, price) in enumerate(moves):
        # no rank between the IRI of a transition and its place
        step = make_transition(f"urn:move:{i * 7 % 16:02}", roles[a], roles[b], kind, of)
        legs.append(Leg(step, (asked[b] | own) - asked[a]))
        prices[step.iri] = price
    return World(roles, tuple(legs), prices)


SKILLS = [Skill(f"urn:skill:{i}", f"skill {i}") for i in range(4)]


@st.composite
def grown(draw: st.DrawFn) -> World:
    """Grow a world piece by piece: easy to shrink, but mostly sparse."""
    count = draw(st.integers(2, 7))
    end, some = st.integers(0, count - 1), st.frozensets(st.sampled_from(SKILLS), max_size=3)
    kind, of = st.sampled_from(EVIDENCE_KINDS), st.sampled_from(TRANSITION_TYPES)
    return build(
        draw(st.permutations("ABCDEFG"[:count])),
        draw(st.lists(some, min_size=count, max_size=count)),
        draw(st.lists(st.tuples(end, end, kind, of, some, st.integers(0, 3)), max_size=15)),
    )


@st.composite
def scattered(draw: st.DrawFn) -> World:
    """Scatter a world from a seed: large and dense, with many ties."""
    dice = Random(draw(st.integers(0, 2**32)))
    count = dice.randint(4, 7)

    def some() -> frozenset[Skill]:
        return frozenset(dice.sample(SKILLS, dice.randint(0, 2)))

    moves = [
        (
            dice.randrange(count), dice.randrange(count), dice.choice(EVIDENCE_KINDS),
            dice.choice(TRANSITION_TYPES), some(), dice.choice((0, 1, 1, 1, 2)),
        )
        for _ in range(dice.randint(8, 15))
    ]  # fmt: skip
    return build(dice.sample("ABCDEFG", count), [some() for _ in range(count)], moves)


def worlds() -> st.SearchStrategy[World]:
    return grown() | scattered()


COST_NAMES = st.sampled_from(["steps", "new-skills", "price"])


def simple_paths(legs: Sequence[Leg], source: str, target: str) -> Iterator[Path_]:
    """Give every path that visits no role twice, parallel legs told apart."""
    stack: list[tuple[str, Path_, frozenset[str]]] = [(source, (), frozenset({source}))]
    while stack:
        at, path, seen = stack.pop()
        if at == target:
            yield path
            continue
        for leg in legs:
            if leg.ends[0] == at and leg.ends[1] not in seen:
                stack.append((leg.ends[1], (*path, leg), seen | {leg.ends[1]}))


def nodes(path: Iterable[Leg]) -> tuple[str, ...]:
    return tuple(leg.ends[1] for leg in path)


def rank(world: World, path: Path_, name: str) -> tuple[int, int, tuple[str, ...]]:
    """Give what routes are sorted by: cost, steps, labels on the way."""
    labels = tuple(world.by_iri[i].label for i in nodes(path))
    return sum(world.worth(leg, name) for leg in path), len(path), labels


def folded(
    world: World, paths: Iterable[Path_], name: str
) -> list[tuple[int, int, tuple[str, ...]]]:
    """Sort paths, those through the same roles once and at their cheapest."""
    best: dict[tuple[str, ...], tuple[int, int, tuple[str, ...]]] = {}
    for path in paths:
        r, key = rank(world, path, name), nodes(path)
        best[key] = min(best.get(key, r), r)
    return sorted(best.values())


def found_rank(
    world: World, route: Sequence[tuple[Leg, float]], source: Role, target: Role, name: str
) -> tuple[int, int, tuple[str, ...]]:
    """Check that a route holds together, and give what it is sorted by."""
    stops = [source.iri, *nodes(leg for leg, _ in route)]
    assert stops[-1] == target.iri
    assert [leg.ends for leg, _ in route] == list(pairwise(stops))
    assert [price for _, price in route] == [world.worth(leg, name) for leg, _ in route]
    assert all(leg in world.legs for leg, _ in route)
    return rank(world, tuple(leg for leg, _ in route), name)


# --- against the slow way


@ORACLE
@given(worlds(), COST_NAMES)
def test_shortest_is_the_best_of_all_paths(world: World, name: str) -> None:
    source, target = world.roles[0], world.roles[-1]
    expected = folded(world, simple_paths(world.legs, source.iri, target.iri), name)
    if not expected:
        with pytest.raises(NoRouteError):
            shortest(world.legs, world.by_iri, source, target, world.cost(name))
        return
    found = shortest(world.legs, world.by_iri, source, target, world.cost(name))
    assert found_rank(world, found, source, target, name) == expected[0]


@ORACLE
@given(worlds(), COST_NAMES, st.integers(1, 12))
def test_k_best_are_the_best_of_all_paths_in_order(world: World, name: str, k: int) -> None:
    source, target = world.roles[0], world.roles[-1]
    expected = folded(world, simple_paths(world.legs, source.iri, target.iri), name)
    if not expected:
        with pytest.raises(NoRouteError):
            k_best(world.legs, world.by_iri, source, target, k, world.cost(name))
        return
    found = k_best(world.legs, world.by_iri, source, target, k, world.cost(name))
    assert [found_rank(world, r, source, target, name) for r in found] == expected[:k]


@ORACLE
@given(worlds(), COST_NAMES, st.none() | st.integers(0, 7))
def test_reach_is_the_best_way_to_each_role(world: World, name: str, most: int | None) -> None:
    source = world.roles[0]
    expected = []
    for role in world.roles[1:]:
        paths = simple_paths(world.legs, source.iri, role.iri)
        near = (p for p in paths if most is None or len(p) <= most)
        if best := folded(world, near, name):
            cost, steps, labels = best[0]
            expected.append((cost, steps, labels, role))
    found = reach(world.legs, world.by_iri, source, world.cost(name), most)
    assert all(r.via[0] == source and r.via[-1] == r.role for r in found)
    assert [(r.cost, r.steps, tuple(v.label for v in r.via[1:]), r.role) for r in found] == sorted(
        expected, key=lambda e: (e[0], e[1], e[3].label)
    )


@FEWER
@given(st.data(), worlds(), COST_NAMES)
def test_order_of_reading_does_not_matter(data: st.DataObject, world: World, name: str) -> None:
    legs = data.draw(st.permutations(world.legs))
    roles = dict(data.draw(st.permutations(list(world.by_iri.items()))))
    source, target, cost = world.roles[0], world.roles[-1], world.cost(name)

    def ask(some: Sequence[Leg], known: Mapping[str, Role]) -> list[object]:
        try:
            ways: object = (
                shortest(some, known, source, target, cost),
                k_best(some, known, source, target, 4, cost),
            )
        except NoRouteError as error:
            ways = str(error)
        return [ways, reach(some, known, source, cost), reach(some, known, source, cost, 2)]

    assert ask(legs, roles) == ask(world.legs, world.by_iri)


@FEWER
@given(
    worlds(), st.sets(st.sampled_from(EVIDENCE_KINDS)), st.sets(st.sampled_from(TRANSITION_TYPES))
)
def test_filters_keep_what_they_name(world: World, kinds: set[str], types: set[str]) -> None:
    legs = list(world.legs)
    assert choose(legs) == legs
    assert choose(legs, kinds=sorted(kinds)) == [x for x in legs if x.transition.kind in kinds]
    assert choose(legs, types=sorted(types)) == [x for x in legs if x.transition.type in types]
    assert choose(legs, sorted(kinds), sorted(types)) == [
        x for x in legs if x.transition.kind in kinds and x.transition.type in types
    ]


def test_filter_takes_one_name_as_a_string() -> None:
    a, b = make_role("a"), make_role("b")
    legs = [make_leg(a, b, 0, "stated"), make_leg(a, b, 1, "observed")]
    assert choose(legs, "observed") == [legs[1]]
    assert choose(legs, types="transition") == legs
    assert choose(legs, types="promotion") == []


@pytest.mark.parametrize("wrong", [{"kinds": ("statd",)}, {"types": ("stated",)}])
def test_filter_refuses_what_it_does_not_know(wrong: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(ValueError, match=r"no (kind of evidence|type of transition) '.*known are"):
        choose([], **wrong)  # type: ignore[arg-type]


# --- against networkx, where it answers the same question


@FEWER
@given(worlds(), COST_NAMES)
def test_networkx_agrees(world: World, name: str) -> None:
    source, target = world.roles[0], world.roles[-1]
    graph = multigraph(world.roles, [leg.transition for leg in world.legs])
    worth = {leg.transition.iri: world.worth(leg, name) for leg in world.legs}
    for _, _, key, data in graph.edges(keys=True, data=True):
        data["weight"] = worth[key]
    cost = world.cost(name)

    reached = {r.role.iri: r.cost for r in reach(world.legs, world.by_iri, source, cost)}
    assert set(reached) == nx.descendants(graph, source.iri)
    lengths = nx.single_source_dijkstra_path_length(graph, source.iri)
    assert reached == {iri: n for iri, n in lengths.items() if iri != source.iri}

    plain = nx.DiGraph(graph)
    if target.iri not in reached:
        assert not nx.has_path(graph, source.iri, target.iri)
        return
    best = shortest(world.legs, world.by_iri, source, target, cost)
    assert sum(price for _, price in best) == lengths[target.iri]
    if name == "steps":
        assert len(best) == nx.shortest_path_length(graph, source.iri, target.iri)
    everything = k_best(world.legs, world.by_iri, source, target, 10_000, cost)
    assert sorted((source.iri, *nodes(leg for leg, _ in way)) for way in everything) == sorted(
        map(tuple, nx.all_simple_paths(plain, source.iri, target.iri))
    )


@FEWER
@given(worlds())
def test_multigraph_holds_every_transition(world: World) -> None:
    open_ended = make_transition("urn:move:entry", None, world.roles[0])
    graph = multigraph(world.roles, [*(leg.transition for leg in world.legs), open_ended])
    assert {n: d["label"] for n, d in graph.nodes(data=True)} == {
        r.iri: r.label for r in world.roles
    }
    assert {
        (a, b, k): (d["type"], d["kind"]) for a, b, k, d in graph.edges(keys=True, data=True)
    } == {
        (*leg.ends, leg.transition.iri): (leg.transition.type, leg.transition.kind)
        for leg in world.legs
    }


# --- costs


Search = Callable[[Sequence[Leg], Mapping[str, Role], Role, Role, Cost], object]
SEARCHES: dict[str, Search] = {
    "shortest": shortest,
    "k_best": lambda legs, roles, a, b, cost: k_best(legs, roles, a, b, 2, cost),
    "reach": lambda legs, roles, a, b, cost: reach(legs, roles, a, cost),
    "reach within": lambda legs, roles, a, b, cost: reach(legs, roles, a, cost, 3),
}


@pytest.mark.parametrize("search", SEARCHES.values(), ids=SEARCHES)
@pytest.mark.parametrize(
    ("value", "word"),
    [
        (None, "missing"),
        (-1, "negative"),
        (-0.5, "negative"),
        (float("nan"), "not finite"),
        (float("inf"), "not finite"),
        (float("-inf"), "not finite"),
        (True, "missing"),
        (False, "missing"),
        ("1", "missing"),
        ([1], "missing"),
    ],
)
def test_a_cost_that_is_none_is_named(search: Search, value: object, word: str) -> None:
    a, b, c, d = (make_role(x) for x in "abcd")
    # the bad one leads off the way: a wrong cost is wrong wherever it stands
    legs = [make_leg(a, b), make_leg(b, c), make_leg(b, d)]
    bad = {"b to d": value}

    def cost(leg: Leg) -> float:
        return bad.get(leg.transition.label, 1)  # type: ignore[return-value]

    with pytest.raises(CostError, match=rf"'b to d'.*{word}") as caught:
        search(legs, {r.iri: r for r in (a, b, c, d)}, a, c, cost)
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("search", SEARCHES.values(), ids=SEARCHES)
def test_a_cost_of_nought_and_of_a_fraction_are_fine(search: Search) -> None:
    a, b, c = (make_role(x) for x in "abc")
    legs = [make_leg(a, b), make_leg(b, c), make_leg(a, c)]
    prices = {"a to b": 0, "b to c": 0.25, "a to c": 0.5}
    found = search(
        legs, {r.iri: r for r in (a, b, c)}, a, c, lambda leg: prices[leg.transition.label]
    )
    if isinstance(found, tuple):
        assert [(r.role.label, r.cost, r.steps) for r in found] == [("b", 0, 1), ("c", 0.25, 2)]
    else:
        assert isinstance(found, list)
        first = found[0] if isinstance(found[0], list) else found
        assert [(leg.transition.label, price) for leg, price in first] == [
            ("a to b", 0),
            ("b to c", 0.25),
        ]


@pytest.mark.parametrize("search", SEARCHES.values(), ids=SEARCHES)
@pytest.mark.parametrize("some", [True, False], ids=["with transitions", "without"])
def test_a_cost_nobody_knows_is_refused(search: Search, some: bool) -> None:
    a, b = make_role("a"), make_role("b")
    legs = [make_leg(a, b)] if some else []
    with pytest.raises(CostError, match=r"'speed'.*steps, new-skills"):
        search(legs, {a.iri: a, b.iri: b}, a, b, "speed")


def test_a_cost_too_large_to_add_up_is_a_cost_error() -> None:
    a, b = make_role("a"), make_role("b")
    with pytest.raises(CostError, match="'a to b'"):
        shortest([make_leg(a, b)], {a.iri: a, b.iri: b}, a, b, lambda _: 10**400)


def test_a_cost_function_sees_the_new_skills(kg: rg.RoleGraph) -> None:
    seen: dict[str, set[str]] = {}

    def cost(leg: Leg) -> float:
        seen[leg.transition.label] = {s.label for s in leg.new_skills}
        return 1

    kg.route(PM, DM, cost=cost)
    assert seen[f"{PM} to {DM}"] == {*DM_SKILLS, *MOVE_SKILLS, *TO_DM_SKILLS}
    assert seen[f"{PM} to {COO}"] == {"Strategic oversight"}
    assert seen[f"{DM} to {SDM}"] == set()


# --- corners


@pytest.mark.parametrize("k", [0, -1])
def test_k_below_one_is_refused(k: int) -> None:
    a, b = make_role("a"), make_role("b")
    with pytest.raises(ValueError, match=f"k must be .*at least 1.*{k}"):
        k_best([make_leg(a, b)], {a.iri: a, b.iri: b}, a, b, k, "steps")


def test_max_steps_below_nought_is_refused() -> None:
    a, b = make_role("a"), make_role("b")
    with pytest.raises(ValueError, match=r"max_steps must not be negative.*-1"):
        reach([make_leg(a, b)], {a.iri: a, b.iri: b}, a, "steps", -1)
    assert reach([make_leg(a, b)], {a.iri: a, b.iri: b}, a, "steps", 0) == ()


def test_nowhere_to_go_when_already_there() -> None:
    a, b = make_role("a"), make_role("b")
    legs, roles = [make_leg(a, b), make_leg(b, a), make_leg(a, a)], {a.iri: a, b.iri: b}
    assert shortest(legs, roles, a, a, "steps") == []
    assert k_best(legs, roles, a, a, 3, "steps") == [[]]
    assert [r.role for r in reach(legs, roles, a, "steps")] == [b]
    assert shortest([], roles, a, a, "steps") == []


def test_the_cheaper_way_may_take_more_steps_but_not_more_than_allowed() -> None:
    a, b, c = (make_role(x) for x in "abc")
    legs, roles = [make_leg(a, c), make_leg(a, b), make_leg(b, c)], {r.iri: r for r in (a, b, c)}

    def cost(leg: Leg) -> float:
        return 9 if leg.transition.label == "a to c" else 1

    def costs(most: int | None) -> dict[str, tuple[float, int]]:
        return {r.role.label: (r.cost, r.steps) for r in reach(legs, roles, a, cost, most)}

    assert costs(None) == costs(2) == {"b": (1, 1), "c": (2, 2)}
    assert costs(1) == {"b": (1, 1), "c": (9, 1)}


def test_ties_go_by_steps_before_labels() -> None:
    a, b, c, d = (make_role(x) for x in "abcd")
    legs = [make_leg(a, b), make_leg(b, d), make_leg(a, c), make_leg(c, d), make_leg(a, d)]
    roles = {r.iri: r for r in (a, b, c, d)}
    found = k_best(legs, roles, a, d, 5, lambda _: 0)
    assert [[leg.transition.label for leg, _ in way] for way in found] == [
        ["a to d"],
        ["a to b", "b to d"],
        ["a to c", "c to d"],
    ]


def test_labels_settle_ties_even_if_two_roles_share_one() -> None:
    # by labels s-x-a-t comes before s-x-b-t, whatever the IRIs of the two called x
    s, t = make_role("s"), make_role("t")
    x1, x2, a, b = make_role("1", "x"), make_role("2", "x"), make_role("a"), make_role("b")
    legs = [make_leg(s, x1, 1), make_leg(x1, b, 1), make_leg(b, t)]
    legs += [make_leg(s, x2, 2), make_leg(x2, a, 2), make_leg(a, t)]
    roles = {r.iri: r for r in (s, t, x1, x2, a, b)}
    assert [leg.ends[1] for leg, _ in shortest(legs, roles, s, t, "steps")] == [
        x2.iri,
        a.iri,
        t.iri,
    ]


def test_parallel_transitions_count_once_at_their_cheapest() -> None:
    a, b = make_role("a"), make_role("b")
    legs = [make_leg(a, b, n) for n in (3, 1, 2)]
    prices = {"urn:move:a-b-1": 2, "urn:move:a-b-2": 1, "urn:move:a-b-3": 2}
    found = k_best(legs, {a.iri: a, b.iri: b}, a, b, 3, lambda leg: prices[leg.transition.iri])
    assert [[(leg.transition.iri, price) for leg, price in way] for way in found] == [
        [("urn:move:a-b-2", 1)]
    ]


def test_many_ways_of_equal_cost_do_not_take_forever() -> None:
    # half a million routes tie; listing them all would not come to an end
    layers = [[make_role(f"{i:02}.{j}") for j in range(3)] for i in range(12)]
    a, z = make_role("a"), make_role("z")
    rows = [[a], *layers, [z]]
    legs = [make_leg(x, y) for here, there in pairwise(rows) for x in here for y in there]
    found = k_best(legs, {r.iri: r for row in rows for r in row}, a, z, 1, "steps")
    assert [leg.transition.target for leg, _ in found[0]] == [*(row[0] for row in layers), z]


def test_why_there_is_no_route() -> None:
    a, b, c, d, e = (make_role(x) for x in "abcde")
    roles = {r.iri: r for r in (a, b, c, d, e)}
    legs = [make_leg(a, b), make_leg(c, d)]

    def why(source: Role, target: Role, known: Sequence[Leg] = legs) -> str:
        with pytest.raises(NoRouteError) as caught:
            shortest(known, roles, source, target, "steps")
        with pytest.raises(NoRouteError) as again:
            k_best(known, roles, source, target, 2, "steps")
        assert isinstance(caught.value, LookupError)
        assert str(caught.value) == str(again.value)
        return str(caught.value)

    assert why(b, d) == ("no route from 'b' to 'd': no transition that may be used starts at 'b'")
    assert why(a, e) == "no route from 'a' to 'e': no transition that may be used ends at 'e'"
    assert why(a, d) == ("no route from 'a' to 'd': 'a' leads to b; 'd' is reached only from c")
    assert why(a, d, []).endswith("starts at 'a'")


def test_why_there_is_no_route_names_six_and_counts_the_rest() -> None:
    source, target = make_role("source"), make_role("target")
    ends, starts = ([make_role(f"{x}{i}") for i in range(8)] for x in "es")
    roles = {r.iri: r for r in (source, target, *ends, *starts)}
    legs = [make_leg(source, e) for e in ends] + [make_leg(s, target) for s in starts[:6]]
    with pytest.raises(NoRouteError) as caught:
        shortest(legs, roles, source, target, "steps")
    assert "'source' leads to e0, e1, e2, e3, e4, e5 and 2 more; " in str(caught.value)
    assert str(caught.value).endswith("reached only from s0, s1, s2, s3, s4, s5")


# --- through the whole library, from triples


def _graph_of(world: World) -> rg.RoleGraph:
    def iri(text: str) -> RawTerm:
        return RawTerm("iri", text)

    types = {
        "promotion": RG.Promotion,
        "lateral move": RG.LateralTransition,
        "transition": RG.RoleTransition,
    }
    triples: list[Triple] = []

    def say(s: str, p: str, o: str) -> None:
        triples.append((iri(s), iri(p), iri(o)))

    for role in world.roles:
        say(role.iri, RDF + "type", RG.Role)
        label = RawTerm("literal", role.label, None, "en")
        triples.append((iri(role.iri), iri(SKOS + "prefLabel"), label))
    for leg in world.legs:
        t = leg.transition
        a, b = leg.ends
        say(t.iri, RDF + "type", types[t.type])
        say(t.iri, RG.fromRole, a)
        say(t.iri, RG.toRole, b)
        say(t.iri, RG.hasEvidenceKind, RG.NS + t.kind)
    store = OxigraphStore()
    store.load_file(ontology_path("rolegraph.ttl"), graph_name("rolegraph"))
    store.add(triples, graph_name("file.random"))
    materialise(store)
    return rg.RoleGraph(store)


@settings(ORACLE, max_examples=15)
@given(
    worlds(),
    st.none() | st.sets(st.sampled_from(EVIDENCE_KINDS), min_size=1),
    st.none() | st.sets(st.sampled_from(TRANSITION_TYPES), min_size=1),
)
def test_the_facade_finds_the_same(
    world: World, kinds: set[str] | None, types: set[str] | None
) -> None:
    # suggested transitions are no rg:Transition: see test_network.py
    steps = tuple(leg for leg in world.legs if leg.transition.type != "suggested")
    world = World(world.roles, steps, world.prices)
    graph = _graph_of(world)
    legs = tuple(
        leg
        for leg in world.legs
        if (kinds is None or leg.transition.kind in kinds)
        and (types is None or leg.transition.type in types)
    )
    source, target = world.roles[0], world.roles[-1]
    k = None if kinds is None else sorted(kinds)
    t = None if types is None else sorted(types)
    expected = folded(world, simple_paths(legs, source.iri, target.iri), "steps")
    if expected:
        route = graph.route(source.iri, target.iri, kinds=k, types=t)
        routes = graph.routes(source.iri, target.iri, k=3, kinds=k, types=t)
        assert [(r.cost, len(r), tuple(x.label for x in r.roles[1:])) for r in routes] == (
            expected[:3]
        )
        assert route == routes[0]
    else:
        with pytest.raises(NoRouteError):
            graph.route(source.iri, target.iri, kinds=k, types=t)
    found = graph.reachable(source.iri, kinds=k, types=t)
    assert {r.role.iri for r in found} == {
        r.iri for r in world.roles[1:] if next(simple_paths(legs, source.iri, r.iri), None)
    }


# --- the graph that ships: the transitions themselves


def test_transitions_are_those_of_the_article(either: rg.RoleGraph) -> None:
    found = {
        (t.source.label, t.target.label): (t.type, t.claim.hedge, t.claim.preconditions)
        for t in either.transitions(kinds=["stated"])
        if t.source is not None and t.target is not None
    }
    assert found == STATED_MOVES
    curated = either.transitions(kinds=["curated"])
    assert {(str(t.source), str(t.target)) for t in curated} == CURATED_MOVES
    assert {t.type for t in curated} == {"promotion"}
    assert all(e.rationale for t in curated for e in t.evidence)
    special = [t for t in either.transitions() if t.type == "specialisation"]
    assert {(str(t.source), str(t.specialises_in), t.claim.hedge) for t in special} == {
        (DM, "Agile coaching", "some"),
        (DM, "Process improvement", "some"),
        (DM, "Client relationship management", "some"),
    }
    assert len(either.transitions()) == len(STATED_MOVES) + len(CURATED_MOVES) + len(special)


# --- the signature route


def labels(findings: Iterable[Finding | SkillRequirement | Skill | Role]) -> list[str]:
    return [f.label for f in findings]


def strengths(asked: Iterable[SkillRequirement]) -> dict[str, str | None]:
    return {r.label: r.strength for r in asked}


@pytest.fixture
def signature(either: rg.RoleGraph) -> rg.Route:
    return either.route(PM, DIRECTOR)


def test_signature_route(signature: rg.Route) -> None:
    assert labels(signature.roles) == [PM, DM, SDM, DIRECTOR]
    assert len(signature) == signature.cost == 3
    assert signature.cost_name == "steps"
    assert signature.kinds == ("stated",)
    assert signature.source.label == PM
    assert signature.target.label == DIRECTOR
    for (a, b), step in zip(pairwise(labels(signature.roles)), signature.steps, strict=True):
        claim = step.transition.claim
        assert (step.source.label, step.target.label, step.cost) == (a, b, 1)
        assert (step.transition.type, claim.hedge, claim.preconditions) == STATED_MOVES[a, b]
        assert (step.transition.kind, claim.strength) == ("stated", None)


def test_signature_step_across(signature: rg.Route) -> None:
    step = signature.steps[0]
    assert labels(step.shared_responsibilities) == sorted(SHARED_DUTIES)
    assert labels(step.new_responsibilities) == sorted(DM_DUTIES)
    assert strengths(step.shared_skills) == dict.fromkeys(SHARED_SKILLS, "essential")
    assert strengths(step.new_skills) == {**DM_SKILLS, **MOVE_SKILLS, **TO_DM_SKILLS}
    assert labels(step.certifications) == ["ITIL"]
    assert set(labels(step.activities)) == MOVE_ACTIVITIES
    helps = [c for f in (*step.certifications, *step.activities) for c in f.claims]
    assert {(c.kind, c.hedge) for c in helps} == {("stated", "can")}
    assert step.advancement == ()  # that is for promotions
    assert step.not_stated == ()


def test_signature_steps_up(signature: rg.Route) -> None:
    _, up, top = signature.steps
    assert labels(up.new_responsibilities) == [
        "Oversee larger teams",
        "Oversee more complex projects",
    ]
    assert set(labels(up.advancement)) == DM_ADVANCEMENT
    assert up.not_stated == (
        f"which skills {SDM} asks for",
        f"certifications of {SDM}",
    )
    assert labels(top.new_responsibilities) == [
        "Answer for the delivery strategy of the whole organisation"
    ]
    assert top.advancement == ()
    assert top.not_stated == (
        f"which skills {SDM} asks for",
        f"certifications of {SDM}",
        f"which skills {DIRECTOR} asks for",
        f"certifications of {DIRECTOR}",
    )
    for step in (up, top):
        assert step.shared_responsibilities == ()
        assert step.shared_skills == step.new_skills == ()
        assert step.certifications == step.activities == ()
    # the two ways to read the passage are on record
    assert any("pronoun" in note for note in top.transition.claim.notes)
    assert labels(signature.new_skills) == labels(signature.steps[0].new_skills)


def section_of(text: str, at: int) -> str:
    """Give the last heading before a character."""
    starts = {f"\n{text}".index(f"\n{heading}\n"): heading for heading in HEADINGS}
    return starts[max(s for s in starts if s <= at)]


def check_passage(evidence: Evidence, text: str) -> None:
    assert evidence.document == "delivery manager vs project manager"
    assert evidence.start is not None
    assert evidence.end is not None
    passage = text[evidence.start : evidence.end]
    assert passage == passage.strip()
    assert passage.endswith((".", "?"))  # whole sentences
    assert hashlib.sha256(passage.encode()).hexdigest() == evidence.sha256
    assert evidence.section == section_of(text, evidence.start)


def test_signature_route_says_who_says_so(signature: rg.Route, article: Path) -> None:
    text = article.read_text(encoding="utf-8")
    for step in signature.steps:
        (evidence,) = step.evidence
        section, digest = MOVE_SENTENCES[step.source.label, step.target.label]
        assert evidence.section == section
        assert hashlib.sha256(text[evidence.start : evidence.end].encode()).hexdigest() == digest
        check_passage(evidence, text)
        found = [
            *step.shared_responsibilities,
            *step.new_responsibilities,
            *step.certifications,
            *step.activities,
            *step.advancement,
        ]
        for finding in found:
            assert finding.claims, finding
            assert all(c.evidence for c in finding.claims), finding
            assert finding.kinds == ("stated",)
        pieces = [e for f in found for e in f.evidence]
        for asked in (*step.shared_skills, *step.new_skills):
            assert asked.evidence, asked
            pieces += asked.evidence
        for piece in dict.fromkeys(pieces):
            check_passage(piece, text)
    assert signature.evidence == tuple(s.evidence[0] for s in signature.steps)


def test_route_as_text(signature: rg.Route) -> None:
    lines = str(signature).splitlines()
    assert lines[0] == f"{PM} → {DM} → {SDM} → {DIRECTOR}   3 steps; rests on: stated"
    assert f"1. {PM} → {DM}   lateral move (stated, can)" in lines
    assert f"2. {DM} → {SDM}   promotion (stated, can)" in lines
    assert f"3. {SDM} → {DIRECTOR}   promotion (stated, may)" in lines
    assert "   certifications: ITIL (stated, can)" in lines
    assert "   comes after: Experience" in lines
    assert f"   not stated: which skills {SDM} asks for; certifications of {SDM}" in lines
    assert (
        '   says who: "delivery manager vs project manager", § Transitioning between roles, '
        "characters 13230-13386"
    ) in lines
    assert sum(line.startswith("   says who: ") for line in lines) == 3
    assert repr(signature) == str(signature)


def test_route_as_json(signature: rg.Route) -> None:
    from rolegraph.values import to_json

    data = json.loads(json.dumps(to_json(signature)))
    assert [r["label"] for r in data["roles"]] == [PM, DM, SDM, DIRECTOR]
    assert (data["cost"], data["cost_name"], data["kinds"]) == (3, "steps", ["stated"])
    first = data["steps"][0]
    assert [f["concept"]["label"] for f in first["new_responsibilities"]] == sorted(DM_DUTIES)
    assert first["transition"]["claim"]["evidence"][0]["start"] == 13230


def test_engines_agree(kg: rg.RoleGraph, kg_rdflib: rg.RoleGraph) -> None:
    assert kg.engine.name != kg_rdflib.engine.name
    for source, target in ((PM, DIRECTOR), (PM, COO), (DM, PM_DIRECTOR)):
        a, b = kg.route(source, target), kg_rdflib.route(source, target)
        assert a == b
        assert str(a) == str(b)


# --- other routes


def test_project_manager_to_the_top(either: rg.RoleGraph, article: Path) -> None:
    route = either.route("project manager", "COO")
    assert labels(route.roles) == [PM, COO]
    (step,) = route.steps
    claim = step.transition.claim
    assert (step.transition.type, claim.modality) == ("promotion", "stated, some")
    assert any("as written" in note for note in claim.notes)
    assert strengths(step.shared_skills) == {"Leadership": "essential"}
    assert strengths(step.new_skills) == {"Strategic oversight": "essential"}
    assert set(labels(step.advancement)) == PM_ADVANCEMENT
    assert step.shared_responsibilities == step.new_responsibilities == ()
    assert step.not_stated == (f"responsibilities of {COO}", f"certifications of {COO}")
    (evidence,) = step.evidence
    section, digest = MOVE_SENTENCES[PM, COO]
    check_passage(evidence, text := article.read_text(encoding="utf-8"))
    read = hashlib.sha256(text[evidence.start : evidence.end].encode()).hexdigest()
    assert (evidence.section, read) == (section, digest)


def test_promotions_alone_keep_to_the_ladder(either: rg.RoleGraph) -> None:
    with pytest.raises(NoRouteError) as caught:
        either.route(PM, DIRECTOR, types=["promotion"])
    assert str(caught.value) == (
        f"no route from '{PM}' to '{DIRECTOR}': '{PM}' leads to {COO}, {PM_DIRECTOR}, "
        f"{PORTFOLIO}, {PROGRAM}, {SPM}; '{DIRECTOR}' is reached only from {DM}, {SDM}"
    )
    for target in (DM, SDM, HEAD):
        with pytest.raises(NoRouteError):
            either.routes(PM, target, types="promotion")
    up = either.route(DM, DIRECTOR, types=["promotion"])
    assert labels(up.roles) == [DM, SDM, DIRECTOR]
    across = either.route(PM, DM, types=["lateral move"])
    assert len(across) == 1


def test_nothing_starts_at_the_top_of_the_ladder(either: rg.RoleGraph) -> None:
    for target in ROLES:
        if target != DIRECTOR:
            with pytest.raises(NoRouteError) as caught:
                either.route(DIRECTOR, target)
            assert str(caught.value) == (
                f"no route from '{DIRECTOR}' to '{target}': "
                f"no transition that may be used starts at '{DIRECTOR}'"
            )
    assert either.reachable(DIRECTOR) == ()


def test_nothing_ends_at_the_junior_role(either: rg.RoleGraph) -> None:
    with pytest.raises(NoRouteError, match=rf"ends at '{JUNIOR}'$"):
        either.route(PM, JUNIOR)


def test_already_there(either: rg.RoleGraph) -> None:
    route = either.route(DIRECTOR, "delivery director")
    assert (len(route), route.cost, route.steps, route.kinds) == (0, 0, (), ())
    assert labels(route.roles) == [DIRECTOR]
    assert str(route) == f"{DIRECTOR}: already there"
    assert [r.steps for r in either.routes(DM, DM)] == [()]


def test_three_routes(either: rg.RoleGraph) -> None:
    ladder = [
        [PM, COO],
        [PM, PM_DIRECTOR, COO],
        [PM, SPM, PORTFOLIO, PM_DIRECTOR, COO],
        [PM, SPM, PROGRAM, PM_DIRECTOR, COO],
    ]
    assert [labels(r.roles) for r in either.routes(PM, COO)] == ladder[:3]
    assert [labels(r.roles) for r in either.routes(PM, COO, k=9)] == ladder
    assert [r.kinds for r in either.routes(PM, COO)] == [
        ("stated",),
        ("curated", "stated"),
        ("curated", "stated"),
    ]
    stated = either.routes(PM, COO, k=9, kinds=["stated"])
    assert [labels(r.roles) for r in stated] == [[PM, COO]]
    assert [labels(r.roles) for r in either.routes(DM, COO)] == [[DM, *r] for r in ladder[:3]]
    # one ladder and one way across: no second route
    assert [labels(r.roles) for r in either.routes(PM, DIRECTOR)] == [[PM, DM, SDM, DIRECTOR]]
    with pytest.raises(ValueError, match="at least 1"):
        either.routes(PM, COO, k=0)


def test_fewest_new_skills(either: rg.RoleGraph) -> None:
    route = either.route(PM, DIRECTOR, cost="new-skills")
    # four in the role's own section beyond what a Project Manager has, four for the move
    assert [s.cost for s in route.steps] == [8, 0, 0]
    assert (route.cost, route.cost_name) == (8, "new-skills")
    assert str(route).splitlines()[0].endswith("3 steps, new-skills ≥8; rests on: stated")
    # DM to PM: four of the role, five of the move; then strategic oversight
    assert either.route(DM, COO, cost="new-skills").cost == 4 + 5 + 1
    found = either.routes(PM, COO, k=4, cost="new-skills")
    assert [(r.cost, len(r)) for r in found] == [(1, 1), (1, 2), (2, 4), (2, 4)]


def test_cost_function_of_ones_own(either: rg.RoleGraph) -> None:
    def doubt(leg: Leg) -> float:
        return {"can": 1, "may": 2, "some": 5}.get(leg.transition.claim.hedge or "", 3)

    route = either.route(PM, COO, cost=doubt)
    assert (labels(route.roles), route.cost, route.cost_name) == ([PM, COO], 5, "doubt")
    assert either.route(PM, PROGRAM, cost=doubt).cost == 3
    with pytest.raises(CostError, match=rf"'{DM} to {PM}'"):
        either.route(PM, COO, cost=lambda leg: -1)


# --- what can be reached

STATED_REACH = {
    PM: {
        DM: 1, SPM: 1, PM_DIRECTOR: 1, COO: 1,
        SDM: 2, PROGRAM: 2, PORTFOLIO: 2,
        HEAD: 3, DIRECTOR: 3,
    },
    DM: {
        PM: 1, SDM: 1,
        SPM: 2, PM_DIRECTOR: 2, COO: 2, HEAD: 2, DIRECTOR: 2,
        PROGRAM: 3, PORTFOLIO: 3,
    },
    SDM: {HEAD: 1, DIRECTOR: 1},
    SPM: {PROGRAM: 1, PORTFOLIO: 1},
    HEAD: {}, DIRECTOR: {}, PROGRAM: {}, PORTFOLIO: {}, PM_DIRECTOR: {}, COO: {}, JUNIOR: {},
}  # fmt: skip
WITH_CURATED = {
    **STATED_REACH,
    SPM: {PROGRAM: 1, PORTFOLIO: 1, PM_DIRECTOR: 2, COO: 3},
    PROGRAM: {PM_DIRECTOR: 1, COO: 2},
    PORTFOLIO: {PM_DIRECTOR: 1, COO: 2},
    PM_DIRECTOR: {COO: 1},
}


def steps_to(found: Iterable[Reached]) -> dict[str, float]:
    return {r.role.label: r.cost for r in found}


@pytest.mark.parametrize("source", ROLES)
def test_reachable_from(either: rg.RoleGraph, source: str) -> None:
    assert steps_to(either.reachable(source)) == WITH_CURATED[source]
    assert steps_to(either.reachable(source, kinds=["stated"])) == STATED_REACH[source]
    for most in range(4):
        near = either.reachable(source, max_steps=most)
        assert steps_to(near) == {b: n for b, n in WITH_CURATED[source].items() if n <= most}


def test_reachable_by_promotion_and_in_order(either: rg.RoleGraph) -> None:
    up = either.reachable(PM, types=["promotion"], kinds=["stated"])
    assert steps_to(up) == {COO: 1, PM_DIRECTOR: 1, SPM: 1, PORTFOLIO: 2, PROGRAM: 2}
    assert labels(r.role for r in up) == [COO, PM_DIRECTOR, SPM, PORTFOLIO, PROGRAM]
    assert labels(up[-1].via) == [PM, SPM, PROGRAM]
    assert steps_to(either.reachable(PM, types="lateral move")) == {DM: 1}
    with pytest.raises(ValueError, match="max_steps"):
        either.reachable(PM, max_steps=-1)


def test_options_of_a_wrong_type_are_named(kg: Any) -> None:
    calls: list[tuple[Callable[[], object], str]] = [
        (lambda: kg.routes(PM, DIRECTOR, k="3"), "k must be a whole number of at least 1, not '3'"),
        (lambda: kg.route(PM, DIRECTOR, min_value="x"), "min_value must be a number, not 'x'"),
        (lambda: kg.reachable(PM, max_steps="3"), "max_steps must be a whole number"),
        (lambda: kg.route(PM, DIRECTOR).picture().svg(width="abc"), "width must be a number"),
    ]
    for call, wanted in calls:
        with pytest.raises(ValueError, match=wanted):
            call()
    with pytest.raises(TypeError, match="kinds must be a text or several, not 3"):
        kg.route(PM, DIRECTOR, kinds=3)


# --- silence


def test_silence_is_not_absence(either: rg.RoleGraph) -> None:
    skills, certificates = "which skills {} asks for", "certifications of {}"
    duties = "responsibilities of {}"
    silent = {
        # only the two managers have sections on skills and certifications
        SDM: {skills, certificates},
        SPM: {skills, certificates},
        HEAD: {skills, certificates},
        DIRECTOR: {skills, certificates},
        PROGRAM: {skills, certificates},
        PORTFOLIO: {skills, certificates},
        PM_DIRECTOR: {duties, certificates},
        COO: {duties, certificates},
        PM: set(),
        DM: set(),
    }
    for t in either.transitions():
        if t.source is None or t.target is None:
            continue
        (step,) = either.route(t.source, t.target).steps
        expected = {line.format(r.label) for r in (t.source, t.target) for line in silent[r.label]}
        assert set(step.not_stated) == expected, t
        assert ("not stated:" in str(step)) == bool(expected)
        assert not any("lack" in line for line in str(step).splitlines())
