"""Finding things by what people call them: label, other label, CURIE or IRI.

:class:`Lookup` holds the rules, once for all: how a name is resolved, how near names are suggested
and how a search is ranked. Where the names are kept is the business of its two children,
:class:`Index` (in memory) and :class:`~rolegraph.names.NameIndex` (in a file), so that both give
the same answers on the same concepts.

**Resolving.** An exact label wins, then an exact other label, then the same with case folded, then
a hidden label; what is left is an error that suggests the nearest labels. Where the same label
occurs in several sources, ``"esco:project manager"`` asks for one of them.

**Searching.** A text is taken apart into words. A word of a name answers to a word of the text when
it is the same, a well-known contraction (*mgr*), starts with it, contains it, or, for words
that no name has, when it is a few slips away or can be shortened to it. Names that answer to every
word come before those that answer to some; among the former, the name that equals the text, then
names that start with it, contain it, or have no further words. The rest is settled by how well the
words fit, by the language preferred, preferred labels before others, roles before skills before
other things, and shorter names first.
"""

from __future__ import annotations

import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from operator import mul
from typing import Final, NamedTuple, TypeVar

from rolegraph.arguments import check_whole
from rolegraph.errors import AmbiguousLabelError, NotFoundError
from rolegraph.values import Certification, Concept, Responsibility, Role, Skill
from rolegraph.vocab import expand

__all__ = [
    "ALTERNATIVE",
    "CLASSES",
    "FOREIGN",
    "HIDDEN",
    "KINDS",
    "LABEL",
    "SKILL_KINDS",
    "WIDEST",
    "Candidate",
    "Index",
    "Lookup",
    "Name",
    "class_of",
    "codes_of",
    "contractions",
    "in_language",
    "one_of",
    "slips",
    "source_keys",
    "words_of",
]

_C = TypeVar("_C", bound=Concept)

SKILL_KINDS: Final = ("knowledge", "management skill", "soft skill", "technical skill")
"""Labels of the classes that are kinds of skill."""
KINDS: Final = (
    "role", "skill", "responsibility", "certification", "training", "learning format",
    "development practice", "development activity", "organisational practice", "industry",
    "work environment", "setting", "purpose", "outcome", "aim", "role family", "level",
    "certification scheme", "involvement pattern", "progression pattern", "precondition",
    "party", "topic", "occupation group", "skill group", "concept collection", "role ladder",
    "proficiency level", "job zone", "education level",
)  # fmt: skip
"""Labels of classes, the most telling first: the first that a thing bears is its kind."""
CLASSES: Final[tuple[type[Concept], ...]] = (Role, Skill, Responsibility, Certification, Concept)
"""Classes of values; the place of each is its code. Names of roles, then of skills, come first."""

LABEL, FOREIGN, ALTERNATIVE, HIDDEN = range(4)
"""Ranks of names: the label, a preferred label in another language, another label, a hidden one."""

WIDEST: Final = 100
"""How many words of names answer to one word of a text at most, the best and most used first."""
_EXACT, _SHORT, _START, _INSIDE = 1.0, 0.95, 0.9, 0.6
_TYPO, _SHORTENED, _LIKE_SHORTENED = 0.85, 0.65, 0.5
_MOST_WORDS = 10  # of a text; what comes after them only counts for names that contain it

# Contractions that work is full of; all others are guessed from their letters.
_CONTRACTIONS = {
    short: tuple(long.split())
    for short, long in {
        "acct": "account accounting accountant", "admin": "administrator administration",
        "anlst": "analyst", "arch": "architect", "assoc": "associate", "asst": "assistant",
        "biz": "business", "bus": "business", "coord": "coordinator", "corp": "corporate",
        "dep": "deputy", "dept": "department", "dev": "developer development", "dir": "director",
        "eng": "engineer engineering", "engr": "engineer", "exec": "executive",
        "fin": "finance financial", "gen": "general", "gov": "government", "intl": "international",
        "jnr": "junior", "jr": "junior", "mfg": "manufacturing", "mgmt": "management",
        "mgr": "manager", "mgt": "management", "mktg": "marketing", "mngr": "manager",
        "natl": "national", "ofc": "office", "off": "officer", "op": "operation operations",
        "ops": "operations", "prod": "product production", "prof": "professional professor",
        "prog": "programme program programmer", "proj": "project", "rep": "representative",
        "sci": "science scientist", "snr": "senior", "spec": "specialist", "sr": "senior",
        "supv": "supervisor", "sw": "software", "sys": "system systems", "tech":
        "technology technical technician", "vol": "volunteer",
    }.items()
}  # fmt: skip
_FILLERS = frozenset("a an and at for in of on or the to with".split())
_WORD = re.compile(r"[^\W_]+[+#]*")


