"""Head and tail fields of a page: title, publish date, source, authors, editors, the page's own site."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from build_tools.cleaning.bylines import (
    SLASH,
    bylines,
    dateline_outlet,
    office_names,
    role_names,
    role_words,
    split_names,
    surnamed,
)
from build_tools.cleaning.dates import address_date, dateline_day, fold, parse_date, published_of
from build_tools.cleaning.labels import MetaField, parse_meta, unwrap
from build_tools.cleaning.trim import SITE_END, trimmed, vocabulary_re
from build_tools.core.article import Cleaned, Decoded, Evidence, Fact, Line, LineKind
from build_tools.core.text import HAN, block_ids


@dataclass(frozen=True, slots=True)
class Fields:
    """What the head and the tail of one page say; `site` is the page's own site."""

    title: Fact[str] | None = None
    eyebrow: str | None = None
    decks: tuple[str, ...] = ()
    published: Fact[str] | None = None
    source: Fact[str] | None = None
    dateline_outlet: Fact[str] | None = None
    authors: tuple[Fact[str], ...] = ()
    editors: tuple[Fact[str], ...] = ()
    tags: tuple[str, ...] = ()
    site: Fact[str] | None = None
    truncated: bool = False


_SITE_WORD = rf"[{HAN}A-Za-z0-9]{{1,20}}?(?:门户网站|公众网|政务网|政府网|网站|网|在线|论坛|日报|晚报|新闻|平台|商城|文库|材料铺|转载库|资讯站|公众号)"
_OWNED = f"[{HAN}]{{2,20}}(?:政府|厅|局|委员会|有限公司)"
_TRUNCATED = re.compile(
    "预览结束|试读|剩余.{0,12}(?:未读|未显示|未展示|可|需)|(?:打开|下载)(?:APP|app|客户端)[^。\n]{0,6}(?:看|阅读|显示|展开)(?:剩余|余下)|未完|付费阅读|付费内容|会员专享|下载全文|获取全文|全文.{0,4}下载|登录后(?:查看|阅读|下载)|需要?先登录|剩余 ?\\d+ ?字|省略 ?\\d+ ?字"
)
_NO_SOURCE = re.compile(r"^(?:未知|不详|佚名|无|其他|其它|暂无|.*www\..*|http.*)$")


def _metas(dropped: Sequence[Line]) -> Iterator[tuple[str, MetaField]]:
    """The fields of the dropped lines; a label alone has its value on the line below."""
    told = (LineKind.META, LineKind.BYLINE, LineKind.FOOTER, LineKind.ADVERT)
    for line, below in zip(dropped, [*dropped[1:], Line(LineKind.BLANK, "")], strict=False):
        if line.kind in told:
            text = line.text
            if (
                len(text) <= 12
                and text[-1:] in ":\uff1a"
                and below.kind is LineKind.META
                and not parse_meta(below.text)
            ):
                text += below.text
            for field in parse_meta(text) or ():
                yield text, field


def _branded(value: str) -> bool:
    """Whether a field was overwritten by the brand of a hacked mirror."""
    return vocabulary_re("brand").search(fold(value)) is not None


def _fact(
    value: str, rule: str, where: str, quote: str, start: int = 0, *, inferred: bool = False
) -> Fact[str]:
    return Fact(value, Evidence(rule, where, quote, start), inferred)


def _joined(lines: Sequence[str], body: str) -> str:
    """The lines of a headline in one: with a blank, or without where the body shows the words together.

    >>> _joined(["全市海湾建设", "现场会召开"], "7月12日,全市海湾建设现场会在鹭湾召开")
    '全市海湾建设现场会召开'
    """
    out = lines[0].strip()
    for line in lines[1:]:
        text = line.strip()
        out += ("" if out[-2:] + text[:2] in body else " ") + text
    return out


