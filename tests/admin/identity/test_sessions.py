"""Roles assumed, as a boto3 program does it: who may, for how long, and what the credentials are good for."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import botocore.session
import httpx
import pytest
from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from tests.admin.identity.conftest import OTHER, READ_ONLY, code, document, name, trust, user_of
from tests.fronts import MODELS, Account
from tests.scripted import MODEL
from tests.serving import CLIENT, REGION, Server

ACCOUNT = "arn:aws:iam::123456789012:root"


def assumed(server: Server, service: str, made: Any, token: str | None = None) -> Any:
    """A client with temporary credentials."""
    credentials = made["credentials"]
    core = botocore.session.Session()
    core.set_config_variable("data_path", str(MODELS))
    session = boto3.Session(
        credentials["accessKeyId"],
        credentials["secretAccessKey"],
        token or credentials["sessionToken"],
        region_name=REGION,
        botocore_session=core,
    )
    return session.client(service, endpoint_url=server.endpoint, config=CLIENT)


def role_for(service: Any, *trusted: str, **more: Any) -> str:
    arn: str = service.create_role(roleName=name("role"), assumeRolePolicyDocument=trust(*trusted, **more))["role"][
        "arn"
    ]
    service.attach_role_policy(roleName=arn.rpartition("/")[2], policyArn=READ_ONLY)
    return arn


def test_a_session_is_its_own_principal_and_may_what_the_role_may(
    service: Any, account: Account, scripted_server: Server
) -> None:
    user = name()
    mine = user_of(account, named=user)
    arn = role_for(service, f"arn:aws:iam::123456789012:user/{user}")
    made = mine.client("craton").assume_role(roleArn=arn, roleSessionName="me")
    assert re.fullmatch(r"ASIA[A-Z2-7]{16}", made["credentials"]["accessKeyId"])
    role = arn.rpartition("/")[2]
    assert made["assumedRoleUser"]["arn"] == f"arn:aws:sts::123456789012:assumed-role/{role}/me"
    bedrock = assumed(scripted_server, "bedrock", made)
    bedrock.list_foundation_models()
    with pytest.raises(ClientError, match=f"assumed-role/{role}/me is not authorized"):
        bedrock.delete_inference_profile(inferenceProfileIdentifier="abcdefghijkl")
    last = service.get_role(roleName=role)["role"]
    assert last["lastUsedRegion"] == REGION


def test_the_session_token_must_be_that_of_the_key(service: Any, account: Account, scripted_server: Server) -> None:
    user = name()
    craton = user_of(account, named=user).client("craton")
    arn = role_for(service, f"arn:aws:iam::123456789012:user/{user}")
    first, second = (craton.assume_role(roleArn=arn, roleSessionName="me") for _ in range(2))
    for token in ("none", second["credentials"]["sessionToken"]):
        with pytest.raises(ClientError, match="security token") as refused:
            assumed(scripted_server, "bedrock", first, token).list_foundation_models()
        assert code(refused) == "UnrecognizedClientException"
    lasting = assumed(scripted_server, "bedrock", {"credentials": first["credentials"] | {"sessionToken": None}})
    with pytest.raises(ClientError, match="UnrecognizedClientException"):
        lasting.list_foundation_models()


def test_a_presigned_request_carries_the_session_token(service: Any, account: Account, scripted_server: Server) -> None:
    arn = role_for(service, ACCOUNT)
    credentials = service.assume_role(roleArn=arn, roleSessionName="me")["credentials"]
    url = f"{scripted_server.endpoint}/foundation-models"

    def presigned(token: str) -> str:
        request = AWSRequest(method="GET", url=url)
        signer = Credentials(credentials["accessKeyId"], credentials["secretAccessKey"], token)
        SigV4QueryAuth(signer, "bedrock", REGION, expires=60).add_auth(request)
        signed: str = request.prepare().url
        return signed

    assert httpx.get(presigned(credentials["sessionToken"])).status_code == 200
    assert httpx.get(presigned("another")).status_code == 403


def test_a_revoked_session_and_one_of_a_deleted_role_are_refused(service: Any, scripted_server: Server) -> None:
    arn = role_for(service, ACCOUNT)
    made = service.assume_role(roleArn=arn, roleSessionName="me")
    bedrock = assumed(scripted_server, "bedrock", made)
    bedrock.list_foundation_models()
    service.revoke_key(keyId=made["credentials"]["accessKeyId"])
    with pytest.raises(ClientError, match="UnrecognizedClientException"):
        bedrock.list_foundation_models()
    bedrock = assumed(scripted_server, "bedrock", service.assume_role(roleArn=arn, roleSessionName="me"))
    bedrock.list_foundation_models()
    service.delete_role(roleName=arn.rpartition("/")[2])
    with pytest.raises(ClientError, match="UnrecognizedClientException"):
        bedrock.list_foundation_models()


def test_only_whom_the_trust_policy_names_may_assume_it(service: Any, account: Account) -> None:
    trusted, other, allowed = name(), name(), name()
    clients = {user: user_of(account, named=user).client("craton") for user in (trusted, other, allowed)}
    named = role_for(service, f"arn:aws:iam::123456789012:user/{trusted}")
    clients[trusted].assume_role(roleArn=named, roleSessionName="me")
    refusal = rf"user/{other} is not authorized to perform: sts:AssumeRole on resource: "
    for arn in (named, "arn:aws:iam::123456789012:role/absent", role_for(service, ACCOUNT)):
        with pytest.raises(ClientError, match=refusal) as refused:
            clients[other].assume_role(roleArn=arn, roleSessionName="me")
        assert code(refused) == "AccessDeniedException"
    delegated = role_for(service, ACCOUNT)
    service.put_user_policy(userName=allowed, policyName="assume", policyDocument=document("sts:AssumeRole", delegated))
    clients[allowed].assume_role(roleArn=delegated, roleSessionName="me")
    with pytest.raises(ClientError, match="AccessDenied"):
        clients[allowed].assume_role(roleArn=named, roleSessionName="me")


def test_a_role_of_another_account_needs_both_sides(service: Any, stranger: Account) -> None:
    user = name()
    mine = user_of(stranger, named=user)
    arn = role_for(service, f"arn:aws:iam::{OTHER}:root")
    with pytest.raises(ClientError, match="AccessDenied"):
        mine.client("craton").assume_role(roleArn=arn, roleSessionName="me")
    stranger.client("craton").put_user_policy(
        userName=user, policyName="assume", policyDocument=document("sts:AssumeRole", arn)
    )
    made = mine.client("craton").assume_role(roleArn=arn, roleSessionName="me")
    assert assumed(mine.server, "craton", made).get_caller_identity()["account"] == "123456789012"
    closed = role_for(service, ACCOUNT)
    with pytest.raises(ClientError, match="AccessDenied"):
        stranger.client("craton").assume_role(roleArn=closed, roleSessionName="me")


def test_conditions_of_the_trust_policy_hold(service: Any) -> None:
    arn = role_for(service, ACCOUNT, Condition={"StringEquals": {"sts:ExternalId": "secret-1"}})
    with pytest.raises(ClientError, match="AccessDenied"):
        service.assume_role(roleArn=arn, roleSessionName="me")
    with pytest.raises(ClientError, match="AccessDenied"):
        service.assume_role(roleArn=arn, roleSessionName="me", externalId="secret-2")
    service.assume_role(roleArn=arn, roleSessionName="me", externalId="secret-1")
    loopback = role_for(service, ACCOUNT, Condition={"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}})
    service.assume_role(roleArn=loopback, roleSessionName="me")
    for condition in (
        {"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}},
        {"Bool": {"aws:SecureTransport": "true"}},
        {"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}},
        {"StringEquals": {"sts:RoleSessionName": "you"}},
    ):
        closed = role_for(service, ACCOUNT, Condition=condition)
        with pytest.raises(ClientError, match="AccessDenied"):
            service.assume_role(roleArn=closed, roleSessionName="me")


def test_a_session_policy_narrows_and_never_widens(service: Any, scripted_server: Server) -> None:
    arn = role_for(service, ACCOUNT)
    made = service.assume_role(
        roleArn=arn,
        roleSessionName="me",
        policy=document(["bedrock:ListFoundationModels", "bedrock:CreateInferenceProfile"]),
    )
    bedrock = assumed(scripted_server, "bedrock", made)
    bedrock.list_foundation_models()
    with pytest.raises(ClientError, match="no session policy allows"):
        bedrock.list_inference_profiles()
    with pytest.raises(ClientError, match="AccessDenied"):
        model = f"arn:aws:bedrock:{REGION}::foundation-model/{MODEL}"
        bedrock.create_inference_profile(inferenceProfileName="a", modelSource={"copyFrom": model})
    empty = service.create_policy(policyName=name("policy"), policyDocument=document("s3:GetObject"))["policy"]
    made = service.assume_role(roleArn=arn, roleSessionName="me", policyArns=[empty["policyArn"]])
    with pytest.raises(ClientError, match="no session policy allows"):
        assumed(scripted_server, "bedrock", made).list_foundation_models()


def test_session_tags_need_the_role_s_leave_and_are_seen_by_policies(service: Any, scripted_server: Server) -> None:
    plain = role_for(service, ACCOUNT)
    tags = [{"key": "team", "value": "red"}]
    with pytest.raises(ClientError, match="sts:TagSession"):
        service.assume_role(roleArn=plain, roleSessionName="me", tags=tags)
    arn = role_for(service, ACCOUNT, Action=["sts:AssumeRole", "sts:TagSession"])
    role = arn.rpartition("/")[2]
    service.detach_role_policy(roleName=role, policyArn=READ_ONLY)
    condition = {"StringEquals": {"aws:PrincipalTag/team": "red"}}
    service.put_role_policy(
        roleName=role, policyName="red", policyDocument=document("bedrock:List*", Condition=condition)
    )
    red = service.assume_role(roleArn=arn, roleSessionName="me", tags=tags)
    assumed(scripted_server, "bedrock", red).list_foundation_models()
    grey = service.assume_role(roleArn=arn, roleSessionName="me")
    with pytest.raises(ClientError, match="AccessDenied"):
        assumed(scripted_server, "bedrock", grey).list_foundation_models()


def test_a_session_lasts_as_long_as_its_role_allows(service: Any) -> None:
    arn = role_for(service, ACCOUNT)
    with pytest.raises(ClientError, match="exceeds the MaxSessionDuration") as refused:
        service.assume_role(roleArn=arn, roleSessionName="me", durationSeconds=7200)
    assert code(refused) == "ValidationException"
    service.update_role(roleName=arn.rpartition("/")[2], maxSessionDuration=7200)
    made = service.assume_role(roleArn=arn, roleSessionName="me", durationSeconds=7200)
    left = made["credentials"]["expiration"] - datetime.now(UTC)
    assert timedelta(minutes=115) < left < timedelta(minutes=125)


def test_a_role_assumed_from_another_lasts_an_hour_at_most(service: Any, scripted_server: Server) -> None:
    first = role_for(service, ACCOUNT)
    second = role_for(service, first)
    service.update_role(roleName=second.rpartition("/")[2], maxSessionDuration=43200)
    chained = assumed(scripted_server, "craton", service.assume_role(roleArn=first, roleSessionName="one"))
    with pytest.raises(ClientError, match="1 hour session limit"):
        chained.assume_role(roleArn=second, roleSessionName="two", durationSeconds=7200)
    made = chained.assume_role(roleArn=second, roleSessionName="two")
    assert made["assumedRoleUser"]["arn"].endswith("/two")


def test_everybody_may_ask_who_calls(service: Any, account: Account) -> None:
    user = name()
    mine = user_of(account, named=user)
    told = mine.client("craton").get_caller_identity()
    made = service.get_user(userName=user)["user"]
    assert (told["account"], told["arn"], told["userId"]) == ("123456789012", made["arn"], made["userId"])
    assert service.get_caller_identity()["arn"] == ACCOUNT


def test_the_tags_of_a_role_guard_it(service: Any, account: Account) -> None:
    arn, eve = role_for(service, ACCOUNT), name()
    service.tag_role(roleName=arn.rpartition("/")[2], tags=[{"key": "guarded", "value": "yes"}])
    mine = user_of(account, named=eve)
    service.put_user_policy(userName=eve, policyName="assume", policyDocument=document("sts:AssumeRole"))
    mine.client("craton").assume_role(roleArn=arn, roleSessionName="before")
    conditions = {"StringEquals": {"aws:ResourceTag/guarded": "yes"}}
    denied = document("sts:AssumeRole", effect="Deny", Condition=conditions)
    service.put_user_policy(userName=eve, policyName="but-guarded", policyDocument=denied)
    with pytest.raises(ClientError, match="not authorized") as refused:
        mine.client("craton").assume_role(roleArn=arn, roleSessionName="after")
    assert code(refused) == "AccessDeniedException"
