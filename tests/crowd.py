"""Many threads that start together in a cold process: ``python -m tests.crowd MODE``.

It prints how many answers were given, and every one that was wrong. Nothing of rolegraph is
imported before the threads run.
"""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import rolegraph as rg

THREADS = 8
Task = tuple[Callable[[], Any], Any]


def tasks(kg: rg.RoleGraph) -> list[Task]:
    """Questions to the graph that ships, each with its right answer; the first need no index."""
    from rolegraph import IRI
    from rolegraph.vocab import BASE

    role = IRI(BASE + "role/project-manager")
    return [
        (lambda: len(kg.query("SELECT ?x { role:project-manager rg:canTransitionTo+ ?x }")), 10),
        (lambda: kg.query("SELECT (COUNT(?d) AS ?n) { ?r rg:hasResponsibility ?d }", r=role)[0][0],
         44),
        (lambda: kg.ask("ASK { ?r skos:prefLabel ?l FILTER(STR(?l) = ?t) }", t="Leadership"), True),
        (lambda: len(kg.construct("CONSTRUCT WHERE { ?r rg:hasLevel ?l }")), 11),
        (lambda: [r.label for r in kg.route("Project Manager", "Delivery Director").roles],
         ["Project Manager", "Delivery Manager", "Senior Delivery Manager", "Delivery Director"]),
        (lambda: len(kg.compare("Project Manager", "Delivery Manager").responsibilities.shared), 8),
        (lambda: kg.role("COO").label, "Chief Operations Officer"),
        (lambda: kg.gap("Project Manager", "Delivery Manager").target.label, "Delivery Manager"),
    ]  # fmt: skip


LIGHT = 4


def few_tasks(kg: rg.RoleGraph) -> list[Task]:
    """Questions to the ladder of the tests."""
    return [
        (lambda: [str(r) for r in kg.route("Data Analyst", "Data Lead").roles],
         ["Data Analyst", "Data Lead"]),
        (lambda: len(kg.compare("Data Analyst", "Data Lead").responsibilities), 1),
        (lambda: len(kg.query("SELECT ?x { role:data-analyst rg:canTransitionTo+ ?x }")), 1),
        (lambda: kg.query("SELECT (COUNT(?l) AS ?n) { ?r rg:hasLevel ?l }",
                          r=kg.role("Data Lead")).column("n"), (1,)),
        (lambda: kg.ask("ASK { ?x skos:prefLabel ?l FILTER(STR(?l) = ?t) }", t="Statistics"), True),
        (lambda: len(kg.construct("CONSTRUCT WHERE { ?r rg:hasLevel ?l }")), 2),
        (lambda: kg.role("Number Cruncher").label, "Data Analyst"),
        (lambda: len(kg.requirements("Data Lead")), 1),
    ]  # fmt: skip


class Crowd:
    """Threads that all begin at one barrier, and what came of them."""

    def __init__(self) -> None:
        self.answers = 0
        self.wrong: list[str] = []
        self._lock = threading.Lock()

    def check(self, wanted: Any, found: Any) -> None:
        with self._lock:
            self.answers += 1
            if found != wanted:
                self.wrong.append(f"{found!r} instead of {wanted!r}")

    def round(self, work: Callable[[int], None]) -> None:
        barrier = threading.Barrier(THREADS)

        def run(number: int) -> None:
            try:
                barrier.wait(timeout=60)
                work(number)
            except BaseException:
                with self._lock:
                    self.wrong.append(traceback.format_exc())

        threads = [threading.Thread(target=run, args=(n,)) for n in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def run_all(self, what: list[Task], first: int) -> None:
        for i in range(len(what)):
            ask, wanted = what[(i + first) % len(what)]
            self.check(wanted, ask())


def small(engine: Any, **options: Any) -> rg.RoleGraph:
    import rolegraph as rg
    from rolegraph.resources import ontology_path

    files = ontology_path("rolegraph.ttl"), Path(sys.argv[2])
    return rg.load(*files, ours=False, validate=False, engine=engine, **options)


def cold(crowd: Crowd) -> None:
    """Import, load and ask, all at once, each thread a graph of its own, on both engines."""

    def work(number: int) -> None:
        import rolegraph as rg

        kg = rg.load(engine="rdflib" if number % 4 == 0 else "oxigraph")
        crowd.run_all(tasks(kg)[: LIGHT if number % 4 == 0 else None], number)

    crowd.round(work)


def shared(crowd: Crowd) -> None:
    """Twenty rounds on graphs that the threads share; in many, nobody has used them before."""
    kept: dict[str, rg.RoleGraph] = {}
    lock = threading.Lock()

    def work(number: int) -> None:
        engine = "rdflib" if number % 2 else "oxigraph"
        with lock:
            if engine not in kept:
                kept[engine] = small(engine)
        # rdflib is slow: each of its threads asks two of the questions, all of them all eight
        what = few_tasks(kept[engine])
        crowd.run_all((what[number:] + what)[:2] if number % 2 else what, number)

    for i in range(20):
        kept.pop("oxigraph", None)
        if i % 10 == 0:
            kept.clear()
        crowd.round(work)


def own(crowd: Crowd) -> None:
    """Eight rdflib graphs for eight threads, loaded at once."""

    def work(number: int) -> None:
        import rolegraph as rg

        crowd.run_all(tasks(rg.load(engine="rdflib"))[:LIGHT], number)

    crowd.round(work)


def writing(crowd: Crowd) -> None:
    """One thread changes the graph to and fro; what the others see is the one or the other."""
    kg = small("oxigraph", writable=True)
    query = "SELECT (COUNT(*) AS ?n) { role:data-lead ?p ?o FILTER(STRSTARTS(STR(?p), 'urn:')) }"

    def work(number: int) -> None:
        for i in range(12):
            if number:
                (seen,) = kg.query(query).column("n")
                crowd.check(True, seen in (0, 5))
                crowd.check("Data Lead", kg.route("Data Analyst", "Data Lead").target.label)
            elif i % 2:
                kg.update("DELETE WHERE { role:data-lead <urn:p> ?o }")
            else:
                kg.update("INSERT DATA { role:data-lead <urn:p> 1, 2, 3, 4, 5 }")

    crowd.round(work)
    crowd.check((0,), kg.query(query).column("n"))


MODES = {"cold": cold, "shared": shared, "own": own, "writing": writing}

if __name__ == "__main__":
    assert not any(m.partition(".")[0] in ("rolegraph", "rdflib") for m in sys.modules)
    everyone = Crowd()
    MODES[sys.argv[1]](everyone)
    print(f"{everyone.answers} answers, {len(everyone.wrong)} wrong")
    print("\n".join(everyone.wrong[:3]), end="")
