"""The compiled network against the in-memory searches and against the slow way."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rolegraph import catalogue, network, networkdata, routing
from rolegraph.closure import materialise
from rolegraph.errors import CostError, DataError, NoRouteError, NotFoundError
from rolegraph.lookup import Index
from rolegraph.network import KINDS, TYPES, Network
from rolegraph.resources import ontology_path
from rolegraph.routes import MAPPING, Leg, Reached, Route, Step
from rolegraph.store import OxigraphStore, graph_name
from rolegraph.values import Claim, Role, Skill, Transition

ORACLE = settings(max_examples=400, deadline=None, derandomize=True, database=None)
FEWER = settings(ORACLE, max_examples=120)

Priced = list[tuple[Leg, float]]


@pytest.fixture(scope="module", autouse=True)
def _at_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(network, "_EARLY", 0)
        yield


def both(ask: Callable[[], Any]) -> Any:
    """What compiled searches and those on numpy and scipy answer alike."""
    found = []
    for how in ("1", "0"):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("ROLEGRAPH_JIT", how)
            found.append(ask())
    assert found[0] == found[1]
    return found[0]


@dataclass(frozen=True)
class World:
    """The same graph twice: as legs and as arrays."""

    roles: tuple[Role, ...]
    legs: tuple[Leg, ...]
    network: Network

    @property
    def by_iri(self) -> dict[str, Role]:
        return {r.iri: r for r in self.roles}


def build(names: Sequence[str], moves: Sequence[tuple[int, int, str, str, int]]) -> World:
    """Make roles called by names, and moves: source, target, kind, type, count of new skills."""
    # no rank between IRIs and places
    roles = tuple(Role(f"urn:role:{i * 5 % 11:02}", name) for i, name in enumerate(names))
    legs, edges = [], []
    for i, (a, b, kind, of, count) in enumerate(moves):
        iri = f"urn:move:{i * 7 % 32:02}"
        both = ((a, b), (b, a)) if of == MAPPING else ((a, b),)
        for here, there in both:
            source, target = roles[here], roles[there]
            claim = Claim(iri, source.label, "leads to", target.label, kind)
            t = Transition(iri, f"{source} to {target}", of, source, target, claim)
            new = 0 if of == MAPPING else count
            legs.append(Leg(t, frozenset(Skill(f"urn:skill:{j}", str(j)) for j in range(new))))
            edges.append((source.iri, target.iri, iri, kind, of, new, None))
    return World(roles, tuple(legs), network.pack({r.iri: r.label for r in roles}, edges))


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Scatter a multigraph: parallel edges, ties, zero costs, isolated roles, equal labels."""
    dice = Random(draw(st.integers(0, 2**32)))
    count = dice.randint(2, 7)
    names = [dice.choice("ABC" if dice.random() < 0.5 else "ABCDEFG") for _ in range(count)]
    of = TYPES if dice.random() < 0.6 else ("transition",)
    costs = dice.choice([(0, 1), (0, 0, 1, 2, 5), (1,)])
    moves = [
        (dice.randrange(count), dice.randrange(count), dice.choice(KINDS[:3]), dice.choice(of),
         dice.choice(costs))
        for _ in range(dice.randint(0, 18))
    ]  # fmt: skip
    return build(names, moves)


@st.composite
def asks(draw: st.DrawFn) -> dict[str, object]:
    kinds = draw(st.none() | st.sets(st.sampled_from(KINDS[:3]), min_size=1))
    types = draw(st.none() | st.none() | st.sets(st.sampled_from(TYPES), min_size=2))
    return {
        "kinds": None if kinds is None else sorted(kinds),
        "types": None if types is None else sorted(types),
        "mappings": draw(st.booleans()),
    }


def own_cost(leg: Leg) -> float:
    """A function as a cost, with ties and fractions."""
    return len(leg.new_skills) / 2


COST_NAMES = st.sampled_from(["steps", "new-skills"])


