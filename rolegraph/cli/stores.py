"""The commands for stores on disk: import, sources, diff, derive, template, remove."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rolegraph.cli.options import PATH, form_options, store_option, store_path
from rolegraph.cli.render import Format, Table, emit

if TYPE_CHECKING:
    from rolegraph.importers.draft import Report
    from rolegraph.importing import Imported
    from rolegraph.progress import Progress

__all__ = ["COMMANDS"]


@contextmanager
def _shown() -> Iterator[Progress | None]:
    """Show how far long work has got, where somebody is looking."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,.0f}"),
        TimeElapsedColumn(), console=Console(stderr=True), transient=True,
    )  # fmt: skip
    tasks: dict[str, TaskID] = {}

    def say(stage: str, done: int, total: int | None = None) -> None:
        if stage not in tasks:
            for old in tasks.values():
                bar.update(old, visible=False)
            tasks[stage] = bar.add_task(stage, total=total)
        bar.update(tasks[stage], completed=done, total=total)

    with bar:
        yield say


_into = click.option("--into", "-s", required=True, type=PATH, envvar="ROLEGRAPH_STORE",
                     help="Folder of the store; it is made where it is missing.")  # fmt: skip


def _report_tables(reports: tuple[Report, ...]) -> list[Table]:
    rows = []
    for r in reports:
        name = r.source.name
        rows += [(name, "made", what, str(n), "") for what, n in r.made.items()]
        for f in r.files:
            rows.append((name, "taken", f.name, str(f.taken), f"of {f.rows} rows"))
            for x in f.left_out:
                which = f"{f.name}: {x.reason}"
                rows.append((name, "left out", which, str(x.count), "; ".join(x.examples)))
        rows += [(name, "not there", a, "", "") for a in r.absent]
        rows += [(name, "note", n, "", "") for n in r.notes]
    return [Table(("source", "what", "which", "count", "detail"), tuple(rows))]


def _show_import(done: Imported, form: Format) -> None:
    if form == "table":
        click.echo(str(done))
        return
    value = {
        "reports": done.reports, "sources": done.sources, "changed": done.changed,
        "replaced": done.replaced, "generation": done.generation, "quads": done.quads,
        "inferred": done.inferred, "seconds": round(done.seconds, 2),
    }  # fmt: skip
    emit(form, value, _report_tables(done.reports))


@click.command("import")
@click.argument("kind", type=click.Choice(
    ["esco", "onet", "gdad", "table", "crosswalk", "article", "rdf"]))  # fmt: skip
@click.argument("paths", nargs=-1, type=PATH)
@_into
@click.option("--version", help="Version of the source, where its files do not say it.")
@click.option("--mapping", type=PATH,
              help="For a table with names of its own: a YAML file that maps them.")  # fmt: skip
@click.option("--option", "-o", "extra", multiple=True,
              help="NAME=VALUE: an option of the importer; may be repeated.")  # fmt: skip
@form_options
def import_command(
    kind: str, paths: tuple[Path, ...], into: Path, version: str | None, mapping: Path | None,
    extra: tuple[str, ...], form: Format,
) -> None:  # fmt: skip
    """Import a source into a store on disk, all of it or nothing.

    KIND is esco, onet, gdad, crosswalk (zips, folders or files as published), table (a framework
    of your own: rolegraph template), article (the facts that ship; no PATHS) or rdf.
    """
    from rolegraph.importing import import_source

    options: dict[str, Any] = {"mapping": mapping} if mapping is not None else {}
    options |= dict(_option(text) for text in extra)
    if kind != "article" and not paths:
        raise click.UsageError(f"name the files or the folder of {kind}")
    with _shown() as progress:
        done = import_source(kind, *paths, into=into, version=version, progress=progress, **options)
    _show_import(done, form)


