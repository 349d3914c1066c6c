"""Genuine signatures, by botocore and by the signer below, verify; everything changed or wrongly made is refused."""

import hmac
import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import quote, unquote_plus, urlsplit

import pytest
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.credentials import Credentials
from botocore.session import Session
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from craton.errors import (
    ApiError,
    IncompleteSignatureException,
    InvalidSignatureException,
    MissingAuthenticationTokenException,
    UnrecognizedClientException,
)
from craton.wire.events import Decoder, HeaderValue, Long, Message, encode, event
from craton.wire.message import Request
from craton.wire.signatures import canonical, sigv4
from craton.wire.signatures.claims import BearerKey, Scope, Signature, parse
from craton.wire.signatures.sigv4 import ChunkVerifier

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
TODAY = "20260301"
TIMESTAMP = "20260301T120000Z"
KEY_ID = "AKIAIOSFODNN7EXAMPLE"
VECTORS_KEY_ID = "AKIDEXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
TOKEN = "IQoJb3JpZ2luX2VjEXAMPLE+token/with=signs=="
HOST = "127.0.0.1:8080"
BODY = b'{"messages":[{"role":"user","content":[{"text":"Hello"}]}]}'
MODEL_PATH = "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A%3Afoundation-model%2Famazon.nova-micro-v1%3A0/converse"
EVENTS = "STREAMING-AWS4-HMAC-SHA256-EVENTS"

INCOMPLETE = IncompleteSignatureException
INVALID = InvalidSignatureException
MISSING = MissingAuthenticationTokenException
UNRECOGNIZED = UnrecognizedClientException


# --- A signer that shares no code with what it tests ------------------------------------------------------------------


def derive_key(secret: str, *scope: str) -> bytes:
    key = ("AWS4" + secret).encode()
    for part in scope:
        key = hmac.new(key, part.encode(), "sha256").digest()
    return key


@dataclass(frozen=True)
class Signer:
    """Signs as told, so that a forgery made by someone with a valid key differs from a genuine request in one thing."""

    secret: str = SECRET
    date: str = TODAY
    timestamp: str = TIMESTAMP
    region: str = "us-east-1"
    service: str = "bedrock"
    token: str | None = None
    unsigned: frozenset[str] = frozenset({"user-agent"})
    payload_hash: str | None = None
    path: Callable[[str], str] = lambda path: quote(path, safe="/~")
    sort: Callable[[list[str]], list[str]] = sorted
    lifetime: str = "300"

    @property
    def scope(self) -> str:
        return f"{self.date}/{self.region}/{self.service}/aws4_request"

    def header(self, request: Request) -> Request:
        added = [("x-amz-date", self.timestamp)] + ([("x-amz-security-token", self.token)] if self.token else [])
        request = replace(request, headers=(*request.headers, *added))
        names = self._names(request)
        signature = self._signature(request, request.query, names)
        authorization = (
            f"AWS4-HMAC-SHA256 Credential={KEY_ID}/{self.scope}, SignedHeaders={';'.join(names)}, Signature={signature}"
        )
        return replace(request, headers=(*request.headers, ("authorization", authorization)))

    def query(self, request: Request) -> Request:
        names = self._names(request)
        parameters = {
            "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
            "X-Amz-Credential": f"{KEY_ID}/{self.scope}",
            "X-Amz-Date": self.timestamp,
            "X-Amz-Expires": self.lifetime,
            "X-Amz-SignedHeaders": ";".join(names),
        } | ({"X-Amz-Security-Token": self.token} if self.token else {})
        pairs = [f"{name}={quote(value, safe='')}" for name, value in parameters.items()]
        query = "&".join([*filter(None, [request.query]), *pairs])
        return replace(request, query=f"{query}&X-Amz-Signature={self._signature(request, query, names)}")

    def _names(self, request: Request) -> list[str]:
        return sorted({name for name, _ in request.headers} - self.unsigned)

    def _signature(self, request: Request, query: str, names: Sequence[str]) -> str:
        def joined(name: str) -> str:
            return ",".join(" ".join(value.split()) for key, value in request.headers if key == name)

        payload_hash = request.header("x-amz-content-sha256") or sha256(request.body).hexdigest()
        lines = [
            request.method,
            self.path(request.path),
            "&".join(self.sort(query.replace("+", "%20").split("&"))),
            *[f"{name}:{joined(name)}" for name in names],
            "",
            ";".join(names),
            self.payload_hash or payload_hash,
        ]
        hashed = sha256("\n".join(lines).encode()).hexdigest()
        to_sign = f"AWS4-HMAC-SHA256\n{self.timestamp}\n{self.scope}\n{hashed}"
        key = derive_key(self.secret, *self.scope.split("/"))
        return hmac.new(key, to_sign.encode(), "sha256").hexdigest()


def sign_chunk(
    payload: bytes,
    prior: str,
    *,
    date: datetime = NOW,
    secret: str = SECRET,
    scope: str | None = None,
    algorithm: str = "AWS4-HMAC-SHA256-PAYLOAD",
    hashed_headers: bytes | None = None,
) -> Message:
    """One frame of a signed event stream, from the description in the Amazon Transcribe developer guide."""
    scope = scope or f"{date:%Y%m%d}/us-east-1/bedrock/aws4_request"
    milliseconds = int(date.timestamp() * 1000)
    header = b"\x05:date\x08" + milliseconds.to_bytes(8, "big") if hashed_headers is None else hashed_headers
    to_sign = "\n".join(
        [algorithm, f"{date:%Y%m%dT%H%M%SZ}", scope, prior, sha256(header).hexdigest(), sha256(payload).hexdigest()]
    )
    signature = hmac.new(derive_key(secret, *scope.split("/")), to_sign.encode(), "sha256").digest()
    return Message({":date": date, ":chunk-signature": signature}, payload)


def sign_chunks(payloads: Sequence[bytes], seed: str, **options: Any) -> list[Message]:
    frames: list[Message] = []
    for payload in payloads:
        frames.append(sign_chunk(payload, signature_of(frames[-1]) if frames else seed, **options))
    return frames


def signature_of(frame: Message) -> str:
    signature = frame.headers[":chunk-signature"]
    assert isinstance(signature, bytes)
    return signature.hex()


# --- What is signed, and how it is verified ---------------------------------------------------------------------------


