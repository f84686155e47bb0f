"""The transitions of a whole labour market as arrays, and routes over them.

A :class:`Network` holds the graph of roles and transitions in compressed rows of 32-bit numbers.
It is compiled from a store, kept in a folder beside it and mapped into memory when opened, so that
nothing is read before a search touches it. The searches give what those of
:mod:`rolegraph.routing` give, route for route and tie for tie; only the transitions on the routes
found become Python objects.

How it is exact
---------------
Routes are ordered by cost, career steps, legs (mappings crossed count as legs), labels, IRIs. The
first three are whole numbers below ``n * largest cost``, ``n`` and ``n``, ``n`` being the count of
roles, so each leg gets the one weight ``(cost * n + step) * n + 1`` and sums of weights sort as the
triples do; being below 2**53 they are exact in floating point. No weight is 0, which sparse graphs
would take for a missing edge. Labels and IRIs are compared by rank. Costs that are functions, and
graphs too large for the weights, go through :mod:`rolegraph.routing` with every transition as an
object.

References
----------
Dijkstra, E. W. (1959). A note on two problems in connexion with graphs. Numerische Mathematik 1,
269-271.

Hart, P. E., Nilsson, N. J., Raphael, B. (1968). A formal basis for the heuristic determination of
minimum cost paths. IEEE Transactions on Systems Science and Cybernetics 4, 100-107.

Lawler, E. L. (1972). A procedure for computing the k best solutions to discrete optimization
problems and its application to the shortest path problem. Management Science 18, 401-405.
"""

from __future__ import annotations

import json
import math
import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from heapq import heappop, heappush
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from rolegraph import routing
from rolegraph.errors import DataError, ExtraMissingError, NoRouteError, NotFoundError
from rolegraph.routes import MAPPING, Leg, Reached
from rolegraph.routing import EVIDENCE_KINDS, TRANSITION_TYPES, Cost
from rolegraph.values import Claim, Role, Skill, Transition
from rolegraph.vocab import RDFS, RG, SKOS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rolegraph.store import OxigraphStore

    Ints: TypeAlias = NDArray[np.integer[Any]]
    Floats: TypeAlias = NDArray[np.floating[Any]]

__all__ = [
    "KINDS",
    "TYPES",
    "Legs",
    "Network",
    "Strings",
    "compile",
    "k_best",
    "open",
    "pack",
    "reach",
    "save",
    "shortest",
]

KINDS = (*EVIDENCE_KINDS, "unsourced")
"""What the numbers in :attr:`Network.kind` stand for."""
TYPES = (*TRANSITION_TYPES, MAPPING)
"""What the numbers in :attr:`Network.type` stand for."""
FORMAT = 1
"""Version of the form on disk; another one is stale."""
Legs: TypeAlias = Callable[[Sequence[int]], Sequence[Leg]]
"""Reads the transitions of some edges, given by number, in full and in the same order."""

_EXACT = 2.0**53  # whole numbers up to here are exact as doubles
_VIEWS = 8
_MANY = 20  # claims per role from which on a query for each role is cheaper than one for all
_MAPPING, _SUGGESTED = TYPES.index(MAPPING), TYPES.index("suggested")


def _needs(package: str) -> ExtraMissingError:
    return ExtraMissingError(package, "store")


def _numpy() -> Any:
    try:
        import numpy as np
    except ImportError:
        raise _needs("numpy") from None
    return np


# --- the value


@dataclass(frozen=True, slots=True, eq=False)
class Strings:
    """Many texts in one block of bytes, each decoded when it is asked for.

    Attributes
    ----------
    blob : array of uint8
        All texts in UTF-8, one after the other.
    offsets : array of int64
        Where each begins; one more than there are texts, the last being the end.
    """

    blob: NDArray[np.uint8]
    offsets: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Iterable[str | bytes]) -> Strings:
        """Pack texts, given as such or in UTF-8."""
        np = _numpy()
        parts = [t.encode() if isinstance(t, str) else t for t in texts]
        offsets = np.zeros(len(parts) + 1, np.int64)
        np.cumsum([len(p) for p in parts], out=offsets[1:])
        return cls(np.frombuffer(b"".join(parts), np.uint8), offsets)

    def __len__(self) -> int:
        """Count of texts."""
        return len(self.offsets) - 1

    def raw(self, number: int) -> bytes:
        """Give a text in UTF-8."""
        return self.blob[self.offsets[number] : self.offsets[number + 1]].tobytes()

    def __getitem__(self, number: int) -> str:
        """Give a text."""
        return self.raw(number).decode()

    def find(self, text: str) -> int | None:
        """Give the number of a text, or None; the texts must be sorted."""
        wanted, low, high = text.encode(), 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self.raw(middle) < wanted:
                low = middle + 1
            else:
                high = middle
        return low if low < len(self) and self.raw(low) == wanted else None


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Roles and the transitions between them, as arrays that nobody may write to.

    Role numbers count the roles in the order of their IRIs. Edges are ordered by source, target
    and the IRI of the claim; parallel ones are all kept.

    Attributes
    ----------
    roles, labels : Strings
        IRI and label of each role.
    ranks : array of int32
        Place of each role's label among the labels; equal labels have equal ranks.
    indptr, indices : array of int32
        Compressed rows: the edges from role ``i`` are ``indptr[i]`` up to ``indptr[i + 1]``, and
        ``indices`` holds the targets.
    kind, type : array of uint8
        Per edge, index into :data:`KINDS` and :data:`TYPES`.
    new_skills : array of int32
        Per edge, how many skills target and transition ask for and the source does not; 0 for a
        mapping.
    value : array of float32
        Per edge, the measure's value for a suggested transition, else not a number.
    claims : Strings
        Per edge, the IRI of the claim. A mapping is two edges, there and back, of one claim.
    skipped : int
        Claims of steps that are no edge: an end that is no known role, or a type such as
        specialisation that routes do not use.
    """

    roles: Strings
    labels: Strings
    ranks: NDArray[np.int32]
    indptr: NDArray[np.int32]
    indices: NDArray[np.int32]
    kind: NDArray[np.uint8]
    type: NDArray[np.uint8]
    new_skills: NDArray[np.int32]
    value: NDArray[np.float32]
    claims: Strings
    skipped: int = 0
    _views: dict[Any, _View] = field(default_factory=dict, init=False, repr=False)

    def __repr__(self) -> str:
        return f"<Network: {len(self.roles)} roles, {len(self)} edges>"

    def __len__(self) -> int:
        """Count of edges."""
        return len(self.indices)

    def number(self, iri: str) -> int:
        """Give the number of a role.

        Raises
        ------
        NotFoundError
            If the network has no such role.
        """
        found = self.roles.find(iri)
        if found is None:
            raise NotFoundError(iri, "role")
        return found

    def role(self, number: int) -> Role:
        """Give a role by number, with IRI and label only."""
        return Role(self.roles[number], self.labels[number], "role")

    def ends(self, edge: int) -> tuple[int, int]:
        """Give the numbers of an edge's source and target."""
        source = int(self.indptr.searchsorted(edge, "right")) - 1
        return source, int(self.indices[edge])

    def legs(self, edges: Sequence[int]) -> list[Leg]:
        """Make legs from what the arrays hold: ends, type and kind, without evidence or skills."""
        return [self._leg(int(e)) for e in edges]

    def _leg(self, edge: int) -> Leg:
        a, b = map(self.role, self.ends(edge))
        iri, what = self.claims[edge], int(self.type[edge])
        says = "answers to" if what == _MAPPING else "can move to"
        claim = Claim(iri, a.label, says, b.label, KINDS[self.kind[edge]])
        value = float(self.value[edge])
        return Leg(
            Transition(
                iri, f"{a} to {b}", TYPES[what], a, b, claim,
                value=None if value != value else value,
            )
        )  # fmt: skip

    def full_legs(
        self,
        edges: Sequence[int],
        transitions: Mapping[str, Transition],
        asked: Mapping[str, Iterable[Skill]] | None = None,
    ) -> list[Leg]:
        """Make legs of transitions that were read from the store.

        Parameters
        ----------
        edges : sequence of int
        transitions : mapping of str to Transition
            By the IRI of their claim, as :func:`rolegraph.catalogue.transitions_of` gives them. A
            mapping is turned round where the edge goes the other way.
        asked : mapping of str to iterable of Skill, optional
            What roles and transitions ask for, by IRI; without it legs have no new skills.

        Returns
        -------
        list of Leg
            In the order of the edges.

        Raises
        ------
        NotFoundError
            If a transition is not among those given.
        """
        return [self._full(int(e), transitions, asked or {}) for e in edges]

    def _full(
        self,
        edge: int,
        transitions: Mapping[str, Transition],
        asked: Mapping[str, Iterable[Skill]],
    ) -> Leg:
        iri = self.claims[edge]
        t = transitions.get(iri)
        if t is None or t.source is None or t.target is None:
            raise NotFoundError(iri, "transition between two roles")
        if t.type == MAPPING:
            if t.source.iri != self.roles[self.ends(edge)[0]]:
                label = f"{t.target} to {t.source}"
                t = replace(t, label=label, source=t.target, target=t.source)
            return Leg(t)
        assert t.source is not None and t.target is not None  # noqa: PT018
        wanted = {*asked.get(t.target.iri, ()), *asked.get(iri, ())}
        return Leg(t, frozenset(wanted.difference(asked.get(t.source.iri, ()))))


