"""Two accounts never see each other: every operation that is served, with every kind of name.

An account has one of everything; a stranger, the root of another account, calls each operation with its names, and with
names of nothing. Both answers must be the same, and nothing of the account may have been read or changed.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError, ParamValidationError

from craton.app.services import services
from craton.app.slices import operations as rows
from craton.core.operation import snake_case
from craton.doors import responses
from craton.iam.authorization.members import PARTS
from tests import scripted
from tests.admin.test_isolation import as_of
from tests.command import craton
from tests.fronts import Account
from tests.iam import knowledge_cases, machine_cases
from tests.iam.authorization.test_needs import RESOURCE_LIKE
from tests.iam.belongings import ASKED, MARK, MODEL_ARN, OUTPUT, OWN, TOKEN, Name, altered, make
from tests.iam.people import User, document
from tests.knowledge.house import VECTORS
from tests.serving import Server

OWNER, STRANGER, BYSTANDER = "444455556666", "777788889999", "222233334444"
HELLO: Any = [{"role": "user", "content": [{"text": "Hello"}]}]
POLICY = document({"Action": "bedrock:Get*"})
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": STRANGER}, "Action": "sts:AssumeRole"}],
    }
)
SHARED = document({"Principal": "*", "Action": "bedrock:*"})
GUARD = {
    "wordPolicyConfig": {"wordsConfig": [{"text": "durian"}]},
    "blockedInputMessaging": "No.",
    "blockedOutputsMessaging": "No.",
}
TAG_LIST, TAG_MAP = [{"key": "a", "value": "b"}], {"a": "b"}

Request = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """A request that holds a name of this kind; without a kind it names nothing."""

    kind: str | None
    request: Callable[[str], Request]


def by(kind: str, member: str, /, **rest: Any) -> Case:
    return Case(kind, lambda name: {member: name, **rest})


def plain(**request: Any) -> Case:
    return Case(None, lambda _: request)


def routed(model: str) -> Request:
    return {
        "promptRouterName": "mine",
        "models": [{"modelArn": model}, {"modelArn": MODEL_ARN}],
        "fallbackModel": {"modelArn": MODEL_ARN},
        "routingCriteria": {"responseQualityDifference": 10},
    }


def enforcing(guardrail: str) -> Request:
    return {"guardrailInferenceConfig": {"guardrailIdentifier": guardrail, "guardrailVersion": "1"}}


def guarded(guardrail: str) -> Request:
    config = {"guardrailIdentifier": guardrail, "guardrailVersion": "1"}
    return {"modelId": scripted.MODEL, "messages": HELLO, "guardrailConfig": config}


def ranked(model: str) -> Request:
    text = {"type": "TEXT", "textDocument": {"text": "b"}}
    return {
        "queries": [{"type": "TEXT", "textQuery": {"text": "a"}}],
        "sources": [{"type": "INLINE", "inlineDocumentSource": text}],
        "rerankingConfiguration": {
            "type": "BEDROCK_RERANKING_MODEL",
            "bedrockRerankingConfiguration": {"modelConfiguration": {"modelArn": model}},
        },
    }


def applied(place: Callable[[str], Request], **rest: Any) -> list[Case]:
    """A limit by its name, and on what is another's."""
    subjects = {
        "account": "account",
        "key": "keyId",
        "user": "principal",
        "profile arn": "inferenceProfileArn",
    }
    return [
        Case(kind, lambda name, member=member: {**place("mine"), **rest, "appliesTo": {member: name}})
        for kind, member in subjects.items()
    ]


def tags(kind: str, member: str, form: object) -> dict[str, list[Case]]:
    return {
        "TagResource": [by(kind, member, tags=form)],
        "UntagResource": [by(kind, member, tagKeys=["word"])],
        "ListTagsForResource": [by(kind, member)],
    }


JUDGED = {"guardrailVersion": "1", "source": "INPUT", "content": [{"text": {"text": "Hello"}}]}
CHECKS = {"sensitiveInformation": {"entities": [{"type": "EMAIL"}]}}
HASH = "0" * 128
CASE = {"guardContent": "a", "expectedAggregatedFindingsResult": "VALID"}
SEEN = "2026-01-01T00:00:00Z"


def of_policy(**rest: Any) -> list[Case]:
    """A policy's part that is made or listed."""
    return [by("reasoning policy", "policyArn", **rest)]


