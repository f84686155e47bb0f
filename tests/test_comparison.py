from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

import rolegraph as rg
from rolegraph.cli.pages import comparison_table
from rolegraph.comparison import ASPECTS, RoleFacts, compare, gap
from rolegraph.values import Claim, Concept, Finding, Role, Skill, SkillRequirement, to_json
from tests.reading import (
    COO,
    CURATED_MOVES,
    DIRECTOR,
    DM,
    DM_ADVANCEMENT,
    DM_DUTIES,
    DM_SKILLS,
    HEAD,
    JUNIOR,
    MOVE_SKILLS,
    PM,
    PM_ADVANCEMENT,
    PM_DIRECTOR,
    PM_DUTIES,
    PM_SKILLS,
    ROLES,
    SDM,
    SHARED_DUTIES,
    SHARED_SKILLS,
    STATED_MOVES,
    TO_DM_SKILLS,
    TO_PM_SKILLS,
)

# aspect: (both, only Delivery Manager, only Project Manager)
Sides = tuple[set[str], set[str], set[str]]
READING: dict[str, Sides] = {
    "responsibilities": (SHARED_DUTIES, DM_DUTIES, PM_DUTIES),
    "skills": (SHARED_SKILLS, set(DM_SKILLS), set(PM_SKILLS)),
    "certifications": (set(), {"ITIL", "Scrum Master"}, {"PMP", "PRINCE2"}),
    "environments": (
        {"Information technology", "Software development"},
        {
            "Client-focused environments with continuous delivery",
            "Industries that live by continuous delivery and client satisfaction",
        },
        {
            "Architecture",
            "Construction",
            "Engineering",
            "Industries that require structured project planning and execution",
        },
    ),
    "focus": (
        {"Quality assurance"},
        {
            "Risk management",
            "Ongoing delivery process",
            "Ensure that the final product meets client expectations",
            "Client satisfaction",
            "Continuous improvement",
        },
        {
            "Complete the project on time",
            "Complete the project within budget",
            "Complete the project within the specified scope",
            "Lifecycle of a specific project from initiation to completion",
            "Scope management",
        },
    ),
    "purposes": (
        {"Drive projects to completion", "Contribute to project success"},
        {"Oversee the delivery process effectively"},
        {
            "Maintain project alignment",
            "Achieve successful outcomes",
            "Navigate the complexities of managing projects",
            "Deliver successful projects that meet or exceed stakeholder expectations",
        },
    ),
    "works with": (
        {"Client", "Stakeholders", "Team members"},
        {"Development teams"},
        {"Project team", "Architects", "Engineers", "Contractors"},
    ),
    "involvement": (set(), {"continues after delivery"}, {"ends with the project"}),
    "training": (
        {
            "Training",
            "Earning certifications",
            "Ongoing training in soft skills",
            "Continuous learning",
        },
        set(),
        set(),
    ),
    "advancement": (
        {"Networking"},
        DM_ADVANCEMENT - {"Networking"},
        PM_ADVANCEMENT - {"Networking"},
    ),
    "progression": (
        set(),
        {
            "Moving into higher-level management roles",
            "Specialising in specific delivery areas",
        },
        {
            "Manage smaller projects",
            "Manage more complex projects",
            "Manage larger-scale projects",
            "Moving into executive roles",
            "Moving into specialised roles",
        },
    ),
    "specialisations": (
        set(),
        {"Agile coaching", "Process improvement", "Client relationship management"},
        set(),
    ),
}


def labels(found: Iterable[Finding | SkillRequirement | Skill]) -> list[str]:
    return [f.label for f in found]


def strengths(asked: Iterable[SkillRequirement]) -> dict[str, str | None]:
    return {r.label: r.strength for r in asked}


@pytest.fixture
def managers(either: rg.RoleGraph) -> rg.Comparison:
    return either.compare(DM, PM)


# --- the two managers


