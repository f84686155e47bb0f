"""Routes at the size of whole labour markets: rolegraph, networkx and scipy in one run.

    python benchmarks/routing.py [PAIRS]

Random graphs of 3,000 roles. For each task the medians over pairs of roles (five times as many for
single routes), which all take in turns, and the ratio of the peer's median to ours: above 1, ours
is faster. Ours settles ties by labels, which the peers do not; networkx gets no ten best routes on
the largest graph, which takes it minutes. All are asked for the same costs, and the costs found
must be equal.
"""

from __future__ import annotations

import platform
import statistics
import sys
import time
from collections.abc import Callable
from itertools import islice, pairwise
from typing import Any

import networkx as nx
import numpy as np
import scipy
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra, yen

from rolegraph import network
from rolegraph.network import TYPES, Network
from rolegraph.routing import COSTS

ROLES = 3000
SIZES = (30_000, 265_000, 1_380_000)
LARGEST_SKILLS = 40


def random_network(edges: int, seed: int) -> Network:
    dice = np.random.default_rng(seed)
    pairs = dice.choice(ROLES * ROLES, edges, replace=False)
    source, target = np.divmod(pairs, ROLES)
    labels = [f"role {i}" for i in dice.permutation(ROLES)]
    claims = [b"https://example.org/move/%07d" % i for i in range(edges)]
    columns: Any = (
        source, target, claims, np.zeros(edges), np.full(edges, TYPES.index("transition")),
        dice.integers(0, LARGEST_SKILLS, edges), np.full(edges, np.nan),
    )  # fmt: skip
    return network._pack([f"https://example.org/{i:04}" for i in range(ROLES)], labels, columns, 0)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found


class Peers:
    """The same graph three times."""

    def __init__(self, edges: int) -> None:
        self.net = net = random_network(edges, edges)
        tails = np.repeat(np.arange(ROLES), np.diff(net.indptr))
        real = tails != net.indices
        tails, heads, skills = tails[real], net.indices[real], net.new_skills[real]
        indptr = np.r_[0, np.cumsum(np.bincount(tails, minlength=ROLES))].astype(np.int32)
        self.graph: nx.DiGraph = nx.DiGraph()
        self.graph.add_weighted_edges_from(
            zip(tails.tolist(), heads.tolist(), skills.tolist(), strict=True)
        )
        # no weight of 0, which scipy takes for no edge: a thousandth of a step on each
        self.sparse = {
            "steps": csr_array((np.ones(len(tails)), heads, indptr), shape=(ROLES, ROLES)),
            "new-skills": csr_array((skills + 1e-3, heads, indptr), shape=(ROLES, ROLES)),
        }

    def reach(self, cost: str) -> tuple[float, Any]:
        return timed(lambda: network.reach(self.net, self.net.roles[0], cost))

    def tasks(self, cost: str, a: int, b: int) -> dict[str, dict[str, Callable[[], Any]]]:
        ends = self.net, self.net.roles[a], self.net.roles[b]
        weight = None if cost == "steps" else "weight"
        sparse = self.sparse[cost]

        def length(way: list[int]) -> int:
            if weight is None:
                return len(way) - 1
            return sum(self.graph.edges[e][weight] for e in pairwise(way))

        def nx_one() -> list[int]:
            if weight is None:
                return [length(nx.bidirectional_shortest_path(self.graph, a, b))]
            return [nx.bidirectional_dijkstra(self.graph, a, b)[0]]

        def nx_ten() -> list[int]:
            return [
                length(w) for w in islice(nx.shortest_simple_paths(self.graph, a, b, weight), 10)
            ]

        def ours(k: int) -> list[int]:
            return [int(sum(p for _, p in w)) for w in network.k_best(*ends, k, cost)]

        return {
            "one route": {
                "ours": lambda: ours(1),
                "networkx": nx_one,
                "scipy": lambda: [int(dijkstra(sparse, indices=a)[b])],
            },
            "ten best": {
                "ours": lambda: ours(10),
                "networkx": nx_ten,
                "scipy": lambda: [int(x) for x in yen(sparse, a, b, 10)],
            },
        }


def main(pairs: int) -> None:
    print(
        f"{platform.machine()}, Python {platform.python_version()}, networkx {nx.__version__}, "
        f"scipy {scipy.__version__}; {ROLES} roles, "
        f"medians over {5 * pairs} and {pairs} pairs in ms\n"
    )
    head = ["edges", "task", "cost", "ours", "networkx", "scipy", "networkx / ours", "scipy / ours"]
    print(f"| {' | '.join(head)} |\n|{'---:|---|---|' + '---:|' * 5}")
    for edges in SIZES:
        peers = Peers(edges)
        dice = np.random.default_rng(1)
        some = [tuple(dice.choice(ROLES, 2, replace=False).tolist()) for _ in range(5 * pairs)]
        for cost in COSTS:
            first, _ = peers.reach(cost)
            row: dict[str, dict[str, list[float]]] = {}
            for i, (a, b) in enumerate(some):
                for task, peer in peers.tasks(cost, a, b).items():
                    if task == "ten best" and i >= pairs:
                        continue
                    costs = {}
                    for name, work in peer.items():
                        if name == "networkx" and task == "ten best" and edges == SIZES[-1]:
                            continue
                        took, costs[name] = timed(work)
                        row.setdefault(task, {}).setdefault(name, []).append(took * 1000)
                    assert all(x == costs["ours"] for x in costs.values()), (a, b, costs)
            for task, taken in row.items():
                ms = {name: statistics.median(t) for name, t in taken.items()}
                cells = [f"{ms[n]:.2f}" if n in ms else "-" for n in ("ours", "networkx", "scipy")]
                ratios = [f"{ms[n] / ms['ours']:.1f}" if n in ms else "-"
                          for n in ("networkx", "scipy")]  # fmt: skip
                print(f"| {' | '.join([f'{edges:,}', task, cost, *cells, *ratios])} |", flush=True)
            took, found = peers.reach(cost)
            print(
                f"| {edges:,} | all within reach ({len(found):,}); the first, which lays the edges "
                f"out: {first * 1000:.0f} | {cost} | {took * 1000:.2f} | - | - | - | - |"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
