"""The person's profile: made in Python, read from files and résumés, resolved in a graph."""

from __future__ import annotations

import builtins
import copy
import json
import pickle
import re
from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rolegraph as rg
from rolegraph.errors import DataError, ExtraMissingError, NotFoundError, ProfileError
from rolegraph.lookup import Index
from rolegraph.profile import Held, Profile, profile_schema
from rolegraph.values import Certification, Responsibility, Role, Skill

yaml: Any = pytest.importorskip("yaml")

LEVELS = {"Awareness": 1.0, "Working": 2.0, "Practitioner": 3.0, "Expert": 4.0}


def level_rank(label: str, skill: Skill) -> float:
    """The four levels of a scale."""
    if label not in LEVELS:
        raise NotFoundError(label, f"level of {skill.label}", [])
    return LEVELS[label]


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    """Write a file."""

    def write(content: str | bytes, name: str = "me.yaml") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def wrong(path: Path) -> str:
    """The message of what is wrong with a file."""
    with pytest.raises(DataError) as error:
        Profile.read(path)
    return str(error.value)


# --- in Python


def test_forms_of_skills_come_to_the_same() -> None:
    expected = (("Agile", "Working"), ("SQL", 3.0), ("Go", None))
    forms: list[Any] = [
        {"Agile": "Working", "SQL": 3, "Go": None},
        [("Agile", "Working"), ("SQL", 3), "Go"],
        [{"Agile": "Working"}, {"name": "SQL", "level": 3}, {"name": "Go"}],
        iter([("Agile", "Working"), ("SQL", 3.0), ("Go", None)]),
    ]
    for form in forms:
        profile = Profile(skills=form)
        assert profile.skills == expected
        assert type(profile.skills[1][1]) is float


def test_values_of_the_library_are_taken(kg: rg.RoleGraph) -> None:
    role, skill = kg.role("Project Manager"), kg.skill("Planning")
    certification = kg.certification("ITIL")
    levels: dict[Skill, float] = {skill: 2}
    me = Profile(role, levels, [certification], past=[kg.role("Junior Project Manager")])
    assert me.skills == ((skill, 2.0),)
    held = me.resolve(kg.index)
    assert held == Held(role, me.past, ((skill, 2.0),), (certification,))  # type: ignore[arg-type]
    # their IRIs find the same again
    again = Profile.from_dict(me.to_dict())
    assert again != me
    assert again.resolve(kg.index) == held


def test_a_set_has_one_order() -> None:
    names: Any = {"b", "a", "d", "c"}
    assert Profile(role="x", certifications=names).certifications == ("a", "b", "c", "d")


def test_it_is_a_value(kg: rg.RoleGraph) -> None:
    me = Profile("Project Manager", {"Planning": 2}, name="Kim", notes=["by hand"])
    with pytest.raises(FrozenInstanceError):
        me.role = "x"  # type: ignore[misc]
    assert me == Profile("Project Manager", [("Planning", 2.0)], name="Kim")
    assert hash(me) == hash(Profile("Project Manager", [("Planning", 2.0)], name="Kim"))
    for other in (pickle.loads(pickle.dumps(me)), copy.copy(me), copy.deepcopy(me)):
        assert (other, other.notes) == (me, ("by hand",))
    other = replace(me, role="Delivery Manager")
    assert (other.role, other.skills, other.notes) == ("Delivery Manager", me.skills, me.notes)
    assert "_places" not in repr(me)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "profile: there is nothing to start from: give role, skills or past"),
        ({"certifications": ["ITIL"]}, "profile: there is nothing to start from"),
        ({"skills": "Agile, Scrum"}, "skills: there must be a list here, and this is the text"),
        ({"role": "x", "past": "y"}, "past: there must be a list here, and this is the text 'y'"),
        ({"role": ["x"]}, "role: the name of a role must be a text, and this is a list"),
        ({"role": 3}, "role: the name of a role must be a text, and this is the number 3"),
        ({"role": "  "}, "role: the name of a role must be a text, and this is empty"),
        ({"role": b"x"}, "role: the name of a role must be a text, and this is a bytes"),
        ({"role": "\ud800"}, "role: .* half a character"),
        ({"role": Skill("ex:s", "Knots", "skill")}, "there must be a role here, and 'Knots' is a"),
        ({"skills": [Role("ex:r", "Cook", "role")]}, r"skills\[0\]: there must be a skill here"),
        ({"skills": ["a", ("b", True)]}, r"skills\[1\]\[1\]: a level is .*, and this is True"),
        ({"skills": {"b": float("nan")}}, "a level is a label or a number, and this is .* nan"),
        ({"skills": {"b": 10**400}}, "a level is a label or a number, .* a number too large"),
        ({"skills": {"b": ""}}, r"skills\['b'\]: a level must be a text, and this is empty"),
        ({"skills": [("a", 1, 2)]}, r"skills\[0\]: the name of a skill .*, and this is a list"),
        ({"skills": {"a": [1]}}, r"skills\['a'\]: a level is a label .*, and this is a list"),
        ({"skills": [None]}, r"skills\[0\]: the name of a skill must be a text, and this is empty"),
        ({"skills": [{}]}, r"skills\[0\]: a skill needs a name"),
        ({"skills": [{"level": 3}]}, r"skills\[0\]: a skill needs a name"),
        ({"skills": [{"nam": "a", "level": 3}]}, "no part 'nam'; did you mean 'name'"),
        ({"skills": [{"name": "a", "years": 3}]}, "no part 'years'$"),
        ({"role": "x", "name": 5}, "name: the name of a person must be a text"),
    ],
)
def test_mistakes_in_python(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError, match=message):
        Profile(**arguments)


