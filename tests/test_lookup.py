from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rolegraph as rg
from rolegraph.errors import AmbiguousLabelError, NotFoundError
from rolegraph.lookup import Index
from rolegraph.values import Concept, Role, Skill
from rolegraph.vocab import PREFIXES
from tests.reading import COO, DIRECTOR, DM, HEAD, JUNIOR, PM, PORTFOLIO, PROGRAM, ROLES, SDM, SPM

MANY = settings(max_examples=200, deadline=None, derandomize=True, database=None)
ROLE = PREFIXES["role"]


# --- by what people call things


def test_all_roles_by_label(either: rg.RoleGraph) -> None:
    assert {r.label for r in either.roles()} == set(ROLES)
    for name in ROLES:
        role = either.role(name)
        assert isinstance(role, Role)
        assert role.label == name
        assert role.kind == "role"


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Delivery Manager", DM),
        ("delivery manager", DM),
        ("DELIVERY MANAGER", DM),
        ("  Delivery Manager\n", DM),
        ("DM", DM),
        ("dm", DM),
        ("COO", COO),
        (" coo ", COO),
        ("Chief Operating Officer", COO),
        ("chief operating officer", COO),
        ("HoD", HEAD),
        ("Director of Delivery", DIRECTOR),
        ("Programme Manager", PROGRAM),
        ("PfM", PORTFOLIO),
        ("SDM", SDM),
        ("Senior PM", SPM),
        ("Junior PM", JUNIOR),
        ("role:delivery-manager", DM),
        (" role:delivery-manager ", DM),
        (f"{ROLE}delivery-manager", DM),
        (f"<{ROLE}delivery-manager>", DM),
        (f"\t<{ROLE}delivery-manager> ", DM),
    ],
)
def test_role_by_any_name(either: rg.RoleGraph, name: str, label: str) -> None:
    assert either.role(name).label == label
    assert either.find(name) == either.role(name)


def test_other_kinds_by_name(either: rg.RoleGraph) -> None:
    assert either.skill("negotiation").iri == PREFIXES["skill"] + "negotiation"
    assert either.certification("itil").label == "ITIL"
    assert either.certification("Project Management Professional").label == "PMP"
    assert either.certification("certification:prince2").label == "PRINCE2"
    assert either.find("Delivery management").kind == "role family"
    assert either.find("rg:seniorLevel").label == "senior"


def test_a_thing_finds_itself(kg: rg.RoleGraph) -> None:
    role, skill = kg.role(DM), kg.skill("Leadership")
    assert kg.role(role) is role
    assert kg.find(skill) is skill
    # a bare concept that names a role is looked up
    assert kg.role(Concept(role.iri, "whatever")) == role  # type: ignore[arg-type]


def test_exact_names_come_before_folded_ones_and_labels_before_others() -> None:
    label, alt = Concept("urn:1", "Lead"), Concept("urn:2", "Head", alt_labels=("Lead", "HEAD"))
    folded, shout = Concept("urn:3", "lead"), Concept("urn:4", "Boss", alt_labels=("BOSS",))
    index = Index.of([shout, folded, alt, label])
    assert index.find("Lead") is label
    assert index.find("lead") is folded
    assert index.find("HEAD") is alt
    assert index.find("head") is alt
    assert index.find("boss") is shout
    with pytest.raises(AmbiguousLabelError) as caught:
        index.find("LEAD")
    assert caught.value.candidates == ("Lead (urn:1)", "lead (urn:3)")


def test_names_fold_case_beyond_ascii() -> None:
    index = Index.of([Concept("urn:1", "Straßenmeister"), Concept("urn:2", "Ökonom")])
    assert index.find("STRASSENMEISTER").iri == "urn:1"
    assert index.find("ÖKONOM").iri == "urn:2"


def test_kind_settles_a_shared_label(either: rg.RoleGraph) -> None:
    assert isinstance(either.skill("Risk management"), Skill)
    with pytest.raises(AmbiguousLabelError) as caught:
        either.find("Risk management")
    assert caught.value.candidates == (
        "Risk management (skill:risk-management)",
        "Risk management (topic:risk-management)",
    )


