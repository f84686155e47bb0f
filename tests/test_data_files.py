"""Files of one's own: formats, faults, a ladder beside the one that ships, and every shape."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import SH, BNode, Graph

import rolegraph as rg
from rolegraph import RG, DataError, ShapeError
from rolegraph.importers import template
from rolegraph.importing import draft_source
from rolegraph.resources import ontology_path
from rolegraph.shapes import Report
from rolegraph.store import graph_name
from rolegraph.vocab import SKOS, curie
from tests.killing import framework
from tests.ladder import BRIDGE, DOCUMENT, HEAD, LADDER, write
from tests.test_plandata import PLANNING

MODEL = ontology_path("rolegraph.ttl")
BARE: dict[str, Any] = {"ours": False, "reason": False, "validate": False}


def load_bare(*paths: Path | str) -> rg.RoleGraph:
    """Only the files themselves."""
    return rg.load(*paths, **BARE)


# --- formats

SUFFIXES = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".turtle": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".json": ox.RdfFormat.JSON_LD,
    ".TTL": ox.RdfFormat.TURTLE,
}


def convert(path: Path, *, graph: str = "") -> Path:
    """Write the ladder in the format of a path's suffix; in a named graph where there may be."""
    form = SUFFIXES[path.suffix]
    triples = ox.parse(LADDER.encode(), format=ox.RdfFormat.TURTLE)
    name = ox.NamedNode(graph) if graph else ox.DefaultGraph()
    quads = (ox.Quad(q.subject, q.predicate, q.object, name) for q in triples)
    ox.serialize(quads if form.supports_datasets else (q.triple for q in quads), str(path), form)
    return path


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_format_gives_the_same_triples(tmp_path: Path, suffix: str) -> None:
    wanted = load_bare(write(tmp_path / "source.ttl"))
    kg = load_bare(convert(tmp_path / f"ladder{suffix}"))
    assert set(kg._store.triples()) == set(wanted._store.triples())
    assert len(kg._store.triples()) > 100
    assert kg._store.graphs() == [graph_name("file.ladder")]
    assert set(kg._store.triples(graph_name("file.ladder"))) == set(kg._store.triples())


@pytest.mark.parametrize("suffix", [".nq", ".trig", ".jsonld"])
def test_the_file_is_the_source_not_the_graph_inside(tmp_path: Path, suffix: str) -> None:
    kg = load_bare(convert(tmp_path / f"ladder{suffix}", graph="urn:inside"))
    assert kg._store.graphs() == [graph_name("file.ladder")]
    assert len(kg._store.triples()) > 100


def test_both_engines_see_the_file(tmp_path: Path) -> None:
    path = write(tmp_path / "ladder.ttl")
    query = "SELECT ?r ?l { ?r a rg:Role ; skos:prefLabel ?l } ORDER BY ?l"
    answers = [[tuple(r) for r in rg.load(path, engine=e, **BARE).query(query)]
               for e in ("oxigraph", "rdflib")]  # fmt: skip
    assert answers[0] == answers[1]
    assert [label for _, label in answers[0]] == ["Data Analyst", "Data Lead"]


# --- files that cannot be read


