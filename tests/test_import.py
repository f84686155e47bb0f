"""What importing costs: nothing heavy comes in before it is used."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import rolegraph as rg

HEAVY = ("rdflib", "networkx", "pandas", "owlready2", "pyoxigraph", "click", "rich", "pyshacl",
         "rapidfuzz", "numba", "llvmlite", "numpy", "jpype", "scipy", "sqlite3", "openpyxl",
         "python_calamine", "yaml", "filelock")  # fmt: skip


def imported(code: str, checkout: Path, *arguments: Path) -> set[str]:
    """The top-level packages that a fresh process has imported after some code."""
    code += "\nimport sys; print('\\n!' + ' '.join({m.partition('.')[0] for m in sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=checkout,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return set(done.stdout.rpartition("!")[2].split())


def test_importing_rolegraph_imports_nothing_heavy(checkout: Path) -> None:
    found = imported("import rolegraph", checkout)
    assert "rolegraph" in found
    assert found & set(HEAVY) == set()


def test_a_name_brings_only_what_it_needs(checkout: Path) -> None:
    code = "import rolegraph as rg; rg.PREFIXES, rg.IRI, rg.Role, rg.QueryError, rg.__version__"
    assert imported(code, checkout) & set(HEAVY) == set()
    loaded = imported("import rolegraph as rg; rg.load().query('SELECT * {}')", checkout)
    assert loaded & set(HEAVY) == {"pyoxigraph"}


ROUTE = """
from rolegraph.cli import main
try:
    main(["route", "Project Manager", "Delivery Director"])
except SystemExit as end:
    assert not end.code, end.code
"""


def test_the_command_route_imports_little(checkout: Path) -> None:
    found = imported(ROUTE, checkout)
    assert "click" in found
    assert found & (set(HEAVY) - {"click", "networkx", "pyoxigraph"}) == set()


STORE = """
import sys
from rolegraph.importing import import_source
import_source("article", into=sys.argv[1])
"""
OPEN = """
import sys
import rolegraph as rg
rg.open(sys.argv[1]).route("Project Manager", "Delivery Director")
"""


def test_a_store_imports_little(checkout: Path, tmp_path: Path) -> None:
    """Spreadsheets, rdflib and fuzzy names stay out of it."""
    needed = {"numpy", "pyoxigraph", "scipy", "sqlite3"}
    for code, more in ((STORE, {"filelock"}), (OPEN, {"networkx"})):
        found = imported(code, checkout, tmp_path / "store")
        assert "pyoxigraph" in found
        assert found & (set(HEAVY) - needed - more) == set()


def test_dir_and_all_agree_and_every_name_resolves() -> None:
    assert dir(rg) == sorted(rg.__all__)
    assert len(set(rg.__all__)) == len(rg.__all__)
    for name in rg.__all__:
        assert getattr(rg, name) is not None
        if isinstance(getattr(rg, name), type) and name not in ("IRI", "Text", "RG"):
            assert getattr(rg, name).__name__ == name
    star: dict[str, object] = {}
    exec("from rolegraph import *", star)  # the only way to see what a star brings
    assert set(rg.__all__) <= set(star)


@pytest.mark.parametrize("name", ["nosuch", "Rolegraph", "graph_", "_nosuch", "__nosuch__"])
def test_unknown_names_are_attribute_errors(name: str) -> None:
    with pytest.raises(AttributeError, match=f"module 'rolegraph' has no attribute '{name}'"):
        getattr(rg, name)
    assert not hasattr(rg, name)
    with pytest.raises(ImportError):
        exec(f"from rolegraph import {name}")


def test_every_public_name_of_a_module_is_there(checkout: Path) -> None:
    modules = sorted(p.stem for p in (checkout / "rolegraph").glob("*.py")
                     if not p.stem.startswith("_") and p.stem != "hermit_worker")  # fmt: skip
    assert len(modules) > 25
    for folder in ("cli", "importers"):
        files = sorted((checkout / "rolegraph" / folder).glob("*.py"))
        modules += [f"{folder}.{p.stem}" for p in files if p.stem != "__init__"]
    for name in [*modules, "cli"]:
        module = importlib.import_module(f"rolegraph.{name}")
        public = module.__all__
        assert len(set(public)) == len(public), name
        for word in public:
            assert hasattr(module, word), f"{name}.{word}"


def test_names_are_one_and_the_same_wherever_they_come_from() -> None:
    from rolegraph.errors import QueryError
    from rolegraph.graph import RoleGraph, load
    from rolegraph.sparql import Rows

    assert (rg.QueryError, rg.RoleGraph, rg.load, rg.Rows) == (QueryError, RoleGraph, load, Rows)
