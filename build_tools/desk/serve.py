"""`digest serve`: build, serve on this machine only, rebuild when the corpus or a hand-written page changes."""

from __future__ import annotations

import functools
import http.server
import sys
import threading
from pathlib import Path
from typing import Any

import click
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from build_tools.core.diagnostics import Report
from build_tools.core.messages import Stop, foreign, say
from build_tools.core.paths import Places
from build_tools.core.workers import Settings
from build_tools.desk import language
from build_tools.desk.command import Refused, Value, a_command, corpus, number, out, places, progress, work
from build_tools.run import pipeline

QUIET_SECONDS = 0.3  # an editor writes a file in several steps


class _Changes(FileSystemEventHandler):
    """Sets an event when a file that a build reads is written, moved or deleted."""

    def __init__(self) -> None:
        self.changed = threading.Event()

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in ("created", "modified", "moved", "deleted") and not event.is_directory:
            self.changed.set()


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Static files; the site's own 404 page; no cache, so that a reload shows the rebuild."""

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def send_head(self) -> Any:
        if "%00" in self.path:  # no file's name; the server would drop the connection
            self.send_error(404)
            return None
        return super().send_head()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = Path(self.directory) / "404.html"
        if code != 404 or not page.exists():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        return


def _build(places: Places, settings: Settings) -> None:
    report = Report()
    try:
        with progress() as shown:
            done = pipeline.build(places, settings, report, shown)
        language.out(done.summary())
    except (Stop, OSError) as error:
        why = error.message if isinstance(error, Stop) else foreign(error)
        language.err(*language.word(say("digest serve: {}", why)).splitlines())
    language.err(*map(language.line_of, sorted(report.diagnostics)))


@a_command
@corpus
@out
@work
@click.option(
    "--port",
    type=Value(lambda text: number(text, 0, 65535)),
    default=8000,
    metavar="N",
    help=say("default 8000"),
)
@click.option("--pdf", is_flag=True, help=say("print PDFs too (as it does when the site has some)"))
def command(report: Report, corpus: Path, out: Path | None, port: int, pdf: bool, **work: Any) -> int:
    """Serve until interrupted. A port that is taken is refused before anything is built."""
    where = places(corpus, out)
    # A look at the site takes no PDFs from it.
    printed = pdf or (where.site / "pdf").is_dir()
    settings = Settings(**work, pdf_limit=Settings.pdf_limit if printed else 0)
    handler = functools.partial(_Handler, directory=str(where.site))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler, bind_and_activate=False)
    try:
        server.server_bind()
    except OSError as error:
        raise Refused(
            say("port {}: {}; choose another with --port", port, foreign(error.strerror))
        ) from error
    _build(where, settings)
    where.site.mkdir(parents=True, exist_ok=True)
    server.server_activate()
    changes = _Changes()
    observer = Observer()
    observer.schedule(changes, str(where.corpus), recursive=True)
    observer.schedule(changes, str(where.pages), recursive=False)
    observer.start()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    language.out(say("http://127.0.0.1:{}/  (Ctrl-C stops; a change below {} rebuilds)", port, where.corpus))
    sys.stdout.flush()
    try:
        while True:
            changes.changed.wait()
            while changes.changed.is_set():
                changes.changed.clear()
                changes.changed.wait(QUIET_SECONDS)
            _build(where, settings)
            sys.stdout.flush()
    except KeyboardInterrupt:
        return 0
    finally:
        observer.stop()
        server.shutdown()
