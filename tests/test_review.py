"""What `digest review` tells a curator: each doubt says who, where, and how to settle it."""

from __future__ import annotations

from build_tools.diagnostics import Report
from build_tools.models import Article, Link, Organization, Registries
from build_tools.review import Doubt, doubts
from build_tools.slugs import text_slug
from tests.factory import fact, make_article


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
