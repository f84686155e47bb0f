"""Routes and what they are made of, as values: legs, steps, routes, and roles within reach.

A step of a career is one thing, a crossing another: a mapping between two classifications says
that a role of the one answers to a role of the other, and whoever crosses it stays where they are.
A crossing is kept among the steps of a route, since it has to be shown and borne out like them,
but it costs nothing and is not counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rolegraph import plandata
from rolegraph.values import (
    Certification,
    Evidence,
    Finding,
    Role,
    Skill,
    SkillRequirement,
    Transition,
    to_json,
)

if TYPE_CHECKING:
    import networkx as nx
    import pandas
    import rdflib

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
    useful_certifications : tuple of Finding
        In a plan: certifications that are of use in the role the step leads to.
    held_certifications : tuple of Certification
        In a plan: of the certifications named for the step, those that the person holds.
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
    useful_certifications: tuple[Finding, ...] = ()
    held_certifications: tuple[Certification, ...] = ()

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
    values : mapping of str to float
        In a plan: what the route comes to by each objective. Not compared.

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
    values: Mapping[str, float] = field(default_factory=dict, compare=False)

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
        """Give the route as plain data for JSON (:func:`rolegraph.plandata.route_schema`)."""
        plain = {
            "source": self.source, "target": self.target, "roles": self.roles,
            "cost": self.cost, "cost_name": self.cost_name, "values": self.values,
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
            A row a step, crossings included.

        Raises
        ------
        ExtraMissingError
            If pandas is not installed (``pip install "rolegraph[pandas]"``).

        Examples
        --------
        >>> import rolegraph as rg
        >>> table = rg.load().route("Project Manager", "Delivery Director").to_pandas()
        >>> list(table["new_skills"])
        [8, 0, 0]
        """
        return plandata.frame([self], numbered=False)

    def to_networkx(self) -> nx.MultiDiGraph:
        """Give the roles and transitions of the route as a networkx graph.

        Returns
        -------
        networkx.MultiDiGraph
            Nodes and edges as :meth:`rolegraph.RoleGraph.to_networkx` has them; edges have
            ``step``, the number of the step from 1, and its ``cost`` besides.

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
