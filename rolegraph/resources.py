"""Where the files that ship with rolegraph are: the ontology and the queries.

In an installed package they lie in ``rolegraph/_data``. In a checkout, and so in an editable
install, they are the folders ``ontology`` and ``queries`` beside the package.
"""

from __future__ import annotations

from pathlib import Path

from rolegraph.errors import ResourceMissingError

__all__ = ["ontology_path", "queries_path"]

_PACKAGE = Path(__file__).resolve().parent


def ontology_path(name: str) -> Path:
    """Find a file of the ontology.

    Parameters
    ----------
    name : str
        The file's name, with its ending.

    Returns
    -------
    pathlib.Path
        The file's full path.

    Raises
    ------
    ResourceMissingError
        If there is no such file.

    Examples
    --------
    >>> ontology_path("rolegraph.ttl").name
    'rolegraph.ttl'
    """
    path = _folder("ontology") / name
    if not path.is_file():
        known = ", ".join(sorted(p.name for p in path.parent.glob("*.ttl"))) or "no Turtle file"
        raise ResourceMissingError(f"no ontology file {name!r} in {path.parent}, which has {known}")
    return path


def queries_path() -> Path:
    """Find the folder of the queries.

    Returns
    -------
    pathlib.Path
        The folder's full path.

    Raises
    ------
    ResourceMissingError
        If there is no such folder.

    Examples
    --------
    >>> queries_path().name
    'queries'
    """
    return _folder("queries")


def _folder(name: str) -> Path:
    places = [_PACKAGE / "_data" / name]
    checkout = _PACKAGE.parent
    # In site-packages the folder beside the package would be somebody else's.
    if (checkout / "pyproject.toml").is_file():
        places.append(checkout / name)
    for place in places:
        if place.is_dir():
            return place
    looked = " or ".join(str(place) for place in places)
    raise ResourceMissingError(f"rolegraph's folder {name!r} is missing: it is not at {looked}")
