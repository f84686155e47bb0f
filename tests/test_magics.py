"""The magics in a real IPython shell, and their completion as the shell and a kernel give it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

import rolegraph as rg

interactiveshell = pytest.importorskip("IPython.core.interactiveshell")
completer = pytest.importorskip("IPython.core.completer")

SKILLS = """
SELECT ?skill WHERE {
  ?r rg:isRequirementOf $role ; rg:requiredSkill/skos:prefLabel ?skill
} ORDER BY ?skill"""


@pytest.fixture
def shell(kg: rg.RoleGraph) -> Iterator[Any]:
    made = interactiveshell.InteractiveShell()
    made.user_ns["kg"] = kg
    made.extension_manager.load_extension("rolegraph")
    yield made
    made.extension_manager.unload_extension("rolegraph")
    made.history_manager.end_session()


def run(shell: Any, source: str) -> Any:
    """Run a cell and give its value; a failure of the cell is raised."""
    done = shell.run_cell(source, store_history=False, silent=False)
    done.raise_error()
    return done.result


def fails(shell: Any, source: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Run a cell that must fail, and give what it printed."""
    capsys.readouterr()
    done = shell.run_cell(source, store_history=False)
    assert not done.success
    return capsys.readouterr().out


def names(shell: Any, text: str) -> list[str]:
    """What the shell would complete a text with."""
    with completer.provisionalcompleter():
        return [c.text for c in shell.Completer.completions(text, len(text))]


def test_a_cell_binds_python_variables_by_name(shell: Any, kg: rg.RoleGraph) -> None:
    shell.user_ns["role"] = kg.role("Delivery Manager")
    got = run(shell, f"%%sparql -o rows{SKILLS}")
    expected = kg.query(SKILLS.replace("$role", "?role"), role=kg.role("Delivery Manager"))
    assert expected.column("skill")
    assert got.column("skill") == expected.column("skill")
    assert shell.user_ns["rows"].column("skill") == expected.column("skill")
    assert isinstance(shell.user_ns["rows"], rg.Rows)


def test_a_variable_of_the_query_is_not_bound_by_surprise(shell: Any, kg: rg.RoleGraph) -> None:
    shell.user_ns["role"] = kg.role("Delivery Manager")
    got = run(shell, "%%sparql\nSELECT ?role WHERE { ?role a rg:Role }")
    assert len(got) == len(kg.query("SELECT ?role WHERE { ?role a rg:Role }")) > 1


@pytest.mark.parametrize("text", ['" } DROP ALL #', "x' . ?s ?p ?o", "{role} $role \\", "\n}"])
def test_a_value_is_bound_and_not_pasted(shell: Any, kg: rg.RoleGraph, text: str) -> None:
    shell.user_ns["label"] = text
    assert len(run(shell, "%%sparql\nSELECT ?x WHERE { ?x skos:prefLabel $label }")) == 0
    got = run(shell, "%%sparql\nSELECT ?given WHERE { BIND(STR($label) AS ?given) }")
    assert got.column("given") == (text,)
    assert len(kg.roles()) > 1


def test_a_data_frame(shell: Any, kg: rg.RoleGraph) -> None:
    pandas = pytest.importorskip("pandas")
    shell.user_ns["role"] = kg.role("Delivery Manager")
    frame = run(shell, f"%%sparql --pandas{SKILLS}")
    assert isinstance(frame, pandas.DataFrame)
    assert list(frame.columns) == ["skill"]
    assert len(frame) > 3


def test_the_notes_of_an_empty_frame_and_of_no_are_printed_once(
    shell: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pandas")
    shell.user_ns["a"] = "Delivery Manager"
    for options, query in (
        ("--pandas", "SELECT (COUNT(?s) AS ?n) { $a rg:hasSkill ?s }"),
        ("-o no", "ASK { $a rg:hasSkill ?s }"),
    ):
        run(shell, f"%%sparql {options}\n{query}")  # a warning would be an error
        printed = capsys.readouterr()
        assert (printed.out + printed.err).count("a is bound to a text") == 1


def test_yes_no_and_a_graph(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    run(shell, "%%sparql -o yes\nASK { ?x a rg:Role }")
    assert shell.user_ns["yes"] is True
    assert "yes" in capsys.readouterr().out.lower()
    run(shell, "%%sparql -o g\nCONSTRUCT { ?a rg:canTransitionTo ?b } "
               "WHERE { ?a rg:canTransitionTo ?b }")  # fmt: skip
    assert f"{len(shell.user_ns['g'])} triples" in capsys.readouterr().out
    assert len(shell.user_ns["g"]) > 5


def test_an_rdflib_graph_is_asked_too(shell: Any) -> None:
    import rdflib

    graph = rdflib.Graph()
    graph.add((rdflib.URIRef("urn:a"), rdflib.RDFS.label, rdflib.Literal("one")))
    shell.user_ns["mine"] = graph
    got = run(shell, "%%sparql --graph mine\nSELECT ?l WHERE { ?s rdfs:label ?l }")
    assert got.column("l") == ("one",)


def test_long_results_say_how_many_more(shell: Any) -> None:
    got = run(shell, "%%sparql --rows 3\nSELECT ?s ?p ?o WHERE { ?s ?p ?o } LIMIT 40")
    formats, _ = shell.display_formatter.format(got)
    assert len(got) == 40
    assert "37" in formats["text/plain"]
    assert "<details" in formats["text/html"]
    assert "<script" not in formats["text/html"]


def test_what_is_shown_is_escaped(shell: Any) -> None:
    got = run(shell, "%%sparql\nSELECT ?x WHERE { BIND('<b>1</b> & 2' AS ?x) }")
    formats, _ = shell.display_formatter.format(got)
    assert "<b>" not in formats["text/html"]
    assert "&lt;b&gt;1&lt;/b&gt; &amp; 2" in formats["text/html"]


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("%%sparql\nASK {\n  $rol a rg:Role }", ("line 2", "$rol", "did you mean $role", "^^^^")),
        ("%%sparql\nSELECT ?s WHERE { ?s a rg:Role", ("line 1", "never closed", "^")),
        ("%%sparql\nSELECT ?s WHERE { ?s rgg:x ?o }", ("rgg", "did you mean", "^^^")),
        ("%%sparql\nSELEKT ?s WHERE { ?s ?p ?o }", ("line 1", "^")),
        ("%%sparql --graph kgg\nASK { ?s ?p ?o }", ("no Python variable kgg", "kg")),
        ("%question shared-responsibilitys", ("shared-responsibilities",)),
        ('%question shared-responsibilities a="Delivry Manager"', ("Delivery Manager",)),
    ],
)
def test_mistakes_are_pointed_at(
    shell: Any, kg: rg.RoleGraph, capsys: pytest.CaptureFixture[str], cell: str,
    told: tuple[str, ...],
) -> None:  # fmt: skip
    shell.user_ns["role"] = kg.role("Delivery Manager")
    printed = fails(shell, cell, capsys)
    assert [x for x in told if x not in printed] == []
    assert "Traceback" not in printed


