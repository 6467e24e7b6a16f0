"""What a reader of a printed article or pack finds, told by readers that are not ours (poppler, pikepdf)."""

from __future__ import annotations

import io
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from build_tools.core.article import (
    Article,
    BodyItem,
    Cleaned,
    DateRange,
    Edit,
    Gap,
    Line,
    LineKind,
    Participant,
    Pass,
    Role,
    ThemeHit,
)
from build_tools.core.diagnostics import CorpusError
from build_tools.outputs.print import compile
from tests.support.factory import fact, make_article, make_body

OPTIONS = compile.PrintOptions("https://example.org/digest/")


def poppler(tool: str, data: bytes, path: Path, *options: str) -> str:
    file = path / "out.pdf"
    file.write_bytes(data)
    command = [tool, *options, str(file), *(["-"] if tool == "pdftotext" else [])]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def body_text(data: bytes, path: Path) -> str:
    """The text between running head and foot, without white space: A4 at 72 dpi, margins 30 and 26 mm."""
    box = ("-r", "72", "-x", "0", "-y", "84", "-W", "596", "-H", "686")
    return re.sub(r"[\s\u2060]", "", poppler("pdftotext", data, path, *box))  # leaders hold word joiners


def in_order(texts: list[str], whole: str) -> None:
    at = 0
    for text in texts:
        bare = re.sub(r"\s", "", text)
        found = whole.find(bare, at)
        assert found >= 0, f"not printed, or out of order: {text[:60]!r}"
        at = found + len(bare)


def named_destinations(book: pikepdf.Pdf) -> set[str]:
    """All names that links and bookmarks may aim at."""
    names: set[str] = set()
    if "/Names" in book.Root and "/Dests" in book.Root.Names:
        names.update(pikepdf.NameTree(book.Root.Names.Dests).keys())
    return names


def pack(count: int = 3) -> list[Article]:
    out = []
    for at in range(count):
        body = make_body(
            f"第{at}次会议由孙金龙主持，研究碳达峰。",
            "学习贯彻习近平生态文明思想。" * 40,
            f"一是抓好落实{at}。" + "再接再厉。" * 30,
        )
        out.append(
            make_article(
                id=f"m-{at}",
                title=fact(f"第{at}次会议"),
                held=fact(DateRange(f"202{at}-03-19", f"202{at}-03-19")),
                published=fact(f"202{at}-03-22"),
                body=body,
                themes=(ThemeHit("碳达峰碳中和", 3.0, ((body[0].id, 13, 16),)),),
            )
        )
    return out


def test_article_holds_every_paragraph_in_order(tmp_path: Path) -> None:
    article = make_article(
        body=make_body("会议强调，“四个意识”——PM2.5、CO₂。", "长段落不断。" * 700, "末段。")
    )
    whole = body_text(compile.print_article(article, OPTIONS), tmp_path)
    in_order([article.display_title, *(item.text for item in article.body)], whole)


def test_gap_stands_unbroken_in_its_paragraph_and_its_note_tells_the_reading(tmp_path: Path) -> None:
    text = "把握贯穿其中的******观，由×同志和×同志通报。"
    body = make_body(text)
    gaps = (
        Gap(body[0].id, 7, "******", "世界", "mask"),
        Gap(body[0].id, 16, "×", None, "redaction"),
        Gap(body[0].id, 20, "×", None, "redaction"),
    )
    whole = body_text(compile.print_article(make_article(body=body, gaps=gaps), OPTIONS), tmp_path)
    in_order([text, "疑作“世界”"], whole)
    assert whole.count("原文隐去") == 1


