"""Where triples live: an Oxigraph store, and rdflib as a second engine over the same triples.

The default graph holds the merge of everything, each triple once; the named graphs hold the same
triples by where they come from. (Oxigraph's own union of graphs gives a triple that stands in two
of them twice, which SPARQL's counts would then show.)
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

import pyoxigraph as ox

from rolegraph.errors import DataError, QueryError
from rolegraph.sparqltext import Substituted, columns_of_star, groups_anything, keywords, substitute
from rolegraph.sparqltext import variables as variables_of
from rolegraph.terms import RawTerm, from_oxigraph, plain, raw_of
from rolegraph.vocab import GRAPHS, OWL, PREFIXES, XSD

if TYPE_CHECKING:
    import rdflib

__all__ = ["Engine", "Form", "OxigraphStore", "RdflibEngine", "graph_name"]

Form: TypeAlias = Literal["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"]
Bindings: TypeAlias = Mapping[str, RawTerm]
Triple: TypeAlias = tuple[RawTerm, RawTerm, RawTerm]
Table: TypeAlias = tuple[tuple[str, ...], list[tuple[RawTerm | None, ...]]]
Solutions: TypeAlias = tuple[tuple[str, ...], list[tuple[Any, ...]]]
"""Columns, and rows of terms of pyoxigraph or :class:`RawTerm`; None where nothing is bound."""

_FORMATS = {
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
}


_TRIPLE_TERMS = (
    "statements about statements (RDF 1.2 triple terms) are not supported; use an rg:Assertion"
)


def graph_name(name: str) -> str:
    """Give the IRI of one of our named graphs.

    Examples
    --------
    >>> graph_name("article")
    'https://w3id.org/rolegraph/graph/article'
    """
    return GRAPHS + name


class Engine(Protocol):
    """What answers SPARQL."""

    @property
    def name(self) -> str:
        """``"oxigraph"`` or ``"rdflib"``."""
        ...

    def solutions(self, query: str, bindings: Bindings) -> Solutions:
        """Run a SELECT: the columns, and rows of terms, as the engine has them."""
        ...

    def ask(self, query: str, bindings: Bindings) -> bool:
        """Run an ASK."""
        ...

    def construct(self, query: str, bindings: Bindings) -> list[Triple]:
        """Run a CONSTRUCT or DESCRIBE."""
        ...


def to_oxigraph(term: RawTerm) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    """Turn a :class:`RawTerm` into a pyoxigraph term."""
    if term.kind == "iri":
        return ox.NamedNode(term.value)
    if term.kind == "bnode":
        return ox.BlankNode(term.value)
    if term.lang:
        return ox.Literal(term.value, language=term.lang)
    return ox.Literal(term.value, datatype=ox.NamedNode(term.datatype) if term.datatype else None)


# Oxigraph keeps every integer type as xsd:integer, and OWL wants its own type back here
_COUNTS = frozenset(
    OWL + name
    for name in (
        *("cardinality", "minCardinality", "maxCardinality", "qualifiedCardinality"),
        *("minQualifiedCardinality", "maxQualifiedCardinality"),
    )
)
_COUNT_LINE = re.compile(
    rb"( <"
    + re.escape(OWL.encode())
    + rb"\w*[cC]ardinality> \"\d+\"\^\^<"
    + XSD.encode()
    + rb")integer>"
)


def _triple(quad: Any) -> Triple:
    s, p, o = (from_oxigraph(t) for t in (quad.subject, quad.predicate, quad.object))
    if p.value in _COUNTS:
        o = o._replace(datatype=XSD + "nonNegativeInteger")
    return s, p, o


def _brief(error: Exception) -> str:
    """Give an engine's message in a line, without its lists of character classes."""
    text = " ".join((getattr(error, "msg", None) or str(error)).split())
    text = re.sub(r"\['?[^\]]{0,80}'\.\.='.*", "...", text)
    return text if len(text) <= 300 else text[:297] + "..."


