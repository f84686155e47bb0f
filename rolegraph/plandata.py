"""Routes as data: RDF in terms of the ontology, tables, networks, and the schema of their JSON.

A route that was worked out is a claim like others, of the kind *inferred*, and is written down as
one (``rg:CareerPlan``): it names what it rests on, step by step and thing by thing, by the IRIs of
the claims of the graph it was found in. Beside that graph, SPARQL can ask a plan who says so.

Routes are taken as they come (see :class:`RouteLike`): this module knows how to write them, not
how to find them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from itertools import accumulate
from operator import or_
from typing import TYPE_CHECKING, Any, Final, Protocol

from rolegraph._version import __version__
from rolegraph.errors import ExtraMissingError
from rolegraph.resources import ontology_path
from rolegraph.values import (
    Certification,
    Finding,
    Role,
    SkillRequirement,
    Transition,
    silence_on_skills,
)
from rolegraph.vocab import OWL, PREFIXES, RDF, RDFS, RG, SKOS, XSD

if TYPE_CHECKING:
    import networkx as nx
    import pandas
    import rdflib

__all__ = [
    "COLUMNS",
    "RouteLike",
    "StepLike",
    "edge_data",
    "frame",
    "network",
    "plan_graph",
    "plan_schema",
    "route_schema",
]

PROV: Final = PREFIXES["prov"]
_KINDS: Final = {
    "stated": RG.stated,
    "curated": RG.curated,
    "imported": RG.imported,
    "observed": RG.observed,
    "inferred": RG.inferred,
}
_DIGITS = 20  # hexadecimal digits of a digest in an IRI: 80 bits
_IRI = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+')


class StepLike(Protocol):
    """What is read of a step; :class:`rolegraph.routes.Step` says what each field means."""

    @property
    def transition(self) -> Transition:
        """The transition that is followed."""

    @property
    def cost(self) -> float:
        """What the step costs."""

    @property
    def source(self) -> Role:
        """Role the step starts in."""

    @property
    def target(self) -> Role:
        """Role the step ends in."""

    @property
    def crossing(self) -> bool:
        """Whether it is a mapping, which is no career step."""

    @property
    def shared_responsibilities(self) -> tuple[Finding, ...]:
        """Responsibilities that go on."""

    @property
    def new_responsibilities(self) -> tuple[Finding, ...]:
        """Responsibilities that begin."""

    @property
    def shared_skills(self) -> tuple[SkillRequirement, ...]:
        """Demands for skills that are there."""

    @property
    def new_skills(self) -> tuple[SkillRequirement, ...]:
        """Demands for skills that are not."""

    @property
    def raised_skills(self) -> tuple[tuple[SkillRequirement, SkillRequirement], ...]:
        """Demands for more of a skill, each with the demand that is met."""

    @property
    def certifications(self) -> tuple[Finding, ...]:
        """Certifications that support the transition."""

    @property
    def activities(self) -> tuple[Finding, ...]:
        """Activities that ease the transition."""

    @property
    def advancement(self) -> tuple[Finding, ...]:
        """What helps to rise from the role the step starts in."""

    @property
    def useful_certifications(self) -> tuple[Finding, ...]:
        """Certifications of use in the role the step ends in."""

    @property
    def held_certifications(self) -> tuple[Certification, ...]:
        """Certifications named for the step that are held."""

    @property
    def not_stated(self) -> tuple[str, ...]:
        """What no source says of the step."""

    @property
    def untold(self) -> bool | None:
        """Whether no source says which skills the role at the end asks for."""


class RouteLike(Protocol):
    """What is read of a route; :class:`rolegraph.routes.Route` says what each field means."""

    @property
    def source(self) -> Role:
        """Role the route starts in."""

    @property
    def target(self) -> Role:
        """Role the route ends in."""

    @property
    def steps(self) -> Sequence[StepLike]:
        """Steps and crossings in the order of the way."""

    @property
    def cost(self) -> float:
        """Sum over the steps."""

    @property
    def cost_name(self) -> str:
        """What the cost counts."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of evidence the route rests on."""

    @property
    def values(self) -> Mapping[str, float]:
        """Objectives by name."""

    @property
    def read_as(self) -> Mapping[str, str]:
        """How figures that are not exact are to be read."""


