"""Knowledge bases over SQL databases, joined."""

from contextlib import AsyncExitStack
from dataclasses import dataclass

from craton.app.ground import Ground, configured
from craton.config import Config
from craton.knowledge.structured.answering import Structured
from craton.knowledge.structured.databases.databases import Databases
from craton.knowledge.structured.schemas import Schemas
from craton.knowledge.structured.syncing import Syncing
from craton.runtime.inference import Inference


@dataclass(frozen=True, slots=True)
class Structuring:
    """What answers questions, what reads tables, and what is kept of these."""

    structured: Structured
    syncing: Syncing
    schemas: Schemas


def structure(config: Config, ground: Ground, inference: Inference, closing: AsyncExitStack) -> Structuring:
    with configured():
        databases = Databases(config.home, config.knowledge.databases)
    closing.push_async_callback(databases.close)
    schemas = Schemas(ground.documents)
    structured = Structured(schemas, databases, inference, config.default_model)
    return Structuring(structured, Syncing(databases), schemas)
