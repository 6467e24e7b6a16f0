"""Search as a reader meets it, in real Chromium, on a site hosted below a path: what is found."""

from __future__ import annotations

import random
from urllib.parse import urlsplit

import opencc
import pytest
import yaml

from build_tools.bench.search import substrings
from build_tools.core.article import Trust
from build_tools.core.fold import fold, tokens
from build_tools.core.paths import ROOT
from build_tools.pages.markdown import labels
from tests.support.search_reader import Reader

CASES = yaml.safe_load((ROOT / "tests" / "cases/search.yml").read_text("utf-8"))


def _paragraphs_right(reader: Reader, query: str) -> None:
    for article, href in reader.hrefs().items():
        assert urlsplit(href).path == f"/digest/articles/{article}/"
        assert reader.served.grep.holds(article, urlsplit(href).fragment, query), (query, href)


# --- both halves agree ---------------------------------------------------------


def test_browser_folds_and_parses_alike(warm: Reader) -> None:
    answers = warm.page.evaluate(
        """async cases => {
          const { fold, phrase, variants, parse } = await import('../assets/search/fold.js');
          const shown = t => (t.not ? '-' : t.text.startsWith('-') ? '=' : '') + t.text;
          return {
            fold: cases.fold.map(c => fold(c.before)),
            tokens: cases.tokens.map(c => phrase(fold(c.before))),
            variants: cases.variants.map(c => variants(c.before)),
            parse: cases.parse.map(c => parse(c.before).map(shown)),
          };
        }""",
        CASES,
    )
    assert answers["fold"] == [case["after"] for case in CASES["fold"]]
    assert answers["tokens"] == [f'"{case["after"]}"' for case in CASES["tokens"]]
    assert answers["variants"] == [{"now": c["now"], "later": c["later"]} for c in CASES["variants"]]
    assert answers["parse"] == [case["terms"] for case in CASES["parse"]]


def test_browser_folds_every_kind_of_character_alike(warm: Reader) -> None:
    chance = random.Random(9)
    codes = [*range(0x20, 0x600), *chance.sample(range(0x600, 0xD800), 12000), *range(0xF900, 0xFFFE)]
    codes += chance.sample(range(0x10000, 0x32000), 3000)
    chars = [chr(code) for code in codes]
    made = warm.page.evaluate(
        """async chars => {
          const { fold, phrase } = await import('../assets/search/fold.js');
          return chars.map(c => [fold(c), fold(c) ? phrase(fold(c)).slice(1, -1) : '']);
        }""",
        chars,
    )
    assert made == [[fold(char), tokens(char).strip()] for char in chars]


def test_words_of_the_site(warm: Reader) -> None:
    said = warm.page.evaluate(
        "async () => { const m = await import('../assets/search/hits.js'); return [m.LEVELS, m.SORTS, m.TRUSTS]; }"
    )
    trust = {key: words[0] for key, words in labels("trust").items() if key != Trust.REJECTED}
    assert said == [labels("levels"), labels("kinds"), trust]


# --- exactness -----------------------------------------------------------------


def test_random_substrings_are_exact(warm: Reader) -> None:
    to_traditional = opencc.OpenCC("s2t")
    for number, wording in enumerate(substrings(warm.served.made, 60)):
        typed = to_traditional.convert(wording) if number % 3 == 0 else wording
        found = warm.search(typed)
        # Typed in Traditional, 著 may be either; then more than the letter of it may be found.
        assert found >= warm.served.grep.articles(wording), (typed, wording)
        if typed == wording:
            assert found == warm.served.grep.articles(wording), wording
            _paragraphs_right(warm, wording)


@pytest.mark.parametrize(
    "query",
    [
        "。", "、", "5", "%", "”", "《", "PM2.5", "pm2.5", "ＰＭ２．５", "cod", "2.", "19日", "9日", "——", "……",
        "𠮷", "🌏", "着", "著", "与 ", "甲乙丙丁", "乙丙", "边界测试前", "全角ABC,半", '引号"内', "a.b[c](d)*.^$\\",
        "<script>alert(2)</script>", "&amp;", "<img src=x onerror=alert(1)>", "3-N", "-N)", "孙金龙", "北冰洋",
    ],
)  # fmt: skip
def test_exact(warm: Reader, query: str) -> None:
    assert warm.search(query) == warm.served.grep.articles(query.strip())
    _paragraphs_right(warm, query.strip())


def test_across_blocks_never(warm: Reader) -> None:
    chance = random.Random(5)
    for _ in range(12):
        blocks = chance.choice(warm.served.made).blocks
        at = chance.randrange(len(blocks) - 1)
        wording = blocks[at][1][-3:] + blocks[at + 1][1][:3]
        assert warm.search(wording) == warm.served.grep.articles(wording)


@pytest.mark.parametrize(
    ("typed", "meant"), [("孫金龍", "孙金龙"), ("碳達峰", "碳达峰"), ("會後", "会后"), ("里程碑", "里程碑")]
)
def test_traditional(warm: Reader, typed: str, meant: str) -> None:
    assert warm.search(typed) == warm.served.grep.articles(meant) != set()


def test_and_quotes_exclusion(warm: Reader) -> None:
    grep = warm.served.grep
    assert warm.search("孙金龙 北冰洋") == {"party-group", "sun-title"}
    assert warm.search("孙金龙　北冰洋 -COD") == {"sun-title"}
    assert warm.search('"孙金龙 出席 北冰洋"') == {"sun-title"}
    assert warm.search('孙金龙 -"出席 北冰洋"') == grep.articles("孙金龙") - {"sun-title"}
    assert warm.search("孙金龙 北冰洋 -水 -COD") == set()


@pytest.mark.parametrize("typed", ["“孙金龙”", "「孫金龍」", "‘孙金龙’ 北冰洋"])
def test_quotes_of_an_input_method_only_quote(warm: Reader, typed: str) -> None:
    """They are text where the text has them, else what ASCII quotes are."""
    assert warm.search(typed) == warm.search(typed.strip("“”「」").replace("‘", "").replace("’", ""))
    assert warm.search("“四个意识”") == warm.served.grep.articles("“四个意识”")
    assert "引号" not in warm.page.inner_text(".ds-status")


# --- names and themes, told apart ------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "sunjinlong",
        "sjl",
        "SUN JINLONG",
        "sun jin long",
        "ｓｊｌ",
        "sūn jīnlóng",
        "Sun Jin-long",
        "sun'jin'long",
    ],
)
def test_pinyin(warm: Reader, typed: str) -> None:
    assert warm.search(typed) == warm.served.grep.articles("孙金龙")
    assert "孙金龙" in warm.page.inner_text(".ds-status")
    assert (
        warm.page.get_attribute(".ds-told [data-person='孙金龙'] a", "href") == "/digest/people/sun-jinlong/"
    )


def test_letters_in_the_text_come_before_pinyin(warm: Reader) -> None:
    assert warm.search("cod") == warm.served.grep.articles("cod")
    assert "拼音" not in warm.page.inner_text(".ds-status")


def test_alt_label_is_told_apart(warm: Reader) -> None:
    assert warm.search("双碳") == {"tan"}
    assert warm.page.inner_text(".ds-told [data-theme]").split() == [
        "主题",
        "碳达峰碳中和（又称",
        "双碳）",
        "0",
        "篇",
    ]
    assert not warm.page.locator("#search-results [data-theme]").count()
    warm.search("北冰洋")
    assert not warm.page.is_visible(".ds-told")
