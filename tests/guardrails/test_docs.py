"""The pages on guardrails do as they say: their programs run as they stand."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from craton.models.catalogue import shipped
from craton.models.files.library import Library
from tests.conftest import pulled
from tests.fronts import Account, stranger_on
from tests.guardrails.making import PROFILE, made, named
from tests.scripted import MODEL
from tests.serving import Server

DOCS = Path(__file__).resolve().parents[2] / "docs"


def programs(page: str, language: str = "python") -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (DOCS / page).read_text("utf-8"), re.DOTALL)


@pytest.fixture
def account(scripted_server: Server) -> Iterator[Account]:
    """One that enforces nothing afterwards."""
    owner = stranger_on(scripted_server)
    yield owner
    bedrock = owner.client("bedrock")
    for each in bedrock.list_enforced_guardrails_configuration()["guardrailsConfig"]:
        bedrock.delete_enforced_guardrail_configuration(configId=each["configId"])


def test_a_guardrail_is_enforced_as_the_page_has_it(account: Account) -> None:
    bedrock, runtime = account.client("bedrock"), account.client("bedrock-runtime")
    key = made(bedrock)
    version = bedrock.create_guardrail_version(guardrailIdentifier=key)["version"]
    _, enforcing = programs("guardrails.md")
    exec(enforcing, {"bedrock": bedrock, "guardrail": {"guardrailId": key}, "version": version})
    answer = runtime.converse(modelId=MODEL, messages=[{"role": "user", "content": [{"text": "A durian?"}]}])
    assert answer["stopReason"] == "guardrail_intervened"


def test_the_worked_example_of_automated_reasoning(account: Account) -> None:
    bedrock, runtime = account.client("bedrock"), account.client("bedrock-runtime")
    page = "automated-reasoning.md"
    (definition,) = map(json.loads, programs(page, "json"))
    policy = bedrock.create_automated_reasoning_policy(name="leave of the page", policyDefinition=definition)
    arn = bedrock.create_automated_reasoning_policy_version(
        policyArn=policy["policyArn"], lastUpdatedDefinitionHash=policy["definitionHash"]
    )["policyArn"]
    checks = {"automatedReasoningPolicyConfig": {"policies": [arn]}}
    profile = {"crossRegionConfig": {"guardrailProfileIdentifier": PROFILE}}
    guardrail = bedrock.create_guardrail(**named(**checks, **profile))["guardrailId"]
    bedrock.create_guardrail_version(guardrailIdentifier=guardrail)
    (checking,) = programs(page)
    known: dict[str, Any] = {"runtime": runtime, "guardrail": guardrail}
    exec(checking, known)
    claim = known["finding"]["invalid"]["translation"]["claims"][0]["naturalLanguage"]
    told = "".join(
        line.removeprefix("#").removeprefix(" ") + " " for line in re.findall(r"^#.*", checking, re.MULTILINE)
    )
    assert told.strip() == repr(claim)
    table = re.findall(r"^\| (.+?) \| (.+?) \| `(\w+)`", (DOCS / page).read_text("utf-8"), re.MULTILINE)
    for question, answer, result in table[:5]:
        content = [{"text": {"text": question, "qualifiers": ["query"]}}, {"text": {"text": answer}}]
        judged = runtime.apply_guardrail(
            guardrailIdentifier=guardrail, guardrailVersion="1", source="OUTPUT", content=content
        )
        (finding,) = judged["assessments"][0]["automatedReasoningPolicy"]["findings"]
        assert list(finding) == [result], question


@pytest.mark.model
def test_the_first_program_of_the_page(server: Server, library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    for model in shipped().means().values():
        pulled(library, model.id)
    for name, value in server.variables.items():
        monkeypatch.setenv(name, value)
    first, _ = programs("guardrails.md")
    known: dict[str, Any] = {}
    exec(first, known)
    assert known["verdict"]["outputs"][0]["text"] == "I am {NAME}, write to {EMAIL}."
    assert known["answer"]["stopReason"] in ("end_turn", "max_tokens", "guardrail_intervened")
