"""What a line is by itself: prose, meta, noise, caption, or undecided until its place tells."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache

from build_tools.cleaning.bylines import byline_line
from build_tools.cleaning.dates import SALUTATION, fold, parse_date
from build_tools.cleaning.labels import MetaField, parse_meta
from build_tools.cleaning.rows import LONG, Proposal
from build_tools.cleaning.trim import vocabulary_re
from build_tools.core.article import LineKind
from build_tools.core.text import HAN, finder
from build_tools.core.vocabulary import load

_DATE_LEAD = re.compile(
    r"^[?\"“ ]*(?:[^ ,。]{0,14}(?:讯|电|消息|报道) *+(?:[(【][^)】]*[)】])?[ ,:]*)?(?:[(][^)]{2,40}[)] *)?"
    r"(?:(?:\d{4}年)?\d{1,2}月\d{1,2}日|\d{1,3}日|近日|日前|近期|昨[天日]|今[天日]|本周|本月|为[^,]{2,40},|会议|会上|据悉|本报|据)"
)
# 某报讯(记者 甲 乙) on a line of its own opens the body; 各有关单位: a notice.
_DATELINE_ONLY = re.compile(
    rf"^[{HAN}]{{2,16}}(?:讯|消息|电) ?[(](?:本报|见习|实习|全媒体|特约)*(?:记者|通讯员)[^)]{{2,40}}[)]$|^各[{HAN}、,()]{{2,40}}:$"
)
_DOMAIN = re.compile(
    "会议|强调|指出|要求|同志|生态|环境|污染|治理|整改|督察|监管|防治|领导|书记|市长|县长|厅长|局长|部长|主任|工作|建设|发展"
)
HEAD_NUMBER = re.compile(
    r"^(?:第[一二三四五六七八九十百]{1,3}[章节部分篇编]{1,2}|篇[一二三四五六七八九十]{1,2}[:、]|[一二三四五六七八九十]{1,3} ?[、..,]|[(][一二三四五六七八九十]{1,3}[)] ?[、.]?|\d{1,2} ?[、.](?!\d)|[(]\d{1,2}[)])"
)
# 云政办发〔2024〕33号, above or below the masthead of an official paper; 分送: below it.
_FILE_NUMBER = re.compile(rf"[{HAN}]{{0,14}} ?[〔\[(【](?:19|20)\d\d[〕\])】] ?第?\d{{1,4}}号")
_SENT_TO = re.compile("[分抄主印][送报发] ?[:]")
# 20.5KB, 6 页, 520+: what a document shop says of its file.
_FILE_FACT = re.compile(r"\d[\d.,]* ?(?:[KMG]B|[kmg]b|页|[+]|积分|金币|元|次下载|人收藏)")
_PHONE = re.compile(r"[+(]?\d[\d() /-]{6,22}\d")
# Words that speak to who visits the page: only with one of them may a long sentence be no part of the text.
VISITOR = re.compile(
    "[您你]|本[网站页文]|点击|登[录陆]|注册|版权|转载|扫一扫|扫码|关注|下载|会员|微信|APP|app|电话|网友|浏览|↓|👉"
)
_BAR = re.compile(r" *(?:>+|┃|»|›|→|->|=>|::+|—>|\|+|丨|·|•|/|\\| - |-{1,2}|_) *| {1,}")
_PIECE = re.compile(rf"[\w{HAN}+]+")
_STRONG_BAR = re.compile(r">>|[>»›→]|->|\|.*\||丨.*丨|┃.*┃")
_WHERE = re.compile(
    r"^(?:您|你)?(?:现在|当前|目前)?(?:的|所在|所处)*(?:位置|栏目|频道|在的位置)?[: ]*(?=首页|网站首页)|^(?:您|你)?(?:现在|当前|目前)?(?:的|所在|所处)*的?位置(?!于)|^当前(?:位置|栏目)"
)
_IMAGE = re.compile(
    r"^(?:(?:[^,。;]{0,60}\.(?:jpe?g|png|gif|bmp|webp|JPG|PNG|GIF|JPEG|BMP))(?: *[(]?[\d.]+ ?[KMkm]?[Bb]?[)]?)?|(?:QQ|微信)(?:截图|图片)[_\d. -]*+\w*|IMG_?\w+|DSC_?\w+|图片?[ \d一二三]{0,3}|\[?图片?\]?|\d{1,4}|[&]?nbsp;?)$"
)
_PHOTO = re.compile(
    rf"[。 )](?:[{HAN}]{{2,8}}记者 ?)?[{HAN}]{{2,4}} ?/?(?:摄影?|供图)[)]?$|[(][{HAN} ]{{2,10}}(?:摄影?|供图)[)]$"
)
_ENDING = re.compile(r"[。!?;:…][”\"’』」)】》]*$")
# A sentence that lost its mark is still body.
BODY_LIKE = re.compile(
    r"^(?:会议|会上|会前|会后|大会|本次|据|目前|下一步|最后|与会)(?!现场|会场|照片|合影).{6,}"
    r"|^.{4,}(?:参加|出席|列席|陪同)(?:了?会议|活动|调研|检查|督导)?$"
    r"|^第[一二三四五六七八九十]+(?:句话|点|件事|个方面)?[,:].|^[一二三四五六七八九十]+[是要].{3,}"
)
# 阮青山同志强调 on a line of its own: what follows is his; 会议指出 heads a section.
_SAYER = re.compile(rf"(?!会议|大会|全会)[{HAN}·]{{2,12}}(?:强调|指出|要求|表示|认为|提出)$")
_SAYS = re.compile(r"^[^,]{0,16}(?:指出|强调|要求|认为|表示|提出|说|介绍|透露|通报|明确),")


@cache
def _noise() -> tuple[tuple[LineKind, int, Callable[[str], bool]], ...]:
    return tuple(
        (LineKind(group["kind"]), group["limit"], finder(group["any"].strip("\n").split("\n")))
        for group in load("noise")["patterns"]
    )


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(load("noise")[name].split())


def _is_prose(text: str) -> bool:
    """Whether a folded, stripped line reads as a sentence of a body."""
    size = len(text)
    if size > LONG:
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


_WORDS = re.compile(rf"[\w{HAN}×*]")
_CODE = re.compile(r"[{}();=$<>]")
_HAN = re.compile("[\u4e00-\u9fff]")
_OF_PICTURE = re.compile(r"[(]?图[为据](?!谋)|图片说明|图片来源|资料图|图 ?[①-⑩\d一二三四五](?!\d)")


def _is_junk(text: str) -> bool:
    """Anti-copy junk or a line of dots: `7 w) s3 t+ b) }# O- J9`, `………`."""
    if not _WORDS.search(text):
        return "×" not in text
    if len(text) < 8 or _HAN.search(text):
        return False
    if len(_CODE.findall(text)) >= 4 and not text.startswith("http"):
        return True  # var a=b; $(document).ready(function(){
    tokens = text.split()
    marks = len(re.findall(r"[^\w\s.:/\-]", text))
    return len(tokens) >= 3 and marks >= 2 and sum(map(len, tokens)) / len(tokens) <= 3.5


def _is_bar(text: str) -> LineKind | None:
    """A breadcrumb, channel bar or row of buttons: all pieces short, a sign of navigation among them."""
    if len(text) > 120 or "。" in text:
        return None
    pieces = _PIECE.findall(text)
    if not pieces:
        return None
    widgets, navigation = _words("widget"), _words("navigation")
    words = {piece for piece in pieces if not piece.isdigit()}
    if words and words <= widgets:
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


def alone(line: str) -> Proposal | None:
    """What a line is by itself, or None when only its place can tell."""
    if len(line) > LONG:
        summed = _noise()[1][2](fold(line[:40]).strip())
        return Proposal(LineKind.SUMMARY, "summary_words") if summed else Proposal(LineKind.PARAGRAPH, "long")
    text = fold(line).strip("\ufeff\u200b ")
    if not text:
        return Proposal(LineKind.BLANK, "blank")
    told = _of_signs(line, text) or _of_form(text)
    if told is not None:
        return told
    meta = parse_meta(line)
    return _of_fields(text, meta) if meta is not None else _of_words(line, text)


def _of_signs(line: str, text: str) -> Proposal | None:
    """By its first sign, or for want of words."""
    if _IMAGE.match(text):
        return Proposal(LineKind.IMAGE, "image_name")
    if _is_junk(text):
        return Proposal(LineKind.JUNK, "no_words")
    sign = text[0]
    if sign in "-·•" and len(text) <= 120:  # - 来源:某部, • 打印: the line without its bullet
        bare = line.lstrip("-·•－ \u3000")
        told = alone(bare) if 0 < len(bare) < len(line) and text[1:2] not in ("-", "—") else None
        if told is not None and told.kind is not LineKind.PARAGRAPH:
            return told
    if sign in "△▲▼▽↑↓" and len(text) <= 80:
        return Proposal(LineKind.CAPTION, "picture_sign")
    if sign in "·•" and len(text) <= 60 and not _ENDING.search(text):
        return Proposal(LineKind.LINKS, "listed")
    return None


def _of_form(text: str) -> Proposal | None:
    """By a form that the whole line has, whatever its words."""
    size = len(text)
    if (
        size <= 300
        and vocabulary_re("disclaimer_signs").search(text)
        and vocabulary_re("disclaimer").search(text)
    ):
        return Proposal(LineKind.FOOTER, "disclaimer")
    if _DATELINE_ONLY.match(text):
        return Proposal(LineKind.PARAGRAPH, "dateline")
    if size <= 30 and _FILE_NUMBER.fullmatch(text):
        return Proposal(LineKind.META, "file_number")
    if size <= 30 and _PHONE.fullmatch(text) and not parse_date(text):
        return Proposal(LineKind.CONTACT, "phone")
    if size <= 12 and _FILE_FACT.fullmatch(text):
        return Proposal(LineKind.WIDGET, "count")
    return Proposal(LineKind.META, "labels") if _SENT_TO.match(text) else None


def _of_fields(text: str, fields: Sequence[MetaField]) -> Proposal | None:
    """What a line of these fields is: a bare date, or a title's label that a word follows, only its place can tell."""
    if not fields and is_date_line(text):
        return None
    if len(fields) == 1 and fields[0].key == "title" and len(fields[0].value) < 4:
        return None
    if {field.key for field in fields} == {"views"} and not parse_date(text):
        return Proposal(LineKind.WIDGET, "count")
    return Proposal(LineKind.META, "labels")


