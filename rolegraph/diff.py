"""What changed between two versions of a source: roles, skills, links and moves."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import pyoxigraph as ox

from rolegraph.errors import DataError, StoreError
from rolegraph.importing import draft_source
from rolegraph.progress import Progress
from rolegraph.shown import Told
from rolegraph.storage import MODEL, Storage
from rolegraph.vocab import RDF, RG, SKOS, curie

__all__ = ["Change", "Difference", "compare_facts", "compare_versions"]

_ROLES = frozenset((RG.Role, RG.Occupation))
_SKILLS = frozenset((RG.Skill, RG.Knowledge, RG.SoftSkill, RG.TechnicalSkill, RG.ManagementSkill))
_SHOWN = 20


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One thing that is not as it was.

    Attributes
    ----------
    what : str
        ``"role"``, ``"skill"``, ``"link"`` (a role's demand for a skill) or ``"move"`` (a
        transition; what it takes is not compared).
    change : str
        ``"added"``, ``"dropped"``, ``"renamed"`` or, of a link, ``"changed"`` (strength, level).
    label : str
        As it is now; for what is gone, as it was.
    before : str
        What it was called, or how much was asked, before; empty for what was added or dropped.
    iri : str
        Of the role or the skill; of the role for a link.
    """

    what: str
    change: str
    label: str
    before: str
    iri: str