def test_all_mistakes_are_named_together() -> None:
    with pytest.raises(DataError) as error:
        Profile.from_dict({"rol": "x", "skills": [1, "a"], "past": "y"})
    assert str(error.value).splitlines() == [
        "3 mistakes in a profile:",
        "  rol: a profile has no part 'rol'; did you mean 'role'?",
        "  past: there must be a list here, and this is the text 'y'",
        "  skills[0]: the name of a skill must be a text, and this is the number 1",
    ]
    with pytest.raises(DataError, match=r"… and 50 more$") as error:
        Profile(skills=list(range(150)))  # type: ignore[arg-type]
    assert len(str(error.value).splitlines()) == 102


# --- files


def test_yaml_in_all_its_forms(file: Callable[..., Path]) -> None:
    me = Profile.read(
        file(
            """
            # who I am
            $schema: profile.schema.json
            name: Kim
            role: "esco:project manager"
            past:
              - Business Analyst
              - '2024'
            skills:
              - Agile
              - SQL: Working
              - {name: name, level: 3}
              - name: C++
                level: ~
              - "no": 1.5
            certifications: [PRINCE2]
            """
        )
    )
    assert me == Profile(
        "esco:project manager",
        [("Agile", None), ("SQL", "Working"), ("name", 3), ("C++", None), ("no", 1.5)],
        ["PRINCE2"],
        ["Business Analyst", "2024"],
        "Kim",
    )
    as_map = Profile.read(file("skills:\n  SQL: Working\n  Go:\n  level: 2\n", "me.YML"))
    assert as_map.skills == (("SQL", "Working"), ("Go", None), ("level", 2.0))
    empty = Profile.read(file("role: Cook\nname:\npast:\nskills: ~\ncertifications: []\n"))
    assert empty == Profile("Cook")
    with_mark = file(b"\xef\xbb\xbfrole: Cook\r\nskills: [Knives]\r\n")
    assert Profile.read(str(with_mark)) == Profile("Cook", ["Knives"])
    with_mark = file(b'\xef\xbb\xbf{"role": " Cook ", "skills": ["Knives\\n"]}', "me.json")
    assert Profile.read(with_mark) == Profile("Cook", ["Knives"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("role: no", "me.yaml, line 1: the name of a role must be a text, and this is no, read as "
                     'yes or no; in quotes it is one: "no"'),
        ("role: 2024", "the number 2024; in quotes it is one: \"2024\""),
        ("role: 0x1F", "this is 0x1F, read as a number of another notation"),
        ("role: 2024-03-01", "this is 2024-03-01, read as a date; in quotes it is one"),
        ("role: !!python/name:os.system x", "this is x, read as python/name:os.system"),
        ("role: !!binary aGk=", "read as binary data"),
        ("skills:\n- Agile\n- on", "me.yaml, line 3: the name of a skill .* this is on, read as"),
        ("skills:\n  no: 3", "me.yaml, line 2: the name of a skill must be a text, and this is no"),
        ("skills:\n- yes: 3", "me.yaml, line 2: the name of a skill must be a text, and this is y"),
        ("skills:\n  SQL: 012", "line 2: a level is .* 012, read as a number of another notation; "
                                'in quotes it is a label: "012"'),
        ("skills:\n  SQL: 1:30", "1:30, read as a number of another notation"),
        ("skills:\n  SQL: .inf", ".inf, read as a number of another notation"),
        ("skills:\n  SQL: yes", "a level is a label or a number, and this is yes, read as yes or"),
        ("skills:\n- [Agile, Scrum]", "line 2: the name of a skill must be a text, .* a list"),
        ("skills:\n- SQL: 3\n  Go: 2", "me.yaml, line 2: a skill has a name and a level, and no "
                                       "part 'SQL'"),
        ("skills: Agile", "me.yaml, line 1: there must be a list here, and this is the text 'Agil"),
        ("role: a\npast:\n  b: c", "line 3: there must be a list here, and this is a set of name"),
        ("role: a\nrole: b", "me.yaml, line 2: 'role' is given twice"),
        ("skills:\n  a: 1\n  b: 2\n  a: 3", "me.yaml, line 4: 'a' is given twice"),
        ("skills:\n- {name: a, name: b}", "me.yaml, line 2: 'name' is given twice"),
        ("role: a\nSkills: [b]", "line 2: a profile has no part 'Skills'; did you mean 'skills'"),
        ("role: a\ncertificates: b", "no part 'certificates'; did you mean 'certifications'"),
        ("role: a\nyes: b", "line 2: the name of a part must be a text, and this is yes, read as"),
        ("base: &b {role: a}\n<<: *b", "line 2: the name of a part .* this is <<"),
        ("- role: a", "me.yaml, line 1: a profile has the form name: value, and this is a list"),
        ("just words", "me.yaml, line 1: a profile has the form name: value, .* 'just words'"),
        ("name: Kim", "me.yaml, line 1: there is nothing to start from"),
        ("role: a: b", "me.yaml, line 1, column 8: not YAML: mapping values are not allowed here"),
        ("role: a\n\tskills: b", "me.yaml, line 2, column 1: not YAML"),
        ("role: a\n---\nrole: b", "me.yaml, line 2, column 1: not YAML"),
        ("skills: [a, *b]", "not YAML: found undefined alias"),
        ("skills: &a [*a]", "the name of a skill must be a text, and this is a list"),
        ('role: "\\UFFFFFFFF"', "me.yaml: not YAML"),
        ("role: a\x00", "me.yaml: not YAML"),
        ("[" * 600, "me.yaml: lists are nested too deeply to be read"),
        ("", "me.yaml: the file is empty"),
        ("# only a remark\n", "me.yaml: the file is empty"),
        ("~", "me.yaml: the file is empty"),
        (b"role: Caf\xe9", r"me.yaml, line 1: the file is not UTF-8 \(byte 10 is 0xE9\)"),
        ("role: a".encode("utf-16"), "me.yaml, line 1: the file is UTF-16"),
    ],
)  # fmt: skip
def test_mistakes_in_yaml(file: Callable[..., Path], text: str | bytes, message: str) -> None:
    assert re.search(message, wrong(file(text)))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"role": "a",\n "past": }', "me.json, line 2, column 10: not JSON: Expecting value"),
        ('{"role": "a", "role": "b"}', "me.json, /role: 'role' is given twice"),
        ('{"skills": {"a/b": 1, "a/b": 2}}', "me.json, /skills/a~1b: 'a/b' is given twice"),
        ('{"skills": ["a", 2024]}', "me.json, /skills/1: the name of a skill .* the number 2024$"),
        ('{"skills": ["a", {"b~": NaN}]}', "me.json, /skills/1/b~0: a level .* NaN, read as no"),
        ('{"skills": [["a", "b"]]}', "me.json, /skills/0: the name of a skill .* a list"),
        ('{"skills": [{"name": "a", "level": false}]}', "me.json, /skills/0/level: .* false"),
        ('{"skills": {"a": 1e999}}', "me.json, /skills/a: a level .* the number inf"),
        ('{"skills": {"a": ' + "9" * 5000 + "}}", "me.json: not JSON: Exceeds the limit"),
        ('{"role": "\\ud800"}', "me.json, /role: .* half a character"),
        ('{"role": true}', "me.json, /role: the name of a role must be a text, and this is true"),
        ('{"roles": "a"}', "me.json, /roles: a profile has no part 'roles'; did you mean 'role'"),
        ("[]", "me.json: a profile has the form name: value, and this is a list"),
        ("{}", "me.json: there is nothing to start from"),
        ("  \n", "me.json: the file is empty"),
        ("[" * 200_000, "me.json: lists are nested too deeply to be read"),
    ],
)
def test_mistakes_in_json(file: Callable[..., Path], text: str, message: str) -> None:
    assert re.search(message, wrong(file(text, "me.json")))


