"""What the workflow `intake` does with an issue of the form 投稿: `python .github/intake.py OUT`.

The issue's text is read from the file of the event (GITHUB_EVENT_PATH) and is never part of a command: not in
`run:`, and not in the environment, of which one variable holds 128 kB and an issue more. A file that was sent is fetched
from where the forge keeps attachments, and from nowhere else. Written to OUT: `comment.md`, what the sender is told; and,
if the page was taken in, `id` and `articles/<id>.*`, which are in the corpus as well.
The exit code is 0 either way: a refusal is an answer, not a failure.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from http.client import HTTPException
from pathlib import Path
from typing import NamedTuple
from urllib.request import urlopen

from build_tools.core.diagnostics import Report
from build_tools.core.web_address import WebAddress
from build_tools.corpus.reader import LARGEST
from build_tools.corpus.yaml_source import load_yaml

ROOT = Path(__file__).resolve().parents[1]
ARTICLES = ROOT / "corpus" / "articles"
EMPTY = "_No response_"  # what GitHub writes for a field that was left empty
LONGEST = 20_000  # characters of what the tools say that a comment repeats
AGAIN = "请编辑本议题（右上角 Edit），改好后会自动重读；也可以把原文直接发给编者。"


class Form(NamedTuple):
    """The fields of the form, '' for one that was left empty."""

    url: str
    day: str
    file: str
    text: str


def fields(body: str) -> Form:
    """The form, of an issue's body. The text is the last: whatever it holds, headings too, is text."""
    found = re.match(
        r"""\s* \#\#\#\ 网址 \s*\n (?P<url> .*?)
            ^\#\#\#\ 获取日期 \s*\n (?P<day> .*?)
            ^\#\#\#\ 附件 \s*\n (?P<file> .*?)
            ^\#\#\#\ 正文 [^\S\n]*\n (?P<text> .*)""",
        body.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n").replace("\0", "\ufffd"),
        re.VERBOSE | re.DOTALL | re.MULTILINE,
    )
    if found is None:
        return Form("", "", "", "")
    *told, text = (part.strip() for part in found.group("url", "day", "file", "text"))
    fenced = re.fullmatch(r"(`{3,})text\n(.*?)\n?\1", text, re.DOTALL)
    return Form(*("" if one.strip() == EMPTY else one for one in (*told, fenced[2] if fenced else text)))


def attached(told: str) -> tuple[bytes, str]:
    """The one file that a field links to, and what is wrong ('' if nothing).

    A link that is no attachment is not followed: whoever writes it would choose what this machine asks for.
    """
    kept = re.escape(f"{os.environ.get('GITHUB_SERVER_URL', 'https://github.com')}/user-attachments/files/")
    links = re.findall(rf"\]\(({kept}\d+/[\w.%-]+)\)", told, re.ASCII)
    if len(links) != 1:
        return b"", "“附件”里要有一个文件：把 .html 或 .txt 拖进框里，等它变成链接再提交"
    try:
        with urlopen(links[0], timeout=60) as answer:
            data: bytes = answer.read(LARGEST + 1)
    except (OSError, HTTPException):
        return b"", "附件没有下载成功"
    if len(data) > LARGEST:
        return b"", f"附件超过 {LARGEST // 1_000_000} MB；只要正文所在的那一页，不要图片和打包的文件"
    return data, ""


def address(text: object) -> str:
    """The one form of an address; text that is none stays as it is, and `digest add` says what is wrong with it."""
    try:
        return WebAddress(str(text)).rstrip("/")
    except ValueError:
        return str(text)


def same_address(url: str) -> str:
    """The id of the article of the corpus that was obtained at this address, '' for none."""
    for path in sorted(ARTICLES.glob("*.yml")):
        told = load_yaml(path, path.name, Report())  # what is wrong with it is for `digest check` to say
        if isinstance(told, dict) and address(told.get("url", "")) == address(url):
            return path.stem
    return ""


def quoted(text: str) -> str:
    """The text in a fence that it cannot close: no markup, no mention, no command."""
    text = text[:LONGEST]
    fence = "`" * max([3, *(len(run) + 1 for run in re.findall("`+", text))])
    return f"{fence}text\n{text}\n{fence}"


def answer(body: str, out: Path) -> str:
    """Take the page into the corpus, or not; returns the comment."""
    url, day, file, text = fields(body)
    for value, what in ((url, "网址"), (day, "获取日期"), (file or text.strip(), "附件”和“正文")):
        if not value:
            return f"没有收录：“{what}”是空的。{AGAIN}"
    if twin := same_address(url):
        return (
            f"没有收录：这个网址的文章已经在文摘里，编号 `{twin}`。原文有更正的，请在议题里说明，由编者处理。"
        )
    data, fault = attached(file) if file else (text.encode("utf-8"), "")
    if fault:
        return f"没有收录：{fault}。{AGAIN}"
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.txt"  # `digest add` sees by itself what is HTML
        page.write_bytes(data)
        before = set(ARTICLES.iterdir())
        command = [
            "-m",
            "build_tools",
            "add",
            f"--url={url[:3000]}",  # a word of a command holds 128 kB; an address may have 2,000 characters
            f"--fetched={day[:100]}",
            "--lang=zh",
            "--",
            str(page),
        ]
        done = subprocess.run(
            [sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False
        )
    fresh = sorted(set(ARTICLES.iterdir()) - before)
    said = quoted("\n".join(part.strip() for part in (done.stdout, done.stderr) if part.strip()))
    if done.returncode != 0 or not fresh:
        for path in fresh:
            path.unlink()
        return f"没有收录，工具说：\n\n{said}\n\n{AGAIN}"
    (out / "articles").mkdir()
    for path in fresh:
        shutil.copy(path, out / "articles")
    (out / "id").write_text(fresh[0].stem, "utf-8")
    return (
        f"已读懂，拟收录为 `{fresh[0].stem}`，等编者审定。下面是工具读出的和拿不准的；"
        f"“疑点”和“同文”两行请编者先看。网页预览在本次运行的附件 preview 里。\n\n{said}"
    )


def main() -> None:
    out = Path(sys.argv[1])
    event = json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_text("utf-8"))
    out.mkdir()
    (out / "comment.md").write_text(answer(str(event["issue"]["body"] or ""), out) + "\n", "utf-8")


if __name__ == "__main__":
    main()
