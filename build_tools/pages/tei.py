"""The TEI edition of an article (P5, TEI All): who speaks, who is named, what is lost, what an editor supposes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, count
from xml.sax.saxutils import escape, quoteattr

from build_tools.core.article import Article, BodyItem, value_of
from build_tools.core.text import Words
from build_tools.facts.tokens import mask
from build_tools.pages import cite, collation, markdown
from build_tools.pages.spans import Span, nested

_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
Changed = Iterable[tuple[int, collation.Piece]]
_DAY = re.compile(r"((?:19|20)\d\d)年(?:(1[0-2]|0?[1-9])月(?:(3[01]|[12]\d|0?[1-9])日)?)?(?!\d+[月日])")
EDITORIAL = (
    "标点、字形和移出正文的行不逐处标注，全部改动见本篇的改动记录。sic 与 corr 为改动字句，gap 为原文缺损或隐去之处，"
    "照录原样；supplied 为编者推测，不入正文。said、persName、orgName、date 由规则读出。"
)
_WHEN = re.compile(r"\d{4}(-\d\d){0,2}")


def document(one: Article, address: str, made: Sequence[collation.Piece] = ()) -> bytes:
    """The whole file, UTF-8. `made`: its `collation.pieces`, where they are known already."""
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + _edition(one, address, "", made) + b"\n"


def corpus(articles: Iterable[Article], site_url: str) -> Iterator[bytes]:
    """The editions of at least one article in one teiCorpus, piece by piece. What has an id in an edition has the article's before it."""
    title, licence = "生态环境会议文摘", _licence()
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n<teiCorpus xmlns="http://www.tei-c.org/ns/1.0" xml:lang="zh-Hans">\n'
        f"<teiHeader><fileDesc><titleStmt><title>{title}</title></titleStmt>"
        f"<publicationStmt><publisher>{title}</publisher>{licence}</publicationStmt>"
        "<sourceDesc><p>公开发布的会议通稿与讲话，来源见各篇。</p></sourceDesc></fileDesc></teiHeader>\n"
    ).encode()
    for one in articles:
        yield _edition(one, f"{site_url}articles/{one.id}/" if site_url else "", f"{one.id}.") + b"\n"
    yield b"</teiCorpus>\n"


def _edition(one: Article, address: str, prefix: str, made: Sequence[collation.Piece] = ()) -> bytes:
    """The TEI element; `prefix` comes before its ids: in a corpus two articles may have a paragraph in common."""
    who = [*(person.name for person in one.people if not person.weak)]
    who += [said.collective for said in one.statements if said.collective]
    ids = {name: f"{_id(prefix)}who-{at}" for at, name in enumerate(dict.fromkeys(who), 1)}
    lines = [
        '<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:lang="zh-Hans">',
        *_header(one, address, ids),
        "<text><body>",
        *_body(one, ids, prefix, made or collation.pieces(one.cleaned)),
        "</body></text>",
        "</TEI>",
    ]
    return "\n".join(lines).encode()


def _id(name: str) -> str:
    """An xml:id begins with a letter; an article's may with a figure."""
    return f"a-{name}" if name[:1].isdigit() else name


def _licence() -> str:
    return (
        '<availability><licence target="https://opensource.org/license/mit">'
        "编排以 MIT 许可发布；文字的权利属于原发布机构。</licence></availability>"
    )


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
    yield "<editor>生态环境会议文摘编者</editor>"
    yield "</titleStmt><publicationStmt>"
    yield "<publisher>生态环境会议文摘</publisher>"
    if address:
        yield f'<idno type="URI">{_text(address)}</idno>'
    yield _licence()
    yield "</publicationStmt>"
    if warning:
        yield f"<notesStmt><note>{_text(warning)}</note></notesStmt>"
    yield f"<sourceDesc><bibl><title>{title}</title>"
    if source:
        yield f"<publisher>{_text(source)}</publisher>"
    yield _date(one.published.value if one.published is not None else None)
    if one.url is not None:
        yield f"<ref target={_attribute(one.url)}/>"
    yield "</bibl></sourceDesc></fileDesc>"
    yield f"<encodingDesc><editorialDecl><p>{EDITORIAL}</p></editorialDecl></encodingDesc><profileDesc>"
    if one.held is not None:
        yield f"<creation>{_date(one.held.value.start)}</creation>"
    if people:
        yield "<particDesc>"
        named = {who.name for who in one.people if not who.weak}
        yield "<listPerson>" * bool(named)
        for who in one.people:
            if who.name in named and not who.weak:
                roles = "、".join(markdown.label("roles", role.value) for role in who.roles)
                offices = "".join(f"<occupation>{_text(office)}</occupation>" for office in who.offices)
                note = f"<note>{_text(roles)}</note>" if roles else ""
                name = f"<persName>{_text(who.name)}</persName>"
                yield f'<person xml:id="{people[who.name]}">{name}{offices}{note}</person>'
        yield "</listPerson>" * bool(named)
        bodies = [name for name in people if name not in named]
        if bodies:
            told = (f'<org xml:id="{people[name]}"><orgName>{_text(name)}</orgName></org>' for name in bodies)
            yield f"<listOrg>{''.join(told)}</listOrg>"
        yield "</particDesc>"
    if one.organization is not None:
        name = f"<orgName>{_text(one.organization.value)}</orgName>"
        where = f"<placeName>{_text(one.place.value)}</placeName>" if one.place is not None else ""
        what = markdown.label("kinds", one.kind.value.value)
        yield f"<settingDesc><setting>{name}{where}<activity>{what}</activity></setting></settingDesc>"
    yield "</profileDesc></teiHeader>"


