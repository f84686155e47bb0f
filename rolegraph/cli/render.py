"""Putting answers on a page: tables for people, CSV, Markdown and JSON for pipes."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from rolegraph.values import to_json

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["FORMATS", "Format", "Table", "emit", "fields", "width"]

Format: TypeAlias = Literal["table", "csv", "md", "json"]
FORMATS = ("table", "csv", "md", "json")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under a heading."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""


def width() -> int:
    """Give the width of the terminal in characters, or 100 where there is none."""
    return shutil.get_terminal_size((100, 24)).columns


def fields(pairs: Iterable[tuple[str, str]], indent: int = 3) -> str:
    """Lay out names and texts side by side, leaving out those without text.

    Parameters
    ----------
    pairs : iterable of (str, str)
        A text keeps its own line breaks and is wrapped to the terminal.
    indent : int
        Blanks before each name.

    Returns
    -------
    str
        Lines, each with its break.
    """
    kept = [(name, text) for name, text in pairs if text]
    column = indent + max((len(name) for name, _ in kept), default=0) + 2
    room = max(30, width() - column)
    lines = []
    for name, text in kept:
        wrapped = [w for line in text.split("\n") for w in textwrap.wrap(line, room) or [""]]
        heads = [" " * indent + name, *[""] * (len(wrapped) - 1)]
        lines += [f"{h:<{column}}{w}" for h, w in zip(heads, wrapped, strict=True)]
    return "".join(f"{line}\n" for line in lines)


def _rich(page: RenderableType) -> None:
    from rich.console import Console

    class Quiet(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError  # rich would call it a failure

    Quiet(width=width(), highlight=False).print(page)


def _sheet(table: Table) -> RenderableType:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table as Sheet
    from rich.text import Text

    sheet = Sheet(title=table.title or None, title_justify="left", box=SIMPLE_HEAD)
    for column in table.columns:
        sheet.add_column(column, overflow="fold")
    for row in table.rows:
        sheet.add_row(*map(Text, row))
    return sheet


def _csv(tables: Sequence[Table]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    for table in tables:
        writer.writerow(table.columns)
        writer.writerows(table.rows)
    return file.getvalue()


def _markdown(tables: Sequence[Table]) -> str:
    def line(cells: Iterable[str]) -> str:
        escaped = (c.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ") for c in cells)
        return "| " + " | ".join(escaped) + " |"

    parts = []
    for table in tables:
        head = [f"### {table.title}", ""] if table.title else []
        rule = "|" + " --- |" * len(table.columns)
        parts.append("\n".join([*head, line(table.columns), rule, *map(line, table.rows)]))
    return "\n\n".join(parts) + "\n"


def emit(
    form: Format,
    value: Any,
    tables: Sequence[Table],
    page: Callable[[], RenderableType] | None = None,
) -> None:
    """Write an answer in the format asked for.

    Parameters
    ----------
    form : {"table", "csv", "md", "json"}
    value : object
        What JSON shows.
    tables : sequence of Table
        What CSV and Markdown show, and the terminal when there is no page.
    page : callable, optional
        Makes what the terminal shows.
    """
    if form == "json":
        sys.stdout.write(json.dumps(to_json(value), ensure_ascii=False, indent=2) + "\n")
    elif form == "csv":
        sys.stdout.write(_csv(tables))
    elif form == "md":
        sys.stdout.write(_markdown(tables))
    elif page is not None:
        _rich(page())
    else:
        for table in tables:
            _rich(_sheet(table))
