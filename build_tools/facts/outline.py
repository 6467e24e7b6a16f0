"""The shape of one article's body: headings, enumerations, key points, documents, commitments, gaps.

Everything here is a pure function of the kept lines. Text is expected clean
(full-width punctuation), but ASCII punctuation is understood as well.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from build_tools.cleaning.headings import ORDINAL, heading_levels, settle_headings
from build_tools.core.article import BodyItem, Commitment, Evidence, Fact, Gap, Line, LineKind
from build_tools.core.text import CN, HAN, NUMERALS, block_ids, matches, number_of
from build_tools.core.vocabulary import load
from build_tools.facts.commitments import commitments
from build_tools.facts.documents import documents_in
from build_tools.facts.gaps import gaps_of


@dataclass(frozen=True, slots=True)
class Outline:
    """What the shape of a body says. Offsets in `key_points` and `documents` are of the item named."""

    body: tuple[BodyItem, ...]
    key_points: tuple[Fact[str], ...]
    documents: tuple[Fact[str], ...]
    commitments: tuple[Commitment, ...]
    gaps: tuple[Gap, ...]


def outline(lines: Sequence[Line]) -> Outline:
    """Read the outline of the kept lines of one article; lines of other kinds are passed over.

    >>> text = "会议强调，要抓好两件事。一是查得细。逐库核对。二是改得实。"
    >>> shape = outline([Line(LineKind.PARAGRAPH, text)])
    >>> [point.value for point in shape.key_points]
    ['查得细', '改得实']
    >>> shape.body[0].lead
    ((12, 17), (23, 28))
    """
    kept = settle_headings([line for line in lines if line.kind in (LineKind.HEADING, LineKind.PARAGRAPH)])
    ids = iter(block_ids([line.text for line in kept if line.kind is LineKind.PARAGRAPH]))
    heading_ids = iter(block_ids([line.text for line in kept if line.kind is LineKind.HEADING], "h"))
    levels = heading_levels(kept)
    bare = [
        BodyItem(next(heading_ids) if level else next(ids), line.text, level)
        for line, level in zip(kept, levels, strict=True)
    ]
    runs = enumerations(bare)
    spans: dict[int, list[tuple[int, int]]] = {}
    for run in runs:
        for mark in run:
            if not bare[mark.item].level:
                spans.setdefault(mark.item, []).append((mark.start, mark.lead_end))
    body = tuple(
        replace(item, lead=_disjoint(spans[at])) if at in spans else item for at, item in enumerate(bare)
    )
    return Outline(
        body,
        _key_points(body, runs),
        _documents(lines, body),
        tuple(c for item in body if not item.level for c in commitments(item)),
        tuple(gap for item in body for gap in gaps_of(item)),
    )


# --- headings ----------------------------------------------------------------


# --- enumerations ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mark:
    """One item of an enumeration: where its ordinal starts, where its lead clause starts and ends."""

    item: int
    start: int
    lead_start: int
    lead_end: int
    number: int
    family: str
    line_start: bool
    word: str  # the 是 or 要 behind it, or the verb that every item repeats


_UNIT = "(?:[个点条件句项步]{1,2}(?:话|事情?|方面|要求|意见|问题|任务|建议|工作|关)?|方面)?"
_VERBS = "抓查看盯治管促推建改控补守防访问帮保转提优靠把在以比严强压练"
_MARK = re.compile(
    rf"(?<![第之{NUMERALS}])(?P<shi>{CN})(?P<tail>是要?|要(?!求)|须|则是?要?)[，,：:]?"
    # 一查…二查…三查: the same verb thrice; the verb belongs to the lead.
    rf"|(?<![第{NUMERALS}])(?P<act>{CN})(?P<verb>[{_VERBS}])"
    rf"|第(?P<di>{CN}){_UNIT}(?:[，,、：:。]|是要?|就是要?|(?<=[面件话点条项])要)(?:要(?!求))?"
    rf"|其(?P<qi>{CN})[，,、：:]"
    r"|(?<![\d.．/年月])(?P<num>\d{1,2})(?:[.．](?!\d)|、)\s*(?![、])"
    r"|[（(](?P<pnum>\d{1,2})[）)]、?\s*"
    r"|(?P<circle>[①-⑳])、?\s*"
    rf"|[（(](?P<paren>{CN})[）)]、?\s*"
    rf"|(?<![{NUMERALS}])(?P<cn>{CN})、(?![{NUMERALS}]|\s)"
)
_MARK_STARTS = re.compile(rf"[{NUMERALS}第其\d（(①-⑳](?:(?=[{NUMERALS}\d.．、是要须则{_VERBS}])|(?<=[①-⑳]))")
_BEFORE = frozenset("。；;！!？?：:，,、”）)…—>　 \t》】")
# ASCII marks inside Latin text (ISO 14001:2015) end nothing.
_LEAD = re.compile(
    rf"[。！？；：\n]|(?<=[{HAN}])[ \u3000](?=[{HAN}])|(?<![0-9A-Za-z])[!?;:]|[!?;:](?![0-9A-Za-z])"
)
_COMMA = re.compile("[，,]")
# Before the first comma of 在思想上，要高度重视: no lead clause yet.
_ADVERB = re.compile(
    "在.{1,10}[上中下里内间时后前]$|(?:对|针对|围绕|按照|根据|通过|以|从(?!严)|为|就)(?!.{2,3}$).{0,12}$|.?$"
)
_FIRST_ITEM = 300  # characters that a first item may have
_LEAD_LIMIT = 44  # characters of a lead sentence with text behind it; a longer one is cut
_LONGEST_LEAD = 300  # characters; where no stop and no comma comes sooner, the lead ends there


def enumerations(body: Sequence[BodyItem]) -> list[tuple[Mark, ...]]:
    """Every enumeration whose ordinals run on from the first, at least two items, in reading order.

    >>> [[m.number for m in run] for run in enumerations(
    ...     [BodyItem("p", "一是稳。环境事件应急处置二是进。之一是空话。")])]
    [[1, 2]]
    """
    done: list[list[Mark]] = []
    open_runs: list[list[Mark]] = []
    for at, item in enumerate(body):
        text = item.text
        indent = len(text) - len(text.lstrip())
        for match in matches(_MARK_STARTS, _MARK, text):
            family = match.lastgroup or ""
            family = {"tail": "shi", "verb": "act"}.get(family, family)
            number = number_of(match[family])
            start = match.start()
            clean = start == 0 or text[start - 1] in _BEFORE
            head = start <= indent
            begin = match.end() - (family == "act")
            word = (match["tail"] or match["verb"] or "")[:1]
            mark = Mark(at, start, begin, begin, number, family, head, word)
            if number == 1:
                opens = clean or (family == "shi" and _goes_on(text, match.end(), match["tail"][0]))
                if opens and _may_open(family, text, start, head):
                    open_runs = [run for run in open_runs if (run[-1].family, run[-1].word) != (family, word)]
                    open_runs.append([mark])
                    done.append(open_runs[-1])
                continue
            follows = [run for run in open_runs if run[-1].number == number - 1 and run[-1].family == family]
            same = [run for run in follows if run[-1].word == word]
            if not follows or not (clean or family in ("shi", "di")):
                continue
            if family == "act" and not (clean and same):
                continue
            run = (same or follows)[-1]
            if family in ("cn", "num", "paren", "pnum") and run[0].line_start != head and run[-1].item != at:
                continue
            run.append(mark)
    return [_with_leads(run, body) for run in done if len(run) > (2 if run[0].family == "act" else 1)]


def _goes_on(text: str, at: int, tail: str) -> bool:
    """Whether 二要 opens a clause soon behind `at`: 各级各部门一要…。二要… has no stop before its first."""
    return re.search(f"[。；;，,]二{tail}", text[at : at + _FIRST_ITEM]) is not None


def _may_open(family: str, text: str, start: int, head: bool) -> bool:
    """Numbers and 一、 inside a line open a list only behind a stop or a colon."""
    return (
        head
        or family not in ("cn", "num")
        or text[max(0, start - 8) : start].rstrip()[-1:] in "。；;：:！!？?”"
    )


def _with_leads(run: Sequence[Mark], body: Sequence[BodyItem]) -> tuple[Mark, ...]:
    out: list[Mark] = []
    single = True
    for at, mark in enumerate(run):
        text = body[mark.item].text
        following = run[at + 1] if at + 1 < len(run) else None
        inner = following is not None and following.item == mark.item
        end = following.start if following is not None and inner else len(text)
        if body[mark.item].level:
            stop = len(text.rstrip("。 　"))
            start = lead_clause(text, mark.lead_start, stop)[0]
            out.append(replace(mark, lead_start=start, lead_end=max(start, stop)))
            continue
        if mark.family == "act":  # 一查坝体渗流，埋深不足的停用；
            comma = _COMMA.search(text, mark.lead_start, end)
            end = comma.start() if comma else end
        found = _LEAD.search(text, mark.lead_start, min(end, mark.lead_start + _LONGEST_LEAD))
        if inner or at == 0:
            single = single and (found is None or _is_whole(text, found.start(), end))
        elif single and found is not None:
            end = found.end()  # what stands behind the last item is no part of it
        start, stop = lead_clause(text, mark.lead_start, end, found)
        out.append(replace(mark, lead_start=start, lead_end=stop))
    return tuple(out)


def _is_whole(text: str, stop: int, end: int) -> bool:
    return not text[stop + 1 : min(end, stop + 20)].strip("”’）) \t。")


def lead_clause(text: str, start: int, end: int, found: re.Match[str] | None = None) -> tuple[int, int]:
    """The span of the lead clause of the item `text[start:end]`, without ordinal and closing mark.

    `found` is the first mark of `_LEAD` in it, where it is known.

    Up to the first stop, semicolon or colon. An item that is one sentence, or a very
    long lead sentence, is cut at its first comma, unless only an adverbial stands before it.

    >>> text = "一是压实责任，抓好整改。要深刻吸取教训。"
    >>> text[slice(*lead_clause(text, 2, len(text)))]
    '压实责任，抓好整改'
    >>> text = "严惩重罚，对涉嫌犯罪的一律移送公安机关。"
    >>> text[slice(*lead_clause(text, 0, len(text)))]
    '严惩重罚'
    """
    while start < end and text[start] in " \t　要":
        start += 1
    if found is None or not start <= found.start() < end:
        found = _LEAD.search(text, start, min(end, start + _LONGEST_LEAD))
    stop = found.start() if found else min(end, start + _LONGEST_LEAD)
    if _is_whole(text, stop, end) or stop - start > _LEAD_LIMIT:
        commas = (match.start() for match in _COMMA.finditer(text, start, min(stop, start + 80)))
        cut = next((at for at in commas if not _ADVERB.match(text, start, at)), None)
        stop = cut if cut is not None else stop
    while stop > start and text[stop - 1] in " \t　，,、":
        stop -= 1
    return start, stop


# --- key points --------------------------------------------------------------


@cache
def _cue(name: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in load("enumerations")[name]))


def _key_points(body: Sequence[BodyItem], runs: Sequence[tuple[Mark, ...]]) -> tuple[Fact[str], ...]:
    """The lead clauses of the tasks; of section headings, those with no list of tasks below any of their run."""
    above = _headings_above(body)
    told = {at: ORDINAL.sub("", item.text, count=1) for at, item in enumerate(body) if item.level}
    tasks = [run for run in runs if is_task_list(run, body, [told[at] for at in above[run[0].item]])]
    lists = [run for run in tasks if not _is_sections(run, body)]
    chosen = [
        run for run in lists if not any(_holds(other, run) for other in lists[:_MANY] if other is not run)
    ]
    over = {at for run in tasks for at in above[run[0].item] if at != run[0].item}
    chosen += [run for run in tasks if all(mark.item in told and mark.item not in over for mark in run)]
    points = [mark for run in chosen or tasks for mark in run]
    points.sort(key=lambda mark: (mark.item, mark.start))
    return tuple(
        Fact(
            body[mark.item].text[mark.lead_start : mark.lead_end],
            Evidence(
                f"enumeration.{mark.family}",
                body[mark.item].id,
                body[mark.item].text[mark.start : mark.lead_end],
                mark.start,
            ),
        )
        for mark in points
        if mark.lead_end > mark.lead_start
    )


def _is_sections(run: Sequence[Mark], body: Sequence[BodyItem]) -> bool:
    return all(mark.line_start for mark in run) and (
        run[0].family == "cn" or all(body[mark.item].level for mark in run)
    )


_MANY = 50  # lists in one text: beyond that nesting is not looked for


def _holds(outer: Sequence[Mark], inner: Sequence[Mark]) -> bool:
    """Whether `inner` lies between two marks of `outer`, or in its last item's own paragraph."""
    first, last = _place(inner[0]), _place(inner[-1])
    at = bisect_left(outer, first, key=_place)
    if at == len(outer):
        return last[0] == outer[-1].item
    return at > 0 and last < _place(outer[at])