def test_a_source_in_front_of_a_label_settles_it() -> None:
    a = Role("urn:a", "lead", source="esco-1.1.1")
    b = Role("urn:b", "Lead", alt_labels=("head",), source="own-2026-01-05")
    c = Role("urn:c", "esco:head")
    index = Index.of([a, b, c])
    assert index.find("esco:LEAD") is a
    for key in ("own", "own-2026", "OWN-2026-01-05"):
        assert index.find(f"{key}: head") is b
    assert index.find("esco:head") is c  # a label that looks so comes first
    with pytest.raises(AmbiguousLabelError) as caught:
        index.find("LEAD")
    assert caught.value.candidates == ("Lead (own-2026-01-05; urn:b)", "lead (esco-1.1.1; urn:a)")
    with pytest.raises(NotFoundError) as missed:
        index.find("own:haed")
    assert missed.value.suggestions == ("own:Lead",)
    assert index.sources() == {"esco-1.1.1", "own-2026-01-05"}


def test_all_of_a_kind_by_label() -> None:
    things = [Skill("urn:3", "b"), Role("urn:2", "b"), Role("urn:1", "b"), Role("urn:4", "a")]
    index = Index.of(things)
    assert [r.iri for r in index.all(Role)] == ["urn:4", "urn:1", "urn:2"]
    assert (index.count(), index.count(Role), index.count(Skill)) == (4, 3, 1)
    assert len(index.all(Concept)) == 4


# --- by a name that several things bear


@pytest.mark.parametrize("name", ["PM", "pm", " Pm "])
def test_pm_is_ambiguous(either: rg.RoleGraph, name: str) -> None:
    for find in (either.role, either.find):
        with pytest.raises(AmbiguousLabelError) as caught:
            find(name)
        error = caught.value
        assert error.name == name.strip()
        assert error.candidates == (
            f"{PORTFOLIO} (role:portfolio-manager)",
            f"{PROGRAM} (role:program-manager)",
            f"{PM} (role:project-manager)",
        )
        assert isinstance(error, LookupError)
        assert all(candidate in str(error) for candidate in error.candidates)
        assert "CURIE" in str(error)
    with pytest.raises(AmbiguousLabelError):
        either.route("PM", COO)


# --- by a name that nothing bears

MISSPELT = [
    ("Projct Manager", PM),
    ("Project Manger", PM),
    ("Delivery Manger", DM),
    ("Delivry Manager", DM),
    ("Delivry Director", DIRECTOR),
    ("Hed of Delivery", HEAD),
    ("Cheif Operations Officer", COO),
    ("Chief Operation Oficer", COO),
    ("Programm Manager", PROGRAM),
    ("Portfolio Manger", PORTFOLIO),
    ("senior delivry manager", SDM),
    ("senior project manger", SPM),
    ("Junor Project Manager", JUNIOR),
    ("Directer of Project Managment", "Director of Project Management"),
]


@pytest.mark.parametrize(("name", "label"), MISSPELT)
def test_misspelt_role_is_suggested_first(kg: rg.RoleGraph, name: str, label: str) -> None:
    for find in (kg.role, kg.find):
        with pytest.raises(NotFoundError) as caught:
            find(name)
        assert caught.value.suggestions[0] == label
        assert len(caught.value.suggestions) <= 3
        assert f"did you mean {label!r}" in str(caught.value)
        assert repr(name) in str(caught.value)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Comunication", "Communication"),
        ("budget managment", "Budget management"),
        ("Negociation", "Negotiation"),
        ("Leadreship", "Leadership"),
        ("Organization", "Organisation"),
        ("Strategic oversite", "Strategic oversight"),
    ],
)
def test_misspelt_skill_is_suggested_first(kg: rg.RoleGraph, name: str, label: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        kg.skill(name)
    assert caught.value.suggestions[0] == label
    assert caught.value.kind == "skill"


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("PRINCE 2", "PRINCE2"),
        ("Scrum Mastr", "Scrum Master"),
        ("ITLI", "ITIL"),
        ("PMPP", "PMP"),
    ],
)
def test_misspelt_certification_is_suggested_first(kg: rg.RoleGraph, name: str, label: str) -> None:
    for find in (kg.certification, kg.find):
        with pytest.raises(NotFoundError) as caught:
            find(name)
        assert caught.value.suggestions[0] == label


