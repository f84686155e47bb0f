"""Cells without a notebook: where mistakes stand, what is bound, how long answers are paged."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdflib

import rolegraph as rg
from rolegraph.completion import Known, complete, complete_question
from rolegraph.sparql import Rows
from rolegraph.sparqlcell import (
    CellError,
    RdflibGraph,
    ask_cell,
    check,
    from_python,
)
from rolegraph.sparqlnotes import nearest_terms, notes_on, vocabulary_of
from rolegraph.sparqlview import MOST, AnswerRows, TriplesView, YesNo
from rolegraph.terms import RawTerm


@pytest.mark.parametrize(
    ("query", "line", "marked", "words"),
    [
        ("ASK {\n ?a rgg:b ?c }", 2, "rgg", "did you mean rg:?"),
        ("ASK { ?a zebra:b ?c }", 1, "zebra", "PREFIX zebra:"),
        ("SELEC ?x { ?x ?y ?z }", 1, "SELEC", "did you mean SELECT?"),
        ("SELECT ?x {\n ?x ?y ?z\n OPTINAL { ?x a ?w } }", 3, "OPTINAL", "OPTIONAL"),
        ("SELECT ?x {\n ?x ?y ?z\n FILTER(?x", 3, "(", "never closed"),
        ("SELECT ?x { ?x ?y ?z }}", 1, "}", "closes nothing"),
        ("SELECT ?x { ?x ?y 'open }", 1, "'", "quote is never closed"),
        ("SELECT ?x, ?y { ?x ?y ?z }", 1, ",", "without commas"),
        ("SELECT ?y (COUNT(?x) AS ?n) { ?x ?z ?y }", 1, "?y", "GROUP BY"),
        ("SELECT ?x { ?x a <http://a b> }", 1, "<http://a b>", "no IRI"),
        ("SELECT ?x { ?x ?y ?z } ORDER ?x", 1, "?x", "BY is missing"),
        ("SELECT ?x {\n\t?x ?y }", 2, "}", "cannot be read"),
    ],
)
def test_the_place_of_a_mistake(query: str, line: int, marked: str, words: str) -> None:
    with pytest.raises(CellError) as error:
        check(query)
    first, *_, shown, under = str(error.value).split("\n")
    assert first.startswith(f"line {line}: ")
    assert words in first
    at = under.index("^")
    assert shown[at : at + under.count("^")] == marked


@pytest.mark.parametrize("query", ["", "  \n", "# SELECT nothing"])
def test_no_query(query: str) -> None:
    with pytest.raises(CellError, match="no query"):
        check(query)


def test_an_update_and_a_service_are_refused(kg: rg.RoleGraph) -> None:
    with pytest.raises(CellError, match="changes nothing"):
        check("DROP ALL")
    with pytest.raises(CellError, match="network"):
        ask_cell("ASK { SERVICE <http://localhost:1/> { ?a ?b ?c } }", kg, {})


def test_good_queries_pass() -> None:
    check("PREFIX my: <http://x/>\nASK { ?a my:b ?c FILTER(?c < 3 && ?a<?c) }")
    check("SELECT ?y (COUNT(*) AS ?n) { ?x a ?y } GROUP BY ?y HAVING(COUNT(*) > 1) ORDER BY ?n")
    for question in rg.load().questions():
        check(question.query)


def test_dollars_in_texts_are_no_variables() -> None:
    assert from_python("SELECT ?x { ?x ?y '$a', <http://x/$b> # $c\n , $d }") == ("d",)


def test_terms_that_a_graph_does_not_know_are_named(kg: rg.RoleGraph) -> None:
    terms = vocabulary_of(kg)
    query = "ASK { role:delivery-manger a rg:Skil ; rg:hasSkil ?s ; rg:zzzz rg:essential }"
    assert notes_on(query, kg, terms, kg.index) == [
        "nothing is known of role:delivery-manger; did you mean role:delivery-manager?",
        "no class rg:Skil; did you mean rg:Skill?",
        "no property rg:hasSkil; did you mean rg:hasSkill?",
        "no property rg:zzzz",
    ]
    for question in kg.questions():
        assert notes_on(question.query, kg, terms, kg.index) == [], question.name


def test_a_text_in_the_place_of_a_thing_is_named(kg: rg.RoleGraph) -> None:
    query = "SELECT ?s { $name rg:hasSkill ?s }"
    answer, notes = ask_cell(query, kg, {"name": "Delivery Manager"}, None, kg.index)
    assert len(answer) == 0  # type: ignore[arg-type]
    assert notes == [
        "name is bound to a text, not to role:delivery-manager; for the thing itself write "
        'name=kg.role("Delivery Manager"); its label is "Delivery Manager"@en, '
        'rg.Text("Delivery Manager", "en")'
    ]
    found, notes = ask_cell(query, kg, {"name": kg.role("Delivery Manager")}, None, kg.index)
    assert len(found) > 3  # type: ignore[arg-type]
    assert notes == []


def test_an_answer_bears_the_notes_of_a_cell(kg: rg.RoleGraph) -> None:
    query = "SELECT ?s { ?who rg:hasSkill ?s }"
    rows = kg.query(query, who="ITIL")
    assert rows.notes == (
        "who is bound to a text, not to certification:itil; for the thing itself write "
        'who=kg.certification("ITIL"); its label is "ITIL"@en, rg.Text("ITIL", "en")',
    )
    assert f"\n  note: {rows.notes[0]}" in repr(rows)
    shown = rows._repr_mimebundle_()
    for media in ("text/plain", "text/html", "text/markdown"):
        assert "is bound to a text" in shown[media]
    assert kg.query(query, who="an unknown text").notes == ()
    labelled = kg.query("SELECT ?r { ?r skos:prefLabel ?who }", who=rg.Text("ITIL", "en"))
    assert (len(labelled), labelled.notes) == (1, ())
    _, told = ask_cell(query.replace("?who", "$who"), kg, {"who": "ITIL"}, None, kg.index)
    assert told == list(rows.notes)
    assert kg.query("SELECT ?s { ?s rg:hasSkil ?o }")[:0] == ()


@pytest.mark.parametrize(
    ("local", "meant"),
    [
        ("hasFamly", "inFamily"),
        ("hasSkil", "hasSkill"),
        ("promotesTo", "canBePromotedTo"),
        ("skil", "hasSkill"),
        ("role", "Role"),
    ],
)
def test_terms_are_near_by_spelling_or_by_words(kg: rg.RoleGraph, local: str, meant: str) -> None:
    near = nearest_terms(local, kg._vocabulary)
    assert meant in near
    assert len(near) <= 3


def test_terms_of_skos_and_terms_of_ones_own(tmp_path: Path) -> None:
    data = tmp_path / "own.ttl"
    data.write_text(
        "@prefix rg: <https://w3id.org/rolegraph/ontology#> . <urn:a> rg:ownTerm 1 .", "utf-8"
    )
    kg = rg.load(data, ours=False, validate=False, reason=False)
    assert kg.query("SELECT ?x { ?x rg:ownTerm ?y }").notes == ()
    assert kg.query("SELECT ?x { ?x rg:owTerm ?y ; skos:altLabel ?z }").notes == (
        "no property rg:owTerm",
    )
    (note,) = kg.query("SELECT ?x { ?x skos:prefLable ?y }").notes
    assert note.startswith("SKOS has no term skos:prefLable; did you mean skos:prefLabel")


def test_an_rdflib_graph_binds_and_constructs() -> None:
    graph = rdflib.Graph().parse(data="<urn:a> <urn:b> 1, 2 .", format="turtle")
    asked = RdflibGraph(graph)
    rows, _ = ask_cell("SELECT ?s { ?s <urn:b> $two }", asked, {"two": 2})
    assert isinstance(rows, Rows)
    assert rows.column("s") == ("urn:a",)
    made, _ = ask_cell("CONSTRUCT { ?s <urn:c> $two } { ?s <urn:b> $two }", asked, {"two": 2})
    assert len(made) == 1  # type: ignore[arg-type]


# ---------------------------------------------------------------------------- faces


def _rows(count: int) -> Rows:
    cells = [(RawTerm("literal", f"<script>{i}</script> | x"),) for i in range(count)]
    return Rows(("a<b",), cells)


def test_a_long_answer_is_paged_counted_and_escaped() -> None:
    shown = AnswerRows(_rows(MOST + 30), 20, "kept")._repr_mimebundle_()
    html = shown["text/html"]
    assert "<script" not in html
    assert "a&lt;b" in html
    assert html.count("<details>") == 5
    assert "rows 421 to 520" in html
    assert "10 more rows: kept[520:]" in html
    assert html.count("<tr>") == MOST + 20 + 6
    assert shown["text/plain"].endswith(f"… {MOST + 10} more rows")
    assert "\\| x |" in shown["text/markdown"]
    assert "<script" not in shown["text/markdown"]


def test_no_rows_say_so_and_none_may_stand_open() -> None:
    assert AnswerRows(_rows(0))._repr_mimebundle_()["text/plain"] == "no rows (a<b)"
    closed = AnswerRows(_rows(3), 0)._repr_mimebundle_()
    assert closed["text/plain"].endswith("… 3 more rows")
    assert "rows 1 to 3" in closed["text/html"]


def test_yes_and_no() -> None:
    assert [repr(YesNo(True)), repr(YesNo(False))] == ["yes", "no"]


def test_triples_are_shown_in_one_order_whatever_blank_nodes_are_called() -> None:
    texts = set()
    for _ in range(5):
        graph = rdflib.Graph()
        graph.parse(data="<urn:a> <urn:b> [ <urn:c> 1 ], [ <urn:d> 2 ] .", format="turtle")
        texts.add(repr(TriplesView(graph)))
    assert len(texts) == 1
    assert texts.pop().startswith("4 triples\nsubject")


# ---------------------------------------------------------------------------- completion


@pytest.mark.parametrize(
    ("cell", "fragment", "first"),
    [
        ("SELECT ?skill { $ro", "$ro", "$role"),
        ("SELECT ?skill { ?sk", "?sk", "?skill"),
        ("ASK { role:coo", "role:coo", "role:chief-operations-officer"),
        ("ASK { ?x a rg:Sk", "rg:Sk", "rg:Skill"),
        ("ASK { ?x skos:pref", "skos:pref", "skos:prefLabel"),
        ("PREFIX my: <http://x/>\nASK { my", "my", "my:"),
        ("sel", "sel", "select"),
        ("SEL", "SEL", "SELECT"),
    ],
)
def test_what_comes_first(kg: rg.RoleGraph, cell: str, fragment: str, first: str) -> None:
    known = Known(vocabulary_of(kg), kg.index, {"role": kg.role("COO"), "_r": 1, "open": open})
    found = complete(cell, len(cell), known)
    assert (found.fragment, found.suggestions[0].text) == (fragment, first)


@pytest.mark.parametrize("cell", ["ASK { ?x ?y 'role:del", "ASK { # role:del", "ASK { <http://x"])
def test_nothing_inside_texts_comments_and_iris(kg: rg.RoleGraph, cell: str) -> None:
    assert complete(cell, len(cell), Known(vocabulary_of(kg), kg.index, {})).suggestions == ()


@pytest.mark.parametrize(
    ("typed", "fragment", "first"),
    [
        ("shared-sk", "shared-sk", "shared-skills"),
        ("shared-skills ", "", "a="),
        ("shared-skills a=X ", "", "b="),
        ('shared-skills a="Del', '"Del', '"Delivery Manager"'),
        ("shared-skills a=$ro", "$ro", "$role"),
        ("shared-skills --pa", "--pa", "--pandas"),
    ],
)
def test_behind_question(kg: rg.RoleGraph, typed: str, fragment: str, first: str) -> None:
    known = Known(vocabulary_of(kg), kg.index, {"role": kg.role("COO")})
    found = complete_question(typed, known)
    assert (found.fragment, found.suggestions[0].text) == (fragment, first)
