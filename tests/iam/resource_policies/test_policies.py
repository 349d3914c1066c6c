"""The policies of resources as other processes and the resources themselves change them."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from craton.core.context import Context
from craton.errors import ConflictException, ResourceNotFoundException, ValidationException
from craton.iam.policies import EXPLICIT_DENY, Asked, Principal, decide
from craton.iam.resource_policies import policies as module
from craton.iam.resource_policies.policies import ResourcePolicies
from craton.store.documents import Documents
from craton.store.records import COMPANION, NOBODY

ACCOUNT, OTHER = "123456789012", "111122223333"
CTX = Context(ACCOUNT, "us-east-1", f"arn:aws:iam::{ACCOUNT}:root", "r1")
ARN = CTX.arn("prompt/ABCDEFGHIJ")
TEXT = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "bedrock:*", "Resource": "*"}],
    }
)


@pytest.fixture
async def documents(tmp_path: Path) -> AsyncIterator[Documents]:
    opened = Documents.open(tmp_path)
    await opened.create(CTX.scope, "prompt", "ABCDEFGHIJ", {}, arn=ARN)
    await opened.publish(CTX.scope, "prompt", "ABCDEFGHIJ", arn=lambda number: f"{ARN}:{number}")
    yield opened
    await opened.close()


async def test_a_policy_is_kept_as_it_was_sent(documents: Documents) -> None:
    policies = ResourcePolicies(documents)
    text = TEXT.replace(" ", "  ")
    await policies.put(CTX, ARN, text)
    assert (await policies.get(CTX, ARN)).text == text


async def test_a_policy_holds_for_the_versions_too(documents: Documents) -> None:
    policies = ResourcePolicies(documents)
    await policies.put(CTX, ARN, TEXT)
    await policies.refresh()
    assert len(policies.of(ARN)) == len(policies.of(f"{ARN}:1")) == 1
    await policies.put(CTX, f"{ARN}:1", TEXT)
    await policies.refresh()
    assert (len(policies.of(ARN)), len(policies.of(f"{ARN}:1")), len(policies.of(f"{ARN}X"))) == (1, 2, 0)


async def test_what_another_process_changed_is_seen_within_a_second(documents: Documents, tmp_path: Path) -> None:
    here = ResourcePolicies(documents)
    await here.refresh()
    other_process = Documents.open(tmp_path)
    try:
        there = ResourcePolicies(other_process)
        await there.put(CTX, ARN, TEXT)
        await until_seen(here, 1)
        await there.delete(CTX, ARN)
        await until_seen(here, 0)
    finally:
        await other_process.close()


async def until_seen(policies: ResourcePolicies, count: int) -> None:
    async with asyncio.timeout(1.0):
        while len(policies.of(ARN)) != count:
            await asyncio.sleep(0.01)
            await policies.refresh()


async def test_policies_are_read_again_only_when_one_has_changed(
    documents: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FRESH", 0.0)
    policies = ResourcePolicies(documents)
    await policies.put(CTX, ARN, TEXT)
    await policies.refresh()
    (before,) = policies.of(ARN)
    await policies.put(CTX, f"{ARN}:1", TEXT)
    await policies.refresh()
    assert policies.of(ARN)[0] is before
    reads = 0

    async def counted() -> None:
        nonlocal reads
        reads += 1

    monkeypatch.setattr(policies, "_read", counted)
    await policies.refresh()
    assert reads == 0


async def test_a_policy_that_cannot_be_read_lets_nobody_in_and_leaves_the_others_alone(documents: Documents) -> None:
    """Another Craton on the same home may write what this one does not understand."""
    policies = ResourcePolicies(documents)
    await policies.put(CTX, ARN, TEXT)
    await policies.put(CTX, f"{ARN}:1", TEXT)
    await documents.replace(NOBODY, COMPANION, ARN, {"policy": TEXT.replace("Effect", "Outcome")})
    await policies.refresh()
    user = Principal.of(f"arn:aws:iam::{ACCOUNT}:user/ada")
    broken, sound = (
        decide(Asked(user, "bedrock:Get", arn, {}), identity=[], resource=policies.of(arn)[:1])
        for arn in (ARN, f"{ARN}:1")
    )
    assert (broken.outcome, sound.allowed) == (EXPLICIT_DENY, True)


async def test_after_a_reset_nothing_is_remembered(documents: Documents, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FRESH", 0.0)
    policies = ResourcePolicies(documents)
    await policies.put(CTX, ARN, TEXT)
    await policies.refresh()
    await documents.empty()
    await documents.create(CTX.scope, "prompt", "ZZZZZZZZZZ", {}, arn=CTX.arn("prompt/ZZZZZZZZZZ"))
    await policies.put(CTX, CTX.arn("prompt/ZZZZZZZZZZ"), TEXT)
    await policies.refresh()
    assert policies.of(ARN) == ()


async def test_revisions_guard_against_each_others_changes(documents: Documents) -> None:
    policies = ResourcePolicies(documents)
    with pytest.raises(ConflictException, match="does not have the revision 'x'"):
        await policies.put(CTX, ARN, TEXT, "x")
    first = await policies.put(CTX, ARN, TEXT)
    second = await policies.put(CTX, ARN, TEXT, first.revision)
    assert second.revision != first.revision
    with pytest.raises(ConflictException):
        await policies.delete(CTX, ARN, first.revision)
    await policies.delete(CTX, ARN, second.revision)
    again = await policies.put(CTX, ARN, TEXT)
    assert again.revision not in (first.revision, second.revision)


async def test_a_policy_goes_with_its_resource(documents: Documents) -> None:
    policies = ResourcePolicies(documents)
    await policies.put(CTX, ARN, TEXT)
    await policies.put(CTX, f"{ARN}:1", TEXT)
    await documents.delete(CTX.scope, "prompt", "ABCDEFGHIJ", version="1")
    assert (await policies.get(CTX, ARN)).text == TEXT
    await documents.delete(CTX.scope, "prompt", "ABCDEFGHIJ")
    await documents.create(CTX.scope, "prompt", "ABCDEFGHIJ", {}, arn=ARN)
    with pytest.raises(ResourceNotFoundException, match="has no resource policy"):
        await policies.get(CTX, ARN)


@pytest.mark.parametrize(
    "ctx",
    [
        Context(OTHER, "us-east-1", f"arn:aws:iam::{OTHER}:root", "r1"),
        Context(ACCOUNT, "eu-west-1", CTX.principal, "r1"),
    ],
)
async def test_a_resource_of_another_account_or_region_is_none(documents: Documents, ctx: Context) -> None:
    policies = ResourcePolicies(documents)
    await policies.put(CTX, ARN, TEXT)
    for call in (policies.get(ctx, ARN), policies.put(ctx, ARN, TEXT), policies.delete(ctx, ARN)):
        with pytest.raises(ResourceNotFoundException, match=r"The resource '.*' does not exist"):
            await call
    assert (await policies.get(CTX, ARN)).text == TEXT


@pytest.mark.parametrize("text", ["{", "{}", TEXT.replace('"Principal": "*", ', ""), TEXT.replace("Allow", "Perhaps")])
async def test_a_malformed_policy_is_refused(documents: Documents, text: str) -> None:
    policies = ResourcePolicies(documents)
    with pytest.raises(ValidationException):
        await policies.put(CTX, ARN, text)
    with pytest.raises(ResourceNotFoundException):
        await policies.get(CTX, ARN)
