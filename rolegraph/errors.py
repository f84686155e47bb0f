"""Every error that rolegraph raises on purpose.

All derive from :class:`RoleGraphError` and from the built-in that fits, so that callers may
catch either. Messages name the thing, the place and, where one exists, the nearest right answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = [
    "AmbiguousLabelError",
    "BudgetError",
    "CostError",
    "DataError",
    "EmptyAnswerWarning",
    "EvidenceError",
    "ExtraMissingError",
    "JavaNotFoundError",
    "NoRouteError",
    "NotFoundError",
    "ProfileError",
    "QueryError",
    "ReasonerError",
    "ResourceMissingError",
    "RoleGraphError",
    "ShapeError",
    "StoreError",
    "StoreLockedError",
    "TableError",
]

_SHOWN = 100


def _a(noun: str) -> str:
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"


class RoleGraphError(Exception):
    """Base of all errors raised by rolegraph."""


class NotFoundError(RoleGraphError, LookupError):
    """A name that stands for nothing in the graph.

    Attributes
    ----------
    name : str
        What was asked for.
    kind : str
        What it was asked for as, for example ``"role"``.
    suggestions : tuple of str
        Labels that come near, best first; empty when none does.
    other : str
        What the name does stand for, for example ``"skill"``; empty when for nothing.
    """

    def __init__(
        self, name: str, kind: str = "thing", suggestions: Sequence[str] = (), other: str = ""
    ) -> None:
        self.name = name
        self.kind = kind
        self.suggestions = tuple(suggestions)
        self.other = other
        message = f"no {kind} {name!r}"
        if other:
            message += f"; that is {_a(other)}, not {_a(kind)}"
        if self.suggestions:
            message += "; did you mean " + " or ".join(repr(s) for s in self.suggestions) + "?"
        super().__init__(message)


class AmbiguousLabelError(RoleGraphError, LookupError):
    """A label that several things share.

    Attributes
    ----------
    name : str
        The label.
    candidates : tuple of str
        ``"Label (CURIE)"`` of everything that bears it.
    """

    def __init__(self, name: str, kind: str, candidates: Sequence[str]) -> None:
        self.name = name
        self.kind = kind
        self.candidates = tuple(candidates)
        super().__init__(
            f"the label {name!r} names {len(self.candidates)} {kind}s: "
            + ", ".join(self.candidates)
            + "; use the full label or the CURIE"
        )


class ProfileError(RoleGraphError, LookupError):
    """Names of a person's profile that are unknown or have several meanings.

    Attributes
    ----------
    problems : tuple of str
        One line each: where the name stands, and the nearest right ones; the message has up to a
        hundred of them.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        what = "a name" if count == 1 else f"{count} names"
        lines = [f"the profile has {what} that cannot be resolved:"]
        lines += [f"  {p}" for p in self.problems[:_SHOWN]]
        if count > _SHOWN:
            lines.append(f"  … and {count - _SHOWN} more")
        super().__init__("\n".join(lines))


class NoRouteError(RoleGraphError, LookupError):
    """No chain of transitions joins two roles under what was asked."""


class BudgetError(RoleGraphError, RuntimeError):
    """A search that its budget ended where nothing less than all of it would be an answer."""


class CostError(RoleGraphError, ValueError):
    """A cost that is missing, negative or not a finite number."""


class QueryError(RoleGraphError, ValueError):
    """A SPARQL query that is malformed, not allowed, or bound to the wrong names."""


class EmptyAnswerWarning(UserWarning):
    """A query found nothing, most likely for a slip: the message names it."""


class DataError(RoleGraphError, ValueError):
    """A file that cannot be read as RDF; the message names the file and the line."""


class ShapeError(RoleGraphError, ValueError):
    """Data that break a shape.

    Attributes
    ----------
    violations : tuple of str
        One line each: the node, the path, and what to do.
    """

    def __init__(self, message: str, violations: Sequence[str] = ()) -> None:
        self.violations = tuple(violations)
        super().__init__("\n".join([message, *(f"  {v}" for v in self.violations)]))


class EvidenceError(RoleGraphError, ValueError):
    """Evidence that does not resolve in the document it points into."""


class ReasonerError(RoleGraphError, RuntimeError):
    """The description logic reasoner could not do its work."""


class JavaNotFoundError(RoleGraphError, LookupError):
    """No Java for the reasoner to run on."""


class ExtraMissingError(RoleGraphError, ImportError):
    """A package of an optional extra is not installed."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(
            f'this needs the package {package}: pip install "rolegraph[{extra}]"',
            name=package,
        )


class StoreError(RoleGraphError, OSError):
    """A store on disk that is not there, is none, is damaged or cannot be written."""


class StoreLockedError(StoreError):
    """A store that somebody else is writing to.

    Attributes
    ----------
    path : str
    holder : str
        Who: process, host, since when, and what for.
    """

    def __init__(self, path: object, holder: str) -> None:
        self.path = str(path)
        self.holder = holder
        super().__init__(f"{path} is being written to by {holder}; try again when that is done")


class ResourceMissingError(RoleGraphError, FileNotFoundError):
    """A file that ships with rolegraph is not where it should be."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake in a table, and the place where it stands.

    Attributes
    ----------
    file : str
        Name of the file, without folders.
    sheet : str
        Name of the sheet as the file has it; empty where the whole file is meant.
    row : int or None
        Row as a spreadsheet counts them, the first being 1; in a YAML file the line.
    column : str
        Heading as the file has it, or the column's letter; empty where the whole row is meant.
    value : str
        What stands there.
    message : str
        What is wrong with it.
    suggestion : str
        The nearest right value; empty where there is none.
    """

    file: str
    sheet: str
    row: int | None
    column: str
    value: str
    message: str
    suggestion: str = ""

    def __str__(self) -> str:
        """Place, mistake and suggestion in one line."""
        in_yaml = self.file.lower().endswith((".yaml", ".yml"))
        place = [self.file]
        if self.sheet and not self.file.lower().endswith(".csv"):
            place.append(self.sheet if in_yaml else f"sheet {self.sheet}")
        if self.row is not None:
            place.append(f"{'line' if in_yaml else 'row'} {self.row}")
        if self.column:
            place.append(self.column if in_yaml else f"column {self.column}")
        line = f"{', '.join(place)}: {self.message}"
        if self.suggestion:
            line += f'; did you mean "{self.suggestion}"?'
        return " ".join(line.split())


class TableError(RoleGraphError, ValueError):
    """A table with mistakes; the message has a line for each, up to a hundred.

    Attributes
    ----------
    problems : tuple of Problem
        All mistakes of all sheets, in their order.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        lines = [f"{count} mistake{'' if count == 1 else 's'}, nothing was imported:"]
        lines += [f"  {p}" for p in self.problems[:_SHOWN]]
        if count > _SHOWN:
            lines.append(f"  … and {count - _SHOWN} more")
        super().__init__("\n".join(lines))
