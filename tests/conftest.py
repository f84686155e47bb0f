"""What the tests share: the graph on both engines, and the folder of the real data."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import rolegraph as rg

DATA = Path(os.environ.get("ROLEGRAPH_DATA", Path(__file__).parents[2] / "shared"))
ENGINES = ("oxigraph", "rdflib")


@pytest.fixture(scope="session")
def kg() -> rg.RoleGraph:
    """The graph that ships, on the default engine. Tests must not change it."""
    return rg.load()


@pytest.fixture(scope="session")
def kg_rdflib() -> rg.RoleGraph:
    """The same graph on rdflib."""
    return rg.load(engine="rdflib")


@pytest.fixture(scope="session")
def article() -> Path:
    """The article; tests that need it are skipped where it is not."""
    found = sorted((DATA / "seed").glob("*.txt"))
    if not found:
        pytest.skip(f"the article is not in {DATA / 'seed'} (set ROLEGRAPH_DATA)")
    return found[0]
