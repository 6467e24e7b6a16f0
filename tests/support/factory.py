"""Articles made by hand, for tests of what comes after extraction."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from build_tools.core.article import (
    Article,
    BodyItem,
    Cleaned,
    Commitment,
    DateRange,
    Edit,
    Evidence,
    Fact,
    Gap,
    Kind,
    Level,
    Participant,
    Pass,
    Role,
    Statement,
    ThemeHit,
    Trust,
)
from build_tools.core.site import Card, Page
from build_tools.core.text import block_ids
from build_tools.core.web_address import WebAddress
from build_tools.graph.link import Site
from build_tools.pages import indexes

PARAGRAPHS = (
    "3月19日，生态环境部党组书记孙金龙主持召开部党组会议。生态环境部部长黄润秋列席会议。",
    "会议强调，要增强“四个意识”，狠抓落实，2030年前实现二氧化碳排放达峰。",
    "一是加强顶层设计。完整、准确、全面贯彻新发展理念，把握思想的******观。",
    "会议审议并原则通过《生态环境部党组关于开展党史学习教育的实施工作方案》。",
)


def fact(value: Any, where: str = "title", quote: str = "", rule: str = "by_hand") -> Any:
    return Fact(value, Evidence(rule, where, quote or str(value)))


def make_body(*texts: str) -> tuple[BodyItem, ...]:
    return tuple(BodyItem(name, text) for name, text in zip(block_ids(list(texts)), texts, strict=True))


def make_cleaned(text: str) -> Cleaned:
    """A ledger of one rule: every full-width comma was an ASCII one."""
    edits, start = [], -1
    while (start := text.find("，", start + 1)) >= 0:
        edits.append(Edit(start, ",", "，"))
    passes = (Pass("full_width_punctuation", tuple(edits)),) if edits else ()
    return Cleaned(text.replace("，", ","), text, passes, (), ())


def make_article(**changes: Any) -> Article:
    """The founding article 000 in short; any field may be given."""
    body = changes.get("body", make_body(*PARAGRAPHS))
    ids = [item.id for item in body if not item.level] or ["p-00000000"]
    at = {n: ids[min(n, len(ids) - 1)] for n in range(4)}
    if "body" not in changes:
        body = (*body[:2], replace(body[2], lead=((0, 9),)), body[3])
    text = "\n".join(item.text for item in body)
    fields: dict[str, Any] = {
        "id": "mee-2021-03-19",
        "raw_sha256": hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(),
        "raw_name": "mee-2021-03-19.txt",
        "encoding": "utf-8",
        "tool": None,
        "url": WebAddress("https://example.org/a?x=1&y=2"),
        "fetched": "2021-04-01",
        "status": "published",
        "title": fact("生态环境部党组召开会议"),
        "eyebrow": None,
        "decks": ("传达学习近期重要讲话精神，审议工作方案",),
        "published": fact("2021-03-22", "meta", "2021-03-22 13:51"),
        "held": fact(DateRange("2021-03-19", "2021-03-19"), at[0], "3月19日"),
        "place": None,
        "source": fact("中国环境报", "meta", "来源: 中国环境报"),
        "dateline_outlet": None,
        "authors": (fact("杜宣逸", "meta", "作者：杜宣逸"),),
        "editors": (fact("雪儿", "meta", "编辑：雪儿"),),
        "organization": fact("生态环境部", at[0], "生态环境部党组书记"),
        "level": fact(Level.CENTRAL),
        "kind": fact(Kind.MEETING),
        "trust": fact(Trust.ORIGINAL),
        "people": (
            Participant(
                "黄润秋",
                ("生态环境部部长",),
                (Role.SITS_IN,),
                evidence=(Evidence("office_name", at[0], "生态环境部部长黄润秋"),),
                person_id="huang-runqiu",
            ),
            Participant(
                "孙金龙",
                ("生态环境部党组书记",),
                (Role.PRESIDES,),
                evidence=(Evidence("office_name", at[0], "生态环境部党组书记孙金龙"),),
                person_id="sun-jinlong",
            ),
            Participant("库热西", ("部党组成员",), (Role.ATTENDS,)),
            Participant("晓华", ("市长",), (Role.MENTIONED,), weak=True),
        ),
        "statements": (
            Statement(at[1], None, "会议", "强调", "要增强“四个意识”，狠抓落实。"),
            Statement(at[1], "孙金龙", None, "指出", "要狠抓落实。"),
        ),
        "themes": (ThemeHit("碳达峰碳中和", 3.0, ((at[1], 0, 4),)),),
        "key_points": (fact("加强顶层设计", at[2], "一是加强顶层设计。"),),
        "documents": (fact("《生态环境部党组关于开展党史学习教育的实施工作方案》", at[3]),),
        "commitments": (Commitment(at[1], "2030年前实现二氧化碳排放达峰", None, "2030年前"),),
        "body": body,
        "gaps": (
            Gap(at[2], body[2].text.find("******") if "body" not in changes else 0, "******", "世界", "mask"),
        )
        if "body" not in changes
        else (),
        "cleaned": make_cleaned(text),
        "warnings": (),
        "corrections": (),
    }
    return Article(**{**fields, **changes})


def make_card(one: Article | None = None, **changes: Any) -> Card:
    """The card of an article as the pipeline would make it."""
    one = one or make_article()
    fields: dict[str, Any] = {
        "id": one.id,
        "title": one.display_title,
        "date": one.date,
        "published": one.published.value if one.published else None,
        "held": one.held.value if one.held else None,
        "volume": one.date[:4] if one.date[:4].isdigit() else "undated",
        "organization": one.organization.value if one.organization else None,
        "level": one.level.value,
        "kind": one.kind.value,
        "trust": one.trust.value,
        "source": one.source.value if one.source else None,
        "status": one.status,
        "people": one.people,
        "themes": one.themes,
        "sentences": (),
        "signature": (),
        "formulations": (),
        "documents": tuple(item.value for item in one.documents),
        "fetched": one.fetched,
    }
    return Card(**{**fields, **changes})


def site_pages(site: Site) -> Iterator[Page]:
    """Every page but the articles'."""
    for group in indexes.groups(site):
        yield from group.make()