def seen(way: Priced) -> list[tuple[str, tuple[str, str], float]]:
    return [(leg.transition.iri, leg.ends, price) for leg, price in way]


def answer(ask: Callable[[], object]) -> object:
    try:
        return ask()
    except (NoRouteError, CostError) as error:
        return type(error), str(error)


def chosen(world: World, ask: dict[str, object]) -> list[Leg]:
    return routing.choose(world.legs, **ask)  # type: ignore[arg-type]


# --- the slow way


def price_of(leg: Leg, cost: str) -> int:
    if leg.crossing:
        return 0
    return 1 if cost == "steps" else len(leg.new_skills)


Rank = tuple[int, int, int, tuple[str, ...], tuple[str, ...]]


def every_way(world: World, legs: Sequence[Leg], start: str, cost: str) -> Iterator[Rank]:
    """Rank all ways from a role that visit no role twice, by walking every one of them."""
    stack: list[tuple[str, Rank]] = [(start, (0, 0, 0, (), ()))]
    while stack:
        at, (total, steps, count, labels, iris) = stack.pop()
        yield total, steps, count, labels, iris
        for leg in legs:
            head = leg.ends[1]
            if leg.ends[0] == at and head != start and head not in iris:
                step = 0 if leg.crossing else 1
                label = world.by_iri[head].label
                rank = (
                    total + price_of(leg, cost), steps + step, count + 1,
                    (*labels, label), (*iris, head),
                )  # fmt: skip
                stack.append((head, rank))


def folded(ranks: Iterator[Rank]) -> list[Rank]:
    best: dict[tuple[str, ...], Rank] = {}
    for rank in ranks:
        best[rank[4]] = min(best.get(rank[4], rank), rank)
    return sorted(best.values())


def rank_of(way: Priced, world: World) -> Rank:
    heads = tuple(leg.ends[1] for leg, _ in way)
    return (
        int(sum(price for _, price in way)),
        sum(not leg.crossing for leg, _ in way),
        len(way),
        tuple(world.by_iri[h].label for h in heads),
        heads,
    )


@ORACLE
@given(worlds(), COST_NAMES, asks(), st.integers(1, 12))
def test_ways_are_the_best_of_all_and_those_of_the_plain_search(
    world: World, cost: str, ask: dict[str, object], k: int
) -> None:
    source, target = world.roles[0], world.roles[-1]
    legs = chosen(world, ask)
    ranks = every_way(world, legs, source.iri, cost)
    expected = [r for r in folded(ranks) if (r[4] or (source.iri,))[-1] == target.iri]
    ends = world.network, source.iri, target.iri

    def plain(many: int) -> object:
        found = routing.k_best(legs, world.by_iri, source, target, many, cost)
        return [seen(way) for way in found]

    def ours(many: int) -> object:
        return [seen(way) for way in network.k_best(*ends, many, cost, **ask)]  # type: ignore[arg-type]

    assert both(lambda: answer(lambda: ours(k))) == answer(lambda: plain(k))
    one = both(lambda: answer(lambda: seen(network.shortest(*ends, cost, **ask))))  # type: ignore[arg-type]
    assert one == answer(lambda: seen(routing.shortest(legs, world.by_iri, source, target, cost)))
    if expected:
        found = network.k_best(*ends, k, cost, **ask)  # type: ignore[arg-type]
        assert [rank_of(way, world) for way in found] == expected[:k]
        assert one == seen(found[0])
    else:
        assert isinstance(one, tuple)
        assert one[0] is NoRouteError


def told(found: Sequence[Reached]) -> list[tuple[str, float, int, tuple[str, ...]]]:
    return [(r.role.iri, r.cost, r.steps, tuple(v.iri for v in r.via)) for r in found]


