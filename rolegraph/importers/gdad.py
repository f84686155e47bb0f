"""GDaD: the capability framework of the UK Government Digital and Data profession.

Two tables: ``roles.csv`` has a row for every skill that a level of a role asks for, and
``skills.csv`` one for every skill. The roles of the framework become ladders, their levels roles.

Which level comes before which is said nowhere: the rows are in alphabetical order. The order is
*inferred*, from grade words in the titles and from the proficiency asked; see
:func:`ladder_order`. Levels that cannot be told apart share a rank.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations, permutations
from types import MappingProxyType
from typing import Final

from rolegraph import ntriples as nt
from rolegraph.archive import Archive
from rolegraph.errors import DataError
from rolegraph.importers.draft import Draft, FileDraft, SourceInfo
from rolegraph.vocab import BASE, RG, SKOS

__all__ = ["GRADES", "PROFICIENCIES", "Order", "describe", "ladder_order", "read"]

GRADES: Final = (
    ("apprentice", "trainee"),
    ("associate",),
    ("junior",),
    (),
    ("senior",),
    ("lead",),
    ("principal",),
    ("chief", "head"),
)
"""Grade words from the lowest to the highest; the empty place is that of a title without one.

Associate stands below junior here: on each of the five ladders of the framework that have both, the
junior level asks for more.
"""
PROFICIENCIES: Final = ("awareness", "working", "practitioner", "expert")
"""Levels of proficiency, from the lowest to the highest."""

_BASE: Final = BASE + "gdad/"
_NOT_IN_USE: Final = "not in use"
_SIDE_TRACK: Final = re.compile(r"\s+[-\u2013]\s+management$", re.IGNORECASE)
_PLAIN: Final = GRADES.index(())
_TOP: Final = len(GRADES) - 1
_GRADE_OF: Final = {word: n for n, words in enumerate(GRADES) for word in words}
_ROLES: Final = ("Role Family", "Role", "Role Level", "Skill Name", "Skill Level")


def describe(archive: Archive, *, version: str | None = None) -> SourceInfo:
    """Say what the source is.

    Parameters
    ----------
    archive : Archive
        Not looked into: the files name no version.
    version : str, optional

    Returns
    -------
    SourceInfo
    """
    return SourceInfo(
        key="gdad",
        version=version or "",
        title="Government Digital and Data Profession Capability Framework",
        licence="https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        attribution="Contains public sector information licensed under the Open Government "
        "Licence v3.0.",
        homepage="https://ddat-capability-framework.service.gov.uk/",
    )


def read(draft: Draft, archive: Archive) -> None:
    """Read ``roles.csv``, and ``skills.csv`` where it is there.

    Parameters
    ----------
    draft : Draft
        What is written into.
    archive : Archive

    Raises
    ------
    DataError
        If ``roles.csv`` is not there, or a column that is needed is missing.
    """
    asked, idle = _roles(draft, archive)
    levels = _level_slugs(asked)
    skills = _skills(draft, archive, asked, idle)
    for n, name in enumerate(PROFICIENCIES, 1):
        iri = f"{_BASE}proficiency/{name}"
        draft.concept(iri, RG.ProficiencyLevel, [(name.capitalize(), "en")])
        draft.add(nt.iri(iri), f"<{RG.rank}>", nt.number(n))
    draft.made["proficiency levels"] = len(PROFICIENCIES)
    _concepts(draft, asked, levels)
    for ask in asked:
        level, skill = levels[ask.role, ask.level], skills[ask.skill]
        draft.requirement(
            f"{_BASE}requirement/{level}.{skill}",
            f"{_BASE}level/{level}",
            f"{_BASE}skill/{skill}",
            file=ask.file,
            row=ask.row,
            level=f"{_BASE}proficiency/{PROFICIENCIES[ask.proficiency - 1]}",
        )
    draft.made["skill requirements"] = len(asked)
    _ladders(draft, asked, levels)


# --- the order of a ladder


@dataclass(frozen=True, slots=True)
class Order:
    """The order of a ladder's levels.

    Attributes
    ----------
    ranks : mapping of str to int
        Rank by level, 1 for the lowest; equal where levels cannot be told apart.
    steps : tuple of (str, str)
        From a level to one that is known to come above it, one rank higher; sorted.
    overruled : tuple of (str, str)
        Pairs, lower level first, whose grade words say the contrary.
    """

    ranks: Mapping[str, int]
    steps: tuple[tuple[str, str], ...]
    overruled: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Title:
    """A title taken apart: what it is about, without its grade word, and its grade."""

    stem: str
    grade: int


def ladder_order(ladder: str, levels: Mapping[str, Mapping[str, int]]) -> Order:
    """Put the levels of a ladder in order, as far as titles and proficiency say.

    Of two levels with the same title but for the grade word (:data:`GRADES`), the one with the
    higher grade comes above, unless it asks for less of some shared skill and for more of none;
    then the proficiency decides. A head or a chief comes above all others whatever is asked:
    whoever leads a profession needs less of the craft. Of two levels with different titles, such
    as an analyst and a manager, or of one grade, one comes above the other only if it asks for at
    least as much of every shared skill and for more of some. A title that ends in "- management"
    is a side track: it takes the place of the title without that ending.

    Parameters
    ----------
    ladder : str
        Name of the ladder; grade words in it say nothing of its levels.
    levels : mapping of str to mapping of str to int
        For each level by its title, the proficiency asked by skill, 1 for the lowest.

    Returns
    -------
    Order
        The rank of a level is the length of the longest chain of levels up to it.

    Examples
    --------
    >>> order = ladder_order("Baker", {"Baker": {"baking": 2}, "Head of bakery": {"baking": 2}})
    >>> dict(order.ranks), order.steps
    ({'Baker': 1, 'Head of bakery': 2}, (('Baker', 'Head of bakery'),))
    """
    place = {t: b if (b := _SIDE_TRACK.sub("", t)) in levels else t for t in levels}
    titles = {t: _take_apart(t, ladder) for t in sorted(set(place.values()))}
    above: dict[str, set[str]] = {t: set() for t in titles}
    overruled = []
    for a, b in combinations(titles, 2):
        low, high, against = _compare(a, b, titles, levels)
        if low:
            above[low].add(high)
            if against:
                overruled.append((low, high))
    _close(above)
    # Where the signs go round in a circle, they say nothing about those on it: with the same
    # levels above and below them, they come to the same rank.
    strict = {a: {b for b in bs if a not in above[b]} for a, bs in above.items()}
    ranks = _ranks(strict)
    steps = sorted(
        (a, b)
        for a, b in permutations(levels, 2)
        if place[b] in strict[place[a]] and ranks[place[b]] == ranks[place[a]] + 1
    )
    return Order(
        MappingProxyType({t: ranks[place[t]] for t in sorted(levels)}),
        tuple(steps),
        tuple(overruled),
    )


def _take_apart(title: str, ladder: str) -> _Title:
    words = re.findall(r"[^\W_]+", _SIDE_TRACK.sub("", title).casefold())
    own = set(re.findall(r"[^\W_]+", ladder.casefold()))
    graded = [w for w in words if w in _GRADE_OF and w not in own]
    stem = " ".join(w for w in words if w not in graded)
    return _Title(stem, max((_GRADE_OF[w] for w in graded), default=_PLAIN))


def _compare(
    a: str, b: str, titles: Mapping[str, _Title], levels: Mapping[str, Mapping[str, int]]
) -> tuple[str, str, bool]:
    """Give the lower and the higher of two levels, and whether the grade words are overruled."""
    if titles[a].grade > titles[b].grade:
        a, b = b, a
    low, high = titles[a], titles[b]
    shared = levels[a].keys() & levels[b].keys()
    more = any(levels[b][s] > levels[a][s] for s in shared)
    less = any(levels[b][s] < levels[a][s] for s in shared)
    if low.grade < high.grade and (high.grade == _TOP or low.stem == high.stem):
        if less and not more and high.grade != _TOP:
            return b, a, True
        return a, b, False
    if more and not less:
        return a, b, False
    if less and not more:
        return b, a, False
    return "", "", False


def _close(above: dict[str, set[str]]) -> None:
    """Add whatever is above what is above."""
    for middle in above:
        for highs in above.values():
            if middle in highs:
                highs |= above[middle]


def _ranks(above: Mapping[str, set[str]]) -> dict[str, int]:
    """Length of the longest chain up to each; ``above`` has no circles."""
    ranks = dict.fromkeys(above, 1)
    for _ in above:
        for low, highs in above.items():
            for high in highs:
                ranks[high] = max(ranks[high], ranks[low] + 1)
    return ranks


# --- rows


@dataclass(frozen=True, slots=True)
class _Ask:
    """A row of ``roles.csv``: a level asks for a skill, with a proficiency from 1 to 4."""

    family: str
    role: str
    level: str
    skill: str
    proficiency: int
    row: int
    file: FileDraft
    role_text: str = field(repr=False)
    level_text: str = field(repr=False)
    skill_text: str = field(repr=False)


def _clean(text: str) -> str:
    return " ".join(text.split())


def _slug(text: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")
    return slug or hashlib.sha256(text.encode()).hexdigest()[:8]


def _unique(names: Iterable[str]) -> dict[str, str]:
    """Slug by name; names that differ only in marks get the start of their digest behind it."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(set(names)):
        groups[_slug(name)].append(name)
    return {
        name: slug if len(same) == 1 else f"{slug}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
        for slug, same in groups.items()
        for name in same
    }


