"""Writing what a checked table says into a draft, with an account of its rows."""

from __future__ import annotations

import re
from collections import Counter

from rolegraph import ntriples as nt
from rolegraph.importers._book import _Book
from rolegraph.importers._form import _CLASSES, _FOREIGN, _PLURALS
from rolegraph.importers._text import _digest, _slug
from rolegraph.importers.draft import Draft, FileDraft
from rolegraph.vocab import OWL, RDFS, RG, SKOS

__all__ = ["_write"]


def _tail(iri: str, namespace: str) -> str:
    """Name a thing inside the IRI of a claim."""
    if iri.startswith(namespace):
        return iri[len(namespace) :].replace("/", ".")
    last = re.split(r"[/#]", iri.rstrip("/#"))[-1]
    return f"{_slug(last)[:40]}~{_digest(iri)}"


def _write(draft: Draft, book: _Book) -> None:
    """Write what a table without mistakes says."""
    space, language = book.about.namespace, book.about.language
    files: dict[str, FileDraft] = {}
    for sheet, table in book.accounts():
        files[sheet] = file = draft.file(table.account, digest=table.digest)
        left = [x for x in book.left if x[0].sheet == sheet]
        file.take(len(table.rows) - len(left))
        for at, reason, detail in left:
            file.leave(at.row, reason, detail)

    def remark(note: str) -> list[tuple[str, str]]:
        return [(f"{SKOS}editorialNote", nt.text(note, language))] if note else []

    for iri, heading in sorted(book.measures.items()):
        draft.add(nt.iri(iri), nt.A, f"<{OWL}DatatypeProperty>")
        draft.add(nt.iri(iri), f"<{RDFS}label>", nt.text(heading, language))
    made: Counter[str] = Counter()
    for thing in book.things.values():
        # what another source has named keeps the name it has there
        foreign = thing.iri.startswith(tuple(x for v in _FOREIGN.values() for x in v))
        label = [(thing.label, language)]
        alt = [(name, language) for name in thing.alt]
        classes = [_CLASSES[thing.kind], *([thing.cls] if thing.cls else [])]
        draft.concept(
            thing.iri,
            classes,
            [] if foreign else label,
            file=files[thing.at.sheet],
            row=thing.at.row,
            alt=[*(label if foreign else []), *alt],
            description=(thing.description, language) if thing.description else None,
        )
        made[_PLURALS.get(thing.kind, f"{thing.kind}s")] += 1
    for f in book.facts:
        if f.literal:
            draft.add(nt.iri(f.subject), f"<{f.predicate}>", f.literal)
            value = [(RG.object, f.literal)]
            name = _digest(f.literal)
        else:
            draft.fact(f.subject, f.predicate, f.value)
            value = []
            name = _tail(f.value, space)
        links = [(RG.subject, f.subject), (RG.predicate, f.predicate)]
        links += [(RG.object, f.value)] if f.value else []
        draft.claim(
            f"{space}claim/{_tail(f.subject, space)}.{f.predicate.partition('#')[2]}.{name}",
            RG.Assertion,
            links,
            file=files[f.at.sheet],
            row=f.at.row,
            values=[*value, *remark(f.note)],
        )
    for r in book.requirements:
        draft.requirement(
            f"{space}requirement/{_short(r.role, space)}.{_short(r.skill, space)}",
            r.role,
            r.skill,
            file=files[r.at.sheet],
            row=r.at.row,
            strength=r.strength or None,
            level=r.level or None,
            values=remark(r.note),
        )
    for m in book.moves:
        draft.transition(
            f"{space}move/{_short(m.source, space)}.{_short(m.target, space)}",
            m.source,
            m.target,
            (m.label, language),
            file=files[m.at.sheet],
            row=m.at.row,
            cls=m.cls,
            values=[*((p, nt.decimal(v)) for p, v in m.measures), *remark(m.note)],
        )
    for x in book.matches:
        iri = f"{space}mapping/{_tail(x.subject, space)}.{x.relation}.{_tail(x.target, space)}"
        draft.mapping(
            iri,
            x.subject,
            x.relation,
            x.target,
            file=files[x.at.sheet],
            row=x.at.row,
            confidence=x.confidence or None,
        )
        for p, o in remark(x.note):
            draft.add(nt.iri(iri), f"<{p}>", o)
    made |= Counter(
        {
            "requirements": len(book.requirements),
            "transitions": len(book.moves),
            "mappings": len(book.matches),
            "facts about roles and certifications": len(book.facts),
        }
    )
    draft.made.update({what: n for what, n in made.items() if n})
    for note in book.notes:
        draft.note(note)


def _short(iri: str, namespace: str) -> str:
    return _tail(iri, namespace).rpartition(".")[2] if iri.startswith(namespace) else _tail(iri, "")
