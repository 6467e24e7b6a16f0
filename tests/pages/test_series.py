"""Serial meetings side by side: tasks kept, added, dropped, each linked to its paragraph."""

from __future__ import annotations

import re

from build_tools.core.article import Article, Trust
from build_tools.graph.link import link
from build_tools.graph.summary import card_of, excerpts_of
from build_tools.pages import article as article_page
from tests.pages.test_article import REGISTRIES, body, visible
from tests.support.factory import fact, make_article, site_pages


def meeting(year: int, *points: str, trust: Trust = Trust.ORIGINAL) -> Article:
    one = make_article(
        id=f"m{year}",
        title=fact(f"{year}年全国生态环境保护工作会议在京召开"),
        published=fact(f"{year}-01-24"),
        held=None,
        trust=fact(trust),
    )
    where = one.paragraphs[2].id
    return make_article(
        id=one.id, title=one.title, published=one.published, held=None, trust=one.trust,
        key_points=tuple(fact(point, where) for point in points),
    )  # fmt: skip


def pages(*articles: Article) -> dict[str, str]:
    quoted = {one.id: excerpts_of(one) for one in articles}
    site = link([card_of(one, ()) for one in articles], REGISTRIES, (), quoted.__getitem__)
    made = {page.path: body(page) for page in site_pages(site)}
    return made | {
        f"articles/{one.id}.md": body(article_page.article(one, site.context(one.id))) for one in articles
    }


def test_two_national_conferences_are_side_by_side() -> None:
    made = pages(
        meeting(2023, "持续打好污染防治攻坚战", "严密防控环境风险"),
        meeting(2024, "推进美丽中国先行区建设", "持之以恒打好污染防治攻坚战"),
    )
    index = made["series/index.md"]
    assert "全国生态环境保护工作会议" in index and "2 次" in index
    path = next(path for path in made if path.startswith("series/") and path != "series/index.md")
    text = visible(made[path])
    assert "保留 持续打好污染防治攻坚战 持之以恒打好污染防治攻坚战" in text
    assert "新增 — 推进美丽中国先行区建设" in text and "未再提 严密防控环境风险 —" in text
    assert f"../articles/m2024.md#{meeting(2024).paragraphs[2].id}" in made[path]
    assert f"../{path}" in made["articles/m2023.md"] and f"../{path}" in made["articles/m2024.md"]


def test_one_meeting_or_a_model_text_is_no_series() -> None:
    made = pages(meeting(2023, "甲"), meeting(2024, "乙", trust=Trust.TEMPLATE))
    assert [path for path in made if path.startswith("series/")] == ["series/index.md"]
    assert "还没有收录同名会议" in made["series/index.md"] and "series/" not in made["articles/m2023.md"]


def test_three_meetings_are_in_one_table_and_counted() -> None:
    made = pages(
        meeting(2022, "打好污染防治攻坚战", "严密防控环境风险"),
        meeting(2023, "持续打好污染防治攻坚战", "推进督察整改落实"),
        meeting(2024, "持之以恒打好污染防治攻坚战", "严密防控环境风险"),
    )
    path = next(path for path in made if path.startswith("series/") and path != "series/index.md")
    text = visible(made[path])
    assert "2024年1月24日与2023年1月24日 2 项 1 项 1 项 1 项" in text
    assert "打好污染防治攻坚战 持续打好污染防治攻坚战 持之以恒打好污染防治攻坚战" in text
    assert (
        "严密防控环境风险 — — — 推进督察整改落实 — — — 严密防控环境风险" in text
    )  # dropped, then taken up anew
    anchors = set(re.findall(r'href="#(vs-[^"]+)"', made[path]))
    assert len(anchors) == 2 and all(f'id="{anchor}"' in made[path] for anchor in anchors)
