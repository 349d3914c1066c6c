"""Who calls, from where, and what goes back beside the answer. Knows no HTTP, store or capability."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Context:
    """One call. `headers` are extra response headers a handler may set before it returns or before its first event."""

    account: str
    region: str
    principal: str
    request_id: str
    headers: dict[str, str] = field(default_factory=dict)

    def arn(self, resource: str, *, service: str = "bedrock") -> str:
        """The ARN of a resource of this caller, such as `guardrail/abc`."""
        return f"arn:aws:{service}:{self.region}:{self.account}:{resource}"
