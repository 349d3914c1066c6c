"""The journal: what each invocation under way is and has used, so that one whose process is killed is told too.

One folder of the home for each process, locked as long as it lives; the next process that starts takes over what the
dead have left. What is written is in the system's memory at once and outlives the process, but is not forced to the
disk: a power failure may lose the last seconds. Knows no price; what it gives back, the meter tells the ledger.

A file holds entries, each at a multiple of 256 bytes: the length of the payload and its CRC-32, then the state at a
fixed place, which is written over as it changes, then the payload, which says who asked for what.
"""

import fcntl
import logging
import os
import secrets
import shutil
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import msgspec

from craton.usage.records import LOST, Asked, Counts

logger = logging.getLogger(__name__)

FOLDER = "usage"
_LOCK = "lock"
_SUFFIX = ".journal"
_ALIGNED = 256  # so that no state lies across two pages, which are what a write that is cut off is cut at
_HEAD = struct.Struct("<II")
_STATE = struct.Struct("<5q2q2qd?48s3s")
_PAYLOAD = _HEAD.size + _STATE.size
_LARGEST = 4 * 1024 * 1024  # bytes of a file, beyond which another is begun


@dataclass(slots=True)
class State:
    """How an invocation stands. Latencies are milliseconds, `busy` nanoseconds of the machine, `energy` joules.

    `cost` and `currency` are known when it has ended; until then its status is LOST, for that is what it is if nothing
    more is written.
    """

    counts: Counts = field(default_factory=Counts)
    latency: int = 0
    first_token: int = 0
    busy: int = 0
    cost: int = 0
    energy: float = 0.0
    estimated: bool = False
    status: str = LOST
    currency: str = ""

    def pack(self) -> bytes:
        c = self.counts
        return _STATE.pack(
            c.input_tokens,
            c.output_tokens,
            c.cache_read_tokens,
            c.cache_write_tokens,
            c.searches,
            self.latency,
            self.first_token,
            self.busy,
            self.cost,
            self.energy,
            self.estimated,
            self.status.encode()[:48],
            self.currency.encode(),
        )

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        *counts, latency, first_token, busy, cost, energy, estimated, status, currency = _STATE.unpack(data)
        texts = (text.rstrip(b"\0").decode() for text in (status, currency))
        return cls(Counts(*counts), latency, first_token, busy, cost, energy, estimated, *texts)


_NOTHING_YET = State().pack()


class Begun(msgspec.Struct, frozen=True, array_like=True):
    """Who asked for what, as an entry keeps it."""

    id: str
    request_id: str
    at: float
    account: str
    region: str
    principal: str
    key_id: str
    operation: str
    model: str
    profile: str | None
    tier: str
    tags: dict[str, str]
    metadata: dict[str, str]
    input_tokens: int
    local: bool

    @classmethod
    def of(cls, asked: Asked, at: float) -> Self:
        ctx = asked.ctx
        return cls(
            asked.id,
            ctx.request_id,
            at,
            ctx.account,
            ctx.region,
            ctx.principal,
            ctx.key_id,
            asked.operation,
            asked.model,
            asked.profile,
            asked.tier,
            dict(asked.tags),
            dict(asked.metadata),
            asked.input_tokens,
            asked.local,
        )


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Begun).decode


