"""A store that lasts: a folder whose contents change all at once or not at all.

A store is a folder of *generations*. Each holds everything: the Oxigraph database, the facts of
every source as N-Triples, what was inferred, the names, the compiled network. A generation is
built beside the others and never changes once the file ``CURRENT`` names it; naming it is one
rename, which the file system does wholly or not at all. So a crash, a kill or a full disk leaves
the generation that was there, readers need no lock, and several processes can read while one
writes. The generation before the current one is kept, for readers that still have it open.

::

    careers/
        CURRENT                  the number of the generation to read
        lock, lock.json          who writes now
        generations/000003/
            manifest.json        sources with licence, counts and digests
            db/                  Oxigraph (RocksDB)
            sources/NAME.nt.gz   the facts of each source, as they were imported
            closure.npz          what the rules inferred, as numbers
            names.sqlite, network/, cache/
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import shutil
import socket
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pyoxigraph as ox

from rolegraph.closure import INFERRED, Rule, compile_rules
from rolegraph.errors import ExtraMissingError, StoreError, StoreLockedError
from rolegraph.faces import counted
from rolegraph.fixpoint import Facts, Inferred, fixpoint
from rolegraph.resources import ontology_path
from rolegraph.shown import Shown
from rolegraph.store import OxigraphStore, graph_name
from rolegraph.values import to_json
from rolegraph.vocab import GRAPHS, RDF

if TYPE_CHECKING:
    from rolegraph.page import Cell, Page
    from rolegraph.progress import Progress
    from rolegraph.shown import Entry

__all__ = [
    "MODEL",
    "Finish",
    "Generation",
    "NewSource",
    "Storage",
    "StoredSource",
    "digest_of",
    "loaded_sources",
    "rdf_source",
]

Finish: TypeAlias = Callable[[Path, OxigraphStore, tuple["StoredSource", ...], Facts], None]
FORMAT = 1
MODEL = ("rolegraph", "market")
"""Names of the sources that every store holds: the model."""
_SHIPPED_KINDS = {
    "rolegraph": "model", "market": "model", "article": "stated", "curated": "curated",
    "mappings": "curated", "alignments": "curated",
}  # fmt: skip
_TYPE = f"<{RDF}type>".encode()
_CHUNK = 4_000  # lines handed to the loader at a time
_FEW = 100_000  # triples that may be taken out one by one; from there on building anew is quicker


@dataclass(frozen=True, slots=True)
class StoredSource(Shown):
    """A source in a store.

    Attributes
    ----------
    name : str
        Key and version; the last part of its graph's IRI and the name of its file.
    key, version, title, licence, attribution, kind, homepage : str
        See :class:`rolegraph.importers.draft.SourceInfo`; the model's kind is ``"model"``.
    triples : int
        Different triples in its graph.
    digest : str
        SHA-256 of its facts; of the file, for an RDF file.
    axioms : bool
        Whether it may hold axioms: true of RDF files, false of tables.
    made : dict of str to int
        What the import made, by name.
    imported : str
        When, in UTC; of the import, not of the source.
    """

    _called = "source"
    _heads = ("source", "title", "kind", "triples", "licence", "attribution")

    name: str
    key: str
    version: str
    title: str
    licence: str
    attribution: str
    kind: str
    homepage: str = ""
    triples: int = 0
    digest: str = ""
    axioms: bool = False
    made: Mapping[str, int] | None = None
    imported: str = ""

    @property
    def graph(self) -> str:
        """IRI of the named graph."""
        return graph_name(self.name)

    def __str__(self) -> str:
        """Name, size and licence in a line."""
        return (
            f"{self.name}: {counted({'triples': self.triples})}; {self.licence}; {self.attribution}"
        )

    def _page(self) -> Page:
        from rolegraph.page import Code, Fields, Heading, Link, Page, Tag

        pairs: tuple[tuple[str, Cell], ...] = (
            ("name", Code(self.name)),
            ("version", self.version),
            ("kind", Tag(self.kind)),
            ("licence", self.licence or "not stated"),
            ("attribution", self.attribution),
            ("homepage", Link(self.homepage, self.homepage) if self.homepage else ""),
            ("triples", f"{self.triples:,}"),
            ("made", counted(self.made or {})),
            ("imported", self.imported),
            ("digest", Code(self.digest) if self.digest else ""),
        )
        return Page((Heading(self.title or self.name, "source"), Fields(pairs)))

    def _row(self, mixed: bool = False) -> Mapping[str, Entry]:
        from rolegraph.page import Tag

        return {
            "source": self.name,
            "title": self.title,
            "kind": Tag(self.kind),
            "triples": self.triples,
            "licence": self.licence or "not stated",
            "attribution": self.attribution,
        }


@dataclass(frozen=True, slots=True)
class NewSource:
    """Facts on their way into a store.

    Attributes
    ----------
    about : StoredSource
        With its digest; the count is filled in when it is stored.
    facts : pathlib.Path
        N-Triples, one on a line.
    """

    about: StoredSource
    facts: Path


@dataclass(frozen=True, slots=True)
class Generation:
    """One state of a store, complete and unchanging.

    Attributes
    ----------
    path : pathlib.Path
    number : int
    sources : tuple of StoredSource
        The model first, then in the order of their import.
    quads, inferred : int
        Quads in the database, and triples that rules inferred.
    """

    path: Path
    number: int
    sources: tuple[StoredSource, ...]
    quads: int
    inferred: int

    @property
    def database(self) -> Path:
        """Folder of the Oxigraph database."""
        return self.path / "db"

    @property
    def cache(self) -> Path:
        """Folder for what can be computed again."""
        return self.path / "cache"

    def facts(self, source: StoredSource) -> Iterator[bytes]:
        """Give a source's facts as N-Triples lines."""
        with gzip.open(self.path / "sources" / f"{source.name}.nt.gz", "rb") as file:
            yield from file

    def source(self, name: str) -> StoredSource:
        """Find a source by name, or by key where only one version is there.

        Raises
        ------
        StoreError
            If there is none, or several.
        """
        found = [s for s in self.sources if name in (s.name, s.key)]
        if len(found) != 1:
            known = ", ".join(s.name for s in self.sources)
            raise StoreError(f"{'no' if not found else 'more than one'} source {name!r}; "
                             f"the store has {known}")  # fmt: skip
        return found[0]

    def open(self) -> OxigraphStore:
        """Open the database for reading.

        Raises
        ------
        StoreError
            If it is damaged.
        """
        try:
            return OxigraphStore(ox.Store.read_only(str(self.database)))
        except (OSError, RuntimeError, ValueError) as error:
            raise StoreError(f"{self.database}: cannot be opened: {error}") from error


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


