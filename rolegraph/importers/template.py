"""An empty form for a career framework of your own, with explanations in it.

What the form holds is said in one place, :data:`rolegraph.importers.table.FORM`; here it becomes a
workbook, a folder of CSV files or a YAML file.
"""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from rolegraph.errors import DataError, ExtraMissingError
from rolegraph.importers.table import FORM, Sheet

__all__ = ["EXAMPLE", "Form", "write"]

Form = Literal["xlsx", "csv", "yaml"]
"""What a template can be written as."""

_INTRODUCTION = (
    "Your career framework, for rolegraph.",
    "Fill in what you have: only roles are needed, and every sheet but roles may stay empty.",
    "A cell left empty means that nothing is said, and nothing will be made up for it.",
    "Refer to a role, a skill or a certification by its name, written as in its own sheet.",
    "Several names in one cell are parted by semicolons.",
    "Mistakes are reported all at once, with sheet, row and column, before anything is imported.",
)
_VALIDATED_ROWS = 2000

EXAMPLE: Mapping[str, Sequence[Sequence[str | int]]] = {
    "about": (
        ("key", "tidewater"),
        ("version", "2025.1"),
        ("title", "Tidewater delivery ladder"),
        ("licence", "internal use"),
        ("attribution", "Tidewater People Team"),
        ("language", "en"),
    ),
    "families": (
        ("family", "description"),
        ("Delivery", "Gets things into people's hands."),
        ("Operations", ""),
    ),
    "levels": (("name", "rank"), ("learning", 1), ("able", 2), ("leading others", 3)),
    "roles": (
        ("role", "family", "level", "ladder", "rung", "description", "also called"),
        ("Delivery Assistant", "Delivery", "junior", "Delivery ladder", 1, "", ""),
        ("Delivery Coordinator", "Delivery", "professional", "Delivery ladder", 2, "", ""),
        ("Delivery Lead", "Delivery", "senior", "Delivery ladder", 3,
         "Answers for one product team's deliveries.", "Team Delivery Lead; DL"),
        ("Programme Lead", "Delivery", "lead", "Delivery ladder", 4, "", ""),
        ("Service Lead", "Operations", "senior", "", "", "", ""),
    ),
    "skills": (
        ("skill", "kind", "also called"),
        ("Facilitation", "soft", ""),
        ("Release planning", "management", "Planning of releases"),
        ("Flow metrics", "knowledge", ""),
        ("CI/CD", "technical", ""),
    ),
    "certifications": (
        ("certification", "full name", "scheme"),
        ("TDP", "Tidewater Delivery Practitioner", "Tidewater Academy"),
    ),
    "requirements": (
        ("role", "skill", "strength", "level", "note"),
        ("Delivery Coordinator", "Facilitation", "essential", "able", ""),
        ("Delivery Lead", "Facilitation", "essential", "leading others", ""),
        ("Delivery Lead", "Release planning", "essential", "able", ""),
        ("Delivery Lead", "Flow metrics", "recommended", "", "Agreed in the spring review."),
        ("Programme Lead", "Release planning", "essential", "leading others", ""),
        ("Service Lead", "CI/CD", "beneficial", "learning", ""),
    ),
    "role certifications": (("role", "certification"), ("Delivery Lead", "TDP")),
    "responsibilities": (
        ("role", "responsibility"),
        ("Delivery Lead", "Keep the delivery plan true"),
        ("Programme Lead", "Settle what comes first between teams"),
    ),
    "transitions": (
        ("from", "to", "type", "months", "cost", "note", "interviews"),
        ("Delivery Assistant", "Delivery Coordinator", "promotion", 12, 500, "", 1),
        ("Delivery Coordinator", "Delivery Lead", "promotion", 18, 1200, "", 2),
        ("Delivery Lead", "Programme Lead", "promotion", 24, "", "", 2),
        ("Delivery Lead", "Service Lead", "lateral move", "", 0, "After a trial month.", ""),
    ),
    "mappings": (
        ("name", "relation", "target"),
        ("Delivery Lead", "close", "role:delivery-manager"),
    ),
}  # fmt: skip
"""A small ladder of a company that does not exist, as rows of the sheets."""


def _rows(sheet: Sheet, example: bool) -> list[list[str | int]]:
    """Give the rows of a sheet, its headings first."""
    if example:
        rows = [list(r) for r in EXAMPLE[sheet.name]]
        return [["name", "value"], *rows] if sheet.name == "about" else rows
    if sheet.name == "about":
        blank: list[list[str | int]] = [[c.name, ""] for c in sheet.columns]
        return [["name", "value"], *blank]
    return [[c.name for c in sheet.columns]]


def _explain(sheet: Sheet) -> list[str]:
    """Explain a sheet and its columns, a line for each."""
    lines = [f"{sheet.name}: {sheet.doc}"]
    for c in sheet.columns:
        needed = " (needed)" if c.needed else ""
        values = f" One of: {', '.join(c.values)}." if c.values else ""
        lines.append(f"   {c.name}{needed}: {c.doc}{values}")
    return lines


def _readme() -> str:
    parts = ["\n".join(_INTRODUCTION), *("\n".join(_explain(s)) for s in FORM)]
    return "\n\n".join(parts) + "\n"