def _file(archive: Archive, name: str) -> str | None:
    found = archive.find(name)
    if len(found) > 1:
        raise DataError(f"{name!r} is there more than once: {', '.join(found)}")
    return found[0] if found else None


def _roles(draft: Draft, archive: Archive) -> tuple[list[_Ask], set[str]]:
    """Read what levels ask for, and which roles have no level that is in use."""
    name = _file(archive, "roles.csv")
    if name is None:
        raise DataError(f"no file 'roles.csv' in {', '.join(archive.where)}: not a GDaD release")
    archive.require(name, _ROLES)
    file = draft.file(name, digest=archive.digest(name))
    asked: list[_Ask] = []
    idle: set[str] = set()
    seen: dict[tuple[str, str, str], int] = {}
    for row, cells in archive.table(name):
        family, role, level, skill, proficiency = (_clean(cells[c]) for c in _ROLES)
        key = role, level, skill
        if _NOT_IN_USE in (level.casefold(), proficiency.casefold()):
            file.leave(row, _NOT_IN_USE, f"{role}, {skill}")
            idle.add(role)
        elif not (family and role and level and skill):
            file.leave(row, "no family, role, level or skill", ", ".join(key))
        elif (low := proficiency.casefold()) not in PROFICIENCIES:
            file.leave(row, "unknown level of proficiency", f"{proficiency!r} ({level}, {skill})")
        elif key in seen:
            same = seen[key] == PROFICIENCIES.index(low) + 1
            reason = "duplicate" if same else "asked for before, with another proficiency"
            file.leave(row, reason, f"{level}, {skill}")
        else:
            file.take()
            seen[key] = PROFICIENCIES.index(low) + 1
            texts = (cells.get(f"{c} Description", "") for c in ("Role", "Role Level", "Skill"))
            asked.append(_Ask(family, role, level, skill, seen[key], row, file, *texts))
    draft.progress(name, len(asked))
    return asked, idle - {a.role for a in asked}


