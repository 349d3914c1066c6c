"""What the kernel says of processors."""

import os
from pathlib import Path

import pytest

from craton.engines.hardware.groups import Groups
from craton.engines.hardware.processor import processor

INTEL = """processor\t: 0
model name\t: Intel(R) Xeon(R) Platinum 8480+
flags\t\t: fpu avx avx2 f16c fma avx512f avx512_vnni amx_int8

processor\t: 1
model name\t: another
"""
ARM = """processor\t: 0
Features\t: fp asimd asimddp i8mm bf16
CPU implementer\t: 0x41
"""


@pytest.mark.parametrize(
    ("text", "model", "instructions"),
    [
        (
            INTEL,
            "Intel(R) Xeon(R) Platinum 8480+",
            ("AVX", "F16C", "FMA", "AVX2", "AVX-512", "AVX-512 VNNI", "AMX INT8"),
        ),
        (ARM, "", ("NEON", "NEON dot product", "I8MM", "BF16")),
    ],
    ids=["x86", "arm"],
)
def test_it_is_called_as_its_maker_calls_it(
    tmp_path: Path, text: str, model: str, instructions: tuple[str, ...]
) -> None:
    (tmp_path / "cpuinfo").write_text(text)
    found = processor(tmp_path, Groups(tmp_path, tmp_path))
    assert (found.model, found.instructions) == (model, instructions)
    assert found.cores == os.cpu_count()
    assert found.usable == len(os.sched_getaffinity(0))
    assert found.name.endswith(f", {found.usable:g} cores")


def test_a_quota_leaves_less_of_it(tmp_path: Path) -> None:
    (tmp_path / "self").mkdir()
    (tmp_path / "self/cgroup").write_text("0::/\n")
    (tmp_path / "cpu.max").write_text("50000 100000\n")
    assert processor(tmp_path, Groups(tmp_path, tmp_path)).usable == 0.5
