"""Reading values out of a graph: concepts, claims with their evidence, requirements, transitions.

Each function asks the engine a few SPARQL queries; nothing here knows which engine it is. What is
read are closure facts (so a core responsibility is a responsibility); the claims found beside a
fact are those that say it, in its own words or in those of a sub-property.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from rolegraph import figures
from rolegraph import ntriples as nt
from rolegraph.errors import NotFoundError
from rolegraph.lookup import Index, Lookup
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
from rolegraph.vocab import RDF, RG, SKOS, curie

__all__ = [
    "claims_about",
    "findings",
    "order",
    "read_index",
    "requirement_claims",
    "requirements",
    "steps_between",
    "transitions",
    "transitions_of",
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


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


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
# of imported facts: a file of a source, and the row that the claim was read from; in queries of
# one group each, since Oxigraph works out an inner group for the whole store
_ROWS = "SELECT DISTINCT ?claim ?row { %s ?claim rg:sourceRow ?row }"
_FILES = """
SELECT DISTINCT ?evidence ?file ?title ?version {
  VALUES ?evidence { %s }
  ?evidence rg:partOfSource ?source ; skos:prefLabel ?file .
  ?source dcterms:title ?title ; rg:sourceVersion ?version
} ORDER BY ?evidence ?file"""
_RUNS = """
SELECT DISTINCT ?evidence ?measure {
  VALUES ?evidence { %s } ?evidence rg:measureName ?measure
} ORDER BY ?evidence ?measure"""
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
        bare = {e.iri for es in self.evidence.values() for e in es if _bare(e)}
        if bare:
            self._places(engine, pattern, bindings, bare)
        self.marks: dict[tuple[str, str], list[str]] = {}
        for claim, what, text in select(engine, _MARKS % pattern, bindings):
            self.marks.setdefault((str(claim), str(what)), []).append(str(text))

    def _places(
        self, engine: Engine, pattern: str, bindings: dict[str, IRI], bare: Iterable[str]
    ) -> None:
        """Say of evidence that is a file which row is meant, and of a computation its measure."""
        values = " ".join(f"<{iri}>" for iri in sorted(bare))
        rows = {str(c): n for c, n in select(engine, _ROWS % pattern, bindings)}
        files = {
            str(e): (str(file), f"{title} {version}".strip())
            for e, file, title, version in select(engine, _FILES % values, {})
        }
        runs = {str(e): f"inferred: {name}" for e, name in select(engine, _RUNS % values, {})}
        for claim, known in self.evidence.items():
            row = rows.get(claim)
            for i, e in enumerate(known):
                if e.iri in files:
                    name, source = files[e.iri]
                    place = row if isinstance(row, int) else None
                    known[i] = Evidence(e.iri, name, source=source, row=place)
                elif e.iri in runs:
                    known[i] = Evidence(e.iri, derivation=runs[e.iri])

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


def _bare(e: Evidence) -> bool:
    return e.document is None and e.rationale is None


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


# facts that no claim of their own says: the source that holds them bears them out
_HELD = """
SELECT DISTINCT ?p ?o ?g ?kind ?title ?version WHERE {
  ?g rg:factsAre/skos:prefLabel ?kind ; dcterms:title ?title ; rg:sourceVersion ?version .
  GRAPH ?g { ?s ?p ?o } FILTER(isIRI(?o))
}"""
# where a thing was read: a file of the source, and a row of it
_READ_FROM = """
SELECT DISTINCT ?x ?g ?file {
  VALUES ?x { %s } ?x dcterms:source ?of . ?of rg:partOfSource ?g ; skos:prefLabel ?file
} ORDER BY ?x ?file"""
_READ_ROW = "SELECT ?x ?row { VALUES ?x { %s } ?x rg:sourceRow ?row }"


def _borne(
    engine: Engine, subject: Concept, labels: Mapping[str, str]
) -> dict[tuple[str, str], Claim]:
    """Read the facts of a thing that a source as a whole bears out, by property and value.

    The place is that of the value where the source describes it, else that of the thing.
    """
    held = [row for row in select(engine, _HELD, {"s": IRI(subject.iri)})
            if str(row["o"]) in labels]  # fmt: skip
    if not held:
        return {}
    things = " ".join(f"<{iri}>" for iri in sorted({subject.iri, *(str(r["o"]) for r in held)}))
    files = {(str(x), str(g)): str(f) for x, g, f in select(engine, _READ_FROM % things, {})}
    rows = {str(x): n for x, n in select(engine, _READ_ROW % things, {})}
    out: dict[tuple[str, str], Claim] = {}
    for p, o, g, kind, title, version in held:
        at = str(o) if (str(o), str(g)) in files else subject.iri
        row = rows.get(at)
        place = Evidence(
            str(g), files.get((at, str(g))), source=f"{title} {version}".strip(),
            row=row if isinstance(row, int) else None,
        )  # fmt: skip
        claim = Claim(
            str(g), subject.label, curie(str(p)), labels[str(o)], str(kind), evidence=(place,)
        )
        out[str(p), str(o)] = claim
    return out


def findings(
    engine: Engine, index: Lookup, subject: Concept, properties: Sequence[str]
) -> dict[str, tuple[Finding, ...]]:
    """Read what a concept is related to, with the claims that say so.

    Parameters
    ----------
    engine : Engine
    index : Lookup
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
    claimed = {(p, o) for p, o, _ in said}
    wanted = {(p, o) for p in properties for o in found.get(p, {})}
    borne: dict[tuple[str, str], Claim] = {}
    if wanted - {(p, o) for q, o in claimed for p in properties if q in {p, *subs[p]}}:
        labels = {o: c.label for _, o in wanted if (c := index.by_iri.get(o)) is not None}
        borne = _borne(engine, subject, labels)
    out = {}
    for prop in properties:
        words = {prop, *subs[prop]}
        listed = []
        for iri, rules in found.get(prop, {}).items():
            if (concept := index.by_iri.get(iri)) is not None:
                claims = tuple(c for p, o, c in said if o == iri and p in words) or tuple(
                    borne[p, iri] for p in sorted(words) if (p, iri) in borne
                )
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
_LEVELS = """
SELECT ?claim ?level ?rank ?value ?importance WHERE {
  ?claim rg:isRequirementOf ?about
  OPTIONAL { ?claim rg:requiredLevel ?rung . ?rung skos:prefLabel ?level ; rg:rank ?rank }
  OPTIONAL { ?claim rg:levelValue ?value }
  OPTIONAL { ?claim rg:importance ?importance }
  FILTER(BOUND(?rank) || BOUND(?value) || BOUND(?importance))
}"""
_RANK = {"essential": 0, "recommended": 1, "beneficial": 2, None: 3}


