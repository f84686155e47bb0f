"""A company's own table: read from three forms, mistakes named by place, nothing half-taken."""

from __future__ import annotations

import csv
import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rolegraph as rg
from rolegraph.errors import DataError, NotFoundError, TableError
from rolegraph.importers import table, template
from rolegraph.importers.draft import Draft, Report
from rolegraph.importers.table import FORM, MEASURES
from rolegraph.vocab import BASE, RG, SKOS

FORMS = ("xlsx", "csv", "yaml")
Sheets = dict[str, list[list[Any]]]

BASIC: Sheets = {
    "about": [["name", "value"], ["key", "acme"], ["version", "1.0"], ["language", "en"]],
    "families": [["family"], ["Delivery"], ["Operations"]],
    "levels": [["name", "rank"], ["basic", 1], ["expert", 2]],
    "roles": [
        ["role", "family", "level", "also called"],
        ["Delivery Analyst", "Delivery", "professional", ""],
        ["Delivery Lead", "Delivery", "senior", "DL; Lead of delivery"],
        ["Delivery Principal", "Delivery", "lead", ""],
        ["Service Lead", "Operations", "senior", ""],
        ["Adviser", "Operations", "", ""],
    ],
    "skills": [["skill", "kind"], ["Facilitation", "soft"], ["Budgeting", "management"]],
    "certifications": [["certification", "scheme"], ["ACD", "Acme Academy"]],
    "requirements": [
        ["role", "skill", "strength", "level", "note"],
        ["Delivery Lead", "Facilitation", "essential", "expert", ""],
        ["Delivery Lead", "Budgeting", "recommended", "", "since 2024"],
        ["Adviser", "Budgeting", "", "", ""],
    ],
    "role certifications": [["role", "certification"], ["Delivery Lead", "ACD"]],
    "responsibilities": [["role", "responsibility"], ["Delivery Lead", "Keep the plan true"]],
    "transitions": [
        ["from", "to", "type", "months", "cost", "interviews"],
        ["Delivery Analyst", "Delivery Lead", "promotion", 18, 1200.5, 2],
        ["Delivery Lead", "Service Lead", "lateral move", "", 0, ""],
        ["Delivery Lead", "Adviser", "lateral move", "", "", ""],
        ["Service Lead", "Delivery Principal", "", "", "", 3],
    ],
    "mappings": [
        ["name", "relation", "target", "confidence"],
        ["Delivery Lead", "close", "role:delivery-manager", 0.8],
    ],
}
NS = f"{BASE}own/acme/"


@dataclass(frozen=True)
class Written:
    """A table on disk, and how to find a cell's place in a report."""

    path: Path
    lines: Mapping[tuple[str, int, str], int] | None = None

    def row(self, sheet: str, row: int | None, column: str) -> int | None:
        """Row of the spreadsheet, or line of the YAML file."""
        if self.lines is None or row is None:
            return row
        return self.lines.get((sheet, row, column), self.lines.get((sheet, row, "")))


