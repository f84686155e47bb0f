"""Finding things by what people call them: label, other label, CURIE or IRI.

An exact label wins, then an exact other label, then the same with case folded; what is left is an
error that suggests the nearest labels.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rolegraph.errors import AmbiguousLabelError, NotFoundError
from rolegraph.values import Concept
from rolegraph.vocab import expand

__all__ = ["Index"]


@dataclass(frozen=True, slots=True)
class Index:
    """Concepts by IRI and by name.

    Attributes
    ----------
    by_iri : mapping of str to Concept
    """

    by_iri: Mapping[str, Concept]
    _names: tuple[Mapping[str, tuple[Concept, ...]], ...] = field(repr=False)

    @classmethod
    def of(cls, concepts: Iterable[Concept]) -> Index:
        """Build an index.

        Parameters
        ----------
        concepts : iterable of Concept

        Returns
        -------
        Index
        """
        ordered = sorted(concepts, key=lambda c: (c.label, c.iri))
        tiers: list[dict[str, list[Concept]]] = [{}, {}, {}, {}]
        for c in ordered:
            tiers[0].setdefault(c.label, []).append(c)
            tiers[2].setdefault(c.label.casefold(), []).append(c)
            for name in c.alt_labels:
                tiers[1].setdefault(name, []).append(c)
                tiers[3].setdefault(name.casefold(), []).append(c)
        return cls(
            {c.iri: c for c in ordered},
            tuple({k: tuple(dict.fromkeys(v)) for k, v in t.items()} for t in tiers),
        )

    def find(self, name: str, kind: type[Concept] = Concept) -> Concept:
        """Find the one concept of a kind that a name stands for.

        Parameters
        ----------
        name : str
            Label, other label, CURIE (``"role:delivery-manager"``) or IRI.
        kind : type
            Class of value wanted, for example :class:`~rolegraph.values.Role`.

        Returns
        -------
        Concept
            An instance of ``kind``.

        Raises
        ------
        NotFoundError
            If nothing bears the name; the nearest labels are suggested.
        AmbiguousLabelError
            If several do.
        """
        called = "thing" if kind is Concept else kind.__name__.lower()
        text = name.strip()
        iri = expand(text)
        if iri is not None and isinstance(found := self.by_iri.get(iri), kind):
            return found
        for tier, key in zip(
            self._names, (text, text, text.casefold(), text.casefold()), strict=True
        ):
            fits = [c for c in tier.get(key, ()) if isinstance(c, kind)]
            if len(fits) == 1:
                return fits[0]
            if fits:
                raise AmbiguousLabelError(text, called, [f"{c.label} ({c.curie})" for c in fits])
        raise NotFoundError(text, called, self.suggest(text, kind))

    def suggest(self, name: str, kind: type[Concept] = Concept, limit: int = 3) -> tuple[str, ...]:
        """Give the labels nearest to a name, best first.

        Parameters
        ----------
        name : str
        kind : type
        limit : int
            How many at most.

        Returns
        -------
        tuple of str
            Labels; empty when none comes near.
        """
        from rapidfuzz import fuzz, process, utils
        from rapidfuzz.distance import DamerauLevenshtein

        names = {
            n: c.label
            for c in self.by_iri.values()
            if isinstance(c, kind)
            for n in (*c.alt_labels, c.label)
        }
        pool = list(names)
        # a few wrong letters come before names that merely share words
        slips = process.extract(
            name, pool, scorer=DamerauLevenshtein.normalized_similarity, score_cutoff=0.6,
            processor=utils.default_process, limit=limit * 3,
        )  # fmt: skip
        alike = process.extract(
            name, pool, scorer=fuzz.WRatio, score_cutoff=70,
            processor=utils.default_process, limit=limit * 3,
        )  # fmt: skip
        return tuple(dict.fromkeys(names[n] for n, _, _ in [*slips, *alike]))[:limit]

    def search(
        self, text: str, kind: type[Concept] = Concept, limit: int = 20
    ) -> tuple[Concept, ...]:
        """Search by part of a name, best match first.

        Parameters
        ----------
        text : str
            Words to look for in labels and other labels, any case.
        kind : type
        limit : int

        Returns
        -------
        tuple of Concept
            First those that contain the text, then those that come near.
        """
        from rapidfuzz import fuzz, process, utils

        key = text.strip().casefold()
        if not key:
            return ()
        pool = [c for c in self.by_iri.values() if isinstance(c, kind)]
        inside = [c for c in pool if any(key in n.casefold() for n in (c.label, *c.alt_labels))]
        inside.sort(
            key=lambda c: (
                key not in {n.casefold() for n in (c.label, *c.alt_labels)},
                not c.label.casefold().startswith(key),
                len(c.label),
                c.label,
            )
        )
        near = process.extract(
            text, {c.iri: c.label for c in pool}, scorer=fuzz.WRatio,
            processor=utils.default_process, score_cutoff=80, limit=limit,
        )  # fmt: skip
        found = dict.fromkeys([*inside, *(self.by_iri[iri] for _, _, iri in near)])
        return tuple(found)[:limit]