def test_overlap_and_differences_are_those_of_the_article(managers: rg.Comparison) -> None:
    found = {
        name: (set(split.shared_labels), set(labels(split.only_a)), set(labels(split.only_b)))
        for name, split in managers.aspects.items()
    }
    assert found == READING
    assert (managers.a.label, managers.b.label) == (DM, PM)
    assert managers.responsibilities is managers.aspects["responsibilities"]
    assert managers.skills is managers.aspects["skills"]
    assert managers.certifications is managers.aspects["certifications"]
    assert managers.environments is managers.aspects["environments"]


def test_each_thing_stands_once_and_by_label(managers: rg.Comparison) -> None:
    for name, split in managers.aspects.items():
        assert [a.concept for a, _ in split.shared] == [b.concept for _, b in split.shared]
        for side in ([a for a, _ in split.shared], split.only_a, split.only_b):
            assert len(set(labels(side))) == len(side)
            if len(ASPECTS.get(name, ("",))) == 1:
                assert labels(side) == sorted(labels(side))
        assert len(split) == sum(map(len, (split.shared, split.only_a, split.only_b)))
    assert [name for name, _ in managers] == list(READING)


def test_shared_findings_are_those_of_either_role(managers: rg.Comparison) -> None:
    for _, split in managers:
        for a, b in split.shared:
            assert {c.subject for c in a.claims} == {DM}
            assert {c.subject for c in b.claims} == {PM}
        for side, role in ((split.only_a, DM), (split.only_b, PM)):
            assert {c.subject for f in side for c in f.claims} <= {role}


def modalities(found: Iterable[Finding]) -> dict[str, set[tuple[str, str | None, str | None]]]:
    return {f.label: {(c.predicate, c.strength, c.hedge) for c in f.claims} for f in found}


def test_modality_of_the_claims(managers: rg.Comparison) -> None:
    said = modalities((*managers.skills.only_a, *managers.skills.only_b))
    assert {k: {s for _, s, _ in v} for k, v in said.items()} == {
        k: {v} for k, v in {**DM_SKILLS, **PM_SKILLS}.items()
    }
    assert {k for k, v in said.items() if {h for _, _, h in v} == {"can"}} == {
        "Technical proficiency",
        "Familiarity with project management software and tools",
    }
    certificates = modalities((*managers.certifications.only_a, *managers.certifications.only_b))
    relevant = "has relevant certification"
    assert certificates["Scrum Master"] == {(relevant, "beneficial", "can")}
    assert certificates["PRINCE2"] == {(relevant, None, "often")}
    assert certificates["ITIL"] == {(relevant, "beneficial", "can"), (relevant, None, "stated")}
    assert certificates["PMP"] == {(relevant, None, "often"), (relevant, None, "stated")}
    involvement = modalities(
        (*managers.aspects["involvement"].only_a, *managers.aspects["involvement"].only_b)
    )
    stays = {("has involvement", None, "often"), ("has involvement", None, "may")}
    assert involvement == {"continues after delivery": stays, "ends with the project": stays}
    duties = modalities((*managers.responsibilities.only_a, *managers.responsibilities.only_b))
    assert duties["Ensure successful delivery of a product or service to the client"] == {
        ("has primary responsibility", None, "stated")
    }
    assert duties["Monitor the product or service after delivery"] == {
        ("has core responsibility", None, "may")
    }
    assert duties["Review the project on completion"] == {
        ("has core responsibility", None, "often")
    }
    assert duties["Support the ongoing delivery of products"] == {
        ("has responsibility", None, "often")
    }
    focus = modalities((*managers.aspects["focus"].only_a, *managers.aspects["focus"].only_b))
    assert {k for k, v in focus.items() if "has primary focus" in {p for p, _, _ in v}} == {
        "Ongoing delivery process",
        "Ensure that the final product meets client expectations",
        "Complete the project on time",
        "Complete the project within budget",
        "Complete the project within the specified scope",
    }


def test_relations_and_moves_between_the_two(managers: rg.Comparison) -> None:
    said = {c.predicate: c.hedge for f in managers.relations for c in f.claims}
    assert said == {
        "overlaps with": "often",
        "differs from": "stated",
        "has distinct responsibilities from": "stated",
        "has distinct skills from": "stated",
        "has distinct focus from": "stated",
    }
    assert {f.label for f in managers.relations} == {PM}
    assert [t.label for t in managers.transitions] == [f"{DM} to {PM}", f"{PM} to {DM}"]


