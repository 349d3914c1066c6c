import json

import pytest

from craton.iam.policies import MalformedPolicy, Policy
from craton.iam.policies.policy import Kind
from tests.iam.policies.written import ACCOUNT, asked, statement

OK = statement()
SHARED = statement(Principal="*")


def refusal(text: str, kind: Kind = "identity") -> str:
    with pytest.raises(MalformedPolicy) as caught:
        Policy.parse(text, kind=kind)
    return str(caught.value)


def of(*statements: object, **more: object) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements), **more})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Syntax errors in policy: Expecting value at line 1, column 1."),
        ('{"Version": "2012-10-17",\n}', "at line 2, column 1"),
        ("[]", "it must be a JSON object"),
        ("[" * 6_000, "nested too deeply"),
        ('{"Statement": NaN}', "NaN is not JSON"),
        ('{"Statement": [], "Statement": []}', "'Statement' stands twice"),
        ("{}", "it has no Statement"),
        (of(), "Statement is empty"),
        (of(OK, Statment=[]), "unknown element 'Statment'"),
        (of("x"), "Statement[0] must be an object"),
        (of(OK, Version="2012-10-18"), "valid version string: \"2012-10-17\", not '2012-10-18'"),
        (of(OK, Version=2012), "valid version string"),
        (of(OK, Id=7), "Id must be a string"),
        (of(OK, OK | {"Actions": "*"}), "Statement[1] has the unknown element 'Actions'"),
        (of(OK | {"Effect": "allow"}), 'Statement[0]: Effect must be "Allow" or "Deny", not \'allow\''),
        (of(OK | {"Sid": "a b"}), "Statement IDs (SID) must be alpha-numeric"),
        (
            of(OK | {"Sid": "a"}, OK | {"Sid": "a"}),
            "(SID) in a single policy must be unique; 'a' stands in Statement[1]",
        ),
        (of(statement(action=None)), "Policy statement must contain actions. Add Action or NotAction to Statement[0]"),
        (of(statement(action=[])), "Policy statement must contain actions"),
        (of(statement(NotAction="*")), "has both Action and NotAction"),
        (of(statement(action="InvokeModel")), "must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."),
        (of(statement(action="bedrock:a:b")), "the action 'bedrock:a:b' is not valid"),
        (of(statement(action="bed*:a")), "wildcards only after the colon"),
        (of(statement(action=[1])), "Statement[0].Action must be a string or a list of strings"),
        (of(statement(resource=None)), "Policy statement must contain resources"),
        (of(statement(resource=[])), "Policy statement must contain resources"),
        (of(statement(NotResource="*")), "has both Resource and NotResource"),
        (of(statement(resource="model")), "Resource 'model' must be in ARN format or \"*\""),
        (of(statement(resource="arn:aws:bed*:::x")), "Resource vendor must be fully qualified"),
        (of(statement(resource="arn:aws:s3:bucket")), "lacks parts"),
        (of(statement(resource="arn:aws:iam::${aws:x}:user/a")), "can only stand after the fifth colon"),
        (of(statement(resource="arn:aws:s3:::${aws:x")), "the policy variable in 'arn:aws:s3:::${aws:x' is not well"),
        (of(statement(resource="arn:aws:s3:::${a, b}")), "is not well formed"),
        (of(statement(resource="arn:aws:s3:::${a${b}}")), "is not well formed"),
        (of(statement(resource="arn:aws:s3:::${}")), "is not well formed"),
        (of(SHARED), "Policy document should not specify a principal. Remove Principal from Statement[0]"),
        (of(statement(Condition=[])), "Statement[0].Condition must be an object"),
        (of(statement(Condition={"StringEquals": "x"})), "Statement[0].Condition.StringEquals must be an object"),
        (of(statement(Condition={"StringIs": {"a:b": "x"}})), "the condition operator 'StringIs' is not valid"),
        (of(statement(Condition={"ForAll:StringEquals": {"a:b": "x"}})), "is not valid"),
        (of(statement(Condition={":StringEquals": {"a:b": "x"}})), "is not valid"),
        (of(statement(Condition={"ForAnyValue:Null": {"a:b": "true"}})), "is not valid"),
        (of(statement(Condition={"NullIfExists": {"a:b": "true"}})), "is not valid"),
        (of(statement(Condition={"Null": {"a:b": "maybe"}})), "must be true"),
        (
            of(statement(Condition={"StringEquals": {"a:b": []}})),
            "Statement[0].Condition.StringEquals.a:b has no values",
        ),
        (of(statement(Condition={"StringEquals": {"a:b": None}})), "must be a string, a number, true or false"),
        (of(statement(Condition={"StringEquals": {"SourceIp": "x"}})), "Condition.StringEquals has the key 'SourceIp'"),
        (of(statement(Condition={"NumericEquals": {"a:b": "ten"}})), "'ten' is not a number"),
        (of(statement(Condition={"DateEquals": {"a:b": "2026-13-01"}})), "'2026-13-01' is not a time"),
        (of(statement(Condition={"DateEquals": {"a:b": "2026-01-01T00:00:00"}})), "is not a time"),
        (of(statement(Condition={"Bool": {"a:b": "yes"}})), "'yes' is neither true nor false"),
        (of(statement(Condition={"BinaryEquals": {"a:b": "%"}})), "'%' is not base64"),
        (of(statement(Condition={"IpAddress": {"a:b": "10.0.0.0/33"}})), "is not an IP address"),
        (of(statement(Condition={"ArnLike": {"a:b": "arn:aws:s3"}})), "'arn:aws:s3' is not an ARN"),
    ],
)
def test_what_is_refused(text: str, words: str) -> None:
    assert words in refusal(text)


