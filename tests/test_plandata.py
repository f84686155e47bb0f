"""Routes as data: plans in RDF under the shapes, tables, networks, JSON under its schema."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pandas
import pytest
import rdflib
from rdflib import RDF, RDFS, Literal, URIRef
from rdflib.namespace import PROV, SH

import rolegraph as rg
from rolegraph.plandata import COLUMNS, frame, network, plan_graph, route_schema
from rolegraph.resources import ontology_path
from rolegraph.routes import Leg, Route, Step
from rolegraph.shapes import Report
from rolegraph.terms import IRI
from rolegraph.turtle import serialise
from rolegraph.values import (
    Certification,
    Claim,
    Concept,
    Finding,
    Responsibility,
    Role,
    Skill,
    SkillRequirement,
    Transition,
)
from rolegraph.vocab import BASE, PREFIXES, RG, curie

PM, DM, SDM, DIRECTOR, COO = (
    "Project Manager", "Delivery Manager", "Senior Delivery Manager", "Delivery Director",
    "Chief Operations Officer",
)  # fmt: skip
X = "https://example.org/w/"
LATER = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)

# a world with all that a plan can speak of: a skill to learn, one to raise and one that is kept, a
# mapping that is crossed against its direction, certifications of three sorts, an activity
WORLD = """
PREFIX rg: <https://w3id.org/rolegraph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX x: <https://example.org/w/>

x:note a rg:CuratorNote ; rg:rationale "made up in order to test how plans are written" .
x:a a rg:Role ; skos:prefLabel "Apprentice"@en .
x:b a rg:Role ; skos:prefLabel "Builder"@en ; rg:hasResponsibility x:d1 , x:d2 .
x:c a rg:Role ; skos:prefLabel "Constructor"@en ; skos:exactMatch x:b .
x:d1 a rg:Responsibility ; skos:prefLabel "Build walls"@en .
x:d2 a rg:Responsibility ; skos:prefLabel "Keep order"@en .
x:s1 a rg:Skill ; skos:prefLabel "Masonry"@en .
x:s2 a rg:Skill ; skos:prefLabel "Carpentry"@en .
x:s3 a rg:Skill ; skos:prefLabel "Drawing"@en .
x:t1 a rg:Certification ; skos:prefLabel "Mason's letter"@en ; rg:supportsTransition x:ab .
x:t2 a rg:Certification ; skos:prefLabel "Crane licence"@en .
x:act a rg:DevelopmentPractice ; skos:prefLabel "Work beside a builder"@en .
x:ab a rg:RoleTransition ; skos:prefLabel "Apprentice to Builder"@en ;
    rg:fromRole x:a ; rg:toRole x:b ; rg:hasEvidenceKind rg:curated ; rg:hasEvidence x:note .
x:cb a rg:Assertion ; rg:subject x:c ; rg:predicate skos:exactMatch ; rg:object x:b ;
    rg:hasEvidenceKind rg:curated ; rg:hasEvidence x:note .
x:k1 a rg:Assertion ; rg:subject x:b ; rg:predicate rg:hasResponsibility ; rg:object x:d1 ;
    rg:hasEvidenceKind rg:curated ; rg:hasEvidence x:note .
x:k2 a rg:Assertion ; rg:subject x:b ; rg:predicate rg:hasResponsibility ; rg:object x:d2 ;
    rg:hasEvidenceKind rg:curated ; rg:hasEvidence x:note .
x:k3 a rg:Assertion ; rg:subject x:t1 ; rg:predicate rg:supportsTransition ; rg:object x:ab ;
    rg:hasEvidenceKind rg:curated ; rg:hasEvidence x:note .
x:q1 a rg:SkillRequirement ; rg:isRequirementOf x:b ; rg:requiredSkill x:s1 ;
    rg:hasEvidenceKind rg:curated ; rg:hasEvidence x:note .
x:q2 a rg:SkillRequirement ; rg:isRequirementOf x:b ; rg:requiredSkill x:s2 ;
    rg:hasEvidenceKind rg:curated ; rg:hasEvidence x:note .
x:h2 a rg:SkillRequirement ; rg:isRequirementOf x:a ; rg:requiredSkill x:s2 ;
    rg:hasEvidenceKind rg:curated ; rg:hasEvidence x:note .
x:q3 a rg:SkillRequirement ; rg:isRequirementOf x:b ; rg:requiredSkill x:s3 ;
    rg:hasEvidenceKind rg:curated ; rg:hasEvidence x:note .
