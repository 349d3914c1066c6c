"""What an account enforces: as boto3 configures it, and on which requests for models it is found."""

import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from craton.core.context import Context
from craton.guardrails.enforced import EnforcedGuardrails
from craton.guardrails.guardrails import Guardrails
from craton.guardrails.reasoning.operations.policies import ReasoningPolicies
from craton.guardrails.reasoning.solver import Solver
from craton.iam.authorization.authorization import Authorization
from craton.iam.identity import Identity
from craton.iam.resource_policies.policies import ResourcePolicies
from craton.jobs.runner import Jobs
from craton.models.files.library import Library
from craton.models.resolve import Models
from craton.store.documents import Documents
from tests import scripted
from tests.fronts import Account, stranger_on
from tests.guardrails.making import SAID, made
from tests.serving import Server

ACCOUNT = "123456789012"
HAIKU = "anthropic.claude-3-haiku-20240307-v1:0"
OTHER = "craton.other-v1:0"
BODY = {"name": "g", **{member: SAID[member] for member in SAID}, "wordPolicy": {"words": [{"text": "durian"}]}}


@pytest.fixture(scope="module")
def owner(scripted_server: Server) -> Account:
    """An account of its own: what it enforces concerns no other test."""
    return stranger_on(scripted_server)


@pytest.fixture(scope="module")
def bedrock(owner: Account) -> Any:
    return owner.client("bedrock")


@pytest.fixture(autouse=True)
def nothing_enforced(request: pytest.FixtureRequest) -> None:
    if "bedrock" in request.fixturenames:
        bedrock = request.getfixturevalue("bedrock")
        for each in bedrock.list_enforced_guardrails_configuration()["guardrailsConfig"]:
            bedrock.delete_enforced_guardrail_configuration(configId=each["configId"])


def published(bedrock: Any) -> dict[str, str]:
    key = made(bedrock)
    return {
        "guardrailIdentifier": key,
        "guardrailVersion": bedrock.create_guardrail_version(guardrailIdentifier=key)["version"],
    }


def test_an_account_enforces_one_version_of_one_guardrail(bedrock: Any) -> None:
    first, second = published(bedrock), published(bedrock)
    answer = bedrock.put_enforced_guardrail_configuration(guardrailInferenceConfig=first)
    extra = {
        "selectiveContentGuarding": {"system": "SELECTIVE", "messages": "COMPREHENSIVE"},
        "modelEnforcement": {"includedModels": ["ALL"], "excludedModels": [HAIKU]},
    }
    again = bedrock.put_enforced_guardrail_configuration(
        configId=answer["configId"], guardrailInferenceConfig=second | extra
    )
    assert again["configId"] == answer["configId"]
    [listed] = bedrock.list_enforced_guardrails_configuration()["guardrailsConfig"]
    assert listed["guardrailId"] == second["guardrailIdentifier"]
    assert listed["guardrailArn"].endswith(f"guardrail/{second['guardrailIdentifier']}")
    assert listed["guardrailVersion"] == "1"
    assert listed["owner"] == "ACCOUNT"
    assert {member: listed[member] for member in extra} == extra
    assert listed["createdAt"] < listed["updatedAt"] == again["updatedAt"]
    assert listed["createdBy"] == listed["updatedBy"] == again["updatedBy"]
    assert ":root" in listed["createdBy"]
    bedrock.delete_enforced_guardrail_configuration(configId=answer["configId"])
    assert bedrock.list_enforced_guardrails_configuration()["guardrailsConfig"] == []


def test_what_is_enforced_cannot_be_deleted(bedrock: Any) -> None:
    named = published(bedrock)
    key = named["guardrailIdentifier"]
    bedrock.create_guardrail_version(guardrailIdentifier=key)
    configuration = bedrock.put_enforced_guardrail_configuration(guardrailInferenceConfig=named)["configId"]
    for version in ({}, {"guardrailVersion": "1"}):
        with pytest.raises(
            ClientError, match=f"enforced for this account by the configuration '{configuration}'"
        ) as error:
            bedrock.delete_guardrail(guardrailIdentifier=key, **version)
        assert error.value.response["Error"]["Code"] == "ResourceInUseException"
    bedrock.delete_guardrail(guardrailIdentifier=key, guardrailVersion="2")
    bedrock.delete_enforced_guardrail_configuration(configId=configuration)
    bedrock.delete_guardrail(guardrailIdentifier=key)


def test_only_what_there_is_can_be_enforced(bedrock: Any, scripted_server: Server) -> None:
    named = published(bedrock)
    for wrong in ({"guardrailVersion": "2"}, {"guardrailIdentifier": "nothing"}):
        with pytest.raises(ClientError) as error:
            bedrock.put_enforced_guardrail_configuration(guardrailInferenceConfig=named | wrong)
        assert error.value.response["Error"]["Code"] == "ResourceNotFoundException"
    for call, request in (
        (bedrock.put_enforced_guardrail_configuration, {"guardrailInferenceConfig": named}),
        (bedrock.delete_enforced_guardrail_configuration, {}),
    ):
        with pytest.raises(ClientError, match="no enforced guardrail configuration 'absent'"):
            call(configId="absent", **request)
    theirs = scripted_server.client("bedrock")
    arn = theirs.get_guardrail(guardrailIdentifier=published(theirs)["guardrailIdentifier"])["guardrailArn"]
    with pytest.raises(ClientError, match="a guardrail of its own"):
        bedrock.put_enforced_guardrail_configuration(guardrailInferenceConfig=named | {"guardrailIdentifier": arn})


