"""Two roles side by side, and what lies between one role and another.

What no source states is *not stated*, never *lacking*: an empty side says that nothing was read
about it, and the values carry that in words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from rolegraph.values import (
    Concept,
    Evidence,
    Finding,
    Role,
    Skill,
    SkillRequirement,
    Transition,
    to_json,
)
from rolegraph.vocab import RG

__all__ = [
    "ASPECTS",
    "Comparison",
    "Gap",
    "RoleFacts",
    "Split",
    "compare",
    "gap",
    "higher",
    "unstated",
]

ASPECTS: Mapping[str, tuple[str, ...]] = {
    "responsibilities": (RG.hasResponsibility,),
    "certifications": (RG.hasRelevantCertification,),
    "environments": (RG.worksIn, RG.crucialIn),
    "focus": (RG.focusesOn,),
    "purposes": (RG.hasPurpose, RG.skillSetServes),
    "works with": (RG.worksWith,),
    "involvement": (RG.hasInvolvement,),
    "training": (RG.benefitsFrom,),
    "advancement": (RG.isAdvancementSupportedBy,),
    "progression": (RG.progressesBy, RG.careerStartsWith, RG.careerGrowsInto),
    "specialisations": (RG.canSpecialiseIn,),
}
"""Aspects in which roles are compared beside their skills, and the properties that make them up."""


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """What is known of a role, by aspect.

    Attributes
    ----------
    role : Role
    findings : mapping of str to tuple of Finding
        By the names in :data:`ASPECTS`.
    requirements : tuple of SkillRequirement
    """

    role: Role
    findings: Mapping[str, tuple[Finding, ...]]
    requirements: tuple[SkillRequirement, ...]

    @property
    def skills(self) -> tuple[Finding, ...]:
        """Skills asked for, each with its claims."""
        by_skill: dict[Skill, list[SkillRequirement]] = {}
        for r in self.requirements:
            by_skill.setdefault(r.skill, []).append(r)
        return tuple(Finding(s, tuple(r.claim for r in rs)) for s, rs in by_skill.items())


@dataclass(frozen=True, slots=True)
class Split:
    """One aspect of two roles.

    Attributes
    ----------
    shared : tuple of (Finding, Finding)
        What both are stated to have: the findings for the first and for the second role.
    only_a, only_b : tuple of Finding
        What is stated of one and not stated of the other.
    related : tuple of (Finding, Finding)
        Pairs from ``only_a`` and ``only_b`` (or a shared one) of which one is the broader
        wording (*curated*).
    """

    shared: tuple[tuple[Finding, Finding], ...]
    only_a: tuple[Finding, ...]
    only_b: tuple[Finding, ...]
    related: tuple[tuple[Finding, Finding], ...] = ()

    @property
    def shared_labels(self) -> tuple[str, ...]:
        """Labels of what is shared."""
        return tuple(a.label for a, _ in self.shared)

    def __len__(self) -> int:
        """Count of different things on both sides."""
        return len(self.shared) + len(self.only_a) + len(self.only_b)


@dataclass(frozen=True, slots=True, repr=False)
class Comparison:
    """Two roles side by side.

    Attributes
    ----------
    a, b : Role
    aspects : mapping of str to Split
        ``"responsibilities"``, ``"skills"``, ``"certifications"``, ``"environments"`` and the
        further names in :data:`ASPECTS`.
    relations : tuple of Finding
        What sources say of the pair itself: that they overlap, or differ, and in what.
    transitions : tuple of Transition
        Direct steps between the two, either way.
    """

    a: Role
    b: Role
    aspects: Mapping[str, Split]
    relations: tuple[Finding, ...] = ()
    transitions: tuple[Transition, ...] = ()

    @property
    def responsibilities(self) -> Split:
        """Responsibilities side by side."""
        return self.aspects["responsibilities"]

    @property
    def skills(self) -> Split:
        """Skills side by side."""
        return self.aspects["skills"]

    @property
    def certifications(self) -> Split:
        """Certifications side by side."""
        return self.aspects["certifications"]

    @property
    def environments(self) -> Split:
        """Work environments and industries side by side."""
        return self.aspects["environments"]

    def __iter__(self) -> Iterator[tuple[str, Split]]:
        """Go through the aspects of which anything is stated."""
        return ((name, split) for name, split in self.aspects.items() if len(split))

    def __str__(self) -> str:
        """The comparison as text."""
        lines = [f"{self.a} | {self.b}"]
        for name, split in self:
            lines.append(f"{name}:")
            lines += [f"   both: {x}" for x in split.shared_labels]
            lines += [f"   only {self.a}: {f}" for f in split.only_a]
            lines += [f"   only {self.b}: {f}" for f in split.only_b]
        lines.append('("only" means: not stated of the other role by any source in the graph)')
        return "\n".join(lines)

    __repr__ = __str__

    def to_dict(self) -> dict[str, Any]:
        """Give the comparison as plain data for JSON."""
        names = ("a", "b", "aspects", "relations", "transitions")
        return {name: to_json(getattr(self, name)) for name in names}


@dataclass(frozen=True, slots=True, repr=False)
class Gap:
    """What a role asks for beyond another.

    Attributes
    ----------
    source, target : Role
    shared_skills : tuple of SkillRequirement
        Demands of the target that the source role is stated to make too.
    new_skills : tuple of SkillRequirement
        Demands of the target, and of a direct transition to it, that the source role is not
        stated to make.
    near_skills : tuple of (SkillRequirement, Skill)
        Those of ``new_skills`` to which a skill of the source role comes near: one is the
        broader wording of the other (*curated*).
    new_certifications, new_responsibilities : tuple of Finding
    transitions : tuple of Transition
        Direct steps from source to target.
    not_stated : tuple of str
        What no source says; without it an empty list would look like "nothing needed".
    raised_skills : tuple of (SkillRequirement, SkillRequirement)
        Those of ``shared_skills`` of which the target asks for a higher level, with the demand
        of the source role; levels that are not stated are not compared.
    """

    source: Role
    target: Role
    shared_skills: tuple[SkillRequirement, ...]
    new_skills: tuple[SkillRequirement, ...]
    near_skills: tuple[tuple[SkillRequirement, Skill], ...]
    new_certifications: tuple[Finding, ...]
    new_responsibilities: tuple[Finding, ...]
    transitions: tuple[Transition, ...]
    not_stated: tuple[str, ...]
    raised_skills: tuple[tuple[SkillRequirement, SkillRequirement], ...] = ()

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Evidence of the demands, each piece once."""
        demands = (*self.shared_skills, *self.new_skills)
        return tuple(dict.fromkeys(e for r in demands for e in r.evidence))

    def __str__(self) -> str:
        """The gap as text."""
        lines = [f"{self.source} → {self.target}"]

        def block(head: str, items: Iterable[Any]) -> None:
            lines.extend(f"   {head}: {x}" for x in items)

        block("carries over", self.shared_skills)
        block("more of", (r.grown_from(held) for r, held in self.raised_skills))
        block("new skill", self.new_skills)
        block("comes near", (f"{s.label} → {r.label}" for r, s in self.near_skills))
        block("new certification", self.new_certifications)
        block("new duty", self.new_responsibilities)
        block("not stated", self.not_stated)
        return "\n".join(lines)

    __repr__ = __str__

    def to_dict(self) -> dict[str, Any]:
        """Give the gap as plain data for JSON."""
        return {name: to_json(getattr(self, name)) for name in self.__dataclass_fields__}


