"""The map of several routes: one order, no shared lanes, complete in words."""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rolegraph as rg
from rolegraph.pictures._canvas import KINDS
from rolegraph.pictures._data import Link, Stop
from rolegraph.pictures._lanes import Chart, arrange
from rolegraph.pictures.linemap import LineMap
from rolegraph.pictures.routesmap import RoutesMap
from tests.drawing import LABELS, check, check_in_browser, dot_accepts, words
from tests.drawnlines import lines_miss_words

if TYPE_CHECKING:
    from playwright.sync_api import Page


def _way(
    names: str, kind: str = "stated", crossings: tuple[int, ...] = (), title: str = ""
) -> LineMap:  # fmt: skip
    stops = tuple(Stop(name) for name in names.split())
    links = tuple(
        Link(n, n + 1, "promotion", kind, crossing=n in crossings) for n in range(len(stops) - 1)
    )
    return LineMap(title, stops, links)


FOUR = RoutesMap(
    "PM to COO",
    (_way("PM COO"), _way("PM Dir COO"), _way("PM Senior Portfolio Dir COO"),
     _way("PM Senior Program Dir COO")),
)  # fmt: skip
TURNED = RoutesMap("Turned", (_way("A B C Z"), _way("A C B Z", "inferred", (1,))))


@st.composite
def _routes(draw: st.DrawFn) -> RoutesMap:
    names = draw(st.lists(st.builds(Stop, LABELS, LABELS), min_size=1, max_size=9, unique=True))
    routes = []
    for _ in range(draw(st.integers(0, 10))):
        # now and then from the common start, so that much is shared
        stops = draw(st.lists(st.sampled_from(names), min_size=1, max_size=6, unique=True))
        if draw(st.booleans()):
            stops = [names[0], *(stop for stop in stops if stop != names[0])]
        links = tuple(
            Link(n, n + 1, draw(st.sampled_from(["promotion", "lateral move"])),
                 draw(st.sampled_from(KINDS)), crossing=draw(st.integers(0, 5)) == 0)
            for n in range(len(stops) - 1)
        )  # fmt: skip
        routes.append(LineMap(draw(LABELS), tuple(stops), links))
    return RoutesMap(draw(LABELS), tuple(routes))


def _texts(picture: RoutesMap, width: int = 640) -> list[str]:
    return [w.text for w in words(picture.svg(width))]


def _chart(picture: RoutesMap) -> Chart:
    return arrange([(route.stops, route.links) for route in picture.routes])


def _sound(picture: RoutesMap) -> None:
    """Hold what makes a chart right: every route runs down it, and no two ways share a lane."""
    chart = _chart(picture)
    for number, route in enumerate(picture.routes, 1):
        ways = sorted((w for w in chart.ways if number in w.routes), key=lambda w: w.source)
        stops = [chart.rows[way.source].stop for way in ways]
        stops += [chart.rows[ways[-1].target].stop] if ways else list(route.stops)
        assert stops == list(route.stops)
        assert all(a.target == b.source for a, b in pairwise(ways))
        assert [(w.link.type, w.link.kind) for w in ways] == [
            (link.type, link.kind) for link in route.links
        ]
    for way in chart.ways:
        assert way.source < way.target
        assert way.lane < chart.lanes
        for row in range(way.source + 1, way.target):
            assert chart.rows[row].lane != way.lane, "a way runs through a role"
    for a, b in combinations(chart.ways, 2):
        if a.lane == b.lane:
            assert a.target <= b.source or b.target <= a.source, "two ways share a lane"


def test_routes_part_and_meet() -> None:
    assert FOUR.alt.splitlines() == [
        "PM to COO: 4 routes.",
        "1. 1 step. PM → COO (promotion, stated).",
        "2. 2 steps. PM → Dir (promotion, stated) → COO (promotion, stated).",
        "3. 4 steps. PM → Senior (promotion, stated) → Portfolio (promotion, stated) → "
        "Dir (promotion, stated) → COO (promotion, stated).",
        "4. 4 steps. PM → Senior (promotion, stated) → Program (promotion, stated) → "
        "Dir (promotion, stated) → COO (promotion, stated).",
        "Routes part at PM, Senior. Routes meet at Dir, COO.",
    ]


def test_the_chart_has_each_role_once_and_few_lanes() -> None:
    chart = _chart(FOUR)
    assert [row.stop.label for row in chart.rows] == [
        "PM", "Senior", "Portfolio", "Program", "Dir", "COO",
    ]  # fmt: skip
    assert chart.lanes == 4  # four transitions run beside each other between Senior and Dir
    assert len(chart.ways) == 8
    shared = {(w.source, w.target): w.routes for w in chart.ways}
    assert shared[(0, 1)] == (3, 4)
    assert shared[(4, 5)] == (2, 3, 4)
    _sound(FOUR)


