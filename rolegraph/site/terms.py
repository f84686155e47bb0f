"""The terms of the ontology, read out of its files for people to read.

Class expressions are written as in the Manchester syntax of OWL 2: ``isIssuedUnder some
CertificationScheme``. A term of ours in them is a link to its own anchor.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rolegraph.resources import ontology_path
from rolegraph.site.frame import esc, link
from rolegraph.vocab import BASE, OWL, RDF, RDFS, RG, SKOS, XSD, curie

if TYPE_CHECKING:
    import rdflib

__all__ = ["FILES", "KINDS", "Term", "read_terms"]

FILES = ("rolegraph.ttl", "market.ttl", "curated.ttl", "alignments.ttl")
"""Files that say something of terms; the first two define them."""
KINDS = (
    ("class", "Classes", "Class"),
    ("object-property", "Object properties", "ObjectProperty"),
    ("datatype-property", "Datatype properties", "DatatypeProperty"),
    ("annotation-property", "Annotation properties", "AnnotationProperty"),
    ("individual", "Named individuals", "NamedIndividual"),
)
_TRAITS = (
    "FunctionalProperty", "InverseFunctionalProperty", "TransitiveProperty", "SymmetricProperty",
    "AsymmetricProperty", "ReflexiveProperty", "IrreflexiveProperty",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the ontology.

    Attributes
    ----------
    name : str
        Last part of its IRI, and its anchor.
    iri, label, definition : str
    kind : str
        The first of a row of :data:`KINDS`.
    facts : tuple of (str, tuple of str)
        What is said of it, as heading and HTML.
    files : tuple of str
    """

    name: str
    iri: str
    label: str
    definition: str
    kind: str
    facts: tuple[tuple[str, tuple[str, ...]], ...]
    files: tuple[str, ...]


def read_terms() -> tuple[Term, ...]:
    """Read all terms whose IRI begins as ours do.

    Returns
    -------
    tuple of Term
        By kind and name.

    Examples
    --------
    >>> {t.name for t in read_terms()} >= {"Role", "hasResponsibility", "stated"}
    True
    """
    import rdflib

    merged, where = rdflib.Graph(), defaultdict(list)
    for name in FILES:
        part = rdflib.Graph().parse(ontology_path(name), format="turtle")
        for s in set(part.subjects()):
            if str(s).startswith(RG.NS):
                where[str(s)].append(name)
        merged += part
    reader = _Reader(merged)
    found = [reader.term(iri, tuple(where[iri])) for iri in where]
    order = [k for k, _, _ in KINDS]
    return tuple(sorted(
        (t for t in found if t is not None),
        key=lambda t: (order.index(t.kind), t.name.casefold(), t.name),
    ))  # fmt: skip


def _uri(iri: str) -> Any:
    import rdflib

    return rdflib.URIRef(iri)


