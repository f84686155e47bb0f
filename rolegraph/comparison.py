"""Two roles side by side, and what lies between one role and another.

What no source states is *not stated*, never *lacking*: an empty side says that nothing was read
about it, and the values carry that in words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from rolegraph.arguments import several
from rolegraph.shown import Shown
from rolegraph.values import (
    Concept,
    Evidence,
    Finding,
    Role,
    Skill,
    SkillRequirement,
    Transition,
    silence_on_skills,
    to_json,
)
from rolegraph.vocab import RG

if TYPE_CHECKING:
    from rolegraph.page import Block, Cell, Page
    from rolegraph.pictures import Ladder, Mark, Sides
    from rolegraph.shown import Entry

__all__ = [
    "ASPECTS",
    "DRAWN",
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
DRAWN = ("responsibilities", "skills", "certifications", "environments")
"""Aspects that a picture of a comparison shows unless it is told otherwise."""


@dataclass(frozen=True, slots=True, repr=False)
class RoleFacts(Shown):
    """What is known of a role, by aspect.

    Attributes
    ----------
    role : Role
    findings : mapping of str to tuple of Finding
        By the names in :data:`ASPECTS`.
    requirements : tuple of SkillRequirement
    """

    _called = "role"

    role: Role
    findings: Mapping[str, tuple[Finding, ...]]
    requirements: tuple[SkillRequirement, ...]

    @property
    def skills(self) -> tuple[Finding, ...]:
        """Skills asked for, each with its claims, and the levels that are stated."""
        by_skill: dict[Skill, list[SkillRequirement]] = {}
        for r in self.requirements:
            by_skill.setdefault(r.skill, []).append(r)
        return tuple(
            Finding(s, tuple(r.claim for r in rs), levels=_levels(rs)) for s, rs in by_skill.items()
        )

    def __repr__(self) -> str:
        found = sum(map(len, self.findings.values()))
        from rolegraph.faces import counted

        held = counted({"demands": len(self.requirements), "findings": found})
        return f"<RoleFacts: {self.role}, {held}>"

    def _page(self) -> Page:
        from rolegraph.faces import demands, lines, marked, words
        from rolegraph.page import Fields, Heading, Page

        pairs: list[tuple[str, Cell]] = [("skills", demands(self.requirements))]
        pairs += [(name, lines(marked(f) for f in found))
                  for name, found in self.findings.items()]  # fmt: skip
        silent = ", ".join(name for name, value in pairs if value in ((), ""))
        every = [f for found in self.findings.values() for f in found]
        said = _sources([("", f, words(f)) for f in (*self.skills, *every)])
        head = Heading(self.role.label, "what is known of the role")
        return Page((head, Fields((*pairs, ("not stated", silent))), *said))


@dataclass(frozen=True, slots=True)
class Split(Shown):
    """One aspect of two roles.

    Attributes
    ----------
    shared : tuple of (Finding, Finding)
        What both are stated to have: the findings for the first and for the second role. Those
        of a skill tell the levels that either asks for (:attr:`Finding.levels`).
    only_a, only_b : tuple of Finding
        What is stated of one and not stated of the other.
    related : tuple of (Finding, Finding)
        Pairs from ``only_a`` and ``only_b`` (or a shared one) of which one is the broader
        wording (*curated*).
    """

    _called = "aspect"

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

    def _columns(self, a: str, b: str) -> tuple[Block, ...]:
        """What is of one, of both and of the other, side by side, and who says so."""
        from rolegraph.faces import SHOWN, marked, words
        from rolegraph.page import Bullets, Details, Grid, Only

        sides = (
            [marked(f) for f in self.only_a],
            [marked(x, y) for x, y in self.shared],
            [marked(f) for f in self.only_b],
        )
        high = max(map(len, sides), default=0)
        heads = (f"only {a}", "both", f"only {b}")
        rows = tuple(tuple(side[i] if i < len(side) else "" for side in sides) for i in range(high))
        first = high if high <= _ROWS + 2 else _ROWS  # nothing is won by hiding one or two
        rest = Details(f"… {high - first} more", (Grid(heads, rows[first:]),))
        more = f"… {high - SHOWN:,} more" if high > SHOWN else ""
        near = tuple(f"{x.label} ~ {y.label}" for x, y in self.related)
        said = [(a, f, words(f)) for f in self.only_a]
        said += [(who, f, words(f)) for pair in self.shared
                 for who, f in zip((a, b), pair, strict=True)]  # fmt: skip
        said += [(b, f, words(f)) for f in self.only_b]
        return (
            Only("html", (Grid(heads, rows[:first]), *((rest,) if first < high else ()))),
            Only("text", (Grid(heads, rows[:SHOWN], more=more),)),
            *((Details("near each other (curated)", (Bullets(near),)),) if near else ()),
            *_sources(said),
        )

    def _page(self) -> Page:
        from rolegraph.page import Page

        return Page(self._columns("the first", "the second"))

    def _row(self, mixed: bool = False) -> Mapping[str, Entry]:
        return {"only the first": len(self.only_a), "both": len(self.shared),
                "only the second": len(self.only_b)}  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Comparison(Shown):
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

    _called = "comparison"

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

    @property
    def not_stated(self) -> tuple[str, ...]:
        """Aspects of which something is stated of one role and nothing of the other, in words.

        Examples
        --------
        >>> import rolegraph as rg
        >>> rg.load().compare("Portfolio Manager", "Project Manager").not_stated[:2]
        ('skills of Portfolio Manager', 'certifications of Portfolio Manager')
        """
        return tuple(
            f"{name} of {role}"
            for name, split in self
            for role, only in ((self.a, split.only_a), (self.b, split.only_b))
            if not (only or split.shared)
        )

    def __str__(self) -> str:
        """The comparison as text."""
        from rolegraph.faces import rungs

        def named(*found: Finding) -> str:
            level = rungs(*found)
            return f"{found[0]} ({level})" if level else str(found[0])

        lines = [f"{self.a} | {self.b}"]
        for name, split in self:
            lines.append(f"{name}:")
            lines += [f"   both: {named(x, y)}" for x, y in split.shared]
            lines += [f"   only {self.a}: {named(f)}" for f in split.only_a]
            lines += [f"   only {self.b}: {named(f)}" for f in split.only_b]
        lines += [f"nothing is stated of: {', '.join(self.not_stated)}"] if self.not_stated else []
        lines.append('("only" means: not stated of the other role by any source in the graph)')
        return "\n".join(lines)

    def _page(self) -> Page:
        from rolegraph.page import Bullets, Details, Heading, Only, Page, Para

        a, b = str(self.a), str(self.b)
        claims = [claim for finding in self.relations for claim in finding.claims]
        said = tuple(f"{c}: {'; '.join(map(str, c.evidence))}" for c in claims)
        blocks: list[Block] = [Heading(f"{a} and {b}", "two roles side by side")]
        if said:
            # in HTML the picture has said it already, so what is left is who says so
            blocks.append(Only("html", (Details("what is said of the pair", (Bullets(said),)),)))
            blocks.append(Only("text", tuple(Para(str(claim)) for claim in claims)))
        for name, split in self:
            columns = split._columns(a, b)
            counts = (f"{len(split.only_a)} only {a}, {len(split.shared)} both, "
                      f"{len(split.only_b)} only {b}")  # fmt: skip
            blocks.append(Only("html", (Details(f"{name}: {counts}", columns),)))
            blocks.append(Only("text", (Heading(name, level=2), *columns)))
        blocks += [Para(f"direct move: {t}") for t in self.transitions]
        silent = ", ".join(name for name, split in self.aspects.items() if not len(split))
        blocks += [Para(f"of neither is stated: {silent}")] if silent else []
        if self.not_stated:
            blocks.append(Para(f"nothing is stated of: {', '.join(self.not_stated)}"))
        blocks.append(Para('"only" means: not stated of the other role by any source.'))
        return Page(tuple(blocks))

    def _row(self, mixed: bool = False) -> Mapping[str, Entry]:
        return {"roles": f"{self.a} and {self.b}",
                **{name: len(split.shared) for name, split in self}}  # fmt: skip

    __repr__ = __str__

    def picture(self, aspects: Sequence[str] | None = DRAWN) -> Sides:
        """Draw the two roles side by side, with what both are stated to have in the middle.

        Parameters
        ----------
        aspects : sequence of str, optional
            Names of the aspects to draw; all of them when None. The picture says what it leaves
            out.

        Returns
        -------
        rolegraph.pictures.Sides

        Raises
        ------
        ValueError
            If there is no aspect of such a name.

        Examples
        --------
        >>> import rolegraph as rg
        >>> rg.load().compare("Delivery Manager", "Project Manager").picture()
        <Sides: Delivery Manager and Project Manager>
        """
        from rolegraph.pictures import Aspect, Sides

        names = list(self.aspects) if aspects is None else several(aspects)
        for name in names:
            if name not in self.aspects:
                raise ValueError(f"no aspect {name!r}; there are {', '.join(self.aspects)}")
        left_out = [name for name, _ in self if name not in names]
        note = f"Not drawn: {', '.join(left_out)}." if left_out else ""
        rows = tuple(
            Aspect(
                name,
                tuple(_mark(x, y) for x, y in split.shared),
                tuple(map(_mark, split.only_a)),
                tuple(map(_mark, split.only_b)),
                tuple((x.label, y.label) for x, y in split.related),
            )
            for name, split in self
            if name in names
        )
        said = tuple(str(claim) for finding in self.relations for claim in finding.claims)
        moves = tuple(f"direct move: {t}" for t in self.transitions)
        title = f"{self.a} and {self.b}"
        return Sides(title, self.a.label, self.b.label, rows, (*said, *moves), note)

    def _picture(self) -> Sides:
        return self.picture()

    def to_dict(self) -> dict[str, Any]:
        """Give the comparison as plain data for JSON."""
        names = ("a", "b", "aspects", "relations", "transitions", "not_stated")
        return {name: to_json(getattr(self, name)) for name in names}


@dataclass(frozen=True, slots=True, repr=False)
class Gap(Shown):
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

    _called = "gap"

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

        more = {r.claim.iri for r, _ in self.raised_skills}
        block("carries over", (r for r in self.shared_skills if r.claim.iri not in more))
        block("more of", (r.grown_from(held) for r, held in self.raised_skills))
        block("new skill", self.new_skills)
        block("comes near", (f"{s.label} → {r.label}" for r, s in self.near_skills))
        block("new certification", self.new_certifications)
        block("new duty", self.new_responsibilities)
        block("not stated", self.not_stated)
        return "\n".join(lines)

    def _page(self) -> Page:
        from rolegraph.faces import demands, lines, marked, words
        from rolegraph.page import Details, Fields, Heading, Only, Page

        more = {r.claim.iri for r, _ in self.raised_skills}
        kept = [r for r in self.shared_skills if r.claim.iri not in more]
        new = self.new_certifications
        pairs: tuple[tuple[str, Cell], ...] = (
            ("new skills", demands(self.new_skills)),
            ("more of", lines(r.grown_from(held) for r, held in self.raised_skills)),
            ("skills kept", demands(kept)),
            ("near", lines(f"{s.label} comes near {r.label}" for r, s in self.near_skills)),
            ("new certifications", lines(f"{f.label} ({words(f)})" for f in new)),
            ("new duties", lines(map(marked, self.new_responsibilities))),
            ("direct step", lines(map(str, self.transitions))),
            ("not stated", lines(self.not_stated)),
        )
        asked = [(what, Finding(r.skill, (r.claim,)), f"{r.claim.kind}, {r.demand}")
                 for what, found in (("skill kept", self.shared_skills),
                                     ("new skill", self.new_skills))
                 for r in found]  # fmt: skip
        asked += [("new certification", f, words(f)) for f in new]
        asked += [("new duty", f, words(f)) for f in self.new_responsibilities]
        head = Heading(
            f"{self.source} → {self.target}", "what the second asks for beyond the first"
        )
        fields = Fields(pairs)
        # in HTML the picture has shown most of it already
        closed = Only("html", (Details("all of it in words", (fields,)),))
        return Page((head, closed, Only("text", (fields,)), *_sources(asked)))

    def _row(self, mixed: bool = False) -> Mapping[str, Entry]:
        return {
            "from": str(self.source),
            "to": str(self.target),
            "new skills": len(self.new_skills),
            "to raise": len(self.raised_skills),
            "new certifications": len(self.new_certifications),
            "new duties": len(self.new_responsibilities),
        }

    __repr__ = __str__

    def picture(self) -> Ladder:
        """Draw the gap as a ladder from what carries over up to what is new.

        Returns
        -------
        rolegraph.pictures.Ladder

        Examples
        --------
        >>> import rolegraph as rg
        >>> rg.load().gap("Project Manager", "Delivery Manager").picture()
        <Ladder: Project Manager → Delivery Manager>
        """
        from rolegraph.pictures import Ladder

        more = {r.claim.iri for r, _ in self.raised_skills}
        return Ladder(
            f"{self.source} → {self.target}",
            self.source.label,
            self.target.label,
            keep=_demanded(r for r in self.shared_skills if r.claim.iri not in more),
            raised=tuple(
                (_demanded([r])[0], held.rung, r.rung) for r, held in self.raised_skills
            ),
            new=_demanded(self.new_skills),
            duties=tuple(map(_mark, self.new_responsibilities)),
            certifications=tuple(map(_mark, self.new_certifications)),
            near=tuple((s.label, r.label) for r, s in self.near_skills),
            unstated=self.not_stated,
            known=silence_on_skills(self.source) not in self.not_stated,
        )  # fmt: skip

    def _picture(self) -> Ladder:
        return self.picture()

    def to_dict(self) -> dict[str, Any]:
        """Give the gap as plain data for JSON."""
        return {name: to_json(getattr(self, name)) for name in self.__dataclass_fields__}


_ROWS = 8  # rows of an aspect that stand open
_PLACES = 12  # places of evidence that text lists


def _sources(found: Sequence[tuple[str, Finding, str]]) -> tuple[Block, ...]:
    """Say of each finding who says so: of whom it is, what it is, and in which words.

    In a terminal, which has nothing to open, the places stand in one list.
    """
    from rolegraph.faces import rungs, said
    from rolegraph.page import Bullets, Details, Only, Strong

    items: list[Cell] = []
    for of, f, modality in found:
        about = ", ".join(filter(None, [of, modality, rungs(f)]))
        where = "; ".join(said(f.evidence)) or "no evidence is given"
        items.append((Strong(f.label), f" ({about}): {where}"))
    if not items:
        return ()
    places = said(dict.fromkeys(e for _, f, _ in found for e in f.evidence))
    if len(places) > _PLACES:
        places = [*places[:_PLACES], f"… {len(places) - _PLACES:,} more (.evidence has all)"]
    return (
        Only("html", (Details("who says so", (Bullets(tuple(items)),)),)),
        *((Only("text", (Details("who says so", (Bullets(tuple(places)),)),)),) if places else ()),
    )


def _mark(*findings: Finding) -> Mark:
    """Make what is drawn of findings of one thing: name, kinds, levels, reservations."""
    from rolegraph.faces import rungs
    from rolegraph.pictures import Mark

    kinds = ", ".join(dict.fromkeys(k for f in findings for k in f.kinds))
    claims = [c for f in findings for c in f.claims]
    words = dict.fromkeys(c.modality.removeprefix(c.kind).removeprefix(", ") for c in claims)
    beside = (rungs(*findings), " / ".join(filter(None, words)))
    return Mark(findings[0].label, kinds, ", ".join(filter(None, beside)))


def _levels(requirements: Iterable[SkillRequirement]) -> tuple[str, ...]:
    """Give the levels asked for, lowest first; demands that name none say nothing of it."""
    known = {(r.level_rank, r.rung) for r in requirements
             if r.level is not None or r.level_rank is not None}  # fmt: skip
    order = sorted(known, key=lambda x: (x[0] is None, x[0] or 0, x[1]))
    return tuple(dict.fromkeys(name for _, name in order))


def _demanded(requirements: Iterable[SkillRequirement]) -> tuple[Mark, ...]:
    """Make what is drawn of demands: a mark a skill, which may be asked for in several ways."""
    from rolegraph.pictures import Mark

    by_skill: dict[Skill, list[SkillRequirement]] = {}
    for r in requirements:
        by_skill.setdefault(r.skill, []).append(r)
    return tuple(
        Mark(
            skill.label,
            ", ".join(dict.fromkeys(r.claim.kind for r in rs)),
            " / ".join(dict.fromkeys(r.demand for r in rs)),
        )
        for skill, rs in by_skill.items()
    )


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
            out.append(silence_on_skills(facts.role))
        for name in ("responsibilities", "certifications"):
            if not facts.findings[name]:
                out.append(f"{name} of {facts.role.label}")
    return tuple(dict.fromkeys(out))
