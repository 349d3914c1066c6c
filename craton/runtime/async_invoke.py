"""The operations of bedrock-runtime that answer later: InvokeModel as a durable job, its answer at an S3 address.

The answer lies in `output.json` in a folder of the invocation's own below the address that was asked for, as the
models of the real service that answer in JSON write it; the folder is what `outputDataConfig` tells of an invocation.
Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_StartAsyncInvoke.html
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

import msgspec

from craton.core.context import Context
from craton.core.operation import Handler, operation
from craton.dialects.converse import Block
from craton.dialects.families import EMBEDDING_FAMILIES, RERANK_FAMILIES
from craton.errors import AccessDeniedException, ApiError, ValidationException
from craton.iam.authorization.actions import INVOKE
from craton.iam.authorization.needs import request_tags
from craton.jobs.job import Job
from craton.jobs.ledger import Key
from craton.jobs.runner import Jobs
from craton.models.identifiers import new_name
from craton.models.records import model_arn
from craton.models.resolve import Resolved
from craton.runtime import native
from craton.runtime.api import SERVICE, Answer, Runtime
from craton.runtime.content.content import api_error
from craton.runtime.inference import Inference
from craton.store.blobs import BlobError, Blobs, UnreachableBlob
from craton.store.documents import Document, Documents, Transaction
from craton.usage.invocation_logs.handlers import ASYNC, recorded
from craton.usage.invocation_logs.logs import InvocationLogs

if TYPE_CHECKING:
    from craton.shapes import bedrock_runtime as shapes

INVOCATION = "async-invoke"
OUTPUT = "output.json"
AT_ONCE = 8
PAGE = 100


class AsyncInvoke:
    def __init__(
        self,
        runtime: Runtime,
        inference: Inference,
        documents: Documents,
        blobs: Blobs,
        jobs: Jobs,
        logs: InvocationLogs,
    ) -> None:
        self._invoke = recorded(cast(Handler, runtime.invoke_model), ASYNC, logs)
        self._inference = inference
        self._documents = documents
        self._blobs = blobs
        self._jobs = jobs
        jobs.register(INVOCATION, self._run, failed=_failed, at_once=AT_ONCE)

    @operation(SERVICE, refuses=["outputDataConfig.s3OutputDataConfig.kmsKeyId"])
    async def start_async_invoke(self, ctx: Context, req: shapes.StartAsyncInvokeRequest) -> Answer:
        tags = {tag["key"]: tag["value"] for tag in req.get("tags", ())}
        keys = request_tags(tags)
        resolved = await self._inference.resolve(ctx, req["modelId"], INVOKE, keys)
        await self._inference.access.require(ctx, INVOKE, ctx.arn(f"{INVOCATION}/*"), keys)
        _check_input(resolved, req["modelInput"])
        name = new_name()
        output = _output(req["outputDataConfig"], name)
        job = {"model": req["modelId"], "input": req["modelInput"], "output": output, **ctx.record(resolved.arns)}
        try:
            await self._blobs.exists(
                f"{output['s3Uri']}/{OUTPUT}", account=ctx.account, owner=output.get("bucketOwner")
            )
        except BlobError as error:
            raise api_error(error) from None
        body: Block = {
            "modelArn": model_arn(ctx, resolved.id),
            "status": "InProgress",
            "outputDataConfig": {"s3OutputDataConfig": output},
        }
        token = req.get("clientRequestToken")
        if token:
            body["clientRequestToken"] = token
        arn, scope = ctx.arn(f"{INVOCATION}/{name}"), ctx.scope

        def make(t: Transaction) -> Answer:
            t.create(scope, INVOCATION, name, body, arn=arn, tags=tags)
            self._jobs.put(t, scope, INVOCATION, name, job)
            return {"invocationArn": arn}

        made = await self._documents.transaction(lambda t: t.once(scope, "StartAsyncInvoke", token, dict(req), make))
        self._jobs.wake(INVOCATION)
        return made

    @operation(SERVICE)
    async def get_async_invoke(self, ctx: Context, req: shapes.GetAsyncInvokeRequest) -> Answer:
        arn = req["invocationArn"]
        _, _, _, region, account, resource = arn.split(":", 5)
        if account != ctx.account:
            raise AccessDeniedException(f"You don't have access to {arn!r}: it belongs to another account.")
        document = await self._documents.find(ctx.scope, INVOCATION, resource.partition("/")[2])
        if document is None or region != ctx.region:
            raise ValidationException(f"There is no invocation {arn!r} in this account and region. Check the ARN.")
        return _written(document)

    @operation(SERVICE)
    async def list_async_invokes(self, ctx: Context, req: shapes.ListAsyncInvokesRequest) -> Answer:
        page = await self._documents.page(
            ctx.scope,
            INVOCATION,
            where=lambda document: _wanted(document, req),
            limit=req.get("maxResults", PAGE),
            token=req.get("nextToken"),
            descending=req.get("sortOrder") != "Ascending",
        )
        summaries = [_written(document) for document in page.items]
        return {"asyncInvokeSummaries": summaries} | ({"nextToken": page.next_token} if page.next_token else {})

    async def _run(self, job: Job) -> None:
        ctx = Context.read(job.scope, {"request_id": job.id, **job.body})
        body = msgspec.json.encode(job.body["input"])
        answer = await self._invoke(ctx, {"modelId": job.body["model"], "body": body})
        output = job.body["output"]
        try:
            await self._blobs.write(
                f"{output['s3Uri']}/{OUTPUT}", answer["body"], account=ctx.account, owner=output.get("bucketOwner")
            )
        except UnreachableBlob:
            raise  # tried again
        except BlobError as error:
            raise api_error(error) from None
        await job.finish(lambda t: _end(t, job.key, {"status": "Completed"}))


def _check_input(resolved: Resolved, body: object) -> None:
    """Refuse at once what the model could not read. Raises ValidationException."""
    if not isinstance(body, dict):
        raise ValidationException("Malformed input request: modelInput must be a JSON object, please reformat it.")
    if family := EMBEDDING_FAMILIES.get(resolved.family) or RERANK_FAMILIES.get(resolved.family):
        family.read_request(body)
    else:
        native.turn_of(native.generating(resolved, body), body)


def _output(config: shapes.AsyncInvokeOutputDataConfig, id: str) -> Block:
    """The `s3OutputDataConfig` of the invocation's own folder."""
    wanted = dict(config["s3OutputDataConfig"])
    if "kmsKeyId" in wanted:
        raise ValidationException("This server encrypts no objects. Leave out 'kmsKeyId', and encrypt the bucket.")
    return wanted | {"s3Uri": f"{str(wanted['s3Uri']).rstrip('/')}/{id}"}


def _wanted(document: Document, req: shapes.ListAsyncInvokesRequest) -> bool:
    submitted = document.created_at
    return (
        req.get("statusEquals", document.body["status"]) == document.body["status"]
        and ("submitTimeAfter" not in req or submitted > req["submitTimeAfter"])
        and ("submitTimeBefore" not in req or submitted < req["submitTimeBefore"])
    )


def _written(document: Document) -> Answer:
    times = {"submitTime": document.created_at, "lastModifiedTime": document.updated_at}
    return {"invocationArn": document.arn, **document.body, **times}


def _end(t: Transaction, key: Key, changes: Block) -> None:
    document = t.get(key.scope, INVOCATION, key.id)
    t.replace(key.scope, INVOCATION, key.id, document.body | changes | {"endTime": datetime.now(UTC)})


def _failed(t: Transaction, key: Key, error: ApiError) -> None:
    if t.find(key.scope, INVOCATION, key.id):
        _end(t, key, {"status": "Failed", "failureMessage": error.message[:2048]})
