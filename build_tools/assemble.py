"""Site → every file below docs/, each with the key of all that it depends on, made only when it is wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial

from build_tools import export, feeds, indexes, packs, pdf, render
from build_tools.cache import code_key, key_of
from build_tools.convert import Loaded
from build_tools.models import Card
from build_tools.vocabulary import load as vocabulary

PAGES = ("apparatus.py", "data/", "escape.py", "export.py", "feeds.py", "indexes.py", "link.py", "lists.py",
         "markup.py", "pages.py", "parts.py", "render.py", "slugs.py")  # fmt: skip



@dataclass(frozen=True)
class Target:
    """A file below docs/. `date` is what a sitemap may call its last change, from content."""

    key: str
    make: Callable[[], bytes]
    date: str | None = None


def targets(loaded: Loaded, site_url: str, site_name: str, printed: bool) -> dict[str, Target]:
    """Path below docs/ → Target, for all generated files."""
    code = code_key(*PAGES)
    out = dict(_articles(loaded, code, printed))
    for page in indexes.site_pages(loaded.site):
        out[page.path] = _ready(page.text.encode("utf-8"), _date_of(page.text))
    keys = loaded.converted.keys
    raws = {raw.id: raw for raw in loaded.corpus.articles}
    for card in loaded.site.cards:
        data = raws[card.id].data
        out[f"raw/{card.id}.txt"] = Target(keys[card.id], partial(bytes, data))
    everything = key_of(code, *sorted(keys.values()), repr(loaded.links), repr(loaded.corpus.registries))

    @cache
    def data_files() -> dict[str, bytes]:
        return export.data_files(loaded.converted.articles(), loaded.links, loaded.corpus.registries)

    for name in export.FILES:
        out[f"data/{name}"] = Target(everything, partial(_item, data_files, name))
    for name, data in feeds.feeds(loaded.site, site_url, site_name):
        out[name] = _ready(data)
    if printed:
        for one in packs.small_corpus(loaded, pdf.PrintOptions(site_url=site_url)):
            out[f"pdf/{one.path}"] = Target(one.key, one.make)
    return out


def _item(files: Callable[[], Mapping[str, bytes]], name: str) -> bytes:
    return files()[name]


def _ready(data: bytes, date: str | None = None) -> Target:
    return Target(key_of(data), partial(bytes, data), date)


def _date_of(text: str) -> str | None:
    """The `updated:` of a page's front matter."""
    head = text[: text.find("\n---", 4)]
    found = [line.partition(":")[2].strip(" \"'") for line in head.split("\n") if line.startswith("updated:")]
    return found[0] if found else None


def _articles(loaded: Loaded, code: str, printed: bool) -> Iterator[tuple[str, Target]]:
    reasons: dict[str, str] = vocabulary("apparatus")
    for card in loaded.site.cards:
        context = loaded.site.context(card.id)

        def make(card: Card = card) -> bytes:
            context = loaded.site.context(card.id)
            article = loaded.converted.article(card.id)
            return render.article(article, context, reasons=reasons, pdf=printed).text.encode("utf-8")

        key = key_of(code, loaded.converted.keys[card.id], repr(context), str(printed))
        yield f"articles/{card.id}.md", Target(key, make, card.published if card.published else None)