def test_facts_fonts_and_metadata(tmp_path: Path) -> None:
    data = compile.print_article(make_article(), OPTIONS)
    told = poppler("pdfinfo", data, tmp_path)
    assert re.search(r"^Title: +生态环境部党组召开会议$", told, re.M)
    assert re.search(r"^Author: +杜宣逸$", told, re.M)
    assert re.search(r"^Tagged: +yes$", told, re.M)
    assert re.search(r"^Page size: .*A4", told, re.M)
    fonts = [row.split()[-5:-2] for row in poppler("pdffonts", data, tmp_path).splitlines()[2:]]
    assert fonts and all(row == ["yes", "yes", "yes"] for row in fonts), (
        "embedded, subset, with a Unicode map"
    )
    with pikepdf.open(io.BytesIO(data)) as file:
        assert str(file.Root.Lang) == "zh-CN"
        metadata = file.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
        assert metadata["pdfuaid:part"] == "1"
        assert "2021-03-22" in metadata["xmp:CreateDate"], "the date of the content, not of the clock"
    whole = body_text(data, tmp_path)
    for words in ("中国环境报", "孙金龙（生态环境部党组书记）", "2021年3月19日", "加强顶层设计"):
        assert words in whole
    assert "https://example.org/digest/articles/mee-2021-03-19/" in whole
    assert "杜宣逸.生态环境部党组召开会议[EB/OL].中国环境报,(2021-03-22)[引用日期]." in whole


def test_paragraph_numbers_lead_to_the_permalinks() -> None:
    article = make_article()
    with pikepdf.open(io.BytesIO(compile.print_article(article, OPTIONS))) as file:
        targets = {
            str(link.A.URI)
            for page in file.pages
            for link in page.get("/Annots", [])
            if "/A" in link and "/URI" in link.A
        }
    wanted = {f"https://example.org/digest/articles/{article.id}/#{item.id}" for item in article.paragraphs}
    assert wanted <= targets


def test_same_input_same_bytes_and_keys_follow_content() -> None:
    article = make_article()
    assert compile.print_article(article, OPTIONS) == compile.print_article(article, OPTIONS)
    key = compile.chapter_key(article, OPTIONS)
    assert key == compile.chapter_key(make_article(), OPTIONS)
    assert key != compile.chapter_key(make_article(title=fact("另一次会议")), OPTIONS)
    assert key != compile.chapter_key(article, replace(OPTIONS, site_url="https://example.net/"))


HOSTILE = (
    '#set text(fill: red) #panic("x") #eval("1")',
    "$ x^2 $ @ref <label> `raw` *强* _调_ = 标题 - 项 + 项 / 术语: 解",
    r"反斜杠 \ \u{41} \# // 注释 /* 注释 */ https://example.org/a_b#c",
    "引号\"甲\"'乙'、~ -- --- ... &amp; <b>乙</b> {{ 丙 }} [丁](戊)",
    "省略号……破折号——书名号《〈〉》",
)


def test_hostile_text_is_printed_as_it_stands(tmp_path: Path) -> None:
    lines = list(HOSTILE)
    article = make_article(
        title=fact("标题 #evil $x$ \\ @a *b*"),
        decks=("#v(1em) `副题`",),
        body=make_body(*lines),
        people=(Participant("甲#乙", ("$局长$",), (Role.PRESIDES,)),),
        documents=(fact("《#规定》"),),
    )
    whole = body_text(compile.print_article(article, OPTIONS), tmp_path)
    in_order(["标题 #evil $x$ \\ @a *b*", "#v(1em) `副题`", "甲#乙（$局长$）", *lines, "《#规定》"], whole)


@pytest.mark.parametrize("odd", ["\u202e", "\ud800", "\x00", "\ufffe", "\U000e0001"])
def test_odd_code_points_break_nothing(odd: str, tmp_path: Path) -> None:
    article = make_article(body=make_body(f"前{odd}后"), title=fact(f"题{odd}目"))
    whole = body_text(compile.print_article(article, OPTIONS), tmp_path)
    assert re.search("前.?后", whole)


def test_missing_glyph_is_a_box_with_its_code_point(tmp_path: Path) -> None:
    assert compile.missing_glyphs("生态📞𠮷CO₂环境") == [("📞", "U+1F4DE"), ("𠮷", "U+20BB7")]
    people = (Participant("王𠮷", ("局长",), (Role.PRESIDES,)),)
    article = make_article(body=make_body("请拨📞联系。", "CO₂浓度"), people=people)
    whole = body_text(compile.print_article(article, OPTIONS), tmp_path)
    in_order(["王□（U+20BB7）（局长）", "请拨□联系。", "CO₂浓度", "U+1F4DETELEPHONERECEIVER"], whole)
    told = [str(one) for one in compile.warnings_of(compile.chapter_of(article, OPTIONS))]
    assert len(told) == 2 and "U+1F4DE TELEPHONE RECEIVER" in told[0]


