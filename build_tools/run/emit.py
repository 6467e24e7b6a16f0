"""Write `docs/`: a file only when its content changed, and nothing left over from a former build."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from build_tools.core import workers
from build_tools.core.diagnostics import Diagnostic
from build_tools.core.files import key_of, write_atomic
from build_tools.core.guard import Budget, Failed, failed, guarded
from build_tools.core.messages import Message, say
from build_tools.core.paths import GENERATED, hand_written
from build_tools.core.pool import Died, library_threads
from build_tools.core.progress import Progress
from build_tools.core.site import FAILED, UNLISTED
from build_tools.run.assemble import PAGES, Batch, Files, Job, Made, Section
from build_tools.run.convert import Loaded

CHUNK = 25  # files a task
WHOLE = 60  # times the budget of an article: what a batch may take, for some speak of the whole corpus

# What a former build left: batch name → [key, {path: [content key, date]}]; section name → [key, names of its batches]
Known = dict[str, tuple[str | None, dict[str, tuple[str, str]]]]
Sections = dict[str, tuple[str, list[str]]]


class Docs:
    """The generated part of a `docs` folder, while it is brought up to date."""

    def __init__(
        self,
        docs: Path,
        there: set[str],
        known: tuple[Known, Sections],
        progress: Progress,
        rendered: Callable[[str], bool],
    ) -> None:
        self.docs = docs
        self.there = there  # the files below docs/ before this build
        self.rendered = rendered  # path below docs/ → whether it is published though it did not change
        self.known, self.known_sections = known
        self.progress = progress
        self.batches: Known = {}
        self.sections: Sections = {}
        self.written = 0

    def reuse(self, name: str, key: str | None) -> bool:
        """Keep a batch whose key did not change and whose files all stand there."""
        old = self.known.get(name)
        if old is None or key is None or old[0] != key or not self.there.issuperset(old[1]):
            return False
        if not all(self._sound(path, content) for path, (content, _) in old[1].items()):
            return False
        self.batches[name] = old
        return True

    def due(self, some: Iterable[Batch | Section]) -> Iterator[Batch]:
        """The batches that must be made; all others are kept."""
        for one in some:
            if isinstance(one, Batch):
                if not self.reuse(one.name, one.key):
                    yield one
                continue
            key, names = self.known_sections.get(one.name, ("", []))
            if key != one.key or not all(self.reuse(name, self._key(name)) for name in names):
                names = []
                for batch in one.batches():
                    names.append(batch.name)
                    if not self.reuse(batch.name, batch.key):
                        yield batch
            self.sections[one.name] = one.key, names

    def _key(self, name: str) -> str | None:
        return self.known.get(name, (None,))[0]

    def _sound(self, path: str, content: str) -> bool:
        """Whether a file is what was made. Looked at only where it would be published anew."""
        return not self.rendered(path) or key_of((self.docs / path).read_bytes()) == content

    def take(self, name: str, key: str | None, files: Files) -> None:
        """Write a batch that was made: each file only when its bytes differ."""
        told = {}
        old = self.known.get(name, (None, {}))[1]
        for path, data in files:
            content = key_of(data)
            told[path] = (content, date_of(data) if path.endswith(".md") else "")
            if path in self.there and old.get(path, ("",))[0] == content and not self.rendered(path):
                continue
            if path not in self.there or (self.docs / path).read_bytes() != data:
                write_atomic(self.docs / path, data)
                self.written += 1
        self.batches[name] = (key, told)

    def keep(self, name: str) -> None:
        """Let a batch that failed have the files that it had, or a page that says so; the next build makes it."""
        old = {path: ("", day) for path, (_, day) in self.known.get(name, (None, {}))[1].items()}
        if not old and name.startswith(PAGES):
            self.take(name, None, [(f"{name.removeprefix(PAGES)}.md", FAILED.encode("utf-8"))])
        else:
            self.batches[name] = (None, old)

    def files(self) -> dict[str, tuple[str, str]]:
        """Path below docs/ → (content key, date) of all files that the build wants."""
        return {path: told for _, files in self.batches.values() for path, told in files.items()}

    def sweep(self, hand_written: Iterable[str], same_folder: bool) -> None:
        """Remove what neither the build wants nor a person wrote, and the folders that this empties."""
        keep = set(self.files()) | set(hand_written)
        for path in sorted(self.there - keep):
            if not same_folder or path.partition("/")[0] in GENERATED:
                (self.docs / path).unlink(missing_ok=True)
                folder = (self.docs / path).parent
                while folder != self.docs and not any(folder.iterdir()):
                    folder.rmdir()
                    folder = folder.parent


def write_jobs(
    docs: Docs, jobs: Iterable[Job], loaded: Loaded, settings: workers.Settings, stage: Message
) -> dict[str, Diagnostic]:
    """Make on an executor what changed; returns article → diagnostic of those of which something failed."""
    todo = [job for job in jobs if not docs.reuse(job.name, job.key)]
    names = {raw.id: f"articles/{raw.name}" for raw in loaded.corpus.articles}
    failures: dict[str, Diagnostic] = {}
    docs.progress.start(stage, len(todo))
    parts = workers.chunks(todo, CHUNK)
    fresh = stage == "print" and library_threads()
    with workers.executor(settings.jobs, settings.scheduler, len(parts), fresh=fresh) as pool:
        tasks = (_task(part, names, loaded, settings.budget) for part in parts)
        ahead = 4 * workers.processes(settings.jobs)
        again = workers.one_by_one(_singly, _lost)
        for at, made in workers.run(pool, run_jobs, tasks, ahead, again):
            for job, files in zip(parts[at], made, strict=True):
                if not isinstance(files, Failed):
                    docs.take(job.name, job.key, files)
                    continue
                failures[job.article] = files.diagnostic
                if job.instead is not None:  # without a key: the next build tries again
                    blob = loaded.converted.blob(job.article)
                    docs.take(job.name, None, job.instead(blob))
            docs.progress.step(len(made))
    docs.progress.end()
    return failures


def write_books(docs: Docs, books: Iterable[Batch], budget: Budget) -> dict[str, Diagnostic]:
    """Make the packs that changed; returns path below docs/ → diagnostic of those that failed."""
    failures: dict[str, Diagnostic] = {}
    docs.progress.start(say("packs"))
    for batch in docs.due(books):
        made = guarded(batch.name, "pack", budget, lambda batch=batch: list(batch.make()))
        if isinstance(made, Failed):
            failures[batch.name] = made.diagnostic
        else:
            docs.take(batch.name, batch.key, made)
            docs.progress.step()
    docs.progress.end()
    return failures


def write_batches(docs: Docs, batches: Iterable[Batch | Section], budget: Budget) -> list[Diagnostic]:
    """Make the batches that changed, here; returns the diagnostics of those that failed, whose files stay as they were."""
    failures: list[Diagnostic] = []
    whole = Budget(WHOLE * budget.seconds, WHOLE * budget.memory)
    docs.progress.start(say("docs"))
    for batch in docs.due(batches):

        def make(batch: Batch = batch) -> None:
            docs.take(batch.name, batch.key, batch.make())

        made = guarded(f"docs/{batch.name.removeprefix(PAGES)}", "list", whole, make)
        if isinstance(made, Failed):
            failures.append(made.diagnostic)
            docs.keep(batch.name)
        docs.progress.step()
    docs.progress.end()
    return failures


class Call(NamedTuple):
    """A Job as it goes to a worker: the article's pickle with it, and what its diagnostic needs."""

    file: str
    stage: str
    fn: Callable[..., Made]
    blob: bytes
    args: tuple[Any, ...]


