"""Routes and what they are made of, as values: legs, steps, routes, and roles within reach.

A step of a career is one thing, a crossing another: a mapping between two classifications says
that a role of the one answers to a role of the other, and whoever crosses it stays where they are.
A crossing is kept among the steps of a route, since it has to be shown and borne out like them,
but it costs nothing and is not counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from rolegraph import plandata
from rolegraph.shown import MARKS, Shown
from rolegraph.values import (
    Certification,
    Evidence,
    Finding,
    Role,
    Skill,
    SkillRequirement,
    Transition,
    silence_on_skills,
    to_json,
)

if TYPE_CHECKING:
    import networkx as nx
    import pandas
    import rdflib

    from rolegraph.page import Block, Cell, Fields, Page
    from rolegraph.pictures import LineMap, RoutesMap
    from rolegraph.shown import Entry

__all__ = [
    "LEARNING",
    "MAPPING",
    "Leg",
    "Reached",
    "Route",
    "Step",
    "read_as",
    "routes_map",
    "senses",
]

MAPPING = "mapping"
"""The type of a transition that is no career step but a crossing between two classifications."""


@dataclass(frozen=True, slots=True)
class Leg(Shown):
    """A transition between two roles, with what a cost function may want to know of it.

    Attributes
    ----------
    transition : Transition
        Has both a source and a target.
    new_skills : frozenset of Skill
        Skills that the target role or the transition asks for and the source role is not stated
        to ask for.
    """

    _called = "step"

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

    def _page(self) -> Page:
        from rolegraph.faces import lines
        from rolegraph.page import Fields, Page

        new = sorted(s.label for s in self.new_skills)
        shown = self.transition._page()
        learn = (f"new skills ({len(new)})", lines(new) or "none is stated")
        return Page((*shown.blocks, Fields((learn,))))

    def _row(self, mixed: bool = False) -> Mapping[str, Entry]:
        row = dict(self.transition._row())
        said = row.pop("who says so")
        return {**row, "new skills": len(self.new_skills), "who says so": said}


@dataclass(frozen=True, slots=True, repr=False)
class Step(Shown):
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
    useful_certifications : tuple of Finding
        In a plan: certifications that are of use in the role the step leads to.
    held_certifications : tuple of Certification
        In a plan: of the certifications named for the step, those that the person holds.
    untold : bool
        Whether no source says which skills the role at the end asks for. What a plan does not
        count, with ``strengths=``, is said all the same.
    """

    _called = "step"

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
    useful_certifications: tuple[Finding, ...] = ()
    held_certifications: tuple[Certification, ...] = ()
    untold: bool | None = field(default=None, kw_only=True, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Take a step that asks for nothing for one of which nothing is known, unless told."""
        if self.untold is None:
            silent = not (self.crossing or self.new_skills or self.shared_skills)
            object.__setattr__(self, "untold", silent)

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

        row("type", [self.transition._typed] if self.transition.type_rules else [])
        row("figures", _figures(self.transition))
        row("comes after", claim.preconditions)
        more = {r for r, _ in self.raised_skills}
        row(
            "carries over",
            [
                *map(str, self.shared_responsibilities),
                *(_skill(r) for r in self.shared_skills if r not in more),
            ],
        )
        row("new duties", map(str, self.new_responsibilities))
        row("more of", (r.grown_from(held) for r, held in self.raised_skills))
        row("new skills", map(_skill, self.new_skills))
        row("certifications", map(_hedged, self.certifications))
        row("certifications of use there", map(_hedged, self.useful_certifications))
        row("certifications held", map(str, self.held_certifications))
        row("activities", map(_hedged, self.activities))
        row("helps to advance", map(_hedged, self.advancement))
        row("not stated", self.not_stated)
        for e in self.evidence:
            lines.append(f"   says who: {e}")
        row("note", claim.notes)
        return "\n".join(lines)

    __repr__ = __str__

    def _fields(self) -> Fields:
        """What the step asks, by name."""
        from rolegraph.faces import demands, lines, tags, who, words
        from rolegraph.page import Fields

        def modal(found: Iterable[Finding]) -> Cell:
            return lines(f"{f.label} ({words(f)})" for f in found)

        claim = self.transition.claim
        hedge = "" if claim.hedge in (None, "stated") else f'"{claim.hedge}"'
        more = {r.claim.iri for r, _ in self.raised_skills}
        kept = [r for r in self.shared_skills if r.claim.iri not in more]
        learned = (*self.new_skills, *(r for r, _ in self.raised_skills))
        helps = (*self.certifications, *self.useful_certifications, *self.activities,
                 *self.advancement)  # fmt: skip
        return Fields((
            ("kind", tags([claim.kind])),
            ("hedge", hedge),
            ("type", "no step, a mapping" if self.crossing else
             self.transition._typed),
            ("figures", lines(_figures(self.transition))),
            ("comes after", lines(claim.preconditions)),
            ("new skills", demands(self.new_skills)),
            ("more of", lines(r.grown_from(held) for r, held in self.raised_skills)),
            ("new duties", lines(map(str, self.new_responsibilities))),
            ("duties kept", lines(map(str, self.shared_responsibilities))),
            ("skills kept", demands(kept)),
            ("certifications", modal(self.certifications)),
            ("of use there", modal(self.useful_certifications)),
            ("held", lines(map(str, self.held_certifications))),
            ("activities", modal(self.activities)),
            ("helps to advance", modal(self.advancement)),
            ("not stated", lines(self.not_stated)),
            ("who says so", who(self.evidence)),
            ("for skills", who(dict.fromkeys(e for r in learned for e in r.evidence))),
            ("for what helps", who(dict.fromkeys(e for f in helps for e in f.evidence))),
            ("note", lines(claim.notes)),
        ))  # fmt: skip

    @property
    def _to_learn(self) -> str:
        """Count skills, which may be asked for by the role and by the step alike, once."""
        new = len({r.skill for r in self.new_skills})
        more = len({r.skill for r, _ in self.raised_skills})
        parts = [_count(new, "new skill")] if new else []
        parts += [f"{more} to raise"] if more else []
        return ", ".join(parts)

    def _page(self) -> Page:
        from rolegraph.page import Heading, Page

        note = f"{self.transition.type} ({self.transition.claim.modality})"
        return Page((Heading(f"{self.source} → {self.target}", note), self._fields()))

    def _row(self, mixed: bool = False) -> Mapping[str, Entry]:
        row = dict(self.transition._row())
        said = row.pop("who says so")
        skills = self._to_learn or ("not stated" if self.untold else "none")
        return {**row, "to learn": "" if self.crossing else skills, "cost": float(self.cost),
                "who says so": said}  # fmt: skip


LEARNING: Final = frozenset(("new-skills", "hardest-step", "effort", "effort-importance"))
"""Objectives that count what there is to learn, and so depend on what sources state of roles."""


def read_as(
    steps: Sequence[Step],
    unknown_start: bool,
    names: Iterable[str],
    *,
    less: bool = False,
    more: bool = False,
) -> dict[str, str]:
    """Say how figures of learning are to be read where sources do not state what roles ask for.

    Parameters
    ----------
    steps : sequence of Step
    unknown_start : bool
        Of some role that is held already no source says which skills it asks for.
    names : iterable of str
        Objectives; of those that do not count learning nothing is said.
    less, more : bool
        Whether the figures may be less, or more, for another reason: levels that nobody states.

    Returns
    -------
    dict of str to str
        ``"at least"``, ``"at most"`` or ``"about"`` by objective; exact ones are left out.

    Notes
    -----
    What an unknown role on the way asks for comes on top: a sum is a least. What an unknown role
    held already asks for may be known to whoever comes from there: a sum is a most. What somebody
    learns for an unknown role in between does not take from the sum over all steps, but it does
    from the steps after it: the hardest step is a least only if none of those is harder than the
    steps before, or if it has a single skill.

    Examples
    --------
    >>> read_as((), True, ["steps", "new-skills"])
    {}
    """
    load = [len({r.skill for r in (*s.new_skills, *(r for r, _ in s.raised_skills))})
            for s in steps]  # fmt: skip
    silent = [n for n, step in enumerate(steps) if step.untold]
    before = max(load[: silent[0]] if silent else load, default=0)
    return senses(bool(silent) or more, unknown_start or less, before, max(load, default=0), names)


def senses(more: bool, less: bool, sure: int, hardest: int, names: Iterable[str]) -> dict[str, str]:
    """Say it from what matters alone (:func:`read_as`).

    Parameters
    ----------
    more : bool
        The sum may be more.
    less : bool
        The sum may be less.
    sure : int
        The hardest step before the first role on the way of which nothing is known.
    hardest : int
        The hardest step of all.
    names : iterable of str

    Examples
    --------
    >>> senses(False, True, 2, 2, ["steps", "new-skills"])
    {'new-skills': 'at most'}
    """
    out = {}
    for name in names:
        if name in LEARNING:
            # nothing is not less; and of one skill that is new, some step asks
            fewer = less and hardest > 0
            if name == "hardest-step" and not fewer:
                fewer = max(sure, 1) < hardest
            if more or fewer:
                out[name] = "at least" if not fewer else "about" if more else "at most"
    return out


def routes_map(routes: Sequence[Route]) -> RoutesMap:
    """Draw several routes on one map that shows where they part and meet.

    Parameters
    ----------
    routes : sequence of Route

    Returns
    -------
    rolegraph.pictures.RoutesMap
    """
    from rolegraph.pictures import RoutesMap

    ends = list(dict.fromkeys((str(r.source), str(r.target)) for r in routes))
    sources, targets = (list(dict.fromkeys(side)) for side in zip(*ends, strict=True))
    title = f"{' or '.join(sources)} → {' or '.join(targets[:3])}"
    title += f" or {len(targets) - 3} more" if len(targets) > 3 else ""
    return RoutesMap(title, tuple(r.picture() for r in routes))


def _figures(transition: Transition) -> list[str]:
    return [f"{name} {value:,.10g}" for name, value in transition.figures.items()]


def _skill(requirement: SkillRequirement) -> str:
    return f"{requirement.skill} (skill, {requirement.demand})"


def _hedged(finding: Finding) -> str:
    words = sorted({c.modality for c in finding.claims})
    return f"{finding} ({' / '.join(words) or 'inferred'})"


@dataclass(frozen=True, slots=True, repr=False)
class Route(Shown):
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
    values : mapping of str to float
        In a plan: what the route comes to by each objective. Not compared.
    read_as : mapping of str to str
        How figures of learning are to be read where they are not exact (:func:`read_as`):
        ``"at least"``, ``"at most"`` or ``"about"``, by objective; ``"cost"`` is the route's cost
        where that is a sum over steps taken one by one. Not compared.

    Notes
    -----
    ``len(route)`` counts career steps. A route that only crosses mappings has length 0 and still
    has ``steps``; ask ``route.steps`` whether there is anything to do.
    """

    _called = "route"
    _heads = ("way", "steps", "new skills", "to raise", "rests on")

    source: Role
    target: Role
    steps: tuple[Step, ...]
    cost: float
    cost_name: str = "steps"
    values: Mapping[str, float] = field(default_factory=dict, compare=False)
    read_as: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def roles(self) -> tuple[Role, ...]:
        """Roles on the way, both ends included."""
        return (self.source, *(s.target for s in self.steps))

    def mark(self, name: str) -> str:
        """Give the mark of a figure that is not exact: ``≥``, ``≤``, ``≈``, or nothing."""
        return MARKS.get(self.read_as.get(name, ""), "")

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
        unit = f", {self._cost}" if self._cost else ""
        count = _count(len(self), "step")
        if crossings := len(self.crossings):
            count += f" and {_count(crossings, 'crossing')}"
        head = (
            f"{' → '.join(map(str, self.roles))}   {count}{unit}; rests on: {', '.join(self.kinds)}"
        )
        return "\n".join([head, *(f"{i}. {step}" for i, step in enumerate(self.steps, 1))])

    def picture(self) -> LineMap:
        """Draw the route as a line map: a station for each role, and what each step asks.

        Returns
        -------
        rolegraph.pictures.LineMap
            Shows itself in a notebook; ``.svg(width)``, ``.mermaid()``, ``.dot()``, ``.alt`` and
            ``.save(path)``.

        Examples
        --------
        >>> import rolegraph as rg
        >>> route = rg.load().route("Project Manager", "Delivery Director")
        >>> print(route.picture().mermaid())
        flowchart TD
            n0("Project Manager (Project management, professional)")
        ...
        """
        from rolegraph.pictures import LineMap, Link, Stop

        links = []
        for n, step in enumerate(self.steps):
            skills = tuple(dict.fromkeys(r.label for r in step.new_skills))
            inferred = " (inferred)" if step.transition.type_rules else ""
            links.append(
                Link(
                    n,
                    n + 1,
                    step.transition.type + inferred,
                    step.transition.kind,
                    skills,
                    untold=bool(step.untold),
                    crossing=step.crossing,
                    raised=tuple(r.grown_from(held) for r, held in step.raised_skills),
                )
            )
        mark = self.mark("new-skills")
        unknown = any(silence_on_skills(self.source) in s.not_stated for s in self.steps[:1])
        stops = tuple(
            Stop(r.label, ", ".join(filter(None, (
                r.family, r.level, "skills held not stated" if unknown and n == 0 else "",
            ))))
            for n, r in enumerate(self.roles)
        )  # fmt: skip
        title = f"{self.source} → {self.target}"
        return LineMap(title, stops, tuple(links), "" if mark == "≥" else mark)

    def _picture(self) -> LineMap:
        return self.picture()

    @staticmethod
    def _picture_of(values: Sequence[Any]) -> RoutesMap | None:
        return routes_map(values)

    @property
    def _way(self) -> str:
        return " → ".join(r.label for r in self.roles)

    def _note(self) -> str:
        """How long it is, what it costs and what it rests on."""
        count = _count(len(self), "step")
        if crossings := len(self.crossings):
            count += f" and {_count(crossings, 'crossing')}"
        return "; ".join(filter(None, [count, self._cost, f"rests on {', '.join(self.kinds)}"]))

    @property
    def _cost(self) -> str:
        """What was searched by, unless that is steps."""
        if self.cost_name == "steps":
            return ""
        name = "cost" if "cost" in self.read_as or not self.values else self.cost_name
        return f"{self.cost_name} {self.mark(name)}{self.cost:g}"

    def _blocks(self) -> tuple[Block, ...]:
        """The steps, first all at a glance and then one by one."""
        from rolegraph.faces import who
        from rolegraph.page import Details, Grid, Only
        from rolegraph.shown import figure

        if not self.steps:
            return ()
        rows = [dict(s._row()) for s in self.steps]
        beside = ("from", "to", "who says so", "cost")
        columns = [c for c in rows[0] if c not in beside and any(row[c] for row in rows)]
        # who says so stands with the step: a column at the end is out of sight on a narrow page
        grid = Grid(
            ("step", *columns),
            tuple(
                ((f"{i}. {s.source} → {s.target}", *who(s.evidence, "who says so: ")),
                 *(figure(row[c]) for c in columns))
                for i, (s, row) in enumerate(zip(self.steps, rows, strict=True), 1)
            ),
        )  # fmt: skip
        each = tuple(
            Details(f"{i}. {s.source} → {s.target}", (s._fields(),))
            for i, s in enumerate(self.steps, 1)
        )
        return Only("html", (grid,)), *each

    def _page(self) -> Page:
        from rolegraph.page import Heading, Page

        note = self._note() if self.steps else "already there"
        return Page((Heading(self._way, note), *self._blocks()))

    def _row(self, mixed: bool = False) -> Mapping[str, Entry]:
        cost = {} if self.cost_name == "steps" else {self.cost_name: float(self.cost)}
        raised = len({r.skill for s in self.steps for r, _ in s.raised_skills})
        mark = self.mark("new-skills")
        return {
            "way": self._way,
            "steps": len(self),
            **cost,
            "new skills": f"{mark}{len(self.new_skills)}" if mark else len(self.new_skills),
            "to raise": raised or None,
            "rests on": ", ".join(self.kinds),
        }

    def _explained(self) -> tuple[str, tuple[Block, ...]] | None:
        return (self._way, self._blocks()) if self.steps else None

    __repr__ = __str__

    def to_dict(self) -> dict[str, Any]:
        """Give the route as plain data for JSON (:func:`rolegraph.plandata.route_schema`)."""
        plain = {
            "source": self.source, "target": self.target, "roles": self.roles,
            "cost": self.cost, "cost_name": self.cost_name, "values": self.values,
            "read_as": self.read_as,
            "kinds": self.kinds, "new_skills": self.new_skills, "steps": self.steps,
            "length": len(self),
        }  # fmt: skip
        return {name: to_json(value) for name, value in plain.items()}

    def to_json(self, *, indent: int | None = None) -> str:
        """Write the route as JSON text; the fields are those of :meth:`to_dict`.

        Parameters
        ----------
        indent : int, optional
            Blanks to set in by; all in one line when None.
        """
        import json

        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)

    def to_rdf(
        self,
        *,
        base: str | None = None,
        generated: datetime | None = None,
        rule: str | None = None,
    ) -> rdflib.Graph:
        """Write the route down as a plan in terms of the ontology.

        Parameters
        ----------
        base, generated, rule : optional
            See :func:`rolegraph.plandata.plan_graph`, which writes several routes into one graph.

        Returns
        -------
        rdflib.Graph
            The same for the same route, IRIs included.

        Raises
        ------
        ValueError
            If `base` is not an absolute IRI that ends in ``/`` or ``#``.

        Examples
        --------
        >>> import rolegraph as rg
        >>> plan = rg.load().route("Project Manager", "Delivery Director").to_rdf()
        >>> len(plan.query("SELECT ?step { ?step a rg:PlannedMove }"))
        3
        """
        return plandata.plan_graph([self], base=base, generated=generated, rule=rule)

    def to_pandas(self) -> pandas.DataFrame:
        """Put the steps into a table, with the columns of :data:`rolegraph.plandata.COLUMNS`.

        Returns
        -------
        pandas.DataFrame
            A row a step, crossings included; after those columns come the figures that the
            transitions bear, by name.

        Raises
        ------
        ExtraMissingError
            If pandas is not installed (``pip install "rolegraph[pandas]"``).

        Examples
        --------
        >>> import rolegraph as rg
        >>> table = rg.load().route("Project Manager", "Delivery Director").to_pandas()
        >>> table["new_skills"].to_list()
        [8, <NA>, <NA>]
        """
        return plandata.frame([self], numbered=False)

    def to_networkx(self) -> nx.MultiDiGraph:
        """Give the roles and transitions of the route as a networkx graph.

        Returns
        -------
        networkx.MultiDiGraph
            Nodes and edges as :meth:`rolegraph.RoleGraph.to_networkx` has them; edges have
            ``step``, the number of the step from 1, and ``route_cost`` besides, what it adds to
            the route's cost.

        Examples
        --------
        >>> import rolegraph as rg
        >>> graph = rg.load().route("Project Manager", "Delivery Director").to_networkx()
        >>> [data["type"] for _, _, data in graph.edges(data=True)]
        ['lateral move', 'promotion', 'promotion']
        """
        return plandata.single_network(self)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" + ("" if number == 1 else "s")


@dataclass(frozen=True, slots=True)
class Reached(Shown):
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

    _called = "role"
    _heads = ("role", "steps", "cost", "via")

    role: Role
    cost: float
    steps: int
    via: tuple[Role, ...] = field(repr=False)

    def _page(self) -> Page:
        from rolegraph.page import Fields, Heading, Page

        pairs = (("cost", f"{self.cost:g}"), ("steps", str(self.steps)),
                 ("way", " → ".join(map(str, self.via))))  # fmt: skip
        return Page((Heading(self.role.label, "within reach"), Fields(pairs)))

    def _row(self, mixed: bool = False) -> Mapping[str, Entry]:
        return {
            "role": self.role.label,
            "steps": self.steps,
            "cost": None if self.cost == self.steps else float(self.cost),
            "via": " → ".join(map(str, self.via[1:-1])) or "directly",
        }
