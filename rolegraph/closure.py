"""The closure: what the ontology's axioms entail about the individuals, by rules run in the store.

The axioms are read from the graph itself and turned into SPARQL updates that Oxigraph runs until
nothing new comes out; no property or class of ours is named here. The rules carry the names of
the W3C's OWL 2 RL tables [1]_ where they stand there. Three go further, because the model needs
them: ``cls-hs1``/``cls-hs2`` (self restrictions, in both directions) and ``cls-minc2`` (two
fillers that are declared different). Equality is not derived: OWL 2 RL's ``sameAs`` rules are
left to HermiT, which reports them as clashes here, since all roles are declared different.

Each inferred triple goes into the named graph of its rule, so that an answer can say which rule
it owes a fact to.

References
----------
.. [1] OWL 2 Web Ontology Language Profiles (2nd ed.), section 4.3, tables 4 to 9.
   https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from rolegraph.shown import Shown
from rolegraph.store import OxigraphStore, Triple, graph_name, to_oxigraph
from rolegraph.terms import RawTerm
from rolegraph.vocab import OWL, RDF, RDFS, XSD, curie

if TYPE_CHECKING:
    from rolegraph.page import Cell, Page

__all__ = ["INFERRED", "Closure", "Rule", "compile_rules", "infer", "materialise"]

_IRI = re.compile(r"<([^>]*)>")
INFERRED = graph_name("inferred.")
"""What the names of the graphs of inferred triples start with; the rule's name follows."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, ready to run.

    Attributes
    ----------
    name : str
        Name in the W3C's tables, for example ``"prp-trp"``.
    axiom : str
        The axiom it comes from, in words, for a reader.
    head, body : str
        SPARQL patterns: what is concluded, and from what.
    """

    name: str
    axiom: str
    head: str
    body: str

    @property
    def reads(self) -> frozenset[str]:
        """IRIs whose triples the rule looks at: properties, and classes after ``a``."""
        return frozenset(_IRI.findall(self.body))

    @property
    def writes(self) -> str:
        """IRI of the property, or the class, that the rule concludes."""
        return str(_IRI.findall(self.head)[0])

    @property
    def graph(self) -> str:
        """IRI of the named graph that the rule's triples go into."""
        return INFERRED + self.name

    @property
    def question(self) -> str:
        """Whether the rule has anything to add, as a SPARQL ASK."""
        return f"ASK {{ {self.body} FILTER NOT EXISTS {{ {self.head} }} }}"

    @property
    def update(self) -> str:
        """The rule as a SPARQL update."""
        return (
            f"INSERT {{ {self.head} GRAPH <{self.graph}> {{ {self.head} }} }} "
            f"WHERE {{ {self.body} FILTER NOT EXISTS {{ {self.head} }} }}"
        )


_ROWS = 30  # rules that the page of a closure lists