def of_part(kind: str, *members: str, **rest: Any) -> list[Case]:
    """A part by its policy's name, and by its own under a policy of the caller's. `members` name all parts."""

    def whole(name: str) -> Request:
        policy, workflow, case = f"{name} x x".split()[:3]
        named = {"policyArn": policy, "buildWorkflowId": workflow, "testCaseId": case}
        return {member: named[member] for member in ("policyArn", *members)} | rest

    def within(name: str) -> Request:
        return {"policyArn": own_policy(), **dict.fromkeys(members, "000000000000"), members[0]: name, **rest}

    return [Case("policy parts", whole), Case(kind, within)]


def of_workflow(**rest: Any) -> list[Case]:
    return of_part("workflow", "buildWorkflowId", **rest)


def of_case(**rest: Any) -> list[Case]:
    return of_part("test case", "testCaseId", **rest)


REASONING = {
    "CancelAutomatedReasoningPolicyBuildWorkflow": of_workflow(),
    "CreateAutomatedReasoningPolicy": [plain(name=f"{OWN}-1", clientRequestToken=f"{TOKEN}-1")],
    "CreateAutomatedReasoningPolicyTestCase": of_policy(**CASE),
    "CreateAutomatedReasoningPolicyVersion": of_policy(lastUpdatedDefinitionHash=HASH),
    "DeleteAutomatedReasoningPolicy": [by("policy arn", "policyArn", force=True)],
    "DeleteAutomatedReasoningPolicyBuildWorkflow": of_workflow(lastUpdatedAt=SEEN),
    "DeleteAutomatedReasoningPolicyTestCase": of_case(lastUpdatedAt=SEEN),
    "ExportAutomatedReasoningPolicyVersion": [by("policy arn", "policyArn")],
    "GetAutomatedReasoningPolicy": [by("policy arn", "policyArn")],
    "GetAutomatedReasoningPolicyAnnotations": of_workflow(),
    "GetAutomatedReasoningPolicyBuildWorkflow": of_workflow(),
    "GetAutomatedReasoningPolicyBuildWorkflowResultAssets": of_workflow(assetType="BUILD_LOG"),
    "GetAutomatedReasoningPolicyNextScenario": of_workflow(),
    "GetAutomatedReasoningPolicyTestCase": of_case(),
    "GetAutomatedReasoningPolicyTestResult": of_part("workflow", "buildWorkflowId", "testCaseId"),
    "ListAutomatedReasoningPolicies": [plain(), by("policy arn", "policyArn")],
    "ListAutomatedReasoningPolicyBuildWorkflows": of_policy(),
    "ListAutomatedReasoningPolicyTestCases": of_policy(),
    "ListAutomatedReasoningPolicyTestResults": of_workflow(),
    "StartAutomatedReasoningPolicyBuildWorkflow": of_policy(buildWorkflowType="IMPORT_POLICY", sourceContent={}),
    "StartAutomatedReasoningPolicyTestWorkflow": of_workflow(),
    "UpdateAutomatedReasoningPolicy": of_policy(policyDefinition={}),
    "UpdateAutomatedReasoningPolicyAnnotations": of_workflow(annotations=[], lastUpdatedAnnotationSetHash=HASH),
    "UpdateAutomatedReasoningPolicyTestCase": of_case(**CASE, lastUpdatedAt=SEEN),
}
BODY = json.dumps(ASKED)
SELECTED = [plain(), by("account", "accountId")]


def own_base() -> str:
    """A knowledge base of the stranger's own."""
    return _own[2] if _own else "0000000000"


KNOWLEDGE = knowledge_cases.cases(Case, own_base)

