"""Article → Page: the Markdown of an article's page.

It depends on the article and its ArticleContext alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from build_tools.core.article import (
    Article,
    Evidence,
    Fact,
    Gap,
    Role,
    Trust,
)
from build_tools.core.site import UNATTESTED, Card, Page, volume_of
from build_tools.core.text import cut
from build_tools.graph.link import ArticleContext, Neighbour, once_each
from build_tools.pages import apparatus, body, cite, collation, escape, head, markdown, tei

PARALLEL = "parallel: "  # how a gap's note begins that names the wording on both sides of its reading
PLACES = 4  # paragraphs named beside a theme: every link costs 60 µs of Markdown at each rendering
VARIANTS = 20  # editions of one text that its page lists
ROLE_ORDER = {role: at for at, role in enumerate(Role)}


def article(
    one: Article,
    context: ArticleContext,
    *,
    reasons: Mapping[str, str] | None = None,
    pdf: bool = False,
    edition: bool = True,
    address: str = "",
) -> Page:
    """The page of one article.

    `reasons`: rule id → its one-line reason; `pdf`: whether it was printed; `edition`: whether it has a TEI file;
    `address`: where the page will be, for citations.
    """
    number = {item.id: at for at, item in enumerate(one.paragraphs, 1)}
    return Page(
        f"articles/{one.id}.md",
        head.front_matter(one, pdf)
        + markdown.blocks(
            (
                _crumbs(one, context),
                markdown.paragraph(escape.markdown(one.eyebrow), ".digest-eyebrow") if one.eyebrow else None,
                markdown.heading(1, one.display_title, "title"),
                *(markdown.paragraph(escape.markdown(deck), ".digest-deck") for deck in one.decks),
                _facts(one, context, pdf),
                *_trust(one),
                *_key_points(one, number),
                *body.blocks(one, context, number),
                *_people(one, context, number),
                *_documents(one, number),
                *_themes(one, context, number),
                *_commitments(one, number),
                *_gaps(one, number),
                *_neighbours(context),
                *cite.block(one, address, edition),
                *apparatus.blocks(one, number, reasons or {}),
            )
        ),
    )


def files(one: Article, address: str, edition: bool = True) -> Iterator[tuple[str, bytes]]:
    """(path below docs/, bytes) of what is beside the page: citations, the TEI `edition`, both texts side by side."""
    yield from cite.files(one, address)
    both = collation.pieces(one.cleaned)
    if edition:
        yield f"articles/{one.id}/{one.id}.tei.xml", tei.document(one, address, both)
    if collation.emended(both):
        yield f"articles/{one.id}/collation.html", collation.page(one, both)


def withdrawn(card: Card) -> Page:
    """The page that stays at the address of a withdrawn article, so that links to it still lead somewhere."""
    fields = {"title": f"{card.title}（已撤回）", "description": "本文已由编者撤回。", "page": "withdrawn"}
    text = "本文已由编者撤回，不再刊载。引用本页地址的读者请以原发布机构的文本为准。"
    return Page(
        f"articles/{card.id}.md",
        markdown.front_matter(fields)
        + markdown.blocks(
            (
                markdown.heading(1, f"{card.title}（已撤回）", "title"),
                text,
                f"编者说明：{escape.markdown(card.status_reason)}" if card.status_reason else None,
                markdown.link("返回首页", "../index.md"),
            )
        ),
    )


def _crumbs(one: Article, context: ArticleContext) -> str:
    volume = volume_of("" if one.trust.value in UNATTESTED else one.date)
    steps = [
        markdown.link("首页", "../index.md"),
        markdown.link(f"{volume}年" if volume.isdigit() else "日期不详或不计", f"../timeline/{volume}.md"),
    ]
    if one.organization is not None and context.organization is not None:
        steps.append(markdown.link(one.organization.value, f"../organizations/{context.organization}.md"))
    return markdown.paragraph(" › ".join(steps), ".digest-crumbs")


def _facts(one: Article, context: ArticleContext, pdf: bool) -> str:
    rows: list[tuple[str, str]] = []

    def row(name: str, fact: Fact[str] | None, shown: str | None = None) -> None:
        if fact is not None:
            text = shown if shown is not None else escape.markdown(fact.value)
            rows.append((name, text + markdown.implied(fact)))

    if one.held is not None:
        when = escape.markdown(markdown.date_range(one.held.value))
        rows.append((markdown.label("facts", "held"), when + markdown.implied(one.held)))
    row("地点", one.place)
    if one.organization is not None:
        target = f"../organizations/{context.organization}.md" if context.organization else None
        row("主办机构", one.organization, markdown.maybe_link(one.organization.value, target))
    level = markdown.label("levels", one.level.value.value) + markdown.implied(one.level)
    kind = markdown.label("kinds", one.kind.value.value) + markdown.implied(one.kind)
    rows.append(("层级类型", f"{level} · {kind}"))
    page = markdown.outside("原网页", one.url) if one.url else None
    if one.source is not None:
        shown = escape.markdown(one.source.value)
        row("来源", one.source, f"{shown}（{page}）" if page else shown)
    elif page:
        rows.append(("来源", page))
    if one.dateline_outlet is not None and one.dateline_outlet != one.source:
        row("电头媒体", one.dateline_outlet)
    if one.published is not None:
        row("发布日期", one.published, escape.markdown(markdown.date(one.published.value)))
    for name, people in (("作者", one.authors), ("编辑", one.editors)):
        if people:
            rows.append(
                (name, "、".join(escape.markdown(fact.value) + markdown.implied(fact) for fact in people))
            )
    trust = markdown.labels("trust")[one.trust_label][0]
    rows.append(("可信度", f"*{trust}*{{ .digest-trust }}{markdown.implied(one.trust)}"))
    files = [markdown.link("采集原文", f"../raw/{one.id}.txt")]
    if pdf:
        files.append(markdown.link("印刷版（PDF）", f"../pdf/{one.id}.pdf"))
    rows.append(("文件", " · ".join(files)))
    return markdown.bullets(f"**{name}** {shown}" for name, shown in rows)


def _trust(one: Article) -> Iterable[str]:
    """What a reader must know before quoting: why the text may not be what it seems."""
    if one.trust_label != Trust.ORIGINAL:
        yield markdown.paragraph(
            markdown.labels("trust")[one.trust_label][1], ".digest-note", f".digest-{one.trust_label}"
        )
    mended = markdown.labels("repairs")
    doubts = dict.fromkeys(markdown.label("warnings", code) for code in one.warnings if code not in mended)
    repairs = dict.fromkeys(mended[code] for code in one.warnings if code in mended)
    for lead, said, look in (("编者提示", doubts, ".digest-doubt"), ("校订说明", repairs, ".digest-repost")):
        if said:
            text = f"{lead}：{'；'.join(map(escape.markdown, said))}。"
            yield markdown.paragraph(text, ".digest-note", look)


# --- the text ----------------------------------------------------------------


def _key_points(one: Article, number: Mapping[str, int]) -> Iterable[str]:
    if not one.key_points:
        return
    yield markdown.heading(2, "要点", "key-points")
    yield markdown.bullets(
        f"{escape.markdown(fact.value)} {_where(fact.evidence, number)}".rstrip() for fact in one.key_points
    )


# --- facts below the text ----------------------------------------------------


def _where(evidence: Evidence, number: Mapping[str, int]) -> str:
    return f"*{markdown.mark(number, evidence.where)}*{{ .digest-at }}" if evidence.where in number else ""


def _marks(evidence: Sequence[Evidence], number: Mapping[str, int]) -> str:
    places = dict.fromkeys(item.where for item in evidence)
    return "、".join(markdown.mark(number, where) for where in list(places)[:6])


def _people(one: Article, context: ArticleContext, number: Mapping[str, int]) -> Iterable[str]:
    slugs = dict(context.people)
    strong = once_each(one.people)
    acting = [(names, who) for names, who in strong if set(who.roles) - {Role.MENTIONED}]
    acting.sort(key=lambda item: min(ROLE_ORDER[role] for role in item[1].roles))
    mentioned = [names for names, who in strong if not set(who.roles) - {Role.MENTIONED}]
    weak = [who for who in one.people if who.weak]
    if not one.people:
        return
    yield markdown.heading(2, "人物", "people")

    def name(names: Sequence[str]) -> str:
        slug = slugs.get(names[0])
        others = f"（又作{'、'.join(map(escape.markdown, names[1:]))}）" if names[1:] else ""
        return markdown.maybe_link(names[0], f"../people/{slug}.md" if slug else None) + others

    if acting:
        yield markdown.table(
            ("姓名", "角色", "时任职务", "依据"),
            (
                (
                    name(names),
                    "、".join(
                        markdown.label("roles", role.value)
                        for role in sorted(who.roles, key=lambda role: ROLE_ORDER[role])
                    ),
                    "；".join(map(escape.markdown, who.offices)) or "—",
                    _marks(who.evidence, number) or "—",
                )
                for names, who in acting
            ),
        )
    if mentioned:
        yield "文中提及：" + "、".join(map(name, mentioned)) + "。"
    if weak:
        yield "文中只以姓或名称呼，不立人物页：" + "、".join(escape.markdown(who.name) for who in weak) + "。"


def _documents(one: Article, number: Mapping[str, int]) -> Iterable[str]:
    if one.documents:
        yield markdown.heading(2, "文件", "documents")
        yield markdown.bullets(
            f"{escape.markdown(fact.value)} {_where(fact.evidence, number)}".rstrip()
            for fact in one.documents
        )


def _themes(one: Article, context: ArticleContext, number: Mapping[str, int]) -> Iterable[str]:
    slugs = dict(context.themes)
    if one.themes:
        yield markdown.heading(2, "主题", "themes")
        rows = []
        for hit in one.themes:
            slug = slugs.get(hit.label)
            places = list(dict.fromkeys(where for where, _, _ in hit.passages))
            marks = "、".join(markdown.mark(number, where) for where in places[:PLACES])
            more = f"等{len(places)}处" if len(places) > PLACES else ""
            shown = markdown.maybe_link(hit.label, f"../themes/{slug}.md" if slug else None)
            rows.append(f"{shown} *{marks}{more}*{{ .digest-at }}" if marks else shown)
        yield markdown.bullets(rows)


def _commitments(one: Article, number: Mapping[str, int]) -> Iterable[str]:
    if one.commitments:
        yield markdown.heading(2, "数字与时限", "commitments")
        yield markdown.table(
            ("内容", "数量", "时限", "出处"),
            (
                (
                    escape.markdown(cut(item.text, 160)),
                    escape.markdown(item.quantity) if item.quantity else "—",
                    escape.markdown(item.deadline) if item.deadline else "—",
                    markdown.mark(number, item.paragraph),
                )
                for item in one.commitments
            ),
        )


def _gaps(one: Article, number: Mapping[str, int]) -> Iterable[str]:
    if one.gaps:
        yield markdown.heading(2, "阙疑", "gaps")
        yield "原文缺损或隐去之处照录原样，推测只作旁注，不入正文。"
        yield markdown.table(
            ("出处", "原样", "推测", "说明"),
            (
                (where, surface if count == 1 else f"{surface}（{count} 处）", reading, why)
                for (where, surface, reading, why), count in Counter(
                    (
                        markdown.mark(number, gap.paragraph),
                        escape.markdown(gap.surface.strip() or "（空）"),
                        escape.markdown(gap.reading) if gap.reading else "—",
                        _support(one, gap, number),
                    )
                    for gap in one.gaps
                ).items()
            ),
        )


def _support(one: Article, gap: Gap, number: Mapping[str, int]) -> str:
    """Why a gap is one, or the parallel wording that its reading rests on, with the place where it is read."""
    if not gap.note.startswith(PARALLEL):
        return escape.markdown(markdown.label("gaps", gap.note)) or "—"
    left, _, right = gap.note.removeprefix(PARALLEL).partition("…")
    whole = f"{left}{gap.reading}{right}"
    where = next((item.id for item in one.paragraphs if whole in item.text), "")
    place = (
        f"本篇{markdown.mark(number, where)}"
        if where
        else markdown.link("提法表", "../formulations/index.md")
    )
    return f"据{place}“{escape.markdown(whole)}”"


def _neighbours(context: ArticleContext) -> Iterable[str]:
    def row(other: Neighbour, lead: str = "") -> str:
        said = [markdown.date(other.date)] if other.date else []
        said += [other.reason] if other.reason else []
        tail = f" *{' · '.join(map(escape.markdown, said))}*{{ .digest-at }}" if said else ""
        return f"{lead}{markdown.link(other.title, f'{other.id}.md')}{markdown.trust_mark(other.trust)}{tail}"

    if context.variants:
        yield markdown.heading(2, "同文异本", "variants")
        yield "同一篇文字的其他刊本："
        rest = len(context.variants) - VARIANTS
        more = (f"另有 {rest} 篇，见{markdown.link('开放数据', '../data/index.md')}的 links.jsonl",) * (
            rest > 0
        )
        yield markdown.bullets((*map(row, context.variants[:VARIANTS]), *more))
    if context.earlier or context.later or context.related or context.series:
        yield markdown.heading(2, "相关文章", "related")
        rows = [row(context.earlier, "同一机构前一次会议：")] if context.earlier else []
        rows += [row(context.later, "同一机构后一次会议：")] if context.later else []
        rows += (
            [markdown.link("与历次同名会议对照", f"../series/{context.series}.md")] if context.series else []
        )
        told = {other.id for other in (context.earlier, context.later) if other is not None}
        yield markdown.bullets(rows + [row(other) for other in context.related if other.id not in told])
