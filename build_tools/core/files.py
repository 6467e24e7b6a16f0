"""Keys of content, files that are whole or not there, and stored bytes that prove themselves."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import tempfile
import zlib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from build_tools.core.messages import Message, foreign, say

PROOF = 32  # bytes of SHA-256


def key_of(*parts: str | bytes) -> str:
    """A key of all parts, in order; no two different tuples of parts share one."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()[:40]


def proof(name: str, data: bytes) -> bytes:
    """The checksum of what is stored under `name`."""
    return hashlib.sha256(name.encode("utf-8") + b"\0" + data).digest()


def sealed(name: str, data: bytes) -> bytes:
    """`data` behind its checksum, to be stored under `name`.

    >>> unsealed("a", sealed("a", b"x"))
    b'x'
    """
    return proof(name, data) + data


def unsealed(name: str, stored: bytes) -> bytes:
    """What was stored under `name`. Raises ValueError when a bit of it, or its name, is another."""
    if proof(name, stored[PROOF:]) != stored[:PROOF]:
        raise ValueError(f"{name} is damaged")
    return stored[PROOF:]


def write_atomic(path: Path, data: bytes, *, durable: bool = False) -> None:
    """Write a file so that whoever reads it sees the old bytes or the new, never a part.

    `durable`: they are on the disk when this returns, whatever happens to the machine.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".tmp-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(0o644)
        if durable:
            sync(name)
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
    if durable:
        sync(path.parent)


def gzipped(data: bytes, level: int = 9) -> bytes:
    """`data` as a gzip file without a time. Python 3.13 writes another system into the header than 3.11; here it is 255.

    >>> gzipped(b"")[:10].hex(" ")
    '1f 8b 08 00 00 00 00 00 00 ff'
    """
    deflate = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = deflate.compress(data) + deflate.flush()
    end = zlib.crc32(data).to_bytes(4, "little") + (len(data) & 0xFFFFFFFF).to_bytes(4, "little")
    return b"\x1f\x8b\x08" + bytes(6) + b"\xff" + body + end


def unfit(path: Path, most: int) -> tuple[Message, Message] | None:
    """Why a file of a corpus is not read, and what to do; None for a plain file of at most `most` bytes.

    Looked at before it is opened: a pipe would be waited for, a link leads to files of the host.
    """
    try:
        told = path.lstat()
    except OSError as error:
        return say("cannot be read: {}", foreign(error.strerror)), say("check the file")
    if stat.S_ISLNK(told.st_mode):
        return say("is a link, and links are not followed"), say("put the file itself there")
    if not stat.S_ISREG(told.st_mode):
        return say("is not a file"), say("remove it")
    if told.st_size > most:
        return say("has {} kB, more than {} kB", told.st_size // 1000, most // 1000), say("cut it down")
    return None


def sync(path: str | Path) -> None:
    """Bring a file's bytes, or a folder's names, to the disk; nothing for one that is gone."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return
    try:
        os.fsync(handle)
    except OSError:
        if not Path(path).is_dir():  # some file systems know no fsync of a folder
            raise
    finally:
        os.close(handle)


def sync_all(paths: Iterable[str | Path]) -> None:
    """`sync` of each: many at once, for the disk writes its own journal once for all that wait."""
    every = list(paths)

    def share(at: int) -> None:
        for path in every[at::16]:
            sync(path)

    with ThreadPoolExecutor(16) as pool:  # a task each, for of 100,000 files a task a file takes 150 MB
        for _ in pool.map(share, range(16)):
            pass
