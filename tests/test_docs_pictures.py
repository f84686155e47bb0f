"""The pictures of the docs: those that are drawn today, and each with a use and a text."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def drawn(checkout: Path) -> dict[str, str]:
    """What the script draws now, by the name of the file."""
    program = (
        "import json, sys; sys.path.insert(0, 'docs/_ext'); import pictures; "
        "print(json.dumps(dict(pictures.drawings())))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=checkout, capture_output=True, text=True, check=True
    )
    found: dict[str, str] = json.loads(done.stdout)
    return found


def test_the_files_are_current(checkout: Path, drawn: dict[str, str]) -> None:
    folder = checkout / "docs" / "pictures"
    files = {p.name: p.read_text(encoding="utf-8") for p in folder.glob("*.svg")}
    assert sorted(files) == sorted(drawn)
    stale = [name for name, text in drawn.items() if files[name] != text]
    assert stale == [], "python docs/_ext/pictures.py draws them anew"


def test_each_is_whole_told_in_words_and_drawn_for_a_phone_too(drawn: dict[str, str]) -> None:
    assert len(drawn) > 1
    for name, text in drawn.items():
        root = ET.fromstring(text)
        assert root.get("role") == "img", name
        assert root.findtext(f"{SVG}title"), name
        assert len(root.findtext(f"{SVG}desc") or "") > 40, name
        assert "-narrow." in name or name.replace(".svg", "-narrow.svg") in drawn, name


def test_every_picture_is_shown_somewhere_with_a_text(
    checkout: Path, drawn: dict[str, str]
) -> None:
    pages = [checkout / "README.md", *(checkout / "docs").glob("*.md")]
    text = "\n".join(p.read_text(encoding="utf-8") for p in pages)
    unused = [name for name in drawn if f"pictures/{name}" not in text]
    assert unused == []
    images = re.findall(r"<img\b[^>]*>", text)
    assert [i for i in images if not re.search(r'alt="[^"]{20,}"', i)] == []
