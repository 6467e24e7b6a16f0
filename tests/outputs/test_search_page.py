"""The search page as a reader uses it, in real Chromium: results, filters, failures, keyboard."""

from __future__ import annotations

from urllib.parse import parse_qs, quote, urlsplit

import pytest

from build_tools.core.fold import fold
from tests.support.search_reader import BY_HAND, Reader, Served

# --- results -------------------------------------------------------------------


def test_titles_first_then_newest(warm: Reader) -> None:
    warm.search("孙金龙")
    assert warm.order[0] == "sun-title"
    warm.page.select_option("[data-facet=sort]", "date")
    dates = warm.page.locator(".ds-facts").all_inner_texts()
    assert dates == sorted(dates, key=lambda text: text[:10], reverse=True)
    assert "sort=date" in warm.page.url


def test_excerpt_as_written_and_marked(warm: Reader) -> None:
    warm.search("孙金龙主持")
    hit = warm.page.locator("[data-article=party-group]")
    assert hit.locator(".ds-excerpt").inner_text() == "生态环境部党组书记孙金龙主持召开会议。"
    assert hit.locator(".ds-excerpt mark").all_inner_texts() == ["孙金龙主持"]
    warm.search("ａｂｃ,")
    assert warm.page.locator("[data-article=border] .ds-excerpt").inner_text() == "全角ＡＢＣ，半角ABC。"


def test_markup_is_shown_not_run(warm: Reader) -> None:
    warm.search("alert(2)")
    assert "<script>alert(2)</script>" in warm.page.inner_text(".ds-excerpt")
    assert warm.page.inner_text(".ds-title") == "<img src=x onerror=alert(1)>标题"
    assert not warm.page.locator("#search-results img, #search-results script").count()


def test_paragraph_is_highlighted_on_arrival(reader: Reader) -> None:
    reader.search("碳達峰")
    reader.page.click("[data-article=tan] .ds-title")
    reader.page.wait_for_function("CSS.highlights.get('digest-search')?.size")
    url = urlsplit(reader.page.url)
    assert url.path == "/digest/articles/tan/"
    assert parse_qs(url.query) == {"hl": ["碳達峰"]}
    shown = reader.page.evaluate(
        "[...CSS.highlights.get('digest-search')].map(r => [r.startContainer.parentElement.id, r.toString()])"
    )
    assert [text for _, text in shown] == ["碳达峰"] * 3
    assert url.fragment in {anchor for anchor, _ in shown}
    texts = [text for name, text in BY_HAND[-1].blocks if name]
    assert reader.page.locator("article p").all_text_contents() == texts


def test_filters_and_address(reader: Reader, served: Served) -> None:
    want = {one.id for one in served.made if one.level == "city" and one.id in served.grep.articles("会议")}
    reader.search("会议")
    reader.page.select_option("[data-facet=level]", "city")
    assert reader.ids() == want
    reader.page.select_option("[data-facet=year]", "2020")
    both = {one.id for one in served.made if one.id in want and one.date[:4] == "2020"}
    assert reader.ids() == both
    reader.page.goto(reader.page.url)
    reader.ready()
    assert reader.ids() == both
    assert reader.page.input_value("#digest-search") == "会议"
    reader.page.go_back()
    reader.page.wait_for_function(
        f"document.querySelector('#search-results').dataset.articles === '{len(want)}'"
    )


def test_filter_alone_lists_its_articles(reader: Reader) -> None:
    reader.open(f"search/?theme={quote('碳达峰碳中和')}")
    reader.ready()
    assert reader.ids() == {"party-group"}


def test_trust_is_seen_and_chosen(reader: Reader, served: Served) -> None:
    trust = {one.id: one.trust for one in served.made}
    reader.search("。")
    assert set(trust) == reader.ids()
    marks = reader.page.locator("[data-article]:has(.digest-trust)")
    assert {one.split("\n")[0] for one in marks.all_inner_texts()} == {
        "孙金龙出席北冰洋论坛 转载",
        "边界测试 受损",
    }
    options = reader.page.locator("[data-facet=trust] option").all_inner_texts()
    assert options == [
        "可信度：全部",
        f"原发和转载（{len(trust) - 1}）",
        f"原发（{len(trust) - 2}）",
        "受损（1）",
        "转载（1）",
    ]
    reader.page.select_option("[data-facet=trust]", label=options[1])
    assert set(trust) - reader.ids() == {"border"}
    assert parse_qs(urlsplit(reader.page.url).query)["trust"] == ["real"]
    reader.open("search/?trust=repost")
    reader.ready()
    assert reader.ids() == {"sun-title"}
    reader.open("search/?q=COD&trust=template")
    reader.ready()
    assert "范文（0）" in reader.page.inner_text("[data-facet=trust]")
    reader.search("乙丙")  # the choice stays when nothing is found
    reader.page.click(".ds-clear")
    reader.search("孙金龙主持")
    assert not reader.page.locator("[data-facet=trust]").count()


