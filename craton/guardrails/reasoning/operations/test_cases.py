"""The tests of a policy: questions and answers with the result that is expected of them. `test_runs` runs them."""

import secrets
import string
from datetime import datetime

from craton.core.context import Context
from craton.errors import ResourceInUseException, ResourceNotFoundException
from craton.guardrails.reasoning.operations.policies import own_draft
from craton.guardrails.reasoning.operations.records import (
    POLICY,
    RUNNING,
    TEST_CASE,
    TEST_RESULT,
    WORKFLOW,
    check_unchanged,
    result_id,
    test_case,
)
from craton.store.documents import Document, Documents, Transaction
from craton.store.records import Record

_ID = string.ascii_uppercase + string.digits
_ID_LENGTH = 12
_PAGE = 1000  # the most that the service model lets a page hold


class TestCases:
    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def create(self, ctx: Context, arn: str, body: Record) -> str:
        """The id of a new test of a policy."""
        policy = own_draft(ctx, arn)
        name = "".join(secrets.choice(_ID) for _ in range(_ID_LENGTH))

        def create(t: Transaction) -> None:
            t.get(ctx.scope, POLICY, policy)
            t.create(ctx.scope, TEST_CASE, name, body, parent=policy)

        await self._documents.transaction(create)
        return name

    async def find(self, ctx: Context, arn: str, id: str) -> Document:
        """Raises ResourceNotFoundException where the policy has no such test."""
        policy = own_draft(ctx, arn)
        document = await self._documents.find(ctx.scope, TEST_CASE, id)
        if document is None or document.parent != policy:
            raise ResourceNotFoundException(f"The policy {arn!r} has no test case {id!r}; list those it has.")
        return document

    async def page(
        self, ctx: Context, arn: str, limit: int | None, token: str | None
    ) -> tuple[list[Record], str | None]:
        policy = (await self._documents.get(ctx.scope, POLICY, own_draft(ctx, arn))).id
        page = await self._documents.page(
            ctx.scope, TEST_CASE, parent=policy, limit=min(limit or _PAGE, _PAGE), token=token
        )
        return [test_case(document) for document in page.items], page.next_token

    async def update(self, ctx: Context, arn: str, id: str, seen: datetime, body: Record) -> None:
        """What the new body leaves out is gone. Raises ConflictException and ResourceInUseException."""
        policy = (await self.find(ctx, arn, id)).parent

        def update(t: Transaction) -> None:
            check_unchanged(t.get(ctx.scope, TEST_CASE, id), seen)
            _refuse_running(t, ctx, policy, id)
            t.replace(ctx.scope, TEST_CASE, id, body)

        await self._documents.transaction(update)

    async def delete(self, ctx: Context, arn: str, id: str, seen: datetime) -> None:
        """Its results stay with the workflows. Raises as `update` does."""
        policy = (await self.find(ctx, arn, id)).parent

        def delete(t: Transaction) -> None:
            check_unchanged(t.get(ctx.scope, TEST_CASE, id), seen)
            _refuse_running(t, ctx, policy, id)
            t.delete(ctx.scope, TEST_CASE, id)

        await self._documents.transaction(delete)


def _refuse_running(t: Transaction, ctx: Context, policy: str, id: str) -> None:
    for workflow in t.listing(ctx.scope, WORKFLOW, parent=policy):
        result = t.find(ctx.scope, TEST_RESULT, result_id(workflow.id, id))
        if result and result.body["testRunStatus"] in RUNNING:
            raise ResourceInUseException(f"The test case {id!r} is being run; wait until it has ended.")
