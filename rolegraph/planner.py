"""Planning for a person over one graph: best ways, everything within reach, what opens more.

Names and constraints are made ready in :mod:`rolegraph.asking`, the searches are those of
:mod:`rolegraph.pareto` and :mod:`rolegraph.reaching`, and :mod:`rolegraph.explaining` explains what
they find with the claims of the graph.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any, NamedTuple

from rolegraph import pareto, reaching
from rolegraph.arguments import check_whole
from rolegraph.asking import (
    Asking,
    Measured,
    Objective,
    Setting,
    Target,
    objectives,
    real,
    search,
)
from rolegraph.errors import BudgetError, NoRouteError
from rolegraph.explaining import Explaining
from rolegraph.learning import Landscape, skills_in
from rolegraph.plans import Bridge, Constraints, Destination, Plan, Unlock, WhyNot
from rolegraph.profile import Held, Profile
from rolegraph.relaxing import Relaxing
from rolegraph.routes import senses
from rolegraph.tables import Table
from rolegraph.values import Certification, Role, Skill

__all__ = ["Planner"]

_USUAL = ("steps", "new-skills", "hardest-step")  # objectives unless others are named
_TOLD = ("steps", "new-skills", "hardest-step", "certifications")  # of every destination
_MOST = 1_000  # routes that are explained at most
_TRIED = 1_000  # most skills that are tried one by one
_PAIRED = 20  # of the skills that help most alone, so many are tried in pairs


class _Passed(NamedTuple):
    """What is known at the end of a way.

    Attributes
    ----------
    via, untold : tuple of Role
        The roles on it, and those of which nobody says what they ask for.
    have : int
        What is held by then, in bits.
    hardest, sure : int
        Most new skills in a step of it, and in those before the first of the untold roles.
    """

    via: tuple[Role, ...]
    untold: tuple[Role, ...]
    have: int
    hardest: int
    sure: int


class Planner:
    """Plans over one graph; see :meth:`rolegraph.RoleGraph.plan` for what can be asked.

    Parameters
    ----------
    kg : RoleGraph
        Imports only go down, so its type stands here in words only.
    """

    def __init__(self, kg: Any) -> None:
        self.kg = kg
        self.asking = Asking(kg)
        self.explaining = Explaining(self.asking)

    def person(self, profile: Profile | Held | Role | str, *, unknown: str = "error") -> Held:
        """Resolve a profile (:meth:`rolegraph.Profile.resolve`), levels included."""
        return self.asking.person(profile, unknown=unknown)

    # --- plans

    def plan(
        self,
        profile: Profile | Held | Role | str,
        to: Target,
        *,
        minimise: Objective | Sequence[Objective],
        k: int | None,
        ties: bool,
        budget: int,
        compiled: bool | None = None,
        **wants: Any,
    ) -> Plan:
        """Answer :meth:`rolegraph.RoleGraph.plan`."""
        several = objectives(minimise, k)
        if k is not None:
            check_whole("k", k, 1)
            if k > _MOST:
                raise ValueError(f"k is at most {_MOST:,}: each route is explained; not {k:,}")
        person, asked = self.asking.person(profile), self.asking.constraints(**wants)
        targets = self.asking.targets_for(person, to, asked)
        s = self.asking.setting(person, targets, asked)
        measured = [self.asking.measured(s, o) for o in several]
        answer = search(s, measured, k=k, ties=ties, budget=budget, compiled=compiled)
        if not answer.ways:
            if not answer.complete:
                raise BudgetError(
                    f"no route was found within the budget of {budget:,} branches, and it is not "
                    "proved that there is none: raise budget=, or ask for less (max_steps)"
                )
            raise self._none(s, [m for m in measured if m.note])
        routes = self.explaining.routes(s, answer.ways, measured)
        bound = {m.name: real(b, m) for m, b in zip(measured, answer.bound, strict=False)}
        return Plan(
            s.person, targets, tuple(m.name for m in measured), routes, s.wants, answer.complete,
            None if answer.complete else answer.proven, bound, answer.examined, k,
            (*(m.note for m in measured if m.note), *self._uncounted(s)),
        )  # fmt: skip

    def _uncounted(self, s: Setting) -> tuple[str, ...]:
        """Say that demands without a strength do not count where only some strengths do."""
        if s.wants.strengths is None:
            return ()
        bare = "ASK { ?r rg:requiredSkill ?skill FILTER NOT EXISTS { ?r rg:hasStrength ?any } }"
        if not self.kg._once("demands without a strength", lambda: self.kg.engine.ask(bare, {})):
            return ()
        return ("demands whose strength no source states are not counted",)

    def _none(self, s: Setting, noted: Sequence[Measured]) -> NoRouteError:
        ends = " or ".join(repr(t.label) for t in s.targets[:3])
        head = f"no route from {str(s.person.role)!r} to {ends}"
        asked = str(s.wants)
        under = "" if asked == "none" else f" under these constraints: {asked}"
        notes = "".join(f"; {m.note}" for m in noted)
        return NoRouteError(f"{head}{under}{notes}; why_not tells what stands in the way")

    def why_not(
        self,
        profile: Profile | Held | Role | str,
        to: Target,
        *,
        minimise: Objective | Sequence[Objective],
        budget: int,
        **wants: Any,
    ) -> WhyNot:
        """Answer :meth:`rolegraph.RoleGraph.why_not`."""
        known = objectives(minimise, None) if minimise else ()
        person, asked = self.asking.person(profile), self.asking.constraints(**wants)
        targets = self.asking.targets_for(person, to, asked)
        relaxing = Relaxing(self.asking, self.explaining, person, targets, budget)
        return relaxing.why_not(asked, known)

    # --- reach, unlock, bridges

    def reach(
        self,
        profile: Profile | Held | Role | str,
        *,
        minimise: Objective,
        budget: int,
        **wants: Any,
    ) -> Table[Destination]:
        """Answer :meth:`rolegraph.RoleGraph.reach`."""
        person = self.asking.person(profile)
        asked = self.asking.constraints(**wants)
        s = self.asking.setting(person, (), asked)
        measured = self.asking.measured(s, minimise)
        found = self._reached(s, measured, budget)
        notes = [measured.note] if measured.note else []
        return Table(self._destinations(s, found, measured), Destination, notes)

    def _reached(self, s: Setting, measured: Measured, budget: int) -> dict[int, tuple[int, ...]]:
        """Give the best way to every role that can be reached, as edges."""
        q = replace(s.question, shut=s.question.shut | measured.shut)
        kind = measured.aim.kind
        if kind in ("steps", "sum") and q.max_load is None and not q.tokens:
            if kind == "steps":
                return reaching.by_steps(s.graph, q)
            return reaching.by_sum(s.graph, q, measured.aim)
        near, complete = reaching.within(s.graph, q, budget)
        if not complete:
            raise BudgetError(_spent(budget))
        if kind == "steps":
            return near
        best = {}
        for role in near:
            one = replace(q, targets=frozenset({role}), aims=(measured.aim,), k=1)
            answer = pareto.search(s.graph, one, budget=budget)
            if not answer.complete:
                raise BudgetError(_spent(budget))
            if answer.ways:
                best[role] = answer.ways[0].edges
        return best

    def _destinations(
        self, s: Setting, found: Mapping[int, Sequence[int]], measured: Measured
    ) -> tuple[Destination, ...]:
        roles = self.asking.roles()
        land, graph = s.land, s.graph
        measures = [measured]
        measures += [self.asking.measured(s, n) for n in _TOLD if n != measured.name]
        q = replace(s.question, aims=tuple(m.aim for m in measures))
        values = reaching.values(graph, q, found)
        out = []
        assert s.person.role is not None
        start = s.person.role
        told = [self.asking.told(land, s.wants, roles[iri]) for iri in land.roles]
        known: dict[tuple[int, ...], _Passed] = {(): _Passed((start,), (), q.held, 0, 0)}

        def way(edges: tuple[int, ...]) -> _Passed:
            if edges not in known:
                before, e = way(edges[:-1]), edges[-1]
                w = graph.heads[e]
                role = roles[land.roles[w]]
                silent = not (told[w] or graph.crossing[e])
                untold = (*before.untold, role) if silent else before.untold
                load = 0 if graph.crossing[e] else (graph.top[e] & ~before.have).bit_count()
                known[edges] = _Passed(
                    (*before.via, role), untold, before.have | graph.need[e],
                    max(before.hardest, load),
                    before.sure if untold else max(before.sure, load),
                )  # fmt: skip
            return known[edges]

        unknown = s.person.untold
        for number, edges in found.items():
            figures = {m.name: real(v, m) for m, v in zip(measures, values[number], strict=True)}
            at = way(tuple(edges))
            read = senses(bool(at.untold), bool(unknown), at.sure, at.hardest, figures)
            out.append(
                Destination(at.via[-1], int(figures["steps"]), figures, at.via, at.untold, read,
                            unknown)
            )  # fmt: skip
        first = measured.name
        out.sort(key=lambda d: (d.values[first], d.steps, d.role.label, d.role.iri))
        return tuple(out)

    def unlock(
        self,
        profile: Profile | Held | Role | str,
        to: Target | None,
        *,
        minimise: Objective,
        pairs: bool,
        k: int,
        budget: int,
        **wants: Any,
    ) -> Table[Unlock]:
        """Answer :meth:`rolegraph.RoleGraph.unlock`."""
        check_whole("k", k, 1)
        person = self.asking.person(profile)
        asked = self.asking.constraints(**wants)
        if to is not None:
            targets = self.asking.targets_for(person, to, asked)
            found = self._shortens(person, targets, asked, minimise, pairs, k, budget)
            return Table(found, Unlock)
        if asked.max_new is None:
            raise ValueError(
                "without a target, unlock counts the roles that come within reach, so "
                "something has to keep them out: give max_new (most new skills in a "
                "step), or a target"
            )
        s = self.asking.setting(person, (), asked)
        return Table(self._opens(s, pairs, k, budget), Unlock)

    def _opens(self, s: Setting, pairs: bool, k: int, budget: int) -> tuple[Unlock, ...]:
        q = s.question
        assert q.max_load is not None
        left = [budget]

        def reach(held: int) -> tuple[set[int], dict[int, set[int]]]:
            found, gaps, used, complete = reaching.frontier(s.graph, replace(q, held=held), left[0])
            left[0] -= used
            if not complete:
                raise BudgetError(_spent(budget))
            return set(found), gaps

        base, gaps = reach(q.held)
        # a skill is tried at the highest level that somebody asks, whatever is missing of it first
        single = self._whole(s.land, gaps.get(1, set()))
        scored: list[tuple[tuple[int, ...], set[int]]] = []
        tried: dict[int, tuple[set[int], dict[int, set[int]]]] = {}
        for bits in single:
            tried[bits] = reach(q.held | bits)
            scored.append(((bits,), tried[bits][0] - base))
        if pairs:
            couples: set[tuple[int, int]] = set()
            for bits, (_, further) in tried.items():
                for more in self._whole(s.land, further.get(1, set())):
                    if more != bits:
                        couples.add(_ordered(bits, more))
            for bits in gaps.get(2, set()):
                one, two = self._whole(s.land, reaching.halves(s.land.skills, bits))
                couples.add(_ordered(one, two))
            for one, two in sorted(couples):
                opened = reach(q.held | one | two)[0] - base
                for bits in (one, two):
                    if bits not in tried:
                        tried[bits] = reach(q.held | bits)
                if len(opened) > max(len(tried[b][0] - base) for b in (one, two)):
                    scored.append(((one, two), opened))
        roles = self.asking.roles()
        out = []
        for learn, opened in scored:
            skills = tuple(self._thing(s.land, bits) for bits in learn)
            names = sorted((roles[s.land.roles[i]] for i in opened), key=lambda r: (r.label, r.iri))
            told = tuple(r for r in names if not self.asking.told(s.land, s.wants, r))
            out.append(Unlock(skills, tuple(names), 0, self._levels(s.land, learn), told))
        return _ranked([u for u in out if u.opens], k)

    @staticmethod
    def _whole(land: Landscape, some: Iterable[int]) -> list[int]:
        """Give the skills that bits belong to, each with all its levels, in order."""
        found = {land.bits(iri, None) for bits in some for iri in skills_in(land, bits)}
        return sorted(found)

    def _thing(self, land: Landscape, bits: int) -> Skill | Certification:
        for iri in skills_in(land, bits):
            found = self.kg.index.by_iri[iri]
            assert isinstance(found, Skill)
            return found
        bit = bits.bit_length() - 1
        iri = next(c for c, b in land.certifications.items() if b == bit)
        found = self.kg.index.by_iri[iri]
        assert isinstance(found, Certification)
        return found

    def _levels(self, land: Landscape, learn: Sequence[int]) -> tuple[str | None, ...]:
        """Name the level up to which each skill would be learned, where it has several."""
        found: list[str | None] = []
        for bits in learn:
            (iri,) = skills_in(land, bits)[:1] or (None,)
            rungs = land.skills[iri][1] if iri else ()
            if len(rungs) < 2:
                found.append(None)
                continue
            assert iri is not None
            rank = rungs[bits.bit_length() - 1 - land.skills[iri][0]]
            skill = self.kg.index.by_iri[iri]
            found.append(self.asking.level_label(rank, skill) or f"level {rank:g}")
        return tuple(found)

    def _shortens(
        self,
        person: Held,
        targets: Sequence[Role],
        asked: Constraints,
        minimise: Objective,
        pairs: bool,
        k: int,
        budget: int,
    ) -> tuple[Unlock, ...]:
        s = self.asking.setting(person, targets, asked)
        measured = self.asking.measured(s, minimise)

        def best(held: int) -> float:
            question = replace(
                s.question, held=held, aims=(measured.aim,), k=1,
                shut=s.question.shut | measured.shut,
            )  # fmt: skip
            answer = pareto.search(s.graph, question, budget=budget)
            if not answer.complete:
                raise BudgetError(_spent(budget))
            return answer.ways[0].values[0] if answer.ways else math.inf

        now = best(s.question.held)

        def gained(bits: int) -> float:
            after = best(s.question.held | bits)
            return 0 if after == now else now - after if now < math.inf else math.inf

        candidates = self._candidates(s)
        gains: dict[tuple[int, ...], float] = {(bits,): gained(bits) for bits in candidates}
        if pairs:
            top = sorted(candidates, key=lambda b: -gains[b,])
            for one, two in combinations(top[:_PAIRED], 2):
                gain = gained(one | two)
                if gain > max(gains[one,], gains[two,]):
                    gains[_ordered(one, two)] = gain
        out = [
            Unlock(
                tuple(self._thing(s.land, b) for b in learn),
                (),
                gain / measured.scale,
                self._levels(s.land, learn),
            )
            for learn, gain in gains.items()
            if gain > 0
        ]
        return _ranked(out, k)

    def _candidates(self, s: Setting) -> list[int]:
        """Give each skill asked on a way to the target, up to the highest level asked there."""
        q, graph = s.question, s.graph
        ahead = pareto.distances(graph, q, [q.source])
        back = pareto.distances(graph, q, q.targets, back=True)
        found: list[int] = []
        shortest = back[q.source]
        # where that is too many to try, ways of hardly more steps than the shortest
        for limit in (graph.size, shortest + 1) if q.max_steps is None else (q.max_steps,):
            bits = 0
            for u in range(graph.size):
                if ahead[u] > limit:
                    continue
                for e in range(graph.indptr[u], graph.indptr[u + 1]):
                    if ahead[u] + (not graph.crossing[e]) + back[graph.heads[e]] <= limit:
                        bits |= graph.need[e]
            found = reaching.things(s.land.skills, s.land.certifications, bits & ~q.held)
            if len(found) <= _TRIED:
                return found
        raise ValueError(
            f"ways to the target ask for {len(found):,} skills in all, each of which would need a "
            f"search: give max_steps, or avoid, so that there are at most {_TRIED:,}"
        )

    def bridges(
        self,
        profile: Profile | Held | Role | str,
        to: Target | None,
        *,
        minimise: Objective | Sequence[Objective] | None,
        budget: int,
        **wants: Any,
    ) -> Table[Bridge]:
        """Answer :meth:`rolegraph.RoleGraph.bridges`."""
        person = self.asking.person(profile)
        asked = self.asking.constraints(**wants)
        roles = self.asking.roles()
        if to is None:
            s = self.asking.setting(person, (), asked)
            if asked.max_new is not None or s.question.tokens:
                raise ValueError("bridges without a target take no max_new, via or needs")
            if minimise not in (None, "steps"):
                raise ValueError(
                    "bridges without a target go by steps: give a target, or no minimise"
                )
            weights, total = reaching.dependency(s.graph, s.question)
        else:
            s = self.asking.setting(person, self.asking.targets_for(person, to, asked), asked)
            aims = objectives(_USUAL if minimise is None else minimise, None)
            measured = [self.asking.measured(s, o) for o in aims]
            answer = search(s, measured, ties=True, budget=budget)
            if not answer.complete:
                raise BudgetError(_spent(budget))
            if not answer.ways:
                raise self._none(s, [m for m in measured if m.note])
            weights, total = {}, float(len(answer.ways))
            for way in answer.ways:
                for e in way.edges[:-1]:
                    weights[s.graph.heads[e]] = weights.get(s.graph.heads[e], 0) + 1.0
        found = [
            Bridge(roles[s.land.roles[i]], x / total if total else 0.0, x)
            for i, x in weights.items()
            if x > 0
        ]
        found.sort(key=lambda b: (-b.routes, b.role.label, b.role.iri))
        return Table(found, Bridge)


def _ordered(one: int, two: int) -> tuple[int, int]:
    return (one, two) if one < two else (two, one)


def _ranked(found: Sequence[Unlock], k: int) -> tuple[Unlock, ...]:
    """Give the k best single ones, then the k best pairs."""

    def order(u: Unlock) -> tuple[Any, ...]:
        return -len(u.opens), -u.saves, tuple(c.label for c in u.learn)

    out: list[Unlock] = []
    for size in (1, 2):
        out += sorted((u for u in found if len(u.learn) == size), key=order)[:k]
    return tuple(out)


def _spent(budget: int) -> str:
    return (
        f"the budget of {budget:,} branches ended the search before all roles were looked at; "
        "raise budget=, or ask for less (max_steps, max_new)"
    )