def test_people_filter_by_identity(warm: Reader) -> None:
    warm.search("会议")
    label = warm.page.locator("[data-facet=person] option[value=sun-jinlong]").inner_text()
    assert label == "孙金龙（1）"


def test_more_results_on_demand(reader: Reader) -> None:
    reader.search("会议")  # reads all
    reader.open("search/?q=" + quote("会议"))
    reader.ready()
    assert len(reader.order) == 10 < reader.count


def test_each_term_has_its_excerpt(warm: Reader) -> None:
    warm.search("孙金龙 COD 党组")
    hit = warm.page.locator("[data-article=party-group]")
    assert hit.locator(".ds-excerpt").all_inner_texts() == [
        "生态环境部党组书记孙金龙主持召开会议。",
        "要统筹推进北冰洋科考。COD减排。",
    ]
    address = urlsplit(hit.locator(".ds-excerpt a").get_attribute("href"))
    assert dict(BY_HAND[0].blocks)[address.fragment].endswith("COD减排。")


def test_other_paragraphs_unfold(warm: Reader) -> None:
    warm.search("碳达峰")
    hit = warm.page.locator("[data-article=tan]")
    button = hit.locator(".ds-others button")
    assert button.inner_text() == "另有 1 段"
    button.press("Enter")
    assert button.get_attribute("aria-expanded") == "true"
    texts = [hit.locator(".ds-excerpt").inner_text(), hit.locator(".ds-others li").inner_text()]
    assert sorted(texts) == sorted(text for name, text in BY_HAND[-1].blocks if name)
    address = urlsplit(hit.locator(".ds-others a").get_attribute("href"))
    assert address.fragment in dict(BY_HAND[-1].blocks)
    assert address.fragment != urlsplit(warm.hrefs()["tan"]).fragment


def test_filters_are_cleared_at_once(reader: Reader, served: Served) -> None:
    reader.open(f"search/?q={quote('会议')}&year=1999&level=city")
    reader.ready()
    everything = len(served.grep.articles("会议"))
    assert reader.page.inner_text(".ds-status") == f"没有符合筛选的文章；不加筛选有 {everything} 篇。"
    reader.page.click(".ds-clear")
    reader.page.wait_for_function(
        f"document.querySelector('#search-results').dataset.articles === '{everything}'"
    )
    assert parse_qs(urlsplit(reader.page.url).query) == {"q": ["会议"]}
    assert not reader.page.locator(".ds-clear").count()


def test_back_from_an_article_to_the_same_place(reader: Reader) -> None:
    reader.search("会议")
    reader.page.locator(".ds-title").last.scroll_into_view_if_needed()
    place = reader.page.evaluate("scrollY")
    with reader.page.expect_navigation():
        reader.page.locator(".ds-title").last.click()
    reader.page.go_back()
    reader.ready()
    reader.page.wait_for_function(f"Math.abs(scrollY - {place}) < 2")
    assert place > 0


def test_only_the_outcome_is_read_out(reader: Reader) -> None:
    reader.page.fill("#digest-search", "会")
    reader.page.wait_for_selector("[role=status]", state="attached")
    reader.page.evaluate(
        """() => {
          window.said = [];
          const status = document.querySelector('[role=status]');
          new MutationObserver(() => status.textContent && said.push(status.textContent)).observe(status, { childList: true });
        }"""
    )
    reader.search("会议")
    assert reader.page.evaluate("said.at(-1)").startswith("找到")
    assert not [text for text in reader.page.evaluate("said") if "正在" in text]
    assert reader.page.title().startswith("会议 - ")


# --- frugal, honest, keyboard ------------------------------------------------------


@pytest.mark.parametrize("path", ["", "search/", "articles/tan/"])
def test_nothing_is_fetched_before_a_reader_searches(reader: Reader, path: str) -> None:
    reader.requests.clear()
    reader.open(path)
    reader.page.wait_for_timeout(300)
    asked = [one for one in reader.requests if "/assets/search/" in one or "/search/data/" in one]
    assert asked == ["/digest/assets/search/boot.js"]


def test_no_third_party(reader: Reader) -> None:
    hosts: set[str] = set()
    reader.page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    reader.search("孙金龙")
    assert hosts == {urlsplit(reader.served.url).netloc}


