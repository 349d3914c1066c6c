"""The endpoint and boto3 session of a program started here: its environment's, else the home's first access key."""

import asyncio
import os

import boto3
import botocore.session

from craton.config import Config
from craton.iam.keys.keys import Keys
from craton.store.documents import Documents


def endpoint_of(config: Config, given: str | None) -> str:
    return (given or os.environ.get("AWS_ENDPOINT_URL") or config.endpoint).rstrip("/")


def authorities_of(config: Config) -> str | None:
    """The file of certificates that are trusted in place of the system's; the server's own, where it made one."""
    own = config.own_certificate
    return os.environ.get("AWS_CA_BUNDLE") or (str(own) if own and own.exists() else None)


def session_for(config: Config) -> boto3.Session:
    """boto3's own credentials and region win, as they do in every program."""
    found = boto3.Session()
    core = botocore.session.get_session()
    core.set_config_variable("ca_bundle", authorities_of(config))
    region = found.region_name or config.region
    if found.get_credentials() or not (config.home / "craton.db").exists():
        return boto3.Session(region_name=region, botocore_session=core)
    access_key_id, secret = asyncio.run(_first_key(config)) or (None, None)
    return boto3.Session(access_key_id, secret, region_name=region, botocore_session=core)


async def _first_key(config: Config) -> tuple[str, str] | None:
    documents = Documents.open(config.home)
    try:
        first = await Keys(documents).first_access_key(config.account)
        return (first.access_key_id, first.secret) if first else None
    finally:
        await documents.close()
