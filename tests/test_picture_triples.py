"""Triples as cards: all of them readable, and lines that meet their cards."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rolegraph as rg
from rolegraph.pictures.triples import MOST, Triples
from rolegraph.sparqlview import TriplesView
from rolegraph.terms import cell, raw_of, value_of
from tests.drawing import LABELS, check, check_in_browser, dot_accepts, words
from tests.drawnlines import ends, lines_miss_words, points

if TYPE_CHECKING:
    from playwright.sync_api import Page

_SVG = "{http://www.w3.org/2000/svg}"
WIDTHS = (280, 320, 460, 719, 720, 860, 1280, 1600)
FEW = Triples(
    "Answer",
    (
        ("role:a", "rdf:type", "rg:Role"),
        ("role:a", "rdf:type", "skos:Concept"),
        ("role:a", "skos:prefLabel", "Tester"),
        ("role:a", "rg:leadsTo", "role:b"),
        ("role:a", "rg:leadsTo", "role:c"),
        ("role:b", "skos:prefLabel", "Lead Tester"),
        ("role:b", "rg:hasEvidence", "_:1"),
        ("_:1", "rg:hasDistinctResponsibilitiesFrom", "role:a"),
        ("_:1", "rg:count", "3"),
    ),
    frozenset({2, 5, 8}),
)


@pytest.fixture(scope="module")
def real(kg: rg.RoleGraph) -> Triples:
    """Roles, what they are called and where they lead."""
    graph = kg.construct(
        "CONSTRUCT { ?a a rg:Role ; skos:prefLabel ?l ; rg:canTransitionTo ?b }"
        "{ ?a a rg:Role ; skos:prefLabel ?l OPTIONAL { ?a rg:canTransitionTo ?b } }"
    )
    raw = sorted(tuple(map(raw_of, triple)) for triple in graph)
    told = tuple((cell(value_of(s)), cell(value_of(p)), cell(value_of(o))) for s, p, o in raw)
    return Triples("Roles", told, frozenset(n for n, t in enumerate(raw) if t[2].kind == "literal"))


def texts(picture: Triples, width: int) -> list[str]:
    return [w.text for w in words(picture.svg(width))]


def cards(svg: str) -> list[tuple[float, float, float, float]]:
    """Give left, top, right and bottom of the cards."""
    out = []
    for e in ET.fromstring(svg).iter(f"{_SVG}rect"):
        if e.get("stroke-width") == "1.2":
            x, y, w, h = (float(e.get(name, "0")) for name in ("x", "y", "width", "height"))
            out.append((x, y, x + w, y + h))
    return out


def lines(svg: str) -> list[str]:
    """Give the lines from card to card, without their tips."""
    found = ET.fromstring(svg).iter(f"{_SVG}path")
    return [e.get("d", "") for e in found if e.get("stroke-width") == "1.5"]


def lines_meet_cards(svg: str) -> None:
    """Hold that lines begin at the edge of a card, and run between the cards."""
    found = cards(svg)
    for d in lines(svg):
        (x, y), _ = ends(d)
        assert any(min(abs(x - b[0]), abs(x - b[2])) < 0.2 and b[1] < y < b[3] for b in found), (
            f"a line begins at {x}, {y}, where no card is"
        )
        for x, y in points(d):
            assert not any(b[0] + 0.2 < x < b[2] - 0.2 and b[1] < y < b[3] for b in found)


def test_the_words_have_everything() -> None:
    assert FEW.alt.splitlines() == [
        "Answer",
        "role:a rdf:type rg:Role",
        "role:a rdf:type skos:Concept",
        'role:a skos:prefLabel "Tester"',
        "role:a rg:leadsTo role:b",
        "role:a rg:leadsTo role:c",
        'role:b skos:prefLabel "Lead Tester"',
        "role:b rg:hasEvidence _:1",
        "_:1 rg:hasDistinctResponsibilitiesFrom role:a",
        '_:1 rg:count "3"',
    ]


@pytest.mark.parametrize("width", WIDTHS)
def test_all_is_drawn_at_every_width(real: Triples, width: int) -> None:
    for picture in (FEW, real):
        svg = picture.svg(width)
        check(svg)
        lines_miss_words(svg)
        lines_meet_cards(svg)
        assert len(cards(svg)) == len({s for s, _, _ in picture.triples[:MOST]})
    told = texts(FEW, width)
    assert "rg:Role, skos:Concept" in told, "types stand in the second line"
    assert "rdf:type" not in told
    assert told.count("rg:leadsTo") == 1, "values of one property stand below each other"
    assert {"Tester", "Lead Tester", "3", "role:c", "a text, a number or a date"} <= set(told)
    assert len(lines(FEW.svg(width))) == 3  # to b, to the blank node and back to a; c has no card


def test_a_type_that_is_a_card_itself_keeps_its_row() -> None:
    picture = Triples("", (("a:b", "rdf:type", "a:C"), ("a:C", "rdfs:label", "C")), frozenset({1}))
    assert "rdf:type" in texts(picture, 460)
    assert len(lines(picture.svg(460))) == 1


def test_what_leads_to_itself_needs_no_line() -> None:
    picture = Triples("", (("a:b", "a:p", "a:b"),))
    assert texts(picture, 460).count("a:b") == 2
    assert not lines(picture.svg(460))


def test_forty_are_drawn_and_the_others_counted() -> None:
    made = tuple(("a:s", "a:p", f"a:o{n}") for n in range(MOST))
    assert not any("more" in t for t in texts(Triples("", made), 320))
    more = Triples("", (*made, ("a:s", "a:p", "a:last")))
    assert "and 1 more triple" in texts(more, 320)
    assert "a:o39" in texts(more, 320)
    assert "a:last" not in texts(more, 320)
    assert "a:last" in more.alt
    assert "a:last" not in more.mermaid() + more.dot()


def test_many_lines() -> None:
    """Everything leads to everything: what has no room for its line still says where it leads."""
    names = [f"a:thing-{n}" for n in range(7)]
    dense = Triples("", tuple((a, "a:p", b) for a in names for b in names if a != b)[:MOST])
    for width in WIDTHS:
        svg = dense.svg(width)
        check(svg)
        lines_miss_words(svg)
        lines_meet_cards(svg)
        assert texts(dense, width).count("a:thing-1") == 7
    assert dense.svg(900) == dense.svg(900)


def test_nothing_is_said_to_be_nothing() -> None:
    nothing = Triples("Answer", ())
    assert texts(nothing, 280) == ["Answer", "no triples"]
    assert nothing.alt == "Answer\nno triples"
    dot_accepts(nothing.dot())


@st.composite
def _some(draw: st.DrawFn) -> Triples:
    names = draw(st.lists(LABELS, min_size=1, max_size=8))
    name = st.sampled_from(names)
    kind = st.one_of(st.sampled_from(["rdf:type", "skos:related"]), LABELS)
    triples = tuple(draw(st.lists(st.tuples(name, kind, st.one_of(name, LABELS)), max_size=45)))
    places = st.integers(0, max(len(triples) - 1, 0))
    return Triples(draw(LABELS), triples, frozenset(draw(st.lists(places, max_size=30))))


@settings(max_examples=60, deadline=None)
@given(_some(), st.integers(280, 1600))
def test_nothing_overlaps_whatever_the_labels(picture: Triples, width: int) -> None:
    svg = picture.svg(width)
    check(svg)
    lines_miss_words(svg)
    lines_meet_cards(svg)
    assert picture.mermaid().startswith("flowchart")


def test_mermaid_and_dot(real: Triples) -> None:
    told = FEW.mermaid().splitlines()
    assert told[1] == '  n0(["role:a<br/>rg:Role, skos:Concept"])'
    assert '  n0 -->|"rg:leadsTo"| n2' in told
    assert '  n1["Tester"]' in told
    assert '  n5("_:1")'.replace("_", "#95;") in told
    assert 'n0 -> n2 [label="rg:leadsTo"]' in FEW.dot()
    assert 'label="role:a\\nrg:Role, skos:Concept"' in FEW.dot()
    nasty = Triples('"\\', (('a "b" \\', "<c> &", "\x00"), ("", "", "")), frozenset({1}))
    for picture in (FEW, real, nasty):
        dot_accepts(picture.dot())


def test_characters_that_xml_cannot_hold() -> None:
    check(Triples("a\x00b", (("\ud800", "\x07", "\ufffe"),), frozenset({0})).svg(280))


def test_a_notebook_shows_small_answers(kg: rg.RoleGraph) -> None:
    """A graph that is drawn as a whole stands above its table; blank nodes are no texts."""
    query = "CONSTRUCT { ?a skos:prefLabel ?l ; rdfs:seeAlso [ rdfs:label ?l ] } "
    small = TriplesView(kg.construct(query + "{ ?a a rg:Role ; skos:prefLabel ?l }"))
    picture = small._picture()
    assert picture is not None
    assert len(picture.triples) == 33
    assert len(picture.literals) == 22
    assert len(lines(picture.svg(460))) == 11
    assert "data:image/svg+xml" in small._repr_mimebundle_()["text/html"]
    large = TriplesView(kg.construct("CONSTRUCT WHERE { ?a a rg:Role ; ?p ?l }"))
    assert large._picture() is None
    assert TriplesView(kg.construct(query + "{ ?a rg:hasSkill ?l , ?a }"))._picture() is None


@pytest.mark.browser
def test_in_a_browser(page: Page, real: Triples) -> None:
    for picture in (real, FEW):
        check_in_browser(page, picture)
