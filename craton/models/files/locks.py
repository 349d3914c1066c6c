"""One at a time: who fetches or deletes a file of the library holds its lock, also against other processes.

A lock is of the kernel's and ends with its holder, however that ends. Knows no file's content.
"""

import contextlib
import fcntl
import time
from collections.abc import Callable, Iterator
from pathlib import Path

_AGAIN = 0.2  # seconds


@contextlib.contextmanager
def alone(folder: Path, name: str, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the lock of this name. While another has it, `waiting` is called now and then, and may raise to give up."""
    with (folder / name).open("wb") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                waiting()
                time.sleep(_AGAIN)
        yield
