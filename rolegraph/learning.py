"""What every step would have a person learn, as sets of bits for :mod:`rolegraph.pareto`.

A skill is one bit for each level that somebody asks of it, from the lowest up, so that whoever
holds a level holds those below; a skill of which no level is known is one bit. A demand that names
no level asks for the lowest one. A certification is one bit, asked by each role that it is of use
in and each transition that it prepares for: sources here name certifications, none says that one
is required.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from rolegraph.pareto import Graph, bits_of
from rolegraph.routes import MAPPING

__all__ = ["SCALE", "Ask", "Edge", "Filter", "Landscape", "landscape", "skills_in"]

_KEPT = 8
SCALE = 1_000_000
"""Weights are kept as whole millionths, so that sums do not depend on their order."""
Filter: TypeAlias = tuple[frozenset[str] | None, frozenset[str], float | None]
"""Kinds of evidence (None for all), types of transition, least value of a measure or None."""


class Ask(NamedTuple):
    """A demand of a role or a transition.

    Attributes
    ----------
    maker, skill : str
        IRIs.
    strength : str or None
        ``"essential"``, ``"recommended"``, ``"beneficial"``, or None where none is stated.
    level, importance : float or None
        On the source's scale; None where unknown.
    """

    maker: str
    skill: str
    strength: str | None = None
    level: float | None = None
    importance: float | None = None


class Edge(NamedTuple):
    """A transition between two roles, or one direction of a mapping.

    Attributes
    ----------
    source, target : int
        Numbers of roles.
    claim, kind, type : str
    value : float or None
        Of the measure that suggests it.
    """

    source: int
    target: int
    claim: str
    kind: str
    type: str
    value: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Landscape:
    """Roles, steps and what they ask, ready to be searched.

    Made by :func:`landscape`.

    Attributes
    ----------
    roles, labels : tuple of str
        IRI and label of each role.
    place : mapping of str to int
        Number of each role by IRI.
    edges : tuple of Edge
        By source, then label and IRI of the target, then IRI of the claim.
    skills : mapping of str to (int, tuple of float)
        For each skill its lowest bit and the levels that its bits stand for; no levels for one bit.
    certifications : mapping of str to int
        The bit of each.
    asked : mapping of str to int
        By role or transition, the bits asked; ``tops`` has one bit for each skill of them.
    tops : mapping of str to int
    named : mapping of str to int
        By role or transition, the bits of the certifications that sources name.
    idf, importance : sequence of int
        Weight of each bit in millionths; see :func:`landscape`. ``importance`` is -1 where none
        is known.
    skill_bits : int
        Count of bits of skills; those of certifications come after them.
    plain : int
        The bits of skills that are a single one.
    ladders : tuple of (int, tuple of float)
        Lowest bit and levels of the other skills.
    starts : tuple of int
        Lowest bits of all skills, in order; ``owners`` has the IRIs.
    owners : tuple of str
    """

    roles: tuple[str, ...]
    labels: tuple[str, ...]
    place: Mapping[str, int]
    edges: tuple[Edge, ...]
    skills: Mapping[str, tuple[int, tuple[float, ...]]]
    certifications: Mapping[str, int]
    asked: Mapping[str, int]
    tops: Mapping[str, int]
    named: Mapping[str, int]
    idf: Sequence[int]
    importance: Sequence[int]
    skill_bits: int
    plain: int
    ladders: tuple[tuple[int, tuple[float, ...]], ...]
    starts: tuple[int, ...]
    owners: tuple[str, ...]
    _graphs: dict[Filter, tuple[Graph, tuple[int, ...]]] = field(
        default_factory=dict, init=False, repr=False
    )

    def bits(self, skill: str, level: float | None) -> int:
        """Give the bits that somebody holds who has a skill at a level.

        Parameters
        ----------
        skill : str
            IRI; of a skill that nobody asks for there are no bits.
        level : float or None
            None where it is not known: then it counts as any level, for unknown is not lacking.
        """
        if skill not in self.skills:
            return 0
        first, levels = self.skills[skill]
        if not levels:
            return 1 << first
        count = len(levels) if level is None else sum(x <= level for x in levels)
        return ((1 << count) - 1) << first

    def next_levels(self, held: int) -> int:
        """Give for each skill the lowest bit that is not held: learning it starts there."""
        found = self.plain & ~held
        for first, levels in self.ladders:
            for i in range(first, first + len(levels)):
                if not held >> i & 1:
                    found |= 1 << i
                    break
        return found

    def graph(self, wanted: Filter) -> tuple[Graph, tuple[int, ...]]:
        """Give the steps that may be used, and the number in ``edges`` of each of them."""
        found = self._graphs.get(wanted)
        if found is None:
            found = self._graph(wanted)
            if len(self._graphs) >= _KEPT:
                self._graphs.clear()
            self._graphs[wanted] = found
        return found

    def _graph(self, wanted: Filter) -> tuple[Graph, tuple[int, ...]]:
        kinds, types, least = wanted
        indptr, heads, need, top, crossing, kept = [0] * (len(self.roles) + 1), [], [], [], [], []
        made: dict[tuple[int, str | None], tuple[int, int]] = {}
        for number, e in enumerate(self.edges):
            if (kinds is not None and e.kind not in kinds) or e.type not in types:
                continue
            if least is not None and e.value is not None and e.value < least:
                continue
            own = e.claim if e.claim in self.asked or e.claim in self.named else None
            crosses = e.type == MAPPING
            key = e.target, "" if crosses else own
            if key not in made:
                # who crosses takes along what the role asks for, but no certifications
                made[key] = (self.asked.get(self.roles[e.target], 0), 0) if crosses else (
                    self._asks(self.roles[e.target], own)
                )  # fmt: skip
            indptr[e.source + 1] += 1
            heads.append(e.target)
            need.append(made[key][0])
            top.append(made[key][1])
            crossing.append(e.type == MAPPING)
            kept.append(number)
        for i in range(len(self.roles)):
            indptr[i + 1] += indptr[i]
        return Graph(indptr, heads, need, top, crossing, [0] * len(heads)), tuple(kept)

    def _asks(self, role: str, claim: str | None) -> tuple[int, int]:
        need, top = self.asked.get(role, 0), self.tops.get(role, 0)
        certs = self.named.get(role, 0)
        if claim is not None:
            more = self.tops.get(claim, 0)
            need |= self.asked.get(claim, 0)
            certs |= self.named.get(claim, 0)
            if more:
                top |= more
                top &= ~self._outdone(top)
        return need | certs, top

    def _outdone(self, top: int) -> int:
        """Give the bits of a set above which the same skill has another one in the set."""
        found = 0
        for first, levels in self.ladders:
            some = top >> first & ((1 << len(levels)) - 1)
            if some & (some - 1):
                found |= (some ^ (1 << some.bit_length() - 1)) << first
        return found


def landscape(
    roles: Mapping[str, str],
    edges: Iterable[tuple[str, str, str, str, str, float | None]],
    asks: Iterable[Ask],
    named: Iterable[tuple[str, str]] = (),
    strengths: Sequence[str] | None = None,
) -> Landscape:
    r"""Lay out roles, steps and demands.

    Parameters
    ----------
    roles : mapping of str to str
        Labels by IRI.
    edges : iterable of tuple
        Source, target, claim (IRIs), kind, type, value of a measure or None. Those whose ends are
        no roles are left out.
    asks : iterable of Ask
    named : iterable of (str, str)
        Role or transition, and a certification that sources name for it.
    strengths : sequence of str, optional
        Leave out demands of another strength.

    Returns
    -------
    Landscape
        The weight of a skill in ``idf`` is :math:`\ln(1 + n / df)`: n roles ask for some skill, df
        of them for this one (Spärck Jones 1972, in the form of :mod:`rolegraph.similarity`). In
        ``importance`` it is the mean of the importances that sources give it. A level counts for
        its share of the highest level: from 2 to 3 of 4 is a quarter.
    """
    iris = sorted(roles)
    place = {iri: i for i, iri in enumerate(iris)}
    chosen = [a for a in asks if strengths is None or a.strength in strengths]
    levels: dict[str, set[float]] = defaultdict(set)
    weights: dict[str, list[float]] = defaultdict(list)
    for a in chosen:
        levels[a.skill] |= set() if a.level is None else {a.level}
        if a.importance is not None:
            weights[a.skill].append(a.importance)
    skills: dict[str, tuple[int, tuple[float, ...]]] = {}
    width = 0
    for skill in sorted(levels):
        rungs = tuple(sorted(levels[skill]))
        skills[skill] = width, rungs
        width += max(1, len(rungs))
    asked: dict[str, int] = defaultdict(int)
    height: dict[tuple[str, str], int] = {}
    for a in chosen:
        first, rungs = skills[a.skill]
        up = rungs.index(a.level) if a.level is not None else 0
        asked[a.maker] |= ((1 << up + 1) - 1) << first
        key = a.maker, a.skill
        height[key] = max(height.get(key, first), first + up)
    tops: dict[str, int] = defaultdict(int)
    for (maker, _), bit in height.items():
        tops[maker] |= 1 << bit
    pairs = sorted(set(named))
    certifications = {c: width + i for i, c in enumerate(sorted({c for _, c in pairs}))}
    names: dict[str, int] = defaultdict(int)
    for maker, c in pairs:
        names[maker] |= 1 << certifications[c]
    ranks = {iri: (label, iri) for iri, label in roles.items()}
    laid = sorted(
        ((place[a], ranks[b], claim, b, kind, what, value)
         for a, b, claim, kind, what, value in edges if a in place and b in place and a != b),
        key=lambda e: e[:3],
    )  # fmt: skip
    made = tuple(Edge(a, place[b], claim, kind, what, v) for a, _, claim, b, kind, what, v in laid)
    df = Counter(skill for maker, skill in height if maker in place)
    n = len({maker for maker, _ in height if maker in place})
    idf = [math.log(1 + n / max(1, df[s])) for s in sorted(skills)]
    mean = [sum(w) / len(w) if (w := weights.get(s, [])) else math.nan for s in sorted(skills)]
    spread = [_shares(*skills[s]) for s in sorted(skills)]
    return Landscape(
        tuple(iris), tuple(roles[i] for i in iris), place, made, skills, certifications, asked,
        tops, names, _weights(idf, spread), _weights(mean, spread), width,
        sum(1 << first for first, rungs in skills.values() if len(rungs) < 2),
        tuple((first, rungs) for first, rungs in skills.values() if len(rungs) > 1),
        tuple(first for first, _ in skills.values()), tuple(skills),
    )  # fmt: skip


def _shares(first: int, rungs: tuple[float, ...]) -> list[float]:
    """Give for each bit of a skill the share of the highest level that it adds."""
    if not rungs:
        return [1.0]
    if rungs[0] < 0 or rungs[-1] <= 0:
        return [1 / len(rungs)] * len(rungs)
    before = (0.0, *rungs)
    return [(b - a) / rungs[-1] for a, b in zip(before, rungs, strict=False)]


def _weights(values: Sequence[float], spread: Sequence[Sequence[float]]) -> tuple[int, ...]:
    return tuple(
        -1 if math.isnan(value) else round(value * share * SCALE)
        for value, shares in zip(values, spread, strict=True)
        for share in shares
    )


def skills_in(land: Landscape, bits: int) -> tuple[str, ...]:
    """Give the IRIs of the skills that some bits belong to."""
    found: dict[str, None] = {}
    for bit in bits_of(bits & ((1 << land.skill_bits) - 1)):
        found[land.owners[bisect_right(land.starts, bit) - 1]] = None
    return tuple(found)