def _of_words(line: str, text: str) -> Proposal | None:
    """By what it says."""
    if byline_line(line):
        return Proposal(LineKind.BYLINE, "byline")
    if _OF_PICTURE.match(text) or (len(text) <= 120 and _PHOTO.search(text)):
        return Proposal(LineKind.CAPTION, "picture_words")
    prose = _is_prose(text)
    said = prose and (len(text) > 120 or (_DOMAIN.search(text) and re.search("[。,]", text)))
    if not said and not (prose and len(text) >= 40 and not VISITOR.search(text)):
        for kind, limit, said_in in _noise():
            if len(text) <= limit and said_in(text):
                return Proposal(kind, "noise_words")
    elif said and "内容摘要" in text[:120] and _noise()[1][2](text[:120]):
        return Proposal(LineKind.SUMMARY, "summary_words")
    if prose:
        return Proposal(LineKind.PARAGRAPH, "sentence")
    bar = _is_bar(text)
    if bar is not None:
        return Proposal(bar, "bar")
    if len(text) <= 24 and vocabulary_re("caption_whole").search(text):
        return Proposal(LineKind.CAPTION, "caption_words")
    return None


def is_heading(text: str, following: str) -> bool:
    """A numbered heading, or a short bare one between paragraphs."""
    if (
        len(text) > 60
        or _ENDING.search(text)
        or _SAYS.match(text)
        or _SAYER.match(text)
        or BODY_LIKE.match(text)
    ):
        return False
    if HEAD_NUMBER.match(text):
        return True
    return 2 <= len(text) <= 30 and bool(following) and len(re.findall("[,;]", text)) <= 1


