"""The documents that a text names: every 《…》 that is no paper, film, song or show."""

from __future__ import annotations

import re
from functools import cache

from build_tools.core.vocabulary import load


@cache
def _not_documents() -> tuple[re.Pattern[str], frozenset[str], re.Pattern[str]]:
    words = {key: value.split() for key, value in load("documents").items()}
    endings = "|".join(map(re.escape, words["media_endings"] + words["show_endings"]))
    before = "|".join(map(re.escape, words["show_before"]))
    return re.compile(f"(?:{endings})$"), frozenset(words["media"]), re.compile(f"(?:{before})[：:]?$")


def documents_in(text: str) -> list[tuple[int, str]]:
    """Every 《…》 with its marks and offset, nested ones inside their outer title only.

    Newspapers, programmes, films and songs are left out; an unclosed mark is passed over.

    >>> documents_in("审议《关于印发〈方案〉的通知》《条例（草案）》，《中国环境报》报道，观看警示片《长江》")
    [(2, '《关于印发〈方案〉的通知》'), (15, '《条例（草案）》')]
    """
    endings, media, before = _not_documents()
    out = []
    for start, title in _quoted_titles(text):
        name = re.sub("[（(][^（）()]*[）)]$", "", title[1:-1])
        if not name.strip() or name in media or endings.search(name):
            continue
        if before.search(text, max(0, start - 6), start):
            continue
        out.append((start, title))
    return out


def _quoted_titles(text: str) -> list[tuple[int, str]]:
    out = []
    depth = start = 0
    for match in re.finditer("[《》\n]", text):
        if match[0] == "《":
            if depth == 0 or match.start() - start > 150:
                start, depth = match.start(), 0
            depth += 1
        elif match[0] == "\n":
            depth = 0
        elif depth:
            depth -= 1
            if depth == 0 and match.end() - start <= 150:
                out.append((start, text[start : match.end()]))
    return out
