from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

import networkx as nx
import pyoxigraph as ox
import pytest
import rdflib
from rdflib.compare import isomorphic
from rdflib.term import Node

import rolegraph as rg
from rolegraph.closure import INFERRED, materialise
from rolegraph.export import FORMATS
from rolegraph.resources import ontology_path
from rolegraph.store import OxigraphStore, graph_name
from rolegraph.vocab import OWL, RG, curie
from tests.reading import COO, CURATED_MOVES, PM, ROLES, STATED_MOVES

MODEL = r"""
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX rg: <https://w3id.org/rolegraph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
rg:WorkConcept a owl:Class ; rdfs:label "work concept"@en .
rg:Role a owl:Class ; rdfs:label "role"@en ; rdfs:subClassOf rg:WorkConcept .
rg:Transition a owl:Class ; rdfs:label "transition"@en .
rg:Promotion a owl:Class ; rdfs:label "promotion"@en ; rdfs:subClassOf rg:Transition ;
    owl:equivalentClass
        [ a owl:Restriction ; owl:onProperty rg:isPromotionStep ; owl:hasSelf true ] .
rg:isSourceOf a owl:ObjectProperty ; owl:inverseOf rg:fromRole .
rg:canTransitionTo a owl:ObjectProperty ; rdfs:subPropertyOf rg:leadsTo ;
    owl:propertyChainAxiom ( rg:isSourceOf rg:toRole ) .
rg:leadsTo a owl:ObjectProperty , owl:TransitiveProperty .
rg:stated skos:prefLabel "stated"@en .
rg:curated skos:prefLabel "curated"@en .
rg:may skos:prefLabel "may"@en .
"""
SMALL = r"""
PREFIX rg: <https://w3id.org/rolegraph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX x: <https://example.org/>
x:a a rg:Role ; skos:prefLabel "Say \"A\" \\ B\nand 50 % more & <more>"@en ;
    skos:altLabel "Ä → 中文 😀"@de .
x:b a rg:Role ; skos:prefLabel "B"@en ; skos:altLabel "B"@en-gb , "0" .
x:up a rg:Promotion ; skos:prefLabel "A \"up\" to B"@en ; rg:fromRole x:a ; rg:toRole x:b ;
    rg:hasEvidenceKind rg:curated ; rg:hasHedge rg:may .
x:up2 a rg:Promotion ; skos:prefLabel "the same again"@en ; rg:fromRole x:a ; rg:toRole x:b ;
    rg:hasEvidenceKind rg:stated .
x:passage rg:startOffset 3 ; rg:endOffset 12 ; x:size "1.5"^^xsd:decimal ; x:code "007" ;
    x:when "2026-11-24T00:00:00+00:00"^^xsd:dateTime ; x:sure true ;
    x:near [ x:size 4 ; x:near [ x:size 5 ] ] .
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> rg.RoleGraph:
    """A small model, and two roles with whatever is hard to write down."""
    folder, store = tmp_path_factory.mktemp("export"), OxigraphStore()
    for name, text in (("model", MODEL), ("small", SMALL)):
        path = folder / f"{name}.ttl"
        path.write_text(text, encoding="utf-8")
        store.load_file(path, graph_name(name))
    materialise(store)
    return rg.RoleGraph(store)


COUNTED = """
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX rg: <https://w3id.org/rolegraph/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
rg:Level rdfs:subClassOf [ a owl:Restriction ; owl:onProperty rg:levelRank ;
    owl:cardinality "1"^^xsd:nonNegativeInteger ] .
rg:SharedResponsibility rdfs:subClassOf [ a owl:Restriction ; owl:onClass rg:Role ;
    owl:onProperty rg:isResponsibilityOf ;
    owl:minQualifiedCardinality "2"^^xsd:nonNegativeInteger ] .
