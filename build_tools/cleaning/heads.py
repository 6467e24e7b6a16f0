"""The lines above the first sentence: title, eyebrow, decks, who-line; the rest is dropped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from build_tools.cleaning.dates import fold, is_speech
from build_tools.cleaning.frame import framed
from build_tools.cleaning.rows import Proposal, Rows
from build_tools.cleaning.shapes import is_caption, is_date_line
from build_tools.cleaning.trim import SITE_END, is_news, trimmed, vocabulary_re
from build_tools.core.article import LineKind
from build_tools.core.text import HAN, HAN_RE

_TITLE_WORDS = re.compile(
    "召开|举行|举办|会议|大会|座谈|推进会|调度会|动员会|部署|讲话|致辞|发言|主持|出席|调研|督导|督察|检查|强调|传达学习|学习贯彻|研究|通报|报告|动态|要情|要事|简报|侧记|纪要|短波|简讯|集锦|速览|综述|一览|拾零|专报|发布会|启动|开展|开幕|约谈|审议|攻坚战|会$|推动|推进|打好|打赢|守护|守住|坚决|全面|加快|奋力|谱写|书写|筑牢|擦亮|共建|坚持|以.{2,12}(?:支撑|推动|推进|守护)|让.{2,10}(?:更|成)"
)
# A line that is nothing but a body's name: who issued the page, whose site it stands on.
_BODY_NAME = re.compile(
    rf"(?:中共)?[{HAN}]{{2,24}}(?P<what>人民政府|政府|委员会|办公厅|办公室|[市县省州]委|生态环境部|环境保护部|[^布格全结大开当]局|厅|大学|学院|研究院|研究所|科学院|总站|集团|公司|协会|学会|法院|检察院|人大常委会|人大|政协)(?:文件)?"
)
_BODY_LAST = frozenset("府会厅室委部局学院所站团司件大协")
EYEBROW_END = re.compile(r"(?:强调|指出|要求|表示|时说|提出|希望|主持|讲话|时强调|批示|会议上|[:])$")
_WHO_VERBS = "主持|讲话|出席|参加|列席|致辞|致词|报告|陪同|发言|通报|汇报|传达|会议|见证|部署|点评|活动|总结|宣布|督导|座谈|调研|批示"
_WHO = re.compile(
    rf"(?:[{HAN}·、]{{2,40}}?(?:主持|讲话|出席|参加|列席|致辞|致词|作|陪同|发言|通报|汇报|传达|宣布)[{HAN}]{{0,12}}?)+"
)
_SPEAKER = re.compile(rf"^[{HAN}、·()]{{2,40}} {{1,6}}[{HAN}·×*X]{{1,6}}(?: ?[{HAN}×*X])?$")
LABELLED = re.compile(r"^(?:文章|本文|新闻)?标 *题 *: *")


# 社区动态, 领导活动: the column that a page stands in.
_COLUMN_END = re.compile("(?:动态|要闻|新闻|资讯|信息|专栏|之窗|快讯|公告|活动|风采|天地|园地)$")
_SLOGAN = re.compile(
    r"^(?:把|以|让|用|为|扛|守|护|打|筑|推|促|谱|奏|绘|织|擦|啃|向|争|当|共|同|聚|凝|坚|全力|奋|压实|拧紧|绷紧|算|不|青山|碧|绿水|蓝天)"
    r"|(?:肩上|到底|攻坚|清波|答卷|篇章|防线|底线|屏障|家园|未来|蓝天|碧水|净土|常在|永驻|新局|新篇|见效|出彩|硬骨头|生命线)$"
)


_BLANKS = re.compile(" +")
_MARKS = re.compile(rf"[^\w{HAN}]")


@lru_cache(maxsize=256)  # each round of cleaning asks for the same lines
def key_of(line: str) -> str:
    """A line with its marks and blanks gone: titles are compared by it."""
    return _MARKS.sub("", fold(line)).lower()


@lru_cache(maxsize=256)
def pairs_of(text: str) -> frozenset[str]:
    return frozenset(map(str.__add__, text, text[1:]))


def told_again(text: str, body: str) -> float:
    """How much of a line a text says too: the share of its pairs of characters in the text's key."""
    pairs = pairs_of(key_of(text))
    return sum(pair in body for pair in pairs) / max(1, len(pairs))


