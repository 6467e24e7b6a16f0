"""Pages rewritten as other sites would have set them: the article stays, its frame changes.

Each of `VARIANTS` takes a page's lines and a seeded generator and gives other lines, or None where it cannot be
applied. What a reader would take from the page (title, dates, names, paragraphs) is the same before and after.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape
from random import Random

import opencc

from build_tools.cleaning.dates import fold
from build_tools.cleaning.labels import MetaField, parse_meta

Lines = list[str]
Rewrite = Callable[[Sequence[str], Random], Lines | None]

BARS = (
    "首页 > 新闻中心 > 工作动态 > 正文", "您现在的位置：网站首页>>政务公开>>部门动态", "网站首页 | 机构概况 | 信息公开 | 办事服务 | 互动交流",
    "当前位置： 首页 › 要闻 › 内容详情", "登录 注册 无障碍浏览 长者模式", "首页 新闻 时政 社会 专题 视频 图片",
)  # fmt: skip
SHARES = (
    "分享到：微信 新浪微博 QQ空间", "【打印本页】【关闭窗口】", "扫一扫在手机打开当前页", "分享 收藏 打印 关闭", "打开微信扫一扫，分享到朋友圈",
    "【字体：大 中 小】 打印 分享到：",
)  # fmt: skip
ADVERTS = (
    "下载某某新闻APP，看更多精彩内容", "点击下方关注我们，获取更多资讯", "广告", "更多精彩内容请关注微信公众号", "点击查看全文",
    "开通会员，免费下载本文档",
)  # fmt: skip
FOOTERS = (
    "主办：某某市人民政府办公室 ICP备案号：某ICP备05012345号", "版权所有：某某网 未经授权不得转载", "上一篇：某某县召开安全生产工作会议",
    "下一篇：没有了", "相关阅读：", "网站地图 | 联系我们 | 关于我们", "政府网站标识码：1234567890",
)  # fmt: skip
PICTURES = (
    "△会议现场",
    "图为会议现场",
    "会议现场。某某 摄",
    "1.jpg",
    "图片",
    "微信图片_20240305101112.jpg",
    "会议现场",
)
TRADITIONAL = opencc.OpenCC("s2t")


def _fields(line: str) -> tuple[MetaField, ...]:
    """The labelled fields of a line, if that is all that it holds and each value is known."""
    told = parse_meta(line) or ()
    found = [line.find(field.label) for field in told]
    rest = fold(line)
    for field in told:
        rest = rest.replace(field.label, "", 1).replace(fold(field.value), "", 1)
    plain = all(field.label and field.value for field in told) and -1 not in found
    return told if plain and not re.search(r"[\w]", rest) else ()


def _meta(lines: Sequence[str]) -> int | None:
    """The first line of two or more whole fields."""
    return next((i for i, line in enumerate(lines) if len(_fields(line)) >= 2), None)


def _told(fields: Sequence[MetaField]) -> Lines:
    return [f"{field.label}：{field.value}" for field in fields]


def _instead(lines: Sequence[str], at: int, new: Sequence[str]) -> Lines:
    return [*lines[:at], *new, *lines[at + 1 :]]


def _is_body(line: str) -> bool:
    return len(line.strip()) >= 40 and "。" in line


def _body(lines: Sequence[str]) -> list[int]:
    return [i for i, line in enumerate(lines) if _is_body(line)]


def fields_reversed(lines: Sequence[str], _: Random) -> Lines | None:
    at = _meta(lines)
    return None if at is None else _instead(lines, at, ["  ".join(_told(_fields(lines[at]))[::-1])])


def fields_on_own_lines(lines: Sequence[str], _: Random) -> Lines | None:
    at = _meta(lines)
    return None if at is None else _instead(lines, at, _told(_fields(lines[at])))


def fields_bulleted(lines: Sequence[str], rng: Random) -> Lines | None:
    at = _meta(lines)
    sign = rng.choice(("• ", "- ", "· ", "* ", "◆ "))
    return None if at is None else _instead(lines, at, [sign + one for one in _told(_fields(lines[at]))])


def fields_on_two_lines(lines: Sequence[str], _: Random) -> Lines | None:
    at = _meta(lines)
    if at is None:
        return None
    return _instead(
        lines, at, [part for field in _fields(lines[at]) for part in (f"{field.label}：", field.value)]
    )


def fields_glued(lines: Sequence[str], _: Random) -> Lines | None:
    at = _meta(lines)
    return None if at is None else _instead(lines, at, ["".join(_told(_fields(lines[at])))])


def fields_barred(lines: Sequence[str], rng: Random) -> Lines | None:
    at = _meta(lines)
    bar = rng.choice((" | ", "丨", " / ", "；", "\u3000", "    "))
    return None if at is None else _instead(lines, at, [bar.join(_told(_fields(lines[at])))])


def fields_in_brackets(lines: Sequence[str], rng: Random) -> Lines | None:
    at = _meta(lines)
    one, other = rng.choice(("【】", "[]", "（）", "()"))
    if at is None:
        return None
    return _instead(lines, at, [" ".join(f"{one}{field}{other}" for field in _told(_fields(lines[at])))])


def fields_with_views(lines: Sequence[str], rng: Random) -> Lines | None:
    at = _meta(lines)
    views = rng.choice(
        (
            "浏览次数：1024",
            "阅读：",
            "点击数：88 次",
            "【字体：大 中 小】",
            "访问量：[ 35 ]",
            "字号：大 中 小 打印",
        )
    )
    return None if at is None else _instead(lines, at, [f"{lines[at].rstrip()}  {views}"])


def bars_above(lines: Sequence[str], rng: Random) -> Lines:
    return [*rng.sample(BARS, 2), *lines]


def shares_below(lines: Sequence[str], rng: Random) -> Lines:
    return [*lines, *rng.sample(SHARES, 2)]


def shares_under_the_fields(lines: Sequence[str], rng: Random) -> Lines | None:
    at = _meta(lines)
    return None if at is None else [*lines[: at + 1], rng.choice(SHARES), *lines[at + 1 :]]


def adverts_below(lines: Sequence[str], rng: Random) -> Lines:
    return [*lines, *rng.sample(ADVERTS, 2)]


def adverts_within(lines: Sequence[str], rng: Random) -> Lines | None:
    body = _body(lines)
    if len(body) < 2:
        return None
    at = rng.choice(body[1:])
    return [*lines[:at], rng.choice(ADVERTS), *lines[at:]]


def footers_below(lines: Sequence[str], rng: Random) -> Lines:
    return [*lines, *rng.sample(FOOTERS, 3)]


def pictures_within(lines: Sequence[str], rng: Random) -> Lines | None:
    body = _body(lines)
    if len(body) < 2:
        return None
    at = rng.choice(body[1:])
    return [*lines[:at], "", rng.choice(PICTURES), "", *lines[at:]]


def _wrapped(lines: Sequence[str], width: int, indent: str) -> Lines | None:
    body = _body(lines)
    if len(body) < 3 or any(len(line) > 1500 for line in lines):
        return None
    out: Lines = []
    for i, line in enumerate(lines):
        text = line.strip()
        if i in body:
            text = indent + text
            while text:
                cut = width
                while cut < len(text) and text[cut] in "，。、；：！？）》”":
                    cut += 1
                while 9 < cut < len(text) and (
                    text[cut - 1] in "（(《“" or text[cut - 1 : cut + 1].isascii()
                ):
                    cut -= 1
                out.append(text[:cut])
                text = text[cut:]
        else:
            out.append(line)
    return out


def wrapped_at_20(lines: Sequence[str], _: Random) -> Lines | None:
    return _wrapped(lines, 20, "\u3000\u3000")


def wrapped_at_40(lines: Sequence[str], _: Random) -> Lines | None:
    return _wrapped(lines, 40, "\u3000\u3000")


def wrapped_flush_at_36(lines: Sequence[str], _: Random) -> Lines | None:
    return _wrapped(lines, 36, "")


def blanks_doubled(lines: Sequence[str], _: Random) -> Lines:
    return [one for line in lines for one in (line, "", "")]


def blanks_gone(lines: Sequence[str], _: Random) -> Lines | None:
    kept = [line for line in lines if line.strip()]
    return None if len(kept) == len(lines) else kept


def indented(lines: Sequence[str], rng: Random) -> Lines:
    indent = rng.choice(
        ("\u3000\u3000", "    ", "\u00a0\u00a0\u00a0\u00a0", "\u2003\u2003", "\t", "&nbsp;&nbsp;")
    )
    return [indent + line.strip() if line.strip() else line for line in lines]


def trailing_blanks(lines: Sequence[str], rng: Random) -> Lines:
    return [line + rng.choice((" ", "\u3000", "  ", "\u00a0")) for line in lines]


def full_width_marks(lines: Sequence[str], _: Random) -> Lines:
    return [line.replace(": ", "：").replace(":", "：") if not _is_body(line) and "://" not in line else line
            for line in lines]  # fmt: skip


def half_width_marks(lines: Sequence[str], _: Random) -> Lines:
    return [
        line if "://" in line else line.translate(str.maketrans("，：；！（）", ",:;!()")) for line in lines
    ]


def full_width_digits(lines: Sequence[str], _: Random) -> Lines | None:
    at = _meta(lines)
    wide = {ord(char): chr(ord(char) + 0xFEE0) for char in "0123456789"}
    return None if at is None else _instead(lines, at, [lines[at].translate(wide)])


def in_traditional(lines: Sequence[str], _: Random) -> Lines:
    return [TRADITIONAL.convert(line) for line in lines]


def names_set_wide(lines: Sequence[str], _: Random) -> Lines | None:
    """Two-character names of the fields set as wide as three."""
    pattern = re.compile(
        r"((?:作者|记者|编辑|责编|责任编辑|通讯员)[：: ]{1,2})([\u4e00-\u9fff])([\u4e00-\u9fff])(?=[ \u3000）)】]|$)"
    )
    out = [pattern.sub(r"\1\2　\3", line) for line in lines]
    return None if out == list(lines) else out


def title_twice(lines: Sequence[str], _: Random) -> Lines | None:
    at = next(
        (i for i, line in enumerate(lines[:12]) if line.strip().endswith(("会", "会议", "讲话", "召开"))),
        None,
    )
    return None if at is None or not 8 <= len(lines[at]) <= 60 else [lines[at], *lines]


def with_a_site_name(lines: Sequence[str], rng: Random) -> Lines:
    return [rng.choice(("某某市人民政府网站", "某某新闻网", "某某日报社")), *lines]


def as_html(lines: Sequence[str], rng: Random) -> Lines:
    """Each line a paragraph of a page with a menu above it and a foot below."""
    tag = rng.choice(("p", "div"))
    head = "<html><head><title>某某网</title></head><body><ul><li><a href='/'>首页</a></li><li><a href='/n'>新闻</a></li></ul>"
    rows = [f"<{tag}>{escape(line)}</{tag}>" for line in lines if line.strip()]
    return [head, *rows, "<div>版权所有 某某网</div></body></html>"]


def as_html_with_breaks(lines: Sequence[str], _: Random) -> Lines:
    return [
        "<html><body><div class='content'>",
        *[escape(line) + "<br>" for line in lines],
        "</div></body></html>",
    ]


def with_invisible_signs(lines: Sequence[str], rng: Random) -> Lines:
    return [line[: (cut := rng.randrange(len(line) + 1))] + rng.choice(("\u200b", "\ufeff", "\u00ad")) + line[cut:]
            for line in lines]  # fmt: skip


def fields_at_the_end(lines: Sequence[str], _: Random) -> Lines | None:
    at = _meta(lines)
    return None if at is None else [*_instead(lines, at, []), *_told(_fields(lines[at]))]


def fields_above_the_title(lines: Sequence[str], _: Random) -> Lines | None:
    at = _meta(lines)
    return None if at is None or at > 8 else [lines[at], *_instead(lines, at, [])]


def on_one_line(lines: Sequence[str], _: Random) -> Lines:
    return [" ".join(line.strip() for line in lines if line.strip())]


VARIANTS: tuple[Rewrite, ...] = (
    fields_reversed, fields_on_own_lines, fields_bulleted, fields_on_two_lines, fields_glued, fields_barred,
    fields_in_brackets, fields_with_views, fields_at_the_end, fields_above_the_title, bars_above, shares_below,
    shares_under_the_fields, adverts_below, adverts_within, footers_below, pictures_within, wrapped_at_20, wrapped_at_40,
    wrapped_flush_at_36, blanks_doubled, blanks_gone, indented, trailing_blanks, full_width_marks, half_width_marks,
    full_width_digits, in_traditional, names_set_wide, title_twice, with_a_site_name, as_html, as_html_with_breaks,
    with_invisible_signs, on_one_line,
)  # fmt: skip