def plain(method: str = "POST", path: str = MODEL_PATH, query: str = "", body: bytes = BODY, **headers: str) -> Request:
    sent = {"host": HOST, "content-type": "application/json", "user-agent": "tests"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    return Request(method, path, query, tuple(sent.items()), body)


QUERY = "byProvider=a%20b&maxResults=&tag=2&tag=1&plus=%2B"
POST = Signer().header(plain(query=QUERY))
PRESIGNED = Signer().query(plain("GET", "/foundation-models/a%3Ab%2Fc", QUERY, b"", content_type="application/json"))


def check(
    request: Request,
    *,
    secret: str = SECRET,
    now: datetime = NOW,
    signing_name: str = "bedrock",
    session_token: str | None = None,
    streamed: bool = False,
) -> Signature:
    claim = parse(request)
    assert isinstance(claim, Signature)
    if claim.access_key_id not in (KEY_ID, VECTORS_KEY_ID):
        raise UNRECOGNIZED("There is no such access key.")
    sigv4.verify(
        request, claim, secret, signing_name=signing_name, now=now, session_token=session_token, streamed=streamed
    )
    return claim


def sign_with_botocore(
    method: str, url: str, body: bytes = b"", headers: dict[str, str] | None = None, lifetime: int | None = None
) -> Request:
    unsigned = AWSRequest(method=method, url=url, data=body, headers=headers or {})
    credentials = Credentials(KEY_ID, SECRET)
    with patch("botocore.auth.get_current_datetime", return_value=NOW):
        if lifetime is None:
            SigV4Auth(credentials, "bedrock", "us-east-1").add_auth(unsigned)
        else:
            SigV4QueryAuth(credentials, "bedrock", "us-east-1", expires=lifetime).add_auth(unsigned)
    prepared = unsigned.prepare()
    assert isinstance(prepared.body, bytes | None)
    return arrived(prepared.method, prepared.url, prepared.headers.items(), prepared.body)


def arrived(method: str, url: str, headers: Any, body: bytes | None) -> Request:
    parts = urlsplit(url)
    texts = [(name.lower(), value if isinstance(value, str) else value.decode()) for name, value in headers]
    return Request(method, parts.path, parts.query, (("host", parts.netloc), *texts), body or b"")


class TestGenuine:
    def test_the_claim_says_who_signed(self) -> None:
        claim = check(POST)
        assert (claim.access_key_id, claim.scope) == (KEY_ID, Scope(TODAY, "us-east-1", "bedrock"))
        assert (claim.signed_at, claim.lifetime, claim.session_token) == (NOW, None, None)
        assert check(PRESIGNED).lifetime == 300

    def test_http2_signs_the_host_as_its_authority(self) -> None:
        signed = Signer().header(Request("POST", MODEL_PATH, "", ((":authority", HOST),), BODY))
        sent = replace(signed, headers=(("host", HOST), *signed.headers[1:]))
        check(sent)
        with pytest.raises(INVALID):
            check(replace(sent, headers=(("host", "example.com"), *sent.headers[1:])))
        with pytest.raises(INVALID, match="twice"):
            check(replace(sent, headers=(*sent.headers, ("host", HOST))))

    @pytest.mark.parametrize(
        "path",
        [
            "/",
            "/foundation-models",
            MODEL_PATH,
            "/model/arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-micro-v1:0/converse",
            "/model/a%2Fb/converse",
            "/model/a%2fb/converse",
            "/model/a/b/converse",
            "/model/%E2%82%AC%20%25/converse",
            "/tags/a~b_c.d-e$&'()*+,;=@!",
            "/trailing/",
            "//doubled///slashes/",
            "/dots/./and/../more",
            "/.hidden",
        ],
    )
    @pytest.mark.parametrize("lifetime", [None, 60])
    def test_botocore_paths(self, path: str, lifetime: int | None) -> None:
        check(sign_with_botocore("GET", f"http://{HOST}{path}", lifetime=lifetime))

    @pytest.mark.parametrize("path", ["//doubled///slashes/", "/dots/./and/../more", MODEL_PATH])
    def test_clients_that_do_not_normalise_paths(self, path: str) -> None:
        check(Signer().header(plain("GET", path)))

    @pytest.mark.parametrize(
        "query",
        [
            "a=1",
            "b=2&a=1",
            "a=2&a=1&a=",
            "a",
            "a=",
            "a=%20&b=%2B",
            "%E2%82%AC=%E2%82%AC",
            "a=~-._",
            "a=b%3Dc",
            "A=1&a=1",
        ],
    )
    @pytest.mark.parametrize("lifetime", [None, 60])
    def test_botocore_queries(self, query: str, lifetime: int | None) -> None:
        check(sign_with_botocore("GET", f"http://{HOST}/x?{query}", lifetime=lifetime))

    def test_a_plus_in_a_query_is_a_space(self) -> None:
        signed = Signer().header(plain(query="a=b+c"))
        check(signed)
        check(replace(signed, query="a=b%20c"))

    def test_unreserved_octets_need_no_escape(self) -> None:
        check(replace(Signer().header(plain(query="name=abc")), query="n%61me=ab%63"))

    def test_header_values_are_trimmed(self) -> None:
        check(Signer().header(plain(x_amz_note='  "a   b"  \t c ', my_header="x")))

    def test_a_proxy_may_add_headers(self) -> None:
        extra = (("via", "1.1 proxy"), ("x-amzn-trace-id", "Root=1"), ("x-forwarded-for", "1.2.3.4"), ("via", "2"))
        check(replace(POST, headers=POST.headers + extra))

    def test_separators_of_other_clients(self) -> None:
        check(set_header(POST, "authorization", (POST.header("authorization") or "").replace(", ", ",")))

    @pytest.mark.parametrize("seconds", [-300, 0, 300])
    def test_clocks_may_differ_by_five_minutes(self, seconds: int) -> None:
        check(POST, now=NOW + timedelta(seconds=seconds))

    @pytest.mark.parametrize("lifetime", ["1", "604800"])
    def test_presigned_requests_live_as_long_as_they_say(self, lifetime: str) -> None:
        check(Signer(lifetime=lifetime).query(plain("GET")), now=NOW + timedelta(seconds=int(lifetime)))

    @pytest.mark.parametrize("region", ["us-east-1", "eu-central-1", "us-gov-west-1", "eusc-de-east-1", "local"])
    def test_any_region_is_accepted(self, region: str) -> None:
        assert check(Signer(region=region).header(plain())).scope.region == region

    def test_temporary_credentials(self) -> None:
        check(Signer(token=TOKEN).header(plain()), session_token=TOKEN)
        check(Signer(token=TOKEN).query(plain("GET")), session_token=TOKEN)

    def test_a_true_content_hash_may_be_declared(self) -> None:
        declared = sha256(BODY).hexdigest()
        check(Signer().header(plain(x_amz_content_sha256=declared)))
        check(Signer().query(plain(query=f"X-Amz-Content-Sha256={declared}")))

    def test_the_body_of_an_event_stream_is_not_read(self) -> None:
        signed = Signer().header(plain(body=b"", x_amz_content_sha256=EVENTS))
        check(replace(signed, body=b"whatever arrives"), streamed=True)

    def test_api_keys_are_recognised_and_kept_out_of_logs(self) -> None:
        claim = parse(plain(authorization="Bearer bedrock-api-key-YWJj+/=="))
        assert claim == BearerKey("bedrock-api-key-YWJj+/==")
        assert "YWJj" not in repr(claim)

    def test_session_tokens_are_kept_out_of_logs(self) -> None:
        assert TOKEN not in repr(check(Signer(token=TOKEN).header(plain()), session_token=TOKEN))

    def test_many_keys_do_not_pile_up(self) -> None:
        for number in range(1100):
            check(Signer(region=f"region-{number}").header(plain(body=b"")))
        assert len(sigv4._signing_keys) <= 1024
        assert not any(SECRET.encode() in name or SECRET.encode() in key for name, key in sigv4._signing_keys.items())


class TestBoto:
    """Requests as boto's clients send them, caught before they leave."""

    @pytest.fixture(scope="class")
    @staticmethod
    def session() -> Session:
        session = Session()
        session.set_credentials(KEY_ID, SECRET, TOKEN)
        return session

    def catch(self, session: Session, service: str, operation: str, **parameters: Any) -> Request:
        client: Any = session.create_client(service, "eu-central-1", endpoint_url=f"http://{HOST}")
        caught: list[Request] = []

        def stop(request: Any, **_: Any) -> AWSResponse:
            caught.append(arrived(request.method, request.url, request.headers.items(), request.body))
            return AWSResponse(request.url, 200, HTTPHeaders(), _Empty())

        client.meta.events.register("before-send", stop)
        getattr(client, operation)(**parameters)
        return caught[0]

    @pytest.mark.parametrize(
        "model",
        [
            "amazon.nova-micro-v1:0",
            "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-micro-v1:0",
            "arn:aws:sagemaker:us-east-1:123456789012:endpoint/my-endpoint",
        ],
    )
    def test_converse(self, session: Session, model: str) -> None:
        messages = [{"role": "user", "content": [{"text": "Grüße"}]}]
        request = self.catch(session, "bedrock-runtime", "converse", modelId=model, messages=messages)
        claim = parse(request)
        assert isinstance(claim, Signature)
        check(request, now=claim.signed_at, session_token=TOKEN)

    def test_query_parameters(self, session: Session) -> None:
        request = self.catch(session, "bedrock", "list_inference_profiles", maxResults=3, nextToken="a b+c/d=&é~*")
        claim = parse(request)
        assert isinstance(claim, Signature)
        check(request, now=claim.signed_at, session_token=TOKEN)

    def test_presigned(self, session: Session) -> None:
        client: Any = session.create_client("bedrock", "eu-central-1", endpoint_url=f"http://{HOST}")
        url = client.generate_presigned_url(
            "get_foundation_model", {"modelIdentifier": "amazon.nova-micro-v1:0"}, ExpiresIn=77
        )
        request = arrived("GET", url, [], b"")
        claim = parse(request)
        assert isinstance(claim, Signature)
        check(request, now=claim.signed_at + timedelta(seconds=77), session_token=TOKEN)


class _Empty:
    def stream(self, **_: Any) -> Iterator[bytes]:
        yield b"{}"


# --- The published test suite -----------------------------------------------------------------------------------------

REFUSED_VECTORS = {  # the strict parser refuses what these do, and says so
    "get-header-key-duplicate": "signed header 'my-header1' twice",
    "get-header-value-order": "signed header 'my-header1' twice",
    "get-header-value-multiline": "signed header 'my-header1' is folded",
    "post-sts-header-after": "'x-amz-security-token' must be signed",
}


def read_vector(case: dict[str, str]) -> Request:
    head, _, body = case["sreq"].partition("\n\n")
    first, *lines = head.split("\n")
    method, target = first.removesuffix(" HTTP/1.1").split(" ", 1)
    path, _, query = target.partition("?")
    headers: list[tuple[str, str]] = []
    for line in filter(None, lines):
        if line.startswith(" "):
            name, value = headers.pop()
            headers.append((name, f"{value}\n{line}"))
        else:
            name, _, value = line.partition(":")
            headers.append((name.lower(), value.lstrip()))
    # One case's signed request carries a signature that is not its own; `authz` is right in all.
    return set_header(Request(method, path, query, tuple(headers), body.encode()), "authorization", case["authz"])


class TestPublishedVectors:
    @pytest.fixture(scope="class")
    @staticmethod
    def suite(shared_data: Path) -> dict[str, Any]:
        suite: dict[str, Any] = json.loads((shared_data / "vectors" / "sigv4-testsuite.json").read_text())
        return suite

    def test_all(self, suite: dict[str, Any]) -> None:
        now = datetime.fromisoformat(suite["credentials"]["time"])
        assert len(suite["cases"]) == 34
        for case in suite["cases"]:
            request = read_vector(case)
            claim = parse(request)
            assert isinstance(claim, Signature)
            options: dict[str, Any] = {"now": now, "signing_name": "service", "session_token": claim.session_token}
            if complaint := REFUSED_VECTORS.get(case["name"]):
                with pytest.raises(InvalidSignatureException, match=complaint):
                    check(request, secret=suite["credentials"]["secret"], **options)
                continue
            check(request, secret=suite["credentials"]["secret"], **options)
            with pytest.raises(InvalidSignatureException) as caught:
                check(request, secret="other", **options)
            # What a client that normalises paths signs is not shown where the path was sent with dot segments.
            normalised = case["creq"].split("\n")[1] != next(iter(canonical.paths(request.path)))
            assert normalised or case["sts"] in caught.value.message


# --- Forgeries --------------------------------------------------------------------------------------------------------


def set_header(request: Request, name: str, value: str) -> Request:
    return replace(request, headers=tuple((key, value if key == name else old) for key, old in request.headers))


def add_header(request: Request, name: str, value: str) -> Request:
    return replace(request, headers=(*request.headers, (name, value)))


def drop_header(request: Request, name: str) -> Request:
    return replace(request, headers=tuple(pair for pair in request.headers if pair[0] != name))


def edit(old: str, new: str, request: Request = POST) -> Request:
    """The genuine request with a part of its Authorization header exchanged."""
    text = request.header("authorization") or ""
    assert old in text
    return set_header(request, "authorization", text.replace(old, new, 1))


def edit_query(old: str, new: str, request: Request = PRESIGNED) -> Request:
    assert old in request.query
    return replace(request, query=request.query.replace(old, new, 1))


def flip(signature: str) -> str:
    return signature[:-1] + ("0" if signature[-1] != "0" else "1")


_CLAIM = parse(POST)
_PRESIGNED_CLAIM = parse(PRESIGNED)
assert isinstance(_CLAIM, Signature)
assert isinstance(_PRESIGNED_CLAIM, Signature)
SIGNATURE = _CLAIM.signature
NAMES = ";".join(_CLAIM.signed_headers)
PRESIGNED_SIGNATURE = _PRESIGNED_CLAIM.signature
OTHER = Signer().header(plain(body=b"{}"))
ZEROS = "0" * 64
EMPTY_HASH = sha256(b"").hexdigest()

Forgery = tuple[Request, type[ApiError]]

# What may be done to either kind of request on its way.
ON_THE_WAY: dict[str, Callable[[Request], Request]] = {
    "method": lambda r: replace(r, method="DELETE"),
    "method in lower case": lambda r: replace(r, method=r.method.lower()),
    "body replaced": lambda r: replace(r, body=b'{"messages":[]}'),
    "body appended": lambda r: replace(r, body=r.body + b" "),
    "path shortened": lambda r: replace(r, path=r.path[:-1]),
    "path lengthened": lambda r: replace(r, path=r.path + "x"),
    "path with a slash at the end": lambda r: replace(r, path=r.path + "/"),
    "path with a segment before": lambda r: replace(r, path="/v1" + r.path),
    "path climbing": lambda r: replace(r, path=r.path + "/../other"),
    "path decoded colon": lambda r: replace(r, path=r.path.replace("%3A", ":", 1)),
    "path decoded slash": lambda r: replace(r, path=r.path.replace("%2F", "/", 1)),
    "path escapes in lower case": lambda r: replace(r, path=r.path.replace("%3A", "%3a", 1)),
    "path encoded again": lambda r: replace(r, path=r.path.replace("%", "%25")),
    "path emptied": lambda r: replace(r, path=""),
    "query parameter added": lambda r: replace(r, query=r.query + "&admin=true"),
    "query parameter without value added": lambda r: replace(r, query=r.query + "&admin"),
    "query parameter dropped": lambda r: replace(r, query=r.query.replace("tag=2&", "")),
    "query parameter repeated": lambda r: replace(r, query=r.query + "&tag=2"),
    "query value changed": lambda r: replace(r, query=r.query.replace("tag=2", "tag=3")),
    "query value given": lambda r: replace(r, query=r.query.replace("maxResults=", "maxResults=9")),
    "query name changed": lambda r: replace(r, query=r.query.replace("maxResults", "maxresults")),
    "query plus for its escape": lambda r: replace(r, query=r.query.replace("%2B", "+")),
    "query escape for space": lambda r: replace(r, query=r.query.replace("%20", "%2520")),
    "query ampersand appended": lambda r: replace(r, query=r.query + "&"),
    "query parameters joined": lambda r: replace(r, query=r.query.replace("tag=2&tag=1", "tag=2%26tag=1")),
    "host replaced": lambda r: set_header(r, "host", "evil.example"),
    "host with another port": lambda r: set_header(r, "host", "127.0.0.1:8081"),
    "host without port": lambda r: set_header(r, "host", "127.0.0.1"),
    "host dropped": lambda r: drop_header(r, "host"),
    "host twice": lambda r: add_header(r, "host", HOST),
    "host twice and different": lambda r: add_header(r, "host", "evil.example"),
    "host folded": lambda r: set_header(r, "host", f"{HOST}\r\n evil"),
    "signed header changed": lambda r: set_header(r, "content-type", "text/plain"),
    "signed header in other case": lambda r: set_header(r, "content-type", "Application/json"),
    "signed header dropped": lambda r: drop_header(r, "content-type"),
    "signed header emptied": lambda r: set_header(r, "content-type", ""),
    "signed header twice": lambda r: add_header(r, "content-type", "application/json"),
    "signed header folded": lambda r: set_header(r, "content-type", "application/json\n"),
    "signed header with a blank that is none": lambda r: set_header(r, "content-type", "application/json\xa0"),
    "unsigned x-amz header": lambda r: add_header(r, "x-amz-target", "Service.Delete"),
    "unsigned x-amz header without value": lambda r: add_header(r, "x-amz-", ""),
    "unsigned content hash": lambda r: add_header(r, "x-amz-content-sha256", EMPTY_HASH),
}

HEADER_FORGERIES: dict[str, Forgery] = {
    **{name: (change(POST), INVALID) for name, change in ON_THE_WAY.items()},
    "query dropped": (replace(POST, query=""), INVALID),
    "body emptied": (replace(POST, body=b""), INVALID),
    "date a second later": (set_header(POST, "x-amz-date", "20260301T120001Z"), INVALID),
    "date of another day": (set_header(POST, "x-amz-date", "20260302T120000Z"), INVALID),
    "date dropped": (drop_header(POST, "x-amz-date"), INCOMPLETE),
    "date twice": (add_header(POST, "x-amz-date", TIMESTAMP), INCOMPLETE),
    "date with dashes": (set_header(POST, "x-amz-date", "2026-03-01T12:00:00Z"), INCOMPLETE),
    "date that never was": (set_header(POST, "x-amz-date", "20260230T120000Z"), INCOMPLETE),
    "date with offset": (set_header(POST, "x-amz-date", "20260301T120000+0000"), INCOMPLETE),
    "date in lower case": (set_header(POST, "x-amz-date", "20260301t120000z"), INCOMPLETE),
    "date in other digits": (set_header(POST, "x-amz-date", "２０２６0301T120000Z"), INCOMPLETE),
    "date in a Date header": (
        add_header(drop_header(POST, "x-amz-date"), "date", "Sun, 01 Mar 2026 12:00:00 GMT"),
        INCOMPLETE,
    ),
    "token slipped in": (add_header(POST, "x-amz-security-token", TOKEN), UNRECOGNIZED),
    "authorization dropped": (drop_header(POST, "authorization"), MISSING),
    "authorization twice": (add_header(POST, "authorization", POST.header("authorization") or ""), INCOMPLETE),
    "authorization of two requests": (
        add_header(POST, "authorization", OTHER.header("authorization") or ""),
        INCOMPLETE,
    ),
    "authorization and an API key": (add_header(POST, "authorization", "Bearer abc"), INCOMPLETE),
    "authorization emptied": (set_header(POST, "authorization", ""), INCOMPLETE),
    "authorization of another request": (
        set_header(POST, "authorization", OTHER.header("authorization") or ""),
        INVALID,
    ),
    "authorization and presigned query": (replace(POST, query=PRESIGNED.query), INCOMPLETE),
    "authorization and a signature in the query": (replace(POST, query=f"{QUERY}&X-Amz-Signature=0"), INCOMPLETE),
    "authorization and an escaped date in the query": (replace(POST, query="X%2DAmz%2DDate=1"), INCOMPLETE),
    "bearer without key": (set_header(POST, "authorization", "Bearer "), INCOMPLETE),
    "bearer with two words": (set_header(POST, "authorization", "Bearer a b"), INCOMPLETE),
    "basic": (set_header(POST, "authorization", "Basic dXNlcjpwYXNz"), INCOMPLETE),
    "algorithm SHA1": (edit("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1"), INCOMPLETE),
    "algorithm of version 4a": (edit("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"), INCOMPLETE),
    "algorithm in lower case": (edit("AWS4-HMAC-SHA256", "aws4-hmac-sha256"), INCOMPLETE),
    "algorithm dropped": (edit("AWS4-HMAC-SHA256 ", ""), INCOMPLETE),
    "credential dropped": (edit(f"Credential={KEY_ID}/{TODAY}/us-east-1/bedrock/aws4_request, ", ""), INCOMPLETE),
    "credential twice": (edit("SignedHeaders", f"Credential={KEY_ID}/x, SignedHeaders"), INCOMPLETE),
    "credential emptied": (edit(f"{KEY_ID}/{TODAY}/us-east-1/bedrock/aws4_request", ""), INCOMPLETE),
    "signed headers dropped": (edit(f"SignedHeaders={NAMES}, ", ""), INCOMPLETE),
    "signed headers twice": (edit("Signature=", f"SignedHeaders={NAMES}, Signature="), INCOMPLETE),
    "signature dropped": (edit(f", Signature={SIGNATURE}", ""), INCOMPLETE),
    "signature twice": (edit("Signature=", f"Signature={ZEROS}, Signature="), INCOMPLETE),
    "unknown parameter": (edit("Credential=", "Expires=1, Credential="), INCOMPLETE),
    "parameter in lower case": (edit("Credential=", "credential="), INCOMPLETE),
    "scope of another date": (edit(f"/{TODAY}/", "/20260302/"), INVALID),
    "scope with a date that is none": (edit(f"/{TODAY}/", "/2026/"), INCOMPLETE),
    "scope of another region": (edit("/us-east-1/", "/us-west-2/"), INVALID),
    "scope without region": (edit("/us-east-1/", "//"), INCOMPLETE),
    "scope with a region that is none": (edit("/us-east-1/", "/US EAST/"), INCOMPLETE),
    "scope of another service": (edit("/bedrock/", "/bedrock-agentcore/"), INVALID),
    "scope without service": (edit("/bedrock/", "//"), INCOMPLETE),
    "scope with another end": (edit("/aws4_request", "/aws4_response"), INCOMPLETE),
    "scope without end": (edit("/aws4_request", ""), INCOMPLETE),
    "scope with more": (edit("/aws4_request", "/aws4_request/x"), INCOMPLETE),
    "scope without key id": (edit(f"{KEY_ID}/", "/"), INCOMPLETE),
    "signature of one digit changed": (edit(SIGNATURE, flip(SIGNATURE)), INVALID),
    "signature of zeros": (edit(SIGNATURE, ZEROS), INVALID),
    "signature cut": (edit(SIGNATURE, SIGNATURE[:-1]), INCOMPLETE),
    "signature lengthened": (edit(SIGNATURE, SIGNATURE + "0"), INCOMPLETE),
    "signature in upper case": (edit(SIGNATURE, "A" * 64), INCOMPLETE),
    "signature emptied": (edit(SIGNATURE, ""), INCOMPLETE),
    "signature of another request": (edit(SIGNATURE, OTHER.headers[-1][1][-64:]), INVALID),
    "names without host": (edit("host;", ""), INVALID),
    "names without date": (edit(";x-amz-date", ""), INVALID),
    "names without content type": (edit("content-type;", ""), INVALID),
    "names with one that was not signed": (edit(";x-amz-date", ";user-agent;x-amz-date"), INVALID),
    "names with an absent one": (edit("host;", "host;range;"), INVALID),
    "names unsorted": (edit(NAMES, "x-amz-date;host;content-type"), INCOMPLETE),
    "names repeated": (edit("host;", "host;host;"), INCOMPLETE),
    "names in upper case": (edit("host;", "Host;"), INCOMPLETE),
    "names emptied": (edit(NAMES, ""), INCOMPLETE),
    "names with an empty one": (edit(NAMES, f";{NAMES}"), INCOMPLETE),
    "names with a line break": (edit("host;", "host\nx;"), INCOMPLETE),
    # Made by someone who has a valid key.
    "made for another service": (Signer(service="s3").header(plain()), INVALID),
    "made with yesterday's key": (Signer(date="20260228").header(plain()), INVALID),
    "made six minutes ago": (Signer(timestamp="20260301T115400Z").header(plain()), INVALID),
    "made six minutes ahead": (Signer(timestamp="20260301T120600Z").header(plain()), INVALID),
    "made a year ago": (Signer(date="20250301", timestamp="20250301T120000Z").header(plain()), INVALID),
    "made with another secret": (Signer(secret="other").header(plain()), INVALID),
    "made with the secret in lower case": (Signer(secret=SECRET.lower()).header(plain()), INVALID),
    "made with an empty secret": (Signer(secret="").header(plain()), INVALID),
    "made with a token": (Signer(token=TOKEN).header(plain()), UNRECOGNIZED),
    "made without signing host": (Signer(unsigned=frozenset({"host", "user-agent"})).header(plain()), INVALID),
    "made without signing the date": (Signer(unsigned=frozenset({"x-amz-date"})).header(plain()), INVALID),
    "made without signing an x-amz header": (
        Signer(unsigned=frozenset({"x-amz-target"})).header(plain(x_amz_target="a")),
        INVALID,
    ),
    "made with UNSIGNED-PAYLOAD declared": (Signer().header(plain(x_amz_content_sha256="UNSIGNED-PAYLOAD")), INVALID),
    "made with UNSIGNED-PAYLOAD": (Signer(payload_hash="UNSIGNED-PAYLOAD").header(plain()), INVALID),
    "made with an unsigned trailer": (
        Signer().header(plain(x_amz_content_sha256="STREAMING-UNSIGNED-PAYLOAD-TRAILER")),
        INVALID,
    ),
    "made with signed events where there are none": (Signer().header(plain(x_amz_content_sha256=EVENTS)), INVALID),
    "made with the hash of nothing": (Signer().header(plain(x_amz_content_sha256=EMPTY_HASH)), INVALID),
    "made with a hash in upper case": (
        Signer().header(plain(x_amz_content_sha256=sha256(BODY).hexdigest().upper())),
        INVALID,
    ),
    "made with UNSIGNED-PAYLOAD in the query": (
        Signer().header(plain(query="X-Amz-Content-Sha256=UNSIGNED-PAYLOAD")),
        INVALID,
    ),
    "made with the path encoded once": (Signer(path=lambda path: path).header(plain()), INVALID),
    "made with the path encoded thrice": (Signer(path=lambda path: quote(quote(path))).header(plain()), INVALID),
    "made with a header twice": (Signer().header(add_header(plain(), "content-type", "text/plain")), INVALID),
}

SHOWN_CREDENTIAL = f"X-Amz-Credential={KEY_ID}%2F{TODAY}%2Fus-east-1%2Fbedrock%2Faws4_request"

QUERY_FORGERIES: dict[str, Forgery] = {
    **{name: (change(PRESIGNED), INVALID) for name, change in ON_THE_WAY.items()},
    "all but the signature dropped": (replace(PRESIGNED, query=f"X-Amz-Signature={PRESIGNED_SIGNATURE}"), INCOMPLETE),
    "signature dropped": (edit_query(f"&X-Amz-Signature={PRESIGNED_SIGNATURE}", ""), INCOMPLETE),
    "all dropped": (replace(PRESIGNED, query=QUERY), MISSING),
    "own query dropped": (edit_query(f"{QUERY}&", ""), INVALID),
    "algorithm dropped": (edit_query("X-Amz-Algorithm=AWS4-HMAC-SHA256&", ""), INCOMPLETE),
    "algorithm of version 4a": (edit_query("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"), INCOMPLETE),
    "algorithm none": (edit_query("AWS4-HMAC-SHA256", "none"), INCOMPLETE),
    "algorithm twice": (replace(PRESIGNED, query=PRESIGNED.query + "&X-Amz-Algorithm=AWS4-HMAC-SHA256"), INCOMPLETE),
    "credential dropped": (edit_query(f"{SHOWN_CREDENTIAL}&", ""), INCOMPLETE),
    "credential twice": (replace(PRESIGNED, query=f"{PRESIGNED.query}&{SHOWN_CREDENTIAL}"), INCOMPLETE),
    "credential twice, once escaped": (replace(PRESIGNED, query=f"{PRESIGNED.query}&X%2DAmz-Credential=x"), INCOMPLETE),
    "credential emptied": (edit_query(SHOWN_CREDENTIAL, "X-Amz-Credential="), INCOMPLETE),
    "scope of another date": (edit_query(f"%2F{TODAY}%2F", "%2F20260302%2F"), INVALID),
    "scope of another region": (edit_query("us-east-1", "us-west-2"), INVALID),
    "scope of another service": (edit_query("%2Fbedrock%2F", "%2Fs3%2F"), INVALID),
    "scope with another end": (edit_query("aws4_request", "aws4_x"), INCOMPLETE),
    "scope with more": (edit_query("aws4_request", "aws4_request%2Fx"), INCOMPLETE),
    "scope without key id": (edit_query(KEY_ID, ""), INCOMPLETE),
    "date dropped": (edit_query(f"X-Amz-Date={TIMESTAMP}&", ""), INCOMPLETE),
    "date a second later": (edit_query(TIMESTAMP, "20260301T120001Z"), INVALID),
    "date of another day": (edit_query(TIMESTAMP, "20260228T120000Z"), INVALID),
    "date malformed": (edit_query(TIMESTAMP, "2026-03-01"), INCOMPLETE),
    "date twice": (replace(PRESIGNED, query=f"{PRESIGNED.query}&X-Amz-Date={TIMESTAMP}"), INCOMPLETE),
    "date also in a header": (add_header(PRESIGNED, "x-amz-date", TIMESTAMP), INCOMPLETE),
    "token also in a header": (add_header(PRESIGNED, "x-amz-security-token", TOKEN), INCOMPLETE),
    "token slipped in": (replace(PRESIGNED, query=f"{PRESIGNED.query}&X-Amz-Security-Token=abc"), UNRECOGNIZED),
    "lifetime dropped": (edit_query("X-Amz-Expires=300&", ""), INCOMPLETE),
    "lifetime longer": (edit_query("Expires=300", "Expires=3000"), INVALID),
    "lifetime of none": (edit_query("Expires=300", "Expires=0"), INCOMPLETE),
    "lifetime negative": (edit_query("Expires=300", "Expires=-1"), INCOMPLETE),
    "lifetime over a week": (edit_query("Expires=300", "Expires=604801"), INCOMPLETE),
    "lifetime endless": (edit_query("Expires=300", "Expires=99999999999999999999"), INCOMPLETE),
    "lifetime fractional": (edit_query("Expires=300", "Expires=3e2"), INCOMPLETE),
    "lifetime in other digits": (edit_query("Expires=300", "Expires=%D9%A3%D9%A0%D9%A0"), INCOMPLETE),
    "lifetime with a sign": (edit_query("Expires=300", "Expires=%2B300"), INCOMPLETE),
    "lifetime emptied": (edit_query("Expires=300", "Expires="), INCOMPLETE),
    "lifetime twice": (replace(PRESIGNED, query=PRESIGNED.query + "&X-Amz-Expires=604800"), INCOMPLETE),
    "signed headers dropped": (edit_query("X-Amz-SignedHeaders=content-type%3Bhost&", ""), INCOMPLETE),
    "names without host": (edit_query("content-type%3Bhost", "content-type"), INVALID),
    "names without content type": (edit_query("content-type%3Bhost", "host"), INVALID),
    "names unsorted": (edit_query("content-type%3Bhost", "host%3Bcontent-type"), INCOMPLETE),
    "names repeated": (edit_query("content-type%3Bhost", "host%3Bhost"), INCOMPLETE),
    "names with an absent one": (edit_query("content-type%3Bhost", "content-type%3Bhost%3Brange"), INVALID),
    "names in upper case": (edit_query("content-type%3Bhost", "content-type%3BHost"), INCOMPLETE),
    "signature of one digit changed": (edit_query(PRESIGNED_SIGNATURE, flip(PRESIGNED_SIGNATURE)), INVALID),
    "signature of zeros": (edit_query(PRESIGNED_SIGNATURE, ZEROS), INVALID),
    "signature cut": (edit_query(PRESIGNED_SIGNATURE, PRESIGNED_SIGNATURE[:-2]), INCOMPLETE),
    "signature in upper case": (edit_query(PRESIGNED_SIGNATURE, "A" * 64), INCOMPLETE),
    "signature emptied": (edit_query(PRESIGNED_SIGNATURE, ""), INCOMPLETE),
    "signature twice": (replace(PRESIGNED, query=f"{PRESIGNED.query}&X-Amz-Signature={ZEROS}"), INCOMPLETE),
    "signature of a header request": (edit_query(PRESIGNED_SIGNATURE, SIGNATURE), INVALID),
    "authorization as well": (add_header(PRESIGNED, "authorization", POST.header("authorization") or ""), INCOMPLETE),
    "API key as well": (add_header(PRESIGNED, "authorization", "Bearer abc"), INCOMPLETE),
    "parameter names in lower case": (edit_query("X-Amz-Signature", "x-amz-signature"), INCOMPLETE),
    # Made by someone who has a valid key.
    "made for another service": (Signer(service="s3").query(plain("GET")), INVALID),
    "made with yesterday's key": (Signer(date="20260228").query(plain("GET")), INVALID),
    "made and expired": (Signer(timestamp="20260301T115400Z").query(plain("GET")), INVALID),
    "made six minutes ahead": (Signer(timestamp="20260301T120600Z").query(plain("GET")), INVALID),
    "made to last eight days": (Signer(lifetime="691200").query(plain("GET")), INCOMPLETE),
    "made to last no time": (Signer(lifetime="0").query(plain("GET")), INCOMPLETE),
    "made eight days ago": (
        Signer(date="20260221", timestamp="20260221T120000Z", lifetime="604800").query(plain("GET")),
        INVALID,
    ),
    "made with another secret": (Signer(secret="other").query(plain("GET")), INVALID),
    "made with a token": (Signer(token=TOKEN).query(plain("GET")), UNRECOGNIZED),
    "made without signing host": (Signer(unsigned=frozenset({"host"})).query(plain("GET")), INVALID),
    "made with UNSIGNED-PAYLOAD": (Signer(payload_hash="UNSIGNED-PAYLOAD").query(plain("GET")), INVALID),
    "made with UNSIGNED-PAYLOAD declared": (
        Signer(payload_hash="UNSIGNED-PAYLOAD").query(plain(query="X-Amz-Content-Sha256=UNSIGNED-PAYLOAD")),
        INVALID,
    ),
    "made with the path encoded once": (Signer(path=lambda path: path).query(plain("GET")), INVALID),
}

TEMPORARY = {"header": Signer(token=TOKEN).header(plain()), "query": Signer(token=TOKEN).query(plain("GET"))}


class TestForgeries:
    def test_there_are_many(self) -> None:
        assert min(len(HEADER_FORGERIES), len(QUERY_FORGERIES), len(CHUNK_FORGERIES)) >= 60

    @pytest.mark.parametrize("name", HEADER_FORGERIES)
    def test_in_the_header(self, name: str) -> None:
        request, error = HEADER_FORGERIES[name]
        with pytest.raises(error):
            check(request)

    @pytest.mark.parametrize("name", QUERY_FORGERIES)
    def test_in_the_query(self, name: str) -> None:
        request, error = QUERY_FORGERIES[name]
        with pytest.raises(error):
            check(request)

    @pytest.mark.parametrize("mode", TEMPORARY)
    @pytest.mark.parametrize("token", [None, TOKEN[:-1], TOKEN + "=", TOKEN.lower(), "é"])
    def test_with_another_session_token(self, mode: str, token: str | None) -> None:
        with pytest.raises(UNRECOGNIZED):
            check(TEMPORARY[mode], session_token=token)

    def test_without_its_session_token(self) -> None:
        with pytest.raises(UNRECOGNIZED):
            check(POST, session_token=TOKEN)

    def test_of_an_event_stream_without_signed_events(self) -> None:
        with pytest.raises(INVALID, match=EVENTS):
            check(POST, streamed=True)
        with pytest.raises(INVALID):
            check(Signer().header(plain(x_amz_content_sha256="UNSIGNED-PAYLOAD")), streamed=True)

    def test_with_a_key_that_got_a_new_secret(self) -> None:
        check(POST)
        with pytest.raises(INVALID):
            check(POST, secret="rotated")


class TestMismatch:
    def complaint(self, request: Request, **options: Any) -> str:
        with pytest.raises(INVALID) as caught:
            check(request, **options)
        return caught.value.message

    def test_shows_what_should_have_been_signed(self) -> None:
        message = self.complaint(replace(POST, body=b"{}"))
        assert f"\nhost:{HOST}\nx-amz-date:{TIMESTAMP}\n\n{NAMES}\n{sha256(b'{}').hexdigest()}'" in message
        assert f"'AWS4-HMAC-SHA256\n{TIMESTAMP}\n{TODAY}/us-east-1/bedrock/aws4_request\n" in message

    def test_keeps_secrets(self) -> None:
        for request in TEMPORARY.values():
            message = self.complaint(replace(request, method="PUT"), session_token=TOKEN)
            assert "<token>" in message
            assert SECRET not in message
            assert TOKEN not in message
            assert quote(TOKEN, safe="") not in message

    @pytest.mark.parametrize(
        ("request_", "hint"),
        [
            (Signer(path=lambda path: path).header(plain()), "encoded once"),
            (replace(POST, path=POST.path.replace("%3A", ":").replace("%2F", "/")), "secret access key"),
            (replace(POST, path=POST.path.replace("%3A", ":")), "less encoded"),
            (Signer(sort=list).header(plain(query="b=1&a=2")), "sort its parameters"),
            (Signer(payload_hash="UNSIGNED-PAYLOAD").header(plain()), "UNSIGNED-PAYLOAD"),
            (Signer(payload_hash=EMPTY_HASH).header(plain()), "empty body"),
            (set_header(Signer().header(plain(host="127.0.0.1")), "host", HOST), "without its port"),
            (Signer(secret="other").header(plain()), f"secret access key is not that of '{KEY_ID}'"),
        ],
    )
    def test_names_the_mistake(self, request_: Request, hint: str) -> None:
        assert hint in self.complaint(request_)


# --- Chunks -----------------------------------------------------------------------------------------------------------

SEED = check(Signer().header(plain(body=b"", x_amz_content_sha256=EVENTS)), streamed=True)
INNER = [event("chunk", json.dumps({"bytes": text}).encode()) for text in ("b25l", "dHdv", "dGhyZWU=")]
STREAM = sign_chunks([*INNER, b""], SEED.signature)
OTHER_STREAM = sign_chunks([*INNER, b""], ZEROS)


def receive(
    frames: Sequence[Message], claim: Signature = SEED, secret: str = SECRET, now: datetime = NOW
) -> list[bytes]:
    verifier = ChunkVerifier(claim, secret)
    payloads = [verifier.verify(frame, now) for frame in frames]
    verifier.finish()
    return payloads


def put(at: int, *frames: Message) -> list[Message]:
    return [*STREAM[:at], *frames, *STREAM[at + 1 :]]


def put_headers(at: int, **headers: HeaderValue | None) -> list[Message]:
    """`date` and `signature` stand for the two headers of a frame; None drops one."""
    names = {"date": ":date", "signature": ":chunk-signature"}
    changed = STREAM[at].headers | {names.get(name, name): value for name, value in headers.items()}
    kept = {name: value for name, value in changed.items() if value is not None}
    return put(at, Message(kept, STREAM[at].payload))


def resigned(at: int, payload: bytes | None = None, prior: str | None = None, **options: Any) -> list[Message]:
    """One frame made anew by someone who has the key but does one thing wrong; the frames after it follow on."""
    frames = list(STREAM[:at])
    before = signature_of(frames[-1]) if frames else SEED.signature
    frames.append(sign_chunk(STREAM[at].payload if payload is None else payload, prior or before, **options))
    for frame in STREAM[at + 1 :]:
        frames.append(sign_chunk(frame.payload, signature_of(frames[-1])))
    return frames


def raw_signature(at: int) -> bytes:
    return bytes.fromhex(signature_of(STREAM[at]))


EVERYWHERE: dict[str, Callable[[int], list[Message]]] = {
    "dropped": lambda at: put(at),
    "replayed": lambda at: put(at, STREAM[at], STREAM[at]),
    "payload changed": lambda at: put(at, replace(STREAM[at], payload=STREAM[at].payload + b"\x00")),
    "signature changed": lambda at: put_headers(
        at, signature=bytes([raw_signature(at)[0] ^ 1]) + raw_signature(at)[1:]
    ),
    "signature cut": lambda at: put_headers(at, signature=raw_signature(at)[:-1]),
    "signature lengthened": lambda at: put_headers(at, signature=raw_signature(at) + b"\x00"),
    "signature emptied": lambda at: put_headers(at, signature=b""),
    "signature dropped": lambda at: put_headers(at, signature=None),
    "signature as text": lambda at: put_headers(at, signature=signature_of(STREAM[at])),
    "date a second later": lambda at: put_headers(at, date=NOW + timedelta(seconds=1)),
    "date a millisecond later": lambda at: put_headers(at, date=NOW + timedelta(milliseconds=1)),
    "date dropped": lambda at: put_headers(at, date=None),
    "date as text": lambda at: put_headers(at, date=TIMESTAMP),
    "date as a number": lambda at: put_headers(at, date=Long(NOW.timestamp() * 1000)),
    "header added": lambda at: put_headers(at, extra="x"),
    "of another stream": lambda at: put(at, OTHER_STREAM[at]),
    "unsigned": lambda at: put(at, Message({":event-type": "chunk"}, b"{}")),
    "preceded by an unsigned one": lambda at: put(at, Message({}, INNER[0]), STREAM[at]),
    "preceded by an unsigned end": lambda at: put(at, Message({}, b""), STREAM[at]),
    "made with another secret": lambda at: resigned(at, secret="other"),
    "made for another region": lambda at: resigned(at, scope=f"{TODAY}/us-west-2/bedrock/aws4_request"),
    "made for another service": lambda at: resigned(at, scope=f"{TODAY}/us-east-1/transcribe/aws4_request"),
    "made with yesterday's key": lambda at: resigned(at, scope="20260228/us-east-1/bedrock/aws4_request"),
    "made six minutes ago": lambda at: resigned(at, date=NOW - timedelta(minutes=6)),
    "made six minutes ahead": lambda at: resigned(at, date=NOW + timedelta(minutes=6)),
    "made with the algorithm of requests": lambda at: resigned(at, algorithm="AWS4-HMAC-SHA256"),
    "made without its headers": lambda at: resigned(at, hashed_headers=b""),
    "made over no signature before": lambda at: resigned(at, prior=ZEROS),
}

CHUNK_FORGERIES: dict[str, list[Message]] = {
    **{f"frame {at} {name}": change(at) for name, change in EVERYWHERE.items() for at in range(4)},
    "no frames": [],
    "only the end": STREAM[3:],
    "first two swapped": [STREAM[1], STREAM[0], *STREAM[2:]],
    "middle two swapped": [STREAM[0], STREAM[2], STREAM[1], STREAM[3]],
    "last two swapped": [*STREAM[:2], STREAM[3], STREAM[2]],
    "reversed": STREAM[::-1],
    "twice": [*STREAM, *STREAM],
    "going on after the end": [*STREAM, sign_chunk(INNER[0], signature_of(STREAM[3]))],
    "another end after the end": [*STREAM, sign_chunk(b"", signature_of(STREAM[3]))],
    "cut in the middle": STREAM[:2],
    "payloads exchanged": put(0, replace(STREAM[0], payload=INNER[1])),
    "payload emptied": put(1, replace(STREAM[1], payload=b"")),
    "end given a payload": put(3, replace(STREAM[3], payload=INNER[0])),
    "signatures exchanged": put_headers(1, signature=raw_signature(2)),
    "signature of the request": put_headers(0, signature=bytes.fromhex(SEED.signature)),
    "each over the request's signature": [sign_chunk(frame.payload, SEED.signature) for frame in STREAM],
    "over the signature in upper case": resigned(1, prior=signature_of(STREAM[0]).upper()),
    "over the signature of the frame after": resigned(1, prior=signature_of(STREAM[2])),
    "first frame of another stream before": [OTHER_STREAM[0], *STREAM],
    "rest of another stream": [STREAM[0], *OTHER_STREAM[1:]],
    "headers in another case": put(0, Message({":Date": NOW, ":Chunk-Signature": raw_signature(0)}, INNER[0])),
}


class TestChunks:
    def test_genuine_frames_give_what_is_inside(self) -> None:
        assert receive(STREAM) == [*INNER, b""]

    def test_genuine_frames_survive_encoding(self) -> None:
        wire = b"".join(encode(list(frame.headers.items()), frame.payload) for frame in STREAM)
        assert receive(list(Decoder().feed(wire))) == [*INNER, b""]

    def test_milliseconds_are_signed_in_the_header_alone(self) -> None:
        receive(sign_chunks([b"x", b""], SEED.signature, date=NOW + timedelta(milliseconds=678)))

    def test_a_stream_may_pass_midnight(self) -> None:
        late = datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC)
        early = late + timedelta(seconds=2)
        claim = check(
            Signer(timestamp="20260301T235959Z").header(plain(x_amz_content_sha256=EVENTS)), now=late, streamed=True
        )
        first = sign_chunk(INNER[0], claim.signature, date=late)
        last = sign_chunk(b"", signature_of(first), date=early)
        assert receive([first, last], claim, now=early) == [INNER[0], b""]

    @pytest.mark.parametrize("name", CHUNK_FORGERIES)
    def test_forgeries(self, name: str) -> None:
        with pytest.raises(INVALID):
            receive(CHUNK_FORGERIES[name])

    async def unwrap(self, frames: Sequence[Message], step: int = 7) -> list[bytes]:
        wire = b"".join(encode(list(frame.headers.items()), frame.payload) for frame in frames)

        async def body() -> AsyncIterator[bytes]:
            for at in range(0, len(wire), step):
                yield wire[at : at + step]

        return [inner async for inner in ChunkVerifier(SEED, SECRET).unwrap(body(), lambda: NOW)]

    async def test_a_body_is_unwrapped_as_it_arrives(self) -> None:
        assert await self.unwrap(STREAM) == INNER
        assert await self.unwrap([*STREAM, *STREAM], step=10_000) == INNER  # nothing is read after the end

    @pytest.mark.parametrize("frames", [[], STREAM[:2], STREAM[1:]])
    async def test_a_body_is_not_unwrapped_when_frames_are_missing(self, frames: list[Message]) -> None:
        with pytest.raises(INVALID):
            await self.unwrap(frames)

    def test_another_secret(self) -> None:
        with pytest.raises(INVALID):
            receive(STREAM, secret="other")

    def test_nothing_verifies_after_a_refused_frame_is_skipped(self) -> None:
        verifier = ChunkVerifier(SEED, SECRET)
        for frame in (STREAM[1], STREAM[2], STREAM[3]):
            with pytest.raises(INVALID):
                verifier.verify(frame, NOW)
        assert verifier.verify(STREAM[0], NOW) == INNER[0]


