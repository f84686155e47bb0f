"""Imports that are killed at random moments; run by tests/test_storage.py as a process of its own.

The process only imports modules and forks: whatever touches a database is a child, so that no
thread of the engine is there to be lost in a fork. What imports need is loaded before the first
fork, so that kills hit the work and not Python's start. Prints what it saw as JSON.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path

import pyoxigraph

from rolegraph import importing, names, network, storage

BEFORE = ("filelock", "rolegraph.importers.gdad", "scipy.sparse.csgraph", "sqlite3")

HEAD = "Role Family,Role,Role Description,Role Level,Role Level Description,Skill Name,Skill Description,Skill Level,Skill Level Description,Role Type"  # noqa: E501
GRADES = ("Junior", "", "Senior", "Lead")
LEVELS = ("Awareness", "Working", "Practitioner", "Expert")


def framework(folder: Path, roles: int) -> Path:
    """Write a framework in the form of the British one."""
    folder.mkdir(parents=True)
    rows, skills = [HEAD], set()
    for r in range(roles):
        for g, grade in enumerate(GRADES):
            for s in range(5):
                skill = f"Skill {(r + s) % 12}"
                skills.add(skill)
                title = f"{grade} keeper {r}".strip()
                rows.append(f"Keeping,Keeper {r},,{title},,{skill},,{LEVELS[g]},,")
    (folder / "roles.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    listed = ["Skill Name,Skill Description,Awareness,Working,Practitioner,Expert,"
              "Roles that require Skill"]  # fmt: skip
    listed += [f"{s},,,,,,Keeper 0" for s in sorted(skills)]
    (folder / "skills.csv").write_text("\n".join(listed) + "\n", encoding="utf-8")
    return folder


def fingerprint(store: Path) -> str:
    """Say everything that a store holds in one line; fails where it is not whole."""
    state = storage.Storage(store).generation()
    database = state.open()
    quads = sorted(str(q) for q in database.raw if "_:" not in str(q))
    if len(database.raw) != state.quads:
        raise AssertionError(f"{len(database.raw)} quads instead of {state.quads}")
    for source in state.sources:
        place = pyoxigraph.NamedNode(source.graph)
        held = len(list(database.raw.quads_for_pattern(None, None, None, place)))
        if held != source.triples:
            raise AssertionError(f"{source.name}: {held} triples instead of {source.triples}")
    index = names.NameIndex.open(state.path / "names.sqlite")
    net = network.open(state.path / "network", "")
    if net is None:
        raise AssertionError("no network")
    listed = [s.name for s in state.sources]
    text = json.dumps([listed, len(index.by_iri), len(net.roles), len(net), quads])
    return f"{' '.join(listed)} {hashlib.sha256(text.encode()).hexdigest()}"


def child(work: Callable[[], object]) -> str:
    """Do something in a process of its own and give its result as text."""
    read, write = os.pipe()
    if (pid := os.fork()) == 0:
        try:
            os.write(write, str(work()).encode())
        except BaseException as error:
            os.write(write, f"FAILED {type(error).__name__}: {error}".encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        said = pipe.read().decode()
    os.waitpid(pid, 0)
    return said


def main(folder: Path, kills: int, seed: int) -> None:
    """Import two versions in turn, killing the import until so many kills have hit."""
    for module in BEFORE:
        import_module(module)
    versions = [framework(folder / f"v{n}", roles) for n, roles in ((1, 3), (2, 4))]

    def load(store: Path, version: int) -> object:
        return importing.import_source(
            "gdad", versions[version], into=store, version=str(version + 1)
        )

    whole = []
    took = 0.0
    for version in (0, 1):  # what either state has to look like, from stores never disturbed
        clean = folder / f"clean{version}"
        start = time.perf_counter()
        child(partial(load, clean, version))
        took = time.perf_counter() - start
        whole.append(child(partial(fingerprint, clean)))
    store = folder / "store"
    child(lambda: load(store, 0))
    rng = random.Random(seed)
    seen: Counter[str] = Counter()
    wrong: list[str] = []
    now, hits, finished = 0, 0, 0
    while hits < kills and len(wrong) < 5:
        aim = 1 - now
        if (pid := os.fork()) == 0:
            try:
                load(store, aim)
            finally:
                os._exit(0)
        time.sleep(rng.uniform(0, took * 1.1))
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        killed = os.WIFSIGNALED(status)
        hits += killed
        finished += not killed
        state = child(lambda: fingerprint(store))
        if state not in whole:
            wrong.append(state)
            continue
        at = whole.index(state)
        seen["after" if at == aim else "before"] += killed
        if not killed and at != aim:
            wrong.append(f"finished, and still {state}")
        now = at
    last = child(lambda: load(store, 1 - now))
    end = child(lambda: fingerprint(store))
    left = sorted(p.name for p in (store / "generations").iterdir())
    print(json.dumps({
        "kills": hits, "finished": finished, "wrong": wrong, "state": seen, "took": round(took, 2),
        "whole": whole, "last": last[:200], "end": end, "left": left,
    }))  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