def test_related_wordings(managers: rg.Comparison) -> None:
    related = {(a.label, b.label) for a, b in managers.responsibilities.related}
    assert {
        ("Manage resources", "Allocate resources"),
        ("Coordination", "Coordinate team members"),
        ("Coordinate teams", "Coordination"),
        ("Communication", "Facilitate stakeholder communication"),
        ("Ensure that products meet quality standards", "Assure quality"),
    } <= related
    for name, split in managers:
        of_a = {f.label for f in (*split.only_a, *(a for a, _ in split.shared))}
        of_b = {f.label for f in (*split.only_b, *(b for _, b in split.shared))}
        for a, b in split.related:
            assert a.label in of_a, name
            assert b.label in of_b, name
            assert a.label != b.label


def check_mirror(there: rg.Comparison, back: rg.Comparison) -> None:
    assert (there.a, there.b) == (back.b, back.a)
    for name, split in there.aspects.items():
        mirror = back.aspects[name]
        # as JSON, since findings compare by their concept alone
        assert to_json([(y, x) for x, y in split.shared]) == to_json(mirror.shared)
        assert to_json([split.only_a, split.only_b]) == to_json([mirror.only_b, mirror.only_a])
        assert {(y, x) for x, y in split.related} == set(mirror.related)
    assert set(there.transitions) == set(back.transitions)
    assert {c.iri for f in there.relations for c in f.claims} == {
        c.iri for f in back.relations for c in f.claims
    }


def test_symmetric(either: rg.RoleGraph) -> None:
    check_mirror(either.compare(DM, PM), either.compare(PM, DM))


def test_symmetric_for_all_pairs(kg: rg.RoleGraph) -> None:
    for a in ROLES:
        for b in ROLES:
            if a < b:
                check_mirror(kg.compare(a, b), kg.compare(b, a))


def test_same_role_twice(kg: rg.RoleGraph) -> None:
    same = kg.compare(DM, "dm")
    for name, split in same.aspects.items():
        both, only, _ = READING[name]
        assert set(split.shared_labels) == both | only
        assert split.only_a == split.only_b == ()


def test_engines_agree(kg: rg.RoleGraph, kg_rdflib: rg.RoleGraph) -> None:
    assert to_json(kg.compare(DM, PM)) == to_json(kg_rdflib.compare(DM, PM))
    assert to_json(kg.gap(DM, PM)) == to_json(kg_rdflib.gap(DM, PM))


# --- who says so


def findings_of(comparison: rg.Comparison) -> Iterator[tuple[str, Finding]]:
    for name, split in comparison:
        for pair in split.shared:
            yield from ((name, f) for f in pair)
        yield from ((name, f) for f in (*split.only_a, *split.only_b))


def check_backed(finding: Finding) -> None:
    assert finding.claims, f"{finding} has no claim"
    assert finding.evidence
    assert finding.kinds == ("stated",)
    for claim in finding.claims:
        assert claim.evidence, f"{claim} has no evidence"
        assert claim.object == finding.label
        for piece in claim.evidence:
            assert piece.document == "delivery manager vs project manager"
            assert piece.section
            assert piece.start is not None
            assert piece.end is not None
            assert 0 <= piece.start < piece.end <= 14_862


def test_every_finding_has_claims_with_evidence(managers: rg.Comparison) -> None:
    count = 0
    for name, finding in findings_of(managers):
        if name != "specialisations":
            count += 1
            check_backed(finding)
    sides = [s for name, s in READING.items() if name != "specialisations"]
    assert count == sum(2 * len(both) + len(a) + len(b) for both, a, b in sides)


def test_every_specialisation_has_claims_with_evidence(managers: rg.Comparison) -> None:
    assert {f.label for f in managers.aspects["specialisations"].only_a} == READING[
        "specialisations"
    ][1]
    for name, finding in findings_of(managers):
        if name == "specialisations":
            check_backed(finding)


