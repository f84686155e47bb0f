"""Checking data: SHACL shapes, and names that the ontology does not know.

Shapes are checked on what is asserted, together with the model, never on the closure: inference
would give a misspelt thing the very type whose absence shows the mistake.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from rolegraph.resources import ontology_path
from rolegraph.shown import Shown
from rolegraph.sparql import graph_of, select
from rolegraph.store import OxigraphStore, Triple, graph_name
from rolegraph.vocab import BASE, GRAPHS, OWL, RDF, RG, curie

if TYPE_CHECKING:
    import rdflib

    from rolegraph.page import Page

__all__ = ["Report", "Violation", "unknown_names", "validate"]


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """One place where data break a shape.

    Attributes
    ----------
    node, path, value : str
        CURIEs or texts; ``path`` and ``value`` are empty when the whole node is meant.
    message : str
        What to do.
    """

    node: str
    path: str
    value: str
    message: str

    def __str__(self) -> str:
        """Node, path, value and what to do, in a line."""
        place = " ".join(x for x in (self.node, self.path, self.value) if x)
        return f"{place}: {self.message}"


@dataclass(frozen=True, slots=True)
class Report(Shown):
    """What came of checking data.

    Attributes
    ----------
    violations : tuple of Violation
        Sorted by node.
    triples : int
        How many triples were looked at.
    """

    violations: tuple[Violation, ...]
    triples: int

    @property
    def conforms(self) -> bool:
        """Whether nothing is wrong."""
        return not self.violations

    def __str__(self) -> str:
        """All violations, one a line, or that there are none."""
        if self.conforms:
            return f"conforms ({self.triples} triples)"
        return "\n".join(map(str, self.violations))

    def _page(self) -> Page:
        from rolegraph.page import Heading, Page, count, paged

        looked = count(self.triples, "triple") + " looked at"
        if self.conforms:
            return Page((Heading("The data keep to the shapes", looked),))
        found = [(v.node, v.path, v.value, v.message) for v in self.violations]
        heads = ("node", "property", "value", "what to do")
        table = paged(heads, len(found), lambda a, b: found[a:b], what="violation",
                      beyond=lambda n: f".violations[{n}:]")  # fmt: skip
        said = count(len(found), "violation")
        return Page((Heading("The data break the shapes", f"{said}; {looked}"), *table))


def validate(triples: list[Triple], model: OxigraphStore) -> Report:
    """Check asserted data against the shapes that ship.

    Parameters
    ----------
    triples : list of triples
        What is asserted, the model included, so that subclasses are known.
    model : OxigraphStore
        Holds at least the model; asked which terms exist.

    Returns
    -------
    Report

    Raises
    ------
    ShapeError
        If the shapes could not be run on these data.
    """
    import logging

    import pyshacl
    import rdflib

    from rolegraph.errors import ShapeError

    logging.getLogger("pyshacl").setLevel(logging.CRITICAL)
    shapes = rdflib.Graph().parse(ontology_path("shapes.ttl"), format="turtle")
    # what a framework or a classification is said in, which the small graph does without
    known = [*triples, *_market().triples()] if _is_ours(_terms(model)) else triples
    asserted = OxigraphStore()
    asserted.add(known, graph_name("asserted"))
    found = {*_in_bulk(shapes, asserted), *unknown_names(triples, model)}
    _, results, text = pyshacl.validate(
        graph_of(known), shacl_graph=shapes, inference="none", meta_shacl=False
    )
    if not isinstance(results, rdflib.Graph):  # pySHACL hands back some failures as values
        raise ShapeError(f"the shapes could not be run: {text or results}")
    return Report(tuple(sorted(found.union(_results(results)))), len(triples))


def _in_bulk(shapes: rdflib.Graph, asserted: OxigraphStore) -> list[Violation]:
    """Run the SPARQL constraints for all focus nodes at once, and take them out of the shapes.

    pySHACL parses and runs each of them again for every node: 14 s instead of 0.1 s here.
    """
    from rdflib.namespace import SH

    out = []
    for shape, constraint in list(shapes.subject_objects(SH.sparql)):
        shapes.remove((shape, SH.sparql, constraint))
        body = str(shapes.value(constraint, SH.select)).replace("$this", "?this")
        message = str(shapes.value(constraint, SH.message))
        for target in shapes.objects(shape, SH.targetClass):
            focus = f"?this a/rdfs:subClassOf* <{target}> ."
            query = body.replace("WHERE {", f"WHERE {{ {focus}", 1).replace(
                "SELECT", "SELECT DISTINCT", 1
            )
            for row in select(asserted, query, {}):
                node, path, value = (*(curie(str(v)) for v in row), "", "")[:3]
                out.append(Violation(node, path, value, message))
    return out


def _results(graph: rdflib.Graph) -> list[Violation]:
    from rdflib.namespace import SH

    out = []
    for result in graph.subjects(SH.resultSeverity, SH.Violation):
        node, path, value = (
            graph.value(result, p) for p in (SH.focusNode, SH.resultPath, SH.value)
        )
        message = str(graph.value(result, SH.resultMessage) or "breaks a shape")
        shown = "" if value is None or value == node else curie(str(value))
        out.append(Violation(curie(str(node)), curie(str(path or "")), shown, message))
    return out


@cache
def _market() -> OxigraphStore:
    store = OxigraphStore()
    store.load_file(ontology_path("market.ttl"), graph_name("market"))
    return store


def _terms(model: OxigraphStore) -> set[str]:
    return {
        s.value
        for kind in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty",
                     "NamedIndividual")
        for s, _ in model.pairs(RDF + "type", OWL + kind)
        if s.value.startswith(RG.NS)
    }  # fmt: skip


def _is_ours(terms: set[str]) -> bool:
    """Whether the model at hand is that of ``rolegraph.ttl``, which ``market.ttl`` builds on."""
    return RG.WorkConcept in terms


def unknown_names(triples: list[Triple], model: OxigraphStore) -> list[Violation]:
    """Find names in our namespaces that nothing declares or describes.

    Parameters
    ----------
    triples : list of triples
        What is asserted.
    model : OxigraphStore
        Holds the model. Where that is ours, the terms of ``market.ttl`` are known beside it.

    Returns
    -------
    list of Violation
        Terms of ``rg:`` that the ontology does not have, and things of ours that are pointed at
        but never described; each with the nearest name that exists.
    """
    from rapidfuzz import process

    terms = _terms(model)
    if _is_ours(terms):
        terms |= _terms(_market())
    described = {s.value for s, _, _ in triples}

    def nearest(iri: str, names: set[str]) -> str:
        same = [n for n in names if n.rpartition("/")[0] == iri.rpartition("/")[0]]
        found = process.extractOne(iri, same or list(names), score_cutoff=80)
        return f"; did you mean {curie(found[0])}?" if found else ""

    out = []
    for s, p, o in triples:
        for term, path in ((s, ""), (p, ""), (o, curie(p.value))):
            if term.kind == "iri" and _strange(term.value, terms):
                hint = nearest(term.value, terms)
                message = f"the ontology has no {curie(term.value)}{hint}"
                out.append(Violation(curie(s.value), path, "", message))
        if o.kind == "iri" and not p.value.startswith(OWL) and _dangling(o.value, described):
            hint = nearest(o.value, {d for d in described if d.startswith(BASE)})
            message = f"points at something that is not described anywhere{hint}"
            out.append(Violation(curie(s.value), curie(p.value), curie(o.value), message))
    return out


def _strange(iri: str, terms: set[str]) -> bool:
    return iri.startswith(RG.NS) and iri != RG.NS and iri not in terms


def _dangling(iri: str, described: set[str]) -> bool:
    data = iri.startswith(BASE) and iri.removeprefix(BASE).count("/") == 1
    return data and not iri.startswith(GRAPHS) and iri not in described
