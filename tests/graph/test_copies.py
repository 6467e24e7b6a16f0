"""Copies of one text are tied to their base, others are not; related lists are local and stable."""

from __future__ import annotations

import random

import pytest

from build_tools.core.article import DateRange, Kind, Level, Participant, Role, ThemeHit, Trust
from build_tools.core.paths import ROOT
from build_tools.core.site import Card
from build_tools.graph.copies import Sketch, base_of, clusters, likeness, near_duplicates, signature, twins
from build_tools.graph.related import Neighbourhood, links, neighbourhood, related, shared_passages
from tests.support.growth import assert_linear_steps

ARTICLES = ROOT / "corpus" / "articles"


def card(name: str, text: str = "", **changes: object) -> Card:
    facts: dict[str, object] = {
        "title": name, "date": "2022-02-23", "published": "2022-02-24", "held": None, "volume": "2022",
        "organization": None, "level": Level.CITY, "kind": Kind.MEETING, "trust": Trust.ORIGINAL,
        "source": None, "status": "published", "people": (), "themes": (), "sentences": (),
    }  # fmt: skip
    return Card(id=name, **{**facts, "signature": signature(text), **changes})  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def text() -> str:
    return (ARTICLES / "national-conference-2024.txt").read_text("utf-8")


def test_copies_are_tied_and_others_are_not(text: str) -> None:
    others = [card(path.stem, path.read_text("utf-8")) for path in sorted(ARTICLES.glob("*.txt"))]
    assert near_duplicates(others) == []
    sentences = text.split("。")
    copies = {
        "tail": text + "责任编辑：某某 扫一扫在手机打开当前页 上一篇：没有了",
        "head": "首页 > 新闻中心 > 正文 转载自某网" + text,
        "trimmed": "。".join(sentences[: len(sentences) * 2 // 3]),
        "middle": "。".join(sentences[4:-4]),
        "punctuation": text.replace("，", ",").replace("。", "."),
        "words": text.replace("建设", "建立"),
    }
    for name, copy in copies.items():
        found = near_duplicates([*others, card(f"z-{name}", copy)])
        assert [(link.source, link.target) for link in found] in (
            [(f"z-{name}", "national-conference-2024")],
            [("national-conference-2024", f"z-{name}")],
        ), name


@pytest.mark.parametrize(
    ("one", "other", "tied"),
    [
        ("2011-03-01", "2024-03-01", False),  # the same body's yearly meeting, in the same words
        ("2011", "2024-03-01", False),
        ("2024-01-05", "2024-03-05", False),
        ("2023-12-30", "2024-01-02", True),  # "今日" of a repost, dated by its own publication
        ("2024", "2024-03-01", True),
        ("XXXX-03-01", "2024-03-01", True),
        (None, "2024-03-01", True),
    ],
)
def test_meetings_more_than_a_month_apart_are_no_copies(
    text: str, one: str | None, other: str, tied: bool
) -> None:
    cards = [
        card(name, text, held=day and DateRange(day, day)) for name, day in (("one", one), ("other", other))
    ]
    assert bool(near_duplicates(cards)) is tied
    mine, other_one = (Sketch(known.signature, known.held) for known in cards)
    assert (twins(mine, {"other": other_one}) == ["other"]) is tied


def test_the_base_is_the_publishers_own_page_then_the_earliest_then_the_fullest(text: str) -> None:
    own = card("b", text, published="2022-03-01")
    early = card("a", text, trust=Trust.REPOST, published="2022-02-01")
    late = card("c", text, trust=Trust.REPOST, published="2022-04-01")
    full = card(
        "d",
        text + "会议还研究了其他事项，市有关部门负责同志参加会议。",
        trust=Trust.REPOST,
        published="2022-02-01",
    )
    assert base_of([early, own, late]) == (own, "原发页面")
    assert base_of([late, early]) == (early, "发布最早")
    assert base_of([early, full]) == (full, "文字最全")


def test_the_newcomer_is_the_copy_whatever_its_id(text: str) -> None:
    """Alike in all else, what was fetched first stays the base; a copy that says no day was there before."""
    old, older = card("old", text, fetched="2024-01-02"), card("very-old", text)
    new = card("a-new", text, fetched="2024-06-01")
    assert base_of([new, old]) == (old, "收录最早")
    assert base_of([new, older]) == (older, "收录最早")
    again = card("a-later", text, fetched="2024-07-01")
    assert [(one.source, one.target) for one in near_duplicates([again, new, old])] == [
        ("a-later", "a-new"),
        ("a-later", "old"),
        ("a-new", "old"),
    ]


def test_order_changes_nothing(text: str) -> None:
    cards = [card(f"n{at}", text[at * 40 :]) for at in range(6)] + [
        card("x", "另一篇文章的正文，与此无关。" * 3)
    ]
    shuffled = cards[:]
    random.Random(7).shuffle(shuffled)
    keys = {one.id: one.id for one in cards}
    assert links(cards, keys) == links(shuffled, keys)
    assert [[one.id for one in group] for group in clusters(cards)] == [[f"n{at}" for at in range(6)]]


def test_texts_without_shingles_are_nobodys_copy() -> None:
    assert signature("") == signature("abc, ...") == ()
    assert near_duplicates([card("a"), card("b"), card("c", "好")]) == []
    assert likeness((), signature("会议强调要抓好整改")) == (0.0, 0.0)


def near(cards: list[Card], before: Neighbourhood | None = None) -> Neighbourhood:
    keys = {one.id: repr(one) for one in cards}
    return neighbourhood(cards, keys) if before is None else neighbourhood(cards, keys, before)


def test_what_is_related_is_the_same_whatever_was_known_of_the_corpus_before() -> None:
    rng = random.Random(7)
    themes = [ThemeHit(f"主题{at}", 0.6 + at / 100, ()) for at in range(12)]
    people = [Participant(f"甲{at}", (), (Role.SPEAKS,)) for at in range(30)]

    def some(name: str) -> Card:
        day = f"20{rng.randrange(10, 14)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"
        return card(name, date=day, themes=tuple(rng.sample(themes, 3)), people=tuple(rng.sample(people, 3)))

    cards = {f"n{at:03}": some(f"n{at:03}") for at in range(120)}
    known = near(list(cards.values()))
    for step in range(60):
        for _ in range(rng.choice((1, 1, 1, 4))):
            name = rng.choice([f"m{step}", *rng.sample(sorted(cards), 2)])
            if name in cards and rng.random() < 0.5:
                del cards[name]
            else:
                cards[name] = some(name)
        known = near(list(cards.values()), known)
        assert known == near(list(cards.values())), step
    assert len(related(known)) > 200


def test_related_says_why_and_leaves_out_strangers() -> None:
    sun = Participant("孙金龙", (), (Role.SPEAKS,), person_id="sun-jinlong")
    xi = Participant("习近平", (), (Role.MENTIONED,))
    theme = ThemeHit("碳达峰碳中和", 0.7, ())
    cards = [
        card("a", people=(sun, xi), themes=(theme,)),
        card("b", people=(sun, xi), themes=(theme,), date="2023-01-01"),
        card("c", people=(xi,), themes=(ThemeHit("噪声污染防治", 0.7, ()),)),
    ]
    (link,) = related(near(cards))
    assert (link.source, link.target, link.reason) == ("a", "b", "人物：孙金龙；主题：碳达峰碳中和")


def test_one_new_article_changes_few_related_lists() -> None:
    rng = random.Random(3)
    themes = [ThemeHit(f"主题{at}", 0.6, ()) for at in range(40)]
    people = [Participant(f"甲{at}", (), (Role.SPEAKS,)) for at in range(200)]

    def some(name: str) -> Card:
        day = f"20{rng.randrange(10, 26)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"
        return card(name, date=day, themes=tuple(rng.sample(themes, 4)), people=tuple(rng.sample(people, 4)))

    cards = [some(f"n{at:04}") for at in range(600)]
    before = set(related(near(cards)))
    after = set(related(near([*cards, some("new")])))
    touched = {name for link in before ^ after for name in (link.source, link.target)}
    assert len(before) > 200
    assert len(touched) < 60


def test_a_long_sentence_in_two_articles_is_a_shared_passage() -> None:
    sentence = (
        "要以更高标准打好蓝天碧水净土保卫战持续深入推进污染防治攻坚战不断改善全市生态环境质量满足人民期待"
    )
    one = card("one", sentences=((f"会议强调，{sentence}", "p-1"),), date="2021-01-01")
    two = card("two", sentences=((f"会议强调，{sentence}", "p-2"),))
    (link,) = shared_passages([two, one])
    assert (link.kind, link.source, link.target) == ("shared_passage", "two", "one")
    assert link.passages == ((f"会议强调，{sentence}", "p-2", "p-1"),)
    assert sentence[:20] in link.reason
    assert shared_passages([one, two], skip=[("one", "two")]) == []


def test_copies_make_one_cluster_in_linear_time(text: str) -> None:
    cards = [card(f"n{at:03}", f"{text}第{at}份") for at in range(400)]

    def work(count: int) -> None:
        (cluster,) = clusters(cards[:count])
        assert len(cluster) == count
        assert len(near_duplicates(cards[:count])) == count - 1

    assert_linear_steps(work, len(cards))
