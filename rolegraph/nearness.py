"""Roles near one another, by name: measures of similarity asked and kept through a graph."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rolegraph import demands as arrays
from rolegraph import ntriples as nt
from rolegraph import similarity
from rolegraph.demands import Demands
from rolegraph.errors import NotFoundError
from rolegraph.importers.draft import Draft, FileDraft, Report, SourceInfo
from rolegraph.importing import Imported, derived_key, put, stored_source
from rolegraph.lookup import Lookup
from rolegraph.progress import Progress
from rolegraph.shown import Shown
from rolegraph.similarity import Calibration, MeasureError, Pair
from rolegraph.storage import Generation, NewSource, StoredSource
from rolegraph.store import OxigraphStore
from rolegraph.values import Role
from rolegraph.vocab import BASE, RG

if TYPE_CHECKING:
    from rolegraph.page import Page
    from rolegraph.shown import Entry
    from rolegraph.similarity import Suggestions

__all__ = ["Near", "demands_of", "derive", "pair", "similar"]


@dataclass(frozen=True, slots=True)
class Near(Shown):
    """A role near another one: *inferred* by a measure.

    Attributes
    ----------
    role : Role
    value : float
        From 0 to 1.
    measure : str
    shared, missing : int
        How many skills that the role asks for the other one asks for too, and does not.
    """

    _called = "role"
    _heads = ("role", "skills shared", "not shared", "source", "kind")

    role: Role
    value: float
    measure: str
    shared: int
    missing: int

    @property
    def kind(self) -> str:
        """Kind of evidence."""
        return "inferred"

    def __str__(self) -> str:
        """Label, measure and value."""
        return f"{self.role}: {self.measure} {self.value:.3f} ({self.shared} shared)"

    def _page(self) -> Page:
        from rolegraph.page import Fields, Heading, Page, Tag

        pairs = (
            ("kind", Tag(self.kind)),
            (self.measure, f"{self.value:.3f}"),
            ("skills shared", str(self.shared)),
            ("not shared", str(self.missing)),
        )
        return Page((Heading(self.role.label, "a role near by"), Fields(pairs)))

    def _row(self, mixed: bool = False) -> Mapping[str, Entry]:
        from rolegraph.page import Tag

        return {
            "role": self.role.label,
            self.measure: round(self.value, 3),
            "skills shared": self.shared,
            "not shared": self.missing,
            "source": self.role.source,
            "kind": Tag(self.kind),
        }


def demands_of(store: OxigraphStore, generation: Generation | None, source: str | None) -> Demands:
    """Read what roles ask for, from the cache beside a store where it is there.

    Parameters
    ----------
    store : OxigraphStore
    generation : Generation or None
        Of a store on disk; a generation never changes, so neither does what is computed from it.
    source : str or None
        Name or key of an imported source; all of them when None.
    """
    graph = None
    if source is not None and generation is not None:
        about = generation.source(source)
        graph, source = about.graph, about.name
    if generation is None:
        return arrays.read(store)
    folder = generation.cache / f"demands-{source or 'all'}"
    if folder.is_dir():
        return arrays.load(folder)
    found = arrays.read(store, graph)
    _keep(found, folder)
    return found


def _keep(found: Demands, folder: Path) -> None:
    """Keep arrays for the next time; where the folder cannot be written they are not kept."""
    try:
        arrays.save(found, folder)
    except OSError:
        return


def _asked(demands: Demands, role: Role) -> int:
    try:
        return demands.roles.index(role.iri)
    except ValueError:
        raise NotFoundError(f"skills of {role.label}", "statement of the") from None


_KEPT = 20  # targets of every role that are kept beside a store


def similar(
    demands: Demands, index: Lookup, role: Role, *, k: int, measure: str, cache: Path | None = None
) -> tuple[Near, ...]:
    """Find the roles nearest to a role (:meth:`rolegraph.RoleGraph.similar`).

    With a folder for it, the best targets of all roles are computed once and kept there.
    """
    if k < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    place = _asked(demands, role)
    if cache is not None and k <= _KEPT:
        every = similarity.cached_top_k(cache, demands, measure, _KEPT)
        best = every.target[place][:k].tolist(), every.value[place][:k].tolist()
    else:
        found = similarity.top_k(demands, measure, k, rows=[place])
        best = found.target[0].tolist(), found.value[0].tolist()
    out = []
    for target, value in zip(*best, strict=True):
        if target < 0:
            break
        other = index.by_iri[demands.roles[target]]
        assert isinstance(other, Role)
        why = similarity.pair(demands, "overlap", role.iri, other.iri)
        out.append(Near(other, value, measure, len(why.shared), len(why.missing)))
    return tuple(out)


def pair(demands: Demands, a: Role, b: Role, measure: str) -> Pair:
    """Give a measure for two roles, with its reasons."""
    for role in (a, b):
        _asked(demands, role)
    return similarity.pair(demands, measure, a.iri, b.iri)


def derive(
    generation: Generation,
    source: StoredSource,
    demands: Demands,
    measure: str,
    *,
    threshold: float | None = None,
    k: int | None = None,
    zones_apart: int | None = 1,
    progress: Progress | None = None,
) -> Imported:
    """Keep suggested transitions (:meth:`rolegraph.RoleGraph.derive_transitions`)."""
    parameters: dict[str, Any] = {
        "source": source.name, "digest": source.digest, "k": k, "zones apart": zones_apart,
    }  # fmt: skip
    if threshold is None and (found := _calibrated(demands, measure, k)) is not None:
        threshold = found.threshold
        parameters["calibration"] = {
            "mean": found.mean, "standard deviation": found.sd, "groups": found.groups,
            "pairs": found.pairs, "rule": "mean of the groups less one standard deviation",
        }  # fmt: skip
    if measure == "combined":
        parts = similarity.components(demands)
        parameters["components"] = list(parts.used)
        parameters["absent"] = dict(parts.absent)
    pairs = similarity.suggest(demands, measure, threshold=threshold, k=k, zones_apart=zones_apart)
    info = SourceInfo(
        f"{derived_key(source.key)}{measure}", source.version,
        f"transitions suggested by {measure} over {source.name}", source.licence,
        f"computed by rolegraph from {source.name}; {source.attribution}", kind="inferred",
    )  # fmt: skip

    def draft(folder: Path, _: OxigraphStore | None) -> list[tuple[NewSource, Report]]:
        facts = folder / f"{info.name}.nt"
        with Draft(info, facts, progress) as out:
            _write(out, demands, pairs, measure, threshold, parameters)
        report = out.report()
        return [(stored_source(info, report, facts), report)]

    what = f"derive transitions of {source.name} by {measure}"
    return put(generation.path.parent.parent, draft, what, progress)


def _calibrated(demands: Demands, measure: str, k: int | None) -> Calibration | None:
    """Calibrate a threshold; with ``k`` to go by, it may be that there is nothing to do it with."""
    try:
        return similarity.calibrate(demands, measure)
    except MeasureError:
        if k is None or measure not in similarity.measures():
            raise
        return None


def _write(
    draft: Draft,
    demands: Demands,
    pairs: Suggestions,
    measure: str,
    threshold: float | None,
    parameters: dict[str, Any],
) -> None:
    run = nt.iri(f"{BASE}derivation/{draft.source.name}")
    draft.add(run, nt.A, f"<{RG.Derivation}>")
    draft.add(run, f"<{RG.measureName}>", nt.text(measure))
    draft.add(run, f"<{RG.parameters}>", nt.text(json.dumps(parameters, sort_keys=True)))
    if threshold is not None:
        draft.add(run, f"<{RG.threshold}>", nt.decimal(f"{threshold:.6f}"))
    evidence = FileDraft("derivation", run)
    names = [iri.rstrip("/").rpartition("/")[2] for iri in demands.roles]
    rows = zip(pairs.source.tolist(), pairs.target.tolist(), pairs.value.tolist(), strict=True)
    for done, (a, b, value) in enumerate(rows):
        draft.claim(
            f"{BASE}suggested/{draft.source.key}/{names[a]}.{names[b]}",
            RG.SuggestedTransition,
            [(RG.suggestedFrom, demands.roles[a]), (RG.suggestedTo, demands.roles[b])],
            file=evidence, row=None,
            values=[(RG.measureValue, nt.decimal(f"{value:.6f}"))],
        )  # fmt: skip
        if done % 5_000 == 0:
            draft.progress("suggesting", done, len(pairs))
    draft.made["suggested transitions"] = len(pairs)
