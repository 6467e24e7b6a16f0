"""The open data: JSON Lines, CSV and a data package, in the keys that DESIGN.md fixes.

Dates are EDTF at the precision known, themes their pref_label, text UTF-8.
Each function is pure; the same articles in any order give the same bytes.
"""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import IO, Any, NamedTuple

from build_tools.core.article import Article, value_of
from build_tools.core.files import key_of
from build_tools.core.registry import Registries, Theme
from build_tools.core.site import ARCHIVE, LONG, SHORT, UNATTESTED, Card, Imprint, Link, archive_of
from build_tools.core.text import sha256
from build_tools.graph.summary import promises_of
from build_tools.pages import markdown

FILES = (
    "articles.jsonl", "statements.jsonl", "commitments.jsonl", "formulations.jsonl", "people.jsonl", "themes.jsonl",
    "organizations.jsonl", "links.jsonl", "articles.csv", "digest-tei.xml", "datapackage.json", "dcat.jsonld",
)  # fmt: skip
CORPUS = "digest-tei.xml"
MEDIA = {
    "zip": "application/zip",
    "csv": "text/csv",
    "jsonl": "application/x-ndjson",
    "xml": "application/tei+xml",
}
Record = dict[str, Any]
REJECTED = ("id", "path", "title", "warnings", "trust")  # all that the data say of a rejected article

CSV_COLUMNS = (
    "id", "title", "published", "held_start", "held_end", "source", "organization", "level", "kind", "trust",
    "authors", "people", "themes", "documents", "path",
)  # fmt: skip


def article_record(article: Article) -> Record:
    """One line of `articles.jsonl`."""
    held = article.held
    return {
        "id": article.id,
        "raw_sha256": article.raw_sha256,
        "path": f"/articles/{article.id}/" if article.shown else None,
        "title": value_of(article.title),
        "title_inferred": article.title is not None and article.title.inferred,
        "subtitle": "\n".join(article.decks) or None,
        "published": value_of(article.published),
        "held": None if held is None else {"start": held.value.start, "end": held.value.end},
        "source": value_of(article.source),
        "dateline_outlet": value_of(article.dateline_outlet),
        "authors": [fact.value for fact in article.authors],
        "editors": [fact.value for fact in article.editors],
        "organization": value_of(article.organization),
        "level": str(article.level.value),
        "kind": str(article.kind.value),
        "people": [
            {
                "name": person.name,
                "person_id": person.person_id,
                "offices": list(person.offices),
                "roles": [str(role) for role in person.roles],
                "weak": person.weak,
            }
            for person in article.people
        ],
        "themes": [hit.label for hit in article.themes],
        "key_points": [fact.value for fact in article.key_points],
        "documents": [fact.value for fact in article.documents],
        "sections": [{"level": item.level, "heading": item.text} for item in article.body if item.level],
        "paragraphs": [{"id": item.id, "text": item.text} for item in article.paragraphs],
        "gaps": [
            {"paragraph": gap.paragraph, "start": gap.start, "surface": gap.surface, "reading": gap.reading}
            for gap in article.gaps
        ],
        "edits": [{"rule": step.rule, "count": len(step.edits)} for step in article.cleaned.passes],
        "warnings": list(article.warnings),
        "trust": str(article.trust.value),
    }


def statement_records(article: Article) -> list[Record]:
    """The lines of `statements.jsonl` that an article gives."""
    return [
        {
            "article": article.id,
            "paragraph": statement.paragraph,
            "person": statement.person,
            "collective": statement.collective,
            "verb": statement.verb,
            "text": statement.text,
        }
        for statement in article.statements
    ]


def commitment_records(article: Article) -> list[Record]:
    """The lines of `commitments.jsonl` that an article gives: its numbers and deadlines."""
    return [
        {
            "article": article.id,
            "date": article.date or None,
            "organization": value_of(article.organization),
            "attests": article.trust.value not in UNATTESTED,
            "paragraph": item.paragraph,
            "number": promise.number,
            "themes": list(promise.themes),
            "text": item.text,
            "quantity": item.quantity,
            "deadline": item.deadline,
        }
        for item, promise in zip(article.commitments, promises_of(article), strict=True)
    ]


def formulation_records(cards: Iterable[Card], registries: Registries) -> list[Record]:
    """The lines of `formulations.jsonl`: each place where a formulation is read."""
    labels = {item.id: item.label for item in registries.formulations}
    return [
        {"formulation": name, "label": labels[name], "wording": wording, "article": card.id, "where": where}
        for card in cards
        for name, wording, where in (card.formulations if card.shown else ())
        if name in labels
    ]


