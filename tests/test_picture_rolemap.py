"""The whole map: every role and transition, no line through a box, nothing on anything else."""

from __future__ import annotations

import itertools
import random
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rolegraph as rg
from rolegraph.pictures import _layers
from rolegraph.pictures._canvas import KINDS
from rolegraph.pictures._data import Link, Stop
from rolegraph.pictures.rolemap import RoleMap, _Plan
from tests.drawing import LABELS, check, check_in_browser, dot_accepts, words
from tests.drawnlines import lines_miss_words, points

if TYPE_CHECKING:
    from playwright.sync_api import Page

_SVG = "{http://www.w3.org/2000/svg}"
TYPES = ("promotion", "lateral move", "specialisation", "entry", "transition", "suggested", "odd")
LEVELS = ("junior", "professional", "senior", "lead", "director", "executive")
WIDTHS = (280, 320, 460, 600, 768, 1280, 1600)
SMALL = RoleMap(
    "Three roles",
    (Stop("Tester"), Stop("Senior Tester", "senior"), Stop("Lead Tester"), Stop("Clerk")),
    (
        Link(0, 1, "promotion", "stated", ("Planning", "Reporting")),
        Link(1, 2, "promotion", "imported, curated", untold=True),
        Link(0, 3, "lateral move", "curated"),
        Link(3, 0, "lateral move", "curated"),
        Link(2, 3, "close match", "imported", crossing=True),
        Link(1, 1, "promotion", "inferred"),
    ),
    (("professional", (0, 3)), ("senior", (1,)), ("lead", (2,))),
)


def article(kg: rg.RoleGraph) -> RoleMap:
    """Give the whole article as a map."""
    roles = kg.roles()
    at = {role.label: n for n, role in enumerate(roles)}
    links = tuple(
        Link(at[str(t.source)], at[str(t.target)], t.type, t.kind)
        for t in kg.transitions()
        if t.target is not None
    )
    rows = tuple(
        (level, tuple(n for n, role in enumerate(roles) if role.level == level)) for level in LEVELS
    )
    return RoleMap("Roles", tuple(Stop(role.label) for role in roles), links, rows)


@pytest.fixture(scope="module")
def real(kg: rg.RoleGraph) -> RoleMap:
    return article(kg)


def large(roles: int, links: int, bands: int) -> RoleMap:
    """Make a map of many roles; transitions lead up a level or two, or sideways."""
    chance = random.Random(roles)
    level = sorted(chance.randrange(max(bands, 1)) for _ in range(roles))
    found: list[Link] = []
    while len(found) < links:
        a, b = sorted(chance.sample(range(roles), 2))
        if level[b] - level[a] <= 2:
            type_ = "promotion" if level[a] < level[b] else "lateral move"
            found.append(Link(a, b, type_, chance.choice(KINDS)))
    names = ("Data", "Delivery", "Senior", "Platform", "Analyst", "Engineer", "Head", "Operations")
    stops = tuple(Stop(" ".join(chance.sample(names, 3))) for _ in range(roles))
    rows = tuple((LEVELS[n], tuple(i for i in range(roles) if level[i] == n)) for n in range(bands))
    return RoleMap("", stops, tuple(found), rows)


def boxes(svg: str) -> list[tuple[float, float, float, float]]:
    """Give left, top, right and bottom of the boxes of roles."""
    out = []
    for e in ET.fromstring(svg).iter(f"{_SVG}rect"):
        if e.get("stroke-width") == "1.2":
            x, y, w, h = (float(e.get(name, "0")) for name in ("x", "y", "width", "height"))
            out.append((x, y, x + w, y + h))
    return out


def lines_miss_boxes(svg: str) -> None:
    """Hold that boxes lie apart and no line runs into one, further than its edge."""
    found = boxes(svg)
    for (a, b, c, d), (e, f, g, h) in itertools.combinations(found, 2):
        assert c <= e or g <= a or d <= f or h <= b, "a box lies on another"
    for path in ET.fromstring(svg).iter(f"{_SVG}path"):
        for x, y in points(path.get("d", "")):
            inside = [b for b in found if b[0] + 1 < x < b[2] - 1 and b[1] + 1 < y < b[3] - 1]
            assert not inside, f"a line runs through a box at {x}, {y}"


