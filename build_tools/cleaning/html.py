"""The text and the metadata of an HTML page: lines by block element, cut to the article's span.

trafilatura tells where the main text is; the lines come from the page itself,
since government pages carry title, 来源 and 发布时间 in blocks outside of it.
"""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from importlib.metadata import version

from build_tools.core.text import HAN
from build_tools.core.vocabulary import load

VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
                  "wbr"))  # fmt: skip
# Deeper than any page (tables in tables reach 60); lxml recurses, and its own limit is 256.
MAX_DEPTH = 200
MAX_TAGS = 30_000
MAX_MAIN = 2_000_000  # characters
# A tag longer than this is a quote that was never closed.
MAX_TAG = 5_000
RAW = frozenset(["script", "style"])
TAG_NAME = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]{0,30})")
ATTRIBUTE = re.compile(r"""([\w:-]{1,40})\s{0,5}=\s{0,5}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
# An export of a WeChat article hides its body until a script has run.
HIDDEN_STYLE = re.compile(
    r"^(?![^>]*\b(?:js_content|rich_media_content)\b).*?\bstyle\s*=[^>]*?(?:display\s*:\s*none|visibility\s*:\s*hidden)",
    re.IGNORECASE | re.DOTALL,
)
WRAPPED = re.compile(rf"(?<=[{HAN}，。、；：])[ \t]*\n\s*(?=[{HAN}])")
BLANKS = re.compile(r"[ \t\r\n\f]+")
TAIL = re.compile(
    r"[来來]源|作者|[编編][辑輯]|[责責][编編]|[审審]核|[记記]者|供稿|撰[文稿]|校[对對]|[摄攝]影|[发發]布|[转轉摘]自|^[（(【][^（）()]{2,40}[）)】]$"
)
NAVIGATION = re.compile(r"首\s*页|位置|搜索|[>›»|]|无障碍|登录|注册|设为")
# Sentences mark the main text: what the extractor returns for a short page holds its menus too.
SENTENCE = re.compile(r"[。；！？]|!$")
COMMA = re.compile(rf"[{HAN}][，,][{HAN}]")
CELL = " | "
LABEL = re.compile("[:：]")
Hints = tuple[tuple[str, str], ...]


class _Page:
    """Collects visible lines, headings, the <title> and the <meta> tags. Never raises on broken markup.

    Reads its tokens itself, in time linear in the page: the standard parser's
    is quadratic in some unclosed markup (a bomb of tests/cleaning/test_decode.py ran for five minutes).
    """

    def __init__(self) -> None:
        words = load("html")
        self.blocks = frozenset(words["blocks"].split())
        self.hiding = frozenset(words["hidden"].split())
        self.lines: list[str] = []
        self.headings: list[str] = []
        self.title = ""
        self.meta: dict[str, str] = {}
        self.depth = self.deepest = self.tags = 0
        self._parts: list[str] = []
        self._hidden = ""  # the element that hides, and how many of its name are open in it
        self._nested = 0
        self._by_style: list[str] = []
        self._heading = 0
        self._item = False  # within a list's item
        self._row = self._cells = 0  # the first line of a table's row, how many cells it has
        self.listed: set[int] = set()  # numbers of the lines that are short items of lists

    def read(self, html: str) -> None:
        """Take the whole page in."""
        at, size = 0, len(html)
        endless: set[str] = set()  # closers that do not come any more

        def find(closer: str, start: int) -> int:
            """Where the closer begins, in either case; -1 for one that does not come any more."""
            pattern = re.compile(re.escape(closer), re.IGNORECASE)
            match = None if closer in endless else pattern.search(html, start)
            if match is None:
                endless.add(closer)
            return -1 if match is None else match.start()

        while at < size:
            sign = html.find("<", at) % (size + 1)  # the end, if no more comes
            if sign > at:
                self.handle_data(unescape(html[at:sign]))
            at = sign
            if html.startswith("<!--", at):
                end = find("-->", at + 4)
                at = end + 3 if end >= 0 else at + 4
            elif html.startswith(("<!", "<?"), at):
                end = find(">", at)
                at = end + 1 if end >= 0 else at + 2
            elif (match := TAG_NAME.match(html, at)) and (end := find(">", at)) >= 0:
                for _ in range(3):  # `>` inside a quoted value
                    further = find(">", end + 1) if html.count('"', at, end) % 2 else -1
                    if further - at >= MAX_TAG or TAG_NAME.search(html, end + 1, further):
                        further = -1  # a quote that was never closed
                    end = further if further >= 0 else end
                name = match.group(2).lower()
                attributes = html[match.end() : min(end, match.end() + MAX_TAG)]
                at = end + 1
                if match.group(1):
                    self.handle_endtag(name)
                elif name in self.hiding and not self._hidden and find(f"</{name}", at) < 0:
                    self._break("p")  # never closed: it would hide the rest of the page
                    if name in RAW:
                        at = html.find("<", at) % (size + 1)
                else:
                    self.handle_starttag(name, attributes)
                    if name in RAW:
                        close = find(f"</{name}", at)
                        at = close if close >= 0 else size
            elif at < size:
                self.handle_data("<")
                at += 1
        if self._hidden and self._hidden not in self.hiding:  # hidden by style and never closed: show it
            self._parts.extend(self._by_style)
        self._break("p")

    def handle_starttag(self, tag: str, attributes: str) -> None:
        self.tags += 1
        if tag not in VOID:
            self.depth += 1
            self.deepest = max(self.deepest, self.depth)
        if self._hidden:
            self._nested += tag == self._hidden
            return
        styled = tag not in VOID and bool(HIDDEN_STYLE.search(attributes))
        if tag in self.hiding or styled:
            self._break(tag)
            self._hidden, self._nested = tag, 1
            self._by_style = []
        elif tag == "meta":
            self._meta(
                {m[1].lower(): unescape(m[2] or m[3] or m[4] or "") for m in ATTRIBUTE.finditer(attributes)}
            )
        elif tag in ("td", "th"):
            self._cells += 1
            if "".join(self._parts).strip(" |\n\r\t"):
                self._parts.append(CELL)
        else:
            self._break(tag)
            if tag == "tr":
                self._row, self._cells = len(self.lines), 0
            self._item = tag == "li" or (self._item and tag == "a")
            if tag in ("h1", "h2"):
                self._heading = len(self.lines)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.depth = max(0, self.depth - 1)
        if self._hidden:
            self._nested -= tag == self._hidden
            if not self._nested:
                self._hidden = ""
            return
        if tag == "title":
            self.title = self.title or _squeeze("".join(self._parts))
            self._parts.clear()
        self._break(tag)
        if tag == "tr":
            self._close_row()
        self._item = self._item and tag != "li"
        if tag in ("h1", "h2"):
            self.headings.extend(self.lines[self._heading :])

    def handle_data(self, data: str) -> None:
        (self._by_style if self._hidden else self._parts).append(data)

    def _break(self, tag: str) -> None:
        if tag in self.blocks:
            line = _squeeze("".join(self._parts))
            if self._cells:  # a cell's paragraph ends the line of the cell before it
                line = line.strip(CELL)
            self._parts.clear()
            if line:
                if self._item and len(line) <= 60 and not SENTENCE.search(line) and not line.startswith("•"):
                    self.listed.add(len(self.lines))
                self.lines.append(line)

    def _close_row(self) -> None:
        """Make one line of a row whose cells hold a paragraph each."""
        cells = self.lines[self._row :]
        if 2 <= len(cells) == self._cells and all(
            len(cell) <= 30 and not SENTENCE.search(cell) for cell in cells
        ):
            self.lines[self._row :] = [CELL.join(cells)]
        self._cells = 0

    def _meta(self, attrs: dict[str, str]) -> None:
        key = (attrs.get("name") or attrs.get("property") or attrs.get("itemprop") or "").strip().lower()
        if key and attrs.get("content", "").strip():
            self.meta.setdefault(key, _squeeze(attrs["content"]))


def _squeeze(text: str) -> str:
    """One line; a line break between Han is the source's wrapping, not a space."""
    return BLANKS.sub(" ", WRAPPED.sub("", text)).strip(" ")


def read_page(html: str) -> tuple[str, str, Hints]:
    """Text, tool with version, and hints (title, date, author, source, sitename, url) of a page.

    >>> read_page("<title>甲会议召开_某网</title><h1>甲会议召开</h1><p>会议指出，要抓紧。")[0].split("\\n")
    ['甲会议召开', '会议指出，要抓紧。']
    """
    page = _Page()
    page.read(html)
    main: tuple[str, ...] = ()
    found: dict[str, str] = {}
    tool = "html.parser lines"
    if page.deepest <= MAX_DEPTH and page.tags <= MAX_TAGS and len(html) <= MAX_MAIN:
        main, found = _trafilatura(html)
    _mark_lists(page)
    lines = page.lines
    if main:
        lines = _span(page, main)
        tool = f"trafilatura {_version()}"
    hints = {**found, **_meta_hints(page.meta)}
    if headline := _headline(page, hints.get("title", "")):
        hints["headline"] = headline
    if page.title:
        hints.setdefault("title", page.title)
        hints["page_title"] = page.title
    return "\n".join(lines), tool, tuple(sorted(hints.items()))


def _mark_lists(page: _Page) -> None:
    """A bullet before each item of the lists above the first sentence and below the last: other pages."""
    told = [i for i, line in enumerate(page.lines) if SENTENCE.search(line) and len(line) >= 30]
    first, last = (told[0], told[-1]) if told else (len(page.lines), len(page.lines))
    headings = frozenset(page.headings)
    for i in page.listed:
        if (i < first or i > last) and not LABEL.search(page.lines[i]) and page.lines[i] not in headings:
            page.lines[i] = f"• {page.lines[i]}"


def _headline(page: _Page, named: str) -> str:
    """The heading that the page's <title> or metadata repeats: its own headline; empty without one."""
    for heading in page.headings:
        dense = _dense(heading)
        if 6 <= len(dense) <= 120 and any(
            dense in whole or _alike(dense, whole) for whole in (_dense(page.title), _dense(named)) if whole
        ):
            return heading
    return ""


@cache
def _version() -> str:
    return version("trafilatura")


def _meta_hints(meta: dict[str, str]) -> dict[str, str]:
    fields: dict[str, list[str]] = load("html")["meta"]
    hints = {}
    for name, keys in fields.items():
        for key in keys:
            if key in meta:
                hints[name] = meta[key]
                break
    return hints


def _trafilatura(html: str) -> tuple[tuple[str, ...], dict[str, str]]:
    """The main text's lines without spaces, and trafilatura's metadata; nothing if it finds too little."""
    from trafilatura import bare_extraction  # noqa: PLC0415 - 0.4 s to import, needed for HTML only

    try:
        document = bare_extraction(html, include_comments=False, include_tables=True, favor_recall=True)
    except Exception:  # a page that breaks the extractor still has its plain lines
        return (), {}
    if document is None or isinstance(document, dict):
        return (), {}
    values = {key: getattr(document, key, None) for key in ("author", "sitename", "url")}
    text = document.text or ""
    lines = tuple(dense for line in text.splitlines() if len(dense := _dense(line)) >= 10)
    found = {key: value for key, value in values.items() if isinstance(value, str) and value.strip()}
    return (lines if sum(map(len, lines)) >= 60 else ()), found


# The last line of a speech, too short for the extractor to count.
CLOSING = re.compile(
    r"[^，。！!]{0,12}(?:谢谢(?:大家|各位)?|完毕|散会|到此结束|再见)(?:[，。！!][^，。！!]{0,8})?[。！!]"
)


def _dense(text: str) -> str:
    return re.sub(r"[\s|*#\-]+", "", text)


def _span(page: _Page, main: tuple[str, ...]) -> list[str]:
    """The page's lines from the title to the end of the main text, with the 来源/编辑 lines that follow."""
    lines, whole = page.lines, "".join(main)
    hits = [i for i, line in enumerate(lines) if SENTENCE.search(line) and _dense(line) in whole]
    if not hits:
        return lines
    end = _end(lines, hits[-1], whole) + 1
    tail = [line for line in lines[end : end + 8] if len(line) <= 60 and TAIL.search(line)]
    start = _top(page, hits[0])
    if start < hits[0]:
        return lines[_fields_above(lines, start, unheaded=False) : end] + tail
    alone = len(re.split(r"[-_|—–]", page.title)[0]) >= 8  # the headline stands in <title> only
    start = _fields_above(lines, max(0, start - 6), unheaded=True)
    return [page.title] * alone + lines[start:end] + tail


def _end(lines: list[str], last: int, whole: str) -> int:
    """The last line of the text, with sentences that the extractor cut off."""
    at = last
    while (at := at + 1) < len(lines) and at <= last + 3:
        line = lines[at]
        broken = COMMA.search(line) is not None and _dense(line) in whole
        long = len(line) >= 20 and (line.endswith(("。", "！", "”")) or broken)
        row = CELL in line and not LABEL.search(line)  # of the last table
        if long or (at == last + 1 and (row or CLOSING.fullmatch(line))):
            last = at
    return last


def _top(page: _Page, first: int) -> int:
    """Where the headline is, an eyebrow above it; the first sentence where none is above."""
    lines, names, title = page.lines, {_dense(heading) for heading in page.headings}, _dense(page.title)
    above = range(max(0, first - 15), first + 1)
    dense = ((i, _dense(lines[i])) for i in above)
    start = next((i for i, d in dense if len(d) >= 6 and (d in names or _alike(d, title))), first)
    over = lines[start - 1] if 0 < start < first else ""
    return start - (6 <= len(over) <= 40 and over[0] != "•" and not NAVIGATION.search(over))


def _fields_above(lines: list[str], start: int, unheaded: bool) -> int:
    """Where a table of fields (发文机关: | 某局 | 发布日期: | 2024-05-24), the head of minutes, begins above."""
    labelled = [
        i
        for i in range(max(0, start - 16), start)
        if len(lines[i]) <= 200
        and LABEL.search(lines[i])
        and (CELL in lines[i] or (unheaded and not NAVIGATION.search(lines[i])))
    ]
    return labelled[0] if labelled and (unheaded or len(labelled) == start - labelled[0]) else start


def _alike(line: str, title: str) -> bool:
    """Whether three quarters of a line's pairs of characters stand in the title, in which editors change a word.

    >>> _alike("在全县整改动员大会上的讲话", "县委书记甲在全县整改动员会上的讲话_某县"), _alike("政务公开信息", "某县政府网")
    (True, False)
    """
    pairs = [line[i : i + 2] for i in range(len(line) - 1)]
    return len(line) <= 80 and sum(pair in title for pair in pairs) * 4 >= 3 * len(pairs)
