"""Who calls, from where, and what goes back beside the answer. Knows no HTTP and no capability."""

from dataclasses import dataclass, field

from craton.store.records import Scope


@dataclass(frozen=True, slots=True)
class Context:
    """One call. `headers` are extra response headers a handler may set before it returns or before its first event."""

    account: str
    region: str
    principal: str
    request_id: str
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def scope(self) -> Scope:
        """Where its resources are kept."""
        return Scope(self.account, self.region)

    def arn(self, resource: str, *, service: str = "bedrock") -> str:
        """The ARN of a resource of this caller, such as `guardrail/abc`."""
        return f"arn:aws:{service}:{self.region}:{self.account}:{resource}"