"""


def said(name: str, kind: str = "curated") -> Claim:
    return Claim(X + name, "s", "p", "o", kind)


def demand(skill: str, label: str, name: str, level: str | None = None, rank: float | None = None
           ) -> SkillRequirement:  # fmt: skip
    return SkillRequirement(Skill(X + skill, label), said(name), level=level, level_rank=rank)


def duty(name: str, label: str, claim: str) -> Finding:
    return Finding(Responsibility(X + name, label), (said(claim),))


A, B, C = Role(X + "a", "Apprentice"), Role(X + "b", "Builder"), Role(X + "c", "Constructor")
RAISED = demand("s2", "Carpentry", "q2", "practitioner", 3.0)
HELD = demand("s2", "Carpentry", "h2", "working", 2.0)
MASON, CRANE = Certification(X + "t1", "Mason's letter"), Certification(X + "t2", "Crane licence")
ROUTE = Route(
    A,
    C,
    (
        Step(
            Transition(X + "ab", "Apprentice to Builder", "transition", A, B, said("ab")),
            2.5,
            shared_responsibilities=(duty("d2", "Keep order", "k2"),),
            new_responsibilities=(duty("d1", "Build walls", "k1"),),
            shared_skills=(RAISED, demand("s3", "Drawing", "q3")),
            new_skills=(demand("s1", "Masonry", "q1"),),
            certifications=(Finding(MASON, (said("k3"),)),),
            activities=(Finding(Concept(X + "act", "Work beside a builder"), (), ("prp-inv",)),),
            advancement=(Finding(CRANE),),
            not_stated=("what Apprentice answers for",),
            raised_skills=((RAISED, HELD),),
            useful_certifications=(Finding(CRANE),),
            held_certifications=(MASON,),
        ),
        Step(Transition(X + "cb", "Builder to Constructor", "mapping", B, C, said("cb")), 0),
    ),
    2.5,
    "months",
    {"steps": 1, "new-skills": 2},
)  # fmt: skip


@pytest.fixture(scope="module")
def route(kg: rg.RoleGraph) -> Route:
    return kg.route(PM, DIRECTOR)


@pytest.fixture(scope="module")
def planned(route: Route, tmp_path_factory: pytest.TempPathFactory) -> rg.RoleGraph:
    """The graph that ships with a plan beside it, which passes the shapes as it is loaded."""
    path = tmp_path_factory.mktemp("plan") / "plan.ttl"
    route.to_rdf().serialize(path)
    return rg.load(path)


def rows(graph: rdflib.Graph, query: str) -> list[tuple[Any, ...]]:
    found: Any = graph.query(
        query, initNs={"rg": RG.NS, "x": X, "prov": str(PROV), "rdfs": str(RDFS)}
    )
    return [tuple(v.toPython() for v in row) for row in found]


# --- RDF


def test_sparql_asks_which_skill_is_new_in_which_step_and_who_says_so(
    planned: rg.RoleGraph, route: Route
) -> None:
    answer = planned.query("""
        SELECT ?n ?skill ?strength ?start WHERE {
          ?plan rg:hasPlannedStep ?step .
          ?step rg:stepNumber ?n ; rg:hasPlanItem ?item .
          ?item a rg:SkillToLearn ; rg:isAbout/skos:prefLabel ?skill ; rg:restsOn ?claim .
          ?claim rg:hasStrength/skos:prefLabel ?strength ; rg:hasEvidence/rg:startOffset ?start
        } ORDER BY ?n ?skill ?start""")
    expected = {
        (n, r.label, r.strength, e.start)
        for n, step in enumerate(route.steps, 1)
        for r in step.new_skills
        for e in r.evidence
    }
    assert {tuple(row) for row in answer} == expected
    assert len(expected) >= 8
    assert (1, "Focus on continuous improvement", "essential", 7504) in expected


def test_sparql_follows_the_chain_of_steps_to_the_transitions(planned: rg.RoleGraph) -> None:
    """From the first step along ``rg:nextStep``, with what the closure knows of each transition."""
    answer = planned.query("""
        SELECT ?n ?to ?hedge (EXISTS { ?move a rg:Promotion } AS ?up) WHERE {
          ?plan rg:hasPlannedStep ?first . ?first rg:stepNumber 1 ; rg:nextStep* ?step .
          ?step rg:stepNumber ?n ; rg:plannedTo/skos:prefLabel ?to ; rg:followsTransition ?move .
          ?move rg:hasHedge/skos:prefLabel ?hedge
        } ORDER BY ?n""")
    assert [tuple(row) for row in answer] == [
        (1, DM, "can", False), (2, SDM, "can", True), (3, DIRECTOR, "may", True),
    ]  # fmt: skip


def test_sparql_asks_which_certifications_help_and_what_is_not_stated(
    planned: rg.RoleGraph, route: Route
) -> None:
    helps = planned.query("""
        SELECT ?n ?name ?title WHERE {
          ?item a rg:CertificationForStep ; rg:isAbout/skos:prefLabel ?name ;
                rg:inPlannedStep/rg:stepNumber ?n ;
                rg:restsOn/rg:hasEvidence/rg:inDocument/skos:prefLabel ?title }""")
    assert [tuple(r) for r in helps] == [(1, "ITIL", "delivery manager vs project manager")]
    silent = planned.query("SELECT ?n ?what { ?s rg:notStated ?what ; rg:stepNumber ?n }")
    assert {tuple(r) for r in silent} == {
        (n, what) for n, step in enumerate(route.steps, 1) for what in step.not_stated
    }
    assert len(silent) == 6


def test_a_plan_is_inferred_and_changes_nothing_beside_it(
    planned: rg.RoleGraph, kg: rg.RoleGraph, route: Route
) -> None:
    assert planned.ask("ASK { ?p a rg:CareerPlan , rg:InferredClaim ; rg:hasEvidenceKind ?k }")
    assert planned.route(PM, DIRECTOR) == route
    assert len(planned.transitions()) == len(kg.transitions())
    assert planned.compare(PM, DM) == kg.compare(PM, DM)
    assert {c.iri for c in planned.search("Project Manager")} == {
        c.iri for c in kg.search("Project Manager")
    }
    # nothing follows of transitions from steps
    for relation in ("rg:canTransitionTo", "rg:leadsTo", "rg:hasSkill", "rg:opensWayTo"):
        query = f"SELECT ?a ?b {{ ?a {relation} ?b }}"
        assert set(planned.query(query)) == set(kg.query(query))


def test_provenance_names_the_claims_and_the_software_and_no_time(route: Route) -> None:
    graph = route.to_rdf()
    (plan,) = graph.subjects(RDF.type, PROV.Plan)
    (search,) = graph.objects(plan, PROV.wasGeneratedBy)
    (agent,) = graph.objects(search, PROV.wasAssociatedWith)
    assert (agent, RDF.type, PROV.SoftwareAgent) in graph
    assert str(graph.value(agent, RDFS.label)) == f"rolegraph {rg.__version__}"
    used = set(graph.objects(search, PROV.used))
    assert used == set(graph.objects(plan, PROV.wasDerivedFrom))
    asked = {r.claim.iri for s in route.steps for r in (*s.new_skills, *s.shared_skills)}
    moved = {s.transition.iri for s in route.steps}
    found = {
        c.iri
        for s in route.steps
        for f in (*s.new_responsibilities, *s.shared_responsibilities, *s.certifications,
                  *s.activities, *s.advancement)
        for c in f.claims
    }  # fmt: skip
    assert used == {URIRef(i) for i in asked | moved | found}
    times = [o for o in graph.objects() if isinstance(o, Literal) and "date" in str(o.datatype)]
    assert times == []
    timed = route.to_rdf(generated=LATER)
    assert set(timed) - set(graph) == {
        (
            plan,
            PROV.generatedAtTime,
            Literal("2030-01-02T03:04:05+00:00", datatype=rdflib.XSD.dateTime),
        )
    }
    assert set(graph) <= set(timed)


def test_everything_a_step_has_is_in_the_plan() -> None:
    graph = ROUTE.to_rdf()
    items = rows(
        graph,
        """
        SELECT ?n ?kind ?about ?label WHERE {
          ?step rg:stepNumber ?n ; rg:hasPlanItem ?item .
          ?item a ?kind ; rg:isAbout ?about ; rdfs:label ?label } ORDER BY ?kind""",
    )
    assert [(n, str(k).removeprefix(RG.NS), str(a).removeprefix(X), s) for n, k, a, s in items] == [
        (1, "ActivityForStep", "act", "Work beside a builder"),
        (1, "CertificationForStep", "t1", "Mason's letter"),
        (1, "CertificationHeld", "t1", "Mason's letter"),
        (1, "CertificationOfUse", "t2", "Crane licence"),
        (1, "HelpToAdvance", "t2", "Crane licence"),
        (1, "ResponsibilityCarriedOver", "d2", "Keep order"),
        (1, "ResponsibilityTakenOn", "d1", "Build walls"),
        (1, "SkillCarriedOver", "s3", "Drawing"),
        (1, "SkillToLearn", "s1", "Masonry"),
        (1, "SkillToRaise", "s2", "Carpentry: working → practitioner"),
    ]
    (raised,) = rows(
        graph,
        """
        SELECT ?a ?b ?x ?y ?held ?asked WHERE { ?item a rg:SkillToRaise ;
          rg:heldLevel ?a ; rg:askedLevel ?b ; rg:heldRank ?x ; rg:askedRank ?y ;
          rg:exceedsDemand ?held ; rg:restsOn ?asked }""",
    )
    assert raised == ("working", "practitioner", 2, 3, X + "h2", X + "q2")
    kinds = rows(
        graph,
        """
        SELECT ?n ?c ?t WHERE { ?s rg:stepNumber ?n ; rg:followsTransition ?t
          BIND(EXISTS { ?s a rg:PlannedCrossing } AS ?c) } ORDER BY ?n""",
    )
    assert kinds == [(1, False, X + "ab"), (2, True, X + "cb")]
    values = rows(graph, "SELECT ?o ?v { ?p a rg:CareerPlan ; rg:hasPlanValue ?x . "
                         "?x rg:objective ?o ; rg:value ?v }")  # fmt: skip
    assert sorted(values) == [("months", 2.5), ("new-skills", 2.0), ("steps", 1.0)]
    # what no claim but a rule says is inferred, and the rule is named
    (note,) = rows(
        graph,
        """
        SELECT ?kind ?note WHERE { ?i a rg:ActivityForStep ; rg:restsOnKind ?kind ;
          <http://www.w3.org/2004/02/skos/core#editorialNote> ?note }""",
    )
    assert note == (RG.inferred, "inferred by prp-inv")
    said_of_none = rows(graph, "SELECT ?k { ?i a rg:CertificationHeld ; rg:restsOnKind ?k }")
    assert said_of_none == []


