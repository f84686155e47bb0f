"""Rankings of O*NET's occupations against its lists of related ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.fidelity import entering, tables, truth
from benchmarks.fidelity import measures as ms
from benchmarks.fidelity.board import COSINE, CRITERION, POPULARITY, Board, value
from rolegraph import demands as arrays
from rolegraph.errors import DataError
from rolegraph.evaluation import Cases, lists, training

if TYPE_CHECKING:
    import rolegraph as rg
    from benchmarks.fidelity.measures import Values
    from rolegraph.demands import Demands

TRAIN, PRIMARY, WHOLE = "training", "primary", "whole"
WEIGHTS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
PARTNERS = (COSINE, "jaccard-idf")
LONG = ("hit@1", "hit@10", "recall@10", "recall@20", "mrr")
_ZONED = (", same zone", ", zones")  # 0 and 1 apart
SHORT = ("hit@10", "recall@10", "mrr")


@dataclass(frozen=True, slots=True)
class Task:
    """Occupations, what they ask for, and the lists of both parts."""

    demands: Demands
    training: np.ndarray  # of bool, one for each occupation
    primary: list[tuple[int, int]]
    whole: list[tuple[int, int]]
    unknown: int  # lines that name an occupation without demands

    def lists(self, pairs: list[tuple[int, int]], *, train: bool) -> Cases:
        kept = [p for p in pairs if self.training[p[0]] == train]
        return lists(kept, roles=len(self.demands.roles))


def prepare(kg: rg.RoleGraph, part: float) -> Task:
    """Read demands and lists out of a store.

    Raises
    ------
    DataError
        If the store holds no O*NET, or no related occupations.
    """
    source = truth.source_of(kg, "onet")
    if source is None:
        raise DataError("the store holds no O*NET; import it first: rolegraph import onet DIR")
    lines = truth.related(kg, source.graph)
    demands = arrays.read(kg.engine, source.graph, ratings=True)  # type: ignore[arg-type]
    at = truth.places(demands.roles)
    known = [r for r in lines if r.source in at and r.target in at]
    return Task(
        demands,
        training([truth.code(r) for r in demands.roles], part),
        [(at[r.source], at[r.target]) for r in known if r.primary],
        [(at[r.source], at[r.target]) for r in known],
        len(lines) - len(known),
    )


def report(kg: rg.RoleGraph, *, part: float, draws: int) -> Iterator[str]:
    """The evaluation as paragraphs and tables of Markdown."""
    task = prepare(kg, part)
    d = task.demands
    n = len(d.roles)
    rated = int(ms.Asked(d).rated.sum())
    in_training = int(task.training.sum())
    yield (
        f"{n:,} occupations with demands, {rated:,} of them with ratings; {len(task.whole):,} "
        f"related occupations, {len(task.primary):,} of them primary"
        + (f" ({task.unknown:,} left out: no demands)" if task.unknown else "")
        + f". Training {in_training:,} occupations, test {n - in_training:,}, by SHA-256 of the "
        f"code. Candidates: all {n - 1:,} others. Occupations {ms.Asked(d).lengths()}. The most "
        f"listed is on {_most(task):,} whole lists."
    )

    board = Board(
        {
            TRAIN: task.lists(task.primary, train=True),
            PRIMARY: task.lists(task.primary, train=False),
            WHOLE: task.lists(task.whole, train=False),
        }
    )
    trained = {
        TRAIN: board.cases[TRAIN],
        PRIMARY: board.cases[TRAIN],
        WHOLE: task.lists(task.whole, train=True),
    }
    library, absent = ms.library(d)
    asked = [*library, *ms.weighted(d), *ms.planner(d)]
    profiles = ms.profiles(d)
    board.baselines(trained, n)
    board.add([*asked, *profiles])
    plain = board.order(TRAIN, ("library",))[0]
    yield from _mixtures(task, board, [*asked, *profiles])

    order = board.order(TRAIN)
    chosen = order[0]
    found = board.scores
    yield "## Training part: primary lists\n"
    yield tables.table(
        ["measure", "family", "what", CRITERION, "mrr"],
        [
            [
                tables.marked(m, chosen),
                board.families[m],
                board.what[m],
                tables.figure(value(found[TRAIN][m])),
                tables.figure(value(found[TRAIN][m], "mrr")),
            ]
            for m in order
        ],
        left=3,
    )
    yield f"Do not apply: {'; '.join(f'{m} ({why})' for m, why in absent.items()) or 'none'}."
    yield (
        f"Chosen on the training part by {CRITERION}: **{chosen}**; of the measures in the "
        f"library, **{plain}**."
    )
    yield "## Test part: primary lists\n"
    yield tables.scores(found[PRIMARY], order, draws=draws, bold=chosen)
    yield "## Test part: whole lists\n"
    yield tables.scores(found[WHOLE], order, metrics=LONG, draws=draws, bold=chosen)
    yield "## Test part, primary lists: differences\n"
    single = board.order(TRAIN, ("library", "candidate", "profile"))
    pairs = [(chosen, POPULARITY), (chosen, COSINE)]
    pairs += [(chosen, m) for m in single if not m.endswith(_ZONED)][:1]
    pairs += [(COSINE, POPULARITY)]
    pairs += [(m, COSINE) for m in ("jaccard", "jaccard-idf", "overlap")]
    pairs += [("new-skills", POPULARITY), ("effort", POPULARITY)]
    yield tables.differences(found[PRIMARY], pairs, draws=draws)
    yield (
        f"Of the ten destinations that effort puts first, {_modest(d):.0%} are among the twentieth "
        "of all occupations that ask for the fewest things."
    )
    yield from _entering(task, draws)
    yield from _without_knowledge(task, draws)


def _most(task: Task) -> int:
    return int(np.bincount([b for _, b in task.whole]).max())


def _modest(d: Demands) -> float:
    """How many of the ten of least effort are of the twentieth that asks for least."""
    a = ms.Asked(d)
    values = -a.effort(a.idf)
    np.fill_diagonal(values, -np.inf)
    least = np.argsort(a.size, kind="stable")[: a.n // 20]
    return float(np.isin(np.argsort(-values, axis=1, kind="stable")[:, :10], least).mean())


def _mixtures(task: Task, board: Board, singles: list[ms.Measure]) -> Iterator[str]:
    """Add the best single measure within a job zone, and its best mixture, to the board."""
    by_name = {m.name: m for m in singles}
    best = next(m for m in board.order(TRAIN) if m in by_name)
    profile = next(m for m in board.order(TRAIN, ("profile",)))
    first = by_name[profile].values()
    partners = {name: by_name[name].values() for name in PARTNERS}

    def near(values: Values, apart: int = 1) -> Values:
        return ms.zones(task.demands, values, apart)

    def nearby(name: str, apart: int) -> Values:
        return near(by_name[name].values(), apart)

    def mix(weight: float, name: str, zoned: bool) -> Values:
        values = ms.mixed(first, partners[name], weight)
        return near(values) if zoned else values

    grid = [
        ms.Measure(
            f"{weight:.2f} {profile} + {1 - weight:.2f} {name}" + (_ZONED[1] if zoned else ""),
            "mixed",
            "mean of z-scores" + (", job zones at most one apart" if zoned else ""),
            partial(mix, weight, name, zoned),
        )
        for name in PARTNERS
        for weight in WEIGHTS
        for zoned in (False, True)
    ]
    trial = Board({TRAIN: board.cases[TRAIN]})
    trial.add(grid)
    leaders = [trial.order(TRAIN)[0]]
    leaders += [m for m in trial.order(TRAIN) if not m.endswith(_ZONED)][:1]
    board.add(m for m in grid if m.name in leaders)
    board.add(
        ms.Measure(
            f"{name}{_ZONED[apart]}",
            by_name[name].family,
            "not ranked: job zones further apart",
            partial(nearby, name, apart),
        )
        for name in dict.fromkeys((best, COSINE))
        for apart in (1, 0)
    )
    yield (
        f"{len(grid)} mixtures of the best profile with a measure of shared skills were tried on "
        "the training part; the best, and the best without the filter of job zones, are in the "
        "tables."
    )


def _entering(task: Task, draws: int) -> Iterator[str]:
    d = task.demands
    best = ("cosine, importance of both", "cosine, levels of both")
    profiles = [m for m in ms.profiles(d) if m.name in best]
    library, _ = ms.library(d)
    yield "## The other way round: who comes into an occupation\n"
    yield from entering.report(
        [*library, *ms.weighted(d), *ms.planner(d), *profiles],
        task.primary,
        task.training.tolist(),
        draws=draws,
    )


def _without_knowledge(task: Task, draws: int) -> Iterator[str]:
    """The same with the elements of knowledge left out, of which the lists were partly made."""
    d = ms.only(task.demands, lambda s: ms.KNOWLEDGE not in s)
    n = len(d.roles)
    train, test = (task.lists(task.primary, train=t) for t in (True, False))
    board = Board({TRAIN: train, PRIMARY: test})
    board.baselines({TRAIN: train, PRIMARY: train}, n)
    library, _ = ms.library(d)
    skills = [m for m in ms.profiles(d) if m.name.endswith("of skills")]
    board.add([*library, *ms.weighted(d), *ms.planner(d), *skills])
    order = board.order(TRAIN)
    yield "## Without knowledge, test part, primary lists\n"
    yield (
        f"Best on the training part: **{order[0]}**; in the library: "
        f"**{board.order(TRAIN, ('library',))[0]}**."
    )
    yield tables.scores(board.scores[PRIMARY], order, metrics=SHORT, draws=draws, bold=order[0])