def pack(
    roles: Mapping[str, str],
    edges: Iterable[tuple[str, str, str, str, str, int, float | None]],
    skipped: int = 0,
) -> Network:
    """Make a network from plain values.

    Parameters
    ----------
    roles : mapping of str to str
        Labels by IRI.
    edges : iterable of tuple
        Source, target, claim (IRIs), kind, type, count of new skills, value of a measure or None.
    skipped : int
        See :class:`Network`.

    Returns
    -------
    Network
    """
    np = _numpy()
    iris = sorted(roles)
    place = {iri: i for i, iri in enumerate(iris)}
    kinds, types = ({name: i for i, name in enumerate(x)} for x in (KINDS, TYPES))
    rows = [
        (place[a], place[b], claim.encode(), kinds.get(kind, len(KINDS) - 1), types[what], new,
         np.nan if value is None else value)
        for a, b, claim, kind, what, new, value in edges
    ]  # fmt: skip
    columns: Any = tuple(zip(*rows, strict=True)) if rows else ((),) * 7
    return _pack(iris, [roles[i] for i in iris], columns, skipped)


def _pack(
    iris: Sequence[str],
    labels: Sequence[str],
    columns: Sequence[Sequence[Any]],
    skipped: int,
) -> Network:
    """Sort edges, given by column, and lay them out."""
    np = _numpy()
    ends, (claims, kind, what, new, value) = columns[:2], columns[2:]
    by_name = sorted(range(len(claims)), key=claims.__getitem__)
    named = np.empty(len(claims), np.int64)
    named[by_name] = np.arange(len(claims))
    source, target = (np.asarray(x, np.int32) for x in ends)
    order = np.lexsort((named, target, source))
    indptr = np.zeros(len(iris) + 1, np.int32)
    np.cumsum(np.bincount(source, minlength=len(iris)), out=indptr[1:])
    places = {label: i for i, label in enumerate(sorted(set(labels)))}
    arrays: dict[str, Any] = {
        "ranks": np.array([places[x] for x in labels], np.int32),
        "indptr": indptr,
        "indices": target[order],
        "kind": np.asarray(kind, np.uint8)[order],
        "type": np.asarray(what, np.uint8)[order],
        "new_skills": np.asarray(new, np.int32)[order],
        "value": np.asarray(value, np.float32)[order],
    }
    strings: dict[str, Any] = {
        "roles": Strings.of(iris),
        "labels": Strings.of(labels),
        "claims": Strings.of(claims[i] for i in order.tolist()),
    }
    for a in (*arrays.values(), *(x for s in strings.values() for x in (s.blob, s.offsets))):
        a.flags.writeable = False
    return Network(**strings, **arrays, skipped=skipped)


# --- from a store


def _lines(engine: OxigraphStore, query: str) -> list[bytes]:
    """Ask and give the rows as bytes: no Python object per term, which is what costs."""
    import pyoxigraph as ox

    solutions: Any = engine.raw.query(query)
    answer: bytes = solutions.serialize(format=ox.QueryResultsFormat.TSV)
    return answer.split(b"\n")[1:-1]


def _table(engine: OxigraphStore, query: str) -> list[list[bytes]]:
    rows = [line.split(b"\t") for line in _lines(engine, query)]
    return [[c[1:-1] if c[:1] == b"<" else c for c in row] for row in rows]


def _first(engine: OxigraphStore, query: str) -> list[bytes]:
    return [x[1:-1] if x[:1] == b"<" else x for x in _lines(engine, query)]


