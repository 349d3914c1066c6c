"""Page tokens cannot be read, altered or used elsewhere."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from craton.errors import ValidationException
from craton.store.tokens import Tokens

tokens = Tokens(b"s" * 32)


@given(st.integers(0, 2**63 - 1), st.lists(st.text()))
def test_a_token_leads_back_to_its_place(position: int, context: list[str]) -> None:
    assert tokens.read(tokens.write(position, *context), *context) == position


def test_every_altered_bit_is_noticed() -> None:
    sealed = urlsafe_b64decode(tokens.write(7, "a", "b"))
    for bit in range(len(sealed) * 8):
        altered = bytearray(sealed)
        altered[bit // 8] ^= 1 << bit % 8
        with pytest.raises(ValidationException):
            tokens.read(urlsafe_b64encode(altered).decode(), "a", "b")


@pytest.mark.parametrize("context", [("ab",), ("a", "b", ""), ("", "a", "b"), ("b", "a"), ("a",), ()])
def test_a_token_of_another_list_is_refused(context: tuple[str, ...]) -> None:
    with pytest.raises(ValidationException, match="nextToken"):
        tokens.read(tokens.write(7, "a", "b"), *context)


def test_a_token_of_another_server_is_refused() -> None:
    with pytest.raises(ValidationException):
        tokens.read(Tokens(b"t" * 32).write(7))


@given(st.text())
def test_no_invented_token_is_taken(token: str) -> None:
    with pytest.raises(ValidationException):
        tokens.read(token)


def test_a_token_does_not_tell_its_place() -> None:
    assert (7).to_bytes(8, "big") not in urlsafe_b64decode(tokens.write(7))
