"""The ladder from role to role: complete in words, and nothing on top of anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rolegraph as rg
from rolegraph.pictures._canvas import KINDS
from rolegraph.pictures._data import Mark
from rolegraph.pictures.ladder import Ladder
from tests.drawing import LABELS, check, check_in_browser, dot_accepts, words

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from rolegraph.comparison import Gap

FULL = Ladder(
    "Tester → Team Lead",
    "Tester",
    "Team Lead",
    keep=(Mark("Curiosity", "stated", "essential"), Mark("Writing", "curated", "essential")),
    raised=((Mark("Planning", "imported", "essential"), "Working", "Expert"),),
    new=(Mark("Coaching", "stated", "essential"), Mark("Hiring", "observed", "beneficial")),
    duties=(Mark("Lead the team", "inferred"),),
    certifications=(Mark("PMP", "stated", "can"), Mark("ITIL", "stated", "can")),
    near=(("Writing", "Coaching"),),
    unstated=("responsibilities of Tester",),
)


def ladder(g: Gap) -> Ladder:
    """Take the labels and kinds out of a gap."""
    return Ladder(
        f"{g.source} → {g.target}", str(g.source), str(g.target),
        tuple(Mark(r.label, r.claim.kind, r.strength or "") for r in g.shared_skills),
        (),
        tuple(Mark(r.label, r.claim.kind, r.strength or "") for r in g.new_skills),
        tuple(Mark(f.label, ", ".join(f.kinds)) for f in g.new_responsibilities),
        tuple(Mark(f.label, ", ".join(f.kinds)) for f in g.new_certifications),
        tuple((s.label, r.label) for r, s in g.near_skills),
        g.not_stated,
    )  # fmt: skip


@pytest.fixture(scope="module")
def real(kg: rg.RoleGraph) -> Ladder:
    """Two roles of the article, with many new duties."""
    return ladder(kg.gap("Delivery Manager", "Project Manager"))


def _texts(picture: Ladder, width: int) -> list[str]:
    return [w.text for w in words(picture.svg(width))]


def test_the_words_have_everything(real: Ladder) -> None:
    assert FULL.alt.splitlines() == [
        "Tester → Team Lead",
        "From the bottom: Tester.",
        "2 skills carry over: Curiosity (essential; stated); Writing (essential; curated).",
        "1 skill to raise: Planning (Working → Expert, essential; imported).",
        "2 new skills: Coaching (essential; stated); Hiring (beneficial; observed).",
        "One the broader wording of the other: Writing → Coaching.",
        "2 new certifications: PMP (can; stated); ITIL (can; stated).",
        "1 new duty: Lead the team (inferred).",
        "Not stated by any source: responsibilities of Tester.",
        "At the top: Team Lead.",
    ]
    assert len(real.duties) > 20
    assert all(str(mark) in real.alt for mark in (*real.keep, *real.new, *real.duties))


@pytest.mark.parametrize("width", [280, 320, 460, 560, 768, 1280, 1600])
def test_all_is_drawn_at_every_width(width: int, real: Ladder) -> None:
    check(FULL.svg(width))
    check(real.svg(width))
    drawn = " ".join(_texts(FULL, width))
    for text in ("Curiosity", "Planning", "Working → Expert", "Coaching", "Hiring", "PMP",
                 "Lead the team", "responsibilities of Tester", "Writing → Coaching",
                 "not stated by any source", *KINDS):  # fmt: skip
        assert text in drawn, text


def test_it_is_read_from_the_bottom() -> None:
    svg = words(FULL.svg(320))
    tops = {w.text: w.top for w in svg}
    order = ["to", "not stated by any source", "new duty", "new certifications", "new skills",
             "skill to raise", "skills carry over", "from"]  # fmt: skip
    assert [tops[name] for name in order] == sorted(tops[name] for name in order)
    names = [w.text for w in svg]
    assert names.index("Team Lead") < names.index("Tester")


def test_each_rung_has_its_number(real: Ladder) -> None:
    drawn = words(real.svg(640))
    heads = {w.text: w for w in drawn}
    for head, count in (("new duties", len(real.duties)), ("new skills", len(real.new)),
                        ("skills carry over", len(real.keep))):  # fmt: skip
        assert any(w.text == str(count) and w.top == heads[head].top for w in drawn)
    assert [w.text for w in drawn].count("?") == 0


def test_what_all_have_in_common_is_said_once() -> None:
    drawn = _texts(FULL, 640)
    assert "all: can" in drawn
    assert "can" not in drawn
    assert "beneficial" in drawn


def test_long_lists_are_cut_and_say_so(real: Ladder) -> None:
    left = len(real.duties)
    assert f"and {left - 12} more" in _texts(real, 640)
    assert f"and {left - 8} more" in _texts(real, 320)


def test_nothing_carries_over_and_nothing_is_new() -> None:
    bare = Ladder("A → B", "A", "B", (), (), ())
    check(bare.svg(320))
    assert {"0", "skills carry over", "nothing that is stated of both"} <= set(_texts(bare, 320))
    assert "0 skills carry over." in bare.alt
    assert "new" not in bare.alt
    dot_accepts(bare.dot())


def test_what_has_to_be_raised_is_stated_of_both() -> None:
    """So the foot of the ladder must not say that nothing is."""
    raised = ((Mark("Statistics", "curated"), "working", "expert"),)
    ladder = Ladder("A → B", "A", "B", (), raised, ())
    assert "nothing at the level asked for" in _texts(ladder, 320)
    assert not any("nothing that is stated" in text for text in _texts(ladder, 320))


def test_as_text(real: Ladder) -> None:
    text = FULL.mermaid()
    assert text.startswith("flowchart BT\n")
    assert "s --> r0 --> r1 --> r2 --> r3 --> r4 --> r5 --> t" in text
    assert 'r0["2 skills carry over: Curiosity (essential; stated); ' in text
    dot_accepts(real.dot())


MARKS = st.builds(
    Mark,
    LABELS,
    st.sampled_from([*KINDS, "stated, imported", "unsourced", ""]),
    st.one_of(st.sampled_from(["", "essential", "recommended"]), LABELS),
)
SEVERAL = st.lists(MARKS, max_size=16).map(tuple)


@settings(max_examples=30, deadline=None)
@given(
    st.builds(
        Ladder, LABELS, LABELS, LABELS, SEVERAL,
        st.lists(st.tuples(MARKS, LABELS, LABELS), max_size=4).map(tuple), SEVERAL, SEVERAL,
        SEVERAL, st.lists(st.tuples(LABELS, LABELS), max_size=5).map(tuple),
        st.lists(LABELS, max_size=4).map(tuple),
    ),
    st.integers(280, 1600),
)  # fmt: skip
def test_nothing_overlaps(picture: Ladder, width: int) -> None:
    svg = picture.svg(width)
    check(svg)
    assert svg == picture.svg(width)
    for mark in (*picture.keep, *picture.new, *picture.duties, *picture.certifications):
        assert str(mark) in picture.alt


@pytest.mark.browser
def test_in_a_browser(page: Page, real: Ladder) -> None:
    check_in_browser(page, FULL)
    check_in_browser(page, real)
