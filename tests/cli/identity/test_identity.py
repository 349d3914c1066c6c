"""`craton accounts`, `craton users` and `craton roles` on the home of a running server."""

import json
import subprocess
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.cli.identity.test_keys import bedrock, refused_soon
from tests.command import craton
from tests.serving import CLIENT, REGION, Server

DENY = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}})


def run(server: Server, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return craton(*arguments, "--home", str(server.home), stdin=stdin)


def told(server: Server, *arguments: str, stdin: str = "") -> str:
    done = run(server, *arguments, stdin=stdin)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_an_account_from_its_beginning_to_its_end(scripted_server: Server) -> None:
    account = json.loads(told(scripted_server, "accounts", "create", "Sales", "--json"))["accountId"]
    made = json.loads(told(scripted_server, "keys", "create", "--account", account, "--json"))
    client = bedrock(scripted_server, made)
    client.list_foundation_models()
    rows = [line.split() for line in told(scripted_server, "accounts", "list").splitlines()]
    assert [account, "Sales", "ACTIVE"] in [row[:3] for row in rows]
    told(scripted_server, "accounts", "suspend", account)
    refused_soon(client.list_foundation_models, "is suspended")
    told(scripted_server, "accounts", "activate", account)
    told(scripted_server, "accounts", "delete", account)
    refused_soon(client.list_foundation_models, "UnrecognizedClientException")
    done = run(scripted_server, "accounts", "delete", account)
    assert (done.returncode, "does not exist" in done.stderr) == (1, True)


def test_a_user_may_what_the_command_says(scripted_server: Server) -> None:
    done = run(scripted_server, "users", "create", "cli-eve", "--tag", "team=red")
    assert "may do nothing yet" in done.stderr
    made = json.loads(told(scripted_server, "keys", "create", "--user", "cli-eve", "--json"))
    client = bedrock(scripted_server, made)
    with pytest.raises(ClientError, match="no identity-based policy allows"):
        client.list_foundation_models()
    told(scripted_server, "users", "attach", "cli-eve", "AmazonBedrockReadOnly")
    shown = json.loads(told(scripted_server, "users", "get", "cli-eve"))
    assert shown["attachedPolicies"] == ["arn:aws:iam::aws:policy/AmazonBedrockReadOnly"]
    assert shown["tags"] == [{"key": "team", "value": "red"}]
    told(scripted_server, "users", "put-policy", "cli-eve", "nothing", "-", stdin=DENY)
    refused_soon(client.list_foundation_models, "explicit deny")
    told(scripted_server, "users", "delete-policy", "cli-eve", "nothing")
    told(scripted_server, "users", "rename", "cli-eve", "cli-eva")
    rows = [line.split() for line in told(scripted_server, "users", "list").splitlines()]
    assert ["cli-eva", "AmazonBedrockReadOnly"] in [row[:2] for row in rows]
    told(scripted_server, "users", "detach", "cli-eva", "AmazonBedrockReadOnly")
    told(scripted_server, "users", "delete", "cli-eva")
    refused_soon(client.list_foundation_models, "UnrecognizedClientException")


def test_a_role_is_assumed_from_the_command_line(scripted_server: Server, tmp_path: Path) -> None:
    told(scripted_server, "roles", "create", "cli-reader", "--attach", "AmazonBedrockReadOnly")
    shown = json.loads(told(scripted_server, "roles", "get", "cli-reader"))
    assert shown["assumeRolePolicyDocument"]["Statement"][0]["Principal"] == {"AWS": "arn:aws:iam::123456789012:root"}
    printed = told(scripted_server, "roles", "assume", "cli-reader", "--session", "me")
    variables = dict(line.removeprefix("export ").split("=", 1) for line in printed.splitlines())
    session = boto3.Session(
        variables["AWS_ACCESS_KEY_ID"],
        variables["AWS_SECRET_ACCESS_KEY"],
        variables["AWS_SESSION_TOKEN"],
        region_name=REGION,
    )
    session.client("bedrock", endpoint_url=scripted_server.endpoint, config=CLIENT).list_foundation_models()
    policy = tmp_path / "policy.json"
    policy.write_text(DENY)
    narrowed = json.loads(told(scripted_server, "roles", "assume", "cli-reader", "--policy", str(policy), "--json"))
    assert narrowed["arn"] == "arn:aws:sts::123456789012:assumed-role/cli-reader/craton-cli"
    done = run(scripted_server, "roles", "assume", "cli-reader", "--minutes", "120")
    assert "MaxSessionDuration" in done.stderr
    told(scripted_server, "roles", "delete", "cli-reader")
    assert "cli-reader" not in told(scripted_server, "roles", "list")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("users", "create", "a/b"), "user name 'a/b' is not valid"),
        (("users", "create", "cli-x", "--tag", "novalue"), "key=value"),
        (("users", "attach", "cli-nobody", "AmazonBedrockReadOnly"), "cannot be found"),
        (("users", "put-policy", "cli-nobody", "p", "absent.json"), "cannot be read"),
        (("roles", "assume", "cli-nobody"), "cannot be found"),
        (("accounts", "create", "Sales", "--id", "12"), "12 digits"),
        (("accounts", "suspend", "123456789012"), "operates this server"),
    ],
)
def test_what_cannot_be_done_is_said(scripted_server: Server, arguments: tuple[str, ...], complaint: str) -> None:
    done = run(scripted_server, *arguments)
    assert done.returncode == 1
    assert complaint in done.stderr
