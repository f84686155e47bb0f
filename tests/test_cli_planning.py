"""The commands that plan for a person: what they say, in which form, and with which exit code."""

from __future__ import annotations

import csv
import gc
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rolegraph as rg
from rolegraph.cli import main, planpages
from rolegraph.importing import import_source
from rolegraph.values import to_json
from rolegraph.vocab import RG

PM, DM, SDM, DD = (
    "Project Manager", "Delivery Manager", "Senior Delivery Manager", "Delivery Director",
)  # fmt: skip
ME = ("--from", PM, "--certification", "PRINCE2", "--certification", "ITIL")
MANY = 60  # skills of the roles that ask for a lot

LADDER = """
about: {key: bakery, version: 1, title: Bakery ladder, licence: internal use}
levels: [{name: Awareness}, {name: Working}, {name: Expert}]
roles:
  - {role: Baker, level: professional}
  - {role: Head Baker, level: senior}
  - {role: Shift Lead, level: senior}
  - {role: Bakery Manager, level: lead}
  - {role: Owner, level: director}
requirements:
  - {role: Baker, skill: Kneading, level: Working, strength: essential}
  - {role: Head Baker, skill: Kneading, level: Expert}
  - {role: Head Baker, skill: Planning shifts, strength: essential, level: Awareness}
  - {role: Shift Lead, skill: Planning shifts, level: Working}
  - {role: Bakery Manager, skill: Planning shifts, level: Expert}
  - {role: Bakery Manager, skill: Hiring, strength: essential}
""" + "".join(
    f"  - {{role: Bakery Manager, skill: Recipe {i}, strength: essential}}\n" for i in range(MANY)
) + """
role certifications:
  - {role: Bakery Manager, certification: Master baker}
transitions:
  - {from: Baker, to: Head Baker, type: promotion, months: 24}
  - {from: Baker, to: Shift Lead, type: promotion, months: 12}
  - {from: Shift Lead, to: Head Baker, type: lateral move, months: 6}
  - {from: Shift Lead, to: Bakery Manager, type: promotion, months: 40}
  - {from: Head Baker, to: Bakery Manager, type: promotion, months: 18}
  - {from: Baker, to: Bakery Manager, type: promotion}
  - {from: Bakery Manager, to: Owner, type: promotion, months: 60.5}
"""  # fmt: skip
ADA = """
name: Ada
role: Baker
skills:
  - Planning shifts: Awareness
certifications: [Master baker]
"""
RESUME = {
    "basics": {"name": "Ada"},
    "work": [
        {"position": "Baker", "name": "Crumbs", "startDate": "2020-01"},
        {"position": "Plumber", "startDate": "2015", "endDate": "2019"},
    ],
    "skills": [{"name": "Kneading", "keywords": ["Hiring", "Juggling"]}],
    "certificates": [{"name": "Master baker"}, {"name": "Driving"}],
}


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def rows(self) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.out)))


class Cli(Protocol):
    def __call__(self, *args: str | Path, columns: int = 100) -> Outcome: ...


