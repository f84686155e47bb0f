"""Routes at the size of whole labour markets: rolegraph and its peers in one run.

    python benchmarks/routing.py [PAIRS [STORE]]

Needs the extras ``fast`` and ``bench``. Random graphs of 3,000 roles, and the network of a store if
one is given, for example ESCO with its suggested moves. For each task the medians over pairs of
roles (fewer than asked for, where they take longer than a quarter of a minute), which all take in
turns, and the ratio of each peer's median to ours: above 1, ours is faster. Everybody's graph is
built before, and all are asked for the way itself, as a list of nodes or edges (scipy only says
what it costs); the costs found must be equal. Ours settles ties by labels, which the peers do not.

What a peer does not have is left out: networkit has no k best routes, and rustworkx only the
lengths of walks that may go in circles. So are networkx's ten best by new skills on the largest
graph, which take it minutes.
networkit's ``BidirectionalDijkstra`` is asked to store predecessors, without which it crashes.
"""

from __future__ import annotations

import gc
import os
import platform
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import igraph
import networkit
import networkx as nx
import numpy as np
import rustworkx
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra, yen

from rolegraph import network, networkdata
from rolegraph.errors import NoRouteError
from rolegraph.jit import compiles
from rolegraph.network import TYPES, Network
from rolegraph.routing import COSTS

ROLES = 3000
SIZES = (30_000, 265_000, 1_380_000)
LARGEST_SKILLS = 40
PATIENCE = 15.0
PEERS = ("networkx", "igraph", "rustworkx", "scipy", "networkit")

Work = Callable[[], Any]


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
    return networkdata._pack(
        [f"https://example.org/{i:04}" for i in range(ROLES)], labels, columns, 0
    )


def timed(work: Work) -> tuple[float, Any]:
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found


class Peers:
    """The same graph six times, with one cost."""

    def __init__(self, net: Network, cost: str) -> None:
        self.net, self.cost, self.n = net, cost, len(net.roles)
        self.iris = [net.roles[i] for i in range(self.n)]
        # the edges that count, each once, and as we see them ourselves
        self.view_took, view = timed(lambda: network._view(net, cost, network._ALL_STEPS))
        self.view = view
        tails, heads, self.price = view.tails.tolist(), view.heads.tolist(), view.price.tolist()
        edges = list(zip(tails, heads, strict=True))
        self.of = dict(zip(edges, self.price, strict=True))
        self.by_edge = dict(zip(view.edges.tolist(), self.price, strict=True))
        self.weight = None if cost == "steps" else "weight"
        self.nx: nx.DiGraph = nx.DiGraph()
        self.nx.add_nodes_from(range(self.n))
        self.nx.add_weighted_edges_from((*e, p) for e, p in self.of.items())
        # no weight of 0, which scipy takes for no edge: a thousandth of a step on each
        shape = self.n, self.n
        weights = np.ones(len(edges)) if cost == "steps" else view.price + 1e-3
        self.sparse = csr_array((weights, (view.tails, view.heads)), shape=shape)
        self.igraph = igraph.Graph(self.n, edges, directed=True)
        self.igraph_prices = None if cost == "steps" else self.price
        self.rx = rustworkx.PyDiGraph(multigraph=False)
        self.rx.add_nodes_from(range(self.n))
        self.rx.add_edges_from([(*e, float(p)) for e, p in self.of.items()])
        self.rx_weight = None if cost == "steps" else float
        self.nk = networkit.Graph(self.n, weighted=cost != "steps", directed=True)
        for (a, b), p in self.of.items():
            self.nk.addEdge(a, b, p)

    def cost_of(self, way: Sequence[int]) -> int:
        return sum(self.of[e] for e in pairwise(way))

    def costs(self, name: str, found: Any) -> list[int]:
        """What the ways cost that somebody found."""
        if name == "ours":
            return [sum(self.by_edge[e] for e in way) for way in found]
        if name == "scipy":
            return [int(x) for x in np.ravel(found)]
        return [self.cost_of(way) for way in found]

    def one(self, a: int, b: int) -> dict[str, Work]:
        ends = self.net, self.iris[a], self.iris[b]

        def nx_one() -> list[list[int]]:
            if self.weight is None:
                return [nx.bidirectional_shortest_path(self.nx, a, b)]
            return [nx.bidirectional_dijkstra(self.nx, a, b)[1]]

        def rx_one() -> list[list[int]]:
            return [rustworkx.dijkstra_shortest_paths(self.rx, a, b, self.rx_weight, 1.0)[b]]

        def nk_one() -> list[list[int]]:
            kind = networkit.distance
            search = kind.BidirectionalBFS if self.weight is None else kind.BidirectionalDijkstra
            found = search(self.nk, a, b, True)
            found.run()
            return [[a, *found.getPath(), b]]

        return {
            "ours": lambda: network.ways(*ends, 1, self.cost),
            "networkx": nx_one,
            "igraph": lambda: [self.igraph.get_shortest_path(a, b, self.igraph_prices)],
            "rustworkx": rx_one,
            "scipy": lambda: dijkstra(self.sparse, indices=a)[b],
            "networkit": nk_one,
        }

    def ten(self, a: int, b: int) -> dict[str, Work]:
        ends = self.net, self.iris[a], self.iris[b]

        works: dict[str, Work] = {
            "ours": lambda: network.ways(*ends, 10, self.cost),
            "networkx": lambda: list(
                islice(nx.shortest_simple_paths(self.nx, a, b, self.weight), 10)
            ),
            "igraph": lambda: self.igraph.get_k_shortest_paths(
                a, b, k=10, weights=self.igraph_prices
            ),
            "scipy": lambda: yen(self.sparse, a, b, 10),
        }
        if self.weight is not None and len(self.of) > SIZES[-2]:
            del works["networkx"]
        return works

    def values(self, a: int, b: int) -> dict[str, Work]:
        ends = self.net, self.iris[a], self.iris[b]
        return {"ours": lambda: network.shortest(*ends, self.cost)}

    def every(self, a: int, _: int) -> dict[str, Work]:
        def nk_every() -> Any:
            kind = networkit.distance.BFS if self.weight is None else networkit.distance.Dijkstra
            found = kind(self.nk, a, True, False)
            found.run()
            return [found.getPath(i) for i in range(self.n)]

        warnings.filterwarnings("ignore", "Couldn't reach some vertices")  # igraph's
        return {
            "ours": lambda: network._ways_from(self.view, a),
            "networkx": lambda: nx.single_source_dijkstra(
                self.nx, a, weight=self.weight or (lambda *_: 1)
            ),
            "igraph": lambda: self.igraph.get_shortest_paths(a, weights=self.igraph_prices),
            "rustworkx": lambda: rustworkx.dijkstra_shortest_paths(
                self.rx, a, None, self.rx_weight, 1.0
            ),
            "scipy": lambda: dijkstra(self.sparse, indices=a, return_predecessors=True),
            "networkit": nk_every,
        }

    def every_value(self, a: int, _: int) -> dict[str, Work]:
        return {"ours": lambda: network.reach(self.net, self.iris[a], self.cost)}

    def pairs(self, count: int) -> Iterator[tuple[int, int]]:
        """Two roles of which the one leads to the other."""
        dice = np.random.default_rng(1)
        while count:
            a, b = dice.choice(self.n, 2, replace=False).tolist()
            try:
                network.ways(self.net, self.iris[a], self.iris[b])
            except NoRouteError:
                continue
            yield a, b
            count -= 1


