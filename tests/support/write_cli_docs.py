"""Write docs/cli.md from the parser: `python -m tests.support.write_cli_docs`."""

from __future__ import annotations

import argparse
import os
from pathlib import Path


def markdown(top: argparse.ArgumentParser) -> str:
    """The reference of every command, as the parser itself words it."""
    os.environ["COLUMNS"] = "100"
    out = [
        "# The command line",
        "",
        "Generated from the parser by `python -m tests.support.write_cli_docs`.",
        "",
    ]
    commands = next(a for a in top._actions if isinstance(a, argparse._SubParsersAction))
    for name, command in commands.choices.items():
        about = next(c.help or "" for c in commands._choices_actions if c.dest == name)
        out += [
            f"## digest {name}",
            "",
            f"{about[:1].upper()}{about[1:]}.",
            "",
            "| argument | meaning |",
            "|---|---|",
        ]
        for action in command._actions:
            if isinstance(action, argparse._HelpAction):
                continue
            metavar = action.metavar or ("|".join(map(str, action.choices)) if action.choices else "")
            words = ", ".join(action.option_strings) or str(metavar or action.dest)
            value = f" {metavar}" if action.option_strings and action.nargs != 0 and metavar else ""
            out.append(f"| `{words}{value}` | {action.help or ''} |".replace("|N", "\\|N"))
        out.append("")
    return "\n".join(out)


if __name__ == "__main__":
    from build_tools.desk.cli import ROOT, parser

    Path(ROOT / "docs" / "cli.md").write_text(markdown(parser()), "utf-8")