@pytest.mark.parametrize(
    ("principal", "words"),
    [
        (None, "Missing required field Principal"),
        ({}, 'must be "*" or an object'),
        ("ada", 'must be "*" or an object'),
        ({"AWS": []}, "with at least one"),
        ({"AWS": "ada"}, "Invalid principal in policy: \"AWS\":'ada'"),
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:user/*"}, "a wildcard can only stand alone"),
        ({"AWS": f"arn:aws:sts::{ACCOUNT}:assumed-role/dev/*"}, "a wildcard can only stand alone"),
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:group/g"}, "Invalid principal in policy"),
        ({"Service": "*"}, "Name a service as bedrock.amazonaws.com"),
        ({"CanonicalUser": "79a5"}, "unknown type 'CanonicalUser'"),
    ],
)
def test_principals_that_are_refused(principal: object, words: str) -> None:
    assert words in refusal(of(statement(Principal=principal)), "resource")


def test_a_trust_policy_names_no_resource() -> None:
    assert refusal(of(SHARED), "trust") == "Has prohibited field Resource. Remove it from Statement[0]."


def test_sizes() -> None:
    def padded(length: int, kind: Kind) -> str:
        text = of(statement(Principal=None if kind == "identity" else "*", Sid=""))
        return text.replace('"Sid": ""', f'"Sid": "{"x" * length}"')

    spaced = " " * 10_000 + padded(6000, "identity")
    assert Policy.parse(spaced, kind="identity").allowing[0].sid == "x" * 6000
    assert "it may have" in refusal(" " * 200_000)
    assert "characters besides white space; a policy of this kind may have 6144." in refusal(padded(6100, "identity"))
    assert Policy.parse(padded(20_000, "resource"), kind="resource")
    assert "bytes; a policy of this kind may have 20480." in refusal(padded(20_480, "resource"), "resource")


def test_one_statement_needs_no_list_and_an_id_is_kept() -> None:
    policy = Policy.parse(json.dumps({"Id": "mine", "Statement": OK}), kind="identity")
    assert (policy.id, policy.version) == ("mine", "2008-10-17")
    assert policy.allows(asked())
