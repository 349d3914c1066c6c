"""What the driver's program says of graphics processors, and what becomes of one that says nothing."""

from pathlib import Path

import pytest

from craton.engines.hardware import gpus
from craton.engines.hardware.gpus import Gpu

MIB = 1 << 20


def program(folder: Path, script: str) -> str:
    path = folder / "nvidia-smi"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


async def test_each_is_told_of(tmp_path: Path) -> None:
    lines = "NVIDIA H200, 570.86.15, 143771, 4\nNVIDIA GB10, 580.95, [N/A], [N/A]"
    found = await gpus.gpus(program(tmp_path, f"echo '{lines}'"))
    assert found == [
        Gpu("NVIDIA H200", "570.86.15", 143771 * MIB, 4 * MIB),
        Gpu("NVIDIA GB10", "580.95", None, None),
    ]


async def test_without_a_driver_there_are_none(tmp_path: Path) -> None:
    assert await gpus.gpus(str(tmp_path / "nothing")) == []
    assert await gpus.gpus(program(tmp_path, "echo 'NVIDIA-SMI has failed'; exit 9")) == []


async def test_a_driver_that_hangs_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpus, "_PATIENCE", 0.2)
    assert await gpus.gpus(program(tmp_path, "exec sleep 30")) == []