class Storage:
    """A store's folder.

    Parameters
    ----------
    path : path
        The folder; it need not be there yet.

    Raises
    ------
    StoreError
        If it is a file, or a folder with other things in it.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        if self.path.exists() and not self.path.is_dir():
            raise StoreError(f"{self.path}: not a folder")
        self._generations = self.path / "generations"
        self._pointer = self.path / "CURRENT"
        known = {"CURRENT", "CURRENT.tmp", "lock", "lock.json", "generations"}
        if self.path.is_dir() and (other := {p.name for p in self.path.iterdir()} - known):
            raise StoreError(
                f"{self.path}: not a rolegraph store: it holds {sorted(other)[0]!r}; "
                "name a folder of its own"
            )

    def current(self) -> Generation | None:
        """Give the present generation, or None where nothing was stored yet.

        Raises
        ------
        StoreError
            If it is of another format, or incomplete.
        """
        try:
            name = self._pointer.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise StoreError(f"{self._pointer}: cannot be read: {error}") from error
        return self._read(self._generations / name)

    def generation(self) -> Generation:
        """Give the present generation.

        Raises
        ------
        StoreError
            If there is none, too.
        """
        if (found := self.current()) is None:
            raise StoreError(
                f"{self.path}: no rolegraph store; make one with "
                f"rolegraph import … --into {self.path}"
            )
        return found

    def _read(self, path: Path) -> Generation:
        try:
            data = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
            if data["format"] != FORMAT:
                raise StoreError(
                    f"{self.path}: written in format {data['format']}, and this version of "
                    f"rolegraph reads {FORMAT}; import the sources anew into another folder"
                )
            sources = tuple(StoredSource(**s) for s in data["sources"])
            return Generation(path, data["generation"], sources, data["quads"], data["inferred"])
        except (OSError, KeyError, TypeError, ValueError) as error:
            if isinstance(error, StoreError):
                raise
            raise StoreError(f"{path}: damaged: {error}") from error

    # --- writing

    @contextmanager
    def writer(self, what: str) -> Iterator[None]:
        """Hold the writers' lock.

        Parameters
        ----------
        what : str
            What is being done, for whoever finds the lock taken.

        Raises
        ------
        StoreLockedError
            If somebody else holds it; the message says who.
        """
        try:
            import filelock
        except ImportError:
            raise ExtraMissingError("filelock", "store") from None
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{self.path}: cannot be made: {error.strerror}") from error
        lock = filelock.FileLock(self.path / "lock", timeout=0)
        note = self.path / "lock.json"
        try:
            lock.acquire()
        except filelock.Timeout:
            raise StoreLockedError(self.path, _holder(note)) from None
        except OSError as error:
            raise StoreError(f"{self.path}: cannot be written: {error.strerror}") from error
        try:
            who = {"pid": os.getpid(), "host": socket.gethostname(), "since": _now(), "what": what}
            note.write_text(json.dumps(who), encoding="utf-8")
            self._sweep()
            yield
        finally:
            note.unlink(missing_ok=True)
            lock.release()

    def _sweep(self) -> None:
        """Remove what a writer that was killed left behind, and generations nobody needs."""
        if not self._generations.is_dir():
            return
        current = self.current()
        keep = set() if current is None else {current.number, current.number - 1}
        for path in self._generations.iterdir():
            if not path.name.isdigit() or int(path.name) not in keep:
                shutil.rmtree(path, ignore_errors=True)

    def workspace(self) -> Path:
        """Make a folder for a new generation; call it while holding the lock."""
        folder = self._generations / f"new-{os.getpid()}-{time.time_ns()}"
        (folder / "sources").mkdir(parents=True)
        return folder

    def publish(self, folder: Path, generation: Generation) -> Generation:
        """Make a finished folder the present generation."""
        number = generation.number
        final = self._generations / f"{number:06}"
        manifest = {
            "format": FORMAT,
            "generation": number,
            "written": _now(),
            "quads": generation.quads,
            "inferred": generation.inferred,
            "sources": [_plain(s) for s in generation.sources],
        }
        (folder / "manifest.json").write_text(
            json.dumps(manifest, indent=1, ensure_ascii=False), encoding="utf-8"
        )
        _sync(folder)
        folder.replace(final)
        scratch = self.path / "CURRENT.tmp"
        with scratch.open("w", encoding="utf-8") as file:
            file.write(final.name + "\n")
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(self._pointer)
        for place in (self._generations, self.path):
            _sync_folder(place)
        self._sweep()
        return self.generation()

    def change(
        self,
        new: Sequence[NewSource],
        *,
        drop: Iterable[str] = (),
        finish: Finish | None = None,
        progress: Progress | None = None,
        folder: Path,
    ) -> Generation:
        """Build a generation with sources added, replaced or taken out, and publish it.

        Call it while holding the lock.

        Parameters
        ----------
        new : sequence of NewSource
            Each takes the place of the source of the same key.
        drop : iterable of str
            Names of sources to take out.
        finish : callable, optional
            Builds what is derived from the database (names, network), given the folder, the
            open database, the sources and their facts as numbers.
        progress : Progress, optional
        folder : pathlib.Path
            The workspace. It is gone afterwards, whatever happens.

        Returns
        -------
        Generation
        """
        try:
            built = self._build(folder, list(new), set(drop), finish, progress)
            return self.publish(folder, built)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _build(
        self,
        folder: Path,
        new: list[NewSource],
        drop: set[str],
        finish: Finish | None,
        progress: Progress | None,
    ) -> Generation:
        previous = self.current()
        say = progress or _silent
        new = [*_model(folder, previous), *new]
        keys = {n.about.key for n in new}
        old = previous.sources if previous else ()
        kept = [s for s in old if s.key not in keys and s.name not in drop]
        say("storing facts", 0)
        stored = [_store_facts(folder, n) for n in new]
        for source in kept:
            name = f"{source.name}.nt.gz"
            _link(previous.path / "sources" / name, folder / "sources" / name)  # type: ignore[union-attr]
        sources = tuple(
            sorted((*kept, *stored), key=lambda s: (s.key not in MODEL, _place(s, old, stored)))
        )
        rules = _rules(folder, sources)
        here = replace(_NOWHERE, path=folder)
        facts = Facts(rules)
        for i, source in enumerate(sources):
            say("reading facts", i, len(sources))
            facts.read(here.facts(source))
        say("inferring", 0)
        inferred = fixpoint(facts, rules)
        _save_closure(folder, inferred, facts)
        grows = previous is not None and len(kept) == len(old)
        if grows and not any(s.axioms for s in stored):
            assert previous is not None
            count = _extend(folder, previous, stored, facts, inferred, say)
        else:
            count = _load(folder, sources, facts, inferred, say)
        number = (previous.number if previous else 0) + 1
        built = Generation(folder, number, sources, count, len(inferred))
        del inferred
        if finish is not None:
            finish(folder, built.open(), sources, facts)
        return built


_NOWHERE = Generation(Path(), 0, (), 0, 0)


def _silent(stage: str, done: int, total: int | None = None) -> None:
    """Say nothing."""


def _holder(note: Path) -> str:
    try:
        who = json.loads(note.read_text(encoding="utf-8"))
        return f"process {who['pid']} on {who['host']}, since {who['since']}: {who['what']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "a process that has not said its name yet"


def _plain(source: StoredSource) -> dict[str, Any]:
    plain: dict[str, Any] = to_json(source)
    return plain


def _place(s: StoredSource, old: Sequence[StoredSource], new: Sequence[StoredSource]) -> int:
    order = [o.key for o in old] + [n.key for n in new]
    return order.index(s.key)


def _model(folder: Path, previous: Generation | None) -> list[NewSource]:
    """Give the model's files where the store has none, or others."""
    known = {s.name: s.digest for s in previous.sources} if previous else {}
    out = []
    for name in MODEL:
        source = rdf_source(
            folder, ontology_path(f"{name}.ttl"), name, key=name, version="", kind="model"
        )
        if known.get(name) != source.about.digest:
            out.append(source)
        else:
            source.facts.unlink()
    return out


