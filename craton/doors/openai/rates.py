"""The headers in which the OpenAI API tells of rate limits. Knows no quota.

Source: https://platform.openai.com/docs/guides/rate-limits#rate-limits-in-headers
"""

from collections.abc import Mapping

from craton.core.rates import Rate


def headers(rates: Mapping[str, Rate]) -> list[tuple[str, str]]:
    told: list[tuple[str, str]] = []
    for what, rate in rates.items():
        told += (
            (f"x-ratelimit-limit-{what}", str(rate.limit)),
            (f"x-ratelimit-remaining-{what}", str(rate.remaining)),
            (f"x-ratelimit-reset-{what}", duration(rate.reset)),
        )
    return told


def duration(seconds: float) -> str:
    """As the API writes it: `850ms`, `17.2s`, `6m0s`."""
    milliseconds = round(seconds * 1000)
    if milliseconds < 1000:
        return f"{milliseconds}ms"
    minutes, rest = divmod(milliseconds / 1000, 60)
    return f"{minutes:.0f}m{rest:g}s" if minutes else f"{rest:g}s"
