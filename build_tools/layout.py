"""What each line of a page is: title, decks, headings, paragraphs, and the noise around them.

`layout` reads lines whose characters are already clean (Simplified, full-width punctuation,
glued tails on lines of their own). First each line is looked at alone, by shape and by the words of
`data/noise.yml`; then by where it stands: above the first paragraph it is a headline or
noise, below the last one it is tail. In doubt a line is kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from build_tools.bylines import byline_line
from build_tools.dates import SALUTATION, fold, is_speech, parse_date
from build_tools.meta import parse_meta
from build_tools.models import LineKind
from build_tools.text import HAN
from build_tools.trim import split_points, trim_line, trimmed, vocabulary_re
from build_tools.vocabulary import load

__all__ = ["layout", "split_points", "trim_line"]

# Longer lines are paragraphs (or spam) whatever stands in them: no pattern is tried on them.
_LONG = 400
# A headline stands within so many lines of text; more than that is no head.
_HEAD = 40

_DATE_LEAD = re.compile(
    r"^[?\"“ ]*(?:[^ ,。]{0,14}(?:讯|电|消息|报道) *(?:[(【][^)】]*[)】])?[ ,:]*)?(?:[(][^)]{2,40}[)] *)?"
    r"(?:(?:\d{4}年)?\d{1,2}月\d{1,2}日|\d{1,3}日|近日|日前|近期|昨[天日]|今[天日]|本周|本月|为[^,]{2,40},|会议|会上|据悉|本报|据)"
)
_DOMAIN = re.compile(
    "会议|强调|指出|要求|同志|生态|环境|污染|治理|整改|督察|监管|防治|领导|书记|市长|县长|厅长|局长|部长|主任|工作|建设|发展"
)
_TITLE_WORDS = re.compile(
    "召开|举行|举办|会议|大会|座谈|推进会|调度会|动员会|部署|讲话|致辞|发言|主持|出席|调研|督导|督察|检查|强调|传达学习|学习贯彻|研究|通报|报告|动态|要情|要事|简报|侧记|纪要|发布会|启动|开展|开幕|约谈|审议|攻坚战|会$|推动|推进|打好|打赢|守护|守住|坚决|全面|加快|奋力|谱写|书写|筑牢|擦亮|共建|坚持|以.{2,12}(?:支撑|推动|推进|守护)|让.{2,10}(?:更|成)"
)
_SITE_END = re.compile(
    r"(?:网|站|报|库|论坛|商城|在线|平台|频道|公司|门户|博客|中心|委员会|管委会|人民政府|[厅局])$"
)
_EYEBROW_END = re.compile(r"(?:强调|指出|要求|表示|时说|提出|希望|主持|讲话|时强调|批示|会议上|[:])$")
_HEAD_NUMBER = re.compile(
    r"^(?:第[一二三四五六七八九十百]{1,3}[章节部分篇编]{1,2}|[一二三四五六七八九十]{1,3} ?[、..,]|[(][一二三四五六七八九十]{1,3}[)] ?[、.]?|\d{1,2} ?[、.](?!\d)|[(]\d{1,2}[)])"
)
_WHO_VERBS = "主持|讲话|出席|参加|列席|致辞|致词|报告|陪同|发言|通报|汇报|传达|会议|见证|部署|点评|活动|总结|宣布|督导|座谈|调研|批示"
_WHO = re.compile(
    rf"(?:[{HAN}·、]{{2,40}}?(?:主持|讲话|出席|参加|列席|致辞|致词|作|陪同|发言|通报|汇报|传达|宣布)[{HAN}]{{0,12}}?)+"
)
_SPEAKER = re.compile(rf"^[{HAN}、·()]{{2,40}} {{1,6}}[{HAN}·×*X]{{1,6}}(?: ?[{HAN}×*X])?$")
_SUMMARY_HEAD = re.compile(r"^[【\[(]?(?:核心提示|内容提要|提要|导读|导语|摘要|编者按)[】\])]?[: ]")
_BAR = re.compile(r" *(?:>+|»|›|→|->|=>|::+|—>|\|+|丨|·|•|/|\\| - |-{1,2}|_) *| {1,}")
_STRONG_BAR = re.compile(r">>|[>»›→]|->|\|.*\||丨.*丨")
_WHERE = re.compile(
    r"^(?:您|你)?(?:现在|当前|目前)?(?:的|所在|所处)*(?:位置|栏目|频道|在的位置)?[: ]*(?=首页|网站首页)|^(?:您|你)?(?:现在|当前|目前)?(?:的|所在|所处)*的?位置(?!于)|^当前(?:位置|栏目)"
)
_IMAGE = re.compile(
    r"^(?:(?:[^,。;]{0,60}\.(?:jpe?g|png|gif|bmp|webp|JPG|PNG|GIF|JPEG|BMP))(?: *[(]?[\d.]+ ?[KMkm]?[Bb]?[)]?)?|(?:QQ|微信)(?:截图|图片)[_\d. -]*\w*|IMG_?\w+|DSC_?\w+|图片?[ \d一二三]{0,3}|\[?图片?\]?|\d{1,4}|[&]?nbsp;?)$"
)
_PHOTO = re.compile(rf"[。 )][{HAN}]{{2,4}} ?/?(?:摄影?|供图)[)]?$|[(][{HAN} ]{{2,10}}(?:摄影?|供图)[)]$")
_LABELLED = re.compile(r"^(?:文章|本文|新闻)?标 *题 *: *")
_ENDING = re.compile(r"[。!?;:…][”\"’』」)】》]*$")
_CLOSING_WORDS = re.compile(
    r"^(?:多谢|散会|此致|敬礼|扎西德勒|我的(?:讲话|发言|汇报)完)|谢谢|我就(?:讲|说|汇报)"
)
# A sentence that lost its mark is still body.
_BODY_LIKE = re.compile(
    r"^(?:会议|会上|会前|会后|大会|本次|据|目前|下一步|最后|与会)(?!现场|会场|照片|合影).{6,}"
    r"|^.{4,}(?:参加|出席|列席|陪同)(?:了?会议|活动|调研|检查|督导)?$"
    r"|^第[一二三四五六七八九十]+(?:句话|点|件事|个方面)?[,:].|^[一二三四五六七八九十]+[是要].{3,}"
)
# 时间:, 地点:, 出席人员: — the head of minutes, which names who was there.
_MINUTES = re.compile(
    r"^(?:会议)?(?P<what>时 *间|地 *点|主 *持 *人?|出席(?:人员|领导)?|参[会加](?:人员)?|列席(?:人员)?|缺席(?:人员)?|请假(?:人员)?|议 *[题程]) *:"
)
_SAYS = re.compile(r"^[^,]{0,16}(?:指出|强调|要求|认为|表示|提出|说|介绍|透露|通报|明确),")


@cache
def _noise() -> tuple[tuple[LineKind, int, re.Pattern[str]], ...]:
    return tuple(
        (LineKind(group["kind"]), group["limit"], re.compile("|".join(group["any"].split("\n")).strip("|")))
        for group in load("noise")["patterns"]
    )


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(load("noise")[name].split())


def _han(text: str) -> int:
    return sum("\u4e00" <= char <= "\u9fff" for char in text)


def _is_prose(text: str) -> bool:
    """Whether a folded, stripped line reads as a sentence of a body."""
    size = len(text)
    if size > _LONG:
        return True
    if size <= 60 and SALUTATION.match(text) and (size <= 12 or text.endswith((":", "!", ","))):
        return True
    if "。" in text:
        return size >= 8 or text.endswith("。")
    if text.endswith(":"):
        return "," in text and size >= 14  # 某人在大会上强调: — an eyebrow
    if _ENDING.search(text) and (size >= 24 or ("," in text and size >= 14)):
        return True
    return size >= 14 and "," in text and bool(_DATE_LEAD.match(text))


def _is_junk(text: str) -> bool:
    """Anti-copy junk or a line of dots: `7 w) s3 t+ b) }# O- J9`, `………`."""
    if not re.search(rf"[\w{HAN}×*]", text):
        return "×" not in text
    if _han(text) or len(text) < 8:
        return False
    tokens = text.split()
    marks = len(re.findall(r"[^\w\s.:/\-]", text))
    return len(tokens) >= 3 and marks >= 2 and sum(map(len, tokens)) / len(tokens) <= 3.5


def _is_bar(text: str) -> LineKind | None:
    """A breadcrumb, channel bar or row of buttons: all pieces short, a sign of navigation among them."""
    if len(text) > 120 or "。" in text:
        return None
    pieces = [piece for piece in re.split(rf"[^\w{HAN}+]+", text) if piece]
    if not pieces:
        return None
    widgets, navigation = _words("widget"), _words("navigation")
    if all(piece in widgets or piece.isdigit() for piece in pieces) and not all(p.isdigit() for p in pieces):
        return LineKind.WIDGET
    if all(piece in widgets or piece in navigation for piece in pieces):
        return LineKind.BREADCRUMB
    if _WHERE.match(text):
        return LineKind.BREADCRUMB
    parts = [part for part in _BAR.split(text) if part]
    if len(parts) < 2:
        return None
    known = sum(part in navigation or part in widgets for part in parts)
    short = max(map(len, parts)) <= 14
    strong = len(_STRONG_BAR.findall(text))
    if strong and (short or known):
        return LineKind.BREADCRUMB
    if known and (known * 2 >= len(parts) or parts[0].endswith("首页") or parts[-1] == "正文") and short:
        return LineKind.BREADCRUMB
    return None


def _alone(line: str) -> LineKind | None:
    """What a line is by itself, or None when only its place can tell."""
    if len(line) > _LONG:
        head = fold(line[:40]).strip()
        return LineKind.SUMMARY if _noise()[1][2].search(head) else LineKind.PARAGRAPH
    text = fold(line).strip("\ufeff\u200b ")
    if not text:
        return LineKind.BLANK
    if _IMAGE.match(text):
        return LineKind.IMAGE
    if _is_junk(text):
        return LineKind.JUNK
    if text[0] in "△▲▼▽↑↓" and len(text) <= 80:
        return LineKind.CAPTION
    if text[0] in "·•" and len(text) <= 60 and not _ENDING.search(text):
        return LineKind.LINKS
    prose = _is_prose(text)
    meta = parse_meta(line)
    if meta is not None:
        if not meta and _is_date_line(text):
            return None
        title = next((f for f in meta if f.key == "title"), None)
        if title is not None and len(meta) == 1 and len(title.value) < 4:
            return None
        if {field.key for field in meta} == {"views"} and not parse_date(text):
            return LineKind.WIDGET
        return LineKind.META
    if byline_line(line):
        return LineKind.BYLINE
    if re.match(r"图为|图片说明|图片来源|资料图|图 ?[①-⑩\d一二三四五](?!\d)", text) or (
        len(text) <= 60 and _PHOTO.search(text)
    ):
        return LineKind.CAPTION
    if not prose or (len(text) <= 120 and not (_DOMAIN.search(text) and re.search("[。,]", text))):
        for kind, limit, pattern in _noise():
            if len(text) <= limit and pattern.search(text):
                return kind
    elif _noise()[1][2].search(text[:120]) and "内容摘要" in text[:120]:
        return LineKind.SUMMARY
    if prose:
        return LineKind.PARAGRAPH
    bar = _is_bar(text)
    if bar is not None:
        return bar
    if re.match(r"^[【\[(]? ?(?:字体|字号|字级|文字大小)[ :】\])]", text):
        return LineKind.WIDGET
    if len(text) <= 24 and vocabulary_re("caption_whole").search(text):
        return LineKind.CAPTION
    return None


def _key(line: str) -> str:
    """A line with its marks and blanks gone: titles are compared by it."""
    return re.sub(rf"[^\w{HAN}]+", "", fold(line)).lower()


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}


def _is_who(text: str) -> bool:
    """`陈敏尔出席并讲话 胡衡华张轩王炯出席`: every piece is names and what they did.

    >>> _is_who("郇安平讲话 乔木森荀玉洁出席"), _is_who("市政府召开会议 部署整改")
    (True, False)
    """
    if len(text) > 80 or re.search("[。:!?《]|召开|举行|的|在.{2,}上", text):
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


def _title_score(text: str, body: set[str]) -> float:
    key = _key(text)
    if len(key) < 4:
        return -9
    score = 0.0
    score += 2.5 if _TITLE_WORDS.search(text) else 0
    score += 1 if 8 <= len(key) <= 50 else (-1 if len(key) > 80 or len(key) < 6 else -0.5)
    score -= 2.5 if len(key) <= 8 and re.search("(?:动态|要闻|资讯|公告|信息|新闻)$", key) else 0
    score -= 3 if re.fullmatch("[【\\[(].*[】\\])]", text) else 0
    score -= 2.5 if _SITE_END.search(text.strip("!。 ")) else 0
    score -= 2 if re.search("[|_]|www|http", text) else 0
    pairs = _pairs(key)
    share = len(pairs & body) / max(1, len(pairs))
    score += 4 * share if share >= 0.3 else 0
    return score


def _heading(text: str, following: str) -> bool:
    """A numbered heading, or a short bare one between paragraphs."""
    if len(text) > 60 or _ENDING.search(text) or _SAYS.match(text) or _BODY_LIKE.match(text):
        return False
    if _HEAD_NUMBER.match(text):
        return True
    return 2 <= len(text) <= 30 and bool(following) and len(re.findall("[,;]", text)) <= 1


def _is_caption(text: str, isolated: bool) -> bool:
    """`甲主持会议`, `会议现场`, `查看水样情况`: short, no sentence mark, nobody's heading."""
    if len(text) > 40 or re.search("[。!?;:]$", text) or _HEAD_NUMBER.match(text):
        return False
    if _BODY_LIKE.match(text) and len(text) >= 10:
        return False
    if vocabulary_re("caption_whole").search(text) or re.search("(?:摄|供图|现场图?|合影)[)]?$", text):
        return True
    if re.fullmatch(rf"[{HAN}·、]{{2,24}}?(?:{load('noise')['caption_verbs']})", text) and not re.match(
        "(?:加强|坚持|推进|强化|抓好|做好|深入|全面|严格|提高|完善|落实|压实|会议|认真|积极)", text
    ):
        return True
    return isolated and len(text) <= 16 and bool(vocabulary_re("caption_scene").search(text))


