"""The open data as other programs read them: spreadsheets, line splitters, a rights holder."""

import csv
import io
import json

import pytest

from build_tools.core.registry import Raw, Registries, Sidecar
from build_tools.outputs.open_data import csv_row, jsonl, lines_of
from build_tools.run.convert import convert_one

PAGE = "全市生态环境保护会议召开\n2024-03-05 来源：某报\n\n3月5日，市长王伟主持会议。会议强调，要抓紧整改落实。\n"


def test_of_a_rejected_article_the_data_hold_no_text() -> None:
    sidecar = Sidecar(corrections=(("trust", "rejected", "rights holder asked"),), lines=(1,))
    made = convert_one(Raw("a", "a.txt", PAGE.encode(), sidecar), Registries())
    assert isinstance(made, tuple)
    lines = lines_of(made[0])
    record = json.loads(lines.articles)
    assert record == {
        "id": "a", "path": None, "title": "全市生态环境保护会议召开", "warnings": record["warnings"], "trust": "rejected",
    }  # fmt: skip
    whole = b"".join(lines).decode()
    assert lines.statements == b"" and "王伟" not in whole and "整改" not in whole
    (row,) = csv.reader(io.StringIO(lines.csv.decode()))
    assert [cell for cell in row if cell] == ["a", "全市生态环境保护会议召开", "rejected"]


@pytest.mark.parametrize(
    "cell", ["=1+1", "＝1", "＋1某日报", "－1", "＠甲", "\n=1", "\r=1", "\t甲", "  =1", "\u3000＝1", "@a"]
)
def test_a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe(cell: str) -> None:
    (row,) = csv.reader(io.StringIO(csv_row([cell, "甲"]).decode(), newline=""))
    assert row == ["'" + cell, "甲"]


def test_a_record_is_one_line_for_every_reader_of_lines() -> None:
    text = "甲\u2028乙\u2029丙\x85丁\x0b戊\x1e己"
    data = jsonl([{"text": text}]).decode()
    assert len(data.splitlines()) == 1 and json.loads(data) == {"text": text}
