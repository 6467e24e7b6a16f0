"""The constructions of a sentence, as a table: `python -m build_tools.facts.constructions` prints docs/reading.md.

Each has an example and a counter-example; a test reads them all. Facts are written as `name/office/roles`, an
office or role that is not read left empty, and `name>verb` for a statement.
"""

from __future__ import annotations

from typing import NamedTuple

from build_tools.core.article import Block, LineKind
from build_tools.facts.participants import participants, passages
from build_tools.facts.statements import find_statements


class Construction(NamedTuple):
    """`shape` in classes: O office, N name, B body, V verb, T tail, … anything; `gives` in words."""

    name: str
    shape: str
    gives: str
    example: str
    facts: str
    counter: str
    counter_facts: str


TABLE = (
    Construction(
        "office and name", "O N", "N holds O, and each office of the chain before it",
        "市委副书记、市长李明主持会议。", "李明/市委副书记;市长/presides",
        "市长热线开通。", "",
    ),
    Construction(
        "name and title", "N O", "N holds the title",
        "会上，祁大成委员建议，加强执法。", "祁大成/委员/speaks 祁大成>建议",
        "市委组织部部长会议召开。", "",
    ),
    Construction(
        "list behind an office", "O N、N和N", "all hold O",
        "副市长李明、王芳和张强出席会议。", "李明/副市长/attends 王芳/副市长/attends 张强/副市长/attends",
        "副局长顾长春及住建、水务、国土等部门负责人参加会议。", "顾长春/副局长/attends",
    ),
    Construction(
        "list before its office", "N、N等T", "T of persons (领导, 班子成员) is the office of all; T of bodies makes none a person",
        "县长李明主持会议，王建国、张强、刘志远等市领导出席会议。",
        "李明/县长/presides 王建国/市领导/attends 张强/市领导/attends 刘志远/市领导/attends",
        "副市长李明和石门、青山、金水等县（区）长参加会议。", "李明/副市长/attends",
    ),
    Construction(
        "office in brackets", "N（O）", "N holds O, behind a label, before a verb or in a list of such",
        "列席：水清（市水利局局长），林茂（女，镇长）。", "水清/市水利局局长/sits_in 林茂/镇长/sits_in",
        "县水利局（牵头负责人）落实。", "",
    ),
    Construction(
        "the subject acts", "N V", "the role of V; of all in a list when a list ends with V",
        "市长李明出席会议并讲话，副市长王芳主持会议。", "李明/市长/speaks attends 王芳/副市长/presides",
        "市长李明因公出差未能参加会议。", "李明/市长/mentioned",
    ),
    Construction(
        "object", "受 N 委托, 在 N 陪同下, 听取 N 汇报", "N does not act in the clause; what goes on is said of its subject",
        "市长李明在副市长王芳陪同下到环保局调研，强调，要抓好整改。", "李明/市长/speaks 王芳/副市长/attends 李明>强调",
        "市长李明对副市长刘志远同志的工作给予肯定。", "李明/市长/mentioned 刘志远/副市长/mentioned",
    ),
    Construction(
        "studied speech", "传达学习 N 在 … 讲话精神", "N takes no part in the meeting; who gave an instruction 批示 instructs",
        "市长李明主持会议，传达学习省长王芳在全省大会上的讲话精神。", "李明/市长/presides 王芳/省长/mentioned",
        "市长李明主持会议，省长王芳讲话。", "李明/市长/presides 王芳/省长/speaks",
    ),
    Construction(
        "statement", "S 在…上/就…/对… V：", "what follows up to the next speaker, read or not, is said by S, a person or a collective",
        "市长李明就下步工作提出要求：抓好整改。", "李明/市长/speaks 李明>要求",
        "会议通报了程序安排和纪律要求，公布了电话。", "",
    ),
    Construction(
        "pronoun", "他 V", "the subject of the clause before, never an object; of two, nobody",
        "市长李明对副市长刘志远同志的工作给予肯定。他强调，要抓好整改。", "李明/市长/speaks 刘志远/副市长/mentioned 李明>强调",
        "市长李明、副市长王芳出席会议。他强调，要抓好整改。", "李明/市长/attends 王芳/副市长/attends",
    ),
    Construction(
        "appointment", "任命 N 为 O, 免去 N 的 O 职务", "N holds O; the words on both sides bound the name",
        "任命李明（女）为副厅长。", "李明/副厅长/mentioned",
        "任命决定宣读后会议结束。", "",
    ),
)  # fmt: skip


def facts(text: str) -> str:
    """What a paragraph gives, as the table writes it.

    >>> facts("市长李明主持会议。")
    '李明/市长/presides'
    """
    read = passages([Block("p", LineKind.PARAGRAPH, text)])
    people = participants(read)
    out = [
        f"{who.name}/{';'.join(who.offices)}/{' '.join(role.value for role in who.roles)}" for who in people
    ]
    return " ".join(
        out + [f"{one.person or one.collective}>{one.verb}" for one in find_statements(read, people)]
    )


def page() -> str:
    """The Markdown of docs/reading.md."""
    rows = [
        f"| {one.name} | {one.shape} | {one.gives} | {one.example} → `{one.facts}` | {one.counter} → "
        f"{f'`{one.counter_facts}`' if one.counter_facts else 'nobody'} |"
        for one in TABLE
    ]
    return "\n".join((*_HEAD, *rows, ""))


_HEAD = (
    "# How a sentence is read",
    "",
    "Printed by `python -m build_tools.facts.constructions`; the table is `build_tools/facts/constructions.py`.",
    "",
    "1. `lexicon`: all words of `data/*.yml` in one automaton. `tokens`: a text with its words, the class of each",
    "   character, and what follows a place (a mark, a verb, an office).",
    "2. `likelihood`: how likely some characters are a name, the one answer that every construction uses. The",
    "   weights are fitted from the gold: `python -m tests.eval.fit` (`--check` scores pages that it did not fit on).",
    "3. `phrases` and `forms`: offices and names in the orders below. `clauses`: sentences as chains of clauses.",
    "4. `participants`, `statements`: facts. A name below its threshold is no fact: it is in `Article.doubts`.",
    "",
    "| construction | shape | gives | example | counter-example |",
    "| --- | --- | --- | --- | --- |",
)

if __name__ == "__main__":
    print(page(), end="")
