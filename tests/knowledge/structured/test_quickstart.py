"""The program of the documentation, run as it stands."""

import json
import re
import subprocess
import sys
from pathlib import Path

from tests import scripted
from tests.knowledge.structured import shop
from tests.serving import Server

PAGE = Path(__file__).resolve().parents[3] / "docs" / "structured-knowledge.md"


def test_from_a_file_to_an_answer(tmp_path: Path) -> None:
    home = tmp_path / "home"
    model = "qwen.qwen2-5-coder-1-5b-instruct-v1:0"
    sql = "SELECT name, city FROM customers WHERE city = 'Ulm' ORDER BY id"
    scripted.install(home, model, script={"rules": [{"text": json.dumps({"sql": sql})}]})
    shop.write_sqlite(home / "shop.db")
    page = PAGE.read_text()
    settings = re.search(r"craton\.toml\n(default_model.*?)\$ craton serve", page, re.DOTALL)
    program = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    assert settings and program
    (home / "craton.toml").write_text(settings[1])
    asked = program[1].replace("shop.main.staff", "shop.main.salaries")
    with Server(home) as server:
        done = subprocess.run(
            [sys.executable, "-c", asked], env=server.variables, capture_output=True, text=True, timeout=120
        )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("COMPLETE 3 tables\n{'name': 'Anna', 'city': 'Ulm'} SELECT name, city FROM customers")