# --- RDF


@dataclass(slots=True)
class _Item:
    """One thing of a step, with all that bears it out."""

    about: str
    label: str
    claims: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    rules: tuple[str, ...] = ()
    more: tuple[tuple[str, rdflib.term.Node], ...] = ()


def plan_graph(
    routes: Iterable[RouteLike],
    *,
    base: str | None = None,
    generated: datetime | None = None,
    rule: str | None = None,
) -> rdflib.Graph:
    """Write routes down in terms of the ontology, all in one graph.

    Parameters
    ----------
    routes : iterable of Route
        A route that occurs twice is one plan.
    base : str, optional
        What the IRIs of plans and their parts start with: an absolute IRI that ends in ``/`` or
        ``#``. ``https://w3id.org/rolegraph/plan/`` by default.
    generated : datetime.datetime, optional
        When the routes were worked out. Nothing is said about the time when None.
    rule : str, optional
        By which rule transitions were picked, in a few words. By default it names the
        measures that were taken of the route.

    Returns
    -------
    rdflib.Graph
        Each route as an ``rg:CareerPlan``. It names roles, skills and claims by IRI and does not
        describe them: put it beside the graph that they come from, for example
        ``graph.serialize("plan.ttl")`` and ``rolegraph.load("plan.ttl")``. IRIs are made from a
        digest of what the plan says, so the same route has the same IRIs and the same text.

    Raises
    ------
    ValueError
        If `base` is no such IRI.

    Examples
    --------
    >>> import rolegraph as rg
    >>> route = rg.load().route("Project Manager", "Delivery Manager")
    >>> rows = plan_graph([route]).query(
    ...     "SELECT ?label { ?item a rg:CertificationForStep ; rdfs:label ?label }")
    >>> [str(row.label) for row in rows]
    ['ITIL']
    """
    import rdflib

    start = PREFIXES["plan"] if base is None else _checked_base(base)
    graph = rdflib.Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, start if prefix == "plan" else namespace)
    for route in routes:
        names = ", ".join(name for name, _ in _values(route))
        words = rule or f"transitions that join the roles; measured by {names}"
        said = sorted(" ".join(t.n3() for t in triple) for triple in _plan(route, "urn:", words))
        digest = sha256("\n".join(said).encode()).hexdigest()[:_DIGITS]
        for triple in _plan(route, start + digest, words):
            graph.add(triple)
        for triple in _provenance(route, start + digest, start, generated):
            graph.add(triple)
    return graph


def _checked_base(base: str) -> str:
    if not _IRI.fullmatch(base) or not base.endswith(("/", "#")):
        raise ValueError(f"base must be an absolute IRI that ends in / or #, not {base!r}")
    return base


_Triple = tuple["rdflib.term.Node", "rdflib.term.Node", "rdflib.term.Node"]


def _plan(route: RouteLike, iri: str, rule: str) -> Iterator[_Triple]:
    """Say what the plan says; no word of when or by what it was made."""
    from rdflib import Literal, URIRef

    plan, basis = URIRef(iri), URIRef(f"{iri}.basis")
    title = f"{route.source} to {route.target}"
    for kind in (RG.CareerPlan, PROV + "Plan", PROV + "Entity"):
        yield plan, URIRef(RDF + "type"), URIRef(kind)
    yield plan, URIRef(RDFS + "label"), Literal(title)
    yield plan, URIRef(RG.plannedFrom), URIRef(route.source.iri)
    yield plan, URIRef(RG.plannedTo), URIRef(route.target.iri)
    yield plan, URIRef(RG.hasEvidenceKind), URIRef(RG.inferred)
    yield plan, URIRef(RG.hasEvidence), basis
    yield basis, URIRef(RDF + "type"), URIRef(RG.RouteSearch)
    yield basis, URIRef(RG.searchRule), Literal(rule)
    for kind in _known(route.kinds):
        yield plan, URIRef(RG.restsOnKind), URIRef(kind)
    for n, (name, value) in enumerate(_values(route), 1):
        yield from _value(plan, f"{iri}.value-{n}", name, value)
    for claim in _claims(route):
        yield plan, URIRef(PROV + "wasDerivedFrom"), URIRef(claim)
    for n, step in enumerate(route.steps, 1):
        here = f"{iri}.step-{n}"
        yield plan, URIRef(RG.hasPlannedStep), URIRef(here)
        if n > 1:
            yield URIRef(f"{iri}.step-{n - 1}"), URIRef(RG.nextStep), URIRef(here)
        yield from _step(step, here, n, route.cost_name)