def test_every_finding_of_every_role_has_a_claim_or_a_rule(kg: rg.RoleGraph) -> None:
    for role in kg.roles():
        facts = kg.facts(role)
        assert set(facts.findings) == set(ASPECTS)
        for finding in (*facts.skills, *(f for fs in facts.findings.values() for f in fs)):
            assert finding.claims or finding.rules, f"{role}: {finding}"
            assert finding.kinds != ("unsourced",)


# --- as text and as JSON


def test_comparison_as_text(managers: rg.Comparison) -> None:
    lines = str(managers).splitlines()
    assert lines[0] == f"{DM} | {PM}"
    assert [line[:-1] for line in lines if line.endswith(":")] == list(READING)
    at = lines.index("certifications:")
    assert lines[at + 1 : at + 5] == [
        f"   only {DM}: ITIL",
        f"   only {DM}: Scrum Master",
        f"   only {PM}: PMP",
        f"   only {PM}: PRINCE2",
    ]
    assert "   both: Manage risk" in lines
    assert "not stated of the other role" in lines[-1]
    assert not any("lack" in line for line in lines)


def all_labels(data: Any) -> set[str]:
    if isinstance(data, dict):
        own = {data["label"]} if "label" in data else set()
        return own.union(*map(all_labels, data.values()))
    return set().union(*map(all_labels, data)) if isinstance(data, list) else set()


def test_comparison_as_json(managers: rg.Comparison) -> None:
    plain = to_json(managers)
    data = json.loads(json.dumps(plain))
    assert data == plain
    assert list(data["aspects"]) == list(managers.aspects)
    for name, (both, a, b) in READING.items():
        split = data["aspects"][name]
        assert {x["concept"]["label"] for x, _ in split["shared"]} == both
        assert {x["concept"]["label"] for x in split["only_a"]} == a
        assert {x["concept"]["label"] for x in split["only_b"]} == b
    everything = {DM, PM}.union(*(x for sides in READING.values() for x in sides))
    assert everything <= all_labels(data)
    (itil,) = (
        x for x in data["aspects"]["certifications"]["only_a"] if x["concept"]["label"] == "ITIL"
    )
    assert itil["concept"]["full_name"] == "Information Technology Infrastructure Library"
    assert {c["hedge"] for c in itil["claims"]} == {"can", "stated"}
    assert all(e["start"] < e["end"] for c in itil["claims"] for e in c["evidence"])


def test_gap_as_json(either: rg.RoleGraph) -> None:
    found = either.gap(PM, DM)
    plain = to_json(found)
    data = json.loads(json.dumps(plain))
    assert data == plain
    assert [r["skill"]["label"] for r in data["new_skills"]] == labels(found.new_skills)
    assert [f["concept"]["label"] for f in data["new_responsibilities"]] == sorted(DM_DUTIES)
    assert data["new_skills"][0]["claim"]["strength"] == "essential"
    assert {DM, PM, "ITIL", *DM_SKILLS, *TO_DM_SKILLS, *SHARED_SKILLS} <= all_labels(data)


def test_json_takes_what_the_library_gives() -> None:
    role = Role("urn:r", "Bürgermeister", family=None, source="town-1")
    data = to_json({1: (role, frozenset([2.5]), None, True, Path("x"))})
    assert json.loads(json.dumps(data)) == data
    assert data["1"][0] == {
        "iri": "urn:r", "label": "Bürgermeister", "kind": "concept", "alt_labels": [],
        "family": None, "level": None, "source": "town-1",
    }  # fmt: skip
    assert data["1"][1:] == [[2.5], None, True, "x"]


# --- gaps


def test_gap_to_project_manager(either: rg.RoleGraph) -> None:
    found = either.gap(DM, PM)
    assert strengths(found.shared_skills) == dict.fromkeys(SHARED_SKILLS, "essential")
    assert strengths(found.new_skills) == {**PM_SKILLS, **MOVE_SKILLS, **TO_PM_SKILLS}
    assert labels(found.new_certifications) == ["PMP", "PRINCE2"]
    assert labels(found.new_responsibilities) == sorted(PM_DUTIES)
    assert [t.label for t in found.transitions] == [f"{DM} to {PM}"]
    assert found.not_stated == ()
    # Budgeting and Detailed project planning are narrower than skills a Project Manager has,
    # not than those a Delivery Manager has
    assert found.near_skills == ()


