"""Everything that is done to the chunks of a document before they are indexed, in its order. Knows no index."""

from collections.abc import Collection, Mapping, Sequence

from craton.core.context import Context
from craton.knowledge.chunking.pieces import Piece
from craton.knowledge.records import Source
from craton.knowledge.transforming.enrichment import Enrichment
from craton.knowledge.transforming.functions import Functions
from craton.knowledge.transforming.passages import Original, Passage
from craton.runtime.inference import Inference
from craton.store.blobs import Blobs
from craton.store.vectors.records import Value


class Transforming:
    """`functions` are those of the configuration, `remote` the patterns of buckets in a real object store."""

    def __init__(
        self, inference: Inference, blobs: Blobs, functions: Mapping[str, str], remote: Collection[str]
    ) -> None:
        self._functions = Functions(blobs, functions, remote)
        self._enrichment = Enrichment(inference)

    async def transformed(
        self,
        ctx: Context,
        source: Source,
        job: str,
        uri: str,
        location: Mapping[str, object],
        metadata: Mapping[str, Value],
        pieces: Sequence[Piece],
    ) -> list[Passage]:
        """As the data source is configured: by its function, then by the model that enriches.

        Raises TransformationFailure, and ApiError as the model does.
        """
        passages = [Passage(piece) for piece in pieces]
        custom = source.ingesting.get("customTransformationConfiguration")
        if custom is not None:
            original = Original(uri, location, metadata)
            passages = await self._functions.transformed(source, custom, job, original, passages)
        context = source.ingesting.get("contextEnrichmentConfiguration")
        if context is not None:
            passages = await self._enrichment.enriched(ctx, context, metadata, passages)
        return passages
