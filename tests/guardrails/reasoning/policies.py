"""A policy about leave, as boto3 sends it, and what waits for its workflows."""

import time
import uuid
from typing import Any

FULL = {"id": "A12345678901", "expression": "(=> (and (= kind FULL) (>= months 12)) eligible)"}
PART = {"id": "B12345678901", "expression": "(=> (= kind PART) (not eligible))"}
DEFINITION: dict[str, Any] = {
    "version": "1.0",
    "types": [{"name": "Kind", "description": "How much", "values": [{"value": "FULL"}, {"value": "PART"}]}],
    "variables": [
        {"name": "kind", "type": "Kind", "description": "Whether someone works full time or part time"},
        {"name": "months", "type": "int", "description": "Months of employment"},
        {"name": "eligible", "type": "bool", "description": "Whether someone may take parental leave"},
    ],
    "rules": [FULL, PART],
}
# Both tests are in the words of the policy itself, so that no model is needed to read them.
PASSES = {
    "queryContent": "kind is equal to FULL. months is equal to 12.",
    "guardContent": "eligible is true.",
    "expectedAggregatedFindingsResult": "VALID",
}
FAILS = {**PASSES, "guardContent": "eligible is false."}


def policy(bedrock: Any, **members: Any) -> str:
    """The ARN of a new policy."""
    name = f"p {uuid.uuid4().hex}"
    made = bedrock.create_automated_reasoning_policy(name=name, policyDefinition=DEFINITION, **members)
    return str(made["policyArn"])


def started(bedrock: Any, arn: str, kind: str = "IMPORT_POLICY", **source: Any) -> str:
    """The id of a new workflow."""
    content = source or {"policyDefinition": DEFINITION}
    request = {"policyArn": arn, "buildWorkflowType": kind, "sourceContent": content}
    return str(bedrock.start_automated_reasoning_policy_build_workflow(**request)["buildWorkflowId"])


def ended(bedrock: Any, arn: str, workflow: str) -> dict[str, Any]:
    """The workflow, once it has ended."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = bedrock.get_automated_reasoning_policy_build_workflow(policyArn=arn, buildWorkflowId=workflow)
        if found["status"] in ("COMPLETED", "FAILED", "CANCELLED"):
            return dict(found)
        time.sleep(0.02)
    raise TimeoutError(f"the workflow is still {found['status']}")


def asset(bedrock: Any, arn: str, workflow: str, kind: str, **more: Any) -> Any:
    """The asset of a kind, if the workflow made one."""
    found = bedrock.get_automated_reasoning_policy_build_workflow_result_assets(
        policyArn=arn, buildWorkflowId=workflow, assetType=kind, **more
    )
    return next(iter(found.get("buildWorkflowAssets", {}).values()), None)
