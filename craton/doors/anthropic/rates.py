"""The headers in which the Anthropic API tells of rate limits. Knows no quota.

Source: https://platform.claude.com/docs/en/api/rate-limits#response-headers
"""

import time
from collections.abc import Mapping
from datetime import UTC, datetime

from craton.core.rates import Rate


def headers(rates: Mapping[str, Rate]) -> list[tuple[str, str]]:
    told: list[tuple[str, str]] = []
    for what, rate in rates.items():
        reset = datetime.fromtimestamp(time.time() + rate.reset, UTC)
        told += (
            (f"anthropic-ratelimit-{what}-limit", str(rate.limit)),
            (f"anthropic-ratelimit-{what}-remaining", str(rate.remaining)),
            (f"anthropic-ratelimit-{what}-reset", f"{reset:%Y-%m-%dT%H:%M:%SZ}"),
        )
    return told
