from dataclasses import replace

import pytest

from craton.iam.policies import (
    ALLOWED,
    EXPLICIT_DENY,
    IMPLICIT_DENY,
    NOBODY,
    Decision,
    Policy,
    Principal,
    decide,
)
from tests.iam.policies.written import ACCOUNT, ADA, GUARDRAIL, MODEL, OTHER, asked, policy, statement

ROLE = f"arn:aws:iam::{ACCOUNT}:role/team/dev"
SESSION = Principal.of(f"arn:aws:sts::{ACCOUNT}:assumed-role/dev/s1", issuer=ROLE)
ROOT = Principal.of(f"arn:aws:iam::{ACCOUNT}:root")
STRANGER = Principal.of(f"arn:aws:iam::{OTHER}:user/eve")
EVERYTHING = policy(statement())
NOTHING = policy(statement(action="s3:*"))
DENY = policy(statement("Deny"))


def shared(principal: object, effect: str = "Allow", name: str = "Principal") -> Policy:
    return policy(statement(effect, **{name: principal}), kind="resource")


def trusting(principal: object, effect: str = "Allow") -> Policy:
    return policy(statement(effect, "sts:AssumeRole", None, Principal=principal), kind="trust")


def test_denied_by_default() -> None:
    assert decide(asked(), identity=[]) == Decision(IMPLICIT_DENY, "identity")
    assert decide(asked(), identity=[NOTHING]) == Decision(IMPLICIT_DENY, "identity")
    assert decide(asked(), identity=[NOTHING, EVERYTHING]) == Decision(ALLOWED, "identity")


def test_actions_ignore_case_and_take_wildcards() -> None:
    for action in ("BEDROCK:invokemodel", "bedrock:Invoke*", "bedrock:?nvoke*l", "*", "*:*", "bedrock:*Model"):
        assert decide(asked(), identity=[policy(statement(action=action))]).allowed, action
    for action in ("bedrock:InvokeModelWith*", "bedrock:Invoke?", "s3:*"):
        assert not decide(asked(), identity=[policy(statement(action=action))]).allowed, action


def test_not_action_and_not_resource() -> None:
    but_delete = policy(statement(action=None, NotAction=["bedrock:Delete*", "iam:*"]))
    assert decide(asked(), identity=[but_delete]).allowed
    assert not decide(asked("bedrock:DeleteGuardrail"), identity=[but_delete]).allowed
    but_models = policy(statement(resource=None, NotResource="arn:aws:bedrock:*::foundation-model/*"))
    assert not decide(asked(), identity=[but_models]).allowed
    assert decide(asked(resource=GUARDRAIL), identity=[but_models]).allowed
    assert decide(asked(resource="*"), identity=[but_models]).allowed


@pytest.mark.parametrize("kind", ["identity", "resource", "boundary", "session"])
def test_an_explicit_deny_anywhere_wins(kind: str) -> None:
    policies = {name: [EVERYTHING] for name in ("identity", "boundary", "session")}
    policies["resource"] = [shared("*")]
    assert decide(asked(), **policies).allowed
    policies[kind].append(shared("*", "Deny") if kind == "resource" else DENY)
    decision = decide(asked(), **policies)
    assert decision.outcome is EXPLICIT_DENY
    assert decision.source == kind


def test_boundaries_and_session_policies_only_bound() -> None:
    assert decide(asked(), identity=[EVERYTHING], boundary=[NOTHING]) == Decision(IMPLICIT_DENY, "boundary")
    assert decide(asked(), identity=[EVERYTHING], boundary=[]) == Decision(IMPLICIT_DENY, "boundary")
    assert decide(asked(), identity=[EVERYTHING], session=[NOTHING]) == Decision(IMPLICIT_DENY, "session")
    assert decide(asked(), identity=[NOTHING], boundary=[EVERYTHING], session=[EVERYTHING]).source == "identity"
    assert decide(asked(), identity=[EVERYTHING], boundary=[EVERYTHING], session=[NOTHING, EVERYTHING]).allowed