def test_demands_without_a_claim_of_the_graph_leave_no_broken_iri() -> None:
    """A level that a person says to have is nobody's claim."""
    mine = replace(HELD, claim=replace(HELD.claim, iri="", kind="observed"))
    step = replace(ROUTE.steps[0], raised_skills=((RAISED, mine),))
    graph = replace(ROUTE, steps=(step, ROUTE.steps[1])).to_rdf()
    assert rows(graph, "SELECT ?h { ?i rg:exceedsDemand ?h }") == []
    ((rank,),) = rows(graph, "SELECT ?r { ?i rg:heldRank ?r }")
    assert rank == 2
    assert all(str(t) for triple in graph for t in triple)
    assert rows(graph, "SELECT ?k { ?i a rg:SkillToRaise ; rg:restsOnKind rg:observed, ?k }")


def test_of_two_levels_that_a_step_asks_for_the_higher_counts() -> None:
    more = demand("s2", "Carpentry", "q4", "expert", 4.0)
    step = replace(
        ROUTE.steps[0],
        shared_skills=(RAISED, more),
        raised_skills=((RAISED, HELD), (more, HELD)),
    )
    graph = replace(ROUTE, steps=(step, ROUTE.steps[1])).to_rdf()
    assert rows(graph, "SELECT ?l ?r { ?i rg:askedLevel ?l ; rg:askedRank ?r }") == [("expert", 4)]
    claims = rows(graph, "SELECT ?c { ?i a rg:SkillToRaise ; rg:restsOn ?c } ORDER BY ?c")
    assert claims == [(X + "q2",), (X + "q4",)]