def _provenance(
    route: RouteLike, iri: str, base: str, generated: datetime | None
) -> Iterator[_Triple]:
    from rdflib import Literal, URIRef

    plan, search = URIRef(iri), URIRef(f"{iri}.search")
    agent = URIRef(f"{base}rolegraph-{re.sub('[^0-9A-Za-z]+', '-', __version__)}")
    kind, label = URIRef(RDF + "type"), URIRef(RDFS + "label")
    yield plan, URIRef(PROV + "wasGeneratedBy"), search
    if generated is not None:
        when = Literal(generated.isoformat(), datatype=URIRef(XSD + "dateTime"))
        yield plan, URIRef(PROV + "generatedAtTime"), when
    yield search, kind, URIRef(PROV + "Activity")
    yield search, label, Literal(f"search for {route.source} to {route.target}")
    yield search, URIRef(PROV + "wasAssociatedWith"), agent
    for claim in _claims(route):
        yield search, URIRef(PROV + "used"), URIRef(claim)
    yield agent, kind, URIRef(PROV + "SoftwareAgent")
    yield agent, label, Literal(f"rolegraph {__version__}")
    yield agent, URIRef(OWL + "versionInfo"), Literal(__version__)


def _step(step: StepLike, iri: str, number: int, cost_name: str) -> Iterator[_Triple]:
    from rdflib import Literal, URIRef

    node = URIRef(iri)
    for kind in (RG.PlannedStep, RG.PlannedCrossing if step.crossing else RG.PlannedMove):
        yield node, URIRef(RDF + "type"), URIRef(kind)
    yield node, URIRef(RDFS + "label"), Literal(f"{number}. {step.source} to {step.target}")
    yield node, URIRef(RG.stepNumber), Literal(number)
    yield node, URIRef(RG.plannedFrom), URIRef(step.source.iri)
    yield node, URIRef(RG.plannedTo), URIRef(step.target.iri)
    yield node, URIRef(RG.followsTransition), URIRef(step.transition.iri)
    for each in _known([step.transition.kind]):
        yield node, URIRef(RG.restsOnKind), URIRef(each)
    for words in step.not_stated:
        yield node, URIRef(RG.notStated), Literal(words)
    yield from _value(node, f"{iri}.value", cost_name, step.cost)
    for kind, name, items in _items(step):
        for n, item in enumerate(items, 1):
            there = URIRef(f"{iri}.{name}-{n}")
            yield node, URIRef(RG.hasPlanItem), there
            yield there, URIRef(RDF + "type"), URIRef(kind)
            yield there, URIRef(RDFS + "label"), Literal(item.label)
            yield there, URIRef(RG.isAbout), URIRef(item.about)
            for claim in item.claims:
                yield there, URIRef(RG.restsOn), URIRef(claim)
            for each in _known(item.kinds):
                yield there, URIRef(RG.restsOnKind), URIRef(each)
            if item.rules and not item.claims:
                note = Literal(f"inferred by {', '.join(item.rules)}", lang="en")
                yield there, URIRef(SKOS + "editorialNote"), note
            for predicate, value in item.more:
                yield there, URIRef(predicate), value


def _items(step: StepLike) -> Iterator[tuple[str, str, list[_Item]]]:
    """Give the things of a step by class, each thing of a class once."""
    raised = {r.skill.iri for r, _ in step.raised_skills}
    kept = [r for r in step.shared_skills if r.skill.iri not in raised]
    more = [r for r in step.shared_skills if r.skill.iri in raised]
    yield RG.SkillToLearn, "new-skill", _demands(step.new_skills)
    yield RG.SkillToRaise, "raised-skill", _grown(step, more)
    yield RG.SkillCarriedOver, "kept-skill", _demands(kept)
    yield RG.ResponsibilityTakenOn, "new-duty", _found(step.new_responsibilities)
    yield RG.ResponsibilityCarriedOver, "kept-duty", _found(step.shared_responsibilities)
    yield RG.CertificationForStep, "certification", _found(step.certifications)
    yield RG.CertificationOfUse, "useful-certification", _found(step.useful_certifications)
    held = dict.fromkeys((c.iri, c.label) for c in step.held_certifications)
    yield RG.CertificationHeld, "held-certification", [_Item(*c) for c in held]
    yield RG.ActivityForStep, "activity", _found(step.activities)
    yield RG.HelpToAdvance, "help", _found(step.advancement)


