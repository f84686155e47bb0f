"""The compiled searches on graphs larger than brute force can take, and their loops as Python."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

import numpy as np
import pytest

from rolegraph import network
from rolegraph.errors import NoRouteError
from rolegraph.jit import compiles
from rolegraph.network import KINDS, Network

GRAPHS = 1500


@pytest.fixture(autouse=True)
def _no_switch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ROLEGRAPH_JIT", raising=False)


def scattered(dice: Random, most: int) -> Network:
    """Make a network with many ties: few labels, few costs, or a ladder of equal rungs."""
    n = dice.randint(2, most)
    few = "ABC" if dice.random() < 0.6 else "ABCDEFGHIJKLMNOP"
    roles = {f"urn:{i * 37 % 101:03}": dice.choice(few) for i in range(n)}
    iris = list(roles)
    costs = dice.choice([(0,), (1,), (0, 1), (0, 0, 1, 2, 5), tuple(range(40))])
    types = dice.choice([("transition",), ("transition",), ("transition", "mapping")])
    if dice.random() < 0.3:  # rungs of up to three
        wide = dice.randint(1, 3)
        pairs = [
            (i, j)
            for i in range(n)
            for j in range(n)
            if i // wide + 1 == j // wide or dice.random() < 0.02
        ]
    else:
        count = int(n * dice.choice([1, 2, 4, n / 2]))
        pairs = [(dice.randrange(n), dice.randrange(n)) for _ in range(count)]
    edges = [
        (iris[a], iris[b], f"urn:move:{i:04}", KINDS[0], dice.choice(types), dice.choice(costs),
         None)
        for i, (a, b) in enumerate(pairs)
    ]  # fmt: skip
    return network.pack(roles, [(*e[:5], 0 if e[4] == "mapping" else e[5], None) for e in edges])


def cases(count: int, most: int) -> Iterator[tuple[Network, network._View, int, int, int]]:
    for seed in range(count):
        dice = Random(seed)
        net = scattered(dice, most)
        view = network._view(
            net, dice.choice(["steps", "new-skills"]),
            dice.choice([network._ALL, network._ALL_STEPS]),
        )  # fmt: skip
        assert view is not None
        a = dice.randrange(len(net.roles))
        near = np.flatnonzero(np.isfinite(network._distances(view, a, back=False))).tolist()
        others = [x for x in near if x != a] if dice.random() < 0.9 else range(len(net.roles))
        b = dice.choice([x for x in others if x != a] or [1 - min(a, 1)])
        yield net, view, a, b, dice.choice([1, 2, 3, 10])


def as_left(view: network._View) -> bool:
    """Whether the work space is as it was."""
    return all(
        (far == float("inf")).all() and (space[:2] == -1).all() for far, space in view.spaces
    )


@pytest.mark.skipif(not compiles(), reason="numba is not installed")
def test_compiled_and_plain_searches_agree(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ways = trees = 0
    for net, view, a, b, k in cases(GRAPHS, 40):
        monkeypatch.setattr(network, "_BUDGET", (1, 20, 10_000)[k % 3])
        found = network._compiled_ways(net, view, a, b, k)
        assert found == network._plain_ways(net, view, a, b, k)
        assert as_left(view)
        ways += len(found)
        with monkeypatch.context() as patch:
            patch.setattr(network, "_compiled", lambda: True)
            far, parents = network._ways_from(view, a)
            patch.setattr(network, "_compiled", lambda: False)
            expected = network._ways_from(view, a)
        assert far.tolist() == expected[0].tolist()
        assert parents.tolist() == expected[1].tolist()
        trees += 1
    assert ways > 2 * GRAPHS
    assert trees == GRAPHS
    with capsys.disabled():
        print(f"\n{GRAPHS} graphs, {ways} ways and {trees} trees alike")


def test_the_loops_run_as_python_and_stay_within_their_arrays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Machine code does not look where it reads; Python does, but for places below 0."""
    monkeypatch.setenv("ROLEGRAPH_JIT", "0")
    found = 0
    for net, view, a, b, k in cases(150, 25):
        ways = network._compiled_ways(net, view, a, b, k)
        assert ways == network._plain_ways(net, view, a, b, k)
        assert as_left(view)
        found += len(ways)
        with monkeypatch.context() as patch:
            patch.setattr(network, "_compiled", lambda: True)
            _, parents = network._ways_from(view, a)
        expected = network._ways_from(view, a)
        assert parents.tolist() == expected[1].tolist()
    assert found > 200


def test_searches_may_run_at_once() -> None:
    from concurrent.futures import ThreadPoolExecutor

    dice = Random(7)
    while len((net := scattered(dice, 40)).roles) < 30:
        pass
    n = len(net.roles)
    ends = [(net.roles[dice.randrange(n)], net.roles[dice.randrange(n)]) for _ in range(300)]

    def ask(pair: tuple[str, str]) -> object:
        try:
            return network.ways(net, *pair, 3, "new-skills")
        except NoRouteError:
            return None

    alone = list(map(ask, ends))
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, ends)) == alone


def test_the_first_searches_do_not_wait_for_the_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys
    from itertools import count

    asked: list[str] = []

    def searches(how: str) -> Callable[..., list[tuple[int, ...]]]:
        def search(*_: object) -> list[tuple[int, ...]]:
            asked.append(how)
            return [()]

        return search

    monkeypatch.setattr(network, "_SEARCHES", count())
    monkeypatch.setattr(network, "compiles", lambda: True)
    monkeypatch.setattr(network, "_plain_ways", searches("plain"))
    monkeypatch.setattr(network, "_compiled_ways", searches("compiled"))
    monkeypatch.delitem(sys.modules, "numba", raising=False)
    net = network.pack({"urn:a": "A", "urn:b": "B"}, [])
    for _ in range(5):
        network.ways(net, "urn:a", "urn:b")
    assert asked == ["plain"] * 3 + ["compiled"] * 2
