"""Similar roles by name, and the transitions that are derived from similarity and kept."""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from pathlib import Path

import pytest

import rolegraph as rg
from rolegraph.importing import Imported, import_source, remove_source
from rolegraph.similarity import MeasureError
from rolegraph.storage import Storage
from rolegraph.vocab import BASE, RG
from tests.killing import framework

DERIVED = "derived-gdad-overlap-1"


@pytest.fixture(scope="module")
def careers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("near")
    store = folder / "store"
    import_source("gdad", framework(folder / "v1", 6), into=store, version="1")
    return store


@pytest.fixture(scope="module")
def disk(careers: Path) -> rg.RoleGraph:
    return rg.open(careers)


@pytest.fixture(scope="module")
def asked(disk: rg.RoleGraph) -> dict[str, set[str]]:
    """What each role asks for, by SPARQL."""
    out: dict[str, set[str]] = defaultdict(set)
    for role, skill in disk.query(
        "SELECT ?r ?s { ?q rg:isRequirementOf ?r ; rg:requiredSkill ?s }"
    ):
        out[str(role)].add(str(skill))
    assert len(out) == 24
    return out


@pytest.fixture(scope="module")
def derived(careers: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Imported]:
    """A copy of the store with derived transitions."""
    store = Path(shutil.copytree(careers, tmp_path_factory.mktemp("derived") / "store"))
    return store, rg.open(store).derive_transitions("overlap", source="gdad", k=3)


def overlap(a: set[str], b: set[str]) -> float:
    """How much of what the target asks for is already there."""
    return len(a & b) / len(b)


def test_similar_is_what_plain_sets_give(disk: rg.RoleGraph, asked: dict[str, set[str]]) -> None:
    role = disk.role("Senior keeper 2")
    found = disk.similar(role, k=50, measure="overlap")
    mine = asked[role.iri]
    wanted = {r: overlap(mine, s) for r, s in asked.items() if r != role.iri and mine & s}
    assert {n.role.iri: pytest.approx(n.value) for n in found} == wanted
    assert [n.value for n in found] == sorted((n.value for n in found), reverse=True)
    for near in found:
        theirs = asked[near.role.iri]
        assert (near.shared, near.missing) == (len(mine & theirs), len(theirs - mine))
        assert (near.kind, near.measure) == ("inferred", "overlap")
    assert disk.similar(role, k=4, measure="overlap") == found[:4]
    assert str(found[0]).endswith("overlap 1.000 (5 shared)")
    assert disk.similarity(role, found[-1].role, measure="overlap").value == pytest.approx(
        found[-1].value
    )


def test_what_cannot_be(disk: rg.RoleGraph, kg: rg.RoleGraph) -> None:
    with pytest.raises(ValueError, match="k must be a whole number of at least 1, not 0"):
        disk.similar("keeper 0", k=0, measure="overlap")
    with pytest.raises(rg.NotFoundError, match="no role 'keper 0'; did you mean 'keeper 0'"):
        disk.similar("keper 0")
    with pytest.raises(MeasureError, match="nothing to combine"):
        disk.similar("keeper 0", measure="combined")  # no source says what is essential
    with pytest.raises((MeasureError, rg.RoleGraphError), match="did you mean 'overlap'"):
        disk.similar("keeper 0", measure="overlop")
    with pytest.raises(rg.StoreError, match="no source 'esco'; the store has"):
        disk.similar("keeper 0", measure="overlap", source="esco")
    bare = next(r for r in kg.roles() if not kg.requirements(r))
    with pytest.raises(rg.NotFoundError, match=f"statement of the 'skills of {bare.label}'"):
        kg.similar(bare, measure="overlap")
    with pytest.raises(rg.StoreError, match=r"in a store on disk: rolegraph\.open"):
        kg.derive_transitions("overlap", source="article", k=1)
    with pytest.raises(MeasureError):  # the framework has no groups to calibrate by
        disk.derive_transitions("overlap", source="gdad")


def test_what_was_computed_is_kept_beside_the_store(careers: Path, tmp_path: Path) -> None:
    store = Path(shutil.copytree(careers, tmp_path / "store"))
    cache = Storage(store).generation().cache
    shutil.rmtree(cache, ignore_errors=True)
    first = rg.open(store).similar("keeper 1", measure="overlap")
    before = {p: p.stat().st_mtime_ns for p in cache.rglob("*")}
    assert {p.name.partition("-")[0] for p in cache.iterdir()} == {"demands", "top"}
    assert rg.open(store).similar("keeper 1", measure="overlap") == first
    assert {p: p.stat().st_mtime_ns for p in cache.rglob("*")} == before


def test_a_new_version_is_read_anew(careers: Path, tmp_path: Path) -> None:
    store = Path(shutil.copytree(careers, tmp_path / "store"))
    assert len(rg.open(store).demands("gdad").roles) == 24
    import_source("gdad", framework(tmp_path / "v2", 9), into=store, version="2")
    assert len(rg.open(store).demands("gdad").roles) == 36