CASES: Mapping[str, Mapping[str, list[Case]]] = {
    "bedrock": {
        **tags("bedrock arn", "resourceARN", TAG_LIST),
        **REASONING,
        "CreateGuardrail": [plain(name=f"{OWN}-1", **GUARD, clientRequestToken=f"{TOKEN}-1")],
        "CreateGuardrailVersion": [by("guardrail", "guardrailIdentifier")],
        "CreateInferenceProfile": [
            Case("profile arn", lambda name: {"inferenceProfileName": "mine", "modelSource": {"copyFrom": name}})
        ],
        "CreatePromptRouter": [Case("bedrock arn", routed)],
        "DeleteEnforcedGuardrailConfiguration": [by("enforced", "configId")],
        "DeleteGuardrail": [
            by("guardrail", "guardrailIdentifier"),
            by("guardrail", "guardrailIdentifier", guardrailVersion="1"),
        ],
        "DeleteInferenceProfile": [by("profile", "inferenceProfileIdentifier")],
        "DeleteModelInvocationLoggingConfiguration": [plain()],
        "DeletePromptRouter": [by("router", "promptRouterArn")],
        "DeleteResourcePolicy": [by("bedrock arn", "resourceArn"), by("prompt arn", "resourceArn")],
        "GetFoundationModel": [by("model", "modelIdentifier")],
        "GetFoundationModelAvailability": [by("model", "modelId")],
        "GetGuardrail": [
            by("guardrail", "guardrailIdentifier"),
            by("guardrail", "guardrailIdentifier", guardrailVersion="1"),
        ],
        "GetInferenceProfile": [by("profile", "inferenceProfileIdentifier")],
        "GetModelInvocationLoggingConfiguration": [plain()],
        "GetPromptRouter": [by("router", "promptRouterArn")],
        "GetResourcePolicy": [by("bedrock arn", "resourceArn"), by("prompt arn", "resourceArn")],
        "ListEnforcedGuardrailsConfiguration": [plain()],
        "ListFoundationModels": [plain()],
        "ListGuardrails": [plain(), by("guardrail", "guardrailIdentifier")],
        "ListInferenceProfiles": [plain(), plain(typeEquals="APPLICATION")],
        "ListPromptRouters": [plain()],
        "PutEnforcedGuardrailConfiguration": [
            Case("guardrail", lambda name: enforcing(name)),
            Case("enforced", lambda name: {"configId": name, **enforcing("mine")}),
        ],
        "PutModelInvocationLoggingConfiguration": [plain(loggingConfig={"textDataDeliveryEnabled": False})],
        "PutResourcePolicy": [
            by("bedrock arn", "resourceArn", resourcePolicy=SHARED),
            by("prompt arn", "resourceArn", resourcePolicy=SHARED),
        ],
        "UpdateGuardrail": [by("guardrail", "guardrailIdentifier", name="mine", **GUARD)],
    },
    "bedrock-agent": {
        **{
            name: [*tags("agent arn", "resourceArn", TAG_MAP)[name], *found]
            for name, found in tags("base arn", "resourceArn", TAG_MAP).items()
        },
        **KNOWLEDGE["bedrock-agent"],
        "CreatePrompt": [plain(name=f"{OWN}-1", tags={"word": "mine"}, clientToken=f"{TOKEN}-1")],
        "CreatePromptVersion": [by("prompt", "promptIdentifier")],
        "DeletePrompt": [by("prompt", "promptIdentifier"), by("prompt", "promptIdentifier", promptVersion="1")],
        "DeleteResourcePolicy": [by("agent arn", "resourceArn")],
        "GetPrompt": [by("prompt", "promptIdentifier"), by("prompt", "promptIdentifier", promptVersion="1")],
        "GetResourcePolicy": [by("agent arn", "resourceArn")],
        "ListPrompts": [plain(), by("prompt", "promptIdentifier")],
        "PutResourcePolicy": [by("agent arn", "resourceArn", policy=SHARED)],
        "UpdatePrompt": [by("prompt", "promptIdentifier", name="mine")],
    },
    "bedrock-agent-runtime": {
        **tags("agent arn", "resourceArn", TAG_MAP),
        **KNOWLEDGE["bedrock-agent-runtime"],
        "Rerank": [Case("bedrock arn", ranked)],
    },
    "bedrock-agentcore-control": tags("agent arn", "resourceArn", TAG_MAP),
    "bedrock-data-automation": tags("bedrock arn", "resourceARN", TAG_LIST),
    "bedrock-data-automation-runtime": tags("bedrock arn", "resourceARN", TAG_LIST),
    "bedrock-runtime": {
        "ApplyGuardrail": [by("guardrail", "guardrailIdentifier", **JUDGED)],
        "Converse": [by("model", "modelId", messages=HELLO), by("prompt arn", "modelId"), Case("guardrail", guarded)],
        "ConverseStream": [
            by("model", "modelId", messages=HELLO),
            by("prompt arn", "modelId"),
            Case("guardrail", guarded),
        ],
        "CountTokens": [by("model", "modelId", input={"converse": {"messages": HELLO}})],
        "GetAsyncInvoke": [by("invocation", "invocationArn")],
        "InvokeGuardrailChecks": [plain(messages=HELLO, checks=CHECKS)],
        "InvokeModel": [
            by("model", "modelId", body=BODY),
            by("prompt arn", "modelId", body=BODY),
            by("guardrail", "guardrailIdentifier", guardrailVersion="1", modelId=scripted.MODEL, body=BODY),
        ],
        "InvokeModelWithResponseStream": [
            by("model", "modelId", body=BODY),
            by("guardrail", "guardrailIdentifier", guardrailVersion="1", modelId=scripted.MODEL, body=BODY),
        ],
        "ListAsyncInvokes": [plain()],
        "StartAsyncInvoke": [by("model", "modelId", modelInput=ASKED, outputDataConfig=OUTPUT)],
    },
    "craton": {
        **KNOWLEDGE["craton"],
        **{name: [plain(**request)] for name, request in machine_cases.REQUESTS.items()},
        **{
            f"{verb}{who.capitalize()}{what}": [by(who, f"{who}Name", **more)]
            for who in ("user", "role")
            for verb, what, more in (
                ("Get", "", {}),
                ("Tag", "", {"tags": TAG_LIST}),
                ("Untag", "", {"tagKeys": ["word"]}),
                ("Put", "Policy", {"policyName": "own", "policyDocument": POLICY}),
                ("Get", "Policy", {"policyName": "own"}),
                ("Delete", "Policy", {"policyName": "own"}),
                ("Delete", "PermissionsBoundary", {}),
                ("Delete", "", {}),
            )
        },
        **{f"List{who.capitalize()}Tags": [by(who, f"{who}Name")] for who in ("user", "role")},
        **{f"List{who.capitalize()}Policies": [by(who, f"{who}Name")] for who in ("user", "role")},
        **{f"ListAttached{who.capitalize()}Policies": [by(who, f"{who}Name")] for who in ("user", "role")},
        **{
            f"{verb}{who.capitalize()}Policy": [
                by(who, f"{who}Name", policyArn="arn:aws:iam::aws:policy/AmazonBedrockReadOnly"),
                by("policy", "policyArn", **{f"{who}Name": "own"}),
            ]
            for who in ("user", "role")
            for verb in ("Attach", "Detach")
        },
        **{
            f"Put{who.capitalize()}PermissionsBoundary": [
                by(who, f"{who}Name", permissionsBoundary="arn:aws:iam::aws:policy/AmazonBedrockReadOnly"),
                by("policy", "permissionsBoundary", **{f"{who}Name": "own"}),
            ]
            for who in ("user", "role")
        },
        **{f"{verb}Account": [by("account", "accountId")] for verb in ("Get", "Suspend", "Activate", "Delete")},
        **{f"{verb}Policy": [by("policy", "policyArn")] for verb in ("Get", "Delete")},
        **{f"{verb}Key": [by("key", "keyId")] for verb in ("Revoke", "Rotate", "Delete")},
        **{
            f"{verb}{kind.capitalize()}": [by(kind, f"{kind}Name")]
            for verb in ("Get", "Delete")
            for kind in ("quota", "budget")
        },
        **{
            f"{verb}InferenceProfileTargets": [by("profile", "inferenceProfileIdentifier")]
            for verb in ("Get", "Delete")
        },
        **{f"{verb}Provider": [by("provider", "providerName")] for verb in ("Get", "Delete")},
        **{
            f"List{what}": [plain()]
            for what in (
                *("LocalModels", "Providers", "Quotas", "Budgets", "AuditEvents", "Accounts", "Users"),
                *("Roles", "Policies", "ModelPrices", "Operations"),
            )
        },
        "AssumeRole": [
            by("role arn", "roleArn", roleSessionName="mine"),
            by("policy", "policyArns", roleArn=f"arn:aws:iam::{STRANGER}:role/own", roleSessionName="mine"),
        ],
        "CreateAccessKey": [by("user", "userName")],
        "CreateAccount": [by("account", "accountId", accountName="mine")],
        "CreateApiKey": [by("user", "userName")],
        "CreatePolicy": [by("policy name", "policyName", policyDocument=POLICY)],
        "CreateProvider": [by("provider", "providerName", kind="openai", baseUrl="https://models.example.com/v1")],
        "CreateRole": [by("role", "roleName", assumeRolePolicyDocument=TRUST)],
        "CreateUser": [by("user", "userName")],
        "DeleteModelPrice": [by("model", "modelPattern")],
        "ExportUsage": [plain(format="CSV"), by("account", "accountId", format="CSV")],
        "GetCallerIdentity": [plain()],
        "GetRequest": [by("request", "requestId")],
        "GetUsage": SELECTED,
        "ListInvocations": SELECTED,
        "ListKeys": [plain(), by("user", "userName")],
        "ListProviderModels": [by("provider", "providerName")],
        "ListRequests": [plain(), by("model", "modelId"), by("key", "accessKeyId")],
        "PutBudget": [
            by("budget", "budgetName", amount="1", currency="USD"),
            *applied(lambda name: {"budgetName": name}, amount="1", currency="USD"),
        ],
        "PutInferenceProfileTargets": [
            by("profile", "inferenceProfileIdentifier", targets=[{"modelId": scripted.MODEL}]),
            Case("model", lambda name: {"inferenceProfileIdentifier": own_profile(), "targets": [{"modelId": name}]}),
        ],
        "PutModelPrice": [by("model", "modelPattern", inputPrice=1.0, currency="USD")],
        "PutQuota": [
            by("quota", "quotaName", requestsPerMinute=1),
            *applied(lambda name: {"quotaName": name}, requestsPerMinute=1),
        ],
        "UpdateAccount": [by("account", "accountId", accountName="mine")],
        "UpdateAssumeRolePolicy": [by("role", "roleName", policyDocument=TRUST)],
        "UpdatePolicy": [by("policy", "policyArn", policyDocument=POLICY)],
        "UpdateProvider": [by("provider", "providerName", kind="openai", baseUrl="https://models.example.com/v1")],
        "UpdateRole": [by("role", "roleName", description="mine")],
        "UpdateUser": [
            Case("user", lambda name: {"userName": name, "newUserName": f"{name}-new"}),
            by("user", "newUserName", userName="own"),
        ],
        "VerifyAudit": [plain()],
    },
}
SERVED = [(row.service, row.operation) for row in rows() if row.grade != "refused"]
OPERATIONS = {(service.name, name): each for service in services() for name, each in service.operations.items()}
# Lists whose pages cannot be made short, and why their tokens are safe.
WITHOUT_TOKENS = {
    **{
        f"ListAutomatedReasoningPolicy{parts}": "the policy, which must be the caller's, is looked up before the token"
        for parts in ("BuildWorkflows", "TestCases", "TestResults")
    },
    "ListEnforcedGuardrailsConfiguration": "an account enforces one configuration",
    "ListModelPulls": "only the operator's account lists them",
    "ListAccounts": "everyone but the operator has one account to list",
    **dict.fromkeys(
        (
            *("ListDataSources", "ListIngestionJobs", "ListKnowledgeBaseDocuments", "ListKnowledgeBaseChunks"),
            *("Retrieve", "AgenticRetrieveStream"),
        ),
        "the knowledge base, which must be the caller's, is looked up before the token",
    ),
    "ListRetrievalInstructionVersions": "the instruction, which must be the caller's, is looked up before the token",
    "Rerank": "a page has a hundred results; its token is sealed with the account and the whole request",
}
# The operations that are about resources which nobody can have yet.
OF_NOTHING = {("bedrock-agent", "GetResourcePolicy"): "it takes ARNs of knowledge bases alone"}
# Members that name nothing that is kept.
NAMES_NOTHING = {"externalId"}
_own: list[str] = []


