"""Runs one function once, in a process of its own: the event comes in by standard input, the answer goes out by the
descriptor that is named.

Run by its path as `worker.py <file> <function> <descriptor>`. What the function prints goes to standard error. Knows
nothing of this package, and imports nothing of it.
"""

import importlib.util
import json
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import cast


def main(file: str, name: str, out: str) -> None:
    os.set_inheritable(int(out), False)
    event = json.loads(sys.stdin.buffer.read())
    os.dup2(2, 1)

    def tell(answer: object) -> None:
        with os.fdopen(int(out), "w") as stream:
            json.dump(answer, stream)

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        frames = [frame for frame in traceback.extract_tb(trace) if frame.filename == file]
        where = f" ({Path(file).name}, line {frames[-1].lineno})" if frames else ""
        tell({"error": f"{kind.__name__}: {error}{where}"})

    sys.excepthook = hook
    answer = _handler(file, name)(event, Context(name))
    text = json.dumps(answer)
    tell({"answer": json.loads(text)})


def _handler(file: str, name: str) -> Callable[[object, object], object]:
    sys.path.insert(0, str(Path(file).resolve().parent))
    spec = importlib.util.spec_from_file_location(Path(file).stem, file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file!r} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return cast("Callable[[object, object], object]", getattr(module, name))


class Context:
    """What of Lambda's context is known here."""

    def __init__(self, name: str) -> None:
        self.function_name = name
        self.function_version = "$LATEST"
        self.memory_limit_in_mb = 0
        self.aws_request_id = os.urandom(16).hex()


if __name__ == "__main__":
    main(*sys.argv[1:4])
