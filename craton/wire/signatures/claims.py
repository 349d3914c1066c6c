"""Who a request says has sent it: a Signature Version 4 in the Authorization header or the query, or a Bedrock API key.

A short-term API key is itself a presigned request: "bedrock-api-key-" and the base64 of its URL without the scheme, as
AWS's token generators make it (https://github.com/aws/aws-bedrock-token-generator-python). Reads strictly and believes
nothing: `sigv4` verifies a signature, and who keeps the API keys judges a key. Knows no secrets, clocks or operations.
"""

import binascii
import re
from base64 import b64decode
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import unquote

from craton.errors import IncompleteSignatureException, MissingAuthenticationTokenException
from craton.wire.message import Request
from craton.wire.signatures import canonical

ALGORITHM = "AWS4-HMAC-SHA256"
TERMINATOR = "aws4_request"
LONGEST_LIFE = 7 * 24 * 60 * 60
"""Seconds for which a presigned URL may be valid."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a signing key is good for."""

    date: str
    region: str
    service: str

    def __str__(self) -> str:
        return f"{self.date}/{self.region}/{self.service}/{TERMINATOR}"


@dataclass(frozen=True, slots=True)
class Signature:
    """A Signature Version 4. `lifetime` is that of a presigned query in seconds, None for an Authorization header."""

    access_key_id: str
    scope: Scope
    timestamp: str  # X-Amz-Date as it was sent, and the instant it means
    signed_at: datetime
    signed_headers: tuple[str, ...]
    signature: str
    session_token: str | None = field(default=None, repr=False)
    lifetime: int | None = None

    def expired(self, now: datetime) -> bool:
        """Whether it is presigned, and its lifetime is over."""
        return self.lifetime is not None and self.signed_at + timedelta(seconds=self.lifetime) < now


@dataclass(frozen=True, slots=True)
class BearerKey:
    """A Bedrock API key, short-term or long-term; opaque here."""

    key: str = field(repr=False)


Claim = Signature | BearerKey

SHORT_TERM_PREFIX = "bedrock-api-key-"
LONGEST_SHORT_TERM = 12 * 60 * 60
"""Seconds for which a short-term API key may be valid."""

_CREDENTIAL = re.compile(
    r"([^/\s,]{1,128})/([0-9]{8})/([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)/([a-z0-9-]{1,64})/([^/]*)"
)
_TIMESTAMP = re.compile(r"[0-9]{8}T[0-9]{6}Z")
_SIGNATURE = re.compile(r"[0-9a-f]{64}")
_HEADER_NAME = re.compile(rf"{canonical.AUTHORITY}|[!#$%&'*+.^_`|~0-9a-z-]+")
_BEARER = re.compile(r"[A-Za-z0-9._~+/-]+=*")
_LIFETIME = re.compile(r"[1-9][0-9]{0,6}")

_HEADER_PARAMETERS = ("Credential", "SignedHeaders", "Signature")
_QUERY_PARAMETERS = (
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-SignedHeaders",
    canonical.SIGNATURE_PARAMETER,
)
_QUERY_TOKEN = "X-Amz-Security-Token"


def parse(request: Request) -> Claim:
    """Raises MissingAuthenticationTokenException where nothing is claimed, IncompleteSignatureException for a torso."""
    authorizations = [value for name, value in request.headers if name == "authorization"]
    query = _query_parameters(request)
    if not authorizations and not query:
        raise MissingAuthenticationTokenException(
            "The request carries no authentication token. Sign it with Signature Version 4, or send a Bedrock API key "
            "as 'Authorization: Bearer <key>' where the service accepts one."
        )
    if len(authorizations) > 1:
        raise IncompleteSignatureException("The request has more than one Authorization header; send exactly one.")
    if authorizations and query:
        raise IncompleteSignatureException(
            f"The request has both an Authorization header and the query parameter {next(iter(query))!r}; "
            "authenticate either by header or by query."
        )
    return _read_header(request, authorizations[0]) if authorizations else _read_query(request, query)


def short_term(key: BearerKey) -> bool:
    return key.key.startswith(SHORT_TERM_PREFIX)


def unpack(key: BearerKey) -> tuple[Request, Signature]:
    """The request that a short-term API key is, and its signature. Raises IncompleteSignatureException."""
    try:
        url = b64decode(key.key.removeprefix(SHORT_TERM_PREFIX), validate=True).decode("ascii")
    except (binascii.Error, UnicodeDecodeError):
        raise IncompleteSignatureException("The short-term API key is not base64; send it unchanged.") from None
    location, _, query = url.partition("?")
    host, slash, path = location.partition("/")
    query = query.removesuffix("&Version=1")  # added when all was signed
    request = Request("POST", slash + path or "/", query, (("host", host),))
    parameters = _query_parameters(request)
    if ("Action", "CallWithBearerToken") not in canonical.query_pairs(query):
        raise IncompleteSignatureException("The short-term API key was not signed for CallWithBearerToken.")
    signature = _read_query(request, parameters)
    if signature.lifetime is None or signature.lifetime > LONGEST_SHORT_TERM:
        raise IncompleteSignatureException(
            f"The short-term API key is for more than {LONGEST_SHORT_TERM} seconds; make it for 12 hours at most."
        )
    return request, signature


def _query_parameters(request: Request) -> dict[str, str]:
    """The query's parameters that belong to a presigned signature, decoded."""
    found: dict[str, str] = {}
    for name, value in canonical.query_pairs(request.query):
        if name in _QUERY_PARAMETERS or name == _QUERY_TOKEN:
            if name in found:
                raise IncompleteSignatureException(f"The query has the parameter {name!r} twice; send it once.")
            found[name] = unquote(value)
    return found