def people_records(cards: Sequence[Card], registries: Registries) -> list[Record]:
    """Every person with a page or in the registry: Popolo names, offices with the articles that show them."""
    registered = {person.id: person for person in registries.people}
    found: dict[tuple[str, str | None], dict[str, list[str]]] = {}
    for article in cards:
        for participant in article.people:
            if participant.weak or not article.shown:
                continue
            # An article may have two names of one man: his record goes by the registry's.
            entry = registered.get(participant.person_id or "")
            name = entry.name if entry is not None else participant.name
            offices = found.setdefault((name, participant.person_id), {})
            for office in ("", *participant.offices):
                if article.id not in (ids := offices.setdefault(office, []))[-1:]:
                    ids.append(article.id)
    for person in registries.people:
        found.setdefault((person.name, person.id), {})
    out = []
    for (name, person_id), offices in sorted(found.items(), key=lambda item: (item[0][0], item[0][1] or "")):
        entry = registered.get(person_id or "")
        out.append(
            {
                "name": name,
                "person_id": person_id,
                "reviewed": entry is not None,
                "other_names": list(entry.other_names) if entry else [],
                "offices": [{"office": office, "articles": ids} for office, ids in offices.items() if office],
                "articles": offices.get("", []),
            }
        )
    return out


def theme_records(cards: Sequence[Card], themes: Iterable[Theme]) -> list[Record]:
    """SKOS concepts with the articles about them."""
    about: dict[str, list[str]] = {}
    for article in cards:
        if article.shown:
            for hit in article.themes:
                about.setdefault(hit.label, []).append(article.id)
    return [
        {
            "id": theme.id,
            "pref_label": theme.pref_label,
            "alt_labels": list(theme.alt_labels),
            "broader": list(theme.broader),
            "related": list(theme.related),
            "scope_note": theme.scope_note,
            "articles": about.get(theme.pref_label, []),
        }
        for theme in themes
    ]


def organization_records(cards: Sequence[Card], registries: Registries) -> list[Record]:
    """Organisations that met or spoke, and the registry's others."""
    by_name = {name: org for org in registries.organizations for name in (org.name, *org.other_names)}
    found: dict[str, list[str]] = {org.name: [] for org in registries.organizations}
    for article in cards:
        if article.organization is not None and article.shown:
            name = article.organization
            registered = by_name.get(name)
            found.setdefault(registered.name if registered else name, []).append(article.id)
    out = []
    for name, ids in sorted(found.items()):
        org = by_name.get(name)
        out.append(
            {
                "id": org.id if org else None,
                "name": name,
                "other_names": list(org.other_names) if org else [],
                "parent": org.parent if org else None,
                "level": str(org.level) if org else "unknown",
                "articles": ids,
            }
        )
    return out


def link_records(links: Iterable[Link]) -> list[Record]:
    """The lines of `links.jsonl`."""
    return [
        {"kind": link.kind, "source": link.source, "target": link.target, "score": round(link.score, 4)}
        for link in sorted(links, key=lambda link: (link.kind, link.source, link.target))
    ]


def edit_records(article: Article) -> Iterator[Record]:
    """The lines of `edits/<id>.jsonl`: where the original is, then every pass that changed it, in order.

    An edit is [start, before, after]; `start` counts code points in the text that its pass was applied to, so a
    pass is done from its last edit to its first. The original is the raw file where that is UTF-8, else it is here.
    """
    cleaned = article.cleaned
    same = sha256(cleaned.original.encode("utf-8", "surrogatepass")) == article.raw_sha256
    yield {
        "pass": 0,
        "article": article.id,
        "raw_sha256": article.raw_sha256,
        "encoding": article.encoding,
        "tool": article.tool,
        "original": None if same else cleaned.original,
        "text_sha256": sha256(cleaned.text.encode("utf-8", "surrogatepass")),
    }
    for number, step in enumerate(cleaned.passes, 1):
        if step.edits:
            yield {"pass": number, "rule": step.rule, "edits": step.edits}