def _body(
    one: Article, people: dict[str, str], prefix: str, made: Sequence[collation.Piece]
) -> Iterator[str]:
    changed = collation.blocks_of(one.cleaned, made)

    yield f"<head>{_text(one.display_title)}</head>"
    if not any(item.level == 0 for item in one.body):
        yield "<p/>"
    opened, numbers = False, count(1)
    for item in one.body:
        name = _attribute(_id(prefix + item.id))
        if item.level:
            yield f"{'</div>' * opened}<div><head xml:id={name}>{_text(item.text)}</head>"
        else:
            shown = _paragraph(item, one, people, changed.get(item.text, ()))
            yield from () if opened else ("<div>",)
            yield f'<p xml:id={name} n="{next(numbers)}">{shown}</p>'
        opened = True
    yield "</div>" * opened


def _paragraph(item: BodyItem, one: Article, people: dict[str, str], changed: Changed) -> str:
    """Elements nest or keep apart; what would cross one named before it is left out."""
    spans: list[Span] = []
    for span in chain(_said(item, one, people), _sources(item, one, changed), _named(item.text, one, people)):
        crossed = [other for other in spans if other.start < span.end and span.start < other.end]
        if all(held.inner is None and held.start <= span.start and span.end <= held.end for held in crossed):
            spans.append(span)
    return nested(item.text, spans, lambda part, _: _text(part))


def _said(item: BodyItem, one: Article, people: dict[str, str]) -> Iterator[Span]:
    for said in one.statements:
        start = item.text.find(said.text) if said.paragraph == item.id else -1
        if start >= 0:
            speaker = people.get(said.person or said.collective or "")
            who = f' who="#{speaker}"' if speaker else ""
            yield Span(start, start + len(said.text), f"<said{who}>", "</said>")


def _sources(item: BodyItem, one: Article, changed: Changed) -> Iterator[Span]:
    """What the page has lost, what we changed."""
    for gap in one.gaps:
        if gap.paragraph == item.id and gap.surface and item.text.startswith(gap.surface, gap.start):
            reason = "redacted" if gap.note == "redaction" else "lost"
            lost = f'<gap reason="{reason}"><desc>{_text(gap.surface)}</desc></gap>'
            if gap.reading:
                lost += f'<supplied cert="low">{_text(gap.reading)}</supplied>'
            yield Span(gap.start, gap.start + len(gap.surface), "", "", lost)
    for start, piece in changed:
        both = f"<sic>{_text(piece.before)}</sic><corr>{_text(piece.after)}</corr>"
        yield Span(start, start + len(piece.after), "", "", f"<choice>{both}</choice>")


def _named(text: str, one: Article, people: dict[str, str]) -> Iterator[Span]:
    """Dates, the organization, people."""
    for date in _DAY.finditer(text):
        when = "-".join(part.zfill(2) for part in date.groups() if part)
        yield Span(date.start(), date.end(), f'<date when="{when}">', "</date>")
    body = value_of(one.organization)
    for named in re.finditer(re.escape(body), text) if body else ():
        yield Span(named.start(), named.end(), "<orgName>", "</orgName>")
    persons = {who.name: people[who.name] for who in one.people if who.name in people and not who.weak}
    for found in Words(persons).within(text).finditer(mask(text)):
        yield Span(found.start, found.end, f'<persName ref="#{persons[found.word]}">', "</persName>")
