"""What a person asks, made ready for the search: names resolved, the graph laid out, aims numbered.

Planning starts here: profile, targets, constraints and objectives come in as names and go out as
numbers and bits (:class:`Setting`, :class:`Measured`) for :mod:`rolegraph.pareto`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, TypeAlias

from rolegraph import figures, pareto, routing
from rolegraph.arguments import check_names, check_number, check_whole
from rolegraph.errors import CostError, NotFoundError, QueryError
from rolegraph.learning import SCALE, Ask, Filter, Landscape, landscape, skills_in
from rolegraph.lookup import one_of
from rolegraph.page import count
from rolegraph.pareto import Aim, Answer, Graph, Question
from rolegraph.plans import OBJECTIVES, Constraints, Goal, Options
from rolegraph.profile import Held, Profile
from rolegraph.routes import MAPPING, Leg
from rolegraph.routing import EVIDENCE_KINDS, TRANSITION_TYPES
from rolegraph.terms import IRI
from rolegraph.values import Certification, Claim, Concept, Role, Skill, Transition
from rolegraph.vocab import RG, expand

__all__ = [
    "Asking",
    "Measured",
    "Objective",
    "Setting",
    "Target",
    "objectives",
    "real",
    "search",
]

Objective: TypeAlias = str | Callable[[Leg], float]
Target: TypeAlias = str | Role | Goal | Sequence[str | Role]
_IRI = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+')
_BESIDE = ("minimise", "budget", "ties", "pairs", "profile", "unknown")
"""What the methods that plan take besides constraints."""
STRENGTHS = ("essential", "recommended", "beneficial")


@dataclass(frozen=True, slots=True)
class Measured:
    """An aim with the name and the unit of its values."""

    name: str
    aim: Aim
    scale: int
    note: str = ""
    shut: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Setting:
    """One question, laid out."""

    person: Held
    targets: tuple[Role, ...]
    wants: Constraints
    land: Landscape
    graph: Graph
    numbers: tuple[int, ...]
    question: Question


class Asking:
    """Turns what is asked of one graph into questions for the search.

    Parameters
    ----------
    kg : RoleGraph
        Imports only go down, so its type stands here in words only.
    """

    def __init__(self, kg: Any) -> None:
        self.kg = kg

    def roles(self) -> dict[str, Role]:
        """Give all roles by IRI, read once."""
        return self.kg._once("roles by IRI", self.kg._roles)  # type: ignore[no-any-return]

    # --- what is asked, resolved

    def person(self, profile: Profile | Held | Role | str, *, unknown: str = "error") -> Held:
        """Resolve a profile; a role, or its name, is somebody who holds what it asks for."""
        if isinstance(profile, Held):
            held = profile
        else:
            if isinstance(profile, str | Role):
                profile = Profile(role=profile)
            elif isinstance(profile, Mapping):
                profile = Profile.from_dict(profile)
            elif not isinstance(profile, Profile):
                raise TypeError(f"who plans is a Profile, or a role, not {profile!r}")
            held = profile.resolve(self.kg.index, self.level_rank, unknown=unknown)
        if held.role is None:
            raise ValueError("a plan starts in a role: Profile(role=…); kg.similar finds near ones")
        return held

    def levels(self, skill: Skill) -> dict[str, float]:
        """Give the levels that a skill is asked at: labels and ranks."""
        query = (
            "SELECT DISTINCT ?name ?rank { ?r rg:requiredSkill ?skill ; rg:requiredLevel ?l . "
            "?l skos:prefLabel ?name ; rg:rank ?rank }"
        )
        return {str(n): float(r) for n, r in self.kg.query(query, skill=skill)}

    def every_level(self) -> dict[str, float]:
        """Give all levels of mastery, labels and ranks, read once."""
        return self.kg._once("levels of mastery", self._every_level)  # type: ignore[no-any-return]

    def _every_level(self) -> dict[str, float]:
        query = """SELECT ?name ?rank {
            ?l a rg:ProficiencyLevel ; skos:prefLabel ?name ; rg:rank ?rank }"""
        return {str(name): float(rank) for name, rank in self.kg.query(query)}

    def level_rank(self, label: str, skill: Skill) -> float:
        """Give the rank of a level by its label, first of those that the skill is asked at."""
        own, every = self.levels(skill), self.every_level()
        for name, rank in (*own.items(), *every.items()):
            if name.casefold() == label.casefold():
                return rank
        both = {**every, **own}
        known = sorted(both, key=both.__getitem__)
        near = difflib.get_close_matches(label, known, 3, 0.4) or known[:6]
        raise NotFoundError(label, f"level of {skill.label}", near)

    def level_label(self, rank: float, skill: Skill) -> str | None:
        """Give the label of a rank, where only one level has it."""
        for known in (self.levels(skill), self.every_level()):
            names = {name for name, r in known.items() if r == rank}
            if len(names) == 1:
                return names.pop()
        return None

    def targets(self, to: Target) -> tuple[Role, ...]:
        """Resolve a target: a role, several, or those that a goal describes."""
        if isinstance(to, Goal):
            return self._goal(to)
        if isinstance(to, str | Role):
            return (self.kg.role(to),)
        if isinstance(to, Mapping) or not isinstance(to, Iterable):
            raise TypeError(f"a target is a role, several, or a Goal, not {to!r}")
        found = tuple(dict.fromkeys(self.kg.role(r) for r in to))
        if not found:
            raise ValueError("a plan needs a target")
        return found

    def targets_for(self, person: Held, to: Target, asked: Constraints) -> tuple[Role, ...]:
        """Resolve a target for a person: of several, those that are to be avoided fall away.

        Of the roles that a goal describes, so does the person's own, if there are others.
        """
        found = self.targets(to)
        mine = {person.role} if isinstance(to, Goal) else set()
        rest = tuple(t for t in found if t not in mine and t not in asked.avoid)
        return rest or found

    def _goal(self, goal: Goal) -> tuple[Role, ...]:
        roles = list(self.kg.roles())
        for name in ("family", "level"):
            wanted = getattr(goal, name)
            if wanted is not None:
                there = sorted({x for r in self.kg.roles() if (x := getattr(r, name))})
                found = one_of(self.kg.index, wanted, there, f"role {name}").casefold()
                roles = [r for r in roles if (getattr(r, name) or "").casefold() == found]
        for skill in goal.asks:
            query = (
                "SELECT DISTINCT ?role { ?r rg:requiredSkill ?skill ; rg:isRequirementOf ?role }"
            )
            roles = self._kept(roles, self.kg.query(query, skill=self.kg.skill(skill)))
        if goal.certification is not None:
            query = "SELECT DISTINCT ?role { ?role rg:hasRelevantCertification ?c }"
            named = self.kg.certification(goal.certification)
            roles = self._kept(roles, self.kg.query(query, c=named))
        if goal.sparql is not None:
            if "?role" not in goal.sparql and "$role" not in goal.sparql:
                raise QueryError("the SPARQL of a goal is a pattern with the variable ?role")
            rows = self.kg.query(f"SELECT DISTINCT ?role {{ {goal.sparql} }}")
            roles = self._kept(roles, rows)
        if not roles:
            raise NotFoundError(str(goal), "role that fits", ())
        return tuple(roles)

    @staticmethod
    def _kept(roles: Iterable[Role], rows: Any) -> list[Role]:
        iris = {str(row[0]) for row in rows}
        return [r for r in roles if r.iri in iris]

    def constraints(
        self,
        *,
        avoid: Iterable[str | Role] = (),
        via: Iterable[str | Role] = (),
        kinds: Sequence[str] | None = None,
        types: Sequence[str] | None = None,
        mappings: bool = False,
        min_value: float | None = None,
        max_steps: int | None = None,
        max_new: int | None = None,
        needs: Iterable[str | Certification] = (),
        without: Iterable[str | Certification] = (),
        strengths: Sequence[str] | None = None,
        **others: Any,
    ) -> Constraints:
        """Resolve and check constraints."""
        if others:
            name = min(others)
            known = list(Options.__annotations__)
            near = difflib.get_close_matches(name, [*known, *_BESIDE], 1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(known)}"
            raise TypeError(f"no constraint {name!r}{hint}")
        for name, number in (("max_steps", max_steps), ("max_new", max_new)):
            if number is not None:
                check_whole(name, number)
        if min_value is not None:
            check_number("min_value", min_value)
        checked: dict[str, tuple[Sequence[str] | None, tuple[str, ...], str]] = {
            "kinds": (kinds, EVIDENCE_KINDS, "kind of evidence"),
            "types": (types, TRANSITION_TYPES, "type of transition"),
            "strengths": (strengths, STRENGTHS, "strength"),
        }
        plain: dict[str, tuple[str, ...] | None] = {}
        if types is not None and not isinstance(types, str) and MAPPING in types:
            mappings = True
            steps = tuple(t for t in types if t != MAPPING)
            checked["types"] = (steps, TRANSITION_TYPES, "type of transition")
        for name, (given, allowed, what) in checked.items():
            if given is None:
                plain[name] = None
                continue
            check_names(name, given)
            chosen = routing.checked_names(given, allowed, what)
            if not chosen and not (name == "types" and mappings):
                raise ValueError(f"{name} names nothing; leave it out for all")
            plain[name] = tuple(x for x in allowed if x in chosen)
        return Constraints(
            _several(avoid, self.kg.role), _several(via, self.kg.role), plain["kinds"],
            plain["types"], mappings, min_value, max_steps, max_new,
            _several(needs, self.kg.certification), _several(without, self.kg.certification),
            plain["strengths"],
        )  # fmt: skip

    # --- the graph, laid out

    def landscape(self, strengths: tuple[str, ...] | None, mappings: bool) -> Landscape:
        """Lay the graph out, once for each choice of demands."""
        stored = self.kg._generation is not None
        key = f"landscape {strengths} {mappings or stored}"
        make = lambda: self._landscape(strengths, mappings)  # noqa: E731
        return self.kg._once(key, make)  # type: ignore[no-any-return]

    def _landscape(self, strengths: tuple[str, ...] | None, mappings: bool) -> Landscape:
        kg = self.kg
        net = kg._network(mappings)
        if net is None:
            roles = {r.iri: r.label for r in kg.roles()}
            edges: list[Any] = [
                (t.source.iri, t.target.iri, t.iri, t.kind, t.type, t.value)
                for t in kg.transitions()
                if t.source is not None and t.target is not None and t.type in TRANSITION_TYPES
            ]
            suggested = """SELECT ?t ?a ?b ?v { ?t rg:suggestedFrom ?a ; rg:suggestedTo ?b .
                OPTIONAL { ?t rg:measureValue ?v } }"""
            edges += [
                (str(a), str(b), str(t), "inferred", "suggested", _float(v))
                for t, a, b, v in kg.query(suggested)
            ]
        else:
            names = [net.roles[i] for i in range(len(net.roles))]
            roles = {iri: net.labels[i] for i, iri in enumerate(names)}
            edges = list(_edges_of(net, names))
        asks = self._read_asks() if kg._generation is None else self._stored_asks()
        named = [
            (str(x), str(c))
            for prop in ("hasRelevantCertification", "isSupportedByCertification")
            for x, c in kg.query(f"SELECT ?x ?c {{ ?x rg:{prop} ?c }}")
        ]
        return landscape(roles, edges, asks, named, strengths)

    def _read_asks(self, only: str = "") -> list[Ask]:
        query = f"""SELECT ?x ?s ?strength ?rank ?value ?importance {{
            {only} ?r rg:isRequirementOf ?x ; rg:requiredSkill ?s .
            OPTIONAL {{ ?r rg:hasStrength ?strength }}
            OPTIONAL {{ ?r rg:requiredLevel/rg:rank ?rank }}
            OPTIONAL {{ ?r rg:levelValue ?value }}
            OPTIONAL {{ ?r rg:importance ?importance }} }}"""
        rows = list(self.kg.query(query))
        ranked = self.ranked()
        return [
            Ask(
                str(x), str(s),
                None if strength is None else str(strength).removeprefix(RG.NS),
                # ranks and values are two scales: where a skill has ranks, they count
                _float(rank if str(s) in ranked else value), _float(importance),
            )
            for x, s, strength, rank, value, importance in rows
        ]  # fmt: skip

    def ranked(self) -> set[str]:
        """Give the skills of which some demand names a rung of a scale, read once."""
        return self.kg._once("ranked skills", self._ranked)  # type: ignore[no-any-return]

    def _ranked(self, only: str = "") -> set[str]:
        """Give the skills of which some demand names a rung of a scale."""
        asked = "?r rg:requiredLevel/rg:rank ?n ; rg:requiredSkill ?s ."
        query = f"SELECT DISTINCT ?s {{ {asked} {only} }}"
        return {str(row[0]) for row in self.kg.query(query)}

    def _stored_asks(self) -> list[Ask]:
        d = self.kg.demands()
        # figures of a skill that has rungs elsewhere are on another scale
        of_roles = "?r rg:isRequirementOf ?x . FILTER NOT EXISTS { ?x a rg:Transition }"
        other_scale = self.ranked() - self._ranked(of_roles)
        names = (None, *STRENGTHS)
        asked = [
            Ask(
                d.roles[role], d.skills[skill], names[strength],
                None if d.skills[skill] in other_scale else _known(level), _known(importance),
            )
            for role, skill, strength, level, importance, rating in zip(
                d.role.tolist(), d.skill.tolist(), d.strength.tolist(), d.level.tolist(),
                d.importance.tolist(), d.rating.tolist(), strict=True,
            )
            if not rating
        ]  # fmt: skip
        return asked + self._read_asks("?x a rg:Transition .")

    def setting(self, person: Held, targets: Sequence[Role], wants: Constraints) -> Setting:
        """Lay one question out."""
        land = self.landscape(wants.strengths, wants.mappings)
        graph, numbers = land.graph(_filter(wants))
        for role in (person.role, *targets):
            assert role is not None
            if role.iri not in land.place:
                raise NotFoundError(role.label, "role", ())
        assert person.role is not None
        tokens, every = _tokens(land, graph, numbers, wants)
        if every:
            graph = replace(graph, tokens=tokens)
        shut: set[int] = set()
        for c in wants.without:
            bit = land.certifications.get(c.iri)
            if bit is not None:
                names = 1 << bit
                shut |= {
                    e for e, number in enumerate(numbers)
                    if names & (land.named.get(land.roles[graph.heads[e]], 0)
                                | land.named.get(land.edges[number].claim, 0))
                    and not graph.crossing[e]
                }  # fmt: skip
        question = Question(
            land.place[person.role.iri],
            frozenset(land.place[t.iri] for t in targets),
            (),
            held_bits(land, person),
            # what starts there has passed it
            every & ~sum(1 << i for i, r in enumerate(wants.via) if r == person.role),
            frozenset(land.place[r.iri] for r in wants.avoid if r.iri in land.place),
            frozenset(shut),
            wants.max_steps,
            wants.max_new,
        )
        held = tuple(r for r in (person.role, *person.past) if not self.told(land, wants, r))
        person = replace(person, untold=held)
        return Setting(person, tuple(targets), wants, land, graph, numbers, question)

    def told(self, land: Landscape, wants: Constraints, role: Role) -> bool:
        """Whether some source says which skills a role asks for, whether they count or not."""
        if land.asked.get(role.iri):
            return True
        asks = "ASK { ?r rg:isRequirementOf ?role ; rg:requiredSkill ?skill }"
        return wants.strengths is not None and bool(self.kg.ask(asks, role=role))

    # --- objectives

    def measured(self, s: Setting, objective: Objective) -> Measured:
        """Make an objective an aim in whole numbers."""
        if callable(objective):
            return self._own_cost(s, objective)
        land, held = s.land, s.question.held
        skills = (1 << land.skill_bits) - 1
        match objective:
            case "steps":
                return Measured(objective, Aim("steps"), 1)
            case "hardest-step":
                return Measured(objective, Aim("hardest"), 1)
            case "new-skills":
                return Measured(objective, Aim("learn", None, land.next_levels(held)), 1)
            case "certifications":
                return Measured(objective, Aim("learn", None, ~skills), 1)
            case "effort":
                return Measured(objective, Aim("learn", land.idf, skills), SCALE)
            case "effort-importance":
                return self._by_importance(s, skills)
        return self._figures(s, objective)

    def _by_importance(self, s: Setting, skills: int) -> Measured:
        land, q = s.land, s.question
        ahead = pareto.distances(s.graph, q, [q.source])
        asked = 0
        for u, far in enumerate(ahead):
            if far <= s.graph.size:
                for e in range(s.graph.indptr[u], s.graph.indptr[u + 1]):
                    asked |= s.graph.need[e]
        unknown = sum(1 << i for i, x in enumerate(land.importance) if x < 0)
        if lacking := skills_in(land, asked & skills & unknown & ~q.held):
            label = self.kg.index.by_iri[lacking[0]].label
            raise CostError(
                f"{count(len(lacking), 'skill')} asked for on ways from {s.person.role} "
                f"{'has' if len(lacking) == 1 else 'have'} no "
                f"importance here, for example {label!r}; 'effort' weighs skills by how few "
                "roles ask for them"
            )
        weights = [max(0, x) for x in land.importance]
        return Measured("effort-importance", Aim("learn", weights, skills), SCALE)

    def _figures(self, s: Setting, name: str) -> Measured:
        prop, label = self._property(name)
        rows = self.kg.query(f"SELECT ?t ?v {{ ?t <{prop}> ?v }}")
        found: dict[str, Fraction] = {}
        for t, v in rows:
            value = _fraction(v, name, str(t))
            found[str(t)] = min(value, found.get(str(t), value))
        values: list[Fraction] = []
        shut: set[int] = set()
        for e, number in enumerate(s.numbers):
            number_of = found.get(s.land.edges[number].claim)
            values.append(Fraction(0) if number_of is None or s.graph.crossing[e] else number_of)
            if number_of is None and not s.graph.crossing[e]:
                shut.add(e)
        weights, scale = _whole(name, values)
        note = ""
        if shut:
            note = (
                f"{len(shut)} of {len(s.numbers)} transitions have no {label}: routes over them "
                "are left out, for nothing is made up"
            )
        return Measured(name, Aim("sum", weights), scale, note, frozenset(shut))

    def _property(self, name: str) -> tuple[str, str]:
        """Find a numeric property of transitions by label, last part, CURIE or IRI."""
        kg = self.kg
        labels = {
            str(p): str(label)
            for p, label in kg.query("SELECT ?p ?l { ?p a owl:DatatypeProperty ; rdfs:label ?l }")
            if not str(p).startswith(RG.NS)
        }
        used = {}
        for p, label in labels.items():
            if kg.ask(f"ASK {{ ?t <{p}> ?v }}"):
                used[p] = label
        direct = expand(name) or (name if ":" in name else None)
        used_by = "ASK { ?t a rg:Transition ; ?p ?v }"
        if direct and _IRI.fullmatch(direct):
            with suppress(QueryError):  # what looks like an IRI and is none
                if kg.ask(used_by, p=IRI(direct)):
                    return direct, used.get(direct, name)
        wanted = name.casefold()
        for p, label in used.items():
            if wanted in (label.casefold(), p.rstrip("/#").rsplit("/", 1)[-1].casefold()):
                return p, label
        own = sorted(set(used.values()))
        has = f"; its transitions have {', '.join(own)}" if own else (
            "; its transitions bear no numbers"
        )  # fmt: skip
        near = difflib.get_close_matches(name, [*OBJECTIVES, *own], 1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise CostError(
            f"no objective {name!r} in this graph{hint} Known are {', '.join(OBJECTIVES)}{has}"
            if near
            else f"no objective {name!r} in this graph; known are {', '.join(OBJECTIVES)}{has}"
        )

    def _own_cost(self, s: Setting, cost: Callable[[Leg], float]) -> Measured:
        name = getattr(cost, "__name__", "own cost")
        name = "own cost" if name == "<lambda>" else name
        legs = self._legs(s)
        values = []
        for e, leg in enumerate(legs):
            try:
                values.append(0 if s.graph.crossing[e] else routing.cost_of(leg, cost))
            except Exception as error:
                error.add_note(f"at the transition {leg.transition.label!r} ({leg.transition.iri})")
                raise
        weights, scale = _whole(name, [Fraction(v) for v in values])
        return Measured(name, Aim("sum", weights), scale)

    def _legs(self, s: Setting) -> list[Leg]:
        """Make a leg of every edge; in a store without evidence, which would have to be read."""
        land, kg = s.land, self.kg
        known: dict[str, Skill] = {}

        def skill(iri: str) -> Skill:
            if iri not in known:
                known[iri] = kg.index.by_iri[iri]
            return known[iri]

        sets: dict[int, frozenset[Skill]] = {}

        def skills(bits: int) -> frozenset[Skill]:
            if bits not in sets:
                sets[bits] = frozenset(map(skill, skills_in(land, bits)))
            return sets[bits]

        stored = kg._generation is not None
        full = {} if stored else {t.iri: t for t in kg.transitions()}
        own = figures.by_transition(kg.engine) if stored else {}
        roles = self.roles()
        legs = []
        for e, number in enumerate(s.numbers):
            edge = land.edges[number]
            a, b = (roles[land.roles[i]] for i in (edge.source, edge.target))
            t = full.get(edge.claim)
            if t is None:
                claim = Claim(edge.claim, a.label, "can move to", b.label, edge.kind)
                t = Transition(
                    edge.claim, f"{a} to {b}", edge.type, a, b, claim,
                    value=edge.value, figures=own.get(edge.claim, {}),
                )  # fmt: skip
            new = skills(s.graph.need[e]) - skills(land.asked.get(a.iri, 0))
            legs.append(Leg(t, frozenset() if s.graph.crossing[e] else new))
        return legs


def search(
    s: Setting,
    measured: Sequence[Measured],
    *,
    k: int | None = None,
    ties: bool = False,
    budget: int = pareto.BUDGET,
    compiled: bool | None = None,
) -> Answer:
    """Put a question to the search; what an objective cannot go over is shut."""
    check_whole("budget", budget, 1)
    shut = frozenset().union(s.question.shut, *(m.shut for m in measured))
    question = replace(s.question, aims=tuple(m.aim for m in measured), k=k, ties=ties, shut=shut)
    return pareto.search(s.graph, question, budget=budget, compiled=compiled)


def objectives(minimise: Objective | Sequence[Objective], k: int | None) -> tuple[Objective, ...]:
    """Check the objectives of a plan, one to four of them."""
    if not isinstance(minimise, str | Iterable) and not callable(minimise):
        raise TypeError(f"minimise must be a text, a function, or several, not {minimise!r}")
    several = (minimise,) if isinstance(minimise, str) or callable(minimise) else tuple(minimise)
    if not 1 <= len(several) <= 4:
        raise ValueError(f"minimise takes one to four objectives, not {len(several)}")
    if len(set(several)) < len(several):
        raise ValueError("minimise names an objective twice")
    if k is not None and len(several) > 1:
        raise ValueError("k best routes go by one objective; leave k out for the Pareto set")
    return several


def _several(items: Any, find: Callable[[Any], Any]) -> tuple[Any, ...]:
    if items is None:
        return ()
    if isinstance(items, str | Concept) or not isinstance(items, Iterable):
        items = (items,)
    return tuple(dict.fromkeys(find(i) for i in items))


def _filter(wants: Constraints) -> Filter:
    kinds = None if wants.kinds is None else frozenset(wants.kinds)
    types = frozenset(TRANSITION_TYPES if wants.types is None else wants.types)
    return kinds, types | ({MAPPING} if wants.mappings else set()), wants.min_value


def _edges_of(net: Any, names: Sequence[str]) -> Iterable[Any]:
    """Read the edges of a compiled network."""
    from rolegraph import network

    heads, kinds, types = net.indices.tolist(), net.kind.tolist(), net.type.tolist()
    values = net.value.tolist()
    indptr = net.indptr.tolist()
    for u, name in enumerate(names):
        for e in range(indptr[u], indptr[u + 1]):
            value = values[e]
            yield (
                name, names[heads[e]], net.claims[e], network.KINDS[kinds[e]],
                network.TYPES[types[e]], None if value != value else value,
            )  # fmt: skip


def held_bits(land: Landscape, person: Held) -> int:
    """Give the bits that a person holds at the start."""
    held = 0
    for role in (person.role, *person.past):
        if role is not None:
            held |= land.asked.get(role.iri, 0)
    for skill, level in person.skills:
        held |= land.bits(skill.iri, level)
    for c in person.certifications:
        if c.iri in land.certifications:
            held |= 1 << land.certifications[c.iri]
    return held


def _tokens(
    land: Landscape, graph: Graph, numbers: Sequence[int], wants: Constraints
) -> tuple[list[int], int]:
    """Mark the edges that pass what has to be passed."""
    marks = {land.place[r.iri]: 1 << i for i, r in enumerate(wants.via)}
    certs = [(1 << len(wants.via) + i, c) for i, c in enumerate(wants.needs)]
    tokens = [marks.get(head, 0) for head in graph.heads] if marks else [0] * len(graph.heads)
    for mark, c in certs:
        bit = land.certifications.get(c.iri)
        names = 0 if bit is None else 1 << bit
        for e, number in enumerate(numbers):
            if graph.crossing[e]:
                continue
            there = land.named.get(land.roles[graph.heads[e]], 0)
            if names & (there | land.named.get(land.edges[number].claim, 0)):
                tokens[e] |= mark
    return tokens, (1 << len(wants.via) + len(wants.needs)) - 1


def _whole(name: str, values: Sequence[Fraction]) -> tuple[list[int], int]:
    """Make numbers whole: as they are, or times the largest power of ten that fits."""
    total = sum(values)
    if total >= pareto.LARGEST:
        raise CostError(f"the numbers of {name!r} are too large to add up: choose a larger unit")
    if all(v.denominator == 1 for v in values):
        return [int(v) for v in values], 1
    scale = 1
    while total * scale * 10 < pareto.LARGEST and scale < 10**30:
        scale *= 10
    return [round(v * scale) for v in values], scale


def real(value: int, measured: Measured) -> float:
    """Give a value in its unit."""
    return value if measured.scale == 1 else value / measured.scale


def _float(value: Any) -> float | None:
    return None if value is None else float(value)


def _known(value: float) -> float | None:
    # arrays hold 32-bit numbers: what a source writes has fewer digits than they are exact to
    return None if value != value else round(value, 4)


def _fraction(value: Any, name: str, of: str) -> Fraction:
    try:
        number = Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        raise CostError(f"{name} of {of} is {str(value)!r}, not a number") from None
    if number < 0:
        raise CostError(f"{name} of {of} is negative: {value}")
    return number
