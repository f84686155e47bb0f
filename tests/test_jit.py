"""Compiling, where it can be done, and running as Python where it cannot."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from rolegraph import jit
from rolegraph.jit import compiles

needs_numba = pytest.mark.skipif(not compiles(), reason="numba is not installed, or turned off")

KERNELS = """
from rolegraph.jit import jit

@jit
def twice(x: int) -> int:
    return 2 * x

@jit
def four_times(x: int) -> int:
    '''Two of two.'''
    return twice(twice(x))
"""


def run(folder: Path, code: str, **more: str) -> str:
    """Run code in a fresh Python, beside a module of kernels."""
    import os

    (folder / "kernels.py").write_text(KERNELS, encoding="utf-8")
    root = str(Path(__file__).parents[1])
    path = os.pathsep.join([str(folder), root])
    keep = {k: v for k, v in os.environ.items() if not k.startswith(("NUMBA", "ROLEGRAPH"))}
    done = subprocess.run(
        [sys.executable, "-c", dedent(code)], capture_output=True, text=True, check=False,
        env={**keep, "PYTHONPATH": path, **more},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


CALL = """
import sys, kernels
assert "numba" not in sys.modules
print(kernels.four_times(3), "numba" in sys.modules)
"""


@needs_numba
def test_what_is_compiled_when_it_is_called_is_kept_and_may_be_damaged(tmp_path: Path) -> None:
    assert run(tmp_path, CALL) == "12 True"
    kept = list(tmp_path.rglob("*.nbi"))
    assert any("four_times" in f.name for f in kept)
    again = "import kernels; kernels.four_times(3); m = kernels.four_times._machine_code()\n"
    again += "print(sum(m.stats.cache_hits.values()), sum(m.stats.cache_misses.values()))"
    assert run(tmp_path, again) == "1 0"
    for file in [*tmp_path.rglob("*.nbi"), *tmp_path.rglob("*.nbc")]:
        file.write_bytes(file.read_bytes()[:20])
    assert run(tmp_path, CALL) == "12 True"


@needs_numba
def test_no_place_to_keep_it_in(tmp_path: Path) -> None:
    """Numba refuses at once when it finds no folder; the code is compiled all the same."""
    code = """
    import numba.core.caching as caching
    caching._CacheLocator.ensure_cache_path = lambda self: (_ for _ in ()).throw(OSError(30, "no"))
    caching.CacheImpl._locator_classes = []
    import kernels
    print(kernels.four_times(3))
    """
    assert run(tmp_path, code) == "12"
    assert not list(tmp_path.rglob("*.nbi"))


def test_turned_off_or_not_there_it_runs_as_python(tmp_path: Path) -> None:
    assert run(tmp_path, CALL, ROLEGRAPH_JIT="0") == "12 False"
    (tmp_path / "numba.py").write_text("raise ImportError('made for another numpy')")
    assert run(tmp_path, CALL) == "12 False"


def test_a_kernel_looks_like_its_function(monkeypatch: pytest.MonkeyPatch) -> None:
    def half(x: int) -> float:
        """Divide by two."""
        return x / 2

    kernel = jit.jit(half)
    assert kernel.__doc__ == "Divide by two."
    assert kernel.plain is half
    monkeypatch.setenv("ROLEGRAPH_JIT", "0")
    assert not compiles()
    assert kernel(3) == 1.5


def test_a_small_graph_needs_neither_numba_nor_numpy(tmp_path: Path) -> None:
    code = """
    import sys, rolegraph
    rolegraph.load().route("Project Manager", "Delivery Director")
    print([m for m in ("numba", "numpy", "scipy") if m in sys.modules])
    """
    assert run(tmp_path, code) == "[]"