class Name(NamedTuple):
    """One of the names of a concept.

    Attributes
    ----------
    text : str
    rank : int
        :data:`LABEL`, :data:`FOREIGN`, :data:`ALTERNATIVE` or :data:`HIDDEN`.
    languages : tuple of str
        Tags of the languages it is a name in; empty where no source says.
    """

    text: str
    rank: int
    languages: tuple[str, ...] = ()


class Candidate(NamedTuple):
    """A name as the ranking sees it.

    Attributes
    ----------
    concept : int
        Place of the concept in the order by label and IRI.
    code : int
        Place of its class in :data:`CLASSES`.
    rank : int
    languages : str
        Tags, parted by blanks.
    length : int
        In characters.
    key : str
        Its words, parted by blanks.
    """

    concept: int
    code: int
    rank: int
    languages: str
    length: int
    key: str


def words_of(text: str) -> list[str]:
    """Take a text apart into words, without case, accents and punctuation.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of str

    Examples
    --------
    >>> words_of("Front-End Développeur (C++/C#)")
    ['front', 'end', 'developpeur', 'c++', 'c#']
    """
    if text.isascii():
        return _WORD.findall(text.lower())
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return _WORD.findall("".join(c for c in plain if not unicodedata.combining(c)))


def slips(word: str) -> int:
    """Give how many wrong, missing, swapped or surplus letters a word of this length may have."""
    return 0 if len(word) < 4 else 1 if len(word) < 6 else 2 if len(word) < 10 else 3


def contractions(word: str) -> tuple[str, ...]:
    """Give the words that a well-known contraction stands for."""
    return _CONTRACTIONS.get(word, ())


SHIPPED = "article"
"""What may stand in front of the label of a thing that no importer brought."""


def source_keys(source: str) -> frozenset[str]:
    """Give what a source may be called in front of a label.

    Parameters
    ----------
    source : str
        Its name: a key and a version.

    Returns
    -------
    frozenset of str
        The name; it without its last part; and it up to any part that starts with a digit.

    Examples
    --------
    >>> sorted(source_keys("esco-1.1.1"))
    ['esco', 'esco-1.1.1']
    """
    cuts = {m.start() for m in re.finditer(r"-(?=v?\d)", source)} | {source.rfind("-")}
    return frozenset({source, *(source[:at] for at in cuts if at > 0)})


def class_of(kind: str) -> type[Concept]:
    """Give the class of values that a kind belongs to."""
    known = {"role": Role, "skill": Skill, "responsibility": Responsibility}
    return Certification if kind == "certification" else known.get(kind, Concept)


def codes_of(kind: type[Concept]) -> frozenset[int]:
    """Give the codes of the classes that a class covers."""
    return frozenset(i for i, cls in enumerate(CLASSES) if issubclass(cls, kind))


def in_language(tags: Iterable[str], lang: str) -> bool:
    """Whether one of several tags is of a language, or of a region's form of it."""
    return any(tag == lang or tag.startswith(lang + "-") for tag in tags)


def _fits(word: str, pool: Mapping[str, int], alike: Mapping[str, int] | None) -> dict[str, float]:
    """Find the words that answer to one, and how well, between 0 and 1.

    The pools (word to how many names have it) may hold more than answers; in ``alike``, if given,
    words that are spelt much the same are looked for.
    """
    known = contractions(word)
    found: dict[str, float] = {}
    for w in pool:
        if w == word:
            found[w] = _EXACT
        elif w in known:
            found[w] = _SHORT
        elif w.startswith(word):
            found[w] = _START
        elif len(word) > 2 and word in w:
            found[w] = _INSIDE
    used = pool
    if alike is not None:
        used = pool if alike is pool else {**pool, **alike}
        for w, score in _guesses(word, alike):
            found[w] = max(score, found.get(w, 0.0))
    if len(found) <= WIDEST:
        return found
    best = sorted(found, key=lambda w: (-found[w], -used[w], w))[:WIDEST]
    return {w: found[w] for w in best}