def _size(engine: OxigraphStore, pattern: str) -> int:
    ((text,),) = _table(engine, f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}")
    return int(text)


def _first_label(labels: Sequence[tuple[str, str]]) -> str:
    return min(text for text, _ in labels)


def _roles_of(
    engine: OxigraphStore, choose_label: Callable[[Sequence[tuple[str, str]]], str]
) -> dict[str, str]:
    import pyoxigraph as ox

    def all_of(s: Any, p: str, o: Any) -> Any:
        return engine.raw.quads_for_pattern(s, ox.NamedNode(p), o, ox.DefaultGraph())

    # a store without its closure may only say that something is an occupation
    classes, waiting = {RG.Role}, [RG.Role]
    while waiting:
        for quad in all_of(None, RDFS + "subClassOf", ox.NamedNode(waiting.pop())):
            if isinstance(quad.subject, ox.NamedNode) and quad.subject.value not in classes:
                classes.add(quad.subject.value)
                waiting.append(quad.subject.value)
    found = {iri for c in sorted(classes) for iri in _first(engine, f"SELECT ?s {{ ?s a <{c}> }}")}
    roles = {}
    for name in (iri.decode() for iri in found if not iri.startswith(b"_:")):
        labels = [
            (q.object.value, q.object.language or "")
            for q in all_of(ox.NamedNode(name), SKOS + "prefLabel", None)
        ]
        if labels:  # what has no label cannot be asked for, here as in the catalogue
            roles[name] = choose_label(sorted(labels))
    return roles


@dataclass(slots=True)
class _Edges:
    """Columns of edges while they are gathered."""

    source: list[int] = field(default_factory=list)
    target: list[int] = field(default_factory=list)
    claims: list[bytes] = field(default_factory=list)
    kind: list[int] = field(default_factory=list)
    what: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)

    def add(self, a: int, b: int, claim: bytes, kind: int, what: int, value: float) -> None:
        self.source.append(a)
        self.target.append(b)
        self.claims.append(claim)
        self.kind.append(kind)
        self.what.append(what)
        self.value.append(value)


def compile(
    engine: OxigraphStore,
    *,
    choose_label: Callable[[Sequence[tuple[str, str]]], str] = _first_label,
    asked: Iterable[tuple[bytes, bytes]] | None = None,
) -> Network:
    """Compile the network of a store from its merge.

    Parameters
    ----------
    engine : OxigraphStore
        With its closure, as every loaded graph has it.
    choose_label : callable, optional
        From all preferred labels of a role, as sorted (text, language) pairs, the one that it goes
        by; it settles ties between routes. The first text when not given, as in
        :func:`rolegraph.catalogue.read_index`.
    asked : iterable of (bytes, bytes), optional
        IRIs of who asks for a skill, and of the skill, where somebody has them at hand; reading
        them from a store on disk is what takes longest.

    Returns
    -------
    Network

    Raises
    ------
    DataError
        If a measure's value is not a number; the message names the claim.
    ExtraMissingError
        If numpy or scipy is missing.
    """
    roles = _roles_of(engine, choose_label)
    iris = sorted(roles)
    edges = _Edges()
    skipped = _steps(engine, iris, edges)
    skipped += _suggested(engine, iris, edges)
    _mappings(engine, iris, edges)
    new = _new_skills(iris, edges, _asked(engine) if asked is None else asked)
    columns: Any = (
        edges.source, edges.target, edges.claims, edges.kind, edges.what, new, edges.value,
    )  # fmt: skip
    return _pack(iris, [roles[i] for i in iris], columns, skipped)


def _joined(
    engine: OxigraphStore, iris: Sequence[str], start: str, end: str
) -> dict[bytes, tuple[int, int]]:
    """Read claims that join two roles; if many, role by role, so that roles are not decoded."""
    ends: list[dict[bytes, int]] = []
    for predicate in (start, end):
        if _size(engine, f"?s <{predicate}> ?o") < _MANY * len(iris):
            place = {iri.encode(): i for i, iri in enumerate(iris)}
            few: dict[bytes, int] = {}
            for claim, role in _table(engine, f"SELECT ?s ?o {{ ?s <{predicate}> ?o }}"):
                if role in place:
                    few[claim] = min(place[role], few.get(claim, len(iris)))
            ends.append(few)
            continue
        # in case of several ends, against the ontology, the first in the order of IRIs
        of: dict[bytes, int] = {}
        for i, iri in enumerate(iris):
            for claim in _first(engine, f"SELECT ?s {{ ?s <{predicate}> <{iri}> }}"):
                of.setdefault(claim, i)
        ends.append(of)
    first, last = ends
    return {c: (a, last[c]) for c, a in first.items() if c in last and not c.startswith(b"_:")}


def _kind(engine: OxigraphStore, claim: bytes) -> int:
    import pyoxigraph as ox

    # claim by claim: a join would go through the kinds of all claims of the store
    of = ox.NamedNode(claim.decode()), ox.NamedNode(RG.hasEvidenceKind), None, ox.DefaultGraph()
    names = [
        getattr(q.object, "value", "").removeprefix(RG.NS)
        for q in engine.raw.quads_for_pattern(*of)
    ]
    return min(KINDS.index(n) if n in EVIDENCE_KINDS else len(KINDS) - 1 for n in (*names, ""))


def _steps(engine: OxigraphStore, iris: Sequence[str], edges: _Edges) -> int:
    joined = _joined(engine, iris, RG.fromRole, RG.toRole)
    total = _size(engine, f"?c a <{RG.Transition}>")
    # in the order of the catalogue: the first that fits names the type
    special = (
        (RG.Promotion, TYPES.index("promotion")),
        (RG.LateralTransition, TYPES.index("lateral move")),
        (RG.SpecialisationTransition, None),
        (RG.EntryTransition, None),
    )
    types: dict[bytes, int | None] = {}
    for klass, what in special:
        for claim in _first(engine, f"SELECT ?s {{ ?s a <{klass}> }}"):
            types.setdefault(claim, what)
    taken = 0
    for claim, (a, b) in joined.items():
        what = types.get(claim, TYPES.index("transition"))
        if what is not None:
            edges.add(a, b, claim, _kind(engine, claim), what, float("nan"))
            taken += 1
    return max(total - taken, 0)


