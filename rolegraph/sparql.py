"""Queries as strings in, rows out: checks, safe binding and the table of an answer.

Values are handed to the engine as terms and never pasted into the text, so that a label with a
quote in it, or with a whole query in it, is just a label.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, overload

from rolegraph.errors import EmptyAnswerWarning, ExtraMissingError, QueryError
from rolegraph.shown import Shown
from rolegraph.sparqltext import (
    aggregates,
    assigned,
    columns_of_star,
    depth,
    form_of,
    keywords,
    variables,
)
from rolegraph.store import Engine, Form, to_oxigraph
from rolegraph.terms import RawTerm, Value, cell, raw_of, value_of

if TYPE_CHECKING:
    import pandas
    import rdflib

    from rolegraph.page import Block, Page
    from rolegraph.shown import Entry

__all__ = ["Row", "Rows", "ask", "check_update", "construct", "graph_of", "select"]


_DEEPEST = 100  # engines recurse, and a query from outside must not end the process


def _checked(
    query: str, wanted: Sequence[Form], bindings: Mapping[str, Any], remote: bool
) -> dict[str, RawTerm]:
    if not isinstance(query, str):
        raise QueryError(f"a query is a string, not a {type(query).__name__}")
    if depth(query) > _DEEPEST:
        raise QueryError(f"the query is nested more than {_DEEPEST} deep")
    words, known = keywords(query), variables(query)
    form = form_of(query)
    if form and form not in wanted:
        use = {"SELECT": "query", "ASK": "ask", "UPDATE": "update"}.get(form, "construct")
        raise QueryError(f"this is {form}, not {' or '.join(wanted)}; use .{use}(…)")
    if not remote:
        for word in ("SERVICE", "FROM"):
            if word in words:
                raise QueryError(
                    f"{word} may reach over the network and is off; "
                    "load the graph with remote=True to allow it"
                    + ("" if word == "SERVICE" else ", or name the graph with GRAPH <…> { … }")
                )
    terms: dict[str, RawTerm] = {}
    for name, value in bindings.items():
        if name not in known:
            raise QueryError(
                f"the query has no variable ?{name}"
                + (f"; it has {', '.join('?' + v for v in known)}" if known else "")
            )
        try:
            terms[name] = raw_of(value)
        except TypeError as error:
            raise QueryError(f"cannot bind ?{name}: {error}") from error
        if terms[name].kind == "bnode":
            raise QueryError(f"cannot bind ?{name} to a blank node")
        try:
            to_oxigraph(terms[name])
        except ValueError as error:
            raise QueryError(f"cannot bind ?{name} to {terms[name].value!r}: {error}") from error
    if both := sorted(set(terms) & assigned(query)):
        raise QueryError(f"the query sets ?{both[0]} itself; it cannot be bound too")
    return terms


class Row(Sequence[Value], Shown):
    """One line of an answer, by name and by index.

    Examples
    --------
    >>> row = Row(("role", "steps"), ("Delivery Director", 3))
    >>> row["steps"], row[0], row.asdict()
    (3, 'Delivery Director', {'role': 'Delivery Director', 'steps': 3})
    """

    _called = "row"

    __slots__ = ("_columns", "_values")

    def __init__(self, columns: tuple[str, ...], values: tuple[Value, ...]) -> None:
        self._columns = columns
        self._values = values

    @overload
    def __getitem__(self, key: int | str) -> Value: ...
    @overload
    def __getitem__(self, key: slice) -> tuple[Value, ...]: ...
    def __getitem__(self, key: int | str | slice) -> Value | tuple[Value, ...]:
        """Give a cell by column name or position, or a run of cells by slice."""
        if isinstance(key, str):
            try:
                return self._values[self._columns.index(key)]
            except ValueError:
                raise KeyError(
                    f"no column {key!r}; the columns are {', '.join(self._columns)}"
                ) from None
        return self._values[key]

    def __len__(self) -> int:
        """Count of columns."""
        return len(self._values)

    def __eq__(self, other: object) -> bool:
        """Equal to a row or tuple with the same values."""
        if isinstance(other, Row):
            return self._values == other._values
        return self._values == other

    def __hash__(self) -> int:
        """Hash of the values."""
        return hash(self._values)

    def __repr__(self) -> str:
        """Show names and values."""
        cells = ", ".join(f"{c}={v!r}" for c, v in zip(self._columns, self._values, strict=True))
        return f"Row({cells})"

    def asdict(self) -> dict[str, Value]:
        """Give the row as a dictionary."""
        return dict(zip(self._columns, self._values, strict=True))

    def _page(self) -> Page:
        from rolegraph.page import Fields, Page, Para

        pairs = [(name, cell(value) if value is not None else "not bound")
                 for name, value in self.asdict().items()]  # fmt: skip
        return Page((Fields(tuple(pairs)),) if pairs else (Para("no columns"),))

    def _row(self, mixed: bool = False) -> Mapping[str, Entry]:
        return {
            name: value if isinstance(value, int | float) else cell(value)
            for name, value in self.asdict().items()
        }


class Rows(Sequence[Row], Shown):
    """The answer to a SELECT: columns, kept even when there are no rows, and rows.

    Attributes
    ----------
    columns : tuple of str
        Names of the variables, without the question mark.
    notes : tuple of str
        What is worth a word besides: terms of the query that the graph does not know, and
        variables that stand nowhere in its pattern; where nothing was found, texts in the place of
        things and of labels. Made when somebody first looks.
    found : bool
        Whether anything was found: there are rows, and not just sums and counts of nothing.

    Examples
    --------
    >>> import rolegraph as rg
    >>> kg = rg.load()
    >>> kg.query("SELECT ?skill { ?role rg:hasSkil ?skill }", role="Project Manager")
    <Rows: 0 x (skill)>
      note: no property rg:hasSkil; did you mean rg:hasSkill?
      note: role is bound to a text, not to role:project-manager; for the thing itself write
        role=kg.role("Project Manager"); its label is "Project Manager"@en,
        rg.Text("Project Manager", "en")
    """

    _called = "answer"

    __slots__ = ("_noted", "_raw", "columns", "found")

    def __init__(
        self,
        columns: tuple[str, ...],
        raw: Sequence[tuple[Any, ...]],
        notes: Callable[[bool], Iterable[str]] | Sequence[str] = (),
        found: bool = True,
    ) -> None:
        self.columns = columns
        self.found = found and bool(raw)
        self._raw = raw  # terms as the engine gave them: read when somebody looks
        self._noted = notes  # or what makes them, told whether anything was found

    @property
    def notes(self) -> tuple[str, ...]:
        """What is worth a word besides the rows."""
        if callable(self._noted):
            self._noted = tuple(self._noted(self.found))
        return tuple(self._noted)

    def _read(self, raw: tuple[Any, ...]) -> Row:
        return Row(self.columns, tuple([value_of(t) for t in raw]))

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Row, ...]: ...
    @overload
    def __getitem__(self, index: str) -> tuple[Value, ...]: ...
    def __getitem__(self, index: int | slice | str) -> Row | tuple[Row, ...] | tuple[Value, ...]:
        """Give a row by position, several by slice, or a column by name."""
        if isinstance(index, str):
            return self.column(index)
        if isinstance(index, slice):
            return tuple(map(self._read, self._raw[index]))
        return self._read(self._raw[index])

    def __len__(self) -> int:
        """Count of rows."""
        return len(self._raw)

    def __repr__(self) -> str:
        """Show the size and the first rows."""
        head = "".join(f"\n  note: {n}" for n in self.notes)
        head += "".join(f"\n  {r!r}" for r in self[:5])
        more = f"\n  … {len(self) - 5} more" if len(self) > 5 else ""
        return f"<Rows: {len(self)} x ({', '.join(self.columns)})>{head}{more}"

    def column(self, name: str) -> tuple[Value, ...]:
        """Give one column, as ``rows["name"]`` does.

        Raises
        ------
        KeyError
            If there is no such column.
        """
        if name not in self.columns:
            raise KeyError(f"no column {name!r}; the columns are {', '.join(self.columns)}")
        place = self.columns.index(name)
        return tuple(value_of(row[place]) for row in self._raw)

    def to_dicts(self) -> list[dict[str, Value]]:
        """Give the rows as dictionaries."""
        return [row.asdict() for row in self]

    def to_pandas(self) -> pandas.DataFrame:
        """Give the answer as a data frame; the columns are there even without rows.

        Returns
        -------
        pandas.DataFrame
            :attr:`notes`, where there are any, go with it as ``frame.attrs["notes"]``.

        Warns
        -----
        EmptyAnswerWarning
            If nothing was found and there are notes on why.

        Raises
        ------
        ExtraMissingError
            If pandas is not installed (``pip install "rolegraph[pandas]"``).
        """
        try:
            import pandas
        except ImportError:
            raise ExtraMissingError("pandas", "pandas") from None
        frame = pandas.DataFrame([list(r) for r in self], columns=list(self.columns))
        if notes := list(self.notes):
            frame.attrs["notes"] = notes
            if not self.found:
                message = "\n".join(["the query found nothing:", *notes])
                warnings.warn(message, EmptyAnswerWarning, stacklevel=2)
        return frame

    def to_rdflib(self) -> list[dict[str, rdflib.term.Node]]:
        """Give the rows with rdflib terms; unbound cells are left out."""
        return [
            {c: raw_of(t).to_rdflib() for c, t in zip(self.columns, row, strict=True) if t}
            for row in self._raw
        ]

    def __iter__(self) -> Iterator[Row]:
        """Go through the rows."""
        return map(self._read, self._raw)

    def _blocks(
        self, open_rows: int | None = None, beyond: Callable[[int], str] | None = None
    ) -> tuple[Block, ...]:
        """Lay the answer out, page by page."""
        from rolegraph.page import OPEN, Para, count, paged

        if not self.columns or not len(self):
            named = f" ({', '.join(self.columns)})" if self.columns else ""
            return (Para(f"{count(len(self)) if len(self) else 'no rows'}{named}"),)
        shown = OPEN if open_rows is None else open_rows
        first = self[:shown]
        figures = [all(r[i] is None or _figure(r[i]) for r in first)
                   for i in range(len(self.columns))]  # fmt: skip
        return paged(
            self.columns,
            len(self),
            lambda start, end: [[cell(v) for v in row] for row in self[start:end]],
            numeric=frozenset(i for i, yes in enumerate(figures) if yes and first),
            open_rows=shown,
            beyond=beyond or (lambda n: f"rows[{n}:]"),
        )

    def _page(self) -> Page:
        from rolegraph.page import Page, Para

        return Page((*(Para(f"note: {n}") for n in self.notes), *self._blocks()))


def _figure(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def select(
    engine: Engine,
    query: str,
    bindings: Mapping[str, Any],
    remote: bool = False,
    notes: Callable[[bool], Iterable[str]] | None = None,
) -> Rows:
    """Run a SELECT.

    Parameters
    ----------
    engine : Engine
    query : str
        SPARQL 1.1; the prefixes of :data:`rolegraph.vocab.PREFIXES` are known.
    bindings : mapping of str to object
        Values for variables of the query (see :func:`rolegraph.terms.raw_of`).
    remote : bool
        Allow ``SERVICE`` and ``FROM``, which may reach over the network.
    notes : callable, optional
        Makes :attr:`Rows.notes` when somebody looks; it is told whether anything was found.

    Returns
    -------
    Rows

    Raises
    ------
    QueryError
        If the query is malformed, of another form, or has no such variable.
    """
    terms = _checked(query, ("SELECT",), bindings, remote)
    columns, rows = engine.solutions(query, terms)
    if (star := columns_of_star(query)) is not None:  # engines order the columns of * as they like
        order = sorted(range(len(columns)), key=lambda i: star.index(columns[i]))
        columns = tuple(columns[i] for i in order)
        rows = [tuple(row[i] for i in order) for row in rows]
    found = not (aggregates(query) and _blank(columns, rows, bindings))
    return Rows(columns, rows, notes or (), found)


def _blank(
    columns: Sequence[str], rows: Sequence[tuple[Any, ...]], bindings: Mapping[str, Any]
) -> bool:
    """Tell whether an answer has nothing but nought and nothing beside what was bound."""
    made = [i for i, name in enumerate(columns) if name not in bindings]
    return not any(value_of(row[i]) for row in rows for i in made)


def ask(engine: Engine, query: str, bindings: Mapping[str, Any], remote: bool = False) -> bool:
    """Run an ASK; parameters and errors as for :func:`select`."""
    return engine.ask(query, _checked(query, ("ASK",), bindings, remote))


def construct(
    engine: Engine, query: str, bindings: Mapping[str, Any], remote: bool = False
) -> rdflib.Graph:
    """Run a CONSTRUCT or DESCRIBE; parameters and errors as for :func:`select`.

    Returns
    -------
    rdflib.Graph
    """
    forms: tuple[Literal["CONSTRUCT"], Literal["DESCRIBE"]] = ("CONSTRUCT", "DESCRIBE")
    triples = engine.construct(query, _checked(query, forms, bindings, remote))
    return graph_of(triples)


def graph_of(triples: Sequence[tuple[RawTerm, RawTerm, RawTerm]]) -> rdflib.Graph:
    """Make an rdflib graph, with our prefixes bound, from triples."""
    import rdflib

    from rolegraph.vocab import PREFIXES

    graph = rdflib.Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    for s, p, o in triples:
        graph.add((s.to_rdflib(), p.to_rdflib(), o.to_rdflib()))
    return graph


def check_update(text: str, remote: bool = False) -> None:
    """Refuse an update that is not one, or that would reach over the network.

    Raises
    ------
    QueryError
    """
    if not isinstance(text, str):
        raise QueryError(f"an update is a string, not a {type(text).__name__}")
    if depth(text) > _DEEPEST:
        raise QueryError(f"the update is nested more than {_DEEPEST} deep")
    words = keywords(text)
    if form_of(text) not in ("UPDATE", ""):
        raise QueryError(f"this is {form_of(text)}, not an update; use .query(…) or its like")
    for word in ("LOAD", "SERVICE"):
        if word in words and not remote:
            raise QueryError(f"{word} reaches over the network and is off (remote=True allows it)")
