"""Plans through the front door: the article, small ladders against brute force, tables, errors."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rolegraph as rg
from rolegraph.errors import (
    AmbiguousLabelError,
    BudgetError,
    CostError,
    NoRouteError,
    NotFoundError,
    ProfileError,
    QueryError,
)
from rolegraph.pictures import LineMap, RoutesMap
from rolegraph.plandata import plan_schema
from rolegraph.plans import WhyNot
from rolegraph.routes import Step, read_as
from rolegraph.values import Claim, Role, Skill, SkillRequirement, Transition
from tests.test_learning import (
    CLASS,
    Demand,
    Move,
    Town,
    Walked,
    X,
    a_town,
    asked_by,
    best,
    check_told,
    load,
    walk,
    write,
)

PM, DIRECTOR, COO = "Project Manager", "Delivery Director", "Chief Operations Officer"
TO_DIRECTOR = [PM, "Delivery Manager", "Senior Delivery Manager", DIRECTOR]


# --- the article


@pytest.fixture(scope="module")
def me() -> rg.Profile:
    return rg.Profile(role=PM, certifications=["PRINCE2", "ITIL"])


def labels(route: rg.Route) -> list[str]:
    return [r.label for r in route.roles]


def test_to_delivery_director(either: rg.RoleGraph, me: rg.Profile) -> None:
    plan = either.plan(me, DIRECTOR, minimise=("steps", "new-skills", "hardest-step"))
    assert plan.complete
    assert plan.proven_steps is None
    assert [labels(r) for r in plan] == [TO_DIRECTOR]
    (route,) = plan
    assert dict(route.values) | {"effort": 0} == {
        "steps": 3, "new-skills": 8, "hardest-step": 8, "effort": 0, "certifications": 1
    }  # fmt: skip
    first, second, third = route.steps
    assert {r.label for r in first.shared_skills} == {
        "Communication", "Leadership", "Organisation", "Problem solving"
    }  # fmt: skip
    assert len(first.new_skills) == 8
    assert "Negotiation" in {r.label for r in first.new_skills}
    assert [c.label for c in first.held_certifications] == ["ITIL"]
    assert "ITIL" in {f.label for f in first.certifications}
    assert first.activities
    assert [s.transition.type for s in route.steps] == ["lateral move", "promotion", "promotion"]
    assert [s.transition.kind for s in route.steps] == ["stated"] * 3
    for step in route.steps:
        assert step.evidence
        assert all(e.section is not None for e in step.evidence)
        for finding in (*step.certifications, *step.activities, *step.advancement):
            assert finding.claims, finding
            assert all(c.evidence for c in finding.claims)
        for demand in (*step.shared_skills, *step.new_skills):
            assert demand.evidence
    assert second.new_skills == third.new_skills == ()
    assert any("skills" in text for text in third.not_stated)
    assert "§ Career progress for Delivery Managers" in str(plan)


def test_to_chief_operations_officer(either: rg.RoleGraph, me: rg.Profile) -> None:
    plan = either.plan(me, COO)
    assert [labels(r) for r in plan] == [[PM, COO]]
    (step,) = plan[0].steps
    assert [r.label for r in step.new_skills] == ["Strategic oversight"]
    assert [r.label for r in step.shared_skills] == ["Leadership"]
    assert plan[0].values["new-skills"] == plan[0].values["hardest-step"] == 1
    assert plan[0].values["certifications"] == 0
    assert step.evidence
    several = either.plan(me, [COO, DIRECTOR])
    assert [labels(r) for r in several] == [[PM, COO]], "the nearer of two is dominating"
    assert several.targets == (either.role(COO), either.role(DIRECTOR))


def test_why_not_without_senior_delivery_manager(either: rg.RoleGraph, me: rg.Profile) -> None:
    wants: dict[str, Any] = {"avoid": ["Senior Delivery Manager"], "max_steps": 2}
    with pytest.raises(
        NoRouteError, match="avoid Senior Delivery Manager; at most 2 steps; why_not"
    ):
        either.plan(me, DIRECTOR, **wants)
    answer = either.why_not(me, DIRECTOR, **wants)
    assert not answer.possible
    assert answer.complete
    (only,) = answer.relaxations
    assert set(only.give_up) == {'"avoid Senior Delivery Manager"', "2 → 3 steps"}
    assert labels(only.route) == TO_DIRECTOR
    assert "2 have to give together" in answer.reason
    there = either.why_not(me, COO, **wants)
    assert (there.possible, there.relaxations) == (True, ())


def test_what_is_held_is_not_learned_again(kg: rg.RoleGraph) -> None:
    bare = kg.plan(PM, DIRECTOR)[0]
    more = rg.Profile(role=PM, skills=["Negotiation"], certifications=["Scrum Master"])
    route = kg.plan(more, DIRECTOR)[0]
    assert route.values["new-skills"] == bare.values["new-skills"] - 1
    assert "Negotiation" in {r.label for r in route.steps[0].shared_skills}
    assert bare.values["certifications"] == 2
    assert route.values["certifications"] == 1
    assert [c.label for c in route.steps[0].held_certifications] == ["Scrum Master"]
    past = rg.Profile(role=PM, past=["Delivery Manager"])
    # four are asked for by the step itself, and by no role
    assert kg.plan(past, DIRECTOR)[0].values["new-skills"] == 4
    home = kg.plan(rg.Profile(role=DIRECTOR), DIRECTOR)
    assert [(len(r), r.values["steps"]) for r in home] == [(0, 0)]
    assert labels(home[0]) == [DIRECTOR]
    assert str(home)


def test_goals(kg: rg.RoleGraph, me: rg.Profile) -> None:
    by_skill = kg.plan(me, rg.Goal(asks=("Strategic oversight",)))
    assert {t.label for t in by_skill.targets} == {COO, "Director of Project Management"}
    assert {labels(r)[-1] for r in by_skill} <= {t.label for t in by_skill.targets}
    family = kg.role(DIRECTOR).family
    level = kg.role(DIRECTOR).level
    assert family is not None
    assert level is not None
    fits = {r.label for r in kg.roles() if (r.family, r.level) == (family, level)}
    plan = kg.plan(me, rg.Goal(family=family, level=level))
    assert {t.label for t in plan.targets} == fits
    certified = kg.plan(me, rg.Goal(certification="ITIL"))
    assert [t.label for t in certified.targets] == ["Delivery Manager"]
    sparql = kg.plan(me, rg.Goal(sparql='?role skos:prefLabel "Delivery Director"@en'))
    assert [labels(r) for r in sparql] == [TO_DIRECTOR]
    both = rg.Goal(sparql="?role a rg:Role", asks=("Strategic oversight",), level="executive")
    assert {t.label for t in kg.plan(me, both).targets} == {COO}
    with pytest.raises(NotFoundError, match="role that fits"):
        kg.plan(me, rg.Goal(asks=("Strategic oversight", "Negotiation")))
    with pytest.raises(NotFoundError):
        kg.plan(me, rg.Goal(family="Falconry"))
    with pytest.raises(ValueError, match="a goal needs"):
        rg.Goal()


def test_plans_as_data(kg: rg.RoleGraph, me: rg.Profile) -> None:
    plan = kg.plan(me, DIRECTOR)
    plain = json.loads(json.dumps(plan.to_dict()))
    assert [s["transition"]["target"]["label"] for s in plain["routes"][0]["steps"]] == TO_DIRECTOR[
        1:
    ]
    assert plain["minimise"] == ["steps", "new-skills", "hardest-step"]
    assert plain["complete"] is True
    frame = plan.to_pandas()
    assert len(frame) == 3
    graph = plan.to_networkx()
    assert graph.number_of_edges() == 3
    assert graph.number_of_nodes() == 4
    triples = plan.to_rdf()
    planned = {str(s) for s in triples.subjects()}
    assert planned
    moves = {str(o) for o in triples.objects()}
    assert {s.transition.iri for s in plan[0].steps} <= moves
    assert len(plan[0].to_rdf())
    assert str(plan).startswith(f"{PM} → {DIRECTOR}")
    assert "1 route" in repr(plan)
    assert plan.best("new-skills") is plan[0]
    with pytest.raises(ValueError, match="it has steps"):
        plan.best("months")


def test_without_numpy_and_what_rests_on_it() -> None:
    """The core needs rdflib and Oxigraph alone; whatever else is there, is not asked for."""
    code = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("numpy", "scipy", "numba", "pandas", "networkx"):
            raise ModuleNotFoundError(name, name=name)
sys.meta_path.insert(0, Blocked())
import rolegraph as rg
kg = rg.load()
me = rg.Profile(role="Project Manager", certifications=["PRINCE2", "ITIL"])
print(len(kg.plan(me, "Delivery Director")[0]), len(kg.plan(me, "COO")))
print(kg.why_not(me, "Delivery Director", max_steps=2).relaxations[0].give_up)
print(len(kg.reach(me)), len(kg.unlock(me, max_new=7)), len(kg.bridges(me)))
print(len(kg.reach(me, minimise="new-skills")), len(kg.plan(me, "COO").to_rdf()) > 5)
print(len(str(kg.plan(me, "COO"))) > 100, "routes" in kg.plan(me, "COO").to_dict())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[0] == "3 1"
    assert lines[1] == "('2 → 3 steps',)"
    assert lines[2].startswith("9 ")
    assert lines[3:] == ["9 True", "True True"]


# --- mistakes


def test_mistakes_are_named(kg: rg.RoleGraph, me: rg.Profile) -> None:
    with pytest.raises(ProfileError, match=r"(?s)2 names.*Projct.*Leadershp"):
        kg.plan(rg.Profile(role="Projct Manager", skills=["Leadershp"]), DIRECTOR)
    with pytest.raises(NotFoundError, match="Delivery Director"):
        kg.plan(me, "Delivery Directr")
    with pytest.raises(NotFoundError):
        kg.plan(me, DIRECTOR, avoid=["Nobody"])
    with pytest.raises(NotFoundError):
        kg.plan(me, DIRECTOR, needs=["Nothing"])
    with pytest.raises(ValueError, match="starts in a role"):
        kg.plan(rg.Profile(skills=["Leadership"]), DIRECTOR)
    with pytest.raises(ValueError, match="needs a target"):
        kg.plan(me, [])
    with pytest.raises(CostError, match=r"no objective 'stepps'.*did you mean 'steps'"):
        kg.plan(me, DIRECTOR, minimise="stepps")
    with pytest.raises(CostError, match=r"(?s)no objective 'months'.*bear no numbers"):
        kg.plan(me, DIRECTOR, minimise="months")
    with pytest.raises(CostError, match="importance"):
        kg.plan(me, DIRECTOR, minimise="effort-importance")
    with pytest.raises(ValueError, match="one to four"):
        kg.plan(me, DIRECTOR, minimise=())
    with pytest.raises(ValueError, match="one to four"):
        kg.plan(me, DIRECTOR, minimise=("steps", "new-skills", "effort", "hardest-step",
                                        "certifications"))  # fmt: skip
    with pytest.raises(ValueError, match="twice"):
        kg.plan(me, DIRECTOR, minimise=("steps", "steps"))
    with pytest.raises(ValueError, match="one objective"):
        kg.plan(me, DIRECTOR, minimise=("steps", "new-skills"), k=2)
    for wrong in (0, -1):
        with pytest.raises(ValueError, match="k"):
            kg.plan(me, DIRECTOR, minimise="steps", k=wrong)
    with pytest.raises(ValueError, match="max_new"):
        kg.plan(me, DIRECTOR, max_new=-1)
    with pytest.raises(ValueError, match="max_steps"):
        kg.plan(me, DIRECTOR, max_steps=-1)
    with pytest.raises(ValueError, match="kind of evidence"):
        kg.plan(me, DIRECTOR, kinds=["guessed"])
    with pytest.raises(ValueError, match="type of transition"):
        kg.plan(me, DIRECTOR, types=["leap"])
    with pytest.raises(ValueError, match="strength"):
        kg.plan(me, DIRECTOR, strengths=["essental"])
    with pytest.raises(ValueError, match="max_new"):
        kg.unlock(me)
    with pytest.raises(ValueError, match="max_new, via or needs"):
        kg.bridges(me, max_new=3)
    with pytest.raises(ValueError, match="go by steps"):
        kg.bridges(me, minimise="new-skills")
    with pytest.raises(NoRouteError, match="why_not"):
        kg.plan(rg.Profile(role=DIRECTOR), PM)
    with pytest.raises(NoRouteError):
        kg.bridges(rg.Profile(role=DIRECTOR), PM)
    with pytest.raises(CostError, match="negative"):
        kg.plan(me, DIRECTOR, minimise=lambda leg: -1.0)
    with pytest.raises(CostError):
        kg.plan(me, DIRECTOR, minimise=lambda leg: float("nan"))


def test_what_would_help_is_drawn_and_tabled(kg: rg.RoleGraph) -> None:
    one = kg.why_not(PM, DIRECTOR, max_steps=2)
    drawn = one.picture()
    assert isinstance(drawn, LineMap)
    assert drawn.title == "Possible if given up: 2 → 3 steps"
    assert [s.label for s in drawn.stops] == labels(one.relaxations[0].route)
    assert "Possible if given up" in one._repr_mimebundle_()["text/html"]
    table = one.to_pandas()
    assert table["give up"].to_list() == ["2 → 3 steps"]
    assert table["steps"].to_list() == [3]
    several = kg.why_not(
        PM, COO, avoid=["Delivery Manager"], via=["Senior Project Manager"], max_steps=1
    )
    assert len(several.relaxations) > 1
    both = several.picture()
    assert isinstance(both, RoutesMap)
    assert len(both.routes) == len(several.relaxations)
    assert one.to_dict()["relaxations"][0]["give_up"] == ["2 → 3 steps"]
    none = kg.why_not(DIRECTOR, PM, max_steps=2)
    assert none.to_pandas().empty
    with pytest.raises(ValueError, match="nothing to draw"):
        none.picture()


# --- figures that are not exact

ASKS = st.none() | st.sets(st.integers(0, 5))  # None: no source says which skills the role asks for


CLAIM = Claim("ex:claim", "A", "is said of", "B", "curated")


def walked(asks: Sequence[set[int]]) -> list[set[int]]:
    """What is new on each step from the first role on."""
    have, new = set(asks[0]), []
    for asked in asks[1:]:
        new.append(asked - have)
        have |= asked
    return new


def as_step(asked: set[int] | None, new: set[int]) -> Step:
    def demands(which: set[int]) -> tuple[SkillRequirement, ...]:
        return tuple(
            SkillRequirement(Skill(f"ex:{n}", f"skill {n}", "skill"), CLAIM) for n in sorted(which)
        )

    a, b = Role("ex:a", "A", "role"), Role("ex:b", "B", "role")
    t = Transition("ex:t", "A to B", "transition", a, b, CLAIM)
    kept = demands((asked or set()) - new)
    return Step(t, 1, new_skills=demands(new), shared_skills=kept)


@given(st.lists(ASKS, min_size=2, max_size=5), st.randoms(use_true_random=False))
def test_a_figure_is_the_least_or_the_most_that_it_is_said_to_be(
    asks: list[set[int] | None], dice: Random
) -> None:
    """However the silent roles are filled, the figures stay on the side that is claimed."""
    new = walked([a or set() for a in asks])
    # a role that asks for nothing is one of which nothing is said
    asks = [a or None for a in asks]
    steps = [as_step(a, n) for a, n in zip(asks[1:], new, strict=True)]
    found = read_as(steps, asks[0] is None, ["new-skills", "hardest-step", "steps"])
    shown = {"new-skills": len(set().union(*new)), "hardest-step": max(map(len, new))}
    assert "steps" not in found
    assert found == {} or None in asks
    if "about" in found.values():  # only where it may be both less and more
        assert None in asks[1:]
    for _ in range(12):
        filled = [set(dice.choices(range(9), k=dice.randint(1, 6))) if a is None else a
                  for a in asks]  # fmt: skip
        real = walked(filled)
        true = {"new-skills": len(set().union(*real)), "hardest-step": max(map(len, real))}
        for name, value in shown.items():
            match found.get(name):
                case "at least":
                    assert true[name] >= value
                case "at most":
                    assert true[name] <= value
                case None:
                    assert true[name] == value


def test_plans_and_reach_say_which_figures_are_not_exact(kg: rg.RoleGraph) -> None:
    # no source says which skills a Portfolio Manager asks for; somebody who was one may have some
    was = rg.Profile(role=PM, past=["Portfolio Manager"])
    for who in (rg.Profile(role="Portfolio Manager"), was):
        plan = kg.plan(who, COO)
        assert [r.label for r in plan.person.untold] == ["Portfolio Manager"]
        assert plan[0].read_as["new-skills"] == plan[0].read_as["hardest-step"] == "at most"
        assert plan.table()[0][2].startswith("≤")
        assert "≤: no source states which skills Portfolio Manager asks for" in str(plan)
        assert plan.proof.endswith("by the figures that are stated")
        assert "≤" in plan.picture().alt
        (there,) = [d for d in kg.reach(who) if d.role.label == COO]
        assert there.read_as["new-skills"] == "at most"
        assert "new-skills ≤" in str(there)
    # a step after a silent role may be easier than it looks, but a single skill some step asks
    plan = kg.plan(PM, COO, via=["Portfolio Manager"])
    assert plan[0].read_as["new-skills"] == plan[0].read_as["hardest-step"] == "at least"
    steps = [as_step({1}, {1}), as_step(None, set()), as_step({2, 3}, {2, 3})]
    assert read_as(steps, False, ["hardest-step"]) == {"hardest-step": "about"}
    assert read_as(steps, False, ["new-skills"]) == {"new-skills": "at least"}
    # what a plan does not count is said all the same: nothing of it is beneficial for the COO
    plan = kg.plan(PM, COO, max_steps=1, strengths=["beneficial"])
    assert (plan[0].values["new-skills"], plan[0].steps[0].untold) == (0, False)
    assert plan[0].read_as == {}
    assert plan[0].to_pandas()["new_skills"].to_list() == [0]
    assert [d.read_as for d in kg.reach(PM, strengths=["beneficial"]) if d.role.label == COO] == [
        {}
    ]
    exact = kg.plan(PM, "Delivery Manager")
    assert exact[0].read_as == {}
    assert exact.proof == "proved: the Pareto set of all routes of any length"


def test_levels_that_nobody_states_make_figures_vague(tmp_path: Path) -> None:
    (tmp_path / "l.yaml").write_text(
        "levels: [{name: able}, {name: expert}]\n"
        "roles: [{role: Apprentice}, {role: Baker}, {role: Chef}]\n"
        "requirements:\n"
        "  - {role: Apprentice, skill: Baking, level: able}\n"
        "  - {role: Baker, skill: Baking}\n"
        "  - {role: Chef, skill: Baking, level: expert}\n"
        "transitions: [{from: Apprentice, to: Chef}, {from: Baker, to: Chef}]\n"
    )
    rg.import_source("table", tmp_path / "l.yaml", into=tmp_path / "s")
    kg = rg.open(tmp_path / "s")

    def told(profile: rg.Profile) -> str:
        return kg.plan(profile, "Chef", minimise="new-skills").table()[0][1]

    assert told(rg.Profile(role="Apprentice")) == "1"
    plan = kg.plan("Apprentice", "Chef", strengths=["essential"])
    assert plan.notes == ("demands whose strength no source states are not counted",)
    assert told(rg.Profile(role="Apprentice", skills={"Baking": "expert"})) == "0"
    # at which level a baker bakes nobody says, nor does somebody who only says to bake
    assert told(rg.Profile(role="Baker")) == "≤1"
    assert told(rg.Profile(role="Apprentice", skills=["Baking"])) == "≥0"


def test_what_an_earlier_role_asked_for_may_be_new_again(tmp_path: Path) -> None:
    (tmp_path / "l.yaml").write_text(
        "roles: [{role: A}, {role: R}, {role: H}]\n"
        "requirements:\n"
        "  - {role: A, skill: Excel}\n"
        "  - {role: R, skill: Interviews}\n"
        "  - {role: H, skill: Excel}\n"
        "  - {role: H, skill: Interviews}\n"
        "transitions: [{from: A, to: R}, {from: R, to: H}]\n"
    )
    rg.import_source("table", tmp_path / "l.yaml", into=tmp_path / "s")
    kg = rg.open(tmp_path / "s")
    route = kg.route("A", "H")  # each step is set against the role before it
    assert [[r.label for r in s.new_skills] for s in route.steps] == [["Interviews"], ["Excel"]]
    assert route.read_as == {"new-skills": "at most"}
    assert route.picture().alt.startswith("A → H: 2 steps. ≤2 new skills.")
    assert "not stated" not in route.picture().stops[0].sub
    (plan,) = kg.plan("A", "H")  # a plan knows what is held by then
    assert (plan.values["new-skills"], plan.read_as) == (1, {})


def test_what_is_reckoned_step_by_step_is_marked_by_itself(tmp_path: Path) -> None:
    (tmp_path / "l.yaml").write_text(
        "roles: [{role: A}, {role: N}, {role: M}, {role: F}]\n"
        "requirements:\n"
        + "".join(
            f"  - {{role: {x[0]}, skill: {x[1:]}}}\n"
            for x in ("Aa", "Nf1", "Nf2", "Ff1", "Ff2", "Ff3", "Ff4")
        )
        + "transitions: [{from: A, to: N}, {from: N, to: M}, {from: M, to: F}]\n"
    )
    rg.import_source("table", tmp_path / "l.yaml", into=tmp_path / "s")
    kg = rg.open(tmp_path / "s")
    route = kg.route("A", "F", cost="new-skills")
    # M may ask for all of F's skills, or for many others: a sum over steps is neither bound
    assert (route.cost, route.read_as) == (6, {"new-skills": "at least", "cost": "about"})
    assert "new-skills ≈6" in str(route).splitlines()[0]
    frame = route.to_pandas()
    assert frame["new_skills_read_as"].to_list() == ["", "", "at most"]
    assert frame["new_skills"].isna().to_list() == [False, True, False]


def test_why_not_where_no_constraint_is_to_blame(kg: rg.RoleGraph) -> None:
    answer = kg.why_not(DIRECTOR, PM, max_steps=2, avoid=["Delivery Manager"])
    assert (answer.possible, answer.relaxations, answer.complete) == (False, (), True)
    assert "no constraint is to blame" in str(answer)


def test_a_budget_that_does_not_suffice(kg: rg.RoleGraph, me: rg.Profile) -> None:
    with pytest.raises(BudgetError, match="budget of 1 branches"):
        kg.plan(me, DIRECTOR, budget=1)
    answer = kg.why_not(me, DIRECTOR, budget=1, max_steps=2)  # no word of there being no way
    assert not answer.complete
    assert "within the budget" in answer.reason
    assert "join" not in answer.reason
    plan = kg.plan(me, COO, budget=1, minimise=("steps", "hardest-step"))
    if not plan.complete:
        assert plan.proven_steps is not None
        assert "budget" in plan.proof
    with pytest.raises(BudgetError, match="budget"):
        kg.reach(me, max_new=9, budget=3)
    with pytest.raises(BudgetError, match="budget"):
        kg.unlock(me, max_new=3, budget=3)


def test_objectives_that_are_no_iris(kg: rg.RoleGraph, me: rg.Profile) -> None:
    for name in ("a:b c", "x:> ?p ?o } #", "http://[bad", "a:p> ?v . ?x <urn:y", "", "rg:fromRole"):
        with pytest.raises(CostError, match=r"no objective|not a number"):
            kg.plan(me, DIRECTOR, minimise=name)


def test_a_graph_that_changes(tmp_path: Path) -> None:
    town = Town(("va", "vb", "vc"), moves=(Move("vm", "va", "vb"),))
    kg = load([town], tmp_path, writable=True)
    assert [d.role.label for d in kg.reach("va")] == ["vb"]
    kg.update(
        f"PREFIX x: <{X}> INSERT DATA {{ x:vm2 a rg:RoleTransition ; skos:prefLabel 'n'@en ;"
        " rg:fromRole x:va ; rg:toRole x:vc ; rg:hasEvidenceKind rg:curated ;"
        " rg:hasEvidence x:note }"
    )
    assert [d.role.label for d in kg.reach("va")] == ["vb", "vc"]


# --- towns: random ladders against walking every route

COUNT = 50
NAMES = {"transition": "transition", "promotion": "promotion", "lateral": "lateral move",
         "suggested": "suggested"}  # fmt: skip


@pytest.fixture(scope="module")
def towns() -> list[Town]:
    return [a_town(Random(1000 + i), f"p{i}") for i in range(COUNT)]


@pytest.fixture(scope="module")
def ladders(towns: list[Town], tmp_path_factory: pytest.TempPathFactory) -> rg.RoleGraph:
    return load(towns, tmp_path_factory.mktemp("planner"))


def some_wants(dice: Random, town: Town, source: str, chance: float = 0.25) -> dict[str, Any]:
    """Scatter constraints, in the words of :func:`walk`."""
    wants: dict[str, Any] = {}

    def some(name: str, value: Any) -> None:
        if dice.random() < chance:
            wants[name] = value

    some("avoid", dice.sample(town.roles, dice.choice([1, 1, 2])))
    some("via", [dice.choice([r for r in town.roles if r != source])])
    some("kinds", dice.sample(["stated", "curated", "inferred"], 2))
    some("types", dice.sample(list(CLASS), 2))
    some("max_steps", dice.randint(1, 3))
    some("max_new", dice.randint(0, 3))
    if town.badges:
        some("needs", [dice.choice(town.badges)])
        some("without", [dice.choice(town.badges)])
    return wants


def in_our_words(wants: dict[str, Any]) -> dict[str, Any]:
    return {k: [NAMES[t] for t in v] if k == "types" else v for k, v in wants.items()}


def person(dice: Random, town: Town, source: str) -> tuple[rg.Profile, dict[str, Any]]:
    skills = {s: dice.choice([None, 1, 2, 3]) for s in town.skills if dice.random() < 0.2}
    badges = [b for b in town.badges if dice.random() < 0.3]
    me = rg.Profile(role=source, skills=list(skills.items()), certifications=badges)
    return me, {"skills": skills, "badges": badges}


def cases(towns: Sequence[Town], each: int) -> Iterator[tuple[Random, Town, str, str]]:
    for number, town in enumerate(towns):
        for turn in range(each):
            dice = Random(number * 100 + turn)
            source, target = dice.sample(town.roles, 2)
            yield dice, town, source, target


def moves_of(route: rg.Route) -> tuple[str, ...]:
    return tuple(s.transition.iri.removeprefix(X) for s in route.steps)


def figures(town: Town, way: Walked, name: str) -> float | None:
    """Add months or fees up; None where a transition has none."""
    found = [town.figures.get((m, name)) for m in way.moves]
    return None if None in found else sum(x for x in found if x is not None)


MINIMISED: list[tuple[str, ...]] = [
    ("months",), ("months", "new-skills"), ("steps", "months"), ("fee",),
    ("certifications", "hardest-step"), ("new-skills", "fee"),
]  # fmt: skip


def test_constraints_and_objectives(towns: list[Town], ladders: rg.RoleGraph) -> None:
    planned = refused = 0
    for dice, town, source, target in cases(towns, 3):
        wants = some_wants(dice, town, source)
        me, held = person(dice, town, source)
        every = {w.moves: w for w in walk(town, source, target, **held, **wants)}
        objective = dice.choice(MINIMISED)
        places = {"steps": 0, "new-skills": 1, "hardest-step": 2, "certifications": 3}
        values = {}
        for moves, w in every.items():
            row = tuple(
                w.values[places[o]] if o in places else figures(town, w, o) for o in objective
            )
            if None not in row:
                values[moves] = row
        if not values:
            refused += 1
            with pytest.raises(NoRouteError):
                ladders.plan(me, target, minimise=objective, **in_our_words(wants))
            continue
        planned += 1
        plan = ladders.plan(me, target, minimise=objective, ties=True, **in_our_words(wants))
        keep = best(list(values.values()))  # type: ignore[arg-type]
        found = {moves_of(r): r for r in plan}
        assert found.keys() == {m for m, v in values.items() if v in keep}, (wants, objective)
        for moves, route in found.items():
            assert tuple(route.values[o] for o in objective) == values[moves]
            check_told(route, every[moves])
        one = ladders.plan(me, target, minimise=objective, **in_our_words(wants))
        assert [tuple(r.values[o] for o in objective) for r in one] == sorted(keep)

        def place(moves: tuple[str, ...]) -> tuple[Any, ...]:
            """Where routes tie: fewest steps, then labels, then names of the moves."""
            return len(moves), *zip(every[moves].roles[1:], moves, strict=True)  # noqa: B023

        firsts = [min((m for m, v in values.items() if v == w), key=place) for w in sorted(keep)]
        assert [moves_of(r) for r in one] == firsts
        if len(objective) == 1:
            k = dice.choice([1, 2, 5])
            top = ladders.plan(me, target, minimise=objective, k=k, **in_our_words(wants))
            ranked = sorted(values, key=lambda m: (values[m], place(m)))
            assert [moves_of(r) for r in top] == ranked[:k]
    print(f"\n{planned} plans, {refused} refusals")
    assert planned > 35
    assert refused > 35


def test_a_function_of_ones_own(towns: list[Town], ladders: rg.RoleGraph) -> None:
    def load_of(leg: rg.Leg) -> float:
        return len(leg.new_skills) / 2

    seen = 0
    for _, town, source, target in cases(towns, 1):
        wanted = []
        for w in walk(town, source, target):
            total = 0
            for move, a, b in zip(w.moves, w.roles, w.roles[1:], strict=False):
                total += len(
                    (asked_by(town, b).keys() | asked_by(town, move)) - asked_by(town, a).keys()
                )
            wanted.append(total / 2)
        if wanted:
            plan = ladders.plan(source, target, minimise=load_of, k=4)
            assert [r.values["load_of"] for r in plan] == sorted(wanted)[:4]
            seen += 1
    assert seen > 15


NUMBERS = ("max_steps", "max_new", "min_value")
WORDS = {
    '"avoid (.*)"': "avoid", '"pass through (.*)"': "via", '"(.*) has to be named"': "needs",
    '"(.*) must not be named"': "without", '"evidence only .*"': "kinds", '"only .*"': "types",
    r"\S+ → (\S+) steps?": "max_steps", r"\S+ → (\S+) new skills? in a step": "max_new",
    r"suggestions from \S+ → (\S+)": "min_value",
}  # fmt: skip


def read_words(
    give_up: Sequence[str],
) -> tuple[tuple[tuple[str, str | None], ...], dict[str, float]]:
    """Read what has to be given up out of its words: constraints, and what numbers become."""
    atoms: list[tuple[str, str | None]] = []
    numbers: dict[str, float] = {}
    for words in give_up:
        ((name, match),) = ((n, m) for form, n in WORDS.items() if (m := re.fullmatch(form, words)))
        item = match[1] if match.groups() else None
        if name in NUMBERS:
            numbers[name], item = float(str(item)), None
        atoms.append((name, item))
    return tuple(atoms), numbers


def atoms_of(wants: dict[str, Any]) -> list[tuple[str, Any]]:
    several = ("avoid", "via", "needs", "without")
    return [(n, x) for n in several for x in wants.get(n, ())] + [
        (n, None) for n in wants if n not in several
    ]


def given_up(wants: dict[str, Any], atoms: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    left = dict(wants)
    for name, item in atoms:
        if item is None:
            del left[name]
        else:
            left[name] = [x for x in left[name] if x != item]
    return left


def figure_of(town: Town, way: Walked, name: str) -> float:
    """What a number has to become for a way; the lower, the less is given up."""
    if name == "max_steps":
        return way.values[0]
    if name == "max_new":
        return way.values[2]
    values = {m.name: m.value for m in town.moves}
    return -min((v for m in way.moves if (v := values[m]) is not None), default=9.0)


def check_why_not(
    town: Town, source: str, target: str, held: dict[str, Any], wants: dict[str, Any],
    answer: WhyNot,
) -> str:  # fmt: skip
    """Hold an answer against all subsets of the constraints."""
    if any(True for _ in walk(town, source, target, **held, **wants)):
        assert answer.possible
        assert not answer.relaxations
        return "possible"
    assert not answer.possible
    atoms = atoms_of(wants)
    for size in range(1, len(atoms) + 1):
        wanted = Counter[tuple[tuple[str, ...], tuple[float, ...]]]()
        for some in combinations(atoms, size):
            ways = list(walk(town, source, target, **held, **given_up(wants, some)))
            names = [n for n, _ in some if n in NUMBERS]
            rows = best([tuple(figure_of(town, w, n) for n in names) for w in ways])
            words = tuple(sorted(f"{n} {x}" for n, x in some))
            for row in rows:
                wanted[words, row] += 1
        if not wanted:
            continue
        found = Counter[tuple[tuple[str, ...], tuple[float, ...]]]()
        for r in answer.relaxations:
            read, numbers = read_words(r.give_up)
            some = tuple(a for a in atoms if a in read)
            assert len(some) == len(read) == size
            row = tuple(
                -numbers[n] if n == "min_value" else numbers[n] for n, _ in some if n in numbers
            )
            found[tuple(sorted(f"{n} {x}" for n, x in some)), row] += 1
            # the route that is shown is one that this lets through
            relaxed = given_up(wants, some) | numbers
            assert moves_of(r.route) in {
                w.moves for w in walk(town, source, target, **held, **relaxed)
            }, (r, relaxed)  # fmt: skip
        assert found == wanted
        return "one" if size == 1 else "several"
    assert answer.relaxations == ()
    return "apart"


def test_why_not_gives_the_least_to_give_up(towns: list[Town], ladders: rg.RoleGraph) -> None:
    seen: Counter[str] = Counter()
    for dice, town, source, target in cases(towns, 5):
        wants = some_wants(dice, town, source, 0.45)
        me, held = person(dice, town, source)
        answer = ladders.why_not(me, target, **in_our_words(wants))
        assert answer.complete
        seen[check_why_not(town, source, target, held, wants, answer)] += 1
    print(f"\nwhy not: {dict(seen)}")
    assert min(seen[x] for x in ("possible", "one", "several", "apart")) > 15


def test_why_not_with_suggestions_of_too_low_a_value(tmp_path: Path) -> None:
    suggested = [
        a_town(Random(2000 + i), f"q{i}", suggested=True, mappings=i % 4 == 0) for i in range(COUNT)
    ]
    kg = load(suggested, tmp_path)
    seen: Counter[str] = Counter()
    for dice, town, source, target in cases(suggested, 3):
        wants = some_wants(dice, town, source, 0.15) | {"min_value": dice.choice([0.5, 0.7, 0.9])}
        me, held = person(dice, town, source)
        held["mappings"] = True
        answer = kg.why_not(me, target, mappings=True, **in_our_words(wants))
        seen[check_why_not(town, source, target, held, wants, answer)] += 1
    print(f"\nwhy not, with suggestions: {dict(seen)}")
    assert seen["one"] > 10


def test_a_least_value_and_its_route_belong_together(tmp_path: Path) -> None:
    """Straight there at 0.1, or by two steps at 0.5: the second gives less of 0.8 up."""
    moves = (
        Move("wm1", "wa", "wb", "inferred", "suggested", 0.1),
        Move("wm2", "wa", "wc", "inferred", "suggested", 0.5),
        Move("wm3", "wc", "wb", "inferred", "suggested", 0.6),
    )
    town = Town(("wa", "wb", "wc"), moves=moves)
    kg = load([town], tmp_path)
    answer = kg.why_not("wa", "wb", mappings=True, min_value=0.8)
    (only,) = answer.relaxations
    assert only.give_up == ("suggestions from 0.8 → 0.5",)
    assert labels(only.route) == ["wa", "wc", "wb"]


def test_reach(towns: list[Town], ladders: rg.RoleGraph) -> None:
    seen = 0
    places = {"steps": 0, "new-skills": 1, "hardest-step": 2, "certifications": 3}
    for dice, town, source, _ in cases(towns, 3):
        wants = some_wants(dice, town, source, 0.15)
        me, held = person(dice, town, source)
        for objective in dice.sample([*places, "months", "fee"], 2):
            wanted = {}
            for role in town.roles:
                values = [
                    w.values[places[objective]]
                    if objective in places
                    else figures(town, w, objective)
                    for w in walk(town, source, role, **held, **wants)
                ]
                told = [v for v in values if v is not None]
                if told and role != source:
                    wanted[role] = min(told)
            found = ladders.reach(me, minimise=objective, **in_our_words(wants))
            assert {d.role.label: d.values[objective] for d in found} == wanted, (objective, wants)
            assert [d.values[objective] for d in found] == sorted(wanted.values())
            for d in found:
                ways = [
                    w for w in walk(town, source, d.role.label, **held, **wants)
                    if w.roles == tuple(r.label for r in d.via)
                ]  # fmt: skip
                rows = {
                    (w.values, figures(town, w, "months"), figures(town, w, "fee")) for w in ways
                }
                mine = tuple(d.values[o] for o in places)
                assert any(
                    row == mine and (objective in places or d.values[objective] in (months, fee))
                    for row, months, fee in rows
                )
                seen += 1
    assert seen > 200


def test_reach_and_bridges_own_up_to_a_budget(towns: list[Town], ladders: rg.RoleGraph) -> None:
    """With whatever budget: the right answer, or a word that there is none."""
    refused = right = 0
    for dice, town, source, target in cases(towns[:25], 1):
        del town
        objective = dice.choice(["new-skills", "hardest-step"])
        figures = [
            (d.role.label, d.values[objective]) for d in ladders.reach(source, minimise=objective)
        ]
        try:
            passed = [str(b) for b in ladders.bridges(source, target)]
        except NoRouteError:
            passed = []
        for budget in (2, 4, 6, 8, 11, 16):
            try:
                found = ladders.reach(source, minimise=objective, budget=budget)
                assert [(d.role.label, d.values[objective]) for d in found] == figures
                right += 1
            except BudgetError:
                refused += 1
            try:
                assert [str(b) for b in ladders.bridges(source, target, budget=budget)] == passed
                right += 1
            except (BudgetError, NoRouteError):
                refused += 1
    assert right > 30
    assert refused > 30


def opened(town: Town, source: str, held: dict[str, Any], wants: dict[str, Any],
           learn: Sequence[str] = ()) -> set[str]:  # fmt: skip
    more = {**held, "skills": held["skills"] | dict.fromkeys(learn)}
    return {
        role for role in town.roles
        if role != source and any(True for _ in walk(town, source, role, **more, **wants))
    }  # fmt: skip


def test_unlock_counts_what_comes_within_reach(towns: list[Town], ladders: rg.RoleGraph) -> None:
    """A skill learned, as far as it goes: every single one, and every pair."""
    single = double = 0
    for dice, town, source, _ in cases(towns, 3):
        wants: dict[str, Any] = {"max_new": dice.choice([0, 0, 1, 2])}
        if dice.random() < 0.3:
            wants["max_steps"] = dice.randint(1, 3)
        me, held = person(dice, town, source)
        base = opened(town, source, held, wants)
        found = ladders.unlock(me, k=99, **wants)
        told = {tuple(sorted(x.label for x in u.learn)): {r.label for r in u.opens} for u in found}
        assert len(told) == len(found)
        alone: dict[tuple[str, ...], set[str]] = {
            (s,): opened(town, source, held, wants, [s]) - base for s in town.skills
        }
        pairs = {
            tuple(sorted(p)): opened(town, source, held, wants, p) - base
            for p in combinations(town.skills, 2)
        }
        wanted = {learn: roles for learn, roles in alone.items() if roles}
        wanted |= {
            learn: roles for learn, roles in pairs.items()
            if len(roles) > max(len(alone[learn[:1]]), len(alone[learn[1:]]))
        }  # fmt: skip
        assert told == wanted, (source, wants)
        sizes = [(len(u.learn), -len(u.opens)) for u in found]
        assert sizes == sorted(sizes)
        single += sum(len(x) == 1 for x in wanted)
        double += sum(len(x) == 2 for x in wanted)
    print(f"\nunlock: {single} skills and {double} pairs that open something")
    assert single > 30
    assert double > 10


def test_unlock_counts_what_the_way_gets_shorter_by(
    towns: list[Town], ladders: rg.RoleGraph
) -> None:
    places = {"steps": 0, "new-skills": 1, "hardest-step": 2, "certifications": 3}
    seen = 0
    for dice, town, source, target in cases(towns, 3):
        objective = dice.choice(["new-skills", "new-skills", "hardest-step", "steps"])
        wants: dict[str, Any] = {}
        if dice.random() < 0.4:
            wants["max_new"] = dice.choice([0, 1, 2])
        me, held = person(dice, town, source)

        def least(learn: Sequence[str] = ()) -> float:
            more = {**held, "skills": held["skills"] | dict.fromkeys(learn)}  # noqa: B023
            ways = walk(town, source, target, **more, **wants)  # noqa: B023
            return min((w.values[places[objective]] for w in ways), default=float("inf"))  # noqa: B023

        now = least()
        wanted: dict[tuple[str, ...], float] = {}
        for size in (1, 2):
            for learn in combinations(town.skills, size):
                after = least(learn)
                saves = 0 if after == now else now - after
                if saves > max((wanted.get((s,), 0) for s in learn if size == 2), default=0):
                    wanted[learn] = saves
        found = ladders.unlock(me, target, minimise=objective, k=99, **wants)
        told = {tuple(sorted(x.label for x in u.learn)): u.saves for u in found}
        assert len(told) == len(found)
        assert told == wanted, (source, target, objective, wants)
        seen += len(wanted)
    assert seen > 60


def test_unlock_looks_at_the_long_way_too(tmp_path: Path) -> None:
    """Straight there is much to learn; on the easy way of four steps one skill is left."""
    roles = tuple(f"y{i}" for i in range(5))
    moves = (
        Move("ym0", "y0", "y4"),
        *(Move(f"ym{i + 1}", a, b) for i, (a, b) in enumerate(pairwise(roles))),
    )
    demands = [*(Demand("ym0", f"ys{i}") for i in range(5)), Demand("y2", "yx")]
    town = Town(roles, (*(f"ys{i}" for i in range(5)), "yx"), moves=moves, demands=tuple(demands))
    kg = load([town], tmp_path)
    found = kg.unlock("y0", "y4", minimise="new-skills")
    assert [([x.label for x in u.learn], u.saves) for u in found] == [(["yx"], 1)]


def test_unlock_a_certification(kg: rg.RoleGraph) -> None:
    found = kg.unlock(PM, DIRECTOR, minimise="certifications")
    assert {tuple(x.label for x in u.learn): u.saves for u in found} == {
        ("ITIL",): 1, ("Scrum Master",): 1, ("ITIL", "Scrum Master"): 2
    }  # fmt: skip


def test_bridges(towns: list[Town], ladders: rg.RoleGraph) -> None:
    seen = 0
    for dice, town, source, target in cases(towns, 3):
        wants = some_wants(dice, town, source, 0.1)
        me, held = person(dice, town, source)
        every = list(walk(town, source, target, **held, **wants))
        if not every:
            continue
        good = [w for w in every if w.values[:3] in best([x.values[:3] for x in every])]
        wanted = Counter(role for w in good for role in w.roles[1:-1])
        found = ladders.bridges(me, target, **in_our_words(wants))
        assert {b.role.label: b.routes for b in found} == wanted
        for b in found:
            assert b.share == pytest.approx(b.routes / len(good))
        assert [b.routes for b in found] == sorted(wanted.values(), reverse=True)
        seen += len(found)
    assert seen > 40


# --- the same answer, however it is asked


def told(kg: rg.RoleGraph, towns: Sequence[Town]) -> list[Any]:
    out: list[Any] = []
    for dice, town, source, target in cases(towns, 1):
        me, _ = person(dice, town, source)
        try:
            plan = kg.plan(me, target)
            out.append((str(plan), plan.to_dict() | {"person": 0}, plan.examined))
        except NoRouteError as error:
            out.append(str(error))
        out.append([str(d) for d in kg.reach(me, max_new=2)])
        out.append([str(u) for u in kg.unlock(me, max_new=1)])
        out.append([str(b) for b in kg.bridges(me)])
        out.append(str(kg.why_not(me, target, max_new=0, max_steps=1)))
    return out


def test_the_order_of_the_file_and_the_engine_do_not_matter(
    towns: list[Town], ladders: rg.RoleGraph, tmp_path: Path
) -> None:
    some = towns[:14]
    first = told(ladders, some)
    assert told(ladders, some) == first
    models = [rg.resources.ontology_path(f"{name}.ttl") for name in ("rolegraph", "market")]
    for seed in (1, 2):
        path = write(towns, tmp_path / "towns.ttl", Random(seed))
        kg = rg.load(*models, path, ours=False, validate=False)
        assert told(kg, some) == first
    few = towns[:3]
    slow = load(few, tmp_path, engine="rdflib")
    # how many roles there are weighs in the effort, so the same few on the other engine
    assert told(slow, few) == told(load(few, tmp_path), few)


def test_a_store_on_disk_plans_the_same(towns: list[Town], tmp_path: Path) -> None:
    pytest.importorskip("scipy")
    some = [*towns[:14], *(a_town(Random(3000 + i), f"z{i}", mappings=True) for i in range(6))]
    path = write(some, tmp_path / "towns.ttl")
    rg.import_source("rdf", path, into=tmp_path / "store")
    stored, loaded = rg.open(tmp_path / "store"), load(some, tmp_path)
    objectives = ("steps", "new-skills", "hardest-step", "effort")
    planned = 0
    for dice, town, source, target in cases(some, 3):
        me, _ = person(dice, town, source)
        wants: dict[str, Any] = {"mappings": True, "strengths": dice.choice([None, ["essential"]])}
        try:
            wanted = loaded.plan(me, target, minimise=objectives, ties=True, **wants)
        except NoRouteError:
            with pytest.raises(NoRouteError):
                stored.plan(me, target, minimise=objectives, ties=True, **wants)
            continue
        plan = stored.plan(me, target, minimise=objectives, ties=True, **wants)
        assert [(moves_of(r), dict(r.values)) for r in plan] == [
            (moves_of(r), dict(r.values)) for r in wanted
        ]
        assert [[[d.label for d in s.new_skills] for s in r.steps] for r in plan] == [
            [[d.label for d in s.new_skills] for s in r.steps] for r in wanted
        ]
        assert [str(d) for d in stored.reach(me, max_new=2)] == [
            str(d) for d in loaded.reach(me, max_new=2)
        ]
        planned += 1
    assert planned > 15


def test_levels_on_two_scales_in_a_store_and_in_a_file(tmp_path: Path) -> None:
    """Where a skill has rungs, those count; figures of another scale are not set beside them."""
    pytest.importorskip("scipy")
    demands = (Demand("ha", "hs"), Demand("hb", "hs", 2), Demand("hm", "ht", 1), Demand("hc", "hu"))
    moves = (Move("hm", "ha", "hb"), Move("hn", "hb", "hc"))
    town = Town(("ha", "hb", "hc"), ("hs", "ht", "hu"), moves=moves, demands=demands)
    path = write([town], tmp_path / "town.ttl")
    more = [
        ("hc", "hs", 55.5),
        ("hn", "ht", 7),
        ("hb", "ht", 9),
        ("hc", "hu", 3),
        ("hb", "hu", 1.5),
    ]
    with path.open("a") as out:
        for i, (maker, skill, value) in enumerate(more):
            out.write(
                f"\nx:v{i} a rg:SkillRequirement ; rg:isRequirementOf x:{maker} ; rg:requiredSkill"
                f" x:{skill} ; rg:levelValue {value} ; rg:hasEvidenceKind rg:curated ;"
                " rg:hasEvidence x:note ."
            )
    models = [rg.resources.ontology_path(f"{name}.ttl") for name in ("rolegraph", "market")]
    loaded = rg.load(*models, path, ours=False, validate=False)
    rg.import_source("rdf", path, into=tmp_path / "store")
    stored = rg.open(tmp_path / "store")
    every: list[dict[str, Any]] = [{}, {"mappings": True}]
    for wants in every:
        one, other = (
            kg.plan("ha", "hc", minimise=("new-skills", "hardest-step"), **wants)
            for kg in (loaded, stored)
        )
        assert [dict(r.values) for r in one] == [dict(r.values) for r in other]
        assert str(one) == str(other)
        for plan in (one, other):
            for route in plan:
                # a skill that role and transition both ask for is one skill, with two claims
                loads = [
                    len({r.skill for r in s.new_skills} | {r.skill for r, _ in s.raised_skills})
                    for s in route.steps
                ]
                assert max(loads) == route.values["hardest-step"]


# --- levels


@pytest.fixture(scope="module")
def guild(tmp_path_factory: pytest.TempPathFactory) -> rg.RoleGraph:
    """Apprentice → journeyman → master, and straight; carving at rungs 1, 2 and 4."""
    roles = ("apprentice", "journeyman", "master")
    moves = (Move("g1", "apprentice", "journeyman"), Move("g2", "journeyman", "master"),
             Move("g3", "apprentice", "master", type="promotion"))  # fmt: skip
    demands = (
        Demand("apprentice", "carving", 1, "essential"), Demand("journeyman", "carving", 2),
        Demand("master", "carving", 4), Demand("master", "gilding"), Demand("g3", "drawing", 3),
        Demand("journeyman", "drawing", 3), Demand("journeyman", "drawing", 1),
    )  # fmt: skip
    town = Town(roles, ("carving", "gilding", "drawing"), moves=moves, demands=demands)
    return load([town], tmp_path_factory.mktemp("guild"))


def test_levels_are_climbed(guild: rg.RoleGraph) -> None:
    plan = guild.plan("apprentice", "master", minimise=("steps", "new-skills", "hardest-step"))
    assert [labels(r) for r in plan] == [
        ["apprentice", "master"],
        ["apprentice", "journeyman", "master"],
    ]
    straight, slow = plan
    assert dict(straight.values) | {"effort": 0, "certifications": 0} == {
        "steps": 1, "new-skills": 3, "hardest-step": 3, "effort": 0, "certifications": 0
    }  # fmt: skip
    assert (slow.values["new-skills"], slow.values["hardest-step"]) == (3, 2)
    ((r, before),) = straight.steps[0].raised_skills
    assert (r.label, r.level, before.level) == ("carving", "rung 4", "rung 1")
    raised = [(r.level, before.level) for s in slow.steps for r, before in s.raised_skills]
    assert raised == [("rung 2", "rung 1"), ("rung 4", "rung 2")]


@pytest.mark.parametrize(
    ("level", "raised", "hardest"),
    [(None, 0, 2), ("rung 4", 0, 2), (4, 0, 2), (3, 1, 3), (2, 1, 3), (1, 1, 3), (0, 1, 3)],
)
def test_levels_of_a_person(guild: rg.RoleGraph, level: Any, raised: int, hardest: int) -> None:
    me = rg.Profile(role="apprentice", skills=[("carving", level)])
    route = guild.plan(me, "master")[0]
    assert labels(route) == ["apprentice", "master"]
    assert len(route.steps[0].raised_skills) == raised
    assert route.values["hardest-step"] == hardest
    assert route.values["new-skills"] == hardest


def test_levels_that_are_none(guild: rg.RoleGraph) -> None:
    with pytest.raises(ProfileError, match="rung 9"):
        guild.plan(rg.Profile(role="apprentice", skills=[("carving", "rung 9")]), "master")
    # on a rung below the lowest that anybody asks for, it has to be raised, and counts as much
    me = rg.Profile(role="apprentice", skills=[("drawing", 0.5)])
    (route, _) = guild.plan(me, "master")
    assert {r.label for r in route.steps[0].new_skills} == {"gilding"}
    raised = {r.label: before.level_rank for r, before in route.steps[0].raised_skills}
    assert raised == {"carving": 1, "drawing": 0.5}
    assert route.values["new-skills"] == 3
    assert "drawing" in str(route)


def test_strengths(guild: rg.RoleGraph) -> None:
    plan = guild.plan("apprentice", "master", strengths=["essential"])
    assert [(labels(r), r.values["new-skills"]) for r in plan] == [(["apprentice", "master"], 0)]


# --- a table of one's own: months, cost, and a column that nobody else has

TABLE = """
about: {key: house, version: 1, title: Our ladder, licence: internal use}
levels: [{name: basic}, {name: expert}]
roles:
  - {role: Clerk, level: junior}
  - {role: Planner, level: professional}
  - {role: Buyer, level: professional}
  - {role: Chief, level: lead}
