"""The ledger of numbers and deadlines: all of what attests, each with its paragraph, on pages that stay short."""

from __future__ import annotations

import io
import zipfile

from playwright.sync_api import Browser

from build_tools.core.article import Commitment, Trust
from build_tools.core.paths import PACKAGE
from build_tools.outputs import open_data
from build_tools.pages import ledger
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
    assert "../data/commitments.jsonl" in html and "按主题：碳达峰碳中和" in visible(html)
    made = {page.path: body(page) for page in site_pages(site)}
    assert "2030年前实现二氧化碳排放达峰" in visible(made["commitments/carbon.md"])
    office = next(text for path, text in made.items() if path == "organizations/mee.md")
    assert "收集率达到75%以上" in visible(office) and f"../articles/{one.id}.md#{where}" in office
    text = visible(html)
    assert (
        "2030年前实现二氧化碳排放达峰 时限 · 生态环境部 · 碳达峰碳中和 — 2030年前 2021年3月19日 第2段" in text
    )
    assert "收集率达到75%以上 数量 · 生态环境部" in text and "范文的话" not in text
    assert f"../articles/{one.id}.md#{where}" in html


def test_the_rows_of_the_data_are_those_of_the_ledger_with_what_it_is_filtered_by() -> None:
    one = make_article()
    where = one.paragraphs[1].id
    one = make_article(commitments=(Commitment(where, "2030年前达峰", None, "2030年前"),))
    (row,) = open_data.commitment_records(one)
    assert (row["date"], row["organization"], row["number"]) == ("2021-03-19", "生态环境部", 2)
    assert row["themes"] == ["碳达峰碳中和"] and row["attests"] and row["paragraph"] == where


def test_an_organisations_page_says_who_presided_from_when_to_when() -> None:
    later = make_article(id="later", published=fact("2023-05-02"), held=None)
    made = {page.path: body(page) for page in site_pages(site_of((make_article(), later)))}
    text = visible(made["organizations/mee.md"])
    assert "历次主持者" in text and "孙金龙 生态环境部党组书记 2021年3月19日 2023年5月2日 2 次" in text


def test_the_ledger_is_filtered_over_the_whole_site(browser: Browser) -> None:
    rows = [
        {"article": "a", "date": "2024-01-23", "organization": "生态环境部", "attests": True, "paragraph": "p-1",
         "number": 3, "themes": ["碳达峰碳中和"], "text": "2030年前达峰", "quantity": None, "deadline": "2030年前"},
        {"article": "b", "date": "2023-05", "organization": "省厅", "attests": True, "paragraph": "p-2",
         "number": 1, "themes": [], "text": "<b>收集率</b>达到75%", "quantity": "75%", "deadline": None},
        {"article": "c", "date": None, "organization": None, "attests": False, "paragraph": "p-3",
         "number": 1, "themes": [], "text": "范文的话", "quantity": "1个", "deadline": None},
    ]  # fmt: skip
    host = "http://ledger.invalid/"
    script = (PACKAGE / "theme" / "assets" / "ledger.js").read_text("utf-8")
    page_of = (
        '<div class="md-content"><a href="../data/commitments.jsonl">全部数据</a>'
        f"{ledger.form(3)}<table><thead><tr><th>内容<th>数量<th>时限<th>出处</thead><tbody><tr><td>本页</td></tr></tbody></table></div><script src=ledger.js></script>"
    )
    heads = ["数量", "时限", "出处"]  # a phone stacks the cells, each with the head of its column
    page = browser.new_page()
    page.route(
        f"{host}commitments/",
        lambda route: route.fulfill(body=page_of, content_type="text/html; charset=utf-8"),
    )
    page.route(
        f"{host}commitments/ledger.js",
        lambda route: route.fulfill(body=script, content_type="text/javascript"),
    )
    page.route(f"{host}data/commitments.jsonl", lambda route: route.fulfill(body=open_data.jsonl(rows)))
    page.goto(f"{host}commitments/")
    assert page.locator("[role=status]").inner_text() == "全站 3 项"
    assert page.locator("td").all_inner_texts() == ["本页"]  # nothing is asked for before a filter is used

    def shown(name: str, value: str) -> list[str]:
        if name == "text":
            page.fill("input[name=text]", value)
        else:
            page.locator(f"select[name={name}]").focus()
            page.locator(f"select[name={name}] option[value='{value}']").wait_for(state="attached")
            page.select_option(f"select[name={name}]", value)
        count = {"": 2}.get(value, 1)
        page.locator("[role=status]", has_text=f"全站 {count} 项").wait_for()
        return page.locator("tr td:first-child").all_inner_texts()

    assert shown("kind", "时限") == ["2030年前达峰 生态环境部 · 碳达峰碳中和"]
    assert page.locator("td a").last.get_attribute("href") == f"{host}articles/a/#p-1"
    assert page.locator("td[data-head]").evaluate_all("all => all.map(one => one.dataset.head)") == heads
    assert len(shown("kind", "")) == 2  # not the model text
    assert shown("organization", "省厅") == ["<b>收集率</b>达到75% 省厅"]
    assert len(shown("organization", "")) == 2
    assert shown("year", "2024") == ["2030年前达峰 生态环境部 · 碳达峰碳中和"]
    assert len(shown("year", "")) == 2
    assert shown("theme", "碳达峰碳中和") == ["2030年前达峰 生态环境部 · 碳达峰碳中和"]
    assert len(shown("theme", "")) == 2
    assert shown("text", "收集率") == ["<b>收集率</b>达到75% 省厅"]
    page.close()


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
