"""Searching the names of ESCO and O*NET: how fast, and how often what was meant comes first.

    python benchmarks/search.py DATA [QUERIES]

DATA is the folder that holds ``esco-1.1.1`` and ``onet-29.2``. Occupations, skills, groups,
technologies and tasks go into an Oxigraph store on disk, ESCO's labels a second time with letters
shifted as if in another language; then the index is built from it. Each query is a label in which
one or two letters go wrong (the same ones in every run), or which is shortened; it counts as found
if a concept that bears the label is there. The peer, in the same run: rapidfuzz over all labels.
"""

from __future__ import annotations

import csv
import io
import platform
import random
import statistics
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from rolegraph import ntriples as nt
from rolegraph.lookup import Index
from rolegraph.names import NameIndex, read, write
from rolegraph.resources import ontology_path
from rolegraph.store import OxigraphStore, graph_name
from rolegraph.values import Concept
from rolegraph.vocab import PREFIXES, RG, SKOS

Thing = tuple[str, Sequence[str], str, Iterable[str]]
_SHIFT = str.maketrans("aeioubdgkprst", "eioaupbtgdksr")
_SHORT = {"manager": "mgr", "senior": "sr", "engineer": "eng", "assistant": "asst"}


def esco(folder: Path) -> Iterator[Thing]:
    files = {
        "occupations_en.csv": ("Occupation", "Role"),
        "skills_en.csv": ("Skill",),
        "ISCOGroups_en.csv": ("OccupationGroup",),
        "skillGroups_en.csv": ("SkillGroup",),
    }
    with zipfile.ZipFile(next(folder.glob("*classification_en.zip"))) as archive:
        for name, classes in files.items():
            with archive.open(name) as raw:
                for row in csv.DictReader(io.TextIOWrapper(raw, "utf-8")):
                    yield (
                        row["conceptUri"],
                        classes,
                        row["preferredLabel"],
                        row["altLabels"].splitlines(),
                    )


def onet(folder: Path) -> Iterator[Thing]:
    from python_calamine import CalamineWorkbook

    def rows(name: str) -> list[list[Any]]:
        book = CalamineWorkbook.from_path(str(folder / f"{name}.xlsx"))
        return book.get_sheet_by_index(0).to_python()[1:]

    titles: dict[str, list[str]] = {}
    for code, _, title, short, *_ in rows("Alternate Titles"):
        titles.setdefault(code, []).extend([str(title), str(short)])
    for code, title, *_ in rows("Occupation Data"):
        yield PREFIXES["onet"] + code, ("Occupation", "Role"), title, titles.get(code, ())
    tools = dict.fromkeys(str(row[2]) for row in rows("Technology Skills"))
    for i, tool in enumerate(tools):
        yield f"{PREFIXES['onet-element']}t{i}", ("Skill",), tool, ()
    for _, _, task, text, *_ in rows("Task Statements"):
        yield f"{PREFIXES['onet-element']}d{int(task)}", ("Responsibility",), text, ()


def lines(things: Iterable[Thing], languages: Sequence[str]) -> Iterator[str]:
    for iri, classes, label, others in things:
        s = nt.iri(iri)
        for cls in (*classes, "WorkConcept"):
            yield f"{s} {nt.A} <{RG.NS}{cls}> .\n"
        for prop, texts in (("prefLabel", [label]), ("altLabel", others)):
            for text in dict.fromkeys(" ".join(t.split()) for t in texts):
                for lang in languages if text else ():
                    said = text if lang == "en" else text.translate(_SHIFT)
                    yield f"{s} <{SKOS}{prop}> {nt.text(said, lang)} .\n"


def load(data: Path, folder: Path) -> tuple[OxigraphStore, dict[str, str]]:
    engine = OxigraphStore()
    engine.raw = ox.Store(str(folder / "store"))
    sources = {}
    for name, things, languages in (
        ("esco-1.1.1", esco(data / "esco-1.1.1"), ("en", "x-shifted")),
        ("onet-29.2", onet(data / "onet-29.2"), ("en",)),
    ):
        facts = "".join(lines(things, languages)).encode()
        sources[graph_name(name)] = name
        for graph in (ox.NamedNode(graph_name(name)), ox.DefaultGraph()):
            engine.raw.bulk_load(facts, format=ox.RdfFormat.N_TRIPLES, to_graph=graph)
    for name in ("rolegraph", "market"):
        path = str(ontology_path(f"{name}.ttl"))
        engine.raw.bulk_load(path=path, format=ox.RdfFormat.TURTLE)
    engine.raw.flush()
    return engine, sources


