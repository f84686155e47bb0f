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
from rolegraph.sparqltext import unplaced
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


BOUND = "SELECT (COUNT(?s) AS ?n) { ?a rg:hasSkill ?s }"


def test_a_count_of_nothing_is_an_empty_answer(kg: rg.RoleGraph) -> None:
    told = "a is bound to a text, not to role:delivery-manager"
    for query in (
        BOUND,
        "SELECT (MAX(?s) AS ?m) (SUM(?s) AS ?t) (GROUP_CONCAT(?s) AS ?l) { ?a rg:hasSkill ?s }",
        "SELECT ?a (COUNT(?s) AS ?n) { ?a rg:hasSkill ?s } GROUP BY ?a",
    ):
        rows = kg.query(query, a="Delivery Manager")
        assert not rows.found
        assert rows.notes[0].startswith(told), query
    _, notes = ask_cell(BOUND.replace("?a", "$a"), kg, {"a": "Delivery Manager"}, None, kg.index)
    assert notes[0].startswith(told)
    found = kg.query(BOUND, a=kg.role("Delivery Manager"))
    assert found.found
    assert found.notes == ()
    rank = "SELECT ?n { BIND(0 AS ?n) FILTER(STR(?a) != '') }"
    assert kg.query(rank, a="Delivery Manager").notes == (), "a nought that is no count"


def test_no_and_an_empty_graph_warn_where_a_slip_is_the_likely_cause(kg: rg.RoleGraph) -> None:
    with pytest.warns(rg.EmptyAnswerWarning, match="a is bound to a text") as caught:
        assert kg.ask("ASK { ?a rg:hasSkill ?s }", a="Delivery Manager") is False
    assert caught[0].filename == __file__
    with pytest.warns(rg.EmptyAnswerWarning, match="did you mean rg:hasSkill") as caught:
        assert len(kg.construct("CONSTRUCT WHERE { ?a rg:hasSkil ?s }")) == 0
    assert caught[0].filename == __file__
    # each of these would fail with a warning: what is true, and what is false for no slip
    assert kg.ask("ASK { ?a rg:hasSkill ?s }", a=kg.role("Delivery Manager"))
    assert not kg.ask("ASK { role:delivery-director rg:leadsTo role:project-manager }")
    query = "ASK { $a rg:hasSkill ?s }"
    answer, notes = ask_cell(query, kg, {"a": "Delivery Manager"}, None, kg.index)
    assert (answer, len(notes)) == (False, 1)


def test_a_data_frame_keeps_the_notes(kg: rg.RoleGraph) -> None:
    for query in (BOUND, "SELECT ?s { ?a rg:hasSkill ?s }"):
        rows = kg.query(query, a="Delivery Manager")
        with pytest.warns(rg.EmptyAnswerWarning, match="a is bound to a text") as caught:
            frame = rows.to_pandas()
        assert caught[0].filename == __file__
        assert frame.attrs["notes"] == list(rows.notes)
    some = kg.query("SELECT ?r ?x { ?r a rg:Role OPTIONAL { ?r rg:hasSkil ?x } }").to_pandas()
    assert some.attrs["notes"] == ["no property rg:hasSkil; did you mean rg:hasSkill?"]
    assert kg.query("SELECT ?r { ?r a rg:Role }").to_pandas().attrs == {}


@pytest.mark.parametrize(
    ("body", "noted"),
    [
        ('?r skos:prefLabel "Delivery Manager"', True),
        ("?r skos:prefLabel 'delivery manager'", True),
        ('?r skos:prefLabel ?l FILTER(?l = "Delivery Manager")', True),
        ('VALUES ?l { "x" "Delivery Manager" } ?r skos:prefLabel ?l', True),
        ('?r rg:hasSkill "Delivery Manager"', True),
        ('?r rg:hasSkill ?s ; skos:prefLabel "Delivery Manager"@de', False),
        ('?r skos:prefLabel "Delivery Manager"^^xsd:token', False),
        ('?r rg:hasSkil ?s FILTER(STR(?s) = "Delivery Manager")', False),
        ('?r rg:none ?s BIND(STR(?s) AS ?l) FILTER(?l = "Delivery Manager")', False),
        ('?r skos:altLabel ?l FILTER(CONTAINS(?l, "Delivery Manager"))', False),
        ('?r skos:prefLabel "no such thing"', False),
    ],
)
def test_a_label_without_its_language_is_named(kg: rg.RoleGraph, body: str, noted: bool) -> None:
    notes = kg.query(f"SELECT ?r {{ {body} }}").notes
    told = 'write "Delivery Manager"@en, or the thing itself, role:delivery-manager'
    assert any(told in n for n in notes) is noted, notes
    assert kg.query('SELECT ?r { ?r skos:prefLabel "Delivery Manager"@en }').notes == ()


@pytest.mark.parametrize(
    ("query", "noted"),
    [
        ("SELECT ?skil { ?role rg:hasSkill ?skill } LIMIT 1", "?skil stands nowhere in the "
         "pattern; did you mean ?skill?"),
        ("SELECT (COUNT(?skil) AS ?n) { ?role rg:hasSkill ?skill }", "did you mean ?skill?"),
        ("SELECT ?zebra { ?role rg:hasSkill ?skill } ORDER BY ?zebra LIMIT 1",
         "?zebra stands nowhere in the pattern"),
        ("SELECT ?s { { SELECT ?skil { ?r rg:hasSkill ?s } LIMIT 1 } ?q rg:hasSkill ?s } LIMIT 1",
         "?skil stands"),
        ("SELECT * { ?role rg:hasSkill ?skill } LIMIT 1", ""),
        ("SELECT (STR(?skill) AS ?t) (STRLEN(?t) AS ?n) { ?role rg:hasSkill ?skill } LIMIT 1", ""),
        ("SELECT ?k (COUNT(*) AS ?n) { ?s a ?c } GROUP BY (STR(?c) AS ?k) LIMIT 1", ""),
        ("SELECT ?v { ?s a rg:Role } VALUES ?v { 1 }", ""),
        ("SELECT ?s ?l { ?s a rg:Role { SELECT ?s ?l { ?s skos:prefLabel ?l } } } LIMIT 1", ""),
    ],
)  # fmt: skip
def test_a_variable_of_no_pattern_is_named(kg: rg.RoleGraph, query: str, noted: str) -> None:
    notes = kg.query(query).notes
    assert noted in notes[0] if noted else notes == (), notes
    for question in kg.questions():
        assert unplaced(question.query) == (), question.name
    assert kg.query("SELECT ?a ?s { ?r rg:hasSkill ?s } LIMIT 1", a=1).notes == ()


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