def _place(mark: Mark) -> tuple[int, int]:
    return mark.item, mark.start


def is_task_list(run: Sequence[Mark], body: Sequence[BodyItem], headings: Sequence[str]) -> bool:
    """Whether an enumeration lists tasks, and not past work, problems, merits or meetings.

    Decided by the sentence that announces it, the `headings` above it and the form of
    its leads; a list that nothing speaks against is one of tasks.
    """
    leads = [body[mark.item].text[mark.lead_start : mark.lead_end] for mark in run]
    half = len(leads) / 2
    headed = all(body[mark.item].level for mark in run)
    if sum(bool(_cue("meeting_lead").search(lead)) for lead in leads) >= max(half, 1 if headed else 2):
        return False
    below = [body[mark.item + 1].text for mark in run if headed and mark.item + 1 < len(body)]
    if sum(_DATED.match(text) is not None for text in below) > half:  # a digest of what happened
        return False
    if sum(bool(_cue("assigned_lead").search(lead)) for lead in leads) >= max(half, 2):
        return False
    if any(_cue("review_heading").search(text) for text in headings):
        return False
    near, far = _announcement(run[0], body)
    near = _QUOTED.sub("", near)  # 围绕“为什么学”提出要求
    if _cue("agenda").search(near):
        return False
    stated = sum(bool(_cue("stated_lead").search(lead)) for lead in leads) >= half
    if _is_sections(run, body):
        return not stated
    score = 4 if all(mark.word == "要" for mark in run) else 0
    score += 3 * bool(_cue("task").search(near))
    score -= 4 * _looks_back(near) + 4 * bool(_cue("problem").search(_last_clauses(near)))
    score -= 4 * stated
    score += sum(lead.startswith(("要", "把", "坚决", "切实", "进一步")) for lead in leads) >= half
    if score == 0 and _cue("review").search(far) and not _cue("task").search(far):
        score -= 1
    return score >= 0


