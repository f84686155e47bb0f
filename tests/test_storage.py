"""Stores on disk: all or nothing, the same every time, and whole after any kill."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

import rolegraph as rg
from rolegraph.closure import INFERRED
from rolegraph.importing import import_source, remove_source
from rolegraph.resources import ontology_path
from rolegraph.storage import Storage
from tests.killing import framework

KILLS = (30, 30)
"""In each of several stores, which are maltreated at the same time."""


@pytest.fixture
def versions(tmp_path: Path) -> list[Path]:
    return [framework(tmp_path / f"v{n}", roles) for n, roles in ((1, 6), (2, 9))]


def quads(kg: rg.RoleGraph) -> set[str]:
    """Everything but blank nodes, which get new names with every reading."""
    return {str(q) for q in kg._store.raw if "_:" not in str(q)}


@pytest.fixture(scope="module")
def careers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the article and a small framework. Tests must not change it."""
    folder = tmp_path_factory.mktemp("careers")
    store = folder / "store"
    import_source("article", into=store)
    import_source("gdad", framework(folder / "v1", 6), into=store, version="1")
    return store


def test_a_store_holds_what_a_graph_in_memory_holds(tmp_path: Path) -> None:
    import_source("article", into=tmp_path / "s")
    on_disk = rg.open(tmp_path / "s")
    market, mappings = (ontology_path(f"{n}.ttl") for n in ("market", "mappings"))
    in_memory = rg.load(market, mappings, validate=False)
    names = {"/graph/market": "/graph/file.market", "/graph/mappings": "/graph/file.mappings"}
    found = quads(on_disk)
    for ours, theirs in names.items():
        found = {q.replace(f"{ours}>", f"{theirs}>") for q in found}
    assert found == quads(in_memory)
    assert len(found) > 20_000


def test_the_same_answers_as_in_memory(careers: Path, kg: rg.RoleGraph) -> None:
    disk = rg.open(careers)
    for a, b in (("Project Manager", "Delivery Director"),
                 ("Project Manager", "Chief Operations Officer"),
                 ("Delivery Manager", "Head of Delivery")):  # fmt: skip
        for cost in ("steps", "new-skills"):
            assert disk.route(a, b, cost=cost).to_dict() == kg.route(a, b, cost=cost).to_dict()
            assert [r.to_dict() for r in disk.routes(a, b, k=5, cost=cost)] == [
                r.to_dict() for r in kg.routes(a, b, k=5, cost=cost)
            ]
        assert str(disk.compare(a, b)) == str(kg.compare(a, b))
        assert str(disk.gap(a, b)) == str(kg.gap(a, b))
        assert disk.reachable(a) == kg.reachable(a)
    assert disk.transitions("Project Manager") == kg.transitions("Project Manager")
    claims = [c.iri for c in disk.claims("Leadership", inverse=True)]
    assert claims == [c.iri for c in kg.claims("Leadership", inverse=True)]


def test_every_question_is_answered_as_in_memory(careers: Path, kg: rg.RoleGraph) -> None:
    disk, differ = rg.open(careers), []
    for question in kg.questions():
        if list(disk.ask_question(question.name)) != list(kg.ask_question(question.name)):
            differ.append(question.name)
    # these list every role or every inferred promotion, and the framework brings some
    for name in differ:
        ours, theirs = (list(g.ask_question(name)) for g in (disk, kg))
        assert {tuple(r) for r in theirs} <= {tuple(r) for r in ours}, name
    assert len(differ) < 10


def test_the_order_of_imports_does_not_matter(versions: list[Path], tmp_path: Path) -> None:
    orders = []
    for n, order in enumerate((("article", "gdad"), ("gdad", "article"))):
        for kind in order:
            paths = (versions[0],) if kind == "gdad" else ()
            version = "1" if kind == "gdad" else None
            import_source(kind, *paths, into=tmp_path / str(n), version=version)
        orders.append(rg.open(tmp_path / str(n)))
    assert quads(orders[0]) == quads(orders[1])
    assert {s.name for s in orders[0].sources()} == {s.name for s in orders[1].sources()}


