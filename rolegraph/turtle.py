"""Turtle in one fixed form, so that two people's edits differ only where they differ.

The form is rdflib's *longturtle* over canonical blank nodes (RDFC-1.0 style), with subjects in
the order of their IRIs and no trailing blanks. Comments do not survive: say it in a label, a
definition or an editorial note instead.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from rolegraph.errors import DataError

if TYPE_CHECKING:
    from rdflib import Graph

__all__ = ["check_files", "format_file", "serialise"]


def serialise(graph: Graph) -> str:
    """Write a graph in the fixed form.

    Parameters
    ----------
    graph : rdflib.Graph
        The graph; its prefixes are kept.

    Returns
    -------
    str
        Turtle text that ends with a line break. The same graph gives the same text.
    """
    from rdflib import BNode
    from rdflib.compare import to_canonical_graph
    from rdflib.plugins.serializers.longturtle import LongTurtleSerializer
    from rdflib.term import Node

    canonical = type(graph)(bind_namespaces="none")
    for prefix, namespace in graph.namespaces():
        canonical.bind(prefix, namespace)
    for triple in to_canonical_graph(graph):
        canonical.add(triple)

    class _Sorted(LongTurtleSerializer):  # subjects by IRI: a new reference moves nothing
        def orderSubjects(self) -> list[Node]:
            inner = {o for o in self.store.objects() if isinstance(o, BNode)}
            return sorted(self._subjects, key=lambda s: (s in inner, isinstance(s, BNode), str(s)))

    out = BytesIO()
    _Sorted(canonical).serialize(  # type: ignore[no-untyped-call]
        out, encoding="utf-8"
    )
    lines = [line.rstrip() for line in out.getvalue().decode("utf-8").splitlines()]
    squeezed = [x for i, x in enumerate(lines) if x or (i and lines[i - 1])]
    return "\n".join(squeezed).strip("\n") + "\n"


def _formatted(path: Path) -> tuple[str, str]:
    from rdflib import Graph

    try:
        old = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise DataError(f"{path}: no such file") from error
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read as UTF-8 text: {error}") from error
    graph = Graph(bind_namespaces="none")
    try:
        graph.parse(data=old, format="turtle", publicID=path.name)
    except Exception as error:  # rdflib raises many kinds here
        raise DataError(f"{path}: not readable as Turtle: {error}") from error
    return old, serialise(graph)


def format_file(path: Path) -> bool:
    """Rewrite a Turtle file in the fixed form.

    Parameters
    ----------
    path : pathlib.Path
        A Turtle file. It is replaced in one step, or left as it was.

    Returns
    -------
    bool
        Whether the file changed.

    Raises
    ------
    DataError
        If the file is not Turtle.
    """
    old, new = _formatted(path)
    if old == new:
        return False
    scratch = path.with_name(path.name + ".tmp")
    scratch.write_text(new, encoding="utf-8")
    scratch.replace(path)
    return True


def check_files(paths: list[Path]) -> list[Path]:
    """Name the Turtle files that are not in the fixed form.

    Parameters
    ----------
    paths : list of pathlib.Path
        Turtle files, or folders to look for them in.

    Returns
    -------
    list of pathlib.Path
        Those that :func:`format_file` would change.
    """
    files = [f for p in paths for f in (sorted(p.rglob("*.ttl")) if p.is_dir() else [p])]
    return [f for f in files if (texts := _formatted(f))[0] != texts[1]]