def test_the_same_route_gives_the_same_iris_and_the_same_text(
    kg_rdflib: rg.RoleGraph, route: Route
) -> None:
    text = route.to_rdf().serialize()
    assert kg_rdflib.route(PM, DIRECTOR).to_rdf().serialize() == text
    code = (
        "import sys, rolegraph as rg; sys.stdout.reconfigure(encoding='utf-8');"
        f"print(rg.load().route({PM!r}, {DIRECTOR!r}).to_rdf().serialize(), end='')"
    )
    done = subprocess.run(  # sets are in another order there
        [sys.executable, "-c", code], capture_output=True, check=True,
        env={**os.environ, "PYTHONHASHSEED": "1"},
    )  # fmt: skip
    assert done.stdout.decode("utf-8").replace("\r\n", "\n") == text
    assert serialise(route.to_rdf()) == serialise(route.to_rdf())


def iri(graph: rdflib.Graph) -> str:
    (plan,) = graph.subjects(RDF.type, URIRef(RG.CareerPlan))
    return str(plan)


def test_another_route_has_another_iri(kg: rg.RoleGraph, route: Route) -> None:
    names = [iri(r.to_rdf()) for r in kg.routes(PM, COO, k=3)]
    names.append(iri(route.to_rdf()))
    names.append(iri(kg.route(PM, DIRECTOR, cost="new-skills").to_rdf()))
    names.append(iri(replace(route, values={"months": 7}).to_rdf()))
    names.append(iri(route.to_rdf(rule="as the crow flies")))
    assert len(set(names)) == len(names) == 7
    assert all(n.startswith(BASE + "plan/") for n in names)
    # neither the time nor the place counts as what a plan says
    assert iri(route.to_rdf(generated=LATER)) == iri(route.to_rdf())
    mine = route.to_rdf(base="https://example.org/plans#")
    digest = iri(route.to_rdf()).rpartition("/")[2]
    assert iri(mine) == f"https://example.org/plans#{digest}"
    ours = {str(t) for triple in mine for t in triple if str(t).startswith(PREFIXES["plan"])}
    assert ours == set()
    assert "@prefix plan: <https://example.org/plans#>" in mine.serialize()


@pytest.mark.parametrize("base", ["", "plans/", "https://example.org/plans", "urn:x y/", "/x/"])
def test_a_base_that_is_none_is_refused(route: Route, base: str) -> None:
    with pytest.raises(ValueError, match=r"base must be an absolute IRI that ends in / or #"):
        route.to_rdf(base=base)


def test_several_routes_go_into_one_graph(kg: rg.RoleGraph, tmp_path: Path) -> None:
    routes = kg.routes(PM, COO, k=3)
    graph = plan_graph([*routes, routes[0]])
    assert len(set(graph.subjects(RDF.type, URIRef(RG.CareerPlan)))) == 3
    assert set(graph) == {t for r in routes for t in r.to_rdf()}
    path = tmp_path / "plans.ttl"
    # a way of no step is a plan too; roles and claims of a store on disk are not described here
    (graph + plan_graph([kg.route(PM, PM), ROUTE])).serialize(path)
    k = rg.load(path)
    assert k.ask("ASK { ?p rg:plannedFrom ?r ; rg:plannedTo ?r }")
    assert k.ask("ASK { ?s a rg:PlannedCrossing ; rg:plannedFrom ?r }", r=B)
    mine = {s.transition.iri for s in ROUTE.steps}
    shared = k.query("""
        SELECT ?move (COUNT(DISTINCT ?plan) AS ?n) WHERE {
          ?plan rg:hasPlannedStep/rg:followsTransition ?move } GROUP BY ?move ORDER BY DESC(?n)""")
    assert {str(m): n for m, n in shared if str(m) not in mine} == {
        t.iri: sum(t.iri in [s.transition.iri for s in r.steps] for r in routes)
        for r in routes for t in (s.transition for s in r.steps)
    }  # fmt: skip


def test_a_way_of_no_step_is_data_too(kg: rg.RoleGraph) -> None:
    nothing = kg.route(PM, PM)
    assert list(nothing.to_pandas().columns) == list(COLUMNS)
    assert len(nothing.to_pandas()) == 0
    assert [d["label"] for _, d in nothing.to_networkx().nodes(data=True)] == [PM]
    valid(nothing)


# --- shapes: each of their constraints can fail


def item(kind: str) -> str:
    return f"?s a rg:{kind} ."