def test_gap_to_delivery_manager(either: rg.RoleGraph) -> None:
    found = either.gap(PM, DM)
    assert strengths(found.shared_skills) == dict.fromkeys(SHARED_SKILLS, "essential")
    assert strengths(found.new_skills) == {**DM_SKILLS, **MOVE_SKILLS, **TO_DM_SKILLS}
    assert labels(found.new_certifications) == ["ITIL", "Scrum Master"]
    assert labels(found.new_responsibilities) == sorted(DM_DUTIES)
    assert found.not_stated == ()
    own = {r.label: r.claim.subject for r in found.new_skills}
    assert {k for k, v in own.items() if v == f"{PM} to {DM}"} == {*MOVE_SKILLS, *TO_DM_SKILLS}
    assert {k for k, v in own.items() if v == DM} == set(DM_SKILLS)


def test_gap_says_who_says_so(either: rg.RoleGraph) -> None:
    for source, target in ((DM, PM), (PM, DM), (PM, COO)):
        found = either.gap(source, target)
        demands = (*found.shared_skills, *found.new_skills)
        assert demands
        assert all(r.evidence for r in demands)
        assert set(found.evidence) == {e for r in demands for e in r.evidence}
        assert len(set(found.evidence)) == len(found.evidence)
        for finding in (*found.new_certifications, *found.new_responsibilities):
            check_backed(finding)


def test_gap_without_a_direct_move(either: rg.RoleGraph) -> None:
    found = either.gap(DM, COO)
    assert found.transitions == ()
    assert strengths(found.shared_skills) == {"Leadership": "essential"}
    assert strengths(found.new_skills) == {"Strategic oversight": "essential"}
    assert found.not_stated == (f"responsibilities of {COO}", f"certifications of {COO}")


def test_gap_to_where_the_article_is_silent(either: rg.RoleGraph) -> None:
    silent = (f"which skills {DIRECTOR} asks for", f"certifications of {DIRECTOR}")
    found = either.gap(PM, DIRECTOR)
    assert found.shared_skills == found.new_skills == ()
    assert found.new_certifications == ()
    assert labels(found.new_responsibilities) == [
        "Answer for the delivery strategy of the whole organisation"
    ]
    assert found.not_stated == silent
    lines = str(found).splitlines()
    assert lines[0] == f"{PM} → {DIRECTOR}"
    assert [x for x in lines if "not stated: " in x] == [f"   not stated: {x}" for x in silent]
    assert not any("lack" in line for line in lines)
    # silence about where one comes from is told too
    assert either.gap(DIRECTOR, PM).not_stated == silent
    assert strengths(either.gap(DIRECTOR, PM).new_skills) == {
        **dict.fromkeys(SHARED_SKILLS, "essential"),
        **PM_SKILLS,
    }
    assert set(either.gap(JUNIOR, SDM).not_stated) == {
        f"which skills {JUNIOR} asks for",
        f"responsibilities of {JUNIOR}",
        f"certifications of {JUNIOR}",
        f"which skills {SDM} asks for",
        f"certifications of {SDM}",
    }


def test_comparison_where_the_article_is_silent(either: rg.RoleGraph) -> None:
    found = either.compare(DIRECTOR, HEAD)
    assert found.responsibilities.shared_labels == (
        "Answer for the delivery strategy of the whole organisation",
    )
    assert [name for name, _ in found] == ["responsibilities"]
    assert found.relations == ()
    assert found.transitions == ()
    mixed = either.compare(PM_DIRECTOR, DIRECTOR)
    assert set(labels(mixed.skills.only_a)) == {"Leadership", "Strategic oversight"}
    assert mixed.skills.only_b == ()


def test_moves_come_with_the_comparison(kg: rg.RoleGraph) -> None:
    for a in ROLES:
        for b in ROLES:
            moves = {(str(t.source), str(t.target)) for t in kg.compare(a, b).transitions}
            assert moves == {(a, b), (b, a)} & ({*STATED_MOVES} | CURATED_MOVES)


