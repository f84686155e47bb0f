"""Routes that were found as numbers, explained with the claims of the graph.

What a step asks is told from what the person holds by then: a skill learned once is kept on every
later step.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from rolegraph import catalogue, pareto
from rolegraph.asking import Asking, Measured, Setting, real
from rolegraph.learning import Landscape
from rolegraph.pareto import Way
from rolegraph.routes import MAPPING, Route, Step, read_as
from rolegraph.values import Claim, SkillRequirement, Transition

__all__ = ["Explaining"]

_STANDARD = ("steps", "new-skills", "hardest-step", "effort", "certifications")


class Explaining:
    """Explains routes over one graph."""

    def __init__(self, asking: Asking) -> None:
        self.asking, self.kg = asking, asking.kg

    def routes(
        self, s: Setting, ways: Sequence[Way], measured: Sequence[Measured]
    ) -> tuple[Route, ...]:
        """Make routes of what was found, in the same order."""
        claims = [s.land.edges[s.numbers[e]].claim for way in ways for e in way.edges]
        read = catalogue.transitions_of(self.kg.engine, self.kg.index, claims) if claims else {}
        standard = [self.asking.measured(s, name) for name in _STANDARD]
        known = self._known(s) if claims else {}
        return tuple(self._explained(s, way, measured, standard, read, dict(known)) for way in ways)

    def _explained(
        self,
        s: Setting,
        way: Way,
        measured: Sequence[Measured],
        standard: Sequence[Measured],
        read: Mapping[str, Transition],
        known: dict[str, SkillRequirement | float | None],
    ) -> Route:
        values = {m.name: real(v, m) for m, v in zip(measured, way.values, strict=True)}
        question = replace(s.question, aims=tuple(m.aim for m in standard))
        for m, v in zip(standard, pareto.values_of(s.graph, question, way.edges), strict=True):
            values.setdefault(m.name, real(v, m))
        first = measured[0]
        have = s.question.held
        steps = []
        for e in way.edges:
            edge = s.land.edges[s.numbers[e]]
            t = _turned(read[edge.claim], s.land.roles[edge.source])
            cost = _step_cost(s, first, e, have)
            steps.append(self._step(s, t, cost, have, known))
            have |= s.graph.need[e]
        assert s.person.role is not None
        end = steps[-1].target if steps else s.person.role
        senses = read_as(
            steps, bool(s.person.untold), values,
            less=any(held.level_rank is None for x in steps for _, held in x.raised_skills),
            more=any(self._taken_on_trust(s, x) for x in steps),
        )  # fmt: skip
        return Route(
            s.person.role, end, tuple(steps), values[first.name], first.name, values, senses
        )

    def _taken_on_trust(self, s: Setting, step: Step) -> bool:
        """Whether a step asks for a level of a skill that is held at a level which nobody says."""
        vague = {skill.iri for skill, level in s.person.skills if level is None}
        if not vague:
            return False

        def above_lowest(r: SkillRequirement) -> bool:
            _, rungs = s.land.skills.get(r.skill.iri, (0, ()))
            return r.level_rank is not None and bool(rungs) and r.level_rank > rungs[0]

        return any(r.skill.iri in vague and above_lowest(r) for r in step.shared_skills)

    def _known(self, s: Setting) -> dict[str, SkillRequirement | float | None]:
        """Give what is held at the start: by skill, the demand it was held for, or its level."""
        known: dict[str, SkillRequirement | float | None] = {}
        roles = (s.person.role, *s.person.past)
        for role in roles:
            assert role is not None
            for r in self._counted(s, self.kg.facts(role).requirements):
                _raise(known, r)
        for skill, level in s.person.skills:
            old = known.get(skill.iri)
            before = old.level_rank if isinstance(old, SkillRequirement) else old
            if skill.iri not in known or level is None or (before is not None and level > before):
                known[skill.iri] = level
        return known

    def _counted(self, s: Setting, demands: Iterable[SkillRequirement]) -> list[SkillRequirement]:
        """Give the demands that count, with levels as the search takes them."""
        ranked = self.asking.ranked()
        found = []
        for r in demands:
            if s.wants.strengths is None or r.strength in s.wants.strengths:
                # of a skill with rungs, a bare figure is on another scale
                other = r.level is None and r.level_rank is not None and r.skill.iri in ranked
                found.append(replace(r, level_rank=None) if other else r)
        return found

    def _held_as(
        self, r: SkillRequirement, held: SkillRequirement | float | None
    ) -> SkillRequirement:
        """Give what is held of a skill as a demand, so that the two can be set side by side."""
        if isinstance(held, SkillRequirement):
            return held
        claim = Claim("", "the profile", "holds", r.skill.label, "stated")
        level = None if held is None else self.asking.level_label(held, r.skill)
        return SkillRequirement(r.skill, claim, (), level, held)

    def _step(
        self,
        s: Setting,
        t: Transition,
        cost: float,
        have: int,
        known: dict[str, SkillRequirement | float | None],
    ) -> Step:
        plain: Step = self.kg._step(t, cost)
        assert t.target is not None
        if t.type == MAPPING:
            for r in self._counted(s, self.kg.facts(t.target).requirements):
                _raise(known, r)
            return plain
        asked = self._counted(s, (*plain.shared_skills, *plain.new_skills))
        new: list[SkillRequirement] = []
        kept: list[SkillRequirement] = []
        raised: list[tuple[SkillRequirement, SkillRequirement]] = []
        best: dict[str, SkillRequirement] = {}
        for r in asked:
            _raise(best, r)
        for r in asked:
            needs = _asked_bits(s.land, r)
            mine = s.land.bits(r.skill.iri, None) & have
            if not mine and r.skill.iri not in known:
                new.append(r)
                continue
            kept.append(r)
            if needs & ~have and best[r.skill.iri] is r:
                raised.append((r, self._held_as(r, known.get(r.skill.iri))))
        for r in asked:
            _raise(known, r)
        useful = self.kg.facts(t.target).findings["certifications"]
        named = {f.concept for f in (*plain.certifications, *useful)}
        mine_too = tuple(c for c in s.person.certifications if c in named)
        return replace(
            plain, new_skills=tuple(new), shared_skills=tuple(kept), raised_skills=tuple(raised),
            useful_certifications=tuple(useful), held_certifications=mine_too,
        )  # fmt: skip


def _turned(t: Transition, source: str) -> Transition:
    """Turn a mapping round that is crossed from its object to its subject."""
    if t.type == MAPPING and t.source is not None and t.source.iri != source:
        return replace(t, label=f"{t.target} to {t.source}", source=t.target, target=t.source)
    return t


def _step_cost(s: Setting, first: Measured, e: int, have: int) -> float:
    """Give what a step adds to the first objective; for the hardest step, how hard it is."""
    if s.graph.crossing[e]:
        return 0
    aim = first.aim
    if aim.kind == "steps":
        return 1
    if aim.kind == "hardest":
        return (s.graph.top[e] & ~have).bit_count()
    if aim.kind == "learn":
        return real(pareto.weight_of(aim, s.graph.need[e] & ~have), first)
    assert aim.weights is not None
    return real(aim.weights[e], first)


def _asked_bits(land: Landscape, r: SkillRequirement) -> int:
    if r.skill.iri not in land.skills:
        return 0
    first, levels = land.skills[r.skill.iri]
    if not levels or r.level_rank is None:
        return 1 << first
    return land.bits(r.skill.iri, r.level_rank) or 1 << first


def _raise(known: dict[str, Any], r: SkillRequirement) -> None:
    old = known.get(r.skill.iri)
    rank = old.level_rank if isinstance(old, SkillRequirement) else old
    if r.skill.iri not in known or (
        r.level_rank is not None and (rank is None or r.level_rank > rank)
        and not (old is None and r.skill.iri in known)
    ):  # fmt: skip
        known[r.skill.iri] = r
