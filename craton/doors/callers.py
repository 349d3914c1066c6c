"""Who calls: the holder of an API key, or of an access key that signed the request. Knows no operation and no route."""

from collections.abc import Sequence
from datetime import UTC, datetime

from craton.core.context import Context
from craton.errors import AccessDeniedException
from craton.iam.keys import Keys
from craton.wire.message import Request
from craton.wire.signatures import claims, sigv4
from craton.wire.signatures.claims import BearerKey, Claim


class Callers:
    """`region` is the one of callers whose credentials name none (API keys)."""

    def __init__(self, keys: Keys, region: str) -> None:
        self._keys = keys
        self._region = region

    async def of(
        self,
        request: Request,
        request_id: str,
        *,
        signing_names: Sequence[str],
        bearer: bool = True,
        key_header: str | None = None,
        streamed: bool = False,
    ) -> Context:
        """Who calls, once the request has proved it; in the region it was signed for.

        It is signed for one of `signing_names`. `bearer` tells whether API keys are taken, and `key_header` names a
        header that may hold one; it goes before Authorization. With `streamed` the body's frames are signed one by one.
        Raises the ApiErrors of `claims`, `sigv4` and `Keys`.
        """
        claim = _claim(request, key_header)
        if isinstance(claim, BearerKey):
            if not bearer:
                raise AccessDeniedException("This service takes no API keys; sign the request with an access key.")
            key = await self._keys.api_key(claim.key)
            return Context(key.account, self._region, key.principal, request_id)
        credential = await self._keys.credential(claim.access_key_id)
        signed_for = claim.scope.service
        signing_name = signed_for if signed_for in signing_names else signing_names[0]
        now = datetime.now(UTC)
        sigv4.verify(request, claim, credential.secret, signing_name=signing_name, now=now, streamed=streamed)
        return Context(credential.account, claim.scope.region, credential.principal, request_id)


def _claim(request: Request, key_header: str | None) -> Claim:
    if key_header and (key := request.header(key_header)):
        return BearerKey(key)
    return claims.parse(request)
