"""Verification of Signature Version 4, of a whole request and of an event stream's frames.

Pure: the caller brings the secret, the clock and the operation's signing name. Knows no accounts and keeps no secrets;
signing keys, each good for one day, region and service, are kept for speed.
"""

import hmac
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import quote

from craton.errors import InvalidSignatureException, UnrecognizedClientException
from craton.wire.events import Decoder, HeaderValue, Message, encode_headers
from craton.wire.message import Request
from craton.wire.signatures import canonical
from craton.wire.signatures.canonical import CanonicalRequest
from craton.wire.signatures.claims import ALGORITHM, TERMINATOR, Scope, Signature

SKEW = timedelta(minutes=5)
"""How far a client's clock may be from ours."""

SIGNED_EVENTS = "STREAMING-AWS4-HMAC-SHA256-EVENTS"
"""What stands for the hash of a body whose event-stream frames are signed one by one."""

_CHUNK_ALGORITHM = "AWS4-HMAC-SHA256-PAYLOAD"
_CONTENT_HASH = "x-amz-content-sha256"
_KEYS_KEPT = 1024


def verify(
    request: Request,
    claim: Signature,
    secret: str,
    *,
    signing_name: str,
    now: datetime,
    session_token: str | None = None,
    streamed: bool = False,
) -> None:
    """Returns if the request was signed, as it is, with `secret` for the service `signing_name` and for this time.

    `session_token` is the token that belongs to the access key, None for a permanent key. With `streamed` the body is
    an event stream that `ChunkVerifier` verifies, and `request.body` is not looked at.

    Raises InvalidSignatureException, or UnrecognizedClientException where the session token is not the key's.
    """
    _check_token(claim, session_token)
    _check_scope(claim, signing_name)
    _check_time(claim, now)
    pairs = canonical.query_pairs(request.query)
    query = canonical.query(pairs)
    headers = canonical.headers(claim.signed_headers, _covered_headers(request, claim))
    payload_hash = _payload_hash(request, pairs, streamed)
    forms = [
        CanonicalRequest(request.method, path, query, headers, payload_hash) for path in canonical.paths(request.path)
    ]
    key = _signing_key(secret, claim.scope)
    if not any(_matches(form, claim, key) for form in forms):
        raise _mismatch(request, forms[0], claim, key)


class ChunkVerifier:
    """Verifies the frames of one signed event stream in the order of their arrival.

    Every signature covers the one before it, and the first the request's, so that a frame replayed, left out or moved
    does not verify: https://docs.aws.amazon.com/transcribe/latest/dg/streaming-http2.html.
    """

    def __init__(self, claim: Signature, secret: str) -> None:
        self._scope = claim.scope
        self._secret = secret
        self._previous = claim.signature
        self._ended = False

    async def unwrap(self, body: AsyncIterator[bytes], clock: Callable[[], datetime]) -> AsyncIterator[bytes]:
        """The frames inside the signed frames of `body`, up to the empty one that ends the input.

        Raises InvalidSignatureException, and SerializationException where the body is no event stream.
        """
        decoder = Decoder()
        async for data in body:
            for frame in decoder.feed(data):
                if not (inner := self.verify(frame, clock())):
                    return
                yield inner
        decoder.finish()
        self.finish()

    def verify(self, frame: Message, now: datetime) -> bytes:
        """The frame inside this signed one; empty where it ends the input. Raises InvalidSignatureException."""
        if self._ended:
            raise InvalidSignatureException(
                "The event stream goes on after the empty frame that ends it; end it there."
            )
        date, signature = _chunk_headers(frame.headers)
        if abs(now - date) > SKEW:
            raise InvalidSignatureException(
                f"The frame's ':date' is {_format(date)}, more than 5 minutes from {_format(now)}; "
                "set the clock and sign each frame when it is sent."
            )
        scope = replace(self._scope, date=date.strftime("%Y%m%d"))
        lines = (
            _CHUNK_ALGORITHM,
            _format(date),
            str(scope),
            self._previous,
            sha256(encode_headers([(":date", date)])).hexdigest(),
            sha256(frame.payload).hexdigest(),
        )
        expected = hmac.digest(_signing_key(self._secret, scope), "\n".join(lines).encode(), "sha256")
        if not hmac.compare_digest(expected, signature):
            raise InvalidSignatureException(
                "The frame's ':chunk-signature' does not match. Sign each frame once, over the signature of the frame "
                "before it, and send the frames in order."
            )
        self._previous = signature.hex()
        self._ended = not frame.payload
        return frame.payload

    def finish(self) -> None:
        """Raises InvalidSignatureException where the input ended without the signed empty frame that ends it."""
        if not self._ended:
            raise InvalidSignatureException(
                "The event stream was cut off: it ended without a signed frame of empty payload. Send one at the end."
            )