requirements:
  - {role: Clerk, skill: Filing, level: basic}
  - {role: Planner, skill: Filing, level: expert}
  - {role: Planner, skill: Maps}
  - {role: Chief, skill: Maps}
certifications: [{certification: Sign}]
role certifications: [{role: Buyer, certification: Sign}]
transitions:
  - {from: Clerk, to: Planner, type: promotion, months: 12, cost: 100.5, interviews: 3}
  - {from: Planner, to: Chief, type: promotion, months: 24, cost: 0, interviews: 1}
  - {from: Clerk, to: Buyer, type: promotion, months: 6, interviews: 1}
  - {from: Buyer, to: Chief, type: promotion, months: 18.5, cost: 50}
  - {from: Clerk, to: Chief, months: 48, cost: 1, interviews: 9}
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> rg.RoleGraph:
    pytest.importorskip("yaml")
    folder = tmp_path_factory.mktemp("house")
    (folder / "house.yaml").write_text(TABLE)
    rg.import_source("table", folder / "house.yaml", into=folder / "store")
    return rg.open(folder / "store")


def test_numbers_of_the_transitions(house: rg.RoleGraph) -> None:
    months = house.plan("Clerk", "Chief", minimise="months", k=5)
    assert [(labels(r), r.values["months"]) for r in months] == [
        (["Clerk", "Buyer", "Chief"], 24.5), (["Clerk", "Planner", "Chief"], 36),
        (["Clerk", "Chief"], 48),
    ]  # fmt: skip
    assert months.notes == ()
    assert [s.cost for s in months[0].steps] == [6, 18.5]
    cost = house.plan("Clerk", "Chief", minimise=("cost", "months"))
    assert [(r.values["cost"], r.values["months"]) for r in cost] == [(1, 48), (100.5, 36)]
    (note,) = cost.notes
    assert "1 of 5 transitions have no cost" in note
    assert note in str(cost)
    own = house.plan("Clerk", "Chief", minimise=("interviews", "steps"))
    assert [(r.values["interviews"], r.values["steps"]) for r in own] == [(4, 2), (9, 1)]
    assert own.bound["interviews"] <= 4
    iri = "https://w3id.org/rolegraph/measure/months"
    by_iri = house.plan("Clerk", "Chief", minimise=iri, k=1)
    assert labels(by_iri[0]) == ["Clerk", "Buyer", "Chief"]
    with pytest.raises(CostError, match=r"no objective 'month'.*did you mean 'months'"):
        house.plan("Clerk", "Chief", minimise="month")
    with pytest.raises(CostError, match=r"(?s)no objective 'salary'.*cost, interviews, months"):
        house.plan("Clerk", "Chief", minimise="salary")
    with pytest.raises(NoRouteError, match="no cost"):
        house.plan("Buyer", "Planner", minimise="cost")
    reached = house.reach("Clerk", minimise="cost")
    (left,) = reached.notes
    assert "have no cost: routes over them are left out" in left
    assert left in repr(reached)
    assert reached.to_pandas().attrs["notes"] == [left]
    near = {d.role.label: d.values["months"] for d in house.reach("Clerk", minimise="months")}
    assert near == {"Planner": 12, "Buyer": 6, "Chief": 24.5}
    with pytest.raises(NoRouteError, match="interviews"):
        house.plan("Buyer", "Chief", minimise="interviews")