def test_importing_again_changes_nothing(versions: list[Path], tmp_path: Path) -> None:
    store = tmp_path / "s"
    first = import_source("gdad", versions[0], into=store, version="1")
    before = quads(rg.open(store))
    again = import_source("gdad", versions[0], into=store, version="1")
    assert (first.changed, again.changed) == (True, False)
    assert again.generation == first.generation
    assert "nothing changed" in str(again)
    assert quads(rg.open(store)) == before


def test_a_new_version_takes_the_place_of_the_old_one(versions: list[Path], tmp_path: Path) -> None:
    store, clean = tmp_path / "s", tmp_path / "clean"
    import_source("gdad", versions[0], into=store, version="1")
    done = import_source("gdad", versions[1], into=store, version="2")
    assert done.replaced == ("gdad-1",)
    import_source("gdad", versions[1], into=clean, version="2")
    assert quads(rg.open(store)) == quads(rg.open(clean))
    assert [s.name for s in rg.open(store).sources()] == ["rolegraph", "market", "gdad-2"]


def test_a_source_can_be_taken_out(careers: Path, tmp_path: Path) -> None:
    store = tmp_path / "s"
    shutil.copytree(careers, store)
    gone = remove_source("gdad", store)
    assert gone.name == "gdad-1"
    import_source("article", into=tmp_path / "clean")
    assert quads(rg.open(store)) == quads(rg.open(tmp_path / "clean"))
    with pytest.raises(rg.StoreError, match="no source 'gdad'; the store has rolegraph, market"):
        remove_source("gdad", store)


def test_a_source_whose_facts_were_inferred_before(tmp_path: Path) -> None:
    """What a new source asserts is no longer inferred, and comes back when the source goes."""
    file = tmp_path / "mine.ttl"
    file.write_text(
        "PREFIX rg: <https://w3id.org/rolegraph/ontology#>\n"
        "PREFIX role: <https://w3id.org/rolegraph/role/>\n"
        "role:project-manager rg:canTransitionTo role:delivery-manager .\n",
        encoding="utf-8",
    )
    store = tmp_path / "s"
    import_source("article", into=store)
    before = quads(rg.open(store))
    triple = ("<https://w3id.org/rolegraph/role/project-manager> <" + rg.RG.canTransitionTo
              + "> <https://w3id.org/rolegraph/role/delivery-manager>")  # fmt: skip
    inferred = {q for q in before if q.startswith(triple) and INFERRED in q}
    assert len(inferred) == 1
    import_source("rdf", file, into=store)
    assert not inferred & quads(rg.open(store))
    remove_source("mine", store)
    assert quads(rg.open(store)) == before


# --- what goes wrong


def test_killed_imports_leave_a_whole_store(tmp_path: Path, checkout: Path) -> None:
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}  # no threads to be lost in a fork
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.killing", str(tmp_path / str(seed)), str(kills),
             str(seed)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=checkout,
            env=environment,
        )
        for seed, kills in enumerate(KILLS, 7)
    ]  # fmt: skip
    total = 0
    for process in running:
        out, err = process.communicate(timeout=400)
        assert process.returncode == 0, err
        found = json.loads(out)
        print(found)
        total += found["kills"]
        assert found["wrong"] == []
        assert len(set(found["whole"])) == 2
        assert found["state"]["before"] >= 10
        assert found["end"] in found["whole"]  # and a next import works
        assert all(name.isdigit() for name in found["left"])  # what was half made is gone
    assert total >= 50


