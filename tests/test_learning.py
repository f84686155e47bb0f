"""Skills, levels and certifications as bits; and what plans tell of them, against plain sets."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rolegraph as rg
from rolegraph import learning
from rolegraph.errors import NoRouteError
from rolegraph.learning import SCALE, Ask, Landscape, landscape, skills_in
from rolegraph.pareto import Graph
from rolegraph.resources import ontology_path
from rolegraph.routing import TRANSITION_TYPES
from rolegraph.vocab import PREFIXES

TYPES = frozenset(TRANSITION_TYPES)
ROLES = {"r:a": "A", "r:b": "B", "r:c": "C"}
EDGES = [
    ("r:a", "r:b", "t:ab", "stated", "promotion", None),
    ("r:b", "r:c", "t:bc", "curated", "transition", None),
    ("r:a", "r:c", "t:ac", "inferred", "suggested", 0.4),
    ("r:c", "r:a", "t:ca", "curated", "mapping", None),
]


def lay(*asks: Ask, named: Sequence[tuple[str, str]] = (), strengths: Sequence[str] | None = None
        ) -> Landscape:  # fmt: skip
    return landscape(ROLES, EDGES, asks, named, strengths)


def steps_of(land: Landscape, **wanted: object) -> dict[str, tuple[int, int, bool]]:
    """Give by claim what a step asks for: bits, tops, whether it is a crossing."""
    choice = {"kinds": None, "types": TYPES | {"mapping"}, "least": None, **wanted}
    graph, numbers = land.graph((choice["kinds"], choice["types"], choice["least"]))  # type: ignore[arg-type]
    return {
        land.edges[n].claim: (graph.need[e], graph.top[e], graph.crossing[e])
        for e, n in enumerate(numbers)
    }


# --- bits


def test_a_skill_without_levels_is_one_bit() -> None:
    land = lay(Ask("r:b", "s:x"), Ask("r:c", "s:y"))
    assert land.skills == {"s:x": (0, ()), "s:y": (1, ())}
    assert [land.bits("s:x", level) for level in (None, 0, 3.5)] == [1, 1, 1]
    assert land.bits("s:unknown", None) == 0
    assert steps_of(land)["t:ab"] == (1, 1, False)
    assert steps_of(land)["t:ac"] == (2, 2, False)


def test_whoever_holds_a_level_holds_those_below() -> None:
    land = lay(
        Ask("r:a", "s:x", level=2.0), Ask("r:b", "s:x", level=5.0), Ask("r:c", "s:x", level=3.5)
    )
    assert land.skills == {"s:x": (0, (2.0, 3.5, 5.0))}
    held = {level: land.bits("s:x", level) for level in (None, 1.9, 2.0, 3.0, 3.5, 4.9, 5.0, 99.0)}
    assert held == {
        None: 0b111, 1.9: 0, 2.0: 0b1, 3.0: 0b1, 3.5: 0b11, 4.9: 0b11, 5.0: 0b111, 99.0: 0b111
    }  # fmt: skip
    assert land.asked == {"r:a": 0b1, "r:b": 0b111, "r:c": 0b11}
    assert land.tops == {"r:a": 0b1, "r:b": 0b100, "r:c": 0b10}


def test_a_demand_without_a_level_asks_for_the_lowest() -> None:
    land = lay(Ask("r:a", "s:x"), Ask("r:b", "s:x", level=3.0), Ask("r:c", "s:x", level=4.0))
    assert land.asked == {"r:a": 0b1, "r:b": 0b1, "r:c": 0b11}


def test_the_highest_of_two_demands_counts_and_once() -> None:
    land = lay(Ask("r:b", "s:x", level=1.0), Ask("r:b", "s:x", level=2.0), Ask("r:b", "s:x"))
    assert steps_of(land)["t:ab"] == (0b11, 0b10, False)


def test_a_step_may_ask_for_more_than_its_role_or_less() -> None:
    asks = [Ask("r:b", "s:x", level=2.0), Ask("r:c", "s:x", level=2.0), Ask("r:b", "s:y")]
    more = lay(*asks, Ask("t:ab", "s:x", level=3.0), Ask("t:bc", "s:z"))
    assert more.skills == {"s:x": (0, (2.0, 3.0)), "s:y": (2, ()), "s:z": (3, ())}
    assert steps_of(more)["t:ab"] == (0b0111, 0b0110, False)
    assert steps_of(more)["t:bc"] == (0b1001, 0b1001, False)
    assert steps_of(more)["t:ac"] == (0b0001, 0b0001, False)
    less = lay(*asks, Ask("t:ab", "s:x", level=1.0))
    assert steps_of(less)["t:ab"] == (0b111, 0b110, False)


def test_skills_that_only_a_step_asks_for_have_a_weight_too() -> None:
    land = lay(Ask("t:ab", "s:x", level=1.0), Ask("r:b", "s:y"))
    assert len(land.idf) == land.skill_bits == 2
    assert all(w > 0 for w in land.idf)


def test_certifications_are_of_use_and_of_nobody_asked() -> None:
    named = [("r:b", "c:1"), ("r:b", "c:1"), ("t:ab", "c:2"), ("r:a", "c:2"), ("x:else", "c:3")]
    land = lay(Ask("r:b", "s:x"), named=named)
    assert land.skill_bits == 1
    assert land.certifications == {"c:1": 1, "c:2": 2, "c:3": 3}
    found = steps_of(land)
    assert found["t:ab"] == (0b111, 0b001, False)
    assert found["t:bc"] == (0, 0, False)
    assert found["t:ca"] == (0, 0, True), "who crosses gains no certification"


def test_who_crosses_holds_what_the_role_asks_for() -> None:
    land = lay(Ask("r:a", "s:x", level=2.0), Ask("r:b", "s:x", level=1.0), named=[("r:a", "c:1")])
    assert steps_of(land)["t:ca"] == (0b11, 0, True)


def test_strengths_choose_what_counts() -> None:
    asks = [
        Ask("r:b", "s:x", "essential", 2.0), Ask("r:b", "s:y", "recommended", 1.0),
        Ask("r:b", "s:z", None, 1.0), Ask("r:c", "s:x", "beneficial", 3.0),
    ]  # fmt: skip
    land = lay(*asks, strengths=["essential"])
    assert land.skills == {"s:x": (0, (2.0,))}
    assert lay(*asks, strengths=["recommended", "beneficial"]).skills == {
        "s:x": (0, (3.0,)), "s:y": (1, (1.0,))
    }  # fmt: skip
    assert len(lay(*asks).skills) == 3


def test_next_levels() -> None:
    rungs = [Ask(role, "s:x", level=x) for role, x in (("r:a", 1.0), ("r:b", 2.0), ("r:c", 3.0))]
    land = lay(*rungs, Ask("r:a", "s:y"), Ask("r:b", "s:z", level=1.0))
    assert land.next_levels(0) == 0b11001
    assert land.next_levels(0b00011) == 0b11100
    assert land.next_levels(0b11111) == 0
    assert land.next_levels(0b01111) == 0b10000


def test_idf_and_the_share_of_a_level() -> None:
    land = lay(Ask("r:a", "s:x", level=1.0), Ask("r:b", "s:x", level=4.0), Ask("r:b", "s:y"),
               Ask("t:ab", "s:y"), Ask("t:ab", "s:z"))  # fmt: skip
    # two roles ask for something; x is asked by both, y by one, z by a step alone
    x, y = math.log(1 + 2 / 2), math.log(1 + 2 / 1)
    assert land.idf == tuple(round(w * SCALE) for w in (x / 4, x * 3 / 4, y, y))
    assert set(land.importance) <= {-1}


def test_importance_is_the_mean_that_sources_give() -> None:
    land = lay(Ask("r:a", "s:x", importance=3.0), Ask("r:b", "s:x", importance=4.0),
               Ask("r:b", "s:y", level=2.0, importance=1.0))  # fmt: skip
    assert land.importance == (3_500_000, 1_000_000)
    partly = lay(Ask("r:a", "s:x", importance=3.0), Ask("r:b", "s:y"))
    assert partly.importance == (3_000_000, -1)


def test_levels_below_nothing_weigh_alike() -> None:
    below = lay(Ask("r:a", "s:x", level=-1.0), Ask("r:b", "s:x", level=2.0))
    assert below.idf[0] == below.idf[1] > 0
    zero = lay(Ask("r:a", "s:x", level=0.0))
    assert zero.idf == (round(math.log(2) * SCALE),)


def test_filters() -> None:
    land = lay()
    assert set(steps_of(land)) == {"t:ab", "t:bc", "t:ac", "t:ca"}
    assert set(steps_of(land, types=TYPES)) == {"t:ab", "t:bc", "t:ac"}
    assert set(steps_of(land, types=frozenset({"promotion"}))) == {"t:ab"}
    assert set(steps_of(land, kinds=frozenset({"curated"}))) == {"t:bc", "t:ca"}
    assert set(steps_of(land, least=0.4)) == {"t:ab", "t:bc", "t:ac", "t:ca"}
    assert set(steps_of(land, least=0.41)) == {"t:ab", "t:bc", "t:ca"}
    many = [(frozenset({k}), TYPES, x) for k in ("stated", "curated", "inferred") for x in range(5)]
    for wanted in many + many:
        graph, numbers = land.graph(wanted)
        assert isinstance(graph, Graph)
        assert len(numbers) == len(graph.heads)


def test_edges_go_by_label_and_ends_must_be_roles() -> None:
    roles = {"r:1": "Z", "r:2": "M", "r:3": "B", "r:4": "B"}
    ends = [("r:1", "r:2", "t:1"), ("r:1", "r:4", "t:2"), ("r:1", "r:3", "t:4"),
            ("r:1", "r:3", "t:3"), ("r:1", "r:9", "t:5"), ("r:9", "r:1", "t:6"),
            ("r:2", "r:2", "t:7")]  # fmt: skip
    land = landscape(roles, [(*e, "stated", "transition", None) for e in ends], [])
    assert [e.claim for e in land.edges] == ["t:3", "t:4", "t:2", "t:1"]
    assert land.labels == ("Z", "M", "B", "B")


some_asks = st.lists(
    st.builds(
        Ask,
        st.sampled_from(["r:a", "r:b", "r:c", "t:ab", "t:bc", "t:ac"]),
        st.sampled_from([f"s:{i}" for i in range(4)]),
        st.none(),
        st.sampled_from([None, None, 0.0, 1.0, 2.0, 3.5]),
        st.none(),
    ),
    max_size=20,
)


@settings(max_examples=600, deadline=None, derandomize=True, database=None)
@given(some_asks, st.dictionaries(st.sampled_from([f"s:{i}" for i in range(4)]),
                                  st.sampled_from([None, 0.5, 1.0, 3.0, 9.0])))  # fmt: skip
def test_bits_say_what_levels_say(asks: list[Ask], person: dict[str, float | None]) -> None:
    land = lay(*asks)
    scale = {s: sorted({a.level for a in asks if a.skill == s and a.level is not None})
             for s in {a.skill for a in asks}}  # fmt: skip
    held = 0
    for skill, level in person.items():
        held |= land.bits(skill, level)

    def wants(*makers: str) -> dict[str, float]:
        """The level asked of each skill; 0.1 where there are no levels."""
        found: dict[str, float] = {}
        for a in asks:
            if a.maker in makers:
                rungs = scale[a.skill]
                level = a.level if a.level is not None else rungs[0] if rungs else -5.0
                found[a.skill] = max(level, found.get(a.skill, -9.0))
        return found

    def has(skill: str, level: float) -> bool:
        if skill not in person:
            return False
        mine = person[skill]
        return mine is None or not scale[skill] or mine >= level

    for claim, (need, top, _) in steps_of(land, types=TYPES).items():
        wanted = wants(claim, {"t:ab": "r:b", "t:bc": "r:c", "t:ac": "r:c"}[claim])
        missing = {s for s, level in wanted.items() if not has(s, level)}
        assert (top & ~held).bit_count() == len(missing)
        assert set(skills_in(land, need & ~held)) == missing
        assert set(skills_in(land, need)) == set(wanted)
        assert top.bit_count() == len(wanted)
        assert top & ~need == 0
        assert (need & land.next_levels(held)).bit_count() == len(missing)


# --- towns: many small ladders in one file, planned through RDF


@dataclass(frozen=True)
class Move:
    """A transition; a mapping may be crossed both ways; a suggestion has a value."""

    name: str
    source: str
    target: str
    kind: str = "curated"
    type: str = "transition"
    value: float | None = None


@dataclass(frozen=True)
class Demand:
    maker: str
    skill: str
    rank: int | None = None
    strength: str | None = None


@dataclass(frozen=True)
class Town:
    """A small ladder of its own; names are unique over all towns."""

    roles: tuple[str, ...]
    skills: tuple[str, ...] = ()
    badges: tuple[str, ...] = ()
    moves: tuple[Move, ...] = ()
    demands: tuple[Demand, ...] = ()
    named: tuple[tuple[str, str], ...] = ()
    """Role or move, and a badge."""
    figures: Mapping[tuple[str, str], float] = field(default_factory=dict)
    """By move and property."""


X = "https://example.org/town/"
CLASS = {"transition": "RoleTransition", "promotion": "Promotion", "lateral": "LateralTransition"}
KINDS = ("stated", "curated", "inferred")


def statements(town: Town) -> list[str]:
    """Write a town down, a statement a line."""
    out = [f'x:{r} a rg:Role ; skos:prefLabel "{r}"@en .' for r in town.roles]
    out += [f'x:{s} a rg:Skill ; skos:prefLabel "{s}"@en .' for s in town.skills]
    out += [f'x:{c} a rg:Certification ; skos:prefLabel "{c}"@en .' for c in town.badges]
    for m in town.moves:
        told = f"rg:hasEvidenceKind rg:{m.kind} ; rg:hasEvidence x:note"
        if m.type == "mapping":
            out.append(
                f"x:{m.name} a rg:Assertion ; rg:subject x:{m.source} ; rg:object x:{m.target} ;"
                f" rg:predicate skos:closeMatch ; {told} ."
            )
        elif m.type == "suggested":
            out.append(
                f"x:{m.name} a rg:SuggestedTransition ; rg:suggestedFrom x:{m.source} ;"
                f" rg:suggestedTo x:{m.target} ; rg:measureValue {m.value:.6f} ; {told} ."
            )
        else:
            out.append(
                f'x:{m.name} a rg:{CLASS[m.type]} ; skos:prefLabel "{m.name}"@en ;'
                f" rg:fromRole x:{m.source} ; rg:toRole x:{m.target} ; {told} ."
            )
    for i, d in enumerate(town.demands):
        more = "" if d.rank is None else f" rg:requiredLevel x:rung{d.rank} ;"
        more += "" if d.strength is None else f" rg:hasStrength rg:{d.strength} ;"
        out.append(f"x:{d.maker}.q{i} a rg:SkillRequirement ; rg:isRequirementOf x:{d.maker} ;"
                   f" rg:requiredSkill x:{d.skill} ;{more} rg:hasEvidenceKind rg:curated ;"
                   " rg:hasEvidence x:note .")  # fmt: skip
    names = {m.name for m in town.moves}
    for i, (maker, badge) in enumerate(town.named):
        fact = f"x:{badge} rg:supportsTransition x:{maker}" if maker in names else (
            f"x:{maker} rg:hasRelevantCertification x:{badge}"
        )  # fmt: skip
        a, p, b = fact.split()
        out.append(
            f"{fact} . x:{maker}.n{i} a rg:Assertion ; rg:subject {a} ; rg:predicate {p} ;"
            f" rg:object {b} ; rg:hasEvidenceKind rg:curated ; rg:hasEvidence x:note ."
        )
    for (move, name), value in town.figures.items():
        out.append(f"x:{move} x:{name} {value} .")
    return out


COMMON = [
    'x:note a rg:CuratorNote ; rg:rationale "Made up for the tests." .',
    *(f'x:rung{i} a rg:ProficiencyLevel ; skos:prefLabel "rung {i}"@en ; rg:rank {i} .'
      for i in range(1, 5)),
    *(f'x:{p} a owl:DatatypeProperty ; rdfs:label "{p}"@en .' for p in ("months", "fee")),
]  # fmt: skip


def write(towns: Sequence[Town], path: Path, order: Random | None = None) -> Path:
    head = [f"PREFIX {p}: <{ns}>" for p, ns in {**PREFIXES, "x": X}.items()]
    lines = [*COMMON, *(line for town in towns for line in statements(town))]
    if order is not None:
        order.shuffle(lines)
    path.write_text("\n".join([*head, *lines]), encoding="utf-8")
    return path


def load(towns: Sequence[Town], folder: Path, **options: object) -> rg.RoleGraph:
    path = write(towns, folder / "towns.ttl")
    models = [ontology_path(f"{name}.ttl") for name in ("rolegraph", "market")]
    return rg.load(*models, path, ours=False, validate=False, **options)  # type: ignore[arg-type]


def a_town(dice: Random, name: str, *, mappings: bool = False, suggested: bool = False) -> Town:
    """Scatter a ladder of three to six roles."""
    roles = tuple(f"{name}r{i}" for i in range(dice.randint(3, 6)))
    skills = tuple(f"{name}s{i}" for i in range(dice.randint(1, 5)))
    badges = tuple(f"{name}c{i}" for i in range(dice.randint(0, 2)))
    types = [*CLASS, *(["mapping"] if mappings else []), *(["suggested"] * 2 if suggested else [])]
    moves: list[Move] = []
    for a in roles:
        for b in roles:
            for _ in range(dice.choice([1, 1, 1, 2])):
                if a != b and dice.random() < 0.35:
                    of = dice.choice(types)
                    kind = "inferred" if of == "suggested" else dice.choice(KINDS)
                    value = dice.choice([0.2, 0.4, 0.6, 0.8]) if of == "suggested" else None
                    moves.append(Move(f"{name}m{len(moves)}", a, b, kind, of, value))
    steps = [m.name for m in moves if m.type in CLASS]
    demands = []
    ladders = {s for s in skills if dice.random() < 0.6}
    for maker in (*roles, *(m for m in steps if dice.random() < 0.3)):
        for skill in skills:
            for _ in range(dice.choice([1, 1, 1, 2])):
                if dice.random() < 0.5:
                    rank = dice.choice([None, 1, 2, 3]) if skill in ladders else None
                    strength = dice.choice([None, "essential", "recommended"])
                    demands.append(Demand(maker, skill, rank, strength))
    makers = [*roles, *steps]
    named = {(dice.choice(makers), b) for b in badges for _ in range(dice.randint(0, 4))}
    figures = {(m, p): dice.randint(0, 9) for m in steps for p in ("months", "fee")
               if p == "months" or dice.random() < 0.6}  # fmt: skip
    return Town(roles, skills, badges, tuple(moves), tuple(dict.fromkeys(demands)),
                tuple(sorted(named)), figures)  # fmt: skip


@dataclass(frozen=True)
class Walked:
    """A route of the slow way."""

    moves: tuple[str, ...]
    roles: tuple[str, ...]
    learned: tuple[frozenset[str], ...]
    """New or raised skills of each step; crossings left out."""
    badges: frozenset[str]
    named: frozenset[str]
    """All badges named on the way, held or not."""

    @property
    def values(self) -> tuple[int, int, int, int]:
        """Steps, new skills, hardest step, certifications."""
        every: frozenset[str] = frozenset().union(*self.learned)
        hardest = max(map(len, self.learned), default=0)
        return len(self.learned), len(every), hardest, len(self.badges)


def scales(town: Town, strengths: Sequence[str] | None = None) -> dict[str, list[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for d in town.demands:
        if strengths is None or d.strength in strengths:
            found[d.skill] |= set() if d.rank is None else {d.rank}
    return {s: sorted(ranks) for s, ranks in found.items()}


def asked_by(town: Town, maker: str, strengths: Sequence[str] | None = None) -> dict[str, int]:
    """Give the level that somebody asks for of each skill, as a place on its scale from 1."""
    levels = scales(town, strengths)
    found: dict[str, int] = {}
    for d in town.demands:
        if d.maker == maker and (strengths is None or d.strength in strengths):
            place = 1 if d.rank is None else levels[d.skill].index(d.rank) + 1
            found[d.skill] = max(place, found.get(d.skill, 0))
    return found


def walk(
    town: Town,
    source: str,
    target: str,
    *,
    skills: Mapping[str, int | None] | None = None,
    badges: Sequence[str] = (),
    mappings: bool = False,
    kinds: Sequence[str] | None = None,
    types: Sequence[str] | None = None,
    min_value: float | None = None,
    strengths: Sequence[str] | None = None,
    avoid: Sequence[str] = (),
    via: Sequence[str] = (),
    needs: Sequence[str] = (),
    without: Sequence[str] = (),
    max_steps: int | None = None,
    max_new: int | None = None,
) -> Iterator[Walked]:
    """Walk every route that visits no role twice, on the facts as they were made up."""
    levels = scales(town, strengths)
    held = dict(asked_by(town, source, strengths))
    for skill, rank in (skills or {}).items():
        if skill in levels:
            rungs = levels[skill]
            place = (
                max(1, len(rungs)) if rank is None or not rungs else sum(x <= rank for x in rungs)
            )
            held[skill] = max(place, held.get(skill, 0))
    named: dict[str, set[str]] = defaultdict(set)
    for maker, badge in town.named:
        named[maker].add(badge)
    edges = []
    for m in town.moves:
        if (kinds is not None and m.kind not in kinds) or (m.type == "mapping" and not mappings):
            continue
        if types is not None and m.type != "mapping" and m.type not in types:
            continue
        if m.value is not None and min_value is not None and m.value < min_value:
            continue
        edges.append((m, m.source, m.target))
        if m.type == "mapping":
            edges.append((m, m.target, m.source))

    def go(at: str, moves: tuple[str, ...], roles: tuple[str, ...], have: dict[str, int],
           learned: tuple[frozenset[str], ...], got: frozenset[str], all_named: frozenset[str]
           ) -> Iterator[Walked]:  # fmt: skip
        ready = set(via) <= set(roles) and set(needs) <= all_named
        if at == target and ready:
            yield Walked(moves, roles, learned, got, all_named)
            return
        for m, a, b in edges:
            if a != at or b in roles or b in avoid:
                continue
            asked = asked_by(town, b, strengths)
            more, fresh, names = learned, got, all_named
            if m.type != "mapping":
                for skill, place in asked_by(town, m.name, strengths).items():
                    asked[skill] = max(place, asked.get(skill, 0))
                new = frozenset(s for s, place in asked.items() if place > have.get(s, 0))
                here = named[b] | named[m.name]
                if max_new is not None and len(new) > max_new:
                    continue
                if max_steps is not None and len(learned) == max_steps:
                    continue
                if here & set(without):
                    continue
                more = (*learned, new)
                fresh = got | (here - set(badges))
                names = all_named | here
            after = {s: max(asked.get(s, 0), have.get(s, 0)) for s in asked.keys() | have.keys()}
            yield from go(b, (*moves, m.name), (*roles, b), after, more, fresh, names)

    none: frozenset[str] = frozenset()
    yield from go(source, (), (source,), held, (), none, none)


@lru_cache
def some_towns() -> tuple[Town, ...]:
    return tuple(a_town(Random(seed), f"t{seed}") for seed in range(60))


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> rg.RoleGraph:
    return load(some_towns(), tmp_path_factory.mktemp("towns"))


OBJECTIVES = ("steps", "new-skills", "hardest-step", "certifications")


def best(values: Sequence[tuple[float, ...]]) -> set[tuple[float, ...]]:
    return {
        v for v in values
        if not any(w != v and all(a <= b for a, b in zip(w, v, strict=True)) for w in values)
    }  # fmt: skip


def check_told(route: rg.Route, slow: Walked) -> None:
    """Hold a route's steps and values against a walk over the same moves."""
    assert tuple(r.label for r in route.roles) == slow.roles
    steps = [s for s in route.steps if not s.crossing]
    assert len(steps) == len(slow.learned)
    for step, learned in zip(steps, slow.learned, strict=True):
        new = {r.label for r in step.new_skills}
        raised = [r.label for r, _ in step.raised_skills]
        assert len(raised) == len(set(raised))
        assert not new & set(raised)
        assert new | set(raised) == learned
        shared = {r.label for r in step.shared_skills}
        assert set(raised) <= shared
        assert not new & shared
        for r, before in step.raised_skills:
            if r.level_rank is not None and before.level_rank is not None:
                assert before.level_rank < r.level_rank
    assert tuple(route.values[o] for o in OBJECTIVES) == slow.values


