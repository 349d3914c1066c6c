"""The client's side: botocore's own serializers and parsers, used without a client."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from botocore import parsers, serialize
from botocore.awsrequest import HeadersDict
from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel

from craton.wire.message import Request, Response
from craton.wire.spec import Operation

_models: dict[str, ServiceModel] = {}


def operation_model(operation: Operation) -> OperationModel:
    name = operation.service.name
    if name not in _models:
        _models[name] = ServiceModel(Loader().load_service_model(name, "service-2"), name)
    return _models[name].operation_model(operation.name)


def serialize_request(model: OperationModel, protocol: str, parameters: dict[str, Any]) -> Request:
    serializer = serialize.create_serializer(protocol, include_validation=False)
    sent = serializer.serialize_to_request(parameters, model)
    query = sent["query_string"]
    return Request(
        method=sent["method"],
        path=sent["url_path"],
        query=urlencode(query, doseq=True) if query else "",
        headers=tuple((name.lower(), value) for name, value in sent["headers"].items()),
        body=sent["body"],
    )


def parse_response(
    model: OperationModel, protocol: str, response: Response, frames: Sequence[bytes] = ()
) -> dict[str, Any]:
    """What boto3 would return. The member that is an event stream yields the events of `frames`."""
    body: Any = response.body
    if model.has_event_stream_output:
        body = _Received(frames)
    elif model.has_streaming_output or _payload_type(model) == "blob":
        # botocore takes `bytes` for text here; boto3 hands it a file.
        body = bytearray(body)
    received = {
        "status_code": response.status,
        "headers": HeadersDict(response.headers),
        "body": body,
        "context": {"operation_name": model.name},
    }
    parsed: dict[str, Any] = parsers.create_parser(protocol).parse(received, model.output_shape)
    parsed.pop("ResponseMetadata", None)
    return parsed


class _Received:
    """The part of urllib3's response that an event stream reads."""

    def __init__(self, frames: Sequence[bytes]) -> None:
        self._frames = frames

    def stream(self) -> Sequence[bytes]:
        return self._frames

    def close(self) -> None:
        pass


def _payload_type(model: OperationModel) -> str | None:
    payload = model.output_shape.serialization.get("payload")
    return model.output_shape.members[payload].type_name if payload else None


def parse_error(model: OperationModel, protocol: str, response: Response) -> dict[str, Any]:
    """What boto3 raises as a ClientError's `response`."""
    received = {"status_code": response.status, "headers": HeadersDict(response.headers), "body": response.body}
    parsed: dict[str, Any] = parsers.create_parser(protocol).parse(received, model.output_shape)
    return parsed
