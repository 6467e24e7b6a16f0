"""繁體鏡像: the finished site once more in Traditional characters, below `zh-hant/`.

One pass over files that are made already, a function of a file's bytes, its path and the names that are
hard to write. Addresses are not converted: links stay inside the mirror where it has the page, else they lead
to the site's own file. What is quoted as it is (`translate="no"`, code, citations) stays as it is.
"""

from __future__ import annotations

import gzip
import json
import posixpath
import re
from collections.abc import Iterator, Sequence
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple

from build_tools.core import workers
from build_tools.core.files import gzipped, write_atomic
from build_tools.core.site import SEARCH_DATA as DATA
from build_tools.outputs.traditional import LANG, name, traditional

FOLDER = "zh-hant"
CHUNK = 40  # files a task
_OURS = re.compile(
    rf"(?!404\.html$|.*/collation\.html$).*\.html|pdf/[^/]*|feeds/.*|sitemap\.xml|opensearch\.xml"
    rf"|assets/(?:digest|frame|search/[\w-]+)\.(?:js|css)"
    rf"|{DATA}/(?:manifest\.json|(?:names|text)/.*|[^/]+/articles\.json)"
)


def mirrored(path: str, printed: bool = True) -> bool:
    """Whether the mirror has a file of its own for a file of the site.

    >>> mirrored("articles/a/index.html"), mirrored("raw/a.txt"), mirrored("assets/digest.js")
    (True, False, True)
    """
    return (printed or not path.startswith("pdf/")) and _OURS.fullmatch(path) is not None


class Plan(NamedTuple):
    """What all files of a mirror share: where the site's files are, the newest first; the site's address; hard names."""

    folders: tuple[Path, ...]
    out: Path
    site_url: str
    printed: bool
    names: tuple[str, ...]


def run(plan: Plan, paths: Sequence[str], settings: workers.Settings) -> Iterator[int]:
    """Write the mirror's files for these files of the site; yields how many each step made."""
    parts = workers.chunks(paths, CHUNK)
    with workers.executor(settings.jobs, settings.scheduler, len(parts)) as pool:
        for _, done in workers.run(pool, run_part, [(plan, part) for part in parts]):
            yield done


def run_part(task: tuple[Plan, Sequence[str]]) -> int:
    """The task that an executor runs."""
    plan, paths = task
    for path in paths:
        source = next(at for folder in plan.folders if (at := folder / path).exists())
        write_atomic(plan.out / FOLDER / path, mirror(source.read_bytes(), path, plan))
    return len(paths)


def mirror(data: bytes, path: str, plan: Plan) -> bytes:
    """A file of the site as the mirror has it."""
    if path.endswith("/fold-table.js"):
        return data  # both scripts side by side
    packed = path.endswith(".json.gz")
    text = (gzip.decompress(data) if packed else data).decode("utf-8", "surrogatepass")
    if path.startswith(f"{DATA}/"):
        made = json.dumps(
            _search(json.loads(text), path, plan.names), ensure_ascii=False, separators=(",", ":")
        )
    elif path.endswith(".html"):
        made = _Page(path, plan).converted(text)
    else:
        made = traditional(text, plan.names)
        if plan.site_url and not path.startswith("assets/"):
            made = made.replace(plan.site_url, f"{plan.site_url}{FOLDER}/")
        made = made.replace("zh-CN", LANG)
        if path.startswith("feeds/"):  # without an address links are relative
            made = made.replace('xml:base="', 'xml:base="../')
    told = made.encode("utf-8", "surrogatepass")
    return gzipped(told) if packed else told


# --- pages -------------------------------------------------------------------

_PERSON = re.compile(r'<a [^>]*href="[^"]*people/[^"/]+/(?:#[^"]*)?"[^>]*>([^<]+)</a>')
_TAG = re.compile(
    r"<!--.*?-->|<(script|style|pre|code|textarea)\b([^>]*)>.*?</\1>"
    r"|<(/?)([a-z][a-z0-9]*)\b((?:[^\"'>]|\"[^\"]*\"|'[^']*')*)>",
    re.DOTALL | re.IGNORECASE,
)
_SWITCH = re.compile(r'<a class="digest-script[^>]*>.*?</a>')
_LINK = re.compile(r'(?<=[\s])(href|src|action)=("?)([^"\s>]*)\2')
_CITED = re.compile(r' name="?(?:citation_|DC\.)')
_OWN = re.compile(r' rel="?canonical| property="?og:url')
_OTHER = re.compile(r" hreflang=")
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)