def own_profile() -> str:
    """A profile of the stranger's own."""
    return _own[0] if _own else ""


def own_policy() -> str:
    """An automated reasoning policy of the stranger's own."""
    return _own[1] if _own else f"arn:aws:bedrock:us-east-1:{STRANGER}:automated-reasoning-policy/abcdefghijkl"


def root_of(server: Server, account: str) -> User:
    done = craton("keys", "create", "--account", account, "--json", "--home", str(server.home))
    made = json.loads(done.stdout)
    return User(server, made["accessKeyId"], made["secretAccessKey"])


@pytest.fixture(scope="module")
def scripted_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One that makes vectors, too."""
    home = tmp_path_factory.mktemp("isolated") / "home"
    scripted.install(home)
    scripted.install(home, VECTORS, output="EMBEDDING", dimensions=64)
    with Server(home) as running:
        yield running


@pytest.fixture(scope="module")
def owner(scripted_server: Server) -> User:
    return root_of(scripted_server, OWNER)


@pytest.fixture(scope="module")
def stranger(scripted_server: Server) -> User:
    made = root_of(scripted_server, STRANGER)
    _own[:] = [
        made.client("bedrock").create_inference_profile(
            inferenceProfileName="own", modelSource={"copyFrom": MODEL_ARN}
        )["inferenceProfileArn"]
    ]
    policy = made.client("bedrock").create_automated_reasoning_policy(name="own")["policyArn"]
    _own.append(policy)
    _own.append(knowledge_cases.house(made, STRANGER).base(name="own")["knowledgeBaseId"])
    made.client("craton").create_role(roleName="own", assumeRolePolicyDocument=TRUST)
    return made


@pytest.fixture(scope="module")
def bystander(scripted_server: Server) -> User:
    """A third account, which has never sent a name of the owner's."""
    return root_of(scripted_server, BYSTANDER)


