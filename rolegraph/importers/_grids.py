"""Reading a workbook, a CSV file or a YAML file into tables of cells, as they stand there."""

from __future__ import annotations

import csv
import datetime
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any
from xml.etree import ElementTree

from rolegraph.errors import ExtraMissingError, Problem
from rolegraph.importers._form import _FORM
from rolegraph.importers._text import _brief, _heading, _tidy

__all__ = [
    "_Cell",
    "_Names",
    "_Row",
    "_Table",
    "_compose",
    "_read_csv",
    "_read_xlsx",
    "_read_yaml",
    "_yaml",
]

_LIMIT_BYTES = 256 * 2**20
_LIMIT_CELLS = 5_000_000


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell that is not empty: its text, its row or line, and whether it is a number there."""

    text: str
    row: int
    number: bool = False
    parts: tuple[str, ...] | None = None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    row: int
    cells: Mapping[str, _Cell]


@dataclass(frozen=True, slots=True)
class _Table:
    """A sheet as it stands in the file; cells by heading, made alike by :func:`_heading`.

    ``keyed`` is for YAML, where every entry has headings of its own. ``broken`` is for a sheet that
    could not be read, so that what it holds is not known.
    """

    sheet: str
    file: str
    account: str
    heads: Mapping[str, str]
    rows: tuple[_Row, ...]
    head_row: int | None = None
    digest: str = ""
    keyed: bool = False
    broken: bool = False

    @property
    def unit(self) -> str:
        """What its rows are counted in."""
        return "line" if self.keyed else "row"


@dataclass(frozen=True, slots=True)
class _Names:
    """A mapping file: how the table's names lead to the form's."""

    sheets: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ignore: frozenset[str] = frozenset()
    language: str = ""
    decimal: str = "."


def _column_letter(index: int) -> str:
    """Letter of a column counted from 0, the first being ``A``."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _yaml() -> Any:
    try:
        import yaml
    except ImportError as error:
        raise ExtraMissingError("pyyaml", "store") from error
    return yaml


def _compose(data: bytes, file: str, problems: list[Problem]) -> Any:
    """Read YAML as nodes, which know their lines; None where there is nothing, or a mistake."""
    yaml = _yaml()
    try:
        return yaml.compose(data.decode("utf-8-sig"), Loader=yaml.SafeLoader)
    except UnicodeDecodeError as error:
        problems.append(_not_utf8(file, "", data, error))
    except RecursionError:
        problems.append(Problem(file, "", None, "", "", "lists are nested too deeply to be read"))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        why = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
        line = None if mark is None else mark.line + 1
        problems.append(Problem(file, "", line, "", "", f"not YAML: {why}"))
    except ValueError as error:  # an escape beyond the last character there is
        problems.append(Problem(file, "", None, "", "", f"not YAML: {error}"))
    return None


def _not_utf8(file: str, sheet: str, data: bytes, error: UnicodeDecodeError) -> Problem:
    row = data.count(b"\n", 0, error.start) + 1
    form = "UTF-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "not UTF-8"
    message = (
        f"the file is {form} (byte {error.start + 1} is 0x{data[error.start]:02X}): "
        "save it as UTF-8; Excel calls that CSV UTF-8"
    )
    return Problem(file, sheet, row, "", "", message)


# --- YAML


