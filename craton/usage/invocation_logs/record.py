"""The record of one invocation, in the format of Bedrock's model invocation logs. Knows no place where records go.

Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html
"""

import gzip
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from craton.usage.invocation_logs import kinds
from craton.usage.invocation_logs.entry import JSON, Entry

# Bytes of a body that a record holds itself.
LARGEST = 100_000

_SPACES = bytes.maketrans(b"\r\n", b"  ")
_check = msgspec.json.Decoder(msgspec.Raw).decode


@dataclass(slots=True)
class Written:
    """A record as a line of JSON, and the bodies that it only names, by their addresses."""

    line: bytes
    objects: dict[str, bytes] = field(default_factory=dict)


def write(entry: Entry, place: Callable[[str], str] | None) -> Written:
    """`place` makes the address of a body that lies apart from its name; None where none may lie apart."""
    written = Written(b"")
    ctx = entry.ctx
    told: dict[str, object] = {
        "schemaType": "ModelInvocationLog",
        "schemaVersion": "1.0",
        "timestamp": entry.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "accountId": ctx.account,
        "identity": {"arn": ctx.principal},
        "region": ctx.region,
        "requestId": ctx.request_id,
        "operation": entry.operation,
        "modelId": entry.model,
    }
    if entry.error:
        told["errorCode"] = entry.error
    counts = entry.counts
    told["input"] = _body(entry, "input", place, written) | {
        "inputTokenCount": counts.input_tokens,
        "cacheReadInputTokenCount": counts.cache_read_tokens,
        "cacheWriteInputTokenCount": counts.cache_write_tokens,
    }
    if entry.output or not entry.error:
        told["output"] = _body(entry, "output", place, written) | {"outputTokenCount": counts.output_tokens}
    told["inferenceRegion"] = ctx.region
    if entry.metadata:
        told["requestMetadata"] = dict(entry.metadata)
    written.line = msgspec.json.encode(told)
    return written


def _body(entry: Entry, side: str, place: Callable[[str], str] | None, written: Written) -> dict[str, object]:
    """The body of one side, in the record or apart from it, as far as the configuration lets it be delivered."""
    whole = entry.input if side == "input" else entry.output
    body = kinds.without(whole, entry.settings.withheld, output=side == "output")
    told: dict[str, object] = {f"{side}ContentType": JSON}
    if not body:
        return told
    valid = _is_json(body)
    if place and (len(body) > LARGEST or not valid):
        address = place(f"{entry.ctx.request_id}_{side}.{'json' if valid else 'bin'}.gz")
        written.objects[address] = gzip.compress(body, 6, mtime=0)
        return told | {f"{side}BodyS3Path": address}
    # What is no JSON can only be told as text.
    return told | {f"{side}BodyJson": msgspec.Raw(_one_line(body)) if valid else body.decode(errors="replace")}


def _is_json(body: bytes) -> bool:
    try:
        _check(body)
        body.decode()
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return True


def _one_line(body: bytes) -> bytes:
    """JSON as it was sent may be spread over lines; within its texts a line's end is always escaped."""
    return body.translate(_SPACES)