@pytest.mark.parametrize(
    ("principal", "named", "bounded"),
    [
        # "Resource-based policies and implicit denies in other policy types (same account)"
        (ADA, ADA.arn, True),
        (SESSION, SESSION.arn, True),
        (SESSION, ROLE, False),
        (SESSION, "*", True),
        (Principal.of(ROLE), ROLE, False),
    ],
)
def test_a_resource_policy_of_the_same_account(principal: Principal, named: str, bounded: bool) -> None:
    """It allows by itself; a boundary or session policy without an Allow bounds only what a role was given."""
    ask, resource = asked(resource=GUARDRAIL, principal=principal), [shared({"AWS": named})]
    assert decide(ask, identity=[], resource=resource) == Decision(ALLOWED, "resource")
    assert decide(ask, identity=[], resource=resource, boundary=[NOTHING]).allowed is bounded
    assert decide(ask, identity=[], resource=resource, session=[NOTHING]).allowed is bounded
    assert not decide(ask, identity=[], resource=resource, session=[DENY]).allowed


def test_naming_the_own_account_leaves_it_to_the_identity() -> None:
    for name in (ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root"):
        resource = [shared({"AWS": name})]
        assert decide(asked(resource=GUARDRAIL), identity=[], resource=resource).source == "identity"
        assert decide(asked(resource=GUARDRAIL), identity=[EVERYTHING], resource=resource).allowed
        assert decide(asked(resource=GUARDRAIL), identity=[EVERYTHING], resource=[shared({"AWS": name}, "Deny")]) == (
            Decision(EXPLICIT_DENY, "resource")
        )


def test_across_accounts_both_sides_must_allow() -> None:
    ask = asked(resource=GUARDRAIL, principal=STRANGER)
    assert decide(ask, identity=[EVERYTHING]) == Decision(IMPLICIT_DENY, "resource")
    for principal in ("*", {"AWS": OTHER}, {"AWS": STRANGER.arn}):
        assert decide(ask, identity=[], resource=[shared(principal)]) == Decision(IMPLICIT_DENY, "identity")
        assert decide(ask, identity=[EVERYTHING], resource=[shared(principal)]).allowed
        decision = decide(ask, identity=[EVERYTHING], resource=[shared(principal)], boundary=[NOTHING])
        assert decision == Decision(IMPLICIT_DENY, "boundary")
    assert not decide(ask, identity=[EVERYTHING], resource=[shared({"AWS": ACCOUNT})]).allowed


def test_root_may_everything_in_its_own_account() -> None:
    assert decide(asked(resource=GUARDRAIL, principal=ROOT), identity=[]) == Decision(ALLOWED, "root")
    assert decide(asked(resource=MODEL, principal=ROOT), identity=[]).allowed
    denying = [shared({"AWS": ACCOUNT}, "Deny")]
    assert decide(asked(resource=GUARDRAIL, principal=ROOT), identity=[], resource=denying).outcome is EXPLICIT_DENY
    theirs = GUARDRAIL.replace(ACCOUNT, OTHER)
    assert not decide(asked(resource=theirs, principal=ROOT), identity=[]).allowed
    assert decide(asked(resource=theirs, principal=ROOT), identity=[], resource=[shared({"AWS": ACCOUNT})]).allowed


def test_a_role_must_trust_whoever_assumes_it() -> None:
    ask = asked("sts:AssumeRole", ROLE)
    assert decide(ask, identity=[EVERYTHING], resource=[trusting({"AWS": STRANGER.arn})]).source == "trust"
    assert decide(ask, identity=[], resource=[trusting({"AWS": ADA.arn})]) == Decision(ALLOWED, "trust")
    assert decide(ask, identity=[], resource=[trusting({"AWS": ACCOUNT})]) == Decision(IMPLICIT_DENY, "identity")
    assert decide(ask, identity=[EVERYTHING], resource=[trusting({"AWS": ACCOUNT})]).allowed
    assert decide(ask, identity=[EVERYTHING], resource=[trusting("*", "Deny")]) == Decision(EXPLICIT_DENY, "trust")
    stranger = asked("sts:AssumeRole", ROLE, principal=STRANGER)
    assert not decide(stranger, identity=[], resource=[trusting({"AWS": OTHER})]).allowed
    assert decide(stranger, identity=[EVERYTHING], resource=[trusting({"AWS": OTHER})]).allowed


def test_services_and_the_unknown_have_only_the_policy_of_the_resource() -> None:
    service = asked(resource=GUARDRAIL, principal=Principal.service("bedrock.amazonaws.com"))
    assert decide(service, identity=[], resource=[shared({"Service": ["bedrock.amazonaws.com"]})]).allowed
    assert not decide(service, identity=[EVERYTHING], resource=[shared({"AWS": ACCOUNT})]).allowed
    assert not decide(service, identity=[EVERYTHING]).allowed
    federated = asked("sts:AssumeRole", ROLE, principal=Principal.federated("accounts.google.com"))
    assert decide(federated, identity=[], resource=[trusting({"Federated": "accounts.google.com"})]).allowed
    assert not decide(federated, identity=[], resource=[trusting({"Service": "accounts.google.com"})]).allowed
    assert decide(asked(principal=NOBODY), identity=[], resource=[shared("*")]).allowed
    assert not decide(asked(principal=NOBODY), identity=[EVERYTHING]).allowed


def test_a_federated_user_needs_a_session_policy() -> None:
    ask = asked(principal=Principal.of(f"arn:aws:sts::{ACCOUNT}:federated-user/ada"))
    assert decide(ask, identity=[EVERYTHING]) == Decision(IMPLICIT_DENY, "session")
    assert decide(ask, identity=[EVERYTHING], session=[EVERYTHING]).allowed


def test_not_principal_with_deny_excepts_who_is_named_at_each_level() -> None:
    """The examples of "AWS JSON policy elements: NotPrincipal"."""

    def denied(principal: Principal, *named: str, bounded: bool = False) -> bool:
        decision = decide(
            asked(resource=GUARDRAIL, principal=principal),
            identity=[EVERYTHING],
            resource=[shared({"AWS": list(named)}, "Deny", "NotPrincipal"), shared("*")],
            boundary=[EVERYTHING] if bounded else None,
        )
        return decision.outcome is EXPLICIT_DENY

    bob = Principal.of(f"arn:aws:iam::{ACCOUNT}:user/bob")
    assert not denied(ADA, ADA.arn, ACCOUNT)
    assert denied(ADA, ADA.arn)
    assert denied(bob, ADA.arn, ACCOUNT)
    assert not denied(SESSION, SESSION.arn, ROLE, ACCOUNT)
    assert denied(SESSION, ROLE, ACCOUNT)
    assert denied(ADA, ADA.arn, ACCOUNT, bounded=True)


def test_not_principal_with_allow_leaves_out_who_is_named() -> None:
    all_but = [shared({"AWS": [ROLE]}, name="NotPrincipal")]
    assert decide(asked(resource=GUARDRAIL), identity=[], resource=all_but).allowed
    assert not decide(asked(resource=GUARDRAIL, principal=SESSION), identity=[], resource=all_but).allowed


@pytest.mark.parametrize(
    ("decision", "why"),
    [
        (Decision(EXPLICIT_DENY, "identity"), "with an explicit deny in an identity-based policy"),
        (Decision(EXPLICIT_DENY, "resource"), "with an explicit deny in a resource-based policy"),
        (Decision(EXPLICIT_DENY, "boundary"), "with an explicit deny in a permissions boundary"),
        (Decision(EXPLICIT_DENY, "session"), "with an explicit deny in a session policy"),
        (Decision(EXPLICIT_DENY, "trust"), "with an explicit deny in the role trust policy"),
        (
            Decision(IMPLICIT_DENY, "identity"),
            "because no identity-based policy allows the bedrock:InvokeModel action",
        ),
        (Decision(IMPLICIT_DENY, "boundary"), "because no permissions boundary allows the bedrock:InvokeModel action"),
        (Decision(IMPLICIT_DENY, "trust"), "because no role trust policy allows the bedrock:InvokeModel action"),
    ],
)
def test_the_words_of_a_denial(decision: Decision, why: str) -> None:
    assert decision.why("bedrock:InvokeModel") == why


def test_the_owner_may_be_told_where_the_arn_does_not() -> None:
    bucket = asked("s3:GetObject", "arn:aws:s3:::bucket/key")
    assert decide(bucket, identity=[EVERYTHING]).allowed
    assert not decide(replace(bucket, owner=OTHER), identity=[EVERYTHING]).allowed
