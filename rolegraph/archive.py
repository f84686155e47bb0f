r"""Tables out of folders, zips and single files, row by row, and nothing else out of them.

Whatever comes from outside is suspect: a zip may be cut short, lie about its sizes or hold paths
that climb out. Nothing is ever unpacked to disk; every member is read as a stream that counts what
it gives, checks it against the zip's own checksum, and stops at the limits below.

Examples
--------
>>> import tempfile
>>> folder = Path(tempfile.mkdtemp())
>>> _ = (folder / "skills.csv").write_text("id,label\n1,Planning\n", encoding="utf-8")
>>> with Archive.open(folder) as archive:
...     archive.names(), list(archive.table("skills.csv"))
(('skills.csv',), [(2, {'id': '1', 'label': 'Planning'})])
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import hashlib
import io
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO, TYPE_CHECKING, Final

from rolegraph.errors import DataError, ExtraMissingError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from python_calamine import CalamineSheet

__all__ = [
    "MAX_FIELD",
    "MAX_MEMBERS",
    "MAX_RATIO",
    "MAX_TOTAL",
    "RATIO_FROM",
    "Archive",
]

MAX_MEMBERS: Final = 10_000
"""Most files that an archive may hold, all its zips and folders taken together."""
MAX_TOTAL: Final = 2 * 1024**3
"""Most bytes that the zips of an archive may unpack to, and that one file may give (2 GiB)."""
MAX_RATIO: Final = 200
"""Most that a large member may grow in unpacking; real tables grow 3 to 10 times."""
RATIO_FROM: Final = 50 * 1024**2
"""Size in bytes from which on a member counts as large: small ones do no harm."""
MAX_FIELD: Final = 64 * 1024**2
"""Most characters of one cell. Python's own limit (131,072) is less than ESCO's lists take."""

_TABS = frozenset({".tab", ".tsv", ".txt"})
_SHEETS = frozenset({".ods", ".xls", ".xlsb", ".xlsm", ".xlsx"})
_TABLES = frozenset({".csv"}) | _TABS | _SHEETS
# Other ways to pack exist, but a few kilobytes of theirs can become gigabytes in one step.
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_OTHER_METHODS = {9: "Deflate64", 12: "bzip2", 14: "LZMA", 93: "Zstandard", 95: "XZ", 98: "PPMd"}
_ENCRYPTED = 0x1 | 0x40
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class _Member:
    """A file: in a folder, or in a zip when ``info`` is there."""

    name: str
    place: str
    path: Path
    zip: zipfile.ZipFile | None = None
    info: zipfile.ZipInfo | None = None

    def open(self) -> IO[bytes]:
        """Open the bytes as a guarded, buffered stream."""
        if self.zip is None or self.info is None:
            try:
                return self.path.open("rb")
            except OSError as e:
                raise DataError(f"{self.place}: cannot be read: {e.strerror}") from e
        return io.BufferedReader(_Guarded(self.zip, self.info, self.place), _CHUNK)


class _Guarded(io.RawIOBase):
    """A zip's member as a stream that does not believe the zip's headers.

    The member is opened as if it might be of any size, so that what comes is the truth; when that
    differs from what the header says, or the checksum does, it is an error and not a short file.
    """

    def __init__(self, zf: zipfile.ZipFile, info: zipfile.ZipInfo, place: str) -> None:
        self._said = info.file_size
        self._place = place
        self._count = 0
        real = copy(info)
        real.file_size = MAX_TOTAL + 1
        try:
            self._inner = zf.open(real)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as e:
            raise DataError(f"{place}: cannot be unpacked: {e}") from e
        except struct.error as e:
            raise DataError(f"{place}: the zip is cut short or broken") from e

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        try:
            data = self._inner.read(len(view))
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, struct.error) as e:
            # Also reached when a header lies: then the checksum is that of something else.
            raise DataError(
                f"{self._place}: broken after {self._count:,} bytes ({e}); fetch the zip again"
            ) from e
        self._count += len(data)
        if self._count > self._said or (not data and self._count < self._said):
            raise DataError(
                f"{self._place}: the zip says {self._said:,} bytes, and unpacking gives "
                f"{'more' if self._count > self._said else f'{self._count:,}'}; "
                "it is broken or made to do harm"
            )
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
        super().close()


def _check_path(name: str, place: str) -> None:
    """Refuse a member's path that leads out of the archive."""
    plain = name.replace("\\", "/")
    if "\0" in name:
        raise DataError(f"{place}: a null byte in the member's name")
    if plain.startswith("/") or PureWindowsPath(plain).drive:
        raise DataError(f"{place}: the member's path is absolute")
    if ".." in plain.split("/"):
        raise DataError(f"{place}: the member's path climbs out of the archive")


