"""What each line of a page is: title, decks, headings, paragraphs, and the noise around them.

`layout` reads lines whose characters are already clean (Simplified, full-width punctuation,
glued tails on lines of their own). First each line is looked at alone, by shape and by the words of
`data/noise.yml`; then by where it stands: above the first paragraph it is a headline or
noise, below the last one it is tail. In doubt a line is kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from build_tools.cleaning.brands import brand_names
from build_tools.cleaning.dates import SALUTATION, is_speech, parse_date
from build_tools.cleaning.frame import framed
from build_tools.cleaning.heads import LABELLED, is_slogan, key_of, of_other, pairs_of, read_head, told_again
from build_tools.cleaning.rows import Proposal, Rows, names_only, names_person
from build_tools.cleaning.shapes import (
    BODY_LIKE,
    HEAD_NUMBER,
    VISITOR,
    alone,
    is_caption,
    is_date_line,
    is_heading,
    is_sight,
)
from build_tools.cleaning.trim import SITE_END, trim_line, trimmed, vocabulary_re
from build_tools.core.article import Line, LineKind
from build_tools.core.text import HAN, HAN_RE
from build_tools.core.vocabulary import cue, distinct

__all__ = ["layout", "trim_line"]

# A headline stands within so many lines of text; more than that is no head.
_HEAD = 40

_CLOSING_WORDS = re.compile(
    r"^(?:多谢|散会|此致|敬礼|扎西德勒|我的(?:讲话|发言|汇报)完)|谢谢|我就(?:讲|说|汇报)"
)
_DIGEST = re.compile(
    "(?:简讯|短波|要情|集锦|速览|快讯|一览|短讯|综述|拾零|动态|要闻|会议)(?:[(][^)]{2,16}[)])?$"
)
_REPORTS = re.compile("^[^,。:;]{2,40}(?:召开|举行|调研|督导|部署)[^,。:;]{0,40}$")
# 镇雄:部署赤水河流域生态保护, one of several.
_PLACED = re.compile(rf"[{HAN}]{{2,8}}:(?! )[^,。:;]{{6,30}}$")
# 时间:, 地点:, 出席人员: — the head of minutes, which names who was there; on a form, each alone above what it names.
_WHERE = (
    r"(?:会议)?(?:时 *间|地 *点|主 *持 *+人?|(?:出 *席|参 *加|列 *席|缺 *席)(?:会议)?(?:人员|领导|单位)?"
    r"|[参与]会(?:人员|领导|单位)?|请 *假(?:人员)?|议 *[题程])"
)
_LATIN_WORD = re.compile("[A-Za-z]{2,}")
_MINUTES = re.compile(rf"{_WHERE} {{0,4}}:")
_FORM = re.compile(rf"(?:{_WHERE}|(?:会议)?内容|记录人?):?")

_TAIL_LABEL = re.compile(
    rf"(?!篇[一二三四五六七八九十])(?=[^。]{{3,40}}$)[{HAN}]{{2,5}}:.*"
)  # 签名档:…, 附:…
_STAMP = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2} +\d{1,2}:\d\d(?::\d\d)?")
_SPEAKS = re.compile(rf"[{HAN}·]{{2,16}}:|[A-Za-z .·]{{3,30}}:")
_TABLE = Proposal(LineKind.PARAGRAPH, "table")
_FIELDS = Proposal(LineKind.META, "labels")
_FIGURE = re.compile(r"\| ?\d|\d ?%? ?\|")
_SET_APART = re.compile(r"(?:^| )\d[\d.,]*%?(?: |$)")
_LEAD = re.compile(r"^[【\[(]?[\u4e00-\u9fff ]{2,5}[】\])]?[: ] *")


def layout(
    lines: Sequence[str], headline: str = "", seen: dict[str, Proposal | None] | None = None
) -> tuple[Line, ...]:
    """Every line with its kind and the reason for it, in order; `headline` is what an HTML page itself calls so.

    `seen`: what lines are by themselves, for a second look at the same page.

    Stable: applied to its own kept lines it drops nothing more. A page without a title has no
    TITLE; a page without a sentence has its longest lines as paragraphs.

    >>> [str(line.kind) for line in layout(["首页 > 环保新闻", "市政府召开会议", "来源:某报", "5月3日,市政府召开会议,研究整改工作。", "会议现场"])]
    ['breadcrumb', 'title', 'meta', 'paragraph', 'caption']
    """
    rows = Rows(lines)
    kinds = rows.kinds
    seen = {} if seen is None else seen
    for i, line in enumerate(lines):
        if line not in seen:
            seen[line] = alone(line)
        if (proposal := seen[line]) is not None:
            rows.propose(i, *proposal)
    _read_translations(rows)
    _read_values_below(rows)
    _read_brands(rows)
    _read_tables(rows)
    _read_form(rows)
    _read_minutes(rows)
    _read_frames(rows)
    prose = _prose(rows)
    first = prose[0] if prose else len(lines)
    last = prose[-1] if prose else -1
    own = _own_headline(rows, headline, first)
    head = [i for i in range(first) if kinds[i] is None and i >= own]
    for i in range(own):
        if kinds[i] is None:
            rows.propose(i, LineKind.BREADCRUMB, "above_headline")
    _open_body(rows, head, last)
    opened = head[-1] + 1 if head else 0
    read_head(rows, head[-_HEAD:], prose)
    for i in head[:-_HEAD]:
        rows.propose(i, LineKind.BREADCRUMB, "far_above")
    _settle_title(rows, first, prose)
    body = _body(rows, prose)
    _read_body(rows, range(opened, last + 1), body)
    _read_tail(rows, last + 1, body)
    _drop_repeats(rows, first)
    _settle_dates(rows, first)
    return rows.lines(lines)


def _read_translations(rows: Rows) -> None:
    """`The Joint Conference Held` on a page in Chinese: what the Chinese says, said again."""
    texts, kinds = rows.texts, rows.kinds
    chinese = [i for i, kind in enumerate(kinds) if kind is LineKind.PARAGRAPH and HAN_RE.search(texts[i])]
    for i, text in enumerate(texts if chinese else ()):
        if (kinds[i] is None or i > chinese[-1]) and text.isascii() and len(_LATIN_WORD.findall(text)) >= 4:
            rows.propose(i, LineKind.REPEAT, "translation")


def _read_values_below(rows: Rows) -> None:
    """A label, its value on the line below."""
    texts, kinds = rows.texts, rows.kinds
    for i, kind in enumerate(kinds):
        if kind is not LineKind.META or not texts[i].endswith(":") or len(texts[i]) > 8:
            continue
        below = next((j for j in range(i + 1, min(i + 3, len(kinds))) if kinds[j] is not LineKind.BLANK), i)
        short = len(texts[below]) <= 20 and not re.search("召开|会议|讲话", texts[below])
        if kinds[below] is None and (short or ";" in texts[below]):
            rows.propose(below, LineKind.META, "value_below_label")


def _read_brands(rows: Rows) -> None:
    brands = brand_names(rows.texts)
    for i in range(len(rows.texts)) if brands else ():
        if rows.texts[i] in brands:
            rows.propose(i, LineKind.SPAM, "brand")


def _read_minutes(rows: Rows) -> None:
    """The head of minutes: 时间:, 地点:, 出席:."""
    minutes = [i for i in range(min(_HEAD, len(rows.texts))) if _MINUTES.match(rows.texts[i])]
    for i in minutes if len(minutes) >= 2 else ():
        when = re.match("(?:会议)?时", rows.texts[i])
        rows.propose(i, LineKind.DECK if when else LineKind.PARAGRAPH, "minutes_label")


def _body(rows: Rows, prose: Sequence[int]) -> str:
    """The keys of the sentences, to be compared with other lines."""
    return "\n".join(key_of(rows.texts[i]) for i in prose)


def _worded(text: str) -> bool:
    """Whether its words may tell what a line is; what dates it, damages it or sells it is for others to tell."""
    if (
        HEAD_NUMBER.match(text)
        or (len(text) <= 16 and _DIGEST.search(text))
        or (len(text) > 80 and not VISITOR.search(text))
    ):
        return False
    other = is_date_line(text) or re.match(r"[(]\d{4}年", text) or vocabulary_re("brand").search(text)
    return not (other or cue("mojibake").search(text))


def _read_frames(rows: Rows) -> None:
    """Short lines worded like a page's frame that say nothing of what the text says; sentences only where they must be."""
    texts, kinds = rows.texts, rows.kinds
    free = [
        i
        for i, kind in enumerate(kinds)
        if (kind is None or rows.reasons[i] == "sentence") and _worded(texts[i])
    ]
    asked = {i: value for i in free if (value := min(framed(texts[i]), framed(trimmed(texts[i])))) > -1.5}
    prose = [i for i, kind in enumerate(kinds) if kind is LineKind.PARAGRAPH and i not in asked]
    if not asked or not prose:
        return
    body = _body(rows, prose)
    sold = "\n".join(texts[i] for i in asked)
    if distinct("advert", sold) and len(distinct("advert", f"{sold}\n{body}")) >= 3:
        return  # an advert, whose text is worded so
    for i, value in asked.items():
        if value - 4 * told_again(texts[i], body) > _frame_bar(rows, i, prose):
            field = names_person(texts[i]) or _TAIL_LABEL.match(texts[i])  # 上稿员 某某, 签名档:…
            kind = LineKind.META if field else LineKind.LINKS if i > prose[-1] else LineKind.WIDGET
            rows.propose(i, kind, "frame_words")


