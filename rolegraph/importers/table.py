"""A company's own career framework, from a workbook, a folder of CSV files or a YAML file.

The form is the same in all three: :data:`FORM` names its sheets and columns, ``docs/own-ladder.md``
teaches it, and :mod:`rolegraph.importers.template` writes an empty one. Only the names of roles
have to be given; whatever else is not filled in is not stated, and nothing is made up for it.

A table is first read and checked as a whole. All mistakes are reported together, each with its
file, sheet, row and column, and nothing is written unless there are none.

Examples
--------
>>> import tempfile
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

import csv
import datetime
import io
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from os import PathLike
from pathlib import Path, PurePosixPath
from typing import Any, Final
from xml.etree import ElementTree

from rolegraph import ntriples as nt
from rolegraph.errors import (
    DataError,
    ExtraMissingError,
    Problem,
    RoleGraphError,
    TableError,
)
from rolegraph.importers.draft import Draft, FileDraft, SourceInfo
from rolegraph.vocab import BASE, OWL, RDFS, RG, SKOS, expand

__all__ = ["FORM", "Column", "Known", "Problem", "Sheet", "check", "describe", "read"]

Known = Callable[[str, str], str | None]
"""Finds the IRI of what a store knows by a name such as ``"esco:project manager"`` and a kind
(``"role"``, ``"skill"`` or ``"certification"``); None, or an error of ours, where there is none."""

MEASURES: Final = f"{BASE}measure/"
"""What the IRIs of ``months`` and ``cost`` start with, the same in all tables."""


# ------------------------------------------------------------------------------------ the form


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet.

    Attributes
    ----------
    name : str
        Its heading.
    doc : str
        What belongs there, for whoever fills it in.
    needed : bool
        Every row must have it.
    values : tuple of str
        The only values allowed; empty where any are.
    many : bool
        Several values may be given, parted by semicolons.
    """

    name: str
    doc: str
    needed: bool = False
    values: tuple[str, ...] = ()
    many: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of the form: a sheet of a workbook, a CSV file, or a key of a YAML file.

    Attributes
    ----------
    name : str
    doc : str
        What it is for.
    columns : tuple of Column
    """

    name: str
    doc: str
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column | None:
        """Give the column of a name, or None."""
        return next((c for c in self.columns if c.name == name), None)


_LEVELS = {
    "junior": RG.juniorLevel,
    "professional": RG.professionalLevel,
    "senior": RG.seniorLevel,
    "lead": RG.leadLevel,
    "director": RG.directorLevel,
    "executive": RG.executiveLevel,
}
_KINDS = {
    "soft": RG.SoftSkill,
    "technical": RG.TechnicalSkill,
    "management": RG.ManagementSkill,
    "knowledge": RG.Knowledge,
}
_STRENGTHS = ("essential", "recommended", "beneficial")
_TYPES = ("promotion", "lateral move", "move")
_RELATIONS = ("exact", "close", "broad", "narrow", "related")
_CLASSES = {
    "role": RG.Role,
    "family": RG.RoleFamily,
    "ladder": RG.RoleLadder,
    "level": RG.ProficiencyLevel,
    "skill": RG.Skill,
    "certification": RG.Certification,
    "scheme": RG.CertificationScheme,
    "responsibility": RG.Responsibility,
}
_PLURALS = {"family": "families", "responsibility": "responsibilities"}

_ALSO = Column("also called", "Other names for it, parted by semicolons.", many=True)
_DESCRIPTION = Column("description", "In a sentence or two of your own.")
_OWN_IRI = Column(
    "iri", "The IRI it has already, if you want to keep it; otherwise leave it empty."
)
_NOTE = Column("note", "Whatever a reader should know: the reason, a condition, who decided.")

FORM: Final = (
    Sheet(
        "about",
        "Whose framework this is. One line each; all may be left out.",
        (
            Column("key", "Short name, the same in all versions: small letters, digits, hyphens."),
            Column("version", "Letters, digits, dots and hyphens, for example 2025.1."),
            Column("title", "What the framework is called."),
            Column("licence", "Who may use it, in words or as the address of a licence."),
            Column("attribution", "How you want to be named as its source."),
            Column("language", "Language of the names: en, de, fr …; en if left out."),
            Column("homepage", "Where more about it is to be found."),
            Column("namespace", "What IRIs made for it start with; leave it out if unsure."),
        ),
    ),
    Sheet(
        "families",
        "Lines of work. Leave it empty to take them from the roles.",
        (Column("family", "Its name.", needed=True), _DESCRIPTION, _ALSO, _OWN_IRI),
    ),
    Sheet(
        "levels",
        "Your scale for how well a skill is mastered, from the lowest to the highest.",
        (
            Column("name", "What the level is called.", needed=True),
            Column("rank", "1 for the lowest. Left out everywhere: the order of the rows."),
            _DESCRIPTION,
        ),
    ),
    Sheet(
        "roles",
        "The roles people hold.",
        (
            Column("role", "Its name; used in the other sheets to refer to it.", needed=True),
            Column("family", "The line of work it belongs to."),
            Column("level", "Its rung of seniority.", values=tuple(_LEVELS)),
            Column("ladder", "The ladder it is a rung of, where you have several."),
            Column("rung", "Its place on that ladder, 1 for the lowest."),
            _DESCRIPTION,
            _ALSO,
            _OWN_IRI,
        ),
    ),
    Sheet(
        "skills",
        "The skills that roles ask for. Leave it empty to take them from the requirements.",
        (
            Column("skill", "Its name.", needed=True),
            Column("kind", "What sort of skill it is.", values=tuple(_KINDS)),
            _DESCRIPTION,
            _ALSO,
            _OWN_IRI,
        ),
    ),
    Sheet(
        "certifications",
        "Leave it empty to take them from the role certifications.",
        (
            Column("certification", "Its usual name.", needed=True),
            Column("full name", "Its name written out, where the usual one is short."),
            Column("scheme", "The body or programme that issues it."),
            _DESCRIPTION,
            _ALSO,
            _OWN_IRI,
        ),
    ),
    Sheet(
        "requirements",
        "Which skills a role asks for, one row for each.",
        (
            Column("role", "A role of the sheet roles.", needed=True),
            Column("skill", "A skill of the sheet skills.", needed=True),
            Column("strength", "How much it is asked for.", values=_STRENGTHS),
            Column("level", "How well: a name of the sheet levels."),
            _NOTE,
        ),
    ),
    Sheet(
        "role certifications",
        "Which certifications are of use in a role.",
        (
            Column("role", "A role of the sheet roles.", needed=True),
            Column("certification", "A certification of that sheet.", needed=True),
            _NOTE,
        ),
    ),
    Sheet(
        "responsibilities",
        "What the holder of a role is to do or to see done, one row for each.",
        (
            Column("role", "A role of the sheet roles.", needed=True),
            Column("responsibility", "Begin with a verb.", needed=True),
            _NOTE,
        ),
    ),
    Sheet(
        "transitions",
        "Steps from one role to another. Columns of numbers that you add are kept.",
        (
            Column("from", "A role of the sheet roles.", needed=True),
            Column("to", "A role of the sheet roles.", needed=True),
            Column("type", "What sort of step; a move if left out.", values=_TYPES),
            Column("months", "How many months it usually takes, if you know."),
            Column("cost", "What it costs, in the unit that you use everywhere."),
            _NOTE,
        ),
    ),
    Sheet(
        "mappings",
        "What your roles, skills and certifications are called in ESCO, O*NET or elsewhere.",
        (
            Column("name", "A role, skill or certification of yours.", needed=True),
            Column("kind", "Which of the three, where a name is used twice."),
            Column(
                "relation",
                "How well the two agree. broad: the other one is the broader.",
                needed=True,
                values=_RELATIONS,
            ),
            Column("target", "IRI or CURIE of the other one.", needed=True),
            Column("confidence", "How sure the mapping is, as a number on a scale of yours."),
            _NOTE,
        ),
    ),
)
"""The sheets of the form and their columns, in their order."""

_FORM = {s.name: s for s in FORM}
_MAPPED = ("role", "skill", "certification")
_README = "read me"
_RESERVED = ("article", "crosswalk", "curated", "esco", "gdad", "onet", "rolegraph")
_FOREIGN = {
    "esco": ("http://data.europa.eu/esco/",),
    "onet": (f"{BASE}onet/",),
    "gdad": (f"{BASE}gdad/",),
    "article": tuple(f"{BASE}{kind}/" for kind in _MAPPED),
}
_ERRORS = frozenset(
    "#REF! #N/A #VALUE! #NAME? #DIV/0! #NULL! #NUM! #SPILL! #CALC! #FIELD! #BLOCKED! "
    "#GETTING_DATA #BEZUG! #NV #WERT! #ZAHL! #ÜBERLAUF!".split()
)
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_VERSION = re.compile(r"[A-Za-z0-9]+([.-][A-Za-z0-9]+)*")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,12})?")
_LIMIT_BYTES = 256 * 2**20
_LIMIT_CELLS = 5_000_000


def _tidy(text: str) -> str:
    """Blanks made single, and one way of writing letters with accents."""
    text = text.replace("\u200b", "").replace("\ufeff", "")
    return " ".join(unicodedata.normalize("NFC", text).split())


def _same(text: str) -> str:
    """What two spellings of one name have in common: letter case and blanks do not count."""
    return _tidy(unicodedata.normalize("NFC", text.casefold()))


def _heading(text: str) -> str:
    """What two spellings of a heading or of a sheet's name have in common."""
    return _same(re.sub(r"[\s_*-]+", " ", text))


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _slug(label: str) -> str:
    """Make the last part of an IRI from a label, from the label alone.

    Letters of any script, digits and hyphens stay. Where other signs are lost (``C++``, ``C#``) or
    the label is long, a digest keeps labels apart.
    """
    text = _same(label)
    slug = "-".join("".join(c if c.isalnum() else " " for c in text).split())
    lost = any(not c.isalnum() and c not in " -" for c in text)
    if lost or not slug or len(slug) > 80:
        slug = f"{slug[:60].strip('-') or 'x'}-{_digest(text)}"
    return slug


