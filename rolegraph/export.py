"""Handing the graph to other libraries and formats, always as a copy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import pyoxigraph as ox

from rolegraph.sparql import graph_of
from rolegraph.store import OxigraphStore, Triple, to_oxigraph
from rolegraph.vocab import PREFIXES

if TYPE_CHECKING:
    import networkx as nx
    import rdflib

__all__ = ["FORMATS", "export", "to_rdflib"]

FORMATS = ("turtle", "nt", "nquads", "json-ld", "graphml", "dot")


def to_rdflib(store: OxigraphStore, graphs: Sequence[str] | None = None) -> rdflib.Dataset:
    """Copy a store into an rdflib dataset.

    Parameters
    ----------
    store : OxigraphStore
    graphs : sequence of str, optional
        Named graphs to take; all when None.

    Returns
    -------
    rdflib.Dataset
        The merge of the graphs taken as default graph, and each of them by name.
    """
    import rdflib

    dataset = rdflib.Dataset(default_union=False)
    for prefix, namespace in PREFIXES.items():
        dataset.bind(prefix, namespace)
    for name in store.graphs() if graphs is None else graphs:
        named = dataset.graph(rdflib.URIRef(name))
        for triple in store.triples(name):
            s, p, o = (t.to_rdflib() for t in triple)
            named.add((s, p, o))
            dataset.default_graph.add((s, p, o))
    return dataset


def _merged(store: OxigraphStore, graphs: Sequence[str] | None) -> list[Triple]:
    if graphs is None:
        return store.triples()
    return list(dict.fromkeys(t for g in graphs for t in store.triples(g)))


def _quads(triples: Iterable[Triple], graph: str | None = None) -> list[ox.Quad]:
    place = ox.NamedNode(graph) if graph else ox.DefaultGraph()
    return [
        ox.Quad(to_oxigraph(s), to_oxigraph(p), to_oxigraph(o), place)  # type: ignore[arg-type]
        for s, p, o in triples
    ]


def export(
    store: OxigraphStore,
    graphs: Sequence[str] | None,
    form: str,
    network: Callable[[], nx.MultiDiGraph],
) -> str:
    """Write a graph as text, the same text every time.

    Parameters
    ----------
    store : OxigraphStore
    graphs : sequence of str or None
        Named graphs to take; all when None.
    form : str
        One of :data:`FORMATS`.
    network : callable
        Gives the transitions as a networkx graph, for the last two formats.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If there is no such format.
    """
    if form not in FORMATS:
        raise ValueError(f"no format {form!r}; known are {', '.join(FORMATS)}")
    if form == "turtle":
        from rolegraph.turtle import serialise

        return serialise(graph_of(_merged(store, graphs)))
    if form in ("nt", "nquads", "json-ld"):
        quads = _quads(_merged(store, graphs))
        if form == "nquads":
            for name in store.graphs() if graphs is None else graphs:
                quads += _quads(store.triples(name), name)
        dataset = ox.Dataset(quads)  # blank nodes named after what they say, all in order
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        quads = sorted(dataset, key=str)
        wanted = {"nt": ox.RdfFormat.N_TRIPLES, "nquads": ox.RdfFormat.N_QUADS}
        data = ox.serialize(quads, format=wanted.get(form, ox.RdfFormat.JSON_LD), prefixes=PREFIXES)
        return (data or b"").decode("utf-8").rstrip() + "\n"
    return _graphml(network()) if form == "graphml" else _dot(network())


def _graphml(graph: nx.MultiDiGraph) -> str:
    import networkx as nx

    plain = nx.MultiDiGraph()
    for node, data in graph.nodes(data=True):
        plain.add_node(node, **{k: v for k, v in data.items() if v is not None})
    for a, b, key, data in graph.edges(keys=True, data=True):
        plain.add_edge(a, b, key, **{k: v for k, v in data.items() if v is not None})
    return "\n".join(nx.generate_graphml(plain)) + "\n"


def _dot(graph: nx.MultiDiGraph) -> str:
    def quoted(text: object) -> str:
        return '"' + str(text).replace("\\", "\\\\").replace('"', '\\"') + '"'

    lines = ["digraph rolegraph {", "  rankdir=LR; node [shape=box];"]
    lines += [f"  {quoted(n)} [label={quoted(d['label'])}];" for n, d in graph.nodes(data=True)]
    lines += [
        f"  {quoted(a)} -> {quoted(b)} [label={quoted(d['type'] + ', ' + d['kind'])}];"
        for a, b, d in graph.edges(data=True)
    ]
    return "\n".join([*lines, "}"]) + "\n"
