"""Only the articles that a registry entry bears on are converted again, and the result is a clean build's."""

from __future__ import annotations

from pathlib import Path

from build_tools.core.diagnostics import Report
from build_tools.core.progress import Progress
from build_tools.core.registry import Formulation, Person, Registries, Theme
from build_tools.core.workers import Settings
from build_tools.corpus.reader import read
from build_tools.run.cache import Cache
from build_tools.run.convert import convert
from build_tools.run.registry_keys import bearing_key, traces

TEXTS = {
    "noise": "市政府召开会议\n3月1日，市政府召开会议，研究噪声污染防治工作。市长王建国主持会议。\n",
    "tailings": "县政府召开会议\n3月2日，县政府召开会议，研究尾矿库治理工作。县长李国强主持会议。\n",
    "masked": "省政府召开会议\n3月3日，省政府召开会议，把握习近平新时代中国特色社会主义思想的******观、方法论。\n",
}


def make(root: Path) -> None:
    (root / "articles").mkdir(parents=True)
    for name, text in TEXTS.items():
        (root / "articles" / f"{name}.txt").write_text(text, "utf-8")
    (root / "themes.yml").write_text("- id: n\n  pref_label: 噪声污染防治\n", "utf-8")
    (root / "formulations.yml").write_text("[]\n", "utf-8")
    (root / "sources.yml").write_text("[]\n", "utf-8")


def run(root: Path, cache: Cache | None) -> tuple[int, dict[str, str], list[object]]:
    report = Report()
    corpus = read(root, report)
    assert not report.exit_code, report.lines()
    done = convert(corpus, cache, Settings(jobs=1), report, Progress(quiet=True))
    return done.made, dict(done.keys), [*done.cards, *map(repr, done.articles())]


def test_a_registry_edit_converts_what_it_bears_on(tmp_path: Path) -> None:
    root, cache = tmp_path / "corpus", Cache(tmp_path / "cache")
    make(root)
    assert run(root, cache)[0] == 3
    edits = [
        ("themes.yml", "- id: n\n  pref_label: 噪声与振动污染防治\n  alt_labels: [噪声污染防治]\n", 1),
        ("themes.yml", "# a line more\n- id: n\n  pref_label: 噪声与振动污染防治\n  alt_labels: [噪声污染防治]\n  scope_note: 注\n", 0),
        ("people.yml", "- id: wang\n  name: 王建国\n", 1),
        ("people.yml", "- id: wang\n  name: 王建国\n- id: nobody\n  name: 赵钱孙\n", 0),
        ("formulations.yml", "- id: w\n  label: 新思想的世界观、方法论\n  variants: [中国特色社会主义思想的世界观、方法论]\n", 1),
        ("organizations.yml", "- id: o\n  name: 市政府\n  level: city\n", 0),
    ]  # fmt: skip
    for name, text, many in edits:
        (root / name).write_text(text, "utf-8")
        made, keys, results = run(root, cache)
        assert made == many, name
        assert (keys, results) == run(root, None)[1:], "not what a clean build gives"


def test_the_order_of_a_registry_changes_no_key() -> None:
    people = (Person("a", "王建国"), Person("b", "李国强"))
    known = [traces(Registries(people=order)) for order in (people, people[::-1])]
    text = "王建国、李国强出席"
    assert bearing_key(known[0], text, ()) == bearing_key(known[1], text, ())


def test_what_bears_on_a_text() -> None:
    theme, person = Theme("c", "碳达峰碳中和", ("“双碳”", "CO2")), Person("p", "孙金龙", ("金龙",))
    slogan = Formulation("f", "四个意识", ("“四个意识”",), ("政治意识",))
    known = {trace.kind: trace for trace in traces(Registries((person,), (), (theme,), (slogan,)))}
    assert known["theme"].bears("抓好双碳工作", ()) and known["theme"].bears("co2排放", ())
    assert not known["theme"].bears("抓好减污", ())
    assert known["person"].bears("会议由他主持", ("孙金龙",)) and not known["person"].bears("孙金主持", ())
    assert known["formulation"].bears("思想的******观", ()) and not known["formulation"].bears("政治意识", ())