def _read_header(request: Request, authorization: str) -> Claim:
    scheme, _, rest = authorization.partition(" ")
    if scheme.lower() == "bearer":
        if not _BEARER.fullmatch(rest):
            raise IncompleteSignatureException(
                "The Authorization header has the scheme Bearer but no API key; send 'Authorization: Bearer <key>'."
            )
        return BearerKey(rest)
    _check_algorithm(scheme)
    parameters = _header_parameters(rest)
    return _signature(
        credential=parameters["Credential"],
        signed_headers=parameters["SignedHeaders"],
        signature=parameters["Signature"],
        timestamp=_only(request, "x-amz-date"),
        session_token=_only(request, "x-amz-security-token"),
    )


def _header_parameters(text: str) -> dict[str, str]:
    parameters: dict[str, str] = {}
    for part in text.split(","):
        name, _, value = part.strip(" ").partition("=")
        if name not in _HEADER_PARAMETERS:
            raise IncompleteSignatureException(
                f"The Authorization header holds {name[:64]!r}, which is none of {', '.join(_HEADER_PARAMETERS)}."
            )
        if name in parameters:
            raise IncompleteSignatureException(f"The Authorization header holds {name!r} twice; send it once.")
        parameters[name] = value
    _check_present(parameters, _HEADER_PARAMETERS, "Authorization header requires")
    return parameters


def _read_query(request: Request, query: dict[str, str]) -> Signature:
    _check_present(query, _QUERY_PARAMETERS, "AWS query-string authentication requires")
    _check_algorithm(query["X-Amz-Algorithm"])
    for name in ("x-amz-date", "x-amz-security-token"):
        if _only(request, name) is not None:
            raise IncompleteSignatureException(
                f"The request is signed by its query and also has the header {name!r}; remove that header."
            )
    if not _LIFETIME.fullmatch(query["X-Amz-Expires"]) or int(query["X-Amz-Expires"]) > LONGEST_LIFE:
        raise IncompleteSignatureException(
            f"X-Amz-Expires is {query['X-Amz-Expires'][:32]!r}; it must be seconds, from 1 to {LONGEST_LIFE}."
        )
    return _signature(
        credential=query["X-Amz-Credential"],
        signed_headers=query["X-Amz-SignedHeaders"],
        signature=query[canonical.SIGNATURE_PARAMETER],
        timestamp=query["X-Amz-Date"],
        session_token=query.get(_QUERY_TOKEN),
        lifetime=int(query["X-Amz-Expires"]),
    )


def _signature(
    *,
    credential: str,
    signed_headers: str,
    signature: str,
    timestamp: str | None,
    session_token: str | None,
    lifetime: int | None = None,
) -> Signature:
    access_key_id, scope = _credential(credential)
    if timestamp is None:
        raise IncompleteSignatureException("The request has no X-Amz-Date; send one and sign it.")
    if not _SIGNATURE.fullmatch(signature):
        raise IncompleteSignatureException("The signature must be 64 lower-case hexadecimal digits.")
    return Signature(
        access_key_id=access_key_id,
        scope=scope,
        timestamp=timestamp,
        signed_at=_instant(timestamp),
        signed_headers=_names(signed_headers),
        signature=signature,
        session_token=session_token,
        lifetime=lifetime,
    )


def _credential(text: str) -> tuple[str, Scope]:
    if (match := _CREDENTIAL.fullmatch(text)) is None:
        raise IncompleteSignatureException(
            f"The credential {text[:200]!r} must have the form "
            f"<access key id>/<YYYYMMDD>/<region>/<service>/{TERMINATOR}."
        )
    access_key_id, date, region, service, terminator = match.groups()
    if terminator != TERMINATOR:
        raise IncompleteSignatureException(
            f"The credential must be scoped with the terminator {TERMINATOR!r}, not {terminator[:64]!r}."
        )
    return access_key_id, Scope(date, region, service)


def _instant(timestamp: str) -> datetime:
    try:
        if not _TIMESTAMP.fullmatch(timestamp):
            raise ValueError(timestamp)
        return datetime.fromisoformat(timestamp)
    except ValueError:
        raise IncompleteSignatureException(
            f"X-Amz-Date is {timestamp[:32]!r}; it must be a date in the form YYYYMMDDTHHMMSSZ."
        ) from None


def _names(text: str) -> tuple[str, ...]:
    names = tuple(text.split(";"))
    if list(names) != sorted(set(names)) or not all(map(_HEADER_NAME.fullmatch, names)):
        raise IncompleteSignatureException(
            f"SignedHeaders is {text[:200]!r}; it must list each header once, in lower case, sorted, parted by ';'."
        )
    return names


def _only(request: Request, header: str) -> str | None:
    values = [value for name, value in request.headers if name == header]
    if len(values) > 1:
        raise IncompleteSignatureException(f"The request has the header {header!r} twice; send it once.")
    return values[0] if values else None


def _check_algorithm(name: str) -> None:
    if name != ALGORITHM:
        raise IncompleteSignatureException(
            f"The request is authenticated by {name[:64]!r}; sign with {ALGORITHM}, or send an API key as Bearer."
        )


def _check_present(parameters: dict[str, str], required: Iterable[str], requirement: str) -> None:
    if missing := [name for name in required if not parameters.get(name)]:
        raise IncompleteSignatureException(f"{requirement} {' and '.join(map(repr, missing))}; send all parameters.")