def _demands(requirements: Iterable[SkillRequirement]) -> list[_Item]:
    out: dict[str, _Item] = {}
    for r in requirements:
        item = out.setdefault(r.skill.iri, _Item(r.skill.iri, r.skill.label))
        item.claims += _iris([r.claim.iri])
        item.kinds.append(r.claim.kind)
    return list(out.values())


def _grown(step: StepLike, asked: Iterable[SkillRequirement]) -> list[_Item]:
    """Give the skills to raise, with the highest level that the step asks for."""
    from rdflib import Literal, URIRef

    top: dict[str, tuple[SkillRequirement, SkillRequirement]] = {}
    for r, held in step.raised_skills:
        known = top.get(r.skill.iri)
        if known is None or r.exceeds(known[0]):
            top[r.skill.iri] = r, held
    items = {i.about: i for i in _demands([*(r for r, _ in top.values()), *asked])}
    for iri, (r, held) in top.items():
        item = items[iri]
        item.label = r.grown_from(held)
        item.claims = list(dict.fromkeys(item.claims))
        item.kinds.append(held.claim.kind)
        more: list[tuple[str, rdflib.term.Node]] = []
        for claim in _iris([held.claim.iri]):
            more.append((RG.exceedsDemand, URIRef(claim)))
        for one, level, rank in (
            (r, RG.askedLevel, RG.askedRank),
            (held, RG.heldLevel, RG.heldRank),
        ):
            if one.level is not None:
                more.append((level, Literal(one.level)))
            if one.level_rank is not None:
                text = format(Decimal(repr(one.level_rank)), "f")
                more.append((rank, Literal(text, datatype=URIRef(XSD + "decimal"))))
        item.more = tuple(more)
    return list(items.values())


def _found(findings: Iterable[Finding]) -> list[_Item]:
    out: dict[str, _Item] = {}
    for f in findings:
        item = out.setdefault(f.concept.iri, _Item(f.concept.iri, f.label))
        item.claims += _iris(c.iri for c in f.claims)
        item.kinds += f.kinds
        item.rules = tuple(dict.fromkeys((*item.rules, *f.rules)))
    return list(out.values())


def _iris(names: Iterable[str]) -> list[str]:
    """Keep what can stand in RDF: a demand of nobody's graph has no IRI."""
    return [n for n in names if _IRI.fullmatch(n)]


def _known(kinds: Iterable[str]) -> list[str]:
    return [_KINDS[k] for k in dict.fromkeys(kinds) if k in _KINDS]


def _claims(route: RouteLike) -> list[str]:
    """Give the IRIs of all claims that a route rests on, each once."""
    out: dict[str, None] = {}
    for step in route.steps:
        out[step.transition.iri] = None
        for _, _, items in _items(step):
            out.update(dict.fromkeys(c for i in items for c in i.claims))
        out.update(dict.fromkeys(_iris(held.claim.iri for _, held in step.raised_skills)))
    return list(out)


def _values(route: RouteLike) -> list[tuple[str, float]]:
    """Give objectives with their values; the cost is one of them."""
    return list({route.cost_name: route.cost, **route.values}.items())


def _value(of: rdflib.URIRef, iri: str, name: str, value: float) -> Iterator[_Triple]:
    from rdflib import Literal, URIRef

    node = URIRef(iri)
    yield of, URIRef(RG.hasPlanValue), node
    yield node, URIRef(RDF + "type"), URIRef(RG.PlanValue)
    yield node, URIRef(RG.objective), Literal(name)
    number = Literal(float(value), datatype=URIRef(XSD + "double"))
    yield node, URIRef(RG.value), number


