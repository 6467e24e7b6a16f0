"""Search without punctuation as a reader meets it, in real Chromium, over some hundred articles."""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import opencc
import pytest

from build_tools.bench import corpus
from build_tools.bench.search import Grep, Host, across_marks, bare, build_site, documents
from build_tools.core.fold import MARK, MARKS, fold, tokens
from tests.support.once import Once
from tests.support.search_reader import Reader, Served, document

AS_WRITTEN = "要坚持精准治污、科学治污、依法治污。各地“三线一单”（初稿）——都要落实……"
BY_HAND = (
    document("dun", "治污例会甲", AS_WRITTEN, "数值是PM2.5和5%。", date="2015-03-01"),
    document("comma", "治污例会乙", AS_WRITTEN.replace("、", ","), "思想的******观。", date="2024-03-01"),
    document("both", "治污,例会丙", AS_WRITTEN, AS_WRITTEN.replace("、", ","), date="2016-03-01"),
    document("border", "治污例会丁", "我们坚持精准治污、", "科学治污、依法治污。", date="2016-04-01"),
    document("order", "治污例会戊", "坚持科学治污、精准治污、依法治污。", date="2016-05-01"),
)
WORDING = bare("坚持精准治污、科学治污、依法治污")


@pytest.fixture(scope="module")
def served(once: Once) -> Iterator[Served]:
    made = [*BY_HAND, *documents([corpus.article(number)[1] for number in range(40)], 200)]
    made = [one for one in made if one in BY_HAND or not Grep.of([one]).loosely("精准治污科学治污")]
    root = once("search-loose", lambda folder: build_site(made, folder / "digest"))
    with Host(root) as host:
        yield Served(f"{host.url}/digest", root, made, Grep.of(made))


def _status(reader: Reader) -> str:
    return str(reader.page.inner_text(".ds-status"))


def _labelled(reader: Reader) -> list[str]:
    shown: list[str] = reader.page.eval_on_selector_all(
        "[data-article]:has(.ds-kind)", "all => all.map(e => e.dataset.article)"
    )
    return shown


def test_phrases_without_their_punctuation(warm: Reader) -> None:
    to_traditional = opencc.OpenCC("s2t").convert
    chance = random.Random(3)
    grep = warm.served.grep
    without = 0
    for number, wording in enumerate(across_marks(warm.served.made, 56)):
        marks = {"as commas": "，", "as blanks": " "}.get(
            chance.choice(["as commas", "as blanks", "gone"]), ""
        )
        typed = "".join(marks if char in MARKS else char for char in fold(wording))
        typed = to_traditional(typed) if number % 4 == 0 else typed
        found = warm.search(f'"{typed}"' if " " in typed else typed)
        exact = grep.articles(wording) if fold(typed) == fold(wording) else grep.articles(typed)
        truth = exact or grep.loosely(wording)
        assert found >= truth if number % 4 == 0 else found == truth, (typed, wording)
        assert truth
        for article, href in warm.hrefs().items():
            assert grep.holds(article, urlsplit(href).fragment, wording, loosely=True) or number % 4 == 0, (
                typed
            )
        assert set(_labelled(warm)) == (set() if exact else found)
        without += not exact
    assert without >= 50


def test_neither_across_blocks_nor_in_another_order(warm: Reader) -> None:
    chance = random.Random(5)
    none = 0
    for number in range(20):
        blocks = [bare(text) for _, text in chance.choice(warm.served.made).blocks]
        at = chance.randrange(1, len(blocks) - 1)
        ends, begins = blocks[at][-5:], blocks[at + 1][:5]
        wording = ends + begins if number % 2 else blocks[at][8:16] + blocks[at][:8]
        truth = warm.served.grep.articles(wording) or warm.served.grep.loosely(wording)
        assert warm.search(wording) == truth, wording
        none += not truth
    assert none >= 15
    assert warm.search("治污例会丁我们坚持") == set()
    assert warm.search("依法治污科学治污精准治污") == set()
    assert "没有找到" in _status(warm)


@pytest.mark.parametrize(
    "typed",
    ["坚持精准治污科学治污依法治污", "坚持精准治污；科学治污。依法治污", '"坚持精准治污 科学治污 依法治污"', "堅持精準治污科學治污依法治污",
     "“坚持精准治污”科学治污；依法治污！", "坚持精准治污科学治污依法治污各地三线一单初稿都要落实"],
)  # fmt: skip
def test_one_wording_typed_in_many_ways(warm: Reader, typed: str) -> None:
    assert warm.search(typed) == {"dun", "comma", "both"} == set(_labelled(warm))
    assert _status(warm) == "没有一字不差的字句；不计标点，找到 3 篇文章。"
    assert not warm.page.locator("[data-facet=marks]").count()
    hit = warm.page.locator("[data-article=dun]")
    (marked,) = hit.locator(".ds-excerpt mark").all_inner_texts()
    assert marked in AS_WRITTEN
    assert bare(marked) in (WORDING, bare(AS_WRITTEN).removeprefix("要"))