def _level_slugs(asked: Iterable[_Ask]) -> dict[tuple[str, str], str]:
    """Slug of each level of each role; where two would be alike, both name their role too."""
    ladders = _unique(a.role for a in asked)
    groups: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for a in asked:
        groups[_slug(a.level)].add((a.role, a.level))
    named = {
        (role, level): slug if len(same) == 1 else f"{slug}-in-{ladders[role]}"
        for slug, same in groups.items()
        for role, level in same
    }
    twice = defaultdict(list)
    for key, slug in named.items():
        twice[slug].append(key)
    for slug, keys in twice.items():
        if len(keys) > 1:
            for key in keys:
                named[key] = f"{slug}-{hashlib.sha256('|'.join(key).encode()).hexdigest()[:8]}"
    return named


def _skills(
    draft: Draft, archive: Archive, asked: Iterable[_Ask], idle: set[str]
) -> dict[str, str]:
    """Write the skills of both tables; give the slug of each."""
    rows: dict[str, tuple[FileDraft, int, str]] = {}
    users: dict[str, set[str]] = {}
    name = _file(archive, "skills.csv")
    if name is None:
        draft.absent("skills.csv")
    else:
        archive.require(name, ("Skill Name",))
        file = draft.file(name, digest=archive.digest(name))
        for row, cells in archive.table(name):
            skill = _clean(cells["Skill Name"])
            if not skill:
                file.leave(row, "no name")
            elif skill in rows:
                file.leave(row, "duplicate", skill)
            else:
                file.take()
                rows[skill] = file, row, cells.get("Skill Description", "")
                told = cells.get("Roles that require Skill")
                if told is not None:
                    users[skill] = {r for part in told.split(",") if (r := _clean(part))}
    asking: defaultdict[str, set[str]] = defaultdict(set)
    for a in asked:
        # A comma in a role's name would part it in the other table's list, too.
        asking[a.skill].update(_clean(part) for part in a.role.split(","))
        if a.skill not in rows:
            rows[a.skill] = a.file, a.row, a.skill_text
    slugs = _unique(rows)
    for skill, (file, row, text) in rows.items():
        draft.concept(
            f"{_BASE}skill/{slugs[skill]}",
            RG.Skill,
            [(skill, "en")],
            file=file,
            row=row,
            description=(text, "en"),
        )
    draft.made["skills"] = len(rows)
    differ = [s for s in sorted(users) if users[s] - idle != asking[s]]
    if differ:
        draft.note(
            f"{name}: for {len(differ)} of {len(users)} skills the roles named differ from those "
            f"in use that ask for them, for example {differ[0]!r}"
        )
    return slugs


