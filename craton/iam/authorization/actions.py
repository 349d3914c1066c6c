"""The IAM actions that each operation asks for. Data: knows no request and no policy.

An operation asks for the action of its own name unless it stands here. Sources: the Service Authorization Reference,
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonbedrock.html, and the API reference of
each operation, which says what it "requires permission for".
"""

from collections.abc import Collection, Mapping

# The first part of an action, by service; also the service of an ARN.
PREFIXES: Mapping[str, str] = {
    "bedrock": "bedrock",
    "bedrock-agent": "bedrock",
    "bedrock-agent-runtime": "bedrock",
    "bedrock-agentcore": "bedrock-agentcore",
    "bedrock-agentcore-control": "bedrock-agentcore",
    "bedrock-data-automation": "bedrock",
    "bedrock-data-automation-runtime": "bedrock",
    "bedrock-runtime": "bedrock",
    "craton": "craton",
}

INVOKE = "bedrock:InvokeModel"
INVOKE_STREAM = "bedrock:InvokeModelWithResponseStream"
COUNT = "bedrock:CountTokens"
RENDER = "bedrock:RenderPrompt"
RETRIEVE = "bedrock:Retrieve"
APPLY_GUARDRAIL = "bedrock:ApplyGuardrail"
GET_INVOKE, CANCEL_INVOKE, DELETE_INVOKE = "bedrock:GetInvoke", "bedrock:CancelInvoke", "bedrock:DeleteInvoke"
GET_MODEL, LIST_MODELS = "bedrock:GetFoundationModel", "bedrock:ListFoundationModels"
CALL_WITH_BEARER_TOKEN = "bedrock:CallWithBearerToken"
PASS_ROLE = "iam:PassRole"

# Operations that invoke a model: asked for where it is known what the model id leads to, not at the door.
INVOCATIONS: Mapping[str, str] = {
    "Converse": INVOKE,
    "ConverseStream": INVOKE_STREAM,
    "InvokeModel": INVOKE,
    "InvokeModelWithResponseStream": INVOKE_STREAM,
    "InvokeModelWithBidirectionalStream": INVOKE,
    "StartAsyncInvoke": INVOKE,
    "CountTokens": COUNT,
}

# Craton's operations whose handlers ask, since only they find out whom a request is about; the last is free for all.
HANDLERS_ASK = frozenset(
    {
        "CreateAccessKey",
        "CreateApiKey",
        "RotateKey",
        "RevokeKey",
        "DeleteKey",
        "ListKeys",
        "AssumeRole",
        "GetCallerIdentity",
    }
)

# Operations with other actions than their own name, by service and operation.
ACTIONS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("bedrock-agent-runtime", "RetrieveAndGenerateStream"): ("RetrieveAndGenerate",),
}

# Members of a request that ask for one more action on the same resource.
ALSO: Mapping[tuple[str, str], str] = {
    ("InvokeAgentRuntime", "runtimeUserId"): "bedrock-agentcore:InvokeAgentRuntimeForUser",
}

# Members that hand a role to the service, for which the caller needs iam:PassRole.
ROLES = frozenset(
    {
        "agentResourceRoleArn",
        "evaluationExecutionRoleArn",
        "executionRoleArn",
        "memoryExecutionRoleArn",
        "roleArn",
    }
)

# The actions that tags of what an operation makes need, where they are not TagResource.
TAGGING: Mapping[str, str] = {"CreateRole": "TagRole", "CreateUser": "TagUser"}

# Members that tag what is made: the caller needs TagResource too.
TAGS = ("tags", "jobTags", "modelTags", "customModelTags", "importedModelTags", "targetModelTags")


# Operations that the door lets pass, by service.
LATER: Mapping[str, Collection[str]] = {"bedrock-runtime": INVOCATIONS.keys(), "craton": HANDLERS_ASK}


def actions(service: str, operation: str) -> tuple[str, ...]:
    """The actions that are asked for at the door."""
    if operation in LATER.get(service, ()):
        return ()
    names = ACTIONS.get((service, operation), (operation,))
    return tuple(f"{PREFIXES[service]}:{name}" for name in names)
