"""No address that a page, a sidecar or a registry gives becomes markup, on any page that shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from mkdocs.commands.build import build
from mkdocs.config import load_config

from build_tools.core.diagnostics import Report
from build_tools.core.paths import ROOT
from build_tools.core.registry import Person, Post, Registries, Source
from build_tools.core.site import Imprint
from build_tools.core.web_address import WebAddress
from build_tools.corpus.reader import read
from build_tools.graph.link import link
from build_tools.outputs import feeds
from build_tools.outputs.open_data import article_record
from build_tools.pages import article, escape, markdown
from tests.pages.test_escape import convert
from tests.support.factory import make_article, make_card, site_pages

HOSTILE = [
    "https://gov.example/[x](onmouseover=alert(1)//)",
    "https://gov.example/![x](http://third.example/p.png)",
    "https://gov.example/[x](javascript:alert(1))",
    "https://gov.example/`x`onclick=alert(1)`",
    "https://gov.example/**x**__y__*z*_w_",
    "https://gov.example/a_b_c?x=1&y=2&copy;=3&#34;onclick=alert(1)",
    "https://gov.example/\\[x\\](y)",
    "https://gov.example/a)b](c){ onclick=alert(1) }",
    "https://gov.example/a|b{{ config.site_name }}{% x %}".replace(" ", ""),
    "https://gov.example/$x$\\input{x}~^%x%zz",
    "https://gov.example/]]>-->;'+alert(1)+'".replace("'", "").replace(">", ""),
    "https://gov.example/[1]:x[^1]:smile:++a++==b==~~c~~",
    "https://[::1]/",
    "https://user:pass@gov.example/",
    "https://gov.example:99999/",
    "HTTPS://gov.example/",
    "javascript:alert(1)//https://gov.example/",
    "data:text/html,<script>alert(1)</script>",
    "https://gov.example/\u2028x",
    'https://gov.example/"onmouseover=alert(1)',
    "https://gov.example/" + "x" * 9000,
    "https:///x",
    "",
]


class Elements(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def address(text: str) -> WebAddress | None:
    try:
        return WebAddress(text)
    except ValueError:
        return None


def sound() -> Iterator[WebAddress]:
    yield from filter(None, map(address, HOSTILE))


ANY = st.text(st.characters() | st.sampled_from("[]()!*_`\\&;:#%<>\"'{}|~^$=+/?@. "), max_size=60)


@given(ANY | ANY.map(lambda text: f"https://gov.example/{text}") | ANY.map(lambda text: f"http://{text}"))
@example("https://gov.example/[x](onmouseover=alert(1)//)")
def test_any_address_is_refused_or_is_one_plain_link_wherever_markdown_stands(text: str) -> None:
    made = address(text)
    if made is None:
        return
    assert WebAddress(made) == made == WebAddress(str(made)), "making it again changes nothing"
    assert re.fullmatch(r"https?://[A-Za-z0-9./:?#@$&+,=%~_-]+", made)
    shown = markdown.outside("原网页", made)
    alone = convert(shown)
    among = convert(
        markdown.table(("甲", "乙"), [(f"《方案》（{shown}）", shown)]) + f"\n\n- **来源** {shown}、{shown}\n"
    )
    for html, links in ((alone, 1), (among, 4)):
        found = [attrs for tag, attrs in Elements(html).found if tag == "a"]
        assert found == [{"href": made, "rel": "noopener nofollow"}] * links
    kinds = {tag for tag, _ in Elements(among).found}
    assert kinds == {"a", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "strong"}
    assert [tag for tag, _ in Elements(convert(f"前{escape.markdown(made)}后")).found] == ["p"]


@pytest.mark.parametrize("text", [one for one in HOSTILE if address(one) is None])
def test_what_is_not_an_address_is_one_line_of_error_in_each_file_that_gives_one(
    text: str, tmp_path: Path
) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "good.txt").write_text("某市召开生态环境保护工作会议。", "utf-8")
    quoted = escape.yaml(text)
    (tmp_path / "articles" / "good.yml").write_text(f"url: {quoted}\n", "utf-8")
    (tmp_path / "sources.yml").write_text(f"- id: a\n  name: 某报\n  url: {quoted}\n", "utf-8")
    people = f"- id: a\n  name: 张三\n  posts:\n  - office: 市长\n    source: {quoted}\n"
    (tmp_path / "people.yml").write_text(people, "utf-8")
    report = Report()
    corpus = read(tmp_path, report)
    assert corpus.articles[0].sidecar.url is None
    assert not [one for one in corpus.registries.sources if one.url]
    told = {str(line).split(":")[0] for line in report.diagnostics}
    assert {"articles/good.yml", "sources.yml"} <= told
    assert ("people.yml" in told) == ("://" in text[:12]), (
        "other words may be a post's source, and stay words"
    )


def test_the_published_site_has_only_links_to_the_addresses_themselves(tmp_path: Path) -> None:
    articles = [make_article(id=f"a-{at}", url=made) for at, made in enumerate(sound())]
    posts = tuple(Post("某市市长", source=made) for made in sound())
    registries = Registries(
        people=(Person("sun-jinlong", "孙金龙", posts=posts),),
        sources=tuple(Source(f"s-{at}", f"某报{at}", url=made) for at, made in enumerate(sound())),
    )
    site = link([make_card(one) for one in articles], registries, [])
    root = ROOT
    docs = tmp_path / "docs"
    pages = [article.article(one, site.context(one.id)) for one in articles]
    pages += site_pages(site)
    for page in pages:
        path = docs / page.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page.text, "utf-8")
    config = load_config(  # links to files that this small site lacks are left as they are

        str(root / "mkdocs.yml"), docs_dir=str(docs), site_dir=str(tmp_path / "site"), strict=False,
        nav=[{"首页": "index.md"}], validation={"links": {"not_found": "ignore"}},
    )  # fmt: skip
    build(config)
    wanted = set(sound())
    for name, at_least in (
        ("people/sun-jinlong", wanted),
        *((f"articles/{a.id}", {a.url}) for a in articles),
    ):
        elements = Elements((tmp_path / "site" / name / "index.html").read_text("utf-8")).found
        for tag, attrs in elements:
            assert not [key for key in attrs if key.startswith("on")], (tag, attrs)
            assert "third.example" not in (attrs.get("src") or "")
        out = {
            attrs["href"] for tag, attrs in elements if tag == "a" and "nofollow" in (attrs.get("rel") or "")
        }
        assert at_least <= out <= wanted
        assert {urlsplit(str(one)).hostname for one in out} == {"gov.example"}
    record = article_record(articles[0])
    assert (
        "alert(1)" not in str(record)
        and b"alert(1)"
        not in dict(feeds.feeds(site, Imprint("文摘", "https://x.example/")))["feeds/site.atom"]
    )
