"""The names of a whole labour market in one file beside the store, to find and to search in.

:func:`build` reads every concept out of a store and writes the file, :class:`NameIndex` opens it.
It finds and ranks as the index in memory does (the rules are those of
:class:`~rolegraph.lookup.Lookup`), but reads only what a question needs, so that opening it takes
the same time whatever its size.

The file is an SQLite database. Names are numbered in the order in which ties between them are
settled, so that a limit on what is read leaves out what would have come last anyway. Two full-text
tables do the looking up: ``held`` has the words of each name, by number, and ``grams`` has the
three-letter parts of each word, which find misspelt words and parts of words.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections import Counter, OrderedDict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar, cast

from rolegraph.errors import DataError, RoleGraphError
from rolegraph.lookup import (
    ALTERNATIVE,
    CLASSES,
    FOREIGN,
    HIDDEN,
    KINDS,
    LABEL,
    SKILL_KINDS,
    WIDEST,
    Candidate,
    Lookup,
    Name,
    class_of,
    codes_of,
    contractions,
    in_language,
    slips,
    words_of,
)
from rolegraph.store import OxigraphStore
from rolegraph.values import Certification, Concept, Role, Skill
from rolegraph.vocab import PREFIXES

if TYPE_CHECKING:
    import sqlite3

__all__ = ["Entry", "NameIndex", "SearchUnavailableError", "build", "read", "write"]

_C = TypeVar("_C", bound=Concept)

_MARK: Final = 0x726F6C65  # "role", so that another database is not taken for one of ours
_FORM: Final = 1  # of the tables; a file of another form has to be built anew
_LAST: Final = "\U0010ffff"
_KEPT: Final = 4096  # concepts that are kept in memory once read
_TRIGRAMS: Final = "trigram case_sensitive 1"
_GATHERED: Final = 1 << 27  # bytes of full-text index that are held before they are written
_NEAR: Final = 60  # concepts whose names are compared letter by letter for a suggestion


class SearchUnavailableError(RoleGraphError, RuntimeError):
    """The SQLite that Python came with lacks what searching needs."""


class Entry(NamedTuple):
    """A concept with all its names, hidden ones included.

    Attributes
    ----------
    concept : Concept
    names : tuple of Name
        Each text once.
    """

    concept: Concept
    names: tuple[Name, ...]


# --- reading a store

_CLASSES = """
SELECT DISTINCT ?k ?label { ?k rdfs:subClassOf* rg:WorkConcept ; rdfs:label ?label }"""
_EXTRAS = {
    "family": "?c rg:inFamily ?x . ?x skos:prefLabel ?l",
    "level": "?c rg:hasLevel ?x . ?x skos:prefLabel ?l",
    "full": "?c rg:fullName ?l",
    "scheme": "?c rg:isIssuedUnder ?x . ?x skos:prefLabel ?l",
}


def build(path: Path, engine: OxigraphStore, sources: Mapping[str, str]) -> int:
    """Write the names of all concepts of a store to a file, whole or not at all.

    Parameters
    ----------
    path : pathlib.Path
        The file; one that exists is replaced in one step, and whoever has it open keeps what he
        opened. Only one process may build the same file at a time.
    engine : OxigraphStore
        A store whose merge has the classes of the model and, for each concept, all its classes.
    sources : mapping of str to str
        Name of each imported source, for example ``"esco-1.1.1"``, by the IRI of its named graph.

    Returns
    -------
    int
        Count of concepts.

    Raises
    ------
    SearchUnavailableError
        If SQLite has no full-text search by trigrams.
    """
    return write(path, read(engine, sources))


def read(engine: OxigraphStore, sources: Mapping[str, str]) -> Iterator[Entry]:
    """Read every concept of a store's merge with its names.

    Parameters
    ----------
    engine : OxigraphStore
    sources : mapping of str to str
        As for :func:`build`.

    Yields
    ------
    Entry
        In no particular order. The label is an English preferred label if there is one, else the
        first by language tag and text; its kind is the first of
        :data:`~rolegraph.lookup.KINDS` that one of its classes bears.
    """

    def rows(query: str) -> Iterator[Any]:
        return cast(Iterator[Any], engine.raw.query(query, prefixes=PREFIXES))

    def texts(pattern: str, wanted: Collection[str] | None = None) -> dict[str, list[Any]]:
        out: dict[str, list[Any]] = {}
        for c, text in rows(f"SELECT ?c ?l {{ {pattern} }}"):
            if wanted is None or c.value in wanted:
                out.setdefault(c.value, []).append(
                    (text.value, getattr(text, "language", "") or "")
                )
        return out

    concepts = {row[0].value for row in rows("SELECT ?c { ?c a rg:WorkConcept }")}
    classes: dict[str, list[str]] = {}
    for klass, called in rows(_CLASSES):
        classes.setdefault(called.value, []).append(klass.value)

    def bearing(label: str) -> set[str]:
        members = (f"SELECT ?c {{ ?c a <{cls}> }}" for cls in classes.get(label, ()))
        return {row[0].value for query in members for row in rows(query)}

    kinds: dict[str, str] = {}
    for kind in reversed(KINDS):  # what tells more overwrites what tells less
        kinds.update(dict.fromkeys(bearing(kind), kind))
    skills = {kind: bearing(kind) for kind in SKILL_KINDS}
    advanced = bearing("advanced certification")
    extras = {name: texts(pattern, concepts) for name, pattern in _EXTRAS.items()}
    origin: dict[str, str] = {}
    for graph, named in sorted(sources.items(), key=lambda g: g[1], reverse=True):
        for row in rows(f"SELECT ?c {{ GRAPH <{graph}> {{ ?c skos:prefLabel ?l }} }}"):
            origin[row[0].value] = named
    labels = texts("?c skos:prefLabel ?l", concepts)
    others = texts("?c skos:altLabel ?l", concepts)
    hidden = texts("?c skos:hiddenLabel ?l", concepts)

    def extra(name: str, iri: str) -> str | None:
        found = extras[name].get(iri)
        return min(found, key=by_language)[0] if found else None

    for iri, preferred in labels.items():
        label: str = min(preferred, key=by_language)[0]
        tags: dict[str, tuple[int, set[str]]] = {}
        for rank, given in (
            (FOREIGN, preferred),
            (ALTERNATIVE, others.pop(iri, ())),
            (HIDDEN, hidden.pop(iri, ())),
        ):
            for text, tag in given:
                # the rank that a text has first is its best
                known = tags.setdefault(text, (LABEL if text == label else rank, set()))
                if tag:
                    known[1].add(tag)
        names = tuple(Name(t, rank, tuple(sorted(langs))) for t, (rank, langs) in tags.items())
        alts = tuple(sorted(n.text for n in names if n.rank in (FOREIGN, ALTERNATIVE)))
        of_kind, source = kinds.get(iri, "concept"), origin.get(iri)
        cls = class_of(of_kind)
        c: Concept
        if cls is Role:
            levels = extra("family", iri), extra("level", iri)
            c = Role(iri, label, of_kind, alts, *levels, source=source)
        elif cls is Skill:
            of = tuple(k for k in SKILL_KINDS if iri in skills[k])
            c = Skill(iri, label, of_kind, alts, of, source=source)
        elif cls is Certification:
            full, scheme = extra("full", iri), extra("scheme", iri)
            c = Certification(
                iri, label, of_kind, alts, full, iri in advanced, scheme, source=source
            )
        else:
            c = cls(iri, label, of_kind, alts, source=source)
        yield Entry(c, names)


def by_language(text: tuple[str, str]) -> tuple[bool, bool, str, str]:
    """Order texts: English, then its regional forms, then the other languages by tag."""
    words, tag = text
    return tag != "en", not tag.startswith("en-"), tag, words


# --- writing the file

_SCHEMA = f"""
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE concepts (
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL, code INTEGER NOT NULL, data TEXT NOT NULL);
CREATE TABLE names (
  id INTEGER PRIMARY KEY, concept INTEGER NOT NULL, code INTEGER NOT NULL, rank INTEGER NOT NULL,
  langs TEXT NOT NULL, length INTEGER NOT NULL, key TEXT NOT NULL, text TEXT NOT NULL,
  folded TEXT NOT NULL);
