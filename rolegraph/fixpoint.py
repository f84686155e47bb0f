"""The closure at the size of labour markets: the same rules, joined as arrays of integers.

:mod:`rolegraph.closure` turns the ontology's axioms into rules, each a SPARQL pattern with a
conclusion, and runs them in the store. A store asks about one binding after another; a million
claims take minutes that way. Here the very same rules are read from their text and evaluated on
sorted arrays: terms are numbers, a property is an array of packed pairs, a join is a binary
search. A rule looks only at what is new since its last run (semi-naive evaluation [1]_), and rules
take turns in the order of :func:`rolegraph.closure.materialise`, so that each triple is owed to
the same rule. What the text of a rule holds beyond plain patterns is run by Oxigraph, on just the
facts it reads.

References
----------
.. [1] Abiteboul, S., Hull, R., Vianu, V. (1995). Foundations of Databases, section 13.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import pyoxigraph as ox

from rolegraph.closure import Rule
from rolegraph.vocab import RDF

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Keys: TypeAlias = NDArray[np.int64]

__all__ = ["Facts", "Inferred", "fixpoint"]

_TYPE = f"<{RDF}type>"
_TOKEN = re.compile(
    r"""\s*(?:
      (?P<iri><[^>]*>) | (?P<var>\?\w+) | (?P<notliteral>FILTER\(!isLiteral\((?P<of>\?\w+)\)\))
    | (?P<literal>"(?:[^"\\]|\\.)*"(?:@[\w-]+|\^\^<[^>]*>)?)
    | (?P<word>a|UNION|VALUES)\b | (?P<mark>[{}./+])
    )""",
    re.VERBOSE,
)


_CONSTANT = re.compile(r'<[^>]*>|"(?:[^"\\\\]|\\\\.)*"(?:@[\w-]+|\^\^<[^>]*>)?')


class _Unreadable(Exception):
    """A rule with more in it than patterns."""


class _Pattern(NamedTuple):
    """A triple pattern; ``o`` is None for membership in the class ``table``."""

    table: str
    s: str
    o: str | None

    @property
    def variables(self) -> set[str]:
        return {t for t in (self.s, self.o) if t is not None and t[0] == "?"}


@dataclass(frozen=True, slots=True)
class _Body:
    """A conjunction: patterns, lists of values, and variables that must not be literals."""

    patterns: tuple[_Pattern, ...] = ()
    values: tuple[tuple[str, tuple[str, ...]], ...] = ()
    resources: tuple[str, ...] = ()
    path: tuple[str, str, str] | None = None

    def __add__(self, other: _Body) -> _Body:
        return _Body(
            self.patterns + other.patterns,
            self.values + other.values,
            self.resources + other.resources,
            self.path or other.path,
        )


class _Reader:
    """Reads the text of a rule into conjunctions."""

    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        place = 0
        while text[place:].strip():
            if (m := _TOKEN.match(text, place)) is None:
                raise _Unreadable
            kind = m.lastgroup or ""
            kind = "notliteral" if kind == "of" else kind
            self.tokens.append((kind, m["of"] if kind == "notliteral" else m[kind]))
            place = m.end()
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def next(self) -> tuple[str, str]:
        if self.at >= len(self.tokens):
            raise _Unreadable
        self.at += 1
        return self.tokens[self.at - 1]

    def expect(self, word: str) -> None:
        if self.next()[1] != word:
            raise _Unreadable

    def group(self) -> list[_Body]:
        """Read up to the end or a closing brace: alternatives, each a conjunction."""
        parts: list[list[_Body]] = []
        while self.at < len(self.tokens) and self.peek() != "}":
            kind, word = self.next()
            if word == "{":
                branches = self.group()
                self.expect("}")
                while self.peek() == "UNION":
                    self.next()
                    self.expect("{")
                    branches = branches + self.group()
                    self.expect("}")
                parts.append(branches)
            elif word == "VALUES":
                parts.append([self.listed()])
            elif kind == "notliteral":
                parts.append([_Body(resources=(word,))])
            elif word == ".":
                continue
            else:
                parts.append([self.triple(word)])
        return [sum(choice, _Body()) for choice in product(*parts)]

    def listed(self) -> _Body:
        name = self.next()[1]
        self.expect("{")
        found = []
        while self.peek() != "}":
            found.append(self.next()[1])
        self.next()
        return _Body(values=((name, tuple(found)),))

    def triple(self, subject: str) -> _Body:
        kind, predicate = self.next()
        if predicate == "a":
            return _Body((_Pattern(self.next()[1], subject, None),))
        if kind != "iri":
            raise _Unreadable
        if self.peek() == "/":
            self.next()
            again = self.next()[1]
            self.expect("+")
            if again != predicate:
                raise _Unreadable
            return _Body(path=(predicate, subject, self.next()[1]))
        return _Body((_Pattern(predicate, subject, self.next()[1]),))


@dataclass(slots=True)
class _Table:
    """The pairs of a property, or the members of a class (with themselves as their other end).

    ``log`` keeps what came in, in order, so that a rule can ask for what is new to it.
    """

    keys: Any
    log: list[Any] = field(default_factory=list)
    _swapped: Any = None

    def add(self, new: Any) -> None:
        # neither has what the other has
        self.keys = _sorted([self.keys, new]) if len(self.keys) else new
        self.log.append(new)
        self._swapped = None

    @property
    def swapped(self) -> Any:
        """The pairs the other way round, sorted."""
        import numpy as np

        if self._swapped is None:
            self._swapped = np.sort(_pack(_low(self.keys), _high(self.keys)))
        return self._swapped


def _pack(high: Any, low: Any) -> Any:
    return (high << 32) | low


def _sorted(parts: Sequence[Any]) -> Any:
    """Put keys in order, each once; numpy's own unique hashes first and is slower by far."""
    import numpy as np

    keys = np.sort(np.concatenate(parts))
    if len(keys) < 2:
        return keys
    return keys[np.concatenate(([True], keys[1:] != keys[:-1]))]


