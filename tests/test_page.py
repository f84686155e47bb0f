"""Pages as text, HTML and Markdown: what is escaped, what is allowed, what fits."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from rolegraph.page import (
    BREAK,
    FEW,
    MOST,
    OPEN,
    PAGE,
    Bullets,
    Cell,
    Code,
    Details,
    Fields,
    Figure,
    Grid,
    Heading,
    Inline,
    Link,
    Listing,
    Names,
    Note,
    Only,
    Page,
    Para,
    Strong,
    Tag,
    paged,
)
from rolegraph.pagehtml import to_html
from rolegraph.pagemarkdown import to_markdown
from rolegraph.pagetext import flat, to_text

HOSTILE = (
    "<script>alert(1)</script> | \"q\" 'a' `b` ``c`` [x](javascript:y) ![i](http://e.x/) *e* _u_ "
    "~~s~~ $m$ &amp; &lt; \\ \\| <b>\n# h\n- l\n1. n\n\n> q\n---\n"
)

# What JupyterLab lets through in a notebook that nobody trusts, as far as it is used here (its
# sanitizer.js in apputils 4.7): elements, their attributes, and patterns of style values.
ELEMENTS: dict[str, frozenset[str]] = {
    "a": frozenset({"href"}),
    "br": frozenset(),
    "caption": frozenset({"style"}),
    "code": frozenset(),
    "details": frozenset(),
    "div": frozenset({"style", "class"}),
    "em": frozenset(),
    "img": frozenset({"alt", "width", "style", "src"}),
    "li": frozenset(),
    "p": frozenset({"style"}),
    "pre": frozenset({"style"}),
    "small": frozenset({"style"}),
    "span": frozenset({"dir"}),
    "strong": frozenset(),
    "summary": frozenset({"style"}),
    "table": frozenset(),
    "tbody": frozenset(),
    "td": frozenset({"style"}),
    "th": frozenset({"style", "scope"}),
    "thead": frozenset(),
    "tr": frozenset(),
    "ul": frozenset(),
}
STYLES: dict[str, str] = {
    "border": r"1px solid rgba\((\d+,){3}0\.\d+\)",
    "border-bottom": r"1px solid rgba\((\d+,){3}0\.\d+\)",
    "border-radius": r"\d+px",
    "font-weight": r"normal",
    "height": r"auto",
    "margin": r"[\d.]+em 0",
    "min-width": r"\d+(em|px)",
    "overflow-wrap": r"break-word",
    "overflow-x": r"auto",
    "padding": r"(0|[\d.]+em) [\d.]+em",
    "text-align": r"left|right",
    "vertical-align": r"top",
    "white-space": r"pre-wrap|nowrap|normal",
}
VOID = {"br", "img"}


class Seen(HTMLParser):
    """Reads HTML strictly: every element closed where it has to be, nothing but what is allowed."""

    bare: ClassVar[re.Pattern[str]] = re.compile(r"<(?![a-z/])")

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.texts: list[str] = []
        self.tags: list[str] = []
        self.links: list[str] = []
        assert not self.bare.search(html)
        self.feed(html)
        self.close()
        assert self.open == []

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ELEMENTS, tag
        self.tags.append(tag)
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names)
        assert set(names) <= ELEMENTS[tag], (tag, names)
        given = dict(attrs)
        for rule in filter(None, (given.get("style") or "").split(";")):
            name, _, value = rule.partition(":")
            assert name in STYLES, name
            assert re.fullmatch(STYLES[name], value), rule
        if tag == "a":
            self.links.append(given["href"] or "")
        if tag == "img":
            assert given["alt"]
            assert re.fullmatch("data:image/svg[+]xml;base64,[A-Za-z0-9+/=]+", given["src"] or "")
        if tag not in VOID:
            self.open.append(tag)
        if tag in ("td", "th", "li", "p", "br", "summary", "pre"):
            self.texts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration: {decl}")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(f"a declaration: {data}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction: {data}")


class Rendered(HTMLParser):
    """The text of what Markdown became."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.feed(html)
        self.close()

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())


def markdown(text: str) -> tuple[set[str], str]:
    """Read Markdown with tables: the kinds of tokens in it, and the text that it shows.

    Every line of a table must have as many cells as its first.
    """
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    tokens = reader.parse(text)
    kinds = {t.type for t in tokens} | {c.type for t in tokens for c in t.children or ()}
    lines = text.splitlines()
    for token in tokens:
        if token.type == "table_open" and token.map:
            cells = {len(re.findall(r"(?<!\\)(?:\\\\)*\|", x)) for x in lines[slice(*token.map)]}
            assert len(cells) == 1, lines[slice(*token.map)]
    return kinds, Rendered(reader.render(text)).text


def plain(text: str) -> str:
    """What is left of a text in a page: one blank for each run of white space."""
    return " ".join(
        re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]", "\ufffd", text).split()
    )


