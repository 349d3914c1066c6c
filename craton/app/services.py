"""The services that this server knows."""

import json
from importlib import resources

from craton.wire.spec import Service, bedrock_services, load_service


def services() -> list[Service]:
    """Every service this server knows: all of botocore's named bedrock*, and Craton's own."""
    return [*map(load_service, bedrock_services()), admin_service()]


def admin_service() -> Service:
    model = resources.files("craton.admin") / "data" / "craton" / "2026-11-22" / "service-2.json"
    return Service.parse(json.loads(model.read_bytes()))