def _chunk_headers(headers: Mapping[str, HeaderValue]) -> tuple[datetime, bytes]:
    match headers:
        case {":date": datetime() as date, ":chunk-signature": bytes() as signature} if len(headers) == 2:
            return date, signature
    raise InvalidSignatureException(
        f"A signed frame has the headers ':date' (timestamp) and ':chunk-signature' (bytes), not {sorted(headers)!r}; "
        "put the event into the frame's payload."
    )


def _format(instant: datetime) -> str:
    return instant.strftime("%Y%m%dT%H%M%SZ")


def _check_token(claim: Signature, expected: str | None) -> None:
    if not hmac.compare_digest((claim.session_token or "").encode(), (expected or "").encode()):
        raise UnrecognizedClientException(
            "The security token included in the request is not the one that belongs to the access key "
            f"{claim.access_key_id!r}; send X-Amz-Security-Token with temporary credentials, and only with them."
        )


def _check_scope(claim: Signature, signing_name: str) -> None:
    scope = claim.scope
    if scope.service != signing_name:
        raise InvalidSignatureException(
            f"Credential should be scoped to correct service: {signing_name!r}, not {scope.service!r}."
        )
    if claim.timestamp[:8] != scope.date:
        raise InvalidSignatureException(
            f"Date in Credential scope does not match that of X-Amz-Date: {scope.date!r} != {claim.timestamp[:8]!r}."
        )


def _check_time(claim: Signature, now: datetime) -> None:
    signed_at = claim.signed_at
    if signed_at > now + SKEW:
        raise InvalidSignatureException(
            f"Signature not yet current: {claim.timestamp} is still later than {_format(now + SKEW)} "
            f"({_format(now)} + 5 min.). Set the clock of the client."
        )
    if claim.lifetime is None and signed_at < now - SKEW:
        raise InvalidSignatureException(
            f"Signature expired: {claim.timestamp} is now earlier than {_format(now - SKEW)} "
            f"({_format(now)} - 5 min.). Set the clock of the client, and sign each request when it is sent."
        )
    if claim.lifetime is not None and signed_at + timedelta(seconds=claim.lifetime) < now:
        raise InvalidSignatureException(
            f"Signature expired: the presigned request of {claim.timestamp} was valid for {claim.lifetime} seconds. "
            "Presign it anew."
        )


def _covered_headers(request: Request, claim: Signature) -> dict[str, str]:
    """The signed headers' values, once it is certain which each is and that nothing was slipped in beside them."""
    values: dict[str, str] = {}
    signed = frozenset(claim.signed_headers)
    host = canonical.AUTHORITY if canonical.AUTHORITY in signed else "host"
    for sent, value in request.headers:
        name = host if sent == "host" else sent
        if name in signed:
            if name in values:
                raise InvalidSignatureException(f"The request has the signed header {name!r} twice; send it once.")
            if "\n" in value or "\r" in value:
                raise InvalidSignatureException(f"The signed header {name!r} is folded; send it on one line.")
            values[name] = value
        elif name.startswith("x-amz-"):
            raise _unsigned(name)
    if host not in signed:
        raise _unsigned(host)
    if len(values) != len(signed):
        missing = next(name for name in claim.signed_headers if name not in values)
        raise InvalidSignatureException(
            f"SignedHeaders names {missing!r}, but the request has no such header; a proxy may have removed it."
        )
    return values