def _concepts(draft: Draft, asked: Iterable[_Ask], levels: Mapping[tuple[str, str], str]) -> None:
    """Write families, ladders and levels, each from the first row that names it."""
    families = _unique(a.family for a in asked)
    ladders = _unique(a.role for a in asked)
    done: set[str] = set()
    linked: set[tuple[str, str]] = set()
    for a in asked:
        family = f"{_BASE}family/{families[a.family]}"
        ladder = f"{_BASE}role/{ladders[a.role]}"
        level = f"{_BASE}level/{levels[a.role, a.level]}"
        for iri, cls, label, text, what in (
            (family, RG.RoleFamily, a.family, "", "role families"),
            (ladder, RG.RoleLadder, a.role, a.role_text, "ladders"),
            (level, RG.Role, a.level, a.level_text, "role levels"),
        ):
            if iri not in done:
                done.add(iri)
                draft.made[what] += 1
                draft.concept(
                    iri,
                    cls,
                    [(label, "en")],
                    file=a.file,
                    row=a.row,
                    alt=_readings(label) if cls == RG.Role else (),
                    description=(text, "en"),
                )
        for prop, value in ((RG.inFamily, family), (RG.onLadder, ladder)):
            if (level, value) not in linked:
                linked.add((level, value))
                draft.fact(level, prop, value)


def _readings(title: str) -> list[tuple[str, str]]:
    """The two ways to read a title that has a part in brackets."""
    if not re.search(r"\([^()]+\)", title):
        return []
    texts = re.sub(r"\([^()]+\)", " ", title), re.sub(r"[()]", " ", title)
    return [(_clean(t), "en") for t in texts]


def _ladders(draft: Draft, asked: Iterable[_Ask], slugs: Mapping[tuple[str, str], str]) -> None:
    """Write ranks and the promotions that they imply."""
    ladders: defaultdict[str, defaultdict[str, dict[str, int]]]
    ladders = defaultdict(lambda: defaultdict(dict))
    for a in asked:
        ladders[a.role][a.level][a.skill] = a.proficiency
    derivation = _derivation(draft)
    overruled: list[str] = []
    for role, levels in ladders.items():
        order = ladder_order(role, levels)
        overruled += [f"{low} below {high}" for low, high in order.overruled]
        for title, rank in order.ranks.items():
            iri = nt.iri(f"{_BASE}level/{slugs[role, title]}")
            draft.add(iri, f"<{RG.ladderRank}>", nt.number(rank))
        for low, high in order.steps:
            start, end = slugs[role, low], slugs[role, high]
            draft.transition(
                f"{_BASE}promotion/{start}.{end}",
                f"{_BASE}level/{start}",
                f"{_BASE}level/{end}",
                (f"{low} to {high}", "en"),
                file=derivation,
                row=None,
                cls=RG.Promotion,
                kind="inferred",
            )
            draft.made["promotions, inferred"] += 1
    if overruled:
        draft.note(
            "proficiency overrules the grade words of titles: " + "; ".join(sorted(overruled))
        )


def _derivation(draft: Draft) -> FileDraft:
    """Write what promotions rest on; give it in the shape in which evidence is handed on."""
    iri = nt.iri(f"{_BASE}derivation/ladder-order")
    name = "ladder order by title and proficiency"
    parameters = {
        "grades": [list(words) for words in GRADES],
        "proficiencies": list(PROFICIENCIES),
        "sideTrack": "- management",
    }
    draft.add(iri, nt.A, f"<{RG.Derivation}>")
    draft.add(iri, f"<{SKOS}prefLabel>", nt.text(name, "en"))
    draft.add(iri, f"<{RG.measureName}>", nt.text(name))
    draft.add(iri, f"<{RG.parameters}>", nt.text(json.dumps(parameters, sort_keys=True)))
    return FileDraft(name, iri)