def of_other(text: str, body: str) -> bool:
    """Whether a line is the headline of another article: it tells news, and hardly of what the text tells."""
    if (
        len(text) < 10
        or not is_news(text)
        or re.search("[。;:!]$|,|^[(]?[一二三四五六七八九十]+[、)]|(?:主持|出席|参加)(?:会议)?$|强调$", text)
    ):
        return False
    return told_again(text, body) < 0.45


def is_who(text: str) -> bool:
    """`陈敏尔出席并讲话 胡衡华张轩王炯出席`: every piece is names and what they did.

    >>> is_who("郇安平讲话 乔木森荀玉洁出席"), is_who("市政府召开会议 部署整改")
    (True, False)
    """
    if len(text) > 80 or re.search("[。:!?《]|召开|举行|的|在.{2,}[上会]", text):
        return False
    pieces = [piece for piece in re.split("[ ,]+", text.strip("()[]—-")) if piece]
    verbs = re.compile(rf"(?:{_WHO_VERBS})$")
    if len(pieces) == 1 and not re.search("(?:主持|讲话|出席|参加|列席|致辞|主持会议|出席会议)$", pieces[0]):
        return False
    begins = re.compile("^(?:在|全|以|为|推|坚|加|深|打|会|要|把|对)")
    return bool(pieces) and all(
        len(p) >= 4 and verbs.search(p) and _WHO.fullmatch(p) and not (begins.match(p) and len(pieces) == 1)
        for p in pieces
    )


def _title_score(text: str, body: str) -> float:
    key = key_of(text)
    if len(HAN_RE.findall(key)) < 4:
        return -9
    text = re.sub("人民代表大会(?=常务委员会|常委会|主席团)", "人大", text)  # no meeting
    named = _BODY_NAME.fullmatch(text) if text[-1] in _BODY_LAST else None
    if named is not None and not _TITLE_WORDS.search(text, 0, named.start("what")):
        return -4
    score = 0.0
    score += 2.5 if _TITLE_WORDS.search(text) else -max(0, framed(text)) / 2
    score += 1 if 8 <= len(key) <= 50 else (-1 if len(key) > 80 or len(key) < 6 else -0.5)
    score -= 2.5 if len(key) <= 8 and re.search("(?:动态|要闻|资讯|公告|信息|新闻)$", key) else 0
    score -= 3 if re.fullmatch("[【\\[(].*[】\\])]", text) else 0
    score -= 2.5 if SITE_END.search(text.strip("!。 ")) else 0
    score -= 2 if re.search("[|_]|www|http", text) else 0
    score -= 4 if re.search(r"\d{1,2}:\d\d|(?:电话|热线|手机) ?:", text) else 0
    score += 1.5 if len(key) >= 6 and re.search("[!?][”’]?$", text) else 0
    score -= 5 if vocabulary_re("brand").search(text) else 0
    if len(key) <= 8 and _COLUMN_END.search(key):
        return score - (2.5 if _TITLE_WORDS.search(text) else 0)
    tokens = text.split()
    score -= (
        3
        if len(tokens) >= 3
        and max(map(len, tokens)) <= 7
        and not re.search("召开|举行|会议|讲话|第.{1,6}[章回集]", text)
        else 0
    )
    share = told_again(text, body)
    score += 4 * share if share >= 0.3 else 0
    return score


