"""Bytes: what a process holds, and what loading a model is expected to take.

Knows no model format; an engine's own knowledge comes in as the option `memory_bytes`.
"""

import os
import subprocess
import sys
from pathlib import Path

from craton.engines.base import ModelSpec
from craton.engines.hardware.memory import total

__all__ = ["estimate", "expected", "resident", "total"]

_INTERPRETER = 160 << 20
_KV_PER_TOKEN = 32 << 10


def resident(pid: int) -> int:
    """Resident bytes of a process, shared file pages included; 0 when it is gone."""
    if sys.platform == "linux":
        try:
            return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except (FileNotFoundError, ProcessLookupError):
            return 0
    answer = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return int(answer or 0) << 10


def estimate(spec: ModelSpec) -> int:
    """What loading will take: `memory_bytes` where the catalogue measured it, else what is `expected`."""
    if measured := spec.options.get("memory_bytes"):
        return int(measured)
    return expected(sum(path.stat().st_size for path in spec.files.values()), spec.context_length)


def expected(files: int, context_length: int) -> int:
    """What a model of so many bytes of files takes: these with a fifth for repacking and scratch, a key-value cache of
    32 kB per token of context (a 1.5B model's; larger models are dominated by their files), and the interpreter with
    its libraries.
    """
    return files * 6 // 5 + context_length * _KV_PER_TOKEN + _INTERPRETER