def test_what_is_no_file_of_a_profile(file: Callable[..., Path], tmp_path: Path) -> None:
    assert "no profile none.yaml: there is no file at" in wrong(tmp_path / "none.yaml")
    (tmp_path / "folder.json").mkdir()
    assert "there is no file at" in wrong(tmp_path / "folder.json")
    assert "a file that ends in .yaml, .yml or .json" in wrong(file("role: a", "me.toml"))


def test_without_pyyaml_json_is_read(
    file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **more: Any) -> Any:
        if name == "yaml":
            raise ImportError(name)
        return real(name, *args, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    assert Profile.read(file('{"role": "Cook"}', "me.json")).role == "Cook"
    with pytest.raises(ExtraMissingError, match=r'pyyaml: pip install "rolegraph\[store\]"'):
        Profile.read(file("role: Cook"))


# --- résumés

RESUME: dict[str, Any] = {
    "basics": {"name": "Kim", "label": "Mover of mountains", "email": "kim@example.org"},
    "work": [
        {"name": "Third", "position": "Delivery Manager", "startDate": "2021-05"},
        {"name": "First", "position": "Clerk", "startDate": "2010", "endDate": "2012-01-31"},
        {"name": "Second", "position": "Project Manager", "startDate": "2012-02-01",
         "endDate": "2021-04"},
        {"name": "Fourth", "summary": "helped out"},
    ],
    "skills": [
        {"name": "Planning", "level": "Master", "keywords": ["Gantt", "", "Leadership"]},
        {"name": "", "keywords": ["Negotiation"]},
        {"level": "Beginner"},
    ],
    "certificates": [{"name": "PRINCE2", "issuer": "X", "date": "2015-01-01"}, {"issuer": "Y"}],
    "education": [{"area": "Knots"}],
    "x-mine": 3,
}  # fmt: skip


def test_resume(file: Callable[..., Path], kg: rg.RoleGraph) -> None:
    me = Profile.read(file(json.dumps(RESUME), "resume.json"))
    skills = ["Planning", "Gantt", "Leadership", "Negotiation"]
    assert me == Profile(
        "Delivery Manager", skills, ["PRINCE2"], ["Project Manager", "Clerk"], "Kim"
    )
    assert me.notes == (
        "not read as a role: basics.label, 'Mover of mountains'",
        "work[3] has no position",
        "the level 'Master' of 'Planning' is on no scale of a source: left as not known",
        "skills[2] has neither a name nor keywords",
        "certificates[1] has no name",
        "not read: education, x-mine",
    )
    with pytest.raises(ProfileError) as error:
        me.resolve(kg.index)
    assert [p.split(";")[0] for p in error.value.problems] == [
        "resume.json, /work/1/position: no role 'Clerk'",
        "resume.json, /skills/0/keywords/0: no skill 'Gantt'",
    ]
    held = me.resolve(kg.index, unknown="drop")
    assert [(d.name, d.kind) for d in held.dropped] == [("Clerk", "role"), ("Gantt", "skill")]
    assert [r.label for r in held.past] == ["Project Manager"]
    assert [s.label for s, _ in held.skills] == ["Planning", "Leadership", "Negotiation"]
    # the same in YAML, where dates are dates and a year is a number
    assert Profile.read(file(yaml.safe_dump(RESUME))) == me
    bare = re.sub(r"'(\d{4}(-\d\d){0,2})'", r"\1", yaml.safe_dump(RESUME))
    assert "startDate: 2010\n" in bare
    assert Profile.read(file(bare)) == me
    assert Profile.from_dict(RESUME) == me


@pytest.mark.parametrize(
    ("work", "role", "past", "note"),
    [
        # position, start, end
        ([("a", "2010", "2012"), ("b", "2013-01-01", "2014")], "b", ["a"], "is without an end"),
        ([("a", "2010", ""), ("b", "2013", "2014"), ("c", "2009", "Present")], "a", ["b", "c"],
         "2 positions are without an end: 'a' began last"),
        ([("a", None, None), ("b", None, "2014")], "a", ["b"], ""),
        ([("a", None, "2012"), ("b", "2001", "2014"), ("c", None, "2002")], "b",
         ["a", "c"], "'b' began last"),
        ([("a", "2013", "2014"), ("b", "2013-02", "2014")], "b", ["a"], "'b' began last"),
        ([("a", "2013", "2014"), ("b", "2013", "2014")], "a", ["b"], "'a' began last"),
    ],
)  # fmt: skip
def test_which_position_is_the_role(
    work: list[tuple[str, str | None, str | None]], role: str, past: list[str], note: str
) -> None:
    keys = ("position", "startDate", "endDate")
    entries = [
        {k: v for k, v in zip(keys, w, strict=True) if v is not None or k == "endDate"}
        for w in work
    ]
    me = Profile.from_dict({"work": entries})
    assert (me.role, list(me.past)) == (role, past)
    assert len(me.notes) == bool(note)
    assert note in "".join(me.notes)


@pytest.mark.parametrize(
    ("resume", "message"),
    [
        ({"work": [{"position": "a", "startDate": "May 2020"}]}, "work/0/startDate: a date has"),
        ({"work": [{"position": "a", "endDate": "2020-13"}]}, "work/0/endDate: a date has"),
        ({"basics": {}, "certifications": []}, "no part 'certifications'; did .* 'certificates'"),
        ({"work": [{"position": 3}]}, "/work/0/position: a position must be a text"),
        ({"work": ["Cook"]}, "/work/0: an entry of work has the form name: value"),
        ({"basics": {}, "work": {}}, "/work: there must be a list here"),
        ({"basics": {}, "skills": [{"name": "a", "keywords": "b"}]}, "/skills/0/keywords: there"),
        ({"basics": {}, "skils": [{"name": "a"}]}, "a résumé has no part 'skils'; did you mean 's"),
        ({"basics": {"name": "Kim"}}, "there is nothing to start from: give work or skills"),
        ({"$schema": "https://x.org/resume-schema/v1.0.0/schema.json"}, "give work or skills"),
        # a profile, whatever else it holds
        ({"role": "a", "work": []}, "/work: a profile has no part 'work'"),
    ],
)
def test_mistakes_in_a_resume(
    file: Callable[..., Path], resume: dict[str, Any], message: str
) -> None:
    assert re.search(message, wrong(file(json.dumps(resume), "resume.json")))


def test_skills_with_keywords_make_a_resume() -> None:
    me = Profile.from_dict({"skills": [{"name": "a", "level": "Master", "keywords": ["b"]}]})
    assert me.skills == (("a", None), ("b", None))
    mine = Profile.from_dict({"skills": [{"name": "a", "level": "Master"}]})
    assert mine.skills == (("a", "Master"),)


# --- looking names up

COOK, BAKER = Role("ex:cook", "Cook", "role"), Role("ex:baker", "Baker", "role", ("Bread cook",))
KNIVES, DOUGH = Skill("ex:knives", "Knives", "skill"), Skill("ex:dough", "Dough", "skill")
TWINS = [Skill(f"ex:{k}", "Spices", "skill", source=f"{k}-1") for k in ("east", "west")]
PAPER = Certification("ex:paper", "Hygiene", "certification")
KITCHEN = Index.of([COOK, BAKER, KNIVES, DOUGH, *TWINS, PAPER, Responsibility("ex:x", "Serving")])


def test_all_that_is_wrong_is_said_at_once() -> None:
    me = Profile(
        "Cok",
        ["Knives", "Knive", "Spices", "Hygiene", "Baker", ("Dough", "Wroking"), "Serving"],
        ["Hygene"],
        ["Baker", "ex:nobody"],
    )
    with pytest.raises(ProfileError) as error:
        me.resolve(KITCHEN, level_rank)
    assert error.value.problems == (
        "role: no role 'Cok'; did you mean 'Cook' or 'Baker'?",
        "past[1]: no role 'ex:nobody'",
        "skills[1]: no skill 'Knive'; did you mean 'Knives'?",
        "skills[2]: the label 'Spices' names 2 skills: Spices (east-1; ex:east), "
        "Spices (west-1; ex:west); use the full label or the CURIE",
        "skills[3]: no skill 'Hygiene', but a certification of that name: list it there",
        "skills[4]: no skill 'Baker', but a role of that name: list it there",
        "skills[5]: no level of Dough 'Wroking'",
        "skills[6]: no skill 'Serving'",
        "certifications[0]: no certification 'Hygene'; did you mean 'Hygiene'?",
    )
    lines = str(error.value).splitlines()
    assert lines[0] == "the profile has 9 names that cannot be resolved:"
    assert lines[1:] == [f"  {p}" for p in error.value.problems]
    assert isinstance(error.value, LookupError)

    held = me.resolve(KITCHEN, level_rank, unknown="drop")
    assert tuple(map(str, held.dropped)) == error.value.problems
    assert (held.role, held.past, held.certifications) == (None, (BAKER,), ())
    assert held.skills == ((KNIVES, None), (DOUGH, None))
    by_name = {d.name: d for d in held.dropped}
    assert by_name["Cok"].suggestions == ("Cook", "Baker")
    assert by_name["Spices"].suggestions[0] == "Spices (east-1; ex:east)"
    assert (by_name["Wroking"].kind, by_name["Wroking"].place) == ("level", "skills[5]")


def test_one_mistake_many_mistakes() -> None:
    with pytest.raises(
        ProfileError, match=r"^the profile has a name that cannot be resolved:\n  r"
    ):
        Profile("x").resolve(KITCHEN)
    with pytest.raises(ProfileError, match=r"has 150 names(.|\n)*… and 50 more$") as error:
        Profile(skills=[f"y{i}" for i in range(150)]).resolve(KITCHEN)
    assert len(error.value.problems) == 150
    assert len(str(error.value).splitlines()) == 102


def test_qualified_and_other_names() -> None:
    me = Profile("bread COOK", ["east:Spices", "ex:west"], past=["Cook"])
    # ex: is no prefix that is known, so the IRI goes by its full form only
    with pytest.raises(ProfileError, match=r"skills\[1\]: no skill 'ex:west'"):
        me.resolve(KITCHEN)
    held = replace(me, skills=(("east:Spices", None), (TWINS[1], None))).resolve(KITCHEN)
    assert held == Held(BAKER, (COOK,), ((TWINS[0], None), (TWINS[1], None)))


def test_a_value_of_another_graph() -> None:
    stranger = Role("https://w3id.org/rolegraph/role/cook", "Coook", "role")
    with pytest.raises(ProfileError, match=r"role: no role 'Coook \(role:cook\)'; did .* 'Cook'"):
        Profile(stranger).resolve(KITCHEN)


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ({"role": "x"}, "role"),
        ({"past": ["Cook", "x"]}, "past[1]"),
        ({"skills": ["Knives", ("x", 3)]}, "skills[1]"),
        ({"skills": {"Knives": 1, "x": 3}}, "skills['x']"),
        ({"skills": [{"x": 3}]}, "skills[0]['x']"),
        ({"skills": [{"name": "x"}]}, "skills[0]['name']"),
        ({"work": [{"position": "x"}]}, "work[0]['position']"),
        ({"work": [{"position": "Cook"}], "certificates": [{"name": "x"}]},
         "certificates[0]['name']"),
    ],
)  # fmt: skip
def test_places_without_a_file(data: dict[str, Any], place: str) -> None:
    ways = [Profile.from_dict] if "work" in data else [Profile.from_dict, lambda d: Profile(**d)]
    for make in ways:
        with pytest.raises(ProfileError) as error:
            make(data).resolve(KITCHEN)
        kind = {"r": "role", "p": "role", "s": "skill", "w": "role", "c": "certification"}[place[0]]
        assert error.value.problems[0].split(";")[0] == f"{place}: no {kind} 'x'"


