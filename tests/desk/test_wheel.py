"""The package as others get it: built, installed in an empty environment, a project begun there, a site and a PDF made."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from sysconfig import get_path

import pytest

from build_tools.core.paths import ROOT

ARTICLE = "mee-party-group-2021-03"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As `python -m build` makes it: the checkout to an sdist, the sdist to a wheel. No network."""
    out = tmp_path_factory.mktemp("dist")

    def backend(call: str, where: Path) -> None:
        code = f"from flit_core.buildapi import {call}; {call}({str(out)!r})"
        subprocess.run([sys.executable, "-c", code], cwd=where, check=True)

    backend("build_sdist", ROOT)
    with tarfile.open(next(out.glob("*.tar.gz"))) as packed:
        packed.extractall(out, filter="data")
    backend("build_wheel", next(path for path in out.iterdir() if path.is_dir()))
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel; what it needs is borrowed from the running one."""
    home = tmp_path_factory.mktemp("venv")
    subprocess.run([sys.executable, "-m", "venv", home], check=True)
    site = next(home.glob("lib/python*/site-packages"))
    subprocess.run([home / "bin" / "pip", "install", "-q", "--no-deps", "--no-index", wheel], check=True)
    (site / "borrowed.pth").write_text(get_path("purelib") + "\n", "utf-8")
    return home


def files(folder: Path) -> dict[str, int]:
    return {
        str(path.relative_to(folder)): path.stat().st_mtime_ns
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.mark.slow
def test_the_wheel_has_what_a_site_needs_the_licence_and_no_bench(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        names = packed.namelist()
        metadata = packed.read(next(name for name in names if name.endswith("/METADATA"))).decode("utf-8")
    assert not [name for name in names if name.startswith(("build_tools/bench", "tests", "corpus", "docs"))]
    for folder in ("build_tools/theme", "build_tools/data", "build_tools/outputs/print/template"):
        there = {path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*") if path.is_file()}
        assert there and there <= set(names)
    assert "License-Expression: MIT\n" in metadata and "License-File: NOTICE\n" in metadata
    assert "flit" not in "".join(line for line in metadata.splitlines() if "extra ==" not in line)


@pytest.mark.slow
def test_an_installed_wheel_begins_a_project_and_makes_its_site_and_a_pdf(
    installed: Path, tmp_path: Path
) -> None:
    package = next(installed.glob("lib/python*/site-packages"))
    before = files(package)
    home = tmp_path / "我的 文摘"

    def digest(*words: str, code: int = 0, where: Path = home) -> str:
        environment = {name: text for name, text in os.environ.items() if not name.startswith("PYTHON")}
        environment["LC_ALL"] = "C.UTF-8"
        done = subprocess.run(
            [installed / "bin" / "digest", *words], cwd=where, env=environment, capture_output=True, text=True
        )
        assert done.returncode == code and "Traceback" not in done.stderr, done.stdout + done.stderr
        return done.stdout + done.stderr

    (home / ".git").mkdir(parents=True)  # an empty repository is an empty folder
    digest("init", str(home), where=tmp_path)
    begun = files(home)
    assert {"mkdocs.yml", ".gitignore", ".github/workflows/site.yml", "README.md"} <= begun.keys()
    assert "checkout" not in (home / "mkdocs.yml").read_text("utf-8")
    assert "nothing was written" in digest("init", code=1)
    assert "0 errors, 0 warnings" in digest("check")
    digest("build", "--no-pdf")
    page = (home / "site" / "articles" / ARTICLE / "index.html").read_text("utf-8")
    assert "生态环境部党组召开会议" in page and "assets/digest.css" in page
    for name in ("assets/digest.css", "assets/NOTICE.txt", "search/data/manifest.json", "about/index.html"):
        assert (home / "site" / name).is_file()
    assert "0 converted, 0 files of docs/ written, 0 pages rendered" in digest("build", "--no-pdf")
    digest("pdf", ARTICLE)
    assert (home / "pdf" / f"{ARTICLE}.pdf").read_bytes().startswith(b"%PDF")
    assert "checkout" in digest("bench", code=1)
    (home / "mkdocs.yml").unlink()
    assert "digest init" in digest("build", "--no-pdf", code=1)
    assert files(package) == before, "a command wrote beside the package"
    assert {name: begun[name] for name in begun if name != "mkdocs.yml"}.items() <= files(home).items()
