"""The rendered pages are current."""

from __future__ import annotations

from pathlib import Path

import rolegraph as rg
from rolegraph.questions import as_markdown, read_questions


def test_the_page_of_questions_is_current(checkout: Path) -> None:
    page = (checkout / "docs" / "questions.md").read_text(encoding="utf-8")
    head, _, body = page.partition("\n## ")
    assert head.startswith("# Competency questions")
    assert f"## {body}" == as_markdown(read_questions())


def test_the_example_of_an_own_file_loads_and_routes(checkout: Path, tmp_path: Path) -> None:
    page = (checkout / "ontology" / "README.md").read_text(encoding="utf-8")
    mine = tmp_path / "mine.ttl"
    mine.write_text(page.partition("```turtle\n")[2].partition("```")[0], encoding="utf-8")
    route = rg.load(mine).route("Project Manager", "Delivery Coach")
    assert [r.label for r in route.roles][-2:] == ["Senior Delivery Manager", "Delivery Coach"]
    assert route.kinds == ("curated", "stated")