@pytest.fixture
def cli(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, kg: rg.RoleGraph
) -> Iterator[Cli]:
    """Runs the command line in this process; what ships is loaded once for all tests."""
    load = rg.load

    def lend(*paths: Path, engine: str = "oxigraph", **options: Any) -> rg.RoleGraph:
        return kg if not paths and engine == "oxigraph" else load(*paths, engine=engine, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("rolegraph.graph.load", lend)
    monkeypatch.delenv("ROLEGRAPH_STORE", raising=False)

    def run(*args: str | Path, columns: int = 100) -> Outcome:
        monkeypatch.setenv("COLUMNS", str(columns))
        capsys.readouterr()
        code: Any = 0
        try:
            main([str(a) for a in args])
        except SystemExit as end:
            code = end.code or 0
        return Outcome(code, *capsys.readouterr())

    yield run
    gc.enable()


@dataclass(frozen=True)
class Bakery:
    """A ladder of one's own, in a store, and the files of somebody in it."""

    store: Path
    ada: Path
    resume: Path

    @property
    def kg(self) -> rg.RoleGraph:
        return rg.open(self.store)


@pytest.fixture(scope="module")
def bakery(tmp_path_factory: pytest.TempPathFactory) -> Bakery:
    folder = tmp_path_factory.mktemp("bakery")
    ladder, ada, resume = folder / "ladder.yaml", folder / "ada.yaml", folder / "resume.json"
    ladder.write_text(LADDER, encoding="utf-8")
    ada.write_text(ADA, encoding="utf-8")
    resume.write_text(json.dumps(RESUME), encoding="utf-8")
    import_source("table", ladder, into=folder / "store")
    return Bakery(folder / "store", ada, resume)


def fine(done: Outcome) -> Outcome:
    assert (done.code, done.err) == (0, "")
    return done


def flat(text: str) -> str:
    return " ".join(text.split())


# --- plan


@pytest.mark.parametrize("columns", [80, 100])
def test_the_page_of_a_plan(cli: Cli, columns: int) -> None:
    done = fine(cli("plan", *ME, "--to", DD, columns=columns))
    assert max(map(len, done.out.splitlines())) <= columns
    text = flat(done.out)
    assert text.startswith(f"{PM} → {DD} holds besides PRINCE2, ITIL")
    assert f"≥ no source states which skills {SDM}, {DD} ask for" in text
    assert f"1 3 ≥8 ≥8 {PM} → {DM} → {SDM} → {DD}" in text  # the trade-off
    assert text.index("≥8 ≥8") < text.index("Route 1:") < text.index(f"1. {PM} → {DM}")
    assert "certifications ITIL (stated, can)" in text
    assert "of use there ITIL" in text
    assert "held ITIL activities" in text
    assert 'who says so "delivery manager vs project manager", § Transitioning' in text
    assert "not complete" not in text


def test_a_plan_is_what_the_library_gives(cli: Cli, kg: rg.RoleGraph) -> None:
    me = rg.Profile(role=PM, certifications=["PRINCE2", "ITIL"])
    plan = kg.plan(me, [DD, "Chief Operations Officer"], ties=True, avoid=["Head of Delivery"],
                   minimise=("new-skills", "steps"))  # fmt: skip
    args = ("plan", *ME, "--to", DD, "--to", "Chief Operations Officer", "--ties", "--avoid",
            "Head of Delivery", "--minimize", "new-skills, steps")  # fmt: skip
    assert fine(cli(*args, "--json")).json == to_json(plan)
    assert plan.routes


def test_rows_of_a_plan(cli: Cli, bakery: Bakery) -> None:
    args = ("plan", "-s", bakery.store, "-p", bakery.ada, "--to", "Bakery Manager",
            "-m", "steps,new-skills", "-m", "effort")  # fmt: skip
    plan = bakery.kg.plan(
        rg.Profile.read(bakery.ada), "Bakery Manager", minimise=("steps", "new-skills", "effort")
    )
    rows = fine(cli(*args, "-f", "csv")).rows
    assert len(rows) == sum(len(route.steps) for route in plan)
    expected = [(i, j, r, s) for i, r in enumerate(plan, 1) for j, s in enumerate(r.steps, 1)]
    for row, (i, j, route, step) in zip(rows, expected, strict=True):
        assert (row["route"], row["step"]) == (str(i), str(j))
        assert row["to"] == step.target.label
        for name in plan.minimise:
            assert float(row[f"route_{name.replace('-', '_')}"]) == route.values[name]
        assert row["new_skills"] == "; ".join(map(str, step.new_skills))
        assert row["who_says_so"]
    last = rows[-1]
    assert (last["of_use_there"], last["held"]) == ("Master baker (curated)", "Master baker")
    brief = fine(cli(*args, "-f", "csv", "--brief")).rows
    assert [row["way"] for row in brief] == [" → ".join(map(str, r.roles)) for r in plan]
    markdown = fine(cli(*args, "-f", "md")).out
    assert markdown.index("### Routes") < markdown.index("### Steps")


def test_routes_to_explain_can_be_chosen(cli: Cli, bakery: Bakery) -> None:
    args = ("plan", "-s", bakery.store, "--from", "Baker", "--to", "Bakery Manager", "-m", "steps",
            "-k", "3")  # fmt: skip
    page = fine(cli(*args, "--explain", "3")).out
    assert [line[:8] for line in page.splitlines() if line.startswith("Route")] == ["Route 3:"]
    assert "1 1 Baker → Bakery Manager 2 2 Baker → Head Baker" in flat(page)
    rows = fine(cli(*args, "--explain", "3", "--explain", "1", "-f", "csv")).rows
    assert {row["route"] for row in rows} == {"1", "3"}
    wrong = cli(*args, "--explain", "4")
    assert (wrong.code, wrong.out) == (2, "")
    assert "there are 3 routes" in wrong.err
    assert "Route" not in fine(cli(*args, "--brief")).out


def test_long_lists_are_shortened_in_a_terminal_only(cli: Cli, bakery: Bakery) -> None:
    args = ("plan", "-s", bakery.store, "--from", "Baker", "--to", "Bakery Manager", "--max-steps",
            "1")  # fmt: skip
    done = fine(cli(*args, columns=80))
    assert max(map(len, done.out.splitlines())) <= 80
    recipes = len(re.findall(r"Recipe \d+", flat(done.out)))
    assert recipes == 29  # and the skill Hiring
    assert "… 31 more" in flat(done.out)
    assert len(re.findall(r"Recipe \d+ ", fine(cli(*args, "-f", "csv")).rows[0]["new_skills"])) == (
        MANY
    )
    assert len(fine(cli(*args, "--json")).json["routes"][0]["steps"][0]["new_skills"]) == MANY + 2


def test_what_is_new_is_told_from_what_the_person_holds_by_then(cli: Cli, bakery: Bakery) -> None:
    done = fine(cli("plan", "-s", bakery.store, "-p", bakery.ada, "--to", "Bakery Manager",
                    "--via", "Shift Lead", "--via", "Head Baker"))  # fmt: skip
    first, second, third = re.split(r"\n\d\. ", done.out)[1:]
    assert "1 to raise" in first
    assert "more of      Planning shifts: Awareness → Working" in first
    assert "new skills" not in first + second  # held a little, and a lot after the first step
    assert "skills kept  Planning shifts (essential, level Awareness)" in second
    assert "Planning shifts: Working → Expert" in third
    assert f"to learn        {MANY + 1} new skills, 1 to raise" in third


def test_numbers_of_ones_own(cli: Cli, bakery: Bakery) -> None:
    args = ("plan", "-s", bakery.store, "-p", bakery.ada, "--to", "Bakery Manager", "-m", "months")
    text = flat(fine(cli(*args, "-k", "3", "--brief")).out)
    assert "1 36 Baker → Shift Lead → Head Baker" in text
    assert "2 42 Baker → Head Baker" in text
    assert "left out 1 of 7 transitions have no months" in text
    rows = cli(*args, "-f", "csv")
    assert rows.err.startswith("rolegraph: 1 of 7 transitions have no months")
    assert {row["route_months"] for row in rows.rows} == {"36"}
    assert not cli(*args, "--json").err
    wrong = cli("plan", *ME, "--to", DD, "-m", "months")
    assert (wrong.code, wrong.out) == (2, "")
    assert "no objective 'months' in this graph" in wrong.err


def test_a_plan_that_is_not_proved_says_so(cli: Cli) -> None:
    args = ("plan", *ME, "--to", "Chief Operations Officer", "--budget", "1")
    done = fine(cli(*args))
    head = done.out[: done.out.index("Route 1")]
    assert "not complete" in head
    assert "(--budget)" in head
    assert "proved  " not in head
    assert fine(cli(*args, "--json")).json["complete"] is False
    for form in ("csv", "md"):
        assert cli(*args, "-f", form).err.startswith("rolegraph: not complete: ")


def test_already_there(cli: Cli) -> None:
    assert "already there" in fine(cli("plan", "--from", PM, "--to", PM)).out
    assert fine(cli("plan", "--from", PM, "--to", PM, "-f", "csv")).rows == []


def test_k_goes_by_steps(cli: Cli, bakery: Bakery) -> None:
    at = ("plan", "-s", bakery.store, "--from", "Baker", "--to", "Bakery Manager")
    found = fine(cli(*at, "-k", "2", "--json")).json
    assert found["minimise"] == ["steps"]
    assert [len(r["steps"]) for r in found["routes"]] == [1, 2]
    wrong = cli(*at, "-k", "2", "-m", "steps,effort")
    assert (wrong.code, wrong.out) == (2, "")


@pytest.mark.parametrize(
    ("args", "goal"),
    [
        (("--to-level", "director"), rg.Goal(level="director")),
        (("--to-skill", "Leadership", "--to-skill", "Strategic oversight"),
         rg.Goal(asks=("Leadership", "Strategic oversight"))),
        (("--to-family", "Project management", "--to-level", "senior"),
         rg.Goal(family="Project management", level="senior")),
        (("--to-certification", "Scrum Master"), rg.Goal(certification="Scrum Master")),
    ],
)  # fmt: skip
def test_goals(cli: Cli, kg: rg.RoleGraph, args: tuple[str, ...], goal: rg.Goal) -> None:
    found = fine(cli("plan", "--from", PM, *args, "--json")).json
    assert found == to_json(kg.plan(PM, goal))


def test_engines_agree(cli: Cli) -> None:
    args = ("plan", *ME, "--to", DD, "--json")
    assert fine(cli(*args, "--engine", "rdflib")).json == fine(cli(*args)).json


# --- no route


def test_no_route_says_why_and_what_to_give_up(cli: Cli, kg: rg.RoleGraph) -> None:
    why = kg.why_not(PM, DD, avoid=[SDM], max_steps=2)
    args = ("--from", PM, "--to", DD, "--avoid", SDM, "--max-steps", "2")
    done = cli("plan", *args, columns=80)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"rolegraph: {why.reason}\n")
    assert f"give up {' and '.join(why.relaxations[0].give_up)}" in flat(done.err)
    assert f"then {PM} → {DM} → {SDM} → {DD}" in flat(done.err)
    for form in ("json", "csv", "md"):
        same = cli("plan", *args, "-f", form, columns=80)
        assert (same.code, same.out, same.err) == (1, "", done.err)
    asked = fine(cli("why-not", *args, columns=80))
    assert f"rolegraph: {asked.out}" == done.err
    assert fine(cli("why-not", *args, "--json")).json == to_json(why)
    rows = fine(cli("why-not", *args, "-f", "csv")).rows
    assert [row["steps"] for row in rows] == ["3"]


