import time
from email.utils import formatdate

import pytest

from craton.engines.remote.calls.failures import Origin, read_words, refusal, retry_after


@pytest.mark.parametrize(
    ("body", "words", "code"),
    [
        (b'{"error": {"message": "Too long", "type": "invalid", "code": "context"}}', "Too long", "context"),
        (b'{"type": "error", "error": {"type": "overloaded_error", "message": "Busy"}}', "Busy", "overloaded_error"),
        (b'{"message": "The provided model identifier is invalid."}', "The provided model identifier is invalid.", ""),
        (b'{"Message": "Forbidden"}', "Forbidden", ""),
        (b'{"object": "error", "message": "bad", "code": 40301}', "bad", ""),
        (b'{"error": "model not found"}', "model not found", ""),
        (b'{"detail": "Not Found"}', "Not Found", ""),
        (b'{"detail": [{"msg": "field required", "loc": ["body"]}]}', "field required", ""),
        (b'{"status": 7}', '{"status":7}', ""),
        (b"upstream connect error\r\nreset", "upstream connect error reset", ""),
        (b"<html><body>Bad Gateway</body></html>", "", ""),
        (b"", "", ""),
        (b"\xff\x00\x1b[31m", "� [31m", ""),
    ],
)
def test_words_are_found_in_every_providers_errors(body: bytes, words: str, code: str) -> None:
    assert read_words(body) == (words, code)


def test_long_words_are_cut() -> None:
    assert len(read_words(b'{"message": "%s"}' % (b"x" * 100_000))[0]) < 600


def test_retry_after_in_all_its_forms() -> None:
    assert retry_after({"retry-after": "3"}) == 3
    assert retry_after({"retry-after-ms": "250", "retry-after": "1"}) == 0.25
    date = retry_after({"retry-after": formatdate(time.time() + 30, usegmt=True)})
    assert date is not None and 28 < date <= 30
    assert retry_after({"retry-after": formatdate(time.time() - 30, usegmt=True)}) == 0
    for nonsense in "soon", "1.2.3", "", "-5", "inf", "nan":
        assert retry_after({"retry-after": nonsense}) is None
        assert retry_after({"retry-after-ms": nonsense}) is None


def test_when_a_busy_provider_says_to_come_back_the_caller_is_told() -> None:
    origin, headers = Origin("up", "large"), {"retry-after": "7"}
    told = {status: refusal(origin, status, headers, "Busy").error.retry_after for status in (429, 503, 529, 500, 400)}
    assert told == {429: 7, 503: 7, 529: 7, 500: None, 400: None}
    assert refusal(origin, 429, {}, "Busy").error.retry_after is None
