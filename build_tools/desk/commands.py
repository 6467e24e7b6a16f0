"""What each subcommand does: thin over the pipeline, so that the command line and the library cannot drift."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import replace
from importlib import import_module

from build_tools.core.diagnostics import Diagnostic, Report
from build_tools.core.files import write_atomic
from build_tools.core.progress import Progress
from build_tools.core.workers import Settings
from build_tools.corpus import reader as corpus_reader
from build_tools.desk import add, serve
from build_tools.desk.building import no_corpus, places, settings
from build_tools.desk.explain import as_text, explain
from build_tools.desk.review import accept, as_table, doubts
from build_tools.outputs import open_data
from build_tools.run import convert


def run_check(args: argparse.Namespace, report: Report) -> int:
    """Validate the corpus, the ledger of every article, and what registries and articles say of each other."""
    with Progress() as progress:
        result = convert.load(args.corpus.resolve(), settings(args), report, progress)
    check_links(result, report)
    print(f"{len(result.converted.cards)} articles read; {report.summary()}")
    return 0


def run_export(args: argparse.Namespace, report: Report) -> int:
    """Write the open data of a corpus."""
    with Progress() as progress:
        result = convert.load(args.corpus.resolve(), settings(args), report, progress)
    converted = result.converted
    files = open_data.data_files(converted.lines(), converted.cards, result.links, result.corpus.registries)
    for name, data in files:
        write_atomic(args.out / name, data)
    print(f"{len(result.converted.cards)} articles → {args.out}")
    return 0


def run_explain(args: argparse.Namespace, report: Report) -> int:
    """One article: each fact's evidence, each edit."""
    corpus = corpus_reader.read(args.corpus.resolve(), report)
    raw = next((raw for raw in corpus.articles if raw.id == args.id), None)
    if raw is None:
        near = [item.id for item in corpus.articles if args.id in item.id][:5]
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        print(f"digest explain: no article {args.id!r} in {args.corpus}{hint}", file=sys.stderr)
        return 2
    result = convert.convert_one(raw, corpus.registries)
    if isinstance(result, Diagnostic):
        report.add(result)
        return 1
    told = explain(result[0])
    if args.json:
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        _print(as_text(told, 0 if args.everything else 5))
    return 0


def run_add(args: argparse.Namespace, report: Report) -> int:
    """Take in scraped pages and tell at once what was understood."""
    problem = add.usage_error(args.files, args.article_id, args.url, args.fetched)
    if problem:
        print(f"digest add: {problem}", file=sys.stderr)
        return 2
    outcomes = add.add(
        args.files,
        args.corpus.resolve(),
        report,
        url=args.url,
        fetched=args.fetched,
        article_id=args.article_id,
    )
    _print(add.table(outcomes))
    return 0 if all(outcome.added for outcome in outcomes) else 1


def run_review(args: argparse.Namespace, report: Report) -> int:
    """What the tools propose and doubt, most useful first."""
    if args.names and not args.accept:
        print("digest review: names go with --accept people, organizations or themes", file=sys.stderr)
        return 2
    with Progress() as progress:
        result = convert.load(args.corpus.resolve(), settings(args), report, progress)
    articles = result.converted.articles()
    if args.accept:
        _print(accept(args.accept, articles, result.corpus, report, args.names))
        return 0
    found = doubts(articles, result.corpus.registries, result.links, report)
    if args.json:
        print(json.dumps([item.as_dict() for item in found], ensure_ascii=False, indent=2))
    else:
        _print(as_table(found))
    return 0


def run_serve(args: argparse.Namespace, report: Report) -> int:
    """Build, serve on this machine, and rebuild when a file of the corpus changes."""
    if no_corpus(args):
        return 1
    where = places(args)
    # A look at the site takes no PDFs from it.
    printed = args.pdf or (where.site / "pdf").is_dir()
    limit = Settings.pdf_limit if printed else 0
    return serve.serve(where, replace(settings(args), pdf_limit=limit), args.port)


def run_pdf(args: argparse.Namespace, report: Report) -> int:
    """Print PDFs."""
    from build_tools.desk import pdf  # noqa: PLC0415  the compiler loads only when it is used

    return pdf.run(args, settings(args), report)


def run_bench(args: argparse.Namespace, report: Report) -> int:
    """Measure against peers in the same run."""
    # The bench imports every room and is not in the wheel: loaded by its name, only here.
    code: int = import_module("build_tools.bench.build").run(args)
    return code


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


def check_links(result: convert.Loaded, report: Report) -> None:
    """Registry entries that point at articles which are not there."""
    ids = set(result.converted.keys)
    for person in result.corpus.registries.people:
        for post in person.posts:
            source = post.source
            if source and not source.startswith("http") and source not in ids:
                report.warning(
                    "people.yml", f"{person.id}: no article {source!r}", "mend `source:`", person.line
                )
