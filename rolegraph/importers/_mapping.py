"""Reading a mapping file: how the names of a table lead to those of the form."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from rolegraph.errors import DataError, Problem
from rolegraph.importers._form import _FORM, _LANGUAGE, FORM
from rolegraph.importers._grids import _compose, _Names, _yaml
from rolegraph.importers._text import _brief, _heading, _near, _same, _tidy

__all__ = ["_read_mapping"]


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