@dataclass(frozen=True, slots=True)
class Closure(Shown):
    """What rules added to a graph.

    Attributes
    ----------
    triples : dict of str to tuple of triples
        Inferred triples by the name of the rule that first gave them.
    skipped : tuple of str
        Axioms that no rule covers, in words; empty for the ontology that ships.
    """

    triples: dict[str, tuple[Triple, ...]]
    skipped: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Count of inferred triples."""
        return sum(map(len, self.triples.values()))

    def __iter__(self) -> Iterator[Triple]:
        """All inferred triples, by rule."""
        for found in self.triples.values():
            yield from found

    def _page(self) -> Page:
        from rolegraph.page import Bullets, Fields, Grid, Heading, Page, Tag, count

        found = {name: len(triples) for name, triples in self.triples.items() if triples}
        pairs: tuple[tuple[str, Cell], ...] = (
            ("kind", Tag("inferred")),
            ("rules that gave any", f"{len(found):,}"),
            ("axioms without a rule", f"{len(self.skipped):,}" if self.skipped else "none"),
        )
        rows = sorted(found.items(), key=lambda item: (-item[1], item[0]))
        more = f"… {count(len(rows) - _ROWS, 'more rule')}" if len(rows) > _ROWS else ""
        grid = Grid(("rule", "triples"), tuple((name, f"{n:,}") for name, n in rows[:_ROWS]),
                    frozenset({1}), more=more)  # fmt: skip
        return Page((
            Heading(count(len(self), "inferred triple"), "what the axioms entail beyond the graph"),
            Fields(pairs),
            *((grid,) if rows else ()),
            Bullets(self.skipped),
        ))  # fmt: skip


# what a restriction may carry beside its type and property
_FACETS = (
    "someValuesFrom allValuesFrom hasValue hasSelf minCardinality maxCardinality cardinality "
    "minQualifiedCardinality maxQualifiedCardinality qualifiedCardinality"
).split()

_AXIOM_PREDICATES = (
    *(RDFS + n for n in ("subClassOf", "subPropertyOf", "domain", "range")),
    *(RDF + n for n in ("first", "rest")),
    *(
        OWL + n
        for n in (
            *(
                "equivalentClass",
                "equivalentProperty",
                "inverseOf",
                "propertyChainAxiom",
            ),
            *("intersectionOf", "unionOf", "oneOf", "complementOf", "disjointUnionOf"),
            *("onProperty", "onClass", *_FACETS),
        )
    ),
)


class _Unsupported(Exception):
    """A class expression that a rule body cannot test."""


@dataclass(slots=True)
class _Axioms:
    """The graph's axioms as a lookup, and patterns made from them."""

    store: OxigraphStore
    by_subject: dict[RawTerm, list[tuple[str, RawTerm]]] = field(default_factory=dict)
    count: int = 0

    def __post_init__(self) -> None:
        # by predicate: axioms are few, and the facts need not be looked at
        for predicate in _AXIOM_PREDICATES:
            for s, o in self.store.pairs(predicate):
                self.by_subject.setdefault(s, []).append((predicate, o))
        for kind in ("SymmetricProperty", "TransitiveProperty"):
            for s, o in self.store.pairs(RDF + "type", OWL + kind):
                self.by_subject.setdefault(s, []).append((RDF + "type", o))

    def get(self, node: RawTerm, predicate: str) -> RawTerm | None:
        return next((o for p, o in self.by_subject.get(node, ()) if p == predicate), None)

    def pairs(self, predicate: str) -> list[tuple[RawTerm, RawTerm]]:
        found = [(s, o) for s, po in self.by_subject.items() for p, o in po if p == predicate]
        return sorted(found, key=lambda so: (so[0].value, so[1].value))

    def items(self, head: RawTerm | None) -> list[RawTerm]:
        out: list[RawTerm] = []
        while head is not None and head.value != RDF + "nil":
            first = self.get(head, RDF + "first")
            if first is not None:
                out.append(first)
            head = self.get(head, RDF + "rest")
        return out

    def fresh(self) -> str:
        self.count += 1
        return f"?v{self.count}"

    def name(self, node: RawTerm) -> str:
        """Say a class expression in words."""
        if node.kind == "iri":
            return curie(node.value)
        for word, joint in (("intersectionOf", " and "), ("unionOf", " or ")):
            if (members := self.get(node, OWL + word)) is not None:
                return "(" + joint.join(map(self.name, self.items(members))) + ")"
        prop = self.get(node, OWL + "onProperty")
        for facet in _FACETS:
            if prop is not None and (filler := self.get(node, OWL + facet)) is not None:
                return f"({self.name(prop)} {facet} {self.name(filler)})"
        if (other := self.get(node, OWL + "complementOf")) is not None:
            return f"(not {self.name(other)})"
        if (prop := self.get(node, OWL + "inverseOf")) is not None:
            return f"(inverse of {self.name(prop)})"
        return node.value if node.kind == "literal" else "(an expression)"

    def triple(self, prop: RawTerm | None, x: str, y: str) -> str:
        """Write a triple pattern with a property or the inverse of one."""
        if prop is not None and prop.kind == "iri":
            return f"{x} <{prop.value}> {y} ."
        inner = self.get(prop, OWL + "inverseOf") if prop is not None else None
        if inner is None or inner.kind != "iri":
            raise _Unsupported
        return f"{y} <{inner.value}> {x} ."

    def body(self, node: RawTerm, var: str) -> str:
        """Give a pattern that holds of what the expression is sure to contain."""
        if node.kind == "iri":
            return "" if node.value == OWL + "Thing" else f"{var} a <{node.value}> . "
        if (members := self.get(node, OWL + "intersectionOf")) is not None:
            return "".join(self.body(m, var) for m in self.items(members))
        if (members := self.get(node, OWL + "unionOf")) is not None:
            return " UNION ".join(f"{{ {self.body(m, var)} }}" for m in self.items(members)) + " "
        if (members := self.get(node, OWL + "oneOf")) is not None:
            listed = self.items(members)
            if any(m.kind != "iri" for m in listed):
                raise _Unsupported
            return f"VALUES {var} {{ {' '.join(f'<{m.value}>' for m in listed)} }} "
        prop = self.get(node, OWL + "onProperty")
        if (filler := self.get(node, OWL + "someValuesFrom")) is not None:
            y = self.fresh()
            return f"{self.triple(prop, var, y)} {self.body(filler, y)}"
        if (filler := self.get(node, OWL + "hasValue")) is not None:
            if filler.kind == "literal" and (prop is None or prop.kind != "iri"):
                raise _Unsupported
            return self.triple(prop, var, str(to_oxigraph(filler))) + " "
        if self.get(node, OWL + "hasSelf") is not None:
            return self.triple(prop, var, var) + " "
        return self._minimum(node, var, prop)

    def _minimum(self, node: RawTerm, var: str, prop: RawTerm | None) -> str:
        on = self.get(node, OWL + "onClass")
        number = self.get(node, OWL + ("minQualifiedCardinality" if on else "minCardinality"))
        if number is None or int(number.value) not in (1, 2):
            raise _Unsupported
        y = self.fresh()
        of = self.body(on, y) if on else ""
        if int(number.value) == 1:
            return f"{self.triple(prop, var, y)} {of}"
        z = self.fresh()
        of += self.body(on, z) if on else ""
        # written from the fillers up to their list: the other way round is 100 times slower
        up = f"^<{RDF}first>/^<{RDF}rest>*/(^<{OWL}distinctMembers>|^<{OWL}members>)"
        return (
            f"{self.triple(prop, var, y)} {self.triple(prop, var, z)} "
            f"FILTER(str({y}) < str({z})) {of}"
            f"{{ {y} <{OWL}differentFrom>|^<{OWL}differentFrom> {z} }} UNION "
            f"{{ {y} {up} ?all . {z} {up} ?all }} "
        )

    def heads(self, node: RawTerm, var: str) -> Iterator[tuple[str, str, str]]:
        """Give (rule name, head, extra body) for what being in the expression brings."""
        if node.kind == "iri":
            yield "cax-eqc", f"{var} a <{node.value}> .", ""
            return
        for member in self.items(self.get(node, OWL + "intersectionOf")):
            for _, head, extra in self.heads(member, var):
                yield "cls-int2", head, extra
        prop = self.get(node, OWL + "onProperty")
        plain = prop is not None and prop.kind == "iri"
        filler = self.get(node, OWL + "hasValue")
        if filler is not None and (plain or filler.kind != "literal"):
            yield "cls-hv1", self.triple(prop, var, str(to_oxigraph(filler))), ""
        if self.get(node, OWL + "hasSelf") is not None:
            yield "cls-hs1", self.triple(prop, var, var), ""
        if (filler := self.get(node, OWL + "allValuesFrom")) is not None:
            y = self.fresh()
            for _, head, extra in self.heads(filler, y):
                yield "cls-avf", head, f"{self.triple(prop, var, y)} {extra}"