@ORACLE
@given(worlds(), COST_NAMES, asks(), st.none() | st.integers(0, 7))
def test_reach_is_the_best_way_to_each_and_that_of_the_plain_search(
    world: World, cost: str, ask: dict[str, object], most: int | None
) -> None:
    source = world.roles[0]
    legs = chosen(world, ask)
    ours = both(lambda: told(network.reach(world.network, source.iri, cost, most, **ask)))  # type: ignore[arg-type]
    assert ours == told(routing.reach(legs, world.by_iri, source, cost, most))
    best: dict[str, Rank] = {}
    for rank in folded(every_way(world, legs, source.iri, cost)):
        if rank[4] and (most is None or rank[1] <= most):
            best.setdefault(rank[4][-1], rank)
    assert {iri: (c, s, way[1:]) for iri, c, s, way in ours} == {
        iri: (r[0], r[1], r[4]) for iri, r in best.items()
    }
    assert ours == sorted(ours, key=lambda x: (x[1], x[2], world.by_iri[x[0]].label, x[0]))


def plain_network(world: World) -> Network:
    """The same network, which has not searched before."""
    n = world.network
    return Network(
        n.roles, n.labels, n.ranks, n.indptr, n.indices, n.kind, n.type, n.new_skills, n.value,
        n.claims,
    )  # fmt: skip


@FEWER
@given(worlds(), asks(), st.none() | st.integers(0, 4))
def test_a_function_as_cost_sees_legs_in_full(
    world: World, ask: dict[str, object], most: int | None
) -> None:
    source, target = world.roles[0], world.roles[-1]
    legs = chosen(world, ask)
    by_edge = {(leg.transition.iri, leg.ends): leg for leg in world.legs}

    def read(edges: Sequence[int]) -> list[Leg]:
        return [by_edge[leg.transition.iri, leg.ends] for leg in world.network.legs(edges)]

    def ours() -> object:
        ends = world.network, source.iri, target.iri
        return network.k_best(*ends, 3, own_cost, legs=read, **ask)  # type: ignore[arg-type]

    assert answer(ours) == answer(
        lambda: routing.k_best(legs, world.by_iri, source, target, 3, own_cost)
    )
    found = network.reach(
        world.network, source.iri, own_cost, most, legs=read, role=world.by_iri.__getitem__, **ask  # type: ignore[arg-type]
    )  # fmt: skip
    assert found == routing.reach(legs, world.by_iri, source, own_cost, most)


@FEWER
@given(worlds(), asks(), st.none() | st.integers(0, 4), st.sampled_from([3.0, 80.0, 250.0]))
def test_weights_too_large_to_be_exact_give_the_same(
    world: World, ask: dict[str, object], most: int | None, exact: float
) -> None:
    ends = world.roles[0].iri, world.roles[-1].iri

    def all_of(net: Network) -> list[object]:
        def ways() -> object:
            return [seen(w) for w in network.k_best(net, *ends, 4, "new-skills", **ask)]  # type: ignore[arg-type]

        reached = told(network.reach(net, ends[0], "new-skills", most, **ask))  # type: ignore[arg-type]
        return [answer(ways), reached]

    expected = both(lambda: all_of(world.network))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(network, "_EXACT", exact)
        fresh = plain_network(world)
        assert all_of(fresh) == expected
        assert not fresh._views or exact > 3  # the least there is, else layers are too large


def test_only_the_legs_on_the_route_are_read() -> None:
    moves = [(0, 1, 1), (1, 2, 1), (0, 3, 0), (3, 2, 9)]
    world = build("ABCD", [(a, b, "stated", "transition", new) for a, b, new in moves])
    read: list[list[int]] = []

    def legs(edges: Sequence[int]) -> list[Leg]:
        read.append(list(edges))
        return world.network.legs(edges)

    way = network.shortest(world.network, world.roles[0].iri, world.roles[2].iri, "new-skills",
                           legs=legs)  # fmt: skip
    assert [leg.transition.label for leg, _ in way] == ["A to B", "B to C"]
    assert [len(r) for r in read] == [2]


