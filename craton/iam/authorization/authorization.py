"""Whether a caller may do what a request asks: the caller's policies, the resource's policy and the circumstances.

Source: "Policy evaluation logic" and "Troubleshoot access denied error messages" in the IAM User Guide. Knows no HTTP.
"""

from functools import lru_cache

from craton.core.call import Call
from craton.core.context import Context, Keys
from craton.errors import AccessDeniedException, ResourceNotFoundException
from craton.iam.authorization.actions import CALL_WITH_BEARER_TOKEN
from craton.iam.authorization.circumstances import RESOURCE_TAG, Circumstances, Facts, account_of
from craton.iam.authorization.needs import Need
from craton.iam.authorization.resources import ALL, Request
from craton.iam.policies import Asked, Decision, Policy, Principal, decide
from craton.iam.principals import Attached, Principals
from craton.iam.records import Caller, Credential
from craton.iam.resource_policies.policies import ResourcePolicies
from craton.store.documents import Documents, Scope


class NotPermitted(AccessDeniedException):
    """Policies do not allow what the caller asks."""

    @property
    def code(self) -> str:
        return AccessDeniedException.__name__


class CallerPermit:
    """What one caller may do in one request, without the tags of resources: `Authorization.require` knows these too."""

    __slots__ = ("_attached", "_facts", "_policies", "_principal", "tags")

    def __init__(self, facts: Facts, policies: ResourcePolicies) -> None:
        attached = facts.attached
        session = facts.caller.session if isinstance(facts.caller, Credential) else None
        self._principal = _principal(facts.caller.principal, session.role if session else "")
        self._attached = attached
        self._facts = facts
        self._policies = policies
        self.tags = attached.tags

    def __call__(self, action: str, resource: str, keys: Keys) -> None:
        decision, _ = self.judge(action, resource, keys)
        self.insist(decision, action, resource)

    @property
    def caller(self) -> Caller:
        return self._facts.caller

    def judge(self, action: str, resource: str, keys: Keys, trust: Policy | None = None) -> tuple[Decision, bool]:
        """The decision, and whether any condition had a say in it. `trust` is the trust policy of a role."""
        circumstances = Circumstances(self._facts, resource, keys)
        attached = self._attached
        decision = decide(
            Asked(self._principal, action, resource, circumstances),
            identity=attached.identity,
            resource=self._policies.of(resource) if trust is None else (trust,),
            boundary=attached.boundary,
            session=attached.session,
        )
        return decision, circumstances.looked_at

    def insist(self, decision: Decision, action: str, resource: str) -> None:
        """Raises AccessDeniedException where the decision is against the caller."""
        if decision.allowed:
            return
        where = "" if resource == ALL else f" on resource: {resource}"
        raise NotPermitted(
            f"User: {self._principal.arn} is not authorized to perform: {action}{where} {decision.why(action)}"
        )


class Authorization:
    def __init__(self, documents: Documents, principals: Principals, policies: ResourcePolicies) -> None:
        self._documents = documents
        self._principals = principals
        self._policies = policies

    async def permit(self, caller: Caller, call: Call, *, bearer: bool = False) -> CallerPermit:
        """What the caller may do in this request, whose region and origin `call` tells.

        `bearer` tells that the caller was known by a token, which must itself be permitted. Raises
        AccessDeniedException, and UnrecognizedClientException for a user who is no more.
        """
        attached: Attached = await self._principals.attached(caller)
        await self._policies.refresh()
        permit = CallerPermit(Facts(caller, attached, call, bearer), self._policies)
        if bearer:
            permit(CALL_WITH_BEARER_TOKEN, ALL, {})
        return permit

    async def check(self, ctx: Context, need: Need, request: Request) -> None:
        """Go on only where the caller may do all that an operation's request asks for. Raises AccessDeniedException."""
        for ask in need.of(ctx, request):
            await self.require(ctx, ask.action, ask.resource, ask.keys)

    async def require(self, ctx: Context, action: str, resource: str, keys: Keys | None = None) -> None:
        """As `Context.require`, and the conditions see the tags of the resource."""
        permit, keys = ctx.permit, keys or {}
        if not isinstance(permit, CallerPermit):
            permit(action, resource, keys)
            return
        decision, conditional = permit.judge(action, resource, keys)
        if conditional and (tags := await self._tags(resource)):
            decision, _ = permit.judge(action, resource, {**keys, **tags})
        permit.insist(decision, action, resource)

    async def _tags(self, resource: str) -> Keys:
        """The condition keys of the tags that the resource has."""
        account = account_of(resource)
        if not account or resource.endswith(ALL):
            return {}
        try:
            tags = await self._documents.tags(Scope(account, resource.split(":", 4)[3]), resource)
        except ResourceNotFoundException:
            return {}
        return {RESOURCE_TAG + key: (value,) for key, value in tags.items()}


@lru_cache(maxsize=4096)
def _principal(arn: str, issuer: str) -> Principal:
    return Principal.of(arn, issuer=issuer)
