"""The quality of the ontology as source: annotation, use, form, and vocabulary module."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pyoxigraph as ox
import pytest
from rdflib import OWL, RDF, RDFS, BNode, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, SKOS

import rolegraph as rg
from rolegraph.resources import ontology_path
from rolegraph.turtle import check_files, format_file, serialise
from rolegraph.vocab import BASE, PREFIXES, RG, curie, expand

MODEL = ("rolegraph", "market")
FACTS = ("article", "curated", "mappings")
FILES = (*MODEL, *FACTS, "shapes", "alignments")
TERM_TYPES = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)


def read(name: str) -> Graph:
    return Graph().parse(ontology_path(f"{name}.ttl"), format="turtle")


@pytest.fixture(scope="module")
def model() -> Graph:
    """The core and what labour markets need beyond it: one vocabulary in two files."""
    return read(MODEL[0]) + read(MODEL[1])


@pytest.fixture(scope="module")
def facts() -> Graph:
    return read(FACTS[0]) + read(FACTS[1]) + read(FACTS[2])


def ours(graph: Graph, *types: URIRef) -> set[URIRef]:
    found = {s for t in types for s in graph.subjects(RDF.type, t)}
    return {s for s in found if isinstance(s, URIRef) and s.startswith(RG.NS)}


def named(graph: Graph) -> set[URIRef]:
    return ours(graph, *TERM_TYPES, OWL.NamedIndividual)


def test_every_term_is_labelled_and_defined_once(model: Graph) -> None:
    terms = named(model)
    assert len(terms) > 150
    for term in terms:
        labels = [*model.objects(term, RDFS.label), *model.objects(term, SKOS.prefLabel)]
        definitions = list(model.objects(term, SKOS.definition))
        for texts in (labels, definitions):
            assert len(texts) == 1, (term, texts)
            assert isinstance(texts[0], Literal)
            assert texts[0].language == "en", term
            assert str(texts[0]) == str(texts[0]).strip(), term
        assert str(definitions[0]).endswith("."), term
        assert len(str(definitions[0]).split()) >= 5, term
        assert (term, RDFS.isDefinedBy, URIRef(BASE + "ontology")) in model


def test_no_two_terms_share_a_label_or_a_definition(model: Graph) -> None:
    for predicate in (RDFS.label, SKOS.definition):
        counts = Counter(str(o) for s, o in model.subject_objects(predicate) if s in named(model))
        assert [text for text, n in counts.items() if n > 1] == []


def test_every_property_has_a_meaningful_domain_and_range(model: Graph) -> None:
    for prop in ours(model, OWL.ObjectProperty, OWL.DatatypeProperty):
        for end in (RDFS.domain, RDFS.range):
            values = list(model.objects(prop, end))
            assert len(values) == 1, (prop, end)
            assert values[0] != OWL.Thing


def used_in_axioms(model: Graph, prop: URIRef) -> bool:
    """Whether a property is the matter of a restriction, a chain, or another property's axiom."""
    return any(
        p in (OWL.onProperty, RDF.first, OWL.inverseOf, RDFS.subPropertyOf)
        for _, p in model.subject_predicates(prop)
    ) or bool(list(model.objects(prop, OWL.inverseOf)))


def spoken_of(checkout: Path) -> set[URIRef]:
    """Terms that the library names as ``RG.x``, outside of the list of all names."""
    code = "".join(
        path.read_text(encoding="utf-8")
        for path in (checkout / "rolegraph").rglob("*.py")
        if path.name != "vocab.py"
    )
    return {URIRef(RG.NS + name) for name in re.findall(r"\bRG\.(\w+)", code)}


def test_no_term_of_markets_is_unused(checkout: Path) -> None:
    """No file that ships holds such facts: importers write them, so the library must name them."""
    market = read("market")
    terms = ours(market, *TERM_TYPES)
    used = terms & spoken_of(checkout)
    used |= derived(market)
    other_way = {o for t in used for o in market.objects(t, OWL.inverseOf)}
    other_way |= {s for t in used for s in market.subjects(OWL.inverseOf, t)}
    assert len(terms) > 50
    assert [curie(t) for t in sorted(terms - used - other_way)] == []


def derived(model: Graph) -> set[URIRef]:
    """Properties that rules give."""
    chains = {p for p in ours(model, OWL.ObjectProperty)
              if (p, OWL.propertyChainAxiom, None) in model}  # fmt: skip
    return chains | ours(model, OWL.TransitiveProperty)


