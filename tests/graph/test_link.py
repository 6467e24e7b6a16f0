"""What the whole corpus says of a person, a theme, an article; and that it is said fast and in one order."""

from __future__ import annotations

import random
import re
from dataclasses import replace

import pytest

from build_tools.core.article import BodyItem, Evidence, Kind, Participant, Role, Statement, ThemeHit, Trust
from build_tools.core.registry import Organization, Person, Registries, Theme
from build_tools.core.site import Card, Link
from build_tools.graph.addresses import person_slug, shelve, text_slug
from build_tools.graph.link import Site, has_feed, link
from build_tools.graph.summary import excerpts_of
from build_tools.outputs.search import bundle
from build_tools.pages import article as render
from build_tools.pages.lists import shelves
from tests.support.factory import make_article, make_card, site_pages
from tests.support.growth import assert_linear_steps

SUN = Person("sun-jinlong", "孙金龙")
REGISTRIES = Registries(
    people=(SUN,),
    organizations=(Organization("mee", "生态环境部", ("环境保护部",)),),
    themes=(Theme("climate", "应对气候变化"), Theme("carbon", "碳达峰碳中和", broader=("climate",))),
)


def card(name: str, date: str = "2021-03-19", **changes: object) -> Card:
    return make_card(id=name, title=f"会议{name}", date=date, volume=date[:4], **changes)


def person(site: Site, slug: str) -> object:
    return next(entry for entry in site.people if entry.slug == slug)


def test_a_registered_person_is_one_page_and_an_unreviewed_name_bears_its_hash() -> None:
    site = link([card("a"), card("b", "2022-01-01")], REGISTRIES)
    slugs = [entry.slug for entry in site.people]
    assert "sun-jinlong" in slugs
    assert [s for s in slugs if s.startswith("ku-rexi-")] and "xiao-hua" not in "".join(slugs)
    sun = next(entry for entry in site.people if entry.slug == "sun-jinlong")
    assert [row.card.id for row in sun.appearances] == ["b", "a"]


def test_namesakes_stay_apart() -> None:
    who = Participant("孙金龙", ("某县环保局局长",), (Role.SPEAKS,))
    site = link([card("a"), card("b", people=(who,))], REGISTRIES)
    same_name = [entry for entry in site.people if entry.name == "孙金龙"]
    assert len(same_name) == 2
    assert {len(entry.appearances) for entry in same_name} == {1}


def test_a_renamed_entry_keeps_its_page_and_the_old_name_gets_another() -> None:
    """A stub's id is the automatic slug of its name; after `name:` is mended, articles still have the old one."""
    who = Participant("孙金尤", ("部党组书记",), (Role.SPEAKS,))
    old = card(
        "a",
        organization="省生态环境厅",
        people=(who,),
        themes=(ThemeHit("双碳", 1.0, (("p-00000001", 0, 2),)),),
    )
    registries = Registries(
        people=(Person(person_slug("孙金尤"), "孙金龙"),),
        organizations=(Organization(text_slug("省生态环境厅"), "黑龙江省生态环境厅"),),
        themes=(Theme(text_slug("双碳"), "碳达峰碳中和"),),
    )
    site = link([old], registries)
    for entries, new, before, slug in (
        (site.people, "孙金龙", "孙金尤", person_slug("孙金尤")),
        (site.organizations, "黑龙江省生态环境厅", "省生态环境厅", text_slug("省生态环境厅")),
        (site.themes, "碳达峰碳中和", "双碳", text_slug("双碳")),
    ):
        found = {getattr(entry, "label", "") or getattr(entry, "name", ""): entry.slug for entry in entries}
        assert found[new] == slug
        assert found[before].startswith(slug[:-5]) and found[before] != slug
    pages = {page.path: page.text for page in site_pages(site)}
    assert len(pages) == sum(1 for _ in site_pages(site))
    shown = pages[f"organizations/{text_slug('省生态环境厅')}.md"]
    assert "黑龙江省生态环境厅" in shown and "未审校" not in shown
    for folder in ("people", "organizations", "themes"):
        listed = re.findall(r"\]\(([a-z0-9-]+)\.md\)", pages[f"{folder}/index.md"])
        assert len(listed) == len(set(listed)) == 2