def read_head(rows: Rows, head: list[int], prose: list[int]) -> None:
    """Title, eyebrow, decks and who-line among the lines above the first sentence; the rest is dropped."""
    texts = rows.texts
    dated = [i for i in head if is_date_line(texts[i])]
    known = _Head(rows, head, [i for i in head if i not in dated], prose)
    if not known.plain:
        for i in known.lines:
            rows.propose(i, LineKind.DECK, "who_alone")
        return
    good = known.headlines(bool(prose))
    if not good:
        # Nothing here reads like a headline: a bar, a slogan.
        for i in known.lines:
            short = len(texts[i]) <= 60
            rows.propose(i, LineKind.BREADCRUMB if short else LineKind.DECK, "no_headline")
        return
    title, eyebrow = known.choose(good)
    speech = is_speech(texts[title], [texts[i] for i in prose[:2]])
    for i in known.lines:
        rows.propose(i, *known.kind(i, title, eyebrow, speech))
    known.second_line(title, eyebrow)
    for i in dated:
        if speech and i > title and re.search("[年(]", texts[i]):
            rows.propose(i, LineKind.DECK, "day_of_speech")


class _Head:
    """The lines above the first sentence while it is settled what each of them is.

    `lines` are their numbers, those of bare dates left out; `plain` may be the headline; `keys` and
    `scores` are by line; `body` and `opening` are the keys of the first four and three paragraphs.
    """

    def __init__(
        self,
        rows: Rows,
        head: list[int],
        lines: list[int],
        prose: list[int],
    ) -> None:
        self.rows = rows
        self.texts = texts = rows.texts
        self.kinds = rows.kinds
        self.lines = lines
        self.body = "\n".join(key_of(texts[i]) for i in prose[:4])
        self.opening = "\n".join(_BLANKS.sub("", texts[i]) for i in prose[:4])
        self.keys = {i: key_of(trimmed(texts[i])) for i in head}
        self.scores = {i: _title_score(trimmed(texts[i]), self.body) for i in lines}
        self._weigh()
        short = [i for i in lines if len(texts[i]) <= 120]
        plain = [i for i in short if not is_who(texts[i]) and not is_speaker(texts[i])] or short
        numbered = [i for i in range(prose[0] if prose else 0) if rows.reasons[i] == "file_number"]
        share = {i: told_again(trimmed(texts[i]), self.body) for i in plain}
        own = max(plain, key=lambda i: share[i] * (len(self.keys[i]) >= 8), default=0)
        plain = [
            i for i in plain if i >= own or not of_other(texts[i], self.body) or share[own] < share[i] + 0.25
        ]
        # A paper's masthead is above its number, its headline below.
        self.plain = [i for i in plain if numbered and i > numbered[-1] and self.scores[i] >= 1.9] or plain

    def _weigh(self) -> None:
        """A line that another one repeats is a headline the more; what a headline begins with is whom it is about."""
        for i in self.lines:
            others = [self.keys[j] for j in self.lines if j != i and len(self.keys[j]) >= 8]
            if len(self.keys[i]) >= 8 and self.scores[i] > -4 and any(self.keys[i] in key for key in others):
                self.scores[i] += 2
            # 某县工业园区 over 某县工业园区与某公司签约: who it is about, no headline.
            if (
                len(self.keys[i]) <= 12
                and not is_news(self.texts[i])
                and any(key != self.keys[i] and key.startswith(self.keys[i]) for key in others)
            ):
                self.scores[i] -= 3

    def headlines(self, prose: bool) -> list[int]:
        """The lines that read like a headline, in order; none only where sentences follow."""
        best = max(self.scores[i] for i in self.plain)
        if best < 1 and prose:
            posted = _posted(self.plain, self.texts, self.keys, self.kinds)
            if posted is None:
                return []
            self.scores[posted] = best = 2
        floor = max(1.9, best - 3.2)
        good = [i for i in self.plain if self.scores[i] >= floor]
        return good or [max(self.plain, key=self.scores.__getitem__)]

    def choose(self, good: list[int]) -> tuple[int, int | None]:
        """The title's line and the eyebrow's, if there is one."""
        title = good[0]
        over = self._slogan_over(title)
        if over is not None:
            title, good = over, [over, *good]
        title = self._nearer(title)
        eyebrow: int | None = None
        below = self._below_eyebrow(title)
        if below is not None:
            eyebrow, title = title, below
        above = self.lines.index(title) - 1
        if above >= 0 and re.match("[—-]{1,2}", self.texts[title]) and len(self.keys[self.lines[above]]) >= 4:
            title = self.lines[above]  # ——某县召开会议 is the second line of the headline above it
        # The barest of equal lines is the title: a mirror writes its own name around it.
        key = self.keys[title]
        same = [i for i in good if _same(self.keys[i], key) and not self.texts[i].endswith(":")]
        barest = min(
            same,
            key=lambda i: (self.keys[i] not in key, len(key_of(self.texts[i])), i),
            default=title,
        )
        return barest, eyebrow

    def _nearer(self, title: int) -> int:
        """The headline over the text, where the one above it is shortened, or above a bar and a site's or of something else."""
        share = {i: told_again(trimmed(self.texts[i]), self.body) for i in self.plain}
        of_site = trimmed(self.texts[title]) != self.texts[title]
        for i in self.plain:
            if i <= title or _same(self.keys[i], self.keys[title]):
                continue
            barred = self.scores[i] >= 1.9 and LineKind.BREADCRUMB in self.kinds[title:i]
            other = of_site or (share[i] >= 0.6 and share[title] < 0.3)
            if _shortened(self.keys[title], self.keys[i]) or (barred and other):
                return i
        return title

    def _slogan_over(self, title: int) -> int | None:
        """The headline on top of the line that says what met: 把黄河安澜的责任扛在肩上."""
        at = self.lines.index(title) - 1
        if at < 0:
            return None
        above = self.lines[at]
        text = self.texts[above]
        slogan = is_slogan(text) and re.search("会|召开|举行", self.texts[title])
        if above not in self.plain or not (self.scores[above] >= 1.9 or slogan):
            return None
        if vocabulary_re("brand").search(text):
            return None
        alone = at == 0 or any(self.kinds[self.lines[at - 1] + 1 : above])
        return above if alone and self._adjoin(above, title) else None

    def _below_eyebrow(self, title: int) -> int | None:
        """The headline under a line that ends in 强调: and the like."""
        text = self.texts[title]
        if not EYEBROW_END.search(text) or re.search("上的讲话$|^在", text):
            return None
        below = next((i for i in self.plain if i > title and not _same(self.keys[i], self.keys[title])), None)
        twice = any(_same(self.keys[i], self.keys[title]) for i in self.lines if i != title)
        if below is None or twice or self.scores[below] <= -1 or len(self.texts[below]) > 60:
            return None
        return below

    def _adjoin(self, one: int, other: int) -> bool:
        return all(kind is LineKind.BLANK for kind in self.kinds[one + 1 : other])

    def kind(self, i: int, title: int, eyebrow: int | None, speech: bool) -> Proposal:
        """What line `i` is beside this title."""
        text, key, wanted = self.texts[i], self.keys[i], self.keys[title]
        if i == title:
            return Proposal(LineKind.TITLE, "headline")
        if i == eyebrow:
            return Proposal(LineKind.EYEBROW, "over_headline")
        if (
            _same(key, wanted)
            or (_shortened(key, wanted) and i < title)
            or (vocabulary_re("brand").search(text) is not None)
            or (len(key) >= 8 and key in wanted)
            or (i < title and wanted in key)
        ):
            return Proposal(LineKind.REPEAT, "title_again")
        if i < title:
            if of_other(text, self.body):
                return Proposal(LineKind.LINKS, "other_headline")
            close = self.scores[i] >= 3 and i >= title - 2 and _TITLE_WORDS.search(text)
            return Proposal(LineKind.EYEBROW if close else LineKind.BREADCRUMB, "over_headline")
        if is_who(text):
            near = next(
                (kind for kind in reversed(self.kinds[:i]) if kind not in (LineKind.BLANK, LineKind.WIDGET)),
                None,
            )
            headline = near in (LineKind.TITLE, LineKind.DECK, LineKind.WHO, LineKind.EYEBROW)
            single = not re.search("[ ,]", text)
            return Proposal(LineKind.WHO if headline or not single else LineKind.CAPTION, "names_and_deeds")
        if speech and (is_speaker(text) or len(text) <= 40):
            return Proposal(LineKind.DECK, "under_title")
        if (re.match("[-_|] ?[^-—]", text) and SITE_END.search(text)) or _OUTLET.fullmatch(text):
            return Proposal(LineKind.BREADCRUMB, "site_name")
        if is_caption(text, True) and len(text) <= 16:
            return Proposal(LineKind.CAPTION, "caption_words")
        column = self.scores[i] < 0.5 and len(text) < 16
        return Proposal(LineKind.BREADCRUMB if column else LineKind.DECK, "under_title")

    def second_line(self, title: int, eyebrow: int | None) -> None:
        """Make the deck below the title part of it, where both are one headline."""
        below = next((i for i in self.lines if i > title), None)
        if below is None or self.kinds[below] is not LineKind.DECK or not self._adjoin(title, below):
            return
        one, two = self.keys[title], self.keys[below]
        if eyebrow is not None:  # 引题 over a headline of two balanced lines
            if self.texts[below][0] != "—" and abs(len(two) - len(one)) <= 6:
                self.rows.propose(below, LineKind.TITLE, "headline_wrapped")
        # A headline wrapped in two: the words around the break stand together in the body.
        elif len(one) >= 4 and len(two) >= 2 and one[-2:] + two[:2] in self.opening:
            self.rows.propose(below, LineKind.TITLE, "headline_wrapped")