rg:seniorLevel rg:levelRank 3 .
"""


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> rg.RoleGraph:
    """A model that counts."""
    path, store = tmp_path_factory.mktemp("counted") / "counted.ttl", OxigraphStore()
    path.write_text(COUNTED, encoding="utf-8")
    store.load_file(path, graph_name("counted"))
    return rg.RoleGraph(store)


def plain(triples: Iterable[tuple[Node, ...]]) -> rdflib.Graph:
    """Copy triples, writing "x"^^xsd:string as "x": the same term, but not to rdflib."""

    def one(term: Node) -> Node:
        if isinstance(term, rdflib.Literal) and term.datatype == rdflib.XSD.string:
            return rdflib.Literal(str(term))
        return term

    out = rdflib.Graph()
    for s, p, o in triples:
        out.add((one(s), one(p), one(o)))
    return out


def named(triples: Iterable[tuple[Node, ...]]) -> set[tuple[Node, ...]]:
    """Keep what has no blank node, which a set can compare."""
    return {t for t in plain(triples) if not any(isinstance(x, rdflib.BNode) for x in t)}


def same(a: Iterable[tuple[Node, ...]], b: Iterable[tuple[Node, ...]]) -> bool:
    return isomorphic(plain(a), plain(b))


def graph_ids(dataset: rdflib.Dataset) -> set[str]:
    found = {str(g.identifier) for g in dataset.graphs() if len(g)}
    return found - {str(dataset.default_graph.identifier)}


# --- networkx


def test_networkx_holds_roles_and_transitions(either: rg.RoleGraph) -> None:
    graph = either.to_networkx()
    assert type(graph) is nx.MultiDiGraph
    assert all(type(n) is str for n in graph)
    assert {d["label"] for _, d in graph.nodes(data=True)} == set(ROLES)
    for iri, data in graph.nodes(data=True):
        role = either.role(iri)
        assert data == {"label": role.label, "family": role.family, "level": role.level}
    steps = {t.iri: t for t in either.transitions() if t.source and t.target}
    edges = list(graph.edges(keys=True, data=True))
    assert {key for _, _, key, _ in edges} == set(steps)
    assert len(edges) == len(steps) == len(STATED_MOVES) + len(CURATED_MOVES)
    for a, b, key, data in edges:
        t = steps[key]
        assert t.source is not None
        assert t.target is not None
        assert type(key) is str
        assert (a, b) == (t.source.iri, t.target.iri)
        assert data == {
            "label": t.label, "type": t.type, "kind": t.kind, "hedge": t.claim.hedge, "weight": 1,
        }  # fmt: skip


def test_networkx_can_be_asked(kg: rg.RoleGraph) -> None:
    graph = kg.to_networkx(kinds=["stated"])
    at = {d["label"]: n for n, d in graph.nodes(data=True)}
    assert nx.shortest_path_length(graph, at[PM], at["Delivery Director"], weight="weight") == 3
    assert nx.descendants(graph, at["Senior Project Manager"]) == {
        at["Program Manager"],
        at["Portfolio Manager"],
    }


def test_networkx_takes_kinds_and_types(kg: rg.RoleGraph) -> None:
    def moves(graph: nx.MultiDiGraph) -> set[tuple[str, str]]:
        assert len(graph) == len(ROLES)  # roles stay, whatever moves are taken
        label = nx.get_node_attributes(graph, "label")
        return {(label[a], label[b]) for a, b in graph.edges()}

    assert moves(kg.to_networkx(kinds=["curated"])) == CURATED_MOVES
    assert moves(kg.to_networkx(kinds=["stated"])) == set(STATED_MOVES)
    up = {ends for ends, (of, _, _) in STATED_MOVES.items() if of == "promotion"}
    assert moves(kg.to_networkx(kinds=["stated"], types=["promotion"])) == up
    assert moves(kg.to_networkx(kinds=["observed"])) == set()
    with pytest.raises(ValueError, match="no type of transition 'demotion'"):
        kg.to_networkx(types=["demotion"])


def test_networkx_is_a_copy(kg: rg.RoleGraph) -> None:
    before = kg.to_networkx()
    graph = kg.to_networkx()
    for _, data in graph.nodes(data=True):
        data["label"] = "spoilt"
    for _, _, data in graph.edges(data=True):
        data["weight"] = -1
    graph.clear()
    again = kg.to_networkx()
    assert nx.utils.graphs_equal(again, before)
    assert [r.label for r in kg.route(PM, COO).roles] == [PM, COO]


def test_networkx_keeps_parallel_transitions(small: rg.RoleGraph) -> None:
    graph = small.to_networkx()
    assert set(graph["https://example.org/a"]["https://example.org/b"]) == {
        "https://example.org/up",
        "https://example.org/up2",
    }


# --- rdflib


def test_rdflib_default_graph_is_the_merge(small: rg.RoleGraph) -> None:
    dataset = small.to_rdflib()
    assert type(dataset) is rdflib.Dataset
    sources = {graph_name("model"), graph_name("small")}
    rules = {INFERRED + rule for rule in small.inferred()}
    assert rules == {
        INFERRED + r for r in ("cax-sco", "cls-hs1", "prp-inv", "prp-spo1", "prp-spo2")
    }
    assert graph_ids(dataset) == sources | rules
    parts = {t for g in graph_ids(dataset) for t in dataset.graph(rdflib.URIRef(g))}
    assert parts == set(dataset.default_graph)
    for name, text in (("model", MODEL), ("small", SMALL)):
        graph = dataset.graph(rdflib.URIRef(graph_name(name)))
        assert same(graph, rdflib.Graph().parse(data=text, format="turtle"))


def test_rdflib_without_what_is_inferred(small: rg.RoleGraph) -> None:
    dataset = small.to_rdflib(inferred=False)
    assert graph_ids(dataset) == {graph_name("model"), graph_name("small")}
    merged = rdflib.Graph()
    for text in (MODEL, SMALL):
        merged.parse(data=text, format="turtle")
    assert same(dataset.default_graph, merged)
    step = (
        rdflib.URIRef("https://example.org/a"),
        rdflib.URIRef(RG.leadsTo),
        rdflib.URIRef("https://example.org/b"),
    )
    assert step in small.to_rdflib().default_graph
    assert step not in dataset.default_graph


def test_rdflib_of_the_graph_that_ships(kg: rg.RoleGraph) -> None:
    dataset = kg.to_rdflib(inferred=False)
    files = ("rolegraph", "article", "curated")
    assert graph_ids(dataset) == {graph_name(name) for name in files}
    merged: set[tuple[Node, ...]] = set()
    for name in files:
        graph = dataset.graph(rdflib.URIRef(graph_name(name)))
        expected = rdflib.Graph().parse(ontology_path(f"{name}.ttl"), format="turtle")
        assert len(graph) == len(expected)
        assert named(graph) == named(expected)
        merged |= named(expected)
    assert named(dataset.default_graph) == merged


def test_rdflib_is_a_copy(small: rg.RoleGraph) -> None:
    dataset = small.to_rdflib()
    before = len(dataset.default_graph)
    assert before > 50
    dataset.update("DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }")
    assert len(dataset.default_graph) == 0
    assert len(small.to_rdflib().default_graph) == before
    assert len(small.roles()) == 2


def test_rdflib_answers_like_the_library(kg: rg.RoleGraph) -> None:
    query = (
        "SELECT ?l { ?r skos:prefLabel 'Project Manager'@en ; rg:leadsTo/skos:prefLabel ?l } "
        "ORDER BY ?l"
    )
    expected = kg.query(query).column("l")
    assert len(expected) == 10
    assert [str(row[0]) for row in kg.to_rdflib().query(query)] == list(expected)  # type: ignore[index]


def test_rdflib_finds_plain_strings(kg: rg.RoleGraph) -> None:
    query = 'SELECT ?c { ?c rg:fullName "Project Management Professional" }'
    expected = [str(iri) for iri in kg.query(query).column("c")]
    assert len(expected) == 1
    dataset = kg.to_rdflib()
    assert [str(row[0]) for row in dataset.query(query)] == expected  # type: ignore[index]
    name = rdflib.Literal("Project Management Professional")
    found = dataset.default_graph.subjects(rdflib.URIRef(RG.fullName), name)
    assert [str(s) for s in found] == expected


def counts(graph: rdflib.Graph) -> set[tuple[str, str]]:
    return {
        (str(o), curie(str(o.datatype)))
        for name in (OWL + "cardinality", OWL + "minQualifiedCardinality", RG.levelRank)
        for o in graph.objects(None, rdflib.URIRef(name))
        if isinstance(o, rdflib.Literal)
    }


COUNTS = {
    ("1", "xsd:nonNegativeInteger"),
    ("2", "xsd:nonNegativeInteger"),
    ("3", "xsd:integer"),
}


def test_rdflib_keeps_the_type_that_owl_wants(counted: rg.RoleGraph) -> None:
    assert counts(counted.to_rdflib().default_graph) == COUNTS


# --- text that reads back

# rdflib's own reader of JSON-LD uses what rdflib calls deprecated
quiet = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
TRIPLES = ("turtle", "nt", "json-ld")


@quiet
@pytest.mark.parametrize("inferred", [False, True])
@pytest.mark.parametrize("form", TRIPLES)
def test_triples_read_back(small: rg.RoleGraph, form: str, inferred: bool) -> None:
    text = small.export(form, inferred=inferred)
    expected = small.to_rdflib(inferred=inferred).default_graph
    read = rdflib.Graph().parse(data=text, format=form)
    assert len(read) == len(expected)
    assert named(read) == named(expected)
    assert same(read, expected)


@pytest.mark.parametrize("form", ["turtle", "nt", "nquads", "json-ld"])
def test_triples_read_back_in_oxigraph(small: rg.RoleGraph, form: str) -> None:
    formats = {
        "turtle": ox.RdfFormat.TURTLE,
        "nt": ox.RdfFormat.N_TRIPLES,
        "nquads": ox.RdfFormat.N_QUADS,
        "json-ld": ox.RdfFormat.JSON_LD,
    }
    text = small.export(form, inferred=True)
    read = {q.triple for q in ox.parse(text, format=formats[form])}
    assert len(read) == len(small.to_rdflib().default_graph)


@pytest.mark.parametrize("inferred", [False, True])
def test_named_graphs_read_back(small: rg.RoleGraph, inferred: bool) -> None:
    read = rdflib.Dataset(default_union=False)
    read.parse(data=small.export("nquads", inferred=inferred), format="nquads")
    expected = small.to_rdflib(inferred=inferred)
    assert graph_ids(read) == graph_ids(expected)
    for name in graph_ids(expected):
        a, b = (d.graph(rdflib.URIRef(name)) for d in (read, expected))
        assert same(a, b), name


@pytest.mark.parametrize("inferred", [False, True])
def test_quads_hold_the_merge_too(small: rg.RoleGraph, inferred: bool) -> None:
    # with and without what is inferred, the default graph holds the same kind of thing
    read = rdflib.Dataset(default_union=False)
    read.parse(data=small.export("nquads", inferred=inferred), format="nquads")
    expected = small.to_rdflib(inferred=inferred)
    assert named(read.default_graph) == named(expected.default_graph)


@quiet
@pytest.mark.parametrize("form", ["turtle", "nt", "nquads", "json-ld"])
def test_cardinalities_keep_the_type_that_owl_wants(counted: rg.RoleGraph, form: str) -> None:
    read = rdflib.Dataset(default_union=True)
    read.parse(data=counted.export(form), format=form)
    assert counts(read) == COUNTS


@pytest.mark.parametrize("which", ["kg", "small"])
def test_graphml_reads_back(request: pytest.FixtureRequest, which: str) -> None:
    graph: rg.RoleGraph = request.getfixturevalue(which)
    read = nx.read_graphml(BytesIO(graph.export("graphml").encode()), force_multigraph=True)
    expected = graph.to_networkx()
    assert type(read) is nx.MultiDiGraph
    assert dict(read.nodes(data=True)) == {
        n: {k: v for k, v in d.items() if v is not None} for n, d in expected.nodes(data=True)
    }
    assert {(a, b, key): d for a, b, key, d in read.edges(keys=True, data=True)} == {
        (a, b, key): {k: v for k, v in d.items() if v is not None}
        for a, b, key, d in expected.edges(keys=True, data=True)
    }


QUOTED = r'"((?:[^"\\]|\\.)*)"'


def unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


@pytest.mark.parametrize("which", ["kg", "small"])
def test_dot_names_every_role_and_transition(request: pytest.FixtureRequest, which: str) -> None:
    graph: rg.RoleGraph = request.getfixturevalue(which)
    text = graph.export("dot")
    expected = graph.to_networkx()
    assert text.startswith("digraph rolegraph {\n")
    assert text.endswith("\n}\n")
    nodes = re.findall(rf"^  {QUOTED} \[label={QUOTED}\];$", text, re.M)
    assert {unquoted(n): unquoted(label) for n, label in nodes} == nx.get_node_attributes(
        expected, "label"
    )
    edges = re.findall(rf"^  {QUOTED} -> {QUOTED} \[label={QUOTED}\];$", text, re.M)
    assert sorted((unquoted(a), unquoted(b), unquoted(x)) for a, b, x in edges) == sorted(
        (a, b, f"{d['type']}, {d['kind']}") for a, b, d in expected.edges(data=True)
    )


def test_no_such_format(kg: rg.RoleGraph) -> None:
    with pytest.raises(ValueError, match=r"no format 'xlsx'; known are turtle, nt, .*dot"):
        kg.export("xlsx")


# --- the same text every time

SCRIPT = """
import sys
from pathlib import Path
import rolegraph as rg
from rolegraph.export import FORMATS
kg = rg.load()
for form in FORMATS:
    Path(sys.argv[1], form).write_text(kg.export(form), encoding="utf-8")