def test_opposite_orders_repeat_a_role() -> None:
    chart = _chart(TURNED)
    assert [row.stop.label for row in chart.rows if row.again] in (["B"], ["C"])
    assert len(chart.rows) == 5
    assert "the same role as above" in _texts(TURNED)
    assert "Drawn more than once, since routes pass it in other orders: B." in TURNED.alt
    assert "2 routes · 4 roles · read downwards" in _texts(TURNED)
    _sound(TURNED)


@pytest.mark.parametrize("width", [320, 640, 1280])
def test_numbers_and_key(width: int) -> None:
    drawn = _texts(FOUR, width)
    whole = " ".join(drawn)
    assert "2–4" in drawn or drawn.count("2") >= 2  # noqa: RUF001
    assert "2–4: promotion · stated" in drawn  # noqa: RUF001 - how COO is reached
    assert {"1 step", "2 steps", "4 steps", "directly"} <= set(drawn)
    assert "by way of Senior → Portfolio → Dir" in whole


def test_one_kind_of_step_on_all_routes_needs_no_numbers() -> None:
    both = RoutesMap("", (_way("A B C"), _way("A B D")))
    assert "promotion · stated" in _texts(both)
    assert "all" in _texts(both)


def test_titles_that_tell_routes_apart_are_shown() -> None:
    named = RoutesMap("", (_way("A B", title="fewest"), _way("A C B", title="easiest")))
    assert "fewest · 1 step" in _texts(named)
    assert "2. easiest: 2 steps. A → C (promotion, stated) → B" in named.alt
    alike = RoutesMap("", (_way("A B", title="way"), _way("A C B", title="way")))
    assert "1 step" in _texts(alike)


def test_parallel_transitions_of_two_kinds_stay_apart() -> None:
    two = RoutesMap("", (_way("A B"), _way("A B", "inferred")))
    assert [way.routes for way in _chart(two).ways] == [(1,), (2,)]
    assert {"1: promotion · stated", "2: promotion · inferred"} <= set(_texts(two))


def test_many_lanes_go_without_numbers_on_them() -> None:
    names = [f"Role{n}" for n in range(9)]
    many = RoutesMap("", tuple(_way(f"A {name} Z") for name in names))
    assert _chart(many).lanes == 9
    assert any("rx=" in r and 'height="16"' in r for r in re.findall("<rect[^>]*>", many.svg(1280)))
    narrow = re.findall('<rect[^>]*height="16" rx="8"[^>]*>', many.svg(320))
    assert len(narrow) == 9  # those of the key
    check(many.svg(280))
    lines_miss_words(many.svg(280))


def test_nothing_to_show() -> None:
    assert RoutesMap("None", ()).alt == "None: 0 routes."
    check(RoutesMap("None", ()).svg(280))
    there = RoutesMap("There", (_way("A"),))
    assert "already there" in _texts(there)


@settings(max_examples=40, deadline=None)
@given(_routes(), st.integers(280, 1600))
def test_nothing_overlaps_whatever_the_routes(picture: RoutesMap, width: int) -> None:
    _sound(picture)
    svg = picture.svg(width)
    assert svg == picture.svg(width)
    check(svg)
    lines_miss_words(svg)
    assert len(picture.alt.splitlines()) >= 1 + len(picture.routes)


def test_mermaid_and_dot() -> None:
    told = FOUR.mermaid()
    assert '    n0 -->|"3, 4: promotion, stated"| n1' in told
    assert told.count("linkStyle") == 8
    assert told.count("n5(") == 1
    assert '"2–4: promotion, stated"' in FOUR.dot()  # noqa: RUF001
    assert "dir=none" in TURNED.dot()
    assert '("B (drawn again)")' in TURNED.mermaid()
    for picture in (FOUR, TURNED, RoutesMap("", ())):
        dot_accepts(picture.dot())


@pytest.mark.browser
def test_in_a_browser(page: Page, kg: rg.RoleGraph) -> None:
    found = kg.routes("Project Manager", "Chief Operations Officer", k=4)
    assert len(found) == 4
    real = RoutesMap(
        "Four ways from Project Manager to Chief Operations Officer",
        tuple(
            LineMap(
                "",
                tuple(Stop(role.label, "family, level") for role in route.roles),
                tuple(
                    Link(n, n + 1, step.transition.type, step.transition.kind)
                    for n, step in enumerate(route.steps)
                ),
            )
            for route in found
        ),
    )
    for picture in (real, TURNED):
        check_in_browser(page, picture)