def refused(path: Path | str, match: str) -> str:
    with pytest.raises(DataError, match=match) as caught:
        load_bare(path)
    message = str(caught.value)
    assert str(path) in message
    assert "\n" not in message
    assert isinstance(caught.value, ValueError)
    return message


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("<urn:a> <urn:b> <urn:c> .\n\n<urn:a> <urn:b> x .\n", 3),
        ("@prefix x: <urn:x> .\n<urn:a> y:b <urn:c> .\n", 2),
        ("<urn:a> <urn:b> 'open .\n", 1),
        ("<urn:a> <urn:b> [ <urn:c> 1 .\n", 1),
        ("<urn:a>\r\n<urn:b>\r\n ] .\r\n", 3),
        ("<urn:a> <urn:b> <urn:c>", 1),
        ("<urn:a> <urn:b> <not an iri> .", 1),
        ("{ this is no Turtle }", 1),
    ],
)
def test_broken_turtle_names_file_and_line(tmp_path: Path, text: str, line: int) -> None:
    path = tmp_path / "broken.ttl"
    path.write_bytes(text.encode())
    message = refused(path, rf"broken\.ttl:{line}: ")
    assert "line" in message


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("broken.nt", "<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn:b> .\n", ":2"),
        ("broken.nq", "<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn:b> .\n", ":2"),
        ("broken.trig", "<urn:g> {\n<urn:a> <urn:b> }\n", ":2"),
        ("broken.jsonld", '{"@id":\n "urn:a",\n "urn:b": }', ":3"),
        ("broken.rdf", "<?xml version='1.0'?>\n<a>\n<b></a>", ""),
        ("empty.jsonld", "", ":1"),
    ],
)
def test_other_broken_files_are_named(tmp_path: Path, name: str, text: str, line: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    refused(tmp_path / name, re.escape(name + line))


def test_nothing_of_a_broken_file_is_loaded(tmp_path: Path) -> None:
    from rolegraph.store import OxigraphStore

    path = tmp_path / "broken.ttl"
    path.write_text("<urn:a> <urn:b> <urn:c> .\n" * 3 + "<urn:a>", encoding="utf-8")
    store = OxigraphStore()
    with pytest.raises(DataError):
        store.load_file(path, graph_name("x"))
    assert store.triples() == []
    assert store.graphs() == []


def test_missing_file(tmp_path: Path) -> None:
    refused(tmp_path / "nosuch.ttl", "no such file")


@pytest.mark.parametrize("name", ["ladder.doc", "ladder", "ladder.ttl.bak", ".ttl"])
def test_unknown_suffix(tmp_path: Path, name: str) -> None:
    write(tmp_path / name)
    assert ".jsonld" in refused(tmp_path / name, "cannot tell the RDF format")


def test_directory(tmp_path: Path) -> None:
    (tmp_path / "folder.ttl").mkdir()
    refused(tmp_path / "folder.ttl", "directory")
    (tmp_path / "folder").mkdir()
    refused(tmp_path / "folder", "cannot tell")


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_not_utf_8(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "odd.ttl"
    path.write_bytes("<urn:a>\n<urn:b> 'é' .".encode(encoding))
    refused(path, rf"odd\.ttl:{2 if encoding == 'latin-1' else 1}: .*UTF-8")


def test_a_statement_about_a_statement_is_refused(tmp_path: Path) -> None:
    # RDF 1.2; nothing else here can hold it, so it must not get in and fail later
    path = tmp_path / "star.ttl"
    path.write_text("<urn:a> <urn:b> <<( <urn:x> <urn:y> <urn:z> )>> .", encoding="utf-8")
    refused(path, "star")


def test_remote_context_of_json_ld_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "far.jsonld"
    path.write_text('{"@context": "http://127.0.0.1:9/c", "name": "x"}', encoding="utf-8")
    refused(path, "far.jsonld")


def test_unknown_engine_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no engine 'neo4j'; known are 'oxigraph' and 'rdflib'"):
        rg.load(tmp_path / "nosuch.ttl", engine="neo4j")  # type: ignore[arg-type]


@pytest.mark.parametrize("suffix", [".ttl", ".nt", ".nq", ".trig"])
def test_empty_file(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"empty{suffix}"
    path.touch()
    assert load_bare(path)._store.triples() == []


def test_empty_file_beside_ours_changes_nothing(tmp_path: Path, kg: rg.RoleGraph) -> None:
    path = tmp_path / "empty.ttl"
    path.touch()
    found = rg.load(path, validate=False)
    assert found.roles() == kg.roles()
    assert len(found._store.triples()) == len(kg._store.triples())
    assert found.inferred().keys() == kg.inferred().keys()


# --- paths


def test_the_same_file_twice_is_loaded_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "blank.ttl"
    path.write_text("<urn:a> <urn:b> [ <urn:c> 1 ] .", encoding="utf-8")
    once = load_bare(path)
    assert len(once._store.triples()) == 2
    assert len(load_bare(path, path)._store.triples()) == 2
    assert len(load_bare(path, str(path))._store.triples()) == 2
    monkeypatch.chdir(tmp_path)
    again = load_bare("blank.ttl", path, "./blank.ttl", tmp_path / ".." / tmp_path.name / path.name)
    assert len(again._store.triples()) == 2
    assert again._store.graphs() == once._store.graphs()


def test_relative_path_and_relative_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rel.ttl").write_text("<thing> a <#kind> .", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    here, there = load_bare("rel.ttl"), load_bare(tmp_path / "rel.ttl")
    assert here._store.triples() == there._store.triples()
    rows = here.query("SELECT ?s ?o { ?s a ?o }")
    assert rows[0]["s"] == (tmp_path / "thing").as_uri()
    assert rows[0]["o"] == (tmp_path / "rel.ttl").as_uri() + "#kind"


def test_files_of_the_same_name_keep_graphs_of_their_own(tmp_path: Path) -> None:
    paths = []
    for i, folder in enumerate(("one", "two", "three")):
        (tmp_path / folder).mkdir()
        paths.append(tmp_path / folder / "a b.ttl")
        paths[-1].write_text(f"<urn:x> <urn:y> {i} .", encoding="utf-8")
    kg = load_bare(*paths)
    names = [graph_name(f"file.a-b{end}") for end in ("", "-2", "-3")]
    assert kg._store.graphs() == sorted(names)
    assert [kg._store.triples(n)[0][2].value for n in names] == ["0", "1", "2"]


def test_any_name_of_a_file_will_do(tmp_path: Path) -> None:
    path = tmp_path / "größe <>\"{}|^`\\ % 'x'.ttl"
    path.write_text("<urn:x> <urn:y> 1 .", encoding="utf-8")
    kg = load_bare(path)
    assert len(kg._store.triples()) == 1
    assert kg.ask("ASK { GRAPH ?g { ?s ?p ?o } }")


# --- a ladder of one's own


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> rg.RoleGraph:
    """The ladder and its bridge beside everything that ships, validated."""
    folder = tmp_path_factory.mktemp("own")
    ladder, bridge = write(folder / "ladder.ttl"), write(folder / "bridge.ttl", text=BRIDGE)
    return rg.load(ladder, bridge)


def test_own_roles_family_and_level(own: rg.RoleGraph) -> None:
    assert [r.label for r in own.roles("Data work")] == ["Data Analyst", "Data Lead"]
    assert own.role("Number Cruncher").label == "Data Analyst"
    assert own.role("Data Lead").level == "guru"
    assert len(own.roles()) == 13
    assert [str(s) for s in own.skills("Data Lead")] == ["Statistics"]
    assert [str(c) for c in own.certifications("Data Analyst")] == ["Data badge"]
    assert [str(d) for d in own.responsibilities("Data Analyst")] == ["Clean data"]


def test_routes_work_across_own_roles_and_ours(own: rg.RoleGraph) -> None:
    route = own.route("Project Manager", "Data Lead")
    assert [r.label for r in route.roles] == ["Project Manager", "Data Analyst", "Data Lead"]
    assert [s.transition.kind for s in route.steps] == ["curated", "stated"]
    assert "Handbook" in str(route.steps[1].evidence[0])
    through = own.routes("Project Manager", "Delivery Director", k=5)
    labels = [[r.label for r in found.roles] for found in through]
    assert ["Project Manager", "Data Analyst", "Data Lead", "Delivery Director"] in labels
    assert [
        "Project Manager", "Delivery Manager", "Senior Delivery Manager", "Delivery Director",
    ] in labels  # fmt: skip
    assert "Data Lead" in {r.role.label for r in own.reachable("Delivery Manager")}
    assert own.ask("ASK { role:delivery-manager rg:leadsTo role:data-lead }")
    assert {t.type for t in own.transitions(target="Data Analyst")} == {"entry", "lateral move"}
    with pytest.raises(rg.NoRouteError):
        own.route("Project Manager", "Data Lead", kinds=("stated",))


def test_own_evidence_resolves_in_the_own_document(own: rg.RoleGraph, tmp_path: Path) -> None:
    document = tmp_path / "handbook.txt"
    document.write_text(DOCUMENT, encoding="utf-8")
    checked = own.verify(document)
    assert checked.ok, checked.problems
    assert (checked.document, checked.passages) == ("Handbook", 1)
    document.write_text(DOCUMENT.replace("can be", "cannot be"), encoding="utf-8")
    problems = own.verify(document).problems
    assert any("passage:handbook.promotion" in p for p in problems)


def test_the_ladder_needs_nothing_but_the_model(tmp_path: Path) -> None:
    kg = rg.load(MODEL, write(tmp_path / "ladder.ttl"), ours=False)
    assert len(kg.route("Data Analyst", "Data Lead")) == 1
    assert len(kg.roles()) == 2


# --- every shape, one fault at a time


@dataclass(frozen=True)
class Fault:
    """One thing wrong with the ladder, and the line that must say so.

    ``constraint`` names what is broken: a path and a SHACL component, or "sparql".
    """

    shape: str
    constraint: str
    update: str
    place: str
    advice: str

    @property
    def name(self) -> str:
        return f"{self.shape} {self.constraint}"


def put(triples: str) -> str:
    return f"INSERT DATA {{ {triples} }}"


def cut(subject: str, predicate: str) -> str:
    return f"DELETE WHERE {{ {subject} {predicate} ?gone }}"


def swap(subject: str, predicate: str, value: str) -> str:
    return f"{cut(subject, predicate)} ; {put(f'{subject} {predicate} {value}')}"


CLAIM = "claim:analyst-duty"
MOVE = "move:data-analyst-to-data-lead"
ENTRY = "move:into-data-analyst"
SPECIAL = "move:data-lead-into-statistics"
NEED = "requirement:data-lead.statistics"
PASSAGE = "passage:handbook.promotion"
SECTION = "section:handbook.data-work"
BOOK = "document:handbook"
NOTE = "note:our-ladder"
ROLE = "role:data-analyst"
ZEROES = "0" * 64


def faults(shape: str, node: str, advice: str, path: str, **updates: str) -> list[Fault]:
    return [
        Fault(shape, f"{path} {component}", update, f"{node} {path}", advice)
        for component, update in updates.items()
    ]


FAULTS = [
    *faults("Assertion", CLAIM, "Give the assertion one rg:object", "rg:object",
            minCount=cut(CLAIM, "rg:object"),
            maxCount=put(f"{CLAIM} rg:object rg:professionalLevel")),
    *faults("Assertion", CLAIM, "Give the assertion one rg:subject", "rg:subject",
            minCount=cut(CLAIM, "rg:subject"),
            maxCount=put(f"{CLAIM} rg:subject role:data-lead"),
            nodeKind=swap(CLAIM, "rg:subject", "'the analyst'")),
    *faults("Assertion", CLAIM, "Give the assertion one rg:predicate, a property", "rg:predicate",
            minCount=cut(CLAIM, "rg:predicate"),
            maxCount=put(f"{CLAIM} rg:predicate rg:hasLevel"),
            nodeKind=swap(CLAIM, "rg:predicate", "'has duty'")),
    Fault("Assertion", "sparql", swap("claim:lead-level", "rg:object", "rg:leadLevel"),
          "claim:lead-level", "The graph does not hold the triple that the assertion speaks of"),
    *faults("Claim", CLAIM, "Use at most one rg:hasHedge", "rg:hasHedge",
            **{"in": put(f"{CLAIM} rg:hasHedge rg:curated")},
            maxCount=put(f"{CLAIM} rg:hasHedge rg:may, rg:can")),
    *faults("Claim", CLAIM, "give it one rg:hasEvidenceKind", "rg:hasEvidenceKind",
            **{"in": swap(CLAIM, "rg:hasEvidenceKind", "rg:may")},
            minCount=cut(CLAIM, "rg:hasEvidenceKind"),
            maxCount=put(f"{CLAIM} rg:hasEvidenceKind rg:imported")),
    *faults("Claim", CLAIM, "Use at most one rg:hasStrength", "rg:hasStrength",
            **{"in": put(f"{CLAIM} rg:hasStrength rg:curated")},
            maxCount=put(f"{CLAIM} rg:hasStrength rg:essential, rg:beneficial")),
    *faults("Claim", CLAIM, "Say what bears the claim out", "rg:hasEvidence",
            **{"class": put(f"{CLAIM} rg:hasEvidence {ROLE}")},
            minCount=cut(CLAIM, "rg:hasEvidence")),
    Fault("Claim", "sparql", swap(MOVE, "rg:hasEvidence", NOTE), MOVE,
          "A stated claim needs an rg:TextPassage among its evidence"),
    *faults("CuratorNote", NOTE, "Give the note an rg:rationale of at least a few words",
            "rg:rationale",
            minCount=cut(NOTE, "rg:rationale"),
            minLength=swap(NOTE, "rg:rationale", "'I say so.'"),
            datatype=swap(NOTE, "rg:rationale", "'Because that is how we do it.'@en")),
    *faults("Document", BOOK, "Give the document a skos:prefLabel with a language tag",
            "skos:prefLabel",
            minCount=cut(BOOK, "skos:prefLabel"),
            datatype=swap(BOOK, "skos:prefLabel", "'Handbook'")),
    *faults("Document", BOOK, "Give the document one rg:sha256, 64 hexadecimal digits",
            "rg:sha256",
            minCount=cut(BOOK, "rg:sha256"),
            maxCount=put(f"{BOOK} rg:sha256 '{ZEROES}'"),
            datatype=swap(BOOK, "rg:sha256", f"'{ZEROES}'@en"),
            pattern=swap(BOOK, "rg:sha256", f"'{ZEROES[:-1]}G'")),
    *faults("EntryTransition", ENTRY, "Give the entry one rg:toRole, an rg:Role", "rg:toRole",
            **{"class": swap(ENTRY, "rg:toRole", "duty:clean-data")},
            minCount=cut(ENTRY, "rg:toRole"),
            maxCount=put(f"{ENTRY} rg:toRole role:data-lead")),
    *faults("EntryTransition", ENTRY, "An entry comes from outside: leave out rg:fromRole",
            "rg:fromRole",
            maxCount=put(f"{ENTRY} rg:fromRole role:data-lead")),
    Fault("Promotion", "sparql",
          f"{swap(MOVE, 'rg:fromRole', 'role:data-lead')} ; {swap(MOVE, 'rg:toRole', ROLE)}",
          MOVE, "must stand on a higher rg:hasLevel"),
    *faults("Role", ROLE, "Let rg:inFamily point to an rg:RoleFamily", "rg:inFamily",
            **{"class": put(f"{ROLE} rg:inFamily duty:clean-data")}),
    *faults("Role", ROLE, "Let rg:hasRelevantCertification point to an rg:Certification",
            "rg:hasRelevantCertification",
            **{"class": put(f"{ROLE} rg:hasRelevantCertification duty:clean-data")}),
    *faults("Role", ROLE, "Let rg:hasResponsibility point to an rg:Responsibility",
            "rg:hasResponsibility",
            **{"class": put(f"{ROLE} rg:hasResponsibility certification:data-badge")}),
    *faults("Role", ROLE, "Give the role at most one rg:hasLevel, an rg:Level", "rg:hasLevel",
            **{"class": swap(ROLE, "rg:hasLevel", "duty:clean-data")},
            maxCount=put(f"{ROLE} rg:hasLevel rg:seniorLevel")),
    *faults("RoleTransition", MOVE, "Give the transition one rg:fromRole, an rg:Role",
            "rg:fromRole",
            **{"class": swap(MOVE, "rg:fromRole", "duty:clean-data")},
            minCount=cut(MOVE, "rg:fromRole"),
            maxCount=put(f"{MOVE} rg:fromRole role:data-lead")),
    *faults("RoleTransition", MOVE, "Give the transition one rg:toRole, an rg:Role, other than",
            "rg:toRole",
            **{"class": swap(MOVE, "rg:toRole", "duty:clean-data")},
            minCount=cut(MOVE, "rg:toRole"),
            maxCount=put(f"{MOVE} rg:toRole role:third") + " ; "
            + put("role:third a rg:Role ; skos:prefLabel 'Third'@en"),
            disjoint=swap(MOVE, "rg:toRole", ROLE)),
    *faults("RoleTransition", MOVE, "Give the transition a skos:prefLabel with a language tag",
            "skos:prefLabel",
            minCount=cut(MOVE, "skos:prefLabel"),
            datatype=swap(MOVE, "skos:prefLabel", "'Up'"),
            uniqueLang=put(f"{MOVE} skos:prefLabel 'Up'@en")),
    *faults("Section", SECTION, "Give the section its heading as skos:prefLabel",
            "skos:prefLabel",
            minCount=cut(SECTION, "skos:prefLabel"),
            maxCount=put(f"{SECTION} skos:prefLabel 'Other'@en"),
            datatype=swap(SECTION, "skos:prefLabel", "'Data work'")),
    *faults("Section", SECTION, "Give the section one rg:inDocument, an rg:Document",
            "rg:inDocument",
            **{"class": swap(SECTION, "rg:inDocument", NOTE)},
            minCount=cut(SECTION, "rg:inDocument"),
            maxCount=put(f"{SECTION} rg:inDocument document:two . document:two a rg:Document ;"
                         f" skos:prefLabel 'Two'@en ; rg:sha256 '{ZEROES}'")),
    *faults("SkillRequirement", NEED, "Give the requirement one rg:isRequirementOf",
            "rg:isRequirementOf",
            **{"or": swap(NEED, "rg:isRequirementOf", "duty:clean-data")},
            minCount=cut(NEED, "rg:isRequirementOf"),
            maxCount=put(f"{NEED} rg:isRequirementOf {MOVE}")),
    *faults("SkillRequirement", NEED, "Give the requirement one rg:requiredSkill, an rg:Skill",
            "rg:requiredSkill",
            **{"class": swap(NEED, "rg:requiredSkill", "duty:clean-data")},
            minCount=cut(NEED, "rg:requiredSkill"),
            maxCount=put(f"{NEED} rg:requiredSkill skill:two ."
                         " skill:two a rg:Skill ; skos:prefLabel 'Two'@en")),
    *faults("SpecialisationTransition", SPECIAL, "Give the specialisation an rg:specialisesIn",
            "rg:specialisesIn",
            **{"class": swap(SPECIAL, "rg:specialisesIn", "duty:clean-data")},
            minCount=cut(SPECIAL, "rg:specialisesIn")),
    *faults("SpecialisationTransition", SPECIAL,
            "Give the specialisation one rg:fromRole, an rg:Role", "rg:fromRole",
            **{"class": swap(SPECIAL, "rg:fromRole", "duty:clean-data")},
            minCount=cut(SPECIAL, "rg:fromRole"),
            maxCount=put(f"{SPECIAL} rg:fromRole {ROLE}")),
    *faults("TextPassage", PASSAGE, "Give the passage one rg:endOffset", "rg:endOffset",
            minCount=cut(PASSAGE, "rg:endOffset"),
            maxCount=put(f"{PASSAGE} rg:endOffset 9999"),
            datatype=swap(PASSAGE, "rg:endOffset", "'99'"),
            minInclusive=swap(PASSAGE, "rg:endOffset", "-1")),
    *faults("TextPassage", PASSAGE,
            "Give the passage one rg:startOffset, a number of characters below its rg:endOffset",
            "rg:startOffset",
            minCount=cut(PASSAGE, "rg:startOffset"),
            maxCount=put(f"{PASSAGE} rg:startOffset 0"),
            datatype=swap(PASSAGE, "rg:startOffset", "'0'"),
            minInclusive=swap(PASSAGE, "rg:startOffset", "-1"),
            lessThan=swap(PASSAGE, "rg:startOffset", "9999")),
    *faults("TextPassage", PASSAGE, "Give the passage one rg:inDocument, an rg:Document",
            "rg:inDocument",
            **{"class": swap(PASSAGE, "rg:inDocument", NOTE)},
            minCount=cut(PASSAGE, "rg:inDocument"),
            maxCount=put(f"{PASSAGE} rg:inDocument document:two . document:two a rg:Document ;"
                         f" skos:prefLabel 'Two'@en ; rg:sha256 '{ZEROES}'")),
    *faults("TextPassage", PASSAGE, "Give the passage one rg:sha256, 64 hexadecimal digits",
            "rg:sha256",
            minCount=cut(PASSAGE, "rg:sha256"),
            maxCount=put(f"{PASSAGE} rg:sha256 '{ZEROES}'"),
            datatype=swap(PASSAGE, "rg:sha256", f"'{ZEROES}'@en"),
            pattern=swap(PASSAGE, "rg:sha256", f"'{ZEROES}0'")),
    *faults("TextPassage", PASSAGE, "Give the passage at most one rg:inSection, an rg:Section",
            "rg:inSection",
            **{"class": swap(PASSAGE, "rg:inSection", NOTE)},
            maxCount=put(f"{PASSAGE} rg:inSection section:two . section:two a rg:Section ;"
                         f" skos:prefLabel 'Two'@en ; rg:inDocument {BOOK}")),
    *faults("WorkConcept", ROLE, "Give every skos:altLabel a language tag and no blanks around it",
            "skos:altLabel",
            datatype=put(f"{ROLE} skos:altLabel 'Cruncher'"),
            pattern=put(f"{ROLE} skos:altLabel ' Cruncher'@en")),
    *faults("WorkConcept", "duty:clean-data", "Give it one skos:prefLabel for each language",
            "skos:prefLabel",
            minCount=cut("duty:clean-data", "skos:prefLabel"),
            datatype=swap("duty:clean-data", "skos:prefLabel", "'Clean data'"),
            pattern=swap("duty:clean-data", "skos:prefLabel", "'Clean data '@en"),
            uniqueLang=put("duty:clean-data skos:prefLabel 'Tidy up'@en")),
    Fault("WorkConcept", "sparql", cut(CLAIM, "?p"),
          f"{ROLE} rg:hasResponsibility duty:clean-data",
          "The fact with this path and value has no claim: add an rg:Assertion"),
]  # fmt: skip


def report_on(*files: Path) -> Report:
    return rg.load(MODEL, *files, **BARE).validate()


@pytest.fixture(scope="module")
def terms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The names of the model and its hierarchies, which is all that the shapes look at.

    The ladder is valid beside it and beside the whole model, so that what is found below is due
    to the fault.
    """
    folder = tmp_path_factory.mktemp("terms")
    whole, some = Graph().parse(MODEL, format="turtle"), Graph()
    kept = (rdflib.RDF.type, rdflib.RDFS.subClassOf, rdflib.RDFS.subPropertyOf,
            rdflib.SKOS.prefLabel, rdflib.URIRef(RG.levelRank))  # fmt: skip
    for s, p, o in whole:
        if p in kept and not isinstance(s, BNode) and not isinstance(o, BNode):
            some.add((s, p, o))
    some.serialize(folder / "terms.nt", format="nt", encoding="utf-8")
    ladder = write(folder / "ladder.ttl")
    for model in (MODEL, folder / "terms.nt"):
        assert rg.load(model, ladder, **BARE).validate().violations == ()
    return folder / "terms.nt"


@pytest.mark.parametrize("fault", FAULTS, ids=[f.name for f in FAULTS])
def test_every_fault_is_found_and_named(fault: Fault, terms: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "faulty.ttl", fault.update)
    with pytest.raises(ShapeError) as caught:
        rg.load(terms, path, ours=False, reason=False)
    assert "faulty.ttl" in str(caught.value).splitlines()[0]
    lines = caught.value.violations
    assert [v for v in lines if v.startswith(f"{fault.place}") and fault.advice in v], lines
    assert len(lines) <= 4, lines
    assert all(f"  {line}" in str(caught.value).splitlines() for line in lines)


def constraints() -> set[str]:
    """Every constraint of the shapes that ship, as the faults above name them."""
    shapes = Graph().parse(ontology_path("shapes.ttl"), format="turtle")
    about = {SH.path, SH.message}
    found = set()
    for shape in shapes.subjects(rdflib.RDF.type, SH.NodeShape):
        name = str(shape).rpartition("/")[2]
        if name in PLANNING:
            continue  # test_plandata.py breaks each of them
        for _ in shapes.objects(shape, SH.sparql):
            found.add(f"{name} sparql")
        for prop in shapes.objects(shape, SH.property):
            path = curie(str(shapes.value(prop, SH.path)))
            for component in set(shapes.predicates(prop)) - about:
                assert str(component).startswith(str(SH)), component
                found.add(f"{name} {path} {str(component).removeprefix(str(SH))}")
        others = {SH.property, SH.sparql, SH.targetClass, rdflib.RDF.type, rdflib.RDFS.label}
        assert set(shapes.predicates(shape)) <= others, name
        assert not isinstance(shape, BNode)
    return found


def test_the_faults_cover_every_constraint() -> None:
    assert {f.name for f in FAULTS} == constraints()
    assert len(FAULTS) == len({f.name for f in FAULTS})


def test_several_faults_are_all_named(tmp_path: Path) -> None:
    update = " ; ".join((cut(NOTE, "rg:rationale"), cut(SECTION, "skos:prefLabel"),
                         put(f"{ROLE} skos:altLabel 'x'")))  # fmt: skip
    report = report_on(write(tmp_path / "faulty.ttl", update))
    assert not report.conforms
    assert [(v.node, v.path) for v in report.violations] == [
        (NOTE, "rg:rationale"),
        (ROLE, "skos:altLabel"),
        (SECTION, "skos:prefLabel"),
    ]
    assert [v.value for v in report.violations] == ["", "x", ""]
    assert str(report).count("\n") == 2


# --- names that do not exist


@pytest.mark.parametrize(
    ("update", "place", "hint"),
    [
        (swap(MOVE, "rg:hasHedge", "rg:cann"), f"{MOVE} rg:hasHedge", "rg:can?"),
        (f"{cut(MOVE, 'rg:hasHedge')} ; {put(f'{MOVE} rg:hasHegde rg:can')}", MOVE,
         "rg:hasHegde; did you mean rg:hasHedge?"),
        (put(f"{ROLE} a rg:Roel"), f"{ROLE} rdf:type", "rg:Roel; did you mean rg:Role?"),
        (put("my:x a rg:Responsability"), "", "rg:Responsability; did you mean rg:Responsibility?"),
        (put(f"{ROLE} rg:inFamly family:data-work"), ROLE, "did you mean rg:inFamily?"),
        (put("rg:newThing a rg:Skill"), "rg:newThing", "the ontology has no rg:newThing"),
        (put("my:x a rg:zzzzzzzzzz"), "", "the ontology has no rg:zzzzzzzzzz"),
    ],
)  # fmt: skip
def test_a_misspelt_term_is_found_and_the_right_one_suggested(
    tmp_path: Path, update: str, place: str, hint: str
) -> None:
    path = write(tmp_path / "faulty.ttl", update)
    with pytest.raises(ShapeError, match="the ontology has no rg:") as caught:
        rg.load(MODEL, path, ours=False, reason=False)
    found = [v for v in caught.value.violations if "the ontology has no" in v]
    assert len(found) == 1
    assert found[0].startswith(place)
    assert hint in found[0]
    assert len(rg.load(MODEL, path, **BARE)._store.triples()) > 100


@pytest.mark.parametrize(
    ("update", "place", "hint"),
    [
        (put(f"{NEED} rg:hasEvidence note:our-lader"),
         f"{NEED} rg:hasEvidence note:our-lader", "did you mean note:our-ladder?"),
        (put("role:data-lead rg:overlapsWith role:data-analist"),
         "role:data-lead rg:overlapsWith role:data-analist", "did you mean role:data-analyst?"),
        (put("role:data-lead rg:hasResponsibility duty:quite-something-else"),
         "role:data-lead rg:hasResponsibility duty:quite-something-else", "not described anywhere"),
    ],
)  # fmt: skip
def test_a_dangling_reference_is_found_and_the_right_one_suggested(
    tmp_path: Path, update: str, place: str, hint: str
) -> None:
    path = write(tmp_path / "faulty.ttl", update)
    with pytest.raises(ShapeError) as caught:
        rg.load(MODEL, path, ours=False, reason=False)
    found = [v for v in caught.value.violations if "not described anywhere" in v]
    assert len(found) == 1
    assert found[0].startswith(place)
    assert hint in found[0]
    assert len(rg.load(MODEL, path, **BARE)._store.triples()) > 100


def test_a_reference_to_something_of_ours_dangles_only_without_ours(tmp_path: Path) -> None:
    ladder, bridge = write(tmp_path / "ladder.ttl"), write(tmp_path / "bridge.ttl", text=BRIDGE)
    with pytest.raises(ShapeError, match=r"role:project-manager: points at something") as caught:
        rg.load(MODEL, ladder, bridge, ours=False)
    assert "role:delivery-director" in str(caught.value)


def test_an_unknown_namespace_is_left_alone(tmp_path: Path) -> None:
    path = write(tmp_path / "ladder.ttl", put("my:x my:y my:z . my:x my:w <urn:q>"))
    assert report_on(path).conforms


@pytest.mark.parametrize("fault", FAULTS[::9], ids=[f.name for f in FAULTS[::9]])
def test_without_validation_it_loads_all_the_same(fault: Fault, tmp_path: Path) -> None:
    path = write(tmp_path / "faulty.ttl", fault.update)
    kg = rg.load(MODEL, path, ours=False, validate=False)
    assert not kg.validate().conforms
    assert "Data Lead" in {r.label for r in kg.roles()}
    assert kg.transitions() != ()
    assert len(kg.route("Data Analyst", "Data Analyst")) == 0


def test_ours_works_beside_faulty_data_that_nobody_checked(tmp_path: Path) -> None:
    update = " ; ".join((cut(MOVE, "rg:toRole"), cut(ROLE, "skos:prefLabel"), cut(ENTRY, "a"),
                         put("move:odd a rg:Promotion ; rg:fromRole role:nobody")))  # fmt: skip
    kg = rg.load(write(tmp_path / "faulty.ttl", update), validate=False)
    assert len(kg.route("Project Manager", "Delivery Director")) == 3
    assert len(kg.reachable("Project Manager")) == 9
    assert len(kg.compare("Project Manager", "Delivery Manager").responsibilities.shared) == 8


def test_ours_alone_is_not_validated_on_loading_but_conforms(kg: rg.RoleGraph) -> None:
    report = kg.validate()
    assert report.conforms
    assert str(report) == f"conforms ({report.triples} triples)"
    assert report.triples > 5000


def test_labels_in_other_languages(tmp_path: Path) -> None:
    text = HEAD + f"{ROLE} <{SKOS}prefLabel> 'Datenanalyst'@de ; skos:altLabel 'Analyste'@fr ."
    kg = rg.load(MODEL, write(tmp_path / "ladder.ttl"), write(tmp_path / "more.ttl", text=text),
                 ours=False)  # fmt: skip
    assert {kg.role(n).curie for n in ("Datenanalyst", "Analyste", "Data Analyst")} == {ROLE}
    assert len(kg.roles()) == 2


# --- terms of market.ttl, which rolegraph.load leaves out


def test_facts_of_importers_break_no_shape(tmp_path: Path) -> None:
    """A fact read from a row is borne out by the row; scales and ladders are known classes."""
    (ladder,) = template.write(tmp_path / "ladder.yaml", "yaml", example=True)
    tables = {"table": ladder, "gdad": framework(tmp_path / "framework", 1)}
    facts = []
    for kind, path in tables.items():
        (work := tmp_path / kind).mkdir()
        facts.append(draft_source(kind, work, [path], version="1")[0].facts)
    report = rg.load(MODEL, *facts, **BARE).validate()
    # the example has a mapping to a role that ships, which is not loaded here
    assert {(v.value, v.message) for v in report.violations} == {
        ("role:delivery-manager", "points at something that is not described anywhere")
    }
    assert report.triples > 2000


def test_terms_of_markets_are_known_only_beside_our_model(tmp_path: Path) -> None:
    path = write(tmp_path / "ladder.ttl", put("role:data-lead rg:onLader my:ladder"))
    with pytest.raises(ShapeError, match=r"no rg:onLader; did you mean rg:onLadder\?"):
        rg.load(MODEL, path, ours=False, reason=False)
    right = write(tmp_path / "right.ttl", put("role:data-lead rg:onLadder my:ladder"))
    found = report_on(right).violations
    assert [(v.path, v.value) for v in found] == [
        ("rg:onLadder", "https://example.org/ladder/ladder")
    ]
    assert "has no claim" in found[0].message
    bare = load_bare(right).validate().violations
    assert any("the ontology has no rg:onLadder" in v.message for v in bare)


def test_a_row_bears_a_fact_out_and_nothing_else_does(tmp_path: Path) -> None:
    """Without the row of a file, a fact about a role still needs its claim."""
    fact = "role:data-lead rg:hasResponsibility duty:clean-data"
    assert len(report_on(write(tmp_path / "bare.ttl", put(fact))).violations) == 1
    row = write(tmp_path / "row.ttl", put(f"{fact} . role:data-lead rg:sourceRow 7"))
    assert report_on(row).conforms
