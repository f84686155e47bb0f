"""The other way round: for a destination, who comes into it with the least effort?

Ranked for one destination, every source faces the same demands. So this says what the weights of
an effort are worth, which a ranking of destinations cannot: there, what asks for little comes
first, however it is weighed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.fidelity import measures as ms
from benchmarks.fidelity import tables
from benchmarks.fidelity.board import COSINE, CRITERION, Board
from rolegraph.evaluation import lists

if TYPE_CHECKING:
    from benchmarks.fidelity.measures import Values

TRAIN, TEST = "training", "test"
_PAIRS = (
    ("effort", "new-skills"),
    ("effort", "new-skills, levels aside"),
    ("effort", "effort-importance"),
    ("effort", "level gap by importance"),
    ("effort", COSINE),
)
METRICS = ("hit@10", "recall@10", "mrr")


def report(
    measures: Sequence[ms.Measure],
    pairs: Sequence[tuple[int, int]],
    train: Sequence[bool],
    *,
    draws: int,
    change: Callable[[Values], Values] = lambda values: values,
    mask: Callable[[Values], Values] = lambda values: values,
    group: Sequence[int] | None = None,
) -> Iterator[str]:
    """A table, and the differences between efforts.

    ``train`` is by place of the destination; ``change`` is done to the values of measures, ``mask``
    to those of the baselines.
    """
    n = len(train)
    cases = {
        TRAIN: lists([(b, a) for a, b in pairs if train[b]], roles=n),
        TEST: lists([(b, a) for a, b in pairs if not train[b]], roles=n),
    }
    board = Board(cases, group)
    trained = {TRAIN: cases[TRAIN], TEST: cases[TRAIN]}
    board.baselines(trained, n, mask)
    board.add(measures, lambda values: np.transpose(change(values)))
    planner = board.order(TRAIN, ("planner",))
    yield (
        "For each destination all other occupations are ranked as places to come from; right are "
        f"those that have it on their list. Training {len(cases[TRAIN]):,} destinations, test "
        f"{len(cases[TEST]):,}. Best of the planner's measures on the training part by "
        f"{CRITERION}: **{planner[0]}**. Test part:"
    )
    yield tables.scores(
        board.scores[TEST], board.order(TRAIN), metrics=METRICS, draws=draws, bold=planner[0]
    )
    compared = list(dict.fromkeys([(planner[0], planner[1]), *_PAIRS]))
    yield tables.differences(
        board.scores[TEST],
        [p for p in compared if all(m in board.families for m in p)],
        metrics=METRICS,
        draws=draws,
    )
