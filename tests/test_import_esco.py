"""ESCO: what is made of its files, and the account of every row."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from rolegraph import ntriples as nt
from rolegraph.archive import Archive
from rolegraph.errors import DataError
from rolegraph.importers import esco
from rolegraph.importers.draft import Draft, FileReport, Report
from rolegraph.vocab import BASE, RG, SKOS

E = "http://data.europa.eu/esco/"
O1, O2, O3, OLD = (f"{E}occupation/o{i}" for i in (1, 2, 3, 9))
S1, S2, S3, S4 = (f"{E}skill/s{i}" for i in (1, 2, 3, 4))
G0, G1, G2 = f"{E}skill/g0", f"{E}isced-f/01", f"{E}skill/g2"
I1, I11 = f"{E}isco/C1", f"{E}isco/C11"

Table = list[list[str]]


def occupations(*rows: list[str]) -> Table:
    head = ["conceptType", "conceptUri", "iscoGroup", "preferredLabel", "altLabels"]
    return [[*head, "hiddenLabels", "status", "description", "code"], *rows]


def skills(*rows: list[str]) -> Table:
    head = ["conceptType", "conceptUri", "skillType", "reuseLevel", "preferredLabel", "altLabels"]
    return [[*head, "hiddenLabels", "status", "description"], *rows]


def skill(
    iri: str, label: str, kind: str = "skill/competence", status: str = "released"
) -> list[str]:
    return ["KnowledgeSkillCompetence", iri, kind, "cross-sector", label, "", "", status, ""]


def occupation(iri: str, label: str, group: str = "11", status: str = "released") -> list[str]:
    return ["Occupation", iri, group, label, "", "", status, "", iri[-1]]


def groups(kind: str, *rows: tuple[str, str, str]) -> Table:
    head = ["conceptType", "conceptUri", "code", "preferredLabel", "status", "altLabels"]
    return [head, *([kind, iri, code, label, "released", ""] for iri, code, label in rows)]


def broader(*pairs: tuple[str, str]) -> Table:
    rows = [["T", low, "T", high] for low, high in pairs]
    return [["conceptType", "conceptUri", "broaderType", "broaderUri"], *rows]


def links(*rows: tuple[str, str, str]) -> Table:
    head = ["occupationUri", "relationType", "skillType", "skillUri"]
    return [head, *([o, kind, "knowledge", s] for o, kind, s in rows)]


def skill_links(*rows: tuple[str, str, str]) -> Table:
    head = ["originalSkillUri", "originalSkillType", "relationType", "relatedSkillType"]
    return [[*head, "relatedSkillUri"], *([a, "", kind, "", b] for a, kind, b in rows)]


def collection(*rows: tuple[str, str]) -> Table:
    return [["conceptType", "conceptUri", "status"], *(["T", iri, s] for iri, s in rows)]


def hierarchy(*rows: list[str]) -> Table:
    head = [f"Level {i} {what}" for i in range(2) for what in ("URI", "preferred term")]
    return [[*head, "Description", "Level 0 code", "Level 1 code"], *rows]


SMALL: dict[str, Table] = {
    "ISCOGroups_en.csv": groups("ISCOGroup", (I1, "1", "managers"), (I11, "11", "chiefs")),
    "occupations_en.csv": occupations(
        [
            "Occupation",
            O1,
            "11",
            "lead",
            "lead\nhead,  of it\nchief",
            "boss\nlead",
            "released",
            "It\nleads.",
            "11.1",
        ],
        occupation(O2, "deputy"),
        occupation(O3, "worker"),
    ),
    "skillGroups_en.csv": groups("SkillGroup", (G1, "01", "education"), (G2, "", "talking")),
    "skills_en.csv": skills(
        skill(S1, "speak"), skill(S2, "law", "knowledge"), skill(S3, "see", "")
    ),
    "broaderRelationsOccPillar.csv": broader((I11, I1), (O1, I11), (O2, O1)),
    "broaderRelationsSkillPillar.csv": broader((S1, G2), (S2, G1), (S3, S1), (G2, G0)),
    "occupationSkillRelations.csv": links(
        (O1, "essential", S1), (O1, "optional", S2), (O2, "essential", S1)
    ),
    "skillSkillRelations.csv": skill_links((S1, "optional", S2), (S3, "essential", S1)),
    "skillsHierarchy_en.csv": hierarchy(
        [G0, "all skills", "", "", "From the top.", "S", ""],
        [G0, "all skills", G2, "talking", "", "S", "S1"],
        [G0, "all skills", G2, "talking", "", "S", "S1"],
    ),
    "digitalSkillsCollection_en.csv": collection((S1, "released"), (S2, "released")),
    "researchOccupationsCollection_en.csv": collection((O1, "released")),
}


def as_csv(table: Table) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(table)
    return out.getvalue()


def put(folder: Path, tables: Mapping[str, Table]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, table in tables.items():
        (folder / name).write_text(as_csv(table), encoding="utf-8-sig", newline="")
    return folder


def importing(folder: Path, version: str | None = "1.1.1") -> tuple[Report, list[str]]:
    """Read a folder; give the account and the facts, one line each."""
    out = folder.parent / f"{folder.name}.nt"
    out.unlink(missing_ok=True)
    with Archive.open(folder) as archive:
        with Draft(esco.describe(archive, version=version), out) as draft:
            esco.read(draft, archive)
        report = draft.report(lambda name: sum(1 for _ in archive.table(name)))
    lines = out.read_text(encoding="utf-8").splitlines()
    assert report.triples == len(lines)
    return report, lines


def facts(lines: list[str], subject: str, prop: str) -> set[str]:
    start = f"<{subject}> <{prop}> "
    return {line.removeprefix(start)[:-2] for line in lines if line.startswith(start)}


def iris(lines: list[str], subject: str, prop: str) -> set[str]:
    return {term[1:-1] for term in facts(lines, subject, prop)}


def of(report: Report, name: str) -> FileReport:
    return next(f for f in report.files if f.name == name)


def left(report: Report, name: str) -> dict[str, int]:
    return {x.reason: x.count for x in of(report, name).left_out}


# --- what is made


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, list[str]]:
    return importing(put(tmp_path_factory.mktemp("esco") / "files", SMALL))


def test_concepts(small: tuple[Report, list[str]]) -> None:
    _, lines = small
    assert facts(lines, O1, SKOS + "prefLabel") == {'"lead"@en'}
    assert facts(lines, O1, SKOS + "altLabel") == {'"head, of it"@en', '"chief"@en'}
    assert facts(lines, O1, SKOS + "hiddenLabel") == {'"boss"@en'}
    assert facts(lines, O1, SKOS + "notation") == {'"11.1"'}
    assert facts(lines, O1, "http://purl.org/dc/terms/description") == {'"It\\nleads."@en'}
    assert facts(lines, O1, RG.sourceRow) == {nt.number(2)}
    assert facts(lines, S1, RG.reuseLevel) == {'"cross-sector"'}
    rdf_type = nt.A[1:-1]
    assert iris(lines, O1, rdf_type) == {RG.Occupation}
    assert iris(lines, I11, rdf_type) == {RG.OccupationGroup}
    assert iris(lines, S1, rdf_type) == iris(lines, S3, rdf_type) == {RG.Skill}
    assert iris(lines, S2, rdf_type) == {RG.Skill, RG.Knowledge}
    assert iris(lines, G1, rdf_type) == {RG.SkillGroup}


def test_hierarchies(small: tuple[Report, list[str]]) -> None:
    report, lines = small
    assert iris(lines, I11, RG.broader) == {I1}
    assert iris(lines, O2, RG.broader) == {O1}
    assert iris(lines, S3, RG.broader) == {S1}
    assert iris(lines, O1, RG.inGroup) == {I11}
    assert iris(lines, S2, RG.inGroup) == {G1}
    # Nothing but the column of their rows says in which group these two are.
    assert iris(lines, O2, RG.inGroup) == iris(lines, O3, RG.inGroup) == {I11}
    assert (report.made["broader links"], report.made["group memberships"]) == (4, 5)


def test_levels_that_only_the_hierarchy_has(small: tuple[Report, list[str]]) -> None:
    report, lines = small
    assert facts(lines, G0, SKOS + "prefLabel") == {'"all skills"@en'}
    assert facts(lines, G0, SKOS + "notation") == {'"S"'}
    assert facts(lines, G2, SKOS + "notation") == {'"S1"'}
    assert iris(lines, G2, RG.broader) == {G0}
    assert of(report, "skillsHierarchy_en.csv").taken == 2
    assert left(report, "skillsHierarchy_en.csv") == {"already in the other files": 1}


def test_links_between_skills(small: tuple[Report, list[str]]) -> None:
    _, lines = small
    assert iris(lines, S1, RG.usesSkill) == {S2}
    assert iris(lines, S3, RG.needsSkill) == {S1}


def test_collections(small: tuple[Report, list[str]]) -> None:
    _, lines = small
    digital, research = f"{BASE}esco/collection/digital-skills", f"{BASE}esco/collection/research"
    assert facts(lines, digital, SKOS + "prefLabel") == {'"digital skills"@en'}
    assert iris(lines, S1, RG.inCollection) == iris(lines, S2, RG.inCollection) == {digital}
    assert iris(lines, O1, RG.inCollection) == {f"{research}-occupations"}


def test_requirements_are_those_of_the_draft(
    small: tuple[Report, list[str]], tmp_path: Path
) -> None:
    _, lines = small
    with Archive.open(put(tmp_path / "a", SMALL)) as archive:
        source = esco.describe(archive, version="1.1.1")
        name = "occupationSkillRelations.csv"
        with Draft(source, tmp_path / "x.nt") as draft:
            file = draft.file(name, digest=archive.digest(name))
            for row, cells in archive.table(name):
                role, asked = cells["occupationUri"], cells["skillUri"]
                strengths = {"essential": "essential", "optional": "beneficial"}
                draft.requirement(
                    f"{BASE}esco/requirement/{role.split('/')[-1]}.{asked.split('/')[-1]}",
                    role,
                    asked,
                    file=file,
                    row=row,
                    strength=strengths[cells["relationType"]],
                )
    start = f"<{BASE}esco/requirement/"
    wanted = [x for x in (tmp_path / "x.nt").read_text().splitlines() if x.startswith(start)]
    assert len(wanted) == 21
    assert [x for x in lines if x.startswith(start)] == wanted


def test_the_account(small: tuple[Report, list[str]]) -> None:
    report, lines = small
    wanted = {"occupations": 3, "ISCO groups": 2, "skills": 3, "of these, knowledge": 1}
    wanted |= {"skill groups": 3, "essential links": 2, "optional links": 1}
    wanted |= {"skill\u2013skill relations": 2, "broader links": 4, "group memberships": 5}
    wanted |= {"collections": 2, "collection memberships": 3}
    wanted["labels"] = sum("Label> " in x for x in lines) - len(report.files) - 2
    assert report.made == wanted
    assert wanted["labels"] == 14
    assert "without a skill type, and taken as skills: 1" in report.notes
    assert "greenSkillsCollection.csv" in report.absent
    assert "skills.csv" not in report.absent
    assert sum(f.rows for f in report.files) == sum(len(t) - 1 for t in SMALL.values())


# --- versions, languages, ways to pack


def test_zips_give_the_same_facts(small: tuple[Report, list[str]], tmp_path: Path) -> None:
    folder = tmp_path / "esco"
    folder.mkdir()
    for name, tables in (
        ("ESCO dataset - v1.1.1 - classification - en - csv.zip", list(SMALL)[::2]),
        ("ESCO dataset - v1.1.1 - relations.zip", list(SMALL)[1::2]),
    ):
        with zipfile.ZipFile(folder / name, "w") as zf:
            for table in tables:
                zf.writestr(f"csv/{table}", "\ufeff" + as_csv(SMALL[table]))
    report, lines = importing(folder, version=None)
    assert report.source.version == "1.1.1"
    assert lines == small[1]


def test_other_versions(small: tuple[Report, list[str]], tmp_path: Path) -> None:
    """More columns in another order, labels in the relations, files nobody needs."""
    tables: dict[str, Table] = {}
    for name, table in SMALL.items():
        name = name if "_en" in name else name.replace(".csv", "_en.csv")
        head, *rows = (row[::-1] for row in table)
        tables[name] = [[*head, "naceCode"], *([*row, "x"] for row in rows)]
    tables["dictionary_en.csv"] = [["filename"], ["x"]]
    tables["greenShareOcc_en.csv"] = [["conceptUri", "greenShare"], [O1, "0.5"]]
    report, lines = importing(put(tmp_path / "esco v1.2.0", tables), version=None)
    assert report.source.name == "esco-1.2.0"

    def comparable(lines: list[str]) -> set[str]:
        plain = (x for x in lines if "/file/" not in x and "/graph/" not in x)
        return {x for x in plain if "1.2.0" not in x and "1.1.1" not in x}

    assert comparable(lines) == comparable(small[1])
    assert report.made == small[0].made
    notes = " ".join(report.notes)
    assert "not read, nothing in the model answers to them: dictionary_en.csv, green" in notes
    assert "columns not taken: naceCode" in report.notes


def test_languages_add_up(small: tuple[Report, list[str]], tmp_path: Path) -> None:
    german = {
        "occupations_de.csv": occupations(
            ["Occupation", O1, "11", "Leitung", "Chefin | Chef", "", "released", "Leitet.", "11.1"],
            occupation(O2, "Vertretung"),
            occupation(f"{E}occupation/o4", "Neu"),
        ),
        "occupationSkillRelations_de.csv": links((O1, "essential", S1), (O3, "optional", S1)),
        "skillsHierarchy_de.csv": hierarchy([G0, "alle", G2, "sprechen", "", "S", "S1"]),
        "digitalSkillsCollection_de.csv": collection((S1, "released"), (S3, "released")),
        "broaderRelationsOccPillar_de.csv": broader((O1, I11), (O3, O1)),
        "skillSkillRelations_de.csv": skill_links((S1, "optional", S2), (S2, "optional", S1)),
    }
    report, lines = importing(put(tmp_path / "files", SMALL | german))
    assert facts(lines, O1, SKOS + "prefLabel") == {'"lead"@en', '"Leitung"@de'}
    assert '"Chefin"@de' in facts(lines, O1, SKOS + "altLabel")
    assert facts(lines, G0, SKOS + "prefLabel") == {'"all skills"@en', '"alle"@de'}
    for iri in (O1, O2, G0):
        assert len(facts(lines, iri, RG.sourceRow)) == 1
        assert len(facts(lines, iri, SKOS + "notation")) == 1
        assert len(facts(lines, iri, "http://purl.org/dc/terms/source")) == 2
    assert report.made["occupations"] == 4
    assert report.made["optional links"] == 2
    again = "the same in another language's file"
    for name in german:
        if name not in ("occupations_de.csv", "skillsHierarchy_de.csv"):
            assert (of(report, name).taken, left(report, name)) == (1, {again: 1}), name
    claims = [x for x in lines if x.startswith(f"<{BASE}esco/requirement/")]
    assert len(claims) == len(set(claims)) == 28
    claim = f"{BASE}esco/requirement/o3.s1"
    assert iris(lines, claim, RG.hasEvidence) == {
        f"{BASE}file/esco-1.1.1/occupationSkillRelations_de.csv"
    }
    assert len(set(lines)) == len(lines)


def test_one_language_twice(tmp_path: Path) -> None:
    tables = {"skills.csv": SMALL["skills_en.csv"]}
    report, lines = importing(put(tmp_path / "plain", tables))
    assert facts(lines, S1, SKOS + "prefLabel") == {'"speak"@en'}
    assert "no language in the name, labels taken as English: skills.csv" in report.notes
    assert "occupations.csv" in report.absent
    with pytest.raises(DataError, match=r"skills\.csv and skills_en\.csv both hold skills in 'en'"):
        importing(put(tmp_path / "both", tables | {"skills_en.csv": SMALL["skills_en.csv"]}))


@pytest.mark.parametrize(
    ("folder", "version"),
    [
        ("esco-1.1.1", "1.1.1"),
        ("ESCO dataset - v1.2.0 - classification - de - csv", "1.2.0"),
        ("esco_v1.0.3", "1.0.3"),
        ("ESCO 1.1", "1.1"),
    ],
)
def test_version_from_names(tmp_path: Path, folder: str, version: str) -> None:
    path = put(tmp_path / folder, {"skills_en.csv": SMALL["skills_en.csv"]})
    inner = put(path / "csv", {"skills_en.csv": SMALL["skills_en.csv"]})
    for opened in (path, inner, path / "skills_en.csv"):
        with Archive.open(opened) as archive:
            source = esco.describe(archive)
            assert (source.key, source.version, source.kind) == ("esco", version, "imported")
            assert esco.describe(archive, version="v1.3").name == "esco-1.3"


def test_version_that_nothing_tells(tmp_path: Path) -> None:
    tables = {"skills_en.csv": SMALL["skills_en.csv"]}
    with Archive.open(put(tmp_path / "files-2.0", tables)) as archive:
        with pytest.raises(DataError, match=r"files-2\.0: no name tells .* version='1\.1\.1'"):
            esco.describe(archive)
        with pytest.raises(DataError, match=r"version='\.\./x'"):
            esco.describe(archive, version="../x")
    put(tmp_path / "two", {})
    put(tmp_path / "two" / "esco-1.1.1", tables)
    put(tmp_path / "two" / "esco-1.2.0", {"occupations_en.csv": SMALL["occupations_en.csv"]})
    with (
        Archive.open(tmp_path / "two") as archive,
        pytest.raises(DataError, match=r"files of ESCO 1\.1\.1 and 1\.2\.0 together"),
    ):
        esco.describe(archive)


# --- what is left out, and what stops


def test_nothing_to_import(tmp_path: Path) -> None:
    tables = {n: SMALL[n] for n in SMALL if n.startswith("broader")}
    with pytest.raises(DataError, match="neither occupations_"):
        importing(put(tmp_path / "a", tables))


def test_columns_that_are_missing(tmp_path: Path) -> None:
    head, *rows = SMALL["occupationSkillRelations.csv"]
    bad = [["occupationURI", *head[1:]], *rows]
    with pytest.raises(
        DataError,
        match=r"occupationSkillRelations\.csv': no column 'occupationUri'; did you mean 'occup",
    ):
        importing(put(tmp_path / "a", SMALL | {"occupationSkillRelations.csv": bad}))


def test_concepts_left_out(tmp_path: Path) -> None:
    rows = [
        skill(S1, "speak"),
        skill(S1, "speak again"),
        skill(S4, "old", status="obsolete"),
        skill("", "no iri"),
        skill("not an iri", "no iri"),
        skill(O1, "an occupation"),
        skill(f"{E}other/s1", "same last part"),
        ["Thing", S2, "", "", "x", "", "", "released", ""],
        ["SkillGroup", G1, "", "", "the group again", "", "", "released", ""],
        skill(S3, "no status", status=""),
    ]
    tables = SMALL | {"skills_en.csv": skills(*rows)}
    report, lines = importing(put(tmp_path / "a", tables))
    assert left(report, "skills_en.csv") == {
        "duplicate": 2,
        'status not "released"': 1,
        "no IRI": 2,
        "already a concept of another kind": 1,
        "last part of the IRI is that of another concept": 1,
        "unknown concept type": 1,
    }
    assert of(report, "skills_en.csv").taken == report.made["skills"] == 2
    assert not [x for x in lines if f"<{S4}>" in x or "speak again" in x]
    example = next(x for x in of(report, "skills_en.csv").left_out if "status" in x.reason)
    assert example.examples == (f"row 4: obsolete: {S4}",)


def test_an_unreleased_group_does_not_come_back(tmp_path: Path) -> None:
    table = groups("SkillGroup", (G1, "01", "education"), (G0, "S", "all"))
    table[2][4] = "proposed"
    report, lines = importing(put(tmp_path / "a", SMALL | {"skillGroups_en.csv": table}))
    assert left(report, "broaderRelationsSkillPillar.csv") == {"dangling reference": 1}
    assert not facts(lines, G0, SKOS + "prefLabel")
    assert facts(lines, G2, SKOS + "prefLabel") == {'"talking"@en'}


def test_broader_links_left_out(tmp_path: Path) -> None:
    pairs = [(O1, I11), (O1, O2), (O2, O3), (O3, O1), (O1, I11), (O2, O2), (O1, OLD)]
    pairs += [(I11, O1), (O1, S1), ("", O1), (O2, O1)]
    tables = SMALL | {"broaderRelationsOccPillar.csv": broader(*pairs)}
    report, lines = importing(put(tmp_path / "a", tables))
    assert left(report, "broaderRelationsOccPillar.csv") == {
        "closes a circle": 2,
        "duplicate": 1,
        "points to itself": 1,
        "dangling reference": 2,
        "kinds that do not go together": 2,
    }
    assert iris(lines, O1, RG.broader) == {O2}
    assert iris(lines, O3, RG.broader) == set()
    assert not [x for x in lines if OLD in x]
    note = next(n for n in report.notes if n.startswith("broaderRelationsOccPillar.csv points"))
    assert f"{OLD} (1)" in note


def test_links_left_out(tmp_path: Path) -> None:
    rows = [
        (O1, "essential", S1),
        (O1, "essential", S1),
        (O1, "optional", S1),
        (OLD, "essential", S1),
        (OLD, "optional", S2),
        (O1, "essential", G1),
        (S1, "essential", S2),
        (O1, "maybe", S2),
        (O1, "", S2),
        (O1, "Optional", S2),
    ]
    tables = SMALL | {"occupationSkillRelations.csv": links(*rows)}
    report, lines = importing(put(tmp_path / "a", tables))
    assert left(report, "occupationSkillRelations.csv") == {
        "duplicate": 1,
        "essential and optional at once": 1,
        "dangling reference": 2,
        "kinds that do not go together": 2,
        "unknown relation type": 2,
    }
    assert iris(lines, f"{BASE}esco/requirement/o1.s1", RG.hasStrength) == {RG.essential}
    assert iris(lines, f"{BASE}esco/requirement/o1.s2", RG.hasStrength) == {RG.beneficial}
    assert f"occupationSkillRelations.csv points to what is not there: {OLD} (2)" in report.notes


def test_skill_links_and_members_left_out(tmp_path: Path) -> None:
    pairs = [(S1, "optional", S2), (S1, "optional", S2), (S1, "essential", S2)]
    pairs += [(S1, "optional", S1), (S1, "optional", S4), (S1, "optional", O1), (S1, "x", S3)]
    members = [(S1, "released"), (S1, "released"), (G1, "released"), (S4, "released")]
    members += [(S2, "draft")]
    tables = SMALL | {
        "skillSkillRelations.csv": skill_links(*pairs),
        "digitalSkillsCollection_en.csv": collection(*members),
    }
    report, lines = importing(put(tmp_path / "a", tables))
    assert left(report, "skillSkillRelations.csv") == {
        "duplicate": 1,
        "points to itself": 1,
        "dangling reference": 1,
        "kinds that do not go together": 1,
        "unknown relation type": 1,
    }
    assert iris(lines, S1, RG.usesSkill) == iris(lines, S1, RG.needsSkill) == {S2}
    assert left(report, "digitalSkillsCollection_en.csv") == {
        "duplicate": 1,
        "neither a role nor a skill": 1,
        "dangling reference": 1,
        'status not "released"': 1,
    }


def test_groups_that_are_not_there(tmp_path: Path) -> None:
    tables = {n: t for n, t in SMALL.items() if not n.startswith(("ISCO", "broader"))}
    report, lines = importing(put(tmp_path / "a", tables))
    assert not iris(lines, O1, RG.inGroup)
    assert "3 occupations name an ISCO group that is not there: 11 (3)" in report.notes
    # The hierarchy's own table stands in for the relations.
    assert iris(lines, G2, RG.broader) == {G0}


def test_progress_is_told(tmp_path: Path) -> None:
    table = links(*((O1, "essential", f"{E}skill/x{i}") for i in range(12_000)))
    folder = put(tmp_path / "a", SMALL | {"occupationSkillRelations.csv": table})
    told: list[tuple[str, int, int | None]] = []

    def progress(stage: str, done: int, total: int | None = None) -> None:
        told.append((stage, done, total))

    with (
        Archive.open(folder) as archive,
        Draft(esco.describe(archive, version="1"), tmp_path / "x.nt", progress) as draft,
    ):
        esco.read(draft, archive)
    name = "occupationSkillRelations.csv"
    assert [(d, t) for n, d, t in told if n == name] == [
        (5_000, 12_001),
        (10_000, 12_001),
        (12_001, 12_001),
    ]
    assert {n for n, _, _ in told} == set(SMALL)


# --- the real thing


def test_the_release_1_1_1(shared_data: Path, tmp_path: Path) -> None:
    counted: Counter[str] = Counter()
    for path in (shared_data / "esco-1.1.1").glob("*.zip"):
        with zipfile.ZipFile(path) as zf:
            for name in zf.namelist():
                with zf.open(name) as raw:
                    text = io.TextIOWrapper(raw, "utf-8-sig", newline="")
                    counted[name] = sum(1 for _ in csv.DictReader(text))
    with Archive.open(shared_data / "esco-1.1.1") as archive:
        source = esco.describe(archive)
        with Draft(source, tmp_path / "esco.nt") as draft:
            esco.read(draft, archive)
        report = draft.report(lambda name: counted[name])
    assert source.name == "esco-1.1.1"
    assert {f.name for f in report.files} == counted.keys() - {"conceptSchemes_en.csv"}
    made = report.made
    assert (made["occupations"], made["skills"], made["ISCO groups"]) == (3_007, 13_896, 619)
    assert made["skill groups"] == 640 + 7
    assert made["essential links"] + made["optional links"] == 64_946 + 58_909 - 67
    links_file = of(report, "occupationSkillRelations.csv")
    assert (links_file.rows, links_file.taken) == (123_855, 123_788)
    assert left(report, links_file.name) == {"dangling reference": 67}
    dropped = f"{E}occupation/a9e54177-a185-404d-b6e6-15663d31137e"
    assert links_file.left_out[0].examples[0].endswith(dropped)
    assert f"{links_file.name} points to what is not there: {dropped} (67)" in report.notes
    assert left(report, "broaderRelationsOccPillar.csv") == {"dangling reference": 1}
    assert left(report, "broaderRelationsSkillPillar.csv") == {}
    assert left(report, "skillSkillRelations.csv") == {"points to itself": 1}
    assert "without a skill type, and taken as skills: 6" in report.notes
    assert report.absent == ()
    lines = subjects = 0
    with (tmp_path / "esco.nt").open(encoding="utf-8") as file:
        for line in file:
            lines += 1
            subjects += f"{nt.A} <{RG.SkillRequirement}>" in line
            assert f"<{dropped}>" not in line
    assert (lines, subjects) == (report.triples, 123_788)