_SEPARATOR = re.compile(r"[\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def jsonl(records: Iterable[Record]) -> bytes:
    """
    >>> jsonl([{"title": "会议"}])
    b'{"title":"\\xe4\\xbc\\x9a\\xe8\\xae\\xae"}\\n'

    A separator at which some reader would end the line is written as its escape.
    """
    lines = (json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n" for record in records)
    return _SEPARATOR.sub(lambda found: f"\\u{ord(found[0]):04x}", "".join(lines)).encode("utf-8")


def csv_row(values: Iterable[Any]) -> bytes:
    """A row for spreadsheets: lists joined by 、; a cell that would run as a formula gets an apostrophe.

    >>> csv_row(["甲", ["乙", "丙"], None, "=1+1"]).decode()
    "甲,乙、丙,,'=1+1\\r\\n"
    """
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([_cell(value) for value in values])
    return out.getvalue().encode("utf-8")


# What spreadsheets take for a formula, in full width too (Excel's East Asian editions), and what they skip before it.
_FORMULA = re.compile(r"[\t\r\n]|\s*[=+\-@＝＋－＠]")


def _csv_values(record: Record) -> list[Any]:
    held = record.get("held") or {"start": None, "end": None}
    row = {**record, "held_start": held["start"], "held_end": held["end"]}
    row["people"] = [person["name"] for person in record.get("people", ()) if not person["weak"]]
    return [row.get(column) for column in CSV_COLUMNS]


def _cell(value: Any) -> str:
    text = "" if value is None else "、".join(value) if isinstance(value, list) else str(value)
    return "'" + text if _FORMULA.match(text) else text


def schema(name: str) -> Record:
    """The Table Schema (Frictionless) of one data file. Raises KeyError for a file without one."""
    return {
        "fields": [
            {"name": field, "type": kind, "description": told}
            | ({"constraints": {"enum": list(values)}} if values else {})
            for field, kind, told, values in markdown.fields(name)
        ],
        **({"primaryKey": "id"} if name.startswith("articles.") else {}),
    }


def package(files: Mapping[str, tuple[int, str]], imprint: Imprint) -> bytes:
    """`datapackage.json` (Frictionless Data Package 1) over the other files: name → (bytes, SHA-256)."""
    resources = [
        {
            "name": name.partition(".")[0] + ("-csv" if name.endswith(".csv") else ""),
            "path": name,
            "format": name.rpartition(".")[2],
            "mediatype": MEDIA[name.rpartition(".")[2]],
            "encoding": "utf-8",
            "bytes": size,
            "hash": f"sha256:{digest}",
            **({"schema": schema(name)} if name != CORPUS else {}),
        }
        for name, (size, digest) in sorted(files.items())
    ]
    content = {
        "name": "eco-digest",
        "title": imprint.name,
        "description": "Facts read from readouts and speeches; article texts belong to their publishers. "
        "Beside these files, of each article: raw/<id>.txt (the file as collected) and edits/<id>.jsonl "
        "(every edit, in order of application).",
        "licenses": [
            {
                "name": "MIT",
                "path": "https://opensource.org/license/mit",
                "title": "MIT (selection and markup; the texts of articles belong to their publishers)",
            }
        ],
        **({"homepage": imprint.url} if imprint.url else {}),
        "contributors": list(_contributors(imprint)),
        "version": key_of(*(digest for _, (_, digest) in sorted(files.items())))[:12],
        "resources": resources,
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _contributors(imprint: Imprint) -> Iterator[Record]:
    """Publisher and editor of the data, and where they are reached."""
    kind, _, mail = imprint.contact.rpartition("mailto:")
    reached = {"email" if "mailto:" in imprint.contact else "path": mail or kind} if imprint.contact else {}
    yield {
        "title": imprint.name,
        "role": "publisher",
        **({"path": imprint.url} if imprint.url else {}),
    }
    if imprint.editor or reached:
        yield {"title": imprint.editor or imprint.name, "role": "maintainer", **reached}


def catalogue(files: Mapping[str, int | None], imprint: Imprint) -> bytes:
    """`dcat.jsonld`: files (name → bytes) as a dcat:Dataset, for catalogues. Without a site's address they are relative."""
    base = f"{imprint.url}data/" if imprint.url else ""
    content = {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "vcard": "http://www.w3.org/2006/vcard/ns#",
        },
        "@type": "dcat:Dataset",
        **({"@id": base} if base else {}),
        "dct:title": {"@value": imprint.name, "@language": "zh"},
        "dct:license": {"@id": "https://opensource.org/license/mit"},
        "dct:language": {"@id": "http://publications.europa.eu/resource/authority/language/ZHO"},
        "dct:publisher": {"@type": "http://xmlns.com/foaf/0.1/Organization", "dct:title": imprint.name},
        **({"dct:creator": imprint.editor} if imprint.editor else {}),
        **({"dcat:contactPoint": _contact_point(imprint)} if imprint.contact else {}),
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dct:title": name,
                "dcat:downloadURL": {"@id": f"{base}{name}"},
                "dcat:mediaType": MEDIA[name.rpartition(".")[2]],
                **({} if size is None else {"dcat:byteSize": size}),
            }
            for name, size in sorted(files.items())
        ],
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _contact_point(imprint: Imprint) -> Record:
    by = "hasEmail" if imprint.contact.startswith("mailto:") else "hasURL"
    return {
        "@type": "vcard:Organization",
        "vcard:fn": imprint.editor or imprint.name,
        f"vcard:{by}": {"@id": imprint.contact},
    }


class Lines(NamedTuple):
    """What one article adds to the data files that have a line an article."""

    articles: bytes
    statements: bytes
    csv: bytes
    commitments: bytes


PER_ARTICLE = ("articles.jsonl", "statements.jsonl", "articles.csv", "commitments.jsonl")  # as in Lines


def lines_of(article: Article) -> Lines:
    """The article's lines of `articles.jsonl`, `statements.jsonl` and `articles.csv`.

    A draft or withdrawn article has none; of a rejected one the data say what it was found to be, and nothing
    of its text: its publisher may have asked for that.
    """
    if article.status != "published":
        return Lines(b"", b"", b"", b"")
    record = article_record(article)
    if not article.shown:
        record = {key: record[key] for key in REJECTED}
        return Lines(jsonl([record]), b"", csv_row(_csv_values(record)), b"")
    return Lines(
        jsonl([record]),
        jsonl(statement_records(article)),
        csv_row(_csv_values(record)),
        jsonl(commitment_records(article)),
    )


def joined(lines: Iterable[Lines]) -> Lines:
    """The lines of several articles, one after the other."""
    several = list(lines)
    return Lines(*(b"".join(one[at] for one in several) for at in range(len(PER_ARTICLE))))


def _read(file: IO[bytes]) -> bytes:
    with file:
        file.seek(0)
        return file.read()


def data_files(
    lines: Iterable[Lines],
    cards: Sequence[Card],
    links: Sequence[Link],
    registries: Registries,
    imprint: Imprint,
    corpus: Iterable[bytes] = (),
    volumes: Sequence[str] = (),
) -> Iterator[tuple[str, bytes]]:
    """(File name, bytes) of the whole open data; `lines` and `cards` in the order of the articles' ids.

    `corpus` is the TEI edition of them all, in pieces; without it there is no such file. `volumes`: those whose LONG
    tables are in archives of their own.

    One file at a time, the others on the disk, for of 10,000 articles they are 240 MB.
    """
    long: dict[str, IO[bytes]] = {
        name: tempfile.TemporaryFile()  # noqa: SIM115  _read closes it
        for name in PER_ARTICLE
        if not volumes or name not in LONG
    }
    long["articles.csv"].write(b"\xef\xbb\xbf" + csv_row(CSV_COLUMNS))
    for line in lines:
        for name, data in zip(PER_ARTICLE, line, strict=True):
            if name in long:
                long[name].write(data)
    short: dict[str, Callable[[], Iterable[Record]]] = {
        "people.jsonl": lambda: people_records(cards, registries),
        "themes.jsonl": lambda: theme_records(cards, registries.themes),
        "organizations.jsonl": lambda: organization_records(cards, registries),
    }
    if not volumes:
        short["links.jsonl"] = lambda: link_records(links)
        short["formulations.jsonl"] = lambda: formulation_records(cards, registries)
    told: dict[str, tuple[int, str]] = {}
    for name in (*long, *short):
        data = _read(long.pop(name)) if name in long else jsonl(short[name]())
        told[name] = (len(data), sha256(data))
        yield name, data
    edition = b"".join(corpus)
    if edition:
        told[CORPUS] = (len(edition), sha256(edition))
        yield CORPUS, edition
    del edition
    yield "datapackage.json", package(told, imprint)
    there: dict[str, int | None] = {name: size for name, (size, _) in told.items()}
    if volumes:
        there = {name: there[name] for name in SHORT}
        there |= dict.fromkeys((ARCHIVE, *map(archive_of, volumes)))
    yield "dcat.jsonld", catalogue(there, imprint)


def volume_files(
    lines: Lines, cards: Sequence[Card], links: Sequence[Link], registries: Registries, imprint: Imprint
) -> Iterator[tuple[str, bytes]]:
    """(File name, bytes) of the LONG tables of a volume, and of what describes them."""
    files = {
        "articles.jsonl": lines.articles,
        "statements.jsonl": lines.statements,
        "formulations.jsonl": jsonl(formulation_records(cards, registries)),
        "links.jsonl": jsonl(link_records(links)),
    }
    files = {name: data for name, data in files.items() if data}  # a table without a line is not valid
    yield from files.items()
    yield (
        "datapackage.json",
        package({name: (len(data), sha256(data)) for name, data in files.items()}, imprint),
    )


def with_archive(
    files: Iterable[tuple[str, bytes]], name: str = ARCHIVE, beside: Collection[str] | None = None
) -> Iterator[tuple[str, bytes]]:
    """The files, those `beside` the archive alone where that is given, and last the archive (`name`), which holds
    them all: the same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for inside, data in files:
            entry = zipfile.ZipInfo(f"digest-data/{inside}", (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.external_attr, entry.create_system = (
                zipfile.ZIP_DEFLATED,
                0o644 << 16,
                3,
            )
            archive.writestr(entry, data)
            if beside is None or inside in beside:
                yield inside, data
    yield name, out.getvalue()
