"""Print: PDFs of articles and of packs, typeset by Typst.

Same chapters, options and lock: same bytes, on any machine. System fonts and the clock are
never looked at; a document's date is the latest date of its content.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import typst

from build_tools.core.article import Article
from build_tools.core.diagnostics import CorpusError, Diagnostic
from build_tools.core.messages import say
from build_tools.core.text import cut, sha256
from build_tools.outputs.print.book import Book, Chapter, PrintOptions, chapter_of, jsonable
from build_tools.outputs.print.fonts import edition, font_version, fonts, missing_glyphs
from build_tools.outputs.print.pack import book_of
from build_tools.outputs.traditional import LANG, hard, traditional
from build_tools.pages import markdown

__all__ = [
    "Book", "Chapter", "PrintOptions", "book_key", "book_of", "chapter_key", "chapter_of",
    "missing_glyphs", "print_article", "print_book", "warnings_of",
]  # fmt: skip

# A book of more chapters is set in the cheaper way: lines broken at first fit, notes at the end of each
# chapter, one running head for both sides, no links on paragraph numbers, an index of articles and not
# of paragraphs (figures in docs/decisions).
LARGE = 100
LITTLE = 250  # pt from the top of a page of 842: its head and at most nine lines
PITCHES = (17.9, 17.0, 20.0, 20.8)  # pt from line to line, tried in turn where the last page has little on it
_DAY = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")


def print_article(article: Article, options: PrintOptions) -> bytes:
    """The PDF of one article."""
    chapter = chapter_of(article, options)
    return _compile(
        {
            "title": chapter.title,
            "authors": chapter.authors or tuple(filter(None, (chapter.source or options.site_title,))),
            "keywords": [label for label, _, _ in chapter.themes],
            "description": "；".join(filter(None, (chapter.shown_date, chapter.source))),
            "day": _day(chapter.until),
            "book": None,
            "chapters": [chapter],
            "large": False,
            **_common(options),
        },
        options,
        file=f"articles/{article.raw_name}",
    )


def print_book(book: Book, options: PrintOptions) -> bytes:
    """The PDF of a pack: cover, contents, extracts, chapters, indexes, colophon."""
    words = edition(options.lang)
    until = markdown.date(book.until)
    count = len(book.chapters)
    people, themes = _entries(book, "people"), _entries(book, "themes")
    return _compile(
        {
            "title": f"{book.title}：{words['kinds'][book.kind]}",
            "authors": (options.site_title,),
            "keywords": [name for name, _ in themes][:40],
            "description": words["notes"]["cover"].format(count),
            "day": _day(book.until),
            "large": count > LARGE,
            "book": {
                "title": book.title,
                "subtitle": book.subtitle,
                "note": book.note,
                "extracts": book.extracts,
                "passages": book.passages,
            },
            "chapters": [_slim(one, words) for one in book.chapters],
            "dates": {one.id: one.date for one in book.chapters},
            "kind": words["kinds"][book.kind],
            "extracts": words["extracts"].get(book.kind, ""),
            "on_page": words["notes"]["on_page"],
            "cover": [words["notes"]["cover"].format(count), words["notes"]["until"].format(until)],
            "indexes": [
                {"title": words["words"][name], "groups": _groups(entries)}
                for name, entries in (("people_index", people), ("theme_index", themes))
                if entries
            ],
            "sources_label": words["sources"],
            "sources": [words["source"].format(name, number) for name, number in book.sources],
            **_common(options),
        },
        options,
        partial(_colophon, book, options),
    )


def chapter_key(article: Article, options: PrintOptions) -> str:
    """A hash of all that the article's PDF depends on."""
    return _key(chapter_of(article, options), options)


def book_key(book: Book, options: PrintOptions) -> str:
    """A hash of all that the pack's PDF depends on."""
    return _key(book, options)


# --- to Typst ----------------------------------------------------------------


_TEMPLATE = Path(__file__).parent / "template" / "digest.typ"


@cache
def _surroundings(lang: str) -> str:
    """Template, words, fonts and compiler: what every PDF of an edition depends on."""
    words = json.dumps(edition(lang), ensure_ascii=False, sort_keys=True)
    code = "".join(path.read_text("utf-8") for path in sorted(Path(__file__).parent.glob("*.py")))
    return sha256(
        "\0".join((_TEMPLATE.read_text("utf-8"), words, code, font_version(lang), version("typst"))).encode()
    )


def _dump(thing: object) -> str:
    return json.dumps(thing, default=jsonable, ensure_ascii=False)


def _written(data: Mapping[str, Any], options: PrintOptions) -> str:
    """The data of a PDF as its edition is written."""
    told = _dump(data)
    if options.lang != LANG:
        return told
    people = {
        row["name"]
        for index in data.get("indexes", ())
        for group in index["groups"]
        for row in group["entries"]
    }
    people |= {who for one in data["chapters"] for who, _, _ in getattr(one, "people", ())}
    return traditional(told, hard(people))


def _key(thing: Chapter | Book, options: PrintOptions) -> str:
    content = _dump([thing, options])
    return sha256(f"{_surroundings(options.lang)}\0{content}".encode())


def _common(options: PrintOptions) -> dict[str, Any]:
    chosen = edition(options.lang)
    return {
        "site": options.site_title,
        "url": options.site_url,
        "words": chosen["words"],
        "fonts": {key: chosen["fonts"][key] for key in ("serif", "sans", "lang", "region")},
    }