_NEVER = 99.0  # more than the words of any line amount to


def _frame_bar(rows: Rows, i: int, prose: Sequence[int]) -> float:
    """What the words of line `i` must amount to before it is the frame's: by where it is, and what else it may be."""
    text, said = rows.texts[i], rows.kinds[i] is not None
    above, below = i < prose[0], i > prose[-1]
    cut = not said and len(text) > 40 and "," in text  # what may be a text that was cut
    closing = below and (cut or _CLOSING_WORDS.search(text))  # 我的发言完了
    if closing or is_caption(text, True) or (above and is_slogan(text)):
        return _NEVER
    if above and not any(kind is None for j, kind in enumerate(rows.kinds[: prose[0]]) if j != i):
        return 9  # nothing else could be the headline
    if below and not names_person(text):  # a name with an office goes only where the words are a frame's
        return -1.5
    return 2 if said or above else 0


def _prose(rows: Rows) -> list[int]:
    """The numbers of the lines that are sentences; without one, of those that read most like it."""
    texts, kinds = rows.texts, rows.kinds
    prose = [i for i, kind in enumerate(kinds) if kind is LineKind.PARAGRAPH]
    if prose and _asks(rows, prose[0]):
        rows.reopen(prose.pop(0))
    if len(prose) > 1 and _leads(texts[prose[0]], texts[prose[1]]):
        rows.propose(prose.pop(0), LineKind.SUMMARY, "summary_words")
    return prose or [
        i for i, kind in enumerate(kinds) if kind is None and len(texts[i]) >= 40 and "," in texts[i]
    ]


