"""Who calls, from where, what the caller may, and what goes back beside the answer. Knows no HTTP and no capability."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, Self

from craton.core.rates import Rate
from craton.core.trace import Trace
from craton.errors import AccessDeniedException
from craton.store.records import Scope

# Values of a request's condition keys, by the key's name: {"aws:SourceIp": ["10.0.0.7"]}.
Keys = Mapping[str, Sequence[str]]


class Permit(Protocol):
    """What the policies say of one caller."""

    def __call__(self, action: str, resource: str, keys: Keys) -> None:
        """Raises AccessDeniedException where the caller may not do `action` to the resource of this ARN."""
        ...


def everything(action: str, resource: str, keys: Keys) -> None:
    """The permit of the server itself."""


@dataclass(frozen=True, slots=True)
class Granted:
    """The permit of work that was permitted when it was asked for: for what its request led to then, and nothing else
    that it may lead to since.
    """

    resources: frozenset[str]

    def __call__(self, action: str, resource: str, keys: Keys) -> None:
        if resource not in self.resources:
            raise AccessDeniedException(
                f"It was not asked whether {action} is allowed on resource: {resource}, which the request leads to by "
                "now. Send the request again."
            )


# What a job keeps of its caller, who is not there any more.
_KEPT = ("key_id", "tags", "operation", "metadata")


@dataclass(frozen=True, slots=True)
class Context:
    """One call. `headers` are extra response headers a handler may set before it returns or before its first event.

    `key_id` is the id of the access key or API key that proved who calls, `source_ip` the client's address, `tags` are
    those of the principal. `operation` is what was asked, `<service>.<Operation>`, and `metadata` what the caller wants
    told of it (Converse's `requestMetadata`). `rates` is what is left of the caller's quotas. `endpoint` is where the
    client found this server, `https://host:port`.
    """

    account: str
    region: str
    principal: str
    request_id: str
    headers: dict[str, str] = field(default_factory=dict)
    key_id: str = ""
    source_ip: str = ""
    permit: Permit = everything
    trace: Trace = field(default_factory=Trace)
    tags: Mapping[str, str] = field(default_factory=dict)
    operation: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    rates: dict[str, Rate] = field(default_factory=dict)
    endpoint: str = ""

    @classmethod
    def read(cls, scope: Scope, record: Mapping[str, Any]) -> Self:
        """The context in which a job does what was asked, and permitted, earlier; `record` tells who asked."""
        kept = {name: record[name] for name in _KEPT if name in record}
        permit = Granted(frozenset(record["granted"])) if "granted" in record else everything
        return cls(scope.account, scope.region, record["principal"], record["request_id"], permit=permit, **kept)

    def record(self, granted: Iterable[str]) -> dict[str, Any]:
        """Who asked for what, as a job keeps it. `granted` are the ARNs of what it was permitted to use."""
        kept: dict[str, Any] = {"principal": self.principal, "request_id": self.request_id, "granted": [*granted]}
        return kept | {name: getattr(self, name) for name in _KEPT}

    @property
    def scope(self) -> Scope:
        """Where its resources are kept."""
        return Scope(self.account, self.region)

    def arn(self, resource: str, *, service: str = "bedrock") -> str:
        """The ARN of a resource of this caller, such as `guardrail/abc`."""
        return f"arn:aws:{service}:{self.region}:{self.account}:{resource}"

    def require(self, action: str, resource: str, keys: Keys | None = None) -> None:
        """Go on only where the caller may do `action`, such as `bedrock:InvokeModel`, to the resource of this ARN.

        `keys` are condition keys beyond those of every request. Raises AccessDeniedException.
        """
        self.permit(action, resource, keys or {})
