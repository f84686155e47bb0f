"""The Java half of :mod:`rolegraph.hermit`, run as a script in a process of its own.

A JVM can be started once per process and never leaves it, and owlready2 keeps the path of Java
in a global. Both happen here, so that the caller's process stays as it was. The script reads one
request from standard input and writes one answer to standard output, both JSON. It imports
nothing of rolegraph.

*Guess and certify.* HermiT's consistency test is sound and complete, its retrieval of instances
is not: with individuals that may or may not be the same (one-of, at-most), version 1.3.8 returns
too much, too little, or a ``ConcurrentModificationException``. So retrieval is only a guess, which
two consistency tests then prove: all guessed facts denied one *or* another must be inconsistent,
all other facts denied *together* must be consistent. Where a test fails, halving finds the facts
that are to blame.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import sys
import threading
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, Final, TypeVar

RDF_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
MEMORY: Final = 2000
"""Most megabytes that each JVM may take (owlready2's own default)."""
MAX_CLASHES: Final = 5
MAX_PAIRS: Final = 60  # n-ary axioms longer than this are not split into pairs
MAX_TEXT: Final = 300

T = TypeVar("T")
Fact = tuple[str, str, str]
Denial = tuple[str, list[int] | None, list[str]]
"""A predicate, the places of the objects (None: a class) and the subjects to deny it of."""


class WorkerError(Exception):
    """An error that the caller's side turns into one of its own kind."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class Java:
    """The JVM with the classes of HermiT and of the OWL API that are needed."""

    def __init__(self, request: dict[str, Any], jar_folder: Path) -> None:
        try:
            self.jpype: Any = importlib.import_module("jpype")
        except ImportError as error:
            raise WorkerError("extra", "jpype1") from error
        options = [f"-Xmx{MEMORY}M", "-Dfile.encoding=UTF-8", "-Djava.awt.headless=true"]
        if int(request["java_version"].split(".")[0]) >= 22:
            options.append("--enable-native-access=ALL-UNNAMED")
        try:
            self.jpype.startJVM(
                _jvm_library(Path(request["java_home"]), self.jpype),
                *options,
                # folder first, as owlready2 has it: its patched classes go before the jar's
                classpath=[str(jar_folder), str(jar_folder / "HermiT.jar")],
                convertStrings=False,
            )
        except Exception as error:
            raise WorkerError(
                "reasoner", f"the Java virtual machine did not start: {error}"
            ) from error
        name = self.jpype.JClass
        self.error: type[Exception] = self.jpype.JException
        self.manager = name("org.semanticweb.owlapi.apibinding.OWLManager")
        self.iri = name("org.semanticweb.owlapi.model.IRI").create
        self.bytes = name("java.io.ByteArrayInputStream")
        self.set = name("java.util.HashSet")
        self.reasoner = name("org.semanticweb.HermiT.Reasoner")
        self.configuration = name("org.semanticweb.HermiT.Configuration")
        self.profile = name("org.semanticweb.owlapi.profiles.OWL2DLProfile")
        self.renderer = name(
            "uk.ac.manchester.cs.owl.owlapi.mansyntaxrenderer"
            ".ManchesterOWLSyntaxOWLObjectRendererImpl"
        )
        self.factory = self.manager.getOWLDataFactory()

    def load(self, ntriples: str) -> Any:
        """Read N-Triples with the OWL API, whose Turtle reader drops short escapes."""
        data = re.sub(r"\\(.)", lambda m: _LONG.get(m[1], m[0]), ntriples)
        manager = self.manager.createOWLOntologyManager()
        return manager.loadOntologyFromOntologyDocument(self.bytes(data.encode()))


_SIGN: Final = {"n": "\ue00a", "r": "\ue00d", "t": "\ue009", "b": "\ue008", "f": "\ue00c"}
_LONG: Final = {"n": r"\u000A", "r": r"\u000D", "t": r"\u0009", "b": r"\u0008", "f": r"\u000C"}


def _jvm_library(home: Path, jpype: Any) -> str:
    for part in (
        "lib/server/libjvm.so",
        "lib/server/libjvm.dylib",
        "bin/server/jvm.dll",
        "jre/lib/amd64/server/libjvm.so",
        "jre/bin/server/jvm.dll",
    ):
        if (home / part).is_file():
            return str(home / part)
    return str(jpype.getDefaultJVMPath())


class Names:
    """Short names for IRIs and Manchester-like text for axioms."""

    def __init__(self, java: Java, prefixes: dict[str, str]) -> None:
        self._java = java
        self._spaces = sorted(((n, p) for p, n in prefixes.items()), key=lambda x: -len(x[0]))
        self._renderer = java.renderer()
        self._renderer.setShortFormProvider(
            java.jpype.JProxy(
                "org.semanticweb.owlapi.util.ShortFormProvider",
                dict={"getShortForm": lambda e: self.short(str(e.getIRI())), "dispose": int},
            )
        )

    def short(self, iri: str) -> str:
        """Give a CURIE, or the local name where no prefix fits."""
        for space, prefix in self._spaces:
            local = iri[len(space) :]
            if iri.startswith(space) and local and not re.search(r"[/#]", local):
                return f"{prefix}:{local}"
        return re.split(r"[/#]", iri.rstrip("/#"))[-1] or iri

    def text(self, axiom: Any) -> str:
        """Write an axiom in a form near Manchester syntax."""
        if str(axiom.getAxiomType()) == "DisjointClasses":
            members = sorted(self._plain(c) for c in axiom.getClassExpressionsAsList())
            return self.tidy(f"DisjointClasses({', '.join(members)})")
        return self.tidy(self._plain(axiom))

    def _plain(self, thing: Any) -> str:
        return str(self._renderer.render(thing))

    def tidy(self, text: str) -> str:
        """Shorten the IRIs and even out the blanks of a text from Java."""
        text = re.sub(r"<([^<>\s]+)>", lambda m: self.short(m[1]), text)
        text = text.replace("_:genid-nodeid-_:", "_:")
        text = re.sub(r"\s+", " ", text).strip().replace(" Range: ", " Range ")
        text = re.sub(r"\( ", "(", re.sub(r" ([,)])", r"\1", text))
        text = re.sub(r"^([A-Za-z]+): (.+)$", r"\1(\2)", text)
        return text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + "…"


class Kb:
    """An ontology as a set of axioms, to which a test may add some and ask for consistency."""

    def __init__(self, java: Java, ontology: Any) -> None:
        self.java = java
        self.df = java.factory
        self.axioms = java.set(ontology.getLogicalAxioms())
        self.individuals = {
            str(i.getIRI()): i for i in ontology.getIndividualsInSignature(True) if i.isNamed()
        }
        self.classes = _named(ontology.getClassesInSignature(True))
        self.properties = _named(ontology.getObjectPropertiesInSignature(True))
        self.data_properties = _named(ontology.getDataPropertiesInSignature(True))

    def reasoner(self, extra: Iterable[Any] = ()) -> Any:
        """Start HermiT over the axioms and some more."""
        axioms = self.java.set(self.axioms)
        for axiom in extra:
            axioms.add(axiom)
        return self.reasoner_over(axioms)

    def reasoner_over(self, axioms: Any) -> Any:
        """Start HermiT over these axioms alone."""
        ontology = self.java.manager.createOWLOntologyManager().createOntology(axioms)
        return self.java.reasoner(self.java.configuration(), ontology)

    def consistent(self, extra: Iterable[Any] = ()) -> bool:
        """Test whether the axioms and some more have a model."""
        reasoner = self.reasoner(extra)
        try:
            return bool(reasoner.isConsistent())
        finally:
            reasoner.dispose()

    def fresh(self, name: str) -> Any:
        """Give a class that the ontology does not know."""
        return self.df.getOWLClass(self.java.iri(f"urn:x-rolegraph-test:{name}"))

    def is_a(self, expression: Any, individual: str) -> Any:
        """State that an individual belongs to a class expression."""
        return self.df.getOWLClassAssertionAxiom(expression, self.individuals[individual])

    def no(self, expression: Any) -> Any:
        """Give the complement of a class expression."""
        return self.df.getOWLObjectComplementOf(expression)


def _named(entities: Any) -> dict[str, Any]:
    return {str(e.getIRI()): e for e in entities if not e.isBuiltIn()}


def _halves(items: list[T]) -> tuple[list[T], list[T]]:
    return items[: len(items) // 2], items[len(items) // 2 :]


class Closure:
    """Every fact about named individuals that a knowledge base entails, proved."""

    def __init__(self, kb: Kb, properties: Sequence[str], classes: Sequence[str]) -> None:
        self.kb = kb
        self.df = kb.df
        self.names = sorted(kb.individuals)
        self.place = {n: i for i, n in enumerate(self.names)}
        self.properties = {p: kb.properties[p] for p in properties}
        self.classes = {c: kb.classes[c] for c in classes}
        self.number = {p: i for i, p in enumerate(self.properties)}
        self.answer: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self.types: dict[str, set[str]] = defaultdict(set)

    def facts(self) -> set[Fact]:
        """Guess, then drop what is not entailed and add what was missed."""
        if not self.names or not (self.properties or self.classes):
            return set()
        guess = self._guess()
        guess.difference_update(
            self._refuted(sorted(guess, key=lambda f: (f[1] == RDF_TYPE, f[1], f[2], f[0])))
        )
        for s, p, o in guess:
            if p == RDF_TYPE:
                self.types[o].add(s)
            else:
                self.answer[p][s].add(o)
        rest: list[Denial] = []
        for c in self.classes:
            others = [x for x in self.names if x not in self.types[c]]
            if others:
                rest.append((c, None, others))
        everything = list(range(len(self.names)))
        rest.extend((p, everything, self.names) for p in self.properties)
        guess.update(self._missed(rest))
        return guess

    # -- the guess

    def _guess(self) -> set[Fact]:
        found: set[Fact] = set()
        jobs = [j for j, on in ((self._types, self.classes), (self._values, self.properties)) if on]
        for job in jobs:
            for more in (list, self._apart):  # the second: no two may be the same
                try:
                    reasoner = self.kb.reasoner(more())
                    found.update(job(reasoner))
                    reasoner.dispose()
                    break
                except self.kb.java.error:
                    continue
            else:
                found.update(self._asserted())
        return found

    def _types(self, reasoner: Any) -> Iterator[Fact]:
        for name, c in self.classes.items():
            for i in reasoner.getInstances(c, False).getFlattened():
                yield str(i.getIRI()), RDF_TYPE, name

    def _values(self, reasoner: Any) -> Iterator[Fact]:
        for name, p in self.properties.items():
            for entry in reasoner.getObjectPropertyInstances(p).entrySet():
                subject = str(entry.getKey().getIRI())
                for value in entry.getValue():
                    yield subject, name, str(value.getIRI())

    def _asserted(self) -> Iterator[Fact]:
        for axiom in self.kb.axioms:
            kind = str(axiom.getAxiomType())
            if kind == "ClassAssertion" and not axiom.getClassExpression().isAnonymous():
                s, p, o = axiom.getIndividual(), RDF_TYPE, axiom.getClassExpression()
                wanted = str(o.getIRI()) in self.classes
            elif kind == "ObjectPropertyAssertion" and not axiom.getProperty().isAnonymous():
                s, p, o = axiom.getSubject(), str(axiom.getProperty().getIRI()), axiom.getObject()
                wanted = p in self.properties and o.isNamed()
            else:
                continue
            if wanted and s.isNamed():
                yield str(s.getIRI()), p, str(o.getIRI())

    def _apart(self) -> list[Any]:
        """Tell individuals apart by binary codes, all but those that have to be the same.

        Not by `getSameIndividuals`, which at times never returns.
        """
        apart: list[str] = []
        rest = self.names
        while rest:
            fits, fails = 0, len(rest) + 1
            middle = len(rest)  # most often all fit
            while fails - fits > 1:
                if self.kb.consistent(self._codes([*apart, *rest[:middle]])):
                    fits = middle
                else:
                    fails = middle
                middle = (fits + fails) // 2
            apart += rest[:fits]
            rest = rest[fits + 1 :]
        return self._codes(apart)

    def _codes(self, names: list[str]) -> list[Any]:
        return [
            self.kb.is_a(bit if self.place[name] >> b & 1 else self.kb.no(bit), name)
            for b in range(len(self.names).bit_length())
            for bit in (self.kb.fresh(f"bit{b}"),)
            for name in names
        ]

    # -- is every one of these facts entailed?

    def _refuted(self, facts: list[Fact]) -> list[Fact]:
        if not facts or not self.kb.consistent(self._one_denied(facts)):
            return []
        if len(facts) == 1:
            return facts
        left, right = _halves(facts)
        return self._refuted(left) + self._refuted(right)

    def _one_denied(self, facts: list[Fact]) -> list[Any]:
        """Axioms that hold in just those models where at least one of the facts does not.

        The choice between subjects is made at one of them and reaches the others along a fresh
        property, so that no individual is merged or added: nominals would cost minutes.
        """
        df, kb = self.df, self.kb
        by_subject: dict[str, list[Any]] = defaultdict(list)
        objects: set[str] = set()
        for s, p, o in facts:
            if p == RDF_TYPE:
                by_subject[s].append(kb.no(self.classes[o]))
            else:
                mark = kb.fresh(f"object{self.place[o]}")
                by_subject[s].append(df.getOWLObjectAllValuesFrom(self.properties[p], kb.no(mark)))
                objects.add(o)
        axioms = [kb.is_a(kb.fresh(f"object{self.place[o]}"), o) for o in objects]
        if len(by_subject) == 1:
            ((s, denials),) = by_subject.items()
            return [*axioms, kb.is_a(self._any_of(denials), s)]
        link = df.getOWLObjectProperty(kb.java.iri("urn:x-rolegraph-test:link"))
        chooser = facts[0][0]
        choices = []
        for s, denials in by_subject.items():
            here, chosen = kb.fresh(f"subject{self.place[s]}"), kb.fresh(f"chosen{self.place[s]}")
            reach = df.getOWLObjectAllValuesFrom(link, self._any_of([kb.no(here), *denials]))
            axioms += [
                kb.is_a(here, s),
                df.getOWLObjectPropertyAssertionAxiom(
                    link, kb.individuals[chooser], kb.individuals[s]
                ),
                df.getOWLSubClassOfAxiom(chosen, reach),
            ]
            choices.append(chosen)
        return [*axioms, kb.is_a(self._any_of(choices), chooser)]

    def _any_of(self, expressions: list[Any]) -> Any:
        if len(expressions) == 1:
            return expressions[0]
        members = self.kb.java.set()
        for expression in expressions:
            members.add(expression)
        return self.df.getOWLObjectUnionOf(members)

    # -- is none of the other facts entailed?

    def _missed(self, rest: list[Denial]) -> list[Fact]:
        if not rest or self.kb.consistent(self._all_denied(rest)):
            return []
        if len(rest) > 1:
            left, right = _halves(rest)
            return self._missed(left) + self._missed(right)
        ((name, places, subjects),) = rest
        # halve objects before subjects: a choice between two values is often that of many subjects
        if places is not None and len(places) > 1:
            low, high = _halves(places)
            return self._missed([(name, low, subjects)]) + self._missed([(name, high, subjects)])
        if len(subjects) > 1:
            first, last = _halves(subjects)
            return self._missed([(name, places, first)]) + self._missed([(name, places, last)])
        if places is None:
            return [(subjects[0], RDF_TYPE, name)]
        return [(subjects[0], name, self.names[places[0]])]

    def _all_denied(self, rest: list[Denial]) -> list[Any]:
        """Axioms that hold in just those models where all of the denied facts fail.

        Objects are denied by the block, ``x Type p only not block``: the objects that x does
        have leave about log n blocks, where a mark for each pair would be a million axioms.
        """
        axioms = []
        blocks: set[tuple[int, int]] = set()
        for name, places, subjects in rest:
            if places is None:
                denial = self.kb.no(self.classes[name])
                axioms += [self.kb.is_a(denial, x) for x in subjects]
                continue
            whole = self._blocks(places)
            used: set[tuple[int, int]] = set()
            for x in subjects:
                values = self.answer[name].get(x)
                cover = whole
                if values:
                    cover = self._blocks([i for i in places if self.names[i] not in values])
                used.update(cover)
                axioms += [self.kb.is_a(self._lacks(name, b), x) for b in cover]
            for b in used:
                only = self.df.getOWLObjectAllValuesFrom(
                    self.properties[name], self.kb.no(self.kb.fresh(f"block{b[0]}.{b[1]}"))
                )
                axioms.append(self.df.getOWLSubClassOfAxiom(self._lacks(name, b), only))
            blocks |= used
        for level, index in blocks:
            mark = self.kb.fresh(f"block{level}.{index}")
            members = self.names[index << level : (index + 1) << level]
            axioms += [self.kb.is_a(mark, x) for x in members]
        return axioms

    def _lacks(self, name: str, block: tuple[int, int]) -> Any:
        return self.kb.fresh(f"lacks{self.number[name]}.{block[0]}.{block[1]}")

    def _blocks(self, places: list[int]) -> list[tuple[int, int]]:
        """Cover places by as few aligned blocks of 1, 2, 4, … as there are."""
        end = 1 << (len(self.names) - 1).bit_length()
        current = set(places)
        if len(places) > 1:
            current.update(range(len(self.names), end))  # past the end: nobody, so no harm
        blocks = []
        level = 0
        while current:
            pairs = {i >> 1 for i in current if i ^ 1 in current}
            blocks += [
                (level, i) for i in current if i >> 1 not in pairs and i << level < len(self.names)
            ]
            current, level = pairs, level + 1
        return blocks


class Explainer:
    """Smallest sets of axioms that already clash."""

    def __init__(self, kb: Kb, names: Names) -> None:
        self.kb = kb
        self.names = names
        self.terms = [a for a in _in_order(kb.axioms) if not _is_assertion(a)]
        self.assertions = [a for a in _in_order(kb.axioms) if _is_assertion(a)]

    def inconsistency(self) -> list[dict[str, Any]]:
        """Say why there is no model; each clash shares no assertion with those before it."""
        found: list[dict[str, Any]] = []
        assertions = self.assertions
        while len(found) < MAX_CLASHES and self._clash([*self.terms, *assertions]):
            core = self._minimal([*self.terms, *assertions])
            found.append(self._clash_text("", core))
            gone = {str(a) for a in core if _is_assertion(a)}
            if not gone:
                break
            assertions = [a for a in assertions if str(a) not in gone]
        return found

    def unsatisfiability(self, unsatisfiable: Sequence[str]) -> list[dict[str, Any]]:
        """Say why classes can have no member, for those that do not just inherit it."""
        bad = set(unsatisfiable)
        inherits = {
            str(a.getSubClass().getIRI())
            for a in self.terms
            if str(a.getAxiomType()) == "SubClassOf"
            and not a.getSubClass().isAnonymous()
            and not a.getSuperClass().isAnonymous()
            and str(a.getSuperClass().getIRI()) in bad - {str(a.getSubClass().getIRI())}
        }
        found = []
        for iri in (sorted(bad - inherits) or sorted(bad))[:MAX_CLASHES]:
            someone = self.kb.df.getOWLNamedIndividual(
                self.kb.java.iri("urn:x-rolegraph-test:member")
            )
            member = self.kb.df.getOWLClassAssertionAxiom(self.kb.classes[iri], someone)
            axioms = self.terms
            if not self._clash([*axioms, member]):
                axioms = [*axioms, *self.assertions]
            found.append(self._clash_text(iri, self._minimal(axioms, member)))
        return found

    def _clash(self, axioms: Iterable[Any]) -> bool:
        chosen = self.kb.java.set()
        for axiom in axioms:
            chosen.add(axiom)
        reasoner = self.kb.reasoner_over(chosen)
        try:
            return not reasoner.isConsistent()
        finally:
            reasoner.dispose()

    def _minimal(self, axioms: list[Any], *given: Any) -> list[Any]:
        core = self._core(axioms, given)
        split = [pair for axiom in core for pair in self._pairs(axiom)]
        return self._core(split, given) if len(split) > len(core) else core

    def _core(self, axioms: list[Any], given: tuple[Any, ...]) -> list[Any]:
        """Find the shortest prefix that clashes; its last axiom is needed; go on before it."""
        core: list[Any] = []
        while not self._clash([*core, *given]):
            low, high = 0, len(axioms)
            while high - low > 1:
                middle = (low + high) // 2
                if self._clash([*core, *given, *axioms[:middle]]):
                    high = middle
                else:
                    low = middle
            core.append(axioms[high - 1])
            axioms = axioms[: high - 1]
        return core

    @staticmethod
    def _pairs(axiom: Any) -> list[Any]:
        kind = str(axiom.getAxiomType())
        if kind == "DisjointClasses":
            size = len(axiom.getClassExpressionsAsList())
        elif kind == "DifferentIndividuals":
            size = len(axiom.getIndividualsAsList())
        else:
            return [axiom]
        return _in_order(axiom.asPairwiseAxioms()) if 2 < size <= MAX_PAIRS else [axiom]

    def _clash_text(self, subject: str, core: list[Any]) -> dict[str, Any]:
        lines = sorted((not _is_assertion(a), self.names.text(a)) for a in core)
        return {"subject": subject, "axioms": [text for _, text in lines]}


def _in_order(axioms: Iterable[Any]) -> list[Any]:
    return sorted(axioms, key=str)


def _is_assertion(axiom: Any) -> bool:
    kind = str(axiom.getAxiomType())
    return kind.endswith("Assertion") or kind in {"SameIndividual", "DifferentIndividuals"}


# -- the two tasks


def check(request: dict[str, Any]) -> dict[str, Any]:
    """Ask owlready2 and HermiT itself at once; the two must agree."""
    jar_folder = _jar_folder()
    witness: dict[str, Any] = {}
    thread = threading.Thread(target=_ask_owlready2, args=(request, witness))
    thread.start()
    try:
        java = Java(request, jar_folder)
        ontology = java.load(request["ntriples"])
        names = Names(java, request["prefixes"])
        kb = Kb(java, ontology)
        answer: dict[str, Any] = {
            "consistent": False,
            "unsatisfiable": [],
            "refusal": None,
            "clashes": [],
            "violations": _violations(java, ontology, names),
            "classes": len(kb.classes),
            "properties": len(kb.properties) + len(kb.data_properties),
            "individuals": len(kb.individuals),
            "hermit": _hermit_version(jar_folder),
        }
        try:
            reasoner = java.reasoner(java.configuration(), ontology)
            answer["consistent"] = bool(reasoner.isConsistent())
            if answer["consistent"]:
                bottom = reasoner.getUnsatisfiableClasses().getEntitiesMinusBottom()
                answer["unsatisfiable"] = sorted(str(c.getIRI()) for c in bottom)
        except java.error as error:
            answer["refusal"] = names.tidy(_refusal(error))
    finally:
        thread.join()
    _compare(answer, witness)
    if request["explain"] and answer["refusal"] is None:
        explainer = Explainer(kb, names)
        if not answer["consistent"]:
            answer["clashes"] = explainer.inconsistency()
        elif answer["unsatisfiable"]:
            answer["clashes"] = explainer.unsatisfiability(answer["unsatisfiable"])
    return answer


def _compare(answer: dict[str, Any], witness: dict[str, Any]) -> None:
    failure = witness.get("error")
    if failure is None:
        ours = (answer["refusal"], answer["consistent"], answer["unsatisfiable"])
        theirs = (None, witness["consistent"], sorted(witness["unsatisfiable"]))
        if ours != theirs:
            raise WorkerError(
                "reasoner", f"owlready2 and HermiT do not agree: {theirs[1:]}, {ours[1:]}"
            )
    elif answer["refusal"] is None and "ConcurrentModificationException" not in failure:
        # that one is HermiT's instance retrieval, which the verdict does not hang on
        raise WorkerError("reasoner", f"owlready2 failed where HermiT did not: {failure}")


def _ask_owlready2(request: dict[str, Any], witness: dict[str, Any]) -> None:
    try:
        owlready2: Any = importlib.import_module("owlready2")
        reasoning: Any = importlib.import_module("owlready2.reasoning")
        owlready2.JAVA_EXE = request["java"]
        reasoning.JAVA_MEMORY = MEMORY
        world = owlready2.World()
        # owlready2 hands short escapes on to the OWL API, which would drop them: private signs
        text = re.sub(r"\\(.)", lambda m: _SIGN.get(m[1], m[0]), request["ntriples"])
        graph = BytesIO(text.encode())
        world.get_ontology(request["base"]).load(fileobj=graph, format="ntriples")
        try:
            owlready2.sync_reasoner_hermit(world, debug=0)
        except owlready2.OwlReadyInconsistentOntologyError:
            witness.update(consistent=False, unsatisfiable=[])
        else:
            nothing = {c.iri for c in world.inconsistent_classes() if c is not owlready2.Nothing}
            witness.update(consistent=True, unsatisfiable=list(nothing))
    except Exception as error:  # a thread must hand its errors over
        witness["error"] = f"{type(error).__name__}: {error}"


def _violations(java: Java, ontology: Any, names: Names) -> list[str]:
    found = set()
    for violation in java.profile().checkOntology(ontology).getViolations():
        axiom = violation.getAxiom()
        text = str(violation)
        head = re.split(r" \[| in OntologyID", text)[0]
        if axiom is not None:
            head = head.split(str(axiom))[0]
            if str(violation.getClass().getSimpleName()) != "IllegalPunning":
                head = f"{head.strip().rstrip(':')} in: {names.text(axiom)}"
            else:  # one line for the name, not one for every axiom that it stands in
                head = re.sub(r"(<[^>]+>).*", r"\1", head)
        found.add(names.tidy(head))
    return sorted(found)


def _refusal(error: Exception) -> str:
    text = str(error)
    if "OutOfMemoryError" in text or "StackOverflowError" in text:
        raise WorkerError("reasoner", f"HermiT ran out of memory: {text}") from error
    return re.sub(r"^[\w.$]+(Exception|Error): ", "", text)


def _jar_folder() -> Path:
    try:
        package: Any = importlib.import_module("owlready2")
    except ImportError as error:
        raise WorkerError("extra", "owlready2") from error
    return Path(package.__file__).parent / "hermit"


def _hermit_version(jar_folder: Path) -> str:
    with zipfile.ZipFile(jar_folder / "HermiT.jar") as jar:
        manifest = jar.read("META-INF/MANIFEST.MF").decode()
    match = re.search(r"Implementation-Version: (\S+)", manifest)
    return match[1] if match else "of unknown version"


def entailments(request: dict[str, Any]) -> dict[str, Any]:
    """Give every entailed fact that was asked for."""
    java = Java(request, _jar_folder())
    kb = Kb(java, java.load(request["ntriples"]))
    try:
        if not kb.consistent():
            raise WorkerError("reasoner", "the graph is inconsistent, so it entails everything")
    except java.error as error:
        raise WorkerError("reasoner", f"HermiT refuses the graph: {_refusal(error)}") from error
    properties = _wanted(request["properties"], kb.properties, "object property")
    classes = _wanted(request["classes"], kb.classes, "class")
    return {"facts": sorted(Closure(kb, properties, classes).facts())}


def _wanted(asked: list[str] | None, known: dict[str, Any], kind: str) -> list[str]:
    for name in asked or ():
        if name not in known:
            raise WorkerError(kind, name)
    return sorted(known if asked is None else set(asked))


TASKS: Final[dict[str, Callable[[dict[str, Any]], dict[str, Any]]]] = {
    "check": check,
    "entailments": entailments,
}


def main() -> None:
    """Answer one request."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what Java or owlready2 print must not mix with the answer
    request = json.loads(sys.stdin.buffer.read())
    sys.path[:] = request["path"]
    try:
        answer = TASKS[request["task"]](request)
    except WorkerError as failure:
        answer = {"error": failure.kind, "message": str(failure)}
    with answers:
        json.dump(answer, answers)


if __name__ == "__main__":
    main()