@pytest.mark.parametrize(
    ("models", "told"),
    [
        ({"includedModels": ["nobody.nothing-v1:0"], "excludedModels": []}, "includedModels names no model"),
        ({"includedModels": ["ALL"], "excludedModels": ["nobody.nothing-v1:0"]}, "excludedModels names no model"),
        ({"includedModels": ["securevector.guardian-v1:0"], "excludedModels": []}, "only judges for guardrails"),
    ],
)
def test_a_model_that_there_is_not_cannot_be_named(bedrock: Any, models: dict[str, Any], told: str) -> None:
    with pytest.raises(ClientError, match=told) as error:
        bedrock.put_enforced_guardrail_configuration(
            guardrailInferenceConfig=published(bedrock) | {"modelEnforcement": models}
        )
    assert error.value.response["Error"]["Code"] == "ValidationException"
    assert bedrock.list_enforced_guardrails_configuration()["guardrailsConfig"] == []


def test_models_of_aws_may_be_named_whether_they_are_served_here_or_not(bedrock: Any) -> None:
    models = {"includedModels": [HAIKU, f"{HAIKU}:48k"], "excludedModels": ["amazon.titan-embed-text-v2:0"]}
    body = published(bedrock) | {"modelEnforcement": models}
    bedrock.put_enforced_guardrail_configuration(guardrailInferenceConfig=body)
    (found,) = bedrock.list_enforced_guardrails_configuration()["guardrailsConfig"]
    assert found["modelEnforcement"] == models


# On which requests


@pytest.fixture
async def documents(tmp_path: Path) -> AsyncIterator[Documents]:
    opened = Documents.open(tmp_path)
    yield opened
    await opened.close()


@pytest.fixture
def models(tmp_path: Path, documents: Documents) -> Models:
    """Two models; one of them stands in for Claude."""
    for model in (scripted.MODEL, OTHER):
        scripted.install(tmp_path, model)
    library = Library(tmp_path)
    return Models(library, documents, engines=("scripted",), stand_ins={"anthropic.claude-*": scripted.MODEL})


def guardrails(documents: Documents, models: Models) -> tuple[Guardrails, EnforcedGuardrails]:
    principals = Identity.of(documents, ACCOUNT).principals
    authorization = Authorization(documents, principals, ResourcePolicies(documents))
    found = Guardrails(documents, authorization, ReasoningPolicies(documents, Jobs(documents), Solver()))
    return found, EnforcedGuardrails(documents, found, models)


@pytest.fixture
def ctx() -> Context:
    return Context(ACCOUNT, "us-east-1", f"arn:aws:iam::{ACCOUNT}:root", "r")


async def enforce(ctx: Context, parts: tuple[Guardrails, EnforcedGuardrails], **more: Any) -> None:
    guardrails, enforced = parts
    key = (await guardrails.create(ctx, dict(BODY), {}))["guardrailId"]
    version = (await guardrails.publish(ctx, key, None))["version"]
    await enforced.put(ctx, None, {"guardrailIdentifier": key, "guardrailVersion": version, **more})


@pytest.mark.parametrize(
    ("included", "excluded", "asked", "applies"),
    [
        (["ALL"], [], scripted.MODEL, True),
        (["ALL"], [scripted.MODEL], scripted.MODEL, False),
        (["ALL"], [scripted.MODEL], OTHER, True),
        ([OTHER], [], scripted.MODEL, False),
        ([OTHER], [OTHER], OTHER, False),
        ([scripted.MODEL], [], f"us.{scripted.MODEL}", True),
        ([scripted.MODEL], [], f"arn:aws:bedrock:us-east-1::foundation-model/{scripted.MODEL}", True),
        ([scripted.MODEL], [], HAIKU, True),
        ([HAIKU], [], HAIKU, True),
        ([HAIKU], [], f"{HAIKU}:48k", True),
        ([HAIKU], [], scripted.MODEL, False),
        (["ALL"], [HAIKU], HAIKU, False),
    ],
    ids=[
        "all",
        "all but this",
        "all but another",
        "only another",
        "excluding wins",
        "through a profile",
        "by ARN",
        "what stands in",
        "what is stood in for",
        "with another context length",
        "the stand-in by itself",
        "what is stood in for is exempt",
    ],
)
async def test_models_are_told_apart_by_what_they_resolve_to(
    documents: Documents,
    models: Models,
    ctx: Context,
    included: list[str],
    excluded: list[str],
    asked: str,
    applies: bool,
) -> None:
    parts = guardrails(documents, models)
    await enforce(ctx, parts, modelEnforcement={"includedModels": included, "excludedModels": excluded})
    found = await parts[1].of(ctx, await models.resolve(ctx, asked))
    assert (found is not None) is applies


async def test_what_is_enforced_tells_what_it_judges(documents: Documents, models: Models, ctx: Context) -> None:
    parts = guardrails(documents, models)
    resolved = await models.resolve(ctx, scripted.MODEL)
    assert await parts[1].of(ctx, resolved) is None
    await enforce(ctx, parts, selectiveContentGuarding={"messages": "SELECTIVE"})
    found = await parts[1].of(ctx, resolved)
    assert found is not None
    assert (found.system, found.messages) == ("COMPREHENSIVE", "SELECTIVE")
    assert (found.guard.version, found.guard.blocked_input) == ("1", SAID["blockedInputMessaging"])


async def test_another_process_is_followed_within_a_second(
    tmp_path: Path, documents: Documents, models: Models, ctx: Context
) -> None:
    parts = guardrails(documents, models)
    resolved = await models.resolve(ctx, scripted.MODEL)
    assert await parts[1].of(ctx, resolved) is None
    other_process = Documents.open(tmp_path)
    await enforce(ctx, guardrails(other_process, models))
    await other_process.close()
    acknowledged = time.monotonic()
    while await parts[1].of(ctx, resolved) is None:
        assert time.monotonic() < acknowledged + 1.0