def test_large_ties_do_not_take_forever() -> None:
    """Half a million ways of equal cost, and as many of the next."""
    count, wide = 12, 3
    names = ["a", *(f"{i:02}{j}" for i in range(count) for j in range(wide)), "z"]
    roles = {f"urn:{n}": n for n in names}
    rows = [["a"], *([f"{i:02}{j}" for j in range(wide)] for i in range(count)), ["z"]]
    pairs = [(x, y) for a, b in pairwise(rows) for x in a for y in b]
    net = network.pack(
        roles, [(f"urn:{x}", f"urn:{y}", f"urn:{x}{y}", "stated", "promotion", 0, None)
                for x, y in pairs]
    )  # fmt: skip
    for cost in ("steps", "new-skills"):
        found = both(partial(network.k_best, net, "urn:a", "urn:z", 4, cost))
        lasts = [[leg.transition.target.label for leg, _ in w][-4:-1] for w in found]
        assert lasts == [["090", "100", f"11{i}"] for i in range(3)] + [["090", "101", "110"]]


@FEWER
@given(worlds(), COST_NAMES, asks(), st.integers(1, 5), st.sampled_from([3.0, 2.0**53]))
def test_edges_are_those_of_the_routes(
    world: World, cost: str, ask: dict[str, object], k: int, exact: float
) -> None:
    ends = world.network, world.roles[0].iri, world.roles[-1].iri
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(network, "_EXACT", exact)
        net = plain_network(world)

        def edges() -> object:
            found = network.ways(net, *ends[1:], k, cost, **ask)  # type: ignore[arg-type]
            return [[leg.transition for leg in net.legs(way)] for way in found]

        def legs() -> object:
            found = network.k_best(*ends, k, cost, **ask)  # type: ignore[arg-type]
            return [[leg.transition for leg, _ in way] for way in found]

        assert answer(edges) == answer(legs)


def test_wrong_questions_are_refused() -> None:
    world = build("AB", [(0, 1, "stated", "transition", 1)])
    a, b = (r.iri for r in world.roles)
    net = world.network
    with pytest.raises(NotFoundError, match="urn:nobody"):
        network.shortest(net, a, "urn:nobody")
    with pytest.raises(NotFoundError, match="urn:nobody"):
        network.reach(net, "urn:nobody")
    with pytest.raises(CostError, match="'speed'"):
        network.shortest(net, a, b, "speed")
    with pytest.raises(CostError, match="known are steps, new-skills"):
        network.ways(net, a, b, cost=own_cost)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="k must be"):
        network.k_best(net, a, b, 0)
    with pytest.raises(ValueError, match="k must be"):
        network.ways(net, a, b, 0)
    with pytest.raises(ValueError, match="max_steps"):
        network.reach(net, a, max_steps=-1)
    with pytest.raises(ValueError, match="no kind of evidence 'told'"):
        network.shortest(net, a, b, kinds=["told"])
    with pytest.raises(ValueError, match="no type of transition 'jump'"):
        network.reach(net, a, types=["jump"])


def test_an_empty_network_has_no_routes() -> None:
    net = network.pack({"urn:a": "A", "urn:b": "B"}, [])
    assert network.reach(net, "urn:a", "new-skills", 3) == ()
    assert network.k_best(net, "urn:a", "urn:a", 2) == [[]]
    with pytest.raises(NoRouteError, match="starts at 'A'"):
        network.shortest(net, "urn:a", "urn:b")
    assert len(network.pack({}, [])) == 0


# --- values


