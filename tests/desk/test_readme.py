"""The README's everyday job, line by line as it is written, in a copy of the checkout."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from build_tools.core.paths import ROOT, hand_written

PAGE = """<html><head><meta charset="utf-8"><title>青溪县召开生态环境保护大会</title></head><body>
<h1>青溪县召开生态环境保护大会</h1><div>发布时间:2024-03-05 来源:青溪日报</div>
<p>3月4日,青溪县召开生态环境保护大会,县委书记张大明出席会议并讲话,县长李国强主持会议。</p>
<p>张大明强调,要抓好督察整改,深入打好污染防治攻坚战。</p></body></html>"""
CORRECTION = "corrections:\\n- {field: source, value: 青溪县人民政府网, reason: 原页页脚}\\n"


def everyday_job() -> list[str]:
    """The section's commands, with their comments."""
    sections = re.split("^## ", (ROOT / "README.md").read_text("utf-8"), flags=re.MULTILINE)
    (job,) = (one for one in sections if one.startswith("The everyday job"))
    return [line.strip() for line in job.splitlines() if line.startswith("    ")]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What a newcomer has after `make site`, with no article yet."""
    shutil.copytree(ROOT / "build_tools", tmp_path / "build_tools")
    shutil.copytree(ROOT / "corpus", tmp_path / "corpus", ignore=shutil.ignore_patterns("articles"))
    (tmp_path / "corpus" / "articles").mkdir()
    for name in (*(f"docs/{page}" for page in hand_written(ROOT / "docs")), "mkdocs.yml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    scripts = {
        ".venv/bin/digest": f'exec {sys.executable} -m build_tools "$@"\n',
        "editor": f"printf '{CORRECTION}' >> \"$1\"\n",
    }
    for name, text in scripts.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{text}", "utf-8")
        path.chmod(0o755)
    (tmp_path / "page.html").write_text(PAGE, "utf-8")
    return tmp_path


@pytest.mark.slow
def test_the_everyday_job_of_the_readme(checkout: Path) -> None:
    env = {**os.environ, "EDITOR": "./editor", "LC_ALL": "C.UTF-8", "PYTHONPATH": ""}
    said = {}
    for line in everyday_job():
        ids = [path.stem for path in checkout.glob("corpus/articles/*.html")]
        command = line.replace("https://…", "https://example.org/1").replace("<id>", "".join(ids))
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=checkout, env=env)
        assert done.returncode == 0, (command, done.stdout, done.stderr)
        said[" ".join(command.split()[:2])] = done.stdout
    assert [words.split()[-1] for words in said if "digest" in words] == ["add", "review", "build", "explain"]
    assert "1 added" in said[".venv/bin/digest add"]
    told = said[".venv/bin/digest explain"]
    assert "张大明" in told and "青溪县人民政府网" in told and "原页页脚" in told
    (page,) = checkout.glob("site/articles/*/index.html")
    shown = re.sub(r"<[^>]*>", "", page.read_text("utf-8"))
    assert "张大明强调，要抓好督察整改" in shown and "青溪县人民政府网" in shown
    assert list(checkout.glob("site/people/zhang-daming-*/index.html"))
