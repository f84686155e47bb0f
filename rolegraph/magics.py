"""SPARQL and the competency questions in IPython and Jupyter: ``%load_ext rolegraph``.

``%%sparql`` runs a cell, ``%sparql`` a line, ``%question`` asks one of the questions that ship, and
``%rolegraph`` chooses the graph. Values come from Python by name: ``$role`` in a query is bound to
the variable ``role``. IPython's own replacing of ``$name`` and ``{name}`` in the text of magics is
turned off here, since it pastes.
"""

from __future__ import annotations

import argparse
import keyword
import re
import shlex
import sys
import weakref
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from IPython.core.error import UsageError
from IPython.core.magic import needs_local_scope, no_var_expand
from IPython.core.magic_arguments import MagicArgumentParser
from IPython.display import display

from rolegraph.completion import Known, matcher_of
from rolegraph.errors import RoleGraphError
from rolegraph.graph import RoleGraph, load
from rolegraph.graph import open as open_store
from rolegraph.questions import Question, find_question, read_questions
from rolegraph.sparql import Rows
from rolegraph.sparqlcell import CellError, RdflibGraph, ask_cell
from rolegraph.sparqlnotes import Queried, Vocabulary, nearest, vocabulary_of, without_warning
from rolegraph.sparqlview import ROWS, AnswerRows, TriplesView, YesNo
from rolegraph.terms import RawTerm

if TYPE_CHECKING:
    import pandas
    import rdflib
    from IPython.core.interactiveshell import InteractiveShell

    from rolegraph.lookup import Lookup

__all__ = ["Magics", "register", "unregister"]

_T = TypeVar("_T")


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError
    return number


