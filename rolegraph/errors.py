"""Every error that rolegraph raises on purpose.

All derive from :class:`RoleGraphError` and from the built-in that fits, so that callers may
catch either. Messages name the thing, the place and, where one exists, the nearest right answer.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = [
    "AmbiguousLabelError",
    "CostError",
    "DataError",
    "EvidenceError",
    "ExtraMissingError",
    "JavaNotFoundError",
    "NoRouteError",
    "NotFoundError",
    "QueryError",
    "ReasonerError",
    "ResourceMissingError",
    "RoleGraphError",
    "ShapeError",
]


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
    """

    def __init__(self, name: str, kind: str = "thing", suggestions: Sequence[str] = ()) -> None:
        self.name = name
        self.kind = kind
        self.suggestions = tuple(suggestions)
        message = f"no {kind} {name!r}"
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


class NoRouteError(RoleGraphError, LookupError):
    """No chain of transitions joins two roles under what was asked."""


class CostError(RoleGraphError, ValueError):
    """A cost that is missing, negative or not a finite number."""


class QueryError(RoleGraphError, ValueError):
    """A SPARQL query that is malformed, not allowed, or bound to the wrong names."""


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


class ResourceMissingError(RoleGraphError, FileNotFoundError):
    """A file that ships with rolegraph is not where it should be."""