def rdf_source(
    folder: Path, path: Path, name: str, *, key: str, version: str, kind: str, **about: str
) -> NewSource:
    """Read an RDF file into facts.

    Parameters
    ----------
    folder : pathlib.Path
        Where to put the facts.
    path : pathlib.Path
        The RDF file.
    name : str
        Name of the graph.
    key, version, kind : str
        See :class:`StoredSource`.
    **about : str
        Its other fields; title and licence are read from the file where it gives them.

    Raises
    ------
    DataError
        If the file cannot be read.
    """
    scratch = OxigraphStore()
    count = scratch.load_file(path, graph_name(name))
    lines = sorted(scratch.ntriples([graph_name(name)]).splitlines(keepends=True))
    facts = folder / f"{name}.nt"
    facts.write_bytes(b"".join(lines))
    fields = {**_said_of_itself(scratch, graph_name(name), path.name), **about, "version": version}
    # blank nodes get new names with every reading: the file is what tells versions apart
    source = StoredSource(name, key, kind=kind, triples=count, digest=digest_of(path),
                          axioms=True, made={"triples": count}, **fields)  # fmt: skip
    return NewSource(source, facts)


def _said_of_itself(store: OxigraphStore, graph: str, name: str) -> dict[str, str]:
    """Give what a graph's ontology says of itself: version, title, licence, whom to name."""
    head = store.select(
        f"SELECT ?title ?licence ?creator ?version {{ GRAPH <{graph}> {{ ?o a owl:Ontology "
        "OPTIONAL { ?o dcterms:title ?title } OPTIONAL { ?o dcterms:license ?licence } "
        "OPTIONAL { ?o dcterms:creator ?creator } OPTIONAL { ?o owl:versionInfo ?version } } }", {},
    )[1]  # fmt: skip
    said = [c.value if c is not None else "" for c in head[0]] if head else [""] * 4
    return {"version": said[3], "title": said[0] or name, "licence": said[1] or "not stated",
            "attribution": said[2] or "not stated"}  # fmt: skip


