"""Which role asks for which skill, as arrays.

Measures over whole labour markets need numbers, not terms: :func:`read` takes the demands out of a
store once, :func:`save` and :func:`load` keep them beside it. What no source gives stays unknown
(0 for the strength, NaN for figures, None for groups and zones); nothing is filled in.

Examples
--------
>>> d = collect([Link("ex:b", "ex:plan"), Link("ex:a", "ex:plan", ESSENTIAL, level=2.0)])
>>> d.roles, d.skills, d.strength.tolist(), d.level.tolist()
(('ex:a', 'ex:b'), ('ex:plan',), [1, 0], [2.0, nan])
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

from rolegraph.errors import DataError, ExtraMissingError
from rolegraph.page import count
from rolegraph.vocab import RDF, RDFS, RG, SKOS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rolegraph.store import OxigraphStore

__all__ = [
    "BENEFICIAL",
    "ESSENTIAL",
    "NOT_STATED",
    "RECOMMENDED",
    "Demands",
    "Link",
    "collect",
    "load",
    "read",
    "save",
]

NOT_STATED, ESSENTIAL, RECOMMENDED, BENEFICIAL = range(4)
"""Codes of :attr:`Demands.strength`."""

_FILE = "demands.npz"
_FORMAT = 1
_CODES = frozenset((NOT_STATED, ESSENTIAL, RECOMMENDED, BENEFICIAL))
_STRENGTHS = {
    RG.essential: ESSENTIAL,
    RG.recommended: RECOMMENDED,
    RG.beneficial: BENEFICIAL,
}
# ESCO's skill groups of what people do, with two levels or more; its other branches (knowledge,
# languages, attitudes) are no activities
_ACTIVITY = re.compile(r"(S\d+\.\d+)(\.\d+)*")


class Link(NamedTuple):
    """One demand of a role for a skill, or one rating of a skill for a role.

    Attributes
    ----------
    role, skill : str
        IRIs.
    strength : int
        :data:`NOT_STATED`, :data:`ESSENTIAL`, :data:`RECOMMENDED` or :data:`BENEFICIAL`.
    level : float
        Level asked for, on the scale of the source; NaN when unknown.
    importance : float
        On the scale of the source; NaN when unknown.
    rating : bool
        Whether the source only rates the skill and does not ask for it.
    """

    role: str
    skill: str
    strength: int = NOT_STATED
    level: float = math.nan
    importance: float = math.nan
    rating: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Demands:
    """Demands of roles for skills; one row for each pair of a role and a skill.

    Made by :func:`collect`, :func:`read` or :func:`load`. The arrays are not to be written to.

    Attributes
    ----------
    roles : tuple of str
        IRIs of the roles that have a row, sorted. Roles with none are not here.
    skills : tuple of str
        IRIs of the skills, sorted.
    role, skill : array of int32
        Places in ``roles`` and ``skills``, one for each row; rows are sorted by role, then skill.
    strength : array of uint8
        0 not stated, 1 essential, 2 recommended, 3 beneficial.
    level : array of float32
        Level asked for: the rank of a proficiency level, or a value on the source's scale. NaN
        when unknown.
    importance : array of float32
        On the source's scale. NaN when unknown.
    rating : array of bool
        True where the source only rates the skill: that is no demand, and no measure counts it.
    group : tuple of (str or None)
        For each role, the innermost occupation group: its notation, or its IRI where it has none.
    broadest : tuple of str
        For each role, the topmost of the roles broader than it; itself when there is none.
    zone : tuple of (int or None)
        For each role, the rank of its job zone.
    activities : tuple of str
        Codes of kinds of work activity, sorted: the second level of ESCO's skill groups.
    activity : array of int32, shape (p, 2)
        Place of a skill, and of an activity that it belongs to.
    fingerprint : str
        SHA-256 over all of the above: equal if and only if the content is.
    """

    roles: tuple[str, ...]
    skills: tuple[str, ...]
    role: NDArray[np.int32]
    skill: NDArray[np.int32]
    strength: NDArray[np.uint8]
    level: NDArray[np.float32]
    importance: NDArray[np.float32]
    rating: NDArray[np.bool_]
    group: tuple[str | None, ...]
    broadest: tuple[str, ...]
    zone: tuple[int | None, ...]
    activities: tuple[str, ...]
    activity: NDArray[np.int32]
    fingerprint: str

    def __repr__(self) -> str:
        return (
            f"<Demands: {count(len(self.roles), 'role')}, {count(len(self.skills), 'skill')}, "
            f"{count(len(self.role))}, {self.fingerprint[:12]}>"
        )


def _numpy() -> Any:
    try:
        import numpy
    except ModuleNotFoundError as error:
        raise ExtraMissingError("numpy", "store") from error
    return numpy


def _larger(a: float, b: float) -> float:
    """Give the larger of two numbers of which either may be NaN."""
    return b if a != a or b > a else a


def _merged(
    links: Iterable[Link], place: Callable[[Link], int], rating: bool
) -> dict[int, tuple[int, float, float]]:
    """Put links of the same role and skill together, in any order with the same result."""
    found: dict[int, tuple[int, float, float]] = {}
    for link in links:
        if link.rating is not rating:
            continue
        key = place(link)
        old = found.get(key)
        if old is None:
            found[key] = link.strength, link.level, link.importance
            continue
        stated = [s for s in (old[0], link.strength) if s]
        found[key] = (
            min(stated, default=NOT_STATED),
            _larger(old[1], link.level),
            _larger(old[2], link.importance),
        )
    return found


def collect(
    links: Iterable[Link],
    *,
    group: Mapping[str, str] | None = None,
    broadest: Mapping[str, str] | None = None,
    zone: Mapping[str, int] | None = None,
    activities: Mapping[str, Iterable[str]] | None = None,
) -> Demands:
    """Make arrays of links.

    Parameters
    ----------
    links : iterable of Link
        In any order. Several of the same role and skill become one: with the strongest of the
        strengths stated, the highest level and the highest importance. A rating beside a demand
        only lends it a level or an importance that it lacks.
    group, broadest, zone : mapping, optional
        By IRI of the role; see :class:`Demands`.
    activities : mapping, optional
        By IRI of the skill: codes of work activities.

    Returns
    -------
    Demands

    Raises
    ------
    DataError
        If a strength is none of the four codes, or a level or an importance is infinite or
        negative.
    ExtraMissingError
        If numpy is not installed.
    """
    np = _numpy()
    links = list(links)
    for link in links:
        # NaN, for unknown, passes: it compares with nothing
        if link.strength not in _CODES or any(x < 0 or x == math.inf for x in link[3:5]):
            raise DataError(
                f"the demand of {link.role} for {link.skill} is {link[2:5]}; strength is 0 to 3, "
                "level and importance are 0 or more, or NaN when unknown"
            )
    roles = tuple(sorted({link.role for link in links}))
    skills = tuple(sorted({link.skill for link in links}))
    role_at = {iri: i for i, iri in enumerate(roles)}
    skill_at = {iri: i for i, iri in enumerate(skills)}

    def place(link: Link) -> int:
        return role_at[link.role] * len(skills) + skill_at[link.skill]

    asked = _merged(links, place, rating=False)
    rated = _merged(links, place, rating=True)
    keys = sorted({*asked, *rated})
    rows = []
    for key in keys:
        strength, level, importance = asked.get(key, (NOT_STATED, math.nan, math.nan))
        if key in rated:
            _, level_rated, importance_rated = rated[key]
            level = level_rated if level != level else level
            importance = importance_rated if importance != importance else importance
        rows.append((strength, level, importance, key not in asked))
    pairs = np.array(keys, dtype=np.int64)
    kinds = activities or {}
    done = sorted({(s, code) for s in skills for code in kinds.get(s, ())})
    codes = tuple(sorted({code for _, code in done}))
    code_at = {code: i for i, code in enumerate(codes)}
    return _seal(
        text={
            "roles": roles,
            "skills": skills,
            "group": tuple((group or {}).get(r) for r in roles),
            "broadest": tuple((broadest or {}).get(r, r) for r in roles),
            "zone": tuple((zone or {}).get(r) for r in roles),
            "activities": codes,
        },
        arrays={
            "role": (pairs // max(len(skills), 1)).astype(np.int32),
            "skill": (pairs % max(len(skills), 1)).astype(np.int32),
            "strength": np.array([r[0] for r in rows], dtype=np.uint8),
            "level": np.array([r[1] for r in rows], dtype=np.float32),
            "importance": np.array([r[2] for r in rows], dtype=np.float32),
            "rating": np.array([r[3] for r in rows], dtype=np.bool_),
            "activity": np.array(
                [(skill_at[s], code_at[c]) for s, c in done], dtype=np.int32
            ).reshape(-1, 2),
        },
    )


def _seal(text: dict[str, Any], arrays: dict[str, Any]) -> Demands:
    """Put the fingerprint to the content."""
    np = _numpy()
    digest = hashlib.sha256(json.dumps(text, sort_keys=True).encode())
    for name, array in sorted(arrays.items()):
        plain = array.astype(array.dtype.newbyteorder("<"))
        if plain.dtype.kind == "f":
            plain[np.isnan(plain)] = np.nan  # a NaN has many bit patterns
        digest.update(f"{name}{plain.shape}".encode() + plain.tobytes())
        array.flags.writeable = False
    return Demands(**text, **arrays, fingerprint=digest.hexdigest())


# --- out of a store


def read(engine: OxigraphStore, graph: str | None = None, *, ratings: bool = False) -> Demands:
    """Read the demands of all roles out of a store.

    Parameters
    ----------
    engine : OxigraphStore
        In memory or on disk.
    graph : str, optional
        IRI of a named graph: only the demands (and ratings) that it asserts. Groups, job zones and
        ranks are taken from the merge all the same.
    ratings : bool
        Whether to take skill ratings along; they stay marked as such.

    Returns
    -------
    Demands
        The innermost of several groups is the one that none of the others stands in; of several
        such, the one with the longest notation. A role without a group has that of the nearest
        role broader than it. A skill without a group of its own has the activities of the skills
        broader than it. Where levels of one skill come both as ranks of proficiency levels and as
        values, only the ranks are kept: they are two scales.

    Raises
    ------
    DataError
        If a figure in the store is not a number.
    ExtraMissingError
        If numpy is not installed.

    Notes
    -----
    Getting a term's text out of a store on disk is what takes the time, so the joins are left to
    the engine and every role and every value is written once for all its skills. The inner SELECTs
    make Oxigraph join by hashing instead of looking up each claim: about seven times as fast.
    """
    raw = engine.raw
    known = _roles(raw)
    ranks = _numbers(raw, RG.rank)
    links: list[Link] = []
    for of, what, rating in (
        (RG.isRequirementOf, RG.requiredSkill, False),
        (RG.ratesRole, RG.ratesSkill, True),
    )[: 2 if ratings else 1]:
        for value, role, skill in _rows(raw, graph, of, what, RG.hasStrength, optional=True):
            if role in known:
                links.append(Link(role, skill, _STRENGTHS.get(value, NOT_STATED), rating=rating))
        ranked = [
            (role, skill, ranks[value])
            for value, role, skill in _rows(raw, graph, of, what, RG.requiredLevel)
            if role in known and value in ranks
        ]
        with_rank = {skill for _, skill, _ in ranked}
        links += [Link(r, s, level=x, rating=rating) for r, s, x in ranked]
        links += [
            Link(role, skill, level=_number(value, RG.levelValue, role), rating=rating)
            for value, role, skill in _rows(raw, graph, of, what, RG.levelValue)
            if role in known and skill not in with_rank
        ]
        links += [
            Link(role, skill, importance=_number(value, RG.importance, role), rating=rating)
            for value, role, skill in _rows(raw, graph, of, what, RG.importance)
            if role in known
        ]
    up = _objects(raw, RG.broader)
    inside = _objects(raw, RG.inGroup)
    notation = {q.subject.value: q.object.value for q in _quads(raw, SKOS + "notation")}
    roles = {link.role for link in links}
    zones = {
        role: int(ranks[z])
        for role, found in _objects(raw, RG.inJobZone).items()
        if role in roles
        for z in sorted(found)
        if z in ranks
    }
    return collect(
        links,
        group=_groups(raw, roles, up, inside, notation),
        broadest={role: _top(role, up) for role in roles},
        zone=zones,
        activities=_activities({link.skill for link in links}, up, inside, notation),
    )


def _quads(raw: Any, predicate: str, value: str | None = None) -> Any:
    node = ox.NamedNode(value) if value else None
    return raw.quads_for_pattern(None, ox.NamedNode(predicate), node, ox.DefaultGraph())


def _objects(raw: Any, predicate: str) -> dict[str, set[str]]:
    """Give the IRIs that a property leads to, by IRI of the subject."""
    found: dict[str, set[str]] = defaultdict(set)
    for q in _quads(raw, predicate):
        found[q.subject.value].add(q.object.value)
    return dict(found)


def _number(text: str, prop: str, of: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise DataError(f"{prop} of {of} is {text!r}; it should be a number") from error


def _numbers(raw: Any, predicate: str) -> dict[str, float]:
    return {
        q.subject.value: _number(q.object.value, predicate, q.subject.value)
        for q in _quads(raw, predicate)
    }


def _roles(raw: Any) -> set[str]:
    """Give the IRIs of all roles: a demand can also be that of a transition."""
    classes = {RG.Role, RG.Occupation}
    below = defaultdict(set)
    for q in _quads(raw, RDFS + "subClassOf"):
        below[q.object.value].add(q.subject.value)
    todo = list(classes)
    while todo:
        new = below[todo.pop()] - classes
        classes |= new
        todo += new
    return {q.subject.value for c in sorted(classes) for q in _quads(raw, RDF + "type", c)}


def _rows(
    raw: Any, graph: str | None, of: str, what: str, prop: str, *, optional: bool = False
) -> Iterator[tuple[str, str, str]]:
    """Give value, role and skill of all claims with a value (or, if optional, also without)."""
    claims = f"""
        {{ SELECT ?r ?role {{ ?r <{of}> ?role }} }}
        {{ SELECT ?r ?skill {{ ?r <{what}> ?skill }} }}"""
    values = f"{{ SELECT ?r ?v {{ ?r <{prop}> ?v }} }}"
    # values first where they are a must: often there are none, and then there is nothing to join
    body = f"{claims} OPTIONAL {values}" if optional else f"{values} {claims}"
    query = f"""
        SELECT ?role (STR(?v) AS ?value)
            (GROUP_CONCAT(IF(isIRI(?skill), STR(?skill), ""); separator=" ") AS ?skills)
        {{ {body} }} GROUP BY ?role ?v"""
    where = ox.NamedNode(graph) if graph else None
    # as text: a Python object for each term would take most of the time
    lines = raw.query(query, default_graph=where).serialize(format=ox.QueryResultsFormat.TSV)
    for line in lines.decode().split("\n")[1:-1]:
        role, value, skills = line.split("\t")
        for skill in skills.strip('"').split():
            yield value.strip('"'), role[1:-1], skill


def _above(start: str, up: Mapping[str, set[str]]) -> Iterator[list[str]]:
    """Give what is broader, one step further each time; circles are walked once."""
    seen = {start}
    step = [start]
    while step:
        step = sorted({b for s in step for b in up.get(s, ())} - seen)
        seen.update(step)
        if step:
            yield step


def _top(role: str, up: Mapping[str, set[str]]) -> str:
    """Give the topmost broader role; the first by IRI of several."""
    steps = list(_above(role, up))
    return steps[-1][0] if steps else role


def _groups(
    raw: Any,
    roles: Iterable[str],
    up: Mapping[str, set[str]],
    inside: Mapping[str, set[str]],
    notation: Mapping[str, str],
) -> dict[str, str]:
    of_occupations = {q.subject.value for q in _quads(raw, RDF + "type", RG.OccupationGroup)}
    found: dict[str, str] = {}
    for role in roles:
        for step in ([role], *_above(role, up)):
            own = {g for r in step for g in inside.get(r, ()) if g in of_occupations}
            if own:
                around = {a for g in own for further in _above(g, up) for a in further}
                names = [notation.get(g, g) for g in (own - around or own)]
                found[role] = min(names, key=lambda n: (-len(n), n))
                break
    return found


def _activities(
    skills: Iterable[str],
    up: Mapping[str, set[str]],
    inside: Mapping[str, set[str]],
    notation: Mapping[str, str],
) -> dict[str, Sequence[str]]:
    found: dict[str, Sequence[str]] = {}
    for skill in skills:
        for step in ([skill], *_above(skill, up)):
            groups = {g for s in step for g in inside.get(s, ())}
            if groups:
                codes = (_ACTIVITY.fullmatch(notation.get(g, "")) for g in groups)
                found[skill] = sorted({m[1] for m in codes if m})
                break
    return found


# --- on disk


def save(demands: Demands, folder: Path) -> Path:
    """Write demands into a folder, whole or not at all.

    Parameters
    ----------
    demands : Demands
    folder : pathlib.Path
        Made if it is not there. What an earlier :func:`save` put there is replaced.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    OSError
        If the disk is full or the folder may not be written to; what was there is then unchanged.
    """
    np = _numpy()
    text, arrays = _parts(demands)
    text |= {"fingerprint": demands.fingerprint, "format": _FORMAT}
    arrays["text"] = np.frombuffer(json.dumps(text).encode(), dtype=np.uint8)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / _FILE
    handle, name = tempfile.mkstemp(dir=folder, prefix=f".{_FILE}.")
    try:
        with os.fdopen(handle, "wb") as out:
            np.savez(out, **arrays)
            out.flush()
            os.fsync(out.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
    return path


def load(folder: Path) -> Demands:
    """Read what :func:`save` wrote.

    Parameters
    ----------
    folder : pathlib.Path

    Returns
    -------
    Demands

    Raises
    ------
    DataError
        If there are no demands in the folder, or the file is damaged: its content no longer fits
        its fingerprint.
    ExtraMissingError
        If numpy is not installed.
    """
    np = _numpy()
    path = folder / _FILE
    again = "read the demands from the store again and save them"
    try:
        # numpy does not close what it opens itself when it is no zip
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        text = json.loads(arrays.pop("text").tobytes())
        stamp, form = text.pop("fingerprint"), text.pop("format")
        found = _seal({name: tuple(value) for name, value in text.items()}, arrays)
    except FileNotFoundError as error:
        raise DataError(f"{path}: no such file; {again}") from error
    except Exception as error:  # zipfile, json and numpy each have errors of their own
        raise DataError(f"{path}: not a file of demands, or damaged ({error}); {again}") from error
    if form != _FORMAT:
        raise DataError(f"{path}: written by another version of rolegraph; {again}")
    if found.fingerprint != stamp:
        raise DataError(f"{path}: damaged, it does not fit its fingerprint; {again}")
    return found


_TEXT = ("roles", "skills", "group", "broadest", "zone", "activities")
_ARRAYS = ("role", "skill", "strength", "level", "importance", "rating", "activity")


def _parts(demands: Demands) -> tuple[dict[str, Any], dict[str, Any]]:
    return {n: getattr(demands, n) for n in _TEXT}, {n: getattr(demands, n) for n in _ARRAYS}