# --- tables


COLUMNS: Final = (
    "step", "from", "to", "type", "kind", "hedge", "route_cost", "new_skills",
    "new_skills_read_as", "raised_skills", "shared_skills", "new_responsibilities",
    "shared_responsibilities", "certifications", "useful_certifications", "held_certifications",
    "activities", "advancement", "not_stated", "type_rules", "transition",
)  # fmt: skip
"""Columns of the table of one route.

``step`` counts from 1, crossings included; ``from``, ``to`` are labels; ``type``, ``kind`` and
``hedge`` are the transition's; ``route_cost`` is what the step adds to the route's cost, in the
unit of ``route.cost_name``. ``new_skills`` to ``shared_responsibilities`` are counts, each thing
counted once, and missing (``<NA>``) where no source says what the step asks for, or what the role
to come from does. ``new_skills_read_as`` is ``"at most"`` where that is not known of a role before,
so that some may be there already, and else empty; a raised skill is a shared one too. The columns
from ``certifications`` to ``advancement`` hold labels and ``not_stated`` texts, as tuples, and
``type_rules`` the rules by which the type is inferred where no source says it. ``transition`` is
the IRI that the step follows.

Numbers that the transitions of the routes bear (:attr:`rolegraph.Transition.figures`) follow in
columns of their own, missing (NaN) where nobody gives them; one whose name is taken is called
``"… (own)"``.
"""
_COUNTS = tuple(c for c in COLUMNS if c.endswith(("_skills", "_responsibilities")))


def edge_data(transition: Transition) -> dict[str, Any]:
    """Give the attributes of the edge of a networkx graph that a transition becomes.

    Parameters
    ----------
    transition : Transition

    Returns
    -------
    dict of str to object
        ``label``, ``type``, ``kind``, ``hedge``, and ``weight`` 1 (0 for a mapping); after these
        the transition's own figures by name. A figure that nobody gives is not there: networkx
        counts 1 for a weight that an edge lacks, so leave such edges out first.
    """
    t = transition
    fixed = {
        "label": t.label, "type": t.type, "kind": t.kind, "hedge": t.claim.hedge,
        "weight": 0 if t.type == "mapping" else 1,
    }  # fmt: skip
    return {**fixed, **{_apart(name, _EDGE): value for name, value in t.figures.items()}}


_EDGE = frozenset({"label", "type", "kind", "hedge", "weight", "routes", "step", "route_cost"})


def _apart(name: str, taken: Collection[str]) -> str:
    return f"{name} (own)" if name in taken else name


def frame(routes: Iterable[RouteLike], *, numbered: bool = True) -> pandas.DataFrame:
    """Put the steps of routes into a table, a row a step.

    Parameters
    ----------
    routes : iterable of Route
    numbered : bool
        Put the number of the route first, in a column ``route`` that counts from 1.

    Returns
    -------
    pandas.DataFrame
        Columns as in :data:`COLUMNS`, there without rows too, and the figures of the transitions.

    Raises
    ------
    ExtraMissingError
        If pandas is not installed (``pip install "rolegraph[pandas]"``).
    """
    try:
        import pandas
    except ImportError:
        raise ExtraMissingError("pandas", "pandas") from None
    routes = list(routes)
    rows = [
        (number, *_row(n + 1, step, unknown))
        for number, route in enumerate(routes, 1)
        for n, (step, unknown) in enumerate(zip(route.steps, _unknown(route), strict=True))
    ]
    whole = {
        "route": "int64",
        "step": "int64",
        "route_cost": "float64",
        **dict.fromkeys(_COUNTS, "Int64"),
    }
    table = pandas.DataFrame(rows, columns=["route", *COLUMNS]).astype(whole)
    own = [step.transition.figures for route in routes for step in route.steps]
    for name in dict.fromkeys(name for figures in own for name in figures):
        values = [figures.get(name) for figures in own]
        table[_apart(name, ("route", *COLUMNS))] = pandas.array(values, dtype="float64")
    return table if numbered else table.drop(columns="route")


def _unknown(route: RouteLike) -> list[bool]:
    """Tell for each step whether nothing is known of some role before it."""
    start = route.read_as.get("new-skills") in ("at most", "about")
    silent = accumulate((bool(step.untold) for step in route.steps), or_, initial=start)
    return list(silent)[: len(route.steps)]


