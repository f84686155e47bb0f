"""The rendered pages are current."""

from __future__ import annotations

from pathlib import Path

from rolegraph.questions import as_markdown, read_questions


def test_the_page_of_questions_is_current(checkout: Path) -> None:
    page = (checkout / "docs" / "questions.md").read_text(encoding="utf-8")
    head, _, body = page.partition("\n## ")
    assert head.startswith("# Competency questions")
    assert f"## {body}" == as_markdown(read_questions())
