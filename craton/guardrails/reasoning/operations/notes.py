"""What is noted about a build workflow while its policy is refined: annotations, and the scenarios that were told.

Annotations change nothing by themselves: a workflow of the type REFINE_POLICY is given them.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from craton.core.context import Context
from craton.errors import ConflictException, ValidationException
from craton.guardrails.reasoning.builds.scenarios import next_scenario
from craton.guardrails.reasoning.operations.policies import HINDRANCES, digest
from craton.guardrails.reasoning.operations.records import NOTES, POLICY, WORKFLOW
from craton.guardrails.reasoning.operations.workflows import Workflows
from craton.guardrails.reasoning.solver import Solver
from craton.store.documents import Document, Documents, Scope, Transaction
from craton.store.records import Record

_NOTHING: Record = {"annotations": [], "told": []}


class Notes:
    def __init__(self, documents: Documents, workflows: Workflows, solver: Solver) -> None:
        self._documents = documents
        self._workflows = workflows
        self._solver = solver

    async def annotations(self, ctx: Context, arn: str, workflow_id: str) -> Record:
        """As GetAutomatedReasoningPolicyAnnotations answers."""
        workflow = await self._workflows.find(ctx, arn, workflow_id)
        policy = await self._documents.get(ctx.scope, POLICY, workflow.parent)
        notes = await self._documents.find(ctx.scope, NOTES, workflow.id)
        return {"name": policy.body["name"], "annotations": _body(notes)["annotations"], **_state(workflow, notes)}

    async def annotate(
        self, ctx: Context, arn: str, workflow_id: str, annotations: Sequence[Record], seen: str
    ) -> Record:
        """Put these in place of the annotations whose hash is `seen`. Raises ConflictException."""
        workflow = await self._workflows.find(ctx, arn, workflow_id)

        def annotate(t: Transaction) -> Document:
            body = _body(t.find(ctx.scope, NOTES, workflow.id))
            if digest(body["annotations"]) != seen:
                raise ConflictException(
                    "The annotations have changed since they were read with this lastUpdatedAnnotationSetHash. Get "
                    "them and look at what changed, then send the annotationSetHash that they have now."
                )
            return _keep(
                t, ctx.scope, workflow.id, body | {"annotations": list(annotations), "annotatedAt": datetime.now(UTC)}
            )

        return _state(workflow, await self._documents.transaction(annotate))

    async def next_scenario(self, ctx: Context, arn: str, workflow_id: str) -> Record | None:
        """A scenario that the policy allows and that was not told before; None where all were."""
        workflow = await self._workflows.completed(ctx, arn, workflow_id)
        definition = await self._workflows.definition(ctx, workflow)
        told = _body(await self._documents.find(ctx.scope, NOTES, workflow.id))["told"]
        try:
            scenario = await next_scenario(definition, told, self._solver)
        except HINDRANCES as error:
            raise ValidationException(str(error)) from None
        if scenario is None:
            return None
        expression = scenario["expression"]

        def note(t: Transaction) -> None:
            body = _body(t.find(ctx.scope, NOTES, workflow.id))
            _keep(t, ctx.scope, workflow.id, body | {"told": [*body["told"], expression]})

        await self._documents.transaction(note)
        return dict(scenario)


def _body(notes: Document | None) -> Record:
    return notes.body if notes else _NOTHING


def _keep(t: Transaction, scope: Scope, workflow: str, body: Record) -> Document:
    if t.find(scope, NOTES, workflow):
        return t.replace(scope, NOTES, workflow, body)
    t.get(scope, WORKFLOW, workflow)
    return t.create(scope, NOTES, workflow, body, parent=workflow)


def _state(workflow: Document, notes: Document | None) -> Record:
    """Which annotations there are, and since when: as those who change them must tell."""
    return {
        "policyArn": workflow.body["policyArn"],
        "buildWorkflowId": workflow.id,
        "annotationSetHash": digest(_body(notes)["annotations"]),
        "updatedAt": _body(notes).get("annotatedAt", workflow.updated_at),
    }
