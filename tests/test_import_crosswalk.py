"""The importer of crosswalks: every row a mapping, in Nesta's form and in a plain one."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Container
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest

from rolegraph.archive import Archive
from rolegraph.errors import DataError
from rolegraph.importers import crosswalk
from rolegraph.importers.draft import Draft, Report, SourceInfo
from rolegraph.vocab import BASE, RG, SKOS

ESCO = "http://data.europa.eu/esco/occupation/"
ONET = f"{BASE}onet/occupation/"
Mapping = tuple[str, str, str, Decimal | None, str]
NESTA = "id,onet_code,confidence,concept_uri\n"


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def load(path: Path, out: Path, known: Container[str] | None = None) -> tuple[Report, ox.Store]:
    with Archive.open(path) as archive:
        with Draft(crosswalk.describe(archive), out) as draft:
            crosswalk.read(draft, archive, known=known)
        report = draft.report(lambda name: sum(1 for _ in archive.table(name)))
    store = ox.Store()
    store.load(path=out, format=ox.RdfFormat.N_TRIPLES)
    return report, store


def mappings(store: ox.Store) -> set[Mapping]:
    """Subject, relation, target, confidence and row of all claims whose triple is there."""
    found = store.query(
        f"""SELECT ?s ?p ?o ?c ?row {{
            ?claim a <{RG.Assertion}> ; <{RG.subject}> ?s ; <{RG.predicate}> ?p ;
                <{RG.object}> ?o ; <{RG.sourceRow}> ?row ;
                <{RG.hasEvidenceKind}> <{RG.curated}> ; <{RG.hasEvidence}> ?file .
            ?file a <{RG.SourceFile}> .
            ?s ?p ?o .
            OPTIONAL {{ ?claim <{RG.confidence}> ?c }}
        }}"""
    )
    assert isinstance(found, ox.QuerySolutions)
    return {
        (
            s["s"].value,
            s["p"].value.removeprefix(SKOS),
            s["o"].value,
            Decimal(s["c"].value) if s["c"] else None,
            s["row"].value,
        )
        for s in found
    }


def left(report: Report) -> dict[str, tuple[int, tuple[str, ...]]]:
    return {x.reason: (x.count, x.examples) for f in report.files for x in f.left_out}


# --- Nesta's form


def test_the_relation_follows_from_how_many_share_an_occupation(tmp_path: Path) -> None:
    text = NESTA + (
        f"1,11-1011.00,1.0,{ESCO}a\n"
        f"2,11-1011.00,0.5,{ESCO}b\n"
        f"3,11-1021.00,2.0,{ESCO}c\n"
        f"4,11-1021.00,1.0,{ESCO}c\n"
    )
    report, store = load(write(tmp_path / "walk.csv", text), tmp_path / "out.nt")
    assert mappings(store) == {
        (f"{ESCO}a", "broadMatch", f"{ONET}11-1011.00", Decimal("1.0"), "2"),
        (f"{ESCO}b", "broadMatch", f"{ONET}11-1011.00", Decimal("0.5"), "3"),
        (f"{ESCO}c", "closeMatch", f"{ONET}11-1021.00", Decimal("2.0"), "4"),
    }
    assert left(report) == {"duplicate": (1, ("row 5: esco-occupation:c, onet:11-1021.00",))}
    assert dict(report.made) == {"mappings, broadMatch": 2, "mappings, closeMatch": 1}
    assert len(report.notes) == 1
    assert "names no relation" in report.notes[0]
    assert report.source.kind == "curated"
    assert (report.source.key, report.source.licence) == ("crosswalk", "MIT")


def test_dangling_ends_are_named_and_still_count_as_sharing(tmp_path: Path) -> None:
    text = NESTA + (
        f"1,11-1011.00,1,{ESCO}a\n2,11-1011.00,1,{ESCO}gone\n3,99-9999.00,1,{ESCO}also-gone\n"
    )
    known = {f"{ESCO}a", f"{ONET}11-1011.00"}
    report, store = load(write(tmp_path / "walk.csv", text), tmp_path / "out.nt", known)
    assert {m[:3] for m in mappings(store)} == {(f"{ESCO}a", "broadMatch", f"{ONET}11-1011.00")}
    assert left(report) == {
        "dangling reference": (
            2,
            (
                "row 3: esco-occupation:gone",
                "row 4: esco-occupation:also-gone, onet:99-9999.00",
            ),
        )
    }


def test_broken_cells_are_all_named_and_nothing_is_imported(tmp_path: Path) -> None:
    text = NESTA + f"1,11-1011,high,{ESCO}a\n2,11-1011.00,1.0,not an iri\n"
    with pytest.raises(DataError) as caught:
        load(write(tmp_path / "walk.csv", text), tmp_path / "out.nt")
    lines = str(caught.value).splitlines()
    assert lines[0] == "walk.csv: nothing imported:"
    assert [line.split(":")[0] for line in lines[1:]] == [
        "row 2, column onet_code", "row 2, column confidence", "row 3, column concept_uri",
    ]  # fmt: skip


# --- the plain form


def test_any_crosswalk_with_iris_and_curies(tmp_path: Path) -> None:
    text = (
        "subject,relation,object,confidence,remark\n"
        "role:project-manager,closeMatch,onet:13-1082.00,0.9,x\n"
        f"role:project-manager,skos:narrowMatch,{ESCO}a,,\n"
        f"<https://example.org/x>,{SKOS}exactMatch,esco-occupation:b,1,\n"
        "role:a,relatedMatch,role:a,,\n"
    )
    report, store = load(write(tmp_path / "My Own.csv", text), tmp_path / "out.nt")
    pm = f"{BASE}role/project-manager"
    assert mappings(store) == {
        (pm, "closeMatch", f"{ONET}13-1082.00", Decimal("0.9"), "2"),
        (pm, "narrowMatch", f"{ESCO}a", None, "3"),
        ("https://example.org/x", "exactMatch", f"{ESCO}b", Decimal("1"), "4"),
    }
    assert left(report) == {"mapped to itself": (1, ("row 5: role:a",))}
    assert report.notes == ()
    assert (report.source.key, report.source.licence) == ("crosswalk-my-own", "not stated")


def test_sssom_columns_with_tabs(tmp_path: Path) -> None:
    text = (
        "subject_id\tpredicate_id\tobject_id\tconfidence\nrole:a\tskos:broadMatch\tgdad:b\t0.25\n"
    )
    _, store = load(write(tmp_path / "walk.tsv", text), tmp_path / "out.nt", {f"{BASE}role/a"})
    assert mappings(store) == set()
    known = {f"{BASE}role/a", f"{BASE}gdad/level/b"}
    _, store = load(tmp_path / "walk.tsv", tmp_path / "out2.nt", known)
    assert mappings(store) == {
        (f"{BASE}role/a", "broadMatch", f"{BASE}gdad/level/b", Decimal("0.25"), "2")
    }


def test_mistakes_come_with_the_nearest_right_value(tmp_path: Path) -> None:
    text = (
        "subject,relation,object,confidence\n"
        "rol:a,closeMatch,onet:1,\n"
        "role:a,closMatch,onet:1,\n"
        "role:a,owl:sameAs,,0,5\n".replace("0,5", '"0,5"')
    )
    with pytest.raises(DataError) as caught:
        load(write(tmp_path / "walk.csv", text), tmp_path / "out.nt")
    lines = str(caught.value).splitlines()
    assert len(lines) == 6
    assert lines[1].startswith("row 2, column subject: 'rol:a' is neither")
    assert lines[1].endswith("did you mean the prefix role:?")
    assert lines[2] == "row 3, column relation: no relation 'closMatch'; did you mean closeMatch?"
    assert lines[3] == "row 4, column object: empty; give an IRI or a CURIE"
    assert lines[4].startswith("row 4, column relation: no relation 'owl:sameAs'; use one of ")
    assert lines[5] == "row 4, column confidence: '0,5' is not a decimal number"


def test_many_mistakes_are_counted(tmp_path: Path) -> None:
    text = "subject,relation,object\n" + "x,closeMatch,role:a\n" * 50
    with pytest.raises(DataError, match=r"… and 30 more$"):
        load(write(tmp_path / "walk.csv", text), tmp_path / "out.nt")


def test_a_mapping_keeps_its_iri_wherever_it_stands(tmp_path: Path) -> None:
    head, a, b = "subject,relation,object\n", "role:a,closeMatch,onet:1\n", "role:b,broadMatch,onet:2\n"  # fmt: skip # noqa: E501
    claims = []
    for n, text in enumerate((head + a + b, head + b + a)):
        _, store = load(write(tmp_path / f"{n}.csv", text), tmp_path / f"{n}.nt")
        found = store.quads_for_pattern(None, ox.NamedNode(RG.subject), None)
        claims.append({(str(q.subject), str(q.object)) for q in found})
    assert claims[0] == claims[1]
    assert len(claims[0]) == 2


def test_what_is_no_crosswalk_is_said_so(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "subjekt,relation,object\n")
    with (
        Archive.open(tmp_path / "a.csv") as archive,
        pytest.raises(DataError, match="did you mean 'subjekt' as subject"),
    ):
        crosswalk.describe(archive)
    write(tmp_path / "b.tsv", "# licence: none\nsubject_id\tpredicate_id\tobject_id\n")
    with (
        Archive.open(tmp_path / "b.tsv") as archive,
        pytest.raises(DataError, match="take out the lines that start with #"),
    ):
        crosswalk.describe(archive)
    write(tmp_path / "c.csv", "subject,relation,object\n")
    write(tmp_path / "d.csv", "subject,relation,object\n\n")
    with (
        Archive.open(tmp_path) as archive,
        pytest.raises(DataError, match=r"more than one crosswalk in .*: c\.csv, d\.csv"),
    ):
        crosswalk.describe(archive)


# --- the real file


@pytest.fixture(scope="module")
def rows(shared_data: Path) -> list[dict[str, str]]:
    path = next((shared_data / "crosswalk").glob("*.csv"))
    with path.open(encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def test_every_real_row_is_a_mapping(
    shared_data: Path, rows: list[dict[str, str]], tmp_path: Path
) -> None:
    report, store = load(shared_data / "crosswalk", tmp_path / "out.nt")
    assert [(f.rows, f.taken, f.left_out) for f in report.files] == [(1680, 1680, ())]
    share = defaultdict(set)
    for r in rows:
        share[r["onet_code"]].add(r["concept_uri"])
    assert mappings(store) == {
        (
            r["concept_uri"],
            "closeMatch" if len(share[r["onet_code"]]) == 1 else "broadMatch",
            ONET + r["onet_code"],
            Decimal(r["confidence"]),
            str(n),
        )
        for n, r in enumerate(rows, 2)
    }
    assert dict(report.made) == {"mappings, broadMatch": 1371, "mappings, closeMatch": 309}
    with Archive.open(shared_data / "crosswalk") as archive:
        info = crosswalk.describe(archive, version="1")
    assert isinstance(info, SourceInfo)
    assert info.name == "crosswalk-1"


def test_the_codes_that_this_release_of_onet_lacks(
    shared_data: Path, rows: list[dict[str, str]], tmp_path: Path
) -> None:
    with Archive.open(shared_data / "onet-29.2" / "Occupation Data.xlsx") as archive:
        codes = {r["O*NET-SOC Code"] for _, r in archive.table("Occupation Data.xlsx")}
    known = {ONET + c for c in codes} | {r["concept_uri"] for r in rows}
    report, store = load(shared_data / "crosswalk", tmp_path / "out.nt", known)
    gone = Counter(r["onet_code"] for r in rows if r["onet_code"] not in codes)
    assert (len(gone), gone.total()) == (143, 325)
    assert left(report)["dangling reference"][0] == 325
    assert report.files[0].taken == len(mappings(store)) == 1680 - 325
