"""What the tests share: the graph on both engines, and the article."""

from __future__ import annotations

from pathlib import Path

import pytest

import rolegraph as rg
from tests.browser import chromium, page, serve  # noqa: F401 - fixtures for all files


@pytest.fixture(scope="session")
def kg() -> rg.RoleGraph:
    """The graph that ships, on the default engine. Tests must not change it."""
    return rg.load()


@pytest.fixture(scope="session")
def kg_rdflib() -> rg.RoleGraph:
    """The same graph on rdflib."""
    return rg.load(engine="rdflib")


@pytest.fixture(params=["oxigraph", "rdflib"])
def either(
    request: pytest.FixtureRequest, kg: rg.RoleGraph, kg_rdflib: rg.RoleGraph
) -> rg.RoleGraph:
    """The graph on one engine, then on the other."""
    return kg if request.param == "oxigraph" else kg_rdflib


@pytest.fixture(scope="session")
def article(shared: Path) -> Path:
    """The article that the facts were read from."""
    return next((shared / "seed").glob("*.txt"))
