"""The name this server goes by in requests to providers, by which it knows its own when a provider leads back to it.

Source: RFC 9110, 7.6.3 (Via). Knows no request.
"""

import secrets

PSEUDONYM = f"craton-{secrets.token_hex(8)}"
VIA = f"1.1 {PSEUDONYM}"