def _suggested(engine: OxigraphStore, iris: Sequence[str], edges: _Edges) -> int:
    total = _size(engine, f"?c <{RG.suggestedFrom}> ?a")
    if not total:
        return 0
    joined = _joined(engine, iris, RG.suggestedFrom, RG.suggestedTo)
    values: dict[bytes, bytes] = {}
    for claim, text in _table(engine, f"SELECT ?s ?v {{ ?s <{RG.measureValue}> ?v }}"):
        values.setdefault(claim, text)
    inferred = KINDS.index("inferred")
    for claim, (a, b) in joined.items():
        value = float("nan")
        if claim in values:
            text = values[claim]
            try:
                value = float(text.split(b"^^")[0].strip(b'"'))
            except ValueError:
                raise DataError(
                    f"{claim.decode()}: its measure value is no number: {text.decode()}"
                ) from None
        edges.add(a, b, claim, inferred, _SUGGESTED, value)
    return max(total - len(joined), 0)


def _mappings(engine: OxigraphStore, iris: Sequence[str], edges: _Edges) -> None:
    """Add mappings between roles, both ways; those between other things are none of ours."""
    place = {iri.encode(): i for i, iri in enumerate(iris)}
    for match in ("exactMatch", "closeMatch"):
        said = f"?c <{RG.predicate}> <{SKOS}{match}> ."
        ends = f"{said} ?c <{RG.subject}> ?a ; <{RG.object}> ?b"
        rows = _table(engine, f"SELECT DISTINCT ?c ?a ?b {{ {ends} }}")
        for claim, a, b in rows:
            if a in place and b in place and a != b and not claim.startswith(b"_:"):
                kind = _kind(engine, claim)
                for here, there in ((a, b), (b, a)):
                    edges.add(place[here], place[there], claim, kind, _MAPPING, float("nan"))


def _asked(engine: OxigraphStore) -> Iterable[tuple[bytes, bytes]]:
    """Read who asks for which skill."""
    query = f"SELECT ?x ?s {{ ?r <{RG.isRequirementOf}> ?x ; <{RG.requiredSkill}> ?s }}"
    return ((row[0], row[1]) for row in _table(engine, query))


def _new_skills(
    iris: Sequence[str], edges: _Edges, asked_by: Iterable[tuple[bytes, bytes]]
) -> NDArray[np.int32]:
    """Count what target and transition ask for and the source does not, for every edge."""
    np = _numpy()
    try:
        from scipy.sparse import csr_array
    except ImportError:
        raise _needs("scipy") from None
    place = {iri.encode(): i for i, iri in enumerate(iris)}
    moves = set(edges.claims)
    numbers: dict[bytes, int] = {}
    pairs: set[tuple[int, int]] = set()
    own: dict[bytes, set[int]] = {}
    for maker, skill in asked_by:
        number = numbers.setdefault(skill, len(numbers))
        if (i := place.get(maker)) is not None:
            pairs.add((i, number))
        elif maker in moves:  # transitions ask for some too
            own.setdefault(maker, set()).add(number)
    of: dict[int, set[int]] = {}
    for i, s in pairs:
        of.setdefault(i, set()).add(s)
    source, target = np.array(edges.source, np.int64), np.array(edges.target, np.int64)
    rows = np.array([p[0] for p in pairs], np.int64)
    columns = np.array([p[1] for p in pairs], np.int64)
    shape = (len(iris), max(len(numbers), 1))
    asked = csr_array((np.ones(len(pairs), np.int32), (rows, columns)), shape=shape)
    counts = np.bincount(rows, minlength=len(iris)) if len(iris) else np.zeros(0, np.int64)
    new = np.zeros(len(source), np.int32)
    order = np.argsort(source, kind="stable")
    transposed = asked.T.tocsr()
    for begin in range(0, len(iris), 256):  # so that never all pairs stand in memory
        low, high = np.searchsorted(source[order], (begin, begin + 256))
        some = order[low:high]
        if len(some):
            shared = (asked[begin : begin + 256] @ transposed).toarray()
            new[some] = counts[target[some]] - shared[source[some] - begin, target[some]]
    if own:
        for e, claim in enumerate(edges.claims):
            if claim in own and edges.what[e] != _MAPPING:
                a, b = edges.source[e], edges.target[e]
                new[e] = len((of.get(b, set()) | own[claim]) - of.get(a, set()))
    new[np.array(edges.what, np.int64) == _MAPPING] = 0
    return new  # type: ignore[no-any-return]


# --- on disk

_ARRAYS = {
    "ranks": "<i4",
    "indptr": "<i4",
    "indices": "<i4",
    "kind": "|u1",
    "type": "|u1",
    "new_skills": "<i4",
    "value": "<f4",
}
_STRINGS = ("roles", "labels", "claims")


def save(network: Network, folder: Path, fingerprint: str) -> None:
    """Keep a network in a folder, the whole of it or nothing.

    The arrays go into a new folder inside; then one file, ``meta.json``, is put in place of the old
    one and points there. Whoever reads at any moment sees the old network or the new one.

    Parameters
    ----------
    network : Network
    folder : pathlib.Path
        Made if it is not there.
    fingerprint : str
        What the network was made from, in whatever words tell one state of a store from another.

    Raises
    ------
    OSError
        If the disk is full or may not be written to; the old network is still there.
    """
    np = _numpy()
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f"data-{secrets.token_hex(8)}"
    fresh.mkdir()
    meta = {
        "format": FORMAT,
        "fingerprint": fingerprint,
        "data": fresh.name,
        "roles": len(network.roles),
        "edges": len(network),
        "skipped": network.skipped,
    }
    draft = folder / f"meta-{secrets.token_hex(8)}.tmp"
    try:
        for name, dtype in _ARRAYS.items():
            _write(fresh / f"{name}.npy", np.ascontiguousarray(getattr(network, name), dtype))
        for name in _STRINGS:
            strings: Strings = getattr(network, name)
            _write(fresh / f"{name}.npy", np.ascontiguousarray(strings.blob, "|u1"))
            _write(fresh / f"{name}-offsets.npy", np.ascontiguousarray(strings.offsets, "<i8"))
        with draft.open("w", encoding="utf-8") as file:
            json.dump(meta, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder / "meta.json")
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        draft.unlink(missing_ok=True)
        raise
    for old in (*folder.glob("data-*"), *folder.glob("meta-*.tmp")):
        if old.name != fresh.name:  # where a file in use cannot be removed, the next one will
            shutil.rmtree(old, ignore_errors=True) if old.is_dir() else old.unlink(missing_ok=True)


def _write(path: Path, array: Any) -> None:
    np = _numpy()
    with path.open("wb") as file:
        np.save(file, array, allow_pickle=False)
        file.flush()
        os.fsync(file.fileno())


