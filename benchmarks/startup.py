"""How long it takes to start: whole processes, side by side, in one run.

    python benchmarks/startup.py [ROUNDS]

Prints the median wall time of each command and its ratio to ``import rdflib`` alone, with the
spread of the ratio over the rounds. Commands take turns, so that a noisy machine hits all of them.
"""

from __future__ import annotations

import platform
import statistics
import subprocess
import sys
import time

COMMANDS = {
    "python -c 'import rdflib'": ["-c", "import rdflib"],
    "python -c 'import rolegraph'": ["-c", "import rolegraph"],
    "python -c 'import networkx'": ["-c", "import networkx"],
    "rolegraph route PM DD": ["-m", "rolegraph", "route", "Project Manager", "Delivery Director"],
    "rolegraph compare DM PM": [
        *("-m", "rolegraph", "compare", "Delivery Manager", "Project Manager"),
    ],
}


def seconds(arguments: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main(rounds: int) -> None:
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for arguments in COMMANDS.values():
        seconds(arguments)  # bytecode and file cache
    for _ in range(rounds):
        for name, arguments in COMMANDS.items():
            times[name].append(seconds(arguments))
    peer = times["python -c 'import rdflib'"]
    print(f"{platform.machine()}, Python {platform.python_version()}, {rounds} rounds")
    print(f"{'command':<32}{'median ms':>10}{'x rdflib':>10}   quartiles of the ratio")
    for name, taken in times.items():
        ratios = sorted(t / p for t, p in zip(taken, peer, strict=True))
        low, high = ratios[len(ratios) // 4], ratios[-1 - len(ratios) // 4]
        median = statistics.median(taken)
        spread = f"{low:.2f}-{high:.2f}"
        ratio = median / statistics.median(peer)
        print(f"{name:<32}{median * 1000:>10.0f}{ratio:>10.2f}   {spread}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