def _valid_iri(text: str) -> bool:
    """Tell whether the store will take an IRI: the store's own parser decides."""
    from pyoxigraph import NamedNode

    try:
        nt.iri(text)
        NamedNode(text)
    except ValueError:
        return False
    return True


def _no_text(text: str) -> str:
    """Describe the first sign that is no text: a control character or half a character."""
    for c in text:
        if unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\n\r":
            return f"a sign that is no text (U+{ord(c):04X})"
    return ""


def _brief(text: str) -> str:
    text = "".join(c if c.isprintable() else " " for c in text)
    return text if len(text) <= 80 else text[:79] + "…"


def _near(text: str, options: Iterable[str], cutoff: float = 65) -> str:
    """Give the option that comes nearest, or nothing."""
    return _nearest(text, {_same(o): o for o in sorted(options, reverse=True)}, cutoff)


def _nearest(text: str, options: Mapping[str, str], cutoff: float = 65) -> str:
    """Give the option that comes nearest; the keys are made alike by :func:`_same`."""
    from rapidfuzz import fuzz, process

    # a list without a processor keeps the comparison out of Python, for tables full of mistakes
    found = process.extractOne(
        _same(text[:200]), list(options), scorer=fuzz.ratio, score_cutoff=cutoff
    )
    return options[found[0]] if found else ""


