"""The importer of the UK framework: rows that add up, and an order of levels that is inferred."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise, permutations
from pathlib import Path
from random import Random

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolegraph.archive import Archive
from rolegraph.errors import DataError
from rolegraph.importers import gdad
from rolegraph.importers.draft import Draft, Report
from rolegraph.importers.gdad import ladder_order
from rolegraph.vocab import BASE, RG, SKOS

ROLES = ("Role Family", "Role", "Role Description", "Role Level", "Role Level Description",
         "Skill Name", "Skill Description", "Skill Level", "Skill Level Description",
         "Role Type")  # fmt: skip
Rows = list[tuple[str, ...]]


def write(folder: Path, roles: Rows, skills: Rows | None = None) -> Path:
    """Two tables; of the first: family, role, level, skill, proficiency."""
    folder.mkdir()
    with (folder / "roles.csv").open("w", encoding="utf-8", newline="") as f:
        out = csv.writer(f)
        out.writerow(ROLES)
        for family, role, level, skill, proficiency in roles:
            out.writerow([family, role, "of the role", level, "of the level",
                          skill, "of the skill", proficiency, "", ""])  # fmt: skip
    if skills is not None:
        with (folder / "skills.csv").open("w", encoding="utf-8", newline="") as f:
            out = csv.writer(f)
            out.writerow(("Skill Name", "Skill Description", "Roles that require Skill"))
            out.writerows(skills)
    return folder


def load(path: Path, out: Path) -> tuple[Report, ox.Store]:
    """Read a folder: the account, checked against the rows of the files, and the facts."""
    with Archive.open(path) as archive:
        with Draft(gdad.describe(archive), out) as draft:
            gdad.read(draft, archive)
        report = draft.report(lambda name: sum(1 for _ in archive.table(name)))
    store = ox.Store()
    store.load(path=out, format=ox.RdfFormat.N_TRIPLES)
    return report, store


def iri(path: str) -> ox.NamedNode:
    return ox.NamedNode(f"{BASE}gdad/{path}")


def values(store: ox.Store, s: ox.NamedNode, p: str) -> set[str]:
    found = store.quads_for_pattern(s, ox.NamedNode(p), None)
    return {q.object.value for q in found if isinstance(q.object, ox.NamedNode | ox.Literal)}


def of_class(store: ox.Store, cls: str) -> set[str]:
    return {str(q.subject)[1:-1]
            for q in store.quads_for_pattern(None, ox.NamedNode(
                "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), ox.NamedNode(cls))}  # fmt: skip


def left(report: Report, name: str) -> dict[str, int]:
    return {x.reason: x.count for f in report.files if f.name == name for x in f.left_out}


# --- rows

SMALL: Rows = [
    ("Bread", "Baker", "Baker ", "Kneading", "Working"),
    ("Bread", "Baker", "Senior baker", "Kneading", "Expert"),
    ("Bread", "Baker", "Senior baker", "Kneading", "Expert"),
    ("Bread", "Baker", "Senior baker", "Kneading", "Awareness"),
    ("Bread", "Baker", "Senior baker", "Pricing (flour)", "Practitioner"),
    ("Bread", "Baker", "Head of (night) baking", "Kneading", "Awareness"),
    ("Bread", "Owner", "NOT IN USE", "Pricing (flour)", "NOT IN USE"),
    ("Bread", "Baker", "Baker", "Slicing", "Wizard"),
    ("Bread", "", "Baker", "Slicing", "Working"),
]
SKILLS: Rows = [
    ("Kneading", "of the skill", "Baker"),
    ("Pricing (flour)", "of the skill", "Baker, Owner"),
    ("Sifting", "of the skill", ""),
    ("Sifting", "again", ""),
]


@pytest.fixture
def small(tmp_path: Path) -> tuple[Report, ox.Store]:
    return load(write(tmp_path / "in", SMALL, SKILLS), tmp_path / "out.nt")


def test_every_row_is_taken_or_left_for_a_reason(small: tuple[Report, ox.Store]) -> None:
    report, _ = small
    assert [(f.name, f.rows, f.taken) for f in report.files] == [
        ("roles.csv", 9, 4),
        ("skills.csv", 4, 3),
    ]
    assert left(report, "roles.csv") == {
        "duplicate": 1,
        "asked for before, with another proficiency": 1,
        "not in use": 1,
        "unknown level of proficiency": 1,
        "no family, role, level or skill": 1,
    }
    assert left(report, "skills.csv") == {"duplicate": 1}
    assert dict(report.made) == {
        "skills": 3, "proficiency levels": 4, "role families": 1, "ladders": 1, "role levels": 3,
        "skill requirements": 4, "promotions, inferred": 2,
    }  # fmt: skip
    assert report.notes == ()
    assert report.source.name == "gdad"


def test_a_requirement_says_level_and_row_and_no_strength(
    small: tuple[Report, ox.Store],
) -> None:
    _, store = small
    claim = iri("requirement/senior-baker.pricing-flour")
    assert values(store, claim, RG.isRequirementOf) == {f"{BASE}gdad/level/senior-baker"}
    assert values(store, claim, RG.requiredSkill) == {f"{BASE}gdad/skill/pricing-flour"}
    assert values(store, claim, RG.requiredLevel) == {f"{BASE}gdad/proficiency/practitioner"}
    assert values(store, claim, RG.sourceRow) == {"6"}
    assert values(store, claim, RG.hasEvidenceKind) == {RG.imported}
    assert values(store, claim, RG.hasStrength) == set()
    # The first of two that disagree stands.
    kneading = iri("requirement/senior-baker.kneading")
    assert values(store, kneading, RG.requiredLevel) == {f"{BASE}gdad/proficiency/expert"}


def test_concepts_have_clean_labels_and_places(small: tuple[Report, ox.Store]) -> None:
    _, store = small
    baker = iri("level/baker")
    assert values(store, baker, SKOS + "prefLabel") == {"Baker"}
    assert values(store, baker, RG.inFamily) == {f"{BASE}gdad/family/bread"}
    assert values(store, baker, RG.onLadder) == {f"{BASE}gdad/role/baker"}
    assert values(store, iri("level/head-of-night-baking"), SKOS + "altLabel") == {
        "Head of baking",
        "Head of night baking",
    }
    # Brackets in a skill's name belong to it.
    assert values(store, iri("skill/pricing-flour"), SKOS + "altLabel") == set()
    ranks = [values(store, iri(f"proficiency/{p}"), RG.rank) for p in gdad.PROFICIENCIES]
    assert ranks == [{"1"}, {"2"}, {"3"}, {"4"}]
    assert of_class(store, RG.Skill) == {
        f"{BASE}gdad/skill/{s}" for s in ("kneading", "pricing-flour", "sifting")
    }


def test_promotions_are_inferred_and_rest_on_the_derivation(
    small: tuple[Report, ox.Store],
) -> None:
    _, store = small
    assert of_class(store, RG.Promotion) == {
        f"{BASE}gdad/promotion/baker.senior-baker",
        f"{BASE}gdad/promotion/senior-baker.head-of-night-baking",
    }
    step = iri("promotion/baker.senior-baker")
    derivation = iri("derivation/ladder-order")
    assert values(store, step, RG.hasEvidenceKind) == {RG.inferred}
    assert values(store, step, RG.hasEvidence) == {derivation.value}
    assert values(store, step, RG.sourceRow) == set()
    assert values(store, step, SKOS + "prefLabel") == {"Baker to Senior baker"}
    assert of_class(store, RG.Derivation) == {derivation.value}
    (parameters,) = values(store, derivation, RG.parameters)
    assert json.loads(parameters)["grades"] == [list(g) for g in gdad.GRADES]
    ranks = {
        name: values(store, iri(f"level/{name}"), RG.ladderRank)
        for name in ("baker", "senior-baker", "head-of-night-baking")
    }
    assert ranks == {"baker": {"1"}, "senior-baker": {"2"}, "head-of-night-baking": {"3"}}


def test_a_title_on_two_ladders_stands_for_two_levels(tmp_path: Path) -> None:
    rows: Rows = [
        ("Bread", "Baker", "Trainee", "Kneading", "Awareness"),
        ("Bread", "Miller", "Trainee", "Milling", "Awareness"),
        ("Bread", "Miller", "Miller", "Milling", "Working"),
    ]
    report, store = load(write(tmp_path / "a", rows), tmp_path / "a.nt")
    levels = {f"{BASE}gdad/level/{s}"
              for s in ("trainee-in-baker", "trainee-in-miller", "miller")}  # fmt: skip
    assert of_class(store, RG.Role) == levels
    assert report.absent == ("skills.csv",)
    _, other = load(write(tmp_path / "b", rows[::-1]), tmp_path / "b.nt")
    assert of_class(other, RG.Role) == levels


def test_a_skill_list_that_disagrees_is_noted(tmp_path: Path) -> None:
    skills: Rows = [("Kneading", "", "Baker, Miller"), ("Pricing (flour)", "", "Baker, Owner")]
    report, _ = load(write(tmp_path / "in", SMALL, skills), tmp_path / "out.nt")
    assert len(report.notes) == 1
    assert re.search("for 1 of 2 skills .* 'Kneading'", report.notes[0])


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a\n1\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"no file 'roles\.csv' in "):
        load(tmp_path, tmp_path / "out.nt")
    (tmp_path / "roles.csv").write_text("Role Family,Role,Role levels\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"roles\.csv.*'Role Level'.*'Role levels'"):
        load(tmp_path, tmp_path / "out2.nt")


# --- the order of a ladder


def ranks(ladder: str, levels: Mapping[str, Mapping[str, int]]) -> list[set[str]]:
    """Titles by rank, the lowest first."""
    found = ladder_order(ladder, levels).ranks
    return [{t for t in found if found[t] == r} for r in range(1, max(found.values()) + 1)]


def test_grade_words_in_their_order() -> None:
    titles = ["Apprentice baker", "Associate baker", "Junior baker", "Baker", "Senior baker",
              "Lead baker", "Principal baker", "Head of bakery"]  # fmt: skip
    assert ranks("Baker", {t: {} for t in reversed(titles)}) == [{t} for t in titles]
    assert ladder_order("Baker", {t: {} for t in titles}).steps == tuple(sorted(pairwise(titles)))


def test_a_grade_word_may_come_last_and_a_ladders_name_has_none() -> None:
    assert ranks("Bread ethicist", {"Head of bread ethics": {}, "Bread ethics lead": {}}) == [
        {"Bread ethics lead"},
        {"Head of bread ethics"},
    ]
    levels = {"Chief baker": {"a": 1}, "Senior chief baker": {"a": 1}}
    assert ranks("Chief baker", levels) == [{"Chief baker"}, {"Senior chief baker"}]


def test_the_proficiency_decides_between_different_titles() -> None:
    levels = {
        "Oven manager": {"heat": 3, "cold": 3},
        "Oven analyst": {"heat": 1, "cold": 2},
        "Senior oven analyst": {"heat": 2, "cold": 2},
    }
    assert ranks("Oven manager", levels) == [
        {"Oven analyst"}, {"Senior oven analyst"}, {"Oven manager"},
    ]  # fmt: skip
    # More of one and less of the other: the two cannot be told apart, and no step joins them.
    levels["Oven manager"] = {"heat": 3, "cold": 1}
    order = ladder_order("Oven manager", levels)
    assert order.ranks["Oven manager"] == 1
    assert order.steps == (("Oven analyst", "Senior oven analyst"),)


def test_no_shared_skill_says_nothing() -> None:
    order = ladder_order("Shop", {"Till": {"cash": 1}, "Shelf": {"order": 4}})
    assert (dict(order.ranks), order.steps) == ({"Shelf": 1, "Till": 1}, ())


def test_the_proficiency_overrules_grade_words_only_when_it_is_flat() -> None:
    lead, principal = {"a": 3, "b": 3}, {"a": 2, "b": 3}
    order = ladder_order("Baker", {"Lead baker": lead, "Principal baker": principal})
    assert order.steps == (("Principal baker", "Lead baker"),) == order.overruled
    order = ladder_order("Baker", {"Lead baker": lead, "Principal baker": {"a": 2, "b": 4}})
    assert (order.steps, order.overruled) == ((("Lead baker", "Principal baker"),), ())
    # A head is a head, whatever is asked.
    order = ladder_order("Baker", {"Lead baker": lead, "Head of baking": principal})
    assert (order.steps, order.overruled) == ((("Lead baker", "Head of baking"),), ())


def test_a_side_track_stands_where_its_main_track_stands() -> None:
    levels = {
        "Senior baker": {"a": 2}, "Senior baker - management": {"a": 4},
        "Lead baker": {"a": 3}, "Lead baker - management": {"a": 1},
    }  # fmt: skip
    order = ladder_order("Baker", levels)
    assert ranks("Baker", levels) == [
        {"Senior baker", "Senior baker - management"},
        {"Lead baker", "Lead baker - management"},
    ]
    assert set(order.steps) == {
        (a, b) for a in levels for b in levels if a.startswith("Senior") and b.startswith("Lead")
    }
    alone = {"Baker": {"a": 1}, "Senior baker - management": {"a": 1}}
    assert ranks("Baker", alone) == [{"Baker"}, {"Senior baker - management"}]


def test_signs_that_go_round_in_a_circle_say_nothing() -> None:
    levels = {"A": {"x": 1, "z": 2}, "B": {"x": 2, "y": 1}, "C": {"y": 2, "z": 1}}
    order = ladder_order("Circle", levels)
    assert (set(order.ranks.values()), order.steps) == ({1}, ())
    levels["Head"] = {}
    order = ladder_order("Circle", levels)
    assert order.ranks["Head"] == 2
    assert order.steps == (("A", "Head"), ("B", "Head"), ("C", "Head"))


TITLES = st.builds(
    lambda grade, stem, end: f"{grade} {stem}{end}".strip(),
    st.sampled_from(["", "Junior", "Senior", "Lead", "Principal", "Head of"]),
    st.sampled_from(["baker", "miller"]),
    st.sampled_from(["", " - management"]),
)
ASKED = st.dictionaries(st.sampled_from("abc"), st.integers(1, 4))


@given(st.dictionaries(TITLES, ASKED, min_size=1, max_size=7), st.randoms(use_true_random=False))
def test_an_order_is_one_whatever_comes_first(
    levels: dict[str, dict[str, int]], random: Random
) -> None:
    order = ladder_order("x", levels)
    shuffled = list(levels.items())
    random.shuffle(shuffled)
    other = ladder_order("x", dict(shuffled))
    assert (dict(order.ranks), order.steps) == (dict(other.ranks), other.steps)
    # Ranks have no gaps, steps lead up by one, and a rank above the first has a step to it.
    assert set(order.ranks.values()) == set(range(1, max(order.ranks.values()) + 1))
    assert all(order.ranks[b] == order.ranks[a] + 1 for a, b in order.steps)
    assert {b for _, b in order.steps} == {t for t, r in order.ranks.items() if r > 1}
    # A head is never at or below anybody who is none.
    heads = [order.ranks[t] for t in levels if t.startswith("Head")]
    others = [order.ranks[t] for t in levels if not t.startswith("Head")]
    assert not heads or not others or min(heads) > max(others)


# --- the real files


@pytest.fixture(scope="module")
def real(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, ox.Store]:
    return load(shared_data / "uk-gdad", tmp_path_factory.mktemp("gdad") / "out.nt")


@pytest.fixture(scope="module")
def table(shared_data: Path) -> list[dict[str, str]]:
    with (shared_data / "uk-gdad" / "roles.csv").open(encoding="utf-8-sig", newline="") as f:
        return [{k: " ".join(v.split()) for k, v in r.items()} for r in csv.DictReader(f)]


def test_the_real_counts(real: tuple[Report, ox.Store], table: list[dict[str, str]]) -> None:
    report, store = real
    roles, skills = report.files
    assert (roles.rows, roles.taken, skills.rows, skills.taken) == (1825, 1781, 188, 188)
    assert left(report, "roles.csv") == {"duplicate": 16, "not in use": 28}
    used = [r for r in table if r["Role Level"] != "NOT IN USE"]
    assert len(of_class(store, RG.Role)) == len({r["Role Level"] for r in used}) == 201
    assert len(of_class(store, RG.RoleLadder)) == len({r["Role"] for r in used}) == 48
    assert len(of_class(store, RG.SkillRequirement)) == 1781
    found = store.quads_for_pattern(None, ox.NamedNode(RG.requiredLevel), None)
    asked = Counter(str(q.object).rpartition("/")[2][:-1] for q in found)
    pairs = {(r["Role Level"], r["Skill Name"]): r["Skill Level"].lower() for r in used}
    assert asked == Counter(pairs.values())


def ladders(store: ox.Store) -> Iterator[tuple[str, list[str]]]:
    """Each ladder, with its levels as ``rank name``, sorted."""
    found = defaultdict(list)
    for q in store.quads_for_pattern(None, ox.NamedNode(RG.onLadder), None):
        level = str(q.subject)[1:-1]
        (rank,) = values(store, ox.NamedNode(level), RG.ladderRank)
        found[str(q.object)].append(f"{rank} {level.rpartition('/')[2]}")
    for name, levels in found.items():
        yield name.rpartition("/")[2][:-1], sorted(levels)


def test_every_real_ladder_is_a_chain_but_for_side_tracks(real: tuple[Report, ox.Store]) -> None:
    _, store = real
    order = dict(ladders(store))
    assert order["delivery-manager"] == [
        "1 associate-delivery-manager", "2 delivery-manager", "3 senior-delivery-manager",
        "4 head-of-agile-delivery-management",
    ]  # fmt: skip
    assert order["service-desk-manager"] == [
        "1 service-desk-analyst", "2 senior-service-desk-analyst", "3 service-desk-manager",
        "4 head-of-service-desk",
    ]  # fmt: skip
    for name, levels in order.items():
        main = [x.split()[0] for x in levels if not x.endswith("-management")
                or name == "delivery-manager" or "head-of-it" in x]  # fmt: skip
        assert main == [str(n) for n in range(1, len(main) + 1)], name


def test_associate_stands_below_junior_for_a_reason(table: list[dict[str, str]]) -> None:
    """On every ladder with both, the junior level asks for more: why GRADES has them so."""
    asks: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for r in table:
        if (p := r["Skill Level"].lower()) in gdad.PROFICIENCIES:
            asks[r["Role Level"].lower()][r["Skill Name"]] = gdad.PROFICIENCIES.index(p)
    both = [(a, j) for a, j in permutations(asks, 2)
            if a.startswith("associate ") and j == a.replace("associate", "junior")]  # fmt: skip
    assert len(both) == 5
    for associate, junior in both:
        low, high = asks[associate], asks[junior]
        shared = low.keys() & high.keys()
        assert all(high[s] >= low[s] for s in shared)
        assert any(high[s] > low[s] for s in shared)


def test_importing_twice_gives_the_same_facts(shared_data: Path, tmp_path: Path) -> None:
    for name in ("a.nt", "b.nt"):
        load(shared_data / "uk-gdad", tmp_path / name)
    assert (tmp_path / "a.nt").read_bytes() == (tmp_path / "b.nt").read_bytes()