class _Page:
    """One page. All its text is converted at once, as long as it was; what stays is put back in its place."""

    def __init__(self, path: str, plan: Plan) -> None:
        self.path, self.plan = path, plan
        self.up = "../" * (path.count("/") + 1)  # from the mirror's page to the root of the site

    def converted(self, html: str) -> str:
        names = {*map(unescape, _PERSON.findall(html)), *self.plan.names}
        told = traditional(html, [one for one in names if len(one) > 1])
        out: list[str] = []
        at, kept, depth = 0, "", 0
        for match in _TAG.finditer(html):
            start, end = match.span()
            out.append((html if depth else told)[at:start])
            at = end
            tag = (match[4] or "").lower()
            if depth and tag == kept:
                depth += -1 if match[3] else 1
            elif not depth and not match[3] and tag not in _VOID and ' translate="no"' in match[0]:
                kept, depth = tag, 1
            out.append(self._tag(match, told[start:end], bool(depth)))
        out.append(told[at:])
        return _SWITCH.sub(self._switch, "".join(out))

    def _tag(self, match: re.Match[str], told: str, kept: bool) -> str:
        tag = match[0]
        if match[1] or not match[4]:  # a comment, or an element whole
            data = (match[1] or "").lower() == "script" and "json" in match[2]
            return self._linked_data(told) if data else self._links(tag, tag) if "src=" in tag else tag
        if match[4].lower() == "html":
            return re.sub(r'lang="?[\w-]+"?', f'lang="{LANG}"', tag, count=1)
        if _OTHER.search(tag) or _CITED.search(tag):
            return tag
        if _OWN.search(tag):
            return (
                tag.replace(self.plan.site_url, f"{self.plan.site_url}{FOLDER}/")
                if self.plan.site_url
                else tag
            )
        return self._links(tag, tag if kept else told.replace("zh_CN", "zh_TW"))

    def _links(self, tag: str, told: str) -> str:
        """`told` with the addresses of `tag`, led out of the mirror where it has no such file."""
        addresses = iter([self._address(one[3]) for one in _LINK.finditer(tag)])
        return _LINK.sub(lambda one: f'{one[1]}="{next(addresses)}"', told)

    def _address(self, address: str) -> str:
        path, _, _ = address.partition("#")
        path, _, _ = path.partition("?")
        if not path or path.startswith("/") or ":" in path.partition("/")[0]:
            return address
        target = posixpath.normpath(posixpath.join(posixpath.dirname(self.path), path))
        folder = path.endswith(("/", ".")) or target == "."
        if target.startswith("..") or mirrored(
            posixpath.normpath(f"{target}/index.html") if folder else target, self.plan.printed
        ):
            return address
        return f"{self.up}{target}{'/' * folder}{address[len(path) :]}"

    def _switch(self, match: re.Match[str]) -> str:
        home = f"{self.up}{self.path.removesuffix('index.html')}"
        label = '<span aria-hidden="true">简</span><span class="digest-spoken">简体中文</span>'
        return f'<a class="digest-script" href="{home}" hreflang="zh-Hans" lang="zh-Hans" title="简体">{label}</a>'

    def _linked_data(self, told: str) -> str:
        if self.plan.site_url:
            told = told.replace(f'"url":"{self.plan.site_url}', f'"url":"{self.plan.site_url}{FOLDER}/')
        return told.replace('"inLanguage":"zh-CN"', f'"inLanguage":"{LANG}"')


# --- search --------------------------------------------------------------------


def _search(data: Any, path: str, hard: Sequence[str]) -> Any:
    """Data of the search page: what is compared stays Simplified, what is shown is converted beside it."""
    if path.endswith("manifest.json"):
        themes = [
            [traditional(row[0]), *row[1:3], [*map(traditional, row[3])], row[0]] for row in data["themes"]
        ]
        return {**data, "themes": themes, "index": f"../../../{DATA}/"}
    if "/names/" in path:
        return [
            [kind, *(_named(kind, one) for one in both), *rest] for kind, *both, rest in map(_split, data)
        ]
    if path.endswith("articles.json"):
        people = [[key, name(shown)] for key, shown in data["people"]]
        names = [shown for _, shown in data["people"]]
        rows = [
            [*row, traditional(row[1], [*hard, *(one for one in names if len(one) > 1 and one in row[1])])]
            for row in data["articles"]
        ]
        return {**data, "people": people, "shown": [*map(traditional, data["names"])], "articles": rows}
    return [[anchor, text, traditional(text, hard)] for anchor, text in data]


def _split(row: Sequence[Any]) -> tuple[Any, ...]:
    return row[0], row[1], row[2], row[3:]


def _named(kind: str, text: str) -> str:
    return name(text) if kind == "person" else traditional(text)
