"""The automated reasoning policies of each account and region: drafts and versions of their definitions.

Knows no workflow: what a build proposes comes here by an update of the draft, as the real service has it.
"""

import asyncio
import hashlib
from collections.abc import Mapping

import msgspec

from craton.core.context import Context
from craton.errors import (
    AccessDeniedException,
    ConflictException,
    ResourceInUseException,
    ResourceNotFoundException,
    ValidationException,
)
from craton.guardrails.findings import Source, Undecided, WholeJudge
from craton.guardrails.means import Means
from craton.guardrails.reasoning.definition import Policy, PolicyError
from craton.guardrails.reasoning.judge import judge
from craton.guardrails.reasoning.operations.records import (
    POLICY,
    TEST_CASE,
    WORKFLOW,
    Named,
    delete_workflow,
    named,
    shown,
    summary,
)
from craton.guardrails.reasoning.solver import Solver, SolverMissing, TooComplex
from craton.guardrails.records import GUARDRAIL
from craton.jobs.runner import Jobs
from craton.models.identifiers import new_name
from craton.store.documents import DRAFT, Document, Documents, Scope, Transaction
from craton.store.records import Record

_PAGE = 1000  # the most that the service model lets a page hold
# What keeps a definition from being checked or built on; each tells why in a sentence.
HINDRANCES = (PolicyError, Undecided, SolverMissing, TooComplex)
EMPTY: Record = {"version": "1.0", "types": [], "rules": [], "variables": []}


class ReasoningPolicies:
    def __init__(self, documents: Documents, jobs: Jobs, solver: Solver) -> None:
        self._documents = documents
        self._jobs = jobs
        self._solver = solver

    async def create(self, ctx: Context, body: Record, tags: Mapping[str, str]) -> Record:
        """`body` holds a name, and a description and a policyDefinition where given.

        Raises ValidationException where the definition makes no sense.
        """
        definition = {**EMPTY, **body.get("policyDefinition", {})}
        await asyncio.to_thread(parse, definition)
        kept = {**body, "policyDefinition": definition, "definitionHash": digest(definition)}
        name, unique = new_name(), {"name": body["name"]}
        arn = ctx.arn(f"{POLICY}/{name}")
        return shown(await self._documents.create(ctx.scope, POLICY, name, kept, arn=arn, unique=unique, tags=tags))

    async def update(self, ctx: Context, arn: str, body: Record) -> Record:
        """Give the draft a new definition, and a name and a description where given.

        Raises ValidationException where the definition makes no sense.
        """
        draft = own_draft(ctx, arn)
        definition = {**EMPTY, **body["policyDefinition"]}
        await asyncio.to_thread(parse, definition)
        changes = {**body, "policyDefinition": definition, "definitionHash": digest(definition)}

        def update(t: Transaction) -> Document:
            kept = t.get(ctx.scope, POLICY, draft).body | changes
            return t.replace(ctx.scope, POLICY, draft, kept, unique={"name": kept["name"]})

        return shown(await self._documents.transaction(update))

    async def get(self, ctx: Context, arn: str) -> Record:
        """A draft or, where the ARN ends in its number, a version. Raises ResourceNotFoundException."""
        return shown(await self._document(ctx, arn))

    async def exported(self, ctx: Context, arn: str) -> Record:
        """The definition of a draft or a version."""
        found: Record = (await self._document(ctx, arn)).body["policyDefinition"]
        return found

    async def page(
        self, ctx: Context, arn: str | None, limit: int | None, token: str | None
    ) -> tuple[list[Record], str | None]:
        """The drafts of all policies, or the draft and the versions of one; and the token of the next page."""
        of = None if arn is None else (await self._document(ctx, arn)).id
        page = await self._documents.page(
            ctx.scope, POLICY, versions_of=of, limit=min(limit or _PAGE, _PAGE), token=token
        )
        return [summary(document) for document in page.items], page.next_token

    async def publish(self, ctx: Context, arn: str, seen: str, tags: Mapping[str, str]) -> Record:
        """Freeze the draft, whose definition has the hash `seen`, as the next version. Raises ConflictException."""
        draft = own_draft(ctx, arn)
        await asyncio.to_thread(parse, (await self._documents.get(ctx.scope, POLICY, draft)).body["policyDefinition"])

        def publish(t: Transaction) -> Document:
            document = t.get(ctx.scope, POLICY, draft)
            if document.body["definitionHash"] != seen:
                raise ConflictException(
                    "The policy's definition has changed since it was read with this lastUpdatedDefinitionHash. Get "
                    "the policy and look at what changed, then send the definitionHash that it has now."
                )
            return t.publish(ctx.scope, POLICY, draft, arn=lambda number: f"{document.arn}:{number}", tags=tags)

        return shown(await self._documents.transaction(publish))

    async def delete(self, ctx: Context, arn: str, *, force: bool) -> None:
        """Delete a version, or a policy: one with versions, tests or workflows only by `force`, and then with them.

        Raises ResourceInUseException, also where a guardrail uses what would be gone.
        """
        wanted = _own(ctx, arn)

        def delete(t: Transaction) -> None:
            if t.find(ctx.scope, POLICY, wanted.id, version=wanted.version) is None:
                return  # deleting twice succeeds, says the API reference
            _refuse_used(t, wanted)
            if wanted.version != DRAFT:
                t.delete(ctx.scope, POLICY, wanted.id, version=wanted.version)
                return
            self._delete_parts(t, ctx.scope, wanted.id, force=force)
            t.delete(ctx.scope, POLICY, wanted.id)

        await self._documents.transaction(delete)

    def judge(self, policy: Mapping[str, object], source: Source, means: Means) -> WholeJudge | None:
        """The judge of a guardrail's `automatedReasoningPolicy`."""
        return judge(policy, source, means, self.definition, self._solver)

    async def definition(self, arn: str) -> Mapping[str, object]:
        """The definition of a policy that a guardrail names, in whatever account. Raises Undecided where it is gone."""
        found = named(arn)
        document = await self._documents.find(found.scope, POLICY, found.id, version=found.version)
        if document is None:
            raise Undecided(f"The automated reasoning policy {arn!r} does not exist any more.")
        definition: Mapping[str, object] = document.body["policyDefinition"]
        return definition

    def _delete_parts(self, t: Transaction, scope: Scope, id: str, *, force: bool) -> None:
        versions = len(t.listing(scope, POLICY, versions_of=id)) - 1
        tests, workflows = t.listing(scope, TEST_CASE, parent=id), t.listing(scope, WORKFLOW, parent=id)
        parts = versions + len(tests) + len(workflows)
        if parts and not force:
            raise ResourceInUseException(
                f"The policy has versions, tests or build workflows, {parts} in all. Delete them first, or send force."
            )
        for workflow in workflows:
            delete_workflow(t, self._jobs, workflow, scope)
        for test in tests:
            t.delete(scope, TEST_CASE, test.id)

    async def _document(self, ctx: Context, arn: str) -> Document:
        wanted = _own(ctx, arn)
        return await self._documents.get(ctx.scope, POLICY, wanted.id, version=wanted.version)


