"""The operations of bedrock that say where invocations are logged."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from craton.core.context import Context
from craton.core.operation import operation
from craton.errors import ValidationException
from craton.store.blobs import BlobError
from craton.store.records import Record
from craton.usage.invocation_logs.logs import InvocationLogs
from craton.usage.invocation_logs.settings import Folder, Settings
from craton.usage.invocation_logs.targets import STREAM

if TYPE_CHECKING:
    from craton.shapes import bedrock as shapes

SERVICE = "bedrock"
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html, where a part of dots
# alone would lead out of the folder of the group.
_GROUP = re.compile(r"/?(?!\.+(/|$))[\w.#-]+(/(?!\.+(/|$))[\w.#-]+)*/?", re.ASCII)


class InvocationLogging:
    def __init__(self, logs: InvocationLogs) -> None:
        self._logs = logs
        self._configurations = logs.configurations

    @operation(SERVICE)
    async def put_model_invocation_logging_configuration(
        self, ctx: Context, req: shapes.PutModelInvocationLoggingConfigurationRequest
    ) -> Record:
        config = req["loggingConfig"]
        settings = Settings.of(config)
        if not settings.folder and not settings.group:
            raise ValidationException(
                "The loggingConfig names no place for the logs. Give it an 's3Config' or a 'cloudWatchConfig'."
            )
        if "cloudWatchConfig" in config:
            await self._check_group(ctx, config["cloudWatchConfig"])
        for folder in (settings.folder, settings.large):
            if folder:
                await self._check_bucket(ctx, folder)
        await self._configurations.put(ctx.scope, config)
        return {}

    @operation(SERVICE)
    async def get_model_invocation_logging_configuration(
        self, ctx: Context, req: shapes.GetModelInvocationLoggingConfigurationRequest
    ) -> Record:
        config = await self._configurations.get(ctx.scope)
        return {"loggingConfig": config} if config else {}

    @operation(SERVICE)
    async def delete_model_invocation_logging_configuration(
        self, ctx: Context, req: shapes.DeleteModelInvocationLoggingConfigurationRequest
    ) -> Record:
        await self._configurations.delete(ctx.scope)
        return {}

    async def _check_group(self, ctx: Context, config: shapes.CloudWatchConfig) -> None:
        _check(ctx, config)
        group, role = config["logGroupName"], config["roleArn"]
        try:
            await self._logs.group(ctx.scope, group).check()
        except OSError as error:
            raise ValidationException(
                f"Failed to validate permissions for log group: {group}, with role: {role}. Its folder cannot be made: "
                f"{error.strerror}. Name another group, or make room."
            ) from None

    async def _check_bucket(self, ctx: Context, folder: Folder) -> None:
        try:
            await self._logs.bucket(ctx.scope, folder).check()
        except BlobError as error:
            raise ValidationException(
                f"Failed to validate permissions for S3 bucket: {folder.bucket}. {error} Name a bucket that this "
                "account can write to."
            ) from None


def _check(ctx: Context, config: shapes.CloudWatchConfig) -> None:
    group, role = config["logGroupName"], config["roleArn"]
    if not _GROUP.fullmatch(group) or STREAM in group.split("/"):
        raise ValidationException(
            f"The log group name {group!r} is not valid; use letters, digits and the characters _ - / # . as "
            f"CloudWatch does, and no part that is only dots or {STREAM!r}, the name of a log stream."
        )
    if role.split(":")[4] != ctx.account:
        raise ValidationException(
            f"Failed to validate permissions for log group: {group}, with role: {role}. The role belongs to another "
            f"account; name one of {ctx.account}."
        )
