"""What the planner is asked, and what it answers, as values."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import accumulate
from typing import TYPE_CHECKING, Any, TypedDict

from rolegraph import plandata
from rolegraph.errors import ExtraMissingError
from rolegraph.profile import Held
from rolegraph.routes import Route, routes_map
from rolegraph.shown import MARKS, Shown
from rolegraph.tables import Table
from rolegraph.values import Certification, Role, Skill, to_json

if TYPE_CHECKING:
    import networkx as nx
    import pandas
    import rdflib

    from rolegraph.page import Block, Cell, Page
    from rolegraph.pictures import LineMap, RoutesMap, TradeOff
    from rolegraph.shown import Entry

__all__ = [
    "OBJECTIVES",
    "Bridge",
    "Constraints",
    "Destination",
    "Goal",
    "Options",
    "Plan",
    "Relaxation",
    "Unlock",
    "WhyNot",
]

OBJECTIVES = (
    "steps", "new-skills", "hardest-step", "effort", "effort-importance", "certifications",
)  # fmt: skip
"""Objectives that every graph has; beside them the numbers that its transitions bear.

``steps``
    Career steps; crossing a mapping is none.
``new-skills``
    Skills to learn, or to raise to a higher level, on the whole way; each once. (What is raised
    above a level that came with crossing a mapping counts for the other objectives only.)
``hardest-step``
    The most such skills in one step, given all that was learned before it.
``effort``
    The same as new-skills, but a skill weighs more the fewer roles ask for it (idf), and a level
    its share of the highest one (:func:`rolegraph.learning.landscape`).
``effort-importance``
    The same with the mean of the importances that sources give a skill.
``certifications``
    Certifications that sources name for the steps and the roles on the way and that are not held.
    None of the sources here says that one is required.
