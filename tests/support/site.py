"""A small site out of hand-made articles, built by MkDocs itself under --strict."""

from __future__ import annotations

import logging
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config

from build_tools.core.article import Trust
from build_tools.core.paths import ROOT
from build_tools.core.registry import Formulation, Organization, Person, Post, Registries, Theme
from build_tools.core.site import Imprint, Link
from build_tools.graph.link import link
from build_tools.graph.summary import card_of, excerpts_of
from build_tools.outputs import feeds
from build_tools.outputs.open_data import edit_records, jsonl
from build_tools.pages import article, indexes
from tests.pages.test_escape import HOSTILE
from tests.support.factory import fact, make_article, make_body, site_pages
from tests.support.once import Once

HOSTILE_TITLE = "<script>alert(1)</script>{{ config.site_name }}\"'&中央生态环境保护督察整改推进会议召开"
REGISTRIES = Registries(
    people=(Person("sun-jinlong", "孙金龙", posts=(Post("生态环境部党组书记", "生态环境部", "2020-04"),)),),
    organizations=(Organization("mee", "生态环境部"),),
    themes=(Theme("climate", "应对气候变化"), Theme("carbon", "碳达峰碳中和", ("双碳",), ("climate",))),
    formulations=(Formulation("four", "四个意识", ("“四个意识”",), ("政治意识", "大局意识")),),
)


def build_site(folder: Path, site_url: str) -> Path:
    """Write docs/ and build site/ below `folder`; returns site/. Any warning of MkDocs is an error."""
    articles = [
        make_article(),
        make_article(
            id="plain", title=fact("省厅召开会议"), trust=fact(Trust.REPOST), warnings=("traditional",)
        ),
        make_article(
            id="hostile",
            title=fact(HOSTILE_TITLE),
            decks=(HOSTILE_TITLE,),
            body=make_body(*(line.strip() for line in HOSTILE)),
            trust=fact(Trust.DAMAGED),
        ),
    ]
    cards = [replace(card_of(one, REGISTRIES.formulations), signature=(), sentences=()) for one in articles]
    excerpts = {one.id: excerpts_of(one, REGISTRIES.formulations) for one in articles}
    related = [Link("related", "plain", "mee-2021-03-19", 0.9, "同一机构")]
    site = link(cards, REGISTRIES, related, lambda name: excerpts[name])
    docs = folder / "docs"
    files = {f"raw/{one.id}.txt": one.cleaned.original.encode() for one in articles}
    files |= {f"edits/{one.id}.jsonl": jsonl(edit_records(one)) for one in articles}
    files |= {f"data/{name}": b"" for name, *_ in indexes.FILES}
    files |= dict(feeds.feeds(site, Imprint("生态环境会议文摘", site_url)))
    for one in articles:
        address = f"{site_url}articles/{one.id}/"
        page = article.article(one, site.context(one.id), address=address)
        files[page.path] = page.text.encode()
        files |= dict(article.files(one, address))
    files |= {page.path: page.text.encode() for page in site_pages(site)}
    for name, data in files.items():
        path = docs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    for path in (ROOT / "docs").glob("*.md"):
        if path.name in {"about.md", "search.md"}:
            shutil.copy(path, docs)
    logging.getLogger("mkdocs").setLevel(logging.WARNING)
    out = folder / "site"
    build(load_config(str(ROOT / "mkdocs.yml"), docs_dir=str(docs), site_dir=str(out), site_url=site_url))
    return out


def kinds(site: Path) -> list[str]:
    """One page of each folder at each depth, those beside an article's, and the pages at the top."""
    found: dict[tuple[str, str, str], str] = {}
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site)
        kind = (name.parts[0], str(len(name.parts)), name.name)
        found.setdefault(kind, name.as_posix().removesuffix("index.html"))
    return list(found.values())


@pytest.fixture(scope="module")
def built_site(once: Once) -> Path:
    """The site as a host serves it below /sub/: nobody changes it."""
    return once("site", lambda folder: build_site(folder, "https://example.org/sub/")) / "site"