FOCUS = {
    "CareerPlan": item("CareerPlan"),
    "PlannedStep": "?s rg:stepNumber 1 ; a rg:PlannedStep .",
    "PlanItem": item("SkillToLearn"),
    "PlanEvidence": item("SkillToLearn"),
    "SkillToRaise": item("SkillToRaise"),
    "PlanValue": item("PlanValue"),
    "RouteSearch": item("RouteSearch"),
}
LAST = "?s rg:stepNumber 2 ; a rg:PlannedStep ."
ONE = "minCount maxCount"
COMPONENTS = {
    "CareerPlan": {
        "rdfs:label": "minCount", "rg:plannedFrom": f"{ONE} nodeKind",
        "rg:plannedTo": f"{ONE} nodeKind", "rg:hasEvidenceKind": "hasValue",
        "rg:hasEvidence": "class minCount", "rg:hasPlanValue": "class minCount",
        "rg:hasPlannedStep": "class", "rg:restsOnKind": "in", "prov:wasGeneratedBy": f"{ONE} class",
    },
    "PlannedStep": {
        "rdfs:label": "minCount", "rg:stepNumber": f"{ONE} datatype minInclusive",
        "rg:plannedFrom": f"{ONE} nodeKind", "rg:plannedTo": f"{ONE} nodeKind disjoint",
        "rg:followsTransition": f"{ONE} nodeKind", "rg:restsOnKind": f"{ONE} in",
        "rg:nextStep": "class maxCount", "rg:hasPlanItem": "class", "rg:hasPlanValue": "class",
        "^rg:hasPlannedStep": ONE,
    },
    "PlanItem": {
        "rdfs:label": "minCount", "rg:isAbout": f"{ONE} nodeKind", "rg:restsOn": "nodeKind",
        "rg:restsOnKind": "in", "^rg:hasPlanItem": ONE,
    },
    "PlanEvidence": {"rg:restsOnKind": "minCount"},
    "SkillToRaise": {
        "rg:askedRank": f"{ONE} datatype", "rg:heldRank": f"{ONE} datatype lessThan",
        "rg:exceedsDemand": "maxCount nodeKind",
    },
    "PlanValue": {
        "rg:objective": f"{ONE} datatype minLength", "rg:value": f"{ONE} datatype",
        "^rg:hasPlanValue": ONE,
    },
    "RouteSearch": {"rg:searchRule": "minCount datatype minLength"},
}  # fmt: skip
# what breaks a component and nothing else of its property
WRONG = {
    "nodeKind": '"x"', "class": "x:ab", "in": "rg:may", "hasValue": "rg:curated",
    "disjoint": "x:a", "minInclusive": "0", "minLength": '""', "lessThan": "3.5",
    "datatype rg:stepNumber": "1.0", "datatype rg:askedRank": "3", "datatype rg:heldRank": "2",
    "datatype rg:objective": '"steps"@en', "datatype rg:searchRule": '"as the crow flies"@en',
    "datatype rg:value": "2.5",
}  # fmt: skip
SECOND = {
    "rg:plannedFrom": "x:other", "rg:plannedTo": "x:other",
    "prov:wasGeneratedBy": "[ a prov:Activity ]", "rg:stepNumber": "9",
    "rg:followsTransition": "x:cb", "rg:restsOnKind": "rg:stated",
    "rg:nextStep": "?s", "rg:isAbout": "x:s3", "rg:askedRank": "9.5", "rg:heldRank": "1.5",
    "rg:exceedsDemand": "x:q2", "rg:objective": '"more"', "rg:value": "7e0",
}  # fmt: skip


def drop(what: str, where: str) -> str:
    return f"DELETE {{ ?s {what} ?o }} WHERE {{ {where} ?s {what} ?o }}"


def put(what: str, where: str) -> str:
    return f"INSERT {{ ?s {what} }} WHERE {{ {where} }}"


def swap(what: str, value: str, where: str) -> str:
    new = f"?s {what} {value}"
    return f"DELETE {{ ?s {what} ?o }} INSERT {{ {new} }} WHERE {{ {where} ?s {what} ?o }}"


def damage(path: str, component: str, where: str) -> str:
    """Break one component of a property shape."""
    way = path.removeprefix("^")
    if component == "maxCount":
        if way != path:
            return f"INSERT {{ x:other {way} ?s }} WHERE {{ {where} }}"
        return put(f"{path} {SECOND[path]}", where)
    if component == "minCount":
        if way != path:
            return f"DELETE {{ ?o {way} ?s }} WHERE {{ {where} ?o {way} ?s }}"
        return drop(path, where)
    return swap(path, WRONG.get(component) or WRONG[f"{component} {path}"], where)