def test_notes_are_a_list() -> None:
    with pytest.raises(DataError, match="notes: there must be a list"):
        Profile("Cook", notes="one")


def test_nothing_left_is_an_error() -> None:
    me = Profile("Nobody", ["Nothing"], ["Hygiene"])
    with pytest.raises(ProfileError, match="2 names"):
        me.resolve(KITCHEN, unknown="drop")
    with pytest.raises(ValueError, match="no way 'ignore'"):
        me.resolve(KITCHEN, unknown="ignore")


def test_labels_of_levels_need_a_scale() -> None:
    me = Profile(skills={"Knives": "Working", "Dough": 2})
    with pytest.raises(ProfileError, match=r"skills\['Knives'\]: no scale is .* give a number"):
        me.resolve(KITCHEN)
    assert me.resolve(KITCHEN, unknown="drop").skills == ((KNIVES, None), (DOUGH, 2.0))
    assert me.resolve(KITCHEN, level_rank).skills == ((KNIVES, 2.0), (DOUGH, 2.0))


def test_the_role_is_not_a_past_role_too() -> None:
    held = Profile("Cook", past=["Baker", "cook", "Bread cook"]).resolve(KITCHEN)
    assert (held.role, held.past) == (COOK, (BAKER,))


def test_places_stay_with_the_file(file: Callable[..., Path]) -> None:
    me = Profile.read(file("role: Cook\nskills:\n  - Knives\n  - Forks\n"))
    for profile in (me, pickle.loads(pickle.dumps(me)), copy.copy(me)):
        with pytest.raises(ProfileError, match=r"  me.yaml, line 4: no skill 'Forks'"):
            profile.resolve(KITCHEN)
    # what is made of it stands in no file
    with pytest.raises(ProfileError, match=r"  skills\[0\]: no skill 'Spoons'"):
        replace(me, skills=(("Spoons", None),)).resolve(KITCHEN)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Knives", "knives", "Dough", "ex:dough", "east:Spices"]),
            st.one_of(st.none(), st.sampled_from(sorted(LEVELS)), st.floats(0, 7)),
        ),
        min_size=1,
    )
)
def test_skills_named_twice(skills: list[tuple[str, str | float | None]]) -> None:
    things = {"knives": KNIVES, "dough": DOUGH, "ex:dough": DOUGH, "east:spices": TWINS[0]}
    skills = [(DOUGH.label if n == "ex:dough" else n, level) for n, level in skills]
    expected: dict[Skill, float | None] = {}
    for name, level in skills:
        skill, rank = things[name.lower()], LEVELS[level] if isinstance(level, str) else level
        before = expected.get(skill)
        # unknown is below all that is known
        expected[skill] = max(before, rank, key=lambda r: -1 if r is None else r)
    held = Profile(skills=skills).resolve(KITCHEN, level_rank)
    assert list(held.skills) == list(expected.items())