def _high(keys: Any) -> Any:
    return keys >> 32


def _low(keys: Any) -> Any:
    return keys & 0xFFFFFFFF


def _member(sorted_keys: Any, wanted: Any) -> Any:
    """Say which of the wanted keys are among the sorted ones."""
    import numpy as np

    if not len(sorted_keys):
        return np.zeros(len(wanted), dtype=bool)
    place = np.searchsorted(sorted_keys, wanted)
    place[place == len(sorted_keys)] = 0
    return sorted_keys[place] == wanted


class Facts:
    """Triples as numbers, as far as a set of rules looks at them.

    Parameters
    ----------
    rules : sequence of Rule
        Properties and classes that none of them names are passed over.
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        import numpy as np

        named = {iri for r in rules for iri in r.reads} | {r.writes for r in rules}
        self._named = {f"<{iri}>".encode() for iri in named}
        self._ids: dict[bytes, int] = {}
        self._new: dict[bytes, list[int]] = {}
        self._empty: Any = np.empty(0, dtype=np.int64)
        self.terms: list[bytes] = []
        self.tables: dict[str, _Table] = {}
        # what rules name comes first, so that the same sources give the same numbers every time
        for m in sorted({m for r in rules for m in _CONSTANT.findall(f"{r.head} {r.body}")}):
            self._id(m.encode())

    def __len__(self) -> int:
        """Count of different triples."""
        self._settle()
        return sum(len(t.keys) for t in self.tables.values())

    def _id(self, term: bytes) -> int:
        if (n := self._ids.get(term)) is None:
            n = self._ids[term] = len(self.terms)
            self.terms.append(term)
        return n

    def read(self, lines: Iterable[bytes]) -> None:
        """Take in N-Triples, one on a line, each ending in `` .`` and a line break."""
        named, new, ids, terms = self._named, self._new, self._ids, self.terms
        kind = _TYPE.encode()
        for line in lines:
            s, p, o = line.rstrip()[:-2].split(b" ", 2)
            if p == kind:
                if o not in named:
                    continue
                p, o = b"a " + o, s
            elif p not in named:
                continue
            if (i := ids.get(s)) is None:
                i = ids[s] = len(terms)
                terms.append(s)
            if (j := ids.get(o)) is None:
                j = ids[o] = len(terms)
                terms.append(o)
            new.setdefault(p, []).append((i << 32) | j)

    def _settle(self) -> None:
        import numpy as np

        for name, keys in self._new.items():
            fresh = _sorted([np.array(keys, dtype=np.int64)])
            table = self.table(name.decode())
            if len(fresh := fresh[~_member(table.keys, fresh)]):
                table.add(fresh)
        self._new.clear()

    def table(self, name: str) -> _Table:
        """Give the table of ``"<property>"`` or ``"a <class>"``."""
        if (found := self.tables.get(name)) is None:
            found = self.tables[name] = _Table(self._empty)
        return found

    def joined(self, first: str, second: str) -> list[tuple[bytes, bytes]]:
        """Give the values of two properties of the same things, side by side.

        Parameters
        ----------
        first, second : str
            IRIs of properties.

        Returns
        -------
        list of (bytes, bytes)
            As N-Triples terms: what the one and what the other property gives.
        """
        import numpy as np

        self._settle()
        left, right = (self.table(f"<{p}>").keys for p in (first, second))
        low = np.searchsorted(right, _high(left) << 32)
        many = np.searchsorted(right, (_high(left) + 1) << 32) - low
        a = np.repeat(_low(left), many)
        start = np.repeat(low - np.concatenate(([0], np.cumsum(many)[:-1])), many)
        b = _low(right[start + np.arange(len(a))]) if len(a) else self._empty
        return [(self.terms[x], self.terms[y]) for x, y in zip(a.tolist(), b.tolist(), strict=True)]

    # --- joins

    def _bound(self, term: str, rows: dict[str, Any], count: int) -> Any:
        import numpy as np

        if term[0] == "?":
            return rows.get(term)
        return np.full(count, self._id(term.encode()), dtype=np.int64)

    def _join(self, rows: dict[str, Any], count: int, pattern: _Pattern) -> tuple[Any, int]:
        """Extend rows by a pattern over the whole of its table."""
        import numpy as np

        name = pattern.table if pattern.o is not None else "a " + pattern.table
        table = self.table(name)
        other = pattern.s if pattern.o is None else pattern.o
        a, b = self._bound(pattern.s, rows, count), self._bound(other, rows, count)
        if a is not None and b is not None:
            keep = _member(table.keys, _pack(a, b))
            return {v: c[keep] for v, c in rows.items()}, int(keep.sum())
        if a is None and b is None:
            if count != 1 or rows:
                raise _Unreadable  # a product of two tables: no rule of ours makes one
            return self._rows(pattern, table.keys)
        keys = table.keys if a is not None else table.swapped
        known = a if a is not None else b
        first = np.searchsorted(keys, known << 32)
        many = np.searchsorted(keys, (known + 1) << 32) - first
        total = int(many.sum())
        index = np.repeat(np.arange(count), many)
        start = np.repeat(first - np.concatenate(([0], np.cumsum(many)[:-1])), many)
        found = _low(keys[start + np.arange(total)]) if total else self._empty
        out = {v: c[index] for v, c in rows.items()}
        out[other if a is not None else pattern.s] = found
        return out, total

    def _rows(self, pattern: _Pattern, keys: Any) -> tuple[dict[str, Any], int]:
        """Turn keys of a pattern's table into rows."""
        a, b = _high(keys), _low(keys)
        rows: dict[str, Any] = {}
        other = pattern.s if pattern.o is None else pattern.o
        for term, column in ((pattern.s, a), (other, b)):
            known = rows.get(term) if term[0] == "?" else self._id(term.encode())
            if known is None:
                rows[term] = column
                continue
            keep = column == known
            a, b = a[keep], b[keep]
            rows = {v: c[keep] for v, c in rows.items()}
            if term == pattern.s:  # its own column went first: the other is still to come
                rows.pop(term, None)
                return self._second(other, b, rows)
        return rows, len(a)

    def _second(self, term: str, column: Any, rows: dict[str, Any]) -> tuple[dict[str, Any], int]:
        if term[0] == "?":
            return {**rows, term: column}, len(column)
        keep = column == self._id(term.encode())
        return {v: c[keep] for v, c in rows.items()}, int(keep.sum())

    def _solve(self, body: _Body, start: int | None, delta: Any) -> tuple[dict[str, Any], int]:
        """Join a conjunction, beginning with a pattern restricted to some keys."""
        import numpy as np

        rows: dict[str, Any] = {}
        count = 1
        left = list(body.patterns)
        for name, listed in body.values:
            rows[name] = np.array([self._id(t.encode()) for t in listed], dtype=np.int64)
            count = len(listed)
        if start is not None:
            pattern = left.pop(start)
            if rows:
                left.insert(0, pattern)
            else:
                rows, count = self._rows(pattern, delta)
        while left and count:
            left.sort(key=lambda p: self._price(p, rows))
            rows, count = self._join(rows, count, left.pop(0))
        if left:
            return {}, 0
        for name in body.resources:
            keep = self._resource[rows[name]]
            rows = {v: c[keep] for v, c in rows.items()}
            count = int(keep.sum())
        return rows, count

    def _price(self, pattern: _Pattern, rows: dict[str, Any]) -> tuple[bool, bool, int]:
        terms = [pattern.s] if pattern.o is None else [pattern.s, pattern.o]
        free = [t for t in terms if t[0] == "?" and t not in rows]
        name = pattern.table if pattern.o is not None else "a " + pattern.table
        return len(free) == len(terms), bool(free), len(self.table(name).keys)

    @property
    def _resource(self) -> Any:
        import numpy as np

        if getattr(self, "_flags_of", -1) != len(self.terms):
            self._flags = np.array([not t.startswith(b'"') for t in self.terms], dtype=bool)
            self._flags_of = len(self.terms)
        return self._flags

    def quads_of(self, names: Iterable[str]) -> Iterator[ox.Triple]:
        """Give the triples of some properties and classes as pyoxigraph has them."""
        for name in names:
            if (table := self.tables.get(name)) is None:
                continue
            cls = name.startswith("a ")
            for key in table.keys.tolist():
                s, o = self.terms[key >> 32], self.terms[key & 0xFFFFFFFF]
                line = b" ".join((s, _TYPE.encode(), name[2:].encode()) if cls
                                 else (s, name.encode(), o))  # fmt: skip
                yield from (q.triple for q in ox.parse(line + b" .", format=ox.RdfFormat.N_TRIPLES))


