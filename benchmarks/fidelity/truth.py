"""The lists that rankings are held against, out of a store; rankings never see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rolegraph.errors import DataError

if TYPE_CHECKING:
    import rolegraph as rg
    from rolegraph.storage import StoredSource

PRIMARY = ("Primary-Short", "Primary-Long")


@dataclass(frozen=True, slots=True)
class Related:
    """A line of O*NET's Related Occupations.

    Attributes
    ----------
    source, target : str
        IRIs.
    tier : str
    rank : int
        From 1 to 20.
    """

    source: str
    target: str
    tier: str
    rank: int

    @property
    def primary(self) -> bool:
        return self.tier in PRIMARY


def source_of(kg: rg.RoleGraph, key: str) -> StoredSource | None:
    """The stored source of a key such as ``onet``, in whichever version."""
    return next((s for s in kg.sources() if s.name == key or s.name.startswith(f"{key}-")), None)


def related(kg: rg.RoleGraph, graph: str) -> tuple[Related, ...]:
    """All lines, sorted.

    Raises
    ------
    DataError
        If there are none in the store.
    """
    rows: Any = kg.query(
        f"""SELECT ?a ?b ?tier ?rank WHERE {{ GRAPH <{graph}> {{
            ?m rg:relatednessTier ?tier ; rg:relatednessRank ?rank ; rg:fromRole ?a ; rg:toRole ?b
        }} }}"""
    )
    found = [Related(str(a), str(b), str(tier), int(rank)) for a, b, tier, rank in rows]
    if not found:
        raise DataError("the store holds no related occupations of O*NET to hold rankings against")
    return tuple(sorted(found, key=lambda r: (r.source, r.rank, r.target)))


def crosswalk(kg: rg.RoleGraph, graph: str) -> dict[str, tuple[str, ...]]:
    """The O*NET occupations that each ESCO occupation answers to."""
    rows: Any = kg.query(
        f"""SELECT ?a ?b WHERE {{ GRAPH <{graph}> {{
            ?a skos:exactMatch|skos:closeMatch|skos:broadMatch ?b
        }} }}"""
    )
    found: dict[str, set[str]] = {}
    for a, b in rows:
        found.setdefault(str(a), set()).add(str(b))
    return {a: tuple(sorted(b)) for a, b in sorted(found.items())}


def code(iri: str) -> str:
    """The O*NET-SOC code at the end of an IRI."""
    return iri.rsplit("/", 1)[-1]


def places(roles: Sequence[str]) -> dict[str, int]:
    return {iri: i for i, iri in enumerate(roles)}