def test_no_property_and_no_class_is_unused(facts: Graph) -> None:
    model = read("rolegraph")
    predicates = set(facts.predicates()) | set(model.predicates())
    unused = [
        curie(p)
        for p in ours(model, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
        if p not in predicates and p not in derived(model) and not used_in_axioms(model, p)
    ]
    assert unused == []
    # an entry into a ladder, and three kinds of evidence, wait for other sources than the article
    waiting = {"rg:EntryTransition"}
    kinds = set(facts.objects(None, RDF.type))
    orphans = [
        curie(c)
        for c in ours(model, OWL.Class)
        if c not in kinds
        and not any(p != RDF.type for _, p in model.subject_predicates(c))
        and (c, OWL.equivalentClass, None) not in model
    ]
    assert set(orphans) <= waiting


def test_no_orphan_class(model: Graph) -> None:
    """Every class hangs in the tree, is a root that has children, or says what it is made of."""
    for cls in ours(model, OWL.Class):
        parents = [o for o in model.objects(cls, RDFS.subClassOf) if isinstance(o, URIRef)]
        children = list(model.subjects(RDFS.subClassOf, cls))
        assert (
            parents
            or children
            or (cls, OWL.equivalentClass, None) in model
            or any(model.subjects(RDFS.range, cls))
        ), cls


def test_roots_are_disjoint_and_so_are_siblings_of_the_world_of_work(model: Graph) -> None:
    groups = [
        set(model.items(members))
        for group in model.subjects(RDF.type, OWL.AllDisjointClasses)
        for members in model.objects(group, OWL.members)
    ]
    roots = {
        c for c in ours(model, OWL.Class)
        if not any(isinstance(o, URIRef) for o in model.objects(c, RDFS.subClassOf))
    }  # fmt: skip
    assert any(roots <= group for group in groups)
    direct = set(model.subjects(RDFS.subClassOf, URIRef(RG.WorkConcept)))
    assert any(direct <= group for group in groups)


def test_the_model_holds_no_facts(model: Graph) -> None:
    individuals = ours(model, OWL.NamedIndividual)
    vocabularies = {RG.EvidenceKind, RG.Strength, RG.Hedge, RG.Level, RG.InvolvementPattern}
    for individual in individuals:
        kinds = {str(t) for t in model.objects(individual, RDF.type)} - {str(OWL.NamedIndividual)}
        assert kinds <= vocabularies, individual
    assert not list(model.subjects(RDF.type, URIRef(RG.Role)))


@pytest.mark.parametrize("name", FILES)
def test_blank_nodes_stand_only_where_owl_or_shacl_wants_them(name: str) -> None:
    graph = read(name)
    syntax = (str(OWL), str(RDF), "http://www.w3.org/ns/shacl#", str(RDFS))
    for node in {s for s in graph.subjects() if isinstance(s, BNode)}:
        assert all(str(p).startswith(syntax) for p in graph.predicates(node)), list(
            graph.predicate_objects(node)
        )


@pytest.mark.parametrize("name", FILES)
def test_metadata(name: str) -> None:
    graph = read(name)
    (ontology,) = graph.subjects(RDF.type, OWL.Ontology)
    for predicate in (OWL.versionIRI, OWL.versionInfo, DCTERMS.title, DCTERMS.description,
                      DCTERMS.license, DCTERMS.creator):  # fmt: skip
        assert list(graph.objects(ontology, predicate)), predicate
    version = str(next(graph.objects(ontology, OWL.versionInfo)))
    assert str(next(graph.objects(ontology, OWL.versionIRI))) == f"{ontology}/{version}"
    assert not re.search(r"\d+\.\d+", str(ontology))


@pytest.mark.parametrize("name", FILES)
def test_no_iri_but_a_version_iri_carries_a_version(name: str) -> None:
    graph = read(name)
    versions = set(graph.objects(None, OWL.versionIRI))
    for term in {t for triple in graph for t in triple if isinstance(t, URIRef)} - versions:
        if str(term).startswith(BASE):
            assert not re.search(r"/\d+\.\d+\.\d+", str(term)), term


def test_imports_stay_among_our_own_files() -> None:
    for name in FILES:
        for target in read(name).objects(None, OWL.imports):
            assert str(target).startswith(BASE)
            assert str(target).removeprefix(BASE) in ("ontology", "article")


def test_source_is_in_the_fixed_form(checkout: Path) -> None:
    assert check_files([checkout / "ontology"]) == []


def test_the_fixed_form_undoes_disorder_and_keeps_every_triple(tmp_path: Path) -> None:
    original = read("rolegraph")
    path = tmp_path / "x.ttl"
    path.write_text(original.serialize(format="turtle"), encoding="utf-8")
    assert format_file(path)
    assert not format_file(path)
    assert path.read_text(encoding="utf-8") == serialise(original)
    # canonical blank nodes; rdflib's own comparison takes half a minute
    forms = [
        ox.Dataset(ox.parse(text.encode(), ox.RdfFormat.N_TRIPLES))
        for text in (Graph().parse(path).serialize(format="nt"), original.serialize(format="nt"))
    ]
    for form in forms:
        form.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    assert forms[0] == forms[1]
    assert len(forms[0]) == len(original)


def test_vocabulary_module_equals_the_ontology(model: Graph) -> None:
    module = {v for k, v in vars(RG).items() if not k.startswith("_") and k != "NS"}
    assert module == {str(t) for t in named(model)}
    for name, value in vars(RG).items():
        if not name.startswith("_") and name != "NS":
            assert value == RG.NS + name


def test_prefixes_of_the_data_are_known(facts: Graph) -> None:
    found = {re.match(".*[/#]", s) for s in facts.subjects() if isinstance(s, URIRef)}
    spaces = {match[0] for match in found if match}
    known = set(PREFIXES.values())
    assert {s for s in spaces if s.count("/") > 4} <= known
    for subject in set(facts.subjects()):
        if isinstance(subject, URIRef) and str(subject).count("/") > 4:
            assert expand(curie(subject)) == str(subject)


def test_labels_have_a_language_and_no_blanks_around(facts: Graph) -> None:
    for predicate in (SKOS.prefLabel, SKOS.altLabel, SKOS.editorialNote):
        for label in facts.objects(None, predicate):
            assert isinstance(label, Literal)
            assert label.language == "en"
            assert str(label) == str(label).strip()


def test_no_two_things_of_a_class_share_a_label(facts: Graph) -> None:
    seen = Counter(
        (str(label).casefold(), kind)
        for thing, label in facts.subject_objects(SKOS.prefLabel)
        for kind in facts.objects(thing, RDF.type)
        if kind not in (OWL.NamedIndividual, URIRef(RG.Section))
    )
    assert [key for key, n in seen.items() if n > 1] == []


def test_no_cycle_in_broader_and_none_in_parts(facts: Graph) -> None:
    for prop in (RG.broader, RG.isPartOf):
        edges = list(facts.subject_objects(URIRef(prop)))
        assert edges
        assert nx.is_directed_acyclic_graph(nx.DiGraph(edges))


def test_broader_stays_within_a_class(facts: Graph) -> None:
    for a, b in facts.subject_objects(URIRef(RG.broader)):
        namespaces = {str(x).rpartition("/")[0] for x in (a, b)}
        assert len(namespaces) == 1, (a, b)


def test_every_individual_of_the_facts_is_connected(facts: Graph) -> None:
    graph = nx.Graph(
        (s, o)
        for s, p, o in facts
        if isinstance(o, URIRef) and p not in (RDF.type,) and str(s).startswith(BASE)
        and str(o).startswith(BASE)
    )  # fmt: skip
    things = set(facts.subjects(RDF.type, OWL.NamedIndividual))
    assert things <= set(graph)


def test_curated_facts_are_not_in_the_article_file_and_the_other_way_round() -> None:
    kind = URIRef(RG.hasEvidenceKind)
    assert set(read("article").objects(None, kind)) == {URIRef(RG.stated)}
    assert set(read("curated").objects(None, kind)) == {URIRef(RG.curated)}
    for prop in (RG.hasLevel, RG.inFamily, RG.isTopRoleOf, RG.isEntryRoleOf, RG.mergesWordingOf):
        assert not list(read("article").subject_objects(URIRef(prop)))


def test_alignments_speak_only_of_terms_and_roles_that_exist(model: Graph, facts: Graph) -> None:
    graph = read("alignments") + read("mappings")
    known = named(model) | set(facts.subjects())
    external = 0
    for s, p, o in graph:
        if str(p) in (str(SKOS.closeMatch), str(SKOS.exactMatch), str(SKOS.narrowMatch)) or p in (
            RDFS.subClassOf, RDFS.subPropertyOf,
        ):  # fmt: skip
            assert s in known, s
            assert not str(o).startswith(BASE), o
            external += 1
    assert external >= 20
    assert len(rg.load(alignments=True).roles()) == 11


def words(path: Path) -> list[str]:
    return re.findall(r"[a-z0-9]+", path.read_text(encoding="utf-8", errors="replace").lower())


def runs(text: list[str], n: int) -> Iterator[tuple[str, ...]]:
    return (tuple(text[i : i + n]) for i in range(len(text) - n + 1))


def test_no_sentence_of_the_article_stands_in_the_repository(checkout: Path, article: Path) -> None:
    known = set(runs(words(article), 10))
    assert len(known) > 1500
    for folder in ("ontology", "queries", "rolegraph", "docs", "tests", "notebooks"):
        for path in sorted((checkout / folder).rglob("*")):
            if path.suffix in (".ttl", ".rq", ".csv", ".py", ".md", ".ipynb"):
                assert not known & set(runs(words(path), 10)), path
