"""How the texts of a data source are chunked, as its configuration says. Knows no document and no model.

The strategies are those of https://docs.aws.amazon.com/bedrock/latest/userguide/kb-chunking.html
"""

from collections.abc import Callable, Mapping
from typing import Any

from craton.errors import ValidationException
from craton.knowledge.chunking.fixed import FixedSize, Whole
from craton.knowledge.chunking.hierarchical import Hierarchical
from craton.knowledge.chunking.pieces import Chunking
from craton.knowledge.chunking.semantic import Semantic

# Tokens of a chunk where nothing is configured.
DEFAULT = 300


def plan(ingesting: Mapping[str, Any]) -> Chunking:
    """What a `vectorIngestionConfiguration` asks for. Raises ValidationException where it contradicts itself."""
    asked = ingesting.get("chunkingConfiguration")
    if asked is None:
        return FixedSize(DEFAULT)
    strategy = asked["chunkingStrategy"]
    if strategy == "HIERARCHICAL" and "customTransformationConfiguration" in ingesting:
        raise ValidationException(
            "A function that transforms chunks cannot tell which of its chunks are parents and children. Use another "
            "chunking strategy than 'HIERARCHICAL', or leave out 'customTransformationConfiguration'."
        )
    member, make = _STRATEGIES[strategy]
    for other in asked:
        if other not in {"chunkingStrategy", member}:
            raise ValidationException(
                f"The chunking strategy is {strategy!r}, which has nothing to do with {other!r}. "
                "Leave out the member, or name the strategy that it belongs to."
            )
    if member is None:
        return make({})
    if member not in asked:
        raise ValidationException(f"The chunking strategy {strategy!r} needs {member!r}. Add the member.")
    return make(asked[member])


def _fixed(asked: Mapping[str, Any]) -> Chunking:
    return FixedSize(asked["maxTokens"], asked["maxTokens"] * asked["overlapPercentage"] // 100)


def _hierarchical(asked: Mapping[str, Any]) -> Chunking:
    parent, child = (level["maxTokens"] for level in asked["levelConfigurations"])
    overlap = asked["overlapTokens"]
    if child >= parent:
        raise ValidationException(
            f"Children of {child} tokens are not smaller than their parents of {parent}. The first of the "
            "'levelConfigurations' is that of the parents: give it the larger 'maxTokens'."
        )
    if overlap >= child:
        raise ValidationException(
            f"An overlap of {overlap} tokens leaves nothing new in children of {child}. Make 'overlapTokens' smaller "
            "than the 'maxTokens' of both levels."
        )
    return Hierarchical(parent, child, overlap)


def _semantic(asked: Mapping[str, Any]) -> Chunking:
    return Semantic(asked["maxTokens"], asked["bufferSize"], asked["breakpointPercentileThreshold"])


# The member that configures each strategy, and what it makes.
_STRATEGIES: Mapping[str, tuple[str | None, Callable[[Mapping[str, Any]], Chunking]]] = {
    "FIXED_SIZE": ("fixedSizeChunkingConfiguration", _fixed),
    "HIERARCHICAL": ("hierarchicalChunkingConfiguration", _hierarchical),
    "SEMANTIC": ("semanticChunkingConfiguration", _semantic),
    "NONE": (None, lambda _: Whole()),
}
