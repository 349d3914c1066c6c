"""Short-term API keys, taken apart."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from craton.errors import IncompleteSignatureException
from craton.wire.signatures import claims, sigv4
from craton.wire.signatures.claims import BearerKey

SECRET = "a-secret"


def token(action: str = "CallWithBearerToken", expires: int = 43200, session: str | None = None) -> BearerKey:
    """As aws-bedrock-token-generator makes it."""
    request = AWSRequest(
        method="POST",
        url="https://bedrock.amazonaws.com/",
        headers={"host": "bedrock.amazonaws.com"},
        params={"Action": action},
    )
    SigV4QueryAuth(Credentials("AKIA", SECRET, session), "bedrock", "eu-central-1", expires).add_auth(request)
    url = request.url.replace("https://", "") + "&Version=1"
    return BearerKey("bedrock-api-key-" + b64encode(url.encode()).decode())


def test_a_short_term_key_is_a_request_that_its_holder_signed() -> None:
    request, signature = claims.unpack(token(session="a session/token+="))
    assert (signature.access_key_id, signature.scope.region, signature.lifetime) == ("AKIA", "eu-central-1", 43200)
    assert signature.session_token == "a session/token+="
    now = datetime.now(UTC)
    sigv4.verify(request, signature, SECRET, signing_name="bedrock", now=now, session_token="a session/token+=")
    assert not signature.expired(now)
    assert signature.expired(now + timedelta(hours=12, minutes=1))


def test_only_that_prefix_makes_a_key_short_term() -> None:
    assert claims.short_term(token())
    assert not claims.short_term(BearerKey("ABSKQmVkcm9ja0FQSUtleQ=="))


@pytest.mark.parametrize(
    ("key", "complaint"),
    [
        (BearerKey("bedrock-api-key-"), "CallWithBearerToken"),
        (BearerKey("bedrock-api-key-%%%"), "not base64"),
        (BearerKey("bedrock-api-key-w6TDtsO8"), "not base64"),
        (token(action="ListFoundationModels"), "CallWithBearerToken"),
        (token(expires=43201), "12 hours"),
        (BearerKey("bedrock-api-key-" + b64encode(b"h/?Action=CallWithBearerToken").decode()), "requires"),
    ],
)
def test_what_is_no_short_term_key_is_refused(key: BearerKey, complaint: str) -> None:
    with pytest.raises(IncompleteSignatureException, match=complaint):
        claims.unpack(key)
