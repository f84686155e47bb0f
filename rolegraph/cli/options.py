"""Options that several commands share, and the graph that they ask for."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from rolegraph.cli.render import FORMATS

if TYPE_CHECKING:
    from rolegraph.graph import RoleGraph

__all__ = [
    "PATH",
    "busy",
    "common_options",
    "complete_role",
    "completion",
    "data_option",
    "filter_options",
    "form_options",
    "from_store",
    "load",
    "stack",
    "store_option",
    "store_path",
    "warm",
]

_F = TypeVar("_F", bound=Callable[..., Any])
_STORE = "rolegraph.store"
PATH = click.Path(path_type=Path)


def stack(*options: Callable[[_F], _F]) -> Callable[[_F], _F]:
    """Make one decorator out of several options."""

    def decorate(command: _F) -> _F:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


form_options = stack(
    click.option("--format", "-f", "form", type=click.Choice(FORMATS), default="table",
                 show_default=True, help="How to write the answer."),
    click.option("--json", "form", flag_value="json", help="The same as --format json."),
)  # fmt: skip


def _keep(ctx: click.Context, _: click.Parameter, value: Path | None) -> None:
    if value is not None:
        ctx.meta[_STORE] = value


store_option = click.option(
    "--store", "-s", type=PATH, envvar="ROLEGRAPH_STORE", expose_value=False, callback=_keep,
    help="Folder of a store on disk to ask; also ROLEGRAPH_STORE.",
)  # fmt: skip
"""``--store``; it stays out of the command's parameters: ask :func:`load` or :func:`store_path`."""

data_option = click.option(
    "--data", "-d", multiple=True, type=PATH,
    help="RDF file of your own to load beside ours; may be repeated.",
)  # fmt: skip
_engine = click.option("--engine", type=click.Choice(["oxigraph", "rdflib"]), default="oxigraph",
                       show_default=True, help="What answers SPARQL.")  # fmt: skip
common_options = stack(data_option, _engine, store_option, form_options)

filter_options = stack(
    click.option("--kind", "kinds", multiple=True,
                 help="Kind of evidence to rest on (stated, curated, …); may be repeated."),
    click.option("--type", "types", multiple=True,
                 help="Type of transition (promotion, lateral move); may be repeated."),
    click.option("--mappings", is_flag=True,
                 help="Let the route cross between classifications where their roles match."),
    click.option("--min-value", type=float,
                 help="Leave out suggested transitions whose measure gives less."),
)  # fmt: skip
"""Which transitions a route may use."""


def _named() -> Path | None:
    context = click.get_current_context(silent=True)
    found = context.meta.get(_STORE) if context is not None else None
    return found if isinstance(found, Path) else None


def from_store() -> bool:
    """Whether a store on disk is asked, and not what ships."""
    return _named() is not None


def store_path(given: Path | None) -> Path:
    """Give the store that a command was told of.

    Raises
    ------
    click.UsageError
        If it was told of none.
    """
    if (path := given or _named()) is None:
        raise click.UsageError("name the store's folder: --store careers/")
    return path


def load(data: tuple[Path, ...] = (), engine: str = "oxigraph", **options: Any) -> RoleGraph:
    """Open the store that ``--store`` names, or else load what ships and files beside it.

    Raises
    ------
    click.UsageError
        If both a store and files are named.
    """
    from rolegraph import graph

    if (store := _named()) is None:
        return graph.load(*data, engine=engine, **options)  # type: ignore[arg-type]
    if data:
        raise click.UsageError(
            "--data goes beside what ships, not beside a store; import the file: "
            f"rolegraph import rdf {data[0]} --into {store}"
        )
    options = {k: v for k, v in options.items() if k == "remote"}
    return graph.open(store, engine=engine, **options)  # type: ignore[arg-type]


def warm(module: str) -> None:
    """Import what is needed soon while the store, which lets go of the GIL, reads its files."""
    threading.Thread(target=import_module, args=(module,), daemon=True).start()


def completion(
    labels: Callable[[RoleGraph], Iterable[str]],
) -> Callable[[click.Context, click.Parameter, str], list[str]]:
    """Make what offers the names that begin with what is typed, from the store that is named."""

    def complete(ctx: click.Context, _: click.Parameter, start: str) -> list[str]:
        with ctx.scope(cleanup=False):  # else nobody knows of --store
            names = labels(load())
        return [name for name in names if name.casefold().startswith(start.casefold())]

    return complete


complete_role = completion(lambda kg: [r.label for r in kg.roles()])
"""Offers the names of roles."""


@contextmanager
def busy(what: str) -> Iterator[None]:
    """Show on the error stream that long work is going on."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(what):
        yield
