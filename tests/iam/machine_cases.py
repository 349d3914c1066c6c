"""Requests about the server's machine and its models, which belong to no account: the operator changes them."""

from typing import Any

from tests import scripted

REQUESTS: dict[str, dict[str, Any]] = {
    "DescribeServer": {},
    "StartModelPull": {"modelId": "smollm2-135m"},
    "GetModelPull": {"pullId": "0123456789ab"},
    "ListModelPulls": {},
    "StopModelPull": {"pullId": "0123456789ab"},
    **{name: {"modelId": scripted.MODEL} for name in ("DeleteLocalModel", "LoadModel", "UnloadModel", "MeasureModel")},
}
