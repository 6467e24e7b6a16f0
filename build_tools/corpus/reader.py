"""The only reader of `corpus/`: articles, sidecars and registries, each bad input one clear line."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from build_tools.core.diagnostics import Report
from build_tools.core.files import unfit
from build_tools.core.messages import foreign, say
from build_tools.core.registry import Raw, Registries, Sidecar
from build_tools.corpus.registries import STARTER, read_registries
from build_tools.corpus.sidecars import read_sidecar, theme_labels
from build_tools.corpus.yaml_source import EDTF_RE, ID_RE

__all__ = ["EDTF_RE", "ID_RE", "STARTER", "Corpus", "read"]

LARGEST = 20_000_000  # bytes of an article; of its text less is taken (cleaning.decode)
TEXT_SUFFIXES = (".txt", ".html")


@dataclass(frozen=True)
class Corpus:
    """Everything below `corpus/`: articles by id, registries, and what was found wrong."""

    root: Path
    articles: tuple[Raw, ...] = ()
    registries: Registries = field(default_factory=Registries)
    lost: tuple[str, ...] = ()  # registries, or all articles, of which nothing could be read


def read(root: Path, report: Report) -> Corpus:
    """Read the whole corpus. Every fault goes to `report`; what is sound is returned.

    A corpus without its own themes, formulations or sources starts with the
    project's (DESIGN: themes every site starts with).
    """
    if (root / "articles").is_symlink():
        report.error(
            f"{root.name}/articles",
            say("is a link, and links are not followed"),
            say("put the folder itself there"),
        )
        return Corpus(root, lost=("articles",))
    if not (root / "articles").is_dir():
        report.error(
            f"{root.name}/articles", say("is not a folder"), say("create it and put the scraped pages there")
        )
        return Corpus(root, lost=("articles",))
    registries, lost = read_registries(root, report)
    return Corpus(root, tuple(_articles(root, report, theme_labels(registries.themes))), registries, lost)


# --- articles ----------------------------------------------------------------


def _articles(root: Path, report: Report, themes: Mapping[str, tuple[str, ...]]) -> Iterator[Raw]:
    texts: dict[str, list[str]] = {}  # id → file names
    sidecars: dict[str, Path] = {}
    with os.scandir(root / "articles") as entries:
        found = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
    for file, folder in found:
        name = f"articles/{file}"
        stem, suffix = Path(file).stem, Path(file).suffix
        if file.startswith("."):
            continue
        if suffix == ".yml":  # one that cannot be read holds its article back
            sidecars[stem] = root / "articles" / file
        elif folder:
            report.error(name, say("is not a file"), say("put articles straight into articles/"))
        elif fault := unfit(root / "articles" / file, LARGEST):
            report.error(name, *fault)
        elif suffix not in TEXT_SUFFIXES:
            report.error(
                name, say("has the ending {!r}", suffix), say("name it <id>.txt, <id>.html or <id>.yml")
            )
        elif not ID_RE.fullmatch(stem):
            report.error(
                name,
                say("{!r} is not an id", stem),
                say("rename it: a-z, 0-9 and hyphens, at most 80, not `index`, `con` or `nul`"),
            )
        else:
            texts.setdefault(stem, []).append(file)
    for article, path in sidecars.items():
        if article not in texts:
            report.error(
                f"articles/{path.name}",
                say("corrects an article that is not there"),
                say("add articles/{}.txt or .html, or remove this file", article),
            )
    for article, files in texts.items():
        if len(files) > 1:
            names = " and ".join(files)
            report.error(
                f"articles/{files[0]}",
                say("two articles have the id {!r}: {}", article, names),
                say("rename one of them"),
            )
            continue
        try:
            data = (root / "articles" / files[0]).read_bytes()
        except OSError as error:
            report.error(
                f"articles/{files[0]}",
                say("cannot be read: {}", foreign(error.strerror)),
                say("check the file"),
            )
            continue
        sidecar = Sidecar()
        if article in sidecars:
            sidecar = read_sidecar(sidecars[article], report, themes)
        yield Raw(article, files[0], data, sidecar)