def _source(metas: Sequence[tuple[str, MetaField]], dropped: Sequence[Line]) -> Fact[str] | None:
    for key in ("source", "source_reprint", "source_weak"):
        for _, field in metas:
            value = field.value
            if key == "source_weak" and re.search("[科处局办室股厅部委组]$", value):
                continue  # who gave the data
            if (
                field.key == key
                and value
                and not _NO_SOURCE.match(value)
                and not parse_date(value)
                and not _branded(value)
            ):
                quote = f"{field.label}:{field.value}" if field.label else field.value
                return _fact(value, f"source_{key}", "meta", quote, field.start)
    for line in dropped:
        # A footer tells it in a sentence: 【免责声明】本文转自:某周刊.
        found = re.search(
            rf"(?:转载自|转自|摘自|(?<!资料)来源) ?: ?([{HAN}A-Za-z0-9]{{2,20}})", fold(line.text[:200])
        )
        told = line.kind in (LineKind.FOOTER, LineKind.ADVERT) and found is not None
        if told and found is not None and not _NO_SOURCE.match(found[1]):
            return _fact(found[1], "source_footer", "meta", found[0], found.start(1))
    for _, field in metas:
        # 标签:党课素材网 — a model-speech site names itself as a tag.
        if field.key == "tags" and re.fullmatch(_SITE_WORD, fold(field.value)) and len(field.value) >= 3:
            return _fact(field.value, "source_tag", "meta", f"{field.label}:{field.value}", field.start)
    return None


_ATTENDED = ("出席会议", "参加会议", "列席会议", "出席", "参加", "主持会议")  # who came is no headline


def _infer_title(first: str) -> str | None:
    """The nucleus of a report's first sentence: up to the clause that tells what met.

    >>> _infer_title("5月3日,市政府召开第5次常务会议,研究某事。")
    '市政府召开第5次常务会议'
    """
    sentence = re.split(r"[。!?]", first[:400], maxsplit=1)[0]
    folded = fold(sentence)
    start = 0
    lead = re.match(
        r"^.{0,60}?(?:讯|报道|电)(?: *[(][^)]*[)])? *(?=\d|今|昨|近|日前)|^ *[(][^)]*[)] *", folded
    )
    if lead is not None:
        start = lead.end()
    day = re.match(
        r" *(?:(?:\d{4}年)?(?:\d{1,2}月)?\d{1,3}日(?:[至到~—\-]+(?:\d{1,2}月)?\d{1,2}日)?|昨[天日]|今[天日]|近日|日前|近期|日前|本周.?)(?:[(][^)]*[)])?(?:上午|下午|晚上?|中午)?[, ]*",
        folded[start:],
    )
    if day is not None:
        start += day.end()
    clauses = list(re.finditer("[^,]+", folded[start:]))
    for clause in clauses[:6]:
        attends = clause[0].rstrip().endswith(_ATTENDED)
        if not attends and re.search("召开|举行|主持|出席|举办|赴|调研|开幕|督导|检查|约谈|审议", clause[0]):
            title = sentence[start + clause.start() : start + clause.end()].strip()
            return title if 4 <= len(title) <= 60 else None
    return None


_OWNED_BY = re.compile(rf"(?:主办(?:单位)?|版权所有|承办)[: ]*([{HAN}]{{3,30}})")
_OWNING = re.compile(rf"([{HAN}]{{3,30}}?)(?:主办|版权所有)")
_IN_A_BAR = re.compile(rf"(?:^|[ >|/_\-:»›]) *({_SITE_WORD})(?=$|[ >|/_\-»›])")
_SUFFIXED = re.compile(rf" *+[-_|—–·] *+(?:.*[-_|])?({_SITE_WORD}|{_OWNED})")


def _site(cleaned: Cleaned, decoded: Decoded) -> Fact[str] | None:
    hints = dict(decoded.hints)
    if hints.get("sitename"):
        return _fact(hints["sitename"], "site_hint", "hints", hints["sitename"])
    *_, last = re.split("[-_|｜—–]+", hints.get("page_title", ""))
    if re.fullmatch(f"{_SITE_WORD}|{_OWNED}", last.strip()) and last != hints.get("page_title"):
        return _fact(last.strip(), "site_page_title", "hints", last)
    for kind in (LineKind.BREADCRUMB, LineKind.WIDGET, LineKind.REPEAT, LineKind.FOOTER, LineKind.COMMENTS):
        for line in cleaned.dropped:
            if line.kind is not kind:
                continue
            if kind is LineKind.FOOTER:
                folded = fold(line.text)
                owner = _OWNED_BY.search(folded) or _OWNING.search(folded)
            else:
                owner = _IN_A_BAR.search(fold(line.text[:120]))
            if owner is not None:
                return _fact(owner[1], "site_line", "meta", owner[0], owner.start(1))
    for step in cleaned.passes:
        for edit in step.edits:
            if not edit.after and 3 <= len(edit.before) <= 40:
                suffix = _SUFFIXED.fullmatch(fold(edit.before))
                if suffix is not None:
                    return _fact(suffix[1], "site_suffix", "title", edit.before)
    return None


