"""A data source's configuration to what can be listed and read. Knows no job."""

import asyncio
from importlib import import_module
from typing import Protocol, cast

from craton.knowledge.acquiring.found import Acquiring
from craton.knowledge.acquiring.s3 import Objects
from craton.knowledge.records import Source
from craton.store.blobs import Blobs
from craton.store.records import Record

# Loaded when a web site is first read: what it needs takes long to import.
_WEB = "craton.knowledge.acquiring.web.pages"


class _Web(Protocol):
    """What the module of web pages has."""

    def Pages(  # noqa: N802 - it is a class
        self, configuration: Record, source: str, internal: tuple[str, ...]
    ) -> Acquiring: ...


async def opened(source: Source, blobs: Blobs, internal: tuple[str, ...] = ()) -> Acquiring:
    """The documents of an S3 or a WEB data source; close it when done. `internal` is KnowledgeSettings.internal.

    Other types hold nothing that could be listed.
    """
    configuration = source.configuration
    if configuration["type"] == "WEB":
        web = cast(_Web, await asyncio.to_thread(import_module, _WEB))
        return web.Pages(configuration["webConfiguration"], source.document.id, internal)
    assert configuration["type"] == "S3"
    return Objects(configuration["s3Configuration"], blobs, source.base.scope.account)