def _check_members(infos: Sequence[zipfile.ZipInfo], where: str) -> int:
    """Refuse a zip that is unsafe by what it says of itself; give its unpacked size in bytes."""
    if len(infos) > MAX_MEMBERS:
        raise DataError(
            f"{where}: {len(infos):,} members, more than the {MAX_MEMBERS:,} that are read"
        )
    total = 0
    for info in infos:
        # The name as it stands in the zip: zipfile cuts it at a null byte.
        place = f"{where}: {info.orig_filename!r}"
        _check_path(info.orig_filename, place)
        if info.is_dir():
            continue
        if stat.S_ISLNK(info.external_attr >> 16):
            raise DataError(f"{place}: the member is a symbolic link; pack the file itself")
        if info.flag_bits & _ENCRYPTED:
            raise DataError(f"{place}: the member is encrypted; pack it again without a password")
        if info.compress_type not in _METHODS:
            method = _OTHER_METHODS.get(info.compress_type, f"method {info.compress_type}")
            raise DataError(f"{place}: packed with {method}; pack it again with plain Deflate")
        size, packed = info.file_size, info.compress_size
        if size > RATIO_FROM and size > MAX_RATIO * max(packed, 1):
            raise DataError(
                f"{place}: grows from {packed:,} to {size:,} bytes in unpacking, more than "
                f"{MAX_RATIO} times; it looks like a zip bomb"
            )
        total += size
        if total > MAX_TOTAL:
            raise DataError(
                f"{place}: with this member the zip unpacks to more than the {MAX_TOTAL:,} bytes "
                "that are read"
            )
    return total


def _open_zip(file: Path | IO[bytes], where: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, EOFError, struct.error, ValueError, NotImplementedError) as e:
        raise DataError(f"{where}: not a zip, or cut short ({e}); fetch it again") from e
    except OSError as e:
        raise DataError(f"{where}: cannot be read: {e.strerror or e}") from e


def _ignored(parts: Iterable[str]) -> bool:
    """Whether a path is something that a file manager left behind."""
    return any(p == "__MACOSX" or (p.startswith(".") and p != ".") for p in parts)


def _hash(stream: IO[bytes]) -> tuple[str, int]:
    """SHA-256 of a stream in hexadecimal digits, and how many line feeds it has."""
    sha, lines = hashlib.sha256(), 0
    while chunk := stream.read(_CHUNK):
        sha.update(chunk)
        lines += chunk.count(b"\n")
    return sha.hexdigest(), lines


def _headings(cells: Sequence[str], name: str, row: int) -> tuple[str, ...]:
    """Tidy up a heading row, and refuse one in which a column could be meant twice."""
    names = [c.strip() for c in cells]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise DataError(f"{name}, row {row}: no headings")
    seen: set[str] = set()
    for n in names:
        if n and n in seen:
            raise DataError(f"{name}, row {row}: two columns are called {n!r}")
        seen.add(n)
    return tuple(names)