# --- Any request at all -----------------------------------------------------------------------------------------------

SEGMENTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8).filter(
    lambda s: s not in (".", "..")
)
PATHS = st.lists(SEGMENTS, min_size=1, max_size=4).map(
    lambda parts: "/" + "/".join(quote(part, safe="") for part in parts)
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
QUERIES = st.lists(st.tuples(TEXTS.map("q{}".format), TEXTS), max_size=4)
WORDS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=8)
VALUES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
REQUESTS = st.builds(
    lambda path, query, value, body, lifetime: sign_with_botocore(
        "POST" if body else "GET",
        f"http://{HOST}{path}"
        + "".join(f"{'&' if n else '?'}{quote(k, safe='')}={quote(v, safe='')}" for n, (k, v) in enumerate(query)),
        # A presigning botocore moves a body into the query, so there is none then.
        body if lifetime is None else b"",
        {"x-custom": value},
        lifetime,
    ),
    PATHS,
    QUERIES,
    VALUES,
    st.binary(max_size=50),
    st.sampled_from([None, 60]),
)

WIRE = st.characters(max_codepoint=0xFF)
PIECES = ["", "Bearer ", "AWS4-HMAC-SHA256 ", "AWS4-HMAC-SHA256 Credential=", f"AWS4-HMAC-SHA256 Credential={KEY_ID}/"]