def race(
    peers: Peers, tasks: Callable[[int, int], dict[str, Work]], most: int, same: bool
) -> tuple[dict[str, float], int]:
    """Let all find the same, in turns; give the medians in milliseconds, and of how many pairs."""
    taken: dict[str, list[float]] = {}
    for a, b in peers.pairs(1):
        tasks(a, b)["ours"]()  # the first one loads what was compiled
    gc.collect()
    gc.freeze()  # or every search pays for looking through everybody's graphs
    start, done = time.perf_counter(), 0
    for a, b in peers.pairs(most):
        costs = {}
        for name, work in tasks(a, b).items():
            took, found = timed(work)
            taken.setdefault(name, []).append(took * 1000)
            if same:
                costs[name] = peers.costs(name, found)
        assert all(x == costs["ours"] for x in costs.values()), (a, b, costs)
        done += 1
        if time.perf_counter() - start > PATIENCE:
            break
    gc.unfreeze()
    return {name: statistics.median(t) for name, t in taken.items()}, done


def row(cells: Sequence[object]) -> None:
    print(f"| {' | '.join(map(str, cells))} |", flush=True)


def main(pairs: int, store: Path | None = None) -> None:
    names = ("numba", "numpy", *PEERS)
    said = ", ".join(f"{n} {version(n)}" for n in names)
    load = f"{os.getloadavg()[0]:.2f}"
    print(
        f"{platform.machine()}, {os.cpu_count()} processors, load average {load}, "
        f"Python {platform.python_version()}, {said}, "
        f"{'compiled' if compiles() else 'not compiled'}; "
        "medians in ms\n"
    )
    row(["edges", "task", "cost", "pairs", "ours", *PEERS, *(f"{p} / ours" for p in PEERS)])
    print("|---:|---|---|" + "---:|" * (2 + 2 * len(PEERS)))
    networks: list[tuple[str, Callable[[], Network | None]]] = [
        (f"{e:,}", lambda e=e: random_network(e, e))  # type: ignore[misc]
        for e in SIZES
    ]
    if store is not None:
        folder = store / "generations" / (store / "CURRENT").read_text().strip() / "network"
        networks.append((store.name, lambda: network.open(folder, "")))
    layouts = []
    for label, make in networks:
        net = make()
        assert net is not None
        for cost in COSTS:
            peers = Peers(net, cost)
            layouts.append(f"{label} {cost}: {peers.view_took * 1000:.0f}")
            for task, tasks, same in (
                ("one route", peers.one, True),
                ("one route, as values", peers.values, False),
                ("ten best", peers.ten, True),
                ("all ways from a role", peers.every, False),
                ("all ways, as values", peers.every_value, False),
            ):
                ms, done = race(peers, tasks, pairs, same)
                row([
                    label, task, cost, done, f"{ms['ours']:.3f}",
                    *(f"{ms[p]:.3f}" if p in ms else "-" for p in PEERS),
                    *(f"{ms[p] / ms['ours']:.1f}" if p in ms else "-" for p in PEERS),
                ])  # fmt: skip
    print(f"\nLaying the edges out, once for each cost, in ms: {', '.join(layouts)}.")
    print(f"Load average at the end: {os.getloadavg()[0]:.2f}.")


if __name__ == "__main__":
    main(int((sys.argv[1:] or ["50"])[0]), *(Path(x) for x in sys.argv[2:3]))
