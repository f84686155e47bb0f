from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

import networkx as nx
import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rolegraph as rg
from rolegraph.closure import INFERRED, Closure, compile_rules, infer, materialise
from rolegraph.resources import ontology_path
from rolegraph.store import OxigraphStore, Triple, graph_name
from rolegraph.terms import RawTerm
from rolegraph.vocab import OWL, RDF, RG, curie
from tests.reading import COO, DIRECTOR, DM, HEAD, PM, PM_DIRECTOR, PORTFOLIO, PROGRAM, SDM, SPM

EX = "http://example.org/"
PREFIXES = f"""
PREFIX : <{EX}>
PREFIX owl: <{OWL}>
PREFIX rdf: <{RDF}>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX rg: <{RG.NS}>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""

Read = Callable[[str], OxigraphStore]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """A store of some Turtle."""
    count = itertools.count()

    def make(text: str) -> OxigraphStore:
        path = tmp_path / f"{next(count)}.ttl"
        path.write_text(PREFIXES + text, encoding="utf-8")
        store = OxigraphStore()
        store.load_file(path, graph_name("test"))
        return store

    return make


def short(term: RawTerm) -> str:
    if term.value == RDF + "type":
        return "a"
    return term.value.removeprefix(EX) if term.value.startswith(EX) else curie(term.value)


def in_words(triples: Iterable[Triple]) -> set[str]:
    return {" ".join(map(short, t)) for t in triples}


def by_rule(closure: Closure) -> dict[str, set[str]]:
    return {rule: in_words(triples) for rule, triples in closure.triples.items()}


# --- the graph that ships


def test_nothing_is_left_to_infer_on_a_loaded_graph(either: rg.RoleGraph) -> None:
    closure = either.infer()
    assert len(closure) == 0
    assert closure.triples == {}
    assert closure.skipped == ()
    assert list(closure) == []


def test_infer_gives_what_loading_adds(kg: rg.RoleGraph) -> None:
    found = rg.load(reason=False).infer()
    held = kg.inferred()
    assert found.skipped == ()
    # blank nodes have other names each time a file is read; nothing is inferred of any
    assert not any(term.kind == "bnode" for triple in found for term in triple)
    assert {rule: set(ts) for rule, ts in found.triples.items()} == {
        rule: set(ts) for rule, ts in held.items()
    }
    assert len(found) == sum(map(len, held.values())) > 1000
    assert len(list(found)) == len(set(found)) == len(found)


@pytest.mark.parametrize("reason", [True, False])
def test_infer_changes_nothing(reason: bool) -> None:
    store = OxigraphStore()
    for name in ("rolegraph", "article", "curated"):
        store.load_file(ontology_path(f"{name}.ttl"), graph_name(name))
    if reason:
        materialise(store)
    before = set(store.raw)
    first, second = infer(store), infer(store)
    assert set(store.raw) == before
    assert first == second
    assert (len(first) == 0) == reason
    assert compile_rules(store)[0]
    assert set(store.raw) == before


def test_what_is_inferred_is_in_the_merge_and_was_not_asserted(kg: rg.RoleGraph) -> None:
    store = OxigraphStore()
    for name in ("rolegraph", "article", "curated"):
        store.load_file(ontology_path(f"{name}.ttl"), graph_name(name))
    asserted = set(store.triples())
    materialise(store)
    merged = set(store.triples())
    inferred = [t for g in store.graphs() if g.startswith(INFERRED) for t in store.triples(g)]
    assert set(inferred) == merged - asserted
    assert len(set(inferred)) == len(inferred)  # each under one rule
    assert set(inferred) == {t for ts in kg.inferred().values() for t in ts}


def pairs(kg: rg.RoleGraph, predicate: str) -> set[tuple[str, str]]:
    rows = kg.query(
        f"SELECT ?a ?b {{ ?x <{predicate}> ?y . ?x skos:prefLabel ?a . ?y skos:prefLabel ?b }}"
    )
    assert len(set(rows)) == len(rows)
    return {(str(a), str(b)) for a, b in rows}


def test_career_relations_are_those_of_the_article(either: rg.RoleGraph) -> None:
    promotions = {
        (DM, SDM), (SDM, HEAD), (SDM, DIRECTOR),
        (PM, SPM), (SPM, PROGRAM), (SPM, PORTFOLIO), (PM, PM_DIRECTOR), (PM, COO),
        (PROGRAM, PM_DIRECTOR), (PORTFOLIO, PM_DIRECTOR), (PM_DIRECTOR, COO),
    }  # fmt: skip
    across = {(DM, PM), (PM, DM)}
    assert pairs(either, RG.canBePromotedTo) == promotions
    assert pairs(either, RG.canMoveLaterallyTo) == across
    assert pairs(either, RG.canTransitionTo) == promotions | across
    leads = pairs(either, RG.leadsTo)
    assert leads == set(nx.transitive_closure(nx.DiGraph(promotions | across)).edges())
    assert pairs(either, RG.canBeReachedFrom) == {(b, a) for a, b in leads}
    up = pairs(either, RG.promotionLeadsTo)
    assert up == set(nx.transitive_closure(nx.DiGraph(promotions)).edges())
    assert (PM, DIRECTOR) in leads - up
    assert not any(a == b for a, b in up)  # a lateral move there and back is no promotion


# --- small careers at random


@dataclass(frozen=True)
class Careers:
    """Levels of roles by name, and moves: source, target, class."""

    levels: Mapping[str, str | None]
    moves: tuple[tuple[str, str, str], ...]

    def of(self, *classes: str) -> nx.DiGraph:
        graph = nx.DiGraph((a, b) for a, b, of in self.moves if of in classes)
        graph.add_nodes_from(self.levels)
        return graph


MODEL = OxigraphStore()
MODEL.load_file(ontology_path("rolegraph.ttl"), graph_name("rolegraph"))
FEW = settings(max_examples=60, deadline=None, derandomize=True, database=None)
LEVELS = (RG.juniorLevel, RG.seniorLevel, RG.leadLevel)


@st.composite
def careers(draw: st.DrawFn) -> Careers:
    names = [f"r{i}" for i in range(draw(st.integers(1, 6)))]
    levels = {n: draw(st.sampled_from([None, *LEVELS])) for n in names}
    end = st.sampled_from(names)
    classes = st.sampled_from([RG.Promotion, RG.RoleTransition, RG.SpecialisationTransition])
    moves = draw(st.lists(st.tuples(end, end, classes), max_size=12))
    return Careers(levels, tuple(moves))


def store_of(world: Careers) -> OxigraphStore:
    triples: list[Triple] = []

    def say(s: str, p: str, o: str) -> None:
        s, o = (x if "://" in x else EX + x for x in (s, o))
        triples.append((RawTerm("iri", s), RawTerm("iri", p), RawTerm("iri", o)))

    for role, level in world.levels.items():
        say(role, RDF + "type", RG.Role)
        if level:
            say(role, RG.hasLevel, level)
    for i, (a, b, of) in enumerate(world.moves):
        say(f"m{i}", RDF + "type", of)
        say(f"m{i}", RG.fromRole, a)
        if of == RG.SpecialisationTransition:
            say(f"m{i}", RG.specialisesIn, f"field-of-{b}")
        else:
            say(f"m{i}", RG.toRole, b)
    store = MODEL.copy()
    store.add(triples, graph_name("careers"))
    return store


def relation(store: OxigraphStore, predicate: str) -> set[tuple[str, str]]:
    return {(short(s), short(o)) for s, o in store.pairs(predicate)}


def closed(graph: nx.DiGraph) -> set[tuple[str, str]]:
    # with reflexive=False a node is its own successor where a loop or a cycle makes it one
    return set(nx.transitive_closure(graph, reflexive=False).edges())


@FEW
@given(careers())
def test_relations_of_random_careers(world: Careers) -> None:
    store = store_of(world)
    materialise(store)
    both = world.of(RG.Promotion, RG.RoleTransition)
    promotions = world.of(RG.Promotion)
    level = {(a, b) for a, b in both.edges() if world.levels[a] is not None}
    same = {(a, b) for a, b in level if world.levels[a] == world.levels[b]}
    special = world.of(RG.SpecialisationTransition)

    assert relation(store, RG.canTransitionTo) == set(both.edges())
    assert relation(store, RG.leadsTo) == closed(both)
    assert relation(store, RG.canBeReachedFrom) == {(b, a) for a, b in closed(both)}
    assert relation(store, RG.canBePromotedTo) == set(promotions.edges())
    assert relation(store, RG.promotionLeadsTo) == closed(promotions)
    assert relation(store, RG.canMoveLaterallyTo) == same
    assert relation(store, RG.canSpecialiseIn) == {(a, f"field-of-{b}") for a, b in special.edges()}
    assert len(infer(store)) == 0


@settings(FEW, max_examples=15)
@given(careers(), st.randoms(use_true_random=False), st.integers(0, 40))
def test_closure_does_not_depend_on_the_order_of_facts(
    world: Careers, random: Random, some: int
) -> None:
    store, twin, part = store_of(world), MODEL.copy(), MODEL.copy()
    facts = sorted(store.triples(graph_name("careers")))
    random.shuffle(facts)
    for fact in facts:
        twin.add([fact], graph_name("careers"))
    found = set(infer(store))
    assert set(infer(twin)) == found
    # fewer facts, no more consequences
    part.add(facts[:some], graph_name("careers"))
    assert set(infer(part)) <= found | set(facts)


# --- each rule by a small example: facts, and what comes out under the rule's name

RULES: dict[str, tuple[str, str, set[str]]] = {
    "sub-property": (
        "prp-spo1",
        ":p rdfs:subPropertyOf :q . :a :p :b , 'text' .",
        {"a q b", "a q text"},
    ),
    "sub-property, two steps": (
        "prp-spo1",
        ":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :r . :a :p :b .",
        {"a q b", "a r b"},
    ),
    "equal properties": (
        "prp-eqp",
        ":p owl:equivalentProperty :q . :a :p :b . :c :q :d .",
        {"a q b", "c p d"},
    ),
    "inverse": (
        "prp-inv",
        ":p owl:inverseOf :q . :a :p :b . :c :q :d . :e :p 'text' .",
        {"b q a", "d p c"},
    ),
    "symmetric": (
        "prp-symp",
        ":p a owl:SymmetricProperty . :a :p :b , :a , 'text' .",
        {"b p a"},
    ),
    "transitive": (
        "prp-trp",
        ":p a owl:TransitiveProperty . :a :p :b . :b :p :c . :c :p :d . :x :p :y .",
        {"a p c", "a p d", "b p d"},
    ),
    "transitive round a circle": (
        "prp-trp",
        ":p a owl:TransitiveProperty . :a :p :b . :b :p :a .",
        {"a p a", "b p b"},
    ),
    "chain of two": (
        "prp-spo2",
        ":r owl:propertyChainAxiom ( :p :q ) . :a :p :b . :b :q :c , :d . :x :p :y .",
        {"a r c", "a r d"},
    ),
    "chain of three": (
        "prp-spo2",
        ":r owl:propertyChainAxiom ( :p :q :p ) . :a :p :b . :b :q :c . :c :p :d .",
        {"a r d"},
    ),
    "domain": ("prp-dom", ":p rdfs:domain :C . :a :p :b , 'text' .", {"a a C"}),
    "range": ("prp-rng", ":p rdfs:range :C . :a :p :b , 'text' .", {"b a C"}),
    "sub-class": (
        "cax-sco",
        ":C rdfs:subClassOf :D . :D rdfs:subClassOf :E . :a a :C .",
        {"a a D", "a a E"},
    ),
    "equal classes": (
        "cax-eqc",
        ":C owl:equivalentClass :D . :a a :C . :b a :D .",
        {"a a D", "b a C"},
    ),
    "into an intersection": (
        "cls-int1",
        "[] a owl:Class ; owl:intersectionOf ( :A :B ) ; rdfs:subClassOf :C ."
        " :a a :A , :B . :b a :A . :c a :B .",
        {"a a C"},
    ),
    "out of an intersection": (
        "cls-int2",
        ":C rdfs:subClassOf [ a owl:Class ; owl:intersectionOf ( :A :B ) ] . :a a :C . :b a :A .",
        {"a a A", "a a B"},
    ),
    "some values": (
        "cls-svf1",
        "[] a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom :D ; rdfs:subClassOf :C ."
        " :a :p :d . :d a :D . :b :p :e .",
        {"a a C"},
    ),
    "some values of any kind": (
        "cls-svf1",
        "[] a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom owl:Thing ;"
        " rdfs:subClassOf :C . :a :p :d . :b :q :e .",
        {"a a C"},
    ),
    "a value follows": (
        "cls-hv1",
        ":C rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:hasValue :v ] ."
        " :a a :C . :b :p :v .",
        {"a p v"},
    ),
    "by a value": (
        "cls-hv2",
        "[] a owl:Restriction ; owl:onProperty :p ; owl:hasValue :v ; rdfs:subClassOf :C ."
        " :a :p :v . :b :p :w .",
        {"a a C"},
    ),
    "itself follows": (
        "cls-hs1",
        ":C rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:hasSelf true ] ."
        " :a a :C . :b :p :c .",
        {"a p a"},
    ),
    "by itself": (
        "cls-hs2",
        "[] a owl:Restriction ; owl:onProperty :p ; owl:hasSelf true ; rdfs:subClassOf :C ."
        " :a :p :a . :b :p :c .",
        {"a a C"},
    ),
    "into a union": (
        "cls-uni",
        "[] a owl:Class ; owl:unionOf ( :A :B ) ; rdfs:subClassOf :C . :a a :A ."
        " :b a :B . :d a :D .",
        {"a a C", "b a C"},
    ),
    "all values": (
        "cls-avf",
        ":C rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:allValuesFrom :D ] ."
        " :a a :C ; :p :d , 'text' . :b :p :e .",
        {"d a D"},
    ),
    "one of some": (
        "cls-oo",
        ":C owl:equivalentClass [ a owl:Class ; owl:oneOf ( :a :b ) ] .",
        {"a a C", "b a C"},
    ),
    "one of one": (
        "cls-oo",
        ":C owl:equivalentClass [ a owl:Class ; owl:oneOf ( :a ) ] .",
        {"a a C"},
    ),
    "two that are different": (
        "cls-minc2",
        "[] a owl:Restriction ; owl:onProperty :p ; owl:minCardinality 2 ; rdfs:subClassOf :C ."
        " :a :p :x , :y . :x owl:differentFrom :y . :b :p :x .",
        {"a a C"},
    ),
    "two that are different, said the other way round": (
        "cls-minc2",
        "[] a owl:Restriction ; owl:onProperty :p ; owl:minCardinality 2 ; rdfs:subClassOf :C ."
        " :a :p :x , :y . :y owl:differentFrom :x .",
        {"a a C"},
    ),
    "two out of a list": (
        "cls-minc2",
        "[] a owl:Restriction ; owl:onProperty :p ; owl:minCardinality 2 ; rdfs:subClassOf :C ."
        " :a :p :x , :y . :b :p :x , :other . [] a owl:AllDifferent ;"
        " owl:distinctMembers ( :z :y :x ) .",
        {"a a C"},
    ),
    "two out of a list as OWL 2 writes it": (
        "cls-minc2",
        "[] a owl:Restriction ; owl:onProperty :p ; owl:minCardinality 2 ; rdfs:subClassOf :C ."
        " :a :p :x , :y . [] a owl:AllDifferent ; owl:members ( :x :y ) .",
        {"a a C"},
    ),
    "two of a class": (
        "cls-minc2",
        "[] a owl:Restriction ; owl:onProperty :p ; owl:minQualifiedCardinality 2 ;"
        " owl:onClass :D ; rdfs:subClassOf :C . :x a :D . :y a :D ."
        " :a :p :x , :y . :b :p :x , :z . [] a owl:AllDifferent ;"
        " owl:distinctMembers ( :x :y :z ) .",
        {"a a C"},
    ),
    "one at least": (
        "cls-minc2",
        "[] a owl:Restriction ; owl:onProperty :p ; owl:minCardinality 1 ; rdfs:subClassOf :C ."
        " :a :p :x . :b :q :x .",
        {"a a C"},
    ),
}


@pytest.mark.parametrize(("rule", "facts", "expected"), RULES.values(), ids=RULES)
def test_rule(read: Read, rule: str, facts: str, expected: set[str]) -> None:
    closure = infer(read(facts))
    assert by_rule(closure) == {rule: expected}
    assert closure.skipped == ()


NOTHING = {
    "two that may be the same": (
        "[] a owl:Restriction ; owl:onProperty :p ; owl:minCardinality 2 ; rdfs:subClassOf :C ."
        " :a :p :x , :y ."
    ),
    "two of a class that may be the same": (
        "[] a owl:Restriction ; owl:onProperty :p ; owl:minQualifiedCardinality 2 ;"
        " owl:onClass :D ; rdfs:subClassOf :C . :x a :D . :y a :D . :a :p :x , :y ."
    ),
    "two that differ from others only": (
        "[] a owl:Restriction ; owl:onProperty :p ; owl:minCardinality 2 ; rdfs:subClassOf :C ."
        " :a :p :x , :y . [] a owl:AllDifferent ; owl:distinctMembers ( :x :z ) ."
        " [] a owl:AllDifferent ; owl:distinctMembers ( :y :w ) ."
    ),
    "all values are no way in": (
        ":C rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:allValuesFrom :D ] ."
        " :a :p :d . :d a :D ."
    ),
    "a super-class is no sub-class": ":C rdfs:subClassOf :D . :a a :D .",
    "a super-property is no sub-property": ":p rdfs:subPropertyOf :q . :a :q :b .",
    "a range that is a datatype": ":p rdfs:range xsd:integer . :a :p 3 , :b .",
    "equality": ":p a owl:FunctionalProperty . :a :p :b , :c .",
    "disjoint": ":C owl:disjointWith :D . :a a :C .",
    "no axioms": ":a :p :b . :b a :C .",
    "nothing": "",
}


@pytest.mark.parametrize("facts", NOTHING.values(), ids=NOTHING)
def test_no_rule(read: Read, facts: str) -> None:
    closure = infer(read(facts))
    assert closure == Closure({}, ())


def test_rules_feed_each_other(read: Read) -> None:
    closure = infer(
        read(
            ":near a owl:SymmetricProperty ; rdfs:subPropertyOf :knows . :knows owl:inverseOf :by ."
            " :by rdfs:domain :Known . :Known rdfs:subClassOf [ a owl:Restriction ;"
            " owl:onProperty :is ; owl:hasSelf true ] ."
            " :r owl:propertyChainAxiom ( :is :by ) . :a :near :b ."
        )
    )
    assert by_rule(closure) == {
        "prp-symp": {"b near a"},
        "prp-spo1": {"a knows b", "b knows a"},
        "prp-inv": {"b by a", "a by b"},
        "prp-dom": {"a a Known", "b a Known"},
        "cls-hs1": {"a is a", "b is b"},
        "prp-spo2": {"a r b", "b r a"},
    }


def test_nested_expressions(read: Read) -> None:
    closure = infer(
        read(
            ":C owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( :D [ a owl:Class ;"
            " owl:unionOf ( :A [ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom"
            " [ a owl:Restriction ; owl:onProperty :q ; owl:hasValue :v ] ] ) ] ) ] ."
            " :a a :D , :A . :b a :D ; :p :x . :x :q :v . :c a :D ; :p :y . :y :q :w . :d a :A ."
            " :e a :C ."
        )
    )
    assert by_rule(closure) == {"cls-int1": {"a a C", "b a C"}, "cls-int2": {"e a D"}}


def test_shared_responsibility_in_the_model() -> None:
    # by the model's own axioms: roles that are declared different, and roles that are not
    text = (
        PREFIXES
        + """
    :a a rg:Role ; rg:hasCoreResponsibility :duty .
    :b a rg:Role ; rg:hasResponsibility :duty , :own .
    :c a rg:Role ; rg:hasResponsibility :open .
    :d a rg:Role ; rg:hasResponsibility :open .
    [] a owl:AllDifferent ; owl:distinctMembers ( :a :b ) .
    """
    )
    store = OxigraphStore()
    store.load_file(ontology_path("rolegraph.ttl"), graph_name("rolegraph"))
    store.raw.load(text.encode(), format=ox.RdfFormat.TURTLE)
    materialise(store)
    shared = store.pairs(RDF + "type", RG.SharedResponsibility)
    assert {short(s) for s, _ in shared} == {"duty"}
    assert relation(store, RG.isResponsibilityOf) == {
        ("duty", "a"), ("duty", "b"), ("own", "b"), ("open", "c"), ("open", "d"),
    }  # fmt: skip


# --- axioms that no rule covers

UNCOVERED = {
    "three at least": "[] a owl:Restriction ; owl:onProperty :p ; owl:minCardinality 3 ;"
    " rdfs:subClassOf :C .",
    "at most": "[] a owl:Restriction ; owl:onProperty :p ; owl:maxCardinality 1 ;"
    " rdfs:subClassOf :C .",
    "exactly": "[] a owl:Restriction ; owl:onProperty :p ; owl:cardinality 1 ;"
    " rdfs:subClassOf :C .",
    "only": "[] a owl:Restriction ; owl:onProperty :p ; owl:allValuesFrom :D ;"
    " rdfs:subClassOf :C .",
    "not": "[] a owl:Class ; owl:complementOf :D ; rdfs:subClassOf :C .",
    "deep inside": "[] a owl:Class ; owl:intersectionOf ( :A [ a owl:Restriction ; owl:onProperty"
    " :p ; owl:someValuesFrom [ a owl:Class ; owl:complementOf :D ] ] ) ; rdfs:subClassOf :C .",
    "everything": "owl:Thing rdfs:subClassOf :C . :a a :B .",
}


def test_a_value_that_is_a_literal_or_stands_by_an_inverse(read: Read) -> None:
    store = read(
        "[] a owl:Restriction ; owl:onProperty :p ; owl:hasValue 'x' ; rdfs:subClassOf :C ."
        " [] a owl:Restriction ; owl:onProperty [ owl:inverseOf :q ] ; owl:hasValue :v ;"
        " rdfs:subClassOf :D . :a :p 'x' . :b :p 'y' . :v :q :c . :d :q :v ."
    )
    assert materialise(store) == ()
    found = in_words(store.triples())
    assert {"a a C", "c a D"} <= found
    assert not {"b a C", "d a D", "v a D"} & found


@pytest.mark.parametrize("facts", UNCOVERED.values(), ids=UNCOVERED)
def test_uncovered_axiom_is_reported(read: Read, facts: str) -> None:
    store = read(facts + " :a :p :b . :A rdfs:subClassOf :B . :a a :A .")
    closure = infer(store)
    assert len(closure.skipped) == 1
    assert closure.skipped[0].endswith(" is a http://example.org/C")
    assert compile_rules(store)[1] == closure.skipped == materialise(store)
    # the other rules still run
    assert "a a B" in in_words(store.triples())


def test_an_axiom_is_reported_in_words(read: Read) -> None:
    closure = infer(
        read(
            "[] a owl:Class ; owl:intersectionOf ( rg:Role [ a owl:Restriction ;"
            " owl:onProperty rg:mentors ; owl:maxCardinality 3 ] ) ; rdfs:subClassOf rg:TopRole ."
        )
    )
    assert closure.skipped == ("(rg:Role and (rg:mentors maxCardinality 3)) is a rg:TopRole",)


def test_a_complement_is_reported_in_words(read: Read) -> None:
    text = "[] a owl:Class ; owl:complementOf rg:Role ; rdfs:subClassOf rg:Topic ."
    (first,), (second,) = infer(read(text)).skipped, infer(read(text)).skipped
    assert first == second  # and no name of a blank node, which is another every time
    assert "rg:Role" in first


# --- axioms of other people: covered or reported, and never a crash

FOREIGN = {
    "chain through an inverse": (
        ":r owl:propertyChainAxiom ( [ owl:inverseOf :p ] :q ) . :b :p :a . :b :q :c .",
        "a r c",
    ),
    "datatype that lists its values": (
        ':Size a rdfs:Datatype ; owl:equivalentClass [ a rdfs:Datatype ; owl:oneOf ( "S" "M" ) ] .'
        " :x rdfs:subClassOf :y . :c a :x .",
        "c a y",
    ),
    "a literal follows": (
        ":C rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:hasValue 'v' ] ."
        " :a a :C .",
        "a p v",
    ),
    "a value by an inverse": (
        ":C rdfs:subClassOf [ a owl:Restriction ; owl:onProperty [ owl:inverseOf :p ] ;"
        " owl:hasValue :v ] . :a a :C .",
        "v p a",
    ),
    "domain that is an intersection": (
        ":p rdfs:domain [ a owl:Class ; owl:intersectionOf ( :A :B ) ] . :a :p :b .",
        "a a A",
    ),
    "disjoint union": (":C owl:disjointUnionOf ( :A :B ) . :a a :A .", "a a C"),
}


@pytest.mark.parametrize(("facts", "expected"), FOREIGN.values(), ids=FOREIGN)
def test_foreign_axiom_is_covered_or_reported(read: Read, facts: str, expected: str) -> None:
    store = read(facts)
    skipped = materialise(store)
    assert expected in in_words(store.triples()) or skipped


# --- what comes back


def test_closure_counts_and_goes_through_its_triples(read: Read) -> None:
    closure = infer(read(":p owl:inverseOf :q ; rdfs:domain :C . :a :p :b ."))
    assert len(closure) == len(list(closure)) == 2
    assert in_words(closure) == {"b q a", "a a C"}
    assert set(closure.triples) == {"prp-inv", "prp-dom"}
    assert len(Closure({})) == 0


def test_rules_say_what_they_are(read: Read) -> None:
    rules, skipped = compile_rules(
        read(":p owl:inverseOf :q . rg:Role rdfs:subClassOf rg:WorkConcept .")
    )
    assert skipped == ()
    sub = next(r for r in rules if r.name == "cax-sco")
    assert sub.axiom == "rg:Role is a rg:WorkConcept"
    assert sub.reads == {RG.Role}
    assert sub.writes == RG.WorkConcept
    assert sub.graph == graph_name("inferred.cax-sco")
    inverse = [r for r in rules if r.name == "prp-inv"]
    assert {(r.writes, *r.reads) for r in inverse} == {(EX + "q", EX + "p"), (EX + "p", EX + "q")}


def test_materialise_twice_adds_nothing_more(read: Read) -> None:
    store = read(":p a owl:TransitiveProperty . :a :p :b . :b :p :c .")
    materialise(store)
    once = set(store.raw)
    assert materialise(store) == ()
    assert set(store.raw) == once
    store.add([next(t for t in read(":c :p :d .").triples())], graph_name("more"))
    assert by_rule(infer(store)) == {"prp-trp": {"a p d", "b p d"}}


def test_a_fact_goes_to_the_rule_that_gives_it_first(read: Read) -> None:
    # the symmetric property gives it at once; it is not inferred again by the longer way
    closure = infer(read(":p a owl:SymmetricProperty ; owl:inverseOf :p . :a :p :b ."))
    assert sum(map(len, closure.triples.values())) == 1
    assert in_words(closure) == {"b p a"}