# ------------------------------------------------------------------------------ what was read


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


# --- the mapping file


def _read_mapping(
    mapping: str | PathLike[str] | Mapping[str, Any] | None, problems: list[Problem]
) -> _Names:
    """Read a mapping file, or take a mapping that was read already."""
    if mapping is None:
        return _Names()
    file = "mapping"
    plain: Any = mapping
    if not isinstance(mapping, Mapping):
        path = Path(mapping)
        file = path.name
        yaml = _yaml()
        if not path.is_file():
            raise DataError(f"no mapping file {path.name}: there is nothing at {path}")
        node = _compose(path.read_bytes(), file, problems)
        if node is None:
            return _Names()
        try:
            plain = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
        except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
            why = getattr(error, "problem", None) or error
            problems.append(Problem(file, "", None, "", "", f"not a mapping file: {why}"))
            return _Names()

    def bad(at: str, value: str, message: str, suggestion: str = "") -> None:
        problems.append(Problem(file, at, None, "", _brief(value), message, suggestion))

    def pairs(at: str, value: Any) -> list[tuple[str, Any]]:
        if value is None:
            return []
        if not isinstance(value, Mapping):
            bad(at, str(value), f"{at} must be a list of name: name")
            return []
        return [(_tidy(str(k)), v) for k, v in value.items()]

    sheets: dict[str, str] = {}
    columns: dict[str, dict[str, str]] = {}
    values: dict[str, dict[str, str]] = {}
    ignore: list[str] = []
    language, decimal = "", "."
    if not isinstance(plain, Mapping):
        bad("", "", "a mapping file has the form sheets: …, columns: …, values: …")
        plain = {}
    enumerations = {c.name: c.values for s in FORM for c in s.columns if c.values}
    for key, value in pairs("", plain):
        if key == "sheets":
            for ours, theirs in pairs(key, value):
                if _heading(ours) not in _FORM:
                    bad(key, ours, f'the form has no sheet "{_brief(ours)}"', _near(ours, _FORM))
                sheets[_heading(str(theirs))] = _heading(ours)
        elif key == "columns":
            for ours, renamed in pairs(key, value):
                sheet = _FORM.get(_heading(ours))
                if sheet is None:
                    bad(key, ours, f'the form has no sheet "{_brief(ours)}"', _near(ours, _FORM))
                    continue
                for column, theirs in pairs(f"{key}, {sheet.name}", renamed):
                    if sheet.column(_heading(column)) is None:
                        near = _near(column, [c.name for c in sheet.columns])
                        message = f'the sheet {sheet.name} has no column "{_brief(column)}"'
                        bad(key, column, message, near)
                    columns.setdefault(sheet.name, {})[_heading(str(theirs))] = _heading(column)
        elif key == "values":
            for column, renamed in pairs(key, value):
                allowed = enumerations.get(_heading(column))
                if allowed is None:
                    message = f'"{_brief(column)}" is no column with a list of values'
                    bad(key, column, message, _near(column, enumerations))
                    continue
                for theirs, ours in pairs(f"{key}, {column}", renamed):
                    if _same(str(ours)) not in allowed:
                        message = (
                            f'no {_heading(column)} "{_brief(str(ours))}"; '
                            f"there are {', '.join(allowed)}"
                        )
                        bad(key, str(ours), message, _near(str(ours), allowed))
                    values.setdefault(_heading(column), {})[_same(theirs)] = _same(str(ours))
        elif key == "ignore":
            items = value if isinstance(value, list) else [value]
            ignore = [_heading(str(v)) for v in items if v is not None]
        elif key == "language":
            language = str(value or "")
            if language and not _LANGUAGE.fullmatch(language):
                bad(key, language, f'"{_brief(language)}" is no language tag such as de or pt-BR')
                language = ""
        elif key == "decimal":
            decimal = str(value)
            if decimal not in (".", ","):
                bad(key, decimal, "the decimal sign must be . or ,", ",")
                decimal = "."
        else:
            known = ("sheets", "columns", "values", "ignore", "language", "decimal")
            bad("", key, f'a mapping file has no part "{_brief(key)}"', _near(key, known))
    return _Names(sheets, columns, values, frozenset(ignore), language, decimal)