def test_plans_tell_what_there_is_to_learn(towns: rg.RoleGraph) -> None:
    """Loads of the steps, sums over the way and the exact Pareto set, of small ladders in RDF."""
    plans = routes = raised = 0
    for number, town in enumerate(some_towns()):
        dice = Random(number)
        for _ in range(4):
            source, target = dice.sample(town.roles, 2)
            skills = {s: dice.choice([None, 1, 2, 3]) for s in town.skills if dice.random() < 0.3}
            badges = [b for b in town.badges if dice.random() < 0.5]
            strengths = dice.choice([None, None, ["essential"], ["essential", "recommended"]])
            me = rg.Profile(role=source, skills=list(skills.items()), certifications=badges)
            every = {
                w.moves: w
                for w in walk(
                    town, source, target, skills=skills, badges=badges, strengths=strengths
                )
            }
            if not every:
                with pytest.raises(NoRouteError):
                    towns.plan(me, target, strengths=strengths)
                continue
            plan = towns.plan(me, target, minimise=OBJECTIVES, ties=True, strengths=strengths)
            assert plan.complete
            plans += 1
            wanted = best([w.values for w in every.values()])
            found = {tuple(s.transition.iri.removeprefix(X) for s in r.steps): r for r in plan}
            assert found.keys() == {m for m, w in every.items() if w.values in wanted}
            for moves, route in found.items():
                check_told(route, every[moves])
                routes += 1
                raised += sum(len(s.raised_skills) for s in route.steps)
    print(f"\n{plans} plans with {routes} routes through RDF, {raised} skills raised")
    assert plans > 100
    assert routes > 110
    assert raised > 20


