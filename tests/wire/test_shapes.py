"""The TypedDicts in `craton/shapes` are those of the service models."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_generated_shapes_are_current() -> None:
    tool = [sys.executable, str(ROOT / "tools" / "shapes.py"), "--check"]
    found = subprocess.run(tool, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr


def test_a_stale_folder_is_told_file_by_file(tmp_path: Path) -> None:
    code = f"import sys; sys.path.insert(0, {str(ROOT / 'tools')!r}); import shapes; from pathlib import Path; "
    code += f"shapes.FOLDER = Path({str(tmp_path)!r}); sys.argv = ['shapes', '--check']; sys.exit(shapes.main())"
    (tmp_path / "extra.pyi").write_text("")
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert found.returncode == 1
    assert "extra.pyi belongs to no service" in found.stderr
    assert "bedrock_runtime.pyi is not what the service models say. Run `make shapes`." in found.stderr
