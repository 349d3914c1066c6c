"""What brings documents into knowledge bases, joined."""

from craton.admin.knowledge import KnowledgeApi
from craton.app.ground import Ground
from craton.config import Config
from craton.documents.parser import Parser
from craton.knowledge.access.contents import DocumentContents
from craton.knowledge.bases.bases import Bases
from craton.knowledge.bases.deleting import Deleting
from craton.knowledge.embedding import Embedder
from craton.knowledge.ingestion.api import DocumentsApi, IngestionApi
from craton.knowledge.ingestion.contents import Contents
from craton.knowledge.ingestion.direct import Direct
from craton.knowledge.ingestion.forgetting import Forgetting
from craton.knowledge.ingestion.indexing.committing import Committing
from craton.knowledge.ingestion.indexing.ingesting import Ingesting
from craton.knowledge.ingestion.indexing.pipeline import Pipeline
from craton.knowledge.ingestion.indexing.vectors import Vectors
from craton.knowledge.ingestion.loading import Loading
from craton.knowledge.ingestion.rebuilding import Rebuilding
from craton.knowledge.ingestion.run import Means
from craton.knowledge.ingestion.runs import Runs, Syncing
from craton.knowledge.ingestion.writing import Writing
from craton.knowledge.transforming.transforming import Transforming
from craton.runtime.inference import Inference

# What serves operations, in the order that `ingest` makes them.
SLICES: tuple[type, ...] = (IngestionApi, DocumentsApi, KnowledgeApi)


def ingest(
    config: Config,
    ground: Ground,
    inference: Inference,
    parser: Parser,
    bases: Bases,
    deleting: Deleting,
    writing: Writing,
    contents: Contents,
    fetched: DocumentContents,
    syncing: Syncing,
) -> tuple[object, ...]:
    documents, blobs, jobs = ground.documents, ground.blobs, ground.jobs
    transforming = Transforming(inference, blobs, config.knowledge.functions, tuple(config.s3.buckets))
    ingesting = Ingesting(parser, transforming, Vectors(Embedder(inference), contents))
    means = Means(
        store=documents,
        blobs=blobs,
        contents=contents,
        loading=Loading(blobs, contents, ingesting),
        pipeline=Pipeline(ingesting),
        writing=writing,
        committing=Committing(documents, writing, contents),
        internal=config.knowledge.internal,
    )
    deleting.also.append(Forgetting(documents, jobs, bases, contents))
    direct = Direct(jobs, bases, inference, means)
    rebuilding = Rebuilding(jobs, bases, inference, means)
    return (
        IngestionApi(bases, Runs(documents, jobs, bases, inference, means, syncing)),
        DocumentsApi(bases, direct),
        KnowledgeApi(bases, fetched, direct, rebuilding, writing, documents.tokens),
    )
