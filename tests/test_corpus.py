"""Bad input: each one clear line naming file, place and remedy; the rest is still read."""

from pathlib import Path

import pytest

from build_tools.corpus import as_mapping, read
from build_tools.diagnostics import Report

PAGE = "标题\n\n2021-03-22 来源:某报\n\n3月19日,市长甲乙主持召开会议。\n"


def corpus(tmp_path: Path, files: dict[str, str | bytes]) -> tuple[object, Report, list[str]]:
    (tmp_path / "articles").mkdir()
    for name, content in {"articles/good.txt": PAGE, **files}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    report = Report()
    found = read(tmp_path, report)
    return found, report, [raw.id for raw in found.articles]


CASES = {
    "two articles with one id": ({"articles/a.txt": PAGE, "articles/a.html": PAGE}, "a.html", "rename one"),
    "an id that is no id": ({"articles/Ä b.txt": PAGE}, "Ä b.txt", "rename it"),
    "index is reserved": ({"articles/index.txt": PAGE}, "index", "rename it"),
    "another ending": ({"articles/a.docx": b"PK"}, "a.docx", "name it"),
    "a correction for a missing article": (
        {"articles/none.yml": "corrections: []"},
        "none.yml",
        "add articles/none.txt",
    ),
    "an unknown key in a sidecar": ({"articles/good.yml": "sauce: x"}, "good.yml:1", "use one of"),
    "a correction without a reason": (
        {"articles/good.yml": "corrections:\n  - field: title\n    value: 甲\n"},
        "good.yml:2",
        "reason",
    ),
    "a correction of an unknown field": (
        {"articles/good.yml": "corrections:\n  - {field: colour, value: 甲, reason: 乙}\n"},
        "good.yml:2",
        "use one of",
    ),
    "a correction with a wrong value": (
        {"articles/good.yml": "corrections:\n  - {field: held, value: 三月, reason: 乙}\n"},
        "good.yml:2",
        "EDTF",
    ),
    "a role that is none": (
        {
            "articles/good.yml": "corrections:\n  - {field: people, value: {甲: {roles: [sings]}}, reason: 乙}\n"
        },
        "good.yml:2",
        "give a mapping",
    ),
    "a status that is none": (
        {"articles/good.yml": "status: gone"},
        "good.yml:1",
        "published, draft, withdrawn",
    ),
    "an address that could run": ({"articles/good.yml": "url: 'javascript:alert(1)'"}, "good.yml:1", "https"),
    "broken YAML": ({"articles/good.yml": "a: [1,\nb: 2"}, "good.yml:3", "mend"),
    "a key twice": ({"articles/good.yml": "url: https://a.cn/\nurl: https://b.cn/"}, "good.yml:2", "mend"),
    "a registry with an unknown key": (
        {"people.yml": "- id: jia\n  name: 甲\n\n- id: yi\n  name: 乙\n  hobby: x\n"},
        "people.yml:4",
        "use one of",
    ),
    "a duplicate person": (
        {"people.yml": "- {id: jia, name: 甲}\n- {id: jia2, name: 甲}\n"},
        "people.yml:2",
        "merge",
    ),
    "a duplicate id": (
        {"people.yml": "- {id: jia, name: 甲}\n- {id: jia, name: 乙}\n"},
        "people.yml:2",
        "merge",
    ),
    "a theme below one that is not there": (
        {"themes.yml": "- {id: a, pref_label: 甲, broader: [none]}\n"},
        "themes.yml:1",
        "add it",
    ),
    "themes in a circle": (
        {"themes.yml": "- {id: a, pref_label: 甲, broader: [b]}\n- {id: b, pref_label: 乙, broader: [a]}\n"},
        "themes.yml:1",
        "break the circle",
    ),
    "a registry that is no list": ({"people.yml": "id: a\n"}, "people.yml:1", "- id:"),
    "a registry that is no UTF-8": (
        {"people.yml": "- {id: a, name: 甲}".encode("gb18030")},
        "people.yml",
        "UTF-8",
    ),
    "a post with a wrong date": (
        {"people.yml": "- id: jia\n  name: 甲\n  posts:\n    - {office: 市长, start: 去年}\n"},
        "people.yml:4",
        "2021-03",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_fault_is_one_line_with_place_and_remedy(name, tmp_path):
    files, place, remedy = CASES[name]
    _, report, ids = corpus(tmp_path, files)
    assert report.exit_code == 1
    errors = [line for line in report.lines() if ": error: " in line]
    assert place in "\n".join(errors)
    assert any(remedy in line.partition("→")[2] for line in errors)
    assert all("\n" not in line for line in errors)
    assert "good" in ids


def test_a_sound_corpus_is_silent_and_namesakes_are_told_apart(tmp_path):
    _, report, ids = corpus(
        tmp_path,
        {
            "people.yml": "- {id: li-ming, name: 李明, summary: 甲市市长}\n- {id: li-ming-2, name: 李明, summary: 乙县县长}\n"
        },
    )
    assert report.lines() == []
    assert ids == ["good"]


def test_dates_of_a_sidecar_stay_text(tmp_path):
    found, report, _ = corpus(
        tmp_path,
        {
            "articles/good.yml": "fetched: 2026-11-21\ncorrections:\n"
            "  - {field: held, value: {start: 2024-01-23, end: 2024-01-24}, reason: 通知}\n"
        },
    )
    assert report.lines() == []
    sidecar = found.articles[0].sidecar
    assert sidecar.fetched == "2026-11-21"
    assert as_mapping(sidecar.corrections[0][1]) == {"start": "2024-01-23", "end": "2024-01-24"}


def test_a_missing_corpus_is_one_line(tmp_path):
    report = Report()
    assert read(tmp_path / "nowhere", report).articles == ()
    assert len(report.lines()) == 1 and "nowhere/articles" in report.lines()[0]
