"""Build workflows: what one is asked for, how far it is, and the assets that it made. `runs` does their work.

A workflow changes no policy: its definition is an asset, which the owner of the policy may put in the draft.
"""

import asyncio
import hashlib
import uuid
from datetime import datetime

from craton.core.context import Context
from craton.errors import ResourceInUseException, ResourceNotFoundException, ValidationException
from craton.guardrails.reasoning.operations.policies import own_draft, parse
from craton.guardrails.reasoning.operations.records import (
    ASSET,
    BUILD,
    ENDED,
    POLICY,
    RUNNING,
    TEST_RESULT,
    WORKFLOW,
    asset_id,
    check_unchanged,
    delete_workflow,
)
from craton.jobs.runner import Jobs
from craton.store.documents import Document, Documents, Transaction
from craton.store.records import Record

_PAGE = 1000  # the most that the service model lets a page hold
_SOURCE_DOCUMENT, _MANIFEST = "SOURCE_DOCUMENT", "ASSET_MANIFEST"
# The member of workflowContent that each type reads; the others read a definition alone.
_CONTENT = {
    "INGEST_CONTENT": "documents",
    "REFINE_POLICY": "policyRepairAssets",
    "GENERATE_FIDELITY_REPORT": "generateFidelityReportContent",
    "ITERATIVELY_REFINE_POLICY": "iterativeRefinementContent",
}
_TOLD = ("documentName", "documentContentType", "documentDescription")


class Workflows:
    def __init__(self, documents: Documents, jobs: Jobs) -> None:
        self._documents = documents
        self._jobs = jobs

    async def start(self, ctx: Context, arn: str, kind: str, source: Record) -> str:
        """The id of a new workflow of an AutomatedReasoningPolicyBuildWorkflowType, which will run soon.

        Without a definition in `source` it starts from the policy's draft. Raises ResourceInUseException where
        another of the policy's workflows is under way.
        """
        policy, scope = own_draft(ctx, arn), ctx.scope
        sources, repair, feedback = _content(kind, source.get("workflowContent", {}))
        name = str(uuid.uuid4())
        kept = {str(uuid.uuid4()): document for document in sources}
        draft = await self._documents.get(scope, POLICY, policy)
        definition = source.get("policyDefinition") or draft.body["policyDefinition"]
        await asyncio.to_thread(parse, definition)
        entries = [_entry(_SOURCE_DOCUMENT, document["documentName"], key) for key, document in kept.items()]

        def start(t: Transaction) -> None:
            t.get(scope, POLICY, policy)
            _refuse_busy(t, ctx, policy)
            body = {"policyArn": draft.arn, "buildWorkflowType": kind, "status": "SCHEDULED", "entries": entries}
            first = next(iter(sources), {})
            t.create(
                scope, WORKFLOW, name, body | {told: first[told] for told in _TOLD if told in first}, parent=policy
            )
            for key, document in kept.items():
                t.create(scope, ASSET, key, {"document": document}, parent=name)
            asked = {"kind": kind, "definition": definition, "annotations": repair, "feedback": feedback}
            self._jobs.put(t, scope, BUILD, name, asked | {"documents": [*kept]})

        await self._documents.transaction(start)
        self._jobs.wake(BUILD)
        return name

    async def find(self, ctx: Context, arn: str, id: str) -> Document:
        """Raises ResourceNotFoundException where the policy has no such workflow."""
        policy = own_draft(ctx, arn)
        document = await self._documents.find(ctx.scope, WORKFLOW, id)
        if document is None or document.parent != policy:
            raise ResourceNotFoundException(f"The policy {arn!r} has no build workflow {id!r}; list those it has.")
        return document

    async def completed(self, ctx: Context, arn: str, id: str) -> Document:
        """The same; raises ValidationException where it is not COMPLETED."""
        document = await self.find(ctx, arn, id)
        if document.body["status"] != "COMPLETED":
            raise ValidationException(
                f"The build workflow {id!r} is {document.body['status']}; wait for one that is COMPLETED."
            )
        return document

    async def page(
        self, ctx: Context, arn: str, limit: int | None, token: str | None
    ) -> tuple[list[Record], str | None]:
        policy = (await self._documents.get(ctx.scope, POLICY, own_draft(ctx, arn))).id
        page = await self._documents.page(
            ctx.scope, WORKFLOW, parent=policy, limit=min(limit or _PAGE, _PAGE), token=token
        )
        return [summary(document) for document in page.items], page.next_token

    async def cancel(self, ctx: Context, arn: str, id: str) -> None:
        """Raises ValidationException where it has ended."""
        document = await self.find(ctx, arn, id)

        def cancelled(t: Transaction) -> None:
            body = t.get(ctx.scope, WORKFLOW, id).body
            t.replace(ctx.scope, WORKFLOW, id, body | {"status": "CANCELLED"})

        if not await self._jobs.cancel(ctx.scope, BUILD, id, cancelled):
            status = (await self._documents.get(ctx.scope, WORKFLOW, document.id)).body["status"]
            raise ValidationException(f"The build workflow {id!r} has ended: it is {status}. Delete it instead.")

    async def delete(self, ctx: Context, arn: str, id: str, seen: datetime) -> None:
        """Delete an ended workflow with its assets and results. Raises ResourceInUseException, ConflictException."""
        await self.find(ctx, arn, id)

        def delete(t: Transaction) -> None:
            document = t.get(ctx.scope, WORKFLOW, id)
            check_unchanged(document, seen)
            if document.body["status"] not in ENDED:
                raise ResourceInUseException(f"The build workflow {id!r} is under way; cancel it first.")
            if any(each.body["testRunStatus"] in RUNNING for each in t.listing(ctx.scope, TEST_RESULT, parent=id)):
                raise ResourceInUseException(f"Tests run on the build workflow {id!r}; wait until they have ended.")
            delete_workflow(t, self._jobs, document, ctx.scope)

        await self._documents.transaction(delete)

    async def assets(self, ctx: Context, arn: str, id: str, kind: str, asset: str | None) -> Record | None:
        """AutomatedReasoningPolicyBuildResultAssets of one kind; None where the workflow made none.

        Raises ValidationException for a document without its `asset` id, and while the workflow is under way.
        """
        workflow = await self.find(ctx, arn, id)
        if kind == _SOURCE_DOCUMENT:
            return await self._source(ctx, workflow, asset)
        if workflow.body["status"] not in ENDED:
            raise ValidationException(
                f"The build workflow {id!r} is {workflow.body['status']}; its assets can be read when it has ended."
            )
        if kind == _MANIFEST:
            return {"assetManifest": {"entries": workflow.body["entries"]}}
        found = await self._documents.find(ctx.scope, ASSET, asset_id(id, kind))
        return found.body if found else None

    async def definition(self, ctx: Context, workflow: Document) -> Record:
        """The definition that a completed workflow made."""
        found = await self._documents.get(ctx.scope, ASSET, asset_id(workflow.id, "POLICY_DEFINITION"))
        definition: Record = found.body["policyDefinition"]
        return definition

    async def _source(self, ctx: Context, workflow: Document, asset: str | None) -> Record:
        if asset is None:
            raise ValidationException("A SOURCE_DOCUMENT is read by its assetId; the ASSET_MANIFEST names them.")
        found = await self._documents.find(ctx.scope, ASSET, asset)
        if found is None or found.parent != workflow.id or "document" not in found.body:
            raise ResourceNotFoundException(
                f"The build workflow {workflow.id!r} has no document {asset!r}; the ASSET_MANIFEST names them."
            )
        return found.body