def test_the_words_have_everything() -> None:
    assert SMALL.alt.splitlines() == [
        "Three roles",
        "lead: Lead Tester",
        "senior: Senior Tester (senior)",
        "professional: Tester; Clerk",
        "Tester → Senior Tester: promotion, stated; new: Planning, Reporting",
        "Senior Tester → Lead Tester: promotion, imported, curated; "
        "no source says which skills are new",
        "Tester → Clerk: lateral move, curated",
        "Clerk → Tester: lateral move, curated",
        "Lead Tester — Clerk: same work in another classification, imported",
        "Senior Tester → Senior Tester: promotion, inferred",
    ]


@pytest.mark.parametrize("width", WIDTHS)
def test_the_article_is_drawn_at_every_width(real: RoleMap, width: int) -> None:
    for picture in (real, SMALL):
        svg = picture.svg(width)
        check(svg)
        lines_miss_words(svg)
        lines_miss_boxes(svg)
        said = " ".join(w.text for w in words(svg))
        assert all(word in said for stop in picture.stops for word in stop.label.split())
        assert all(name in said for name, _ in picture.rows)
    assert len(boxes(real.svg(width))) == len(real.stops) == 11
    told = {w.text for w in words(real.svg(width))}
    assert {"stated", "curated", "promotion", "lateral move"} <= told


def test_levels_stand_above_each_other(real: RoleMap) -> None:
    for width in (320, 460, 1280):
        top = {w.text: w.top for w in reversed(words(real.svg(width)))}
        heights = [top[level] for level in LEVELS]
        assert heights == sorted(heights, reverse=True)


def test_the_article_has_its_lines_uncrossed(real: RoleMap) -> None:
    """Thirteen transitions, one of them there and back, reach their roles from below."""
    svg = real.svg(768)
    strokes = [e for e in ET.fromstring(svg).iter(f"{_SVG}path") if e.get("stroke-width") == "2"]
    tips = [e for e in strokes if e.get("d", "").count("L") == 2 and "C" not in e.get("d", "")]
    legends = 2  # one for each type
    assert len(strokes) - len(tips) - legends == 12
    bounds = boxes(svg)
    ends = [list(points(e.get("d", "")))[-1] for e in strokes if "C" in e.get("d", "")]
    for x, y in ends:
        assert any(b[0] < x < b[2] and 0 < y - b[3] < 12 for b in bounds)


def test_a_career_needs_no_levels() -> None:
    chain = RoleMap(
        "", tuple(Stop(name) for name in "ABCD"),
        tuple(Link(n, n + 1, "promotion", "stated") for n in range(3)),
    )  # fmt: skip
    for width in (320, 640):
        top = {w.text: w.top for w in words(chain.svg(width))}
        assert top["D"] < top["C"] < top["B"] < top["A"]
    side = RoleMap("", chain.stops[:2], (Link(0, 1, "lateral move", "stated"),))
    top = {w.text: w.top for w in words(side.svg(640))}
    assert top["A"] == top["B"], "a lateral move does not lead up"
    circle = RoleMap("", chain.stops, (*chain.links, Link(3, 0, "promotion", "stated")))
    for width in WIDTHS:
        check(circle.svg(width))
        lines_miss_boxes(circle.svg(width))


def test_what_is_no_career_step_has_no_tip() -> None:
    """A mapping is a hollow line, and says so."""
    joined = RoleMap("", SMALL.stops[:2], (Link(0, 1, "close match", "imported", crossing=True),))
    svg = joined.svg(400)
    assert "hollow: same work in another classification" in " ".join(w.text for w in words(svg))
    assert not [e for e in ET.fromstring(svg).iter(f"{_SVG}path") if "Z" in e.get("d", "")]