def _split(
    a: Sequence[Finding], b: Sequence[Finding], near: Callable[[Concept, Concept], bool]
) -> Split:
    in_a = {f.concept.iri: f for f in a}
    in_b = {f.concept.iri: f for f in b}
    only_a = tuple(f for iri, f in in_a.items() if iri not in in_b)
    only_b = tuple(f for iri, f in in_b.items() if iri not in in_a)
    return Split(
        tuple((f, in_b[iri]) for iri, f in in_a.items() if iri in in_b),
        only_a,
        only_b,
        tuple((x, y) for x in in_a.values() for y in in_b.values() if near(x.concept, y.concept)),
    )


def compare(
    a: RoleFacts,
    b: RoleFacts,
    *,
    broader: Iterable[tuple[str, str]] = (),
    relations: tuple[Finding, ...] = (),
    transitions: tuple[Transition, ...] = (),
) -> Comparison:
    """Set two roles side by side.

    Parameters
    ----------
    a, b : RoleFacts
    broader : iterable of (str, str)
        IRIs of a concept and of a broader one.
    relations, transitions
        See :class:`Comparison`.

    Returns
    -------
    Comparison
        Within an aspect, in the order of labels.
    """
    pairs = set(broader)

    def near(x: Concept, y: Concept) -> bool:
        return (x.iri, y.iri) in pairs or (y.iri, x.iri) in pairs

    aspects = {"responsibilities": _split(a.findings["responsibilities"],
                                          b.findings["responsibilities"], near)}  # fmt: skip
    order = sorted(a.skills, key=lambda f: f.label), sorted(b.skills, key=lambda f: f.label)
    aspects["skills"] = _split(*order, near)
    for name in ASPECTS:
        aspects.setdefault(name, _split(a.findings[name], b.findings[name], near))
    return Comparison(a.role, b.role, MappingProxyType(aspects), relations, transitions)