def _guesses(word: str, pool: Mapping[str, int]) -> Iterator[tuple[str, float]]:
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    if most := slips(word):
        near = [w for w in pool if abs(len(w) - len(word)) <= most]
        marks = _trigrams(word)
        hits = process.extract(word, near, scorer=OSA.distance, score_cutoff=most, limit=None)
        for w, wrong, _ in hits:
            # without three letters in a row alike, only short words look the same
            if (len(word) < 6 and w[0] == word[0]) or marks & _trigrams(w):
                yield w, _TYPO * (1 - wrong / max(len(w), len(word)))
    if 2 <= len(word) <= 5:
        shape = re.compile(".*".join(map(re.escape, word)), re.DOTALL)
        for w in pool:
            if len(w) > len(word) + 1 and w[0] == word[0] and shape.match(w):
                yield w, _SHORTENED if w[-1] == word[-1] else _LIKE_SHORTENED


def _trigrams(word: str) -> set[str]:
    padded = f" {word} "
    return {padded[i : i + 3] for i in range(len(padded) - 2)}


class _Query:
    """A text to search for, with the words that answer to its own."""

    def __init__(self, text: str, lang: str | None) -> None:
        words = words_of(text)
        self.key = " ".join(words)
        self._letters = "".join(words)
        distinct = list(dict.fromkeys(words))[:_MOST_WORDS]
        self.words = [w for w in distinct if w not in _FILLERS] or distinct
        self.lang = lang.lower() if lang else None
        self.weigh()
        self.fits: list[dict[str, float]] = []
        self._answers: dict[str, list[tuple[int, float]]] = {}

    def weigh(self) -> None:
        """Give each word its weight: longer ones say more."""
        self.weights = [max(2, min(len(w), 10)) for w in self.words]
        self._total = sum(self.weights)

    def answer(self, fits: list[dict[str, float]]) -> None:
        """Set, for each word, the words that answer to it and how well."""
        self.fits = fits
        self._answers.clear()
        for i, words in enumerate(fits):
            for w, score in words.items():
                self._answers.setdefault(w, []).append((i, score))

    def place(self, name: Candidate) -> tuple[float, ...]:
        """Give a name's place: the lower the better."""
        missed, tier, score = self._score(name.key)
        foreign = self.lang is not None and not in_language(name.languages.split(), self.lang)
        return (
            missed > 0,
            tier,
            -round(score, 6),
            foreign,
            name.rank,
            min(name.code, 2),
            name.length,
            name.concept,
        )

    def _score(self, key: str) -> tuple[int, int, float]:
        if key == self.key:
            return 0, 0, 1.0
        if key.startswith(self.key):
            # the word may go on for an ending, as a plural does
            ending = key[len(self.key) :].partition(" ")[0]
            return 0, 1, _EXACT if len(ending) < 3 else _START
        words = key.split()
        best = [0.0] * len(self.words)
        which = [""] * len(self.words)
        for w in words:
            for i, score in self._answers.get(w, ()):
                if score > best[i]:
                    best[i], which[i] = score, w
        missed, used = best.count(0.0), set(which)
        total = sum(map(mul, best, self.weights))
        fit = total / self._total
        if not missed and self.key in key:
            return 0, 2, fit
        if not missed and not all(w in used or w in _FILLERS for w in words):
            return 0, 4, fit
        from rapidfuzz.distance import Indel

        # the order of words tells, and they may be run together or torn apart
        alike = Indel.normalized_similarity(self._letters, key.replace(" ", ""))
        return missed, 5 if missed else 3, (fit + alike) / 2