def manifest(kind: str) -> Record:
    return _entry(kind, kind.replace("_", " ").capitalize())


def summary(document: Document) -> Record:
    """AutomatedReasoningPolicyBuildWorkflowSummary."""
    whole = shown(document)
    return {member: value for member, value in whole.items() if member not in _TOLD}


def shown(document: Document) -> Record:
    """A workflow as GetAutomatedReasoningPolicyBuildWorkflow answers it."""
    return {
        **{member: value for member, value in document.body.items() if member != "entries"},
        "buildWorkflowId": document.id,
        "createdAt": document.created_at,
        "updatedAt": document.updated_at,
    }


def _content(kind: str, content: Record) -> tuple[list[Record], list[Record], str]:
    """The documents, the annotations and the feedback that a workflow is given.

    Raises ValidationException where they are not what the type reads.
    """
    wanted, given = _CONTENT.get(kind), next(iter(content), None)
    if given != wanted:
        only = f"workflowContent.{wanted}" if wanted else "the policyDefinition alone, and no workflowContent"
        raise ValidationException(f"A workflow of the type {kind!r} reads {only}; send that.")
    inner = content[wanted] if wanted else {}
    if not isinstance(inner, dict):
        inner = {"documents": inner}
    documents = [_document(each) for each in inner.get("documents", ())]
    return documents, list(inner.get("annotations", ())), inner.get("feedback", "")


def _document(given: Record) -> Record:
    """AutomatedReasoningPolicySourceDocument."""
    return {**given, "documentHash": hashlib.sha256(given["document"]).hexdigest()}


def _entry(kind: str, name: str, id: str | None = None) -> Record:
    return {"assetType": kind, "assetName": name} | ({"assetId": id} if id else {})


def _refuse_busy(t: Transaction, ctx: Context, policy: str) -> None:
    for document in t.listing(ctx.scope, WORKFLOW, parent=policy):
        if document.body["status"] not in ENDED:
            raise ResourceInUseException(
                f"The build workflow {document.id!r} of this policy is {document.body['status']}; wait until it has "
                "ended, or cancel it."
            )
