"""A small ladder of our own making, to be loaded beside the ontology: roles, claims, evidence."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pyoxigraph as ox

from rolegraph.vocab import PREFIXES

MY = "https://example.org/ladder/"
NAMES = {**PREFIXES, "my": MY}
HEAD = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in NAMES.items())

HEADING = "Data work"
SENTENCE = "A Data Analyst can be promoted to Data Lead."
DOCUMENT = f"Handbook\n\n{HEADING}\n\n{SENTENCE}\n"
START = DOCUMENT.index(SENTENCE)
END = START + len(SENTENCE)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


EVIDENCE = f"""
document:handbook a owl:NamedIndividual , rg:Document ;
    skos:prefLabel "Handbook"@en ;
    rg:characterCount {len(DOCUMENT)} ;
    rg:sha256 "{digest(DOCUMENT)}" .
section:handbook.data-work a owl:NamedIndividual , rg:Section ;
    skos:prefLabel "{HEADING}"@en ;
    rg:inDocument document:handbook ;
    rg:startOffset {DOCUMENT.index(HEADING)} .
passage:handbook.promotion a owl:NamedIndividual , rg:TextPassage ;
    rg:inDocument document:handbook ;
    rg:inSection section:handbook.data-work ;
    rg:startOffset {START} ;
    rg:endOffset {END} ;
    rg:sha256 "{digest(SENTENCE)}" .
note:our-ladder a owl:NamedIndividual , rg:CuratorNote ;
    rg:rationale "This is how the people of our own house tell it." .
"""

THINGS = """
family:data-work a owl:NamedIndividual , rg:RoleFamily ; skos:prefLabel "Data work"@en .
my:guru a owl:NamedIndividual , rg:Level ; skos:prefLabel "guru"@en ; rg:levelRank 4 .
skill:statistics a owl:NamedIndividual , rg:Skill ; skos:prefLabel "Statistics"@en .
duty:clean-data a owl:NamedIndividual , rg:Responsibility ; skos:prefLabel "Clean data"@en .
certification:data-badge a owl:NamedIndividual , rg:Certification ; skos:prefLabel "Data badge"@en .
role:data-analyst a owl:NamedIndividual , rg:Role ;
    skos:prefLabel "Data Analyst"@en ;
    skos:altLabel "Number Cruncher"@en ;
    rg:hasLevel rg:professionalLevel ;
    rg:inFamily family:data-work ;
    rg:hasResponsibility duty:clean-data ;
    rg:hasRelevantCertification certification:data-badge .
role:data-lead a owl:NamedIndividual , rg:Role ;
    skos:prefLabel "Data Lead"@en ;
    rg:hasLevel my:guru ;
    rg:inFamily family:data-work .
"""

MOVES = """
move:data-analyst-to-data-lead a owl:NamedIndividual , rg:Promotion ;
    skos:prefLabel "Data Analyst to Data Lead"@en ;
    rg:fromRole role:data-analyst ;
    rg:toRole role:data-lead ;
    rg:hasEvidence passage:handbook.promotion ;
    rg:hasEvidenceKind rg:stated ;
    rg:hasHedge rg:can .
move:data-lead-into-statistics a owl:NamedIndividual , rg:SpecialisationTransition ;
    skos:prefLabel "Data Lead into Statistics"@en ;
    rg:fromRole role:data-lead ;
    rg:specialisesIn skill:statistics ;
    rg:hasEvidence note:our-ladder ;
    rg:hasEvidenceKind rg:curated .
move:into-data-analyst a owl:NamedIndividual , rg:EntryTransition ;
    skos:prefLabel "Into Data Analyst"@en ;
    rg:toRole role:data-analyst ;
    rg:hasEvidence note:our-ladder ;
    rg:hasEvidenceKind rg:curated .
requirement:data-lead.statistics a owl:NamedIndividual , rg:SkillRequirement ;
    rg:isRequirementOf role:data-lead ;
    rg:requiredSkill skill:statistics ;
    rg:hasStrength rg:essential ;
    rg:hasEvidence note:our-ladder ;
    rg:hasEvidenceKind rg:curated .
"""

FACTS = {
    "analyst-level": "role:data-analyst rg:hasLevel rg:professionalLevel",
    "analyst-family": "role:data-analyst rg:inFamily family:data-work",
    "analyst-duty": "role:data-analyst rg:hasResponsibility duty:clean-data",
    "analyst-badge": "role:data-analyst rg:hasRelevantCertification certification:data-badge",
    "lead-level": "role:data-lead rg:hasLevel my:guru",
    "lead-family": "role:data-lead rg:inFamily family:data-work",
}


def claim(name: str, fact: str) -> str:
    """The assertion, on the curators' word, of a fact of three terms."""
    subject, predicate, value = fact.split()
    return (
        f"claim:{name} a owl:NamedIndividual , rg:Assertion ; rg:subject {subject} ;"
        f" rg:predicate {predicate} ; rg:object {value} ;"
        " rg:hasEvidence note:our-ladder ; rg:hasEvidenceKind rg:curated .\n"
    )


CLAIMS = "".join(claim(name, fact) for name, fact in FACTS.items())

LADDER = HEAD + EVIDENCE + THINGS + MOVES + CLAIMS
"""All of it, as valid Turtle that needs nothing but the model."""

BRIDGE = (
    HEAD
    + """
move:project-manager-to-data-analyst a owl:NamedIndividual , rg:LateralTransition ;
    skos:prefLabel "Project Manager to Data Analyst"@en ;
    rg:fromRole role:project-manager ;
    rg:toRole role:data-analyst ;
    rg:hasEvidence note:our-ladder ;
    rg:hasEvidenceKind rg:curated .
move:data-lead-to-delivery-director a owl:NamedIndividual , rg:Promotion ;
    skos:prefLabel "Data Lead to Delivery Director"@en ;
    rg:fromRole role:data-lead ;
    rg:toRole role:delivery-director ;
    rg:hasEvidence note:our-ladder ;
    rg:hasEvidenceKind rg:curated .
"""
)
"""Two moves that join the ladder with roles that ship."""


def write(path: Path, update: str = "", text: str = LADDER) -> Path:
    """Write a ladder to a file (Turtle), after a SPARQL update if one is given."""
    if not update:
        path.write_text(text, encoding="utf-8")
        return path
    store = ox.Store()
    store.load(text.encode(), format=ox.RdfFormat.TURTLE)
    before = set(store)
    store.update(update, prefixes=NAMES)
    assert set(store) != before, f"an update that changes nothing: {update}"
    store.dump(str(path), format=ox.RdfFormat.TURTLE, from_graph=ox.DefaultGraph())
    return path