# --- skills that come near, by hand


def requirement(role: str, skill: Skill, strength: str = "essential") -> SkillRequirement:
    return SkillRequirement(
        skill, Claim(f"urn:{role}:{skill.label}", role, "asks for", skill.label, "stated", strength)
    )


def facts(role: str, *skills: Skill, **findings: Iterable[str]) -> RoleFacts:
    found = {
        name: tuple(Finding(Concept(f"urn:{x}", x)) for x in findings.get(name, ()))
        for name in ASPECTS
    }
    asked = tuple(requirement(role, s) for s in skills)
    return RoleFacts(Role(f"urn:{role}", role), found, asked)


BROAD, NARROW, OTHER, MORE = (
    Skill(f"urn:skill:{x}", x) for x in ("planning", "detailed planning", "cooking", "baking")
)
BROADER = [(NARROW.iri, BROAD.iri)]


@pytest.mark.parametrize(("held", "asked"), [(BROAD, NARROW), (NARROW, BROAD)])
def test_a_broader_or_narrower_skill_comes_near(held: Skill, asked: Skill) -> None:
    found = gap(facts("a", held, OTHER), facts("b", asked, OTHER, MORE), broader=BROADER)
    assert [(r.skill, s) for r, s in found.near_skills] == [(asked, held)]
    assert [r.skill for r in found.new_skills] == [asked, MORE]
    assert [r.skill for r in found.shared_skills] == [OTHER]
    assert f"   comes near: {held} → {asked}" in str(found)


def test_a_skill_that_is_held_does_not_come_near() -> None:
    found = gap(facts("a", BROAD, NARROW), facts("b", NARROW), broader=BROADER)
    assert found.near_skills == ()
    assert found.new_skills == ()


def test_what_a_move_asks_for_is_new_unless_held() -> None:
    asked = [requirement("a to b", NARROW), requirement("a to b", OTHER)]
    found = gap(facts("a", BROAD, OTHER), facts("b", MORE), broader=BROADER, asked=asked)
    assert [r.skill for r in found.new_skills] == [MORE, NARROW]
    assert [(r.skill, s) for r, s in found.near_skills] == [(NARROW, BROAD)]


def test_gap_is_about_the_target_only() -> None:
    a = facts("a", certifications=["x", "y"], responsibilities=["p"])
    b = facts("b", certifications=["y", "z"], responsibilities=["p", "q"])
    found = gap(a, b)
    assert labels(found.new_certifications) == ["z"]
    assert labels(found.new_responsibilities) == ["q"]
    assert found.not_stated == ("which skills a asks for", "which skills b asks for")


def test_split_by_hand() -> None:
    a, b = facts("a", BROAD, focus=["x", "y"]), facts("b", NARROW, focus=["y", "z"])
    found = compare(a, b, broader=BROADER)
    focus = found.aspects["focus"]
    assert (focus.shared_labels, labels(focus.only_a), labels(focus.only_b)) == (
        ("y",),
        ["x"],
        ["z"],
    )
    assert [(x.label, y.label) for x, y in found.skills.related] == [(BROAD.label, NARROW.label)]
    assert compare(a, b).skills.related == ()
    assert [name for name, _ in found] == ["skills", "focus"]


def asked(role: str, skill: Skill, n: int, level: str | None, rank: float | None = None,
          ) -> SkillRequirement:  # fmt: skip
    claim = Claim(f"urn:{role}:{skill.label}:{n}", role, "asks for", skill.label, "curated")
    return SkillRequirement(skill, claim, level=level, level_rank=rank)


LEVELLED: tuple[tuple[list[tuple[str | None, float | None]], ...], ...] = (
    # what the first and the second ask of a skill; in words
    ([("working", 2)], [("expert", 3)]),
    ([("working", 2)], [("working", 2)]),
    ([(None, 3.5)], [(None, 4.125)]),
    ([(None, None)], [("expert", 3)]),
    ([("expert", 3), ("aware", 1), (None, None)], [("aware", 1)]),
    ([(None, None)], [(None, None)]),
    ([("expert", 3)], []),
    ([], [("aware", 1), ("working", 2)]),
    ([], [(None, None)]),
)
IN_WORDS = (
    "level working | expert", "level working", "level 3.5 | 4.125", "level not stated | expert",
    "level aware / expert | aware", "", "level expert", "level aware / working", "",
)  # fmt: skip


