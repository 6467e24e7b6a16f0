"""繁體鏡像: the same site in the other script, every link inside it, names and quoted text as they are."""

from __future__ import annotations

import gzip
import json
import posixpath
import re
import subprocess
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import opencc
import pytest
from playwright.sync_api import Browser

from build_tools.bench.search import Host
from build_tools.core.paths import ROOT
from build_tools.core.vocabulary import load
from build_tools.outputs.site import mirror
from build_tools.outputs.traditional import traditional
from tests.support.command import digest
from tests.support.corpus import Built, build, make, tree
from tests.support.once import Once

URL = "https://wenzhai.test/d/"
NAME = "于会文"  # OpenCC alone: 於會文
_LINK = re.compile(r'\s(?:href|src|action)="([^"]*)"')


def make_site(folder: Path) -> None:
    corpus = make(folder / "corpus")
    page = sorted((corpus / "articles").glob("*.txt"))[0]
    text = page.read_text("utf-8")
    page.write_text(f"{text}。\n省长{NAME}指出，要干净、彻底地关停，关于里程碑的要求要着力落实.\n", "utf-8")
    digest("build", "--corpus", corpus, "--out", folder / "out", "--site-url", URL)


@pytest.fixture(scope="module")
def site(once: Once) -> Path:
    return once("mirrored", make_site) / "out" / "site"


def pages(site: Path) -> list[str]:
    found = (path.relative_to(site).as_posix() for path in sorted(site.rglob("*.html")))
    own = (path for path in found if not path.startswith("zh-hant/") and path != "404.html")
    return [path for path in own if not path.endswith("/collation.html")]  # shows the source's own characters


@pytest.mark.parametrize("path", sorted((ROOT / "corpus" / "articles").glob("*.txt")), ids=lambda p: p.stem)
def test_the_text_is_opencc_s_own_but_for_the_usual_writing_of_pollution(path: Path) -> None:
    text = path.read_text("utf-8", "replace")
    for ours in load("traditional")["phrases"]:
        text = text.replace(ours, "")
    assert traditional(text) == opencc.OpenCC("s2tw").convert(text).replace("汙", "污")
    assert len(traditional(text)) == len(text)


def test_every_page_has_its_twin_and_each_names_the_other(site: Path) -> None:
    assert len(pages(site)) > 20
    for path in pages(site):
        own, twin = (site / path).read_text("utf-8"), (site / "zh-hant" / path).read_text("utf-8")
        here = path.removesuffix("index.html")
        for html in (own, twin):
            assert f'hreflang="zh-Hans" href="{URL}{here}"' in html, path
            assert f'hreflang="zh-Hant" href="{URL}zh-hant/{here}"' in html, path
            assert html.count('<a class="digest-script"') == 1, path
        assert '<html lang="zh-Hant"' in twin
        assert f'<link rel="canonical" href="{URL}zh-hant/{here}">' in twin
        assert f'<link rel="canonical" href="{URL}{here}">' in own
        assert re.findall(r'\bid="([^"]*)"', own) == re.findall(r'\bid="([^"]*)"', twin), path


def test_links_stay_inside_the_mirror_and_all_lead_somewhere(site: Path) -> None:
    left = []
    for path in pages(site):
        twin = f"zh-hant/{path}"
        html = (site / twin).read_text("utf-8")
        for link in map(unescape, _LINK.findall(html)):
            bare = link.partition("#")[0].partition("?")[0]
            if not bare or link.startswith(("https:", "mailto:")):
                continue
            target = posixpath.normpath(posixpath.join(posixpath.dirname(twin), bare))
            there = site / target
            assert (there / "index.html" if there.is_dir() else there).is_file(), (twin, link)
            if not target.startswith("zh-hant") and there.is_dir():
                left.append((path.removesuffix("index.html").rstrip("/") or ".", target))
    assert left
    assert all(page == target for page, target in left), "only the switch leads out"