def digest(value: object) -> str:
    """128 hexadecimal digits that tell whether a definition, or a set of annotations, has changed."""
    return hashlib.sha512(msgspec.json.encode(value, order="deterministic")).hexdigest()


def parse(definition: Mapping[str, object]) -> Policy:
    """Raises ValidationException where the definition makes no sense."""
    try:
        return Policy.of(definition)
    except PolicyError as error:
        raise ValidationException(str(error)) from None


def own_draft(ctx: Context, arn: str) -> str:
    """The id of a policy whose draft an operation is about. Raises ValidationException for a version."""
    wanted = _own(ctx, arn)
    if wanted.version != DRAFT:
        raise ValidationException(
            f"{arn!r} is a version, which never changes; send the ARN of the policy itself: "
            f"{arn.removesuffix(f':{wanted.version}')!r}."
        )
    return wanted.id


def _own(ctx: Context, arn: str) -> Named:
    wanted = named(arn)
    if wanted.scope.account != ctx.account:
        raise AccessDeniedException(f"You don't have access to {arn!r}: it belongs to another account.")
    if wanted.scope.region != ctx.region:
        raise ResourceNotFoundException(f"{arn!r} is of region {wanted.scope.region!r}, and this is {ctx.region!r}.")
    return wanted


def _refuse_used(t: Transaction, wanted: Named) -> None:
    """Raises ResourceInUseException where a guardrail, or a version of one, checks answers with this policy."""
    for draft in t.listing(wanted.scope, GUARDRAIL):
        for document in t.listing(wanted.scope, GUARDRAIL, versions_of=draft.id):
            for used in document.body.get("automatedReasoningPolicy", {}).get("policies", ()):
                found = named(used)
                if found.id == wanted.id and wanted.version in (DRAFT, found.version):
                    raise ResourceInUseException(
                        f"The guardrail {document.id!r} (version {document.version!r}) uses {used!r}. Update or delete "
                        "it first."
                    )