def loaded_sources(store: OxigraphStore, graphs: Iterable[str]) -> tuple[StoredSource, ...]:
    """Give the sources of a graph in memory, by its named graphs.

    Parameters
    ----------
    store : OxigraphStore
    graphs : iterable of str
        IRIs of the named graphs of what was loaded, not of what was inferred.

    Returns
    -------
    tuple of StoredSource
        The model first, then what ships, then other files; without digest and time of import.

    Examples
    --------
    >>> import rolegraph as rg
    >>> [(s.name, s.kind) for s in rg.load().sources()]
    [('rolegraph', 'model'), ('article', 'stated'), ('curated', 'curated')]
    """
    out = []
    for graph in graphs:
        name = graph.removeprefix(GRAPHS)
        kind = _SHIPPED_KINDS.get(name, "as each claim says")
        count = sum(1 for _ in store.raw.quads_for_pattern(None, None, None, ox.NamedNode(graph)))
        fields = _said_of_itself(store, graph, name)
        out.append(StoredSource(name, name, kind=kind, triples=count, axioms=True,
                                made={"triples": count}, **fields))  # fmt: skip
    order = list(_SHIPPED_KINDS)
    return tuple(sorted(out, key=lambda s: order.index(s.name) if s.name in order else len(order)))


def digest_of(path: Path) -> str:
    """Give the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _store_facts(folder: Path, new: NewSource) -> StoredSource:
    """Keep a source's facts, packed, and count them."""
    seen = set[int]()
    target = folder / "sources" / f"{new.about.name}.nt.gz"
    with (
        new.facts.open("rb") as source,
        target.open("xb") as raw,
        # no name and no time inside: the same facts make the same file
        gzip.GzipFile("", "wb", compresslevel=1, fileobj=raw, mtime=0) as packed,
    ):
        while lines := source.readlines(1 << 22):
            packed.write(b"".join(lines))
            seen.update(map(hash, lines))
    new.facts.unlink()
    return replace(new.about, triples=len(seen), imported=_now())


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without links
        shutil.copy2(source, target)


