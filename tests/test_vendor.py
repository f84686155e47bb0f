"""What is vendored for the browser: what it says it is, with its licence, and working."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

VENDOR = Path(__file__).parent.parent / "rolegraph" / "web" / "vendor"
PACKAGES: list[dict[str, Any]] = json.loads((VENDOR / "vendor.json").read_text("utf-8"))["packages"]
FILES = {f["file"]: f for p in PACKAGES for f in p["files"]}


def test_every_file_is_listed_and_every_listed_file_is_there() -> None:
    ours = {"LICENCES.txt", "README.md", "package.json", "renew.mjs", "vendor.json"}
    assert {p.name for p in VENDOR.iterdir()} == set(FILES) | ours


@pytest.mark.parametrize("name", sorted(FILES))
def test_digests_match(name: str) -> None:
    data = (VENDOR / name).read_bytes()
    assert hashlib.sha256(data).hexdigest() == FILES[name]["sha256"]
    assert len(data) == FILES[name]["bytes"]


def test_every_package_and_what_it_bundles_has_its_licence_text() -> None:
    texts = (VENDOR / "LICENCES.txt").read_text("utf-8")
    for package in PACKAGES:
        for it in (package, *package.get("bundles", ())):
            assert it["licence"] in {"MIT", "Unlicense"}, it["name"]
            title = f"{it['name']} {it['version']} ({it['licence']})"
            _, found, text = texts.partition(f"{title}\n{'-' * len(title)}\n")
            assert found, title
            assert "without" in text[:800].lower(), f"no licence text under {title}"


def test_versions_are_those_of_the_package_list() -> None:
    wanted = json.loads((VENDOR / "package.json").read_text("utf-8"))["dependencies"]
    assert wanted == {p["name"]: p["version"] for p in PACKAGES}


@pytest.mark.browser
def test_each_works_as_a_classic_script(page: Page) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda e: errors.append(str(e)))
    page.set_content("<title>vendored</title>")
    for name in FILES:
        page.add_script_tag(path=str(VENDOR / name))
    kinds = page.evaluate(
        "names => names.map(n => typeof globalThis[n])",
        [p["global"] for p in PACKAGES if p["global"]],
    )
    assert kinds == ["function"] * 3
    assert errors == []
