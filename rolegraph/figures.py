"""Numbers that transitions bear beside what the model knows: the months, the cost of a ladder.

An expert's table has columns of its own, and each becomes a numeric property of the transitions.
The ontology does not know them; their labels are their names, and their units are the table's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from math import isfinite

from rolegraph.sparql import select
from rolegraph.store import Engine
from rolegraph.vocab import RG

__all__ = ["borne", "by_transition", "names"]

_NAMES = "SELECT ?p ?label { ?p a owl:DatatypeProperty ; rdfs:label ?label }"


def names(engine: Engine) -> dict[str, str]:
    """Give the properties that a graph declares beside those of the ontology.

    Parameters
    ----------
    engine : Engine

    Returns
    -------
    dict of str to str
        Label by IRI, sorted by IRI; of several labels the first.
    """
    found: dict[str, str] = {}
    for p, label in select(engine, _NAMES, {}):
        iri, name = str(p), str(label)
        if not iri.startswith(RG.NS):
            found[iri] = min(name, found.get(iri, name))
    return dict(sorted(found.items()))


def borne(labels: Mapping[str, str], facts: Iterable[tuple[str, object]]) -> dict[str, float]:
    """Pick the numbers out of what is said of one transition.

    Parameters
    ----------
    labels : mapping of str to str
        As :func:`names` gives them.
    facts : iterable of (str, object)
        Properties by IRI, with their values.

    Returns
    -------
    dict of str to float
        By label, sorted; by IRI where two properties have one label. The least where a property has
        several values, as a search reckons.

    Examples
    --------
    >>> borne({"ex:m": "months"}, [("ex:m", 18), ("ex:m", 12), ("ex:n", 3)])
    {'months': 12.0}
    """
    values: dict[str, float] = {}
    for p, value in facts:
        if p in labels and isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            number = float(value)
            if isfinite(number):
                values[p] = min(number, values.get(p, number))
    twice = len({labels[p] for p in values}) < len(values)
    return dict(sorted((p if twice else labels[p], value) for p, value in values.items()))


def by_transition(engine: Engine) -> dict[str, dict[str, float]]:
    """Read the numbers of all transitions.

    Parameters
    ----------
    engine : Engine

    Returns
    -------
    dict of str to dict
        As :func:`borne` gives them, by the IRI of the transition; those without any are left out.
    """
    labels = names(engine)
    facts: dict[str, list[tuple[str, object]]] = {}
    for p in labels:
        for t, value in select(engine, f"SELECT ?t ?v {{ ?t <{p}> ?v ; a rg:Transition }}", {}):
            facts.setdefault(str(t), []).append((p, value))
    return {t: found for t, said in facts.items() if (found := borne(labels, said))}