_SIGHT = re.compile(
    rf"^(?:查看|察看|观看|观摩|参观|走访|慰问|踏勘|巡查|巡护|巡河|捞取|打捞|清理|清淤|采样|取样|监测|植树|栽种|栽植|放流|增殖放流|演练|宣誓|签约|讲解|听取|航拍)[{HAN}]{{0,8}}$"
)


def is_sight(text: str) -> bool:
    """`捞取水草`, `查看水样情况`: what a picture shows, if no other bare line stands between the sentences."""
    return len(text) <= 10 and bool(_SIGHT.match(text))


def is_caption(text: str, isolated: bool) -> bool:
    """`甲主持会议`, `会议现场`, `查看水样情况`: short, no sentence mark, nobody's heading."""
    if len(text) > 40 or re.search("[。!?;:]$", text) or HEAD_NUMBER.match(text):
        return False
    if BODY_LIKE.match(text) and len(text) >= 10:
        return False
    if vocabulary_re("caption_whole").search(text) or re.search("(?:摄|供图|现场图?|合影)[)]?$", text):
        return True
    if re.fullmatch(
        rf"[{HAN}·、]{{2,24}}?(?:{'|'.join(load('noise')['caption_verbs'])})", text
    ) and not re.match(
        "(?:加强|坚持|推进|强化|抓好|做好|深入|全面|严格|提高|完善|落实|压实|会议|认真|积极)", text
    ):
        return True
    return isolated and len(text) <= 16 and bool(vocabulary_re("caption_scene").search(text))


def is_date_line(text: str) -> bool:
    """A line that is only a date without a time: `(2022年3月15日)`, `2018年7月20日`, `(201x年3月××日)`."""
    bare = text.strip("()[]【】 —-")
    if len(bare) > 24:
        return False
    if re.fullmatch(r"[\dxX×*]{2,4} ?年[\dxX×*]{1,2} ?月(?:[\dxX×*]{1,2} ?日)?(?:上午|下午|晚)?", bare):
        return True
    spans = parse_date(bare)
    return bool(spans) and spans[0].start == 0 and spans[-1].end >= len(bare) - 3