@pytest.fixture(scope="module")
def names(owner: User) -> Mapping[str, Sequence[Name]]:
    return make(owner, OWNER)


def call(account: Account, service: str, operation: str, request: Request) -> tuple[object, ...]:
    """What the account is told: the answer, or status, code and message of the error."""
    try:
        answer = getattr(account.client(service), snake_case(operation))(**request)
        told = {
            member: value if isinstance(value, str | int | float | bool | dict | list) else read(value)
            for member, value in answer.items()
            if member != "ResponseMetadata"
        }
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        return status, error.response["Error"]["Code"], error.response["Error"].get("Message")
    except ParamValidationError as error:
        return ("not sent", type(error).__name__)
    return 200, json.dumps(told, default=str)


def read(body: Any) -> object:
    if hasattr(body, "read"):
        return body.read().decode()
    return [str(event) for event in body] if hasattr(body, "__iter__") else str(body)


def state(server: Server) -> list[tuple[object, ...]]:
    """All that is stored of the owner's, but when keys were used."""
    with sqlite3.connect(f"file:{server.home}/craton.db?mode=ro", uri=True) as database:
        like = f"%{OWNER}%"
        found = database.execute(
            "select account, region, kind, id, version, revision, body from documents "
            "where (account = ? or parent = ? or id like ?) and kind not like '%use%' order by position",
            (OWNER, OWNER, like),
        ).fetchall()
        for table in ("names", "tags"):
            found += database.execute(f"select * from {table} where account = ?", (OWNER,)).fetchall()
    database.close()
    return found


