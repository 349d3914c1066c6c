"""Whether a caller may: what is attached, the resource's policy, the circumstances, and the words of a refusal."""

import json
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from craton.core.call import Call
from craton.core.context import Context
from craton.errors import AccessDeniedException
from craton.iam.authorization.authorization import Authorization, CallerPermit
from craton.iam.policies import Policy
from craton.iam.principals import Attached
from craton.iam.records import ApiKey, Caller, Credential, Session
from craton.iam.resource_policies.policies import ResourcePolicies
from craton.store.documents import Documents, Scope

ACCOUNT, OTHER = "123456789012", "111122223333"
USER = f"arn:aws:iam::{ACCOUNT}:user/ada"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/reader"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/reader/shift"
SCOPE = Scope(ACCOUNT, "us-east-1")
ACTION = "bedrock:GetPrompt"
ARN = f"arn:aws:bedrock:us-east-1:{ACCOUNT}:prompt/ABCDEFGHIJ"
MADE = datetime(2026, 11, 22, 12, tzinfo=UTC)
KEY = Credential("AKIA1", "secret", ACCOUNT, USER, MADE, None, active=True)
API_KEY = ApiKey("ACCA1", "key", ACCOUNT, USER, MADE, None, active=True)
ROOT = Credential("AKIA2", "secret", ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root", MADE, None, active=True)
TEMPORARY = Credential(
    "ASIA1", "secret", ACCOUNT, SESSION, MADE, None, active=True, session=Session(ROLE, "AROA1", "shift", "token")
)

Statement = Mapping[str, Any]


def policy(*statements: Statement, kind: Any = "identity") -> Policy:
    defaults = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    if kind == "resource":
        defaults["Principal"] = "*"
    whole = {"Version": "2012-10-17", "Statement": [{**defaults, **each} for each in statements]}
    return Policy.parse(json.dumps(whole), kind=kind)


class Fixed:
    """Principals, all of whom have the same attached."""

    def __init__(self, attached: Attached) -> None:
        self._attached = attached

    async def attached(self, caller: Caller) -> Attached:
        return self._attached


@pytest.fixture
async def documents(tmp_path: Path) -> AsyncIterator[Documents]:
    opened = Documents.open(tmp_path)
    await opened.create(SCOPE, "prompt", "ABCDEFGHIJ", {}, arn=ARN, tags={"team": "red"})
    yield opened
    await opened.close()


async def may(
    documents: Documents,
    *statements: Statement,
    action: str = ACTION,
    resource: str = ARN,
    caller: Caller = KEY,
    keys: Mapping[str, list[str]] | None = None,
    call: Call | None = None,
    bearer: bool = False,
    **attached: Any,
) -> None:
    """Ask whether a caller with these statements in an identity policy may do it. Raises AccessDeniedException."""
    call = call or Call("r1", region="us-east-1", source_ip="10.0.0.7", user_agent="test/1", secure=True)
    identity = [policy(*statements)] if statements else []
    principals: Any = Fixed(Attached(identity=identity, id="AIDA1", **attached))
    policies = ResourcePolicies(documents)
    authorization = Authorization(documents, principals, policies)
    permit = await authorization.permit(caller, call, bearer=bearer)
    ctx = Context(ACCOUNT, "us-east-1", caller.principal, "r1", permit=permit)
    await authorization.require(ctx, action, resource, keys)


async def test_nothing_is_allowed_that_no_policy_allows(documents: Documents) -> None:
    with pytest.raises(AccessDeniedException) as refused:
        await may(documents)
    assert refused.value.code == "AccessDeniedException"
    assert refused.value.message == (
        f"User: {USER} is not authorized to perform: bedrock:GetPrompt on resource: {ARN} "
        "because no identity-based policy allows the bedrock:GetPrompt action"
    )


async def test_an_action_on_no_one_resource_is_refused_without_naming_one(documents: Documents) -> None:
    with pytest.raises(AccessDeniedException) as refused:
        await may(documents, action="bedrock:ListPrompts", resource="*")
    assert refused.value.message == (
        f"User: {USER} is not authorized to perform: bedrock:ListPrompts "
        "because no identity-based policy allows the bedrock:ListPrompts action"
    )


async def test_an_explicit_deny_is_told_as_one(documents: Documents) -> None:
    with pytest.raises(AccessDeniedException) as refused:
        await may(documents, {}, {"Effect": "Deny", "Action": "bedrock:Get*"})
    assert refused.value.message == (
        f"User: {USER} is not authorized to perform: bedrock:GetPrompt on resource: {ARN} "
        "with an explicit deny in an identity-based policy"
    )


async def test_a_boundary_and_a_session_policy_bound(documents: Documents) -> None:
    with pytest.raises(AccessDeniedException, match="because no permissions boundary allows the bedrock:GetPrompt"):
        await may(documents, {}, boundary=[policy({"Action": "bedrock:List*"})])
    with pytest.raises(AccessDeniedException, match="because no session policy allows the bedrock:GetPrompt action"):
        await may(documents, {}, caller=TEMPORARY, session=[policy({"Action": "bedrock:List*"})])
    await may(documents, {}, caller=TEMPORARY, session=[policy({"Action": "bedrock:Get*"})])


@pytest.mark.parametrize(
    ("caller", "expected"),
    [
        (
            KEY,
            {
                "aws:PrincipalArn": USER,
                "aws:PrincipalType": "User",
                "aws:username": "ada",
                "aws:userid": "AIDA1",
                "aws:PrincipalAccount": ACCOUNT,
                "aws:PrincipalTag/team": "red",
                "aws:SourceIp": "10.0.0.7",
                "aws:UserAgent": "test/1",
                "aws:SecureTransport": "true",
                "aws:RequestedRegion": "us-east-1",
                "aws:ResourceAccount": ACCOUNT,
                "aws:ResourceTag/team": "red",
            },
        ),
        (ROOT, {"aws:PrincipalType": "Account", "aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:root"}),
        (
            TEMPORARY,
            {
                "aws:PrincipalType": "AssumedRole",
                "aws:PrincipalArn": ROLE,
                "aws:TokenIssueTime": "2026-11-22T12:00:00Z",
            },
        ),
    ],
)
async def test_what_conditions_see_of_the_request(
    documents: Documents, caller: Caller, expected: Mapping[str, str]
) -> None:
    for key, value in expected.items():
        await may(documents, {"Condition": {"StringEquals": {key: value}}}, caller=caller, tags={"team": "red"})
        if caller is not ROOT:  # whom no policy of an identity is needed for
            with pytest.raises(AccessDeniedException):
                await may(
                    documents, {"Condition": {"StringNotEquals": {key: value}}}, caller=caller, tags={"team": "red"}
                )


async def test_times_and_networks_are_what_they_are(documents: Documents) -> None:
    now = datetime.now(UTC)
    later, earlier = now.replace(year=now.year + 1), now.replace(year=now.year - 1)
    stamp = "%Y-%m-%dT%H:%M:%SZ"
    await may(documents, {"Condition": {"DateLessThan": {"aws:CurrentTime": later.strftime(stamp)}}})
    await may(documents, {"Condition": {"NumericGreaterThan": {"aws:EpochTime": str(int(earlier.timestamp()))}}})
    await may(documents, {"Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}})
    with pytest.raises(AccessDeniedException):
        await may(documents, {"Condition": {"IpAddress": {"aws:SourceIp": "192.168.0.0/16"}}})


async def test_a_key_that_a_user_lacks_is_not_there(documents: Documents) -> None:
    absent = {"Condition": {"Null": {"aws:TokenIssueTime": "true", "bedrock:BearerTokenType": "true"}}}
    await may(documents, absent)
    with pytest.raises(AccessDeniedException):
        await may(documents, {"Condition": {"Null": {"aws:username": "true"}}})


async def test_a_bearer_token_must_itself_be_permitted(documents: Documents) -> None:
    reading = {"Action": "bedrock:Get*"}
    with pytest.raises(AccessDeniedException, match="no identity-based policy allows the bedrock:CallWithBearerToken"):
        await may(documents, reading, caller=API_KEY, bearer=True)
    await may(documents, reading, caller=KEY)
    short = {
        "Effect": "Deny",
        "Action": "bedrock:CallWithBearerToken",
        "Condition": {"StringEquals": {"bedrock:BearerTokenType": "LONG_TERM"}},
    }
    with pytest.raises(AccessDeniedException, match="with an explicit deny"):
        await may(documents, {}, short, caller=API_KEY, bearer=True)
    await may(documents, {}, short, caller=TEMPORARY, bearer=True)


async def test_the_keys_of_a_request_are_seen(documents: Documents) -> None:
    tagged = {"Condition": {"StringEquals": {"aws:RequestTag/team": "red"}}}
    await may(documents, tagged, keys={"aws:RequestTag/team": ["red"]})
    with pytest.raises(AccessDeniedException):
        await may(documents, tagged, keys={"aws:RequestTag/team": ["blue"]})


async def test_a_deny_by_the_tags_of_a_resource_holds(documents: Documents) -> None:
    deny = {"Effect": "Deny", "Condition": {"StringEquals": {"aws:ResourceTag/team": "red"}}}
    with pytest.raises(AccessDeniedException, match="with an explicit deny"):
        await may(documents, {}, deny)
    await may(documents, {}, deny, resource=ARN.replace("ABC", "XYZ"))
    await may(documents, {}, deny, action="bedrock:ListPrompts", resource="*")


async def test_a_policy_variable_stands_for_the_callers_own(documents: Documents) -> None:
    own = {"Condition": {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}}
    await may(documents, own, tags={"team": "red"})
    with pytest.raises(AccessDeniedException):
        await may(documents, own, tags={"team": "blue"})


async def test_the_policy_of_a_resource_allows_within_the_account_and_only_with_the_caller_s_own_across(
    documents: Documents,
) -> None:
    ctx = Context(ACCOUNT, "us-east-1", USER, "r1")
    allowing = {"Effect": "Allow", "Principal": {"AWS": [USER, OTHER]}, "Action": ACTION, "Resource": ARN}
    text = json.dumps({"Version": "2012-10-17", "Statement": [allowing]})
    stranger = Credential("AKIA3", "s", OTHER, f"arn:aws:iam::{OTHER}:user/eve", MADE, None, active=True)
    with pytest.raises(AccessDeniedException, match="because no resource-based policy allows the bedrock:GetPrompt"):
        await may(documents, {}, caller=stranger)
    await ResourcePolicies(documents).put(ctx, ARN, text)
    await may(documents)
    await may(documents, {}, caller=stranger)
    with pytest.raises(AccessDeniedException, match="because no identity-based policy allows"):
        await may(documents, caller=stranger)


async def test_the_policy_of_a_resource_denies_even_root(documents: Documents) -> None:
    ctx = Context(ACCOUNT, "us-east-1", USER, "r1")
    denying = {"Effect": "Deny", "Principal": "*", "Action": "bedrock:*", "Resource": "*"}
    await ResourcePolicies(documents).put(ctx, ARN, json.dumps({"Version": "2012-10-17", "Statement": denying}))
    with pytest.raises(AccessDeniedException, match="with an explicit deny in a resource-based policy"):
        await may(documents, caller=ROOT)


async def test_root_may_everything_in_its_account_and_nothing_beyond(documents: Documents) -> None:
    await may(documents, caller=ROOT)
    with pytest.raises(AccessDeniedException):
        await may(documents, caller=ROOT, resource=ARN.replace(ACCOUNT, OTHER))


async def test_conditions_that_nobody_looks_at_are_not_made(documents: Documents) -> None:
    """Most policies have none, and the time and all tags would cost each request."""
    principals: Any = Fixed(Attached(identity=[policy({})], id="AIDA1"))
    permit = await Authorization(documents, principals, ResourcePolicies(documents)).permit(KEY, Call("r1"))
    assert isinstance(permit, CallerPermit)
    assert permit.judge(ACTION, ARN, {})[1] is False