_BODY_NAMES = {
    "someValuesFrom": "cls-svf1", "hasValue": "cls-hv2", "hasSelf": "cls-hs2",
    "unionOf": "cls-uni", "intersectionOf": "cls-int1", "oneOf": "cls-oo",
    "minQualifiedCardinality": "cls-minc2", "minCardinality": "cls-minc2",
}  # fmt: skip


def _body_name(axioms: _Axioms, node: RawTerm) -> str:
    parts = [node, *axioms.items(axioms.get(node, OWL + "intersectionOf"))]
    if any(axioms.get(n, OWL + "minQualifiedCardinality") for n in parts):
        return "cls-minc2"
    return next((n for w, n in _BODY_NAMES.items() if axioms.get(node, OWL + w)), "cax-sco")


def _class_rules(axioms: _Axioms, skipped: list[str]) -> Iterator[Rule]:
    equal = axioms.pairs(OWL + "equivalentClass")
    parts = [
        (member, whole)
        for whole, head in axioms.pairs(OWL + "disjointUnionOf")
        for member in axioms.items(head)
    ]
    both = equal + [(d, c) for c, d in equal]
    for sub, sup in axioms.pairs(RDFS + "subClassOf") + parts + both:
        if sup.value == OWL + "Thing":
            continue
        text = f"{axioms.name(sub)} is a {axioms.name(sup)}"
        try:
            heads = list(axioms.heads(sup, "?x"))
            if not heads:
                continue  # says something that yields no named fact
            body = axioms.body(sub, "?x")
        except _Unsupported:
            body = ""
        if not body:  # an expression no pattern can test, or everything there is
            skipped.append(text)
            continue
        for name, head, extra in heads:
            rule = _body_name(axioms, sub) if sub.kind == "bnode" else name
            if sub.kind == sup.kind == "iri" and (sub, sup) not in both:
                rule = "cax-sco"
            yield Rule(rule, text, head, body + extra)


