"""The processor: what it is called, how many of its cores this process may use, and what models run faster with.

Reads small files of the kernel, and on macOS asks sysctl once. Knows no engine.
"""

import itertools
import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from craton.engines.hardware.groups import PROC, Groups

# What Linux calls an instruction set, and what people do. Only those that matter for models.
INSTRUCTIONS = {
    "avx": "AVX",
    "f16c": "F16C",
    "fma": "FMA",
    "avx2": "AVX2",
    "avx_vnni": "AVX-VNNI",
    "avx512f": "AVX-512",
    "avx512_vnni": "AVX-512 VNNI",
    "avx512_bf16": "AVX-512 BF16",
    "avx512_fp16": "AVX-512 FP16",
    "amx_int8": "AMX INT8",
    "amx_bf16": "AMX BF16",
    "asimd": "NEON",
    "asimddp": "NEON dot product",
    "i8mm": "I8MM",
    "bf16": "BF16",
    "sve": "SVE",
    "sve2": "SVE2",
}
_BRAND = ("sysctl", "-n", "machdep.cpu.brand_string")


@dataclass(frozen=True, slots=True)
class Processor:
    """`model` is empty where the system does not tell it. `usable` may be a fraction, as a container's quota is."""

    model: str
    cores: int
    usable: float
    instructions: tuple[str, ...]

    @property
    def name(self) -> str:
        """What it is and how much of it there is: two machines of one name are equally fast."""
        return f"{self.model or platform.machine()}, {self.usable:g} cores"


def processor(proc: Path = PROC, groups: Groups | None = None) -> Processor:
    model, flags = _described(proc)
    cores = os.cpu_count() or 1
    allowed = len(os.sched_getaffinity(0)) if sys.platform == "linux" else cores
    quota = (groups or Groups()).cores()
    usable = float(allowed) if quota is None else min(float(allowed), round(quota, 2))
    return Processor(model, cores, usable, tuple(INSTRUCTIONS[flag] for flag in INSTRUCTIONS if flag in flags))


@cache
def _described(proc: Path) -> tuple[str, frozenset[str]]:
    """Name and flags of the first core. Neither changes while the process runs."""
    if sys.platform == "darwin":
        return subprocess.run(_BRAND, capture_output=True, text=True, check=False).stdout.strip(), frozenset(("asimd",))
    try:
        with (proc / "cpuinfo").open() as file:  # the kernel makes a description for each core that is read
            first = "".join(itertools.takewhile(str.strip, file))
    except OSError:
        return platform.processor(), frozenset()
    pairs = (line.partition(":") for line in first.splitlines())
    told = {name.strip(): value.strip() for name, _, value in pairs}
    return told.get("model name", ""), frozenset(told.get("flags", told.get("Features", "")).split())
