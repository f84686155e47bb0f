"""How well measures rank destinations: against experts' lists, or against moves of your own.

    python -m benchmarks.fidelity --store careers/
    python -m benchmarks.fidelity --data ../shared/data
    python -m benchmarks.fidelity --moves moves.csv --store careers/ [--source onet]

Prints Markdown. The first form holds rankings of O*NET's occupations against O*NET's Related
Occupations, and those of ESCO's against the same through the crosswalk, where the store has them;
the second imports what it needs of O*NET into a store that is thrown away. The third takes a table
with the columns from, to and count; without --store, the graph that ships. Stores are read, never
written.
"""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import rolegraph as rg
from benchmarks.fidelity import esco, moves, onet
from rolegraph.errors import DataError, RoleGraphError


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "python -m benchmarks.fidelity",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--store", type=Path, help="a store that holds the sources")
    where.add_argument("--data", type=Path, help="a folder that holds a release of O*NET")
    parser.add_argument("--moves", type=Path, help="a table with the columns from, to, count")
    parser.add_argument("--source", help="rank only roles of this source, for --moves")
    parser.add_argument("--part", type=float, default=0.5, help="share for training (0.5)")
    parser.add_argument("--draws", type=int, default=2000, help="bootstrap draws (2000)")
    args = parser.parse_args(argv)
    if args.moves is None and args.store is None and args.data is None:
        parser.error("name a store (--store), a folder with O*NET (--data), or --moves")
    if args.source and not args.moves:
        parser.error("--source goes with --moves")
    if not 0 < args.part < 1:
        parser.error(f"--part is {args.part}; it should be between 0 and 1")
    if args.draws < 1:
        parser.error(f"--draws is {args.draws}; it should be at least 1")
    return args


NEEDED = (
    "Read Me",
    "Scales Reference",
    "Occupation Data",
    "Content Model Reference",
    "Skills",
    "Knowledge",
    "Technology Skills",
    "Job Zones",
    "Related Occupations",
)


def release(folder: Path) -> list[Path]:
    """The tables of O*NET that demands and lists come from, out of a folder or one inside it."""
    inside = [p for p in sorted(folder.glob("onet*")) if p.is_dir()]
    found = sorted(p for p in (inside[-1] if inside else folder).iterdir() if p.stem in NEEDED)
    if not found:
        raise DataError(f"{folder}: no tables of O*NET's Excel or text release")
    return found


def report(args: argparse.Namespace, store: Path | None) -> Iterator[str]:
    kg = rg.open(store) if store is not None else rg.load()
    if args.moves is not None:
        yield from moves.report(
            kg, args.moves, source=args.source, part=args.part, draws=args.draws
        )
        return
    yield "# O*NET, Related Occupations\n"
    yield from onet.report(kg, part=args.part, draws=args.draws)
    yield from esco.report(kg, part=args.part, draws=args.draws)


def main(argv: Sequence[str] | None = None) -> int:
    args = arguments(argv)
    start = time.perf_counter()
    try:
        with tempfile.TemporaryDirectory() as scratch:
            store = args.store
            if args.data is not None:
                store = Path(scratch) / "store"
                rg.import_source("onet", *release(args.data), into=store)
            for paragraph in report(args, store):
                print(paragraph, end="\n\n" if not paragraph.endswith("\n") else "\n", flush=True)
    except RoleGraphError as error:
        print(f"{error}", file=sys.stderr)
        return 1
    took = time.perf_counter() - start
    print(f"Python {platform.python_version()}, rolegraph {rg.__version__}; {took:.0f} s in all.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