def test_a_person_under_two_names_in_one_article_is_one_there() -> None:
    """库热西, whom the registry knows by his other name 库热西·买合苏提 too."""
    registry = Registries(
        people=(Person("ku-re-xi", "库热西", ("库热西·买合苏提",)), Person("sun-jinlong", "孙金龙"))
    )
    here = "p-00000001"
    people = (
        Participant(
            "库热西·买合苏提",
            ("副部长",),
            (Role.ATTENDS,),
            evidence=(Evidence("r", here, "出席"),),
            person_id="ku-re-xi",
        ),
        Participant("孙金龙", ("部党组书记",), (Role.PRESIDES,), person_id="sun-jinlong"),
        Participant("库热西", ("副部长", "部党组成员"), (Role.SPEAKS,), person_id="ku-re-xi"),
    )
    said = (
        Statement(here, "库热西", None, "指出", "要狠抓落实。"),
        Statement(here, "库热西·买合苏提", None, "强调", "要久久为功。"),
    )
    one = make_article(id="a", people=people, body=(BodyItem(here, "库热西出席。"),), statements=said)
    other = card("b", people=(people[1], replace(people[0], name="库热西")))
    site = link([make_card(one), other], registry, excerpts=lambda name: excerpts_of(one))
    entry = next(entry for entry in site.people if entry.slug == "ku-re-xi")
    assert [row.card.id for row in entry.appearances] == ["a", "b"]
    row = entry.appearances[0]
    assert row.roles == (Role.SPEAKS, Role.ATTENDS) and row.offices == ("副部长", "部党组成员")
    shown = {page.path: page.text for page in site_pages(site)}
    page = shown["people/ku-re-xi.md"]
    assert "**收录** 2 篇" in page and page.partition("## 讲话")[2].count("[生态环境部党组召开会议]") == 1
    assert "要狠抓落实" in page and "要久久为功" in page
    assert "[库热西](ku-re-xi.md) 2 次" in shown["people/sun-jinlong.md"]
    article = render.article(one, site.context("a")).text
    assert article.count("../people/ku-re-xi.md") == 2  # in the text and in the table, once each
    assert "[库热西·买合苏提](../people/ku-re-xi.md)（又作库热西）" in article
    assert bundle.document(one).people == (("ku-re-xi", "库热西·买合苏提"), ("sun-jinlong", "孙金龙"))


def test_two_names_of_one_spelling_have_two_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("李伟", "李炜", "黎伟")
    people = tuple(Participant(name, ("厅长",), (Role.SPEAKS,)) for name in names)
    monkeypatch.setattr(
        "build_tools.graph.link.person_slug", lambda name: "li-wei-0000"
    )  # one hash in 65,536
    slugs = [entry.slug for entry in link([card("a", people=people)], Registries()).people]
    assert len(set(slugs)) == 3 and "li-wei-0000" in slugs


def test_rejected_drafts_and_withdrawn_make_no_page_and_no_person() -> None:
    cards = [
        card("draft", status="draft"),
        card("gone", status="withdrawn"),
        card("fiction", trust=Trust.REJECTED),
    ]
    site = link(cards, Registries())
    assert site.cards == () and site.people == () and site.volumes == ()
    assert [one.id for one in site.withdrawn] == ["gone"]


def test_an_other_name_of_an_organisation_leads_to_its_page() -> None:
    site = link([card("a", organization="环境保护部")], REGISTRIES)
    assert site.context("a").organization == "mee"
    assert [(entry.slug, len(entry.cards)) for entry in site.organizations] == [("mee", 1)]


def test_broader_and_narrower_themes_know_each_other() -> None:
    site = link([card("a")], REGISTRIES)
    by_label = {entry.label: entry for entry in site.themes}
    assert by_label["碳达峰碳中和"].broader == ("应对气候变化",)
    assert by_label["应对气候变化"].narrower == ("碳达峰碳中和",)
    assert len(by_label["碳达峰碳中和"].hits) == 1


def test_related_and_variants_are_told_both_ways_with_their_reason() -> None:
    links = [
        Link("related", "a", "b", 0.5, "同一机构"),
        Link("near_duplicate", "c", "a", 0.9, "文字相同"),
        Link("related", "a", "c", 0.8),
        Link("related", "a", "nowhere", 1.0),
    ]
    site = link([card("a"), card("b"), card("c")], REGISTRIES, links)
    assert [(one.id, one.reason) for one in site.context("a").related] == [("b", "同一机构")]
    assert [one.id for one in site.context("a").variants] == ["c"]
    assert [one.id for one in site.context("c").variants] == ["a"]


def test_the_meeting_before_and_after_of_the_same_organisation() -> None:
    site = link([card("a", "2021-01-01"), card("b", "2022-01-01"), card("c", "2023-01-01")], REGISTRIES)
    context = site.context("b")
    assert context.earlier is not None and context.later is not None
    assert (context.earlier.id, context.later.id) == ("a", "c")


