"""Whole labour markets in one store: what came in, what can be asked, and what follows from it.

The store is built once, in two generations (the sources together, then the derived transitions).
"""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path
from zipfile import ZipFile

import pyoxigraph as ox
import pytest

import rolegraph as rg
from rolegraph import hermit
from rolegraph.importers.draft import Report
from rolegraph.importing import Imported, draft_source, import_source, put
from rolegraph.resources import ontology_path
from rolegraph.storage import NewSource, Storage, rdf_source
from rolegraph.store import OxigraphStore
from rolegraph.vocab import OWL, RDF, RG, curie

pytest.importorskip("scipy")
pytestmark = pytest.mark.slow

ESCO = "http://data.europa.eu/esco/occupation/"
PM = ESCO + "bea99fea-0383-4c63-b944-70d4799de2c5"
ICT_PM = ESCO + "8b6388a4-4904-471b-9331-d3b1211f5525"
COO = ESCO + "c64a6e4e-5b38-4f93-b26d-aded817aeaf3"
GONE = ESCO + "a9e54177-a185-404d-b6e6-15663d31137e"
FILES = ("article", "curated", "mappings")


@pytest.fixture(scope="session")
def built(
    shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Imported, Imported]:
    """The store's folder, the import, and the derived transitions. Tests must not change it."""
    store = tmp_path_factory.mktemp("market") / "store"

    def draft(folder: Path, known: OxigraphStore | None) -> list[tuple[NewSource, Report]]:
        new = [draft_source("gdad", folder, [shared_data / "uk-gdad"], version="2025-01"),
               draft_source("esco", folder, [shared_data / "esco-1.1.1"], known=known)]  # fmt: skip
        report = new[0][1]
        for name in FILES:
            path = ontology_path(f"{name}.ttl")
            kind = "stated" if name == "article" else "curated"
            new.append((rdf_source(folder, path, name, key=name, version="", kind=kind), report))
        return new

    done = put(store, draft, "import a market")
    derived = rg.open(store).derive_transitions("combined", source="esco", k=10)
    return store, done, derived


@pytest.fixture(scope="session")
def market(built: tuple[Path, Imported, Imported]) -> rg.RoleGraph:
    return rg.open(built[0])


@pytest.fixture(scope="session")
def links(shared_data: Path) -> list[list[str]]:
    """The rows of the file of links, the heading being the first."""
    with ZipFile(shared_data / "esco-1.1.1" / "esco_v1.1.1_relations.zip") as archive:
        (name,) = [n for n in archive.namelist() if n.endswith("occupationSkillRelations.csv")]
        text = archive.read(name).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def one(kg: rg.RoleGraph, query: str) -> int:
    ((number,),) = kg.query(query)
    return int(str(number))


def test_counts_by_sparql(market: rg.RoleGraph) -> None:
    graph = "GRAPH <https://w3id.org/rolegraph/graph/esco-1.1.1>"
    assert one(market, f"SELECT (COUNT(?x) AS ?n) {{ {graph} {{ ?x a rg:Occupation }} }}") == 3_007
    kinds = "VALUES ?t { rg:Skill rg:Knowledge }"
    assert one(market, f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {kinds} {graph} {{ ?x a ?t }} }}") \
        == 13_896  # fmt: skip
    assert one(market, f"SELECT (COUNT(?x) AS ?n) {{ {graph} {{ ?x rg:requiredSkill ?s }} }}") \
        == 123_788  # fmt: skip
    # the same in the merge, where nothing may be said twice
    assert one(market, "SELECT (COUNT(?x) AS ?n) { ?x a rg:Occupation }") == 3_007
    assert one(market, "SELECT (COUNT(?q) AS ?n) { ?q rg:isRequirementOf ?r FILTER("
                       f"STRSTARTS(STR(?r), '{ESCO}')) }}") == 123_788  # fmt: skip


