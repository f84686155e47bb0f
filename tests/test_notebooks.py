"""The notebooks run from top to bottom, and show what they were committed with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


def texts(notebook: Any) -> list[list[str]]:
    """What each code cell shows as plain text."""
    return [
        [o.get("text", "") or o.get("data", {}).get("text/plain", "") for o in cell.outputs]
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


def test_there_is_a_quickstart() -> None:
    assert "quickstart.ipynb" in [p.name for p in NOTEBOOKS]


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
@pytest.mark.filterwarnings("ignore")
def test_notebook_runs_and_its_outputs_are_current(path: Path, checkout: Path) -> None:
    committed = nbformat.read(path, as_version=4)
    fresh = nbformat.read(path, as_version=4)
    NotebookClient(
        fresh, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(checkout)}}
    ).execute()
    assert any(any(cell) for cell in texts(committed))
    assert texts(fresh) == texts(committed)
