"""A site to search and a reader's tab on it, for the tests of search in Chromium (fixtures of conftest)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

from build_tools.bench.search import CHROMIUM_ARGUMENTS, Grep, Host, build_site, chromium, documents
from build_tools.core.registry import Organization, Person, Registries, Theme
from build_tools.core.text import block_ids
from build_tools.outputs.search.bundle import Document
from tests.support.once import Once

SETTLED = "['ready','error','idle'].includes(document.querySelector('#search-results').dataset.state)"
POOL = (
    "会议强调,要增强“四个意识”、坚定“四个自信”、做到“两个维护”。生态环境部党组书记孙金龙出席会议并讲话。",
    "一是深入打好污染防治攻坚战。完整、准确、全面贯彻新发展理念!要保持PM2.5下降?COD、氨氮(NH3-N)减排5.5%;里程碑式的成绩。",
    "会议审议并原则通过《工作方案》。他指出:“着力解决突出问题,显著改善环境。”会后,与会同志干劲很足……",
    "2020年6月19日,生态环境部部长黄润秋列席会议。碳达峰、碳中和工作——从2021年3月起步。",
)


def document(name: str, title: str, *paragraphs: str, **facts: Any) -> Document:
    made = Document(
        id=name, title=title, date="2021-03-19", kind="meeting", level="central", organization="生态环境部",
        people=(), themes=(), head=(title,),
        blocks=(("", title), *zip(block_ids(list(paragraphs)), paragraphs, strict=True)),
    )  # fmt: skip
    return replace(made, **facts)


BY_HAND = (
    document(
        "party-group",
        "生态环境部党组召开会议",
        "生态环境部党组书记孙金龙主持召开会议。",
        "要统筹推进北冰洋科考。COD减排。",
        people=(("sun-jinlong", "孙金龙"),),
        themes=("碳达峰碳中和",),
    ),
    document("sun-title", "孙金龙出席北冰洋论坛", "论坛谈到了水。", date="2015-01-02", trust="repost"),
    document(
        "hostile",
        "<img src=x onerror=alert(1)>标题",
        "<script>alert(2)</script>与 & 及 &amp; 在此。",
        "𠮷野家与🌏:a.b[c](d)*.^$\\",
        "引号\"内文\"与'单'。",
        date="",
    ),
    document(
        "border",
        "边界测试",
        "前一段结尾是甲乙",
        "丙丁是后一段开头",
        "全角ＡＢＣ，半角ABC。",
        date="XXXX-02-23",
        level="city",
        trust="damaged",
    ),
    document("tan", "双碳例会", "推进碳达峰碳中和。", "落实“双碳”目标,碳达峰是硬任务。碳达峰。", date="2022"),
)


@dataclass
class Served:
    url: str
    root: Path
    made: list[Document]
    grep: Grep


@pytest.fixture(scope="module")
def served(once: Once) -> Iterator[Served]:
    made = [*BY_HAND, *documents(POOL, 60)]
    registries = Registries(
        people=(Person("sun-jinlong", "孙金龙"), Person("huang-runqiu", "黄润秋")),
        organizations=(Organization("mee", "生态环境部"),),
        themes=(Theme("tan", "碳达峰碳中和", ("双碳",)), Theme("du", "中央生态环境保护督察")),
    )
    root = once("search", lambda folder: build_site(made, folder / "digest", registries))
    with Host(root) as host:
        yield Served(f"{host.url}/digest", root, made, Grep.of(made))


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One for all tests of a worker: each opens contexts of its own."""
    assert chromium(), "the tests need Chromium: make browser"
    with sync_playwright() as run:
        browser = run.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_ARGUMENTS))
        yield browser
        browser.close()


@dataclass
class Reader:
    """One tab."""

    page: Any
    served: Served
    faults: list[str]
    requests: list[str]

    def open(self, path: str) -> None:
        self.page.goto(f"{self.served.url}/{path}", wait_until="load")

    def ready(self) -> None:
        self.page.wait_for_function("document.querySelector('#search-results')?.dataset.state === 'ready'")

    def settled(self) -> None:
        self.page.wait_for_function(SETTLED, timeout=30_000)

    def search(self, query: str) -> set[str]:
        """Type and press Enter; the ids shown, after checking that the count is theirs."""
        self.page.fill("#digest-search", query)
        self.page.wait_for_selector("#digest-search[role=combobox]")
        self.page.evaluate("document.querySelector('#search-results').dataset.state = 'waiting'")
        self.page.press("#digest-search", "Enter")
        self.settled()
        return self.ids()

    def ids(self) -> set[str]:
        while self.page.is_visible(".ds-more"):
            before = self.page.locator("[data-article]").count()
            self.page.click(".ds-more")
            self.page.wait_for_function(f"document.querySelectorAll('[data-article]').length > {before}")
        shown = self.page.eval_on_selector_all(
            "#search-results [data-article]", "all => all.map(e => e.dataset.article)"
        )
        assert len(shown) == len(set(shown)) == self.count
        return set(shown)

    @property
    def count(self) -> int:
        return int(self.page.get_attribute("#search-results", "data-articles"))

    @property
    def state(self) -> str:
        return str(self.page.get_attribute("#search-results", "data-state"))

    @property
    def order(self) -> list[str]:
        shown: list[str] = self.page.eval_on_selector_all(
            "#search-results [data-article]", "all => all.map(e => e.dataset.article)"
        )
        return shown

    def hrefs(self) -> dict[str, str]:
        """Article → the address that its title links to."""
        found: dict[str, str] = dict(
            self.page.eval_on_selector_all(
                "#search-results [data-article]",
                "all => all.map(e => [e.dataset.article, e.querySelector('a').href])",
            )
        )
        return found


@pytest.fixture
def reader(browser: Any, served: Served) -> Iterator[Reader]:
    yield from _tab(browser, served)


@pytest.fixture(scope="module")
def warm_tab(browser: Any, served: Served) -> Iterator[Reader]:
    yield from _tab(browser, served)


@pytest.fixture
def warm(warm_tab: Reader) -> Iterator[Reader]:
    """A tab that has searched before: many questions, quickly."""
    yield warm_tab
    assert not warm_tab.faults


def _tab(browser: Any, served: Served) -> Iterator[Reader]:
    context = browser.new_context()
    page = context.new_page()
    faults: list[str] = []
    requests: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("dialog", lambda dialog: (faults.append("dialog"), dialog.dismiss()))
    page.on("request", lambda request: requests.append(urlsplit(request.url).path))
    reader = Reader(page, served, faults, requests)
    reader.open("search/")
    yield reader
    context.close()
    assert not faults, faults
