"""Knowledge bases, joined: what serves their operations."""

from contextlib import AsyncExitStack
from dataclasses import dataclass

from craton.app import answering, ingesting
from craton.app.ground import Ground, configured
from craton.app.judging import Judging
from craton.app.structuring import structure
from craton.config import Config
from craton.documents.parser import Parser
from craton.knowledge.access.api import DocumentAccessApi
from craton.knowledge.access.contents import DocumentContents
from craton.knowledge.bases.api import DataSourcesApi, KnowledgeBasesApi
from craton.knowledge.bases.bases import Bases
from craton.knowledge.bases.data_sources import DataSources
from craton.knowledge.bases.deleting import Deleting
from craton.knowledge.bases.knowledge_bases import KnowledgeBases
from craton.knowledge.bases.storage import Storage
from craton.knowledge.bases.vector_models import VectorModels
from craton.knowledge.embedding import Embedder
from craton.knowledge.ingestion.contents import Contents
from craton.knowledge.ingestion.writing import Writing
from craton.knowledge.retrieval.api import RetrieveApi
from craton.knowledge.retrieval.guarding import Guarding
from craton.knowledge.retrieval.retrieving import Retrieving
from craton.knowledge.structured.api import QueryApi
from craton.models.resolve import Models
from craton.runtime.inference import Inference
from craton.store.vectors.stores import Stores

# What serves operations, in the order that `know` makes them.
SLICES: tuple[type, ...] = (
    KnowledgeBasesApi,
    DataSourcesApi,
    DocumentAccessApi,
    *ingesting.SLICES,
    RetrieveApi,
    QueryApi,
    *answering.SLICES,
)


@dataclass(frozen=True, slots=True)
class Knowing:
    """What documents are fetched from, and what serves operations: one of each of `SLICES`."""

    contents: DocumentContents
    slices: tuple[object, ...]


def know(
    config: Config,
    ground: Ground,
    models: Models,
    inference: Inference,
    judges: Judging,
    parser: Parser,
    closing: AsyncExitStack,
) -> Knowing:
    documents, blobs, jobs, settings = ground.documents, ground.blobs, ground.jobs, config.knowledge
    bases = Bases(documents)
    with configured():
        storage = Storage(settings)
    stores = Stores(config.home, settings)
    closing.push_async_callback(stores.close)
    writing = Writing(stores)
    contents = Contents(config.home)
    deleting = Deleting(documents, jobs, bases, writing)
    fetched = DocumentContents(documents, bases, contents, blobs)
    structuring = structure(config, ground, inference, closing)
    deleting.also.append(structuring.schemas.forget)
    retrieving = Retrieving(inference, Embedder(inference), stores, structuring.structured)
    guarding = Guarding(judges.guardrails, judges.means, config.guardrails)
    slices = (
        KnowledgeBasesApi(
            KnowledgeBases(documents, bases, storage, VectorModels(models, inference), structuring.structured),
            bases,
            deleting,
        ),
        DataSourcesApi(DataSources(documents, bases, inference, settings.functions), bases, deleting),
        DocumentAccessApi(fetched),
        *ingesting.ingest(
            config, ground, inference, parser, bases, deleting, writing, contents, fetched, structuring.syncing
        ),
        RetrieveApi(bases, retrieving, guarding, documents.tokens),
        QueryApi(bases, structuring.structured),
        *answering.answer(config, ground, inference, judges, parser, bases, retrieving, guarding, stores),
    )
    return Knowing(fetched, slices)