def every_place(words: str) -> Page:
    """Give a page with a text in all places that there are."""
    cell: Cell = (words, BREAK, Strong(words), " ", Code(words), " ", Tag(words), " ", Note(words))
    said = (Details(words, (Para(words),)),)
    return Page((
        Heading(words, cell),
        Para(cell),
        Bullets((words, cell)),
        Fields(((words, cell), ("names", Names((words, words))))),
        Grid((words, "b"), ((words, cell), (Names((words,) * 20), said)), caption=words,
             more=words),
        Listing(words, "sparql"),
        Details(words, (Para(words), Bullets((words,)))),
        Only("html", (Para(words),)),
        Only("text", (Para(words),)),
        Para((Link(words, "https://example.org/a"), Link(words, words))),
    ))  # fmt: skip


def test_html_is_well_formed_and_holds_only_what_is_allowed() -> None:
    seen = Seen(to_html(every_place("plain words")))
    assert {"table", "details", "summary", "ul", "small", "code", "pre"} <= set(seen.tags)
    assert seen.links == ["https://example.org/a"]


def test_hostile_text_is_text_in_html() -> None:
    html = to_html(every_place(HOSTILE))
    assert "<script" not in html
    assert "<b>" not in html
    seen = Seen(html)
    assert seen.text.count(plain(HOSTILE)) > 30
    assert seen.links == ["https://example.org/a"]


def test_hostile_text_is_text_in_markdown() -> None:
    found = to_markdown(every_place(HOSTILE))
    outside = re.sub(r"(?ms)^(`{3,}).*?^\1$", "", found)  # within a fence everything is text
    assert "<script" not in outside
    kinds, text = markdown(found)
    assert kinds.isdisjoint({"html_block", "html_inline", "image", "heading_open", "hr", "s_open",
                             "blockquote_open", "code_block", "ordered_list_open"})  # fmt: skip
    assert text.count(plain(HOSTILE)) > 20
    links = re.findall(r"\]\(<(.*?)>\)", found)
    assert links == ["https://example.org/a"]


@pytest.mark.parametrize("start", ["# h", "- l", "+ l", "* l", "1. n", "1) n", "> q", "---", "===",
                                   "    code", "```", "~~~", "| a |", ": d", "% c", "[a]: b",
                                   "<!-- c -->", "$$", "&copy;", "\\", "{role}`x`"])  # fmt: skip
def test_the_start_of_a_line_means_nothing_in_markdown(start: str) -> None:
    for page in (Page((Para(start),)), Page((Bullets((start,)),)), Page((Para(("", start)),))):
        kinds, text = markdown(to_markdown(page))
        assert kinds <= {"paragraph_open", "paragraph_close", "inline", "text", "bullet_list_open",
                         "bullet_list_close", "list_item_open", "list_item_close",
                         "text_special"}  # fmt: skip
        assert text == plain(start)


TEXTS = st.text(
    st.one_of(st.sampled_from("\\`*_{}[]()<>#+-.!|~&$^:=%\"'/ \n1a;"), st.characters()), max_size=40
)


def shown(text: str) -> str:
    # CommonMark has white space of its own; blanks are blanks here
    return " ".join(re.sub(r"\s", " ", text).split())


@settings(deadline=None)
@given(TEXTS)
def test_any_text_comes_back_from_html(text: str) -> None:
    page = Page((Para(text), Grid(("a",), ((text,),)), Details(text, ())))
    seen = Seen(to_html(page))
    assert seen.text.split() == (f"{plain(text)} a {plain(text)} {plain(text)}").split()


@settings(deadline=None)
@given(TEXTS)
def test_any_text_comes_back_from_markdown(text: str) -> None:
    want = plain(text)
    _, para = markdown(to_markdown(Page((Para(text),))))
    assert shown(para) == want
    kinds, table = markdown(to_markdown(Page((Grid(("a", "b"), ((text, "z"),)),))))
    assert shown(table) == shown(f"a b {want} z")
    assert "html_inline" not in kinds
    _, strong = markdown(to_markdown(Page((Bullets(((Code(text), "."),)),))))
    assert shown(strong).removesuffix(".").strip() == want


@settings(deadline=None)
@given(TEXTS, st.integers(40, 120))
def test_text_fits(text: str, width: int) -> None:
    for line in to_text(every_place(text), width).split("\n"):
        assert len(line) <= width, line


def test_text_of_a_wide_table_stands_below_itself() -> None:
    grid = Grid(tuple(f"column {n}" for n in range(20)), (("some words here",) * 20,) * 2)
    text = to_text(Page((grid,)))
    assert "   column 0   some words here\n" in text
    assert max(map(len, text.splitlines())) <= 100