def requirements(
    engine: Engine, index: Lookup, iri: str, label: str
) -> tuple[SkillRequirement, ...]:
    """Read the skills that a role or a transition asks for.

    Parameters
    ----------
    engine : Engine
    index : Lookup
    iri, label : str
        The role or the transition.

    Returns
    -------
    tuple of SkillRequirement
        Essential first, then the more important, then by label; empty where a source states none.
    """
    bindings = {"about": IRI(iri)}
    rows = select(engine, f"SELECT DISTINCT ?claim ?value {{ {_REQUIRED} }}", bindings)
    if not rows:
        return ()
    parts = _Parts(engine, _REQUIRED, bindings)
    purposes: dict[str, list[str]] = {}
    for of, purpose in select(engine, _PURPOSES, bindings):
        purposes.setdefault(str(of), []).append(str(purpose))
    levels = {str(row[0]): row for row in select(engine, _LEVELS, bindings)}
    out = []
    for claim_iri, skill_iri in rows:
        skill = index.by_iri[str(skill_iri)]
        assert isinstance(skill, Skill)
        claim = parts.claim(str(claim_iri), label, "asks for", skill.label)
        name, rank, value, weight = (levels.get(claim.iri) or (None,) * 5)[1:]
        rank = _number(rank if rank is not None else value)
        out.append(
            SkillRequirement(skill, claim, tuple(purposes.get(claim.iri, ())), _text(name), rank,
                             _number(weight))
        )  # fmt: skip
    return tuple(
        sorted(out, key=lambda r: (_RANK[r.strength], -(r.importance or 0), r.label, r.claim.iri))
    )


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
# each type stands in the graph of a source or in that of a rule
_TYPED = """
SELECT DISTINCT ?claim ?class ?rule {
  %s VALUES ?class { rg:Promotion rg:LateralTransition rg:SpecialisationTransition
                     rg:EntryTransition }
  GRAPH ?g { ?claim a ?class } BIND(STRAFTER(STR(?g), "/graph/inferred.") AS ?rule)
}"""
_TYPES = (
    (RG.Promotion, "promotion"),
    (RG.LateralTransition, "lateral move"),
    (RG.SpecialisationTransition, "specialisation"),
    (RG.EntryTransition, "entry"),
)


