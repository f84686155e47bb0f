"""The facade: one object that holds a graph and hands every question to the module that knows."""

from __future__ import annotations

import threading
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar, Unpack, cast

from rolegraph import catalogue, comparison, routing, sparql
from rolegraph.arguments import check_names, check_number, check_whole, several
from rolegraph.closure import INFERRED, Closure, infer, materialise
from rolegraph.comparison import ASPECTS, Comparison, Gap, RoleFacts
from rolegraph.errors import (
    EmptyAnswerWarning,
    NoRouteError,
    NotFoundError,
    QueryError,
    ShapeError,
)
from rolegraph.lookup import Lookup, one_of
from rolegraph.resources import ontology_path
from rolegraph.routes import read_as
from rolegraph.routing import Cost, Leg, Reached, Route, Step
from rolegraph.shown import Shown
from rolegraph.sparql import Rows
from rolegraph.sparqltext import form_of
from rolegraph.store import Engine, OxigraphStore, RdflibEngine, Triple, graph_name
from rolegraph.tables import Table
from rolegraph.terms import IRI
from rolegraph.values import (
    Certification,
    Claim,
    Concept,
    Finding,
    Responsibility,
    Role,
    Skill,
    SkillRequirement,
    Transition,
)
from rolegraph.vocab import GRAPHS, RG

if TYPE_CHECKING:
    import networkx as nx
    import owlready2
    import rdflib

    from rolegraph.asking import Objective, Target
    from rolegraph.demands import Demands
    from rolegraph.evidence import Coverage, Verification
    from rolegraph.hermit import CheckReport
    from rolegraph.importing import Imported
    from rolegraph.nearness import Near
    from rolegraph.network import Network
    from rolegraph.page import Block, Cell, Page
    from rolegraph.pictures import Neighbourhood, RoleMap
    from rolegraph.planner import Planner
    from rolegraph.plans import Bridge, Destination, Options, Plan, Unlock, WhyNot
    from rolegraph.profile import Held, Profile
    from rolegraph.progress import Progress
    from rolegraph.questions import Question
    from rolegraph.shapes import Report
    from rolegraph.similarity import Pair
    from rolegraph.site import Site
    from rolegraph.sparqlnotes import Vocabulary
    from rolegraph.storage import Generation, StoredSource

__all__ = ["RoleGraph", "load", "open"]

EngineName: TypeAlias = Literal["oxigraph", "rdflib"]
_C = TypeVar("_C", bound=Concept)
_MANY = 500  # legs from which on reading all demands at once is quicker
TYPES = ("promotion", "lateral move", "specialisation", "entry", "transition", "suggested")
_SHIPPED = ("rolegraph", "article", "curated")
_ALIGNED = ("alignments", "mappings")


def load(
    *paths: str | PathLike[str],
    engine: EngineName = "oxigraph",
    ours: bool = True,
    alignments: bool = False,
    reason: bool = True,
    validate: bool = True,
    writable: bool = False,
    remote: bool = False,
) -> RoleGraph:
    """Open the ontology, with files of your own beside it.

    Parameters
    ----------
    *paths : str or path
        RDF files of your own (Turtle, N-Triples, N-Quads, TriG, RDF/XML, JSON-LD).
    engine : {"oxigraph", "rdflib"}
        What answers SPARQL. The answers are the same; Oxigraph is the faster.
    ours : bool
        Load the model, the article's facts and the curators'. Without them your files must bring
        a model of their own.
    alignments : bool
        Load the alignments to other vocabularies too.
    reason : bool
        Add the closure (see :mod:`rolegraph.closure`). Without it only SPARQL, exports and checks
        are of use: names, comparisons and routes are answered from the closure.
    validate : bool
        Check files of your own, together with the rest, against the shapes.
    writable : bool
        Allow :meth:`RoleGraph.update`.
    remote : bool
        Allow ``SERVICE``, ``FROM`` and ``LOAD`` in queries, which reach over the network.

    Returns
    -------
    RoleGraph

    Raises
    ------
    DataError
        If a file cannot be read; the file and the line are named.
    ShapeError
        If your data break a shape; node, path and what to do are named.
    ValueError
        If there is no such engine.

    Examples
    --------
    >>> import rolegraph as rg
    >>> kg = rg.load()
    >>> kg.role("project manager").curie
    'role:project-manager'
    """
    if engine not in ("oxigraph", "rdflib"):
        raise ValueError(f"no engine {engine!r}; known are 'oxigraph' and 'rdflib'")
    store = OxigraphStore()
    for name in (*_SHIPPED, *(_ALIGNED if alignments else ())) if ours else ():
        store.load_file(ontology_path(f"{name}.ttl"), graph_name(name))
    files: dict[Path, Path] = {}
    for path in map(Path, paths):
        files.setdefault(path.resolve(), path)  # the same file twice is one file
    for path in files.values():
        store.load_file(path, _file_graph(path, store))
    kg = RoleGraph(store, engine=engine, writable=writable, remote=remote, reason=reason)
    if paths and validate:
        report = kg.validate()
        if not report.conforms:
            named = ", ".join(map(str, paths))
            raise ShapeError(
                f"{named}: the data break the shapes:", tuple(map(str, report.violations))
            )
    if reason:
        materialise(store)
    return kg


def open(
    path: str | PathLike[str],
    *,
    engine: EngineName = "oxigraph",
    remote: bool = False,
) -> RoleGraph:
    """Open a store on disk: whole labour markets, and a framework of your own beside them.

    It is made by :func:`rolegraph.import_source`, or ``rolegraph import … --into PATH``.

    Parameters
    ----------
    path : str or path
        The store's folder.
    engine : {"oxigraph", "rdflib"}
        What answers SPARQL. rdflib first reads everything into memory: minutes at full size.
    remote : bool
        Allow ``SERVICE`` and ``FROM`` in queries, which reach over the network.

    Returns
    -------
    RoleGraph
        Reads the state that the store has now; imports that come later are seen by opening it
        again. Any number of processes may have it open.

    Raises
    ------
    StoreError
        If there is no store, or it is damaged.
    ExtraMissingError
        If a package of the extra ``store`` is missing.

    Examples
    --------
    >>> import tempfile, rolegraph as rg
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     done = rg.import_source("article", into=folder)
    ...     kg = rg.open(folder)
    ...     len(kg.route("Project Manager", "Delivery Director"))
    3
    """
    if engine not in ("oxigraph", "rdflib"):
        raise ValueError(f"no engine {engine!r}; known are 'oxigraph' and 'rdflib'")
    from rolegraph.errors import StoreError
    from rolegraph.storage import Storage

    folder = Storage(path)
    state = folder.generation()
    try:
        store = state.open()
    except StoreError:
        # two imports may have been published since, and swept this one away
        if folder.generation().number == state.number:
            raise
        state = folder.generation()
        store = state.open()
    return RoleGraph(store, engine=engine, remote=remote, generation=state)


def _file_graph(path: Path, store: OxigraphStore) -> str:
    base = graph_name("file." + "".join(c if c.isalnum() or c in "-_" else "-" for c in path.stem))
    known, name, n = set(store.graphs()), base, 2
    while name in known:
        name, n = f"{base}-{n}", n + 1
    return name