def test_derived_transitions_are_a_source_of_their_own(
    derived: tuple[Path, Imported], asked: dict[str, set[str]]
) -> None:
    store, done = derived
    kg = rg.open(store)
    assert [s.name for s in done.sources] == [DERIVED]
    assert done.sources[0].kind == "inferred"
    assert "gdad-1" in done.sources[0].attribution
    rows = list(kg.query("SELECT ?a ?b ?v { ?t a rg:SuggestedTransition ; rg:suggestedFrom ?a ; "
                         "rg:suggestedTo ?b ; rg:measureValue ?v }"))  # fmt: skip
    assert len(rows) == done.reports[0].made["suggested transitions"] == 24 * 3
    best: dict[str, list[float]] = defaultdict(list)
    for a, b, value in rows:
        exact = overlap(asked[str(a)], asked[str(b)])
        assert float(str(value)) == pytest.approx(exact, abs=1e-6)
        best[str(a)].append(exact)
    for role, values in best.items():
        others = [overlap(asked[role], s) for r, s in asked.items() if r != role]
        assert sorted(values) == pytest.approx(sorted(others)[-3:])
    ((measure, text),) = kg.query("SELECT ?m ?p { ?d a rg:Derivation ; rg:measureName ?m ; "
                                  "rg:parameters ?p FILTER(STRSTARTS(STR(?d), "
                                  f"'{BASE}derivation/derived-')) }}")  # fmt: skip
    parameters = json.loads(str(text))
    assert str(measure) == "overlap"
    assert (parameters["source"], parameters["k"]) == ("gdad-1", 3)
    assert parameters["digest"] == Storage(store).generation().source("gdad").digest


def test_they_are_never_mixed_with_what_sources_say(
    derived: tuple[Path, Imported], disk: rg.RoleGraph
) -> None:
    kg = rg.open(derived[0])
    for relation in (RG.canTransitionTo, RG.leadsTo, RG.canBePromotedTo):
        query = f"SELECT ?a ?b {{ ?a <{relation}> ?b }} ORDER BY ?a ?b"
        assert list(kg.query(query)) == list(disk.query(query))
    back = kg.route("Lead keeper 0", "Junior keeper 0")
    assert (back.kinds, {s.transition.type for s in back.steps}) == (("inferred",), {"suggested"})
    (evidence,) = back.steps[0].transition.claim.evidence
    assert "overlap" in str(evidence)
    with pytest.raises(rg.NoRouteError):
        kg.route("Lead keeper 0", "Junior keeper 0", types=("promotion",))
    with pytest.raises(rg.NoRouteError):
        kg.route("Lead keeper 0", "Junior keeper 0", kinds=("stated", "curated", "imported"))
    suggested = kg.transitions("Lead keeper 0", types=("suggested",))
    assert len(suggested) == 3
    assert {t.kind for t in suggested} == {"inferred"}


def test_derived_again_they_are_the_same_and_other_numbers_replace_them(
    derived: tuple[Path, Imported], tmp_path: Path
) -> None:
    store = Path(shutil.copytree(derived[0], tmp_path / "store"))
    again = rg.open(store).derive_transitions("overlap", source="gdad", k=3)
    assert again.changed is False
    fewer = rg.open(store).derive_transitions("overlap", source="gdad", k=1, threshold=1.0)
    assert fewer.changed
    count = "SELECT (COUNT(?t) AS ?n) { ?t a rg:SuggestedTransition }"
    assert [int(str(n)) for (n,) in rg.open(store).query(count)] == [24]
    two = rg.open(store).derive_transitions("cosine", source="gdad", k=1)
    assert two.sources[0].name == "derived-gdad-cosine-1"
    assert {s.name for s in rg.open(store).sources()} >= {DERIVED, "derived-gdad-cosine-1"}


@pytest.mark.parametrize("how", ["removed", "replaced"])
def test_they_go_with_what_they_rest_on(
    derived: tuple[Path, Imported], tmp_path: Path, how: str
) -> None:
    store = Path(shutil.copytree(derived[0], tmp_path / "store"))
    if how == "removed":
        remove_source("gdad", store)
    else:
        import_source("gdad", framework(tmp_path / "v2", 9), into=store, version="2")
    kg = rg.open(store)
    assert DERIVED not in {s.name for s in kg.sources()}
    assert not kg.ask("ASK { ?t a rg:SuggestedTransition }")


def test_the_least_value_of_a_step(derived: tuple[Path, Imported]) -> None:
    kg = rg.open(derived[0])
    start = kg.role("Junior keeper 0")
    every = kg.transitions(start, types=["suggested"])
    values = sorted({t.value for t in every if t.value is not None})
    assert len(every) == 3
    for least in (*values, 0.0, 1.1):
        near = kg.reachable(start, max_steps=1, types=["suggested"], min_value=least)
        assert {r.role.iri for r in near} == {
            t.target.iri for t in every if t.target and t.value is not None and t.value >= least
        }
    # what no measure suggests has no value, and stays
    assert kg.route(start, "Lead keeper 0", types=["promotion"], min_value=1.1).steps


def test_least_value_is_the_same_on_objects(derived: tuple[Path, Imported]) -> None:
    from rolegraph import routing

    kg = rg.open(derived[0])
    legs = kg._legs(None, None)
    roles = kg._roles()
    start = kg.role("Junior keeper 0")
    for least in (None, 0.2, 0.5, 0.9):
        plain = routing.reach(routing.choose(legs, min_value=least), roles, start, "steps")
        assert kg.reachable(start, min_value=least) == plain


def test_what_ships_can_be_named(tmp_path: Path) -> None:
    import_source("article", into=tmp_path / "s")
    for kg in (rg.load(), rg.open(tmp_path / "s")):
        assert kg.role("article:delivery manager").curie == "role:delivery-manager"
        found = kg.search("deliv mgr", 5, kind=rg.Role)
        assert found[0].label == "Delivery Manager"
        assert all(isinstance(c, rg.Role) for c in found)
        with pytest.raises(rg.NotFoundError):
            kg.role("article:nobody at all")
