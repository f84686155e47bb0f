"""Bringing a source into a store: read, account, store, infer, index; all of it or nothing."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pyoxigraph as ox

from rolegraph.errors import DataError, RoleGraphError, StoreError
from rolegraph.faces import counted
from rolegraph.fixpoint import Facts
from rolegraph.importers.draft import Draft, FileReport, Report, SourceInfo
from rolegraph.progress import Progress
from rolegraph.resources import ontology_path
from rolegraph.shown import Told
from rolegraph.storage import (
    Finish,
    Generation,
    NewSource,
    Storage,
    StoredSource,
    digest_of,
    rdf_source,
)
from rolegraph.store import OxigraphStore
from rolegraph.vocab import RG

__all__ = [
    "KINDS",
    "Imported",
    "derived_key",
    "draft_source",
    "import_source",
    "index_store",
    "put",
    "remove_source",
    "stored_source",
]

KINDS = ("esco", "onet", "gdad", "table", "crosswalk", "article", "rdf")
"""What :func:`import_source` can read."""
ARTICLE = ("article", "curated", "mappings")


@dataclass(frozen=True, slots=True)
class Imported(Told):
    """What came of an import.

    Attributes
    ----------
    reports : tuple of Report
        One for each source: what was taken, and what was left out and why.
    sources : tuple of StoredSource
        As they are in the store now.
    changed : bool
        False where the store held the very same facts already.
    replaced : tuple of str
        Names of versions that gave way.
    generation, quads, inferred : int
        Of the store afterwards.
    seconds : float
        Wall-clock time.
    """

    reports: tuple[Report, ...]
    sources: tuple[StoredSource, ...]
    changed: bool
    replaced: tuple[str, ...]
    generation: int
    quads: int
    inferred: int
    seconds: float

    def __str__(self) -> str:
        """The account as text."""
        lines = [str(r) for r in self.reports]
        if not self.changed:
            lines.append("nothing changed: the store holds these very facts already")
        if self.replaced:
            lines.append(f"took the place of {', '.join(self.replaced)}")
        names = ", ".join(f"{s.name} ({counted({'triples': s.triples})})" for s in self.sources)
        lines.append(
            f"stored {names}; the store has {self.quads:,} quads, {self.inferred:,} triples of it "
            f"inferred; {self.seconds:.1f} s"
        )
        return "\n".join(lines)


def import_source(
    kind: str,
    *paths: str | PathLike[str],
    into: str | PathLike[str],
    version: str | None = None,
    progress: Progress | None = None,
    **options: Any,
) -> Imported:
    """Import a source into a store on disk, all of it or nothing.

    Parameters
    ----------
    kind : str
        ``"esco"``, ``"onet"``, ``"gdad"``, ``"crosswalk"`` (zips, folders or files as published),
        ``"table"`` (a framework of your own, see ``docs/own-ladder.md``), ``"article"`` (the
        facts that ship; no path) or ``"rdf"`` (any RDF file).
    *paths : str or path
        Files, folders or zips; several make one source.
    into : str or path
        The store's folder; it is made where it is missing.
    version : str, optional
        Where the files do not say it themselves.
    progress : callable, optional
        Is told how far the work has got (:class:`rolegraph.importers.draft.Progress`).
    **options
        Of the importer, for example ``mapping=`` of a table.

    Returns
    -------
    Imported

    Raises
    ------
    DataError
        If a file is missing, damaged or malformed; file and row are named.
    TableError
        If a table of your own has mistakes; all of them are named.
    StoreError, StoreLockedError
        If the store cannot be written, or somebody else is writing to it.
    ValueError
        If there is no such kind of source.
    """
    if kind not in KINDS:
        raise ValueError(f"no kind of source {kind!r}; known are {', '.join(KINDS)}")
    if not paths and kind != "article":
        raise ValueError(f"name the files or the folder of {kind}")
    files = [Path(p) for p in paths]
    for path in files:
        if not path.exists():
            raise DataError(f"{path}: no such file or folder")

    def draft(folder: Path, known: OxigraphStore | None) -> list[tuple[NewSource, Report]]:
        if kind == "article":
            return [_shipped(folder, name) for name in ARTICLE]
        if kind == "rdf":
            return [_rdf(folder, path, version, options) for path in files]
        return [draft_source(kind, folder, files, version=version, known=known,
                             progress=progress, options=options)]  # fmt: skip

    named = " ".join([kind, *(p.name for p in files)])
    return put(into, draft, f"import {named}", progress)


def put(
    into: str | PathLike[str],
    draft: Callable[[Path, OxigraphStore | None], list[tuple[NewSource, Report]]],
    what: str,
    progress: Progress | None = None,
) -> Imported:
    """Put drafted sources into a store.

    Parameters
    ----------
    into : str or path
        The store's folder.
    draft : callable
        Gets a folder to write facts in, and the store as it is (None where there is none yet);
        gives the sources.
    what : str
        What is being done, for whoever finds the store locked.
    progress : callable, optional

    Returns
    -------
    Imported
    """
    start = time.perf_counter()
    storage = Storage(into)
    with _no_trace(storage), storage.writer(what):
        before = storage.current()
        with _workspace(storage) as folder:
            known = before.open() if before else None
            drafted = draft(folder, known)
            del known
            new = [n for n, _ in drafted]
            old = {s.key: s for s in before.sources} if before else {}
            fresh = [
                n
                for n in new
                if n.about.key not in old
                or (old[n.about.key].name, old[n.about.key].digest)
                != (n.about.name, n.about.digest)
            ]
            now = before
            if fresh or before is None:
                gone = _derived(before, [n.about.key for n in fresh if n.about.key in old])
                now = storage.change(fresh, drop=gone, finish=index_store(progress),
                                     folder=folder, progress=progress)  # fmt: skip
        assert now is not None
        keys = [n.about.key for n in new]
        return Imported(
            tuple(r for _, r in drafted),
            tuple(s for s in now.sources if s.key in keys),
            bool(fresh),
            tuple(old[n.about.key].name for n in fresh
                  if n.about.key in old and old[n.about.key].name != n.about.name),
            now.number,
            now.quads,
            now.inferred,
            time.perf_counter() - start,
        )  # fmt: skip


def derived_key(key: str) -> str:
    """Give what the keys of the sources derived from a source start with."""
    return f"derived-{key}-"


def _derived(before: Generation | None, keys: Iterable[str]) -> list[str]:
    """Name what was derived from sources that are about to change."""
    starts = tuple(map(derived_key, keys))
    return [s.name for s in before.sources if s.key.startswith(starts)] if before else []


def remove_source(
    name: str, store: str | PathLike[str], *, progress: Progress | None = None
) -> StoredSource:
    """Take a source out of a store, with all that followed from it.

    Parameters
    ----------
    name : str
        Name (``"esco-1.1.1"``) or key (``"esco"``).
    store : str or path
    progress : callable, optional

    Returns
    -------
    StoredSource
        What was taken out.

    Raises
    ------
    StoreError, StoreLockedError
        If there is no such source, or the store cannot be written.
    """
    storage = Storage(store)
    with storage.writer(f"remove {name}"):
        gone = storage.generation().source(name)
        with _workspace(storage) as folder:
            names = [gone.name, *_derived(storage.current(), [gone.key])]
            storage.change([], drop=names, finish=index_store(progress), folder=folder,
                           progress=progress)  # fmt: skip
    return gone


@contextmanager
def _no_trace(storage: Storage) -> Iterator[None]:
    """Take a folder away again that was made for an import which then failed."""
    new = not storage.path.exists()
    try:
        yield
    except BaseException:
        if new and storage.current() is None:
            shutil.rmtree(storage.path, ignore_errors=True)
        raise


@contextmanager
def _workspace(storage: Storage) -> Iterator[Path]:
    folder = storage.workspace()
    try:
        yield folder
    except OSError as error:
        if isinstance(error, RoleGraphError):
            raise
        raise StoreError(
            f"{storage.path}: nothing was changed, the store could not be written: {error}"
        ) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def index_store(progress: Progress | None = None) -> Finish:
    """Give the function that builds what is derived from a database: names and network."""

    def finish(
        folder: Path, store: OxigraphStore, sources: tuple[StoredSource, ...], facts: Facts
    ) -> None:
        from rolegraph import names, network

        if progress is not None:
            progress("indexing names", 0)
        imported = {s.graph: s.name for s in sources if not s.axioms}
        names.build(folder / "names.sqlite", store, imported)
        if progress is not None:
            progress("compiling the network", 0)
        asked = facts.joined(RG.isRequirementOf, RG.requiredSkill)
        net = network.compile(
            store,
            choose_label=lambda labels: min(labels, key=names.by_language)[0],
            asked=((maker[1:-1], skill[1:-1]) for maker, skill in asked),
        )
        network.save(net, folder / "network", "")

    return finish


def stored_source(info: SourceInfo, report: Report, facts: Path) -> NewSource:
    """Describe drafted facts as a source to be stored."""
    about = StoredSource(
        info.name, info.key, info.version, info.title, info.licence, info.attribution, info.kind,
        info.homepage, digest=digest_of(facts), made=dict(report.made),
    )  # fmt: skip
    return NewSource(about, facts)


def draft_source(
    kind: str,
    folder: Path,
    files: list[Path],
    *,
    version: str | None = None,
    known: OxigraphStore | None = None,
    progress: Progress | None = None,
    options: Mapping[str, Any] = MappingProxyType({}),
) -> tuple[NewSource, Report]:
    """Read a source's files into facts, without a store.

    Parameters
    ----------
    kind : str
        One of :data:`KINDS`, but for ``"article"`` and ``"rdf"``.
    folder : pathlib.Path
        Where to write the facts.
    files : list of pathlib.Path
    version, progress, options
        As for :func:`import_source`.
    known : OxigraphStore, optional
        The store that the facts are meant for, to tell dangling references.

    Returns
    -------
    source : NewSource
    report : Report
    """
    from importlib import import_module
    from inspect import signature

    from rolegraph.archive import Archive

    module = import_module(f"rolegraph.importers.{kind}")
    extra = dict(options)
    accepted = [
        p.name for p in signature(module.read).parameters.values() if p.kind is p.KEYWORD_ONLY
    ]
    if wrong := sorted(set(extra) - set(accepted)):
        known_ones = ", ".join(sorted(set(accepted) - {"known"})) or "none"
        raise ValueError(f"no option {wrong[0]!r} for {kind}; known are {known_ones}")
    if kind == "table":
        if len(files) != 1:
            raise DataError("a table is one workbook, one YAML file or one folder of CSV files")
        if folder.parent.name == "generations" and "known" not in extra:
            extra["known"] = _named(folder.parent.parent)
        info = module.describe(files[0], mapping=extra.get("mapping"))
        if version is not None:
            info = replace(info, version=version)
        return _write(info, folder, progress, lambda d: module.read(d, files[0], **extra))
    if kind == "crosswalk":
        extra["known"] = _Known(known)
    with Archive.open(*files) as archive:
        info = module.describe(archive, version=version)
        return _write(info, folder, progress, lambda d: module.read(d, archive, **extra))


def _write(
    info: SourceInfo, folder: Path, progress: Progress | None, read: Callable[[Draft], None]
) -> tuple[NewSource, Report]:
    facts = folder / f"{info.name}.nt"
    with Draft(info, facts, progress) as draft:
        read(draft)
    report = draft.report()
    if any(f.rows for f in report.files) and not any(f.taken for f in report.files):
        why = {x.reason: x.examples for f in report.files for x in f.left_out}
        told = "; ".join(f"{reason}, for example {e[0]}" for reason, e in why.items() if e)
        raise DataError(
            f"{info.title}: not one row could be taken ({told}); "
            "import what it refers to first, and then this again"
        )
    return stored_source(info, report, facts), report


def _named(store: Path) -> Callable[[str, str], str | None]:
    """Give the function that finds what a store holds by label and kind."""
    from rolegraph.names import NameIndex
    from rolegraph.values import Certification, Concept, Role, Skill

    kinds = {"role": Role, "skill": Skill, "certification": Certification}
    state = Storage(store).current()
    index = NameIndex.open(state.path / "names.sqlite") if state is not None else None

    def find(name: str, kind: str) -> str | None:
        # what ships has no source to name it by
        name = name.removeprefix("article:")
        return None if index is None else index.find(name, kinds.get(kind, Concept)).iri

    return find


class _Known:
    """The IRIs that a store says anything of."""

    def __init__(self, store: OxigraphStore | None) -> None:
        self._store = store

    def __contains__(self, iri: object) -> bool:
        if self._store is None:
            return False
        found = self._store.raw.quads_for_pattern(
            ox.NamedNode(str(iri)), None, None, ox.DefaultGraph()
        )
        return next(iter(found), None) is not None


def _account(new: NewSource, file: str) -> Report:
    s = new.about
    info = SourceInfo(s.key, s.version, s.title, s.licence, s.attribution, s.kind, s.homepage)
    count = s.triples
    made = MappingProxyType({"triples": count})
    return Report(info, (FileReport(file, count, count),), made, triples=count)


def _shipped(folder: Path, name: str) -> tuple[NewSource, Report]:
    kind = "stated" if name == "article" else "curated"
    path = ontology_path(f"{name}.ttl")
    new = rdf_source(folder, path, name, key=name, version="", kind=kind)
    return new, _account(new, path.name)


def _rdf(
    folder: Path, path: Path, version: str | None, options: Mapping[str, Any]
) -> tuple[NewSource, Report]:
    key = "".join(c if c.isalnum() or c in "-_" else "-" for c in path.stem)
    name = f"{key}-{version}" if version else key
    about = {k: str(v) for k, v in options.items() if k in ("title", "licence", "attribution")}
    if wrong := set(options) - set(about):
        raise ValueError(f"no option {sorted(wrong)[0]!r} for an RDF file")
    kind = "as each claim says"
    new = rdf_source(folder, path, name, key=key, version=version or "", kind=kind, **about)
    return new, _account(new, path.name)
