"""Every fact has evidence, and every locator resolves in the article."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

import rolegraph as rg
from rolegraph.errors import EvidenceError


def test_every_fact_has_evidence(either: rg.RoleGraph) -> None:
    coverage = either.coverage()
    assert coverage.without == ()
    assert coverage.facts > 450
    assert coverage.by_kind["stated"] > 400
    assert coverage.claims == sum(coverage.by_kind.values())
    assert set(coverage.by_kind) == {"stated", "curated"}


def test_every_locator_resolves(either: rg.RoleGraph, article: Path) -> None:
    found = either.verify(article)
    print(f"{found.resolved} of {found.passages} locators resolve")
    assert found.ok, found.problems
    assert found.passages >= 95


def test_every_sentence_of_the_article_bears_a_claim(kg: rg.RoleGraph, article: Path) -> None:
    """All English prose is covered, but for one sentence that only invites to read on."""
    text = article.read_text(encoding="utf-8")
    rows = kg.query(
        "SELECT ?s ?e { ?p rg:startOffset ?s ; rg:endOffset ?e . ?c rg:hasEvidence ?p } ORDER BY ?s"
    )
    covered = bytearray(len(text))
    for start, end in rows:
        assert isinstance(start, int)
        assert isinstance(end, int)
        covered[start:end] = b"x" * (end - start)
    body = text[: text.index("Proxify Content Team")]
    bare, position = [], 0
    for line in body.split("\n"):
        prose = line.rstrip().endswith((".", "!"))
        missing = sum(covered[position + i] == 0 for i, c in enumerate(line) if not c.isspace())
        if prose and missing:
            bare.append(missing)
        position += len(line) + 1
    assert len(bare) == 1
    assert bare[0] < 80


def changed(article: Path, folder: Path, old: str, new: str) -> Path:
    text = article.read_text(encoding="utf-8")
    assert old in text
    copy = folder / article.name
    copy.write_text(text.replace(old, new, 1), encoding="utf-8")
    return copy


def test_a_changed_letter_is_found(kg: rg.RoleGraph, article: Path, tmp_path: Path) -> None:
    found = kg.verify(changed(article, tmp_path, "Problem-solving", "Problem_solving"))
    assert not found.ok
    assert found.resolved == found.passages - 1
    assert any("another digest" in p and "passage:" in p for p in found.problems)
    assert any("digest of" in p for p in found.problems)


def test_an_inserted_letter_is_found(kg: rg.RoleGraph, article: Path, tmp_path: Path) -> None:
    found = kg.verify(changed(article, tmp_path, "In today", "In  today"))
    assert found.resolved == 0
    assert any("characters instead of 14862" in p for p in found.problems)
    assert any("does not stand at character" in p for p in found.problems)


def test_a_cut_document_is_found(kg: rg.RoleGraph, article: Path, tmp_path: Path) -> None:
    copy = tmp_path / "cut.txt"
    copy.write_text(article.read_text(encoding="utf-8")[:5000], encoding="utf-8")
    found = kg.verify(copy)
    assert 0 < found.resolved < found.passages
    assert any("outside the document" in p for p in found.problems)


def test_a_wrong_heading_or_section_is_found(article: Path) -> None:
    kg = rg.load(writable=True)
    kg.update(
        """DELETE { ?p rg:inSection ?s } INSERT { ?p rg:inSection ?t }
        WHERE { ?p rg:startOffset 6691 ; rg:inSection ?s . ?t a rg:Section ; rg:startOffset 38
                FILTER NOT EXISTS { ?x rg:inSection ?t FILTER(?x = ?p) } }"""
    )
    kg.update(
        """DELETE { ?s skos:prefLabel ?l } INSERT { ?s skos:prefLabel "Something else"@en }
        WHERE { ?s a rg:Section ; skos:prefLabel ?l ; rg:startOffset ?n } """
    )
    found = kg.verify(article)
    assert not found.ok
    assert any("heading does not stand" in p for p in found.problems)


def test_a_file_that_cannot_be_read(kg: rg.RoleGraph, tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="no such file"):
        kg.verify(tmp_path / "nosuch.txt")
    binary = tmp_path / "x.txt"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(EvidenceError, match="UTF-8"):
        kg.verify(binary)


def test_evidence_goes_with_every_answer(kg: rg.RoleGraph, article: Path) -> None:
    text = article.read_text(encoding="utf-8")
    for step in kg.route("Project Manager", "Delivery Director").steps:
        for e in step.evidence:
            assert e.sha256 == hashlib.sha256(text[e.start : e.end].encode()).hexdigest()
            assert step.target.label.split()[-1].lower() in text[e.start : e.end].lower()