@pytest.mark.parametrize(
    "sequence",
    [
        "1️⃣",
        "#️⃣",
        "1\u20e3",
        "\u20e3",
        "☎️",
        "❤\u0301",
        "👨\u200d👩\u200d👧",
        "🇨🇳",
        "👍🏽",
        "葛\U000e0100",
        "ก็",
        "한\u1161",
        "\u0301一",
        "𠮷\u0301",
        "क्षि",
    ],
)
def test_a_sequence_that_no_face_has_is_printed_in_an_article_and_in_a_book(
    sequence: str, tmp_path: Path
) -> None:
    article = make_article(
        title=fact(f"题{sequence}目"),
        body=make_body(f"{sequence}抓整改，{sequence}要落实。", f"，{sequence}"),
    )
    assert "抓整改" in body_text(compile.print_article(article, OPTIONS), tmp_path)
    assert compile.print_book(compile.book_of("全编", "digest", [article], OPTIONS), OPTIONS)


def test_a_keycap_is_its_digit_and_a_box_with_a_note(tmp_path: Path) -> None:
    article = make_article(body=make_body("1️⃣抓整改。"))
    whole = body_text(compile.print_article(article, OPTIONS), tmp_path)
    in_order(["1", "□抓整改。", "U+20E3COMBININGENCLOSINGKEYCAP"], whole)


def test_more_foreign_characters_than_can_be_tried_are_boxes(tmp_path: Path) -> None:
    strange = "".join(chr(0x20000 + at) for at in range(400)) + "a\u0301b\u0302"
    assert "□" in body_text(compile.print_article(make_article(body=make_body(strange)), OPTIONS), tmp_path)


def test_a_pack_on_a_theme_prints_what_speaks_of_it_below_its_heading_or_whole_articles(
    tmp_path: Path,
) -> None:
    heading = BodyItem("h-1", "二、风险防控", 2)
    said = make_body("推进危险废物整治。" + "要抓紧整改落实。" * 40)
    others = make_body(*(f"第{at}件事，{'要抓紧落实。' * 60}" for at in range(100)))
    article = make_article(body=(*others[:3], heading, *said, *others[3:]))
    article = replace(article, themes=(ThemeHit("危险废物", 1.0, ((said[0].id, 2, 6),)),))

    def printed(whole: bool) -> str:
        book = compile.book_of("危险废物", "theme", [article], OPTIONS, whole=whole)
        return body_text(compile.print_book(book, OPTIONS), tmp_path)

    told = [
        "只收与本册主题有关的1段",
        "……（第1至3段略）",
        "二、风险防控",
        said[0].text,
        "……（第5至101段略）",
        "EB/OL",
    ]
    in_order(told, printed(whole=False))
    assert "第7件事" not in printed(whole=False) and "论述摘录" not in printed(whole=False)
    assert "第99件事" in printed(whole=True) and "论述摘录" in printed(whole=True)


def test_a_heading_that_speaks_of_the_theme_is_printed_and_found(tmp_path: Path) -> None:
    heading = BodyItem("h-1", "二、危险废物防控", 2)
    others = make_body(*(f"第{at}件事，{'要抓紧落实。' * 60}" for at in range(100)))
    article = make_article(body=(*others[:3], heading, *others[3:]))
    article = replace(article, themes=(ThemeHit("危险废物", 1.0, (("h-1", 2, 6),)),))
    book = compile.book_of("危险废物", "theme", [article], OPTIONS, whole=False)
    told = ["……（第1至3段略）", "二、危险废物防控", "……（第4至100段略）"]
    in_order(told, body_text(compile.print_book(book, OPTIONS), tmp_path))


def test_no_article_ends_on_a_page_with_a_few_lines(tmp_path: Path) -> None:
    for articles in range(1, 13):
        text = "生态环境部门要抓紧整改落实。" * 3
        article = make_article(body=make_body(*(f"{at}、{text}" for at in range(20 + 2 * articles))), gaps=())
        pages = poppler("pdftotext", compile.print_article(article, OPTIONS), tmp_path, "-layout").split("\f")
        lines = [line for line in pages[-2].splitlines() if line.strip()]
        assert len(lines) > 9, (articles, lines)