def layout(lines: Sequence[str]) -> tuple[LineKind, ...]:
    """The kind of every line, in order.

    Stable: applied to its own kept lines it drops nothing more. A page without a title has no
    TITLE; a page without a sentence has its longest lines as paragraphs.

    >>> [str(k) for k in layout(["首页 > 环保新闻", "市政府召开会议", "来源:某报", "5月3日,市政府召开会议,研究整改工作。", "会议现场"])]
    ['breadcrumb', 'title', 'meta', 'paragraph', 'caption']
    """
    kinds: list[LineKind | None] = [_alone(line) for line in lines]
    texts = [fold(line[: _LONG + 1]).strip("\ufeff\u200b ") for line in lines]
    minutes = [i for i in range(min(_HEAD, len(lines))) if _MINUTES.match(texts[i])]
    if len(minutes) >= 2:
        for i in minutes:
            kinds[i] = LineKind.DECK if re.match("(?:会议)?时", texts[i]) else LineKind.PARAGRAPH
    prose = [i for i, kind in enumerate(kinds) if kind is LineKind.PARAGRAPH]
    if not prose:
        prose = [
            i for i, kind in enumerate(kinds) if kind is None and len(texts[i]) >= 40 and "," in texts[i]
        ]
    first = prose[0] if prose else len(lines)
    last = prose[-1] if prose else -1
    # A numbered heading straight above the first sentence opens the body.
    head = [i for i in range(first) if kinds[i] is None]
    while len(head) > 1 and re.fullmatch(rf"[{HAN}·]{{2,16}}:", texts[head[-1]]):
        kinds[head.pop()] = LineKind.PARAGRAPH  # 主持人: — a transcript begins
    while head and _HEAD_NUMBER.match(texts[head[-1]]) and len(head) > 1:
        head.pop()
    opened = head[-1] + 1 if head else 0
    _read_head(lines, texts, kinds, head[-_HEAD:], prose)
    for i in head[:-_HEAD]:
        kinds[i] = LineKind.BREADCRUMB
    _prefer_labelled(texts, kinds, range(first), prose)
    if LineKind.TITLE not in kinds:
        labelled = [i for i in range(first) if kinds[i] is LineKind.META and _LABELLED.match(texts[i])]
        for i in labelled[-1:]:
            kinds[i] = LineKind.TITLE
    _read_body(texts, kinds, range(opened, last + 1), lines)
    _read_tail(texts, kinds, last + 1)
    _drop_repeats(texts, kinds, first)
    _settle_dates(lines, texts, kinds, first)
    return tuple(kind or LineKind.PARAGRAPH for kind in kinds)


