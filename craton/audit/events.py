"""What a record of the audit trail says, in the members of a CloudTrail record. Knows no store.

Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
"""

import getpass
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from craton.store.records import Change

VERSION = "1.11"
# As CloudTrail writes it in the place of what must not be read.
HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"

# Services that are no part of AWS, and so have no name under amazonaws.com.
_OWN = ("craton",)
_COMMAND = "craton-cli"


@dataclass(frozen=True, slots=True)
class Act:
    """A call that means to change something. `parameters` hold neither secrets nor contents; None where none are known.

    `service` is the name that requests are signed for.
    """

    service: str
    name: str
    account: str
    region: str
    identity: Mapping[str, object]
    request_id: str
    parameters: Mapping[str, object] | None = None
    source_ip: str = ""
    user_agent: str = ""


def caller(principal: str, account: str, key_id: str) -> dict[str, object]:
    """The `userIdentity` of who called: the root, a user or a session of a role, by the ARN."""
    kind, _, name = principal.rpartition(":")[2].partition("/")
    who: dict[str, object] = {"arn": principal, "accountId": account, "accessKeyId": key_id}
    if kind == "user":
        return who | {"type": "IAMUser", "principalId": name, "userName": name}
    if kind == "assumed-role":
        role = name.partition("/")[0]
        issuer = {
            "type": "Role",
            "principalId": role,
            "arn": f"arn:aws:iam::{account}:role/{role}",
            "accountId": account,
            "userName": role,
        }
        return who | {
            "type": "AssumedRole",
            "principalId": name.replace("/", ":"),
            "sessionContext": {"sessionIssuer": issuer},
        }
    return who | {"type": "Root", "principalId": account}


def command(name: str, account: str, region: str, parameters: Mapping[str, object]) -> Act:
    """What the operator does with the `craton` command, on the home itself."""
    return Act(
        service="craton",
        name=name,
        account=account,
        region=region,
        identity={"type": "Operator", "userName": getpass.getuser(), "accountId": account, "invokedBy": _COMMAND},
        request_id=str(uuid.uuid4()),
        parameters=parameters,
        source_ip=_COMMAND,
        user_agent=_COMMAND,
    )


def record(act: Act, at: datetime, changes: Sequence[Change] = (), error: str = "") -> bytes:
    """The record as it is hashed: JSON with its keys in order, without spaces, in UTF-8."""
    told: dict[str, object] = {
        "eventVersion": VERSION,
        "eventID": str(uuid.uuid4()),
        "eventTime": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventSource": act.service if act.service in _OWN else f"{act.service}.amazonaws.com",
        "eventName": act.name,
        "eventType": "AwsApiCall",
        "eventCategory": "Management",
        "managementEvent": True,
        "readOnly": False,
        "awsRegion": act.region,
        "recipientAccountId": act.account,
        "sourceIPAddress": act.source_ip,
        "userAgent": act.user_agent,
        "userIdentity": act.identity,
        "requestID": act.request_id,
        "requestParameters": act.parameters,
        "responseElements": None,
        "resources": [_resource(change, act.account) for change in dict.fromkeys(changes)],
    }
    if error:
        told["errorCode"] = error
    return msgspec.json.encode(told, order="deterministic", enc_hook=str)


class Told(msgspec.Struct, rename={"time": "eventTime", "account": "recipientAccountId"}):
    """What a record says of itself where the trail keeps it: under an account, at a time."""

    time: datetime
    account: str


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _resource(change: Change, account: str) -> dict[str, str]:
    named = {"ARN": change.arn} if change.arn else {"id": change.id}
    return {"accountId": account, "type": change.kind, **named}
