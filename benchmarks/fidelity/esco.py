"""Rankings of ESCO's occupations against O*NET's lists, carried over by the crosswalk.

ESCO has no lists of its own. Where an ESCO occupation answers to one of O*NET, the right
destinations are those ESCO occupations that answer to one on its primary list. ESCO's skills have
no part in how O*NET made the lists, which O*NET's own knowledge has.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.fidelity import entering, tables, truth
from benchmarks.fidelity import measures as ms
from benchmarks.fidelity.board import COSINE, CRITERION, POPULARITY, Board, value
from rolegraph import demands as arrays
from rolegraph.evaluation import lists, training

if TYPE_CHECKING:
    from numpy.typing import NDArray

    import rolegraph as rg
    from benchmarks.fidelity.measures import Values

TRAIN, TEST = "training", "test"


@dataclass(frozen=True, slots=True, eq=False)
class Carried:
    """O*NET's primary lists, as lists of ESCO occupations.

    Attributes
    ----------
    roles : tuple of str
        ESCO occupations that answer to exactly one of O*NET; of several, the list would be unclear.
    codes : tuple of str
        IRIs of the O*NET occupations that they answer to.
    pairs : list of (int, int)
        Places of an occupation and of one on its list.
    same : array of bool, shape (roles, roles)
        Whether both answer to the very same one. The lists say nothing of these pairs.
    """

    roles: tuple[str, ...]
    codes: tuple[str, ...]
    pairs: list[tuple[int, int]]
    same: NDArray[np.bool_]


def carry(
    walk: Mapping[str, tuple[str, ...]], known: Set[str], lines: Iterable[truth.Related]
) -> Carried:
    """Carry lists over a crosswalk; ``known`` are the occupations with demands."""
    single = {a: b[0] for a, b in walk.items() if len(b) == 1 and a in known}
    roles = tuple(single)
    codes = tuple(single.values())
    places = defaultdict(list)
    for i, code in enumerate(codes):
        places[code].append(i)
    pairs = [
        (i, j)
        for line in lines
        if line.primary
        for i in places.get(line.source, ())
        for j in places.get(line.target, ())
    ]
    each = np.array(codes)
    return Carried(roles, codes, pairs, each[:, None] == each)


def report(kg: rg.RoleGraph, *, part: float, draws: int) -> Iterator[str]:
    """The evaluation as paragraphs and tables of Markdown; one line if the store lacks a source."""
    keys = {key: truth.source_of(kg, key) for key in ("esco", "onet", "crosswalk")}
    yield "# ESCO, through the crosswalk\n"
    esco, onet, walk = keys["esco"], keys["onet"], keys["crosswalk"]
    if esco is None or onet is None or walk is None:
        lacking = ", ".join(key for key, there in keys.items() if there is None)
        yield f"Left out: the store lacks {lacking}."
        return
    demands = arrays.read(kg.engine, esco.graph)  # type: ignore[arg-type]
    at = truth.places(demands.roles)
    carried = carry(
        truth.crosswalk(kg, walk.graph), set(demands.roles), truth.related(kg, onet.graph)
    )
    roles, pairs, same = carried.roles, carried.pairs, carried.same
    here = np.array([at[a] for a in roles])
    n = len(roles)
    number = {c: k for k, c in enumerate(dict.fromkeys(carried.codes))}
    group = [number[c] for c in carried.codes]

    def mask(values: Values) -> Values:
        return np.where(same, np.nan, values)

    def change(values: Values) -> Values:
        return mask(values[np.ix_(here, here)])

    # by the code of O*NET: occupations with the same list stand on the same side
    train = training([truth.code(c) for c in carried.codes], part)
    cases = {
        TRAIN: lists([p for p in pairs if train[p[0]]], roles=n),
        TEST: lists([p for p in pairs if not train[p[0]]], roles=n),
    }
    yield (
        f"{n:,} of {len(demands.roles):,} ESCO occupations answer to one of {len(number):,} O*NET "
        f"occupations; {len(cases[TRAIN]):,} training and {len(cases[TEST]):,} test occupations "
        f"have a list, of {len(pairs) / max(len({i for i, _ in pairs}), 1):.1f} on average. Not "
        "ranked are occupations that answer to the same one. Split by SHA-256 of O*NET's code; "
        "intervals draw codes, since occupations of one code share a list. ESCO's occupations "
        f"{ms.Asked(demands).lengths()}."
    )
    board = Board(cases, group)
    board.baselines({TRAIN: cases[TRAIN], TEST: cases[TRAIN]}, n, mask)
    library, absent = ms.library(demands)
    every = [*library, *ms.weighted(demands), *ms.planner(demands)]
    board.add(every, change)
    order = board.order(TRAIN)
    yield (
        f"Best on the training part by {CRITERION}: **{order[0]}**; in the library: "
        f"**{board.order(TRAIN, ('library',))[0]}**."
        + (f" Do not apply: {', '.join(absent)}." if absent else "")
    )
    yield "Training part, then test part:"
    yield tables.table(
        ["measure", "family", "what", CRITERION, "mrr"],
        [
            [
                tables.marked(m, order[0]),
                board.families[m],
                board.what[m],
                tables.figure(value(board.scores[TRAIN][m])),
                tables.figure(value(board.scores[TRAIN][m], "mrr")),
            ]
            for m in order
        ],
        left=3,
    )
    yield tables.scores(board.scores[TEST], order, draws=draws, bold=order[0])
    leader = board.order(TRAIN, ("library",))[0]
    yield tables.differences(
        board.scores[TEST],
        [
            *((m, COSINE) for m in dict.fromkeys((order[0], leader, "combined", "jaccard-idf"))
              if m != COSINE),
            (COSINE, POPULARITY),
        ],
        draws=draws,
    )  # fmt: skip
    yield "## The other way round: who comes into an occupation of ESCO\n"
    yield from entering.report(
        every,
        pairs,
        train.tolist(),
        draws=draws,
        change=change,
        mask=mask,
        group=group,
    )