def _read_head(
    lines: Sequence[str], texts: list[str], kinds: list[LineKind | None], head: list[int], prose: list[int]
) -> None:
    """Title, eyebrow, decks and who-line among the lines above the first sentence; the rest is dropped."""
    body = set()
    for i in prose[:4]:
        body |= _pairs(_key(texts[i]))
    opening = "".join(_key(texts[i]) for i in prose[:3])
    keys = {i: _key(trimmed(texts[i])) for i in head}
    dated = [i for i in head if _is_date_line(texts[i])]
    candidates = [i for i in head if i not in dated]
    scores = {i: _title_score(trimmed(texts[i]), body) for i in candidates}
    for i in candidates:
        others = [keys[j] for j in candidates if j != i and len(keys[j]) >= 6]
        if len(keys[i]) >= 6 and any(keys[i] == other or keys[i] in other for other in others):
            scores[i] += 2
    plain = [
        i for i in candidates if not _is_who(texts[i]) and not _is_speaker(texts[i]) and len(texts[i]) <= 120
    ]
    if not plain:
        plain = [i for i in candidates if len(texts[i]) <= 120]
    if not plain:
        for i in candidates:
            kinds[i] = LineKind.DECK
        return
    best = max(scores[i] for i in plain)
    if best < 1 and prose:
        # Nothing here reads like a headline: a bar, a slogan.
        for i in candidates:
            kinds[i] = LineKind.BREADCRUMB if len(texts[i]) <= 60 else LineKind.DECK
        return
    floor = max(1.9, best - 3.2)
    good = [i for i in plain if scores[i] >= floor] or [max(plain, key=scores.__getitem__)]
    title = good[0]
    above = candidates.index(title) - 1
    if above >= 0 and candidates[above] in plain and scores[candidates[above]] >= 1.9:
        between = kinds[candidates[above] + 1 : title]
        alone = above == 0 or any(kinds[candidates[above - 1] + 1 : candidates[above]])
        if alone and all(kind is LineKind.BLANK for kind in between):
            title = candidates[above]  # a slogan on top of the line that says what met
            good = [title, *good]
    eyebrow: int | None = None
    if _EYEBROW_END.search(texts[title]) and not re.search("上的讲话$|^在", texts[title]):
        below = next((i for i in plain if i > title and not _same(keys[i], keys[title])), None)
        twice = any(_same(keys[i], keys[title]) for i in candidates if i != title)
        if below is not None and not twice and scores[below] > -1 and len(texts[below]) <= 60:
            eyebrow, title = title, below
    above = candidates.index(title) - 1
    if above >= 0 and re.match("[—-]{1,2}", texts[title]) and len(keys[candidates[above]]) >= 4:
        title = candidates[above]  # ——某县召开会议 is the second line of the headline above it
    # The barest of equal lines is the title: a mirror writes its own name around it.
    same = [i for i in good if _same(keys[i], keys[title]) and not texts[i].endswith(":")]
    title = min(same, key=lambda i: (keys[i] not in keys[title], len(_key(texts[i])), i)) if same else title
    speech = is_speech(texts[title], [texts[i] for i in prose[:2]])
    for i in candidates:
        if i == title:
            kinds[i] = LineKind.TITLE
        elif i == eyebrow:
            kinds[i] = LineKind.EYEBROW
        elif (
            _same(keys[i], keys[title])
            or (len(keys[i]) >= 8 and keys[i] in keys[title])
            or (i < title and keys[title] in keys[i])
        ):
            kinds[i] = LineKind.REPEAT
        elif i < title:
            kinds[i] = LineKind.EYEBROW if scores[i] >= 3 and i >= title - 2 else LineKind.BREADCRUMB
        elif _is_who(texts[i]):
            near = next((kinds[j] for j in range(i - 1, -1, -1) if kinds[j] is not LineKind.BLANK), None)
            headline = near in (LineKind.TITLE, LineKind.DECK, LineKind.WHO, LineKind.EYEBROW)
            single = not re.search("[ ,]", texts[i])
            kinds[i] = LineKind.WHO if headline or not single else LineKind.CAPTION
        elif speech and (_is_speaker(texts[i]) or len(texts[i]) <= 40) and i > title:
            kinds[i] = LineKind.DECK
        elif _is_caption(texts[i], True) and len(texts[i]) <= 16:
            kinds[i] = LineKind.CAPTION
        elif scores[i] < 0.5 and len(texts[i]) < 16:
            kinds[i] = LineKind.BREADCRUMB
        else:
            kinds[i] = LineKind.DECK
    # 引题 over a headline of two balanced lines: both lines are the headline.
    follow = next((i for i in candidates if i > title), None)
    if (
        eyebrow is not None
        and follow is not None
        and kinds[follow] is LineKind.DECK
        and texts[follow][0] != "—"
    ):
        gap = [kinds[i] for i in range(title + 1, follow)]
        if all(kind is LineKind.BLANK for kind in gap) and abs(len(keys[follow]) - len(keys[title])) <= 6:
            kinds[follow] = LineKind.TITLE
    after = next((i for i in candidates if i > title), None)
    if eyebrow is None and after is not None and kinds[after] is LineKind.DECK:
        # A headline wrapped in two: the words around the break stand together in the body.
        one, two = keys[title], keys[after]
        wrapped = (
            len(one) >= 4 and len(two) >= 2 and one[-1] + two[0] in body and one[-2:] + two[:2] in opening
        )
        if wrapped and all(kind is LineKind.BLANK for kind in kinds[title + 1 : after]):
            kinds[after] = LineKind.TITLE
    for i in dated:
        if speech and i > title and re.search("[年(]", texts[i]):
            kinds[i] = LineKind.DECK