def _bound(query: str, bindings: Bindings) -> Substituted:
    if not bindings:
        return Substituted(query)
    return substitute(query, {k: str(to_oxigraph(v)) for k, v in bindings.items()})


def _prefixes(query: str) -> dict[str, str]:
    """Give the prefixes that a query may use: the engine reads what it is given every time."""
    if "\\" in query:  # an escape may stand for any letter
        return PREFIXES
    return {p: n for p, n in PREFIXES.items() if f"{p}:" in query}


class OxigraphStore:
    """An Oxigraph store that keeps a merged default graph beside its named graphs.

    Parameters
    ----------
    raw : pyoxigraph.Store, optional
        The store, for example one on disk; a fresh one in memory when None.
    """

    name = "oxigraph"

    def __init__(self, raw: ox.Store | None = None) -> None:
        self.raw = ox.Store() if raw is None else raw

    def load_file(self, path: Path, graph: str) -> int:
        """Read a file into a named graph and the merge, whole or not at all.

        Parameters
        ----------
        path : pathlib.Path
            Turtle, N-Triples, N-Quads, TriG, RDF/XML or JSON-LD, told by its suffix. Graph names
            inside the file are not kept: the file is the source.
        graph : str
            IRI of the named graph.

        Returns
        -------
        int
            Count of triples in the named graph.

        Raises
        ------
        DataError
            If the file is missing, of an unknown kind, or malformed (the line is named).
        """
        form = _FORMATS.get(path.suffix.lower())
        if form is None:
            raise DataError(
                f"{path}: cannot tell the RDF format from {path.suffix or 'no suffix'!r}; "
                f"known are {', '.join(_FORMATS)}"
            )
        base = path.resolve().as_uri()
        try:
            if form in (ox.RdfFormat.N_QUADS, ox.RdfFormat.TRIG, ox.RdfFormat.JSON_LD):
                parsed = ox.parse(path=str(path), format=form, base_iri=base)
                # these formats name blank nodes for one file only
                fresh: dict[str, ox.BlankNode] = {}

                def own(t: Any) -> Any:
                    bnode = isinstance(t, ox.BlankNode)
                    return fresh.setdefault(t.value, ox.BlankNode()) if bnode else t

                triples = [(own(q.subject), q.predicate, own(q.object)) for q in parsed]
                if any(isinstance(o, ox.Triple) for _, _, o in triples):
                    raise DataError(f"{path}: {_TRIPLE_TERMS}")
                return self._add(triples, graph)
            self.raw.load(path=str(path), format=form, base_iri=base, to_graph=ox.NamedNode(graph))
        except SyntaxError as error:
            line = f":{error.lineno}" if error.lineno else ""
            raise DataError(f"{path}{line}: {error.msg}") from error
        except FileNotFoundError as error:
            raise DataError(f"{path}: no such file") from error
        except (OSError, ValueError) as error:
            raise DataError(f"{path}: {error}") from error
        self.raw.update(f"INSERT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
        if self.raw.query(f"ASK {{ GRAPH <{graph}> {{ ?s ?p ?o FILTER(isTRIPLE(?o)) }} }}"):
            self.drop([graph])
            raise DataError(f"{path}: {_TRIPLE_TERMS}")
        query = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
        return int(self.select(query, {})[1][0][0].value)  # type: ignore[union-attr]

    def add(self, triples: Iterable[Triple], graph: str) -> int:
        """Put triples into a named graph and the merge; returns how many were given."""
        return self._add(
            [(to_oxigraph(s), to_oxigraph(p), to_oxigraph(o)) for s, p, o in triples],
            graph,
        )

    def _add(self, triples: list[tuple[Any, Any, Any]], graph: str) -> int:
        name = ox.NamedNode(graph)
        self.raw.bulk_extend(ox.Quad(s, p, o, name) for s, p, o in triples)
        self.raw.bulk_extend(ox.Quad(s, p, o) for s, p, o in triples)
        return len(triples)

    def copy(self) -> OxigraphStore:
        """Give an independent store with the same quads."""
        twin = OxigraphStore()
        twin.raw.bulk_extend(iter(self.raw))
        return twin

    def graphs(self) -> list[str]:
        """IRIs of the named graphs, sorted."""
        return sorted(g.value for g in self.raw.named_graphs() if isinstance(g, ox.NamedNode))

    def triples(self, graph: str | None = None) -> list[Triple]:
        """Give the triples of a named graph, or of the merge."""
        where = ox.NamedNode(graph) if graph else ox.DefaultGraph()
        return list(map(_triple, self.raw.quads_for_pattern(None, None, None, where)))

    def pairs(self, predicate: str, value: str | None = None) -> list[tuple[RawTerm, RawTerm]]:
        """Give subject and object of the merge's triples with a predicate (and an object IRI)."""
        obj = ox.NamedNode(value) if value else None
        found = self.raw.quads_for_pattern(None, ox.NamedNode(predicate), obj, ox.DefaultGraph())
        return [(from_oxigraph(q.subject), from_oxigraph(q.object)) for q in found]

    def clear_merge(self) -> None:
        """Empty the default graph and leave the named ones."""
        self.raw.clear_graph(ox.DefaultGraph())

    def drop(self, graphs: Iterable[str]) -> None:
        """Remove named graphs, and from the merge what no other graph holds."""
        names = [ox.NamedNode(g) for g in graphs]
        gone = {q.triple for n in names for q in self.raw.quads_for_pattern(None, None, None, n)}
        for n in names:
            self.raw.remove_graph(n)
        for t in gone:
            left = self.raw.quads_for_pattern(t.subject, t.predicate, t.object)
            if all(isinstance(q.graph_name, ox.DefaultGraph) for q in left):
                self.raw.remove(ox.Quad(t.subject, t.predicate, t.object))

    def ntriples(self, graphs: Iterable[str] | None = None) -> bytes:
        """Write the merge, or the named graphs given, as N-Triples."""
        if graphs is None:
            data = self.raw.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
            return _COUNT_LINE.sub(rb"\1nonNegativeInteger>", data or b"")
        parts = [
            self.raw.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.NamedNode(g)) or b""
            for g in graphs
        ]
        return _COUNT_LINE.sub(rb"\1nonNegativeInteger>", b"".join(parts))

    def nquads(self) -> bytes:
        """Write the default graph and all named graphs as N-Quads."""
        data = self.raw.dump(format=ox.RdfFormat.N_QUADS) or b""
        return _COUNT_LINE.sub(rb"\1nonNegativeInteger>", data)

    def _query(self, query: str) -> Any:
        try:
            return self.raw.query(query, prefixes=_prefixes(query))
        except SyntaxError as error:
            raise QueryError(f"malformed SPARQL: {_brief(error)}") from error
        except (OSError, RuntimeError, ValueError) as error:
            raise QueryError(f"the query failed: {_brief(error)}") from error

    def solutions(self, query: str, bindings: Bindings) -> Solutions:
        """Run a SELECT (see :class:`Engine`); terms are read when somebody looks at them."""
        bound = _bound(query, bindings)
        found = self._query(bound.query)
        columns = [v.value for v in found.variables]
        try:
            rows: list[tuple[Any, ...]] = [tuple(row) for row in found]
        except (OSError, RuntimeError, TypeError) as error:
            raise QueryError(f"the query failed: {_brief(error)}") from error
        if any(type(c) is ox.Triple for row in rows for c in row):
            raise QueryError("the query failed: no plain RDF term for a Triple")
        if bound.filler:
            columns, rows = [], [() for _ in rows]
        star = columns_of_star(query)
        back = bound.columns if star is None else tuple((len(columns), v) for v in bindings)
        for place, name in back:
            columns.insert(place, name)
            rows = [(*row[:place], bindings[name], *row[place:]) for row in rows]
        return tuple(columns), rows

    def select(self, query: str, bindings: Bindings) -> Table:
        """Run a SELECT with its terms read."""
        columns, rows = self.solutions(query, bindings)
        return columns, [tuple(plain(c) for c in row) for row in rows]

    def ask(self, query: str, bindings: Bindings) -> bool:
        """Run an ASK (see :class:`Engine`)."""
        return bool(self._query(_bound(query, bindings).query))

    def construct(self, query: str, bindings: Bindings) -> list[Triple]:
        """Run a CONSTRUCT or DESCRIBE (see :class:`Engine`)."""
        try:
            return list(map(_triple, self._query(_bound(query, bindings).query)))
        except TypeError as error:
            raise QueryError(f"the query failed: {_brief(error)}") from error

    def update(self, text: str) -> None:
        """Run a SPARQL update on the raw store, whole or not at all."""
        try:
            self.raw.update(text, prefixes=PREFIXES)
        except SyntaxError as error:
            raise QueryError(f"malformed SPARQL update: {_brief(error)}") from error
        except (OSError, RuntimeError, ValueError) as error:
            raise QueryError(f"the update failed: {_brief(error)}") from error