_DATED = re.compile(r"(?:\d{1,2}月)?\d{1,2}日|近日|日前")
_QUOTED = re.compile("“[^“”]{0,40}”")


def _last_clauses(sentence: str) -> str:
    return "，".join(sentence.replace(",", "，").rsplit("，", 2)[-2:])


def _looks_back(sentence: str) -> bool:
    """Whether the sentence speaks of past work, and not of what to do after it or of what that is to bring."""
    if not _cue("review").search(sentence):
        return False
    clauses = _COMMA.split(sentence)
    sentence = "，".join(one for one in clauses if "了" in one or not _PURPOSE.match(one))
    if _cue("review").search(_last_clauses(sentence)):
        return True
    match = _cue("review").search(sentence)
    return match is not None and not _AHEAD.search(sentence, match.end())


_PURPOSE = re.compile("(?:确保|力争|争取|保证|保障|推动|促进|迎接|努力|奋力|为|以)")
_AHEAD = re.compile("(?<![主重需首提纲摘机])要|今年|下一步|必须|强调")


def _headings_above(body: Sequence[BodyItem]) -> list[tuple[int, ...]]:
    """For each item where the headings are that it is below, itself among them."""
    out: list[tuple[int, ...]] = []
    above: tuple[int, ...] = ()
    for at, item in enumerate(body):
        if item.level:
            above = (*(one for one in above if body[one].level < item.level), at)
        out.append(above)
    return out


