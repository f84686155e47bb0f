"""The command that writes a web site: site."""

from __future__ import annotations

from pathlib import Path

import click

from rolegraph.cli.options import PATH, data_option, form_options, load, store_option
from rolegraph.cli.render import Format, Table, emit

__all__ = ["COMMANDS"]


@click.command()
@click.argument("out", type=PATH)
@click.option("--title", help="Name of the site; told from its sources when not given.")
@click.option("--answers", type=click.FloatRange(min=0, min_open=True), default=5.0,
              show_default=True, metavar="SECONDS",
              help="Most time for each competency question over a store.")  # fmt: skip
@data_option
@store_option
@form_options
def site(
    out: Path, title: str | None, answers: float, data: tuple[Path, ...], form: Format
) -> None:
    """Write the graph as a web site into the folder OUT: find, compare and plan in a browser.

    Plain files: any file server hands them out, and a browser opens index.html from disk too. OUT
    is new or empty, or an earlier site, which is replaced whole.
    """
    from rolegraph.site import check, write

    check(out)  # before the graph is read, which can take a while
    made = write(load(data), out, title=title, answers=answers)
    value = {
        "folder": str(made.folder), "title": made.title, "files": made.files, "bytes": made.bytes,
        "counts": dict(made.counts), "seconds": made.seconds,
    }  # fmt: skip
    if form == "table":
        click.echo(str(made))
    else:
        rows = [("files", str(made.files)), ("bytes", str(made.bytes))]
        rows += [(what, str(n)) for what, n in made.counts.items()]
        emit(form, value, [Table(("what", "count"), tuple(rows))])


COMMANDS = (site,)
