"""The pictures of docs/handbook: its commands are run on the project's corpus and an invented article, and what they show is taken.

`make handbook`, or `python -m tests.support.write_handbook`.
"""

from __future__ import annotations

import html
import shutil
import tempfile
from pathlib import Path
from typing import Any

import yaml
from playwright.sync_api import Page, sync_playwright

from build_tools.bench.search import Host, chromium
from build_tools.core.paths import ROOT
from tests.support.command import digest

HANDBOOK = ROOT / "docs" / "handbook"
ARTICLE = """苍梧市生态环境局召开危险废物专项整治推进会

发布时间：2026-11-20 来源：苍梧市生态环境局

11月19日，苍梧市生态环境局召开危险废物专项整治推进会。市生态环境局党组书记、局长林远舟主持会议并讲话。
会议强调，要压实企业主体责任，加强危险废物全过程监管，严厉打击非法倾倒。
"""
CORRECTIONS = """corrections:
  - field: held
    value: 2026-11-18
    reason: 会议通知所载日期
  - field: text
    value: {before: 加强危险废物全过程监管, after: 加强危险废物全过程管理}
    reason: 与原刊核对
"""
STYLE = "font: 15px/1.6 'Noto Sans Mono CJK SC', 'Noto Sans SC', monospace; padding: 14px 18px; margin: 0; "


def _terminal(page: Page, name: str, command: str, said: str) -> None:
    """A picture of a command and what it prints."""
    shown = html.escape(f"$ {command}\n{said.rstrip()}")
    page.set_content(
        f'<pre style="{STYLE} background: #1b1f1d; color: #e6e8e3; max-width: 1100px; width: fit-content; white-space: pre-wrap">{shown}</pre>'
    )
    page.locator("pre").screenshot(path=HANDBOOK / f"{name}.png")


def _form(page: Page, form: dict[str, Any]) -> None:
    """A picture of the form's fields, as GitHub lays them out."""
    parts = []
    for field in form["body"]:
        told = field["attributes"]
        must = " *" * field.get("validations", {}).get("required", False)
        high = 34 if field["type"] == "input" else 90
        hint = html.escape(told.get("placeholder", ""))
        parts.append(
            f"<b>{told['label']}{must}</b><p style='color: #59636e; margin: 4px 0 8px'>{html.escape(told['description'])}</p>"
            f"<div style='border: 1px solid #d1d9e0; border-radius: 6px; height: {high}px; padding: 6px 12px; margin-bottom: 18px;"
            f" color: #818b98; box-sizing: border-box'>{hint}</div>"
        )
    page.set_content(f'<form style="{STYLE} width: 760px">{"".join(parts)}</form>')
    page.locator("form").screenshot(path=HANDBOOK / "form.png")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as run:
        corpus, out, page = Path(folder) / "corpus", Path(folder) / "out", Path(folder) / "page.txt"
        shutil.copytree(ROOT / "corpus", corpus)
        page.write_text(ARTICLE, "utf-8")
        where = ("--lang=zh", "--corpus", corpus)
        browser = run.chromium.launch(executable_path=chromium())
        tab = browser.new_page(viewport={"width": 1180, "height": 820})
        _form(tab, yaml.safe_load((ROOT / ".github/ISSUE_TEMPLATE/submission.yml").read_text("utf-8")))
        address = ("--url", "https://cangwu.test/a/1.html", "--fetched", "2026-11-30")
        said = digest("add", *where, *address, page).stdout
        _terminal(tab, "add", f"digest add page.txt {' '.join(address)}", said)
        (name,) = (path.stem for path in (corpus / "articles").glob("cang-wu-*.txt"))
        _terminal(tab, "review", "digest review", digest("review", *where).stdout)
        told = digest("explain", *where, name).stdout
        _terminal(tab, "explain", f"digest explain {name}", told.split("\n\nthemes")[0])

        def taken(picture: str) -> None:
            digest("build", *where, "--out", out, "--no-pdf")
            with Host(out / "site") as host:
                tab.goto(f"{host.url}/articles/{name}/")
                tab.wait_for_load_state("networkidle")
                tab.locator(".md-content").screenshot(path=HANDBOOK / f"{picture}.png")

        taken("page")
        with (corpus / "articles" / f"{name}.yml").open("a", encoding="utf-8") as file:
            file.write(CORRECTIONS)
        taken("corrected")
        browser.close()


if __name__ == "__main__":
    main()
