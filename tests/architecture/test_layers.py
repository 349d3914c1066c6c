"""Who may import whom: each part imports its own folder and lower rows, never a neighbour of its row."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "craton"

ROWS = [
    "errors config confined",
    "wire store dialects documents tls",
    "engines jobs",
    "core",
    "iam usage audit tags models",
    "guardrails prompts telemetry",
    "runtime",
    "responses knowledge batch customization automation",
    "agents evaluation",
    "flows",
    "agentcore",
    "admin",
    "doors",
    "app",
    "server",
    "cli",
]
ROW = {part: number for number, row in enumerate(ROWS) for part in row.split()}
# Parts that not every higher row may import; `app` and `cli` read the service models.
ONLY_IMPORTERS = {"wire": {"doors", "app", "cli"}}
MODULES = sorted(PACKAGE.rglob("*.py"))


def part_of(module: Path) -> str:
    return module.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            assert node.module
            names |= {node.module} if node.module != "craton" else {f"craton.{alias.name}" for alias in node.names}
    return {name.split(".")[1] for name in names if name.startswith("craton.")}


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(PACKAGE)))
def test_imports_go_downward(module: Path) -> None:
    part = part_of(module)
    if part in {"__init__", "__main__"}:
        return
    for other in imports(ast.parse(module.read_text())) - {part, "__version__", "shapes"}:
        assert ROW[other] < ROW[part], f"{part} may not import {other}: it stands in the same row or higher"
        assert part in ONLY_IMPORTERS.get(other, {part}), f"{part} may not import {other}"


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(PACKAGE)))
def test_every_module_says_what_it_is(module: Path) -> None:
    assert ast.get_docstring(ast.parse(module.read_text())), "a module begins with what it is and what it does not know"


def test_every_folder_stands_in_a_row() -> None:
    folders = {part_of(module) for module in MODULES} - {"__init__", "__main__", "shapes"}
    assert folders <= set(ROW)


# What takes long to import, and where it may be: modules that are loaded when they are first needed, or run apart.
HEAVY = {
    "engines": "xllamacpp openvino openvino_genai torch transformers sentencepiece ray vllm numpy",
    "store/vectors/lance": "lancedb pyarrow numpy",
    "store/vectors/pool": "psycopg",
    "store/vectors/tables": "psycopg",
    "knowledge/structured/databases/postgres": "psycopg",
    "knowledge/structured/checking": "sqlglot",
    "store/vectors/postgres": "psycopg numpy",
}
HOMES = {
    library: [place for place in HEAVY if library in HEAVY[place].split()]
    for library in " ".join(HEAVY.values()).split()
}


def test_heavy_libraries_stay_at_home() -> None:
    for module in MODULES:
        place = module.relative_to(PACKAGE).as_posix()
        for node in ast.walk(ast.parse(module.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for library in {name.split(".")[0] for name in names} & HOMES.keys():
                assert place.startswith(tuple(HOMES[library])), f"{place} imports {library}"