def _prefer_labelled(texts: list[str], kinds: list[LineKind | None], span: range, prose: list[int]) -> None:
    """文章标题:… is the title when the body speaks of it and hardly of the line taken for one."""
    labelled = [i for i in span if kinds[i] is LineKind.META and _LABELLED.match(texts[i])]
    chosen = [i for i in span if kinds[i] is LineKind.TITLE]
    if not labelled or len(chosen) != 1:
        return
    body: set[str] = set()
    for i in prose[:4]:
        body |= _pairs(_key(texts[i]))
    share = {i: len(_pairs(_key(trimmed(texts[i]))) & body) for i in (*chosen, *labelled)}
    best = max(labelled, key=share.__getitem__)
    if share[best] >= 4 and share[chosen[0]] * 3 <= share[best]:
        kinds[chosen[0]], kinds[best] = LineKind.BREADCRUMB, LineKind.TITLE


def _is_speaker(text: str) -> bool:
    """`市长 张某`, `中共某县委书记  甲`: an office, a blank, a name."""
    return (
        len(text) <= 60
        and bool(_SPEAKER.match(text))
        and not _TITLE_WORDS.search(text.rsplit(maxsplit=1)[-1])
    )


def _same(one: str, other: str) -> bool:
    """Whether two keys are one title: equal, or one holds the other but for a site's name."""
    if not one or not other:
        return False
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if len(short) >= 8 and short in long and len(short) * 2 >= len(long):
        return True
    return len(short) >= 12 and len(_pairs(short) & _pairs(long)) >= 0.85 * len(_pairs(long))


