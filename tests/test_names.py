"""The index of names in a file: the same answers as in memory, from a store or from concepts."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rolegraph as rg
from rolegraph import catalogue, names
from rolegraph import ntriples as nt
from rolegraph.errors import AmbiguousLabelError, DataError, NotFoundError
from rolegraph.lookup import (
    ALTERNATIVE,
    FOREIGN,
    HIDDEN,
    KINDS,
    LABEL,
    SKILL_KINDS,
    Index,
    Lookup,
    Name,
)
from rolegraph.names import Entry, NameIndex, SearchUnavailableError, build, write
from rolegraph.resources import ontology_path
from rolegraph.store import OxigraphStore, graph_name
from rolegraph.values import Certification, Concept, Responsibility, Role, Skill
from rolegraph.vocab import PREFIXES, RDFS, RG, SKOS

MANY = settings(max_examples=120, deadline=None, derandomize=True, database=None)
TYPES: tuple[type[Concept], ...] = (Role, Skill, Responsibility, Certification, Concept)


def entry(concept: Concept, hidden: Sequence[str] = ()) -> Entry:
    own = {concept.label: Name(concept.label, LABEL)}
    for rank, texts in ((ALTERNATIVE, concept.alt_labels), (HIDDEN, hidden)):
        for text in texts:
            own.setdefault(text, Name(text, rank))
    return Entry(concept, tuple(own.values()))


def both(path: Path, entries: Sequence[Entry]) -> tuple[Index, NameIndex]:
    assert write(path, entries) == len(entries)
    named = {e.concept.iri: e.names for e in entries}
    return Index.of((e.concept for e in entries), named), NameIndex.open(path)


def outcome(index: Lookup, name: str, kind: type[Concept] = Concept) -> object:
    """What a name finds, or the error with all that it says but suggestions."""
    try:
        return repr(index.find(name, kind))
    except (AmbiguousLabelError, NotFoundError) as error:
        told = error.candidates if isinstance(error, AmbiguousLabelError) else ()
        return type(error).__name__, error.name, told


# --- the graph that ships


@pytest.fixture(scope="module")
def shipped(kg: rg.RoleGraph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NameIndex]:
    path = tmp_path_factory.mktemp("names") / "names.db"
    assert isinstance(kg.engine, OxigraphStore)
    assert build(path, kg.engine, {}) == len(kg.index.by_iri)
    with NameIndex.open(path) as index:
        yield index


def test_what_is_read_is_what_the_catalogue_reads(kg: rg.RoleGraph, shipped: NameIndex) -> None:
    def full(c: Concept) -> object:
        own = {
            name: getattr(c, name) for t in type(c).__mro__ for name in getattr(t, "__slots__", ())
        }
        return type(c), own

    memory = catalogue.read_index(kg.engine).by_iri
    assert list(shipped.by_iri) == list(memory)
    assert [full(c) for c in shipped.by_iri.values()] == [full(c) for c in memory.values()]


def test_the_shipped_graph_is_searched_alike(kg: rg.RoleGraph, shipped: NameIndex) -> None:
    texts = [n for c in kg.index.by_iri.values() for n in (c.label, *c.alt_labels)][::5]
    for text in (*texts, "risk", "RISK", "a", "e", "project mgr", "cheif oper", "xyzzy", "PM"):
        for kind, limit in ((Concept, 20), (Role, 3), (Skill, 50)):
            want = [c.iri for c in kg.index.search(text, kind, limit)]
            assert [c.iri for c in shipped.search(text, kind, limit)] == want, text
        assert outcome(shipped, text) == outcome(kg.index, text)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Projct Manager", "Project Manager"),
        ("Delivry Director", "Delivery Director"),
        ("senior project manger", "Senior Project Manager"),
        ("PRINCE 2", "PRINCE2"),
        ("ITLI", "ITIL"),
        ("Comunication", "Communication"),
    ],
)
def test_near_names_are_suggested_from_the_file(
    kg: rg.RoleGraph, shipped: NameIndex, name: str, label: str
) -> None:
    with pytest.raises(NotFoundError) as caught:
        shipped.find(name)
    assert caught.value.suggestions[0] == label == kg.index.suggest(name)[0]
    assert f"did you mean {label!r}" in str(caught.value)


def test_kinds_are_those_of_the_model() -> None:
    assert [k for k in KINDS if k in catalogue._KINDS] == list(catalogue._KINDS)
    assert set(catalogue._SKILL_KINDS) == set(SKILL_KINDS)
    store = OxigraphStore()
    for name in ("rolegraph", "market"):
        store.load_file(ontology_path(f"{name}.ttl"), graph_name(name))
    rows = store.raw.query(
        "SELECT ?l { ?k rdfs:subClassOf* rg:WorkConcept ; rdfs:label ?l }", prefixes=PREFIXES
    )
    labels = {row[0].value for row in rows}  # type: ignore[union-attr]
    assert set(KINDS) <= labels


# --- a small market of several sources and languages

ESCO, ONET = PREFIXES["esco-occupation"], PREFIXES["onet"]
SOURCES = {graph_name("esco-1.1.1"): "esco-1.1.1", graph_name("onet-29.2"): "onet-29.2"}


def facts(*things: tuple[str, Sequence[str], dict[str, Sequence[str]]]) -> bytes:
    lines = []
    for iri, classes, labels in things:
        lines += [f"{nt.iri(iri)} {nt.A} <{RG.NS}{c}> ." for c in (*classes, "WorkConcept")]
        for prop, texts in labels.items():
            for t in texts:
                text, _, lang = t.partition("@")
                lines.append(f"{nt.iri(iri)} <{SKOS}{prop}> {nt.text(text, lang or None)} .")
    return "\n".join(lines).encode()


def store_of(graphs: dict[str, bytes]) -> OxigraphStore:
    import pyoxigraph as ox

    store = OxigraphStore()
    model = "".join(
        f"<{RG.NS}{cls}> <{RDFS}subClassOf> <{RG.WorkConcept}> ; <{RDFS}label> {label!r}@en .\n"
        for cls, label in (
            ("Role", "role"), ("Occupation", "occupation"), ("Skill", "skill"),
            ("SkillGroup", "skill group"), ("JobZone", "job zone"),
        )
    )  # fmt: skip
    store.raw.load(model.encode(), format=ox.RdfFormat.TURTLE)
    for graph, data in graphs.items():
        for to in (ox.NamedNode(graph), ox.DefaultGraph()):
            store.raw.load(data, format=ox.RdfFormat.N_TRIPLES, to_graph=to)
    return store


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NameIndex]:
    role = ("Occupation", "Role")
    esco = facts(
        (ESCO + "pm", role, {
            "prefLabel": ["Projektmanagerin@de", "project manager@en", "chef de projet@fr"],
            "altLabel": ["project lead@en", "project manager@en"], "hiddenLabel": ["projman@en"],
        }),
        (ESCO + "x", role, {"prefLabel": ["Zimmerer@de", "charpentier@fr"]}),
        (ESCO + "sg", ("SkillGroup",), {"prefLabel": ["managing@en"]}),
        (ESCO + "nameless", role, {"altLabel": ["ghost@en"]}),
    )  # fmt: skip
    onet = facts(
        (ONET + "11-1.00", role, {"prefLabel": ["Construction Managers@en"],
                                  "altLabel": ["Project Manager@en", "Boss@en"]}),
        (ONET + "11-2.00", role, {"prefLabel": ["Project Management Specialists@en"],
                                  "altLabel": ["Project Manager@en"], "hiddenLabel": ["boss@en"]}),
        (ONET + "z1", ("JobZone",), {"prefLabel": ["Zone one@en"]}),
    )  # fmt: skip
    ours = facts((PREFIXES["role"] + "pm", ("Role",), {"prefLabel": ["Project Manager"]}))
    graphs = dict(zip((*SOURCES, graph_name("article")), (esco, onet, ours), strict=True))
    path = tmp_path_factory.mktemp("market") / "names.db"
    assert build(path, store_of(graphs), SOURCES) == 7
    with NameIndex.open(path) as index:
        yield index


def test_labels_are_english_or_the_first_language(market: NameIndex) -> None:
    pm = market.by_iri[ESCO + "pm"]
    assert isinstance(pm, Role)
    assert (pm.label, pm.kind, pm.source) == ("project manager", "role", "esco-1.1.1")
    # the label itself is no other label, and hidden ones are not shown
    assert pm.alt_labels == ("Projektmanagerin", "chef de projet", "project lead")
    assert market.by_iri[ESCO + "x"].label == "Zimmerer"
    assert market.by_iri[PREFIXES["role"] + "pm"].source is None
    assert {c.label: c.kind for c in market.all(Concept) if c.kind != "role"} == {
        "managing": "skill group",
        "Zone one": "job zone",
    }
    assert ESCO + "nameless" not in market.by_iri
    assert market.by_iri.get("urn:nothing") is None
    with pytest.raises(KeyError):
        market.by_iri["urn:nothing"]


def test_counts_and_kinds(market: NameIndex) -> None:
    assert (market.count(), market.count(Role), market.count(Skill)) == (7, 5, 0)
    roles = market.all(Role)
    assert [r.label for r in roles] == sorted(r.label for r in roles)
    assert len(market.all(Concept)) == len(market.by_iri) == 7
    assert market.sources() == {"esco-1.1.1", "onet-29.2"}


def test_a_source_settles_a_shared_label(market: NameIndex) -> None:
    assert market.find("esco:project manager").iri == ESCO + "pm"
    assert market.find("esco-1.1.1: Project Manager").iri == ESCO + "pm"
    assert market.find("ESCO:projman").iri == ESCO + "pm"
    assert market.find("onet:11-1.00").label == "Construction Managers"  # a CURIE is a CURIE
    assert market.find("onet:Boss").iri == ONET + "11-1.00"
    # "onet:boss" is a CURIE that names nothing, and then a label folded before a hidden one
    assert market.find("onet:boss").iri == ONET + "11-1.00"
    assert market.find("Project Manager").iri == PREFIXES["role"] + "pm"
    with pytest.raises(AmbiguousLabelError) as caught:
        market.find("onet:project manager")
    assert caught.value.candidates == (
        "Construction Managers (onet-29.2; onet:11-1.00)",
        "Project Management Specialists (onet-29.2; onet:11-2.00)",
    )
    with pytest.raises(AmbiguousLabelError) as caught:
        market.find("PROJECT MANAGER")
    assert caught.value.candidates == (
        "Project Manager (role:pm)",
        "project manager (esco-1.1.1; esco-occupation:pm)",
    )
    with pytest.raises(NotFoundError) as missed:
        market.find("esco:projct manager")
    assert missed.value.suggestions[0] == "esco:project manager"
    assert market.find(missed.value.suggestions[0]).iri == ESCO + "pm"
    for name in ("gdad:project manager", "esco:", ":project manager", "esco:Construction Managers"):
        with pytest.raises(NotFoundError):
            market.find(name)


def test_hidden_labels_are_found_last(market: NameIndex) -> None:
    assert market.find("projman").iri == ESCO + "pm"
    assert market.find("boss").iri == ONET + "11-1.00"  # not the hidden "boss", spelt exactly so
    assert [c.iri for c in market.search("boss")][:2] == [ONET + "11-1.00", ONET + "11-2.00"]


def test_a_language_is_preferred_and_leaves_nothing_out(tmp_path: Path) -> None:
    entries = [
        Entry(Role("urn:1", "chef"), (Name("chef", LABEL, ("en",)), Name("cook", ALTERNATIVE))),
        Entry(
            Role("urn:2", "head"),
            (Name("head", LABEL, ("en",)), Name("Chef", FOREIGN, ("de-at",))),
        ),
        Entry(Role("urn:3", "chefs"), (Name("chefs", LABEL, ("en",)),)),
    ]  # fmt: skip
    for index in both(tmp_path / "names.db", entries):
        assert [c.iri for c in index.search("chef")] == ["urn:1", "urn:2", "urn:3"]
        assert [c.iri for c in index.search("chef", lang="de")] == ["urn:2", "urn:1", "urn:3"]
        assert [c.iri for c in index.search("CHEF", lang="DE-AT")] == ["urn:2", "urn:1", "urn:3"]


# --- any concepts, any text

WEIRD = (
    "project manager", "Project Manager", "project mgr", "manager", "senior developer",
    "dévelopeur", "AND", "OR NOT", "NEAR(a b)", '"', '""', "*", "proj*", "-a", "a:b",
    "esco:lead", "'; --", "(", "^", "", " ", "C++", "c#", "🙂", "İstanbul", "straße", "STRASSE",
    "日本", "sr", "a", "K", "%_", "lead\x00er", "ﬁnance", "e\u0301t\u00e9", "x" * 300,
    "head of it", "projectmanager", "anage", "roject", "prjoect mnager", "snr", "vel", "mnr",
)  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(WEIRD),
    st.text(max_size=10),
    st.text("aemnrgst *\"-:'", max_size=12),
)
SOURCE = st.sampled_from([None, "esco-1.1.1", "onet-29.2", "my-own"])
LANGS = st.sampled_from([(), ("en",), ("de",), ("de", "fr")])


@st.composite
def some_entries(draw: st.DrawFn) -> list[Entry]:
    out = []
    for i in range(draw(st.integers(0, 7))):
        cls = draw(st.sampled_from(TYPES))
        label, *more = draw(st.lists(TEXTS, min_size=1, max_size=4, unique=True))
        own = [Name(label, LABEL, draw(LANGS))]
        own += [
            Name(t, draw(st.sampled_from((FOREIGN, ALTERNATIVE, HIDDEN))), draw(LANGS))
            for t in more
        ]
        alts = tuple(sorted(n.text for n in own if n.rank in (FOREIGN, ALTERNATIVE)))
        out.append(Entry(cls(f"urn:{i}", label, "k", alts, source=draw(SOURCE)), tuple(own)))
    return out


@MANY
@given(st.data())
def test_memory_and_file_agree(data: st.DataObject) -> None:
    entries = data.draw(some_entries())
    asked = data.draw(st.lists(TEXTS, max_size=6))
    asked += [f"{key}:{text}" for key in ("esco", "my") for text in asked[:2]]
    asked += [n.text for e in entries for n in e.names]
    with tempfile.TemporaryDirectory() as folder:
        memory, file = both(Path(folder) / "names.db", entries)
        with file:
            assert list(file.by_iri.items()) == list(memory.by_iri.items())
            for kind in TYPES:
                assert file.all(kind) == memory.all(kind)
                assert file.count(kind) == memory.count(kind) == len(file.all(kind))
            kind, limit = data.draw(st.sampled_from(TYPES)), data.draw(st.integers(1, 9))
            lang = data.draw(st.sampled_from([None, "de", "en", "xx"]))
            for text in asked:
                want = outcome(memory, text, kind)
                assert outcome(file, text, kind) == want
                found = memory.search(text, kind, limit, lang)
                assert file.search(text, kind, limit, lang) == found
                assert found == memory.search(text, kind, 9, lang)[:limit]
                assert len({c.iri for c in found}) == len(found)
                assert all(isinstance(c, kind) for c in found)


@MANY
@given(st.text(max_size=30) | st.text(st.characters(), max_size=6), st.sampled_from(TYPES))
def test_no_text_breaks_a_search(market: NameIndex, text: str, kind: type[Concept]) -> None:
    for lang in (None, "de"):
        assert all(isinstance(c, kind) for c in market.search(text, kind, lang=lang))
    assert isinstance(market.suggest(text), tuple)
    outcome(market, text, kind)


@pytest.mark.parametrize(
    "text", ["\ud800", "manager\udfff", "a" * 100_000, "project " * 5_000, "\x00"]
)
def test_no_extreme_text_breaks_a_search(market: NameIndex, text: str) -> None:
    market.search(text)
    with pytest.raises(NotFoundError):
        market.find(text)
    assert text not in market.by_iri


# --- what a search is expected to find

LABELS = (
    "project manager", "project manager assistant", "ICT project manager", "projection mapper",
    "senior developer", "server developer", "chief operating officer", "chief operators of boats",
    "web developer", "registered nurse", "nursery manager", "Projektmanager", "data analyst",
    "front-end developer", "director of delivery", "merger specialist",
)  # fmt: skip


@pytest.fixture(params=["memory", "file"])
def labels(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Lookup]:
    memory, file = both(tmp_path / "n", [entry(Role(f"urn:{i}", x)) for i, x in enumerate(LABELS)])
    with file:
        yield memory if request.param == "memory" else file


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("project mgr", "project manager"),
        ("Project MGR.", "project manager"),
        ("projct managr", "project manager"),
        ("prjct mngr", "project manager"),
        ("manager project", "project manager"),
        ("sr devloper", "senior developer"),
        ("snr dev", "senior developer"),
        ("chief oper", "chief operating officer"),
        ("chief oper off", "chief operating officer"),
        ("nurse registered", "registered nurse"),
        ("front end dev", "front-end developer"),
        ("manager", "nursery manager"),
        ("ktmana", "Projektmanager"),
        ("delivery director", "director of delivery"),
        ("anaylst", "data analyst"),
        ("agile project manager", "project manager"),
        ("projectmanager", "project manager"),
        ("registered nurseassistantx", "registered nurse"),
    ],
)
def test_search_expectations(labels: Lookup, text: str, first: str) -> None:
    assert labels.search(text)[0].label == first


def test_parts_and_slips_of_labels_are_answered_alike(tmp_path: Path) -> None:
    memory, file = both(tmp_path / "n", [entry(Role(f"urn:{i}", x)) for i, x in enumerate(LABELS)])
    with file:
        for label in LABELS:
            for at in range(len(label) - 5):
                part = label[at : at + 5]
                for text in (part, part[::-1], label[:at] + label[at + 1 :], part[::2], "x" + part):
                    assert file.search(text) == memory.search(text), text


def test_preferred_before_other_and_roles_before_skills(tmp_path: Path) -> None:
    entries = [
        entry(Skill("urn:s", "testing")),
        entry(Concept("urn:c", "testing")),
        entry(Role("urn:r", "testing")),
        entry(Role("urn:a", "checking", alt_labels=("testing",))),
        entry(Role("urn:h", "assaying"), hidden=("testing",)),
    ]
    for index in both(tmp_path / "n", entries):
        found = [c.iri for c in index.search("testing")]
        assert found == ["urn:r", "urn:s", "urn:c", "urn:a", "urn:h"]


# --- the file


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "what? 100%#.db"
    write(path, [entry(Role("urn:1", "old"))])
    with NameIndex.open(path) as before:

        def broken() -> Iterator[Entry]:
            yield entry(Role("urn:2", "new"))
            raise OSError("the disk is gone")

        with pytest.raises(OSError, match="disk is gone"):
            write(path, broken())
        with NameIndex.open(path) as same:
            assert same.find("old").iri == "urn:1"
        with pytest.raises(sqlite3.IntegrityError):  # the same IRI twice, found late
            write(path, [entry(Role("urn:2", "a")), entry(Role("urn:2", "b"))])
        assert list(tmp_path.iterdir()) == [path]
        (tmp_path / f".{path.name}.new").write_text("left by a build that was killed")
        write(path, [entry(Role("urn:2", "new"))])
        assert list(tmp_path.iterdir()) == [path]
        assert before.find("old").iri == "urn:1"  # who had it open keeps what he opened
        with NameIndex.open(path) as after:
            assert after.find("new").iri == "urn:2"


def test_the_same_concepts_make_the_same_file(tmp_path: Path) -> None:
    entries = [entry(Role(f"urn:{i}", x)) for i, x in enumerate(LABELS)]
    write(tmp_path / "a", entries)
    write(tmp_path / "b", entries[::-1])
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_what_is_no_index_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none: no index of names there; build it anew"):
        NameIndex.open(tmp_path / "none")
    text, other, old = (tmp_path / n for n in ("text", "other", "old"))
    text.write_text("not a database at all, but long enough to look at" * 20)
    with pytest.raises(DataError, match="text: not an index of names"):
        NameIndex.open(text)
    for path, pragma in ((other, "user_version = 3"), (old, "user_version = 0")):
        write(path, [])
        db = sqlite3.connect(path)
        db.execute("PRAGMA application_id = 7") if path == other else None
        db.execute(f"PRAGMA {pragma}")
        db.commit()
        db.close()
    with pytest.raises(DataError, match="other: not an index of names"):
        NameIndex.open(other)
    with pytest.raises(DataError, match="old: an index of names of form 0"):
        NameIndex.open(old)


def test_a_closed_index_says_so(tmp_path: Path) -> None:
    write(tmp_path / "n", [entry(Role("urn:1", "x"))])
    index = NameIndex.open(tmp_path / "n")
    index.close()
    index.close()
    with pytest.raises(DataError, match="was closed"):
        index.find("x")


def test_sqlite_without_search_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # the message of an SQLite that lacks a tokenizer is had by asking for one that is none
    monkeypatch.setattr(names, "_TRIGRAMS", "tetragram")
    for call in (lambda: write(tmp_path / "n", []), lambda: NameIndex.open(tmp_path / "n")):
        with pytest.raises(SearchUnavailableError, match=r"SQLite 3\.34 or newer.*tetragram"):
            call()
    assert list(tmp_path.iterdir()) == []


def test_threads_share_an_index(market: NameIndex) -> None:
    texts = ["project mgr", "boss", "zimmer", "constr", "manager", "projman"] * 20
    want = [market.search(t) for t in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(market.search, texts)) == want
        assert len(set(pool.map(lambda _: market.by_iri[ESCO + "pm"].label, texts))) == 1


def test_processes_read_at_once(market: NameIndex) -> None:
    code = (
        "import sys; from pathlib import Path; from rolegraph.names import NameIndex\n"
        "i = NameIndex.open(Path(sys.argv[1])); print(i.search('project mgr')[0].iri)"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(market.path)], stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    assert {p.communicate()[0].strip() for p in started} == {market.search("project mgr")[0].iri}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_child_reads_by_itself(market: NameIndex) -> None:
    want = market.search("project mgr")[0].iri
    code = (
        "import os, sys; from pathlib import Path; from rolegraph.names import NameIndex\n"
        "i = NameIndex.open(Path(sys.argv[1])); before = i._db\n"
        "if not os.fork():\n"
        "    ok = i.search('project mgr')[0].iri == sys.argv[2] and i._db is not before\n"
        "    os._exit(0 if ok else 1)\n"
        "sys.exit(os.waitstatus_to_exitcode(os.wait()[1]))"
    )
    subprocess.run([sys.executable, "-c", code, str(market.path), want], check=True)


def test_importing_the_library_is_light() -> None:
    code = "import sys, rolegraph.names; sys.exit('sqlite3' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