def test_levels_of_the_uk_framework(shared_data: Path, tmp_path: Path) -> None:
    rg.import_source("gdad", shared_data / "uk-gdad", into=tmp_path / "store")
    kg = rg.open(tmp_path / "store")
    role = kg.role("gdad:delivery-manager")
    asked = {r.skill.label: r for r in kg.requirements(role)}
    ranks = {r.level: r.level_rank for r in asked.values() if r.level}

    def rank(label: str, skill: Skill) -> float:
        found = ranks.get(label)
        if found is None:
            raise NotFoundError(label, "level", sorted(ranks))
        return found

    path = tmp_path / "me.yaml"
    path.write_text(
        "role: gdad:delivery-manager\n"
        "skills:\n  Planning: Working\n  Making a process work: Expert\n"
        "  Commercial management:\n"
    )
    held = Profile.read(path).resolve(kg.index, rank)
    assert held.role == role
    # asked for at the level of a practitioner, of an expert, and at work
    assert [(s.label, level, asked[s.label].level_rank) for s, level in held.skills] == [
        ("Planning", 2.0, 3.0),
        ("Making a process work", 4.0, 4.0),
        ("Commercial management", None, 2.0),
    ]
    path.write_text("skills: {Planning: Wroking}")
    with pytest.raises(ProfileError, match=r"me.yaml, line 1: no level 'Wroking'"):
        Profile.read(path).resolve(kg.index, rank)


