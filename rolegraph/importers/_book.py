"""Checking a table as a whole: what it says, and everything that is wrong with it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from os import PathLike
from pathlib import Path
from typing import Any

from rolegraph import ntriples as nt
from rolegraph.errors import DataError, Problem, RoleGraphError
from rolegraph.importers._form import (
    _CLASSES,
    _FOREIGN,
    _FORM,
    _KINDS,
    _LANGUAGE,
    _LEVELS,
    _MAPPED,
    _README,
    _RESERVED,
    FORM,
    MEASURES,
    Sheet,
)
from rolegraph.importers._grids import _Cell, _read_csv, _read_xlsx, _read_yaml, _Row, _Table
from rolegraph.importers._mapping import _read_mapping
from rolegraph.importers._text import (
    _brief,
    _heading,
    _near,
    _nearest,
    _no_text,
    _same,
    _slug,
    _tidy,
    _valid_iri,
)
from rolegraph.importers.draft import SourceInfo
from rolegraph.vocab import BASE, RG, expand

__all__ = ["Known", "_Book"]

Known = Callable[[str, str], str | None]
"""Finds the IRI of what a store knows by a name such as ``"esco:project manager"`` and a kind
(``"role"``, ``"skill"`` or ``"certification"``); None, or an error of ours, where there is none."""

_ERRORS = frozenset(
    "#REF! #N/A #VALUE! #NAME? #DIV/0! #NULL! #NUM! #SPILL! #CALC! #FIELD! #BLOCKED! "
    "#GETTING_DATA #BEZUG! #NV #WERT! #ZAHL! #ÜBERLAUF!".split()
)
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_VERSION = re.compile(r"[A-Za-z0-9]+([.-][A-Za-z0-9]+)*")
_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,12})?")


@dataclass(frozen=True, slots=True)
class _At:
    """Where something was read: a sheet of the form, and a row."""

    sheet: str
    row: int


@dataclass(frozen=True, slots=True)
class _Thing:
    kind: str
    iri: str
    label: str
    at: _At
    alt: tuple[str, ...] = ()
    description: str = ""
    cls: str = ""


@dataclass(frozen=True, slots=True)
class _Fact:
    """A fact about a thing; ``value`` is an IRI, or ``literal`` an N-Triples term."""

    subject: str
    predicate: str
    at: _At
    value: str = ""
    literal: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Requirement:
    role: str
    skill: str
    strength: str
    level: str
    note: str
    at: _At


@dataclass(frozen=True, slots=True)
class _Move:
    source: str
    target: str
    label: str
    cls: str
    measures: tuple[tuple[str, str], ...]
    note: str
    at: _At


@dataclass(frozen=True, slots=True)
class _Match:
    subject: str
    relation: str
    target: str
    confidence: str
    note: str
    at: _At


@dataclass(frozen=True, slots=True)
class _About:
    info: SourceInfo
    namespace: str
    language: str


class _Book:
    """A table being checked: what it says, and everything that is wrong with it.

    Parameters
    ----------
    path : path
    mapping : path or mapping, optional
    known : callable, optional
    lenient : bool
        Take names of a store for granted, when no store is at hand to ask.
    """

    def __init__(
        self,
        path: str | PathLike[str],
        mapping: str | PathLike[str] | Mapping[str, Any] | None,
        known: Known | None,
        *,
        lenient: bool = False,
    ) -> None:
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        self.things: dict[str, _Thing] = {}
        self.facts: list[_Fact] = []
        self.requirements: list[_Requirement] = []
        self.moves: list[_Move] = []
        self.matches: list[_Match] = []
        self.measures: dict[str, str] = {}
        self.left: list[tuple[_At, str, str]] = []
        self._known = known
        self._lenient = lenient
        self._by_name: dict[str, dict[str, _Thing]] = {kind: {} for kind in _CLASSES}
        self._also: dict[str, dict[str, list[_Thing]]] = {kind: {} for kind in _CLASSES}
        self._open: set[str] = {"ladder", "scheme", "responsibility"}
        self._unknown: set[str] = set()
        self._ranks: dict[str, int] = {}
        self._named: dict[tuple[str, ...], tuple[int, Mapping[str, str]]] = {}
        self._faults: set[tuple[str, int, str]] = set()

        self._path = Path(path)
        self._names = _read_mapping(mapping, self.problems)
        self._tables = self._recognise(self._grids())
        self.about = self._about()
        self._families()
        self._levels()
        self._roles()
        self._skills()
        self._certifications()
        self._demands()
        self._role_facts("role certifications", "certification", RG.hasRelevantCertification)
        self._role_facts("responsibilities", "responsibility", RG.hasResponsibility)
        self._transitions()
        self._mappings()

    # --- reading

    def _grids(self) -> list[_Table]:
        path = self._path
        if path.is_dir():
            files = sorted(p for p in path.iterdir() if p.suffix.lower() == ".csv")
            if not files:
                raise DataError(f"no CSV file in the folder {path.name}; roles.csv is the least")
            return [_read_csv(p, self._names, self.problems) for p in files]
        if not path.is_file():
            raise DataError(f"there is no file or folder {path}")
        suffix = path.suffix.lower()
        if suffix in (".xlsx", ".xlsm"):
            return _read_xlsx(path, self.problems)
        if suffix in (".yaml", ".yml"):
            return _read_yaml(path, self.problems)
        raise DataError(
            f"{path.name} is none of the forms that can be read: a workbook (.xlsx), a YAML file "
            "(.yaml) or a folder of CSV files"
        )

    def _recognise(self, grids: Iterable[_Table]) -> dict[str, _Table]:
        """Find out which sheet of the form each table is, and which column each heading."""
        tables: dict[str, _Table] = {}
        for grid in grids:
            ours = self._names.sheets.get(_heading(grid.sheet), _heading(grid.sheet))
            if _heading(grid.sheet) in self._names.ignore:
                self.notes.append(f"left out as you asked: {grid.account or grid.sheet}")
                continue
            if ours not in _FORM:
                if ours == _README or not (grid.rows or grid.heads or grid.broken):
                    continue
                wanted = set(_FORM) - set(tables)
                message = f'the form has no sheet "{_brief(_tidy(grid.sheet))}"'
                near = _near(grid.sheet, wanted)
                self._say(grid, grid.head_row if grid.keyed else None, "", "", message, near)
                # most likely the sheet is one that others refer to
                self._unknown |= {near} if near else set()
                continue
            if ours in tables:
                self._say(grid, None, "", grid.sheet, f'there is a sheet "{ours}" already')
                continue
            tables[ours] = self._columns(ours, grid)
        return tables

    def _columns(self, ours: str, grid: _Table) -> _Table:
        """Name the columns of a sheet as the form does."""
        if grid.broken or ours == "about":
            return grid
        sheet = _FORM[ours]
        renamed = self._names.columns.get(ours, {})
        heads: dict[str, str] = {}
        found: dict[str, str] = {}
        for head, shown in grid.heads.items():
            name = renamed.get(head, head)
            if strange := _no_text(shown):
                self._say(grid, grid.head_row, shown, shown, f"the heading holds {strange}")
                continue
            if name in heads:
                message = f'"{_brief(shown)}" and "{_brief(heads[name])}" are the same column'
                self._say(grid, grid.head_row, shown, shown, message)
                continue
            heads[name] = shown
            found[head] = name
        table = _Table(
            grid.sheet, grid.file, grid.account, heads,
            tuple(
                _Row(r.row, {found[h]: c for h, c in r.cells.items() if h in found})
                for r in grid.rows
            ),
            grid.head_row, grid.digest, grid.keyed,
        )  # fmt: skip
        broken = not self._headings(sheet, table)
        for row in table.rows:
            for name, cell in row.cells.items():
                self._sound(ours, table, row, name, cell)
        rows = tuple(
            _Row(r.row, {n: c for n, c in r.cells.items() if self._usable(n, c)})
            for r in table.rows
        )
        return _Table(
            table.sheet, table.file, table.account, heads, rows, table.head_row, table.digest,
            table.keyed, broken,
        )  # fmt: skip

    def _headings(self, sheet: Sheet, table: _Table) -> bool:
        """Look for columns that are missing and columns that are strange."""
        whole = True
        strange = [h for h in table.heads if sheet.column(h) is None]
        taken: set[str] = set()
        for column in sheet.columns:
            if column.needed and column.name not in table.heads and (table.rows or table.heads):
                near = _near(column.name, [table.heads[h] for h in strange])
                heading = next((h for h in strange if table.heads[h] == near), "")
                taken.add(heading)
                message = f'no column "{column.name}"'
                if near:
                    message += f'; the nearest heading is "{_brief(near)}"'
                self._say(table, table.head_row, near, near, message, column.name if near else "")
                whole = False
        for head in strange:
            if head in taken:
                continue
            shown = table.heads[head]
            cells = [(r, r.cells[head]) for r in table.rows if head in r.cells]
            near = _near(head, [c.name for c in sheet.columns], cutoff=80)
            typo = (
                bool(near)
                and (near not in table.heads or table.keyed)
                and not (table.keyed and any(near in r.cells for r, _ in cells))
            )
            if typo:
                row = cells[0][1].row if table.keyed and cells else table.head_row
                message = f'the sheet {sheet.name} has no column "{_brief(shown)}"'
                self._say(table, row, shown, shown, message, near)
            elif cells and not (sheet.name == "transitions" and self._numeric(cells)):
                self.notes.append(
                    f'{table.account}: the column "{_brief(shown)}" is none of the form and was '
                    f"left out ({len(cells)} cells)"
                )
        return whole

    def _numeric(self, cells: Iterable[tuple[_Row, _Cell]]) -> bool:
        return any(c.number or _NUMBER.fullmatch(self._digits(c)) for _, c in cells)

    def _digits(self, cell: _Cell) -> str:
        text = _tidy(cell.text)
        if self._names.decimal == "," and not cell.number:
            text = text.replace(".", "?").replace(",", ".")  # a point would part thousands
        return text

    def _usable(self, name: str, cell: _Cell) -> bool:
        return bool(_tidy(cell.text)) and not self._fault(name, cell)

    def _fault(self, name: str, cell: _Cell) -> str:
        if cell.fault:
            return cell.fault
        if _tidy(cell.text).upper() in _ERRORS:
            return f"the cell holds the error {_tidy(cell.text)}"
        if strange := _no_text(cell.text):
            return f"the cell holds {strange}"
        several = cell.parts is not None and name not in ("also called",)
        return "there is a list here where one value is expected" if several else ""

    def _sound(self, ours: str, table: _Table, row: _Row, name: str, cell: _Cell) -> None:
        if fault := self._fault(name, cell):
            self._say(table, cell.row, table.heads[name], cell.text, fault)
            self._faults.add((ours, row.row, name))

    # --- saying what is wrong

    def _say(
        self,
        table: _Table,
        row: int | None,
        column: str,
        value: str,
        message: str,
        suggestion: str = "",
    ) -> None:
        self.problems.append(
            Problem(
                table.file, _brief(_tidy(table.sheet)), row, _brief(column), _brief(value), message,
                _brief(suggestion),
            )
        )  # fmt: skip

    def _bad(
        self, table: _Table, row: _Row, column: str, message: str, suggestion: str = ""
    ) -> None:
        cell = row.cells.get(column)
        shown = table.heads.get(column, column)
        value = _tidy(cell.text) if cell else ""
        self._say(table, cell.row if cell else row.row, shown, value, message, suggestion)

    # --- cells

    def _rows(self, sheet: str) -> Iterator[tuple[_Table, _Row]]:
        table = self._tables.get(sheet)
        if table is None or table.broken:
            return
        needed = [c.name for c in _FORM[sheet].columns if c.needed]
        for row in table.rows:
            # a cell at fault has been reported already
            for name in needed:
                if name not in row.cells and not self._at_fault(table, row, name):
                    self._bad(table, row, name, f"the cell is empty, and every row needs a {name}")
            yield table, row

    def _at_fault(self, table: _Table, row: _Row, name: str) -> bool:
        return (self._sheet_of(table), row.row, name) in self._faults

    def _text(self, row: _Row, column: str) -> str:
        cell = row.cells.get(column)
        return _tidy(cell.text) if cell else ""

    def _prose(self, row: _Row, column: str) -> str:
        cell = row.cells.get(column)
        return unicodedata.normalize("NFC", cell.text.strip()) if cell else ""

    def _many(self, row: _Row, column: str) -> tuple[str, ...]:
        cell = row.cells.get(column)
        if cell is None:
            return ()
        parts = cell.parts if cell.parts is not None else cell.text.split(";")
        return tuple(p for p in map(_tidy, parts) if p)

    def _one_of(self, table: _Table, row: _Row, column: str, sheet: str) -> str:
        """Give the value of a column that has a list of values; empty if there is none."""
        given = _same(self._text(row, column))
        if not given:
            return ""
        renamed = self._names.values.get(column, {})
        value = renamed.get(given, given)
        spec = _FORM[sheet].column(column)
        allowed = spec.values if spec else ()
        if column == "relation":
            value = value.removesuffix("match").strip()
        if value in allowed:
            return value
        message = f'no {column} "{_brief(self._text(row, column))}"'
        near = _near(given, [*allowed, *renamed])
        if not near:
            message += f"; there are {', '.join(allowed)}"
        self._bad(table, row, column, message, near)
        return ""

    def _number(
        self, table: _Table, row: _Row, column: str, *, whole: bool = False, least: int | None = 0
    ) -> str:
        cell = row.cells.get(column)
        if cell is None:
            return ""
        text = self._digits(cell)
        shown = _brief(_tidy(cell.text))
        if not _NUMBER.fullmatch(text):
            near = text.replace(",", ".")
            if not _NUMBER.fullmatch(near):
                found = re.search(r"[0-9]+(\.[0-9]+)?", text)
                near = found[0] if found else ""
            if near and self._names.decimal == ",":
                near = near.replace(".", ",")
            self._bad(table, row, column, f'"{shown}" is no number', near)
            return ""
        value = Decimal(text)
        if whole and value != value.to_integral_value():
            self._bad(table, row, column, f"{shown} is no whole number")
            return ""
        if least is not None and value < least:
            wrong = f"{shown} is negative" if least == 0 else f"{shown} is less than {least}"
            self._bad(table, row, column, wrong)
            return ""
        digits = format(value, "f")
        return digits.rstrip("0").rstrip(".") if "." in digits else digits

    # --- things

    def _iri(self, kind: str, label: str) -> str:
        return f"{self.about.namespace}{kind}/{_slug(label)}"

    def _add(self, table: _Table, row: _Row, kind: str, column: str, cls: str = "") -> str:
        """Note a thing that a row of its own describes; give its IRI, or nothing."""
        label = self._text(row, column)
        if not label:
            return ""
        before = self._by_name[kind].get(_same(label))
        if before is not None:
            place = f"{table.unit} {before.at.row}"
            self._bad(table, row, column, f'the {kind} "{_brief(label)}" stands in {place} already')
            return ""
        given = self._text(row, "iri")
        iri = self._iri(kind, label)
        if given:
            expanded = expand(given)
            if expanded is None or not _valid_iri(expanded):
                message = f'"{_brief(given)}" is no IRI, and no CURIE with a prefix that is known'
                self._bad(table, row, "iri", message)
            else:
                iri = expanded
        alt = self._many(row, "also called")
        at = _At(self._sheet_of(table), row.row)
        thing = _Thing(kind, iri, label, at, alt, self._prose(row, "description"), cls)
        return self._enter(table, row, "iri" if given else column, thing)

    def _sheet_of(self, table: _Table) -> str:
        return next(name for name, t in self._tables.items() if t is table)

    def _enter(self, table: _Table, row: _Row, column: str, thing: _Thing) -> str:
        self._by_name[thing.kind][_same(thing.label)] = thing
        for name in thing.alt:
            self._also[thing.kind].setdefault(_same(name), []).append(thing)
        other = self.things.get(thing.iri)
        if other is not None:
            message = (
                f'"{_brief(thing.label)}" would have the same IRI as the {other.kind} '
                f'"{_brief(other.label)}": give one of them an iri of its own'
            )
            self._bad(table, row, column, message)
            return ""
        self.things[thing.iri] = thing
        return thing.iri

    def _labels(self, kinds: tuple[str, ...]) -> Mapping[str, str]:
        """Give the names of all things of some kinds, other names too."""
        count = len(self.things)
        if self._named.get(kinds, (0, {}))[0] != count:
            things = [t for k in kinds for t in self._by_name[k].values()]
            names = [t.label for t in things] + [a for t in things for a in t.alt]
            self._named[kinds] = (count, {_same(n): n for n in reversed(names)})
        return self._named[kinds][1] if count else {}

    def _find(self, table: _Table, row: _Row, column: str, kind: str) -> str:
        """Find what a cell refers to, by name, IRI or CURIE; give its IRI, or nothing."""
        text = self._text(row, column)
        if not text:
            return ""
        thing = self._by_name[kind].get(_same(text))
        if thing is None and (also := self._also[kind].get(_same(text))):
            if len({t.iri for t in also}) > 1:
                names = " and ".join(f'"{_brief(t.label)}"' for t in also[:3])
                self._bad(table, row, column, f'"{_brief(text)}" is another name of {names}')
                return ""
            thing = also[0]
        if thing is not None:
            return thing.iri
        if kind in _MAPPED and (iri := self._elsewhere(table, row, column, kind)) is not None:
            other = self.things.get(iri)
            if other is not None and other.kind != kind:
                message = f'"{_brief(text)}" is a {other.kind}, and not a {kind}'
                self._bad(table, row, column, message)
                return ""
            return iri
        if kind in self._open:
            thing = _Thing(kind, self._iri(kind, text), text, _At(self._sheet_of(table), row.row))
            return self._enter(table, row, column, thing)
        if kind not in self._unknown:
            near = _nearest(text, self._labels((kind,)))
            message = f'no {kind} "{_brief(text)}"'
            if kind == "level" and not near:
                message += f"; {self._scale()}"
            self._bad(table, row, column, message, near)
        return ""

    def _scale(self) -> str:
        """Say which levels of skill there are, or where they are listed."""
        table = self._tables.get("levels")
        sheet = _brief(table.sheet) if table is not None else "levels"
        if not (listed := [t.label for t in self._by_name["level"].values()]):
            what = f"there is no sheet {sheet}" if table is None else f"the sheet {sheet} has none"
            return f"{what}: list the scale there, a row a level, lowest first"
        more = ", …" if len(listed) > 9 else ""
        return f"the sheet {sheet} has {', '.join(map(_brief, listed[:9]))}{more}"

    def _elsewhere(self, table: _Table, row: _Row, column: str, kind: str) -> str | None:
        """Find what a cell refers to outside the table.

        Returns
        -------
        str or None
            An IRI; empty where there is a mistake; None where it is a name like any other.
        """
        text = self._text(row, column)
        prefix, colon, label = text.partition(":")
        label = label.strip()
        if colon and prefix.casefold() in _FOREIGN and label:
            if self._known is not None:
                try:
                    iri = self._known(f"{prefix.casefold()}:{label}", kind)
                except RoleGraphError as error:
                    iri, why = None, str(error)
                else:
                    why = f'the store has no {kind} "{_brief(label)}"'
                if iri and iri.startswith(_FOREIGN[prefix.casefold()]) and _valid_iri(iri):
                    return iri
                if iri:
                    why = f'what the store calls "{_brief(label)}" is {iri}, not of {prefix}'
            else:
                why = f'"{_brief(text)}" is a name in a store, and no store was given to look in'
            curie = expand(text) if prefix != "esco" else None
            if curie is not None and _valid_iri(curie):
                return curie
            if self._lenient:
                return ""
            self._bad(table, row, column, f"{why}; give its IRI")
            return ""
        iri = expand(text)
        if iri is None:
            return None
        if not _valid_iri(iri):
            self._bad(table, row, column, f'"{_brief(text)}" is no IRI')
            return ""
        return iri

    def _state(
        self,
        table: _Table,
        row: _Row,
        subject: str,
        predicate: str,
        value: str = "",
        literal: str = "",
        note: str = "",
    ) -> None:
        if subject and (value or literal):
            at = _At(self._sheet_of(table), row.row)
            self.facts.append(_Fact(subject, predicate, at, value, literal, note))

    def _listed(self, sheet: str, kind: str) -> None:
        """Decide whether names of a kind must be listed: only where the sheet lists any."""
        table = self._tables.get(sheet)
        if sheet in self._unknown or (table is not None and table.broken):
            self._unknown.add(kind)
        elif table is None or not table.rows:
            self._open.add(kind)

    # --- sheets

    def _about(self) -> _About:
        """Read whose table it is; what is missing or wrong gets a default."""
        table = self._tables.get("about")
        given: dict[str, str] = {}
        if table is not None and not table.broken:
            given = self._about_cells(table)
        stem = _tidy(self._path.stem if self._path.is_file() else self._path.resolve().name)
        plain = unicodedata.normalize("NFKD", stem.casefold()).encode("ascii", "ignore").decode()
        default = "-".join(re.findall(r"[a-z0-9]+", plain)) or "own"
        key = given.get("key") or (f"own-{default}" if default in _RESERVED else default)
        language = given.get("language") or self._names.language or "en"
        title = given.get("title") or stem or key
        info = SourceInfo(
            key=key,
            version=given.get("version", ""),
            title=title,
            licence=given.get("licence") or "not stated",
            attribution=given.get("attribution") or title,
            kind="curated",
            homepage=given.get("homepage", ""),
        )
        return _About(info, given.get("namespace") or f"{BASE}own/{key}/", language)

    def _about_cells(self, table: _Table) -> dict[str, str]:
        names = {c.name for c in _FORM["about"].columns}
        renamed = self._names.columns.get("about", {})
        given: dict[str, str] = {}
        pairs: list[tuple[str, str, _Cell]] = []
        if table.keyed:
            for row in table.rows:
                pairs += [(h, table.heads[h], c) for h, c in row.cells.items()]
        else:
            # two columns: the name in the first, the value in the second
            first, second, *_ = [*table.heads, "", ""]
            shown = table.heads.get(first, "")
            if renamed.get(first, first) in names and second:  # a sheet without headings
                cell = _Cell(table.heads[second], table.head_row or 1)
                pairs.append((first, shown, cell))
            for row in table.rows:
                label = row.cells.get(first)
                value = row.cells.get(second)
                if label is None and value is not None:
                    self._say(table, row.row, "", value.text, "there is a value without a name")
                elif label is not None and value is not None:
                    pairs.append((_heading(label.text), _tidy(label.text), value))
        for head, shown, cell in pairs:
            name = renamed.get(head, head)
            text = _tidy(cell.text)

            def bad(
                message: str, suggestion: str = "", *, cell: _Cell = cell, shown: str = shown
            ) -> None:
                self._say(table, cell.row, shown, _tidy(cell.text), message, suggestion)

            if name not in names:
                bad(f'"{_brief(shown)}" is nothing that can be said here', _near(head, names))
            elif fault := self._fault(name, cell):
                bad(fault)
            elif name in given:
                bad(f"{name} is given twice")
            elif name == "key" and not _KEY.fullmatch(text):
                near = "-".join(re.findall(r"[a-z0-9]+", text.casefold()))
                bad(f'the key "{_brief(text)}" may hold a to z, 0 to 9 and hyphens', near)
            elif name == "key" and text in _RESERVED:
                bad(f'the key "{text}" is that of another source', f"own-{text}")
            elif name == "version" and not _VERSION.fullmatch(text):
                near = "-".join(re.findall(r"[A-Za-z0-9.]+", text)).strip(".")
                message = f'the version "{_brief(text)}" may hold letters, digits, dots and hyphens'
                bad(message, near if _VERSION.fullmatch(near) else "")
            elif name == "language" and not _LANGUAGE.fullmatch(text):
                bad(f'"{_brief(text)}" is no language tag such as en, de or pt-BR')
            elif name == "namespace" and not (_valid_iri(text) and text[-1] in "/#"):
                near = f"{text}/" if _valid_iri(f"{text}/") else ""
                bad(f'"{_brief(text)}" is no IRI that ends in / or #', near)
            elif name == "licence" and text.startswith("http") and not _valid_iri(text):
                bad(f'"{_brief(text)}" is no IRI')
            elif text:
                given[name] = text
        return given

    def _families(self) -> None:
        self._listed("families", "family")
        for table, row in self._rows("families"):
            self._add(table, row, "family", "family")

    def _levels(self) -> None:
        self._listed("levels", "level")
        self._open.discard("level")  # a level without a rank would say nothing
        rows = list(self._rows("levels"))
        ranked = [r for _, r in rows if "rank" in r.cells]
        ranks: dict[str, int] = {}
        for n, (table, row) in enumerate(rows, 1):
            iri = self._add(table, row, "level", "name")
            rank = self._number(table, row, "rank", whole=True, least=1) if ranked else str(n)
            if ranked and "rank" not in row.cells and not self._at_fault(table, row, "rank"):
                self._bad(table, row, "rank", "the rank is empty: give it to all levels or to none")
            if rank and rank in ranks:
                message = f"the rank {rank} is given in {table.unit} {ranks[rank]} already"
                self._bad(table, row, "rank", message)
            elif rank:
                ranks[rank] = row.row
                self._state(table, row, iri, RG.rank, literal=nt.number(int(rank)))

    def _roles(self) -> None:
        table = self._tables.get("roles")
        self._listed("roles", "role")
        self._open.discard("role")
        if table is None or not table.rows:
            if not (table is not None and table.broken) and "roles" not in self._unknown:
                name = self._path.name
                told = any(p.sheet == "" for p in self.problems)
                if not told or table is not None:
                    shown = table.sheet if table is not None else "roles"
                    message = "the table holds no roles: the sheet roles needs one row at least"
                    file = table.file if table is not None else name
                    self.problems.append(Problem(file, shown, None, "", "", message))
            self._unknown.add("role")
        for page, row in self._rows("roles"):
            iri = self._add(page, row, "role", "role")
            family = self._find(page, row, "family", "family")
            level = self._one_of(page, row, "level", "roles")
            ladder = self._find(page, row, "ladder", "ladder")
            rung = self._number(page, row, "rung", whole=True, least=1)
            if rung and not self._text(row, "ladder"):
                self._bad(page, row, "rung", "there is a rung and no ladder that it belongs to")
            self._state(page, row, iri, RG.inFamily, family)
            self._state(page, row, iri, RG.onLadder, ladder)
            if rung:
                self._state(page, row, iri, RG.ladderRank, literal=nt.number(int(rung)))
            if level:
                self._state(page, row, iri, RG.hasLevel, _LEVELS[level])
                if iri:
                    self._ranks[iri] = list(_LEVELS).index(level) + 1

    def _skills(self) -> None:
        self._listed("skills", "skill")
        for table, row in self._rows("skills"):
            kind = self._one_of(table, row, "kind", "skills")
            self._add(table, row, "skill", "skill", _KINDS.get(kind, ""))

    def _certifications(self) -> None:
        self._listed("certifications", "certification")
        for table, row in self._rows("certifications"):
            iri = self._add(table, row, "certification", "certification")
            scheme = self._find(table, row, "scheme", "scheme")
            self._state(table, row, iri, RG.isIssuedUnder, scheme)
            if name := self._text(row, "full name"):
                self._state(table, row, iri, RG.fullName, literal=nt.text(name))

    def _again(self, table: _Table, row: _Row, column: str, before: _Row, other: str) -> None:
        """Deal with a row that says again what another one said: the same, or otherwise."""
        if other:
            self._bad(table, row, column, f"{other} in {table.unit} {before.row}")
        else:
            at = _At(self._sheet_of(table), row.row)
            self.left.append((at, "says the same as an earlier row", f"{table.unit} {before.row}"))

    def _demands(self) -> None:
        seen: dict[tuple[str, str], tuple[_Row, tuple[str, str, str]]] = {}
        for table, row in self._rows("requirements"):
            role = self._find(table, row, "role", "role")
            skill = self._find(table, row, "skill", "skill")
            strength = self._one_of(table, row, "strength", "requirements")
            level = self._find(table, row, "level", "level")
            note = self._prose(row, "note")
            if not (role and skill):
                continue
            said = (strength, level, note)
            if before := seen.get((role, skill)):
                names = ("strength", "level", "note")
                differs = next(
                    (n for n, a, b in zip(names, said, before[1], strict=True) if a != b), ""
                )
                text = self._text(before[0], differs) if differs else ""
                other = (
                    f"the same requirement stands with {differs} "
                    + (f'"{_brief(text)}"' if text else "left empty")
                    if differs
                    else ""
                )
                self._again(table, row, differs or "skill", before[0], other)
                continue
            seen[role, skill] = (row, said)
            at = _At("requirements", row.row)
            self.requirements.append(_Requirement(role, skill, strength, level, note, at))

    def _role_facts(self, sheet: str, kind: str, predicate: str) -> None:
        seen: dict[tuple[str, str], tuple[_Row, str]] = {}
        for table, row in self._rows(sheet):
            role = self._find(table, row, "role", "role")
            value = self._find(table, row, kind, kind)
            note = self._prose(row, "note")
            if not (role and value):
                continue
            if before := seen.get((role, value)):
                other = "the same stands with another note" if note != before[1] else ""
                self._again(table, row, "note" if other else kind, before[0], other)
                continue
            seen[role, value] = (row, note)
            self._state(table, row, role, predicate, value, note=note)

    def _transitions(self) -> None:
        seen: dict[tuple[str, str], tuple[_Row, tuple[object, ...]]] = {}
        table = self._tables.get("transitions")
        sheet = _FORM["transitions"]
        further: list[str] = []
        if table is not None and not table.broken:
            for head in table.heads:
                cells = [(r, r.cells[head]) for r in table.rows if head in r.cells]
                if sheet.column(head) is None and self._numeric(cells):
                    further.append(head)
        unlevelled = 0
        for at, row in self._rows("transitions"):
            source = self._find(at, row, "from", "role")
            target = self._find(at, row, "to", "role")
            kind = self._one_of(at, row, "type", "transitions") or "move"
            measures = []
            for name in ("months", "cost", *further):
                least = 0 if name not in further else None
                if digits := self._number(at, row, name, least=least):
                    own = f"{self.about.namespace}measure/"
                    iri = (own if name in further else MEASURES) + _slug(name)
                    self.measures[iri] = at.heads[name] if name in further else name
                    measures.append((iri, digits))
            if not (source and target):
                continue
            if source == target:
                message = f'a transition from "{_brief(self._text(row, "from"))}" to itself'
                self._bad(at, row, "to", message)
                continue
            cls, sound = self._sort(at, row, kind, source, target)
            unlevelled += sound and kind == "lateral move" and cls == RG.RoleTransition
            note = self._prose(row, "note")
            said = (kind, tuple(measures), note)
            if before := seen.get((source, target)):
                other = "the same transition stands with other details" if said != before[1] else ""
                self._again(at, row, "to", before[0], other)
                continue
            seen[source, target] = (row, said)
            label = f"{self._label(source, row, 'from')} to {self._label(target, row, 'to')}"
            place = _At("transitions", row.row)
            self.moves.append(_Move(source, target, label, cls, tuple(measures), note, place))
        if unlevelled:
            self.notes.append(
                f"{unlevelled} lateral moves are kept as moves: they are lateral once both roles "
                "have the same level"
            )

    def _label(self, iri: str, row: _Row, column: str) -> str:
        thing = self.things.get(iri)
        return thing.label if thing else self._text(row, column)

    def _sort(
        self, table: _Table, row: _Row, kind: str, source: str, target: str
    ) -> tuple[str, bool]:
        """Give the class of a transition, and whether the levels of its ends allow its type."""
        low, high = self._ranks.get(source), self._ranks.get(target)
        if low is None or high is None:
            return (RG.Promotion if kind == "promotion" else RG.RoleTransition), True
        levels = list(_LEVELS)
        a, b = (self._label(i, row, c) for i, c in ((source, "from"), (target, "to")))
        ends = f'"{_brief(b)}" ({levels[high - 1]}) is not above "{_brief(a)}" ({levels[low - 1]})'
        if kind == "promotion" and high <= low:
            near = "lateral move" if high == low else "move"
            self._bad(table, row, "type", f"a promotion leads to a higher level, and {ends}", near)
            return RG.Promotion, False
        if kind == "lateral move" and high != low:
            message = (
                f'a lateral move stays on one level, and "{_brief(a)}" is {levels[low - 1]}, '
                f'"{_brief(b)}" {levels[high - 1]}'
            )
            self._bad(table, row, "type", message, "promotion" if high > low else "move")
            return RG.RoleTransition, False
        if kind == "promotion":
            return RG.Promotion, True
        return (RG.LateralTransition if kind == "lateral move" else RG.RoleTransition), True

    def _mappings(self) -> None:
        seen: dict[tuple[str, str], tuple[_Row, tuple[str, str, str]]] = {}
        for table, row in self._rows("mappings"):
            kind = self._mapped_kind(table, row)
            subject = self._find(table, row, "name", kind) if kind else ""
            relation = self._one_of(table, row, "relation", "mappings")
            confidence = self._number(table, row, "confidence")
            note = self._prose(row, "note")
            target = ""
            if text := self._text(row, "target"):
                found = self._elsewhere(table, row, "target", kind or "role")
                if found is None:
                    message = f'"{_brief(text)}" is no IRI, and no CURIE with a prefix we know'
                    prefix, colon, rest = text.partition(":")
                    known = ("esco-occupation", "esco-skill", "onet", "onet-element", "gdad")
                    near = _near(prefix, known) if colon else ""
                    self._bad(table, row, "target", message, f"{near}:{rest}" if near else "")
                target = found or ""
            if not (subject and relation and target):
                continue
            if subject == target:
                self._bad(table, row, "target", "a mapping of something to itself")
                continue
            said = (relation, confidence, note)
            if before := seen.get((subject, target)):
                other = "the same mapping stands with other details" if said != before[1] else ""
                self._again(table, row, "target", before[0], other)
                continue
            seen[subject, target] = (row, said)
            at = _At("mappings", row.row)
            self.matches.append(_Match(subject, f"{relation}Match", target, confidence, note, at))

    def _mapped_kind(self, table: _Table, row: _Row) -> str:
        """Find out whether the name in a mapping is a role's, a skill's or a certification's."""
        text = self._text(row, "name")
        given = _same(self._text(row, "kind"))
        if given and given not in _MAPPED:
            message = f'no kind "{_brief(given)}"; there are {", ".join(_MAPPED)}'
            self._bad(table, row, "kind", message, _near(given, _MAPPED))
            return ""
        if given or not text:
            return given
        kinds = [
            k for k in _MAPPED if _same(text) in self._by_name[k] or _same(text) in self._also[k]
        ]
        if len(kinds) > 1:
            message = f'"{_brief(text)}" is the name of a {" and of a ".join(kinds)}: give its kind'
            self._bad(table, row, "name", message)
            return ""
        if kinds:
            return kinds[0]
        if expand(text) is not None or text.partition(":")[0].casefold() in _FOREIGN:
            return "role"
        if not self._unknown & set(_MAPPED):
            message = f'no role, skill or certification "{_brief(text)}"'
            self._bad(table, row, "name", message, _nearest(text, self._labels(_MAPPED)))
        return ""

    # --- writing

    def accounts(self) -> Iterator[tuple[str, _Table]]:
        """Give the sheets whose rows are accounted for."""
        for sheet in FORM:
            table = self._tables.get(sheet.name)
            if table is not None and sheet.name != "about" and table.rows:
                yield sheet.name, table
