"""The three ways of the AWS protocols to write an instant: ISO 8601, seconds since 1970, and the date of RFC 822.

Formats are named as `Member.clock` names them. Knows nothing of shapes. Source: https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
"""

import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

EXAMPLES = {
    "iso8601": "a date-time such as '2026-01-31T12:00:00Z'",
    "unixtimestamp": "a number of seconds since 1970",
    "rfc822": "a date such as 'Sat, 31 Jan 2026 12:00:00 GMT'",
}

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.IGNORECASE | re.ASCII)


def read(clock: str, value: str | float) -> datetime:
    """The instant in UTC. Raises ValueError where the value is not one of years 1 to 9999 in this format."""
    try:
        if clock == "unixtimestamp":
            return _EPOCH + timedelta(seconds=float(value))
        return _parse(clock, str(value)).astimezone(UTC)
    except OverflowError:
        raise ValueError(f"{value!r} is out of range") from None


def write(clock: str, instant: datetime) -> str | int | float:
    """Raises TypeError for an instant without a time zone."""
    if instant.tzinfo is None:
        raise TypeError(f"the instant {instant!r} has no time zone")
    instant = instant.astimezone(UTC)
    if clock == "unixtimestamp":
        micros = (instant - _EPOCH) // timedelta(microseconds=1)
        return micros / 1_000_000 if micros % 1_000_000 else micros // 1_000_000
    if clock == "iso8601":
        precision = "milliseconds" if instant.microsecond and not instant.microsecond % 1000 else "auto"
        return instant.isoformat(timespec=precision).replace("+00:00", "Z")
    return format_datetime(instant, usegmt=True)


def _parse(clock: str, text: str) -> datetime:
    if clock == "rfc822":
        return parsedate_to_datetime(text).replace(tzinfo=UTC)
    if not _ISO.fullmatch(text):
        raise ValueError(f"{text!r} is not a date-time")
    return datetime.fromisoformat(text.upper())
