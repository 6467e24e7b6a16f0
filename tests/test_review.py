"""What `digest review` tells a curator: each doubt says who, where, and how to settle it."""

from __future__ import annotations

from build_tools.cards import card_of
from build_tools.diagnostics import Report
from build_tools.models import Article, Link, Organization, Registries
from build_tools.review import Doubt, doubts
from build_tools.similarity import links
from build_tools.slugs import text_slug
from tests.factory import fact, make_article, make_body


def told(
    articles: list[Article], registries: Registries | None = None, links: tuple[Link, ...] = ()
) -> list[Doubt]:
    return doubts(articles, registries or Registries(), links, Report())


def test_the_old_name_of_a_renamed_stub_is_told_with_its_new_one() -> None:
    article = make_article(organization=fact("省生态环境厅"))
    entry = Organization(text_slug("省生态环境厅"), "黑龙江省生态环境厅")
    (found,) = (
        one for one in told([article], Registries(organizations=(entry,))) if "省生态环境厅 is" in one.what
    )
    assert "if it is 黑龙江省生态环境厅 under an old name, add it to the `other_names`" in found.remedy


def test_a_copy_taken_in_later_is_the_doubted_one_and_is_doubted_once() -> None:
    texts = [
        f"会议强调，要坚决扛起生态环境保护的政治责任，抓好第{n}项督察反馈问题整改，确保按期销号。"
        for n in range(20)
    ]
    old = make_article(id="old", body=make_body(*texts))
    copies = [
        make_article(id=name, body=make_body(*texts), fetched=day)
        for name, day in (("a-copy", "2024-05-01"), ("b-copy", "2024-06-01"))
    ]
    articles = [*copies, old]
    found = [
        one
        for one in told(articles, links=tuple(links([card_of(one, ()) for one in articles])))
        if one.field == "same text"
    ]
    assert [one.place for one in found] == ["a-copy", "b-copy"]
    assert all("the same text as old" in one.what and "收录最早" in one.what for one in found)
    assert "withdrawn in articles/a-copy.yml; old stays" in found[0].remedy
