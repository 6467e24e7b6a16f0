"""What `digest review` tells a curator: each doubt says who, where, and how to settle it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from build_tools.core.article import Article, Evidence, Participant, Role
from build_tools.core.diagnostics import Report
from build_tools.core.registry import Organization, Person, Post, Registries
from build_tools.core.site import Link
from build_tools.corpus.reader import read
from build_tools.desk.review import Doubt, doubts
from build_tools.desk.stubs import accept
from build_tools.facts.identity import unchecked
from build_tools.graph.addresses import text_slug
from build_tools.graph.link import link
from build_tools.graph.related import links
from build_tools.graph.summary import card_of
from tests.support.factory import fact, make_article, make_body, site_pages


def told(
    articles: list[Article], registries: Registries | None = None, links: tuple[Link, ...] = ()
) -> list[Doubt]:
    return doubts(articles, registries or Registries(), links, Report())


def who(name: str, offices: tuple[str, ...] = (), quote: str = "", known: str | None = None) -> Participant:
    seen = (Evidence("office_name", "hints", quote),) if quote else ()
    return Participant(name, offices, (Role.PRESIDES, Role.SPEAKS), evidence=seen, person_id=known)


MINISTER = Person("sun-jinlong", "孙金龙", posts=(Post("生态环境部党组书记", "生态环境部"),))


def of_people(found: list[Doubt]) -> list[Doubt]:
    return [one for one in found if one.field == "people"]


def test_a_namesake_taken_for_a_registered_man_is_asked_about_once() -> None:
    people = (who("孙金龙", ("副县长",), "副县长孙金龙主持会议", "sun-jinlong"),)
    articles = [make_article(id=name, people=people) for name in ("b", "c")]
    articles.append(make_article(id="d", people=(who("孙金龙", ("部党组书记",), "", "sun-jinlong"),)))
    (found,) = of_people(told(articles, Registries(people=(MINISTER,))))
    assert found.place == "b"
    assert found.what == (
        "孙金龙（副县长；主持、讲话）“副县长孙金龙主持会议” is taken for sun-jinlong（生态环境部党组书记）, "
        "and in 1 more article(s): the same man?"
    )
    assert "add this office to the `posts` of sun-jinlong" in found.remedy and "another id" in found.remedy


def test_namesakes_that_cannot_be_told_apart_are_named_with_what_settles_it() -> None:
    other = Person("sun-jinlong-2", "孙金龙", posts=(Post("县长"),))
    article = make_article(id="b", people=(who("孙金龙", ("副县长",)),))
    (found,) = of_people(told([article], Registries(people=(MINISTER, other))))
    assert found.place == "b"
    assert "could be sun-jinlong（生态环境部党组书记） or sun-jinlong-2（县长）; none is taken" in found.what
    assert "add this office to the `posts`" in found.remedy and "articles/b.yml" in found.remedy


def test_unreviewed_people_are_listed_by_article_with_office_role_and_words() -> None:
    first = make_article(
        id="a", people=(who("韦一", ("厅长",), "厅长韦一主持会议并讲话"), who("丁二", ("副厅长",)))
    )
    second = make_article(id="b", people=(who("安三", (), "安三主持会议"),))
    found = of_people(told([first, second]))
    assert [(one.place, one.what[:2]) for one in found] == [("a", "韦一"), ("a", "丁二"), ("b", "安三")]
    assert found[0].what == "韦一（厅长；主持、讲话）“厅长韦一主持会议并讲话” is unreviewed, in 1 article(s)"
    assert found[0].remedy == "digest review --accept people 韦一 writes a stub"
    sun, *_ = of_people(
        told([make_article(people=tuple(replace(one, person_id=None) for one in make_article().people[1:2]))])
    )
    assert (
        "孙金龙（生态环境部党组书记；主持）“…9日，生态环境部党组书记孙金龙主持召开部党组会议。生态环境…”"
        in sun.what
    )


def accepted(folder: Path, articles: list[Article], what: str, *only: str) -> tuple[list[str], str]:
    """What `--accept` says, and the registry after it, which must read without a fault."""
    (folder / "articles").mkdir(exist_ok=True)
    report = Report()
    said = list(accept(what, articles, read(folder, report), report, only))
    read(folder, report)
    assert not report.diagnostics
    path = folder / f"{what}.yml"
    return said, path.read_text("utf-8") if path.exists() else ""


def test_accept_takes_only_the_names_given_and_says_that_nobody_checked_them(tmp_path: Path) -> None:
    article = make_article(id="a", people=(who("韦一", ("厅长",)), who("李四"), who("丁二")))
    said, text = accepted(tmp_path, [article], "people", "韦一", "李四", "王五")
    assert "name: 韦一" in text and "name: 李四" in text and "丁二" not in text
    assert text.startswith("# 未审校：") and text.count("summary: 未审校：由规则从 a ") == 2
    assert "people.yml: no stub for 王五: it is there, or in no article" in said
    people = read(tmp_path, Report()).registries.people
    assert [unchecked(person) for person in people] == [True, True]
    shown = {page.path: page.text for page in site_pages(link([], Registries(people=people)))}
    assert shown["people/index.md"].count("· 未审校") == 2
    assert "未审校：由规则从 a 读出" in shown["people/wei-yi.md"]
    again = of_people(told([], Registries(people=people)))
    assert [one.what for one in again] == [
        "韦一 is a stub that nobody has checked: wei-yi（厅长）",
        "李四 is a stub that nobody has checked: li-si（未审校：由规则从 a 读出，职务与同名者未核对。）",
    ]
    _, text = accepted(tmp_path, [article], "people")  # the bare form takes the rest
    assert text.count("- id: ") == 3
    _, text = accepted(tmp_path, [make_article(organization=fact("某市生态环境局"))], "organizations")
    assert text.startswith("# 未审校：")


def test_accept_writes_an_entry_for_a_namesake_only_when_asked_by_name(tmp_path: Path) -> None:
    (tmp_path / "people.yml").write_text(
        "- id: wei-yi\n  name: 韦一\n  posts: [{office: 县长}, {office: 厅长}]\n", "utf-8"
    )
    articles = [make_article(id="a", people=(who("韦一", ("副县长",)),))]
    said, _ = accepted(tmp_path, articles, "people")
    assert said == ["people.yml: nothing to add"]
    _, text = accepted(tmp_path, articles, "people", "韦一")
    assert "- id: wei-yi-2\n  name: 韦一\n  posts:\n  - office: 副县长\n    source: a\n" in text


def test_accept_warns_of_a_name_that_may_be_two_people(tmp_path: Path) -> None:
    articles = [
        make_article(id="a", people=(who("韦一", ("副县长",)),)),
        make_article(id="b", people=(who("韦一", ("生态环境部部长",)),)),
    ]
    said, text = accepted(tmp_path, articles, "people")
    assert said[0] == "people.yml: 韦一 may be more than one person: 副县长、生态环境部部长"
    assert "office: 生态环境部部长\n    source: b" in text
    (again,) = of_people(told([], read(tmp_path, Report()).registries))
    assert "perhaps more than one person" in again.what and again.weight > 10


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
    tied, _ = links([card_of(one, ()) for one in articles], {one.id: one.id for one in articles})
    found = [one for one in told(articles, links=tuple(tied)) if one.field == "same text"]
    assert [one.place for one in found] == ["a-copy", "b-copy"]
    assert all("the same text as old" in one.what and "收录最早" in one.what for one in found)
    assert "withdrawn in articles/a-copy.yml; old stays" in found[0].remedy