def read_fields(cleaned: Cleaned, decoded: Decoded, address: str = "") -> Fields:
    """All fields of a page, each with its evidence; what the page does not say is None or empty.

    The title is the page's own; without one it is that of the HTML metadata, else the
    nucleus of the first sentence, flagged as inferred. A day that only the page's `address`
    gives is inferred too. The source is the labelled one,
    else the outlet of the dateline.
    """
    metas = list(_metas(cleaned.dropped))
    paragraphs = [block.text for block in cleaned.blocks if block.kind is LineKind.PARAGRAPH]
    ids = block_ids(paragraphs)
    hints = dict(decoded.hints)
    dateline = _dateline(paragraphs, ids)
    marks = "\n".join(line.text for line in cleaned.dropped)
    title = _title(cleaned, metas, hints.get("title") if decoded.tool else None, paragraphs, ids)
    eyebrow = " ".join(block.text for block in cleaned.blocks if block.kind is LineKind.EYEBROW) or None
    decks = tuple(b.text for b in cleaned.blocks if b.kind in (LineKind.DECK, LineKind.WHO))
    if title is not None and eyebrow is None and (below := _below_a_slogan(title.value, decks)):
        eyebrow, decks = title.value, tuple(deck for deck in decks if deck != below)
        title = _fact(below, "title_below", "deck", below)
    return Fields(
        title=title,
        eyebrow=eyebrow,
        decks=decks,
        published=_by_address(_published(cleaned, hints, paragraphs, ids), address or hints.get("url", "")),
        source=_source(metas, cleaned.dropped) or _source_hint(hints) or dateline,
        dateline_outlet=dateline,
        authors=_authors(cleaned.dropped, metas, paragraphs, ids),
        editors=_labelled(metas, "editors"),
        tags=_tags(metas),
        site=_site(cleaned, decoded),
        truncated=bool(_TRUNCATED.search(marks)),
    )


Metas = Sequence[tuple[str, MetaField]]


def _title(
    cleaned: Cleaned, metas: Metas, hint: str | None, paragraphs: Sequence[str], ids: Sequence[str]
) -> Fact[str] | None:
    """The labelled original title, else the headline, the hint of an HTML page, the first sentence's nucleus."""
    better = next((f for _, f in metas if f.key == "original_title" and len(f.value) >= 4), None)
    if better is not None:
        return _fact(better.value, "title_original", "meta", better.value, better.start)
    lines = [block.text for block in cleaned.blocks if block.kind is LineKind.TITLE]
    if lines[1:] and lines[0].endswith("会议") and _AGENDA.match(lines[1]):
        return _fact(lines[0], "title_line", "title", lines[0])  # what it did is a line of its own
    if lines:
        joined = _joined(lines, "".join(paragraphs[:3])[:600])
        return _fact(joined, "title_line", "title", joined)
    attached = _attached(cleaned.blocks)
    if attached:
        return _fact(attached, "title_document", "title", attached)
    own = trimmed(hint).strip() if hint else ""
    if hint and len(own) >= 6 and not SITE_END.search(own):  # 某某网 is the site's title
        return _fact(own, "title_hint", "hints", hint)
    nucleus = _infer_title(paragraphs[0]) if paragraphs else None
    if nucleus is None:
        return None
    return _fact(nucleus, "title_inferred", ids[0], nucleus, paragraphs[0].find(nucleus), inferred=True)


_AGENDA = re.compile("听取|审议|研究|传达|学习|部署|安排|讨论|贯彻")
_CONVENES = re.compile("召开|举行|举办|开展|纪要$")
_TOLD = re.compile(f"{_CONVENES.pattern}|会议|会$|调研|检查|约谈|一周|动态")