_ANNOUNCED = 100  # characters of the sentence that announces a list, and of what is before it
_NEAR = 20  # lines above a list in which its announcement is looked for


def _announcement(mark: Mark, body: Sequence[BodyItem]) -> tuple[str, str]:
    """The sentence before the first ordinal, and what stands before that sentence."""
    before = body[mark.item].text[max(0, mark.start - 1200) : mark.start].strip()
    at = mark.item
    least = max(0, at - _NEAR)
    while len(before) < 4 and at > least and (at == mark.item or not body[at].level):
        at -= 1
        before = body[at].text[-1200:].strip()
    cut = max(before.rfind(stop, 0, max(len(before) - 1, 0)) for stop in "。！？!?")
    near = before[cut + 1 :]
    if len(near) < 4:
        near = before
    return near[-_ANNOUNCED:], before[: cut + 1][:_ANNOUNCED]


def _disjoint(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Sorted spans with those dropped that start inside the one before."""
    out: list[tuple[int, int]] = []
    for span in sorted(spans):
        if span[1] > span[0] and (not out or span[0] >= out[-1][1]):
            out.append(span)
    return tuple(out)


# --- documents ---------------------------------------------------------------


def _documents(lines: Sequence[Line], body: Sequence[BodyItem]) -> tuple[Fact[str], ...]:
    heads = [
        (line.kind.value, line.text)
        for line in lines
        if line.kind in (LineKind.EYEBROW, LineKind.TITLE, LineKind.DECK)
    ]
    found: dict[str, Fact[str]] = {}
    for where, text in [*heads, *((item.id, item.text) for item in body)]:
        if "《" in text:
            for start, title in documents_in(text):
                found.setdefault(title, Fact(title, Evidence("document", where, title, start)))
    return tuple(found.values())
