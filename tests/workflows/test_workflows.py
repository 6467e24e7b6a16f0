"""The workflows, without GitHub: what they may do, and what their `run:` steps do in a fresh clone."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from build_tools.bench.search import Host
from build_tools.core.paths import ROOT
from tests.support.corpus import REGISTRIES

FILES = [
    *sorted((ROOT / ".github" / "workflows").glob("*.yml")),
    ROOT / "build_tools" / "starter" / "site.yml",
]
TOP = ("Makefile", "mkdocs.yml", "pyproject.toml", ".gitignore", "README.md", "README.zh-CN.md")
ARTICLE = "mee-party-group-2021-03"
TITLE = "苍梧市生态环境局召开危险废物专项整治推进会"
TEXT = f"""{TITLE}

发布时间：2026-11-20 来源：苍梧市生态环境局

11月19日，苍梧市生态环境局召开危险废物专项整治推进会。市生态环境局党组书记、局长林远舟主持会议并讲话。
会议强调，要压实企业主体责任，加强危险废物全过程监管，严厉打击非法倾倒。"""


def test_every_script_of_a_job_is_run_by_these_tests_or_is_make_test() -> None:
    here = Path(__file__).read_text("utf-8")
    for file in (ROOT / ".github" / "workflows").glob("*.yml"):
        for name, job in workflow(file.stem)["jobs"].items():
            scripts = [step["run"] for step in job["steps"] if "run" in step]
            assert not scripts or scripts == ["make test"] or f'run("{file.stem}", "{name}"' in here, (
                file,
                name,
            )


def workflow(name: str) -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load((ROOT / ".github" / "workflows" / f"{name}.yml").read_text("utf-8"))
    return told


def steps(file: Path) -> list[dict[str, Any]]:
    return [step for job in yaml.safe_load(file.read_text("utf-8"))["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_a_workflow_may_nothing_a_job_what_it_says_and_every_action_is_pinned(file: Path) -> None:
    text, told = file.read_text("utf-8"), yaml.safe_load(file.read_text("utf-8"))
    assert told["permissions"] == {}
    assert all(job["permissions"] and job["timeout-minutes"] for job in told["jobs"].values())
    used = re.findall(r"uses: (.*)", text)
    assert used and all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one) for one in used), (
        used
    )
    for step in steps(file):
        assert "${{" not in step.get("run", ""), step  # what GitHub pastes into a script runs as script
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


def test_an_action_has_one_version_in_all_workflows() -> None:
    used = {one for file in FILES for one in re.findall(r"uses: (.*)", file.read_text("utf-8"))}
    assert len({one.partition("@")[0] for one in used}) == len(used), sorted(used)


def test_every_deploy_is_in_one_group_and_an_event_is_tested_once() -> None:
    deploys = [
        (job.get("concurrency") or told["concurrency"])["group"]
        for told in (yaml.safe_load(file.read_text("utf-8")) for file in FILES)
        for job in told["jobs"].values()
        if any("deploy-pages" in step.get("uses", "") for step in job["steps"])
    ]
    assert deploys == ["pages", "pages"]
    on = workflow("site")[True]  # YAML 1.1 reads `on` so
    assert on["push"] == {"branches": ["main"]} and "pull_request" in on
    assert workflow("site")["jobs"]["test"]["strategy"]["matrix"]["python"] == ["3.11", "3.x"]


class Clone:
    """A checkout of its own, set up as `make setup` leaves it, with an origin and a `gh` that only takes notes."""

    def __init__(self, folder: Path) -> None:
        self.root, self.origin, self.calls = folder / "clone", folder / "origin.git", folder / "gh.txt"
        self.root.mkdir(parents=True)
        for name in (".github", "build_tools", "corpus", "requirements"):
            shutil.copytree(ROOT / name, self.root / name)
        (self.root / "docs").mkdir()
        for path in (*ROOT.glob("docs/*.md"), *map(ROOT.joinpath, TOP)):
            if path != ROOT / "docs" / "index.md":  # a build's
                shutil.copy(path, self.root / path.relative_to(ROOT))
        for path in (self.root / "corpus" / "articles").iterdir():
            if path.stem != ARTICLE:
                path.unlink()
        for name, text in REGISTRIES.items():  # few entries, few pages: eight builds follow
            (self.root / "corpus" / f"{name}.yml").write_text(text, "utf-8")
        tools = folder / "bin"
        for where, name, line in (
            (self.root / ".venv" / "bin", "python", f'exec "{sys.executable}" "$@"'),
            (self.root / ".venv" / "bin", "digest", f'exec "{sys.executable}" -m build_tools "$@"'),
            (
                self.root / ".venv" / "bin",
                "cyclonedx-py",
                f'exec "{sys.executable}" -m cyclonedx_py "$@" --no-validate',
            ),  # it takes 20 s
            (self.root / ".venv" / "ships" / "bin", "python", f'exec "{sys.executable}" "$@"'),
            (tools, "gh", f'echo "$*" >> "{self.calls}"'),
        ):
            where.mkdir(parents=True, exist_ok=True)
            (where / name).write_text(f"#!/bin/sh\n{line}\n", "utf-8")
            (where / name).chmod(0o755)
        for name in ("site", "dev"):
            (self.root / ".venv" / name).touch()
        self.env = {
            **os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "PYTHONPATH": str(self.root), "LC_ALL": "C.UTF-8",
            "GIT_AUTHOR_NAME": "t", "GIT_AUTHOR_EMAIL": "t@t", "GIT_COMMITTER_NAME": "t", "GIT_COMMITTER_EMAIL": "t@t",
            "GITHUB_EVENT_PATH": str(folder / "event.json"), "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
        }  # fmt: skip
        self.env.pop("DIGEST_SITE_URL", None)
        self.sh(
            f"git init -qb main && git add -A && git commit -qm all && git clone -q --bare . {self.origin}"
        )
        self.sh(f"git remote add origin {self.origin}")

    def sh(self, script: str, **env: str) -> str:
        done = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", script],
            cwd=self.root, env={**self.env, **env}, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def run(self, name: str, job: str, **env: str) -> str:
        """Every `run:` step of a job, in order."""
        scripts = [step["run"] for step in workflow(name)["jobs"][job]["steps"] if "run" in step]
        assert scripts
        return "".join(self.sh(script, **env) for script in scripts)

    def send(self, url: str, day: str, text: str, file: str = "_No response_") -> str:
        """Fill in the form and have it read; returns the comment."""
        text = f"```text\n{text}\n```"
        body = f"### 网址\n\n{url}\n\n### 获取日期\n\n{day}\n\n### 附件\n\n{file}\n\n### 正文\n\n{text}"
        Path(self.env["GITHUB_EVENT_PATH"]).write_text(json.dumps({"issue": {"body": body}}), "utf-8")
        shutil.rmtree(self.root / "intake", ignore_errors=True)
        self.run("intake", "read")
        return (self.root / "intake" / "comment.md").read_text("utf-8")


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    return Clone(tmp_path_factory.mktemp("workflow"))


@pytest.mark.slow
def test_a_submission_becomes_a_branch_a_comment_and_a_preview_and_can_be_taken_out_again(
    clone: Clone,
) -> None:
    comment = clone.send("https://cangwu.test/a/1.html", "2026-11-30", TEXT)
    found = clone.root / "intake" / "id"
    assert found.exists(), comment
    name = found.read_text("utf-8")
    assert name in comment and TITLE in comment and "林远舟" in comment
    site = clone.root / "site"
    assert TITLE in (site / "articles" / name / "index.html").read_text("utf-8")
    assert TITLE in (site / "feeds" / "site.atom").read_text("utf-8")
    assert any(name in path.read_text("utf-8") for path in site.glob("search/data/*/articles.json"))

    clone.sh("git switch -q main && git stash -qu -- corpus && git stash drop -q")  # a runner of its own
    assert not list((clone.root / "corpus" / "articles").glob(f"{name}.*"))
    clone.run("intake", "propose", ISSUE="7", BASE="main", GH_TOKEN="none")
    files = clone.sh("git --git-dir ../origin.git diff --name-only main intake/7").split()
    assert files == [f"corpus/articles/{name}.txt", f"corpus/articles/{name}.yml"]
    calls = clone.calls.read_text("utf-8")
    assert f"pr create --base main --head intake/7 --title 投稿：{name}" in calls
    assert "issue comment 7 --body-file intake/comment.md" in calls

    clone.run("site", "build", DIGEST_SITE_URL="https://user.github.io/repo")
    address = f"https://user.github.io/repo/articles/{name}/"
    assert f'rel="canonical" href="{address}"' in (site / "articles" / name / "index.html").read_text("utf-8")
    assert address in (site / "sitemap.xml").read_text("utf-8")
    assert (site / "pdf" / f"{name}.pdf").exists()
    clone.sh(f"git rm -q 'corpus/articles/{name}.*' && git commit -qm out")
    clone.run("site", "build", DIGEST_SITE_URL="https://user.github.io/repo")
    assert not (site / "articles" / name).exists() and not (site / "pdf" / f"{name}.pdf").exists()
    left = [
        site / "sitemap.xml",
        site / "feeds/site.atom",
        *site.glob("data/*.jsonl"),
        *site.glob("search/data/*/*.json"),
    ]
    assert [path for path in left if name in path.read_text("utf-8")] == []
    clone.sh("git switch -q main")


@pytest.mark.slow
def test_a_tag_makes_a_release_of_volumes_data_what_ships_and_checksums(clone: Clone) -> None:
    clone.run("links", "links")
    assert (clone.root / "site" / "index.html").exists()
    clone.run("release", "make")
    made = {path.name for path in (clone.root / "dist").iterdir()}
    assert made == {"digest.pdf", "volume-2021.pdf", "data.tar.gz", "sbom.cdx.json", "SHA256SUMS"}
    assert clone.sh("cd dist && sha256sum --check SHA256SUMS").count(": OK") == 4
    ships = json.loads((clone.root / "dist" / "sbom.cdx.json").read_text("utf-8"))["components"]
    licensed = {one["name"].lower().replace("_", "-") for one in ships if one.get("licenses")}
    wanted = re.findall(
        r"(?m)^([\w-]+)==[^;]*?(?: \\)?$", (ROOT / "requirements" / "site.txt").read_text("utf-8")
    )
    assert len(wanted) > 30 and set(wanted) <= licensed, set(wanted) - licensed
    assert "data/articles.jsonl" in clone.sh("tar tzf dist/data.tar.gz")
    clone.run("release", "publish", GH_TOKEN="none", GITHUB_REF_NAME="v1.0", GITHUB_REPOSITORY="a/b")
    call = clone.calls.read_text("utf-8").splitlines()[-1]
    assert call.startswith("release create v1.0 --repo a/b --verify-tag") and "dist/digest.pdf" in call


@pytest.mark.slow
def test_zensical_would_publish_the_same_addresses_and_anchors(clone: Clone) -> None:
    clone.run("zensical", "compare")
    told = Path(clone.env["GITHUB_STEP_SUMMARY"]).read_text("utf-8").splitlines()
    assert len(told) == 1 and re.fullmatch(r"(\d{2,}) pages by MkDocs, \1 by Zensical", told[0]), told


EVIL = "$(touch pwned) `touch pwned` '; touch pwned; ' ::set-output name=x::y <script>alert(1)</script> @everyone"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("url", "day", "text", "said"),
    [
        ("https://a.test/1", "2026-11-30", "", "“附件”和“正文”是空的"),
        ("https://a.test/" + "长" * 50_000, "2026-11-30", TEXT, "--url"),
        ("https://a.test/1", "2026-11-30\0\ud800", TEXT, "--fetched"),
        ("_No response_", "2026-11-30", TEXT, "“网址”是空的"),
        ("https://a.test/1", "昨天", TEXT, "--fetched"),
        (EVIL, EVIL, EVIL, "--url"),
        ("--corpus=/etc", "2026-11-30", TEXT, "--url"),
        ("https://a.test/1", "2026-11-30", f"{EVIL}\n```\n{EVIL}\n### URL\n\nhttps://b.test/", "其中没有中文"),
        ("https://a.test/1", "2026-11-30", "\u0001\ufffd" * 2000, "没有收录"),
        ("https://held.test/%E4%BC%9A", "2026-11-30", TEXT, f"编号 `{ARTICLE}`"),
    ],
)  # fmt: skip
def test_a_form_that_holds_no_article_gets_an_answer_and_no_pull_request(
    clone: Clone, url: str, day: str, text: str, said: str
) -> None:
    (clone.root / "corpus" / "articles" / f"{ARTICLE}.yml").write_text(
        "url: https://held.test/会/\n", "utf-8"
    )
    before = clone.sh("git status --porcelain -- corpus build_tools .github")
    comment = clone.send(url, day, text)
    assert said in comment and "没有收录" in comment
    assert not (clone.root / "intake" / "id").exists() and not (clone.root / "pwned").exists()
    assert clone.sh("git status --porcelain -- corpus build_tools .github") == before
    _nothing_came_of_it(clone, comment)


def _nothing_came_of_it(clone: Clone, comment: str) -> None:
    """A comment whose markup is inert, and neither a branch nor a pull request."""
    assert "没有收录" in comment and not (clone.root / "intake" / "id").exists()
    outside = re.sub(r"(?ms)^(`{3,})text\n.*?^\1$", "", comment)
    assert "<script>" not in outside and "@everyone" not in outside
    branches = clone.sh("git --git-dir ../origin.git branch --list")
    clone.calls.unlink(missing_ok=True)
    clone.run("intake", "propose", ISSUE="8", BASE="main", GH_TOKEN="none")
    assert clone.calls.read_text("utf-8") == "issue comment 8 --body-file intake/comment.md\n"
    assert clone.sh("git --git-dir ../origin.git branch --list") == branches


@pytest.fixture
def attachments(clone: Clone, tmp_path: Path) -> Iterator[str]:
    """Where the forge of these tests keeps what was sent: files 1 to 4."""
    kept = tmp_path / "user-attachments" / "files"
    page = f"<!doctype html><html><head><meta charset=gbk><title>{TITLE}</title></head><body><h1>{TITLE}</h1>"
    page += "".join(f"<p>{line}</p>" for line in TEXT.splitlines()[2:] if line) + "</body></html>"
    for number, (name, data) in enumerate(
        (("page.html", page.encode("gbk")), ("large.txt", b"\xe4\xb8\x80" * 7_000_000), ("a.docx", b"PK\3\4" + bytes(range(256)) * 9)), 1
    ):  # fmt: skip
        (kept / str(number)).mkdir(parents=True)
        (kept / str(number) / name).write_bytes(data)
    with Host(tmp_path) as host:
        clone.env["GITHUB_SERVER_URL"] = host.url
        yield f"{host.url}/user-attachments/files"
    del clone.env["GITHUB_SERVER_URL"]


@pytest.mark.slow
def test_a_file_that_was_sent_is_taken_as_it_is(clone: Clone, attachments: str) -> None:
    comment = clone.send(
        "https://cangwu.test/a/2.html", "2026-11-30", "", f"[会议.html]({attachments}/1/page.html)"
    )
    assert TITLE in comment and "林远舟" in comment, comment
    (taken,) = (clone.root / "intake" / "articles").glob("*.html")
    assert TITLE in taken.read_bytes().decode("gbk")
    clone.sh("git clean -fdq corpus")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("[a.txt]({}/2/large.txt)", "附件超过 20 MB"),
        ("[a.docx]({}/3/a.docx)", "没有收录，工具说"),
        ("[a.txt]({}/4/none.txt)", "附件没有下载成功"),
        ("[a.txt]({}/1/../../../secret)", "要有一个文件"),
        ("[a.txt](http://127.0.0.1:1/user-attachments/files/1/a.txt)", "要有一个文件"),
        ("[a.txt](file:///etc/passwd)", "要有一个文件"),
        ("[a]({0}/1/page.html) [b]({0}/1/page.html)", "要有一个文件"),
        (EVIL, "要有一个文件"),
    ],
)
def test_a_file_that_holds_no_article_gets_an_answer_and_no_pull_request(
    clone: Clone, attachments: str, file: str, said: str
) -> None:
    comment = clone.send("https://a.test/1", "2026-11-30", EVIL, file.format(attachments))
    assert said in comment
    _nothing_came_of_it(clone, comment)
