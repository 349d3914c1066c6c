"""Service models: what AWS publishes about operations and shapes, read from botocore's data or from our own documents.

The format is botocore's `service-2.json`. Knows nothing of HTTP messages or values.
"""

import gzip
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import msgspec

Location = Literal["uri", "querystring", "header", "headers", "statusCode"]
TimestampFormat = Literal["iso8601", "unixTimestamp", "rfc822"]

BODY_FORMAT: TimestampFormat = "unixTimestamp"
"""How a JSON body writes a timestamp whose shape does not say."""
LOCATION_FORMATS: Mapping[Location | None, TimestampFormat] = {
    "uri": "iso8601",
    "querystring": "iso8601",
    "header": "rfc822",
    "headers": "rfc822",
}
"""How the other places write one."""


class ErrorTraits(msgspec.Struct, rename="camel", frozen=True):
    code: str | None = None
    http_status_code: int | None = None


class Shape(msgspec.Struct, rename="camel", eq=False, omit_defaults=True):
    """A type of the model, compared by identity. What it holds leads to further shapes, often in circles."""

    type: str
    name: str = ""
    members: dict[str, "Member"] = {}
    required: tuple[str, ...] = ()
    member: "Member | None" = None
    key: "Member | None" = None
    value: "Member | None" = None
    min: int | float | None = None
    max: int | float | None = None
    pattern: str | None = None
    enum: tuple[str, ...] = ()
    timestamp_format: str | None = None
    payload: str | None = None
    error: ErrorTraits | None = None
    union: bool = False
    document: bool = False
    exception: bool = False
    fault: bool = False
    eventstream: bool = False
    sensitive: bool = False

    def __repr__(self) -> str:
        return f"<shape {self.name}>"

    @property
    def mandatory(self) -> list[str]:
        """The members a request must hold. An idempotency token is not among them: client libraries make it up."""
        return [name for name in self.required if not self.members[name].idempotency_token]

    @property
    def body_members(self) -> dict[str, "Member"]:
        """The members that travel in the body: all, unless this is an operation's input or output."""
        return {name: member for name, member in self.members.items() if member.location is None}

    @property
    def event_member(self) -> str | None:
        """The name of the member that is an event stream."""
        return next((name for name, member in self.members.items() if member.shape.eventstream), None)


EMPTY = Shape(type="structure", name="Empty")
"""The input or output of an operation whose model states none."""


class Member(msgspec.Struct, rename="camel", eq=False):
    """A shape's place in another shape."""

    target: str = msgspec.field(name="shape")
    # Not in the document: `Service` fills it in.
    shape: Shape = msgspec.field(name="resolved shape", default_factory=lambda: EMPTY)
    location: Location | None = None
    location_name: str | None = None
    timestamp_format: str | None = None
    idempotency_token: bool = False

    def __repr__(self) -> str:
        return f"<member of shape {self.target}>"

    @property
    def clock(self) -> str:
        """The format of a timestamp here: `iso8601`, `unixtimestamp` or `rfc822`."""
        return self.clock_at(self.location)

    def clock_at(self, location: Location | None) -> str:
        """The same for the items of a list at that location."""
        stated = self.timestamp_format or self.shape.timestamp_format
        return (stated or LOCATION_FORMATS.get(location, BODY_FORMAT)).lower()


class _Http(msgspec.Struct, rename="camel"):
    method: str = "POST"
    request_uri: str = "/"
    response_code: int = 200


class _Operation(msgspec.Struct, rename="camel"):
    name: str
    http: _Http
    input: Member | None = None
    output: Member | None = None
    errors: list[Member] = []
    readonly: bool = False


class _Metadata(msgspec.Struct, rename="camel"):
    protocol: str
    endpoint_prefix: str = ""
    signing_name: str | None = None
    target_prefix: str | None = None
    json_version: str = "1.0"
    auth: list[str] = []


class _Model(msgspec.Struct):
    metadata: _Metadata
    operations: dict[str, _Operation]
    shapes: dict[str, Shape]


