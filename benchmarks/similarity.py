"""All pairs of ESCO by similarity: ours beside bare scipy, Python sets and others, in one run.

    python benchmarks/similarity.py ESCO_FOLDER [ROUNDS]

ESCO_FOLDER holds the two official zips (or the CSV files unpacked). Contestants take turns, so that
a noisy machine hits all of them. Prints a Markdown table: the median of the rounds, its ratio to
the peer, and the peak of memory that numpy, scipy and Python allocate, in a round of its own.
"""

from __future__ import annotations

import csv
import importlib.util
import io
import platform
import statistics
import sys
import time
import tracemalloc
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import scipy
import scipy.sparse as sp

from rolegraph import similarity
from rolegraph.demands import BENEFICIAL, ESSENTIAL, Demands, Link, collect

K = 20
SAMPLE = 100  # roles that the Python sets do


def table(folder: Path, name: str) -> Iterator[dict[str, str]]:
    """Rows of a CSV file, from the folder or from a zip in it."""
    if (folder / name).is_file():
        with (folder / name).open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)
        return
    for path in sorted(folder.glob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            if name in archive.namelist():
                with archive.open(name) as file:
                    yield from csv.DictReader(io.TextIOWrapper(file, "utf-8", newline=""))
                return
    sys.exit(f"no {name} in {folder}, nor in a zip there")


def esco(folder: Path) -> Demands:
    """The demands of ESCO's occupations, straight from its files."""
    group = {
        r["conceptUri"]: r["iscoGroup"]
        for r in table(folder, "occupations_en.csv")
        if r["conceptType"] == "Occupation"
    }
    strength = {"essential": ESSENTIAL, "optional": BENEFICIAL}
    links = [
        Link(r["occupationUri"], r["skillUri"], strength[r["relationType"]])
        for r in table(folder, "occupationSkillRelations.csv")
        if r["occupationUri"] in group
    ]
    up = {
        r["conceptUri"]: r["broaderUri"]
        for r in table(folder, "broaderRelationsOccPillar.csv")
        if r["conceptType"] == r["broaderType"] == "Occupation"
    }
    broadest = {}
    for role in group:
        top = role
        while top in up:
            top = up[top]
        broadest[role] = top
    second = {
        r["conceptUri"]: ".".join(r["code"].split(".")[:2])
        for r in table(folder, "skillGroups_en.csv")
        if r["code"].startswith("S") and "." in r["code"]
    }
    grouped: set[str] = set()
    activities = defaultdict(set)
    broader = defaultdict(set)
    for r in table(folder, "broaderRelationsSkillPillar.csv"):
        if r["conceptType"] != "KnowledgeSkillCompetence":
            continue
        if r["broaderType"] == "SkillGroup":
            grouped.add(r["conceptUri"])
            if r["broaderUri"] in second:
                activities[r["conceptUri"]].add(second[r["broaderUri"]])
        else:
            broader[r["conceptUri"]].add(r["broaderUri"])
    for skill in list(broader):
        step = {skill}
        while step and not step & grouped:
            step = {b for s in step for b in broader.get(s, ())}
        activities[skill] |= {code for s in step & grouped for code in activities.get(s, ())}
    return collect(links, group=group, broadest=broadest, activities=activities)


def bare(left: Any) -> Callable[[], object]:
    return lambda: left @ left.T


def sets(d: Demands) -> Callable[[], object]:
    asked: list[set[int]] = [set() for _ in d.roles]
    for role, skill in zip(d.role.tolist(), d.skill.tolist(), strict=True):
        asked[role].add(skill)
    step = max(1, len(asked) // SAMPLE)

    def run() -> object:
        return [
            sorted(((len(s & t) / len(t), -i) for i, t in enumerate(asked)), reverse=True)[:K]
            for s in asked[::step]
        ]

    return run


def main(folder: Path, rounds: int) -> None:
    start = time.perf_counter()
    d = esco(folder)
    took = time.perf_counter() - start
    shape = (len(d.roles), len(d.skills))
    left = sp.csr_array((np.ones(len(d.role), np.float32), (d.role, d.skill)), shape=shape)
    everyone = len(d.roles) / len(range(0, len(d.roles), max(1, len(d.roles) // SAMPLE)))

    product, tops = "bare scipy `W @ W.T`", f"ours, top {K}, overlap"
    # name: what runs, the peer, and by how much a sample is to be multiplied
    contestants: dict[str, tuple[Callable[[], object], str, float]] = {
        product: (bare(left), product, 1),
    }
    for measure in similarity.measures():
        name = f"ours, all pairs, {measure}"
        contestants[name] = (partial(similarity.matrix, d, measure), product, 1)
    for measure in similarity.measures():
        name = f"ours, top {K}, {measure}"
        contestants[name] = (partial(similarity.top_k, d, measure, K), tops, 1)
    if importlib.util.find_spec("sparse_dot_topn"):
        from sparse_dot_topn import sp_matmul_topn

        old, other = sp.csr_matrix(left), sp.csr_matrix(left.T)  # it knows no sparse arrays
        contestants[f"sparse_dot_topn, top {K} of `W @ W.T`"] = (
            lambda: sp_matmul_topn(old, other, top_n=K, sort=True),
            tops,
            1,
        )
    contestants[f"Python sets, top {K}, overlap (extrapolated)"] = (sets(d), tops, everyone)
    contestants["ours, thresholds and viable transitions"] = (
        lambda: similarity.viable(d),
        tops,
        1,
    )

    times: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, (run, _, _) in contestants.items():
            start = time.perf_counter()
            run()
            times[name].append(time.perf_counter() - start)
    median = {n: statistics.median(t) * contestants[n][2] for n, t in times.items()}

    print(
        f"{platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}, ",
        end="",
    )
    print(
        f"scipy {scipy.__version__}; {shape[0]:,} roles, {shape[1]:,} skills, {left.nnz:,} links; "
    )
    print(f"files to arrays {took:.1f} s; {rounds} rounds; Python sets did {SAMPLE} roles or so.\n")
    print("| what | median ms | ratio | to | peak MB |\n|---|--:|--:|---|--:|")
    for name, (run, peer, _) in contestants.items():
        tracemalloc.start()
        run()
        peak = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
        ratio = median[name] / median[peer]
        print(f"| {name} | {median[name] * 1000:,.0f} | {ratio:.2f} | {peer} | {peak:,.0f} |")

    print()
    ways: tuple[similarity.By, ...] = ("group", "broader", 3)
    for by in ways:
        c = similarity.calibrate(d, "combined", by)
        print(
            f"combined by {by}: threshold {c.threshold:.3f} = {c.mean:.3f} - {c.sd:.3f}, "
            f"{c.groups} groups, {c.pairs:,} pairs; published {c.published}"
        )
    found = similarity.viable(d)
    print(f"viable {len(found.suggestions):,}, highly viable {int(found.highly.sum()):,}; ", end="")
    print(f"used {', '.join(found.components.used)}; absent {', '.join(found.absent)}")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 5)
