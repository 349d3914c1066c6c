"""Who calls: the holder of an API key, or of an access key that signed the request. Knows no operation and no route."""

from collections.abc import Sequence
from datetime import UTC, datetime

from craton.core.call import Call
from craton.core.context import Context
from craton.doors import origin
from craton.errors import AccessDeniedException, ApiError, ExpiredTokenException
from craton.iam.authorization.authorization import Authorization
from craton.iam.identity import Identity
from craton.iam.records import Caller, Credential
from craton.wire.message import Request
from craton.wire.signatures import claims, sigv4
from craton.wire.signatures.claims import BearerKey, Claim

# What API keys are for, whatever service they are sent to.
_BEARER_SERVICE = "bedrock"


class Callers:
    """`region` is the one of callers whose credentials name none (long-term API keys).

    `proxies` are the networks of those whose X-Forwarded-For is believed.
    """

    def __init__(
        self,
        identity: Identity,
        authorization: Authorization,
        region: str,
        proxies: origin.Networks = (),
    ) -> None:
        self._keys = identity.keys
        self._accounts = identity.accounts
        self._uses = identity.uses
        self._authorization = authorization
        self._region = region
        self._proxies = proxies

    async def of(
        self,
        request: Request,
        call: Call,
        *,
        signing_names: Sequence[str],
        bearer: bool = True,
        key_header: str | None = None,
        streamed: bool = False,
    ) -> Context:
        """Who calls, once the request has proved it; in the region it was signed for.

        It is signed for one of `signing_names`. `bearer` tells whether API keys are taken, and `key_header` names a
        header that may hold one; it goes before Authorization. With `streamed` the body's frames are signed one by one.
        `call` is told what is found out. Raises the ApiErrors of `claims`, `sigv4`, `Keys`, `Accounts` and
        `Authorization`.
        """
        call.secure = origin.secure(call.source_ip, request, self._proxies, direct=call.secure)
        call.source_ip = origin.client(call.source_ip, request, self._proxies)
        claim = _claim(request, key_header)
        caller: Caller
        if isinstance(claim, BearerKey):
            if not bearer:
                raise AccessDeniedException("This service takes no API keys; sign the request with an access key.")
            caller, region = await self._of_bearer(claim)
            service = _BEARER_SERVICE
        else:
            caller = await self._keys.credential(claim.access_key_id)
            region, service = claim.scope.region, claim.scope.service
            _verify(request, claim, caller, service if service in signing_names else signing_names[0], streamed)
        await self._accounts.check(caller.account)
        self._uses.note(_used(caller), service, region)
        endpoint = origin.endpoint(request, secure=call.secure)
        return await self._context(caller, region, call, endpoint, isinstance(claim, BearerKey))

    async def _of_bearer(self, claim: BearerKey) -> tuple[Caller, str]:
        """The holder of an API key, and the region that it is for."""
        if not claims.short_term(claim):
            return await self._keys.api_key(claim.key), self._region
        try:
            request, signature = claims.unpack(claim)
            caller = await self._keys.credential(signature.access_key_id)
            if signature.expired(datetime.now(UTC)):
                raise ExpiredTokenException("The short-term API key has expired.")
            _verify(request, signature, caller, _BEARER_SERVICE)
        except ExpiredTokenException:
            raise AccessDeniedException("Bearer Token has expired") from None
        except ApiError as error:
            raise AccessDeniedException("Authentication failed: Please make sure your API Key is valid.") from error
        return caller, signature.scope.region

    async def _context(self, caller: Caller, region: str, call: Call, endpoint: str, bearer: bool) -> Context:
        call.account, call.region, call.caller, call.key_id = caller.account, region, caller.principal, caller.id
        permit = await self._authorization.permit(caller, call, bearer=bearer)
        return Context(
            caller.account,
            region,
            caller.principal,
            call.request_id,
            key_id=caller.id,
            source_ip=call.source_ip,
            permit=permit,
            trace=call.trace,
            tags=permit.tags,
            operation=call.name or "",
            endpoint=endpoint,
        )


def _verify(
    request: Request, claim: claims.Signature, caller: Credential, signing_name: str, streamed: bool = False
) -> None:
    token = caller.session.token if caller.session else None
    sigv4.verify(
        request,
        claim,
        caller.secret,
        signing_name=signing_name,
        now=datetime.now(UTC),
        session_token=token,
        streamed=streamed,
    )


def _used(caller: Caller) -> str:
    """What was used: the key, or, of temporary credentials, the role."""
    session = caller.session if isinstance(caller, Credential) else None
    return session.role_id if session else caller.id


def _claim(request: Request, key_header: str | None) -> Claim:
    if key_header and (key := request.header(key_header)):
        return BearerKey(key)
    return claims.parse(request)
