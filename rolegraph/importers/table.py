"""A company's own career framework, from a workbook, a folder of CSV files or a YAML file.

The form is the same in all three: :data:`FORM` names its sheets and columns, ``docs/own-ladder.md``
teaches it, and :mod:`rolegraph.importers.template` writes an empty one. Only the names of roles
have to be given; whatever else is not filled in is not stated, and nothing is made up for it.

A table is first read and checked as a whole. All mistakes are reported together, each with its
file, sheet, row and column, and nothing is written unless there are none.

Examples
--------
>>> import tempfile
>>> from pathlib import Path
>>> with tempfile.TemporaryDirectory() as folder:
...     ladder = Path(folder) / "ladder.yaml"
...     _ = ladder.write_text('''
... roles:
...   - {role: Delivery Lead, level: senior}
... transitions:
...   - {from: Delivery Leed, to: Delivery Lead}
... ''')
...     for problem in check(ladder):
...         print(problem)
ladder.yaml, transitions, line 5, from: no role "Delivery Leed"; did you mean "Delivery Lead"?
"""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from typing import Any

from rolegraph.errors import Problem, TableError
from rolegraph.importers._book import Known, _Book
from rolegraph.importers._facts import _write
from rolegraph.importers._form import FORM, MEASURES, Column, Sheet
from rolegraph.importers._text import _brief, _tidy
from rolegraph.importers.draft import Draft, SourceInfo

__all__ = ["FORM", "MEASURES", "Column", "Known", "Problem", "Sheet", "check", "describe", "read"]


def check(
    path: str | PathLike[str],
    *,
    mapping: str | PathLike[str] | Mapping[str, Any] | None = None,
    known: Known | None = None,
) -> tuple[Problem, ...]:
    """Look for mistakes in a table, and write nothing.

    Parameters
    ----------
    path : str or path
        A workbook (``.xlsx``), a YAML file, or a folder of CSV files.
    mapping : path or mapping, optional
        A mapping file, or what it holds: see ``docs/own-ladder.md``.
    known : callable, optional
        Finds what a store has by a label and a kind, for cells such as ``esco:project manager``.
        It is given the label after the colon, and must answer with an IRI of that source.

    Returns
    -------
    tuple of Problem
        All mistakes of all sheets; empty where there are none.

    Raises
    ------
    DataError
        If there is no such file, or it is of no form that can be read.
    ExtraMissingError
        If the package that reads the form is not installed.
    """
    return tuple(_Book(path, mapping, known).problems)


def describe(
    path: str | PathLike[str],
    *,
    mapping: str | PathLike[str] | Mapping[str, Any] | None = None,
) -> SourceInfo:
    """Tell whose table it is.

    Parameters
    ----------
    path, mapping
        As for :func:`check`.

    Returns
    -------
    SourceInfo
        Of kind ``"curated"``. What the table does not say is made of the file's name; a licence
        that is not given is ``"not stated"``.

    Raises
    ------
    TableError
        If the sheet ``about`` holds a mistake, or the file cannot be read; with all other mistakes
        that can be told without a store.
    DataError, ExtraMissingError
        As for :func:`check`.
    """
    book = _Book(path, mapping, None, lenient=True)
    table = book._tables.get("about")
    sheet = _brief(_tidy(table.sheet)) if table is not None else ""
    if any(p.sheet == sheet or not p.sheet for p in book.problems):
        raise TableError(book.problems)
    return book.about.info


def read(
    draft: Draft,
    path: str | PathLike[str],
    *,
    mapping: str | PathLike[str] | Mapping[str, Any] | None = None,
    known: Known | None = None,
) -> None:
    """Read a table into a draft.

    Parameters
    ----------
    draft : Draft
        Of the source that :func:`describe` gives.
    path, mapping, known
        As for :func:`check`.

    Raises
    ------
    TableError
        If there are mistakes: all of them, before anything is written.
    DataError, ExtraMissingError
        As for :func:`check`.
    """
    book = _Book(path, mapping, known)
    if book.problems:
        raise TableError(book.problems)
    _write(draft, book)