def test_no_route_whatever_one_gives_up(cli: Cli) -> None:
    done = cli("plan", "--from", DD, "--to", PM)
    assert (done.code, done.out) == (1, "")
    assert "no constraint is to blame" in done.err
    possible = fine(cli("why-not", "--from", PM, "--to", DD))
    assert "there is a route" in possible.out


def test_an_objective_without_numbers_is_not_forgotten(cli: Cli, bakery: Bakery) -> None:
    args = ("plan", "-s", bakery.store, "-p", bakery.ada, "-m", "months", "--max-steps", "1")
    done = cli(*args, "--to", "Bakery Manager")  # there is a step, but nobody says how long it is
    assert (done.code, done.out) == (1, "")
    assert "have no months" in done.err
    done = cli(*args, "--to", "Owner")
    assert (done.code, done.out) == (1, "")
    assert done.err.index("have no months") < done.err.index("months known for every step")
    assert "why_not" not in done.err


# --- who plans


def test_a_profile_with_more(cli: Cli, bakery: Bakery) -> None:
    plain = ("plan", "-s", bakery.store, "-p", bakery.ada, "--to", "Bakery Manager", "--json")
    assert fine(cli(*plain)).json["person"]["name"] == "Ada"
    more = fine(cli(*plain, "--skill", "Planning shifts=Expert", "--skill", "Hiring", "--past",
                    "Shift Lead", "--skill", "Kneading=2.5")).json["person"]  # fmt: skip
    assert {s["label"]: level for s, level in more["skills"]} == {
        "Planning shifts": 3, "Hiring": None, "Kneading": 2.5,
    }  # fmt: skip
    assert [r["label"] for r in more["past"]] == ["Shift Lead"]
    assert [c["label"] for c in more["certifications"]] == ["Master baker"]
    other = fine(cli(*plain, "--from", "Shift Lead")).json["person"]
    assert other["role"]["label"] == "Shift Lead"
    assert other["past"] == []  # that one was a baker is not made up


