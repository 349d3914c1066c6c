"""What is known of one request: for its error, its log line, and those who watch requests end. Knows no door."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from craton.core.trace import Trace


@dataclass(slots=True)
class Call:
    """One request so far.

    `name` is `<service>.<Operation>`, `caller` the ARN of the principal. `error` is the code of what went wrong, also
    of a stream that had begun, and `message` what the client was told of it. `audit` is the hash of the record that the
    audit trail has of it, `secure` tells that it came over TLS, `ms` is the time from the first byte to the last, known
    when it has ended.
    """

    request_id: str
    trace: Trace = field(default_factory=Trace)
    name: str | None = None
    caller: str | None = None
    status: int = 0
    account: str = ""
    region: str = ""
    key_id: str = ""
    source_ip: str = ""
    user_agent: str = ""
    secure: bool = False
    error: str = ""
    message: str = ""
    read_only: bool = True
    audit: str = ""
    ms: float = 0.0


# Called once for each request. It answers at once and raises nothing.
Watcher = Callable[[Call], None]


@dataclass(frozen=True, slots=True)
class Watchers:
    """Those who watch requests begin, when nobody knows yet who sent them, and end."""

    begun: Sequence[Watcher] = ()
    ended: Sequence[Watcher] = ()


NOBODY = Watchers()
