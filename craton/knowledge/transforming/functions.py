"""Transforms the chunks of a document by a function of the operator's, as AWS does it by a Lambda function.

The operator names a file and a function in it for an ARN, under `[knowledge.functions]`. It runs in a process of its
own for each document, for a limited time; what it raises is the reason why the document fails. Knows no model.
"""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Collection, Mapping, Sequence
from fnmatch import fnmatchcase
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec

from craton.knowledge.records import Source
from craton.knowledge.transforming import batches
from craton.knowledge.transforming.passages import Original, Passage, TransformationFailure
from craton.store.blobs import Address, BlobError, Blobs

# What a function may take, as at most in Lambda, and characters of what it printed that are told where it broke.
SECONDS = 900.0
PRINTED = 500

# Bytes of a file that a function wrote.
LARGEST = 256 << 20
_BUCKET = "craton.knowledge.transforming.bucket"
_WORKER = Path(__file__).with_name("worker.py")


class Functions:
    """Those of `[knowledge.functions]`. `remote` are the patterns of buckets that are kept in a real object store."""

    def __init__(
        self, blobs: Blobs, named: Mapping[str, str], remote: Collection[str], seconds: float = SECONDS
    ) -> None:
        self._blobs = blobs
        self._named = named
        self._remote = remote
        self._seconds = seconds

    async def transformed(
        self,
        source: Source,
        configuration: Mapping[str, Any],
        job: str,
        original: Original,
        passages: Sequence[Passage],
    ) -> list[Passage]:
        """By a customTransformationConfiguration. Raises TransformationFailure."""
        (transformation,) = configuration["transformations"]
        arn = transformation["transformationFunction"]["transformationLambdaConfiguration"]["lambdaArn"]
        place = self._named.get(arn)
        if place is None:
            raise TransformationFailure(
                f"This server has no function {arn!r} any more. Have its operator name it again."
            )
        try:
            storage = Address.parse(configuration["intermediateStorage"]["s3Location"]["uri"])
            return await self._exchanged(source, storage, place, job, original, passages)
        except BlobError as error:
            raise TransformationFailure(f"The intermediate storage of the transformation failed: {error}") from error

    async def _exchanged(
        self,
        source: Source,
        storage: Address,
        place: str,
        job: str,
        original: Original,
        passages: Sequence[Passage],
    ) -> list[Passage]:
        """The chunks written to the storage, worked on by the function, and read from there."""
        account, base = source.base.scope.account, source.base.id
        folder = f"{storage.key.strip('/')}/".lstrip("/") + f"aws/bedrock/knowledge_bases/{base}/{source.id}/{job}/"
        written = dict(batches.files(folder, original.uri, passages))
        for key, data in written.items():
            await self._blobs.write(str(Address(storage.bucket, key)), data, account=account)
        asked = batches.event(base, source.id, job, storage.bucket, original, list(written))
        metadata, keys = batches.answered(await self._called(place, asked, storage.bucket, account))
        made: list[Passage] = []
        for key in keys:
            data = await self._blobs.read(str(Address(storage.bucket, key)), account=account, limit=LARGEST)
            made += batches.passages(data, key, metadata)
        for key in {*written, *keys}:
            await self._blobs.delete(str(Address(storage.bucket, key)), account=account)
        return [passage for passage in made if passage.piece.text.strip()]

    async def _called(self, place: str, asked: Mapping[str, object], bucket: str, account: str) -> object:
        if any(fnmatchcase(bucket, pattern) for pattern in self._remote):
            return await self._run(place, asked, {})
        # Its HTTP server takes a while to import, and few homes have functions.
        lent = (await asyncio.to_thread(import_module, _BUCKET)).lent
        with lent(self._blobs, account, bucket) as environment:
            return await self._run(place, asked, environment)

    async def _run(self, place: str, asked: Mapping[str, object], environment: Mapping[str, str]) -> object:
        """What the function answers. Raises TransformationFailure for what it raises, and where it is too slow."""
        file, _, name = place.rpartition(":")
        ours, theirs = os.pipe()
        with os.fdopen(ours, "rb") as answer:
            try:
                process = await asyncio.create_subprocess_exec(
                    *(sys.executable, str(_WORKER), file, name, str(theirs)),
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.DEVNULL,
                    stderr=asyncio.subprocess.PIPE,
                    env={**os.environ, **environment},
                    pass_fds=(theirs,),
                    start_new_session=True,
                )
            finally:
                os.close(theirs)
            reading = asyncio.create_task(asyncio.to_thread(answer.read))
            printing = asyncio.create_task(_last(process.stderr))
            try:
                async with asyncio.timeout(self._seconds):
                    await _tell(process.stdin, msgspec.json.encode(asked))
                    # It ends with the process, and sooner than what the function may have left running.
                    await asyncio.shield(reading)
            except TimeoutError:
                raise TransformationFailure(
                    f"The function {place!r} did not answer within {self._seconds:g} seconds, and was ended."
                ) from None
            finally:
                # What the function started and left behind ends with it.
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
                data, printed = await reading, await printing
        return _answer(place, data, printed)


async def _tell(stream: asyncio.StreamWriter | None, asked: bytes) -> None:
    assert stream is not None
    # One that ends before it has read everything tells why in its answer.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        stream.write(asked)
        await stream.drain()
        stream.close()
        await stream.wait_closed()


async def _last(stream: asyncio.StreamReader | None) -> str:
    """The end of what is printed, however much it is."""
    assert stream is not None
    last = b""
    while some := await stream.read(1 << 16):
        last = (last + some)[-4 * PRINTED :]
    return last.decode(errors="replace")


def _answer(place: str, data: bytes, printed: str) -> object:
    if not data:
        last = f" The last that it printed: {printed.strip()[-PRINTED:]!r}." if printed.strip() else ""
        raise TransformationFailure(f"The process of the function {place!r} ended without an answer.{last}")
    try:
        told = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError) as error:
        raise TransformationFailure(
            f"The function {place!r} answered what is no JSON ({error}). Have it return texts, finite numbers, "
            "booleans, lists and objects."
        ) from error
    if "error" in told:
        raise TransformationFailure(f"The function {place!r} failed: {told['error']}")
    answer: object = told["answer"]
    return answer
