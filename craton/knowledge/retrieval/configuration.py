"""A request's retrievalConfiguration as what is searched for. Knows no index.

Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_KnowledgeBaseRetrievalConfiguration.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from craton.dialects.body import Json
from craton.errors import ValidationException
from craton.knowledge.records import Base
from craton.knowledge.retrieval import filters
from craton.store.vectors.filters import Filter

RESULTS = 5  # where a request does not say how many

_VECTOR, _MANAGED = "vectorSearchConfiguration", "managedSearchConfiguration"


@dataclass(frozen=True, slots=True)
class Reranked:
    """How the found chunks are ranked anew. `number` None: all of them stay.

    `included` are the names of the metadata that the model is told; None: all but the `excluded`.
    """

    model: str
    fields: Json
    number: int | None
    told: bool = False
    included: frozenset[str] | None = None
    excluded: frozenset[str] = frozenset()

    @classmethod
    def read(cls, asked: Json) -> Self:
        """Of a rerankingConfiguration. Raises ValidationException."""
        if "bedrockRerankingConfiguration" not in asked:
            raise ValidationException(
                "The rerankingConfiguration has no 'bedrockRerankingConfiguration'. Add it, with the model that ranks."
            )
        config = asked["bedrockRerankingConfiguration"]
        model, metadata = config["modelConfiguration"], config.get("metadataConfiguration")
        told, included, excluded = _metadata(metadata) if metadata else (False, None, frozenset[str]())
        return cls(
            model["modelArn"],
            model.get("additionalModelRequestFields", {}),
            config.get("numberOfRerankedResults"),
            told,
            included,
            excluded,
        )

    def selects(self, name: str) -> bool:
        """Whether the model is told this attribute."""
        return self.told and name not in self.excluded and (self.included is None or name in self.included)


@dataclass(frozen=True, slots=True)
class Search:
    """How many chunks are found at most, and by what. `implicit` is an ImplicitFilterConfiguration."""

    number: int = RESULTS
    hybrid: bool = True
    where: Filter | None = None
    implicit: Json | None = None
    reranked: Reranked | None = None


def read(base: Base, asked: Mapping[str, Any]) -> Search:
    """Raises ValidationException, also for what is another type of knowledge base's."""
    if base.configuration["type"] == "MANAGED":
        if _VECTOR in asked:  # in the service's words
            raise ValidationException(
                f"Incompatible configuration: {_VECTOR} is not supported for managed knowledge bases. Use {_MANAGED} "
                "instead."
            )
        return _managed(asked.get(_MANAGED, {}))
    if _MANAGED in asked:
        raise ValidationException(
            f"Incompatible configuration: {_MANAGED} is only supported for managed knowledge bases. Use {_VECTOR} "
            "instead."
        )
    return _vector(asked.get(_VECTOR, {}))


def rows(asked: Mapping[str, Any]) -> int | None:
    """How many rows of a structured knowledge base are wanted: all else is about chunks. Raises ValidationException."""
    given = {**asked.get(_VECTOR, {}), **asked.get(_MANAGED, {})}
    number: int | None = given.pop("numberOfResults", None)
    if given:
        raise ValidationException(
            f"A structured knowledge base has no chunks, so {min(given)!r} says nothing of it. Leave it out, and ask "
            "for what you want in the query."
        )
    return number


def _vector(config: Json) -> Search:
    return Search(
        config.get("numberOfResults", RESULTS),
        config.get("overrideSearchType", "HYBRID") == "HYBRID",
        filters.read(config["filter"]) if "filter" in config else None,
        config.get("implicitFilterConfiguration"),
        Reranked.read(config["rerankingConfiguration"]) if "rerankingConfiguration" in config else None,
    )


def _managed(config: Json) -> Search:
    return Search(
        config.get("numberOfResults", RESULTS),
        where=filters.read(config["filter"]) if "filter" in config else None,
        reranked=_managed_ranking(config),
    )


def _managed_ranking(config: Json) -> Reranked | None:
    asked, ranker = config.get("rerankingConfiguration"), config.get("rerankingModelType")
    if ranker == "CUSTOM" and asked is None:
        raise ValidationException("The rerankingModelType 'CUSTOM' needs a 'rerankingConfiguration'. Add it.")
    # What this server has instead of a model of its own is the order of the search itself.
    if ranker in ("MANAGED", "NONE") and asked is not None:
        raise ValidationException(
            f"The rerankingModelType {ranker!r} contradicts the 'rerankingConfiguration'. Leave out one of them."
        )
    return Reranked.read(asked) if asked is not None else None


def _metadata(config: Json) -> tuple[bool, frozenset[str] | None, frozenset[str]]:
    """Whether the model is told metadata; which; and which not."""
    selective = config.get("selectiveModeConfiguration")
    if config["selectionMode"] == "ALL":
        if selective is not None:
            raise ValidationException(
                "The selectionMode 'ALL' contradicts the 'selectiveModeConfiguration'. Leave it out, or send "
                "'SELECTIVE'."
            )
        return True, None, frozenset()
    if selective is None:
        raise ValidationException("The selectionMode 'SELECTIVE' needs a 'selectiveModeConfiguration'. Add it.")
    included, excluded = (
        frozenset(field["fieldName"] for field in selective[member]) if member in selective else None
        for member in ("fieldsToInclude", "fieldsToExclude")
    )
    return True, included, excluded or frozenset()