def test_the_report_adds_up_and_names_what_dangles(
    built: tuple[Path, Imported, Imported], links: list[list[str]]
) -> None:
    report = next(r for r in built[1].reports if r.source.key == "esco")
    (file,) = [f for f in report.files if f.name == "occupationSkillRelations.csv"]
    (left,) = file.left_out
    assert (file.rows, file.taken, left.count) == (123_855, 123_788, 67)
    assert left.reason == "dangling reference"
    assert GONE in left.examples[0]
    head, *rows = links
    dangling = [n for n, row in enumerate(rows, 2) if row[head.index("occupationUri")] == GONE]
    assert len(dangling) == 67
    assert [f"row {n}: " in example for n, example in zip(dangling, left.examples, strict=False)] \
        == [True] * len(left.examples)  # fmt: skip
    assert any(GONE in note and "67" in note for note in report.notes)


def test_sources_say_whose_they_are(market: rg.RoleGraph) -> None:
    found = {s.name: s for s in market.sources()}
    assert set(found) == {"rolegraph", "market", *FILES, "gdad-2025-01", "esco-1.1.1",
                          "derived-esco-combined-1.1.1"}  # fmt: skip
    esco = found["esco-1.1.1"]
    assert "2011/833/EU" in esco.licence
    assert "European Commission" in esco.attribution
    assert esco.made is not None
    assert esco.made["occupations"] == 3_007
    assert "Open Government Licence" in found["gdad-2025-01"].attribution
    assert found["derived-esco-combined-1.1.1"].kind == "inferred"
    for source in found.values():
        count = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{source.graph}> {{ ?s ?p ?o }} }}"
        assert one(market, count) == source.triples, source.name


# --- routes


def test_a_route_through_derived_transitions_says_so(market: rg.RoleGraph) -> None:
    route = market.route("esco:project manager", COO)
    assert (route.source.iri, route.target.iri) == (PM, COO)
    assert route.kinds == ("inferred",)
    for step in route.steps:
        assert step.transition.type == "suggested"
        (evidence,) = step.transition.claim.evidence
        assert evidence.derivation is not None
        assert "combined" in str(evidence)
    assert route == market.route(PM, COO, kinds=("inferred",))
    with pytest.raises(rg.NoRouteError, match="no route from 'project manager' to 'chief oper"):
        market.route(PM, COO, kinds=("stated", "curated"))


def test_a_derived_transition_is_never_a_stated_relation(
    market: rg.RoleGraph, built: tuple[Path, Imported, Imported]
) -> None:
    made = built[2].reports[0].made["suggested transitions"]
    assert one(market, "SELECT (COUNT(?t) AS ?n) { ?t a rg:SuggestedTransition }") == made > 10_000
    for relation in ("canTransitionTo", "leadsTo", "canBePromotedTo", "canBeReachedFrom"):
        assert not market.ask(f"ASK {{ ?a rg:{relation} ?b FILTER(STRSTARTS(STR(?a), '{ESCO}')) }}")
    assert not market.ask("ASK { ?t a rg:SuggestedTransition , rg:Transition }")
    assert not market.ask("ASK { ?t a rg:SuggestedTransition "
                          "FILTER NOT EXISTS { ?t rg:measureValue ?v ; rg:hasEvidenceKind "
                          "rg:inferred } }")  # fmt: skip
    # at most ten from each, and none below the threshold
    most = market.query("SELECT (COUNT(?t) AS ?n) { ?t rg:suggestedFrom ?a } GROUP BY ?a "
                        "ORDER BY DESC(?n) LIMIT 1")  # fmt: skip
    assert [int(str(n)) for (n,) in most] == [10]
    assert not market.ask("ASK { ?d a rg:Derivation ; rg:threshold ?least . ?t rg:hasEvidence ?d ; "
                          "rg:measureValue ?v FILTER(?v < ?least) }")  # fmt: skip


def test_compare(market: rg.RoleGraph) -> None:
    found = market.compare(PM, COO)
    skills = found.aspects["skills"]
    asked = [{r.skill.label for r in market.requirements(role)} for role in (PM, COO)]
    assert set(skills.shared_labels) == asked[0] & asked[1]
    assert len(asked[0]) > 30
    assert len(asked[1]) > 30
    assert market.gap(PM, COO).new_skills
    assert {r.skill.label for r in market.gap(PM, COO).new_skills} == asked[1] - asked[0]