def test_certifications_that_must_be_named_or_must_not(house: rg.RoleGraph) -> None:
    named = house.plan("Clerk", "Chief", minimise="steps", needs=["Sign"])
    assert [labels(r) for r in named] == [["Clerk", "Buyer", "Chief"]]
    other = house.plan("Clerk", "Chief", minimise="months", without=["Sign"], k=5)
    assert [labels(r) for r in other] == [["Clerk", "Planner", "Chief"], ["Clerk", "Chief"]]
    via = house.plan("Clerk", "Chief", minimise="steps", via=["Planner"])
    assert [labels(r) for r in via] == [["Clerk", "Planner", "Chief"]]
    assert house.why_not("Clerk", "Chief", via=["Planner", "Buyer"]).relaxations
    at_once = house.plan("Clerk", "Chief", minimise="months", via=["Clerk"], k=1)
    assert labels(at_once[0]) == ["Clerk", "Buyer", "Chief"], "who starts there, passes there"


def test_levels_of_a_table(house: rg.RoleGraph) -> None:
    step = house.plan("Clerk", "Planner")[0].steps[0]
    assert [r.label for r in step.new_skills] == ["Maps"]
    assert [(r.label, r.level, b.level) for r, b in step.raised_skills] == [
        ("Filing", "expert", "basic")
    ]
    expert = rg.Profile(role="Clerk", skills=[("Filing", "expert")])
    assert house.plan(expert, "Planner")[0].values["new-skills"] == 1


