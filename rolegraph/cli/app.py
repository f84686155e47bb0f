"""The commands."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from rolegraph._version import __version__
from rolegraph.cli import planning, sites, stores
from rolegraph.cli.options import (
    PATH,
    busy,
    common_options,
    complete_role,
    data_option,
    filter_options,
    form_options,
    load,
    stack,
    store_option,
    warm,
)
from rolegraph.cli.render import Format, Table, emit
from rolegraph.errors import DataError

if TYPE_CHECKING:
    from rolegraph.graph import RoleGraph
    from rolegraph.hermit import CheckReport
    from rolegraph.routing import Route

__all__ = ["app"]

_F = TypeVar("_F", bound=Callable[..., Any])


def _complete_question(_: click.Context, __: click.Parameter, start: str) -> list[str]:
    from rolegraph.questions import read_questions

    return [q.name for q in read_questions() if q.name.startswith(start)]


def _role(name: str) -> Callable[[_F], _F]:
    return click.argument(name, shell_complete=complete_role)


_choose = stack(
    click.option("--cost", type=click.Choice(["steps", "new-skills"]), default="steps",
                 show_default=True, help="What to keep small."),
    filter_options,
)  # fmt: skip


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(version)s")
def app() -> None:
    """Career routes over roles, skills and certifications, with why and who says so.

    Names are labels, CURIEs (role:delivery-manager) or IRIs. Exit codes: 0 done, 1 the answer is
    no, 2 wrong usage, 3 unknown or ambiguous name, 4 bad query, 5 unreadable file, 6 no Java or
    package missing, 7 anything else, such as a store that is locked or missing.
    """


@app.command()
@_role("source")
@_role("target")
@_choose
@common_options
def route(
    source: str, target: str, cost: str, kinds: tuple[str, ...], types: tuple[str, ...],
    mappings: bool, min_value: float | None, data: tuple[Path, ...], engine: str, form: Format,
) -> None:  # fmt: skip
    """Find the shortest route between two roles, each step explained."""
    warm("networkx")
    kg = load(data, engine)
    found = kg.route(source, target, cost=cost, kinds=kinds or None, types=types or None,
                     mappings=mappings, min_value=min_value)  # fmt: skip
    _show_routes([found], found, form)


@app.command()
@_role("source")
@_role("target")
@click.option("-k", type=click.IntRange(min=1), default=3, show_default=True,
              help="How many routes at most.")  # fmt: skip
@_choose
@common_options
def routes(
    source: str, target: str, k: int, cost: str, kinds: tuple[str, ...], types: tuple[str, ...],
    mappings: bool, min_value: float | None, data: tuple[Path, ...], engine: str, form: Format,
) -> None:  # fmt: skip
    """Find the k best routes that visit no role twice."""
    warm("networkx")
    kg = load(data, engine)
    found = kg.routes(source, target, k=k, cost=cost, kinds=kinds or None, types=types or None,
                      mappings=mappings, min_value=min_value)  # fmt: skip
    _show_routes(list(found), found, form)


def _show_routes(found: list[Route], value: Any, form: Format) -> None:
    from rolegraph.cli import pages

    if form == "table":
        click.echo(pages.route_page(found), nl=False)
    else:
        emit(form, value, [pages.route_table(found)])


@app.command()
@_role("a")
@_role("b")
@common_options
def compare(a: str, b: str, data: tuple[Path, ...], engine: str, form: Format) -> None:
    """Set two roles side by side."""
    from rolegraph.cli import pages

    found = load(data, engine).compare(a, b)
    emit(form, found, [pages.comparison_table(found)], lambda: pages.comparison_page(found))


@app.command()
@_role("source")
@_role("target")
@common_options
def gap(source: str, target: str, data: tuple[Path, ...], engine: str, form: Format) -> None:
    """Show what a role asks for beyond another."""
    from rolegraph.cli import pages

    found = load(data, engine).gap(source, target)
    if form == "table":
        click.echo(pages.gap_page(found), nl=False)
    else:
        emit(form, found, [pages.gap_table(found)])


@app.command()
@click.argument("name")
@common_options
def show(name: str, data: tuple[Path, ...], engine: str, form: Format) -> None:
    """Show everything that is claimed about a thing."""
    from rolegraph.cli import pages

    kg = load(data, engine)
    thing = kg.find(name)
    claims = [*kg.claims(thing), *kg.claims(thing, inverse=True)]
    if form == "table":
        click.echo(pages.card(thing, claims), nl=False)
    else:
        emit(form, {"thing": thing, "claims": claims}, [pages.claim_table(claims)])


@app.command()
@click.argument("text")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True,
              help="How many at most.")  # fmt: skip
@data_option
@store_option
@form_options
def search(text: str, limit: int, data: tuple[Path, ...], form: Format) -> None:
    """Search the names of everything; exit code 1 when nothing is found."""
    found = load(data).search(text, limit)
    # several sources of a store may have things of one name
    last = ("source",) if any(c.source for c in found) else ()
    rows = tuple((c.label, c.kind, c.curie, *(c.source or "" for _ in last)) for c in found)
    emit(form, found, [Table(("name", "kind", "curie", *last), rows)])
    if not found:
        sys.exit(1)


@app.command()
@click.argument("sparql")
@click.option(
    "--bind",
    "-b",
    multiple=True,
    help="NAME=VALUE: <IRI> or CURIE, @LABEL for a thing by its name, else a text.",
)
@click.option("--remote", is_flag=True, help="Allow SERVICE and FROM (network).")
@common_options
def query(
    sparql: str, bind: tuple[str, ...], remote: bool, data: tuple[Path, ...], engine: str,
    form: Format,
) -> None:  # fmt: skip
    """Run a SPARQL query: SELECT, ASK, CONSTRUCT or DESCRIBE.

    SPARQL is the text, @FILE, or - for standard input.
    """
    from rolegraph.cli import pages
    from rolegraph.sparqlnotes import without_warning
    from rolegraph.sparqltext import form_of

    text = _text(sparql)
    kg = load(data, engine, remote=remote)
    bindings = dict(_binding(kg, b) for b in bind)
    match form_of(text):
        case "ASK":
            with without_warning():
                answer = kg.ask(text, **bindings)
            _note(kg, text, bindings, answer)
            emit(form, answer, [Table(("answer",), ((str(answer).lower(),),))])
            sys.exit(0 if answer else 1)
        case "CONSTRUCT" | "DESCRIBE" if form != "table":
            raise click.UsageError("CONSTRUCT and DESCRIBE give a graph, written as Turtle only")
        case "CONSTRUCT" | "DESCRIBE":
            from rolegraph.turtle import serialise

            with without_warning():
                graph = kg.construct(text, **bindings)
            _note(kg, text, bindings, bool(graph))
            sys.stdout.write(serialise(graph))
        case _:
            rows = kg.query(text, **bindings)
            _note(kg, text, bindings, rows.found)
            emit(form, rows.to_dicts(), [pages.rows_table(rows)])


def _note(kg: RoleGraph, query: str, bindings: Mapping[str, Any], found: bool) -> None:
    from rolegraph.sparqlnotes import notes_for, vocabulary_of

    write = "--bind {name}=@{text}"
    for note in notes_for(query, bindings, found, kg, vocabulary_of(kg), kg.index, write):
        click.echo(f"note: {note}", err=True)


def _text(argument: str) -> str:
    if argument == "-":
        return sys.stdin.read()
    if argument.startswith("@"):
        try:
            return Path(argument[1:]).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise DataError(f"{argument[1:]}: cannot be read: {error}") from error
    return argument


def _pair(text: str, what: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise click.UsageError(f"write {what} as NAME=VALUE, not {text!r}")
    return name, value


def _binding(kg: RoleGraph, text: str) -> tuple[str, Any]:
    from rolegraph.terms import IRI
    from rolegraph.vocab import expand

    name, value = _pair(text, "a binding")
    if value.startswith("@"):
        return name, kg.find(value[1:])
    iri = expand(value)
    return name, IRI(iri) if iri else value


@app.command()
@click.argument("name", shell_complete=_complete_question)
@click.argument("parameters", nargs=-1)
@common_options
def ask(
    name: str, parameters: tuple[str, ...], data: tuple[Path, ...], engine: str, form: Format
) -> None:
    """Ask a competency question by name; PARAMETERS are NAME=VALUE (see: rolegraph questions).

    A parameter left out takes the question's own example; the title says which values were used.
    """
    from rolegraph.cli import pages
    from rolegraph.questions import find_question

    question = find_question(name)
    given = dict(_pair(p, "a parameter") for p in parameters)
    rows = load(data, engine).ask_question(name, **given)
    used = ", ".join(f"{p.name}={given.get(p.name, p.example)}" for p in question.parameters)
    title = f"{question.text}  [{used}]" if used else question.text
    emit(form, rows.to_dicts(), [pages.rows_table(rows, title)])


@app.command()
@click.option("--answers", is_flag=True, help="Write queries and expected answers, as Markdown.")
@form_options
def questions(answers: bool, form: Format) -> None:
    """List the competency questions."""
    from rolegraph.questions import as_markdown, read_questions

    found = read_questions()
    if answers:
        sys.stdout.write(as_markdown(found))
        return
    rows = tuple(
        (q.name, q.text, "; ".join(f"{p.name}={p.example}" for p in q.parameters)) for q in found
    )
    value = [
        {"name": q.name, "question": q.text, "section": q.section, "parameters": q.parameters,
         "columns": dict(q.columns)}
        for q in found
    ]  # fmt: skip
    emit(form, value, [Table(("name", "question", "parameters"), rows)])


@app.command()
@click.argument("name", required=False)
@click.option("--verify", type=PATH, help="Check every locator against this document.")
@data_option
@store_option
@form_options
def evidence(name: str | None, verify: Path | None, data: tuple[Path, ...], form: Format) -> None:
    """Show who says what about NAME; count the evidence; or check it against the document."""
    from rolegraph.cli import pages

    kg = load(data)
    value: dict[str, Any] = {}
    tables: list[Table] = []
    if name is not None:
        thing = kg.find(name)
        claims = [*kg.claims(thing), *kg.claims(thing, inverse=True)]
        if verify is None:
            emit(form, claims, [pages.claim_table(claims)])
            return
        value["claims"] = claims
        tables.append(pages.claim_table(claims))
    coverage = kg.coverage()
    rows = [("facts", str(coverage.facts)), ("claims", str(coverage.claims))]
    rows += [(f"claims, {k}", str(n)) for k, n in coverage.by_kind.items()]
    rows.append(("facts or claims without evidence", str(len(coverage.without))))
    problems = list(coverage.without)
    value["coverage"] = coverage
    if verify is not None:
        checked = kg.verify(verify)
        value["verification"] = checked
        rows += [("locators", str(checked.passages)),
                 ("locators that resolve", str(checked.resolved))]  # fmt: skip
        problems += checked.problems
    emit(form, value, [*tables, Table(("what", "count"), tuple(rows))])
    _fail_on(problems)


def _fail_on(problems: list[str]) -> None:
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        sys.exit(1)


@app.command()
@click.argument("files", nargs=-1, required=True, type=PATH)
@form_options
def validate(files: tuple[Path, ...], form: Format) -> None:
    """Check files of your own, beside ours, against the SHACL shapes."""
    with busy("validating"):
        report = load(files, validate=False, reason=False).validate()
    if report.conforms and form == "table":
        click.echo(str(report))
        return
    rows = tuple((v.node, v.path, v.value, v.message) for v in report.violations)
    emit(form, report, [Table(("node", "path", "value", "what to do"), rows)])
    if not report.conforms:
        sys.exit(1)


def _verdict(report: CheckReport) -> str:
    if report.refusal:
        return "not decided"
    return "yes" if report.consistent else "no"


@app.command()
@click.argument("files", nargs=-1, type=PATH)
@click.option("--alone", is_flag=True, help="Check the files alone, without ours.")
@click.option("--explain/--no-explain", default=True, help="Name the axioms that clash.")
@form_options
def check(files: tuple[Path, ...], alone: bool, explain: bool, form: Format) -> None:
    """Check with HermiT: consistent, no unsatisfiable class, inside OWL 2 DL."""
    from rolegraph.vocab import curie

    if alone and not files:
        raise click.UsageError("--alone needs files")
    kg = load(files, ours=not alone, validate=False, reason=False)
    with busy("HermiT is at work"):
        report = kg.check(explain=explain)
    rows = (
        ("consistent", _verdict(report)),
        ("unsatisfiable classes", str(len(report.unsatisfiable))),
        ("outside OWL 2 DL", str(len(report.profile_violations))),
        ("classes", str(report.classes)),
        ("properties", str(report.properties)),
        ("individuals", str(report.individuals)),
        ("engine", report.engine),
        ("seconds", f"{report.seconds:.1f}"),
    )
    emit(form, report, [Table(("what", "found"), rows)])
    problems = [f"unsatisfiable: {curie(c)}" for c in report.unsatisfiable]
    problems += [f"outside OWL 2 DL: {v}" for v in report.profile_violations]
    problems += [f"clash: {c}" for c in report.clashes]
    if report.refusal:
        problems.append(f"HermiT refuses the graph: {report.refusal}")
    elif not report.consistent and not report.clashes:
        problems.append("inconsistent")
    _fail_on(problems)


@app.command()
@click.option(
    "--to",
    "-t",
    default="turtle",
    show_default=True,
    type=click.Choice(["turtle", "nt", "nquads", "json-ld", "graphml", "dot"]),
    help="Format; the last two hold roles and transitions.",
)
@click.option("--output", "-o", type=PATH, help="File to write.")
@click.option("--inferred", is_flag=True, help="Take what is inferred along.")
@data_option
@store_option
def export(to: str, output: Path | None, inferred: bool, data: tuple[Path, ...]) -> None:
    """Write the graph for other programs."""
    text = load(data).export(to, inferred=inferred)
    if output is None:
        sys.stdout.write(text)
        return
    scratch = output.with_name(output.name + ".tmp")
    try:
        scratch.write_text(text, encoding="utf-8")
        scratch.replace(output)
    except OSError as error:
        with suppress(OSError):
            scratch.unlink(missing_ok=True)
        reason = f"cannot be written: {error.strerror}"
        raise OSError(error.errno, reason, str(output)) from None


@app.command(hidden=True)
@click.argument("paths", nargs=-1, required=True, type=PATH)
@click.option("--check", is_flag=True, help="Only name the files that would change.")
def fmt(paths: tuple[Path, ...], check: bool) -> None:
    """Put Turtle files into the fixed form that the repository keeps."""
    from rolegraph.turtle import check_files, format_file

    changed = check_files(list(paths))
    for path in changed:
        if not check:
            format_file(path)
        click.echo(f"{path}: {'not in the fixed form' if check else 'formatted'}", err=True)
    if check and changed:
        sys.exit(1)


for command in (*planning.COMMANDS, *stores.COMMANDS, *sites.COMMANDS):
    app.add_command(command)
