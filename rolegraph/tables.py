"""Several values as a tuple that shows itself as a table, a row a value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self, SupportsIndex, TypeVar, cast, overload

from rolegraph.errors import ExtraMissingError
from rolegraph.shown import SENSES, Shown, figure

if TYPE_CHECKING:
    import pandas

    from rolegraph.page import Block, Cell, Page
    from rolegraph.pictures import Picture
    from rolegraph.shown import Entry

__all__ = ["Table"]

T_co = TypeVar("T_co", covariant=True)
_FIGURE = re.compile(r"[≥≤≈]?[\d.,]*\d(e[+-]?\d+)?%?")  # as in "≥8" and "33%"
_READ_AS = " read as"
_MOST = 200  # values that stand in closed pages: notebooks are to stay small
_EXPLAINED = 5  # values of a table that are explained one by one below it


class Table(tuple[T_co, ...], Shown):
    """Several values: a tuple in all it does, and a table to look at.

    Columns in which nothing stands are left out. Long tables are shown page by page.

    Parameters
    ----------
    values : iterable
    of : type, optional
        What the values are: an empty table knows its columns by that.
    notes : iterable of str, optional
        What was left out, and why. They stand below the table, and in ``attrs["notes"]`` of its
        data frame.

    Attributes
    ----------
    notes : tuple of str

    Examples
    --------
    >>> import rolegraph as rg
    >>> kg = rg.load()
    >>> kg.roles("Project management")[:3]
    role                            family              level     also called
    ------------------------------  ------------------  --------  ---------------------------
    Director of Project Management  Project management  director  Project Management Director
    Junior Project Manager          Project management  junior    Junior PM
    Portfolio Manager               Project management  lead      PM, PfM
    >>> [c.label for c in kg.certifications("Project Manager")[:1]]
    ['PMP']
    """

    _of: type[Shown] | None
    notes: tuple[str, ...]

    def __new__(
        cls,
        values: Iterable[T_co] = (),
        of: type[Shown] | None = None,
        notes: Iterable[str] = (),
    ) -> Self:
        """Make a table of values."""
        table = super().__new__(cls, values)
        table._of, table.notes = of, tuple(notes)
        return table

    @overload
    def __getitem__(self, key: SupportsIndex, /) -> T_co: ...
    @overload
    def __getitem__(self, key: slice, /) -> Table[T_co]: ...
    def __getitem__(self, key: SupportsIndex | slice, /) -> T_co | Table[T_co]:
        """Give a value by its place, or several by slice: a table again."""
        found = tuple.__getitem__(self, key)
        return Table(found, self._of, self.notes) if isinstance(key, slice) else found  # type: ignore[arg-type, return-value]

    def __repr__(self) -> str:
        """Show the values as a table of text."""
        return self._plain()

    def to_pandas(self) -> pandas.DataFrame:
        """Put the values into a data frame.

        Returns
        -------
        pandas.DataFrame
            A row a value, with the columns that the table shows, and ``iri`` where values have
            one; without values, the columns that such values may have. Figures are numbers; where
            one is not exact, a column ``… read as`` beside it says ``"at least"``, ``"at most"``
            or ``"about"``.

        Raises
        ------
        ExtraMissingError
            If pandas is not installed (``pip install "rolegraph[pandas]"``).

        Examples
        --------
        >>> import rolegraph as rg
        >>> frame = rg.load().roles().to_pandas()
        >>> frame.loc[0, "role"], list(frame.columns)
        ('Chief Operations Officer', ['role', 'family', 'level', 'also called', 'iri'])
        """
        try:
            import pandas as pd
        except ImportError:
            raise ExtraMissingError("pandas", "pandas") from None
        rows = [{**_figures(row), **_named(v)} for row, v in zip(_rows(self), self, strict=True)]
        columns = _columns(rows) if self else list(self._of._heads if self._of else ())
        exact = dict.fromkeys((c for c in columns if c.endswith(_READ_AS)), "")
        columns = [c for name in columns if name not in exact
                   for c in (name, name + _READ_AS) if c == name or c in exact]  # fmt: skip
        rows = [{**exact, **row} for row in rows]
        frame = pd.DataFrame([[_bare(r.get(c)) for c in columns] for r in rows], columns=columns)
        if self.notes:
            frame.attrs["notes"] = list(self.notes)
        return frame

    def picture(self) -> Picture:
        """Draw the values together, where their kind has a picture of several: routes have one.

        Returns
        -------
        rolegraph.pictures.Picture

        Raises
        ------
        ValueError
            If there is nothing to draw.

        Examples
        --------
        >>> import rolegraph as rg
        >>> rg.load().routes("Project Manager", "Delivery Director", k=3).picture()
        <RoutesMap: Project Manager → Delivery Director>
        """
        found = self._picture()
        if found is None:
            what = f"a table of values such as {str(self[0])!r}" if self else "an empty table"
            raise ValueError(f"there is no picture of {what}; a table of routes has one")
        return found

    def _page(self) -> Page:
        from rolegraph.page import OPEN, Page, Para, paged

        notes = tuple(map(Para, self.notes))
        if not self:
            return Page((Para("none"), *notes))
        entries = _rows(self[: OPEN + _MOST])
        columns = _columns(entries)
        numeric = frozenset(
            i for i, c in enumerate(columns) if all(_is_figure(e.get(c)) for e in entries)
        )

        def rows(start: int, end: int) -> list[list[Cell]]:
            return [[figure(e.get(c)) for c in columns] for e in entries[start:end]]

        table = paged(
            columns, len(self), rows, numeric=numeric, what=getattr(self[0], "_called", "row"),
            most=_MOST, beyond=lambda n: f"ask for [{n}:]",
        )  # fmt: skip
        return Page((*table, *notes, *self._below()))

    def _below(self) -> Iterator[Block]:
        """Explain values one by one, where their kind has more to say than its row."""
        from rolegraph.page import Details, Only

        for number, value in enumerate(self[:_EXPLAINED], 1):
            more = value._explained() if isinstance(value, Shown) else None
            if more is not None:
                yield Only("html", (Details(f"{number}. {more[0]}", more[1]),))

    def _picture(self) -> Picture | None:
        first = self[0] if self else None
        found = first._picture_of(self) if isinstance(first, Shown) else None
        return cast("Picture | None", found)


def _rows(values: Sequence[object]) -> list[Mapping[str, Entry]]:
    mixed = len({type(v) for v in values}) > 1
    return [v._row(mixed) if isinstance(v, Shown) else {"value": str(v)} for v in values]


def _figures(row: Mapping[str, Entry]) -> dict[str, Entry]:
    """Make a number of one that is not exact, which is written ``"≥8"`` for a reader."""
    out: dict[str, Entry] = {}
    for name, value in row.items():
        sense = SENSES.get(value[:1]) if isinstance(value, str) else None
        if sense and _FIGURE.fullmatch(str(value)):
            out[name] = float(str(value)[1:].replace(",", ""))
            out[name + _READ_AS] = sense
        else:
            out[name] = value
    return out


def _named(value: object) -> Mapping[str, str]:
    iri = getattr(value, "iri", None)
    return {"iri": iri} if isinstance(iri, str) else {}


def _columns(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Name the columns that hold anything, in the order of the rows."""
    known = dict.fromkeys(c for row in rows for c in row)
    return [c for c in known if any(_stands(row.get(c)) for row in rows)]


def _stands(value: object) -> bool:
    """Whether anything is there to be shown; 0 is, as a figure."""
    return bool(value) or (isinstance(value, int | float) and not isinstance(value, bool))


def _is_figure(value: object) -> bool:
    if isinstance(value, str):  # a least, or a share
        return bool(_FIGURE.fullmatch(value))
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _bare(value: Entry) -> object:
    if value is None or isinstance(value, int | float):
        return value
    from rolegraph.pagetext import flat

    return flat(value)