def requests(operation: tuple[str, str], names: Mapping[str, Sequence[Name]]) -> Iterator[tuple[Request, Request]]:
    """Each request with a name of something, and the same with a name of nothing."""
    for case in CASES[operation[0]][operation[1]]:
        for name in names[case.kind] if case.kind else [Name("", "")]:
            real, absent = case.request(name.real), case.request(name.absent)
            yield (_listed(real), _listed(absent))


def _listed(request: Request) -> Request:
    """The one member that takes a list of names."""
    if isinstance(arns := request.get("policyArns"), str):
        return {**request, "policyArns": [arns]}
    return request


def names_something(operation: tuple[str, str]) -> bool:
    return any(case.kind for case in CASES[operation[0]].get(operation[1], ()))


def test_every_operation_that_is_served_has_its_cases() -> None:
    """Add a new operation to CASES, with every member that names something."""
    covered = {(service, name) for service, cases in CASES.items() for name in cases}
    assert covered == set(SERVED)


@pytest.mark.parametrize("operation", SERVED, ids=".".join)
def test_every_member_that_names_something_is_tried(operation: tuple[str, str]) -> None:
    named = {
        member
        for member, found in OPERATIONS[operation].input.members.items()
        if found.shape.type == "string" and RESOURCE_LIKE.fullmatch(member) and member not in PARTS
    }
    tried = {member for case in CASES[operation[0]][operation[1]] for member in case.request("x")}
    assert named <= tried | NAMES_NOTHING, f"try {sorted(named - tried)} of {'.'.join(operation)}"


