"""The tests of a policy and their results, as boto3 keeps and runs them. They need no model to be read."""

import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.guardrails.reasoning.policies import FAILS, PASSES, ended, policy, started
from tests.serving import Server

pytest.importorskip("z3", reason="the extra 'reasoning' is not installed")


@pytest.fixture(scope="module")
def bedrock(scripted_server: Server) -> Any:
    return scripted_server.client("bedrock")


@pytest.fixture
def arn(bedrock: Any) -> str:
    return policy(bedrock)


def case(bedrock: Any, arn: str, body: dict[str, Any]) -> str:
    return str(bedrock.create_automated_reasoning_policy_test_case(policyArn=arn, **body)["testCaseId"])


def results(bedrock: Any, arn: str, workflow: str) -> dict[str, dict[str, Any]]:
    """All results by the test's id, once all tests have ended."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        pages = bedrock.get_paginator("list_automated_reasoning_policy_test_results").paginate(
            policyArn=arn, buildWorkflowId=workflow, PaginationConfig={"PageSize": 1}
        )
        found = {each["testCase"]["testCaseId"]: each for page in pages for each in page["testResults"]}
        if all(each["testRunStatus"] in ("COMPLETED", "FAILED") for each in found.values()):
            return found
        time.sleep(0.02)
    raise TimeoutError("the tests do not end")


def code(error: pytest.ExceptionInfo[ClientError]) -> str:
    return str(error.value.response["Error"]["Code"])


def test_tests_are_kept_changed_and_deleted(bedrock: Any, arn: str) -> None:
    key = case(bedrock, arn, {**PASSES, "confidenceThreshold": 0.5})
    named = {"policyArn": arn, "testCaseId": key}
    found = bedrock.get_automated_reasoning_policy_test_case(**named)["testCase"]
    assert {member: found[member] for member in PASSES} == PASSES
    assert found["confidenceThreshold"] == 0.5
    bedrock.update_automated_reasoning_policy_test_case(**named, **FAILS, lastUpdatedAt=found["updatedAt"])
    [listed] = bedrock.list_automated_reasoning_policy_test_cases(policyArn=arn)["testCases"]
    assert listed["guardContent"] == FAILS["guardContent"]
    assert "confidenceThreshold" not in listed
    with pytest.raises(ClientError, match="has changed since") as error:
        bedrock.delete_automated_reasoning_policy_test_case(**named, lastUpdatedAt=found["updatedAt"])
    assert code(error) == "ConflictException"
    bedrock.delete_automated_reasoning_policy_test_case(**named, lastUpdatedAt=listed["updatedAt"])
    with pytest.raises(ClientError, match="no test case") as error:
        bedrock.get_automated_reasoning_policy_test_case(**named)
    assert code(error) == "ResourceNotFoundException"


def test_tests_run_against_what_a_workflow_made(bedrock: Any, arn: str) -> None:
    passes, fails = case(bedrock, arn, PASSES), case(bedrock, arn, FAILS)
    workflow = started(bedrock, arn)
    ended(bedrock, arn, workflow)
    named = {"policyArn": arn, "buildWorkflowId": workflow}
    before = bedrock.get_automated_reasoning_policy_test_result(**named, testCaseId=passes)["testResult"]
    assert before["testRunStatus"] == "NOT_STARTED"
    bedrock.start_automated_reasoning_policy_test_workflow(**named)
    found = results(bedrock, arn, workflow)
    assert found[passes]["testRunResult"] == "PASSED"
    assert found[passes]["aggregatedTestFindingsResult"] == "VALID"
    assert "valid" in found[passes]["testFindings"][0]
    assert found[fails]["testRunResult"] == "FAILED"
    assert found[fails]["aggregatedTestFindingsResult"] == "INVALID"
    [finding] = found[fails]["testFindings"]
    assert finding["invalid"]["contradictingRules"] == [{"id": "A12345678901", "policyVersionArn": arn}]
    one = bedrock.get_automated_reasoning_policy_test_result(**named, testCaseId=fails)["testResult"]
    assert one == found[fails]


def test_one_test_can_be_run_again(bedrock: Any, arn: str) -> None:
    case(bedrock, arn, FAILS)
    key = case(bedrock, arn, FAILS)
    workflow = started(bedrock, arn)
    ended(bedrock, arn, workflow)
    for expected, result in (("VALID", "FAILED"), ("INVALID", "PASSED")):
        named = {"policyArn": arn, "testCaseId": key}
        seen = bedrock.get_automated_reasoning_policy_test_case(**named)["testCase"]["updatedAt"]
        body = {**FAILS, "expectedAggregatedFindingsResult": expected}
        bedrock.update_automated_reasoning_policy_test_case(**named, **body, lastUpdatedAt=seen)
        bedrock.start_automated_reasoning_policy_test_workflow(
            policyArn=arn, buildWorkflowId=workflow, testCaseIds=[key]
        )
        found = results(bedrock, arn, workflow)
        assert set(found) == {key}
        assert found[key]["testRunResult"] == result


def test_only_a_finished_workflow_is_tested(bedrock: Any, arn: str) -> None:
    with pytest.raises(ClientError, match="no test cases to run"):
        workflow = started(bedrock, arn)
        ended(bedrock, arn, workflow)
        bedrock.start_automated_reasoning_policy_test_workflow(policyArn=arn, buildWorkflowId=workflow)
    case(bedrock, arn, PASSES)
    source = {
        "workflowContent": {
            "documents": [{"document": b"Dogs may stay.", "documentContentType": "txt", "documentName": "a"}]
        }
    }
    failed = started(bedrock, arn, "INGEST_CONTENT", **source)
    ended(bedrock, arn, failed)
    with pytest.raises(ClientError, match="is FAILED") as error:
        bedrock.start_automated_reasoning_policy_test_workflow(policyArn=arn, buildWorkflowId=failed)
    assert code(error) == "ValidationException"