class _Parser(MagicArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(
            f"{self.prog}: {message}; options are -o NAME, --rows N, --pandas, --graph NAME"
        )


def _parser(name: str, about: str) -> argparse.ArgumentParser:
    parser = _Parser(prog=name, description=about)  # type: ignore[no-untyped-call]
    parser.add_argument("-o", "--out", metavar="NAME", help="put the answer into this variable")
    parser.add_argument(
        "--rows", type=_count, default=ROWS, metavar="N", help=f"rows that stand open ({ROWS})"
    )
    parser.add_argument("--pandas", action="store_true", help="give a pandas data frame")
    parser.add_argument(
        "--graph", metavar="NAME", help="variable that holds the graph, instead of the usual one"
    )
    return parser


_SPARQL = _parser("%%sparql", "Run SPARQL. $name in the query is bound to the variable name.")
_QUESTION = _parser("%question", "Ask a question by name, or search the questions by words.")
_QUESTION.add_argument("words", nargs="*", metavar="NAME parameter=value", help="or words")
_OPTION = re.compile(r"\s*(--pandas(?=\s|$)|(?:-o|--out|--rows|--graph)(?:\s+|=)\S+|--?[\w-]+)")


def _options(text: str) -> tuple[argparse.Namespace, str]:
    """Take the options off the front of a line; the rest stays as it is."""
    argv: list[str] = []
    while found := _OPTION.match(text):
        argv += found[1].split(None, 1)
        text = text[found.end() :]
    return _SPARQL.parse_args(argv), text.strip()


def _name(text: str | None) -> str:
    if text and not (text.isidentifier() and not keyword.iskeyword(text)):
        raise UsageError(f"-o {text}: this is no name for a variable")
    return text or ""


def _told(call: Callable[..., _T], *args: Any, **named: Any) -> _T:
    """Call, and tell errors of ours in lines, without a traceback."""
    try:
        return call(*args, **named)
    except CellError:
        raise
    except RoleGraphError as error:
        raise CellError(str(error)) from error


class Magics:
    """The magics of one shell, and the graph that they ask.

    Parameters
    ----------
    shell : InteractiveShell
    """

    def __init__(self, shell: InteractiveShell) -> None:
        self.shell = shell
        self._chosen: RoleGraph | Queried | None = None
        self._called = ""
        self._shipped: RoleGraph | None = None

    # --- the graph

    @property
    def _names(self) -> dict[str, Any]:
        names: dict[str, Any] = self.shell.user_ns
        return names

    def _graph_of(self, value: object) -> RoleGraph | Queried | None:
        if isinstance(value, RoleGraph):
            return value
        if type(value).__module__.split(".")[0] == "rdflib":
            import rdflib

            if isinstance(value, rdflib.Graph):
                return RdflibGraph(value)
        return None

    def _named_graph(self, name: str) -> RoleGraph | Queried:
        if name not in self._names:
            graphs = [n for n, v in self._names.items() if self._graph_of(v) and n[0] != "_"]
            near = nearest(name, graphs) or sorted(graphs)
            hint = f"; graphs are in {', '.join(near)}" if near else ""
            raise CellError(f"no Python variable {name}{hint}")
        graph = self._graph_of(self._names[name])
        if graph is None:
            kind = type(self._names[name]).__name__
            raise CellError(f"{name} is a {kind}, not a RoleGraph or an rdflib.Graph")
        return graph

    def graph(self, name: str | None = None) -> RoleGraph | Queried:
        """Give the graph to ask.

        Parameters
        ----------
        name : str, optional
            A variable. When None: what ``%rolegraph`` chose, else the variable ``kg`` if it holds
            a graph, else the graph that ships.

        Returns
        -------
        RoleGraph or Queried

        Raises
        ------
        CellError
            If the variable does not exist or holds no graph.
        """
        if name is not None:
            return self._named_graph(name)
        if self._chosen is not None:
            return self._chosen
        if (found := self._graph_of(self._names.get("kg"))) is not None:
            return found
        if self._shipped is None:
            self._shipped = load()
        return self._shipped

    def vocabulary(self, graph: RoleGraph | Queried) -> Vocabulary:
        """Give the terms of a graph, read once."""
        return graph._vocabulary if isinstance(graph, RoleGraph) else vocabulary_of(graph)

    @staticmethod
    def index(graph: RoleGraph | Queried) -> Lookup | None:
        """Give the names of a graph; an rdflib graph has none."""
        return graph.index if isinstance(graph, RoleGraph) else None

    def known(self, graph: str | None = None) -> Known:
        """Give what a cell may name, for completion."""
        try:
            found = self.graph(graph)
        except CellError:
            found = self.graph()  # a name that is not finished
        return Known(self.vocabulary(found), self.index(found), self._names)

    @no_var_expand
    def rolegraph(self, line: str) -> None:
        """Choose the graph that %%sparql and %question ask: a variable, a store or an RDF file."""
        name = line.strip().strip("\"'")
        if not name:
            graph = self.graph()
            where = self._called or ("kg" if self._graph_of(self._names.get("kg")) else "shipped")
            print(f"{where}: {graph!r}" if isinstance(graph, RoleGraph) else where)
            return
        if name in self._names:
            self._chosen = self._named_graph(name)
        else:
            path = Path(name).expanduser()
            if not path.exists():
                raise CellError(f"{name} is neither a variable nor a file or folder")
            self._chosen = _told(open_store if path.is_dir() else load, path)
        self._called = name

    # --- SPARQL

    @no_var_expand
    @needs_local_scope
    def sparql(
        self, line: str, cell: str | None = None, local_ns: dict[str, Any] | None = None
    ) -> Rows | pandas.DataFrame | rdflib.Graph | bool | None:
        """Run SPARQL; $name in the query is bound to the Python variable name."""
        options, rest = _options(line)
        if cell is None:
            query = rest
        elif rest:
            raise UsageError(f"%%sparql: {rest!r} is no option; the query stands below")
        else:
            query = cell
        names = {**self._names, **(local_ns or {})}
        out = _name(options.out)
        graph = self.graph(options.graph)
        index = self.index(graph)
        vocabulary = self.vocabulary(graph) if index is not None else None
        answer, notes = _told(ask_cell, query, graph, names, vocabulary, index)
        for note in notes:
            print(f"note: {note}")
        return self._give(answer, options, out, in_cell=cell is not None)

    def _give(self, answer: Any, options: argparse.Namespace, out: str, *, in_cell: bool) -> Any:
        value, shown = answer, answer
        if isinstance(answer, Rows):
            if options.pandas:
                with without_warning():  # the notes stand above
                    value = shown = _told(answer.to_pandas)
            else:
                value = shown = AnswerRows(answer, options.rows, out)
        elif options.pandas:
            raise CellError("only a SELECT becomes a data frame")
        elif in_cell:
            view = YesNo(answer) if isinstance(answer, bool) else TriplesView(answer, options.rows)
            display(view)  # type: ignore[no-untyped-call]
            shown = None
        if out:
            self._names[out] = value
        return shown

    # --- questions

    @no_var_expand
    @needs_local_scope
    def question(self, line: str, local_ns: dict[str, Any] | None = None) -> Any:
        """Ask a competency question: NAME a="…"; NAME ? shows the query, words search the names."""
        try:
            options = _QUESTION.parse_args(shlex.split(line))
        except ValueError as error:
            raise UsageError(f"%question: {error}") from None
        wanted = [w for w in options.words if w != "?"]
        if wanted and wanted[-1].endswith("?") and "=" not in wanted[-1]:
            wanted[-1] = wanted[-1][:-1]
            options.words.append("?")
        given = [w for w in wanted if "=" in w]
        words = [w for w in wanted if "=" not in w]
        known = {q.name: q for q in read_questions()}
        if len(words) == 1 and words[0] in known:
            if "?" in options.words:
                display(_QuestionView(known[words[0]]))  # type: ignore[no-untyped-call]
                return None
            names = {**self._names, **(local_ns or {})}
            return self._asked(known[words[0]], given, names, options)
        found = [q for q in known.values() if _about(q, words)]
        if given or not found:
            _told(find_question, "-".join(words))
        rows = Rows(
            ("question", "asks", "parameters"),
            [_line_of(q) for q in found],
        )
        return AnswerRows(rows, max(options.rows, ROWS))

    def _asked(
        self,
        question: Question,
        given: list[str],
        names: dict[str, Any],
        options: argparse.Namespace,
    ) -> Any:
        graph = self.graph(options.graph)
        if not isinstance(graph, RoleGraph):
            raise CellError("questions are asked of a RoleGraph; an rdflib.Graph has no names")
        parameters: dict[str, Any] = {}
        for text in given:
            name, _, value = text.partition("=")
            if value.startswith("$"):
                if value[1:] not in names:
                    near = nearest(value[1:], [n for n in names if n[0] != "_"])
                    hint = f"; did you mean ${near[0]}?" if near else ""
                    raise CellError(f"no Python variable {value[1:]}{hint}")
                parameters[name] = names[value[1:]]
            else:
                parameters[name] = value
        rows = _told(graph.ask_question, question.name, **parameters)
        return self._give(rows, options, _name(options.out), in_cell=False)


class _QuestionView:
    """A question with its parameters, columns and query."""

    def __init__(self, question: Question) -> None:
        self._question = question

    def __repr__(self) -> str:
        q = self._question
        body = "\n".join(x for x in q.query.splitlines() if not x.startswith("#")).strip()
        lines = [q.text]
        lines += [f"  {p.name} = {p.example!r} ({p.kind})" for p in q.parameters]
        lines += [f"  gives {name}: {meaning}" for name, meaning in q.columns]
        return "\n".join([*lines, "", body])


def _about(question: Question, words: list[str]) -> bool:
    text = f"{question.name} {question.text} {question.section}".casefold()
    return all(w.casefold() in text for w in words)


def _line_of(question: Question) -> tuple[RawTerm, ...]:
    given = " ".join(f'{p.name}="{p.example}"' for p in question.parameters)
    return tuple(RawTerm("literal", text) for text in (question.name, question.text, given))


_OURS = str(Path(__file__).parent)


def _up_to_ours(trace: TracebackType | None) -> TracebackType | None:
    """Cut the frames of this package off the end of a traceback; all others stay."""
    frames: list[TracebackType] = []
    at = trace
    while at is not None:
        frames.append(at)
        at = at.tb_next
    kept = len(frames)
    while kept and frames[kept - 1].tb_frame.f_code.co_filename.startswith(_OURS):
        kept -= 1
    if not kept:
        return trace
    cut = None
    for frame in reversed(frames[:kept]):
        cut = TracebackType(cut, frame.tb_frame, frame.tb_lasti, frame.tb_lineno)
    return cut


def _shortly(
    shell: InteractiveShell,
    kind: type[BaseException],
    error: BaseException,
    trace: TracebackType | None,
    tb_offset: int | None = None,
) -> None:
    """Show an error of ours with the lines that led to it, and none of ours: ``%tb`` has all."""
    short = trace if shell.call_pdb else _up_to_ours(trace)
    shell.showtraceback((kind, error, short), tb_offset=tb_offset, running_compiled_code=True)
    sys.last_traceback = trace


_MAGICS = ("sparql", "question", "rolegraph")
_loaded: weakref.WeakKeyDictionary[Any, tuple[Magics, Any]] = weakref.WeakKeyDictionary()


def register(shell: InteractiveShell) -> Magics:
    """Put the magics and their completion into a shell; loading again changes nothing.

    Errors of this package are shown without its own lines from then on.

    Parameters
    ----------
    shell : InteractiveShell

    Returns
    -------
    Magics
    """
    if shell in _loaded:
        return _loaded[shell][0]
    magics = Magics(shell)
    put: Callable[..., None] = shell.register_magic_function
    put(magics.sparql, "line_cell", "sparql")
    put(magics.question, "line", "question")
    put(magics.rolegraph, "line", "rolegraph")
    complete = matcher_of(magics)
    if (completer := getattr(shell, "Completer", None)) is not None:
        completer.custom_matchers.append(complete)
    if not shell.custom_exceptions:  # there is room for one handler, and it may be another's
        hook: Callable[..., None] = shell.set_custom_exc
        hook((RoleGraphError,), _shortly)
    _loaded[shell] = (magics, complete)
    return magics


def unregister(shell: InteractiveShell) -> None:
    """Take the magics and their completion out of a shell."""
    _, complete = _loaded.pop(shell, (None, None))
    for name in _MAGICS:
        for kind in ("line", "cell"):
            shell.magics_manager.magics[kind].pop(name, None)
    completer = getattr(shell, "Completer", None)
    if completer is not None and complete in completer.custom_matchers:
        completer.custom_matchers.remove(complete)
    if shell.custom_exceptions == (RoleGraphError,):
        unhook: Callable[..., None] = shell.set_custom_exc
        unhook((), None)
