"""A role's neighbourhood: complete in words, lines that meet their roles, nothing in the way."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rolegraph as rg
from rolegraph.pictures._canvas import KINDS
from rolegraph.pictures._data import Link, Stop
from rolegraph.pictures.neighbourhood import Neighbourhood
from tests.drawing import LABELS, check, check_in_browser, dot_accepts, words
from tests.drawnlines import ends, lines_miss_words

if TYPE_CHECKING:
    from playwright.sync_api import Page

HERE = Neighbourhood(
    "Around Project Manager",
    Stop("Project Manager", "professional"),
    ((Stop("Delivery Manager", "Delivery management"), Link(0, 1, "lateral move", "stated")),),
    (
        (Stop("Senior Project Manager"), Link(0, 1, "promotion", "stated")),
        (Stop("Director"), Link(0, 1, "promotion", "curated", ("Strategic oversight",))),
        (Stop("Agile coaching", "a skill"), Link(0, 1, "specialisation", "stated")),
        (Stop("IT project manager", "O*NET"), Link(0, 1, "mapping", "imported", crossing=True)),
    ),
    (("skills", tuple(f"Skill {n}" for n in range(1, 41))), ("certifications", ("PMP", "CAPM")),
     ("duties", ())),
)  # fmt: skip
_TWENTY = tuple((Stop(f"Role {n}"), Link(0, 1, "suggested", "inferred")) for n in range(1, 21))
MANY = Neighbourhood("Many", Stop("Middle"), _TWENTY, _TWENTY[::-1])
ALONE = Neighbourhood("Alone", Stop("Lone role"), (), ())


def _texts(picture: Neighbourhood, width: int = 640) -> list[str]:
    return [w.text for w in words(picture.svg(width))]


_WAYS = st.lists(
    st.tuples(
        st.builds(Stop, LABELS, LABELS),
        st.builds(
            Link, st.just(0), st.just(1), st.sampled_from(["promotion", "suggested", ""]),
            st.sampled_from(KINDS), st.lists(LABELS, max_size=3).map(tuple), st.booleans(),
            st.booleans(),
        ),
    ),
    max_size=11,
).map(tuple)  # fmt: skip
_FACTS = st.lists(st.tuples(LABELS, st.lists(LABELS, max_size=15).map(tuple)), max_size=3)


def test_the_words_have_everything() -> None:
    lines = HERE.alt.splitlines()
    assert lines[:3] == [
        "Around Project Manager: Project Manager (professional).",
        "1 way here:",
        "- from Delivery Manager (Delivery management): lateral move, stated.",
    ]
    assert lines[3] == "4 ways on from here:"
    assert "- to Director: promotion, curated; 1 new skill: Strategic oversight." in lines
    assert (
        "- to IT project manager (O*NET): same work in another classification, imported." in lines
    )
    assert lines[-2].startswith("skills (40): Skill 1; ")
    assert "Skill 40." in lines[-2]
    assert lines[-1] == "certifications (2): PMP; CAPM."


@pytest.mark.parametrize("width", [280, 460, 600, 768, 1600])
def test_roles_types_and_kinds_are_drawn(width: int) -> None:
    drawn = _texts(HERE, width)
    whole = " ".join(drawn)
    for stop in (HERE.centre, *(stop for stop, _ in (*HERE.before, *HERE.after))):
        assert stop.label in whole
    assert {"promotion · stated", "promotion · curated", "1 new skill", "PMP"} <= set(drawn)
    assert "same work in another classification · imported" in whole
    shown = sum(text.startswith("Skill ") for text in drawn)
    assert shown >= 3
    assert f"and {40 - shown} more" in drawn


@pytest.mark.parametrize("width", [320, 800])
def test_many_neighbours_are_cut_and_counted(width: int) -> None:
    drawn = _texts(MANY, width)
    assert drawn.count("and 12 more") == 2
    assert {"20 ways here", "20 ways on from here", "Role 1", "Role 20"} <= set(drawn)
    assert "Role 10" not in drawn
    assert MANY.alt.count("- from Role") == MANY.alt.count("- to Role") == 20


def test_wide_goes_across_and_narrow_goes_down() -> None:
    for width, axis in ((768, "left"), (320, "top")):
        at = {w.text: w for w in words(HERE.svg(width))}
        order = [getattr(at[t], axis) for t in ("lateral move · stated", "professional", "a skill")]
        assert order == sorted(order)
        assert order[0] + 20 < order[1] < order[2] - 20


def test_lines_meet_their_roles() -> None:
    root = ET.fromstring(HERE.svg(800))
    svg = "{http://www.w3.org/2000/svg}"
    frames = [
        tuple(float(e.get(name, "0")) for name in ("x", "y", "width", "height"))
        for e in root.iter(f"{svg}rect")
        if e.get("class") in ("f-tint s-line", "s-ink") and e.get("rx") in ("6", "8")
    ]
    (centre,) = [f for f in frames if f[2] == max(f[2] for f in frames)]
    right = sorted({f for f in frames if f[0] > centre[0] + centre[2]}, key=lambda f: f[1])
    assert len(right) == 4
    found = [
        ends(e.get("d", ""))
        for e in root.iter(f"{svg}path")
        if e.get("stroke-width") == "3" and "Z" not in e.get("d", "")
    ]
    leaving = sorted(
        (pair for pair in found if abs(pair[0][0] - centre[0] - centre[2]) < 2),
        key=lambda pair: pair[1][1],
    )
    assert len(leaving) == 3  # the fourth is hollow
    for (_, start), (_, end) in leaving:
        assert centre[1] < start < centre[1] + centre[3]
        assert any(abs(end - (f[1] + f[3] / 2)) < 0.2 for f in right)


def test_nobody_around() -> None:
    assert ALONE.alt == "Alone: Lone role.\nNo way here is known.\nNo way on is known."
    for width in (280, 800):
        assert {"no way here is known", "no way on is known"} <= set(_texts(ALONE, width))
        check(ALONE.svg(width))


def test_unknown_kinds_are_refused() -> None:
    with pytest.raises(ValueError, match="'guessed' is no kind of evidence"):
        Neighbourhood("", Stop("A"), (), ((Stop("B"), Link(0, 1, "promotion", "guessed")),))


@settings(max_examples=40, deadline=None)
@given(LABELS, st.builds(Stop, LABELS, LABELS), _WAYS, _WAYS, _FACTS, st.integers(280, 1600))
def test_nothing_overlaps_whatever_the_labels(
    title: str, centre: Stop, before: tuple[tuple[Stop, Link], ...],
    after: tuple[tuple[Stop, Link], ...], facts: list[tuple[str, tuple[str, ...]]], width: int,
) -> None:  # fmt: skip
    picture = Neighbourhood(title, centre, before, after, tuple(facts))
    svg = picture.svg(width)
    assert svg == picture.svg(width)
    check(svg)
    lines_miss_words(svg)
    assert picture.alt.count("\n- ") >= len(before) + len(after)


def test_mermaid_and_dot() -> None:
    told = HERE.mermaid()
    assert told.startswith("flowchart LR\n")
    assert '    n1 -->|"lateral move, stated"| n0' in told
    assert '    n0 ---|"same work in another classification, imported"| n5' in told
    assert re.search(r'f1\["certifications: PMP, CAPM"\]', told)
    assert 'Skill 8, and 32 more"]' in told
    assert "shape=note" in HERE.dot()
    for picture in (HERE, MANY, ALONE):
        dot_accepts(picture.dot())


@pytest.mark.browser
def test_in_a_browser(page: Page, kg: rg.RoleGraph) -> None:
    name = "Project Manager"
    steps = kg.transitions()
    real = Neighbourhood(
        f"Around {name}",
        Stop(name, "Project management, professional"),
        tuple(
            (Stop(t.source.label, "family"), Link(0, 1, t.type, t.kind))
            for t in steps
            if t.source and t.target and t.target.label == name
        ),
        tuple(
            (Stop(t.target.label, "family"), Link(0, 1, t.type, t.kind))
            for t in steps
            if t.target and t.source and t.source.label == name
        ),
        (("skills", tuple(asked.skill.label for asked in kg.requirements(name))),),
    )
    for picture in (real, HERE, MANY):
        check_in_browser(page, picture)
