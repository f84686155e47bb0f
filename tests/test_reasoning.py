"""HermiT on the ontology that ships: consistent, OWL 2 DL, and the measure of our rules."""

from __future__ import annotations

from pathlib import Path

import pytest

import rolegraph as rg
from rolegraph import hermit
from rolegraph.closure import compile_rules
from rolegraph.resources import ontology_path
from rolegraph.vocab import OWL, RDF, curie

pytest.importorskip("owlready2")
pytest.importorskip("jpype")
pytestmark = pytest.mark.slow


def test_the_ontology_is_consistent_owl_2_dl(kg: rg.RoleGraph) -> None:
    report = kg.check()
    print(report)
    assert report.refusal is None
    assert report.consistent
    assert report.unsatisfiable == ()
    assert report.profile_violations == ()
    assert report.clashes == ()
    assert report.classes >= 60
    assert report.individuals > 900


def test_the_closure_is_exactly_what_hermit_entails(kg: rg.RoleGraph) -> None:
    """For every object property and every class of ours, between named individuals."""
    store = kg._store
    terms = {
        kind: {s.value for s, _ in store.pairs(RDF + "type", OWL + kind) if s.kind == "iri"}
        for kind in ("ObjectProperty", "Class", "NamedIndividual")
    }
    ours = {
        (s.value, p.value, o.value)
        for s, p, o in store.triples()
        if s.value in terms["NamedIndividual"]
        and (
            p.value in terms["ObjectProperty"]
            or (p.value == RDF + "type" and o.value in terms["Class"])
        )
    }
    asserted = store.ntriples(kg._asserted_graphs())
    oracle = {t for t in hermit.entailments(asserted) if t[2] != OWL + "Thing"}
    print(f"{len(oracle)} facts entailed by HermiT, {len(ours)} in the closure")
    assert [tuple(map(curie, t)) for t in sorted(oracle - ours)] == []
    assert [tuple(map(curie, t)) for t in sorted(ours - oracle)] == []
    assert len(ours) > 6000
    assert compile_rules(store)[1] == ()


MODEL = "\n".join(
    ontology_path(name).read_text(encoding="utf-8") for name in ("rolegraph.ttl", "curated.ttl")
)
BROKEN = {
    "a role that is a skill too": (
        "role:delivery-manager a rg:Skill .",
        ("role:delivery-manager Type", "DisjointClasses(rg:Role, rg:Skill)"),
    ),
    "a promotion between equals": (
        "move:x a rg:Promotion ; rg:fromRole role:delivery-manager ;"
        " rg:toRole role:project-manager .",
        ("move:x Type rg:Promotion", "DisjointClasses(rg:LateralTransition, rg:Promotion)"),
    ),
    "a role on two levels": (
        "role:delivery-manager rg:hasLevel rg:seniorLevel .",
        ("rg:seniorLevel", "Functional"),
    ),
    "a wording that is broader than itself": (
        "skill:planning rg:broader skill:planning .",
        ("skill:planning rg:broader skill:planning", "(rg:broader)"),
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_copy_is_caught_and_the_clash_named(what: str, tmp_path: Path) -> None:
    addition, names = BROKEN[what]
    broken = tmp_path / "broken.ttl"
    broken.write_text(
        f"{MODEL}\nPREFIX move: <https://w3id.org/rolegraph/move/>\n{addition}\n", encoding="utf-8"
    )
    kg = rg.load(broken, ours=False, validate=False, reason=False)
    report = kg.check()
    assert not report.consistent
    (clash,) = report.clashes
    for name in names:
        assert name in str(clash)


def test_an_unsatisfiable_class_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttl"
    addition = "rg:Oddity a owl:Class ; rdfs:subClassOf rg:Promotion , rg:LateralTransition ."
    model = ontology_path("rolegraph.ttl").read_text(encoding="utf-8")
    broken.write_text(f"{model}\n{addition}\n", encoding="utf-8")
    report = rg.load(broken, ours=False, validate=False, reason=False).check()
    assert report.consistent
    assert [curie(c) for c in report.unsatisfiable] == ["rg:Oddity"]
    assert "rg:Oddity" in str(report.clashes[0])