def _as_csv(rows: Sequence[Sequence[str | int]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    # the mark at the start lets Excel see that this is UTF-8
    return out.getvalue().encode("utf-8-sig")


def _as_yaml(example: bool) -> bytes:
    lines = [f"# {line}" for line in _INTRODUCTION]
    for sheet in FORM:
        lines += ["", *(f"# {line}" for line in _explain(sheet))]
        head, *rows = _rows(sheet, example)
        key = sheet.name
        if sheet.name == "about":
            lines.append("about:")
            lines += [f"  {name}:{_scalar(value)}" for name, value in rows]
        elif not rows:
            lines.append(f"{key}:")
            entry = [f"{h}:" for h in head]
            lines += [f"#  - {entry[0]}", *(f"#    {e}" for e in entry[1:])]
        else:
            lines.append(f"{key}:")
            for row in rows:
                said = [
                    f"{h}:{_scalar(v)}" for h, v in zip(head, row, strict=True) if v not in ("",)
                ]
                lines += [f"  - {said[0]}", *(f"    {s}" for s in said[1:])]
    return ("\n".join(lines) + "\n").encode()


def _scalar(value: str | int) -> str:
    if value == "":
        return ""
    if isinstance(value, int):
        return f" {value}"
    # a text in double quotation marks is the same in YAML as in JSON
    import json

    return f" {json.dumps(value, ensure_ascii=False)}"


def _as_xlsx(example: bool) -> bytes:
    try:
        from openpyxl import Workbook
        from openpyxl.comments import Comment
        from openpyxl.styles import Alignment, Font, PatternFill
        from openpyxl.utils import get_column_letter
        from openpyxl.worksheet.datavalidation import DataValidation
    except ImportError as error:
        raise ExtraMissingError("openpyxl", "store") from error
    book = Workbook()
    page: Any = book.active
    page.title = "read me"
    page.column_dimensions["A"].width = 110
    for line in _readme().splitlines():
        page.append([line])
        page.cell(page.max_row, 1).alignment = Alignment(wrap_text=True, vertical="top")
    needed = PatternFill("solid", fgColor="1F4E79")
    optional = PatternFill("solid", fgColor="7F9DB9")
    for sheet in FORM:
        page = book.create_sheet(sheet.name)
        rows = _rows(sheet, example)
        for row in rows:
            page.append([None if v == "" else v for v in row])
        page.freeze_panes = "A2"
        for i, heading in enumerate(rows[0], 1):
            column = sheet.column(str(heading))
            cell = page.cell(1, i)
            cell.font = Font(bold=True, color="FFFFFF")
            cell.fill = needed if column is not None and column.needed else optional
            page.column_dimensions[get_column_letter(i)].width = max(18, len(str(heading)) + 4)
            if column is None:
                continue
            word = "Needed. " if column.needed else ""
            cell.comment = Comment(f"{word}{column.doc}", "rolegraph", width=280, height=90)
            rule = _validation(sheet.name, column.name, column.values, DataValidation)
            if rule is not None:
                page.add_data_validation(rule)
                letter = get_column_letter(i)
                rule.add(f"{letter}2:{letter}{_VALIDATED_ROWS}")
        if sheet.name == "about":
            page.column_dimensions["B"].width = 60
            for i, (name, _) in enumerate(rows[1:], 2):
                about = sheet.column(str(name))
                if about is not None:
                    page.cell(i, 1).comment = Comment(about.doc, "rolegraph", width=280, height=90)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


_LISTED = {"role": "roles", "from": "roles", "to": "roles", "skill": "skills",
           "certification": "certifications"}  # fmt: skip


def _validation(sheet: str, column: str, values: tuple[str, ...], make: Any) -> Any:
    """Make the drop-down list of a column: fixed values, or the names in another sheet."""
    if values:
        return make(type="list", formula1=f'"{",".join(values)}"', allow_blank=True,
                    showErrorMessage=True, errorTitle=column,
                    error=f"One of: {', '.join(values)}")  # fmt: skip
    source = _LISTED.get(column)
    if sheet == "requirements" and column == "level":
        source = "levels"
    if source is None or source == sheet:
        return None
    # names may also be IRIs, or of a list that is left empty: suggest, and do not refuse
    rule = make(type="list", formula1=f"{source}!$A$2:$A${_VALIDATED_ROWS}", allow_blank=True)
    rule.showErrorMessage = False
    return rule


def write(path: Path, form: Form, *, example: bool = False) -> list[Path]:
    """Write a template.

    Parameters
    ----------
    path : pathlib.Path
        The file to write, or the folder for CSV files, which may exist if it is empty.
    form : {"xlsx", "csv", "yaml"}
    example : bool
        Fill it with :data:`EXAMPLE`, a ladder that can be imported as it is.

    Returns
    -------
    list of pathlib.Path
        The files written.

    Raises
    ------
    DataError
        If something is there already, or there is no such form.
    ExtraMissingError
        If a workbook is wanted and openpyxl is not installed.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [file.name for file in write(Path(folder) / "ladder.yaml", "yaml")]
    ['ladder.yaml']
    """
    path = Path(path)
    if form == "csv":
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise DataError(f"{path} is there already and is not overwritten; name a new folder")
        contents = {f"{s.name}.csv": _as_csv(_rows(s, example)) for s in FORM}
        contents["README.txt"] = _readme().encode()
        path.mkdir(exist_ok=True)
        return [_put(path / name, data) for name, data in contents.items()]
    if form not in ("xlsx", "yaml"):
        raise DataError(f"no form {form!r} of a template; there are 'xlsx', 'csv' and 'yaml'")
    if path.exists():
        raise DataError(f"{path} is there already and is not overwritten; name a new file")
    return [_put(path, _as_xlsx(example) if form == "xlsx" else _as_yaml(example))]


def _put(path: Path, data: bytes) -> Path:
    """Write a file whole or not at all, and never over another."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".template-")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)  # as any other new file, not for its owner alone
        try:
            os.link(name, path)  # unlike a renaming, this fails where the name is taken
        except FileExistsError:
            raise DataError(f"{path} is there already and is not overwritten") from None
        except OSError:  # a file system without links
            with path.open("xb") as out:
                out.write(data)
    finally:
        Path(name).unlink()
    return path
