"""Answers to the competency questions, for the page that shows them.

A query cannot be stopped once it runs. Over a store of millions of facts, questions are therefore
asked in a process of its own, which is ended when one of them takes too long.
"""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from rolegraph.errors import RoleGraphError
from rolegraph.questions import Question, cell, read_questions

__all__ = ["MOST", "Answered", "answers"]

MOST = 200
"""Rows of an answer that are shown."""
_START = 60.0  # seconds for the process to begin


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a question.

    Attributes
    ----------
    columns : tuple of str
    rows : tuple of tuple of str
        The first :data:`MOST`.
    total : int
        Count of all rows.
    problem : str
        Why there is no answer; empty where there is one.
    """

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    total: int = 0
    problem: str = ""


def answers(kg: Any, seconds: float) -> Generator[tuple[Question, Answered], None, None]:
    """Ask every question with its own examples.

    Parameters
    ----------
    kg : RoleGraph
        Imports only go down, so its type stands here in words only.
    seconds : float
        Most for one question, where the graph is a store on disk.

    Yields
    ------
    (Question, Answered)
    """
    every = read_questions()
    if kg._generation is None:
        for question in every:
            yield question, _ask(question, lambda q: kg.ask_question(q.name))
    else:
        yield from _apart(kg._generation.path, every, seconds)


def _ask(question: Question, ask: Any) -> Answered:
    try:
        rows = ask(question)
    except RoleGraphError as error:
        return Answered(problem=f"not answered over this graph: {error}")
    shown = tuple(tuple(cell(x) for x in row) for row in rows[:MOST])
    return Answered(tuple(rows.columns), shown, len(rows))


def _apart(folder: Path, every: Sequence[Question], seconds: float) -> (
    Iterator[tuple[Question, Answered]]
):  # fmt: skip
    left = list(every)
    while left:
        worker = subprocess.Popen(
            [sys.executable, "-m", "rolegraph.site.answers", str(folder),
             *(q.name for q in left)],
            stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True,
            encoding="utf-8",
        )  # fmt: skip
        assert worker.stdout is not None
        lines: queue.Queue[str] = queue.Queue()
        reader = threading.Thread(target=_read, args=(worker.stdout, lines), daemon=True)
        reader.start()
        try:
            ready = _next(lines, _START)
            if ready is None:
                yield from ((q, Answered(problem="not run: no process for it")) for q in left)
                return
            while left:
                question, line = left[0], _next(lines, seconds)
                left.pop(0)
                if line is None:
                    late = worker.poll() is None
                    why = f"not run to its end: it takes more than {seconds:g} s over this graph"
                    yield question, Answered(problem=why if late else "not run: it was broken off")
                    break
                yield question, Answered(*_tuples(json.loads(line)))
        finally:
            worker.kill()
            worker.wait()
            reader.join(1)
            worker.stdout.close()


def _tuples(x: list[Any]) -> tuple[Any, ...]:
    columns, rows, total, problem = x
    return tuple(columns), tuple(map(tuple, rows)), total, problem


def _read(stream: IO[str], lines: queue.Queue[str]) -> None:
    with suppress(ValueError):  # closed while it was read
        for line in stream:
            lines.put(line)
    lines.put("")


def _next(lines: queue.Queue[str], seconds: float) -> str | None:
    try:
        return lines.get(timeout=seconds) or None
    except queue.Empty:
        return None


def _main(folder: Path, names: Sequence[str]) -> None:
    """Answer questions over one state of a store, a line of JSON each."""
    import pyoxigraph as ox

    from rolegraph.names import NameIndex
    from rolegraph.sparql import select
    from rolegraph.store import OxigraphStore

    store = OxigraphStore(ox.Store.read_only(str(folder / "db")))
    index = NameIndex.open(folder / "names.sqlite")
    by_name = {q.name: q for q in read_questions()}
    print("ready", flush=True)
    for name in names:
        found = _ask(
            by_name[name], lambda q: select(store, q.query, q.bind({}, index), False)
        )  # fmt: skip
        line = [found.columns, found.rows, found.total, found.problem]
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    _main(Path(sys.argv[1]), sys.argv[2:])
