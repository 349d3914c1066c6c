"""Stores that an older Craton made, and accounts that are deleted with all they hold."""

import asyncio
import json

import pytest

from craton.errors import ConflictException, ResourceNotFoundException, UnrecognizedClientException, ValidationException
from craton.iam.identities.managed import FULL_ACCESS
from craton.iam.identity import Identity
from craton.iam.keys.credentials import ACCESS_KEY, API_KEY
from craton.iam.keys.sessions import Wish
from craton.iam.records import DEFAULT_ACCOUNT
from craton.store.documents import Documents, Scope
from tests.iam.test_principals import TRUST, may

OTHER = "111122223333"
NOBODY = Scope("", "")


async def test_keys_of_an_older_craton_go_on_working(documents: Documents) -> None:
    """They name a user and an account of which there is no document."""
    body = {"secret": "s", "principal": f"arn:aws:iam::{OTHER}:user/ada", "expires_at": None, "active": True}
    await documents.create(NOBODY, ACCESS_KEY, "AKIAOLD", body, parent=OTHER)
    named = {"name": "ada", "principal": body["principal"], "expires_at": None, "active": True}
    await documents.create(NOBODY, API_KEY, "ACCAOLD", named, parent=OTHER, unique={"digest": "d"})
    root = body | {"principal": f"arn:aws:iam::{DEFAULT_ACCOUNT}:root"}
    await documents.create(NOBODY, ACCESS_KEY, "AKIAROOT", root, parent=DEFAULT_ACCOUNT)
    identity = Identity.of(documents, DEFAULT_ACCOUNT)
    for _ in range(2):  # a second start changes nothing
        await identity.adopt()
    old = await identity.keys.credential("AKIAOLD")
    await identity.accounts.check(old.account)
    assert await may(identity, old, "bedrock:InvokeModel")
    assert not await may(identity, old, "craton:CreateUser")
    assert [user.body["attached"] for user in (await identity.users.page(OTHER, None, None))[0]] == [[FULL_ACCESS]]
    assert (await identity.users.page(DEFAULT_ACCOUNT, None, None))[0] == []


async def test_an_account_is_deleted_with_its_users_roles_policies_and_keys(
    identity: Identity, documents: Documents
) -> None:
    await identity.accounts.create("Other", OTHER)
    key = await identity.keys.create_access_key(OTHER, "ada", new_user=FULL_ACCESS)
    role = await identity.roles.create(OTHER, "reader", TRUST)
    session = await identity.sessions.assume(None, Wish(role.arn, "me"))
    text = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
    await identity.policies.create(OTHER, "own", text)
    await documents.create(Scope(OTHER, "eu-central-1"), "guardrail", "g", {})
    with pytest.raises(ConflictException, match="guardrail"):
        await identity.delete_account(OTHER)
    await identity.keys.credential(key.access_key_id)
    await documents.delete(Scope(OTHER, "eu-central-1"), "guardrail", "g")
    await identity.delete_account(OTHER)
    for access_key_id in (key.access_key_id, session.access_key_id):
        with pytest.raises(UnrecognizedClientException):
            await identity.keys.credential(access_key_id)
    with pytest.raises(ResourceNotFoundException):
        await identity.accounts.get(OTHER)
    assert await identity.keys.access_keys(OTHER) == []
    await identity.accounts.create("Another", OTHER)
    assert (await identity.users.page(OTHER, None, None))[0] == [], "the next of that id inherits nothing"


async def test_the_operator_s_account_stays(identity: Identity) -> None:
    with pytest.raises(ValidationException, match="operates this server"):
        await identity.delete_account(DEFAULT_ACCOUNT)
    with pytest.raises(ValidationException, match="operates this server"):
        await identity.accounts.suspend(DEFAULT_ACCOUNT)


async def test_users_made_at_the_same_time_have_different_names(identity: Identity) -> None:
    tried = await asyncio.gather(
        *(identity.users.create(DEFAULT_ACCOUNT, name) for name in ("ada", "Ada", "ADA")), return_exceptions=True
    )
    assert [type(each) for each in tried].count(ConflictException) == 2
    assert len((await identity.users.page(DEFAULT_ACCOUNT, None, None))[0]) == 1
