"""Threads that start together in a process that has done nothing yet."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.crowd import LIGHT, MODES, THREADS
from tests.ladder import write

ANSWERS = {
    "cold": 6 * 8 + 2 * LIGHT,
    "shared": 20 * (4 * 8 + 4 * 2),
    "own": THREADS * LIGHT,
    "writing": (THREADS - 1) * 12 * 2 + 1,
}


Done = subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def crowds(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Done]:
    """What each crowd printed; two at a time, each in a process of its own."""
    ladder = write(tmp_path_factory.mktemp("crowd") / "ladder.ttl")

    def run(mode: str) -> Done:
        return subprocess.run(
            [sys.executable, "-m", "tests.crowd", mode, str(ladder)],
            capture_output=True, text=True, cwd=checkout, check=False, timeout=300,
        )  # fmt: skip

    with ThreadPoolExecutor(2) as pool:
        return dict(zip(MODES, pool.map(run, MODES), strict=True))


@pytest.mark.parametrize("mode", MODES)
def test_every_answer_of_every_thread_is_right(mode: str, crowds: dict[str, Done]) -> None:
    done = crowds[mode]
    print(done.stdout)
    assert done.stdout == f"{ANSWERS[mode]} answers, 0 wrong\n"
    assert done.stderr == ""
    assert done.returncode == 0