class RoleGraph(Shown):
    """Roles, skills, certifications and transitions, to be asked.

    Made by :func:`load`. It delegates: each method says in one line what it does and where the
    work is done. A graph does not change unless it was opened writable and :meth:`update` is
    called.
    """

    def __init__(
        self,
        store: OxigraphStore,
        *,
        engine: EngineName = "oxigraph",
        writable: bool = False,
        remote: bool = False,
        reason: bool = True,
        generation: Generation | None = None,
    ) -> None:
        self._store = store
        self._generation = generation
        self._reason = reason
        self._engine_name = engine
        self._writable = writable
        self._remote = remote
        self._lock = threading.RLock()
        self._cache: dict[str, Any] = {}

    def _once(self, key: str, make: Callable[[], Any]) -> Any:
        # the lock keeps threads from building the same thing twice on first use
        with self._lock:
            if key not in self._cache:
                self._cache[key] = make()
            return self._cache[key]

    @property
    def engine(self) -> Engine:
        """What answers SPARQL."""
        if self._engine_name == "oxigraph":
            return self._store
        return cast(Engine, self._once("rdflib", lambda: RdflibEngine(self._store.nquads())))

    @property
    def index(self) -> Lookup:
        """All concepts, by IRI and by name."""
        return cast(Lookup, self._once("index", self._read_index))

    def _read_index(self) -> Lookup:
        if self._generation is None:
            return catalogue.read_index(self.engine)
        from rolegraph.names import NameIndex

        return NameIndex.open(self._generation.path / "names.sqlite")

    def sources(self) -> Table[StoredSource]:
        """Give the sources that the graph was made of, with licence, attribution and counts.

        Returns
        -------
        Table of StoredSource
            Of a graph in memory, a source is a file that was loaded; it has no digest and no time
            of import.

        Examples
        --------
        >>> import rolegraph as rg
        >>> [source.name for source in rg.load().sources()]
        ['rolegraph', 'article', 'curated']
        """
        if self._generation is not None:
            return Table(self._generation.sources)
        from rolegraph.storage import loaded_sources

        return Table(loaded_sources(self._store, self._asserted_graphs()))

    def _on_disk(self, what: str) -> Generation:
        if self._generation is None:
            from rolegraph.errors import StoreError

            raise StoreError(f"{what} in a store on disk: rolegraph.open(…)")
        return self._generation

    def __repr__(self) -> str:
        """Show what the graph holds."""
        from rolegraph.faces import counted

        count, place = len(self._all(Role)), ""
        if self._generation is not None:
            place = f", {self._generation.path.parent.parent.name}"
        concepts = len(self.index.by_iri)
        held = counted({"roles": count, "concepts": concepts})
        return f"<RoleGraph: {held}, {self._engine_name}{place}>"

    def _page(self) -> Page:
        from rolegraph.page import BREAK, Code, Fields, Grid, Heading, Page, count, joined

        roles = self._all(Role)
        place = "in memory"
        if self._generation is not None:
            place = f"the store {self._generation.path.parent.parent.name}"
        pairs: list[tuple[str, Cell]] = [("roles", f"{len(roles):,}")]
        blocks: list[Block] = []
        if self._generation is None:
            pairs += self._counts()
        else:
            pairs.append(("all concepts", f"{len(self.index.by_iri):,}"))
            rows = tuple(
                (s.title or s.name, s.kind, f"{s.triples:,}", s.licence or "not stated")
                for s in self._generation.sources
            )
            heads = ("source", "kind", "triples", "licence")
            blocks.append(Grid(heads, rows, frozenset({2})))
        calls = ["kg.roles()", *self._calls(roles), 'kg.search("…")', 'kg.query("SELECT …")',
                 "kg.questions()"]  # fmt: skip
        pairs.append(("try", joined(map(Code, calls), BREAK)))
        note = f"{place}; SPARQL is answered by {self._engine_name}"
        head = Heading(f"A graph of {count(len(roles), 'work role')}", note)
        return Page((head, Fields(tuple(pairs)), *blocks))

    def _counts(self) -> list[tuple[str, Cell]]:
        """Count what a graph in memory holds, and whose claims it is."""
        from rolegraph.evidence import kinds_of
        from rolegraph.faces import counted

        steps = Counter(t.kind for t in self.transitions()) if self._reason else Counter[str]()
        files = [g.removeprefix(GRAPHS) for g in self._asserted_graphs()]
        return [
            ("skills", f"{len(self._all(Skill)):,}"),
            ("certifications", f"{len(self._all(Certification)):,}"),
            ("transitions", counted(dict(sorted(steps.items())))),
            ("claims", counted(kinds_of(self.engine))),
            ("sources", ", ".join(files)),
        ]

    def _calls(self, roles: Sequence[Role]) -> list[str]:
        """Give calls that have an answer in this very graph."""
        if not roles:
            return []
        labels = Counter(r.label for r in roles)

        def name(role: Role) -> str:
            plain = labels[role.label] == 1 and not set(role.label) & set('"\\\n')
            return f'"{role.label if plain else role.curie}"'

        calls = [f"kg.facts({name(roles[0])})", f"kg.picture({name(roles[0])})"]
        if self._generation is None and self._reason:
            ends = [(t.source, t.target) for t in self.transitions() if t.source and t.target]
            calls += [f"kg.route({name(a)}, {name(b)})" for a, b in ends[:1]]
            calls += [f"kg.compare({name(a)}, {name(b)})" for a, b in ends[:1]]
        elif self._generation is not None:
            by_iri = {r.iri: r for r in roles}
            query = "SELECT ?a ?b { ?t a rg:Transition ; rg:fromRole ?a ; rg:toRole ?b } LIMIT 1"
            for row in sparql.select(self.engine, query, {}):
                a, b = (name(by_iri[str(iri)]) for iri in row)
                calls += [f"kg.plan({a}, {b})", f"kg.compare({a}, {b})"]
        return [*calls, "kg.explore()"]

    # --- things by name

    def find(self, name: str | Concept) -> Concept:
        """Find anything by label, other label, CURIE or IRI; errors as for :meth:`role`."""
        return name if isinstance(name, Concept) else self.index.find(name)

    def _find(self, name: str | Concept, kind: type[_C]) -> _C:
        if isinstance(name, kind):
            return name
        return cast(_C, self.index.find(name.curie if isinstance(name, Concept) else name, kind))

    def role(self, name: str | Role) -> Role:
        """Find a role.

        Parameters
        ----------
        name : str or Role
            Label, other label, CURIE or IRI.

        Returns
        -------
        Role

        Raises
        ------
        NotFoundError
            With the nearest labels.
        AmbiguousLabelError
            With everything that bears the label.

        Examples
        --------
        >>> import rolegraph as rg
        >>> rg.load().role("COO").label
        'Chief Operations Officer'
        """
        return self._find(name, Role)

    def skill(self, name: str | Skill) -> Skill:
        """Find a skill; errors as for :meth:`role`."""
        return self._find(name, Skill)

    def certification(self, name: str | Certification) -> Certification:
        """Find a certification; errors as for :meth:`role`."""
        return self._find(name, Certification)

    def search(
        self, text: str, limit: int = 20, *, kind: type[Concept] = Concept, lang: str | None = None
    ) -> Table[Concept]:
        """Search all names, best match first (:meth:`~rolegraph.lookup.Index.search`).

        Parameters
        ----------
        text : str
            Words, in any case, shortened or misspelt.
        limit : int
            How many at most.
        kind : type
            What to look for, for example :class:`~rolegraph.Role`.
        lang : str, optional
            Language tag; names in it come first among equals.
        """
        if not isinstance(kind, type):
            raise TypeError(f"kind must be a class such as rolegraph.Role, not {kind!r}")
        return Table(self.index.search(text, kind, limit, lang), kind)

    def _all(self, kind: type[_C]) -> tuple[_C, ...]:
        return self.index.all(kind)

    def roles(self, family: str | None = None) -> Table[Role]:
        """Give all roles, or those of a family.

        Parameters
        ----------
        family : str, optional
            Label of a role family (*curated*).

        Returns
        -------
        Table of Role
            A tuple, by label, that shows itself as a table.

        Raises
        ------
        NotFoundError
            If there is no such family; the nearest are suggested.
        """
        every = sorted(self._all(Role), key=_by_label)
        if family is not None:
            known = sorted({r.family for r in every if r.family})
            family = one_of(self.index, family, known, "role family")
        return Table((r for r in every if family is None or r.family == family), Role)

    def skills(self, role: str | Role | None = None) -> Table[Skill]:
        """Give all skills, or those that a role asks for (how much: :meth:`requirements`)."""
        if role is None:
            return Table(sorted(self._all(Skill), key=_by_label), Skill)
        return Table(dict.fromkeys(r.skill for r in self.requirements(role)), Skill)

    def certifications(self, role: str | Role | None = None) -> Table[Certification]:
        """Give all certifications, or those that are of use in a role."""
        if role is None:
            return Table(sorted(self._all(Certification), key=_by_label), Certification)
        found = self.facts(self.role(role)).findings["certifications"]
        return Table(
            (f.concept for f in found if isinstance(f.concept, Certification)), Certification
        )

    def responsibilities(self, role: str | Role | None = None) -> Table[Responsibility]:
        """Give all responsibilities, or those of a role."""
        if role is None:
            return Table(sorted(self._all(Responsibility), key=_by_label), Responsibility)
        found = self.facts(self.role(role)).findings["responsibilities"]
        return Table(
            (f.concept for f in found if isinstance(f.concept, Responsibility)), Responsibility
        )

    def requirements(self, of: str | Role | Transition) -> Table[SkillRequirement]:
        """Give the skills that a role or a transition asks for, with strength and evidence.

        Parameters
        ----------
        of : str, Role or Transition

        Returns
        -------
        Table of SkillRequirement
            Essential ones first; empty where no source states any.
        """
        thing = of if isinstance(of, Transition) else self.role(of)
        found = catalogue.requirements(self.engine, self.index, thing.iri, thing.label)
        return Table(found, SkillRequirement)

    def transitions(
        self,
        source: str | Role | None = None,
        target: str | Role | None = None,
        *,
        kinds: Sequence[str] | None = None,
        types: Sequence[str] | None = None,
    ) -> Table[Transition]:
        """Give transitions, all or those from and to given roles.

        Parameters
        ----------
        source, target : str or Role, optional
        kinds : sequence of str, optional
            Kinds of evidence to take; all when None.
        types : sequence of str, optional
            Types of transition to take; all when None.

        Returns
        -------
        Table of Transition
        """
        check_names("kinds", kinds)
        check_names("types", types)
        routing.choose((), kinds, None)  # a kind that is none is an error here too
        if wrong := set(several(types or ())) - set(TYPES):
            raise ValueError(f"no type of transition {sorted(wrong)}; known are {', '.join(TYPES)}")
        a = self.role(source).iri if source is not None else None
        b = self.role(target).iri if target is not None else None
        found = (
            t
            for t in self._transitions(a, b)
            if (a is None or (t.source is not None and t.source.iri == a))
            and (b is None or (t.target is not None and t.target.iri == b))
            and (kinds is None or t.kind in several(kinds))
            and (types is None or t.type in several(types))
        )
        return Table(found, Transition)

    def _transitions(self, source: str | None, target: str | None) -> tuple[Transition, ...]:
        """Read transitions: all at once from a small graph, those asked for from one on disk."""
        if self._generation is None:
            read = lambda: catalogue.transitions(self.engine, self.index)  # noqa: E731
            return cast(tuple[Transition, ...], self._once("transitions", read))
        ends = {"a": source, "b": target}
        bound = {name: IRI(iri) for name, iri in ends.items() if iri is not None}
        rows = sparql.select(self.engine, catalogue.steps_between(*bound), bound)
        return tuple(
            sorted(
                catalogue.transitions_of(
                    self.engine, self.index, [str(t) for t in rows.column("t")]
                ).values(),
                key=catalogue.order,
            )
        )

    def facts(self, role: str | Role) -> RoleFacts:
        """Give what is known of a role, by aspect."""
        r = self.role(role)
        return cast(RoleFacts, self._once(f"facts {r.iri}", lambda: self._facts(r)))

    def _facts(self, role: Role) -> RoleFacts:
        props = [p for aspect in ASPECTS.values() for p in aspect]
        found = catalogue.findings(self.engine, self.index, role, props)
        aspects = {
            name: tuple(dict.fromkeys(f for p in aspect for f in found[p]))
            for name, aspect in ASPECTS.items()
        }
        # a specialisation is claimed as a transition; the relation is inferred from it
        steps = self.transitions(role) if aspects["specialisations"] else ()
        for i, found_one in enumerate(fs := list(aspects["specialisations"])):
            said = tuple(t.claim for t in steps if t.specialises_in == found_one.concept)
            fs[i] = replace(found_one, claims=said)
        aspects["specialisations"] = tuple(fs)
        return RoleFacts(role, MappingProxyType(aspects), self.requirements(role))

    def claims(self, about: str | Concept | Transition, *, inverse: bool = False) -> Table[Claim]:
        """Give the claims about a thing, demands for skills and transitions included.

        Parameters
        ----------
        about : str, Concept or Transition
        inverse : bool
            Give those that point at the thing instead: assertions with it as value, demands for
            a skill, transitions that end in a role.

        Returns
        -------
        Table of Claim
        """
        thing = about if isinstance(about, Concept | Transition) else self.find(about)
        found = catalogue.claims_about(self.engine, thing.iri, thing.label, inverse=inverse)
        out = [claim for _, _, claim in found]
        if inverse and isinstance(thing, Skill):
            out += catalogue.requirement_claims(self.engine, thing.iri, thing.label)
        if not inverse and isinstance(thing, Role | Transition):
            out += [r.claim for r in self.requirements(thing)]
        if isinstance(thing, Role):
            near = self.transitions(target=thing) if inverse else self.transitions(thing)
            out += [t.claim for t in near]
        elif inverse and isinstance(thing, Skill):
            out += [t.claim for t in self._specialisations(thing)]
        return Table(out, Claim)

    def _specialisations(self, skill: Skill) -> Iterable[Transition]:
        query = "SELECT DISTINCT ?t { ?t rg:specialisesIn ?skill }"
        claims = [str(t) for t in self.query(query, skill=skill).column("t")]
        found = catalogue.transitions_of(self.engine, self.index, claims).values()
        return sorted(found, key=catalogue.order)

    # --- comparing

    def _broader(self, *roles: RoleFacts) -> list[tuple[str, str]]:
        """Give the pairs of a narrower and a broader thing among what roles have."""
        things = {f.concept.iri for r in roles for fs in r.findings.values() for f in fs}
        things |= {q.skill.iri for r in roles for q in r.requirements}
        values = " ".join(f"<{iri}>" for iri in sorted(things))
        query = f"SELECT ?a ?b {{ VALUES ?a {{ {values} }} ?a rg:broader ?b }}"
        return [(str(a), str(b)) for a, b in sparql.select(self.engine, query, {})]

    def compare(self, a: str | Role, b: str | Role) -> Comparison:
        """Set two roles side by side: what both have, and what is stated of one only.

        Parameters
        ----------
        a, b : str or Role

        Returns
        -------
        Comparison

        Examples
        --------
        >>> import rolegraph as rg
        >>> c = rg.load().compare("Delivery Manager", "Project Manager")
        >>> "Manage risk" in c.responsibilities.shared_labels
        True
        """
        x, y = self.facts(a), self.facts(b)
        said = catalogue.findings(
            self.engine, self.index, x.role, (RG.overlapsWith, RG.differsFrom)
        )
        relations = tuple(f for fs in said.values() for f in fs if f.concept.iri == y.role.iri)
        return comparison.compare(
            x,
            y,
            broader=self._broader(x, y),
            relations=relations,
            transitions=(
                *self.transitions(x.role, y.role),
                *self.transitions(y.role, x.role),
            ),
        )

    def gap(self, source: str | Role, target: str | Role) -> Gap:
        """Find what a role asks for beyond another, direct transitions' own demands included.

        Parameters
        ----------
        source, target : str or Role

        Returns
        -------
        Gap
        """
        x, y = self.facts(source), self.facts(target)
        steps = self.transitions(x.role, y.role)
        asked = [r for t in steps for r in self.requirements(t)]
        return comparison.gap(x, y, broader=self._broader(x, y), transitions=steps, asked=asked)

    # --- routes

    def _roles(self) -> dict[str, Role]:
        return {r.iri: r for r in self._all(Role)}

    def _network(self, mappings: bool = False) -> Network | None:
        """Give the compiled network; None for a small graph, unless mappings are asked for."""
        if self._generation is None and not mappings:
            return None
        return cast("Network", self._once("network", self._compiled))

    def _compiled(self) -> Network:
        from rolegraph import network

        found = None
        if self._generation is not None:
            found = network.open(self._generation.path / "network", "")
        return network.compile(self._store) if found is None else found

    def _read_legs(self, net: Network, edges: Sequence[int]) -> list[Leg]:
        claims = [net.claims[e] for e in edges]
        found = catalogue.transitions_of(self.engine, self.index, claims)
        wanted = cast(dict[str, set[Skill]], self._once("asked", self._asked)) if (
            len(edges) > _MANY
        ) else self._asked_by(found)  # fmt: skip
        return net.full_legs(edges, found, wanted)

    def _asked_by(self, transitions: Mapping[str, Transition]) -> dict[str, set[Skill]]:
        makers = {*transitions}
        makers |= {r.iri for t in transitions.values() for r in (t.source, t.target) if r}
        return self._asked(f"VALUES ?x {{ {' '.join(f'<{m}>' for m in sorted(makers))} }}")

    def _legs(
        self,
        kinds: Sequence[str] | None,
        types: Sequence[str] | None,
        min_value: float | None = None,
    ) -> list[Leg]:
        wanted = cast(dict[str, set[Skill]], self._once("asked", self._asked))
        legs = [
            Leg(
                t,
                frozenset(
                    (wanted.get(t.target.iri, set()) | wanted.get(t.iri, set()))
                    - wanted.get(t.source.iri, set())
                ),
            )
            for t in self.transitions()
            if t.source is not None and t.target is not None
        ]
        return routing.choose(legs, kinds, types, min_value=min_value)

    def _asked(self, only: str = "") -> dict[str, set[Skill]]:
        query = f"SELECT ?x ?s {{ {only} ?r rg:isRequirementOf ?x ; rg:requiredSkill ?s }}"
        out: dict[str, set[Skill]] = {}
        for x, s in sparql.select(self.engine, query, {}):
            skill = self.index.by_iri[str(s)]
            if isinstance(skill, Skill):
                out.setdefault(str(x), set()).add(skill)
        return out

    def route(
        self,
        source: str | Role,
        target: str | Role,
        *,
        cost: Cost = "steps",
        kinds: Sequence[str] | None = None,
        types: Sequence[str] | None = None,
        mappings: bool = False,
        min_value: float | None = None,
    ) -> Route:
        """Find the route of least cost and explain every step.

        Parameters
        ----------
        source, target : str or Role
        cost : {"steps", "new-skills"} or callable
            What to keep small; a function gets a :class:`~rolegraph.routing.Leg`. New skills are
            those that a step's target or transition is stated to ask for and its source is not;
            where no skills are stated the step says so, and counts none.
        kinds : sequence of str, optional
            Kinds of evidence that transitions may rest on, for example ``("stated",)``; all
            when None. The route says which it used.
        types : sequence of str, optional
            Types of transition to use, for example ``("promotion",)``; all when None.
        mappings : bool
            Let the route cross from one classification into another where a mapping says that
            their roles match exactly or closely. A crossing is no career step and costs nothing.
        min_value : float, optional
            Leave out suggested transitions whose measure gives less than this.

        Returns
        -------
        Route
            Ties are broken by fewer steps, then by labels.

        Raises
        ------
        NotFoundError, AmbiguousLabelError
            If a role is not known or not clear.
        NoRouteError
            If there is no way; the message says where the ways end.
        CostError
            If a cost is missing, negative or not finite.

        Examples
        --------
        >>> import rolegraph as rg
        >>> kg = rg.load()
        >>> route = kg.route("Project Manager", "Delivery Director")
        >>> [role.label for role in route.roles]
        ['Project Manager', 'Delivery Manager', 'Senior Delivery Manager', 'Delivery Director']
        """
        a, b = self.role(source), self.role(target)
        _check_options(kinds, types, min_value)
        if (net := self._network(mappings)) is not None:
            from rolegraph import network

            read = partial(self._read_legs, net)
            try:
                legs = network.shortest(
                    net, a.iri, b.iri, cost, kinds=kinds, types=types, mappings=mappings,
                    min_value=min_value, legs=read,
                )  # fmt: skip
            except NoRouteError as error:
                raise self._apart(error, a, b, mappings) from None
        else:
            legs = routing.shortest(self._legs(kinds, types, min_value), self._roles(), a, b, cost)
        return self._route(a, b, legs, cost)

    def routes(
        self,
        source: str | Role,
        target: str | Role,
        *,
        k: int = 3,
        cost: Cost = "steps",
        kinds: Sequence[str] | None = None,
        types: Sequence[str] | None = None,
        mappings: bool = False,
        min_value: float | None = None,
    ) -> Table[Route]:
        """Find the k routes of least cost that visit no role twice; else as :meth:`route`."""
        a, b = self.role(source), self.role(target)
        _check_options(kinds, types, min_value)
        check_whole("k", k, 1)
        if (net := self._network(mappings)) is not None:
            from rolegraph import network

            read = partial(self._read_legs, net)
            found = network.k_best(net, a.iri, b.iri, k, cost, kinds=kinds, types=types,
                                   mappings=mappings, min_value=min_value, legs=read)  # fmt: skip
        else:
            found = routing.k_best(
                self._legs(kinds, types, min_value), self._roles(), a, b, k, cost
            )
        return Table(self._route(a, b, legs, cost) for legs in found)

    def reachable(
        self,
        source: str | Role,
        *,
        max_steps: int | None = None,
        cost: Cost = "steps",
        kinds: Sequence[str] | None = None,
        types: Sequence[str] | None = None,
        mappings: bool = False,
        min_value: float | None = None,
    ) -> Table[Reached]:
        """Find all roles that can be reached, each with its way of least cost.

        Parameters
        ----------
        source : str or Role
        max_steps : int, optional
        cost, kinds, types, mappings, min_value
            As for :meth:`route`.

        Returns
        -------
        Table of Reached
            By cost, steps and label; the source is left out.
        """
        start = self.role(source)
        _check_options(kinds, types, min_value)
        if max_steps is not None:
            check_whole("max_steps", max_steps)
        if (net := self._network(mappings)) is not None:
            from rolegraph import network

            roles = cast(dict[str, Role], self._once("roles by IRI", self._roles))
            found = network.reach(net, start.iri, cost, max_steps, kinds=kinds, types=types,
                                 mappings=mappings, min_value=min_value,
                                 legs=partial(self._read_legs, net),
                                 role=roles.__getitem__)  # fmt: skip
            return Table(found, Reached)
        found = routing.reach(
            self._legs(kinds, types, min_value), self._roles(), start, cost, max_steps
        )
        return Table(found, Reached)

    # --- plans for a person

    @property
    def planner(self) -> Planner:
        """What plans over this graph (:class:`rolegraph.planner.Planner`)."""
        from rolegraph.planner import Planner

        return cast("Planner", self._once("planner", lambda: Planner(self)))

    def person(
        self, profile: Profile | Held | Role | str, *, unknown: Literal["error", "drop"] = "error"
    ) -> Held:
        """Look up all names of a profile (:meth:`rolegraph.Profile.resolve`), levels included.

        Parameters
        ----------
        profile : Profile, Held, Role or str
            A role, or its name, is somebody who holds what the role asks for.
        unknown : {"error", "drop"}
            ``"drop"`` leaves out names that are unknown or have several meanings, and lists them in
            :attr:`Held.dropped`.

        Returns
        -------
        Held
            What :meth:`plan` takes in place of the profile.

        Raises
        ------
        ProfileError
            With all names that are unknown.
        ValueError
            If there is no role to start from.
        """
        return self.planner.person(profile, unknown=unknown)

    def plan(
        self,
        profile: Profile | Held | Role | str,
        to: Target,
        *,
        minimise: Objective | Sequence[Objective] | None = None,
        k: int | None = None,
        ties: bool = False,
        budget: int = 200_000,
        **constraints: Unpack[Options],
    ) -> Plan:
        """Find the best ways for a person: the exact Pareto set, each step explained.

        Parameters
        ----------
        profile : Profile, Held, Role or str
            Who plans. A role, or its name, is somebody who holds what the role asks for.
        to : str, Role, sequence of them, or Goal
            Where to; any of several will do.
        minimise : objective or sequence of one to four
            Of :data:`rolegraph.plans.OBJECTIVES`; or a number that the transitions bear, by label,
            CURIE or IRI (``"months"``); or a function from a :class:`~rolegraph.routes.Leg` to a
            number not below 0. When not given: steps, new skills and hardest step; with ``k``,
            steps. With several, all routes are given of which none is better in one
            without being worse in another.
        k : int, optional
            So many best routes by a single objective, instead of the Pareto set.
        ties : bool
            Keep all routes of equal values; otherwise the one of fewest steps, then the first by
            the labels on the way.
        budget : int
            Branches to look at; the same on every machine. If it does not suffice, the plan says
            what is proved and what is not.
        **constraints
            ``avoid``, ``via``: roles not to pass, and to pass. ``kinds``, ``types``, ``mappings``,
            ``min_value``: as for :meth:`route`. ``max_steps``; ``max_new``: most skills to learn
            or to raise in one step. ``needs``, ``without``: certifications that sources must name
            for the way, or must not. ``strengths``: demands that count, for example
            ``["essential"]``; then a role is taken to give and to ask only these.

        Returns
        -------
        Plan
            A person in a role is taken to hold what it asks for, and after a step what the step
            asked. Routes visit no role twice.

        Raises
        ------
        ProfileError
            With all names of the profile that are unknown.
        NotFoundError, AmbiguousLabelError
            If another name is.
        NoRouteError
            If there is no route; :meth:`why_not` tells why.
        CostError
            If there is no such objective, or its numbers are negative or missing altogether.
        ValueError
            If the profile has no role, or a limit makes no sense.

        Examples
        --------
        >>> import rolegraph as rg
        >>> kg = rg.load()
        >>> me = rg.Profile(role="Project Manager", certifications=["PRINCE2", "ITIL"])
        >>> plan = kg.plan(me, "Delivery Director")
        >>> [len(route) for route in plan], plan.complete
        ([3], True)
        """
        if minimise is None:
            minimise = ("steps", "new-skills", "hardest-step") if k is None else "steps"
        return self.planner.plan(
            profile, to, minimise=minimise, k=k, ties=ties, budget=budget, **constraints
        )

    def why_not(
        self,
        profile: Profile | Held | Role | str,
        to: Target,
        *,
        minimise: Objective | Sequence[Objective] = (),
        budget: int = 200_000,
        **constraints: Unpack[Options],
    ) -> WhyNot:
        """Say why there is no route under some constraints, and the least to give up.

        Parameters
        ----------
        profile, to, budget, **constraints
            As for :meth:`plan`.
        minimise : objective or sequence of them, optional
            Numbers that each step must have, as for :meth:`plan`: transitions without are no way.

        Returns
        -------
        WhyNot
            With every smallest set of constraints without which there is a route.

        Examples
        --------
        >>> import rolegraph as rg
        >>> answer = rg.load().why_not("Project Manager", "Delivery Director", max_steps=2)
        >>> answer.relaxations[0].give_up
        ('2 → 3 steps',)
        """
        return self.planner.why_not(profile, to, minimise=minimise, budget=budget, **constraints)

    def reach(
        self,
        profile: Profile | Held | Role | str,
        *,
        minimise: Objective = "steps",
        budget: int = 200_000,
        **constraints: Unpack[Options],
    ) -> Table[Destination]:
        """Find all roles that a person can reach, each with the best way there.

        Parameters
        ----------
        profile, budget, **constraints
            As for :meth:`plan`.
        minimise : objective
            One, as for :meth:`plan`. Steps and numbers of transitions take one search; objectives
            that depend on what was learned before take one for each role.

        Returns
        -------
        Table of Destination
            By the objective, steps and label.

        Raises
        ------
        BudgetError
            If the budget does not suffice for all roles.
        """
        return self.planner.reach(profile, minimise=minimise, budget=budget, **constraints)

    def unlock(
        self,
        profile: Profile | Held | Role | str,
        to: Target | None = None,
        *,
        minimise: Objective = "effort",
        pairs: bool = True,
        k: int = 10,
        budget: int = 2_000_000,
        **constraints: Unpack[Options],
    ) -> Table[Unlock]:
        """Find the skill, the certification or the pair that opens or shortens most.

        Parameters
        ----------
        profile, budget, **constraints
            As for :meth:`plan`. Without a target ``max_new`` is needed: it is what keeps roles out.
        to : optional
            With a target, what is counted is by how much the best way there gets better. Every
            skill asked on some way there is tried; where these are more than 1,000, those on ways
            of up to one step more than the shortest (give ``max_steps`` for other lengths).
        minimise : objective
            What the way to a target goes by.
        pairs : bool
            Look at pairs too; a pair is given if it does more than either of the two alone.
        k : int
            How many at most.

        Returns
        -------
        Table of Unlock
            The k best single ones, the best first; then the k best pairs.
        """
        return self.planner.unlock(
            profile, to, minimise=minimise, pairs=pairs, k=k, budget=budget, **constraints
        )

    def bridges(
        self,
        profile: Profile | Held | Role | str,
        to: Target | None = None,
        *,
        minimise: Objective | Sequence[Objective] | None = None,
        budget: int = 200_000,
        **constraints: Unpack[Options],
    ) -> Table[Bridge]:
        """Find the roles through which most good routes pass.

        Parameters
        ----------
        profile, budget, **constraints
            As for :meth:`plan`.
        minimise : optional
            With a target, as for :meth:`plan`.
        to : optional
            Good are the routes of the Pareto set, with all ties; without a target, the shortest
            routes to every role.

        Returns
        -------
        Table of Bridge
            The most used first.

        Raises
        ------
        ValueError
            If `minimise` is given without a target: the shortest routes go by steps.
        """
        return self.planner.bridges(profile, to, minimise=minimise, budget=budget, **constraints)

    # --- nearness

    def similar(
        self, role: str | Role, *, k: int = 10, measure: str = "jaccard", source: str | None = None
    ) -> Table[Near]:
        """Find the roles nearest to a role by what they ask for.

        Parameters
        ----------
        role : str or Role
        k : int
            How many at most.
        measure : str
            See :mod:`rolegraph.similarity`; directed measures look from ``role`` to the others.
            The default is the one of the library that ranks best on the training part of the
            evaluation (``docs/evaluation.md``).
        source : str, optional
            Name of the imported source whose roles are compared; the role's own when None.

        Returns
        -------
        Table of Near
            Best first; roles with a value of 0 are left out. The figures are *inferred*.

        Raises
        ------
        MeasureError
            If there is no such measure, or the data do not allow it.
        NotFoundError
            If no source says which skills the role asks for.
        """
        from rolegraph import nearness

        start = self.role(role)
        check_whole("k", k, 1)
        demands = self._demands(source or start.source)
        cache = self._generation.cache if self._generation is not None else None
        found = nearness.similar(demands, self.index, start, k=k, measure=measure, cache=cache)
        return Table(found, nearness.Near)

    def similarity(self, a: str | Role, b: str | Role, *, measure: str = "jaccard") -> Pair:
        """Give a measure for two roles, with the skills that make it up; else as :meth:`similar`.

        Returns
        -------
        rolegraph.similarity.Pair
        """
        from rolegraph import nearness

        x, y = self.role(a), self.role(b)
        same = x.source if x.source == y.source else None
        return nearness.pair(self._demands(same), x, y, measure)

    def demands(self, source: str | None = None) -> Demands:
        """Give what roles ask for as arrays, of all sources or of one.

        Returns
        -------
        rolegraph.demands.Demands
        """
        return self._demands(source)

    def _demands(self, source: str | None) -> Demands:
        from rolegraph import nearness

        if self._generation is None and source is not None:
            known = sorted(self.index.sources())
            if source not in known:
                raise NotFoundError(source, "source", known[:8])
        read = lambda: nearness.demands_of(self._store, self._generation, source)  # noqa: E731
        return cast("Demands", self._once(f"demands {source}", read))

    def derive_transitions(
        self,
        measure: str = "combined",
        *,
        source: str,
        threshold: float | None = None,
        k: int | None = None,
        zones_apart: int | None = 1,
        progress: Progress | None = None,
    ) -> Imported:
        """Suggest transitions between the roles of a source by similarity, and keep them.

        They are *inferred* and never mixed with what sources state: a class of their own
        (``rg:SuggestedTransition``), which ``rg:canTransitionTo`` and ``rg:leadsTo`` do not
        follow, each with its value, and a derivation that names measure, threshold and
        parameters. A route that uses them says so, and ``kinds=`` keeps them out. They go when
        the source they rest on is replaced or removed.

        Parameters
        ----------
        measure : str
            See :mod:`rolegraph.similarity`.
        source : str
            Name or key of an imported source.
        threshold : float, optional
            Value from which on. When not given it is calibrated: the mean inside the taxonomy's
            own groups, less one standard deviation (:func:`rolegraph.similarity.calibrate`).
        k : int, optional
            At most so many for each role; where a source has no groups, k alone decides.
        zones_apart : int, optional
            How far job zones may be apart, where both are known; None for any distance.
        progress : callable, optional

        Returns
        -------
        Imported
            Open the store again to use them.

        Raises
        ------
        StoreError, StoreLockedError
            If the graph is not one on disk, or it cannot be written.
        MeasureError
            If there is no such measure, or nothing to calibrate it by.
        """
        from rolegraph import nearness

        state = self._on_disk("derived transitions are kept")
        about = state.source(source)
        return nearness.derive(state, about, self._demands(about.name), measure,
                               threshold=threshold, k=k, zones_apart=zones_apart,
                               progress=progress)  # fmt: skip

    def _apart(self, error: NoRouteError, a: Role, b: Role, mappings: bool) -> NoRouteError:
        """Say that two roles are of different sources, which is mostly why no route joins them."""
        if a.source == b.source or mappings:
            return error
        of = " and ".join(f"{r.label!r} of {r.source or 'the article'}" for r in (a, b))
        return NoRouteError(f"{error}; {of} are parted unless mappings are crossed (mappings=True)")

    def _route(
        self, source: Role, target: Role, legs: Iterable[tuple[Leg, float]], cost: Cost
    ) -> Route:
        steps = tuple(self._step(leg.transition, price) for leg, price in legs)
        name = cost if isinstance(cost, str) else getattr(cost, "__name__", "own cost")
        asked = self.facts(source).requirements if steps else ()
        unknown = bool(steps) and not asked
        # a step is set against the role before it: what the first one asks for may be new again
        held = {r.skill for r in asked}
        again = any(r.skill in held for step in steps for r in step.new_skills)
        read = read_as(steps, unknown, ("new-skills",), less=again)
        if cost == "new-skills":  # each step by itself: what it asks beyond the role before it
            silent = [unknown, *(bool(s.untold) for s in steps)]
            more = any(silent[1:])
            less = any(a and s.cost for a, s in zip(silent, steps, strict=False))
            if more or less:
                read["cost"] = "about" if more and less else "at least" if more else "at most"
        return Route(source, target, steps, sum(s.cost for s in steps), name, read_as=read)

    def _step(self, transition: Transition, cost: float) -> Step:
        assert transition.source is not None and transition.target is not None  # noqa: PT018
        if transition.type == routing.MAPPING:
            return Step(transition, cost)  # nobody moves, so nothing is asked
        a, b = self.facts(transition.source), self.facts(transition.target)
        own = self.requirements(transition)
        held = {r.skill for r in a.requirements}
        duties = {f.concept.iri for f in a.findings["responsibilities"]}
        mine: list[Finding] = []
        yours: list[Finding] = []
        for f in b.findings["responsibilities"]:
            (mine if f.concept.iri in duties else yours).append(f)
        helps = catalogue.findings(
            self.engine,
            self.index,
            Concept(transition.iri, transition.label),
            (RG.isSupportedByCertification, RG.isEasedByActivity),
        )
        asked = (*b.requirements, *own)
        return Step(
            transition,
            cost,
            tuple(mine),
            tuple(yours),
            tuple(r for r in asked if r.skill in held),
            tuple(r for r in asked if r.skill not in held),
            helps[RG.isSupportedByCertification],
            helps[RG.isEasedByActivity],
            a.findings["advancement"] if transition.type == "promotion" else (),
            comparison.unstated(a, b),
            comparison.higher(asked, a.requirements),
        )

    # --- SPARQL

    def query(self, query: str, /, **bindings: Any) -> Rows:
        """Run a SELECT.

        Parameters
        ----------
        query : str
            SPARQL 1.1 over the closure; the prefixes in :data:`rolegraph.PREFIXES` are known.
        **bindings
            Values for variables of the query: things of this library, IRIs, or Python values.
            They are handed over as terms, never pasted into the text. A plain string is a plain
            literal; for a thing, give the thing.

        Returns
        -------
        Rows
            Their ``notes`` name terms of the query that the graph does not know, variables that
            stand nowhere in its pattern, and, where nothing was found, texts in the place of
            things and of labels.

        Raises
        ------
        QueryError
            If the query is malformed, of another form, or has no such variable.

        Examples
        --------
        >>> import rolegraph as rg
        >>> kg = rg.load()
        >>> rows = kg.query("SELECT ?c { ?role rg:hasRelevantCertification/skos:prefLabel ?c }"
        ...                 " ORDER BY ?c", role=kg.role("Project Manager"))
        >>> rows.column("c")
        ('PMP', 'PRINCE2')
        """
        notes = partial(self._notes, query, bindings)
        with _explained(query):
            return sparql.select(self.engine, query, bindings, self._remote, notes)

    def _notes(self, query: str, bindings: Mapping[str, Any], found: bool) -> list[str]:
        from rolegraph.sparqlnotes import notes_for

        return notes_for(query, bindings, found, self, self._vocabulary, self.index)

    def _warn(self, query: str, bindings: Mapping[str, Any]) -> None:
        """Say why a query most likely found nothing, to who called who calls this."""
        if notes := self._notes(query, bindings, found=False):
            message = "\n".join([f"the {form_of(query)} found nothing:", *notes])
            warnings.warn(message, EmptyAnswerWarning, stacklevel=3)

    @property
    def _vocabulary(self) -> Vocabulary:
        """The terms that the graph declares, read once."""
        from rolegraph.sparqlnotes import vocabulary_of

        return cast("Vocabulary", self._once("vocabulary", lambda: vocabulary_of(self)))

    def ask(self, query: str, /, **bindings: Any) -> bool:
        """Run an ASK; parameters and errors as for :meth:`query`.

        Warns
        -----
        EmptyAnswerWarning
            If the answer is False and there are notes on why.
        """
        with _explained(query):
            answer = sparql.ask(self.engine, query, bindings, self._remote)
        if not answer:
            self._warn(query, bindings)
        return answer

    def construct(self, query: str, /, **bindings: Any) -> rdflib.Graph:
        """Run a CONSTRUCT or DESCRIBE, giving an rdflib graph; else as for :meth:`ask`."""
        with _explained(query):
            graph = sparql.construct(self.engine, query, bindings, self._remote)
        if not graph:
            self._warn(query, bindings)
        return graph

    def update(self, text: str) -> None:
        """Run a SPARQL update, whole or not at all, and bring the closure up to date.

        What is added to the default graph goes into the named graph ``graph:edits``; what is
        removed goes out of every named graph. What still follows from the rest comes back.

        Parameters
        ----------
        text : str
            SPARQL 1.1 Update.

        Raises
        ------
        QueryError
            If the graph was not opened writable, or the update is malformed or not allowed.
        """
        if self._generation is not None:
            raise QueryError("a store on disk changes by imports only: rolegraph.import_source(…)")
        if not self._writable:
            raise QueryError("this graph is read only; open it with rolegraph.load(writable=True)")
        sparql.check_update(text, self._remote)
        with self._lock:
            fresh = _edited(self._store, text)
            if any(g.startswith(INFERRED) for g in fresh.graphs()):
                raise QueryError(f"graphs named {INFERRED}… belong to the rules")
            if self._reason:
                materialise(fresh)
            self._store = fresh
            self._cache.clear()

    # --- questions

    def questions(self) -> Table[Question]:
        """Give the competency questions, by name."""
        from rolegraph.questions import read_questions

        return Table(read_questions())

    def ask_question(self, name: str, /, **parameters: Any) -> Rows:
        """Ask a competency question by name.

        Parameters
        ----------
        name : str
            See :meth:`questions`.
        **parameters
            The question's parameters: labels, CURIEs, IRIs or things. Those left out take the
            question's own examples.

        Returns
        -------
        Rows

        Raises
        ------
        NotFoundError
            If there is no such question, or a label stands for nothing.
        QueryError
            If the question has no such parameter.

        Examples
        --------
        >>> import rolegraph as rg
        >>> rows = rg.load().ask_question("shared-responsibilities", a="Delivery Manager",
        ...                               b="Project Manager")
        >>> "Manage risk" in rows.column("responsibility")
        True
        """
        from rolegraph.questions import find_question

        question = find_question(name)
        return self.query(question.query, **question.bind(parameters, self.index))

    # --- reasoning and checking

    def infer(self) -> Closure:
        """Find what the axioms entail and the graph does not hold yet; changes nothing."""
        return infer(self._store)

    def inferred(self) -> dict[str, tuple[Triple, ...]]:
        """Give the inferred triples that the graph holds, by the rule they come from."""
        return {
            g.removeprefix(INFERRED): tuple(self._store.triples(g))
            for g in self._store.graphs()
            if g.startswith(INFERRED)
        }

    def _asserted_graphs(self) -> list[str]:
        return [g for g in self._store.graphs() if not g.startswith(INFERRED)]

    def _checkable(self) -> list[str]:
        """Name the graphs that reasoner and shapes are for: those of files, not of big tables.

        A table's importer checks every row; HermiT and pySHACL would take hours over them.
        """
        graphs = self._asserted_graphs()
        if self._generation is None:
            return graphs
        tables = {s.graph for s in self._generation.sources if not s.axioms}
        return [g for g in graphs if g not in tables]

    def check(self, *, explain: bool = True) -> CheckReport:
        """Check with HermiT that the graph is consistent and inside OWL 2 DL.

        Of a store on disk, the model and the RDF files are checked; imported tables are not.

        Parameters
        ----------
        explain : bool
            Look for the axioms that clash when it is not.

        Returns
        -------
        CheckReport

        Raises
        ------
        JavaNotFoundError, ExtraMissingError
            If there is no Java, or a package of the extra ``reasoner`` is missing.
        """
        from rolegraph import hermit

        return hermit.check(self._store.ntriples(self._checkable()), explain=explain)

    def validate(self) -> Report:
        """Check what is asserted against the SHACL shapes (:func:`rolegraph.shapes.validate`).

        Of a store on disk, the model and the RDF files are checked; imported tables are not.
        """
        from rolegraph.shapes import validate

        triples = [t for g in self._checkable() for t in self._store.triples(g)]
        return validate(triples, self._store)

    def coverage(self) -> Coverage:
        """Count facts and claims, and find those without evidence.

        Raises
        ------
        ValueError
            If the graph was loaded with ``reason=False``.
        """
        from rolegraph.evidence import coverage

        if not self._reason:
            raise ValueError("coverage is counted over the closure: load with reason=True")
        if self._generation is None:
            return coverage(self.engine)
        # facts of imported tables are borne out by their source; only the others are looked at
        small = OxigraphStore()
        for graph in self._checkable():
            small.add(self._store.triples(graph), graph)
        materialise(small)
        return coverage(small, self.engine)

    def verify(self, path: str | PathLike[str]) -> Verification:
        """Check every locator into a document against its text."""
        from rolegraph.evidence import verify

        return verify(self.engine, Path(path))

    # --- to move about in

    def explore(
        self,
        roles: Iterable[str | Role] | None = None,
        *,
        centre: str | Role | None = None,
        route: tuple[str | Role, str | Role] | None = None,
        height: int = 480,
        kinds: Sequence[str] | None = None,
        types: Sequence[str] | None = None,
    ) -> Any:
        """Show the graph in a notebook as a network to move about in: search, cards, routes.

        Parameters
        ----------
        roles, centre, route, height, kinds, types
            As for :func:`rolegraph.explorer.explore`.

        Returns
        -------
        anywidget.AnyWidget or rolegraph.explorer.Still
            The widget's ``selected`` and ``route`` say what is chosen in it. Without the extra
            ``notebook`` it is a static picture.
        """
        from rolegraph.explorer import explore

        check_whole("height", height)
        return explore(
            self, roles, centre=centre, route=route, height=height, kinds=kinds, types=types
        )

    # --- other libraries' objects

    def picture(
        self, role: str | Role | None = None, *, family: str | None = None
    ) -> Neighbourhood | RoleMap:
        """Draw a role with what leads to it and from it, or all roles and transitions.

        Parameters
        ----------
        role : str or Role, optional
            The role in the middle; the whole map when None.
        family : str, optional
            Only the roles of a family.

        Returns
        -------
        rolegraph.pictures.Neighbourhood or rolegraph.pictures.RoleMap
            Shows itself in a notebook; ``.svg(width)``, ``.mermaid()``, ``.dot()``, ``.alt`` and
            ``.save(path)``.

        Raises
        ------
        NotFoundError, AmbiguousLabelError
            If the role or the family is unknown, or a name has several meanings.
        ValueError
            If there are too many roles for a map (60), or none.

        See Also
        --------
        explore : a network to move about in, of any size.

        Examples
        --------
        >>> kg = load()
        >>> kg.picture("Project Manager")
        <Neighbourhood: Around Project Manager>
        >>> print(kg.picture().alt)
        Roles and transitions
        executive: Chief Operations Officer (Executive management)
        ...
        """
        from rolegraph import depicting

        if role is not None:
            if family is not None:
                raise ValueError("a picture is of a role or of a family, not of both")
            centre = self.role(role)
            return depicting.neighbourhood(
                self.facts(centre),
                self.transitions(target=centre),
                self.transitions(source=centre),
            )
        roles = self.roles(family)
        title = "Roles and transitions" if family is None else f"{family}: roles and transitions"
        depicting.check(roles)
        found = self.query(
            "SELECT ?label { ?l a rg:Level ; skos:prefLabel ?label ; rg:levelRank ?rank } "
            "ORDER BY ?rank"
        )
        levels = list(dict.fromkeys(str(label) for (label,) in found))
        return depicting.role_map(title, roles, self.transitions(), levels)

    def site(self, out: str | PathLike[str], *, title: str | None = None) -> Site:
        """Write the explorer page: a web site of this graph that needs no server and no network.

        Parameters
        ----------
        out : str or os.PathLike
            A folder that is not there, is empty, or holds such a site, which is replaced.
        title : str, optional
            Its title.

        Returns
        -------
        rolegraph.site.Site
            What was written, and where (:func:`rolegraph.site.write`).
        """
        from rolegraph import site

        return site.write(self, out, title=title)

    def to_rdflib(self, *, inferred: bool = True) -> rdflib.Dataset:
        """Copy the graph into an rdflib dataset.

        Parameters
        ----------
        inferred : bool
            Take the inferred triples along.

        Returns
        -------
        rdflib.Dataset
            The merge as default graph, and one named graph for each source and rule.
        """
        from rolegraph.export import to_rdflib

        return to_rdflib(self._store, None if inferred else self._asserted_graphs())

    def to_networkx(
        self, *, kinds: Sequence[str] | None = None, types: Sequence[str] | None = None
    ) -> nx.MultiDiGraph:
        """Copy roles and transitions into a networkx graph.

        Parameters
        ----------
        kinds, types : sequence of str, optional
            As for :meth:`route`.

        Returns
        -------
        networkx.MultiDiGraph
            See :func:`rolegraph.routing.multigraph`.
        """
        legs = self._legs(kinds, types)
        return routing.multigraph(self._all(Role), [leg.transition for leg in legs])

    def to_owlready2(self) -> owlready2.World:
        """Copy what is asserted into a fresh owlready2 world.

        Returns
        -------
        owlready2.World
            A world of its own, not the default one.

        Raises
        ------
        ExtraMissingError
            If owlready2 is not installed (``pip install "rolegraph[reasoner]"``).
        """
        from rolegraph import hermit

        return hermit.to_world(self._store.ntriples(self._asserted_graphs()))

    def export(self, format: str = "turtle", *, inferred: bool = False) -> str:
        """Write the graph as text.

        Parameters
        ----------
        format : str
            ``"turtle"``, ``"nt"``, ``"nquads"``, ``"json-ld"``, ``"graphml"`` (transitions) or
            ``"dot"`` (transitions).
        inferred : bool
            Take the inferred triples along.

        Returns
        -------
        str

        Raises
        ------
        ValueError
            If there is no such format.
        """
        from rolegraph.export import export

        graphs = None if inferred else self._asserted_graphs()
        return export(self._store, graphs, format, self.to_networkx)


