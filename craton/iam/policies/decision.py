"""The decision on what is asked, of all policies that have a say. Knows no store and not whence the policies come.

The rules are those of the IAM User Guide, "Policy evaluation logic": an explicit deny anywhere wins; within an account
a policy of the resource may allow what no policy of the identity does; across accounts both must; a boundary and
session policies bound what the identity's policies allow.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Literal, get_args

from craton.iam.policies.asked import Asked
from craton.iam.policies.policy import Policy
from craton.iam.policies.principals import Grade

Source = Literal["identity", "resource", "trust", "boundary", "session", "root"]


class Outcome(Enum):
    """What was decided."""

    ALLOWED = "allowed"
    EXPLICIT_DENY = "explicitDeny"
    IMPLICIT_DENY = "implicitDeny"


ALLOWED = Outcome.ALLOWED
EXPLICIT_DENY = Outcome.EXPLICIT_DENY
IMPLICIT_DENY = Outcome.IMPLICIT_DENY

# "Troubleshoot access denied error messages" of the IAM User Guide.
_KINDS: dict[Source, str] = {
    "identity": "an identity-based policy",
    "resource": "a resource-based policy",
    "trust": "the role trust policy",
    "boundary": "a permissions boundary",
    "session": "a session policy",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """`source` is the kind of policy that decided; `root` where no policy was needed."""

    outcome: Outcome
    source: Source

    @property
    def allowed(self) -> bool:
        """Whether the request may go on."""
        return self.outcome is ALLOWED

    def why(self, action: str) -> str:
        """The end of the sentence that says why an action was denied, in the words of AWS."""
        assert not self.allowed, "an allowed action needs no reason"
        kind = _KINDS[self.source]
        if self.outcome is EXPLICIT_DENY:
            return f"with an explicit deny in {kind}"
        return f"because no {kind.partition(' ')[2]} allows the {action} action"


_ALLOWED, _EXPLICIT, _IMPLICIT = (
    {source: Decision(outcome, source) for source in get_args(Source)}
    for outcome in (ALLOWED, EXPLICIT_DENY, IMPLICIT_DENY)
)


def decide(
    asked: Asked,
    *,
    identity: Sequence[Policy],
    resource: Sequence[Policy] = (),
    boundary: Sequence[Policy] | None = None,
    session: Sequence[Policy] | None = None,
) -> Decision:
    """The decision. `resource` holds the policies of the resource, among them a role's trust policy.

    `boundary` and `session` are None where there are none: an empty list of them allows nothing.
    """
    if denied := _denied(asked, identity, resource, boundary, session):
        return _EXPLICIT[denied]
    principal, foreign = asked.principal, asked.foreign
    granted, trusts = Grade.NONE, False
    for policy in resource:
        granted = max(granted, policy.allows(asked))
        trusts = trusts or policy.kind == "trust"
    kind: Source = "trust" if trusts else "resource"
    if not granted and (trusts or foreign or not principal.account):
        return _IMPLICIT[kind]
    if not principal.account or (granted is Grade.DIRECT and not foreign):
        return _ALLOWED[kind]
    if principal.root:
        return _ALLOWED["root"]
    if session is None and principal.federated_user:
        session = ()
    by_identity = _allow(asked, identity)
    if not by_identity and (foreign or granted is not Grade.ISSUER):
        return _IMPLICIT["identity"]
    if boundary is not None and not _allow(asked, boundary):
        return _IMPLICIT["boundary"]
    if session is not None and not _allow(asked, session):
        return _IMPLICIT["session"]
    return _ALLOWED["identity" if by_identity else kind]


def _denied(
    asked: Asked,
    identity: Sequence[Policy],
    resource: Sequence[Policy],
    boundary: Sequence[Policy] | None,
    session: Sequence[Policy] | None,
) -> Source | None:
    """The kind of policy that denies it, if one does."""
    for policy in identity:
        if policy.denying and policy.denies(asked):
            return "identity"
    for policy in resource:
        if policy.denying and policy.denies(asked, bounded=boundary is not None):
            return "trust" if policy.kind == "trust" else "resource"
    for policy in boundary or ():
        if policy.denying and policy.denies(asked):
            return "boundary"
    for policy in session or ():
        if policy.denying and policy.denies(asked):
            return "session"
    return None


def _allow(asked: Asked, policies: Sequence[Policy]) -> bool:
    return any(policy.allows(asked) for policy in policies)