def _rules(folder: Path, sources: Sequence[StoredSource]) -> tuple[Rule, ...]:
    """Compile the axioms of the sources that may hold some."""
    scratch = OxigraphStore()
    for source in sources:
        if source.axioms:
            data = b"".join(replace(_NOWHERE, path=folder).facts(source))
            scratch.raw.bulk_load(input=data, format=ox.RdfFormat.N_TRIPLES)
    return compile_rules(scratch)[0]


class _Lines(io.RawIOBase):
    """Lines made on the way, as a file that a loader can read."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if not self._rest:
            self._rest = memoryview(b"".join(islice(self._lines, _CHUNK)))
        if size < 0:
            size = len(self._rest)
        out, self._rest = self._rest[:size], self._rest[size:]
        return bytes(out)


def _twice(lines: Iterable[bytes], graph: str) -> Iterator[bytes]:
    """Give each triple for the merge and for its graph."""
    end = f"<{graph}> .\n".encode()
    for line in lines:
        yield line
        yield line[:-2] + end


def _inferred_lines(facts: Facts, inferred: Mapping[tuple[str, str], Any]) -> Iterator[bytes]:
    terms = facts.terms
    for (rule, table), keys in inferred.items():
        end = f" <{INFERRED}{rule}> .\n".encode()
        cls = table.startswith("a ")
        middle = (b" " + _TYPE + b" " + table[2:].encode()) if cls else f" {table} ".encode()
        for key in keys.tolist():
            line = terms[key >> 32] + middle
            if not cls:
                line += terms[key & 0xFFFFFFFF]
            yield line + b" .\n"
            yield line + end


def _counted(
    lines: Iterator[bytes], say: Callable[[str, int, int | None], None], total: int | None
) -> Iterator[bytes]:
    for done, line in enumerate(lines):
        if done % 100_000 == 0:
            say("writing the database", done, total)
        yield line


def _bulk(store: ox.Store, lines: Iterator[bytes]) -> None:
    try:
        store.bulk_load(input=_Lines(lines), format=ox.RdfFormat.N_QUADS)  # type: ignore[arg-type]
    except SyntaxError as error:  # our own lines: never the reader's fault
        raise StoreError(f"the facts cannot be loaded: {error}") from error


def _load(
    folder: Path,
    sources: Sequence[StoredSource],
    facts: Facts,
    inferred: Inferred,
    say: Callable[[str, int, int | None], None],
) -> int:
    """Write a whole database; returns its count of quads."""
    store = ox.Store(str(folder / "db"))
    here = replace(_NOWHERE, path=folder)

    def lines() -> Iterator[bytes]:
        for source in sources:
            yield from _twice(here.facts(source), source.graph)
        yield from _inferred_lines(facts, inferred.tables)

    total = 2 * (sum(s.triples for s in sources) + len(inferred))
    _bulk(store, _counted(lines(), say, total))
    return _closed(store)


def _closed(store: ox.Store) -> int:
    store.flush()
    return len(store)


def _extend(
    folder: Path,
    previous: Generation,
    added: Sequence[StoredSource],
    facts: Facts,
    inferred: Inferred,
    say: Callable[[str, int, int | None], None],
) -> int:
    """Write a database that holds another one and more; returns its count of quads."""
    import numpy as np

    if (before := _old_closure(previous, facts)) is None:
        return _load(folder, [*previous.sources, *added], facts, inferred, say)
    gone: dict[tuple[str, str], Any] = {}
    come: dict[tuple[str, str], Any] = {}
    nothing = np.empty(0, dtype=np.int64)
    for key in sorted({*before, *inferred.tables}):
        was, now = before.get(key, nothing), inferred.tables.get(key, nothing)
        gone[key] = np.setdiff1d(was, now, assume_unique=True)
        come[key] = np.setdiff1d(now, was, assume_unique=True)
    if sum(map(len, gone.values())) > _FEW:
        return _load(folder, [*previous.sources, *added], facts, inferred, say)
    _copy_database(previous.database, folder / "db")
    store = ox.Store(str(folder / "db"))
    here = replace(_NOWHERE, path=folder)
    # an inferred triple that a source now asserts, or that another rule gives: it stays in the
    # merge and leaves its old rule's graph
    stale = list(_inferred_lines(facts, gone))[1::2]
    for quad in ox.parse(input=b"".join(stale), format=ox.RdfFormat.N_QUADS):
        store.remove(quad)

    def lines() -> Iterator[bytes]:
        for source in added:
            yield from _twice(here.facts(source), source.graph)
        yield from _inferred_lines(facts, come)

    total = 2 * (sum(s.triples for s in added) + sum(map(len, come.values())))
    _bulk(store, _counted(lines(), say, total))
    return _closed(store)


def _copy_database(source: Path, target: Path) -> None:
    """Copy a database that nobody writes to: its big files never change, so links will do."""
    target.mkdir()
    for path in source.iterdir():
        if path.name == "LOCK":
            continue
        if path.suffix == ".sst":
            _link(path, target / path.name)
        else:
            shutil.copy2(path, target / path.name)


def _save_closure(folder: Path, inferred: Inferred, facts: Facts) -> None:
    import numpy as np

    names = sorted(inferred.tables)
    arrays = {f"a{i}": inferred.tables[n] for i, n in enumerate(names)}
    heading = json.dumps([list(n) for n in names])
    # numbers mean something only beside the terms they number
    used = hashlib.sha256(b"\n".join(facts.terms)).hexdigest()
    arrays["terms"] = np.array([len(facts.terms)])
    with (folder / "closure.npz").open("xb") as file:
        np.savez(file, names=np.array(heading), digest=np.array(used), **arrays)  # type: ignore[arg-type]


def _old_closure(previous: Generation, facts: Facts) -> dict[tuple[str, str], Any] | None:
    """Give what the previous generation inferred, in the numbers of the present facts.

    Sources are read in the same order, so the old terms have the numbers they had; None where
    the digest says otherwise.
    """
    import numpy as np

    with np.load(previous.path / "closure.npz") as data:
        count = int(data["terms"][0])
        digest = hashlib.sha256(b"\n".join(facts.terms[:count])).hexdigest()
        if digest != str(data["digest"]):
            return None
        names = [tuple(n) for n in json.loads(str(data["names"]))]
        return {(a, b): data[f"a{i}"] for i, (a, b) in enumerate(names)}


def _sync(folder: Path) -> None:
    """Bring everything to the disk before it counts."""
    for place, _, files in os.walk(folder):
        for name in files:
            with suppress(OSError), (Path(place) / name).open("rb") as file:
                os.fsync(file.fileno())
        _sync_folder(Path(place))


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":
        return  # folders cannot be opened there
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