@contextmanager
def _explained(query: str) -> Iterator[None]:
    """Say of a prefix that stands for nothing which one is near."""
    try:
        yield
    except QueryError as error:
        if "prefix" not in str(error.__cause__).lower():
            raise
        from rolegraph.sparqlnotes import unknown_prefix

        if (strange := unknown_prefix(query)) is None:
            raise
        line = query.count("\n", 0, strange[0].start) + 1
        where = f"line {line}: " if "\n" in query.strip() else ""
        raise QueryError(f"malformed SPARQL: {where}{strange[1]}") from error.__cause__


def _check_options(kinds: object, types: object, min_value: object) -> None:
    check_names("kinds", kinds)
    check_names("types", types)
    if min_value is not None:
        check_number("min_value", min_value)


def _by_label(thing: Concept) -> tuple[str, str, str]:
    return (thing.label.casefold(), thing.label, thing.iri)


def _edited(store: OxigraphStore, text: str) -> OxigraphStore:
    """Give a copy of a store after an update: merge and named graphs agree again."""
    twin = store.copy()
    twin.update(text)
    old, merged = set(store.triples()), set(twin.triples())
    before = {g: set(store.triples(g)) for g in store.graphs()}
    after = {g: set(twin.triples(g)) for g in twin.graphs()}
    inferred = {t for g, ts in before.items() if g.startswith(INFERRED) for t in ts}
    # a triple taken out of one named graph goes out of the merge unless another graph has it
    dropped = {t for g, ts in before.items() for t in ts - after.get(g, set())}
    fresh, kept = OxigraphStore(), set[Triple]()
    for g in sorted(after):
        if g not in before or not g.startswith(INFERRED):
            triples = after[g] - (old - merged)
            fresh.add(triples, g)
            kept |= triples
    said = _said_again(store, text, inferred)
    fresh.add((merged - kept - inferred - dropped) | (said - kept), graph_name("edits"))
    return fresh


def _said_again(store: OxigraphStore, text: str, inferred: set[Triple]) -> set[Triple]:
    """Give what an update asserts although the merge had it: inferred, or from another graph."""
    asserted = {g: store.triples(g) for g in store.graphs() if not g.startswith(INFERRED)}
    merged, apart = OxigraphStore(), OxigraphStore()
    for g, triples in asserted.items():
        merged.add(triples, g)
        apart.add(triples, g)
    old = set(merged.triples())
    apart.clear_merge()
    merged.update(text)
    apart.update(text)
    return ((set(merged.triples()) - old) & inferred) | (set(apart.triples()) & (old | inferred))
