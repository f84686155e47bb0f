"""Rankings against a table of moves that somebody observed or put together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.fidelity import measures as ms
from benchmarks.fidelity import tables, truth
from benchmarks.fidelity.board import COSINE, CRITERION, POPULARITY, Board
from rolegraph import demands as arrays
from rolegraph.evaluation import Cases, Moves, events, read_moves, training
from rolegraph.vocab import curie

if TYPE_CHECKING:
    import rolegraph as rg
    from benchmarks.fidelity.measures import Values

TRAIN, TEST = "training", "test"
FEW = 50  # roles to move from; below that an interval is as wide as the answer


def widened(values: Values, at: list[int], n: int) -> Values:
    """The same values among more roles; what is not known of the others is NaN."""
    out = np.full((n, n), np.nan)
    out[np.ix_(at, at)] = values
    return out


def parted(moves: Moves, at: dict[str, int], part: float) -> tuple[Cases, Cases]:
    """Training and test, by the role that moves start from."""
    sources = sorted({m.source for m in moves.moves})
    train = dict(zip(sources, training(sources, part).tolist(), strict=True))
    both = [
        [(at[m.source], at[m.target], m.count) for m in moves.moves if train[m.source] == side]
        for side in (True, False)
    ]
    return events(both[0], roles=len(at)), events(both[1], roles=len(at))


def report(
    kg: rg.RoleGraph, path: Path, *, source: str | None, part: float, draws: int
) -> Iterator[str]:
    """The evaluation as paragraphs and tables of Markdown."""
    moves = read_moves(path, kg.role)
    graph = None
    if source is not None:
        found = truth.source_of(kg, source)
        if found is None:
            raise SystemExit(
                f"no source {source!r}; there are {', '.join(s.name for s in kg.sources())}"
            )
        graph = found.graph
    demands = arrays.read(kg.engine, graph, ratings=True)  # type: ignore[arg-type]
    ends = {r for m in moves.moves for r in (m.source, m.target)}
    roles = sorted({*demands.roles, *ends})
    at = truth.places(roles)
    n = len(roles)
    yield f"# Moves of {path.name}\n"
    silent = sorted(ends - set(demands.roles))
    yield (
        f"{moves}. {n:,} roles are candidates"
        + (
            f"; no skills are known of {len(silent):,} of the roles in the table "
            f"({', '.join(curie(r) for r in silent[:5])}{', …' if len(silent) > 5 else ''}), which "
            "only popularity can rank"
            if silent
            else ""
        )
        + ". A move weighs its count; with one right answer each, recall@k is hit@k."
    )
    train, test = parted(moves, at, part)
    sizes = [len(np.unique(c.source)) for c in (train, test)]
    yield (
        f"Training: {len(train):,} moves from {sizes[0]:,} roles; test: {len(test):,} from "
        f"{sizes[1]:,}; by SHA-256 of the IRI of the role that they start from."
    )
    if not (len(train) and len(test)):
        yield "One of the two parts is empty: nothing can be chosen and judged apart."
        return
    if min(sizes) < FEW:
        yield (
            f"**Fewer than {FEW} roles in a part: too few to mean much.** The intervals show how "
            "little the figures say."
        )
    board = Board({TRAIN: train, TEST: test})
    board.baselines({TRAIN: train, TEST: train}, n)
    inside = [at[r] for r in demands.roles]
    library, absent = ms.library(demands)
    board.add(
        [*library, *ms.weighted(demands), *ms.planner(demands)],
        lambda values: widened(values, inside, n),
    )
    order = board.order(TRAIN)
    chosen = next(m for m in order if board.families[m] != "baseline")
    yield f"Best measure on the training part by {CRITERION}: **{chosen}**. Test part:"
    metrics = ("hit@1", "hit@5", "hit@10", "recall@20", "mrr")
    yield tables.scores(board.scores[TEST], order, metrics=metrics, draws=draws, bold=chosen)
    if absent:
        yield f"Do not apply: {'; '.join(f'{m} ({why})' for m, why in absent.items())}."
    pairs = [(chosen, POPULARITY), (COSINE, POPULARITY)]
    pairs += [(chosen, COSINE)] if chosen != COSINE else []
    yield tables.differences(board.scores[TEST], pairs, metrics=metrics, draws=draws)
