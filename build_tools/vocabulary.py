"""The one reader of `build_tools/data/*.yml`: words live in data, logic in Python."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def load(name: str) -> Any:
    """The content of `data/<name>.yml`, read once a process.

    Raises FileNotFoundError for a name that is not there.
    """
    text = files("build_tools").joinpath("data", f"{name}.yml").read_text("utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
