"""Scores as Markdown tables."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from benchmarks.fidelity.board import BASELINES
from rolegraph.evaluation import METRICS, Interval, Score, interval


def figure(x: float) -> str:
    """Three digits without the zero in front: .412, 1.000, -.020."""
    text = f"{x:.3f}"
    return text.replace("0.", ".", 1) if abs(x) < 0.9995 else text


def cell(x: Interval) -> str:
    """A mean and its interval; without one where a single role gives none."""
    if math.isnan(x.low):
        return figure(x.mean)
    return f"{figure(x.mean)} ({figure(x.low)} to {figure(x.high)})"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, left: int = 1) -> str:
    marks = ["---"] * left + ["--:"] * (len(head) - left)
    lines = [f"| {' | '.join(row)} |" for row in (head, marks, *rows)]
    return "\n".join(lines)


def marked(name: str, bold: str = "") -> str:
    """The chosen one in bold, what everything is held against in italics."""
    if name == bold:
        return f"**{name}**"
    return f"*{name}*" if name in BASELINES else name


def scores(
    found: Mapping[str, Score],
    order: Sequence[str],
    *,
    metrics: Sequence[str] = METRICS,
    draws: int = 2000,
    bold: str = "",
) -> str:
    """One line for each measure, with 95 % intervals, and the coverage."""
    rows = []
    for name in order:
        score = found[name]
        cells = dict(zip(METRICS, interval(score, draws=draws), strict=True))
        label = marked(name, bold)
        rows.append([label, *(cell(cells[m]) for m in metrics), figure(score.coverage)])
    return table(["measure", *metrics, "coverage"], rows)


def differences(
    found: Mapping[str, Score],
    pairs: Iterable[tuple[str, str]],
    *,
    metrics: Sequence[str] = METRICS,
    draws: int = 2000,
) -> str:
    """One line for each pair: the first less the second, drawn in pairs."""
    rows = []
    for a, b in pairs:
        cells = dict(zip(METRICS, interval(found[a], found[b], draws=draws), strict=True))
        rows.append([f"{a} less {b}", *(cell(cells[m]) for m in metrics)])
    return table(["difference", *metrics], rows)
