import os
from pathlib import Path

from craton.engines.base import ModelSpec
from craton.engines.memory import estimate, resident, total

MB = 1 << 20


def test_a_process_holds_part_of_the_machines_memory() -> None:
    assert MB < resident(os.getpid()) < total()
    assert resident(2**22 + 1) == 0


def test_the_estimate_grows_with_files_and_context_unless_it_was_measured(tmp_path: Path) -> None:
    weights = tmp_path / "weights"
    weights.write_bytes(b"\0" * MB)
    small = estimate(ModelSpec("m", "llamacpp", {"model": weights}, 100))
    assert small < estimate(ModelSpec("m", "llamacpp", {"model": weights, "more": weights}, 100))
    assert small < estimate(ModelSpec("m", "llamacpp", {"model": weights}, 100_000))
    assert estimate(ModelSpec("m", "llamacpp", {"model": weights}, 100, {"memory_bytes": 5})) == 5