def test_a_name_may_have_an_equals_sign(cli: Cli, tmp_path: Path) -> None:
    own = tmp_path / "own.ttl"
    own.write_text(
        "<urn:odd> a <http://www.w3.org/2002/07/owl#NamedIndividual>, "
        f"<{RG.NS}Skill> ; "
        "<http://www.w3.org/2004/02/skos/core#prefLabel> 'E=mc2'@en .\n",
        encoding="utf-8",
    )
    done = fine(cli("plan", "--from", PM, "--skill", "E=mc2", "--to", DM, "-d", own, "--json"))
    assert [(s["label"], level) for s, level in done.json["person"]["skills"]] == [("E=mc2", None)]


def test_unknown_names_are_reported_together(cli: Cli, bakery: Bakery) -> None:
    at = ("plan", "-s", bakery.store, "--to", "Owner")
    done = cli(*at, "-p", bakery.resume)
    assert (done.code, done.out) == (3, "")
    assert "resume.json, /work/1/position: no role 'Plumber'" in done.err
    assert "resume.json, /skills/0/keywords/1: no skill 'Juggling'" in done.err
    done = cli(*at, "-p", bakery.resume, "--from", "Bakr", "--skill", "Hirin", "--skill",
               "Kneading=Wurking", "--certification", "Mastr baker")  # fmt: skip
    assert (done.code, done.out) == (3, "")
    for line in ("--from: no role 'Bakr'; did you mean 'Baker'", "--skill: no skill 'Hirin'",
                 "--skill: no level of Kneading 'Wurking'; did you mean 'Working'",
                 "--certification: no certification 'Mastr baker'",
                 "resume.json, past[0]: no role 'Plumber'",
                 "resume.json, skills[2]: no skill 'Juggling'"):  # fmt: skip
        assert line in done.err
    done = cli(*at, "--from", "Bakr", "--skill", "Hirin")  # nothing is left to start from
    assert (done.code, done.out) == (3, "")
    assert "--from: no role 'Bakr'" in done.err
    assert "--skill: no skill 'Hirin'" in done.err


