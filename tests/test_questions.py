"""The competency questions: exact rows on both engines, and files that say what they ask."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rolegraph.errors import AmbiguousLabelError, NotFoundError, QueryError
from rolegraph.graph import EngineName, RoleGraph
from rolegraph.questions import Question, cell, read_question, read_questions
from rolegraph.sparqltext import keywords, variables

ENGINES: tuple[EngineName, ...] = ("oxigraph", "rdflib")
QUESTIONS = read_questions()

each_engine = pytest.mark.parametrize("engine", ENGINES)
each_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.name)


@pytest.fixture(scope="module")
def graphs(kg: RoleGraph, kg_rdflib: RoleGraph) -> dict[EngineName, RoleGraph]:
    """One graph for each engine."""
    return {"oxigraph": kg, "rdflib": kg_rdflib}


def answer(graph: RoleGraph, question: str, **parameters: str) -> list[tuple[str, ...]]:
    """The answer to a question as text."""
    return [tuple(map(cell, row)) for row in graph.ask_question(question, **parameters)]


# --- answers


@each_engine
@each_question
def test_rows_are_the_expected_ones(
    question: Question, engine: EngineName, graphs: dict[EngineName, RoleGraph]
) -> None:
    rows = graphs[engine].ask_question(question.name)
    assert rows.columns == tuple(name for name, _ in question.columns)
    assert [tuple(map(cell, row)) for row in rows] == question.expected()


# First columns for parameters other than the examples, read from the article like the rows
# in the .csv files.
OTHER_ANSWERS: list[tuple[str, dict[str, str], list[str]]] = [
    (
        "core-duties",
        {"role": "Project Manager"},
        [
            "Develop comprehensive project plans",
            "Develop contingency plans",
            "Ensure that the project adheres to predefined objectives",
            "Facilitate stakeholder communication",
            "Guide team members",
            "Identify potential risks",
            "Lead project teams",
            "Manage risk",
            "Manage the budget",
            "Manage the scope",
            "Review the project on completion",
            "Steer the project from inception to completion",
            "Support team members",
        ],
    ),
    (
        "required-skills",
        {"role": "Project Manager"},
        [
            "Budget management",
            "Communication",
            "Familiarity with project management software and tools",
            "Leadership",
            "Organisation",
            "Planning",
            "Problem solving",
            "Risk management",
        ],
    ),
    (
        "skills-not-stated",
        {"a": "Project Manager", "b": "Delivery Manager"},
        [
            "Focus on continuous improvement",
            "Negotiation",
            "Technical proficiency",
            "Understanding of project management methodologies",
        ],
    ),
    (
        "move-requirements",
        {"source": "Project Manager", "target": "Delivery Manager"},
        [
            "Client relationship management",
            "Ongoing service delivery",
            "Understanding of the new role's expectations",
            "Understanding of the new role's responsibilities",
        ],
    ),
    (
        "transitions-from-role",
        {"role": "Project Manager"},
        [
            "Chief Operations Officer",
            "Delivery Manager",
            "Director of Project Management",
            "Senior Project Manager",
        ],
    ),
    (
        "advancement-support",
        {"role": "Delivery Manager"},
        [
            "Advanced Agile qualifications",
            "Advanced ITIL",
            "Continually expanding knowledge",
            "Continually refining skills",
            "Continuing education",
            "Earning certifications",
            "Networking",
            "Professional development",
        ],
    ),
    (
        "promotion-reach",
        {"role": "Project Manager"},
        [
            "Chief Operations Officer",
            "Director of Project Management",
            "Portfolio Manager",
            "Program Manager",
            "Senior Project Manager",
        ],
    ),
    ("promotion-reach", {"role": "Junior Project Manager"}, []),
    ("works-with", {"role": "Head of Delivery"}, []),
    ("routes-of-two-steps", {"source": "DM", "target": "SDM"}, []),
    (
        "routes-of-three-steps",
        {"source": "Delivery Manager", "target": "Program Manager"},
        ["Project Manager"],
    ),
    (
        "evidence-for-transition",
        {"source": "Program Manager", "target": "Director of Project Management"},
        ["curated"],
    ),
    ("roles-by-other-name", {"name": "COO"}, ["Chief Operations Officer"]),
    ("claims-in-section", {"heading": "No such heading"}, []),
]


@each_engine
@pytest.mark.parametrize(("name", "parameters", "first"), OTHER_ANSWERS)
def test_other_parameters_give_other_rows(
    name: str,
    parameters: dict[str, str],
    first: list[str],
    engine: EngineName,
    graphs: dict[EngineName, RoleGraph],
) -> None:
    rows = answer(graphs[engine], name, **parameters)
    assert list(dict.fromkeys(row[0] for row in rows)) == first


@pytest.mark.parametrize(
    "question",
    [q for q in QUESTIONS if sum(p.kind == "Role" for p in q.parameters) == 1],
    ids=lambda q: q.name,
)
def test_engines_agree_on_every_role(
    question: Question, graphs: dict[EngineName, RoleGraph]
) -> None:
    (parameter,) = question.parameters
    for role in graphs["oxigraph"].roles():
        ours, theirs = (
            answer(graphs[engine], question.name, **{parameter.name: role.label})
            for engine in ENGINES
        )
        assert ours == theirs, role.label
        assert len(set(ours)) == len(ours), role.label


@pytest.mark.parametrize(
    "question",
    [q for q in QUESTIONS if sum(p.kind == "Role" for p in q.parameters) == 2],
    ids=lambda q: q.name,
)
def test_engines_agree_the_other_way_round(
    question: Question, graphs: dict[EngineName, RoleGraph]
) -> None:
    one, two = question.parameters
    turned = {one.name: two.example, two.name: one.example}
    ours, theirs = (answer(graphs[engine], question.name, **turned) for engine in ENGINES)
    assert ours == theirs


def test_parameters_may_be_labels_curies_iris_and_things(kg: RoleGraph) -> None:
    role = kg.role("Project Manager")
    ways = ("Project Manager", "project manager", role.curie, role.iri, role)
    answers = [kg.ask_question("required-skills", role=way) for way in ways]
    assert len(answers[0]) == 8
    assert all(list(a) == list(answers[0]) for a in answers)


# --- files


def test_there_are_enough_questions_and_each_has_its_rows(checkout: Path) -> None:
    folder = checkout / "queries"
    names = {q.name for q in QUESTIONS}
    assert len(names) >= 35
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in names)
    assert {p.name for p in folder.iterdir()} == {f"{n}.{s}" for n in names for s in ("rq", "csv")}


def test_every_section_of_the_article_is_asked_about(kg: RoleGraph) -> None:
    headings = kg.query("SELECT ?h { ?s a rg:Section ; skos:prefLabel ?h }").column("h")
    assert len(headings) == 15
    assert {str(h) for h in headings} <= {q.section for q in QUESTIONS}


@each_question
def test_query_stays_in_the_graph_and_uses_its_parameters(
    question: Question, kg: RoleGraph
) -> None:
    assert not {"SERVICE", "FROM"} & set(keywords(question.query))
    assert {p.name for p in question.parameters} <= set(variables(question.query))
    bound = question.bind({}, kg.index)
    for parameter in question.parameters:
        if parameter.kind == "Text":
            query = "SELECT ?s { ?s skos:prefLabel|skos:altLabel ?l FILTER(STR(?l) = ?text) }"
            assert kg.query(query, text=parameter.example)
        else:
            assert bound[parameter.name].label == parameter.example


@each_question
def test_order_is_total(question: Question) -> None:
    """Rows are distinct, and sorted by every column that is not counted from the others."""
    last = question.query.rstrip().splitlines()[-1]
    assert re.fullmatch(r"ORDER BY( \?\w+)+", last)
    counted = set(re.findall(r"\(COUNT\([^)]*\) AS \?(\w+)\)", question.query))
    columns = {name for name, _ in question.columns}
    assert set(re.findall(r"\?(\w+)", last)) == columns - counted
    assert "SELECT DISTINCT" in question.query or counted
    rows = question.expected()
    assert len(set(rows)) == len(rows)


@each_question
def test_nothing_unstated_is_called_absent(question: Question) -> None:
    assert not re.search(r"\b(lack|miss(es|ing)|absent)", question.query, re.IGNORECASE)


# --- errors


def test_unknown_parameter_names_the_known_ones(kg: RoleGraph) -> None:
    with pytest.raises(QueryError, match=r"has no parameter role; it has a, b"):
        kg.ask_question("shared-responsibilities", role="Delivery Manager")
    with pytest.raises(QueryError, match=r"has no parameter role; it has none"):
        kg.ask_question("ladders", role="Delivery Manager")


def test_unknown_question_suggests_near_ones(kg: RoleGraph) -> None:
    with pytest.raises(NotFoundError) as caught:
        kg.ask_question("shared-responsibility")
    assert caught.value.kind == "question"
    assert caught.value.suggestions[0] == "shared-responsibilities"
    assert "shared-responsibilities" in str(caught.value)


def test_unknown_label_suggests_near_ones(kg: RoleGraph) -> None:
    with pytest.raises(NotFoundError) as caught:
        kg.ask_question("required-skills", role="Delivery Manger")
    assert "Delivery Manager" in caught.value.suggestions
    with pytest.raises(NotFoundError):
        kg.ask_question("required-skills", role="ITIL")
    with pytest.raises(AmbiguousLabelError, match="Portfolio Manager"):
        kg.ask_question("required-skills", role="PM")


HEADER = "# question: What?\n# section: Here\n# column x: something\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# a remark\n" + HEADER, r"q\.rq:1: not a header line"),
        (HEADER + "# param r: Role\n", r"q\.rq:4: write '# param r: Kind = example'"),
        (HEADER + "# param r: Person = Ann\n", r"q\.rq:4: write '# param r: Kind = example'"),
        (HEADER.replace("# question: What?\n", ""), "no '# question: …'"),
        (HEADER.replace("Here", ""), "no '# section: …'"),
        ("# question: What?\n# section: Here\n", "names no columns"),
    ],
)
def test_bad_header_is_refused(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "q.rq"
    path.write_text(text + "SELECT ?x { ?x a rg:Role }\n", "utf-8")
    with pytest.raises(QueryError, match=message):
        read_question(path)


def test_bad_rows_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "q.rq"
    path.write_text(HEADER + "SELECT ?x { ?x a rg:Role }\n", "utf-8")
    question = read_question(path)
    with pytest.raises(QueryError, match=r"q\.csv is missing"):
        question.expected()
    path.with_suffix(".csv").write_text("y\nz\n", "utf-8")
    with pytest.raises(QueryError, match=r"q\.csv has the columns \['y'\]"):
        question.expected()
    path.with_suffix(".csv").write_text("x\nz\n", "utf-8")
    assert question.expected() == [("z",)]


def test_a_parameter_that_is_no_such_thing_is_refused(kg: RoleGraph) -> None:
    name = "shared-responsibilities"
    with pytest.raises(TypeError, match="a role is given by its name, or as a Role, not as 3"):
        kg.ask_question(name, a=3)
    with pytest.raises(NotFoundError, match="'skill:leadership'; that is a skill, not a role"):
        kg.ask_question(name, a=kg.skill("Leadership"))
    assert kg.ask_question(name, a=kg.role("Delivery Manager"))
