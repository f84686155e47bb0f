from __future__ import annotations

from pathlib import Path

import pytest

from rolegraph import resources
from rolegraph.errors import ResourceMissingError, RoleGraphError
from rolegraph.resources import ontology_path, queries_path


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty package folder that the library takes for its own."""
    folder = tmp_path / "rolegraph"
    folder.mkdir()
    monkeypatch.setattr(resources, "_PACKAGE", folder)
    return folder


def test_checkout_folders_are_found(checkout: Path) -> None:
    assert ontology_path("rolegraph.ttl") == checkout / "ontology" / "rolegraph.ttl"
    assert queries_path() == checkout / "queries"


def test_packaged_data_come_before_the_checkout(package: Path) -> None:
    (package.parent / "pyproject.toml").touch()
    (package.parent / "queries").mkdir()
    assert queries_path() == package.parent / "queries"
    packaged = package / "_data" / "queries"
    packaged.mkdir(parents=True)
    assert queries_path() == packaged


def test_unknown_file_names_the_known_ones() -> None:
    with pytest.raises(ResourceMissingError, match=r"'nosuch\.ttl'.*rolegraph\.ttl"):
        ontology_path("nosuch.ttl")


def test_folder_of_another_package_is_not_taken(package: Path) -> None:
    (package.parent / "ontology").mkdir()
    (package.parent / "ontology" / "rolegraph.ttl").touch()
    with pytest.raises(ResourceMissingError, match="_data") as caught:
        ontology_path("rolegraph.ttl")
    assert isinstance(caught.value, RoleGraphError)
    assert isinstance(caught.value, FileNotFoundError)