def put(folder: Path, form: str, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> Written:
    """Write sheets as a table of a form."""
    if form == "xlsx":
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for name, rows in sheets.items():
            page = book.create_sheet(name)
            for r, cells in enumerate(rows, 1):
                for c, value in enumerate(cells, 1):
                    if value == "":
                        continue
                    page.cell(r, c).value = value
                    if isinstance(value, str) and value != "#REF!":
                        page.cell(r, c).data_type = "s"
        path = folder / "ladder.xlsx"
        book.save(path)
        return Written(path)
    if form == "csv":
        path = folder / "ladder"
        path.mkdir()
        for name, rows in sheets.items():
            with (path / f"{name}.csv").open("w", encoding="utf-8", newline="") as out:
                csv.writer(out).writerows(rows)
        return Written(path)
    text: list[str] = []
    lines: dict[tuple[str, int, str], int] = {}
    for name, rows in sheets.items():
        text.append(f"{json.dumps(name)}:")
        if name == "about":
            for n, (key, value) in enumerate(rows[1:], 2):
                text.append(f"  {key}: {json.dumps(value)}")
                lines[name, n, ""] = len(text)
            continue
        for n, row in enumerate(rows[1:], 2):
            mark = "  - "
            for head, value in zip(rows[0], row, strict=True):
                if value == "":
                    continue
                text.append(f"{mark}{json.dumps(head)}: {json.dumps(value)}")
                lines.setdefault((name, n, ""), len(text))
                lines[name, n, head] = len(text)
                mark = "    "
    path = folder / "ladder.yaml"
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    return Written(path, lines)


def take(path: Path, folder: Path, **options: Any) -> tuple[list[ox.Triple], Report]:
    """Read a table into a draft, and the draft's facts back."""
    source = table.describe(path, mapping=options.get("mapping"))
    target = folder / f"{path.name}.nt"
    with Draft(source, target) as draft:
        table.read(draft, path, **options)
    facts = [
        ox.Triple(q.subject, q.predicate, q.object)
        for q in ox.parse(target.read_bytes(), format=ox.RdfFormat.N_TRIPLES)
    ]
    return facts, draft.report()


def objects(facts: list[ox.Triple], s: str, p: str) -> list[str]:
    return sorted(
        t.object.value  # type: ignore[union-attr]
        for t in facts
        if (t.subject.value, t.predicate.value) == (s, p)  # type: ignore[union-attr]
    )


# --- what is read


@pytest.mark.parametrize("form", FORMS)
def test_facts(tmp_path: Path, form: str) -> None:
    written = put(tmp_path, form, BASIC)
    assert table.check(written.path) == ()
    facts, report = take(written.path, tmp_path)
    lead = f"{NS}role/delivery-lead"
    assert report.source.name == "acme-1.0"
    assert report.source.kind == "curated"
    assert objects(facts, lead, f"{SKOS}prefLabel") == ["Delivery Lead"]
    assert objects(facts, lead, f"{SKOS}altLabel") == ["DL", "Lead of delivery"]
    assert objects(facts, lead, RG.hasLevel) == [RG.seniorLevel]
    assert objects(facts, lead, RG.inFamily) == [f"{NS}family/delivery"]
    assert objects(facts, lead, RG.hasRelevantCertification) == [f"{NS}certification/acd"]
    assert objects(facts, lead, RG.hasResponsibility) == [f"{NS}responsibility/keep-the-plan-true"]
    assert objects(facts, f"{NS}certification/acd", RG.isIssuedUnder) == [
        f"{NS}scheme/acme-academy"
    ]
    assert objects(facts, f"{NS}level/expert", RG.rank) == ["2"]
    demand = f"{NS}requirement/delivery-lead.facilitation"
    assert objects(facts, demand, RG.requiredLevel) == [f"{NS}level/expert"]
    assert objects(facts, demand, RG.hasStrength) == [RG.essential]
    assert objects(facts, demand, RG.hasEvidenceKind) == [RG.curated]
    assert objects(facts, f"{NS}requirement/adviser.budgeting", RG.hasStrength) == []
    budget = f"{NS}requirement/delivery-lead.budgeting"
    assert objects(facts, budget, f"{SKOS}editorialNote") == ["since 2024"]
    step = f"{NS}move/delivery-analyst.delivery-lead"
    kind = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    assert objects(facts, step, kind) == [RG.Promotion]
    assert objects(facts, step, f"{MEASURES}months") == ["18"]
    assert objects(facts, step, f"{MEASURES}cost") == ["1200.5"]
    assert objects(facts, step, f"{NS}measure/interviews") == ["2"]
    side = f"{NS}move/delivery-lead.service-lead"
    assert objects(facts, side, kind) == [RG.LateralTransition]
    assert objects(facts, side, f"{MEASURES}months") == []
    assert objects(facts, f"{NS}move/delivery-lead.adviser", kind) == [RG.RoleTransition]
    assert "1 lateral moves are kept as moves" in "".join(report.notes)
    assert objects(facts, f"{NS}move/service-lead.delivery-principal", kind) == [RG.RoleTransition]
    assert objects(facts, lead, f"{SKOS}closeMatch") == [f"{BASE}role/delivery-manager"]
    assert sum(f.rows for f in report.files) == sum(
        len(rows) - 1 for name, rows in BASIC.items() if name != "about"
    )


def test_every_fact_has_a_claim_and_every_claim_a_row(tmp_path: Path) -> None:
    facts, _ = take(put(tmp_path, "xlsx", BASIC).path, tmp_path)
    said = {(t.subject.value, t.predicate.value, t.object.value) for t in facts}  # type: ignore[union-attr]
    claims = {s for s, p, _ in said if p == RG.subject}
    assert len(claims) >= 15
    for claim in claims:
        one = {p: o for s, p, o in said if s == claim}
        assert (one[RG.subject], one[RG.predicate], one[RG.object]) in said
        assert {RG.sourceRow, RG.hasEvidence, RG.hasEvidenceKind} <= set(one)
    claimed = {
        tuple(o for p, o in sorted((p, o) for s, p, o in said if s == c) if p in
              (RG.subject, RG.predicate, RG.object))
        for c in claims
    }  # fmt: skip
    for s, p, o in said:
        if p in (RG.hasLevel, RG.inFamily, RG.hasResponsibility, RG.rank, RG.isIssuedUnder):
            assert (o, p, s) in claimed


def without_place(facts: list[ox.Triple]) -> set[str]:
    places = {RG.sourceRow, RG.hasEvidence, "http://purl.org/dc/terms/source"}
    return {
        str(t)
        for t in facts
        if t.predicate.value not in places and "/file/" not in t.subject.value  # type: ignore[union-attr]
    }


def test_the_three_forms_say_the_same(tmp_path: Path) -> None:
    said = []
    for form in FORMS:
        folder = tmp_path / form
        folder.mkdir()
        facts, report = take(put(folder, form, BASIC).path, folder)
        said.append((without_place(facts), dict(report.made)))
    assert said[0] == said[1] == said[2]
    assert len(said[0][0]) > 150


@pytest.mark.parametrize("form", FORMS)
def test_the_example_comes_in_clean(tmp_path: Path, form: template.Form) -> None:
    path = tmp_path / ("ladder" if form == "csv" else f"ladder.{form}")
    template.write(path, form, example=True)
    assert table.check(path) == ()
    facts, report = take(path, tmp_path)
    assert report.made["roles"] == len(template.EXAMPLE["roles"]) - 1
    assert report.made["transitions"] == len(template.EXAMPLE["transitions"]) - 1
    lead = f"{BASE}own/tidewater/role/delivery-lead"
    assert objects(facts, lead, RG.ladderRank) == ["3"]
    assert objects(facts, lead, f"{SKOS}altLabel") == ["DL", "Team Delivery Lead"]
    cert = f"{BASE}own/tidewater/certification/tdp"
    assert objects(facts, cert, RG.fullName) == ["Tidewater Delivery Practitioner"]


@pytest.mark.parametrize("form", FORMS)
def test_the_empty_template_only_lacks_roles(tmp_path: Path, form: template.Form) -> None:
    path = tmp_path / ("ladder" if form == "csv" else f"ladder.{form}")
    written = template.write(path, form)
    assert all(p.stat().st_size for p in written)
    (problem,) = table.check(path)
    assert "holds no roles" in problem.message
    assert table.describe(path).licence == "not stated"
    before = {p: p.read_bytes() for p in written}
    with pytest.raises(DataError, match="there already"):
        template.write(path, form, example=True)
    assert {p: p.read_bytes() for p in written} == before
    assert not list(tmp_path.rglob(".template-*"))


def test_the_workbook_helps_to_fill_it_in(tmp_path: Path) -> None:
    (path,) = template.write(tmp_path / "l.xlsx", "xlsx")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["read me", *(s.name for s in FORM)]
    page = book["transitions"]
    assert page.freeze_panes == "A2"
    assert page["A1"].comment is not None
    lists = {str(v.sqref): v.formula1 for v in page.data_validations.dataValidation}
    assert '"promotion,lateral move,move"' in lists.values()
    assert "roles!$A$2:$A$2000" in lists.values()


def test_the_same_names_give_the_same_iris_in_any_order(tmp_path: Path) -> None:
    labels = ["C", "C++", "C#", "Führung", "x" * 200, "x" * 201]
    seen = []
    for n, order in enumerate((labels, labels[::-1])):
        folder = tmp_path / str(n)
        folder.mkdir()
        sheets = {
            "roles": [["role"], ["R"]],
            "skills": [["skill"], *([s] for s in order)],
        }
        facts, _ = take(put(folder, "csv", sheets).path, folder)
        seen.append({
            t.object.value: t.subject.value for t in facts  # type: ignore[union-attr]
            if t.predicate.value == f"{SKOS}prefLabel" and "/skill/" in t.subject.value  # type: ignore[union-attr]
        })  # fmt: skip
    assert seen[0] == seen[1]
    assert len(set(seen[0].values())) == len(labels)
    assert seen[0]["C"].endswith("/skill/c")
    assert seen[0]["Führung"].endswith("/skill/führung")


def test_few_columns_are_enough(tmp_path: Path) -> None:
    sheets = {
        "roles": [["role"], ["Baker"], ["Head Baker"]],
        "requirements": [["role", "skill"], ["baker", "Kneading"], ["Head  Baker", "kneading"]],
        "transitions": [["from", "to"], ["Baker", "Head Baker"]],
    }
    facts, report = take(put(tmp_path, "csv", sheets).path, tmp_path)
    assert report.made["skills"] == 1
    assert report.source.key == "ladder"
    skill = f"{BASE}own/ladder/skill/kneading"
    assert objects(
        facts, f"{BASE}own/ladder/requirement/head-baker.kneading", RG.requiredSkill
    ) == [skill]


def test_a_row_said_twice_is_counted_and_left_out(tmp_path: Path) -> None:
    sheets = deepcopy(BASIC)
    sheets["requirements"].append(["Delivery Lead", "Facilitation", "essential", "expert", ""])
    _, report = take(put(tmp_path, "csv", sheets).path, tmp_path)
    (file,) = [f for f in report.files if f.name == "requirements.csv"]
    assert (file.rows, file.taken) == (4, 3)
    assert file.left_out[0].examples == ("row 5: row 2",)


def test_rows_are_counted_as_the_spreadsheet_shows_them(tmp_path: Path) -> None:
    sheets = deepcopy(BASIC)
    width = len(sheets["roles"][0])
    sheets["roles"][1:1] = [[""] * width] * 2
    sheets["roles"].append(["Cook", "", "senor", ""])
    for form in ("xlsx", "csv"):
        (problem,) = table.check(put(tmp_path, form, sheets).path)
        assert (problem.row, problem.column) == (9, "level")


# --- mistakes


Change = Callable[[Sheets], None]


def cell(sheet: str, row: int, column: str, value: Any) -> Change:
    def change(sheets: Sheets) -> None:
        sheets[sheet][row - 1][sheets[sheet][0].index(column)] = value

    return change


def more(sheet: str, *values: Any) -> Change:
    def change(sheets: Sheets) -> None:
        width = len(sheets[sheet][0])
        sheets[sheet].append([*values, *[""] * (width - len(values))])

    return change


def about(name: str, value: str) -> Change:
    def change(sheets: Sheets) -> None:
        sheets["about"] = [r for r in sheets["about"] if r[0] != name] + [[name, value]]

    return change


#   what is changed, where it must be found, what must be said, what must be suggested
MISTAKES: dict[str, tuple[Change, tuple[str, int | None, str], str, str]] = {
    "role unknown": (
        cell("transitions", 3, "to", "Service Leed"),
        ("transitions", 3, "to"), 'no role "Service Leed"', "Service Lead"),
    "skill unknown": (
        cell("requirements", 2, "skill", "Facilitatoin"),
        ("requirements", 2, "skill"), "no skill", "Facilitation"),
    "seniority unknown": (
        cell("roles", 3, "level", "senoir"), ("roles", 3, "level"), "no level", "senior"),
    "seniority far off": (
        cell("roles", 3, "level", "Q7"), ("roles", 3, "level"), "there are junior, prof", ""),
    "proficiency unknown": (
        cell("requirements", 2, "level", "exprt"),
        ("requirements", 2, "level"), 'no level "exprt"', "expert"),
    "proficiency far off": (
        cell("requirements", 2, "level", "Q7"),
        ("requirements", 2, "level"), "the sheet levels has basic, expert", ""),
    "no scale": (
        lambda sheets: sheets["levels"].__delitem__(slice(1, None)),
        ("requirements", 2, "level"), "list the scale there, a row a level, lowest first", ""),
    "no sheet for the scale": (
        lambda sheets: sheets.__delitem__("levels"),
        ("requirements", 2, "level"), 'no level "expert"; there is no sheet levels: list the', ""),
    "strength unknown": (
        cell("requirements", 2, "strength", "esential"),
        ("requirements", 2, "strength"), "no strength", "essential"),
    "type unknown": (
        cell("transitions", 2, "type", "promoton"),
        ("transitions", 2, "type"), "no type", "promotion"),
    "kind unknown": (cell("skills", 2, "kind", "sof"), ("skills", 2, "kind"), "no kind", "soft"),
    "certification unknown": (
        cell("role certifications", 2, "certification", "ACDD"),
        ("role certifications", 2, "certification"), "no certification", "ACD"),
    "family unknown": (
        cell("roles", 2, "family", "Delivry"), ("roles", 2, "family"), "no family", "Delivery"),
    "cell missing": (
        cell("requirements", 4, "skill", ""),
        ("requirements", 4, "skill"), "needs a skill", ""),
    "column missing": (
        cell("requirements", 1, "skill", "skil"),
        ("requirements", None, "skil"), 'no column "skill"', "skill"),
    "column misspelt": (
        cell("roles", 1, "family", "famly"), ("roles", None, "famly"), 'no column "famly"',
        "family"),
    "role twice": (
        more("roles", "delivery  LEAD"), ("roles", 7, "role"), "stands in", ""),
    "skill twice": (
        more("skills", "Budgeting"), ("skills", 4, "skill"), "stands in", ""),
    "requirement otherwise": (
        more("requirements", "Delivery Lead", "Facilitation", "beneficial", "expert"),
        ("requirements", 5, "strength"), 'with strength "essential"', ""),
    "transition otherwise": (
        more("transitions", "Delivery Analyst", "DL", "move"),
        ("transitions", 6, "to"), "with other details", ""),
    "transition to itself": (
        cell("transitions", 5, "to", "service lead"),
        ("transitions", 5, "to"), "to itself", ""),
    "promotion downward": (
        more("transitions", "Delivery Principal", "Delivery Lead", "promotion"),
        ("transitions", 6, "type"), "is not above", "move"),
    "promotion level": (
        more("transitions", "Service Lead", "Delivery Lead", "promotion"),
        ("transitions", 6, "type"), "is not above", "lateral move"),
    "lateral upward": (
        more("transitions", "Delivery Lead", "Delivery Principal", "lateral move"),
        ("transitions", 6, "type"), "stays on one level", "promotion"),
    "months no number": (
        cell("transitions", 2, "months", "1,5"),
        ("transitions", 2, "months"), "is no number", "1.5"),
    "months negative": (
        cell("transitions", 2, "months", -3), ("transitions", 2, "months"), "negative", ""),
    "cost negative": (
        cell("transitions", 2, "cost", "-0.5"), ("transitions", 2, "cost"), "negative", ""),
    "further column no number": (
        cell("transitions", 3, "interviews", "two"),
        ("transitions", 3, "interviews"), "is no number", ""),
    "rank no whole number": (
        cell("levels", 3, "rank", 1.5), ("levels", 3, "rank"), "no whole number", ""),
    "rank twice": (cell("levels", 3, "rank", 1), ("levels", 3, "rank"), "already", ""),
    "rank missing": (cell("levels", 3, "rank", ""), ("levels", 3, "rank"), "rank is empty", ""),
    "target no IRI": (
        cell("mappings", 2, "target", "esco-ocupation:12"),
        ("mappings", 2, "target"), "is no IRI", "esco-occupation:12"),
    "target broken IRI": (
        cell("mappings", 2, "target", "http://a b"), ("mappings", 2, "target"), "is no IRI", ""),
    "relation unknown": (
        cell("mappings", 2, "relation", "clse"), ("mappings", 2, "relation"), "no relation",
        "close"),
    "mapped name unknown": (
        cell("mappings", 2, "name", "Budgetting"),
        ("mappings", 2, "name"), "no role, skill or certification", "Budgeting"),
    "broken formula": (
        cell("roles", 3, "level", "#REF!"), ("roles", 3, "level"), "the error #REF!", ""),
    "store not given": (
        cell("requirements", 2, "skill", "esco:lead teams"),
        ("requirements", 2, "skill"), "no store", ""),
    "key": (about("key", "Acme Inc"), ("about", 4, "key"), "a to z", "acme-inc"),
    "key of another": (about("key", "esco"), ("about", 4, "key"), "another source", "own-esco"),
    "version": (about("version", "v 1"), ("about", 4, "version"), "may hold", "v-1"),
    "language": (about("language", "?"), ("about", 4, "language"), "no language tag", ""),
    "namespace": (
        about("namespace", "http://a.example/x"), ("about", 5, "namespace"), "ends in",
        "http://a.example/x/"),
    "about unknown": (
        about("licens", "x"), ("about", 5, "licens"), "nothing that can be said", "licence"),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, form: str, name: str) -> None:
    change, (sheet, row, column), message, suggestion = MISTAKES[name]
    sheets = deepcopy(BASIC)
    change(sheets)
    written = put(tmp_path, form, sheets)
    (problem,) = table.check(written.path)
    assert message in problem.message
    assert problem.suggestion == suggestion
    assert problem.sheet == sheet
    assert problem.column == column
    assert problem.file == (f"{sheet}.csv" if form == "csv" else written.path.name)
    if row is not None:
        assert problem.row == written.row(sheet, row, column)
    elif form != "yaml":
        assert problem.row == 1
    assert str(problem).startswith(problem.file)


@pytest.mark.parametrize("form", FORMS)
def test_three_mistakes_one_report_and_nothing_written(tmp_path: Path, form: str) -> None:
    sheets = deepcopy(BASIC)
    cell("transitions", 3, "to", "Service Leed")(sheets)
    cell("requirements", 2, "strength", "esential")(sheets)
    more("transitions", "Delivery Principal", "Delivery Lead", "promotion")(sheets)
    written = put(tmp_path, form, sheets)
    source = table.describe(written.path)
    with Draft(source, tmp_path / "x.nt") as draft:
        triples = draft.triples
        with pytest.raises(TableError) as caught:
            table.read(draft, written.path)
        assert draft.triples == triples
        assert not draft.made
        assert draft.report().files == ()
    assert isinstance(caught.value, ValueError)
    report = str(caught.value).splitlines()
    assert report[0].startswith("3 mistakes, nothing was imported")
    places = [("requirements", 2, "strength"), ("transitions", 3, "to"), ("transitions", 6, "type")]
    n = [written.row(*at) for at in places]
    expected = {
        "xlsx": 'ladder.xlsx, sheet transitions, row 3, column to: no role "Service Leed"; '
        'did you mean "Service Lead"?',
        "csv": 'transitions.csv, row 3, column to: no role "Service Leed"; '
        'did you mean "Service Lead"?',
        "yaml": f'ladder.yaml, transitions, line {n[1]}, to: no role "Service Leed"; '
        'did you mean "Service Lead"?',
    }
    assert report[2].strip() == expected[form]
    assert [p.row for p in caught.value.problems] == n

    # mended, it comes in, and it routes
    mended = tmp_path / "mended"
    mended.mkdir()
    take(put(mended, form, BASIC).path, tmp_path)


def test_it_routes(tmp_path: Path) -> None:
    written = put(tmp_path, "xlsx", BASIC)
    take(written.path, tmp_path)
    kg = rg.load(tmp_path / "ladder.xlsx.nt", validate=False)
    route = kg.route("Delivery Analyst", "Delivery Principal")
    assert [r.label for r in route.roles] == [
        "Delivery Analyst", "Delivery Lead", "Service Lead", "Delivery Principal",
    ]  # fmt: skip
    assert route.kinds == ("curated",)


def test_the_sheet_is_unknown(tmp_path: Path) -> None:
    for form in FORMS:
        sheets: dict[str, Any] = {("skils" if k == "skills" else k): v for k, v in BASIC.items()}
        (problem,) = table.check(put(tmp_path, form, sheets).path)
        assert 'no sheet "skils"' in problem.message
        assert problem.suggestion == "skills"


def test_headings_twice_blank_and_merged(tmp_path: Path) -> None:
    sheets = {"roles": [["role", "level", "Level", "", "family"], ["A", "", "", "stray", ""]]}
    for form in ("xlsx", "csv"):
        twice, blank = table.check(put(tmp_path, form, sheets).path)
        assert "stands in column B already" in twice.message
        assert (twice.row, twice.column) == (1, "C")
        assert "no heading" in blank.message
        assert (blank.row, blank.column, blank.value) == (2, "D", "stray")
    book = openpyxl.Workbook()
    page: Any = book.active
    page.title = "roles"
    for row in (["role", "level", None], ["A", "senior"], ["B", "senior"], ["C", "lead"]):
        page.append(row)
    page.merge_cells("B1:C1")
    page.merge_cells("B2:B3")
    book.save(tmp_path / "merged.xlsx")
    head, body = table.check(tmp_path / "merged.xlsx")
    assert "B1:C1 of the headings are merged" in head.message
    assert "B2:B3 are merged" in body.message
    assert (body.row, body.column) == (3, "level")


def test_two_keys_of_one_entry(tmp_path: Path) -> None:
    path = tmp_path / "l.yaml"
    path.write_text("roles:\n  - role: A\n    level: lead\n    Level: junior\n")
    (problem,) = table.check(path)
    assert "given twice" in problem.message
    assert problem.row == 4


def test_formulas(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page: Any = book.active
    page.title = "roles"
    page.append(["role", "family"])
    page.append(["A", '="Deli"&"very"'])  # openpyxl works nothing out
    book.save(tmp_path / "l.xlsx")
    (problem,) = table.check(tmp_path / "l.xlsx")
    assert "never worked out" in problem.message
    assert (problem.row, problem.column) == (2, "family")


@pytest.mark.parametrize(
    ("data", "message", "row"),
    [
        ("role\nBäcker\n".encode("latin-1"), "byte 7 is 0xE4", 2),
        ("role\nBaker\n".encode("utf-16"), "UTF-16", 1),
        (b'role\n"Baker\n', "quotation mark", 2),
        (b"role\nBa\x00ker\n", "U+0000", 2),
    ],
)
def test_csv_that_cannot_be_read(tmp_path: Path, data: bytes, message: str, row: int) -> None:
    (tmp_path / "roles.csv").write_bytes(data)
    (tmp_path / "transitions.csv").write_text("from,to\nBaker,Cook\n")
    problem, *rest = table.check(tmp_path)
    assert message in str(problem)
    assert (problem.file, problem.row) == ("roles.csv", row)
    if "U+" not in message:
        assert not rest  # nobody can tell whether Cook is a role


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_what_parts_the_cells(tmp_path: Path, sign: str, start: str) -> None:
    rows = [["role", "also called", "description"], ["Baker", "a;b", "bakes, at night"]]
    out = io.StringIO()
    csv.writer(out, delimiter=sign).writerows(rows)
    (tmp_path / "roles.csv").write_text(start + out.getvalue(), encoding="utf-8")
    facts, _ = take(tmp_path, tmp_path)
    names = [t.object.value for t in facts if t.predicate.value.endswith("altLabel")]  # type: ignore[union-attr]
    assert sorted(names) == ["a", "b"]


def test_a_line_that_excel_adds(tmp_path: Path) -> None:
    (tmp_path / "roles.csv").write_text("sep=;\nrole;level\nBaker;senor\n")
    (problem,) = table.check(tmp_path)
    assert (problem.row, problem.column) == (3, "level")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("roles: [", "not YAML"),
        ("- a", "names of sheets"),
        ("roles: 3", "list here"),
        ("roles:\n  - 3", "name: value"),
        ("roles:\n  - {role: [a, b]}", "one value is expected"),
        ("roles:\n  - {role: {a: b}}", "one value here"),
        ('roles:\n  - {role: "\\ud800"}', "U+D800"),
        ("[" * 700, "nested too deeply"),
        ("a: 1\n---\nb: 2", "not YAML"),
        ("roles: &a [*a]", "name: value"),
    ],
)
def test_yaml_that_cannot_be_read(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "l.yaml"
    path.write_text(text)
    problems = table.check(path)
    assert message in str(problems[0])
    if message == "not YAML":  # then nothing is known of what it holds
        assert len(problems) == 1
    with pytest.raises(TableError):
        take(path, tmp_path)


def test_workbooks_that_cannot_be_read(tmp_path: Path) -> None:
    whole = put(tmp_path, "xlsx", BASIC).path.read_bytes()
    path = tmp_path / "l.xlsx"
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("a", "b")
    for data in (b"", b"nope", whole[:-200], whole[: len(whole) // 2], empty.getvalue()):
        path.write_bytes(data)
        (problem,) = table.check(path)
        assert "not a workbook that can be read" in problem.message
    far = openpyxl.load_workbook(io.BytesIO(whole))
    far["skills"]["XFD1048576"] = "x"
    far.save(path)
    (problem,) = table.check(path)
    assert "reaches to XFD1048576" in problem.message


def test_files_that_are_not_there(tmp_path: Path) -> None:
    for name, message in (("no.xlsx", "no file"), ("l.txt", "none of the forms"), (".", "no CSV")):
        (tmp_path / "l.txt").write_text("x")
        with pytest.raises(DataError, match=message):
            table.check(tmp_path / name)
    with pytest.raises(DataError, match="no mapping file"):
        table.check(put(tmp_path, "csv", BASIC).path, mapping=tmp_path / "no.yaml")


def test_strange_columns_and_sheets_are_told(tmp_path: Path) -> None:
    sheets = deepcopy(BASIC)
    for row, value in zip(sheets["roles"], ["Owner in HR", "Ann", "", "", "", ""], strict=True):
        row.append(value)
    sheets["Pivot"] = [["a"], ["b"]]
    path = put(tmp_path, "xlsx", sheets).path
    assert ["no sheet" in p.message for p in table.check(path)] == [True]
    _, report = take(path, tmp_path, mapping={"ignore": ["Pivot"]})
    notes = " ".join(report.notes)
    assert '"Owner in HR" is none of the form' in notes
    assert "left out as you asked" in notes


# --- a table with names of its own


GERMAN: Sheets = {
    "Angaben": [["Feld", "Wert"], ["Kürzel", "werk"], ["Fassung", "2025"]],
    "Stellen": [
        ["Stelle", "Bereich", "Stufe"],
        ["Lieferleiterin", "Lieferung", "erfahren"],
        ["Bereichsleiterin", "Lieferung", "Leitung"],
    ],
    "Anforderungen": [
        ["Stelle", "Können", "Gewicht"],
        ["Bereichsleiterin", "Führung", "zwingend"],
    ],
    "Wechsel": [
        ["von", "nach", "Art", "Monate"],
        ["Lieferleiterin", "Bereichsleiterin", "Beförderung", "18,5"],
    ],
}
MAPPING = """
sheets: {about: Angaben, roles: Stellen, requirements: Anforderungen, transitions: Wechsel}
columns:
  about: {key: Kürzel, version: Fassung}
  roles: {role: Stelle, family: Bereich, level: Stufe}
  requirements: {role: Stelle, skill: Können, strength: Gewicht}
  transitions: {from: von, to: nach, type: Art, months: Monate}
values:
  level: {erfahren: senior, Leitung: lead}
  strength: {zwingend: essential}
  type: {Beförderung: promotion}
language: de
decimal: ","
"""


@pytest.mark.parametrize("form", FORMS)
def test_a_german_table(tmp_path: Path, form: str) -> None:
    path = put(
        tmp_path, form, {k: v for k, v in GERMAN.items() if form != "yaml" or k != "Angaben"}
    ).path
    if form == "yaml":
        path.write_text(path.read_text() + "Angaben: {Kürzel: werk, Fassung: '2025'}\n")
    mapping = tmp_path / "namen.yaml"
    mapping.write_text(MAPPING, encoding="utf-8")
    assert table.check(path)
    assert table.check(path, mapping=mapping) == ()
    facts, report = take(path, tmp_path, mapping=mapping)
    assert report.source.name == "werk-2025"
    space = f"{BASE}own/werk/"
    head = f"{space}role/bereichsleiterin"
    assert objects(facts, head, RG.hasLevel) == [RG.leadLevel]
    assert objects(facts, f"{space}requirement/bereichsleiterin.führung", RG.hasStrength) == [
        RG.essential
    ]
    step = f"{space}move/lieferleiterin.bereichsleiterin"
    assert objects(facts, step, f"{MEASURES}months") == ["18.5"]
    languages = {
        t.object.language  # type: ignore[union-attr]
        for t in facts
        if t.subject.value == head and t.predicate.value == f"{SKOS}prefLabel"  # type: ignore[union-attr]
    }
    assert languages == {"de"}


def test_mistakes_are_told_in_the_tables_own_words(tmp_path: Path) -> None:
    sheets = deepcopy(GERMAN)
    cell("Anforderungen", 2, "Gewicht", "zwingnd")(sheets)
    cell("Wechsel", 2, "Monate", "1.500")(sheets)
    mapping = tmp_path / "namen.yaml"
    mapping.write_text(MAPPING, encoding="utf-8")
    strength, months = table.check(put(tmp_path, "xlsx", sheets).path, mapping=mapping)
    assert (strength.sheet, strength.row, strength.column) == ("Anforderungen", 2, "Gewicht")
    assert strength.suggestion == "zwingend"
    assert (months.sheet, months.column, months.value) == ("Wechsel", "Monate", "1.500")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sheet: {}", 'did you mean "sheets"'),
        ("sheets: {rols: X}", 'did you mean "roles"'),
        ("columns: {roles: {rle: X}}", 'did you mean "role"'),
        ("values: {strenght: {x: essential}}", 'did you mean "strength"'),
        ("values: {strength: {x: esential}}", 'did you mean "essential"'),
        ("language: '?'", "no language tag"),
        ("decimal: x", "decimal sign"),
        ("sheets: [", "not YAML"),
        ("sheets: 3", "name: name"),
        ("- 3", "has the form"),
        ("{[1]: 2}", "mapping"),
    ],
)
def test_mistakes_in_the_mapping_file(tmp_path: Path, text: str, message: str) -> None:
    mapping = tmp_path / "names.yaml"
    mapping.write_text(text)
    problem, *_ = table.check(put(tmp_path, "csv", BASIC).path, mapping=mapping)
    assert message in str(problem)
    assert problem.file == "names.yaml"


# --- what is in a store already


ESCO = "http://data.europa.eu/esco/skill/1"


def known(name: str, kind: str) -> str | None:
    source, _, label = name.partition(":")
    assert source == "esco"
    if label == "broken":
        raise NotFoundError(label, kind, ["mended"])
    return {("lead a team", "skill"): ESCO, ("ours", "skill"): f"{BASE}skill/ours"}.get(
        (label, kind)
    )


def test_names_in_a_store(tmp_path: Path) -> None:
    sheets = deepcopy(BASIC)
    more("requirements", "Delivery Lead", "esco:lead a team")(sheets)
    more("requirements", "role:delivery-manager", "http://data.europa.eu/esco/skill/2")(sheets)
    path = put(tmp_path, "csv", sheets).path
    assert table.describe(path).key == "acme"
    assert len(table.check(path)) == 1
    facts, _ = take(path, tmp_path, known=known)
    wanted = [t.object.value for t in facts if t.predicate.value == RG.requiredSkill]  # type: ignore[union-attr]
    assert {ESCO, "http://data.europa.eu/esco/skill/2"} <= set(wanted)
    assert not [t for t in facts if t.subject.value == ESCO]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("esco:lead a tem", "the store has no skill"),
        ("esco:ours", "not of esco"),
        ("esco:broken", "did you mean 'mended'"),
        ("role:a<b", "is no IRI"),
    ],
)
def test_names_that_a_store_does_not_have(tmp_path: Path, text: str, message: str) -> None:
    sheets = deepcopy(BASIC)
    more("requirements", "Delivery Lead", text)(sheets)
    (problem,) = table.check(put(tmp_path, "csv", sheets).path, known=known)
    assert message in problem.message
    assert problem.row == 5


