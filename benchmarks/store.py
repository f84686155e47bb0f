"""Whole labour markets on disk: rolegraph beside bare pyoxigraph, rdflib and owlready2, in one run.

    python benchmarks/store.py DATA [--quick] [--store STORE] [--only import,reopen,queries,sources]

DATA is the folder that holds ``esco-1.1.1``, ``onet-29.2``, ``uk-gdad`` and ``crosswalk``. Prints
Markdown tables. Ratios are ours to the peer's: below 1, ours is faster. Whatever is measured with
its memory runs in a process of its own, and its peak is what the system says of that process.
``--quick`` takes GDaD in ESCO's place. ``--store`` names a store that has everything already; what
only needs one is then asked of it, and O*NET, the crosswalk and suggestions are not imported. It
is opened for reading; nothing is written there.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

# Heavy imports are inside functions: a child's peak starts at what its parent weighed

PARTS = ("import", "reopen", "queries", "sources")
PEERS = ("pyoxigraph", "rdflib", "owlready2", "networkx", "scipy", "numpy")
FOLDERS = {"esco": "esco-1.1.1", "onet": "onet-29.2", "gdad": "uk-gdad", "crosswalk": "crosswalk"}
PROVENANCE = ("hasEvidence", "hasEvidenceKind", "sourceRow")
RG = "https://w3id.org/rolegraph/ontology#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
GRAPH = "https://w3id.org/rolegraph/graph/"
PART_ROLES = 75  # of ESCO; about 100,000 triples with their claims, skills and groups
CLOSURE_ROLES = 300
SUGGESTED = 20  # transitions for each role at most
SLOWEST = 60.0  # seconds a single peer's query may take before it is left out


@dataclass(frozen=True)
class Subject:
    """What is imported and asked about."""

    kind: str
    graph: str
    role: str  # label of a role
    other: str
    claims: str  # what IRIs of its claims begin with


ESCO = Subject(
    "esco", GRAPH + "esco-1.1.1", "project manager", "chief operating officer",
    "https://w3id.org/rolegraph/esco/requirement/",
)  # fmt: skip
GDAD = Subject(
    "gdad", GRAPH + "gdad", "Associate delivery manager", "Head of (Agile) delivery management",
    "https://w3id.org/rolegraph/gdad/requirement/",
)  # fmt: skip

QUERIES = {
    "everything about a label": "SELECT ?r ?p ?o { ?r skos:prefLabel ?name ; ?p ?o }",
    "skills of a role, with strength": """
        SELECT ?skill ?label ?strength {
          ?q rg:isRequirementOf ?a ; rg:requiredSkill ?skill .
          ?skill skos:prefLabel ?label
          OPTIONAL { ?q rg:hasStrength ?strength }
        } ORDER BY ?strength ?label""",
    "skills two roles share": """
        SELECT DISTINCT ?skill ?label {
          ?x rg:isRequirementOf ?a ; rg:requiredSkill ?skill .
          ?y rg:isRequirementOf ?b ; rg:requiredSkill ?skill .
          ?skill skos:prefLabel ?label
        }""",
    "gap between two (NOT EXISTS)": """
        SELECT ?skill ?label {
          ?x rg:isRequirementOf ?b ; rg:requiredSkill ?skill . ?skill skos:prefLabel ?label
          FILTER NOT EXISTS { ?y rg:isRequirementOf ?a ; rg:requiredSkill ?skill }
        }""",
    "ten roles that share the most": """
        SELECT ?role (COUNT(DISTINCT ?skill) AS ?n) {
          ?x rg:isRequirementOf ?a ; rg:requiredSkill ?skill .
          ?y rg:requiredSkill ?skill ; rg:isRequirementOf ?role
          FILTER(?role != ?a)
        } GROUP BY ?role ORDER BY DESC(?n) ?role LIMIT 10""",
    "groups above, a path": """
        SELECT ?up ?label { ?a rg:inGroup/rg:broader* ?up . ?up skos:prefLabel ?label }""",
    "a role's skills by group, counted": """
        SELECT ?group (COUNT(DISTINCT ?skill) AS ?n) {
          ?q rg:isRequirementOf ?a ; rg:requiredSkill ?skill . ?skill rg:inGroup ?group
        } GROUP BY ?group ORDER BY DESC(?n) ?group""",
    "all roles and other labels (OPTIONAL)": """
        SELECT ?r ?label ?also {
          ?r a rg:Role ; skos:prefLabel ?label FILTER(lang(?label) = "en")
          OPTIONAL { ?r skos:altLabel ?also FILTER(lang(?also) = "en") }
        }""",
    "file and row of each claim": """
        SELECT ?skill ?file ?row {
          ?q rg:isRequirementOf ?a ; rg:requiredSkill ?skill ; rg:hasEvidence ?file ;
             rg:sourceRow ?row
        } ORDER BY ?row""",
    "what one source says (GRAPH)": """
        SELECT ?q ?p ?o { GRAPH ?g { ?q rg:isRequirementOf ?a ; ?p ?o } }""",
}
SMALL = ("rolegraph", "article", "curated")  # the small ontology, which rdflib parses
FIRST = """SELECT ?skill { ?role skos:prefLabel "%s"@en . ?q rg:isRequirementOf ?role ;
    rg:requiredSkill/skos:prefLabel ?skill }"""


# --- one measured piece of work for each process


def peak() -> float:
    """Peak memory of this process in MB."""
    # Linux counts the parent's memory before exec into ru_maxrss, but not into this
    with contextlib.suppress(OSError):
        found = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())
        if found:
            return int(found[1]) / 1e3
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


class Stages:
    """Seconds for each stage that an import tells of."""

    def __init__(self) -> None:
        self.taken: dict[str, float] = {}
        self._stage, self._since = "starting", time.perf_counter()

    def __call__(self, stage: str, done: int, total: int | None = None) -> None:
        if stage != self._stage:
            now = time.perf_counter()
            self.taken[self._stage] = self.taken.get(self._stage, 0) + now - self._since
            self._stage, self._since = stage, now

    def close(self) -> dict[str, float]:
        self("", 0)
        return self.taken


def task_import(kind: str, paths: list[str], into: str) -> dict[str, Any]:
    import rolegraph as rg

    stages, start = Stages(), time.perf_counter()
    done = rg.import_source(kind, *paths, into=into, progress=stages)
    took = time.perf_counter() - start
    return {"seconds": took, "stages": stages.close(), "quads": done.quads,
            "inferred": done.inferred, "made": sum(s.triples for s in done.sources)}  # fmt: skip


def task_derive(store: str, source: str) -> dict[str, Any]:
    import rolegraph as rg

    kg, stages, start = rg.open(store), Stages(), time.perf_counter()
    done = kg.derive_transitions(source=source, k=SUGGESTED, progress=stages)
    took = time.perf_counter() - start
    return {"seconds": took, "stages": stages.close(), "quads": done.quads,
            "inferred": done.inferred, "made": sum(s.triples for s in done.sources)}  # fmt: skip


def task_ends(db: str, subject: Sequence[str]) -> dict[str, Any]:
    import pyoxigraph as ox

    raw = ox.Store.read_only(db)
    terms = terms_of(raw, Subject(*subject), lambda n: ox.Literal(n, language="en"))
    return {"a": terms["a"].value, "b": terms["b"].value}


def task_nothing() -> dict[str, Any]:
    import pyoxigraph  # noqa: F401

    import rolegraph

    _ = rolegraph.open, rolegraph.import_source
    return {}


def task_dump(store: str, quads: str, asserted: str) -> dict[str, Any]:
    """Write what an import handed to the loader, in that order; and what is asserted, once."""
    from rolegraph import storage
    from rolegraph.fixpoint import Facts

    state = storage.Storage(store).generation()
    facts = Facts(storage._rules(state.path, state.sources))
    with Path(quads).open("wb") as out, Path(asserted).open("wb") as once:
        for s in state.sources:
            facts.read(state.facts(s))
            out.writelines(storage._twice(state.facts(s), s.graph))
            once.writelines(state.facts(s))
        tables = storage._old_closure(state, facts)
        assert tables is not None
        out.writelines(storage._inferred_lines(facts, tables))
    return {}


def task_bulk(path: str, into: str) -> dict[str, Any]:
    import pyoxigraph as ox

    form = ox.RdfFormat.N_QUADS if path.endswith(".nq") else ox.RdfFormat.N_TRIPLES
    start = time.perf_counter()
    store = ox.Store(into)
    store.bulk_load(path=path, format=form)
    store.flush()
    took = time.perf_counter() - start
    return {"seconds": took, "quads": len(store)}


def task_provenance(store: str, graph: str, claims: str) -> dict[str, Any]:
    """Count triples of a source with and without provenance, and without the links at all.

    What provenance entails is what is not inferred when it is left out.
    """
    from rolegraph import storage
    from rolegraph.fixpoint import Facts, fixpoint

    state = storage.Storage(store).generation()
    rules = storage._rules(state.path, state.sources)
    begins = f"<{claims}".encode()
    drops = [f" <{RG}{p}> ".encode() for p in PROVENANCE]

    def whole(line: bytes) -> bool:
        return True

    def bare(line: bytes) -> bool:
        return not (line.startswith(begins) and any(p in line for p in drops))

    def none(line: bytes) -> bool:
        return not line.startswith(begins)

    out: dict[str, Any] = {}
    for name, keep in (("all", whole), ("bare", bare), ("none", none)):
        facts, asserted, links = Facts(rules), 0, 0
        ending = f" <{RG}requiredSkill> ".encode()
        for s in state.sources:
            lines = list(filter(keep, state.facts(s)))
            links += sum(ending in x for x in lines) if s.graph == graph else 0
            asserted += len(lines)
            facts.read(iter(lines))
        start = time.perf_counter()
        out[name] = [links, asserted, len(fixpoint(facts, rules)), time.perf_counter() - start]
    return out


def pasted(query: str, terms: Mapping[str, str]) -> str:
    for name, term in terms.items():
        query = re.sub(rf"\?{name}\b", lambda _, t=term: t, query)  # type: ignore[misc]
    return query


def used(query: str) -> dict[str, str]:
    """Give the prefixes that stand in a query: bare pyoxigraph reads no more than it must."""
    from rolegraph.vocab import PREFIXES

    return {p: n for p, n in PREFIXES.items() if f"{p}:" in query}


def prefixed(query: str) -> str:
    return "".join(f"PREFIX {p}: <{n}>\n" for p, n in used(query).items()) + query


def terms_of(raw: Any, subject: Subject, label: Callable[[str], Any]) -> dict[str, Any]:
    """Find the terms that the queries ask about; a GDaD label names one role only."""
    import pyoxigraph as ox

    def named(name: str) -> Any:
        graph = ox.NamedNode(subject.graph)
        found = list(raw.quads_for_pattern(None, ox.NamedNode(SKOS + "prefLabel"),
                                           label(name), graph))  # fmt: skip
        if len(found) != 1:
            raise SystemExit(f"{len(found)} things labelled {name!r} in {subject.graph}")
        return found[0].subject

    return {"a": named(subject.role), "b": named(subject.other),
            "g": ox.NamedNode(subject.graph), "name": label(subject.role)}  # fmt: skip


def bound(query: str, terms: Mapping[str, Any]) -> dict[str, Any]:
    return {n: t for n, t in terms.items() if re.search(rf"\?{n}\b", query)}


def median_of(work: Callable[[], Any], rounds: int) -> tuple[float, Any]:
    """Seconds in the median and the last answer; slow work runs less often."""
    taken: list[float] = []
    answer = None
    for _ in range(rounds):
        start = time.perf_counter()
        answer = work()
        taken.append(time.perf_counter() - start)
        if sum(taken) > 10:
            break
    return statistics.median(taken), answer


def bare_values(found: Any) -> list[list[Any]]:
    return [[None if t is None else t.value for t in row] for row in found]


def task_queries(db: str, subject: Sequence[str], rounds: int) -> dict[str, Any]:
    """Ours and bare pyoxigraph by turns over one open store."""
    import pyoxigraph as ox

    from rolegraph.graph import RoleGraph
    from rolegraph.store import OxigraphStore

    raw = ox.Store.read_only(db)
    kg = RoleGraph(OxigraphStore(raw))
    terms = terms_of(raw, Subject(*subject), lambda n: ox.Literal(n, language="en"))
    out: dict[str, Any] = {}
    for name, query in QUERIES.items():
        mine = bound(query, terms)
        text = pasted(query, {n: str(t) for n, t in mine.items()})
        known = used(text)

        def ours(query: str = query, mine: dict[str, Any] = mine) -> list[Any]:
            return list(kg.query(query, **mine))

        def bare(text: str = text, known: dict[str, str] = known) -> list[Any]:
            return bare_values(raw.query(text, prefixes=known))

        assert len(ours()) == len(bare()), name
        times: list[list[float]] = [[], []]
        spent = time.perf_counter()
        for i in range(rounds * 10):
            pair: list[tuple[int, Callable[[], Any]]] = [(0, ours), (1, bare)]
            for which, work in pair if i % 2 else pair[::-1]:
                start = time.perf_counter()
                work()
                times[which].append(time.perf_counter() - start)
            took = time.perf_counter() - spent
            if (took > 10 and i > 4) or (took > 2 and i + 1 >= rounds):
                break  # quick ones more often, slow ones less
        out[name] = [*map(statistics.median, times), len(ours())]
    return out


def task_engine(engine: str, db: str, nquads: str, subject: Sequence[str]) -> dict[str, Any]:
    """Load a part into one engine, or open it on disk, and ask each query; for memory."""
    import pyoxigraph as ox

    from rolegraph.vocab import PREFIXES

    raw = ox.Store.read_only(db)
    terms = terms_of(raw, Subject(*subject), lambda n: ox.Literal(n, language="en"))
    texts = {
        name: pasted(q, {n: str(t) for n, t in bound(q, terms).items()})
        for name, q in QUERIES.items()
    }
    out: dict[str, Any] = {}
    start = time.perf_counter()
    if engine == "ours":
        from rolegraph.graph import RoleGraph
        from rolegraph.store import OxigraphStore

        kg = RoleGraph(OxigraphStore(raw))
        for name, query in QUERIES.items():
            out[name] = median_of(lambda q=query: list(kg.query(q, **bound(q, terms))), 1)  # type: ignore[misc]
    elif engine == "pyoxigraph":
        for name, text in texts.items():
            out[name] = median_of(lambda t=text: bare_values(raw.query(t, prefixes=PREFIXES)), 1)  # type: ignore[misc]
    elif engine == "rdflib":
        import rdflib
        from rdflib.plugins.sparql import prepareQuery

        del raw
        data = rdflib.Dataset(default_union=False)
        data.parse(nquads, format="nquads")
        out["load"] = [time.perf_counter() - start, None]
        for name, text in texts.items():
            prepared = prepareQuery(text, initNs=PREFIXES)

            def read(q: Any, answers: Callable[[Any], Any] = data.query) -> list[Any]:
                return [[None if t is None else str(t) for t in row] for row in answers(q)]

            said, rows = median_of(lambda t=text: read(prefixed(t)), 3)  # type: ignore[misc]
            out[name] = said, rows
            out["prepared " + name] = median_of(lambda q=prepared: read(q), 3)  # type: ignore[misc]
    return {n: [t, None if r is None else len(r)] for n, (t, r) in out.items()}


def task_owlready2(db: str, triples: str, subject: Sequence[str], name: str) -> dict[str, Any]:
    import owlready2
    import pyoxigraph as ox

    raw = ox.Store.read_only(db)
    terms = terms_of(raw, Subject(*subject), lambda n: ox.Literal(n, language="en"))
    start = time.perf_counter()
    world = owlready2.World()
    with Path(triples).open("rb") as file:
        world.get_ontology("https://example.org/part#").load(fileobj=file)
    took = time.perf_counter() - start
    if name == "load":
        return {"seconds": took, "rows": len(world.graph)}
    query = QUERIES[name]
    text = prefixed(pasted(query, {n: str(t) for n, t in bound(query, terms).items()}))
    with contextlib.redirect_stdout(sys.stderr):
        taken, rows = median_of(
            lambda: list(world.sparql(text, error_on_undefined_entities=False)), 3
        )
    return {"seconds": taken, "rows": len(rows)}


def task_part(db: str, subject: Sequence[str], count: int, folder: str) -> dict[str, Any]:
    """Take some roles out of a store, with their claims, skills and groups, and the files."""
    import pyoxigraph as ox

    about = Subject(*subject)
    raw: Any = ox.Store.read_only(db)
    graph = ox.NamedNode(about.graph)
    merge = ox.DefaultGraph()
    terms = terms_of(raw, about, lambda n: ox.Literal(n, language="en"))
    of, needs = ox.NamedNode(RG + "isRequirementOf"), ox.NamedNode(RG + "requiredSkill")

    def ends(s: Any, p: str, g: Any) -> list[Any]:
        return [q.object for q in raw.quads_for_pattern(s, ox.NamedNode(RG + p), None, g)]

    makers = sorted({q.object.value for q in raw.quads_for_pattern(None, of, None, graph)})
    step = max(1, len(makers) // count)
    roles = {ox.NamedNode(m) for m in makers[::step]} | {terms["a"], terms["b"]}
    claims = {q.subject for r in roles for q in raw.quads_for_pattern(None, of, r, graph)}
    skills = {q.object for c in claims for q in raw.quads_for_pattern(c, needs, None, graph)}
    groups: set[Any] = set()
    todo = [g for x in roles | skills for g in ends(x, "inGroup", graph)]
    while todo:
        if (one := todo.pop()) not in groups:
            groups.add(one)
            todo += ends(one, "broader", graph)
    chosen = roles | claims | skills | groups
    everyone = {ox.NamedNode(m) for m in makers}
    counts = {"merge": 0, "quads": 0}
    with (
        Path(folder, "part.nq").open("w", encoding="utf-8") as quads,
        Path(folder, "part.nt").open("w", encoding="utf-8") as triples,
        Path(folder, "asserted.nt").open("w", encoding="utf-8") as asserted,
    ):
        for s in chosen:
            for q in raw.quads_for_pattern(s, None, None):
                o = q.object
                foreign = isinstance(o, ox.NamedNode) and o not in chosen and (
                    o in everyone or o.value.startswith(about.claims)
                )  # fmt: skip
                if foreign:
                    continue
                line = f"{q.subject} {q.predicate} {o}"
                counts["quads"] += 1
                if q.graph_name == merge:
                    counts["merge"] += 1
                    quads.write(f"{line} .\n")
                    triples.write(f"{line} .\n")
                else:
                    quads.write(f"{line} {q.graph_name} .\n")
                    if q.graph_name == graph:
                        asserted.write(f"{line} .\n")
    return {**counts, "roles": len(roles), "claims": len(claims), "skills": len(skills)}


def model() -> Any:
    from rolegraph.resources import ontology_path
    from rolegraph.store import OxigraphStore, graph_name

    store = OxigraphStore()
    for name in ("rolegraph", "market"):
        store.load_file(ontology_path(f"{name}.ttl"), graph_name(name))
    return store


def task_closure(way: str, triples: str) -> dict[str, Any]:
    import pyoxigraph as ox

    from rolegraph.closure import compile_rules, materialise

    store = model()
    graph = ox.NamedNode(GRAPH + "part")
    data = Path(triples).read_bytes()
    if way == "store":
        for to in (graph, ox.DefaultGraph()):
            store.raw.bulk_load(data, format=ox.RdfFormat.N_TRIPLES, to_graph=to)
        before, start = len(store.raw), time.perf_counter()
        materialise(store)
        # every inferred triple stands in the merge and in its rule's graph
        return {"seconds": time.perf_counter() - start, "made": (len(store.raw) - before) // 2}
    from rolegraph.fixpoint import Facts, fixpoint

    rules = compile_rules(store)[0]
    lines = store.ntriples().splitlines(keepends=True)
    start = time.perf_counter()
    facts = Facts(rules)
    facts.read(iter(lines))
    facts.read(iter(data.splitlines(keepends=True)))
    read = time.perf_counter() - start
    found = fixpoint(facts, rules)
    return {"seconds": time.perf_counter() - start, "made": len(found), "read": read}


TASKS: dict[str, Callable[..., dict[str, Any]]] = {
    n.removeprefix("task_"): f for n, f in list(globals().items()) if n.startswith("task_")
}


class Failed(Exception):
    """A child that gave no answer; says why."""


def child(task: str, *arguments: Any, timeout: float | None = None) -> dict[str, Any]:
    """Run a task in a process of its own; its answer, with ``peak`` in MB."""
    command = [sys.executable, __file__, "--task", task, json.dumps(arguments)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
    except subprocess.TimeoutExpired:
        raise Failed(f"more than {timeout:.0f} s") from None
    if done.returncode:
        raise Failed(done.stderr.strip().splitlines()[-1] if done.stderr else "no word")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


# --- starting up: snippets, so that nothing of this file weighs on them

_BEGIN = "import resource, sys, time; import {}; start = time.perf_counter()\n"
_END = """
took = time.perf_counter() - start
try:
    top = int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0]) / 1e3
