"""The site's address is decided in one place, and a site without one says no false one."""

from __future__ import annotations

import json
import os
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from build_tools.core.diagnostics import Report
from build_tools.core.web_address import WebAddress
from build_tools.desk.address import imprint, site_url
from tests.support.command import digest
from tests.support.corpus import make, tree

ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_strongest_of_option_environment_digest_yml_and_mkdocs_yml_is_taken(tmp_path: Path) -> None:
    report = Report()
    (tmp_path / "mkdocs.yml").write_text('site_name: x\nsite_url: "https://mkdocs.cn/a" # ours\n', "utf-8")
    assert site_url(None, tmp_path, {}, report) == "https://mkdocs.cn/a/"
    (tmp_path / "digest.yml").write_text("site_url: https://digest.cn\n", "utf-8")
    assert site_url(None, tmp_path, {"DIGEST_SITE_URL": ""}, report) == "https://digest.cn/"
    environment = {"DIGEST_SITE_URL": "https://user.github.io/repo"}  # as configure-pages gives it
    assert site_url(None, tmp_path, environment, report) == "https://user.github.io/repo/"
    assert site_url(WebAddress("https://given.cn/b/"), tmp_path, environment, report) == "https://given.cn/b/"
    assert report.lines() == []


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("digest.yml", "site_url: javascript:alert(1)\n", "digest.yml: error: 'javascript:alert(1)' does not"),
        ("digest.yml", "site_url: https://a.cn/?x=1\n", "digest.yml: error: 'https://a.cn/?x=1' has a ?"),
        ("digest.yml", "site_url: [\n", "digest.yml:2: error: is not valid YAML"),
        ("digest.yml", "siteurl: https://a.cn/\n", "digest.yml: warning: 'siteurl' means nothing here"),
        ("mkdocs.yml", "site_url: https://www.example.com/x/\n", "mkdocs.yml: warning: https://www.example.com"),
        ("mkdocs.yml", "site_url: !ENV [NOT_SET_ANYWHERE, '']\n", "digest.yml: warning: the site has no address"),
        ("mkdocs.yml", "site_url: 'https://a.cn\n", "mkdocs.yml: error: "),
    ],
)  # fmt: skip
def test_a_faulty_address_is_one_clear_line_and_counts_as_none(
    tmp_path: Path, file: str, text: str, told: str
) -> None:
    report = Report()
    (tmp_path / file).write_text(text, "utf-8")
    assert site_url(None, tmp_path, {}, report) is None
    assert any(line.startswith(told) and "→" in line for line in report.lines()), report.lines()


def test_who_edits_and_where_to_report_is_sought_in_the_same_places(tmp_path: Path) -> None:
    report = Report()
    (tmp_path / "mkdocs.yml").write_text(
        'site_name: x\nextra:\n  editor: "甲编辑部" # ours\n  contact: ""\n', "utf-8"
    )
    assert imprint(tmp_path, {}, report) == ("甲编辑部", "")
    assert [line.partition(" → ")[0] for line in report.lines()] == [
        "digest.yml: warning: no page says where to report an error"
    ]
    (tmp_path / "digest.yml").write_text("editor: 乙编辑部\ncontact: editor@wenzhai.cn\n", "utf-8")
    assert imprint(tmp_path, {}, report) == ("乙编辑部", "mailto:editor@wenzhai.cn")
    issues = "https://github.com/a/b/issues"  # as the workflow says it
    assert imprint(tmp_path, {"DIGEST_CONTACT": issues}, report) == ("乙编辑部", issues)
    assert len(report.lines()) == 1
    assert imprint(tmp_path, {"DIGEST_CONTACT": "javascript:alert(1)"}, report) == ("乙编辑部", "")
    assert report.exit_code == 1


def test_who_edits_and_where_to_report_is_on_every_page_and_nothing_empty(tmp_path: Path) -> None:
    corpus, out = make(tmp_path / "corpus"), tmp_path / "out"
    words = ("build", "--corpus", corpus, "--out", out, "--jobs", 1, "--no-pdf", "--no-mirror")

    def pages() -> list[str]:
        return [
            (out / "site" / name).read_text("utf-8") for name in tree(out / "site") if name.endswith(".html")
        ]

    assert digest(*words).stderr.count("no page says who edits the digest, where to report an error") == 1
    assert not any("编者：" in page or "报告错误" in page for page in pages())
    assert "no page says" not in digest(*words, before=_signed).stderr
    for page in pages():
        assert "编者：文摘编辑部" in page and '<a href="mailto:editor@wenzhai.cn">报告错误</a>' in page
    data = json.loads((out / "site/data/datapackage.json").read_text("utf-8"))
    assert data["contributors"][-1]["email"] == "editor@wenzhai.cn"