@dataclass(frozen=True, slots=True)
class Difference(Told):
    """What changed between two versions.

    Attributes
    ----------
    old, new : str
        Names of the two.
    changes : tuple of Change
        By thing, change and label.
    """

    old: str
    new: str
    changes: tuple[Change, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Counts by thing and change, for example ``{"role added": 3}``."""
        found = Counter(f"{c.what} {c.change}" for c in self.changes)
        return dict(sorted(found.items()))

    def __str__(self) -> str:
        """The counts, and the first changes of each sort."""
        if not self.changes:
            return f"{self.old} and {self.new}: the same roles, skills, links and moves"
        lines = [f"{self.old} → {self.new}"]
        for name, count in self.counts.items():
            lines.append(f"{name}: {count:,}")
            some = [c for c in self.changes if f"{c.what} {c.change}" == name]
            for c in some[:_SHOWN]:
                lines.append(f"   {c.label}" + (f"   (was: {c.before})" if c.before else ""))
            if len(some) > _SHOWN:
                lines.append(f"   … {len(some) - _SHOWN:,} more (--format csv lists all)")
        return "\n".join(lines)


@dataclass(slots=True)
class _Version:
    roles: dict[str, str]
    skills: dict[str, str]
    links: dict[tuple[str, str], str]
    moves: set[tuple[str, str]]


def _read(lines: Iterable[bytes]) -> _Version:
    wanted = {RDF + "type", SKOS + "prefLabel", RG.isRequirementOf, RG.requiredSkill,
              RG.hasStrength, RG.requiredLevel, RG.fromRole, RG.toRole}  # fmt: skip
    marks = tuple(f" <{p}> ".encode() for p in wanted)
    kept = b"".join(line for line in lines if any(m in line for m in marks))
    kinds: dict[str, set[str]] = {}
    labels: dict[str, list[tuple[bool, str, str]]] = {}
    parts: dict[str, dict[str, str]] = {}
    for quad in ox.parse(input=kept, format=ox.RdfFormat.N_TRIPLES):
        s, p, o = quad.subject.value, quad.predicate.value, quad.object.value
        if p == RDF + "type":
            kinds.setdefault(s, set()).add(o)
        elif p == SKOS + "prefLabel":
            lang = quad.object.language or ""
            labels.setdefault(s, []).append((lang != "en", lang, o))
        elif p in wanted:
            parts.setdefault(s, {})[p] = o

    def named(classes: frozenset[str]) -> dict[str, str]:
        return {
            s: min(labels[s])[2] if s in labels else curie(s)
            for s, k in kinds.items() if k & classes
        }  # fmt: skip

    links, moves = {}, set[tuple[str, str]]()
    for claim in parts.values():
        if RG.fromRole in claim and RG.toRole in claim:
            moves.add((claim[RG.fromRole], claim[RG.toRole]))
        if RG.isRequirementOf in claim and RG.requiredSkill in claim:
            much = [claim[p].rpartition("#")[2].rpartition("/")[2]
                    for p in (RG.hasStrength, RG.requiredLevel) if p in claim]  # fmt: skip
            links[claim[RG.isRequirementOf], claim[RG.requiredSkill]] = ", ".join(much)
    return _Version(named(_ROLES), named(_SKILLS), links, moves)


def compare_facts(
    old: Iterable[bytes], new: Iterable[bytes], names: tuple[str, str] = ("old", "new")
) -> Difference:
    """Compare two versions given as N-Triples lines.

    Parameters
    ----------
    old, new : iterable of bytes
    names : (str, str)
        What to call the two.

    Returns
    -------
    Difference
    """
    a, b = _read(old), _read(new)
    out: list[Change] = []
    for what, was, now in (("role", a.roles, b.roles), ("skill", a.skills, b.skills)):
        out += [Change(what, "added", now[i], "", i) for i in now.keys() - was.keys()]
        out += [Change(what, "dropped", was[i], "", i) for i in was.keys() - now.keys()]
        out += [Change(what, "renamed", now[i], was[i], i)
                for i in now.keys() & was.keys() if now[i] != was[i]]  # fmt: skip

    def link(v: _Version, pair: tuple[str, str]) -> str:
        role, skill = pair
        return f"{v.roles.get(role, curie(role))}: {v.skills.get(skill, curie(skill))}"

    for pair in b.links.keys() - a.links.keys():
        out.append(Change("link", "added", link(b, pair), "", pair[0]))
    for pair in a.links.keys() - b.links.keys():
        out.append(Change("link", "dropped", link(a, pair), "", pair[0]))
    for pair in a.links.keys() & b.links.keys():
        if a.links[pair] != b.links[pair]:
            label = f"{link(b, pair)} ({b.links[pair] or 'not stated'})"
            out.append(Change("link", "changed", label, a.links[pair] or "not stated", pair[0]))

    def move(v: _Version, pair: tuple[str, str]) -> str:
        return " → ".join(v.roles.get(r, curie(r)) for r in pair)

    out += [Change("move", "added", move(b, m), "", m[0]) for m in b.moves - a.moves]
    out += [Change("move", "dropped", move(a, m), "", m[0]) for m in a.moves - b.moves]
    return Difference(*names, tuple(sorted(out)))


def compare_versions(
    old: str | PathLike[str],
    new: str | PathLike[str],
    *,
    source: str | None = None,
    kind: str | None = None,
    progress: Progress | None = None,
) -> Difference:
    """Compare two versions of a source, each in a store or as its own files.

    Parameters
    ----------
    old, new : str or path
        A store, or the files of a source.
    source : str, optional
        Key or name of the source, where a store holds several.
    kind : str, optional
        What the files are (:data:`rolegraph.importing.KINDS`), where they are no store.
    progress : callable, optional

    Returns
    -------
    Difference

    Raises
    ------
    DataError
        If files are given without their kind, or cannot be read.
    StoreError
        If a store does not hold the source, or holds several and none is named.
    """
    with (
        _facts(Path(old), source, kind, progress) as (a, a_name),
        _facts(Path(new), source, kind, progress) as (b, b_name),
    ):
        return compare_facts(a, b, (a_name, b_name))


@contextmanager
def _facts(
    path: Path, source: str | None, kind: str | None, progress: Progress | None
) -> Iterator[tuple[Iterator[bytes], str]]:
    if (path / "CURRENT").is_file():
        state = Storage(path).generation()
        own = [s for s in state.sources if s.key not in MODEL]
        if source is None and len(own) != 1:
            known = ", ".join(s.name for s in own) or "none"
            raise StoreError(f"{path}: name the source to compare; the store has {known}")
        found = state.source(source) if source is not None else own[0]
        yield state.facts(found), f"{found.name} in {path}"
        return
    if kind is None:
        raise DataError(f"{path}: no store; for the files of a source, say what they are (kind)")
    if not path.exists():
        raise DataError(f"{path}: no such file or folder")
    with tempfile.TemporaryDirectory() as folder:
        drafted, _ = draft_source(kind, Path(folder), [path], progress=progress)
        with drafted.facts.open("rb") as file:
            yield file, f"{drafted.about.name} from {path}"
