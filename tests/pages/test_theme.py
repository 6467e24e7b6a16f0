"""The theme: upgrades cannot pass unseen, colours can be read, MkDocs itself accepts every page."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from tests.support.site import HOSTILE_TITLE, ROOT

THEME = ROOT / "build_tools" / "theme"
# What we override is Material 9.8.1's with few changes. When this fails, read the new upstream file,
# carry its changes over into build_tools/theme (base.html, header.html: main.html; toc.html: assets/frame.js;
# javascripts/base.html and palette.html: assets/boot.js), renew the hash.
UPSTREAM = {
    "base.html": "8536d352b0093623df9e0032894f321cbe264b15a9b48cdd962583772455dadb",
    "partials/header.html": "8cf3fb15bcf969ff596649616fd99366b3c31c08d57a86d05308efc16d8fa75f",
    "partials/javascripts/base.html": "d6113712bc4deb30b4bd810ee0dfc28b6f04d2f88cc0016c0f1766eac7b762b6",
    "partials/javascripts/content.html": "3722e156f0f6339de39fbbfc178b6e401d1a4fb890f189ac5b80c2504bda7dcf",
    "partials/javascripts/palette.html": "8790389765ea6036effddba548b15093bb05bdc75624eaeaf8b13f3c24be4ab5",
    "partials/toc.html": "fde48f583563364b0e0e6865a5ab1e7060ec1826161f69f5cbee653e621b0f84",
}


@pytest.mark.parametrize("name", UPSTREAM)
def test_the_templates_we_override_are_the_ones_we_know(name: str) -> None:
    found = importlib.util.find_spec("material")
    assert found is not None and found.origin is not None
    upstream = Path(found.origin).parent / "templates" / name
    assert hashlib.sha256(upstream.read_bytes()).hexdigest() == UPSTREAM[name]


def test_no_form_bears_the_name_that_makes_material_fetch_an_index() -> None:
    for path in (*THEME.rglob("*.html"), ROOT / "docs" / "search.md"):
        assert not re.search(r"<form[^>]*name=[\"']?search", path.read_text("utf-8")), path


def test_nothing_in_the_theme_comes_from_elsewhere() -> None:
    for path in THEME.rglob("*"):
        if path.suffix in {".html", ".css", ".js"}:
            found = re.findall(
                r"(?:src|href|url\(|import|fetch\()\s*=?\s*[\"'(]?(https?://[^\"')\s]+)",
                path.read_text("utf-8"),
            )
            assert not found, (path, found)


def test_a_long_title_is_broken_between_its_words_by_the_theme_and_whole_in_the_markdown(site: Path) -> None:
    docs = site.parent / "docs"
    long = 0
    for path in docs.rglob("*.md"):
        text = path.read_text("utf-8")
        assert "wbr" not in text
        written = re.search(r"^# (.*) \{ #title \}$", text, re.MULTILINE)
        name = path.relative_to(docs).with_suffix("")
        page = site / name.parent / ("index.html" if name.name == "index" else f"{name.name}/index.html")
        if written:
            (shown,) = re.findall(r'<h1 id="title">(.*?)</h1>', page.read_text("utf-8"))
            assert shown.replace("<wbr>", "") == written[1]
            assert ("<wbr>" in shown) == ("\nwords: [" in text), path
            long += "<wbr>" in shown
    assert long


def _palette(scheme: str) -> dict[str, str]:
    css = (THEME / "assets" / "digest.css").read_text("utf-8")
    switch = {"default": "light", "slate": "dark"}[scheme]
    return dict(re.findall(rf"--digest-([\w-]+): var.*--{switch}, (#[0-9a-f]{{6}})\)", css))


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(d * 2 for d in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["default", "slate"])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [("ink", "paper"), ("ink", "raised"), ("ink", "wash"), ("soft", "paper"), ("soft", "raised"),
     ("green", "paper"), ("green", "raised"), ("green", "wash"), ("warn", "paper"), ("warn", "warn-wash"),
     ("del", "paper")],
)  # fmt: skip
def test_every_text_colour_can_be_read_on_its_ground(scheme: str, ink: str, ground: str) -> None:
    colours = _palette(scheme)
    light, dark = sorted((_luminance(colours[ink]), _luminance(colours[ground])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_a_page_that_no_script_has_touched_has_the_colours_of_the_dark_scheme() -> None:
    css = (THEME / "assets" / "digest.css").read_text("utf-8")
    without = css.split("@media screen and (prefers-color-scheme: dark)")[1]
    slate = css.split('\n[data-md-color-scheme="slate"] {')[1]
    switches = [re.findall(r"--(?:light|dark):.*", part.split("}")[0]) for part in (without, slate)]
    assert switches[0] == switches[1] == ["--light: ;", "--dark: initial;"]


# --- the built site -----------------------------------------------------------


@pytest.fixture(scope="module")
def site(built_site: Path) -> Path:
    return built_site


class _Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.labels: list[str] = []
        self.meta: dict[str, list[str]] = {}
        self.links: list[dict[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.ids.append(given["id"] or "")
        if tag == "label" and given.get("for"):
            self.labels.append(given["for"] or "")
        if tag == "link":
            self.links.append(given)
        if tag == "meta" and (name := given.get("name") or given.get("property")):
            self.meta.setdefault(name, []).append(given.get("content") or "")
        for name in ("href", "src", "action"):
            if given.get(name):
                self.targets.append(given[name] or "")


def _pages(site: Path) -> Iterator[tuple[str, _Page]]:
    for path in site.rglob("*.html"):
        address = path.relative_to(site).as_posix().removesuffix("index.html")
        yield address, _Page(path.read_text("utf-8"))


def test_every_link_of_the_built_site_leads_somewhere_below_a_path_too(site: Path) -> None:
    pages = dict(_pages(site))
    base = "https://example.org/sub/"
    for address, page in pages.items():
        for target in page.targets:
            url = urlsplit(urljoin(base + address, target))
            if url.netloc != "example.org" or url.path == "/a":
                continue
            assert url.path.startswith("/sub/"), (address, target)
            path = unquote(url.path.removeprefix("/sub/"))
            if address == "404.html":
                continue
            file = site / (path + "index.html" if path.endswith("/") or not path else path)
            assert file.is_file(), (address, target)
            if url.fragment and file.suffix == ".html":
                assert unquote(url.fragment) in pages[path].ids, (address, target)


def test_ids_are_unique_on_each_page(site: Path) -> None:
    for address, page in _pages(site):
        assert len(page.ids) == len(set(page.ids)), address


def test_a_title_names_the_page_and_the_site_once(site: Path) -> None:
    for address, title in {
        "": "生态环境会议文摘",
        "articles/plain/": "省厅召开会议 - 生态环境会议文摘",
        "search/": "检索 - 生态环境会议文摘",
        "404.html": "没有这一页 - 生态环境会议文摘",
    }.items():
        path = site / (address if address.endswith(".html") else address + "index.html")
        assert re.findall("<title>(.*?)</title>", path.read_text("utf-8")) == [title]


def test_every_label_is_for_something_that_is_there(site: Path) -> None:
    for address, page in _pages(site):
        assert set(page.labels) <= set(page.ids), address


def test_an_articles_head_serves_zotero_search_engines_and_feed_readers(site: Path) -> None:
    html = (site / "articles/mee-2021-03-19/index.html").read_text("utf-8")
    page = _Page(html)
    assert page.meta["citation_title"] == ["生态环境部党组召开会议"]
    assert page.meta["citation_author"] == ["杜宣逸"]
    assert page.meta["citation_publication_date"] == ["2021/03/22"]
    assert page.meta["DC.publisher"] == page.meta["DC.source"] == ["中国环境报"]
    # Zotero's translators: z:itemType decides; citation_journal_title would make a journal article of it.
    assert page.meta["z:itemType"] == page.meta["DC.type"] == ["webpage"]
    assert "citation_journal_title" not in page.meta and "citation_pdf_url" not in page.meta
    files = [one.get("href") for one in page.links if "citation" in (one.get("type") or "")]
    assert files == ["mee-2021-03-19.csl.json"]
    assert page.meta["og:type"] == ["article"]
    assert any(one.get("rel") == "canonical" for one in page.links)
    assert any(one.get("type") == "application/atom+xml" for one in page.links)
    script = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
    assert script is not None
    ld = json.loads(script[1])
    assert (ld["@context"], ld["@type"]) == ("https://schema.org", "NewsArticle")
    assert ld["url"] == "https://example.org/sub/articles/mee-2021-03-19/"


def test_a_hostile_title_stays_a_text_in_every_place(site: Path) -> None:
    html = (site / "articles/hostile/index.html").read_text("utf-8")
    assert "<script>alert" not in html and "<b onclick" not in html
    page = _Page(html)
    assert page.meta["citation_title"] == [HOSTILE_TITLE]


def test_site_wide_files_know_the_address(site: Path) -> None:
    assert "Sitemap: https://example.org/sub/sitemap.xml" in (site / "robots.txt").read_text("utf-8")
    assert "https://example.org/sub/search/?q={searchTerms}" in (site / "opensearch.xml").read_text("utf-8")
    assert "https://example.org/sub/data/articles.jsonl" in (site / "llms.txt").read_text("utf-8")


def test_the_search_page_keeps_its_contract(site: Path) -> None:
    html = (site / "search/index.html").read_text("utf-8")
    assert re.search(r'<input[^>]*id="digest-search"', html)
    assert re.search(r'id="search-results" data-state="idle"', html)