except (OSError, IndexError):
    unit = 1e6 if sys.platform == "darwin" else 1e3
    top = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
print(took, len(found), top)
"""
_OURS = _BEGIN.format("rolegraph as rg; rg.open")
OPEN = f"{_OURS}found = list(rg.open(sys.argv[1]).query(sys.argv[2])){_END}"
ROUTE = f"{_OURS}found = rg.open(sys.argv[1]).route(sys.argv[2], sys.argv[3]).steps{_END}"
PARSE = f"""{_BEGIN.format("rdflib")}found = rdflib.Graph()
for path in sys.argv[1:]:
    found.parse(path, format="turtle"){_END}"""


def snippet(code: str, *arguments: str) -> tuple[float, float, float, int]:
    """Seconds after imports, seconds of the whole process, peak in MB, things found."""
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True,
                          check=False)  # fmt: skip
    whole = time.perf_counter() - start
    if done.returncode:
        raise Failed(done.stderr.strip().splitlines()[-1])
    inside, count, top = done.stdout.split()
    return float(inside), whole, float(top), int(count)


# --- tables


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    print(f"| {' | '.join(head)} |\n| --- |{' ---: |' * (len(head) - 1)}", flush=True)
    for row in rows:
        print(f"| {' | '.join(row)} |", flush=True)
    print(flush=True)


def ms(seconds: float) -> str:
    return f"{seconds * 1000:,.2f}" if seconds < 0.1 else f"{seconds * 1000:,.0f}"


def machine() -> str:
    cpu = platform.processor() or platform.machine()
    with contextlib.suppress(OSError):
        found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
        cpu = found[1] if found else cpu
    with contextlib.suppress(AttributeError, ValueError, OSError):
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
        cpu += f", {os.cpu_count()} cores, {size:.0f} GiB RAM"
    system = platform.platform(terse=True)
    with contextlib.suppress(OSError):
        system = f"{platform.freedesktop_os_release()['PRETTY_NAME']}, {platform.release()}"
    names = []
    for name in PEERS:
        with contextlib.suppress(PackageNotFoundError):
            names.append(f"{name} {version(name)}")
    return f"{cpu}; {system}; Python {platform.python_version()}; {', '.join(names)}"


def stages(taken: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {s:.1f}" for name, s in taken.items() if s >= 0.05)


def measure_import(about: Subject, paths: list[str], folder: Path, rounds: int) -> None:
    """Import against bulk loading, by turns."""
    store, quads, once = folder / "store", folder / "quads.nq", folder / "asserted.nt"
    runs: dict[str, list[dict[str, Any]]] = {"ours": [], "bare": [], "asserted": []}
    for i in range(rounds):
        shutil.rmtree(store, ignore_errors=True)
        runs["ours"].append(child("import", about.kind, paths, str(store)))
        if not i:
            child("dump", str(store), str(quads), str(once))
        for name, path in (("bare", quads), ("asserted", once)):
            target = folder / "bare"
            runs[name].append(child("bulk", str(path), str(target)))
            shutil.rmtree(target)
    nothing = child("nothing")["peak"]
    size = {n: (quads if n == "bare" else once).stat().st_size / 1e6 for n in ("bare", "asserted")}
    for path in (quads, once):
        path.unlink()
    mid = {n: statistics.median(r["seconds"] for r in rs) for n, rs in runs.items()}
    tops = {n: max(r["peak"] for r in rs) for n, rs in runs.items()}
    assert runs["ours"][0]["quads"] == runs["bare"][0]["quads"]
    print(f"## Import of {about.kind} into a new store on disk\n")
    names = {
        "ours": "`rg.import_source`, from the published files to a store that answers",
        "bare": f"bare `Store.bulk_load` of the same quads ({size['bare']:,.0f} MB of N-Quads)",
        "asserted": f"bare, asserted triples only and once ({size['asserted']:,.0f} MB)",
    }
    table(
        ("what", "quads", "s", "ours / it", "peak MB"),
        [
            (names[n], f"{runs[n][0]['quads']:,}", f"{mid[n]:.1f}",
             f"{mid['ours'] / mid[n]:.2f}", f"{tops[n]:,.0f}")
            for n in runs
        ] + [("Python with rolegraph and pyoxigraph imported", "", "", "", f"{nothing:,.0f}")],
    )  # fmt: skip
    print(f"Stages of ours in s: {stages(runs['ours'][-1]['stages'])}.\n")
    found = child("provenance", str(store), about.graph, about.claims)
    links = found["all"][0]
    print(f"What a link of a role to a skill costs ({links:,} links), in triples:\n")
    table(
        ("triples for each link", "asserted", "inferred", "together"),
        [
            (what, *(f"{(found[a][i] - found[b][i]) / links:.2f}" for i in (1, 2)),
             f"{sum(found[a][i] - found[b][i] for i in (1, 2)) / links:.2f}")
            for what, a, b in (
                ("all of it", "all", "none"),
                (f"of that, where it comes from ({', '.join(PROVENANCE)})", "all", "bare"),
            )
        ],
    )  # fmt: skip
    total = found["all"][1] + found["all"][2]
    share = total - found["bare"][1] - found["bare"][2]
    print(f"Provenance of links is {share / total:.0%} of all {total:,} triples of the store.\n")


def measure_reopen(stores: Mapping[str, tuple[Path, str, str, str]], rounds: int) -> None:
    """Open and answer, against rdflib parsing the small ontology."""
    from rolegraph.resources import ontology_path

    files = [str(ontology_path(f"{n}.ttl")) for n in SMALL]
    works: dict[str, tuple[str, ...]] = {"rdflib parses the small ontology": (PARSE, *files)}
    for name, (path, role, a, b) in stores.items():
        works[f"open and first answer, {name}"] = (OPEN, str(path), FIRST % role)
        if a:
            works[f"open and first route, {name}"] = (ROUTE, str(path), a, b)
    taken: dict[str, list[tuple[float, float, float, int]]] = {}
    for i in range(rounds + 1):
        for name, work in works.items():
            got = snippet(*work)
            if i:  # the first round warms the file cache
                taken.setdefault(name, []).append(got)
    peer, rows = next(iter(works)), []
    mid = {n: [statistics.median(x) for x in zip(*t, strict=True)] for n, t in taken.items()}
    for name, (inside, whole, top, count) in mid.items():
        assert count, name
        rows.append((name, ms(inside), f"{inside / mid[peer][0]:.3f}", ms(whole),
                     f"{whole / mid[peer][1]:.2f}", f"{top:,.0f}"))  # fmt: skip
    print(f"## Reopening ({rounds} rounds, fresh processes that take turns)\n")
    head = ("what", "ms after imports", "ratio", "ms whole process", "ratio", "peak MB")
    table(head, rows)


def bulk(path: Path, into: Path) -> Path:
    child("bulk", str(path), str(into))
    return into


def measure_queries(about: Subject, db: Path, folder: Path, rounds: int) -> None:
    who = list(about.__dict__.values())
    full = child("queries", str(db), who, rounds)
    engines = {e: child("engine", e, str(db), "", who) for e in ("ours", "pyoxigraph")}
    print(f"## Ten queries, {about.kind} on disk, medians of turns\n")
    rows: list[tuple[str, ...]] = [
        (n, f"{full[n][2]:,}", ms(full[n][0]), ms(full[n][1]), f"{full[n][0] / full[n][1]:.2f}")
        for n in QUERIES
    ]
    ratios = [full[n][0] / full[n][1] for n in QUERIES]
    rows.append(("median of the ratios", "", "", "", f"{statistics.median(ratios):.2f}"))
    rows.append(("peak MB, each query once", "", *(f"{e['peak']:,.0f}" for e in engines.values()),
                 f"{engines['ours']['peak'] / engines['pyoxigraph']['peak']:.2f}"))  # fmt: skip
    table(("query", "rows", "ours ms", "pyoxigraph ms", "ours / it"), rows)

    part = child("part", str(db), who, PART_ROLES, str(folder))
    disk = bulk(folder / "part.nq", folder / "part")
    ours = child("queries", str(disk), who, rounds)
    rdf = child("engine", "rdflib", str(disk), str(folder / "part.nq"), who)
    first = {e: child("engine", e, str(disk), "", who) for e in ("ours", "pyoxigraph")}
    owl: dict[str, Any] = {}
    for name in ("load", *QUERIES):
        try:
            owl[name] = child("owlready2", str(disk), str(folder / "part.nt"), who, name,
                              timeout=SLOWEST)  # fmt: skip
        except Failed as error:
            owl[name] = str(error)
    print(
        f"The same over a part: {part['roles']} roles, {part['skills']:,} skills, "
        f"{part['claims']:,} claims; {part['merge']:,} triples, each once more in its named graph "
        f"({part['quads']:,} quads) but in owlready2, which has no named graphs to query. rdflib "
        "loads it into memory; ours and pyoxigraph have it on disk.\n"
    )
    rows, said = [], list[str]()
    for n in QUERIES:
        mine, bare, count = ours[n]
        assert rdf[n][1] == count, (n, rdf[n], count)
        other = owl[n]
        if isinstance(other, str):
            cells = ["cannot", "-"]
            said.append(f"{n}: {other}")
        elif other["rows"] != count:
            cells = [f"{other['rows']:,} rows", "-"]
            said.append(f"{n}: {other['rows']:,} rows instead of {count:,}")
        else:
            cells = [ms(other["seconds"]), f"{other['seconds'] / mine:.1f}"]
        rows.append((n, f"{count:,}", ms(mine), ms(bare), f"{mine / bare:.2f}", ms(rdf[n][0]),
                     f"{rdf[n][0] / mine:.1f}", ms(rdf["prepared " + n][0]),
                     f"{rdf['prepared ' + n][0] / mine:.1f}", *cells))  # fmt: skip
    mids = [statistics.median(v) for v in (
        [ours[n][0] / ours[n][1] for n in QUERIES],
        [rdf[n][0] / ours[n][0] for n in QUERIES],
        [rdf["prepared " + n][0] / ours[n][0] for n in QUERIES],
        [owl[n]["seconds"] / ours[n][0] for n in QUERIES
         if not isinstance(owl[n], str) and owl[n]["rows"] == ours[n][2]] or [0],
    )]  # fmt: skip
    rows.append(("median of the ratios", "", "", "", f"{mids[0]:.2f}", "", f"{mids[1]:.1f}", "",
                 f"{mids[2]:.1f}", "", f"{mids[3]:.1f}"))  # fmt: skip
    load = owl["load"]
    heavy = "-" if isinstance(load, str) else f"{load['peak']:,.0f}"
    rows.append(("peak MB", "", f"{first['ours']['peak']:,.0f}",
                 f"{first['pyoxigraph']['peak']:,.0f}", "", f"{rdf['peak']:,.0f}",
                 f"{rdf['peak'] / first['ours']['peak']:.1f}", "", "", heavy, ""))  # fmt: skip
    table(("query", "rows", "ours ms", "pyoxigraph ms", "ours / it", "rdflib ms", "it / ours",
           "rdflib prepared ms", "it / ours", "owlready2 ms", "it / ours"), rows)  # fmt: skip
    took = "-" if isinstance(load, str) else f"{load['seconds']:.1f} s"
    print(f"Loading: rdflib {rdf['load'][0]:.1f} s, owlready2 {took}.\n")
    if said:
        print("owlready2 is left out where it cannot answer:\n")
        print("\n".join(f"- {s}" for s in said) + "\n", flush=True)
    shutil.rmtree(disk)


def measure_closure(about: Subject, db: Path, folder: Path) -> None:
    who = list(about.__dict__.values())
    part = child("part", str(db), who, CLOSURE_ROLES, str(folder))
    facts = str(folder / "asserted.nt")
    arrays, store = child("closure", "arrays", facts), child("closure", "store", facts)
    assert arrays["made"] == store["made"], (arrays, store)
    print(f"## Closure of {part['roles']} roles with {part['claims']:,} claims\n")
    table(
        ("what", "inferred", "s", "ours / it", "peak MB"),
        [
            ("as arrays, reading included", f"{arrays['made']:,}", f"{arrays['seconds']:.2f}", "",
             f"{arrays['peak']:,.0f}"),
            ("the same rules as SPARQL in the store", f"{store['made']:,}",
             f"{store['seconds']:.2f}", f"{arrays['seconds'] / store['seconds']:.3f}",
             f"{store['peak']:,.0f}"),
        ],
    )  # fmt: skip


def measure_sources(works: Iterator[tuple[str, dict[str, Any]]]) -> None:
    print("## Other sources\n")
    rows = (
        (name, f"{d['made']:,}", f"{d['quads']:,}", f"{d['seconds']:.1f}", f"{d['peak']:,.0f}",
         stages(d["stages"]))
        for name, d in works
    )  # fmt: skip
    table(("what", "its triples", "quads then", "s", "peak MB", "stages in s"), rows)


def current(store: Path) -> Path:
    return store / "generations" / (store / "CURRENT").read_text().strip() / "db"


def main(options: argparse.Namespace) -> None:
    about = GDAD if options.quick else ESCO
    places = {k: str(options.data / f) for k, f in FOLDERS.items()}
    wanted, given = options.only, options.store
    print(f"{machine()}\n\n{time.strftime('%Y-%m-%d')}, `{' '.join(sys.argv[2:]) or 'all'}`\n")
    with tempfile.TemporaryDirectory(dir=options.temporary) as temporary:
        folder = Path(temporary)
        small, main_store = folder / "small", folder / "store"
        child("import", "article", [], str(small))
        article = (small, "Delivery Manager", "Project Manager", "Delivery Director")
        if "import" in wanted:
            measure_import(about, [places[about.kind]], folder, options.imports)
        elif given is not None:
            main_store = given
        else:
            child("import", about.kind, [places[about.kind]], str(main_store))
        db = current(main_store)
        if "queries" in wanted:
            measure_queries(about, db, folder, options.rounds)
        ends = (GDAD.role, GDAD.other) if options.quick else ("", "")
        if "reopen" in wanted:
            stores = {"the article": article, about.kind: (main_store, about.role, *ends)}
            if given is not None and given != main_store:
                stores["everything"] = (given, about.role, *routed(given, about))
            elif given is not None:
                stores = {"the article": article,
                          "everything": (given, about.role, *routed(given, about))}  # fmt: skip
            measure_reopen(stores, options.rounds // 2)
        if "sources" in wanted:
            measure_closure(about, db, folder)
            into = str(main_store)

            def works() -> Iterator[tuple[str, dict[str, Any]]]:
                fresh = str(folder / "fresh")
                yield "gdad, a new store", child("import", "gdad", [places["gdad"]], fresh)
                if given is not None or options.quick:
                    return
                for kind in ("onet", "crosswalk"):
                    yield f"{kind}, beside esco", child("import", kind, [places[kind]], into)
                yield (
                    f"transitions suggested for esco, {SUGGESTED} a role",
                    child("derive", into, "esco"),
                )

            measure_sources(works())
            if given is None and not options.quick and "reopen" in wanted:
                whole = (main_store, about.role, *routed(main_store, about))
                measure_reopen({"the article": article, "everything": whole}, options.rounds // 2)


def routed(store: Path, about: Subject) -> tuple[str, str]:
    """Give the IRIs of the two roles in a store where their labels may not be enough."""
    found = child("ends", str(current(store)), list(about.__dict__.values()))
    return found["a"], found["b"]


def _parts(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    if wrong := set(names) - set(PARTS):
        raise argparse.ArgumentTypeError(f"no part {sorted(wrong)[0]!r}; {', '.join(PARTS)}")
    return names


if __name__ == "__main__":
    if sys.argv[1:2] == ["--task"]:
        result = TASKS[sys.argv[2]](*json.loads(sys.argv[3]))
        print(json.dumps({**result, "peak": peak()}))
        sys.exit()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--quick", action="store_true", help="GDaD in ESCO's place")
    parser.add_argument("--store", type=Path, help="a store that has everything; only read")
    parser.add_argument("--only", type=_parts, default=PARTS, help=", ".join(PARTS))
    parser.add_argument("--rounds", type=int, default=30, help="of queries; half for reopening")
    parser.add_argument("--imports", type=int, default=1, help="rounds of the large import")
    parser.add_argument("--temporary", type=Path, help="where to put stores meanwhile")
    main(parser.parse_args())