_OBJECT = "FILTER(!isLiteral(?y))"


def _property_rules(axioms: _Axioms, skipped: list[str]) -> Iterator[Rule]:
    def named(predicate: str) -> Iterator[tuple[str, str, str]]:
        for s, o in axioms.pairs(predicate):
            if s.kind == o.kind == "iri":
                yield (
                    s.value,
                    o.value,
                    f"{curie(s.value)} {curie(predicate)} {curie(o.value)}",
                )

    for p, q, text in named(RDFS + "subPropertyOf"):
        yield Rule("prp-spo1", text, f"?x <{q}> ?y .", f"?x <{p}> ?y .")
    for p, q, text in named(OWL + "equivalentProperty"):
        yield Rule("prp-eqp", text, f"?x <{q}> ?y .", f"?x <{p}> ?y .")
        yield Rule("prp-eqp", text, f"?x <{p}> ?y .", f"?x <{q}> ?y .")
    for p, q, text in named(OWL + "inverseOf"):
        yield Rule("prp-inv", text, f"?y <{q}> ?x .", f"?x <{p}> ?y . {_OBJECT}")
        yield Rule("prp-inv", text, f"?y <{p}> ?x .", f"?x <{q}> ?y . {_OBJECT}")
    for p, kind, text in named(RDF + "type"):
        if kind == OWL + "SymmetricProperty":
            yield Rule("prp-symp", text, f"?y <{p}> ?x .", f"?x <{p}> ?y . {_OBJECT}")
        if kind == OWL + "TransitiveProperty":
            yield Rule("prp-trp", text, f"?x <{p}> ?y .", f"?x <{p}>/<{p}>+ ?y .")
    for prop, chain in axioms.pairs(OWL + "propertyChainAxiom"):
        links = axioms.items(chain)
        text = " o ".join(map(axioms.name, links)) + f" gives {axioms.name(prop)}"
        try:
            steps = [axioms.triple(p, f"?c{i}", f"?c{i + 1}") for i, p in enumerate(links)]
        except _Unsupported:
            skipped.append(text)
            continue
        yield Rule("prp-spo2", text, f"?c0 <{prop.value}> ?c{len(links)} .", " ".join(steps))
    for end, name, var in (("domain", "prp-dom", "?x"), ("range", "prp-rng", "?y")):
        for prop, node in axioms.pairs(RDFS + end):
            if prop.kind != "iri" or node.value.startswith((XSD, RDFS, RDF)):
                continue
            text = f"the {end} of {axioms.name(prop)} is {axioms.name(node)}"
            try:
                for _, head, extra in axioms.heads(node, var):
                    test = _OBJECT if end == "range" else ""
                    yield Rule(name, text, head, f"?x <{prop.value}> ?y . {test} {extra}")
            except _Unsupported:
                skipped.append(text)


