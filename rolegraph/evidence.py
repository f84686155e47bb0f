"""Checking that evidence points at what it says it points at.

A locator resolves when the document has the recorded length and digest, the passage lies inside
it, the digest of its characters is the recorded one, and the heading recorded for its section
stands at the section's place and is the last recorded heading before the passage.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rolegraph.errors import EvidenceError
from rolegraph.shown import Shown
from rolegraph.sparql import Row, select
from rolegraph.store import Engine
from rolegraph.terms import IRI
from rolegraph.vocab import RG, curie

if TYPE_CHECKING:
    from rolegraph.page import Cell, Page

__all__ = ["Coverage", "Verification", "coverage", "kinds_of", "verify"]

_DOCUMENTS = """
SELECT ?document ?title ?sha ?count WHERE {
  ?document a rg:Document ; rg:sha256 ?sha .
  OPTIONAL { ?document skos:prefLabel ?title }
  OPTIONAL { ?document rg:characterCount ?count }
} ORDER BY ?document"""
_SECTIONS = """
SELECT ?section ?heading ?start WHERE {
  ?section a rg:Section ; rg:inDocument ?document ; skos:prefLabel ?heading ; rg:startOffset ?start
} ORDER BY ?start"""
_PASSAGES = """
SELECT ?passage ?start ?end ?sha ?section WHERE {
  ?passage a rg:TextPassage ; rg:inDocument ?document ; rg:startOffset ?start ;
    rg:endOffset ?end ; rg:sha256 ?sha .
  OPTIONAL { ?passage rg:inSection ?section }
} ORDER BY ?start ?end ?passage"""
_BARE = """
SELECT ?passage WHERE {
  ?passage a rg:TextPassage
  FILTER NOT EXISTS {
    ?passage rg:inDocument ?d ; rg:startOffset ?s ; rg:endOffset ?e ; rg:sha256 ?h
  }
} ORDER BY ?passage"""


@dataclass(frozen=True, slots=True)
class Verification(Shown):
    """What came of checking locators against a document.

    Attributes
    ----------
    document : str
        Title of the document.
    passages : int
        How many locators were checked.
    resolved : int
        How many resolve.
    problems : tuple of str
        One line for each that does not: which, where, what is wrong.
    """

    document: str
    passages: int
    resolved: int
    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether every locator resolves, and there is at least one."""
        return not self.problems and self.resolved == self.passages > 0

    def _page(self) -> Page:
        from rolegraph.page import Bullets, Heading, Page, Para

        said = f"{self.resolved:,} of {self.passages:,} places in the document are as claimed"
        return Page((Heading(self.document, "checked"), Para(said), Bullets(self.problems)))