# --- any profile

NAMES = st.one_of(
    st.sampled_from(["no", "2024", "1.5", "2024-01-01", "~", "C#", "a: b", "- x", "esco:x"]),
    st.sampled_from(["name", "level", "role"]),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
).filter(lambda t: bool(t.strip()))  # fmt: skip
LEVEL = st.one_of(st.none(), NAMES, st.floats(allow_nan=False, allow_infinity=False))
PROFILES = st.builds(
    Profile,
    role=st.one_of(st.none(), NAMES),
    skills=st.lists(st.tuples(NAMES, LEVEL), max_size=5),
    certifications=st.lists(NAMES, max_size=3),
    past=st.lists(NAMES, min_size=1, max_size=3),
    name=st.one_of(st.none(), NAMES),
)


@given(PROFILES)
def test_a_profile_goes_through_plain_data(profile: Profile) -> None:
    data = profile.to_dict()
    assert Profile.from_dict(data) == profile
    assert Profile.from_dict(json.loads(json.dumps(data))) == profile
    assert Profile(**data) == profile


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for files that are written over and over."""
    return tmp_path_factory.mktemp("profiles")


@given(PROFILES)
@settings(deadline=None, max_examples=60)
def test_a_profile_goes_through_files(folder: Path, profile: Profile) -> None:
    data = profile.to_dict()
    (folder / "me.json").write_text(json.dumps(data), encoding="utf-8")
    assert Profile.read(folder / "me.json") == profile
    (folder / "me.yaml").write_text(yaml.safe_dump(data), encoding="utf-8")
    assert Profile.read(folder / "me.yaml") == profile


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.sampled_from(["a", "b", "", " ", "Working"])
)
ENTRY = st.dictionaries(st.sampled_from(["name", "level", "a", "years"]), SCALARS, max_size=3)
DOCUMENT = st.fixed_dictionaries(
    {},
    optional={
        "name": SCALARS,
        "role": SCALARS,
        "past": st.one_of(SCALARS, st.lists(SCALARS, max_size=2)),
        "certifications": st.one_of(SCALARS, st.lists(SCALARS, max_size=2)),
        "skills": st.one_of(
            SCALARS, ENTRY, st.lists(st.one_of(SCALARS, ENTRY, st.lists(SCALARS)), max_size=3)
        ),
        "rol": SCALARS,
        "$schema": st.just("x"),
    },
)


@given(DOCUMENT)
@settings(deadline=None, max_examples=400)
def test_the_schema_says_what_is_read(document: dict[str, Any]) -> None:
    jsonschema: Any = pytest.importorskip("jsonschema")
    valid = jsonschema.Draft202012Validator(profile_schema()).is_valid(document)
    try:
        Profile.from_dict(document)
    except DataError:
        assert not valid
    else:
        assert valid


def test_the_schema_is_one(file: Callable[..., Path]) -> None:
    jsonschema: Any = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator.check_schema(profile_schema())
    check = jsonschema.Draft202012Validator(profile_schema()).is_valid
    good: list[Any] = [
        {"role": "a"},
        {"skills": {"a": "Working", "b": 3, "c": None}},
        {"skills": ["a", {"b": 3}, {"name": "c", "level": None}], "certifications": ["d"]},
        {"past": ["a"], "role": None, "name": "Kim"},
    ]
    assert all(check(d) for d in good)
    for d in good:
        Profile.from_dict(d)
    bad: list[Any] = [{}, {"role": ""}, {"skills": [{"level": 3}]}, {"skills": []}, {"rol": "a"}]
    assert not any(check(d) for d in bad)


@given(st.one_of(st.text("ab: -[]{}&*#'\"\n\t!~?|>%@,0\x85\ufeff"), st.text(), st.binary()))
@settings(deadline=None, max_examples=300)
def test_any_file_is_read_or_refused(folder: Path, content: str | bytes) -> None:
    data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    for name in ("any.yaml", "any.json"):
        (folder / name).write_bytes(data)
        with pytest.raises(DataError, match=re.escape(name)):
            assert Profile.read(folder / name) is None