class _File:
    """Entries of one process. It is deleted when all of them are in the ledger and no more will come."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._number = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        self._lock = threading.Lock()
        self._end = 0
        self._entries = 0
        self._full = False

    @property
    def full(self) -> bool:
        return self._end >= _LARGEST

    def append(self, data: bytes) -> int:
        """The place of a new entry. Raises OSError, and then there is none."""
        place = self._end
        if os.pwrite(self._number, data, place) != len(data):
            raise OSError("the disk is full")
        self._end = place - (-len(data) // _ALIGNED) * _ALIGNED
        with self._lock:
            self._entries += 1
        return place

    def write(self, data: bytes, place: int) -> None:
        os.pwrite(self._number, data, place)

    def forget(self) -> None:
        """One of its entries is in the ledger."""
        with self._lock:
            self._entries -= 1
            self._drop()

    def finish(self) -> None:
        """No more entries will come."""
        with self._lock:
            self._full = True
            self._drop()

    def close(self) -> None:
        """Leave what is left for the next process."""
        with self._lock:
            if self._number >= 0:
                os.close(self._number)
                self._number = -1

    def _drop(self) -> None:
        if self._full and not self._entries and self._number >= 0:
            os.close(self._number)
            self._number = -1
            with suppress(OSError):  # what stays is read again by the next process, and told no second time
                self._path.unlink()


@dataclass(frozen=True, slots=True)
class Entry:
    """An invocation under way, in the journal."""

    begun: Begun
    file: _File
    place: int

    def write(self, state: State) -> None:
        """Raises OSError where it cannot be written; what was there stays."""
        self.file.write(state.pack(), self.place + _HEAD.size)

    def forget(self) -> None:
        """It is in the ledger."""
        self.file.forget()


class Journal:
    """The journal of this process. `begin` raises OSError where the disk takes no more."""

    def __init__(self, folder: Path, lock: int) -> None:
        self._folder = folder
        self._lock = lock
        self._files = 0
        self._file = self._new()

    @classmethod
    def open(cls, home: Path) -> Self:
        with _alone(home) as folder:
            own = folder / secrets.token_hex(8)
            own.mkdir(mode=0o700)
            lock = os.open(own / _LOCK, os.O_CREAT | os.O_RDWR, 0o600)
            fcntl.flock(lock, fcntl.LOCK_EX)
            return cls(own, lock)

    def begin(self, asked: Asked, at: float) -> Entry:
        if self._file.full:
            before, self._file = self._file, self._new()
            before.finish()
        begun, file = Begun.of(asked, at), self._file
        payload = _encode(begun)
        place = file.append(_HEAD.pack(len(payload), zlib.crc32(payload)) + _NOTHING_YET + payload)
        return Entry(begun, file, place)

    def close(self) -> None:
        """What is in the ledger by now goes; the rest is for the next process."""
        self._file.finish()
        self._file.close()
        if not list(self._folder.glob(f"*{_SUFFIX}")):
            shutil.rmtree(self._folder, ignore_errors=True)
        os.close(self._lock)

    def _new(self) -> _File:
        self._files += 1
        return _File(self._folder / f"{self._files}{_SUFFIX}")


@contextmanager
def left(home: Path) -> Iterator[list[tuple[Begun, State]]]:
    """What dead processes left. When the block ends without an error it is deleted."""
    with _alone(home) as folder:
        dead = [(each, lock) for each in folder.iterdir() if each.is_dir() and (lock := _orphaned(each)) is not None]
        try:
            files = [file for each, _ in dead for file in each.glob(f"*{_SUFFIX}")]
            yield [entry for file in files for entry in entries(file)]
            for each, _ in dead:
                shutil.rmtree(each)
        finally:
            for _, lock in dead:
                os.close(lock)


def entries(file: Path) -> Iterator[tuple[Begun, State]]:
    """Those of a file that are whole: of the last one the process may have written only a part."""
    data = file.read_bytes()
    place = 0
    while place + _PAYLOAD <= len(data):
        length, check = _HEAD.unpack_from(data, place)
        payload = data[place + _PAYLOAD : place + _PAYLOAD + length]
        if not length or zlib.crc32(payload) != check:
            return
        yield _decode(payload), State.unpack(data[place + _HEAD.size : place + _PAYLOAD])
        place += -(-(_PAYLOAD + length) // _ALIGNED) * _ALIGNED


@contextmanager
def _alone(home: Path) -> Iterator[Path]:
    """The folder, while no other process begins or takes over a journal."""
    folder = home / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(folder / _LOCK, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder
    finally:
        os.close(lock)


def _orphaned(folder: Path) -> int | None:
    """The lock of a process that is dead, which is this one's now; None where it lives."""
    lock = os.open(folder / _LOCK, os.O_CREAT | os.O_RDWR, 0o600)
    with suppress(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return lock
    os.close(lock)
    return None