def test_what_cannot_be_drawn_is_said() -> None:
    told = [w.text for w in words(SMALL.svg(460))]
    assert "1 more, from a role to itself, cannot be drawn" in told
    assert "inferred" not in told, "the legend has the kinds of what is drawn"
    odd = RoleMap("", SMALL.stops, (Link(0, 1, "promotion", "guessed"),))
    with pytest.raises(ValueError, match="'guessed' is no kind of evidence"):
        odd.svg()


@pytest.mark.parametrize(("roles", "links", "bands"), [(60, 150, 6), (60, 60, 0), (40, 50, 1)])
def test_large_maps(roles: int, links: int, bands: int) -> None:
    picture = large(roles, links, bands)
    for width in (280, 460, 1280):
        svg = picture.svg(width)
        check(svg)
        lines_miss_words(svg)
        assert len(boxes(svg)) == roles
        texts = ET.fromstring(svg).iter(f"{_SVG}text")
        if not any(e.get("font-weight") and str(e.text) in picture.stops[0].label for e in texts):
            lines_miss_boxes(svg)  # cards that tell transitions in words have lines inside
    assert picture.svg(1280) == picture.svg(1280)
    assert picture.alt.count("→") == links


def test_crossings_are_counted_and_taken_out() -> None:
    pairs = [(0, 2), (1, 1), (2, 0), (0, 0), (1, 1)]
    slow = sum(
        (a - c) * (b - d) < 0 for (a, b), (c, d) in itertools.combinations(pairs, 2)
    )  # fmt: skip
    assert _layers._crossings(pairs) == slow == 5
    tangled = _layers.laid([range(4), range(4, 8)], [(n, 7 - n, "") for n in range(4)])
    low, high = _layers.fitted(tangled).rows
    assert [7 - n for n in low] == list(high)


@st.composite
def _maps(draw: st.DrawFn) -> RoleMap:
    count = draw(st.integers(0, 9))
    stops = tuple(Stop(draw(LABELS), draw(st.one_of(st.just(""), LABELS))) for _ in range(count))
    place = st.integers(0, count - 1)
    links = st.builds(
        Link, place, place, st.sampled_from(TYPES), st.sampled_from(KINDS),
        crossing=st.booleans(),
    )  # fmt: skip
    found = draw(st.lists(links, max_size=14)) if count else []
    levels = draw(st.lists(st.integers(0, 3), min_size=count, max_size=count))
    rows = [
        (draw(LABELS), tuple(i for i, level in enumerate(levels) if level == n)) for n in range(3)
    ]
    return RoleMap(draw(LABELS), stops, tuple(found), tuple(rows) if draw(st.booleans()) else ())


@settings(max_examples=60, deadline=None)
@given(_maps(), st.integers(280, 1600))
def test_nothing_overlaps_whatever_the_labels(picture: RoleMap, width: int) -> None:
    svg = picture.svg(width)
    check(svg)
    lines_miss_words(svg)
    assert len(boxes(svg)) == len(picture.stops)
    if _Plan.best(picture._bands(), picture.stops, picture._arrows(), width):
        lines_miss_boxes(svg)
    lines = len(picture.links) + len(picture._bands())
    assert len(picture.alt.splitlines()) >= lines
    assert picture.mermaid().startswith("flowchart")


def test_mermaid_and_dot(real: RoleMap) -> None:
    told = SMALL.mermaid().splitlines()
    assert told[:2] == ["flowchart BT", '    subgraph b0["professional"]']
    assert '    n0 -->|"promotion, stated"| n1' in told
    assert 'n2 -> n3 [label="same work in another classification, imported"' in SMALL.dot()
    nasty = RoleMap('"\\', (Stop('a "b" \\'), Stop("<c> & \x00")), SMALL.links[:1])
    for picture in (SMALL, real, nasty, RoleMap("", (), ()), large(60, 150, 6)):
        dot_accepts(picture.dot())


def test_characters_that_xml_cannot_hold() -> None:
    check(RoleMap("a\x00b", (Stop("\ud800\x07", "\ufffe"),), (), (("\x01", (0,)),)).svg(280))


@pytest.mark.browser
def test_in_a_browser(page: Page, real: RoleMap) -> None:
    for picture in (real, SMALL):
        check_in_browser(page, picture)
