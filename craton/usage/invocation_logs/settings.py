"""Where the invocations of an account in a region are logged, and what of them. Knows no record and no delivery."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from craton.core.recent import Recent
from craton.store.documents import Documents, Scope, Transaction
from craton.store.records import Body, Record

if TYPE_CHECKING:
    from craton.shapes import bedrock as shapes

KIND = "invocation-logging"
_ID = "configuration"

# The flags of a configuration. One that is not given is on.
FLAGS = (
    "textDataDeliveryEnabled",
    "imageDataDeliveryEnabled",
    "embeddingDataDeliveryEnabled",
    "videoDataDeliveryEnabled",
    "audioDataDeliveryEnabled",
)


@dataclass(frozen=True, slots=True)
class Folder:
    """A bucket, and the beginning of keys in it."""

    bucket: str
    prefix: str

    @classmethod
    def of(cls, config: shapes.S3Config) -> Folder:
        return cls(config["bucketName"], config.get("keyPrefix", "").strip("/"))

    def address(self, *parts: str) -> str:
        return f"s3://{self.bucket}/" + "/".join(part for part in (self.prefix, *parts) if part)


@dataclass(frozen=True, slots=True)
class Settings:
    """`large` is where large bodies go that the records of the log group only name.

    `withheld` are the kinds of data that no record may hold: text, image, embedding, video, audio.
    """

    folder: Folder | None
    group: str | None
    large: Folder | None
    withheld: frozenset[str]

    @classmethod
    def of(cls, config: shapes.LoggingConfig) -> Settings:
        watch = config.get("cloudWatchConfig")
        return cls(
            folder=Folder.of(config["s3Config"]) if "s3Config" in config else None,
            group=watch["logGroupName"] if watch else None,
            large=Folder.of(watch["largeDataDeliveryS3Config"])
            if watch and "largeDataDeliveryS3Config" in watch
            else None,
            withheld=frozenset(
                flag.removesuffix("DataDeliveryEnabled") for flag in FLAGS if not config.get(flag, True)
            ),
        )


class Configurations:
    """The configuration of each account and region, where it has one."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._recent = Recent(self._read)

    async def put(self, scope: Scope, config: shapes.LoggingConfig) -> None:
        body: Body = {**dict.fromkeys(FLAGS, True), **config}

        def work(t: Transaction) -> None:
            t.put(scope, KIND, _ID, body)

        await self._documents.transaction(work)
        self._recent.forget()

    async def get(self, scope: Scope) -> Record | None:
        """The configuration in the shape of the service model."""
        document = await self._documents.find(scope, KIND, _ID)
        return document.body if document else None

    async def delete(self, scope: Scope) -> None:
        """There is none afterwards, whether or not there was one."""

        def work(t: Transaction) -> None:
            if t.find(scope, KIND, _ID):
                t.delete(scope, KIND, _ID)

        await self._documents.transaction(work)
        self._recent.forget()

    async def of(self, scope: Scope) -> Settings | None:
        """The settings in force, or those of a second ago: asked for at each invocation, so it looks in memory."""
        found = await self._recent.find(scope)
        return found[0] if found else None

    async def _read(self, scope: Scope) -> tuple[Settings | None]:
        """In a tuple, so that it is remembered too where there are none."""
        config = await self.get(scope)
        return (Settings.of(cast("shapes.LoggingConfig", config)) if config else None,)