def _option(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise click.UsageError(f"write an option as NAME=VALUE, not {text!r}")
    plain: Mapping[str, Any] = {"true": True, "false": False}
    try:
        return name.replace("-", "_"), plain.get(value, float(value))
    except ValueError:
        return name.replace("-", "_"), plain.get(value, value)


@click.command()
@click.argument("folder", metavar="[STORE]", required=False, type=PATH)
@store_option
@form_options
def sources(folder: Path | None, form: Format) -> None:
    """List the sources of a store, with counts, licence and attribution."""
    from rolegraph.faces import counted
    from rolegraph.storage import Storage

    found = Storage(store_path(folder)).generation().sources
    rows = tuple(
        (s.name, s.title, s.version or "-", s.kind, f"{s.triples:,}",
         "; ".join(counted({what: n}) for what, n in (s.made or {}).items() if what != "triples"),
         s.licence, s.attribution)
        for s in found
    )  # fmt: skip
    columns = ("source", "title", "version", "kind", "triples", "holds", "licence", "attribution")
    if form == "table":
        for s, row in zip(found, rows, strict=True):
            click.echo(click.style(s.name, bold=True) + f"   {row[1]} {s.version}".rstrip())
            click.echo(f"   {row[4]} triples; {s.kind}" + (f"; {row[5]}" if row[5] else ""))
            click.echo(f"   {s.licence}; {s.attribution}")
        return
    emit(form, found, [Table(columns, rows)])


@click.command()
@click.argument("name")
@click.argument("folder", metavar="[STORE]", required=False, type=PATH)
@store_option
def remove(name: str, folder: Path | None) -> None:
    """Take the source NAME out of a store, with all that followed from it."""
    from rolegraph.importing import remove_source

    with _shown() as progress:
        gone = remove_source(name, store_path(folder), progress=progress)
    click.echo(f"removed {gone}")


@click.command()
@click.argument("old", type=PATH)
@click.argument("new", type=PATH)
@click.option("--source", help="Key of the source to compare, where a store holds several.")
@click.option("--kind", type=click.Choice(["esco", "onet", "gdad", "table"]),
              help="What the files are, where they are not in a store.")  # fmt: skip
@form_options
def diff(old: Path, new: Path, source: str | None, kind: str | None, form: Format) -> None:
    """List roles, skills and links added, dropped and renamed between two versions.

    OLD and NEW are stores, or files of a source (with --kind); exit code 1 when they differ.
    """
    from rolegraph.diff import compare_versions

    with _shown() as progress:
        found = compare_versions(old, new, source=source, kind=kind, progress=progress)
    if form == "table":
        click.echo(str(found))
    else:
        rows = tuple((c.what, c.change, c.label, c.before, c.iri) for c in found.changes)
        emit(form, found, [Table(("what", "change", "label", "before", "iri"), rows)])
    if found.changes:
        sys.exit(1)


@click.command()
@click.argument("source")
@click.option("--measure", default="combined", show_default=True,
              help="Measure of similarity (rolegraph similar --measures).")  # fmt: skip
@click.option("--threshold", type=float, help="Value from which on; calibrated when not given.")
@click.option("-k", type=click.IntRange(min=1), help="At most so many for each role.")
@store_option
@form_options
def derive(source: str, measure: str, threshold: float | None, k: int | None, form: Format) -> None:
    """Suggest transitions between the roles of SOURCE by similarity, kept as inferred."""
    from rolegraph.graph import open as open_store

    kg = open_store(store_path(None))
    with _shown() as progress:
        done = kg.derive_transitions(
            measure, source=source, threshold=threshold, k=k, progress=progress
        )
    _show_import(done, form)


@click.command()
@click.argument("path", type=PATH)
@click.option("--form", "kind", type=click.Choice(["xlsx", "csv", "yaml"]),
              help="Form of the template; told by the suffix of PATH when not given.")  # fmt: skip
@click.option("--example", is_flag=True, help="Fill it with a small example.")
def template(path: Path, kind: str | None, example: bool) -> None:
    """Write an empty, commented form for a career framework of your own."""
    from rolegraph.importers.template import write

    form = kind or {".xlsx": "xlsx", ".yaml": "yaml", ".yml": "yaml"}.get(
        path.suffix.lower(), "csv"
    )
    for written in write(path, form, example=example):  # type: ignore[arg-type]
        click.echo(f"wrote {written}")


@click.command()
@click.argument("role")
@click.option("-k", type=click.IntRange(min=1), default=10, show_default=True,
              help="How many at most.")  # fmt: skip
@click.option("--measure", default="jaccard", show_default=True, help="Measure of similarity.")
@click.option("--measures", is_flag=True, is_eager=True, expose_value=False,
              callback=lambda ctx, _, on: _list_measures(ctx) if on else None,
              help="List the measures and exit.")  # fmt: skip
@store_option
@form_options
def similar(role: str, k: int, measure: str, form: Format) -> None:
    """List the roles nearest to ROLE by what they ask for; the figures are inferred."""
    from rolegraph.cli.options import load

    found = load().similar(role, k=k, measure=measure)
    rows = tuple(
        (s.role.label, f"{s.value:.3f}", str(s.shared), str(s.missing), s.role.curie) for s in found
    )
    emit(form, found, [Table(("role", measure, "shared", "new", "curie"), rows)])


def _list_measures(ctx: click.Context) -> None:
    from rolegraph.similarity import measures

    for name in measures():
        click.echo(name)
    ctx.exit()


COMMANDS = (import_command, sources, remove, diff, derive, template, similar)