PROPERTIES = {
    f"{shape} {path} {component}": damage(path, component, FOCUS[shape])
    for shape, paths in COMPONENTS.items()
    for path, components in paths.items()
    for component in components.split()
}
STEP = FOCUS["PlannedStep"]
QUERIES = {
    "CareerPlan: none has the number before it": swap("rg:stepNumber", "3", LAST),
    "CareerPlan: Two steps of the plan have this number": swap("rg:stepNumber", "1", LAST),
    "CareerPlan: The first step does not start": swap("rg:plannedFrom", "x:b", FOCUS["CareerPlan"]),
    "CareerPlan: The last step does not end": swap("rg:plannedTo", "x:b", FOCUS["CareerPlan"]),
    "CareerPlan: The plan has no step": drop("rg:hasPlannedStep", FOCUS["CareerPlan"]),
    "CareerPlan: does not say so": drop("rg:restsOnKind", FOCUS["CareerPlan"]),
    "PlannedStep: must have the next number": put("rg:nextStep ?s", STEP),
    "PlannedStep: must start where this one ends": swap("rg:plannedFrom", "x:c", LAST),
    "PlannedStep: with the number after this one": drop("rg:nextStep", STEP),
    "PlannedStep: follows starts elsewhere": swap("rg:plannedFrom", "x:c", STEP),
    "PlannedStep: follows ends elsewhere": swap("rg:plannedTo", "x:c", STEP),
    "PlannedStep: is of another kind of evidence": swap("rg:restsOnKind", "rg:stated", STEP),
    "PlanEnds: Let rg:plannedFrom point": swap("rg:plannedFrom", "x:s1", STEP),
    "PlanEnds: Let rg:plannedTo point": swap("rg:plannedTo", "x:s1", FOCUS["CareerPlan"]),
    "PlanItem: a claim of this kind": swap("rg:restsOnKind", "rg:stated", item("SkillToLearn")),
    "PlanItem: is for another skill": swap("rg:isAbout", "x:s3", item("SkillToLearn")),
    "PlanItem: to an rg:Claim": put("rg:restsOn x:note", item("SkillToLearn")),
    "PlanSkill: an rg:Skill": swap("rg:isAbout", "x:d1", item("SkillCarriedOver")),
    "PlanResponsibility: Resp": swap("rg:isAbout", "x:s1", item("ResponsibilityTakenOn")),
    "PlanCertification: Cert": swap("rg:isAbout", "x:s1", item("CertificationHeld")),
    "PlanActivity: Development": swap("rg:isAbout", "x:s1", item("ActivityForStep")),
}
# a crossing may go against its mapping, but not to where the mapping does not lead
MORE = {
    "PlannedStep: follows ends elsewhere": swap("rg:plannedTo", "x:a", LAST),
    "PlannedStep: follows starts elsewhere": swap("rg:plannedFrom", "x:a", LAST),
}
DAMAGES = [*PROPERTIES.items(), *QUERIES.items(), *MORE.items()]
PLANNING = (*COMPONENTS, *(n.partition(":")[0] for n in QUERIES))


@pytest.fixture(scope="module")
def constraints() -> dict[str, str]:
    """The message of each constraint of the shapes of plans; those in SPARQL by the message."""
    shapes = rdflib.Graph().parse(ontology_path("shapes.ttl"))
    found = {}
    for name in dict.fromkeys(PLANNING):
        shape = URIRef(f"{BASE}shape/{name}")
        for query in shapes.objects(shape, SH.sparql):
            text = str(shapes.value(query, SH.message))
            found[f"{name}: {text}"] = text
        for prop in shapes.objects(shape, SH.property):
            path = shapes.value(prop, SH.path)
            back = shapes.value(path, SH.inversePath)
            way = curie(str(path)) if back is None else f"^{curie(str(back))}"
            for component in set(shapes.predicates(prop)) - {SH.path, SH.message}:
                key = f"{name} {way} {str(component).removeprefix(str(SH))}"
                found[key] = str(shapes.value(prop, SH.message))
    return found


def test_the_damages_cover_every_constraint(constraints: dict[str, str]) -> None:
    assert {n for n in constraints if ": " not in n} == set(PROPERTIES)
    queries = {n for n in constraints if ": " in n}
    hit = [n for key in QUERIES for n in queries if begins(n, key)]
    assert set(hit) == queries
    assert len(hit) == len(queries) == len(QUERIES)


def begins(name: str, key: str) -> bool:
    """Whether a key, a shape and words of a message, means this constraint."""
    shape, _, words = key.partition(": ")
    return name.startswith(f"{shape}: ") and words in name


def copy(number: int) -> rdflib.Graph:
    return ROUTE.to_rdf(base=f"https://example.org/{number}/")


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """What the shapes say of one whole plan and of one broken copy for each damage."""
    folder = tmp_path_factory.mktemp("damaged")
    (folder / "world.ttl").write_text(WORLD, encoding="utf-8")
    every = copy(0)
    for number, (name, update) in enumerate(DAMAGES, 1):
        one = copy(number)
        before = set(one)
        one.update(update, initNs={"rg": RG.NS, "x": X, "prov": str(PROV), "rdfs": str(RDFS)})
        assert set(one) != before, name
        every += one
    every.serialize(folder / "plans.ttl")
    kg = rg.load(
        ontology_path("rolegraph.ttl"), folder / "world.ttl", folder / "plans.ttl",
        ours=False, reason=False, validate=False,
    )  # fmt: skip
    return kg.validate()


def of(report: Report, number: int) -> set[str]:
    place = f"https://example.org/{number}/"
    return {v.message for v in report.violations if place in v.node}


def test_a_plan_and_its_world_break_no_shape(reported: Report) -> None:
    assert of(reported, 0) == set()
    described = {
        f"{X}{n}" for n in "a b c d1 d2 s1 s2 s3 t1 t2 act cb k1 k2 k3 q1 q2 q3 h2".split()
    }
    assert [v for v in reported.violations if v.node in described] == []