def _is_date_line(text: str) -> bool:
    """A line that is only a date without a time: `(2022年3月15日)`, `2018年7月20日`, `(201x年3月××日)`."""
    bare = text.strip("()[]【】 —-")
    if len(bare) > 24:
        return False
    if re.fullmatch(r"[\dxX×*]{2,4} ?年[\dxX×*]{1,2} ?月(?:[\dxX×*]{1,2} ?日)?(?:上午|下午|晚)?", bare):
        return True
    spans = parse_date(bare)
    return bool(spans) and spans[0].start == 0 and spans[-1].end >= len(bare) - 3


def _read_body(texts: list[str], kinds: list[LineKind | None], span: range, lines: Sequence[str]) -> None:
    """Headings and captions between sentences; what stays in doubt is a paragraph."""
    undecided = [i for i in span if kinds[i] is None]
    for i in undecided:
        text = texts[i]
        near = [kinds[j] if 0 <= j < len(kinds) else None for j in (i - 1, i + 1)]
        isolated = any(kind in (LineKind.BLANK, LineKind.IMAGE, LineKind.CAPTION) for kind in near)
        following = next(
            (texts[j] for j in range(i + 1, min(i + 4, span.stop)) if kinds[j] is not LineKind.BLANK), ""
        )
        if _is_caption(text, isolated):
            kinds[i] = LineKind.CAPTION
        elif _is_date_line(text) or _heading(text, following):
            kinds[i] = LineKind.HEADING if not _is_date_line(text) else LineKind.PARAGRAPH
        else:
            kinds[i] = LineKind.PARAGRAPH
    section = vocabulary_re("link_sections")
    for i in span:
        if kinds[i] is LineKind.LINKS and section.search(texts[i]):
            for j in range(i + 1, span.stop):
                if kinds[j] is LineKind.PARAGRAPH:
                    break
                if kinds[j] in (LineKind.HEADING, LineKind.CAPTION):
                    kinds[j] = LineKind.LINKS


