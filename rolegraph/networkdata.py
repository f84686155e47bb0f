"""The transitions of a whole labour market as arrays: compiled from a store, and kept on disk.

A :class:`Network` holds the graph of roles and transitions in compressed rows of 32-bit numbers.
It is compiled from a store, kept in a folder beside it and mapped into memory when opened, so that
nothing is read before a search touches it. The searches are in :mod:`rolegraph.network`, which
passes on what is here.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rolegraph.errors import DataError, ExtraMissingError, NotFoundError
from rolegraph.faces import counted
from rolegraph.routes import MAPPING, Leg
from rolegraph.routing import EVIDENCE_KINDS, TRANSITION_TYPES
from rolegraph.values import Claim, Role, Skill, Transition
from rolegraph.vocab import RDFS, RG, SKOS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rolegraph.store import OxigraphStore

__all__ = ["FORMAT", "KINDS", "TYPES", "Network", "Strings", "compile", "open", "pack", "save"]

KINDS = (*EVIDENCE_KINDS, "unsourced")
"""What the numbers in :attr:`Network.kind` stand for."""
TYPES = (*TRANSITION_TYPES, MAPPING)
"""What the numbers in :attr:`Network.type` stand for."""
FORMAT = 1
"""Version of the form on disk; another one is stale."""

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
    _views: dict[Any, Any] = field(default_factory=dict, init=False, repr=False)
    _numbers: dict[str, int] = field(default_factory=dict, init=False, repr=False)
    _known: dict[int, Role] = field(default_factory=dict, init=False, repr=False)

    def __repr__(self) -> str:
        return f"<Network: {counted({'roles': len(self.roles), 'edges': len(self)})}>"

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
        found = self._numbers.get(iri)
        if found is None:
            found = self.roles.find(iri)
        if found is None:
            raise NotFoundError(iri, "role")
        return found

    def role(self, number: int) -> Role:
        """Give a role by number, with IRI and label only; the same object every time."""
        found = self._known.get(number)
        if found is None:
            found = Role(self.roles[number], self.labels[number], "role")
            found = self._known.setdefault(number, found)
        return found

    def ends(self, edge: int) -> tuple[int, int]:
        """Give the numbers of an edge's source and target."""
        # a number of the array's own type, or the whole array would be converted
        source = int(self.indptr.searchsorted(self.indptr.dtype.type(edge), "right")) - 1
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
        label = f"{a.label} to {b.label}"
        known = None if value != value else value
        return Leg(Transition(iri, label, TYPES[what], a, b, claim, value=known))

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