def _read_yaml(path: Path, problems: list[Problem]) -> list[_Table]:
    data = path.read_bytes()
    node = _compose(data, path.name, problems)
    digest = sha256(data).hexdigest()
    file = path.name

    def bad(at: Any, sheet: str, message: str) -> None:
        problems.append(Problem(file, sheet, at.start_mark.line + 1, "", "", message))

    if node is None:
        return []
    if node.id != "mapping":
        bad(node, "", "the file must begin with the names of sheets, for example roles:")
        return []
    tables = []
    for key, value in node.value:
        if key.id != "scalar":
            bad(key, "", "the name of a sheet must be a word")
            continue
        sheet = str(key.value)
        heads: dict[str, str] = {}
        rows: list[_Row] = []
        if value.id == "mapping":
            entries = [value]
        elif value.id == "sequence":
            entries = list(value.value)
        elif _is_null(value):
            entries = []
        else:
            bad(value, sheet, "there must be a list here, its entries beginning with a hyphen")
            continue
        for entry in entries:
            if _is_null(entry):
                continue
            if entry.id != "mapping":
                bad(entry, sheet, "an entry must have the form name: value")
                continue
            cells: dict[str, _Cell] = {}
            seen: set[str] = set()
            for name, content in entry.value:
                if name.id != "scalar":
                    bad(name, sheet, "the name of a value must be a word")
                    continue
                head = _heading(name.value)
                line = name.start_mark.line + 1
                heads.setdefault(head, _tidy(name.value))
                if head in seen:
                    message = f'"{_brief(_tidy(name.value))}" is given twice in one entry'
                    problems.append(Problem(file, sheet, line, heads[head], "", message))
                    continue
                seen.add(head)
                cell = _yaml_cell(content, line)
                if cell.text or cell.fault:
                    cells[head] = cell
            if cells or value.id == "sequence":
                rows.append(_Row(entry.start_mark.line + 1, cells))
        tables.append(
            _Table(
                sheet, file, f"{file}, {_tidy(sheet)}", heads, tuple(rows), key.start_mark.line + 1,
                digest, keyed=True,
            )
        )  # fmt: skip
    return tables


def _is_null(node: Any) -> bool:
    return bool(node.id == "scalar" and node.tag == "tag:yaml.org,2002:null")


def _yaml_cell(node: Any, line: int) -> _Cell:
    if node.id == "scalar":
        text = "" if _is_null(node) else str(node.value)
        number = node.tag in ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
        return _Cell(text if text.strip() else "", line, number)
    if node.id == "sequence" and all(n.id == "scalar" for n in node.value):
        parts = tuple(str(n.value) for n in node.value if not _is_null(n))
        return _Cell("; ".join(parts), line, parts=parts)
    return _Cell("", line, fault="there must be one value here, not entries of their own")


# --- CSV


def _read_csv(path: Path, names: _Names, problems: list[Problem]) -> _Table:
    data = path.read_bytes()
    digest = sha256(data).hexdigest()
    file, sheet = path.name, path.stem
    broken = _Table(sheet, file, file, {}, (), broken=True)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems.append(_not_utf8(file, sheet, data, error))
        return broken
    skipped = 0
    given = re.match(r'"?sep=(.)"?\r?\n', text)
    if given:  # a line that Excel writes for itself
        text, skipped = text[given.end() :], 1
    rows: list[tuple[int, list[Any]]] = []
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=given[1] if given else _delimiter(text, sheet, names),
        strict=True,
    )
    row = skipped
    try:
        for cells in reader:
            row += 1
            rows.append((row, cells))
    except csv.Error as error:
        message = f"not CSV: {error}; look for a quotation mark that is not closed"
        problems.append(Problem(file, sheet, row + 1, "", "", message))
        return broken
    return _grid(sheet, file, file, digest, rows, problems)


