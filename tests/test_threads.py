"""Threads that start together in a process that has done nothing yet."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.crowd import LIGHT, MODES, THREADS
from tests.ladder import write

ANSWERS = {
    "cold": 6 * 8 + 2 * LIGHT,
    "shared": 20 * (4 * 8 + 4 * 3),
    "own": THREADS * LIGHT,
    "writing": (THREADS - 1) * 12 * 2 + 1,
}


@pytest.mark.parametrize("mode", MODES)
def test_every_answer_of_every_thread_is_right(mode: str, checkout: Path, tmp_path: Path) -> None:
    ladder = write(tmp_path / "ladder.ttl")
    done = subprocess.run(
        [sys.executable, "-m", "tests.crowd", mode, str(ladder)],
        capture_output=True, text=True, cwd=checkout, check=False, timeout=120,
    )  # fmt: skip
    print(done.stdout)
    assert done.stdout == f"{ANSWERS[mode]} answers, 0 wrong\n"
    assert done.stderr == ""
    assert done.returncode == 0