class _Records:
    """Puts cells under their headings."""

    def __init__(self, headings: tuple[str, ...], name: str) -> None:
        self._headings = headings
        self._width = len(headings)
        self._name = name
        self._nameless = [i for i, h in enumerate(headings) if not h]

    def record(self, cells: list[str], row: int) -> dict[str, str]:
        """Give a row as a mapping; every heading is there."""
        if len(cells) < self._width:
            cells = [*cells, *[""] * (self._width - len(cells))]
        elif len(cells) > self._width:
            if any(cells[self._width :]):
                raise DataError(
                    f"{self._name}, row {row}: {len(cells)} cells under {self._width} headings; "
                    "a cell with a separator in it needs quotation marks"
                )
            cells = cells[: self._width]
        found = dict(zip(self._headings, cells, strict=True))
        if self._nameless:
            for i in self._nameless:
                if cells[i]:
                    raise DataError(
                        f"{self._name}, row {row}: {cells[i]!r} stands in column {i + 1}, "
                        "which has no heading"
                    )
            found.pop("", None)
        return found


def _allow_long_fields() -> None:
    # The limit is one for the whole process and is looked at while rows are parsed, so that it
    # must not be put back while anybody reads. It is only ever raised: nobody's reading breaks.
    if csv.field_size_limit() < MAX_FIELD:
        csv.field_size_limit(MAX_FIELD)


def _as_text(cell: object) -> str:
    """A spreadsheet's value as the text one would have typed."""
    match cell:
        case str():
            return cell
        case bool():
            return "TRUE" if cell else "FALSE"
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        case dt.datetime() if cell.time() == dt.time():
            return cell.date().isoformat()
        case dt.datetime():
            return cell.isoformat(sep=" ")
        case dt.date() | dt.time():
            return cell.isoformat()
        case None:
            return ""
        case _:
            return str(cell)