def transitions(engine: Engine, index: Lookup) -> tuple[Transition, ...]:
    """Read every transition.

    Parameters
    ----------
    engine : Engine
    index : Lookup

    Returns
    -------
    tuple of Transition
        By label of source, label of target, IRI.
    """
    rows = select(engine, _STEP_ROWS, {})
    if not rows:
        return ()
    parts = _Parts(engine, _STEPS, {})
    borne = figures.by_transition(engine)
    by_rule = _type_rules(engine, "")
    types: dict[str, set[str]] = {}
    first: dict[str, Row] = {}
    for row in rows:
        types.setdefault(str(row["claim"]), set()).add(str(row["type"]))
        first.setdefault(str(row["claim"]), row)
    out = [
        replace(
            _transition(index, iri, row, kind, parts),
            figures=borne.get(iri, {}),
            type_rules=by_rule.get((iri, kind), ()),
        )
        for iri, row in first.items()
        for kind in [_type_of(types[iri])]
    ]
    return tuple(sorted(out, key=order))


def steps_between(*ends: str) -> str:
    """Give a query for the IRIs of transitions, as ``?t``.

    Parameters
    ----------
    *ends : str
        ``"a"`` and ``"b"``: the variables for source and target that will be bound.
    """
    real = " ".join(p for v, p in (("a", "; rg:fromRole ?a"), ("b", "; rg:toRole ?b")) if v in ends)
    near = " ".join(
        p for v, p in (("a", "; rg:suggestedFrom ?a"), ("b", "; rg:suggestedTo ?b")) if v in ends
    )
    return (
        f"SELECT DISTINCT ?t {{ {{ ?t a rg:Transition {real} }} UNION "
        f"{{ ?t a rg:SuggestedTransition {near} }} }}"
    )


def _type_of(classes: Iterable[str]) -> str:
    return next((name for iri, name in _TYPES if iri in classes), "transition")