def test_unknown_names_can_be_left_out_and_are_listed(cli: Cli, bakery: Bakery) -> None:
    at = ("-s", bakery.store, "-p", bakery.resume, "--drop-unknown")
    for more in ((), ("--skill", "Planning shifts")):
        done = cli("plan", *at, *more, "--to", "Owner", "--json")
        assert done.code == 0
        listed = done.err[done.err.index("rolegraph: left out of the profile:") :]
        assert listed.count("\n  ") == 3
        for name in ("Plumber", "Juggling", "Driving"):
            assert repr(name) in listed
        assert [d["name"] for d in done.json["person"]["dropped"]] == [
            "Plumber", "Juggling", "Driving",
        ]  # fmt: skip
        assert len(done.json["person"]["skills"]) == 2 + bool(more)
    for command, to in (("reach", ()), ("unlock", ("--to", "Owner")), ("bridges", ()),
                        ("why-not", ("--to", "Owner"))):  # fmt: skip
        assert "left out of the profile" in cli(command, *at, *to).err
    nobody = cli("plan", "-s", bakery.store, "--from", "Bakr", "--skill", "Hiring", "--to", "Owner",
                 "--drop-unknown")  # fmt: skip
    assert (nobody.code, nobody.out) == (2, "")
    assert "a plan starts in a role" in nobody.err


