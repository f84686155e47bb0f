"""Why there is no route, and the least that has to be given up for one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any, TypeAlias

from rolegraph import pareto, routing
from rolegraph.asking import Asking, Measured, Setting, search
from rolegraph.explaining import Explaining
from rolegraph.pareto import Answer
from rolegraph.plans import Constraints, Relaxation, WhyNot
from rolegraph.profile import Held
from rolegraph.routes import Route
from rolegraph.values import Role

__all__ = ["Relaxing"]

_Atom: TypeAlias = tuple[str, Any, str]


class Relaxing:
    """Looks for the smallest sets of constraints without which there is a route."""

    def __init__(self, asking: Asking, explaining: Explaining) -> None:
        self.asking, self.explaining = asking, explaining

    def why_not(
        self, person: Held, targets: Sequence[Role], asked: Constraints, budget: int
    ) -> WhyNot:
        """Answer :meth:`rolegraph.RoleGraph.why_not`."""
        answer = self._shortest(person, targets, asked, budget)
        ends = " or ".join(t.label for t in targets[:3])
        head = f"{person.role} → {ends}"
        if answer[0].ways:
            route = self.explaining.routes(answer[1], answer[0].ways[:1], [answer[2]])[0]
            way = " → ".join(map(str, route.roles))
            return WhyNot(True, f"{head}: there is a route: {way}", (), True)
        atoms = _atoms(asked)
        complete = answer[0].complete
        for size in range(1, len(atoms) + 1):
            found: list[Relaxation] = []
            for some in combinations(atoms, size):
                got, sure = self._given_up(person, targets, asked, some, budget)
                found += got
                complete = complete and sure
            if found:
                found.sort(key=lambda r: (len(r.route), r.give_up))
                what = "this constraint stands" if size == 1 else "these constraints stand"
                reason = f"{head}: no route under: {asked}"
                if size > 1:
                    reason += f"; no single constraint is to blame, {size} have to give together"
                elif len(found) > 1:
                    reason += "; giving up any one of these is enough"
                else:
                    reason += f"; only {what} in the way"
                return WhyNot(False, reason, tuple(found), complete)
        s = self.asking.setting(person, targets, Constraints(mappings=asked.mappings))
        assert person.role is not None
        reason = self._apart(s)
        return WhyNot(False, f"{head}: {reason}", (), complete)

    def _apart(self, s: Setting) -> str:
        ahead = pareto.distances(s.graph, s.question, [s.question.source])
        back = pareto.distances(s.graph, s.question, s.question.targets, back=True)
        far = s.graph.size

        def labels(found: Sequence[int], ends: Iterable[int]) -> list[str]:
            return [s.land.labels[i] for i, d in enumerate(found) if d < far and i not in ends]

        assert s.person.role is not None
        return "no constraint is to blame: " + routing.no_route(
            s.person.role, s.targets[0], labels(ahead, {s.question.source}),
            labels(back, s.question.targets),
        )  # fmt: skip

    def _shortest(
        self, person: Held, targets: Sequence[Role], wants: Constraints, budget: int
    ) -> tuple[Answer, Setting, Measured]:
        s = self.asking.setting(person, targets, wants)
        by_steps = self.asking.measured(s, "steps")
        return search(s, [by_steps], k=1, budget=budget), s, by_steps

    def _given_up(
        self,
        person: Held,
        targets: Sequence[Role],
        asked: Constraints,
        atoms: Sequence[_Atom],
        budget: int,
    ) -> tuple[list[Relaxation], bool]:
        """Find what some constraints have to become for a route, if giving them up helps."""
        wants = asked
        for name, item, _ in atoms:
            wants = _without(wants, name, item)
        numbers = {name for name, item, _ in atoms if item is None}
        names = tuple(n for n, m in (("steps", "max_steps"), ("hardest-step", "max_new"))
                      if m in numbers)  # fmt: skip
        if "min_value" in numbers:
            found, complete = self._by_value(person, targets, asked, wants, names, budget)
        else:
            answer, s, aims = self._front(person, targets, wants, names, budget)
            ways = answer.ways if names else answer.ways[:1]
            found = [(None, r) for r in self.explaining.routes(s, ways, aims)]
            complete = answer.complete
        out = []
        for value, route in found:
            words = []
            for name, _, text in atoms:
                if name == "max_steps":
                    words.append(f"{asked.max_steps} → {len(route)} steps")
                elif name == "max_new":
                    least = int(route.values["hardest-step"])
                    words.append(f"{asked.max_new} → {least} new skills in a step")
                elif name == "min_value":
                    words.append(f"suggestions from {asked.min_value:g} → {value:g}")
                else:
                    words.append(f'"{text}"')
            out.append(Relaxation(tuple(words), route))
        return out, complete

    def _front(
        self,
        person: Held,
        targets: Sequence[Role],
        wants: Constraints,
        names: Sequence[str],
        budget: int,
    ) -> tuple[Answer, Setting, list[Measured]]:
        s = self.asking.setting(person, targets, wants)
        aims = [self.asking.measured(s, n) for n in names or ("steps",)]
        return search(s, aims, budget=budget), s, aims

    def _by_value(
        self,
        person: Held,
        targets: Sequence[Role],
        asked: Constraints,
        wants: Constraints,
        names: Sequence[str],
        budget: int,
    ) -> tuple[list[tuple[float | None, Route]], bool]:
        """Find the largest least values of suggestions that let routes through.

        The lower the value, the more routes; so the values at which the set of best routes changes
        are found by halving.
        """
        land = self.asking.landscape(wants.strengths, wants.mappings)
        assert asked.min_value is not None
        values = sorted(
            {e.value for e in land.edges if e.value is not None and e.value < asked.min_value}
        )
        complete = True
        known: dict[int, tuple[Answer, Setting, list[Measured]]] = {}

        def front(i: int) -> frozenset[tuple[int, ...]]:
            nonlocal complete
            if i not in known:
                some = replace(wants, min_value=values[i])
                known[i] = self._front(person, targets, some, names, budget)
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
            ways = ways if names else ways[:1]
            found += [(values[low], r) for r in self.explaining.routes(s, ways, aims)]
            before, top = front(low), low
        return found, complete


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