def _type_rules(engine: Engine, pattern: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """Give the rules behind the types that no source says, by transition and type."""
    names = dict(_TYPES)
    found: dict[tuple[str, str], set[str]] = {}
    for claim, cls, rule in select(engine, _TYPED % pattern, {}):
        found.setdefault((str(claim), names[str(cls)]), set()).add(str(rule))
    return {key: tuple(sorted(rules)) for key, rules in found.items() if "" not in rules}


def order(t: Transition) -> tuple[str, str, str]:
    """Give the key that transitions are sorted by: labels of source and target, IRI."""
    return (
        t.source.label if t.source else "",
        t.target.label if t.target else "",
        t.iri,
    )


def _transition(index: Lookup, iri: str, row: Row, kind: str, parts: _Parts) -> Transition:
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


# --- a few transitions out of very many

_BATCH = 500
# all that is said of each: optional parts of two patterns would be joined over the whole store
_NAMED = "SELECT ?claim ?p ?o { %s ?claim ?p ?o } ORDER BY ?claim ?p ?o"
_DERIVATIONS = """
SELECT DISTINCT ?evidence ?measure ?threshold {
  %s ?claim rg:hasEvidence ?evidence .
  ?evidence rg:measureName ?measure .
  OPTIONAL { ?evidence rg:threshold ?threshold }
} ORDER BY ?evidence ?measure ?threshold"""
_MATCHES = {SKOS + "exactMatch": "exact match", SKOS + "closeMatch": "close match"}


def transitions_of(engine: Engine, index: Lookup, claims: Sequence[str]) -> dict[str, Transition]:
    """Read some transitions, with their evidence, and no others.

    Parameters
    ----------
    engine : Engine
    index : Lookup
        Only ``index.by_iri`` is used, for the roles that the transitions join.
    claims : sequence of str
        IRIs of transitions, of suggested transitions, and of assertions that one role matches
        another exactly or closely.

    Returns
    -------
    dict of str to Transition
        By claim, in the order asked for. A mapping goes from the subject to the object of its
        assertion, and its claim's predicate is ``"exact match"`` or ``"close match"``. The
        evidence of a suggested transition says the measure, its value and the threshold.

    Raises
    ------
    NotFoundError
        If one of them is none of these.
    DataError
        If an IRI is malformed.
    """
    wanted = list(dict.fromkeys(claims))
    found: dict[str, Transition] = {}
    labels = figures.names(engine)
    for start in range(0, len(wanted), _BATCH):
        some = wanted[start : start + _BATCH]
        found.update(_some_transitions(engine, index, some, labels))
    for iri in wanted:
        if iri not in found:
            raise NotFoundError(iri, "transition")
    return {iri: found[iri] for iri in wanted}


def _some_transitions(
    engine: Engine, index: Lookup, claims: Sequence[str], labels: Mapping[str, str]
) -> Iterator[tuple[str, Transition]]:
    pattern = f"VALUES ?claim {{ {' '.join(map(nt.iri, claims))} }}"
    said: dict[str, dict[str, list[Any]]] = {}
    for claim, p, o in select(engine, _NAMED % pattern, {}):
        said.setdefault(str(claim), {}).setdefault(str(p), []).append(o)
    parts = _Parts(engine, f"{pattern} ?claim a ?someClass .", {})
    measures = {
        str(e): (str(name), threshold)
        for e, name, threshold in select(engine, _DERIVATIONS % pattern, {})
    }
    by_rule = _type_rules(engine, pattern)
    for iri, facts in said.items():
        classes = {str(c) for c in facts.get(RDF + "type", ())}
        (match,) = facts.get(RG.predicate, [None])[:1]
        if RG.SuggestedTransition in classes:
            yield iri, _suggestion(index, iri, facts, parts, measures)
        elif str(match) in _MATCHES:
            yield iri, _mapping(index, iri, facts, _MATCHES[str(match)], parts)
        elif RG.Transition in classes:
            kind = _type_of(classes)
            yield (
                iri,
                replace(
                    _step_named(index, iri, facts, kind, parts),
                    figures=figures.borne(labels, ((p, v) for p, vs in facts.items() for v in vs)),
                    type_rules=by_rule.get((iri, kind), ()),
                ),
            )


_Facts: TypeAlias = Mapping[str, Sequence[Any]]


def _end(index: Lookup, facts: _Facts, predicate: str) -> Role | None:
    ends = (index.by_iri.get(str(iri)) for iri in facts.get(predicate, ()))
    return next((c for c in ends if isinstance(c, Role)), None)


def _step_named(index: Lookup, iri: str, facts: _Facts, kind: str, parts: _Parts) -> Transition:
    source, target = _end(index, facts, RG.fromRole), _end(index, facts, RG.toRole)
    fields = (index.by_iri.get(str(f)) for f in facts.get(RG.specialisesIn, ()))
    skill = next((f for f in fields if isinstance(f, Skill)), None)
    end = target or skill
    label = _text(_first_of(facts, SKOS + "prefLabel")) or f"{source or 'outside'} to {end}"
    start = source.label if source else "outside"
    claim = parts.claim(iri, start, "can move to", end.label if end else "?")
    return Transition(iri, label, kind, source, target, claim, skill)


def _first_of(facts: _Facts, predicate: str) -> Any:
    return next(iter(facts.get(predicate, ())), None)


def _suggestion(
    index: Lookup, iri: str, facts: _Facts, parts: _Parts, measures: Mapping[str, tuple[str, Any]]
) -> Transition:
    source, target = _end(index, facts, RG.suggestedFrom), _end(index, facts, RG.suggestedTo)
    label = f"{source or '?'} to {target or '?'}"
    value = _first_of(facts, RG.measureValue)
    claim = parts.claim(iri, str(source or "?"), "lies near", str(target or "?"))
    evidence = []
    for e in claim.evidence:
        if e.iri in measures:
            name, threshold = measures[e.iri]
            line = f"measure {name}" + ("" if value is None else f" = {value}")
            line += "" if threshold is None else f" (threshold {threshold})"
            e = replace(e, derivation=line)
        evidence.append(e)
    # computed by definition, as the network has it
    claim = replace(claim, kind="inferred", evidence=tuple(evidence))
    return Transition(
        iri, label, "suggested", source, target, claim,
        value=None if value is None else float(value),
    )  # fmt: skip


def _mapping(index: Lookup, iri: str, facts: _Facts, match: str, parts: _Parts) -> Transition:
    source, target = _end(index, facts, RG.subject), _end(index, facts, RG.object)
    claim = parts.claim(iri, str(source or "?"), match, str(target or "?"))
    return Transition(iri, f"{source or '?'} to {target or '?'}", "mapping", source, target, claim)
