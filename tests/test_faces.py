"""Every public value shows itself: as text, HTML and Markdown, whatever its labels are."""

from __future__ import annotations

import dataclasses
import json
import pickle
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

import rolegraph as rg
from rolegraph.faces import counted
from rolegraph.nearness import Near
from rolegraph.page import Page, Para
from rolegraph.shapes import Report, Violation
from rolegraph.shown import Shown
from rolegraph.similarity import Pair
from rolegraph.tables import Table
from rolegraph.values import to_json
from tests.test_page import HOSTILE, Seen, markdown, plain

MEDIA = ("text/plain", "text/html", "text/markdown")

# what of rolegraph is no value that shows itself, and why
NOT_SHOWN = {
    "IRI": "a str, and shown as one",
    "Text": "a str, and shown as one",
    "RG": "a class that only holds names",
    "OBJECTIVES": "a tuple of names",
    "PREFIXES": "a dictionary",
    "__version__": "a str",
    "import_source": "a function",
    "load": "a function",
    "open": "a function",
}

NO_WORDS = ("Closure", "Split", "a good report", "coverage", "bridges", "Bridge", "Imported")
"""Values of which hardly more than figures is shown."""


@pytest.fixture(scope="module")
def values(kg: rg.RoleGraph, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Give real values by a name: at least one of every public class, and tables of them."""
    folder = tmp_path_factory.mktemp("faces") / "store"
    done = rg.import_source("article", into=folder)
    disk = rg.open(folder)
    me = rg.Profile(
        role="Project Manager", past=["Junior Project Manager"], name="Ada", notes=["a note"],
        skills=[("Planning", 2), "Leadership"], certifications=["PRINCE2", "ITIL"],
    )  # fmt: skip
    facts = kg.facts("Project Manager")
    route = kg.route("Project Manager", "Delivery Director")
    comparison = kg.compare("Project Manager", "Delivery Manager")
    why = kg.why_not("Project Manager", "Delivery Director", max_steps=2)
    plan = kg.plan(me, "Chief Operations Officer", ties=True)
    rows = kg.query("SELECT ?r ?l (3 AS ?n) { ?r a rg:Role ; skos:prefLabel ?l } ORDER BY ?l")
    transition = kg.transitions("Project Manager", "Delivery Manager")[0]
    gone = kg.person(rg.Profile(role="Project Manager", skills=["Flying"]), unknown="drop")
    return {
        "Certification": kg.certification("PRINCE2"),
        "Claim": transition.claim,
        "Closure": rg.load(reason=False).infer(),
        "Comparison": comparison,
        "Concept": kg.find("Delivery management"),
        "Constraints": kg.plan(me, "Delivery Director", avoid=["COO"]).constraints,
        "Destination": kg.reach(me)[-1],
        "Evidence": transition.evidence[0],
        "Finding": facts.findings["responsibilities"][0],
        "Gap": kg.gap("Delivery Manager", "Project Manager"),
        "Goal": rg.Goal(level="executive", asks=["Leadership"], sparql="?role a rg:Role"),
        "Held": kg.person(me),
        "Imported": done,
        "Leg": rg.Leg(transition, frozenset(kg.skills("Delivery Manager"))),
        "Near": kg.similar("Project Manager")[0],
        "Plan": plan,
        "Profile": me,
        "Question": kg.questions()[1],
        "Reached": kg.reachable("Project Manager")[-1],
        "Relaxation": why.relaxations[0],
        "Responsibility": kg.responsibilities()[0],
        "Role": kg.role("Project Manager"),
        "RoleGraph": kg,
        "Route": route,
        "Row": rows[0],
        "Rows": rows,
        "Skill": kg.skill("Leadership"),
        "SkillRequirement": kg.requirements("Project Manager")[0],
        "Split": comparison.skills,
        "Step": route.steps[0],
        "StoredSource": done.sources[0],
        "Table": kg.certifications("Project Manager"),
        "Transition": transition,
        "Unlock": kg.unlock(me, "Delivery Director", pairs=False)[0],
        "Bridge": kg.bridges("Project Manager")[0],
        "WhyNot": why,
        # what public methods return beside
        "a graph on disk": disk,
        "a graph without roles": rg.load(ours=True, reason=False),
        "facts": facts,
        "pair": kg.similarity("Project Manager", "Delivery Manager"),
        "coverage": kg.coverage(),
        "report": Report((Violation("a:node", "a:path", "value", "what to do"),), 12),
        "a good report": Report((), 12),
        "already there": kg.route("Project Manager", "Project Manager"),
        "left out": gone,
        "an unknown name": gone.dropped[0],
        "no rows": kg.query("SELECT ?a { ?a a rg:Nothing }"),
        "possible": kg.why_not("Project Manager", "Delivery Director"),
        "a specialisation": next(t for t in kg.transitions() if t.target is None),
        "an advanced certification": next(c for c in kg.certifications() if c.advanced),
        # tables
        "roles": kg.roles(),
        "skills": kg.skills(),
        "certifications": kg.certifications(),
        "responsibilities": kg.responsibilities(),
        "requirements": kg.requirements("Project Manager"),
        "transitions": kg.transitions(),
        "claims": kg.claims("Project Manager"),
        "search": kg.search("delivery"),
        "routes": kg.routes("Project Manager", "Chief Operations Officer", k=4),
        "reachable": kg.reachable("Project Manager"),
        "reach": kg.reach("Project Manager"),
        "unlock": kg.unlock("Project Manager", max_new=2),
        "bridges": kg.bridges("Project Manager"),
        "similar": kg.similar("Project Manager"),
        "questions": kg.questions(),
        "sources": disk.sources(),
        "steps": Table(route.steps),
        "findings": Table(facts.findings["responsibilities"]),
        "evidence": Table(route.evidence),
        "none": Table(()),
    }  # fmt: skip


def bundle(value: Any) -> dict[str, str]:
    found: dict[str, str] = value._repr_mimebundle_()
    assert tuple(found) == MEDIA
    return found


def test_every_public_class_shows_itself_or_it_is_said_why_not() -> None:
    for name in rg.__all__:
        thing = getattr(rg, name)
        if isinstance(thing, type) and issubclass(thing, Exception):
            assert name not in NOT_SHOWN  # an error is shown by its message
        elif name in NOT_SHOWN:
            assert not (isinstance(thing, type) and issubclass(thing, Shown))
        else:
            assert issubclass(thing, Shown), name
    assert set(NOT_SHOWN) <= set(rg.__all__)


def test_of_every_public_class_there_is_a_value_here(values: dict[str, Any]) -> None:
    classes = {name for name in rg.__all__ if isinstance(getattr(rg, name), type)}
    wanted = {name for name in classes if issubclass(getattr(rg, name), Shown)}
    assert wanted <= set(values)
    for name in wanted:
        assert type(values[name]) is getattr(rg, name)


def test_the_html_is_well_formed_and_passes_an_untrusted_notebook(values: dict[str, Any]) -> None:
    for name, value in values.items():
        html = bundle(value)["text/html"]
        assert Seen(html).text, name
        assert "None" not in html, name
        assert " object at 0x" not in html, name


def test_the_text_fits_a_terminal_and_has_no_markup(values: dict[str, Any]) -> None:
    for name, value in values.items():
        text = bundle(value)["text/plain"]
        assert text.strip(), name
        for line in text.split("\n"):
            assert len(line) <= 100, (name, line)
        assert not re.search(r"</?[a-z]+[ >]|\*\*|&[a-z]+;", text), name
        assert "None" not in text, name


def test_the_markdown_has_no_html_and_whole_tables(values: dict[str, Any]) -> None:
    for name, value in values.items():
        kinds, text = markdown(bundle(value)["text/markdown"])
        assert kinds.isdisjoint({"html_block", "html_inline", "heading_open"}), name
        assert text, name


def test_showing_is_the_same_every_time(values: dict[str, Any]) -> None:
    for name, value in values.items():
        assert bundle(value) == bundle(value), name


def test_include_and_exclude(values: dict[str, Any]) -> None:
    for value in (values["Route"], values["roles"], values["Rows"]):
        show: Callable[..., dict[str, str]] = value._repr_mimebundle_
        assert set(show(include={"text/html"})) == {"text/html"}
        assert set(show(exclude=["text/html"])) == {"text/plain", "text/markdown"}
        assert show(include=["text/html"], exclude=["text/html"]) == {}
        assert show(include=["image/png"]) == {}


KEPT = ("iri", "kind", "type", "minimise", "homepage", "path", "triples")
"""Fields that hold names of ours and addresses, never words of a source."""


def poisoned(value: Any) -> Any:
    """Copy a value with hostile words in all texts that may come from a source."""
    if isinstance(value, str):
        return f"{value} {HOSTILE}"
    if isinstance(value, tuple):
        return tuple(map(poisoned, value))
    if isinstance(value, frozenset):
        return frozenset(map(poisoned, value))
    if isinstance(value, Mapping):
        return {key: poisoned(x) for key, x in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        twin = object.__new__(type(value))
        for f in dataclasses.fields(value):
            old = getattr(value, f.name)
            object.__setattr__(twin, f.name, old if f.name in KEPT else poisoned(old))
        return twin
    return value


def test_hostile_labels_are_labels(values: dict[str, Any]) -> None:
    checked = 0
    for name, value in values.items():
        if isinstance(value, Table) and value:
            twin: Any = Table(map(poisoned, value[:5]))
        elif dataclasses.is_dataclass(value):
            twin = poisoned(value)
        else:
            continue
        shown = bundle(twin)
        html, words = shown["text/html"], plain(HOSTILE)
        assert "<script" not in html, name
        assert "<b>" not in html, name
        text = Seen(html).text
        kinds, said = markdown(shown["text/markdown"])
        assert kinds.isdisjoint({"html_block", "html_inline", "image"}), name
        if name not in (
            "Closure",
            "Split",
            "a good report",
            "coverage",
            "bridges",
            "Bridge",
            "Imported",
        ):
            assert words in text, name
            assert words in said or "```" in shown["text/markdown"], name
        checked += 1
    assert checked > 50


def test_words_of_an_answer_are_words(kg: rg.RoleGraph) -> None:
    rows = kg.query("SELECT ?a ?b { BIND(?x AS ?a) BIND(?x AS ?b) }", x=HOSTILE)
    shown = bundle(rows)
    assert Seen(shown["text/html"]).text.count(plain(HOSTILE)) == 2
    kinds, text = markdown(shown["text/markdown"])
    assert "html_inline" not in kinds
    assert text.count(plain(HOSTILE)) == 2


def test_kinds_of_evidence_and_who_says_so_are_there(values: dict[str, Any]) -> None:
    route = bundle(values["Route"])
    assert "rests on stated" in " ".join(route["text/plain"].split())
    assert "who says so" in route["text/plain"]
    assert "hedge can" in " ".join(route["text/plain"].replace('"', "").split())
    assert "characters 13230-13386" in route["text/html"]
    # in sight on a narrow page too: with the step, not in a column at the end
    table = Seen(route["text/html"].split("<tbody>")[1].split("</td>")[0] + "</td></tr>").text
    assert table.startswith("1. Project Manager → Delivery Manager who says so: 1 place")
    assert ">1 place</summary>" in bundle(values["transitions"])["text/html"]
    for name in ("Gap", "Comparison", "facts"):
        assert "<summary>who says so</summary>" in bundle(values[name])["text/html"], name
    assert "not stated" in bundle(values["Gap"])["text/plain"] or not values["Gap"].not_stated
    assert "inferred" in bundle(values["Near"])["text/plain"]
    assert "curated" in bundle(values["transitions"])["text/plain"]


def test_what_is_not_stated_is_said(values: dict[str, Any], kg: rg.RoleGraph) -> None:
    role = rg.Role("https://example.org/r", "Somebody", "role")
    assert "family         not stated" in bundle(role)["text/plain"]
    claim = rg.Claim("https://example.org/c", "a", "b", "c", "stated")
    assert "no evidence is given" in bundle(claim)["text/plain"]
    assert "not stated" in bundle(values["steps"])["text/plain"]
    assert "≥" in bundle(values["reach"])["text/plain"]
    plan = bundle(kg.plan("Project Manager", "Delivery Director"))["text/plain"]
    assert "no source states which skills" in plan


def test_json_and_equality_know_nothing_of_showing(values: dict[str, Any]) -> None:
    for name in ("Role", "Transition", "Gap", "Route", "StoredSource", "Held"):
        text = json.dumps(to_json(values[name]))
        assert "_called" not in text, name
        assert not any(f.name.startswith("_c") for f in dataclasses.fields(values[name]))
    assert not hasattr(values["Role"], "__dict__")
    assert pickle.loads(pickle.dumps(values["Role"])) == values["Role"]


def test_a_table_is_a_tuple(values: dict[str, Any]) -> None:
    roles = values["roles"]
    assert isinstance(roles, tuple)
    assert roles == tuple(roles)
    assert hash(roles) == hash(tuple(roles))
    assert type(roles[2:4]) is Table
    assert roles[2:4] == tuple(roles)[2:4]
    assert roles[0].label == "Chief Operations Officer"
    assert pickle.loads(pickle.dumps(roles)) == roles
    assert type(pickle.loads(pickle.dumps(roles))) is Table
    assert json.dumps(to_json(roles)) == json.dumps(to_json(tuple(roles)))
    assert repr(roles) == bundle(roles)["text/plain"]
    assert repr(Table(())) == "none"
    assert repr(Table([1, "two"])).splitlines()[2:] == ["1", "two"]


def test_a_long_table_is_paged() -> None:
    many = Table(rg.Role(f"https://example.org/{n}", f"Role {n}", "role") for n in range(1_000))
    shown = bundle(many)
    assert shown["text/plain"].endswith("… 980 more roles")
    assert Seen(shown["text/html"]).tags.count("details") == 2
    assert "780 more roles: ask for [220:]" in shown["text/html"]
    assert shown["text/plain"].splitlines()[0] == "role"  # nothing else is known of any


def test_tables_become_frames(values: dict[str, Any]) -> None:
    pytest.importorskip("pandas")
    for name, value in values.items():
        if isinstance(value, Table):
            assert len(value.to_pandas()) == len(value), name
    frame = values["transitions"].to_pandas()
    assert set(frame["kind"]) == {"curated", "stated"}
    assert frame["who says so"].str.contains("characters").any()
    assert frame["iri"].str.startswith("https://").all()
    assert values["reachable"].to_pandas()["steps"].tolist() == [
        r.steps for r in values["reachable"]
    ]


def test_a_table_without_values_keeps_its_columns(values: dict[str, Any], kg: rg.RoleGraph) -> None:
    pytest.importorskip("pandas")
    for name, value in values.items():  # the columns told are those of such values, in order
        if isinstance(value, Table) and value._of is not None:
            told = value._of._heads
            own = [c for c in value.to_pandas().columns if not c.endswith(" read as")]
            if value._of is not Near:  # one of its columns is called by the measure
                assert [c for c in told if c in own] == own, name
            assert list(value[:0].to_pandas().columns) == list(told), name
    last = "Delivery Director"
    for empty, columns in (
        (kg.reach(last), ["role", "steps", "new-skills"]),
        (kg.reachable(last), ["role", "steps", "cost", "via"]),
        (kg.search("qqqqqqq"), ["name", "kind", "source"]),
        (kg.requirements(last), ["skill", "strength", "hedge"]),
        (kg.transitions(last), ["from", "to", "type"]),
        (pickle.loads(pickle.dumps(kg.reach(last))), ["role", "steps", "new-skills"]),
    ):
        assert len(empty) == 0
        assert list(empty.to_pandas().columns)[: len(columns)] == columns


def test_a_picture_stands_at_the_top() -> None:
    class Line:
        alt = "a line\nfrom here to there"
        notebook_width = 333

        def svg(self, width: int = 0) -> str:
            return f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}'/>"

    class Drawn(Shown):
        def _page(self) -> Page:
            return Page((Para("words"),))

        def _picture(self) -> Line:
            return Line()

        @staticmethod
        def _picture_of(values: Any) -> Line:
            return Line()

    shown = bundle(Drawn())
    assert Seen(shown["text/html"]).tags[:3] == ["div", "div", "img"]
    assert 'width="333"' in shown["text/html"]
    assert shown["text/plain"] == "words"
    assert shown["text/markdown"] == "*a line*\n\nwords"
    assert "img" in Seen(bundle(Table([Drawn(), Drawn()]))["text/html"]).tags


def test_ipython_shows_it(values: dict[str, Any]) -> None:
    formatters = pytest.importorskip("IPython.core.formatters")
    data, _ = formatters.DisplayFormatter().format(values["Route"])
    assert data["text/plain"] == bundle(values["Route"])["text/plain"]
    assert data["text/html"].startswith("<div")


def test_pairs_are_shown(values: dict[str, Any]) -> None:
    assert isinstance(values["pair"], Pair)
    assert "skill by skill" in bundle(values["pair"])["text/html"]


def test_a_least_is_a_number_in_pandas(kg: rg.RoleGraph) -> None:
    pytest.importorskip("pandas")
    found = kg.reach(rg.Profile(role="Project Manager"))
    frame = found.to_pandas()
    assert frame["new-skills"].tolist() == [d.values["new-skills"] for d in found]
    said = ["at least" if d.untold else "" for d in found]
    assert frame["new-skills read as"].tolist() == said
    assert {"at least", ""} == set(said)
    columns = list(frame.columns)
    assert columns.index("new-skills read as") == columns.index("new-skills") + 1
    bridges = kg.bridges("Project Manager")
    assert bridges.to_pandas()["share of good routes"].tolist() == [
        round(b.share, 3) for b in bridges
    ]


def test_what_stands_for_much_is_short_in_a_terminal(kg: rg.RoleGraph) -> None:
    step = kg.route("Project Manager", "Delivery Director").steps[0]
    assert repr(step) == str(step)
    assert len(repr(kg.facts("Delivery Manager"))) < 100


def test_no_picture_is_said(kg: rg.RoleGraph, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no picture of a table of values such as 'Chief"):
        kg.roles().picture()
    with pytest.raises(ValueError, match="an empty table"):
        Table(()).picture()
    with pytest.raises(FileNotFoundError, match=r"no such folder.*missing"):
        kg.picture().save(tmp_path / "missing" / "map.svg")
    with pytest.raises(ValueError, match=r"for 'map.jpg'.*save it as \.svg, and let a browser"):
        kg.picture().save(tmp_path / "map.jpg")
    assert list(tmp_path.iterdir()) == []
    assert kg.picture().save(tmp_path / "map.svg").read_text(encoding="utf-8").startswith("<svg")


def test_one_of_a_thing_is_in_the_singular() -> None:
    made = {"roles": 1, "role families": 1, "promotions, inferred": 1,
            "occupations in a job zone": 1, "collections": 2, "stated": 1}  # fmt: skip
    assert counted(made) == (
        "1 role, 1 role family, 1 promotion, inferred, 1 occupation in a job zone, 2 collections, "
        "1 stated"
    )
    one = rg.load(ours=True).facts("Delivery Director")
    assert "1 demands" not in repr(one)