def test_an_iri_that_a_role_has_already(tmp_path: Path) -> None:
    sheets: Sheets = {
        "roles": [
            ["role", "iri"],
            ["Our Lead", "role:delivery-manager"],
            ["Cook", "https://hr.example/roles/17"],
            ["Baker", "no iri"],
            ["Waiter", "https://hr.example/roles/17"],
        ]
    }
    bad = put(tmp_path, "xlsx", sheets).path
    no_iri, same = table.check(bad)
    assert (no_iri.row, no_iri.column) == (4, "iri")
    assert 'same IRI as the role "Cook"' in same.message
    sheets["roles"] = sheets["roles"][:3]
    facts, _ = take(put(tmp_path, "csv", sheets).path, tmp_path)
    # the article has its own name for it, which stays the first one
    ours = f"{BASE}role/delivery-manager"
    assert objects(facts, ours, f"{SKOS}prefLabel") == []
    assert objects(facts, ours, f"{SKOS}altLabel") == ["Our Lead"]
    assert objects(facts, "https://hr.example/roles/17", f"{SKOS}prefLabel") == ["Cook"]


# --- anything at all in a cell


@pytest.fixture(scope="module")
def scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def cells(form: str) -> st.SearchStrategy[str]:
    strange = st.sampled_from(
        ["Delivery Lead", "esco:x", "role:x", "http://[", "#REF!", "1,5", "-1", "=1", "'", '"',
         "a;b", "urn:x", "\u2028", "1e400", "\uff19", "null", "İ", "ß"]
    )  # fmt: skip
    if form == "xlsx":
        plain = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)
    elif form == "yaml":
        plain = st.text(st.characters(), max_size=12)
    else:
        plain = st.text(max_size=12)
    return strange | plain


@pytest.mark.parametrize("form", FORMS)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_text_is_taken_or_told(scratch: Path, form: str, data: st.DataObject) -> None:
    sheets = deepcopy(BASIC)
    for _ in range(data.draw(st.integers(1, 4))):
        sheet = data.draw(st.sampled_from([s for s in sheets if s != "about" or form != "yaml"]))
        row = data.draw(st.integers(0, len(sheets[sheet]) - 1))
        column = data.draw(st.integers(0, len(sheets[sheet][0]) - 1))
        sheets[sheet][row][column] = data.draw(cells(form))
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        written = put(Path(folder), form, sheets)
        try:
            facts, report = take(written.path, Path(folder))
        except (TableError, DataError) as error:
            told = str(error)
        else:
            told = ""
            assert facts
            assert all(f.rows == f.taken + sum(x.count for x in f.left_out) for f in report.files)
        assert bool(told) == bool(table.check(written.path))
