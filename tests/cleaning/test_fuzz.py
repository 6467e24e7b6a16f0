"""Whatever bytes come in: one clear diagnostic or an article whose edits revert; never a crash.

Inputs tried in each run: EXAMPLES texts and EXAMPLES byte strings through decode, clean and extract,
ADDS folders of three files through the whole `add`, and the bombs below.
"""

from __future__ import annotations

import json
import resource
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from build_tools.core.diagnostics import Diagnostic, Report
from build_tools.core.registry import Raw, Registries
from build_tools.desk import add
from build_tools.outputs.open_data import article_record
from build_tools.run.convert import convert_one
from tests.support.command import forked

pytestmark = pytest.mark.slow

EXAMPLES = 400
ADDS = 60
BITS = [
    "县委书记张大明", "副市长李小红、王建国", "主持召开", "会议指出,", "会议强调,要", "一是抓整改。", "二是抓落实;", "×同志",
    "******", "環(huán)境", "生態環境", "来源:某报", "发布时间:2024-01-24", "3月19日,", "61日", "\n", "\n\n", "  ", "\t", "\0",
    "\u200b", "\u202e", "\ufeff", "\ud800", "\U0001f600", "<script>", "</div>", "<p>", "&nbsp;", "《方案〈试行〉》", "“四个意识”",
    "（", "）", "(", ")", ",,", "?", "…", "——", "。", "a", "1.", "（一）", "一、", "{{ x }}", "{: #a }", "|", "#", "[a](b)",
]  # fmt: skip
TEXTS = st.lists(st.one_of(st.sampled_from(BITS), st.text(max_size=5)), max_size=60).map("".join)
BYTES = st.one_of(
    st.binary(max_size=400),
    TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass")),
    TEXTS.map(lambda text: text.encode("gb18030", "replace")),
    TEXTS.map(lambda text: text.encode("big5", "replace")),
    TEXTS.map(lambda text: b"<html><body>" + text.encode("utf-8", "replace")),
)
CALM = settings(deadline=None, suppress_health_check=list(HealthCheck))


def check(name: str, data: bytes) -> None:
    result = convert_one(Raw("a", name, data), Registries())  # it verifies the ledger itself
    if isinstance(result, Diagnostic):
        assert name in str(result) and "→" in str(result) and "\n" not in str(result)
        return
    article = result[0]
    assert json.loads(json.dumps(article_record(article), ensure_ascii=False))
    texts = {item.id: item.text for item in article.body}
    for gap in article.gaps:
        assert texts[gap.paragraph].startswith(gap.surface, gap.start)
    for person in article.people:
        assert person.name.strip() and person.name in article.cleaned.text
    for said in article.statements:
        assert said.paragraph in texts


@settings(CALM, max_examples=EXAMPLES)
@given(BYTES)
def test_any_bytes_as_a_text_file(data: bytes) -> None:
    check("a.txt", data)


@settings(CALM, max_examples=EXAMPLES // 2)
@given(BYTES)
def test_any_bytes_as_a_page(data: bytes) -> None:
    check("a.html", data)


@settings(CALM, max_examples=ADDS)
@given(st.lists(BYTES, min_size=3, max_size=3))
def test_any_folder_can_be_added(tmp_path_factory: pytest.TempPathFactory, files: list[bytes]) -> None:
    root = tmp_path_factory.mktemp("add")
    (root / "in").mkdir()
    for number, data in enumerate(files):
        (root / "in" / f"{number}.{('txt', 'html', 'bin')[number]}").write_bytes(data)
    outcomes = add.add([root / "in"], root / "corpus", Report())
    assert len(outcomes) == 3 and list(add.table(outcomes))
    stored = {path.read_bytes() for path in (root / "corpus").glob("articles/*")}
    assert stored == {files[int(one.file[0])] for one in outcomes if one.added}


BOMBS: dict[str, Callable[[], str]] = {
    "one line of a megabyte": lambda: "会议强调，要抓好整改落实，确保完成任务。" * 18_000,
    "a million parentheses": lambda: "会" + "(" * 500_000 + ")" * 500_000,
    "names without end": lambda: (
        "副市长" + "、".join("张" + chr(0x4E00 + i % 20000) + "明" for i in range(150_000))
    ),
    "lines without end": lambda: "市长甲乙丙出席会议\n" * 60_000,
    "asterisks": lambda: "思想的******观" * 60_000,
    "nulls": lambda: "会议\0强调" * 100_000,
    "unclosed tags": lambda: "<div><p>会议强调" * 60_000,
    "ordinals": lambda: "一是抓；二是改；" * 60_000,
    "dates": lambda: "2024年3月19日" * 70_000,
    "book titles": lambda: "《关于〈" * 150_000,
}
MEBIBYTES = 1500
SECONDS = 60  # of processor time: a guard against what never ends, not a measure (digest bench measures)


def explode(name: str, suffix: str) -> None:
    """In a process of its own, as its peak of memory is only known whole."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    text = BOMBS[name]()
    if suffix == "html" and "<" not in text:
        text = text[: len(text) // 4]  # read as the same text is, behind a parser that has bombs of its own
    convert_one(Raw("a", f"a.{suffix}", text.encode()), Registries())
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


@pytest.mark.slow
@pytest.mark.parametrize("name", BOMBS)
@pytest.mark.parametrize("suffix", ["txt", "html"])
def test_bombs_end_in_bounded_time_and_memory(name: str, suffix: str) -> None:
    done = forked(explode, name, suffix)
    assert done.returncode == 0, done.stderr[-500:]
    assert int(done.stdout) < MEBIBYTES


def test_fifty_megabytes_of_one_line_are_refused_in_one_line() -> None:
    result = convert_one(Raw("a", "a.txt", "会议强调".encode() * 4_500_000), Registries())
    assert isinstance(result, Diagnostic) and "a.txt" in str(result)