class _Reader:
    def __init__(self, graph: rdflib.Graph) -> None:
        self.graph = graph
        self.disjoint: dict[Any, set[Any]] = defaultdict(set)
        for group in graph.subjects(_uri(RDF + "type"), _uri(OWL + "AllDisjointClasses")):
            members = list(self._list(graph.value(group, _uri(OWL + "members"))))
            for m in members:
                self.disjoint[m] |= set(members) - {m}

    def term(self, iri: str, files: tuple[str, ...]) -> Term | None:
        node = _uri(iri)
        types = {str(t) for t in self.graph.objects(node, _uri(RDF + "type"))}
        kind = next((k for k, _, owl in KINDS if OWL + owl in types), None)
        if kind is None:
            return None
        label = self._value(node, RDFS + "label") or self._value(node, SKOS + "prefLabel")
        definition = self._value(node, SKOS + "definition")
        return Term(
            iri.removeprefix(RG.NS), iri, label or iri.removeprefix(RG.NS), definition, kind,
            tuple((head, items) for head, items in self._facts(node, types) if items), files,
        )  # fmt: skip

    def _facts(self, node: Any, types: set[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
        yield "Other names", self._texts(node, SKOS + "altLabel")
        own = sorted(t for t in types if not t.startswith(OWL))
        yield "Is a", tuple(self._named(t) for t in own)
        yield "Equivalent to", self._objects(node, OWL + "equivalentClass")
        yield "Kind of", self._objects(node, RDFS + "subClassOf")
        yield "Kinds", self._subjects(node, RDFS + "subClassOf")
        yield (
            "Disjoint with",
            self._all(
                {*self.disjoint[node], *self.graph.objects(node, _uri(OWL + "disjointWith"))}
            ),
        )
        yield "Sub-property of", self._objects(node, RDFS + "subPropertyOf")
        yield "Sub-properties", self._subjects(node, RDFS + "subPropertyOf")
        yield "Domain", self._objects(node, RDFS + "domain")
        yield "Range", self._objects(node, RDFS + "range")
        yield "Inverse of", self._all({
            *self.graph.objects(node, _uri(OWL + "inverseOf")),
            *(s for s in self.graph.subjects(_uri(OWL + "inverseOf"), node)
              if not _blank(s)),
        })  # fmt: skip
        yield "Characteristics", tuple(
            t.removesuffix("Property").lower().replace("inversef", "inverse f")
            for t in _TRAITS if OWL + t in types
        )  # fmt: skip
        yield (
            "Follows from",
            tuple(
                " then ".join(self.words(x) for x in self._list(chain))
                for chain in self.graph.objects(node, _uri(OWL + "propertyChainAxiom"))
            ),
        )
        yield "In the domain of", self._subjects(node, RDFS + "domain")
        yield "In the range of", self._subjects(node, RDFS + "range")
        yield "Members", self._subjects(node, RDF + "type")
        known = {RDF + "type", RDFS + "label", RDFS + "isDefinedBy", SKOS + "prefLabel",
                 SKOS + "definition", SKOS + "altLabel"}  # fmt: skip
        for p, head in (
            (SKOS + "scopeNote", "Notes"), (SKOS + "editorialNote", "Notes of editors"),
            (SKOS + "example", "Examples"), (RDFS + "comment", "Comments"),
        ):  # fmt: skip
            known.add(p)
            yield head, self._texts(node, p)
        for name in ("closeMatch", "exactMatch", "broadMatch", "relatedMatch"):
            known.add(SKOS + name)
            yield (
                {"closeMatch": "Close to", "exactMatch": "The same as"}.get(name, "Related to"),
                self._objects(node, SKOS + name),
            )
        others = sorted({str(p) for p in self.graph.predicates(node)} - known)
        for p in others:
            if not p.startswith((OWL, RDFS)):
                values = sorted(self.graph.objects(node, _uri(p)), key=str)
                yield self._label(p), tuple(self.words(v) for v in values)

    # --- words

    def _label(self, iri: str) -> str:
        found = self._value(_uri(iri), RDFS + "label")
        return (found or curie(iri).split(":", 1)[-1])[:1].upper() + (
            found or curie(iri).split(":", 1)[-1]
        )[1:]

    def _value(self, node: Any, prop: str) -> str:
        values = sorted(self.graph.objects(node, _uri(prop)), key=lambda x: (
            not str(getattr(x, "language", "") or "en").startswith("en"), str(x)))  # fmt: skip
        return str(values[0]) if values else ""

    def _texts(self, node: Any, prop: str) -> tuple[str, ...]:
        return tuple(esc(x) for x in sorted(map(str, self.graph.objects(node, _uri(prop)))))

    def _objects(self, node: Any, prop: str) -> tuple[str, ...]:
        return self._all(self.graph.objects(node, _uri(prop)))

    def _subjects(self, node: Any, prop: str) -> tuple[str, ...]:
        return self._all(s for s in self.graph.subjects(_uri(prop), node)
                         if str(s).startswith(RG.NS))  # fmt: skip

    def _all(self, nodes: Iterable[Any]) -> tuple[str, ...]:
        found = sorted(set(nodes), key=lambda x: (_blank(x), str(x)))
        return tuple(dict.fromkeys(self.words(x) for x in found if str(x) != OWL + "Thing"))

    def _named(self, iri: str) -> str:
        if iri.startswith(RG.NS):
            name = iri.removeprefix(RG.NS)
            return f'<a href="#{esc(name)}">{esc(name)}</a>'
        short = curie(iri)
        if iri.startswith((XSD, BASE)):  # things of ours have no page of their own on the web yet
            return f"<code>{esc(short)}</code>"
        return link(short, iri)

    def words(self, node: Any) -> str:
        """Write a class expression, or another value, as HTML."""
        import rdflib

        if isinstance(node, rdflib.Literal):
            return esc(node)
        if not _blank(node):
            return self._named(str(node))
        g = self.graph
        for prop, word in (("intersectionOf", " and "), ("unionOf", " or ")):
            if (parts := g.value(node, _uri(OWL + prop))) is not None:
                return word.join(self._part(p) for p in self._list(parts))
        if (parts := g.value(node, _uri(OWL + "oneOf"))) is not None:
            return "{" + ", ".join(self.words(p) for p in self._list(parts)) + "}"
        if (what := g.value(node, _uri(OWL + "complementOf"))) is not None:
            return f"not {self._part(what)}"
        if (what := g.value(node, _uri(OWL + "inverseOf"))) is not None:
            return f"inverse {self.words(what)}"
        return self._restriction(node)

    def _restriction(self, node: Any) -> str:
        g = self.graph
        on = g.value(node, _uri(OWL + "onProperty"))
        prop = "?" if on is None else self.words(on)
        for name, word in (("someValuesFrom", "some"), ("allValuesFrom", "only"),
                           ("hasValue", "value")):  # fmt: skip
            if (what := g.value(node, _uri(OWL + name))) is not None:
                return f"{prop} {word} {self._part(what)}"
        if g.value(node, _uri(OWL + "hasSelf")) is not None:
            return f"{prop} Self"
        for name, word in (("cardinality", "exactly"), ("minCardinality", "min"),
                           ("maxCardinality", "max")):  # fmt: skip
            for full in (name, f"qualified{name[0].upper()}{name[1:]}",
                         f"{name[:3]}Qualified{name[3:]}"):  # fmt: skip
                if (count := g.value(node, _uri(OWL + full))) is not None:
                    of = g.value(node, _uri(OWL + "onClass")) or g.value(
                        node, _uri(OWL + "onDataRange")
                    )
                    return f"{prop} {word} {esc(count)}" + (
                        "" if of is None else f" {self._part(of)}"
                    )
        if (base := g.value(node, _uri(OWL + "onDatatype"))) is not None:
            return self._facets(node, base)
        return "<em>an expression that is not written out here</em>"

    def _facets(self, node: Any, base: Any) -> str:
        signs: Mapping[str, str] = {"minInclusive": "≥", "maxInclusive": "≤", "minExclusive": ">",
                                    "maxExclusive": "<"}  # fmt: skip
        parts = []
        listed = self.graph.value(node, _uri(OWL + "withRestrictions"))
        for facet in self._list(listed):
            for p, v in self.graph.predicate_objects(facet):
                name = str(p).rsplit("#", 1)[-1]
                parts.append(f"{esc(signs.get(name, name))} {esc(v)}")
        return f"{self.words(base)}[{', '.join(sorted(parts))}]"

    def _part(self, node: Any) -> str:
        text = self.words(node)
        return f"({text})" if _blank(node) and " " in text and text[:1] != "{" else text

    def _list(self, head: Any) -> Iterator[Any]:
        while head is not None and str(head) != RDF + "nil":
            yield self.graph.value(head, _uri(RDF + "first"))
            head = self.graph.value(head, _uri(RDF + "rest"))


def _blank(node: Any) -> bool:
    import rdflib

    return isinstance(node, rdflib.BNode)
