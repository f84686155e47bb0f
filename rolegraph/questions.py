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
from typing import Any

from rolegraph.errors import NotFoundError, QueryError
from rolegraph.lookup import Lookup
from rolegraph.resources import queries_path
from rolegraph.terms import IRI, cell
from rolegraph.values import Certification, Concept, Responsibility, Role, Skill

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
class Parameter:
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

    name: str
    kind: str
    example: str


@dataclass(frozen=True, slots=True)
class Question:
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
            if isinstance(value, str) and not isinstance(value, IRI) and parameter.kind in _KINDS:
                value = index.find(value, _KINDS[parameter.kind])
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
    body = "\n".join(x for x in question.query.splitlines() if not x.startswith("#")).strip()
    return "\n".join([*lines, "", "```sparql", body, "```"])
