"""The first program of the documentation, run as it stands."""

import re
import subprocess
import sys
from pathlib import Path

from tests import scripted
from tests.serving import Server

PAGE = Path(__file__).resolve().parents[2] / "docs" / "knowledge-bases.md"
LEAVE = "# Leave\n\nEverybody has 30 days of leave in a year.\n"


def test_from_a_folder_to_an_answer(tmp_path: Path) -> None:
    home = tmp_path / "home"
    scripted.install(home, "google.use-multilingual-v3:0", output="EMBEDDING", dimensions=64)
    scripted.install(home, "qwen.qwen2-5-coder-1-5b-instruct-v1:0")
    bucket = home / "buckets" / "handbook"
    bucket.mkdir(parents=True)
    (bucket / "leave.md").write_text(LEAVE)
    program = re.search(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert program
    with Server(home) as server:
        done = subprocess.run(
            [sys.executable, "-c", program[1]], env=server.variables, capture_output=True, text=True, timeout=120
        )
    assert done.returncode == 0, done.stderr
    job, rest = done.stdout.split("\n", 1)
    assert job.startswith("COMPLETE")
    assert "'numberOfNewDocumentsIndexed': 1" in job
    assert "s3://handbook/leave.md" in rest
    assert "30 days of leave" in rest
    assert scripted.ANSWER in rest
