"""What changed between two versions: every sort of change, and what files and stores may be."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rolegraph as rg
from rolegraph.diff import Change, Difference, compare_facts, compare_versions
from rolegraph.importing import import_source
from rolegraph.vocab import RDF, RG, SKOS
from tests.killing import framework

EX = "https://example.org/"


def triple(s: str, p: str, o: str) -> bytes:
    return f"<{EX}{s}> <{p}> {o} .\n".encode()


def thing(name: str, cls: str, label: str, lang: str = "en") -> list[bytes]:
    return [triple(name, RDF + "type", f"<{cls}>"),
            triple(name, SKOS + "prefLabel", f'"{label}"@{lang}')]  # fmt: skip


def link(name: str, role: str, skill: str, strength: str = "", level: str = "") -> list[bytes]:
    out = [triple(name, RG.isRequirementOf, f"<{EX}{role}>"),
           triple(name, RG.requiredSkill, f"<{EX}{skill}>")]  # fmt: skip
    if strength:
        out.append(triple(name, RG.hasStrength, f"<{strength}>"))
    if level:
        out.append(triple(name, RG.requiredLevel, f"<{EX}level/{level}>"))
    return out


OLD = [
    *thing("baker", RG.Role, "Baker"), *thing("head", RG.Occupation, "Head Baker"),
    *thing("gone", RG.Role, "Miller"),
    *thing("dough", RG.Skill, "Making dough"), *thing("law", RG.Knowledge, "Food law"),
    *link("1", "baker", "dough", RG.beneficial, "working"), *link("2", "head", "dough"),
    *link("3", "gone", "dough"), *link("4", "head", "law", RG.essential),
]  # fmt: skip
NEW = [
    *thing("baker", RG.Role, "Bread baker"), *thing("head", RG.Occupation, "Head Baker"),
    *thing("pastry", RG.Role, "Pastry cook"),
    *thing("dough", RG.Skill, "Dough"), *thing("law", RG.Knowledge, "Food law"),
    *link("a", "baker", "dough", RG.essential, "expert"), *link("b", "head", "dough"),
    *link("c", "pastry", "dough"), *link("4", "head", "law", RG.essential),
]  # fmt: skip


def test_every_sort_of_change_by_hand() -> None:
    found = compare_facts(OLD, NEW, ("v1", "v2"))
    assert found.changes == (
        Change("link", "added", "Pastry cook: Dough", "", EX + "pastry"),
        Change("link", "changed", "Bread baker: Dough (essential, expert)", "beneficial, working",
               EX + "baker"),
        Change("link", "dropped", "Miller: Making dough", "", EX + "gone"),
        Change("role", "added", "Pastry cook", "", EX + "pastry"),
        Change("role", "dropped", "Miller", "", EX + "gone"),
        Change("role", "renamed", "Bread baker", "Baker", EX + "baker"),
        Change("skill", "renamed", "Dough", "Making dough", EX + "dough"),
    )  # fmt: skip
    assert found.counts["role renamed"] == 1
    text = str(found)
    assert text.startswith("v1 → v2\n")
    assert "   Bread baker   (was: Baker)" in text


def test_the_other_way_round() -> None:
    there = {(c.what, c.change, c.iri) for c in compare_facts(OLD, NEW).changes}
    back = {(c.what, c.change, c.iri) for c in compare_facts(NEW, OLD).changes}
    turned = {"added": "dropped", "dropped": "added"}
    assert back == {(what, turned.get(change, change), iri) for what, change, iri in there}


@given(st.randoms())
def test_order_and_names_of_claims_do_not_matter(random: object) -> None:
    mixed = list(OLD)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert compare_facts(OLD, mixed).changes == ()
    renamed = [line.replace(b"/1>", b"/other>", 1) for line in mixed]
    assert compare_facts(OLD, renamed).changes == ()


SETS = st.sets(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=12)


@given(SETS, SETS)
def test_links_are_a_difference_of_sets(a: set[tuple[int, int]], b: set[tuple[int, int]]) -> None:
    def facts(pairs: set[tuple[int, int]]) -> list[bytes]:
        return [line for r, s in sorted(pairs) for line in link(f"{r}.{s}", f"r{r}", f"s{s}")]

    counts = compare_facts(facts(a), facts(b)).counts
    assert counts.get("link added", 0) == len(b - a)
    assert counts.get("link dropped", 0) == len(a - b)
    assert sum(counts.values()) == len(a ^ b)


def test_english_labels_are_shown_and_a_thing_without_one_by_its_iri() -> None:
    new = [*thing("x", RG.Role, "Bäcker", "de"), *thing("x", RG.Role, "Baker", "en"),
           triple("y", RDF + "type", f"<{RG.Role}>")]  # fmt: skip
    assert {c.label for c in compare_facts([], new).changes} == {"Baker", EX + "y"}


def test_a_long_list_is_cut_and_says_so() -> None:
    many = [line for n in range(25) for line in thing(f"r{n:02}", RG.Role, f"Role {n:02}")]
    text = str(compare_facts([], many))
    assert "role added: 25" in text
    assert "… 5 more" in text
    assert text.count("\n") == 22
    assert str(Difference("a", "b", ())) == "a and b: the same roles, skills, links and moves"


def test_stores_and_files(tmp_path: Path) -> None:
    old, new = (framework(tmp_path / f"v{n}", roles) for n, roles in ((1, 2), (2, 3)))
    stores = [tmp_path / "s1", tmp_path / "s2"]
    for files, store in zip((old, new), stores, strict=True):
        import_source("gdad", files, into=store, version="1")
    by_store = compare_versions(*stores)
    assert by_store.counts == {
        "link added": 20, "move added": 3, "role added": 4, "skill added": 1,
    }  # fmt: skip
    assert "gdad-1 in" in by_store.old
    assert compare_versions(old, new, kind="gdad").changes == by_store.changes
    assert compare_versions(stores[0], new, kind="gdad").changes == by_store.changes
    with pytest.raises(rg.DataError, match="say what they are"):
        compare_versions(old, new)
    with pytest.raises(rg.DataError, match="no such file or folder"):
        compare_versions(old, tmp_path / "v3", kind="gdad")
    with pytest.raises(rg.StoreError, match="no source 'esco'; the store has rolegraph, market"):
        compare_versions(*stores, source="esco")
    import_source("article", into=stores[0])
    with pytest.raises(rg.StoreError, match="name the source to compare; the store has gdad-1, "):
        compare_versions(*stores)
    assert compare_versions(*stores, source="gdad").changes == by_store.changes
