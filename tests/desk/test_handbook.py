"""The handbook for curators: its pictures are there, its links lead somewhere, its commands exist."""

from __future__ import annotations

import re

import pytest

from build_tools.core.paths import ROOT, hand_written
from build_tools.desk import cli
from tests.support.command import here

HANDBOOK = ROOT / "docs" / "handbook"
PAGES = sorted(path.name for path in HANDBOOK.glob("*.md"))
TEXTS = {name: (HANDBOOK / name).read_text("utf-8") for name in PAGES}


def test_every_picture_is_shown_once_with_words_for_who_cannot_see_it() -> None:
    shown = [one for text in TEXTS.values() for one in re.findall(r"!\[([^\]]+)\]\((\w+\.png)\)", text)]
    assert sorted(name for _, name in shown) == sorted(path.name for path in HANDBOOK.glob("*.png"))
    assert len(shown) >= 5 and all(len(words) >= 3 for words, _ in shown)


@pytest.mark.parametrize("page", PAGES)
def test_its_links_lead_somewhere_and_its_commands_exist(page: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", TEXTS[page]):
        assert (HANDBOOK / target).exists(), target
    for name, words in re.findall(r"\.venv/bin/digest (\w+)([^\n`]*)", TEXTS[page]):
        assert name in cli.COMMANDS
        told = here(name, "--help").stdout
        assert all(option in told for option in re.findall(r"--[a-z]+", words)), words


def test_it_is_found_from_the_readme_and_is_no_page_of_the_site() -> None:
    readme = (ROOT / "README.zh-CN.md").read_text("utf-8")
    assert all(f"docs/handbook/{page}" in readme for page in PAGES if page != "index.md")
    assert not [name for name in hand_written(ROOT / "docs") if "handbook" in name]