CREATE TABLE words (
  id INTEGER PRIMARY KEY, word TEXT NOT NULL, used INTEGER NOT NULL);
CREATE VIRTUAL TABLE held USING fts5(
  words, content='', detail=none, columnsize=0, tokenize='ascii');
CREATE VIRTUAL TABLE grams USING fts5(
  word, content='', columnsize=0, tokenize='{_TRIGRAMS}');
"""
# indexes are quicker to make once the rows are there
_INDEXES = """
CREATE UNIQUE INDEX concepts_iri ON concepts (iri);
CREATE INDEX concepts_code ON concepts (code);
CREATE INDEX names_folded ON names (folded);
CREATE INDEX names_key ON names (key);
CREATE UNIQUE INDEX words_word ON words (word);
"""


def write(path: Path, entries: Iterable[Entry]) -> int:
    """Write concepts and their names to a file, whole or not at all (see :func:`build`).

    Parameters
    ----------
    path : pathlib.Path
    entries : iterable of Entry

    Returns
    -------
    int
        Count of concepts.
    """
    _require_search()
    import sqlite3

    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)  # left by a build that was killed
    try:
        with contextlib.closing(sqlite3.connect(fresh, isolation_level=None)) as db:
            # nobody sees the file before it is whole: no journal is needed
            db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;")
            count = _fill(db, entries)
            db.execute("COMMIT")
        with fresh.open("rb+") as file:
            os.fsync(file.fileno())
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    return count


def _fill(db: sqlite3.Connection, entries: Iterable[Entry]) -> int:
    for statement in _SCHEMA.split(";\n"):
        db.execute(statement)
    db.execute(f"PRAGMA application_id = {_MARK}")
    db.execute(f"PRAGMA user_version = {_FORM}")
    ordered = sorted(entries, key=lambda e: (e.concept.label, e.concept.iri))
    code_of = {cls: i for i, cls in enumerate(CLASSES)}
    codes = [code_of.get(type(e.concept), len(CLASSES) - 1) for e in ordered]
    db.executemany(
        "INSERT INTO concepts VALUES (?, ?, ?, ?)",
        (
            (i, e.concept.iri, code, _packed(e.concept))
            for i, (e, code) in enumerate(zip(ordered, codes, strict=True))
        ),
    )
    # the order in which ties are settled (Lookup.search), so that the number of a name tells it
    names = sorted(
        (n.rank, min(code, 2), len(n.text), place, code, n.text, n.languages)
        for place, (e, code) in enumerate(zip(ordered, codes, strict=True))
        for n in e.names
    )
    tags = sorted({tag for n in names for tag in n[-1]})
    split = [words_of(n[5]) for n in names]
    used = Counter(w for ws in split for w in set(ws))
    words = sorted(used, key=lambda w: (len(w), w))  # so that a range of numbers is one of lengths
    number = {w: f"w{i}" for i, w in enumerate(words)}
    db.executemany(
        "INSERT INTO words VALUES (?, ?, ?)", ((i, w, used[w]) for i, w in enumerate(words))
    )
    db.executemany(
        "INSERT INTO grams (rowid, word) VALUES (?, ?)",
        ((i, f" {w} ") for i, w in enumerate(words)),
    )
    db.executemany(
        "INSERT INTO names VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (i, place, code, rank, " ".join(langs), size, " ".join(ws), text, text.casefold())
            for i, ((rank, _, size, place, code, text, langs), ws) in enumerate(
                zip(names, split, strict=True)
            )
        ),
    )
    # gather all in memory, and write it once
    db.execute("INSERT INTO held (held, rank) VALUES ('hashsize', ?)", (_GATHERED,))
    marks = {tag: f"l{i}" for i, tag in enumerate(tags)}
    db.executemany(
        "INSERT INTO held (rowid, words) VALUES (?, ?)",
        (
            (i, " ".join([*map(number.__getitem__, ws), f"c{n[4]}", *(marks[t] for t in n[6])]))
            for i, (n, ws) in enumerate(zip(names, split, strict=True))
        ),
    )
    db.execute("INSERT INTO held (held) VALUES ('optimize')")
    db.execute("INSERT INTO grams (grams) VALUES ('optimize')")
    for statement in _INDEXES.split(";\n"):
        db.execute(statement)
    lengths: list[int] = []  # number of the first word of at least this length
    for i, w in enumerate(words):
        lengths += [i] * (len(w) + 1 - len(lengths))
    about = {
        "counts": [codes.count(i) for i in range(len(CLASSES))],
        "languages": tags,
        "lengths": lengths,
        "sources": sorted({e.concept.source for e in ordered if e.concept.source}),
        "words": len(words),
    }
    db.executemany(
        "INSERT INTO about VALUES (?, ?)", ((k, json.dumps(v)) for k, v in about.items())
    )
    return len(ordered)


def _packed(c: Concept) -> str:
    extra: list[Any] = []
    if isinstance(c, Role):
        extra = [c.family, c.level]
    elif isinstance(c, Skill):
        extra = [c.kinds]
    elif isinstance(c, Certification):
        extra = [c.full_name, c.advanced, c.scheme]
    return json.dumps([c.iri, c.label, c.kind, c.alt_labels, c.source, *extra], ensure_ascii=False)


def _unpacked(code: int, data: str) -> Concept:
    iri, label, kind, alts, source, *extra = json.loads(data)
    cls = CLASSES[code]
    if cls is Skill:
        extra = [tuple(extra[0])]
    return cls(iri, label, kind, tuple(alts), *extra, source=source)


# --- reading the file


def _require_search() -> None:
    """Check what this Python's SQLite can do.

    Raises
    ------
    SearchUnavailableError
        If there is no SQLite, or none with FTS5 and its trigram tokenizer.
    """
    try:
        import sqlite3
    except ImportError as error:
        raise SearchUnavailableError(
            "names are kept with SQLite, and this Python was built without the module sqlite3; "
            "use one that has it"
        ) from error
    with contextlib.closing(sqlite3.connect(":memory:")) as db:
        try:
            db.execute(f"CREATE VIRTUAL TABLE t USING fts5(x, tokenize='{_TRIGRAMS}')")
        except sqlite3.Error as error:
            raise SearchUnavailableError(
                f"searching names needs SQLite 3.34 or newer with FTS5 and its trigram tokenizer; "
                f"this Python has SQLite {sqlite3.sqlite_version} ({error})"
            ) from error


class _Concepts(Mapping[str, Concept]):
    """The concepts of a file by IRI, read when they are asked for."""

    def __init__(self, index: NameIndex) -> None:
        self._index = index

    def __getitem__(self, iri: str) -> Concept:
        found = self._index._rows("SELECT id FROM concepts WHERE iri = ?", (iri,))
        if not found:
            raise KeyError(iri)
        return self._index._concepts([found[0][0]])[0]

    def __iter__(self) -> Iterator[str]:
        for (iri,) in self._index._rows("SELECT iri FROM concepts ORDER BY id"):
            yield iri

    def __len__(self) -> int:
        return self._index.count()

    def __repr__(self) -> str:
        return f"<{len(self)} concepts by IRI>"


class NameIndex(Lookup):
    """Concepts by IRI and by name, read from a file; made by :meth:`open`.

    Safe to share between threads, and any number of processes may have the file open. It answers
    from the file that it opened, even if a new one takes its place. Use it as a context manager,
    or :meth:`close` it.

    Attributes
    ----------
    by_iri : mapping of str to Concept
        In the order of label and IRI; concepts are read when they are asked for.
    path : pathlib.Path
    """

    __slots__ = (
        "_about", "_db", "_kept", "_lock", "_number", "_process", "by_iri", "path",
    )  # fmt: skip

    def __init__(self, path: Path) -> None:
        self.path = path
        self.by_iri = _Concepts(self)
        self._lock = threading.RLock()
        self._kept: OrderedDict[int, Concept] = OrderedDict()
        self._number: dict[str, int] = {}  # of words met lately
        self._db: sqlite3.Connection | None = None
        self._process = os.getpid()
        self._about: dict[str, Any] = {}

    @classmethod
    def open(cls, path: Path) -> NameIndex:
        """Open a file that :func:`build` wrote.

        Parameters
        ----------
        path : pathlib.Path

        Returns
        -------
        NameIndex

        Raises
        ------
        DataError
            If the file is missing, is something else, or is of another version of rolegraph.
        SearchUnavailableError
            If SQLite has no full-text search by trigrams.
        """
        _require_search()
        index = cls(path)
        try:
            index._connect()
        except BaseException:
            index.close()
            raise
        return index

    def __enter__(self) -> NameIndex:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        """Show what it holds."""
        return f"<NameIndex: {sum(self._about.get('counts', ()))} concepts, {self.path}>"

    def close(self) -> None:
        """Let go of the file; what is asked afterwards is an error."""
        with self._lock:
            if self._db is not None:
                self._db.close()
                self._db = None

    def _connect(self) -> sqlite3.Connection:
        import sqlite3

        again = "build it anew (rolegraph.names.build)"
        if not self.path.is_file():
            raise DataError(f"{self.path}: no index of names there; {again}")
        uri = self.path.resolve().as_uri() + "?mode=ro&immutable=1"
        # one connection, one thread at a time: the lock sees to it
        db = self._db = sqlite3.connect(uri, uri=True, check_same_thread=False)
        try:
            (mark,), (form,) = (
                db.execute(f"PRAGMA {name}").fetchone()
                for name in ("application_id", "user_version")
            )
            if mark == _MARK and form == _FORM:
                found = db.execute("SELECT key, value FROM about").fetchall()
                self._about = {key: json.loads(value) for key, value in found}
        except sqlite3.DatabaseError as error:
            raise DataError(f"{self.path}: not an index of names ({error}); {again}") from error
        if mark != _MARK:
            raise DataError(f"{self.path}: not an index of names; {again}")
        if form != _FORM:
            raise DataError(
                f"{self.path}: an index of names of form {form}, and this rolegraph reads form "
                f"{_FORM}; {again}"
            )
        return db

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        with self._lock:
            if self._db is not None and self._process != os.getpid():
                self._db = None  # a connection must not be used on the other side of a fork
                self._process = os.getpid()
                self._connect()
            if self._db is None:
                raise DataError(f"{self.path}: this index of names was closed; open it again")
            try:
                return self._db.execute(query, values).fetchall()
            except UnicodeEncodeError:  # half of a surrogate pair: no text in a file has one
                return []

    # --- what a lookup knows

    def all(self, kind: type[_C]) -> tuple[_C, ...]:
        """Give all concepts of a class, by label and IRI.

        Parameters
        ----------
        kind : type

        Returns
        -------
        tuple of Concept
            Read anew every time: keep it, if you need it often.
        """
        codes = ", ".join(map(str, codes_of(kind)))
        found = self._rows(f"SELECT code, data FROM concepts WHERE code IN ({codes}) ORDER BY id")
        return tuple(cast(_C, _unpacked(code, data)) for code, data in found)

    def count(self, kind: type[Concept] = Concept) -> int:
        """Count the concepts of a class, without reading them."""
        counts: list[int] = self._about["counts"]
        return sum(counts[code] for code in codes_of(kind))

    def sources(self) -> frozenset[str]:
        """Give the names of the sources that concepts come from."""
        return frozenset(self._about["sources"])

    def _concepts(self, places: Sequence[int]) -> list[Concept]:
        with self._lock:
            kept = self._kept
            found = {p: kept[p] for p in places if p in kept}
            wanted = [p for p in places if p not in found]
            for at in range(0, len(wanted), 500):
                some = ", ".join(map(str, wanted[at : at + 500]))
                for place, code, data in self._rows(
                    f"SELECT id, code, data FROM concepts WHERE id IN ({some})"
                ):
                    found[place] = kept[place] = _unpacked(code, data)
            for p in places:
                if p in kept:
                    kept.move_to_end(p)
            while len(kept) > _KEPT:
                kept.popitem(last=False)
        return [found[p] for p in places]

    def _bearing(self, folded: str) -> list[tuple[int, str, int]]:
        query = "SELECT concept, text, rank FROM names WHERE folded = ?"
        return self._rows(query, (folded,))

    def _used(self, word: str) -> int:
        found = self._rows("SELECT used FROM words WHERE word = ?", (word,))
        return int(found[0][0]) if found else 0

    def _near(self, word: str) -> Mapping[str, int]:
        known = (word, *contractions(word))
        marks = ", ".join("?" * len(known))
        found = self._words(f"WHERE word IN ({marks})", known)
        # as many of each sort as can be among the best in the end
        found |= self._words(
            "WHERE word >= ? AND word < ? ORDER BY used DESC, word LIMIT ?",
            (word, word + _LAST, WIDEST),
        )
        if len(word) > 2:
            found |= self._words(
                "WHERE id IN (SELECT rowid FROM grams WHERE grams MATCH ?) "
                "ORDER BY used DESC, word LIMIT ?",
                (f'"{word}"', 2 * WIDEST),
            )
        return found

    def _alike(self, word: str) -> Mapping[str, int]:
        found: dict[str, int] = {}
        begun = (word[0], word[0] + _LAST)
        if most := slips(word):
            first, last = self._numbers(len(word) - most), self._numbers(len(word) + most + 1)
            padded = f" {word} "
            parts = sorted({padded[i : i + 3] for i in range(len(padded) - 2)})
            found |= self._words(
                "WHERE id IN "
                "(SELECT rowid FROM grams WHERE grams MATCH ? AND rowid >= ? AND rowid < ?)",
                (" OR ".join(f'"{p}"' for p in parts), first, last),
            )
            if len(word) < 6:
                found |= self._words(
                    "INDEXED BY words_word WHERE word >= ? AND word < ? AND id >= ? AND id < ?",
                    (*begun, first, last),
                )
        if 2 <= len(word) <= 5:
            found |= self._words(
                "WHERE word >= ? AND word < ? AND word GLOB ?", (*begun, "*".join(word) + "*")
            )
        return found

    def _words(self, where: str, values: Sequence[object]) -> dict[str, int]:
        found = self._rows(f"SELECT word, used, id FROM words {where}", values)
        with self._lock:
            if len(self._number) > _KEPT * 16:
                self._number.clear()
            self._number.update((word, number) for word, _, number in found)
        return {word: used for word, used, _ in found}

    def _numbers(self, length: int) -> int:
        """Give the number of the first word of at least a length."""
        lengths: list[int] = self._about["lengths"]
        if length >= len(lengths):
            return int(self._about["words"])
        return lengths[max(length, 0)]

    def _starting(self, key: str, codes: frozenset[int], cap: int) -> Iterable[Candidate]:
        columns = "concept, code, rank, langs, length, key"
        some = "" if len(codes) == len(CLASSES) else f"AND code IN ({', '.join(map(str, codes))})"
        # the very name apart, for a limit might leave it out
        found = self._rows(
            f"SELECT {columns} FROM names WHERE key = ? {some} ORDER BY id LIMIT ?", (key, cap)
        ) + self._rows(
            f"SELECT {columns} FROM names WHERE key >= ? AND key < ? {some} ORDER BY id LIMIT ?",
            (key, key + _LAST, cap),
        )
        return (Candidate(*row) for row in found)

    def _having(
        self, groups: Sequence[Collection[str]], codes: frozenset[int], cap: int, lang: str | None
    ) -> Iterable[Candidate]:
        number = self._word_numbers({w for group in groups for w in group})
        parts = [[f"w{number[w]}" for w in group if w in number] for group in groups]
        if len(codes) < len(CLASSES):
            parts.append([f"c{code}" for code in sorted(codes)])
        if lang is not None:
            tags: list[str] = self._about["languages"]
            parts.append([f"l{i}" for i, tag in enumerate(tags) if in_language((tag,), lang)])
        if not all(parts):
            return ()
        match = " AND ".join(f"({' OR '.join(part)})" for part in parts)
        found = self._rows(
            "SELECT concept, code, rank, langs, length, key FROM names WHERE id IN "
            "(SELECT rowid FROM held WHERE held MATCH ? ORDER BY rowid LIMIT ?)",
            (match, cap),
        )
        return (Candidate(*row) for row in found)

    def _word_numbers(self, words: Collection[str]) -> dict[str, int]:
        with self._lock:
            if not all(w in self._number for w in words):
                marks = ", ".join("?" * len(words))
                self._words(f"WHERE word IN ({marks})", tuple(words))
            return {w: self._number[w] for w in words if w in self._number}

    def _nameable(self, text: str, codes: frozenset[int]) -> Mapping[str, str]:
        names: dict[str, str] = {}
        for c in self._concepts(sorted(self._ranked(text, codes, _NEAR))):
            names.update(dict.fromkeys((*c.alt_labels, c.label), c.label))
        return names
