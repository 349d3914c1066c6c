"""The program of the documentation, run as it stands."""

import json
import re
import subprocess
import sys
from pathlib import Path

from tests import scripted
from tests.serving import Server

PAGE = Path(__file__).resolve().parents[3] / "docs" / "structured-knowledge.md"


def test_from_a_file_to_an_answer(tmp_path: Path) -> None:
    home = tmp_path / "home"
    model = "qwen.qwen2-5-coder-1-5b-instruct-v1:0"
    sql = "SELECT name, city FROM customers WHERE city = 'Ulm' ORDER BY id"
    scripted.install(home, model, script={"rules": [{"text": json.dumps({"sql": sql})}]})
    page = PAGE.read_text()
    (settings,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    making, program = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    run(making.replace("~/.craton", str(home)))
    (home / "craton.toml").write_text(settings)
    with Server(home) as server:
        told = run(program, **server.variables)
    assert told == f"COMPLETE 1 tables\n{{'name': 'Anna', 'city': 'Ulm'}} {sql}\n"


def run(program: str, **environment: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout
