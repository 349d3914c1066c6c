"""The means of guardrails on this machine, as the server has them, and judges asked one text at a time."""

import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from craton.config import GuardrailSettings
from craton.engines import registry
from craton.engines.supervisor import Engines
from craton.guardrails.findings import Finding, Judge, Window
from craton.guardrails.local_means import LocalMeans
from craton.guardrails.means import Means
from craton.models.files.library import Library
from craton.models.resolve import Models
from craton.store.documents import Documents

ROOT = Path(__file__).resolve().parents[2]


@asynccontextmanager
async def local_means(judge: str | None = None) -> AsyncIterator[Means]:
    """Models of `.models`, which `craton pull guardrails` or the tests put there. `judge` names a text model."""
    with tempfile.TemporaryDirectory() as folder:
        documents, engines = Documents.open(Path(folder)), Engines()
        models = Models(Library(ROOT / ".models"), documents, engines=registry.available())
        try:
            yield LocalMeans(models, engines, GuardrailSettings(judge=judge))
        finally:
            await engines.close()
            await documents.close()


async def findings(judge: Judge | None, text: str, *, full: bool = False) -> Sequence[Finding]:
    """What is found in a text; nothing is found by a judge that is not there."""
    return await judge.judge([Window(text)], full=full) if judge else []


def detected(found: Sequence[Finding]) -> list[Finding]:
    return [each for each in found if each.entry.get("detected", True)]
