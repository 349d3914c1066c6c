"""What is kept of automated reasoning policies and of their parts, and how it looks from outside. Knows no rule.

A policy is the parent of its tests and workflows; a workflow of its assets, its notes and the results of its tests.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from craton.errors import ConflictException, ValidationException
from craton.jobs.runner import Jobs
from craton.store.documents import DRAFT, Document, Scope, Transaction
from craton.store.records import Record

POLICY = "automated-reasoning-policy"
TEST_CASE = "automated-reasoning-test-case"
WORKFLOW = "automated-reasoning-workflow"
ASSET = "automated-reasoning-asset"
NOTES = "automated-reasoning-notes"  # annotations, and the scenarios that were told
TEST_RESULT = "automated-reasoning-test-result"
# The jobs.
BUILD, TESTS = "automated-reasoning-build", "automated-reasoning-tests"

# Workflows of these states do nothing any more; results of these are still to come.
ENDED = frozenset({"COMPLETED", "FAILED", "CANCELLED"})
RUNNING = frozenset({"SCHEDULED", "IN_PROGRESS"})

_TOLD = ("name", "description", "definitionHash")
_TICK = timedelta(milliseconds=1)  # clients in JavaScript know no shorter time


@dataclass(frozen=True, slots=True)
class Named:
    """A policy or a version, as its ARN names it."""

    scope: Scope
    id: str
    version: str


def named(arn: str) -> Named:
    parts = arn.split(":")
    if len(parts) < 6 or not parts[5].startswith(f"{POLICY}/"):
        raise ValidationException(f"{arn!r} is not the ARN of an automated reasoning policy.")
    version = parts[6] if len(parts) > 6 else DRAFT
    return Named(Scope(parts[4], parts[3]), parts[5].removeprefix(f"{POLICY}/"), version)


def shown(document: Document) -> Record:
    """A draft or a version as GetAutomatedReasoningPolicy answers it; the answers of others hold some of it."""
    return {
        **{member: document.body[member] for member in _TOLD if member in document.body},
        "policyArn": document.arn,
        "policyId": document.id,
        "version": document.version,
        "createdAt": document.created_at,
        "updatedAt": document.updated_at,
    }


def summary(document: Document) -> Record:
    """AutomatedReasoningPolicySummary."""
    whole = shown(document)
    del whole["definitionHash"]
    return whole


def asset_id(workflow: str, kind: str) -> str:
    """The id under which a workflow's asset of a kind is kept, of which there is one."""
    return f"{workflow}/{kind}"


def result_id(workflow: str, case: str) -> str:
    """The id under which the result of a test against what a workflow made is kept: the latest one."""
    return f"{workflow}/{case}"


def test_case(document: Document) -> Record:
    """AutomatedReasoningPolicyTestCase."""
    times = {"createdAt": document.created_at, "updatedAt": document.updated_at}
    return {**document.body, "testCaseId": document.id, **times}


def check_unchanged(document: Document, seen: datetime) -> None:
    """Raises ConflictException where it was changed after `seen`, its `updatedAt` as a client read it."""
    if abs(document.updated_at - seen) >= _TICK:
        raise ConflictException(
            f"It has changed since lastUpdatedAt, and was last updated at {document.updated_at.isoformat()}. Get it "
            "and look at what changed, then send the updatedAt that it has now."
        )


def delete_workflow(t: Transaction, jobs: Jobs, workflow: Document, scope: Scope) -> None:
    """Delete a workflow with its parts; what runs of it ends at its next step."""
    jobs.forget(t, scope, BUILD, workflow.id)
    for result in t.listing(scope, TEST_RESULT, parent=workflow.id):
        jobs.forget(t, scope, TESTS, result.body["run"])
    for kind in (TEST_RESULT, ASSET, NOTES):
        for part in t.listing(scope, kind, parent=workflow.id):
            t.delete(scope, kind, part.id)
    t.delete(scope, WORKFLOW, workflow.id)
