"""Competency questions: one ``.rq`` file each, with its exact answer in a ``.csv`` beside it.

A file begins with comment lines that say what is asked::

    # question: Which responsibilities do two roles share?
    # section: Overlapping responsibilities
    # param a: Role = Delivery Manager
    # param b: Role = Project Manager
    # column responsibility: label of a responsibility that both roles have

The name of the file is the name of the question. Parameters are variables of the query; the value
after the sign of equality is the example that the expected rows belong to.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from rolegraph.errors import NotFoundError, QueryError
from rolegraph.lookup import Lookup
from rolegraph.resources import queries_path
from rolegraph.shown import Shown
from rolegraph.terms import IRI, cell
from rolegraph.values import Certification, Concept, Responsibility, Role, Skill

if TYPE_CHECKING:
    from rolegraph.page import Cell, Page
    from rolegraph.shown import Entry

__all__ = [
    "Parameter",
    "Question",
    "as_markdown",
    "cell",
    "find_question",
    "read_question",
    "read_questions",
]

_KINDS: Mapping[str, type[Concept]] = {
    "Role": Role,
    "Skill": Skill,
    "Certification": Certification,
    "Responsibility": Responsibility,
    "Concept": Concept,
}
_HEADER = re.compile(r"^#\s*(question|section|param|column)\b\s*([\w-]*)\s*:\s*(.*?)\s*$")


@dataclass(frozen=True, slots=True)
class Parameter(Shown):
    """A variable of a question that its asker sets.

    Attributes
    ----------
    name : str
    kind : str
        ``"Role"``, ``"Skill"``, ``"Certification"``, ``"Responsibility"``, ``"Concept"`` (looked
        up by name) or ``"Text"``.
    example : str
        What the expected rows are for.
    """

    _called = "parameter"

    name: str
    kind: str
    example: str

    def _page(self) -> Page:
        from rolegraph.page import Fields, Heading, Page

        pairs = (("kind", self.kind), ("for example", self.example))
        return Page((Heading(self.name, "parameter of a question"), Fields(pairs)))

    def _row(self, mixed: bool = False) -> Mapping[str, Entry]:
        return {"parameter": self.name, "kind": self.kind, "for example": self.example}


@dataclass(frozen=True, slots=True)
class Question(Shown):
    """A competency question.

    Attributes
    ----------
    name, text, section : str
        ``section`` is the heading of the article, or the part of the library, it belongs to.
    parameters : tuple of Parameter
    columns : tuple of (str, str)
        Name and meaning.
    query : str
        SPARQL, header included.
    path : pathlib.Path
    """

    _called = "question"

    name: str
    text: str
    section: str
    parameters: tuple[Parameter, ...]
    columns: tuple[tuple[str, str], ...]
    query: str
    path: Path

    def bind(self, given: Mapping[str, Any], index: Lookup) -> dict[str, Any]:
        """Turn parameters into bindings; those not given take their examples.

        Parameters
        ----------
        given : mapping of str to object
            Labels, CURIEs, IRIs or things.
        index : Lookup

        Returns
        -------
        dict of str to object

        Raises
        ------
        QueryError
            If the question has no such parameter.
        NotFoundError, AmbiguousLabelError
            If a name stands for nothing, or for several things.
        """
        known = {p.name: p for p in self.parameters}
        if strange := sorted(set(given) - set(known)):
            has = ", ".join(known) or "none"
            raise QueryError(
                f"question {self.name!r} has no parameter {', '.join(strange)}; it has {has}"
            )
        out: dict[str, Any] = {}
        for name, parameter in known.items():
            value = given.get(name, parameter.example)
            if (kind := _KINDS.get(parameter.kind)) and not isinstance(value, (IRI, kind)):
                if isinstance(value, Concept):
                    value = value.curie
                if isinstance(value, str | int | float) or value is None:
                    value = index.find(cast(str, value), kind)  # which refuses what is no text
            out[name] = value
        return out

    def expected(self) -> list[tuple[str, ...]]:
        """Read the expected rows for the examples, as text in the order of the columns.

        Raises
        ------
        QueryError
            If the file of expected rows is missing or has other columns.
        """
        path = self.path.with_suffix(".csv")
        if not path.exists():
            raise QueryError(f"question {self.name!r}: {path.name} is missing")
        with path.open(encoding="utf-8", newline="") as file:
            head, *rows = list(csv.reader(file))
        if head != [c for c, _ in self.columns]:
            raise QueryError(f"question {self.name!r}: {path.name} has the columns {head}")
        return [tuple(r) for r in rows]

    @property
    def body(self) -> str:
        """The query without its header."""
        return "\n".join(x for x in self.query.splitlines() if not x.startswith("#")).strip()

    @property
    def _call(self) -> str:
        """How it is asked."""
        given = [f"{p.name}={p.example!r}" for p in self.parameters]
        return f"kg.ask_question({', '.join([repr(self.name), *given])})"

    def _page(self) -> Page:
        from rolegraph.page import Code, Details, Fields, Grid, Heading, Listing, Page

        pairs: tuple[tuple[str, Cell], ...] = (
            ("name", Code(self.name)),
            ("section", self.section),
            ("ask it", Code(self._call)),
        )
        columns = Grid(("column", "what it holds"), self.columns)
        query = Details("query", (Listing(self.body, "sparql"),))
        return Page((Heading(self.text, "competency question"), Fields(pairs), columns, query))

    def _row(self, mixed: bool = False) -> Mapping[str, Entry]:
        return {
            "question": self.name,
            "what it asks": self.text,
            "parameters": ", ".join(p.name for p in self.parameters),
            "section": self.section,
        }


def read_question(path: Path) -> Question:
    """Read one question.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    Question

    Raises
    ------
    QueryError
        If a line of the header is missing or not in the form described above.
    """
    query = path.read_text(encoding="utf-8")
    one: dict[str, str] = {}
    parameters: list[Parameter] = []
    columns: list[tuple[str, str]] = []
    for number, line in enumerate(query.splitlines(), 1):
        if not line.startswith("#"):
            break
        match = _HEADER.match(line)
        if match is None:
            raise QueryError(f"{path.name}:{number}: not a header line: {line!r}")
        what, name, text = match.groups()
        if what == "param":
            kind, equals, example = (x.strip() for x in text.partition("="))
            if not equals or kind not in (*_KINDS, "Text"):
                raise QueryError(f"{path.name}:{number}: write '# param {name}: Kind = example'")
            parameters.append(Parameter(name, kind, example))
        elif what == "column":
            columns.append((name, text))
        else:
            one[what] = text
    for what in ("question", "section"):
        if not one.get(what):
            raise QueryError(f"{path.name}: the header has no '# {what}: …'")
    if not columns:
        raise QueryError(f"{path.name}: the header names no columns")
    return Question(
        path.stem, one["question"], one["section"], tuple(parameters), tuple(columns), query, path
    )


@cache
def read_questions() -> tuple[Question, ...]:
    """Read all questions that ship, by name."""
    return tuple(read_question(p) for p in sorted(queries_path().glob("*.rq")))


def find_question(name: str) -> Question:
    """Find a question by name.

    Raises
    ------
    NotFoundError
        With the nearest names.
    """
    by_name = {q.name: q for q in read_questions()}
    if name in by_name:
        return by_name[name]
    from rapidfuzz import process

    near = [n for n, _, _ in process.extract(name, list(by_name), score_cutoff=55, limit=3)]
    raise NotFoundError(name, "question", near)


def as_markdown(questions: Sequence[Question]) -> str:
    """Write questions with their queries and expected answers as a page.

    Parameters
    ----------
    questions : sequence of Question

    Returns
    -------
    str
        Markdown, a part for each section, in the order of the names.

    Raises
    ------
    QueryError
        If an answer is missing.
    """
    parts = []
    for section in dict.fromkeys(q.section for q in sorted(questions, key=lambda q: q.section)):
        parts.append(f"## {section}")
        parts += [_part(q) for q in questions if q.section == section]
    return "\n\n".join(parts) + "\n"


def _part(question: Question) -> str:
    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(c.replace("|", "\\|") for c in cells) + " |"

    lines = [f"### {question.name}", "", question.text, ""]
    if question.parameters:
        given = ", ".join(f"`{p.name}` = {p.example}" for p in question.parameters)
        lines += [f"With {given}:", ""]
    lines += [line([c for c, _ in question.columns]), "|" + " --- |" * len(question.columns)]
    lines += [line(row) for row in question.expected()]
    return "\n".join([*lines, "", "```sparql", question.body, "```"])