# ---------------------------------------------------------------------------- what it amounts to


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
            self._bad(table, row, column, f'no {kind} "{_brief(text)}"', near)
        return ""

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
                told = any(p.sheet == "" and p.row is None for p in self.problems)
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


def _tail(iri: str, namespace: str) -> str:
    """Name a thing inside the IRI of a claim."""
    if iri.startswith(namespace):
        return iri[len(namespace) :].replace("/", ".")
    last = re.split(r"[/#]", iri.rstrip("/#"))[-1]
    return f"{_slug(last)[:40]}~{_digest(iri)}"


def _write(draft: Draft, book: _Book) -> None:
    """Write what a table without mistakes says."""
    space, language = book.about.namespace, book.about.language
    files: dict[str, FileDraft] = {}
    for sheet, table in book.accounts():
        files[sheet] = file = draft.file(table.account, digest=table.digest)
        left = [x for x in book.left if x[0].sheet == sheet]
        file.take(len(table.rows) - len(left))
        for at, reason, detail in left:
            file.leave(at.row, reason, detail)

    def remark(note: str) -> list[tuple[str, str]]:
        return [(f"{SKOS}editorialNote", nt.text(note, language))] if note else []

    for iri, heading in sorted(book.measures.items()):
        draft.add(nt.iri(iri), nt.A, f"<{OWL}DatatypeProperty>")
        draft.add(nt.iri(iri), f"<{RDFS}label>", nt.text(heading, language))
    made: Counter[str] = Counter()
    for thing in book.things.values():
        # what another source has named keeps the name it has there
        foreign = thing.iri.startswith(tuple(x for v in _FOREIGN.values() for x in v))
        label = [(thing.label, language)]
        alt = [(name, language) for name in thing.alt]
        classes = [_CLASSES[thing.kind], *([thing.cls] if thing.cls else [])]
        draft.concept(
            thing.iri,
            classes,
            [] if foreign else label,
            file=files[thing.at.sheet],
            row=thing.at.row,
            alt=[*(label if foreign else []), *alt],
            description=(thing.description, language) if thing.description else None,
        )
        made[_PLURALS.get(thing.kind, f"{thing.kind}s")] += 1
    for f in book.facts:
        if f.literal:
            draft.add(nt.iri(f.subject), f"<{f.predicate}>", f.literal)
            value = [(RG.object, f.literal)]
            name = _digest(f.literal)
        else:
            draft.fact(f.subject, f.predicate, f.value)
            value = []
            name = _tail(f.value, space)
        links = [(RG.subject, f.subject), (RG.predicate, f.predicate)]
        links += [(RG.object, f.value)] if f.value else []
        draft.claim(
            f"{space}claim/{_tail(f.subject, space)}.{f.predicate.partition('#')[2]}.{name}",
            RG.Assertion,
            links,
            file=files[f.at.sheet],
            row=f.at.row,
            values=[*value, *remark(f.note)],
        )
    for r in book.requirements:
        draft.requirement(
            f"{space}requirement/{_short(r.role, space)}.{_short(r.skill, space)}",
            r.role,
            r.skill,
            file=files[r.at.sheet],
            row=r.at.row,
            strength=r.strength or None,
            level=r.level or None,
            values=remark(r.note),
        )
    for m in book.moves:
        draft.transition(
            f"{space}move/{_short(m.source, space)}.{_short(m.target, space)}",
            m.source,
            m.target,
            (m.label, language),
            file=files[m.at.sheet],
            row=m.at.row,
            cls=m.cls,
            values=[*((p, nt.decimal(v)) for p, v in m.measures), *remark(m.note)],
        )
    for x in book.matches:
        iri = f"{space}mapping/{_tail(x.subject, space)}.{x.relation}.{_tail(x.target, space)}"
        draft.mapping(
            iri,
            x.subject,
            x.relation,
            x.target,
            file=files[x.at.sheet],
            row=x.at.row,
            confidence=x.confidence or None,
        )
        for p, o in remark(x.note):
            draft.add(nt.iri(iri), f"<{p}>", o)
    made |= Counter(
        {
            "requirements": len(book.requirements),
            "transitions": len(book.moves),
            "mappings": len(book.matches),
            "facts about roles and certifications": len(book.facts),
        }
    )
    draft.made.update({what: n for what, n in made.items() if n})
    for note in book.notes:
        draft.note(note)


def _short(iri: str, namespace: str) -> str:
    return _tail(iri, namespace).rpartition(".")[2] if iri.startswith(namespace) else _tail(iri, "")


# ------------------------------------------------------------------------------- what callers use


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
