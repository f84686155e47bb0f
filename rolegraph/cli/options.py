"""Options that several commands share, and the graph that they ask for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from rolegraph.cli.render import FORMATS

if TYPE_CHECKING:
    from rolegraph.graph import RoleGraph

__all__ = ["PATH", "form_options", "load", "stack", "store_option", "store_path"]

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


def _named() -> Path | None:
    context = click.get_current_context(silent=True)
    found = context.meta.get(_STORE) if context is not None else None
    return found if isinstance(found, Path) else None


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
