"""The line map of a route: complete in words, and nothing on top of anything else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rolegraph as rg
from rolegraph.pictures._canvas import DASHES, KINDS, PALETTE
from rolegraph.pictures._data import Link, Stop
from rolegraph.pictures._type import measure
from rolegraph.pictures.linemap import LineMap
from tests.drawing import LABELS, check, check_in_browser, dot_accepts, words
from tests.drawnlines import lines_miss_words

if TYPE_CHECKING:
    from playwright.sync_api import Page

UP = LineMap(
    "Project Manager to Chief Operations Officer",
    (
        Stop("Project Manager", "Project management, professional"),
        Stop("Senior Project Manager", "Project management, senior"),
        Stop("Director of Project Management"),
        Stop("Chief Operations Officer", "executive"),
    ),
    (
        Link(0, 1, "promotion", "stated", untold=True),
        Link(1, 2, "promotion", "curated", ("Leadership", "Strategic oversight")),
        Link(2, 3, "promotion", "curated"),
    ),
)
MANY = LineMap(
    "Project Manager to Delivery Manager",
    (Stop("Project Manager"), Stop("Delivery Manager")),
    (Link(0, 1, "lateral move", "stated", tuple(f"Skill number {n}" for n in range(1, 41))),),
)
ACROSS = LineMap(
    "Across",
    (Stop("ICT project manager", "ESCO"), Stop("IT Project Managers", "O*NET"), Stop("C", "O*NET")),
    (Link(0, 1, "mapping", "imported", crossing=True), Link(1, 2, "suggested", "inferred")),
)
THERE = LineMap("Nothing to do", (Stop("Project Manager"),), ())


def _texts(picture: LineMap, width: int = 640) -> list[str]:
    return [w.text for w in words(picture.svg(width))]


@st.composite
def _routes(draw: st.DrawFn) -> LineMap:
    stops = draw(st.lists(st.builds(Stop, LABELS, LABELS), min_size=1, max_size=5))
    links = tuple(
        Link(
            n, n + 1, draw(st.sampled_from(["promotion", "lateral move", "mapping"])),
            draw(st.sampled_from([*KINDS, "imported, stated"])),
            tuple(draw(st.lists(LABELS, max_size=12))), draw(st.booleans()), draw(st.booleans()),
        )
        for n in range(len(stops) - 1)
    )  # fmt: skip
    return LineMap(draw(LABELS), tuple(stops), links)


def test_the_words_have_every_step() -> None:
    lines = UP.alt.splitlines()
    assert lines[0] == (
        "Project Manager to Chief Operations Officer: 3 steps. 2 new skills known. "
        "Which skills are new is not stated for 1 of 3 steps."
    )
    assert lines[1].endswith(
        "(Project management, senior): promotion, stated; "
        "no source states which skills it asks for."
    )
    assert lines[2].endswith("promotion, curated; 2 new skills: Leadership; Strategic oversight.")
    assert lines[3].endswith("promotion, curated; no new skills.")


@pytest.mark.parametrize("width", [280, 460, 768, 1600])
def test_roles_types_kinds_and_skills_are_drawn(width: int) -> None:
    drawn = _texts(UP, width)
    whole = " ".join(drawn)
    for stop in UP.stops:
        assert stop.label in whole
        assert stop.sub in whole
    assert drawn.count("promotion · curated") == 2
    assert {"promotion · stated", "Leadership", "2 new skills", "no new skills"} <= set(drawn)
    assert "no source states which skills it asks for" in whole
    assert drawn[-2:] == ["stated", "curated"]  # the legend


def test_kinds_have_their_colour_and_dash() -> None:
    svg = UP.svg(640)
    lines = re.findall(r'<path class="s-curated" stroke="([^"]*)"[^>]*dasharray="([^"]*)"', svg)
    assert set(lines) == {(PALETTE["curated"][0], DASHES["curated"])}
    assert len(lines) == 3  # two steps and the legend


def test_the_line_ends_at_its_stations() -> None:
    svg = UP.svg(640)
    rings = [
        (float(y), float(r))
        for y, r in re.findall(r'<circle[^>]*cy="([\d.]+)" r="([\d.]+)" stroke-w', svg)
    ]
    assert len(rings) == 4
    assert [r for _, r in rings] == [9, 7, 7, 9]
    starts = [float(y) for y in re.findall(r'd="M26 ([\d.]+)V', svg)]
    tips = [float(y) for y in re.findall(r'd="M26 ([\d.]+)L', svg)]
    assert starts == pytest.approx([y for y, _ in rings[:-1]], abs=0.1)
    assert tips == pytest.approx([y - r - 1.5 for y, r in rings[1:]], abs=0.1)


@pytest.mark.parametrize("width", [280, 640, 1280])
def test_long_lists_are_cut_and_counted(width: int) -> None:
    drawn = _texts(MANY, width)
    shown = sum(text.startswith("Skill number") for text in drawn)
    assert shown >= 3
    assert f"and {40 - shown} more" in drawn
    assert "40 new skills" in drawn
    assert "Skill number 40" in MANY.alt


def test_a_crossing_is_hollow_and_no_step() -> None:
    drawn = _texts(ACROSS)
    assert "1 step and 1 crossing · no new skills" in drawn
    assert "same work in another classification · imported" in drawn
    assert "mapping · imported" not in drawn
    svg = ACROSS.svg()
    assert len(re.findall(r'class="s-card"', svg)) == 2  # the hollow of the line, of the legend
    assert svg.count("Z") == 1  # one arrow: a mapping is no move


def test_nowhere_to_go() -> None:
    assert THERE.alt == "Nothing to do: already there.\nProject Manager."
    assert _texts(THERE) == ["Nothing to do", "already there", "Project Manager"]
    empty = LineMap("None", (), ())
    assert empty.alt == "None: no route."
    check(empty.svg(280))


def test_what_is_no_single_way_is_refused() -> None:
    a, b = Stop("A"), Stop("B")
    step = Link(0, 1, "promotion", "stated")
    with pytest.raises(ValueError, match="leads from stop 0 to stop 1, not from 1 to 0"):
        LineMap("", (a, b), (Link(1, 0, "promotion", "stated"),))
    with pytest.raises(ValueError, match="a line map of 2 stops has 1 link, not 0"):
        LineMap("", (a, b), ())
    with pytest.raises(ValueError, match="needs the stops"):
        LineMap("", (), (step,))
    with pytest.raises(ValueError, match="'guessed' is no kind of evidence; the kinds are stated"):
        LineMap("", (a, b), (Link(0, 1, "promotion", "guessed"),))


def test_several_kinds_are_all_named() -> None:
    both = LineMap("", (Stop("A"), Stop("B")), (Link(0, 1, "promotion", "imported, stated"),))
    assert "promotion · imported, stated" in _texts(both)
    assert "promotion, imported, stated" in both.alt


def test_the_same_data_give_the_same_drawing() -> None:
    assert UP.svg(500) == UP.svg(500)


@settings(max_examples=40, deadline=None)
@given(_routes(), st.integers(280, 1600))
def test_nothing_overlaps_whatever_the_labels(picture: LineMap, width: int) -> None:
    check(picture.svg(width))
    lines_miss_words(picture.svg(width))
    assert picture.alt
    assert picture.mermaid().startswith("flowchart")


def test_characters_that_xml_cannot_hold() -> None:
    check(LineMap("a\x00b", (Stop("\ud800\x07", "\ufffe"),), ()).svg(280))


def test_mermaid_and_dot() -> None:
    told = UP.mermaid().splitlines()
    assert told[0] == "flowchart TD"
    assert '    n1 -->|"promotion, curated"| n2' in told
    assert "    linkStyle 1 stroke:#b8500a,stroke-width:2px,stroke-dasharray:11 4" in told
    assert 'n0 -> n1 [label="promotion, stated" color="#0064a8" style="solid"]' in UP.dot()
    nasty = LineMap('"\\', (Stop('a "b" \\'), Stop("<c> & \x00")), (UP.links[0],))
    for picture in (UP, ACROSS, nasty, THERE):
        dot_accepts(picture.dot())


_STARTS = """([one, two]) => {
  const texts = [...document.querySelectorAll("svg text")];
  const title = texts.find(t => t.textContent === `${one} → ${two}`);
  const at = i => title.getExtentOfChar(i).x;
  const name = texts.find(t => t.textContent === two && t.getAttribute("font-weight") !== "bold");
  return [
    { first: at(0), arrow: at(one.length + 1), second: at(one.length + 3) },
    { wide: name.getComputedTextLength(), size: Number(name.getAttribute("font-size") || 14) },
  ];
}"""


@pytest.mark.browser
def test_in_a_browser(page: Page, kg: rg.RoleGraph) -> None:
    route = kg.route("Project Manager", "Delivery Director")
    real = LineMap(
        "Project Manager to Delivery Director",
        tuple(Stop(role.label, "family, level") for role in route.roles),
        tuple(
            Link(n, n + 1, step.transition.type, step.transition.kind,
                 tuple(asked.skill.label for asked in step.new_skills))
            for n, step in enumerate(route.steps)
        ),
    )  # fmt: skip
    names = ("مدير المشروع 1", "מנהל פיתוח (2)", "مسؤول سلسلة التوريد والخدمات اللوجستية 3")
    links = (Link(0, 1, "promotion", "stated", names), Link(1, 2, "promotion", "stated"))
    arabic = LineMap(f"{names[0]} → {names[1]}", tuple(map(Stop, names)), links)
    for picture in (real, UP, ACROSS, arabic):
        check_in_browser(page, picture)
    # names from right to left keep their side of the arrow, and their room is nearly what they take
    page.set_content(f"<style>svg text{{font-family:'DejaVu Sans'}}</style>{arabic.svg(640)}")
    title, name = page.evaluate(_STARTS, [names[0], names[1]])
    assert title["first"] < title["arrow"] < title["second"]
    assert name["wide"] <= measure(names[1], name["size"]) < 1.6 * name["wide"]