def _open_body(rows: Rows, head: list[int], last: int) -> None:
    """Take from the head what opens the body: 主持人:, a numbered heading, the first of several reports."""
    texts = rows.texts
    while head and _SPEAKS.fullmatch(texts[head[-1]]):
        rows.propose(head.pop(), LineKind.PARAGRAPH, "speaker")
    while len(head) > 1 and (HEAD_NUMBER.match(texts[head[-1]]) or _is_first_of_several(rows, head, last)):
        head.pop()


def _is_first_of_several(rows: Rows, head: Sequence[int], last: int) -> bool:
    """Whether the last line above the first sentence heads the first of several reports: ◇镇雄:… ◇水富:…"""
    at = head[-1]
    text, sign = rows.texts[at], rows.texts[at][:1]
    if sign and sign in "◇◆■□●▲★☆▶":
        return any(below[:1] == sign for below in rows.texts[at + 1 : at + _HEAD])
    digest = any(len(rows.texts[i]) <= 16 and _DIGEST.search(rows.texts[i]) for i in head[:-1])
    forms = [form for form in (_PLACED, _REPORTS)[: 1 + digest] if form.match(text)]
    return any(
        rows.kinds[i] is None and form.match(rows.texts[i])
        for form in forms
        for i in range(at + 2, min(at + _HEAD, last))
    )