def test_copies_of_one_text_are_not_each_others_meeting_before() -> None:
    cards = [
        card("a", "2021-01-01"),
        card("b", "2022-01-01"),
        card("b2", "2022-01-01"),
        card("b3", "2022-01-02"),
    ]
    copies = [
        Link("near_duplicate", "b2", "b", 0.9),
        Link("near_duplicate", "b3", "b", 0.9),
        Link("near_duplicate", "b3", "b2", 0.9),
    ]
    for base in (cards[1], replace(cards[1], kind=Kind.OTHER)):
        site = link([cards[0], base, *cards[2:], card("c", "2023-01-01")], REGISTRIES, copies)
        told = {one.id: site.context(one.id) for one in site.cards}
        around = {name: (c.earlier and c.earlier.id, c.later and c.later.id) for name, c in told.items()}
        (stands,) = {"b", "b2", "b3"} & {name for name, found in around.items() if any(found)}
        assert stands == "b" or base.kind is Kind.OTHER
        assert (
            around["a"] == (None, stands) and around[stands] == ("a", "c") and around["c"] == (stands, None)
        )


def corpus(number: int) -> list[Card]:
    chance = random.Random(7)
    names = [
        chance.choice("赵钱孙李周吴郑王冯陈") + chr(chance.randrange(0x4E00, 0x9FA5)) * 2 for _ in range(8000)
    ]
    out = []
    for at in range(number):
        who = tuple(
            Participant(name, ("副厅长",), (Role.ATTENDS,))
            for name in chance.sample(names, chance.randrange(3, 12))
        )
        themes = tuple(
            ThemeHit(f"主题{chance.randrange(44)}", 1.0, (("p-00000001", 0, 2),)) for _ in range(4)
        )
        out.append(
            card(
                f"a{at:05}",
                f"20{chance.randrange(10, 26)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}",
                people=who,
                themes=tuple({hit.label: hit for hit in themes}.values()),
                organization=f"某市{chance.randrange(400)}生态环境局",
            )
        )
    return out


def test_one_more_article_changes_the_context_of_few_others() -> None:
    cards = corpus(400)
    before = link(cards[:-1], Registries())
    after = link(cards, Registries())
    changed = [one.id for one in cards[:-1] if before.context(one.id) != after.context(one.id)]
    assert len(changed) <= 2  # the meetings before and after of the same organisation


def test_the_order_of_the_input_changes_nothing() -> None:
    cards = corpus(200)
    links = [Link("related", cards[n].id, cards[n + 1].id, 0.5) for n in range(100)]
    shuffled, mixed = cards[:], links[:]
    random.Random(1).shuffle(shuffled)
    random.Random(2).shuffle(mixed)
    assert link(cards, REGISTRIES, links) == link(shuffled, REGISTRIES, mixed)


@pytest.mark.slow
def test_cost_grows_as_the_corpus_does() -> None:
    cards = corpus(2000)
    assert_linear_steps(lambda count: link(cards[:count], REGISTRIES), len(cards))


@pytest.mark.parametrize("limit", [1, 5, 100])
def test_shelves_hold_everything_once_and_never_more_than_the_limit(limit: int) -> None:
    dates = sorted((one.date for one in corpus(300)), reverse=True)
    boxes = shelves(dates, str, limit)
    assert [date for _, some in boxes for date in some] == dates
    assert all(len(some) <= limit for _, some in boxes)
    assert len({name for name, _ in boxes}) == len(boxes)
    slugs = sorted({f"li-{chr(97 + n % 26)}{n:03}" for n in range(300)})
    index = shelve(slugs, limit)
    assert sorted(slug for some in index.values() for slug in some) == slugs
    assert all(len(some) <= limit for some in index.values())


def test_a_new_date_touches_one_shelf() -> None:
    dates = sorted((one.date for one in corpus(300)), reverse=True)
    before = dict(shelves(dates, str, 20))
    after = dict(shelves(sorted([*dates, "2018-07-15"], reverse=True), str, 20))
    assert sum(1 for name, some in after.items() if before.get(name) != some) == 1


def test_a_shelf_that_is_full_becomes_two() -> None:
    dates = [f"2021-{month:02}-{day:02}" for month in range(12, 0, -1) for day in (20, 10)]
    names = [{name for name, _ in shelves(dates, str, limit)} for limit in (24, 12, 6, 2)]
    assert names[:2] == [{"2021"}, {"2021-h1", "2021-h2"}]
    assert names[2] == {f"2021-q{at}" for at in range(1, 5)} and len(names[3]) == 12
    more = {name for name, _ in shelves(["2021-12-30", *dates], str, 6)}
    assert more == {"2021-q1", "2021-q2", "2021-q3", "2021-10", "2021-11", "2021-12"}


def test_feeds_follow_reviewed_people_and_those_seen_often() -> None:
    site = link([card("a"), card("b"), card("c")], REGISTRIES)
    assert all(has_feed(entry) for entry in site.people)
    once = link([card("a")], REGISTRIES)
    assert {entry.slug for entry in once.people if has_feed(entry)} == {"sun-jinlong"}