def test_names_and_quoted_source_text_are_not_taken_for_words(site: Path) -> None:
    twins = [path.read_text("utf-8") for path in sorted((site / "zh-hant" / "articles").glob("*/index.html"))]
    (html,) = [one for one in twins if "關於里程碑" in one]
    assert "於會文" not in html
    assert "于會文</a>指出，要乾淨、徹底地關停，關於里程碑的要求要著力落實" in html
    assert "要求要着力落实" in re.sub("<[^>]*>", "", html), "the ledger quotes the source"
    assert 'name="citation_title" content="' in html
    for kept in re.findall(r'<meta name="(?:citation_|DC\.)title" content="([^"]*)"', html):
        assert kept != traditional(kept)
    for kind in ("Atom", "JSON"):
        feed = site / "zh-hant" / "feeds" / f"site.{kind.lower()}"
        told = feed.read_text("utf-8")
        assert "zh-Hant" in told
        assert f"{URL}zh-hant/articles/" in told
        assert f"{URL}articles/" not in told


def test_a_printed_article_is_in_traditional_characters_too(site: Path) -> None:
    for path in (site / "pdf").rglob("*.pdf"):
        assert (site / "zh-hant" / path.relative_to(site)).is_file()
    pdf = next((site / "zh-hant" / "pdf").glob("bench*.pdf"), None) or next(
        one for one in sorted((site / "zh-hant" / "pdf").glob("*.pdf")) if one.stem != "digest"
    )
    text = subprocess.run(["pdftotext", pdf, "-"], capture_output=True, text=True, check=True).stdout
    assert "生態環境" in text
    assert "生态环境" not in text


@pytest.mark.slow
def test_without_the_mirror_nothing_of_it_is_left_and_with_it_again_all_is(built: Built) -> None:
    before = tree(built.out / "site")
    build(built.corpus, built.out, 0, "--no-mirror")
    assert not (built.out / "site" / "zh-hant").exists()
    assert 'class="digest-script"' not in (built.out / "site" / "index.html").read_text("utf-8")
    build(built.corpus, built.out, 0, "--mirror-limit", 4)
    assert tree(built.out / "site") == before


@pytest.mark.slow
def test_a_new_name_that_is_hard_to_write_reaches_the_pages_that_had_it_already(built: Built) -> None:
    page = sorted((built.corpus / "articles").glob("*.txt"))[1]
    page.write_text(f"{page.read_text('utf-8')}。\n市长{NAME}强调，要抓好落实。\n", "utf-8")
    build(built.corpus, built.out)
    clean = built.out.parent / "clean"
    build(built.corpus, clean)
    assert tree(built.out / "site") == tree(clean / "site")


@pytest.fixture
def address(site: Path, tmp_path: Path) -> Iterator[str]:
    (tmp_path / "d").symlink_to(site, target_is_directory=True)
    with Host(tmp_path) as host:
        yield f"{host.url}/d/"


@pytest.mark.parametrize("query", ["着力落实", "著力落實"])
def test_search_in_the_mirror_finds_in_both_scripts_and_shows_the_mirror_s(
    browser: Browser, address: str, query: str
) -> None:
    page = browser.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(f"{address}zh-hant/search/?q={query}")
    page.wait_for_selector('#search-results[data-state="ready"]')
    found = page.locator("#search-results").get_attribute("data-articles")
    assert page.locator("#search-results mark").first.text_content() == "著力落實"
    assert "/zh-hant/articles/" in (page.locator(".ds-title").first.get_attribute("href") or "")
    page.goto(f"{address}search/?q={query}")
    page.wait_for_selector('#search-results[data-state="ready"]')
    assert page.locator("#search-results").get_attribute("data-articles") == found != "0"
    assert wrong == []
    page.close()


def test_the_switch_changes_the_script_and_keeps_the_page(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}people/")
    page.click(".digest-script")
    assert page.url == f"{address}zh-hant/people/"
    page.click(".digest-script")
    assert page.url == f"{address}people/"
    page.close()


def test_what_is_compared_stays_simplified_beside_what_is_shown(site: Path) -> None:
    for path in (site / "zh-hant" / "search" / "data").glob("text/*.json.gz"):
        for anchor, text, shown in json.loads(gzip.decompress(path.read_bytes())):
            assert len(text) == len(shown), anchor
    assert mirror.mirrored("search/data/manifest.json")