def _settle_title(rows: Rows, first: int, prose: Sequence[int]) -> None:
    """A line dropped as a field (标题:…) or as an advert is the title, if the body speaks of it and hardly of the one chosen."""
    texts, kinds = rows.texts, rows.kinds
    chosen = [i for i in range(first) if kinds[i] is LineKind.TITLE]
    labelled = [i for i in range(first) if kinds[i] is LineKind.META and LABELLED.match(texts[i])]
    adverts = [i for i in range(first) if kinds[i] is LineKind.ADVERT and 8 <= len(texts[i]) <= 60]
    if not labelled and (chosen or not adverts):
        return
    body = frozenset[str]().union(*(pairs_of(key_of(texts[i])) for i in prose[:4]))
    share = {i: len(pairs_of(key_of(trimmed(texts[i]))) & body) for i in (*chosen, *labelled, *adverts)}
    if len(chosen) == 1:
        best = max(labelled, key=share.__getitem__)
        if share[best] >= 4 and share[chosen[0]] * 3 <= share[best]:
            rows.propose(chosen[0], LineKind.BREADCRUMB, "labelled_title")
            rows.propose(best, LineKind.TITLE, "labelled_title")
    own = [i for i in adverts if share[i] >= 4 and not re.search("点击|👉|扫码|微信", texts[i])]
    for i in (own[:1] or labelled[-1:]) if not chosen else ():
        rows.propose(i, LineKind.TITLE, "labelled_title" if i in labelled else "advert_headline")


def _own_headline(rows: Rows, headline: str, first: int) -> int:
    """The number of the line that is the page's own headline, opened for the reader of heads; 0 without one."""
    key = key_of(trimmed(headline)) if headline else ""
    same = [i for i in range(first) if key and key_of(trimmed(rows.texts[i])) == key]
    for i in same[:1]:
        rows.reopen(i)
    return same[0] if same else 0


def _leads(text: str, below: str) -> bool:
    """Whether a line is the site's own lead: what the next one begins with, after 导言: or the like."""
    lead = _LEAD.sub("", text)
    return len(lead) >= 20 and below.startswith(lead.rstrip("。…."))


def _read_tables(rows: Rows) -> None:
    """Rows of a table: neighbours of as many cells as one another, a figure in one of them.

    Where blanks part the cells, three rows at least of three cells, a figure in each but the first.
    """
    cells = [
        text.strip("| ").count("|") if "|" in text else -text.count(" ") * (rows.kinds[i] is None)
        for i, text in enumerate(rows.texts)
    ]
    at = 0
    while at < len(cells):
        end = at + 1
        while end < len(cells) and cells[end] == cells[at]:
            end += 1
        if cells[at] > 0:
            table = end - at >= 2 and any(_FIGURE.search(text) for text in rows.texts[at:end])
        else:
            spaced = cells[at] <= -2 and end - at >= 3
            table = spaced and all(_SET_APART.search(text) for text in rows.texts[at + 1 : end])
        while table and end < len(cells) and 0 < cells[end] < cells[at]:
            end += 1  # below a cell of several rows
        if table:
            fields = LineKind.META in rows.kinds[at:end]  # 发文机关: | 某局 | 发布日期: | 2024-05-24
            for i in range(at, end):
                rows.propose(i, *(_FIELDS if fields else _TABLE))
        at = end


def _read_form(rows: Rows) -> None:
    """The head of minutes as a form: 会议时间, 会议地点, 出席人员 on lines of their own, what they name below."""
    labels = [i for i, text in enumerate(rows.texts[:_HEAD]) if len(text) <= 10 and _FORM.fullmatch(text)]
    if len(labels) < 3:
        return
    for i in range(labels[0], len(rows.texts)):
        if rows.kinds[i] is LineKind.PARAGRAPH or i > labels[-1] + 8:
            break
        if rows.kinds[i] is not LineKind.BLANK and (i <= labels[-1] or names_person(rows.texts[i])):
            rows.propose(i, LineKind.DECK, "minutes_label")


