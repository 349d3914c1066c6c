"""Build workflows and what is noted about them, as boto3 starts, follows, reads and ends them."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.guardrails.reasoning.policies import DEFINITION, FULL, PART, asset, ended, policy, started
from tests.serving import Server

TEXT = b"Employees who work full time may take leave."
DOCUMENT = {"document": TEXT, "documentContentType": "txt", "documentName": "leave.txt", "documentDescription": "Who"}
SCENARIO = "(and (= kind PART) eligible)"


pytest.importorskip("z3", reason="the extra 'reasoning' is not installed")


@pytest.fixture(scope="module")
def bedrock(scripted_server: Server) -> Any:
    return scripted_server.client("bedrock")


@pytest.fixture(scope="module")
def arn(bedrock: Any) -> str:
    return policy(bedrock)


def code(error: pytest.ExceptionInfo[ClientError]) -> str:
    return str(error.value.response["Error"]["Code"])


def test_an_import_gives_the_definition_and_tells_what_it_is_worth(bedrock: Any, arn: str) -> None:
    unused = {"name": "idle", "type": "bool", "description": "Nothing asks for it"}
    definition = {**DEFINITION, "variables": [*DEFINITION["variables"], unused]}
    workflow = started(bedrock, arn, policyDefinition=definition)
    found = ended(bedrock, arn, workflow)
    assert (found["status"], found["buildWorkflowType"]) == ("COMPLETED", "IMPORT_POLICY")
    assert asset(bedrock, arn, workflow, "POLICY_DEFINITION") == definition
    report = asset(bedrock, arn, workflow, "QUALITY_REPORT")
    assert (report["ruleCount"], report["unusedVariables"]) == (2, ["idle"])
    manifest = asset(bedrock, arn, workflow, "ASSET_MANIFEST")["entries"]
    assert {each["assetType"] for each in manifest} == {"POLICY_DEFINITION", "BUILD_LOG", "QUALITY_REPORT"}
    assert asset(bedrock, arn, workflow, "FIDELITY_REPORT") is None
    listed = bedrock.list_automated_reasoning_policy_build_workflows(policyArn=arn)
    assert workflow in [each["buildWorkflowId"] for each in listed["automatedReasoningPolicyBuildWorkflowSummaries"]]
    assert bedrock.export_automated_reasoning_policy_version(policyArn=arn)["policyDefinition"] == DEFINITION


def test_annotations_change_the_definition_that_they_are_sent_with(bedrock: Any, arn: str) -> None:
    annotations = [{"deleteRule": {"ruleId": PART["id"]}}, {"addRule": {"expression": "(>= months 0)"}}]
    source = {"policyDefinition": DEFINITION, "workflowContent": {"policyRepairAssets": {"annotations": annotations}}}
    workflow = started(bedrock, arn, "REFINE_POLICY", **source)
    assert ended(bedrock, arn, workflow)["status"] == "COMPLETED"
    rules = asset(bedrock, arn, workflow, "POLICY_DEFINITION")["rules"]
    assert [each["expression"] for each in rules] == [FULL["expression"], "(>= months 0)"]
    log = asset(bedrock, arn, workflow, "BUILD_LOG")["entries"]
    assert [(each["annotation"], each["status"]) for each in log] == [(each, "APPLIED") for each in annotations]


def test_a_workflow_that_cannot_be_done_tells_why_in_its_log(bedrock: Any, arn: str) -> None:
    """This server has no model that could read a document."""
    workflow = started(bedrock, arn, "INGEST_CONTENT", workflowContent={"documents": [DOCUMENT]})
    found = ended(bedrock, arn, workflow)
    assert found["status"] == "FAILED"
    assert {member: found[member] for member in DOCUMENT if member != "document"} == {
        member: value for member, value in DOCUMENT.items() if member != "document"
    }
    [entry] = asset(bedrock, arn, workflow, "BUILD_LOG")["entries"]
    assert entry["status"] == "FAILED"
    [message] = entry["buildSteps"][0]["messages"]
    assert message["messageType"] == "ERROR"
    assert "judge" in message["message"]
    [source, _] = asset(bedrock, arn, workflow, "ASSET_MANIFEST")["entries"]
    assert (source["assetType"], source["assetName"]) == ("SOURCE_DOCUMENT", "leave.txt")
    kept = asset(bedrock, arn, workflow, "SOURCE_DOCUMENT", assetId=source["assetId"])
    assert kept["document"] == TEXT
    with pytest.raises(ClientError, match="assetId"):
        asset(bedrock, arn, workflow, "SOURCE_DOCUMENT")


@pytest.mark.parametrize(
    ("kind", "source", "reason"),
    [
        ("INGEST_CONTENT", {"policyDefinition": DEFINITION}, "reads workflowContent.documents"),
        ("IMPORT_POLICY", {"workflowContent": {"documents": [DOCUMENT]}}, "reads the policyDefinition alone"),
        (
            "IMPORT_POLICY",
            {"policyDefinition": {**DEFINITION, "rules": [{**FULL, "expression": "(=> nobody eligible)"}]}},
            "nobody",
        ),
    ],
    ids=["no document", "a document too many", "a rule without sense"],
)
def test_a_mistake_is_told_at_once(bedrock: Any, arn: str, kind: str, source: dict[str, Any], reason: str) -> None:
    with pytest.raises(ClientError, match=reason) as error:
        started(bedrock, arn, kind, **source)
    assert code(error) == "ValidationException"


def test_annotations_are_kept_against_changes_by_others(bedrock: Any, arn: str) -> None:
    workflow = started(bedrock, arn)
    named = {"policyArn": arn, "buildWorkflowId": workflow}
    ended(bedrock, arn, workflow)
    empty = bedrock.get_automated_reasoning_policy_annotations(**named)
    assert empty["annotations"] == []
    annotations = [{"addRule": {"expression": "(>= months 0)"}}]
    request = {**named, "annotations": annotations, "lastUpdatedAnnotationSetHash": empty["annotationSetHash"]}
    kept = bedrock.update_automated_reasoning_policy_annotations(**request)
    found = bedrock.get_automated_reasoning_policy_annotations(**named)
    assert found["annotations"] == annotations
    assert (found["annotationSetHash"], found["updatedAt"]) == (kept["annotationSetHash"], kept["updatedAt"])
    with pytest.raises(ClientError, match="have changed") as error:
        bedrock.update_automated_reasoning_policy_annotations(**request)
    assert code(error) == "ConflictException"


def test_each_scenario_is_told_once(bedrock: Any, arn: str) -> None:
    workflow = started(bedrock, arn)
    ended(bedrock, arn, workflow)
    told = []
    while found := bedrock.get_automated_reasoning_policy_next_scenario(policyArn=arn, buildWorkflowId=workflow).get(
        "scenario"
    ):
        told.append(found["expression"])
        assert len(told) < 100
    assert len(told) == len(set(told)) > 1
    assert SCENARIO not in told


def test_a_workflow_is_deleted_as_it_was_seen(bedrock: Any, arn: str) -> None:
    workflow = started(bedrock, arn)
    seen = ended(bedrock, arn, workflow)
    named = {"policyArn": arn, "buildWorkflowId": workflow}
    with pytest.raises(ClientError, match="has changed since") as error:
        bedrock.delete_automated_reasoning_policy_build_workflow(**named, lastUpdatedAt=seen["createdAt"])
    assert code(error) == "ConflictException"
    with pytest.raises(ClientError, match="it is COMPLETED") as error:
        bedrock.cancel_automated_reasoning_policy_build_workflow(**named)
    bedrock.delete_automated_reasoning_policy_build_workflow(**named, lastUpdatedAt=seen["updatedAt"])
    with pytest.raises(ClientError, match="no build workflow") as error:
        bedrock.get_automated_reasoning_policy_build_workflow(**named)
    assert code(error) == "ResourceNotFoundException"


def test_a_workflow_of_another_policy_is_not_found(bedrock: Any, arn: str) -> None:
    workflow = started(bedrock, arn)
    with pytest.raises(ClientError, match="no build workflow"):
        bedrock.get_automated_reasoning_policy_build_workflow(policyArn=policy(bedrock), buildWorkflowId=workflow)
    ended(bedrock, arn, workflow)
