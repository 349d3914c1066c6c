"""What requests to providers carry of the way they came: the name this server goes by, and the trace they belong to.

By its name this server knows its own requests when a provider leads back to it. Sources: RFC 9110, 7.6.3 (Via); W3C
Trace Context. Knows no request.
"""

import secrets
from contextvars import ContextVar

PSEUDONYM = f"craton-{secrets.token_hex(8)}"
VIA = f"1.1 {PSEUDONYM}"

# The `traceparent` header of what is asked in this context; empty where there is none.
traceparent: ContextVar[str] = ContextVar("traceparent", default="")