def _signed() -> None:
    os.environ |= {"DIGEST_EDITOR": "文摘编辑部", "DIGEST_CONTACT": "editor@wenzhai.cn"}


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("editor: [甲]", "the value of editor does not fit"),
        ("site_url: {a: b}", "the value of site_url does not fit"),
        (f"editor: {'甲' * 201}", "the editor's name has more than 200 characters"),
        ('editor: "\\x1b[31m甲"', "is not valid YAML: control characters"),
        ('editor: "\\u202e甲"', "is not valid YAML: control characters"),
        ("- editor: 甲", "is not a mapping"),
        ("editor: !!python/object/apply:os.system [x]", "is not valid YAML: a tag"),
        ("contact: javascript:alert(1)", "'javascript:alert(1)' does not begin with"),
        ("site_url: 'https://a.cn/\"><script>'", "has a blank, a quotation mark"),
    ],
)
def test_a_hostile_settings_file_is_one_line_and_says_nothing_on_the_site(
    written: str, told: str, tmp_path: Path
) -> None:
    (tmp_path / "digest.yml").write_text(f"{written}\n", "utf-8")
    report = Report()
    assert site_url(None, tmp_path, {}, report) is None
    assert imprint(tmp_path, {}, report) == ("", "")
    (line,) = (line for line in report.lines() if ": error: " in line)
    assert told in line and line.startswith("digest.yml:") and " → " in line


def _without() -> None:
    del os.environ["DIGEST_SITE_URL"]


@pytest.mark.slow
def test_a_site_without_an_address_says_no_false_one_and_with_one_it_is_everywhere(tmp_path: Path) -> None:
    corpus, out = make(tmp_path / "corpus"), tmp_path / "out"
    words = ("build", "--corpus", corpus, "--out", out, "--jobs", 1, "--no-pdf")
    said = digest(*words, before=_without)
    assert said.stderr.count("the site has no address") == 1
    assert (
        digest(*words, before=_without).stderr.count("the site has no address") == 1
    )  # nothing changed: told again
    site = out / "site"
    files, before = {name: (site / name).read_bytes() for name in tree(site)}, tree(site)
    assert not {"sitemap.xml", "sitemap.xml.gz", "opensearch.xml"} & files.keys()
    for name, data in files.items():
        if name.endswith((".html", ".txt", ".atom", ".json", ".bib", ".ris", ".xml")):
            assert b"example.org" not in data and b'rel="canonical"' not in data, name
            assert b"citation_public_url" not in data and b"opensearch" not in data, name
            assert b"//articles/" not in data and b"{/articles/" not in data, name
    feed = ET.fromstring(files["feeds/site.atom"])
    base = feed.get("{http://www.w3.org/XML/1998/namespace}base")
    ids = [str(one.text) for one in feed.iter(f"{ATOM}id")]
    assert len(ids) > 3 and all(one.startswith("urn:uuid:") for one in ids) and len(set(ids)) == len(ids)
    for link in feed.iter(f"{ATOM}link"):
        assert (site / "feeds" / str(base) / str(link.get("href"))).exists(), link.get("href")
    for name in (name for name in files if re.fullmatch(r"feeds/people/.*\.atom", name)):
        inner = ET.fromstring(files[name])
        root = (site / name).parent / str(inner.get("{http://www.w3.org/XML/1998/namespace}base"))
        assert all((root / str(one.get("href"))).exists() for one in inner.iter(f"{ATOM}link")), name
    items = json.loads(files["feeds/site.json"])
    assert "feed_url" not in items and "url" not in items["items"][0]
    assert [one["id"] for one in items["items"]] == ids[1:]

    assert "address" not in digest(*words, "--site-url", "https://user.github.io/repo").stderr
    root = "https://user.github.io/repo/"
    assert f'rel="canonical" href="{root}about/"' in (site / "about/index.html").read_text("utf-8")
    assert f"{root}feeds/site.atom" in (site / "feeds/site.atom").read_text("utf-8")
    assert f"Sitemap: {root}sitemap.xml" in (site / "robots.txt").read_text("utf-8")
    assert f"<loc>{root}about/</loc>" in (site / "sitemap.xml").read_text("utf-8")
    assert f"{root}search/?q=" in (site / "opensearch.xml").read_text("utf-8")
    digest(*words, before=_without)
    assert tree(site) == before  # nothing of the address stays
