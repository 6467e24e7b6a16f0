"""Write `docs/`: a file only when its content changed, and nothing left over from a former build."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from build_tools.core import workers
from build_tools.core.files import key_of, write_atomic
from build_tools.core.messages import say
from build_tools.core.paths import GENERATED, files_below, hand_written
from build_tools.core.progress import Progress
from build_tools.core.site import UNLISTED
from build_tools.run.assemble import Batch, Files, Job
from build_tools.run.convert import Converted

CHUNK = 25  # files a task

# What a former build left: batch name → [key, {path: [content key, date]}]
Known = dict[str, tuple[str | None, dict[str, tuple[str, str]]]]


class Docs:
    """The generated part of a `docs` folder, while it is brought up to date."""

    def __init__(self, docs: Path, known: Known, progress: Progress) -> None:
        self.docs = docs
        self.known = known
        self.progress = progress
        self.batches: Known = {}
        self.written = 0
        self.there = set(files_below(docs))

    def reuse(self, name: str, key: str | None) -> bool:
        """Keep a batch whose key did not change and whose files all stand there."""
        old = self.known.get(name)
        if old is None or key is None or old[0] != key or not self.there.issuperset(old[1]):
            return False
        self.batches[name] = old
        return True

    def take(self, name: str, key: str | None, files: Files) -> None:
        """Write a batch that was made: each file only when its bytes differ."""
        told = {}
        old = self.known.get(name, (None, {}))[1]
        for path, data in files:
            content = key_of(data)
            told[path] = (content, date_of(data) if path.endswith(".md") else "")
            if path in self.there and old.get(path, ("",))[0] == content:
                continue
            if path not in self.there or (self.docs / path).read_bytes() != data:
                write_atomic(self.docs / path, data)
                self.written += 1
        self.batches[name] = (key, told)

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


def write_docs(
    docs: Docs,
    batches: Iterable[Batch],
    jobs: Sequence[Job],
    converted: Converted,
    settings: workers.Settings,
) -> None:
    """Make what changed: jobs on an executor, batches here."""
    todo = [job for job in jobs if not docs.reuse(job.name, job.key)]
    docs.progress.start(say("pages"), len(todo))
    parts = workers.chunks(todo, CHUNK)
    with workers.executor(settings.jobs, settings.scheduler, len(parts)) as pool:
        tasks = (_task(part, converted) for part in parts)
        for at, made in workers.run(pool, run_jobs, tasks, ahead=4 * workers.processes(settings.jobs)):
            for job, files in zip(parts[at], made, strict=True):
                docs.take(job.name, job.key, files)
            docs.progress.step(len(made))
    docs.progress.start(say("docs"))
    for batch in batches:
        if not docs.reuse(batch.name, batch.key):
            docs.take(batch.name, batch.key, batch.make())
            docs.progress.step()
    docs.progress.end()
    converted.forget_excerpts()


def _task(part: Sequence[Job], converted: Converted) -> list[tuple[object, bytes, tuple[object, ...]]]:
    return [(job.fn, converted.blob(job.article), job.args) for job in part]


def run_jobs(task: Sequence[tuple[object, bytes, tuple[object, ...]]]) -> list[list[tuple[str, bytes]]]:
    """The task that an executor runs."""
    return [fn(blob, *args) for fn, blob, args in task]  # type: ignore[operator]


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
    if b'\npage: "withdrawn"' in head:
        return UNLISTED
    at = head.find(b"\nupdated:")
    return head[at + 9 :].split(b"\n", 1)[0].strip(b" \"'").decode() if at >= 0 else ""