def _read_tail(texts: list[str], kinds: list[LineKind | None], start: int) -> None:
    """Below the last sentence: nothing is body but closing words and a cut-off last line."""
    section = vocabulary_re("link_sections")
    under: LineKind | None = None
    ended = False  # a field, a link or a footer stood below the last sentence
    for i in range(start, len(kinds)):
        if kinds[i] in (LineKind.LINKS, LineKind.COMMENTS):
            under = kinds[i] if section.search(texts[i]) or under else under
        if kinds[i] is not None:
            ended = ended or kinds[i] not in (LineKind.BLANK, LineKind.IMAGE, LineKind.CAPTION, LineKind.JUNK)
            continue
        text = texts[i]
        if re.match(rf"[{HAN}]{{2,5}}: ?", text) and len(text) <= 40 and "。" not in text:
            kinds[i] = LineKind.META  # 签名档:…, 附:…
        elif under is not None:
            kinds[i] = under
        elif (
            len(text) >= 40
            or _CLOSING_WORDS.search(text)
            or re.search("[。!?…][”’)]*$", text)
            or (not ended and ("," in text or _BODY_LIKE.match(text)))
        ):
            kinds[i] = LineKind.PARAGRAPH
        elif re.fullmatch(r"[(]?完[)]?", text):
            kinds[i] = LineKind.FOOTER
        elif len(text.split()) >= 3 or _SITE_END.search(text):
            kinds[i] = LineKind.LINKS
        elif _HEAD_NUMBER.match(text):
            kinds[i] = LineKind.HEADING
        elif _is_date_line(text):
            kinds[i] = LineKind.META
        else:
            kinds[i] = LineKind.CAPTION


