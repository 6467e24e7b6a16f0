"""Old addresses of what was renamed lead to the new ones; a slip in the list is one line, and the rest holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from build_tools.bench.search import Host
from build_tools.core.diagnostics import Report
from build_tools.core.registry import Redirect
from build_tools.corpus.registries import read_registries
from build_tools.pages.redirects import resolved
from tests.support.command import here
from tests.support.corpus import Built, build, tree

PAGES = ("articles/new", "people/wang-wei", "themes/t")


def test_an_old_address_leads_through_several_renamings() -> None:
    report = Report()
    told = (Redirect("articles/a", "articles/b", 1), Redirect("articles/b", "articles/new", 2))
    assert resolved(told, PAGES, report) == {"articles/a": "articles/new", "articles/b": "articles/new"}
    assert report.lines() == []


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (
            [("people/a", "people/b"), ("people/b", "people/a")],
            "people/a leads back to itself → break the circle",
        ),
        ([("people/a", "people/a")], "people/a leads back to itself"),
        ([("articles/new", "people/wang-wei")], "articles/new: a page is there → remove the line"),
        ([("people/a", "people/wangwei")], "people/a leads to people/wangwei, where no page is"),
        ([("people/a", "people/wangwei")], "people/wang-wei"),  # is proposed
    ],
)
def test_a_circle_a_page_that_is_there_and_an_end_that_is_not_are_one_line_and_the_rest_holds(
    told: list[tuple[str, str]], said: str
) -> None:
    report = Report()
    lines = [*(Redirect(*one, at + 1) for at, one in enumerate(told)), Redirect("themes/old", "themes/t", 9)]
    assert resolved(lines, PAGES, report) == {"themes/old": "themes/t"}
    assert said in report.lines()[0] and report.lines()[0].startswith("redirects.yml:1: error: ")
    assert report.exit_code == 1


@pytest.mark.parametrize(
    "address",
    ["https://evil.test/people/a", "//evil.test/a", "javascript:alert(1)", "articles/../../etc/passwd", "articles/con",
     "articles/a b", "articles/<script>alert(1)</script>", "articles/a/b", "search", "raw/a", "articles/", "", "..",
     "articles/" + "a" * 81, "articles/a?b", "articles/a#b", "articles/%2e%2e", "articles\\a", "articles/新"],
)  # fmt: skip
def test_a_hostile_address_is_one_line_on_either_side(tmp_path: Path, address: str) -> None:
    lines = {address: "articles/new", "people/a": "people/wang-wei", "articles/b": address}
    (tmp_path / "redirects.yml").write_text(json.dumps(lines, ensure_ascii=False, indent=1), "utf-8")
    report = Report()
    found = read_registries(tmp_path, report)[0].redirects
    assert [(one.old, one.new) for one in found] == [("people/a", "people/wang-wei")]
    assert [line.split(" ")[0] for line in report.lines()] == ["redirects.yml:2:", "redirects.yml:4:"]
    assert all("is no address of a page" in line for line in report.lines())


@pytest.mark.parametrize(
    "text", ["- a\n", "words", "a: [", "people/a: people/b\npeople/a: people/c\n", "\x00"]
)
def test_a_list_that_cannot_be_read_is_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "redirects.yml").write_text(text, "utf-8")
    report = Report()
    registries, lost = read_registries(tmp_path, report)
    assert registries.redirects == () and lost == ("redirects.yml",) and len(report.lines()) == 1


def test_a_renamed_articles_paragraphs_are_found_at_their_old_address(browser: Browser, built: Built) -> None:
    corpus, out = built
    page = next((corpus / "articles").glob("*.txt"))
    old = page.stem
    rows = (out / "site/data/articles.jsonl").read_text("utf-8").splitlines()
    paragraph = next(one for one in map(json.loads, rows) if one["id"] == old)["paragraphs"][0]["id"]
    page.rename(page.with_stem("renamed"))
    (corpus / "redirects.yml").write_text(
        f"/articles/{old}/: articles/renamed\narticles/gone: articles/none\n", "utf-8"
    )
    said = build(corpus, out, 1)
    assert "redirects.yml:2: error: articles/gone leads to articles/none, where no page is" in said.stderr
    site = out / "site"
    for path in (
        *site.glob("data/*.*"),
        *site.glob("sitemap.xml"),
        *site.glob("feeds/*.*"),
        site / "articles/index.html",
    ):
        assert old.encode() not in path.read_bytes(), path
    for script in (True, False):
        context = browser.new_context(java_script_enabled=script)
        with Host(site) as host:
            tab = context.new_page()
            tab.goto(f"{host.url}/articles/{old}/?hl=x#{paragraph}")
            tab.wait_for_url(f"{host.url}/articles/renamed/" + (f"?hl=x#{paragraph}" if script else ""))
            assert tab.locator(f"#{paragraph}").count() == 1
        context.close()
    assert 'content="noindex"' in (site / "articles" / old / "index.html").read_text("utf-8")
    assert "redirects.yml:2: error: articles/gone" in here("check", "--corpus", corpus, code=1).stderr
    (corpus / "redirects.yml").write_text(f"articles/{old}: articles/renamed\n", "utf-8")
    build(corpus, out)
    build(corpus, out.parent / "clean")
    assert tree(site) == tree(out.parent / "clean" / "site")
    (corpus / "redirects.yml").unlink()
    build(corpus, out)
    assert not (site / "articles" / old).exists()