def _below_a_slogan(title: str, decks: Sequence[str]) -> str:
    """The headline that tells what met, where a slogan or a bare 会议纪要 is above it; '' where there is none.

    >>> _below_a_slogan("向污染宣战", ["全市生态环境保护大会召开", "郝建军讲话"]), _below_a_slogan("向污染宣战", ["——大会召开"])
    ('全市生态环境保护大会召开', '')
    """
    for deck in decks:
        bare = len(title) < 8 and deck.endswith(title)
        if bare or (
            not _TOLD.search(title)
            and _CONVENES.search(deck)
            and not re.match("[—-]", deck)
            and not re.search("讲话|主持|出席|强调", deck)
        ):
            return deck
    return ""


def _attached(blocks: Sequence[Line]) -> str | None:
    """The paper that a notice without a headline issues: named in 《》 above, a heading further down."""
    named = ""
    for block in blocks:
        if block.kind is LineKind.HEADING and f"《{block.text}》" in named:
            return block.text
        if len(named) < 4000:
            named += block.text
    return None


# A newspaper's page, a column's head: 某报数字报 第02版 2022年07月12日; 上传日期 on a site's own line.
_BARS = (LineKind.BREADCRUMB, LineKind.ADVERT, LineKind.WIDGET, LineKind.FOOTER)
_TODAY = re.compile("今天|今日|现在是|农历|天气|℃|登录|©|[Cc]opyright|版权")


def _published(
    cleaned: Cleaned, hints: Mapping[str, str], paragraphs: Sequence[str], ids: Sequence[str]
) -> Fact[str] | None:
    """The day in a meta line, a bar, the head, the HTML metadata, the dateline, a byline: the first that has one."""
    published = published_of(
        [line.text for line in cleaned.dropped if line.kind in (LineKind.META, LineKind.COMMENTS)]
    )
    if published is None:
        bars = [line.text for line in cleaned.dropped if line.kind in _BARS and not _TODAY.search(line.text)]
        published = published_of(bars)
        if published is not None and _yearless(published):
            published = None
    if published is None or _yearless(published):
        published = _date_in_head(cleaned.original, published) or published
    if (published is None or _yearless(published)) and hints.get("date"):
        spans = parse_date(hints["date"])
        if spans:
            published = _fact(spans[0].edtf, "date_hint", "hints", hints["date"])
    if published is None:
        published = _signed(paragraphs, ids)
    if published is None and paragraphs:
        dated = dateline_day(paragraphs[0])
        if dated is not None:
            quote = paragraphs[0][dated.start : dated.end]
            published = _fact(dated.edtf, "date_dateline", ids[0], quote, dated.start)
    return published or published_of([line.text for line in cleaned.dropped if line.kind is LineKind.BYLINE])


def _by_address(known: Fact[str] | None, address: str) -> Fact[str] | None:
    """The day that the page's address gives: its year for a month and day that are known, else where nothing is."""
    span = address_date(address)
    if span is None or (known is not None and not (_yearless(known) and known.value[4:] == span.edtf[4:])):
        return known
    return _fact(span.edtf, "date_address", "hints", address, span.start, inferred=True)


def _signed(paragraphs: Sequence[str], ids: Sequence[str]) -> Fact[str] | None:
    """The full date on a line of its own, below a notice's last sentence."""
    for at, text in enumerate(paragraphs[1:], 1):
        spans = parse_date(text) if len(text) <= 16 else []
        if spans and spans[0].start == 0 and spans[0].end == len(text) and len(spans[0].edtf) == 10:
            return None if _yearless(fact := _fact(spans[0].edtf, "date_signed", ids[at], text)) else fact
    return None


def _yearless(published: Fact[str]) -> bool:
    return published.value.startswith("X")


def _date_in_head(original: str, known: Fact[str] | None) -> Fact[str] | None:
    """A full date above the text: with a clock time or in brackets, or the year of a month and day that are known."""
    for span in parse_date(original[:400]):
        timed = re.match(r" *\d{1,2}:\d\d", original[span.end : span.end + 8]) is not None
        boxed = timed or original[: span.start].rstrip().endswith(("[", "【"))
        full = len(span.edtf) == 10 and span.edtf[0] != "X"
        if full and (boxed if known is None else known.value[4:] == span.edtf[4:]):
            quote = original[span.start : span.end]
            return _fact(span.edtf, "date_head", "title" if boxed else "meta", quote, span.start)
    return None