@pytest.mark.parametrize("unit", [1e-9, 1e-3, 0.1, 1.5, 1e9, 1e13 + 0.5, 1e30, 1e200])
def test_numbers_large_and_small_are_kept_apart(house: rg.RoleGraph, unit: float) -> None:
    """A cost of one's own is any number: the answer does not depend on its size, or says so."""
    price = {"Planner": 1.0, "Buyer": 2.0, "Chief": 4.0}

    def cost(leg: rg.Leg) -> float:
        return unit * price[str(leg.transition.target)]

    if unit > 1e20:
        with pytest.raises(CostError, match="too large"):
            house.plan("Clerk", "Chief", minimise=cost, k=3)
        return
    plan = house.plan("Clerk", "Chief", minimise=cost, k=3)
    assert [labels(r)[-2] for r in plan] == ["Clerk", "Planner", "Buyer"]
    assert [r.values["cost"] for r in plan] == pytest.approx([4 * unit, 5 * unit, 6 * unit])


def test_names_that_mean_several_things(tmp_path: Path) -> None:
    town = Town(("va", "vb"), moves=(Move("vm", "va", "vb"),))
    twin = Town(("wa", "wb"), moves=(Move("wm", "wa", "wb"),))
    path = write([town, twin], tmp_path / "twins.ttl")
    path.write_text(path.read_text().replace('"wa"', '"va"'))
    kg = rg.load(path, validate=False)
    with pytest.raises((AmbiguousLabelError, ProfileError), match="va"):
        kg.plan("va", "vb")
    assert len(kg.plan(f"{X}va", "vb")) == 1
    with pytest.raises(AmbiguousLabelError):
        kg.plan("vb", "va")