@dataclass(frozen=True, eq=False)
class Operation:
    name: str
    service: "Service"
    method: str
    uri: str
    status: int
    input: Shape
    output: Shape
    errors: Mapping[str, Shape]
    readonly: bool

    def __repr__(self) -> str:
        return f"<{self.full_name}>"

    @cached_property
    def full_name(self) -> str:
        """Its own among all services, such as `bedrock-runtime.Converse`."""
        return f"{self.service.name}.{self.name}"

    @cached_property
    def token_member(self) -> str | None:
        """The member of the input that makes a repeated request known."""
        return next((name for name, member in self.input.members.items() if member.idempotency_token), None)

    @cached_property
    def takes_events(self) -> bool:
        return self.input.event_member is not None

    @cached_property
    def gives_events(self) -> bool:
        return self.output.event_member is not None

    @cached_property
    def target(self) -> str | None:
        """The `X-Amz-Target` that names this operation, where the protocol names operations so."""
        prefix = self.service.target_prefix
        return f"{prefix}.{self.name}" if prefix else None


class Service:
    """One service model. Operations with the same path live in different services; see the router."""

    def __init__(self, name: str, model: _Model) -> None:
        _link(model)
        metadata = model.metadata
        self.name = name
        self.signing_name = metadata.signing_name or metadata.endpoint_prefix
        self.protocol = metadata.protocol
        self.json_version = metadata.json_version
        self.target_prefix = metadata.target_prefix if metadata.protocol == "json" else None
        self.bearer = "smithy.api#httpBearerAuth" in metadata.auth
        self.shapes: Mapping[str, Shape] = model.shapes
        self.errors: Mapping[str, Shape] = {_code(shape): shape for shape in model.shapes.values() if shape.exception}
        self.operations: Mapping[str, Operation] = {
            name: Operation(
                name=name,
                service=self,
                method=operation.http.method,
                uri=operation.http.request_uri,
                status=operation.http.response_code,
                input=operation.input.shape if operation.input else EMPTY,
                output=operation.output.shape if operation.output else EMPTY,
                errors={_code(error.shape): error.shape for error in operation.errors},
                readonly=operation.readonly,
            )
            for name, operation in model.operations.items()
        }

    @classmethod
    def parse(cls, document: Mapping[str, object], name: str | None = None) -> "Service":
        """A service from a parsed document; it is named for its endpoint prefix unless `name` is given."""
        model = msgspec.convert(document, _Model)
        return cls(name or model.metadata.endpoint_prefix, model)

    def __repr__(self) -> str:
        return f"<service {self.name}>"


def bedrock_services() -> list[str]:
    """The services that botocore ships whose names begin with `bedrock`."""
    return sorted(folder.name for folder in _data().glob("bedrock*"))


def load_service(name: str) -> Service:
    """The newest model that botocore ships for a service, such as `bedrock-runtime`."""
    newest = max((_data() / name).iterdir())
    return Service(name, msgspec.json.decode(gzip.decompress((newest / "service-2.json.gz").read_bytes()), type=_Model))


def _data() -> Path:
    """botocore's data folder, found without importing botocore, whose import takes longer than all else here."""
    package = find_spec("botocore")
    assert package is not None, "botocore is a dependency"
    assert package.submodule_search_locations
    return Path(package.submodule_search_locations[0]) / "data"


def _link(model: _Model) -> None:
    for name, shape in model.shapes.items():
        shape.name = name
        if shape.pattern:
            # bedrock-agent writes "/d" where a digit is meant; taken literally, no agent could ever be tagged.
            shape.pattern = shape.pattern.replace("/d{", r"\d{").replace("/d+", r"\d+")
            # bedrock forgets the routers that its own CreatePromptRouter makes.
            shape.pattern = shape.pattern.replace(":default-prompt-router/", ":(default-)?prompt-router/")
    for member in _members(model):
        member.shape = model.shapes[member.target]


def _members(model: _Model) -> Iterator[Member]:
    for shape in model.shapes.values():
        yield from shape.members.values()
        for member in (shape.member, shape.key, shape.value):
            if member:
                yield member
    for operation in model.operations.values():
        yield from operation.errors
        for member in (operation.input, operation.output):
            if member:
                yield member


def _code(error: Shape) -> str:
    """The code that an error travels under."""
    return (error.error and error.error.code) or error.name
