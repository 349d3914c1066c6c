"""The `craton` command, run as a user runs it."""

import os
import subprocess
import sys
from collections.abc import Mapping


def craton(*arguments: str, env: Mapping[str, str] | None = None, stdin: str = "") -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CRATON_"))}
    return subprocess.run(
        [sys.executable, "-m", "craton", *arguments],
        capture_output=True,
        text=True,
        input=stdin,
        env=inherited | {"AWS_EC2_METADATA_DISABLED": "true"} | dict(env or {}),
        timeout=120,
        check=False,
    )