def open(folder: Path, fingerprint: str) -> Network | None:
    """Open a network that was saved, mapped into memory and read-only.

    Parameters
    ----------
    folder : pathlib.Path
    fingerprint : str
        What it must have been made from.

    Returns
    -------
    Network or None
        None where there is none, where it was made from something else or by another version of
        the library, and where files are missing, cut short or do not fit together. It is made
        from the store alone, so whoever gets None compiles it again and loses nothing. Bits
        changed inside a file of the right size are only noticed if they lead out of the arrays.
    """
    for _ in range(2):  # a writer may have put another one in place between the two readings
        meta = _meta(folder)
        if meta is None or meta["format"] != FORMAT or meta["fingerprint"] != fingerprint:
            return None
        try:
            return _load(folder / str(meta["data"]), meta)
        except (OSError, ValueError, EOFError):
            if _meta(folder) == meta:
                return None
    return None


def _meta(folder: Path) -> dict[str, Any] | None:
    try:
        meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    wanted = {"format", "fingerprint", "data", "roles", "edges", "skipped"}
    return meta if isinstance(meta, dict) and meta.keys() >= wanted else None


def _load(folder: Path, meta: Mapping[str, Any]) -> Network:
    np = _numpy()

    def read(name: str, dtype: str, count: int | None) -> Any:
        array = np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
        if array.dtype != np.dtype(dtype) or array.ndim != 1 or count not in (None, len(array)):
            raise ValueError(f"{name}.npy does not fit")
        # the plain array over the same memory: a memmap is slow to slice
        return array.view(np.ndarray)

    roles, edges = int(meta["roles"]), int(meta["edges"])
    sizes = {"ranks": roles, "indptr": roles + 1}
    arrays: dict[str, Any] = {
        n: read(n, dtype, sizes.get(n, edges)) for n, dtype in _ARRAYS.items()
    }
    strings: dict[str, Any] = {}
    for name in _STRINGS:
        count = edges if name == "claims" else roles
        s = Strings(read(name, "|u1", None), read(f"{name}-offsets", "<i8", count + 1))
        if s.offsets[0] != 0 or s.offsets[-1] != len(s.blob):
            raise ValueError(f"{name}.npy does not fit")
        strings[name] = s
    rows, targets = arrays["indptr"], arrays["indices"]
    if rows[0] != 0 or rows[-1] != edges or (np.diff(rows) < 0).any():
        raise ValueError("indptr.npy does not fit")
    # compiled code follows these without looking
    if edges and (
        targets.min() < 0
        or targets.max() >= roles
        or arrays["kind"].max() >= len(KINDS)
        or arrays["type"].max() >= len(TYPES)
    ):
        raise ValueError("indices.npy does not fit")
    return Network(**strings, **arrays, skipped=int(meta["skipped"]))


# --- searching


_Wanted: TypeAlias = tuple[tuple[bool, ...], tuple[bool, ...], float | None]
"""Kinds and types that may be used, and the least value of what a measure suggests."""


