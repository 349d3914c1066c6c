"""Page tokens: a place in a list, sealed so that nobody can read, alter or use it for another list. Knows no list."""

import binascii
import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode

from craton.errors import ValidationException

_PLACE = 8
_SEAL = 16


class Tokens:
    """Seals with one secret, which outlives the process. The seal also hides the place (as SIV does, RFC 5297)."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def write(self, position: int, *context: str) -> str:
        """A token for a place in the list that `context` names: account, region, kind and all else that tells it."""
        place = position.to_bytes(_PLACE, "big")
        seal = self._mac("seal", context, place)[:_SEAL]
        return urlsafe_b64encode(seal + self._hide(place, seal)).decode()

    def read(self, token: str, *context: str) -> int:
        """The place. Raises ValidationException unless the token was written for this context."""
        try:
            sealed = urlsafe_b64decode(token)
        except (binascii.Error, ValueError):
            sealed = b""
        seal, place = sealed[:_SEAL], self._hide(sealed[_SEAL:], sealed[:_SEAL])
        if len(sealed) != _SEAL + _PLACE or not hmac.compare_digest(seal, self._mac("seal", context, place)[:_SEAL]):
            raise ValidationException(
                "The nextToken is not valid for this list; "
                "send the one of the previous response unchanged, or leave it out to start."
            )
        return int.from_bytes(place, "big")

    def _hide(self, place: bytes, seal: bytes) -> bytes:
        return bytes(a ^ b for a, b in zip(place, self._mac("hide", (), seal), strict=False))

    def _mac(self, purpose: str, context: tuple[str, ...], data: bytes) -> bytes:
        parts = [part.encode() for part in (purpose, *context)] + [data]
        framed = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
        return hmac.digest(self._secret, framed, hashlib.sha256)
