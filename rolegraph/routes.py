"""Routes and what they are made of, as values: legs, steps, routes, and roles within reach.

A step of a career is one thing, a crossing another: a mapping between two classifications says
that a role of the one answers to a role of the other, and whoever crosses it stays where they are.
A crossing is kept among the steps of a route, since it has to be shown and borne out like them,
but it costs nothing and is not counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from rolegraph.values import (
    Evidence,
    Finding,
    Role,
    Skill,
    SkillRequirement,
    Transition,
    to_json,
)

__all__ = ["MAPPING", "Leg", "Reached", "Route", "Step"]

MAPPING = "mapping"
"""The type of a transition that is no career step but a crossing between two classifications."""


@dataclass(frozen=True, slots=True)
class Leg:
    """A transition between two roles, with what a cost function may want to know of it.

    Attributes
    ----------
    transition : Transition
        Has both a source and a target.
    new_skills : frozenset of Skill
        Skills that the target role or the transition asks for and the source role is not stated
        to ask for.
    """

    transition: Transition
    new_skills: frozenset[Skill] = frozenset()

    @property
    def ends(self) -> tuple[str, str]:
        """IRIs of source and target."""
        source, target = self.transition.source, self.transition.target
        if source is None or target is None:
            raise ValueError(f"{self.transition.label} does not join two roles")
        return source.iri, target.iri

    @property
    def crossing(self) -> bool:
        """Whether this is a mapping, which is no career step."""
        return self.transition.type == MAPPING


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a route, explained.

    Attributes
    ----------
    transition : Transition
        Of type ``"mapping"`` where the route crosses into another classification.
    cost : float
        What the step costs, in the unit of the route's cost; 0 for a crossing.
    shared_responsibilities, new_responsibilities : tuple of Finding
        Of the target role: those that the source role is stated to have too, and the others.
    shared_skills, new_skills : tuple of SkillRequirement
        The same for skills; the transition's own demands count with the target role's.
    certifications, activities : tuple of Finding
        What supports or eases this very transition.
    advancement : tuple of Finding
        For a promotion: what is stated to help one advance from the source role.
    not_stated : tuple of str
        What no source says about the step; silence is not absence.
    raised_skills : tuple of (SkillRequirement, SkillRequirement)
        Those of ``shared_skills`` of which the step asks for a higher level, with the demand of
        the source role.
    """

    transition: Transition
    cost: float
    shared_responsibilities: tuple[Finding, ...] = ()
    new_responsibilities: tuple[Finding, ...] = ()
    shared_skills: tuple[SkillRequirement, ...] = ()
    new_skills: tuple[SkillRequirement, ...] = ()
    certifications: tuple[Finding, ...] = ()
    activities: tuple[Finding, ...] = ()
    advancement: tuple[Finding, ...] = ()
    not_stated: tuple[str, ...] = ()
    raised_skills: tuple[tuple[SkillRequirement, SkillRequirement], ...] = ()

    @property
    def source(self) -> Role:
        """Role the step starts in."""
        assert self.transition.source is not None
        return self.transition.source

    @property
    def target(self) -> Role:
        """Role the step ends in."""
        assert self.transition.target is not None
        return self.transition.target

    @property
    def crossing(self) -> bool:
        """Whether this is a mapping, which is no career step."""
        return self.transition.type == MAPPING

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Evidence of the transition."""
        return self.transition.evidence

    def __str__(self) -> str:
        """The step and what it asks, in a few lines."""
        claim = self.transition.claim
        what = f"{self.transition.type} ({claim.modality})"
        if self.crossing:
            what = f"answers to ({claim.predicate}, {claim.modality})"
        lines = [f"{self.source} → {self.target}   {what}"]

        def row(head: str, items: Iterable[str]) -> None:
            if text := "; ".join(items):
                lines.append(f"   {head}: {text}")

        row("comes after", claim.preconditions)
        row(
            "carries over",
            [*map(str, self.shared_responsibilities), *map(_skill, self.shared_skills)],
        )
        row("new duties", map(str, self.new_responsibilities))
        row("more of", (r.grown_from(held) for r, held in self.raised_skills))
        row("new skills", map(_skill, self.new_skills))
        row("certifications", map(_hedged, self.certifications))
        row("activities", map(_hedged, self.activities))
        row("helps to advance", map(_hedged, self.advancement))
        row("not stated", self.not_stated)
        for e in self.evidence:
            lines.append(f"   says who: {e}")
        row("note", claim.notes)
        return "\n".join(lines)


def _skill(requirement: SkillRequirement) -> str:
    return f"{requirement.skill} (skill, {requirement.demand})"


def _hedged(finding: Finding) -> str:
    words = sorted({c.modality for c in finding.claims})
    return f"{finding} ({' / '.join(words) or 'inferred'})"


@dataclass(frozen=True, slots=True, repr=False)
class Route:
    """A way from one role to another.

    Attributes
    ----------
    source, target : Role
    steps : tuple of Step
        Career steps, and between them the mappings that the route crosses; empty when source
        and target are the same.
    cost : float
        Sum over the steps, in the unit named by ``cost_name``.
    cost_name : str

    Notes
    -----
    ``len(route)`` counts career steps. A route that only crosses mappings has length 0 and still
    has ``steps``; ask ``route.steps`` whether there is anything to do.
    """

    source: Role
    target: Role
    steps: tuple[Step, ...]
    cost: float
    cost_name: str = "steps"

    @property
    def roles(self) -> tuple[Role, ...]:
        """Roles on the way, both ends included."""
        return (self.source, *(s.target for s in self.steps))

    @property
    def crossings(self) -> tuple[Step, ...]:
        """The mappings that the route crosses, in the order of the way."""
        return tuple(s for s in self.steps if s.crossing)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of evidence that the route rests on, crossings included, sorted."""
        return tuple(sorted({s.transition.kind for s in self.steps}))

    @property
    def new_skills(self) -> tuple[Skill, ...]:
        """Skills new on some step, each once, in the order of the way."""
        return tuple(dict.fromkeys(r.skill for s in self.steps for r in s.new_skills))

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Evidence of the transitions, each piece once."""
        return tuple(dict.fromkeys(e for s in self.steps for e in s.evidence))

    def __len__(self) -> int:
        """Count of career steps; crossings are none."""
        return len(self.steps) - len(self.crossings)

    def __str__(self) -> str:
        """The route, explained step by step."""
        if not self.steps:
            return f"{self.source}: already there"
        unit = "" if self.cost_name == "steps" else f", cost {self.cost:g} ({self.cost_name})"
        count = _count(len(self), "step")
        if crossings := len(self.crossings):
            count += f" and {_count(crossings, 'crossing')}"
        head = (
            f"{' → '.join(map(str, self.roles))}   {count}{unit}; rests on: {', '.join(self.kinds)}"
        )
        return "\n".join([head, *(f"{i}. {step}" for i, step in enumerate(self.steps, 1))])

    __repr__ = __str__

    def to_dict(self) -> dict[str, Any]:
        """Give the route as plain data for JSON."""
        plain = {
            "source": self.source, "target": self.target, "roles": self.roles,
            "cost": self.cost, "cost_name": self.cost_name, "kinds": self.kinds,
            "new_skills": self.new_skills, "steps": self.steps, "length": len(self),
        }  # fmt: skip
        return {name: to_json(value) for name, value in plain.items()}


def _count(number: int, what: str) -> str:
    return f"{number} {what}" + ("" if number == 1 else "s")


@dataclass(frozen=True, slots=True)
class Reached:
    """A role that can be reached, with the way of least cost.

    Attributes
    ----------
    role : Role
    cost : float
    steps : int
        Career steps; crossings are none.
    via : tuple of Role
        The roles on the way, both ends included.
    """

    role: Role
    cost: float
    steps: int
    via: tuple[Role, ...] = field(repr=False)