class Lookup(ABC):
    """Concepts by IRI and by name, wherever they are kept.

    Attributes
    ----------
    by_iri : mapping of str to Concept
        In the order of label and IRI.
    """

    __slots__ = ()
    by_iri: Mapping[str, Concept]

    # --- what a child knows

    @abstractmethod
    def all(self, kind: type[_C]) -> tuple[_C, ...]:
        """Give all concepts of a class, by label and IRI."""

    @abstractmethod
    def count(self, kind: type[Concept] = Concept) -> int:
        """Count the concepts of a class."""

    @abstractmethod
    def sources(self) -> frozenset[str]:
        """Give the names of the sources that concepts come from."""

    @abstractmethod
    def _concepts(self, places: Sequence[int]) -> list[Concept]:
        """Give the concepts at places in the order by label and IRI."""

    @abstractmethod
    def _bearing(self, folded: str) -> list[tuple[int, str, int]]:
        """Give place, text and rank of the names that fold to a text."""

    @abstractmethod
    def _used(self, word: str) -> int:
        """Give how many names have a word."""

    @abstractmethod
    def _near(self, word: str) -> Mapping[str, int]:
        """Give every word that may have one in it, and how many names have it."""

    @abstractmethod
    def _alike(self, word: str) -> Mapping[str, int]:
        """Give every word that may be spelt much like one, and how many names have it."""

    @abstractmethod
    def _starting(self, key: str, codes: frozenset[int], cap: int) -> Iterable[Candidate]:
        """Give names whose words start with a text, in the order of ties."""

    @abstractmethod
    def _having(
        self, groups: Sequence[Collection[str]], codes: frozenset[int], cap: int, lang: str | None
    ) -> Iterable[Candidate]:
        """Give names with a word of each group, in the order of ties."""

    @abstractmethod
    def _nameable(self, text: str, codes: frozenset[int]) -> Mapping[str, str]:
        """Give the names (none hidden) that may be meant by a text, with the labels they mean."""

    # --- finding

    def find(self, name: str, kind: type[Concept] = Concept) -> Concept:
        """Find the one concept of a kind that a name stands for.

        Parameters
        ----------
        name : str
            Label, other label, CURIE (``"role:delivery-manager"``) or IRI. With the key of a
            source and a colon before a label, only that source is looked in
            (``"esco:project manager"``).
        kind : type
            Class of value wanted, for example :class:`~rolegraph.values.Role`.

        Returns
        -------
        Concept
            An instance of ``kind``.

        Raises
        ------
        NotFoundError
            If nothing of the kind bears the name; what else does is named, and the nearest labels
            are suggested.
        AmbiguousLabelError
            If several do; each is given with its source, if it has one, and its CURIE.
        TypeError
            If the name is no text.
        """
        called = "thing" if kind is Concept else kind.__name__.lower()
        if not isinstance(name, str):
            what = "a Concept" if kind is Concept else f"a {kind.__name__}"
            raise TypeError(f"a {called} is given by its name, or as {what}, not as {name!r}")
        text = name.strip()
        iri = expand(text)
        if iri is not None and isinstance(found := self.by_iri.get(iri), kind):
            return found
        fits = self._named(text, kind, None)
        if not fits and (qualified := self._qualified(text)):
            fits = self._named(qualified[1], kind, qualified[0])
        if len(fits) == 1:
            return fits[0]
        if fits:
            raise AmbiguousLabelError(
                text,
                called,
                [f"{c.label} ({c.source + '; ' if c.source else ''}{c.curie})" for c in fits],
            )
        other = "" if kind is Concept else self._kind_of(text)
        raise NotFoundError(text, called, self.suggest(text, kind), other)

    def _kind_of(self, text: str) -> str:
        """Give the kind of what a name stands for, if all that bears it is of one."""
        iri = expand(text)
        if iri is not None and (found := self.by_iri.get(iri)) is not None:
            return found.kind
        kinds = {c.kind for c in self._named(text, Concept, None)}
        return kinds.pop() if len(kinds) == 1 and kinds != {"concept"} else ""

    def _named(
        self, text: str, kind: type[Concept], sources: frozenset[str] | None
    ) -> list[Concept]:
        """Give what bears a name in the first tier in which anything does."""
        names = self._bearing(text.casefold())
        known = dict(
            zip(
                (at := sorted({place for place, _, _ in names})),
                self._concepts(at),
                strict=True,
            )
        )
        tiers: dict[int, set[int]] = {}
        for place, spelt, rank in names:
            c = known[place]
            if isinstance(c, kind) and (sources is None or (c.source or "") in sources):
                level = (0, 1, 1, 4)[rank] + (0 if spelt == text else 1 if rank == HIDDEN else 2)
                tiers.setdefault(level, set()).add(place)
        return [known[p] for p in sorted(tiers[min(tiers)])] if tiers else []

    def _qualified(self, text: str) -> tuple[frozenset[str], str] | None:
        """Take a source's key off a name: the sources so called, and the rest."""
        key, colon, rest = text.partition(":")
        if not (colon and (rest := rest.strip())):
            return None
        key = key.strip().casefold()
        if key == SHIPPED:
            return frozenset({""}), rest
        called = frozenset(
            s for s in self.sources() if key in {k.casefold() for k in source_keys(s)}
        )
        return (called, rest) if called else None

    def suggest(self, name: str, kind: type[Concept] = Concept, limit: int = 3) -> tuple[str, ...]:
        """Give the labels nearest to a name, best first.

        Parameters
        ----------
        name : str
            A source's key in front of it (``"esco:projct manager"``) keeps to that source.
        kind : type
        limit : int
            How many at most.

        Returns
        -------
        tuple of str
            Labels, with the source's key where one was given; empty when none comes near.
        """
        qualified = self._qualified(name.strip())
        if qualified is None:
            return _nearest(name, self._nameable(name, codes_of(kind)), limit)
        sources, rest = qualified
        key = name.strip().partition(":")[0].strip()
        names: dict[str, str] = {}
        for c in self.search(rest, kind, 200):
            if (c.source or "") in sources:
                names.update(dict.fromkeys((*c.alt_labels, c.label), c.label))
        return tuple(f"{key}:{label}" for label in _nearest(rest, names, limit))

    # --- searching

    def search(
        self,
        text: str,
        kind: type[Concept] = Concept,
        limit: int = 20,
        lang: str | None = None,
    ) -> tuple[Concept, ...]:
        """Search by words, parts of words, contractions and misspelt words; best match first.

        Parameters
        ----------
        text : str
            Words to look for in all names, any case.
        kind : type
        limit : int
            How many at most.
        lang : str, optional
            Tag of a language, for example ``"de"``: among names that fit alike, those in this
            language come first. Nothing is left out.

        Returns
        -------
        tuple of Concept
            The order is described in :mod:`rolegraph.lookup`; it is the same every time.
        """
        return tuple(self._concepts(self._ranked(text, codes_of(kind), limit, lang)))

    def _ranked(
        self, text: str, codes: frozenset[int], limit: int, lang: str | None = None
    ) -> list[int]:
        """Search for the places of concepts, the best first."""
        if not isinstance(text, str):
            raise TypeError(f"what is searched for is a text, not {text!r}")
        check_whole("limit", limit)
        query = _Query(text, lang)
        if limit < 1 or not codes:
            return []
        if not query.words:  # signs only: nothing but the very name will do
            known = sorted({place for place, _, _ in self._bearing(text.strip().casefold())})
            kinds = tuple(CLASSES[i] for i in codes)
            found = zip(known, self._concepts(known), strict=True)
            return [place for place, c in found if isinstance(c, kinds)][:limit]
        cap = 300 + 6 * limit
        places: dict[int, tuple[float, ...]] = {}

        def take(names: Iterable[Candidate]) -> None:
            for name in set(names):
                place = query.place(name)
                if place < places.get(name.concept, (99.0,)):
                    places[name.concept] = place

        query.words = [part for w in query.words for part in self._parted(w)]
        query.weigh()
        # a word that some name has is taken at its word; others may be misspelt or shortened
        plain = [w in _CONTRACTIONS or self._used(w) > 0 for w in query.words]
        query.answer([self._fit(w, not known) for w, known in zip(query.words, plain, strict=True)])
        take(self._all_words(query, codes, cap))
        if any(plain) and not any(place[0] == 0 for place in places.values()):
            query.answer(
                [
                    {**self._slipped(w), **fits} if known else fits
                    for w, known, fits in zip(query.words, plain, query.fits, strict=True)
                ]
            )
            places.clear()
            take(self._all_words(query, codes, cap))
        if sum(place[0] == 0 for place in places.values()) < limit:
            take(self._some_words(query, codes, cap // 4))
        return sorted(places, key=places.__getitem__)[:limit]

    def _fit(self, word: str, guess: bool) -> dict[str, float]:
        return _fits(word, self._near(word), self._alike(word) if guess else None)

    def _parted(self, word: str) -> tuple[str, ...]:
        """Part a word that is unknown where two known ones have run together."""
        if not 6 <= len(word) <= 40 or self._used(word):
            return (word,)
        halves = ((word[:at], word[at:]) for at in range(3, len(word) - 2))
        found = [(min(self._used(a), n), a, b) for a, b in halves if (n := self._used(b))]
        # by the rarer of the two: the more it is used, the less it is there by chance
        used, *parts = max(found, default=(0, word))
        return tuple(parts) if used else (word,)

    def _slipped(self, word: str) -> dict[str, float]:
        """Find what a word that exists may have been meant to be: a long one, begun rightly."""
        if len(word) < 5:
            return {}
        return {w: score for w, score in self._fit(word, True).items() if w[0] == word[0]}

    def _all_words(self, query: _Query, codes: frozenset[int], cap: int) -> Iterator[Candidate]:
        yield from self._starting(query.key, codes, cap)
        # by steps, so that a limit never leaves out the better ones for those that come near
        steps = [
            [[w for w, score in fits.items() if score >= least] for fits in query.fits]
            for least in (_SHORT, _START, 0.0)
        ]
        for i, groups in enumerate(steps):
            if all(groups) and groups not in steps[:i]:
                yield from self._having(groups, codes, cap, None)
        if query.lang is not None and all(steps[-1]):
            yield from self._having(steps[-1], codes, cap, query.lang)

    def _some_words(self, query: _Query, codes: frozenset[int], cap: int) -> Iterator[Candidate]:
        groups = [list(fits) for fits in query.fits if fits]
        if 2 < len(groups) < 7:
            for i in range(len(groups)):
                yield from self._having(groups[:i] + groups[i + 1 :], codes, cap, None)
        for group in groups:
            yield from self._having([group], codes, cap, None)
        for a, b in pairwise(groups):
            yield from self._having([a, b], codes, cap, None)


def _nearest(name: str, names: Mapping[str, str], limit: int) -> tuple[str, ...]:
    """Give the labels whose names come nearest to one."""
    from rapidfuzz import fuzz, process, utils
    from rapidfuzz.distance import DamerauLevenshtein

    pool = list(names)
    # a few wrong letters come before names that merely share words
    wrong = process.extract(
        name, pool, scorer=DamerauLevenshtein.normalized_similarity, score_cutoff=0.6,
        processor=utils.default_process, limit=limit * 3,
    )  # fmt: skip
    alike = process.extract(
        name, pool, scorer=fuzz.WRatio, score_cutoff=70,
        processor=utils.default_process, limit=limit * 3,
    )  # fmt: skip
    return tuple(dict.fromkeys(names[n] for n, _, _ in [*wrong, *alike]))[:limit]


def one_of(index: Lookup, name: object, known: Sequence[str], called: str) -> str:
    """Find one of several labels, such as those of the families of roles.

    Parameters
    ----------
    index : Lookup
        It knows other names of what bears the labels.
    name : object
        What was given for a label; case does not matter.
    known : sequence of str
    called : str
        What the labels are of, for example ``"role family"``.

    Returns
    -------
    str

    Raises
    ------
    NotFoundError
        With the nearest labels, or the first few.
    TypeError
        If the name is no text.
    """
    if not isinstance(name, str):
        raise TypeError(f"a {called} is given by its name, not as {name!r}")
    text, other = name.strip(), ""
    for label in sorted(known, key=lambda label: label != text):
        if label.casefold() == text.casefold():
            return label
    try:
        thing = index.find(text)
    except (NotFoundError, AmbiguousLabelError):
        pass
    else:
        if thing.label in known:
            return thing.label
        other = thing.kind
    near = _nearest(text, {label: label for label in known}, 3) or known[:8]
    raise NotFoundError(text, called, near, "" if other == called else other)


class _Memory:
    """The names of concepts, and what is made of them when it is first asked for."""

    def __init__(self, ordered: Sequence[Concept], named: Mapping[str, Iterable[Name]]) -> None:
        self.ordered = ordered
        self._named = named

    @cached_property
    def names(self) -> list[tuple[int, Name]]:
        """Place of the concept, and a name."""
        out = []
        for place, c in enumerate(self.ordered):
            own = self._named.get(c.iri)
            if own is None:
                own = [Name(c.label, LABEL), *(Name(n, ALTERNATIVE) for n in c.alt_labels)]
            out += [(place, n) for n in own]
        return out

    @cached_property
    def bearing(self) -> dict[str, list[tuple[int, str, int]]]:
        """The names by what they fold to."""
        out: dict[str, list[tuple[int, str, int]]] = {}
        for place, n in self.names:
            out.setdefault(n.text.casefold(), []).append((place, n.text, n.rank))
        return out

    @cached_property
    def candidates(self) -> list[Candidate]:
        """The names as the ranking sees them."""
        codes = {cls: i for i, cls in enumerate(CLASSES)}
        return [
            Candidate(
                place,
                codes.get(type(self.ordered[place]), len(CLASSES) - 1),
                n.rank,
                " ".join(n.languages),
                len(n.text),
                " ".join(words_of(n.text)),
            )
            for place, n in self.names
        ]

    @cached_property
    def having(self) -> dict[str, set[int]]:
        """The names by the words that they have."""
        out: dict[str, set[int]] = {}
        for i, name in enumerate(self.candidates):
            for w in name.key.split():
                out.setdefault(w, set()).add(i)
        return out

    @cached_property
    def used(self) -> dict[str, int]:
        """How many names have a word."""
        return {w: len(names) for w, names in self.having.items()}


@dataclass(frozen=True, slots=True)
class Index(Lookup):
    """Concepts by IRI and by name, in memory.

    Attributes
    ----------
    by_iri : mapping of str to Concept
    """

    by_iri: Mapping[str, Concept]
    _memory: _Memory = field(repr=False, compare=False)

    @classmethod
    def of(
        cls, concepts: Iterable[Concept], named: Mapping[str, Iterable[Name]] | None = None
    ) -> Index:
        """Build an index.

        Parameters
        ----------
        concepts : iterable of Concept
        named : mapping of str to iterable of Name, optional
            All names of a concept by its IRI, where more is known than labels and other labels:
            languages, and hidden ones.

        Returns
        -------
        Index
        """
        by_iri = {c.iri: c for c in sorted(concepts, key=lambda c: (c.label, c.iri))}
        return cls(by_iri, _Memory(tuple(by_iri.values()), named or {}))

    def all(self, kind: type[_C]) -> tuple[_C, ...]:
        """Give all concepts of a class, by label and IRI."""
        return tuple(c for c in self._memory.ordered if isinstance(c, kind))

    def count(self, kind: type[Concept] = Concept) -> int:
        """Count the concepts of a class."""
        return sum(isinstance(c, kind) for c in self._memory.ordered)

    def sources(self) -> frozenset[str]:
        """Give the names of the sources that concepts come from."""
        return frozenset(c.source for c in self._memory.ordered if c.source is not None)

    def _concepts(self, places: Sequence[int]) -> list[Concept]:
        return [self._memory.ordered[p] for p in places]

    def _bearing(self, folded: str) -> list[tuple[int, str, int]]:
        return self._memory.bearing.get(folded, [])

    def _used(self, word: str) -> int:
        return self._memory.used.get(word, 0)

    def _near(self, word: str) -> Mapping[str, int]:
        return self._memory.used

    def _alike(self, word: str) -> Mapping[str, int]:
        return self._memory.used

    def _starting(self, key: str, codes: frozenset[int], cap: int) -> Iterable[Candidate]:
        names = self._memory.candidates
        return (n for n in names if n.key.startswith(key) and n.code in codes)

    def _having(
        self, groups: Sequence[Collection[str]], codes: frozenset[int], cap: int, lang: str | None
    ) -> Iterable[Candidate]:
        having, names = self._memory.having, self._memory.candidates
        sets = (set().union(*(having.get(w, ()) for w in group)) for group in groups)
        found: set[int] = set.intersection(*sets)
        return (names[i] for i in found if names[i].code in codes)

    def _nameable(self, text: str, codes: frozenset[int]) -> Mapping[str, str]:
        names: dict[str, str] = {}
        kinds = tuple(CLASSES[i] for i in codes)
        for c in self._memory.ordered:
            if isinstance(c, kinds):
                names.update(dict.fromkeys((*c.alt_labels, c.label), c.label))
        return names