def _dateline(paragraphs: Sequence[str], ids: Sequence[str]) -> Fact[str] | None:
    for index in range(min(2, len(paragraphs))):
        found = dateline_outlet(paragraphs[index])
        if found is not None:
            return _fact(found[0], "dateline_outlet", ids[index], found[0], found[1])
    return None


def _source_hint(hints: Mapping[str, str]) -> Fact[str] | None:
    hint = hints.get("source")
    return _fact(hint, "source_hint", "hints", hint) if hint and not _NO_SOURCE.match(hint) else None


_BODY = re.compile("(?:[处科室部局委站厅办]|中心|支队|大队)$")


def _labelled(metas: Metas, key: str) -> tuple[Fact[str], ...]:
    """Names behind 作者: or 责任编辑: and the like, each once."""
    found: dict[str, Fact[str]] = {}
    for field in (field for _, field in metas if field.key == key and not _branded(field.value)):
        # 供稿:机关党委: an office sends in what others wrote.
        if not (field.label.startswith("供稿") and _BODY.search(field.value)):
            names = split_names(field.value)
            if len(names) > 2:  # behind the names there may be buttons: 农舒婷 收听 小字 大字
                names = names[:1] + list(filter(surnamed, names[1:]))
            for name in names:
                quote = f"{field.label}:{field.value}"
                found.setdefault(name, _fact(name, f"{key}_label", "meta", quote, field.start))
    return tuple(found.values())


def _authors(
    dropped: Sequence[Line], metas: Metas, paragraphs: Sequence[str], ids: Sequence[str]
) -> tuple[Fact[str], ...]:
    """Those of the labels, then of lines that name reporters, then of the first and last paragraphs."""
    found = {fact.value: fact for fact in _labelled(metas, "authors")}
    others = {name for _, field in metas if field.key == "others" for name in split_names(field.value)}
    for line in dropped:
        names: Iterable[str] = ()
        if line.kind is LineKind.META:
            names = _reporters(fold(line.text[:200]))
        elif line.kind is LineKind.BYLINE and not parse_meta(line.text):
            text = unwrap(fold(line.text).strip()).lstrip("□■◎●▲*·—- ")
            signed = "供稿" in text
            names = [n for n in _signers(text) if n not in others and (not signed or len(n) <= 3)]
        for name in (part for told in names for part in split_names(told)):
            found.setdefault(name, _fact(name, "authors_byline", "meta", line.text))
    if paragraphs:
        last = len(paragraphs) - 1
        for index in dict.fromkeys((0, min(1, last), last)):
            for name, at in bylines(paragraphs[index], lead=index <= 1, tail=index == last):
                found.setdefault(name, _fact(name, "authors_byline", ids[index], name, at))
    return tuple(found.values())


def _reporters(text: str) -> Iterable[str]:
    """Of a meta line: 晨报记者 禹航 报道 2025-01-01 06:30."""
    told = next((match for form in _reported() if (match := form.search(text)) is not None), None)
    return role_names(told[1]) if told is not None else ()


@cache
def _reported() -> tuple[re.Pattern[str], ...]:
    return (
        re.compile(rf"[{HAN}](?:记者|通讯员)([{HAN}]{{2,3}})(?=摄影|通讯员|$| )"),
        re.compile(rf"(?:{role_words()}) +([{HAN} 、]{{2,20}}?) *(?:报道|摄影报道)"),
        re.compile(rf"(?:^| )文/([{HAN}]{{2,4}}(?:[ 、][{HAN}]{{2,4}})*)(?= |$)"),
    )


def _signers(text: str) -> Iterable[str]:
    """Of a line that is nothing but a byline: 文/甲 乙, (记者 甲), 某局 甲 供稿; photographers are none."""
    slash = SLASH.search(text)
    if slash is not None:
        return split_names(slash["names"] or slash["after"] or "")
    if re.search("摄(?:影)?$|供图$", text) and not re.search("报道|文|撰|采写", text):
        return ()
    return office_names(text) or role_names(text)


def _tags(metas: Metas) -> tuple[str, ...]:
    values = [fold(field.value) for _, field in metas if field.key == "tags"]
    return tuple(tag for value in values for tag in re.split(r"[ ,;|/、]+", value) if tag)