"""


@dataclass(frozen=True, slots=True)
class Goal(Shown):
    """A target described by what it is like instead of by its name.

    A role is meant if everything given holds for it.

    Attributes
    ----------
    family, level : str or None
        Labels of a role family and of a level (*curated*, or of an own table).
    asks : sequence of (str or Skill)
        Skills that the role asks for.
    certification : str or Certification or None
        One that is named as of use in it.
    sparql : str or None
        A pattern with the variable ``?role``, for example
        ``"?role rg:hasLevel ?l . ?l skos:prefLabel 'executive'@en"``.

    Examples
    --------
    >>> import rolegraph as rg
    >>> goal = Goal(sparql="?role rg:hasLevel ?l . ?l skos:prefLabel 'executive'@en")
    >>> plan = rg.load().plan("Project Manager", goal)
    >>> [route.target.label for route in plan]
    ['Chief Operations Officer']
    """

    _called = "goal"

    family: str | None = None
    level: str | None = None
    asks: Sequence[str | Skill] = ()
    certification: str | Certification | None = None
    sparql: str | None = None

    def __post_init__(self) -> None:
        if isinstance(self.asks, str | Skill):
            object.__setattr__(self, "asks", (self.asks,))
        object.__setattr__(self, "asks", tuple(self.asks))
        if not any((self.family, self.level, self.asks, self.certification, self.sparql)):
            raise ValueError("a goal needs a family, a level, skills, a certification or SPARQL")

    def __str__(self) -> str:
        """The goal in a few words."""
        parts = [f"family {self.family}" if self.family else "",
                 f"level {self.level}" if self.level else "",
                 f"asks for {', '.join(map(str, self.asks))}" if self.asks else "",
                 f"names {self.certification}" if self.certification else "",
                 f"SPARQL {self.sparql}" if self.sparql else ""]  # fmt: skip
        return f"any role with {'; '.join(p for p in parts if p)}"

    def _page(self) -> Page:
        from rolegraph.page import Code, Fields, Heading, Page

        pairs: tuple[tuple[str, Cell], ...] = (
            ("family", self.family or ""),
            ("level", self.level or ""),
            ("asks for", "; ".join(map(str, self.asks))),
            ("names", str(self.certification or "")),
            ("SPARQL", Code(self.sparql) if self.sparql else ""),
        )
        return Page((Heading("Any role", "for which all of this holds"), Fields(pairs)))


class Options(TypedDict, total=False):
    """What can be given as constraints; see :meth:`rolegraph.RoleGraph.plan`."""

    avoid: Iterable[str | Role]
    via: Iterable[str | Role]
    kinds: Sequence[str] | None
    types: Sequence[str] | None
    mappings: bool
    min_value: float | None
    max_steps: int | None
    max_new: int | None
    needs: Iterable[str | Certification]
    without: Iterable[str | Certification]
    strengths: Sequence[str] | None


@dataclass(frozen=True, slots=True)
class Constraints(Shown):
    """What a person can accept, resolved.

    Attributes
    ----------
    avoid, via : tuple of Role
        Roles not to pass, and roles to pass.
    kinds, types : tuple of str or None
        Kinds of evidence and types of transition to use; None for all.
    mappings : bool
        Whether to cross between classifications.
    min_value : float or None
        Least value of suggested transitions.
    max_steps, max_new : int or None
        Most steps, and most skills to learn or to raise in one step.
    needs, without : tuple of Certification
        Each of ``needs`` has to be named for some step or role of the way, none of ``without`` may.
    strengths : tuple of str or None
        Demands that count, by strength; None for all, those without a strength included.
    """

    _called = "constraint"

    avoid: tuple[Role, ...] = ()
    via: tuple[Role, ...] = ()
    kinds: tuple[str, ...] | None = None
    types: tuple[str, ...] | None = None
    mappings: bool = False
    min_value: float | None = None
    max_steps: int | None = None
    max_new: int | None = None
    needs: tuple[Certification, ...] = ()
    without: tuple[Certification, ...] = ()
    strengths: tuple[str, ...] | None = None

    def __iter__(self) -> Iterator[str]:
        """Say in words, one by one, what is asked."""
        yield from (f"avoid {r}" for r in self.avoid)
        yield from (f"pass through {r}" for r in self.via)
        if self.kinds is not None:
            yield f"evidence only {' or '.join(self.kinds)}"
        if self.types is not None:
            yield f"only {' or '.join(self.types)}"
        if self.mappings:
            yield "mappings may be crossed"
        if self.min_value is not None:
            yield f"suggestions from {self.min_value:g}"
        if self.max_steps is not None:
            yield f"at most {_count(self.max_steps, 'step')}"
        if self.max_new is not None:
            yield f"at most {_count(self.max_new, 'new skill')} in a step"
        yield from (f"{c} has to be named" for c in self.needs)
        yield from (f"{c} must not be named" for c in self.without)
        if self.strengths is not None:
            yield f"only {' or '.join(self.strengths)} skills count"

    def __str__(self) -> str:
        """Everything asked, in a line."""
        return "; ".join(self) or "none"

    def _page(self) -> Page:
        from rolegraph.page import Bullets, Heading, Page, Para

        asked = tuple(self)
        return Page((Heading("Constraints"), Bullets(asked) if asked else Para("none")))


def _count(number: int, what: str) -> str:
    return f"{number} {what}" + ("" if number == 1 else "s")


def _figure(value: float) -> str:
    return f"{value:.6g}"


_EXPLAINED = 24  # steps that a page explains at most, of all its routes
_WAYS_OUT = 5  # relaxations whose routes a page explains


def untold(route: Route) -> tuple[Role, ...]:
    """Give the roles on a way of which no source says which skills they ask for."""
    return tuple(dict.fromkeys(s.target for s in route.steps if s.untold))


def _marked(route: Route, name: str) -> str:
    """Give a figure, marked where it is not exact."""
    return route.mark(name) + _figure(route.values[name])


def legend(
    senses: Iterable[str], ahead: Sequence[Role], held: Sequence[Role]
) -> list[tuple[str, str]]:
    """Explain the marks of figures that are not exact.

    Parameters
    ----------
    senses : iterable of str
        As :attr:`rolegraph.Route.read_as` has them.
    ahead, held : sequence of Role
        Roles on the way, and roles held, of which no source says which skills they ask for.

    Returns
    -------
    list of (str, str)
        Each mark that occurs, with the reason.
    """
    known = set(senses)
    both = list(dict.fromkeys((*held, *ahead)))
    said = {
        "at least": (ahead, ""),
        "at most": (held, ", so that some may be there already"),
        "about": (both, ", so that it may be more or less"),
    }
    return [
        (MARKS[sense], f"no source states which skills {_some(roles)} "
         f"{'asks' if len(roles) == 1 else 'ask'} for{so}")
        for sense, (roles, so) in said.items()
        if sense in known
    ]  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Plan(Shown):
    """The best ways from what a person has to where they want to be.

    Attributes
    ----------
    person : Held
    targets : tuple of Role
        Any of them will do.
    minimise : tuple of str
        The objectives, in the order asked for.
    routes : tuple of Route
        By the objectives in their order. In their steps, new, raised and kept skills are told from
        what the person holds by then; ``route.values`` has the objectives.
    constraints : Constraints
    complete : bool
        Whether it is proved that no other route belongs here.
    proven_steps : int or None
        No other route of up to so many steps belongs here; None if complete, -1 if not even the
        shortest were all looked at.
    bound : mapping of str to float
        By objective, a value that no route whatever can be below.
    examined : int
        Branches that the search looked at.
    k : int or None
        How many best routes by one objective were asked for; None for a Pareto set.
    notes : tuple of str
        What was left out, and why.
    """

    _called = "plan"

    person: Held
    targets: tuple[Role, ...]
    minimise: tuple[str, ...]
    routes: tuple[Route, ...]
    constraints: Constraints = Constraints()
    complete: bool = True
    proven_steps: int | None = None
    bound: Mapping[str, float] = field(default_factory=dict, compare=False)
    examined: int = field(default=0, compare=False)
    k: int | None = None
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Count of routes."""
        return len(self.routes)

    def __iter__(self) -> Iterator[Route]:
        """The routes."""
        return iter(self.routes)

    def __getitem__(self, number: int) -> Route:
        """A route by its place, from 0."""
        return self.routes[number]

    def best(self, objective: str) -> Route:
        """Give the route that is best by one objective, and then by the others.

        Raises
        ------
        ValueError
            If the plan does not know the objective.
        """
        known = self.routes[0].values
        if objective not in known:
            raise ValueError(f"no objective {objective!r} in this plan; it has {', '.join(known)}")
        return min(
            self.routes, key=lambda r: (r.values[objective], *(r.values[m] for m in self.minimise))
        )

    @property
    def untold(self) -> tuple[Role, ...]:
        """Roles on the ways of which no source says which skills they ask for."""
        return tuple(dict.fromkeys(x for r in self.routes for x in untold(r)))

    def _senses(self) -> list[str]:
        """How the figures that were searched by are to be read, where they are not exact."""
        return [r.read_as[m] for r in self.routes for m in self.minimise if m in r.read_as]

    def _legend(self) -> list[tuple[str, str]]:
        return legend(self._senses(), self.untold, self.person.untold)

    @property
    def proof(self) -> str:
        """What is proved, in words; if figures are not exact, by those that are stated."""
        return self._proof() + (", by the figures that are stated" if self._senses() else "")

    def _proof(self) -> str:
        what = f"the {self.k} best" if self.k else "the Pareto set"
        if self.complete:
            most = self.constraints.max_steps
            length = "any length" if most is None else f"up to {_count(most, 'step')}"
            if self.k and len(self.routes) < self.k:
                return f"proved: there are no others among all routes of {length}"
            return f"proved: {what} of all routes of {length}"
        least = ", ".join(f"{name} {_figure(x)}" for name, x in self.bound.items())
        far = (
            f"proved for routes of up to {_count(self.proven_steps, 'step')}; longer ones were not "
            "all looked at (budget=)"
            if self.proven_steps is not None and self.proven_steps > 0
            else "not proved: the budget ended the search"
        )
        return f"{far}; no route can be below {least}"

    def table(self) -> list[tuple[str, ...]]:
        """Give a row of texts for each route: its roles, then the objectives."""
        return [
            (" → ".join(r.label for r in route.roles),
             *(_marked(route, name) for name in self.minimise))
            for route in self.routes
        ]  # fmt: skip

    def __str__(self) -> str:
        """The trade-offs, then each route explained."""
        start = self.person.role
        head = f"{start} → {' or '.join(map(str, self.targets[:4]))}"
        if len(self.targets) > 4:
            head += f" or {len(self.targets) - 4} more"
        lines = [f"{head}; least {', '.join(self.minimise)}; constraints: {self.constraints}",
                 self.proof, *self.notes]  # fmt: skip
        lines += [f"{mark}: {why}" for mark, why in self._legend()]
        lines.append("")
        rows = [("", *self.minimise, "way")]
        rows += [(str(i), *row[1:], row[0]) for i, row in enumerate(self.table(), 1)]
        widths = [max(len(r[i]) for r in rows) for i in range(len(rows[0]) - 1)]
        for row in rows:
            lines.append(
                "  ".join([*(c.rjust(w) for c, w in zip(row, widths, strict=False)), row[-1]])
            )
        for i, route in enumerate(self.routes, 1):
            lines += ["", f"Route {i}: {route}"]
        return "\n".join(lines)

    def __repr__(self) -> str:
        best = ", ".join(f"{m} from {_figure(min(r.values[m] for r in self.routes))}"
                         for m in self.minimise) if self.routes else "none"  # fmt: skip
        return f"<Plan: {_count(len(self.routes), 'route')}; {best}; complete: {self.complete}>"

    def _page(self) -> Page:
        from rolegraph.page import Details, Fields, Grid, Heading, Only, Page, Para

        person = self.person
        asked = str(self.constraints)
        pairs: tuple[tuple[str, Cell], ...] = (
            ("role", str(person.role) if person.name else ""),
            *person._extras(),
            ("least", ", ".join(self.minimise)),
            ("constraints", "" if asked == "none" else asked),
            ("proved" if self.complete else "not complete", self.proof.removeprefix("proved: ")),
            ("left out", "; ".join(self.notes)),
            *self._legend(),
        )
        rows = tuple(
            (str(i), *row[1:], row[0], ", ".join(route.kinds))
            for i, (row, route) in enumerate(zip(self.table(), self.routes, strict=True), 1)
        )
        numeric = frozenset(range(1 + len(self.minimise)))
        grid = Grid(("", *self.minimise, "way", "rests on"), rows, numeric)
        blocks: list[Block] = [Heading(self._ends(), "plan"), Fields(pairs), grid]
        shown = self._explained_routes()
        blocks += [
            Only("html", (Details(f"Route {i}: {route._way}", route._blocks()),))
            for i, route in enumerate(self.routes[:shown], 1)
            if route.steps
        ]
        if left := len(self.routes) - shown:
            more = f"… {_count(left, 'more route')} to be explained: plan[{shown}] and on"
            blocks.append(Only("html", (Para(more),)))
        blocks.append(Only("text", (Para("Each route step by step: print(plan), or plan[0]."),)))
        return Page(tuple(blocks))

    def _explained_routes(self) -> int:
        """How many routes the page explains: the first, and so many that notebooks stay small."""
        ends = accumulate(len(r.steps) for r in self.routes)
        return max(min(1, len(self.routes)), sum(end <= _EXPLAINED for end in ends))

    def _ends(self) -> str:
        start = self.person.name or self.person.role
        more = f" or {len(self.targets) - 4} more" if len(self.targets) > 4 else ""
        return f"{start} → {' or '.join(map(str, self.targets[:4]))}{more}"

    def _row(self, mixed: bool = False) -> Mapping[str, Entry]:
        return {
            "plan": self._ends(),
            "routes": len(self.routes),
            **{f"least {m}": min(float(r.values[m]) for r in self.routes)
               for m in self.minimise if self.routes},
            "complete": self.complete,
        }  # fmt: skip

    def picture(self) -> TradeOff:
        """Draw the routes by what they come to: which is lower in what.

        Returns
        -------
        rolegraph.pictures.TradeOff
            A plane for two objectives, otherwise a scale for each.

        Examples
        --------
        >>> import rolegraph as rg
        >>> plan = rg.load().plan("Project Manager", "Chief Operations Officer", k=3)
        >>> plan.picture()
        <TradeOff: Project Manager → Chief Operations Officer>
        """
        from rolegraph.pictures import Point, TradeOff

        points = tuple(
            Point(" → ".join(r.label for r in route.roles),
                  tuple(route.values[name] for name in self.minimise),
                  tuple(route.mark(name) for name in self.minimise))
            for route in self.routes
        )  # fmt: skip
        title = f"{self.person.role} → {' or '.join(map(str, self.targets[:3]))}"
        title += f" or {len(self.targets) - 3} more" if len(self.targets) > 3 else ""
        return TradeOff(title, self.minimise, points, "; ".join([self.proof, *self.notes]))

    def map(self) -> RoutesMap:
        """Draw the routes on one map that shows where they part and meet.

        Returns
        -------
        rolegraph.pictures.RoutesMap

        Raises
        ------
        ValueError
            If the plan has no route.
        """
        if not self.routes:
            raise ValueError("a plan without a route has no map")
        return routes_map(self.routes)

    def _picture(self) -> LineMap | TradeOff | None:
        if len(self.routes) == 1:  # nothing to weigh, but a way to see
            return self.routes[0].picture()
        return self.picture() if self.routes else None

    def to_dict(self) -> dict[str, Any]:
        """Give the plan as plain data for JSON."""
        plain = {
            "person": self.person, "targets": self.targets, "minimise": self.minimise,
            "constraints": list(self.constraints), "complete": self.complete,
            "proven_steps": self.proven_steps, "proof": self.proof, "bound": dict(self.bound),
            "examined": self.examined, "k": self.k, "notes": self.notes,
            "untold": self.untold,
            "routes": self.routes,
        }  # fmt: skip
        return {name: to_json(value) for name, value in plain.items()}

    def tradeoffs(self) -> pandas.DataFrame:
        """Put the routes side by side in a table.

        Returns
        -------
        pandas.DataFrame
            A row a route, numbered from 1: ``way``, all values that routes have, ``… read as``
            beside those that are not exact (``"at least"``, ``"at most"``, ``"about"``), and the
            kinds of evidence.

        Raises
        ------
        ExtraMissingError
            If pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError:
            raise ExtraMissingError("pandas", "pandas") from None
        names = dict.fromkeys(name for r in self.routes for name in r.values)
        vague = {name for r in self.routes for name in r.read_as}
        rows = []
        for route in self.routes:
            row: dict[str, object] = {"way": " → ".join(r.label for r in route.roles)}
            for name in names:
                row[name] = route.values.get(name)
                if name in vague:
                    row[f"{name} read as"] = route.read_as.get(name, "")
            rows.append({**row, "kinds": ", ".join(route.kinds)})
        return pd.DataFrame(rows, index=pd.RangeIndex(1, len(rows) + 1, name="route"))

    def to_pandas(self) -> pandas.DataFrame:
        """Put all steps of all routes into a table (:func:`rolegraph.plandata.frame`)."""
        return plandata.frame(self.routes)

    def to_networkx(self) -> nx.MultiDiGraph:
        """Give the routes as one graph (:func:`rolegraph.plandata.network`)."""
        return plandata.network(self.routes)

    def to_rdf(self, *, base: str | None = None, generated: datetime | None = None) -> rdflib.Graph:
        """Write all routes as plans of the ontology (:func:`rolegraph.plandata.plan_graph`)."""
        return plandata.plan_graph(self.routes, base=base, generated=generated)


@dataclass(frozen=True, slots=True)
class Relaxation(Shown):
    """A set of constraints that, given up together, lets a route through.

    Attributes
    ----------
    give_up : tuple of str
        In words; of a number, the least that it has to become.
    route : Route
        The shortest of the routes that it opens.
    """

    _called = "way out"

    give_up: tuple[str, ...]
    route: Route

    def __str__(self) -> str:
        """What to give up, and the way that opens."""
        way = " → ".join(map(str, self.route.roles))
        return f"{' and '.join(self.give_up)}: {way}"

    def _page(self) -> Page:
        from rolegraph.page import Fields, Heading, Page

        pairs = (("give up", " and ".join(self.give_up)), ("then", self.route._way))
        blocks = self.route._blocks()
        return Page((Heading("A way that opens", "if this is given up"), Fields(pairs), *blocks))

    def _row(self, mixed: bool = False) -> Mapping[str, Entry]:
        return {
            "give up": " and ".join(self.give_up),
            "steps": len(self.route),
            "then": self.route._way,
        }

    def _explained(self) -> tuple[str, tuple[Block, ...]] | None:
        return self.route._explained()


@dataclass(frozen=True, slots=True, repr=False)
class WhyNot(Shown):
    """Why there is no route, and the least that has to be given up.

    Attributes
    ----------
    possible : bool
        Whether there is a route after all; then there is nothing to give up.
    reason : str
    relaxations : tuple of Relaxation
        All sets of the least number of constraints that suffice. Of a set with two numbers there
        may be several, each with the least of one for the other.
    complete : bool
        Whether the budget let everything be looked at.
    """

    _called = "answer"

    possible: bool
    reason: str
    relaxations: tuple[Relaxation, ...] = ()
    complete: bool = True

    def __str__(self) -> str:
        """The reason, then what would help, line by line."""
        lines = [self.reason]
        lines += [f"  give up: {r}" for r in self.relaxations]
        if not self.complete:
            lines.append("  (the budget ended the search: there may be less to give up)")
        return "\n".join(lines)

    def _page(self) -> Page:
        from rolegraph.page import Details, Grid, Heading, Only, Page, Para

        blocks: list[Block] = [Heading("There is a route" if self.possible else "No route"),
                               Para(self.reason)]  # fmt: skip
        if self.relaxations:
            rows = tuple((" and ".join(r.give_up), str(len(r.route)), r.route._way)
                         for r in self.relaxations)  # fmt: skip
            blocks.append(Grid(("give up", "steps", "then"), rows, frozenset({1})))
        blocks += [
            Only("html", (Details(r.route._way, r.route._blocks()),))
            for r in self.relaxations[:_WAYS_OUT]
        ]
        if not self.complete:
            blocks.append(Para("The budget ended the search: there may be less to give up."))
        return Page(tuple(blocks))

    def picture(self) -> LineMap | RoutesMap:
        """Draw the ways that open, numbered as the relaxations are.

        Returns
        -------
        rolegraph.pictures.LineMap or rolegraph.pictures.RoutesMap
            A map of several ways if there are several.

        Raises
        ------
        ValueError
            If there is nothing to give up that would help.

        Examples
        --------
        >>> import rolegraph as rg
        >>> kg = rg.load()
        >>> kg.why_not("Project Manager", "Delivery Director", max_steps=2).picture()
        <LineMap: Possible if given up: 2 → 3 steps>
        """
        from rolegraph.pictures import RoutesMap

        if not self.relaxations:
            raise ValueError("no way opens by giving something up: there is nothing to draw")
        heads = "Possible if given up: ", "give up "
        one = len(self.relaxations) == 1
        ways = tuple(
            replace(r.route.picture(), title=heads[not one] + " and ".join(r.give_up))
            for r in self.relaxations
        )
        return ways[0] if one else RoutesMap("Possible if one of these is given up", ways)

    def _picture(self) -> LineMap | RoutesMap | None:
        return self.picture() if self.relaxations else None

    def to_dict(self) -> dict[str, Any]:
        """Give the answer as plain data for JSON."""
        return {name: to_json(getattr(self, name)) for name in self.__dataclass_fields__}

    def to_pandas(self) -> pandas.DataFrame:
        """Put the relaxations into a table.

        Returns
        -------
        pandas.DataFrame
            A row for each: ``give up`` in words, ``steps``, and the way that opens.

        Raises
        ------
        ExtraMissingError
            If pandas is not installed.
        """
        return Table(self.relaxations).to_pandas()

    def _row(self, mixed: bool = False) -> Mapping[str, Entry]:
        ways = "; or ".join(" and ".join(r.give_up) for r in self.relaxations)
        return {"possible": self.possible, "reason": self.reason, "give up": ways}

    __repr__ = __str__


@dataclass(frozen=True, slots=True, repr=False)
class Destination(Shown):
    """A role that can be reached under the constraints, with the best way there.

    Attributes
    ----------
    role : Role
    steps : int
    values : mapping of str to float
        What the way comes to: ``steps``, ``new-skills``, ``hardest-step``, ``certifications`` and
        the objective asked for.
    via : tuple of Role
        Both ends included.
    untold : tuple of Role
        Roles on the way of which no source says which skills they ask for.
    read_as : mapping of str to str
        How figures of learning are to be read where they are not exact
        (:func:`rolegraph.routes.read_as`).
    held_untold : tuple of Role
        The same as ``untold`` of the roles that the person holds or held.
    """

    _called = "role"
    _heads = ("role", "steps", "new-skills", "hardest-step", "certifications", "via", "not stated")

    role: Role
    steps: int
    values: Mapping[str, float] = field(compare=False)
    via: tuple[Role, ...] = field(repr=False)
    untold: tuple[Role, ...] = field(default=(), repr=False)
    read_as: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    held_untold: tuple[Role, ...] = field(default=(), repr=False, compare=False)

    def _mark(self, name: str) -> str:
        return MARKS.get(self.read_as.get(name, ""), "")

    def __str__(self) -> str:
        """The role, its figures and the way; marks stand before figures that are not exact."""
        figures = ", ".join(
            f"{name} {self._mark(name)}{_figure(x)}" for name, x in self.values.items()
        )
        return f"{self.role}: {figures}; {' → '.join(map(str, self.via))}"

    def _figure(self, name: str) -> str | float:
        """Give a figure; as text where it is not exact."""
        value, mark = self.values[name], self._mark(name)
        return f"{mark}{_figure(value)}" if mark else float(value)

    def _page(self) -> Page:
        from rolegraph.page import Fields, Heading, Page
        from rolegraph.shown import figure

        pairs: tuple[tuple[str, Cell], ...] = (
            *((name, figure(self._figure(name))) for name in self.values),
            ("way", " → ".join(map(str, self.via))),
            *legend(self.read_as.values(), self.untold, self.held_untold),
        )
        return Page((Heading(self.role.label, "within reach"), Fields(pairs)))

    def _row(self, mixed: bool = False) -> Mapping[str, Entry]:
        return {
            "role": self.role.label,
            **{name: self._figure(name) for name in self.values},
            "via": " → ".join(map(str, self.via[1:-1])) or "directly",
            "not stated": f"skills of {_count(len(self.untold), 'role')}" if self.untold else "",
        }

    __repr__ = __str__


@dataclass(frozen=True, slots=True, repr=False)
class Unlock(Shown):
    """What having a skill or a certification, or two of them, would open.

    Attributes
    ----------
    learn : tuple of (Skill or Certification)
        One or two.
    opens : tuple of Role
        Roles within reach only then.
    saves : float
        With a target: by how much the best way gets better by the objective; infinite where there
        is a way only then.
    levels : tuple of (str or None)
        Up to which level each would be learned: the highest that somebody asks. None where a skill
        has no levels, and for certifications.
    untold : tuple of Role
        Those of ``opens`` of which no source says which skills they ask for.
    """

    _called = "way"
    _heads = ("learn", "opens", "saves", "roles", "not stated")

    learn: tuple[Skill | Certification, ...]
    opens: tuple[Role, ...] = ()
    saves: float = 0
    levels: tuple[str | None, ...] = ()
    untold: tuple[Role, ...] = ()

    def __str__(self) -> str:
        """What to learn, and what for."""
        levels = self.levels or (None,) * len(self.learn)
        what = " and ".join(
            f"{c} (to {level})" if level else str(c)
            for c, level in zip(self.learn, levels, strict=True)
        )
        gains = []
        if self.opens:
            gain = f"opens {_count(len(self.opens), 'role')} ({_some(self.opens)})"
            if self.untold:
                gain += f", of {len(self.untold)} of which no source says what is asked"
            gains.append(gain)
        if self.saves:
            gains.append(
                "opens the way" if self.saves == math.inf else f"saves {_figure(self.saves)}"
            )
        return f"{what}: {', '.join(gains) or 'opens nothing'}"

    @property
    def _what(self) -> str:
        levels = self.levels or (None,) * len(self.learn)
        named = zip(self.learn, levels, strict=True)
        return " and ".join(f"{c} (to {level})" if level else str(c) for c, level in named)

    @property
    def _gain(self) -> str | float | None:
        return "opens the way" if self.saves == math.inf else float(self.saves) or None

    def _page(self) -> Page:
        from rolegraph.page import Fields, Heading, Names, Page
        from rolegraph.shown import figure

        pairs: tuple[tuple[str, Cell], ...] = (
            (f"opens ({len(self.opens)})", Names(tuple(map(str, self.opens)))),
            ("opens", "" if self.opens or self.saves else "nothing"),
            ("saves", figure(self._gain)),
            ("skills not stated of", Names(tuple(map(str, self.untold)))),
        )
        return Page((Heading(self._what, "to learn or to get"), Fields(pairs)))

    def _row(self, mixed: bool = False) -> Mapping[str, Entry]:
        from rolegraph.page import Names

        return {
            "learn": self._what,
            "opens": len(self.opens) or None,
            "saves": self._gain,
            "roles": Names(tuple(map(str, self.opens))),
            "not stated": f"skills of {_count(len(self.untold), 'role')}" if self.untold else "",
        }

    __repr__ = __str__


def _some(roles: Sequence[Role]) -> str:
    names = ", ".join(map(str, roles[:3]))
    return names + (f" and {len(roles) - 3} more" if len(roles) > 3 else "")


@dataclass(frozen=True, slots=True, repr=False)
class Bridge(Shown):
    """A role through which good routes pass.

    Attributes
    ----------
    role : Role
    share : float
        Part of the good routes that pass through it, ends not counted: from 0 to 1. Without a
        target, of the shortest routes to all roles, each role weighing the same.
    routes : float
        The same as a count.
    """

    _called = "role"
    _heads = ("role", "share of good routes", "routes")

    role: Role
    share: float
    routes: float

    def __str__(self) -> str:
        """The role and its share."""
        return f"{self.role}: {self.share:.0%} ({_figure(self.routes)})"

    def _page(self) -> Page:
        from rolegraph.page import Fields, Heading, Page

        pairs = (("share of the good routes", f"{self.share:.0%}"),
                 ("routes", _figure(self.routes)))  # fmt: skip
        return Page((Heading(self.role.label, "a role that good routes pass"), Fields(pairs)))

    def _row(self, mixed: bool = False) -> Mapping[str, Entry]:
        return {"role": self.role.label, "share of good routes": round(self.share, 3),
                "routes": float(self.routes)}  # fmt: skip

    __repr__ = __str__