@dataclass(frozen=True, slots=True, eq=False)
class _View:
    """The edges that a search may use, the best one for each pair of roles, with weights.

    Positions count these edges, by source and target.
    """

    n: int
    indptr: Ints
    tails: Ints
    heads: Ints
    edges: Ints
    price: Ints
    step: Ints
    weight: Floats
    unit: float | None  # the weight, where all are equal
    base: int  # weight // base is the cost
    back_indptr: Ints
    back_tails: Ints
    back_weight: Floats

    def steps(self, weights: Floats) -> Ints:
        """Career steps in sums of weights."""
        return (weights // (self.base // self.n) % self.n).astype("int64")


def _wanted(
    network: Network,
    kinds: Sequence[str] | None,
    types: Sequence[str] | None,
    mappings: bool,
    min_value: float | None,
) -> _Wanted:
    k = routing.checked_names(kinds, EVIDENCE_KINDS, "kind of evidence")
    t = routing.wanted_types(types, mappings)
    allowed = tuple(kinds is None or x in k for x in KINDS), tuple(x in t for x in TYPES)
    return *allowed, min_value


def _selected(network: Network, wanted: _Wanted) -> Ints:
    np = _numpy()
    kinds, types = map(np.array, wanted[:2])
    keep = kinds[network.kind] & types[network.type]
    if wanted[2] is not None:
        keep &= ~(network.value < wanted[2])  # what has no value was not computed, and stays
    return np.flatnonzero(keep)  # type: ignore[no-any-return]


def _view(network: Network, cost: str, wanted: _Wanted) -> _View | None:
    """Give the view of a network, kept for the next search; None if weights would not be exact."""
    key = cost, wanted
    if (view := network._views.get(key)) is None:
        view = _make_view(network, cost, _selected(network, wanted))
        if view is None:
            return None
        while len(network._views) >= _VIEWS:
            network._views.pop(next(iter(network._views)), None)
        network._views[key] = view
    return view


def _make_view(network: Network, cost: str, edges: Ints) -> _View | None:
    np = _numpy()
    try:
        from scipy.sparse import csr_array
    except ImportError:
        raise _needs("scipy") from None
    n = len(network.roles)
    all_tails = np.repeat(np.arange(n, dtype=np.int32), np.diff(network.indptr))
    edges = edges[all_tails[edges] != network.indices[edges]]
    tails, heads = all_tails[edges], network.indices[edges]
    step = (network.type[edges] != _MAPPING).astype(np.int64)
    price = step if cost == "steps" else network.new_skills[edges] * step
    if len(edges):
        new = np.r_[True, (tails[1:] != tails[:-1]) | (heads[1:] != heads[:-1])]
        if not new.all():
            starts = np.flatnonzero(new)
            group = np.cumsum(new) - 1
            worth = price * 2 + step
            best = np.flatnonzero(worth == np.minimum.reduceat(worth, starts)[group])
            group = group[best]
            keep = best[np.r_[True, group[1:] != group[:-1]]]
            edges, tails, heads = edges[keep], tails[keep], heads[keep]
            step, price = step[keep], price[keep]
    crossings = bool((step == 0).any())
    base = n * n if crossings else n
    if (int(price.max(initial=0)) * base + base) * n >= _EXACT:
        return None
    weight = (price * base + (step * n if crossings else 0) + 1).astype(np.float64)
    indptr = np.zeros(n + 1, np.int32)
    np.cumsum(np.bincount(tails, minlength=n), out=indptr[1:])
    back = csr_array((np.arange(len(edges)), heads, indptr), shape=(n, n)).tocsc()
    order = back.data
    unit = float(weight[0]) if len(weight) and (weight == weight[0]).all() else None
    return _View(
        n, indptr, tails, heads, edges, price, step, weight, unit, base,
        back.indptr, back.indices, weight[order],
    )  # fmt: skip


def _spread(indptr: Ints, nodes: Ints) -> Ints:
    """Positions of all edges in the rows of some nodes."""
    np = _numpy()
    starts, counts = indptr[nodes], indptr[nodes + 1] - indptr[nodes]
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    return np.repeat(starts - (ends - counts), counts) + np.arange(total)  # type: ignore[no-any-return]


def _distances(view: _View, start: int, *, back: bool, stop: int | None = None) -> Floats:
    """Least sums of weights from a node to all, or from all to it.

    With ``stop``, and equal weights, it ends where that node is reached; what lies farther away
    is infinite then.
    """
    np = _numpy()
    indptr, ends, weight = view.indptr, view.heads, view.weight
    if back:
        indptr, ends, weight = view.back_indptr, view.back_tails, view.back_weight
    if view.unit is None:
        return _dijkstra(view.n, indptr, ends, weight, start)
    far = np.full(view.n, np.inf)
    far[start] = level = 0.0
    near = None
    if stop is not None:
        here = view.indptr if back else view.back_indptr
        near = (view.heads if back else view.back_tails)[here[stop] : here[stop + 1]]
    front = np.array([start])
    while len(front):
        # its own neighbours tell that it comes next, without the next layer being laid out
        if near is not None and (far[near] == level).any():
            far[stop] = level + view.unit
            break
        level += view.unit
        fresh = np.zeros(view.n, bool)
        fresh[ends[_spread(indptr, front)]] = True
        fresh &= np.isinf(far)
        front = np.flatnonzero(fresh)
        far[front] = level
    return far  # type: ignore[no-any-return]


def _dijkstra(n: int, indptr: Ints, ends: Ints, weight: Floats, start: int) -> Floats:
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    graph = csr_array((weight, ends, indptr), shape=(n, n))
    return dijkstra(graph, directed=True, indices=start)  # type: ignore[no-any-return]


_Way: TypeAlias = tuple[int, ...]


def _search(
    view: _View,
    ranks: Ints,
    to: Floats,
    start: int,
    target: int,
    barred: frozenset[int] = frozenset(),
    banned: frozenset[int] = frozenset(),
) -> _Way | None:
    """Find the best way to a target: positions of edges.

    ``to`` is the least weight from each node to the target, which steers the search. ``barred``
    nodes are not to be entered, ``banned`` ones not right after the start. Rows are laid out only
    as far as the sum of weights asks for it.
    """
    np = _numpy()
    heap: list[tuple[float, _Way, _Way, int, float, float, _Way]] = []
    heappush(heap, (float(to[start]), (), (), start, 0.0, -1.0, ()))
    settled: set[int] = set()
    while heap:
        bound, labels, names, node, gone, done, way = heappop(heap)
        if done < 0:
            if node in settled:
                continue
            settled.add(node)
            if node == target:
                return way
        low, high = view.indptr[node], view.indptr[node + 1]
        total = gone + view.weight[low:high] + to[view.heads[low:high]]
        for i in np.flatnonzero((total <= bound) & (total > done)).tolist():
            head = int(view.heads[low + i])
            if head in barred or head in settled or (node == start and head in banned):
                continue
            heappush(
                heap,
                (bound, (*labels, int(ranks[head])), (*names, head), head,
                 gone + float(view.weight[low + i]), -1.0, (*way, int(low) + i)),
            )  # fmt: skip
        rest = total[(total > bound) & np.isfinite(total)]
        if len(rest):
            heappush(heap, (float(rest.min()), labels, names, node, gone, bound, way))
    return None


def _ways(
    view: _View, ranks: Ints, to: Floats, start: int, target: int, k: int, limit: float
) -> list[_Way]:
    """Find the k best ways that visit no node twice and weigh no more than a limit.

    The ways left to be found are parted by where they leave one that was found, and each part is
    searched only when its lower bound is the least of all.
    """
    first = _search(view, ranks, to, start, target)
    if first is None:
        return []

    def nodes(way: _Way) -> list[int]:
        return [start, *view.heads[list(way)].tolist()]

    def entry(way: _Way, fixed: int, banned: frozenset[int]) -> tuple[Any, ...]:
        # exact ones come after parts with as low a bound, which may hold something better
        stops = nodes(way)[1:]
        labels = tuple(ranks[stops].tolist())
        return float(view.weight[list(way)].sum()), 1, labels, tuple(stops), way, fixed, banned

    heap: list[tuple[Any, ...]] = [entry(first, 0, frozenset())]
    found: list[_Way] = []
    serial = 0
    while heap:
        item = heappop(heap)
        if item[0] > limit:
            break
        way, fixed, banned = item[4:]
        if item[1] == 0:
            stops = nodes(way)
            rest = _search(view, ranks, to, stops[-1], target, frozenset(stops[:-1]), banned)
            if rest is not None:
                heappush(heap, entry((*way, *rest), fixed, banned))
            continue
        found.append(way)
        if len(found) == k:
            break
        stops = nodes(way)
        for i in range(fixed, len(way)):
            bans = frozenset({*(banned if i == fixed else ()), stops[i + 1]})
            low, high = view.indptr[stops[i]], view.indptr[stops[i] + 1]
            heads = view.heads[low:high]
            total = view.weight[low:high] + to[heads]
            for other in (*bans, *stops[:i]):
                total[heads == other] = math.inf
            if (least := float(total.min(initial=math.inf))) < math.inf:
                serial += 1
                bound = float(view.weight[list(way[:i])].sum()) + least
                heappush(heap, (bound, 0, (), (serial,), way[:i], i, bans))
    return found


def _priced(view: _View, network: Network, ways: Sequence[_Way], legs: Legs | None) -> Any:
    edges = [[int(view.edges[p]) for p in way] for way in ways]
    several = list(dict.fromkeys(e for way in edges for e in way))
    read = dict(zip(several, (legs or network.legs)(several), strict=True)) if several else {}
    return [
        [(read[e], int(view.price[p])) for e, p in zip(es, way, strict=True)]
        for es, way in zip(edges, ways, strict=True)
    ]


def _plainly(
    network: Network,
    cost: Cost,
    wanted: _Wanted,
    legs: Legs | None,
) -> tuple[Sequence[Leg], Cost]:
    """Everything as objects: for costs that are functions, and for weights that are too large."""
    edges = _selected(network, wanted).tolist()
    all_legs = (legs or network.legs)(edges)
    if callable(cost) or cost == "steps":
        return all_legs, cost
    new = {
        (leg.ends, leg.transition.iri): int(network.new_skills[e])
        for e, leg in zip(edges, all_legs, strict=True)
    }
    return all_legs, lambda leg: new[leg.ends, leg.transition.iri]


def _all_roles(network: Network) -> dict[str, Role]:
    return {r.iri: r for r in map(network.role, range(len(network.roles)))}


def _no_route(network: Network, view: _View, a: int, b: int) -> NoRouteError:
    np = _numpy()

    def labels(start: int, back: bool) -> list[str]:
        there = np.flatnonzero(np.isfinite(_distances(view, start, back=back)))
        return [network.labels[i] for i in there.tolist() if i != start]

    ends = network.role(a), network.role(b)
    return NoRouteError(routing.no_route(*ends, labels(a, False), labels(b, True)))


def shortest(
    network: Network,
    source: str,
    target: str,
    cost: Cost = "steps",
    *,
    kinds: Sequence[str] | None = None,
    types: Sequence[str] | None = None,
    mappings: bool = False,
    min_value: float | None = None,
    legs: Legs | None = None,
) -> list[tuple[Leg, float]]:
    """Find the route of least cost; the same as :func:`rolegraph.routing.shortest` finds.

    Parameters
    ----------
    network : Network
    source, target : str
        IRIs of roles.
    cost : str or callable
        See :data:`rolegraph.routing.Cost`. A function has to see every leg, so all of them are
        read first: that takes time and memory in proportion to the network.
    kinds, types, mappings, min_value
        As for :func:`rolegraph.routing.choose`.
    legs : callable, optional
        Reads the transitions of edges in full, from a store; called once, with the edges of the
        route (with all edges, if the cost is a function). Without it legs have no evidence and no
        skills.

    Returns
    -------
    list of (Leg, float)
        The legs in order, with what each costs. Empty when source and target are the same.

    Raises
    ------
    NotFoundError
        If a role is not in the network.
    NoRouteError, CostError, ValueError
        As for :func:`rolegraph.routing.shortest` and :func:`rolegraph.routing.choose`.
    """
    return _best(network, source, target, None, cost, (kinds, types, mappings, min_value), legs)[0]


def k_best(
    network: Network,
    source: str,
    target: str,
    k: int,
    cost: Cost = "steps",
    *,
    kinds: Sequence[str] | None = None,
    types: Sequence[str] | None = None,
    mappings: bool = False,
    min_value: float | None = None,
    legs: Legs | None = None,
) -> list[list[tuple[Leg, float]]]:
    """Find the k routes of least cost that visit no role twice.

    Parameters
    ----------
    network, source, target, cost, kinds, types, mappings, min_value, legs
        As for :func:`shortest`.
    k : int
        How many at most, at least 1.

    Returns
    -------
    list of list of (Leg, float)
        The same, in the same order, as :func:`rolegraph.routing.k_best` finds.

    Raises
    ------
    NotFoundError, NoRouteError, CostError
        As for :func:`shortest`.
    ValueError
        If k is below 1, or a kind or type is not known.
    """
    routing.check_count(k)
    return _best(network, source, target, int(k), cost, (kinds, types, mappings, min_value), legs)


_Filters: TypeAlias = tuple[Sequence[str] | None, Sequence[str] | None, bool, float | None]


def _best(
    network: Network,
    source: str,
    target: str,
    k: int | None,
    cost: Cost,
    filters: _Filters,
    legs: Legs | None,
) -> list[list[tuple[Leg, float]]]:
    np = _numpy()
    routing.check_cost(cost)
    wanted = _wanted(network, *filters)
    a, b = network.number(source), network.number(target)
    view = None if callable(cost) else _view(network, cost, wanted)
    if view is None:
        every, price = _plainly(network, cost, wanted, legs)
        roles, ends = _all_roles(network), (network.role(a), network.role(b))
        if k is None:
            return [routing.shortest(every, roles, *ends, price)]
        return routing.k_best(every, roles, *ends, k, price)
    if a == b:
        return [[]]
    to = _distances(view, b, back=True, stop=a)
    if not np.isfinite(to[a]):
        raise _no_route(network, view, a, b)
    many = k or 1
    # cut short, the distances are good for ways as short as the best; often there are enough
    ways = _ways(view, network.ranks, to, a, b, many, math.inf if view.unit is None else to[a])
    if len(ways) < many and view.unit is not None:
        to = _distances(view, b, back=True)
        ways = _ways(view, network.ranks, to, a, b, many, math.inf)
    return _priced(view, network, ways, legs)  # type: ignore[no-any-return]


def reach(
    network: Network,
    source: str,
    cost: Cost = "steps",
    max_steps: int | None = None,
    *,
    kinds: Sequence[str] | None = None,
    types: Sequence[str] | None = None,
    mappings: bool = False,
    min_value: float | None = None,
    legs: Legs | None = None,
    role: Callable[[str], Role] | None = None,
) -> tuple[Reached, ...]:
    """Find all roles that can be reached, each with its way of least cost.

    Parameters
    ----------
    network, source, cost, kinds, types, mappings, min_value, legs
        As for :func:`shortest`; ``legs`` is only used if the cost is a function.
    max_steps : int, optional
        Leave out roles that take more career steps than this, whatever they cost.
    role : callable, optional
        Gives a role in full for an IRI; without it roles have IRI and label only.

    Returns
    -------
    tuple of Reached
        The same as :func:`rolegraph.routing.reach` finds: by cost, steps and label, without the
        source itself.

    Raises
    ------
    NotFoundError
        If the role is not in the network.
    CostError
    ValueError
        If ``max_steps`` is negative, or a kind or type is not known.
    """
    np = _numpy()
    routing.check_cost(cost)
    routing.check_limit(max_steps)
    wanted = _wanted(network, kinds, types, mappings, min_value)
    a = network.number(source)
    view = None if callable(cost) else _view(network, cost, wanted)
    if view is None:
        return _reach_plainly(network, a, cost, max_steps, wanted, legs, role)
    far = _distances(view, a, back=False)
    there = np.flatnonzero(np.isfinite(far))
    most = view.n if max_steps is None else max_steps
    steps = np.zeros(view.n, np.int64)
    steps[there] = view.steps(far[there])
    # by steps alone the least is the least there is; else a dearer way may take fewer steps
    layered = cost != "steps" and bool((steps[there] > most).any())
    if layered:
        tree = _layers(network, view, a, most, far)
        if tree is None:
            return _reach_plainly(network, a, cost, max_steps, wanted, legs, role)
    else:
        own = np.arange(view.n)
        parents = _parents(far, view.tails, view.heads, view.weight, view.n, network.ranks, own)
        ends = [i for i in there.tolist() if i != a and steps[i] <= most]
        tree = _Tree(ends, parents, own, _whole(far, view.base), steps)
    return _reached(network, a, tree, role)


def _reach_plainly(
    network: Network,
    start: int,
    cost: Cost,
    max_steps: int | None,
    wanted: _Wanted,
    legs: Legs | None,
    role: Callable[[str], Role] | None,
) -> tuple[Reached, ...]:
    every, price = _plainly(network, cost, wanted, legs)
    found = routing.reach(every, _all_roles(network), network.role(start), price, max_steps)
    if role is None:
        return found
    full = lru_cache(maxsize=None)(role)
    return tuple(
        replace(r, role=full(r.role.iri), via=tuple(full(v.iri) for v in r.via)) for r in found
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Tree:
    """Best ways from one node: where they end, and the node before each.

    ``names`` says which role each node is, ``costs`` and ``steps`` what its way takes.
    """

    ends: list[int]
    parents: Ints
    names: Ints
    costs: Floats
    steps: Ints


def _reached(
    network: Network, start: int, tree: _Tree, role: Callable[[str], Role] | None
) -> tuple[Reached, ...]:
    known: dict[int, Role] = {}
    via: dict[int, tuple[Role, ...]] = {}

    def role_of(node: int) -> Role:
        name = int(tree.names[node])
        if name not in known:
            known[name] = role(network.roles[name]) if role else network.role(name)
        return known[name]

    def way(node: int) -> tuple[Role, ...]:
        stack = []
        while node not in via:
            stack.append(node)
            node = int(tree.parents[node])
            if node < 0:
                break
        before = via[node] if node >= 0 else ()
        for x in reversed(stack):
            before = via[x] = (*before, role_of(x))
        return before

    found = [Reached(role_of(i), int(tree.costs[i]), int(tree.steps[i]), way(i)) for i in tree.ends]
    ranks = network.ranks[tree.names[tree.ends]].tolist()
    names = tree.names[tree.ends].tolist()
    order = sorted(
        range(len(found)), key=lambda i: (found[i].cost, found[i].steps, ranks[i], names[i])
    )
    return tuple(found[i] for i in order)


def _parents(
    far: Floats, tails: Ints, heads: Ints, weight: Floats, base: int, ranks: Ints, names: Ints
) -> Ints:
    """Give each node's predecessor on its best way; -1 where there is none.

    Of the edges that lie on some way of least weight, leg by leg: ways of equal weight have
    equally many legs, so it is enough to compare the ranks of the ways so far, by labels first and
    by IRIs second, and to rank the ways that come of it.
    """
    np = _numpy()
    n = len(far)
    with np.errstate(invalid="ignore"):
        tight = np.flatnonzero(np.isfinite(far[tails]) & (far[tails] + weight == far[heads]))
    tails, heads = tails[tight], heads[tight]
    parents = np.full(n, -1, np.int64)
    by_labels, by_names = np.zeros(n, np.int64), np.zeros(n, np.int64)
    legs = (far[heads] % base).astype(np.int64)
    order = np.argsort(legs, kind="stable")
    most = int(legs.max(initial=0))
    bounds = np.searchsorted(legs[order], np.arange(1, most + 2))
    for low, high in pairwise(bounds.tolist()):
        some = order[low:high]
        if not len(some):
            continue
        t, h = tails[some], heads[some]
        by = np.lexsort((by_names[t], by_labels[t], h))
        t, h = t[by], h[by]
        first = np.r_[True, h[1:] != h[:-1]]
        t, h = t[first], h[first]
        parents[h] = t
        by_labels[h] = np.unique(by_labels[t] * n + ranks[h], return_inverse=True)[1]
        by_names[h] = np.unique(by_names[t] * n + names[h], return_inverse=True)[1]
    return parents  # type: ignore[no-any-return]


def _whole(weights: Floats, base: int) -> Floats:
    """Divide and round down; what is infinite stays so."""
    np = _numpy()
    ends = np.isfinite(weights)
    return np.where(ends, np.where(ends, weights, 0) // base, np.inf)  # type: ignore[no-any-return]


def _layers(network: Network, view: _View, start: int, most: int, far: Floats) -> _Tree | None:
    """Unroll the graph by career steps, since the cheapest way may take too many of them.

    Node ``i * n + v`` is role ``v`` after ``i`` steps; a mapping leads to a role of the same layer.
    """
    np = _numpy()
    n = view.n
    size = n * (most + 1)
    if (int(view.price.max(initial=0)) * most + 2) * size >= _EXACT or size >= 2**31:
        return None
    inside = np.flatnonzero(np.isfinite(far[view.tails]))
    nearest = _whole(_dijkstra(n, view.indptr, view.heads, view.step * float(n) + 1, start), n)
    tails, heads, weights = [], [], []
    for i in range(most + 1):
        use = inside[nearest[view.tails[inside]] <= i]
        if i == most:
            use = use[view.step[use] == 0]
        tails.append(view.tails[use].astype(np.int64) + i * n)
        heads.append(view.heads[use] + (i + view.step[use]) * n)
        weights.append(view.price[use] * float(size) + 1)
    t, h, w = np.concatenate(tails), np.concatenate(heads), np.concatenate(weights)
    order = np.argsort(t, kind="stable")
    t, h, w = t[order], h[order], w[order]
    indptr = np.zeros(size + 1, np.int32)
    np.cumsum(np.bincount(t, minlength=size), out=indptr[1:])
    reached = _dijkstra(size, indptr, h.astype(np.int32), w, start)
    names = np.tile(np.arange(n), most + 1)
    parents = _parents(reached, t, h, w, size, np.tile(network.ranks, most + 1), names)
    costs = _whole(reached, size)
    by_layer = costs.reshape(most + 1, n)
    layer = by_layer.argmin(axis=0)  # the first of equals: the fewest steps
    ends = [
        int(layer[v]) * n + v
        for v in np.flatnonzero(np.isfinite(by_layer.min(axis=0))).tolist()
        if v != start
    ]
    steps = np.repeat(np.arange(most + 1), n)
    return _Tree(ends, parents, names, costs, steps)
