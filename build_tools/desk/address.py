"""Where the site will be, who edits it, where to report an error: the one place that decides it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from build_tools.core.diagnostics import Report
from build_tools.core.messages import listed, say
from build_tools.core.paths import CONFIG
from build_tools.core.web_address import WebAddress
from build_tools.corpus.yaml_source import UNREADABLE, load_yaml, web_address

VARIABLE = "DIGEST_SITE_URL"  # what a workflow sets: the host knows the address
SETTINGS = "digest.yml"
KEYS = ("site_url", "editor", "contact")
PLACEHOLDERS = ("example.org", "example.com", "example.net")  # RFC 2606: nobody's
LONGEST = 200  # characters of who edits
REMEDY = say("write site_url: https://… in {}, set {}, or give --site-url", SETTINGS, VARIABLE)


def site_url(
    given: str | None, home: Path, environment: Mapping[str, str], report: Report, *, told: bool = True
) -> WebAddress | None:
    """The address of the site's root, ending in a slash, None for a site that has none yet.

    It is the first that is written of `given` (`--site-url`), DIGEST_SITE_URL, `site_url` in the project's
    `digest.yml` and in its `mkdocs.yml`; `home` is the project's folder. A fault is one error line, a placeholder or
    nothing at all one warning (unless not `told`), and the site is made without an address.

    >>> site_url("https://gov.example/文摘", Path("none"), {}, Report())
    'https://gov.example/%E6%96%87%E6%91%98/'
    >>> site_url("https://example.org/", Path("none"), {}, Report()) is None
    True
    """
    place, written = next(_written("site_url", given, home, environment, report), (SETTINGS, ""))
    if not written:
        if told:
            report.warning(
                place, say("the site has no address: no canonical, no sitemap, no OpenSearch"), REMEDY
            )
        return None
    address, fault = web_address(written)
    if address is not None and re.search("[?#]", address):
        fault = say("{!r} has a ? or a #: it is a page, not a folder", written), REMEDY
    if fault:
        report.error(place, *fault)
        return None
    assert address is not None
    host = urlsplit(address).hostname or ""
    if any(f".{host}".endswith(f".{one}") for one in PLACEHOLDERS):
        if told:
            what = say("{} is a placeholder: no canonical, no sitemap, no OpenSearch", address)
            report.warning(place, what, REMEDY)
        return None
    return WebAddress(f"{address.rstrip('/')}/")


def imprint(
    home: Path, environment: Mapping[str, str], report: Report, *, told: bool = True
) -> tuple[str, str]:
    """Who edits the site, and where to report an error: an address of the web or `mailto:…`; '' for what nothing says.

    Both are sought as the site's address is: DIGEST_EDITOR, `editor` in `digest.yml`, in `mkdocs.yml` (below `extra`).

    >>> imprint(Path("none"), {"DIGEST_EDITOR": "某文摘编辑部", "DIGEST_CONTACT": "a@wenzhai.cn"}, Report())
    ('某文摘编辑部', 'mailto:a@wenzhai.cn')
    """
    _, editor = next(_written("editor", None, home, environment, report), (SETTINGS, ""))
    place, written = next(_written("contact", None, home, environment, report), (SETTINGS, ""))
    if len(editor) > LONGEST:
        report.error(
            SETTINGS, say("the editor's name has more than {} characters", LONGEST), say("write editor: …")
        )
        editor = ""
    contact, fault = "", None
    if mail := _MAIL.fullmatch(written):
        contact = f"mailto:{mail[1]}"
    elif written:
        address, fault = web_address(written)
        contact = address or ""
    missing = [say("who edits the digest")] * (not editor) + [say("where to report an error")] * (not written)
    if fault:
        report.error(place, fault[0], say("write contact: https://… or an e-mail address in {}", SETTINGS))
    if missing and told:
        report.warning(
            SETTINGS,
            say("no page says {}", listed(missing)),
            say("write editor: and contact: in {}", SETTINGS),
        )
    return editor, contact


_MAIL = re.compile(r"(?:mailto:)?([\w.+-]+@[\w-]+(?:\.[\w-]+)+)", re.ASCII)


def _written(
    key: str, given: str | None, home: Path, environment: Mapping[str, str], report: Report
) -> Iterator[tuple[str, str]]:
    """(where, what is written there) of the places that say `key`, the strongest first."""
    if given:
        yield "--site-url", given
    variable = f"DIGEST_{key.upper()}"
    if said := environment.get(variable, "").strip():
        yield variable, said
    if (home / SETTINGS).exists():
        settings = load_yaml(home / SETTINGS, SETTINGS, report)
        known = settings if isinstance(settings, Mapping) else {}
        if settings and not known and settings is not UNREADABLE:
            report.error(SETTINGS, say("is not a mapping"), say("it has these keys: {}", ", ".join(KEYS)))
        for other in known:
            if other not in KEYS:
                report.warning(
                    SETTINGS,
                    say("{!r} means nothing here", other),
                    say("it has these keys: {}", ", ".join(KEYS)),
                )
        if isinstance(known.get(key), str):
            yield SETTINGS, known[key]
        elif known.get(key):
            report.error(SETTINGS, say("the value of {} does not fit", key), say("write one text, in quotes"))
    config = home / CONFIG
    if config.is_file() and (said := of_mkdocs(config, key)):
        yield CONFIG, said


def of_mkdocs(config: Path, key: str) -> str:
    """`key` of a mkdocs.yml, or of its `extra`; '' for none. The one line is read: the whole file may have tags of MkDocs."""
    found = re.search(rf"^(?:  )?{key}:(.*)$", config.read_text("utf-8", "replace"), re.MULTILINE)
    if found is None:
        return ""
    if "!ENV" in found[1]:
        from mkdocs.utils.yaml import yaml_load  # noqa: PLC0415  what only few projects need

        with config.open(encoding="utf-8") as file:
            loaded = yaml_load(file)
        return str(loaded.get(key) or (loaded.get("extra") or {}).get(key) or "")
    try:
        return str(yaml.safe_load(found[1]) or "")
    except yaml.YAMLError:
        return found[1].strip()
