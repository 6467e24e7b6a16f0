"""`digest serve`: build, serve on this machine only, rebuild when the corpus or a hand-written page changes."""

from __future__ import annotations

import functools
import http.server
import sys
import threading
from pathlib import Path
from typing import Any

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from build_tools.core.diagnostics import Report
from build_tools.core.paths import Places, Refused
from build_tools.core.progress import Progress
from build_tools.core.workers import Settings
from build_tools.outputs.site.mkdocs import PublishError
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
        with Progress() as progress:
            done = pipeline.build(places, settings, report, progress)
        print(done.summary())
    except (PublishError, Refused, OSError) as error:
        print(f"digest: the last good site stands:\n{error}", file=sys.stderr)
    for line in report.lines():
        print(line, file=sys.stderr)


def serve(places: Places, settings: Settings, port: int) -> int:
    """Serve until interrupted. Returns 1 when the port is taken, before anything is built."""
    handler = functools.partial(_Handler, directory=str(places.site))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler, bind_and_activate=False)
    try:
        server.server_bind()
    except OSError as error:
        print(f"digest serve: port {port}: {error.strerror}; choose another with --port", file=sys.stderr)
        return 1
    _build(places, settings)
    places.site.mkdir(parents=True, exist_ok=True)
    server.server_activate()
    changes = _Changes()
    observer = Observer()
    observer.schedule(changes, str(places.corpus), recursive=True)
    observer.schedule(changes, str(places.pages), recursive=False)
    observer.start()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"http://127.0.0.1:{port}/  (Ctrl-C stops; a change below {places.corpus} rebuilds)", flush=True)
    try:
        while True:
            changes.changed.wait()
            while changes.changed.is_set():
                changes.changed.clear()
                changes.changed.wait(QUIET_SECONDS)
            _build(places, settings)
            sys.stdout.flush()
    except KeyboardInterrupt:
        return 0
    finally:
        observer.stop()
        server.shutdown()