@dataclass(slots=True)
class Archive:
    """Files of one source, wherever they lie; made by :meth:`open`.

    Attributes
    ----------
    paths : tuple of pathlib.Path
        What was opened.
    """

    paths: tuple[Path, ...]
    _members: dict[str, _Member]
    _zips: list[zipfile.ZipFile]
    _hashes: dict[str, tuple[str, int]] = field(default_factory=dict)
    _columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _loaded: tuple[str, CalamineSheet] | None = None
    _size: int = 0

    @classmethod
    def open(cls, *paths: Path | str) -> Archive:
        """Open folders, zips and single tables as one.

        Parameters
        ----------
        *paths : pathlib.Path or str
            Each a folder, which is searched with all its sub-folders and the zips in it; a zip,
            known by its ending; or a single table. Files whose names begin with a dot, and what
            lies under ``__MACOSX``, are ignored.

        Returns
        -------
        Archive
            To be closed, or used as a context manager.

        Raises
        ------
        DataError
            If a path leads nowhere; if a zip is none, is cut short, or is unsafe (see the limits
            of this module); or if two files of one name differ.
        """
        if not paths:
            raise DataError("no path to read from")
        archive = cls(tuple(Path(p).absolute() for p in paths), {}, [])
        try:
            for path in archive.paths:
                archive._put(path)
        except BaseException:
            archive.close()
            raise
        return archive

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the zips. Rows cannot be read afterwards."""
        for zf in self._zips:
            zf.close()
        self._zips.clear()
        self._loaded = None

    # --- what is there

    @property
    def where(self) -> tuple[str, ...]:
        """Names of what was opened, without the folders that lead there."""
        return tuple(p.name for p in self.paths)

    def _put(self, path: Path) -> None:
        if path.is_dir():
            for file in _walk(path):
                if file.suffix.lower() == ".zip":
                    self._put_zip(file)
                else:
                    place = f"{path.name}: {file.relative_to(path).as_posix()!r}"
                    self._add(_Member(file.name, place, file))
        elif not path.exists():
            raise DataError(f"no such file or folder: {path}")
        elif path.suffix.lower() == ".zip":
            self._put_zip(path)
        elif path.suffix.lower() in _TABLES:
            self._add(_Member(path.name, path.name, path))
        else:
            raise DataError(
                f"{path.name}: neither a folder, a zip nor a table "
                f"({', '.join(sorted(_TABLES))}) by its ending"
            )

    def _put_zip(self, path: Path) -> None:
        zf = _open_zip(path, path.name)
        self._zips.append(zf)
        infos = zf.infolist()
        self._size += _check_members(infos, path.name)
        if self._size > MAX_TOTAL:
            raise DataError(
                f"{path.name}: with this zip the whole unpacks to more than the "
                f"{MAX_TOTAL:,} bytes that are read"
            )
        for info in infos:
            pure = PurePosixPath(info.filename.replace("\\", "/"))
            if not info.is_dir() and not _ignored(pure.parts):
                place = f"{path.name}: {info.filename!r}"
                self._add(_Member(pure.name, place, path, zf, info))

    def _add(self, member: _Member) -> None:
        other = self._members.get(member.name)
        if other is None:
            if len(self._members) >= MAX_MEMBERS:
                raise DataError(f"{member.place}: more than the {MAX_MEMBERS:,} files that fit")
            self._members[member.name] = member
        elif Path(member.name).suffix.lower() in _TABLES:
            with member.open() as stream:
                digest = _hash(stream)[0]
            if digest != self.digest(member.name):
                raise DataError(
                    f"{other.place} and {member.place} have one name and differ; "
                    "open them apart, or take one away"
                )

    def names(self) -> tuple[str, ...]:
        """Names of all files, without folders, sorted."""
        return tuple(sorted(self._members))

    def find(self, pattern: str) -> tuple[str, ...]:
        """Find files by name.

        Parameters
        ----------
        pattern : str
            As in a shell: ``*``, ``?`` and ``[…]``; upper and lower case are one.

        Returns
        -------
        tuple of str
            Names, sorted; empty when none fits.
        """
        low = pattern.lower()
        return tuple(n for n in self.names() if fnmatchcase(n.lower(), low))

    def place(self, name: str) -> str:
        """Say where a file lies, in words for a message: its archive and its path in there."""
        return self._member(name).place

    def _member(self, name: str) -> _Member:
        try:
            return self._members[name]
        except KeyError:
            near = get_close_matches(name, self._members, 1, 0.6)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise DataError(f"no file {name!r} in {', '.join(self.where)}{hint}") from None

    def digest(self, name: str) -> str:
        """SHA-256 of a file's bytes, in hexadecimal digits."""
        return self._hashed(name)[0]

    def lines(self, name: str) -> int:
        """How many line feeds a file has: at least about its rows, and quick to know."""
        return self._hashed(name)[1]

    def _hashed(self, name: str) -> tuple[str, int]:
        if name not in self._hashes:
            with self._member(name).open() as stream:
                self._hashes[name] = _hash(stream)
        return self._hashes[name]

    def read(self, name: str) -> bytes:
        """All bytes of a file.

        Raises
        ------
        DataError
            If it is larger than :data:`MAX_TOTAL`, or broken.
        """
        with self._member(name).open() as stream:
            data = stream.read(MAX_TOTAL + 1)
        if len(data) > MAX_TOTAL:
            raise DataError(f"{self.place(name)}: more than the {MAX_TOTAL:,} bytes that are read")
        return data

    # --- rows

    def rows(
        self, name: str, *, encoding: str = "utf-8-sig", delimiter: str = ","
    ) -> Iterator[tuple[int, dict[str, str]]]:
        """Read a text table row by row.

        Parameters
        ----------
        name : str
        encoding : str
            The default reads UTF-8 with a byte order mark and without one.
        delimiter : str
            What stands between two cells.

        Returns
        -------
        iterator of (int, dict)
            The row's number and its cells by heading. The heading is row 1, or the first
            row with anything in it; a record over several lines is one row. Absent cells at the
            end are ``""``; rows with nothing in them are passed over, but counted.

        Raises
        ------
        DataError
            If there is no such file; and while rows are read, if one has more cells than there
            are headings, or the text is not in this encoding, or a quotation mark stays open, as
            in a file that was cut short. The message names file and row.
        """
        self._member(name)
        return self._rows(name, encoding, delimiter)

    def _rows(
        self, name: str, encoding: str, delimiter: str
    ) -> Iterator[tuple[int, dict[str, str]]]:
        records: _Records | None = None
        for row, cells in self._cells(name, encoding, delimiter):
            if not any(cells):
                continue
            if records is None:
                records = _Records(_headings(cells, name, row), name)
            else:
                yield row, records.record(cells, row)
        if records is None:
            raise DataError(f"{self.place(name)}: empty, without even headings")

    def _cells(self, name: str, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
        _allow_long_fields()
        try:
            codecs.lookup(encoding)
        except LookupError as e:
            raise DataError(f"{name}: Python knows no encoding {encoding!r}") from e
        row = 0
        with (
            self._member(name).open() as raw,
            io.TextIOWrapper(raw, encoding, newline="") as text,
        ):
            try:
                # Strict: else a quotation mark that stays open swallows the rest without a word.
                for cells in csv.reader(text, delimiter=delimiter, strict=True):
                    row += 1
                    yield row, cells
            except UnicodeDecodeError as e:
                raise self._wrong_encoding(name, encoding, delimiter, e) from e
            except csv.Error as e:
                why = (
                    "a quotation mark is opened and never closed; the file is cut short"
                    if "unexpected end of data" in str(e)
                    else str(e)
                )
                raise DataError(f"{self.place(name)}, row {row + 1}: {why}") from e

    def _wrong_encoding(
        self, name: str, encoding: str, delimiter: str, error: UnicodeDecodeError
    ) -> DataError:
        # Text is decoded in blocks, ahead of the rows: look again for the row that is meant.
        row = ""
        try:
            self.read(name).decode(encoding)
        except UnicodeDecodeError as e:
            good = e.object[: e.start].decode(encoding, errors="ignore")
            # With a letter in the place of the bad byte, the last record is the one with it.
            parsed = csv.reader(io.StringIO(good + "x", newline=""), delimiter=delimiter)
            row, error = f", row {sum(1 for _ in parsed)}", e
        return DataError(
            f"{self.place(name)}{row}: not {error.encoding} text: the byte "
            f"0x{error.object[error.start]:02x} ({error.reason}); save the file as UTF-8"
        )

    def sheet(self, name: str) -> Iterator[tuple[int, dict[str, str]]]:
        """Read the first sheet of a spreadsheet row by row.

        Parameters
        ----------
        name : str
            An XLSX file, or another that python-calamine knows (XLS, ODS).

        Returns
        -------
        iterator of (int, dict)
            As :meth:`rows` gives, the numbers being those that a spreadsheet program shows. All
            values are text: a whole number without decimals, a date as ``2024-05-31``.

        Raises
        ------
        DataError
            If there is no such file, it is not a spreadsheet, or it is unsafe; and while rows are
            read, if one has cells outside the headed columns.
        ExtraMissingError
            Without python-calamine.
        """
        self._member(name)
        return self._sheet(name)

    def _sheet(self, name: str) -> Iterator[tuple[int, dict[str, str]]]:
        records: _Records | None = None
        for row, cells in self._sheet_cells(name):
            if not any(cells):
                continue
            if records is None:
                records = _Records(_headings(cells, name, row), name)
            else:
                yield row, records.record(cells, row)
        if records is None:
            raise DataError(f"{self.place(name)}: the first sheet is empty")

    def _sheet_cells(self, name: str) -> Iterator[tuple[int, list[str]]]:
        sheet = self._load(name)
        self._loaded = None
        # iter_rows gives empty rows at the top, and leaves out empty columns at the left.
        left = [""] * (sheet.start[1] if sheet.start else 0)
        for row, cells in enumerate(sheet.iter_rows(), 1):
            yield row, left + [_as_text(c) for c in cells]

    def _load(self, name: str) -> CalamineSheet:
        """Parse a sheet, or give the one that was parsed last for its headings."""
        if self._loaded is not None and self._loaded[0] == name:
            return self._loaded[1]
        try:
            from python_calamine import CalamineError, CalamineWorkbook
        except ImportError as e:
            raise ExtraMissingError("python-calamine", "store") from e
        data = self.read(name)
        if not name.lower().endswith(".xls"):
            _check_nested(data, self.place(name))
        try:
            with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
                return book.get_sheet_by_index(0)
        except (CalamineError, zipfile.BadZipFile, OSError) as e:
            raise DataError(f"{self.place(name)}: not a spreadsheet, or broken: {e}") from e

    def table(self, name: str) -> Iterator[tuple[int, dict[str, str]]]:
        """Read a table in the way that the file's ending asks for.

        Spreadsheets are read by :meth:`sheet`; ``.txt``, ``.tsv`` and ``.tab`` by :meth:`rows` with
        tabs between cells, everything else with commas.
        """
        suffix = Path(name).suffix.lower()
        if suffix in _SHEETS:
            return self.sheet(name)
        return self.rows(name, delimiter="\t" if suffix in _TABS else ",")

    def columns(self, name: str) -> tuple[str, ...]:
        """The headings of a table, in their order; columns without a heading are left out."""
        if name not in self._columns:
            self._member(name)
            suffix = Path(name).suffix.lower()
            if suffix in _SHEETS:
                # To parse it is most of the work: keep it for the rows that are asked for next.
                self._loaded = kept = (name, self._load(name))
                cells = self._sheet_cells(name)
            else:
                kept = None
                cells = self._cells(name, "utf-8-sig", "\t" if suffix in _TABS else ",")
            found = next(((row, c) for row, c in cells if any(c)), None)
            self._loaded = kept
            if found is None:
                raise DataError(f"{self.place(name)}: empty, without even headings")
            headings = _headings(found[1], name, found[0])
            self._columns[name] = tuple(h for h in headings if h)
        return self._columns[name]

    def require(self, name: str, columns: Iterable[str]) -> None:
        """Make sure that a table has these columns.

        Raises
        ------
        DataError
            If one is missing; the message names the existing column that comes nearest.
        """
        there = self.columns(name)
        for column in columns:
            if column not in there:
                lower = {c.lower(): c for c in reversed(there)}
                near = get_close_matches(column.lower(), lower, 1, 0.6)
                hint = f"did you mean {lower[near[0]]!r}?" if near else f"it has {', '.join(there)}"
                raise DataError(f"{self.place(name)}: no column {column!r}; {hint}")


def _walk(folder: Path) -> Iterator[Path]:
    """All files under a folder, sorted; links are followed, but nowhere twice."""
    seen: set[str] = set()
    for base, folders, files in os.walk(folder, followlinks=True):
        real = os.path.realpath(base)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        folders[:] = sorted(f for f in folders if not _ignored([f]))
        yield from (Path(base) / f for f in sorted(files) if not _ignored([f]))


def _check_nested(data: bytes, place: str) -> None:
    """Read a spreadsheet's parts as the zip that it is, before a library unpacks it unguarded."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        raise DataError(f"{place}: not a spreadsheet, or cut short; fetch it again")
    with _open_zip(io.BytesIO(data), place) as zf:
        infos = zf.infolist()
        _check_members(infos, place)
        for info in infos:
            if not info.is_dir():
                with io.BufferedReader(_Guarded(zf, info, f"{place}: {info.filename!r}")) as part:
                    while part.read(_CHUNK):
                        pass