def compile_rules(store: OxigraphStore) -> tuple[tuple[Rule, ...], tuple[str, ...]]:
    """Turn the axioms of a graph into rules.

    Parameters
    ----------
    store : OxigraphStore
        Holds the ontology. It is only read.

    Returns
    -------
    rules : tuple of Rule
    skipped : tuple of str
        Axioms of the form *expression is a named class* that no rule can test.
    """
    axioms = _Axioms(store)
    for _, kind in list(axioms.by_subject.items()):
        kind.sort(key=lambda po: (po[0], po[1].value))
    skipped: list[str] = []
    rules = [*_property_rules(axioms, skipped), *_class_rules(axioms, skipped)]
    return _grouped(rules), tuple(skipped)


def _grouped(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Join rules of one name and one conclusion: a query has a price before it finds anything."""
    groups: dict[tuple[str, str], list[Rule]] = {}
    for rule in rules:
        groups.setdefault((rule.name, rule.head), []).append(rule)
    out = []
    for (name, head), members in groups.items():
        body = members[0].body
        if len(members) > 1:
            body = " UNION ".join(f"{{ {m.body} }}" for m in members)
        out.append(Rule(name, "; ".join(dict.fromkeys(m.axiom for m in members)), head, body))
    return tuple(out)


def _vocabulary(store: OxigraphStore) -> frozenset[str]:
    """Give the properties and classes that the merge uses: many rules have nothing to read."""
    used = "SELECT DISTINCT ?t { { ?x ?t ?y } UNION { ?x a ?t } }"
    return frozenset(row[0].value for row in store.select(used, {})[1] if row[0] is not None)


def materialise(store: OxigraphStore) -> tuple[str, ...]:
    """Add the closure to a store, in place; for whoever owns the store.

    Parameters
    ----------
    store : OxigraphStore
        Changed: inferred triples go into the merge and into one named graph per rule.

    Returns
    -------
    tuple of str
        Axioms that no rule covers.
    """
    rules, skipped = compile_rules(store)
    readers: dict[str, set[int]] = {}
    for i, rule in enumerate(rules):
        for iri in rule.reads:
            readers.setdefault(iri, set()).add(i)
    # a rule runs again only when something it reads has grown; early rules first
    there = _vocabulary(store)
    queue = [i for i, r in enumerate(rules) if r.reads & there or "VALUES" in r.body]
    waiting = set(queue)
    while queue:
        i = heappop(queue)
        waiting.discard(i)
        if not store.raw.query(rules[i].question):
            continue  # asking first is cheaper than counting quads after
        store.raw.update(rules[i].update)
        for j in readers.get(rules[i].writes, set()) - waiting:
            if j != i or rules[i].name != "prp-trp":
                waiting.add(j)
                heappush(queue, j)
    return skipped


def infer(store: OxigraphStore) -> Closure:
    """Find what a store's axioms entail, and change nothing.

    Parameters
    ----------
    store : OxigraphStore

    Returns
    -------
    Closure
        The triples that are entailed and not yet there, by rule.
    """
    twin = store.copy()
    skipped = materialise(twin)
    found: dict[str, tuple[Triple, ...]] = {}
    for graph in twin.graphs():
        if graph.startswith(INFERRED) and (
            new := set(twin.triples(graph)) - set(store.triples(graph))
        ):
            found[graph.removeprefix(INFERRED)] = tuple(sorted(new))
    return Closure(found, skipped)