def _delimiter(text: str, sheet: str, names: _Names) -> str:
    """Choose the sign that parts cells: with the right one the first line has headings we know."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    known = _known_headings(sheet, names)

    def score(sign: str) -> tuple[int, int]:
        try:
            cells = next(csv.reader([first], delimiter=sign), [])
        except csv.Error:
            cells = first.split(sign)
        return sum(_heading(c) in known for c in cells), len(cells)

    return max(",;\t", key=score)


def _known_headings(sheet: str, names: _Names) -> set[str]:
    ours = names.sheets.get(_heading(sheet), _heading(sheet))
    known = {c.name for c in _FORM[ours].columns} if ours in _FORM else set()
    return known | set(names.columns.get(ours, {}))


def _grid(
    sheet: str,
    file: str,
    account: str,
    digest: str,
    rows: Sequence[tuple[int, Sequence[Any]]],
    problems: list[Problem],
    faults: Mapping[tuple[int, int], str] | None = None,
    merged: Sequence[tuple[int, int, int, int]] = (),
) -> _Table:
    """Make a table of rows of cells, the first row that is not empty being the headings.

    ``faults`` are cells that a workbook has no value for, and ``merged`` are its ranges of merged
    cells (first row, first column, last row, last column; all counted from 1 and 0).
    """
    faults = faults or {}
    texts = [(n, [_spreadsheet_cell(v, n) for v in cells]) for n, cells in rows]
    found = next((i for i, (_, cells) in enumerate(texts) if any(c.text for c in cells)), None)
    if found is None and not faults:
        return _Table(sheet, file, account, {}, (), digest=digest)

    def bad(row: int, column: int, value: str, message: str) -> None:
        letter = _column_letter(column)
        problems.append(Problem(file, sheet, row, letter, _brief(value), message))

    head_row, head = texts[found] if found is not None else (min(faults)[0], [])
    places: dict[int, str] = {}
    heads: dict[str, str] = {}
    for first_row, first, last_row, last in merged:
        if first_row <= head_row <= last_row:
            span = f"{_column_letter(first)}{first_row}:{_column_letter(last)}{last_row}"
            bad(head_row, first, "", f"the cells {span} of the headings are merged: part them")
    for i, cell in enumerate(head):
        if (head_row, i) in faults:
            bad(head_row, i, "", f"there must be a heading here, and {faults[head_row, i]}")
        elif cell.text:
            name = _heading(cell.text)
            if name in heads:
                other = next(c for c, n in places.items() if n == name)
                bad(head_row, i, cell.text, (
                    f'the heading "{_brief(_tidy(cell.text))}" stands in column '
                    f"{_column_letter(other)} already"
                ))  # fmt: skip
                places[i] = ""
                continue
            places[i] = name
            heads[name] = _tidy(cell.text)
    body: list[_Row] = []
    stray: set[int] = set()
    numbers = {n for n, _ in texts} | {n for n, _ in faults}
    lines = dict(texts)
    for n in sorted(numbers):
        if n <= head_row:
            continue
        cells: dict[str, _Cell] = {}
        line = lines.get(n, [])
        width = max([len(line), *(c + 1 for r, c in faults if r == n)], default=0)
        for i in range(width):
            cell = line[i] if i < len(line) else _Cell("", n)
            if (n, i) in faults:
                cell = _Cell("", n, fault=faults[n, i])
            if not cell.text and not cell.fault:
                continue
            if i not in places and i not in stray:
                stray.add(i)
                bad(n, i, cell.text, (
                    f'"{_brief(_tidy(cell.text))}" stands in a column that has no heading '
                    f"in row {head_row}"
                ))  # fmt: skip
            elif places.get(i):
                cells[places[i]] = cell
        if cells or any(c.text for c in line):
            for first_row, first, last_row, last in merged:
                for i in range(first, last + 1):
                    name = places.get(i, "")
                    if first_row <= n <= last_row and name and name not in cells:
                        span = (
                            f"{_column_letter(first)}{first_row}:{_column_letter(last)}{last_row}"
                        )
                        fault = f"the cells {span} are merged: part them and fill in each"
                        cells[name] = _Cell("", n, fault=fault)
            body.append(_Row(n, cells))
    return _Table(sheet, file, account, heads, tuple(body), head_row, digest)


def _spreadsheet_cell(value: Any, row: int) -> _Cell:
    if isinstance(value, str):
        return _Cell(value if value.strip() else "", row)
    if isinstance(value, bool):
        return _Cell(str(value).upper(), row)
    if isinstance(value, int | float):
        # Excel itself keeps and shows fifteen digits
        digits = format(Decimal(format(value, ".15g")), "f")
        if "." in digits:
            digits = digits.rstrip("0").rstrip(".")
        return _Cell(digits, row, number=True)
    if isinstance(value, datetime.date | datetime.time):
        return _Cell(value.isoformat(), row)
    return _Cell(str(value), row)


# --- workbooks


@dataclass(slots=True)
class _Scan:
    """What calamine does not tell of a sheet: cells that hold an error or an uncalculated formula.

    Keys are row (from 1) and column (from 0).
    """

    faults: dict[tuple[int, int], str] = field(default_factory=dict)
    height: int = 0
    width: int = 0


def _read_xlsx(path: Path, problems: list[Problem]) -> list[_Table]:
    try:
        from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum
    except ImportError as error:
        raise ExtraMissingError("python-calamine", "store") from error
    file = path.name
    data = path.read_bytes()
    digest = sha256(data).hexdigest()
    tables = []
    try:
        scans = _scan(data)
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        kinds = {m.name: m.typ for m in book.sheets_metadata}
        for sheet in book.sheet_names:
            if kinds[sheet] is not SheetTypeEnum.WorkSheet:
                continue
            scan = scans.get(sheet, _Scan())
            if scan.height * scan.width > _LIMIT_CELLS:
                last = f"{_column_letter(scan.width - 1)}{scan.height}"
                message = f"the sheet reaches to {last}: delete the empty rows and columns"
                problems.append(Problem(file, sheet, None, "", "", message))
                tables.append(_Table(sheet, file, "", {}, (), broken=True))
                continue
            page = book.get_sheet_by_name(sheet)
            rows = list(enumerate(page.to_python(skip_empty_area=False), 1))
            merged = [(a[0] + 1, a[1], b[0] + 1, b[1]) for a, b in page.merged_cell_ranges or ()]
            account = f"{file}, sheet {_tidy(sheet)}"
            tables.append(_grid(sheet, file, account, digest, rows, problems, scan.faults, merged))
    except (
        CalamineError, zipfile.BadZipFile, ElementTree.ParseError, KeyError, ValueError, EOFError,
        NotImplementedError, OSError, RuntimeError,
    ) as error:  # fmt: skip
        # each of these is how some library says that a workbook is damaged
        message = f"not a workbook that can be read (.xlsx, without a password): {error}"
        problems.append(Problem(file, "", None, "", "", message))
        return []
    return tables


def _scan(data: bytes) -> dict[str, _Scan]:
    """Look through the cells of each sheet of a workbook, by the sheet's name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(i.file_size for i in archive.infolist()) > _LIMIT_BYTES:
            raise ValueError(f"unpacked it is larger than {_LIMIT_BYTES // 2**20} MB")
        links = {
            e.get("Id"): e.get("Target", "")
            for e in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        }
        scans = {}
        for e in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
            if _local(e) != "sheet":
                continue
            link = next((v for k, v in e.attrib.items() if k.rpartition("}")[2] == "id"), "")
            target = links.get(link, "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if PurePosixPath(part).parent.name == "worksheets":
                with archive.open(part) as stream:
                    scans[e.get("name", "")] = _scan_sheet(stream)
        return scans


def _local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _scan_sheet(stream: Any) -> _Scan:
    scan = _Scan()
    row = column = 0
    for _, e in ElementTree.iterparse(stream):
        name = _local(e)
        if name == "row":
            row, column = int(e.get("r", row + 1)), 0
            e.clear()
        elif name == "c":
            found = re.fullmatch(r"([A-Z]+)([0-9]+)", e.get("r", ""))
            if found:
                at_row, at = int(found[2]), 0
                for letter in found[1]:
                    at = at * 26 + ord(letter) - 64
                column = at - 1
            else:
                at_row = row + 1
            children = {_local(c): c.text or "" for c in e}
            if e.get("t") == "e":
                scan.faults[at_row, column] = f"the cell holds the error {children.get('v', '')}"
            elif "f" in children and not children.get("v") and e.get("t") != "str":
                scan.faults[at_row, column] = (
                    "the cell holds a formula that was never worked out: "
                    "open the file in a spreadsheet program and save it"
                )
            scan.height = max(scan.height, at_row)
            scan.width = max(scan.width, column + 1)
            column += 1
    return scan