@dataclass(frozen=True, slots=True)
class Inferred:
    """What the rules add.

    Attributes
    ----------
    tables : dict of (str, str) to int64 array
        By name of the rule and by table (``"<property>"`` or ``"a <class>"``): packed pairs of
        numbers of :attr:`Facts.terms`, sorted; a member of a class is paired with itself.
    """

    tables: dict[tuple[str, str], Keys]

    def __len__(self) -> int:
        """Count of inferred triples."""
        return sum(map(len, self.tables.values()))


class _Runner:
    """One rule with what it has seen so far."""

    def __init__(self, rule: Rule, facts: Facts) -> None:
        self.rule = rule
        self.facts = facts
        head = _Reader(rule.head).group()
        ((pattern,),) = [b.patterns for b in head]
        self.head = pattern
        self.target = pattern.table if pattern.o is not None else "a " + pattern.table
        try:
            self.bodies: list[_Body] | None = _Reader(rule.body).group()
        except _Unreadable:
            self.bodies = None
        self.seen: dict[str, int] = {}

    def run(self) -> Any:
        """Give the keys that the rule concludes and that are not there yet."""
        if self.bodies is None:
            found = [self._asked()]
        else:
            before = {
                (p.table if p.o is not None else "a " + p.table)
                for b in self.bodies for p in b.patterns
            }  # fmt: skip
            marks = {n: len(self.facts.table(n).log) for n in before}
            found = [keys for body in self.bodies for keys in self._keys(body)]
            self.seen.update(marks)
        table = self.facts.table(self.target)
        keys = _sorted([self.facts._empty, *found])
        return keys[~_member(table.keys, keys)]

    def _keys(self, body: _Body) -> Iterator[Any]:
        import numpy as np

        if body.path is not None:
            yield _closed(self.facts.table(body.path[0]).keys)
            return
        first = True
        for i, p in enumerate(body.patterns):
            name = p.table if p.o is not None else "a " + p.table
            log = self.facts.table(name).log
            fresh = log[self.seen.get(name, 0) :]
            if not fresh:
                continue
            whole = name not in self.seen
            if whole and not first and any(self._unseen(q) for q in body.patterns[:i]):
                continue  # the first unseen pattern has begun with everything already
            delta = np.sort(np.concatenate(fresh)) if len(fresh) > 1 else fresh[0]
            yield self._head(*self.facts._solve(body, i, delta))
            first = False
        if not body.patterns:
            yield self._head(*self.facts._solve(body, None, None))

    def _unseen(self, p: _Pattern) -> bool:
        return (p.table if p.o is not None else "a " + p.table) not in self.seen

    def _head(self, rows: dict[str, Any], count: int) -> Any:
        if not count:
            return self.facts._empty
        s = self.facts._bound(self.head.s, rows, count)
        o = s if self.head.o is None else self.facts._bound(self.head.o, rows, count)
        return _pack(s, o)

    def _asked(self) -> Any:
        """Let Oxigraph find what the rule concludes, from just the facts it reads."""
        import numpy as np

        store = ox.Store()
        reads = [n for iri in self.rule.reads for n in (f"<{iri}>", f"a <{iri}>")]
        store.bulk_extend(ox.Quad(*t) for t in self.facts.quads_of(reads))
        names = sorted(self.head.variables)
        rows: Any = store.query(f"SELECT DISTINCT {' '.join(names)} {{ {self.rule.body} }}")
        found: dict[str, list[int]] = {n: [] for n in names}
        for row in rows:
            for n in names:
                found[n].append(self.facts._id(str(row[n[1:]]).encode()))
        columns = {n: np.array(c, dtype=np.int64) for n, c in found.items()}
        return self._head(columns, len(columns[names[0]]))