def test_a_crossing_is_shown_and_not_counted() -> None:
    world = build("ABC", [(0, 1, "stated", "promotion", 1), (1, 2, "curated", MAPPING, 0)])
    up, over = world.legs[0].transition, world.legs[1].transition
    a, b, c = world.roles
    over = Transition(over.iri, over.label, MAPPING, b, c,
                      Claim(over.iri, "B", "close match", "C", "curated"))  # fmt: skip
    route = Route(a, c, (Step(up, 1), Step(over, 0)), 1)
    assert len(route) == 1
    assert [s.transition for s in route.crossings] == [over]
    assert str(route) == (
        "A → B → C   1 step and 1 crossing; rests on: curated, stated\n"
        "1. A → B   promotion (stated)\n"
        "2. B → C   answers to (close match, curated)"
    )
    plain = route.to_dict()
    assert plain["length"] == 1
    assert [s["transition"]["type"] for s in plain["steps"]] == ["promotion", MAPPING]
    only = Route(b, c, (Step(over, 0),), 0)
    assert len(only) == 0
    assert str(only).startswith("B → C   0 steps and 1 crossing; rests on: curated\n")


# --- from a store

MARKET = """
PREFIX rg: <https://w3id.org/rolegraph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX : <urn:x:>
:a a rg:Role ; skos:prefLabel "Apprentice"@en .
:b a rg:Occupation ; skos:prefLabel "Baker"@en , "Bäcker"@de .
:c a rg:Role ; skos:prefLabel "Cook"@en .
:d a rg:Role ; skos:prefLabel "Driver"@en .
:n a rg:Role .
:s1 a rg:Skill ; skos:prefLabel "one"@en .
:s2 a rg:Skill ; skos:prefLabel "two"@en .
:s3 a rg:Skill ; skos:prefLabel "three"@en .
:r1 a rg:SkillRequirement ; rg:isRequirementOf :a ; rg:requiredSkill :s1 .
:r2 a rg:SkillRequirement ; rg:isRequirementOf :b ; rg:requiredSkill :s1 .
:r3 a rg:SkillRequirement ; rg:isRequirementOf :b ; rg:requiredSkill :s2 .
:r4 a rg:SkillRequirement ; rg:isRequirementOf :t1 ; rg:requiredSkill :s3 .
:r5 a rg:SkillRequirement ; rg:isRequirementOf :t1 ; rg:requiredSkill :s2 .
:t1 a rg:Promotion ; rg:fromRole :a ; rg:toRole :b ; rg:hasEvidenceKind rg:stated ;
    rg:hasEvidence :note .
:t2 a rg:LateralTransition ; rg:fromRole :b ; rg:toRole :a ; rg:hasEvidenceKind rg:curated .
:t3 a rg:RoleTransition ; rg:fromRole :a ; rg:toRole :b ; rg:hasEvidenceKind rg:curated .
:t4 a rg:EntryTransition ; rg:toRole :b ; rg:hasEvidenceKind rg:stated .
:t5 a rg:RoleTransition ; rg:fromRole :a ; rg:toRole :n ; rg:hasEvidenceKind rg:stated .
:g1 a rg:SuggestedTransition ; rg:suggestedFrom :b ; rg:suggestedTo :c ;
    rg:measureValue 0.47 ; rg:hasEvidenceKind rg:inferred ; rg:hasEvidence :run .
:run a rg:Derivation ; rg:measureName "combined-similarity" ; rg:parameters "{}" ;
    rg:threshold 0.31 .
:m1 a rg:Assertion ; rg:subject :c ; rg:predicate skos:closeMatch ; rg:object :d ;
    rg:hasEvidenceKind rg:curated ; rg:hasEvidence :note .
:m2 a rg:Assertion ; rg:subject :c ; rg:predicate skos:narrowMatch ; rg:object :a ;
    rg:hasEvidenceKind rg:curated .
:m3 a rg:Assertion ; rg:subject :s1 ; rg:predicate skos:exactMatch ; rg:object :s2 ;
    rg:hasEvidenceKind rg:curated .
:note a rg:CuratorNote ; rg:rationale "Seen so." .
"""
ROLES = {x: f"urn:x:{x}" for x in "abcd"}


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> OxigraphStore:
    folder = tmp_path_factory.mktemp("market")
    (folder / "market.ttl").write_text(MARKET, encoding="utf-8")
    store = OxigraphStore()
    for name in ("rolegraph.ttl", "market.ttl"):
        store.load_file(ontology_path(name), graph_name(name))
    store.load_file(folder / "market.ttl", graph_name("file.market"))
    materialise(store)
    return store