@pytest.mark.parametrize("number", range(1, len(DAMAGES) + 1), ids=[n for n, _ in DAMAGES])
def test_a_damaged_plan_breaks_the_shape(
    reported: Report, constraints: dict[str, str], number: int
) -> None:
    name = DAMAGES[number - 1][0]
    wanted = {m for n, m in constraints.items() if n == name or begins(n, name)}
    assert len(wanted) == 1
    assert wanted <= of(reported, number)


@pytest.mark.slow
def test_hermit_finds_plans_consistent_and_inside_owl_2_dl(route: Route, tmp_path: Path) -> None:
    (tmp_path / "world.ttl").write_text(WORLD, encoding="utf-8")
    plan_graph([ROUTE, route], generated=LATER).serialize(tmp_path / "plans.ttl")
    kg = rg.load(tmp_path / "world.ttl", tmp_path / "plans.ttl", alignments=True)
    report = kg.check()
    assert report.ok, str(report)
    assert report.classes > 80


# --- tables and networks


def test_the_table_of_a_route(route: Route) -> None:
    table = route.to_pandas()
    assert list(table.columns) == list(COLUMNS)
    assert list(table["step"]) == [1, 2, 3]
    assert list(table["from"]) == [PM, DM, SDM]
    assert list(table["to"]) == [DM, SDM, DIRECTOR]
    assert list(table["type"]) == ["lateral move", "promotion", "promotion"]
    assert list(table["hedge"]) == ["can", "can", "may"]
    # the text says that one can move; that it is lateral follows from the levels
    assert list(table["type_rules"]) == [("cls-int1",), (), ()]
    for column in ("new_skills", "shared_skills", "new_responsibilities"):
        counts = [len(getattr(s, column)) for s in route.steps]
        # no source says which skills the last two roles ask for: that is not none
        told = counts if "skills" not in column else [counts[0], None, None]
        assert [None if pandas.isna(n) else n for n in table[column]] == told
    assert list(table["certifications"]) == [("ITIL",), (), ()]
    assert table["new_skills"].dtype == "Int64"
    assert list(table["transition"]) == [s.transition.iri for s in route.steps]
    mine = ROUTE.to_pandas()
    assert list(mine["route_cost"]) == [2.5, 0.0]
    assert list(mine["raised_skills"]) == [1, 0]
    assert list(mine["held_certifications"]) == [("Mason's letter",), ()]
    assert list(mine["useful_certifications"]) == [("Crane licence",), ()]


def test_the_table_of_many_routes(kg: rg.RoleGraph) -> None:
    routes = kg.routes(PM, COO, k=3)
    table = frame(routes)
    assert list(table.columns) == ["route", *COLUMNS]
    assert list(table["route"]) == [n for n, r in enumerate(routes, 1) for _ in r.steps]
    assert list(frame([]).columns) == ["route", *COLUMNS]
    assert frame([])["route"].dtype == "int64"


@pytest.mark.parametrize("cost", ["steps", "new-skills"])
def test_numbers_of_a_table_stand_beside_what_was_searched_by(tmp_path: Path, cost: str) -> None:
    (tmp_path / "own.yaml").write_text(
        "roles: [{role: A, level: senior}, {role: B, level: senior}, {role: C, level: senior}]\n"
        "requirements: [{role: B, skill: Rigging}, {role: C, skill: Rigging}]\n"
        "transitions:\n"
        "  - {from: A, to: B, months: 18, cost: 1200.5, type of post: 2, kind: 7}\n"
        "  - {from: B, to: C, cost: 0, type: lateral move}\n",
        encoding="utf-8",
    )
    rg.import_source("table", tmp_path / "own.yaml", into=tmp_path / "store")
    kg = rg.open(tmp_path / "store")
    found = kg.route("A", "C", cost=cost)
    first, second = found.steps
    own = {"months": 18, "cost": 1200.5, "type of post": 2, "kind": 7}
    assert (first.transition.figures, second.transition.figures) == (own, {"cost": 0})
    assert [t.figures for t in kg.transitions()] == [own, {"cost": 0}]
    assert "figures: cost 1,200.5; kind 7; months 18; type of post 2" in str(first)
    # of one level are all three; only of the second step the table says itself that it is lateral
    assert [t.type for t in kg.transitions()] == ["lateral move", "lateral move"]
    assert [t.type_rules for t in kg.transitions()] == [("cls-int1",), ()]
    assert [s.transition.type_rules for s in found.steps] == [("cls-int1",), ()]
    assert 'inferred: both roles are on the level "senior" (rule cls-int1)' in str(first)
    assert "inferred" not in str(second)
    assert [str(s.evidence[0]).rpartition(", ")[2] for s in found.steps] == ["line 4", "line 5"]
    assert "own.yaml, transitions, line 4" in found._repr_mimebundle_()["text/html"]
    table = found.to_pandas()
    assert list(table["route_cost"]) == ([1, 1] if cost == "steps" else [1, 0])
    assert list(table["cost"]) == [1200.5, 0]
    assert list(table["months"].isna()) == [False, True]
    assert list(table["kind"]) == ["curated", "curated"]
    assert list(table["kind (own)"].isna()) == [False, True]
    edges = [data for _, _, data in kg.to_networkx().edges(data=True)]
    assert [(d["cost"], d.get("months"), d["kind"]) for d in edges] == [
        (1200.5, 18, "curated"), (0, None, "curated"),
    ]  # fmt: skip
    data = found.to_dict()
    jsonschema.Draft202012Validator(route_schema()).validate(data)
    assert [s["transition"]["figures"] for s in data["steps"]] == [own, {"cost": 0}]
    # a cost function sees them, also where the edges come from arrays
    by_hand = kg.plan(
        rg.Profile(role="A"), "C", minimise=lambda leg: leg.transition.figures["cost"]
    )
    assert by_hand.routes[0].cost == 1200.5