def _closed(keys: Any) -> Any:
    """Give the transitive closure of a relation.

    Roles that lead to one another in a circle lead to the same roles, so the search is over
    circles (strong components), from those that lead nowhere back to the first.
    """
    import numpy as np
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    if not len(keys):
        return keys
    nodes, flat = np.unique(np.concatenate((_high(keys), _low(keys))), return_inverse=True)
    a, b = flat[: len(keys)], flat[len(keys) :]
    n = len(nodes)
    step = csr_matrix((np.ones(len(a), dtype=np.int8), (a, b)), shape=(n, n))
    count, part = connected_components(step, connection="strong")
    inside = np.zeros(count, dtype=bool)  # parts that lead to themselves
    inside[part[a[part[a] == part[b]]]] = True
    after: list[set[int]] = [set() for _ in range(count)]
    for x, y in set(zip(part[a].tolist(), part[b].tolist(), strict=True)):
        if x != y:
            after[x].add(y)
    order = np.argsort(part, kind="stable")
    starts = np.searchsorted(part[order], np.arange(count + 1))
    members = [order[starts[i] : starts[i + 1]] for i in range(count)]
    reach: list[set[int]] = [set() for _ in range(count)]
    found = []
    for i in _backwards(after):
        ends = reach[i]
        ends.update(*(reach[j] for j in after[i]), after[i])
        if inside[i]:
            ends.add(i)
        if ends:
            last = np.concatenate([members[j] for j in ends])
            found.append(_pack(np.repeat(nodes[members[i]], len(last)),
                               np.tile(nodes[last], len(members[i]))))  # fmt: skip
    return np.sort(np.concatenate(found)) if found else keys[:0]


