"""The planner at the size of ESCO: exact Pareto sets, everything within reach, brute force beside.

    python benchmarks/planning.py STORE [PAIRS]

STORE holds ESCO with suggested transitions (``rolegraph import esco``, ``rolegraph derive esco``).
For random pairs of occupations that a route joins, the exact Pareto set over steps, new skills and
hardest step, what is learned once counting for every later step, of routes of up to so many steps
more than the shortest: the search alone, and the whole of ``kg.plan`` with every route explained.
The peer enumerates all simple paths with networkx and compares them; it gets the shortest routes
and those of one step more only, and its Pareto set must be the same. "Plain" is ours without numba.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import networkx as nx
import numpy as np

import rolegraph as rg
from rolegraph import pareto
from rolegraph.asking import search
from rolegraph.plans import Constraints

AIMS = ("steps", "new-skills", "hardest-step")
MORE = (0, 1, 2, 3, 4)
SOURCE = "esco"


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    found = work()
    return (time.perf_counter() - start) * 1000, found


def spread(ms: list[float]) -> str:
    cuts = np.percentile(ms, [10, 50, 90, 100])
    return " | ".join(f"{x:.1f}" for x in cuts)


def brute(
    graph: pareto.Graph, question: pareto.Question, simple: nx.DiGraph, most: int
) -> set[Any]:
    edge = {}
    for u in range(graph.size):
        for e in range(graph.indptr[u], graph.indptr[u + 1]):
            edge.setdefault((u, graph.heads[e]), e)
    (target,) = question.targets
    found = set()
    for path in nx.all_simple_paths(simple, question.source, target, cutoff=most):
        have, hardest, learned = question.held, 0, 0
        for a, b in pairwise(path):
            e = edge[a, b]
            new = (graph.top[e] & ~have).bit_count()
            hardest, learned = max(hardest, new), learned + new
            have |= graph.need[e]
        found.add((len(path) - 1, learned, hardest))
    return {
        v for v in found
        if not any(w != v and all(x <= y for x, y in zip(w, v, strict=True)) for w in found)
    }  # fmt: skip


def main(store: str, pairs: int) -> None:
    kg = rg.open(store)
    asking = kg.planner.asking
    took, land = timed(lambda: asking.landscape(None, False))
    graph, _ = land.graph((None, frozenset({"suggested"}), None))
    print(
        f"{platform.machine()}, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}; "
        f"{store}: {graph.size} roles, {len(graph.heads)} suggested transitions, "
        f"{land.skill_bits} skills; laying it out, once: {took:.0f} ms\n"
    )
    simple = nx.DiGraph()
    for u in range(graph.size):
        simple.add_edges_from((u, graph.heads[e]) for e in range(*graph.indptr[u : u + 2]))
    dice = np.random.default_rng(4)
    roles = [r for r in kg.roles() if (r.source or "").startswith(SOURCE)]
    # whatever is loaded or compiled on first use
    warm = kg.plan(roles[0], kg.reach(roles[0])[-1].role, types=["suggested"])
    assert warm
    some: list[tuple[Any, Any, int]] = []
    while len(some) < pairs:
        a, b = (roles[i] for i in dice.integers(0, len(roles), 2))
        if a == b:
            continue
        s = asking.setting(asking.person(a), (b,), Constraints(types=("suggested",)))
        d = pareto.distances(s.graph, s.question, s.question.targets, back=True)[s.question.source]
        if d < graph.size:
            some.append((a, b, d))
    far = [d for _, _, d in some]
    print(f"{pairs} random pairs, shortest route {min(far)} to {max(far)} steps, "
          f"median {statistics.median(far):g}\n")  # fmt: skip
    times = "10 % | median | 90 % | most |"
    print(
        "| up to shortest + | routes in the set, median | branches, median | proved "
        f"| search, ms: {times} with all explained: {times}"
    )
    print("|--:" * 12 + "|")
    for more in (*MORE, None):
        ms: list[float] = []
        whole: list[float] = []
        sizes, branches, proved = [], [], 0
        for a, b, d in some if more in (0, 1, 2) else some[:50]:
            limit = None if more is None else d + more
            wants = Constraints(types=("suggested",), max_steps=limit)

            def alone(a: Any = a, b: Any = b, wants: Constraints = wants) -> pareto.Answer:
                s = asking.setting(asking.person(a), (b,), wants)
                return search(s, [asking.measured(s, name) for name in AIMS])

            took, answer = timed(alone)
            ms.append(took)
            took, plan = timed(
                lambda a=a, b=b, limit=limit: kg.plan(a, b, types=["suggested"], max_steps=limit)
            )
            whole.append(took)
            assert len(plan) == len(answer.ways)
            sizes.append(len(answer.ways))
            branches.append(answer.examined)
            proved += answer.complete
        name = "no limit, budget 200,000" if more is None else str(more)
        print(f"| {name} | {statistics.median(sizes):g} | {statistics.median(branches):,.0f} | "
              f"{proved} of {len(ms)} | {spread(ms)} | {spread(whole)} |", flush=True)  # fmt: skip
    print("\nThe same pairs, growth with edges (suggestions from a least value), shortest + 2:\n")
    print("| least value | transitions | pairs joined | 10 % | median | 90 % | most |")
    print("|--:" * 7 + "|")
    for least in (0.5, 0.4, 0.3, 0.2, None):
        ms = []
        number = 0
        for a, b, _ in some:
            wants = Constraints(types=("suggested",), min_value=least)
            s = asking.setting(asking.person(a), (b,), wants)
            number = len(s.graph.heads)
            back = pareto.distances(s.graph, s.question, s.question.targets, back=True)
            if (d := back[s.question.source]) >= graph.size:
                continue

            def part(s: Any = s, d: int = d) -> pareto.Answer:
                limited = replace(s, question=replace(s.question, max_steps=d + 2))
                return search(limited, [asking.measured(limited, name) for name in AIMS])

            ms.append(timed(part)[0])
        if ms:
            print(f"| {least or 'all'} | {number:,} | {len(ms)} | {spread(ms)} |", flush=True)
    short = [x for x in some if x[2] <= 4][:20]  # longer ones take the peer minutes
    print("\nBeside brute force (networkx) and without numba, medians in ms over "
          f"{len(short)} pairs of at most 4 steps:\n")  # fmt: skip
    print(
        "| up to shortest + | ours | ours, plain | networkx, all simple paths | networkx / ours |"
    )
    print("|--:" * 5 + "|")
    for more in (0, 1):
        rows: list[list[float]] = [[], [], []]
        for a, b, d in short:
            wants = Constraints(types=("suggested",), max_steps=d + more)
            s = asking.setting(asking.person(a), (b,), wants)
            measured = [asking.measured(s, name) for name in AIMS]
            took, answer = timed(lambda s=s, m=measured: search(s, m))
            rows[0].append(took)
            took, plain = timed(lambda s=s, m=measured: search(s, m, compiled=False))
            rows[1].append(took)
            assert plain == answer
            if d + more <= 5:
                took, found = timed(
                    lambda s=s, d=d, more=more: brute(s.graph, s.question, simple, d + more)
                )
                rows[2].append(took)
                assert found == {w.values for w in answer.ways}, (a, b)
        cells = [f"{statistics.median(r):.1f}" if r else "-" for r in rows]
        ratio = (
            f"{statistics.median(rows[2]) / statistics.median(rows[0]):,.0f}" if rows[2] else "-"
        )
        print(f"| {more} | {' | '.join(cells)} | {ratio} |", flush=True)
    print("\nAll roles' best routes from one profile, with new skills, hardest step and way of "
          f"each, ms over {min(pairs, 50)} profiles:\n")  # fmt: skip
    ms = []
    for a, _, _ in some[:50]:
        took, found = timed(lambda a=a: kg.reach(a, types=["suggested"]))
        ms.append(took)
    print(f"10 % | median | 90 % | most: {spread(ms)}; {len(found):,} roles in the last one")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 200)
