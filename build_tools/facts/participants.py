"""Who is in an article: names, offices as worded, roles, each with its evidence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from build_tools.core.article import Block, Doubt, Evidence, LineKind, Participant, Role
from build_tools.core.vocabulary import load
from build_tools.facts.clauses import ACTING, Group, Sentence, lead_role, sentences
from build_tools.facts.forms import appointed, noted_list, roster, run_together, speaker, weak
from build_tools.facts.likelihood import UNITS, Known
from build_tools.facts.phrases import MOST, Person, named, persons
from build_tools.facts.roles import Act
from build_tools.facts.tokens import Scanned, mask

ELSEWHERE = 1.5  # the logit of a name that counts as read elsewhere in the article
LISTED = 1000  # the count of a name that a registry has
# Logits below which a name is doubtful: with an office and an act, with an office alone, with an act alone.
SURE, ALONE, BARE = 0.1, 1.2, 1.5
HEADLINES = frozenset({LineKind.TITLE, LineKind.EYEBROW, LineKind.DECK, LineKind.WHO})
# General secretaries are cited everywhere: present only where they are the subject of the report.
TOP = frozenset({"习近平", "胡锦涛", "江泽民"})
_PRONOUN = re.compile(
    r"(?:^|(?<=[，。；！？”\n]))(?:会上，|最后，|同时，)?([他她])"
    rf"(?=[^们，。；]{{0,30}}(?:{'|'.join(load('verbs')['statements'].split())}|答|讲话|询问))"
)


# What a notice announces has not been done: 关于举办…培训班的通知 … 邀请某教授甲授课.
_NOTICE = re.compile("(?:通知|预告|邀请函)$")
_INVITED = re.compile(r"邀请[^。；\n]*$")


@dataclass(slots=True)
class Passage:
    """A block as it is read: its masked text, its persons in order, its sentences."""

    block: Block
    scan: Scanned
    persons: list[Person]
    sentences: list[Sentence] = field(default_factory=list)


def passages(blocks: Sequence[Block], known: Collection[str] = ()) -> list[Passage]:
    """Every block with its persons, pronouns (他) resolved to the subject before them."""
    texts = [mask(block.text) for block in blocks]
    whole = "\n".join(texts)
    names = Counter({name: LISTED for name in (*known, *TOP) if len(name) > 1 and name in whole})
    scans = {text: Scanned(text, whole) for text in dict.fromkeys(texts)}
    out = [Passage(block, scans[text], []) for block, text in zip(blocks, texts, strict=True)]
    _read_once(out, names)
    rows = {index: (who, role) for index, who, role in roster(texts, names)}
    names.update(who.name for who, _ in rows.values())
    finder = named(names, whole)
    for index, passage in enumerate(out):
        passage.scan.named = finder.places(passage.scan.text)
        everybody = _all_persons(passage, names, index)
        passage.persons = [rows[index][0]] if index in rows else everybody
    said = speaker(texts, [block.kind in HEADLINES for block in blocks], [one.persons for one in out])
    if said is not None and not out[said[0]].persons:
        out[said[0]].persons = [said[1]]
    for passage in out:
        headline = passage.block.kind in HEADLINES
        passage.sentences = sentences(passage.scan.text, passage.persons, headline=headline)
    for index, (_, role) in rows.items():
        out[index].sentences[0].groups[0].acts = [Act(role, "名单", 0)]
    if said is not None:
        index, who, roles = said
        out[index].sentences[0].groups[0].acts.extend(Act(role, who.name, 0) for role in roles)
    _act_by_line(out)
    if any(block.kind is LineKind.TITLE and _NOTICE.search(block.text) for block in blocks):
        _nothing_done(out)
    _name_pronouns(out)
    return out


def _read_once(out: Sequence[Passage], names: Counter[str]) -> None:
    """Read every block without what the others have; count the names that are likely."""
    told = dict(names)
    finder = named(told, out[0].scan.whole if out else "")
    for passage in out:
        passage.scan.named = finder.places(passage.scan.text)
        passage.persons = persons(passage.scan, told) if len(names) < MOST else []
        for who in passage.persons:
            if who.score > (SURE if who.offices else ELSEWHERE) and who.name:
                names[who.name] += 1
                passage.scan.own[who.at] = who.name


def _act_by_line(out: Sequence[Passage]) -> None:
    """The acts that the form of a line gives: 刘友宾：……, and a bare list behind 参加会议的有：."""
    role: Role | None = None
    for passage in out:
        text, first = passage.scan.text, passage.persons[0] if passage.persons else None
        if first is not None and first.start < 2 and text.startswith("：", first.end):
            passage.sentences[0].groups[0].acts.append(Act(Role.SPEAKS, "：", 0))
        if role is not None and first is not None and first.start < 3:
            announced(passage, role)
        if text.endswith("："):
            role = lead_role(text[-80:])
        elif first is None or first.start > 2:
            role = None


def _nothing_done(out: Sequence[Passage]) -> None:
    """Of a notice: those whom it invites have done nothing yet."""
    for passage in out:
        for group in (group for sentence in passage.sentences for group in sentence.groups):
            if _INVITED.search(passage.scan.text[max(0, group.start - 200) : group.start]):
                group.acts.clear()


def _name_pronouns(out: Sequence[Passage]) -> None:
    """Give 他 its person, over the paragraphs."""
    subject = ""
    for passage in out:
        text = passage.scan.text
        for at, sentence in enumerate(passage.sentences):
            if at == 0 and text[: sentence.start].strip():
                subject = ""  # somebody who was not read may open the paragraph: 护河员分享了心得。他说，…
            subject = _resolve(text, sentence, subject)


def _all_persons(passage: Passage, names: Known, index: int) -> list[Person]:
    """The persons of a text: by phrases first, then by the forms of its lines, pronouns last."""
    text = passage.scan.text
    found = passage.persons
    if not _all_read(passage):
        found = persons(passage.scan, names)
    by_place = {who.at: who for who in found}
    chosen = appointed(text, names)
    for who in chosen:
        old = by_place.get(who.at)
        if old is not None and old.name == who.name:
            who.offices = tuple(dict.fromkeys((*old.offices, *who.offices)))
    if chosen:
        taken = _taken(chosen)
        found = [who for who in found if taken.isdisjoint(range(who.at, who.end))] + chosen
    more: list[Person] = []
    headline = passage.block.kind in HEADLINES
    if headline or (index < 6 and len(text) < 60):
        more += run_together(passage.scan, names, headline=headline)
    if "（" in text:
        more += noted_list(passage.scan, names, _taken(found))
    for extra in (more, weak(passage.scan, _taken(found + more))):
        taken = _taken(found)
        found += [who for who in extra if taken.isdisjoint(range(who.at, who.end))]
    for who in found:
        who.listed = names.get(who.name, 0) >= LISTED and who.name not in TOP
    if "他" in text or "她" in text:
        found += [
            Person("", match.start(1), match.start(1), match.end(1), pronoun=True)
            for match in _PRONOUN.finditer(text)
        ]
    return sorted(found, key=lambda who: who.at)


def _all_read(passage: Passage) -> bool:
    """Whether the first reading, without what the article tells elsewhere, has every name that is known."""
    read = {who.at: who for who in passage.persons}
    for name, at, _ in passage.scan.named:
        who = read.get(at)
        if " " not in name and (who is None or who.name != name or who.score <= ELSEWHERE):
            return False
    return True


def announced(passage: Passage, role: Role) -> None:
    """Give the role of the line before to those of a bare list; a sentence with a verb is none."""
    groups = [group for sentence in passage.sentences for group in sentence.groups]
    if any(group.acts for group in groups) or len(passage.scan.text) > 60 * len(passage.persons):
        return
    for group in groups:
        group.acts.append(Act(role, "名单", 0))


def _taken(found: Iterable[Person]) -> set[int]:
    return {at for who in found for at in range(who.at, who.end)}


_OPENS = re.compile(
    r"(?:[^，。；：]{0,6}[日午晚前]|会上|会前|会后|随后|最后|同时|接着|首先|座谈中|其间|期间|由|在[^，。；]{1,20}|[^，。；：]{1,16}的)?[，,]?"
)


def _resolve(text: str, sentence: Sentence, subject: str) -> str:
    """Give 他 its person; return whom a following 他 means: '' where two are possible."""
    for group in sentence.groups:
        if group.persons[0].pronoun:
            group.persons[0].name = subject
            continue
        border = max(text.rfind(mark, sentence.start, group.start) for mark in "，；：。！？\n")
        start = max(border + 1, sentence.start)
        if group.kind not in ACTING or TOP.intersection(who.name for who in group.persons):
            continue
        if _OPENS.fullmatch(text, start, group.start):
            subject = group.persons[0].name if len(group.persons) == 1 else ""
    return subject


@dataclass(slots=True)
class _Held:
    offices: list[str] = field(default_factory=list)
    roles: dict[Role, Evidence] = field(default_factory=dict)
    evidence: list[Evidence] = field(default_factory=list)
    weak: bool = True
    sure: float = -9.0
    listed: bool = False  # in the registry


def participants(read: Sequence[Passage]) -> tuple[Participant, ...]:
    """Everybody whom the article names with an office or an act, in order of first mention."""
    return tuple(
        Participant(
            name,
            tuple(held.offices),
            tuple(role for role in Role if role in held.roles) or (Role.MENTIONED,),
            held.weak,
            (*held.evidence, *held.roles.values()),
        )
        for name, held in _collected(read).items()
        if held.sure >= _least(held)
    )


def doubtful(read: Sequence[Passage]) -> tuple[Doubt, ...]:
    """The names that were read and left out: too much like a word, or too little evidence that a person bears them.

    >>> block = Block("p", LineKind.PARAGRAPH, "副省长韩正到企业调研。")
    >>> [(doubt.value, doubt.evidence.quote) for doubt in doubtful(passages([block]))]
    [('韩正', '副省长韩正')]
    """
    return tuple(
        Doubt("people", name, "people.office" if held.offices else "people.name", held.evidence[0])
        for name, held in _collected(read).items()
        if held.sure < _least(held) and (held.offices or held.roles)
    )


def _least(held: _Held) -> float:
    """The logit that a name with this evidence must reach."""
    if held.listed:
        return -99.0
    if held.offices:
        return SURE if held.roles else ALONE
    return BARE if held.roles else 99.0


def _collected(read: Sequence[Passage]) -> dict[str, _Held]:
    people: dict[str, _Held] = {}
    for passage in read:
        for sentence in passage.sentences:
            for group in sentence.groups:
                for who in group.persons:
                    if who.name:
                        _add(people, passage.block, who, group)
    _merge_weak(people)
    for held in people.values():
        for role, verbs, others, done in _BESIDES:
            told = held.roles.get(role)
            if (
                told is not None
                and told.quote.endswith(verbs)
                and any(other in held.roles and held.roles[other].quote.endswith(done) for other in others)
            ):
                del held.roles[role]
    return people


# What one who reports, chairs or speaks (by the last verbs) does besides is no role of its own: plans, reads out.
_BESIDES = (
    (Role.SPEAKS, ("安排", "部署"), (Role.REPORTS,), ("报告", "宣读")),
    (Role.REPORTS, ("宣读", "讲解"), (Role.PRESIDES, Role.SPEAKS), ""),
    (Role.REPORTS, ("说明",), (Role.PRESIDES,), ""),
    (Role.ATTENDS, ("会见",), (Role.SPEAKS,), ""),
    (Role.ATTENDS, ("座谈", "观看", "陪同", "签订", "签署", "签字"), (Role.PRESIDES,), ""),
)


def _add(people: dict[str, _Held], block: Block, who: Person, group: Group) -> None:
    held = people.setdefault(who.name, _Held())
    held.weak = held.weak and who.weak
    held.sure = max(held.sure, who.score)
    held.listed = held.listed or who.listed
    for office in who.offices:
        _add_office(held.offices, office)
    if who.offices and len(held.evidence) < 8:
        held.evidence.append(Evidence("people.office", block.id, block.text[who.start : who.end], who.start))
    elif not held.evidence:
        held.evidence.append(Evidence("people.name", block.id, block.text[who.at : who.end], who.at))
    headline = block.kind in HEADLINES and who.at < 3
    if who.name in TOP and not (headline or len(who.offices) > 1):
        return
    for act in group.acts:
        if act.role not in held.roles:
            end = min(len(block.text), group.end + act.start + len(act.quote), who.start + 160)
            quote = block.text[who.start : end]
            held.roles[act.role] = Evidence(f"people.role.{act.role.value}", block.id, quote, who.start)


def _add_office(offices: list[str], office: str) -> None:
    """Offices as worded, the shorter wording of one that is there left out: 局长 behind 市水务局局长.

    >>> offices = ["市水务局局长"]
    >>> for office in ("局长", "副局长", "岱河市水务局局长"): _add_office(offices, office)
    >>> offices
    ['市水务局局长', '副局长']
    """
    for old in offices:
        if old.endswith(office) and not old[: -len(office)].endswith(("副", "代", "第一")):
            return
        if office.endswith(old) and old[0] in UNITS:  # with the name of the place before it
            return
    offices.append(office)


def _same(name: str, held: _Held, other: str, full: _Held) -> bool:
    if other.startswith(f"{name}·") or (other.endswith(name) and len(name) > 1):
        return True
    told = not held.offices or any(old.endswith(held.offices[0]) for old in full.offices)
    return other.startswith(name) and told


def _merge_weak(people: dict[str, _Held]) -> None:
    """吴局长 is 局长吴刚 of the same article, 晓华市长 is 张晓华."""
    full = [name for name, held in people.items() if not held.weak]
    short = [name for name, held in people.items() if not held.offices and "·" not in name]
    dots = {other.partition("·")[0] for other in full if "·" in other}
    for name in [name for name, held in people.items() if held.weak or (name in short and name in dots)]:
        held = people[name]
        same = [other for other in full if other != name and _same(name, held, other, people[other])]
        if len(same) == 1:
            for role, evidence in held.roles.items():
                people[same[0]].roles.setdefault(role, evidence)
            del people[name]