def _backwards(after: Sequence[set[int]]) -> list[int]:
    """Put the nodes of a graph without circles so that each comes after all that it leads to."""
    waits = [len(x) for x in after]
    before: list[list[int]] = [[] for _ in after]
    for i, nexts in enumerate(after):
        for j in nexts:
            before[j].append(i)
    ready = [i for i, count in enumerate(waits) if not count]
    for j in ready:
        for i in before[j]:
            waits[i] -= 1
            if not waits[i]:
                ready.append(i)
    return ready


def fixpoint(facts: Facts, rules: Sequence[Rule]) -> Inferred:
    """Run rules until nothing new comes out.

    Parameters
    ----------
    facts : Facts
        Grows by what is inferred.
    rules : sequence of Rule
        As :func:`rolegraph.closure.compile_rules` gives them.

    Returns
    -------
    Inferred
    """
    import numpy as np

    facts._settle()
    runners = [_Runner(rule, facts) for rule in rules]
    readers: dict[str, set[int]] = {}
    for i, rule in enumerate(rules):
        for iri in rule.reads:
            readers.setdefault(iri, set()).add(i)
    there = {name.removeprefix("a ")[1:-1] for name, t in facts.tables.items() if len(t.keys)}
    queue = [i for i, r in enumerate(rules) if r.reads & there or "VALUES" in r.body]
    waiting = set(queue)
    out: dict[tuple[str, str], list[Any]] = {}
    while queue:
        i = heappop(queue)
        waiting.discard(i)
        runner, rule = runners[i], rules[i]
        new = runner.run()
        if not len(new):
            continue
        facts.table(runner.target).add(new)
        out.setdefault((rule.name, runner.target), []).append(new)
        for j in readers.get(rule.writes, set()) - waiting:
            if j != i or rule.name != "prp-trp":
                waiting.add(j)
                heappush(queue, j)
    return Inferred({k: np.sort(np.concatenate(v)) for k, v in out.items()})