def test_a_chapter_of_a_book_begins_on_the_page_where_the_last_one_ended(tmp_path: Path) -> None:
    articles = [
        make_article(id=f"a{at}", title=fact(f"第{at}次全体会议召开"), gaps=(),
                     body=make_body(*(f"{n}、生态环境部门要抓紧整改落实。" for n in range(24 + 9 * at))))
        for at in range(4)
    ]  # fmt: skip
    data = compile.print_book(compile.book_of("全编", "digest", articles, OPTIONS), OPTIONS)
    pages = poppler("pdftotext", data, tmp_path, "-layout").replace(" ", "").split("\f")
    for at in range(1, 4):
        in_order([f"第{at - 1}次全体会议召开[EB/OL]", f"\n第{at}次全体会议召开\n"], next(
            page for page in pages if f"\n第{at}次全体会议召开\n" in page
        ))  # fmt: skip


def test_the_back_matter_of_a_small_book_is_on_one_page_and_its_last_page_is_not_nearly_blank(
    tmp_path: Path,
) -> None:
    for count in (1, 5, 12):
        articles = [
            make_article(
                id=f"a{at}",
                people=tuple(Participant(f"{name}某", ("局长",), (Role.PRESIDES,)) for name in "张李王"),
            )
            for at in range(count)
        ]
        data = compile.print_book(compile.book_of("全编", "digest", articles, OPTIONS), OPTIONS)
        pages = poppler("pdftotext", data, tmp_path, "-layout").split("\f")[:-1]
        assert len([line for line in pages[-1].splitlines() if line.strip()]) > 14
        (back,) = [page for page in pages[2:] if "人名索引" in page]
        assert back == pages[-1] and "主题索引" in back and "编印说明" in back, count


@pytest.mark.slow
def test_hundred_thousand_characters_in_one_paragraph(tmp_path: Path) -> None:
    text = "生态环境，保护！" * 12_500
    whole = body_text(compile.print_article(make_article(body=make_body(text)), OPTIONS), tmp_path)
    in_order([text], whole)


def test_article_without_people_date_title_or_text(tmp_path: Path) -> None:
    article = make_article(
        title=None, published=None, held=None, source=None, organization=None,
        authors=(), editors=(), people=(), themes=(), key_points=(), documents=(), statements=(),
        body=(), gaps=(), url=None, decks=(),
    )  # fmt: skip
    whole = body_text(compile.print_article(article, compile.PrintOptions()), tmp_path)
    assert "mee-2021-03-19" in whole
    assert "None" not in whole


def test_skipped_heading_levels_print(tmp_path: Path) -> None:
    (last,) = make_body("正文。")
    body = (
        BodyItem("h-1", "（一）直接三级", 4),
        BodyItem("h-2", "一、二级", 2),
        BodyItem("h-3", "1.四级", 4),
        last,
    )
    whole = body_text(compile.print_article(make_article(body=body, gaps=()), OPTIONS), tmp_path)
    in_order(["（一）直接三级", "一、二级", "1.四级", "正文。"], whole)


def test_corrected_wording_has_a_note(tmp_path: Path) -> None:
    text = "6月1日，召开会议。"
    steps = (
        Pass("correction", (Edit(3, "61日", "6月1日"),)),
        Pass("blank_lines", (Edit(0, "甲乙\n", ""),)),
    )
    cleaned = Cleaned("甲乙\n61日，召开会议。", text, steps, (Line(LineKind.PARAGRAPH, text),), ())
    article = make_article(body=make_body(text), cleaned=cleaned, gaps=())
    whole = body_text(compile.print_article(article, OPTIONS), tmp_path)
    in_order([text, "“6月1日，召开会”：底本作“61日”，编者更正。"], whole)


# --- packs -------------------------------------------------------------------