@dataclass(frozen=True, slots=True)
class Coverage(Shown):
    """How many facts and claims there are, and which have no evidence.

    Attributes
    ----------
    facts : int
        Asserted triples between things of the world of work, types that a claim states included.
    claims : int
        Claims of every kind.
    by_kind : dict of str to int
        Claims by kind of evidence.
    without : tuple of str
        Claims without evidence, and facts without a claim, in words.
    """

    facts: int
    claims: int
    by_kind: dict[str, int]
    without: tuple[str, ...]

    def _page(self) -> Page:
        from rolegraph.faces import lines
        from rolegraph.page import Fields, Heading, Page

        pairs: tuple[tuple[str, Cell], ...] = (
            ("facts", f"{self.facts:,}"),
            ("claims", f"{self.claims:,}"),
            *((kind, f"{number:,}") for kind, number in self.by_kind.items()),
            (f"without evidence ({len(self.without):,})", lines(self.without) or "none"),
        )
        return Page((Heading("Facts, claims and their evidence"), Fields(pairs)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def verify(engine: Engine, path: Path) -> Verification:
    """Check every locator that points into a document against its text.

    Parameters
    ----------
    engine : Engine
    path : pathlib.Path
        The document, UTF-8. It is told by its digest; when none fits, it is taken for the only
        document of the graph, or for the one named like the file, and the mismatch is a problem.

    Returns
    -------
    Verification

    Raises
    ------
    EvidenceError
        If the file cannot be read, or the graph has no document to check it against.
    """
    try:
        data = path.read_bytes()
        text = data.decode("utf-8")
    except FileNotFoundError as error:
        raise EvidenceError(f"{path}: no such file") from error
    except (OSError, UnicodeDecodeError) as error:
        raise EvidenceError(f"{path}: cannot be read as UTF-8 text: {error}") from error
    document, problems = _document(engine, path, hashlib.sha256(data).hexdigest(), text)
    bound = {"document": IRI(str(document["document"]))}
    sections = list(select(engine, _SECTIONS, bound))
    passages = list(select(engine, _PASSAGES, bound))
    problems += [f"{curie(str(r[0]))}: locator is incomplete" for r in select(engine, _BARE, {})]
    for _, heading, start in sections:
        line = text[int(str(start)) :].split("\n", 1)[0].strip()
        if line != heading:
            problems.append(f"section {heading!r}: the heading does not stand at character {start}")
    resolved = 0
    for row in passages:
        if wrong := _wrong(row, text, sections):
            problems.append(f"{curie(str(row['passage']))}: {wrong}")
        else:
            resolved += 1
    return Verification(str(document["title"]), len(passages), resolved, tuple(problems))


def _document(engine: Engine, path: Path, digest: str, text: str) -> tuple[Row, list[str]]:
    rows = list(select(engine, _DOCUMENTS, {}))
    if not rows:
        raise EvidenceError("the graph points into no document")
    for row in rows:
        if row["sha"] == digest:
            return row, []
    named = [r for r in rows if path.stem in str(r["document"])]
    if len(rows) > 1 and len(named) != 1:
        titles = ", ".join(repr(r["title"]) for r in rows)
        raise EvidenceError(f"{path}: not one of the documents of the graph ({titles})")
    row = (named or rows)[0]
    problems = [f"document {row['title']!r}: the digest of {path.name} is another"]
    if row["count"] not in (None, len(text)):
        problems.append(
            f"document {row['title']!r}: {len(text)} characters instead of {row['count']}"
        )
    return row, problems


def _wrong(row: Row, text: str, sections: Sequence[Row]) -> str | None:
    start, end = int(str(row["start"])), int(str(row["end"]))
    if not 0 <= start < end <= len(text):
        return f"characters {start}-{end} lie outside the document ({len(text)} characters)"
    if _digest(text[start:end]) != row["sha"]:
        return f"characters {start}-{end} have another digest than recorded"
    before = [s for s in sections if int(str(s["start"])) < start]
    if row["section"] is not None and (not before or before[-1]["section"] != row["section"]):
        return f"characters {start}-{end} do not stand in the section recorded"
    return None


# facts of imported tables are borne out by their source as a whole (rg:factsAre)
_ASSERTED_ONLY = (
    'GRAPH ?g { ?s ?p ?o } FILTER(!CONTAINS(STR(?g), "/graph/inferred.")) '
    "FILTER NOT EXISTS { ?g rg:factsAre ?kindOfFacts }"
)
# in the order that suits an engine which joins as it reads: rdflib takes half the time so
_FACTS = f"""
SELECT DISTINCT ?s ?p ?o WHERE {{
  {{ ?s a rg:WorkConcept }} UNION {{ ?s a rg:Claim }}
  {_ASSERTED_ONLY}
  FILTER(STRSTARTS(STR(?p), STR(rg:))) ?p a owl:ObjectProperty
}}"""
# counted without a join: labels of kinds and what has no evidence are asked for when needed
_CLAIM_KINDS = """
SELECT ?kind (COUNT(DISTINCT ?claim) AS ?n) { ?claim rg:hasEvidenceKind ?kind } GROUP BY ?kind"""
_KIND_LABELS = "SELECT ?kind ?label { ?kind a rg:EvidenceKind ; skos:prefLabel ?label }"
_CLAIMS = "SELECT (COUNT(DISTINCT ?claim) AS ?n) { ?claim a rg:Claim }"
_BORNE_OUT = "SELECT (COUNT(DISTINCT ?claim) AS ?n) { ?claim rg:hasEvidence ?evidence }"
_BARE_CLAIMS = """
SELECT DISTINCT ?claim WHERE {
  ?claim a rg:Claim FILTER NOT EXISTS { ?claim rg:hasEvidence ?evidence }
} ORDER BY ?claim"""
# what a claim is made of; the claim's own evidence bears these out
_PARTS = frozenset(
    (
        *(RG.fromRole, RG.toRole, RG.specialisesIn, RG.isRequirementOf, RG.requiredSkill),
        *(RG.hasStrength, RG.hasHedge, RG.hasEvidenceKind, RG.hasEvidence),
        *(RG.appliesIn, RG.hasPrecondition, RG.levelRank, RG.nextLevel),
        *(RG.plannedFrom, RG.plannedTo, RG.hasPlannedStep, RG.hasPlanValue, RG.restsOnKind),
    )
)
_LITERALS = f"""
SELECT DISTINCT ?s ?p ?o WHERE {{
  {_ASSERTED_ONLY}
  ?s a rg:WorkConcept
  FILTER(?p = skos:altLabel || EXISTS {{ ?p a owl:DatatypeProperty }})
}}"""
_ASSERTED = """
SELECT ?s ?p ?o WHERE { ?claim rg:subject ?s ; rg:predicate ?p ; rg:object ?o }"""


def coverage(engine: Engine, claims: Engine | None = None) -> Coverage:
    """Count facts and claims, and find those without evidence.

    Parameters
    ----------
    engine : Engine
        Holds the closure; inferred relations owe their evidence to a rule and are left out.
    claims : Engine, optional
        Where claims are counted, if it holds more than the facts that are looked at one by one.

    Returns
    -------
    Coverage
    """
    rows = [*select(engine, _FACTS, {}), *select(engine, _LITERALS, {})]
    facts = {(str(s), str(p), str(o)) for s, p, o in rows if str(p) not in _PARTS}
    said = {(str(s), str(p), str(o)) for s, p, o in select(engine, _ASSERTED, {})}
    without = [
        f"fact without a claim: {curie(s)} {curie(p)} {curie(o)}"
        for s, p, o in sorted(facts - said)
    ]
    every = engine if claims is None else claims
    total, borne = (int(str(select(every, q, {})[0][0])) for q in (_CLAIMS, _BORNE_OUT))
    if borne < total:
        bare = select(every, _BARE_CLAIMS, {}).column("claim")
        without += [f"claim without evidence: {curie(str(c))}" for c in bare]
    by_kind = kinds_of(every)
    if unsaid := total - sum(by_kind.values()):
        by_kind["None"] = unsaid
    by_kind = dict(sorted(by_kind.items()))
    return Coverage(len(facts | said), total, by_kind, tuple(without))


def kinds_of(engine: Engine) -> dict[str, int]:
    """Count claims by the label of their kind of evidence."""
    labels = {str(kind): str(label) for kind, label in select(engine, _KIND_LABELS, {})}
    counts = {str(kind): int(str(n)) for kind, n in select(engine, _CLAIM_KINDS, {})}
    return dict(sorted((labels.get(k, curie(k)), n) for k, n in counts.items()))
