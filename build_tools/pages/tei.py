"""The TEI edition of an article (P5, TEI All): who speaks, who is named, what is lost, what an editor supposes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from build_tools.core.article import Article, BodyItem
from build_tools.core.text import Words
from build_tools.facts.tokens import mask
from build_tools.pages import cite, markdown
from build_tools.pages.spans import Span, nested

_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WHEN = re.compile(r"\d{4}(-\d\d){0,2}")


def document(one: Article, address: str) -> bytes:
    """The whole file, UTF-8."""
    people = {who.name: f"who-{at}" for at, who in enumerate(one.people, 1) if not who.weak}
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:lang="zh-Hans">',
        *_header(one, address, people),
        "<text><body>",
        *_body(one, people),
        "</body></text>",
        "</TEI>\n",
    ]
    return "\n".join(lines).encode()


def _text(text: str) -> str:
    return escape(_NO_XML.sub("\ufffd", text))


def _attribute(text: str) -> str:
    return quoteattr(_NO_XML.sub("\ufffd", text))


def _date(edtf: str | None) -> str:
    """`<date when="2024-01-23">2024年1月23日</date>`; of an unknown year without `when`."""
    if edtf is None:
        return ""
    when = f" when={_attribute(edtf)}" if _WHEN.fullmatch(edtf) else ""
    return f"<date{when}>{_text(markdown.date(edtf))}</date>"


def _header(one: Article, address: str, people: dict[str, str]) -> Iterator[str]:
    title, warning, source = _text(one.display_title), cite.caution(one), cite.publisher(one)
    yield f"<teiHeader><fileDesc><titleStmt><title>{title}</title>"
    for name in cite.authors(one):
        yield f"<author>{_text(name)}</author>"
    yield "</titleStmt><publicationStmt>"
    yield "<publisher>生态环境会议文摘</publisher>"
    if address:
        yield f'<idno type="URI">{_text(address)}</idno>'
    yield "<availability><licence>编排以 MIT 许可发布；文字的权利属于原发布机构。</licence></availability>"
    yield "</publicationStmt>"
    if warning:
        yield f"<notesStmt><note>{_text(warning)}</note></notesStmt>"
    yield f"<sourceDesc><bibl><title>{title}</title>"
    if source:
        yield f"<publisher>{_text(source)}</publisher>"
    yield _date(one.published.value if one.published is not None else None)
    if one.url is not None:
        yield f"<ref target={_attribute(one.url)}/>"
    yield "</bibl></sourceDesc></fileDesc><profileDesc>"
    if one.held is not None:
        yield f"<creation>{_date(one.held.value.start)}</creation>"
    if people:
        yield "<particDesc><listPerson>"
        for who in one.people:
            if who.name in people:
                roles = "、".join(markdown.label("roles", role.value) for role in who.roles)
                offices = "".join(f"<occupation>{_text(office)}</occupation>" for office in who.offices)
                note = f"<note>{_text(roles)}</note>" if roles else ""
                name = f"<persName>{_text(who.name)}</persName>"
                yield f'<person xml:id="{people[who.name]}">{name}{offices}{note}</person>'
        yield "</listPerson></particDesc>"
    if one.organization is not None:
        name = f"<orgName>{_text(one.organization.value)}</orgName>"
        yield f"<settingDesc><setting>{name}<activity>会议</activity></setting></settingDesc>"
    yield "</profileDesc></teiHeader>"


def _body(one: Article, people: dict[str, str]) -> Iterator[str]:
    yield f"<head>{_text(one.display_title)}</head>"
    if not any(item.level == 0 for item in one.body):
        yield "<p/>"
    opened = False
    number = 0
    for item in one.body:
        if item.level:
            yield f"{'</div>' * opened}<div><head xml:id={_attribute(item.id)}>{_text(item.text)}</head>"
            opened = True
        elif not opened:
            yield "<div>"
            opened = True
        if not item.level:
            number += 1
            yield f'<p xml:id={_attribute(item.id)} n="{number}">{_paragraph(item, one, people)}</p>'
    yield "</div>" * opened


def _paragraph(item: BodyItem, one: Article, people: dict[str, str]) -> str:
    text = item.text
    spans: list[Span] = []

    def add(span: Span) -> None:
        """Elements nest or keep apart; what would cross another is left out."""
        for other in spans:
            apart = span.end <= other.start or other.end <= span.start
            inside = other.inner is None and other.start <= span.start and span.end <= other.end
            if not (apart or inside):
                return
        spans.append(span)

    for said in one.statements:
        start = text.find(said.text) if said.paragraph == item.id else -1
        if start >= 0:
            who = f' who="#{people[said.person]}"' if said.person in people else ""
            add(Span(start, start + len(said.text), f"<said{who}>", "</said>"))
    for gap in one.gaps:
        if gap.paragraph == item.id and gap.surface and text.startswith(gap.surface, gap.start):
            surface = _text(gap.surface)
            lost = f'<gap reason="{"redacted" if gap.note == "redaction" else "lost"}"><desc>{surface}</desc></gap>'
            if gap.reading:
                lost = f'<choice><sic>{surface}</sic><corr cert="low">{_text(gap.reading)}</corr></choice>'
            add(Span(gap.start, gap.start + len(gap.surface), "", "", lost))
    for found in Words(people).within(text).finditer(mask(text)):
        add(Span(found.start, found.end, f'<persName ref="#{people[found.word]}">', "</persName>"))
    return nested(text, spans, lambda part, _: _text(part))
