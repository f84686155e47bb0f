"""Reading values out of a graph: concepts, claims with their evidence, requirements, transitions.

Each function asks the engine a few SPARQL queries; nothing here knows which engine it is. What is
read are closure facts (so a core responsibility is a responsibility); the claims found beside a
fact are those that say it, in its own words or in those of a sub-property.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rolegraph.lookup import Index
from rolegraph.sparql import Row, select
from rolegraph.store import Engine
from rolegraph.terms import IRI
from rolegraph.values import (
    Certification,
    Claim,
    Concept,
    Evidence,
    Finding,
    Responsibility,
    Role,
    Skill,
    SkillRequirement,
    Transition,
)
from rolegraph.vocab import RG, curie

__all__ = [
    "claims_about",
    "findings",
    "read_index",
    "requirement_claims",
    "requirements",
    "transitions",
]

_CONCEPTS = """
SELECT ?c ?label ?class ?alt WHERE {
  ?c a rg:WorkConcept ; skos:prefLabel ?label .
  ?c a ?k . ?k rdfs:subClassOf* rg:WorkConcept ; rdfs:label ?class .
  OPTIONAL { ?c skos:altLabel ?alt }
}"""
_ROLE_EXTRAS = """
SELECT ?c ?family ?level WHERE {
  ?c a rg:Role .
  OPTIONAL { ?c rg:inFamily/skos:prefLabel ?family }
  OPTIONAL { ?c rg:hasLevel/skos:prefLabel ?level }
} ORDER BY ?c ?family ?level"""
_CERT_EXTRAS = """
SELECT ?c ?full ?scheme WHERE {
  ?c a rg:Certification .
  OPTIONAL { ?c rg:fullName ?full }
  OPTIONAL { ?c rg:isIssuedUnder/skos:prefLabel ?scheme }
} ORDER BY ?c ?full ?scheme"""
_SKILL_KINDS = ("knowledge", "management skill", "soft skill", "technical skill")
# a class says more about a thing than its superclasses: the first of these that it bears names it
_KINDS = (
    "role", "skill", "responsibility", "certification", "training", "learning format",
    "development practice", "development activity", "organisational practice", "industry",
    "work environment", "setting", "purpose", "outcome", "aim", "role family", "level",
    "certification scheme", "involvement pattern", "progression pattern", "precondition",
    "party", "topic",
)  # fmt: skip


def read_index(engine: Engine) -> Index:
    """Read every concept of a graph.

    Parameters
    ----------
    engine : Engine

    Returns
    -------
    Index
    """
    labels: dict[str, set[str]] = {}
    classes: dict[str, set[str]] = {}
    others: dict[str, set[str]] = {}
    for c, label, klass, alt in select(engine, _CONCEPTS, {}):
        labels.setdefault(str(c), set()).add(str(label))
        classes.setdefault(str(c), set()).add(str(klass))
        if alt is not None:
            others.setdefault(str(c), set()).add(str(alt))
    roles = {str(r[0]): r for r in reversed(select(engine, _ROLE_EXTRAS, {}))}
    certs = {str(r[0]): r for r in reversed(select(engine, _CERT_EXTRAS, {}))}

    def concept(iri: str) -> Concept:
        names = sorted(labels[iri])
        kind = next((k for k in _KINDS if k in classes[iri]), "concept")
        alts = tuple(sorted({*others.get(iri, ()), *names[1:]}))
        if kind == "role":
            _, family, level = roles[iri]
            return Role(iri, names[0], kind, alts, _text(family), _text(level))
        if kind == "skill":
            kinds = tuple(k for k in _SKILL_KINDS if k in classes[iri])
            return Skill(iri, names[0], kind, alts, kinds)
        if kind == "certification":
            _, full, scheme = certs[iri]
            advanced = "advanced certification" in classes[iri]
            return Certification(iri, names[0], kind, alts, _text(full), advanced, _text(scheme))
        cls = Responsibility if kind == "responsibility" else Concept
        return cls(iri, names[0], kind, alts)

    return Index.of(concept(iri) for iri in labels)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


_DETAILS = """
SELECT ?claim ?kind ?strength ?hedge WHERE {
  %s
  OPTIONAL { ?claim rg:hasEvidenceKind/skos:prefLabel ?kind }
  OPTIONAL { ?claim rg:hasStrength/skos:prefLabel ?strength }
  OPTIONAL { ?claim rg:hasHedge/skos:prefLabel ?hedge }
}"""
_EVIDENCE = """
SELECT DISTINCT ?claim ?evidence ?document ?section ?start ?end ?sha ?rationale WHERE {
  %s
  ?claim rg:hasEvidence ?evidence .
  OPTIONAL { ?evidence rg:inDocument/skos:prefLabel ?document }
  OPTIONAL { ?evidence rg:inSection/skos:prefLabel ?section }
  OPTIONAL { ?evidence rg:startOffset ?start ; rg:endOffset ?end ; rg:sha256 ?sha }
  OPTIONAL { ?evidence rg:rationale ?rationale }
} ORDER BY ?claim ?document ?start ?evidence"""
_MARKS = """
SELECT DISTINCT ?claim ?what ?text WHERE {
  %s
  { ?claim skos:editorialNote ?text BIND("note" AS ?what) }
  UNION { ?claim rg:appliesIn/skos:prefLabel ?text BIND("setting" AS ?what) }
  UNION { ?claim rg:hasPrecondition/skos:prefLabel ?text BIND("condition" AS ?what) }
} ORDER BY ?claim ?what ?text"""


class _Parts:
    """Kind, modality, evidence and marks of the claims that a pattern picks."""

    def __init__(self, engine: Engine, pattern: str, bindings: dict[str, IRI]) -> None:
        self.rows: dict[str, Row] = {}
        for row in select(engine, _DETAILS % pattern, bindings):
            self.rows.setdefault(str(row["claim"]), row)
        self.evidence: dict[str, list[Evidence]] = {}
        for row in select(engine, _EVIDENCE % pattern, bindings):
            start, end = row["start"], row["end"]
            self.evidence.setdefault(str(row["claim"]), []).append(
                Evidence(
                    str(row["evidence"]),
                    _text(row["document"]),
                    _text(row["section"]),
                    start if isinstance(start, int) else None,
                    end if isinstance(end, int) else None,
                    _text(row["sha"]),
                    _text(row["rationale"]),
                )
            )
        self.marks: dict[tuple[str, str], list[str]] = {}
        for claim, what, text in select(engine, _MARKS % pattern, bindings):
            self.marks.setdefault((str(claim), str(what)), []).append(str(text))

    def claim(self, iri: str, subject: str, predicate: str, value: str) -> Claim:
        row = self.rows[iri]
        return Claim(
            iri,
            subject,
            predicate,
            value,
            _text(row["kind"]) or "unsourced",  # only in data that nobody validated
            _text(row["strength"]),
            _text(row["hedge"]),
            tuple(self.evidence.get(iri, ())),
            *(tuple(self.marks.get((iri, what), ())) for what in ("note", "setting", "condition")),
        )


_SAID = "?claim rg:{end} ?about ; rg:predicate ?p ; rg:{other} ?value ."
_SAID_ROWS = """
SELECT DISTINCT ?claim ?p ?predicate ?value ?label WHERE {
  %s
  OPTIONAL { ?p rdfs:label ?predicate }
  OPTIONAL { ?value skos:prefLabel|rdfs:label ?label }
} ORDER BY ?claim"""


def _name(value: Any, label: Any) -> str:
    if label is not None:
        return str(label)
    return curie(value) if isinstance(value, IRI) else str(value)


def claims_about(
    engine: Engine, iri: str, label: str, *, inverse: bool = False
) -> list[tuple[str, str, Claim]]:
    """Read the assertions that have a thing as their subject, or as their object.

    Parameters
    ----------
    engine : Engine
    iri, label : str
        The thing.
    inverse : bool
        Take those in which it is the object.

    Returns
    -------
    list of (predicate IRI, IRI or text at the other end, Claim)
        Sorted by predicate and other end.
    """
    ends = ("object", "subject") if inverse else ("subject", "object")
    pattern = _SAID.format(end=ends[0], other=ends[1])
    bindings = {"about": IRI(iri)}
    rows = select(engine, _SAID_ROWS % pattern, bindings)
    if not rows:
        return []
    parts = _Parts(engine, pattern, bindings)
    out = []
    for row in rows:
        other = _name(row["value"], row["label"])
        subject, value = (other, label) if inverse else (label, other)
        predicate = _name(row["p"], row["predicate"])
        claim = parts.claim(str(row["claim"]), subject, predicate, value)
        out.append((str(row["p"]), str(row["value"]), claim))
    return sorted(set(out), key=lambda x: (x[0], x[1], x[2].iri))


# (sub-property, property), and (nothing, property) for one that is symmetric
_PROPERTIES = """
SELECT ?sub ?sup {
  { ?sub rdfs:subPropertyOf+ ?sup } UNION { ?sup a owl:SymmetricProperty }
}"""


def findings(
    engine: Engine, index: Index, subject: Concept, properties: Sequence[str]
) -> dict[str, tuple[Finding, ...]]:
    """Read what a concept is related to, with the claims that say so.

    Parameters
    ----------
    engine : Engine
    index : Index
    subject : Concept
    properties : sequence of str
        IRIs of properties; a value counts when the closure has it.

    Returns
    -------
    dict of str to tuple of Finding
        By property, in the order of labels. Symmetric properties find claims either way round.
    """
    # a named graph is a source or a rule, and each triple stands in at least one
    query = """SELECT DISTINCT ?p ?o ?rule {
      GRAPH ?g { ?s ?p ?o } FILTER(isIRI(?o)) ?p a owl:ObjectProperty
      BIND(STRAFTER(STR(?g), "/graph/inferred.") AS ?rule) }"""
    found: dict[str, dict[str, set[str]]] = {}
    for p, o, rule in select(engine, query, {"s": IRI(subject.iri)}):
        found.setdefault(str(p), {}).setdefault(str(o), set()).add(str(rule))
    if not found.keys() & set(properties):
        return dict.fromkeys(properties, ())
    said = claims_about(engine, subject.iri, subject.label)
    subs: dict[str, set[str]] = {p: set() for p in properties}
    symmetric = False
    for sub, sup in select(engine, _PROPERTIES, {}):
        if (known := subs.get(str(sup))) is not None:
            symmetric |= sub is None
            known.add(str(sub or sup))
    if symmetric:
        said += claims_about(engine, subject.iri, subject.label, inverse=True)
    out = {}
    for prop in properties:
        words = {prop, *subs[prop]}
        listed = []
        for iri, rules in found.get(prop, {}).items():
            if (concept := index.by_iri.get(iri)) is not None:
                claims = tuple(c for p, o, c in said if o == iri and p in words)
                asserted = "" in rules
                names = () if asserted else tuple(sorted(rules))
                listed.append(Finding(concept, claims, names))
        out[prop] = tuple(sorted(listed, key=lambda f: (f.label, f.concept.iri)))
    return out


def requirement_claims(engine: Engine, iri: str, label: str) -> list[Claim]:
    """Read the demands for a skill.

    Parameters
    ----------
    engine : Engine
    iri, label : str
        The skill.

    Returns
    -------
    list of Claim
        By who makes the demand: roles and transitions.
    """
    pattern = "?claim rg:requiredSkill ?about ; rg:isRequirementOf ?value ."
    bindings = {"about": IRI(iri)}
    query = f"SELECT DISTINCT ?claim ?label {{ {pattern} ?value skos:prefLabel ?label }}"
    rows = select(engine, f"{query} ORDER BY ?label ?claim", bindings)
    parts = _Parts(engine, pattern, bindings) if rows else None
    return [parts.claim(str(c), str(by), "asks for", label) for c, by in rows if parts]


_REQUIRED = "?claim rg:isRequirementOf ?about ; rg:requiredSkill ?value ."
_PURPOSES = """
SELECT DISTINCT ?claim ?purpose WHERE {
  ?claim rg:isRequirementOf ?about ; rg:hasPurpose|rg:hasOutcome ?aim .
  ?aim skos:prefLabel ?purpose
} ORDER BY ?claim ?purpose"""
_RANK = {"essential": 0, "recommended": 1, "beneficial": 2, None: 3}


def requirements(
    engine: Engine, index: Index, iri: str, label: str
) -> tuple[SkillRequirement, ...]:
    """Read the skills that a role or a transition asks for.

    Parameters
    ----------
    engine : Engine
    index : Index
    iri, label : str
        The role or the transition.

    Returns
    -------
    tuple of SkillRequirement
        Essential first, then by label; empty where a source states none.
    """
    bindings = {"about": IRI(iri)}
    rows = select(engine, f"SELECT DISTINCT ?claim ?value {{ {_REQUIRED} }}", bindings)
    if not rows:
        return ()
    parts = _Parts(engine, _REQUIRED, bindings)
    purposes: dict[str, list[str]] = {}
    for of, purpose in select(engine, _PURPOSES, bindings):
        purposes.setdefault(str(of), []).append(str(purpose))
    out = []
    for claim_iri, skill_iri in rows:
        skill = index.by_iri[str(skill_iri)]
        assert isinstance(skill, Skill)
        claim = parts.claim(str(claim_iri), label, "asks for", skill.label)
        out.append(SkillRequirement(skill, claim, tuple(purposes.get(str(claim_iri), ()))))
    return tuple(sorted(out, key=lambda r: (_RANK[r.strength], r.label, r.claim.iri)))


_STEPS = "?claim a rg:Transition ."
_STEP_ROWS = """
SELECT ?claim ?label ?source ?target ?field ?type WHERE {
  ?claim a rg:Transition .
  OPTIONAL { ?claim skos:prefLabel ?label }
  OPTIONAL { ?claim rg:fromRole ?source }
  OPTIONAL { ?claim rg:toRole ?target }
  OPTIONAL { ?claim rg:specialisesIn ?field }
  OPTIONAL { ?claim a ?class . ?class rdfs:subClassOf* rg:Transition . BIND(?class AS ?type) }
} ORDER BY ?claim ?field"""
_TYPES = (
    (RG.Promotion, "promotion"),
    (RG.LateralTransition, "lateral move"),
    (RG.SpecialisationTransition, "specialisation"),
    (RG.EntryTransition, "entry"),
)


def transitions(engine: Engine, index: Index) -> tuple[Transition, ...]:
    """Read every transition.

    Parameters
    ----------
    engine : Engine
    index : Index

    Returns
    -------
    tuple of Transition
        By label of source, label of target, IRI.
    """
    rows = select(engine, _STEP_ROWS, {})
    if not rows:
        return ()
    parts = _Parts(engine, _STEPS, {})
    types: dict[str, set[str]] = {}
    first: dict[str, Row] = {}
    for row in rows:
        types.setdefault(str(row["claim"]), set()).add(str(row["type"]))
        first.setdefault(str(row["claim"]), row)
    out = [_transition(index, iri, row, _type_of(types[iri]), parts) for iri, row in first.items()]
    return tuple(sorted(out, key=_order))


def _type_of(classes: Iterable[str]) -> str:
    return next((name for iri, name in _TYPES if iri in classes), "transition")


def _order(t: Transition) -> tuple[str, str, str]:
    return (
        t.source.label if t.source else "",
        t.target.label if t.target else "",
        t.iri,
    )


def _transition(index: Index, iri: str, row: Row, kind: str, parts: _Parts) -> Transition:
    def role(name: str) -> Role | None:
        found = index.by_iri.get(str(row[name]))
        return found if isinstance(found, Role) else None

    source, target = role("source"), role("target")
    field = index.by_iri.get(str(row["field"]))
    skill = field if isinstance(field, Skill) else None
    end = target or skill
    label = _text(row["label"]) or f"{source or 'outside'} to {end}"
    start = source.label if source else "outside"
    claim = parts.claim(iri, start, "can move to", end.label if end else "?")
    return Transition(iri, label, kind, source, target, claim, skill)
