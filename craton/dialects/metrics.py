"""What Bedrock puts beside a family's own bodies: the metrics on a stream's last chunk. Knows no family.

The counts of a plain answer stand in its headers. Who reads an answer whose body does not tell them adds them to it
with `write_metrics`, and finds them in the same place as in a stream.
"""

from collections.abc import Mapping

from craton.dialects.body import Json
from craton.dialects.converse import Block

METRICS = "amazon-bedrock-invocationMetrics"


def write_metrics(usage: Mapping[str, int], latency: int, first_byte_latency: int, *, cache: bool) -> Block:
    """What the last chunk carries beside its own members; latencies in milliseconds; `cache` for its counts too."""
    counts: Block = {"inputTokenCount": usage["inputTokens"], "outputTokenCount": usage["outputTokens"]}
    counts |= {"invocationLatency": latency, "firstByteLatency": first_byte_latency}
    if cache:
        counts["cacheReadInputTokenCount"] = usage.get("cacheReadInputTokens", 0)
        counts["cacheWriteInputTokenCount"] = usage.get("cacheWriteInputTokens", 0)
    return {METRICS: counts}


def read_metrics(chunk: Json) -> Block | None:
    """Converse's usage by the metrics of a chunk, or of a body that they were added to; None where there are none."""
    if (counts := chunk.get(METRICS)) is None:
        return None
    read, written = counts.get("cacheReadInputTokenCount"), counts.get("cacheWriteInputTokenCount")
    return usage_of(counts["inputTokenCount"], counts["outputTokenCount"], read, written)


def usage_of(given: int, told: int, read: int | None = None, written: int | None = None) -> Block:
    """Converse's usage of so many tokens read and written, and of those that a cache held or took."""
    usage: Block = {
        "inputTokens": given,
        "outputTokens": told,
        "totalTokens": given + told + (read or 0) + (written or 0),
    }
    usage |= {"cacheReadInputTokens": read} if read is not None else {}
    return usage | ({"cacheWriteInputTokens": written} if written is not None else {})