def _asks(rows: Rows, at: int) -> bool:
    """Whether the first sentence, a question or a cry right above the fields, is the headline."""
    texts, kinds = rows.texts, rows.kinds
    text = texts[at]
    if len(text) > 60 or "。" in text or not re.search("[!?][”’)】]*$", text) or SALUTATION.match(text):
        return False
    if any(kind is None for kind in kinds[:at]):
        return False
    below = next((i for i in range(at + 1, len(kinds)) if kinds[i] is not LineKind.BLANK), None)
    return below is not None and kinds[below] in (LineKind.META, LineKind.BYLINE)


def _read_body(rows: Rows, span: range, body: str) -> None:
    """Headings and captions between sentences; what stays in doubt is a paragraph."""
    texts, kinds = rows.texts, rows.kinds
    undecided = [i for i in span if kinds[i] is None]
    for i in undecided:
        text = texts[i]
        near = [kinds[j] if 0 <= j < len(kinds) else None for j in (i - 1, i + 1)]
        isolated = any(kind in (LineKind.BLANK, LineKind.IMAGE, LineKind.CAPTION) for kind in near)
        following = next(
            (texts[j] for j in range(i + 1, min(i + 4, span.stop)) if kinds[j] is not LineKind.BLANK), ""
        )
        if is_caption(text, isolated):
            rows.propose(i, LineKind.CAPTION, "caption_words")
        elif not BODY_LIKE.match(text) and of_other(text, body):
            rows.propose(i, LineKind.LINKS, "other_headline")
        elif names_person(text):
            rows.propose(i, LineKind.PARAGRAPH, "named")
        elif is_date_line(text):
            rows.propose(i, LineKind.PARAGRAPH, "date")
        elif is_heading(text, following) and not is_date_line(following):  # who signs stands above the day
            rows.propose(i, LineKind.HEADING, "heading")
        else:
            rows.propose(i, LineKind.PARAGRAPH, "between_sentences")
    bare = [i for i in undecided if kinds[i] is LineKind.HEADING and not HEAD_NUMBER.match(texts[i])]
    if len(bare) == 1 and is_sight(texts[bare[0]]):
        rows.propose(bare[0], LineKind.CAPTION, "scene")
    for i in span:
        if kinds[i] is LineKind.JUNK and re.fullmatch("[.。·…⋯ ]{3,}", texts[i]):
            rows.propose(i, LineKind.PARAGRAPH, "dots")  # a row of dots marks what was taken out
    _read_sections(rows, span)


def _read_sections(rows: Rows, span: range) -> None:
    """What stands below 相关链接 up to the next text is links."""
    texts, kinds = rows.texts, rows.kinds
    section = vocabulary_re("link_sections")
    for i in span:
        if kinds[i] is LineKind.LINKS and section.search(texts[i]):
            for j in range(i + 1, span.stop):
                if kinds[j] is LineKind.PARAGRAPH:
                    break
                if kinds[j] in (LineKind.HEADING, LineKind.CAPTION):
                    rows.propose(j, LineKind.LINKS, "link_section")


def _read_tail(rows: Rows, start: int, body: str) -> None:
    """Below the last sentence: nothing is body but closing words and a cut-off last line."""
    texts, kinds = rows.texts, rows.kinds
    section = vocabulary_re("link_sections")
    under: LineKind | None = None
    listing = False  # 出席: stood below the last sentence
    ended = False  # a field, a link or a footer stood below the last sentence
    presided = any("主持" in texts[i] for i in range(start) if kinds[i] is LineKind.PARAGRAPH)
    for i in range(start, len(kinds)):
        if kinds[i] in (LineKind.LINKS, LineKind.COMMENTS):
            under = kinds[i] if section.search(texts[i]) or under else under
        if kinds[i] is not None:
            ended = ended or kinds[i] not in (LineKind.BLANK, LineKind.IMAGE, LineKind.CAPTION, LineKind.JUNK)
            continue
        text = texts[i]
        if _MINUTES.match(text):
            listing = True
            rows.propose(i, LineKind.PARAGRAPH, "minutes_label")
        elif listing and names_only(text):
            rows.propose(i, LineKind.PARAGRAPH, "named")
        elif not BODY_LIKE.match(text) and of_other(text, body):
            rows.propose(i, LineKind.LINKS, "other_headline")
        else:
            rows.propose(i, *_of_tail(text, under, ended, presided))


