"""What is attached to callers, as it is asked for each request."""

import json

import pytest

from craton.core import recent
from craton.errors import UnrecognizedClientException
from craton.iam.identity import Identity
from craton.iam.keys.sessions import Wish
from craton.iam.policies import Asked, Decision, Principal, decide
from craton.iam.principals import Attached
from craton.iam.records import DEFAULT_ACCOUNT, Caller
from craton.store.documents import Documents

READ_ONLY = "arn:aws:iam::aws:policy/AmazonBedrockReadOnly"
MODEL = "arn:aws:bedrock:us-east-1::foundation-model/a.b-v1:0"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": DEFAULT_ACCOUNT}, "Action": "sts:AssumeRole"}],
    }
)


def policy(action: str, effect: str = "Allow") -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": effect, "Action": action, "Resource": "*"}]})


def decided(caller: Caller, attached: Attached, action: str) -> Decision:
    return decide(
        Asked(Principal.of(caller.principal), action, MODEL, {}),
        identity=attached.identity,
        boundary=attached.boundary,
        session=attached.session,
    )


async def may(identity: Identity, caller: Caller, action: str) -> bool:
    return decided(caller, await identity.principals.attached(caller), action).allowed


async def test_root_may_do_everything_in_its_account(identity: Identity) -> None:
    root = await identity.keys.create_access_key()
    attached = await identity.principals.attached(root)
    assert decided(root, attached, "craton:DeleteUser").allowed
    assert attached.id == DEFAULT_ACCOUNT


async def test_a_new_user_may_do_nothing(identity: Identity) -> None:
    await identity.users.create(DEFAULT_ACCOUNT, "ada")
    ada = await identity.keys.create_access_key(user="ada")
    assert await identity.principals.attached(ada) != Attached(), "the user has an id"
    assert not await may(identity, ada, "bedrock:GetFoundationModel")


async def test_inline_and_attached_policies_and_the_boundary_all_count(identity: Identity) -> None:
    users = identity.users
    await users.create(DEFAULT_ACCOUNT, "ada", tags={"team": "red"})
    ada = await identity.keys.create_access_key(user="ada")
    await users.put_policy(DEFAULT_ACCOUNT, "ada", "invoke", policy("bedrock:InvokeModel"))
    await users.attach(DEFAULT_ACCOUNT, "ada", READ_ONLY)
    assert await may(identity, ada, "bedrock:InvokeModel")
    assert await may(identity, ada, "bedrock:GetFoundationModel")
    await users.bound(DEFAULT_ACCOUNT, "ada", READ_ONLY)
    assert not await may(identity, ada, "bedrock:InvokeModel"), "the boundary does not allow it"
    assert await may(identity, ada, "bedrock:GetFoundationModel")
    await users.bound(DEFAULT_ACCOUNT, "ada", None)
    await users.put_policy(DEFAULT_ACCOUNT, "ada", "not", policy("bedrock:Get*", "Deny"))
    assert not await may(identity, ada, "bedrock:GetFoundationModel")
    assert (await identity.principals.attached(ada)).tags == {"team": "red"}


async def test_a_changed_managed_policy_counts_wherever_it_is_attached(identity: Identity) -> None:
    made = await identity.policies.create(DEFAULT_ACCOUNT, "own", policy("bedrock:InvokeModel"))
    await identity.users.create(DEFAULT_ACCOUNT, "ada")
    ada = await identity.keys.create_access_key(user="ada")
    await identity.users.attach(DEFAULT_ACCOUNT, "ada", made.arn)
    assert await may(identity, ada, "bedrock:InvokeModel")
    await identity.policies.update(DEFAULT_ACCOUNT, made.arn, policy("bedrock:Get*"))
    assert not await may(identity, ada, "bedrock:InvokeModel")


async def test_another_process_s_change_is_seen_within_a_second(
    identity: Identity, documents: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    await identity.users.create(DEFAULT_ACCOUNT, "ada")
    ada = await identity.keys.create_access_key(user="ada")
    assert not await may(identity, ada, "bedrock:InvokeModel")
    other = Identity.of(documents, DEFAULT_ACCOUNT)
    await other.users.put_policy(DEFAULT_ACCOUNT, "ada", "invoke", policy("bedrock:InvokeModel"))
    later = recent.time.monotonic() + 1
    monkeypatch.setattr(recent.time, "monotonic", lambda: later)
    assert await may(identity, ada, "bedrock:InvokeModel")


async def test_nothing_is_read_for_a_caller_who_called_a_moment_ago(identity: Identity, documents: Documents) -> None:
    await identity.users.create(DEFAULT_ACCOUNT, "ada")
    ada = await identity.keys.create_access_key(user="ada")
    first = await identity.principals.attached(ada)
    await documents.close()  # from here on a look-up would fail
    assert await identity.principals.attached(ada) is first


async def test_a_session_has_what_its_role_has_narrowed_by_its_policies(identity: Identity) -> None:
    role = await identity.roles.create(DEFAULT_ACCOUNT, "reader", TRUST, tags={"team": "red", "site": "a"})
    await identity.roles.attach(DEFAULT_ACCOUNT, "reader", READ_ONLY)
    wish = Wish(role.arn, "me", policy=policy("bedrock:ListFoundationModels"), tags={"team": "blue"})
    session = await identity.sessions.assume(None, wish)
    attached = await identity.principals.attached(session)
    assert decided(session, attached, "bedrock:ListFoundationModels").allowed
    assert not decided(session, attached, "bedrock:GetFoundationModel").allowed, "the session policy lacks it"
    assert attached.tags == {"team": "blue", "site": "a"}
    assert attached.id == f"{role.id}:me"


async def test_a_caller_whose_user_or_role_was_made_anew_is_another(identity: Identity) -> None:
    role = await identity.roles.create(DEFAULT_ACCOUNT, "reader", TRUST)
    session = await identity.sessions.assume(None, Wish(role.arn, "me"))
    await identity.principals.attached(session)
    await identity.roles.delete(DEFAULT_ACCOUNT, "reader")
    await identity.roles.create(DEFAULT_ACCOUNT, "reader", TRUST)
    with pytest.raises(UnrecognizedClientException):
        await identity.principals.attached(session)
    await identity.users.create(DEFAULT_ACCOUNT, "ada")
    ada = await identity.keys.create_access_key(user="ada")
    await identity.users.delete(DEFAULT_ACCOUNT, "ada")
    with pytest.raises(UnrecognizedClientException):
        await identity.principals.attached(ada)
