"""The TEI edition: well formed, the text exact, speakers, names, gaps and conjectures marked."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from build_tools.core.article import Article, Gap, Statement
from build_tools.pages import tei
from tests.pages.test_escape import HOSTILE
from tests.pages.test_true_numbers import founding
from tests.support.factory import fact, make_article, make_body

HERE = "https://example.org/articles/a/"
TEI = "{http://www.tei-c.org/ns/1.0}"
ID = "{http://www.w3.org/XML/1998/namespace}id"


def _shown(paragraph: ET.Element) -> str:
    """The text of a paragraph without what an editor supposes."""
    for held in list(paragraph.iter()):
        for name in ("supplied", "sic"):
            for one in held.findall(f"{TEI}{name}"):
                one.text = ""
    return "".join(paragraph.itertext())


def _paragraphs(one: Article) -> dict[str, str]:
    root = ET.fromstring(tei.document(one, HERE))
    return {p.get(ID) or "": _shown(p) for p in root.iter(f"{TEI}p") if p.get(ID)}


def test_the_text_of_every_paragraph_is_exact() -> None:
    articles, _ = founding()
    for one in (*articles, make_article()):
        assert _paragraphs(one) == {item.id: item.text for item in one.paragraphs}, one.id


def test_hostile_text_is_well_formed() -> None:
    one = make_article(title=fact('<a>&"\x0b'), body=make_body(*(line.strip() for line in HOSTILE)), gaps=())
    assert len(_paragraphs(one)) == len(HOSTILE)


def test_speakers_names_gaps_and_conjectures_are_marked() -> None:
    where = make_article().paragraphs[1].id
    one = make_article(statements=(Statement(where, "孙金龙", None, "强调", "要增强“四个意识”"),))
    root = ET.fromstring(tei.document(one, HERE))
    people = {p.get(ID): p.findtext(f"{TEI}persName") for p in root.iter(f"{TEI}person")}
    assert sorted(filter(None, people.values())) == ["孙金龙", "库热西", "黄润秋"]
    named = [(p.text, people[(p.get("ref") or "")[1:]]) for p in root.iter(f"{TEI}persName") if p.get("ref")]
    assert named and all(shown == meant for shown, meant in named)
    (said,) = root.iter(f"{TEI}said")
    assert said.text == "要增强“四个意识”" and people[(said.get("who") or "")[1:]] == "孙金龙"
    gap, supplied = next(root.iter(f"{TEI}gap")), next(root.iter(f"{TEI}supplied"))
    assert (gap.findtext(f"{TEI}desc"), supplied.text) == ("******", "世界")
    where = one.paragraphs[2].id
    hidden = make_article(
        gaps=(Gap(where, one.paragraphs[2].text.find("******"), "******", None, "redaction"),)
    )
    gap = next(ET.fromstring(tei.document(hidden, HERE)).iter(f"{TEI}gap"))
    assert gap.get("reason") == "redacted" and gap.findtext(f"{TEI}desc") == "******"
    assert next(root.iter(f"{TEI}creation")).find(f"{TEI}date").get("when") == "2021-03-19"  # type: ignore[union-attr]