def _row(number: int, step: StepLike, unknown: bool) -> tuple[object, ...]:
    t = step.transition
    told = not step.untold
    # where nothing is known of the role to come from, nothing is known of what carries over
    known = told and bool(
        step.crossing or step.shared_skills
        or silence_on_skills(step.source) not in step.not_stated
    )  # fmt: skip
    duties = step.crossing or bool(step.new_responsibilities or step.shared_responsibilities)
    return (
        number, step.source.label, step.target.label, t.type, t.kind, t.claim.hedge, step.cost,
        len({r.skill.iri for r in step.new_skills}) if told else None,
        "at most" if unknown and step.new_skills else "",
        len({r.skill.iri for r, _ in step.raised_skills}) if known else None,
        len({r.skill.iri for r in step.shared_skills}) if known else None,
        len({f.concept.iri for f in step.new_responsibilities}) if duties else None,
        len({f.concept.iri for f in step.shared_responsibilities}) if duties else None,
        _labels(step.certifications), _labels(step.useful_certifications),
        _labels(step.held_certifications), _labels(step.activities), _labels(step.advancement),
        tuple(step.not_stated), t.type_rules, t.iri,
    )  # fmt: skip


def _labels(things: Iterable[Finding | Certification]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(t.label for t in things))


# --- networks


def network(routes: Iterable[RouteLike]) -> nx.MultiDiGraph:
    """Lay routes over one another as a networkx graph.

    Parameters
    ----------
    routes : iterable of Route

    Returns
    -------
    networkx.MultiDiGraph
        Nodes are IRIs of roles with ``label``, ``family`` and ``level``; the key of an edge is
        the IRI of its transition, with what :func:`edge_data` gives, as in
        :func:`rolegraph.routing.multigraph`, and ``routes``, the numbers of the routes that go
        over it, counted from 1. Nodes and edges come in the order of the ways.
    """
    import networkx as nx

    graph: nx.MultiDiGraph = nx.MultiDiGraph()
    for number, route in enumerate(routes, 1):
        for role in (route.source, *(s.target for s in route.steps)):
            if role.iri not in graph:
                graph.add_node(role.iri, label=role.label, family=role.family, level=role.level)
        for step in route.steps:
            t, ends = step.transition, (step.source.iri, step.target.iri)
            if not graph.has_edge(*ends, key=t.iri):
                graph.add_edge(*ends, key=t.iri, **{**edge_data(t), "routes": []})
            over: list[int] = graph.edges[(*ends, t.iri)]["routes"]
            if number not in over:
                over.append(number)
    return graph


def single_network(route: RouteLike) -> nx.MultiDiGraph:
    """Give one route as a networkx graph; edges have ``step``, ``route_cost`` and no ``routes``."""
    graph = network([route])
    for n, step in enumerate(route.steps, 1):
        data = graph.edges[step.source.iri, step.target.iri, step.transition.iri]
        data.pop("routes", None)
        data |= {"step": n, "route_cost": step.cost}
    return graph


# --- JSON


def route_schema() -> dict[str, Any]:
    """Give the JSON Schema (draft 2020-12) of what ``route.to_dict()`` gives.

    Returns
    -------
    dict
        A copy of ``route.schema.json``, which ships beside the ontology.

    Examples
    --------
    >>> route_schema()["$id"]
    'https://w3id.org/rolegraph/ontology/route.schema.json'
    """
    return _schema("route.schema.json")


def plan_schema() -> dict[str, Any]:
    """Give the JSON Schema (draft 2020-12) of what ``plan.to_dict()`` gives.

    Returns
    -------
    dict
        A copy of ``plan.schema.json``, with the schema of routes inside it.

    Examples
    --------
    >>> plan_schema()["properties"]["routes"]["items"]
    {'$ref': 'route.schema.json'}
    """
    return {**_schema("plan.schema.json"), "$defs": {"route": route_schema()}}


def _schema(name: str) -> dict[str, Any]:
    import json

    schema: dict[str, Any] = json.loads(ontology_path(name).read_text(encoding="utf-8"))
    return schema
