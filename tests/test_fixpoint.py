"""The closure on arrays gives what the closure in the store gives, rule by rule."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rolegraph.closure import INFERRED, Rule, compile_rules, materialise
from rolegraph.fixpoint import Facts, _closed, fixpoint
from rolegraph.resources import ontology_path
from rolegraph.store import OxigraphStore, graph_name
from rolegraph.vocab import RDF, RG

TYPE = f"<{RDF}type>"


def shipped(*names: str) -> OxigraphStore:
    store = OxigraphStore()
    for name in names:
        store.load_file(ontology_path(f"{name}.ttl"), graph_name(name))
    return store


def by_store(store: OxigraphStore) -> dict[str, set[str]]:
    """What materialise adds, as N-Triples by rule."""
    materialise(store)
    return {
        g.removeprefix(INFERRED): {
            str(q.triple).strip()
            for q in store.raw.quads_for_pattern(None, None, None, ox.NamedNode(g))
        }
        for g in store.graphs()
        if g.startswith(INFERRED)
    }


def by_arrays(store: OxigraphStore, rules: tuple[Rule, ...]) -> dict[str, set[str]]:
    """What fixpoint adds, as N-Triples by rule."""
    facts = Facts(rules)
    facts.read(store.ntriples().splitlines(keepends=True))
    out: dict[str, set[str]] = {}
    for (rule, table), keys in fixpoint(facts, rules).tables.items():
        for key in keys.tolist():
            s, o = facts.terms[key >> 32].decode(), facts.terms[key & 0xFFFFFFFF].decode()
            cls = table.startswith("a ")
            out.setdefault(rule, set()).add(
                f"{s} {TYPE} {table[2:]}" if cls else f"{s} {table} {o}"
            )
    return out


@pytest.mark.parametrize(
    "names",
    [("rolegraph",), ("rolegraph", "article", "curated"),
     ("rolegraph", "market", "article", "curated", "alignments", "mappings")],
    ids=len,
)  # fmt: skip
def test_the_same_as_in_the_store(names: tuple[str, ...]) -> None:
    store = shipped(*names)
    rules, _ = compile_rules(store)
    found = by_arrays(store, rules)
    assert found == by_store(store)
    assert "article" not in names or sum(map(len, found.values())) > 3_000


NODES = [f"<urn:{kind}{i}>" for kind in ("role", "skill", "claim", "level") for i in range(4)]
PROPERTIES = [
    *(RG.fromRole, RG.toRole, RG.isRequirementOf, RG.requiredSkill, RG.hasLevel, RG.broader),
    *(RG.leadsTo, RG.canTransitionTo, RG.hasSkill, RG.hasCoreResponsibility, RG.overlapsWith),
    *(RG.inFamily, RG.supportsTransition, RG.isSourceOf, RG.hasEvidence, RG.nextLevel),
]
CLASSES = [RG.Role, RG.Promotion, RG.RoleTransition, RG.SkillRequirement, RG.Skill,
           RG.Responsibility, RG.EntryRole, RG.SuggestedTransition, RG.Occupation]  # fmt: skip
VALUES = [(RG.hasStrength, RG.essential), (RG.hasStrength, RG.beneficial),
          (RG.hasLevel, RG.seniorLevel), (RG.hasLevel, RG.leadLevel),
          (RG.hasEvidenceKind, RG.imported)]  # fmt: skip
triples = st.one_of(
    st.tuples(st.sampled_from(NODES), st.sampled_from(PROPERTIES), st.sampled_from(NODES)),
    st.sampled_from(CLASSES).flatmap(
        lambda c: st.tuples(st.sampled_from(NODES), st.just(RDF + "type"), st.just(f"<{c}>"))
    ),
    st.sampled_from(VALUES).flatmap(
        lambda pv: st.tuples(st.sampled_from(NODES), st.just(pv[0]), st.just(f"<{pv[1]}>"))
    ),
    st.tuples(st.sampled_from(NODES), st.just(RG.sourceRow), st.just('"3"')),
    # different from one another, so that two fillers can be counted
    st.tuples(st.sampled_from(NODES), st.just("http://www.w3.org/2002/07/owl#differentFrom"),
              st.sampled_from(NODES)),
)  # fmt: skip


@pytest.fixture(scope="module")
def model() -> tuple[OxigraphStore, tuple[Rule, ...]]:
    store = shipped("rolegraph", "market", "curated")
    return store, compile_rules(store)[0]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(facts=st.lists(triples, min_size=1, max_size=40))
def test_the_same_on_random_facts(
    model: tuple[OxigraphStore, tuple[Rule, ...]], facts: list[tuple[str, str, str]]
) -> None:
    store = model[0].copy()
    lines = "".join(f"{s} <{p}> {o} .\n" for s, p, o in facts).encode()
    for graph in (None, ox.NamedNode("urn:facts")):
        store.raw.load(input=lines, format=ox.RdfFormat.N_TRIPLES, to_graph=graph)
    assert by_arrays(store, model[1]) == by_store(store)


def test_facts_come_once_and_in_any_order(
    model: tuple[OxigraphStore, tuple[Rule, ...]],
) -> None:
    lines = model[0].ntriples().splitlines(keepends=True)
    a, b = Facts(model[1]), Facts(model[1])
    a.read(lines)
    b.read([*lines[::-1], *lines])
    assert len(a) == len(b) > 300
    one, other = fixpoint(a, model[1]), fixpoint(b, model[1])
    sizes = [{k: len(v) for k, v in x.tables.items()} for x in (one, other)]
    assert sizes[0] == sizes[1]
    assert len(one) == sum(sizes[0].values())


def test_the_same_sources_give_the_same_numbers(
    model: tuple[OxigraphStore, tuple[Rule, ...]],
) -> None:
    lines = sorted(model[0].ntriples().splitlines(keepends=True))
    a, b = Facts(model[1]), Facts(model[1])
    a.read(lines)
    fixpoint(a, model[1])
    b.read([*lines, b"<urn:x> <" + RG.leadsTo.encode() + b"> <urn:y> .\n"])
    assert b.terms[: len(a.terms)] == a.terms


@settings(max_examples=150, deadline=None)
@given(edges=st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=20))
def test_transitive_closure(edges: set[tuple[int, int]]) -> None:
    keys = np.array(sorted((a << 32) | b for a, b in edges), dtype=np.int64)
    graph = nx.DiGraph(edges)
    wanted = set(nx.transitive_closure(graph, reflexive=None).edges)
    loops = {n for n in graph if any(n in nx.descendants(graph, m) or m == n
                                     for m in graph.successors(n))}  # fmt: skip
    wanted = {(a, b) for a, b in wanted if a != b} | {(n, n) for n in loops}
    found = {(int(k) >> 32, int(k) & 0xFFFFFFFF) for k in _closed(keys)}
    assert found == wanted
