"""Write docs/cli.md from the commands: `python -m tests.support.write_cli_docs`."""

from __future__ import annotations

from build_tools.core.paths import ROOT
from build_tools.desk import cli
from build_tools.desk.command import rows


def markdown() -> str:
    """The reference of every command, in the words of its `--help`."""
    out = [
        "# The command line",
        "",
        "Generated from the commands by `python -m tests.support.write_cli_docs`. `--lang en|zh` goes with each;",
        "without it the locale decides (`LC_ALL`, `LC_MESSAGES`, `LANG`).",
        "",
    ]
    for name, (about, _) in cli.COMMANDS.items():
        command = cli.digest.get_command(cli.digest.make_context("digest", [name]), name)
        assert command is not None
        out += [
            f"## digest {name}",
            "",
            f"{about[:1].upper()}{about[1:]}.",
            "",
            "| argument | meaning |",
            "|---|---|",
        ]
        out += [f"| `{words}` | {meaning} |".replace("|N", "\\|N") for words, meaning in rows(command)]
        out.append("")
    return "\n".join(out)


if __name__ == "__main__":
    (ROOT / "docs" / "cli.md").write_text(markdown(), "utf-8")