Task = tuple[Sequence[Call], Budget]


def _task(part: Sequence[Job], names: Mapping[str, str], loaded: Loaded, budget: Budget) -> Task:
    blob = loaded.converted.blob
    return [Call(names[job.article], job.stage, job.fn, blob(job.article), job.args) for job in part], budget


def run_jobs(task: Task) -> list[Made | Failed]:
    """The task that an executor runs."""
    calls, budget = task
    return [guarded(one.file, one.stage, budget, one.fn, one.blob, *one.args) for one in calls]


def _singly(task: Task) -> list[Task]:
    return [((one,), task[1]) for one in task[0]]


def _lost(task: Task, error: Died) -> Made | Failed:
    return failed(task[0][0].file, task[0][0].stage, say("fails: {}", error.message))


def copy_hand_written(
    source: Path, docs: Path, generated: Mapping[str, object]
) -> dict[str, tuple[str, str]]:
    """Bring the hand-written pages into `docs` when it is another folder; returns path → (content key, date)."""
    out = {}
    for name in hand_written(source):
        if name in generated:
            continue
        data = (source / name).read_bytes()
        out[name] = (key_of(data), "")
        target = docs / name
        if source.resolve() != docs.resolve() and not (target.exists() and target.read_bytes() == data):
            write_atomic(target, data)
    return out


def date_of(page: bytes) -> str:
    """The `updated:` of a page's front matter, or ''; `noindex` of one that no search engine is to list.

    >>> date_of(b"---\\ntitle: x\\nupdated: '2024-01-24'\\n---\\n")
    '2024-01-24'
    """
    head = page[: page.find(b"\n---", 4)]
    if b'\npage: "withdrawn"' in head or b'\npage: "redirect"' in head:
        return UNLISTED
    at = head.find(b"\nupdated:")
    return head[at + 9 :].split(b"\n", 1)[0].strip(b" \"'").decode() if at >= 0 else ""