FULL = """
import resource, sys
from rolegraph.importing import import_source
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
try:
    import_source("gdad", sys.argv[1], into=sys.argv[2], version="2")
except OSError as error:
    print(type(error).__name__, error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limits of this kind there")
@pytest.mark.parametrize("limit", [2_000, 40_000, 400_000])
def test_a_full_disk_leaves_the_store(careers: Path, versions: list[Path], tmp_path: Path,
                                      limit: int) -> None:  # fmt: skip
    assert resource.RLIMIT_FSIZE
    store = tmp_path / "s"
    shutil.copytree(careers, store)
    before = quads(rg.open(store))
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(versions[1]), str(store), str(limit)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "StoreError" in done.stdout or done.returncode < 0, done
    assert quads(rg.open(store)) == before
    import_source("gdad", versions[1], into=store, version="2")
    assert "gdad-2" in {s.name for s in rg.open(store).sources()}


HOLD = """
import sys
from rolegraph.storage import Storage
with Storage(sys.argv[1]).writer("import of something large"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(careers: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(careers)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_writer_is_told_by_whom_the_store_is_locked(
    careers: Path, holder: subprocess.Popen[str]
) -> None:
    with pytest.raises(rg.StoreLockedError) as caught:
        import_source("article", into=careers)
    message = str(caught.value)
    assert f"process {holder.pid} on " in message
    assert "import of something large" in message
    assert len(rg.open(careers).route("Project Manager", "Delivery Director")) == 3  # reading goes
    holder.kill()
    holder.wait()
    assert import_source("article", into=careers).changed is False  # nobody holds it any more


def test_several_processes_read_at_once(careers: Path) -> None:
    code = (
        "import sys, rolegraph as rg\n"
        "kg = rg.open(sys.argv[1])\n"
        "print(len(kg.route('Project Manager', 'Delivery Director')), kg.search('deliv mgr')[0])\n"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(careers)], stdout=subprocess.PIPE,
                         text=True)
        for _ in range(4)
    ]  # fmt: skip
    assert {p.communicate()[0] for p in running} == {"3 Delivery Manager\n"}


def test_a_reader_keeps_what_it_opened(versions: list[Path], tmp_path: Path) -> None:
    store = tmp_path / "s"
    import_source("gdad", versions[0], into=store, version="1")
    reader = rg.open(store)
    import_source("gdad", versions[1], into=store, version="2")
    assert len(reader.roles()) == 24
    assert len(reader.route("Junior keeper 0", "Lead keeper 0")) == 3
    assert len(rg.open(store).roles()) == 36