def test_levels_in_every_face() -> None:
    skills = [Skill(f"urn:skill:{n}", f"Skill {n}") for n in range(len(LEVELLED))]
    a, b = (
        RoleFacts(
            facts(role).role,
            facts(role).findings,
            tuple(asked(role, skill, n, *level)
                  for skill, both in zip(skills, LEVELLED, strict=True)
                  for n, level in enumerate(both[side])),
        )
        for side, role in enumerate("ab")
    )  # fmt: skip
    found = compare(a, b)
    page, data = found._repr_mimebundle_(), json.loads(json.dumps(to_json(found)))
    html = unescape(re.sub("<[^>]+>", "\n", page["text/html"]))
    drawn = " ".join(found.picture().svg(1200).split())
    texts = (str(found), html, page["text/markdown"], found.picture().alt,
             found.picture().mermaid())  # fmt: skip
    for skill, both, words in zip(skills, LEVELLED, IN_WORDS, strict=True):
        for text in map(unescape, texts):
            after = text.split(skill.label, 1)[1].split("Skill", 1)[0]
            assert ("level" in after) == bool(words), (skill, text)
            assert words.replace("|", "\\|") in after or words in after, (skill, text)
        assert words in drawn
        split = data["aspects"]["skills"]
        pairs = [*split["shared"], *([x, {}] for x in split["only_a"]),
                 *([{}, x] for x in split["only_b"])]  # fmt: skip
        (mine,) = (p for p in pairs if (p[0] or p[1])["concept"]["label"] == skill.label)
        for x, side in zip(mine, both, strict=True):
            named = sorted((rank, name or f"{rank:g}") for name, rank in side if rank is not None)
            assert x.get("levels", []) == [name for _, name in named]
    listed = {row[2]: row[4] for row in comparison_table(found).rows if row[0] == "skills"}
    assert listed == {s.label: w.removeprefix("level ")
                      for s, w in zip(skills, IN_WORDS, strict=True)}  # fmt: skip
    first = [RoleFacts(x.role, x.findings, x.requirements[:1]) for x in (a, b)]
    plain = " ".join(compare(*first)._repr_mimebundle_()["text/plain"].split())
    assert "Skill 0 (curated, level working | expert)" in plain
    # where the two are said to differ, the gap says so too, if it is known which is higher
    raised = {r.skill.label for r, _ in gap(a, b).raised_skills}
    assert raised == {"Skill 0", "Skill 2"}


OWN = """
PREFIX rg: <https://w3id.org/rolegraph/ontology#>
PREFIX role: <https://w3id.org/rolegraph/role/>
PREFIX skill: <https://w3id.org/rolegraph/skill/>
PREFIX requirement: <https://w3id.org/rolegraph/requirement/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
role:scheduler a rg:Role ; skos:prefLabel "Scheduler"@en .
requirement:scheduler.planning a rg:SkillRequirement ;
    rg:isRequirementOf role:scheduler ; rg:requiredSkill skill:detailed-project-planning ;
    rg:hasStrength rg:essential ; rg:hasEvidenceKind rg:curated .
"""


@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
def test_near_skill_in_data_of_ones_own(tmp_path: Path, engine: Any) -> None:
    path = tmp_path / "own.ttl"
    path.write_text(OWN, encoding="utf-8")
    found = rg.load(path, engine=engine, validate=False).gap("Scheduler", PM)
    assert [(r.label, s.label) for r, s in found.near_skills] == [
        ("Planning", "Detailed project planning")
    ]
    assert found.shared_skills == ()
    assert set(labels(found.new_skills)) == SHARED_SKILLS | set(PM_SKILLS)
    assert found.not_stated == ("responsibilities of Scheduler", "certifications of Scheduler")