@pytest.mark.parametrize(
    ("args", "code", "match"),
    [
        (("plan", "--to", DD), 2, "say who plans"),
        (("plan", "--from", PM), 2, "say where to"),
        (("why-not", "--from", PM), 2, "say where to"),
        (("plan", "--from", PM, "--to", DD, "--to-level", "director"), 2, "not both"),
        (("unlock", "--from", PM), 2, "--max-new"),
        (("plan", "--from", PM, "--to", DD, "-m", "steps,"), 2, "between its commas"),
        (("plan", "--from", PM, "--to", DD, "-m", "stepps"), 2, "did you mean 'steps'"),
        (("plan", "--from", PM, "--to", DD, "--max-steps", "-1"), 2, "not in the range"),
        (("plan", "--from", PM, "--to", DD, "--kind", "guessed"), 2, "no kind of evidence"),
        (("plan", "--from", PM, "--to", DD, "--strength", "huge"), 2, "no strength 'huge'"),
        (("bridges", "--from", PM, "--max-new", "1"), 2, "without a target"),
        (("plan", "--from", "Projct Manager", "--to", DD), 3, "did you mean 'Project Manager'"),
        (("plan", "--from", PM, "--to", "Delivery Directr"), 3, "did you mean 'Delivery Director'"),
        (("plan", "--from", PM, "--to", DD, "--avoid", "Nobody"), 3, "no role 'Nobody'"),
        (("plan", "--from", PM, "--to", DD, "--needs", "PRINC2"), 3, "did you mean 'PRINCE2'"),
        (("plan", "--from", PM, "--to-level", "Olympic"), 3, "Olympic"),
        (("plan", "-p", "nosuch.yaml", "--to", DD), 5, "no profile nosuch.yaml"),
        (("reach", "--from", "Chief Operations Officer"), 1, "no role can be reached"),
        (("unlock", "--from", PM, "--max-new", "0", "--max-steps", "1", "--kind", "observed"), 1,
         "no skill or certification"),
        (("bridges", "--from", PM, "--to", "Chief Operations Officer"), 1, "no role lies between"),
    ],
)  # fmt: skip
def test_what_goes_wrong(cli: Cli, args: tuple[str, ...], code: int, match: str) -> None:
    done = cli(*args)
    assert (done.code, done.out) == (code, "")
    assert match in flat(done.err)
    assert "Traceback" not in done.err


# --- reach, unlock, bridges


def test_reach(cli: Cli, kg: rg.RoleGraph) -> None:
    found = kg.reach(PM, minimise="new-skills", max_steps=2)
    args = ("reach", "--from", PM, "-m", "new-skills", "--max-steps", "2")
    assert fine(cli(*args, "--json")).json == to_json(found)
    rows = fine(cli(*args, "-f", "csv")).rows
    assert [row["role"] for row in rows] == [d.role.label for d in found]
    assert [float(row["new_skills"]) for row in rows] == [d.values["new-skills"] for d in found]
    assert [row["skills_not_stated"] for row in rows] == [
        "; ".join(map(str, d.untold)) for d in found
    ]
    for columns in (80, 100):
        page = fine(cli(*args, columns=columns)).out
        assert max(map(len, page.splitlines())) <= columns
        text = flat(page)
        assert f"{SDM} ≥8 2 ≥8 {DM}" in text
        assert "Chief Operations Officer 1 1 1 directly" in text
        assert "≥: of some role on the way" in text


def test_reach_shows_where_it_ends(cli: Cli, kg: rg.RoleGraph) -> None:
    every = len(kg.reach(PM))
    page = fine(cli("reach", "--from", PM, "--limit", "2")).out
    assert f"{every} roles within reach" in page
    assert f"… {every - 2} more (--limit" in page
    assert len(fine(cli("reach", "--from", PM, "--limit", "2", "--json")).json) == 2
    assert "more" not in fine(cli("reach", "--from", PM)).out


