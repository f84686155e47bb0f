"""rolegraph: an ontology of work roles, and routes through it that say why and who says so.

>>> import rolegraph as rg
>>> kg = rg.load()
>>> len(kg.route("Project Manager", "Delivery Director"))
3

Nothing heavy is imported until it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from rolegraph._version import __version__

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from rolegraph.closure import Closure
    from rolegraph.comparison import Comparison, Gap, Split
    from rolegraph.errors import (
        AmbiguousLabelError,
        BudgetError,
        CostError,
        DataError,
        EmptyAnswerWarning,
        EvidenceError,
        ExtraMissingError,
        JavaNotFoundError,
        NoRouteError,
        NotFoundError,
        ProfileError,
        QueryError,
        ReasonerError,
        ResourceMissingError,
        RoleGraphError,
        ShapeError,
        StoreError,
        StoreLockedError,
        TableError,
    )
    from rolegraph.graph import RoleGraph, load, open
    from rolegraph.importing import Imported, import_source
    from rolegraph.nearness import Near
    from rolegraph.plans import (
        OBJECTIVES,
        Bridge,
        Constraints,
        Destination,
        Goal,
        Plan,
        Relaxation,
        Unlock,
        WhyNot,
    )
    from rolegraph.profile import Held, Profile
    from rolegraph.questions import Question
    from rolegraph.routing import Leg, Reached, Route, Step
    from rolegraph.similarity import MeasureError
    from rolegraph.sparql import Row, Rows
    from rolegraph.storage import StoredSource
    from rolegraph.tables import Table
    from rolegraph.terms import IRI, Text
    from rolegraph.values import (
        Certification,
        Claim,
        Concept,
        Evidence,
        Finding,
        Responsibility,
        Role,
        Skill,
        SkillRequirement,
        Transition,
    )
    from rolegraph.vocab import PREFIXES, RG

_HOMES = {
    "closure": "Closure",
    "comparison": "Comparison Gap Split",
    "errors": (
        "AmbiguousLabelError BudgetError CostError DataError EmptyAnswerWarning EvidenceError "
        "ExtraMissingError JavaNotFoundError NoRouteError NotFoundError ProfileError QueryError "
        "ReasonerError ResourceMissingError RoleGraphError ShapeError StoreError StoreLockedError "
        "TableError"
    ),
    "graph": "RoleGraph load open",
    "importing": "Imported import_source",
    "nearness": "Near",
    "plans": "OBJECTIVES Bridge Constraints Destination Goal Plan Relaxation Unlock WhyNot",
    "profile": "Held Profile",
    "questions": "Question",
    "routing": "Leg Reached Route Step",
    "similarity": "MeasureError",
    "sparql": "Row Rows",
    "storage": "StoredSource",
    "tables": "Table",
    "terms": "IRI Text",
    "values": (
        "Certification Claim Concept Evidence Finding Responsibility Role Skill "
        "SkillRequirement Transition"
    ),
    "vocab": "PREFIXES RG",
}
_HOME = {name: module for module, names in _HOMES.items() for name in names.split()}

__all__ = [
    "IRI",
    "OBJECTIVES",
    "PREFIXES",
    "RG",
    "AmbiguousLabelError",
    "Bridge",
    "BudgetError",
    "Certification",
    "Claim",
    "Closure",
    "Comparison",
    "Concept",
    "Constraints",
    "CostError",
    "DataError",
    "Destination",
    "EmptyAnswerWarning",
    "Evidence",
    "EvidenceError",
    "ExtraMissingError",
    "Finding",
    "Gap",
    "Goal",
    "Held",
    "Imported",
    "JavaNotFoundError",
    "Leg",
    "MeasureError",
    "Near",
    "NoRouteError",
    "NotFoundError",
    "Plan",
    "Profile",
    "ProfileError",
    "QueryError",
    "Question",
    "Reached",
    "ReasonerError",
    "Relaxation",
    "ResourceMissingError",
    "Responsibility",
    "Role",
    "RoleGraph",
    "RoleGraphError",
    "Route",
    "Row",
    "Rows",
    "ShapeError",
    "Skill",
    "SkillRequirement",
    "Split",
    "Step",
    "StoreError",
    "StoreLockedError",
    "StoredSource",
    "Table",
    "TableError",
    "Text",
    "Transition",
    "Unlock",
    "WhyNot",
    "__version__",
    "import_source",
    "load",
    "open",
]


def __getattr__(name: str) -> Any:
    if (module := _HOME.get(name)) is None:
        raise AttributeError(f"module 'rolegraph' has no attribute {name!r}")
    value = getattr(import_module(f"rolegraph.{module}"), name)
    globals()[name] = value
    return value


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Bring ``%%sparql``, ``%question`` and their completion: ``%load_ext rolegraph``."""
    from rolegraph.magics import register

    register(shell)


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """Take the magics away again: ``%unload_ext rolegraph``."""
    from rolegraph.magics import unregister

    unregister(shell)


def __dir__() -> list[str]:
    return sorted(__all__)