def test_crossing_a_mapping_gives_what_the_role_asks_for(tmp_path: Path) -> None:
    towns = [a_town(Random(seed), f"u{seed}", mappings=True) for seed in range(40)]
    kg = load(towns, tmp_path)
    seen = crossed = 0
    for number, town in enumerate(towns):
        source, target = Random(number).sample(town.roles, 2)
        every = {w.moves: w for w in walk(town, source, target, mappings=True)}
        if not every:
            continue
        plan = kg.plan(source, target, minimise=("steps", "hardest-step"), ties=True, mappings=True)
        wanted = best([(w.values[0], w.values[2]) for w in every.values()])
        found = {tuple(s.transition.iri.removeprefix(X) for s in r.steps): r for r in plan}
        assert found.keys() == {m for m, w in every.items() if (w.values[0], w.values[2]) in wanted}
        for moves, route in found.items():
            seen += 1
            crossed += any(s.crossing for s in route.steps)
            assert (route.values["steps"], route.values["hardest-step"]) == every[moves].values[::2]
    assert seen > 20
    assert crossed > 8


def test_suggestions_count_whether_or_not_mappings_are_crossed(tmp_path: Path) -> None:
    move = Move("vm", "va", "vb", "inferred", "suggested", 0.5)
    kg = load([Town(("va", "vb"), moves=(move,))], tmp_path)
    assert len(kg.plan("va", "vb", mappings=True)) == 1
    assert len(kg.plan("va", "vb")) == 1
    with pytest.raises(NoRouteError):
        kg.plan("va", "vb", min_value=0.51)


def test_the_module_says_what_it_gives() -> None:
    assert set(learning.__all__) <= set(vars(learning))
