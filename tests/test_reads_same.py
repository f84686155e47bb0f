"""The same answers from memory, from disk and from rdflib over what is on disk."""

from __future__ import annotations

import shutil

import pytest

import rolegraph as rg
from rolegraph.importing import draft_source, import_source
from rolegraph.resources import ontology_path
from rolegraph.sparql import Rows
from tests.killing import framework

PLACES = ("memory", "disk", "rdflib")
QUERIES = {
    "ends of a chain": "SELECT ?a ?b { ?a rg:leadsTo ?b }",
    "demands with levels": "SELECT ?r ?s ?l { ?q rg:isRequirementOf/skos:prefLabel ?r ; "
    "rg:requiredSkill/skos:prefLabel ?s . OPTIONAL { ?q rg:requiredLevel/rg:rank ?l } }",
    "counts": "SELECT ?t (COUNT(DISTINCT ?x) AS ?n) { ?x a ?t "
    "FILTER(STRSTARTS(STR(?t), STR(rg:))) } GROUP BY ?t",
    "paths": "SELECT ?a ?b { ?a rg:canBePromotedTo+ ?b }",
    "rows of the file": "SELECT ?c ?row { ?c rg:sourceRow ?row FILTER(?row < 40) }",
    "kinds of evidence": "SELECT ?k (COUNT(?c) AS ?n) { ?c rg:hasEvidenceKind ?k } GROUP BY ?k",
    "a union and a minus": "SELECT ?x { { ?x a rg:Role } UNION { ?x a rg:Skill } "
    "MINUS { ?x skos:altLabel ?y } }",
    "values and functions": "SELECT ?l ?n { VALUES ?n { 1 2 } ?x rg:levelRank ?n ; "
    "skos:prefLabel ?p BIND(UCASE(STR(?p)) AS ?l) }",
    "nothing": "SELECT ?x { ?x rg:suggestedTo ?y }",
    "labels": 'SELECT ?x ?l { ?x skos:prefLabel ?l FILTER(LANG(?l) = "en" && '
    'CONTAINS(LCASE(STR(?l)), "manager")) }',
}


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, rg.RoleGraph]:
    """The article and a small framework, read in three ways."""
    folder = tmp_path_factory.mktemp("same")
    files = framework(folder / "v1", 3)
    store = folder / "store"
    import_source("article", into=store)
    import_source("gdad", files, into=store, version="1")
    work = folder / "work"
    work.mkdir()
    drafted, _ = draft_source("gdad", work, [files], version="1")
    facts = shutil.move(drafted.facts, work / "gdad-1.nt")
    market, mappings = (ontology_path(f"{n}.ttl") for n in ("market", "mappings"))
    return {
        "memory": rg.load(market, mappings, facts, validate=False),
        "disk": rg.open(store),
        "rdflib": rg.open(store, engine="rdflib"),
    }


def plain(rows: Rows) -> list[tuple[str, ...]]:
    return sorted(tuple(map(repr, row)) for row in rows)


@pytest.mark.parametrize("name", QUERIES)
def test_the_same_rows(places: dict[str, rg.RoleGraph], name: str) -> None:
    memory, disk, rdflib = (plain(places[p].query(QUERIES[name])) for p in PLACES)
    assert disk == memory
    assert rdflib == memory
    assert bool(memory) == (name != "nothing")


def test_the_same_with_bindings(places: dict[str, rg.RoleGraph]) -> None:
    query = "SELECT ?s { ?q rg:isRequirementOf ?role ; rg:requiredSkill/skos:prefLabel ?s }"
    for name in ("Junior keeper 1", "Project Manager"):
        found = [plain(places[p].query(query, role=places[p].role(name))) for p in PLACES]
        assert found[0] == found[1] == found[2]
        assert found[0]


@pytest.mark.parametrize("pair", [("Project Manager", "Delivery Director"),
                                  ("Junior keeper 1", "Lead keeper 1")], ids="-".join)  # fmt: skip
def test_the_same_things(places: dict[str, rg.RoleGraph], pair: tuple[str, str]) -> None:
    a, b = pair
    graphs = [places[p] for p in PLACES]
    for ask in (
        lambda g: [(r.label, s.transition.claim.kind) for s in g.route(a, b).steps
                   for r in (s.transition.source, s.transition.target)],
        lambda g: str(g.compare(a, b)),
        lambda g: str(g.gap(a, b)),
        lambda g: [(r.skill.label, r.level, r.claim.kind) for r in g.requirements(a)],
        lambda g: [c.iri for c in g.claims(a)],
        lambda g: [(r.role.label, r.cost) for r in g.reachable(a)],
        lambda g: [c.label for c in g.search(a, limit=3)],
    ):  # fmt: skip
        answers = [ask(g) for g in graphs]
        assert answers[1] == answers[0]
        assert answers[2] == answers[0]
        assert answers[0]


def test_asking_and_constructing(places: dict[str, rg.RoleGraph]) -> None:
    for p in PLACES:
        assert places[p].ask("ASK { ?a rg:canBePromotedTo ?b }")
        assert not places[p].ask("ASK { ?a rg:suggestedTo ?b }")
    built = [set(places[p].construct("CONSTRUCT { ?a rg:leadsTo ?b } { ?a rg:leadsTo ?b }"))
             for p in PLACES]  # fmt: skip
    assert built[0] == built[1] == built[2]
    assert len(built[0]) > 20
