"""The ledger of numbers and deadlines: all of what attests, each with its paragraph, on pages that stay short."""

from __future__ import annotations

import io
import zipfile

from build_tools.core.article import Commitment, Trust
from build_tools.outputs import open_data
from tests.pages.test_article import body, visible
from tests.pages.test_true_numbers import site_of
from tests.support.factory import fact, make_article, site_pages


def test_every_number_and_deadline_is_listed_with_its_paragraph_body_and_themes() -> None:
    one = make_article()
    where = one.paragraphs[1].id
    promises = (
        Commitment(where, "2030年前实现二氧化碳排放达峰", None, "2030年前"),
        Commitment(where, "收集率达到75%以上", "75%以上", None),
    )
    model = make_article(
        id="model", trust=fact(Trust.TEMPLATE), commitments=(Commitment(where, "范文的话", "1个"),)
    )
    site = site_of((make_article(commitments=promises), model))
    html = {page.path: body(page) for page in site_pages(site)}["commitments/index.md"]
    text = visible(html)
    assert (
        "2030年前实现二氧化碳排放达峰 时限 · 生态环境部 · 碳达峰碳中和 — 2030年前 2021年3月19日 第2段" in text
    )
    assert "收集率达到75%以上 数量 · 生态环境部" in text and "范文的话" not in text
    assert f"../articles/{one.id}.md#{where}" in html


def test_a_long_ledger_is_cut_by_year() -> None:
    articles = tuple(
        make_article(id=f"a{n:02}", held=None, published=fact(f"20{10 + n % 3}-05-01")) for n in range(30)
    )
    made = {page.path: body(page) for page in site_pages(site_of(articles))}
    shelves = [path for path in made if path.startswith("commitments/index/")]
    assert len(shelves) == 3 and all(made[path].count("<tr>") == 11 for path in shelves)
    assert made["commitments/index.md"].count("<tr>") == 11


def test_all_data_are_in_one_archive_of_the_same_bytes() -> None:
    files = [("a.jsonl", b"{}\n"), ("datapackage.json", b"{}\n")]
    made = dict(open_data.with_archive(files))
    assert made == dict(open_data.with_archive(files))
    with zipfile.ZipFile(io.BytesIO(made["digest-data.zip"])) as archive:
        assert {name: archive.read(f"digest-data/{name}") for name, _ in files} == dict(files)