@pytest.mark.parametrize("time", range(3))  # two readers of one answer lost a volume half of the times
def test_failed_download_is_told_and_retried(reader: Reader, time: int) -> None:
    reader.page.route("**/2015-*/index/*", lambda route: route.abort())
    reader.page.context.route("**/2015-*/index/*", lambda route: route.abort())
    reader.search("孙金龙")
    assert reader.state == "error"
    assert "不完整" in reader.page.inner_text(".ds-status")
    assert reader.count == len(reader.served.grep.articles("孙金龙")) - sum(
        one.date[:4] == "2015" and one.id in reader.served.grep.articles("孙金龙")
        for one in reader.served.made
    )
    reader.page.unroute("**/2015-*/index/*")
    reader.page.context.unroute("**/2015-*/index/*")
    reader.page.click(".ds-retry")
    reader.page.wait_for_function("document.querySelector('#search-results').dataset.state === 'ready'")
    assert reader.ids() == reader.served.grep.articles("孙金龙")


@pytest.mark.parametrize(
    "missing",
    [
        "manifest.json",
        "engine.js",
        "pagefind.js",
        "wasm.unknown.pagefind",
        "*.pf_meta",
        "pagefind-entry.json*",
    ],
)
def test_missing_file_is_told_and_asked_for_again(reader: Reader, missing: str) -> None:
    reader.page.context.route(f"**/{missing}", lambda route: route.fulfill(status=404))
    reader.search("孙金龙")
    assert reader.state == "error"
    assert "不完整" in reader.page.inner_text(".ds-status")
    reader.page.context.unroute(f"**/{missing}")
    reader.page.click(".ds-retry")
    reader.ready()
    assert reader.ids() == reader.served.grep.articles("孙金龙")
    own = [
        text for text in reader.faults if not text.startswith("Failed to load")
    ]  # Pagefind's, nobody's to catch
    reader.faults[:] = own


@pytest.mark.parametrize(
    "query",
    [
        "",
        " ",
        "\u200b",
        '"',
        '""',
        "-",
        "--",
        ".*",
        "(",
        "\\",
        "\ud83d",
        "x" * 500,
        "的" * 500,
        "a b " * 125,
        "。。。。",
    ],
)
def test_bad_input(warm: Reader, query: str) -> None:
    found = warm.search("生态")
    assert found
    found = warm.search(query)
    assert warm.state == ("ready" if fold(query) else "idle")
    if query.strip('"-') and " " not in query:
        assert found == (warm.served.grep.articles(query) if fold(query) else set())
    if not found and fold(query):
        assert "没有找到" in warm.page.inner_text(".ds-status")


def test_suggestions_by_keyboard(reader: Reader) -> None:
    reader.open("")
    reader.page.locator("#head").press_sequentially("sunj")
    option = reader.page.locator("[role=option]").first
    option.wait_for()
    assert option.inner_text().split() == ["人物", "孙金龙", "0", "篇"]
    assert reader.page.get_attribute("#head", "aria-expanded") == "true"
    reader.page.keyboard.press("Escape")
    assert not option.is_visible()
    reader.page.locator("#head").fill("孫")
    option.wait_for()
    reader.page.keyboard.press("ArrowDown")
    assert option.get_attribute("aria-selected") == "true"
    assert reader.page.get_attribute("#head", "aria-activedescendant") == option.get_attribute("id")
    with reader.page.expect_navigation():
        reader.page.keyboard.press("Enter")
    assert urlsplit(reader.page.url).path == "/digest/people/sun-jinlong/"


def test_header_box_leads_to_results(reader: Reader) -> None:
    reader.open("articles/tan/")
    reader.page.fill("#head", "北冰洋")
    with reader.page.expect_navigation():
        reader.page.keyboard.press("Enter")
    reader.ready()
    assert reader.ids() == {"party-group", "sun-title"}


def test_results_by_keyboard(reader: Reader) -> None:
    reader.search("北冰洋")
    reader.page.keyboard.press("ArrowDown")
    reader.page.keyboard.press("ArrowDown")
    active = "document.activeElement.closest('[data-article]')?.dataset.article"
    assert reader.page.evaluate(active) == reader.order[1]
    with reader.page.expect_navigation():
        reader.page.keyboard.press("Enter")
    assert f"/articles/{'party-group'}/" in reader.page.url


def test_newer_query_wins(reader: Reader) -> None:
    box = reader.page.locator("#digest-search")
    for query in ("孙", "孙金", "孙金龙", "北冰洋"):
        box.fill(query)
    box.press("Enter")
    reader.page.wait_for_function("document.querySelector('#search-results').dataset.articles === '2'")
    reader.page.wait_for_timeout(500)
    assert reader.ids() == {"party-group", "sun-title"}
