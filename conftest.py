"""What every test may use, and the examples of the Markdown files as tests."""

from __future__ import annotations

import os
import tempfile
from doctest import ELLIPSIS, NORMALIZE_WHITESPACE
from pathlib import Path
from typing import Any

import pytest
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

CHECKOUT = Path(__file__).resolve().parent

# What builds the docs needs Sphinx, and has no examples; tests/test_docs_site.py tests it.
collect_ignore = ["docs/conf.py", "docs/_ext", "docs/_build"]


def in_a_folder(namespace: dict[str, Any]) -> None:
    """Run the examples of a page where they may write files by plain names, as a reader does."""
    namespace["_folder"] = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    namespace["_before"] = Path.cwd()
    os.chdir(namespace["_folder"].name)


def out_of_it(namespace: dict[str, Any]) -> None:
    """Go back to where the tests run."""
    os.chdir(namespace["_before"])
    namespace["_folder"].cleanup()


# Python blocks are run from top to bottom of a file, in one namespace. One with prompts is
# compared with the output it shows; one without is only run.
pytest_collect_file = Sybil(
    parsers=[
        PythonCodeBlockParser(doctest_optionflags=ELLIPSIS | NORMALIZE_WHITESPACE),
        SkipParser(),
    ],
    patterns=["README.md", "docs/*.md"],
    setup=in_a_folder,
    teardown=out_of_it,
).pytest()


# Files that take longest, the longest first.
LONG = ("test_hermit", "test_market", "test_reasoning", "test_storage", "test_export")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that both workers end at about the same time."""
    place = {name: n for n, name in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.path.stem, len(LONG)))


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The folder that holds pyproject.toml."""
    return CHECKOUT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder that holds ``data`` and ``seed``, which are not in the repository.

    It is named by the environment variable ``ROLEGRAPH_DATA`` and otherwise ``../shared`` beside
    the checkout. Without it the test is skipped; if the variable names no such folder, it fails.
    """
    named = os.environ.get("ROLEGRAPH_DATA")
    folder = Path(named) if named else CHECKOUT.parent / "shared"
    if (folder / "data").is_dir() and (folder / "seed").is_dir():
        return folder.resolve()
    if named:
        pytest.fail(f"ROLEGRAPH_DATA is {named}, which does not hold both data and seed")
    pytest.skip("no ../shared with data and seed; name the folder in ROLEGRAPH_DATA")


@pytest.fixture(scope="session")
def shared_data(shared: Path) -> Path:
    """The folder of the real data."""
    return shared / "data"


@pytest.fixture(scope="session")
def shared_seed(shared: Path) -> Path:
    """The folder of the documents that evidence points into."""
    return shared / "seed"