def test_replacing_a_constraint_changes_nothing_else() -> None:
    wants = rg.plans.Constraints(max_steps=2)
    assert str(replace(wants, max_steps=1)) == "at most 1 step"
    assert str(rg.plans.Constraints()) == "none"


def test_the_json_of_a_plan_keeps_to_its_schema(tmp_path: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = plan_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    check = jsonschema.Draft202012Validator(schema)
    kg = rg.load()
    resume = {"work": [{"position": "Project Manager"}], "skills": [{"name": "Juggling"}]}
    person = kg.person(rg.Profile.from_dict(resume), unknown="drop")
    me = rg.Profile(
        "Project Manager", [("Negotiation", 2), "Leadership"], ["ITIL"], ["Delivery Manager"]
    )
    for who in (person, me):
        plan = kg.plan(who, ["Delivery Director", "Head of Delivery"], max_steps=4)
        data = json.loads(json.dumps(plan.to_dict()))
        check.validate(data)
        for name in data:  # none of the fields may be missing, and none may be of another type
            with pytest.raises(jsonschema.ValidationError):
                check.validate({k: v for k, v in data.items() if k != name})
            with pytest.raises(jsonschema.ValidationError):
                check.validate({**data, name: object()})
        with pytest.raises(jsonschema.ValidationError):
            check.validate({**data, "routes": [{**data["routes"][0], "cost": "dear"}]})


def test_mistakes_in_what_is_asked_are_named(kg: rg.RoleGraph, me: rg.Profile) -> None:
    for name in ("kinds", "types", "strengths"):
        nothing: dict[str, Any] = {name: []}
        with pytest.raises(ValueError, match="names nothing"):
            kg.plan(me, DIRECTOR, **nothing)
    with pytest.raises(TypeError, match="'max_stps'; did you mean 'max_steps'"):
        kg.plan(me, DIRECTOR, max_stps=2)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="'minimize'; did you mean 'minimise'"):
        kg.plan(me, DIRECTOR, minimize="steps")  # type: ignore[call-arg]
    with pytest.raises(NotFoundError, match="no role family 'Leadership'; that is a skill"):
        kg.plan(me, rg.Goal(family="Leadership"))
    wrong: dict[str, Any]
    for wrong in ({"avoid": 3}, {"avoid": rg.load().skill("Leadership")}, {"minimise": 3}):
        with pytest.raises((TypeError, NotFoundError), match=r"minimise must be|a role"):
            kg.plan(me, DIRECTOR, **wrong)
    for to in (None, 5, {"role": DIRECTOR}):
        with pytest.raises(TypeError, match="a target is a role"):
            kg.plan(me, to)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="who plans"):
        kg.plan(5, DIRECTOR)  # type: ignore[arg-type]
    with pytest.raises(NotFoundError, match="no role level 'emperor'; did you mean 'director'"):
        kg.plan(me, rg.Goal(level="emperor"))
    with pytest.raises(QueryError, match=r"\?role"):
        kg.plan(me, rg.Goal(sparql="?r a rg:Role"))
    with pytest.raises(ValueError, match="at most 1,000"):
        kg.plan(me, DIRECTOR, k=10**9)
    plan = kg.plan(me, DIRECTOR, minimise="steps", k=900)
    assert plan.proof.startswith("proved: there are no others")
    with pytest.raises(ZeroDivisionError) as raised:
        kg.plan(me, DIRECTOR, minimise=lambda leg: 1 / 0)
    assert "at the transition" in raised.value.__notes__[0]


def test_a_goal_is_another_role(kg: rg.RoleGraph) -> None:
    """Of the roles that a goal describes, one's own and those to avoid are not meant."""
    goal = rg.Goal(asks=["Leadership"])
    plan = kg.plan("Project Manager", goal, avoid=["Delivery Manager"], minimise="steps")
    targets = {t.label for t in plan.targets}
    assert targets
    assert not targets & {"Project Manager", "Delivery Manager"}
    assert all(len(route) for route in plan)