def spoil(label: str, chance: random.Random) -> str:
    """Shorten well-known words; where there are none, make one slip, or two in a long label."""
    words = label.split()
    if any(w in _SHORT for w in words) and chance.random() < 0.5:
        return " ".join(_SHORT.get(w, w) for w in words)
    for _ in range(1 if len(label) < 14 else 2):
        at = chance.randrange(1, len(label) - 1)
        letter = chance.choice("aeinrst")
        label = chance.choice(
            (
                label[:at] + label[at + 1 :],
                label[:at] + letter + label[at + 1 :],
                label[:at] + letter + label[at:],
                label[:at] + label[at + 1] + label[at] + label[at + 2 :],
            )
        )
    return label


def measure(
    name: str, ask: Callable[[str], Sequence[str]], queries: Sequence[tuple[str, frozenset[str]]]
) -> None:
    taken, worked, first, five = [], [], 0, 0
    for text, meant in queries:
        start, work = time.perf_counter(), time.process_time()
        found = ask(text)
        taken.append((time.perf_counter() - start) * 1000)
        worked.append((time.process_time() - work) * 1000)
        first += bool(meant & set(found[:1]))
        five += bool(meant & set(found[:5]))
    p95 = sorted(taken)[int(len(taken) * 0.95)]
    share = f"{first / len(queries):>10.3f}{five / len(queries):>10.3f}"
    work95 = sorted(worked)[int(len(worked) * 0.95)]
    cpu = f"{statistics.median(worked):>9.1f}{work95:>9.1f}"
    print(f"{name:<34}{statistics.median(taken):>9.1f}{p95:>9.1f}{cpu}{share}")


def main(data: Path, count: int) -> None:
    chance = random.Random(29)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        engine, sources = load(data, folder)
        start, work = time.perf_counter(), time.process_time()
        entries = list(read(engine, sources))
        middle = time.perf_counter()
        write(folder / "names.db", entries)
        end, work = time.perf_counter(), time.process_time() - work
        names = sum(len(e.names) for e in entries)
        size = (folder / "names.db").stat().st_size / 1e6
        print(f"{platform.machine()}, Python {platform.python_version()}")
        print(f"{len(entries):,} concepts, {names:,} names, file of {size:.0f} MB")
        parts = f"read {middle - start:.1f}, write {end - middle:.1f}"
        print(f"build {end - start:.1f} s ({parts}), of which {work:.1f} s of work")
        start = time.perf_counter()
        file = NameIndex.open(folder / "names.db")
        print(f"open {(time.perf_counter() - start) * 1000:.1f} ms")

        bearers: dict[str, set[str]] = {}
        pool: list[str] = []
        owners: list[str] = []
        for e in entries:
            for n in e.names:
                pool.append(n.text)
                owners.append(e.concept.iri)
                bearers.setdefault(n.text.casefold(), set()).add(e.concept.iri)
        sample = [
            e.concept.label
            for e in chance.sample(sorted(entries, key=lambda e: e.concept.iri), 10 * count)
            if 6 <= len(e.concept.label) <= 60
        ][:count]
        queries = [(spoil(x, chance), frozenset(bearers[x.casefold()])) for x in sample]
        exact = [(x, meant) for x, (_, meant) in zip(sample, queries, strict=True)]

        def by_file(text: str) -> list[str]:
            return [c.iri for c in file.search(text, limit=10)]

        def by_peer(text: str) -> list[str]:
            from rapidfuzz import fuzz, process, utils

            hits = process.extract(
                text, pool, scorer=fuzz.WRatio, processor=utils.default_process, limit=5
            )
            return [owners[i] for _, _, i in hits]

        heads = ("p50 ms", "p95 ms", "cpu p50", "cpu p95", " recall@1", " recall@5")
        print("\n" + " " * 34 + "".join(f"{h:>{max(9, len(h) + 1)}}" for h in heads))
        measure(f"search, {len(queries)} spoilt labels", by_file, queries)
        measure("search, the same labels unspoilt", by_file, exact)
        few = queries[:20]
        measure(f"rapidfuzz over all, {len(few)} of them", by_peer, few)
        measure(f"search, the same {len(few)}", by_file, few)
        taken = []
        for text, _ in queries:
            start = time.perf_counter()
            file.suggest(text)
            taken.append((time.perf_counter() - start) * 1000)
        p95 = sorted(taken)[int(len(taken) * 0.95)]
        print(f"{'suggest':<34}{statistics.median(taken):>9.1f}{p95:>9.1f}")

        memory = Index.of((e.concept for e in entries), {e.concept.iri: e.names for e in entries})
        same = sum(
            [c.iri for c in memory.search(text, Concept, 10)] == by_file(text) for text, _ in few
        )
        print(f"same ten in the same order as without any limit: {same} of {len(few)}")
        file.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 200)
