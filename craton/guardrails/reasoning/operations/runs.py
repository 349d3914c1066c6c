"""The work of build workflows, as durable jobs: documents read, a definition built, its assets kept.

A run that was interrupted begins anew: until it has ended, nothing of it is kept.
"""

from collections.abc import Mapping
from typing import cast

import structlog

from craton.documents.parser import Parser
from craton.documents.plain import DocumentError
from craton.errors import ApiError, ValidationException
from craton.guardrails.means import Means
from craton.guardrails.reasoning.builds.build import Build, Source, build
from craton.guardrails.reasoning.builds.fidelity import Document
from craton.guardrails.reasoning.operations.policies import HINDRANCES
from craton.guardrails.reasoning.operations.records import ASSET, BUILD, WORKFLOW, asset_id
from craton.guardrails.reasoning.operations.workflows import manifest
from craton.guardrails.reasoning.solver import Solver
from craton.jobs.job import Job
from craton.jobs.ledger import Key
from craton.jobs.runner import Jobs
from craton.store.documents import Documents, Transaction
from craton.store.records import Record

AT_ONCE = 2

log = structlog.get_logger("craton.guardrails")


class BuildRuns:
    def __init__(self, documents: Documents, jobs: Jobs, parser: Parser, means: Means, solver: Solver) -> None:
        self._documents = documents
        self._parser = parser
        self._means = means
        self._solver = solver
        jobs.register(BUILD, self._run, failed=_failed, at_once=AT_ONCE)

    async def _run(self, job: Job) -> None:
        try:
            await job.checkpoint(None, lambda t: _become(t, job.key, "PREPROCESSING"))
            documents = [await self._text(job, each) for each in job.body["documents"]]
            await job.checkpoint(None, lambda t: _become(t, job.key, "BUILDING"))
            body = job.body
            source = Source(body["definition"], documents, body["annotations"], body["feedback"])
            built = await build(body["kind"], source, self._means, self._solver)
        except (DocumentError, *HINDRANCES) as error:
            raise ValidationException(str(error)) from None
        await job.finish(lambda t: _keep(t, job.key, _assets(built), "COMPLETED"))

    async def _text(self, job: Job, id: str) -> Document:
        kept = (await self._documents.get(job.scope, ASSET, id)).body["document"]
        text = await self._parser.parse(kept["document"], kept["documentContentType"], kept["documentName"])
        return Document(kept["documentName"], text, kept.get("documentDescription", ""), kept["documentHash"])


def _assets(built: Build) -> dict[str, Record]:
    """The assets of a build, by their type, each as the one member of AutomatedReasoningPolicyBuildResultAssets."""
    found: dict[str, tuple[str, object]] = {
        "POLICY_DEFINITION": ("policyDefinition", built.definition),
        "BUILD_LOG": ("buildLog", built.log),
        "QUALITY_REPORT": ("qualityReport", built.quality),
        "FIDELITY_REPORT": ("fidelityReport", built.fidelity),
    }
    if built.scenarios is not None:
        found["POLICY_SCENARIOS"] = "policyScenarios", {"policyScenarios": built.scenarios}
    if built.test_cases is not None:
        found["GENERATED_TEST_CASES"] = "generatedTestCases", {"generatedTestCases": built.test_cases}
    return {kind: {member: made} for kind, (member, made) in found.items() if made is not None}


def _keep(t: Transaction, key: Key, assets: Mapping[str, Record], status: str) -> None:
    """End a workflow with these assets."""
    for kind, asset in assets.items():
        t.create(key.scope, ASSET, asset_id(key.id, kind), asset, parent=key.id)
    body = t.get(key.scope, WORKFLOW, key.id).body
    entries = [*body["entries"], *map(manifest, assets)]
    t.replace(key.scope, WORKFLOW, key.id, body | {"status": status, "entries": entries})


def _become(t: Transaction, key: Key, status: str) -> None:
    body = t.get(key.scope, WORKFLOW, key.id).body
    if body["status"] != status:
        t.replace(key.scope, WORKFLOW, key.id, body | {"status": status})


def _failed(t: Transaction, key: Key, error: ApiError) -> None:
    """The only place of a workflow that tells why it failed is its log, whose entries are of annotations."""
    workflow = t.find(key.scope, WORKFLOW, key.id)
    if workflow is None:
        return
    log.warning("a build workflow failed", id=key.id, reason=error.message)
    step = {"context": {"planning": {}}, "messages": [{"message": error.message, "messageType": "ERROR"}]}
    content = cast("str", workflow.body.get("documentName") or workflow.body["buildWorkflowType"])
    entry = {"annotation": {"ingestContent": {"content": content}}, "status": "FAILED", "buildSteps": [step]}
    _keep(t, key, {"BUILD_LOG": {"buildLog": {"entries": [entry]}}}, "FAILED")