def test_the_network_of_a_route_is_part_of_the_network_of_all(
    kg: rg.RoleGraph, route: Route
) -> None:
    whole, graph = kg.to_networkx(), route.to_networkx()
    assert list(graph) == [r.iri for r in route.roles]
    assert [key for _, _, key in graph.edges(keys=True)] == [s.transition.iri for s in route.steps]
    for node, data in graph.nodes(data=True):
        assert data == whole.nodes[node]
    for n, (a, b, key, data) in enumerate(graph.edges(keys=True, data=True), 1):
        assert data == {**whole.edges[a, b, key], "step": n, "route_cost": 1}
    crossing = ROUTE.to_networkx()
    assert [d["weight"] for *_, d in crossing.edges(data=True)] == [1, 0]


def test_the_network_of_many_routes_says_which_go_where(kg: rg.RoleGraph) -> None:
    routes = kg.routes(PM, COO, k=3)
    graph = network(routes)
    whole = kg.to_networkx()
    assert set(graph) == {r.iri for route in routes for r in route.roles}
    for a, b, key, data in graph.edges(keys=True, data=True):
        over = [n for n, r in enumerate(routes, 1) if key in [s.transition.iri for s in r.steps]]
        assert data == {**whole.edges[a, b, key], "routes": over}
    assert sum(len(d["routes"]) for *_, d in graph.edges(data=True)) == sum(
        len(r.steps) for r in routes
    )


# --- JSON


def valid(route: Route) -> None:
    jsonschema.Draft202012Validator(route_schema()).validate(route.to_dict())


def test_the_schema_is_one_and_is_ours() -> None:
    schema = route_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == BASE + "ontology/route.schema.json"
    schema.clear()
    assert route_schema()


def test_routes_are_valid_under_the_schema(kg: rg.RoleGraph, route: Route) -> None:
    for one in (route, ROUTE, *kg.routes(PM, COO, k=3), kg.route(PM, COO, cost="new-skills")):
        valid(one)
        assert json.loads(one.to_json()) == one.to_dict()
    valid(kg.route(PM, COO, cost=lambda leg: 1e200 * len(leg.new_skills)))
    assert "\n" not in route.to_json()
    assert route.to_json(indent=1).count("\n") > 100
    assert ROUTE.to_dict()["values"] == {"steps": 1, "new-skills": 2}


def objects(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        for value in schema.values():
            yield from objects(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from objects(value)


def test_the_schema_leaves_nothing_open() -> None:
    """Each object names its fields, allows no other, and asks for all that are there."""
    for one in objects(route_schema()):
        if one.get("type") == "object":
            if isinstance(one["additionalProperties"], dict):
                continue  # names of objectives are the user's
            assert one["additionalProperties"] is False
            assert set(one["required"]) <= set(one["properties"])
    step = route_schema()["$defs"]["step"]
    assert set(step["required"]) == set(step["properties"]) == set(Step.__dataclass_fields__)


DAMAGED: list[tuple[list[Any], Any]] = [
    (["length"], -1),
    (["kinds"], ["heard"]),
    (["values", "steps"], "many"),
    (["cost"], None),
    (["source", "iri"], "project manager"),
    (["roles"], []),
    (["steps", 0, "transition", "type"], "leap"),
    (["steps", 0, "transition", "source"], None),
    (["steps", 0, "transition", "claim", "hedge"], "surely"),
    (["steps", 0, "new_skills", 0, "claim", "strength"], "vital"),
    (["steps", 0, "raised_skills", 0], []),
    (["steps", 0, "not_stated"], "nothing"),
    (["steps", 0, "extra"], 1),
    (["steps", 0, "held_certifications", 0, "advanced"], "yes"),
    (["steps", 0, "certifications", 0, "concept", "label"], None),
]


@pytest.mark.parametrize(("place", "value"), DAMAGED)
def test_damaged_json_is_refused(place: list[Any], value: Any) -> None:
    data = ROUTE.to_dict()
    at: Any = data
    for key in place[:-1]:
        at = at[key]
    at[place[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, route_schema())


# --- the values themselves


def test_values_of_a_plan_are_not_compared_and_new_fields_are_shown(route: Route) -> None:
    other = replace(route, values={"months": 3})
    assert other == route
    assert hash(other) == hash(route)
    assert dict(route.values) == {}
    text = str(ROUTE.steps[0])
    assert "certifications of use there: Crane licence (inferred)" in text
    assert "certifications held: Mason's letter" in text
    assert "certifications held" not in str(route)


def test_legs_and_steps_are_as_they_were() -> None:
    """Fields come last, so that those who build steps by place still do."""
    names = list(Step.__dataclass_fields__)
    assert names[-3:] == ["useful_certifications", "held_certifications", "untold"]
    assert Leg(ROUTE.steps[0].transition).ends == (A.iri, B.iri)
    assert IRI(ROUTE.steps[0].transition.iri) == X + "ab"