def test_pack_has_cover_contents_chapters_indexes_colophon(tmp_path: Path) -> None:
    articles = pack()
    book = compile.book_of("碳达峰碳中和", "theme", articles[::-1], OPTIONS, note="范围说明。")
    data = compile.print_book(book, OPTIONS)
    whole = body_text(data, tmp_path)
    texts = [item.text for article in articles for item in article.body]
    in_order(["碳达峰碳中和", "范围说明。", "目录", *texts, "人名索引", "主题索引", "编印说明"], whole)
    told = poppler("pdfinfo", data, tmp_path)
    pages = int(re.search(r"^Pages: +(\d+)$", told, re.M)[1])  # type: ignore[index]
    running = re.sub(r"\s", "", poppler("pdftotext", data, tmp_path))
    assert f"第{pages}页·共{pages}页" in running
    assert data == compile.print_book(
        compile.book_of("碳达峰碳中和", "theme", articles, OPTIONS, note="范围说明。"), OPTIONS
    )


def test_contents_and_indexes_name_the_right_pages(tmp_path: Path) -> None:
    data = compile.print_book(compile.book_of("全编", "digest", pack(), OPTIONS), OPTIONS)
    pages = [re.sub(r"[\s\u2060]", "", page) for page in poppler("pdftotext", data, tmp_path).split("\f")]
    laid_out = poppler("pdftotext", data, tmp_path, "-layout").split("\f")
    contents = next(page for page in laid_out if re.match(r"\s*目\s*录", page)).replace(" ", "")
    index = next(page for page in pages if "数字是页码" in page and "孙金龙" in page)
    places = []
    for at in range(3):
        where = next(n for n, page in enumerate(pages, 1) if f"第{at}次会议由孙金龙主持" in page)
        title = next(
            n for n, page in enumerate(laid_out, 1) if re.search(rf"^ *第 ?{at} ?次会议 *$", page, re.M)
        )
        assert title in (where - 1, where) and re.search(rf"第{at}次会议\u2060*{title}$", contents, re.M)
        places.append(where)
    assert "孙金龙" + "、".join(map(str, places)) in index


def test_bookmarks_and_inner_links_lead_somewhere() -> None:
    data = compile.print_book(compile.book_of("全编", "digest", pack(), OPTIONS), OPTIONS)
    with pikepdf.open(io.BytesIO(data)) as file:
        with file.open_outline() as outline:
            titles = [str(item.title) for item in outline.root]
            children = [str(child.title) for item in outline.root for child in item.children]
        assert titles == ["2020年", "2021年", "2022年", "人名索引", "主题索引", "编印说明"]
        assert children == ["第0次会议", "第1次会议", "第2次会议"]
        names, objects = named_destinations(file), {page.obj.objgen for page in file.pages}
        inner = 0
        for page in file.pages:
            for link in page.get("/Annots", []):
                target = link.get("/Dest", link.get("/A", {}).get("/D"))
                if target is None:
                    continue
                inner += 1
                if isinstance(target, pikepdf.Array):
                    assert target[0].objgen in objects
                else:
                    assert str(target) in names
        assert inner >= 3 + 3 * 2, "contents and indexes link"


def test_person_pack_quotes_his_words(tmp_path: Path) -> None:
    book = compile.book_of("孙金龙", "person", [make_article()], OPTIONS)
    whole = body_text(compile.print_book(book, OPTIONS), tmp_path)
    part = compile.book_of("孙金龙", "person", [make_article(statements=())], OPTIONS, whole=False)
    told = body_text(compile.print_book(part, OPTIONS), tmp_path)
    assert "文中没有其讲话" in told and "与会人员生态环境部党组书记·主持" in told
    head = whole.split("言论与职务", 2)[2][:200]
    assert "生态环境部党组书记" in head and "指出" in head


def test_large_book_prints_the_same_text_with_notes_by_chapter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compile, "LARGE", 1)
    articles = [replace(make_article(), id=f"m-{at}") for at in range(2)]
    whole = body_text(
        compile.print_book(compile.book_of("全编", "digest", articles, OPTIONS), OPTIONS), tmp_path
    )
    in_order([item.text for article in articles for item in article.body], whole)
    chapters = whole.rpartition("编印说明")[0]
    assert chapters.count("校注") == 2


def test_empty_pack_says_so() -> None:
    with pytest.raises(CorpusError, match="nothing to print"):
        compile.book_of("噪声污染防治", "theme", [], OPTIONS)


def test_unknown_edition_says_which_there_are() -> None:
    with pytest.raises(ValueError, match="zh-Hans"):
        compile.print_article(make_article(), replace(OPTIONS, lang="en"))