def test_a_ladder_says_how_much_more_is_asked(market: rg.RoleGraph, shared_data: Path) -> None:
    route = market.route("Associate delivery manager", "Head of delivery management")
    assert route.roles[0].label == "Associate delivery manager"
    assert len(route) == 3
    assert route.kinds == ("inferred",)  # the order of the levels only implies them
    assert all(s.transition.type == "promotion" for s in route.steps)
    assert all(s.raised_skills for s in route.steps)
    with (shared_data / "uk-gdad" / "roles.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for step in route.steps:
        for new, old in step.raised_skills:
            assert new.level_rank is not None
            assert old.level_rank is not None
            assert new.level_rank > old.level_rank
            for asked, role in ((new, step.transition.target), (old, step.transition.source)):
                (evidence,) = asked.evidence
                assert evidence.document == "roles.csv"
                assert evidence.row is not None
                assert role is not None
                row = rows[evidence.row - 2]
                assert row["Skill Name"].strip() == asked.skill.label
                assert row["Skill Level"].strip().casefold() == str(asked.level).casefold()
                names = {n.casefold() for n in (role.label, *role.alt_labels)}
                assert row["Role Level"].strip().casefold() in names


def test_a_route_crosses_into_another_classification(market: rg.RoleGraph) -> None:
    route = market.route("role:project-manager", ICT_PM, mappings=True)
    assert [r.source for r in route.roles] == [None, "esco-1.1.1", "esco-1.1.1"]
    crossing, step = route.steps
    assert (crossing.transition.type, crossing.transition.kind) == ("mapping", "curated")
    assert crossing.cost == 0
    assert crossing.transition.target is not None
    assert crossing.transition.target.iri == PM
    assert step.transition.type == "suggested"
    assert route.kinds == ("curated", "inferred")
    with pytest.raises(rg.NoRouteError):
        market.route("role:project-manager", ICT_PM)
    # a career step and then the crossing
    up = market.route("role:project-manager", COO, mappings=True)
    assert [s.transition.type for s in up.steps] == ["promotion", "mapping"]


# --- names, evidence, nearness


def test_search(market: rg.RoleGraph) -> None:
    found = market.search("project mgr", limit=5)
    assert found[0].label == "Project Manager"
    assert PM in [c.iri for c in found]
    assert market.search("projcet manger", limit=3)[0].label.casefold() == "project manager"
    assert market.role("chief operating officer").iri == COO
    with pytest.raises(rg.NotFoundError, match=r"did you mean .*'chief operating officer'"):
        market.role("chief operatin oficer")


def test_evidence_leads_to_the_row(market: rg.RoleGraph, links: list[list[str]]) -> None:
    head = links[0]
    place = [head.index(c) for c in ("occupationUri", "relationType", "skillUri")]
    strengths = {"essential": "essential", "optional": "beneficial"}
    for role in (PM, ICT_PM, COO):
        asked = market.requirements(role)
        assert len(asked) == sum(row[place[0]] == role for row in links)
        for requirement in asked:
            (evidence,) = requirement.evidence
            assert evidence.document == "occupationSkillRelations.csv"
            assert evidence.source == "ESCO 1.1.1"
            assert evidence.row is not None
            occupation, relation, skill = (links[evidence.row - 1][i] for i in place)
            assert (occupation, skill) == (role, requirement.skill.iri)
            assert strengths[relation] == requirement.claim.strength


def test_similar_roles_and_their_cache(
    market: rg.RoleGraph, built: tuple[Path, Imported, Imported]
) -> None:
    cache = Storage(built[0]).generation().cache
    found = market.similar(PM, k=5)
    assert {"programme manager", "ICT project manager"} <= {n.role.label for n in found}
    values = [n.value for n in found]
    assert values == sorted(values, reverse=True)
    assert 0 < values[-1] <= values[0] <= 1
    assert all(n.role.source == "esco-1.1.1" and n.role.iri != PM for n in found)
    asked = {r.skill for r in market.requirements(PM)}
    theirs = {r.skill for r in market.requirements(found[0].role)}
    assert (found[0].shared, found[0].missing) == (len(asked & theirs), len(theirs - asked))
    before = {p: p.stat().st_mtime_ns for p in cache.rglob("*")}
    assert any(p.name.startswith("demands-esco-1.1.1") for p in before)
    assert any(p.name.startswith("top-") for p in before)
    assert rg.open(built[0]).similar(PM, k=5) == found
    assert {p: p.stat().st_mtime_ns for p in cache.rglob("*")} == before


# --- what follows


def neighbourhood(store: ox.Store, graph: ox.NamedNode, seeds: list[str]) -> set[str]:
    """Roles, their demands, and everything that these point at in a source's graph."""
    seen: set[str] = set()
    todo = list(seeds)
    while todo:
        if (iri := todo.pop()) in seen:
            continue
        seen.add(iri)
        node = ox.NamedNode(iri)
        about = ox.NamedNode(RG.isRequirementOf)
        todo += [q.subject.value for q in store.quads_for_pattern(None, about, node, graph)
                 if isinstance(q.subject, ox.NamedNode)]  # fmt: skip
        todo += [
            q.object.value
            for q in store.quads_for_pattern(node, None, None, graph)
            if isinstance(q.object, ox.NamedNode) and q.predicate.value != RDF + "type"
            and not q.object.value.startswith(RG.NS)
        ]  # fmt: skip
    return seen


@pytest.fixture(scope="module")
def sample(market: rg.RoleGraph) -> tuple[set[str], bytes]:
    """Twelve occupations with few demands, and all of the source that bears on them."""
    few = market.query(
        "SELECT ?r (COUNT(?q) AS ?n) { ?r a rg:Occupation . ?q rg:isRequirementOf ?r } "
        "GROUP BY ?r HAVING (COUNT(?q) < 22) ORDER BY ?r"
    )
    roles = random.Random(3).sample([str(r) for r, _ in few], 6)
    store = market._store.raw
    graph = ox.NamedNode("https://w3id.org/rolegraph/graph/esco-1.1.1")
    near = neighbourhood(store, graph, roles)
    facts = [q.triple for iri in sorted(near)
             for q in store.quads_for_pattern(ox.NamedNode(iri), None, None, graph)]  # fmt: skip
    text = ox.serialize(facts, format=ox.RdfFormat.N_TRIPLES)
    assert text is not None
    return near, text


def test_the_closure_about_a_sample_is_what_hermit_entails(
    market: rg.RoleGraph, sample: tuple[set[str], bytes]
) -> None:
    pytest.importorskip("owlready2")
    pytest.importorskip("jpype")
    try:
        hermit.find_java()
    except rg.JavaNotFoundError as error:
        pytest.skip(str(error))
    near, facts = sample
    small = OxigraphStore()
    for name in ("rolegraph", "market"):
        small.load_file(ontology_path(f"{name}.ttl"), f"urn:{name}")
    model = b"".join(small.ntriples([g]) for g in small.graphs())
    oracle = {t for t in hermit.entailments(model + facts)
              if t[0] in near and t[2] != OWL + "Thing"}  # fmt: skip
    terms = {
        kind: {s.value for s, _ in small.pairs(RDF + "type", OWL + kind) if s.kind == "iri"}
        for kind in ("ObjectProperty", "Class", "NamedIndividual")
    }
    ours = {
        (iri, q.predicate.value, q.object.value)
        for iri in near
        for q in market._store.raw.quads_for_pattern(
            ox.NamedNode(iri), None, None, ox.DefaultGraph()
        )
        if isinstance(q.object, ox.NamedNode)
        and (
            (q.predicate.value in terms["ObjectProperty"]
             and q.object.value in near | terms["NamedIndividual"])
            or (q.predicate.value == RDF + "type" and q.object.value in terms["Class"])
        )
    }  # fmt: skip
    print(f"{len(near)} things, {len(oracle)} facts entailed by HermiT, {len(ours)} in the store")
    assert [tuple(map(curie, t)) for t in sorted(oracle - ours)] == []
    assert [tuple(map(curie, t)) for t in sorted(ours - oracle)] == []
    asserted = {line.split(b" ", 3)[1] for line in facts.splitlines()}
    inferred = {p for _, p, _ in ours if f"<{p}>".encode() not in asserted}
    assert RG.isRequiredIn in inferred or RG.hasSkill in inferred
    assert len(ours) > 500


def test_importing_the_article_again_changes_nothing(
    market: rg.RoleGraph, built: tuple[Path, Imported, Imported]
) -> None:
    done = import_source("article", into=built[0])
    assert done.changed is False
    assert done.generation == built[2].generation == 2
