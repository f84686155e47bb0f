"""Tables out of folders and zips: what is read, and what is refused."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import stat
import struct
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rolegraph import archive as module
from rolegraph.archive import MAX_FIELD, MAX_MEMBERS, RATIO_FROM, Archive
from rolegraph.errors import DataError

TABLE = "id,label\r\n1,Planning\r\n2,Budgets\r\n"
ROWS = [(2, {"id": "1", "label": "Planning"}), (3, {"id": "2", "label": "Budgets"})]
# Where the fields of a zip's central directory stand: offset and format.
FIELDS = {"flags": (8, "<H"), "method": (10, "<H"), "crc": (16, "<I"), "packed": (20, "<I")}
FIELDS |= {"size": (24, "<I"), "offset": (42, "<I")}


def make_zip(
    path: Path, members: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED
) -> Path:
    with zipfile.ZipFile(path, "w", method) as zf:
        for name, data in members.items():
            zf.writestr(name, data)
    return path


def patch(path: Path, **values: int) -> Path:
    """Make the directory of a zip lie about its first member."""
    data = bytearray(path.read_bytes())
    start = data.index(b"PK\x01\x02")
    for name, value in values.items():
        offset, fmt = FIELDS[name]
        struct.pack_into(fmt, data, start + offset, value)
    path.write_bytes(data)
    return path


def put(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


# --- what is found


def test_folder_zip_and_file_are_one(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    put(folder, "deep/er/a.csv", TABLE)
    make_zip(folder / "some.zip", {"in/b.csv": TABLE, "__MACOSX/in/._b.csv": "x", ".DS_Store": "x"})
    put(folder, ".hidden/h.csv", TABLE)
    put(folder, ".h.csv", TABLE)
    with Archive.open(folder, put(tmp_path, "c.tsv", "id\tlabel\n1\tx\n")) as archive:
        assert archive.names() == ("a.csv", "b.csv", "c.tsv")
        assert list(archive.table("a.csv")) == list(archive.table("b.csv")) == ROWS
        assert list(archive.table("c.tsv")) == [(2, {"id": "1", "label": "x"})]
        assert archive.find("[AB].csv") == archive.find("?.CSV") == ("a.csv", "b.csv")
        assert archive.find("nothing*") == ()
        assert archive.digest("b.csv") == hashlib.sha256(TABLE.encode()).hexdigest()
        assert archive.read("b.csv") == TABLE.encode()
        assert archive.lines("a.csv") == 3
        assert archive.place("b.csv") == "some.zip: 'in/b.csv'"
        assert archive.where == ("folder", "c.tsv")
    assert sorted(p.name for p in tmp_path.rglob("*.csv")) == [".h.csv", "a.csv", "h.csv"]


def test_same_name_twice(tmp_path: Path) -> None:
    first = make_zip(tmp_path / "1.zip", {"x/a.csv": TABLE, "readme.md": "1"})
    again = make_zip(tmp_path / "2.zip", {"y/a.csv": TABLE, "readme.md": "2"})
    with Archive.open(first, again) as archive:
        assert list(archive.table("a.csv")) == ROWS
    other = make_zip(tmp_path / "3.zip", {"a.csv": TABLE + "3,More\r\n"})
    with pytest.raises(DataError, match=r"1\.zip: 'x/a\.csv' and 3\.zip: 'a\.csv'.*differ"):
        Archive.open(first, other)


def test_paths_that_lead_nowhere(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no such file or folder: .*gone"):
        Archive.open(tmp_path / "gone")
    with pytest.raises(DataError, match=r"a\.pdf: neither a folder, a zip nor a table"):
        Archive.open(put(tmp_path, "a.pdf", "x"))
    with pytest.raises(DataError, match="no path"):
        Archive.open()
    with (
        Archive.open(put(tmp_path, "skills.csv", TABLE)) as archive,
        pytest.raises(DataError, match=r"no file 'skill\.csv' in skills\.csv; did you mean"),
    ):
        archive.rows("skill.csv")


def test_links_in_folders_end(tmp_path: Path) -> None:
    put(tmp_path, "in/a.csv", TABLE)
    (tmp_path / "in" / "round").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "other.csv").symlink_to(tmp_path / "in" / "a.csv")
    with Archive.open(tmp_path) as archive:
        assert archive.names() == ("a.csv", "other.csv")


# --- rows of text


def test_rows_count_records_and_not_lines(tmp_path: Path) -> None:
    text = '\ufeffid, label ,note\n1,"two\nlines",x\n\n2,short\n3,full,y,,\n,,\n'
    with Archive.open(put(tmp_path, "a.csv", text)) as archive:
        assert archive.columns("a.csv") == ("id", "label", "note")
        assert list(archive.rows("a.csv")) == [
            (2, {"id": "1", "label": "two\nlines", "note": "x"}),
            (4, {"id": "2", "label": "short", "note": ""}),
            (5, {"id": "3", "label": "full", "note": "y"}),
        ]


def test_other_separators_and_encodings(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", "id;label\n1;Führung\n".encode("cp1252"))
    put(tmp_path, "b.txt", "O*NET code\tTitle\n1\tx, y\n")
    with Archive.open(tmp_path) as archive:
        rows = list(archive.rows("a.csv", encoding="cp1252", delimiter=";"))
        assert rows == [(2, {"id": "1", "label": "Führung"})]
        assert list(archive.table("b.txt")) == [(2, {"O*NET code": "1", "Title": "x, y"})]
        with pytest.raises(DataError, match="knows no encoding 'nonsense'"):
            list(archive.rows("a.csv", encoding="nonsense"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id,label\n1,a\n2,b,c\n", r"a\.csv, row 3: 3 cells under 2 headings"),
        ('id,label\n1,a\n2,"b\n3,c\n', r"a\.csv, row 3: a quotation mark is opened and never"),
        ('id,label\n1,"a"b\n', r"a\.csv, row 2: .*expected after"),
        ("id,id\n", r"a\.csv, row 1: two columns are called 'id'"),
        ("id,,label\n1,x,a\n", r"row 2: 'x' stands in column 2, which has no heading"),
        ("", r"a\.csv: empty, without even headings"),
        ("\n,,\n", r"a\.csv: empty, without even headings"),
        (b"id,label\n1,a\n2,\xfcb\n3,c\n", r"a\.csv, row 3: not utf-8 text: the byte 0xfc"),
        (b'id,label\n1,"a\nb"\n2,"x\n\xfc"\n', r"a\.csv, row 3: not utf-8 text"),
        (b"\xfc,label\n", r"a\.csv, row 1: not utf-8 text"),
        (b"id\n" + b"1\n" * 9000 + b"\xff\n", r"a\.csv, row 9002: not utf-8 text"),
    ],
)
def test_text_that_cannot_be_read(tmp_path: Path, text: str | bytes, message: str) -> None:
    with (
        Archive.open(put(tmp_path, "a.csv", text)) as archive,
        pytest.raises(DataError, match=message),
    ):
        list(archive.rows("a.csv"))


def test_every_truncation_inside_a_quote_is_noticed(tmp_path: Path) -> None:
    text = 'id,label\n1,"one, and\nmore"\n'
    inside = range(text.index('"') + 1, text.rindex('"'))
    for cut in inside:
        with (
            Archive.open(put(tmp_path, "a.csv", text[:cut])) as archive,
            pytest.raises(DataError, match=r"a\.csv, row 2: a quotation mark"),
        ):
            list(archive.rows("a.csv"))


def test_long_cells(tmp_path: Path) -> None:
    with Archive.open(put(tmp_path, "a.csv", "id\n" + "x" * 1_000_000 + "\n")) as archive:
        assert len(next(archive.rows("a.csv"))[1]["id"]) == 1_000_000
    assert csv.field_size_limit() >= MAX_FIELD
    before = csv.field_size_limit(2 * MAX_FIELD)
    try:
        with Archive.open(tmp_path) as archive:
            list(archive.rows("a.csv"))
        assert csv.field_size_limit() == 2 * MAX_FIELD, "somebody else's higher limit stays"
    finally:
        csv.field_size_limit(before)


cell = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)


@settings(max_examples=150, deadline=None)
@given(
    st.integers(1, 4).flatmap(
        lambda n: st.lists(st.lists(cell, min_size=n, max_size=n), min_size=1, max_size=6)
    )
)
def test_rows_are_what_was_written(rows: list[list[str]]) -> None:
    headings = [f"h{i}" for i in range(len(rows[0]))]
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerows([headings, *rows])
    with tempfile.TemporaryDirectory() as folder:
        path = put(Path(folder), "a.csv", text.getvalue())
        packed = make_zip(Path(folder) / "z.zip", {"b.csv": text.getvalue()})
        with Archive.open(path, packed) as archive:
            wanted = [
                (i, dict(zip(headings, row, strict=True)))
                for i, row in enumerate(rows, 2)
                if any(row)
            ]
            assert list(archive.rows("a.csv")) == wanted
            assert list(archive.rows("b.csv")) == wanted


def test_require(tmp_path: Path) -> None:
    with Archive.open(put(tmp_path, "a.csv", "conceptUri,preferredLabel\n")) as archive:
        archive.require("a.csv", ["preferredLabel"])
        with pytest.raises(DataError, match=r"a\.csv: no column 'preferedLabel'; did you mean 'pr"):
            archive.require("a.csv", ["conceptUri", "preferedLabel"])
        with pytest.raises(DataError, match=r"no column 'xyz'; it has conceptUri, preferredLabel"):
            archive.require("a.csv", ["xyz"])
        assert list(archive.table("a.csv")) == []


# --- sheets


def make_sheet(path: Path, rows: list[list[object]]) -> Path:
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.create_sheet("second").append(["not", "read"])
    book.save(path)
    return path


def test_sheet_gives_text(tmp_path: Path) -> None:
    moment = dt.datetime(2024, 5, 31, 8, 30)
    make_sheet(
        tmp_path / "a.xlsx",
        [
            ["id", "figure", "day", "flag", "note"],
            [1, 4.12, dt.date(2024, 5, 31), "Y", "x"],
            [],
            [2.0, 1e20, moment, True],
        ],
    )
    with Archive.open(tmp_path / "a.xlsx") as archive:
        assert archive.columns("a.xlsx") == ("id", "figure", "day", "flag", "note")
        first, second = [*archive.table("a.xlsx")]
        assert (first[0], [*first[1].values()]) == (2, ["1", "4.12", "2024-05-31", "Y", "x"])
        wanted = ["2", "1e+20", "2024-05-31 08:30:00", "TRUE", ""]
        assert (second[0], [*second[1].values()]) == (4, wanted)
        assert [*archive.sheet("a.xlsx")] == [first, second], "a second reading starts anew"


def test_sheet_rows_are_numbered_as_shown(tmp_path: Path) -> None:
    make_sheet(tmp_path / "a.xlsx", [[], [None, None], ["id", "label"], ["1", "a"]])
    make_sheet(tmp_path / "b.xlsx", [["id", None, "label"], ["1", "stray", "a"]])
    make_sheet(tmp_path / "c.xlsx", [])
    make_sheet(tmp_path / "d.xlsx", [[None, "id"], [None, "1"], ["stray", "2"]])
    with Archive.open(tmp_path) as archive:
        assert list(archive.table("a.xlsx")) == [(4, {"id": "1", "label": "a"})]
        with pytest.raises(DataError, match=r"b\.xlsx, row 2: 'stray' stands in column 2"):
            list(archive.table("b.xlsx"))
        with pytest.raises(DataError, match=r"d\.xlsx, row 3: 'stray' stands in column 1"):
            list(archive.table("d.xlsx"))
        with pytest.raises(DataError, match=r"c\.xlsx.*: the first sheet is empty"):
            list(archive.table("c.xlsx"))
        with pytest.raises(DataError, match=r"c\.xlsx.*: empty"):
            archive.columns("c.xlsx")


def test_spreadsheets_that_are_none(tmp_path: Path) -> None:
    put(tmp_path, "a.xlsx", "no zip at all")
    make_zip(tmp_path / "b.xlsx", {"hello.txt": "no workbook"})
    good = make_sheet(tmp_path / "c.xlsx", [["id"], ["1"]]).read_bytes()
    put(tmp_path, "c.xlsx", good[: len(good) // 2])
    patch(put(tmp_path, "d.xlsx", good), size=7)
    with Archive.open(tmp_path) as archive:
        for name in archive.names():
            with pytest.raises(DataError, match=name.replace(".", r"\.")):
                list(archive.table(name))


# --- zips that are broken or meant to do harm


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("../a.csv", "climbs out"),
        ("x/../../a.csv", "climbs out"),
        ("..\\a.csv", "climbs out"),
        ("/a.csv", "is absolute"),
        ("\\a.csv", "is absolute"),
        ("C:\\a.csv", "is absolute"),
        ("../", "climbs out"),
    ],
)
def test_paths_out_of_the_zip(tmp_path: Path, name: str, message: str) -> None:
    path = make_zip(tmp_path / "z.zip", {"ok.csv": TABLE, name: TABLE})
    with pytest.raises(DataError, match=rf"z\.zip: .*{message}"):
        Archive.open(path)


def test_links_in_a_zip(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("a.csv")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as zf:
        zf.writestr(info, "/etc/hostname")
    with pytest.raises(DataError, match=r"z\.zip: 'a\.csv': the member is a symbolic link"):
        Archive.open(tmp_path / "z.zip")


def test_bomb_by_its_headers(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "z.zip", {"a.csv": bytes(RATIO_FROM + 1)})
    with pytest.raises(DataError, match=r"z\.zip: 'a\.csv': grows from .* zip bomb"):
        Archive.open(path)
    # Small ones may grow as they like; and so may large ones, within reason.
    Archive.open(make_zip(tmp_path / "y.zip", {"a.csv": bytes(1_000_000)})).close()


def test_size_of_all_together(tmp_path: Path) -> None:
    big = {"size": 1_500_000_000, "packed": 1_000_000_000}
    first = patch(make_zip(tmp_path / "1.zip", {"a.csv": TABLE}), **big)
    second = patch(make_zip(tmp_path / "2.zip", {"b.csv": TABLE}), **big)
    Archive.open(first).close()
    with pytest.raises(DataError, match=r"2\.zip: with this zip the whole unpacks to more than"):
        Archive.open(first, second)
    huge = patch(make_zip(tmp_path / "3.zip", {"a.csv": TABLE}), size=2**32 - 2, packed=2**31)
    with pytest.raises(DataError, match=r"3\.zip: 'a\.csv': .* more than the 2,147,483,648 bytes"):
        Archive.open(huge)


def test_too_many_members(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "z.zip", {f"{i}.csv": "" for i in range(MAX_MEMBERS + 1)}, 0)
    with pytest.raises(DataError, match=r"z\.zip: 10,001 members"):
        Archive.open(path)


def test_headers_that_lie(tmp_path: Path) -> None:
    text = "id\n" + "1\n" * 50_000
    for size in (10, len(text) - 1, len(text) + 1, 90_000_000):
        path = patch(make_zip(tmp_path / "z.zip", {"a.csv": text}), size=size)
        if size > RATIO_FROM:
            with pytest.raises(DataError, match="zip bomb"):
                Archive.open(path)
            continue
        with (
            Archive.open(path) as archive,
            pytest.raises(DataError, match=rf"z\.zip: 'a\.csv': the zip says {size:,} bytes"),
        ):
            list(archive.rows("a.csv"))


def test_a_lie_is_found_before_much_is_unpacked(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "z.zip", {"a.csv": b"x" * 20_000_000})
    with Archive.open(patch(path, size=100)) as archive, pytest.raises(DataError) as caught:
        archive.digest("a.csv")
    assert "gives more" in str(caught.value)


def test_checksum(tmp_path: Path) -> None:
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        path = patch(make_zip(tmp_path / "z.zip", {"a.csv": TABLE}, method), crc=1)
        with (
            Archive.open(path) as archive,
            pytest.raises(DataError, match=r"z\.zip: 'a\.csv': broken after .*CRC-32"),
        ):
            list(archive.rows("a.csv"))


def test_what_cannot_be_unpacked(tmp_path: Path) -> None:
    path = patch(make_zip(tmp_path / "z.zip", {"a.csv": TABLE}), flags=1)
    with pytest.raises(DataError, match=r"'a\.csv': the member is encrypted"):
        Archive.open(path)
    path = patch(make_zip(tmp_path / "z.zip", {"a.csv": TABLE}), method=9)
    with pytest.raises(DataError, match=r"'a\.csv': packed with Deflate64"):
        Archive.open(path)
    for method, name in ((zipfile.ZIP_LZMA, "LZMA"), (zipfile.ZIP_BZIP2, "bzip2")):
        with pytest.raises(DataError, match=rf"'a\.csv': packed with {name}; pack it again"):
            Archive.open(make_zip(tmp_path / "z.zip", {"a.csv": TABLE}, method))
    with pytest.raises(DataError, match=r"n\.zip: not a zip, or cut short"):
        Archive.open(put(tmp_path, "n.zip", TABLE))


def test_no_cut_goes_unnoticed(tmp_path: Path) -> None:
    whole = make_zip(tmp_path / "z.zip", {"a.csv": TABLE}).read_bytes()
    for cut in range(len(whole)):
        with pytest.raises(DataError, match=r"z\.zip"):
            Archive.open(put(tmp_path, "z.zip", whole[:cut]))


@pytest.mark.parametrize("mask", [0xFF, 0x01])
def test_no_flipped_byte_changes_what_is_read(tmp_path: Path, mask: int) -> None:
    whole = make_zip(tmp_path / "z.zip", {"a.csv": TABLE}).read_bytes()
    refused = 0
    for i in range(len(whole)):
        bad = bytearray(whole)
        bad[i] ^= mask
        path = put(tmp_path, "z.zip", bytes(bad))
        try:
            with Archive.open(path) as archive:
                # A name or a date may have changed, which no checksum covers; never a row.
                for name in archive.names():
                    assert list(archive.rows(name)) == ROWS
        except DataError:
            refused += 1
    assert refused > len(TABLE)


def test_limits_are_documented() -> None:
    assert module.MAX_TOTAL == 2 * 1024**3
    assert module.MAX_RATIO == 200
    assert (module.MAX_MEMBERS, module.RATIO_FROM) == (10_000, 50 * 1024**2)


def test_real_tables_equal_an_independent_count(shared_data: Path) -> None:
    with Archive.open(shared_data / "esco-1.1.1") as archive:
        for path in sorted((shared_data / "esco-1.1.1").glob("*.zip")):
            with zipfile.ZipFile(path) as zf:
                for name in zf.namelist():
                    with zf.open(name) as raw:
                        text = io.TextIOWrapper(raw, "utf-8-sig", newline="")
                        want = sum(1 for _ in csv.reader(text)) - 1
                    assert sum(1 for _ in archive.table(name)) == want, name
    with Archive.open(shared_data / "onet-29.2") as archive:
        from openpyxl import load_workbook

        book = load_workbook(shared_data / "onet-29.2" / "Job Zones.xlsx", read_only=True)
        first, *rest = [[str(c or "") for c in r] for r in book.worksheets[0].values]
        book.close()
        assert archive.columns("Job Zones.xlsx") == tuple(first)
        assert [list(r.values()) for _, r in archive.table("Job Zones.xlsx")] == rest