def _unsigned(header: str) -> InvalidSignatureException:
    return InvalidSignatureException(
        f"The header {header!r} must be signed; add it to SignedHeaders and to the canonical request."
    )


def _payload_hash(request: Request, pairs: Sequence[tuple[str, str]], streamed: bool) -> str:
    """SDKs declare the hash in a header, or, when they presign, in the query; wherever it is, it must be true."""
    actual = SIGNED_EVENTS if streamed else sha256(request.body).hexdigest()
    declared = [value for name, value in (*request.headers, *pairs) if name.lower() == _CONTENT_HASH]
    if streamed and SIGNED_EVENTS not in declared:
        raise InvalidSignatureException(
            f"The operation takes an event stream; send {_CONTENT_HASH}: {SIGNED_EVENTS} and sign each frame."
        )
    for value in declared:
        if value != actual:
            raise InvalidSignatureException(
                f"{_CONTENT_HASH} is {value[:80]!r}, but must be {actual!r} here; sign the body as it is sent."
            )
    return actual


_signing_keys: dict[bytes, bytes] = {}
"""By the hash of a secret and a scope, so that the secret itself is not kept."""


def _signing_key(secret: str, scope: Scope) -> bytes:
    name = sha256(f"{secret}\n{scope}".encode()).digest()
    if (key := _signing_keys.get(name)) is None:
        key = f"AWS4{secret}".encode()
        for part in (scope.date, scope.region, scope.service, TERMINATOR):
            key = hmac.digest(key, part.encode(), "sha256")
        while len(_signing_keys) >= _KEYS_KEPT:
            del _signing_keys[next(iter(_signing_keys))]
        _signing_keys[name] = key
    return key


def _string_to_sign(form: CanonicalRequest, claim: Signature) -> str:
    return f"{ALGORITHM}\n{claim.timestamp}\n{claim.scope}\n{sha256(str(form).encode()).hexdigest()}"


def _matches(form: CanonicalRequest, claim: Signature, key: bytes) -> bool:
    expected = hmac.digest(key, _string_to_sign(form, claim).encode(), "sha256").hex()
    return hmac.compare_digest(expected, claim.signature)


def _mismatch(request: Request, form: CanonicalRequest, claim: Signature, key: bytes) -> InvalidSignatureException:
    """Shows, as AWS does, what should have been signed; names the mistake where making it makes the signature match."""
    cause = next((cause for cause, other in _mistakes(request, form) if _matches(other, claim, key)), None)
    hint = cause or f"If nothing was changed on the way, the secret access key is not that of {claim.access_key_id!r}."
    shown = str(form)
    if claim.session_token:
        shown = shown.replace(claim.session_token, "<token>").replace(quote(claim.session_token, safe=""), "<token>")
    return InvalidSignatureException(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access "
        f"Key and signing method. {hint}\n\nThe Canonical String for this request should have been\n'{shown}'\n\n"
        f"The String-to-Sign should have been\n'{_string_to_sign(form, claim)}'"
    )


def _mistakes(request: Request, form: CanonicalRequest) -> Iterator[tuple[str, CanonicalRequest]]:
    yield (
        "The path was encoded once, as for Amazon S3; encode the path that is sent once more in the canonical request.",
        replace(form, path=request.path),
    )
    yield (
        "The path was sent less encoded than it was signed; a proxy or the HTTP client may have decoded it.",
        replace(form, path=canonical.encode_path(quote(request.path, safe="/~%"))),
    )
    yield (
        "The query was signed as it was sent; encode and sort its parameters in the canonical request.",
        replace(form, query=request.query),
    )
    yield (
        "The signature leaves the body open (UNSIGNED-PAYLOAD); sign the SHA-256 of the body.",
        replace(form, payload_hash="UNSIGNED-PAYLOAD"),
    )
    yield (
        "The signature is that of an empty body; sign the body that is sent.",
        replace(form, payload_hash=sha256(b"").hexdigest()),
    )
    without_port = [
        (name, value.partition(":")[0] if name in ("host", canonical.AUTHORITY) else value)
        for name, value in form.headers
    ]
    yield (
        "The host was signed without its port; sign the Host header as it is sent.",
        replace(form, headers=without_port),
    )
