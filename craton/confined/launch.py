"""The beginning of a confined process: gives up what a computation does not need, then has the worker do its work.

    python -I launch.py MEMORY_BYTES PROCESSOR_SECONDS FILE_BYTES WORKER.py [ARGUMENT ...]

The worker is a script with a function `work(questions, answers, *arguments)`: two binary files, which are the stdin and
the stdout of the process. Both are run by their paths and import nothing of this package. Knows no worker.
"""

import ctypes
import os
import resource
import runpy
import signal
import sys

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_OPEN_FILES = 64


def confine(memory: int, seconds: int, file_bytes: int) -> None:
    """Where the system does not allow a process a network of its own, the network stays."""
    for limit, value in (
        *([(resource.RLIMIT_AS, memory)] if sys.platform == "linux" else []),  # others refuse to limit it
        (resource.RLIMIT_CPU, seconds + 1),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(limit)[1]
        least = value if hard == resource.RLIM_INFINITY else min(value, hard)
        # Beyond the soft limit of processor time the system says so, at the hard one it kills.
        resource.setrlimit(limit, (max(least - 1, 1) if limit == resource.RLIMIT_CPU else least, least))
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET):
            libc.unshare(_CLONE_NEWNET)


def main() -> None:
    memory, seconds, file_bytes, worker, *arguments = sys.argv[1:]
    # Before the worker loads its libraries, for a process with threads is refused a network of its own.
    confine(int(memory), int(seconds), int(file_bytes))
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)  # whatever a library prints is no answer
        runpy.run_path(worker)["work"](sys.stdin.buffer, answers, *arguments)


if __name__ == "__main__":
    main()