def _compile(
    data: Mapping[str, Any],
    options: PrintOptions,
    colophon: Callable[[str], Iterable[str]] | None = None,
    file: str = "pdf",
) -> bytes:
    """Run the template over `data`; `colophon` makes its lines from the hash of all the rest.

    Raises CorpusError, told of `file`, where the compiler refuses it.
    """
    standards: Any = list(options.standards)
    told = _written(data, options)
    if colophon is not None:
        lines = colophon(sha256(f"{_surroundings(options.lang)}\0{told}".encode()))
        if options.lang == LANG:
            lines = map(traditional, lines)
        told = f'{told[:-1]}, "colophon": {_dump(list(lines))}}}'
    try:
        compiler = typst.Compiler(
            _TEMPLATE, font_paths=fonts(options.lang), ignore_system_fonts=True, sys_inputs={"data": told}
        )
        pdf = compiler.compile(pdf_standards=standards, timestamp=0)
        if data["book"] is None and _nearly_blank(compiler):
            for pitch in PITCHES:
                inputs = {"data": f'{told[:-1]}, "pitch": {pitch}}}'}
                other = compiler.compile(pdf_standards=standards, timestamp=0, sys_inputs=inputs)
                if not _nearly_blank(compiler):
                    pdf = other
                    break
    except typst.TypstError as error:
        what = say("{!r} cannot be printed: {}", cut(str(data["title"]), 40), str(error))
        raise CorpusError(Diagnostic(file, 0, "error", what, say("report it; its PDF is left out"))) from None
    assert isinstance(pdf, bytes)
    return pdf


def _nearly_blank(compiler: Any) -> bool:
    """Whether the last page of an article's PDF, if it is not its only one, has little on it."""
    (end,) = json.loads(compiler.query("<end>", field="value"))
    return bool(end["page"] > 1 and end["y"] < LITTLE)


def _day(edtf: str) -> tuple[int, int, int]:
    """The document's date; 1970-01-01, the epoch, stands for unknown (PDF/A wants one).

    >>> _day("2022-02"), _day("")
    ((2022, 2, 1), (1970, 1, 1))
    """
    match = _DAY.match(edtf)
    if match is None:
        return (1970, 1, 1)
    return (int(match[1]), int(match[2] or 1), int(match[3] or 1))


# --- what a pack has besides its chapters ------------------------------------


def _slim(chapter: Chapter, words: Mapping[str, Any]) -> dict[str, Any]:
    """A chapter without what only the indexes need, and without what the colophon tells once for all."""
    kept = {
        name: value for name, value in vars(chapter).items() if name not in ("people", "themes", "lacking")
    }
    end = [row for row in chapter.end if row.label != words["end"]["paragraphs"]]
    return {**kept, "end": end, "year": _year(chapter, words)}


def _year(chapter: Chapter, words: Mapping[str, Any]) -> str:
    year = chapter.date[:4]
    known: str = words["words"]["year"].format(year) if year.isdigit() else words["words"]["undated"]
    return known


Entries = list[tuple[str, tuple[str, list[str]]]]


def _entries(book: Book, kind: str) -> Entries:
    """Index entries in the order of their pinyin: name → (sort key, places); a large book's are chapters."""
    found: dict[str, tuple[str, list[str]]] = {}
    for chapter in book.chapters:
        for name, sort, places in getattr(chapter, kind):
            held = found.setdefault(name, (sort, []))[1]
            if places and len(book.chapters) <= LARGE:
                held.extend(f"{chapter.id}/{place}" for place in places)
            else:
                held.append(chapter.id)
    return sorted(found.items(), key=lambda pair: (pair[1][0], pair[0]))


def _groups(entries: Entries) -> list[dict[str, Any]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for name, (sort, places) in entries:
        initial = sort[:1].upper() if sort[:1].isalpha() else "#"
        groups.setdefault(initial, []).append({"name": name, "places": places})
    return [{"initial": initial, "entries": entries} for initial, entries in groups.items()]


def _colophon(book: Book, options: PrintOptions, key: str) -> Iterable[str]:
    words = edition(options.lang)
    names = "、".join(_standard(name) for name in options.standards)
    for line in words["colophon"]:
        yield line.format(
            site=options.site_title,
            count=len(book.chapters),
            until=markdown.date(book.until),
            typst=version("typst"),
            standards=words["standards"].format(names) if names else "",
            key=key[:16],
            paragraphs=words["notes"]["paragraphs"],
        )


def _standard(name: str) -> str:
    """
    >>> _standard("a-2a"), _standard("ua-1"), _standard("1.7")
    ('PDF/A-2a', 'PDF/UA-1', 'PDF 1.7')
    """
    return (
        f"PDF {name}" if name[0].isdigit() else f"PDF/{name.upper()}".replace("2A", "2a").replace("3A", "3a")
    )


def warnings_of(chapter: Chapter) -> list[Diagnostic]:
    """One warning for each character that is printed as a box, for the build's report."""
    return [
        Diagnostic(
            f"articles/{chapter.id}",
            0,
            "warning",
            say("the print fonts lack {}", char),
            say("it is printed as □ with its code point; if the source is at fault, correct its text"),
        )
        for char in chapter.lacking
    ]