@pytest.mark.parametrize("name", ["", "   ", "xyzzy", "role:nobody", "https://example.org/x"])
def test_nothing_near_is_not_guessed_at(either: rg.RoleGraph, name: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        either.role(name)
    assert caught.value.suggestions == ()
    assert caught.value.name == name.strip()
    assert str(caught.value) == f"no role {name.strip()!r}"


def test_suggestions_are_few_and_differ(kg: rg.RoleGraph) -> None:
    assert len(kg.index.suggest("delivery", limit=5)) == 5
    found = kg.index.suggest("Manager", Role, limit=20)
    assert len(set(found)) == len(found)
    assert set(found) <= set(ROLES)
    assert kg.index.suggest("Manager", Role, limit=1) == found[:1]


# --- as something it is not


def test_what_is_no_name_is_refused(kg: rg.RoleGraph) -> None:
    for name in (None, 3, ["Project Manager"]):
        with pytest.raises(
            TypeError, match=f"a role is given by its name.*{re.escape(repr(name))}"
        ):
            kg.role(name)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="a role is given by its name"):
        kg.route(1, 2)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="a role family is given by its name"):
        kg.roles(3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="what is searched for is a text, not 3"):
        kg.search(3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="kind must be a class"):
        kg.search("x", kind="role")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="limit must be a whole number"):
        kg.search("x", limit="3")  # type: ignore[arg-type]


def test_a_family_is_found_among_families(kg: rg.RoleGraph) -> None:
    one = kg.roles("Delivery management")
    assert one
    assert kg.roles("DELIVERY MANAGEMENT") == kg.roles("family:delivery-management") == one
    for ask in (kg.roles, lambda name: kg.picture(family=name)):
        with pytest.raises(NotFoundError, match="no role family 'Delivry'; did you mean 'Deliver"):
            ask("Delivry")
        with pytest.raises(NotFoundError, match="that is a skill, not a role family; did you mean"):
            ask("Leadership")


def test_lists_are_in_the_order_of_a_dictionary(tmp_path: Path) -> None:
    data = "@prefix rg: <https://w3id.org/rolegraph/ontology#> .\n" + "\n".join(
        f'<urn:r{i}> a rg:Role ; skos:prefLabel "{label}"@en .'
        for i, label in enumerate(("Zebra", "apple", "Apple", "Émile", "banana"))
    )
    path = tmp_path / "own.ttl"
    path.write_text(f"@prefix skos: <{PREFIXES['skos']}> .\n{data}", "utf-8")
    labels = [r.label for r in rg.load(path, validate=False).roles()]
    own = [x for x in labels if x in ("Zebra", "apple", "Apple", "banana")]
    assert own == ["Apple", "apple", "banana", "Zebra"]


def test_wrong_kind(either: rg.RoleGraph) -> None:
    wrong: list[tuple[Callable[[str], object], str, str, str]] = [
        (either.role, "Leadership", "role", "skill"),
        (either.role, "skill:leadership", "role", "skill"),
        (either.role, PREFIXES["skill"] + "leadership", "role", "skill"),
        (either.role, "ITIL", "role", "certification"),
        (either.skill, "Delivery Manager", "skill", "role"),
        (either.skill, "PM", "skill", "role"),
        (either.certification, "Negotiation", "certification", "skill"),
    ]
    for find, name, kind, other in wrong:
        with pytest.raises(NotFoundError, match=rf"^no {kind} '{name}'") as caught:
            find(name)
        assert caught.value.kind == kind
        assert (caught.value.other or "").startswith(other)
        assert f"that is a {other}" in str(caught.value)
        for label in caught.value.suggestions:  # of the kind asked for
            assert find(label)
    with pytest.raises(NotFoundError):
        either.role(either.skill("Leadership"))  # type: ignore[arg-type]


# --- every name there is

Names = list[tuple[str, Concept]]


@pytest.fixture(scope="module")
def names(kg: rg.RoleGraph) -> Names:
    return [(n, c) for c in kg.index.by_iri.values() for n in (c.label, *c.alt_labels)]


def bearers(names: Names, name: str) -> set[str]:
    folded = name.casefold()
    return {f"{c.label} ({c.curie})" for n, c in names if n.casefold() == folded}


def ask(kg: rg.RoleGraph, name: str) -> Concept | NotFoundError | AmbiguousLabelError:
    try:
        return kg.find(name)
    except (NotFoundError, AmbiguousLabelError) as error:
        return error


def test_every_label_finds_its_thing_or_all_that_bear_it(
    either: rg.RoleGraph, names: Names
) -> None:
    assert len(names) > 200
    several = 0
    for name, concept in names:
        answer = ask(either, name)
        if isinstance(answer, AmbiguousLabelError):
            several += 1
            assert f"{concept.label} ({concept.curie})" in answer.candidates
            assert set(answer.candidates) <= bearers(names, name)
        else:
            assert answer == concept
        for spelling in (concept.curie, concept.iri, f"<{concept.iri}>"):
            assert either.find(spelling) == concept
    assert several


