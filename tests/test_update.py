"""Changing a graph: whole or not at all, merge and sources in step, closure brought up to date."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import rolegraph as rg
from rolegraph import IRI, QueryError
from rolegraph.closure import INFERRED
from rolegraph.resources import ontology_path
from rolegraph.store import Triple, graph_name
from rolegraph.terms import RawTerm
from tests.ladder import write

EDITS = graph_name("edits")
OWN = graph_name("file.tiny")
TINY = """
PREFIX rg: <https://w3id.org/rolegraph/ontology#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
rg:leadsTo a owl:ObjectProperty , owl:TransitiveProperty .
rg:canTransitionTo a owl:ObjectProperty ; rdfs:subPropertyOf rg:leadsTo .
<urn:a> rg:canTransitionTo <urn:b> .
<urn:b> rg:canTransitionTo <urn:c> .
"""

Snapshot = dict[str, set[Triple]]


def snapshot(kg: rg.RoleGraph) -> Snapshot:
    """The triples of the merge ("") and of every named graph that has some."""
    store = kg._store
    found = {g: set(store.triples(g)) for g in store.graphs()}
    return {"": set(store.triples()), **{g: ts for g, ts in found.items() if ts}}


def asserted(kg: rg.RoleGraph) -> Snapshot:
    return {g: ts for g, ts in snapshot(kg).items() if g and not g.startswith(INFERRED)}


def consistent(kg: rg.RoleGraph) -> None:
    """Every triple of the merge stands in a named graph, and the other way round."""
    found = snapshot(kg)
    merge = found.pop("")
    assert merge == set().union(*found.values())
    counts = kg.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert counts[0]["n"] == len(merge), "a triple stands in the merge more than once"


def urn(s: str, p: str, o: str) -> Triple:
    return (*(RawTerm("iri", f"urn:{x}") for x in (s, p, o)),)  # type: ignore[return-value]


@pytest.fixture
def tiny_file(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.ttl"
    path.write_text(TINY, encoding="utf-8")
    return path


@pytest.fixture
def tiny(tiny_file: Path) -> rg.RoleGraph:
    """Three things in a row and the two axioms that make a way of them, to be changed."""
    return rg.load(tiny_file, ours=False, validate=False, writable=True)


@pytest.fixture
def ways(tiny: rg.RoleGraph) -> Iterator[Any]:
    """What leads where; the merge and the sources are found in step after each test."""

    def read() -> set[str]:
        rows = tiny.query("SELECT ?x ?y { ?x rg:leadsTo ?y }")
        return {f"{x}{y}".replace("urn:", "") for x, y in rows}

    assert read() == {"ab", "bc", "ac"}
    yield read
    consistent(tiny)


# --- refused


@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
def test_a_graph_is_read_only_unless_asked_for(engine: Any) -> None:
    kg = rg.load(ours=False, engine=engine)
    for text in ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", "DROP ALL", "nonsense", ""):
        with pytest.raises(QueryError, match=r"read only.*writable=True"):
            kg.update(text)
    assert len(snapshot(kg)[""]) == 0


@pytest.mark.parametrize(
    "text", ["SELECT * {}", "ASK {}", "CONSTRUCT WHERE { ?s ?p ?o }", "DESCRIBE <urn:x>"]
)
def test_a_query_is_no_update(tiny: rg.RoleGraph, text: str) -> None:
    before = snapshot(tiny)
    with pytest.raises(QueryError, match="not an update; use"):
        tiny.update(text)
    assert snapshot(tiny) == before


@pytest.mark.parametrize("text", [None, 5, b"DROP ALL"])
def test_an_update_is_a_string(tiny: rg.RoleGraph, text: Any) -> None:
    with pytest.raises(QueryError, match="string"):
        tiny.update(text)


MALFORMED = [
    "INSERT DATA {",
    "INSERT DATA { <urn:x> <urn:y> }",
    "INSERT DATA { ?x <urn:y> <urn:z> }",
    "DELETE DATA { <urn:x> <urn:y> _:b }",
    "INSERT { <urn:x> <urn:y> nope:z } WHERE {}",
    "DELETE { ?x ?y ?z }",
    "UPDATE SET x = 1",
    "DROP",
    "INSERT DATA { <urn:x> <urn:y> 'open }",
]


@pytest.mark.parametrize("text", MALFORMED)
def test_a_malformed_update_changes_nothing(tiny: rg.RoleGraph, text: str) -> None:
    before = snapshot(tiny)
    with pytest.raises(QueryError, match="malformed SPARQL update") as caught:
        tiny.update(text)
    assert isinstance(caught.value.__cause__, SyntaxError)
    assert snapshot(tiny) == before


@pytest.mark.parametrize("text", MALFORMED)
def test_a_malformed_second_half_undoes_the_first(tiny: rg.RoleGraph, text: str) -> None:
    before = snapshot(tiny)
    with pytest.raises(QueryError):
        tiny.update(f"INSERT DATA {{ <urn:c> rg:canTransitionTo <urn:d> }} ; {text}")
    assert snapshot(tiny) == before
    with pytest.raises(QueryError):
        tiny.update(f"DELETE WHERE {{ ?x rg:canTransitionTo ?y }} ; {text}")
    assert snapshot(tiny) == before


@pytest.mark.parametrize(
    "second",
    [
        "DROP GRAPH <urn:nosuch>",
        "CREATE GRAPH <urn:g>",
        "LOAD <file:///nosuch>",
        "INSERT { ?x a <urn:t> } WHERE { ?x a ?y FILTER(<urn:nosuch>(?x)) }",
    ],
)
def test_a_second_half_that_fails_undoes_the_first(tiny: rg.RoleGraph, second: str) -> None:
    tiny.update("INSERT DATA { GRAPH <urn:g> { <urn:x> <urn:y> <urn:z> } }")
    before = snapshot(tiny)
    with pytest.raises(QueryError):
        tiny.update(f"INSERT DATA {{ <urn:c> rg:canTransitionTo <urn:d> }} ; {second}")
    assert snapshot(tiny) == before


# --- into the default graph


def test_insert_data_goes_into_the_edits(tiny: rg.RoleGraph, ways: Any) -> None:
    before = asserted(tiny)
    tiny.update("INSERT DATA { <urn:c> rg:canTransitionTo <urn:d> . <urn:x> <urn:y> <urn:z> }")
    assert ways() == {"ab", "bc", "ac", "cd", "bd", "ad"}
    added = asserted(tiny)
    assert len(added.pop(EDITS)) == 2
    assert added == before
    assert tiny.ask("ASK { GRAPH ?g { <urn:x> <urn:y> <urn:z> } }", g=IRI(EDITS))


def test_delete_data_goes_out_of_every_graph(tiny: rg.RoleGraph, ways: Any) -> None:
    tiny.update("INSERT DATA { GRAPH <urn:g> { <urn:b> rg:canTransitionTo <urn:c> } }")
    assert len(asserted(tiny)["urn:g"]) == 1
    tiny.update("DELETE DATA { <urn:b> rg:canTransitionTo <urn:c> }")
    assert ways() == {"ab"}
    assert "urn:g" not in asserted(tiny)
    assert not tiny.ask("ASK { GRAPH ?g { <urn:b> rg:canTransitionTo <urn:c> } }")


def test_delete_and_insert_where(tiny: rg.RoleGraph, ways: Any) -> None:
    tiny.update(
        "DELETE { ?x rg:canTransitionTo ?y } INSERT { ?y rg:canTransitionTo ?x }"
        " WHERE { ?x rg:canTransitionTo ?y }"
    )
    assert ways() == {"ba", "cb", "ca"}
    assert len(asserted(tiny)[EDITS]) == 2


def test_delete_where(tiny: rg.RoleGraph, ways: Any) -> None:
    tiny.update("DELETE WHERE { <urn:a> ?p ?o }")
    assert ways() == {"bc"}


def test_where_sees_what_is_inferred(tiny: rg.RoleGraph, ways: Any) -> None:
    tiny.update("INSERT { ?x <urn:far> ?y } WHERE { ?x rg:leadsTo ?y FILTER(?x = <urn:a>) }")
    assert len(asserted(tiny)[EDITS]) == 2
    assert tiny.ask("ASK { <urn:a> <urn:far> <urn:c> }")
    assert ways() == {"ab", "bc", "ac"}


def test_several_operations(tiny: rg.RoleGraph, ways: Any) -> None:
    tiny.update(
        "INSERT DATA { <urn:c> rg:canTransitionTo <urn:d> } ;\n"
        "DELETE DATA { <urn:a> rg:canTransitionTo <urn:b> } ;\n"
        "INSERT { <urn:n> <urn:count> ?n } WHERE"
        " { { SELECT (COUNT(*) AS ?n) { ?x rg:canTransitionTo ?y } } }"
    )
    assert ways() == {"bc", "cd", "bd"}
    assert tiny.query("SELECT ?n { <urn:n> <urn:count> ?n }").column("n") == (2,)


def test_an_update_of_nothing(tiny: rg.RoleGraph, ways: Any) -> None:
    before = snapshot(tiny)
    for text in ("INSERT DATA {}", "DELETE WHERE { <urn:nosuch> ?p ?o }", "# nothing at all",
                 "INSERT DATA { <urn:a> rg:canTransitionTo <urn:b> }",
                 "DELETE DATA { <urn:c> rg:canTransitionTo <urn:b> }"):  # fmt: skip
        tiny.update(text)
        assert snapshot(tiny) == before
    assert ways() == {"ab", "bc", "ac"}


def test_what_is_inserted_and_deleted_again_leaves_no_trace(tiny: rg.RoleGraph, ways: Any) -> None:
    before = snapshot(tiny)
    tiny.update("INSERT DATA { <urn:c> rg:canTransitionTo <urn:a> }")
    assert len(ways()) == 9
    tiny.update("DELETE DATA { <urn:c> rg:canTransitionTo <urn:a> }")
    assert snapshot(tiny) == before


def test_blank_nodes_and_literals(tiny: rg.RoleGraph, ways: Any) -> None:
    tiny.update("INSERT DATA { <urn:x> <urn:y> _:b . _:b <urn:z> 'q\"\\n'@en, 1.50, true, 7 }")
    rows = tiny.query("SELECT ?v { <urn:x> <urn:y>/<urn:z> ?v }")
    assert sorted(map(str, rows.column("v"))) == ["1.5", "7", "True", 'q"\n']
    tiny.update("DELETE WHERE { <urn:x> <urn:y> ?b . ?b <urn:z> ?v }")
    assert EDITS not in asserted(tiny)
    assert ways() == {"ab", "bc", "ac"}


# --- into named graphs


def test_insert_and_delete_in_a_named_graph(tiny: rg.RoleGraph, ways: Any) -> None:
    before = snapshot(tiny)
    tiny.update("INSERT DATA { GRAPH <urn:g> { <urn:c> rg:canTransitionTo <urn:d> } }")
    assert ways() == {"ab", "bc", "ac", "cd", "bd", "ad"}
    assert len(asserted(tiny)["urn:g"]) == 1
    assert EDITS not in asserted(tiny)
    consistent(tiny)
    tiny.update("DELETE DATA { GRAPH <urn:g> { <urn:c> rg:canTransitionTo <urn:d> } }")
    assert snapshot(tiny) == before


def test_what_stands_in_two_graphs_goes_when_both_let_go(tiny: rg.RoleGraph, ways: Any) -> None:
    tiny.update("INSERT DATA { GRAPH <urn:g> { <urn:b> rg:canTransitionTo <urn:c> } }")
    tiny.update("DELETE DATA { GRAPH <urn:g> { <urn:b> rg:canTransitionTo <urn:c> } }")
    assert ways() == {"ab", "bc", "ac"}
    tiny.update(f"DELETE DATA {{ GRAPH <{OWN}> {{ <urn:b> rg:canTransitionTo <urn:c> }} }}")
    assert ways() == {"ab"}


def test_with_and_using(tiny: rg.RoleGraph, ways: Any) -> None:
    tiny.update(
        f"WITH <{OWN}> DELETE {{ ?x rg:canTransitionTo ?y }} INSERT {{ ?x <urn:was> ?y }}"
        " WHERE { ?x rg:canTransitionTo ?y FILTER(?x = <urn:b>) }"
    )
    assert ways() == {"ab"}
    assert urn("b", "was", "c") in asserted(tiny)[OWN]


@pytest.mark.parametrize(
    ("text", "graphs", "left"),
    [
        (f"CLEAR GRAPH <{OWN}>", set(), set()),
        (f"DROP GRAPH <{OWN}>", set(), set()),
        ("DROP ALL", set(), set()),
        ("CLEAR DEFAULT", set(), set()),
        ("CLEAR NAMED", set(), set()),
        ("DROP SILENT GRAPH <urn:nosuch>", {OWN}, {"ab", "bc", "ac"}),
        (f"COPY <{OWN}> TO <urn:h>", {OWN, "urn:h"}, {"ab", "bc", "ac"}),
        (f"ADD <{OWN}> TO <urn:h>", {OWN, "urn:h"}, {"ab", "bc", "ac"}),
        (f"MOVE <{OWN}> TO <urn:h>", {"urn:h"}, {"ab", "bc", "ac"}),
    ],
)
def test_whole_graphs(
    tiny: rg.RoleGraph, ways: Any, text: str, graphs: set[str], left: set[str]
) -> None:
    tiny.update(text)
    assert set(asserted(tiny)) == graphs
    assert ways() == left


def test_moving_from_a_named_graph_to_the_default_one_keeps_it(
    tiny: rg.RoleGraph, ways: Any
) -> None:
    tiny.update(
        f"DELETE {{ GRAPH <{OWN}> {{ ?s ?p ?o }} }} INSERT {{ ?s ?p ?o }}"
        f" WHERE {{ GRAPH <{OWN}> {{ ?s ?p ?o }} FILTER(?s = <urn:a>) }}"
    )
    assert ways() == {"ab", "bc", "ac"}
    assert len(asserted(tiny)[EDITS]) == 1


def test_replacing_a_triple_by_itself_keeps_it(tiny: rg.RoleGraph, ways: Any) -> None:
    before = snapshot(tiny)
    tiny.update("DELETE { ?x ?p ?y } INSERT { ?x ?p ?y } WHERE { ?x ?p ?y }")
    assert snapshot(tiny)[""] == before[""]
    assert ways() == {"ab", "bc", "ac"}


# --- the closure


def test_what_is_inferred_and_deleted_comes_back(tiny: rg.RoleGraph, ways: Any) -> None:
    before = snapshot(tiny)
    tiny.update("DELETE DATA { <urn:a> rg:leadsTo <urn:c> }")
    assert snapshot(tiny) == before
    tiny.update("DELETE WHERE { ?x rg:leadsTo ?y }")
    assert snapshot(tiny) == before


def test_a_new_axiom_is_taken_up(tiny: rg.RoleGraph, ways: Any) -> None:
    tiny.update("INSERT DATA { rg:canTransitionTo owl:inverseOf <urn:from> }")
    assert tiny.ask("ASK { <urn:b> <urn:from> <urn:a> }")
    tiny.update("DELETE WHERE { rg:canTransitionTo owl:inverseOf ?p }")
    assert not tiny.ask("ASK { <urn:b> <urn:from> <urn:a> }")
    tiny.update("DELETE DATA { rg:leadsTo a owl:TransitiveProperty }")
    assert ways() == {"ab", "bc"}


def test_the_first_facts_of_a_graph_are_reasoned_over(tmp_path: Path) -> None:
    axioms = "\n".join(line for line in TINY.splitlines() if "urn:" not in line)
    (tmp_path / "axioms.ttl").write_text(axioms, encoding="utf-8")
    kg = rg.load(tmp_path / "axioms.ttl", ours=False, validate=False, writable=True)
    assert kg.inferred() == {}
    kg.update("INSERT DATA { <urn:a> rg:canTransitionTo <urn:b> }")
    assert kg.ask("ASK { <urn:a> rg:leadsTo <urn:b> }")


def test_reasoning_goes_on_after_a_time_without_facts(tiny: rg.RoleGraph, ways: Any) -> None:
    tiny.update("DELETE WHERE { ?x rg:canTransitionTo ?y }")
    assert ways() == set()
    tiny.update("INSERT DATA { <urn:a> rg:canTransitionTo <urn:b> }")
    assert ways() == {"ab"}


def test_without_reasoning_there_is_none_after_either(tiny_file: Path) -> None:
    kg = rg.load(tiny_file, ours=False, validate=False, writable=True, reason=False)
    kg.update("INSERT DATA { <urn:c> rg:canTransitionTo <urn:d> }")
    assert kg.inferred() == {}
    assert not kg.ask("ASK { ?x rg:leadsTo ?y }")
    consistent(kg)


def test_asserting_what_is_inferred_makes_it_asserted(tiny: rg.RoleGraph, ways: Any) -> None:
    tiny.update("INSERT DATA { <urn:a> rg:leadsTo <urn:c> }")
    assert ways() == {"ab", "bc", "ac"}
    tiny.update("DELETE DATA { <urn:b> rg:canTransitionTo <urn:c> }")
    assert ways() == {"ab", "ac"}, "somebody said so: it does not hang on the way through b"


# --- with the graph that ships

MOVE = """
INSERT DATA {
  move:x a rg:Promotion ; skos:prefLabel "Junior Project Manager to Project Manager"@en ;
    rg:fromRole role:junior-project-manager ; rg:toRole role:project-manager ;
    rg:hasEvidenceKind rg:curated ; rg:hasEvidence note:levels
}"""


def test_a_new_transition_opens_a_route_and_its_end_closes_it() -> None:
    kg = rg.load(writable=True)
    before = snapshot(kg)
    junior, director = "Junior Project Manager", "Delivery Director"
    query = "ASK { role:junior-project-manager rg:leadsTo role:delivery-director }"
    with pytest.raises(rg.NoRouteError):
        kg.route(junior, director)
    assert not kg.ask(query)
    assert kg.reachable(junior) == ()
    assert kg.to_networkx().number_of_edges() == 13

    kg.update(MOVE)
    assert kg.ask(query)
    assert len(kg.route(junior, director)) == 4
    assert len(kg.reachable(junior)) == 10
    assert [t.type for t in kg.transitions(junior)] == ["promotion"]
    assert kg.to_networkx().number_of_edges() == 14
    consistent(kg)

    kg.update("DELETE WHERE { move:x ?p ?o }")
    assert not kg.ask(query)
    with pytest.raises(rg.NoRouteError):
        kg.route(junior, director)
    assert kg.transitions(junior) == ()
    assert kg.to_networkx().number_of_edges() == 13
    assert snapshot(kg) == before


@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
def test_everything_that_was_read_is_read_anew(tmp_path: Path, engine: Any) -> None:
    ladder = write(tmp_path / "ladder.ttl")
    kg = rg.load(ontology_path("rolegraph.ttl"), ladder, ours=False, validate=False,
                 writable=True, engine=engine)  # fmt: skip
    clean = "Clean data"
    assert kg.role("Data Lead").level == "guru"
    assert [r.label for r in kg.responsibilities("Data Analyst")] == [clean]
    assert kg.compare("Data Analyst", "Data Lead").responsibilities.shared_labels == ()
    assert len(kg.route("Data Analyst", "Data Lead")) == 1
    assert len(kg.requirements("Data Lead")) == 1
    with pytest.raises(rg.NotFoundError):
        kg.role("Data Chief")
    with pytest.raises(rg.NoRouteError):
        kg.route("Data Lead", "Data Analyst")
    kg.update(
        "DELETE { ?r skos:prefLabel ?l } INSERT { ?r skos:prefLabel 'Data Chief'@en }"
        " WHERE { ?r skos:prefLabel ?l FILTER(?r = role:data-lead) } ;"
        " DELETE WHERE { requirement:data-lead.statistics ?p ?o } ;"
        " INSERT DATA { role:data-lead rg:hasResponsibility duty:clean-data ."
        " move:back a rg:RoleTransition ; skos:prefLabel 'Back'@en ; rg:fromRole role:data-lead ;"
        " rg:toRole role:data-analyst ; rg:hasEvidenceKind rg:curated }"
    )
    assert kg.role("Data Chief").curie == "role:data-lead"
    with pytest.raises(rg.NotFoundError):
        kg.role("Data Lead")
    assert kg.compare("Data Analyst", "Data Chief").responsibilities.shared_labels == (clean,)
    assert [str(r) for r in kg.route("Data Analyst", "Data Chief").roles] == [
        "Data Analyst",
        "Data Chief",
    ]
    assert len(kg.route("Data Chief", "Data Analyst")) == 1
    assert kg.requirements("Data Chief") == ()
    consistent(kg)


def test_one_graph_s_changes_are_not_another_s(tiny_file: Path) -> None:
    a, b = (rg.load(tiny_file, ours=False, validate=False, writable=True) for _ in range(2))
    a.update("DROP ALL")
    assert b.ask("ASK { <urn:a> rg:leadsTo <urn:c> }")
    assert not a.ask("ASK { ?s ?p ?o }")


def test_the_default_graph_is_no_source(tiny: rg.RoleGraph) -> None:
    # counted once in the merge, however many graphs hold it
    tiny.update("INSERT DATA { GRAPH <urn:g> { <urn:a> rg:canTransitionTo <urn:b> } }")
    query = "SELECT (COUNT(*) AS ?n) { ?x rg:canTransitionTo ?y }"
    assert tiny.query(query)[0]["n"] == 2
    query = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?x rg:canTransitionTo ?y } }"
    assert tiny.query(query)[0]["n"] == 3