"""


@pytest.fixture(scope="module")
def runs(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """What two processes wrote whose sets and dictionaries are in other orders."""
    folders = [tmp_path_factory.mktemp("run") for _ in range(2)]
    started = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT, str(folder)],
            cwd=checkout,
            env={**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": str(checkout)},
        )
        for seed, folder in enumerate(folders, 1)
    ]
    assert [process.wait(timeout=120) for process in started] == [0, 0]
    return folders


@pytest.mark.parametrize("form", FORMATS)
def test_two_processes_write_the_same_text(runs: list[Path], form: str) -> None:
    first, second = ((folder / form).read_text(encoding="utf-8") for folder in runs)
    assert len(first) > 1000
    digests = [hashlib.sha256(text.encode()).hexdigest() for text in (first, second)]
    assert digests[0] == digests[1]  # the texts themselves are too long to compare in a report


@pytest.mark.parametrize("form", ["turtle", "nt"])
def test_the_graph_that_ships_reads_back(kg: rg.RoleGraph, runs: list[Path], form: str) -> None:
    read = rdflib.Graph().parse(runs[0] / form, format=form)
    expected = kg.to_rdflib(inferred=False).default_graph
    assert len(read) == len(expected)
    assert named(read) == named(expected)


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_text_twice(small: rg.RoleGraph, form: str) -> None:
    first, second = (
        hashlib.sha256(small.export(form, inferred=True).encode()).hexdigest() for _ in range(2)
    )
    assert first == second
