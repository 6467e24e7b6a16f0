"""The articles and gold of a set: where they lie, how they are read, their digest."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
REQUIRED = frozenset(  # the keys that are scored on every page
    ["title", "published", "held", "source", "authors", "editors", "organization", "level", "kind", "trust", "people",
     "key_points", "documents", "noise", "first", "last", "not_people", "same_as"]
)  # fmt: skip


def folder(name: str) -> Path:
    """`work`, `measured`, or any directory with articles/ and gold/.

    >>> folder("work").name
    'work'
    """
    return HERE / name if (HERE / name).is_dir() else Path(name)


def pages(half: str) -> list[Path]:
    return sorted((folder(half) / "articles").iterdir())


def gold(half: str) -> dict[str, dict[str, Any]]:
    """Article id → its gold; dates and numbers stay text.

    Raises ValueError, with all that is wrong, for a page without gold, gold without a page, and missing keys.
    """
    out = {
        path.stem: _typed(yaml.load(path.read_text("utf-8"), LOADER))
        for path in sorted((folder(half) / "gold").glob("*.yml"))
    }
    ids = {path.stem for path in pages(half)}
    wrong = [f"articles/{one}: has no gold/{one}.yml" for one in sorted(ids - out.keys())]
    wrong += [f"gold/{one}.yml: has no page in articles/" for one in sorted(out.keys() - ids)]
    for article, told in out.items():
        if lost := sorted(REQUIRED - set(told or ())):
            wrong.append(f"gold/{article}.yml: lacks {', '.join(lost)} (README.md says what each key means)")
    if wrong:
        raise ValueError("\n".join(wrong))
    return out


def _typed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _typed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_typed(item) for item in value]
    return {"null": None, "~": None, "": None, "true": True, "false": False}.get(value, value)


def digest(half: str) -> str:
    """SHA-256 over the names and bytes of a set's articles and gold."""
    out = hashlib.sha256()
    for path in (*pages(half), *sorted((folder(half) / "gold").glob("*.yml"))):
        content = path.read_bytes()
        out.update(f"{path.parent.name}/{path.name} {len(content)}\n".encode())
        out.update(content)
    return out.hexdigest()
