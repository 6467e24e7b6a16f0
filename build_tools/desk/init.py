"""`digest init`: a project of its own in an empty folder, from what `starter/` of the package holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from build_tools import __version__
from build_tools.core.diagnostics import Report
from build_tools.core.files import write_atomic
from build_tools.core.messages import say
from build_tools.core.paths import PACKAGE, files_below
from build_tools.desk import language
from build_tools.desk.command import Refused, Value, a_command, writable

STARTER = PACKAGE / "starter"
# Where a file of `starter/` goes, unless to its own name.
TARGETS = {
    "gitignore": ".gitignore",
    "gitattributes": ".gitattributes",
    "site.yml": ".github/workflows/site.yml",
}
CHECKOUT = "# checkout"  # ends the lines of the checkout's files that a project does not need
EMPTY = {
    "corpus/people.yml": "# 人物登记簿；`digest review --accept people` 起草，写法见 README.md。\n",
    "corpus/organizations.yml": "# 机构登记簿；`digest review --accept organizations` 起草，写法见 README.md。\n",
}

SETTING_UP = f"""
## 建站

1. 在 `mkdocs.yml` 里写上网站的名称 `site_name`。网址写在 `digest.yml` 里，一行：`site_url: https://…/`；发布到 GitHub Pages 的不必写，流程自己知道。
   同在 `digest.yml` 里写由谁编辑 `editor: …`、到哪里报告错误 `contact: …`（网址或电子邮件地址），各页、订阅和开放数据都会写明。
2. 把安装用的 `eco_digest-{__version__}-py3-none-any.whl` 放进文件夹 `wheels/`。依赖的版本和校验值在 `requirements.txt`。
3. 在自己的机器上：

       python3 -m venv .venv
       .venv/bin/pip install --require-hashes -r requirements.txt
       .venv/bin/pip install --no-deps wheels/*.whl
       .venv/bin/digest build

4. 全部提交（生成的文件除外，见 `.gitignore`）。推送到 GitHub 的 `main`，`.github/workflows/site.yml` 就建站并发布到 Pages。

升级：换上新的 wheel，并从新版本的 `digest init` 所写的文件里取 `requirements.txt`。
"""


@a_command
@click.argument(
    "folder",
    type=Value(Path),
    default=Path(),
    metavar="[DIR]",
    help=say("an empty folder, made if need be (default: this one)"),
)
def command(report: Report, folder: Path) -> int:
    written = init(folder)
    language.out(say("{} files → {}; next: digest build", len(written), folder.resolve()))
    return 0


def init(folder: Path) -> list[str]:
    """Write a project into `folder`, which is made if it is not there; returns the paths written, sorted.

    Raises Refused for a folder that has more than a `.git`, before anything is written.
    """
    writable(folder)
    there = sorted({path.name for path in folder.iterdir()} - {".git"}) if folder.exists() else []
    if there:
        raise Refused(say("{} has {}: nothing was written; name an empty folder", folder.resolve(), there[0]))
    written = dict(_files())
    for name, data in written.items():
        write_atomic(folder / name, data)
    return sorted(written)


def _files() -> Iterator[tuple[str, bytes]]:
    for name in files_below(STARTER):
        data = (STARTER / name).read_bytes()
        if not name.startswith("corpus/"):
            more = SETTING_UP if name == "README.md" else ""
            data = (_of_a_project(data.decode("utf-8")) + more).encode("utf-8")
        yield TARGETS.get(name, name), data
    for name, text in EMPTY.items():
        yield name, text.encode("utf-8")


def _of_a_project(text: str) -> str:
    """A file of the checkout as a project has it: without the lines for the checkout.

    >>> _of_a_project("theme:\\n  custom_dir: build_tools/theme # checkout\\n  language: zh\\n")
    'theme:\\n  language: zh\\n'
    """
    return "".join(line for line in text.splitlines(keepends=True) if not line.rstrip().endswith(CHECKOUT))
