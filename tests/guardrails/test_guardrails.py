"""The guardrail that a request asks to be judged by: whose it may be, which version, and how soon a change is seen."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from craton.store.documents import Documents, Scope
from tests.fronts import OTHER_ACCOUNT, Account, stranger_on
from tests.guardrails.making import SAID, made, named
from tests.iam.people import User, document, refusal, user
from tests.scripted import MODEL
from tests.serving import REGION, Server

KIWI: dict[str, Any] = {"wordPolicyConfig": {"wordsConfig": [{"text": "kiwi"}]}}
UNKNOWN = "The guardrail identifier or version provided in the request does not exist."


@pytest.fixture(scope="module")
def root(scripted_server: Server) -> Account:
    return User(scripted_server)


@pytest.fixture(scope="module")
def other_root(scripted_server: Server) -> Account:
    """The root of another account."""
    return stranger_on(scripted_server)


@pytest.fixture(scope="module")
def bedrock(root: Account) -> Any:
    return root.client("bedrock")


def blocks(account: Account, guardrail: str, word: str, version: str = "DRAFT") -> bool:
    """Whether a guardrail blocks a word."""
    judged = account.client("bedrock-runtime").apply_guardrail(
        guardrailIdentifier=guardrail, guardrailVersion=version, source="INPUT", content=[{"text": {"text": word}}]
    )
    return bool(judged["action"] == "GUARDRAIL_INTERVENED")


def arn_of(bedrock: Any, guardrail: str) -> str:
    return str(bedrock.get_guardrail(guardrailIdentifier=guardrail)["guardrailArn"])


def soon(seen: Callable[[], bool]) -> None:
    acknowledged = time.monotonic()
    while not seen():
        assert time.monotonic() < acknowledged + 1.5, "the change is not seen within a second"


def test_a_draft_acts_as_it_is_now_and_a_version_as_it_was(root: Account, bedrock: Any) -> None:
    key = made(bedrock)
    bedrock.create_guardrail_version(guardrailIdentifier=key)
    assert blocks(root, key, "durian")
    bedrock.update_guardrail(guardrailIdentifier=key, **named(**KIWI))
    assert blocks(root, key, "kiwi")
    assert not blocks(root, key, "durian")
    assert blocks(root, key, "durian", "1")
    assert not blocks(root, key, "kiwi", "1")


def test_a_change_by_another_process_is_seen_within_a_second(
    root: Account, bedrock: Any, scripted_server: Server
) -> None:
    key = made(bedrock)
    assert blocks(root, key, "durian")
    _change(scripted_server, key)
    soon(lambda: blocks(root, key, "kiwi"))
    assert not blocks(root, key, "durian")


def _change(server: Server, key: str) -> None:
    async def change() -> None:
        opened, scope = Documents.open(server.home), Scope("123456789012", REGION)
        body = (await opened.get(scope, "guardrail", key)).body | {"wordPolicy": {"words": [{"text": "kiwi"}]}}
        await opened.replace(scope, "guardrail", key, body)
        await opened.close()

    asyncio.run(change())


def test_a_guardrail_that_is_not_there_judges_nothing(root: Account, bedrock: Any) -> None:
    key = made(bedrock)
    for guardrail, version in ((key, "1"), ("abcdefghijkl", "DRAFT")):
        with pytest.raises(ClientError, match=UNKNOWN) as error:
            blocks(root, guardrail, "durian", version)
        assert error.value.response["Error"]["Code"] == "ValidationException"
    elsewhere = arn_of(bedrock, key).replace(REGION, "eu-central-1")
    with pytest.raises(ClientError, match=f"{UNKNOWN} .* is of region 'eu-central-1'"):
        blocks(root, elsewhere, "durian")
    assert blocks(root, key, "durian")
    bedrock.delete_guardrail(guardrailIdentifier=key)
    with pytest.raises(ClientError, match=UNKNOWN):
        blocks(root, key, "durian")


def test_a_caller_needs_leave_to_apply_it(root: Account, bedrock: Any) -> None:
    mine, other = made(bedrock), made(bedrock)
    someone = user(root, {"Action": "bedrock:ApplyGuardrail", "Resource": arn_of(bedrock, mine)})
    assert blocks(someone, mine, "durian")
    assert "bedrock:ApplyGuardrail on resource" in refusal(lambda: blocks(someone, other, "durian"))


def test_another_account_applies_what_is_shared_with_it(root: Account, other_root: Account, bedrock: Any) -> None:
    key = made(bedrock)
    arn = arn_of(bedrock, key)
    refusal(lambda: blocks(other_root, arn, "durian"))
    principal = {"AWS": f"arn:aws:iam::{OTHER_ACCOUNT}:root"}
    shared = document({"Principal": principal, "Action": "bedrock:ApplyGuardrail", "Resource": arn})
    bedrock.put_resource_policy(resourceArn=arn, resourcePolicy=shared)
    soon(lambda: _may(lambda: blocks(other_root, arn, "durian")))
    answer = other_root.client("bedrock-runtime").converse(
        modelId=MODEL,
        messages=[{"role": "user", "content": [{"text": "a durian"}]}],
        guardrailConfig={"guardrailIdentifier": arn, "guardrailVersion": "DRAFT", "trace": "enabled"},
    )
    assert answer["output"]["message"]["content"] == [{"text": SAID["blockedInputMessaging"]}]
    (assessment,) = answer["trace"]["guardrail"]["inputAssessment"].values()
    assert assessment["appliedGuardrailDetails"]["guardrailOwnership"] == "CROSS_ACCOUNT"
    with pytest.raises(ClientError, match=UNKNOWN):  # its id alone is one of the caller's own account
        blocks(other_root, key, "durian")
    refusal(other_root.client("bedrock").get_guardrail, guardrailIdentifier=arn)
    bedrock.delete_resource_policy(resourceArn=arn)
    soon(lambda: not _may(lambda: blocks(other_root, arn, "durian")))


def _may(call: Callable[[], bool]) -> bool:
    try:
        return call()
    except ClientError as error:
        assert error.response["Error"]["Code"] == "AccessDeniedException"
        return False


def test_what_is_said_of_blocked_texts_is_the_guardrails_own(root: Account, bedrock: Any) -> None:
    judged = root.client("bedrock-runtime").apply_guardrail(
        guardrailIdentifier=made(bedrock),
        guardrailVersion="DRAFT",
        source="OUTPUT",
        content=[{"text": {"text": "a durian"}}],
    )
    assert judged["outputs"] == [{"text": SAID["blockedOutputsMessaging"]}]