@pytest.fixture(scope="module")
def compiled(market: OxigraphStore) -> Network:
    return network.compile(market)


def table(net: Network) -> set[tuple[str, str, str, str, str, int, float | None]]:
    rows = set()
    for e in range(len(net)):
        a, b = (net.roles[i].removeprefix("urn:x:") for i in net.ends(e))
        value = None if np.isnan(net.value[e]) else round(float(net.value[e]), 6)
        rows.add((a, b, net.claims[e].removeprefix("urn:x:"), KINDS[net.kind[e]],
                  TYPES[net.type[e]], int(net.new_skills[e]), value))  # fmt: skip
    assert len(rows) == len(net)
    return rows


@pytest.mark.parametrize("many", [20, 0], ids=["in one", "role by role"])
def test_compile_takes_steps_suggestions_and_mappings(
    market: OxigraphStore, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr(networkdata, "_MANY", many)
    compiled = network.compile(market)
    assert table(compiled) == {
        ("a", "b", "t1", "stated", "promotion", 2, None),  # two and three, one is there
        ("b", "a", "t2", "curated", "lateral move", 0, None),
        ("a", "b", "t3", "curated", "transition", 1, None),
        ("b", "c", "g1", "inferred", "suggested", 0, 0.47),
        ("c", "d", "m1", "curated", "mapping", 0, None),
        ("d", "c", "m1", "curated", "mapping", 0, None),
    }
    assert {compiled.roles[i]: compiled.labels[i] for i in range(len(compiled.roles))} == {
        ROLES["a"]: "Apprentice", ROLES["b"]: "Baker", ROLES["c"]: "Cook", ROLES["d"]: "Driver",
    }  # fmt: skip
    assert compiled.skipped == 2  # the entry, and the role that has no label


def test_compile_lets_the_caller_choose_labels(market: OxigraphStore) -> None:
    def german(labels: Sequence[tuple[str, str]]) -> str:
        return min(labels, key=lambda x: (x[1] != "de", x[0]))[0]

    net = network.compile(market, choose_label=german)
    assert net.role(net.number(ROLES["b"])) == Role(ROLES["b"], "Bäcker")


def test_a_measure_that_is_no_number_is_named() -> None:
    store = OxigraphStore()
    text = MARKET.replace("rg:measureValue 0.47", 'rg:measureValue "high"')
    text = text.replace("rg:Occupation", "rg:Role")  # there is no ontology in this store
    store.raw.load(text.encode(), format=ox.RdfFormat.TURTLE)
    with pytest.raises(DataError, match=r"urn:x:g1.*high"):
        network.compile(store)


def test_the_network_and_the_catalogue_agree(market: OxigraphStore, compiled: Network) -> None:
    index = catalogue.read_index(market)
    every = catalogue.transitions(market, index)
    read = catalogue.transitions_of(market, index, [*(t.iri for t in every), "urn:x:g1"])
    assert {iri: t for iri, t in read.items() if iri != "urn:x:g1"} == {t.iri: t for t in every}
    joined = [t for t in every if t.source and t.target]
    assert {t.iri: (t.type, t.kind) for t in joined} == {
        row[2] and f"urn:x:{row[2]}": (row[4], row[3])
        for row in table(compiled) if row[4] not in ("suggested", MAPPING)
    }  # fmt: skip


def reader(market: OxigraphStore, net: Network) -> Callable[[Sequence[int]], list[Leg]]:
    index = catalogue.read_index(market)

    def read(edges: Sequence[int]) -> list[Leg]:
        claims = [net.claims[e] for e in edges]
        one = Skill("urn:x:s1", "one")
        two = Skill("urn:x:s2", "two")
        asked = {ROLES["a"]: [one], ROLES["b"]: [one, two], "urn:x:t1": [two]}
        return net.full_legs(edges, catalogue.transitions_of(market, index, claims), asked)

    return read


def test_a_route_through_a_suggestion_and_a_mapping(
    market: OxigraphStore, compiled: Network
) -> None:
    with pytest.raises(NoRouteError, match="ends at 'Driver'"):
        network.shortest(compiled, ROLES["a"], ROLES["d"])
    way = network.shortest(
        compiled, ROLES["a"], ROLES["d"], mappings=True, legs=reader(market, compiled)
    )
    steps = [leg.transition for leg, _ in way]
    assert [(t.iri, t.type, price) for t, (_, price) in zip(steps, way, strict=True)] == [
        ("urn:x:t1", "promotion", 1), ("urn:x:g1", "suggested", 1), ("urn:x:m1", MAPPING, 0),
    ]  # fmt: skip
    assert {s.label for s in way[0][0].new_skills} == {"two"}
    assert [str(e) for e in steps[0].evidence] == ["curators: Seen so."]
    assert [str(e) for e in steps[1].evidence] == [
        "measure combined-similarity = 0.47 (threshold 0.31)"
    ]
    assert (steps[1].kind, steps[1].value) == ("inferred", 0.47)
    assert str(Step(steps[2], 0)).startswith("Cook → Driver   answers to (close match, curated)")
    assert [str(e) for e in steps[2].evidence] == ["curators: Seen so."]
    only = network.shortest(compiled, ROLES["a"], ROLES["b"], "new-skills", kinds=["curated"])
    assert [leg.transition.iri for leg, _ in only] == ["urn:x:t3"]


def test_a_mapping_is_turned_round(market: OxigraphStore, compiled: Network) -> None:
    legs = reader(market, compiled)
    ((leg, _),) = network.shortest(compiled, ROLES["d"], ROLES["c"], mappings=True, legs=legs)
    assert leg.ends == (ROLES["d"], ROLES["c"])
    assert str(leg.transition.label) == "Driver to Cook"
    assert str(Step(leg.transition, 0)).startswith("Driver → Cook   answers to (close match")


def test_transitions_of_reads_what_it_is_asked_for(market: OxigraphStore) -> None:
    index = catalogue.read_index(market)
    assert catalogue.transitions_of(market, index, []) == {}
    read = catalogue.transitions_of(market, index, ["urn:x:t2", "urn:x:t2", "urn:x:m1"])
    assert list(read) == ["urn:x:t2", "urn:x:m1"]
    for unknown in ("urn:x:nothing", "urn:x:r1", "urn:x:m2"):
        with pytest.raises(NotFoundError, match=unknown):
            catalogue.transitions_of(market, index, ["urn:x:t2", unknown])
    many = [f"urn:x:t{i}" for i in (1, 2, 3)] * 700
    assert set(catalogue.transitions_of(market, index, many)) == set(many)
    lazy = Index.of(c for c in index.by_iri.values() if isinstance(c, Role))
    assert catalogue.transitions_of(market, lazy, ["urn:x:g1"])["urn:x:g1"].label == "Baker to Cook"


# --- on disk


@pytest.fixture
def kept(tmp_path: Path) -> tuple[Path, Network]:
    world = build("ABCD", [(0, 1, "stated", "transition", 1), (1, 2, "stated", "promotion", 1),
                           (2, 3, "curated", MAPPING, 0)])  # fmt: skip
    network.save(world.network, tmp_path / "net", "one")
    return tmp_path / "net", world.network


def reopened(folder: Path, fingerprint: str = "one") -> Network:
    found = network.open(folder, fingerprint)
    assert found is not None
    return found


def test_what_was_saved_is_opened(kept: tuple[Path, Network]) -> None:
    folder, net = kept
    again = reopened(folder)
    assert table(again) == table(net)
    assert [again.labels[i] for i in range(4)] == [net.labels[i] for i in range(4)]
    a, d = net.roles.find("urn:role:00"), net.roles.find("urn:role:04")
    assert a is not None
    assert d is not None
    for x in (net, again):
        way = network.shortest(x, net.roles[a], net.roles[d], mappings=True)
        assert [price for _, price in way] == [1, 1, 0]
        assert network.reach(x, net.roles[a], "new-skills", 1)


def test_arrays_are_mapped_and_nobody_writes_to_them(kept: tuple[Path, Network]) -> None:
    for net in (reopened(kept[0]), kept[1]):
        arrays: list[Any] = [net.indices, net.indptr, net.kind, net.type, net.value, net.new_skills,
                  net.ranks, net.claims.blob, net.claims.offsets]  # fmt: skip
        for array in arrays:
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 1
    opened = reopened(kept[0])
    assert isinstance(opened.indices.base, np.memmap)


def test_empty_networks_are_kept_too(tmp_path: Path) -> None:
    network.save(network.pack({"urn:a": "A"}, []), tmp_path, "none")
    assert network.reach(reopened(tmp_path, "none"), "urn:a") == ()


def test_stale_or_absent_is_none(kept: tuple[Path, Network], tmp_path: Path) -> None:
    folder, _ = kept
    assert network.open(folder, "two") is None
    assert network.open(tmp_path / "nothing", "one") is None
    meta = json.loads((folder / "meta.json").read_text())
    (folder / "meta.json").write_text(json.dumps({**meta, "format": network.FORMAT + 1}))
    assert network.open(folder, "one") is None
    for broken in ("", "[]", '{"format": 1}', "\x00"):
        (folder / "meta.json").write_text(broken)
        assert network.open(folder, "one") is None


def test_saving_again_replaces_and_tidies(kept: tuple[Path, Network]) -> None:
    folder, net = kept
    old = reopened(folder)
    network.save(build("AB", []).network, folder, "two")
    assert network.open(folder, "one") is None
    assert len(reopened(folder, "two").roles) == 2
    assert len(list(folder.iterdir())) == 2
    assert table(old) == table(net)  # who has it open goes on reading it


def test_a_save_that_fails_leaves_the_old_one(kept: tuple[Path, Network]) -> None:
    folder, net = kept
    broken = plain_network(World((), (), net))
    object.__setattr__(broken, "claims", None)  # fails half way through
    with pytest.raises(AttributeError):
        network.save(broken, folder, "two")
    assert table(reopened(folder)) == table(net)
    assert len(list(folder.iterdir())) == 2


FILES = sorted(
    [*networkdata._ARRAYS, *networkdata._STRINGS, *(f"{s}-offsets" for s in networkdata._STRINGS)]
)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("how", ["gone", "cut", "empty", "other"])
def test_a_damaged_file_is_stale(kept: tuple[Path, Network], name: str, how: str) -> None:
    folder, _ = kept
    (file,) = folder.glob(f"data-*/{name}.npy")
    if how == "gone":
        file.unlink()
    elif how == "other":
        np.save(file, np.zeros(3, np.int16))
    else:
        file.write_bytes(file.read_bytes()[: -1 if how == "cut" else 0])
    assert network.open(folder, "one") is None


@pytest.mark.parametrize(
    ("name", "value"), [("indices", -1), ("indices", 4), ("kind", 99), ("type", 99), ("indptr", 9)]
)
def test_numbers_that_lead_astray_are_stale(
    kept: tuple[Path, Network], name: str, value: int
) -> None:
    folder, _ = kept
    (file,) = folder.glob(f"data-*/{name}.npy")
    array = np.load(file)
    array[1] = value
    np.save(file, array)
    assert network.open(folder, "one") is None


def test_strings_are_found_by_halving() -> None:
    texts = sorted(["", "a", "ab", "é", "\U0001f600", "\uffff", "z"])
    strings = network.Strings.of(texts)
    assert [strings[i] for i in range(len(strings))] == texts
    assert [strings.find(t) for t in texts] == list(range(len(texts)))
    assert [strings.find(t) for t in ("A", "b", "zz", "\U0001f601")] == [None] * 4