class TestAnyRequest:
    @settings(max_examples=100)
    @given(REQUESTS)
    def test_genuine_ones_verify(self, request_: Request) -> None:
        check(request_)

    @settings(max_examples=200)
    @given(REQUESTS, st.data())
    def test_no_octet_can_be_changed(self, request_: Request, data: st.DataObject) -> None:
        changed = getattr(self, f"change_{data.draw(st.sampled_from(['path', 'query', 'headers', 'body']))}")(
            request_, data
        )
        with pytest.raises((INVALID, INCOMPLETE, MISSING, UNRECOGNIZED)):
            check(changed)

    @settings(max_examples=200)
    @given(st.text(WIRE, max_size=60), st.text(WIRE, max_size=60), st.text(WIRE, max_size=20), st.sampled_from(PIECES))
    def test_garbage_is_refused_in_words(self, authorization: str, query: str, date: str, piece: str) -> None:
        headers = (("host", HOST), ("authorization", piece + authorization), ("x-amz-date", date))
        for request in (plain(query=query), plain(query=PRESIGNED.query + query), Request("GET", "/", "", headers)):
            try:
                parse(request)
            except ApiError as error:
                assert error.message.endswith(".")

    def change_path(self, request: Request, data: st.DataObject) -> Request:
        return replace(request, path=change(request.path, data))

    def change_query(self, request: Request, data: st.DataObject) -> Request:
        changed = replace(request, query=change(request.query or "&", data))
        # Two spellings of the same parameters, such as %2F and %2f, are one query.
        assume(meaning(changed.query) != meaning(request.query))
        return changed

    def change_headers(self, request: Request, data: st.DataObject) -> Request:
        name = data.draw(st.sampled_from([name for name, _ in request.headers if name != "content-length"]))
        value = request.header(name) or ""
        changed = set_header(request, name, change(value, data))
        assume((changed.header(name) or "").strip(" \t") != value)
        return changed

    def change_body(self, request: Request, data: st.DataObject) -> Request:
        return replace(request, body=change(request.body.decode("latin-1") or " ", data).encode("latin-1"))


def change(text: str, data: st.DataObject) -> str:
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.integers(1, 255).map(lambda bits: chr(ord(text[at]) ^ bits)))
    return text[:at] + other + text[at + 1 :]


def meaning(query: str) -> list[tuple[str, ...]]:
    return sorted(
        tuple(unquote_plus(part, "latin-1") for part in pair.partition("=")[::2]) for pair in query.split("&")
    )