def test_what_is_only_for_one_medium() -> None:
    page = Page((Only("html", (Para("on the screen"),)), Only("text", (Para("in print"),))))
    assert Seen(to_html(page)).text == "on the screen"
    assert to_markdown(page) == to_text(page) == "in print"


def test_details_of_a_cell_are_left_out_of_text_and_stand_in_markdown() -> None:
    said = (Details("who says so", (Bullets(("a place", "another")),)),)
    grid = Grid(("role", "who says so"), (("x", said), ("y", ())))
    assert to_text(Page((grid,))).splitlines()[0] == "role"
    assert "| x | a place; another |" in to_markdown(Page((grid,)))
    assert flat(said) == "a place; another"


def test_long_lists_of_names_are_cut_and_nothing_is_lost() -> None:
    names = tuple(f"name {n}" for n in range(50))
    page = Page((Fields((("names", Names(names)),)),))
    seen = Seen(to_html(page))
    assert f"… {50 - FEW} more" in seen.text
    assert all(name in seen.text for name in names)
    assert to_text(page).endswith("; … 20 more")
    assert flat(Names(names)) == "; ".join(names)
    assert "details" not in Seen(to_html(Page((Para(Names(names[: FEW + 2])),)))).tags


def test_long_tables_are_paged_and_only_what_is_shown_is_made() -> None:
    made: list[tuple[int, int]] = []

    def rows(start: int, end: int) -> list[list[Inline]]:
        made.append((start, end))
        return [[str(n)] for n in range(start, end)]

    page = Page(paged(("n",), 10_000, rows, what="role", beyond=lambda n: f"roles[{n}:]"))
    html = to_html(page)
    assert (0, OPEN) in made
    assert max(end for _, end in made) == OPEN + MOST
    assert Seen(html).tags.count("details") == MOST // PAGE
    assert "9,480 more roles: roles[520:]" in html
    assert "roles 21 to 120" in html
    assert to_text(page).endswith("… 9,980 more roles")
    assert to_markdown(page).endswith("… 9,980 more roles")


def test_a_figure_is_a_picture_with_an_alternative() -> None:
    page = Page((Figure("<svg xmlns='http://www.w3.org/2000/svg'/>", 'a "line" <map>', 460),))
    html = to_html(page)
    assert Seen(html).tags.count("img") == 1
    assert 'alt="a &quot;line&quot; &lt;map&gt;"' in html
    # as large as it was drawn, whatever room there is: the reader scrolls
    assert 'overflow-x:auto"><img' in html
    assert "min-width:460px" in html
    assert to_text(page) == ""
    assert markdown(to_markdown(page))[1] == 'a "line" <map>'


@pytest.mark.parametrize("href", ["javascript:alert(1)", "data:text/html,x", "https://a b", "//e.x",
                                  "https://e.x/\n", " https://e.x", "JAVASCRIPT:x"])  # fmt: skip
def test_links_that_may_not_be_followed_are_text(href: str) -> None:
    page = Page((Para(Link("there", href)),))
    assert Seen(to_html(page)).links == []
    assert to_markdown(page) == "there"


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("R&D \u2192 Owner (2), 3 steps", []),
        ("1. \u05de\u05e0\u05d4\u05dc (2) \u2192 \u0645\u062f\u064a\u0631 3",
         ["\u05de\u05e0\u05d4\u05dc (2)", "\u0645\u062f\u064a\u0631 3"]),
        ("\u05de\u05e0\u05d4\u05dc \u05e9\u05dc (level 2), 1 only \u0645\u062f\u064a\u0631",
         ["\u05de\u05e0\u05d4\u05dc \u05e9\u05dc", "\u0645\u062f\u064a\u0631"]),
        ("of \u05de\u05e0\u05db\"\u05dc: duties", ["\u05de\u05e0\u05db\"\u05dc"]),
    ],
)  # fmt: skip
def test_names_from_right_to_left_are_set_apart(text: str, apart: list[str]) -> None:
    """In HTML only; what is copied from text and Markdown holds no sign that is not seen."""
    page = Page((Heading(text), Para((Strong(text), text)), Grid(("a",), ((text,),))))
    html = to_html(page)
    assert Seen(html).text.count(text) == 4
    assert [unescape(x) for x in re.findall('<span dir="auto">(.*?)</span>', html)] == apart * 4
    for plain in (to_text(page), to_markdown(page)):
        assert not re.search("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", plain)


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="a row of 1 cells in a table of 2"):
        Grid(("a", "b"), (("x",),))


def test_empty_things_leave_nothing_behind() -> None:
    nothing: tuple[Any, ...] = (Fields((("a", ""), ("b", ()), ("c", Names(())))), Bullets(()),
                                Para(""))  # fmt: skip
    assert to_markdown(Page(nothing)) == ""
    assert to_text(Page(nothing)).strip() == ""
    assert Seen(to_html(Page(nothing))).text == ""
