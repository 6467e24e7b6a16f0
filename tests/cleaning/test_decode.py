"""Decoding: every encoding that pages come in, HTML, and one clear line for what is no text."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from build_tools.cleaning.decode import MAX_BYTES, MAX_LINES, decode
from build_tools.cleaning.engine import clean
from build_tools.core.diagnostics import CorpusError
from build_tools.core.paths import ROOT
from tests.support.growth import assert_linear

CASES = yaml.safe_load((ROOT / "tests" / "cases" / "decode.yml").read_text("utf-8"))
TEXT = "会议强调,要深入打好污染防治攻坚战,持续改善生态环境质量。\r\n作者:甲"
PAGE = """<!DOCTYPE html><html><head><meta charset="{charset}"><title>县政府召开会议研究整改_某县政府网</title>
<meta name="ContentSource" content="某县融媒体中心"><meta name="PubDate" content="2023-04-13 09:00">
<style>.a{{color:red}}</style><script>var a="<p>不是正文</p>";</script></head><body>
<div class="nav"><ul><li>首页<li>政务公开</ul></div><h1>县政府召开会议研究整改</h1>
<div>来源:某县融媒体中心&nbsp;发布时间:2023-04-13</div>
<div id="zoom"><p>4月12日,县政府召开会议,研究生态环境保护督察整改工作,县长主持会议并讲话,有关单位负责同志参加。</p>
<p>会议指出,要压实整改责任,倒排工期、挂图作战,确保按期完成各项整改任务,并举一反三、
建章立制。</p></div><div>责任编辑:甲乙</div><div style="display:none">藏起来的推广文字</div>
<div class="foot">版权所有 某县人民政府</div></body></html>"""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_encodings(case: dict[str, str]) -> None:
    text = case.get("text", TEXT)
    decoded = decode("a.txt", text.encode(case["codec"]))
    assert (decoded.text, decoded.encoding, decoded.warnings) == (text, case["encoding"], ())


def test_line_ends_stay_as_in_the_file() -> None:
    assert decode("a.txt", TEXT.encode()).text == TEXT


def test_a_page_cut_inside_a_character_loses_that_one_only() -> None:
    for codec in ("utf-8", "gb18030"):
        decoded = decode("a.txt", TEXT.encode(codec)[:-1])
        assert decoded.text == TEXT[:-1] + "\ufffd"
        assert decoded.warnings == ("undecodable_bytes",)


def test_undecodable_bytes_become_lost_characters_and_never_surrogates() -> None:
    decoded = decode("a.txt", TEXT.encode().replace("持".encode(), b"\xff\xfe"))
    assert "\ufffd" in decoded.text and "改善生态环境" in decoded.text
    assert not any(0xD800 <= ord(char) <= 0xDFFF for char in decoded.text)


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        ("。,——!".encode(), "no text"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"PK\x03\x04" + b"a" * 50, "a ZIP archive"),
        (b"\x89PNG\r\n\x1a\n" + bytes(60), "a PNG picture"),
        (b"From: <Saved by Blink>\r\nSubject: a\r\nMIME-Version: 1.0\r\n\r\n--x", "a web archive"),
        (b"Date: Tue, 5 Mar 2024\nX-A: b\n c\nContent-Type: multipart/related\n\n--x", "a web archive"),
        (TEXT.encode() + b"\0" + TEXT.encode(), "NUL"),
        (bytes(range(256)) * 8, "NUL byte at offset 0"),
        (bytes(range(1, 256)) * 8, "first bad byte 0x80 at offset 127"),
        (b"a" * (MAX_BYTES + 1), "more than 5 MB"),
        ("甲 局长\n".encode() * MAX_LINES, "lines, more than 20000"),
    ],
)
def test_what_is_no_text_gets_one_line(data: bytes, complaint: str) -> None:
    with pytest.raises(CorpusError) as caught:
        decode("x.txt", data)
    line = str(caught.value)
    assert line.startswith("x.txt: error: ") and complaint in line and " → " in line and "\n" not in line


@pytest.mark.parametrize(("charset", "codec"), [("utf-8", "utf-8"), ("gb2312", "gbk"), ("utf-8", "gbk")])
def test_html_keeps_title_meta_lines_and_body(charset: str, codec: str) -> None:
    decoded = decode("a.html", PAGE.format(charset=charset).encode(codec))
    lines = decoded.text.split("\n")
    assert lines[0] == "县政府召开会议研究整改"
    assert lines[1] == "来源:某县融媒体中心\u00a0发布时间:2023-04-13"
    assert lines[2].startswith("4月12日,")
    assert lines[3].endswith("举一反三、建章立制。")
    assert lines[4:] == ["责任编辑:甲乙"]
    hints = dict(decoded.hints)
    assert hints["source"] == "某县融媒体中心"
    assert hints["date"] == "2023-04-13 09:00"
    assert hints["page_title"] == "县政府召开会议研究整改_某县政府网"
    assert decoded.tool is not None and decoded.tool.startswith("trafilatura ")


SITE = """<html><head><title>{title}_某市生态环境局</title></head><body>
<ul><li><a href="1">市局召开主题党日活动总结会议</a></li><li>2024-12-31 年终总结</li></ul>
<h1>{title}</h1><p>发布时间：2024-07-11 来源：大气科</p>
<p>7月10日，市生态环境局召开调度会，通报各县空气质量排名，局长甲主持会议，并对下一步工作提出了明确要求。</p>
<table><tr><td>县区</td><td>优良天数</td></tr><tr><td>金沙区</td><td>172</td></tr><tr><td>白水县</td><td>181</td></tr></table>
<p>会议强调，下半年要紧盯三个“一公里”，压实责任，完善机制，举一反三，建章立制，确保完成全年任务。</p></body></html>"""


def test_the_headline_that_a_page_itself_names_goes_before_the_lists_above_it() -> None:
    title = "市局通报上半年空气质量排名"
    decoded = decode("a.html", SITE.format(title=title).encode())
    hints = dict(decoded.hints)
    assert hints["headline"] == title
    kept = [(str(line.kind), line.text) for line in clean(decoded.text, hints["headline"]).blocks]
    assert kept[0] == ("title", title)
    assert not [text for _, text in kept if "年终总结" in text or "主题党日" in text]


def test_a_table_comes_row_by_row() -> None:
    decoded = decode("a.html", SITE.format(title="市局通报上半年空气质量排名").encode())
    kept = [line.text for line in clean(decoded.text, "市局通报上半年空气质量排名").blocks]
    assert kept[2:5] == ["县区 | 优良天数", "金沙区 | 172", "白水县 | 181"]


@pytest.mark.parametrize("cell", ["关闭采石场3家", "<p>关闭采石场3家</p>", "<div>关闭采石场3家</div>"])
def test_a_table_that_ends_a_page_keeps_its_rows_whatever_its_cells_hold(cell: str) -> None:
    page = (
        "<title>青溪县召开大会</title><h1>青溪县召开大会</h1><p>3月4日，青溪县召开大会，县长李国强主持会议。</p>"
        f"<table><tr><td>序号<td>任务</tr><tr><td>1</td><td>{cell}</td></tr></table>"
    )
    decoded = decode("a.html", page.encode())
    kept = [line.text for line in clean(decoded.text, "青溪县召开大会").blocks]
    assert kept[2:] == ["序号 | 任务", "1 | 关闭采石场3家"]


def test_a_byte_of_0x80_in_gbk_is_the_euro_sign() -> None:
    decoded = decode("a.txt", "会议强调，投资".encode("gbk") + b"\x80" + "一百万元，抓好整改。".encode("gbk"))
    assert (decoded.text, decoded.warnings) == ("会议强调，投资€一百万元，抓好整改。", ())


@pytest.mark.parametrize(
    ("last", "kept"),
    [("谢谢大家！", True), ("表态完毕，请批评指正。", True), ("返回顶部", False), ("请文明发言！", False)],
)
def test_html_keeps_the_short_last_line_of_a_speech(last: str, kept: bool) -> None:
    page = PAGE.format(charset="utf-8").replace("建章立制。</p>", f"建章立制。</p><p>{last}</p>")
    assert (last in decode("a.html", page.encode()).text.split("\n")) is kept


def test_html_without_main_text_falls_back_on_its_lines() -> None:
    decoded = decode("a.htm", "<p>短讯<br>会议召开<b>了</b></p><script>x".encode())
    assert (decoded.text, decoded.tool) == ("短讯\n会议召开了", "html.parser lines")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("unit", "count", "after"),
    [
        ("<div>", 100_000, TEXT),
        ("<p>", 200_000, ""),
        ("<", 400_000, TEXT),
        ("<!--", 100_000, TEXT),
        ("<a b='", 60_000, ""),
        ("&", 400_000, ""),
        ("<table><tr><td>", 20_000, TEXT),
    ],
    ids=["deep", "unclosed", "signs", "comments", "attributes", "references", "tables"],
)
def test_the_cost_of_an_html_bomb_grows_as_it_does(unit: str, count: int, after: str) -> None:
    def work(some: int) -> None:
        bomb = ("" if after else TEXT) + unit * some + after
        try:
            assert decode("a.html", bomb.encode()).text
        except CorpusError as error:
            assert "no text" in str(error)

    assert_linear(work, count)


@given(
    st.one_of(st.binary(max_size=300), st.text(max_size=80).map(lambda t: t.encode("gb18030", "ignore"))),
    st.sampled_from(["a.txt", "a.html"]),
)
@settings(max_examples=500, deadline=None)
@example(b"\xff\xfe\x00", "a.txt")
@example(b"\xff\xfe\x00\x00a", "a.txt")
@example(b"<![x", "a.html")
def test_any_bytes_give_text_or_one_line(data: bytes, name: str) -> None:
    try:
        decoded = decode(name, data)
    except CorpusError as error:
        assert str(error).startswith(f"{name}: error: ")
    else:
        decoded.text.encode("utf-8")
        assert "\0" not in decoded.text
        assert any(char.isalnum() for char in decoded.text)


_BODY = (
    "<div class=nav>首页</div><h1>县委召开会议</h1><div id=zoom><p>3月4日，县委书记主持召开会议。</p>"
    "<p>会议强调，要抓好整改，确保完成任务。</p></div>"
)


@pytest.mark.parametrize(
    "tag", ["script", "style", "noscript", "template", "select", "textarea", "button", "svg", "iframe"]
)
@pytest.mark.parametrize("charset", ["gbk", "utf-8"])
def test_an_element_that_is_never_closed_hides_nothing_of_the_article(tag, charset):
    page = f"<html><head><meta charset={charset}></head><body><{tag}>{_BODY}</body></html>".encode(charset)
    assert "主持召开会议" in decode("a.html", page).text


def test_closing_tags_in_capitals_close():
    page = f"<HTML><HEAD><SCRIPT>var a;</SCRIPT><STYLE>.a</STYLE></HEAD><BODY>{_BODY}</BODY></HTML>".encode()
    text = decode("a.html", page).text
    assert "主持召开会议" in text and "var a" not in text