def _drop_repeats(texts: list[str], kinds: list[LineKind | None], first: int) -> None:
    """The title again, anywhere as a line of its own, is a repeat."""
    titles = [_key(trimmed(texts[i])) for i, kind in enumerate(kinds) if kind is LineKind.TITLE]
    if not titles:
        return
    title = titles[0]
    for i in range(first, len(kinds)):
        if (
            kinds[i] in (LineKind.HEADING, LineKind.CAPTION, LineKind.LINKS)
            and _key(trimmed(texts[i])) == title
        ):
            kinds[i] = LineKind.REPEAT


def _settle_dates(lines: Sequence[str], texts: list[str], kinds: list[LineKind | None], first: int) -> None:
    """A bare date in the head is meta; above the title with another date below, the time of crawling."""
    title = next((i for i, kind in enumerate(kinds) if kind is LineKind.TITLE), None)
    speech = is_speech(texts[title] if title is not None else None, texts[first : first + 2])
    for i in range(first):
        if kinds[i] is None:
            # (2017年8月25日) in brackets is the day of the event, a bare date that of publishing.
            event = (speech and re.search("[年(]", texts[i])) or re.match(r"[(].*年.*月", texts[i])
            kinds[i] = LineKind.META if _is_date_line(texts[i]) and not event else LineKind.DECK
    if title is None:
        return
    metas = [
        i
        for i in range(len(kinds))
        if kinds[i] in (LineKind.META, LineKind.COMMENTS) and parse_date(texts[i])
    ]
    for i in metas:
        if i < title and re.match(r"^\d{4}[-/.]\d{1,2}[-/.]\d{1,2} +\d{1,2}:\d\d(?::\d\d)?$", texts[i]):
            stamp = parse_date(texts[i])[0].edtf
            if any(j > title and parse_date(texts[j])[0].edtf < stamp for j in metas):
                kinds[i] = LineKind.CRAWL
