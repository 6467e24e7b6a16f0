"""YAML that a curator wrote, with the line of every mapping, so that a message names the place."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from build_tools.diagnostics import Report

ID_RE = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")  # DESIGN: Corpus
EDTF_RE = re.compile(r"(\d{4}|XXXX)(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
LINE = "__line__"


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Safe YAML in which dates stay text, keys are unique, and a mapping knows its line."""


def _mapping(loader: Any, node: yaml.MappingNode) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            key = str(key)
        if key in out:
            raise yaml.MarkedYAMLError(problem=f"key {key!r} stands twice", problem_mark=key_node.start_mark)
        out[key] = loader.construct_object(value_node, deep=True)
    out[LINE] = node.start_mark.line + 1
    return out


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in _Loader.yaml_implicit_resolvers.items()
}


def load_yaml(path: Path, name: str, report: Report) -> Any:
    """The file's content, or None after one error line naming the place."""
    try:
        return yaml.load(path.read_text("utf-8"), Loader=_Loader)
    except UnicodeDecodeError as error:
        report.error(name, f"is not UTF-8 (byte {error.start})", "save the file as UTF-8")
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "cannot be read"
        report.error(
            name, f"is not valid YAML: {problem}", "mend the YAML here", mark.line + 1 if mark else 0
        )
    except OSError as error:
        report.error(name, f"cannot be read: {error.strerror}", "check the file's permissions")
    return None


def plain(value: Any) -> Any:
    """The value without the line numbers."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items() if key != LINE}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value