@pytest.mark.parametrize(
    "operation",
    [each for each in SERVED if each[1].startswith("Get") and names_something(each) and each not in OF_NOTHING],
    ids=".".join,
)
def test_the_owner_finds_by_these_names_what_there_is_and_nothing_else(
    operation: tuple[str, str], names: Mapping[str, Sequence[Name]], owner: User
) -> None:
    """Else the other tests would prove nothing."""
    found = 0
    for real, absent in requests(operation, names):
        if real != absent:
            found += call(owner, *operation, real)[0] == 200
            assert call(owner, *operation, absent)[0] != 200
    assert found


@pytest.mark.parametrize("operation", SERVED, ids=".".join)
def test_nothing_of_another_account_is_read_changed_or_known_to_exist(
    operation: tuple[str, str],
    names: Mapping[str, Sequence[Name]],
    stranger: User,
    bystander: User,
    scripted_server: Server,
) -> None:
    before = state(scripted_server)
    for real, absent in requests(operation, names):
        caller = bystander if real == absent else stranger
        first, second = call(caller, *operation, real), call(caller, *operation, absent)
        sent = json.dumps([real, absent])
        for told in map(str, (*first, *second)):
            assert MARK not in told or MARK in sent, f"{operation} tells {told} for {real}"
            assert OWNER not in told or OWNER in sent, f"{operation} tells {told} for {real}"
        assert same(first, real) == same(second, absent), f"{operation} tells {real} from {absent}"
    assert state(scripted_server) == before, f"{operation} changed what is another account's"


def same(answer: tuple[object, ...], request: Request) -> tuple[object, ...]:
    """The answer without what it repeats of the request; of a good one only that it is good."""
    if answer[0] == 200:
        return (200,)
    told = str(answer)
    for text in sorted(texts(request), key=len, reverse=True):
        told = told.replace(text, "<name>").replace(text.rpartition("/")[2] or text, "<name>")
    return (told,)


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str) and len(value) > 3:
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)


@pytest.mark.parametrize(
    "operation",
    [each for each in SERVED if "nextToken" in OPERATIONS[each].input.members and each[1] not in WITHOUT_TOKENS],
    ids=".".join,
)
def test_a_page_s_token_is_worth_nothing_to_another_account(
    operation: tuple[str, str],
    names: Mapping[str, Sequence[Name]],
    owner: User,
    stranger: User,
) -> None:
    method = snake_case(operation[1])
    ask: Request = {"maxResults": 1}
    if operation[1] == "ListInferenceProfiles":
        ask["typeEquals"] = "APPLICATION"
    elif operation[1] == "ListPromptRouters":
        ask["type"] = "custom"
    elif operation[1] == "ListPolicies":
        ask["scope"] = "LOCAL"
    elif operation[1] == "GetUsage":
        ask["groupBy"] = ["principal", "operation"]
    token = getattr(owner.client(operation[0]), method)(**ask).get("nextToken")
    assert token, "the owner has too little to fill a page"
    told = call(stranger, *operation, {**ask, "nextToken": token})
    assert told == call(stranger, *operation, {**ask, "nextToken": altered(token, token[-20:])})
    assert told[:2] == (400, "ValidationException")


def test_a_kept_response_is_none_of_another_account(owner: User, stranger: User, scripted_server: Server) -> None:
    """Every route with a response's id, as the OpenAI door has it."""
    asked = {"model": scripted.MODEL, "input": f"The word is {MARK}."}
    kept = as_of(scripted_server, owner, "POST", "/v1/responses", asked).json["id"]
    absent = altered(kept, kept[5:])
    door: Any = None
    tried = 0
    for route in responses.routes(door, door):
        if "{id}" in route.pattern:
            tried += 1
            paths = [f"/v1{route.pattern}".replace("{id}", each) for each in (kept, absent)]
            body = {} if route.method == "POST" else None
            first, second = (as_of(scripted_server, stranger, route.method, path, body) for path in paths)
            assert first.status == second.status == 404
            assert first.body.decode().replace(kept, "") == second.body.decode().replace(absent, "")
    assert tried == 4
    assert as_of(scripted_server, owner, "GET", f"/v1/responses/{kept}").status == 200
