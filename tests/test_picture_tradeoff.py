"""The plot of trade-offs: complete in words, and nothing on top of anything else."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rolegraph.pictures.tradeoff import Point, TradeOff, _front, _ticks
from tests.drawing import LABELS, check, check_in_browser, dot_accepts, words

if TYPE_CHECKING:
    from playwright.sync_api import Page

THREE = TradeOff(
    "project manager → ICT project manager",
    ("steps", "new-skills", "hardest-step"),
    (
        Point("project manager → ICT project manager", (1, 39, 39)),
        Point("project manager → project support officer → ICT project manager", (2, 49, 36)),
        Point("project manager → shop supervisor → telecommunications manager → "
              "ICT project manager", (3, 75, 30), ("", "≥", "≥")),
    ),
    note="proved: the Pareto set of all routes of up to 5 steps",
)  # fmt: skip
TWO = TradeOff(
    "Project Manager → Delivery Director",
    ("steps", "new-skills"),
    (
        Point("A → B", (2, 9)), Point("A → C → B", (2, 9)), Point("A → D → B", (3, 6), ("", "≥")),
        Point("A → E → B", (4, 5)), Point("A → F → B", (2, 10)),
    ),
)  # fmt: skip
MANY = TradeOff(
    "Sixty",
    ("new-skills", "months"),
    tuple(Point(f"A → {i} → B", (i * 7 % 31, i * 11 % 37)) for i in range(60)),
)


def _texts(picture: TradeOff, width: int) -> list[str]:
    return [w.text for w in words(picture.svg(width))]


def _dots(picture: TradeOff, width: int) -> int:
    root = ET.fromstring(picture.svg(width))
    return sum(float(e.get("r", "0")) < 8 for e in root.iter("{http://www.w3.org/2000/svg}circle"))


def test_the_words_have_every_figure() -> None:
    lines = THREE.alt.splitlines()
    assert lines[1] == (
        "3 routes; lower is better. Objectives: steps; new skills on the whole way; "
        "hardest step, in new skills."
    )
    assert lines[2].endswith("steps 1 (lowest), new skills 39 (lowest), hardest step 39.")
    # what to learn is a least, but steps are counted; and a least may not be the lowest
    assert lines[4].endswith("steps 3, new skills ≥75, hardest step ≥30.")
    assert "may be more" in lines[5]
    assert lines[6] == THREE.note


@pytest.mark.parametrize("width", [280, 320, 460, 640, 900, 1280, 1600])
def test_all_is_drawn_at_every_width(width: int) -> None:
    for picture in (THREE, TWO, MANY):
        check(picture.svg(width))
        assert any("lower is better" in text for text in _texts(picture, width))
    drawn = " ".join(_texts(THREE, width))
    for figure in ("39", "49", "36", "≥75", "≥30"):
        assert figure in drawn
    assert "ICT project manager" in drawn
    assert _dots(THREE, width) == 9


def test_routes_with_the_same_figures_have_their_numbers_side_by_side() -> None:
    drawn = _texts(TWO, 640)
    assert "1, 2" in drawn
    assert "3" in drawn
    assert _dots(TWO, 640) == 4


def test_axes_are_named_with_what_they_count() -> None:
    drawn = _texts(TWO, 640)
    assert "steps →" in drawn
    assert "↑ new skills on the whole way" in drawn
    assert "Bold: lowest figure." in drawn
    own = TradeOff("x", ("months", "steps"), (Point("A → B", (4, 1)), Point("A → C", (3, 2))))
    assert "months →" in _texts(own, 640)


def test_of_sixty_all_dots_are_drawn_and_the_list_is_cut() -> None:
    drawn = _texts(MANY, 640)
    assert "and 48 more" in drawn
    assert _dots(MANY, 640) == len({p.values for p in MANY.points})
    assert MANY.alt.count("\n") == 61
    table = TradeOff("Sixty", ("a", "b", "c"),
                     tuple(Point(p.label, (*p.values, 1)) for p in MANY.points))  # fmt: skip
    for width in (320, 900):
        assert "and 48 more" in _texts(table, width)
        assert _dots(table, width) == 180


def test_thirteen_are_not_cut_for_the_sake_of_one() -> None:
    picture = TradeOff("x", ("a", "b"), MANY.points[:13])
    assert not any("more" in text for text in _texts(picture, 640))


def test_one_objective_is_sorted_and_keeps_its_numbers() -> None:
    picture = TradeOff("x", ("new-skills",), (Point("A → B", (9,)), Point("A → C", (4,))))
    drawn = _texts(picture, 640)
    assert drawn.index("A → C") < drawn.index("A → B")
    assert drawn[drawn.index("A → C") - 2 : drawn.index("A → C")] == ["2", "4"]


def test_the_line_has_no_route_below_it() -> None:
    front = [p.values for p in _front(MANY.points)]
    assert front == sorted(front)
    for point in MANY.points:
        assert not any(all(a < b for a, b in zip(point.values, f, strict=True)) for f in front)
        assert any(all(a <= b for a, b in zip(f, point.values, strict=True)) for f in front)


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.integers(1, 9))
def test_ticks_reach_around_all_figures(low: float, span: float, most: int) -> None:
    ticks = _ticks(low, low + span, most)
    assert ticks == sorted(set(ticks))
    assert ticks[0] <= low + 1e-6
    assert ticks[-1] >= low + span - 1e-6
    assert 2 <= len(ticks) <= most + 3


def test_a_point_without_its_figures_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"route 2 \('B'\) has 1 figures for 2 objectives"):
        TradeOff("x", ("a", "b"), (Point("A", (1, 2)), Point("B", (1,))))


def test_nothing_to_show() -> None:
    empty = TradeOff("x", ("steps", "months"), ())
    check(empty.svg(320))
    assert "0 routes" in empty.alt
    check(TradeOff("x", (), (Point("A → B", ()),)).svg(640))
    dot_accepts(empty.dot())


def test_as_text() -> None:
    assert THREE.mermaid().startswith("flowchart LR\n")
    assert '"steps 3 · new skills ≥75 · hardest step ≥30"' in THREE.mermaid()
    assert len(re.findall(r"^  o -- ", THREE.mermaid(), re.M)) == 3
    dot_accepts(THREE.dot())


FIGURES = st.one_of(st.integers(0, 120).map(float), st.floats(0, 5000), st.just(1.0))


@st.composite
def tradeoffs(draw: st.DrawFn) -> TradeOff:
    names = st.one_of(st.sampled_from(["steps", "new-skills", "hardest-step", "effort",
                                       "effort-importance", "certifications", "months"]),
                      LABELS)  # fmt: skip
    objectives = tuple(draw(st.lists(names, min_size=1, max_size=6)))
    values = st.tuples(*[FIGURES] * len(objectives))
    marks = st.tuples(*[st.sampled_from(["", "≥", "≤", "≈"])] * len(objectives))
    points = draw(st.lists(st.builds(Point, LABELS, values, st.just(()) | marks), max_size=16))
    return TradeOff(draw(LABELS), objectives, tuple(points), draw(LABELS))


@settings(max_examples=60, deadline=None)
@given(tradeoffs(), st.integers(280, 1600))
def test_nothing_overlaps(picture: TradeOff, width: int) -> None:
    svg = picture.svg(width)
    check(svg)
    assert svg == picture.svg(width)
    for point in picture.points:
        assert point.label in picture.alt


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=2, max_size=60),
    st.lists(st.booleans(), min_size=60, max_size=60),
    st.integers(280, 1000),
)
def test_no_number_lies_on_a_dot(
    places: list[tuple[int, int]], least: list[bool], width: int
) -> None:
    points = (
        Point("A → B", v, ("≥", "≥") if x else ()) for v, x in zip(places, least, strict=False)
    )
    check(TradeOff("x", ("new-skills", "hardest-step"), tuple(points)).svg(width))


def test_only_what_is_surely_the_lowest_is_called_so() -> None:
    def lowest(a: str, b: str) -> list[bool]:
        points = (Point("A → B", (2,), (a,)), Point("A → C → B", (3,), (b,)))
        lines = TradeOff("x", ("new-skills",), points).alt.splitlines()[2:4]
        return ["(lowest)" in line for line in lines]

    assert lowest("", "") == lowest("", "≥") == lowest("≤", "≥") == [True, False]
    assert lowest("≥", "") == lowest("≤", "≤") == lowest("", "≈") == [False, False]


def test_where_all_are_the_same_none_is_the_lowest() -> None:
    same = TradeOff("x", ("steps", "months"), (Point("A → B", (2, 5)), Point("A → C", (2, 4))))
    assert "A → B: steps 2, months 5." in same.alt
    assert "A → C: steps 2, months 4 (lowest)." in same.alt


@settings(max_examples=8, deadline=None)
@given(tradeoffs())
def test_graphviz_reads_it(picture: TradeOff) -> None:
    dot_accepts(picture.dot())


@pytest.mark.browser
def test_in_a_browser(page: Page) -> None:
    for picture in (THREE, TWO, MANY):
        check_in_browser(page, picture)
