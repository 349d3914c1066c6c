"""A data source's configuration to what can be listed and read. Knows no job."""

from craton.knowledge.acquiring.found import Acquiring
from craton.knowledge.acquiring.s3 import Objects
from craton.knowledge.acquiring.web.pages import Pages
from craton.knowledge.records import Source
from craton.store.blobs import Blobs


def opened(source: Source, blobs: Blobs, internal: tuple[str, ...] = ()) -> Acquiring:
    """The documents of an S3 or a WEB data source; close it when done. `internal` is KnowledgeSettings.internal.

    Other types hold nothing that could be listed.
    """
    configuration = source.configuration
    if configuration["type"] == "WEB":
        return Pages(configuration["webConfiguration"], source.document.id, internal)
    assert configuration["type"] == "S3"
    return Objects(configuration["s3Configuration"], blobs, source.base.scope.account)