def test_a_store_can_be_read_without_writing(careers: Path, tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    store = tmp_path / "s"
    shutil.copytree(careers, store)
    for path in [store, *store.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    kg = rg.open(store)
    assert len(kg.route("Project Manager", "Delivery Director")) == 3
    assert kg.similar("Junior keeper 0", k=1, measure="overlap")


@pytest.mark.parametrize(
    ("prepare", "message"),
    [
        (lambda p: None, "no rolegraph store; make one"),
        (lambda p: p.write_text("x"), "not a folder"),
        (lambda p: (p.mkdir(), (p / "thesis.doc").write_text("x")), "it holds 'thesis.doc'"),
        (lambda p: (p.mkdir(), (p / "CURRENT").write_text("000009\n")), "damaged"),
        (lambda p: (p.mkdir(), (p / "CURRENT").write_bytes(b"\xff\xfe")), "cannot be read"),
    ],
    ids=["missing", "file", "other", "dangling", "bytes"],
)
def test_what_is_no_store(tmp_path: Path, prepare: object, message: str) -> None:
    place = tmp_path / "careers"
    prepare(place)  # type: ignore[operator]
    with pytest.raises(rg.StoreError, match=message):
        rg.open(place)


def test_nothing_is_put_into_a_folder_of_other_things(tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_text("x", encoding="utf-8")
    with pytest.raises(rg.StoreError, match=r"thesis\.doc"):
        import_source("article", into=tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.doc"]


def test_a_store_of_a_later_format(careers: Path, tmp_path: Path) -> None:
    store = tmp_path / "s"
    shutil.copytree(careers, store)
    manifest = next((store / "generations").glob("*/manifest.json"))
    for manifest in (store / "generations").glob("*/manifest.json"):
        data = json.loads(manifest.read_text(encoding="utf-8"))
        manifest.write_text(json.dumps(data | {"format": 99}), encoding="utf-8")
    with pytest.raises(rg.StoreError, match="format 99"):
        rg.open(store)


@pytest.mark.parametrize("broken", ["db", "names.sqlite", "network", "manifest.json"])
def test_a_damaged_store_says_so(careers: Path, tmp_path: Path, broken: str) -> None:
    store = tmp_path / "s"
    shutil.copytree(careers, store)
    place = Storage(store).generation().path / broken
    if place.is_dir():
        shutil.rmtree(place)
    else:
        place.write_bytes(b"\x00" * 100)
    if broken == "network":  # can be made again, and is
        assert len(rg.open(store).route("Project Manager", "Delivery Director")) == 3
        return
    with pytest.raises(rg.RoleGraphError, match=r"damaged|cannot be opened|names\.sqlite"):
        rg.open(store).role("Project Manager")


def test_facts_are_kept_as_they_came(careers: Path) -> None:
    state = Storage(careers).generation()
    for source in state.sources:
        lines = set(state.facts(source))
        assert len(lines) == source.triples
        parsed = ox.parse(input=b"".join(lines), format=ox.RdfFormat.N_TRIPLES)
        assert sum(1 for _ in parsed) == source.triples


def test_a_store_does_not_take_updates(careers: Path) -> None:
    with pytest.raises(rg.QueryError, match="by imports only"):
        rg.open(careers).update("INSERT DATA { <urn:a> <urn:b> <urn:c> }")


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (("nonsense", "x"), ValueError, "no kind of source 'nonsense'; known are esco, onet"),
        (("esco",), ValueError, "name the files"),
        (("esco", "nowhere.zip"), rg.DataError, "nowhere.zip: no such file"),
    ],
)
def test_wrong_calls(
    tmp_path: Path, arguments: tuple[str, ...], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        import_source(*arguments, into=tmp_path / "s")
    assert not (tmp_path / "s").exists()


def test_an_import_that_fails_leaves_no_folder(versions: list[Path], tmp_path: Path) -> None:
    store = tmp_path / "s"
    with pytest.raises(ValueError, match="no option 'encoding' for gdad; known are none"):
        import_source("gdad", versions[0], into=store, encoding="cp1252")
    assert not store.exists()
    table = tmp_path / "mappings.csv"
    table.write_text(
        "subject,relation,object\nrole:project-manager,closeMatch,urn:nobody\n", encoding="utf-8"
    )
    with pytest.raises(rg.DataError, match=r"not one row could be taken \(dangling reference"):
        import_source("crosswalk", table, into=store)
    assert not store.exists()
    # one that was there stays
    import_source("gdad", versions[0], into=store, version="1")
    before = quads(rg.open(store))
    with pytest.raises(rg.DataError, match="not one row"):
        import_source("crosswalk", table, into=store)
    assert quads(rg.open(store)) == before


def test_no_route_between_sources_says_why(careers: Path) -> None:
    kg = rg.open(careers)
    with pytest.raises(rg.NoRouteError, match=r"of gdad-1 are parted unless mappings are crossed"):
        kg.route("Project Manager", "Junior keeper 0")
    with pytest.raises(rg.NoRouteError) as caught:
        kg.route("Delivery Director", "Project Manager")
    assert "mappings" not in str(caught.value)


def test_a_graph_in_memory_has_sources_too(tmp_path: Path) -> None:
    own = tmp_path / "mine.ttl"
    own.write_text("<urn:a> <urn:b> 1, 2 .", "utf-8")
    found = {s.name: s for s in rg.load(own, validate=False).sources()}
    assert list(found) == ["rolegraph", "article", "curated", "file.mine"]
    assert (found["article"].kind, found["article"].title) == (
        "stated", "rolegraph: what the article states"
    )  # fmt: skip
    mine = found["file.mine"]
    assert (mine.triples, mine.licence, mine.kind) == (2, "not stated", "as each claim says")
    import_source("article", into=tmp_path / "store")
    for stored in rg.open(tmp_path / "store").sources():
        if (loaded := found.get(stored.name)) is not None:
            for name in ("title", "licence", "attribution", "kind", "triples"):
                assert getattr(loaded, name) == getattr(stored, name)
