"""Bad input: each one clear line naming file, place and remedy; the rest is still read."""

from itertools import pairwise
from pathlib import Path

import pytest

from build_tools.core.diagnostics import Report
from build_tools.corpus.corrections import as_mapping
from build_tools.corpus.reader import read

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
    "a name that is not an id": ({"articles/Ä b.txt": PAGE}, "Ä b.txt", "rename it"),
    "con is a device of Windows": ({"articles/con.txt": PAGE}, "con", "rename it"),
    "so is com1": ({"articles/com1.html": PAGE}, "com1", "rename it"),
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
        "presides (主持), speaks (讲话)",
    ),
    "a status that is none": (
        {"articles/good.yml": "status: gone"},
        "good.yml:1",
        "published, draft, withdrawn",
    ),
    "an address that could run": ({"articles/good.yml": "url: 'javascript:alert(1)'"}, "good.yml:1", "https"),
    "broken YAML": ({"articles/good.yml": "a: [1,\nb: 2"}, "good.yml:3", "fix"),
    "a key twice": ({"articles/good.yml": "url: https://a.cn/\nurl: https://b.cn/"}, "good.yml:2", "fix"),
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
    "one id for two people": (
        {
            "people.yml": "- {id: zhang-san, name: 李四}\n- {id: wang-wu, name: 王五}\n- {id: zhang-san, name: 张三}\n"
        },
        "people.yml:3: error: the id 'zhang-san' of '张三' is taken by '李四' in line 1",
        "another id",
    ),
    "an organization below one that is not there": (
        {
            "organizations.yml": "- {id: a, name: 甲市生态环境局, parent: 甲市政府局}\n- {id: b, name: 甲市政府}\n"
        },
        "organizations.yml:1: error: a: no organization '甲市政府局'",
        "did you mean 甲市政府",
    ),
    "an organization below itself": (
        {"organizations.yml": "- {id: a, name: 甲局, parent: 甲局}\n"},
        "organizations.yml:1: error: a is above itself",
        "break the circle",
    ),
    "organizations in a circle": (
        {"organizations.yml": "- {id: a, name: 甲, parent: b}\n- {id: b, name: 乙, parent: 甲}\n"},
        "organizations.yml:2: error: b is above itself",
        "break the circle",
    ),
    "an organization with another's name": (
        {"organizations.yml": "- {id: a, name: 甲局, other_names: [乙局]}\n- {id: b, name: 乙局}\n"},
        "organizations.yml:1: error: a: the other name '乙局' is borne by b too, in line 2",
        "leave it",
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
        "write an EDTF date: 2024, 2024-01",
    ),
    "a post that begins on no day": (
        {"people.yml": "- id: jia\n  name: 甲\n  posts:\n    - {office: 市长, start: 2021-02-31}\n"},
        "people.yml:4",
        "2021-02 has 28 days",
    ),
    "a post that ends before it begins": (
        {"people.yml": "- {id: jia, name: 甲, posts: [{office: 市长, start: 2021-03, end: 2020}]}\n"},
        "people.yml:1",
        "fix one of the two",
    ),
    "a day that no calendar has": (
        {"articles/good.yml": "corrections:\n  - {field: held, value: 2021-02-31, reason: 乙}\n"},
        "good.yml:2: error: held: 2021-02-31 is not a day of the calendar",
        "2021-02 has 28 days",
    ),
    "an end before the start": (
        {
            "articles/good.yml": "corrections:\n  - field: held\n    value: {start: 2024-05-03, end: 2023-01-01}\n    reason: 乙\n"
        },
        "good.yml:3: error: held: the end 2023-01-01 is before the start 2024-05-03",
        "fix one",
    ),
    "fetched in month 13": (
        {"articles/good.yml": "url: https://a.cn/\nfetched: 2026-13-40\n"},
        "good.yml:2: error: fetched: 2026-13-40 is not a day of the calendar",
        "01 to 12",
    ),
    "a date without its noughts": (
        {"articles/good.yml": "corrections:\n  - {field: published, value: 2024-1-5, reason: 乙}\n"},
        "good.yml:2",
        "write 2024-01-05",
    ),
    "a field corrected twice": (
        {
            "articles/good.yml": "corrections:\n  - {field: title, value: 甲, reason: 乙}\n  - {field: title, value: 丙, reason: 乙}\n"
        },
        "good.yml:3: error: title is corrected twice, first in line 2",
        "leave one",
    ),
    "a name corrected twice": (
        {
            "articles/good.yml": "corrections:\n  - {field: people, value: {甲乙: null}, reason: 乙}\n"
            "  - field: people\n    value:\n      甲乙: {roles: [presides]}\n    reason: 乙\n"
        },
        "good.yml:5: error: people '甲乙' is corrected twice, first in line 2",
        "leave one",
    ),
    "a theme that is none": (
        {
            "articles/good.yml": "corrections:\n  - field: themes\n    value:\n      噪音污染防治: true\n    reason: 乙\n"
        },
        "good.yml:4: error: no theme '噪音污染防治'",
        "噪声污染防治",
    ),
    "a theme by two of its names": (
        {
            "articles/good.yml": "corrections:\n  - {field: themes, value: {双碳: true, 碳达峰碳中和: false}, reason: 乙}\n"
        },
        "good.yml:2: error: '碳达峰碳中和' is the theme '碳达峰碳中和', which is in line 2",
        "leave one",
    ),
    "a kind that is none": (
        {"articles/good.yml": "corrections:\n  - {field: kind, value: meting, reason: 乙}\n"},
        "good.yml:2: error: kind 'meting' is unknown",
        "use one of meeting (会议通稿), speech (讲话), other (其他); did you mean meeting?",
    ),
    "a trust that is none": (
        {"articles/good.yml": "corrections:\n  - {field: trust, value: 原发, reason: 乙}\n"},
        "good.yml:2",
        "original (原发)",
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


def test_a_post_in_an_organization_that_is_not_registered_is_a_warning(tmp_path):
    _, report, _ = corpus(
        tmp_path,
        {
            "people.yml": "- id: a\n  name: 甲乙\n  posts:\n    - {office: 局长, organization: 某市生态环境局}\n    - {office: 书记, organization: 某市生太环境局}\n",
            "organizations.yml": "- {id: b, name: 某市生态环境局}\n",
        },
    )
    assert report.exit_code == 0
    [line] = report.lines()
    assert line.startswith(
        "people.yml:1: warning: a: the organization '某市生太环境局' of a post is not registered"
    )
    assert "did you mean 某市生态环境局?" in line


def test_two_people_with_one_other_name_are_a_warning(tmp_path):
    people = "- {id: a, name: 甲乙, other_names: [老甲]}\n- {id: b, name: 乙丙, other_names: [老甲, 甲乙]}\n"
    _, report, _ = corpus(tmp_path, {"people.yml": people})
    assert [line.partition(" →")[0] for line in report.lines()] == [
        "people.yml:2: warning: b: the other name '甲乙' is borne by a too, in line 1",
        "people.yml:2: warning: b: the other name '老甲' is borne by a too, in line 1",
    ]


UNREADABLE = {
    "wrong indentation": ("status: withdrawn\n url: https://a.cn/\n", "good.yml:2", "same column"),
    "a correction out of line": (
        "status: draft\ncorrections:\n  - field: title\n   value: 甲\n",
        "good.yml:4",
        "indentation",
    ),
    "an unquoted colon": ("status: withdrawn\nreason: 来源: 某报\n", "good.yml:2", "quotes"),
    "no blank behind a colon": ("status:withdrawn\nurl: https://a.cn/\n", "good.yml:2", "blank"),
    "only that": ("status:withdrawn\n", "good.yml:1", "half-width colon and a blank"),
    "a full-width colon": ("url: https://a.cn/\nstatus：withdrawn\n", "good.yml", "half-width colon"),
    "a tab": ("status: withdrawn\n\turl: https://a.cn/\n", "good.yml:2", "blanks for the tab"),
    "no UTF-8": ("status: withdrawn\n# 撤回\n".encode("gb18030"), "good.yml:2", "save the file as UTF-8"),
    "a slip in the key": ("staus: withdrawn\n", "good.yml:1", "did you mean status?"),
    "a slip in the value": ("status: withdrawed\n", "good.yml:1", "did you mean withdrawn?"),
    "no value": ("status:\n", "good.yml:1", "published, draft, withdrawn"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_an_article_whose_sidecar_cannot_be_read_is_held_back_and_the_line_says_so(name, tmp_path):
    content, place, likely = UNREADABLE[name]
    found, report, _ = corpus(tmp_path, {"articles/good.yml": content})
    assert found.articles[0].sidecar.status == "draft"
    assert len(report.lines()) == 1
    line = report.lines()[0]
    assert line.startswith(f"articles/{place}") and ": error: " in line
    assert likely in line and "until then the article is held back" in line


@pytest.mark.parametrize("content", ["", "# 待查\n", "url: https://a.cn/\n"])
def test_a_sidecar_that_says_nothing_of_the_status_publishes(content, tmp_path):
    found, report, _ = corpus(tmp_path, {"articles/good.yml": content})
    assert report.lines() == []
    assert found.articles[0].sidecar.status == "published"


def test_a_theme_is_known_by_its_id_and_its_other_labels_and_an_unknown_one_has_no_effect(tmp_path):
    found, report, _ = corpus(
        tmp_path,
        {
            "themes.yml": "- {id: water, pref_label: 水污染防治, alt_labels: [治水]}\n- {id: carbon, pref_label: 碳达峰碳中和, alt_labels: [双碳]}\n",
            "articles/good.yml": "corrections:\n  - {field: themes, value: {water: true, 双碳: false, 不存在的主题: true}, reason: 乙}\n",
        },
    )
    [(_, value, _)] = found.articles[0].sidecar.corrections
    assert as_mapping(value) == {"水污染防治": True, "碳达峰碳中和": False}
    assert len(report.lines()) == 1 and "good.yml:2: error: no theme '不存在的主题'" in report.lines()[0]


def test_of_two_corrections_of_one_field_the_first_holds_and_names_may_be_spread(tmp_path):
    found, report, _ = corpus(
        tmp_path,
        {
            "articles/good.yml": "corrections:\n"
            "  - {field: place, value: null, reason: 一}\n"
            "  - {field: place, value: 某地, reason: 二}\n"
            "  - {field: people, value: {张三: null}, reason: 三}\n"
            "  - {field: people, value: {张三: {roles: [speaks]}, 李四: null}, reason: 四}\n"
        },
    )
    sidecar = found.articles[0].sidecar
    assert [(what, reason) for what, _, reason in sidecar.corrections] == [
        ("place", "一"),
        ("people", "三"),
        ("people", "四"),
    ]
    assert as_mapping(sidecar.corrections[2][1]) == {"李四": None}
    assert sidecar.lines == (2, 4, 5)
    assert len(report.lines()) == 2


def test_an_empty_name_removes_the_person_and_is_told(tmp_path):
    found, report, _ = corpus(
        tmp_path,
        {
            "articles/good.yml": "corrections:\n  - field: people\n    value:\n      江山: null\n      闾丘晓:\n    reason: 乙\n"
        },
    )
    assert as_mapping(found.articles[0].sidecar.corrections[0][1]) == {"江山": None, "闾丘晓": None}
    assert len(report.lines()) == 1 and report.exit_code == 0
    assert report.lines()[0].startswith("articles/good.yml:5: warning: '闾丘晓' is empty")


def test_the_reason_of_a_status_is_kept(tmp_path):
    found, report, _ = corpus(
        tmp_path, {"articles/good.yml": "status: withdrawn\nreason: 原发布机构已撤下\n"}
    )
    assert report.lines() == []
    assert found.articles[0].sidecar.reason == "原发布机构已撤下"


def test_a_year_alone_is_a_date(tmp_path):
    found, report, _ = corpus(
        tmp_path, {"articles/good.yml": "corrections:\n  - {field: held, value: 2022, reason: 乙}\n"}
    )
    assert report.lines() == []
    assert found.articles[0].sidecar.corrections[0][1] == "2022"


def test_a_missing_corpus_is_one_line(tmp_path):
    report = Report()
    assert read(tmp_path / "nowhere", report).articles == ()
    assert len(report.lines()) == 1 and "nowhere/articles" in report.lines()[0]


HOSTILE = {
    "a tag for a number": "fetched: !!int abc\n",
    "a tag for a boolean": "status: !!bool abc\n",
    "a tag for a mapping": "url: !!map abc\n",
    "a tag for an object": "url: !!python/object:os.system x\n",
    "a number of 5,000 digits": f"fetched: {'9' * 5000}\n",
    "a hexadecimal number of 5,000 digits": f"url: 0x{'f' * 5000}\n",
    "a number as a range": f"corrections: [{{field: held, value: {{start: {'9' * 5000}, end: 2024}}, reason: x}}]\n",
    "5,000 open brackets": "[" * 5000,
    "5,000 braces": "{a: " * 5000 + "1" + "}" * 5000,
    "5,000 hyphens": "- " * 5000 + "a",
    "5,000 question marks": "? " * 5000 + "a",
    "aliases that multiply": "a: &a [x,x,x,x,x,x,x,x,x]\n"
    + "".join(f"{to}: &{to} [{','.join([f'*{of}'] * 9)}]\n" for of, to in pairwise("abcdefghi")),
    "an alias of itself": "a: &a [*a]\n",
    "a merge": "a: &a {b: 1}\n<<: *a\n",
    "an address of 9,000 characters": f"url: https://a.cn/{'a' * 9000}\n",
    "20,000 authors": f"corrections: [{{field: authors, value: [{','.join(['王一'] * 20000)}], reason: x}}]\n",
    "400 authors": f"corrections: [{{field: authors, value: [{','.join(['王一'] * 400)}], reason: x}}]\n",
    "a lone surrogate": 'reason: "\\ud800"\n',
    "a control character": "url: \x01\n",
    "a control character that is escaped": 'reason: "\\x1b[31m"\n',
    "a name that is shown from right to left": 'reason: "\\u202e王伟"\n',
    "30 MB": "#" + "x" * 30_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_sidecar_is_one_short_line_and_the_others_are_read(name, tmp_path):
    _, report, ids = corpus(tmp_path, {"articles/a.txt": PAGE, "articles/a.yml": HOSTILE[name]})
    (line,) = report.lines()
    assert line.startswith("articles/a.yml") and " → " in line and len(line) < 1200
    assert ids == ["a", "good"]


@pytest.mark.parametrize("name", sorted(set(HOSTILE) - {"a control character"}))
def test_a_hostile_registry_is_one_short_line_and_the_articles_are_read(name, tmp_path):
    _, report, ids = corpus(tmp_path, {"people.yml": HOSTILE[name]})
    (line,) = report.lines()
    assert line.startswith("people.yml") and len(line) < 1200 and ids == ["good"]


def test_of_many_faults_of_one_sidecar_twenty_are_told_and_the_number_of_the_others(tmp_path):
    _, report, _ = corpus(tmp_path, {"articles/good.yml": "".join(f"k{n}: 1\n" for n in range(5000))})
    assert len(report.lines()) == 21 and any("4980 more faults" in line for line in report.lines())


def test_a_text_of_a_registry_that_nobody_reads_is_that_entrys_fault(tmp_path):
    people = f"- id: a\n  name: 王伟\n  summary: {'长' * 3000}\n- id: b\n  name: 李强\n"
    found, report, _ = corpus(tmp_path, {"people.yml": people})
    assert [person.name for person in found.registries.people] == ["李强"]
    assert report.lines()[0].startswith("people.yml:3: error: 'summary' has 3000 characters")
