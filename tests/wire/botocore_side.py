"""The client's side: botocore's own serializers and parsers, used without a client."""

from typing import Any
from urllib.parse import urlencode

from botocore import parsers, serialize
from botocore.eventstream import EventStream
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


def parse_response(model: OperationModel, protocol: str, response: Response) -> dict[str, Any]:
    received = {"status_code": response.status, "headers": _headers(response), "body": response.body}
    parsed = parsers.create_parser(protocol).parse(received, model.output_shape)
    metadata = parsed.pop("ResponseMetadata", {})
    assert metadata.get("HTTPStatusCode", response.status) == response.status
    return parsed


class _Received:
    """What urllib3 would hold."""

    def __init__(self, frames: list[bytes]) -> None:
        self._frames = frames

    def stream(self) -> list[bytes]:
        return self._frames

    def close(self) -> None:
        pass


def parse_events(model: OperationModel, protocol: str, frames: list[bytes]) -> list[dict[str, Any]]:
    """The events as an iteration over boto3's stream yields them; raises its EventStreamError for an exception frame."""
    parser = parsers.create_parser(protocol)._event_stream_parser
    return list(EventStream(_Received(frames), model.get_event_stream_output(), parser, model.name))


def _headers(response: Response) -> Any:
    from botocore.awsrequest import HeadersDict

    return HeadersDict(response.headers)