def test_blanks_part_terms_as_ever(warm: Reader) -> None:
    """Each of the words is there: that is exact, and the paragraph that has all of them leads."""
    assert warm.search("坚持精准治污 科学治污 依法治污") >= {"dun", "comma", "both", "border"}
    assert not _labelled(warm)
    assert warm.search("三线一单初稿 依法治污 -PM2.5") == {"comma", "both"} == set(_labelled(warm))


@pytest.mark.parametrize("query", ["，", "。、；：", "、" * 200, "“”", "-", "（ ）", "\u200b，"])
def test_only_punctuation_is_only_punctuation(warm: Reader, query: str) -> None:
    terms = query.split()
    truth = set.intersection(*(warm.served.grep.articles(term) for term in terms))
    assert warm.search(query) == truth
    assert not _labelled(warm)


@pytest.mark.parametrize(
    "query", ["PM25", "思想的观", "25和5", "㊣", "治" * 200, "治，" * 100, "治、" * 250, "\ud83d，治"]
)
def test_hostile_query_finds_nothing(warm: Reader, query: str) -> None:
    """Points of numbers, `%` and lost text are no punctuation."""
    assert warm.search(query) == set()
    assert warm.state == "ready"


def test_long_wording(warm: Reader) -> None:
    texts = [text for one in warm.served.made for _, text in one.blocks if len(bare(text)) >= 200]
    for text in texts[:3]:
        wording = bare(text)[:200]
        assert warm.search(wording) == warm.served.grep.loosely(wording) != set()


def test_exact_first_and_more_when_asked(reader: Reader) -> None:
    reader.search("精准治污、科学治污、依法治污")
    assert set(reader.order) == {"dun", "both"}
    assert not _labelled(reader)
    reader.page.focus("[data-facet=marks]")
    reader.page.keyboard.press("ArrowDown")
    reader.page.wait_for_function("document.querySelector('#search-results').dataset.articles === '3'")
    reader.ready()
    assert reader.order[-1] == "comma"  # the newest, but not as typed
    assert _labelled(reader) == ["comma"]
    assert _status(reader) == "找到 3 篇文章，其中 1 篇标点不同。"
    assert parse_qs(urlsplit(reader.page.url).query)["marks"] == ["any"]
    reader.page.select_option("[data-facet=sort]", "date")
    assert reader.order == ["both", "dun", "comma"]
    reader.page.select_option("[data-facet=year]", "2024")
    assert _status(reader) == "找到 1 篇文章（不加筛选有 3 篇），其中 1 篇标点不同。"
    reader.page.goto(reader.page.url)
    reader.ready()
    assert reader.order == ["comma"]
    reader.page.click(".ds-clear")
    reader.search("思想的******观")
    assert _status(reader) == "找到 1 篇文章；不计标点，没有更多。"
    reader.page.select_option("[data-facet=marks]", "")
    reader.ready()
    assert "marks" not in reader.page.url


def test_highlighted_on_arrival(reader: Reader) -> None:
    reader.search(WORDING)
    reader.page.click("[data-article=both] .ds-title")
    reader.page.wait_for_function("CSS.highlights.get('digest-search')?.size")
    shown = reader.page.evaluate("[...CSS.highlights.get('digest-search')].map(r => r.toString())")
    assert [bare(text) for text in shown] == [WORDING] * 2


def test_failed_download_is_told(reader: Reader) -> None:
    """The file that has the places of the marks, and no character of the question."""
    files = (reader.served.root / "digest/search/data").glob("2024-*/index/*")
    held = {path.name: gzip.decompress(path.read_bytes()) for path in files}
    (name,) = (name for name, data in held.items() if MARK.encode() in data)
    pairs = (AS_WRITTEN[at : at + 2] for at in range(len(AS_WRITTEN)))
    wording = next(
        pair for pair in pairs if not any(one.encode() in held[name] for one in tokens(pair).split())
    )
    assert reader.search(wording) >= {"dun"}
    reader.page.context.route(f"**/{name}", lambda route: route.abort())
    reader.page.select_option("[data-facet=marks]", "any")
    reader.page.wait_for_function("document.querySelector('#search-results').dataset.state === 'error'")
    assert "不完整" in _status(reader)
    reader.page.context.unroute(f"**/{name}")
    reader.page.click(".ds-retry")
    reader.page.wait_for_function("document.querySelector('#search-results').dataset.state === 'ready'")
    assert reader.ids() >= {"dun", "comma"}