def _of_tail(text: str, under: LineKind | None, ended: bool, presided: bool) -> Proposal:
    """What a line below the last sentence is, by itself."""
    if re.search(f"[{HAN}][、,]$", text) and not ended and len(text) >= 8:
        return Proposal(LineKind.PARAGRAPH, "cut_list")
    if re.search(rf"(?:人|[长记任员席师])[{HAN}]{{2,4}}:$", text) and len(text) >= 8:
        return Proposal(LineKind.PARAGRAPH, "speaker")
    if _TAIL_LABEL.fullmatch(text):
        return Proposal(LineKind.META, "tail_label")
    if under is not None:
        return Proposal(under, "link_section")
    presides = not presided and re.fullmatch(rf"[{HAN}、]{{2,30}}主持(?:了?会议|召开|大会)?", text)
    if not ended and ("," in text or BODY_LIKE.match(text) or presides):
        return Proposal(LineKind.PARAGRAPH, "closing_words")
    if len(text) >= 40 or _CLOSING_WORDS.search(text) or re.search("[。!?…][”’)]*$", text):
        return Proposal(LineKind.PARAGRAPH, "closing_words")
    if len(text.split()) >= 3 or SITE_END.search(text):
        return Proposal(LineKind.LINKS, "names_in_tail")
    if HEAD_NUMBER.match(text):
        return Proposal(LineKind.HEADING, "heading")
    if is_date_line(text):
        return Proposal(LineKind.META, "date")
    return Proposal(LineKind.CAPTION, "below_the_text")


def _drop_repeats(rows: Rows, first: int) -> None:
    """The title again, anywhere as a line of its own, is a repeat."""
    texts, kinds = rows.texts, rows.kinds
    titles = [key_of(trimmed(texts[i])) for i, kind in enumerate(kinds) if kind is LineKind.TITLE]
    if not titles:
        return
    title = titles[0]
    for i in range(first, len(kinds)):
        if (
            kinds[i] in (LineKind.HEADING, LineKind.CAPTION, LineKind.LINKS)
            and key_of(trimmed(texts[i])) == title
        ):
            rows.propose(i, LineKind.REPEAT, "title_again")


def _settle_dates(rows: Rows, first: int) -> None:
    """A bare date in the head is meta; above the title with another date below, the time of crawling."""
    texts, kinds = rows.texts, rows.kinds
    title = next((i for i, kind in enumerate(kinds) if kind is LineKind.TITLE), None)
    speech = is_speech(texts[title] if title is not None else None, texts[first : first + 2])
    for i in range(first):
        if kinds[i] is None:
            # (2017年8月25日) in brackets is the day of the event, a bare date that of publishing.
            event = (speech and re.search("[年(]", texts[i])) or re.match(r"[(].*年.*月", texts[i])
            dated = is_date_line(texts[i]) and not event
            rows.propose(i, LineKind.META if dated else LineKind.DECK, "date" if dated else "under_title")
    stamps = [i for i in range(first) if kinds[i] is LineKind.META and _STAMP.fullmatch(texts[i])]
    if title is None:  # spam, a time, and a text that has lost its head
        crawled = [i for i in stamps if LineKind.SPAM in kinds[:i]]
    else:
        metas = [i for i, kind in enumerate(kinds) if kind in (LineKind.META, LineKind.COMMENTS)]
        below = [spans[0].edtf for i in metas if i > title and (spans := parse_date(texts[i]))]
        crawled = [i for i in stamps if i < title and min(below, default="X") < parse_date(texts[i])[0].edtf]
    for i in crawled:
        rows.propose(i, LineKind.CRAWL, "crawl_time")
