"""Two roles side by side: complete in words, and nothing on top of anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rolegraph as rg
from rolegraph.pictures._canvas import KINDS
from rolegraph.pictures._data import Mark
from rolegraph.pictures.sides import Aspect, Sides
from tests.drawing import LABELS, check, check_in_browser, dot_accepts, words

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from rolegraph.comparison import Comparison

SMALL = Sides(
    "Tester and Analyst",
    "Tester",
    "Analyst",
    (
        Aspect("skills",
               (Mark("Curiosity", "stated, imported", "essential"),),
               (Mark("Scripting", "observed"), Mark("Test design", "curated")),
               (Mark("Modelling", "inferred"),),
               near=(("Scripting", "Modelling"), ("Modelling", "Scripting"))),
        Aspect("certifications", (), (), (Mark("CBAP", "stated"),)),
        Aspect("training", (), (), ()),
    ),
    relations=("They overlap (stated).",),
    note="As of today.",
)  # fmt: skip


def sides(c: Comparison) -> Sides:
    """Take the labels and kinds out of a comparison."""
    rows = []
    for name, split in c.aspects.items():
        groups = ([a for a, _ in split.shared], split.only_a, split.only_b)
        both, left, right = (
            tuple(Mark(f.label, ", ".join(f.kinds)) for f in group) for group in groups
        )
        near = tuple((a.label, b.label) for a, b in split.related)
        rows.append(Aspect(name, both, left, right, near))
    return Sides(f"{c.a} and {c.b}", str(c.a), str(c.b), tuple(rows))


@pytest.fixture(scope="module")
def real(kg: rg.RoleGraph) -> Sides:
    """Two roles of the article."""
    return sides(kg.compare("Delivery Manager", "Project Manager"))


def _texts(picture: Sides, width: int) -> list[str]:
    return [w.text for w in words(picture.svg(width))]


def test_the_words_have_everything(real: Sides) -> None:
    assert SMALL.alt.splitlines() == [
        "Tester and Analyst",
        "They overlap (stated).",
        "skills, both (1): Curiosity (essential; stated, imported).",
        "skills, only Tester (2): Scripting (observed); Test design (curated).",
        "skills, only Analyst (1): Modelling (inferred).",
        "skills, one the broader wording of the other: Scripting and Modelling; "
        "Modelling and Scripting.",
        "certifications, only Analyst (1): CBAP (stated).",
        '"only" means: not stated of the other role by any source.',
        "As of today.",
    ]
    for row in real.rows:
        for marks in row.columns:
            assert all(mark.label in real.alt for mark in marks)


@pytest.mark.parametrize("width", [280, 320, 460, 559, 560, 768, 1280, 1600])
def test_all_is_drawn_at_every_width(width: int, real: Sides) -> None:
    check(SMALL.svg(width))
    check(real.svg(width))
    drawn = " ".join(_texts(SMALL, width))
    for text in ("Curiosity", "essential", "Scripting", "Test design", "Modelling", "CBAP",
                 "They overlap (stated).", "As of today.", *KINDS):  # fmt: skip
        assert text in drawn, text
    assert '"only" means: not stated of the other role by any source.' in drawn
    assert "training" not in drawn


def test_three_columns_with_their_counts() -> None:
    at = {w.text: w for w in words(SMALL.svg(900))}
    assert at["Only Tester"].left < at["Both"].left < at["Only Analyst"].left
    assert at["Only Tester"].top == at["Both"].top == at["Only Analyst"].top
    assert at["Scripting"].left < at["Curiosity"].left < at["Modelling"].left
    assert {"2 in all", "1 in all"} <= set(at)
    assert _texts(SMALL, 900).count("Scripting ~ Modelling") + _texts(SMALL, 900).count(
        "Modelling ~ Scripting"
    ) == 1  # fmt: skip


def test_groups_below_each_other() -> None:
    at = {w.text: w for w in words(SMALL.svg(320))}
    assert at["both 1"].top < at["only Tester 2"].top < at["only Analyst 1"].top
    assert at["both 1"].left == at["only Tester 2"].left


def test_long_lists_are_cut_and_say_so(real: Sides) -> None:
    wide, narrow = _texts(real, 900), _texts(real, 320)
    assert "and 24 more" in wide  # 32 duties of a Delivery Manager only, 8 of them drawn
    assert "and 28 more" in wide
    assert "and 31 more" in narrow
    nine = Aspect("duties", tuple(Mark(f"Duty {i}", "stated") for i in range(9)), (), ())
    other = Aspect("skills", (), (Mark("A", "stated"),), ())
    texts = _texts(Sides("x", "A", "B", (nine, other, other)), 900)
    assert "Duty 8" in texts


def test_marks_tell_kinds_by_dash_and_colour() -> None:
    svg = SMALL.svg(640)
    for kind in KINDS:
        assert f'class="s-{kind}"' in svg
    assert "unsourced" in _texts(
        Sides("x", "A", "B", (Aspect("skills", (Mark("Z", "unsourced"),), (), ()),)), 640
    )


def test_nothing_to_show() -> None:
    empty = Sides("A and B", "A", "B", ())
    for width in (320, 900):
        check(empty.svg(width))
    dot_accepts(empty.dot())
    assert empty.mermaid().count("nothing stated") == 3


def test_as_text(real: Sides) -> None:
    text = SMALL.mermaid()
    assert text.count("subgraph") == 3
    assert 'g1n0["skills (1): Curiosity (essential; stated, imported)"]' in text
    assert "and 28 more" in real.mermaid()
    dot_accepts(real.dot())


MARKS = st.lists(
    st.builds(
        Mark,
        LABELS,
        st.sampled_from([*KINDS, "stated, imported", "unsourced", ""]),
        st.one_of(st.sampled_from(["", "essential", "recommended"]), LABELS),
    ),
    max_size=12,
).map(tuple)


@settings(max_examples=30, deadline=None)
@given(
    st.builds(
        Sides,
        LABELS,
        LABELS,
        LABELS,
        st.lists(
            st.builds(
                Aspect, LABELS, MARKS, MARKS, MARKS,
                st.lists(st.tuples(LABELS, LABELS), max_size=5).map(tuple),
            ),
            max_size=4,
        ).map(tuple),
        st.lists(LABELS, max_size=2).map(tuple),
        LABELS,
    ),
    st.integers(280, 1600),
)  # fmt: skip
def test_nothing_overlaps(picture: Sides, width: int) -> None:
    svg = picture.svg(width)
    check(svg)
    assert svg == picture.svg(width)
    for row in picture.rows:
        assert all(str(mark) in picture.alt for marks in row.columns for mark in marks)


@pytest.mark.browser
def test_in_a_browser(page: Page, real: Sides) -> None:
    check_in_browser(page, SMALL)
    check_in_browser(page, real)
