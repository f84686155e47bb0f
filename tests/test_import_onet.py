"""The importer of O*NET: both releases give the same facts, and every row is accounted for."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolegraph.archive import Archive
from rolegraph.errors import DataError
from rolegraph.importers import onet
from rolegraph.importers.draft import Draft, Report
from rolegraph.importers.onet import _slugs
from rolegraph.vocab import BASE, RG, SKOS

RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
Cell = str | float
Table = list[dict[str, Cell]]
CODE = "O*NET-SOC Code"

# Columns that only repeat a name; the text release does without them.
REPEATED = {"Title", "Element Name", "Scale Name", "Related Title"}


def rating(code: str, element: str, scale: str, value: Cell, **more: Cell) -> dict[str, Cell]:
    names = {"2.A.1.a": "Stirring", "2.C.1.a": "Flour", "9.9": "Nowhere"}
    return {
        CODE: code, "Title": "Bakers", "Element ID": element, "Element Name": names[element],
        "Scale ID": scale, "Data Value": value, "N": more.get("N", 8.0),
        "Recommend Suppress": more.get("suppress", "N"),
        "Not Relevant": more.get("irrelevant", "" if scale == "IM" else "N"),
    }  # fmt: skip


def tables() -> dict[str, Table]:
    """A small release; each call gives a fresh one, to be changed at will."""
    baker, miller = "51-3011.00", "51-9021.00"
    return {
        "Occupation Data": [
            {CODE: baker, "Title": "Bakers", "Description": "They bake."},
            {CODE: miller, "Title": "Millers", "Description": "They mill."},
            {CODE: miller, "Title": "Millers", "Description": "Again."},
            {CODE: "51 3011", "Title": "Broken", "Description": ""},
        ],
        "Alternate Titles": [
            {CODE: baker, "Alternate Title": "Bread  Maker", "Short Title": "BM"},
            {CODE: baker, "Alternate Title": "Bread Maker", "Short Title": ""},
            {CODE: baker, "Alternate Title": "Bakers", "Short Title": "n/a"},
            {CODE: "00-0000.00", "Alternate Title": "Nobody", "Short Title": ""},
        ],
        "Sample of Reported Titles": [
            {CODE: baker, "Reported Job Title": "Bread Maker"},
            {CODE: baker, "Reported Job Title": "Dough Master"},
        ],
        "Scales Reference": [
            {"Scale ID": "IM", "Minimum": 1.0, "Maximum": 5.0},
            {"Scale ID": "LV", "Minimum": 0.0, "Maximum": 7.0},
        ],
        "Content Model Reference": [
            {"Element ID": i, "Element Name": n, "Description": f"On {n}."}
            for i, n in (("2", "All"), ("2.A", "Basic"), ("2.A.1", "Hands"),
                         ("2.A.1.a", "Stirring"), ("2.C", "Knowing"), ("2.C.1", "Ware"),
                         ("2.C.1.a", "Flour"), ("2.D", "Schooling"))
        ],
        "Skills": [
            rating(baker, "2.A.1.a", "IM", 3.0),
            rating(baker, "2.A.1.a", "LV", 4.12, suppress="Y", N=7.0),
            rating(miller, "2.A.1.a", "LV", 0.5, irrelevant="Y"),
            rating(miller, "2.A.1.a", "IM", 2.99, N=""),
            rating(baker, "2.A.1.a", "IM", 5.0),
            rating(baker, "2.A.1.a", "XX", 1.0),
            rating("00-0000.00", "2.A.1.a", "IM", 3.0),
            rating(miller, "2.A.1.a", "LV", "n/a"),
        ],
        "Knowledge": [
            rating(baker, "2.C.1.a", "IM", 4.5, N=""),
            rating(miller, "2.C.1.a", "LV", 1.0),
        ],
        "Related Occupations": [
            {CODE: baker, "Related O*NET-SOC Code": miller, "Related Title": "Millers",
             "Relatedness Tier": "Primary-Short", "Index": 1.0},
            {CODE: baker, "Related O*NET-SOC Code": baker, "Related Title": "Bakers",
             "Relatedness Tier": "Primary-Short", "Index": 2.0},
            {CODE: baker, "Related O*NET-SOC Code": "00-0000.00", "Related Title": "Nobody",
             "Relatedness Tier": "Supplemental", "Index": 3.0},
            {CODE: baker, "Related O*NET-SOC Code": miller, "Related Title": "Millers",
             "Relatedness Tier": "Supplemental", "Index": 4.0},
        ],
        "Task Statements": [
            {CODE: baker, "Task ID": 1.0, "Task": "Knead.", "Task Type": "Core"},
            {CODE: baker, "Task ID": 2.0, "Task": "Sweep.", "Task Type": "Supplemental"},
            {CODE: miller, "Task ID": 3.0, "Task": "Grind.", "Task Type": ""},
            {CODE: miller, "Task ID": 1.0, "Task": "Another.", "Task Type": "Core"},
        ],
        "Technology Skills": [
            {CODE: code, "Example": name, "Commodity Code": group,
             "Commodity Title": f"Ware {group:.0f}", "Hot Technology": hot, "In Demand": asked}
            for code, name, group, hot, asked in (
                (baker, "C", 10.0, "N", "N"), (baker, "C++", 10.0, "Y", "N"),
                (miller, "C++", 20.0, "Y", "Y"), (miller, "C++", 20.0, "Y", "Y"),
                (miller, "C#", 10.0, "N", "N"))
        ],
        "Tools Used": [
            {CODE: baker, "Example": "C", "Commodity Code": 30.0, "Commodity Title": "Clamps"},
        ],
        "Job Zone Reference": [{"Job Zone": 2.0, "Name": "Job Zone Two: some"}],
        "Job Zones": [
            {CODE: baker, "Job Zone": 2.0}, {CODE: miller, "Job Zone": 3.0},
            {CODE: miller, "Job Zone": 4.0},
        ],
        "Education, Training, and Experience Categories": [
            {"Scale ID": "RL", "Category": 6.0, "Category Description": "Six"},
            {"Scale ID": "RW", "Category": 1.0, "Category Description": "None"},
        ],
        "Education, Training, and Experience": [
            {CODE: baker, "Scale ID": s, "Category": c, "Data Value": v, "N": 28.0,
             "Recommend Suppress": y}
            for s, c, v, y in (("RL", 6.0, 42.86, "Y"), ("RL", 7.0, 0.0, "N"),
                               ("RL", 8.0, 57.14, "N"), ("IM", "n/a", 3.1, "N"))
        ],
        "Work Styles": [rating(baker, "2.A.1.a", "IM", 4.0)],
        "Interests": [{CODE: baker, "Scale ID": "OI", "Data Value": 1.0}],
    }  # fmt: skip


def as_text(value: Cell) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def excel(folder: Path, release: Mapping[str, Table]) -> Path:
    from openpyxl import Workbook

    folder.mkdir(parents=True)
    for name, rows in release.items():
        book = Workbook(write_only=True)
        sheet = book.create_sheet("sheet")
        sheet.append(list(rows[0]))
        for row in rows:
            sheet.append(list(row.values()))
        book.save(folder / f"{name}.xlsx")
    return folder


def text(folder: Path, release: Mapping[str, Table]) -> Path:
    """The text release: tabs, two decimals in figures, no column that repeats a name."""
    folder.mkdir(parents=True)
    for name, rows in release.items():
        own = name in ("Occupation Data", "Content Model Reference")
        columns = [c for c in rows[0] if own or c not in REPEATED]
        with (folder / f"{name}.txt").open("w", encoding="utf-8", newline="") as f:
            out = csv.writer(f, delimiter="\t")
            out.writerow(columns)
            for row in rows:
                out.writerow([
                    f"{v:.2f}" if c == "Data Value" and isinstance(v, float) else as_text(v)
                    for c, v in row.items() if c in columns
                ])  # fmt: skip
    return folder


def load(path: Path, out: Path, **options: object) -> tuple[Report, ox.Store]:
    with Archive.open(path) as archive:
        with Draft(onet.describe(archive), out) as draft:
            onet.read(draft, archive, **options)  # type: ignore[arg-type]
        report = draft.report(lambda name: sum(1 for _ in archive.table(name)))
    store = ox.Store()
    store.bulk_load(path=out, format=ox.RdfFormat.N_TRIPLES)
    return report, store


def iri(path: str) -> ox.NamedNode:
    return ox.NamedNode(f"{BASE}onet/{path}")


def values(store: ox.Store, s: str, p: str) -> set[str]:
    found = store.quads_for_pattern(iri(s), ox.NamedNode(p), None)
    return {q.object.value.removeprefix(f"{BASE}onet/") for q in found
            if isinstance(q.object, ox.NamedNode | ox.Literal)}  # fmt: skip


def of_class(store: ox.Store, cls: str) -> set[str]:
    found = store.quads_for_pattern(None, RDF_TYPE, ox.NamedNode(cls))
    return {str(q.subject)[1:-1].removeprefix(f"{BASE}onet/") for q in found}


def left(report: Report, name: str) -> dict[str, int]:
    return {x.reason: x.count for f in report.files if f.name == name for x in f.left_out}


def taken(report: Report) -> dict[str, tuple[int, int]]:
    return {f.name.rpartition(".")[0]: (f.taken, f.rows) for f in report.files}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, ox.Store]:
    folder = tmp_path_factory.mktemp("onet")
    return load(excel(folder / "onet-29.2", tables()), folder / "out.nt")


def test_every_row_is_taken_or_left_for_a_reason(small: tuple[Report, ox.Store]) -> None:
    report, _ = small
    assert taken(report) == {
        "Scales Reference": (1, 2), "Occupation Data": (2, 4), "Alternate Titles": (1, 4),
        "Sample of Reported Titles": (1, 2), "Content Model Reference": (6, 8),
        "Skills": (4, 8), "Knowledge": (2, 2), "Related Occupations": (1, 4),
        "Task Statements": (3, 4), "Technology Skills": (4, 5), "Job Zone Reference": (1, 1),
        "Job Zones": (2, 3), "Education, Training, and Experience Categories": (1, 2),
        "Education, Training, and Experience": (2, 4),
    }  # fmt: skip
    assert left(report, "Occupation Data.xlsx") == {"duplicate": 1, "not an O*NET-SOC code": 1}
    assert left(report, "Alternate Titles.xlsx") == {
        "label already there": 2, "occupation not in Occupation Data": 1,
    }  # fmt: skip
    assert left(report, "Skills.xlsx") == {
        "duplicate": 1, "scale not imported": 1, "occupation not in Occupation Data": 1,
        "no figure": 1,
    }  # fmt: skip
    assert left(report, "Related Occupations.xlsx") == {
        "related to itself": 1, "occupation not in Occupation Data": 1, "duplicate": 1,
    }  # fmt: skip
    assert left(report, "Task Statements.xlsx") == {"identifier of another task": 1}
    assert left(report, "Technology Skills.xlsx") == {"duplicate": 1}
    assert left(report, "Job Zones.xlsx") == {"second job zone": 1}
    assert left(report, "Education, Training, and Experience.xlsx") == {
        "named by nobody": 1, "scale not imported": 1,
    }  # fmt: skip
    assert set(report.absent) == {
        "Abilities", "Work Activities", "Work Context", "Task Ratings", "Work Values",
    }  # fmt: skip
    assert "there and not read: Interests; Tools Used; Work Styles" in report.notes
    assert report.source.name == "onet-29.2"


def test_what_was_made_is_what_is_there(small: tuple[Report, ox.Store]) -> None:
    report, store = small
    assert dict(report.made) == {
        "occupations": 2, "alternative titles": 3, "skill requirements": 2, "skill ratings": 2,
        "skills": 1, "knowledge": 1, "skill groups": 4, "related occupations": 1,
        "core responsibilities": 1, "other responsibilities": 2, "technologies": 3,
        "technology requirements": 4, "technology groups": 2, "occupations in a job zone": 2,
        "job zones": 2, "education requirements": 2, "education levels": 2,
    }  # fmt: skip
    for cls, count in (
        (RG.Occupation, 2), (RG.Skill, 5), (RG.Knowledge, 1), (RG.TechnicalSkill, 3),
        (RG.SkillGroup, 6), (RG.SkillRequirement, 6), (RG.SkillRating, 2), (RG.RoleTransition, 1),
        (RG.Responsibility, 3), (RG.JobZone, 2), (RG.EducationRequirement, 2),
        (RG.EducationLevel, 2),
    ):  # fmt: skip
        assert len(of_class(store, cls)) == count, cls


def test_titles_are_labels(small: tuple[Report, ox.Store]) -> None:
    _, store = small
    baker = "occupation/51-3011.00"
    assert values(store, baker, SKOS + "prefLabel") == {"Bakers"}
    assert values(store, baker, SKOS + "altLabel") == {"Bread Maker", "BM", "Dough Master"}
    assert values(store, baker, SKOS + "notation") == {"51-3011.00"}


def test_an_importance_of_three_is_a_demand_and_less_is_a_rating(
    small: tuple[Report, ox.Store],
) -> None:
    _, store = small
    demand, mere = "rating/51-3011.00.2.A.1.a", "rating/51-9021.00.2.A.1.a"
    assert of_class(store, RG.SkillRating) == {mere, "rating/51-9021.00.2.C.1.a"}
    assert demand in of_class(store, RG.SkillRequirement)
    facts = (RG.importance, RG.levelValue, RG.sampleSize, RG.recommendSuppress, RG.notRelevant,
             RG.sourceRow, RG.hasEvidenceKind, RG.hasStrength)  # fmt: skip
    assert [values(store, demand, p) for p in facts] == [
        {"3"}, {"4.12"}, {"8"}, {"true"}, set(), {"2"}, {RG.imported}, set(),
    ]  # fmt: skip
    # The row is that of the importance, though the level came first.
    assert [values(store, mere, p) for p in facts] == [
        {"2.99"}, {"0.5"}, set(), set(), {"true"}, {"5"}, {RG.imported}, set(),
    ]  # fmt: skip
    assert values(store, mere, RG.ratesRole) == {"occupation/51-9021.00"}
    assert values(store, mere, RG.ratesSkill) == {"element/2.A.1.a"}


def test_half_a_pair_is_taken_and_noted(small: tuple[Report, ox.Store]) -> None:
    report, store = small
    assert values(store, "rating/51-3011.00.2.C.1.a", RG.importance) == {"4.5"}
    assert values(store, "rating/51-3011.00.2.C.1.a", RG.levelValue) == set()
    assert values(store, "rating/51-9021.00.2.C.1.a", RG.levelValue) == {"1"}
    assert [n for n in report.notes if n.startswith("Knowledge")] == [
        "Knowledge.xlsx: importance without level in 1 rating",
        "Knowledge.xlsx: level without importance in 1 rating",
    ]


def test_elements_stand_in_the_groups_of_the_content_model(
    small: tuple[Report, ox.Store],
) -> None:
    _, store = small
    assert values(store, "element/2.A.1.a", RG.inGroup) == {"element/2.A.1"}
    assert values(store, "element/2.A.1", RG.broader) == {"element/2.A"}
    assert values(store, "element/2.A", RG.broader) == set()
    assert of_class(store, RG.Knowledge) == {"element/2.C.1.a"}
    assert values(store, "element/2", SKOS + "prefLabel") == set()


def test_related_occupations_are_curated_steps(small: tuple[Report, ox.Store]) -> None:
    _, store = small
    step = "move/51-3011.00.51-9021.00"
    assert of_class(store, RG.RoleTransition) == {step}
    assert values(store, step, RG.hasEvidenceKind) == {RG.curated}
    assert values(store, step, RG.relatednessTier) == {"Primary-Short"}
    assert values(store, step, RG.relatednessRank) == {"1"}
    assert values(store, step, SKOS + "prefLabel") == {"Bakers to Millers"}


def test_tasks_technologies_zones_and_schooling(small: tuple[Report, ox.Store]) -> None:
    _, store = small
    assert values(store, "occupation/51-3011.00", RG.hasCoreResponsibility) == {"task/1"}
    assert values(store, "occupation/51-3011.00", RG.hasResponsibility) == {"task/2"}
    assert values(store, "occupation/51-9021.00", RG.hasResponsibility) == {"task/3"}
    assert values(store, "task/1", RG.sourceRow) == {"2"}
    assert values(store, "technology/c-plus-plus", RG.inGroup) == {"commodity/10", "commodity/20"}
    uses = "51-3011.00.c", "51-3011.00.c-plus-plus", "51-9021.00.c-plus-plus"
    hot = [values(store, f"technology-use/{x}", RG.hotTechnology) for x in uses]
    assert hot == [set(), {"true"}, {"true"}]
    assert values(store, "technology-use/51-9021.00.c-plus-plus", RG.inDemand) == {"true"}
    assert values(store, "occupation/51-9021.00", RG.inJobZone) == {"job-zone/3"}
    assert values(store, "job-zone/2", SKOS + "prefLabel") == {"Job Zone Two: some"}
    assert values(store, "job-zone/3", SKOS + "prefLabel") == {"Job Zone 3"}
    assert values(store, "job-zone/3", RG.rank) == {"3"}
    claim = "education-requirement/51-3011.00.6"
    assert values(store, claim, RG.share) == {"42.86"}
    assert values(store, claim, RG.recommendSuppress) == {"true"}
    assert values(store, claim, RG.requiredEducation) == {"education/6"}


# --- releases and options


def facts(store: ox.Store) -> set[str]:
    """All triples but those that tell one release from the other."""
    lines = (f"{q.subject} {q.predicate} {q.object}" for q in store)
    kept = (line for line in lines if "fileDigest" not in line)
    return {re.sub(r"\.(xlsx|txt)(?=[>\"])", "", line) for line in kept}


def test_both_releases_as_folder_and_as_zip_give_the_same_facts(
    small: tuple[Report, ox.Store], tmp_path: Path
) -> None:
    _, store = small
    folder = text(tmp_path / "in", tables())
    with zipfile.ZipFile(tmp_path / "db_29_2_text.zip", "w") as z:
        for path in folder.iterdir():
            z.write(path, f"db_29_2_text/{path.name}")
    report, other = load(tmp_path / "db_29_2_text.zip", tmp_path / "out.nt")
    assert report.source.name == "onet-29.2"
    assert facts(other) == facts(store)
    assert len(facts(store)) > 200


def test_the_order_of_rows_does_not_matter(tmp_path: Path) -> None:
    release = tables()
    del release["Skills"][4:]  # of two figures for one thing the first stands
    straight = load(text(tmp_path / "a", release), tmp_path / "a.nt")[1]
    release["Skills"].reverse()
    turned = load(text(tmp_path / "b", release), tmp_path / "b.nt")[1]

    def without_rows(store: ox.Store) -> set[str]:
        return {f for f in facts(store) if "sourceRow" not in f and "/b/" not in f}

    assert without_rows(straight) == without_rows(turned)
    assert values(turned, "rating/51-3011.00.2.A.1.a", RG.sourceRow) == {"5"}


def test_options(tmp_path: Path) -> None:
    folder = text(tmp_path / "in", tables())
    report, store = load(
        folder, tmp_path / "a.nt", tools=True, min_importance=4.51, rated=["Knowledge"]
    )
    assert values(store, "tool/c", RG.inGroup) == {"commodity/30"}
    assert report.made["tools"] == 1
    assert report.made["skill ratings"] == 2
    assert "Work Styles" not in taken(report)
    assert set(report.absent) == {"Abilities", "Work Activities", "Work Context", "Task Ratings",
                                  "Work Values"}  # fmt: skip
    assert report.notes[-1] == "there and not read: Interests; Skills; Work Styles"
    styles, store = load(folder, tmp_path / "b.nt", rated=["Work Styles"])
    assert styles.made["work styles"] == 1
    assert styles.made["skill requirements"] == 1
    # A table without levels has no pairs that are incomplete.
    assert not [n for n in styles.notes if n.startswith("Work Styles")]


def test_an_element_rated_in_two_tables_is_rated_once(tmp_path: Path) -> None:
    folder = text(tmp_path / "in", tables())
    report, store = load(folder, tmp_path / "a.nt", rated=["Skills", "Work Styles"])
    assert left(report, "Work Styles.txt") == {"duplicate": 1}
    assert values(store, "rating/51-3011.00.2.A.1.a", RG.importance) == {"3"}
    with pytest.raises(DataError, match=r"no table .* 'Work Style'; did .* 'Work Styles'"):
        load(folder, tmp_path / "b.nt", rated=["Work Style"])


def test_on_another_scale_of_importance_somebody_must_say_what_is_a_demand(tmp_path: Path) -> None:
    release = tables()
    release["Scales Reference"][0]["Maximum"] = 100.0
    folder = text(tmp_path / "in", release)
    with pytest.raises(DataError, match=r"Scales Reference\.txt, row 2: .*min_importance"):
        load(folder, tmp_path / "a.nt")
    report, _ = load(folder, tmp_path / "b.nt", min_importance=60.0)
    assert "skill requirements" not in report.made
    assert report.made["skill ratings"] == 4


def test_tables_may_be_missing_but_not_the_occupations(tmp_path: Path) -> None:
    release = {"Occupation Data": tables()["Occupation Data"], "Skills": tables()["Skills"]}
    report, store = load(excel(tmp_path / "a", release), tmp_path / "a.nt")
    assert report.source.version == ""
    assert report.source.attribution.startswith("O*NET Database by ")
    # Without the Content Model the table itself says what an element is called.
    assert values(store, "element/2.A.1.a", SKOS + "prefLabel") == {"Stirring"}
    assert {"Knowledge", "Related Occupations", "Content Model Reference"} < set(report.absent)
    assert len(report.absent) == len(set(report.absent))
    with pytest.raises(DataError, match="no table 'Occupation Data' in b: not an O"):
        load(excel(tmp_path / "b", {"Skills": tables()["Skills"]}), tmp_path / "b.nt")


def test_an_element_that_nothing_names_is_left_out(tmp_path: Path) -> None:
    release = {"Occupation Data": tables()["Occupation Data"], "Skills": tables()["Skills"][:2]}
    report, _ = load(text(tmp_path / "in", release), tmp_path / "out.nt")
    assert left(report, "Skills.txt") == {"element without a name": 2}


def test_a_missing_column_and_a_table_twice_are_errors(tmp_path: Path) -> None:
    release = {"Occupation Data": tables()["Occupation Data"]}
    release["Job Zones"] = [{CODE: "51-3011.00", "Job Zones": 2.0}]
    with pytest.raises(DataError, match=r"Job Zones\.txt.*'Job Zone'.*'Job Zones'"):
        load(text(tmp_path / "in", release), tmp_path / "a.nt")
    both = excel(tmp_path / "both", {"Occupation Data": tables()["Occupation Data"]})
    text(tmp_path / "both" / "text", {"Occupation Data": tables()["Occupation Data"]})
    with pytest.raises(DataError, match=r"more than once: Occupation Data\.xlsx, Occ.*\.txt"):
        load(both, tmp_path / "b.nt")


@pytest.mark.parametrize(
    ("name", "readme", "version"),
    [
        ("db_30_0_text", None, "30.0"),
        ("onet-29.2", None, "29.2"),
        ("onet-29.2", "O*NET 28.3 Database\nMay 2024 Release\n", "28.3"),
        ("whatever", None, ""),
    ],
)
def test_the_version_is_found(tmp_path: Path, name: str, readme: str | None, version: str) -> None:
    folder = text(tmp_path / name, {"Job Zones": tables()["Job Zones"]})
    if readme:
        (folder / "Read Me.txt").write_text(readme, encoding="utf-8")
    with Archive.open(folder) as archive:
        assert onet.describe(archive).version == version
        assert onet.describe(archive, version="1.0").name == "onet-1.0"


NAMES = st.text(st.sampled_from("Cc+#-. ü"), min_size=1, max_size=4)


@given(st.lists(NAMES, unique=True), st.randoms(use_true_random=False))
def test_slugs_are_one_to_one_whatever_the_order(names: list[str], random: object) -> None:
    found = _slugs(names)
    assert set(found) == set(names)
    assert len(set(found.values())) == len(names)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", s) for s in found.values())
    assert _slugs(reversed(names)) == found


def test_slugs_are_readable_where_they_can_be() -> None:
    found = _slugs(["C", "C++", "C#", "Two way radios", "Two-way radios", "Two/way radios"])
    assert [found[n] for n in ("C", "C++", "C#")] == ["c", "c-plus-plus", "c-sharp"]
    assert all(
        re.fullmatch("two-way-radios(-[0-9a-f]{8})?", found[n]) for n in found if "radio" in n
    )


# --- the real files


@pytest.fixture(scope="module")
def real(
    shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Report, Path, list[tuple[str, int, int | None]]]:
    out = tmp_path_factory.mktemp("onet") / "out.nt"
    told: list[tuple[str, int, int | None]] = []

    def progress(stage: str, done: int, total: int | None = None) -> None:
        told.append((stage, done, total))

    with Archive.open(shared_data / "onet-29.2") as archive:
        with Draft(onet.describe(archive), out, progress) as draft:
            onet.read(draft, archive)
        return draft.report(), out, told


COUNTS = {
    "Occupation Data": (1016, 1016), "Skills": (61530, 61530), "Knowledge": (58014, 58014),
    "Related Occupations": (18460, 18460), "Task Statements": (18796, 18796),
    "Technology Skills": (32627, 32627), "Job Zones": (923, 923),
    "Alternate Titles": (56557, 56560), "Sample of Reported Titles": (0, 7796),
    "Education, Training, and Experience": (4121, 36209),
}  # fmt: skip


@pytest.mark.slow
def test_the_real_counts(
    real: tuple[Report, Path, list[tuple[str, int, int | None]]],
) -> None:
    report, out, told = real
    assert COUNTS.items() <= taken(report).items()
    made = report.made
    assert made["skill requirements"] + made["skill ratings"] == (61530 + 58014) // 2
    # Counted apart from the importer: 12,514 skills and 6,665 elements of knowledge from 3 on.
    assert made["skill requirements"] == 12514 + 6665
    assert (made["skills"], made["knowledge"], made["technologies"]) == (35, 33, 8768)
    assert report.absent == ("Abilities", "Work Activities", "Work Context", "Task Ratings")
    assert report.source.name == "onet-29.2"
    assert report.source.attribution.startswith("O*NET 29.2 Database by the U.S. Department")
    with out.open(encoding="utf-8") as f:
        assert sum(1 for _ in f) == report.triples
    assert ("Skills.xlsx", 61530, 61530) in told


@pytest.mark.slow
def test_a_job_title_of_four_occupations(
    real: tuple[Report, Path, list[tuple[str, int, int | None]]],
) -> None:
    found: set[str] = set()
    end = f'<{SKOS}altLabel> "Project Manager"@en .\n'
    with real[1].open(encoding="utf-8") as f:
        found.update(line.split(" ", 1)[0] for line in f if line.endswith(end))
    assert len(found) == 4