def gap(
    a: RoleFacts,
    b: RoleFacts,
    *,
    broader: Iterable[tuple[str, str]] = (),
    transitions: tuple[Transition, ...] = (),
    asked: Sequence[SkillRequirement] = (),
) -> Gap:
    """Find what one role asks for beyond another.

    Parameters
    ----------
    a, b : RoleFacts
        Source and target.
    broader : iterable of (str, str)
        IRIs of a concept and of a broader one.
    transitions : tuple of Transition
        Direct steps from source to target.
    asked : sequence of SkillRequirement
        What those steps ask for themselves.

    Returns
    -------
    Gap
    """
    held = {r.skill for r in a.requirements}
    demands = (*b.requirements, *asked)
    new = tuple(r for r in demands if r.skill not in held)
    pairs = set(broader)
    by_label = sorted(held, key=lambda s: s.label)
    near = tuple(
        (r, s)
        for r in new
        for s in by_label
        if (r.skill.iri, s.iri) in pairs or (s.iri, r.skill.iri) in pairs
    )

    def beyond(name: str) -> tuple[Finding, ...]:
        known = {f.concept.iri for f in a.findings[name]}
        return tuple(f for f in b.findings[name] if f.concept.iri not in known)

    return Gap(
        a.role,
        b.role,
        tuple(r for r in demands if r.skill in held),
        new,
        near,
        beyond("certifications"),
        beyond("responsibilities"),
        transitions,
        unstated(a, b),
        higher(demands, a.requirements),
    )


def higher(
    demands: Iterable[SkillRequirement], held: Iterable[SkillRequirement]
) -> tuple[tuple[SkillRequirement, SkillRequirement], ...]:
    """Find the demands that ask for more of a skill than demands that are met already.

    Parameters
    ----------
    demands, held : iterable of SkillRequirement

    Returns
    -------
    tuple of (SkillRequirement, SkillRequirement)
        A demand, and the highest one for the same skill that is met. Levels on scales of
        different sources are not compared.
    """
    best: dict[Skill, SkillRequirement] = {}
    for h in held:
        if h.skill not in best or h.exceeds(best[h.skill]):
            best[h.skill] = h
    pairs = ((r, best[r.skill]) for r in demands if r.skill in best)
    return tuple((r, h) for r, h in pairs if r.exceeds(h))


def unstated(a: RoleFacts, b: RoleFacts) -> tuple[str, ...]:
    """Say in words what no source gives about the two roles."""
    out = []
    for facts in (a, b):
        if not facts.requirements:
            out.append(f"which skills {facts.role.label} asks for")
        for name in ("responsibilities", "certifications"):
            if not facts.findings[name]:
                out.append(f"{name} of {facts.role.label}")
    return tuple(out)
