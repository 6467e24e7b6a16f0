"""Citations, editions, feeds and data as programs read them that are not ours.

CSL-JSON and TEI have no schema in a package that is kept: theirs here are made by hand, narrower than the standard's.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

import bibtexparser
import feedparser
import frictionless
import jsonschema
import rispy
from lxml import etree
from pyld import jsonld

from build_tools.core.article import Article, Cleaned, Edit, Pass, Trust
from build_tools.core.site import LONG, Imprint, Link, archive_of
from build_tools.graph.link import link
from build_tools.graph.summary import card_of
from build_tools.outputs import feeds, open_data
from build_tools.pages import article as article_page
from build_tools.pages import cite, collation, head, indexes, tei
from tests.pages.test_theme import _Page
from tests.pages.test_true_numbers import founding, site_of
from tests.support.factory import fact, make_article, make_body

HERE = "https://example.org/articles/a/"
HOSTILE = make_article(
    id="hostile", title=fact('1~3月 {甲}\\b%$#& "乙"\u2028<i>'), trust=fact(Trust.DAMAGED), gaps=()
)
YEARLESS = make_article(id="yearless", published=fact("XXXX-03-06"), held=None)
BARE = make_article(
    id="2024-bare", title=None, published=None, held=None, source=None, organization=None, authors=(), editors=(),
    people=(), themes=(), key_points=(), documents=(), statements=(), body=(), gaps=(), url=None, decks=(),
)  # fmt: skip


def articles() -> tuple[Article, ...]:
    return (*founding()[0], make_article(), HOSTILE, YEARLESS, BARE)


# csl-data.json of citation-style-language/schema, as far as we write it.
CSL = {
    "type": "array",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["id", "type", "title"],
        "properties": {
            **{
                name: {"type": "string", "minLength": 1}
                for name in ("id", "title", "publisher", "note", "URL", "language")
            },
            "type": {"const": "webpage"},
            "author": {
                "type": "array",
                "items": {"type": "object", "required": ["literal"], "additionalProperties": False,
                          "properties": {"literal": {"type": "string", "minLength": 1}}},
            },
            "issued": {
                "type": "object",
                "required": ["date-parts"],
                "properties": {
                    "date-parts": {
                        "type": "array", "maxItems": 1, "minItems": 1,
                        "items": {"type": "array", "minItems": 1, "maxItems": 3, "items": {"type": "integer"}},
                    }
                },
            },
        },
    },
}  # fmt: skip


def test_bibtex_ris_and_csl_json_agree_when_others_read_them() -> None:
    for one in articles():
        made = cite.texts(one, HERE)
        library = bibtexparser.parse_string(made["BibTeX"])
        assert not library.failed_blocks
        (entry,) = library.entries
        (ris,) = rispy.loads(made["RIS"])
        items = json.loads(made["CSL-JSON"])
        jsonschema.validate(items, CSL)
        (csl,) = items
        assert (entry.entry_type, entry.key, ris["type_of_reference"]) == ("online", one.id, "ELEC")
        title = " ".join(one.display_title.split())
        assert ris["title"] == title and " ".join(csl["title"].split()) == title
        assert entry["url"] == ris["urls"][0] == csl["URL"] == HERE
        authors = [who["literal"] for who in csl.get("author", ())]
        assert ris.get("authors", []) == authors
        shown = entry.fields_dict["author"].value if authors else ""
        assert shown == " and ".join(f"{{{name}}}" for name in authors)
        day = "-".join(f"{part:02}" for part in csl.get("issued", {"date-parts": [[]]})["date-parts"][0])
        assert ris.get("date", "").replace("/", "-") == day
        assert (entry.fields_dict["date"].value if day else "") == day
        warned = one.trust.value in (Trust.TEMPLATE, Trust.DAMAGED)
        assert [warned] * 3 == ["note" in entry.fields_dict, bool(ris.get("notes")), "note" in csl]
        assert warned == ("（" in made["GB/T 7714—2025"].rpartition(HERE)[2]) == ("[" in made["APA"])


def test_editions_and_the_corpus_are_valid_tei_and_every_pointer_leads_somewhere() -> None:
    schema = etree.RelaxNG(etree.parse(Path(__file__).parents[1] / "support" / "tei.rng"))
    files = [tei.document(one, HERE) for one in articles()]
    files.append(b"".join(tei.corpus(articles(), "https://example.org/")))
    for data in files:
        root = etree.fromstring(data)
        assert schema.validate(root), schema.error_log
        ids = {one.get("{http://www.w3.org/XML/1998/namespace}id") for one in root.iter(etree.Element)}
        pointers = {one.get(name) for one in root.iter(etree.Element) for name in ("who", "ref")} - {None}
        assert {pointer[1:] for pointer in pointers} <= ids
    assert len(root.findall("{*}TEI")) == len(articles())


def test_an_edition_marks_the_emendation_the_body_and_the_days() -> None:
    one = next(one for one in founding()[0] if one.id.startswith("heilongjiang"))
    root = etree.fromstring(tei.document(one, HERE))
    (choice,) = root.iter("{*}choice")
    assert [part.text for part in choice] == ["61日", "6月1日"]
    assert "2023" in [day.get("when") for day in root.find(".//{*}body").iter("{*}date")]
    hidden = make_article(body=make_body("生态环境部2024年13月45日前部署。"), gaps=())
    body = etree.fromstring(tei.document(hidden, HERE)).find(".//{*}body")
    assert [name.text for name in body.iter("{*}orgName")] == ["生态环境部"]
    assert not list(body.iter("{*}date"))  # there is no thirteenth month


def test_json_ld_is_read_without_the_network() -> None:
    def load(url: str, options: object) -> dict[str, Any]:
        assert url in ("https://schema.org", "https://schema.org/")
        context = {"@context": {"@vocab": "https://schema.org/"}}
        return {
            "contentType": "application/ld+json",
            "contextUrl": None,
            "documentUrl": url,
            "document": context,
        }

    kinds = set()
    for one in articles():
        told = re.search(r"^jsonld: (.*)$", head.front_matter(one, pdf=True), re.M)
        assert told is not None
        text = json.loads(told[1])
        data = {"@context": "https://schema.org", **json.loads(text)}
        (read,) = jsonld.expand(data, {"documentLoader": load})
        assert read["https://schema.org/headline"] == [{"@value": one.display_title}]
        kinds.add(read["@type"][0])
        for day in read.get("https://schema.org/datePublished", ()):
            assert re.fullmatch(r"\d{4}(-\d\d){0,2}", day["@value"])
    assert kinds == {"https://schema.org/NewsArticle", "https://schema.org/CreativeWork"}


def test_feeds_are_read_by_a_feed_reader() -> None:
    some = (make_article(), HOSTILE, YEARLESS)
    for path, data in feeds.feeds(site_of(some), Imprint("文摘", "https://example.org/")):
        if path.endswith(".atom"):
            read = feedparser.parse(data)
            assert "author" not in read.feed  # nobody is named who was not
            assert not read.bozo, (path, read.get("bozo_exception"))
            assert read.version == "atom10" and read.entries and read.feed.title
            assert all(one.id.startswith("https://") and one.updated_parsed for one in read.entries), path


SIGNED = Imprint("文摘", "https://example.org/", "文摘编辑部", "mailto:editor@wenzhai.cn")


def test_feeds_say_who_edits_and_where_to_write() -> None:
    made = dict(feeds.feeds(site_of((make_article(),)), SIGNED))
    person = feedparser.parse(made["feeds/site.atom"]).feed.author_detail
    assert (person.name, person.email) == ("文摘编辑部", "editor@wenzhai.cn")
    assert json.loads(made["feeds/site.json"])["authors"] == [{"name": "文摘编辑部"}]
    made = dict(feeds.feeds(site_of((make_article(),)), Imprint("文摘", contact="https://wenzhai.cn/issues")))
    person = feedparser.parse(made["feeds/site.atom"]).feed.author_detail
    assert (person.name, person.href) == ("文摘", "https://wenzhai.cn/issues")


def test_the_data_package_is_valid_and_catalogued(tmp_path: Path) -> None:
    some, registries = founding()
    lines = [open_data.lines_of(one) for one in sorted(some, key=lambda one: one.id)]
    cards = [card_of(one, registries.formulations) for one in some]
    tie = Link("related", some[0].id, some[1].id, 0.5)
    corpus = tei.corpus(some, "https://example.org/")
    for name, data in open_data.data_files(lines, cards, [tie], registries, SIGNED, corpus):
        (tmp_path / name).write_bytes(data)
    with frictionless.system.use_context(trusted=True):
        report = frictionless.Package(str(tmp_path / "datapackage.json")).validate()
    assert report.valid, report.flatten(["name", "type", "note"])
    package = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))
    assert package["contributors"] == [
        {"title": "文摘", "role": "publisher", "path": "https://example.org/"},
        {"title": "文摘编辑部", "role": "maintainer", "email": "editor@wenzhai.cn"},
    ]
    assert package["licenses"] and package["homepage"] and all(one["bytes"] for one in package["resources"])
    (read,) = jsonld.expand(json.loads((tmp_path / "dcat.jsonld").read_text("utf-8")))
    assert read["@type"] == ["http://www.w3.org/ns/dcat#Dataset"]
    (reached,) = read["http://www.w3.org/ns/dcat#contactPoint"]
    assert reached["http://www.w3.org/2006/vcard/ns#hasEmail"] == [{"@id": "mailto:editor@wenzhai.cn"}]
    named = {one["@id"] for part in read["http://www.w3.org/ns/dcat#distribution"]
             for one in part["http://www.w3.org/ns/dcat#downloadURL"]}  # fmt: skip
    assert named == {f"https://example.org/data/{one['path']}" for one in package["resources"]}


def test_of_a_large_corpus_each_year_is_a_package_of_its_own_and_nothing_is_in_two(tmp_path: Path) -> None:
    some, registries = founding()
    lines = {one.id: open_data.lines_of(one) for one in sorted(some, key=lambda one: one.id)}
    cards = [card_of(one, registries.formulations) for one in some]
    ties = [Link("related", one.id, cards[0].id, 0.5) for one in cards[1:]]
    whole = dict(open_data.data_files(lines.values(), cards, ties, registries, Imprint("文摘")))
    years = sorted({one.volume for one in cards})
    assert len(years) > 1
    made = dict(open_data.data_files(lines.values(), cards, ties, registries, Imprint("文摘"), volumes=years))
    said = json.loads(whole["datapackage.json"])["contributors"], json.loads(whole["dcat.jsonld"])
    assert said[0] == [{"title": "文摘", "role": "publisher"}] and "dcat:contactPoint" not in said[1]
    assert set(whole) - set(made) == set(LONG)
    rows: dict[str, list[str]] = {name: [] for name in LONG}
    for year in years:
        inside = [one for one in sorted(cards, key=lambda one: one.id) if one.volume == year]
        ours = [tie for tie in ties if tie.source in {one.id for one in inside}]
        told = open_data.joined(lines[one.id] for one in inside)
        files = open_data.volume_files(told, inside, ours, registries, Imprint("文摘"))
        ((name, data),) = open_data.with_archive(files, archive_of(year), beside=())
        assert f'"{name}"' in made["dcat.jsonld"].decode()
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            archive.extractall(tmp_path / year)
        folder = tmp_path / year / "digest-data"
        assert frictionless.Package(str(folder / "datapackage.json")).validate().valid
        for table in filter(lambda one: (folder / one).exists(), rows):  # none without a line
            rows[table] += (folder / table).read_text("utf-8").splitlines()
    assert {table: sorted(found) for table, found in rows.items()} == {
        table: sorted(whole[table].decode().splitlines()) for table in rows
    }
    assert "按年" not in indexes.data(link(cards, registries)).text
    text = indexes.data(link(cards, registries), years).text
    assert all(f"({archive_of(year)})" in text for year in years) and "(articles.jsonl)" not in text


# --- Zotero ------------------------------------------------------------------

# zotero/translators, "Embedded Metadata.js" (HIGHWIRE_MAPPINGS, init, addHighwireMetadata) and "RDF.js" (detectType,
# importItem): a tag with a known prefix becomes an RDF statement. The kind is the first of z:itemType, bib, prism,
# eprints, og:type (website alone), DC.type, what the citation_ tags suggest (citation_title: journalArticle),
# og:type's guess (article: journalArticle). Highwire fields go over those of RDF; creators are citation_author.
HIGHWIRE = {
    "citation_title": "title", "citation_publication_date": "date", "citation_journal_title": "publicationTitle",
    "citation_publisher": "publisher", "citation_public_url": "url", "citation_language": "language",
}  # fmt: skip
RDF = {
    "DC.title": "title", "DC.source": "publicationTitle", "DC.publisher": "publisher", "DC.date": "date",
    "DC.description": "abstractNote", "DC.language": "language",
}  # fmt: skip


def zotero(meta: dict[str, list[str]]) -> dict[str, Any]:
    """What Zotero saves of a page with these meta tags."""
    by_highwire = "journalArticle" if "citation_title" in meta else ""
    if "citation_journal_title" in meta:
        by_highwire = "journalArticle"
    first = defaultdict(str, {name: values[0] for name, values in meta.items()})
    og = {"website": "webpage"}.get(first["og:type"], "")
    guess = {"article": "journalArticle"}.get(first["og:type"], "")
    item: dict[str, Any] = {
        "itemType": first["z:itemType"] or og or first["DC.type"] or by_highwire or guess,
        **{field: first[name] for name, field in RDF.items() if first[name]},
        **{field: first[name] for name, field in HIGHWIRE.items() if first[name]},
        "creators": meta.get("citation_author", []),
        "tags": meta.get("DC.subject", []) or meta.get("citation_keywords", []),
    }
    if first["citation_pdf_url"]:
        item["attachments"] = [first["citation_pdf_url"]]
    return item


def test_zotero_saves_a_web_page_with_its_author_day_and_publisher(built_site: Path) -> None:
    page = (built_site / "articles/mee-2021-03-19/index.html").read_text("utf-8")
    meta = _Page(page).meta
    item = zotero(meta)
    assert item["itemType"] == "webpage" and item["title"] == "生态环境部党组召开会议"
    assert item["creators"] == ["杜宣逸"] and item["date"] == "2021/03/22"
    assert item["publisher"] == item["publicationTitle"] == "中国环境报" and item["language"] == "zh-CN"
    assert item["url"] == "https://example.org/sub/articles/mee-2021-03-19/" and item["tags"] == [
        "碳达峰碳中和"
    ]
    assert "attachments" not in item  # this site was built without PDFs
    damaged = zotero(_Page((built_site / "articles/hostile/index.html").read_text("utf-8")).meta)
    assert damaged["abstractNote"].startswith("受损：") and damaged["itemType"] == "webpage"
    without = zotero({name: values for name, values in meta.items() if name not in ("z:itemType", "DC.type")})
    assert without["itemType"] == "journalArticle"  # so the two tags are what makes it a web page


# --- the original beside the edited text -----------------------------------------


def test_original_and_edited_text_are_both_whole_and_the_emendation_comes_first() -> None:
    for one in articles():
        made = collation.pieces(one.cleaned)
        assert "".join(piece.before for piece in made) == one.cleaned.original, one.id
        assert "".join(piece.after for piece in made) == one.cleaned.text, one.id
    one = next(one for one in founding()[0] if one.id.startswith("heilongjiang"))
    html = collation.page(one, collation.pieces(one.cleaned)).decode()
    root = etree.fromstring(html.split("\n", 1)[1].encode(), etree.HTMLParser(encoding="utf-8"))
    (listed,) = root.iter("ol")
    assert "".join(listed.itertext()).strip().startswith("61日6月1日下午")
    cells = [list(row.iter("td")) for row in root.iter("tr")]
    left, right = (
        "".join(
            text
            for row in cells
            if row
            for text in row[side if len(row) > 1 else 0].xpath(f".//text()[not(parent::{without})]")
        )
        for side, without in ((0, "ins"), (1, "del"))
    )
    assert "".join(left.split()) == "".join(one.cleaned.original.split())
    assert "".join(right.split()) == "".join(one.cleaned.text.split())
    assert "script" not in html
    numbered = {link.get("href") for link in root.iter("a")} - {"./"}
    assert numbered == {f"./#{item.id}" for item in one.paragraphs}


def test_hostile_text_is_text_on_the_page_of_both() -> None:
    one = make_article(title=fact("<script>alert(1)</script>"))
    assert b"<script" not in collation.page(one, collation.pieces(one.cleaned))


def test_a_text_of_which_only_marks_were_changed_has_no_page_of_both_and_no_link_to_one() -> None:
    for one in founding()[0]:
        there = [path for path, _ in article_page.files(one, "") if path.endswith("collation.html")]
        page = article_page.article(one, site_of((one,)).context(one.id)).text
        words = [piece for piece in collation.pieces(one.cleaned) if piece.rule and collation.emends(piece)]
        assert bool(there) == bool(words) == ("collation.html" in page), one.id


def test_the_page_of_both_texts_of_a_long_article_holds_the_changed_lines_alone() -> None:
    lines = [f"第{at}行没有改过的字。" + "会议强调，要抓紧。" * 40 for at in range(90)]
    text = "\n".join(["6月1日开会。", *lines])
    step = Pass("date_lost_separator", (Edit(0, "61日", "6月1日"),))
    cleaned = Cleaned(f"61日{text[4:]}", text, (step,), (), ())
    one = replace(make_article(), cleaned=cleaned)
    html = collation.page(one, collation.pieces(one.cleaned))
    assert len(html) < collation.WHOLE + 4000 and "另有 90 行不列于此" in html.decode()
    assert "<del class=w>61日</del>" in html.decode()
