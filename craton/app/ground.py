"""What everything stands on: the home's files, who may, and what computes."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass

from craton.audit.trail import Trail
from craton.config import Config
from craton.engines.supervisor import Engines
from craton.errors import ServiceUnavailableException
from craton.iam.authorization.authorization import Authorization
from craton.iam.identity import Identity
from craton.iam.resource_policies.policies import ResourcePolicies
from craton.jobs.runner import Jobs
from craton.store.blobs import Blobs
from craton.store.documents import Documents
from craton.telemetry.telemetry import Telemetry


class CannotServe(Exception):
    """The server cannot start as configured; the message says what to change."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What everything stands on."""

    documents: Documents
    blobs: Blobs
    engines: Engines
    jobs: Jobs
    telemetry: Telemetry
    trail: Trail
    identity: Identity
    resource_policies: ResourcePolicies
    authorization: Authorization


def lay(config: Config, closing: AsyncExitStack) -> Ground:
    documents = _opened(config)
    closing.push_async_callback(documents.close)
    identity = Identity.of(documents, config.account)
    closing.push_async_callback(identity.close)
    with configured():
        telemetry = Telemetry.open(config)
    closing.push_async_callback(asyncio.to_thread, telemetry.close)
    resource_policies = ResourcePolicies(documents)
    return Ground(
        documents=documents,
        blobs=Blobs(config.home, config.account, config.s3),
        engines=Engines(config.engines.memory_bytes),
        jobs=Jobs(documents),
        telemetry=telemetry,
        trail=Trail(documents),
        identity=identity,
        resource_policies=resource_policies,
        authorization=Authorization(documents, identity.principals, resource_policies),
    )


def _opened(config: Config) -> Documents:
    try:
        return Documents.open(config.home)
    except (OSError, ServiceUnavailableException) as error:
        raise CannotServe(
            f"The home {str(config.home)!r} cannot be opened ({error}). Name one with --home that this user may write "
            "to, on a disk with space."
        ) from None


@contextmanager
def configured() -> Iterator[None]:
    """What a part says of its configuration, said of the server's."""
    try:
        yield
    except ValueError as error:
        raise CannotServe(str(error)) from None