_OUTLET = re.compile(rf"[{HAN}]{{2,14}}(?:电视台|融媒体中心|日报社?|晚报|广播电台|网)")


def is_speaker(text: str) -> bool:
    """`市长 张某`, `中共某县委书记  甲`: an office, a blank, a name."""
    last = text.rsplit(maxsplit=1)[-1]
    named = len(last) <= 4 or "·" in last or bool(re.search("[记长任员席理师官授士人表裁] +\\S+$", text))
    return (
        len(text) <= 60
        and named
        and bool(_SPEAKER.match(text))
        and not _TITLE_WORDS.search(text.rsplit(maxsplit=1)[-1])
    )


def _posted(
    candidates: Sequence[int], texts: list[str], keys: dict[int, str], kinds: Sequence[LineKind | None]
) -> int | None:
    """The line right above the fields or a forum's 楼主, if it is long enough for a headline of everyday words."""
    for i in reversed(candidates):
        below = next((kind for kind in kinds[i + 1 :] if kind is not LineKind.BLANK), None)
        plain = (
            not SITE_END.search(texts[i]) and not _COLUMN_END.search(keys[i]) and len(texts[i].split()) <= 3
        )
        if below in (LineKind.META, LineKind.COMMENTS) and 10 <= len(keys[i]) <= 60 and plain:
            return i
    return None


def is_slogan(text: str) -> bool:
    """`把黄河安澜的责任扛在肩上`: a headline that names no meeting."""
    return (
        bool(re.fullmatch(rf"[{HAN}“” ]{{7,30}}", text))
        and bool(_SLOGAN.search(text))
        and not SITE_END.search(text)
    )


def _shortened(short: str, long: str) -> bool:
    """Whether a key is another with one stretch left out: 地区环保局召开专题会议 of 地区环保局召开…监管专题会议.

    >>> _shortened("地区环保局召开专题会议", "地区环保局召开自然保护区执法监管专题会议")
    True
    """
    if not 8 <= len(short) < len(long):
        return False
    same = 0
    while same < len(short) and short[same] == long[same]:
        same += 1
    return same >= 4 and len(short) - same >= 2 and long.endswith(short[same:])


def _same(one: str, other: str) -> bool:
    """Whether two keys are one title: equal, or one holds the other but for a site's name."""
    if not one or not other:
        return False
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if len(short) >= 8 and short in long and len(short) * 2 >= len(long):
        return True
    return len(short) >= 12 and len(pairs_of(short) & pairs_of(long)) >= 0.85 * len(pairs_of(long))