def test_unlock(cli: Cli, bakery: Bakery) -> None:
    at = ("-s", bakery.store, "-p", bakery.ada)
    found = bakery.kg.unlock(rg.Profile.read(bakery.ada), "Head Baker", pairs=False)
    assert found
    args = (*at, "--to", "Head Baker", "--no-pairs")
    assert fine(cli("unlock", *args, "--json")).json == to_json(found)
    page = fine(cli("unlock", *args)).out
    assert re.search(r"^ *0\.366\d*  Kneading$", page, re.MULTILINE)
    assert "in effort" in page
    opens = fine(cli("unlock", *at, "--max-new", "0", "--max-steps", "1", "-k", "3"))
    assert "opens" in opens.out.splitlines()[0]
    assert re.search(r"^ +1  Kneading +Head Baker$", opens.out, re.MULTILINE)
    rows = fine(cli("unlock", *at, "--max-new", "0", "--max-steps", "1", "-f", "csv")).rows
    assert {"Head Baker", "Shift Lead"} <= {row["roles"] for row in rows}
    way = fine(cli("unlock", *at, "--to", "Head Baker", "--max-new", "0", "--no-pairs"))
    assert "opens the way" in way.out
    wrong = cli("unlock", *args, "-m", "months,steps")
    assert (wrong.code, wrong.out) == (2, "")


def test_bridges(cli: Cli, kg: rg.RoleGraph) -> None:
    for to in ((), ("--to", DD)):
        found = kg.bridges(PM, *to[1:])
        args = ("--from", PM, *to)
        assert fine(cli("bridges", *args, "--json")).json == to_json(found)
        rows = fine(cli("bridges", *args, "-f", "csv")).rows
        assert [(r["role"], float(r["share"])) for r in rows] == [
            (b.role.label, b.share) for b in found
        ]
        lines = fine(cli("bridges", *args)).out.splitlines()[1:-1]
        assert [line.split("  ")[-1].strip() for line in lines] == [b.role.label for b in found]


# --- the rest


@pytest.fixture
def complete(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, int], list[str]]:
    """What Bash would be offered for a word of a line."""

    def offer(words: str, at: int) -> list[str]:
        monkeypatch.setenv("_ROLEGRAPH_COMPLETE", "bash_complete")
        monkeypatch.setenv("COMP_WORDS", words)
        monkeypatch.setenv("COMP_CWORD", str(at))
        done = fine(cli())
        return [line.removeprefix("plain,") for line in done.out.splitlines() if line]

    return offer


def test_completion(complete: Callable[[str, int], list[str]], bakery: Bakery) -> None:
    assert complete("rolegraph plan --from Projec", 3) == [PM]
    assert complete("rolegraph reach --avoid deliv", 3) == [DD, DM]
    assert complete("rolegraph plan --certification prin", 3) == ["PRINCE2"]
    assert "Leadership" in complete("rolegraph plan --skill lead", 3)
    assert complete("rolegraph plan -m new", 3) == ["new-skills"]
    assert complete("rolegraph plan -m steps,eff", 3) == ["steps,effort", "steps,effort-importance"]
    assert complete(f"rolegraph plan -s {bakery.store} --to Ow", 5) == ["Owner"]


def test_planning_over_what_ships_stays_light() -> None:
    code = (
        "import sys\nfrom rolegraph.cli import main\n"
        f"main(['plan', '--from', {PM!r}, '--to', {DD!r}])\n"
        "heavy = {'numpy', 'scipy', 'networkx', 'rich', 'yaml', 'pandas', 'rdflib', 'numba'}\n"
        "sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False,
        encoding="utf-8", cwd=Path(__file__).parents[1],
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "Route 1" in done.stdout


@given(
    st.lists(st.text("abc d", min_size=1, max_size=12).map(str.strip).filter(bool), min_size=1),
    st.integers(16, 60),
)
def test_a_way_is_broken_only_between_roles(names: list[str], room: int) -> None:
    text = " → ".join(names)
    lines = planpages._packed(text, room)
    assert " ".join(lines) == text
    assert all(len(line) <= room for line in lines)
    assert sum(line.count("→") for line in lines) == len(names) - 1
    assert all(line.endswith(" →") for line in lines[:-1])
