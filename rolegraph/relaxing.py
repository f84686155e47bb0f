"""Why there is no route, and the least that has to be given up for one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, TypeAlias

from rolegraph import pareto, routing
from rolegraph.asking import Asking, Measured, Objective, Setting, search
from rolegraph.explaining import Explaining
from rolegraph.pareto import Answer
from rolegraph.plans import Constraints, Relaxation, WhyNot
from rolegraph.profile import Held
from rolegraph.routes import Route
from rolegraph.values import Role

__all__ = ["Relaxing"]

_Atom: TypeAlias = tuple[str, Any, str]
"""What can be given up: field, item of it (None for a number), and words."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """Constraints, and the objectives that every step of a route must have a number for."""

    wants: Constraints
    known: tuple[Objective, ...] = ()

    def without(self, atoms: Iterable[_Atom], *, but: str = "") -> _Asked:
        wants, known = self.wants, self.known
        for name, item, _ in atoms:
            if name == "known":
                known = tuple(o for o in known if o != item)
            elif name != but:
                wants = _without(wants, name, item)
        return _Asked(wants, known)


@dataclass(frozen=True, slots=True, eq=False)
class Relaxing:
    """Looks for the smallest sets of constraints without which a person has a route.

    Attributes
    ----------
    asking : Asking
    explaining : Explaining
    person : Held
    targets : sequence of Role
    budget : int
        Branches for each of the searches.
    """

    asking: Asking
    explaining: Explaining
    person: Held
    targets: Sequence[Role]
    budget: int

    def why_not(self, constraints: Constraints, known: Sequence[Objective] = ()) -> WhyNot:
        """Answer :meth:`rolegraph.RoleGraph.why_not`."""
        asked = _Asked(constraints, tuple(known))
        answer, s, aims = self._front(asked, ())
        ends = " or ".join(t.label for t in self.targets[:3])
        head = f"{self.person.role} → {ends}"
        if answer.ways:
            route = self.explaining.routes(s, answer.ways[:1], aims)[0]
            way = " → ".join(map(str, route.roles))
            return WhyNot(True, f"{head}: there is a route: {way}", (), True)
        atoms = _atoms(constraints)
        atoms += [("known", o, f"{m.name} known for every step")
                  for o in asked.known if (m := self.asking.measured(s, o)).shut]  # fmt: skip
        complete = answer.complete
        for size in range(1, len(atoms) + 1):
            found: list[Relaxation] = []
            for some in combinations(atoms, size):
                got, sure = self._given_up(asked, some)
                found += got
                complete = complete and sure
            if found:
                found.sort(key=lambda r: (len(r.route), r.give_up))
                under = "; ".join([*constraints, *(t for n, _, t in atoms if n == "known")])
                vague = constraints.max_new is not None and any(
                    r.route.mark("hardest-step") for r in found
                )
                stated = "; new skills as far as they are stated" if vague else ""
                return WhyNot(
                    False, f"{head}: no route under: {under}{_blame(size, len(found))}{stated}",
                    tuple(found), complete,
                )  # fmt: skip
        s = self.asking.setting(
            self.person, self.targets, Constraints(mappings=constraints.mappings)
        )
        if not complete and self._joined(s):
            return WhyNot(False, f"{head}: no route was found within the budget", (), False)
        return WhyNot(False, f"{head}: {self._apart(s)}", (), True)

    def _joined(self, s: Setting) -> bool:
        """Tell whether transitions join the ends at all, whatever is asked besides."""
        ahead = pareto.distances(s.graph, s.question, [s.question.source])
        return any(ahead[t] <= s.graph.size for t in s.question.targets)

    def _apart(self, s: Setting) -> str:
        ahead = pareto.distances(s.graph, s.question, [s.question.source])
        back = pareto.distances(s.graph, s.question, s.question.targets, back=True)
        far = s.graph.size

        def labels(found: Sequence[int], ends: Iterable[int]) -> list[str]:
            return [s.land.labels[i] for i, d in enumerate(found) if d < far and i not in ends]

        assert s.person.role is not None
        told = routing.no_route(
            s.person.role, s.targets[0], labels(ahead, {s.question.source}),
            labels(back, s.question.targets),
        )  # fmt: skip
        return "no constraint is to blame, no transitions join them: " + told.split(": ", 1)[-1]

    def _front(self, asked: _Asked, names: Sequence[str]) -> tuple[Answer, Setting, list[Measured]]:
        """Search; by steps for a single route where no other objective is named."""
        s = self.asking.setting(self.person, self.targets, asked.wants)
        shut = frozenset().union(*(self.asking.measured(s, o).shut for o in asked.known))
        s = replace(s, question=replace(s.question, shut=s.question.shut | shut))
        aims = [self.asking.measured(s, n) for n in names or ("steps",)]
        return search(s, aims, k=None if names else 1, budget=self.budget), s, aims

    def _given_up(self, asked: _Asked, atoms: Sequence[_Atom]) -> tuple[list[Relaxation], bool]:
        """Find what some constraints have to become for a route, if giving them up helps."""
        numbers = {name for name, item, _ in atoms if item is None}
        names = tuple(n for n, m in (("steps", "max_steps"), ("hardest-step", "max_new"))
                      if m in numbers)  # fmt: skip
        found: list[tuple[float | None, Route]]
        if "min_value" in numbers:
            found, complete = self._by_value(asked, atoms, names)
        else:
            answer, s, aims = self._front(asked.without(atoms), names)
            found = [(None, r) for r in self.explaining.routes(s, answer.ways, aims)]
            complete = answer.complete
        wants = asked.wants
        out = []
        for value, route in found:
            words = []
            for name, _, text in atoms:
                if name == "max_steps":
                    words.append(f"{wants.max_steps} → {len(route)} steps")
                elif name == "max_new":
                    least = int(route.values["hardest-step"])
                    words.append(f"{wants.max_new} → {least} new skills in a step")
                elif name == "min_value":
                    words.append(f"suggestions from {wants.min_value:g} → {value:g}")
                else:
                    words.append(f'"{text}"')
            out.append(Relaxation(tuple(words), route))
        return out, complete

    def _by_value(
        self, asked: _Asked, atoms: Sequence[_Atom], names: Sequence[str]
    ) -> tuple[list[tuple[float | None, Route]], bool]:
        """Find the largest least values of suggestions that let routes through.

        The lower the value, the more routes; so the values at which the set of best routes changes
        are found by halving.
        """
        rest = asked.without(atoms)
        land = self.asking.landscape(rest.wants.strengths, rest.wants.mappings)
        most = asked.wants.min_value
        assert most is not None
        values = sorted({e.value for e in land.edges if e.value is not None and e.value < most})
        complete = True
        known: dict[int, tuple[Answer, Setting, list[Measured]]] = {}

        def front(i: int) -> frozenset[tuple[int, ...]]:
            nonlocal complete
            if i not in known:
                some = replace(rest, wants=replace(rest.wants, min_value=values[i]))
                known[i] = self._front(some, names)
                complete = complete and known[i][0].complete
            ways = known[i][0].ways
            return frozenset(w.values for w in ways) if names else frozenset([()] if ways else ())

        found: list[tuple[float | None, Route]] = []
        before: frozenset[tuple[int, ...]] = frozenset()
        top = len(values)
        while top > 0 and front(0) != before:
            low, high = 0, top  # front(low) has changed, front(high) has not
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if front(middle) != before else (low, middle)
            answer, s, aims = known[low]
            ways = [w for w in answer.ways if not names or w.values not in before]
            found += [(values[low], r) for r in self.explaining.routes(s, ways, aims)]
            before, top = front(low), low
        return found, complete


def _blame(size: int, count: int) -> str:
    if size > 1:
        return f"; no single one is to blame, {size} have to give together"
    return (
        "; giving up any one of these is enough" if count > 1 else "; giving up this one is enough"
    )


def _atoms(wants: Constraints) -> list[_Atom]:
    """List what can be given up: field, item of it (None for the whole), words."""
    found: list[_Atom] = []
    for name in ("avoid", "via", "needs", "without"):
        for item in getattr(wants, name):
            alone: dict[str, Any] = {name: (item,)}
            found.append((name, item, str(Constraints(**alone))))
    for name in ("kinds", "types", "min_value", "max_steps", "max_new"):
        value = getattr(wants, name)
        if value is not None:
            item = value if name in ("kinds", "types") else None
            whole: dict[str, Any] = {name: value}
            found.append((name, item, str(Constraints(**whole))))
    return found


def _without(wants: Constraints, name: str, item: Any) -> Constraints:
    old = getattr(wants, name)
    several = name in ("avoid", "via", "needs", "without")
    rest: dict[str, Any] = {name: tuple(x for x in old if x != item) if several else None}
    return replace(wants, **rest)
