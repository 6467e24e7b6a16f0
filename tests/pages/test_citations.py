"""Citations: one electronic document in every form, files that other programs read, warnings, no dates of unknown year."""

from __future__ import annotations

import json
import re

from build_tools.core.article import Trust
from build_tools.pages import article, cite
from tests.pages.test_article import CONTEXT
from tests.support.factory import fact, make_article

HERE = "https://example.org/articles/mee-2021-03-19/"


def test_every_form_says_that_it_is_an_electronic_document() -> None:
    texts = cite.texts(make_article(), HERE)
    assert texts["GB/T 7714—2025"] == (
        f"杜宣逸. 生态环境部党组召开会议[EB/OL]. 中国环境报, (2021-03-22)[引用日期]. {HERE}."
    )
    assert "中国环境报, 2021(2021-03-22)[引用日期]" in texts["GB/T 7714—2015"]
    assert texts["APA"] == f"杜宣逸. (2021, March 22). 生态环境部党组召开会议. 中国环境报. {HERE}"
    assert texts["BibTeX"].startswith("@online{mee-2021-03-19,\n  author = {{杜宣逸}},\n")
    rows = [line.split("  - ", 1) for line in texts["RIS"].split("\n")]
    assert all(len(row) == 2 and re.fullmatch("[A-Z][A-Z0-9]", row[0]) for row in rows)
    assert rows[0] == ["TY", "ELEC"] and rows[-1] == ["ER", ""] and ["DA", "2021/03/22"] in rows
    assert "SP" not in dict(rows) and "JO" not in dict(rows)
    (item,) = json.loads(texts["CSL-JSON"])
    assert item["type"] == "webpage" and item["issued"] == {"date-parts": [[2021, 3, 22]]}
    assert item["author"] == [{"literal": "杜宣逸"}] and item["publisher"] == "中国环境报"


def test_a_day_without_a_year_is_no_date_of_a_citation() -> None:
    one = make_article(published=fact("XXXX-03-06"))
    for name, text in cite.texts(one, HERE).items():
        assert "XXXX" not in text and "03-06" not in text, name
    assert "[EB/OL]. 中国环境报, [引用日期]" in cite.texts(one, HERE)["GB/T 7714—2025"]


def test_a_website_that_is_named_as_the_author_is_the_publisher() -> None:
    one = make_article(authors=(fact("省生态环境厅官网"),), source=None)
    assert cite.texts(one, HERE)["GB/T 7714—2025"].startswith(
        "生态环境部党组召开会议[EB/OL]. 省生态环境厅官网, ("
    )


def test_hostile_titles_stay_one_field_in_each_file() -> None:
    title = '1~3月 {a}\\b%$ "甲"\u2028</pre><script>'
    one = make_article(title=fact(title), trust=fact(Trust.DAMAGED))
    texts = cite.texts(one, HERE)
    assert "title = {1\\textasciitilde{}3月 \\{a\\}\\textbackslash{}b\\%\\$" in texts["BibTeX"]
    assert texts["RIS"].count("\nTI  - ") == 1 and all("  - " in line for line in texts["RIS"].splitlines())
    assert json.loads(texts["CSL-JSON"])[0]["title"] == title
    page = article.article(one, CONTEXT, address=HERE).text
    assert "</pre><script>" not in page
    files = dict(cite.files(one, HERE))
    assert set(files) == {f"articles/{one.id}/{one.id}{end}" for end in (".bib", ".ris", ".csl.json")}
    assert all("受损" in data.decode() for data in files.values())


def test_key_points_are_told_apart_in_descriptions() -> None:
    one = make_article(
        key_points=(fact("加强设计"), fact("推进达峰。"), fact("做好保障；")),
    )
    assert 'description: "加强设计；推进达峰；做好保障。"' in article.article(one, CONTEXT).text