@MANY
@given(st.data())
def test_every_name_is_found_in_any_case(
    kg: rg.RoleGraph, names: Names, data: st.DataObject
) -> None:
    name, concept = data.draw(st.sampled_from(names))
    flips = data.draw(st.lists(st.booleans(), min_size=len(name), max_size=len(name)))
    blank = st.text(" \t\n", max_size=3)
    typed = "".join(c.swapcase() if flip else c for c, flip in zip(name, flips, strict=True))
    typed = data.draw(blank) + typed + data.draw(blank)
    everyone = bearers(names, name)
    answer = ask(kg, typed)
    if isinstance(answer, AmbiguousLabelError):
        assert len(answer.candidates) > 1
        assert set(answer.candidates) <= everyone
    else:
        assert isinstance(answer, Concept)
        assert f"{answer.label} ({answer.curie})" in everyone
        assert len(everyone) > 1 or answer == concept


@pytest.mark.parametrize("label", ROLES)
def test_a_letter_left_out_still_suggests_the_role(kg: rg.RoleGraph, label: str) -> None:
    for at in range(len(label)):
        with pytest.raises(NotFoundError) as caught:
            kg.role(label[:at] + label[at + 1 :])
        assert caught.value.suggestions[0] == label


@MANY
@given(st.text(max_size=12))
def test_any_text_is_found_or_refused_as_documented(kg: rg.RoleGraph, text: str) -> None:
    answer = ask(kg, text)
    if isinstance(answer, Concept):
        assert text.strip().casefold() in {
            x.casefold() for x in (answer.label, *answer.alt_labels, answer.curie, answer.iri)
        }
    else:
        assert answer.name == text.strip()
    assert all(isinstance(c, Concept) for c in kg.search(text))


# --- search


def test_search_puts_what_starts_with_the_text_first(either: rg.RoleGraph) -> None:
    found = [c.label for c in either.search("delivery manager")]
    assert found[:2] == [DM, SDM]
    found = [c.label for c in either.search("project manager", limit=4)]
    # starts with it; then those that contain it, the shorter ones first
    assert found == [PM, JUNIOR, SPM, "Mentor junior project managers"]


def test_search_finds_all_that_contain_the_text(either: rg.RoleGraph) -> None:
    found = either.search("RISK", limit=50)
    inside = [c for c in found if "risk" in c.label.casefold()]
    assert inside == list(found[: len(inside)])
    assert {c.iri for c in inside} == {
        c.iri for c in either.index.by_iri.values() if "risk" in c.label.casefold()
    }
    assert [c.label for c in found[:2]] == ["Risk management"] * 2


def test_search_finds_what_comes_near(either: rg.RoleGraph) -> None:
    assert either.search("Delivry Directer")[0].label == DIRECTOR
    assert either.search("xyzzy") == ()


def test_search_by_other_name(either: rg.RoleGraph) -> None:
    assert COO in {c.label for c in either.search("COO")}
    assert PROGRAM in {c.label for c in either.search("Programme Man")}


@pytest.mark.parametrize(
    ("name", "labels"), [("COO", {COO}), ("HoD", {HEAD}), ("PM", {PM, PROGRAM, PORTFOLIO})]
)
def test_search_puts_an_exact_other_name_first(
    kg: rg.RoleGraph, name: str, labels: set[str]
) -> None:
    assert {c.label for c in kg.search(name)[: len(labels)]} == labels


def test_search_limits_and_blanks(either: rg.RoleGraph) -> None:
    assert len(either.search("a", limit=7)) == 7
    assert either.search("a", limit=7) == either.search("a", limit=30)[:7]
    assert len(either.search("e")) == 20
    for blank in ("", "  ", "\n"):
        assert either.search(blank) == ()
    assert either.search("  RISK ") == either.search("risk")


def test_search_within_a_kind(kg: rg.RoleGraph) -> None:
    found = kg.index.search("management", Skill)
    assert found
    assert {c.kind for c in found} == {"skill"}


def test_engines_read_the_same_index(kg: rg.RoleGraph, kg_rdflib: rg.RoleGraph) -> None:
    a, b = kg.index.by_iri, kg_rdflib.index.by_iri
    assert list(a) == list(b)
    assert [repr(c) + str(c.alt_labels) for c in a.values()] == [
        repr(c) + str(c.alt_labels) for c in b.values()
    ]
