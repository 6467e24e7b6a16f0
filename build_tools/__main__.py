"""`python -m build_tools` is the same program as `digest`."""

from build_tools.desk.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