def test_a_term_that_is_not_there_is_named(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    run(shell, "%%sparql\nSELECT ?s WHERE { ?r rg:hasSkil ?s }")
    assert "rg:hasSkil; did you mean rg:hasSkill?" in capsys.readouterr().out
    run(shell, "%%sparql\nSELECT ?s WHERE { ?r rg:hasSkill ?s }")
    assert "did you mean" not in capsys.readouterr().out


def test_questions(shell: Any, kg: rg.RoleGraph) -> None:
    assert len(run(shell, "%question")) == len(kg.questions())
    found = run(shell, "%question certification")
    assert 0 < len(found) < len(kg.questions())
    shell.user_ns["pm"] = kg.role("Project Manager")
    got = run(shell, '%question shared-responsibilities a="Delivery Manager" b=$pm')
    same = kg.ask_question("shared-responsibilities", a="Delivery Manager", b="Project Manager")
    assert list(got) == list(same)
    assert len(same) > 2


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("%%sparql\nSELECT * { ?s rg:hasSki", "hasSkill"),
        ("%%sparql\nSELECT * { role:del", "delivery-manager"),
        ("%%sparql\nSELECT * { ?s sko", "skos:"),
        ("%%sparql\nSELECT ?skill { ?skill a rg:Skill . ?sk", "?skill"),
        ("%question shared-resp", "shared-responsibilities"),
    ],
)
def test_completion(shell: Any, text: str, offered: str) -> None:
    assert any(offered in c for c in names(shell, text))


def test_an_error_of_ours_is_shown_without_our_lines(
    shell: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    run(shell, "def mine():\n    return kg.role('Leadership')")
    told = re.sub(r"\x1b\[[\d;]*m", "", fails(shell, "mine()", capsys))
    assert "that is a skill, not a role" in told
    assert "return kg.role('Leadership')" in told  # the lines of whoever asked stay
    assert "graph.py" not in told
    assert "lookup.py" not in told
    assert "lookup.py" in fails(shell, "%tb\n1/0", capsys)  # all of it, for who wants it
    other = fails(shell, "kg.plan('Project Manager', 'COO', minimise=lambda leg: 1 / 0)", capsys)
    assert "ZeroDivisionError" in other
    assert "pareto" in other or "asking.py" in other  # what is not ours stays whole
    shell.extension_manager.unload_extension("rolegraph")
    assert shell.custom_exceptions == ()
    assert "lookup.py" in fails(shell, "kg.role('Leadership')", capsys)
    shell.set_custom_exc((KeyError,), lambda *_, **__: ["mine"])
    shell.extension_manager.load_extension("rolegraph")
    assert shell.custom_exceptions == (KeyError,)  # another's handler stays


def test_unloading_takes_the_magics_away(shell: Any) -> None:
    assert "sparql" in shell.magics_manager.magics["cell"]
    shell.extension_manager.unload_extension("rolegraph")
    assert "sparql" not in shell.magics_manager.magics["cell"]
    shell.extension_manager.load_extension("rolegraph")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_in_a_kernel(checkout: Path) -> None:
    """A notebook runs, and a cell that fails stops it."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    cells = [
        "%load_ext rolegraph",
        "%%sparql -o n\nSELECT (COUNT(?r) AS ?roles) WHERE { ?r a rg:Role }",
        "assert n[0]['roles'] > 5",
        "%%sparql\nSELECT ?s WHERE { ?s a rg:Role",
        "print('not reached')",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    client = NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        resources={"metadata": {"path": str(checkout)}},
    )
    with pytest.raises(CellExecutionError, match="never closed"):
        client.execute()
    assert notebook.cells[2].execution_count == 3
    assert notebook.cells[4].outputs == []