# rdflib's SPARQL grammar breaks for the whole process when two threads meet in it first
_RDFLIB_PARSER = threading.Lock()


class RdflibEngine:
    """rdflib's own SPARQL over a copy of a store's quads."""

    name = "rdflib"

    def __init__(self, quads: bytes) -> None:
        import rdflib

        self.dataset: rdflib.Dataset = rdflib.Dataset(default_union=False)
        self.dataset.parse(data=quads, format="nquads")

    def _query(self, query: str, bindings: Bindings) -> rdflib.query.Result:
        from rdflib.plugins.sparql import prepareQuery

        # rdflib lets much pass that is not SPARQL; what one engine refuses, both refuse
        if "SERVICE" not in keywords(query):  # running it even on nothing would call out
            OxigraphStore()._query(_bound(query, bindings).query)

        try:
            with _RDFLIB_PARSER:
                prepared = prepareQuery(query, initNs=PREFIXES)
            known: dict[str, rdflib.term.Identifier] = {
                k: v.to_rdflib()  # type: ignore[misc]
                for k, v in bindings.items()
            }
            result = self.dataset.query(prepared, initBindings=known)
            if result.type == "SELECT":
                _ = result.bindings  # evaluated lazily: errors belong here
        except RecursionError as error:
            raise QueryError(
                "the query failed: rdflib cannot follow a path this deep; use engine='oxigraph'"
            ) from error
        except Exception as error:  # pyparsing, rdflib and plain Exception all occur
            kind = type(error).__name__
            what = "malformed SPARQL" if "Parse" in kind else "the query failed"
            raise QueryError(f"{what}: {_brief(error)}") from error
        return result

    def solutions(self, query: str, bindings: Bindings) -> Solutions:
        """Run a SELECT (see :class:`Engine`)."""
        result = self._query(query, bindings)
        variables = list(result.vars or ())
        if len(result.bindings) == 1 and (question := groups_anything(query)):
            # rdflib makes one empty group of no solutions at all; SPARQL makes none
            there = [v for v in bindings if v in variables_of(question)]
            if not self.ask(question, {v: bindings[v] for v in there}):
                return tuple(str(v) for v in variables), []
        rows = [
            tuple(raw_of(row[v]) if row.get(v) is not None else None for v in variables)
            for row in result.bindings
        ]
        return tuple(str(v) for v in variables), rows

    def ask(self, query: str, bindings: Bindings) -> bool:
        """Run an ASK (see :class:`Engine`)."""
        return bool(self._query(query, bindings).askAnswer)

    def construct(self, query: str, bindings: Bindings) -> list[Triple]:
        """Run a CONSTRUCT or DESCRIBE (see :class:`Engine`)."""
        graph = self._query(query, bindings).graph
        triples = [(raw_of(s), raw_of(p), raw_of(o)) for s, p, o in graph or ()]
        return [t for t in triples if t[0].kind != "literal" and t[1].kind == "iri"]
